/* tests/unit/test_arrival.c: ages at which posts come, from looks at them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <math.h>
#include "audit/verdict/arrival.h"
#include "base/digest.h"

static void add(struct arrivals *a, float first, float left, float right)
{
    arrivals_add(a, &(struct arrival){ (int64_t)a->n + 1, first, left, right });
}

static void posts_that_came_by_each_look(void **state)
{
    struct arrivals a = { 0 };
    struct arrival_bound b;
    (void)state;

    for (int i = 0; i < 200; i++)
        add(&a, 30, 30, i < 150 ? 60 : 90);    // all absent at 30, three quarters back at 60
    arrivals_fit(&a);
    b = arrivals_by(&a, 72);
    assert_true(b.has);
    assert_int_equal(b.n, 200);
    assert_int_equal(b.found, 150);
    assert_true(b.low > 0.67 && b.low < 0.75);
    assert_true(b.high > 0.99);    // the others may have come at 61
    b = arrivals_by(&a, 24);
    assert_true(b.has && b.value < 1e-6 && b.high < 0.03);
    assert_false(arrivals_by(&a, 48).has);    // between two looks, which leaves it open
    b = arrivals_by(&a, 96);
    assert_true(b.has && b.low > 0.97 && b.value > 0.999);
    for (int i = 0; i < 20; i++)
        add(&a, 2000, 0, 2000);                 // old ones, which say nothing of that
    b = arrivals_median(&a);
    assert_true(b.has);
    assert_true(b.value == 60 && b.low == 30 && b.high == 60);
    arrivals_release(&a);
}

/* An audit of old posts: each was there when it was first asked. */
static void old_posts_say_nothing_of_their_youth(void **state)
{
    struct arrivals a = { 0 };
    (void)state;

    for (int i = 0; i < 300; i++)
        add(&a, 2000 + (float)i, 0, 2000 + (float)i);
    arrivals_fit(&a);
    assert_false(arrivals_by(&a, 48).has);
    assert_false(arrivals_by(&a, 96).has);
    assert_int_equal(arrivals_by(&a, 96).n, 0);
    arrivals_release(&a);
}

static void open_posts_widen_the_bounds(void **state)
{
    struct arrivals a = { 0 };
    double low;
    (void)state;

    for (int i = 0; i < 100; i++)
        add(&a, 40, 0, 40);
    arrivals_fit(&a);
    low = arrivals_by(&a, 48).low;
    arrivals_release(&a);
    for (int i = 0; i < 100; i++)
        add(&a, 40, 0, 40);
    for (int i = 0; i < 20; i++)
        add(&a, 40, 40, INFINITY);
    arrivals_fit(&a);
    assert_int_equal(a.open, 20);
    assert_true(arrivals_by(&a, 48).low < low - 0.1);
    assert_true(arrivals_by(&a, 48).high > 0.999);
    arrivals_release(&a);
}

static void nothing_has_no_age(void **state)
{
    struct arrivals a = { 0 };
    (void)state;

    arrivals_fit(&a);
    assert_false(arrivals_by(&a, 48).has);
    assert_false(arrivals_median(&a).has);
    arrivals_release(&a);
}

/* ---- draws with a known truth ---- */

static uint64_t turn;

static double draw(void) { return (double)(mix64(++turn) >> 11) / 9007199254740992.0; }

/* A post is there from 24 to 96 hours on, evenly; asked first at any age up to 120 hours,
 * then each day until it is back. */
static void look(struct arrivals *a, double comes)
{
    double at = 1 + 119 * draw();
    float first = (float)ceil(at), left = 0;

    while (at < comes) {
        left = (float)floor(at);
        at += 24;
    }
    add(a, first, left, (float)ceil(at));
}

static void bounds_hold_the_truth_as_often_as_they_say(void **state)
{
    enum { WORLDS = 100 };      // of 400 all held
    static const double hours[] = { 48, 72, 96 }, truth[] = { 1 / 3.0, 2 / 3.0, 1 };
    int held[4] = { 0 };
    double width = 0;
    (void)state;

    turn = 3;
    for (int run = 0; run < WORLDS; run++) {
        struct arrivals a = { 0 };
        struct arrival_bound b;

        for (int i = 0; i < 300; i++)
            look(&a, 24 + 72 * draw());
        arrivals_fit(&a);
        for (int h = 0; h < 3; h++) {
            b = arrivals_by(&a, hours[h]);
            held[h] += b.low <= truth[h] && truth[h] <= b.high;
            width += h == 1 ? b.high - b.low : 0;
        }
        b = arrivals_median(&a);
        held[3] += b.low <= 60 && 60 <= b.high;
        arrivals_release(&a);
    }
    print_message("arrival, %d worlds of 300 posts: by 48 h %d, by 72 h %d (width %.2f), by 96 h "
                  "%d, median %d held\n",
                  WORLDS, held[0], held[1], width / WORLDS, held[2], held[3]);
    for (int h = 0; h < 4; h++)
        assert_in_range(held[h], 95, WORLDS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(posts_that_came_by_each_look),
        cmocka_unit_test(old_posts_say_nothing_of_their_youth),
        cmocka_unit_test(open_posts_widen_the_bounds),
        cmocka_unit_test(nothing_has_no_age),
        cmocka_unit_test(bounds_hold_the_truth_as_often_as_they_say),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
