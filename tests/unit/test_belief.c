/* What the asks say of batches and of the silent. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include "audit/belief.h"

static void near(double got, double want, double by)
{
    if (fabs(got - want) > by)
        fail_msg("got %g, expected %g within %g", got, want, by);
}

/* Nothing asked: the priors' means, 0.5/25 and 1/5. */
static void without_asks_the_priors_speak(void **state)
{
    const struct belief_counts none = {0};

    (void)state;
    near(belief_fit(&none).swallow, 0.02, 0.002);
    near(belief_fit(&none).prior, 0.2, 0.01);
}

/* 10,000 silent, 4,000 there, half lost at each of three asks: 2000, 1000, 500
 * come back, 6,500 stay silent. The losses among the found alone would say
 * (1000 + 2 * 500) / (2000 + 2 * 1000 + 3 * 500) = 0.36. */
static void losses_that_are_still_silent_are_reckoned_with(void **state)
{
    const struct belief_counts c = { .found = { 2000, 1000, 500 }, .silent = { [3] = 6500 } };

    (void)state;
    near(belief_fit(&c).swallow, 0.5, 0.02);
    near(belief_fit(&c).prior, 0.4, 0.01);
}

static void a_clean_first_round_leaves_little_doubt(void **state)
{
    const struct belief_counts c = { .found = { 12000, 0 }, .silent = { [2] = 32000 } };

    (void)state;
    assert_true(belief_fit(&c).swallow < 0.0005);
    near(belief_fit(&c).prior, 12000.0 / 44000, 0.005);
}

static void recovered_canaries_count_as_asks(void **state)
{
    const struct belief_counts c = { .found = { 10 }, .silent = { [1] = 10 }, .canary_asks = 1000, .canary_lost = 300 };

    (void)state;
    near(belief_fit(&c).swallow, 0.3, 0.03);
}

/* n3^2 / (n2 - n3): 100^2 / 900 = 11.1; with the upper limit of 100, 118.1
 * (half the 95 % chi-square quantile of 202 degrees): 118.1^2 / 881.9 = 15.8. */
static void two_rounds_tell_what_they_leave(void **state)
{
    const struct belief_counts c = { .found = { 1000, 100 } }, odd = { .found = { 5, 9 } };

    (void)state;
    near(belief_leftover(&c).left, 11.11, 0.01);
    near(belief_leftover(&c).upper, 15.8, 0.2);
    assert_true(belief_leftover(&odd).left < 0 && belief_leftover(&odd).upper < 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_asks_the_priors_speak),
        cmocka_unit_test(losses_that_are_still_silent_are_reckoned_with),
        cmocka_unit_test(a_clean_first_round_leaves_little_doubt),
        cmocka_unit_test(recovered_canaries_count_as_asks),
        cmocka_unit_test(two_rounds_tell_what_they_leave),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
