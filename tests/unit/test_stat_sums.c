/* tests/unit/test_stat_sums.c: shares of things that hang together. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <cmocka.h>
#include "base/stat_sums.h"

static struct stat_sums alike(int clusters, double k, double m)
{
    struct stat_sums c = { 0 };

    for (int i = 0; i < clusters; i++)
        stat_sums_add(&c, k, m);
    return c;
}

/* Clopper and Pearson's own example of the textbooks: 8 of 10. */
static void whole_numbers_give_the_exact_interval(void **state)
{
    struct stat_interval x = stat_exact_share(8, 10, 0.95), y = stat_clopper_pearson(8, 10, 0.95);
    (void)state;
    assert_float_equal(x.low, 0.443905, 1e-6);
    assert_float_equal(x.high, 0.974789, 1e-6);
    assert_float_equal(x.low, y.low, 1e-12);
    assert_float_equal(x.high, y.high, 1e-12);
    x = stat_exact_share(0, 0, 0.95);
    assert_true(x.low <= 0 && x.high >= 1);
    x = stat_exact_share(10, 10, 0.95);
    assert_true(x.high >= 1);
    assert_float_equal(x.low, 0.691503, 1e-6);
}

static void accounts_of_one_post_are_worth_their_posts(void **state)
{
    struct stat_sums c = { 0 };
    (void)state;
    for (int i = 0; i < 1000; i++)
        stat_sums_add(&c, i % 10 != 0, 1);
    assert_true(stat_sums_size(&c, 0.95) > 980);
    assert_true(stat_sums_size(&c, 0.95) <= 1000);
}

static void accounts_that_are_wholly_one_way_are_worth_one_each(void **state)
{
    struct stat_sums c = { 0 };
    double size;
    (void)state;
    for (int i = 0; i < 200; i++)
        stat_sums_add(&c, i % 4 ? 20 : 0, 20);
    size = stat_sums_size(&c, 0.95);
    assert_true(size > 190 && size < 203);
}

/* Otherwise one post that broke a promise would make it pass. */
static void all_alike_is_worth_hardly_less_than_all_but_one(void **state)
{
    struct stat_sums all = alike(100, 100, 100), but_one = alike(99, 100, 100);
    (void)state;
    stat_sums_add(&but_one, 99, 100);
    assert_true(stat_sums_size(&all, 0.95) < 104);
    assert_true(stat_sums_share(&but_one, 0.95).low < stat_sums_share(&all, 0.95).low + 0.002);
}

static void few_accounts_leave_nearly_everything_open(void **state)
{
    struct stat_sums c = alike(1, 5000, 5000);
    (void)state;
    assert_float_equal(stat_sums_size(&c, 0.95), 1, 0);
    assert_float_equal(stat_sums_share(&c, 0.95).low, 0.025, 1e-6);
    c = alike(2, 5000, 5000);
    assert_true(stat_sums_share(&c, 0.95).low < 0.2);
    c = (struct stat_sums){ 0 };
    assert_true(stat_sums_share(&c, 0.95).low <= 0 && stat_sums_share(&c, 0.95).high >= 1);
}

/* ---- coverage, simulated: accounts whose own rates scatter around the truth ---- */

static uint64_t random_state;

static double draw(void)
{
    random_state += 0x9e3779b97f4a7c15u;    // splitmix64
    uint64_t z = random_state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (double)((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

/* Share of 95 % intervals that hold the truth: an account follows one coin with
 * probability rho (all its posts alike) and its posts follow their own otherwise. */
static double coverage(double truth, double rho, int accounts, int most, int rounds)
{
    int held = 0;

    for (int r = 0; r < rounds; r++) {
        struct stat_sums c = { 0 };
        struct stat_interval x;

        for (int a = 0; a < accounts; a++) {
            int m = 1 + (int)(draw() * draw() * most), k = 0;
            bool together = draw() < rho, all = draw() < truth;

            for (int i = 0; i < m; i++)
                k += together ? all : draw() < truth;
            stat_sums_add(&c, k, m);
        }
        x = stat_sums_share(&c, 0.95);
        held += x.low <= truth && truth <= x.high;
    }
    return (double)held / rounds;
}

static void intervals_hold_the_truth_as_often_as_they_say(void **state)
{
    static const double truths[] = { 0.5, 0.9, 0.99 }, rhos[] = { 0, 0.3, 1 };
    (void)state;
    random_state = 11;
    for (int t = 0; t < 3; t++)
        for (int r = 0; r < 3; r++) {
            double few = coverage(truths[t], rhos[r], 30, 30, 600),
                   many = coverage(truths[t], rhos[r], 300, 12, 600);

            if (few < 0.93 || many < 0.93)
                fail_msg("truth %g, rho %g: %.3f with 30 accounts, %.3f with 300", truths[t],
                         rhos[r], few, many);
        }
}

/* Weil (1970), litters of rats: pups that lived 21 days, of those alive on day 4. Design
 * effects: Rao and Scott, Biometrics 48 (1992), table 1, as the R package PF prints them. */
static void design_effects_of_the_litters(void **state)
{
    static const int control[16][2] = { { 13, 13 }, { 12, 12 }, { 9, 9 },   { 9, 9 },
                                        { 8, 8 },   { 8, 8 },   { 12, 13 }, { 11, 12 },
                                        { 9, 10 },  { 9, 10 },  { 8, 9 },   { 11, 13 },
                                        { 4, 5 },   { 5, 7 },   { 7, 10 },  { 7, 10 } };
    static const int treated[16][2] = { { 12, 12 }, { 11, 11 }, { 10, 10 }, { 9, 9 },
                                        { 10, 11 }, { 9, 10 },  { 9, 10 },  { 8, 9 },
                                        { 8, 9 },   { 4, 5 },   { 7, 9 },   { 4, 7 },
                                        { 5, 10 },  { 3, 6 },   { 3, 10 },  { 0, 7 } };
    struct stat_sums c = { 0 }, t = { 0 };
    double p = 142 / 158.0, q = 112 / 145.0;
    (void)state;

    for (int i = 0; i < 16; i++) {
        stat_sums_add(&c, control[i][0], control[i][1]);
        stat_sums_add(&t, treated[i][0], treated[i][1]);
    }
    assert_true(fabs(stat_sums_variance(&c) * 158 / (p * (1 - p)) - 1.232495) < 5e-7);
    assert_true(fabs(stat_sums_variance(&t) * 145 / (q * (1 - q)) - 3.952861) < 5e-7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(design_effects_of_the_litters),
        cmocka_unit_test(whole_numbers_give_the_exact_interval),
        cmocka_unit_test(accounts_of_one_post_are_worth_their_posts),
        cmocka_unit_test(accounts_that_are_wholly_one_way_are_worth_one_each),
        cmocka_unit_test(all_alike_is_worth_hardly_less_than_all_but_one),
        cmocka_unit_test(few_accounts_leave_nearly_everything_open),
        cmocka_unit_test(intervals_hold_the_truth_as_often_as_they_say),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
