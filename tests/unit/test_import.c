/* tests/unit/test_import.c: lists, JSON of any shape, kinds told by content. */
#include <signal.h>
#include <sys/resource.h>
#include "import_box.h"

static void a_list_is_read_line_by_line(void **state)
{
    struct box b;

    (void)state;
    box_ok(&b, "\xef\xbb\xbf"
               "# my list\r\n" URL1 "\r\n\r\n  " URL2 "\r\nsee <" URL3
               ">, and https://vm.tiktok.com/ZMabc123X\r\n" ID1 " " ID2
               "\nhttps://www.tiktok.com/@ann\nN/A\nhello\n123\n" URL1);
    assert_string_equal(b.count.kind, "list");
    assert_int_equal(b.count.links, 9);
    assert_int_equal(b.count.taken, 6);
    assert_int_equal(b.count.items, 3);
    assert_int_equal(b.len, 3);
    assert_int_equal(b.count.short_links, 1);
    assert_string_equal(b.link[0], "https://vm.tiktok.com/ZMabc123X/");
    assert_int_equal(b.count.skipped[SKIP_USER_PROFILE], 1);
    assert_int_equal(b.count.skipped[SKIP_PLACEHOLDER], 1);
    assert_int_equal(b.count.skipped[SKIP_NO_LINK], 1);
    assert_int_equal(b.count.skipped[SKIP_BAD_ID], 1);
}
static void a_repeat_keeps_the_handle(void **state)
{
    struct box b;

    (void)state;
    box_ok(&b, ID1 "\n" URL1 "\nhttps://www.tiktok.com/@_/video/" ID1 "\n");
    assert_int_equal(b.len, 1);
    assert_string_equal(b.item[0].handle, "ann");
    assert_int_equal(b.count.links, 3);
}
static void every_skip_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (int i = 0; i < SKIP_COUNT; i++)
        for (int j = 0; j < i; j++)
            assert_string_not_equal(import_skip_name((enum import_skip)i),
                                    import_skip_name((enum import_skip)j));
    assert_true(import_skip_is_link(SKIP_ID_TOO_LARGE));
    assert_false(import_skip_is_link(SKIP_NO_LINK));
}
static void odd_ids_are_taken_and_told(void **state)
{
    struct box b;

    (void)state;
    box_ok(&b, "194951213564514304\n" ID1 "\n9223372036854775808\n");
    assert_int_equal(b.count.taken, 2);
    assert_int_equal(b.count.odd, 1);
    assert_int_equal(b.count.skipped[SKIP_ID_TOO_LARGE], 1);
}
static void utf16_is_read(void **state)
{
    static const char text[] = "url\r\n" URL1 "\r\n" URL2 "\r\n";
    char le[2 * sizeof text] = "\xff\xfe", be[2 * sizeof text] = "\xfe\xff";
    struct box b;

    (void)state;
    for (size_t i = 0; i + 1 < sizeof text; i++) {
        le[2 + 2 * i] = be[3 + 2 * i] = text[i];
        le[3 + 2 * i] = be[2 + 2 * i] = '\0';
    }
    assert_int_equal(box_bytes(&b, ".txt", (struct str){ le, sizeof le }, NULL, NULL), 0);
    assert_int_equal(b.count.items, 2);
    assert_int_equal(box_bytes(&b, ".txt", (struct str){ be, sizeof be }, NULL, NULL), 0);
    assert_int_equal(b.count.items, 2);
}
static void a_line_without_end_costs_its_own_links_alone(void **state)
{
    struct buf text = { 0 };
    struct box b;

    (void)state;
    for (int i = 0; i < 40000; i++)          // 2 MB in one line
        buf_puts(&text, URL1 " ");
    buf_puts(&text, "\n");
    for (int i = 0; i < 300000; i++)
        buf_puts(&text, "xxxxxxxxxx");
    buf_puts(&text, "\n" URL2);
    assert_int_equal(box_bytes(&b, "", buf_view(&text), NULL, NULL), 0);
    assert_int_equal(b.count.links, 40001);
    assert_int_equal(b.count.skipped[SKIP_UNREADABLE_ROW], 1);
    buf_release(&text);
}
static void chunks_are_bounded_and_complete(void **state)
{
    struct buf text = { 0 };
    struct box b;

    (void)state;
    for (uint64_t i = 0; i < 600000; i++)
        buf_printf(&text, "%llu\n",
                   (unsigned long long)(7361448925972155679u - (i * 7919 % 600000) * 65536));
    assert_int_equal(box_bytes(&b, "", buf_view(&text), NULL, NULL), 0);
    assert_int_equal(b.count.links, 600000);
    assert_int_equal(b.count.items, 600000);
    assert_int_equal(b.chunks, 3);
    assert_false(b.unsorted);
    buf_release(&text);
}
/* Ids of 300,000, each once in the first 250,000 and again behind them; the
 * second time one has a handle, and one has another than before. */
static void a_long_list_comes_in_the_order_of_its_ids(void **state)
{
    struct buf text = { 0 };
    struct box b;
    uint64_t first = 7361448925972155679u, last = first + UINT64_C(299999) * 65536;

    (void)state;
    buf_printf(&text, "https://www.tiktok.com/@one/video/%llu\n", (unsigned long long)last);
    for (int turn = 0; turn < 2; turn++)
        for (uint64_t i = 0; i < 300000; i++)
            buf_printf(&text, "%llu\n", (unsigned long long)(first + i * 7919 % 300000 * 65536));
    buf_printf(&text, "https://www.tiktok.com/@late/video/%llu\n", (unsigned long long)first);
    buf_printf(&text, "https://www.tiktok.com/@two/video/%llu\n", (unsigned long long)last);
    assert_int_equal(box_bytes(&b, "", buf_view(&text), NULL, NULL), 0);
    assert_int_equal(b.count.taken, 600003);
    assert_int_equal(b.count.items, 300000);
    assert_int_equal(b.chunks, 2);
    assert_false(b.unsorted);
    assert_true(b.item[0].id == first && b.item[1].id == first + 65536 && b.last.id == last);
    assert_string_equal(b.item[0].handle, "late");
    assert_string_equal(b.item[1].handle, "");
    assert_string_equal(b.last.handle, "one");
    buf_release(&text);
}
/* The disk is full while the chunks of a long list are put aside. */
static void a_long_list_without_room_is_told(void **state)
{
    struct rlimit was, small = { 8 << 20, RLIM_INFINITY };       // the list has 6 MB, its items 10
    struct buf text = { 0 };
    struct box b;

    (void)state;
    for (uint64_t i = 0; i < 300000; i++)
        buf_printf(&text, "%llu\n", (unsigned long long)(7361448925972155679u + i * 65536));
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &was), 0);
    small.rlim_max = was.rlim_max;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    assert_int_equal(box_bytes(&b, "", buf_view(&text), NULL, NULL), -1);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &was), 0);
    signal(SIGXFSZ, SIG_DFL);
    assert_int_equal(b.err.kind, ERR_IO);
    assert_non_null(strstr(b.err.msg, "the temporary file of a long list: File too large"));
    buf_release(&text);
}
static void the_digest_is_keyed_and_of_all_bytes(void **state)
{
    struct box a, b;
    struct digest plain = digest_sha256(STR(URL1 "\n")), want;

    (void)state;
    box_ok(&a, URL1 "\n");
    box_ok(&b, URL1);
    want = digest_hmac(STR("secret"), (struct str){ (const char *)plain.b, sizeof plain.b });
    assert_memory_equal(a.count.digest.b, want.b, DIGEST_BYTES);
    assert_memory_not_equal(a.count.digest.b, b.count.digest.b, DIGEST_BYTES);
}
static void json_links_are_taken_at_any_depth(void **state)
{
    struct box b;

    (void)state;
    box_ok(&b,
           "{\"a\":[{\"b\":{\"anything\":\"" URL1
           "\"}},\"https:\\/\\/www.tiktokv.com\\/share\\/video\\/" ID2 "\\/\"],"
           "\"text\":\"not the link " URL3
           " in a sentence\",\"cover\":\"https://p16.tiktokcdn.com/x\","
           "\"author\":{\"id\":\"6812345678901234567\",\"url\":\"https://www.tiktok.com/@ann\"}}");
    assert_string_equal(b.count.kind, "json");
    assert_int_equal(b.count.taken, 2);
    assert_int_equal(b.count.skipped[SKIP_USER_PROFILE], 1);
    assert_int_equal(b.count.links, 3);
}
static void ids_of_records_are_exact(void **state)
{
    struct box b;

    (void)state;
    box_ok(&b, "{\"data\":{\"videos\":[{\"id\":" ID1
               ",\"music_id\":7016547803243022337},{\"id\":" ID2 "}],\"cursor\":100}}");
    assert_int_equal(b.len, 2);
    assert_true(b.item[1].id == 7361448925972155679u);
    box_ok(&b, "[" ID1 ",\"" ID2 "\",12]");
    assert_int_equal(b.count.taken, 2);
    assert_int_equal(b.count.skipped[SKIP_BAD_ID], 1);
    box_ok(&b, "{\"rows\":[{\"video_id\":\"" ID1 "\",\"url\":\"" URL1 "\"},{\"video_id\":null}]}");
    assert_int_equal(b.count.links, 1);       // one record, one link
    assert_int_equal(b.count.skipped[SKIP_PLACEHOLDER], 1);
}
static void the_page_on_which_the_collector_stood_is_no_item(void **state)
{
    struct box b;

    (void)state;
    box_ok(&b, "{\"item_id\":\"" ID1 "\",\"source_platform_url\":\"" URL3
               "\",\"source_url\":\"" URL3 "\",\"data\":{\"id\":\"" ID1 "\"}}\n"
               "{\"item_id\":\"" ID2 "\",\"sourceUrl\":\"" URL3 "\",\"referrer\":\"" URL3 "\"}\n");
    assert_string_equal(b.count.kind, "jsonl");
    assert_int_equal(b.count.taken, 2);
    assert_int_equal(b.len, 2);
    assert_true(b.item[0].id == 7320768196569599275u && b.item[1].id == 7361448925972155679u);
    assert_int_equal(b.count.skipped[SKIP_PROVENANCE], 4);
    box_ok(&b, "[{\"collected_from\":{\"url\":\"" URL3 "\"},\"url\":\"" URL1 "\"}]");
    assert_int_equal(b.count.taken, 1);
    box_ok(&b, "[{\"collected_from_url\":\"" URL3 "\",\"url\":\"" URL1 "\"}]");
    assert_int_equal(b.count.taken, 1);
    assert_int_equal(
        box_bytes(&b, ".json", STR("[{\"source_url\":\"" URL3 "\"}]"), NULL, "source_url"), 0);
    assert_int_equal(b.count.taken, 1);    // asked for by name
}
static void frames_by_columns_and_lists_of_other_calls_are_read(void **state)
{
    struct box b;

    (void)state;
    box_ok(&b, "{\"id\":{\"0\":" ID1 ",\"1\":" ID2 "},\"username\":{\"0\":\"ann\",\"1\":\"bob\"},"
               "\"music_id\":{\"0\":7016547803243022337}}");
    assert_int_equal(b.len, 2);
    box_ok(&b, "{\"video_id\":[" ID1 "," ID2 "],\"music_id\":[7016547803243022337]}");
    assert_int_equal(b.len, 2);
    box_ok(&b,
           "{\"data\":{\"reposted_videos\":[{\"id\":" ID1 "}],\"user_liked_videos\":[{\"id\":" ID2
           "}],\"user_pinned_videos\":[{\"id\":" ID3 "}]}}");
    assert_int_equal(b.len, 3);
}
static void records_of_accounts_are_told_from_records_of_posts(void **state)
{
    struct box b;

    (void)state;    // every third of these accounts looks like a post
    box_ok(
        &b,
        "{\"data\":[{\"id\":\"6812345678901234567\",\"name\":\"a\"},"
        "{\"id\":\"6812345678901234961\"},"
        "{\"id\":\"6812345678901234189\"}],\"link\":\"" URL1 "\"}");
    assert_int_equal(b.len, 1);
    assert_string_equal(b.item[0].handle, "ann");
    box_ok(&b, "{\"results\":[{\"id\":\"" ID1 "\",\"url\":\"" URL1 "\"},{\"id\":\"" ID2 "\"}]}");
    assert_int_equal(b.len, 2);
    assert_int_equal(b.count.links, 2);
}
static void frames_in_halves_are_read(void **state)
{
    struct box b;

    (void)state;
    box_ok(&b, "{\"columns\":[\"username\",\"hashtag_names\",\"id\",\"music_id\"],\"index\":[0,1],"
               "\"data\":[[\"ann\",[\"a\",\"b\"]," ID1 ",7016547803243022337],"
               "[null,null," ID2 ",7016547803243022338]]}");
    assert_int_equal(b.len, 2);
    assert_int_equal(b.count.links, 2);
}
static void guarded_and_wrapped_values_of_records_are_read(void **state)
{
    struct box b;

    (void)state;
    box_ok(&b, "[{\"id\":\"ID_" ID1 "\"},{\"id\":\"=\\\"" ID2 "\\\"\"},"
               "{\"where\":\"https://www.google.com/url?q="
               "https%3A%2F%2Fwww.tiktok.com%2F%40bob%2Fphoto%2F" ID3 "\"}]");
    assert_int_equal(b.len, 3);
    box_ok(&b, "# mine\nID_" ID1 "\n\xc2\xa0" ID2 "\xc2\xa0\n'" ID3 "'\n");
    assert_int_equal(b.len, 3);
}
/* 60 ids as `id` of rows, rounded in three ways. */
static void rounded_rows(struct box *b, const char *form, uint64_t step, bool as_double)
{
    struct buf text = { 0 };

    buf_char(&text, '[');
    for (uint64_t i = 0; i < 60; i++) {
        uint64_t id = 7635587706977897728u + i * 108232173367u * 64;

        id = as_double ? (uint64_t)(double)id : id / step * step;
        buf_printf(&text, i ? "," : "");
        buf_printf(&text, form, (unsigned long long)id);
    }
    buf_puts(&text, ",{\"url\":\"" URL1 "\"}]");
    assert_int_equal(box_bytes(b, ".json", buf_view(&text), NULL, NULL), 0);
    buf_release(&text);
}
static void ids_that_a_program_rounded_are_no_items(void **state)
{
    struct box b;

    (void)state;
    rounded_rows(&b, "{\"id\":%llu}", 1000, false);
    assert_int_equal(b.count.taken, 1);
    assert_int_equal(b.len, 1);
    assert_int_equal(b.count.skipped[SKIP_SPOILED_ID], 60);
    rounded_rows(&b, "{\"id\":\"%llu\"}", 10000, false);
    assert_int_equal(b.count.taken, 1);
    assert_int_equal(b.count.skipped[SKIP_SPOILED_ID], 60);
    assert_non_null(strstr(b.notes, "end in 0000"));
    rounded_rows(&b, "{\"id\":%llu}", 0, true);    // no type of a post is left in these
    assert_int_equal(b.count.taken, 1);
    assert_int_equal(b.count.odd, 0);
    assert_int_equal(b.count.skipped[SKIP_SPOILED_ID], 60);
    rounded_rows(&b, "{\"video_id\":%llu}", 0, true);
    assert_int_equal(b.count.taken, 1);
    assert_int_equal(b.count.skipped[SKIP_SPOILED_ID], 60);
    box_ok(&b, "[{\"id\":7.635587706977897e+18},{\"id\":" ID1 "}]");
    assert_int_equal(b.count.skipped[SKIP_SPOILED_ID], 1);
    assert_int_equal(b.len, 1);
}
static void ids_of_accounts_are_no_rounded_posts(void **state)
{
    struct box b;

    (void)state;
    box_ok(
        &b,
        "[{\"id\":6812345678901233664},{\"id\":6812345678901230592},{\"id\":6812345678901234001},"
        "{\"id\":6812345678901234002},{\"id\":6812345678901234003},{\"video_id\":" ID1 "}]");
    assert_int_equal(b.len, 1);
    assert_int_equal(b.count.skipped[SKIP_SPOILED_ID], 0);
}
/* A chunk is full, so the list is judged from its runs; each repeat counts once. */
static void a_long_list_is_judged_as_a_whole(void **state)
{
    struct buf text = { 0 };
    struct box b;

    (void)state;
    for (uint64_t i = 0; i < 300000; i++) {
        uint64_t id = 7361448925972155679u + i * 65536 * 101;

        buf_printf(&text, "%llu\n", (unsigned long long)(i % 100 ? id : id / 1000 * 1000));
    }
    assert_int_equal(box_bytes(&b, "", buf_view(&text), NULL, NULL), 0);
    assert_true(b.count.skipped[SKIP_SPOILED_ID] >= 3000 &&
                b.count.skipped[SKIP_SPOILED_ID] < 3400);
    assert_int_equal(b.count.taken + b.count.skipped[SKIP_SPOILED_ID], 300000);
    assert_int_equal(b.count.items, b.count.taken);
    buf_clear(&text);
    for (int i = 0; i < 500; i++)
        buf_printf(&text, "7361448925972155000\n%llu\n",
                   7361448925972155679u + (unsigned)i * 65536ull);
    assert_int_equal(box_bytes(&b, "", buf_view(&text), NULL, NULL), 0);
    assert_int_equal(b.count.skipped[SKIP_SPOILED_ID], 0);
    assert_int_equal(b.count.items, 501);
    buf_release(&text);
}
static void a_key_can_be_named(void **state)
{
    static const char text[] = "[{\"post\":{\"ref\":\"see " URL1 "\"},\"other\":\"" URL2
                               "\"},{\"post\":{\"ref\":" ID3 "}},"
                               "{\"post\":{\"ref\":\"N/A\"}},{\"post\":{\"ref\":[\"" URL1
                               "\",\"x\"]}}]";
    struct box b;

    (void)state;
    assert_int_equal(box_bytes(&b, "", STR(text), NULL, "post.REF"), 0);
    assert_int_equal(b.count.taken, 3);
    assert_int_equal(b.count.skipped[SKIP_PLACEHOLDER], 1);
    assert_int_equal(b.count.skipped[SKIP_NO_LINK], 1);
    assert_int_equal(box_bytes(&b, "", STR(text), NULL, "nope"), -1);
    assert_int_equal(b.err.kind, ERR_USAGE);
    assert_non_null(strstr(b.err.msg, "nope"));
}
static void a_broken_line_of_jsonl_costs_itself_alone(void **state)
{
    struct box b;

    (void)state;
    box_ok(&b, "{\"url\":\"" URL1 "\"}\n{\"url\":\"" URL2 "\n{\"url\":\"" URL2
               "\"}}\n\n{\"url\":\"" URL3 "\"}\n");
    assert_string_equal(b.count.kind, "jsonl");
    assert_int_equal(b.count.skipped[SKIP_UNREADABLE_ROW], 2);
    assert_int_equal(b.len, 3);
}
static void broken_json_is_told_with_its_line(void **state)
{
    struct box b;
    struct buf deep = { 0 };

    (void)state;
    assert_int_equal(box_text(&b, "{\n \"url\": \"" URL1 "\",\n \"b\" 1}\n"), -1);
    assert_int_equal(b.err.kind, ERR_INPUT);
    assert_non_null(strstr(b.err.msg, "line 3: expected a colon"));
    assert_int_equal(box_text(&b, "{\"url\": \"" URL1 "\", "), -1);
    assert_non_null(strstr(b.err.msg, "the file ends where a key in quotes was expected"));
    for (int i = 0; i < 600; i++)
        buf_puts(&deep, "{\"a\":");
    assert_int_equal(box_bytes(&b, "", buf_view(&deep), NULL, NULL), -1);
    assert_non_null(strstr(b.err.msg, "512"));
    buf_release(&deep);
}
static void a_markdown_list_is_no_json(void **state)
{
    struct box b;

    (void)state;
    box_ok(&b, "[1] " URL1 "\n[the second](" URL2 ")\n");
    assert_string_equal(b.count.kind, "list");
    assert_int_equal(b.count.items, 2);
}
static void what_is_no_text_is_refused_in_a_sentence(void **state)
{
    struct box b;

    (void)state;
    assert_int_equal(box_bytes(&b, "", STR("\x1f\x8b\x08xxxx"), NULL, NULL), -1);
    assert_non_null(strstr(b.err.msg, "gzip"));
    assert_int_equal(box_bytes(&b, "", STR("\x01\x02\x00\x00\x03\x04"), NULL, NULL), -1);
    assert_non_null(strstr(b.err.msg, "no text"));
    assert_int_equal(box_text(&b, "\n<!DOCTYPE html><html>" URL1), -1);
    assert_non_null(strstr(b.err.msg, "web page"));
    assert_int_equal(box_import(&b, "/nonexistent/list.txt", NULL, NULL), -1);
    assert_int_equal(b.err.kind, ERR_INPUT);
    assert_non_null(strstr(b.err.msg, "/nonexistent/list.txt"));
    assert_int_equal(box_import(&b, "/tmp", NULL, NULL), -1);
    assert_non_null(strstr(b.err.msg, "folder"));
    box_ok(&b, "");
    assert_int_equal(b.count.links, 0);
}
static int failing_items(void *to, const struct new_item *item, size_t len, struct err *err)
{
    (void)to;
    (void)item;
    (void)len;
    return err_set(err, ERR_IO, "disk full");
}
static void a_sink_that_fails_ends_the_import(void **state)
{
    const struct import_opts opts = { .now = NOW, .source_key = STR("k") };
    const struct import_sink sink = { .items = failing_items };
    struct import_count count = { .links = -1 };
    struct err err = { 0 };
    char path[] = "/tmp/import-XXXXXX";
    int fd = mkstemp(path);

    (void)state;
    assert_int_equal(write(fd, ID1, 19), 19);
    close(fd);
    assert_int_equal(import_file(path, &opts, &sink, &count, &err), -1);
    unlink(path);
    assert_int_equal(err.kind, ERR_IO);
    assert_non_null(strstr(err.msg, "disk full"));
    assert_int_equal(count.links, -1);
}
int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_is_read_line_by_line),
        cmocka_unit_test(a_repeat_keeps_the_handle),
        cmocka_unit_test(every_skip_has_a_name_of_its_own),
        cmocka_unit_test(odd_ids_are_taken_and_told),
        cmocka_unit_test(utf16_is_read),
        cmocka_unit_test(a_line_without_end_costs_its_own_links_alone),
        cmocka_unit_test(chunks_are_bounded_and_complete),
        cmocka_unit_test(a_long_list_comes_in_the_order_of_its_ids),
        cmocka_unit_test(a_long_list_without_room_is_told),
        cmocka_unit_test(the_digest_is_keyed_and_of_all_bytes),
        cmocka_unit_test(json_links_are_taken_at_any_depth),
        cmocka_unit_test(ids_of_records_are_exact),
        cmocka_unit_test(the_page_on_which_the_collector_stood_is_no_item),
        cmocka_unit_test(frames_by_columns_and_lists_of_other_calls_are_read),
        cmocka_unit_test(records_of_accounts_are_told_from_records_of_posts),
        cmocka_unit_test(frames_in_halves_are_read),
        cmocka_unit_test(guarded_and_wrapped_values_of_records_are_read),
        cmocka_unit_test(ids_that_a_program_rounded_are_no_items),
        cmocka_unit_test(ids_of_accounts_are_no_rounded_posts),
        cmocka_unit_test(a_long_list_is_judged_as_a_whole),
        cmocka_unit_test(a_key_can_be_named),
        cmocka_unit_test(a_broken_line_of_jsonl_costs_itself_alone),
        cmocka_unit_test(broken_json_is_told_with_its_line),
        cmocka_unit_test(a_markdown_list_is_no_json),
        cmocka_unit_test(what_is_no_text_is_refused_in_a_sentence),
        cmocka_unit_test(a_sink_that_fails_ends_the_import),
    };

    return cmocka_run_group_tests_name("import", tests, NULL, NULL);
}
