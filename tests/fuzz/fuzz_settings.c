/* tests/fuzz/fuzz_settings.c: blindspot.ini in any bytes is refused with a
 * sentence, or gives settings that hold what settings.h promises: whole numbers
 * that stay far from overflow, an unencrypted URL for loopback alone, and values
 * that read back as they are when they are written down again. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "record/settings.h"

#define WHOLE_MAX (INT64_C(1) << 40)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void check_url(const char *url)
{
    static const char *const loopback[] = { "127.", "localhost", "[::1]" };
    const char *host = url + strlen("http://");
    bool near = false;

    if (!strncmp(url, "https://", 8))
        return;
    must(!strncmp(url, "http://", 7) && !strpbrk(url, "?# \t") &&
         strcspn(host, "@\\") >= strcspn(host, "/"));
    for (size_t i = 0; i < 3; i++) {
        size_t n = strlen(loopback[i]);

        near = near || (!strncasecmp(host, loopback[i], n) &&
                        (i == 0 || !host[n] || strchr(":/", host[n])));
    }
    must(near && (*host != '1' || strspn(host, "0123456789.") == strcspn(host, ":/")));
}

static void check_bounds(const struct settings *s)
{
#define CHECK_INT(v) must((v) >= 0 && (v) <= WHOLE_MAX);
#define CHECK_TEXT(v) must((v) != NULL);
#define CHECK_REAL(v) must((v) >= 0 && (v) <= 100000);
#define CHECK_BOOL(v)
#define SETTING(section, key, type, dflt, takes, help) CHECK_##type(s->section##_##key)
#include "record/settings.def"
#undef SETTING
}

struct writer { struct buf assignments; };

static void write_down(void *to, const char *name, const char *value)
{
    struct writer *w = to;

    if (strcmp(name, "page.proxy"))                  // its names and passwords are left out
        buf_printf(&w->assignments, "%s=%s%c", name, value, 0);
}

static void read_back(const struct settings *s)
{
    struct writer once = { 0 }, twice = { 0 };
    struct settings again;
    struct err err = { 0 };

    settings_init(&again);
    settings_each(s, write_down, &once);
    for (size_t i = 0; i < once.assignments.n; i += strlen(once.assignments.p + i) + 1)
        must(settings_set(&again, once.assignments.p + i, &err) == 0);
    must(settings_check(&again, &err) == 0);
    settings_each(&again, write_down, &twice);
    must(str_eq(buf_view(&once.assignments), buf_view(&twice.assignments)));
    settings_release(&again);
    buf_release(&once.assignments);
    buf_release(&twice.assignments);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct settings s;
    struct err err = { 0 };

    settings_init(&s);
    if (settings_read(&s, "x.ini", (struct str){ (const char *)data, size }, &err) == 0 &&
        settings_check(&s, &err) == 0) {
        check_bounds(&s);
        check_url(s.api_base_url);
        check_url(s.page_base_url);
        check_url(s.page_short_url);
        read_back(&s);
    } else {
        must(err.kind == ERR_USAGE && err.msg[0]);
    }
    settings_release(&s);
    return 0;
}
