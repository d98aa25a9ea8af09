/* Case files: what is told of a post, to whom, and what a hostile text can do in it. */
#include <nettle/base64.h>
#include <zlib.h>
#include "audit/verdict/cases.h"
#include "audit/verdict/explain.h"
#include "audit/verdict/label.h"
#include "audit/verdict/looks.h"
#include "audit/verdict/story.h"
#include "base/json.h"
#include "report/cases.h"
#include "tests/unit/audit_box.h"

#define HOSTILE "</script></style><img src=x onerror=alert(1)>\"'&lt;"

/* Item 0: public and missing, asked on two days with canaries that came back, on a third
 * beside item 3, which is private; item 3 was public before. Item 1 came back. */
static void make_audit(void)
{
    struct record rec = { .id = ID(0) };
    struct answer a = { .kind = ANSWER_PUBLIC, .has_code = true, .record = &rec };
    struct err err = { 0 };

    rec.val[FIELD_AUTHOR] = value_text(STR("some.person"));
    rec.val[FIELD_NICKNAME] = value_text(STR("Some Person"));
    rec.val[FIELD_CAPTION] = value_text(STR("with @other.person: " HOSTILE));
    ask(AT(1, 1), "20+ 21+ 1+");
    read_page(0, AT(1, 2), &a);
    page(20, AT(1, 2), PUBLIC);
    page(21, AT(1, 2), PUBLIC);
    read_page(3, AT(1, 2), &a);
    ask(AT(1, 3), "0 c20+ c21+");
    ask(AT(2, 3), "0 c20+ c21+");
    ask(AT(3, 3), "0 3 c20+ c21+");
    read_page(0, AT(4, 1), &a);
    page(3, AT(4, 1), SELF_ONLY);
    if (labels_refresh(&audit, &err))
        fail_msg("%s", err.msg);
}

static const char *explained(int i, enum explain_as as, struct buf *out)
{
    char id[32];
    struct err err = { 0 };

    snprintf(id, sizeof id, "%llu", (unsigned long long)ID(i));
    buf_clear(out);
    if (explain_item(&audit, id, as, out, &err))
        fail_msg("%s", err.msg);
    return buf_cstr(out);
}

static void a_story_says_what_counted_and_why_not(void **state)
{
    struct buf out = { 0 };
    const char *said;
    (void)state;

    make_audit();
    said = explained(0, EXPLAIN_TEXT, &out);
    assert_non_null(strstr(said,
                           "asked with 2 other ids: 2 of them came back; 2 of 2 canaries "
                           "(posts that the API has) came back\n      this absence counts\n"));
    assert_non_null(strstr(said, "asked with 3 other ids: 2 of them came back; "));
    assert_non_null(strstr(said, "this absence does not count: a batch-mate may not have been "
                                 "public, and such a batch can lose others\n"));
    assert_non_null(strstr(said,
                           "window 2025-11-21 to 2025-12-20: it was made on 2025-11-22, day 2 "
                           "of its 30\n"));
    assert_non_null(strstr(said, "@some.person"));
    buf_release(&out);
}

/* What is told of each ask adds up to what the labels say. */
static void absences_that_count_are_those_of_the_label(void **state)
{
    struct stories all;
    struct story s;
    struct err err = { 0 };
    char id[32], days[128] = "";
    (void)state;

    make_audit();
    snprintf(id, sizeof id, "%llu", (unsigned long long)ID(0));
    assert_int_equal(stories_open(&all, &audit, NULL, &err), 0);
    assert_int_equal(story_find(&all, id, &s, &err), 0);
    for (size_t i = 0; i < s.about->pasts; i++) {
        struct told_ask a;
        char day[UTC_TEXT_MAX];

        if (s.about->past[i].witness != WITNESS_QUERY)
            continue;
        assert_true(story_ask(&s, &s.about->past[i], &a));
        assert_true(a.absent && a.counts == !a.why);
        if (a.counts)
            snprintf(days + strlen(days), sizeof days - strlen(days), "%s%s", *days ? " " : "",
                     utc_date(utc_day(s.about->past[i].at), day));
    }
    assert_string_equal(days, "2026-01-02 2026-01-03");
    assert_true(str_eq(s.label.sound_list, str_of(days)));
    story_release(&s);
    stories_close(&all);
}

static void a_page_names_nobody(void **state)
{
    struct buf out = { 0 };
    const char *said;
    (void)state;

    make_audit();
    said = explained(0, EXPLAIN_HTML, &out);
    assert_null(strstr(said, "some.person"));
    assert_null(strstr(said, "Some Person"));
    assert_null(strstr(said, "other.person"));
    assert_non_null(strstr(said, "account-"));
    assert_non_null(strstr(said, "https://www.tiktok.com/@_/video/"));
    buf_release(&out);
}

static void nothing_leads_to_a_post_that_was_taken_back(void **state)
{
    struct buf out = { 0 };
    const char *said;
    (void)state;

    make_audit();
    said = explained(3, EXPLAIN_HTML, &out);
    assert_null(strstr(said, "tiktok.com/@"));
    assert_null(strstr(said, "onerror"));    // nor is its caption shown
    assert_non_null(strstr(said, "(withheld)"));
    buf_release(&out);
}

static void a_caption_stays_text_on_a_page(void **state)
{
    struct buf out = { 0 };
    const char *said;
    (void)state;

    make_audit();
    said = explained(0, EXPLAIN_HTML, &out);
    assert_null(strstr(said, "<img"));
    assert_null(strstr(said, "<script"));
    assert_null(strstr(said, "script-src"));
    assert_non_null(strstr(said, "&lt;img src=x onerror=alert(1)&gt;"));
    buf_release(&out);
}

static void the_curl_line_holds_no_token(void **state)
{
    struct buf out = { 0 };
    const char *said;
    (void)state;

    make_audit();
    said = explained(0, EXPLAIN_TEXT, &out);
    assert_non_null(strstr(said, "Authorization: Bearer YOUR_TOKEN"));
    assert_non_null(strstr(said, "\"start_date\":\"20251121\",\"end_date\":\"20251220\""));
    buf_release(&out);
}

/* ---- shards ---- */

static struct json_doc unpacked(const char *script)
{
    static char raw[1 << 20], json[1 << 20];
    const char *from = strchr(script, '"') + 1;
    size_t n = strcspn(from, "\""), got = sizeof raw;
    uLongf len = sizeof json;
    struct base64_decode_ctx ctx;
    struct json_doc doc;
    struct err err = { 0 };

    base64_decode_init(&ctx);
    assert_true(base64_decode_update(&ctx, &got, (uint8_t *)raw, n, from));
    assert_int_equal(uncompress((Bytef *)json, &len, (const Bytef *)raw, got), Z_OK);
    if (json_parse((struct str){ json, len }, &doc, &err))
        fail_msg("%s", err.msg);
    return doc;
}

static void a_shard_has_every_text_once_and_gives_it_back(void **state)
{
    struct told_story told = { 0 };
    struct shard *shard = shard_new();
    struct buf out = { 0 };
    struct json_doc doc;
    const struct json *post;
    struct str text;
    int64_t at = 0;
    (void)state;

    told_add(&told, TOLD_FACT, STR("account"), STR(HOSTILE), STR_NONE);
    told_add(&told, TOLD_NOTE, STR(HOSTILE), STR_NONE, STR_NONE);
    assert_false(shard_add(shard, ID(0), &told));
    assert_false(shard_add(shard, ID(1), &told));
    shard_write(shard, 7, &out);
    assert_int_equal(strncmp(buf_cstr(&out), "show(7,\"", 8), 0);
    assert_int_equal(shard_len(shard), 0);
    doc = unpacked(buf_cstr(&out));
    assert_int_equal(json_len(json_get(doc.root, "text")), 2);
    assert_int_equal(json_len(json_get(doc.root, "posts")), 2);
    post = json_first(json_first(json_get(doc.root, "posts")));
    assert_true(json_i64(post, &at) && at == TOLD_FACT);
    assert_true(json_i64(json_next(json_next(post)), &at) && at == 1);
    assert_true(json_text(json_next(json_first(json_get(doc.root, "text"))), &text));
    assert_true(str_eq(text, STR(HOSTILE)));
    json_free(&doc);
    told_release(&told);
    shard_free(shard);
    buf_release(&out);
}

/* ---- the folder ---- */

static void touch(const char *name)
{
    char path[160];
    struct err err = { 0 };

    snprintf(path, sizeof path, "%s/cases/%s", dir, name);
    assert_int_equal(file_write(path, STR("old"), &err), 0);
}

static bool is_there(const char *name)
{
    char path[160];

    snprintf(path, sizeof path, "%s/cases/%s", dir, name);
    return file_exists(path);
}

static void what_an_earlier_report_left_goes(void **state)
{
    struct arena mem = { 0 };
    struct summary s = { 0 };
    struct look look = { 0 };
    struct err err = { 0 };
    char path[160], page_of[64];
    (void)state;

    make_audit();
    snprintf(path, sizeof path, "%s/cases/shards", dir);
    assert_int_equal(file_mkdirs(path, &err), 0);
    touch("7000000000000000001.html");
    touch("shards/1.js");
    touch("notes.html");    // somebody's own
    assert_int_equal(looks_make(&audit, &mem, &look, &err), 0);
    if (cases_write(&audit, dir, &look, &s, &err))
        fail_msg("%s", err.msg);
    assert_false(is_there("7000000000000000001.html"));
    assert_false(is_there("shards/1.js"));
    assert_true(is_there("notes.html"));
    assert_true(is_there("shards/0.js"));
    assert_true(is_there("index.html"));
    snprintf(page_of, sizeof page_of, "%llu.html", (unsigned long long)ID(1));
    assert_true(is_there(page_of));
    looks_release(&look);
    arena_release(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_story_says_what_counted_and_why_not, setup, teardown),
        cmocka_unit_test_setup_teardown(absences_that_count_are_those_of_the_label, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_page_names_nobody, setup, teardown),
        cmocka_unit_test_setup_teardown(nothing_leads_to_a_post_that_was_taken_back, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_caption_stays_text_on_a_page, setup, teardown),
        cmocka_unit_test_setup_teardown(the_curl_line_holds_no_token, setup, teardown),
        cmocka_unit_test(a_shard_has_every_text_once_and_gives_it_back),
        cmocka_unit_test_setup_teardown(what_an_earlier_report_left_goes, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
