/* tests/unit/test_json.c: the strict reader before cJSON, getters, writing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "base/json.h"
#include "base/json_out.h"
#include "base/json_scan.h"

static struct json_doc doc_of(struct str text)
{
    struct err err = {0};
    struct json_doc doc = {0};

    if (json_parse(text, &doc, &err))
        fail_msg("%.*s: %s", STR_ARG(text), err.msg);
    return doc;
}

static void prints_as(struct str text, const char *want)
{
    struct json_doc doc = doc_of(text);
    struct buf b = {0};

    json_print(doc.root, &b);
    assert_string_equal(buf_cstr(&b), want);
    buf_release(&b);
    json_free(&doc);
    assert_null(doc.root);
}

static void integers_of_any_length_stay_exact(void **state)
{
    struct json_doc doc = doc_of(STR(
        "{\"a\":7283114518437727494,\"b\":18446744073709551615,\"c\":\"7283114518437727494\","
        "\"d\":-9223372036854775808,\"e\":18446744073709551616,\"f\":123456789012345,\"g\":1e3,"
        "\"h\":12.0,"
        "\"i\":1.5,\"j\":\"-7\",\"k\":\"1.5\",\"l\":-1,\"m\":9007199254740993}"));
    uint64_t u = 0;
    int64_t i = 0;

    (void)state;
    assert_true(json_u64(json_get(doc.root, "a"), &u) && u == 7283114518437727494u);
    assert_int_equal(json_kind(json_get(doc.root, "a")), JSON_NUMBER);
    assert_true(json_u64(json_get(doc.root, "b"), &u) && u == UINT64_MAX);
    assert_true(json_u64(json_get(doc.root, "c"), &u) && u == 7283114518437727494u);
    assert_int_equal(json_kind(json_get(doc.root, "c")), JSON_STRING);
    assert_true(json_i64(json_get(doc.root, "d"), &i) && i == INT64_MIN);
    assert_true(json_i64(json_get(doc.root, "f"), &i) && i == 123456789012345);
    assert_true(json_i64(json_get(doc.root, "g"), &i) && i == 1000);
    assert_true(json_i64(json_get(doc.root, "h"), &i) && i == 12);
    assert_true(json_i64(json_get(doc.root, "j"), &i) && i == -7);
    assert_true(json_i64(json_get(doc.root, "m"), &i) && i == 9007199254740993);
    i = 5;
    u = 5;
    assert_false(json_i64(json_get(doc.root, "b"), &i));
    assert_false(json_i64(json_get(doc.root, "e"), &i) || json_u64(json_get(doc.root, "e"), &u));
    assert_false(json_i64(json_get(doc.root, "i"), &i) || json_i64(json_get(doc.root, "k"), &i));
    assert_false(json_u64(json_get(doc.root, "l"), &u) || json_u64(json_get(doc.root, "j"), &u));
    assert_false(json_i64(NULL, &i) || json_u64(json_get(doc.root, "none"), &u));
    assert_true(i == 5 && u == 5);
    json_free(&doc);
}

static void print_gives_numbers_back_as_they_came(void **state)
{
    (void)state;
    prints_as(
        STR(" { \"id\" : 7283114518437727494 , \"x\":[1,-0,0.5,1E400,-12345678901234567890.25,"
            "\"7\"] } "),
        "{\"id\":7283114518437727494,\"x\":[1,-0,0.5,1E400,-12345678901234567890.25,\"7\"]}");
    prints_as(STR("[true,false,null,{},[],\"\"]"), "[true,false,null,{},[],\"\"]");
    prints_as(STR("{\"b\":1,\"a\":2,\"b\":3}"), "{\"b\":1,\"a\":2,\"b\":3}");
    prints_as(STR("999999999999999"), "999999999999999");
    prints_as(STR("1234567890123456"), "1234567890123456");
    prints_as(STR("\"\\u0001\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00\""),
              "\"\\u0001\\\"\\\\/\\b\\f\\n\\r\\t\xc3\xa9\xf0\x9f\x98\x80\"");
}

static void zero_characters_are_replaced_and_counted(void **state)
{
    struct json_doc doc = doc_of(
        STR("{\"a\\u0000b\":\"x\\u0000\\u0000y\",\"c\":\"p\0q\",\"d\":\"\\\\u0000\"}"));
    struct str s = STR_NONE;

    (void)state;
    assert_int_equal(doc.nul_chars, 4);
    assert_true(json_text(json_get(doc.root, "a\xe2\x90\x80" "b"), &s));
    assert_true(str_eq(s, STR("x\xe2\x90\x80\xe2\x90\x80y")));
    assert_true(json_text(json_get(doc.root, "c"), &s) && str_eq(s, STR("p\xe2\x90\x80q")));
    assert_true(json_text(json_get(doc.root, "d"), &s) && str_eq(s, STR("\\u0000")));
    json_free(&doc);
}

static void broken_characters_become_the_replacement(void **state)
{
    static const struct { struct str in; const char *want;
    } cases[] = {
        { { "\"\\ud800\"", 8 }, "\xef\xbf\xbd" },
        { { "\"\\udc00x\"", 9 }, "\xef\xbf\xbdx" },
        { { "\"\\ud800\\u0041\"", 14 },
          "\xef\xbf\xbd"
          "A" },
        { { "\"\\ud800\\ud83d\\ude00\"", 20 }, "\xef\xbf\xbd\xf0\x9f\x98\x80" },
        { { "\"a\xff"
            "b\"",
            5 },
          "a\xef\xbf\xbd"
          "b" },
        { { "\"\xff"
            "123\"",
            6 },
          "\xef\xbf\xbd"
          "123" },
        { { "\"\xe2\x82\"", 4 }, "\xef\xbf\xbd\xef\xbf\xbd" },
        { { "\"\xc3\xa9\xe6\x97\xa5\"", 7 }, "\xc3\xa9\xe6\x97\xa5" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct json_doc doc = doc_of(cases[i].in);
        struct str s = STR_NONE;

        assert_int_equal(json_kind(doc.root), JSON_STRING);
        assert_true(json_text(doc.root, &s));
        assert_true(str_eq(s, str_of(cases[i].want)));
        assert_int_equal(doc.nul_chars, 0);
        json_free(&doc);
    }
}

static void what_is_not_json_is_refused_with_its_place(void **state)
{
    static const struct { const char *text; int at;
    } bad[] = {
        { "", 0 },           { "  ", 2 },        { "{", 1 },           { "[1,]", 3 },
        { "{\"a\":1,}", 7 }, { "{a:1}", 1 },     { "{\"a\" 1}", 5 },   { "[1 2]", 3 },
        { "[1}", 2 },        { "{\"a\":1]", 6 }, { "01", 0 },          { "-", 0 },
        { "1.", 0 },         { ".5", 0 },        { "1e", 0 },          { "+1", 0 },
        { "nul", 0 },        { "True", 0 },      { "NaN", 0 },         { "'a'", 0 },
        { "\"a", 2 },        { "\"\\x\"", 1 },   { "\"\\u12g4\"", 1 }, { "\"a\nb\"", 2 },
        { "\"\t\"", 1 },     { "1 2", 2 },       { "{} x", 3 },        { "[1]]", 3 },
        { "\v1", 0 },        { "[,1]", 1 },      { "{,}", 1 },         { "[\"\\", 2 },
        { "/**/1", 0 },      { "1//", 1 },
    };
    struct json_doc doc = { .nul_chars = 42 };
    char want[40];

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct err err = {0};

        if (json_parse(str_of(bad[i].text), &doc, &err) == 0)
            fail_msg("taken: %s", bad[i].text);
        assert_int_equal(err.kind, ERR_INPUT);
        snprintf(want, sizeof want, "at byte %d:", bad[i].at);
        if (!strstr(err.msg, want))
            fail_msg("%s: %s", bad[i].text, err.msg);
    }
    assert_int_equal(doc.nul_chars, 42);
}

static void depth_ends_at_its_limit(void **state)
{
    struct buf b = {0};
    struct err err = {0};
    struct json_doc doc = {0};

    (void)state;
    for (int i = 0; i < JSON_DEPTH_MAX; i++)
        buf_puts(&b, i % 2 ? "{\"a\":" : "[");
    buf_puts(&b, "1");
    for (int i = JSON_DEPTH_MAX - 1; i >= 0; i--)
        buf_puts(&b, i % 2 ? "}" : "]");
    doc = doc_of(buf_view(&b));
    json_free(&doc);
    buf_clear(&b);
    for (int i = 0; i < 1000000; i++)
        buf_char(&b, '[');
    assert_int_equal(json_parse(buf_view(&b), &doc, &err), -1);
    assert_non_null(strstr(err.msg, "at byte 512:"));
    buf_release(&b);
}

static void documents_in_a_row_are_read_one_by_one(void **state)
{
    struct str text = STR("\xef\xbb\xbf {\"a\":1}\n[7283114518437727494]\n\n\"x\" 5 \n");
    static const char *const want[] = { "{\"a\":1}", "[7283114518437727494]", "\"x\"", "5" };
    struct err err = {0};
    struct json_doc doc;
    size_t used;
    int n = 0;

    (void)state;
    while (assert_int_equal(json_parse_next(text, &doc, &used, &err), 0), doc.root) {
        struct buf b = {0};

        json_print(doc.root, &b);
        assert_true(n < 4);
        assert_string_equal(buf_cstr(&b), want[n++]);
        buf_release(&b);
        json_free(&doc);
        text = str_sub(text, used, text.n);
    }
    assert_int_equal(n, 4);
    assert_int_equal(used, 0);
}

static void getters_answer_absent_for_null(void **state)
{
    struct json_doc doc = doc_of(
        STR("{\"a\":{\"b\":{\"C\":1}},\"a.b\":2,\"k\":[3,4],\"K\":9,\"t\":\"x\",\"n\":null,"
            "\"k\":5,\"y\":true,\"z\":\"0\",\"w\":2}"));
    struct str s = STR("kept");
    int64_t i = 0;
    double d = 0;
    bool b = false;

    (void)state;
    assert_true(json_i64(json_path(doc.root, "a.b.C"), &i) && i == 1);
    assert_null(json_path(doc.root, "a.x.C"));
    assert_null(json_path(doc.root, "t.x"));
    assert_null(json_path(NULL, "a"));
    assert_true(json_i64(json_get(doc.root, "a.b"), &i) && i == 2);
    assert_int_equal(json_len(json_get(doc.root, "k")), 2);    // the first of equal keys
    assert_int_equal(json_len(json_get_nocase(doc.root, "K")), 2);
    assert_true(json_i64(json_get(doc.root, "K"), &i) && i == 9);
    assert_null(json_get(doc.root, "T"));
    assert_true(json_i64(json_next(json_first(json_get(doc.root, "k"))), &i) && i == 4);
    assert_null(json_next(json_next(json_first(json_get(doc.root, "k")))));
    assert_true(str_eq(json_key(json_first(doc.root)), STR("a")));
    assert_int_equal(json_kind(NULL), JSON_ABSENT);
    assert_int_equal(json_kind(json_get(doc.root, "n")), JSON_NULL);
    assert_null(json_get(json_get(doc.root, "n"), "x"));
    assert_int_equal(json_len(NULL) + json_len(json_get(doc.root, "t")), 0);
    assert_null(json_first(NULL));
    assert_null(json_next(NULL));
    assert_null(json_key(NULL).p);
    assert_false(json_text(json_get(doc.root, "n"), &s) || json_text(json_get(doc.root, "w"), &s));
    assert_true(str_eq(s, STR("kept")));
    assert_true(json_bool(json_get(doc.root, "y"), &b) && b);
    assert_true(json_bool(json_get(doc.root, "z"), &b) && !b);
    assert_false(json_bool(json_get(doc.root, "w"), &b) || json_bool(json_get(doc.root, "n"), &b));
    assert_true(json_double(json_get(doc.root, "w"), &d) && d > 1.9 && d < 2.1);
    assert_false(json_double(json_get(doc.root, "t"), &d));
    json_free(&doc);
}

static void doubles_are_read_and_infinities_are_not(void **state)
{
    struct json_doc doc = doc_of(
        STR("[0.1,\"2.5\",1e-3,1e999,\"0x10\",\"inf\",\"\",\" 1\",0.12345678901234567]"));
    static const bool want[] = { true, true, true, false, false, false, false, false, true };
    const struct json *j = json_first(doc.root);
    double d = 0;

    (void)state;
    for (int i = 0; i < 9; i++, j = json_next(j))
        assert_int_equal(json_double(j, &d), want[i]);
    assert_true(d > 0.1234567890123456 && d < 0.1234567890123457);
    json_free(&doc);
}

static void quoted_text_can_be_read_back(void **state)
{
    struct str text = STR("a\"b\\c\n\x01\x7f/\xc3\xa9\xf0\x9f\x98\x80 plain text of some length");
    struct buf b = {0};
    struct str got = STR_NONE;
    struct json_doc doc;

    (void)state;
    json_quote(&b, text);
    doc = doc_of(buf_view(&b));
    assert_true(json_text(doc.root, &got) && str_eq(got, text));
    json_free(&doc);
    buf_clear(&b);
    json_quote(&b, STR("x\0y\xffz\xe2\x82"));
    assert_string_equal(buf_cstr(&b), "\"x\\u0000y\xef\xbf\xbdz\xef\xbf\xbd\xef\xbf\xbd\"");
    buf_clear(&b);
    json_quote(&b, STR("\xe2\x80\xaex\xc2\x9b\x7fy"));           // what could steer a terminal
    assert_string_equal(buf_cstr(&b), "\"\\u202ex\\u009b\\u007fy\"");
    buf_clear(&b);
    json_quote(&b, STR_NONE);
    assert_string_equal(buf_cstr(&b), "\"\"");
    buf_release(&b);
}

static void key_that_stands_twice_is_told(void **state)
{
    static const struct { const char *text; bool deep; const char *key;
    } cases[] = {
        { "{\"a\":1,\"b\":2}", true, NULL },
        { "{}", true, NULL },
        { "[{\"a\":1},{\"a\":2}]", true, NULL },
        { "{\"a\":1,\"b\":[],\"a\":2}", false, "a" },
        { "{\"a\":1,\"a\":1}", false, NULL },
        { "7", true, NULL },
        { "{\"a\":1,\"a\":1,\"a\":2}", false, "a" },
        { "{\"a\":{\"x\":1,\"x\":2}}", false, NULL },
        { "{\"a\":1,\"a\":\"1\"}", false, "a" },
        { "{\"A\":1,\"a\":2}", true, NULL },
        { "{\"a\":{\"x\":1,\"x\":2}}", true, "x" },
        { "{\"a\":[[{\"x\":[1],\"x\":[2]}]]}", true, "x" },
        { "{\"a\":7341234567890123456,\"a\":7341234567890123457}", true, "a" },
        { "{\"\":1,\"\":2}", true, "" },
        { "{\"\\u0061\":1,\"a\":2}", true, "a" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct json_doc doc = doc_of(str_of(cases[i].text));
        struct str key = json_doubled_key(doc.root, cases[i].deep);

        if ((key.p != NULL) != (cases[i].key != NULL) ||
            (key.p && !str_eq(key, str_of(cases[i].key))))
            fail_msg("%s: \"%.*s\"", cases[i].text, STR_ARG(key));
        if (key.p && !cases[i].deep)
            assert_true(json_doubled(doc.root, cases[i].key));
        assert_false(json_doubled(doc.root, "none"));
        json_free(&doc);
    }
    assert_null(json_doubled_key(NULL, true).p);
}

/* Many keys with one of them twice, in a time that grows with their number. */
static void doubled_key_among_many_is_found(void **state)
{
    struct buf b = {0};
    struct json_doc doc;

    (void)state;
    for (int i = 0; i < 200000; i++)
        buf_printf(&b, "%s\"k%d\":%d", i ? "," : "{", i % 199999, i);
    buf_puts(&b, "}");
    doc = doc_of(buf_view(&b));
    assert_true(str_eq(json_doubled_key(doc.root, false), STR("k0")));
    json_free(&doc);
    buf_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers_of_any_length_stay_exact),
        cmocka_unit_test(print_gives_numbers_back_as_they_came),
        cmocka_unit_test(zero_characters_are_replaced_and_counted),
        cmocka_unit_test(broken_characters_become_the_replacement),
        cmocka_unit_test(what_is_not_json_is_refused_with_its_place),
        cmocka_unit_test(depth_ends_at_its_limit),
        cmocka_unit_test(documents_in_a_row_are_read_one_by_one),
        cmocka_unit_test(getters_answer_absent_for_null),
        cmocka_unit_test(doubles_are_read_and_infinities_are_not),
        cmocka_unit_test(quoted_text_can_be_read_back),
        cmocka_unit_test(key_that_stands_twice_is_told),
        cmocka_unit_test(doubled_key_among_many_is_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
