/* Kappa and its interval, and limits of sums, against published values. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/stat_kappa.h"

#define NEAR(a, b, eps) assert_true(fabs((a) - (b)) < (eps))

/* Cohen 1960, table 1 as in Fleiss, Levin, Paik (2003), table 18.1: 100 patients. */
static void three_diagnoses_of_a_hundred_patients(void **state)
{
    static const int64_t table[] = { 75, 1, 4, 5, 4, 1, 0, 0, 10 };
    struct stat_kappa k = stat_kappa(table, 3, 0.95);

    (void)state;
    assert_true(k.has && k.n == 100 && k.agree == 89);
    NEAR(k.kappa, 0.676, 0.001);
    NEAR((k.high - k.low) / 2 / 1.959964, 0.088, 0.001);
}

/* Agresti (1990), 2.7: answers of 91 couples; limits as of R's vcd, confint(Kappa(SexualFun)). */
static void answers_of_ninety_one_couples(void **state)
{
    static const int64_t table[] = { 7, 7, 2, 3, 2, 8, 3, 7, 1, 5, 4, 9, 2, 8, 9, 14 };
    struct stat_kappa k = stat_kappa(table, 4, 0.95);

    (void)state;
    NEAR(k.kappa, 0.1293303, 1e-6);
    NEAR(k.low, -0.005120399, 1e-6);
    NEAR(k.high, 0.263781049, 1e-6);
}

/* 20, 5, 10, 15: agreement 0.7, by chance 0.5. */
static void seven_tenths_agree_and_half_would_by_chance(void **state)
{
    static const int64_t table[] = { 20, 5, 10, 15 };

    (void)state;
    NEAR(stat_kappa(table, 2, 0.95).kappa, 0.4, 1e-12);
}

static void who_always_agrees_has_one_and_a_lower_limit(void **state)
{
    static const int64_t table[] = { 20, 0, 0, 20 };
    struct stat_kappa k = stat_kappa(table, 2, 0.95);

    (void)state;
    NEAR(k.kappa, 1, 1e-12);
    NEAR(k.high, 1, 1e-12);
    /* 40 of 40: lower limit 0.9119; chance 0.5. */
    NEAR(k.low, (0.911907 - 0.5) / 0.5, 1e-5);
}

static void of_one_class_alone_nothing_can_be_said(void **state)
{
    static const int64_t one[] = { 30, 0, 0, 0 }, none[] = { 0, 0, 0, 0 };

    (void)state;
    assert_false(stat_kappa(one, 2, 0.95).has);
    assert_false(stat_kappa(none, 2, 0.95).has);
}

/* Newcombe, Statistics in Medicine 17 (1998) 873, table II, method 10: 56/70 - 48/80 is
 * 0.2 with 0.0524 to 0.3339; with q2 = 1 - p2 the difference is p1 + q2 - 1. */
static void limits_of_a_difference_from_those_of_its_parts(void **state)
{
    struct stat_interval a = stat_wilson(56, 70, 0.95), b = stat_wilson(32, 80, 0.95), sum;
    const struct stat_part parts[] = { { 1, 0.8, a.low, a.high }, { 1, 0.4, b.low, b.high } };
    double value;

    (void)state;
    sum = stat_combined(parts, 2, &value);
    NEAR(value - 1, 0.2, 1e-12);
    NEAR(sum.low - 1, 0.0524, 5e-5);
    NEAR(sum.high - 1, 0.3339, 5e-5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(three_diagnoses_of_a_hundred_patients),
        cmocka_unit_test(answers_of_ninety_one_couples),
        cmocka_unit_test(seven_tenths_agree_and_half_would_by_chance),
        cmocka_unit_test(who_always_agrees_has_one_and_a_lower_limit),
        cmocka_unit_test(of_one_class_alone_nothing_can_be_said),
        cmocka_unit_test(limits_of_a_difference_from_those_of_its_parts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
