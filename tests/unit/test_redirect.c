/* Is what a browser asks for the page that we asked it for, and at the site? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "scrape/redirect.h"

static void the_same_page_in_a_browsers_spelling(void **state)
{
    static const char *const pairs[][2] = {
        { "https://www.tiktok.com/@a/video/1", "https://www.tiktok.com/@a/video/1" },
        { "https://www.tiktok.com/@a/video/1", "https://WWW.tiktok.com:443/@a/video/1#top" },
        { "https://www.tiktok.com/@a/video/1", "https://www.tiktok.com/@a/video/1?passed=1" },
        { "http://127.0.0.1:80", "http://127.0.0.1/" },
        { "http://127.0.0.1:8080/\xc3\xa9 %7e", "http://127.0.0.1:8080/%C3%A9%20~" },
        { "http://h/100%", "http://h/100%25" },
    };
    (void)state;

    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        assert_true(url_same_page(str_of(pairs[i][0]), str_of(pairs[i][1])));
        assert_true(url_same_page(str_of(pairs[i][1]), str_of(pairs[i][0])));
    }
}

static void another_page(void **state)
{
    static const char *const pairs[][2] = {
        { "https://www.tiktok.com/@a/video/1", "http://www.tiktok.com/@a/video/1" },
        { "https://www.tiktok.com/@a/video/1", "https://www.tiktok.com/@a/video/12" },
        { "https://www.tiktok.com/@a/video/1", "https://www.tiktok.com/@a/video" },
        { "https://www.tiktok.com/@a/video/1", "https://www.tiktok.com/login" },
        { "https://www.tiktok.com/@a/video/1", "https://www.tiktok.com.example/@a/video/1" },
        { "https://www.tiktok.com/a", "https://www.tiktok.com@example.org/a" },
        { "https://www.tiktok.com/a", "https://www.tiktok.com:8443/a" },
        { "https://www.tiktok.com/a", "about:blank" },
        { "http://h/a%00b", "http://h/a" },
    };
    (void)state;

    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        assert_false(url_same_page(str_of(pairs[i][0]), str_of(pairs[i][1])));
        assert_false(url_same_page(str_of(pairs[i][1]), str_of(pairs[i][0])));
    }
}

static void a_name_is_without_its_port(void **state)
{
    static const char *const pairs[][2] = {
        { "http://127.0.0.1:8080/a", "127.0.0.1" },
        { "https://www.tiktok.com", "www.tiktok.com" },
        { "http://[::1]:8080/", "[::1]" },
        { "http://[::1]/", "[::1]" },
    };
    struct url u;
    (void)state;

    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        assert_true(url_split(str_of(pairs[i][0]), &u));
        assert_true(str_eq(url_name(&u), str_of(pairs[i][1])));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_page_in_a_browsers_spelling),
        cmocka_unit_test(another_page),
        cmocka_unit_test(a_name_is_without_its_port),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
