/* The many searches of fetch_run and the one request after another of
 * validate_run go over the same wire (fetch/wire.h): whatever fails, both send
 * as often, wait as long, count the same and call it by the same name. */
#include "api_box.h"
#include "fetch/validate.h"

#define ID(i) (7300000000000000000ull + (uint64_t)(i))
#define COUNT(a) (sizeof (a) / sizeof *(a))
#define TASKS 20

static int left;
static struct ask_member member[2];

static int next(void *from, struct arena *mem, struct request *q, struct err *err)
{
    (void)mem; (void)err;
    if (left == 0)
        return 0;
    left--;
    q->witness = *(enum witness *)from;
    q->start_day = utc_day(1699678830);
    q->end_day = q->start_day + 29;
    q->member = member;
    q->members = COUNT(member);
    for (size_t i = 0; i < COUNT(member); i++)
        member[i] = (struct ask_member){ .id = ID(i), .item = (int64_t)i + 1 };
    return 1;
}

enum loop { LOOP_FETCH, LOOP_VALIDATE, LOOPS };

static struct notes *run_with(enum loop loop, int tasks, struct notes *n)
{
    struct fetch_opts o = { .set = &n->set, .client_key = "key", .client_secret = "hush" };
    enum witness witness = loop == LOOP_FETCH ? WITNESS_QUERY : WITNESS_VALIDATION;
    struct ask_source source = { next, &witness };
    int rc, before = n->dones;

    n->err = (struct err){ 0 };
    left = tasks;
    rc = loop == LOOP_FETCH ? fetch_run(&o, &source, &n->sink, &n->sum, &n->err)
                            : validate_run(&o, &source, &n->sink, &n->sum, &n->err);
    assert_int_equal(rc != 0, n->err.kind != ERR_NONE);
    assert_int_equal(n->dones - before, n->sum.requests);
    return n;
}

static struct notes *with(const char *attempts)
{
    struct notes *n = notes_new();
    char text[32];

    snprintf(text, sizeof text, "api.attempts=%s", attempts);
    assert_int_equal(settings_set(&n->set, text, &n->err), 0);
    assert_int_equal(settings_set(&n->set, "api.concurrency=1", &n->err), 0);
    return n;
}

static void repeat(struct said *script, size_t n, int status, const char *body)
{
    for (size_t i = 0; i < n; i++)
        script[i] = (struct said){ "*", status, body };
}

static void same_fault_has_one_name_and_one_number_of_sends(void **state)
{
    static const struct { int status; const char *body, *code; int sends;
    } faults[] = {
        { 500, REFUSAL("internal_error", "x"), "internal_error", 2 },
        { 500, "{\"data\":{},\"error\":{\"message\":\"x\"}}", "http_500", 2 },
        { 400, "{\"data\":{},\"error\":{\"message\":\"x\"}}", "http_400", 1 },
        { 504, "<html>504</html>", "http_504", 2 },
        { 200, "{\"data\":{\"vid", "not_json", 2 },
        { 404, "<html>404</html>", "http_404", 1 },
        { 400, REFUSAL("invalid_params", "no"), "invalid_params", 1 },
        { 429, REFUSAL("rate_limit_exceeded", "slow"), "rate_limit_exceeded", 2 },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(faults); i++)
        for (int loop = 0; loop < LOOPS; loop++) {
            struct said script[2];
            struct notes *n;

            repeat(script, COUNT(script), faults[i].status, faults[i].body);
            box_script(script, COUNT(script));
            n = run_with((enum loop)loop, 1, with("2"));
            assert_int_equal(n->err.kind, ERR_NONE);
            assert_string_equal(n->done[0].error_code, faults[i].code);
            assert_int_equal(n->done[0].sends, faults[i].sends);
            assert_true(n->sum.failed == 1 && n->sum.incomplete == 1 && !n->done[0].complete);
            notes_free(n);
        }
}

/* Eight in a row are the API's doing: an outage of minutes is outlived, and what is
 * left of the day's calls is not spent on a longer one. */
static void as_many_failures_in_a_row_end_both(void **state)
{
    static const struct { int status; const char *body; } faults[] = {
        { 500, REFUSAL("internal_error", "x") }, { 400, REFUSAL("invalid_params", "no") }
    };
    struct said script[TASKS];

    (void)state;
    for (size_t i = 0; i < COUNT(faults); i++)
        for (int loop = 0; loop < LOOPS; loop++) {
            struct notes *n;

            repeat(script, TASKS, faults[i].status, faults[i].body);
            box_script(script, TASKS);
            n = run_with((enum loop)loop, TASKS, with("1"));
            assert_int_equal(n->err.kind, ERR_AGAIN);
            assert_true(n->err.retry_at > utc_now() && n->sum.retry_at == n->err.retry_at);
            assert_int_equal(n->dones, 8);
            assert_int_equal(n->sum.failed, 8);
            assert_int_equal(left, TASKS - 8);
            notes_free(n);
        }
}

static void renewed_token_costs_no_attempt(void **state)
{
    static const struct said script[] = { { "*", 401, REFUSAL("access_token_invalid", "old") },
                                          { "*", 500, REFUSAL("internal_error", "x") },
                                          { "*", 500, REFUSAL("internal_error", "x") } };

    (void)state;
    for (int loop = 0; loop < LOOPS; loop++) {
        struct notes *n;

        box_script(script, COUNT(script));
        n = run_with((enum loop)loop, 1, with("2"));
        assert_int_equal(n->done[0].sends, 3);
        assert_int_equal(box.tokens, 2);
        notes_free(n);
    }
}

static void new_token_that_is_refused_needs_a_person(void **state)
{
    static const struct said script[] = { { "*", 401, REFUSAL("access_token_invalid", "old") },
                                          { "*", 401, REFUSAL("access_token_invalid", "old") } };
    char said[LOOPS][sizeof ((struct err *)0)->msg];

    (void)state;
    for (int loop = 0; loop < LOOPS; loop++) {
        struct notes *n;

        box_script(script, COUNT(script));
        n = run_with((enum loop)loop, 2, with("5"));
        assert_int_equal(n->err.kind, ERR_AUTH);
        assert_true(n->dones == 1 && n->sum.failed == 0);
        snprintf(said[loop], sizeof said[loop], "%s", n->err.msg);
        notes_free(n);
    }
    assert_string_equal(said[LOOP_FETCH], said[LOOP_VALIDATE]);
}

static void both_come_back_when_the_token_host_says_so(void **state)
{
    (void)state;
    for (int loop = 0; loop < LOOPS; loop++) {
        struct notes *n = with("3");

        box_script(NULL, 0);
        box.token_status = 503;
        box.token_body = "<html>busy</html>";
        box.retry_after = "3600";
        run_with((enum loop)loop, 1, n);
        assert_int_equal(n->err.kind, ERR_AGAIN);
        assert_in_range(n->err.retry_at - utc_now(), 3500, 3600);
        assert_int_equal(box.tokens, 1);
        box.retry_after = NULL;
        box.tokens = 0;
        run_with((enum loop)loop, 1, n);
        assert_int_equal(n->err.kind, ERR_AGAIN);
        assert_int_equal(box.tokens, 3);
        assert_int_equal(n->events.n, 0);
        notes_free(n);
    }
}

static void both_wait_as_long_as_they_are_told(void **state)
{
    static const struct said script[] = { { "*", 429, REFUSAL("rate_limit_exceeded", "slow") },
                                          { "*", 400, REFUSAL("invalid_params", "no") } };

    (void)state;
    for (int loop = 0; loop < LOOPS; loop++) {
        int64_t before = utc_tick_ms();
        struct notes *n = with("3");

        box_script(script, COUNT(script));
        box.retry_after = "1";
        run_with((enum loop)loop, 1, n);
        assert_true(utc_tick_ms() - before >= 950);
        assert_int_equal(n->done[0].sends, 2);
        box_script(script, 1);
        box.retry_after = "3600";
        run_with((enum loop)loop, 1, n);
        assert_int_equal(n->err.kind, ERR_AGAIN);
        assert_in_range(n->err.retry_at - utc_now(), 3500, 3600);
        assert_string_equal(n->done[1].error_code, "rate_limit_exceeded");
        notes_free(n);
    }
}

/* Its last reply was a good one, but not the last that it needed. */
static void request_that_the_day_cuts_short_is_called_so(void **state)
{
    static const struct said script[] = {
        { "*", 200,
          "{\"data\":{\"videos\":[],\"cursor\":100,\"has_more\":true,\"task_id\":7}," OK_ENVELOPE }
    };

    (void)state;
    for (int loop = 0; loop < LOOPS; loop++) {
        struct notes *n = with("3");

        n->quota = 1;
        box_script(script, COUNT(script));
        run_with((enum loop)loop, 1, n);
        assert_int_equal(n->err.kind, ERR_QUOTA);
        assert_true(n->sum.quota && !n->sum.quota_told && n->sum.retry_at == 4242);
        assert_string_equal(n->done[0].error_code, "cut_short");
        assert_false(n->done[0].complete);
        notes_free(n);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_fault_has_one_name_and_one_number_of_sends),
        cmocka_unit_test(as_many_failures_in_a_row_end_both),
        cmocka_unit_test(renewed_token_costs_no_attempt),
        cmocka_unit_test(new_token_that_is_refused_needs_a_person),
        cmocka_unit_test(both_come_back_when_the_token_host_says_so),
        cmocka_unit_test(both_wait_as_long_as_they_are_told),
        cmocka_unit_test(request_that_the_day_cuts_short_is_called_so),
    };

    return cmocka_run_group_tests(tests, box_start, box_stop);
}
