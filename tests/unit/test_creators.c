/* tests/unit/test_creators.c: creators in every form that import reads. */
#include "import_box.h"

struct seen_box {
    struct creator_seen seen[16];
    char place[16][32];
    size_t n;
    struct import_count count;
    struct err err;
};
static int take_seen(void *to, const struct creator_seen *s, struct err *err)
{
    struct seen_box *b = to;

    (void)err;
    if (b->n < 16) {
        b->seen[b->n] = *s;
        snprintf(b->place[b->n], sizeof b->place[0], "%.*s", STR_ARG(s->place));
    }
    b->n++;
    return 0;
}
static int no_items(void *to, const struct new_item *item, size_t len, struct err *err)
{
    (void)to;
    (void)item;
    return err_set(err, ERR_IO, "%zu items where creators were wanted", len);
}
static int no_link(void *to, struct str url, struct err *err)
{
    (void)to;
    (void)url;
    return err_set(err, ERR_IO, "a link where creators were wanted");
}
static int read_text(struct seen_box *b, const char *text, const char *column, const char *key)
{
    const struct import_opts opts = {
        .column = column, .key = key, .now = NOW, .source_key = STR("secret")
    };
    const struct import_sink sink = {
        .items = no_items, .link = no_link, .to = b, .seen = take_seen
    };
    char path[256];
    const char *dir = getenv("TMPDIR");
    int64_t sum;
    int fd, rc;

    memset(b, 0, sizeof *b);
    snprintf(path, sizeof path, "%s/creators-XXXXXX", dir ? dir : "/tmp");
    fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
    rc = import_file(path, &opts, &sink, &b->count, &b->err);
    unlink(path);
    if (rc)
        return rc;
    sum = b->count.taken;
    for (int k = 0; k < SKIP_COUNT; k++)
        sum += import_skip_is_link((enum import_skip)k) ? b->count.skipped[k] : 0;
    assert_int_equal(sum, b->count.links);    // the ledger is closed
    assert_int_equal(b->count.taken, b->n);
    return 0;
}
static void read_ok(struct seen_box *b, const char *text)
{
    if (read_text(b, text, NULL, NULL))
        fail_msg("%s", b->err.msg);
}
static void is_seen(const struct seen_box *b, size_t i, const char *handle, uint64_t author,
                    uint64_t post, int64_t at)
{
    assert_true(i < b->n);
    assert_string_equal(b->seen[i].handle, handle);
    assert_int_equal(b->seen[i].author, author);
    assert_int_equal(b->seen[i].post, post);
    assert_int_equal(b->seen[i].at, at);
}

static void a_list_names_creators_by_handle_by_page_and_by_post(void **state)
{
    struct seen_box b;

    (void)state;
    read_ok(&b, "# seen on the feed\n@Ann.B\nbob\nhttps://www.tiktok.com/@cyd?lang=en\n"
                "https://www.tiktok.com/embed/@dee\n" URL1 "\n" URL2 "\n"
                "https://www.tiktok.com/music/a-7361448925972155679\nhello world\n7361\n"
                "https://www.tiktok.com/@MS4wLjABAAAAxyz\nhttps://vm.tiktok.com/ZMabc123/\n");
    assert_int_equal(b.n, 5);
    is_seen(&b, 0, "ann.b", 0, 0, 0);
    is_seen(&b, 1, "bob", 0, 0, 0);
    is_seen(&b, 2, "cyd", 0, 0, 0);
    is_seen(&b, 3, "dee", 0, 0, 0);
    is_seen(&b, 4, "ann", 0, 7361448925972155679u, 0);
    assert_int_equal(b.count.skipped[SKIP_NO_HANDLE], 2);    // a donated link, a short one
    assert_int_equal(b.count.skipped[SKIP_SOUND], 1);
    assert_int_equal(b.count.skipped[SKIP_NOT_A_HANDLE], 2);
    assert_int_equal(b.count.skipped[SKIP_USER_PROFILE], 1);    // by secUid: no handle
}

#define WHEN 1772409600    // 2026-03-02
static void a_table_says_when_and_where_its_creators_were_seen(void **state)
{
    struct seen_box b;

    (void)state;
    read_ok(&b, "Day;Handle;Place;Author ID;url\n2026-03-02;@Ann;NL;6812345678901234567;" URL1 "\n"
                ";bob;N/A;;\n"
                "2026-03-02T00:00:00Z;https://www.tiktok.com/@cyd;\"DE; BE\";x;\n;;;;\n");
    assert_string_equal(b.count.kind, "creators");
    assert_int_equal(b.n, 3);
    is_seen(&b, 0, "ann", 6812345678901234567u, 7361448925972155679u, WHEN);
    is_seen(&b, 1, "bob", 0, 0, 0);
    is_seen(&b, 2, "cyd", 0, 0, WHEN);
    assert_string_equal(b.place[0], "NL");
    assert_string_equal(b.place[1], "");
    assert_string_equal(b.place[2], "DE; BE");
    assert_int_equal(b.count.skipped[SKIP_PLACEHOLDER], 1);
    assert_int_equal(b.count.rows, 4);
}
/* 4CAT: timestamp is when the post was made, never when it was seen. */
static void the_time_of_a_post_is_not_when_its_creator_was_seen(void **state)
{
    struct seen_box b;

    (void)state;
    read_ok(&b, "id,thread_id,author,author_id,timestamp,date,tiktok_url,plays\n" ID1 "," ID1
                ",Ann,681,2024-04-24 15:01:31,2024-04-24," URL1 ",12\n");
    assert_int_equal(b.n, 1);
    is_seen(&b, 0, "ann", 681, 7361448925972155679u, 0);
}
static void the_column_can_be_named_or_counted(void **state)
{
    struct seen_box b;

    (void)state;
    assert_int_equal(read_text(&b, "who,x\nann,1\nbob,2\n", "who", NULL), 0);
    assert_int_equal(b.n, 2);
    assert_int_equal(read_text(&b, "1,ann\n2,bob\n", "2", NULL), 0);
    assert_int_equal(b.n, 2);
    is_seen(&b, 1, "bob", 0, 0, 0);
    assert_int_equal(read_text(&b, "who,x\nann,1\n", "whom", NULL), -1);
    assert_int_equal(b.err.kind, ERR_USAGE);
}

#define ITEM(id, handle, author) "{\"id\":\"" id "\",\"createTime\":1713970891,\"video\":{}," \
    "\"author\":{\"id\":\"" author "\",\"uniqueId\":\"" handle "\"},\"stats\":{\"playCount\":1}}"
/* The platform's own feed: /api/recommend/item_list/ */
static void the_feed_of_the_platform_names_creators_with_their_ids_and_its_time(void **state)
{
    struct seen_box b;

    (void)state;
    read_ok(&b, "{\"extra\":{\"now\":1772442000123},\"statusCode\":0,\"hasMore\":true,"
                "\"itemList\":[" ITEM(ID1, "Ann", "681") "," ITEM(ID3, "bob", "682") "]}");
    assert_int_equal(b.n, 2);
    is_seen(&b, 0, "ann", 681, 7361448925972155679u, 1772442000);
    is_seen(&b, 1, "bob", 682, 7376726215178128673u, 1772442000);
}
static void zeeschuimer_says_when_each_row_was_collected(void **state)
{
    struct seen_box b;

    (void)state;
    read_ok(&b, "{\"timestamp_collected\":1772442000000,\"source_platform_url\":"
                "\"https://www.tiktok.com/foryou\",\"data\":" ITEM(ID1, "ann", "681") "}\n"
                "{\"timestamp_collected\":1772442060000,\"data\":" ITEM(ID3, "bob", "682")
                "}\n");
    assert_int_equal(b.n, 2);
    is_seen(&b, 0, "ann", 681, 7361448925972155679u, 1772442000);
    is_seen(&b, 1, "bob", 682, 7376726215178128673u, 1772442060);
}
static void any_json_names_creators_by_links_and_by_keys_of_handles(void **state)
{
    struct seen_box b;

    (void)state;
    read_ok(&b, "[{\"uniqueId\":\"Ann\",\"n\":1},{\"page\":\"https://www.tiktok.com/@bob\"},"
                "{\"username\":\"not a handle\"}]");
    assert_int_equal(b.n, 2);
    is_seen(&b, 0, "ann", 0, 0, 0);
    is_seen(&b, 1, "bob", 0, 0, 0);
    assert_int_equal(b.count.skipped[SKIP_NOT_A_HANDLE], 1);
    assert_int_equal(read_text(&b, "{\"who\":[\"ann\",\"bob\"]}", NULL, "who"), 0);
    assert_int_equal(b.n, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_names_creators_by_handle_by_page_and_by_post),
        cmocka_unit_test(a_table_says_when_and_where_its_creators_were_seen),
        cmocka_unit_test(the_time_of_a_post_is_not_when_its_creator_was_seen),
        cmocka_unit_test(the_column_can_be_named_or_counted),
        cmocka_unit_test(the_feed_of_the_platform_names_creators_with_their_ids_and_its_time),
        cmocka_unit_test(zeeschuimer_says_when_each_row_was_collected),
        cmocka_unit_test(any_json_names_creators_by_links_and_by_keys_of_handles),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
