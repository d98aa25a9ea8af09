/* tests/unit/test_cluster.c: intervals over clusters, against published values and, where the
 * truth is drawn, against the truth. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <math.h>
#include "base/digest.h"
#include "base/stat_cluster.h"

#define LEN(a) (sizeof(a) / sizeof *(a))

static void near(double got, double want, double apart)
{
    if (!(fabs(got - want) <= apart))
        fail_msg("%.9g is not %.9g", got, want);
}

/* Weil (1970), litters of rats: pups that lived 21 days, of those alive on day 4. */
static const struct stat_cluster control[] = {
    { 13, 13 }, { 12, 12 }, { 9, 9 }, { 9, 9 },   { 8, 8 }, { 8, 8 }, { 12, 13 }, { 11, 12 },
    { 9, 10 },  { 9, 10 },  { 8, 9 }, { 11, 13 }, { 4, 5 }, { 5, 7 }, { 7, 10 },  { 7, 10 },
};
static const struct stat_cluster treated[] = {
    { 12, 12 }, { 11, 11 }, { 10, 10 }, { 9, 9 }, { 10, 11 }, { 9, 10 }, { 9, 10 }, { 8, 9 },
    { 8, 9 },   { 4, 5 },   { 7, 9 },   { 4, 7 }, { 5, 10 },  { 3, 6 },  { 3, 10 }, { 0, 7 },
};

/* Rao and Scott (1992), table 1, to more digits as the R package PF prints them. */
static void design_effects_are_rao_and_scotts(void **state)
{
    (void)state;
    near(stat_design_effect(control, LEN(control)), 1.232495, 5e-7);
    near(stat_design_effect(treated, LEN(treated)), 3.952861, 5e-7);
}

static void quantiles_of_t_are_the_printed_ones(void **state)
{
    (void)state;
    near(stat_t_quantile(0.975, 1), 12.706205, 1e-5);
    near(stat_t_quantile(0.975, 4), 2.776445, 1e-6);
    near(stat_t_quantile(0.975, 15), 2.131450, 1e-6);
    near(stat_t_quantile(0.95, 30), 1.697261, 1e-6);
    near(stat_t_quantile(0.025, 15), -2.131450, 1e-6);
    near(stat_t_quantile(0.975, 1e9), 1.959964, 1e-6);
}

/* Korn and Graubard (1998) on Weil's litters: 112 of 145 on 145 / 3.952861 draws, times the
 * square of the ratio of both t, worked out apart from this program. */
static void interval_of_the_litters(void **state)
{
    struct stat_interval i = stat_clustered(treated, LEN(treated), 0.95);
    const double fewer = 1.976575 / 2.131450, n = 145 / 3.952861 * fewer * fewer;
    const double k = n * 112 / 145;
    (void)state;

    near(stat_beta_cdf(i.low, k, n - k + 1), 0.025, 1e-6);
    near(stat_beta_cdf(i.high, k + 1, n - k), 0.975, 1e-6);
}

static void single_things_have_clopper_and_pearsons_interval(void **state)
{
    struct stat_cluster one[40];
    struct stat_interval got, want = stat_clopper_pearson(37, 40, 0.95);
    (void)state;

    for (int i = 0; i < 40; i++)
        one[i] = (struct stat_cluster){ i < 37, 1 };
    got = stat_clustered(one, 40, 0.95);
    near(got.low, want.low, 1e-9);
    near(got.high, want.high, 1e-9);
}

/* 100 posts of two accounts, all found: no more is known than of two. */
static void what_is_all_alike_counts_its_clusters(void **state)
{
    const struct stat_cluster two[] = { { 50, 50 }, { 50, 50 } };
    struct stat_interval got = stat_clustered(two, 2, 0.95),
                         want = stat_clopper_pearson(2, 2, 0.95);
    (void)state;

    near(got.low, want.low, 1e-9);
    near(got.high, 1, 0);
    near(stat_clustered(NULL, 0, 0.95).high, 1, 0);
}

/* ---- draws with a known truth ---- */

static uint64_t turn;

static double draw(void) { return (double)(mix64(++turn) >> 11) / 9007199254740992.0; }

static double normal(void) { return stat_normal_quantile((draw() + 1e-12) / (1 + 2e-12)); }

/* Accounts of 1 to 20 posts, each with its own rate about 0.9 (Beta(4.5, 0.5) by halves). */
static void interval_holds_the_share_as_often_as_it_says(void **state)
{
    int held = 0;
    (void)state;

    turn = 11;
    for (int run = 0; run < 500; run++) {
        struct stat_cluster c[60];
        struct stat_interval i;

        for (int a = 0; a < 60; a++) {
            double rate = draw() < 0.8 ? 1 : 0.5;    // mean 0.9, correlation 0.44

            c[a] = (struct stat_cluster){ 0, 1 + (int64_t)(draw() * 20) };
            for (int64_t k = 0; k < c[a].n; k++)
                c[a].k += draw() < rate;
        }
        i = stat_clustered(c, 60, 0.95);
        held += i.low <= 0.9 && 0.9 <= i.high;
    }
    print_message("clustered share: %.1f %% of 500 intervals hold it\n", held / 5.0);
    assert_in_range(held, 465, 500);    // 93 % and more
}

/* ---- standardised differences ---- */

/* Austin (2009): 0.2 for 40 of 100 against 50 of 100. */
static void difference_of_two_shares(void **state)
{
    struct stat_two c[200] = { { { { 0 } } } };
    struct stat_difference d;
    (void)state;

    for (int i = 0; i < 200; i++) {
        struct stat_moments *m = &c[i].of[i >= 100];
        double x = i < 100 ? i < 40 : i < 150;

        *m = (struct stat_moments){ 1, x, x * x };
    }
    d = stat_standardised(c, 200, 0.95);
    assert_true(d.has);
    near(d.d, 0.1 / sqrt((0.24 + 0.25) / 2 * 100 / 99), 1e-9);
    /* Two independent groups: the standard error is about sqrt(2/100 + d^2/400). */
    near((d.high - d.low) / 2, 1.972 * sqrt(0.02 + d.d * d.d / 400), 0.01);
}

static void nothing_to_compare_has_no_difference(void **state)
{
    struct stat_two c[3] = { { { { 0 } } } };
    (void)state;

    assert_false(stat_standardised(c, 3, 0.95).has);
    for (int i = 0; i < 3; i++)
        c[i].of[0] = c[i].of[1] = (struct stat_moments){ 2, 0.2, 0.02 };    // 0.1 each
    assert_false(stat_standardised(c, 3, 0.95).has);
}

/* Accounts have a mean of their own; missing ones lie 0.3 higher, in total deviations. */
static void difference_is_held_as_often_as_it_says(void **state)
{
    int held = 0;
    (void)state;

    turn = 7;
    for (int run = 0; run < 400; run++) {
        struct stat_two c[80] = { { { { 0 } } } };
        struct stat_difference d;

        for (int a = 0; a < 80; a++) {
            struct stat_moments *m = &c[a].of[a % 2];
            double own = 0.6 * normal();
            int posts = 1 + (int)(draw() * 10);

            for (int k = 0; k < posts; k++) {
                double x = own + 0.8 * normal() + (a % 2 ? 0.3 : 0);

                m->n++, m->sum += x, m->squares += x * x;
            }
        }
        d = stat_standardised(c, 80, 0.95);
        held += d.has && d.low <= 0.3 && 0.3 <= d.high;
    }
    print_message("standardised difference: %.1f %% of 400 intervals hold it\n", held / 4.0);
    assert_in_range(held, 368, 396);    // 92 to 99 %
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(design_effects_are_rao_and_scotts),
        cmocka_unit_test(quantiles_of_t_are_the_printed_ones),
        cmocka_unit_test(interval_of_the_litters),
        cmocka_unit_test(single_things_have_clopper_and_pearsons_interval),
        cmocka_unit_test(what_is_all_alike_counts_its_clusters),
        cmocka_unit_test(interval_holds_the_share_as_often_as_it_says),
        cmocka_unit_test(difference_of_two_shares),
        cmocka_unit_test(nothing_to_compare_has_no_difference),
        cmocka_unit_test(difference_is_held_as_often_as_it_says),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
