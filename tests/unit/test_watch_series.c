/* Series that others measured: what a row is, and what is refused with its line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "watch/series.h"

#define NOW 1790000000
#define ID "7361448925972155679"
static struct series_table table;
static struct err err;

static int read_text(const char *text)
{
    series_release(&table);
    memset(&err, 0, sizeof err);
    return series_read(str_of(text), NOW, &table, &err);
}
static int teardown(void **state)
{
    (void)state;
    series_release(&table);
    return 0;
}
static void refused(const char *text, const char *words)
{
    assert_int_equal(read_text(text), -1);
    assert_int_equal(err.kind, ERR_INPUT);
    if (!strstr(err.msg, words))
        fail_msg("\"%s\" does not say \"%s\"", err.msg, words);
}

static void columns_go_by_their_names(void **state)
{
    (void)state;
    assert_int_equal(read_text("\xEF\xBB\xBFpage;x;api;id;date\r\n"
                               "public;1;absent;" ID ";2025-04-09\r\n\r\n"), 0);
    assert_int_equal(table.n, 1);
    assert_int_equal(table.v[0].id, UINT64_C(7361448925972155679));
    assert_int_equal(table.v[0].day, 20187);
    assert_int_equal(table.v[0].api, WATCH_API_ABSENT);
    assert_int_equal(table.v[0].page, WATCH_PAGE_PUBLIC);
}
static void no_answer_is_not_absent(void **state)
{
    (void)state;
    assert_int_equal(read_text("date,id,api\n2025-04-09," ID ",no_answer\n"), 0);
    assert_int_equal(table.v[0].api, WATCH_API_NOT_MEASURED);
    assert_int_equal(table.v[0].page, WATCH_PAGE_NONE);
}
static void found_on_any_asking_of_a_day_is_found(void **state)
{
    (void)state;
    assert_int_equal(read_text("date,id,api\n"
                               "2025-04-09T06:00:00Z," ID ",absent\n"
                               "2025-04-09T12:00:00Z," ID ",found\n"
                               "2025-04-09T18:00:00Z," ID ",no_answer\n"
                               "2025-04-10," ID ",absent\n2025-04-10," ID ",absent\n"), 0);
    assert_int_equal(table.n, 2);
    assert_int_equal(table.v[0].api, WATCH_API_FOUND);
    assert_int_equal(table.v[1].api, WATCH_API_ABSENT);
    assert_int_equal(table.rows, 5);
    assert_int_equal(table.again, 3);
    assert_int_equal(table.contrary, 2);
}
static void every_row_is_accounted_for(void **state)
{
    (void)state;
    assert_int_equal(read_text("date,id,api\n2025-04-09,somebody,absent\n"
                               "2025-04-09,9361448925972155679,absent\n"
                               "2025-04-09," ID ",\n2025-04-09," ID ",absent\n"), 0);
    assert_int_equal(table.rows, 4);
    assert_int_equal(table.no_id, 1);
    assert_int_equal(table.too_large, 1);
    assert_int_equal(table.unasked, 1);
    assert_int_equal(table.n, 1);
}
static void rounded_ids_are_no_posts(void **state)
{
    struct buf text = {0};
    (void)state;
    buf_puts(&text, "date,id,api\n");
    for (int i = 1; i < 20; i++)
        buf_printf(&text, "2025-04-09,73614489259%02d155000,absent\n", i + 10);
    assert_int_equal(read_text(buf_cstr(&text)), 0);
    assert_int_equal(table.n, 0);
    assert_int_equal(table.spoiled, 19);
    buf_release(&text);
}
static void one_id_that_ends_in_000_is_an_id_on_every_day(void **state)
{
    struct buf text = {0};
    (void)state;
    buf_puts(&text, "date,id,api\n");
    for (int i = 1; i < 29; i++)
        for (int k = 0; k < 12; k++)
            buf_printf(&text, "2025-04-%02d,7361448925%02d2155%03d,absent\n", i, k + 10,
                       k ? 600 + k * 7 : 0);
    assert_int_equal(read_text(buf_cstr(&text)), 0);
    assert_int_equal(table.spoiled, 0);
    assert_int_equal(table.n, 28 * 12);
    buf_release(&text);
}
static void what_is_no_series_is_refused_with_its_line(void **state)
{
    (void)state;
    refused("", "empty");
    refused("day,id,api\n", "\"date\"");
    refused("date,video,api\n", "\"id\"");
    refused("date,id,state\n", "api or page");
    refused("date,id,api\n2025-04-09," ID ",gone\n", "line 2: api: expected found, absent");
    refused("date,id,page\n2025-04-09," ID ",absent\n", "line 2: page: expected public, refused");
    refused("date,id,api\n09/04/2025," ID ",absent\n", "line 2: date: expected a day");
    refused("date,id,api\n2031-04-09," ID ",absent\n", "in the future");
    refused("date,id,api\n1999-04-09," ID ",absent\n", "before 2014");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(columns_go_by_their_names, teardown),
        cmocka_unit_test_teardown(no_answer_is_not_absent, teardown),
        cmocka_unit_test_teardown(found_on_any_asking_of_a_day_is_found, teardown),
        cmocka_unit_test_teardown(every_row_is_accounted_for, teardown),
        cmocka_unit_test_teardown(rounded_ids_are_no_posts, teardown),
        cmocka_unit_test_teardown(one_id_that_ends_in_000_is_an_id_on_every_day, teardown),
        cmocka_unit_test_teardown(what_is_no_series_is_refused_with_its_line, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
