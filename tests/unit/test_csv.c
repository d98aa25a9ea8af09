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
    assert_int_equal(b.count.skipped[SKIP_BAD_ID], 1);
    assert_int_equal(b.count.skipped[SKIP_OTHER_HOST], 1);
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
        cmocka_unit_test(cited_posts_of_an_encyclopedia),
    };

    return cmocka_run_group_tests_name("csv", tests, NULL, NULL);
}
