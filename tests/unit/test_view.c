/* Which silences count: the clauses of promises 3 and 4, one by one. Small
 * stores with hand-made asks and page answers, at exact times. */
#include <math.h>

#include "audit/verdict/differ.h"
#include "audit/verdict/label.h"
#include "audit/turn/outlook.h"
#include "audit/turn/read_due.h"
#include "audit/turn/rounds.h"
#include "audit/verdict/summarize.h"
#include "tests/unit/audit_box.h"

/* ---- what is concluded ---- */

static void load_view(void)
{
    struct err err = {0};

    view_free(view);
    view = NULL;
    if (sink.commit(sink.to, &err) || audit_view_make(&audit, &view, &err))
        fail_msg("%s", err.msg);
}

static const struct silence *look(int i)
{
    const struct silence *s;

    load_view();
    s = view_find(view, i + 1);
    if (!s)
        fail_msg("item %d is not among the silent ones", i);
    return s;
}

static struct label_row label_of(int i)
{
    struct label_row l = {0}, out = {0};
    struct classify_result result;
    struct label_cursor *cursor = NULL;
    struct err err = {0};

    if (sink.commit(sink.to, &err) || labels_make(&audit, &result, &err) ||
        store_labels(audit.store, &cursor, &err))
        fail_msg("%s", err.msg);
    while (label_cursor_next(cursor, &l, &err) > 0)
        if (l.id == ID(i)) {
            out = l;
            out.handle = out.rule = out.sound_list = out.message = out.place = out.region =
                out.evidence = STR_NONE;
        }
    label_cursor_close(cursor);
    return out;
}

/* Canaries 20 to 26 came back once; page of item 0 read: public. */
static void canaries_and_a_public_page(void)
{
    ask(AT(0, 1), "20+ 21+ 22+ 23+ 24+ 25+ 26+");
    page(0, AT(0, 2), PUBLIC);
}

static void two_good_days(void)
{
    canaries_and_a_public_page();
    ask(AT(1, 1), "0 c20+ c21+ c22+ c23+ c24+ c25+");
    ask(AT(2, 1), "0 c21+ c22+ c23+ c24+ c25+ c26+");
    page(0, AT(2, 2), PUBLIC);
}

/* ---- what counts ---- */

static void two_sound_days_between_public_pages_confirm(void **state)
{
    const struct silence *s;

    (void)state;
    two_good_days();
    s = look(0);
    assert_int_equal(s->absent->sound.days, 2);
    assert_int_equal(s->absent->days, 2);
    assert_int_equal(s->absent->day[0].day, DAY0 + 1);
    assert_int_equal(s->absent->day[1].day, DAY0 + 2);
    assert_true(s->confirmed);
    assert_false(s->late_refusal);
}

static void incomplete_reply_counts_for_nothing(void **state)
{
    (void)state;
    canaries_and_a_public_page();
    ask(AT(1, 1), "0 c20+ c21+");
    ask_in(AT(2, 1), FROM, TO, false, "0 c20+ c21+");
    page(0, AT(2, 2), PUBLIC);
    assert_int_equal(look(0)->absent->sound.days, 1);
    assert_int_equal(look(0)->asked, 1);
    assert_false(look(0)->confirmed);
}

static void mate_that_is_not_public_makes_the_batch_count_for_nothing(void **state)
{
    (void)state;
    canaries_and_a_public_page();
    page(1, AT(0, 2), PUBLIC);
    ask(AT(1, 1), "0 c20+ c21+");
    ask(AT(2, 1), "0 1 c20+ c21+");
    page(0, AT(2, 2), PUBLIC);
    page(1, AT(2, 2), SELF_ONLY);
    assert_int_equal(look(0)->absent->sound.days, 1);
    assert_int_equal(look(0)->absent->pending.days, 1);      // no further page of it can heal that
    assert_false(look(0)->confirmed);
}

static void unread_mate_makes_the_batch_count_for_nothing(void **state)
{
    (void)state;
    canaries_and_a_public_page();
    ask(AT(1, 1), "0 c20+ c21+");
    ask(AT(2, 1), "0 1 c20+ c21+");
    page(0, AT(2, 2), PUBLIC);
    assert_int_equal(look(0)->absent->sound.days, 1);
}

static void mate_public_only_before_is_a_suspect_until_read_again(void **state)
{
    (void)state;
    canaries_and_a_public_page();
    page(1, AT(0, 2), PUBLIC);
    ask(AT(1, 1), "0 1 c20+ c21+ c22+ c23+ c24+ c25+");
    ask(AT(2, 1), "0 1 c21+ c22+ c23+ c24+ c25+ c26+");
    page(0, AT(2, 2), PUBLIC);
    assert_int_equal(look(0)->absent->sound.days, 0);
    assert_int_equal(look(0)->absent->pending.days, 2);
    page(1, AT(2, 3), PUBLIC);
    assert_int_equal(look(0)->absent->sound.days, 2);
    assert_true(look(0)->confirmed);
    assert_true(look(1)->confirmed);
}

static void restricted_mate_is_no_suspect(void **state)
{
    (void)state;
    canaries_and_a_public_page();
    page(1, AT(0, 2), REGION);
    ask(AT(1, 1), "0 1 c20+ c21+");
    ask(AT(2, 1), "0 1 c20+ c21+");
    page(0, AT(2, 2), PUBLIC);
    assert_int_equal(look(0)->absent->sound.days, 2);
}

static void mate_that_the_api_returns_later_is_no_suspect(void **state)
{
    (void)state;
    canaries_and_a_public_page();
    ask(AT(1, 1), "0 1 c20+ c21+");
    ask(AT(2, 1), "0 c20+ c21+");
    page(0, AT(2, 2), PUBLIC);
    assert_int_equal(look(0)->absent->sound.days, 1);
    ask(AT(3, 1), "1+");
    assert_int_equal(look(0)->absent->sound.days, 2);
}

static void mate_that_vanished_after_the_ask_is_no_suspect(void **state)
{
    (void)state;
    canaries_and_a_public_page();
    ask(AT(1, 1), "0 1 c20+ c21+");
    ask(AT(2, 1), "0 c20+ c21+");
    page(0, AT(2, 2), PUBLIC);
    page(1, AT(2, 2), PUBLIC);
    page(1, AT(3, 2), SELF_ONLY);
    assert_int_equal(look(0)->absent->sound.days, 2);
}

static void given_up_mate_is_a_lasting_suspect(void **state)
{
    (void)state;
    canaries_and_a_public_page();
    page(1, AT(0, 2), PUBLIC);
    ask(AT(1, 1), "0 1 c20+ c21+");
    assert_int_equal(look(0)->absent->pending.days, 1);
    no_page(1, AT(1, 2), 5);
    assert_int_equal(look(0)->absent->pending.days, 0);
}

/* ---- windows and ages ---- */

static int days_in_window(int64_t from, int64_t to)
{
    canaries_and_a_public_page();
    ask_in(AT(1, 1), from, to, true, "0 c20+ c21+");
    page(0, AT(1, 2), PUBLIC);
    return look(0)->absent->sound.days;
}

static void window_that_begins_on_its_day_has_no_slack(void **state)
{
    (void)state;
    assert_int_equal(days_in_window(MADE, MADE + 29), 0);
}

static void window_that_ends_on_its_day_has_no_slack(void **state)
{
    (void)state;
    assert_int_equal(days_in_window(MADE - 29, MADE), 0);
}

static void one_day_of_slack_on_each_side_is_enough(void **state)
{
    (void)state;
    assert_int_equal(days_in_window(MADE - 1, MADE + 1), 1);
}

/* A scheduled post: uploaded on MADE, published two days later. */
static void slack_is_measured_from_the_creation_time_of_the_page(void **state)
{
    const struct silence *s;

    (void)state;
    ask(AT(0, 1), "20+ 21+");
    page_made_at(0, AT(0, 2), (int64_t)(MADE + 2) * 86400 + 60);
    ask_in(AT(1, 1), MADE - 1, MADE + 2, true, "0 c20+ c21+");
    ask_in(AT(2, 1), MADE - 1, MADE + 3, true, "0 c20+ c21+");
    page(0, AT(2, 2), PUBLIC);
    s = look(0);
    assert_int_equal(s->absent->sound.days, 1);
    assert_int_equal(s->absent->days, 1);
    assert_int_equal(s->absent->day[0].day, DAY0 + 2);
}

/* The items are 40 days old on day 0, at noon. */
static void item_too_young_by_its_id_is_not_silent(void **state)
{
    (void)state;
    audit.set.api_min_age_hours = 41 * 24;
    canaries_and_a_public_page();
    ask(AT(1, 11), "0 c20+ c21+");
    page(0, AT(1, 12), PUBLIC);
    assert_int_equal(look(0)->absent->sound.days, 0);
    assert_int_equal(label_of(0).reason, REASON_TOO_RECENT);
    ask(AT(1, 12), "0 c20+ c21+");
    page(0, AT(1, 13), PUBLIC);
    assert_int_equal(look(0)->absent->sound.days, 1);
}

static void item_too_young_by_its_page_is_not_silent(void **state)
{
    int64_t made = AT(0, 0);

    (void)state;
    ask(AT(0, 1), "20+ 21+");
    page_made_at(0, AT(0, 2), made);
    ask_in(AT(2, 23), DAY0 - 1, DAY0 + 28, true, "0 c20+ c21+");
    page(0, AT(3, 0), PUBLIC);
    assert_int_equal(look(0)->absent->sound.days, 0);
    assert_int_equal(label_of(0).reason, REASON_TOO_RECENT);
    ask_in(AT(3, 0), DAY0 - 1, DAY0 + 28, true, "0 c20+ c21+");
    page(0, AT(3, 1), PUBLIC);
    assert_int_equal(look(0)->absent->sound.days, 1);
    assert_int_equal(label_of(0).reason, REASON_UNCONFIRMED);
}

/* ---- canaries ---- */

static int days_with_canaries(const char *who)
{
    canaries_and_a_public_page();
    ask(AT(1, 1), who);
    page(0, AT(1, 2), PUBLIC);
    return look(0)->absent->sound.days;
}

static void one_canary_back_is_enough(void **state)
{
    (void)state;
    assert_int_equal(days_with_canaries("0 c20+ c21 c22"), 1);
}

static void no_canary_back_counts_for_nothing(void **state)
{
    (void)state;
    assert_int_equal(days_with_canaries("0 c20 c21"), 0);
    assert_int_equal(look(0)->absent->pending.days, 0);
}

static void canary_that_is_known_as_not_public_makes_the_batch_count_for_nothing(void **state)
{
    (void)state;
    assert_int_equal(days_with_canaries("0 c20 c21+"), 1);
    page(20, AT(1, 3), SELF_ONLY);
    assert_int_equal(look(0)->absent->sound.days, 0);
}

static void canary_that_is_restricted_or_still_public_does_no_harm(void **state)
{
    (void)state;
    assert_int_equal(days_with_canaries("0 c20 c21 c22+"), 1);
    page(20, AT(1, 3), REGION);
    page(21, AT(1, 3), PUBLIC);
    page(21, AT(1, 4), SELF_ONLY);        // gone only after it was seen public again
    assert_int_equal(look(0)->absent->sound.days, 1);
}

static void lost_canaries_are_named_for_reading(void **state)
{
    const struct lost_canary *lost;
    size_t n;

    (void)state;
    days_with_canaries("0 c20 c21+");
    lost = canaries_lost(view_canaries(view), &n);
    assert_int_equal(n, 1);
    assert_int_equal(lost[0].item, 21);              // ID(20)
    page(20, AT(1, 3), PUBLIC);
    load_view();
    canaries_lost(view_canaries(view), &n);
    assert_int_equal(n, 0);
}

/* Item 0's own window holds no retrieved item here: only 100, made long before. */
static int days_without_canaries(int64_t of_others, const char *others)
{
    uint64_t far = (((uint64_t)(MADE - 60) * 86400) << 32) + 13 * 256;
    struct ask_member m = { .id = far, .item = ITEMS + 1, .came_back = true };
    struct record rec = { .id = far };
    struct request r = { .witness = WITNESS_QUERY,
                         .start_day = MADE - 61,
                         .end_day = MADE - 32,
                         .loaded = true,
                         .member = &m,
                         .members = 1,
                         .complete = true,
                         .reserved_at = AT(0, 1),
                         .sent_at = AT(0, 1),
                         .done_at = AT(0, 1) };
    struct answer a = { .id = far,
                        .item = ITEMS + 1,
                        .witness = WITNESS_QUERY,
                        .kind = ANSWER_FOUND,
                        .at = AT(0, 1),
                        .generation = GENERATION_API,
                        .record = &rec };
    struct err err = {0};

    add_items(&(struct new_item){ .id = far }, 1);
    page(0, AT(0, 2), PUBLIC);
    page(1, AT(0, 2), PUBLIC);
    ask(AT(1, 1), "0 1");
    for (int i = 0; i < 2; i++) {         // found on day 0, sent as a canary later
        if (sink.reserve(sink.to, &r, &err) || sink.put(sink.to, &r, &a, &err) ||
            sink.done(sink.to, &r, &err))
            fail_msg("%s", err.msg);
        r.n = 0;
        m.role = ROLE_CANARY;
        m.came_back = *others == '+';
        a.kind = m.came_back ? ANSWER_FOUND : ANSWER_ABSENT;
        a.at = r.reserved_at = r.sent_at = r.done_at = of_others;
    }
    page(0, AT(1, 9), PUBLIC);
    page(1, AT(1, 9), PUBLIC);
    return look(0)->absent->sound.days;
}

static void canaries_of_another_window_stand_in_on_the_same_day(void **state)
{
    (void)state;
    assert_int_equal(days_without_canaries(AT(1, 23), "+"), 1);
}

static void canaries_of_another_day_do_not_stand_in(void **state)
{
    (void)state;
    assert_int_equal(days_without_canaries(AT(2, 0), "+"), 0);
}

static void canaries_that_stay_away_do_not_stand_in(void **state)
{
    (void)state;
    assert_int_equal(days_without_canaries(AT(1, 2), "-"), 0);
}

static void window_with_retrieved_items_needs_canaries_of_its_own(void **state)
{
    (void)state;
    ask(AT(0, 1), "20+ 21+");
    page(0, AT(0, 2), PUBLIC);
    page(1, AT(0, 2), PUBLIC);
    ask(AT(1, 1), "0 1");
    ask(AT(1, 2), "c20+ c21+");
    page(0, AT(1, 3), PUBLIC);
    page(1, AT(1, 3), PUBLIC);
    assert_int_equal(look(0)->absent->sound.days, 0);
}

/* ---- public pages around the silences ---- */

static void silences_before_the_first_public_page_do_not_count(void **state)
{
    (void)state;
    ask(AT(0, 1), "20+ 21+");
    ask(AT(1, 1), "0 c20+ c21+");
    ask(AT(2, 1), "0 c20+ c21+");
    page(0, AT(2, 2), PUBLIC);
    ask(AT(3, 1), "0 c20+ c21+");
    page(0, AT(3, 2), PUBLIC);
    assert_int_equal(look(0)->absent->sound.days, 1);
    assert_int_equal(look(0)->absent->day[0].day, DAY0 + 3);
}

static void last_absence_needs_a_public_page_after_it(void **state)
{
    (void)state;
    canaries_and_a_public_page();
    ask(AT(1, 1), "0 c20+ c21+ c22+ c23+ c24+ c25+");
    ask(AT(2, 1), "0 c21+ c22+ c23+ c24+ c25+ c26+");
    assert_int_equal(look(0)->absent->sound.days, 0);
    assert_int_equal(look(0)->absent->pending.days, 2);
    assert_true(silence_wants_recheck(look(0), &audit.set));
    assert_int_equal(label_of(0).reason, REASON_UNCONFIRMED);
    page(0, AT(2, 1), PUBLIC);            // "at or after": the same second will do
    assert_true(look(0)->confirmed);
    assert_false(silence_wants_recheck(look(0), &audit.set));
}

static void without_recheck_the_first_public_page_has_to_do(void **state)
{
    (void)state;
    audit.set.page_recheck = false;
    canaries_and_a_public_page();
    page(1, AT(0, 2), PUBLIC);
    ask(AT(1, 1), "0 1 c20+ c21+ c22+ c23+ c24+ c25+");
    ask(AT(2, 1), "0 1 c21+ c22+ c23+ c24+ c25+ c26+");
    assert_true(
        look(0)->confirmed);    // or an audit with two such items in a window would never end
    assert_true(look(1)->confirmed);
    page(1, AT(2, 2), SELF_ONLY);
    assert_false(look(0)->confirmed);
}

static void two_absences_on_one_day_are_one_day(void **state)
{
    (void)state;
    canaries_and_a_public_page();
    ask(AT(1, 0), "0 c20+ c21+");
    ask(AT(1, 0) + 86399, "0 c20+ c21+");
    page(0, AT(2, 0), PUBLIC);
    assert_int_equal(look(0)->absent->sound.days, 1);
    assert_int_equal(look(0)->absent->day[0].sound, 2);
    ask(AT(2, 0), "0 c20+ c21+");         // one second later is another day
    assert_int_equal(look(0)->absent->sound.days, 2);
}

static void replies_that_are_loaded_out_of_order_give_the_same_days(void **state)
{
    double in_order;

    (void)state;
    two_good_days();
    ask(AT(2, 3), "0 c20+ c21+");
    page(0, AT(4, 2), PUBLIC);
    in_order = look(0)->absent->residual;
    ask(AT(3, 1), "0 c20+ c22+");
    ask(AT(1, 4), "0 c20+ c23+");         // a day that was counted before
    ask(AT(3, 2), "0 c20+ c24+");
    assert_int_equal(look(0)->absent->sound.days, 3);
    for (int i = 0; i < 3; i++)
        assert_int_equal(look(0)->absent->day[i].day, DAY0 + 1 + i);
    assert_int_equal(look(0)->absent->sound.last_at, AT(3, 2));
    assert_true(look(0)->absent->residual < in_order);
}

/* ---- not public, and what vanishes ---- */

static void not_public_item_needs_one_complete_reply(void **state)
{
    (void)state;
    page(0, AT(0, 2), SELF_ONLY);
    page(1, AT(0, 2), REGION);
    ask_in(AT(1, 1), FROM, TO, false, "0 1");
    assert_false(look(0)->confirmed);
    assert_int_equal(label_of(0).reason, REASON_NOT_ASKED);
    ask(AT(1, 2), "0 1");                 // no canary, and a dead mate each
    assert_true(look(0)->confirmed);
    assert_int_equal(look(0)->standing, STANDING_NOT_PUBLIC);
    assert_int_equal(look(1)->standing, STANDING_RESTRICTED);
    assert_int_equal(label_of(0).label, LABEL_PRIVATE);
    assert_int_equal(label_of(1).label, LABEL_UNKNOWN);
    assert_int_equal(label_of(1).reason, REASON_REGION_BLOCKED);
}

static void vanished_after_its_confirmation_keeps_its_label(void **state)
{
    struct label_row before, after;

    (void)state;
    two_good_days();
    before = label_of(0);
    page(0, AT(3, 1), SELF_ONLY);
    after = label_of(0);
    assert_int_equal(before.state, STATE_MISSING);
    assert_int_equal(before.label, LABEL_UNKNOWN);
    assert_int_equal(before.later_refused_at, 0);
    assert_int_equal(after.label, before.label);
    assert_int_equal(after.reason, REASON_UNEXPLAINED);
    assert_int_equal(after.page, ANSWER_PUBLIC);
    assert_int_equal(after.page_at, AT(2, 2));
    assert_int_equal(after.later_refused_at, AT(3, 1));
    assert_true(look(0)->late_refusal);
    ask(AT(4, 1), "0 c20+ c21+");         // says nothing of the time when it was public
    assert_int_equal(look(0)->absent->sound.days, 2);
}

static void vanished_before_its_confirmation_is_not_public(void **state)
{
    (void)state;
    canaries_and_a_public_page();
    ask(AT(1, 1), "0 c20+ c21+");
    page(0, AT(1, 2), PUBLIC);
    ask(AT(2, 1), "0 c20+ c21+");
    page(0, AT(2, 2), SELF_ONLY);
    assert_int_equal(look(0)->absent->sound.days, 1);
    assert_false(look(0)->late_refusal);
    assert_int_equal(label_of(0).label, LABEL_PRIVATE);
    assert_int_equal(label_of(0).later_refused_at, 0);
}

static void refused_and_public_again_is_public(void **state)
{
    (void)state;
    ask(AT(0, 1), "20+ 21+ 22+");
    page(0, AT(0, 2), SELF_ONLY);
    ask(AT(1, 1), "0 c20+ c21+");
    assert_true(look(0)->confirmed);
    page(0, AT(1, 2), PUBLIC);
    assert_int_equal(look(0)->standing, STANDING_PUBLIC);
    assert_false(look(0)->confirmed);     // silent while it was refused: that day is no day
    assert_int_equal(look(0)->absent->sound.days, 0);
    assert_int_equal(label_of(0).reason, REASON_UNCONFIRMED);
    ask(AT(2, 1), "0 c20+ c21+ c22+ c23+ c24+ c25+");
    ask(AT(3, 1), "0 c21+ c22+ c23+ c24+ c25+ c26+");
    page(0, AT(3, 2), PUBLIC);
    assert_int_equal(label_of(0).reason, REASON_UNEXPLAINED);
}

static void no_answer_takes_nothing_away(void **state)
{
    (void)state;
    two_good_days();
    no_page(0, AT(3, 1), 5);
    assert_true(look(0)->confirmed);
    assert_int_equal(look(0)->standing, STANDING_PUBLIC);
}

static void retrieved_once_is_retrieved(void **state)
{
    (void)state;
    two_good_days();
    ask(AT(3, 1), "0+");
    load_view();
    assert_null(view_find(view, 1));
    assert_int_equal(label_of(0).state, STATE_RETRIEVED);
    assert_int_equal(label_of(0).reason, REASON_AFTER_RETRIES);
    page(0, AT(4, 1), SELF_ONLY);
    assert_int_equal(label_of(0).state, STATE_RETRIEVED);
}

/* ---- the probability ---- */

/* Nothing recovered, one public and silent, six canaries that were found at once
 * on each of two days (a quarter of an ask each): 3 asks kept. Of the prior's two
 * parts Beta(0.5, 52.5) keeps the weight 0.9866 and Beta(1, 4) gets 0.0134, so E[s] =
 * 0.0120 and E[s^2] = 0.00115, 8.0 times its square: 2.83 for each of two days. A day
 * 0.005 + 0.995 * 2.83 * 0.0120 = 0.0388. pi is 1/6, shrunk to marks 0.083 and month 0.076. */
static void residual_is_what_the_hand_works_out(void **state)
{
    int alike = make_up_of(MATES_SOUND, false, 7);

    (void)state;
    two_good_days();
    look(0);
    assert_true(fabs(losses_prior(view_losses(view)) - 1.0 / 6) < 0.001 &&
                fabs(losses_belief(view_losses(view))->mean[alike] - 0.0120) < 0.0002);
    assert_true(fabs(swallow_power(&losses_belief(view_losses(view))->make_up[alike], 2) -
                     0.00115) < 0.00003);
    assert_true(fabs(look(0)->absent->residual - 0.000123) < 0.000004);
    assert_true(fabs(view_expected_wrong(view) - look(0)->absent->residual) < 1e-15);
}

static double residual_after_two_days(void)
{
    two_good_days();
    return look(0)->absent->residual;
}

/* A second ask on day 2 with other mates lowers what that day lost, but not
 * below the half in a hundred that all asks of a day share. */
static void second_ask_of_a_day_adds_less_than_another_day(void **state)
{
    double before = residual_after_two_days(), second, third;

    (void)state;
    ask(AT(2, 2), "0 c20+ c22+ c24+");
    second = look(0)->absent->residual;
    for (int i = 0; i < 6; i++) {
        char who[40];

        snprintf(who, sizeof who, "0 c%d+ c%d+", 20 + i, 21 + i);
        ask(AT(2, 3 + i), who);
    }
    third = look(0)->absent->residual;
    assert_true(second < before && second > before / 20);
    assert_true(third < second && third > before * 0.005 / 0.05);
}

static void the_same_mates_again_say_no_more(void **state)
{
    double before = residual_after_two_days();

    (void)state;
    ask(AT(3, 1), "0 c21+ c22+ c23+ c24+ c25+ c26+");
    page(0, AT(3, 2), PUBLIC);
    assert_int_equal(look(0)->absent->sound.days, 3);
    assert_true(fabs(look(0)->absent->residual - before) < 1e-12);
    ask(AT(3, 3), "0 c21+ c22+ c23+ c24+ c25+");
    page(0, AT(3, 4), PUBLIC);
    assert_true(look(0)->absent->residual < before / 2);
}

/* A dead mate on day 3: no day, but a factor of about 0.9 in the probability. */
static void unsound_absence_enters_the_probability_alone(void **state)
{
    double before = residual_after_two_days();

    (void)state;
    page(1, AT(2, 2), SELF_ONLY);
    ask(AT(3, 1), "0 1 c20+ c21+");
    page(0, AT(3, 2), PUBLIC);
    assert_int_equal(look(0)->absent->sound.days, 2);
    assert_true(losses_belief(view_losses(view))->mean[make_up_of(MATES_DEAD, false, 4)] > 0.75);
    assert_true(look(0)->absent->residual < before && look(0)->absent->residual > before / 2);
}

/* 60 of 61 silent items came back in the end, so this one well may as well: the
 * odds are about 30, and two days leave more than 0.001. */
static void days_enough_with_a_high_residual_stay_open(void **state)
{
    const struct silence *s;
    char who[24];

    (void)state;
    canaries_and_a_public_page();
    for (int i = 30; i < 90; i++) {
        snprintf(who, sizeof who, "%d", i);
        ask(AT(0, 1), who);
        snprintf(who, sizeof who, "%d+ c20+", i);
        ask(AT(0, 2), who);
    }
    two_good_days();
    assert_int_equal(look(0)->absent->sound.days, 2);
    assert_true(fabs(losses_prior(view_losses(view)) - 61.0 / 66) < 0.02 &&
                look(0)->absent->residual > 0.001 && look(0)->absent->residual < 0.01);
    assert_false(look(0)->confirmed);
    assert_int_equal(label_of(0).reason, REASON_UNCONFIRMED);
    s = look(0);
    assert_true(silence_wants_ask(s, view, &audit.set, AT(3, 0)));
    ask(AT(3, 1), "0 c20+ c21+");
    page(0, AT(3, 2), PUBLIC);
    assert_true(look(0)->confirmed);
    assert_int_equal(label_of(0).sound_days, 3);
}

/* ---- what follows from it ---- */

/* Item 0 is confirmed and was asked once more, beside item 1: until its page is
 * read after that, it is a suspect to item 1, which waits for nothing else. */
static void confirmed_mate_is_read_again_for_the_others(void **state)
{
    (void)state;
    two_good_days();
    page(1, AT(2, 3), PUBLIC);
    ask(AT(3, 1), "0 1 c20+ c21+");
    ask(AT(4, 1), "1 c20+ c21+");
    page(1, AT(4, 2), PUBLIC);
    assert_true(look(0)->confirmed && silence_wants_recheck(look(0), &audit.set));
    assert_int_equal(look(1)->absent->sound.days, 1);
    page(0, AT(4, 3), PUBLIC);
    assert_false(silence_wants_recheck(look(0), &audit.set));
    assert_int_equal(look(1)->absent->sound.days, 2);
    assert_true(look(1)->confirmed);
}

/* Ten calls allow one check by a single id; what it finds is retrieved, and its
 * silence adds no day. */
static void confirmed_items_are_checked_by_single_ids(void **state)
{
    const struct silence *spot[4] = {0};

    (void)state;
    two_good_days();
    load_view();
    assert_int_equal(view_spots(view, &audit.set, 7, spot, 4), 0);
    for (int i = 0; i < 12; i++)
        ask(AT(2, 3 + i), "c20+ c21+");
    load_view();
    assert_int_equal(view_spots(view, &audit.set, 7, spot, 4), 1);
    assert_true(spot[0] == view_find(view, 1) && !spot[0]->spotted);
    audit.set.api_spot_check = 0;
    assert_int_equal(view_spots(view, &audit.set, 7, spot, 4), 0);
    audit.set.api_spot_check = 300;
    ask(AT(3, 1), "s0");
    load_view();
    assert_int_equal(view_spot_sum(view).asked, 1);
    assert_int_equal(view_spot_sum(view).back, 0);
    assert_int_equal(view_spots(view, &audit.set, 7, spot, 4), 0);
    assert_true(look(0)->spotted && look(0)->confirmed && look(0)->absent->sound.days == 2);
    ask(AT(3, 2), "s0+");
    load_view();
    assert_int_equal(view_spot_sum(view).back, 1);
    assert_int_equal(label_of(0).state, STATE_RETRIEVED);
}

static void oembed_public(int i, int64_t at)
{
    struct request r = { .witness = WITNESS_OEMBED, .loaded = true, .complete = true, .http = 200,
                         .reserved_at = at, .sent_at = at, .done_at = at };
    struct answer a = {
        .id = ID(i), .item = i + 1, .witness = WITNESS_OEMBED, .kind = ANSWER_PUBLIC, .at = at
    };
    struct err err = {0};

    if (sink.reserve(sink.to, &r, &err) || sink.put(sink.to, &r, &a, &err) ||
        sink.done(sink.to, &r, &err))
        fail_msg("%s", err.msg);
}

/* With oEmbed first the batch of round 1 is public by oEmbed, its own rows are
 * its canaries, and its silence is the first day. */
static void oembed_before_round_1_makes_its_silence_count(void **state)
{
    (void)state;
    free(audit.set.page_first);
    audit.set.page_first = xstrdup("oembed");
    oembed_public(0, AT(1, 0));
    box_round = 1;
    ask(AT(1, 1), "0 20+ 21+ 22+ 23+ 24+ 25+ 26+ 27+ 28+ 29+ 30+ 31+");
    box_round = 2;
    page(0, AT(1, 2), PUBLIC);
    assert_int_equal(look(0)->absent->sound.days, 1);
    ask(AT(2, 1), "0 c21+ c22+ c23+ c24+ c25+ c26+ c27+ c28+ c29+ c30+ c31+");
    page(0, AT(2, 2), PUBLIC);
    assert_true(look(0)->confirmed);
}

static void nothing_is_due_when_all_is_confirmed(void **state)
{
    struct outlook o;
    struct err err = {0};

    (void)state;
    two_good_days();
    set_clock(AT(5, 0));
    for (int i = 1; i < ITEMS; i++)       // all others came back, and their pages need no reading
        if (i < 20 || i > 26) {
            char who[8];

            snprintf(who, sizeof who, "%d+", i);
            ask(AT(3, 1), who);
        }
    assert_int_equal(sink.commit(sink.to, &err), 0);
    assert_int_equal(outlook_make(&audit, &o, &err), 0);
    assert_true(o.finished);
    assert_int_equal(o.next_at, 0);
}

static void waiting_for_another_day_names_the_next_midnight(void **state)
{
    struct outlook o;
    struct err err = {0};

    (void)state;
    canaries_and_a_public_page();
    ask(AT(1, 1), "0 c20+ c21+");
    set_clock(AT(1, 5));
    assert_int_equal(outlook_make(&audit, &o, &err), 0);
    assert_false(o.finished);
    assert_int_equal(o.waiting_day, 1);
}

static void clock_that_went_back_makes_nothing_due(void **state)
{
    struct read_due due;
    struct outlook o;
    struct err err = {0};

    (void)state;
    canaries_and_a_public_page();
    ask(AT(1, 1), "0 c20 c21+");
    ask(AT(2, 1), "0 c20 c21+");
    set_clock(AT(1, 0));
    load_view();
    assert_int_equal(read_due(&audit, view, &due, &err), 0);
    assert_int_equal(due.rechecks, 0);    // a page read now would not be one after the absence
    assert_int_equal(due.canaries, 0);
    assert_int_equal(outlook_make(&audit, &o, &err), 0);
    assert_false(o.finished);
    set_clock(AT(2, 2));
    assert_int_equal(read_due(&audit, view, &due, &err), 0);
    assert_int_equal(due.rechecks, 1);
    assert_int_equal(due.canaries, 1);    // lost twice, read once
}

static void classify_counts_what_moved(void **state)
{
    struct classify_result first, same, later;
    struct err err = {0};

    (void)state;
    two_good_days();
    assert_int_equal(sink.commit(sink.to, &err), 0);
    assert_int_equal(
        labels_make(&audit, &first, &err) || labels_make(&audit, &same, &err), 0);
    assert_int_equal(first.moved, 0);     // nothing stood there before
    assert_int_equal(same.moved, 0);
    ask(AT(3, 1), "0+ 1+");
    assert_int_equal(sink.commit(sink.to, &err), 0);
    assert_int_equal(labels_make(&audit, &later, &err), 0);
    assert_int_equal(later.moved, 2);     // missing, and not asked: both retrieved
}

static void page_of_mara(int i, int64_t at, const char *place)
{
    struct record rec = { .id = ID(i) };
    struct answer a = { .kind = ANSWER_PUBLIC, .has_code = true, .record = &rec };

    rec.val[FIELD_AUTHOR_ID] = value_text(STR("9"));
    rec.val[FIELD_AUTHOR] = value_text(STR("mara"));
    if (place)
        rec.val[FIELD_PLACE] = value_text(str_of(place));
    read_page(i, at, &a);
}

/* Two of three posts were made in Canada, and one of these is hidden before its absence
 * is confirmed: what it showed still says where the account is. */
static void vanished_post_still_tells_of_its_account(void **state)
{
    (void)state;
    ask(AT(0, 1), "20+ 21+ 22+ 23+ 24+ 25+ 26+");
    for (int i = 0; i < 3; i++)
        page_of_mara(i, AT(0, 2), i ? "CA" : NULL);
    ask(AT(1, 1), "0 1 c20+ c21+ c22+ c23+ c24+ c25+");
    ask(AT(1, 1), "2 c20+ c21+ c22+ c23+ c24+ c26+");
    page(2, AT(1, 2), SELF_ONLY);
    ask(AT(2, 1), "0 1 c21+ c22+ c23+ c24+ c25+ c26+");
    for (int i = 0; i < 2; i++)
        page_of_mara(i, AT(2, 2), i ? "CA" : NULL);
    assert_int_equal(label_of(2).label, LABEL_PRIVATE);
    assert_int_equal(label_of(0).reason, REASON_ACCOUNT_CANADA);
}

static void donate(int byte, int first, int last)
{
    struct new_item it[ITEMS] = {{0}};
    struct add_count counts = {0};
    struct digest d = {{ (uint8_t)byte }};
    struct err err = {0};
    int64_t source;

    for (int i = first; i <= last; i++)
        it[i - first].id = ID(i);
    assert_int_equal(store_source(audit.store, "donation", &d, &source, &err), 0);
    assert_int_equal(
        store_add_items(audit.store, source, it, (size_t)(last - first + 1), &counts, &err), 0);
}

/* Shares 1/2, 0 and 1/4; the fourth donor has nothing that is public. */
static void donors_share_is_the_mean_of_theirs(void **state)
{
    struct arena mem = {0};
    struct summary s, again;
    struct err err = {0};

    (void)state;
    donate(11, 0, 0), donate(11, 20, 20);
    donate(12, 20, 22);
    donate(13, 0, 0), donate(13, 20, 22);
    donate(14, 90, 95);
    two_good_days();
    assert_int_equal(sink.commit(sink.to, &err), 0);
    if (labels_refresh(&audit, &err) || summarize(&audit, &mem, &s, NULL, &err) ||
        summarize(&audit, &mem, &again, NULL, &err))
        fail_msg("%s", err.msg);
    assert_true(s.donors.has);
    assert_int_equal(s.donors.donors, 3);
    assert_true(fabs(s.donors.mean - 0.25) < 1e-12);
    assert_true(s.donors.interval.low >= 0 && s.donors.interval.low < 0.1);
    assert_true(s.donors.interval.high > 0.4 && s.donors.interval.high <= 0.5);
    assert_memory_equal(&s.donors, &again.donors, sizeof s.donors);
    arena_release(&mem);
}

/* Item 1 has gone since its page was read, and takes every batch with it. */
static void lost_canaries_have_pages_read_again(void **state)
{
    (void)state;
    canaries_and_a_public_page();
    page(1, AT(0, 2), PUBLIC);
    ask(AT(1, 1), "0 1 c20 c21");
    assert_false(silence_wants_recheck(look(0), &audit.set));    // once may be the batch
    ask(AT(1, 2), "0 1 c21 c22");
    assert_true(silence_wants_recheck(look(0), &audit.set));
    assert_true(silence_wants_recheck(look(1), &audit.set));
    assert_int_equal(silence_recheck_after(look(1)), AT(1, 2));
    page(0, AT(1, 3), PUBLIC);
    page(1, AT(1, 3), SELF_ONLY);
    assert_false(silence_wants_recheck(look(0), &audit.set));
    assert_false(silence_wants_recheck(look(1), &audit.set));
    ask(AT(1, 4), "0 c20+ c21+");                                // without it they come back
    assert_int_equal(look(0)->absent->pending.days, 1);
}

/* ---- the view that is kept ---- */

static const struct view *hold(void)
{
    const struct view *v = NULL;
    struct err err = {0};

    if (sink.commit(sink.to, &err) || audit_view_hold(&audit, &v, &err))
        fail_msg("%s", err.msg);
    return v;
}

static void let(const struct view *v)
{
    audit_view_let(&audit, v);
}

/* Labels, differences and notes are reckoned from what the view rests on, and
 * leave it as it is, also where labels are rolled back. An ask, a page, an item
 * make another. */
static void kept_view_is_as_new_as_the_store(void **state)
{
    struct new_item more = { .id = ID(ITEMS) };
    struct err err = {0};
    const struct view *v;

    (void)state;
    ask(AT(0, 1), "0 c20+ c21+");
    v = hold();
    let(v);
    assert_ptr_equal(hold(), v);
    label_of(20);
    assert_int_equal(differ_store(&audit, &err), 0);
    assert_int_equal(store_meta_set(audit.store, META_REVIEW, STR("x"), &err), 0);
    assert_int_equal(store_tally(audit.store, "note", STR("x"), &(struct counted){ 1, 1, 1 }, &err),
                     0);
    assert_int_equal(store_event(audit.store, "note", 1, STR("x"), &err), 0);
    assert_int_equal(store_set_sampled(audit.store, &(int64_t){ 21 }, 1, &err), 0);
    assert_int_equal(store_labels_begin(audit.store, &audit.rules_digest, STR(""), &err), 0);
    store_rollback(audit.store);
    let(v);
    assert_ptr_equal(hold(), v);
    assert_int_equal(view_find(v, 1)->standing, STANDING_UNREAD);
    page(0, AT(0, 2), PUBLIC);    // while v is held: it stays as it was
    let(hold());
    assert_int_equal(view_find(v, 1)->standing, STANDING_UNREAD);
    let(v);
    assert_int_equal(view_find(v = hold(), 1)->standing, STANDING_PUBLIC);
    let(v);
    assert_int_equal(view_find(v = hold(), 1)->asked, 1);
    let(v);
    ask(AT(1, 1), "0 c20+ c22+");
    assert_int_equal(view_find(v = hold(), 1)->asked, 2);
    let(v);
    add_items(&more, 1);
    assert_int_equal(view_max_item(v = hold()), ITEMS + 1);
    let(v);
    audit_view_forget(&audit);
    assert_int_equal(view_max_item(v = hold()), ITEMS + 1);
    let(v);
}

/* The same numbers as of a view made for itself, over a whole small audit. */
static void kept_view_equals_a_fresh_one(void **state)
{
    (void)state;
    for (int day = 0; day < 5; day++) {
        const struct view *v;
        const struct silence *s, *fresh;
        size_t n, fresh_n;

        ask(AT(day, 1), day < 3 ? "0 1 2 c20+ c21+ c22+" : "0+ 1 2 c20+ c23+ c24+");
        let(hold());
        page(day % 3, AT(day, 2), day == 4 ? SELF_ONLY : PUBLIC);
        v = hold();
        load_view();
        s = view_silences(v, &n);
        fresh = view_silences(view, &fresh_n);
        assert_true(n == fresh_n && view_found(v) == view_found(view) &&
                    view_max_item(v) == view_max_item(view));
        assert_true(view_requests(v) == view_requests(view) &&
                    losses_clean(view_losses(v)).asks == losses_clean(view_losses(view)).asks &&
                    losses_swallow(view_losses(v)) == losses_swallow(view_losses(view)));
        assert_true(view_expected_wrong(v) == view_expected_wrong(view));
        for (size_t i = 0; i < n; i++)
            assert_true(s[i].id == fresh[i].id && s[i].confirmed == fresh[i].confirmed &&
                        s[i].absent->residual == fresh[i].absent->residual);
        let(v);
    }
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(two_sound_days_between_public_pages_confirm),
        T(incomplete_reply_counts_for_nothing),
        T(mate_that_is_not_public_makes_the_batch_count_for_nothing),
        T(unread_mate_makes_the_batch_count_for_nothing),
        T(mate_public_only_before_is_a_suspect_until_read_again),
        T(restricted_mate_is_no_suspect),
        T(lost_canaries_have_pages_read_again),
        T(mate_that_the_api_returns_later_is_no_suspect),
        T(mate_that_vanished_after_the_ask_is_no_suspect),
        T(given_up_mate_is_a_lasting_suspect),
        T(window_that_begins_on_its_day_has_no_slack),
        T(window_that_ends_on_its_day_has_no_slack),
        T(one_day_of_slack_on_each_side_is_enough),
        T(slack_is_measured_from_the_creation_time_of_the_page),
        T(item_too_young_by_its_id_is_not_silent),
        T(item_too_young_by_its_page_is_not_silent),
        T(one_canary_back_is_enough),
        T(no_canary_back_counts_for_nothing),
        T(canary_that_is_known_as_not_public_makes_the_batch_count_for_nothing),
        T(canary_that_is_restricted_or_still_public_does_no_harm),
        T(lost_canaries_are_named_for_reading),
        T(canaries_of_another_window_stand_in_on_the_same_day),
        T(canaries_of_another_day_do_not_stand_in),
        T(canaries_that_stay_away_do_not_stand_in),
        T(window_with_retrieved_items_needs_canaries_of_its_own),
        T(silences_before_the_first_public_page_do_not_count),
        T(last_absence_needs_a_public_page_after_it),
        T(without_recheck_the_first_public_page_has_to_do),
        T(two_absences_on_one_day_are_one_day),
        T(replies_that_are_loaded_out_of_order_give_the_same_days),
        T(not_public_item_needs_one_complete_reply),
        T(vanished_after_its_confirmation_keeps_its_label),
        T(vanished_before_its_confirmation_is_not_public),
        T(refused_and_public_again_is_public),
        T(no_answer_takes_nothing_away),
        T(retrieved_once_is_retrieved),
        T(residual_is_what_the_hand_works_out),
        T(second_ask_of_a_day_adds_less_than_another_day),
        T(the_same_mates_again_say_no_more),
        T(unsound_absence_enters_the_probability_alone),
        T(days_enough_with_a_high_residual_stay_open),
        T(confirmed_mate_is_read_again_for_the_others),
        T(confirmed_items_are_checked_by_single_ids),
        T(oembed_before_round_1_makes_its_silence_count),
        T(nothing_is_due_when_all_is_confirmed),
        T(waiting_for_another_day_names_the_next_midnight),
        T(classify_counts_what_moved),
        T(vanished_post_still_tells_of_its_account),
        T(donors_share_is_the_mean_of_theirs),
        T(clock_that_went_back_makes_nothing_due),
        T(kept_view_is_as_new_as_the_store),
        T(kept_view_equals_a_fresh_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
