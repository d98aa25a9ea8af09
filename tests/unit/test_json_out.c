/* tests/unit/test_json_out.c: what is written, byte for byte, in both styles. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "base/json.h"
#include "base/json_out.h"

/* One of every kind. */
static void put_all(struct json_out *o)
{
    json_open(o, NULL);
    json_put_int(o, "int", -7);
    json_put_id(o, "id", UINT64_C(18446744073709551615));
    json_put_bool(o, "yes", true);
    json_put_bool(o, "no", false);
    json_put_null(o, "null");
    json_put_text(o, "text", STR("a\"b\x01"));
    json_put_text(o, "none", STR_NONE);
    json_put_word(o, "word", NULL);
    json_put_instant(o, "at", 86399);
    json_put_instant(o, "never", 0);
    json_put_date(o, "day", 0);
    json_put_share(o, "share", 0.5);
    json_put_share(o, "unknown", -1);
    json_put_interval(o, "range", true, 0, 1);
    json_put_interval(o, "no_range", false, 0, 1);
    json_put_fixed(o, "hours", 1.005, 2);
    json_put_real(o, "p", 1.25e-9, 6);
    json_open_list(o, "list");
    json_put_int(o, NULL, 1);
    json_open(o, NULL);
    json_close(o);
    json_open_list(o, NULL);
    json_close(o);
    json_close(o);
    json_put_key(o, STR("a \"key\""));
    json_open(o, NULL);
    json_put_key(o, STR("inner"));
    json_put_word(o, NULL, "value");
    json_close(o);
    json_close(o);
}

static void compact_is_one_line(void **state)
{
    struct buf b = {0};
    struct json_out o = { .buf = &b, .style = JSON_COMPACT };

    (void)state;
    put_all(&o);
    assert_string_equal(
        buf_cstr(&b),
        "{\"int\":-7,\"id\":\"18446744073709551615\",\"yes\":true,\"no\":false,\"null\":null,"
        "\"text\":\"a\\\"b\\u0001\",\"none\":\"\",\"word\":\"\",\"at\":\"1970-01-01T23:59:59Z\","
        "\"never\":null,\"day\":\"1970-01-01\",\"share\":0.500000,\"unknown\":null,"
        "\"range\":[0.000000,1.000000],\"no_range\":null,\"hours\":1.00,\"p\":1.25e-09,"
        "\"list\":[1,{},[]],\"a \\\"key\\\"\":{\"inner\":\"value\"}}");
    buf_release(&b);
}

static void pretty_is_a_line_a_value(void **state)
{
    struct buf b = {0};
    struct json_out o = { .buf = &b };

    (void)state;
    put_all(&o);
    assert_string_equal(buf_cstr(&b), "{\n"
                                      "  \"int\": -7,\n"
                                      "  \"id\": \"18446744073709551615\",\n"
                                      "  \"yes\": true,\n"
                                      "  \"no\": false,\n"
                                      "  \"null\": null,\n"
                                      "  \"text\": \"a\\\"b\\u0001\",\n"
                                      "  \"none\": \"\",\n"
                                      "  \"word\": \"\",\n"
                                      "  \"at\": \"1970-01-01T23:59:59Z\",\n"
                                      "  \"never\": null,\n"
                                      "  \"day\": \"1970-01-01\",\n"
                                      "  \"share\": 0.500000,\n"
                                      "  \"unknown\": null,\n"
                                      "  \"range\": [0.000000, 1.000000],\n"
                                      "  \"no_range\": null,\n"
                                      "  \"hours\": 1.00,\n"
                                      "  \"p\": 1.25e-09,\n"
                                      "  \"list\": [\n"
                                      "    1,\n"
                                      "    {},\n"
                                      "    []\n"
                                      "  ],\n"
                                      "  \"a \\\"key\\\"\": {\n"
                                      "    \"inner\": \"value\"\n"
                                      "  }\n"
                                      "}");
    buf_release(&b);
}

static void elements_can_be_gathered_first(void **state)
{
    struct buf parts = {0}, b = {0};
    struct json_out part = { .buf = &parts, .style = JSON_COMPACT };
    struct json_out o = { .buf = &b, .style = JSON_COMPACT };

    (void)state;
    json_put_int(&part, NULL, 1);
    json_open(&part, NULL);
    json_put_int(&part, "n", 2);
    json_close(&part);
    json_open(&o, NULL);
    json_open_list(&o, "parts");
    json_put_raw(&o, NULL, buf_view(&parts));
    json_close(&o);
    json_open_list(&o, "nothing");
    json_put_raw(&o, NULL, STR_NONE);
    json_close(&o);
    json_put_raw(&o, "raw", STR("[]"));
    json_close(&o);
    assert_string_equal(buf_cstr(&b), "{\"parts\":[1,{\"n\":2}],\"nothing\":[],\"raw\":[]}");
    buf_release(&parts);
    buf_release(&b);
}

static void what_is_written_can_be_read(void **state)
{
    struct buf b = {0};
    struct json_out o = { .buf = &b };
    struct json_doc doc;
    struct err err = {0};

    (void)state;
    for (int i = 0; i < 60; i++)
        (i % 2 ? json_open : json_open_list)(&o, i && i % 2 == 0 ? "in" : NULL);
    for (int i = 0; i < 60; i++)
        json_close(&o);
    assert_int_equal(json_parse(buf_view(&b), &doc, &err), 0);
    json_free(&doc);
    buf_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(compact_is_one_line),
        cmocka_unit_test(pretty_is_a_line_a_value),
        cmocka_unit_test(elements_can_be_gathered_first),
        cmocka_unit_test(what_is_written_can_be_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
