/* tests/unit/test_embed_creator.c: a creator's embed page names their newest public posts, or why
 * there are none; whatever is neither is no answer. Shapes of July to October 2026, made-up people.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "scrape/embed_creator.h"

#define NOW 1790000000
#define ANNA STR("anna.made.up")
#define POST(digits, more) "{\"id\":\"" digits "\",\"desc\":\"x\",\"playCount\":12" more "}"
#define OWN ",\"privateItem\":false,\"authorUniqueId\":\"anna.made.up\""
#define P1 "7400000000000003341"
#define P2 "7500000000000003341"
#define P3 "7600000000000003341"
#define HIDDEN POST(P1, ",\"privateItem\":true,\"authorUniqueId\":\"anna.made.up\"")
#define OTHERS POST(P2, ",\"privateItem\":false,\"authorUniqueId\":\"somebody.else\"")
#define TOO_SHORT POST("12", OWN)
#define USER                                                                      \
    "\"userInfo\":{\"id\":\"6900000000000000001\",\"uniqueId\":\"anna.made.up\"," \
    "\"privateAccount\":false,\"code\":0}"
#define GOOD "{\"isError\":false,\"code\":200," USER ",\"videoList\":["

struct box {
    struct arena mem;
    struct answer a;
    bool unknown;
};

/* Read by the fast way and by the whole one, which agree. */
static void read_html(struct box *x, const char *html)
{
    struct answer whole = { .at = NOW };
    bool unknown;

    arena_release(&x->mem);
    *x = (struct box){ .a = { .at = NOW } };
    embed_creator_read(str_of(html), ANNA, &x->mem, &x->a, &x->unknown);
    embed_creator_read_by(str_of(html), ANNA, true, &x->mem, &whole, &unknown);
    assert_int_equal(whole.kind, x->a.kind);
    assert_int_equal(whole.why, x->a.why);
    assert_int_equal(whole.list ? whole.list->posts : 0, x->a.list ? x->a.list->posts : 0);
}

static void read_route(struct box *x, const char *key, const char *route)
{
    struct buf b = { 0 };

    buf_printf(&b,
               "<html><script>window.__FRONTITY_CONNECT_STATE__=window.__FRONTITY_CONNECT_STATE__;"
               "</script><script id=\"__FRONTITY_CONNECT_STATE__\" type=\"application/json\">"
               "{\"source\":{\"data\":{\"strategy\":{\"page_context\":{\"biz_name\":\"Embed\"}},"
               "\"%s\":%s}}}</script></html>",
               key, route);
    read_html(x, buf_cstr(&b));
    buf_release(&b);
}

static void release(struct box *x) { arena_release(&x->mem); }

static void the_list_is_kept_in_the_order_of_the_page(void **state)
{
    struct box x = { 0 };

    (void)state;
    read_route(&x, "/embed/@anna.made.up",
               GOOD POST(P1, OWN) "," POST(P3, OWN) "," POST(P2, "") "]}");
    assert_int_equal(x.a.kind, ANSWER_PUBLIC);
    assert_int_equal(x.a.generation, GENERATION_EMBED);
    assert_int_equal(x.a.list->standing, CREATOR_PUBLIC);
    assert_true(x.a.list->author == 6900000000000000001u);
    assert_int_equal(x.a.list->posts, 3);
    assert_int_equal(x.a.list->rows, 3);
    assert_true(x.a.list->post[0].id == 7400000000000003341u && x.a.list->post[0].place == 0);
    assert_true(x.a.list->post[2].id == 7500000000000003341u && x.a.list->post[2].place == 2);
    release(&x);
}

static void private_posts_others_posts_and_repeats_are_left_and_counted(void **state)
{
    struct box x = { 0 };

    (void)state;
    read_route(&x, "/embed/@anna.made.up", GOOD HIDDEN "," OTHERS "," TOO_SHORT
               ",{\"id\":null},7," POST(P3, OWN) "," POST(P3, OWN) "]}");
    assert_int_equal(x.a.list->posts, 1);
    assert_int_equal(x.a.list->rows, 7);
    assert_int_equal(x.a.list->dropped, 5);
    assert_int_equal(x.a.list->post[0].place, 5);
    release(&x);
}

/* The key is the path as it was sent, at times with a query; handles differ in case. */
static void the_page_is_found_under_its_path_with_a_query(void **state)
{
    static const char *const keys[] = { "/embed/@anna.made.up?lang=fr", "/embed/@anna.made.up/",
                                        "/embed/@Anna.Made.Up" };
    struct box x = { 0 };

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        read_route(&x, keys[i], GOOD POST(P1, OWN) "]}");
        assert_int_equal(x.a.kind, ANSWER_PUBLIC);
    }
    read_route(&x, "/embed/@somebody.else", GOOD POST(P1, OWN) "]}");
    assert_int_equal(x.a.kind, ANSWER_NO_ANSWER);
    assert_int_equal(x.a.why, NO_ANSWER_WRONG_ITEM);
    release(&x);
}

static void refusals_tell_a_private_creator_from_one_who_is_gone(void **state)
{
    static const struct {
        const char *route;
        enum creator_standing standing;
        bool unknown;
    } cases[] = {
        { "{\"errorCode\":10222,\"errorStatus\":400,\"isError\":true,\"pageName\":\"error\","
          "\"userInfo\":{\"uniqueId\":\"anna.made.up\"}}",
          CREATOR_PRIVATE, false },
        { "{\"errorCode\":10221,\"errorStatus\":400,\"isError\":true,\"pageName\":\"error\","
          "\"userInfo\":{\"uniqueId\":\"anna.made.up\"}}",
          CREATOR_GONE, false },
        { "{\"isError\":false,\"userInfo\":{\"uniqueId\":\"anna.made.up\",\"privateAccount\":true},"
          "\"videoList\":[]}",
          CREATOR_PRIVATE, false },
        { "{\"isError\":false,\"userInfo\":{\"uniqueId\":\"anna.made.up\",\"code\":404},"
          "\"videoList\":[]}",
          CREATOR_GONE, false },
        { "{\"errorCode\":10999,\"isError\":true}", CREATOR_REFUSED, true },
    };
    struct box x = { 0 };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        read_route(&x, "/embed/@anna.made.up", cases[i].route);
        assert_int_equal(x.a.kind, ANSWER_REFUSED);
        assert_int_equal(x.a.list->standing, cases[i].standing);
        assert_int_equal(x.unknown, cases[i].unknown);
        assert_int_equal(x.a.list->posts, 0);
    }
    release(&x);
}

static void what_is_no_list_and_no_refusal_is_no_answer(void **state)
{
    static const struct {
        const char *route;
        enum no_answer why;
    } cases[] = {
        { "{\"isReady\":true,\"code\":200}", NO_ANSWER_UNKNOWN_SHAPE },
        { "{\"isError\":true}", NO_ANSWER_UNKNOWN_SHAPE },
        { "{\"isError\":false," USER ",\"videoList\":{}}", NO_ANSWER_UNKNOWN_SHAPE },
        { "{\"errorCode\":10101,\"isError\":true}", NO_ANSWER_SYSTEM_CODE },
        { "{\"errorCode\":10221,\"errorCode\":10222}", NO_ANSWER_DOUBLED_KEY },
        { "[1]", NO_ANSWER_UNKNOWN_SHAPE },
        { "{\"isError\":false,", NO_ANSWER_UNKNOWN_SHAPE },
    };
    struct box x = { 0 };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        read_route(&x, "/embed/@anna.made.up", cases[i].route);
        assert_int_equal(x.a.kind, ANSWER_NO_ANSWER);
        assert_int_equal(x.a.why, cases[i].why);
        assert_null(x.a.list);
    }
    read_html(&x, "");
    assert_int_equal(x.a.why, NO_ANSWER_EMPTY);
    read_html(&x, "<html><p id=\"wci\" class=\"_wafchallengeid\">Please wait...</p></html>");
    assert_int_equal(x.a.why, NO_ANSWER_CHALLENGE);
    release(&x);
}

/* What an exchange is worth goes by its body: a refusal comes with 400 and with 200. */
static void overload_is_a_block_whatever_its_status(void **state)
{
    static const struct {
        int status;
        const char *body;
        enum no_answer why;
    } cases[] = {
        { 503, "overload-protect triggered", NO_ANSWER_TOO_MANY },
        { 429, "overload-protect triggered", NO_ANSWER_TOO_MANY },
        { 200, "overload-protect triggered\n", NO_ANSWER_TOO_MANY },
        { 503, "<html>503</html>", NO_ANSWER_SERVER_ERROR },
        { 502, "", NO_ANSWER_SERVER_ERROR },
        { 404, "", NO_ANSWER_HTTP_404 },
        { 403, "no", NO_ANSWER_FORBIDDEN },
        { 400, "", NO_ANSWER_EMPTY },
    };
    struct inflate *inflate = inflate_new();
    struct buf scratch = { 0 };
    struct arena mem = { 0 };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct http_exchange x = { .status = cases[i].status,
                                   .done_at = NOW,
                                   .head = STR("HTTP/1.1 200 OK\r\n\r\n"),
                                   .body = str_of(cases[i].body) };
        struct answer a = { 0 };
        bool unknown;

        embed_creator_read_exchange(&x, ANNA, inflate, &scratch, &mem, &a, &unknown);
        assert_int_equal(a.kind, ANSWER_NO_ANSWER);
        assert_int_equal(a.why, cases[i].why);
        assert_int_equal(a.at, NOW);
        assert_int_equal(no_answer_is_block(a.why), i < 3 || i == 6);
    }
    inflate_free(inflate);
    buf_release(&scratch);
    arena_release(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_list_is_kept_in_the_order_of_the_page),
        cmocka_unit_test(private_posts_others_posts_and_repeats_are_left_and_counted),
        cmocka_unit_test(the_page_is_found_under_its_path_with_a_query),
        cmocka_unit_test(refusals_tell_a_private_creator_from_one_who_is_gone),
        cmocka_unit_test(what_is_no_list_and_no_refusal_is_no_answer),
        cmocka_unit_test(overload_is_a_block_whatever_its_status),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
