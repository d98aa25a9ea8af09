/* Late checks: who is drawn, when they are asked again and beside whom, and
 * what counts as an item that comes and goes. */
#include "audit/turn/ask.h"
#include "silence/late.h"
#include "audit/verdict/label.h"
#include "audit/verdict/standing.h"
#include "audit/turn/outlook.h"
#include "audit/turn/rounds.h"
#include "tests/unit/audit_box.h"

#define SILENT 6                    // items 0 to 5 are public and missing, the others came back
#define DRAWN AT(2, 4)              // the day on which the audit is done

static void load_view(void)
{
    struct err err = {0};

    view_free(view);
    view = NULL;
    if (sink.commit(sink.to, &err) || audit_view_make(&audit, &view, &err))
        fail_msg("%s", err.msg);
}

static void pages(int from, int to, int64_t at, int code)
{
    for (int i = from; i < to; i++)
        page(i, at, code);
}

/* Everything is decided on day 2: six confirmed items, 114 retrieved ones. */
static void decide_all(void)
{
    char all[8 * ITEMS] = "0 1 2 3 4 5";
    size_t n = strlen(all);

    for (int i = SILENT; i < ITEMS; i++)
        n += (size_t)snprintf(all + n, sizeof all - n, " %d+", i);
    box_round = 1;
    ask(AT(0, 1), all);
    box_round = 2;
    pages(0, SILENT, AT(0, 2), PUBLIC);
    ask(AT(1, 1), "0 1 2 3 4 5 c20+ c21+");
    ask(AT(2, 1), "0 1 2 3 4 5 c20+ c22+");
    pages(0, SILENT, AT(2, 2), PUBLIC);
}

static void run_at(int64_t at)
{
    struct progress p;
    struct err err = {0};

    set_clock(at);
    if (sink.commit(sink.to, &err) || rounds_run(&audit, ROUNDS_READ, &p, &err))
        fail_msg("%s", err.msg);
}

static struct outlook outlook_at(int64_t at)
{
    struct outlook o = { 0 };
    struct err err = {0};

    set_clock(at);
    if (sink.commit(sink.to, &err) || outlook_make(&audit, &o, &err))
        fail_msg("%s", err.msg);
    return o;
}

static int box(void **state)
{
    int rc = setup(state);

    audit.set.api_late_check = 4;
    free(audit.set.page_retrieved_sample);
    audit.set.page_retrieved_sample = xstrdup("0");
    return rc;
}

static void drawn(void)
{
    decide_all();
    run_at(DRAWN);
    load_view();
    assert_int_equal(view_late(view)->drawn_at, DRAWN);
}

static enum late_outcome outcome(int i, int check)
{
    const struct late_item *it;

    load_view();
    it = late_find(view_late(view), i + 1);
    if (!it)
        fail_msg("item %d is not of the sample", i);
    return late_outcome(view_late(view), it, check);
}

/* Number k of the sample's missing, or retrieved, items; by number. */
static int nth(bool missing, int k)
{
    for (size_t i = 0; i < view_late(view)->n; i++)
        if (view_late(view)->v[i].missing == missing && k-- == 0)
            return (int)view_late(view)->v[i].item - 1;
    fail_msg("the sample has no such item");
    return -1;
}

static const char *words(const char *format, int a, int b, int c)
{
    static char text[80];

    snprintf(text, sizeof text, format, a, b, c);
    return text;
}

/* ---- the sample ---- */

static void sample_is_drawn_once_when_all_is_done(void **state)
{
    char ranks[2] = { 0, 0 };
    struct outlook o;

    (void)state;
    decide_all();
    ask(AT(2, 3), "7 c20+");    // an item that came back before is silent now: still retrieved
    audit.set.api_late_check = 0;
    run_at(DRAWN);
    load_view();
    assert_int_equal(view_late(view)->n, 0);                // off
    audit.set.api_late_check = 4;
    run_at(DRAWN);
    load_view();
    assert_int_equal(view_late(view)->n, 8);
    for (size_t i = 0; i < view_late(view)->n; i++) {
        const struct late_item *it = &view_late(view)->v[i];

        ranks[it->missing]++;
        assert_int_equal(it->missing, it->item <= SILENT);
        assert_int_equal(it->id, ID(it->item - 1));
        /* None that was left out has a lower rank. */
        for (int k = it->missing ? 0 : SILENT; k < (it->missing ? SILENT : ITEMS); k++)
            assert_true(late_find(view_late(view), k + 1) ||
                        digest_rank(buf_view(&audit.seed), ID(k)) >
                            digest_rank(buf_view(&audit.seed), it->id));
    }
    assert_int_equal(ranks[true], 4);
    assert_int_equal(ranks[false], 4);
    audit.set.api_late_check = 6;
    run_at(AT(3, 0));
    load_view();
    assert_int_equal(view_late(view)->n, 8);
    assert_int_equal(view_late(view)->drawn_at, DRAWN);
    o = outlook_at(AT(3, 0));
    assert_true(o.finished);
    assert_int_equal(o.late_items, 8);
    assert_int_equal(o.late_next_at, AT(16, 0));     // the day it was drawn and 14
}

static void nothing_is_drawn_while_something_is_left(void **state)
{
    (void)state;
    decide_all();
    audit.set.api_confirm_days = 3;                  // another day is wanted
    run_at(DRAWN);
    load_view();
    assert_int_equal(view_late(view)->n, 0);
}

static void refused_pages_are_not_drawn_from(void **state)
{
    (void)state;
    decide_all();
    pages(SILENT, 116, AT(2, 3), SELF_ONLY);         // returned, and deleted afterwards
    audit.set.api_late_check = 100;
    run_at(DRAWN);
    load_view();
    assert_int_equal(view_late(view)->n, SILENT + 4);
    for (int i = 116; i < ITEMS; i++)
        assert_false(late_find(view_late(view), i + 1)->missing);
}

static void list_that_is_damaged_is_an_error(void **state)
{
    static const char *bad[] = { "x missing 1", "", "5 missing 1 two", "5 missing 0", "5 -7" };
    struct late late;
    struct err err = {0};

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(late_read(str_of(bad[i]), &late, &err), *bad[i] ? -1 : 0);
        assert_int_equal(late.n, 0);
    }
    assert_int_equal(err.kind, ERR_IO);
}

/* The window is that of its creation, which the page may know better. */
static void item_is_asked_on_the_day_of_its_page(void **state)
{
    (void)state;
    decide_all();
    page_made_at(3, AT(2, 3), (int64_t)(MADE + 10) * 86400);
    audit.set.api_late_check = 6;
    run_at(DRAWN);
    load_view();
    assert_int_equal(late_find(view_late(view), 4)->day, MADE + 10);
    assert_int_equal(late_find(view_late(view), 5)->day, MADE);
}

/* ---- dates ---- */

static void checks_begin_after_14_and_30_days(void **state)
{
    static const struct {
        int day, check;
    } cases[] = { { 3, -1 }, { 15, -1 }, { 16, 0 }, { 22, 0 }, { 31, 0 }, { 32, 1 }, { 400, 1 } };

    (void)state;
    drawn();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct outlook o = outlook_at(AT(cases[i].day, 0));

        assert_int_equal(late_check_of(view_late(view), &audit.set, AT(cases[i].day, 0)),
                         cases[i].check);
        assert_int_equal(o.late_asks, cases[i].check < 0 ? 0 : 8);
        assert_int_equal(o.finished, cases[i].check < 0);
        assert_int_equal(o.late_next_at, cases[i].check < 0    ? AT(16, 0)
                                         : cases[i].check == 0 ? AT(32, 0)
                                                               : 0);
    }
    audit.set.api_late_check = 0;                    // switched off again
    assert_true(outlook_at(AT(20, 0)).finished);
}

static void check_is_made_once(void **state)
{
    struct outlook o;

    (void)state;
    drawn();
    for (int k = 0; k < 4; k++)
        ask(AT(20, 1), words("l%d l%d+", nth(true, k), nth(false, k), 0));
    o = outlook_at(AT(20, 2));
    assert_int_equal(o.late_asks, 0);
    assert_int_equal(o.late_pages, 4);
    assert_false(o.finished);
    for (int k = 0; k < 4; k++)
        page(nth(true, k), AT(20, 3), PUBLIC);
    o = outlook_at(AT(20, 4));
    assert_true(o.finished);
    assert_int_equal(o.late_next_at, AT(32, 0));
    assert_int_equal(outlook_at(AT(31, 23)).late_asks, 0);
    assert_int_equal(outlook_at(AT(32, 0)).late_asks, 8);
}

/* ---- what it says ---- */

static void missing_item_that_comes_back_is_retrieved(void **state)
{
    struct late_check sum;
    struct classify_result result;
    struct label_cursor *cursor = NULL;
    struct label_row l;
    struct loss_tally before[MAKE_UPS];
    struct err err = {0};
    int back, requests;

    (void)state;
    drawn();
    memcpy(before, losses_belief(view_losses(view))->seen, sizeof before);
    requests = (int)view_requests(view);
    back = nth(true, 1);
    ask(AT(20, 1), words("l%d l%d+ l%d+", nth(true, 0), back, nth(false, 0)));
    page(nth(true, 0), AT(20, 2), PUBLIC);
    assert_int_equal(outcome(back, 0), LATE_BACK);
    assert_int_equal(outcome(nth(true, 0), 0), LATE_AWAY);
    assert_int_equal(outcome(nth(false, 0), 0), LATE_BACK);
    assert_int_equal(outcome(nth(true, 2), 0), LATE_NOT_ASKED);
    assert_true(late_sum(view_late(view), 0, &sum));
    assert_int_equal(sum.missing.asked, 2);
    assert_int_equal(sum.missing.hits, 1);
    assert_int_equal(sum.retrieved.asked, 1);
    assert_int_equal(sum.retrieved.hits, 0);
    assert_int_equal(sum.first_day, DAY0 + 20);
    assert_false(late_sum(view_late(view), 1, &sum));
    /* Nothing of it enters the estimates or the sound days. */
    assert_memory_equal(losses_belief(view_losses(view))->seen, before, sizeof before);
    assert_int_equal(losses_clean(view_losses(view)).asks, 0);
    assert_int_equal(view_recovered(view), 0);
    assert_int_equal(view_requests(view), requests);
    assert_int_equal(view_find(view, nth(true, 0) + 1)->absent->sound.days, 2);
    assert_int_equal(view_find(view, nth(true, 0) + 1)->absent->days, 2);
    assert_int_equal(labels_make(&audit, &result, &err), 0);
    assert_int_equal(store_labels(audit.store, &cursor, &err), 0);
    while (label_cursor_next(cursor, &l, &err) > 0)
        if (l.id == ID(back)) {
            assert_int_equal(l.state, STATE_RETRIEVED);
            assert_int_equal(l.reason, REASON_AFTER_RETRIES);
        }
    label_cursor_close(cursor);
}

static void absent_retrieved_item_counts_by_its_page(void **state)
{
    struct late_check sum;
    int here, gone;

    (void)state;
    drawn();
    here = nth(false, 0);
    gone = nth(false, 1);
    ask(AT(20, 1), words("l%d l%d+", here, nth(false, 2), 0));
    ask(AT(20, 1), words("l%d l%d+", gone, nth(false, 3), 0));
    assert_int_equal(outcome(here, 0), LATE_WANTS_PAGE);
    assert_int_equal(outlook_at(AT(20, 1)).late_pages, 2);
    page(here, AT(20, 2), PUBLIC);
    page(gone, AT(20, 2), SELF_ONLY);
    assert_int_equal(outcome(here, 0), LATE_AWAY);
    assert_int_equal(outcome(gone, 0), LATE_REFUSED);
    late_sum(view_late(view), 0, &sum);
    assert_int_equal(sum.retrieved.asked, 3);
    assert_int_equal(sum.retrieved.hits, 1);
    assert_int_equal(sum.retrieved.refused, 1);
    /* On day 30 the one that is gone is not asked; day 14 stays what it was. */
    assert_int_equal(outlook_at(AT(32, 0)).late_asks, 7);
    ask(AT(32, 1), words("l%d l%d+", here, nth(false, 2), 0));
    page(here, AT(32, 2), SELF_ONLY);
    assert_int_equal(outcome(here, 0), LATE_AWAY);
    assert_int_equal(outcome(here, 1), LATE_REFUSED);
}

static void beside_an_id_that_was_gone_nothing_counts(void **state)
{
    int gone, away;

    (void)state;
    drawn();
    gone = nth(true, 0);
    away = nth(false, 0);
    ask(AT(20, 1), words("l%d l%d l%d+", gone, away, nth(false, 1)));
    page(gone, AT(20, 2), SELF_ONLY);
    page(away, AT(20, 2), PUBLIC);
    assert_int_equal(outcome(gone, 0), LATE_REFUSED);
    assert_int_equal(outcome(away, 0), LATE_WANTS_ASK);
    ask(AT(20, 3), words("l%d c%d+", away, nth(false, 1), 0));
    assert_int_equal(outcome(away, 0), LATE_WANTS_PAGE);
    page(away, AT(20, 4), PUBLIC);
    assert_int_equal(outcome(away, 0), LATE_AWAY);
}

static void reply_in_which_nothing_came_back_says_nothing(void **state)
{
    int away;

    (void)state;
    drawn();
    away = nth(true, 0);
    ask(AT(20, 1), words("l%d l%d", away, nth(false, 0), 0));
    page(away, AT(20, 2), PUBLIC);
    page(nth(false, 0), AT(20, 2), PUBLIC);
    assert_int_equal(outcome(away, 0), LATE_WANTS_ASK);
    assert_int_equal(outcome(nth(false, 0), 0), LATE_WANTS_ASK);
    ask(AT(20, 3), words("l%d", away, 0, 0));        // alone, on a day without any canary
    page(away, AT(20, 4), PUBLIC);
    assert_int_equal(outcome(away, 0), LATE_WANTS_ASK);
    ask(AT(20, 5), words("l%d", away, 0, 0));
    page(away, AT(20, 6), PUBLIC);
    assert_int_equal(outlook_at(AT(20, 7)).late_waiting,
                     1);    // three times are enough for one day
    assert_int_equal(outlook_at(AT(20, 7)).next_at, AT(20, 7));      // the others
    assert_int_equal(outlook_at(AT(21, 0)).late_waiting, 0);
    ask(AT(21, 1), words("l%d+", nth(false, 1), 0, 0));
    ask(AT(21, 1), words("l%d", away, 0, 0));
    page(away, AT(21, 2), PUBLIC);
    assert_int_equal(outcome(away, 0), LATE_AWAY);
}

static void page_without_an_answer_leaves_it_undecided(void **state)
{
    struct late_check sum;
    int away;

    (void)state;
    drawn();
    away = nth(true, 0);
    ask(AT(20, 1), words("l%d l%d+", away, nth(false, 0), 0));
    no_page(away, AT(20, 2), (int)audit.set.page_attempts);
    assert_int_equal(outcome(away, 0), LATE_UNDECIDED);
    late_sum(view_late(view), 0, &sum);
    assert_int_equal(sum.missing.asked, 0);
    assert_int_equal(sum.missing.undecided, 1);
}

/* ---- the requests ---- */

static struct noted { size_t members, late, canaries; int64_t item[100]; } noted[8];
static size_t noted_n;

static int note(const struct fetch_opts *o, struct ask_source *source, struct sink *to,
                struct fetch_result *out, struct err *err)
{
    struct arena mem = {0};
    struct request r;
    int got;

    (void)o;
    (void)to;
    (void)out;
    while ((got = source->next(source->from, &mem, &r, err)) > 0) {
        struct noted *n = &noted[noted_n++];

        assert_true(noted_n <= 8);
        assert_true(r.start_day <= MADE - 1 && r.end_day >= MADE + 1);
        *n = (struct noted){ .members = r.members };
        for (size_t i = 0; i < r.members; i++) {
            n->late += r.member[i].role == ROLE_LATE;
            n->canaries += r.member[i].role == ROLE_CANARY;
            n->item[i] = r.member[i].item;
            for (size_t k = 0; k < i; k++)
                assert_int_not_equal(n->item[k], n->item[i]);
        }
    }
    arena_release(&mem);
    return got;
}

static struct ask_tally pass_at(int64_t at)
{
    struct fetch_result result;
    struct ask_tally tally;
    struct err err = {0};

    set_clock(at);
    audit.ask = (struct answerers){ .fetch = note };
    noted_n = 0;
    load_view();
    if (ask_pass(&audit, view, &tally, &result, &err))
        fail_msg("%s", err.msg);
    return tally;
}

static void sample_travels_together(void **state)
{
    (void)state;
    drawn();
    assert_int_equal(pass_at(AT(15, 23)).requests[ASK_LATE], 0);
    assert_int_equal(noted_n, 0);
    assert_int_equal(pass_at(AT(20, 1)).requests[ASK_LATE], 1);
    assert_int_equal(noted_n, 1);
    assert_int_equal(noted[0].late, 8);
    assert_int_equal(noted[0].canaries, 0);          // the retrieved ones are its canaries
}

static void what_is_asked_again_has_canaries_and_no_dead_mates(void **state)
{
    int gone;

    (void)state;
    drawn();
    gone = nth(true, 0);
    ask(AT(20, 1), words("l%d l%d l%d", gone, nth(true, 1), nth(false, 0)));
    pass_at(AT(20, 2));
    assert_int_equal(noted[0].late, 5);              // their pages first
    page(gone, AT(20, 2), SELF_ONLY);
    page(nth(true, 1), AT(20, 2), PUBLIC);
    page(nth(false, 0), AT(20, 2), PUBLIC);
    ask(AT(20, 3), words("l%d l%d+ l%d+", nth(true, 2), nth(false, 1), nth(false, 2)));
    ask(AT(20, 3), words("l%d l%d+ l%d+", nth(true, 3), nth(false, 3), nth(false, 2)));
    page(nth(true, 2), AT(20, 4), PUBLIC);
    page(nth(true, 3), AT(20, 4), PUBLIC);
    pass_at(AT(20, 5));
    assert_int_equal(noted_n, 1);
    assert_int_equal(noted[0].late, 2);
    assert_true(noted[0].canaries > 0);
    for (size_t i = 0; i < noted[0].members; i++)
        assert_int_not_equal(noted[0].item[i], gone + 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, box, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(sample_is_drawn_once_when_all_is_done),
        TEST(nothing_is_drawn_while_something_is_left),
        TEST(refused_pages_are_not_drawn_from),
        TEST(list_that_is_damaged_is_an_error),
        TEST(item_is_asked_on_the_day_of_its_page),
        TEST(checks_begin_after_14_and_30_days),
        TEST(check_is_made_once),
        TEST(missing_item_that_comes_back_is_retrieved),
        TEST(absent_retrieved_item_counts_by_its_page),
        TEST(beside_an_id_that_was_gone_nothing_counts),
        TEST(reply_in_which_nothing_came_back_says_nothing),
        TEST(page_without_an_answer_leaves_it_undecided),
        TEST(sample_travels_together),
        TEST(what_is_asked_again_has_canaries_and_no_dead_mates),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
