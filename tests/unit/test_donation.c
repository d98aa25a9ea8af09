/* tests/unit/test_donation.c: packages of every era, and ZIPs that mean harm. */
#include "import_box.h"

/* 2020 to 2024: everything under "Activity"; private sections hold links that
 * must not be read. */
#define PRIVATE "https://www.tiktok.com/@private/video/7399999999999999999"
static const char activity[] =
    "{\"Activity\":{"
    "\"Favorite Videos\":{\"App\":1,\"FavoriteVideoList\":[{\"Date\":\"2024-01-01 00:00:00\","
    "\"Link\":\"" URL1
    "\"}]},"
    "\"Like List\":{\"ItemFavoriteList\":[{\"date\":\"2024-01-01 00:00:00\",\"link\":\"" URL2
    "\"},{\"date\":\"x\",\"link\":\"N/A\"}]},"
    "\"Login History\":{\"LoginHistoryList\":[{\"Date\":\"2024-01-01 00:00:00\",\"Link\":\"" PRIVATE
    "\"}]},"
    "\"Search History\":{\"SearchList\":[{\"Date\":\"2024\",\"SearchTerm\":\"x\",\"Link\":\""
    PRIVATE
    "\"}]},"
    "\"Hashtag\":{\"HashtagList\":[{\"HashtagName\":\"x\",\"HashtagLink\":\"https://"
    "www.tiktokv.com/share/challenge/123/\"}]},"
    "\"Share History\":{\"ShareHistoryList\":[{\"Date\":\"2024\",\"SharedContent\":\"share_video\","
    "\"Link\":\"" URL3
    "\",\"Method\":\"copy\"},"
    "{\"Date\":\"2024\",\"SharedContent\":\"share_live\",\"Link\":\"https://www.tiktokv.com/share/"
    "live/123/\",\"Method\":\"copy\"}]},"
    "\"Video Browsing History\":{\"VideoList\":[{\"Date\":\"2024\",\"Link\":\"" URL1
    "\"},{\"Date\":\"2024\",\"VideoLink\":\"" URL2 "\"},"
    "{\"Date\":\"2024\"},{\"Date\":\"2024\",\"Link\":null},{\"Date\":\"2024\","
    "\"Link\":{\"a\":1}}]}},"
    "\"Comment\":{\"Comments\":{\"CommentsList\":[{\"date\":\"2024\",\"comment\":\"hi\",\"url\":\""
    PRIVATE
    "\",\"link\":\"" PRIVATE "\"}]}},"
    "\"Direct Messages\":{\"Chat History\":{\"ChatHistory\":{\"with x\":[{\"Content\":\"" PRIVATE
    "\",\"Link\":\"" PRIVATE "\"}]}}},"
    "\"Profile\":{\"Auto Fill\":{\"Link\":\"" PRIVATE "\"}},"
    "\"Tiktok Live\":null,"
    "\"Video\":{\"Videos\":{\"VideoList\":[{\"Date\":\"2024\","
    "\"Link\":\"https://video-i18n.tiktokv.com/storage/v1/x\"}]},"
    "\"RecentlyDeletedPosts\":{\"PostList\":[{\"Date\":\"2024\",\"Link\":\"https://www.tiktok.com/"
    "login/?redirect_url=https%3A%2F%2Fwww.tiktok.com%2F%40ann%2Fvideo%2F" ID1
    "\"}]}}}";

static void check_activity(const struct box *b)
{
    assert_string_equal(b->count.kind, "donation");
    assert_int_equal(b->count.taken, 6);
    assert_int_equal(b->len, 3);
    assert_int_equal(b->count.skipped[SKIP_HASHTAG], 1);
    assert_int_equal(b->count.skipped[SKIP_LIVE], 1);
    assert_int_equal(b->count.skipped[SKIP_CDN_FILE], 1);
    assert_int_equal(b->count.skipped[SKIP_PLACEHOLDER], 2);
    assert_int_equal(b->count.skipped[SKIP_NO_LINK], 1);
    assert_int_equal(b->count.skipped[SKIP_UNREADABLE_ROW], 1);
    assert_int_equal(b->count.links, 9);
}
static void packages_until_2024_are_read_and_private_sections_are_not(void **state)
{
    struct box b;

    (void)state;
    box_ok(&b, activity);
    check_activity(&b);
    for (size_t i = 0; i < b.len; i++)
        assert_true(b.item[i].id != 7399999999999999999u);
}
static void packages_from_2025_are_read(void **state)
{
    struct box b;

    (void)state;
    box_ok(
        &b,
        "{\"Profile And Settings\":{\"Follower\":{\"FansList\":[{\"Date\":\"2025\",\"Link\":\""
        PRIVATE
        "\"}]}},"
        "\"Likes and Favorites\":{\"Like List\":{\"ItemFavoriteList\":[{\"date\":\"2025\","
        "\"link\":\"" URL1
        "\"}]},"
        "\"Favorite Videos\":{\"FavoriteVideoList\":null}},"
        "\"Your Activity\":{\"Watch History\":{\"VideoList\":[{\"Date\":\"2025\",\"Link\":\"" URL2
        "\"}]},"
        "\"Searches\":{\"SearchList\":[{\"Link\":\"" PRIVATE "\"}]}},"
        "\"Post\":{\"Posts\":{\"VideoList\":[]}}}");
    assert_string_equal(b.count.kind, "donation");
    assert_int_equal(b.count.links, 2);
    assert_int_equal(b.len, 2);
}
/* Likes moved out of "Your Activity" about January 2026; TXT sections with them. */
static void packages_of_2026_are_read(void **state)
{
    struct box b;
    struct zip z;

    (void)state;
    box_ok(
        &b,
        "{\"Likes and Favorites\":{\"Favorite Effects\":{\"FavoriteEffectsList\":[]},"
        "\"Favorite Videos\":{\"FavoriteVideoList\":[{\"Date\":\"2026-08-16 18:18:02\","
        "\"Link\":\"" URL1 "\"}]},"
        "\"Like List\":{\"ItemFavoriteList\":[{\"date\":\"2026-08-16 18:18:03\",\"link\":"
        "\"" URL2 "\"}]}},"
        "\"Comment\":{\"Comments\":{\"CommentsList\":[{\"date\":\"2026\",\"comment\":\"x\","
        "\"url\":\"" PRIVATE "\"}]}},"
        "\"Your Activity\":{\"Share History\":{\"ShareHistoryList\":[{\"Date\":\"2026\","
        "\"SharedContent\":\"share_video\",\"Link\":\"" URL3 "\",\"Method\":\"x\"}]},"
        "\"Searches\":{\"SearchList\":[{\"Date\":\"2026\",\"SearchTerm\":\"" PRIVATE "\"}]},"
        "\"Watch History\":{\"VideoList\":[{\"Date\":\"2026\",\"Link\":\"" URL2 "\"}]}},"
        "\"Direct Message\":{\"Direct Messages\":{\"ChatHistory\":{\"x\":[{\"Content\":\"" PRIVATE
        "\"}]}}},\"Location Review\":{\"Link\":\"" PRIVATE "\"}}");
    assert_string_equal(b.count.kind, "donation");
    assert_int_equal(b.count.taken, 4);
    assert_int_equal(b.len, 3);
    zip_begin(&z, 8192, NULL);
    zip_add(&z, "TikTok/Likes and Favorites/Like List.txt",
            "Date: 2026-08-16 18:18:02 UTC\nLink: " URL1 "\n\nDate: 2026-08-16 18:18:01 UTC\n"
            "Link: " URL2 "\n\n");
    zip_add(&z, "TikTok/Likes and Favorites/Favorite Videos.txt",
            "Date: 2026-08-16 18:18:02 UTC\nLink: " URL3 "\n\n");
    zip_add(&z, "TikTok/Your Activity/Share History.txt",
            "Date: 2026-08-16 18:18:02 UTC\nShared Content: video\nLink: " URL3
            "\nMethod: copy\n\n");
    zip_add(&z, "TikTok/Your Activity/Searches.txt",
            "Date: 2026-08-16 18:18:02 UTC\nSearch Term: " PRIVATE "\n\n");
    zip_add(&z, "TikTok/Comments/Comments.txt",
            "Date: 2026-08-16 18:18:02 UTC\nComment: x\nPhoto: N/A\nUrl: " PRIVATE "\n\n");
    if (zip_import(&z, &b))
        fail_msg("%s", b.err.msg);
    assert_string_equal(b.count.kind, "donation");
    assert_int_equal(b.count.taken, 4);
    assert_int_equal(b.len, 3);
}
static void a_wrapped_package_is_read(void **state)
{
    struct buf text = { 0 };
    struct box b;

    (void)state;
    buf_printf(&text, "{\"user_data_tiktok.json\":%s}", activity);
    assert_int_equal(box_bytes(&b, "", buf_view(&text), NULL, NULL), 0);
    check_activity(&b);
    buf_release(&text);
}
static void two_documents_in_a_row_are_both_read(void **state)
{
    struct buf text = { 0 };
    struct box b;

    (void)state;
    buf_printf(&text, "%s%s\n%s", activity, activity, activity);
    assert_int_equal(box_bytes(&b, "", buf_view(&text), NULL, NULL), 0);
    assert_int_equal(b.count.links, 27);
    assert_int_equal(b.len, 3);
    buf_release(&text);
}
static void text_sections_are_read(void **state)
{
    struct box b;

    (void)state;
    box_ok(&b, "Date: 2024-01-01 00:00:00 UTC\nLink: " URL1
               "\n\nDate: 2024-01-02 00:00:00 UTC\nLink: " URL2 "\n\n");
    assert_string_equal(b.count.kind, "donation");
    assert_int_equal(b.count.taken, 2);
    box_ok(&b, "Date: 2022-01-01 00:00:00\r\nVideo Link: " URL1
               "\r\n\r\nDate: 2022-01-01 00:00:01\r\nVideo Link: N/A\r\n\r\n"
               "Date: 2022-01-01 00:00:02\r\n");
    assert_int_equal(b.count.taken, 1);
    assert_int_equal(b.count.skipped[SKIP_PLACEHOLDER], 1);
    assert_int_equal(b.count.skipped[SKIP_NO_LINK], 1);
    box_ok(&b, "Datum: 2024-01-01 00:00:00\nKoppeling: " URL1
               "\nDatum: 2024-01-01 00:00:00\nKoppeling: " URL2 "\n");
    assert_int_equal(b.count.taken, 2);
    box_ok(
        &b,
        "Date: 2024-01-01 00:00:00 UTC\nHashTag Link:: https://www.tiktokv.com/share/challenge/1/"
        "\n");
    assert_int_equal(b.count.skipped[SKIP_HASHTAG], 1);
    box_ok(&b, "Dit gedeelte bevat geen gegevens\n");
    assert_int_equal(b.count.links, 0);
    assert_string_equal(b.count.kind, "donation");
}
static void private_text_is_never_read(void **state)
{
    static const char *const texts[] = {
        ">>> Chat History with ann:\n2024-01-01 00:00:00 UTC ann: " PRIVATE "\n",
        "2024-01-01 00:00:00 ann: see " PRIVATE "\n2024-01-01 00:00:00 bob: yes\n",
        "Date: 2024-01-01 00:00:00 UTC\nSearch Term: cats\n\nDate: 2024-01-01 00:00:00 UTC\n"
        "Search Term: dogs\n",
        "Date: 2024-01-01 00:00:00 UTC\nIP: 192.0.2.1\nDevice Model: x\n",
        "Date: 2024-01-01 00:00:00 UTC\nComment: hello\nPhoto: N/A\nUrl: " PRIVATE "\n",
    };
    struct box b;

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        assert_int_equal(box_text(&b, texts[i]), -1);
        assert_int_equal(b.err.kind, ERR_INPUT);
        assert_int_equal(b.len, 0);
        assert_non_null(strstr(b.err.msg, "not read"));
    }
}

/* ---- ZIP ---- */
static void json_wins_over_text_and_the_newer_name_over_the_older(void **state)
{
    struct zip z;
    struct box b;

    (void)state;
    zip_begin(&z, 1 << 16, NULL);
    zip_add(&z, "TikTok/Your Activity/Watch History.txt",
            "Date: 2024-01-01 00:00:00 UTC\nLink: " URL3 "\n");
    zip_add(&z, "a/user_data.json",
            "{\"Activity\":{\"Like List\":{\"ItemFavoriteList\":[{\"link\":\"" URL3 "\"}]}}}");
    zip_add(&z, "a/user_data_tiktok.json", activity);
    zip_add(&z, "__MACOSX/a/._user_data_tiktok.json", "x");
    assert_int_equal(zip_import(&z, &b), 0);
    check_activity(&b);
    assert_int_equal(b.count.members, 1);
    assert_int_equal(b.count.refused, 0);
}
static void localised_text_packages_are_read_by_shape(void **state)
{
    struct zip z;
    struct box b;

    (void)state;
    zip_begin(&z, 1 << 16, NULL);
    zip_add(&z, "TikTok/Activiteit/Kijkgeschiedenis.txt",
            "Datum: 2024-01-01 00:00:00\nLink: " URL1 "\n");
    zip_add(&z, "TikTok/Activiteit/Likelijst.txt", "Date: 2024-01-01 00:00:00\nLink: " URL2 "\n");
    zip_add(&z, "TikTok/Activiteit/Favoriete video\xe2\x80\x99s.txt",
            "Date: 2024-01-01 00:00:00\nLink: " URL3 "\n");
    zip_add(&z, "TikTok/Activiteit/Zoekopdrachten.txt",
            "Date: 2024-01-01 00:00:00\nZoekterm: " PRIVATE " x\n");
    zip_add(&z, "TikTok/Berichten/Chat.txt", ">>> Chat\n2024-01-01 00:00:00 ann: " PRIVATE "\n");
    zip_add(&z, "TikTok/Profiel/Profiel.txt",
            "Profielfoto: https://p16.tiktokcdn.com/obj/1\n" PRIVATE "\n");
    assert_int_equal(zip_import(&z, &b), 0);
    assert_string_equal(b.count.kind, "donation");
    assert_int_equal(b.count.links, 3);
    assert_int_equal(b.count.members, 3);
}
static void a_zip_of_lists_is_read(void **state)
{
    struct zip z;
    struct box b;

    (void)state;
    zip_begin(&z, 1 << 16, NULL);
    zip_add(&z, "one/urls.txt", URL1 "\n");
    zip_add(&z, "two/urls.txt", URL2 "\n");
    zip_add(&z, "two/table.csv", "n,url\n1," URL3 "\n2," URL1 "\n");
    zip_add(&z, "two/inner.zip", "PK\3\4xxxx");
    assert_int_equal(zip_import(&z, &b), 0);
    assert_string_equal(b.count.kind, "zip");
    assert_int_equal(b.count.taken, 4);
    assert_int_equal(b.count.members, 3);
    assert_int_equal(b.count.refused, 1);
    assert_non_null(strstr(b.notes, "inner.zip is a ZIP within the ZIP"));
}
static void the_same_name_twice_is_ambiguous(void **state)
{
    struct zip z;
    struct box b;

    (void)state;
    zip_begin(&z, 1 << 16, NULL);
    zip_add(&z, "a/user_data.json", activity);
    zip_add(&z, "b/user_data.json", activity);
    assert_int_equal(zip_import(&z, &b), -1);
    assert_int_equal(b.err.kind, ERR_INPUT);
    assert_int_equal(b.len, 0);
    assert_non_null(strstr(b.notes, "a/user_data.json is there twice"));
    assert_non_null(strstr(b.notes, "b/user_data.json is there twice"));
}
static void paths_and_links_that_lead_out_are_refused_alone(void **state)
{
    struct zip z;
    struct box b;

    (void)state;
    zip_begin(&z, 1 << 16, NULL);
    zip_add(&z, "../../etc/urls.txt", URL1 "\n");
    zip_add(&z, "/abs/urls.txt", URL1 "\n");
    zip_add(&z, "C:\\abs\\urls.txt", URL1 "\n");
    zip_add_symlink(&z, "link.txt", "/etc/passwd");
    zip_add(&z, "good..name/urls..txt", URL2 "\n");
    assert_int_equal(zip_import(&z, &b), 0);
    assert_int_equal(b.len, 1);
    assert_int_equal(b.count.refused, 4);
    assert_non_null(strstr(b.notes, "leads out"));
    assert_non_null(strstr(b.notes, "is a link"));
}
static void an_encrypted_package_says_so(void **state)
{
    struct zip z;
    struct box b;

    (void)state;
    zip_begin(&z, 1 << 16, "secret");
    zip_add(&z, "user_data.json", activity);
    assert_int_equal(zip_import(&z, &b), -1);
    assert_non_null(strstr(b.notes, "user_data.json is encrypted"));
}
static void a_member_that_explodes_costs_the_others_nothing(void **state)
{
    const size_t n = (size_t)100 << 20;
    char *bomb = malloc(n);
    struct zip z;
    struct box b;

    (void)state;
    assert_non_null(bomb);
    memset(bomb, ' ', n);
    zip_begin(&z, 1 << 20, NULL);
    zip_add_bytes(&z, "bomb.txt", (struct str){ bomb, n });
    zip_add(&z, "urls.txt", URL1 "\n");
    free(bomb);
    assert_int_equal(zip_import(&z, &b), 0);
    assert_int_equal(b.len, 1);
    assert_int_equal(b.count.refused, 1);
    assert_non_null(strstr(b.notes, "more than 200 times"));
}
static void damage_is_told(void **state)
{
    struct zip z;
    struct box b;

    (void)state;
    zip_begin(&z, 1 << 16, NULL);
    zip_add(&z, "user_data.json", activity);
    archive_write_close(z.a);
    z.bytes[60] ^= 0x55;
    z.bytes[70] ^= 0x55;
    archive_write_free(z.a);
    assert_int_equal(box_bytes(&b, ".zip", (struct str){ z.bytes, z.used }, NULL, NULL), -1);
    assert_int_equal(b.err.kind, ERR_INPUT);
    assert_int_equal(box_bytes(&b, ".zip", (struct str){ z.bytes, z.used / 2 }, NULL, NULL), -1);
    assert_int_equal(b.err.kind, ERR_INPUT);
    free(z.bytes);
}
static void a_broken_member_costs_the_others_nothing(void **state)
{
    struct zip z;
    struct box b;

    (void)state;
    zip_begin(&z, 1 << 16, NULL);
    zip_add(&z, "broken.json", "{\"url\": ");
    zip_add(&z, "good.json", "{\"url\":\"" URL1 "\"}");
    assert_int_equal(zip_import(&z, &b), 0);
    assert_int_equal(b.len, 1);
    assert_non_null(strstr(b.notes, "broken.json line 1: the file ends"));
}
static void too_many_members_are_refused(void **state)
{
    struct zip z;
    struct box b;
    char name[32];

    (void)state;
    zip_begin(&z, 32 << 20, NULL);
    for (int i = 0; i <= 100000; i++) {
        snprintf(name, sizeof name, "%d", i);
        zip_add(&z, name, "");
    }
    assert_int_equal(zip_import(&z, &b), -1);
    assert_non_null(strstr(b.err.msg, "100,000 members"));
}
static void the_published_structure_is_read(void **state)
{
    const char *dir = shared_folder();
    char path[512];
    struct box b;

    (void)state;
    snprintf(path, sizeof path, "%s/facts/samples/ddp_structure_2024_12.json", dir ? dir : "");
    if (!dir || access(path, R_OK)) {
        print_message("ddp_structure_2024_12.json is not here\n");
        skip();
    }
    assert_int_equal(box_import(&b, path, NULL, NULL), 0);
    assert_string_equal(b.count.kind, "donation");
    assert_int_equal(b.count.links, 0);
}
int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(packages_until_2024_are_read_and_private_sections_are_not),
        cmocka_unit_test(packages_from_2025_are_read),
        cmocka_unit_test(packages_of_2026_are_read),
        cmocka_unit_test(a_wrapped_package_is_read),
        cmocka_unit_test(two_documents_in_a_row_are_both_read),
        cmocka_unit_test(text_sections_are_read),
        cmocka_unit_test(private_text_is_never_read),
        cmocka_unit_test(json_wins_over_text_and_the_newer_name_over_the_older),
        cmocka_unit_test(localised_text_packages_are_read_by_shape),
        cmocka_unit_test(a_zip_of_lists_is_read),
        cmocka_unit_test(the_same_name_twice_is_ambiguous),
        cmocka_unit_test(paths_and_links_that_lead_out_are_refused_alone),
        cmocka_unit_test(an_encrypted_package_says_so),
        cmocka_unit_test(a_member_that_explodes_costs_the_others_nothing),
        cmocka_unit_test(damage_is_told),
        cmocka_unit_test(a_broken_member_costs_the_others_nothing),
        cmocka_unit_test(too_many_members_are_refused),
        cmocka_unit_test(the_published_structure_is_read),
    };

    return cmocka_run_group_tests_name("donation", tests, NULL, NULL);
}
