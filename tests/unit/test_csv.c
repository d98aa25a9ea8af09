/* tests/unit/test_csv.c: tables: which delimiter, which column, which rows. */
#include "import_box.h"

static int64_t taken(struct box *b, const char *text, const char *column)
{
    if (box_bytes(b, "", str_of(text), column, NULL))
        fail_msg("%s", b->err.msg);
    assert_string_equal(b->count.kind, "csv");
    return b->count.taken;
}
static void the_column_of_links_is_found(void **state)
{
    struct box b;

    (void)state;
    assert_int_equal(taken(&b,
                           "n,author_url,url\n1,https://www.tiktok.com/@ann," URL1
                           "\n2,https://www.tiktok.com/@bob," URL3 "\n",
                           NULL),
                     2);
    assert_int_equal(b.count.links, 2);
    assert_int_equal(taken(&b, "n;what;where\n1;a;" URL1 "\n2;b;" URL2 "\n", NULL), 2);
    assert_int_equal(taken(&b, "n\twhere\twhat\n1\t" URL1 "\ta, b; c\n2\t\"" URL2 "\"\tb\n", NULL),
                     2);
    assert_int_equal(
        taken(&b, "date,id,api\n2025-04-09," ID1 ",absent\n2025-04-09," ID2 ",found\n", NULL), 2);
    assert_int_equal(taken(&b, "1," URL1 "\n2," URL2 "\n", NULL), 2);
    assert_int_equal(taken(&b, "url\n" URL1 "\n" URL2 "\n", NULL), 2);
    assert_int_equal(taken(&b, "\xef\xbb\xbf\"URL\"\r\n\"" URL1 "\"\r\n", NULL), 1);
}
static void ids_of_accounts_are_no_items(void **state)
{
    struct box b;

    (void)state;      // 6812345678901234688: entity type 0, an account
    assert_int_equal(
        taken(&b, "author_id,post\n6812345678901230000," ID1 "\n6812345678901230000," ID2 "\n",
              NULL),
        2);
    assert_int_equal(b.count.odd, 0);
}
static void quoted_line_ends_and_quotes_stay_in_their_cell(void **state)
{
    struct box b;

    (void)state;
    assert_int_equal(taken(&b,
                           "caption,url\n\"two\nlines, one \"\"quote\"\" and " URL3 "\"," URL1
                           "\n\"x\"\"\n\"," URL2 "\n",
                           NULL),
                     2);
    assert_int_equal(b.len, 2);
    assert_int_equal(b.count.links, 2);
}
static void a_column_can_be_named_or_numbered(void **state)
{
    static const char text[] = "a,My Link,url\n" ID1 "," URL2 "," URL3 "\n";
    struct box b;

    (void)state;
    assert_int_equal(taken(&b, text, "my link"), 1);
    assert_true(b.item[0].id == 7320768196569599275u);
    assert_int_equal(taken(&b, text, "1"), 1);
    assert_true(b.item[0].id == 7361448925972155679u);
    assert_int_equal(box_bytes(&b, "", STR(text), "nope", NULL), -1);
    assert_int_equal(b.err.kind, ERR_USAGE);
    assert_non_null(strstr(b.err.msg, "there is no column nope; there are: a, My Link, url"));
    assert_int_equal(box_bytes(&b, "", STR(text), "4", NULL), -1);
    assert_int_equal(box_bytes(&b, "", STR("1," URL1 "\n2," URL2 "\n"), "x", NULL), -1);
    assert_non_null(strstr(b.err.msg, "a number from 1 to 2"));
    assert_int_equal(taken(&b, "word\n" URL1 "\n", "word"), 1);
}
static void every_row_is_accounted_for(void **state)
{
    struct box b;

    (void)state;
    assert_int_equal(
        taken(&b,
              "n,url\n1," URL1
              "\n2\n3,N/A\n4,\n5,none here\n6,7.36E+18\n7,https://example.org/x\n8," URL1 " " URL2
              "\n\n9," URL3,
              NULL),
        4);
    assert_int_equal(b.count.skipped[SKIP_UNREADABLE_ROW], 1);
    assert_int_equal(b.count.skipped[SKIP_PLACEHOLDER], 2);
    assert_int_equal(b.count.skipped[SKIP_NO_LINK], 1);
    assert_int_equal(b.count.skipped[SKIP_SPOILED_ID], 1);
    assert_int_equal(b.count.skipped[SKIP_OTHER_HOST], 1);
    assert_int_equal(b.count.rows, 9);
    assert_int_equal(b.count.gave_nothing, 6);
    assert_string_equal(b.count.column, "url");
    assert_int_equal(b.count.links, 6);
}
static void a_quote_that_stays_open_loses_no_link(void **state)
{
    struct box b;

    (void)state;
    assert_int_equal(taken(&b,
                           "n,what,url\n1,a," URL1 "\n2,b," URL1 "\n3,c," URL1 "\n4,d," URL1
                           "\n5,e," URL1 "\n6,\"open," URL2 "\n7,f," URL3 "\n",
                           NULL),
                     7);
    assert_int_equal(b.len, 3);
    assert_int_equal(b.count.skipped[SKIP_UNREADABLE_ROW], 1);
    assert_non_null(strstr(b.notes, "quote is not closed"));
}
static void a_cell_without_end_is_refused(void **state)
{
    struct buf text = { 0 };
    struct box b;

    (void)state;
    buf_puts(&text, "n,url\n1," URL1 "\n2," URL1 "\n3,\"");
    buf_grow(&text, 17u << 20);
    memset(text.p + text.n, 'x', 17u << 20);
    text.n += 17u << 20;
    assert_int_equal(box_bytes(&b, ".csv", buf_view(&text), "url", NULL), -1);
    assert_int_equal(b.err.kind, ERR_INPUT);
    assert_non_null(strstr(b.err.msg, "line 4: a cell is longer than 16 MiB"));
    buf_release(&text);
}
static void several_links_a_line_are_a_list(void **state)
{
    struct box b;

    (void)state;
    box_ok(&b, URL1 "\n" URL2 "," URL3 "\n" URL3 "," URL1 "\n");
    assert_int_equal(b.count.taken, 5);
    box_ok(&b, URL1 "," URL2 "\n" URL3 "," URL1 "\n");
    assert_string_equal(b.count.kind, "list");
    assert_int_equal(b.count.taken, 4);
}
static void times_and_captions_are_no_private_section(void **state)
{
    struct box b;

    (void)state;
    assert_int_equal(taken(&b,
                           "at,caption,url\n2024-01-31 23:59:59,\"Look: this\"," URL1
                           "\n2024-01-31 23:59:59,\"So: that\"," URL2 "\n",
                           NULL),
                     2);
}
static bool has_item(const struct box *b, uint64_t id)
{
    for (size_t i = 0; i < b->len; i++)
        if (b->item[i].id == id)
            return true;
    return false;
}
static void a_link_in_a_caption_never_outvotes_the_column_of_ids(void **state)
{
    struct box b;

    (void)state;
    assert_int_equal(taken(&b,
                           "create_time,id,username,video_description,music_id\n"
                           "1772355620," ID1 ",ann,a clip,7456353566274768158\n"
                           "1772355621," ID2 ",bob,part 2 of " URL3 ",7456353566274768159\n",
                           NULL),
                     2);
    assert_string_equal(b.count.column, "id");
    assert_false(has_item(&b, 7376726215178128673u));
    /* the same without names, and with a link in every caption */
    assert_int_equal(taken(&b, "1," ID1 ",see " URL3 "\n2," ID2 ",see " URL3 "\n", NULL), 2);
    assert_false(has_item(&b, 7376726215178128673u));
    /* where the text is all that there is, its links are taken, of the first row too */
    assert_int_equal(taken(&b, "1,see " URL1 "\n2,and " URL2 " too\n", NULL), 2);
    assert_int_equal(taken(&b, "n,note\n1,see " URL1 "\n2,and " URL2 " too\n", NULL), 2);
}
static void a_row_whose_cell_is_empty_falls_back_to_its_next_best(void **state)
{
    struct box b;

    (void)state;
    assert_int_equal(taken(&b,
                           "id,webVideoUrl,caption\n" ID1 "," URL1 ",x\n," URL2 ",see " URL1
                           "\n" ID3 ",,y\nN/A,,see " URL1 "\n,https://www.tiktok.com/@ann,\n",
                           NULL),
                     3);
    assert_string_equal(b.count.column, "webVideoUrl");
    assert_int_equal(b.count.rows, 5);
    assert_int_equal(b.count.fell_back, 1);
    assert_int_equal(b.count.gave_nothing, 2);
    assert_int_equal(b.count.skipped[SKIP_PLACEHOLDER], 1);
    assert_int_equal(b.count.skipped[SKIP_USER_PROFILE], 1);
    /* a named column is what was asked for: no other cell is looked at */
    assert_int_equal(taken(&b, "id,url\n" ID1 ",\n," URL2 "\n", "id"), 1);
    assert_int_equal(b.count.fell_back, 0);
}
static void other_posts_and_places_of_collection_are_no_items(void **state)
{
    struct box b;

    (void)state;
    assert_int_equal(taken(&b,
                           "source_url,duet_from_id,item_id\n" URL1 "," ID1 "," ID2 "\n" URL1
                           "," ID1 "," ID3 "\n" URL1 "," ID1 ",\n",
                           NULL),
                     2);
    assert_string_equal(b.count.column, "item_id");
    assert_int_equal(b.count.gave_nothing, 1);
    assert_int_equal(taken(&b, "n,source_platform_url\n1," URL1 "\n2," URL2 "\n", NULL), 0);
    assert_int_equal(b.count.skipped[SKIP_PROVENANCE], 2);
    assert_non_null(strstr(b.notes, "where rows were collected"));
    assert_int_equal(
        taken(&b, "n,source_platform_url\n1," URL1 "\n2," URL2 "\n", "source_platform_url"), 2);
}
static void titles_before_a_table_are_no_rows(void **state)
{
    struct box b;

    (void)state;
    assert_int_equal(taken(&b,
                           "Export of 2026-07-01\n\nid,music_id,caption\n" ID1
                           ",7456353566274768158,a\n" ID2 ",7456353566299655456,see " URL3 "\n",
                           NULL),
                     2);
    assert_string_equal(b.count.column, "id");
    assert_int_equal(b.count.rows, 2);
    /* a row of names that is too short is none */
    assert_int_equal(taken(&b, "what,seen\n" ID1 ",a,1\n" ID2 ",b,2\n", NULL), 2);
    assert_string_equal(b.count.column, "what");
    assert_int_equal(taken(&b, "url\n" URL1 ",a\n" URL2 ",b\n", NULL), 2);
    assert_string_equal(b.count.column, "url");
    assert_int_equal(taken(&b, "sep=;\r\nid;lang\r\n" ID1 ";de\r\n" ID2 ";de\r\n", NULL), 2);
    assert_string_equal(b.count.column, "id");
    assert_int_equal(b.count.rows, 2);
}
static void a_column_of_accounts_gives_way_to_any_other(void **state)
{
    struct box b;

    (void)state;    // one of these accounts looks like a post
    assert_int_equal(taken(&b,
                           "uid,seen\n6812345678901234567," ID1 "\n6812345678901234001," ID2
                           "\n6812345678901234189,\n",
                           NULL),
                     2);
    assert_string_equal(b.count.column, "seen");
    assert_int_equal(b.count.gave_nothing, 1);
}
static void guards_against_spreadsheets_are_undone(void **state)
{
    struct box b;

    (void)state;
    assert_int_equal(taken(&b, "video_id,lang\nID_" ID1 ",de\nID_" ID2 ",de\n", NULL), 2);
    assert_int_equal(taken(&b, "post,lang\n\"=\"\"" ID1 "\"\"\",de\n'" ID2 ",de\n", NULL), 2);
    assert_int_equal(taken(&b,
                           "post,lang\n\xc2\xa0" ID1 "\xc2\xa0,de\n\xef\xbb\xbf" ID2
                           ",de\n\xe2\x80\x9c" ID3 "\xe2\x80\x9d,de\n",
                           NULL),
                     3);
    assert_int_equal(taken(&b, "video_id,n\nid: " ID1 ",1\nX" ID2 ",2\n" ID3 ".0,3\n", NULL), 3);
    assert_int_equal(taken(&b, "video_id,n\n\"7,361,448,925,972,155,679\",1\n" ID2 ",2\n", NULL),
                     1);
    assert_int_equal(b.count.skipped[SKIP_BAD_ID], 1);    // not guessed
    assert_int_equal(taken(&b, "post,n\n\"=HYPERLINK(\"\"" URL1 "\"\",\"\"clip\"\")\",1\n", NULL),
                     1);
}
static void ids_that_a_spreadsheet_spoiled_are_no_items(void **state)
{
    struct buf text = { 0 };
    struct box b;

    (void)state;
    buf_puts(&text, "post_id,caption,link\n");
    for (uint64_t i = 0; i < 12; i++) {
        unsigned long long id = (7635587706977897728u + i * 108232173367u) / 1000 * 1000;

        buf_printf(&text, "%llu,clip,https://www.tiktok.com/@shop.demo/video/%llu\n", id, id);
    }
    buf_puts(&text, ID1 ",clip," URL1 "\n");
    assert_int_equal(taken(&b, buf_cstr(&text), NULL), 1);
    assert_int_equal(b.count.skipped[SKIP_SPOILED_ID], 12);
    assert_int_equal(b.len, 1);
    assert_non_null(
        strstr(b.notes, "12 of 13 ids end in 000, where chance gives 0.013: JSON.parse"));
    buf_release(&text);
    assert_int_equal(
        taken(&b, "id,n\n7.63559E+18,1\n\"7,63559E+18\",2\n7.63558770697790E+018,3\n", NULL), 0);
    assert_int_equal(b.count.skipped[SKIP_SPOILED_ID], 3);
    assert_non_null(strstr(b.notes, "3 ids are written as a number of a spreadsheet"));
}
static void doubles_are_spoiled_though_they_look_like_no_post(void **state)
{
    struct buf text = { 0 };
    struct box b;

    (void)state;
    buf_puts(&text, "id,username\n");
    for (uint64_t i = 0; i < 12; i++)
        buf_printf(&text, "%llu,demo\n",
                   (unsigned long long)(double)(7635587706977897728u + i * 108232173367u));
    assert_int_equal(taken(&b, buf_cstr(&text), NULL), 0);
    assert_int_equal(b.count.skipped[SKIP_SPOILED_ID], 12);
    assert_int_equal(b.count.odd, 0);
    assert_non_null(strstr(b.notes, "12 of 12 ids are multiples of 1024"));
    buf_release(&text);
}
/* The links of the same rows are exact: they are taken, and nothing is lost. */
static void a_link_beside_a_spoiled_id_is_taken(void **state)
{
    struct buf text = { 0 };
    struct box b;

    (void)state;
    buf_puts(&text, "id,where\n");
    for (uint64_t i = 0; i < 12; i++) {
        unsigned long long id = 7635587706977897728u + i * 108232173367u * 4096;

        buf_printf(&text, "%llu,https://www.tiktok.com/@demo/video/%llu\n", id / 10000 * 10000,
                   id | 0xd00);
    }
    assert_int_equal(taken(&b, buf_cstr(&text), NULL), 12);
    assert_string_equal(b.count.column, "where");
    assert_int_equal(b.count.skipped[SKIP_SPOILED_ID], 0);
    buf_release(&text);
}
static void cited_posts_of_an_encyclopedia(void **state)
{
    const char *dir = shared_folder();
    char path[512];
    struct box b;

    (void)state;
    snprintf(path, sizeof path, "%s/real/wikipedia_cited_300.csv", dir ? dir : "");
    if (!dir || access(path, R_OK)) {
        print_message("wikipedia_cited_300.csv is not here\n");
        skip();
    }
    assert_int_equal(box_import(&b, path, NULL, NULL), 0);
    assert_string_equal(b.count.kind, "csv");
    assert_int_equal(b.count.links, 300);
}
int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_column_of_links_is_found),
        cmocka_unit_test(ids_of_accounts_are_no_items),
        cmocka_unit_test(quoted_line_ends_and_quotes_stay_in_their_cell),
        cmocka_unit_test(a_column_can_be_named_or_numbered),
        cmocka_unit_test(every_row_is_accounted_for),
        cmocka_unit_test(a_quote_that_stays_open_loses_no_link),
        cmocka_unit_test(a_cell_without_end_is_refused),
        cmocka_unit_test(several_links_a_line_are_a_list),
        cmocka_unit_test(times_and_captions_are_no_private_section),
        cmocka_unit_test(a_link_in_a_caption_never_outvotes_the_column_of_ids),
        cmocka_unit_test(a_row_whose_cell_is_empty_falls_back_to_its_next_best),
        cmocka_unit_test(other_posts_and_places_of_collection_are_no_items),
        cmocka_unit_test(titles_before_a_table_are_no_rows),
        cmocka_unit_test(a_column_of_accounts_gives_way_to_any_other),
        cmocka_unit_test(guards_against_spreadsheets_are_undone),
        cmocka_unit_test(ids_that_a_spreadsheet_spoiled_are_no_items),
        cmocka_unit_test(doubles_are_spoiled_though_they_look_like_no_post),
        cmocka_unit_test(a_link_beside_a_spoiled_id_is_taken),
        cmocka_unit_test(cited_posts_of_an_encyclopedia),
    };

    return cmocka_run_group_tests_name("csv", tests, NULL, NULL);
}
