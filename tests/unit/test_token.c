/* The bearer token: granted, refused, renewed in time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>
#include "fetch/token.h"

#define NOW 1700000000

static void granted_token_becomes_a_header(void **state)
{
    struct token t = { 0 };
    struct err err = { 0 };

    (void)state;
    assert_true(token_is_due(&t, NOW));
    assert_int_equal(token_parse(&t, 200, STR("{\"access_token\":\"clt.abc\",\"expires_in\":7200,"
                                              "\"token_type\":\"Bearer\"}"), NOW, &err), 0);
    assert_string_equal(buf_cstr(&t.header), "Authorization: Bearer clt.abc");
    assert_int_equal(t.generation, 1);
    assert_int_equal(t.expires_at, NOW + 7200);
    assert_false(token_is_due(&t, NOW + 7200 - 301));
    assert_true(token_is_due(&t, NOW + 7200 - 300));
    token_expire(&t);
    assert_true(token_is_due(&t, NOW));
    token_release(&t);
}

static void short_lived_token_is_used_for_half_its_life(void **state)
{
    struct token t = { 0 };
    struct err err = { 0 };

    (void)state;
    assert_int_equal(
        token_parse(&t, 200, STR("{\"access_token\":\"x\",\"expires_in\":\"60\"}"), NOW, &err), 0);
    assert_false(token_is_due(&t, NOW + 29));
    assert_true(token_is_due(&t, NOW + 30));
    token_release(&t);
}

static void body_decides_not_the_status(void **state)
{
    static const char flat[] =
        "{\"error\":\"invalid_client\",\"error_description\":\"no\",\"log_id\":\"2024\"}";
    struct token t = { 0 };
    struct err err = { 0 };

    (void)state;
    assert_int_equal(token_parse(&t, 200, str_of(flat), NOW, &err), -1);
    assert_int_equal(err.kind, ERR_AUTH);
    assert_non_null(strstr(err.msg, "invalid_client"));
    assert_int_equal(token_parse(&t, 401, str_of(flat), NOW, &err), -1);
    assert_int_equal(err.kind, ERR_AUTH);
    assert_int_equal(t.header.n, 0);
    assert_int_equal(
        token_parse(&t, 200, STR("{\"error\":{\"code\":\"invalid_request\"}}"), NOW, &err), -1);
    assert_int_equal(err.kind, ERR_AUTH);
}

static void failing_platform_is_no_refusal(void **state)
{
    struct token t = { 0 };
    struct err err = { 0 };

    (void)state;
    assert_int_equal(token_parse(&t, 504, STR("<html>gateway</html>"), NOW, &err), -1);
    assert_int_equal(err.kind, ERR_AGAIN);
    assert_int_equal(token_parse(&t, 500, STR("{\"error\":\"server_error\"}"), NOW, &err), -1);
    assert_int_equal(err.kind, ERR_AGAIN);
    assert_int_equal(token_parse(&t, 429, STR("{\"error\":\"slow_down\"}"), NOW, &err), -1);
    assert_int_equal(err.kind, ERR_AGAIN);
    assert_int_equal(token_parse(&t, 200, STR("{\"expires_in\":1}"), NOW, &err), -1);
    assert_int_equal(err.kind, ERR_INPUT);
}

/* Which of two the next reader takes is not known. */
static void two_tokens_are_none(void **state)
{
    struct token t = { 0 };
    struct err err = { 0 };

    (void)state;
    assert_int_equal(
        token_parse(&t, 200, STR("{\"access_token\":\"a\",\"access_token\":\"b\"}"), NOW, &err),
        -1);
    assert_int_equal(err.kind, ERR_INPUT);
    assert_non_null(strstr(err.msg, "\"access_token\" stands twice"));
    assert_int_equal(
        token_parse(&t, 200, STR("{\"access_token\":\"a\",\"access_token\":\"a\"}"), NOW, &err), 0);
    token_release(&t);
}

static void token_that_would_break_a_header_is_refused(void **state)
{
    struct token t = { 0 };
    struct err err = { 0 };

    (void)state;
    assert_int_equal(token_parse(&t, 200,
                                 STR("{\"access_token\":\"a\\r\\nX: y\",\"expires_in\":7200}"), NOW,
                                 &err),
                     -1);
    assert_int_equal(err.kind, ERR_INPUT);
    assert_int_equal(
        token_parse(&t, 200, STR("{\"access_token\":\"\",\"expires_in\":7200}"), NOW, &err), -1);
    assert_int_equal(t.generation, 0);
    assert_null(strstr(err.msg, "X: y"));
}

static void form_body_is_escaped(void **state)
{
    struct buf b = { 0 };

    (void)state;
    token_body(&b, "aw+k", "s&e=c");
    assert_string_equal(buf_cstr(&b),
                        "client_key=aw%2Bk&client_secret=s%26e%3Dc&grant_type=client_credentials");
    buf_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(granted_token_becomes_a_header),
        cmocka_unit_test(short_lived_token_is_used_for_half_its_life),
        cmocka_unit_test(body_decides_not_the_status),
        cmocka_unit_test(failing_platform_is_no_refusal),
        cmocka_unit_test(two_tokens_are_none),
        cmocka_unit_test(token_that_would_break_a_header_is_refused),
        cmocka_unit_test(form_body_is_escaped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
