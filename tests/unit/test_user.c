/* user_run: what a query by username and user/info say of an account. */
#include "api_box.h"
#include "fetch/user.h"

#define ID(i) (7300000000000000000ull + (uint64_t)(i))
#define QUERY "/v2/research/video/query/"
#define INFO "/v2/research/user/info/"
#define NO_ROWS                                                                              \
    {                                                                                        \
        QUERY, 200, "{\"data\":{\"videos\":[],\"cursor\":0,\"has_more\":false}," OK_ENVELOPE \
    }
#define KNOWN { INFO, 200, "{\"data\":{\"is_verified\":false,\"video_count\":41}," OK_ENVELOPE }
#define COUNT(a) (sizeof (a) / sizeof *(a))

static int left;
static struct ask_member member[2];

static int next(void *from, struct arena *mem, struct user_task *t, struct err *err)
{
    (void)from; (void)mem; (void)err;
    if (left == 0)
        return 0;
    left--;
    member[0] = (struct ask_member){ .id = ID(1), .item = 1 };
    member[1] = (struct ask_member){ .id = ID(2), .item = 2 };
    *t = (struct user_task){ .handle = STR("mira.\"moth"),
                             .item = 1,
                             .start_day = 20000,
                             .end_day = 20029,
                             .member = member,
                             .members = 2 };
    return 1;
}

static int run(struct notes *n, const struct said *script, size_t len)
{
    struct fetch_opts o = { .set = &n->set, .client_key = "key", .client_secret = "hush" };
    struct user_source source = { next, NULL };

    box_script(script, len);
    left = 1;
    return user_run(&o, &source, &n->sink, &n->sum, &n->err);
}

static void known_account_without_posts_is_told_as_such(void **state)
{
    static const struct said script[] = { NO_ROWS, KNOWN };
    struct notes *n = notes_new();

    (void)state;
    assert_int_equal(run(n, script, COUNT(script)), 0);
    assert_string_equal(buf_cstr(&n->events), "RXDCRXUDC");
    assert_true(n->users == 1 && n->user[0].query_ok && n->user[0].query_rows == 0);
    assert_true(n->user[0].info == USER_INFO_KNOWN && n->user[0].has_videos &&
                n->user[0].videos == 41);
    assert_true(n->done[0].complete && n->done[0].witness == WITNESS_USERNAME &&
                n->done[0].members == 2);
    assert_true(n->done[1].complete && n->done[1].members == 0);
    assert_string_equal(
        buf_cstr(&box.body[0]),
        "{\"query\":{\"and\":[{\"operation\":\"EQ\",\"field_name\":\"username\","
        "\"field_values\":[\"mira.\\\"moth\"]}]},\"start_date\":\"20241004\","
        "\"end_date\":\"20241102\",\"max_count\":100}");
    assert_string_equal(buf_cstr(&box.body[1]), "{\"username\":\"mira.\\\"moth\"}");
    assert_string_equal(box.query[1], "is_verified,video_count");
    notes_free(n);
}

static void rows_are_counted_and_own_ones_told_apart(void **state)
{
    static const struct said script[] = {
        { QUERY, 200,
          "{\"data\":{\"videos\":[],\"cursor\":100,\"has_more\":true,\"search_id\":\"77\"},"
          OK_ENVELOPE },
        { QUERY, 200,
          "{\"data\":{\"videos\":[{\"id\":7300000000000000002},{\"id\":7300000000000000077}],"
          "\"cursor\":200,\"has_more\":true}," OK_ENVELOPE },
        KNOWN
    };
    struct notes *n = notes_new();

    (void)state;
    assert_int_equal(run(n, script, COUNT(script)), 0);
    assert_true(n->user[0].query_ok && n->user[0].query_rows == 2 && n->user[0].query_items == 1);
    assert_true(!member[0].came_back && member[1].came_back && n->sum.found == 1);
    assert_true(str_find(buf_view(&box.body[1]), STR("\"cursor\":100,\"search_id\":\"77\"}"), 0) >
                0);
    notes_free(n);
}

static void empty_pages_that_promise_more_say_nothing(void **state)
{
    static const struct said script[] = {
        { QUERY, 200, "{\"data\":{\"videos\":[],\"cursor\":100,\"has_more\":true}," OK_ENVELOPE },
        { QUERY, 200, "{\"data\":{\"videos\":[],\"cursor\":100,\"has_more\":true}," OK_ENVELOPE },
        KNOWN
    };
    struct notes *n = notes_new();

    (void)state;
    assert_int_equal(run(n, script, COUNT(script)), 0);
    assert_false(n->user[0].query_ok || n->done[0].complete);
    assert_int_equal(n->user[0].info, USER_INFO_KNOWN);
    notes_free(n);
}

static void refusals_of_the_account_are_answers(void **state)
{
    static const struct said denied[] = { NO_ROWS,
        { INFO, 400, REFUSAL("invalid_params", "API cannot return this user's information") } };
    static const struct said unknown[] = {
        NO_ROWS,
        { INFO, 400, REFUSAL("invalid_params", "username mira is invalid: cannot find the user") }
    };
    static const struct said other[] = {
        NO_ROWS, { INFO, 400, REFUSAL("invalid_params", "Invalid count or cost") }
    };
    struct notes *n = notes_new();

    (void)state;
    assert_int_equal(run(n, denied, COUNT(denied)), 0);
    assert_true(n->user[0].info == USER_INFO_DENIED && n->done[1].complete);
    assert_string_equal(n->message[0], "API cannot return this user's information");
    assert_int_equal(run(n, unknown, COUNT(unknown)), 0);
    assert_true(n->user[1].info == USER_INFO_UNKNOWN && !n->user[1].has_videos);
    assert_int_equal(run(n, other, COUNT(other)), 0);
    assert_true(n->user[2].info == USER_INFO_NONE && !n->done[5].complete);
    notes_free(n);
}

/* A refusal of the request, or five failures, is no word about the account. */
static void failures_are_no_answers(void **state)
{
    static const struct said bad[] = { { QUERY, 400,
                                         REFUSAL("invalid_params", "the window is over 30 days") },
                                       { INFO, 500, REFUSAL("internal_error", "x") },
                                       { INFO, 500, REFUSAL("internal_error", "x") },
                                       { INFO, 500, REFUSAL("internal_error", "x") },
                                       { INFO, 500, REFUSAL("internal_error", "x") },
                                       { INFO, 500, REFUSAL("internal_error", "x") } };
    struct notes *n = notes_new();

    (void)state;
    assert_int_equal(run(n, bad, COUNT(bad)), 0);
    assert_true(!n->user[0].query_ok && n->user[0].info == USER_INFO_NONE);
    assert_true(!n->done[0].complete && !n->done[1].complete && n->done[1].sends == 5 &&
                n->sum.failed == 2);
    notes_free(n);
}

static void stale_token_is_renewed_once(void **state)
{
    static const struct said script[] = { { QUERY, 401, REFUSAL("access_token_invalid", "old") },
                                          NO_ROWS,
                                          KNOWN };
    static const struct said never[] = { { QUERY, 401, REFUSAL("access_token_invalid", "old") },
                                         { QUERY, 401, REFUSAL("access_token_invalid", "old") } };
    struct notes *n = notes_new();

    (void)state;
    assert_int_equal(run(n, script, COUNT(script)), 0);
    assert_int_equal(box.tokens, 2);
    assert_int_equal(run(n, never, COUNT(never)), -1);
    assert_int_equal(n->err.kind, ERR_AUTH);
    assert_true(str_find(str_of(n->err.msg), STR("hush"), 0) < 0);
    notes_free(n);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_account_without_posts_is_told_as_such),
        cmocka_unit_test(rows_are_counted_and_own_ones_told_apart),
        cmocka_unit_test(empty_pages_that_promise_more_say_nothing),
        cmocka_unit_test(refusals_of_the_account_are_answers),
        cmocka_unit_test(failures_are_no_answers),
        cmocka_unit_test(stale_token_is_renewed_once),
    };

    return cmocka_run_group_tests(tests, box_start, box_stop);
}
