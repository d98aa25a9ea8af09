/* A sink that somebody looks into hands on all that an arm gives it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "record/sink.h"

static struct seen {
    int reserve, exchange, put, done, commit, drift, user, spare, alike, reserved,
        announce, withdraw;
} inner, taps;
static int fails;

static int take_reserve(void *to, struct request *req, struct err *err)
{
    (void)req, (void)err;
    ((struct seen *)to)->reserve++;
    return fails;
}

static int take_exchange(void *to, const struct request *req, const struct http_exchange *x,
                         struct evidence *evidence, struct err *err)
{
    (void)req, (void)x, (void)err;
    ((struct seen *)to)->exchange++;
    evidence->n = 7;
    return fails;
}

static int take_put(void *to, const struct request *req, const struct answer *a, struct err *err)
{
    (void)req, (void)a, (void)err;
    ((struct seen *)to)->put++;
    return fails;
}

static int take_done(void *to, struct request *req, struct err *err)
{
    (void)req, (void)err;
    ((struct seen *)to)->done++;
    return fails;
}

static int take_commit(void *to, struct err *err)
{
    (void)err;
    ((struct seen *)to)->commit++;
    return fails;
}

static int take_drift(void *to, const char *kind, struct str name, int64_t count, int64_t at,
                      struct err *err)
{
    (void)kind, (void)name, (void)at, (void)err;
    ((struct seen *)to)->drift += (int)count;
    return fails;
}

static int take_user(void *to, const struct request *req, const struct user_answer *u,
                     struct err *err)
{
    (void)req, (void)u, (void)err;
    ((struct seen *)to)->user++;
    return fails;
}

static int take_spare(void *to, enum witness w, const struct ask_member *m, size_t n,
                      struct err *err)
{
    (void)w, (void)m, (void)err;
    ((struct seen *)to)->spare += (int)n;
    return fails;
}

static int take_alike(void *to, const struct answer *a, bool *yes, struct err *err)
{
    (void)a, (void)err;
    ((struct seen *)to)->alike++;
    *yes = true;
    return fails;
}

static int take_reserved(void *to, struct err *err)
{
    (void)err;
    ((struct seen *)to)->reserved++;
    return fails;
}

static int take_announce(void *to, struct request *req, struct err *err)
{
    (void)req, (void)err;
    ((struct seen *)to)->announce++;
    return fails;
}

static int take_withdraw(void *to, struct request *req, struct err *err)
{
    (void)req, (void)err;
    ((struct seen *)to)->withdraw++;
    return fails;
}

static void look_done(void *by, const struct request *req)
{
    (void)req;
    ((struct seen *)by)->done++;
}

static const struct sink whole = { take_reserve, take_exchange, take_put,  take_done,  take_commit,
                                   take_drift,   &inner,        take_user, take_spare, take_alike,
                                   take_reserved, take_announce, take_withdraw };

static void hand_everything(const struct sink *s)
{
    struct ask_member member = { .id = 1 };
    struct evidence evidence = {0};
    struct request req = {0};
    struct answer answer = { 0 }, twin = { .kind = ANSWER_NO_ANSWER, .nearly = true };
    struct sink settles = *s;
    struct user_answer user = {0};
    struct err err = {0};

    inner = taps = (struct seen){0};
    assert_int_equal(s->reserve(s->to, &req, &err), fails);
    assert_int_equal(s->reserved(s->to, &err), fails);
    assert_int_equal(s->announce(s->to, &req, &err), fails);
    assert_int_equal(s->withdraw(s->to, &req, &err), fails);
    assert_int_equal(s->exchange(s->to, &req, NULL, &evidence, &err), fails);
    assert_int_equal(evidence.n, 7);
    assert_int_equal(s->put(s->to, &req, &answer, &err), fails);
    assert_int_equal(s->user(s->to, &req, &user, &err), fails);
    assert_int_equal(s->spare(s->to, WITNESS_PAGE, &member, 1, &err), fails);
    assert_int_equal(sink_settle(&settles, &twin, &err), fails);
    assert_int_equal(twin.kind, fails ? ANSWER_NO_ANSWER : ANSWER_PUBLIC);
    assert_int_equal(s->drift(s->to, "api_key", STR("is_new"), 1, 0, &err), fails);
    assert_int_equal(s->done(s->to, &req, &err), fails);
    assert_int_equal(s->commit(s->to, &err), fails);
    assert_true(inner.reserve == 1 && inner.exchange == 1 && inner.put == 1 && inner.user == 1 &&
                inner.spare == 1 && inner.alike == 1 && inner.drift == 1 && inner.done == 1 &&
                inner.commit == 1 && inner.reserved == 1 && inner.announce == 1 &&
                inner.withdraw == 1);
}

static void everything_is_handed_on(void **state)
{
    struct sink_tap tap = { .inner = whole };
    struct sink s = sink_through(&tap);

    (void)state;
    fails = 0;
    hand_everything(&s);
    fails = -1;
    hand_everything(&s);
}

static void somebody_looks_at_what_was_taken(void **state)
{
    struct sink_tap tap = { .inner = whole, .put = take_put, .done = look_done, .by = &taps };
    struct sink s = sink_through(&tap);

    (void)state;
    fails = 0;
    hand_everything(&s);
    assert_true(taps.put == 1 && taps.done == 1);
    fails = -1;
    hand_everything(&s);
    assert_true(taps.put == 0 && taps.done == 1);       // an answer that was not taken is none
}

static void number_round(void *by, struct request *req)
{
    ((struct seen *)by)->reserve++;
    req->round = 9;
}

/* A further send of the same request is reserved again, and begins nothing. */
static void a_request_is_begun_once(void **state)
{
    struct sink_tap tap = { .inner = whole, .begin = number_round, .by = &taps };
    struct sink s = sink_through(&tap);
    struct request req = { 0 };
    struct err err = { 0 };

    (void)state;
    fails = 0;
    inner = taps = (struct seen){ 0 };
    assert_int_equal(s.reserve(s.to, &req, &err), 0);
    assert_int_equal(req.round, 9);
    req.n = 4;
    assert_int_equal(s.reserve(s.to, &req, &err), 0);
    assert_true(inner.reserve == 2 && taps.reserve == 1);
    req = (struct request){ 0 };
    assert_int_equal(s.announce(s.to, &req, &err), 0);
    req.n = 5;
    assert_int_equal(s.reserve(s.to, &req, &err), 0);
    assert_true(req.round == 9 && taps.reserve == 2);
}

static void two_may_look(void **state)
{
    struct sink_tap near = { .inner = whole }, far;
    struct sink s;

    (void)state;
    fails = 0;
    far = (struct sink_tap){ .inner = sink_through(&near) };
    s = sink_through(&far);
    hand_everything(&s);
}

static void what_the_inner_sink_leaves_out_is_left_out(void **state)
{
    struct sink_tap tap = { .inner = whole };
    struct sink s;

    (void)state;
    tap.inner.user = NULL;
    tap.inner.spare = NULL;
    tap.inner.alike = NULL;
    s = sink_through(&tap);
    assert_null(s.user);
    assert_null(s.spare);
    assert_null(s.alike);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_is_handed_on),
        cmocka_unit_test(somebody_looks_at_what_was_taken),
        cmocka_unit_test(a_request_is_begun_once),
        cmocka_unit_test(two_may_look),
        cmocka_unit_test(what_the_inner_sink_leaves_out_is_left_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
