/* record/setting.c: a value that a setting takes, or a sentence. */
#include "record/setting.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "base/bucket.h"
#include "base/http_url.h"
#include "base/pg_url.h"
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

static int check_rate_or_none(const char *name, const void *value, struct err *err)
{
    const double rate = *(const double *)value;

    if (!(rate >= 0 && rate <= RATE_MAX))
        return err_set(err, ERR_USAGE, "%s: expected 0, or at most %d a second", name, RATE_MAX);
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

    if (!strcmp(name, "page.vantage") && !strcmp(text, VANTAGE_FIRST))
        return err_set(err, ERR_USAGE,
                       "%s: expected another name than " VANTAGE_FIRST
                       ": the audit's first vantage is called so where it has none",
                       name);
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

enum elsewhere_what setting_elsewhere(struct str text, int64_t *sample)
{
    static const char *const words[] = { "ambiguous", "refused", "all" };

    for (int i = 0; i < (int)(sizeof words / sizeof *words); i++)
        if (str_eq(text, str_of(words[i])))
            return (enum elsewhere_what)i;
    if (str_starts(text, STR("sample:")) && str_i64(str_sub(text, 7, text.n), sample) &&
        *sample >= 1 && *sample <= INT32_MAX)
        return ELSEWHERE_SAMPLE;
    return ELSEWHERE_NONE;
}

static int check_elsewhere(const char *name, const void *value, struct err *err)
{
    const char *text = *(char *const *)value;
    int64_t sample;

    return setting_elsewhere(str_of(text), &sample) != ELSEWHERE_NONE
               ? 0
               : err_set(err, ERR_USAGE,
                         "%s: expected ambiguous, refused, all or sample:N with a number of posts, "
                         "not \"%.60s\"",
                         name, text);
}

/* Each once, and one that shows a page among them. */
static int check_witnesses(const char *name, const void *value, struct err *err)
{
    static const char *const known[] = { "page", "embed", "oembed" };
    struct str rest = str_of(*(char *const *)value), word;
    bool had[3] = { false };

    while (str_cut(&rest, ',', &word)) {
        int i = 0;

        word = str_trim(word);
        while (i < 3 && !str_eq(word, str_of(known[i])))
            i++;
        if (i == 3 || had[i])
            return err_set(err, ERR_USAGE,
                           "%s: expected page, embed and oembed, each at most once, apart by "
                           "commas, not \"%.60s\"",
                           name, *(char *const *)value);
        had[i] = true;
    }
    return had[0] || had[1] ? 0
                            : err_set(err, ERR_USAGE,
                                      "%s: expected page or embed among them: oEmbed alone decides "
                                      "nothing",
                                      name);
}

/* A path, unless it looks like a URL. */
static int check_file_or_database(const char *name, const void *value, struct err *err)
{
    struct str place = str_of(*(char *const *)value);
    struct pg_url url = { 0 };

    if (str_find(place, STR("://"), 0) < 0)
        return 0;
    if (pg_url_read(&url, place, name, err))
        return -1;
    pg_url_release(&url);
    return 0;
}

/* None, or where the files of evidence go as well. */
static int check_bucket(const char *name, const void *value, struct err *err)
{
    const char *url = *(char *const *)value;

    return *url ? bucket_url_check(name, url, err) : 0;
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
    { "BUCKET", check_bucket },
    { "PROXIES", check_proxies },
    { "NAME", check_name },
    { "WORD", check_file_word },
    { "N|all", check_number_or_all },
    { "WITNESSES", check_witnesses },
    { "ELSEWHERE", check_elsewhere },
    { "0|RATE", check_rate_or_none },
    { "FILE", check_nothing },
    { "URL|FILE", check_file_or_database },
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
