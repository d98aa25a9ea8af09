/* tests/unit/test_page.c: page bytes -> answer, for every generation. Each page
 * here is read by the fast and by the whole-document way, and both must agree. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>
#include "base/file.h"
#include "scrape/block.h"
#include "scrape/own.h"
#include "scrape/page.h"
#include "scrape/walk.h"
#include "tests/unit/fake_page.h"

static struct arena mem;
static struct answer got;
static struct page_notes notes;

static void same_answer(const struct answer *a, const struct answer *b)
{
    assert_int_equal(a->kind, b->kind);
    assert_int_equal(a->why, b->why);
    assert_int_equal(a->has_code, b->has_code);
    assert_int_equal(a->code, b->code);
    assert_true(str_eq(a->message, b->message));
    assert_true(str_eq(a->region, b->region));
    assert_int_equal(a->generation, b->generation);
    assert_int_equal(a->record != NULL, b->record != NULL);
    for (int f = 0; a->record && f < FIELD_COUNT; f++)
        if (!value_eq(&a->record->val[f], &b->record->val[f]))
            fail_msg("%s differs between the two ways", field_info((enum field)f)->name);
}

/* Reads by all three ways into got and notes. */
static void read_page(struct str html)
{
    struct answer fast = { 0 }, whole = { 0 };
    struct page_notes n = { 0 };
    struct err err = { 0 };

    assert_int_equal(page_read_fast(html, FAKE_ID, &mem, &fast, &n, &err), 0);
    assert_false(n.whole);
    assert_int_equal(page_read_full(html, FAKE_ID, &mem, &whole, &n, &err), 0);
    same_answer(&fast, &whole);
    memset(&got, 0, sizeof got);
    assert_int_equal(page_read(html, FAKE_ID, &mem, &got, &notes, &err), 0);
    same_answer(&got, &whole);
    assert_true(str_eq(notes.canonical, n.canonical));
    assert_true(str_eq(notes.handle, n.handle));
    assert_int_equal(notes.odds, n.odds);
    if (got.kind == ANSWER_PUBLIC || got.kind == ANSWER_REFUSED)
        assert_false(notes.whole);              // the fast way was enough
}

static void read_buf(struct buf *b)
{
    read_page(buf_view(b));
    buf_release(b);
}

static void read_detail(const char *detail)
{
    struct buf b = { 0 };

    fake_page(&b, "webapp.video-detail", detail, FAKE_CANONICAL, 3000, 1);
    read_buf(&b);
}

static void field_is(enum field f, const char *text)
{
    const struct value *v = &got.record->val[f];
    char shown[400];

    if (v->kind == VAL_INT)
        snprintf(shown, sizeof shown, "%lld", (long long)v->i);
    else
        snprintf(shown, sizeof shown, "%.*s", STR_ARG(v->text));
    if (!text)
        assert_int_equal(v->kind, VAL_NONE);
    else
        assert_string_equal(shown, text);
}

static void message_is(const char *text)
{
    assert_true(str_eq(got.message, str_of(text)));
}

static int clear(void **state)
{
    (void)state;
    arena_release(&mem);
    memset(&got, 0, sizeof got);
    memset(&notes, 0, sizeof notes);
    return 0;
}

/* ---- the current generation ---- */

static void public_page_gives_every_field(void **state)
{
    static const struct { enum field f; const char *text;
    } want[] = {
        { FIELD_CREATED, "1709280021" },
        { FIELD_AUTHOR, "Jonas.Harbour" },
        { FIELD_AUTHOR_ID, "6912345678901234567" },
        { FIELD_NICKNAME, "Jonas \"JJ\" Harbour" },
        { FIELD_MUSIC, "6812345678901234567" },
        { FIELD_DURATION, "31" },
        { FIELD_HASHTAGS, "boatlife\nnoid" },
        { FIELD_HASHTAG_IDS, "123456" },
        { FIELD_MENTIONS, "mara.lind" },
        { FIELD_PLAYLIST, NULL },
        { FIELD_EFFECTS, "881\n882" },
        { FIELD_VIEWS, "76001" },
        { FIELD_LIKES, "21001" },
        { FIELD_COMMENTS, "119" },
        { FIELD_SHARES, "53" },
        { FIELD_FAVORITES, "1053" },
        { FIELD_REPOSTS, "4" },
        { FIELD_VERIFIED, "1" },
        { FIELD_AUTHOR_PRIVATE, "0" },
        { FIELD_PLACE, "CA" },
        { FIELD_POI_COUNTRY, "CA" },
        { FIELD_IS_AD, "0" },
        { FIELD_IS_SHOP, "1" },
        { FIELD_ANCHORS, "33\n7" },
        { FIELD_COMMERCE, "1" },
        { FIELD_PHOTO, "0" },
        { FIELD_AD_LABEL, NULL },
        { FIELD_MUSIC_OWNED, "0" },
        { FIELD_REGION, NULL },
        { FIELD_WARNING, "[{\"text\":\"be careful\",\"type\":2}]" },
        { FIELD_PRIVATE_ITEM, "0" },
        { FIELD_CAPTION, "Caf\u00e9 \U0001F600 with @mara.lind and friends #BoatLife #noid " },
    };

    (void)state;
    read_detail(FAKE_PUBLIC);
    assert_int_equal(got.kind, ANSWER_PUBLIC);
    assert_int_equal(got.generation, GENERATION_REHYDRATE);
    assert_true(got.has_code && got.code == 0 && got.message.n == 0 && got.id == FAKE_ID);
    assert_true(str_eq(got.region, STR("CH")));
    assert_true(str_eq(notes.handle, STR("Jonas.Harbour")));
    assert_true(got.record->id == FAKE_ID);
    for (size_t i = 0; i < sizeof want / sizeof want[0]; i++)
        field_is(want[i].f, want[i].text);
    assert_int_equal(notes.odds, 0);
}

static void mobile_container_is_read(void **state)
{
    struct buf b = { 0 };

    (void)state;
    fake_page(&b, "webapp.reflow.video.detail", FAKE_PUBLIC, FAKE_CANONICAL, 2000, 2);
    read_buf(&b);
    assert_int_equal(got.kind, ANSWER_PUBLIC);
    assert_int_equal(got.generation, GENERATION_REHYDRATE_MOBILE);
}

static void attribute_order_and_quotes_do_not_matter(void **state)
{
    static const char *const tags[] = {
        "<script type=\"application/json\" id=\"__UNIVERSAL_DATA_FOR_REHYDRATION__\">",
        "<script type='application/json' id='__UNIVERSAL_DATA_FOR_REHYDRATION__'>",
        "<SCRIPT crossorigin=\"anonymous\" id=__UNIVERSAL_DATA_FOR_REHYDRATION__ nonce=\"a>b\">",
        "<script\n  data-x=\"id='none'\"  id = \"__UNIVERSAL_DATA_FOR_REHYDRATION__\" >  ",
    };

    (void)state;
    for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++) {
        struct buf b = { 0 };

        buf_printf(
            &b,
            "<html><head><!-- <script id=\"SIGI_STATE\">{} --><script>var a = '<script id=';"
            "</script>%s"
            "{\"__DEFAULT_SCOPE__\" : { \"webapp.video-detail\" :\n%s } }</script></head></html>",
            tags[i], FAKE_PUBLIC);
        read_buf(&b);
        assert_int_equal(got.kind, ANSWER_PUBLIC);
    }
}

/* What a page says twice it says once where it says the same. */
static void key_with_two_values_is_no_answer(void **state)
{
    static const char *const bad[] = {
        "{\"statusCode\":10204,\"statusMsg\":\"\",\"statusCode\":0,\"itemInfo\":{\"itemStruct\":"
        FAKE_ITEM
        "}}",
        "{\"statusCode\":10204,\"statusMsg\":\"status_deleted\",\"statusMsg\":\"author_secret\"}",
        "{\"statusCode\":0,\"itemInfo\":{\"itemStruct\":{" FAKE_ITEM_BODY
        ",\"id\":\"7341234567890123457\"}}}",
        "{\"statusCode\":0,\"itemInfo\":{\"itemStruct\":{" FAKE_ITEM_BODY
        ",\"locationCreated\":\"US\"}}}",
        "{\"statusCode\":0,\"itemInfo\":{\"itemStruct\":" FAKE_ITEM ",\"itemStruct\":{}}}",
        "{\"statusCode\":0,\"itemInfo\":{},\"itemInfo\":{\"itemStruct\":" FAKE_ITEM "}}",
    };
    struct buf b = { 0 };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        read_detail(bad[i]);
        assert_int_equal(got.kind, ANSWER_NO_ANSWER);
        assert_int_equal(got.why, NO_ANSWER_DOUBLED_KEY);
        assert_null(got.record);
    }
    read_detail("{\"statusCode\":10222,\"statusCode\":10222,\"statusMsg\":\"author_secret\"}");
    assert_int_equal(got.kind, ANSWER_REFUSED);
    read_page(STR(
        "<script id=\"SIGI_STATE\">{\"VideoPage\":{\"statusCode\":10216,\"statusCode\":10222}}</"
        "script>"));
    assert_int_equal(got.why, NO_ANSWER_DOUBLED_KEY);
    buf_puts(
        &b,
        "<script id=\"__NEXT_DATA__\">{\"props\":{\"pageProps\":{\"statusCode\":10222,"
        "\"statusCode\":0}}}</script>");
    assert_int_equal(page_read(buf_view(&b), FAKE_ID, &mem, &got, &notes, &(struct err){ 0 }), 0);
    assert_int_equal(
        got.why, NO_ANSWER_DOUBLED_KEY);    // to the fast way it is broken, so the other decides
    buf_release(&b);
}

/* A browser runs none of these; the first that is one counts. */
static void what_looks_like_a_script_is_none(void **state)
{
#define DECOY "<script id=__UNIVERSAL_DATA_FOR_REHYDRATION__>"   \
              "{\"__DEFAULT_SCOPE__\":{\"webapp.video-detail\":" \
              "{\"statusCode\":10222,\"statusMsg\":\"author_secret\"}}}</script>"
    static const char *const heads[] = {
        "<style>p::before{content:'" DECOY "'}</style>",
        "<title>" DECOY "</title>",
        "<xmp>" DECOY "</xmp>",
        "<TEXTAREA rows=1>" DECOY "</textarea >",
        "<iframe>" DECOY "</iframe>",
        "<noembed>" DECOY "</noembed>",
        "<noframes>" DECOY "</noframes>",
        "<!-- --" DECOY "-- >" DECOY "-->",
        "<?x " DECOY,
        "</p " DECOY,
        "<p title=\""
        "<script id="
        "\">",
        "<!-- " DECOY " --!>",
    };

    (void)state;
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
        struct buf b = { 0 };

        buf_printf(
            &b,
            "<html><head>%s<script id=\"__UNIVERSAL_DATA_FOR_REHYDRATION__\">"
            "{\"__DEFAULT_SCOPE__\":"
            "{\"webapp.video-detail\":%s}}</script></head></html>",
            heads[i], FAKE_PUBLIC);
        read_buf(&b);
        assert_int_equal(got.kind, ANSWER_PUBLIC);
    }
    read_page(STR("<html><head><title>" DECOY "</title></head></html>"));
    assert_int_equal(got.kind, ANSWER_NO_ANSWER);
}

/* Behind a character reference an id is one all the same: libxml2 reads it. */
static void id_with_a_character_reference_is_read_whole(void **state)
{
    struct err err = { 0 };

    (void)state;
    assert_int_equal(
        page_read(
            STR("<script id=\"&#83;IGI_STATE\">{\"VideoPage\":{\"statusCode\":10216}}</script>"
                "<script id=\"SIGI_STATE\">{\"VideoPage\":{\"statusCode\":10222}}</script>"),
            FAKE_ID, &mem, &got, &notes, &err),
        0);
    assert_int_equal(got.code, 10216);
    assert_true(notes.whole);
}

/* libxml2 alone would take minutes for it: each attribute meets all before it. */
static void tag_without_an_end_takes_no_longer(void **state)
{
    struct buf b = { 0 };
    clock_t from = clock();

    (void)state;
    buf_puts(&b, "<html><p ");
    for (int i = 0; i < 200000; i++)
        buf_printf(&b, "a%d=x ", i);
    buf_puts(&b, "><script id=SIGI_STATE>{\"VideoPage\":{\"statusCode\":10216}}</script></html>");
    assert_int_equal(page_read(buf_view(&b), FAKE_ID, &mem, &got, &notes, &(struct err){ 0 }), 0);
    assert_int_equal(got.code, 10216);
    b.n -= strlen("</script></html>") + 2;                    // no JSON any more
    assert_int_equal(page_read(buf_view(&b), FAKE_ID, &mem, &got, &notes, &(struct err){ 0 }), 0);
    assert_int_equal(got.kind, ANSWER_NO_ANSWER);
    assert_true(clock() - from < 10 * CLOCKS_PER_SEC);
    buf_release(&b);
}

static void photo_posts_are_told_by_pictures_or_by_url(void **state)
{
    struct buf b = { 0 };

    (void)state;
    read_detail("{\"itemInfo\":{\"itemStruct\":{" FAKE_ITEM_BODY
                ",\"imagePost\":{\"images\":[]}}},\"statusCode\":0}");
    assert_int_equal(got.kind, ANSWER_PUBLIC);
    field_is(FIELD_PHOTO, "1");
    fake_page(&b, "webapp.video-detail", FAKE_PUBLIC,
              "https:\\u002F\\u002Fwww.tiktok.com\\u002F@i\\u002Fphoto\\u002F" FAKE_ID_TEXT, 1000,
              3);
    read_buf(&b);
    field_is(FIELD_PHOTO, "1");
}

static void numbers_and_strings_may_change_places(void **state)
{
    (void)state;
    read_detail(
        "{\"itemInfo\":{\"itemStruct\":{\"id\":" FAKE_ID_TEXT ",\"createTime\":1709280021,"
        "\"author\":{\"id\":6912345678901234567,\"uniqueId\":12345,\"verified\":\"true\"},"
        "\"video\":{\"duration\":\"31\",\"playAddr\":[\"u\"]},"
        "\"stats\":{\"playCount\":\"44200000\",\"diggCount\":-1},"
        "\"statsV2\":{\"playCount\":\"\"},\"music\":{\"id\":\"\"},\"isAd\":1}},"
        "\"statusCode\":\"0\"}");
    assert_int_equal(got.kind, ANSWER_PUBLIC);
    field_is(FIELD_AUTHOR, "12345");
    field_is(FIELD_AUTHOR_ID, "6912345678901234567");
    field_is(FIELD_CREATED, "1709280021");
    field_is(FIELD_DURATION, "31");
    field_is(FIELD_VIEWS, "44200000");
    field_is(FIELD_LIKES, NULL);
    field_is(FIELD_MUSIC, NULL);
    field_is(FIELD_IS_AD, "1");
    field_is(FIELD_COMMERCE, NULL);
}

static void mentions_beyond_the_caption_are_left_out(void **state)
{
    (void)state;
    read_detail(
        "{\"itemInfo\":{\"itemStruct\":{\"id\":\"" FAKE_ID_TEXT
        "\",\"createTime\":\"1\",\"author\":{\"uniqueId\":\"a\"},"
        "\"video\":{\"playAddr\":\"u\"},\"desc\":\"hi @ann\",\"textExtra\":[{\"type\":0,"
        "\"start\":3,\"end\":7},"
        "{\"type\":0,\"start\":50,\"end\":70},{\"type\":0,\"start\":-1,\"end\":2},{\"type\":0,"
        "\"start\":5,\"end\":4}],"
        "\"contents\":[{\"desc\":\"@bo\",\"textExtra\":[{\"type\":0,\"start\":0,\"end\":3},"
        "{\"type\":1,\"hashtagName\":\"deep\"}]}]}},\"statusCode\":0}");
    field_is(FIELD_MENTIONS, "ann\nbo");
    field_is(FIELD_HASHTAGS, "deep");
}

static void unknown_keys_and_nul_are_counted(void **state)
{
    (void)state;
    read_detail("{\"itemInfo\":{\"itemStruct\":{" FAKE_ITEM_BODY
                ",\"brandNewKey\":1,\"BAInfo\":\"a\\u0000b\"}},\"statusCode\":0}");
    assert_int_equal(got.kind, ANSWER_PUBLIC);
    assert_int_equal(notes.odds, 2);
    assert_string_equal(notes.odd[0].kind, "page_key");
    assert_true(str_eq(notes.odd[0].name, STR("brandNewKey")));
    assert_string_equal(notes.odd[1].kind, "nul_char");
    field_is(FIELD_BA_INFO, "a\u2400b");
}

static void fields_that_every_page_had_are_missed(void **state)
{
    (void)state;
    read_detail(FAKE_PUBLIC);
    assert_int_equal(notes.odds, 0);
    read_detail("{\"itemInfo\":{\"itemStruct\":{\"id\":\"" FAKE_ID_TEXT
                "\",\"createTime\":\"1709280021\","
                "\"author\":{\"uniqueId\":\"ida\"},\"video\":{\"playAddr\":\"u\"},"
                "\"stats\":{\"playCount\":1,\"diggCount\":2,\"shareCount\":3}}},\"statusCode\":0}");
    assert_int_equal(got.kind, ANSWER_PUBLIC);
    assert_int_equal(notes.odds, 1);
    assert_string_equal(notes.odd[0].kind, "page_field_gone");
    assert_true(str_eq(notes.odd[0].name, STR("comment_count")));
}

/* ---- what is no post ---- */

static void broken_answers_are_no_answer(void **state)
{
    static const struct { const char *detail; enum no_answer why;
    } cases[] = {
        { "{\"itemInfo\":{\"itemStruct\":{\"id\":\"7341234567890123457\",\"createTime\":\"5\","
          "\"author\":{\"uniqueId\":\"a\"}}},"
          "\"statusCode\":0}",
          NO_ANSWER_WRONG_ITEM },
        { "{\"itemInfo\":{\"itemStruct\":{\"createTime\":\"5\"}},\"statusCode\":0}",
          NO_ANSWER_WRONG_ITEM },
        { "{\"itemInfo\":{\"itemStruct\":{\"id\":\"" FAKE_ID_TEXT
          "\",\"createTime\":\"5\",\"author\":{\"uniqueId\":\"\"}}},"
          "\"statusCode\":0}",
          NO_ANSWER_NO_AUTHOR },
        { "{\"itemInfo\":{\"itemStruct\":{\"id\":\"" FAKE_ID_TEXT
          "\",\"createTime\":\"5\",\"author\":\"\"}},"
          "\"statusCode\":0}",
          NO_ANSWER_NO_AUTHOR },
        { "{\"itemInfo\":{\"itemStruct\":{\"id\":\"" FAKE_ID_TEXT
          "\",\"createTime\":\"0\",\"author\":{\"uniqueId\":\"a\"}}},"
          "\"statusCode\":0}",
          NO_ANSWER_PLACEHOLDER },
        { "{\"statusCode\":0,\"statusMsg\":\"\"}", NO_ANSWER_STRIPPED },
        { "{\"itemInfo\":{},\"statusCode\":0}", NO_ANSWER_STRIPPED },
        { "{\"itemInfo\":{\"itemStruct\":" FAKE_ITEM "}}", NO_ANSWER_SYSTEM_CODE },
        { "{\"statusCode\":-1}", NO_ANSWER_SYSTEM_CODE },
        { "{\"statusCode\":10101,\"statusMsg\":\"ErrSysPanic\"}", NO_ANSWER_SYSTEM_CODE },
        { "{}", NO_ANSWER_SYSTEM_CODE },
        { "\"text\"", NO_ANSWER_STRIPPED },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        read_detail(cases[i].detail);
        assert_int_equal(got.kind, ANSWER_NO_ANSWER);
        assert_int_equal(got.why, cases[i].why);
        assert_true(got.nearly == (got.record != NULL));
    }
}

#define GATED \
    "\"id\":\"" FAKE_ID_TEXT "\",\"desc\":\"late\",\"video\":{},\"isContentClassified\":true"
#define SIGI(item)                                                           \
    "<script id=\"SIGI_STATE\">{\"ItemModule\":{\"" FAKE_ID_TEXT "\":{" item \
    "}},\"VideoPage\":{\"statusCode\":0}}</script>"
#define NEXT(item)                                                                           \
    "<script id=\"__NEXT_DATA__\">{\"props\":{\"pageProps\":{\"statusCode\":0,\"itemInfo\":" \
    "{\"itemStruct\":{" item "}}}}}</script>"
#define NEXT_OLD(item)                                                                        \
    "<script id=\"__NEXT_DATA__\">{\"props\":{\"pageProps\":{\"statusCode\":0,\"videoData\":" \
    "{\"itemInfos\":{" item "}}}}}</script>"

/* Without an author, without time and counts, without a statusCode: the gate is what it says. */
static void gate_is_read_whatever_else_is_missing(void **state)
{
    static const char *const details[] = {
        "{\"itemInfo\":{\"itemStruct\":{" GATED
        ",\"createTime\":\"1780304400\"}},\"statusCode\":0}",
        "{\"itemInfo\":{\"itemStruct\":{" GATED "}},\"statusCode\":0}",
        "{\"itemInfo\":{\"itemStruct\":{" GATED ",\"author\":{}}}}",
    };
    static const char *const pages[] = { SIGI(GATED), NEXT(GATED), NEXT_OLD(GATED) };

    (void)state;
    for (size_t i = 0; i < sizeof details / sizeof *details; i++) {
        read_detail(details[i]);
        assert_int_equal(got.kind, ANSWER_REFUSED);
        message_is("content_classification");
    }
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        read_page(str_of(pages[i]));
        assert_int_equal(got.kind, ANSWER_REFUSED);
        message_is("content_classification");
    }
    read_detail("{\"itemInfo\":{\"itemStruct\":{\"id\":\"" FAKE_ID_TEXT
                "\",\"video\":{},\"privateItem\":true}},\"statusCode\":0}");
    assert_int_equal(got.kind, ANSWER_REFUSED);
    message_is("private_item");
}

#define SHOWN "\"desc\":\"clip\",\"video\":{\"playAddr\":\"u\"}"
#define MADE ",\"createTime\":\"1709280021\",\"stats\":{\"playCount\":3,\"diggCount\":1}"
#define OURS ",\"id\":\"" FAKE_ID_TEXT "\""
#define MIRA ",\"author\":{\"uniqueId\":\"mira\"}"

/* One thing is missing of a post that is shown: nearly an answer. Two: none. */
static void post_that_is_whole_but_for_one_thing_is_nearly_an_answer(void **state)
{
    static const struct {
        const char *item, *code, *lacks;
        enum no_answer why;
    } cases[] = {
        { SHOWN MADE OURS, ",\"statusCode\":0", "author", NO_ANSWER_NO_AUTHOR },
        { SHOWN MADE MIRA, ",\"statusCode\":0", "id", NO_ANSWER_WRONG_ITEM },
        // the login wall
        { SHOWN OURS MIRA, ",\"statusCode\":0", NULL, NO_ANSWER_PLACEHOLDER },
        { SHOWN MADE OURS MIRA, "", "statusCode", NO_ANSWER_SYSTEM_CODE },
        { SHOWN MADE, ",\"statusCode\":0", NULL, NO_ANSWER_WRONG_ITEM },
        { SHOWN OURS, ",\"statusCode\":0", NULL, NO_ANSWER_PLACEHOLDER },
        { SHOWN MADE OURS, "", NULL, NO_ANSWER_NO_AUTHOR },
        { "\"desc\":\"clip\"" MADE OURS, ",\"statusCode\":0", NULL, NO_ANSWER_NO_AUTHOR },
    };
    char detail[1000], words[64];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        snprintf(detail, sizeof detail, "{\"itemInfo\":{\"itemStruct\":{%s}}%s}", cases[i].item,
                 cases[i].code);
        read_detail(detail);
        assert_int_equal(got.kind, ANSWER_NO_ANSWER);
        assert_int_equal(got.why, cases[i].why);
        assert_int_equal(got.nearly, cases[i].lacks != NULL);
        snprintf(words, sizeof words, "whole but for %s: ", cases[i].lacks ? cases[i].lacks : "");
        assert_int_equal(str_starts(got.message, str_of(words)), got.nearly);
    }
}

/* Counters move between two readings of one post; another text makes it another one. */
static void second_reading_is_alike_by_what_does_not_move(void **state)
{
    char first[80];

    (void)state;
    read_detail("{\"itemInfo\":{\"itemStruct\":{" SHOWN MADE OURS "}},\"statusCode\":0}");
    snprintf(first, sizeof first, "%.*s", STR_ARG(got.message));
    read_detail("{\"itemInfo\":{\"itemStruct\":{" SHOWN OURS
                ",\"createTime\":\"1709280021\",\"stats\":{\"playCount\":99,\"diggCount\":5}"
                "}},\"statusCode\":0}");
    message_is(first);
    read_detail(
        "{\"itemInfo\":{\"itemStruct\":{\"video\":{\"playAddr\":\"u\"},\"desc\":\"other\"" MADE OURS
        "}},\"statusCode\":0}");
    assert_true(got.nearly && !str_eq(got.message, str_of(first)));
}

/* ---- which post a page is about ---- */

static uint64_t own_id(const char *html)
{
    uint64_t id = 0;

    return page_own_id(str_of(html), &mem, &id) ? id : 0;
}

static void page_names_its_own_post_in_every_generation(void **state)
{
    struct buf page = { 0 };

    (void)state;
    fake_page(&page, "webapp.video-detail", FAKE_PUBLIC, "", 100, 1);
    assert_int_equal(own_id(buf_cstr(&page)), FAKE_ID);
    buf_clear(&page);
    fake_page(&page, "webapp.reflow.video.detail", FAKE_PUBLIC, "", 100, 1);
    assert_int_equal(own_id(buf_cstr(&page)), FAKE_ID);
    buf_clear(&page);
    fake_page(&page, "webapp.video-detail", "{\"statusCode\":10204}", FAKE_CANONICAL, 100, 1);
    assert_int_equal(own_id(buf_cstr(&page)), FAKE_ID);
    buf_release(&page);
    assert_int_equal(own_id(SIGI(GATED)), FAKE_ID);
    assert_int_equal(own_id(NEXT(GATED)), FAKE_ID);
    assert_int_equal(own_id(NEXT_OLD(GATED)), FAKE_ID);
    assert_int_equal(own_id("<script id=\"SIGI_STATE\">{\"ItemModule\":{\"1\":{},\"2\":{}},"
                            "\"ItemList\":{\"video\":{\"list\":[\"" FAKE_ID_TEXT "\"]}}}</script>"),
                     FAKE_ID);
    assert_int_equal(
        own_id("<script id=\"SIGI_STATE\">{\"SEOState\":{\"metaParams\":{\"canonicalHref\":"
               "\"https://www.tiktok.com/@x/video/" FAKE_ID_TEXT "\"}}}</script>"),
        FAKE_ID);
}

static void address_of_a_page_names_its_post(void **state)
{
    (void)state;
    assert_int_equal(
        own_id(
            "<!DOCTYPE html><html><head><link href=\"https://www.tiktok.com/@x/video/" FAKE_ID_TEXT
            "?lang=en\" rel=\"canonical\"></head></html>"),
        FAKE_ID);
    assert_int_equal(
        own_id("<html><head><meta property=\"og:url\" content=\"https://www.tiktok.com/"
               "@x/photo/" FAKE_ID_TEXT "\"></head></html>"),
        FAKE_ID);
    assert_int_equal(own_id("<!DOCTYPE html>\n<!-- saved from url=(0060)https://www.tiktok.com/@x/"
                            "video/" FAKE_ID_TEXT " -->\n<html></html>"),
                     FAKE_ID);
    assert_int_equal(
        own_id("<html><body>read https://www.tiktok.com/@x/video/" FAKE_ID_TEXT "</body></html>"),
        0);
    assert_int_equal(own_id("<html><head><link rel=\"canonical\" href=\"https://www.tiktok.com/\">"
                            "</head></html>"),
                     0);
}

static void gated_post_is_refused_with_its_fields(void **state)
{
    (void)state;
    read_detail(
        "{\"itemInfo\":{\"itemStruct\":{\"id\":\"" FAKE_ID_TEXT
        "\",\"createTime\":\"1709280021\",\"video\":{},"
        "\"author\":{\"uniqueId\":\"ida\"},\"stats\":{\"playCount\":7},"
        "\"isContentClassified\":true}},\"statusCode\":0}");
    assert_int_equal(got.kind, ANSWER_REFUSED);
    assert_true(got.has_code && got.code == 0 && notes.derived);
    message_is("content_classification");
    field_is(FIELD_VIEWS, "7");
    field_is(FIELD_CLASSIFIED, "1");
}

static void flagged_post_is_public_while_it_is_shown(void **state)
{
    (void)state;
    read_detail("{\"itemInfo\":{\"itemStruct\":{" FAKE_ITEM_BODY
                ",\"forFriend\":true,\"isContentClassified\":true}},"
                "\"statusCode\":0}");
    assert_int_equal(got.kind, ANSWER_PUBLIC);
    field_is(FIELD_FOR_FRIEND, "1");
    read_detail(
        "{\"itemInfo\":{\"itemStruct\":{\"id\":\"" FAKE_ID_TEXT "\",\"createTime\":\"1709280021\","
        "\"author\":{\"uniqueId\":\"ida\"},\"video\":{\"playAddr\":\"\"},\"takeDown\":3}},"
        "\"statusCode\":0}");
    assert_int_equal(got.kind, ANSWER_REFUSED);
    message_is("take_down");
    assert_true(notes.derived);
}

static void refusals_keep_code_and_message(void **state)
{
    (void)state;
    read_detail("{\"statusCode\":10204,\"statusMsg\":\"item doesn't exist\"}");
    assert_int_equal(got.kind, ANSWER_REFUSED);
    assert_int_equal(got.code, 10204);
    message_is("item doesn't exist");
    assert_null(got.record);
    assert_int_equal(notes.odds, 0);
    assert_true(str_eq(got.region, STR("CH")));
    read_detail("{\"itemInfo\":{\"itemStruct\":" FAKE_ITEM
                "},\"statusCode\":10231,\"statusMsg\":\"status_audit_not_pass\"}");
    assert_int_equal(got.kind, ANSWER_REFUSED);
    field_is(FIELD_PLACE, "CA");
}

static void code_never_seen_is_refused_and_counted(void **state)
{
    (void)state;
    read_detail("{\"statusCode\":10999,\"statusMsg\":\"status_deleted&brand_new_token\"}");
    assert_int_equal(got.kind, ANSWER_REFUSED);
    assert_int_equal(notes.odds, 2);
    assert_string_equal(notes.odd[0].kind, "status_code");
    assert_true(str_eq(notes.odd[0].name, STR("10999")));
    assert_string_equal(notes.odd[1].kind, "status_msg");
    assert_true(str_eq(notes.odd[1].name, STR("brand_new_token")));
}

/* ---- older generations ---- */

#define SIGI_STATE_TEXT                                                             \
    "{\"AppContext\":{\"x\":\"}\"},"                                                \
    "\"ItemModule\":{\"7000000000000000000\":{\"id\":\"7000000000000000000\"},"     \
    "\"" FAKE_ID_TEXT "\":{\"id\":\"" FAKE_ID_TEXT "\",\"desc\":\"old\","           \
                                                   "\"createTime\":\"1650000000\"," \
                                                   "\"author\":\"lena_k\","         \
    "\"authorId\":\"68\",\"nickname\":\"Lena K\",\"authorPrivate\":false,"          \
    "\"video\":{\"duration\":9,\"playAddr\":\"u\"},"                                \
    "\"stats\":{\"playCount\":12,\"diggCount\":3},\"music\":{\"id\":\"5\"}}},"      \
    "\"UserModule\":{\"users\":{\"lena_k\":{\"id\":\"68\",\"uniqueId\":\"lena_k\"," \
    "\"verified\":true}}},"                                                         \
    "\"VideoPage\":{\"statusCode\":0,\"statusMsg\":\"\"}}"

static void sigi_pages_are_read_in_every_form(void **state)
{
    static const char *const forms[] = {
        "<html><script id=\"SIGI_STATE\" type=\"application/json\">" SIGI_STATE_TEXT
        "</script></html>",
        "<html><script type=\"application/json\" id=\"sigi-persisted-data\">" SIGI_STATE_TEXT
        "</script></html>",
        "<html><script id=\"sigi-persisted-data\">window['SIGI_STATE'] is set below</script>"
        "<script>window[\"SIGI_STATE\"]=" SIGI_STATE_TEXT
        ";window[\"SIGI_RETRY\"]={\"a\":1};</script></html>",
        "<html><script>var x = 1; window['SIGI_STATE'] = " SIGI_STATE_TEXT ";</script></html>",
    };

    (void)state;
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if (i == 2)
            continue;                   // the first script of a kind counts; checked below
        read_page(str_of(forms[i]));
        assert_int_equal(got.kind, ANSWER_PUBLIC);
        assert_int_equal(got.generation, GENERATION_SIGI);
        field_is(FIELD_AUTHOR, "lena_k");
        field_is(FIELD_AUTHOR_ID, "68");
        field_is(FIELD_NICKNAME, "Lena K");
        field_is(FIELD_VERIFIED, "1");
        field_is(FIELD_AUTHOR_PRIVATE, "0");
        field_is(FIELD_VIEWS, "12");
    }
    read_page(str_of(forms[2]));
    assert_int_equal(got.kind, ANSWER_NO_ANSWER);
    assert_int_equal(got.why, NO_ANSWER_NOT_JSON);
}

static void sigi_refusal_and_missing_code(void **state)
{
    (void)state;
    read_page(STR(
        "<script id=\"SIGI_STATE\">{\"VideoPage\":{\"statusCode\":10216,"
        "\"statusMsg\":\"\"}}</script>"));
    assert_int_equal(got.kind, ANSWER_REFUSED);
    assert_int_equal(got.code, 10216);
    read_page(STR("<script id=\"SIGI_STATE\">{\"ItemModule\":{\"" FAKE_ID_TEXT "\":" FAKE_ITEM
                  "}}</script>"));
    assert_int_equal(got.kind, ANSWER_PUBLIC);
    assert_false(got.has_code);
    read_page(STR("<script id=\"SIGI_STATE\">{\"VideoPage\":{}}</script>"));
    assert_int_equal(got.kind, ANSWER_NO_ANSWER);
    assert_int_equal(got.why, NO_ANSWER_SYSTEM_CODE);
}

static void next_pages_are_read_in_both_shapes(void **state)
{
    (void)state;
    read_page(STR(
        "<script id=\"__NEXT_DATA__\" type=\"application/json\" crossorigin=\"anonymous\">"
        "{\"props\":{\"pageProps\":{"
        "\"seoProps\":{},\"statusCode\":0,\"statusMsg\":\"\",\"itemInfo\":{\"itemStruct\":"
        FAKE_ITEM
        "}}}}</script>"));
    assert_int_equal(got.kind, ANSWER_PUBLIC);
    assert_int_equal(got.generation, GENERATION_NEXT);
    field_is(FIELD_AUTHOR, "Jonas.Harbour");
    read_page(STR(
        "<script id=\"__NEXT_DATA__\">{\"props\":{\"pageProps\":{\"statusCode\":0,"
        "\"videoData\":{\"itemInfos\":{"
        "\"id\":\"" FAKE_ID_TEXT
        "\",\"text\":\"hello\",\"createTime\":\"1600000000\",\"video\":{\"urls\":[\"u\"],"
        "\"videoMeta\":{\"width\":1,\"height\":2,\"duration\":15}},\"diggCount\":3,"
        "\"playCount\":40,\"shareCount\":1,"
        "\"commentCount\":2},\"authorInfos\":{\"uniqueId\":\"olle\",\"nickName\":\"Olle O\","
        "\"userId\":\"99\"},"
        "\"musicInfos\":{\"musicId\":\"777\",\"musicName\":\"song\"}}}}}</script>"));
    assert_int_equal(got.kind, ANSWER_PUBLIC);
    assert_int_equal(got.generation, GENERATION_NEXT_OLD);
    field_is(FIELD_AUTHOR, "olle");
    field_is(FIELD_NICKNAME, "Olle O");
    field_is(FIELD_AUTHOR_ID, "99");
    field_is(FIELD_CAPTION, "hello");
    field_is(FIELD_DURATION, "15");
    field_is(FIELD_MUSIC, "777");
    field_is(FIELD_MUSIC_TITLE, "song");
    field_is(FIELD_VIEWS, "40");
    read_page(STR(
        "<script id=\"__NEXT_DATA__\">{\"props\":{\"pageProps\":{\"statusCode\":10204}}}</"
        "script>"));
    assert_int_equal(got.kind, ANSWER_REFUSED);
}

/* ---- the ways ---- */

static void whole_way_helps_where_the_fast_one_cannot(void **state)
{
    struct str html = STR(
        "<script id=\"__UNIVERSAL_DATA_FOR_REHYDRATION__\">{\"__DEFAULT_SCOPE__\":{\"a\\u0062\":1,"
        "\"webapp.video\\u002ddetail\":{\"statusCode\":10222,\"statusMsg\":\"author_secret\"}}}</"
        "script>");
    struct answer a = { 0 };
    struct err err = { 0 };

    (void)state;
    assert_int_equal(page_read_fast(html, FAKE_ID, &mem, &a, &notes, &err), 0);
    assert_int_equal(a.kind, ANSWER_NO_ANSWER);
    assert_int_equal(page_read(html, FAKE_ID, &mem, &a, &notes, &err), 0);
    assert_int_equal(a.kind, ANSWER_REFUSED);
    assert_int_equal(a.code, 10222);
    assert_true(notes.whole);
}

static void words_in_translations_and_strings_decide_nothing(void **state)
{
    struct buf b = { 0 };

    (void)state;
    buf_puts(
        &b,
        "<script id=\"__UNIVERSAL_DATA_FOR_REHYDRATION__\">"
        "{\"__DEFAULT_SCOPE__\":{\"webapp.i18n-translation\":{"
        "\"webapp.video-detail\":{\"statusCode\":10204,\"statusMsg\":\"status_deleted\"},"
        "\"t\":\"\\\"webapp.video-detail\\\":{\\\"statusCode\\\":10222} }}}] verify you are human "
        "_wafchallengeid\"},"
        "\"webapp.video-detail\":" FAKE_PUBLIC "}}</script>");
    read_buf(&b);
    assert_int_equal(got.kind, ANSWER_PUBLIC);
}

static void blocks_are_never_a_verdict(void **state)
{
    static const struct { const char *body; enum no_answer why;
    } cases[] = {
        { "", NO_ANSWER_EMPTY },
        { "  \n", NO_ANSWER_EMPTY },
        { "{\"status_code\":0}", NO_ANSWER_EMPTY },
        { "<html><head><script id=\"slardar-config\" type=\"application/json\">"
          "{\"bid\":\"slardar_us_waf\"}</script></head>"
          "<body>Please wait...<p id=\"wci\" class=\"_wafchallengeid\"></p>"
          "<p id=\"cs\" class=\"e30=\"></p></body></html>",
          NO_ANSWER_CHALLENGE },
        { "<html><p id=\"rci\" class=\"waforiginalreid\"></p><script src=\"/x/waf-aiso/abc.js\">"
          "</script></html>",
          NO_ANSWER_CHALLENGE },
        { "<html><div class=\"captcha-verify-container\"></div></html>", NO_ANSWER_CAPTCHA },
        { "<html><p>Please verify you are human</p></html>", NO_ANSWER_CAPTCHA },
        { "<!doctype html><html><head><title>TikTok - Make Your Day</title></head><body></body>"
          "</html>",
          NO_ANSWER_STRIPPED },
        { "<html><script src=\"/verifycenter/made-up.js\"></script></html>", NO_ANSWER_CAPTCHA },
        { "<html><div id=\"CAPTCHA-verify-container-main-page\"></div></html>", NO_ANSWER_CAPTCHA },
        { " {\"status_code\":0,\"log_pb\":{\"impr_id\":\"x\"}}", NO_ANSWER_EMPTY },
        { "Bad gateway", NO_ANSWER_UNKNOWN_SHAPE },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        read_page(str_of(cases[i].body));
        assert_int_equal(got.kind, ANSWER_NO_ANSWER);
        assert_int_equal(got.why, cases[i].why);
    }
    read_detail(NULL);                                  // home page
    assert_int_equal(got.why, NO_ANSWER_STRIPPED);
    assert_true(str_ends(notes.canonical, STR("/@i/video/" FAKE_ID_TEXT)));
    read_page(STR("<script id=\"__UNIVERSAL_DATA_FOR_REHYDRATION__\"></script><p>hello</p>"));
    assert_int_equal(got.why, NO_ANSWER_STRIPPED);
    read_page(STR("<script id=\"__UNIVERSAL_DATA_FOR_REHYDRATION__\">not json</script>"));
    assert_int_equal(got.why, NO_ANSWER_NOT_JSON);
}

/* The challenge as it was captured (1.4 KB), with made-up blobs, and the sister
 * site's, which carries the blob in a script. */
static void challenge_pages_are_known_by_each_of_their_marks(void **state)
{
    static const char *const marks[] = {
        "<script id=\"slardar-config\" type=\"application/json\">{\"slardarClient\":\"SlardarWAF\"}"
        "</script>",
        "<script id=\"slardar-config\" type=\"application/json\">{\"bid\":\"slardar_us_waf\","
        "\"pid\":\"js-44\"}</script>",
        "<p id=\"wci\" class=\"_wafchallengeid\"></p>",
        "<p id=\"rci\" class=\"waforiginalreid\"></p>",
        "<script src=\"/made-up/waf-aiso/0123456789abcdef.js\"></script>",
        "<script>var wci=\"_wafchallengeid\",cs=\"eyJ2Ijp7ImEiOiJtYWRlIHVwIn19\";</script>",
    };
    struct buf b = { 0 };

    (void)state;
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        buf_clear(&b);
        buf_printf(
            &b,
            "<!DOCTYPE html><html><head><title>Please wait...</title></head><body>Please wait..."
            "<p id=\"cs\" class=\"eyJ2Ijp7fX0=\"></p>%s",
            marks[i]);
        while (b.n < 2400)
            buf_puts(&b, "<!-- made up -->");
        buf_puts(&b, "</body></html>");
        read_page(buf_view(&b));
        assert_int_equal(got.kind, ANSWER_NO_ANSWER);
        assert_int_equal(got.why, NO_ANSWER_CHALLENGE);
        assert_true(no_answer_is_block(got.why));
    }
    buf_release(&b);
}

static void a_full_shell_without_its_data_is_stripped_at_any_size(void **state)
{
    static const char *const marks[] = {
        "captcha-verify-container", "verifycenter",   "verify you are human",
        "_wafchallengeid",          "status_deleted", "Video currently unavailable"
    };
    struct buf b = { 0 };

    (void)state;
    buf_puts(
        &b,
        "<!doctype html><html><head><title>TikTok - Make Your Day</title></head><body>"
        "<script>window.t={");
    fake_filler(&b, 5, 200000);
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
        buf_printf(&b, "%s\"k%zu\":\"%s\"", ",", i, marks[i]);
    buf_puts(&b, "}</script></body></html>");
    read_page(buf_view(&b));
    assert_int_equal(got.kind, ANSWER_NO_ANSWER);
    assert_int_equal(got.why, NO_ANSWER_STRIPPED);
    buf_release(&b);
}

static void large_page_and_every_cut_of_a_small_one_are_safe(void **state)
{
    struct buf b = { 0 };
    struct answer a = { 0 };
    struct err err = { 0 };

    (void)state;
    fake_page(&b, "webapp.video-detail", FAKE_PUBLIC, FAKE_CANONICAL, 280000, 9);
    read_page(buf_view(&b));
    assert_int_equal(got.kind, ANSWER_PUBLIC);
    buf_clear(&b);
    fake_page(&b, "webapp.video-detail", FAKE_PUBLIC, FAKE_CANONICAL, 200, 9);
    for (size_t n = 0; n < b.n; n += 7) {
        char *cut = malloc(n ? n : 1);                  // exact size: a read beyond it is found

        memcpy(cut, b.p, n);
        assert_int_equal(page_read(((struct str){ cut, n }), FAKE_ID, &mem, &a, &notes, &err), 0);
        assert_true(a.kind == ANSWER_NO_ANSWER || a.kind == ANSWER_PUBLIC);
        free(cut);
    }
    buf_release(&b);
    assert_int_equal(
        page_read(((struct str){ "x", PAGE_MAX + 1 }), FAKE_ID, &mem, &a, &notes, &err), -1);
    assert_int_equal(err.kind, ERR_INPUT);
}

static void walk_passes_the_same_by_every_loop(void **state)
{
    struct buf b = { 0 };
    uint32_t x = 7;

    (void)state;
    for (int round = 0; round < 3000; round++) {
        static const char alphabet[] = "\"\"\\\\\\{}[],:ab";
        struct str fast = STR_NONE, slow = STR_NONE;
        int got_fast, got_slow;

        buf_clear(&b);
        buf_char(&b, '{');
        for (int i = 0; i < 20 + round % 300; i++) {
            x = x * 1664525u + 1013904223u;
            buf_char(&b, alphabet[(x >> 20) % (sizeof alphabet - 1)]);
        }
        got_fast = walk_one(buf_view(&b), &fast);
        got_slow = walk_one_portable(buf_view(&b), &slow);
        assert_int_equal(got_fast, got_slow);
        assert_int_equal(fast.n, slow.n);
    }
    buf_release(&b);
}

static void http_status_comes_first(void **state)
{
    static const struct { int status; const char *head; enum no_answer why;
    } cases[] = {
        { 403, "", NO_ANSWER_FORBIDDEN },
        { 429, "", NO_ANSWER_TOO_MANY },
        { 451, "", NO_ANSWER_REGION_451 },
        { 404, "", NO_ANSWER_HTTP_404 },
        { 500, "", NO_ANSWER_SERVER_ERROR },
        { 504, "", NO_ANSWER_SERVER_ERROR },
        { 418, "", NO_ANSWER_HTTP_OTHER },
        { 302, "Location: /login?redirect_url=x\r\n", NO_ANSWER_LOGIN_WALL },
        { 302, "Location: https://www.tiktok.com/login/phone\r\n", NO_ANSWER_LOGIN_WALL },
        { 302, "Location: https://www.tiktok.com/loginfoo\r\n", NO_ANSWER_REDIRECT },
        { 301, "", NO_ANSWER_REDIRECT },
        { 200, "Content-Encoding: br\r\n", NO_ANSWER_BAD_CODING },
        { 200, "Content-Encoding: gzip\r\n", NO_ANSWER_BAD_CODING },
    };
    struct inflate *inflate = inflate_new();
    struct buf scratch = { 0 }, head = { 0 };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct http_exchange x = { .status = cases[i].status,
                                   .done_at = 77,
                                   .body = STR("<html></html>") };

        buf_clear(&head);
        buf_printf(&head, "HTTP/1.1 %d X\r\n%s\r\n", cases[i].status, cases[i].head);
        x.head = buf_view(&head);
        page_read_exchange(&x, FAKE_ID, inflate, &scratch, &mem, &got, &notes);
        assert_int_equal(got.kind, ANSWER_NO_ANSWER);
        assert_int_equal(got.why, cases[i].why);
        assert_int_equal(got.at, 77);
    }
    for (int fault = HTTP_TIMEOUT; fault <= HTTP_REFUSED_URL; fault++) {
        struct http_exchange x = { .fault = (enum http_fault)fault };

        page_read_exchange(&x, FAKE_ID, inflate, &scratch, &mem, &got, &notes);
        assert_int_equal(got.why, fault == HTTP_TIMEOUT ? NO_ANSWER_TIMEOUT
                         : fault == HTTP_TOO_LARGE ? NO_ANSWER_TOO_LARGE : NO_ANSWER_TRANSPORT);
    }
    buf_release(&head);
    buf_release(&scratch);
    inflate_free(inflate);
}

static void page_of_404_counts_only_with_a_verdict(void **state)
{
    struct inflate *inflate = inflate_new();
    struct buf scratch = { 0 };
    struct http_exchange x = {
        .status = 404,
        .head = STR("HTTP/1.1 404 Not Found\r\n\r\n"),
        .body = STR(
            "<script id=\"__NEXT_DATA__\">{\"props\":{\"pageProps\":{\"statusCode\":10204}}}</"
            "script>")
    };

    (void)state;
    page_read_exchange(&x, FAKE_ID, inflate, &scratch, &mem, &got, &notes);
    assert_int_equal(got.kind, ANSWER_REFUSED);
    assert_int_equal(got.code, 10204);
    buf_release(&scratch);
    inflate_free(inflate);
}

/* ---- real samples, where they are at hand ---- */

static struct buf sample(const char *name)
{
    const char *dir = getenv("BLINDSPOT_SHARED");
    char path[500];
    struct buf b = { 0 };
    struct err err = { 0 };

    snprintf(path, sizeof path, "%s/facts/samples/%s", dir ? dir : "../shared", name);
    if (!file_exists(path) || file_read(path, PAGE_MAX, &b, &err))
        skip();
    return b;
}

static void captured_missing_page_is_refused(void **state)
{
    struct buf b = sample("web_page_deleted_10204.html");

    (void)state;
    read_buf(&b);
    assert_int_equal(got.kind, ANSWER_REFUSED);
    assert_int_equal(got.code, 10204);
    message_is("item doesn't exist");
    assert_true(str_eq(got.region, STR("US")));
    assert_int_equal(got.generation, GENERATION_REHYDRATE);
}

static void captured_item_is_public(void **state)
{
    struct buf b = sample("web_itemstruct_trimmed.json"), page = { 0 };
    struct answer a = { 0 };
    struct err err = { 0 };
    struct str item = str_trim(buf_view(&b));

    (void)state;
    item = str_trim(str_sub(item, 1, item.n - 2));      // the file is a list of one
    buf_printf(
        &page,
        "<script id=\"__UNIVERSAL_DATA_FOR_REHYDRATION__\">"
        "{\"__DEFAULT_SCOPE__\":{\"webapp.video-detail\":"
        "{\"itemInfo\":{\"itemStruct\":%.*s},\"statusCode\":0}}}</script>",
        STR_ARG(item));
    assert_int_equal(page_read_fast(buf_view(&page), 7198206283571285294u, &mem, &a, &notes, &err),
                     0);
    assert_int_equal(
        page_read_full(buf_view(&page), 7198206283571285294u, &mem, &got, &notes, &err), 0);
    same_answer(&a, &got);
    assert_int_equal(got.kind, ANSWER_PUBLIC);
    field_is(FIELD_PLACE, "US");
    field_is(FIELD_FAVORITES, "97723");
    field_is(FIELD_HASHTAGS, "animals\nscience\nlearnontiktok");
    assert_int_equal(notes.odds, 0);
    buf_release(&page);
    buf_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(public_page_gives_every_field, clear),
        cmocka_unit_test_teardown(mobile_container_is_read, clear),
        cmocka_unit_test_teardown(attribute_order_and_quotes_do_not_matter, clear),
        cmocka_unit_test_teardown(key_with_two_values_is_no_answer, clear),
        cmocka_unit_test_teardown(what_looks_like_a_script_is_none, clear),
        cmocka_unit_test_teardown(tag_without_an_end_takes_no_longer, clear),
        cmocka_unit_test_teardown(id_with_a_character_reference_is_read_whole, clear),
        cmocka_unit_test_teardown(photo_posts_are_told_by_pictures_or_by_url, clear),
        cmocka_unit_test_teardown(numbers_and_strings_may_change_places, clear),
        cmocka_unit_test_teardown(mentions_beyond_the_caption_are_left_out, clear),
        cmocka_unit_test_teardown(unknown_keys_and_nul_are_counted, clear),
        cmocka_unit_test_teardown(broken_answers_are_no_answer, clear),
        cmocka_unit_test_teardown(gated_post_is_refused_with_its_fields, clear),
        cmocka_unit_test_teardown(gate_is_read_whatever_else_is_missing, clear),
        cmocka_unit_test_teardown(post_that_is_whole_but_for_one_thing_is_nearly_an_answer, clear),
        cmocka_unit_test_teardown(second_reading_is_alike_by_what_does_not_move, clear),
        cmocka_unit_test_teardown(page_names_its_own_post_in_every_generation, clear),
        cmocka_unit_test_teardown(address_of_a_page_names_its_post, clear),
        cmocka_unit_test_teardown(flagged_post_is_public_while_it_is_shown, clear),
        cmocka_unit_test_teardown(refusals_keep_code_and_message, clear),
        cmocka_unit_test_teardown(code_never_seen_is_refused_and_counted, clear),
        cmocka_unit_test_teardown(sigi_pages_are_read_in_every_form, clear),
        cmocka_unit_test_teardown(sigi_refusal_and_missing_code, clear),
        cmocka_unit_test_teardown(next_pages_are_read_in_both_shapes, clear),
        cmocka_unit_test_teardown(whole_way_helps_where_the_fast_one_cannot, clear),
        cmocka_unit_test_teardown(words_in_translations_and_strings_decide_nothing, clear),
        cmocka_unit_test_teardown(blocks_are_never_a_verdict, clear),
        cmocka_unit_test_teardown(fields_that_every_page_had_are_missed, clear),
        cmocka_unit_test_teardown(a_full_shell_without_its_data_is_stripped_at_any_size, clear),
        cmocka_unit_test_teardown(challenge_pages_are_known_by_each_of_their_marks, clear),
        cmocka_unit_test_teardown(large_page_and_every_cut_of_a_small_one_are_safe, clear),
        cmocka_unit_test_teardown(walk_passes_the_same_by_every_loop, clear),
        cmocka_unit_test_teardown(http_status_comes_first, clear),
        cmocka_unit_test_teardown(page_of_404_counts_only_with_a_verdict, clear),
        cmocka_unit_test_teardown(captured_missing_page_is_refused, clear),
        cmocka_unit_test_teardown(captured_item_is_public, clear),
    };

    return cmocka_run_group_tests_name("page", tests, NULL, NULL);
}
