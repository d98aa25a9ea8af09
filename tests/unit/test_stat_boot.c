/* tests/unit/test_stat_boot.c: clusters drawn again, against published values, and how
 * often the intervals hold the truth in simulated data. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "base/digest.h"
#include "base/err.h"
#include "base/stat_boot.h"

static void near(double got, double want, double apart)
{
    if (!(fabs(got - want) <= apart))
        fail_msg("%.12g is not %.12g", got, want);
}

/* B. Efron and R. Tibshirani, An Introduction to the Bootstrap (1993), table 2.1: the
 * treated mice; table 2.2 has the standard errors of infinitely many draws. */
static const double mice[] = { 94, 197, 16, 38, 99, 141, 23 };
#define MICE (sizeof mice / sizeof *mice)
static struct boot_value sorted_mice[MICE];

static double of_mice(const void *data, size_t which, const uint32_t *weight)
{
    double sum = 0;

    (void)data;
    if (which == 1)
        return boot_median(sorted_mice, MICE, weight);
    for (size_t i = 0; i < MICE; i++)
        sum += weight[i] * mice[i];
    return sum / MICE;
}

static void standard_errors_are_efrons(void **state)
{
    const struct boot b = { .clusters = MICE, .draws = 100000, .seed = 1, .confidence = 0.95 };
    struct boot_result r[2];
    (void)state;
    for (size_t i = 0; i < MICE; i++)
        sorted_mice[i] = (struct boot_value){ mice[i], (uint32_t)i };
    boot_sort(sorted_mice, MICE);
    boot_run(&b, of_mice, NULL, 2, r);
    near(r[0].sd, 23.36, 0.2);
    near(r[1].sd, 37.83, 0.3);
    near(boot_median(sorted_mice, MICE, NULL), 94, 0);
}

/* Each mouse as a cluster of two equal values: the spread is that of seven mice, not of
 * fourteen. */
struct twins {
    struct boot_value v[2 * MICE];
};

static double of_twins(const void *data, size_t which, const uint32_t *weight)
{
    const struct twins *t = data;

    (void)which;
    return boot_median(t->v, 2 * MICE, weight);
}

static void what_hangs_together_counts_once(void **state)
{
    const struct boot b = { .clusters = MICE, .draws = 50000, .seed = 5, .confidence = 0.95 };
    struct boot_result r;
    struct twins t;
    (void)state;
    for (size_t i = 0; i < 2 * MICE; i++)
        t.v[i] = (struct boot_value){ mice[i / 2], (uint32_t)(i / 2) };
    boot_sort(t.v, 2 * MICE);
    near(boot_median(t.v, 2 * MICE, NULL), 94, 0);
    boot_run(&b, of_twins, &t, 1, &r);
    near(r.sd, 37.83, 0.5);
}

static void median_of_an_even_number_is_the_mean_of_the_middle_two(void **state)
{
    struct boot_value v[] = { { 4, 0 }, { 1, 1 }, { 3, 2 }, { 2, 3 } };
    const uint32_t twice[] = { 2, 1, 0, 0 }, none[] = { 0, 0, 0, 0 };
    (void)state;
    boot_sort(v, 4);
    near(boot_median(v, 4, NULL), 2.5, 0);
    near(boot_median(v, 4, twice), 4, 0);    // 1 4 4
    assert_true(isnan(boot_median(v, 4, none)));
    assert_true(isnan(boot_median(v, 0, NULL)));
}

static double nothing(const void *data, size_t which, const uint32_t *weight)
{
    (void)data;
    (void)which;
    (void)weight;
    return NAN;
}

static void draws_without_a_number_give_no_interval(void **state)
{
    const struct boot b = { .clusters = 3, .draws = 10, .seed = 1, .confidence = 0.95 };
    const struct boot empty = { .clusters = 0, .draws = 10, .seed = 1, .confidence = 0.95 };
    struct boot_result r;
    (void)state;
    boot_run(&b, nothing, NULL, 1, &r);
    assert_true(isnan(r.interval.low) && isnan(r.interval.high) && isnan(r.sd));
    boot_run(&empty, of_mice, NULL, 1, &r);
    assert_true(isnan(r.interval.low));
}

/* ---- coverage ---- */

#define ACCOUNTS_MOST 60
#define POSTS 12
struct made {
    struct boot_value v[ACCOUNTS_MOST * POSTS];
    size_t n;
    double hit[ACCOUNTS_MOST], of[ACCOUNTS_MOST];
    size_t accounts;
};

static double draw(uint64_t *at) { return (double)(mix64((*at)++) >> 11) * 0x1p-53; }

static double normal(uint64_t *at)
{
    double u = 1 - draw(at), v = draw(at);

    return sqrt(-2 * log(u)) * cos(2 * M_PI * v);
}

/* Accounts with 1 to 12 posts, an effect of the account as large as that of the post. A hit
 * is a value above 1. */
static void make_accounts(struct made *m, size_t accounts, uint64_t seed)
{
    uint64_t at = mix64(seed);

    memset(m, 0, sizeof *m);
    m->accounts = accounts;
    for (size_t a = 0; a < accounts; a++) {
        size_t posts = 1 + (size_t)(draw(&at) * draw(&at) * POSTS);
        double own = normal(&at);

        for (size_t i = 0; i < posts; i++) {
            double x = own + normal(&at);

            m->v[m->n++] = (struct boot_value){ x, (uint32_t)a };
            m->hit[a] += x > 1;
            m->of[a]++;
        }
    }
    boot_sort(m->v, m->n);
}

static double of_made(const void *data, size_t which, const uint32_t *weight)
{
    const struct made *m = data;
    double hit = 0, of = 0;

    if (which == 1)
        return boot_median(m->v, m->n, weight);
    for (size_t a = 0; a < m->accounts; a++) {
        hit += weight[a] * m->hit[a];
        of += weight[a] * m->of[a];
    }
    return of > 0 ? hit / of : NAN;
}

/* A percentile interval of few clusters is somewhat short, which is why there is none
 * below twenty: what is asked for is 95 %, less what twenty clusters cost. */
static void intervals_hold_the_truth_nearly_as_often_as_they_say(void **state)
{
    const struct {
        size_t accounts;
        double least;
    } row[] = { { 20, 0.89 }, { 60, 0.92 } };
    const double share = 0.5 * erfc(1 / sqrt(2) / M_SQRT2), median = 0;
    struct made *m = xcalloc(1, sizeof *m);
    (void)state;
    for (size_t k = 0; k < sizeof row / sizeof *row; k++) {
        enum { RUNS = 600 };
        int share_in = 0, median_in = 0;

        for (int i = 0; i < RUNS; i++) {
            struct boot b = { row[k].accounts, 400, (uint64_t)i, 0.95 };
            struct boot_result r[2];

            make_accounts(m, row[k].accounts, (uint64_t)(1000 * (k + 1)) + (uint64_t)i * 7919);
            boot_run(&b, of_made, m, 2, r);
            share_in += r[0].interval.low <= share && share <= r[0].interval.high;
            median_in += r[1].interval.low <= median && median <= r[1].interval.high;
        }
        print_message("%zu accounts: 95 %% intervals hold the share in %.1f %%, the median in "
                      "%.1f %% of %d runs\n",
                      row[k].accounts, 100.0 * share_in / RUNS, 100.0 * median_in / RUNS, RUNS);
        assert_in_range(share_in, (unsigned)(row[k].least * RUNS), (unsigned)(0.985 * RUNS));
        assert_in_range(median_in, (unsigned)(row[k].least * RUNS), (unsigned)(0.985 * RUNS));
    }
    free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(standard_errors_are_efrons),
        cmocka_unit_test(what_hangs_together_counts_once),
        cmocka_unit_test(median_of_an_even_number_is_the_mean_of_the_middle_two),
        cmocka_unit_test(draws_without_a_number_give_no_interval),
        cmocka_unit_test(intervals_hold_the_truth_nearly_as_often_as_they_say),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
