/* tests/unit/test_place.c: the line that is wrong, and a mark below the place in it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "base/ini.h"
#include "base/place.h"

static const char *shown(const struct err *err)
{
    static struct buf out;

    buf_clear(&out);
    place_show(err, "", "", &out);
    return buf_cstr(&out);
}

static void an_error_without_a_place_shows_nothing(void **state)
{
    struct err err = { 0 };

    (void)state;
    err_set(&err, ERR_USAGE, "wrong");
    assert_string_equal(shown(&err), "");
    place_in(&err, STR("some line"), 3, STR_NONE);
    err_set(&err, ERR_USAGE, "another");
    assert_string_equal(shown(&err), "");
}

static void the_mark_stands_below_the_place(void **state)
{
    const struct str line = STR("when = page.outcom = public");
    const struct str value = str_sub(line, 7, line.n), word = str_sub(value, 0, 11);
    struct err err = { 0 };

    (void)state;
    place_in(&err, line, 12, value);
    assert_string_equal(shown(&err), "   12 | when = page.outcom = public\n"
                                     "      |        ^~~~~~~~~~~~~~~~~~~~\n");
    err_set(&err, ERR_USAGE, "no such name");
    place_part(&err, value, word);
    place_in(&err, line, 12, value);
    assert_string_equal(shown(&err), "   12 | when = page.outcom = public\n"
                                     "      |        ^~~~~~~~~~~\n");
    err_wrap(&err, "rules.ini:12");    // keeps it
    assert_string_equal(err.msg, "rules.ini:12: no such name");
    assert_string_equal(shown(&err), "   12 | when = page.outcom = public\n"
                                     "      |        ^~~~~~~~~~~\n");
}

/* Characters, not bytes; what a terminal must not get is written out. */
static void columns_are_those_of_what_is_shown(void **state)
{
    const struct str line = STR("k\xc3\xa4se\t=\t\x1b[31mx");
    struct err err = { 0 };

    (void)state;
    place_in(&err, line, 0, str_sub(line, 13, 1));
    assert_string_equal(shown(&err), "      | k\xc3\xa4se = \\x1b[31mx\n"
                                     "      |                ^\n");
}

static void a_long_line_is_cut_around_the_place(void **state)
{
    char text[1000];
    struct str line = { text, sizeof text };
    struct err err = { 0 };

    (void)state;
    memset(text, 'x', sizeof text);
    text[500] = 'Y';
    place_in(&err, line, 7, str_sub(line, 500, 1));
    assert_true(strlen(err.place.line) < ERR_LINE_MAX);
    assert_int_equal(err.place.line[err.place.at], 'Y');
    assert_true(str_starts(str_of(err.place.line), STR("...xxx")));
    assert_true(str_ends(str_of(err.place.line), STR("xxx...")));
    place_in(&err, line, 7, (struct str){ text + 1000, 0 });    // its end
    assert_int_equal(err.place.n, 1);
}

static void a_pair_of_a_file_is_shown_where_it_stands(void **state)
{
    const struct str text = STR("# head\n[a]\n\nkey =   some value \r\n[b]\n");
    struct err err = { 0 };
    struct ini ini;

    (void)state;
    assert_int_equal(ini_parse(&ini, "x.ini", text, &err), 0);
    err_set(&err, ERR_USAGE, "no");
    assert_int_equal(ini_wrong(&err, "x.ini", &ini.pair[0], INI_VALUE), -1);
    assert_string_equal(err.msg, "x.ini:4: no");
    assert_string_equal(shown(&err), "    4 | key =   some value\n      |         ^~~~~~~~~~\n");
    err_set(&err, ERR_USAGE, "no");
    ini_wrong(&err, "x.ini", &ini.pair[0], INI_KEY);
    assert_string_equal(shown(&err), "    4 | key =   some value\n      | ^~~\n");
    err_set(&err, ERR_USAGE, "no");
    ini_wrong_section(&err, "x.ini", &ini.section[1]);
    assert_string_equal(shown(&err), "    5 | [b]\n      | ^~~\n");
    ini_release(&ini);
}

/* A form that libinih would read as something else is shown as well. */
static void a_line_of_no_form_is_shown(void **state)
{
    static const struct { const char *text, *want;
    } bad[] = {
        { "[a]\nkey value\n", "    2 | key value\n      | ^~~~~~~~~\n" },
        { "[a]\nkey = v ; note\n", "    2 | key = v ; note\n      |         ^\n" },
        { "[a]\n\tkey = v\n", "    2 |  key = v\n      | ^\n" },
        { "[a\nkey = v\n", "    1 | [a\n      | ^~\n" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct err err = { 0 };
        struct ini ini;

        assert_int_equal(ini_parse(&ini, "x.ini", str_of(bad[i].text), &err), -1);
        assert_string_equal(shown(&err), bad[i].want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_error_without_a_place_shows_nothing),
        cmocka_unit_test(the_mark_stands_below_the_place),
        cmocka_unit_test(columns_are_those_of_what_is_shown),
        cmocka_unit_test(a_long_line_is_cut_around_the_place),
        cmocka_unit_test(a_pair_of_a_file_is_shown_where_it_stands),
        cmocka_unit_test(a_line_of_no_form_is_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
