/* tests/unit/test_apart.c: standardised differences by hand and, where the truth is drawn,
 * against the truth. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <math.h>
#include "base/digest.h"
#include "base/stat_apart.h"

static void near(double got, double want, double apart)
{
    if (!(fabs(got - want) <= apart))
        fail_msg("%.9g is not %.9g", got, want);
}

/* ---- draws with a known truth ---- */

static uint64_t turn;

static double draw(void) { return (double)(mix64(++turn) >> 11) / 9007199254740992.0; }

static double normal(void) { return stat_normal_quantile((draw() + 1e-12) / (1 + 2e-12)); }

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
        cmocka_unit_test(difference_of_two_shares),
        cmocka_unit_test(nothing_to_compare_has_no_difference),
        cmocka_unit_test(difference_is_held_as_often_as_it_says),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
