/* tests/unit/test_embed_post.c: a post's embed page shows the post, or that it shows none, never
 * why; whatever is neither is no answer. Shapes of July to October 2026, made-up people. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "scrape/embed_post.h"

#define NOW 1790000000
#define DIGITS "7400000000000003341"
#define ID UINT64_C(7400000000000003341)
#define PATH "/embed/v2/" DIGITS
#define AUTHOR                                                                     \
    "\"authorInfos\":{\"userId\":\"6900000000000000001\",\"secUid\":\"MS4wMADE\"," \
    "\"uniqueId\":\"anna.made.up\",\"nickName\":\"Anna\",\"covers\":[\"\"],"       \
    "\"verified\":true,\"signature\":\"\"}"
#define ITEM(id, more)                                                                         \
    "\"itemInfos\":{\"id\":\"" id "\",\"text\":\"so #Made up\",\"createTime\":\"1722925000\"," \
    "\"authorId\":\"6900000000000000001\",\"musicId\":\"7100000000000000009\","                \
    "\"video\":{\"urls\":[],\"videoMeta\":{\"width\":576,\"height\":1024,\"ratio\":14,"        \
    "\"duration\":21}},\"secret\":false,\"forFriend\":false" more "}"
#define COUNTS ",\"playCount\":120,\"diggCount\":\"30\",\"commentCount\":4,\"shareCount\":\"5\""
#define BESIDE                                                                        \
    "\"musicInfos\":{\"musicId\":\"7100000000000000009\",\"musicName\":\"a sound\"}," \
    "\"challengeInfoList\":[{\"challengeId\":\"77\",\"challengeName\":\"Made\"}],"    \
    "\"textExtra\":[{\"Start\":3,\"End\":8,\"Type\":1,\"HashtagName\":\"Made\","      \
    "\"HashtagId\":\"77\",\"AwemeId\":\"\"}]"
#define ROUTE(data)                                         \
    "{\"isReady\":true,\"code\":200,\"isError\":false,"     \
    "\"pageName\":\"video_v2\",\"videoData\":{" data "}}"
#define GOOD ROUTE(ITEM(DIGITS, COUNTS) "," AUTHOR "," BESIDE ",\"imagePostInfo\":null")
#define REFUSED                                                                   \
    "{\"isReady\":true,\"errorCode\":10204,\"errorStatus\":400,\"isError\":true," \
    "\"pageName\":\"video_v2_error\"}"

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
    embed_post_read(str_of(html), ID, &x->mem, &x->a, &x->unknown);
    embed_post_read_by(str_of(html), ID, true, &x->mem, &whole, &unknown);
    assert_int_equal(whole.kind, x->a.kind);
    assert_int_equal(whole.why, x->a.why);
    assert_int_equal(whole.record != NULL, x->a.record != NULL);
}

static void page_of(struct buf *b, const char *key, const char *route)
{
    buf_printf(b,
               "<html><script>window.__FRONTITY_CONNECT_STATE__=window.__FRONTITY_CONNECT_STATE__;"
               "</script><script id=\"__FRONTITY_CONNECT_STATE__\" type=\"application/json\">"
               "{\"source\":{\"data\":{\"%s\":%s,"
               "\"strategy\":{\"page_context\":{\"biz_name\":\"Embed\"}}}}}</script></html>",
               key, route);
}

static void read_route(struct box *x, const char *key, const char *route)
{
    struct buf b = { 0 };

    page_of(&b, key, route);
    read_html(x, buf_cstr(&b));
    buf_release(&b);
}

static void release(struct box *x) { arena_release(&x->mem); }

static void text_is(const struct record *r, enum field f, const char *text)
{
    assert_int_equal(r->val[f].kind, VAL_TEXT);
    assert_true(str_eq(r->val[f].text, str_of(text)));
}

static void the_post_is_public_with_the_fields_that_the_page_has(void **state)
{
    struct box x = { 0 };
    const struct record *r;

    (void)state;
    read_route(&x, PATH, GOOD);
    assert_int_equal(x.a.kind, ANSWER_PUBLIC);
    assert_int_equal(x.a.generation, GENERATION_EMBED);
    assert_false(x.a.has_code);
    assert_true(x.a.id == ID);
    r = x.a.record;
    text_is(r, FIELD_AUTHOR, "anna.made.up");
    text_is(r, FIELD_AUTHOR_ID, "6900000000000000001");
    text_is(r, FIELD_NICKNAME, "Anna");
    text_is(r, FIELD_CAPTION, "so #Made up");
    text_is(r, FIELD_MUSIC_TITLE, "a sound");
    assert_true(r->val[FIELD_CREATED].i == 1722925000 && r->val[FIELD_DURATION].i == 21);
    assert_true(r->val[FIELD_MUSIC].i == 7100000000000000009);
    assert_true(r->val[FIELD_VERIFIED].i == 1 && r->val[FIELD_PHOTO].i == 0);
    assert_int_equal(r->val[FIELD_SECRET].kind, VAL_INT);
    assert_int_equal(r->val[FIELD_FOR_FRIEND].kind, VAL_INT);
    assert_int_equal(r->val[FIELD_FAVORITES].kind, VAL_NONE);
    assert_int_equal(r->val[FIELD_CLASSIFIED].kind, VAL_NONE);
    assert_int_equal(r->val[FIELD_HASHTAGS].kind, VAL_TEXT);
    assert_true(str_eq(r->val[FIELD_HASHTAGS].text, STR("Made")));
    assert_true(str_eq(r->val[FIELD_HASHTAG_IDS].text, STR("77")));
    release(&x);
}

static void a_counter_may_be_text_or_number(void **state)
{
    struct box x = { 0 };

    (void)state;
    read_route(&x, PATH, GOOD);
    assert_true(x.a.record->val[FIELD_VIEWS].i == 120 && x.a.record->val[FIELD_LIKES].i == 30);
    assert_true(x.a.record->val[FIELD_COMMENTS].i == 4 && x.a.record->val[FIELD_SHARES].i == 5);
    release(&x);
}

static void flags_that_may_be_absent_are_read_where_they_are_there(void **state)
{
    struct box x = { 0 };

    (void)state;
    read_route(&x, PATH, GOOD);
    assert_int_equal(x.a.record->val[FIELD_IS_AD].kind, VAL_NONE);
    assert_int_equal(x.a.record->val[FIELD_PLACE].kind, VAL_NONE);
    read_route(&x, PATH,
               ROUTE(ITEM(DIGITS,
                          ",\"isAd\":true,\"isECVideo\":1,\"locationCreated\":\"FR\"") "," AUTHOR));
    assert_true(x.a.record->val[FIELD_IS_AD].i == 1 && x.a.record->val[FIELD_IS_SHOP].i == 1);
    text_is(x.a.record, FIELD_PLACE, "FR");
    release(&x);
}

static void a_photo_post_is_told_by_its_pictures(void **state)
{
    struct box x = { 0 };

    (void)state;
    read_route(&x, PATH,
               ROUTE(ITEM(DIGITS, "") "," AUTHOR ",\"imagePostInfo\":{\"displayImages\":[{}]}"));
    assert_int_equal(x.a.kind, ANSWER_PUBLIC);
    assert_true(x.a.record->val[FIELD_PHOTO].i == 1);
    release(&x);
}

/* The key is the path as it was sent, at times with a query or a slash. */
static void the_post_is_found_under_its_path_with_a_query(void **state)
{
    static const char *const keys[] = { PATH "?embedUrl=1&lang=fr", PATH "/", PATH "/?lang=en" };
    struct box x = { 0 };

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        read_route(&x, keys[i], GOOD);
        assert_int_equal(x.a.kind, ANSWER_PUBLIC);
        read_route(&x, keys[i], REFUSED);
        assert_int_equal(x.a.kind, ANSWER_REFUSED);
    }
    release(&x);
}

static void a_refusal_has_a_code_or_none_and_no_words(void **state)
{
    struct box x = { 0 };

    (void)state;
    read_route(&x, PATH, REFUSED);
    assert_int_equal(x.a.kind, ANSWER_REFUSED);
    assert_true(x.a.has_code && x.a.code == 10204 && !x.a.message.n && !x.a.record);
    assert_false(x.unknown);
    read_route(&x, PATH, "{\"isReady\":true,\"code\":200,\"isError\":false}");
    assert_int_equal(x.a.kind, ANSWER_REFUSED);
    assert_false(x.a.has_code);
    read_route(&x, PATH, "{\"errorCode\":10999,\"isError\":true}");
    assert_true(x.a.kind == ANSWER_REFUSED && x.unknown);
    release(&x);
}

static void what_shows_no_post_and_refuses_none_is_no_answer(void **state)
{
    static const struct {
        const char *key, *route;
        enum no_answer why;
    } cases[] = {
        { PATH, "{\"isReady\":true}", NO_ANSWER_UNKNOWN_SHAPE },
        { PATH, "{\"isError\":true}", NO_ANSWER_UNKNOWN_SHAPE },
        { PATH, "{\"isReady\":false,\"code\":200}", NO_ANSWER_UNKNOWN_SHAPE },
        { PATH, "{\"isReady\":true,\"code\":200,\"videoData\":null}", NO_ANSWER_UNKNOWN_SHAPE },
        { PATH, "{\"errorCode\":10101,\"isError\":true}", NO_ANSWER_SYSTEM_CODE },
        { PATH, "{\"errorCode\":10204,\"errorCode\":10222}", NO_ANSWER_DOUBLED_KEY },
        { PATH, ROUTE("\"itemInfos\":{}"), NO_ANSWER_UNKNOWN_SHAPE },
        { PATH, ROUTE(ITEM(DIGITS, "")), NO_ANSWER_NO_AUTHOR },
        { PATH, ROUTE(ITEM(DIGITS, ",\"isAd\":true,\"isAd\":false") "," AUTHOR),
          NO_ANSWER_DOUBLED_KEY },
        { PATH, ROUTE(ITEM("7400000000000003342", "") "," AUTHOR), NO_ANSWER_WRONG_ITEM },
        { "/embed/v2/7400000000000003342", REFUSED, NO_ANSWER_WRONG_ITEM },
        { "/embed/@anna.made.up", GOOD, NO_ANSWER_WRONG_ITEM },
        { "/other", GOOD, NO_ANSWER_UNKNOWN_SHAPE },
        { PATH, "{\"isError\":false,", NO_ANSWER_UNKNOWN_SHAPE },
    };
    struct box x = { 0 };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        read_route(&x, cases[i].key, cases[i].route);
        assert_int_equal(x.a.kind, ANSWER_NO_ANSWER);
        assert_int_equal(x.a.why, cases[i].why);
        assert_null(x.a.record);
    }
    read_html(&x, "<html><p id=\"wci\" class=\"_wafchallengeid\">Please wait...</p></html>");
    assert_int_equal(x.a.why, NO_ANSWER_CHALLENGE);
    release(&x);
}

/* What an exchange is worth goes by its body: a refusal comes with 400 and with 200. */
static void overload_is_a_block_and_a_refusal_is_none_whatever_its_status(void **state)
{
    static const struct {
        int status;
        const char *body;
        enum answer_kind kind;
        enum no_answer why;
    } cases[] = {
        { 503, "overload-protect triggered", ANSWER_NO_ANSWER, NO_ANSWER_TOO_MANY },
        { 429, "overload-protect triggered", ANSWER_NO_ANSWER, NO_ANSWER_TOO_MANY },
        { 200, "overload-protect triggered\n", ANSWER_NO_ANSWER, NO_ANSWER_TOO_MANY },
        { 403, "no", ANSWER_NO_ANSWER, NO_ANSWER_FORBIDDEN },
        { 503, NULL, ANSWER_NO_ANSWER, NO_ANSWER_SERVER_ERROR },
        { 404, "", ANSWER_NO_ANSWER, NO_ANSWER_HTTP_404 },
        { 400, NULL, ANSWER_REFUSED, NO_ANSWER_NONE },
        { 200, NULL, ANSWER_REFUSED, NO_ANSWER_NONE },
    };
    struct inflate *inflate = inflate_new();
    struct buf scratch = { 0 }, page = { 0 };
    struct arena mem = { 0 };

    (void)state;
    page_of(&page, PATH, REFUSED);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct http_exchange x = { .status = cases[i].status,
                                   .done_at = NOW,
                                   .head = STR("HTTP/1.1 200 OK\r\n\r\n"),
                                   .body = cases[i].body ? str_of(cases[i].body)
                                                         : buf_view(&page) };
        struct answer a = { 0 };
        bool unknown;

        embed_post_read_exchange(&x, ID, inflate, &scratch, &mem, &a, &unknown);
        assert_int_equal(a.kind, cases[i].kind);
        assert_int_equal(a.why, cases[i].why);
        assert_int_equal(a.at, NOW);
        assert_int_equal(no_answer_is_block(a.why), i < 4);
    }
    inflate_free(inflate);
    buf_release(&scratch);
    buf_release(&page);
    arena_release(&mem);
}

/* By its own path alone: a page of a creator, or of another kind, is none. */
static void a_saved_page_says_which_post_it_is_of(void **state)
{
    static const char *const keys[] = { PATH "/?lang=en", "/embed/@anna.made.up", "/embed/v2/" };
    struct arena mem = { 0 };
    uint64_t id = 0;

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct buf b = { 0 };

        page_of(&b, keys[i], REFUSED);
        assert_int_equal(embed_post_own_id(buf_view(&b), &mem, &id), i == 0);
        assert_true(id == ID || i > 0);
        buf_release(&b);
    }
    assert_false(embed_post_own_id(STR("<html></html>"), &mem, &id));
    arena_release(&mem);
}

static void its_address_is_below_embed_v2(void **state)
{
    struct arena mem = { 0 };

    (void)state;
    assert_true(
        str_eq(embed_post_url(STR("https://s.example"), ID, &mem), STR("https://s.example" PATH)));
    arena_release(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_post_is_public_with_the_fields_that_the_page_has),
        cmocka_unit_test(a_counter_may_be_text_or_number),
        cmocka_unit_test(flags_that_may_be_absent_are_read_where_they_are_there),
        cmocka_unit_test(a_photo_post_is_told_by_its_pictures),
        cmocka_unit_test(the_post_is_found_under_its_path_with_a_query),
        cmocka_unit_test(a_refusal_has_a_code_or_none_and_no_words),
        cmocka_unit_test(what_shows_no_post_and_refuses_none_is_no_answer),
        cmocka_unit_test(overload_is_a_block_and_a_refusal_is_none_whatever_its_status),
        cmocka_unit_test(a_saved_page_says_which_post_it_is_of),
        cmocka_unit_test(its_address_is_below_embed_v2),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
