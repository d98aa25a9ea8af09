/* tests/unit/test_posts.c: what other tools list: which rows are posts, and what `add`
 * takes of them. The files are made up, with each tool's keys. */
#include <sys/resource.h>
#include "import/posts_file.h"
#include "import_box.h"

#define FOLDER "fixtures/formats/"
#define OTHER "https://www.tiktok.com/@odo_finch/video/7647000000000000013"
#define POST(id) "\"id\":" id ",\"createTime\":1780318800,\"stats\":{\"playCount\":1}"

/* One file of each format: how many posts it lists, the first and the last of them. */
static void each_tool_s_file_gives_its_posts_and_nothing_else(void **state)
{
    static const struct {
        const char *file, *kind;
        int64_t links, items, no_link, first, last;
    } files[] = {
        { "zeeschuimer.ndjson", "posts", 3, 3, 0, 7646411022609181963, 7646441946684132641 },
        { "4cat.ndjson", "posts", 2, 2, 0, 7646457408721607980, 7646472870759083319 },
        { "4cat.csv", "csv", 2, 2, 0, 7646488332796558658, 7646503794834033997 },
        { "yt-dlp.info.json", "posts", 1, 1, 0, 7646519256871509336, 7646519256871509336 },
        { "yt-dlp-list.json", "posts", 3, 3, 1, 7646534718908984675, 7646565642983935353 },
        { "tiktok-api.json", "posts", 2, 2, 0, 7646581105021410692, 7646596567058886031 },
        { "tiktok-api-reply.json", "posts", 2, 2, 0, 7646612029096361370, 7646627491133836709 },
        { "pyktok.json", "posts", 1, 1, 0, 7646642953171312048, 7646642953171312048 },
        { "pyktok-sigi.json", "posts", 1, 1, 0, 7646658415208787387, 7646658415208787387 },
        { "pyktok.csv", "csv", 2, 2, 0, 7646673877246262726, 7646689339283738065 },
        { "apify.json", "posts", 4, 4, 1, 7646704801321213404, 7646751187433639421 },
        { "gallery-dl.json", "posts", 5, 2, 0, 7646797573546065182, 7646813035583540521 },
        { "gallery-dl-file.json", "posts", 1, 1, 0, 7646828493426711860, 7646828493426711860 },
    };
    char path[128];
    struct box b;

    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        snprintf(path, sizeof path, FOLDER "%s", files[i].file);
        if (box_import(&b, path, NULL, NULL))
            fail_msg("%s", b.err.msg);
        if (strcmp(b.count.kind, files[i].kind) || b.count.links != files[i].links ||
            b.count.items != files[i].items || b.count.skipped[SKIP_NO_LINK] != files[i].no_link ||
            (int64_t)b.item[0].id != files[i].first || (int64_t)b.last.id != files[i].last)
            fail_msg("%s: %s, links %lld, items %lld, no link %lld, from %lld to %lld",
                     files[i].file, b.count.kind, (long long)b.count.links,
                     (long long)b.count.items, (long long)b.count.skipped[SKIP_NO_LINK],
                     (long long)b.item[0].id, (long long)b.last.id);
    }
}
static void failed_rows_of_a_table_stay_items(void **state)
{
    struct box b;

    (void)state;
    if (box_import(&b, FOLDER "apify.csv", NULL, NULL))
        fail_msg("%s", b.err.msg);
    assert_int_equal(b.count.items, 2);
    assert_int_equal(b.last.id, 7646782111508589843u);
}
static void accounts_come_with_the_ids(void **state)
{
    struct box b;

    (void)state;
    assert_int_equal(box_import(&b, FOLDER "zeeschuimer.ndjson", NULL, NULL), 0);
    assert_string_equal(b.item[0].handle, "odo_finch");
    assert_int_equal(box_import(&b, FOLDER "pyktok-sigi.json", NULL, NULL), 0);
    assert_string_equal(b.item[0].handle, "teo.lund");
    assert_int_equal(box_import(&b, FOLDER "yt-dlp.info.json", NULL, NULL), 0);
    assert_string_equal(b.item[0].handle, "teo.lund");
}
static void ids_as_numbers_are_read_by_their_digits(void **state)
{
    struct box b;

    (void)state;
    box_ok(&b, "[{" POST("7646411022609181963") "},{" POST("7646426484646657302") "}]");
    assert_string_equal(b.count.kind, "posts");
    assert_int_equal(b.item[0].id, 7646411022609181963u);
    assert_int_equal(b.item[1].id, 7646426484646657302u);
}
static void a_link_is_believed_where_the_id_became_a_double(void **state)
{
    struct box b;

    (void)state;
    box_ok(&b, "[{\"id\":7646411022609182000,\"playCount\":1,\"webVideoUrl\":"
               "\"https://www.tiktok.com/@ann/video/7646411022609181963\"},"
               "{\"id\":7.64641102260918e18,\"playCount\":1,\"webVideoUrl\":"
               "\"https://www.tiktok.com/@ann/video/7646426484646657302\"}]");
    assert_int_equal(b.count.items, 2);
    assert_int_equal(b.item[0].id, 7646411022609181963u);
    assert_int_equal(b.item[1].id, 7646426484646657302u);
}
static void spoiled_ids_of_rows_without_a_link_are_counted(void **state)
{
    struct box b;

    (void)state;
    box_ok(&b, "[{" POST("7.64641102260918e18") "},{" POST("7646426484646657302") "}]");
    assert_int_equal(b.count.items, 1);
    assert_int_equal(b.count.skipped[SKIP_SPOILED_ID], 1);
}
/* yt-dlp writes its formats before its name: a row is known by all of its keys. */
static void the_order_of_keys_does_not_matter(void **state)
{
    struct box b;

    (void)state;
    box_ok(&b, "{\"stats\":{},\"desc\":\"" OTHER "\",\"createTime\":\"1780318800\",\"id\":\"" ID1
               "\"}");
    assert_string_equal(b.count.kind, "posts");
    assert_int_equal(b.count.items, 1);
    box_ok(&b, "{\"webpage_url\":\"" URL1 "\",\"view_count\":3,\"id\":\"" ID1
               "\",\"uploader_url\":\"https://www.tiktok.com/@ann\",\"extractor_key\":\"TikTok\"}");
    assert_int_equal(b.count.items, 1);
    assert_int_equal(b.count.links, 1);
}
static void a_row_longer_than_what_is_looked_at_is_known_by_its_beginning(void **state)
{
    struct buf text = { 0 };
    struct box b;

    (void)state;
    buf_printf(&text, "{" POST(ID1) ",\"more\":[");
    for (int i = 0; i < 40000; i++)
        buf_puts(&text, "\"" OTHER "\",");
    buf_puts(&text, "1]}");
    assert_int_equal(box_bytes(&b, "", buf_view(&text), NULL, NULL), 0);
    assert_string_equal(b.count.kind, "posts");
    assert_int_equal(b.count.items, 1);
    buf_release(&text);
}
static void a_row_that_is_no_post_is_counted(void **state)
{
    struct box b;

    (void)state;
    box_ok(&b, "{" POST(ID1) "}\n{\"note\":\"" OTHER "\"}\n{" POST(ID2) "}\n");
    assert_int_equal(b.count.items, 2);
    assert_int_equal(b.count.skipped[SKIP_NO_LINK], 1);
}
static void a_line_that_breaks_off_costs_the_others_nothing(void **state)
{
    struct box b;

    (void)state;
    box_ok(&b, "{" POST(ID1) "}\n{\"data\":{\"id\":7646426\n{" POST(ID2) "}\n{\"item_id\":\"");
    assert_int_equal(b.count.items, 2);
    assert_int_equal(b.count.skipped[SKIP_UNREADABLE_ROW], 2);
}
/* A key that the user names is a decision; other data sets are read as ever. */
static void a_named_key_goes_before_the_shape(void **state)
{
    struct box b;

    (void)state;
    assert_int_equal(
        box_bytes(&b, "", STR("[{" POST(ID1) ",\"seen\":\"" URL2 "\"}]"), NULL, "seen"), 0);
    assert_string_equal(b.count.kind, "json");
    assert_int_equal(b.item[0].id, 7320768196569599275u);
    box_ok(&b, "[{\"id\":\"" ID1 "\",\"url\":\"" URL1 "\"}]");
    assert_string_equal(b.count.kind, "json");
}
static void accounts_and_lists_are_no_posts(void **state)
{
    struct box b;

    (void)state;
    box_ok(&b, "{\"userInfo\":{\"user\":{\"id\":\"6870000000000001001\",\"uniqueId\":\"ann\","
               "\"createTime\":1600000000},\"stats\":{\"videoCount\":3}}}");
    assert_string_equal(b.count.kind, "json");
    box_ok(&b, "{\"_type\":\"playlist\",\"id\":\"6870000000000001001\",\"extractor_key\":"
               "\"TikTok\",\"view_count\":1,\"entries\":[{\"id\":\"" ID1
               "\",\"extractor_key\":\"TikTok\",\"view_count\":2}]}");
    assert_int_equal(b.count.items, 1);
    assert_int_equal(b.item[0].id, 7361448925972155679u);
}

/* Addresses in an archive are those of all that a crawl or a browser came by. */
static void archives_of_pages_are_no_lists(void **state)
{
    struct box b;
    struct zip z;

    (void)state;
    assert_int_equal(
        box_text(&b, "WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: " URL1 "\r\n\r\n"), -1);
    assert_non_null(strstr(b.err.msg, "--pages"));
    assert_int_equal(
        box_text(&b, "{\n \"log\": {\"version\": \"1.2\", \"entries\": [{\"startedDateTime\":"
                     " \"2026-06-21T12:00:00Z\", \"request\": {\"url\": \"" URL1 "\"}}]}}"),
        -1);
    assert_non_null(strstr(b.err.msg, "--pages"));
    zip_begin(&z, 4096, NULL);
    zip_add(&z, "archive/data.warc.gz", "\x1f\x8b");
    zip_add(&z, "pages/pages.jsonl", "{\"url\":\"" URL1 "\"}\n");
    assert_int_equal(zip_import(&z, &b), -1);
    assert_non_null(strstr(b.err.msg, "--pages"));
}

/* ---- times and spans ---- */
struct seen {
    struct post_found last;
    size_t n;
    int64_t empty, broken;
    char row[256];
};
static int seen_post(void *to, const struct post_found *f, struct err *err)
{
    struct seen *s = to;

    (void)err;
    s->last = *f;
    s->n++;
    return 0;
}
static int seen_row(void *to, const struct post_found *f, struct str row, struct err *err)
{
    struct seen *s = to;

    snprintf(s->row, sizeof s->row, "%.*s", STR_ARG(row));
    return seen_post(to, f, err);
}
static struct seen find(const char *text)
{
    struct seen s = { .n = 0 };
    const struct posts_user user = { .post = seen_post, .to = &s };
    struct posts *p = posts_new(&user, NOW, false);
    struct err err = { 0 };

    for (const char *c = text; *c; c++)
        assert_int_equal(posts_feed(p, (struct str){ c, 1 }, &err), 0);
    if (posts_end(p, &err))
        fail_msg("%s", err.msg);
    posts_free(p);
    return s;
}
static void a_time_counts_wherever_it_stands_around_the_post(void **state)
{
    (void)state;
    assert_int_equal(
        find("{\"timestamp_collected\":1782000001123,\"data\":{" POST(ID1) "}}").last.at,
        1782000001);
    assert_int_equal(
        find("{\"data\":{" POST(ID1) "},\"timestamp_collected\":1782000001123}").last.at,
        1782000001);
    assert_int_equal(find("{" POST(ID1) ",\"__import_meta\":{\"timestamp_collected\":"
                                        "1782000002000}}")
                         .last.at,
                     1782000002);
    assert_int_equal(
        find("{\"itemList\":[{" POST(ID1) "}],\"extra\":{\"now\":1782000003000}}").last.at,
        1782000003);
    /* merged with a later sight */
    assert_int_equal(find("{\"timestamp_collected\":1782000001123,\"last_updated\":1782007201123,"
                          "\"data\":{" POST(ID1) "}}")
                         .last.at,
                     1782007201);
    /* its own goes before that of the list */
    assert_int_equal(find("{\"entries\":[{\"id\":\"" ID1 "\",\"extractor_key\":\"TikTok\","
                          "\"view_count\":1,\"epoch\":1782000004}],\"epoch\":1782000009}")
                         .last.at,
                     1782000004);
}
static void what_is_no_time_is_none(void **state)
{
    (void)state;
    assert_int_equal(find("{" POST(ID1) "}").last.at, 0);
    assert_int_equal(find("{\"epoch\":17,\"x\":[{" POST(ID1) "}]}").last.at, 0);
    assert_int_equal(find("{\"epoch\":1990000000,\"x\":[{" POST(ID1) "}]}").last.at, 0);
    assert_int_equal(find("{\"epoch\":null,\"x\":[{" POST(ID1) "}]}").last.at, 0);
}
static void a_row_comes_as_its_bytes(void **state)
{
    static const char text[] = "[ {\"x\":1},\n {" POST(ID1) "} ]";
    struct seen s = { .n = 0 };
    const struct posts_sink sink = { .post = seen_row, .to = &s };
    struct posts_count count = { 0 };
    struct err err = { 0 };

    (void)state;
    assert_true(posts_text_is(str_of(text)));
    assert_int_equal(posts_text_each(str_of(text), "x", NOW, &sink, &count, &err), 0);
    assert_string_equal(s.row, "{" POST(ID1) "}");
    assert_int_equal(count.empty, 1);
}
static void rows_of_a_table_are_objects_of_their_cells(void **state)
{
    static const char text[] =
        "\xef\xbb\xbfvideo_id;author_username;video_playcount;video_diggcount\n" ID1
        ";ann;7;\"a;\"\"b\"\n;;;\n";
    struct seen s = { .n = 0 };
    const struct posts_sink sink = { .post = seen_row, .to = &s };
    struct posts_count count = { 0 };
    struct err err = { 0 };

    (void)state;
    assert_true(posts_text_is(str_of(text)));
    assert_int_equal(posts_text_each(str_of(text), "x", NOW, &sink, &count, &err), 0);
    assert_string_equal(s.row, "{\"video_id\":\"" ID1 "\",\"author_username\":\"ann\","
                               "\"video_playcount\":\"7\",\"video_diggcount\":\"a;\\\"b\"}");
    assert_int_equal(s.last.id, 7361448925972155679u);
    assert_int_equal(count.empty, 1);
}
/* Windows' shells write so: yt-dlp -J URL > list.json */
static void utf_16_is_read_as_what_it_says(void **state)
{
    static const char line[] = "{" POST(ID1) ",\"desc\":\"\xc3\xa9\xe2\x82\xac #\"}";
    struct buf text = { 0 };
    struct seen s = { .n = 0 };
    const struct posts_sink sink = { .post = seen_row, .to = &s };
    struct posts_count count = { 0 };
    struct err err = { 0 };

    (void)state;
    for (int big = 0; big < 2; big++) {
        buf_clear(&text);
        buf_add(&text, big ? "\xfe\xff" : "\xff\xfe", 2);
        for (const char *c = line; *c; c++) {
            unsigned unit = (unsigned char)*c;

            if (*c == '\xc3') {    // e acute, then the euro sign behind it
                unit = 0xe9;
                c++;
            } else if (*c == '\xe2') {
                unit = 0x20ac;
                c += 2;
            } else if (*c == '#') {    // a pair: U+1F52D
                buf_add(&text, big ? "\xd8\x3d" : "\x3d\xd8", 2);
                unit = 0xdd2d;
            }
            buf_char(&text, (char)(big ? unit >> 8 : unit));
            buf_char(&text, (char)(big ? unit : unit >> 8));
        }
        assert_true(posts_text_is(buf_view(&text)));
        if (posts_text_each(buf_view(&text), "x", NOW, &sink, &count, &err))
            fail_msg("%s", err.msg);
        assert_string_equal(s.row, "{" POST(ID1) ",\"desc\":\"\xc3\xa9\xe2\x82\xac "
                                                 "\xf0\x9f\x94\xad\"}");
    }
    assert_int_equal(s.n, 2);
    buf_release(&text);
}
static void a_million_rows_of_a_table_need_no_more_memory_than_one(void **state)
{
    struct seen s = { .n = 0 };
    const struct posts_sink sink = { .post = seen_row, .to = &s };
    struct posts_count count = { 0 };
    struct posts_csv *c = posts_csv_new(&sink, &count, NOW, ',');
    struct rusage before, after;
    struct err err = { 0 };
    struct buf some = { 0 };

    (void)state;
    assert_int_equal(posts_csv_feed(c,
                                    STR("video_id,author_username,video_playcount,"
                                        "video_diggcount\n"),
                                    &err),
                     0);
    for (int i = 0; i < 1000; i++)
        buf_puts(&some, ID1 ",ann,7,8\n");
    assert_int_equal(posts_csv_feed(c, buf_view(&some), &err), 0);
    getrusage(RUSAGE_SELF, &before);
    for (int i = 1; i < 1000; i++)
        assert_int_equal(posts_csv_feed(c, buf_view(&some), &err), 0);
    getrusage(RUSAGE_SELF, &after);
    assert_int_equal(posts_csv_end(c, &err), 0);
    assert_int_equal(s.n, 1000000);
    assert_true(after.ru_maxrss - before.ru_maxrss < 4096);
    posts_csv_free(c);
    buf_release(&some);
}
static void a_million_lines_need_no_more_memory_than_one(void **state)
{
    static const char line[] = "{\"timestamp_collected\":1782000001123,\"data\":{" POST(ID1) "}}\n";
    struct seen s = { .n = 0 };
    const struct posts_user user = { .post = seen_post, .to = &s };
    struct posts *p = posts_new(&user, NOW, true);
    struct rusage before, after;
    struct err err = { 0 };
    struct buf some = { 0 };

    (void)state;
    for (int i = 0; i < 1000; i++)
        buf_puts(&some, line);
    assert_int_equal(posts_feed(p, buf_view(&some), &err), 0);
    getrusage(RUSAGE_SELF, &before);
    for (int i = 1; i < 1000; i++)
        assert_int_equal(posts_feed(p, buf_view(&some), &err), 0);
    getrusage(RUSAGE_SELF, &after);
    assert_int_equal(posts_end(p, &err), 0);
    assert_int_equal(s.n, 1000000);
    assert_true(after.ru_maxrss - before.ru_maxrss < 4096);
    posts_free(p);
    buf_release(&some);
}
/* What waits for a time that stands behind it is held, but not without end. */
static void a_list_without_end_is_not_held_without_end(void **state)
{
    struct seen s = { .n = 0 };
    const struct posts_user user = { .post = seen_post, .to = &s };
    struct posts *p = posts_new(&user, NOW, false);
    struct rusage before, after;
    struct err err = { 0 };
    struct buf some = { 0 };

    (void)state;
    for (int i = 0; i < 20000; i++)
        buf_puts(&some, "{" POST(ID1) "},");
    assert_int_equal(posts_feed(p, STR("{\"itemList\":["), &err), 0);
    assert_int_equal(posts_feed(p, buf_view(&some), &err), 0);
    getrusage(RUSAGE_SELF, &before);
    for (int i = 1; i < 10; i++)
        assert_int_equal(posts_feed(p, buf_view(&some), &err), 0);
    getrusage(RUSAGE_SELF, &after);
    assert_int_equal(
        posts_feed(p, STR("{" POST(ID2) "}],\"extra\":{\"now\":1782000003000}}"), &err), 0);
    assert_int_equal(posts_end(p, &err), 0);
    assert_int_equal(s.n, 200001);
    assert_int_equal(s.last.at, 1782000003);
    assert_true(after.ru_maxrss - before.ru_maxrss < 8192);
    posts_free(p);
    buf_release(&some);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_tool_s_file_gives_its_posts_and_nothing_else),
        cmocka_unit_test(failed_rows_of_a_table_stay_items),
        cmocka_unit_test(accounts_come_with_the_ids),
        cmocka_unit_test(ids_as_numbers_are_read_by_their_digits),
        cmocka_unit_test(a_link_is_believed_where_the_id_became_a_double),
        cmocka_unit_test(spoiled_ids_of_rows_without_a_link_are_counted),
        cmocka_unit_test(the_order_of_keys_does_not_matter),
        cmocka_unit_test(a_row_longer_than_what_is_looked_at_is_known_by_its_beginning),
        cmocka_unit_test(a_row_that_is_no_post_is_counted),
        cmocka_unit_test(a_line_that_breaks_off_costs_the_others_nothing),
        cmocka_unit_test(a_named_key_goes_before_the_shape),
        cmocka_unit_test(accounts_and_lists_are_no_posts),
        cmocka_unit_test(archives_of_pages_are_no_lists),
        cmocka_unit_test(a_time_counts_wherever_it_stands_around_the_post),
        cmocka_unit_test(what_is_no_time_is_none),
        cmocka_unit_test(a_row_comes_as_its_bytes),
        cmocka_unit_test(rows_of_a_table_are_objects_of_their_cells),
        cmocka_unit_test(utf_16_is_read_as_what_it_says),
        cmocka_unit_test(a_million_rows_of_a_table_need_no_more_memory_than_one),
        cmocka_unit_test(a_million_lines_need_no_more_memory_than_one),
        cmocka_unit_test(a_list_without_end_is_not_held_without_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
