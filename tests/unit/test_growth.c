/* tests/unit/test_growth.c: the shipped table of growth, and what an audit's own pages make
 * of it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <math.h>
#include <string.h>
#include <cmocka.h>
#include "diff/model.h"

#define DAY_S INT64_C(86400)
#define NO COUNTER_ABSENT
#define T(days) ((int64_t)floor((20000 + (days)) * (double)DAY_S + 0.5))

#define assert_near(a, b) assert_true(fabs((a) - (b)) < 1e-9)

/* ---- limits ---- */

static void limits_are_those_of_the_table(void **state)
{
    static const struct { double age, day, ten, day3, ten3; } rows[] = {
        { 0.5, 25, 150, 80, 1500 }, { 2, 3, 12, 10, 300 },   { 5, 2.5, 4, 10, 30 },
        { 10, 2, 4, 4.5, 45 },      { 20, 1.2, 2.5, 2, 20 }, { 60, 1.1, 1.5, 1.8, 8 },
        { 200, 1.05, 1.3, 1.5, 4 }, { 4000, 1.03, 1.1, 1.3, 3 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_near(growth_limit(rows[i].age, 1).l99, log(rows[i].day));
        assert_near(growth_limit(rows[i].age, 10).l99, log(rows[i].ten));
        assert_near(growth_limit(rows[i].age, 1).l999, log(rows[i].day3));
        assert_near(growth_limit(rows[i].age, 10).l999, log(rows[i].ten3));
    }
    assert_near(growth_limit(60, 1).l90, log(1.02));
    assert_near(growth_limit(60, 10).l90, log(1.12));
}

static void between_the_gaps_limits_go_by_logarithm_and_root(void **state)
{
    (void)state;
    assert_near(growth_limit(60, 100).l999, 2 * log(8) - log(1.8));
    assert_near(growth_limit(60, sqrt(10)).l99, (log(1.1) + log(1.5)) / 2);
    assert_near(growth_limit(60, 0.25).l99, log(1.1) / 2);
    assert_near(growth_limit(60, 0).l999, 0);
    for (double age = 0.3; age < 3000; age *= 1.7)
        for (double gap = 0; gap < 400; gap += 0.25) {
            struct growth_limit a = growth_limit(age, gap), b = growth_limit(age, gap + 0.25);

            assert_true(a.l90 <= a.l99 && a.l99 <= a.l999);
            assert_true(a.l90 <= b.l90 && a.l99 <= b.l99 && a.l999 <= b.l999);
        }
}

static void ages_change_at_their_day_and_newborns_have_no_limit(void **state)
{
    (void)state;
    assert_true(isinf(growth_limit(0.249, 1).l90) && isinf(growth_limit(-3, 1).l999));
    assert_near(growth_limit(0.25, 1).l99, log(25));
    assert_near(growth_limit(0.999, 1).l99, log(25));
    assert_near(growth_limit(1, 1).l99, log(3));
    assert_near(growth_limit(89.9, 1).l99, log(1.1));
    assert_near(growth_limit(90, 1).l99, log(1.05));
    assert_near(growth_limit(365, 1).l99, log(1.03));
}

static void the_table_is_dated_and_sourced(void **state)
{
    (void)state;
    assert_string_equal(growth_table()->as_of, "2026-11");
    assert_non_null(strstr(growth_table()->source, "TikTok"));
}

/* ---- what an audit teaches ---- */

static struct diff_model *m;

static int setup(void **state)
{
    (void)state;
    m = diff_model_new();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    diff_model_free(m);
    return 0;
}

static struct page_counters seen(double at_days, double views, double likes)
{
    return (struct page_counters){ .at = T(at_days),
                                   .value = { (int64_t)views, (int64_t)likes, NO, NO, NO },
                                   .step = { 1, 1, 1, 1, 1 } };
}

/* n pairs of a post of that age, gap days apart, that grew by z times the 1 % limit. */
static void teach(int n, double age, double gap, double z)
{
    double factor = exp(z * growth_limit(age, gap).l99);

    for (int i = 0; i < n; i++) {
        struct page_counters a = seen(0, 1e9, NO), b = seen(gap, 1e9 * factor, NO);

        diff_model_learn_pair(m, T(-age), &a, &b);
    }
}

static double lambda(void)
{
    diff_model_blend(m);
    return diff_model_lambda(m);
}

static void without_pairs_the_table_is_as_shipped(void **state)
{
    (void)state;
    assert_true(diff_model_lambda(NULL) == 1);
    assert_true(diff_model_lambda(m) == 1);
    assert_true(lambda() == 1);
    assert_int_equal(diff_model_pairs(m).all, 0);
    assert_int_equal(diff_model_pairs(NULL).all, 0);
}

/* lambda(Z) = least l with #{z > l} + 5 l^-2.1 <= 0.01 (n + 500), in steps of 1/80. */
static double by_hand(int n, int above, double z)
{
    for (int i = 40; i <= 160; i++) {
        double l = i / 80.0;

        if ((z > l ? above : 0) + 5 * pow(l, -2.1) <= 0.01 * (n + 500) + 1e-12)
            return l;
    }
    return 2;
}

static void any_pair_widens(void **state)
{
    (void)state;
    teach(980, 60, 1, 0.1);
    teach(20, 60, 1, 1.395);                  // 2 % of them above the 1 % limit
    assert_near(lambda(), by_hand(1000, 20, 1.395));
    assert_true(lambda() > 1.38);
    assert_int_equal(diff_model_pairs(m).all, 1000);
    assert_int_equal(diff_model_pairs(m).apart, 0);
}

static void lambda_ends_at_two(void **state)
{
    (void)state;
    teach(500, 60, 1, 1.9);
    teach(500, 400, 8, 9);
    assert_true(lambda() == 2);
}

static void pairs_of_a_day_never_tighten(void **state)
{
    (void)state;
    teach(5000, 60, 1, 0.01);
    teach(5000, 60, 4.9, 0.01);
    assert_true(lambda() == 1);
}

static void pairs_days_apart_tighten_to_a_half_at_most(void **state)
{
    (void)state;
    teach(400, 60, 6, 0.1);
    assert_near(lambda(), by_hand(400, 0, 0));
    assert_true(lambda() < 1 && lambda() > 0.5);
    teach(100000, 60, 6, 0.1);
    assert_true(lambda() == 0.5);
    assert_int_equal(diff_model_pairs(m).apart, 100400);
}

/* Each at its own gap: ten days' growth is no more than the limit of ten days. */
static void each_pair_is_measured_at_its_own_gap(void **state)
{
    (void)state;
    teach(500, 60, 1, 0.9);
    teach(500, 60, 10, 0.9);
    teach(500, 60, 0.1, 0.9);
    teach(500, 5, 10, 0.9);
    assert_true(lambda() <= 1 && lambda() >= 0.9);
}

static void young_small_and_close_pairs_teach_nothing(void **state)
{
    struct page_counters a = seen(0, 900, NO), b = seen(6, 999, NO);

    (void)state;
    teach(100, 2.9, 6, 1.8);
    teach(100, 60, 0.99 / 24, 1.8);
    diff_model_learn_pair(m, T(-60), &a, &b);
    b.value[COUNTER_VIEWS] = NO;
    diff_model_learn_pair(m, T(-60), &a, &b);
    assert_int_equal(diff_model_pairs(m).all, 0);
    b.value[COUNTER_VIEWS] = 1000;
    diff_model_learn_pair(m, T(-60), &a, &b);
    teach(1, 3, 1.0 / 24, 0.5);
    assert_int_equal(diff_model_pairs(m).all, 2);
}

static void glitches_teach_nothing(void **state)
{
    struct page_counters a = seen(0, 10000, 900), b = seen(1, 1000000, 905),
                         c = seen(2, 10100, 910);

    (void)state;
    diff_model_learn_pair(m, T(-60), &a, &b);         // a surge that likes deny
    diff_model_learn_pair(m, T(-60), &b, &c);         // and its end: views do not fall so
    assert_int_equal(diff_model_pairs(m).all, 0);
    b.value[COUNTER_LIKES] = 90000;                   // a real one
    diff_model_learn_pair(m, T(-60), &a, &b);
    assert_int_equal(diff_model_pairs(m).all, 1);
}

/* 1.00M and then 1.01M: a view more, or 1 % more, where 0.6 % is the limit of an hour. */
static void a_step_of_rounding_neither_widens_nor_tightens(void **state)
{
    (void)state;
    for (int i = 0; i < 1000; i++) {
        struct page_counters a = seen(0, 1000000, NO), b = seen(1.0 / 24, 1010000, NO);

        a.step[COUNTER_VIEWS] = b.step[COUNTER_VIEWS] = 10000;
        diff_model_learn_pair(m, T(-400), &a, &b);
    }
    assert_true(lambda() == 1);
    for (int i = 0; i < 100000; i++) {                // at most by 1 %, which was allowed
        struct page_counters a = seen(0, 1000000, NO), b = seen(5, 1000000, NO);

        a.step[COUNTER_VIEWS] = b.step[COUNTER_VIEWS] = 100000;
        diff_model_learn_pair(m, T(-400), &a, &b);
    }
    assert_true(lambda() == 1);
}

/* ---- steps of rounding ---- */

static void learn_views(enum generation g, int64_t views)
{
    struct counter_reading page = { 1, g, { views, NO, NO, NO, NO } };

    diff_model_learn_steps(m, &page);
}

#define step_of(g, v) diff_model_step(m, GENERATION_##g, COUNTER_VIEWS, v)

static void step_is_the_smallest_seen(void **state)
{
    const int64_t values[] = { 76000, 65300, 21000, 98800, 40000 };

    (void)state;
    assert_int_equal(diff_model_step(NULL, GENERATION_SIGI, COUNTER_VIEWS, 76000), 100);
    for (size_t i = 0; i < 5; i++)
        learn_views(GENERATION_SIGI, values[i]);
    assert_int_equal(step_of(SIGI, 76000), 100);
    learn_views(GENERATION_SIGI, 12340);
    assert_int_equal(step_of(SIGI, 76000), 10);
    assert_int_equal(step_of(SIGI, 760000), 1000);    // another power
    assert_int_equal(step_of(NEXT, 76000), 100);      // another generation
    for (int i = 0; i < 5; i++)
        learn_views(GENERATION_NEXT, 44200000 + i * 100000);
    assert_int_equal(step_of(NEXT, 44000000), 100000);
    assert_int_equal(step_of(NEXT, 119), 1);
    assert_int_equal(step_of(NEXT, INT64_MAX), 1);
    assert_int_equal(step_of(NEXT, 0), 1);
    assert_int_equal(step_of(NEXT, NO), 1);
}

int main(void)
{
#define TAUGHT(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(limits_are_those_of_the_table),
        cmocka_unit_test(between_the_gaps_limits_go_by_logarithm_and_root),
        cmocka_unit_test(ages_change_at_their_day_and_newborns_have_no_limit),
        cmocka_unit_test(the_table_is_dated_and_sourced),
        TAUGHT(without_pairs_the_table_is_as_shipped),
        TAUGHT(any_pair_widens),
        TAUGHT(lambda_ends_at_two),
        TAUGHT(pairs_of_a_day_never_tighten),
        TAUGHT(pairs_days_apart_tighten_to_a_half_at_most),
        TAUGHT(each_pair_is_measured_at_its_own_gap),
        TAUGHT(young_small_and_close_pairs_teach_nothing),
        TAUGHT(glitches_teach_nothing),
        TAUGHT(a_step_of_rounding_neither_widens_nor_tightens),
        TAUGHT(step_is_the_smallest_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
