/* record/settings.c: blindspot.ini from the table in settings.def. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/ini.h"
#include "base/nearest.h"
#include "base/pg_url.h"
#include "base/place.h"
#include "record/settings.h"

enum setting_type { SETTING_TEXT, SETTING_INT, SETTING_REAL, SETTING_BOOL };
struct setting {
    enum setting_type type;
    struct setting_info told;
    size_t offset;
};
static const struct setting infos[] = {
#define SETTING(section, key, type, dflt, takes, help) \
    { SETTING_##type,                                  \
      { #section, #key, dflt, takes, help },           \
      offsetof(struct settings, section##_##key) },
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
static bool set_value(struct settings *s, const struct setting *info, const char *text)
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

static const struct setting *find(const char *section, const char *key)
{
    for (size_t i = 0; i < INFOS; i++)
        if (!strcmp(infos[i].told.section, section) && !strcmp(infos[i].told.key, key))
            return &infos[i];
    return NULL;
}

/* "; did you mean page.proxy?": the same key in another section before a name that is like it. */
static const char *near_name(const char *section, const char *key, struct nearest *near)
{
    char name[NEAREST_MAX + 8], known[NEAREST_MAX + 1];

    snprintf(name, sizeof name, "%s.%s", section, key);
    *near = nearest_to(str_of(name));
    for (size_t i = 0; i < INFOS; i++)
        if (!strcmp(infos[i].told.key, key)) {
            snprintf(near->best, sizeof near->best, "%s.%s", infos[i].told.section, key);
            return nearest_hint(near);
        }
    for (size_t i = 0; i < INFOS; i++) {
        snprintf(known, sizeof known, "%s.%s", infos[i].told.section, infos[i].told.key);
        nearest_offer(near, str_of(known));
    }
    return nearest_hint(near);
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
        if (!set_value(s, &infos[i], infos[i].told.dflt))
            die("setting %s.%s has a bad default", infos[i].told.section, infos[i].told.key);
}

void settings_release(struct settings *s)
{
    for (size_t i = 0; i < INFOS; i++)
        if (infos[i].type == SETTING_TEXT)
            free(*(char **)((char *)s + infos[i].offset));
    memset(s, 0, sizeof *s);
}

/* A value that is taken and is what the setting takes, or a sentence that names it. */
static int take(struct settings *s, const struct setting *info, const char *text, struct err *err)
{
    if (!set_value(s, info, text))
        return err_set(err, ERR_USAGE, "%s.%s: expected %s, not \"%s\"", info->told.section,
                       info->told.key, expected(info->type), text);
    return setting_check(&info->told, (char *)s + info->offset, err);
}

/* A key that somebody wrote where it does not belong is not repeated. */
static void keep_secret(struct err *err)
{
    static const char *const words[] = {
        "secret", "client_key", "token", "password", "proxy", "@"
    };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_find_nocase(str_of(err->place.line), str_of(words[i]), 0) >= 0)
            err->place = (struct err_place){ 0 };
}

int settings_read(struct settings *s, const char *name, struct str text, struct err *err)
{
    struct nearest near;
    struct ini ini;
    int rc = 0;

    if (ini_parse(&ini, name, text, err)) {
        keep_secret(err);
        return -1;
    }
    for (size_t i = 0; i < ini.len && rc == 0; i++) {
        const struct ini_pair *p = &ini.pair[i];
        const struct setting *info = find(p->section, p->key);

        if (!info) {
            err_set(err, ERR_USAGE, "there is no setting %s.%s%s", p->section, p->key,
                    near_name(p->section, p->key, &near));
            rc = ini_wrong(err, name, p, INI_KEY);
        } else if (take(s, info, p->value, err)) {
            rc = ini_wrong(err, name, p, INI_VALUE);
        }
    }
    if (rc)
        keep_secret(err);
    ini_release(&ini);
    return rc;
}

/* "batch=50": whoever leaves the section out means the one that has it. */
static int no_section(const char *assignment, struct err *err)
{
    struct str key = { assignment, strcspn(assignment, "=") };
    struct nearest near = nearest_to(key);

    for (size_t i = 0; i < INFOS && !near.best[0]; i++)
        if (str_eq(key, str_of(infos[i].told.key)))
            snprintf(near.best, sizeof near.best, "%s.%.*s", infos[i].told.section, STR_ARG(key));
    return err_set(err, ERR_USAGE, "--set %.*s: expected SECTION.KEY=VALUE%s", STR_ARG(key),
                   nearest_hint(&near));
}

int settings_set(struct settings *s, const char *assignment, struct err *err)
{
    const char *dot = strchr(assignment, '.'), *eq = strchr(assignment, '=');
    struct str line = str_of(assignment), name;
    char section[32], key[48];
    const struct setting *info;
    struct nearest near;

    if (!dot || !eq || dot > eq || dot - assignment >= (ptrdiff_t)sizeof section ||
        eq - dot - 1 >= (ptrdiff_t)sizeof key)
        return no_section(assignment, err);
    snprintf(section, sizeof section, "%.*s", (int)(dot - assignment), assignment);
    snprintf(key, sizeof key, "%.*s", (int)(eq - dot - 1), dot + 1);
    name = str_sub(line, 0, (size_t)(eq - assignment));
    if (!(info = find(section, key))) {
        err_set(err, ERR_USAGE, "--set: there is no setting %s.%s%s", section, key,
                near_name(section, key, &near));
        place_in(err, line, 0, name);
        keep_secret(err);
        return -1;
    }
    if (take(s, info, eq + 1, err) == 0)
        return 0;
    place_in(err, line, 0, str_sub(line, name.n + 1, line.n));
    keep_secret(err);
    return err_wrap(err, "--set");
}

int settings_check(const struct settings *s, struct err *err)
{
    for (size_t i = 0; i < INFOS; i++)
        if (setting_check(&infos[i].told, (const char *)s + infos[i].offset, err))
            return -1;
    return 0;
}

const struct setting_info *setting_at(size_t no) { return no < INFOS ? &infos[no].told : NULL; }

void settings_print_default(struct buf *out)
{
    const char *section = "";

    buf_puts(out, "# blindspot.ini: the settings of this audit. Each line shows a default;\n"
                  "# change what you need. Secrets never stand here: they come from\n"
                  "# BLINDSPOT_CLIENT_KEY and BLINDSPOT_CLIENT_SECRET (or the same with _FILE).\n");
    for (size_t i = 0; i < INFOS; i++) {
        const struct setting_info *t = &infos[i].told;

        if (strcmp(section, t->section))
            buf_printf(out, "\n[%s]\n", section = t->section);
        buf_printf(out, "# %s\n%s = %s\n", t->help, t->key, t->dflt);
    }
}

enum witness settings_first(const struct settings *s)
{
    return !strcmp(s->page_first, "oembed")  ? WITNESS_OEMBED
           : !strcmp(s->page_first, "embed") ? WITNESS_EMBED
                                             : WITNESS_COUNT;
}

/* The proxies without names and passwords. */
static void mask_proxies(const char *list, struct buf *out)
{
    char url[PROXY_URL_MAX];

    while (setting_proxy(&list, url)) {
        const char *host = strstr(url, "://"), *at = strrchr(url, '@');

        buf_printf(out, "%s%.*s%s%s", out->n ? " " : "", host ? (int)(host + 3 - url) : 0, url,
                   at ? "***@" : "",
                   at     ? at + 1
                   : host ? host + 3
                          : url);
    }
}

/* A database without whose it is. */
static void mask_database(const char *place, struct buf *out)
{
    struct pg_url url = { 0 };
    struct err ignored = { 0 };

    if (!pg_url_is(str_of(place)))
        buf_puts(out, place);
    else if (pg_url_read(&url, str_of(place), "", &ignored) == 0)
        pg_url_show(&url, out);
    pg_url_release(&url);
}

void settings_each(const struct settings *s,
                   void (*each)(void *to, const char *name, const char *value), void *to)
{
    for (size_t i = 0; i < INFOS; i++) {
        const void *at = (const char *)s + infos[i].offset;
        struct buf name = {0}, value = {0};

        buf_printf(&name, "%s.%s", infos[i].told.section, infos[i].told.key);
        if (infos[i].type == SETTING_INT)
            buf_printf(&value, "%" PRId64, *(const int64_t *)at);
        else if (infos[i].type == SETTING_REAL)
            buf_printf(&value, "%g", *(const double *)at);
        else if (infos[i].type == SETTING_BOOL)
            buf_puts(&value, *(const bool *)at ? "yes" : "no");
        else if (at == (const void *)&s->page_proxy)
            mask_proxies(s->page_proxy, &value);
        else if (at == (const void *)&s->api_quota)
            mask_database(s->api_quota, &value);
        else
            buf_puts(&value, *(char *const *)at);
        each(to, buf_cstr(&name), buf_cstr(&value));
        buf_release(&name);
        buf_release(&value);
    }
}
