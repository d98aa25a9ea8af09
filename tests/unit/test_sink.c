/* The sink: what stays of requests and answers, in every order and after kill. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <dirent.h>
#include <cmocka.h>

#include "base/file.h"
#include "base/utc.h"
#include "record/id.h"
#include "archive/archive.h"
#include "archive/warc.h"
#include "store/about.h"
#include "store/answers.h"
#include "store/asks.h"
#include "store/check.h"
#include "store/evidence.h"
#include "store/inner.h"
#include "store/items.h"
#include "store/known.h"
#include "store/ledger.h"
#include "store/meta.h"
#include "store/purge.h"
#include "store/records.h"
#include "store/replay.h"
#include "store/results.h"
#include "store/store.h"
#include "store/vantage.h"
#include "tests/unit/folder.h"
#include "tests/unit/temp.h"
#include "tests/unit/outside.h"

#define ID(i) (7300000000000000000ull + (uint64_t)(i) * 4294967296ull)
#define DAY(n) (INT64_C(1767225600) + (n) * INT64_C(86400))     // 2026-01-01 and on

static char dir[64], path[96], ledger_path[96], clock_path[96];
static struct store *s;
static struct ledger *ledger;
static struct archive *archive;
static struct keeper keeper;
static struct sink sink;

static void set_clock(int64_t at)
{
    char text[32];
    struct err err = {0};

    snprintf(text, sizeof text, "%lld", (long long)at);
    assert_int_equal(file_write(clock_path, str_of(text), &err), 0);
}

static void open_all(int64_t commit_every)
{
    struct sink_opts o = { .client = {{ 9 }}, .daily_requests = 3, .commit_every = commit_every };
    struct err err = {0};

    if (store_open(&s, path, true, &err) || ledger_open(&ledger, ledger_path, &err) ||
        archive_open(&archive, dir, "test", KEEP_PAGES, &err))
        fail_msg("%s", err.msg);
    o.ledger = ledger;
    keeper = archive_keeper(archive);
    o.keeper = &keeper;
    assert_int_equal(store_sink(s, &o, &sink, &err), 0);
}

static void close_all(void)
{
    struct err err = {0};

    store_sink_release(&sink);
    assert_int_equal(archive_close(archive, &err), 0);
    ledger_close(ledger);
    assert_int_equal(store_close(s, &err), 0);
}

static int setup(void **state)
{
    struct new_item it[200] = {{0}};
    struct add_count counts = {0};
    struct digest d = {{ 1 }};
    struct err err = {0};
    int64_t source;

    (void)state;
    temp_name(dir, sizeof dir);
    assert_non_null(mkdtemp(dir));
    snprintf(path, sizeof path, "%s/audit.db", dir);
    snprintf(ledger_path, sizeof ledger_path, "%s/state/blindspot/quota.db", dir);
    snprintf(clock_path, sizeof clock_path, "%s/clock", dir);
    set_clock(DAY(0));
    assert_int_equal(utc_use_file(clock_path, &err), 0);
    outside_place(path);    // BLINDSPOT_TEST_PG
    assert_int_equal(store_create(path, &err), 0);
    open_all(10);
    for (int i = 0; i < 200; i++)
        it[i].id = ID(i);
    snprintf(it[0].handle, sizeof it[0].handle, "mira");
    assert_int_equal(store_source(s, "list", &d, &source, &err), 0);
    assert_int_equal(store_add_items(s, source, it, 200, &counts, &err), 0);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    close_all();
    remove_all(dir);
    return 0;
}

/* ---- what an arm does ---- */
static struct request api_request(struct ask_member *m, size_t n, int first)
{
    for (size_t i = 0; i < n; i++)
        m[i] = (struct ask_member){ .id = ID(first + (int)i), .item = first + (int)i + 1 };
    return (struct request){ .witness = WITNESS_QUERY,
                             .round = 1,
                             .start_day = utc_day(id_time(ID(first))) - 1,
                             .end_day = utc_day(id_time(ID(first))) + 1,
                             .member = m,
                             .members = n };
}

static struct http_exchange exchange_of(const char *body)
{
    return (struct http_exchange){
        .url = "https://api.example/query",
        .status = 200,
        .done_at = utc_now(),
        .request_head = STR("POST /query HTTP/1.1\r\nHost: api.example\r\n\r\n"),
        .request_body = STR("{}"),
        .head = STR("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"),
        .body = str_of(body)
    };
}

static int reserve(struct request *r, struct err *err)
{
    int rc = sink.reserve(sink.to, r, err);

    if (rc == 0)
        r->sends++;
    return rc;
}

static void finish(struct request *r, int64_t at, bool complete, const struct record *rec)
{
    struct http_exchange x = exchange_of("{\"data\":{}}");
    struct err err = {0};

    r->done_at = at;
    r->complete = complete;
    r->http = complete ? 200 : 500;
    snprintf(r->error_code, sizeof r->error_code, "%s", complete ? "ok" : "internal_error");
    assert_int_equal(sink.exchange(sink.to, r, &x, &r->evidence, &err), 0);
    for (size_t i = 0; i < r->members; i++) {
        struct record one = rec ? *rec : (struct record){0};
        struct answer a = { .id = r->member[i].id,
                            .item = r->member[i].item,
                            .witness = r->witness,
                            .kind = ANSWER_FOUND,
                            .at = at,
                            .request = r->n,
                            .generation = GENERATION_API,
                            .record = &one,
                            .evidence = r->evidence };

        one.id = a.id;
        if (r->member[i].came_back)
            assert_int_equal(sink.put(sink.to, r, &a, &err), 0);
    }
    assert_int_equal(sink.done(sink.to, r, &err), 0);
}

static int64_t read_page(int item, int64_t at, enum answer_kind kind, enum no_answer why,
                         const struct record *rec)
{
    struct request r = { .witness = WITNESS_PAGE };
    struct http_exchange x = exchange_of("<html>");
    struct answer a = { .id = ID(item - 1),
                        .item = item,
                        .witness = WITNESS_PAGE,
                        .kind = kind,
                        .at = at,
                        .why = why,
                        .has_code = kind == ANSWER_REFUSED,
                        .code = 10204,
                        .region = STR("DE"),
                        .message = kind == ANSWER_REFUSED ? STR("item doesn't exist") : STR_NONE,
                        .generation = GENERATION_REHYDRATE,
                        .engine = kind == ANSWER_REFUSED ? ENGINE_BROWSER : ENGINE_HTTP,
                        .record = rec };
    struct err err = {0};

    assert_int_equal(reserve(&r, &err), 0);
    r.done_at = at;
    r.http = 200;
    assert_int_equal(sink.exchange(sink.to, &r, &x, &r.evidence, &err), 0);
    assert_int_equal(sink.put(sink.to, &r, &a, &err), 0);
    assert_int_equal(sink.done(sink.to, &r, &err), 0);
    return r.n;
}

static struct item_row item(int64_t n)
{
    struct item_row row = {0};
    struct err err = {0};
    bool found;

    assert_int_equal(store_item(s, n, &row, &found, &err), 0);
    assert_true(found);
    return row;
}

static struct record made_record(const char *caption, int64_t views)
{
    struct record r = {0};

    r.val[FIELD_CREATED] = value_int(DAY(-30));
    r.val[FIELD_AUTHOR] = value_text(STR("mira"));
    r.val[FIELD_CAPTION] = value_text(str_of(caption));
    r.val[FIELD_VIEWS] = value_int(views);
    return r;
}

/* ---- tests ---- */
static void complete_reply_counts_everyone_and_an_incomplete_one_nobody(void **state)
{
    struct ask_member m[3];
    struct request r = api_request(m, 3, 0);
    struct record rec = made_record("hello", 5);
    struct err err = {0};

    (void)state;
    assert_int_equal(reserve(&r, &err), 0);
    assert_int_equal(r.n, 1);
    assert_int_equal(item(1).asked, 0);
    m[1].came_back = true;
    finish(&r, DAY(0) + 5, true, &rec);
    assert_true(item(1).asked == 1 && item(1).days == 1 && item(1).first_at == DAY(0) + 5);
    assert_true(item(1).absent_before_found == 1 && item(1).sent_at == DAY(0));
    assert_true(item(2).asked == 1 && item(2).found_first_at == DAY(0) + 5 &&
                item(2).absent_before_found == 0);
    assert_int_equal(item(2).api_created, DAY(-30));
    assert_true(item(2).api_request == 1 && item(1).api_request == 1);
    r = api_request(m, 2, 0);
    assert_int_equal(reserve(&r, &err), 0);
    finish(&r, DAY(0) + 50, false, NULL);
    assert_true(item(1).asked == 1 && item(1).sent_at == DAY(0));
}

static int64_t statements_for(int first, size_t n)
{
    static struct ask_member m[100];
    struct request r = api_request(m, n, first);
    struct record rec = made_record("hello", 5);
    int64_t before = db_statements(s->db);
    struct err err = {0};

    for (size_t i = 0; i < n; i += 2)
        m[i].came_back = true;
    assert_int_equal(reserve(&r, &err), 0);
    finish(&r, DAY(0) + 5, true, &rec);
    return db_statements(s->db) - before;
}

/* Whatever the ids: a hundred of them cost the statements of two. */
static void request_costs_a_fixed_number_of_statements(void **state)
{
    int64_t two;

    (void)state;
    close_all();
    open_all(1);
    statements_for(0, 2);                   // what is looked up once is behind us
    two = statements_for(10, 2);
    assert_true(two > 0);
    assert_int_equal(statements_for(20, 100), two);
}

static int64_t number_at(const void *of, size_t i) { return ((const int64_t *)of)[i]; }

/* A post whole but for its author, as one reading found it. */
static struct answer nearly(const struct request *r, int64_t at)
{
    return (struct answer){ .id = ID(0), .item = 1, .witness = WITNESS_PAGE,
                            .kind = ANSWER_NO_ANSWER, .why = NO_ANSWER_NO_AUTHOR, .at = at,
                            .nearly = true, .message = STR("whole but for author: 1"),
                            .generation = GENERATION_REHYDRATE, .request = r->n };
}

/* Whether a reading at that instant confirms the one that was kept. */
static bool settles(bool loaded, int64_t at)
{
    struct request r = { .witness = WITNESS_PAGE, .loaded = loaded };
    struct answer a;
    struct err err = {0};

    assert_int_equal(reserve(&r, &err), 0);
    r.done_at = at;
    a = nearly(&r, at);
    assert_int_equal(sink_settle(&sink, &a, &err), 0);
    assert_int_equal(sink.put(sink.to, &r, &a, &err), 0);
    assert_int_equal(sink.done(sink.to, &r, &err), 0);
    return a.kind == ANSWER_PUBLIC;
}

static void second_reading_settles_and_a_file_loaded_twice_is_one(void **state)
{
    (void)state;
    assert_false(settles(true, DAY(0)));
    assert_false(settles(true, DAY(0)));
    assert_true(settles(true, DAY(1)));
}

static void two_reads_within_a_second_are_two_readings(void **state)
{
    (void)state;
    assert_false(settles(false, DAY(0)));
    assert_true(settles(false, DAY(0)));
}

/* Rows that are read ahead, with what was nearly an answer. */
static struct items_ahead *look_ahead(void)
{
    static const int64_t one = 1;
    const struct items_wanted want = { .item = number_at, .of = &one, .n = 1, .nearly = true };
    struct items_ahead *rows = items_ahead_open(s, &want);
    struct item_row row;
    struct err err = { 0 };
    bool found;

    assert_int_equal(items_ahead_row(rows, 0, &row, &found, &err), 0);
    assert_true(found);
    return rows;
}

static void what_is_read_ahead_settles_a_reading_as_the_store_does(void **state)
{
    struct items_ahead *rows = look_ahead();
    int64_t before;

    (void)state;
    assert_false(settles(true, DAY(0)));
    assert_int_equal(sink.commit(sink.to, &(struct err){ 0 }), 0);
    assert_int_equal(sink.drift(sink.to, "page_key", STR("x"), 1, DAY(0), &(struct err){ 0 }), 0);
    before = db_statements(s->db);
    assert_false(settles(true, DAY(0)));    // the same file again
    assert_int_equal(db_statements(s->db), before);    // nobody was asked
    assert_int_equal(sink.commit(sink.to, &(struct err){ 0 }), 0);
    assert_true(settles(true, DAY(1)));
    items_ahead_close(rows);
    assert_int_equal(sink.commit(sink.to, &(struct err){ 0 }), 0);
    rows = look_ahead();
    assert_true(settles(true, DAY(2)));
    items_ahead_close(rows);
    store_rollback(s);                      // what it knew may not hold
    assert_true(settles(true, DAY(3)));
}

static int64_t found_now(void)
{
    struct err err = {0};
    int64_t found;

    assert_int_equal(store_count_found(s, &found, &err), 0);
    return found;
}

/* The sink keeps the number; what a replay forgets, and what is rolled back, is
 * counted anew. */
static void found_items_are_counted_once(void **state)
{
    struct ask_member m[3];
    struct err err = {0};

    (void)state;
    assert_int_equal(found_now(), 0);
    for (int again = 0; again < 2; again++) {
        struct request r = api_request(m, 3, 0);

        assert_int_equal(reserve(&r, &err), 0);
        m[1].came_back = true;
        finish(&r, DAY(again), true, NULL);
        assert_int_equal(found_now(), 1);
    }
    assert_int_equal(store_replay_begin(s, &err), 0);
    assert_int_equal(found_now(), 0);
    store_rollback(s);
    assert_int_equal(found_now(), 1);
}

/* Sent before midnight and answered after it: of which day it is for the
 * platform nobody knows, so it stands on both. */
static void send_across_midnight_is_charged_to_both_days(void **state)
{
    int64_t midnight = utc_next_midnight(DAY(0)), used;
    struct digest client = {{ 9 }};
    struct err err = {0};
    bool spent;

    (void)state;
    for (int i = 0; i < 2; i++) {
        struct ask_member m[2];
        struct request r = api_request(m, 2, 0);
        struct http_exchange x = exchange_of("{}");

        assert_int_equal(reserve(&r, &err), 0);
        x.sent_at = midnight - 2 + i;
        x.done_at = midnight - 1 + i;
        assert_int_equal(sink.exchange(sink.to, &r, &x, &r.evidence, &err), 0);
        r.done_at = x.done_at;
        assert_int_equal(sink.done(sink.to, &r, &err), 0);
        assert_int_equal(ledger_used(ledger, &client, utc_day(midnight), &used, &spent, &err), 0);
        assert_int_equal(used, i);
    }
}

static void every_send_is_charged_before_it_goes_out(void **state)
{
    struct ask_member m[2];
    struct request r = api_request(m, 2, 0), page = { .witness = WITNESS_PAGE };
    struct digest client = {{ 9 }};
    struct err err = {0};
    int64_t used;
    bool spent;

    (void)state;
    assert_int_equal(reserve(&r, &err), 0);
    assert_int_equal(reserve(&r, &err), 0);
    assert_int_equal(reserve(&page, &err), 0);          // pages cost nothing of the quota
    assert_int_equal(ledger_used(ledger, &client, utc_day(DAY(0)), &used, &spent, &err), 0);
    assert_int_equal(used, 2);
    assert_int_equal(reserve(&r, &err), 0);
    finish(&r, DAY(0) + 1, true, NULL);
    r = api_request(m, 2, 0);
    assert_int_equal(sink.reserve(sink.to, &r, &err), -1);
    assert_int_equal(err.kind, ERR_QUOTA);
    assert_int_equal(err.retry_at, DAY(1));
    assert_int_equal(r.n, 0);
    r.loaded = true;                                    // a file that others collected
    r.done_at = DAY(-2);
    assert_int_equal(sink.reserve(sink.to, &r, &err), 0);
    finish(&r, DAY(-2), true, NULL);
    set_clock(DAY(1));
    r = api_request(m, 2, 0);
    assert_int_equal(reserve(&r, &err), 0);
}

static struct request loaded(struct ask_member *m, int first, int64_t at, bool back)
{
    struct request r = api_request(m, 1, first);
    struct record rec = made_record("x", 1);
    struct err err = {0};

    r.loaded = true;
    r.done_at = at;
    m[0].came_back = back;
    assert_int_equal(sink.reserve(sink.to, &r, &err), 0);
    finish(&r, at, true, &rec);
    return r;
}

static void replies_in_any_order_give_the_same_totals(void **state)
{
    static const struct { int day; bool back; } story[] = {
        { 0, false }, { 0, false }, { 2, false }, { 4, true }, { 5, false }, { 7, true } };
    static const int order[3][6] = { { 0, 1, 2, 3, 4, 5 },
                                     { 5, 4, 3, 2, 1, 0 },
                                     { 3, 0, 5, 2, 4, 1 } };
    struct ask_member m[1];

    (void)state;
    for (int k = 0; k < 3; k++) {
        for (int i = 0; i < 6; i++)
            loaded(m, k, DAY(story[order[k][i]].day) + order[k][i], story[order[k][i]].back);
        assert_int_equal(item(k + 1).asked, 6);
        assert_int_equal(item(k + 1).days, 5);
        assert_int_equal(item(k + 1).absent_before_found, 3);
        assert_int_equal(item(k + 1).found_first_at, DAY(4) + 3);
        assert_int_equal(item(k + 1).found_last_at, DAY(7) + 5);
        assert_int_equal(item(k + 1).first_at, DAY(0));
        assert_int_equal(item(k + 1).last_at, DAY(7) + 5);
    }
}

static void window_that_begins_later_is_counted_as_following(void **state)
{
    struct ask_member m[1];
    struct request r = api_request(m, 1, 0);
    struct err err = {0};

    (void)state;
    r.start_day += 2;
    assert_int_equal(reserve(&r, &err), 0);
    finish(&r, DAY(0), true, NULL);
    assert_int_equal(item(1).following_asked, 1);
    loaded(m, 0, DAY(1), false);
    assert_int_equal(item(1).following_asked, 1);
}

/* Each has a number of its own, as great as it may be. */
static void every_number_of_a_state_comes_out_as_it_went_in(void **state)
{
    const struct item_row in = { .n = 1,
                                 .page_created = INT64_MAX,
                                 .api_created = INT64_MAX - 1,
                                 .asked = INT32_MAX,
                                 .days = INT32_MAX - 1,
                                 .first_at = UINT32_MAX,
                                 .last_at = UINT32_MAX - 1,
                                 .sent_at = UINT32_MAX - 2,
                                 .found_first_at = UINT32_MAX - 3,
                                 .found_last_at = INT64_MAX - 2,
                                 .absent_before_found = INT32_MAX - 2,
                                 .page = ANSWER_REFUSED,
                                 .has_code = true,
                                 .code = -6,
                                 .message = STR("gone"),
                                 .page_at = UINT32_MAX - 4,
                                 .public_first_at = INT64_MAX - 3,
                                 .public_last_at = INT64_MAX - 4,
                                 .refused_last_at = INT64_MAX - 5,
                                 .tries = INT32_MAX - 3,
                                 .tried_at = UINT32_MAX - 5,
                                 .oembed = ANSWER_PUBLIC,
                                 .oembed_at = UINT32_MAX - 6,
                                 .oembed_tries = INT32_MAX - 4,
                                 .following_asked = INT32_MAX - 5,
                                 .region = STR("FR"),
                                 .page_request = INT64_MAX - 6,
                                 .api_request = INT64_MAX - 7,
                                 .valid = VALIDATION_NOT_VALID,
                                 .valid_at = UINT32_MAX - 7,
                                 .page_marks = MARK_AD,
                                 .elsewhere = ANSWER_PUBLIC,
                                 .elsewhere_at = UINT32_MAX - 8,
                                 .elsewhere_vantage = INT32_MAX - 6,
                                 .page_witness = WITNESS_EMBED,
                                 .embed = ANSWER_NO_ANSWER,
                                 .embed_at = UINT32_MAX - 9,
                                 .embed_tries = INT32_MAX - 7 };
    struct arena mem = { 0 };
    struct item_row out;
    struct err err = { 0 };
    int64_t n = 1;

    (void)state;
    assert_int_equal(store_begin(s, &err), 0);
    assert_int_equal(store_states_put(s, SIDE_API, &in, 1, &err), 0);
    assert_int_equal(store_states_put(s, SIDE_PAGE, &in, 1, &err), 0);
    assert_int_equal(store_commit(s, &err), 0);
    assert_int_equal(store_set_sampled(s, &n, 1, &err), 0);
    assert_int_equal(store_items_raw(s, &n, 1, &out, &mem, &err), 0);
    assert_true(str_eq(out.message, in.message) && str_eq(out.region, in.region) && out.sampled);
#define SAME(f) assert_int_equal(out.f, in.f)
    SAME(page_created);
    SAME(api_created);
    SAME(asked);
    SAME(days);
    SAME(first_at);
    SAME(last_at);
    SAME(sent_at);
    SAME(found_first_at);
    SAME(found_last_at);
    SAME(absent_before_found);
    SAME(page);
    SAME(has_code);
    SAME(code);
    SAME(page_at);
    SAME(public_first_at);
    SAME(public_last_at);
    SAME(refused_last_at);
    SAME(tries);
    SAME(tried_at);
    SAME(oembed);
    SAME(oembed_at);
    SAME(oembed_tries);
    SAME(following_asked);
    SAME(page_request);
    SAME(api_request);
    SAME(valid);
    SAME(valid_at);
    SAME(page_marks);
    SAME(elsewhere);
    SAME(elsewhere_at);
    SAME(elsewhere_vantage);
    SAME(page_witness);
    SAME(embed);
    SAME(embed_at);
    SAME(embed_tries);
#undef SAME
    arena_release(&mem);
}

static void no_answer_never_hides_what_was_read(void **state)
{
    struct record rec = made_record("hello", 5);

    (void)state;
    read_page(1, DAY(0), ANSWER_NO_ANSWER, NO_ANSWER_TIMEOUT, NULL);
    assert_true(item(1).page == ANSWER_NO_ANSWER && item(1).tries == 1);
    read_page(1, DAY(0) + 1, ANSWER_NO_ANSWER, NO_ANSWER_CAPTCHA, NULL);
    assert_int_equal(item(1).tries, 1);                 // a block uses no attempt
    assert_int_equal(item(1).tried_at, DAY(0) + 1);
    read_page(1, DAY(0) + 2, ANSWER_PUBLIC, NO_ANSWER_NONE, &rec);
    assert_true(item(1).page == ANSWER_PUBLIC && item(1).tries == 0 &&
                item(1).page_created == DAY(-30));
    assert_true(str_eq(item(1).region, STR("DE")));
    read_page(1, DAY(1), ANSWER_NO_ANSWER, NO_ANSWER_SERVER_ERROR, NULL);
    assert_true(item(1).page == ANSWER_PUBLIC && item(1).tries == 1 &&
                item(1).page_at == DAY(0) + 2);
    read_page(1, DAY(2), ANSWER_REFUSED, NO_ANSWER_NONE, NULL);
    assert_true(item(1).page == ANSWER_REFUSED && item(1).has_code && item(1).code == 10204);
    assert_true(item(1).public_first_at == DAY(0) + 2 && item(1).refused_last_at == DAY(2));
    read_page(1, DAY(1), ANSWER_PUBLIC, NO_ANSWER_NONE, &rec);   // an older page, loaded afterwards
    assert_true(item(1).page == ANSWER_REFUSED && item(1).public_last_at == DAY(1));
}

static void record_row_is_added_only_when_a_stable_field_changed(void **state)
{
    struct record rec = made_record("hello", 5), *back;
    struct arena mem = {0};
    struct err err = {0};
    struct store_totals t;
    int64_t at;

    (void)state;
    read_page(1, DAY(0), ANSWER_PUBLIC, NO_ANSWER_NONE, &rec);
    rec.val[FIELD_VIEWS] = value_int(7);
    read_page(1, DAY(1), ANSWER_PUBLIC, NO_ANSWER_NONE, &rec);
    assert_int_equal(store_record(s, 1, SIDE_PAGE, &mem, &back, &at, &err), 0);
    assert_true(back->id == ID(0) && at == DAY(1) && back->val[FIELD_VIEWS].i == 7);
    rec.val[FIELD_CAPTION] = value_text(STR(""));
    read_page(1, DAY(2), ANSWER_PUBLIC, NO_ANSWER_NONE, &rec);
    assert_int_equal(store_record(s, 1, SIDE_PAGE, &mem, &back, &at, &err), 0);
    assert_true(back->val[FIELD_CAPTION].kind == VAL_TEXT && back->val[FIELD_CAPTION].text.n == 0);
    assert_int_equal(back->val[FIELD_MUSIC].kind, VAL_NONE);
    // what a refused page still shows is no successor of a public page
    rec = (struct record){0};
    rec.val[FIELD_AUTHOR] = value_text(STR("mira"));
    read_page(1, DAY(3), ANSWER_REFUSED, NO_ANSWER_NONE, &rec);
    assert_int_equal(store_record(s, 1, SIDE_PAGE, &mem, &back, &at, &err), 0);
    assert_true(at == DAY(2) && back->val[FIELD_CREATED].kind == VAL_INT);
    assert_int_equal(store_record(s, 1, SIDE_API, &mem, &back, &at, &err), 0);
    assert_null(back);
    assert_int_equal(store_totals(s, &t, &err), 0);
    assert_true(t.page_refused == 1 && t.newest_answer_at == 0);   // the batch is not committed yet
    assert_int_equal(sink.commit(sink.to, &err), 0);
    assert_int_equal(store_totals(s, &t, &err), 0);
    assert_int_equal(t.newest_answer_at, DAY(3));
    arena_release(&mem);
}

static int64_t records(const char *where)
{
    char sql[120];

    snprintf(sql, sizeof sql, "SELECT count(*) FROM record WHERE %s", where);
    return outside_number(path, sql);
}

/* Answers that are loaded afterwards widen the record that says the same, be it
 * the one that is compared or one that it superseded; a third is history at once. */
static void older_answers_are_kept_once_as_history(void **state)
{
    struct record rec = made_record("first", 5);
    struct err err = {0};

    (void)state;
    read_page(1, DAY(2), ANSWER_PUBLIC, NO_ANSWER_NONE, &rec);
    rec.val[FIELD_CAPTION] = value_text(STR("second"));
    read_page(1, DAY(4), ANSWER_PUBLIC, NO_ANSWER_NONE, &rec);
    read_page(1, DAY(3), ANSWER_PUBLIC, NO_ANSWER_NONE, &rec);
    rec.val[FIELD_CAPTION] = value_text(STR("first"));
    read_page(1, DAY(1), ANSWER_PUBLIC, NO_ANSWER_NONE, &rec);
    rec.val[FIELD_CAPTION] = value_text(STR("before"));
    read_page(1, DAY(0), ANSWER_PUBLIC, NO_ANSWER_NONE, &rec);
    assert_int_equal(sink.commit(sink.to, &err), 0);
    assert_int_equal(records("item = 1"), 3);
    assert_int_equal(records("superseded <> 0"), 2);
    assert_int_equal(records("superseded = 0 AND description = 'second'"), 1);
    assert_int_equal(records("superseded <> 0 AND description = 'before'"), 1);
}

static int count_counter(void *to, const struct counter_row *row, struct err *err)
{
    int64_t *sum = to;

    (void)err;
    sum[0]++;
    sum[1] += row->reading.value[COUNTER_VIEWS];
    assert_true(row->reading.at > sum[2] && row->side == SIDE_PAGE);
    sum[2] = row->reading.at;
    return 0;
}

static void every_reading_of_a_counter_is_kept(void **state)
{
    struct err err = {0};
    int64_t sum[3] = {0};

    (void)state;
    for (int i = 0; i < 4; i++) {
        struct record rec = made_record("hello", 10 + i);

        read_page(1, DAY(i), ANSWER_PUBLIC, NO_ANSWER_NONE, &rec);
    }
    assert_int_equal(store_counters(s, 1, count_counter, sum, &err), 0);
    assert_true(sum[0] == 4 && sum[1] == 46);
}

static void pair_is_skipped_only_where_everything_compared_agrees(void **state)
{
    struct record same = made_record("hello", 5), other = made_record("hello!", 5),
                  views = made_record("hello", 6);
    struct ask_member m[5];
    struct request r = api_request(m, 5, 0);
    struct pair_cursor *c;
    struct pair_row row;
    struct err err = {0};
    int n = 0;

    (void)state;
    for (int i = 0; i < 4; i++)
        m[i].came_back = true;
    assert_int_equal(reserve(&r, &err), 0);
    finish(&r, DAY(0), true, &same);
    same.val[FIELD_PLACE] = value_text(STR("CA"));      // the page alone has it: not compared
    read_page(1, DAY(0), ANSWER_PUBLIC, NO_ANSWER_NONE, &same);
    read_page(2, DAY(0), ANSWER_PUBLIC, NO_ANSWER_NONE, &other);
    read_page(3, DAY(0), ANSWER_PUBLIC, NO_ANSWER_NONE, &views);
    read_page(5, DAY(0), ANSWER_PUBLIC, NO_ANSWER_NONE, &same);
    assert_int_equal(store_pairs(s, false, false, &c, &err), 0);
    for (; pair_cursor_next(c, &row, &err) == 1; n++) {
        assert_int_equal(row.id, ID(n));
        assert_int_equal(row.stable_equal, n == 0 || n == 2);
        assert_int_equal(row.rec[SIDE_API] != NULL, n < 4);
        assert_int_equal(row.rec[SIDE_PAGE] != NULL, n != 3);
    }
    assert_int_equal(n, 5);
    pair_cursor_close(c);
    assert_int_equal(store_pairs(s, true, true, &c, &err), 0);
    assert_int_equal(pair_cursor_next(c, &row, &err), 1);
    assert_int_equal(row.item, 2);
    assert_true(str_eq(row.rec[SIDE_PAGE]->val[FIELD_CAPTION].text, STR("hello!")));
    assert_true(row.at[SIDE_API] == DAY(0) && row.page_generation == GENERATION_REHYDRATE);
    assert_int_equal(pair_cursor_next(c, &row, &err), 1);
    assert_int_equal(row.item, 3);
    assert_int_equal(pair_cursor_next(c, &row, &err), 0);
    assert_int_equal(pair_cursor_skipped(c), 1);
    pair_cursor_close(c);
}

#define MANY 20000    // more than a cursor asks a server for at once
#define MANY_ID(i) ID(1000 + (i))
#define EACH 7
#define PAIRS ((MANY + EACH - 1) / EACH)

static void add_every_second(int64_t source, int first)
{
    struct new_item *it = calloc(MANY / 2, sizeof *it);
    struct add_count counts = { 0 };
    struct err err = { 0 };

    for (int i = 0; i < MANY / 2; i++)
        it[i].id = MANY_ID(2 * i + first);
    assert_int_equal(store_add_items(s, source, it, MANY / 2, &counts, &err), 0);
    free(it);
}

/* What add_every_second made of them, behind the 200 of setup. */
static uint64_t many_id(int64_t n)
{
    const int i = (int)n - 201;

    return i < MANY / 2 ? MANY_ID(2 * i + 1) : MANY_ID(2 * i - MANY);
}

/* Every EACHth: one by one in the order of ids, whose numbers lie far from each other. */
static void answer_many(const uint64_t *id, const int64_t *item, enum witness witness)
{
    struct err err = { 0 };

    for (int i = 0; i < MANY; i += EACH) {
        struct record rec = made_record("hello", i);
        struct ask_member m = { .id = id[i], .item = item[i], .came_back = true };
        struct request r = {
            .witness = witness, .loaded = true, .complete = true, .done_at = DAY(1)
        };
        const struct answer a = { .id = id[i],
                                  .item = item[i],
                                  .witness = witness,
                                  .at = DAY(1),
                                  .kind = witness == WITNESS_QUERY ? ANSWER_FOUND : ANSWER_PUBLIC,
                                  .generation = witness == WITNESS_QUERY ? GENERATION_API
                                                                         : GENERATION_REHYDRATE,
                                  .record = &rec };

        if (witness == WITNESS_QUERY) {
            r.member = &m;
            r.members = 1;
        }
        rec.id = id[i];
        if (sink.reserve(sink.to, &r, &err) || sink.put(sink.to, &r, &a, &err) ||
            sink.done(sink.to, &r, &err))
            fail_msg("%s", err.msg);
    }
    assert_int_equal(sink.commit(sink.to, &err), 0);
}

static int walk_many(bool both, bool skip_equal, int stop_after)
{
    struct pair_cursor *c;
    struct pair_row row;
    struct err err = { 0 };
    int n = 0, rc = 1;

    assert_int_equal(store_pairs(s, both, skip_equal, &c, &err), 0);
    for (; n < stop_after && (rc = pair_cursor_next(c, &row, &err)) == 1; n++) {
        assert_true(row.id == MANY_ID(EACH * n));
        assert_true(row.rec[SIDE_PAGE] && row.rec[SIDE_PAGE]->id == row.id);
        assert_int_equal(row.rec[SIDE_PAGE]->val[FIELD_VIEWS].i, EACH * n);
        assert_true(!both || row.rec[SIDE_API]->val[FIELD_VIEWS].i == EACH * n);
    }
    assert_true(rc >= 0);
    pair_cursor_close(c);
    return n;
}

static void items_and_pairs_come_in_order_however_many_they_are(void **state)
{
    const struct digest d = { { 2 } };
    uint64_t *id = calloc(MANY, sizeof *id);
    int64_t *item = calloc(MANY, sizeof *item), source, last = 0;
    struct item_cursor *items;
    struct item_row row;
    struct err err = { 0 };
    int n = 0;

    (void)state;
    close_all();
    open_all(2000);
    assert_int_equal(store_source(s, "list", &d, &source, &err), 0);
    add_every_second(source, 1);
    add_every_second(source, 0);
    for (int i = 0; i < MANY; i++)
        id[i] = MANY_ID(i);
    assert_int_equal(store_item_numbers(s, id, item, MANY, &err), 0);
    answer_many(id, item, WITNESS_PAGE);
    assert_int_equal(walk_many(true, false, MANY), 0);
    assert_int_equal(walk_many(false, false, MANY), PAIRS);
    answer_many(id, item, WITNESS_QUERY);
    assert_int_equal(walk_many(true, false, MANY), PAIRS);
    assert_int_equal(walk_many(false, true, MANY), 0);
    assert_int_equal(walk_many(true, true, MANY), 0);
    assert_int_equal(store_items(s, ITEMS_TOUCHED, 0, &items, &err), 0);
    for (; item_cursor_next(items, &row, &err) == 1; n++) {
        assert_true(row.n > last && row.id == many_id(row.n));
        last = row.n;
    }
    assert_int_equal(n, PAIRS);
    item_cursor_close(items);
    free(id);
    free(item);
}

/* What was asked for ahead, and is not wanted any more, is in nobody's way. */
static void walk_that_ends_early_leaves_nothing_behind(void **state)
{
    struct ask_member m[100];
    struct request r = api_request(m, 100, 0);
    struct record rec = made_record("hello", 1);
    struct pair_cursor *c;
    struct pair_row row;
    struct err err = { 0 };

    (void)state;
    for (int i = 0; i < 100; i++)
        m[i].came_back = true;
    assert_int_equal(reserve(&r, &err), 0);
    finish(&r, DAY(0), true, &rec);
    assert_int_equal(store_pairs(s, false, false, &c, &err), 0);
    assert_int_equal(pair_cursor_next(c, &row, &err), 1);
    pair_cursor_close(c);
    read_page(1, DAY(0), ANSWER_PUBLIC, NO_ANSWER_NONE, &rec);
    assert_int_equal(sink.commit(sink.to, &err), 0);
    assert_int_equal(item(1).page, ANSWER_PUBLIC);
    assert_int_equal(item(100).asked, 1);
}

/* Of item 1 (of another first), with what about_free is owed. */
static const struct about_item *about_of(int64_t item, struct about **all)
{
    const int64_t both[] = { item, item == 7 ? 8 : 7 };
    struct err err = { 0 };

    assert_int_equal(store_about(s, both, 2, all, &err), 0);
    assert_null(about_item(*all, 9));
    return about_item(*all, item);
}

static void history_tells_everything_in_order_of_time(void **state)
{
    const struct about_item *is;
    const struct history_row *h;
    struct about *all;
    struct ask_member m[2];
    struct request lost = api_request(m, 2, 0), r;
    struct record rec = made_record("x", 1);
    struct err err = {0};

    (void)state;
    read_page(1, DAY(0) + 20, ANSWER_REFUSED, NO_ANSWER_NONE, NULL);
    set_clock(DAY(0) + 10);
    assert_int_equal(reserve(&lost, &err), 0);          // and never done
    loaded(m, 0, DAY(-3), false);
    r = api_request(m, 2, 0);
    m[0].role = ROLE_CANARY;
    m[0].came_back = true;
    assert_int_equal(reserve(&r, &err), 0);
    finish(&r, DAY(0) + 30, true, &rec);
    is = about_of(1, &all);
    h = is->past;
    assert_int_equal(is->pasts, 4);
    assert_true(h[0].kind == ANSWER_ABSENT && h[0].complete && h[0].members == 1 &&
                h[0].at == DAY(-3));
    assert_true(h[1].kind == ANSWER_NO_ANSWER && !h[1].complete && h[1].at == DAY(0) + 10 &&
                h[1].evidence.n == 0);
    assert_true(h[2].kind == ANSWER_REFUSED && h[2].code == 10204 && h[2].witness == WITNESS_PAGE &&
                h[2].http == 200 && h[2].engine == ENGINE_BROWSER);
    assert_true(h[2].evidence.n > 71);                  // file:offset sha256:...
    assert_true(h[3].kind == ANSWER_FOUND && h[3].role == ROLE_CANARY && h[3].round == 1);
    assert_int_equal(about_item(all, 7)->pasts, 0);
    about_free(all);
}

static void asks_tell_who_travelled_together(void **state)
{
    struct ask_member m[3];
    struct request r = api_request(m, 3, 0), lost;
    struct record rec = made_record("x", 1);
    struct ask_cursor *c;
    struct ask_row row;
    struct err err = {0};
    int n = 0;

    (void)state;
    m[2].role = ROLE_CANARY;
    m[2].came_back = true;
    assert_int_equal(reserve(&r, &err), 0);
    finish(&r, DAY(0) + 5, true, &rec);
    lost = api_request(m, 3, 3);
    assert_int_equal(reserve(&lost, &err), 0);
    assert_int_equal(store_asks(s, &c, &err), 0);
    for (; ask_cursor_next(c, &row, &err) == 1; n++) {
        assert_true(row.request == 1 && row.members == 3 && row.complete && row.at == DAY(0) + 5);
        assert_true(row.item == n + 1 && row.round == 1);
        assert_true(row.came_back == (n == 2) && row.role == (n == 2 ? ROLE_CANARY : ROLE_ASKED));
    }
    assert_int_equal(n, 3);
    ask_cursor_close(c);
}

/* Requests of all kinds lie between, and a chunk ends with one of each number. */
static int asks_in_order(void)
{
    int64_t request = 0, item = 0;
    struct ask_cursor *c;
    struct ask_row row;
    struct err err = {0};
    int n = 0, rc;

    assert_int_equal(store_asks(s, &c, &err), 0);
    while ((rc = ask_cursor_next(c, &row, &err)) == 1) {
        assert_true(row.request > request || (row.request == request && row.item > item));
        assert_true(row.round == 1 && row.members == 2 && row.at == DAY(0) + row.request);
        assert_int_equal(row.start_day, 100 + row.request);
        assert_true(row.came_back);
        request = row.request;
        item = row.item;
        n++;
    }
    assert_int_equal(rc, 0);
    ask_cursor_close(c);
    return n;
}

static void asks_are_those_of_answered_queries_alone(void **state)
{
    static const enum witness by_turn[] = { WITNESS_QUERY, WITNESS_VALIDATION, WITNESS_QUERY };
    struct record rec = made_record("x", 1);
    struct err err = {0};

    (void)state;
    for (int i = 0; i < 3 * 130; i++) {
        struct ask_member m[2];
        struct request r = api_request(m, 2, i % 190);

        r.witness = by_turn[i % 3];
        r.loaded = true;
        r.start_day = 100 + i + 1;
        m[0].came_back = m[1].came_back = true;
        assert_int_equal(sink.reserve(sink.to, &r, &err), 0);
        assert_int_equal(r.n, i + 1);
        if (i % 3 < 2)    // the others were never answered
            finish(&r, DAY(0) + r.n, true, r.witness == WITNESS_QUERY ? &rec : NULL);
        if (i % 3 == 2)
            assert_int_equal(asks_in_order(), 2 * (i / 3 + 1));
    }
}

static void changed_handle_is_noted_once(void **state)
{
    struct record rec = made_record("x", 1);
    struct err err = {0};
    struct buf text = {0};
    int64_t at;

    (void)state;
    rec.val[FIELD_AUTHOR] = value_text(STR("MIRA"));
    read_page(1, DAY(0), ANSWER_PUBLIC, NO_ANSWER_NONE, &rec);
    rec.val[FIELD_AUTHOR] = value_text(STR("mira.new"));
    read_page(1, DAY(1), ANSWER_PUBLIC, NO_ANSWER_NONE, &rec);
    read_page(1, DAY(2), ANSWER_PUBLIC, NO_ANSWER_NONE, &rec);
    read_page(2, DAY(2), ANSWER_PUBLIC, NO_ANSWER_NONE, &rec);   // its link named no handle
    assert_int_equal(sink.commit(sink.to, &err), 0);
    assert_int_equal(outside_number(path, "SELECT count(*) FROM event"), 1);
    assert_int_equal(store_last_event(s, "handle_changed", &at, &text, &err), 0);
    assert_string_equal(buf_cstr(&text), "mira is now mira.new");
    buf_release(&text);
}

/* ---- kill -9 ---- */
static void in_child(void (*act)(void))
{
    int status;
    pid_t pid;

    close_all();
    pid = fork();
    if (pid == 0) {
        open_all(10);
        act();
        kill(getpid(), SIGKILL);
    }
    waitpid(pid, &status, 0);
    assert_true(WIFSIGNALED(status));
    open_all(10);
}

static void send_and_die(void)
{
    struct ask_member m[2];
    struct request r = api_request(m, 2, 0), two;
    struct err err = {0};
    struct record rec = made_record("x", 1);

    if (reserve(&r, &err))
        _exit(1);
    m[0].came_back = true;
    finish(&r, DAY(0) + 1, true, &rec);
    two = api_request(m, 2, 2);
    if (reserve(&two, &err))
        _exit(1);
}

static void request_in_flight_at_a_kill_is_charged_sent_and_not_asked(void **state)
{
    struct digest client = {{ 9 }};
    struct ask_member m[1];
    struct request r;
    struct err err = {0};
    int64_t used;
    bool spent;

    (void)state;
    in_child(send_and_die);
    assert_true(item(1).found_first_at == DAY(0) + 1 && item(2).asked == 1);
    assert_true(item(3).asked == 0 && item(3).sent_at == DAY(0));
    assert_int_equal(ledger_used(ledger, &client, utc_day(DAY(0)), &used, &spent, &err), 0);
    assert_int_equal(used, 2);
    r = api_request(m, 1, 2);
    assert_int_equal(reserve(&r, &err), 0);
    assert_true(r.n > 2);    // what the killed one had taken is not given again
}

static void numbers_come_in_blocks_and_what_is_left_is_given_back(void **state)
{
    const char *last = "SELECT last FROM numbered WHERE kind = 'request'";
    struct err err = { 0 };
    int64_t first;

    (void)state;
    first = read_page(1, DAY(0), ANSWER_PUBLIC, NO_ANSWER_NONE, NULL);
    assert_int_equal(read_page(2, DAY(0), ANSWER_PUBLIC, NO_ANSWER_NONE, NULL), first + 1);
    assert_int_equal(sink.commit(sink.to, &err), 0);
    assert_true(outside_number(path, last) > first + 100);
    close_all();
    assert_int_equal(outside_number(path, last), first + 1);
    open_all(10);
    assert_int_equal(read_page(3, DAY(0), ANSWER_PUBLIC, NO_ANSWER_NONE, NULL), first + 2);
}

static void ask_hundred(int64_t at, const struct record *rec)
{
    struct ask_member m[100];
    struct request r = api_request(m, 100, 0);
    struct err err = { 0 };

    assert_int_equal(reserve(&r, &err), 0);
    assert_int_equal(sink.reserved(sink.to, &err), 0);
    for (int i = 0; i < 100; i += 3)
        m[i].came_back = true;
    assert_int_equal(sink.drift(sink.to, "api_field", STR("new"), 1, at, &err), 0);
    finish(&r, at, true, rec);
}

/* Its end goes along with what is reserved next. */
static void request_costs_one_way_to_a_server(void **state)
{
    struct record rec = made_record("x", 1);
    int64_t before;

    (void)state;
    if (!outside_server())    // a file is near
        skip();
    ask_hundred(DAY(0) + 1, &rec);    // statements and numbers are at hand from here on
    before = db_trips(s->db);
    ask_hundred(DAY(0) + 2, &rec);
    rec.val[FIELD_CAPTION] = value_text(STR("y"));    // new records
    ask_hundred(DAY(0) + 3, &rec);
    assert_int_equal(sink.reserved(sink.to, &(struct err){ 0 }), 0);
    assert_true(db_trips(s->db) - before <= 2 + 1);
    assert_true(item(1).found_last_at == DAY(0) + 3 && item(2).asked == 3);
}

static int64_t count_of(enum query q)
{
    int64_t n = -1, *const out[] = { &n };

    assert_int_equal(db_row(s->db, q, NO_ARGS, out, 1, &(struct err){ 0 }), 1);
    return n;
}

static void expect_counts(void)
{
    struct err err = { 0 };

    assert_int_equal(db_expect(s->db, Q_COUNT_REQUESTS, NO_ARGS, &err), 0);
    assert_int_equal(db_expect(s->db, Q_COUNT_ITEMS, NO_ARGS, &err), 0);
}

static void what_is_expected_comes_on_one_way_and_is_void_once_something_is_written(void **state)
{
    struct record rec = made_record("x", 1);
    int64_t requests, items, before;

    (void)state;
    requests = count_of(Q_COUNT_REQUESTS);
    items = count_of(Q_COUNT_ITEMS);
    before = db_trips(s->db);
    expect_counts();
    assert_int_equal(count_of(Q_COUNT_REQUESTS), requests);
    assert_int_equal(count_of(Q_COUNT_ITEMS), items);
    if (outside_server())
        assert_int_equal(db_trips(s->db) - before, 1);
    expect_counts();
    ask_hundred(DAY(0), &rec);
    assert_int_equal(sink.reserved(sink.to, &(struct err){ 0 }), 0);
    assert_int_equal(count_of(Q_COUNT_REQUESTS), requests + 1);
    expect_counts();    // and nobody asks
    assert_int_equal(store_meta_set(s, META_TAKEN_AT, STR("x"), &(struct err){ 0 }), 0);
    assert_int_equal(count_of(Q_COUNT_ITEMS), items);
}

/* All cells of what a statement gives, one after another. */
static void cells_of(enum query q, const struct arg *a, size_t n, int columns, struct buf *out)
{
    struct err err = { 0 };
    struct stmt *st;

    buf_clear(out);
    assert_int_equal(db_query(s->db, q, a, n, &st, &err), 0);
    while (stmt_next(st, &err) == 1)
        for (int c = 0; c < columns; c++) {
            struct value v;

            stmt_value(st, c, &v);
            if (v.kind == VAL_TEXT)
                buf_printf(out, "%d:%zu:%.*s;", stmt_is_null(st, c), v.text.n, STR_ARG(v.text));
            else
                buf_printf(out, "%d:%lld;", stmt_is_null(st, c), (long long)v.i);
        }
    stmt_done(st);
}

static void same_cells(enum query q, const struct arg *a, size_t n, int columns)
{
    const int64_t before = db_trips(s->db);
    struct buf first = { 0 }, again = { 0 };

    cells_of(q, a, n, columns, &first);
    cells_of(q, a, n, columns, &again);
    assert_true(first.n > 0);
    assert_string_equal(buf_cstr(&first), buf_cstr(&again));
    if (outside_server())
        assert_int_equal(db_trips(s->db) - before, 1);
    buf_release(&first);
    buf_release(&again);
}

static void what_was_asked_already_is_answered_again_without_a_way(void **state)
{
    struct record rec = made_record("x", 1);
    struct buf text = { 0 };
    int64_t before;

    (void)state;
    for (int i = 0; i < 400; i++)
        buf_char(&text, 'y');
    ask_hundred(DAY(0), &rec);
    assert_int_equal(sink.reserved(sink.to, &(struct err){ 0 }), 0);
    assert_int_equal(store_meta_set(s, META_TAKEN_AT, buf_view(&text), &(struct err){ 0 }), 0);
    assert_int_equal(store_meta_set(s, META_LATE_SAMPLE, STR(""), &(struct err){ 0 }), 0);
    db_keep(s->db, true);
    same_cells(Q_META_ALL, NO_ARGS, 2);
    same_cells(Q_ITEMS_ALL, ARGS(arg_int(0), arg_int(50)), ITEM_WIDTH);
    same_cells(Q_ITEMS_ALL, ARGS(arg_int(0), arg_int(60)), ITEM_WIDTH);
    before = db_trips(s->db);
    cells_of(Q_META_ALL, NO_ARGS, 2, &text);    // whatever else was asked for meanwhile
    if (outside_server())
        assert_int_equal(db_trips(s->db), before);
    db_keep(s->db, false);
    cells_of(Q_META_ALL, NO_ARGS, 2, &text);
    if (outside_server())
        assert_int_equal(db_trips(s->db), before + 1);
    buf_release(&text);
}

static void what_is_kept_is_void_once_its_table_is_written_to(void **state)
{
    struct record rec = made_record("x", 1);
    int64_t requests, items, before;

    (void)state;
    db_keep(s->db, true);
    db_keep(s->db, true);
    requests = count_of(Q_COUNT_REQUESTS);
    items = count_of(Q_COUNT_ITEMS);
    ask_hundred(DAY(0), &rec);
    assert_int_equal(sink.reserved(sink.to, &(struct err){ 0 }), 0);
    db_keep(s->db, false);    // the other one still wants it
    before = db_trips(s->db);
    assert_int_equal(count_of(Q_COUNT_ITEMS), items);
    if (outside_server())
        assert_int_equal(db_trips(s->db), before);
    assert_int_equal(count_of(Q_COUNT_REQUESTS), requests + 1);
    assert_int_equal(store_begin(s, &(struct err){ 0 }), 0);
    assert_int_equal(db_run(s->db, Q_LABELS_DROP, NO_ARGS, &(struct err){ 0 }), 0);
    store_rollback(s);
    outside_run(path, "UPDATE stamp SET answers = 7");    // others write meanwhile
    assert_int_equal(count_of(Q_STAMP), 7);
    outside_run(path, "UPDATE stamp SET answers = 8");
    assert_int_equal(count_of(Q_STAMP), outside_server() ? 7 : 8);
    assert_int_equal(db_run(s->db, Q_STAMP_PUT, ARGS(arg_int(0), arg_int(0)), &(struct err){ 0 }),
                     0);
    assert_int_equal(count_of(Q_STAMP), 9);
    db_keep(s->db, false);
    outside_run(path, "UPDATE stamp SET answers = 10");
    assert_int_equal(count_of(Q_STAMP), 10);
}

/* Of what is expected nothing is lost by what is written to other tables, and nobody has to take
 * it. */
static void what_is_expected_while_answers_are_kept_comes_on_its_way(void **state)
{
    const struct arg at[] = { arg_int(0), arg_int(50) };
    int64_t before;
    struct stmt *st;

    (void)state;
    db_keep(s->db, true);
    before = db_trips(s->db);
    expect_counts();
    expect_counts();
    assert_int_equal(db_expect(s->db, Q_TALLIES, ARGS(arg_text(STR("x"))), &(struct err){ 0 }), 0);
    assert_int_equal(db_query_later(s->db, Q_ITEMS_ALL, at, 2, &st, &(struct err){ 0 }), 0);
    stmt_done(st);
    assert_int_equal(store_begin(s, &(struct err){ 0 }), 0);
    assert_int_equal(db_run(s->db, Q_LABELS_DROP, NO_ARGS, &(struct err){ 0 }), 0);
    count_of(Q_COUNT_ITEMS);
    count_of(Q_COUNT_REQUESTS);
    assert_int_equal(db_query(s->db, Q_ITEMS_ALL, at, 2, &st, &(struct err){ 0 }), 0);
    assert_int_equal(stmt_next(st, &(struct err){ 0 }), 1);
    stmt_done(st);
    if (outside_server())
        assert_int_equal(db_trips(s->db) - before, 1);
    store_rollback(s);
    assert_int_equal(db_expect(s->db, Q_COUNT_ITEMS, NO_ARGS, &(struct err){ 0 }), 0);
    db_keep(s->db, false);    // and nobody asks
    assert_true(count_of(Q_COUNT_ITEMS) > 0);
}

static void commit_that_failed_on_its_way_is_told_by_whoever_waits(void **state)
{
    struct ask_member m[1];
    struct request r = api_request(m, 1, 0);
    struct err err = { 0 };

    (void)state;
    if (!outside_server())
        skip();
    outside_run(path, "UPDATE store_head SET token = token + 1");    // another took it over
    assert_int_equal(reserve(&r, &err), 0);
    assert_int_equal(sink.reserved(sink.to, &err), -1);
    assert_non_null(strstr(err.msg, "another blindspot took"));
    err_clear(&err);
    store_rollback(s);
    outside_run(path, "UPDATE store_head SET token = token - 1");
    assert_int_equal(outside_number(path, "SELECT count(*) FROM request"), 0);
    r = api_request(m, 1, 0);
    assert_int_equal(reserve(&r, &err), 0);
    assert_int_equal(sink.reserved(sink.to, &err), 0);
    assert_int_equal(outside_number(path, "SELECT count(*) FROM request"), 1);
}

/* Of all kinds that ask the store for something: records anew and as they were, fields that
 * another witness lends, refusals, posts that are blocked alone. */
static void read_ten(int64_t at, const char *caption)
{
    struct record rec = made_record(caption, at);

    for (int i = 0; i < 10; i++) {
        if (i < 6)
            read_page(i + 1, i == 5 ? at - 1000 : at, ANSWER_PUBLIC, NO_ANSWER_NONE, &rec);
        else if (i < 8)
            read_page(i + 1, at, ANSWER_REFUSED, NO_ANSWER_NONE, NULL);
        else
            read_page(i + 1, at, ANSWER_NO_ANSWER, NO_ANSWER_BLOCKED_ALONE, NULL);
    }
}

static void commit_of_pages_costs_two_ways_to_a_server(void **state)
{
    int64_t before;

    (void)state;
    if (!outside_server())
        skip();
    read_ten(DAY(0) + 1, "x");
    before = db_trips(s->db);
    read_ten(DAY(0) + 2000, "y");
    read_ten(DAY(0) + 4000, "y");
    read_ten(DAY(0) + 6000, "z");
    assert_true(db_trips(s->db) - before <= 3 * 2);
    assert_true(item(1).public_last_at == DAY(0) + 6000 && item(9).tries == 1);
}

/* What stands of it was asked for before its first answer, and is told that one. */
static void post_read_twice_in_a_commit_is_asked_for_once(void **state)
{
    struct record one = made_record("one", 1), other = made_record("other", 2);
    int64_t before;

    (void)state;
    read_ten(DAY(0) + 1, "x");
    assert_int_equal(item(1).public_last_at, DAY(0) + 1);
    before = db_trips(s->db);
    read_page(1, DAY(0) + 2000, ANSWER_PUBLIC, NO_ANSWER_NONE, &one);
    read_page(1, DAY(0) + 2001, ANSWER_PUBLIC, NO_ANSWER_NONE, &one);
    read_page(1, DAY(0) + 2002, ANSWER_PUBLIC, NO_ANSWER_NONE, &other);
    assert_int_equal(sink.commit(sink.to, &(struct err){ 0 }), 0);
    if (outside_server())
        assert_int_equal(db_trips(s->db) - before, 1);
    assert_int_equal(db_committed(s->db, &(struct err){ 0 }), 0);
    assert_int_equal(outside_number(path, "SELECT count(*) FROM record WHERE item = 1"), 3);
    assert_int_equal(outside_number(path, "SELECT r.first_at FROM record r, current c WHERE"
                                          " r.n = c.page AND c.item = 1"), DAY(0) + 2002);
    assert_int_equal(outside_number(path, "SELECT last_at FROM record WHERE item = 1 AND"
                                          " superseded = 1 ORDER BY n DESC LIMIT 1"),
                     DAY(0) + 2001);
}

static int64_t number_up(const void *of, size_t i)
{
    (void)of;
    return (int64_t)i + 1;
}

/* As a turn of that witness does. */
static struct item_row look_by(enum witness by, int which)
{
    const struct items_wanted want = {
        .item = number_up, .n = 10, .nearly = true, .kept = true, .records = by
    };
    struct items_ahead *rows = items_ahead_open(s, &want);
    struct item_row row;
    bool found = false;

    for (int i = 0; i < which; i++)    // the first one, so that all are kept
        assert_int_equal(items_ahead_row(rows, (size_t)i, &row, &found, &(struct err){ 0 }), 0);
    assert_true(found);
    items_ahead_close(rows);    // its numbers are still good
    return row;
}

static struct item_row look_at_ten(int which) { return look_by(WITNESS_PAGE, which); }

/* Records anew and as they were, refusals, no answers, some that are blocked alone. */
static void read_nine(int64_t at, const char *caption)
{
    struct record rec = made_record(caption, at);

    for (int i = 1; i <= 9; i++) {
        if (i < 6)
            read_page(i, at, ANSWER_PUBLIC, NO_ANSWER_NONE, &rec);
        else if (i < 8)
            read_page(i, at, ANSWER_REFUSED, NO_ANSWER_NONE, NULL);
        else
            read_page(i, at, ANSWER_NO_ANSWER,
                      i == 8 || caption[0] != 'y' ? NO_ANSWER_TIMEOUT : NO_ANSWER_BLOCKED_ALONE,
                      NULL);
    }
    assert_int_equal(sink.commit(sink.to, &(struct err){ 0 }), 0);
}

static void pages_whose_rows_were_asked_for_cost_no_way_to_a_server(void **state)
{
    int64_t before;

    (void)state;
    read_nine(DAY(0) + 1, "x");
    before = db_trips(s->db);
    assert_int_equal(look_at_ten(1).public_last_at, DAY(0) + 1);
    if (outside_server())
        assert_int_equal(db_trips(s->db) - before, 1);
    before = db_trips(s->db);
    read_nine(DAY(1) + 2000, "y");
    read_nine(DAY(1) + 4000, "y");
    read_nine(DAY(1) + 6000, "z");
    assert_int_equal(look_at_ten(1).public_last_at, DAY(1) + 6000);
    assert_int_equal(look_at_ten(8).tries, 4);
    if (outside_server())
        assert_int_equal(db_trips(s->db) - before, 0);
    assert_int_equal(db_committed(s->db, &(struct err){ 0 }), 0);
    known_forget(s);
    assert_true(item(1).public_first_at == DAY(0) + 1 && item(1).public_last_at == DAY(1) + 6000);
    assert_true(item(6).refused_last_at == DAY(1) + 6000 && item(8).tries == 4);
    assert_int_equal(item(9).tries, 3);    // blocked alone twice on one day: one of the tries
    assert_int_equal(outside_number(path, "SELECT count(*) FROM record WHERE item = 1"), 3);
    assert_int_equal(outside_number(path, "SELECT count(*) FROM record WHERE superseded = 0"), 5);
    assert_int_equal(outside_number(path, "SELECT sum(r.last_at) FROM current c JOIN record r"
                                          " ON r.n = c.page"), 5 * (DAY(1) + 6000));
}

/* What the API says of an item, its tries that are given back, its handle and that it is sampled
 * are no answers of pages. */
static void what_is_kept_of_items_is_void_when_others_write_of_them(void **state)
{
    struct record rec = made_record("x", 1);
    const struct ask_member given = { .id = ID(0), .item = 1 };
    const struct new_item named = { .id = ID(1), .handle = "anna" };
    struct add_count counts = { 0 };
    struct digest d = { { 2 } };
    struct err err = { 0 };
    int64_t source;

    (void)state;
    read_nine(DAY(0) + 1, "x");
    assert_int_equal(look_at_ten(8).tries, 1);
    ask_hundred(DAY(0) + 2, &rec);
    assert_int_equal(look_at_ten(1).found_last_at, DAY(0) + 2);
    read_page(1, DAY(0) + 3, ANSWER_NO_ANSWER, NO_ANSWER_TIMEOUT, NULL);
    assert_int_equal(look_at_ten(1).tries, 1);
    assert_int_equal(sink.spare(sink.to, WITNESS_PAGE, &given, 1, &err), 0);
    assert_int_equal(look_at_ten(1).tries, 0);
    read_page(1, DAY(0) + 4, ANSWER_NO_ANSWER, NO_ANSWER_TIMEOUT, NULL);
    assert_int_equal(look_at_ten(1).tries, 1);
    store_rollback(s);
    assert_int_equal(look_at_ten(1).tries, 0);
    assert_int_equal(look_at_ten(2).handle.n, 0);
    assert_int_equal(store_source(s, "named", &d, &source, &err), 0);
    assert_int_equal(store_add_items(s, source, &named, 1, &counts, &err), 0);
    assert_int_equal(look_at_ten(2).handle.n, 4);
    assert_int_equal(look_at_ten(2).sampled, 0);
    assert_int_equal(store_set_sampled(s, (const int64_t[]){ 2 }, 1, &err), 0);
    assert_int_equal(look_at_ten(2).sampled, 1);
}

static void requests_in_flight_with_one_member_know_of_each_other(void **state)
{
    struct ask_member m[2], o[2];
    struct request r = api_request(m, 2, 0), two = api_request(o, 2, 1);
    struct record rec = made_record("x", 1);
    struct err err = { 0 };
    int64_t before;

    (void)state;
    assert_int_equal(reserve(&r, &err), 0);
    assert_int_equal(reserve(&two, &err), 0);
    m[1].came_back = o[0].came_back = true;    // item 2, in both
    finish(&r, DAY(0) + 1, true, &rec);
    before = db_trips(s->db);
    finish(&two, DAY(0) + 2, true, &rec);
    if (outside_server())    // what was asked for early is told what came since
        assert_int_equal(db_trips(s->db) - before, 0);
    assert_true(item(2).asked == 2 && item(2).found_first_at == DAY(0) + 1 &&
                item(2).found_last_at == DAY(0) + 2);
    assert_true(item(1).asked == 1 && item(3).asked == 1);
    assert_int_equal(outside_number(path, "SELECT count(*) FROM record WHERE item = 2"), 1);
}

/* A record takes the place of one that came after it was asked what stands there. */
static void record_supersedes_what_came_since_it_was_asked_for(void **state)
{
    struct ask_member m[3][1];
    struct request r[3] = { api_request(m[0], 1, 4), api_request(m[1], 1, 4),
                            api_request(m[2], 1, 4) };
    struct record was = made_record("was", 1), is = made_record("is", 2);
    struct err err = { 0 };

    (void)state;
    for (int i = 0; i < 3; i++) {
        assert_int_equal(reserve(&r[i], &err), 0);
        m[i]->came_back = true;
    }
    finish(&r[0], DAY(0) + 1, true, &was);
    finish(&r[1], DAY(0) + 2, true, &is);
    finish(&r[2], DAY(0) + 3, true, &is);
    store_sink_release(&sink);
    assert_int_equal(outside_number(path, "SELECT count(*) FROM record WHERE item = 5"), 2);
    assert_int_equal(outside_number(path, "SELECT last_at FROM record WHERE superseded = 0"),
                     DAY(0) + 3);
    assert_int_equal(outside_number(path, "SELECT count(*) FROM current c JOIN record r"
                                          " ON r.n = c.api WHERE r.superseded = 0"),
                     1);
    assert_true(item(5).asked == 3 && item(5).found_last_at == DAY(0) + 3);
}

static void next_arm(void)
{
    const struct sink_opts o = { .client = { { 9 } }, .daily_requests = 3, .commit_every = 10,
                                 .ledger = ledger, .keeper = &keeper };
    struct err err = { 0 };

    store_sink_release(&sink);
    assert_int_equal(store_sink(s, &o, &sink, &err), 0);
}

/* Numbers come along with the first thing that is waited for, and a file is looked up once. */
static void first_request_of_a_run_costs_three_ways_and_the_next_arm_none(void **state)
{
    const int64_t before = db_trips(s->db);
    struct record rec = made_record("x", 1);
    struct err err = { 0 };
    int64_t n, at;

    (void)state;
    if (!outside_server())
        skip();
    ask_hundred(DAY(0) + 1, &rec);
    assert_true(db_trips(s->db) - before <= 3);
    store_sink_release(&sink);
    at = db_trips(s->db);
    next_arm();
    store_sink_release(&sink);
    assert_int_equal(db_trips(s->db) - at, 0);
    next_arm();
    ask_hundred(DAY(0) + 2, &rec);
    assert_int_equal(db_trips(s->db) - at, 1);
    assert_int_equal(store_round_number(s, &n, &err), 0);
    assert_int_equal(n, 2);
}

/* Once a run, unless it left some itself. */
static void what_this_run_left_in_flight_is_noted_by_its_next_arm(void **state)
{
    struct ask_member m[1];
    struct request r = api_request(m, 1, 2);
    struct err err = { 0 };

    (void)state;
    next_arm();
    assert_int_equal(reserve(&r, &err), 0);
    next_arm();
    assert_true(item(3).asked == 0 && item(3).sent_at == DAY(0));
}

static void announced_requests_wait_together_and_are_charged_when_sent(void **state)
{
    struct ask_member m[3][2];
    struct request r[3] = { api_request(m[0], 2, 100), api_request(m[1], 2, 102),
                            api_request(m[2], 2, 104) };
    struct digest client = { { 9 } };
    struct record rec = made_record("x", 1);
    struct err err = { 0 };
    int64_t used, before;
    bool spent;

    (void)state;
    if (!outside_server()) {    // each is on the disk when it is reserved
        assert_null(sink.announce);
        skip();
    }
    ask_hundred(DAY(0) + 1, &rec);    // statements and numbers are at hand from here on
    for (int i = 0; i < 3; i++)
        assert_int_equal(sink.announce(sink.to, &r[i], &err), 0);
    assert_int_equal(sink.reserved(sink.to, &err), 0);
    assert_int_equal(outside_number(path, "SELECT count(*) FROM request WHERE sends = 0"), 3);
    assert_int_equal(ledger_used(ledger, &client, utc_day(DAY(0)), &used, &spent, &err), 0);
    assert_int_equal(used, 1);
    before = db_trips(s->db);
    assert_int_equal(reserve(&r[0], &err), 0);
    finish(&r[0], DAY(0) + 1, true, NULL);
    assert_int_equal(reserve(&r[1], &err), 0);
    finish(&r[1], DAY(0) + 2, true, NULL);
    assert_int_equal(db_trips(s->db) - before, 0);
    assert_int_equal(ledger_used(ledger, &client, utc_day(DAY(0)), &used, &spent, &err), 0);
    assert_int_equal(used, 3);
    assert_int_equal(sink.withdraw(sink.to, &r[2], &err), 0);
    assert_int_equal(r[2].n, 0);
    store_sink_release(&sink);
    assert_int_equal(outside_number(path, "SELECT count(*) FROM request"), 3);
    assert_int_equal(outside_number(path, "SELECT sum(sends) FROM request"), 3);
    assert_int_equal(outside_number(path, "SELECT count(*) FROM ask"), 104);
    assert_true(item(103).asked == 1 && item(105).asked == 0 && item(105).sent_at == 0);
}

static void what_waits_is_seen_by_whoever_asks(void **state)
{
    struct record rec = made_record("x", 1);

    (void)state;
    read_page(1, DAY(0) + 1, ANSWER_PUBLIC, NO_ANSWER_NONE, &rec);
    assert_true(item(1).page == ANSWER_PUBLIC && item(1).page_at == DAY(0) + 1);
    read_page(1, DAY(0) + 2, ANSWER_REFUSED, NO_ANSWER_NONE, NULL);
    read_page(1, DAY(0) + 3, ANSWER_PUBLIC, NO_ANSWER_NONE, &rec);    // two of one item wait
    assert_true(item(1).page == ANSWER_PUBLIC && item(1).refused_last_at == DAY(0) + 2);
    read_page(2, DAY(0) + 4, ANSWER_PUBLIC, NO_ANSWER_NONE, &rec);
    store_rollback(s);
    assert_int_equal(item(2).page, ANSWER_COUNT);
}

/* A page that lacks something: what it says counts when it says so again. */
static void read_nearly(int item, int64_t at, bool alike)
{
    struct request r = { .witness = WITNESS_PAGE };
    struct answer a = { .id = ID(item - 1),
                        .item = item,
                        .kind = ANSWER_NO_ANSWER,
                        .why = NO_ANSWER_UNKNOWN_SHAPE,
                        .at = at,
                        .message = STR("no author") };
    struct err err = { 0 };
    bool yes = !alike;

    assert_int_equal(reserve(&r, &err), 0);
    a.request = r.n;
    assert_int_equal(sink.alike(sink.to, &a, &yes, &err), 0);
    assert_int_equal(yes, alike);
    r.done_at = at;
    assert_int_equal(sink.put(sink.to, &r, &a, &err), 0);
    assert_int_equal(sink.done(sink.to, &r, &err), 0);
}

static void what_waits_is_alike_without_being_written(void **state)
{
    struct err err = { 0 };
    int64_t before;

    (void)state;
    read_nearly(1, DAY(0) + 1, false);
    read_nearly(2, DAY(0) + 1, false);
    before = db_statements(s->db);
    read_nearly(1, DAY(0) + 2, true);
    assert_int_equal(db_statements(s->db), before);
    read_nearly(3, DAY(0) + 2, false);
    assert_int_equal(db_statements(s->db), before + 1);    // asks, and nothing of the three pages
    assert_int_equal(sink.commit(sink.to, &err), 0);
    read_nearly(2, DAY(0) + 3, true);
}

/* Every second of all items, and one that is none. */
static int64_t every_second(const void *of, size_t i)
{
    (void)of;
    return i % 2 ? 0 : i == 198 ? 5000 : (int64_t)i + 1;
}

/* A run asks for rows while answers wait for their commit: neither is taken up one by one. */
static void rows_are_read_ahead_while_answers_wait(void **state)
{
    struct items_ahead *rows;
    struct item_row row = { 0 };
    struct record rec = made_record("x", 1);
    struct err err = { 0 };
    int64_t before;
    bool found;

    (void)state;
    read_page(3, DAY(0) + 1, ANSWER_PUBLIC, NO_ANSWER_NONE, &rec);
    rows = items_ahead_open(s, &(struct items_wanted){ .item = every_second, .n = 200 });
    assert_int_equal(items_ahead_row(rows, 0, &row, &found, &err), 0);
    assert_true(found && row.n == 1 && row.id == ID(0) && str_eq(row.handle, STR("mira")));
    before = db_statements(s->db);
    for (size_t i = 0; i < 9; i++)
        read_page((int)i + 10, DAY(0) + 2, ANSWER_PUBLIC, NO_ANSWER_NONE, &rec);
    for (size_t i = 0; i < 200; i++) {
        assert_int_equal(items_ahead_row(rows, i, &row, &found, &err), 0);
        assert_int_equal(found, i % 2 == 0 && i != 198);
        assert_true(!found || (row.n == (int64_t)i + 1 && row.id == ID(i)));
        assert_true(i != 2 || row.page_at == DAY(0) + 1);
    }
    assert_true(db_statements(s->db) - before < 40);    // nine exchanges, and one commit of ten
    items_ahead_close(rows);
}

struct blocked_seen { int64_t item[8]; enum witness witness[8]; size_t n; };

static void see_blocked(void *to, int64_t item, enum witness w)
{
    struct blocked_seen *b = to;

    assert_true(b->n < 8);
    b->item[b->n] = item;
    b->witness[b->n++] = w;
}

static struct blocked_seen blocked_on(int day)
{
    struct blocked_seen b = { .n = 0 };
    struct err err = { 0 };

    assert_int_equal(store_blocked_alone(s, 1, utc_day(DAY(day)), see_blocked, &b, &err), 0);
    return b;
}

static void who_was_blocked_alone_today_is_told_at_once(void **state)
{
    struct record rec = made_record("x", 1);
    struct blocked_seen b;

    (void)state;
    read_page(1, DAY(0) + 1, ANSWER_NO_ANSWER, NO_ANSWER_BLOCKED_ALONE, NULL);
    read_page(2, DAY(1) + 1, ANSWER_NO_ANSWER, NO_ANSWER_BLOCKED_ALONE, NULL);
    read_page(3, DAY(1) + 2, ANSWER_NO_ANSWER, NO_ANSWER_FORBIDDEN, NULL);
    read_page(4, DAY(1) + 3, ANSWER_NO_ANSWER, NO_ANSWER_BLOCKED_ALONE, NULL);
    read_page(4, DAY(1) + 4, ANSWER_PUBLIC, NO_ANSWER_NONE, &rec);
    b = blocked_on(1);
    assert_true(b.n == 1 && b.item[0] == 2 && b.witness[0] == WITNESS_PAGE);
    b = blocked_on(0);
    assert_true(b.n == 1 && b.item[0] == 1);
    assert_int_equal(blocked_on(2).n, 0);
}

static void read_and_die(void)
{
    struct record rec = made_record("x", 1);

    for (int i = 1; i <= 25; i++)
        read_page(i, DAY(0) + i, ANSWER_PUBLIC, NO_ANSWER_NONE, &rec);
}

static void killed_reader_keeps_every_committed_batch_whole(void **state)
{
    struct store_totals t;
    struct err err = {0};
    const struct about_item *is;
    struct about *all;
    struct warc_reader *w;
    struct warc_record rec;
    char name[600];
    DIR *d = NULL;
    struct dirent *e;
    int pages = 0, rc = 0;

    (void)state;
    in_child(read_and_die);
    assert_int_equal(store_totals(s, &t, &err), 0);
    assert_int_equal(t.page_public, 20);                // two batches of ten; five are read again
    is = about_of(20, &all);
    assert_true(is->pasts && is->past[0].kind == ANSWER_PUBLIC && is->past[0].evidence.n > 71);
    about_free(all);
    assert_non_null(d = opendir(dir));
    while ((e = readdir(d))) {
        if (!strstr(e->d_name, ".warc.gz"))
            continue;
        snprintf(name, sizeof name, "%s/%s", dir, e->d_name);
        assert_int_equal(warc_open(&w, name, &err), 0);
        while ((rc = warc_next(w, &rec, &err)) == 1)
            pages += str_eq(rec.type, STR("response"));
        warc_close(w);
    }
    closedir(d);
    assert_true(pages >= 20);                           // what the store refers to is on the disk
}

static int one_day(void *to, const struct day_row *row, struct err *err)
{
    struct day_row *all = to;

    (void)err;
    all[row->why ? 2 : row->witness == WITNESS_PAGE] = *row;
    return 0;
}

static void days_count_requests_and_what_came_back(void **state)
{
    struct ask_member m[3];
    struct request r = api_request(m, 3, 0), lost;
    struct record rec = made_record("x", 1);
    struct day_row day[3] = { { 0 } };
    struct err err = {0};

    (void)state;
    m[0].came_back = true;
    assert_int_equal(reserve(&r, &err), 0);
    assert_int_equal(reserve(&r, &err), 0);
    finish(&r, DAY(0) + 5, true, &rec);
    lost = api_request(m, 1, 9);
    assert_int_equal(reserve(&lost, &err), 0);
    read_page(1, DAY(0), ANSWER_PUBLIC, NO_ANSWER_NONE, &rec);
    read_page(2, DAY(0), ANSWER_NO_ANSWER, NO_ANSWER_EMPTY, NULL);
    assert_int_equal(store_days(s, one_day, day, &err), 0);
    assert_true(day[0].requests == 2 && day[0].sends == 3 && day[0].failed == 1);
    assert_true(day[0].asked == 3 && day[0].found == 1 && day[0].day == utc_day(DAY(0)));
    assert_true(day[1].requests == 2 && day[1].failed == 0 && day[1].asked == 1 &&
                day[1].found == 1);
    assert_true(day[2].requests == 0 && day[2].failed == 1 && day[2].asked == 1 &&
                day[2].found == 0 && day[2].why == NO_ANSWER_EMPTY);
}

static void label_names_the_bytes_of_both_sides(void **state)
{
    struct ask_member m[1];
    struct request r = api_request(m, 1, 0);
    struct label_row l = { .item = 1, .page = ANSWER_COUNT }, back;
    struct label_cursor *c;
    struct digest rules = {{ 1 }};
    struct err err = {0};
    ptrdiff_t second;

    (void)state;
    assert_int_equal(reserve(&r, &err), 0);
    finish(&r, DAY(0), true, NULL);
    l.api_request = r.n;
    l.page_request = read_page(1, DAY(0), ANSWER_REFUSED, NO_ANSWER_NONE, NULL);
    assert_int_equal(store_labels_begin(s, &rules, STR(""), &err), 0);
    assert_int_equal(store_label_put(s, &l, &err), 0);
    assert_int_equal(store_labels_end(s, &err), 0);
    assert_int_equal(store_labels_told(s, 0, &c, &err), 0);
    assert_int_equal(label_cursor_next(c, &back, &err), 1);
    second = str_find(back.evidence, STR(" blindspot-test-"), 0);
    assert_true(str_starts(back.evidence, STR("blindspot-test-")) && second > 0);
    assert_true(str_find(back.evidence, STR(".warc.gz:"), (size_t)second) > second);
    label_cursor_close(c);
}

/* From now on pages are read at another place. */
static void move_to(const char *vantage)
{
    struct sink_opts o = {
        .client = { { 9 } }, .daily_requests = 3, .commit_every = 1, .vantage = str_of(vantage)
    };
    struct err err = {0};

    store_sink_release(&sink);
    assert_int_equal(store_sink(s, &o, &sink, &err), 0);
}

static void read_at(int64_t at, enum answer_kind kind, enum no_answer why)
{
    struct request r = { .witness = WITNESS_PAGE };
    struct answer a = { .id = ID(0),
                        .item = 1,
                        .witness = WITNESS_PAGE,
                        .kind = kind,
                        .why = why,
                        .at = at,
                        .region = STR("XY") };
    struct err err = {0};

    assert_int_equal(reserve(&r, &err), 0);
    r.done_at = at;
    assert_int_equal(sink.put(sink.to, &r, &a, &err), 0);
    assert_int_equal(sink.done(sink.to, &r, &err), 0);
}

static int64_t item_one(const void *of, size_t i)
{
    (void)of;
    return (int64_t)i + 1;
}

/* What vantage 2 says of item 1, both to who reads rows and to who tells of it. */
static struct vantage_seen read_there(void)
{
    struct items_ahead *rows =
        items_ahead_open(s, &(struct items_wanted){ .item = item_one, .n = 1, .vantage = 2 });
    struct vantage_seen seen = { .vantage = 2, .item = 1, .kind = ANSWER_COUNT };
    struct about *all;
    const struct about_item *is = about_of(1, &all);
    struct item_row row;
    struct err err = { 0 };
    bool found;

    assert_int_equal(items_ahead_row(rows, 0, &row, &found, &err), 0);
    items_ahead_there(rows, &seen.kind, &seen.at, &seen.tries);
    assert_int_equal(is->theres, 1);
    assert_true(is->there->vantage == 2 && is->there->item == 1 && is->there->kind == seen.kind &&
                is->there->at == seen.at && is->there->tries == seen.tries);
    items_ahead_close(rows);
    about_free(all);
    return seen;
}

static void another_vantage_stands_beside_the_first(void **state)
{
    const struct ask_member m = { .id = ID(0), .item = 1 };
    struct err err = {0};
    struct vantage_seen there;
    int64_t n;

    (void)state;
    read_at(DAY(1), ANSWER_REFUSED, NO_ANSWER_NONE);    // whatever its name, the first is number 1
    assert_true(item(1).page == ANSWER_REFUSED && item(1).elsewhere == ANSWER_COUNT);
    move_to("ca");
    read_at(DAY(1) + 5, ANSWER_NO_ANSWER, NO_ANSWER_TIMEOUT);
    read_at(DAY(1) + 6, ANSWER_NO_ANSWER, NO_ANSWER_FORBIDDEN);
    assert_int_equal(store_vantage(s, STR("ca"), false, &n, &err), 0);
    assert_int_equal(n, 2);
    there = read_there();
    assert_true(there.kind == ANSWER_COUNT && there.at == 0 && there.tries == 1);  // a block: none
    assert_int_equal(sink.spare(sink.to, WITNESS_PAGE, &m, 1, &err), 0);
    assert_int_equal(read_there().tries, 0);
    assert_true(item(1).tries == 0 && item(1).elsewhere == ANSWER_COUNT);
    read_at(DAY(2), ANSWER_PUBLIC, NO_ANSWER_NONE);
    assert_true(item(1).elsewhere == ANSWER_PUBLIC && item(1).elsewhere_at == DAY(2) &&
                item(1).elsewhere_vantage == 2);
    assert_true(item(1).page == ANSWER_REFUSED && item(1).page_at == DAY(1) &&
                item(1).public_last_at == 0);
    move_to("de");
    read_at(DAY(3), ANSWER_REFUSED, NO_ANSWER_NONE);    // public at any of them is public
    assert_true(item(1).elsewhere == ANSWER_PUBLIC && item(1).elsewhere_vantage == 2);
    move_to("");
    read_at(DAY(4), ANSWER_REFUSED,
            NO_ANSWER_NONE);    // refused again here: what was seen before is of old
    assert_true(item(1).page_at == DAY(4) && item(1).elsewhere == ANSWER_COUNT);
    move_to("de");
    read_at(DAY(5), ANSWER_REFUSED, NO_ANSWER_NONE);
    assert_true(item(1).elsewhere == ANSWER_REFUSED && item(1).elsewhere_vantage == 3);
}

static int no_problem(void *to, struct str problem, struct err *err)
{
    (void)to, (void)err;
    fail_msg("%.*s", STR_ARG(problem));
    return 0;
}

static int count_views(void *to, int64_t at, const struct record *r, struct err *err)
{
    int64_t *v = to;

    (void)err;
    assert_true(r->id == ID(0));
    v[0]++;
    v[1] = r->val[FIELD_VIEWS].i;
    v[2] = at;
    return 0;
}

/* What is seen from elsewhere takes nothing from what is compared. */
static void another_vantage_keeps_its_own_record(void **state)
{
    struct record rec = made_record("hello", 5), *back;
    struct arena mem = { 0 };
    struct err err = { 0 };
    int64_t at, there[3] = { 0 };

    (void)state;
    read_page(1, DAY(1), ANSWER_PUBLIC, NO_ANSWER_NONE, &rec);
    move_to("ca");
    rec.val[FIELD_CAPTION] = value_text(STR("bonjour"));
    rec.val[FIELD_VIEWS] = value_int(7);
    read_page(1, DAY(2), ANSWER_PUBLIC, NO_ANSWER_NONE, &rec);
    rec.val[FIELD_VIEWS] = value_int(9);
    read_page(1, DAY(3), ANSWER_PUBLIC, NO_ANSWER_NONE, &rec);
    assert_int_equal(store_record(s, 1, SIDE_PAGE, &mem, &back, &at, &err), 0);
    assert_true(at == DAY(1) && str_eq(back->val[FIELD_CAPTION].text, STR("hello")) &&
                back->val[FIELD_VIEWS].i == 5);
    assert_int_equal(store_vantage_records(s, 2, count_views, there, &err), 0);
    assert_true(there[0] == 1 && there[1] == 9 && there[2] == DAY(3));
    assert_int_equal(records("vantage = 2"), 1);      // the same but for counters is one row
    assert_int_equal(store_check(s, no_problem, NULL, &err), 0);
    assert_int_equal(store_check_records(s, no_problem, NULL, &err), 0);
    read_page(1, DAY(4), ANSWER_REFUSED, NO_ANSWER_NONE, NULL);    // it keeps what it had shown
    assert_int_equal(store_vantage_records(s, 2, count_views, there, &err), 0);
    assert_int_equal(there[0], 2);
    arena_release(&mem);
}

/* A replay has a sink for each vantage: what waits in one is written before another's waits. */
static void sinks_of_two_vantages_take_turns(void **state)
{
    struct sink_opts o = {
        .client = { { 9 } }, .daily_requests = 3, .commit_every = 100, .vantage = STR("ca")
    };
    struct sink first = sink, second;
    struct vantage_seen there;
    struct err err = { 0 };

    (void)state;
    read_at(DAY(1), ANSWER_REFUSED, NO_ANSWER_NONE);
    assert_int_equal(store_sink(s, &o, &second, &err), 0);
    for (int day = 2; day < 6; day++) {
        sink = day % 2 ? first : second;
        read_at(DAY(day), day < 4 ? ANSWER_REFUSED : ANSWER_PUBLIC, NO_ANSWER_NONE);
    }
    sink = first;
    there = read_there();
    assert_true(there.kind == ANSWER_PUBLIC && there.at == DAY(4));
    assert_true(item(1).page == ANSWER_PUBLIC && item(1).page_at == DAY(5));
    assert_int_equal(sink.commit(sink.to, &err), 0);
    assert_int_equal(outside_number(path, "SELECT count(*) FROM page_answer"), 5);
    store_sink_release(&second);
}

static int add_item(void *to, int64_t item, struct err *err)
{
    (void)err;
    *(int64_t *)to += item;
    return 0;
}

/* Refused there since it was last public here: whether it still is, is to be read. */
static void what_was_refused_elsewhere_since_is_unsure(void **state)
{
    struct err err = { 0 };
    int64_t items = 0;

    (void)state;
    read_at(DAY(1), ANSWER_PUBLIC, NO_ANSWER_NONE);
    move_to("ca");
    read_at(DAY(2), ANSWER_REFUSED, NO_ANSWER_NONE);
    assert_int_equal(store_vantage_unsure(s, 0, add_item, &items, &err), 0);
    assert_int_equal(items, 1);
    move_to("");
    read_at(DAY(3), ANSWER_PUBLIC, NO_ANSWER_NONE);
    assert_int_equal(store_vantage_unsure(s, 0, add_item, &items, &err), 0);
    assert_int_equal(items, 1);
    assert_int_equal(store_vantage_unsure(s, DAY(1) - DAY(0), add_item, &items, &err), 0);
    assert_int_equal(items, 1);
    assert_int_equal(store_vantage_unsure(s, DAY(1) - DAY(0) + 1, add_item, &items, &err), 0);
    assert_int_equal(items, 2);    // closer than the clocks of the two are right
}

static void tries_are_given_back_once_each(void **state)
{
    const struct ask_member m = { .id = ID(0), .item = 1 };
    struct err err = {0};

    (void)state;
    read_at(DAY(1), ANSWER_NO_ANSWER, NO_ANSWER_STRIPPED);
    read_at(DAY(2), ANSWER_NO_ANSWER, NO_ANSWER_STRIPPED);
    assert_int_equal(item(1).tries, 2);
    assert_int_equal(sink.spare(sink.to, WITNESS_PAGE, &m, 1, &err), 0);
    assert_int_equal(item(1).tries, 1);
    for (int i = 0; i < 3; i++)
        assert_int_equal(sink.spare(sink.to, WITNESS_PAGE, &m, 1, &err), 0);
    assert_int_equal(item(1).tries, 0);
}

/* Before the pages that wait are written nobody has a try to give back. */
static void tries_of_pages_that_wait_are_given_back(void **state)
{
    const struct ask_member m[] = { { .id = ID(0), .item = 1 }, { .id = ID(1), .item = 2 } };
    struct err err = {0};

    (void)state;
    for (int i = 1; i <= 3; i++)
        read_page(i, DAY(1), ANSWER_NO_ANSWER, NO_ANSWER_STRIPPED, NULL);
    assert_int_equal(sink.spare(sink.to, WITNESS_PAGE, m, 2, &err), 0);
    assert_int_equal(item(1).tries, 0);
    assert_int_equal(item(2).tries, 0);
    assert_int_equal(item(3).tries, 1);
}

static void oembed_has_its_own_fields(void **state)
{
    struct request r = { .witness = WITNESS_OEMBED };
    struct answer a = { .id = ID(0), .item = 1, .witness = WITNESS_OEMBED, .kind = ANSWER_NO_ANSWER,
                        .why = NO_ANSWER_TIMEOUT, .at = DAY(0) };
    struct err err = {0};

    (void)state;
    assert_int_equal(reserve(&r, &err), 0);
    assert_int_equal(sink.put(sink.to, &r, &a, &err), 0);
    assert_int_equal(sink.done(sink.to, &r, &err), 0);
    assert_true(item(1).oembed == ANSWER_NO_ANSWER && item(1).oembed_tries == 1 &&
                item(1).page == ANSWER_COUNT);
    r = (struct request){ .witness = WITNESS_OEMBED };
    a.kind = ANSWER_REFUSED;
    a.at = DAY(1);
    assert_int_equal(reserve(&r, &err), 0);
    assert_int_equal(sink.put(sink.to, &r, &a, &err), 0);
    assert_int_equal(sink.done(sink.to, &r, &err), 0);
    assert_true(item(1).oembed == ANSWER_REFUSED && item(1).oembed_tries == 0 &&
                item(1).oembed_at == DAY(1));
}

static void said_by(enum witness w, int item, int64_t at, enum answer_kind kind, enum no_answer why,
                    const struct record *rec)
{
    struct request r = { .witness = w };
    const struct answer a = { .id = ID(item - 1),
                              .item = item,
                              .witness = w,
                              .kind = kind,
                              .why = why,
                              .generation = w == WITNESS_EMBED ? GENERATION_EMBED
                                                               : GENERATION_REHYDRATE,
                              .record = rec,
                              .at = at };
    struct err err = {0};

    assert_int_equal(reserve(&r, &err), 0);
    r.done_at = at;
    assert_int_equal(sink.put(sink.to, &r, &a, &err), 0);
    assert_int_equal(sink.done(sink.to, &r, &err), 0);
}

static void shown_by(enum witness w, int64_t at, const struct record *rec)
{
    said_by(w, 1, at, ANSWER_PUBLIC, NO_ANSWER_NONE, rec);
}

static int64_t borrowers(const char *more)
{
    char sql[200];

    snprintf(sql, sizeof sql,
             "SELECT count(*) FROM record WHERE lent = 'description' AND description = 'x'%s",
             more);
    return outside_number(path, sql);
}

/* One that took its place lends in its turn. */
static void fields_that_are_lent_are_asked_for_with_the_rows(void **state)
{
    struct record rec = made_record("x", 1);
    int64_t before;

    (void)state;
    shown_by(WITNESS_PAGE, DAY(0) + 1, &rec);
    assert_int_equal(look_by(WITNESS_EMBED, 1).page, ANSWER_PUBLIC);
    before = db_trips(s->db);
    rec.val[FIELD_CAPTION] = (struct value){ 0 };
    rec.val[FIELD_LANGUAGE] = value_text(STR("de"));
    shown_by(WITNESS_EMBED, DAY(0) + 5, &rec);
    assert_int_equal(sink.commit(sink.to, &(struct err){ 0 }), 0);
    if (outside_server())
        assert_int_equal(db_trips(s->db) - before, 0);
    assert_int_equal(item(1).public_last_at, DAY(0) + 5);
    assert_int_equal(borrowers(""), 1);
    rec.val[FIELD_LANGUAGE] = value_text(STR("fr"));
    shown_by(WITNESS_EMBED, DAY(0) + 6, &rec);
    assert_int_equal(sink.commit(sink.to, &(struct err){ 0 }), 0);
    assert_int_equal(item(1).public_last_at, DAY(0) + 6);
    assert_int_equal(borrowers(""), 2);
    assert_int_equal(borrowers(" AND superseded = 0 AND text_language = 'fr'"), 1);
}

/* Whatever a pass may do, by chance: answers of all kinds, some of before, commits, looks at the
 * rows, tries that are given back, the API in between, what is rolled back. */
static const enum witness by_chance[] = { WITNESS_PAGE, WITNESS_EMBED, WITNESS_OEMBED };

static void say_by_chance(uint64_t r, int64_t at)
{
    static const char *const caption[] = { "x", "y", "z" };
    static const enum no_answer why[] = { NO_ANSWER_TIMEOUT, NO_ANSWER_BLOCKED_ALONE,
                                          NO_ANSWER_BLOCKED_ALONE, NO_ANSWER_BLOCKED_ALONE };
    struct record rec = made_record(caption[r % 3], (int64_t)(r / 3 % 4));
    const enum witness w = by_chance[r / 16 % 3];
    const enum answer_kind kind = r / 64 % 8 < 3   ? ANSWER_PUBLIC
                                  : r / 64 % 8 < 4 ? ANSWER_REFUSED
                                                   : ANSWER_NO_ANSWER;
    const bool shows = w != WITNESS_OEMBED && kind != ANSWER_NO_ANSWER &&
                       (kind == ANSWER_PUBLIC || r / 512 % 2);

    if (r / 1024 % 3 == 0)
        rec.val[FIELD_CAPTION] = (struct value){ 0 };
    said_by(w, 1 + (int)(r / 4096 % 12), at - (r / 65536 % 8 ? 0 : 5000), kind,
            kind == ANSWER_NO_ANSWER ? why[r / 1048576 % 4] : NO_ANSWER_NONE, shows ? &rec : NULL);
}

static void do_by_chance(uint64_t r, int64_t at, bool kept)
{
    const int which = (int)(r / 64 % 10);
    const struct ask_member given = { .id = ID(which), .item = which + 1 };

    switch (r % 32) {
    case 0: assert_int_equal(sink.commit(sink.to, &(struct err){ 0 }), 0); break;
    case 1:
    case 2:
    case 3:
        if (kept)
            look_by(by_chance[r / 64 % 2], 1);
        break;
    case 4:
        assert_int_equal(sink.spare(sink.to, by_chance[r / 1024 % 2], &given, 1,
                                    &(struct err){ 0 }), 0);
        break;
    case 5:
        assert_int_equal(sink.commit(sink.to, &(struct err){ 0 }), 0);
        if (r / 1024 % 4 == 0)
            store_rollback(s);
        break;
    default: say_by_chance(r / 32, at);
    }
}

/* What came of it so far. */
static void add_all_that_is_known(struct buf *out)
{
    struct buf rows = { 0 };

    assert_int_equal(sink.commit(sink.to, &(struct err){ 0 }), 0);
    assert_int_equal(db_committed(s->db, &(struct err){ 0 }), 0);
    cells_of(Q_ITEMS_ALL, ARGS(arg_int(0), arg_int(20)), ITEM_WIDTH, &rows);
    buf_printf(
        out, "%s\n%lld\n", buf_cstr(&rows),
        (long long)outside_number(
            path, "SELECT (SELECT coalesce(sum(n * 31 + item * 1009 + kind * 97 + last_at * 7"
                  " + first_at * 3 + superseded * 13 + first_request * 17 + last_request * 19"
                  " + length(lent) * 23), 0) FROM record)"
                  " + (SELECT coalesce(sum(item * (api * 3 + page * 5 + agree * 7)), 0)"
                  " FROM current) * 1000003"
                  " + (SELECT sum(item * (why * 3 + kind * 5 + at)) FROM page_answer) * 11"));
    buf_release(&rows);
}

static void go_by_chance(uint64_t seed, bool kept, struct buf *out)
{
    struct record rec = made_record("y", 2);

    buf_clear(out);
    for (int i = 0; i < 300; i++) {
        const int64_t at = DAY(i / 100) + 10000 + 100 * i;

        if (i == 90 || i == 200)
            ask_hundred(at, &rec);
        do_by_chance(mix64(seed * 1000 + (uint64_t)i), at, kept);
        if (i % 30 == 29)
            add_all_that_is_known(out);
    }
}

static void what_is_kept_changes_nothing_of_what_is_written(void **state)
{
    struct buf with = { 0 }, without = { 0 };

    if (!outside_server())    // of a file nothing is kept
        skip();
    for (uint64_t seed = 1; seed <= 4; seed++) {
        go_by_chance(seed, true, &with);
        teardown(state);
        setup(state);
        go_by_chance(seed, false, &without);
        teardown(state);
        setup(state);
        assert_string_equal(buf_cstr(&with), buf_cstr(&without));
    }
    buf_release(&with);
    buf_release(&without);
}

/* It is public by the embed page where the page itself says nothing, until it does. */
static void an_embed_page_s_answer_stands_in_for_the_page(void **state)
{
    struct record rec = { 0 };
    struct err err = { 0 };

    (void)state;
    rec.val[FIELD_AUTHOR] = value_text(STR("mira"));
    read_at(DAY(0), ANSWER_NO_ANSWER, NO_ANSWER_CHALLENGE);
    shown_by(WITNESS_EMBED, DAY(0) + 5, &rec);
    assert_true(item(1).page == ANSWER_PUBLIC && item(1).page_witness == WITNESS_EMBED &&
                item(1).public_first_at == DAY(0) + 5 && item(1).oembed == ANSWER_COUNT);
    read_at(DAY(1), ANSWER_REFUSED, NO_ANSWER_NONE);
    assert_true(item(1).page == ANSWER_REFUSED && item(1).page_witness == WITNESS_PAGE &&
                item(1).embed == ANSWER_PUBLIC);
    assert_int_equal(sink.commit(sink.to, &err), 0);
    assert_int_equal(outside_number(path, "SELECT count(*) FROM v_answers WHERE witness = 'embed'"
                                          " AND answer = 'public'"),
                     1);
}

static void tries_of_the_embed_page_are_given_back_to_it(void **state)
{
    const struct ask_member m = { .id = ID(0), .item = 1 };
    struct request r = { .witness = WITNESS_EMBED };
    struct answer a = { .id = ID(0),
                        .item = 1,
                        .witness = WITNESS_EMBED,
                        .kind = ANSWER_NO_ANSWER,
                        .why = NO_ANSWER_UNKNOWN_SHAPE,
                        .at = DAY(0) };
    struct err err = { 0 };

    (void)state;
    read_at(DAY(0), ANSWER_NO_ANSWER, NO_ANSWER_STRIPPED);
    assert_int_equal(reserve(&r, &err), 0);
    assert_int_equal(sink.put(sink.to, &r, &a, &err), 0);
    assert_int_equal(sink.done(sink.to, &r, &err), 0);
    assert_true(item(1).tries == 1 && item(1).embed_tries == 1);
    assert_int_equal(sink.spare(sink.to, WITNESS_EMBED, &m, 1, &err), 0);
    assert_true(item(1).tries == 1 && item(1).embed_tries == 0);
}

static struct value kept(enum field f)
{
    struct arena mem = { 0 };
    struct record *back = NULL;
    struct err err = { 0 };
    struct value v;
    int64_t at;

    assert_int_equal(store_record(s, 1, SIDE_PAGE, &mem, &back, &at, &err), 0);
    v = back->val[f];
    v.text.p = NULL;
    arena_release(&mem);
    return v;
}

static int64_t lent(const char *names)
{
    struct err err = { 0 };
    char sql[200];

    assert_int_equal(sink.commit(sink.to, &err), 0);
    snprintf(sql, sizeof sql,
             "SELECT count(*) FROM record r JOIN current c ON c.page = r.n"
             " WHERE r.lent = '%s'",
             names);
    return outside_number(path, sql);
}

static void assert_lent(enum witness by, const char *names)
{
    struct about *all;
    const struct about_item *is = about_of(1, &all);

    assert_true(str_eq(is->lent, str_of(names)));
    assert_true(!is->lent.n || is->lent_by == by);
    about_free(all);
}

/* A field that one of the two alone has stays when the other is read, and goes when its own
 * witness no longer shows it. */
static void a_field_of_one_witness_stays(void **state)
{
    struct record page = { 0 }, embed = { 0 };

    (void)state;
    page.val[FIELD_AUTHOR] = embed.val[FIELD_AUTHOR] = value_text(STR("mira"));
    page.val[FIELD_AIGC] = value_int(7);
    embed.val[FIELD_PLACE] = value_text(STR("CA"));
    embed.val[FIELD_VIEWS] = page.val[FIELD_VIEWS] = value_int(9);
    page.val[FIELD_FAVORITES] = value_int(3);

    shown_by(WITNESS_EMBED, DAY(0), &embed);
    shown_by(WITNESS_PAGE, DAY(1), &page);
    assert_true(kept(FIELD_PLACE).kind == VAL_TEXT && kept(FIELD_AIGC).i == 7);
    assert_int_equal(lent("location_created"), 1);
    assert_lent(WITNESS_EMBED, "location_created");
    shown_by(WITNESS_PAGE, DAY(2), &page);
    assert_int_equal(kept(FIELD_PLACE).kind, VAL_TEXT);
    shown_by(WITNESS_EMBED, DAY(3), &embed);
    assert_true(kept(FIELD_PLACE).kind == VAL_TEXT && kept(FIELD_AIGC).i == 7);
    assert_int_equal(kept(FIELD_FAVORITES).kind, VAL_NONE);    // counters are of one reading
    page.val[FIELD_AIGC] = (struct value){ 0 };
    page.val[FIELD_MUSIC_TITLE] = value_text(STR("hum"));
    shown_by(WITNESS_PAGE, DAY(4), &page);
    assert_int_equal(kept(FIELD_AIGC).kind, VAL_NONE);
    assert_int_equal(kept(FIELD_PLACE).kind, VAL_TEXT);
    embed.val[FIELD_PLACE] = (struct value){ 0 };
    shown_by(WITNESS_EMBED, DAY(5), &embed);
    assert_true(kept(FIELD_PLACE).kind == VAL_NONE && kept(FIELD_MUSIC_TITLE).kind == VAL_TEXT);
}

/* The third witness says something of an item and moves nothing of the first. */
static void validity_is_kept_beside_the_query(void **state)
{
    struct ask_member m[3];
    struct request r = api_request(m, 3, 0);
    struct err err = {0};

    (void)state;
    r.witness = WITNESS_VALIDATION;
    assert_int_equal(reserve(&r, &err), 0);
    m[1].came_back = true;
    r.complete = true;
    r.done_at = DAY(2);
    assert_int_equal(sink.done(sink.to, &r, &err), 0);
    assert_true(item(1).valid == VALIDATION_NOT_VALID && item(2).valid == VALIDATION_VALID &&
                item(2).valid_at == DAY(2));
    assert_true(item(2).asked == 0 && item(2).found_first_at == 0 && item(2).sent_at == 0);
    r = api_request(m, 3, 1);                      // items 2 to 4, incomplete: nothing is said
    r.witness = WITNESS_VALIDATION;
    assert_int_equal(reserve(&r, &err), 0);
    r.done_at = DAY(3);
    assert_int_equal(sink.done(sink.to, &r, &err), 0);
    assert_true(item(2).valid == VALIDATION_VALID && item(4).valid == VALIDATION_NONE);
    r = api_request(m, 3, 1);    // an older answer does not take a newer one's place
    r.witness = WITNESS_VALIDATION;
    assert_int_equal(reserve(&r, &err), 0);
    r.complete = true;
    r.done_at = DAY(1);
    assert_int_equal(sink.done(sink.to, &r, &err), 0);
    assert_true(item(2).valid == VALIDATION_VALID && item(2).valid_at == DAY(2));
    assert_true(item(3).valid == VALIDATION_NOT_VALID && item(4).valid == VALIDATION_NOT_VALID);
}

static int take_user(void *to, const struct user_answer *u, struct err *err)
{
    struct user_answer *all = to;
    int n = all[3].query_rows++;

    (void)err;
    assert_true(n < 3);
    all[n] = *u;
    assert_true(str_eq(u->handle, STR("mira")));
    assert_true(str_eq(u->message, n == 0 ? STR("cannot find the user") : STR("")));
    return 0;
}

static void answers_about_accounts_come_back_by_time(void **state)
{
    struct user_answer all[4], u = { .handle = STR("mira"),
                                     .item = 1,
                                     .at = DAY(1),
                                     .query_ok = true,
                                     .start_day = 20400,
                                     .end_day = 20429,
                                     .query_rows = 3,
                                     .query_items = 1,
                                     .info = USER_INFO_UNKNOWN,
                                     .message = STR("cannot find the user") };
    struct request r = { .witness = WITNESS_USERNAME }, later = { .witness = WITNESS_USERNAME };
    struct err err = {0};

    (void)state;
    memset(all, 0, sizeof all);
    assert_int_equal(reserve(&later, &err), 0);
    assert_int_equal(reserve(&r, &err), 0);
    assert_int_equal(sink.user(sink.to, &r, &u, &err), 0);
    u = (struct user_answer){ .handle = STR("mira"),
                              .item = 1,
                              .at = DAY(5),
                              .info = USER_INFO_KNOWN,
                              .has_videos = true,
                              .videos = 12 };
    assert_int_equal(sink.user(sink.to, &later, &u, &err), 0);
    assert_int_equal(sink.commit(sink.to, &err), 0);
    assert_int_equal(store_users(s, take_user, all, &err), 0);
    assert_int_equal(all[3].query_rows, 2);
    assert_true(all[0].request == r.n && all[0].query_ok && all[0].query_rows == 3 &&
                all[0].query_items == 1);
    assert_true(all[0].info == USER_INFO_UNKNOWN && !all[0].has_videos && all[0].end_day == 20429);
    assert_true(all[1].at == DAY(5) && all[1].has_videos && all[1].videos == 12 &&
                !all[1].query_ok);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(complete_reply_counts_everyone_and_an_incomplete_one_nobody),
        TEST(second_reading_settles_and_a_file_loaded_twice_is_one),
        TEST(what_is_read_ahead_settles_a_reading_as_the_store_does),
        TEST(two_reads_within_a_second_are_two_readings),
        TEST(request_costs_a_fixed_number_of_statements),
        TEST(every_send_is_charged_before_it_goes_out),
        TEST(send_across_midnight_is_charged_to_both_days),
        TEST(replies_in_any_order_give_the_same_totals),
        TEST(window_that_begins_later_is_counted_as_following),
        TEST(every_number_of_a_state_comes_out_as_it_went_in),
        TEST(no_answer_never_hides_what_was_read),
        TEST(record_row_is_added_only_when_a_stable_field_changed),
        TEST(older_answers_are_kept_once_as_history),
        TEST(found_items_are_counted_once),
        TEST(every_reading_of_a_counter_is_kept),
        TEST(pair_is_skipped_only_where_everything_compared_agrees),
        TEST(items_and_pairs_come_in_order_however_many_they_are),
        TEST(walk_that_ends_early_leaves_nothing_behind),
        TEST(history_tells_everything_in_order_of_time),
        TEST(asks_tell_who_travelled_together),
        TEST(asks_are_those_of_answered_queries_alone),
        TEST(changed_handle_is_noted_once),
        TEST(request_in_flight_at_a_kill_is_charged_sent_and_not_asked),
        TEST(numbers_come_in_blocks_and_what_is_left_is_given_back),
        TEST(request_costs_one_way_to_a_server),
        TEST(what_is_expected_comes_on_one_way_and_is_void_once_something_is_written),
        TEST(what_was_asked_already_is_answered_again_without_a_way),
        TEST(what_is_kept_is_void_once_its_table_is_written_to),
        TEST(what_is_expected_while_answers_are_kept_comes_on_its_way),
        TEST(commit_that_failed_on_its_way_is_told_by_whoever_waits),
        TEST(commit_of_pages_costs_two_ways_to_a_server),
        TEST(post_read_twice_in_a_commit_is_asked_for_once),
        TEST(pages_whose_rows_were_asked_for_cost_no_way_to_a_server),
        TEST(fields_that_are_lent_are_asked_for_with_the_rows),
        TEST(what_is_kept_changes_nothing_of_what_is_written),
        TEST(what_is_kept_of_items_is_void_when_others_write_of_them),
        TEST(requests_in_flight_with_one_member_know_of_each_other),
        TEST(record_supersedes_what_came_since_it_was_asked_for),
        TEST(first_request_of_a_run_costs_three_ways_and_the_next_arm_none),
        TEST(what_this_run_left_in_flight_is_noted_by_its_next_arm),
        TEST(announced_requests_wait_together_and_are_charged_when_sent),
        TEST(what_waits_is_seen_by_whoever_asks),
        TEST(what_waits_is_alike_without_being_written),
        TEST(rows_are_read_ahead_while_answers_wait),
        TEST(who_was_blocked_alone_today_is_told_at_once),
        TEST(killed_reader_keeps_every_committed_batch_whole),
        TEST(days_count_requests_and_what_came_back),
        TEST(oembed_has_its_own_fields),
        TEST(an_embed_page_s_answer_stands_in_for_the_page),
        TEST(tries_of_the_embed_page_are_given_back_to_it),
        TEST(a_field_of_one_witness_stays),
        TEST(another_vantage_stands_beside_the_first),
        TEST(another_vantage_keeps_its_own_record),
        TEST(what_was_refused_elsewhere_since_is_unsure),
        TEST(sinks_of_two_vantages_take_turns),
        TEST(tries_are_given_back_once_each),
        TEST(tries_of_pages_that_wait_are_given_back),
        TEST(validity_is_kept_beside_the_query),
        TEST(answers_about_accounts_come_back_by_time),
        TEST(label_names_the_bytes_of_both_sides),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
