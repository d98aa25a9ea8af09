/* fetch_run against a small API of this test's own. One letter of the script
 * says how the next query is answered; behind its end all is well:
 *   k every id comes back       n none does, has_more false    z the same as k, gzip
 *   p half, has_more            e empty page, has_more         c has_more, cursor stands still
 *   5 internal_error            h 504 with HTML                t cut JSON        b bad parameters
 *   s search refused            1 token refused                a scope refused   q the day's quota
 *   r too fast, Retry-After     f video_tag refused            F a field refused, without its name
 *   x rows that are strange     m no has_more in the reply */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <microhttpd.h>
#include <pthread.h>
#include <unistd.h>
#include <zlib.h>
#include "base/stop.h"
#include "base/utc.h"
#include "fetch/fetch.h"

#define AT 1700000000                  // every post's second
#define MEMBERS 6
#define REQUESTS_MAX 64

/* ---- the API ---- */

static struct {
    struct MHD_Daemon *daemon; int port;
    const char *script, *token_reply; int token_status;
    int queries, tokens;
    char body[REQUESTS_MAX][4096], url[REQUESTS_MAX][1024];
} api;
static pthread_mutex_t api_lock = PTHREAD_MUTEX_INITIALIZER;

static void add_row(struct buf *b, uint64_t id, int64_t created)
{
    buf_printf(b, "%s{\"id\":%llu,\"create_time\":%lld,\"username\":\"u\\u0000\",\"view_count\":5}",
               b->p[b->n - 1] == '[' ? "" : ",", (unsigned long long)id, (long long)created);
}

/* Every step-th id of the question, as rows. */
static void add_rows(struct buf *b, const char *question, int step)
{
    const char *p = strstr(question, "field_values\":[");
    int i = 0;

    for (p = p ? p + 14 : ""; (p = strpbrk(p, "\"]")) && *p == '"'; p = strchr(p + 1, '"') + 1)
        if (i++ % step == 0)
            add_row(b, strtoull(p + 1, NULL, 10), AT);
}

static void data_reply(struct buf *b, char how, const char *question)
{
    const char *at = strstr(question, "\"cursor\":");
    long long cursor = at ? strtoll(at + 9, NULL, 10) : 0;

    buf_puts(b, "{\"data\":{\"videos\":[");
    if (strchr("kzm", how))
        add_rows(b, question, 1);
    else if (strchr("pc", how))
        add_rows(b, question, 2);
    else if (how == 'x') {
        add_rows(b, question, 2);
        add_rows(b, question, 3);                       // two of them a second time
        add_row(b, ((uint64_t)AT << 32) | 999999, AT);  // not asked for
        add_row(b, ((uint64_t)AT << 32) | 2, AT - 90 * UTC_DAY_S);
    }
    buf_printf(b, "],\"cursor\":%lld,\"search_id\":\"77001\"", how == 'c' ? cursor : cursor + 100);
    if (how != 'm')
        buf_printf(b, ",\"has_more\":%s", strchr("pec", how) ? "true" : "false");
    buf_puts(b, "},\"error\":{\"code\":\"ok\",\"message\":\"\",\"log_id\":\"20231114221320AB\"}}");
}

static int error_reply(struct buf *b, char how)
{
    static const struct { char how; int status; const char *code, *message;
    } errors[] = {
        { '5', 500, "internal_error", "Something is wrong" },
        { 'b', 400, "invalid_params", "the window is over 30 days" },
        { 's', 400, "invalid_params", "Search Id 77001 is invalid or expired" },
        { '1', 401, "access_token_invalid", "old" },
        { 'a', 401, "scope_not_authorized", "not approved" },
        { 'q', 429, "daily_quota_limit_exceeded", "over" },
        { 'r', 429, "rate_limit_exceeded", "slow down" },
        { 'f', 400, "invalid_params", "unknown field: video_tag" },
        { 'F', 400, "invalid_params", "some fields are invalid" },
    };

    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
        if (errors[i].how == how) {
            buf_printf(
                b, "{\"data\":{},\"error\":{\"code\":\"%s\",\"message\":\"%s\",\"log_id\":\"L\"}}",
                errors[i].code, errors[i].message);
            return errors[i].status;
        }
    return 0;
}

static void gzip_buf(struct buf *b)
{
    static unsigned char out[65536];
    z_stream z = { .next_in = (unsigned char *)b->p, .avail_in = (unsigned)b->n, .next_out = out,
                   .avail_out = sizeof out };

    deflateInit2(&z, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY);
    deflate(&z, Z_FINISH);
    buf_clear(b);
    buf_add(b, out, z.total_out);
    deflateEnd(&z);
}

static enum MHD_Result send_reply(struct MHD_Connection *con, int status, struct buf *b, char how)
{
    struct MHD_Response *r = MHD_create_response_from_buffer(b->n, b->p, MHD_RESPMEM_MUST_COPY);
    enum MHD_Result rc;

    MHD_add_response_header(r, "Content-Type", how == 'h' ? "text/html" : "application/json");
    if (how == 'z')
        MHD_add_response_header(r, "Content-Encoding", "gzip");
    if (how == 'r')
        MHD_add_response_header(r, "Retry-After", "1");
    rc = MHD_queue_response(con, (unsigned)status, r);
    MHD_destroy_response(r);
    buf_release(b);
    return rc;
}

static enum MHD_Result answer_query(struct MHD_Connection *con, const char *question)
{
    const char *fields = MHD_lookup_connection_value(con, MHD_GET_ARGUMENT_KIND, "fields");
    struct buf b = { 0 };
    int n = api.queries++, status;
    char how = api.script[0];

    how = how ? *api.script++ : 'k';
    if (n < REQUESTS_MAX) {
        snprintf(api.body[n], sizeof api.body[n], "%s", question);
        snprintf(api.url[n], sizeof api.url[n], "%s", fields ? fields : "");
    }
    if ((status = error_reply(&b, how)))
        return send_reply(con, status, &b, how);
    if (how == 'h') {
        buf_puts(&b, "<html><h1>504 Gateway Time-out</h1></html>");
        return send_reply(con, 504, &b, how);
    }
    data_reply(&b, how, question);
    if (how == 'z')
        gzip_buf(&b);
    return send_reply(con, 200, &b, how);
}

static enum MHD_Result on_request(void *to, struct MHD_Connection *con, const char *url,
                                  const char *method, const char *version, const char *data,
                                  size_t *len, void **state)
{
    struct buf *body = *state, b = { 0 };
    enum MHD_Result rc;

    (void)to; (void)method; (void)version;
    if (!body) {
        *state = calloc(1, sizeof *body);
        return *state ? MHD_YES : MHD_NO;
    }
    if (*len > 0) {
        buf_add(body, data, *len);
        *len = 0;
        return MHD_YES;
    }
    pthread_mutex_lock(&api_lock);
    if (strcmp(url, "/v2/oauth/token/") == 0) {
        api.tokens++;
        buf_puts(&b, api.token_reply);
        rc = send_reply(con, api.token_status, &b, 'k');
    } else if (api.script[0] == 't') {
        api.script++;
        api.queries++;
        buf_puts(&b, "{\"data\":{\"videos\":[{\"id\":73");
        rc = send_reply(con, 200, &b, 't');
    } else {
        rc = answer_query(con, buf_cstr(body));
    }
    pthread_mutex_unlock(&api_lock);
    return rc;
}

static void on_request_end(void *to, struct MHD_Connection *con, void **state,
                           enum MHD_RequestTerminationCode why)
{
    (void)to; (void)con; (void)why;
    if (*state)
        buf_release(*state);
    free(*state);
    *state = NULL;
}

static int api_start(void **state)
{
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

    (void)state;
    api.daemon = MHD_start_daemon(MHD_USE_AUTO | MHD_USE_INTERNAL_POLLING_THREAD, 0, NULL, NULL,
                                  on_request, NULL, MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&a,
                                  MHD_OPTION_NOTIFY_COMPLETED, on_request_end, NULL,
                                  MHD_OPTION_END);
    if (!api.daemon)
        return -1;
    api.port = MHD_get_daemon_info(api.daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
    return 0;
}

static int api_stop(void **state)
{
    (void)state;
    MHD_stop_daemon(api.daemon);
    return 0;
}

/* ---- source and sink ---- */

struct desk {
    int left, given;                   // source
    int late;                          // come only after the first answer
    int64_t quota;                     // sends that reserve allows
    bool fail_put, stop_on_put;
    struct buf events;                 // R reserve, X exchange, P put, D done, C commit,
                                       // A announce, S reserved, W withdraw
    int reserved, withdrawn, puts, commits;
    struct request done[REQUESTS_MAX]; int dones;
    struct buf drift;
    struct settings set;
    struct ask_source source; struct sink sink;
    struct fetch_result sum; struct err err;
};

static int desk_next(void *from, struct arena *mem, struct request *q, struct err *err)
{
    struct desk *d = from;

    (void)err;
    if (d->left == 0 && d->late > 0 && d->dones > 0) {
        d->left = d->late;
        d->late = 0;
    }
    if (d->left == 0)
        return 0;
    d->left--;
    q->witness = WITNESS_QUERY;
    q->round = 1;
    q->start_day = utc_day(AT) - 1;
    q->end_day = q->start_day + 29;
    q->members = MEMBERS;
    q->member = arena_alloc(mem, MEMBERS * sizeof *q->member);
    for (int i = 0; i < MEMBERS; i++)
        q->member[i] = (struct ask_member){ .id = ((uint64_t)AT << 32) |
                                                  (uint64_t)(d->given * MEMBERS + i),
                                            .item = d->given * MEMBERS + i + 1 };
    d->given++;
    return 1;
}

static int desk_reserve(void *to, struct request *q, struct err *err)
{
    struct desk *d = to;

    if (d->quota-- <= 0) {
        err_set(err, ERR_QUOTA, "today's calls are used up");
        err->retry_at = 4242;
        return -1;
    }
    if (q->n == 0)
        q->n = ++d->reserved;
    buf_char(&d->events, 'R');
    return 0;
}

static int desk_exchange(void *to, const struct request *q, const struct http_exchange *x,
                         struct evidence *ev, struct err *err)
{
    struct desk *d = to;

    (void)err;
    assert_true(q->n > 0 && x->status > 0);
    assert_true(str_find_nocase(x->request_head, STR("authorization"), 0) < 0);
    assert_true(str_find(x->request_head, STR("clt."), 0) < 0);
    assert_true(str_find(x->request_body, STR("hush"), 0) < 0);
    assert_true(str_find(x->request_body, STR("video_id"), 0) > 0);
    ev->n = 700 + d->puts;
    buf_char(&d->events, 'X');
    return 0;
}

static int desk_put(void *to, const struct request *q, const struct answer *a, struct err *err)
{
    struct desk *d = to;

    if (d->fail_put)
        return err_set(err, ERR_IO, "the disk is full");
    if (d->stop_on_put)
        stop_ask();
    assert_int_equal(a->kind, ANSWER_FOUND);
    assert_int_equal(a->item, (int64_t)(a->id & 0xffffffff) + 1);
    assert_true(a->id == a->record->id && a->request == q->n && a->evidence.n >= 700 && a->at > AT);
    assert_int_equal(a->record->val[FIELD_VIEWS].i, 5);
    d->puts++;
    buf_char(&d->events, 'P');
    return 0;
}

static int desk_done(void *to, struct request *q, struct err *err)
{
    struct desk *d = to;

    (void)err;
    assert_true(d->dones < REQUESTS_MAX && q->sends > 0);
    d->done[d->dones++] = *q;
    buf_char(&d->events, 'D');
    return 0;
}

static int desk_commit(void *to, struct err *err)
{
    struct desk *d = to;

    (void)err;
    d->commits++;
    buf_char(&d->events, 'C');
    return 0;
}

static int desk_drift(void *to, const char *kind, struct str name, int64_t count, int64_t at,
                      struct err *err)
{
    struct desk *d = to;

    assert_true(at > 0);           // the answer's own time

    (void)err;
    buf_printf(&d->drift, "%s=%.*s:%lld ", kind, STR_ARG(name), (long long)count);
    return 0;
}

static int desk_announce(void *to, struct request *q, struct err *err)
{
    struct desk *d = to;

    (void)err;
    assert_int_equal(q->n, 0);
    q->n = ++d->reserved;
    buf_char(&d->events, 'A');
    return 0;
}

static int desk_withdraw(void *to, struct request *q, struct err *err)
{
    struct desk *d = to;

    (void)err;
    assert_true(q->n > 0 && q->sends == 0);
    q->n = 0;
    d->withdrawn++;
    buf_char(&d->events, 'W');
    return 0;
}

static int desk_reserved(void *to, struct err *err)
{
    (void)err;
    buf_char(&((struct desk *)to)->events, 'S');
    return 0;
}

static void desk_set(struct desk *d, const char *assignment)
{
    assert_int_equal(settings_set(&d->set, assignment, &d->err), 0);
}

static struct desk *desk_new(int requests, const char *script)
{
    struct desk *d = calloc(1, sizeof *d);
    char text[64];

    assert_non_null(d);
    d->left = requests;
    d->quota = 1000;
    settings_init(&d->set);
    snprintf(text, sizeof text, "api.base_url=http://127.0.0.1:%d", api.port);
    desk_set(d, text);
    desk_set(d, "api.retry_base_ms=1");
    desk_set(d, "api.requests_per_second=10000");
    desk_set(d, "api.concurrency=1");
    d->source = (struct ask_source){ desk_next, d };
    d->sink = (struct sink){ .reserve = desk_reserve,
                             .exchange = desk_exchange,
                             .put = desk_put,
                             .done = desk_done,
                             .commit = desk_commit,
                             .drift = desk_drift,
                             .to = d };
    api.script = script;
    api.token_reply = "{\"access_token\":\"clt.x\",\"expires_in\":7200,\"token_type\":\"Bearer\"}";
    api.token_status = 200;
    api.queries = api.tokens = 0;
    return d;
}

/* As a server keeps it, to which each wait is a way. */
static void desk_is_far(struct desk *d)
{
    d->sink.announce = desk_announce;
    d->sink.withdraw = desk_withdraw;
    d->sink.reserved = desk_reserved;
}

static int desk_run(struct desk *d)
{
    struct fetch_opts o = { .set = &d->set, .client_key = "key", .client_secret = "hush" };

    return fetch_run(&o, &d->source, &d->sink, &d->sum, &d->err);
}

static void desk_free(struct desk *d)
{
    assert_int_equal(d->dones, d->commits);
    assert_int_equal(d->dones, d->sum.requests);
    buf_release(&d->events);
    buf_release(&d->drift);
    settings_release(&d->set);
    free(d);
}

/* One request, one flight: what happened, in its order. */
static struct desk *expect(int requests, const char *script, const char *events)
{
    struct desk *d = desk_new(requests, script);

    assert_int_equal(desk_run(d), 0);
    assert_string_equal(buf_cstr(&d->events), events);
    return d;
}

static void check_done(const struct desk *d, int n, bool complete, const char *code, int sends)
{
    assert_true(n < d->dones);
    assert_int_equal(d->done[n].complete, complete);
    assert_string_equal(d->done[n].error_code, code);
    assert_int_equal(d->done[n].sends, sends);
}

/* ---- promises ---- */

static void one_request_is_reserved_kept_put_closed_and_committed(void **state)
{
    struct desk *d = expect(1, "", "RXPPPPPPDC");

    (void)state;
    check_done(d, 0, true, "ok", 1);
    assert_string_equal(d->done[0].log_id, "20231114221320AB");
    assert_int_equal(d->done[0].http, 200);
    assert_int_equal(d->done[0].rows, MEMBERS);
    assert_true(d->done[0].done_at >= d->done[0].sent_at && d->done[0].sent_at > AT);
    assert_string_equal(
        api.body[0],
        "{\"query\":{\"and\":[{\"operation\":\"IN\",\"field_name\":\"video_id\","
        "\"field_values\":[\"7301444403200000000\","
        "\"7301444403200000001\",\"7301444403200000002\",\"7301444403200000003\","
        "\"7301444403200000004\","
        "\"7301444403200000005\"]}]},\"start_date\":\"20231113\",\"end_date\":\"20231212\","
        "\"max_count\":100}");
    assert_true(
        str_starts(str_of(api.url[0]), STR("id,video_description,create_time,region_code,")));
    assert_int_equal(api.tokens, 1);
    assert_int_equal(d->sum.nul_chars, MEMBERS);
    assert_string_equal(buf_cstr(&d->drift), "nul_char=api:6 ");
    desk_free(d);
}

static void many_requests_share_flights_and_a_token(void **state)
{
    struct desk *d = desk_new(40, "knknz");

    (void)state;
    desk_set(d, "api.concurrency=4");
    assert_int_equal(desk_run(d), 0);
    assert_int_equal(d->sum.requests, 40);
    assert_int_equal(d->sum.sends, 40);
    assert_int_equal(d->sum.found, 38 * MEMBERS);
    assert_int_equal(d->sum.absent, 2 * MEMBERS);
    assert_int_equal(d->puts, 38 * MEMBERS);
    assert_int_equal(d->sum.incomplete + d->sum.failed + d->sum.strange_rows, 0);
    assert_int_equal(api.tokens, 1);
    desk_free(d);
}

/* Each is charged when it is sent, not when it is announced; a further send waits for nothing, and
 * goes ahead of those that were not sent yet. */
static void several_are_announced_on_one_way(void **state)
{
    struct desk *d = desk_new(6, "k5");

    (void)state;
    desk_is_far(d);
    assert_int_equal(desk_run(d), 0);
    assert_string_equal(buf_cstr(&d->events), "AAAARSXPPPPPPDCRXRXPPPPPPDCRXPPPPPPDCRXPPPPPPDC"
                                              "AARSXPPPPPPDCRXPPPPPPDC");
    desk_free(d);
    d = desk_new(6, "");
    desk_is_far(d);
    desk_set(d, "api.requests_per_second=7");    // a way hides in the pauses
    desk_set(d, "api.concurrency=4");
    assert_int_equal(desk_run(d), 0);
    assert_null(strchr(buf_cstr(&d->events), 'A'));
    assert_int_equal(d->dones, 6);
    desk_free(d);
}

static void what_was_announced_and_never_sent_is_withdrawn(void **state)
{
    struct desk *d = desk_new(5, "");

    (void)state;
    desk_is_far(d);
    d->quota = 2;
    assert_int_equal(desk_run(d), -1);
    assert_int_equal(d->err.kind, ERR_QUOTA);
    assert_string_equal(buf_cstr(&d->events), "AAAARSXPPPPPPDCRXPPPPPPDCWW");
    desk_free(d);
    d = desk_new(9, "kq");
    desk_is_far(d);
    assert_int_equal(desk_run(d), -1);
    assert_true(d->err.kind == ERR_QUOTA && d->dones == 2 && d->withdrawn == 2);
    desk_free(d);
}

static void failures_of_the_platform_are_sent_again(void **state)
{
    (void)state;
    desk_free(expect(1, "5", "RXRXPPPPPPDC"));
    desk_free(expect(1, "h", "RXRXPPPPPPDC"));
    desk_free(expect(1, "t", "RXRXPPPPPPDC"));
    desk_free(expect(1, "5hts", "RXRXRXRXRXPPPPPPDC"));
    desk_free(expect(1, "z", "RXPPPPPPDC"));
}

static void request_that_never_succeeds_is_closed_and_the_run_goes_on(void **state)
{
    struct desk *d = expect(1, "55555", "RXRXRXRXRXDC");

    (void)state;
    check_done(d, 0, false, "internal_error", 5);
    assert_int_equal(d->sum.failed, 1);
    assert_int_equal(d->sum.incomplete, 1);
    assert_int_equal(d->sum.absent, 0);
    desk_free(d);
    d = expect(1, "hhhhh", "RXRXRXRXRXDC");
    check_done(d, 0, false, "http_504", 5);
    desk_free(d);
    d = expect(2, "b", "RXDC" "RXPPPPPPDC");              // of no use to send again
    check_done(d, 0, false, "invalid_params", 1);
    check_done(d, 1, true, "ok", 1);
    desk_free(d);
}

static void api_that_is_down_ends_the_run(void **state)
{
    struct desk *d = desk_new(20, "555555555555555555555555555555");

    (void)state;
    desk_set(d, "api.attempts=2");
    assert_int_equal(desk_run(d), -1);
    assert_int_equal(d->err.kind, ERR_AGAIN);
    assert_true(d->err.retry_at > utc_now());
    assert_true(d->sum.retry_at == d->err.retry_at);
    assert_int_equal(d->dones, 8);
    assert_int_equal(d->left, 12);
    desk_free(d);
}

static void pages_are_followed_until_the_api_says_so_or_all_are_back(void **state)
{
    struct desk *d = expect(1, "pk", "RXPPPRXPPPDC");

    (void)state;
    assert_int_equal(d->sum.strange_rows, 3);    // the second page repeats the first's rows
    desk_free(d);
    d = expect(1, "en", "RXRXDC");
    check_done(d, 0, true, "ok", 2);
    assert_int_equal(d->sum.absent, MEMBERS);
    assert_non_null(strstr(api.body[1], "\"cursor\":100,\"search_id\":\"77001\"}"));
    desk_free(d);
    d = expect(1, "eee", "RXRXRXDC");
    check_done(d, 0, false, "empty_pages", 3);
    assert_int_equal(d->sum.absent, 0);
    assert_int_equal(d->sum.failed, 0);
    desk_free(d);
    d = expect(1, "c", "RXPPPDC");
    check_done(d, 0, false, "cursor_stuck", 1);
    desk_free(d);
    d = expect(1, "m", "RXPPPPPPDC");                     // all are back: nothing is left to say
    check_done(d, 0, true, "ok", 1);
    desk_free(d);
}

static void refused_search_waits_and_then_starts_again(void **state)
{
    struct desk *d = expect(1, "pssk", "RXPPPRXRXRXPPPDC");

    (void)state;
    desk_free(d);
    d = expect(1, "psssk", "RXPPPRXRXRXRXPPPDC");
    assert_non_null(strstr(api.body[2], "search_id"));
    assert_null(
        strstr(api.body[4], "search_id"));    // from its start, and no row is strange for it
    assert_null(strstr(api.body[4], "cursor"));
    assert_int_equal(d->sum.strange_rows, 0);
    check_done(d, 0, true, "ok", 5);
    desk_free(d);
    d = expect(1, "sssss", "RXRXRXRXRXDC");
    check_done(d, 0, false, "invalid_params", 5);
    desk_free(d);
}

static void refused_token_is_renewed_once(void **state)
{
    struct desk *d = expect(1, "1", "RXRXPPPPPPDC");

    (void)state;
    assert_int_equal(api.tokens, 2);
    desk_free(d);
    d = desk_new(3, "11");
    assert_int_equal(desk_run(d), -1);
    assert_int_equal(d->err.kind, ERR_AUTH);
    check_done(d, 0, false, "access_token_invalid", 2);
    assert_int_equal(d->dones, 1);
    desk_free(d);
}

static void missing_scope_needs_a_person(void **state)
{
    struct desk *d = desk_new(3, "a");

    (void)state;
    assert_int_equal(desk_run(d), -1);
    assert_int_equal(d->err.kind, ERR_AUTH);
    assert_non_null(strstr(d->err.msg, "scope_not_authorized"));
    assert_int_equal(d->dones, 1);
    desk_free(d);
}

static void wrong_key_needs_a_person_and_charges_nothing(void **state)
{
    struct desk *d = desk_new(3, "");
    struct fetch_opts o = { .set = &d->set };

    (void)state;
    api.token_reply =
        "{\"error\":\"invalid_client\",\"error_description\":\"hush\",\"log_id\":\"1\"}";
    assert_int_equal(desk_run(d), -1);
    assert_int_equal(d->err.kind, ERR_AUTH);
    assert_null(strstr(d->err.msg, "hush"));
    assert_int_equal(fetch_run(&o, &d->source, &d->sink, &d->sum, &d->err), -1);
    assert_int_equal(d->err.kind, ERR_AUTH);
    assert_int_equal(d->events.n, 0);
    desk_free(d);
}

static void used_up_ledger_ends_the_run_after_what_flies(void **state)
{
    struct desk *d = desk_new(5, "");

    (void)state;
    d->quota = 2;
    assert_int_equal(desk_run(d), -1);
    assert_int_equal(d->err.kind, ERR_QUOTA);
    assert_int_equal(d->err.retry_at, 4242);
    assert_true(d->sum.quota && !d->sum.quota_told && d->sum.retry_at == 4242);
    assert_string_equal(buf_cstr(&d->events), "RXPPPPPPDCRXPPPPPPDC");
    desk_free(d);
    d = desk_new(5, "p");                                 // in the middle of a search
    d->quota = 1;
    assert_int_equal(desk_run(d), -1);
    check_done(d, 0, false, "cut_short", 1);
    desk_free(d);
}

static void quota_told_by_the_platform_ends_the_day(void **state)
{
    struct desk *d = desk_new(5, "kq");

    (void)state;
    assert_int_equal(desk_run(d), -1);
    assert_int_equal(d->err.kind, ERR_QUOTA);
    assert_int_equal(d->err.retry_at % UTC_DAY_S, 0);
    assert_true(d->err.retry_at > utc_now() && d->sum.quota && d->sum.quota_told);
    check_done(d, 1, false, "daily_quota_limit_exceeded", 1);
    assert_int_equal(d->dones, 2);
    desk_free(d);
}

static void too_fast_waits_as_long_as_it_is_told(void **state)
{
    int64_t before = utc_tick_ms();
    struct desk *d = expect(1, "r", "RXRXPPPPPPDC");

    (void)state;
    assert_true(utc_tick_ms() - before >= 950);
    desk_free(d);
}

static void refused_field_is_left_out_for_the_rest_of_the_run(void **state)
{
    struct desk *d = expect(2, "f", "RXRXPPPPPPDCRXPPPPPPDC");

    (void)state;
    assert_non_null(strstr(api.url[0], "video_tag"));
    assert_null(strstr(api.url[1], "video_tag"));
    assert_null(strstr(api.url[2], "video_tag"));
    assert_non_null(strstr(api.url[2], "video_label"));
    assert_non_null(strstr(buf_cstr(&d->drift), "refused_field=video_tag:1 "));
    desk_free(d);
    d = expect(1, "F", "RXRXPPPPPPDC");
    assert_string_equal(
        api.url[1],
        "id,video_description,create_time,region_code,share_count,view_count,like_count,"
        "comment_count,music_id,hashtag_names,username,effect_ids,playlist_id,voice_to_text");
    assert_non_null(strstr(buf_cstr(&d->drift), "refused_field=video_duration:1 "));
    desk_free(d);
    d = expect(1, "FF", "RXRXDC");                        // no shorter list is left
    check_done(d, 0, false, "invalid_params", 2);
    desk_free(d);
}

static void strange_rows_are_counted_and_not_taken(void **state)
{
    struct desk *d = expect(1, "x", "RXPPPPDC");

    (void)state;
    check_done(d, 0, true, "ok", 1);
    assert_int_equal(d->done[0].rows, 4);
    assert_int_equal(d->done[0].strange_rows, 3);
    assert_int_equal(d->sum.strange_rows, 3);
    assert_non_null(strstr(buf_cstr(&d->drift), "strange_row=not_asked:1"));
    desk_free(d);
}

static void waiting_for_a_retry_blocks_no_other(void **state)
{
    struct desk *d = desk_new(6, "5");

    (void)state;
    desk_set(d, "api.retry_base_ms=300");
    assert_int_equal(desk_run(d), 0);
    assert_int_equal(d->dones, 6);
    assert_int_equal(d->done[5].sends, 2);                // the first asked is the last to end
    assert_int_equal(d->done[5].n, 1);
    desk_free(d);
}

static void source_is_asked_again_when_answers_gave_it_more(void **state)
{
    struct desk *d = desk_new(1, "");

    (void)state;
    desk_set(d, "api.concurrency=2");
    d->late = 3;
    assert_int_equal(desk_run(d), 0);
    assert_int_equal(d->dones, 4);
    desk_free(d);
}

static void rate_is_kept(void **state)
{
    struct desk *d = desk_new(11, "");
    int64_t before = utc_tick_ms(), took;

    (void)state;
    desk_set(d, "api.requests_per_second=50");
    desk_set(d, "api.concurrency=8");
    assert_int_equal(desk_run(d), 0);
    took = utc_tick_ms() - before;
    assert_true(took >= 185 && took < 2000);              // ten gaps of 20 ms, one burst of 10 ms
    desk_free(d);
}

static void fault_of_the_sink_ends_at_once(void **state)
{
    struct desk *d = desk_new(3, "");

    (void)state;
    desk_set(d, "api.concurrency=3");
    d->fail_put = true;
    assert_int_equal(desk_run(d), -1);
    assert_int_equal(d->err.kind, ERR_IO);
    assert_int_equal(d->dones, 0);
    desk_free(d);
}

static void on_the_test_clock_no_wait_takes_time(void **state)
{
    char path[] = "/tmp/test_fetch.XXXXXX";
    int fd = mkstemp(path);
    struct desk *d = desk_new(30, "5rh5");
    struct err err = { 0 };

    (void)state;
    assert_true(fd >= 0 && dprintf(fd, "1800000000\n") > 0 && close(fd) == 0);
    assert_int_equal(utc_use_file(path, &err), 0);
    desk_set(d, "api.retry_base_ms=60000");
    desk_set(d, "api.requests_per_second=0.1");
    assert_int_equal(desk_run(d), 0);
    assert_int_equal(d->dones, 30);
    assert_int_equal(d->done[0].sent_at, 1800000000);
    assert_int_equal(unlink(path), 0);
    desk_free(d);
}

/* Asking to stop cannot be taken back: these come last. */
static void interrupted_run_finishes_what_flies(void **state)
{
    struct desk *d = desk_new(50, "");

    (void)state;
    desk_set(d, "api.concurrency=2");
    desk_is_far(d);
    d->stop_on_put = true;
    assert_int_equal(desk_run(d), -1);
    assert_int_equal(d->err.kind, ERR_STOPPED);
    assert_in_range(d->dones, 1, 3);
    assert_int_equal(d->puts, d->dones * MEMBERS);
    assert_true(d->reserved == 8 && d->reserved - d->withdrawn == d->dones);
    desk_free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_request_is_reserved_kept_put_closed_and_committed),
        cmocka_unit_test(many_requests_share_flights_and_a_token),
        cmocka_unit_test(several_are_announced_on_one_way),
        cmocka_unit_test(what_was_announced_and_never_sent_is_withdrawn),
        cmocka_unit_test(failures_of_the_platform_are_sent_again),
        cmocka_unit_test(request_that_never_succeeds_is_closed_and_the_run_goes_on),
        cmocka_unit_test(api_that_is_down_ends_the_run),
        cmocka_unit_test(pages_are_followed_until_the_api_says_so_or_all_are_back),
        cmocka_unit_test(refused_search_waits_and_then_starts_again),
        cmocka_unit_test(refused_token_is_renewed_once),
        cmocka_unit_test(missing_scope_needs_a_person),
        cmocka_unit_test(wrong_key_needs_a_person_and_charges_nothing),
        cmocka_unit_test(used_up_ledger_ends_the_run_after_what_flies),
        cmocka_unit_test(quota_told_by_the_platform_ends_the_day),
        cmocka_unit_test(too_fast_waits_as_long_as_it_is_told),
        cmocka_unit_test(refused_field_is_left_out_for_the_rest_of_the_run),
        cmocka_unit_test(strange_rows_are_counted_and_not_taken),
        cmocka_unit_test(waiting_for_a_retry_blocks_no_other),
        cmocka_unit_test(source_is_asked_again_when_answers_gave_it_more),
        cmocka_unit_test(rate_is_kept),
        cmocka_unit_test(fault_of_the_sink_ends_at_once),
        cmocka_unit_test(on_the_test_clock_no_wait_takes_time),
        cmocka_unit_test(interrupted_run_finishes_what_flies),
    };

    return cmocka_run_group_tests(tests, api_start, api_stop);
}
