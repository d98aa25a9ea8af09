/* Events of a watch list, from arrays of readings. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/utc.h"
#include "watch/events.h"

#define HOUR INT64_C(3600)
#define AT(day, hour) ((INT64_C(20000) + (day)) * 86400 + (hour)*HOUR)

static const struct watch_events_opts six = { .confirm_s = 6 * HOUR, .stale_s = 36 * HOUR };

/* One reading each, of a round of its own: f found, a absent, o an outage, u our failure,
 * c an absence without any canary, p public, r refused, b blocked; F A N of another's series:
 * found, absent, nothing. */
static struct watch_reading reading(char what, int64_t at, int64_t round)
{
    struct watch_reading r = { .at = at, .round = round, .canaries = 2, .back = 2, .proven = true };

    r.witness = what == 'p' || what == 'r' || what == 'b' ? WATCH_BY_PAGE : WATCH_BY_API;
    switch (what) {
    case 'f':
    case 'p':
    case 'F': r.said = WATCH_SAID_YES; break;
    case 'a':
    case 'r':
    case 'A': r.said = WATCH_SAID_NO; break;
    case 'c':
        r.said = WATCH_SAID_NO;
        r.canaries = r.back = r.proven = 0;
        break;
    case 'o': r.why = WATCH_WHY_OUTAGE; break;
    case 'u': r.why = WATCH_WHY_OURS; break;
    case 'b': r.why = WATCH_WHY_BLOCK; break;
    default: r.why = WATCH_WHY_UNSAID;
    }
    if (what == 'F' || what == 'A' || what == 'N') {
        r.loaded = true;
        r.round = r.canaries = r.back = r.proven = 0;
    }
    return r;
}

/* what: one word a reading; of n, the i-th at[i]. */
static struct watch_events *begin(void) { return watch_events_new(&six); }

static void item(struct watch_events *e, uint64_t id, const char *what, const int64_t *at)
{
    struct watch_reading r[32];
    size_t n = strlen(what);

    for (size_t i = 0; i < n; i++)
        r[i] = reading(what[i], at[i], (int64_t)i + 1);
    watch_events_item(e, (int64_t)id, id, true, r, n);
}

static size_t events_of(const char *what, const int64_t *at, struct watch_event *first)
{
    struct watch_events *e = begin();
    const struct watch_event *v;
    size_t n;

    item(e, 7, what, at);
    v = watch_events_end(e, &n);
    *first = n ? v[0] : (struct watch_event){ 0 };
    watch_events_free(e);
    return n;
}

#define EVENTS(e, what, ...) events_of(what, (const int64_t[]){ __VA_ARGS__ }, e)

static void a_change_becomes_an_event_by_a_second_asking_hours_later(void **state)
{
    struct watch_event e;

    (void)state;
    assert_int_equal(EVENTS(&e, "fa", AT(1, 8), AT(2, 8)), 0);
    assert_int_equal(EVENTS(&e, "faa", AT(1, 8), AT(2, 8), AT(2, 13)), 0);
    assert_int_equal(EVENTS(&e, "faa", AT(1, 8), AT(2, 8), AT(2, 14)), 1);
    assert_int_equal(e.kind, WATCH_EVENT_LOST);
    assert_int_equal(e.at, AT(2, 8));
    assert_int_equal(e.confirmed_at, AT(2, 14));
    assert_int_equal(e.before_at, AT(1, 8));
    assert_int_equal(e.id, 7);
    assert_int_equal(EVENTS(&e, "aff", AT(1, 8), AT(2, 8), AT(3, 8)), 1);
    assert_int_equal(e.kind, WATCH_EVENT_RETURNED);
    /* The first asking too soon, the next late enough: the change is as old as it is. */
    assert_int_equal(EVENTS(&e, "faaa", AT(1, 8), AT(2, 8), AT(2, 9), AT(2, 20)), 1);
    assert_int_equal(e.at, AT(2, 8));
}

static void what_says_again_what_holds_takes_a_change_back(void **state)
{
    struct watch_event e;

    (void)state;
    assert_int_equal(EVENTS(&e, "faf", AT(1, 8), AT(2, 8), AT(2, 15)), 0);
    assert_int_equal(EVENTS(&e, "fafa", AT(1, 8), AT(2, 8), AT(2, 15), AT(3, 8)), 0);
    assert_int_equal(EVENTS(&e, "fafaa", AT(1, 8), AT(2, 8), AT(2, 15), AT(3, 8), AT(3, 15)), 1);
    assert_int_equal(e.at, AT(3, 8));
    assert_int_equal(e.before_at, AT(2, 15));
}

static void what_was_not_measured_neither_confirms_nor_takes_back(void **state)
{
    struct watch_event e;

    (void)state;
    assert_int_equal(EVENTS(&e, "fauua", AT(1, 8), AT(2, 8), AT(2, 15), AT(3, 8), AT(5, 8)), 1);
    assert_int_equal(e.kind, WATCH_EVENT_LOST);
    assert_int_equal(e.at, AT(2, 8));
    assert_int_equal(e.confirmed_at, AT(5, 8));
    assert_int_equal(EVENTS(&e, "fuuu", AT(1, 8), AT(2, 8), AT(3, 8), AT(4, 8)), 0);
}

/* Without canaries an API that returns nothing to anybody looks like a loss of all. */
static void an_absence_without_any_canary_confirms_no_loss(void **state)
{
    struct watch_event e;

    (void)state;
    assert_int_equal(EVENTS(&e, "fcc", AT(1, 8), AT(2, 8), AT(3, 8)), 0);
    assert_int_equal(EVENTS(&e, "fac", AT(1, 8), AT(2, 8), AT(3, 8)), 0);
    assert_int_equal(EVENTS(&e, "faca", AT(1, 8), AT(2, 8), AT(3, 8), AT(4, 8)), 1);
}

static void of_anothers_series_the_next_measured_day_confirms(void **state)
{
    struct watch_event e;

    (void)state;
    assert_int_equal(EVENTS(&e, "FA", AT(1, 0), AT(2, 0)), 0);
    assert_int_equal(EVENTS(&e, "FANA", AT(1, 0), AT(2, 0), AT(3, 0), AT(4, 0)), 1);
    assert_int_equal(e.kind, WATCH_EVENT_LOST);
    assert_true(e.loaded);
    assert_int_equal(e.at, AT(2, 0));
    assert_int_equal(e.confirmed_at, AT(4, 0));
}

static void a_page_has_events_of_its_own(void **state)
{
    struct watch_event e;

    (void)state;
    assert_int_equal(EVENTS(&e, "prbr", AT(1, 8), AT(2, 8), AT(2, 14), AT(2, 20)), 1);
    assert_int_equal(e.kind, WATCH_EVENT_PAGE_GONE);
    assert_int_equal(e.confirmed_at, AT(2, 20));
    assert_int_equal(EVENTS(&e, "rpp", AT(1, 8), AT(2, 8), AT(3, 8)), 1);
    assert_int_equal(e.kind, WATCH_EVENT_PAGE_BACK);
    assert_int_equal(EVENTS(&e, "afpf", AT(1, 8), AT(2, 8), AT(2, 9), AT(3, 8)), 1);
    assert_int_equal(e.kind, WATCH_EVENT_RETURNED);
}

/* ---- of the whole list ---- */

static void an_outage_is_one_as_long_as_it_meets_everybody(void **state)
{
    const int64_t at[] = { AT(1, 8), AT(2, 8), AT(2, 15), AT(3, 8) };
    struct watch_events *e = begin();
    const struct watch_event *v;
    size_t n;

    (void)state;
    item(e, 7, "fooa", at);
    item(e, 8, "aoof", at);
    v = watch_events_end(e, &n);
    assert_int_equal(n, 1);
    assert_int_equal(v[0].kind, WATCH_EVENT_OUTAGE);
    assert_int_equal(v[0].at, AT(2, 8));
    assert_int_equal(v[0].confirmed_at, AT(3, 8));
    assert_int_equal(v[0].item, 0);
    watch_events_free(e);
}

static void where_one_was_measured_or_the_fault_is_ours_there_is_no_outage(void **state)
{
    const int64_t at[] = { AT(1, 8), AT(2, 8), AT(3, 8) };
    struct watch_events *e = begin();
    size_t n;

    (void)state;
    item(e, 7, "foo", at);
    item(e, 8, "aau", at);
    watch_events_end(e, &n);
    assert_int_equal(n, 0);
    watch_events_free(e);
}

static void a_round_of_ours_that_fails_within_an_outage_makes_no_second_one(void **state)
{
    struct watch_event e;

    (void)state;
    assert_int_equal(EVENTS(&e, "foof", AT(1, 8), AT(2, 8), AT(2, 15), AT(3, 8)), 1);
    assert_int_equal(EVENTS(&e, "fouof", AT(1, 8), AT(2, 8), AT(2, 15), AT(3, 8), AT(4, 8)), 1);
    assert_int_equal(e.at, AT(2, 8));
    assert_int_equal(e.confirmed_at, AT(4, 8));
    /* It ends where ours begins, if nobody meets it again. */
    assert_int_equal(EVENTS(&e, "ouuf", AT(2, 8), AT(3, 8), AT(4, 8), AT(5, 8)), 1);
    assert_int_equal(e.confirmed_at, AT(3, 8));
    /* Two days and more of our own: nobody knows what was between. */
    assert_int_equal(EVENTS(&e, "ouuo", AT(2, 8), AT(3, 8), AT(4, 8), AT(5, 8)), 2);
}

static void an_outage_of_anothers_series_needs_two_posts(void **state)
{
    const int64_t at[] = { AT(1, 0), AT(2, 0), AT(3, 0) };
    struct watch_events *e = begin();
    const struct watch_event *v;
    size_t n;

    (void)state;
    item(e, 7, "FNN", at);
    item(e, 8, "AN", at);
    v = watch_events_end(e, &n);
    assert_int_equal(n, 1);
    assert_int_equal(v[0].at, AT(2, 0));
    assert_int_equal(v[0].confirmed_at, AT(3, 0));
    assert_true(v[0].loaded);
    watch_events_free(e);
}

static void a_long_silence_begins_with_its_last_round(void **state)
{
    const int64_t rounds[] = { AT(1, 8), AT(2, 8), AT(5, 8) };
    struct watch_events *e = begin();
    const struct watch_event *v;
    size_t n;

    (void)state;
    watch_events_rounds(e, rounds, 3, AT(6, 8));
    v = watch_events_end(e, &n);
    assert_int_equal(n, 1);
    assert_int_equal(v[0].kind, WATCH_EVENT_STALE);
    assert_int_equal(v[0].at, AT(2, 8));
    assert_int_equal(v[0].confirmed_at, AT(5, 8));
    watch_events_free(e);
    e = begin();
    watch_events_rounds(e, rounds, 1, AT(6, 8));
    v = watch_events_end(e, &n);
    assert_int_equal(n, 1);
    assert_int_equal(v[0].confirmed_at, 0);
    watch_events_free(e);
}

static void a_canary_has_no_events_and_bears_witness_to_an_outage(void **state)
{
    const int64_t at[] = { AT(1, 8), AT(2, 8), AT(3, 8) };
    struct watch_reading r[3];
    struct watch_events *e = begin();
    const struct watch_event *v;
    size_t n;

    (void)state;
    for (int i = 0; i < 3; i++)
        r[i] = reading("foa"[i], at[i], i + 1);
    watch_events_item(e, 9, 9, false, r, 3);
    v = watch_events_end(e, &n);
    assert_int_equal(n, 1);
    assert_int_equal(v[0].kind, WATCH_EVENT_OUTAGE);
    watch_events_free(e);
}

/* Whatever was told stays told: more readings take nothing back. */
static void a_longer_sequence_has_all_events_of_a_shorter_one(void **state)
{
    const char *what = "fafaaoaffufccaapFNA";
    struct watch_reading r[32];
    struct watch_event before[32];
    size_t n = strlen(what), had = 0;

    (void)state;
    for (size_t i = 0; i < n; i++)
        r[i] = reading(what[i], AT((int64_t)i, 8), (int64_t)i + 1);
    for (size_t len = 1; len <= n; len++) {
        struct watch_events *e = begin();
        const struct watch_event *v;
        size_t now, at = 0;

        watch_events_item(e, 7, 7, true, r, len);
        v = watch_events_end(e, &now);
        for (size_t i = 0; i < had; i++) {
            while (at < now && (v[at].at != before[i].at || v[at].kind != before[i].kind))
                at++;
            assert_true(at < now);
        }
        had = now;
        if (now)
            memcpy(before, v, now * sizeof *v);
        watch_events_free(e);
    }
    assert_true(had >= 3);
}

/* What `monitor run` asks: does a change wait to be confirmed, and since when? */
static void a_change_that_waits_is_known_with_its_time(void **state)
{
    struct watch_reading r[4];
    struct watch_holds h;

    (void)state;
    for (int i = 0; i < 4; i++)
        r[i] = reading("faaf"[i], AT(i + 1, 8), i + 1);
    watch_holds_of(r, 0, WATCH_SIDE_API, &six, &h);
    assert_int_equal(h.state, WATCH_API_NONE);
    watch_holds_of(r, 2, WATCH_SIDE_API, &six, &h);
    assert_int_equal(h.state, WATCH_API_FOUND);
    assert_int_equal(h.change, WATCH_API_ABSENT);
    assert_int_equal(h.changed_at, AT(2, 8));
    watch_holds_of(r, 3, WATCH_SIDE_API, &six, &h);
    assert_int_equal(h.state, WATCH_API_ABSENT);
    assert_int_equal(h.change, WATCH_API_NONE);
    assert_int_equal(h.changed_at, 0);
    watch_holds_of(r, 4, WATCH_SIDE_PAGE, &six, &h);
    assert_int_equal(h.state, WATCH_PAGE_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_change_becomes_an_event_by_a_second_asking_hours_later),
        cmocka_unit_test(what_says_again_what_holds_takes_a_change_back),
        cmocka_unit_test(what_was_not_measured_neither_confirms_nor_takes_back),
        cmocka_unit_test(an_absence_without_any_canary_confirms_no_loss),
        cmocka_unit_test(of_anothers_series_the_next_measured_day_confirms),
        cmocka_unit_test(a_page_has_events_of_its_own),
        cmocka_unit_test(an_outage_is_one_as_long_as_it_meets_everybody),
        cmocka_unit_test(where_one_was_measured_or_the_fault_is_ours_there_is_no_outage),
        cmocka_unit_test(a_round_of_ours_that_fails_within_an_outage_makes_no_second_one),
        cmocka_unit_test(an_outage_of_anothers_series_needs_two_posts),
        cmocka_unit_test(a_long_silence_begins_with_its_last_round),
        cmocka_unit_test(a_canary_has_no_events_and_bears_witness_to_an_outage),
        cmocka_unit_test(a_longer_sequence_has_all_events_of_a_shorter_one),
        cmocka_unit_test(a_change_that_waits_is_known_with_its_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
