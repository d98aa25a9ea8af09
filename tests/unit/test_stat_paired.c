/* tests/unit/test_stat_paired.c: each function against published values. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <cmocka.h>
#include "base/stat_paired.h"

static void near(double got, double want, double apart)
{
    if (!(fabs(got - want) <= apart))
        fail_msg("%.12g is not %.12g", got, want);
}

/* 9 and 2: the example of R's exact2x2 (mcnemar.exact), 0.06543. 1 and 7, 6 and 16: M. Fagerland,
 * S. Lydersen, P. Laake, BMC Medical Research Methodology 13 (2013) 91: 0.070, 0.052. 86 and 150:
 * the approval ratings of A. Agresti, Categorical Data Analysis, 3.716e-05. */
static void mcnemar_is_as_published(void **state)
{
    (void)state;
    near(stat_mcnemar(9, 2), 0.06543, 5e-6);
    near(stat_mcnemar(2, 9), 134.0 / 2048, 1e-14);
    near(stat_mcnemar(1, 7), 0.0703125, 1e-14);
    near(stat_mcnemar(6, 16), 0.052478790283203125, 1e-14);
    near(stat_mcnemar(86, 150), 3.715936e-05, 1e-11);
}

/* By hand: 2 / 2^5; one change alone tells nothing; the tail does not underflow. */
static void mcnemar_at_its_ends(void **state)
{
    (void)state;
    near(stat_mcnemar(0, 0), 1, 0);
    near(stat_mcnemar(1, 0), 1, 0);
    near(stat_mcnemar(5, 0), 0.0625, 1e-15);
    near(stat_mcnemar(7, 7), 1, 0);
    near(stat_mcnemar(7, 8), 1, 1e-12);
    assert_true(stat_mcnemar(1000, 0) > 0);
    assert_true(stat_mcnemar(1000000, 1004000) > 0.004);
    assert_true(stat_mcnemar(1000000, 1004000) < 0.006);
}

/* R. G. Newcombe, Statistics in Medicine 17 (1998) 2635: 36, 12, 2, 0 and its neighbours; D. Altman
 * et al., Statistics with Confidence, table 6.2 (14, 5, 0, 22): 0.011 to 0.226; Fagerland et al.,
 * Statistics in Medicine 33 (2014) 2850 (1, 1, 7, 12): -0.507 to -0.026. */
static void paired_difference_is_newcombes(void **state)
{
    static const struct { int64_t both, first, second, neither; double low, high; } row[] = {
        { 36, 12, 2, 0, 0.0569, 0.3404 },
        { 20, 12, 2, 16, 0.0562, 0.3292 },
        { 36, 14, 0, 0, 0.1528, 0.4167 },
        { 14, 5, 0, 22, 0.0115, 0.2265 },
        { 1, 1, 7, 12, -0.5069, -0.0256 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct stat_interval got = stat_newcombe_paired(row[i].both, row[i].first, row[i].second,
                                                        row[i].neither, 0.95);

        near(got.low, row[i].low, 5.1e-5);
        near(got.high, row[i].high, 5.1e-5);
        got = stat_newcombe_paired(row[i].both, row[i].second, row[i].first, row[i].neither, 0.95);
        near(got.low, -row[i].high, 5.1e-5);
        near(got.high, -row[i].low, 5.1e-5);
    }
}

static void paired_difference_of_nothing_says_nothing(void **state)
{
    struct stat_interval none = stat_newcombe_paired(0, 0, 0, 0, 0.95),
                         same = stat_newcombe_paired(100000, 0, 0, 0, 0.95);
    (void)state;
    near(none.low, -1, 0);
    near(none.high, 1, 0);
    assert_true(same.low < 0 && same.low > -1e-4 && same.high > 0 && same.high < 1e-4);
}

/* R. G. Newcombe, Statistics in Medicine 17 (1998) 873, table II, method 10: first minus
 * second there, second minus first here. */
static void difference_is_newcombes(void **state)
{
    static const struct { int64_t a, m, b, n; double low, high; } row[] = {
        { 56, 70, 48, 80, 0.0524, 0.3339 }, { 9, 10, 3, 10, 0.1705, 0.8090 },
        { 6, 7, 2, 7, 0.0582, 0.8062 },     { 5, 56, 0, 29, -0.0381, 0.1926 },
        { 0, 10, 0, 20, -0.1611, 0.2775 },  { 0, 10, 0, 10, -0.2775, 0.2775 },
        { 10, 10, 0, 20, 0.6791, 1.0000 },  { 10, 10, 0, 10, 0.6075, 1.0000 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        const double p = (double)row[i].a / (double)row[i].m, q = (double)row[i].b /
                                                                  (double)row[i].n;
        struct stat_interval got =
            stat_difference(q, stat_wilson(row[i].b, row[i].n, 0.95), p,
                            stat_wilson(row[i].a, row[i].m, 0.95));

        near(got.low, row[i].low, 5.1e-5);
        near(got.high, row[i].high, 5.1e-5);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mcnemar_is_as_published),
        cmocka_unit_test(mcnemar_at_its_ends),
        cmocka_unit_test(paired_difference_is_newcombes),
        cmocka_unit_test(paired_difference_of_nothing_says_nothing),
        cmocka_unit_test(difference_is_newcombes),
    };
    return cmocka_run_group_tests_name("stat_paired", tests, NULL, NULL);
}
