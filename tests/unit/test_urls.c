/* tests/unit/test_urls.c: every form of link, and what is no item. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "import/cell.h"

#define NOW 1790000000                       // 2026-09-21
#define ID "7361448925972155679"
static const uint64_t id = 7361448925972155679u;

static struct link parse(const char *url)
{
    struct link l;

    link_parse(str_of(url), NOW, &l);
    return l;
}
static void gives_item(const char *url, const char *handle)
{
    struct link l = parse(url);

    if (l.what != LINK_ITEM || l.item.id != id || strcmp(l.item.handle, handle))
        fail_msg("%s: what %d, skip %s, handle %s", url, (int)l.what, import_skip_name(l.skip),
                 l.item.handle);
}
static void gives_short(const char *url, const char *want)
{
    struct link l = parse(url);

    assert_int_equal(l.what, LINK_SHORT);
    assert_string_equal(l.url, want);
}
static void gives_skip(const char *url, enum import_skip want)
{
    struct link l = parse(url);

    if (l.what != LINK_SKIPPED || l.skip != want)
        fail_msg("%s: what %d, skip %s, wanted %s", url, (int)l.what, import_skip_name(l.skip),
                 import_skip_name(want));
}
static void every_form_of_an_item_is_read(void **state)
{
    (void)state;
    gives_item("https://www.tiktok.com/@ann.example/video/" ID, "ann.example");
    gives_item("http://tiktok.com/@ann.example/video/" ID "/", "ann.example");
    gives_item("HTTPS://WWW.TIKTOK.COM/@Ann.Example/VIDEO/" ID, "ann.example");
    gives_item("https://www.tiktok.com:443/@ann_1/video/" ID, "ann_1");
    gives_item("https://www.tiktok.com./@ann_1/video/" ID, "ann_1");
    gives_item("https://www.tiktok.com/@ann/photo/" ID, "ann");
    gives_item("https://www.tiktokv.com/share/video/" ID "/", "");
    gives_item("https://www.tiktok.com/share/video/" ID "/", "");
    gives_item("https://www.tiktokv.eu/share/video/" ID "/", "");
    gives_item("https://m.tiktokv.us/share/video/" ID "/?a=b", "");
    gives_item("https://www.tiktok.com/i18n/share/video/" ID "/", "");
    gives_item("https://t.tiktok.com/i18n/share/video/" ID "/", "");
    gives_item("https://m.tiktok.com/v/" ID ".html", "");
    gives_item("https://m.tiktok.com/v/" ID ".html?u_code=0&share_item_id=" ID, "");
    gives_item("https://m.tiktok.com/@ann/video/" ID, "ann");
    gives_item("https://www.tiktok.com/embed/" ID, "");
    gives_item("https://www.tiktok.com/embed/v2/" ID "?lang=en", "");
    gives_item("https://www.tiktok.com/player/v1/" ID "?autoplay=1", "");
    gives_item("https://www.tiktok.com/?share_item_id=" ID, "");
    gives_item("https://www.tiktok.com/foryou?is_from_webapp=v1&item_id=" ID "#x", "");
    gives_item("https://www.tiktok.com/trending?shareId=" ID, "");
    gives_item("https://www.tiktok.com/@ann?lang=en#/@ann/video/" ID, "ann");
    gives_item("www.tiktok.com/@ann/video/" ID, "ann");
    gives_item("//www.tiktok.com/@ann/video/" ID, "ann");
    gives_item("https://www.tiktok.com/@ann/video/" ID
               "?is_copy_url=1&is_from_webapp=v1&_r=1&lang=en",
               "ann");
    gives_item("https://www.tiktok.com/@ann/video/" ID "#comments", "ann");
    gives_item("https://www.tiktok.com/@ann/video/" ID ".", "ann");
    gives_item("https://www.tiktok.com/oembed?url=https://www.tiktok.com/@ann/video/" ID, "ann");
}
static void escapes_are_undone(void **state)
{
    (void)state;
    gives_item("https:\\/\\/www.tiktok.com\\/@ann\\/video\\/" ID, "ann");
    gives_item("https:\\u002F\\u002Fwww.tiktok.com\\u002F@ann\\u002Fvideo\\u002F" ID, "ann");
    gives_item("https:\\u002f\\u002fwww.tiktok.com\\u002f@ann\\u002fvideo\\u002f" ID, "ann");
    gives_item("https%3A%2F%2Fwww.tiktok.com%2F%40ann%2Fvideo%2F" ID "%3Fa%3Db", "ann");
    gives_item("https%253A%252F%252Fwww.tiktok.com%252F%2540ann%252Fvideo%252F" ID, "ann");
    gives_item("https://www.tiktok.com/%40ann/video/" ID, "ann");
    gives_item("https://www.tiktok.com/?a=1&amp;share_item_id=" ID, "");
    gives_item("https://www.tiktok.com&#x2F;@ann&#47;video&#47;" ID, "ann");
    gives_item("https&#58;//www.tiktok.com/@ann/video/" ID, "ann");
}
static void login_pages_are_opened(void **state)
{
    (void)state;
    gives_item(
        "https://www.tiktok.com/login/?redirect_url=https%3A%2F%2Fwww.tiktok.com%2F%40ann%2Fvideo"
        "%2F" ID,
        "ann");
    gives_item(
        "https://www.tiktok.com/login?lang=en&redirect_url=https://www.tiktokv.com/share/video/" ID
        "/",
        "");
    gives_item(
        "https://www.tiktok.com/login?redirect_url=https%3A%2F%2Fwww.tiktok.com%2Flogin%3Fredirect_"
        "url%3D"
        "https%253A%252F%252Fwww.tiktok.com%252F%2540ann%252Fvideo%252F" ID,
        "ann");
    gives_skip(
        "https://www.tiktok.com/login?redirect_url=https%3A%2F%2Fexample.org%2F%40ann%2Fvideo%2F"
        ID,
        SKIP_OTHER_HOST);
    gives_skip("https://www.tiktok.com/login", SKIP_LOGIN);
    gives_skip("https://www.tiktok.com/login?redirect_url=/login?redirect_url=/login",
               SKIP_OTHER_HOST);
}
static void handles_that_name_nobody_are_empty(void **state)
{
    (void)state;
    gives_item("https://www.tiktok.com/@/video/" ID, "");
    gives_item("https://www.tiktok.com/@_/video/" ID, "");
    gives_item("https://www.tiktok.com/@i/video/" ID, "");
    gives_item("https://www.tiktok.com/@I/video/" ID, "");
    gives_item("https://www.tiktok.com/@6812345678901234567/video/" ID, "");
    gives_item("https://www.tiktok.com/@MS4wLjABAAAAexample0example0example0example0/video/" ID,
               "");
    gives_item("https://www.tiktok.com/@a-name-longer-than-24-let/video/" ID, "");
    gives_item("https://www.tiktok.com/@exactly.24.letters._here/video/" ID,
               "exactly.24.letters._here");
    gives_item("https://www.tiktok.com/@caf\xc3\xa9/video/" ID, "");
    gives_item("https://www.tiktok.com/video/" ID, "");
}
static void short_links_are_made_alike(void **state)
{
    (void)state;
    gives_short("https://vm.tiktok.com/ZMabc123X/", "https://vm.tiktok.com/ZMabc123X/");
    gives_short("http://VM.tiktok.com/ZMabc123X?k=1", "https://vm.tiktok.com/ZMabc123X/");
    gives_short("https://vt.tiktok.com/ZSabc123X", "https://vt.tiktok.com/ZSabc123X/");
    gives_short("https://www.tiktok.com/t/ZTabc123X/", "https://www.tiktok.com/t/ZTabc123X/");
    gives_short("tiktok.com/t/ZTabc123X", "https://www.tiktok.com/t/ZTabc123X/");
    gives_short("https://m.tiktok.com/t/ZTabc123X", "https://www.tiktok.com/t/ZTabc123X/");
    gives_short("https://lite.tiktok.com/t/ZSabc123X/?x=1", "https://lite.tiktok.com/t/ZSabc123X/");
    gives_item("https://vm.tiktok.com/v/" ID ".html", "");
    gives_skip("https://vm.tiktok.com/", SKIP_OTHER_PAGE);
    gives_skip("https://vm.tiktok.com/../", SKIP_OTHER_PAGE);
}
static void pages_without_an_item_have_a_kind(void **state)
{
    (void)state;
    gives_skip("https://www.tiktok.com/music/original-sound-7361448925972155679", SKIP_SOUND);
    gives_skip("https://www.tiktok.com/share/music/7361448925972155679/", SKIP_SOUND);
    gives_skip("https://www.tiktok.com/tag/fyp", SKIP_HASHTAG);
    gives_skip("https://www.tiktokv.com/share/challenge/12345/", SKIP_HASHTAG);
    gives_skip("https://www.tiktok.com/@ann/live", SKIP_LIVE);
    gives_skip("https://www.tiktokv.com/share/live/7361448925972155679/", SKIP_LIVE);
    gives_skip("https://www.tiktok.com/@ann", SKIP_USER_PROFILE);
    gives_skip("https://www.tiktok.com/embed/@ann", SKIP_USER_PROFILE);
    gives_skip("https://www.tiktok.com/@ann/playlist/best-of-7361448925972155679", SKIP_PLAYLIST);
    gives_skip("https://www.tiktok.com/search?q=news", SKIP_SEARCH);
    gives_skip("https://video-i18n.tiktokv.com/storage/v1/tos-x/abc?a=1", SKIP_CDN_FILE);
    gives_skip("https://p16-sign-va.tiktokcdn.com/obj/1.jpeg", SKIP_CDN_FILE);
    gives_skip("https://v16-webapp.tiktok.com/1234/video.mp4", SKIP_CDN_FILE);
    gives_skip("https://www.tiktok.com/about", SKIP_OTHER_PAGE);
    gives_skip("https://www.tiktok.com/", SKIP_OTHER_PAGE);
}
/* What mail filters, search engines, social sites and archives put around a link. */
static void wrapped_links_are_opened(void **state)
{
#define ENCODED "https%3A%2F%2Fwww.tiktok.com%2F%40ann%2Fvideo%2F" ID
    (void)state;
    gives_item(
        "https://nam02.safelinks.protection.outlook.com/?url=" ENCODED
        "%3Flang%3Den&data=05%7C01%7Cann%40example.org%7C638127391234567890%7CUnknown&sdata=x",
        "ann");
    gives_item("https://eur01.safelinks.protection.outlook.com/ap/t-59584e83/?url=" ENCODED, "ann");
    gives_item("https://www.google.com/url?sa=t&url=" ENCODED "&usg=AOvVaw", "ann");
    gives_item("https://www.google.de/url?q=https://www.tiktok.com/@ann/video/" ID "&ved=1", "ann");
    gives_item("https://www.google.com/amp/s/www.tiktok.com/@ann/video/" ID, "ann");
    gives_item("https://www-tiktok-com.cdn.ampproject.org/c/s/www.tiktok.com/@ann/video/" ID,
               "ann");
    gives_item("https://www-tiktok-com.translate.goog/@ann/video/" ID "?_x_tr_sl=en", "ann");
    gives_item("https://l.facebook.com/l.php?u=" ENCODED "%3Ffbclid%3DIwAR&h=AT1", "ann");
    gives_item("https://l.instagram.com/?u=" ENCODED "&e=AT", "ann");
    gives_item("https://urldefense.proofpoint.com/v1/url?u=" ENCODED "&k=x", "ann");
    gives_item("https://urldefense.proofpoint.com/v2/"
               "url?u=https-3A__www.tiktok.com_-40ann_video_" ID "-3Flang-3Den&d=DwMFaQ&c=x",
               "ann");
    gives_item("https://urldefense.com/v3/__https://www.tiktok.com/@ann/video/" ID "__;!!abc!d$",
               "ann");
    gives_item("https://urldefense.com/v3/__https:/www.tiktok.com/@ann/video/" ID
               "?lang=en__;!!abc$",
               "ann");
    gives_item("https://url.avanan.click/v2/___https://www.tiktok.com/@ann/video/" ID "___.YXA",
               "ann");
    gives_item("https://secure-web.cisco.com/1abc/" ENCODED, "ann");
    gives_item(
        "https://www.bing.com/ck/a?!&&p=x&u=a1aHR0cHM6Ly93d3cudGlrdG9rLmNvbS9AYW5uL3ZpZGVvLzczNjE0"
        "NDg5MjU5NzIxNTU2Nzk&ntb=1",
        "ann");
    gives_item("https://web.archive.org/web/20240101000000/https://www.tiktok.com/@ann/video/" ID,
               "ann");
    gives_item("https://web.archive.org/web/2024id_/www.tiktok.com/@ann/video/" ID, "ann");
    gives_item("http://archive.today/newest/https://www.tiktok.com/@ann/video/" ID, "ann");
    gives_item("https://href.li/?https://www.tiktok.com/@ann/video/" ID, "ann");
    gives_item("https://duckduckgo.com/l/?uddg=" ENCODED "&rut=1", "ann");
    gives_item("https://vk.com/away.php?to=" ENCODED, "ann");
    gives_short("https://www.google.com/url?q=https://vm.tiktok.com/ZMabc123X/",
                "https://vm.tiktok.com/ZMabc123X/");
}
static void wraps_in_wraps_are_opened_up_to_a_depth(void **state)
{
    char url[4000] = "https%3A%2F%2Fwww.tiktok.com%2F%40ann%2Fvideo%2F" ID, next[4000];

    (void)state;
    gives_item(
        "https://nam02.safelinks.protection.outlook.com/?url=https%3A%2F%2Furldefense.com%2Fv3%2F"
        "__https%3A%2F%2Fwww.tiktok.com%2F%40ann%2Fvideo%2F" ID "__%3B!!x%24&data=1",
        "ann");
    gives_item("https://www.google.com/url?q=https%3A%2F%2Fl.facebook.com%2Fl.php"
               "%3Fu%3Dhttps%253A%252F%252F"
               "www.tiktok.com%252F%2540ann%252Fvideo%252F" ID,
               "ann");
    for (int i = 0; i < 9; i++) {
        snprintf(next, sizeof next, "https://www.google.com/url?q=%s", url);
        memcpy(url, next, sizeof url);
    }
    gives_skip(url, SKIP_OTHER_HOST);
}
static void what_a_wrapper_does_not_hold_is_no_item(void **state)
{
    (void)state;
    gives_skip("https://v16-webapp-prime.us.tiktok.com/video/tos/x", SKIP_CDN_FILE);
    gives_skip("https://t.co/AbCdEf123", SKIP_SHORTENED);
    gives_skip("https://bit.ly/3xYz", SKIP_SHORTENED);
    gives_skip("https://example.org/?ref=https://www.tiktok.com/@ann/video/" ID, SKIP_OTHER_HOST);
    gives_skip("https://example.org/?referrer="
               "https%3A%2F%2Fwww.tiktok.com%2F%40ann%2Fvideo%2F" ID,
               SKIP_OTHER_HOST);
    gives_skip("https://www.google.com/url?q=https://www.tiktok.com/@ann", SKIP_USER_PROFILE);
    gives_skip("https://www.google.com/search?q=tiktok.com", SKIP_OTHER_HOST);
    gives_skip("https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.org%2F", SKIP_OTHER_HOST);
}
static void a_host_that_looks_alike_is_another_host(void **state)
{
    (void)state;
    gives_skip("https://tiktok.com.example.org/@ann/video/" ID, SKIP_OTHER_HOST);
    gives_skip("https://nottiktok.com/@ann/video/" ID, SKIP_OTHER_HOST);
    gives_skip("https://www.tiktok.com@example.org/@ann/video/" ID, SKIP_OTHER_HOST);
    gives_skip("https://example.org\\@www.tiktok.com/@ann/video/" ID, SKIP_OTHER_HOST);
    gives_skip("https://example.org/?u=https://www.tiktok.com/@ann/video/" ID, SKIP_OTHER_HOST);
    gives_skip("https://www.tiktok.org/@ann/video/" ID, SKIP_OTHER_HOST);
    gives_skip("https://tiktokv.com.evil/share/video/" ID, SKIP_OTHER_HOST);
    gives_skip("https://xtiktokv.com/share/video/" ID, SKIP_OTHER_HOST);
    gives_skip("https://tiktok/@ann/video/" ID, SKIP_OTHER_HOST);
    gives_skip("https://example.org#www.tiktok.com/@ann/video/" ID, SKIP_OTHER_HOST);
}
static void ids_are_checked(void **state)
{
    struct link l;

    (void)state;
    gives_skip("https://www.tiktok.com/@ann/video/", SKIP_BAD_ID);
    gives_skip("https://www.tiktok.com/@ann/video/12345", SKIP_BAD_ID);
    gives_skip("https://www.tiktok.com/@ann/video/..", SKIP_BAD_ID);
    gives_skip("https://www.tiktok.com/@ann/video/" ID "abc", SKIP_BAD_ID);
    gives_skip("https://www.tiktok.com/@ann/video/0361448925972155679", SKIP_BAD_ID);
    gives_skip("https://www.tiktok.com/@ann/video/736144892597215567912", SKIP_BAD_ID);
    gives_skip("https://www.tiktok.com/@ann/video/9223372036854775808", SKIP_ID_TOO_LARGE);
    gives_skip("https://www.tiktok.com/@ann/video/18446744073709551616", SKIP_ID_TOO_LARGE);
    gives_skip("https://www.tiktok.com/?item_id=abc", SKIP_BAD_ID);
    assert_false(parse("https://www.tiktok.com/@ann/video/" ID).odd);
    l = parse("https://www.tiktok.com/@ann/video/194951213564514304");
    assert_int_equal(l.what, LINK_ITEM);
    assert_true(l.odd);
}
/* The links of text, one letter each: i item, s short, - skipped. */
static void finds(const char *text, const char *want)
{
    struct str rest = str_of(text);
    struct link l;
    char got[32] = "";
    size_t n = 0;

    while (n < 31 && link_next(&rest, NOW, &l))
        got[n++] = l.what == LINK_ITEM ? 'i' : l.what == LINK_SHORT ? 's' : '-';
    if (strcmp(got, want))
        fail_msg("%s: found \"%s\", wanted \"%s\"", text, got, want);
}
static void links_are_found_in_text(void **state)
{
    (void)state;
    finds("see https://www.tiktok.com/@ann/video/" ID " and (https://vm.tiktok.com/ZMabc123X/).",
          "is");
    finds("<https://www.tiktok.com/@ann/video/" ID "> \"https://www.tiktok.com/@ann/video/" ID "\"",
          "ii");
    finds("[the video](https://www.tiktok.com/@ann/video/" ID ")", "i");
    finds("**https://www.tiktok.com/@ann/video/" ID "**", "i");
    finds("https://www.tiktok.com/@ann/video/" ID ",https://www.tiktok.com/@bob/video/" ID
          ";https://vm.tiktok.com/ZMabc123X",
          "iis");
    finds("https://www.tiktok.com/@ann/video/" ID "?a=1&b=2,https://www.tiktok.com/@bob/video/" ID,
          "ii");
    finds("https://www.tiktok.com/@ann/video/" ID "https://www.tiktok.com/@bob/video/" ID, "ii");
    finds("https://web.archive.org/web/2024/https://www.tiktok.com/@ann/video/" ID, "i");
    finds("https://www.tiktok.com/@ann/video/" ID "\\nhttps://www.tiktok.com/@bob/video/" ID, "ii");
    finds("Link:https://www.tiktok.com/@ann/video/" ID, "i");
    finds("1. www.tiktok.com/@ann/video/" ID, "i");
    finds("nottiktok.com/@ann/video/" ID, "-");
    finds("link=www.tiktok.com/@ann/video/" ID, "i");
    finds(ID " " ID "," ID ";" ID "\t" ID, "iiiii");
    finds("'" ID "'", "i");
    finds("x" ID " 123 " ID "y -" ID, "");
    finds("mail ann@tiktok.com, or the hotel http server", "");
    finds("", "");
}
static void wrapped_links_are_whole_and_end_where_they_end(void **state)
{
    static const char raw[] =
        "https://x.safelinks.protection.outlook.com/?url=https://www.tiktok.com/"
        "@ann/video/" ID "&data=05|02|a@b.org|x|0|638127391234567890|Unknown";

    (void)state;
    finds(raw, "i");
    finds("https://web.archive.org/web/2024/https://www.tiktok.com/@ann/video/" ID
          " https://t.co/abcd",
          "i-");
    finds("https://urldefense.com/v3/__https://www.tiktok.com/@ann/video/" ID "__;!!a$", "i");
    finds("https://www.tiktokv.com/share/video/" ID "/https://www.tiktokv.com/share/video/" ID "/",
          "ii");
    assert_true(link_is_whole(
        STR("https://web.archive.org/web/2024/https://www.tiktok.com/@ann/video/" ID)));
    assert_true(link_is_whole(
        STR("https://urldefense.com/v3/__https://www.tiktok.com/@ann/video/" ID "__;!!a$")));
    assert_true(link_is_whole(STR(raw)));
}
static void nothing_is_told_from_spoiled(void **state)
{
    (void)state;
    assert_true(cell_is_placeholder(STR("N/A")));
    assert_true(cell_is_placeholder(cell_bare(STR(" none "))));
    assert_true(cell_is_placeholder(STR("")));
    assert_true(cell_is_placeholder(STR("0")));
    assert_false(cell_is_placeholder(STR("https://x")));
    assert_true(cell_is_spoiled(STR("7.36145E+18")));
    assert_true(cell_is_number(STR("12345")));
    assert_false(cell_is_number(STR("-")));
    assert_false(cell_is_number(STR("v123")));
    assert_true(link_is_whole(STR(" https://www.tiktok.com/@ann ")));
    assert_false(link_is_whole(STR("see https://www.tiktok.com/@ann")));
}
static void bytes_that_are_not_text_are_survived(void **state)
{
    static const char nul[] = "https://www.tiktok.com/@a\0nn/video/" ID;
    struct str rest = { nul, sizeof nul - 1 };
    struct link l;
    char big[9000] = "https:\\/\\/www.tiktok.com\\/@ann\\/video\\/" ID "?";

    (void)state;
    assert_true(link_next(&rest, NOW, &l));
    assert_int_equal(l.what, LINK_SKIPPED);
    memset(big + strlen(big), 'x', sizeof big - strlen(big) - 1);
    big[sizeof big - 1] = '\0';
    gives_item(big, "ann");
}
int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form_of_an_item_is_read),
        cmocka_unit_test(escapes_are_undone),
        cmocka_unit_test(login_pages_are_opened),
        cmocka_unit_test(handles_that_name_nobody_are_empty),
        cmocka_unit_test(short_links_are_made_alike),
        cmocka_unit_test(pages_without_an_item_have_a_kind),
        cmocka_unit_test(wrapped_links_are_opened),
        cmocka_unit_test(wraps_in_wraps_are_opened_up_to_a_depth),
        cmocka_unit_test(what_a_wrapper_does_not_hold_is_no_item),
        cmocka_unit_test(wrapped_links_are_whole_and_end_where_they_end),
        cmocka_unit_test(a_host_that_looks_alike_is_another_host),
        cmocka_unit_test(ids_are_checked),
        cmocka_unit_test(links_are_found_in_text),
        cmocka_unit_test(nothing_is_told_from_spoiled),
        cmocka_unit_test(bytes_that_are_not_text_are_survived),
    };

    return cmocka_run_group_tests_name("urls", tests, NULL, NULL);
}
