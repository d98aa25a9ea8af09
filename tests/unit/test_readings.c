/* The list of those who are watched, and what was ever said of them. */
#include "tests/unit/audit_box.h"

#include "store/asks.h"
#include "store/reply.h"
#include "store/watch.h"
#include "watch/reading.h"

static void watch(int i, enum watch_role role, const char *why)
{
    const struct watched w = { .item = i + 1, .role = role, .why = str_of(why) };
    struct err err = { 0 };
    int64_t fresh;

    if (store_watch_put(audit.store, &w, 1, &fresh, &err))
        fail_msg("%s", err.msg);
}

struct kept {
    struct reading v[32];
    size_t n;
    char code[32][48];
    int items;
};

/* The readings of item `wanted`. */
static struct {
    int64_t wanted;
    struct kept of;
} seen;

static int keep(void *to, const struct watched *w, const struct reading *r, size_t n,
                struct err *err)
{
    struct kept *k = to;

    (void)err;
    k->items++;
    for (size_t i = 0; w->item == seen.wanted && i < n && k->n < 32; i++) {
        k->v[k->n] = r[i];
        snprintf(k->code[k->n++], sizeof k->code[0], "%s", r[i].error_code);
    }
    return 0;
}

static struct kept *readings_of(int i)
{
    struct err err = { 0 };

    memset(&seen, 0, sizeof seen);
    seen.wanted = i + 1;
    if (store_watch_readings(audit.store, keep, &seen.of, &err))
        fail_msg("%s", err.msg);
    return &seen.of;
}

static void a_reading_says_who_else_was_asked_and_came_back(void **state)
{
    struct kept *k;

    (void)state;
    watch(0, WATCH_POST, "missing/public/unknown");
    watch(20, WATCH_CANARY, "");
    box_round = 2;
    ask(AT(1, 9), "0 1+ c20+ c21");
    ask(AT(1, 10), "0");
    ask(AT(1, 11), "c20+");
    ask(AT(1, 12), "0");
    box_round = 3;
    ask(AT(2, 9), "0+ c20");
    k = readings_of(0);
    assert_int_equal(k->items, 2);
    assert_int_equal(k->n, 4);
    assert_int_equal(k->v[0].kind, ANSWER_ABSENT);
    assert_int_equal(k->v[0].mates, 3);
    assert_int_equal(k->v[0].mates_back, 2);
    assert_int_equal(k->v[0].canaries, 2);
    assert_int_equal(k->v[0].canaries_back, 1);
    assert_false(reading_is_alone(&k->v[0]));
    assert_true(reading_is_alone(&k->v[1]));
    assert_true(reading_has_proof(&k->v[1]));
    assert_int_equal(k->v[1].round, 2);
    assert_int_equal(k->v[1].back_before, 2);
    assert_int_equal(k->v[1].back_after, 1);
    // nobody came back after it: the API may have stopped answering in between
    assert_int_equal(k->v[2].back_before, 3);
    assert_false(reading_has_proof(&k->v[2]));
    assert_int_equal(k->v[3].kind, ANSWER_FOUND);
    assert_int_equal(k->v[3].mates_back, 0);
    assert_int_equal(k->v[3].round_back, 1);
    k = readings_of(20);
    assert_int_equal(k->n, 3);
    assert_int_equal(k->v[0].canaries, 1);
    assert_int_equal(k->v[0].canaries_back, 0);
    assert_int_equal(k->v[0].mates_back, 1);
    box_round = 2;
}

/* Alone in its round: nothing shows that the API was answering at all. */
static void a_reply_without_anybody_has_no_proof(void **state)
{
    struct kept *k;

    (void)state;
    watch(0, WATCH_POST, "");
    ask(AT(1, 9), "0 c20");
    k = readings_of(0);
    assert_int_equal(k->n, 1);
    assert_int_equal(k->v[0].kind, ANSWER_ABSENT);
    assert_false(reading_has_proof(&k->v[0]));
    assert_int_equal(k->v[0].round_canaries, 1);
}

static void a_reply_that_is_not_whole_is_no_absence(void **state)
{
    struct kept *k;

    (void)state;
    watch(0, WATCH_POST, "");
    ask_in(AT(1, 9), FROM, TO, false, "0 1+");
    k = readings_of(0);
    assert_int_equal(k->n, 1);
    assert_int_equal(k->v[0].kind, ANSWER_NO_ANSWER);
    assert_true(k->v[0].answered);
}

/* A run that was killed between its send and its reply. */
static void a_request_without_an_end_is_a_reading_all_the_same(void **state)
{
    struct ask_member m = { .id = ID(0), .item = 1 };
    struct request r = { .witness = WITNESS_QUERY,
                         .round = 7,
                         .start_day = FROM,
                         .end_day = TO,
                         .member = &m,
                         .members = 1 };
    struct err err = { 0 };
    struct kept *k;

    (void)state;
    watch(0, WATCH_POST, "");
    set_clock(AT(3, 4));
    assert_int_equal(sink.reserve(sink.to, &r, &err), 0);
    k = readings_of(0);
    assert_int_equal(k->n, 1);
    assert_false(k->v[0].answered);
    assert_int_equal(k->v[0].kind, ANSWER_NO_ANSWER);
    assert_int_equal(k->v[0].at, AT(3, 4));
    assert_int_equal(k->v[0].round, 7);
}

static void pages_and_the_days_of_others_stand_in_their_order(void **state)
{
    const struct day_reading days[] = {
        { 1, DAY0, ANSWER_FOUND, ANSWER_COUNT },
        { 1, DAY0 + 9, ANSWER_ABSENT, ANSWER_REFUSED },
    };
    struct err err = { 0 };
    struct kept *k;

    (void)state;
    watch(0, WATCH_POST, "");
    page(0, AT(2, 3), PUBLIC);
    page(0, AT(3, 3), SELF_ONLY);
    ask(AT(2, 2), "0 1+");
    assert_int_equal(store_readings_put(audit.store, 5, days, 2, &err), 0);
    k = readings_of(0);
    assert_int_equal(k->n, 6);
    assert_int_equal(k->v[0].kind, ANSWER_FOUND);
    assert_int_equal(k->v[0].source, 5);
    assert_int_equal(k->v[0].at, AT(0, 0));
    assert_int_equal(k->v[0].round_back, 1);
    assert_int_equal(k->v[1].kind, ANSWER_ABSENT);
    assert_int_equal(k->v[2].kind, ANSWER_PUBLIC);
    assert_int_equal(k->v[2].witness, WITNESS_PAGE);
    assert_int_equal(k->v[3].kind, ANSWER_REFUSED);
    assert_int_equal(k->v[3].code, SELF_ONLY);
    assert_int_equal(k->v[4].witness, WITNESS_QUERY);
    assert_int_equal(k->v[5].witness, WITNESS_PAGE);
    assert_int_equal(k->v[5].kind, ANSWER_REFUSED);
}

static struct reply_wanted told_of(const struct reading *r, struct str *said, struct str *place)
{
    return (struct reply_wanted){ 1, r->request, r->witness, { r->evidence }, said, place };
}

/* Of a series of years there are more than one statement asks for. */
static void replies_are_told_together_each_in_its_own_words(void **state)
{
    enum { MANY = 9001 };
    static struct reply_wanted wanted[MANY];
    static struct str said[MANY], place[MANY];
    struct arena mem = { 0 };
    struct err err = { 0 };
    struct kept *k;

    (void)state;
    watch(0, WATCH_POST, "");
    ask(AT(2, 2), "0+");
    page(0, AT(2, 3), PUBLIC);
    page(0, AT(3, 3), SELF_ONLY);
    k = readings_of(0);
    assert_int_equal(k->n, 3);
    for (size_t i = 0; i < MANY; i++)
        wanted[i] = told_of(&k->v[2 - i % 3], &said[i], &place[i]);
    wanted[MANY - 1].request = 99;
    said[MANY - 1] = place[MANY - 1] = STR("as before");
    assert_int_equal(store_replies(audit.store, wanted, MANY, &mem, &err), 0);
    for (size_t i = 0; i + 1 < MANY; i++) {
        static const char *const words[] = { "10216", "0", "HTTP 200" };

        assert_true(str_eq(said[i], str_of(words[i % 3])));
    }
    assert_true(str_eq(said[MANY - 1], STR("as before")));
    assert_true(str_eq(place[MANY - 1], STR("as before")));
    assert_int_equal(store_replies(audit.store, NULL, 0, &mem, &err), 0);
    arena_release(&mem);
}

struct all {
    struct watched item[8];
    char why[8][40];
    size_t n;
    struct watch_round round[8];
    size_t rounds;
    struct alert_row alert[8];
    size_t alerts;
};

static int keep_item(void *to, const struct watched *w, struct err *err)
{
    struct all *a = to;

    (void)err;
    snprintf(a->why[a->n], sizeof a->why[0], "%.*s", STR_ARG(w->why));
    a->item[a->n++] = *w;
    return 0;
}

static int keep_round(void *to, const struct watch_round *r, struct err *err)
{
    struct all *a = to;

    (void)err;
    a->round[a->rounds++] = *r;
    return 0;
}

static int keep_alert(void *to, const struct alert_row *r, struct err *err)
{
    struct all *a = to;

    (void)err;
    a->alert[a->alerts++] = *r;
    return 0;
}

static void who_leaves_the_list_keeps_the_past_and_may_come_again(void **state)
{
    const struct watched both[] = { { .item = 1, .why = STR("a") }, { .item = 2 } };
    const int64_t one = 1;
    struct all a = { 0 };
    struct err err = { 0 };
    int64_t fresh;

    (void)state;
    set_clock(AT(1, 0));
    watch(0, WATCH_POST, "missing/public/unknown");
    set_clock(AT(2, 0));
    assert_int_equal(store_watch_end(audit.store, &one, 1, &err), 0);
    assert_int_equal(store_watched(audit.store, keep_item, &a, &err), 0);
    assert_int_equal(a.n, 1);
    assert_int_equal(a.item[0].until_at, AT(2, 0));
    set_clock(AT(3, 0));
    assert_int_equal(store_watch_put(audit.store, both, 2, &fresh, &err), 0);
    assert_int_equal(fresh, 2);
    assert_int_equal(store_watch_put(audit.store, both, 2, &fresh, &err), 0);
    assert_int_equal(fresh, 0);
    a.n = 0;
    assert_int_equal(store_watched(audit.store, keep_item, &a, &err), 0);
    assert_int_equal(a.n, 2);
    assert_int_equal(a.item[0].since_at, AT(1, 0));
    assert_int_equal(a.item[0].until_at, 0);
    assert_string_equal(a.why[0], "a");
    assert_int_equal(a.item[1].since_at, AT(3, 0));
}

/* `fetch` in the same folder has rounds too: no two have one number. */
static void a_round_has_a_number_of_its_own(void **state)
{
    struct all a = { 0 };
    struct err err = { 0 };
    int64_t first, second;

    (void)state;
    assert_int_equal(store_round_number(audit.store, &first, &err), 0);
    assert_int_equal(first, 2);    // 1 asks all items
    set_clock(AT(1, 0));
    assert_int_equal(store_round_begin(audit.store, 12, &first, &err), 0);
    assert_int_equal(first, 3);
    set_clock(AT(1, 1));
    assert_int_equal(store_round_end(audit.store, first, ROUND_QUOTA, &err), 0);
    assert_int_equal(store_round_begin(audit.store, 3, &second, &err), 0);
    assert_int_equal(second, 4);
    assert_int_equal(store_watch_rounds(audit.store, keep_round, &a, &err), 0);
    assert_int_equal(a.rounds, 2);
    assert_int_equal(a.round[0].ending, ROUND_QUOTA);
    assert_int_equal(a.round[0].due, 12);
    assert_int_equal(a.round[0].ended_at, AT(1, 1));
    assert_int_equal(a.round[1].ending, ROUND_OPEN);
    assert_int_equal(a.round[1].ended_at, 0);
}

static void an_alert_counts_its_tries_until_it_is_taken(void **state)
{
    struct all a = { 0 };
    struct err err = { 0 };

    (void)state;
    set_clock(AT(1, 0));
    assert_int_equal(store_alert_begun(audit.store, STR("lost-1-5"), &err), 0);
    assert_int_equal(store_alerts(audit.store, keep_alert, &a, &err), 0);
    assert_int_equal(a.alert[0].done_at, ALERT_BEGUN);
    assert_int_equal(store_alert_ended(audit.store, STR("lost-1-5"), false, &err), 0);
    set_clock(AT(1, 2));
    assert_int_equal(store_alert_begun(audit.store, STR("lost-1-5"), &err), 0);
    assert_int_equal(store_alert_ended(audit.store, STR("lost-1-5"), true, &err), 0);
    a.alerts = 0;
    assert_int_equal(store_alerts(audit.store, keep_alert, &a, &err), 0);
    assert_int_equal(a.alerts, 1);
    assert_int_equal(a.alert[0].tries, 2);
    assert_int_equal(a.alert[0].tried_at, AT(1, 2));
    assert_int_equal(a.alert[0].done_at, AT(1, 2));
}

/* ---- what a reply says ---- */

static enum watch_why why_of(struct reading r)
{
    r.error_code = r.error_code ? r.error_code : "";
    assert_int_equal(watch_reading_of(&r).said, WATCH_SAID_NOTHING);
    return watch_reading_of(&r).why;
}

#define OF_API(...) \
    (struct reading) { .witness = WITNESS_QUERY, .kind = ANSWER_NO_ANSWER, __VA_ARGS__ }
#define OF_PAGE(...) \
    (struct reading) { .witness = WITNESS_PAGE, .kind = ANSWER_NO_ANSWER, __VA_ARGS__ }

static void only_the_platforms_own_failure_is_its_outage(void **state)
{
    (void)state;
    assert_int_equal(why_of(OF_API(.answered = true, .http = 503)), WATCH_WHY_OUTAGE);
    assert_int_equal(why_of(OF_API(.answered = true, .http = 200, .error_code = "internal_error")),
                     WATCH_WHY_OUTAGE);
    assert_int_equal(why_of(OF_API(.answered = true, .error_code = "timeout")), WATCH_WHY_OURS);
    assert_int_equal(why_of(OF_API(.answered = true, .error_code = "dns")), WATCH_WHY_OURS);
    assert_int_equal(why_of(OF_API(.answered = true, .http = 429)), WATCH_WHY_OURS);
    assert_int_equal(why_of(OF_API(.answered = true, .http = 401)), WATCH_WHY_OURS);
    assert_int_equal(why_of(OF_API(.answered = true, .http = 200, .error_code = "not_json")),
                     WATCH_WHY_OURS);
    assert_int_equal(why_of(OF_API(.answered = false)), WATCH_WHY_OURS);
    assert_int_equal(why_of(OF_API(.source = 3, .answered = true)), WATCH_WHY_UNSAID);
    assert_int_equal(why_of(OF_PAGE(.why = NO_ANSWER_TIMEOUT)), WATCH_WHY_OURS);
    assert_int_equal(why_of(OF_PAGE(.why = NO_ANSWER_UNKNOWN_SHAPE)), WATCH_WHY_OURS);
    assert_int_equal(why_of(OF_PAGE(.why = NO_ANSWER_SERVER_ERROR)), WATCH_WHY_OUTAGE);
    assert_int_equal(why_of(OF_PAGE(.why = NO_ANSWER_CAPTCHA)), WATCH_WHY_BLOCK);
    assert_int_equal(why_of(OF_PAGE(.why = NO_ANSWER_TOO_MANY)), WATCH_WHY_BLOCK);
    assert_int_equal(why_of(OF_PAGE(.why = NO_ANSWER_LOGIN_WALL)), WATCH_WHY_BLOCK);
}

/* ---- what a round left out ---- */

static struct watch_readings filled(const struct reading *r, size_t n, enum round_ending ending)
{
    const struct watched w = { .item = 1, .since_at = AT(0, 0) };
    const struct watch_round rounds[] = {
        { .n = 2, .started_at = AT(1, 8), .ended_at = AT(1, 9), .ending = ROUND_DONE },
        { .n = 3, .started_at = AT(2, 8), .ended_at = AT(2, 9), .ending = ending },
    };
    struct watch_readings out = { 0 };

    watch_readings_of(&w, r, n, rounds, 2, &out);
    return out;
}

static void a_post_that_a_round_left_out_has_a_reading_of_it_with_the_reason(void **state)
{
    const struct reading before[] = {
        { .witness = WITNESS_QUERY, .at = AT(1, 8), .round = 2, .kind = ANSWER_FOUND },
    };
    const struct reading same_day[] = {
        { .witness = WITNESS_QUERY, .at = AT(2, 3), .kind = ANSWER_FOUND },
        { .witness = WITNESS_PAGE, .at = AT(2, 8) + 60, .round = 3, .kind = ANSWER_PUBLIC },
    };
    struct watch_readings r;

    (void)state;
    r = filled(before, 1, ROUND_QUOTA);
    assert_int_equal(r.n, 3);
    assert_int_equal(r.v[1].round, 3);
    assert_int_equal(r.v[1].witness, WATCH_BY_PAGE);
    assert_int_equal(r.v[2].witness, WATCH_BY_API);
    assert_int_equal(r.v[2].why, WATCH_WHY_OURS);
    watch_readings_release(&r);
    r = filled(before, 1, ROUND_DOWN);
    assert_int_equal(r.v[2].why, WATCH_WHY_OUTAGE);
    assert_int_equal(r.v[1].why, WATCH_WHY_OURS);
    watch_readings_release(&r);
    r = filled(before, 1, ROUND_BLOCKED);
    assert_int_equal(r.n, 2);
    assert_int_equal(r.v[1].witness, WATCH_BY_PAGE);
    assert_int_equal(r.v[1].why, WATCH_WHY_BLOCK);
    watch_readings_release(&r);
    r = filled(before, 1, ROUND_DONE);
    assert_int_equal(r.n, 1);
    watch_readings_release(&r);
    r = filled(same_day, 2, ROUND_QUOTA);    // nothing of it was due
    assert_int_equal(r.n, 2);
    watch_readings_release(&r);
}

#define BOXED(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOXED(a_reading_says_who_else_was_asked_and_came_back),
        BOXED(a_reply_without_anybody_has_no_proof),
        BOXED(a_reply_that_is_not_whole_is_no_absence),
        BOXED(a_request_without_an_end_is_a_reading_all_the_same),
        BOXED(pages_and_the_days_of_others_stand_in_their_order),
        BOXED(replies_are_told_together_each_in_its_own_words),
        BOXED(who_leaves_the_list_keeps_the_past_and_may_come_again),
        BOXED(a_round_has_a_number_of_its_own),
        BOXED(an_alert_counts_its_tries_until_it_is_taken),
        cmocka_unit_test(a_post_that_a_round_left_out_has_a_reading_of_it_with_the_reason),
        cmocka_unit_test(only_the_platforms_own_failure_is_its_outage),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
