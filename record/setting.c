/* record/setting.c: a value that a setting takes, or a sentence. */
#include "record/setting.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "base/http_url.h"
#include "base/words.h"

#define RATE_MAX 100000

/* The bounds keep sums far from overflow. */
static int check_span(const char *name, const char *takes, const void *value, struct err *err)
{
    const int64_t v = *(const int64_t *)value;
    struct str span = str_of(takes);
    ptrdiff_t dots = str_find(span, STR(".."), 0);
    int64_t low, high;

    if (dots < 0 || !str_i64(str_sub(span, 0, (size_t)dots), &low) ||
        !str_i64(str_sub(span, (size_t)dots + 2, span.n), &high))
        die("setting %s takes \"%s\", which is no LOW..HIGH", name, takes);
    if (v < low || v > high)
        return err_set(err, ERR_USAGE, "%s: expected %" PRId64 " to %" PRId64 ", not %" PRId64,
                       name, low, high, v);
    return 0;
}

static int check_rate(const char *name, const void *value, struct err *err)
{
    const double rate = *(const double *)value;

    if (!(rate > 0 && rate <= RATE_MAX))
        return err_set(err, ERR_USAGE, "%s: expected more than 0 and at most %d a second", name,
                       RATE_MAX);
    return 0;
}

static int check_probability(const char *name, const void *value, struct err *err)
{
    const double p = *(const double *)value;

    if (!(p > 0 && p < 1))
        return err_set(err, ERR_USAGE, "%s: expected a probability between 0 and 1", name);
    return 0;
}

static int check_url(const char *name, const void *value, struct err *err)
{
    const char *url = *(char *const *)value;
    struct str u = str_of(url);

    if (str_ends(u, STR("/")))
        return err_set(err, ERR_USAGE, "%s: expected a URL without a slash at its end", name);
    if (strpbrk(url, "?# \t"))             // paths are put behind it
        return err_set(err, ERR_USAGE, "%s: expected a URL without ?, # and blanks, not \"%s\"",
                       name, url);
    if (str_starts(u, STR("https://")) && u.n > 8)
        return 0;
    if (str_starts(u, STR("http://")))
        return http_url_is_loopback(u)
                   ? 0
                   : err_set(err, ERR_USAGE,
                             "%s: http:// is accepted for loopback addresses alone; use https://",
                             name);
    return err_set(err, ERR_USAGE, "%s: expected a URL that begins with https://, not \"%s\"", name,
                   url);
}

bool setting_proxy(const char **list, char url[PROXY_URL_MAX])
{
    size_t n;

    *list += strspn(*list, " ,\t");
    n = strcspn(*list, " ,\t");
    if (n == 0)
        return false;
    snprintf(url, PROXY_URL_MAX, "%.*s", n < PROXY_URL_MAX ? (int)n : 0, *list);
    *list += n;
    return true;
}

/* The message leaves the URL out: it may hold a password. */
static int check_proxies(const char *name, const void *value, struct err *err)
{
    const char *list = *(char *const *)value;
    char url[PROXY_URL_MAX];
    int n = 0;

    while (setting_proxy(&list, url)) {
        n++;
        if (!http_proxy_is_valid(str_of(url)))
            return err_set(
                err, ERR_USAGE,
                "%s: number %d is no http://, https://, socks5:// or socks5h:// URL of a host",
                name, n);
    }
    return 0;
}

static bool is_of(const char *text, const char *more, size_t most)
{
    size_t n = strlen(text);

    for (size_t i = 0; i < n; i++)
        if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", text[i]) &&
            !strchr(more, text[i]))
            return false;
    return n <= most;
}

static int check_name(const char *name, const void *value, struct err *err)
{
    const char *text = *(char *const *)value;

    return is_of(text, "_-", 40)
               ? 0
               : err_set(err, ERR_USAGE,
                         "%s: expected a name of at most 40 letters, digits, - and _, not "
                         "\"%.60s\"",
                         name, text);
}

static int check_file_word(const char *name, const void *value, struct err *err)
{
    const char *text = *(char *const *)value;

    return *text && is_of(text, "_", 16)
               ? 0
               : err_set(err, ERR_USAGE,
                         "%s: expected 1 to 16 letters, digits or _, not \"%.60s\"", name, text);
}

static int check_number_or_all(const char *name, const void *value, struct err *err)
{
    const char *text = *(char *const *)value;
    uint64_t n;

    return !strcmp(text, "all") || str_u64(str_of(text), &n)
               ? 0
               : err_set(err, ERR_USAGE, "%s: expected a whole number or all, not \"%.60s\"", name,
                         text);
}

static int check_nothing(const char *name, const void *value, struct err *err)
{
    (void)name, (void)value, (void)err;
    return 0;
}

static const struct { const char *takes; int (*check)(const char *, const void *, struct err *);
} kinds[] = {
    { "RATE", check_rate },
    { "PROBABILITY", check_probability },
    { "URL", check_url },
    { "PROXIES", check_proxies },
    { "NAME", check_name },
    { "WORD", check_file_word },
    { "N|all", check_number_or_all },
    { "FILE", check_nothing },
    { "TEXT", check_nothing },
    { "yes|no", check_nothing },    // a bool is one or the other
};

int setting_check(const struct setting_info *info, const void *value, struct err *err)
{
    char name[80], begin[96];

    snprintf(name, sizeof name, "%s.%s", info->section, info->key);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (!strcmp(info->takes, kinds[i].takes))
            return kinds[i].check(name, value, err);
    if (strstr(info->takes, ".."))
        return check_span(name, info->takes, value, err);
    snprintf(begin, sizeof begin, "%s: expected", name);
    return words_check(info->takes, *(char *const *)value, begin, err);
}
