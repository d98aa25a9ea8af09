/* A pass over the pages that are due: who is asked how often, and what of it the store is asked.
 * The site is a function. Where the store lies on a server (BLINDSPOT_TEST_PG) its ways are
 * counted. */
#include "audit/turn/outlook.h"
#include "audit/turn/read.h"
#include "store/inner.h"
#include "tests/unit/audit_box.h"
#include "tests/unit/outside.h"

#define SILENT 40
#define CALLS_MOST 20

/* What the site says of an item, by its number: nothing so many times, then that. */
static struct {
    int mute;
    enum no_answer why;
    enum answer_kind kind;
    int asked;
} site[ITEMS + 1];
static int calls;
static int64_t trips[CALLS_MOST];    // of the store, when that run over the site had ended

static int answer_one(struct sink *to, const struct read_task *task, struct err *err)
{
    struct record rec = { .id = task->id };
    struct ask_member m = { .id = task->id, .item = task->item };
    struct request r = { .witness = task->witness, .member = &m, .members = 1, .http = 200 };
    struct answer a = { .id = task->id, .item = task->item, .witness = task->witness };
    const bool mute = site[task->item].asked++ < site[task->item].mute;

    if (to->reserve(to->to, &r, err))
        return -1;
    a.request = r.n;
    a.at = r.sent_at = r.done_at = utc_now();
    a.kind = mute ? ANSWER_NO_ANSWER : site[task->item].kind;
    a.why = mute ? site[task->item].why : NO_ANSWER_NONE;
    a.record = a.kind == ANSWER_PUBLIC ? &rec : NULL;
    a.generation = task->witness == WITNESS_EMBED ? GENERATION_EMBED : GENERATION_REHYDRATE;
    return to->put(to->to, &r, &a, err) || to->done(to->to, &r, err) ? -1 : 0;
}

static int scrape_here(const struct scrape_opts *o, struct read_source *source, struct sink *to,
                       struct scrape_result *out, struct err *err)
{
    struct arena mem = { 0 };
    struct read_task task;
    int got;

    (void)o;
    *out = (struct scrape_result){ 0 };
    while ((got = source->next(source->from, &mem, &task, err)) == 1)
        if (answer_one(to, &task, err)) {
            got = -1;
            break;
        }
    arena_release(&mem);
    if (got == 0)
        got = to->commit(to->to, err);
    if (calls < CALLS_MOST)
        trips[calls++] = db_trips(audit.store->db);
    return got;
}

/* Silent in a complete reply, so that their pages are due. */
static int setup_pass(void **state)
{
    char who[8 * SILENT];
    size_t n = 0;

    if (setup(state))
        return -1;
    memset(site, 0, sizeof site);
    for (int i = 0; i < SILENT; i++) {
        site[i + 1].kind = i % 2 ? ANSWER_PUBLIC : ANSWER_REFUSED;
        site[i + 1].why = NO_ANSWER_TIMEOUT;
        n += (size_t)snprintf(who + n, sizeof who - n, "%s%d", i ? " " : "", i);
    }
    calls = 0;
    audit.ask.scrape = scrape_here;
    audit.set.page_retry_base_ms = 0;
    ask(AT(0, 1), who);
    assert_int_equal(sink.commit(sink.to, &(struct err){ 0 }), 0);
    set_clock(AT(0, 2));
    return 0;
}

static void read_all_due(void)
{
    struct scrape_result out;
    struct read_due due;
    struct err err = { 0 };

    if (read_pass(&audit, &due, &out, &err))
        fail_msg("%s", err.msg);
    assert_int_equal(due.pages, SILENT);
}

static struct item_row row_of(int64_t item)
{
    struct item_row row;
    bool found;

    assert_int_equal(store_item(audit.store, item, &row, &found, &(struct err){ 0 }), 0);
    assert_true(found);
    return row;
}

static void what_gave_no_answer_is_asked_again_and_nothing_else(void **state)
{
    (void)state;
    site[3].mute = 2;
    site[4].mute = 100;
    read_all_due();
    assert_int_equal(calls, audit.set.page_attempts);
    for (int i = 1; i <= SILENT; i++)
        assert_int_equal(site[i].asked, i == 3 ? 3 : i == 4 ? audit.set.page_attempts : 1);
    assert_true(row_of(3).page == ANSWER_REFUSED && row_of(3).tries == 0);
    assert_true(row_of(4).page == ANSWER_NO_ANSWER && row_of(4).tries == audit.set.page_attempts);
    assert_int_equal(row_of(2).page, ANSWER_PUBLIC);
}

/* Its attempt of the day was had: the next turn asks nobody, and there is none after that. */
static void turn_in_which_nobody_may_be_asked_is_the_last(void **state)
{
    char *witnesses = audit.set.page_witnesses;

    (void)state;
    audit.set.page_witnesses = (char[]){ "page, embed" };
    site[7].mute = 100;
    site[7].why = NO_ANSWER_BLOCKED_ALONE;
    read_all_due();
    audit.set.page_witnesses = witnesses;
    assert_int_equal(site[7].asked, 2);    // its page, and its embed page
    assert_int_equal(calls, 4);            // each of them: those that are due, and nobody
}

/* While answers are being written: what a view and a list are made of is asked for along with the
 * counting of them, and who was asked with whom is the second way; then the rows of silences. */
static void view_and_what_is_due_come_with_what_is_written(void **state)
{
    const struct view *now;
    struct read_due due;
    struct err err = { 0 };
    int64_t before;

    (void)state;
    ask(AT(1, 1), "0 1 2");
    assert_int_equal(store_begin(audit.store, &err), 0);
    assert_int_equal(db_run(audit.store->db, Q_STATES_LOST, NO_ARGS, &err), 0);
    assert_int_equal(store_commit_later(audit.store, &err), 0);
    before = db_trips(audit.store->db);
    assert_int_equal(read_expect(&audit, &err), 0);
    assert_int_equal(audit_view_hold(&audit, &now, &err), 0);
    assert_int_equal(read_due(&audit, now, &due, &err), 0);
    audit_view_let(&audit, now);
    assert_int_equal(due.pages, SILENT);
    if (outside_server())
        assert_true(db_trips(audit.store->db) - before <= 2 + 1);
}

/* What several of its numbers rest on is looked at once, and asked for together. */
static void outlook_of_a_view_that_is_held_costs_one_way(void **state)
{
    const struct view *now;
    struct outlook o;
    struct err err = { 0 };
    int64_t before;

    (void)state;
    assert_int_equal(audit_view_hold(&audit, &now, &err), 0);
    before = db_trips(audit.store->db);
    assert_int_equal(outlook_make(&audit, &o, &err), 0);
    audit_view_let(&audit, now);
    assert_int_equal(o.to_read, SILENT);
    if (outside_server())
        assert_true(db_trips(audit.store->db) - before <= 1);
}

/* Rows on one way before the first turn; from then on what was written is known. */
static void turn_costs_one_way_to_a_server_and_those_after_it_none(void **state)
{
    (void)state;
    if (!outside_server())
        skip();
    for (int i = 1; i <= SILENT; i += 3)
        site[i].mute = i % 4;
    read_all_due();
    assert_int_equal(calls, 4);
    assert_int_equal(trips[3], trips[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup_pass, teardown)
        T(what_gave_no_answer_is_asked_again_and_nothing_else),
        T(turn_in_which_nobody_may_be_asked_is_the_last),
        T(view_and_what_is_due_come_with_what_is_written),
        T(outlook_of_a_view_that_is_held_costs_one_way),
        T(turn_costs_one_way_to_a_server_and_those_after_it_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
