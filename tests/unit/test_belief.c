/* What the asks say of batches and of the silent. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>
#include "silence/bootstrap.h"

#define FULL make_up_of(MATES_SOUND, true, 100)
#define DAY (16071 + 3000)

static struct belief_data data;
static struct belief belief;

static int setup(void **state)
{
    (void)state;
    memset(&data, 0, sizeof data);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    belief_data_release(&data);
    return 0;
}

static void near(double got, double want, double by)
{
    if (fabs(got - want) > by)
        fail_msg("got %g, expected %g within %g", got, want, by);
}

static void batch(int day, int make_up, double lost, double kept, int back)
{
    const struct belief_batch b = {
        .day = day, .make_up = (uint8_t)make_up, .back = (uint8_t)back, .seen = { lost, kept }
    };

    belief_add_batch(&data, &b);
}

static struct history_group *silent(unsigned marks, int make_up, int asks, int64_t items)
{
    struct history h = { .stratum = (uint16_t)stratum_of(marks, DAY) };
    struct history_group *g;

    h.asks[make_up] = (uint8_t)asks;
    g = belief_group(&data, &h);
    g->items += items;
    return g;
}

static double chance(unsigned marks, int make_up, int asks)
{
    double pi = belief.prior[stratum_of(marks, DAY)],
           l = swallow_power(&belief.make_up[make_up], asks);

    return pi * l / (pi * l + 1 - pi);
}

/* Nothing asked: 0.95 * 0.5 / 50 + 0.05 / 2 = 0.0345, beside a suspect 0.9, pi 1/5. */
static void without_asks_the_priors_speak(void **state)
{
    (void)state;
    belief_fit(&data, &belief);
    near(belief.mean[FULL], 0.0345, 1e-9);
    near(belief.mean[make_up_of(MATES_DEAD, true, 100)], 0.9, 1e-9);
    near(belief.mean[make_up_of(MATES_NO_CANARY, false, 5)], 0.9, 1e-9);
    near(belief.all, 0.2, 1e-9);
    /* E[s^2] = 0.95 * 0.5 * 1.5 / (50 * 51) + 0.05 / 3 */
    near(swallow_power(&belief.make_up[FULL], 2), 0.95 * 0.75 / 2550 + 0.05 / 3, 1e-9);
}

/* 10,000 silent, 4,000 there, half lost at each of three asks: 2000, 1000, 500
 * come back, 6,500 stay silent. The losses among the found alone would say
 * (1000 + 2 * 500) / (2000 + 2 * 1000 + 3 * 500) = 0.36. */
static void losses_that_are_still_silent_are_reckoned_with(void **state)
{
    (void)state;
    for (int i = 0; i < 35; i++)
        batch(1, FULL, (1000 + 2 * 500) / 35.0, 100, 100);
    data.back[stratum_of(0, DAY)] = 3500;
    silent(0, FULL, 3, 6500);
    belief_fit(&data, &belief);
    near(belief.mean[FULL], 0.5, 0.02);
    near(belief.all, 0.4, 0.01);
    near(chance(0, FULL, 3) * 6500, 500, 60);
}

static void a_clean_first_round_leaves_little_doubt(void **state)
{
    (void)state;
    for (int i = 0; i < 120; i++)
        batch(1, FULL, 0, 100, 100);
    data.back[stratum_of(0, DAY)] = 12000;
    silent(0, FULL, 2, 32000);
    belief_fit(&data, &belief);
    assert_true(belief.mean[FULL] < 0.0005);
    near(belief.all, 12000.0 / 44000, 0.005);
}

/* 400 silent posts without marks came back and none of 400 with: an advertisement
 * that is silent twice is far less likely to be there. */
static void marks_that_never_come_back_are_believed(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++)
        batch(1, FULL, 5, 100, 100);
    data.back[stratum_of(0, DAY)] = 400;
    silent(0, FULL, 1, 100);
    silent(2, FULL, 1, 400);
    belief_fit(&data, &belief);
    assert_true(chance(2, FULL, 1) < chance(0, FULL, 1) / 50);
    assert_true(belief.prior[stratum_of(0, DAY)] > 0.75 && belief.prior[stratum_of(2, DAY)] < 0.01);
}

/* A month of its own is believed as far as its items go. */
static void a_month_shrinks_to_its_marks(void **state)
{
    int near_month = stratum_of(0, DAY), far_month = stratum_of(0, DAY + 60);

    (void)state;
    for (int i = 0; i < 12; i++)
        batch(1, FULL, 0, 100, 100);
    data.back[near_month] = 300;
    silent(0, FULL, 2, 700);
    data.back[far_month] = 9;
    data.back[stratum_of(0, DAY + 600)] = 900;
    belief_fit(&data, &belief);
    near(belief.prior[near_month], 0.3, 0.02);
    assert_true(belief.prior[far_month] > belief.prior[near_month] + 0.2 &&
                belief.prior[far_month] < 0.95);
    near(belief.prior[stratum_of(0, DAY + 1200)], belief.prior[stratum_of(0, DAY + 2400)],
         1e-9);    // never seen: the marks'
}

/* Full batches lose half, single ids nothing: each is believed by itself. */
static void make_ups_are_told_apart(void **state)
{
    int alone = make_up_of(MATES_SOUND, false, 1);

    (void)state;
    for (int i = 0; i < 10; i++) {
        batch(1, FULL, 50, 50, 50);
        batch(1, alone, 0, 40, 40);
    }
    belief_fit(&data, &belief);
    near(belief.mean[FULL], 0.5, 0.03);
    assert_true(belief.mean[alone] < 0.04);
    assert_int_equal(make_up_size(FULL), SIZE_FULL);
    assert_true(make_up_never(FULL) && make_up_mates(FULL) == MATES_SOUND);
}

static void a_place_counts_only_where_chance_does_not_explain_it(void **state)
{
    (void)state;
    near(belief_local(0.3, &(struct loss_tally){ 4, 6 }), 0.3, 0);
    near(belief_local(0.02, &(struct loss_tally){ 5, 5 }), (30 * 0.02 + 5) / 40, 1e-12);
    near(belief_local(0.02, &(struct loss_tally){ 0, 500 }), 0.02, 0);
}

/* 40 batches on 4 days, one of them bad: the interval holds the sum and is wide;
 * the same data give the same interval. */
static void the_bootstrap_shows_what_days_do(void **state)
{
    struct stat_interval first, again;
    double sum;

    (void)state;
    for (int i = 0; i < 40; i++)
        batch(1 + i % 4, FULL, i % 4 == 0 ? 20 : 1, i % 4 == 0 ? 20 : 39, 20);
    data.back[stratum_of(0, DAY)] = 800;
    silent(0, FULL, 3, 2000);
    belief_fit(&data, &belief);
    sum = 2000 * chance(0, FULL, 3);
    silent(0, FULL, 3, 0)->stated = sum;
    silent(0, FULL, 3, 0)->confirmed = 2000;
    first = belief_bootstrap(&data, &belief);
    again = belief_bootstrap(&data, &belief);
    assert_true(first.low < sum && sum < first.high);
    assert_true(first.high > 2 * first.low);
    assert_true(first.low == again.low && first.high == again.high);
}

/* Stated by what their place showed, their asks alone would call them a thousand
 * times less likely: where the draws call those likely, still no more than all
 * of them can be there. */
static void no_more_than_all_are_expected_to_be_wrong(void **state)
{
    struct stat_interval is;

    (void)state;
    for (int i = 0; i < 20; i++)
        batch(1 + i % 2, FULL, i % 2 ? 0 : 30, i % 2 ? 400 : 10, 20);
    data.back[stratum_of(0, DAY)] = 400;
    silent(0, FULL, 6, 50);
    belief_fit(&data, &belief);
    silent(0, FULL, 6, 0)->stated = 5;
    silent(0, FULL, 6, 0)->confirmed = 50;
    assert_true(chance(0, FULL, 6) < 0.1 / 1000);
    is = belief_bootstrap(&data, &belief);
    assert_true(is.low < 5 && is.high > 5 && is.high <= 50);
}

/* n3^2 / (n2 - n3): 100^2 / 900 = 11.1; with the upper limit of 100, 118.1
 * (half the 95 % chi-square quantile of 202 degrees): 118.1^2 / 881.9 = 15.8. */
static void two_rounds_tell_what_they_leave(void **state)
{
    (void)state;
    near(belief_leftover(1000, 100).left, 11.11, 0.01);
    near(belief_leftover(1000, 100).upper, 15.8, 0.2);
    assert_true(belief_leftover(5, 9).left < 0 && belief_leftover(5, 9).upper < 0);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(without_asks_the_priors_speak),
        T(losses_that_are_still_silent_are_reckoned_with),
        T(a_clean_first_round_leaves_little_doubt),
        T(marks_that_never_come_back_are_believed),
        T(a_month_shrinks_to_its_marks),
        T(make_ups_are_told_apart),
        T(a_place_counts_only_where_chance_does_not_explain_it),
        T(the_bootstrap_shows_what_days_do),
        T(no_more_than_all_are_expected_to_be_wrong),
        T(two_rounds_tell_what_they_leave),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
