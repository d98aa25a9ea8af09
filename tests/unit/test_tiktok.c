/* platform/tiktok: which hosts, addresses and handles are the platform's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "platform/tiktok.h"

#define ID 7361448925972155679u

static void hosts_are_known_by_their_last_labels(void **state)
{
    static const struct { const char *host; enum tiktok_host kind;
    } hosts[] = {
        { "www.tiktok.com", TIKTOK_WEB },        { "tiktok.com", TIKTOK_WEB },
        { "WWW.TikTok.COM.", TIKTOK_WEB },       { "m.tiktok.com", TIKTOK_WEB },
        { "a.b.c.tiktok.com", TIKTOK_WEB },      { "www.tiktokv.eu", TIKTOK_WEB },
        { "tiktokv.us", TIKTOK_WEB },            { "vm.tiktok.com", TIKTOK_SHORT },
        { "VT.tiktok.com", TIKTOK_SHORT },       { "vt.tiktok.com.", TIKTOK_SHORT },
        { "p16.tiktokcdn-us.com", TIKTOK_CDN },  { "v19.tiktokcdn.com", TIKTOK_CDN },
        { "tiktok.com.example.org", TIKTOK_OTHER }, { "nottiktok.com", TIKTOK_OTHER },
        { "tiktok.comm", TIKTOK_OTHER },         { "tiktok.com:443", TIKTOK_OTHER },
        { "tiktokv.c", TIKTOK_OTHER },           { "tiktokv.1a", TIKTOK_OTHER },
        { "tiktokcdn.net", TIKTOK_OTHER },       { "tiktok", TIKTOK_OTHER },
        { "com", TIKTOK_OTHER },                 { "", TIKTOK_OTHER },
        { ".", TIKTOK_OTHER },                   { "vm.tiktokv.com", TIKTOK_WEB },
    };

    (void)state;
    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++)
        if (tiktok_host(str_of(hosts[i].host)) != hosts[i].kind)
            fail_msg("%s is of kind %d", hosts[i].host, (int)tiktok_host(str_of(hosts[i].host)));
    assert_string_equal(tiktok_short_host(STR("VM.tiktok.com")), "vm.tiktok.com");
    assert_null(tiktok_short_host(STR("www.tiktok.com")));
    assert_string_equal(tiktok_site_short_host(STR("Lite.tiktok.com.")), "lite.tiktok.com");
    assert_string_equal(tiktok_site_short_host(STR("m.tiktok.com")), TIKTOK_HOST);
    assert_true(tiktok_host_is_media(STR("v16-webapp.tiktok.com")));
    assert_false(tiktok_host_is_media(STR("vm.tiktok.com")));
}

static void post_has_one_address(void **state)
{
    struct buf b = { 0 };
    uint64_t id = 0;

    (void)state;
    tiktok_post_url(&b, ID, STR("ann.example"));
    assert_string_equal(buf_cstr(&b),
                        "https://www.tiktok.com/@ann.example/video/7361448925972155679");
    assert_true(tiktok_url_item(buf_view(&b), &id) && id == ID);
    buf_clear(&b);
    tiktok_post_at(&b, STR("http://127.0.0.1:8080"), ID, STR("../admin"));
    assert_string_equal(buf_cstr(&b), "http://127.0.0.1:8080/@_/video/7361448925972155679");
    buf_clear(&b);
    tiktok_post_url(&b, ID, STR_NONE);
    assert_string_equal(buf_cstr(&b), "https://www.tiktok.com/@_/video/7361448925972155679");
    buf_release(&b);
    assert_true(tiktok_url_item(STR("/login?redirect_url=x%2Fvideo%2F7361448925972155679"), &id));
    assert_true(tiktok_url_item(STR("https://m.tiktok.com/v/7361448925972155679.html"), &id));
    assert_false(tiktok_url_item(STR("https://www.tiktok.com/@ann/video/12345"), &id));
}

static void placeholders_and_keys_are_no_handles(void **state)
{
    static const char *const none[] = { "", "_", "i", "I", "MS4wLjABAAAAv7iSuuXDJGDvJkmH_vz1",
                                        "MS4wLjABAAAA" };
    static const char *const odd[] = { "a b", "a/b", "ann-x", "6812345678901234567", "a@b",
                                       "abcdefghijklmnopqrstuvwxy" };
    char text[HANDLE_MAX + 1];

    (void)state;
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        assert_true(tiktok_handle_is_none(str_of(none[i])));
        assert_false(tiktok_handle_read(str_of(none[i]), text) || text[0]);
    }
    for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++)
        assert_false(tiktok_handle_read(str_of(odd[i]), text) || text[0]);
    assert_true(tiktok_handle_read(STR("Ann.Ex_1"), text));
    assert_string_equal(text, "ann.ex_1");
    assert_true(tiktok_handle_is_plain(STR("ann-x")));
    assert_false(tiktok_handle_is_plain(STR("a/b")) || tiktok_handle_is_plain(STR_NONE));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hosts_are_known_by_their_last_labels),
        cmocka_unit_test(post_has_one_address),
        cmocka_unit_test(placeholders_and_keys_are_no_handles),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
