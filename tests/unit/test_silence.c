/* Which silences count, from plain arrays: the heart needs no store, no rules and no
 * audit. The clauses one by one are in test_view.c, over a store. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/utc.h"
#include "silence/clock.h"
#include "silence/due.h"
#include "silence/told.h"
#include "silence/window_days.h"
#include "tests/unit/rows_box.h"

#define ITEMS 40
#define ASKS 400
#define DAY0 20454                                      // 2026-01-01
#define MADE (DAY0 - 100)
#define AT(day, hour) ((int64_t)(DAY0 + (day)) * 86400 + (hour) * 3600)

static struct item_row item[ITEMS];
static struct ask_row asked[ASKS];
static struct rows_box box;
static struct row_source rows;
static struct settings set;
static struct view *view;

/* Items 0 to 19 were made on one day, the others in three windows by turns. */
static int64_t made(int i)
{
    return i < 20 ? MADE : MADE + (int64_t)(i - 19) * 30 % 90;
}

static int setup(void **state)
{
    (void)state;
    memset(item, 0, sizeof item);
    for (int i = 0; i < ITEMS; i++)
        item[i] = (struct item_row){ .n = i + 1,
                                     .id = (((uint64_t)made(i) * 86400 + 43200) << 32) +
                                           ((uint64_t)i << 12),
                                     .page = ANSWER_COUNT,
                                     .oembed = ANSWER_COUNT,
                                     .elsewhere = ANSWER_COUNT };
    box = (struct rows_box){ .item = item, .items = ITEMS, .ask = asked };
    rows = box_source(&box);
    settings_init(&set);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    view_free(view);
    view = NULL;
    settings_release(&set);
    return 0;
}

/* ---- what a store would hold ---- */

static void add_ask(int64_t at, int64_t request, int i, enum ask_role role, bool came_back)
{
    struct item_row *row = &item[i];

    asked[box.asks++] = (struct ask_row){ .request = request,
                                          .at = at,
                                          .start_day = made(i) - 1,
                                          .end_day = made(i) + 28,
                                          .round = role == ROLE_ASKED && !row->asked ? 1 : 2,
                                          .complete = true,
                                          .item = row->n,
                                          .role = role,
                                          .came_back = came_back };
    row->asked++;
    row->last_at = at;
    if (came_back) {
        row->found_last_at = at;
        if (!row->found_first_at)
            row->found_first_at = at;
    } else if (!row->found_first_at) {
        row->absent_before_found++;
    }
}

/* "0 1+ c2+": item 0 stayed away, 1 came back, canary 2 came back; s0: alone, as a check;
 * l0: in a late check. */
static void ask(int64_t at, const char *who)
{
    int64_t request = box.asks ? asked[box.asks - 1].request + 1 : 1;

    for (const char *p = who; *p;) {
        enum ask_role role = *p == 'c'   ? ROLE_CANARY
                             : *p == 's' ? ROLE_SPOT
                             : *p == 'l' ? ROLE_LATE
                                         : ROLE_ASKED;
        char *end;
        long i = strtol(p + (role != ROLE_ASKED), &end, 10);

        add_ask(at, request, (int)i, role, *end == '+');
        for (p = end + (*end == '+'); *p == ' '; p++)
            ;
    }
}

static void ask_two(int64_t at, const char *format, int a, int b)
{
    char who[32];

    snprintf(who, sizeof who, format, a, b);
    ask(at, who);
}

static void page(int i, int64_t at, enum answer_kind kind)
{
    struct item_row *row = &item[i];

    row->page = kind;
    row->page_at = at;
    if (kind == ANSWER_REFUSED) {
        row->refused_last_at = at;
        return;
    }
    row->public_last_at = at;
    if (!row->public_first_at)
        row->public_first_at = at;
}

/* ---- what is concluded ---- */

static void look(void)
{
    struct err err = {0};

    view_free(view);
    if (view_make(&rows, &set, &view, &err))
        fail_msg("%s", err.msg);
}

static const struct silence *silent(int i)
{
    const struct silence *s;

    look();
    s = view_find(view, i + 1);
    if (!s)
        fail_msg("item %d is not among the silent ones", i);
    return s;
}

static void canaries_and_a_public_page(void)
{
    ask(AT(0, 1), "10+ 11+ 12+ 13+ 14+ 15+ 16+");
    page(0, AT(0, 2), ANSWER_PUBLIC);
}

static void two_good_days(void)
{
    canaries_and_a_public_page();
    ask(AT(1, 1), "0 c10+ c11+ c12+ c13+ c14+ c15+");
    ask(AT(2, 1), "0 c11+ c12+ c13+ c14+ c15+ c16+");
    page(0, AT(2, 2), ANSWER_PUBLIC);
}

/* ---- the promises ---- */

static void pending_absences_are_sound_after_a_page(void **state)
{
    const struct silence *s;

    (void)state;
    canaries_and_a_public_page();
    ask(AT(1, 1), "0 c10+ c11+ c12+ c13+ c14+ c15+");
    ask(AT(2, 1), "0 c11+ c12+ c13+ c14+ c15+ c16+");
    s = silent(0);
    assert_int_equal(s->absent->sound.days, 0);
    assert_int_equal(s->absent->pending.days, 2);
    assert_true(silence_wants_recheck(s, &set) && !s->confirmed);
    assert_int_equal(silence_recheck_after(s), AT(2, 1));
    page(0, AT(2, 2), ANSWER_PUBLIC);
    s = silent(0);
    assert_int_equal(s->absent->sound.days, 2);
    assert_true(s->confirmed && !silence_wants_recheck(s, &set));
    assert_true(s->absent->residual > 0 && s->absent->residual < 0.001);
    assert_true(view_expected_wrong(view) == s->absent->residual);
    assert_true(view_settled(view, &set));
}

/* Page and reply were timed by the clocks of two machines, each wrong by up to half of it. */
static int sound_days_by_clocks_that_differ(int64_t clock_s)
{
    rows.clock_s = clock_s;
    return silent(0)->absent->sound.days;
}

static void within_the_bound_of_the_clocks_there_is_no_order(void **state)
{
    (void)state;
    canaries_and_a_public_page();
    ask(AT(0, 2) + 1, "0 c10+ c11+ c12+ c13+ c14+ c15+");
    ask(AT(1, 1), "0 c11+ c12+ c13+ c14+ c15+ c16+");
    page(0, AT(1, 1) + 2, ANSWER_PUBLIC);
    assert_int_equal(sound_days_by_clocks_that_differ(0), 2);
    assert_int_equal(sound_days_by_clocks_that_differ(1), 2);    // exactly so far apart
    assert_int_equal(sound_days_by_clocks_that_differ(2), 1);    // one may lie before the page
    assert_int_equal(sound_days_by_clocks_that_differ(3), 0);    // the last page before the second
}

static void page_within_the_bound_of_the_last_ask_is_read_again(void **state)
{
    (void)state;
    two_good_days();
    page(0, AT(2, 1) + 1, ANSWER_PUBLIC);
    rows.clock_s = 1;
    assert_false(silence_wants_recheck(silent(0), &set));
    assert_true(silent(0)->confirmed);
    rows.clock_s = 2;
    assert_true(silence_wants_recheck(silent(0), &set));
    assert_false(silent(0)->confirmed);
}

static unsigned why_of_absence;    // of item 0, by its last ask

static void take_told(void *to, const struct told_batch *b)
{
    const struct ask_row *row = to;
    struct told_ask told;

    if (b->request != row->request)
        return;
    view_told_ask(view, &set, b, row, &told);
    why_of_absence = told.counts ? 0 : told.why;
}

static unsigned why_of(size_t ask, int64_t clock_s)
{
    struct err err = { 0 };

    rows.clock_s = clock_s;
    look();
    if (view_told_batches(view, &rows, &set, take_told, &asked[ask], &err))
        fail_msg("%s", err.msg);
    return why_of_absence;
}

/* The clocks are named where they alone leave it open; what would be so by one clock is said. */
static void absence_within_the_bound_says_so(void **state)
{
    size_t first, second;

    (void)state;
    canaries_and_a_public_page();
    first = box.asks;
    ask(AT(0, 2) + 1, "0 c10+ c11+ c12+ c13+ c14+ c15+");
    second = box.asks;
    ask(AT(1, 1), "0 c11+ c12+ c13+ c14+ c15+ c16+");
    page(0, AT(1, 1) + 2, ANSWER_PUBLIC);
    assert_int_equal(why_of(first, 0) | why_of(second, 0), 0);
    assert_int_equal(why_of(first, 2), 1u << UNSOUND_CLOCKS);
    assert_int_equal(why_of(second, 2), 0);
    assert_int_equal(why_of(second, 3), 1u << UNSOUND_CLOCKS);
    item[0].public_last_at = AT(1, 1) - 1;
    assert_int_equal(why_of(second, 0), 1u << UNSOUND_SINCE);
    assert_int_equal(why_of(second, 3), 1u << UNSOUND_SINCE);
    item[0].public_first_at = item[0].public_last_at = AT(1, 2);
    assert_int_equal(why_of(second, 3), 1u << UNSOUND_BEFORE);
}

/* A mate whose page was last public within the bound of the ask may have been gone by then. */
static void mate_within_the_bound_is_a_suspect(void **state)
{
    (void)state;
    canaries_and_a_public_page();
    page(1, AT(0, 2), ANSWER_PUBLIC);
    ask(AT(1, 1), "0 1 c10+ c11+ c12+ c13+ c14+ c15+");
    page(0, AT(1, 5), ANSWER_PUBLIC);
    page(1, AT(1, 1) + 1, ANSWER_PUBLIC);
    assert_int_equal(sound_days_by_clocks_that_differ(1), 1);
    assert_int_equal(sound_days_by_clocks_that_differ(2), 0);
}

static void bounds_of_two_clocks_add_up_to_whole_seconds(void **state)
{
    (void)state;
    assert_int_equal(clock_slack_s(0), 0);
    assert_int_equal(clock_slack_s(1), 1);
    assert_int_equal(clock_slack_s(500), 1);
    assert_int_equal(clock_slack_s(501), 2);
}

static void suspect_makes_the_absence_of_its_mates_count_for_nothing(void **state)
{
    (void)state;
    canaries_and_a_public_page();
    ask(AT(1, 1), "0 c10+ c11+");
    ask(AT(2, 1), "0 1 c10+ c11+");
    page(0, AT(2, 2), ANSWER_PUBLIC);
    assert_int_equal(silent(0)->absent->sound.days, 1);
    page(1, AT(2, 3), ANSWER_REFUSED);               // a lasting suspect
    assert_int_equal(silent(0)->absent->pending.days, 1);
    page(1, AT(2, 4), ANSWER_PUBLIC);                // none: it was public after the ask
    assert_int_equal(silent(0)->absent->sound.days, 2);
}

static void batch_without_a_canary_counts_for_nothing(void **state)
{
    const struct lost_canary *lost;
    size_t n;

    (void)state;
    canaries_and_a_public_page();
    ask(AT(1, 1), "0 c10 c11");
    page(0, AT(1, 2), ANSWER_PUBLIC);
    assert_int_equal(silent(0)->absent->sound.days, 0);
    assert_int_equal(silent(0)->absent->pending.days, 0);
    lost = canaries_lost(view_canaries(view), &n);
    assert_int_equal(n, 2);
    assert_int_equal(lost[0].item, 11);
    assert_int_equal(lost[0].at, AT(1, 1));
    assert_int_equal(canaries_last_day(view_canaries(view)), 0);
    page(10, AT(1, 3), ANSWER_PUBLIC);
    page(11, AT(1, 3), ANSWER_PUBLIC);
    look();
    canaries_lost(view_canaries(view), &n);
    assert_int_equal(n, 0);
}

static void canaries_are_picked_from_inside_the_window(void **state)
{
    const struct canaries *c;
    uint64_t id;
    int64_t n;
    int picked = 0;

    (void)state;
    ask(AT(0, 1), "10+ 11+ 12+");
    look();
    c = view_canaries(view);
    assert_true(canaries_any(c));
    assert_int_equal(canaries_since(c, MADE), AT(0, 1));
    while (canaries_pick(c, MADE - 1, MADE + 28, 7, picked, &id, &n))
        picked++;
    assert_int_equal(picked, 3);
    assert_false(canaries_pick(c, MADE, MADE + 29, 7, 0, &id, &n));     // its first day is slack
    assert_false(canaries_pick(c, MADE - 29, MADE, 7, 0, &id, &n));     // its last day, too
}

/* What came back before makes an empty reply tell; twelve of three windows in a row
 * leave no doubt. */
static void replies_of_an_outage_count_for_nothing(void **state)
{
    const struct outages *outages;

    (void)state;
    canaries_and_a_public_page();
    for (int i = 20; i < ITEMS; i++)
        ask_two(AT(0, 3), "%d+", i, 0);
    for (int k = 0; k < 4; k++) {
        ask_two(AT(1, 1) + 3L * k, "0 c1%d c1%d", k, k + 1);
        ask_two(AT(1, 1) + 3L * k + 1, "c%d", 20 + 2 * k, 0);
        ask_two(AT(1, 1) + 3L * k + 2, "c%d", 21 + 2 * k, 0);
    }
    page(0, AT(1, 2), ANSWER_PUBLIC);
    look();
    outages = view_outages(view);
    assert_int_equal(outages->n, 1);
    assert_int_equal(outages->v[0].requests, 12);
    assert_ptr_equal(outages_open(outages), &outages->v[0]);
    assert_int_equal(view_find(view, 1)->asked, 0);
    assert_true(view_find(view, 1)->outage_only);
    assert_int_equal(view_find(view, 1)->absent->doubts, 0);
    ask(AT(2, 1), "0 c10+ c11+");
    assert_null((look(), outages_open(view_outages(view))));
    assert_int_equal(view_find(view, 1)->asked, 1);
}

static void same_mates_again_say_nothing_new(void **state)
{
    const int64_t together[] = { 1, 12, 13, 14, 15, 16, 17 };
    double before;

    (void)state;
    two_good_days();
    before = silent(0)->absent->residual;
    assert_true(losses_mates_seen(view_losses(view), together, 7));
    assert_false(losses_mates_seen(view_losses(view), together, 6));
    ask(AT(3, 1), "0 c16+ c15+ c14+ c13+ c12+ c11+");
    page(0, AT(3, 2), ANSWER_PUBLIC);
    assert_int_equal(silent(0)->absent->sound.days, 3);
    assert_true(fabs(silent(0)->absent->residual - before) < 1e-12);
    ask(AT(3, 3), "0 c11+ c12+ c13+ c14+ c15+");
    page(0, AT(3, 4), ANSWER_PUBLIC);
    assert_true(silent(0)->absent->residual < before / 2);
}

/* One item comes back after a silence: its asks tell of the batches that lost it. */
static void what_came_back_tells_of_losses(void **state)
{
    struct clean_asks clean;

    (void)state;
    canaries_and_a_public_page();
    ask(AT(1, 1), "5 c10+ c11+");                    // makes it recovered: not counted
    page(5, AT(1, 2), ANSWER_PUBLIC);
    ask(AT(2, 1), "5 c11+ c12+");
    ask(AT(3, 1), "5+ c12+ c13+");
    look();
    clean = losses_clean(view_losses(view));
    assert_int_equal(view_recovered(view), 1);
    assert_int_equal(clean.asks, 2);
    assert_int_equal(clean.lost, 1);
    assert_null(view_find(view, 6));
}

static void late_check_adds_no_day_and_waits_for_a_page(void **state)
{
    struct buf text = {0};
    struct err err = {0};
    const struct late_item *it;

    (void)state;
    set.api_late_check = 1;
    two_good_days();
    look();
    assert_int_equal(view_draw_late(view, &rows, &set, AT(2, 3), &text, &err), 0);
    rows.late_sample = buf_view(&text);
    look();
    assert_int_equal(view_late(view)->n, 2);         // the missing one, and a retrieved one
    assert_non_null(it = late_find(view_late(view), 1));
    assert_true(it->missing);
    ask(AT(20, 1), "l0 c10+");
    assert_int_equal(silent(0)->absent->days, 2);
    it = late_find(view_late(view), 1);
    assert_int_equal(late_outcome(view_late(view), it, 0), LATE_WANTS_PAGE);
    page(0, AT(20, 2), ANSWER_PUBLIC);
    look();
    it = late_find(view_late(view), 1);
    assert_int_equal(late_outcome(view_late(view), it, 0), LATE_AWAY);
    text.n = 0;
    assert_int_equal(view_draw_late(view, &rows, &set, AT(21, 0), &text, &err), 0);
    assert_int_equal(text.n, 0);                     // it is drawn once
    rows.late_sample = STR("soon");
    assert_int_equal(view_make(&rows, &set, &(struct view *){ NULL }, &err), -1);
    assert_int_equal(err.kind, ERR_IO);
    buf_release(&text);
}

/* A day on which a window lost canaries is not forgotten when the table grows. */
static void bad_window_day_outlasts_many_good_ones(void **state)
{
    struct window_days days = {0};
    uint64_t bad = window_day_key(MADE, MADE + 29, DAY0);
    size_t at = 0, n = 0;

    (void)state;
    assert_null(window_day_lossy(&days, bad));
    window_day_get(&days, bad)->seen.lost = 9;
    days.lost = 9;
    for (int day = 1; day < 600; day++)
        window_day_get(&days, window_day_key(MADE, MADE + 29, DAY0 + day))->seen.kept += 2;
    assert_non_null(window_day_lossy(&days, bad));
    assert_true(window_day_lossy(&days, bad)->seen.lost == 9);
    assert_true(window_day_lossy(&days, window_day_key(MADE, MADE + 29, DAY0 + 1))->seen.kept == 2);
    assert_null(window_day_lossy(&days, window_day_key(MADE, MADE + 29, DAY0 + 600)));
    while (window_day_next(&days, &at))
        n++;
    assert_true(n == 600 && days.n == 600);
    window_days_release(&days);
}

/* Days on which the site was asked for pages, from the one with that number on. */
static struct site_days *asked_since(int from, int n, int today)
{
    static struct site_days days;

    days = (struct site_days){ .today = utc_day(AT(today, 0)) };
    for (int i = 0; i < n; i++)
        day_list_add(&days.of[WITNESS_PAGE], utc_day(AT(from + i, 0)));
    return &days;
}

/* A refusal by the embed page alone names no cause: the page is asked on the days after it,
 * until it has used up its attempts, or the site was asked for pages on as many days as it has
 * attempts. */
static void refusal_by_its_embed_page_alone_is_owed_a_page(void **state)
{
    const int attempts = (int)set.page_attempts;
    struct err err = {0};

    (void)state;
    two_good_days();
    page(2, AT(3, 1), ANSWER_REFUSED);
    assert_false(silent(2)->owes_page);
    item[2].page_witness = WITNESS_EMBED;
    assert_true(silent(2)->owes_page);
    item[2].site_days = asked_since(3, attempts, 60);    // the day of the embed page is none
    assert_true(silent(2)->owes_page);
    item[2].site_days = asked_since(4, attempts, 3 + attempts);    // the last one is not over
    assert_true(silent(2)->owes_page);
    item[2].site_days = asked_since(4, attempts, 4 + attempts);
    assert_false(silent(2)->owes_page);
    item[2].site_days = NULL;
    item[2].tries = attempts;
    assert_false(silent(2)->owes_page);
    item[2].tries = 0;
    assert_int_equal(settings_set(&set, "page.witnesses=embed, oembed", &err), 0);
    assert_false(silent(2)->owes_page);
}

/* Nor does it tell an ad or a place: a public one is owed its page as well. */
static void post_public_by_its_embed_page_alone_is_owed_a_page(void **state)
{
    (void)state;
    two_good_days();
    page(2, AT(3, 1), ANSWER_PUBLIC);
    item[2].public_first_at = AT(3, 1);
    assert_false(silent(2)->owes_page);
    item[2].page_witness = WITNESS_EMBED;
    assert_true(silent(2)->owes_page);
    item[2].site_days = asked_since(4, (int)set.page_attempts, 60);
    assert_false(silent(2)->owes_page);
}

static enum standing hangs_on_both(void *from, const struct item_row *row, unsigned *hangs_on)
{
    (void)from, (void)row;
    *hangs_on = HANGS_ON_EMBED | HANGS_ON_OEMBED;
    return STANDING_RESTRICTED;
}

/* The next in order stands by, for the case that the site blocks the first; and one that it blocked
 * on very many days is not waited for. */
static void refusal_that_hangs_on_two_has_one_to_stand_by(void **state)
{
    enum witness beside[BESIDE_MAX];
    struct site_days days = { .today = DAY0 + 60 };
    struct err err = { 0 };

    (void)state;
    two_good_days();
    page(2, AT(3, 1), ANSWER_REFUSED);
    item[2].refused_last_at = AT(3, 1);
    rows.refusal = hangs_on_both;
    assert_int_equal(silence_wants_beside(silent(2), &set, beside), 2);
    assert_int_equal(beside[0], WITNESS_EMBED);
    assert_int_equal(beside[1], WITNESS_OEMBED);
    assert_int_equal(settings_set(&set, "page.witnesses=page,oembed,embed", &err), 0);
    assert_int_equal(silence_wants_beside(silent(2), &set, beside), 2);
    assert_int_equal(beside[0], WITNESS_OEMBED);
    for (int day = 4; day < 4 + 3 * (int)set.page_attempts; day++) {
        item[2].site_days = &days;
        assert_int_equal(silence_wants_beside(silent(2), &set, beside), 2);
        day_list_add(&days.of[WITNESS_EMBED], DAY0 + day);
    }
    assert_int_equal(silence_wants_beside(silent(2), &set, beside), 1);
    assert_int_equal(beside[0], WITNESS_OEMBED);
}

static int broken_next(void *from, struct ask_row *row, struct err *err)
{
    (void)from, (void)row;
    return err_set(err, ERR_IO, "the rows end here");
}

static void source_that_fails_makes_no_view(void **state)
{
    struct view *none = NULL;
    struct err err = {0};

    (void)state;
    two_good_days();
    rows.next_ask = broken_next;
    assert_int_equal(view_make(&rows, &set, &none, &err), -1);
    assert_null(none);
    assert_string_equal(err.msg, "the rows end here");
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(pending_absences_are_sound_after_a_page),
        T(within_the_bound_of_the_clocks_there_is_no_order),
        T(page_within_the_bound_of_the_last_ask_is_read_again),
        T(absence_within_the_bound_says_so),
        T(mate_within_the_bound_is_a_suspect),
        T(bounds_of_two_clocks_add_up_to_whole_seconds),
        T(suspect_makes_the_absence_of_its_mates_count_for_nothing),
        T(batch_without_a_canary_counts_for_nothing),
        T(canaries_are_picked_from_inside_the_window),
        T(replies_of_an_outage_count_for_nothing),
        T(same_mates_again_say_nothing_new),
        T(what_came_back_tells_of_losses),
        T(late_check_adds_no_day_and_waits_for_a_page),
        T(refusal_by_its_embed_page_alone_is_owed_a_page),
        T(post_public_by_its_embed_page_alone_is_owed_a_page),
        T(refusal_that_hangs_on_two_has_one_to_stand_by),
        T(bad_window_day_outlasts_many_good_ones),
        T(source_that_fails_makes_no_view),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
