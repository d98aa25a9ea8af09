/* tests/unit/test_differ.c: the comparator over an audit: which readings teach, which are
 * weighed, and what is kept of it. */
#include "audit/verdict/differ.h"
#include "audit/verdict/explain.h"
#include "audit/verdict/label.h"
#include "tests/unit/audit_box.h"
#include "tests/unit/outside.h"

#define POSTS 402

struct shown { int64_t views, likes; bool ad; };

static int setup_posts(void **state)
{
    struct new_item it[POSTS] = {{0}};

    setup_empty(state);
    for (int i = 0; i < POSTS; i++)
        it[i].id = ID(i);
    add_items(it, POSTS);
    return 0;
}

static struct record made(int i, struct shown s)
{
    struct record rec = { .id = ID(i) };

    rec.val[FIELD_VIEWS] = value_int(s.views);
    rec.val[FIELD_LIKES] = value_int(s.likes);
    if (s.ad)
        rec.val[FIELD_IS_AD] = value_int(1);
    return rec;
}

static void page_shows(int i, int64_t at, struct shown s)
{
    struct record rec = made(i, s);
    struct answer a = { .kind = ANSWER_PUBLIC,
                        .has_code = true,
                        .generation = GENERATION_REHYDRATE,
                        .record = &rec };

    read_page(i, at, &a);
}

static void api_shows(int i, int64_t at, struct shown s)
{
    struct record rec = made(i, s);
    struct ask_member m = { .id = ID(i), .item = i + 1, .came_back = true };
    struct request r = { .witness = WITNESS_QUERY, .round = 1, .start_day = FROM, .end_day = TO,
                         .loaded = true, .member = &m, .members = 1, .complete = true,
                         .http = 200, .reserved_at = at, .sent_at = at, .done_at = at };
    struct answer a = { .id = ID(i), .item = i + 1, .witness = WITNESS_QUERY,
                        .kind = ANSWER_FOUND, .at = at, .generation = GENERATION_API,
                        .record = &rec };
    struct err err = {0};

    if (sink.reserve(sink.to, &r, &err))
        fail_msg("%s", err.msg);
    a.request = r.n;
    if (sink.put(sink.to, &r, &a, &err) || sink.done(sink.to, &r, &err))
        fail_msg("%s", err.msg);
}

static struct diff_result differ(const struct diff_sink *to)
{
    struct diff_result r = { 0 };
    struct err err = {0};

    if (sink.commit(sink.to, &err) || differ_each(&audit, to, &r, &err))
        fail_msg("%s", err.msg);
    return r;
}

/* ---- the case of the issue: nothing taught, posts of two months ---- */

static void six_rows_with_a_137th_of_the_views_differ(void **state)
{
    struct diff_result r;

    (void)state;
    for (int i = 0; i < POSTS; i++) {
        int64_t views = 1000 + (int64_t)i * i * 40;
        struct shown api = { i % 67 == 3 ? views / 137 : views, views / 20, false };

        api_shows(i, AT(20, 0), api);
        page_shows(i, AT(21, 0), (struct shown){ views + 1, views / 20, false });
    }
    r = differ(NULL);
    assert_int_equal(r.pairs, POSTS);
    assert_true(r.lambda == 1 && r.learned.all == 0);
    assert_int_equal(r.count.field[FIELD_VIEWS].differs, 6);
    assert_int_equal(r.count.field[FIELD_VIEWS].within, POSTS - 6);
    assert_int_equal(r.count.field[FIELD_LIKES].equal, POSTS);
    assert_int_equal(r.count.snapshot[SNAPSHOT_NO], 6);
    assert_int_equal(r.count.snapshot[SNAPSHOT_YES], POSTS - 6);
}

/* ---- what teaches ---- */

static void only_pages_teach(void **state)
{
    struct diff_result r;

    (void)state;
    for (int i = 0; i < 300; i++) {
        api_shows(i, AT(0, 0), (struct shown){ 10000, 500, false });
        api_shows(i, AT(6, 0), (struct shown){ 30000, 1500, false });
    }
    r = differ(NULL);
    assert_true(r.lambda == 1 && r.learned.all == 0);
    for (int i = 0; i < 300; i++) {
        page_shows(i, AT(0, 0), (struct shown){ 10000, 500, false });
        page_shows(i, AT(6, 0), (struct shown){ 10010, 501, false });
    }
    r = differ(NULL);
    assert_int_equal(r.learned.all, 300);
    assert_int_equal(r.learned.apart, 300);
    assert_true(r.lambda < 1 && r.lambda > 0.7);
}

static void readings_within_the_hour_wait_for_a_later_one(void **state)
{
    struct diff_result r;

    (void)state;
    for (int k = 0; k < 4; k++)
        page_shows(0, AT(0, 0) + k * 1800, (struct shown){ 10000 + k, 500, false });
    r = differ(NULL);
    assert_int_equal(r.learned.all, 1);
}

/* ---- what is weighed ---- */

static void every_reading_of_a_page_is_weighed(void **state)
{
    struct diff_result r;

    (void)state;
    for (int i = 0; i < 2; i++) {
        if (i == 0)
            page_shows(i, AT(0, 0), (struct shown){ 10000, 500, false });
        api_shows(i, AT(12, 0), (struct shown){ 9000, 500, false });
        page_shows(i, AT(13, 0), (struct shown){ 10100, 500, false });
    }
    r = differ(NULL);
    assert_int_equal(r.count.field[FIELD_VIEWS].differs, 1);
    assert_int_equal(r.count.field[FIELD_VIEWS].within, 1);
}

static void a_page_with_a_sign_of_advertising_is_not_judged_jointly(void **state)
{
    struct diff_result r;

    (void)state;
    for (int i = 0; i < 2; i++) {
        api_shows(i, AT(20, 0), (struct shown){ 100000, 9990, false });
        page_shows(i, AT(20, 1), (struct shown){ 300000, 10000, i == 1 });
    }
    r = differ(NULL);
    assert_int_equal(r.count.field[FIELD_VIEWS].differs, 1);
    assert_int_equal(r.count.field[FIELD_VIEWS].within, 1);
}

struct rows { int n; size_t readings[4]; };

static int take_row(void *to, const struct diff_row *row, struct err *err)
{
    struct rows *rows = to;

    (void)err;
    assert_true(row->page[0].at == row->pair->page_at);
    rows->readings[rows->n++] = row->len;
    return 0;
}

/* Where somebody asks for rows he gets all readings, of rows that agree as well. */
static void rows_are_handed_on_with_all_readings(void **state)
{
    struct rows rows = {0};
    const struct diff_sink to = { .row = take_row, .to = &rows };

    (void)state;
    for (int i = 0; i < 2; i++) {
        page_shows(i, AT(0, 0), (struct shown){ 10000, 500, false });
        page_shows(i, AT(5, 0), (struct shown){ 10050, 500, false });
        api_shows(i, AT(6, 0), (struct shown){ 10050 + i, 500, false });
    }
    differ(&to);
    assert_true(rows.n == 2 && rows.readings[0] == 2 && rows.readings[1] == 2);
}

/* ---- what is kept ---- */

static enum snapshot snapshot_of(int i)
{
    enum snapshot s = SNAPSHOT_COUNT;
    struct label_cursor *cursor = NULL;
    struct label_row l;
    struct err err = {0};

    assert_int_equal(store_labels(audit.store, &cursor, &err), 0);
    while (label_cursor_next(cursor, &l, &err) > 0)
        if (l.id == ID(i))
            s = l.snapshot;
    label_cursor_close(cursor);
    return s;
}

static void classify(void)
{
    struct classify_result result;
    struct err err = {0};

    if (sink.commit(sink.to, &err) || labels_make(&audit, &result, &err))
        fail_msg("%s", err.msg);
}

/* classify alone, without diff before it. */
static void labels_name_the_common_instant(void **state)
{
    struct buf text = {0};
    struct err err = {0};

    (void)state;
    for (int i = 0; i < 3; i++)
        api_shows(i, AT(20, 0), (struct shown){ 1459, 9000, false });
    page_shows(0, AT(21, 0), (struct shown){ 200000, 9000, false });
    page_shows(1, AT(21, 0), (struct shown){ 1459, 9000, false });
    classify();
    assert_int_equal(snapshot_of(0), SNAPSHOT_NO);
    assert_int_equal(snapshot_of(1), SNAPSHOT_YES);
    assert_int_equal(snapshot_of(2), SNAPSHOT_NONE);
    page_shows(2, AT(21, 0), (struct shown){ 1460, 9000, false });
    classify();
    assert_int_equal(snapshot_of(2), SNAPSHOT_YES);

    assert_int_equal(explain_item(&audit, "7575518292266192128", false, &text, &err), 0);
    assert_non_null(strstr(buf_cstr(&text), "view_count (single): the API has 1459 and the page "
                                            "200000; at any instant that the API's copy can be "
                                            "of, the counter must have grown by a factor of "));
    assert_non_null(strstr(buf_cstr(&text), "No one instant"));
    buf_clear(&text);
    assert_int_equal(explain_item(&audit, "7575518292266192128", true, &text, &err), 0);
    assert_non_null(strstr(buf_cstr(&text), "\"snapshot\":\"no\""));
    assert_non_null(strstr(buf_cstr(&text), "\"field\":\"view_count\",\"verdict\":\"differs\","
                                            "\"api\":1459,\"page\":200000,\"rule\":\"single\","));
    buf_release(&text);
}

/* With workers answers come in while labels are made: those that no label knows of have to make
 * them once more. */
static void what_comes_in_meanwhile_makes_labels_stale(void **state)
{
    struct err err = {0};
    char path[96];
    bool fresh;

    (void)state;
    snprintf(path, sizeof path, "%s/audit.db", dir);
    page_shows(0, AT(21, 0), (struct shown){ 1, 1, false });
    api_shows(0, AT(21, 0), (struct shown){ 200000, 1, false });
    classify();
    assert_int_equal(labels_are_fresh(&audit, &fresh, &err), 0);
    assert_true(fresh);
    page_shows(1, AT(21, 0), (struct shown){ 1, 1, false });
    assert_int_equal(sink.commit(sink.to, &err), 0);
    outside_run(path, "CREATE TRIGGER other AFTER INSERT ON label WHEN NEW.item = 2 BEGIN"
                  " UPDATE stamp SET answers = answers + 1; END");
    classify();
    outside_run(path, "DROP TRIGGER other");
    assert_int_equal(labels_are_fresh(&audit, &fresh, &err), 0);
    assert_false(fresh);
    classify();
    assert_int_equal(labels_are_fresh(&audit, &fresh, &err), 0);
    assert_true(fresh);
    outside_run(path, "CREATE TRIGGER other AFTER INSERT ON difference WHEN NEW.item = 1 BEGIN"
                  " UPDATE stamp SET answers = answers + 1; END");
    assert_int_equal(differ_store(&audit, &err), 0);
    outside_run(path, "DROP TRIGGER other");
    outside_run(path, "DELETE FROM difference");
    assert_int_equal(differ_refresh(&audit, &err), 0);    // made anew, once
    assert_int_equal(outside_number(path, "SELECT count(*) > 0 FROM difference"), 1);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup_posts, teardown)
    const struct CMUnitTest tests[] = {
        TEST(six_rows_with_a_137th_of_the_views_differ),
        TEST(only_pages_teach),
        TEST(readings_within_the_hour_wait_for_a_later_one),
        TEST(every_reading_of_a_page_is_weighed),
        TEST(a_page_with_a_sign_of_advertising_is_not_judged_jointly),
        TEST(rows_are_handed_on_with_all_readings),
        TEST(labels_name_the_common_instant),
        TEST(what_comes_in_meanwhile_makes_labels_stale),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
