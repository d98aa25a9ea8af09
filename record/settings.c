/* record/settings.c: blindspot.ini from the table in settings.def. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/http_url.h"
#include "base/ini.h"
#include "record/settings.h"

enum setting_type { SETTING_TEXT, SETTING_INT, SETTING_REAL, SETTING_BOOL };
struct setting_info {
    const char *section, *key; enum setting_type type;
    const char *dflt, *help; size_t offset;
};
static const struct setting_info infos[] = {
#define SETTING(section, key, type, dflt, help) \
    { #section, #key, SETTING_##type, dflt, help, offsetof(struct settings, section##_##key) },
#include "record/settings.def"
#undef SETTING
};
#define INFOS (sizeof infos / sizeof *infos)

static bool parse_bool(const char *text, bool *out)
{
    if (!strcmp(text, "yes") || !strcmp(text, "true") || !strcmp(text, "1"))
        *out = true;
    else if (!strcmp(text, "no") || !strcmp(text, "false") || !strcmp(text, "0"))
        *out = false;
    else
        return false;
    return true;
}

static bool parse_real(const char *text, double *out)
{
    char *end;
    double d;

    errno = 0;
    d = strtod(text, &end);
    if (end == text || *end || errno || !(d >= -1e300 && d <= 1e300))
        return false;
    *out = d;
    return true;
}

/* False where the text does not fit the type; the setting is then untouched. */
static bool set_value(struct settings *s, const struct setting_info *info, const char *text)
{
    void *to = (char *)s + info->offset;

    switch (info->type) {
    case SETTING_INT:
        return str_i64(str_of(text), to);
    case SETTING_REAL:
        return parse_real(text, to);
    case SETTING_BOOL:
        return parse_bool(text, to);
    case SETTING_TEXT:
        break;
    }
    free(*(char **)to);
    *(char **)to = xstrdup(text);
    return true;
}

static const struct setting_info *find(const char *section, const char *key)
{
    for (size_t i = 0; i < INFOS; i++)
        if (!strcmp(infos[i].section, section) && !strcmp(infos[i].key, key))
            return &infos[i];
    return NULL;
}

static const char *expected(enum setting_type type)
{
    static const char *const words[] = {
        [SETTING_TEXT] = "text", [SETTING_INT] = "a whole number",
        [SETTING_REAL] = "a number", [SETTING_BOOL] = "yes or no",
    };

    return words[type];
}

void settings_init(struct settings *s)
{
    memset(s, 0, sizeof *s);
    for (size_t i = 0; i < INFOS; i++)
        if (!set_value(s, &infos[i], infos[i].dflt))
            die("setting %s.%s has a bad default", infos[i].section, infos[i].key);
}

void settings_release(struct settings *s)
{
    for (size_t i = 0; i < INFOS; i++)
        if (infos[i].type == SETTING_TEXT)
            free(*(char **)((char *)s + infos[i].offset));
    memset(s, 0, sizeof *s);
}

int settings_read(struct settings *s, const char *name, struct str text, struct err *err)
{
    struct ini ini;
    int rc = -1;

    if (ini_parse(&ini, name, text, err))
        return -1;
    for (size_t i = 0; i < ini.len; i++) {
        const struct ini_pair *p = &ini.pair[i];
        const struct setting_info *info = find(p->section, p->key);

        if (!info) {
            err_set(err, ERR_USAGE, "%s:%d: there is no setting %s.%s", name, p->line, p->section,
                    p->key);
            goto out;
        }
        if (!set_value(s, info, p->value)) {
            err_set(err, ERR_USAGE, "%s:%d: %s.%s: expected %s, not \"%s\"", name, p->line,
                    p->section, p->key, expected(info->type), p->value);
            goto out;
        }
    }
    rc = 0;
out:
    ini_release(&ini);
    return rc;
}

int settings_set(struct settings *s, const char *assignment, struct err *err)
{
    const char *dot = strchr(assignment, '.'), *eq = strchr(assignment, '=');
    char section[32], key[48];
    const struct setting_info *info;

    if (!dot || !eq || dot > eq || dot - assignment >= (ptrdiff_t)sizeof section ||
        eq - dot - 1 >= (ptrdiff_t)sizeof key)
        return err_set(err, ERR_USAGE, "--set %s: expected SECTION.KEY=VALUE", assignment);
    memcpy(section, assignment, (size_t)(dot - assignment));
    section[dot - assignment] = '\0';
    memcpy(key, dot + 1, (size_t)(eq - dot - 1));
    key[eq - dot - 1] = '\0';
    if (!(info = find(section, key)))
        return err_set(err, ERR_USAGE, "--set: there is no setting %s.%s", section, key);
    if (!set_value(s, info, eq + 1))
        return err_set(err, ERR_USAGE, "--set %s.%s: expected %s, not \"%s\"", section, key,
                       expected(info->type), eq + 1);
    return 0;
}

/* Whole numbers and their bounds; the upper ones keep sums far from overflow. */
static const struct { const char *section, *key; int64_t low, high;
} bounds[] = {
    { "api", "daily_requests", 0, 1000000000 },
    { "api", "batch", 1, 100 },
    { "api", "min_age_hours", 0, 100000 },
    { "api", "confirm_days", 1, 366 },
    { "api", "concurrency", 1, 256 },
    { "api", "canaries", 0, 50 },
    { "api", "attempts", 1, 100 },
    { "api", "spot_check", 0, 100000 },
    { "api", "late_check", 0, 100000 },
    { "api", "forensic", 0, 100000 },
    { "api", "retry_base_ms", 0, 3600000 },
    { "net", "timeout_s", 1, 3600 },
    { "page", "concurrency", 1, 256 },
    { "page", "attempts", 1, 1000 },
    { "page", "retry_base_ms", 0, 3600000 },
    { "page", "blocks", 1, 1000 },
    { "page", "unread", 3, 100000 },
    { "evidence", "file_bytes", 1, INT64_C(1) << 40 },
    { "evidence", "purge_days", 0, 36500 },
    { "account", "min_items", 1, 1000000 },
    { "report", "min_cell", 0, 1000000 },
};

static int check_bounds(const struct settings *s, struct err *err)
{
    for (size_t i = 0; i < sizeof bounds / sizeof *bounds; i++) {
        const struct setting_info *info = find(bounds[i].section, bounds[i].key);
        int64_t v = *(const int64_t *)((const char *)s + info->offset);

        if (v < bounds[i].low || v > bounds[i].high)
            return err_set(err, ERR_USAGE,
                           "%s.%s: expected %" PRId64 " to %" PRId64 ", not %" PRId64,
                           info->section, info->key, bounds[i].low, bounds[i].high, v);
    }
    return 0;
}

static int check_rate(const char *name, double rate, struct err *err)
{
    if (!(rate > 0 && rate <= 100000))
        return err_set(err, ERR_USAGE, "%s: expected more than 0 and at most 100000 a second",
                       name);
    return 0;
}

static int check_url(const char *name, const char *url, struct err *err)
{
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

static int check_word(const char *name, const char *value, const char *const *words,
                      struct err *err)
{
    struct buf list = {0};

    for (int i = 0; words[i]; i++) {
        if (!strcmp(value, words[i])) {
            buf_release(&list);
            return 0;
        }
        buf_printf(&list, "%s%s", i ? ", " : "", words[i]);
    }
    err_set(err, ERR_USAGE, "%s: expected one of %s, not \"%s\"", name, buf_cstr(&list), value);
    buf_release(&list);
    return -1;
}

/* The message leaves the URL out: it may hold a password. */
static int check_proxies(const char *list, struct err *err)
{
    char url[PROXY_URL_MAX];
    int n = 0;

    while (settings_proxy(&list, url)) {
        n++;
        if (!http_proxy_is_valid(str_of(url)))
            return err_set(
                err, ERR_USAGE,
                "page.proxy: number %d is no http://, https://, socks5:// or socks5h:// URL "
                "of a host",
                n);
    }
    return 0;
}

static int check_vantage(const char *name, struct err *err)
{
    size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");

    return name[n] || n > 40
               ? err_set(err, ERR_USAGE,
                         "page.vantage: expected a name of at most 40 letters, digits, "
                         "- and _, not \"%.60s\"",
                         name)
               : 0;
}

bool settings_proxy(const char **list, char url[PROXY_URL_MAX])
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

static bool is_file_word(const char *word)
{
    size_t n = strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");

    return n > 0 && n <= 16 && word[n] == '\0';
}

int settings_check(const struct settings *s, struct err *err)
{
    static const char *const keep[] = { "pages", "extract", "none", NULL };
    static const char *const oembed[] = { "ambiguous", "never", NULL };
    static const char *const elsewhere[] = { "ambiguous", "refused", NULL };
    static const char *const first[] = { "none", "oembed", NULL };
    uint64_t n;

    if (check_bounds(s, err) ||
        check_rate("api.requests_per_second", s->api_requests_per_second, err) ||
        check_rate("page.requests_per_second", s->page_requests_per_second, err) ||
        check_url("api.base_url", s->api_base_url, err) ||
        check_url("page.base_url", s->page_base_url, err) ||
        check_url("page.short_url", s->page_short_url, err) ||
        check_word("evidence.keep", s->evidence_keep, keep, err) ||
        check_word("page.oembed", s->page_oembed, oembed, err) ||
        check_word("page.first", s->page_first, first, err) ||
        check_word("page.elsewhere", s->page_elsewhere, elsewhere, err) ||
        check_proxies(s->page_proxy, err) || check_vantage(s->page_vantage, err))
        return -1;
    if (!is_file_word(s->evidence_worker))
        return err_set(err, ERR_USAGE,
                       "evidence.worker: expected 1 to 16 letters, digits or _, not \"%s\"",
                       s->evidence_worker);
    if (!(s->api_residual > 0 && s->api_residual < 1))
        return err_set(err, ERR_USAGE, "api.residual: expected a probability between 0 and 1");
    if (strcmp(s->page_retrieved_sample, "all") && !str_u64(str_of(s->page_retrieved_sample), &n))
        return err_set(err, ERR_USAGE,
                       "page.retrieved_sample: expected a whole number or all, not \"%s\"",
                       s->page_retrieved_sample);
    return 0;
}

void settings_print_default(struct buf *out)
{
    const char *section = "";

    buf_puts(out, "# blindspot.ini: the settings of this audit. Each line shows a default;\n"
                  "# change what you need. Secrets never stand here: they come from\n"
                  "# BLINDSPOT_CLIENT_KEY and BLINDSPOT_CLIENT_SECRET (or the same with _FILE).\n");
    for (size_t i = 0; i < INFOS; i++) {
        if (strcmp(section, infos[i].section))
            buf_printf(out, "\n[%s]\n", section = infos[i].section);
        buf_printf(out, "# %s\n%s = %s\n", infos[i].help, infos[i].key, infos[i].dflt);
    }
}

bool settings_oembed_first(const struct settings *s)
{
    return !strcmp(s->page_first, "oembed");
}

/* The proxies without names and passwords. */
static void mask_proxies(const char *list, struct buf *out)
{
    char url[PROXY_URL_MAX];

    while (settings_proxy(&list, url)) {
        const char *host = strstr(url, "://"), *at = strrchr(url, '@');

        buf_printf(out, "%s%.*s%s%s", out->n ? " " : "", host ? (int)(host + 3 - url) : 0, url,
                   at ? "***@" : "",
                   at     ? at + 1
                   : host ? host + 3
                          : url);
    }
}

void settings_each(const struct settings *s,
                   void (*each)(void *to, const char *name, const char *value), void *to)
{
    for (size_t i = 0; i < INFOS; i++) {
        const void *at = (const char *)s + infos[i].offset;
        struct buf name = {0}, value = {0};

        buf_printf(&name, "%s.%s", infos[i].section, infos[i].key);
        if (infos[i].type == SETTING_INT)
            buf_printf(&value, "%" PRId64, *(const int64_t *)at);
        else if (infos[i].type == SETTING_REAL)
            buf_printf(&value, "%g", *(const double *)at);
        else if (infos[i].type == SETTING_BOOL)
            buf_puts(&value, *(const bool *)at ? "yes" : "no");
        else if (at == (const void *)&s->page_proxy)
            mask_proxies(s->page_proxy, &value);
        else
            buf_puts(&value, *(char *const *)at);
        each(to, buf_cstr(&name), buf_cstr(&value));
        buf_release(&name);
        buf_release(&value);
    }
}
