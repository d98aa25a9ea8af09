/* tests/unit/test_str.c: slices, numbers in text, the buffer, error values. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <stdio.h>
#include "base/err.h"
#include "base/str.h"

static void pieces_end_where_the_text_ends(void **state)
{
    struct str rest = STR("a,,b,"), piece;
    const char *want[] = { "a", "", "b" };
    size_t n = 0;

    (void)state;
    while (str_cut(&rest, ',', &piece)) {
        assert_true(n < 3);
        assert_true(str_eq(piece, str_of(want[n++])));
    }
    assert_int_equal(n, 3);
    rest = STR("");
    assert_false(str_cut(&rest, ',', &piece));
    rest = STR_NONE;
    assert_false(str_cut(&rest, ',', &piece));
}

static void numbers_are_exact_to_their_last_value(void **state)
{
    uint64_t u = 7;
    int64_t i = 7;

    (void)state;
    assert_true(str_u64(STR("18446744073709551615"), &u));
    assert_true(u == UINT64_MAX);
    assert_false(str_u64(STR("18446744073709551616"), &u));
    assert_true(u == UINT64_MAX);
    assert_true(str_i64(STR("-9223372036854775808"), &i) && i == INT64_MIN);
    assert_true(str_i64(STR("9223372036854775807"), &i) && i == INT64_MAX);
    assert_false(str_i64(STR("9223372036854775808"), &i));
    assert_false(str_i64(STR("-9223372036854775809"), &i));
    assert_true(i == INT64_MAX);
}

static void what_is_no_plain_number_is_refused(void **state)
{
    static const char *const bad[] = { "", "-", "+1", " 1", "1 ", "1.0", "0x1", "--1", "1e3" };
    int64_t i = 7;
    uint64_t u = 7;

    (void)state;
    for (size_t n = 0; n < sizeof bad / sizeof *bad; n++) {
        assert_false(str_i64(str_of(bad[n]), &i));
        assert_false(str_u64(str_of(bad[n]), &u));
    }
    assert_false(str_u64(STR("-1"), &u));
    assert_false(str_u64(STR("1\0"), &u));
    assert_int_equal(i, 7);
    assert_int_equal(u, 7);
}

static void zero_bytes_count_as_bytes(void **state)
{
    (void)state;
    assert_false(str_eq(STR("a\0b"), STR("a\0c")));
    assert_int_equal(str_find(STR("x\0y\0z"), STR("\0z"), 0), 3);
    assert_true(str_cmp(STR("a"), STR("a\0")) < 0);
}

static void finding_respects_bounds_and_case(void **state)
{
    (void)state;
    assert_int_equal(str_find(STR("abcabc"), STR("bc"), 2), 4);
    assert_int_equal(str_find(STR("abc"), STR("bcd"), 0), -1);
    assert_int_equal(str_find(STR("abc"), STR("a"), 9), -1);
    assert_int_equal(str_find(STR("abc"), STR(""), 3), 3);
    assert_int_equal(str_find_nocase(STR("xxContent-TYPE"), STR("content-type"), 0), 2);
    assert_int_equal(str_find_nocase(STR("ab"), STR("abc"), 0), -1);
    assert_true(str_eq_nocase(STR("GZip"), STR("gzIP")));
    assert_false(str_eq_nocase(STR("\xc3\x84"), STR("\xc3\xa4")));       // ASCII alone
    assert_true(str_starts(STR("abc"), STR("ab")) && !str_starts(STR("a"), STR("ab")));
    assert_true(str_ends(STR("abc"), STR("bc")) && !str_ends(STR("c"), STR("bc")));
    assert_true(str_starts_nocase(STR("ABc"), STR("ab")));
    assert_true(str_starts(STR_NONE, STR_NONE) && str_ends(STR_NONE, STR("")));
    assert_true(str_eq(str_trim(STR(" \t\r\n a b \v\f")), STR("a b")));
    assert_int_equal(str_trim(STR(" \n ")).n, 0);
    assert_true(str_eq(str_sub(STR("abc"), 1, 99), STR("bc")));
    assert_int_equal(str_sub(STR("abc"), 4, 1).n, 0);
    assert_null(str_of(NULL).p);
}

static void utf8_takes_shortest_forms_alone(void **state)
{
    uint32_t c = 0;

    (void)state;
    assert_int_equal(str_utf8(STR("\xf0\x9f\x98\x80"), 0, &c), 4);
    assert_int_equal(c, 0x1f600);
    assert_int_equal(str_utf8(STR("a\xc3\xa9"), 1, &c), 2);
    assert_int_equal(c, 0xe9);
    assert_int_equal(str_utf8(STR("\xc0\xaf"), 0, &c), 0);               // overlong
    assert_int_equal(str_utf8(STR("\xe0\x80\xaf"), 0, &c), 0);
    assert_int_equal(str_utf8(STR("\xed\xa0\x80"), 0, &c), 0);           // surrogate
    assert_int_equal(str_utf8(STR("\xf4\x90\x80\x80"), 0, &c), 0);       // above U+10FFFF
    assert_int_equal(str_utf8(STR("\xe2\x82"), 0, &c), 0);               // cut short
    assert_int_equal(str_utf8(STR("a"), 1, &c), 0);
}

static void a_buffer_grows_and_keeps_what_it_has(void **state)
{
    struct buf b = {0};

    (void)state;
    for (int i = 0; i < 10000; i++)
        buf_printf(&b, "%d,", i);
    assert_int_equal(b.n, 10 * 2 + 90 * 3 + 900 * 4 + 9000 * 5);
    assert_true(str_ends(buf_view(&b), STR(",9998,9999,")));
    buf_clear(&b);
    buf_printf(&b, "%0*d", 5000, 7);
    assert_int_equal(b.n, 5000);
    buf_clear(&b);
    buf_puts(&b, "ab");
    buf_char(&b, '\0');
    buf_str(&b, STR("c"));
    buf_add(&b, NULL, 0);
    assert_true(str_eq(buf_view(&b), STR("ab\0c")));
    assert_string_equal(buf_cstr(&b) + 3, "c");
    assert_int_equal(b.n, 4);
    buf_release(&b);
    assert_null(b.p);
    assert_string_equal(buf_cstr(&b), "");
    buf_release(&b);
}

static void errors_keep_kind_and_put_the_doing_in_front(void **state)
{
    static const int want[] = { 0, 2, 2, 3, 3, 4, 5, 130 };
    struct err err = { .retry_at = 5 };
    char wide[400];

    (void)state;
    assert_int_equal(err_set(&err, ERR_INPUT, "not JSON at byte %d", 7), -1);
    assert_int_equal(err_wrap(&err, "batch %d", 3), -1);
    assert_string_equal(err.msg, "batch 3: not JSON at byte 7");
    assert_int_equal(err.kind, ERR_INPUT);
    assert_int_equal(err.retry_at, 0);
    err_set(&err, ERR_IO, "again: %s", err.msg);
    assert_string_equal(err.msg, "again: batch 3: not JSON at byte 7");
    for (int k = ERR_NONE; k <= ERR_STOPPED; k++) {
        err.kind = (enum err_kind)k;
        assert_int_equal(err_exit_code(&err), want[k]);
    }
    for (int i = 0; i < 398; i += 2)
        memcpy(wide + i, "\xc3\xa9", 2);
    wide[398] = '\0';
    err_set(&err, ERR_IO, "x%s", wide);
    assert_int_equal(strlen(err.msg) % 2, 1);    // no half character at the cut
    err_set(&err, ERR_IO, "%s", wide);
    assert_int_equal(strlen(err.msg) % 2, 0);
    err_clear(&err);
    assert_string_equal(err.msg, "");
    assert_int_equal(err.kind, ERR_NONE);
}

static void one_is_singular(void **state)
{
    char text[80];

    (void)state;
    snprintf(text, sizeof text, COUNTED ", " COUNTED ", " COUNTED ", " COUNTED,
             COUNT_OF(0, "item", "items"), COUNT_OF(1, "page is", "pages are"),
             COUNT_OF(2, "reply", "replies"), COUNT_OF(-1, "day", "days"));
    assert_string_equal(text, "0 items, 1 page is, 2 replies, -1 days");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_end_where_the_text_ends),
        cmocka_unit_test(numbers_are_exact_to_their_last_value),
        cmocka_unit_test(what_is_no_plain_number_is_refused),
        cmocka_unit_test(zero_bytes_count_as_bytes),
        cmocka_unit_test(finding_respects_bounds_and_case),
        cmocka_unit_test(utf8_takes_shortest_forms_alone),
        cmocka_unit_test(one_is_singular),
        cmocka_unit_test(a_buffer_grows_and_keeps_what_it_has),
        cmocka_unit_test(errors_keep_kind_and_put_the_doing_in_front),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
