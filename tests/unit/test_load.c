/* Answers that others collected: what is taken, when it was, and what is left of a
 * file that is damaged. */
#include "audit/take/load.h"
#include "tests/unit/audit_box.h"
#include "tests/unit/load_box.h"

#define ID_A "7361448925972155679"
#define ID_B "7361448925972155680"
#define ID_C "7361448925972155681"
#define LOG(day) "2026030" #day "120000AAAA"
#define PAGE(ids, cursor, more, search, log)                                                       \
    "{\"data\":{\"videos\":[" ids "],\"cursor\":" cursor ",\"has_more\":" more                     \
    ",\"search_id\":\"" search "\"},\"error\":{\"code\":\"ok\",\"message\":\"\",\"log_id\":\"" log \
    "\"}}\n"
#define REPLY(ids, more, search, log) PAGE(ids, "100", more, search, log)
#define ONLY_ERROR(log)                                                                      \
    "{\"error\":{\"code\":\"invalid_params\",\"message\":\"Invalid count or cursor\","     \
    "\"log_id\":\"" log "\"}}\n"

static int load(const char *text, const char *asked, int64_t at, struct err *err)
{
    char *path = file_join(dir, "in.json"), *list = file_join(dir, "asked.txt");
    struct load_opts o = { .at = at, .has_at = at > 0, .asked = asked ? list : NULL };
    int rc;

    err_clear(err);
    if (file_write(path, str_of(text), err) || (asked && file_write(list, str_of(asked), err)))
        fail_msg("%s", err->msg);
    rc = asked ? load_asked(&audit, (const char *const *)&path, 1, &o, &result, err)
               : load_api(&audit, path, &o, &result, err);
    free(path);
    free(list);
    return rc;
}

/* Several files of one command. */
static int load_two(const char *a, const char *b, const char *asked, struct err *err)
{
    char *path[] = { file_join(dir, "a.json"), file_join(dir, "b.json") };
    char *list = file_join(dir, "asked.txt");
    struct load_opts o = { .asked = list };
    int rc;

    err_clear(err);
    if (file_write(path[0], str_of(a), err) || file_write(path[1], str_of(b), err) ||
        file_write(list, str_of(asked), err))
        fail_msg("%s", err->msg);
    rc = load_asked(&audit, (const char *const *)path, 2, &o, &result, err);
    free(path[0]);
    free(path[1]);
    free(list);
    return rc;
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
    assert_non_null(strstr(err.msg, "nothing of it was taken: spoiled_id 30"));
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
                 PAGE("{\"id\":" ID_C "}", "200", "false", "x", LOG(1)),
             ID_A "\n" ID_B "\n", 0, &err))
        fail_msg("%s", err.msg);
    assert_int_equal(result.found, 1);
    assert_int_equal(result.strange, 1);             // ID_C was not asked for
    assert_int_equal(result.not_counted, 0);
    assert_int_equal(row_of(7361448925972155679).asked, 1);
    assert_int_equal(row_of(7361448925972155680).asked, 1);
    assert_int_equal(row_of(7361448925972155680).found_first_at, 0);
    assert_int_equal(row_of(7361448925972155681).n, 0);
}

/* Which pages of a search were loaded, and whether they prove that ID_B did not come back. */
static void absence_is_proven_from_the_first_page_to_the_last_alone(void **state)
{
#define A "{\"id\":" ID_A "}"
#define C "{\"id\":" ID_C "}"
    static const struct {
        const char *text;
        bool proven;
    } cases[] = {
        { PAGE(A, "100", "false", "x", LOG(1)), true },
        { PAGE(A, "\"100\"", "false", "x", LOG(1)), true },    // a cursor as text
        { PAGE(A, "27", "false", "x", LOG(1)), true },
        { PAGE(A, "200", "false", "x", LOG(1)), false },    // the second page alone
        { PAGE(A, "100", "true", "x", LOG(1)), false },     // the first page alone
        { PAGE(A, "200", "false", "x", LOG(1)) PAGE(C, "100", "true", "x", LOG(1)), true },
        { PAGE(A, "100", "true", "x", LOG(1)) PAGE(A, "100", "true", "x", LOG(1))
              PAGE(C, "200", "false", "x", LOG(1)),
          true },    // one page twice
        { PAGE(A, "100", "true", "x", LOG(1)) PAGE(C, "200", "true", "x", LOG(1)), false },
        { PAGE(A, "100", "true", "x", LOG(1)) PAGE(C, "300", "false", "x", LOG(1)), false },
        { PAGE(A, "20", "true", "x", LOG(1)) PAGE(C, "60", "false", "x", LOG(1)), false },
        { PAGE(A, "20", "true", "x", LOG(1)) PAGE(C, "40", "false", "x", LOG(1)), true },
        { PAGE(A, "null", "false", "x", LOG(1)), false },
        { PAGE(A, "100", "null", "x", LOG(1)), false },
        { PAGE(A, "100", "false", "", LOG(1)), true },    // no search, no further page
        { PAGE(A, "100", "true", "x", LOG(1)) ONLY_ERROR(LOG(1))
              PAGE(C, "200", "false", "x", LOG(1)),
          true },    // asked again after an error
        { PAGE(A ",{\"username\":\"q\"}", "100", "false", "x", LOG(1)), false },
        { "[" A "," C "]", false },    // rows alone
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct err err = { 0 };

        if (load(cases[i].text, ID_A "\n" ID_B "\n" ID_C "\n", AT(70, 0), &err))
            fail_msg("case %zu: %s", i, err.msg);
        if ((row_of(7361448925972155680).asked == 1) != cases[i].proven ||
            (result.not_counted > 0) == cases[i].proven)
            fail_msg("case %zu: asked %lld, not counted %lld", i,
                     (long long)row_of(7361448925972155680).asked, (long long)result.not_counted);
        teardown(state);
        setup(state);
    }
}

/* Nothing of the list can be said by rows, but each of them is found when it says so. */
static void rows_that_were_asked_for_keep_their_times(void **state)
{
    struct err err = { 0 };

    (void)state;
    if (load("{\"id\":" ID_A ",\"view_count\":1,\"collected_at\":\"2026-03-01T12:00:00Z\"}\n"
             "{\"id\":" ID_C ",\"view_count\":1,\"collected_at\":\"2026-03-05T12:00:00Z\"}\n",
             ID_A "\n" ID_B "\n" ID_C "\n", 0, &err))
        fail_msg("%s", err.msg);
    assert_int_equal(result.found, 2);
    assert_int_equal(result.answers, 2);
    assert_int_equal(result.not_counted, 1);
    assert_int_equal(row_of(7361448925972155679).found_first_at, 1772366400);
    assert_int_equal(row_of(7361448925972155681).found_first_at, 1772366400 + 4 * 86400);
    assert_int_equal(row_of(7361448925972155680).asked, 0);
}

static void pages_of_one_search_lie_in_several_files(void **state)
{
    struct err err = {0};

    (void)state;
    if (load_two(PAGE(A, "200", "false", "x", LOG(1)), PAGE(C, "100", "true", "x", LOG(1)),
                 ID_A "\n" ID_B "\n" ID_C "\n", &err))
        fail_msg("%s", err.msg);
    assert_int_equal(result.found, 2);
    assert_int_equal(row_of(7361448925972155680).asked, 1);
}

static void one_list_answers_no_two_searches(void **state)
{
    int64_t before = items_now();
    struct err err = {0};

    (void)state;
    assert_int_equal(load_two(REPLY(A, "false", "x", LOG(1)), REPLY(C, "false", "y", LOG(1)),
                              ID_A "\n" ID_B "\n" ID_C "\n", &err),
                     -1);
    assert_int_equal(err.kind, ERR_INPUT);
    assert_non_null(strstr(err.msg, "several searches"));
    /* The same search on another day is another answer to the list. */
    assert_int_equal(load(REPLY(A, "false", "x", LOG(1)) REPLY(A, "false", "x", LOG(2)),
                          ID_A "\n" ID_B "\n", 0, &err),
                     -1);
    assert_non_null(strstr(err.msg, "several times"));
    assert_int_equal(load(REPLY(A, "false", "", LOG(1)) REPLY(C, "false", "", LOG(1)),
                          ID_A "\n" ID_C "\n", 0, &err),
                     -1);
    assert_int_equal(items_now(), before);
}

static void no_request_holds_more_ids_than_the_platform_takes(void **state)
{
    struct buf list = { 0 };
    struct err err = {0};

    (void)state;
    for (int i = 0; i < 150; i++)
        buf_printf(&list, "%llu\n", (unsigned long long)ID(i));
    assert_int_equal(load(REPLY(A, "false", "x", LOG(1)), buf_cstr(&list), 0, &err), -1);
    assert_int_equal(err.kind, ERR_INPUT);
    assert_non_null(strstr(err.msg, "150 ids"));
    assert_non_null(strstr(err.msg, "100"));
    buf_release(&list);
}

static void error_between_replies_costs_none_of_them(void **state)
{
    struct err err = { 0 };

    (void)state;
    if (load(REPLY(A, "true", "x", LOG(1)) ONLY_ERROR(LOG(1)) REPLY(C, "false", "y", LOG(1)), NULL,
             0, &err))
        fail_msg("%s", err.msg);
    assert_int_equal(result.found, 2);
    assert_int_equal(passed("error_reply (invalid_params)"), 1);
    assert_int_equal(load(ONLY_ERROR(LOG(1)), NULL, 0, &err), -1);
    assert_int_equal(err.kind, ERR_INPUT);
    assert_non_null(strstr(err.msg, "error_reply (invalid_params) 1"));
}

static void lists_of_an_account_hold_rows_of_the_api(void **state)
{
    static const char *const keys[] = { "reposted_videos", "user_liked_videos", "liked_videos",
                                        "user_pinned_videos", "pinned_videos_list" };
    char text[512];
    struct err err = { 0 };

    (void)state;
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        snprintf(text, sizeof text,
                 "{\"data\":{\"cursor\":1770000000,\"has_more\":false,\"%s\":[{\"id\":" ID_A
                 ",\"username\":\"mira.holt\",\"view_count\":7}]},"
                 "\"error\":{\"code\":\"ok\",\"message\":\"\",\"log_id\":\"" LOG(1) "\"}}",
                 keys[i]);
        if (load(text, NULL, 0, &err))
            fail_msg("%s: %s", keys[i], err.msg);
        assert_int_equal(result.found, 1);
    }
}

/* Nothing of it is an answer on a post, so the command says what it is and fails. */
static void file_of_which_nothing_was_taken_is_an_error(void **state)
{
    static const struct {
        const char *text, *says;
    } cases[] = {
        { "{\"data\":{\"comments\":[{\"id\":" ID_A
          ",\"text\":\"so\"}],\"cursor\":1,\"has_more\":false},"
          "\"error\":{\"code\":\"ok\",\"log_id\":\"" LOG(1) "\"}}",
          "list (comments) 1" },
        { "{\"data\":{\"user_followers\":[{\"username\":\"q\"}],\"has_more\":false},"
          "\"error\":{\"code\":\"ok\",\"log_id\":\"" LOG(1) "\"}}",
          "list (user_followers) 1" },
        { "{\"data\":{\"display_name\":\"Q\",\"follower_count\":3},\"error\":{\"code\":\"ok\"}}",
          "account 1" },
        { "{\"data\":{\"playlist_name\":\"P\",\"playlist_video_ids\":[" ID_A "]},"
          "\"error\":{\"code\":\"ok\"}}",
          "list (playlist_video_ids) 1" },
        { "{\"id\":" ID_A ",\"video_id\":" ID_B ",\"parent_comment_id\":" ID_B ",\"text\":\"so\"}",
          "comment 1" },
        { "[[" ID_A ",\"mira.holt\"],[" ID_B ",\"nell\"]]", "no_column_names 2" },
        { "{\"message\":\"hello\"}", "other_document (message) 1" },
        { "{\"id\":7.361448925972156e18,\"view_count\":1}", "spoiled_id 1" },
        { "{\"id\":123.0,\"view_count\":1}", "bad_id 1" },
        { "{\"view_count\":1}", "no_id 1" },
        { "{\"id\":" ID_A ",\"title\":\"so\",\"href\":\"x\"}", "other_row 1" },
        { "url,title\nhttps://www.tiktok.com/@q/video/" ID_A ",x\n", "expected replies or rows" },
        { "", "it is empty" },
    };
    int64_t before = items_now();

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct err err = { 0 };

        assert_int_equal(load(cases[i].text, NULL, AT(70, 0), &err), -1);
        assert_int_equal(err.kind, ERR_INPUT);
        if (!strstr(err.msg, cases[i].says))
            fail_msg("case %zu: %s", i, err.msg);
    }
    assert_int_equal(items_now(), before);
}

static void ids_that_nobody_named_stay_not_asked(void **state)
{
    struct err err = { 0 };

    (void)state;
    assert_int_equal(load(REPLY("{\"id\":" ID_A "}", "false", "x", LOG(1)), NULL, 0, &err), 0);
    assert_int_equal(row_of(ID(0)).asked, 0);
}

static void damage_costs_what_is_damaged_alone(void **state)
{
    struct err err = { 0 };

    (void)state;
    if (load(REPLY(A, "false", "x", LOG(1)) "{\"data\":{\"vid\n" REPLY(
                 C, "false", "y", LOG(1)) "{\"data\":{\"videos\":[",
             NULL, 0, &err))
        fail_msg("%s", err.msg);
    assert_int_equal(result.found, 2);
    assert_int_equal(result.damaged, 2);
    assert_non_null(strstr(result.damage, "line 2"));
    /* A list that was cut off in its last element. */
    if (load("[{\"id\":" ID_A ",\"view_count\":1},\n{\"id\":" ID_B ",\"view_c", NULL, AT(70, 0),
             &err))
        fail_msg("%s", err.msg);
    assert_int_equal(result.found, 1);
    assert_int_equal(result.damaged, 1);
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

/* A reply of the API as an archive keeps it: at the record's date, whatever its log_id says. */
static void add_record(struct buf *out, const char *path, const char *date, const char *body)
{
    buf_printf(
        out,
        "WARC/1.1\r\nWARC-Type: response\r\nWARC-Date: %s\r\nWARC-Record-ID: <urn:uuid:%zu>\r\n"
        "WARC-Target-URI: https://open.tiktokapis.com%s?fields=id\r\nContent-Length: %zu\r\n\r\n"
        "HTTP/1.1 200 OK\r\n\r\n%s\r\n\r\n",
        date, out->n, path, strlen(body) + 19, body);
}

static void pages_of_a_search_lie_in_an_archive(void **state)
{
    const char *query = "/v2/research/video/query/";
    struct buf warc = { 0 };
    struct err err = { 0 };

    (void)state;
    add_record(&warc, query, "2026-03-02T12:00:00Z", PAGE(C, "200", "false", "x", LOG(1)));
    add_record(&warc, query, "2026-03-02T11:59:59Z", PAGE(A, "100", "true", "x", LOG(1)));
    add_record(&warc, "/v2/research/user/info/", "2026-03-02T12:00:00Z",
               "{\"data\":{\"display_name\":\"q\"},\"error\":{\"code\":\"ok\"}}");
    if (load(buf_cstr(&warc), ID_A "\n" ID_B "\n" ID_C "\n", 0, &err))
        fail_msg("%s", err.msg);
    assert_int_equal(result.found, 2);
    assert_int_equal(result.other, 1);
    assert_int_equal(row_of(7361448925972155680).asked, 1);
    assert_int_equal(row_of(7361448925972155679).found_first_at, 1772366400 + 86400);
    buf_clear(&warc);
    add_record(&warc, "/v2/research/user/reposted_videos/", "2026-03-03T12:00:00Z",
               "{\"data\":{\"reposted_videos\":[" C
               "],\"has_more\":false},\"error\":{\"code\":\"ok\"}}");
    if (load(buf_cstr(&warc), NULL, 0, &err))
        fail_msg("%s", err.msg);
    assert_int_equal(result.found, 1);
    assert_int_equal(row_of(7361448925972155681).found_last_at, 1772366400 + 2 * 86400);
    buf_release(&warc);
}

#define EMBED_PAGE                                                                                 \
    "<html><script id=\"__FRONTITY_CONNECT_STATE__\" type=\"application/json\">"                   \
    "{\"source\":{\"data\":{\"/embed/v2/" ID_A "?lang=en\":{\"isReady\":true,\"code\":200,"       \
    "\"isError\":false,\"videoData\":{\"itemInfos\":{\"id\":\"" ID_A "\",\"createTime\":"          \
    "\"1709280021\"},\"authorInfos\":{\"uniqueId\":\"mira.holt\"}}}}}}</script></html>"

/* It is no page of the post that could not be read: a witness of its own, which shows it. */
static void embed_page_in_an_archive_is_a_witness_of_its_own(void **state)
{
    static const char page[] =
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" EMBED_PAGE;
    uint64_t id = 7361448925972155679;
    int tries = row_of(id).tries;
    struct buf warc = { 0 };
    struct err err = { 0 };

    (void)state;
    buf_printf(&warc,
               "WARC/1.1\r\nWARC-Type: response\r\nWARC-Date: 2026-03-04T12:00:00Z\r\n"
               "WARC-Record-ID: <urn:uuid:e>\r\n"
               "WARC-Target-URI: https://www.tiktok.com/embed/v2/" ID_A "?lang=en\r\n"
               "Content-Length: %zu\r\n\r\n%s\r\n\r\n",
               sizeof page - 1, page);
    if (load_warc(buf_cstr(&warc), &err))
        fail_msg("%s", err.msg);
    assert_true(result.answers == 1 && result.is_public == 1);
    assert_true(row_of(id).tries == tries && row_of(id).embed == ANSWER_PUBLIC);
    assert_true(row_of(id).public_first_at > 0);
    buf_release(&warc);
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

static void archive_that_breaks_off_keeps_what_was_whole(void **state)
{
    int64_t before = items_now();
    struct err err = {0};

    (void)state;
    assert_int_equal(
        load_warc(
            WARC("response", "2026-03-01T12:00:00Z",
                 "WARC-Record-ID: <urn:uuid:1>\r\nContent-Length: 69\r\n\r\n",
                 BODY) "\r\n\r\n" WARC("response", "2026-03-02T12:00:00Z",
                                       "WARC-Record-ID: <urn:uuid:2>\r\nContent-Length: 5000\r\n"
                                       "\r\n",
                                       BODY),
            &err),
        0);
    assert_true(load_result_is_part(&result));
    assert_int_equal(result.answers, 1);
    assert_int_equal(items_now(), before + 1);
    assert_int_equal(row_of(7361448925972155679).tried_at, 1772366400);
}

/* ---- pages, one by one ---- */

#define SHOWN(id, author)                                                                         \
    "<!DOCTYPE html><html><script id=\"__UNIVERSAL_DATA_FOR_REHYDRATION__\">"                     \
    "{\"__DEFAULT_SCOPE__\":{\"webapp.video-detail\":{\"itemInfo\":{\"itemStruct\":{\"id\":\"" id \
    "\",\"createTime\":\"1714000000\",\"video\":{\"playAddr\":\"u\"}" author                      \
    ",\"stats\":{\"playCount\":3}}},\"statusCode\":0}}}</script></html>"
#define BY_MIRA ",\"author\":{\"uniqueId\":\"mira\"}"
#define NO_POST "<!DOCTYPE html><html><body>made up</body></html>"

static int load_page(const char *name, const char *html, int64_t at, struct err *err)
{
    char *path = file_join(dir, name);
    struct load_opts o = { .at = at, .has_at = true };
    int rc;

    err_clear(err);
    if (file_write(path, str_of(html), err))
        fail_msg("%s", err->msg);
    rc = load_pages(&audit, path, &o, &result, err);
    unlink(path);
    free(path);
    return rc;
}

/* Digits of a time, of another post, of nothing at all. */
static void page_s_own_post_goes_before_its_file_s_name(void **state)
{
    static const char *const names[] = { "page-20260701100000123.html", ID_B ".html", "x.html" };
    struct err err = { 0 };

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (load_page(names[i], SHOWN(ID_A, BY_MIRA), AT(70, (int)i), &err))
            fail_msg("%s", err.msg);
        assert_int_equal(result.is_public, 1);
        assert_int_equal(row_of(7361448925972155679).public_last_at, AT(70, (int)i));
    }
    assert_int_equal(row_of(7361448925972155680).n, 0);
    assert_int_equal(row_of(20260701100000123).n, 0);
}

static void saved_embed_page_is_a_witness_of_its_own(void **state)
{
    const struct item_row before = row_of(7361448925972155679);
    struct item_row row;
    struct err err = { 0 };

    (void)state;
    if (load_page("x.html", EMBED_PAGE, AT(90, 0), &err))
        fail_msg("%s", err.msg);
    row = row_of(7361448925972155679);
    assert_int_equal(result.is_public, 1);
    assert_true(row.tries == before.tries && row.embed == ANSWER_PUBLIC);
}

static void name_counts_where_its_id_is_plausible_and_alone(void **state)
{
    static const char *const bad[] = { "page-20260701100000123.html", "page.html",
                                       "1782900000123456789.html", ID_A "_" ID_B ".html" };
    int64_t before = items_now();
    struct err err = { 0 };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(load_page(bad[i], NO_POST, AT(70, 0), &err), -1);
        assert_int_equal(err.kind, ERR_INPUT);
        assert_non_null(strstr(err.msg, bad[i]));
    }
    assert_int_equal(items_now(), before);
    if (load_page("mira_" ID_A ".html", NO_POST, AT(70, 0), &err))
        fail_msg("%s", err.msg);
    assert_int_equal(result.no_answer, 1);
    assert_int_equal(row_of(7361448925972155679).tries, 1);
}

static void file_that_is_no_page_is_passed_over(void **state)
{
    struct err err = { 0 };

    (void)state;
    assert_int_equal(load_page(ID_A ".txt", "body { color: red }", AT(70, 0), &err), 0);
    assert_true(result.not_meant && result.answers == 0);
    assert_int_equal(row_of(7361448925972155679).n, 0);
}

static void post_without_author_is_public_when_read_twice_alike(void **state)
{
    struct err err = { 0 };

    (void)state;
    for (int i = 0; i < 2; i++) {    // the same reading twice is one
        assert_int_equal(load_page("a.html", SHOWN(ID_A, ""), AT(70, 0), &err), 0);
        assert_int_equal(result.no_answer, 1);
    }
    assert_int_equal(load_page("a.html", SHOWN(ID_A, ""), AT(70, 1), &err), 0);
    assert_int_equal(result.is_public, 1);
    assert_int_equal(row_of(7361448925972155679).page, ANSWER_PUBLIC);
    assert_int_equal(row_of(7361448925972155679).public_first_at, AT(70, 1));
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
        T(absence_is_proven_from_the_first_page_to_the_last_alone),
        T(rows_that_were_asked_for_keep_their_times),
        T(pages_of_one_search_lie_in_several_files),
        T(one_list_answers_no_two_searches),
        T(no_request_holds_more_ids_than_the_platform_takes),
        T(error_between_replies_costs_none_of_them),
        T(lists_of_an_account_hold_rows_of_the_api),
        T(file_of_which_nothing_was_taken_is_an_error),
        T(ids_that_nobody_named_stay_not_asked),
        T(damage_costs_what_is_damaged_alone),
        T(same_file_twice_changes_no_verdict),
        T(pages_of_a_search_lie_in_an_archive),
        T(embed_page_in_an_archive_is_a_witness_of_its_own),
        T(revisit_is_an_answer_of_its_own_date),
        T(archive_that_breaks_off_keeps_what_was_whole),
        T(page_s_own_post_goes_before_its_file_s_name),
        T(saved_embed_page_is_a_witness_of_its_own),
        T(name_counts_where_its_id_is_plausible_and_alone),
        T(file_that_is_no_page_is_passed_over),
        T(post_without_author_is_public_when_read_twice_alike),
        T(loaded_answers_join_those_of_the_audit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
