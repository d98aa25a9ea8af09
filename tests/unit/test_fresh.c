/* tests/unit/test_fresh.c: at which ages a new post is asked about. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "watch/fresh.h"

#define HOUR INT64_C(3600)
#define BORN INT64_C(1800000000)

static void a_run_an_hour_asks_on_both_sides_of_every_promised_age(void **state)
{
    const int marks[] = { 48, 72 };
    (void)state;
    for (int m = 0; m < 2; m++)
        for (int64_t late = 0; late < HOUR; late += 60) {    // the minute at which cron runs
            int64_t before = 0, after = 0, asked = 0;

            for (int64_t now = BORN + late; now < BORN + 100 * HOUR; now += HOUR) {
                const int64_t due = fresh_due(BORN, asked);

                if (!due || due > now)
                    continue;
                asked = now;
                if (now <= BORN + marks[m] * HOUR)
                    before = now;
                else if (!after)
                    after = now;
            }
            assert_true(before >= BORN + (marks[m] - 1) * HOUR);
            assert_true(after <= BORN + (marks[m] + 7) * HOUR);
        }
}

static void a_run_that_comes_late_asks_once_and_goes_on_from_there(void **state)
{
    (void)state;
    assert_int_equal(fresh_due(BORN, 0), BORN + HOUR);
    assert_int_equal(fresh_due(BORN, BORN + 30), BORN + HOUR);
    assert_int_equal(fresh_due(BORN, BORN + 13 * HOUR), BORN + 16 * HOUR);
    assert_int_equal(fresh_due(BORN, BORN + 16 * HOUR), BORN + 20 * HOUR);
}

static void after_thirty_days_it_is_given_up(void **state)
{
    (void)state;
    assert_int_equal(fresh_due(BORN, BORN + 719 * HOUR), BORN + FRESH_LAST_HOURS * HOUR);
    assert_int_equal(fresh_due(BORN, BORN + FRESH_LAST_HOURS * HOUR), 0);
}

static void ages_grow_and_so_do_the_gaps_between_them(void **state)
{
    (void)state;
    for (size_t i = 1; i < fresh_ages_len; i++)
        assert_true(fresh_ages[i] > fresh_ages[i - 1]);
    assert_int_equal(fresh_ages[fresh_ages_len - 1], FRESH_LAST_HOURS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_an_hour_asks_on_both_sides_of_every_promised_age),
        cmocka_unit_test(a_run_that_comes_late_asks_once_and_goes_on_from_there),
        cmocka_unit_test(after_thirty_days_it_is_given_up),
        cmocka_unit_test(ages_grow_and_so_do_the_gaps_between_them),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
