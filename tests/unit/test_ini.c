/* tests/unit/test_ini.c: settings files: lines, and all that libinih would misread. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <stdio.h>
#include "base/ini.h"

static void pairs_and_sections_know_their_lines(void **state)
{
    struct str text = STR(
        "\xef\xbb\xbf# a comment\n\n[one]\nlabel = canada\nwhen  = page.outcome = public\r\n"
        "  ; another\nwhen=page.x in a, b;c\n[two]\n[one]\nempty =\nhash = a # b");
    struct err err = {0};
    struct ini ini;

    (void)state;
    assert_int_equal(ini_parse(&ini, "rules.ini", text, &err), 0);
    assert_int_equal(ini.len, 5);
    assert_int_equal(ini.sections, 3);
    assert_string_equal(ini.section[0].name, "one");
    assert_int_equal(ini.section[0].line, 3);
    assert_string_equal(ini.section[1].name, "two");
    assert_int_equal(ini.section[1].line, 8);
    assert_int_equal(ini.section[2].line, 9);
    assert_string_equal(ini.pair[0].value, "canada");
    assert_int_equal(ini.pair[0].line, 4);
    assert_string_equal(ini.pair[1].key, "when");
    assert_string_equal(ini.pair[1].value, "page.outcome = public");
    assert_int_equal(ini.pair[1].section_no, 0);
    assert_string_equal(ini.pair[2].value, "page.x in a, b;c");
    assert_int_equal(ini.pair[2].line, 7);
    assert_string_equal(ini.pair[3].value, "");
    assert_int_equal(ini.pair[3].section_no, 2);
    assert_string_equal(ini.pair[4].section, "one");
    assert_string_equal(ini.pair[4].value, "a # b");
    assert_int_equal(ini.pair[4].line, 11);
    ini_release(&ini);
    assert_null(ini.pair);
    ini_release(&ini);
}

static void an_empty_file_has_no_pairs(void **state)
{
    struct err err = {0};
    struct ini ini;

    (void)state;
    assert_int_equal(ini_parse(&ini, "x.ini", STR_NONE, &err), 0);
    assert_int_equal(ini.len + ini.sections, 0);
    ini_release(&ini);
}

static void what_libinih_would_misread_is_refused_with_its_line(void **state)
{
    static const struct { struct str line; const char *want; } bad[] = {
        { { "  more of it", 12 }, "x.ini:3: expected no blank at the start" },
        { { "\tb = c", 6 }, "x.ini:3: expected no blank at the start" },
        { { " [s2]", 5 }, "x.ini:3: expected no blank at the start" },
        { { "b = c ; d", 9 }, "x.ini:3: expected no \" ;\" in a line" },
        { { "b = ;d", 6 }, "x.ini:3: expected no \" ;\" in a line" },
        { { "[s2] ; d", 8 }, "x.ini:3: expected no \" ;\" in a line" },
        { { "just words", 10 }, "x.ini:3: expected KEY = VALUE" },
        { { "= value", 7 }, "x.ini:3: expected KEY = VALUE" },
        { { "b : c = d", 9 }, "x.ini:3: expected KEY = VALUE, with no colon" },
        { { "b : c", 5 }, "x.ini:3: expected KEY = VALUE" },
        { { "[s2", 3 }, "x.ini:3: expected [SECTION]" },
        { { "[s2] x", 6 }, "x.ini:3: expected [SECTION]" },
        { { "[s]2]", 5 }, "x.ini:3: expected [SECTION]" },
        { { "[]", 2 }, "x.ini:3: expected [SECTION]" },
        { { "[ s2 ]", 6 }, "x.ini:3: expected [SECTION]" },
        { { "b = c\0d", 7 }, "x.ini:3: expected no control character" },
        { { "b = c\x1b[0m", 9 }, "x.ini:3: expected no control character" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct buf b = {0};
        struct err err = {0};
        struct ini ini = { .len = 77 };

        buf_puts(&b, "[s]\na = 1\n");
        buf_str(&b, bad[i].line);
        buf_puts(&b, "\n[ also bad\n");
        assert_int_equal(ini_parse(&ini, "x.ini", buf_view(&b), &err), -1);
        assert_int_equal(err.kind, ERR_USAGE);
        if (strncmp(err.msg, bad[i].want, strlen(bad[i].want)) != 0)
            fail_msg("%s instead of %s", err.msg, bad[i].want);
        assert_int_equal(ini.len, 77);
        buf_release(&b);
    }
}

static int parse_sized(const char *head, size_t n, struct err *err)
{
    struct buf b = {0};
    struct ini ini;
    int rc;

    buf_puts(&b, "[s]\n");
    buf_puts(&b, head);
    for (size_t i = strlen(head); i < n; i++)
        buf_char(&b, 'x');
    buf_puts(&b, "\nb = 2\n");
    rc = ini_parse(&ini, "x.ini", buf_view(&b), err);
    if (rc == 0) {
        assert_int_equal(ini.pair[ini.len - 1].line, 3);
        if (ini.len == 2)
            assert_int_equal(strlen(ini.pair[0].value), n - 4);
        ini_release(&ini);
    }
    buf_release(&b);
    return rc;
}

static void a_line_fits_whole_or_not_at_all(void **state)
{
    struct err err = {0};

    (void)state;
    assert_int_equal(parse_sized("a = ", 199, &err), 0);
    assert_int_equal(parse_sized("# ", 5000, &err), 0);
    assert_int_equal(parse_sized("a = ", 200, &err), -1);
    assert_string_equal(err.msg, "x.ini:2: expected a line of fewer than 200 bytes");
}

static void a_section_name_is_never_cut(void **state)
{
    struct err err = {0};
    struct ini ini;

    (void)state;
    assert_int_equal(
        ini_parse(&ini, "x", STR("[1234567890123456789012345678901234567890123456789]\na=1"), &err),
        0);
    assert_int_equal(strlen(ini.pair[0].section), 49);
    ini_release(&ini);
    assert_int_equal(ini_parse(&ini, "x",
                               STR("[12345678901234567890123456789012345678901234567890]\na=1"),
                               &err),
                     -1);
    assert_string_equal(err.msg, "x:1: expected a section name of at most 49 bytes");
    assert_int_equal(ini_parse(&ini, "x", STR("\na = 1\n"), &err), -1);
    assert_string_equal(err.msg, "x:2: expected a [SECTION] before the first KEY = VALUE");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_and_sections_know_their_lines),
        cmocka_unit_test(an_empty_file_has_no_pairs),
        cmocka_unit_test(what_libinih_would_misread_is_refused_with_its_line),
        cmocka_unit_test(a_line_fits_whole_or_not_at_all),
        cmocka_unit_test(a_section_name_is_never_cut),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
