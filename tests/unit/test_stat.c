/* tests/unit/test_stat.c: each function against published values, or values
 * worked by hand with the working beside them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <math.h>
#include <string.h>
#include <cmocka.h>
#include "base/stat.h"

static void near(double got, double want, double apart)
{
    if (!(fabs(got - want) <= apart))
        fail_msg("%.12g is not %.12g", got, want);
}

static void normal_quantiles_are_the_printed_ones(void **state)
{
    (void)state;
    near(stat_normal_quantile(0.975), 1.959963984540054, 1e-13);
    near(stat_normal_quantile(0.995), 2.575829303548901, 1e-13);
    near(stat_normal_quantile(0.5), 0, 1e-15);
    near(stat_normal_quantile(1e-10), -6.361340902404056, 1e-10);
    near(stat_normal_quantile(0.2), -stat_normal_quantile(0.8), 1e-15);
}

/* R. G. Newcombe, Statistics in Medicine 17 (1998) 857, table I: methods 3
 * (Wilson) and 5 (Clopper-Pearson), four digits. */
static void intervals_are_newcombes(void **state)
{
    const struct { int64_t k, n; double wl, wh, cl, ch; } row[] = {
        { 81, 263, 0.2553, 0.3662, 0.2527, 0.3676 },
        { 15, 148, 0.0624, 0.1605, 0.0578, 0.1617 },
        { 0, 20, 0.0000, 0.1611, 0.0000, 0.1684 },
        { 1, 29, 0.0061, 0.1718, 0.0009, 0.1776 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct stat_interval w = stat_wilson(row[i].k, row[i].n, 0.95);
        struct stat_interval c = stat_clopper_pearson(row[i].k, row[i].n, 0.95);

        near(w.low, row[i].wl, 5.1e-5);
        near(w.high, row[i].wh, 5.1e-5);
        near(c.low, row[i].cl, 5.1e-5);
        near(c.high, row[i].ch, 5.1e-5);
    }
}

/* AI Forensics 2025 (arXiv:2506.09746v2), 339 creators and ten posts of each: all of 235, none of
 * 5; by Wilson's formula with 1.96, worked by hand: (235 + 1.92) / 342.84 +- 0.0489, (5 + 1.92) /
 * 342.84 +- 0.0139. */
static void shares_of_the_published_creators(void **state)
{
    struct stat_interval all = stat_wilson(235, 339, 0.95), none = stat_wilson(5, 339, 0.95);
    (void)state;
    near(all.low, 0.642, 5e-4);
    near(all.high, 0.740, 5e-4);
    near(none.low, 0.006, 5e-4);
    near(none.high, 0.034, 5e-4);
}

static void interval_of_nothing_says_nothing(void **state)
{
    struct stat_interval w = stat_wilson(0, 0, 0.95), c = stat_clopper_pearson(0, 0, 0.95);
    (void)state;
    near(w.low, 0, 0);
    near(w.high, 1, 0);
    near(c.low, 0, 0);
    near(c.high, 1, 0);
    near(stat_wilson(7, 7, 0.95).high, 1, 0);
}

/* 5 of 10 drawn, none marked. P(none | K marked) = C(10-K, 5) / 252:
 * K=3 21/252 = 0.083, K=4 6/252 = 0.0238 < 0.025. So at most 3 of 10. */
static void finite_population_by_hand(void **state)
{
    struct stat_interval i = stat_hypergeometric(0, 5, 10, 0.95);
    (void)state;
    near(i.low, 0, 0);
    near(i.high, 0.3, 1e-12);
    i = stat_hypergeometric(5, 5, 10, 0.95);           // the mirror image
    near(i.low, 0.7, 1e-12);
    near(i.high, 1, 0);
    i = stat_hypergeometric(3, 8, 8, 0.95);            // all were drawn: no doubt is left
    near(i.low, 0.375, 1e-12);
    near(i.high, 0.375, 1e-12);
}

/* A population that is endless beside the sample is the binomial case. */
static void finite_population_grows_into_clopper_pearson(void **state)
{
    struct stat_interval h = stat_hypergeometric(81, 263, 100000000, 0.95);
    struct stat_interval c = stat_clopper_pearson(81, 263, 0.95);
    (void)state;
    near(h.low, c.low, 2e-6);
    near(h.high, c.high, 2e-6);
}

/* I_x(1, b) = 1 - (1-x)^b; I_0.5(2, 3) = P(2 or more of 4 coins) = 11/16;
 * I_0.5(a, a) = 1/2 at any size. */
static void beta_in_closed_form(void **state)
{
    (void)state;
    near(stat_beta_cdf(0.3, 1, 7), 1 - pow(0.7, 7), 1e-14);
    near(stat_beta_cdf(0.5, 2, 3), 0.6875, 1e-14);
    near(stat_beta_cdf(0.5, 5e6, 5e6), 0.5, 1e-7);
    near(stat_beta_cdf(0, 2, 3), 0, 0);
    near(stat_beta_cdf(1, 2, 3), 1, 0);
    near(stat_beta_quantile(0.6875, 2, 3), 0.5, 1e-12);
    near(stat_beta_quantile(1 - pow(0.7, 7), 1, 7), 0.3, 1e-12);
    near(stat_beta_quantile(1e-200, 1, 1), 1e-200, 1e-213);
}

/* The tables of any textbook. */
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

static void binomial_tail_counts_coins(void **state)
{
    (void)state;
    near(stat_binomial_tail(8, 10, 0.5), 56.0 / 1024, 1e-14);    // 45 + 10 + 1 of 1024
    near(stat_binomial_tail(0, 10, 0.5), 1, 0);
    near(stat_binomial_tail(11, 10, 0.5), 0, 0);
}

/* J. A. Hanley and A. Lippman-Hand, JAMA 249 (1983): none seen, mean below
 * -ln 0.05 = 2.9957; F. Garwood, Biometrika 28 (1936): upper 5 % limits of
 * 3 and 5 events are 7.754 and 10.513. */
static void poisson_limits_are_garwoods(void **state)
{
    (void)state;
    near(stat_poisson_upper(0, 0.95), -log(0.05), 1e-10);
    near(stat_poisson_upper(3, 0.95), 7.754, 5.1e-4);
    near(stat_poisson_upper(5, 0.95), 10.513, 5.1e-4);
    near(stat_poisson_upper(100000, 0.5), 100000.6667, 1e-2);    // the median is k + 2/3
}

/* Fisher's tea (The Design of Experiments, 1935): 3 of 4 right, 34/70 two-sided.
 * His twins (Statistical Methods, convictions of like-sex twins): 0.0005367. */
static void fisher_tastes_tea(void **state)
{
    (void)state;
    near(stat_fisher(3, 1, 1, 3), 34.0 / 70, 1e-12);
    near(stat_fisher(2, 10, 15, 3), 0.0005367241, 1e-9);
    near(stat_fisher(0, 0, 3, 4), 1, 0);
    near(stat_fisher(2, 10, 15, 3), stat_fisher(15, 3, 2, 10), 1e-12);
}

/* Y. Benjamini and Y. Hochberg, J. R. Statist. Soc. B 57 (1995) 289, section
 * 3.2: 15 hypotheses, four of them rejected at 0.05. */
static void bh_rejects_four_of_fifteen(void **state)
{
    const double p[15] = { 0.3240, 0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
                           0.0459, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000 };
    double q[15];
    int rejected = 0;
    (void)state;
    stat_bh(p, q, 15);
    for (int i = 0; i < 15; i++)
        rejected += q[i] <= 0.05;
    assert_int_equal(rejected, 4);
    near(q[1], 0.0015, 1e-15);                       // 0.0001 * 15 / 1
    near(q[4], 0.0095 * 15 / 4, 1e-15);
    near(q[6], 0.0298 * 15 / 7, 1e-15);              // the least of what stands behind it
    near(q[14], 1, 0);
}

static void quantile_is_nearest_rank(void **state)
{
    double x[] = { 50, 15, 40, 20, 35 }, one[] = { 7 };
    (void)state;
    near(stat_quantile(x, 5, 0.05), 15, 0);
    near(stat_quantile(x, 5, 0.40), 20, 0);
    near(stat_quantile(x, 5, 0.50), 35, 0);
    near(stat_quantile(x, 5, 1.00), 50, 0);
    near(stat_quantile(one, 1, 0), 7, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(normal_quantiles_are_the_printed_ones),
        cmocka_unit_test(intervals_are_newcombes),
        cmocka_unit_test(shares_of_the_published_creators),
        cmocka_unit_test(interval_of_nothing_says_nothing),
        cmocka_unit_test(finite_population_by_hand),
        cmocka_unit_test(finite_population_grows_into_clopper_pearson),
        cmocka_unit_test(beta_in_closed_form),
        cmocka_unit_test(quantiles_of_t_are_the_printed_ones),
        cmocka_unit_test(binomial_tail_counts_coins),
        cmocka_unit_test(poisson_limits_are_garwoods),
        cmocka_unit_test(fisher_tastes_tea),
        cmocka_unit_test(bh_rejects_four_of_fifteen),
        cmocka_unit_test(quantile_is_nearest_rank),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
