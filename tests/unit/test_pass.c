/* When may pages behind a challenge be asked for side by side? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "scrape/pass.h"

static void a_site_without_challenges_is_sure_after_its_first_page(void **state)
{
    struct pass p = { 0 };
    (void)state;

    assert_false(pass_is_sure(&p, 1000));
    pass_came(&p, false, 1000, 1300);
    assert_true(pass_is_sure(&p, 1300));
    assert_true(pass_is_sure(&p, INT64_C(1) << 40));
}

static void in_its_first_life_a_cookie_is_never_sure(void **state)
{
    struct pass p = { 0 };
    (void)state;

    pass_came(&p, true, 1000, 1100);
    assert_false(pass_is_sure(&p, 1100));
    pass_came(&p, false, 1100, 2000);
    assert_false(pass_is_sure(&p, 2000));
    assert_false(pass_is_sure(&p, 900000));
}

/* Challenge, pages from 2000, the last one asked for at 6000, challenge at 7000: the next cookie is
 * sure for less than 4000. */
static struct pass of_four_seconds(void)
{
    struct pass p = { 0 };

    pass_came(&p, true, 1000, 1100);
    pass_came(&p, false, 1100, 2000);
    pass_came(&p, false, 6000, 6300);
    pass_came(&p, true, 6900, 7000);
    pass_came(&p, false, 7000, 8000);
    return p;
}

static void later_ones_are_sure_for_most_of_the_life_before(void **state)
{
    const struct pass p = of_four_seconds();
    (void)state;

    assert_true(pass_is_sure(&p, 8000));
    assert_true(pass_is_sure(&p, 10900));
    assert_false(pass_is_sure(&p, 11000));
    assert_false(pass_is_sure(&p, 13000));
}

/* Where pages come seldom its end may be long past when it is met. */
static void a_cookie_that_held_for_one_page_is_never_sure(void **state)
{
    struct pass p = { 0 };
    (void)state;

    pass_came(&p, true, 1000, 1100);
    pass_came(&p, false, 1100, 2000);
    pass_came(&p, true, 90000, 90300);
    pass_came(&p, false, 90300, 91000);
    assert_false(pass_is_sure(&p, 91000));
}

static void what_was_under_way_before_the_turn_says_nothing(void **state)
{
    struct pass p = of_four_seconds();
    (void)state;

    pass_came(&p, true, 7900, 8100);    // asked for by another tab, without the new cookie
    assert_true(pass_is_sure(&p, 8100));
    pass_came(&p, true, 12900, 13000);
    pass_came(&p, false, 12900, 13100);    // with the old one, just before its end
    assert_false(pass_is_sure(&p, 13100));
}

static void a_new_jar_is_not_sure_and_the_life_is_still_known(void **state)
{
    struct pass p = of_four_seconds();
    (void)state;

    pass_lost(&p);
    assert_false(pass_is_sure(&p, 9000));
    pass_came(&p, true, 9000, 9100);
    assert_false(pass_is_sure(&p, 9100));
    pass_came(&p, false, 9100, 10000);
    assert_true(pass_is_sure(&p, 12900));
    assert_false(pass_is_sure(&p, 13000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_site_without_challenges_is_sure_after_its_first_page),
        cmocka_unit_test(in_its_first_life_a_cookie_is_never_sure),
        cmocka_unit_test(later_ones_are_sure_for_most_of_the_life_before),
        cmocka_unit_test(a_cookie_that_held_for_one_page_is_never_sure),
        cmocka_unit_test(what_was_under_way_before_the_turn_says_nothing),
        cmocka_unit_test(a_new_jar_is_not_sure_and_the_life_is_still_known),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
