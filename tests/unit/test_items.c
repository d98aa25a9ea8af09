/* tests/unit/test_items.c: items.html holds every row, says nobody's name, stays small, and
 * becomes several pages where there are too many rows for one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <dirent.h>
#include <nettle/base64.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>
#include "base/digest.h"
#include "base/file.h"
#include "report/items.h"
#include "tests/unit/temp.h"

#define FIRST_AT 1668400000u

struct made { size_t at, len; char handle[32]; };

/* Ids as the platform makes them: a second, and 32 bits that nobody can guess. */
static int made_next(void *from, struct label_row *row, struct err *err)
{
    static const struct { enum state state; enum label label; enum reason reason; } kinds[] = {
        { STATE_RETRIEVED, LABEL_NONE, REASON_AT_ONCE },
        { STATE_RETRIEVED, LABEL_NONE, REASON_AT_ONCE },
        { STATE_RETRIEVED, LABEL_NONE, REASON_AFTER_RETRIES },
        { STATE_MISSING, LABEL_AD, REASON_MARKED_AD },
    };
    struct made *m = from;
    const uint64_t r = mix64(m->at);
    const size_t kind = r >> 62;
    (void)err;

    if (m->at == m->len)
        return 0;
    snprintf(m->handle, sizeof m->handle, "private.person.%llu",
             (unsigned long long)(mix64(r) % 70000));
    *row = (struct label_row){
        .id = ((uint64_t)(FIRST_AT + 900 * m->at) << 32) | (uint32_t)r,
        .handle = str_of(m->handle),
        .state = kinds[kind].state,
        .label = kinds[kind].label,
        .reason = kinds[kind].reason,
        .rule = kind == 3 ? STR("marked-ad") : STR_NONE,
        .basis = kind == 3 ? BASIS_DISPUTED : BASIS_NONE,
        .confirmed = kind == 3,
        .created_at = (int64_t)(FIRST_AT + 900 * m->at),
        .account = (int64_t)(mix64(r) % 70000) + 1,
        .asked = 1 + (int)((r >> 8) % 5),
        .days = 2,
        .first_at = 1772438400 + (int64_t)(r >> 16) % 3600,
        .last_at = 1772611200 + (int64_t)(r >> 32) % 3600,
        .sound_list = STR("2026-03-02 2026-03-03"),
        .page = kind == 3 ? ANSWER_PUBLIC : ANSWER_COUNT,
        .page_at = kind == 3 ? 1772614800 + (int64_t)(r >> 24) % 36000 : 0,
        .residual = -1,
    };
    m->at++;
    return 1;
}

static char *folder(void)
{
    char *dir = xcalloc(1, 4096);

    temp_name(dir, 4096);
    assert_non_null(mkdtemp(dir));
    return dir;
}

static void folder_remove(char *dir)
{
    DIR *d = opendir(dir);
    struct dirent *e;

    while ((e = readdir(d)))
        if (e->d_name[0] != '.') {
            char *path = file_join(dir, e->d_name);

            assert_int_equal(unlink(path), 0);
            free(path);
        }
    closedir(d);
    rmdir(dir);
    free(dir);
}

static void items_make(const char *dir, size_t len, struct items_limits limits)
{
    static const struct look look = { .alias = { .key = { "k", 1 } } };
    struct summary s = { .audit = STR("a1") };
    struct made counted = { .len = len }, made = counted;
    const struct label_source from = { made_next, &made };
    struct label_row row;
    struct err err = {0};

    s.waterfall.n[NODE_ITEMS] = (int64_t)len;
    while (made_next(&counted, &row, &err))
        s.waterfall.n[row.state == STATE_MISSING         ? NODE_AD
                      : row.reason == REASON_AFTER_RETRIES ? NODE_AFTER_RETRIES
                                                           : NODE_AT_ONCE]++;
    if (report_items(dir, &s, &look, &from, limits, &err))
        fail_msg("%s", err.msg);
}

static void page_read(const char *dir, const char *name, struct buf *page)
{
    char *path = file_join(dir, name);
    struct err err = {0};

    buf_clear(page);
    if (file_read(path, 64 << 20, page, &err))
        fail_msg("%s", err.msg);
    free(path);
}

static bool says(const struct buf *page, const char *text)
{
    return str_find(buf_view(page), str_of(text), 0) >= 0;
}

/* What the page's script sees. */
static void rows_of(const struct buf *page, struct buf *out)
{
    const struct str mark = STR("id=\"data\">");
    const ptrdiff_t at = str_find(buf_view(page), mark, 0);
    struct base64_decode_ctx ctx;
    struct buf packed = {0};
    struct str text;
    size_t n;
    uLongf room = 16 << 20;

    assert_true(at > 0);
    text = str_sub(buf_view(page), (size_t)at + mark.n, SIZE_MAX);
    text.n = (size_t)str_find(text, STR("<"), 0);
    buf_grow(&packed, BASE64_DECODE_LENGTH(text.n));
    base64_decode_init(&ctx);
    n = packed.cap;
    assert_int_equal(base64_decode_update(&ctx, &n, (uint8_t *)packed.p, text.n, text.p), 1);
    assert_int_equal(base64_decode_final(&ctx), 1);
    buf_clear(out);
    buf_grow(out, room);
    assert_int_equal(uncompress((Bytef *)out->p, &room, (Bytef *)packed.p, n), Z_OK);
    out->n = room;
    buf_release(&packed);
}

static uint32_t le32(const char *p)
{
    const unsigned char *u = (const unsigned char *)p;

    return (uint32_t)u[0] | (uint32_t)u[1] << 8 | (uint32_t)u[2] << 16 | (uint32_t)u[3] << 24;
}

static void every_row_is_in_the_page_to_the_last_bit(void **state)
{
    const size_t len = 300;
    char *dir = folder();
    struct buf page = {0}, rows = {0};
    struct made made = { .len = len };
    struct label_row row;
    struct err err = {0};
    const char *high, *low;
    (void)state;

    items_make(dir, len, (struct items_limits){0});
    page_read(dir, "items.html", &page);
    rows_of(&page, &rows);
    assert_non_null(strstr(buf_cstr(&rows) + 4, "{\"rows\":300,"));
    high = rows.p + 4 + le32(rows.p);
    low = high + 4 * len;
    for (size_t i = 0; made_next(&made, &row, &err); i++) {
        const unsigned char *l = (const unsigned char *)low + i;

        assert_int_equal((uint32_t)row.id, (uint32_t)l[0] | (uint32_t)l[len] << 8 |
                                               (uint32_t)l[2 * len] << 16 |
                                               (uint32_t)l[3 * len] << 24);
    }
    assert_false(says(&page, "private.person"));
    assert_false(says(&rows, "private.person"));
    assert_true(says(&rows, "account-"));
    buf_release(&page);
    buf_release(&rows);
    folder_remove(dir);
}

static void without_a_script_the_page_leads_to_the_table(void **state)
{
    char *dir = folder();
    struct buf page = {0};
    (void)state;

    items_make(dir, 0, (struct items_limits){0});
    page_read(dir, "items.html", &page);
    assert_true(says(&page, "<a href=\"labels.csv\">"));
    assert_true(says(&page, "script-src 'sha256-"));
    assert_true(says(&page, "hidden"));
    buf_release(&page);
    folder_remove(dir);
}

static void a_hundred_thousand_rows_are_under_5_mb(void **state)
{
    char *dir = folder();
    struct buf page = {0};
    (void)state;

    items_make(dir, 100000, (struct items_limits){0});
    page_read(dir, "items.html", &page);
    assert_in_range(page.n, 500000, 4999999);
    buf_release(&page);
    folder_remove(dir);
}

static void too_many_rows_for_a_page_are_split_by_bucket(void **state)
{
    static const char *const names[] = { "items-retrieved-at_once-1.html",
                                         "items-retrieved-at_once-2.html",
                                         "items-retrieved-after_retries.html",
                                         "items-missing-public-ad.html" };
    char *dir = folder();
    struct buf page = {0}, rows = {0};
    size_t all = 0;
    (void)state;

    items_make(dir, 1000, (struct items_limits){ .split = 1000, .part = 400 });
    page_read(dir, "items.html", &page);
    assert_true(says(&page, "Too many rows for one page"));
    assert_true(says(&page, "id=\"missing-public\""));
    assert_false(says(&page, "<script"));
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        page_read(dir, "items.html", &page);
        assert_true(says(&page, names[i]));
        page_read(dir, names[i], &page);
        rows_of(&page, &rows);
        all += strtoul(rows.p + 4 + strlen("{\"rows\":"), NULL, 10);
    }
    assert_int_equal(all, 1000);
    buf_release(&page);
    buf_release(&rows);
    folder_remove(dir);
}

/* --make DIR N SPLIT PART: a table of so many rows, for the tests in a browser; 0: its limits. */
int main(int argc, char **argv)
{
    struct err err = {0};
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_in_the_page_to_the_last_bit),
        cmocka_unit_test(without_a_script_the_page_leads_to_the_table),
        cmocka_unit_test(a_hundred_thousand_rows_are_under_5_mb),
        cmocka_unit_test(too_many_rows_for_a_page_are_split_by_bucket),
    };

    if (argc == 6 && strcmp(argv[1], "--make") == 0) {
        if (file_mkdirs(argv[2], &err))
            return 1;
        items_make(argv[2], strtoul(argv[3], NULL, 10),
                   (struct items_limits){ atoi(argv[4]), atoi(argv[5]) });
        return 0;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
