/* tests/unit/test_status.c: every code and message of the platform's pages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include "scrape/status.h"

static void every_known_status_has_its_outcome(void **state)
{
    static const struct {
        int64_t code;
        const char *message;
        enum answer_kind kind;
        enum no_answer why;
    } cases[] = {
        { 0, "", ANSWER_PUBLIC, NO_ANSWER_NONE },
        { 10204, "item doesn't exist", ANSWER_REFUSED, NO_ANSWER_NONE },
        { 10204, "status_deleted", ANSWER_REFUSED, NO_ANSWER_NONE },
        { 10204, "item_privacy_authorization&status_deleted", ANSWER_REFUSED, NO_ANSWER_NONE },
        { 10204, "vigo", ANSWER_REFUSED, NO_ANSWER_NONE },
        { 10204, "status_self_see", ANSWER_REFUSED, NO_ANSWER_NONE },
        { 10204, "item_privacy_authorization&status_self_see", ANSWER_REFUSED, NO_ANSWER_NONE },
        { 10204, "status_friend_see", ANSWER_REFUSED, NO_ANSWER_NONE },
        { 10204, "author_secret", ANSWER_REFUSED, NO_ANSWER_NONE },
        { 10222, "author_secret", ANSWER_REFUSED, NO_ANSWER_NONE },
        { 10204, "author_status", ANSWER_REFUSED, NO_ANSWER_NONE },
        { 10204, "author_status,status_reviewing", ANSWER_REFUSED, NO_ANSWER_NONE },
        { 10204, "status_reviewing", ANSWER_REFUSED, NO_ANSWER_NONE },
        { 10204, "status_audit_not_pass", ANSWER_REFUSED, NO_ANSWER_NONE },
        { 10231, "status_audit_not_pass", ANSWER_REFUSED, NO_ANSWER_NONE },
        { 10204, "content_classification", ANSWER_REFUSED, NO_ANSWER_NONE },
        { 10204, "cross_border_violation", ANSWER_REFUSED, NO_ANSWER_NONE },
        { 10204, "cross_border_violation_ur", ANSWER_REFUSED, NO_ANSWER_NONE },
        { 10204, "person_geo_fencing", ANSWER_REFUSED, NO_ANSWER_NONE },
        { 10204, "copyright_geo_filter", ANSWER_REFUSED, NO_ANSWER_NONE },
        { 10204, "author_test_tag", ANSWER_REFUSED, NO_ANSWER_NONE },
        { 10204, "status_abnormal", ANSWER_REFUSED, NO_ANSWER_NONE },
        { 10204, "", ANSWER_REFUSED, NO_ANSWER_NONE },
        { 10216, "", ANSWER_REFUSED, NO_ANSWER_NONE },
        { 10221, "user banned", ANSWER_REFUSED, NO_ANSWER_NONE },
        { 10231, "", ANSWER_REFUSED, NO_ANSWER_NONE },
        { 10235, "item is storypost", ANSWER_REFUSED, NO_ANSWER_NONE },
        { 10215, "", ANSWER_REFUSED, NO_ANSWER_NONE },
        { 10217, "", ANSWER_REFUSED, NO_ANSWER_NONE },
        { 10223, "", ANSWER_REFUSED, NO_ANSWER_NONE },
        { 10225, "", ANSWER_REFUSED, NO_ANSWER_NONE },
        { 10202, "", ANSWER_REFUSED, NO_ANSWER_NONE },
        { 10219, "", ANSWER_REFUSED, NO_ANSWER_NONE },
        { 10101, "ErrSysPanic", ANSWER_NO_ANSWER, NO_ANSWER_SYSTEM_CODE },
        { 209002, "", ANSWER_NO_ANSWER, NO_ANSWER_SYSTEM_CODE },
        { 100002, "invalid item id", ANSWER_NO_ANSWER, NO_ANSWER_SYSTEM_CODE },
        { 100004, "call: RPCError: timeout", ANSWER_NO_ANSWER, NO_ANSWER_SYSTEM_CODE },
        { 100004, "songs loader get empty song info", ANSWER_NO_ANSWER, NO_ANSWER_SYSTEM_CODE },
        { 10201, "", ANSWER_NO_ANSWER, NO_ANSWER_SYSTEM_CODE },
        { 10102, "", ANSWER_NO_ANSWER, NO_ANSWER_LOGIN_WALL },
        { 10000, "", ANSWER_NO_ANSWER, NO_ANSWER_CAPTCHA },
        { -1, "", ANSWER_NO_ANSWER, NO_ANSWER_SYSTEM_CODE },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct status s = status_find(cases[i].code, str_of(cases[i].message));

        if (s.kind != cases[i].kind || s.why != cases[i].why || s.code_unknown || s.unknown_token.n)
            fail_msg("%lld \"%s\" gives %d, %d", (long long)cases[i].code, cases[i].message,
                     (int)s.kind, (int)s.why);
    }
}

static void failing_token_wins_over_a_refusing_code(void **state)
{
    struct status s = status_find(10204, STR("loader: RPCError at 3"));

    (void)state;
    assert_int_equal(s.kind, ANSWER_NO_ANSWER);
    assert_int_equal(s.why, NO_ANSWER_SYSTEM_CODE);
}

static void what_was_never_seen_is_a_refusal_that_is_counted(void **state)
{
    struct status s = status_find(10777, STR("status_deleted, odd_thing & other"));

    (void)state;
    assert_int_equal(s.kind, ANSWER_REFUSED);
    assert_true(s.code_unknown);
    assert_true(str_eq(s.unknown_token, STR("odd_thing")));
    s = status_find(-7, STR(""));
    assert_int_equal(s.kind, ANSWER_NO_ANSWER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_known_status_has_its_outcome),
        cmocka_unit_test(failing_token_wins_over_a_refusing_code),
        cmocka_unit_test(what_was_never_seen_is_a_refusal_that_is_counted),
    };

    return cmocka_run_group_tests_name("status", tests, NULL, NULL);
}
