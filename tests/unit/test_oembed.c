/* tests/unit/test_oembed.c: the second witness, and where short links lead. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include "scrape/oembed.h"
#include "scrape/shortlink.h"

#define ID 7341234567890123456u

static struct arena mem;

static struct answer ask(int status, const char *body)
{
    struct answer a = { 0 };

    oembed_read(status, str_of(body), ID, &mem, &a);
    return a;
}

static void reply_with_author_or_html_is_public(void **state)
{
    (void)state;
    assert_int_equal(ask(200, "{\"version\":\"1.0\",\"author_unique_id\":\"lena_k\"}").kind,
                     ANSWER_PUBLIC);
    assert_int_equal(
        ask(200, "{\"html\":\"<blockquote>\",\"embed_product_id\":\"7341234567890123456\"}").kind,
        ANSWER_PUBLIC);
    assert_int_equal(ask(200, "{\"html\":\"<blockquote>\"}").generation, GENERATION_OEMBED);
}

static void refusal_keeps_code_and_message(void **state)
{
    struct answer a = ask(400, "{\"message\":\"Something went wrong\",\"code\":400}");

    (void)state;
    assert_int_equal(a.kind, ANSWER_REFUSED);
    assert_true(a.has_code && a.code == 400);
    assert_true(str_eq(a.message, STR("Something went wrong")));
    a = ask(400, "");
    assert_int_equal(a.kind, ANSWER_REFUSED);
    assert_int_equal(a.code, 400);
}

static void anything_else_is_no_answer(void **state)
{
    static const struct { int status; const char *body; enum no_answer why;
    } cases[] = {
        { 200, "", NO_ANSWER_EMPTY },
        { 200, "{}", NO_ANSWER_UNKNOWN_SHAPE },
        { 200, "{\"html\":\"\"}", NO_ANSWER_UNKNOWN_SHAPE },
        { 200, "{\"html\"", NO_ANSWER_NOT_JSON },
        { 400, "{\"odd\":1}", NO_ANSWER_UNKNOWN_SHAPE },
        { 200, "<html><p id=\"wci\" class=\"_wafchallengeid\">", NO_ANSWER_CHALLENGE },
        { 200, "<html>hello", NO_ANSWER_STRIPPED },
        { 400, "<html>hello", NO_ANSWER_STRIPPED },
        { 200, "{\"html\":\"x\",\"embed_product_id\":\"7341234567890123457\"}",
          NO_ANSWER_WRONG_ITEM },
        { 200,
          "{\"html\":\"x\",\"embed_product_id\":\"7341234567890123456\","
          "\"embed_product_id\":\"7341234567890123457\"}",
          NO_ANSWER_DOUBLED_KEY },
        { 400, "{\"code\":400,\"message\":\"a\",\"code\":404}", NO_ANSWER_DOUBLED_KEY },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct answer a = ask(cases[i].status, cases[i].body);

        assert_int_equal(a.kind, ANSWER_NO_ANSWER);
        assert_int_equal(a.why, cases[i].why);
    }
}

static void exchange_is_judged_by_its_status_first(void **state)
{
    struct http_exchange x = { .status = 429,
                               .head = STR("HTTP/1.1 429 Slow\r\n\r\n"),
                               .done_at = 5,
                               .body = STR("{\"author_unique_id\":\"lena_k\"}") };
    struct inflate *inflate = inflate_new();
    struct buf scratch = { 0 };
    struct answer a = { 0 };

    (void)state;
    oembed_read_exchange(&x, ID, inflate, &scratch, &mem, &a);
    assert_int_equal(a.kind, ANSWER_NO_ANSWER);
    assert_int_equal(a.why, NO_ANSWER_TOO_MANY);
    x.status = 200;
    oembed_read_exchange(&x, ID, inflate, &scratch, &mem, &a);
    assert_int_equal(a.kind, ANSWER_PUBLIC);
    assert_int_equal(a.at, 5);
    inflate_free(inflate);
    buf_release(&scratch);
}

static void url_is_escaped(void **state)
{
    (void)state;
    assert_true(str_eq(
        oembed_url(STR("https://www.tiktok.com"), ID, &mem),
        STR("https://www.tiktok.com/oembed?url=https%3A%2F%2Fwww.tiktok.com%2F%40_%2Fvideo%2F734123"
            "4567890123456")));
}

/* ---- short links ---- */

static const struct bases real = { { "https://www.tiktok.com", 22 },
                                   { "https://vm.tiktok.com", 21 } };
static const struct bases loop = { { "http://127.0.0.1:8080", 21 },
                                   { "http://127.0.0.1:8081", 21 } };

static void short_links_are_asked_at_the_configured_hosts(void **state)
{
    static const struct { const char *link, *at_real, *at_loop;
    } cases[] = {
        { "https://vm.tiktok.com/ZMabc/", "https://vm.tiktok.com/ZMabc/",
          "http://127.0.0.1:8081/ZMabc/" },
        { "http://vt.tiktok.com/ZSx/?k=1#f", "https://vm.tiktok.com/ZSx/?k=1",
          "http://127.0.0.1:8081/ZSx/?k=1" },
        { "vm.tiktok.com/ZMabc", "https://vm.tiktok.com/ZMabc", "http://127.0.0.1:8081/ZMabc" },
        { "https://www.tiktok.com/t/ZTx/", "https://www.tiktok.com/t/ZTx/",
          "http://127.0.0.1:8080/t/ZTx/" },
        { "https://m.tiktok.com/h5/x", "https://m.tiktok.com/h5/x", "http://127.0.0.1:8080/h5/x" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_true(
            str_eq(shortlink_url(str_of(cases[i].link), &real, &mem), str_of(cases[i].at_real)));
        assert_true(
            str_eq(shortlink_url(str_of(cases[i].link), &loop, &mem), str_of(cases[i].at_loop)));
    }
    assert_int_equal(shortlink_url(STR("https://example.org/ZMabc/"), &real, &mem).n, 0);
    assert_int_equal(shortlink_url(STR("https://tiktok.com.example.org/t/x"), &real, &mem).n, 0);
    assert_int_equal(shortlink_url(STR("https://www.tiktok.com@example.org/t/x"), &real, &mem).n,
                     0);
}

static struct answer step(int status, const char *location, struct str *next, bool *ended)
{
    struct buf head = { 0 };
    struct http_exchange x = { .status = status, .body = STR("<html>") };
    struct answer a = { 0 };

    buf_printf(&head, "HTTP/1.1 %d X\r\n", status);
    if (location)
        buf_printf(&head, "Location: %s\r\n", location);
    buf_puts(&head, "\r\n");
    x.head = buf_view(&head);
    *ended = shortlink_step(&x, STR("https://vm.tiktok.com/ZMabc/"), &real, &mem, &a, next);
    buf_release(&head);
    return a;
}

static void short_links_end_at_items_or_nowhere(void **state)
{
    static const struct {
        int status;
        const char *location;
        enum answer_kind kind;
        enum no_answer why;
    } cases[] = {
        { 301, "https://www.tiktok.com/@lena/video/7341234567890123456?_r=1", ANSWER_RESOLVED,
          NO_ANSWER_NONE },
        { 302, "https://m.tiktok.com/v/7341234567890123456.html?u_code=x", ANSWER_RESOLVED,
          NO_ANSWER_NONE },
        { 308,
          "https://www.tiktok.com/login?redirect_url=https%3A%2F%2Fwww.tiktok.com%2F%40a%2Fvideo%2F"
          "7341234567890123456",
          ANSWER_RESOLVED, NO_ANSWER_NONE },
        { 302, "https://www.tiktok.com/@lena?_t=1", ANSWER_RESOLVED, NO_ANSWER_NONE },
        { 302, "https://www.tiktok.com/?_r=1", ANSWER_REFUSED, NO_ANSWER_NONE },
        { 302, "https://www.tiktok.com/", ANSWER_REFUSED, NO_ANSWER_NONE },
        { 302, "https://www.tiktok.com", ANSWER_REFUSED, NO_ANSWER_NONE },
        { 404, NULL, ANSWER_REFUSED, NO_ANSWER_NONE },
        { 302, "https://www.tiktok.com/login", ANSWER_NO_ANSWER, NO_ANSWER_LOGIN_WALL },
        { 302, "https://example.org/@lena/video/7341234567890123456", ANSWER_NO_ANSWER,
          NO_ANSWER_REDIRECT },
        { 302, "http://www.tiktok.com/hop", ANSWER_NO_ANSWER, NO_ANSWER_REDIRECT },
        { 302, "snssdk1233://aweme/detail/7341234567890123456", ANSWER_NO_ANSWER,
          NO_ANSWER_REDIRECT },
        { 302, NULL, ANSWER_NO_ANSWER, NO_ANSWER_REDIRECT },
        { 200, NULL, ANSWER_NO_ANSWER, NO_ANSWER_UNKNOWN_SHAPE },
        { 403, NULL, ANSWER_NO_ANSWER, NO_ANSWER_FORBIDDEN },
        { 500, NULL, ANSWER_NO_ANSWER, NO_ANSWER_SERVER_ERROR },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct str next = STR_NONE;
        bool ended;
        struct answer a = step(cases[i].status, cases[i].location, &next, &ended);

        if (!ended || a.kind != cases[i].kind || a.why != cases[i].why)
            fail_msg("%d %s: %d %d", cases[i].status, cases[i].location, (int)a.kind, (int)a.why);
        if (a.kind == ANSWER_RESOLVED)
            assert_true(str_eq(a.message, str_of(cases[i].location)));
    }
}

static void a_hop_within_the_platform_is_followed(void **state)
{
    struct str next = STR_NONE;
    bool ended;

    (void)state;
    step(302, "/second/", &next, &ended);
    assert_false(ended);
    assert_true(str_eq(next, STR("https://vm.tiktok.com/second/")));
    step(302, "//m.tiktok.com/h5/", &next, &ended);
    assert_false(ended);
    assert_true(str_eq(next, STR("https://m.tiktok.com/h5/")));
}

static void redirects_stay_on_the_platform_and_off_plain_http(void **state)
{
    static const struct { const char *from, *to; bool loopback, allowed; } cases[] = {
        { "https://www.tiktok.com/a", "https://m.tiktok.com/b", false, true },
        { "https://www.tiktok.com/a", "https://www.tiktokv.com/b", false, true },
        { "https://www.tiktok.com/a", "https://tiktokv.eu/b", false, true },
        { "https://www.tiktok.com/a", "http://www.tiktok.com/b", false, false },
        { "https://www.tiktok.com/a", "https://www.tiktok.com.example.org/b", false, false },
        { "https://www.tiktok.com/a", "https://nottiktok.com/b", false, false },
        { "https://www.tiktok.com/a", "https://www.tiktok.com:8443/b", false, false },
        { "https://www.tiktok.com/a", "https://example.org/tiktok.com", false, false },
        { "https://www.tiktok.com/a", "http://127.0.0.1/b", false, false },
        { "http://127.0.0.1:8080/a", "http://127.0.0.1:8080/b", true, true },
        { "http://127.0.0.1:8080/a", "http://127.0.0.1:8081/b", true, true },
        { "http://127.0.0.1:8080/a", "http://127.0.0.1:9999/b", true, false },
        { "http://127.0.0.1:8080/a", "https://www.tiktok.com/b", true, false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (redirect_allowed(str_of(cases[i].from), str_of(cases[i].to),
                             cases[i].loopback ? &loop : &real) != cases[i].allowed)
            fail_msg("%s -> %s", cases[i].from, cases[i].to);
    assert_true(str_eq(redirect_through(STR("https://www.tiktok.com/@b/video/1"), &loop, &mem),
                       STR("http://127.0.0.1:8080/@b/video/1")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reply_with_author_or_html_is_public),
        cmocka_unit_test(refusal_keeps_code_and_message),
        cmocka_unit_test(anything_else_is_no_answer),
        cmocka_unit_test(exchange_is_judged_by_its_status_first),
        cmocka_unit_test(url_is_escaped),
        cmocka_unit_test(short_links_are_asked_at_the_configured_hosts),
        cmocka_unit_test(short_links_end_at_items_or_nowhere),
        cmocka_unit_test(a_hop_within_the_platform_is_followed),
        cmocka_unit_test(redirects_stay_on_the_platform_and_off_plain_http),
    };
    int failed = cmocka_run_group_tests_name("oembed", tests, NULL, NULL);

    arena_release(&mem);
    return failed;
}
