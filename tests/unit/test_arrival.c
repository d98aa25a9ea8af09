/* tests/unit/test_arrival.c: ages at which posts come, from looks at them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <math.h>
#include "audit/verdict/agreement.h"
#include "audit/verdict/arrival.h"
#include "audit/verdict/check_latency.h"
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

/* Of all posts: two of ten never came, and were last missed at 90 h. */
static void posts_that_never_came_are_part_of_the_whole(void **state)
{
    struct arrivals a = { .whole = true };
    struct arrival_bound b;
    (void)state;
    for (int i = 0; i < 8; i++)
        add(&a, 1, 46, 47);
    add(&a, 1, 90, INFINITY);
    add(&a, 1, 90, INFINITY);
    arrivals_fit(&a);
    b = arrivals_by(&a, 48);
    assert_true(b.has);
    assert_float_equal(b.value, 0.8, 1e-6);
    assert_true(b.low < 0.5 && b.high < 1 && b.high > 0.95);    // 0.44 to 0.97 of ten
    assert_int_equal(b.found, 8);
    assert_int_equal(b.n, 10);
    assert_float_equal(arrivals_by(&a, 46).value, 0, 1e-6);
    assert_float_equal(arrivals_median(&a).value, 47, 1e-6);
    arrivals_release(&a);
}

/* What is promised by an age is held against asks around it, whatever came of the first one. */
static void a_promised_age_is_kept_broken_or_left_open(void **state)
{
    const struct {
        struct arrival a;
        bool missing;
        enum check_stand is;
    } cases[] = {
        { { .first = 6, .left = 30, .right = 36 }, false, STAND_HELD },
        { { .first = 48, .left = 0, .right = 48 }, false, STAND_HELD },
        { { .first = 6, .left = 48, .right = 60 }, false, STAND_FAILED },     // late
        { { .first = 6, .left = 90, .right = INFINITY }, true, STAND_FAILED },    // never
        { { .first = 6, .left = 36, .right = 60 }, false, STAND_OPEN },
        { { .first = 60, .left = 0, .right = 60 }, false, STAND_OPEN },      // perhaps at once
        { { .first = 73, .left = 0, .right = 73 }, false, STAND_OUT },
        { { .first = 73, .left = 73, .right = INFINITY }, true, STAND_OUT },
        { { .first = 6, .left = 20, .right = INFINITY }, false, STAND_OPEN },
        { { .first = 6, .left = 20, .right = INFINITY }, true, STAND_OUT },      // deleted young
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(check_stand_latency(&cases[i].a, 48, cases[i].missing), cases[i].is);
    assert_int_equal(check_stand_latency(NULL, 48, false), STAND_OUT);
}

/* Rounded outwards: what was seen absent is a little younger, what came a little older. */
static void asks_of_an_item_become_an_age(void **state)
{
    const int64_t born = 1800000000;
    struct item_row row = { .n = 3, .id = (uint64_t)born << 32 };
    struct item_asks asks = { .first_at = (uint32_t)(born + 2 * 3600 + 1),
                              .absent_at = (uint32_t)(born + 47 * 3600 + 3599) };
    struct arrival a;
    (void)state;
    assert_true(arrival_of(&row, &asks, &a));
    assert_float_equal(a.first, 3, 1e-6);
    assert_float_equal(a.left, 47, 1e-6);
    assert_true(isinf(a.right));
    row.found_first_at = born + 50 * 3600 + 1;
    assert_true(arrival_of(&row, &asks, &a));
    assert_float_equal(a.right, 51, 1e-6);
    row.found_first_at = born + 3600;    // by an ask that proves nothing
    assert_false(arrival_of(&row, &asks, &a));
    assert_false(arrival_of(&row, NULL, &a));
    row.found_first_at = 0;
    row.purged_at = born + 9;
    assert_false(arrival_of(&row, &asks, &a));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(posts_that_came_by_each_look),
        cmocka_unit_test(old_posts_say_nothing_of_their_youth),
        cmocka_unit_test(open_posts_widen_the_bounds),
        cmocka_unit_test(nothing_has_no_age),
        cmocka_unit_test(posts_that_never_came_are_part_of_the_whole),
        cmocka_unit_test(a_promised_age_is_kept_broken_or_left_open),
        cmocka_unit_test(asks_of_an_item_become_an_age),
        cmocka_unit_test(bounds_hold_the_truth_as_often_as_they_say),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
