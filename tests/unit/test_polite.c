/* tests/unit/test_polite.c: the pace at one host, on a clock made of numbers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include "scrape/polite.h"

/* Sends as soon as allowed until `until`; returns how many. */
static int sends_until(struct polite *p, int64_t *tick, int64_t until)
{
    int n = 0;

    while (*tick < until) {
        int64_t wait = polite_wait_ms(p, *tick);

        if (wait == 0) {
            polite_sent(p, *tick);
            n++;
        } else {
            *tick += wait;
        }
    }
    return n;
}

static void rate_is_kept(void **state)
{
    static const double rates[] = { 0.5, 1, 4, 50, 1000, 100000 };

    (void)state;
    for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++) {
        struct polite p;
        int64_t tick = 1000000;
        int n;

        polite_init(&p, rates[i], 4, 1000, 1);
        n = sends_until(&p, &tick, tick + 10000);
        assert_in_range(n, (int)(rates[i] * 10 * 0.98), (int)(rates[i] * 10.05) + 1);
    }
}

static void idle_time_is_not_saved_up(void **state)
{
    struct polite p;
    int64_t tick = 0;

    (void)state;
    polite_init(&p, 10, 4, 1000, 1);
    polite_sent(&p, tick);
    tick = 60000;
    assert_in_range(sends_until(&p, &tick, 61000), 9, 11);
}

static void blocks_halve_the_rate_and_answers_bring_it_back(void **state)
{
    struct polite p;
    int64_t tick = 0;

    (void)state;
    polite_init(&p, 10, 4, 1000, 1);
    polite_blocked(&p);
    polite_blocked(&p);
    assert_in_range(sends_until(&p, &tick, 10000), 24, 26);
    for (int i = 0; i < 70; i++)
        polite_answered(&p, 50000);
    tick = 20000;
    assert_in_range(sends_until(&p, &tick, 30000), 49,
                    52);    // slowly: one of two blocks is forgotten
    for (int i = 0; i < 70; i++)
        polite_answered(&p, 50000);
    tick = 40000;
    assert_in_range(sends_until(&p, &tick, 50000), 99, 101);
}

static int room(const struct polite *p)
{
    struct polite q = *p;

    for (q.in_flight = 0; polite_has_room(&q);)
        q.in_flight++;
    return q.in_flight;
}

static void fewer_are_under_way_where_the_host_blocks_fails_or_grows_slow(void **state)
{
    struct polite p;

    (void)state;
    polite_init(&p, 10, 8, 1000, 1);
    assert_int_equal(room(&p), 8);
    polite_blocked(&p);
    assert_int_equal(room(&p), 4);
    polite_failed(&p, 0);
    assert_int_equal(room(&p), 2);
    polite_blocked(&p);
    polite_blocked(&p);
    assert_int_equal(room(&p), 1);                              // never none
    for (int i = 0; i < 10; i++)
        polite_answered(&p, 100000);
    assert_in_range(room(&p), 1, 2);
    for (int i = 0; i < 400; i++)
        polite_answered(&p, 100000);
    assert_int_equal(room(&p), 8);
    for (int i = 0; i < 10; i++)
        polite_answered(&p, 4000000);
    assert_in_range(room(&p), 1, 3);
}

static void failures_back_off_exponentially_and_jittered(void **state)
{
    struct polite p, q;
    int64_t last = 0;

    (void)state;
    polite_init(&p, 1000, 4, 1000, 1);
    polite_init(&q, 1000, 4, 1000, 2);
    for (int i = 0; i < 5; i++) {
        int64_t wait;

        polite_failed(&p, 0);
        polite_failed(&q, 0);
        wait = polite_wait_ms(&p, 0);
        assert_in_range(wait, 500 << i, (1000 << i) + 1);
        assert_true(wait >= last);
        last = wait;
    }
    assert_int_not_equal(polite_wait_ms(&p, 0), polite_wait_ms(&q, 0));
    for (int i = 0; i < 40; i++)
        polite_failed(&p, 0);
    assert_true(polite_wait_ms(&p, 0) <= 60001);
    polite_answered(&p, 1000);
    assert_int_equal(p.failures, 0);
}

static void host_that_grows_slow_is_asked_less(void **state)
{
    struct polite p;
    int64_t tick = 0;

    (void)state;
    polite_init(&p, 10, 4, 1000, 1);
    for (int i = 0; i < 20; i++)
        polite_answered(&p, 100000);
    assert_true(p.slow <= 1);
    for (int i = 0; i < 20; i++)
        polite_answered(&p, 4000000);
    assert_in_range(sends_until(&p, &tick, 10000), 10, 15);
}

static void retry_after_holds(void **state)
{
    struct polite p;

    (void)state;
    polite_init(&p, 10, 4, 1000, 1);
    polite_hold(&p, 5000, 7000);
    assert_in_range(polite_wait_ms(&p, 5000), 7000, 7001);
    polite_hold(&p, 5000, 100);
    assert_in_range(polite_wait_ms(&p, 5000), 7000, 7001);
    assert_int_equal(polite_wait_ms(&p, 12000), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rate_is_kept), cmocka_unit_test(idle_time_is_not_saved_up),
        cmocka_unit_test(blocks_halve_the_rate_and_answers_bring_it_back),
        cmocka_unit_test(fewer_are_under_way_where_the_host_blocks_fails_or_grows_slow),
        cmocka_unit_test(failures_back_off_exponentially_and_jittered),
        cmocka_unit_test(host_that_grows_slow_is_asked_less), cmocka_unit_test(retry_after_holds),
    };

    return cmocka_run_group_tests_name("polite", tests, NULL, NULL);
}
