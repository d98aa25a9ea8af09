/* tests/unit/test_stat_life.c: the product-limit estimate against published values. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <math.h>
#include <cmocka.h>
#include "base/digest.h"
#include "base/stat_boot.h"
#include "base/stat_life.h"

static void near(double got, double want, double apart)
{
    if (!(fabs(got - want) <= apart))
        fail_msg("%.12g is not %.12g", got, want);
}

/* Weeks of remission (Freireich et al. 1963, Blood 21, 699), as Cox and Oakes (1984, table
 * 1.1) print them: 6-MP with its censored weeks, and placebo. Survival: Kleinbaum and Klein
 * (2012, table 2.3). Medians 23 and 8. */
static struct life treated[] = {
    { 6, true, 0 },    { 6, true, 1 },    { 6, true, 2 },    { 6, false, 3 },   { 7, true, 4 },
    { 9, false, 5 },   { 10, true, 6 },   { 10, false, 7 },  { 11, false, 8 },  { 13, true, 9 },
    { 16, true, 10 },  { 17, false, 11 }, { 19, false, 12 }, { 20, false, 13 }, { 22, true, 14 },
    { 23, true, 15 },  { 25, false, 16 }, { 32, false, 17 }, { 32, false, 18 }, { 34, false, 19 },
    { 35, false, 20 },
};
static const double placebo[] = {
    1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23,
};
#define PATIENTS (sizeof placebo / sizeof *placebo)

static void remissions_are_freireichs(void **state)
{
    const struct {
        double week, share;
    } row[] = {
        { 5, 1 },       { 6, 0.8571 },  { 7, 0.8067 },  { 10, 0.7529 }, { 13, 0.6902 },
        { 16, 0.6275 }, { 22, 0.5378 }, { 23, 0.4482 }, { 35, 0.4482 },
    };
    struct life other[PATIENTS];
    (void)state;
    life_sort(treated, PATIENTS);
    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        near(life_beyond(treated, PATIENTS, NULL, row[i].week), row[i].share, 5.1e-5);
    near(life_median(treated, PATIENTS, NULL), 23, 0);
    assert_true(isnan(life_beyond(treated, PATIENTS, NULL, 36)));
    for (size_t i = 0; i < PATIENTS; i++)
        other[i] = (struct life){ placebo[i], true, (uint32_t)i };
    near(life_median(other, PATIENTS, NULL), 8, 0);
    near(life_beyond(other, PATIENTS, NULL, 40), 0, 1e-12);
}

static void a_weight_is_as_many_rows(void **state)
{
    struct life one[] = { { 1, true, 0 }, { 2, false, 1 }, { 3, true, 2 } };
    struct life six[] = { { 1, true, 0 }, { 1, true, 0 }, { 2, false, 0 },
                          { 3, true, 0 }, { 3, true, 0 }, { 3, true, 0 } };
    const uint32_t weight[] = { 2, 1, 3 }, none[] = { 0, 0, 0 };
    (void)state;
    for (int t = 0; t <= 3; t++)
        near(life_beyond(one, 3, weight, t), life_beyond(six, 6, NULL, t), 1e-12);
    near(life_median(one, 3, weight), life_median(six, 6, NULL), 0);
    assert_true(isnan(life_median(one, 3, none)));
    assert_true(isnan(life_beyond(one, 0, NULL, 1)));
}

static void where_most_are_censored_the_median_lies_beyond(void **state)
{
    struct life v[] = { { 1, true, 0 }, { 2, false, 1 }, { 3, false, 2 } };
    (void)state;
    assert_true(isinf(life_median(v, 3, NULL)));
    near(life_beyond(v, 3, NULL, 2.5), 2.0 / 3, 1e-12);
}

/* ---- coverage ---- */

struct made {
    struct life v[200];
    size_t n;
};

static double median_of(const void *data, size_t which, const uint32_t *weight)
{
    const struct made *m = data;
    double x = which ? life_beyond(m->v, m->n, weight, 10) : life_median(m->v, m->n, weight);

    return isinf(x) ? 1e6 : x;
}

static double draw(uint64_t *at) { return (double)(mix64((*at)++) >> 11) * 0x1p-53; }

/* Forty accounts of three posts; lags of which a third are censored. */
static void drawn_accounts_hold_the_truth(void **state)
{
    enum { RUNS = 400, ACCOUNTS = 40 };
    int median_in = 0, share_in = 0;
    (void)state;
    for (int run = 0; run < RUNS; run++) {
        struct boot b = { ACCOUNTS, 300, (uint64_t)run, 0.95 };
        uint64_t at = mix64((uint64_t)run * 104729 + 11);
        struct boot_result r[2];
        struct made m = { 0 };

        for (uint32_t a = 0; a < ACCOUNTS; a++)
            for (int i = 0; i < 3; i++) {
                double lag = -8 * log(1 - draw(&at)), most = 40 * draw(&at);

                m.v[m.n++] = (struct life){ lag < most ? lag : most, lag < most, a };
            }
        life_sort(m.v, m.n);
        boot_run(&b, median_of, &m, 2, r);
        median_in += r[0].interval.low <= 8 * log(2) && 8 * log(2) <= r[0].interval.high;
        share_in += r[1].interval.low <= exp(-1.25) && exp(-1.25) <= r[1].interval.high;
    }
    print_message("95 %% intervals hold the median in %.1f %%, the share in %.1f %% of %d runs\n",
                  100.0 * median_in / RUNS, 100.0 * share_in / RUNS, RUNS);
    assert_in_range(median_in, (unsigned)(0.91 * RUNS), (unsigned)(0.985 * RUNS));
    assert_in_range(share_in, (unsigned)(0.91 * RUNS), (unsigned)(0.985 * RUNS));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(remissions_are_freireichs),
        cmocka_unit_test(a_weight_is_as_many_rows),
        cmocka_unit_test(where_most_are_censored_the_median_lies_beyond),
        cmocka_unit_test(drawn_accounts_hold_the_truth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
