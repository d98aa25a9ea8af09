/* tests/unit/test_nearest.c: what a mistyped word probably meant. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "base/nearest.h"

static const char *hint(const char *word)
{
    static struct nearest near;
    static const char *const known[] = { "at_least", "at_most", "not_worse_than", "claim",
                                         "confidence" };

    near = nearest_to(str_of(word));
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        nearest_offer(&near, str_of(known[i]));
    return nearest_hint(&near);
}

static void a_mistyped_word_is_recognised(void **state)
{
    (void)state;
    assert_string_equal(hint("at_lesat"), "; did you mean at_least?");
    assert_string_equal(hint("atmost"), "; did you mean at_most?");
    assert_string_equal(hint("not_worse_then"), "; did you mean not_worse_than?");
    assert_string_equal(hint("confidense"), "; did you mean confidence?");
}

static void another_word_is_not(void **state)
{
    char longest[NEAREST_MAX + 2];
    (void)state;
    assert_string_equal(hint("colour"), "");
    assert_string_equal(hint(""), "");
    memset(longest, 'x', sizeof longest);
    longest[sizeof longest - 1] = 0;
    assert_string_equal(hint(longest), "");
}

static void a_beginning_and_capitals_are_near(void **state)
{
    (void)state;
    assert_string_equal(hint("conf"), "; did you mean confidence?");
    assert_string_equal(hint("CLAIM"), "; did you mean claim?");
    assert_string_equal(hint("Not_Worse_Tahn"), "; did you mean not_worse_than?");
    assert_string_equal(hint("cl"), "");
    assert_string_equal(hint("a"), "");
}

/* One letter in three: what is farther away was another word. */
static void nothing_silly_is_proposed(void **state)
{
    static const char *const words[] = { "list",      "clean", "blame", "most",    "least",
                                         "configure", "co",    "xyz",   "same_day" };

    (void)state;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        assert_string_equal(hint(words[i]), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mistyped_word_is_recognised),
        cmocka_unit_test(another_word_is_not),
        cmocka_unit_test(a_beginning_and_capitals_are_near),
        cmocka_unit_test(nothing_silly_is_proposed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
