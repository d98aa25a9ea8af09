/* Outages in which the API answered nothing for anybody: by what chance, and
 * what makes none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "silence/outage.h"

#define MOST 600
static struct outage_ask ask[MOST];
static size_t asks;
static struct outages found;

static int setup(void **state)
{
    (void)state;
    asks = 0;
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    outages_release(&found);
    return 0;
}

/* One request a minute, each in a window of its own where window counts up. */
static void add(int window, int known, int back, bool canaries, bool suspect)
{
    assert_true(asks < MOST);
    ask[asks] = (struct outage_ask){ .at = 1000 + 60 * (int64_t)asks,
                                     .request = (int64_t)asks + 1,
                                     .middle = 20000 + 30 * (int64_t)window,
                                     .known = known,
                                     .back = back,
                                     .canaries = canaries,
                                     .suspect = suspect };
    asks++;
}

static void find(void)
{
    outages_find(ask, asks, &found);
}

static void canaries_of_several_windows_make_one(void **state)
{
    (void)state;
    for (int i = 0; i < 20; i++)
        add(i, 5, 5, true, false);
    for (int i = 0; i < 6; i++)
        add(i, 1, 0, true, false);
    add(0, 3, 3, true, false);
    find();
    assert_int_equal(found.n, 1);
    assert_int_equal(found.v[0].from, 1000 + 60 * 20);
    assert_int_equal(found.v[0].to, 1000 + 60 * 25);
    assert_int_equal(found.v[0].requests, 6);
    assert_true(found.v[0].log10_chance < OUTAGE_LOG10);
    assert_false(found.v[0].open);
    assert_null(outages_open(&found));
    assert_false(outages_hold(&found, 1000 + 60 * 19, 20));
    assert_true(outages_hold(&found, 1000 + 60 * 20, 21));
    assert_true(outages_hold(&found, 1000 + 60 * 25, 26));
    assert_false(outages_hold(&found, 1000 + 60 * 26, 27));
}

static void two_windows_do_not_and_three_hardly_known_ones_neither(void **state)
{
    (void)state;
    for (int i = 0; i < 200; i++)
        add(i, 5, 5, true, false);
    for (int i = 0; i < 40; i++)
        add(i % 2, 5, 0, true, false);               // a window may fail by itself, and so may two
    find();
    assert_int_equal(found.n, 0);
    asks = 0;
    for (int i = 0; i < 3; i++)
        add(i, 1, 0, true, false);                   // 0.05 each: nothing else is known of canaries
    find();
    assert_int_equal(found.n, 0);
    add(3, 1, 0, true, false);
    find();
    assert_int_equal(found.n, 1);
    assert_non_null(outages_open(&found));         // nothing has come back since
}

static void a_window_moved_by_a_few_days_is_the_same(void **state)
{
    (void)state;
    for (int i = 0; i < 200; i++)
        add(i, 5, 5, true, false);
    for (int i = 0; i < 12; i++) {
        add(7, 5, 0, true, false);
        ask[asks - 1].middle += i;
    }
    find();
    assert_int_equal(found.n, 0);
}

/* Items that came back later tell as much as canaries, by what batches of as
 * many do otherwise. */
static void items_that_came_back_later_make_one(void **state)
{
    (void)state;
    for (int i = 0; i < 100; i++)
        add(i, 80, 80, false, false);
    for (int i = 100; i < 120; i++)
        add(i, 80, 0, false, false);
    find();
    assert_int_equal(found.n, 1);
    assert_int_equal(found.v[0].requests, 20);
}

static void batches_that_swallow_everything_beside_a_dead_id_are_none(void **state)
{
    (void)state;
    for (int i = 0; i < 100; i++)
        add(i, 80, 0, false, true);                  // every packed batch held one
    for (int i = 0; i < 100; i++)
        add(i, 80, 80, true, false);                 // and without it all came back
    find();
    assert_int_equal(found.n, 0);
    asks = 0;
    for (int i = 0; i < 300; i++)
        add(i, i < 60 ? 80 : 2, i % 3 && i >= 60 ? 2 : 0, false,
            i < 60);    // small ones fare better
    find();
    assert_int_equal(found.n, 0);
}

static void what_is_not_there_says_nothing(void **state)
{
    (void)state;
    for (int i = 0; i < 50; i++)
        add(i, 80, 80, false, false);
    for (int i = 50; i < 110; i++)
        add(i, 0, 0, false, i % 2);    // dead ids, old windows, single ids that are missing
    for (int i = 0; i < 50; i++)
        add(i, 1, 1, true, false);
    find();
    assert_int_equal(found.n, 0);
    asks = 0;
    for (int i = 0; i < 300; i++)
        add(i, 0, 0, false, false);                  // an audit whose items are all missing
    find();
    assert_int_equal(found.n, 0);
}

static void it_reaches_from_the_last_answer_to_the_next(void **state)
{
    (void)state;
    for (int i = 0; i < 50; i++)
        add(i, 80, 80, false, false);
    for (int i = 50; i < 70; i++)
        add(i, 0, 0, false,
            false);    // asked while it was away, never found: says nothing by itself
    for (int i = 0; i < 5; i++)
        add(i, 1, 0, true, false);
    find();
    assert_int_equal(found.n, 1);
    assert_int_equal(found.v[0].requests, 25);
    assert_int_equal(found.v[0].first_request, 51);
    assert_true(found.v[0].open);
}

static void losses_at_random_are_none(void **state)
{
    uint64_t x = 88172645463325252u;

    (void)state;
    for (int i = 0; i < MOST; i++) {                 // one canary each, one in ten lost
        x ^= x << 13, x ^= x >> 7, x ^= x << 17;
        add(i % 40, 1, x % 10 != 0, true, false);
    }
    find();
    assert_int_equal(found.n, 0);
}

static void order_and_equal_times_do_not_matter(void **state)
{
    (void)state;
    for (int i = 0; i < 60; i++) {
        bool out = i >= 30 && i < 40;

        add(i, 80, out ? 0 : 80, false, false);
        ask[i].at = 5000;                            // all in one second: the number decides
    }
    for (int i = 0; i < 30; i++) {
        struct outage_ask t = ask[i];

        ask[i] = ask[59 - i];
        ask[59 - i] = t;
    }
    find();
    assert_int_equal(found.n, 1);
    assert_int_equal(found.v[0].first_request, 31);
    assert_int_equal(found.v[0].last_request, 40);
    assert_false(outages_hold(&found, 5000, 30));
    assert_true(outages_hold(&found, 5000, 31));
    assert_false(outages_hold(&found, 5000, 41));
}

static void two_outages_are_two(void **state)
{
    (void)state;
    for (int i = 0; i < 120; i++)
        add(i, 80, (i >= 30 && i < 40) || (i >= 80 && i < 95) ? 0 : 80, false, false);
    find();
    assert_int_equal(found.n, 2);
    assert_int_equal(found.v[0].requests, 10);
    assert_int_equal(found.v[1].requests, 15);
    find();                                          // again: replaced, not added to
    assert_int_equal(found.n, 2);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(canaries_of_several_windows_make_one),
        T(two_windows_do_not_and_three_hardly_known_ones_neither),
        T(a_window_moved_by_a_few_days_is_the_same),
        T(items_that_came_back_later_make_one),
        T(batches_that_swallow_everything_beside_a_dead_id_are_none),
        T(what_is_not_there_says_nothing),
        T(it_reaches_from_the_last_answer_to_the_next),
        T(losses_at_random_are_none),
        T(order_and_equal_times_do_not_matter),
        T(two_outages_are_two),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
