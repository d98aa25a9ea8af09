/* What the readings of a watch list make events of. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "audit/monitor/told.h"

#define HOUR 3600

/* Its page was there, and twice, a day apart, it was not: one event of a post that is watched. */
static size_t events_of(enum watch_role role)
{
    static const struct watch_reading page[] = {
        { .at = 100 * HOUR, .round = 1, .witness = WATCH_BY_PAGE, .said = WATCH_SAID_YES },
        { .at = 124 * HOUR, .round = 2, .witness = WATCH_BY_PAGE, .said = WATCH_SAID_NO },
        { .at = 148 * HOUR, .round = 3, .witness = WATCH_BY_PAGE, .said = WATCH_SAID_NO },
    };
    const struct watch_events_opts opts = { .confirm_s = 6 * HOUR, .stale_s = 400 * HOUR };
    const struct watched w = { .item = 1, .id = UINT64_C(7590000000000000123), .role = role };
    struct watch_events *e = watch_events_new(&opts);
    size_t n;

    told_event_item(e, &w, page, sizeof page / sizeof *page);
    watch_events_end(e, &n);
    watch_events_free(e);
    return n;
}

static void a_post_that_is_watched_makes_an_event(void **state)
{
    (void)state;
    assert_int_equal(events_of(WATCH_POST), 1);
    assert_int_equal(events_of(WATCH_LOADED), 1);
}

static void a_new_post_makes_no_event(void **state)
{
    (void)state;
    assert_int_equal(events_of(WATCH_FRESH), 0);
}

static void a_canary_makes_no_event(void **state)
{
    (void)state;
    assert_int_equal(events_of(WATCH_CANARY), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_post_that_is_watched_makes_an_event),
        cmocka_unit_test(a_new_post_makes_no_event),
        cmocka_unit_test(a_canary_makes_no_event),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
