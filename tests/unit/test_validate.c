/* validate_run: three calls make one answer about thousands of ids, and a list
 * that may be no answer is none. */
#include "api_box.h"
#include "fetch/validate.h"
#include "record/id.h"

#define ID(i) (7300000000000000000ull + (uint64_t)(i))
#define MEMBERS 5
#define CREATE "/v2/research/validation_task/create/"
#define STATUS "/v2/research/validation_task_status/get/"
#define DOWNLOAD "/v2/research/validation_task/download/"
/* The documentation's task id has 20 digits. */
#define TASK "17218238127421821833"
#define CREATED { CREATE, 200, "{\"data\":{\"task_id\":" TASK "}," OK_ENVELOPE }
#define STATE(word)                                                                               \
    {                                                                                             \
        STATUS, 200, "{\"data\":{\"task_id\":" TASK ",\"task_status\":\"" word "\"}," OK_ENVELOPE \
    }
#define COUNT(a) (sizeof (a) / sizeof *(a))

static int left;
static struct ask_member member[MEMBERS];

static int next(void *from, struct arena *mem, struct request *q, struct err *err)
{
    (void)from; (void)mem; (void)err;
    if (left == 0)
        return 0;
    left--;
    q->witness = WITNESS_VALIDATION;
    q->member = member;
    q->members = MEMBERS;
    for (int i = 0; i < MEMBERS; i++)
        member[i] = (struct ask_member){ .id = ID(MEMBERS - i), .item = i + 1,
                                         .role = i == 0 ? ROLE_CANARY : ROLE_ASKED };
    return 1;
}

static int run(struct notes *n, int tasks, const struct said *script, size_t len)
{
    struct fetch_opts o = { .set = &n->set, .client_key = "key", .client_secret = "hush" };
    struct ask_source source = { next, NULL };

    box_script(script, len);
    left = tasks;
    return validate_run(&o, &source, &n->sink, &n->sum, &n->err);
}

static void ids_on_the_list_come_back(void **state)
{
    static const struct said script[] = { CREATED, STATE("Processing"), STATE("Completed"),
        { DOWNLOAD, 200, "7300000000000000005\r\n7300000000000000002\n\n" } };
    struct notes *n = notes_new();

    (void)state;
    assert_int_equal(run(n, 1, script, COUNT(script)), 0);
    assert_string_equal(buf_cstr(&n->events), "RXRXRXRXDC");
    assert_true(n->done[0].complete && n->done[0].sends == 4 && n->done[0].rows == 2);
    assert_true(member[0].came_back && member[3].came_back);
    assert_false(member[1].came_back || member[2].came_back || member[4].came_back);
    assert_true(n->sum.found == 2 && n->sum.absent == 3 && n->sum.sends == 4 &&
                n->sum.requests == 1);
    assert_int_equal(box.tokens, 1);
    assert_true(str_starts(str_of(box.type[0]), STR("multipart/form-data; boundary=")));
    assert_true(str_find(buf_view(&box.body[0]), STR("name=\"category\"\r\n\r\nvideo\r\n"), 0) > 0);
    assert_true(str_find(buf_view(&box.body[0]), STR("name=\"file_data\"; filename="), 0) > 0);
    assert_true(str_find(buf_view(&box.body[0]),
                         STR("\r\n\r\n7300000000000000005\n7300000000000000004\n"), 0) > 0);
    assert_string_equal(buf_cstr(&box.body[1]), "{\"task_id\":" TASK "}");
    assert_string_equal(buf_cstr(&box.body[3]), "{\"task_id\":" TASK "}");
    notes_free(n);
}

/* An empty list of a sick platform would call every post invalid. */
static void list_without_any_canary_is_no_answer(void **state)
{
    static const struct said script[] = { CREATED,
                                          STATE("Completed"),
                                          { DOWNLOAD, 200, "7300000000000000002\n" } };
    struct notes *n = notes_new();

    (void)state;
    assert_int_equal(run(n, 1, script, COUNT(script)), 0);
    assert_false(n->done[0].complete);
    assert_string_equal(n->done[0].error_code, "no_canary");
    assert_true(n->sum.found == 0 && n->sum.absent == 0 && n->sum.failed == 1);
    assert_false(member[3].came_back);
    notes_free(n);
}

static void cut_list_is_no_answer(void **state)
{
    static const struct said script[] = { CREATED, STATE("Completed"),
        { DOWNLOAD, 200, "7300000000000000005\n73000000000000" } };
    struct notes *n = notes_new();

    (void)state;
    assert_int_equal(run(n, 1, script, COUNT(script)), 0);
    assert_false(n->done[0].complete || member[0].came_back);
    assert_string_equal(n->done[0].error_code, "cut_list");
    notes_free(n);
}

static void list_may_end_without_a_line_end_and_hold_strangers(void **state)
{
    struct request q = { .member = member, .members = MEMBERS };
    int strange = 0;

    (void)state;
    left = 1;
    assert_int_equal(next(NULL, NULL, &q, NULL), 1);
    assert_true(
        validate_read(STR("id\n7300000000000000001\n7300000000000000099\n7300000000000000001\n"
                          "7300000000000000005"),
                      &q, &strange));
    assert_int_equal(strange, 3);          // a head line, an id of nobody, one twice
    assert_true(member[0].came_back && member[4].came_back && q.rows == 2);
    assert_true(validate_read(STR(""), &q, &strange));
    assert_true(q.rows == 0 && !member[0].came_back && strange == 0);
}

static void failed_task_is_closed_and_the_next_goes_on(void **state)
{
    static const struct said script[] = { CREATED, STATE("Failed"), CREATED, STATE("Completed"),
        { DOWNLOAD, 200, "7300000000000000005\n" } };
    struct notes *n = notes_new();

    (void)state;
    assert_int_equal(run(n, 2, script, COUNT(script)), 0);
    assert_string_equal(n->done[0].error_code, "task_failed");
    assert_false(n->done[0].complete);
    assert_true(n->done[1].complete);
    assert_true(n->sum.requests == 2 && n->sum.failed == 1 && n->sum.incomplete == 1);
    notes_free(n);
}

static void server_errors_are_sent_again_and_charged(void **state)
{
    static const struct said script[] = { { CREATE, 500, REFUSAL("internal_error", "x") },
                                          CREATED,
                                          { STATUS, 504, "<html>504</html>" },
                                          STATE("Completed"),
                                          { DOWNLOAD, 200, "<html>busy</html>" },
                                          { DOWNLOAD, 200, "7300000000000000005\n" } };
    struct notes *n = notes_new();

    (void)state;
    assert_int_equal(run(n, 1, script, COUNT(script)), 0);
    assert_true(n->done[0].complete && n->done[0].sends == 6 && n->sum.sends == 6);
    notes_free(n);
}

static void refused_file_ends_the_task_and_not_the_run(void **state)
{
    static const struct said script[] = { { CREATE, 400,
                                            REFUSAL("invalid_params", "The file is empty") } };
    struct notes *n = notes_new();

    (void)state;
    assert_int_equal(run(n, 1, script, COUNT(script)), 0);
    assert_string_equal(n->done[0].error_code, "invalid_params");
    assert_true(!n->done[0].complete && n->sum.failed == 1);
    notes_free(n);
}

static void quota_and_scope_end_the_run_with_the_task_closed(void **state)
{
    static const struct said scope[] = { { CREATE, 401,
                                           REFUSAL("scope_not_authorized", "not approved") } };
    static const struct said over[] = {
        CREATED, { STATUS, 429, REFUSAL("daily_quota_limit_exceeded", "over") }
    };
    static const struct said two[] = { CREATED };
    struct notes *n = notes_new();

    (void)state;
    assert_int_equal(run(n, 1, scope, COUNT(scope)), -1);
    assert_int_equal(n->err.kind, ERR_AUTH);
    assert_string_equal(buf_cstr(&n->events), "RXDC");
    assert_int_equal(run(n, 1, over, COUNT(over)), -1);
    assert_int_equal(n->err.kind, ERR_QUOTA);
    assert_true(n->sum.quota_told && n->err.retry_at > utc_now() && n->dones == 2);
    n->quota = 1;                                      // the ledger's own end, between two sends
    assert_int_equal(run(n, 1, two, COUNT(two)), -1);
    assert_true(n->err.kind == ERR_QUOTA && n->err.retry_at == 4242 && !n->sum.quota_told);
    assert_true(n->dones == 3 && !n->done[2].complete && n->done[2].sends == 1);
    assert_int_equal(run(n, 1, two, COUNT(two)), -1);  // nothing reserved, nothing closed
    assert_int_equal(n->dones, 3);
    box.asked = 0;
    notes_free(n);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_on_the_list_come_back),
        cmocka_unit_test(list_without_any_canary_is_no_answer),
        cmocka_unit_test(cut_list_is_no_answer),
        cmocka_unit_test(list_may_end_without_a_line_end_and_hold_strangers),
        cmocka_unit_test(failed_task_is_closed_and_the_next_goes_on),
        cmocka_unit_test(server_errors_are_sent_again_and_charged),
        cmocka_unit_test(refused_file_ends_the_task_and_not_the_run),
        cmocka_unit_test(quota_and_scope_end_the_run_with_the_task_closed),
    };

    return cmocka_run_group_tests(tests, box_start, box_stop);
}
