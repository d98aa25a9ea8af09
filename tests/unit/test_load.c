/* Answers that others collected: what is taken, when it was, and that a file is
 * taken whole or not at all. */
#include "audit/take/load.h"
#include "tests/unit/audit_box.h"

#define ID_A "7361448925972155679"
#define ID_B "7361448925972155680"
#define ID_C "7361448925972155681"
#define LOG(day) "2026030" #day "120000AAAA"
#define REPLY(ids, more, search, log)                                                              \
    "{\"data\":{\"videos\":[" ids "],\"cursor\":100,\"has_more\":" more ",\"search_id\":\"" search \
    "\"},\"error\":{\"code\":\"ok\",\"message\":\"\",\"log_id\":\"" log "\"}}\n"

static struct load_result result;

static int load(const char *text, const char *asked, int64_t at, struct err *err)
{
    char *path = file_join(dir, "in.json"), *list = file_join(dir, "asked.txt");
    struct load_opts o = { .at = at, .has_at = at > 0, .asked = asked ? list : NULL };
    int rc;

    err_clear(err);
    if (file_write(path, str_of(text), err) || (asked && file_write(list, str_of(asked), err)))
        fail_msg("%s", err->msg);
    rc = load_api(&audit, path, &o, &result, err);
    free(path);
    free(list);
    return rc;
}

static struct item_row row_of(uint64_t id)
{
    struct item_row row;
    struct err err = {0};
    int64_t item = 0;
    bool found = false;

    assert_int_equal(store_item_find(audit.store, id, &item, &err), 0);
    if (!item || store_item(audit.store, item, &row, &found, &err) || !found)
        return (struct item_row){ .n = 0 };
    return row;
}

static int64_t items_now(void)
{
    struct store_totals t;
    struct err err = {0};

    assert_int_equal(store_totals(audit.store, &t, &err), 0);
    return t.items;
}

static void replies_keep_the_time_of_their_log_id(void **state)
{
    struct err err = {0};

    (void)state;
    if (load(REPLY("{\"id\":" ID_A "}", "false", "x", LOG(1))
                 REPLY("{\"id\":" ID_B "}", "false", "y", LOG(5)),
             NULL, 0, &err))
        fail_msg("%s", err.msg);
    assert_int_equal(result.found, 2);
    assert_int_equal(result.items, 2);
    assert_int_equal(row_of(7361448925972155679).found_first_at,
                     1772366400);    // 2026-03-01T12:00:00Z
    assert_int_equal(row_of(7361448925972155680).found_first_at, 1772366400 + 4 * 86400);
}

/* The ids of `step` times so many rows, from `first` on, rounded down to a multiple of round. */
static void rows_of(struct buf *out, uint64_t first, int n, uint64_t round)
{
    for (int i = 0; i < n; i++) {
        uint64_t id = first + (uint64_t)i * 108232173367u * 64;

        buf_printf(out, "%s{\"id\":%llu}", i ? "," : "", (unsigned long long)(id / round * round));
    }
}
/* Somebody kept a reply by way of a program that rounds numbers. */
static void rows_with_rounded_ids_are_not_taken(void **state)
{
    int64_t before = items_now();
    struct buf rows = { 0 }, text = { 0 };
    struct err err = { 0 };

    (void)state;
    rows_of(&rows, 7361500000000000679u, 30, 1000);
    buf_printf(&text, REPLY("%s,{\"id\":7361448925972155777}", "false", "z", LOG(1)),
               buf_cstr(&rows));
    if (load(buf_cstr(&text), NULL, 0, &err))
        fail_msg("%s", err.msg);
    assert_int_equal(result.spoiled, 30);
    assert_int_equal(result.found, 1);
    assert_int_equal(items_now(), before + 1);
    buf_clear(&text);
    buf_printf(&text, REPLY("%s", "false", "z", LOG(1)), buf_cstr(&rows));
    assert_int_equal(load(buf_cstr(&text), NULL, 0, &err), -1);
    assert_non_null(strstr(err.msg, "nothing was taken: the ids of all its 30 rows are rounded"));
    buf_clear(&text);
    buf_printf(&text, REPLY("%s,{\"id\":7361448925972155777}", "false", "z", LOG(1)),
               buf_cstr(&rows));
    /* with a list: a row that was not taken may be any that seems absent */
    assert_int_equal(load(buf_cstr(&text), ID_C "\n7361448925972155777\n", 0, &err), 0);
    assert_int_equal(row_of(7361448925972155681).asked, 0);
    /* the list itself: nobody knows any more what was asked for */
    buf_clear(&text);
    for (int i = 0; i < 30; i++)
        buf_printf(&text, "%llu\n",
                   (7361500000000000679u + (unsigned)i * 6926859095488ull) / 1000 * 1000);
    assert_int_equal(
        load(REPLY("{\"id\":" ID_A "}", "false", "x", LOG(1)), buf_cstr(&text), 0, &err), -1);
    assert_int_equal(err.kind, ERR_INPUT);
    assert_non_null(strstr(err.msg, "30 ids are rounded"));
    buf_release(&rows);
    buf_release(&text);
}

static void bare_rows_need_a_time(void **state)
{
    static const char rows[] = "{\"id\":" ID_A "}\n{\"id\":\"" ID_B "\"}\n";
    int64_t before = items_now();
    struct err err = {0};

    (void)state;
    assert_int_equal(load(rows, NULL, 0, &err), -1);
    assert_int_equal(err.kind, ERR_INPUT);
    assert_non_null(strstr(err.msg, "--at"));
    assert_int_equal(items_now(), before);
    assert_int_equal(load(rows, NULL, AT(70, 0), &err), 0);
    assert_int_equal(result.found, 2);
    assert_int_equal(row_of(7361448925972155680).found_first_at, AT(70, 0));
}

static void asked_ids_that_are_not_in_the_reply_are_absent(void **state)
{
    struct err err = {0};

    (void)state;
    if (load(REPLY("{\"id\":" ID_A "}", "true", "x", LOG(1))
                 REPLY("{\"id\":" ID_C "}", "false", "x", LOG(1)),
             ID_A "\n" ID_B "\n", 0, &err))
        fail_msg("%s", err.msg);
    assert_int_equal(result.found, 1);
    assert_int_equal(result.strange, 1);             // ID_C was not asked for
    assert_int_equal(row_of(7361448925972155679).asked, 1);
    assert_int_equal(row_of(7361448925972155680).asked, 1);
    assert_int_equal(row_of(7361448925972155680).found_first_at, 0);
    assert_int_equal(row_of(7361448925972155681).n, 0);
}

/* The second search is whole, the first one says that there is more. */
static void search_without_its_last_page_proves_no_absence(void **state)
{
    struct err err = {0};

    (void)state;
    if (load(REPLY("{\"id\":" ID_A "}", "true", "x", LOG(1))
                 REPLY("{\"id\":" ID_C "}", "false", "y", LOG(1)),
             ID_A "\n" ID_B "\n" ID_C "\n", 0, &err))
        fail_msg("%s", err.msg);
    assert_int_equal(result.found, 2);
    assert_int_equal(row_of(7361448925972155680).asked, 0);
}

static void ids_that_nobody_named_stay_not_asked(void **state)
{
    struct err err = {0};

    (void)state;
    assert_int_equal(load(REPLY("{\"id\":" ID_A "}", "false", "x", LOG(1)), NULL, 0, &err), 0);
    assert_int_equal(row_of(ID(0)).asked, 0);
}

static void damaged_file_leaves_nothing(void **state)
{
    int64_t before = items_now();
    struct err err = {0};

    (void)state;
    assert_int_equal(
        load(REPLY("{\"id\":" ID_A "}", "false", "x", LOG(1)) "{\"data\":{\"vid", NULL, 0, &err),
        -1);
    assert_int_equal(err.kind, ERR_INPUT);
    assert_int_equal(items_now(), before);
    assert_int_equal(row_of(7361448925972155679).n, 0);
    assert_int_equal(load(REPLY("{\"id\":" ID_A "}", "false", "x", LOG(1)), NULL, 0, &err), 0);
    assert_int_equal(row_of(7361448925972155679).asked, 1);
}

static void same_file_twice_changes_no_verdict(void **state)
{
    struct err err = {0};

    (void)state;
    for (int i = 0; i < 2; i++)
        assert_int_equal(load(REPLY("{\"id\":" ID_A "}", "false", "x", LOG(1)), NULL, 0, &err), 0);
    assert_int_equal(result.items, 0);
    assert_int_equal(row_of(7361448925972155679).days, 1);
    assert_int_equal(row_of(7361448925972155679).absent_before_found, 0);
}

/* ---- archives of pages ---- */

#define WARC(type, date, extra, payload) "WARC/1.1\r\nWARC-Type: " type "\r\nWARC-Date: " date \
"\r\n"                                                                                         \
    "WARC-Target-URI: https://www.tiktok.com/@mira.holt/video/" ID_A "\r\n" extra payload
#define BODY "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\noops"
#define HEAD_ONLY "HTTP/1.1 200 OK\r\n\r\n"

static int load_warc(const char *text, struct err *err)
{
    char *path = file_join(dir, "in.warc");
    struct load_opts o = {0};
    int rc;

    err_clear(err);
    if (file_write(path, str_of(text), err))
        fail_msg("%s", err->msg);
    rc = load_pages(&audit, path, &o, &result, err);
    free(path);
    return rc;
}

static void revisit_is_an_answer_of_its_own_date(void **state)
{
    struct err err = {0};

    (void)state;
    if (load_warc(
            WARC(
                "response", "2026-03-01T12:00:00Z",
                "WARC-Record-ID: <urn:uuid:1>\r\nContent-Length: 69\r\n\r\n",
                BODY) "\r\n\r\n" WARC("revisit", "2026-03-02T12:00:00Z",
                                      "WARC-Record-ID: <urn:uuid:2>\r\nWARC-Refers-To: "
                                      "<urn:uuid:1>\r\n"
                                      "Content-Length: 19\r\n\r\n",
                                      HEAD_ONLY) "\r\n\r\n",
            &err))
        fail_msg("%s", err.msg);
    assert_int_equal(result.answers, 2);
    assert_int_equal(row_of(7361448925972155679).tried_at, 1772366400 + 86400);
}

static void archive_that_breaks_off_leaves_nothing(void **state)
{
    int64_t before = items_now();
    struct err err = {0};

    (void)state;
    assert_int_equal(
        load_warc(
            WARC(
                "response", "2026-03-01T12:00:00Z",
                "WARC-Record-ID: <urn:uuid:1>\r\nContent-Length: 69\r\n\r\n",
                BODY) "\r\n\r\n" WARC("response", "2026-03-02T12:00:00Z",
                                      "WARC-Record-ID: <urn:uuid:2>\r\nContent-Length: 5000\r\n"
                                      "\r\n",
                                      BODY),
            &err),
        -1);
    assert_int_equal(items_now(), before);
    assert_int_equal(row_of(7361448925972155679).n, 0);
}

/* The box's other hands, on items that were loaded over. */
static void loaded_answers_join_those_of_the_audit(void **state)
{
    struct err err = {0};

    (void)state;
    ask(AT(1, 1), "0");
    page(0, AT(1, 2), PUBLIC);
    page_made_at(1, AT(1, 2), AT(-40, 0));
    no_page(2, AT(1, 2), 1);
    set_clock(AT(70, 0));
    assert_int_equal(sink.commit(sink.to, &err), 0);
    assert_int_equal(load(REPLY("", "false", "x", LOG(1)), NULL, 0, &err), 0);
    assert_int_equal(result.found, 0);
    assert_int_equal(row_of(ID(0)).asked, 1);
    assert_int_equal(audit_view_make(&audit, &view, &err), 0);
    assert_non_null(view_find(view, 1));
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(replies_keep_the_time_of_their_log_id),
        T(bare_rows_need_a_time),
        T(rows_with_rounded_ids_are_not_taken),
        T(asked_ids_that_are_not_in_the_reply_are_absent),
        T(search_without_its_last_page_proves_no_absence),
        T(ids_that_nobody_named_stay_not_asked),
        T(damaged_file_leaves_nothing),
        T(same_file_twice_changes_no_verdict),
        T(revisit_is_an_answer_of_its_own_date),
        T(archive_that_breaks_off_leaves_nothing),
        T(loaded_answers_join_those_of_the_audit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
