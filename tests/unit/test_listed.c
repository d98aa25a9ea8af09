/* tests/unit/test_listed.c: rows of other tools' lists as answers: their values, their
 * times, and what `load` does with them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include "audit/listed.h"
#include "audit/take/load.h"
#include "base/file.h"
#include "import/posts_file.h"
#include "tests/unit/folder.h"
#include "tests/unit/temp.h"

#define FOLDER "fixtures/formats/"
#define SEEN INT64_C(1782000000)    // 2026-06-21
#define MADE_AT(n) (INT64_C(1780315200) + (n)*3600)
#define LATER (SEEN + 86400 * 30)

/* ---- values ---- */
struct want {
    uint64_t id;
    struct answer answer;
    struct arena mem;
    bool found;
    int64_t at;
};
static int pick(void *to, const struct post_found *f, struct str row, struct err *err)
{
    struct want *w = to;

    (void)err;
    if (f->id != w->id || w->found)
        return 0;
    w->found = true;
    w->at = f->at;
    listed_read(f->shape, row, f->id, &w->mem, &w->answer);
    return 0;
}
static struct want read_row(const char *file, uint64_t id)
{
    char path[128];
    struct want w = { .id = id };
    const struct posts_sink to_pick = { .post = pick, .to = &w };
    struct posts_count count = { 0 };
    struct digest digest;
    struct err err = { 0 };
    bool is;

    snprintf(path, sizeof path, FOLDER "%s", file);
    assert_int_equal(posts_file_is(path, &is, &err), 0);
    assert_true(is);
    if (posts_file_each(path, LATER, &to_pick, &count, &digest, &err))
        fail_msg("%s", err.msg);
    if (!w.found)
        fail_msg("%s: no row of %llu", file, (unsigned long long)id);
    return w;
}
static void expect_int(const char *file, const struct record *r, enum field f, int64_t want)
{
    const struct value *v = &r->val[f];

    if (want < 0 ? v->kind != VAL_NONE : v->kind != VAL_INT || v->i != want)
        fail_msg("%s: %s is %lld (kind %d), not %lld", file, field_info(f)->name, (long long)v->i,
                 (int)v->kind, (long long)want);
}
static void expect_text(const char *file, const struct record *r, enum field f, const char *want)
{
    struct str got = record_text(r, f);

    if (!str_eq(got, str_of(want)))
        fail_msg("%s: %s is \"%.*s\", not \"%s\"", file, field_info(f)->name, STR_ARG(got), want);
}
/* The made-up posts count up by their number; -1: the format does not say it. */
static void values_are_those_of_the_row(void **state)
{
    static const struct {
        const char *file;
        uint64_t id;
        int n;
        int64_t made, seconds, favorites, at;
        const char *author, *caption, *tags;
    } rows[] = {
        { "zeeschuimer.ndjson", 7646411022609181963, 1, MADE_AT(1), 11, 1, SEEN + 1, "odo_finch",
          "clip 1 of the harbour #boats @odo_finch", "boats" },
        { "4cat.ndjson", 7646457408721607980, 4, MADE_AT(4), 14, 4, SEEN + 4, "odo_finch",
          "clip 4 of the harbour #boats @odo_finch", "boats" },
        { "4cat.csv", 7646503794834033997, 7, MADE_AT(7), -1, -1, 0, "odo_finch",
          "clip 7, with a comma\nand a line", "boats\nharbour" },
        { "yt-dlp.info.json", 7646519256871509336, 8, MADE_AT(8), 18, 8, SEEN + 8, "teo.lund",
          "clip 8 #boats", "" },
        { "yt-dlp-list.json", 7646550180946460014, 10, MADE_AT(10), 20, 10, SEEN + 9, "odo_finch",
          "clip 10 #boats", "" },
        { "tiktok-api.json", 7646596567058886031, 13, MADE_AT(13), 0, 13, 0, "odo_finch",
          "clip 13 of the harbour #boats @odo_finch", "boats" },
        { "tiktok-api-reply.json", 7646612029096361370, 14, MADE_AT(14), 24, 14, SEEN + 14,
          "teo.lund", "clip 14 of the harbour #boats @odo_finch", "boats" },
        { "pyktok.json", 7646642953171312048, 16, MADE_AT(16), 26, 16, 0, "odo_finch",
          "clip 16 of the harbour #boats @odo_finch", "boats" },
        { "pyktok-sigi.json", 7646658415208787387, 17, MADE_AT(17), 27, 17, 0, "teo.lund",
          "clip 17 of the harbour #boats @odo_finch", "boats" },
        { "pyktok.csv", 7646673877246262726, 18, -1, 28, -1, 0, "mira.holt",
          "clip 18, see https://www.tiktok.com/@odo_finch/video/7647818055436525044", "" },
        { "apify.json", 7646704801321213404, 20, MADE_AT(20), 30, 20, 0, "teo.lund",
          "clip 20 #boats", "boats\nharbour" },
        { "apify.csv", 7646766649471114504, 24, MADE_AT(24), 34, 24, 0, "mira.holt",
          "clip 24 #boats", "" },
        { "gallery-dl.json", 7646797573546065182, 26, MADE_AT(26), 36, 26, 0, "teo.lund",
          "clip 26 of the harbour #boats @odo_finch", "boats" },
        { "gallery-dl-file.json", 7646828493426711860, 28, MADE_AT(28), 38, 28, 0, "odo_finch",
          "clip 28 of the harbour #boats @odo_finch", "boats" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct want w = read_row(rows[i].file, rows[i].id);
        const struct record *r = w.answer.record;

        if (w.answer.kind != ANSWER_PUBLIC || !r)
            fail_msg("%s: %s", rows[i].file, no_answer_name(w.answer.why));
        assert_int_equal(w.answer.generation, GENERATION_LISTED);
        assert_int_equal(r->id, rows[i].id);
        if (w.at != rows[i].at)
            fail_msg("%s: seen at %lld", rows[i].file, (long long)w.at);
        expect_text(rows[i].file, r, FIELD_AUTHOR, rows[i].author);
        expect_text(rows[i].file, r, FIELD_CAPTION, rows[i].caption);
        expect_text(rows[i].file, r, FIELD_HASHTAGS, rows[i].tags);
        expect_int(rows[i].file, r, FIELD_CREATED, rows[i].made);
        expect_int(rows[i].file, r, FIELD_DURATION, rows[i].seconds);
        expect_int(rows[i].file, r, FIELD_VIEWS, 12300 + 100 * rows[i].n);
        expect_int(rows[i].file, r, FIELD_LIKES, 100 + rows[i].n);
        expect_int(rows[i].file, r, FIELD_COMMENTS, 5 + rows[i].n);
        expect_int(rows[i].file, r, FIELD_SHARES, 10 + rows[i].n);
        expect_int(rows[i].file, r, FIELD_FAVORITES, rows[i].favorites);
        arena_release(&w.mem);
    }
}
static void marks_that_rules_look_at_are_read(void **state)
{
    static const struct {
        const char *file;
        uint64_t id;
        enum field field;
        int64_t want;
    } marks[] = {
        { "4cat.csv", 7646488332796558658, FIELD_IS_AD, 0 },
        { "4cat.csv", 7646503794834033997, FIELD_IS_AD, 1 },
        { "4cat.csv", 7646503794834033997, FIELD_MUSIC, 7400000000000000007 },
        { "pyktok.csv", 7646673877246262726, FIELD_IS_AD, 0 },
        { "pyktok.csv", 7646689339283738065, FIELD_IS_AD, 1 },
        { "pyktok.csv", 7646689339283738065, FIELD_VERIFIED, 1 },
        { "apify.json", 7646704801321213404, FIELD_PHOTO, 0 },
        { "apify.json", 7646720263358688743, FIELD_PHOTO, 1 },
        { "apify.json", 7646720263358688743, FIELD_MUSIC, 7400000000000000021 },
        { "tiktok-api.json", 7646596567058886031, FIELD_PHOTO, 1 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        struct want w = read_row(marks[i].file, marks[i].id);

        assert_non_null(w.answer.record);
        expect_int(marks[i].file, w.answer.record, marks[i].field, marks[i].want);
        arena_release(&w.mem);
    }
}
/* pyktok writes the clock of its machine; traktok's table of the same columns has a zone. */
static void a_time_without_a_zone_is_taken_from_tools_that_write_utc_alone(void **state)
{
    static const struct {
        enum post_shape shape;
        const char *row;
        int64_t want;
    } rows[] = {
        { POST_PYKTOK, "{\"video_timestamp\":\"2026-06-02T08:00:00\",\"video_playcount\":\"1\"}",
          -1 },
        { POST_PYKTOK, "{\"video_timestamp\":\"2026-06-02T08:00:00Z\",\"video_playcount\":\"1\"}",
          1780387200 },
        { POST_FOURCAT, "{\"timestamp\":\"2026-06-02 08:00:00\",\"plays\":\"1\"}", 1780387200 },
        { POST_FOURCAT, "{\"timestamp\":\"1780387200\",\"plays\":\"1.0\"}", 1780387200 },
        { POST_APIFY, "{\"createTimeISO\":\"2026-06-02T08:00:00.000Z\",\"playCount\":1}",
          1780387200 },
    };
    struct arena mem = { 0 };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct answer a = { .id = 0 };

        listed_read(rows[i].shape, str_of(rows[i].row), 1, &mem, &a);
        assert_int_equal(a.kind, ANSWER_PUBLIC);
        expect_int(rows[i].row, a.record, FIELD_CREATED, rows[i].want);
    }
    arena_release(&mem);
}
/* A collector may be logged in, and see what is not public. */
static void posts_for_some_eyes_are_no_public_answer(void **state)
{
    static const char *const rows[] = {
        "{\"id\":\"1\",\"createTime\":5,\"video\":{\"playAddr\":\"x\"},\"forFriend\":true}",
        "{\"id\":\"1\",\"createTime\":5,\"video\":{\"playAddr\":\"x\"},\"privateItem\":true}",
        "{\"id\":\"1\",\"createTime\":5,\"video\":{\"playAddr\":\"x\"},\"secret\":true}",
        "{\"id\":\"1\",\"createTime\":5,\"video\":{\"playAddr\":\"x\"},"
        "\"author\":{\"privateAccount\":true}}",
        "{\"id\":\"1\",\"createTime\":5,\"video\":{\"playAddr\":\"\"},"
        "\"isContentClassified\":true}",
        "{\"id\":\"2\",\"createTime\":5,\"video\":{\"playAddr\":\"x\"}}",
        "{\"id\":\"1\",\"video\":{\"playAddr\":\"x\"}}",
        "{\"id\":\"1\",\"createTime\":5",
    };
    struct arena mem = { 0 };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct answer a = { .id = 0 };

        listed_read(POST_WEB, str_of(rows[i]), 1, &mem, &a);
        if (a.kind != ANSWER_NO_ANSWER || a.record)
            fail_msg("taken as public: %s", rows[i]);
    }
    arena_release(&mem);
}
static void the_archive_s_name_of_a_row_says_its_shape(void **state)
{
    struct buf urn = { 0 };
    uint64_t id = 0;

    (void)state;
    listed_urn(&urn, POST_FOURCAT, 7646411022609181963);
    assert_string_equal(buf_cstr(&urn), "urn:blindspot:listed:4cat_csv:7646411022609181963");
    assert_int_equal(listed_shape(buf_view(&urn), &id), POST_FOURCAT);
    assert_int_equal(id, 7646411022609181963u);
    assert_int_equal(listed_shape(STR("urn:blindspot:listed:another:7"), &id), POST_NONE);
    assert_int_equal(listed_shape(STR("urn:blindspot:listed:yt_dlp"), &id), POST_NONE);
    assert_int_equal(listed_shape(STR("https://www.tiktok.com/@ann/video/1"), &id), POST_NONE);
    buf_release(&urn);
}

/* ---- load ---- */
static char dir[64], clock_path[96];
static struct audit audit;
#include "tests/unit/load_box.h"

static int setup(void **state)
{
    static const char *sets[] = { "api.base_url=http://127.0.0.1:9",
                                  "page.base_url=http://127.0.0.1:9",
                                  "page.short_url=http://127.0.0.1:9", NULL };
    const struct opt_list list = { .v = sets, .n = 4 };
    char now[32], quota[128];
    struct err err = { 0 };

    (void)state;
    temp_name(dir, sizeof dir);
    assert_non_null(mkdtemp(dir));
    snprintf(quota, sizeof quota, "api.quota=%s/quota.db", dir);
    sets[3] = quota;
    snprintf(clock_path, sizeof clock_path, "%s/clock", dir);
    snprintf(now, sizeof now, "%lld", (long long)LATER);
    assert_int_equal(file_write(clock_path, str_of(now), &err), 0);
    setenv("BLINDSPOT_CLOCK", clock_path, 1);
    if (audit_init(dir, &err) || audit_open(&audit, dir, &list, STORE_WRITE, &err))
        fail_msg("%s", err.msg);
    return 0;
}
static int teardown(void **state)
{
    struct err err = { 0 };

    (void)state;
    assert_int_equal(audit_close(&audit, &err), 0);
    remove_all(dir);
    unsetenv("BLINDSPOT_CLOCK");
    return 0;
}
static int load_path(const char *path, int64_t at, struct err *err)
{
    struct load_opts o = { .at = at, .has_at = at > 0 };

    err_clear(err);
    return load_pages(&audit, path, &o, &result, err);
}
static int load_file(const char *file, int64_t at, struct err *err)
{
    char path[128];

    snprintf(path, sizeof path, FOLDER "%s", file);
    return load_path(path, at, err);
}
static int load_text(const char *text, int64_t at, struct err *err)
{
    char *path = file_join(dir, "list.json");
    int rc;

    assert_int_equal(file_write(path, str_of(text), err), 0);
    rc = load_path(path, at, err);
    free(path);
    return rc;
}
static void rows_are_public_answers_of_their_own_time(void **state)
{
    struct err err = { 0 };
    struct item_row row;

    (void)state;
    if (load_file("zeeschuimer.ndjson", 0, &err))
        fail_msg("%s", err.msg);
    assert_int_equal(result.answers, 3);
    assert_int_equal(result.is_public, 3);
    assert_int_equal(result.items, 3);
    row = row_of(7646411022609181963);
    assert_int_equal(row.page, ANSWER_PUBLIC);
    assert_int_equal(row.page_at, SEEN + 1);
    assert_int_equal(row.page_created, MADE_AT(1));
    assert_int_equal(row_of(7646441946684132641).page_at, SEEN + 7200);
    assert_int_equal(row.asked, 0);
}
static void each_file_is_taken_at_its_time_or_at_the_one_that_is_given(void **state)
{
    static const struct {
        const char *file;
        bool timed;
        int64_t answers, unanswered, empty;
    } files[] = {
        { "zeeschuimer.ndjson", true, 3, 0, 0 },
        { "4cat.ndjson", true, 2, 0, 0 },
        { "4cat.csv", false, 2, 0, 0 },
        { "yt-dlp.info.json", true, 1, 0, 0 },
        { "yt-dlp-list.json", true, 2, 1, 1 },
        { "tiktok-api.json", false, 2, 0, 0 },
        { "tiktok-api-reply.json", true, 2, 0, 0 },
        { "pyktok.json", false, 1, 0, 0 },
        { "pyktok-sigi.json", false, 1, 0, 0 },
        { "pyktok.csv", false, 2, 0, 0 },
        { "apify.json", false, 2, 2, 1 },
        { "apify.csv", false, 1, 1, 0 },
        { "gallery-dl.json", false, 2, 0, 0 },
        { "gallery-dl-file.json", false, 1, 0, 0 },
    };
    struct err err = { 0 };

    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        int64_t before = items_now();

        if (!files[i].timed) {
            assert_int_equal(load_file(files[i].file, 0, &err), -1);
            assert_int_equal(err.kind, ERR_INPUT);
            assert_non_null(strstr(err.msg, "--at"));
            assert_int_equal(items_now(), before);
        }
        if (load_file(files[i].file, files[i].timed ? 0 : SEEN + 50, &err))
            fail_msg("%s: %s", files[i].file, err.msg);
        if (result.is_public != files[i].answers ||
            passed("unanswered_row") != files[i].unanswered || passed("no_link") != files[i].empty)
            fail_msg("%s: %lld public, %lld unanswered, %lld empty", files[i].file,
                     (long long)result.is_public, (long long)passed("unanswered_row"),
                     (long long)passed("no_link"));
        assert_int_equal(result.items, files[i].answers + files[i].unanswered);
    }
    assert_int_equal(row_of(7646673877246262726).page_at, SEEN + 50);
}
/* With the ids in it, such a list looks like rows of the API to whoever looks at ids alone;
 * then posts that nobody asked the API for would be "retrieved". */
static void what_a_tool_saw_on_the_site_is_no_answer_of_the_api(void **state)
{
    static const char *const files[] = {
        "zeeschuimer.ndjson",   "4cat.ndjson",   "4cat.csv",         "yt-dlp.info.json",
        "yt-dlp-list.json",     "pyktok.json",   "pyktok-sigi.json", "pyktok.csv",
        "tiktok-api.json",      "apify.json",    "apify.csv",        "gallery-dl.json",
        "tiktok-api-reply.json", "gallery-dl-file.json",
    };
    const struct load_opts o = { .at = SEEN + 50, .has_at = true };
    char path[128];
    struct err err = { 0 };

    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        snprintf(path, sizeof path, FOLDER "%s", files[i]);
        err_clear(&err);
        if (load_api(&audit, path, &o, &result, &err) == 0)
            fail_msg("%s: taken as %lld rows of the API", files[i], (long long)result.found);
        assert_int_equal(err.kind, ERR_INPUT);
        assert_non_null(strstr(err.msg, "--pages"));
    }
    assert_int_equal(items_now(), 0);
}
/* Whether the link was wrong, or the site refused, the scraper's word is no answer. */
static void a_failed_row_is_an_item_without_an_answer(void **state)
{
    struct err err = { 0 };

    (void)state;
    assert_int_equal(load_file("apify.json", SEEN, &err), 0);
    assert_int_equal(row_of(7646735725396164082).page, ANSWER_COUNT);
    assert_true(row_of(7646735725396164082).n > 0);
    assert_int_equal(result.refused, 0);
}
static void a_file_that_breaks_off_leaves_nothing(void **state)
{
    int64_t before = items_now();
    struct err err = { 0 };

    (void)state;
    assert_int_equal(
        load_text("[{\"id\":\"7646411022609181963\",\"createTime\":1780318800,\"stats\":"
                  "{\"playCount\":1}},{\"id\":\"76464",
                  SEEN, &err),
        -1);
    assert_int_equal(err.kind, ERR_INPUT);
    assert_int_equal(items_now(), before);
}
static void a_post_seen_before_it_was_made_was_not_seen_then(void **state)
{
    struct err err = { 0 };

    (void)state;
    assert_int_equal(
        load_text("{\"id\":\"7646411022609181963\",\"createTime\":1780318800,\"stats\":"
                  "{\"playCount\":1}}",
                  MADE_AT(0), &err),
        0);
    assert_int_equal(result.answers, 0);
    assert_int_equal(passed("unanswered_row"), 1);
}
/* JSON.parse and back: the last digits are gone, and such posts never were. A link is exact. */
static void ids_that_a_program_rounded_are_no_items(void **state)
{
    struct buf text = { 0 };
    struct err err = { 0 };

    (void)state;
    for (int i = 0; i < 12; i++)
        buf_printf(&text,
                   "{\"id\":%lld000,\"createTime\":1780318800,\"stats\":{\"playCount\":1}}\n",
                   7646411022609181LL + i * 7);
    assert_int_equal(load_text(buf_cstr(&text), SEEN, &err), -1);
    assert_int_equal(err.kind, ERR_INPUT);
    assert_non_null(strstr(err.msg, "spoiled_id 12"));
    assert_int_equal(items_now(), 0);
    buf_puts(&text, "{\"id\":7646411022609182000,\"playCount\":1,\"webVideoUrl\":"
                    "\"https://www.tiktok.com/@teo.lund/video/7646411022609181963\"}\n");
    if (load_text(buf_cstr(&text), SEEN, &err))
        fail_msg("%s", err.msg);
    assert_int_equal(result.spoiled, 12);
    assert_int_equal(result.is_public, 1);
    assert_int_equal(items_now(), 1);
    assert_true(row_of(7646411022609181963).n > 0);
    buf_release(&text);
}
static void a_list_of_which_nothing_is_taken_is_an_error(void **state)
{
    struct err err = { 0 };

    (void)state;
    assert_int_equal(load_text("[{\"id\":\"76\",\"createTime\":5,\"stats\":{}}]", SEEN, &err), -1);
    assert_int_equal(err.kind, ERR_INPUT);
    assert_non_null(strstr(err.msg, "nothing of it was taken"));
}
static void the_same_list_twice_changes_nothing(void **state)
{
    struct err err = { 0 };

    (void)state;
    for (int i = 0; i < 2; i++)
        assert_int_equal(load_file("4cat.ndjson", 0, &err), 0);
    assert_int_equal(result.items, 0);
    assert_int_equal(row_of(7646457408721607980).page_at, SEEN + 4);
    assert_int_equal(row_of(7646457408721607980).page, ANSWER_PUBLIC);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_those_of_the_row),
        cmocka_unit_test(marks_that_rules_look_at_are_read),
        cmocka_unit_test(a_time_without_a_zone_is_taken_from_tools_that_write_utc_alone),
        cmocka_unit_test(posts_for_some_eyes_are_no_public_answer),
        cmocka_unit_test(the_archive_s_name_of_a_row_says_its_shape),
        T(rows_are_public_answers_of_their_own_time),
        T(each_file_is_taken_at_its_time_or_at_the_one_that_is_given),
        T(what_a_tool_saw_on_the_site_is_no_answer_of_the_api),
        T(a_failed_row_is_an_item_without_an_answer),
        T(a_file_that_breaks_off_leaves_nothing),
        T(a_post_seen_before_it_was_made_was_not_seen_then),
        T(ids_that_a_program_rounded_are_no_items),
        T(a_list_of_which_nothing_is_taken_is_an_error),
        T(the_same_list_twice_changes_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
