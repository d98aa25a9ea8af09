/* fetch/fetch.c: one loop, one thread. A call is with the source, in the
 * waiting list (to be sent when it is due: new, next page, back-off) or in
 * flight; a call that waits for its back-off holds up no other. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/digest.h"
#include "base/inflate.h"
#include "base/log.h"
#include "base/stop.h"
#include "base/utc.h"
#include "fetch/call.h"
#include "fetch/fetch.h"
#include "fetch/reply.h"
#include "fetch/token.h"

#define QUERY_PATH "/v2/research/video/query/?fields="
#define TOKEN_REPLY_MAX (64u << 10)
#define WAIT_MAX_MS 120000             // public clients wait 30 to 120 s for a 500
#define RETRY_AFTER_MAX_MS 600000      // a longer Retry-After ends the run
#define DOWN_RETRY_S 900
#define FAILED_IN_ROW_MAX 8
#define SEARCH_TRIES 3                 // refusals before a search starts again
#define RESTARTS_MAX 2
#define BURST_MS 10.0                  // the limiter's memory: ticks are whole milliseconds
#define OPEN_PER_FLIGHT 8              // calls that may wait for each that may fly

struct run {
    const struct fetch_opts *opts;
    const struct settings *set;
    struct ask_source *source;
    struct sink *sink;
    struct fetch_result *sum;
    struct http *http;
    struct inflate *inflate; struct buf decoded;
    struct token token; bool token_flying; int token_tries; int64_t token_due_ms;
    struct str field[FIELDS_MAX]; size_t fields; int fields_generation;
    struct buf url;
    struct call *free, *waiting;
    struct call **all; size_t calls;   // every call there is, for the end
    int flying, open, flying_max, open_max;
    bool source_done; int64_t requests_when_done;
    double next_send_ms; int64_t pause_until_ms;
    int failed_in_row;
    uint64_t random;
    bool closing; struct err end;      // why no more is sent
};

/* ---- time ---- */

/* On the test clock waits are over at once: whoever moves it decides. */
static int64_t due_in(int64_t ms)
{
    return utc_is_test() ? 0 : utc_tick_ms() + ms;
}

/* base, 2 base, 4 base ..., each by a random 50 % to 100 %, so that many
 * clients that failed together do not come back together. */
static int64_t backoff_ms(struct run *r, int tries)
{
    int64_t wait = r->set->api_retry_base_ms;

    for (int i = 1; i < tries && wait < WAIT_MAX_MS; i++)
        wait *= 2;
    wait = wait > WAIT_MAX_MS ? WAIT_MAX_MS : wait;
    r->random = mix64(r->random + 1);
    return wait / 2 + (int64_t)(r->random % (uint64_t)(wait / 2 + 1));
}

static void run_close(struct run *r, const struct err *why)
{
    if (r->closing)
        return;
    r->closing = true;
    r->end = *why;
    if (why->kind == ERR_QUOTA)
        r->sum->quota = true;
    r->sum->retry_at = why->retry_at;
}

static void run_close_down(struct run *r, const char *what)
{
    struct err e = { 0 };

    err_set(&e, ERR_AGAIN, "the API does not answer properly: %s", what);
    e.retry_at = utc_now() + DOWN_RETRY_S;
    run_close(r, &e);
}

/* ---- calls ---- */

static void call_wait(struct run *r, struct call *c, int64_t due_ms)
{
    struct call **at = &r->waiting;

    c->due_ms = due_ms;
    while (*at && (*at)->due_ms <= due_ms)
        at = &(*at)->next;
    c->next = *at;
    *at = c;
}

static void call_recycle(struct run *r, struct call *c)
{
    call_clear(c);
    c->next = r->free;
    r->free = c;
    r->open--;
}

static int call_finish(struct run *r, struct call *c, bool complete, struct err *err)
{
    struct sink *s = r->sink;

    c->req.complete = complete;
    if (c->req.done_at == 0)
        c->req.done_at = utc_now();
    if (s->done(s->to, &c->req, err) || s->commit(s->to, err))
        return -1;
    r->sum->requests++;
    r->sum->found += (int64_t)c->back;
    r->sum->incomplete += !complete;
    if (complete)
        r->sum->absent += (int64_t)(c->req.members - c->back);
    log_progress("asked the API %lld times, %lld posts came back", (long long)r->sum->sends,
                 (long long)r->sum->found);
    call_recycle(r, c);
    return 0;
}

static void call_note(struct call *c, const char *code)
{
    snprintf(c->req.error_code, sizeof c->req.error_code, "%s", code);
}

static int call_give_up(struct run *r, struct call *c, struct err *err)
{
    char last[sizeof c->req.error_code];

    memcpy(last, c->req.error_code, sizeof last);
    r->sum->failed++;
    if (++r->failed_in_row >= FAILED_IN_ROW_MAX)
        run_close_down(r, last);
    return call_finish(r, c, false, err);
}

/* 1 and a call from the source at the head of the waiting list, 0 none. */
static int call_open(struct run *r)
{
    struct call *c = r->free;
    struct err e = { 0 };
    int rc;

    if (r->source_done || r->open >= r->open_max)
        return 0;
    if (c) {
        r->free = c->next;
    } else {
        c = xcalloc(1, sizeof *c);
        r->all = xrealloc(r->all, (r->calls + 1) * sizeof *r->all);
        r->all[r->calls++] = c;
    }
    c->next = NULL;
    r->open++;
    if ((rc = r->source->next(r->source->from, &c->mem, &c->req, &e)) != 1) {
        call_recycle(r, c);
        r->source_done = true;
        r->requests_when_done = r->sum->requests;
        if (rc < 0)
            run_close(r, &e);
        return 0;
    }
    call_begin(c);
    call_wait(r, c, 0);
    return 1;
}

/* ---- sending ---- */

static void url_start(struct buf *url, const char *base, const char *path)
{
    struct str b = str_of(base);

    while (b.n > 0 && b.p[b.n - 1] == '/')
        b.n--;
    buf_clear(url);
    buf_str(url, b);
    buf_puts(url, path);
}

static void fields_set(struct run *r, size_t len)
{
    r->fields = len;
    r->fields_generation++;
    url_start(&r->url, r->set->api_base_url, QUERY_PATH);
    for (size_t i = 0; i < len; i++) {
        if (i > 0)
            buf_char(&r->url, ',');
        http_escape(&r->url, r->field[i]);
    }
}

static bool is_empty(const char *s)
{
    return !s || !*s;
}

static void token_start(struct run *r)
{
    static const char *const header[] = { "Content-Type: application/x-www-form-urlencoded",
                                          "Cache-Control: no-cache", "Accept: application/json",
                                          NULL };
    struct buf url = { 0 }, body = { 0 };
    struct err e = { 0 };

    if (is_empty(r->opts->client_key) || is_empty(r->opts->client_secret)) {
        err_set(&e, ERR_AUTH, "the client key or secret is missing: set BLINDSPOT_CLIENT_KEY and "
                "BLINDSPOT_CLIENT_SECRET, or the same names with _FILE");
        run_close(r, &e);
        return;
    }
    url_start(&url, r->set->api_base_url, TOKEN_PATH);
    token_body(&body, r->opts->client_key, r->opts->client_secret);
    http_submit(r->http, &(struct http_request){ .url = buf_cstr(&url),
                                                 .body = buf_view(&body),
                                                 .post = true,
                                                 .header = header,
                                                 .body_max = TOKEN_REPLY_MAX,
                                                 .user = &r->token });
    r->token_flying = true;
    r->sum->token_calls++;
    explicit_bzero(body.p, body.n);
    buf_release(&body);
    buf_release(&url);
}

static int call_send(struct run *r, struct call *c, struct err *err)
{
    static const char *const header[] = { "Content-Type: application/json",
                                          "Accept: application/json", "Accept-Encoding: gzip",
                                          NULL };
    struct err e = { 0 };
    double now = (double)utc_tick_ms();

    if (r->sink->reserve(r->sink->to, &c->req, &e)) {
        if (e.kind == ERR_IO || e.kind == ERR_USAGE) {
            *err = e;
            return -1;
        }
        run_close(r, &e);
        call_wait(r, c, 0);
        return 0;
    }
    c->req.sends = ++c->sends;
    c->fields_generation = r->fields_generation;
    c->token_generation = r->token.generation;
    r->sum->sends++;
    call_compose(c);
    http_submit(r->http, &(struct http_request){ .url = buf_cstr(&r->url),
                                                 .body = buf_view(&c->body),
                                                 .post = true,
                                                 .header = header,
                                                 .secret_header = buf_cstr(&r->token.header),
                                                 .body_max = REPLY_MAX,
                                                 .user = c });
    r->flying++;
    r->next_send_ms = fmax(r->next_send_ms, now - BURST_MS) +
                      1000.0 / r->set->api_requests_per_second;
    return 0;
}

/* When the next send may be, in ticks: 0 = now, -1 = nothing to send. */
static int64_t next_due(const struct run *r)
{
    bool fresh = !r->source_done && r->open < r->open_max;
    int64_t due = fresh || !r->waiting ? 0 : r->waiting->due_ms;

    if (r->closing || r->flying >= r->flying_max || (!fresh && !r->waiting))
        return -1;
    if (token_is_due(&r->token, utc_now())) {
        if (r->token_flying)
            return -1;
        due = r->token_due_ms > due ? r->token_due_ms : due;
    }
    due = r->pause_until_ms > due ? r->pause_until_ms : due;
    if (!utc_is_test() && r->next_send_ms > (double)due)
        due = (int64_t)ceil(r->next_send_ms);
    return due;
}

static int send_due(struct run *r, struct err *err)
{
    struct call *c;

    for (;;) {
        int64_t now = utc_tick_ms(), due = next_due(r);

        if (due < 0 || due > now)
            return 0;
        if ((!r->waiting || r->waiting->due_ms > now) && !call_open(r))
            continue;                             // next_due says again what is left
        if (token_is_due(&r->token, utc_now())) {
            token_start(r);
            continue;
        }
        c = r->waiting;
        r->waiting = c->next;
        c->next = NULL;
        if (call_send(r, c, err))
            return -1;
    }
}

/* ---- replies ---- */

static int64_t retry_after_ms(const struct http_exchange *x)
{
    struct str value = http_header(x, "Retry-After");
    struct err ignored = { 0 };
    int64_t at;

    if (value.n == 0 || utc_parse_retry_after(value, x->done_at, &at, &ignored) || at <= x->done_at)
        return 0;
    return (at - x->done_at) * 1000;
}

/* A failed send: waits its turn again, or is given up. everything: the whole
 * run waits (429). */
static int call_retry(struct run *r, struct call *c, const struct http_exchange *x, bool everything,
                      struct err *err)
{
    int64_t wait, asked = retry_after_ms(x);
    struct err e = { 0 };

    if (++c->tries >= r->set->api_attempts)
        return call_give_up(r, c, err);
    /* The platform's limit is a sliding minute: unless it says how long, short
     * waits would be in vain. */
    wait = backoff_ms(r, everything && asked == 0 ? c->tries + 3 : c->tries);
    wait = asked > wait ? asked : wait;
    if (wait > RETRY_AFTER_MAX_MS) {
        err_set(&e, ERR_AGAIN, "the API asks to come back later (%s)", c->req.error_code);
        e.retry_at = x->done_at + wait / 1000;
        run_close(r, &e);
    }
    if (everything && due_in(wait) > r->pause_until_ms)
        r->pause_until_ms = due_in(wait);
    call_wait(r, c, due_in(wait));
    return 0;
}

static enum api_error fault_error(struct call *c, const struct http_exchange *x)
{
    static const char *const names[] = {
        [HTTP_OK] = "",
        [HTTP_TIMEOUT] = "timeout",
        [HTTP_CONNECT] = "connect",
        [HTTP_DNS] = "dns",
        [HTTP_TLS] = "tls",
        [HTTP_TOO_LARGE] = "too_large",
        [HTTP_BROKEN] = "broken",
        [HTTP_REFUSED_URL] = "refused_url",
    };

    call_note(c, names[x->fault]);
    return x->fault == HTTP_TOO_LARGE || x->fault == HTTP_REFUSED_URL ? API_FAIL : API_RETRY;
}

/* Bodies that are no reply: gateways' HTML, cut JSON. Such a one is the
 * platform's failure, unless the status is one that stays. */
static enum api_error garbled(struct call *c, int status, const char *what)
{
    if (status == 200)
        call_note(c, what);
    else
        snprintf(c->req.error_code, sizeof c->req.error_code, "http_%d", status);
    if (status == 401)
        return API_TOKEN;
    if (status == 429)
        return API_RATE;
    if ((status >= 300 && status < 400) || status == 404 || status == 405 || status == 410)
        return API_FAIL;
    return API_RETRY;
}

static enum api_error read_reply(struct run *r, struct call *c, const struct http_exchange *x,
                                 struct reply *re)
{
    struct err e = { 0 };
    struct str body;

    c->req.log_id[0] = 0;
    arena_clear(&c->page);
    if (x->fault)
        return fault_error(c, x);
    if (inflate_body(r->inflate, http_header(x, "Content-Encoding"), x->body, REPLY_MAX,
                     &r->decoded, &body, &e))
        return garbled(c, x->status, "bad_coding");
    if (reply_parse(body, &c->page, re, &e))
        return garbled(c, x->status, "not_json");
    snprintf(c->req.log_id, sizeof c->req.log_id, "%.*s",
             STR_ARG(str_sub(re->log_id, 0, sizeof c->req.log_id - 1)));
    if (re->code.n > 0)
        snprintf(c->req.error_code, sizeof c->req.error_code, "%.*s",
                 STR_ARG(str_sub(re->code, 0, sizeof c->req.error_code - 1)));
    else if (re->ok)
        call_note(c, "ok");
    else
        snprintf(c->req.error_code, sizeof c->req.error_code, "http_%d", x->status);
    return reply_error(x->status, re);
}

static int on_rows(struct run *r, struct call *c, const struct reply *re, struct err *err)
{
    const char *why = NULL;

    r->failed_in_row = 0;
    c->tries = c->token_refusals = 0;
    c->unread = c->unread || re->bad_rows > 0;
    if (call_take(c, re, r->sink, r->sum, err))
        return -1;
    switch (call_turn(c, re, &why)) {
    case PAGE_MORE:
        call_wait(r, c, 0);
        return 0;
    case PAGE_STUCK:
        call_note(c, why);
        return call_finish(r, c, false, err);
    case PAGE_LAST:
        break;
    }
    /* A row whose id cannot be read may be any of those that seem to be absent. */
    if (c->unread)
        call_note(c, "bad_row");
    return call_finish(r, c, !c->unread, err);
}

/* A token refused once is renewed; refused again when new, it is no question
 * of time. */
static int on_token_refused(struct run *r, struct call *c, struct err *err)
{
    struct err e = { 0 };

    if (c->token_generation == r->token.generation)
        token_expire(&r->token);
    if (++c->token_refusals == 1) {
        call_wait(r, c, 0);
        return 0;
    }
    err_set(&e, ERR_AUTH,
            "the API refuses a token that it has just given (%s): check the approval of the "
            "client",
            c->req.error_code);
    run_close(r, &e);
    return call_finish(r, c, false, err);
}

/* Sending it again is of no use; the reason is worth a line, for it is ours to mend. */
static int on_refusal(struct run *r, struct call *c, const struct reply *re, struct err *err)
{
    log_warn("the API refused a request (%s): %.*s", c->req.error_code,
             STR_ARG(str_sub(re->message, 0, 160)));
    return call_give_up(r, c, err);
}

/* The field that the API names is left out for the rest of the run; where it
 * names none, the oldest documented list is asked for. */
static int on_field_refused(struct run *r, struct call *c, const struct reply *re, struct err *err)
{
    size_t at = reply_named_field(re->message, r->field, r->fields);
    size_t keep = at < r->fields ? r->fields - 1 : FIELDS_OLD;

    if (c->fields_generation != r->fields_generation) {
        call_wait(r, c, 0);
        return 0;
    }
    if (at == r->fields && r->fields <= FIELDS_OLD)
        return on_refusal(r, c, re, err);
    for (size_t i = at < r->fields ? at : keep; i < (at < r->fields ? at + 1 : r->fields); i++)
        if (r->sink->drift(r->sink->to, "refused_field", r->field[i], 1, err))
            return -1;
    if (at < r->fields)
        memmove(&r->field[at], &r->field[at + 1], (r->fields - at - 1) * sizeof *r->field);
    fields_set(r, keep);
    call_wait(r, c, 0);
    return 0;
}

static int on_search_refused(struct run *r, struct call *c, const struct http_exchange *x,
                             struct err *err)
{
    if (c->search_id.n > 0 && c->tries + 1 >= SEARCH_TRIES) {
        if (c->restarts == RESTARTS_MAX)
            return call_give_up(r, c, err);
        call_restart(c);
    }
    return call_retry(r, c, x, false, err);
}

/* Someone must act, or the day is over: this request is closed as it is. */
static int on_end(struct run *r, struct call *c, const struct reply *re, enum api_error what,
                  struct err *err)
{
    struct err e = { 0 };

    if (what == API_QUOTA) {
        r->sum->quota_told = true;
        err_set(&e, ERR_QUOTA, "the platform says that today's quota is used up");
        e.retry_at = utc_next_midnight(utc_now());
    } else {
        err_set(&e, ERR_AUTH, "the API refuses this client (%s): %.*s", c->req.error_code,
                STR_ARG(str_sub(re->message, 0, 160)));
    }
    run_close(r, &e);
    return call_finish(r, c, false, err);
}

static int on_reply(struct run *r, struct call *c, const struct http_exchange *x, struct err *err)
{
    struct reply re = { 0 };
    enum api_error what;

    r->flying--;
    c->req.http = x->status;
    c->req.sent_at = x->sent_at;
    c->req.done_at = x->done_at;
    if (x->fault == HTTP_OK && r->sink->exchange(r->sink->to, &c->req, x, &c->req.evidence, err))
        return -1;
    switch (what = read_reply(r, c, x, &re)) {
    case API_OK:
        return on_rows(r, c, &re, err);
    case API_RETRY:
        return call_retry(r, c, x, false, err);
    case API_RATE:
        return call_retry(r, c, x, true, err);
    case API_TOKEN:
        return on_token_refused(r, c, err);
    case API_SEARCH:
        return on_search_refused(r, c, x, err);
    case API_FIELD:
        return on_field_refused(r, c, &re, err);
    case API_QUOTA: case API_AUTH:
        return on_end(r, c, &re, what, err);
    case API_FAIL:
        break;
    }
    return on_refusal(r, c, &re, err);
}

static void on_token(struct run *r, const struct http_exchange *x)
{
    struct err e = { 0 };
    int64_t wait, asked;

    r->token_flying = false;
    if (x->fault == HTTP_REFUSED_URL)
        err_set(&e, ERR_USAGE, "api.base_url %s: %s", r->set->api_base_url, x->fault_text);
    else if (x->fault)
        err_set(&e, ERR_AGAIN, "%s cannot be reached: %s", r->set->api_base_url, x->fault_text);
    else if (token_parse(&r->token, x->status, x->body, x->done_at, &e) == 0) {
        r->token_tries = 0;
        return;
    }
    asked = retry_after_ms(x);
    if (e.kind == ERR_AUTH || e.kind == ERR_USAGE || ++r->token_tries >= r->set->api_attempts ||
        asked > RETRY_AFTER_MAX_MS) {
        if (e.kind == ERR_INPUT || e.kind == ERR_AGAIN) {
            e.kind = ERR_AGAIN;
            e.retry_at = x->done_at + (asked > RETRY_AFTER_MAX_MS ? asked / 1000 : DOWN_RETRY_S);
        }
        run_close(r, &e);
        return;
    }
    wait = backoff_ms(r, r->token_tries);
    r->token_due_ms = due_in(asked > wait ? asked : wait);
}

/* ---- the loop ---- */

/* One step: sends what is due, then takes one reply or waits. 1 to go on, 0 at the end. */
static int step(struct run *r, struct err *err)
{
    struct http_exchange x;
    int64_t due, wait;
    int rc;

    if (stop_asked()) {
        struct err e = { 0 };

        err_set(&e, ERR_STOPPED, "interrupted");
        run_close(r, &e);
    }
    if (!r->closing && send_due(r, err))
        return -1;
    due = next_due(r);
    wait = due < 0 ? 1000 : due - utc_tick_ms();
    wait = wait > 1000 ? 1000 : wait;
    if (http_in_flight(r->http) > 0) {
        if ((rc = http_next(r->http, (int)wait, &x, err)) < 0)
            return -1;
        if (rc > 0 && x.user == &r->token)
            on_token(r, &x);
        else if (rc > 0 && on_reply(r, x.user, &x, err))
            return -1;
        return 1;
    }
    if (r->closing)
        return 0;
    if (due < 0) {
        /* Answers that came in since may have given the source more to ask. */
        if (r->requests_when_done == r->sum->requests)
            return 0;
        r->source_done = false;
        return 1;
    }
    utc_wait_ms(wait);
    return 1;
}

/* Calls that were sent but got no answer before the end are closed as such. */
static int close_waiting(struct run *r, struct err *err)
{
    struct call *c;

    while ((c = r->waiting)) {
        r->waiting = c->next;
        if (c->sends == 0) {
            call_recycle(r, c);
            continue;
        }
        if (strcmp(c->req.error_code, "ok") == 0)
            call_note(c, "cut_short");
        if (call_finish(r, c, false, err))
            return -1;
    }
    return 0;
}

static void run_release(struct run *r)
{
    http_free(r->http);
    inflate_free(r->inflate);
    buf_release(&r->decoded);
    buf_release(&r->url);
    token_release(&r->token);
    for (size_t i = 0; i < r->calls; i++) {
        call_release(r->all[i]);
        free(r->all[i]);
    }
    free(r->all);
}

int fetch_run(const struct fetch_opts *opts, struct ask_source *source, struct sink *sink,
              struct fetch_result *out, struct err *err)
{
    struct run r = { .opts = opts, .set = opts->set, .source = source, .sink = sink, .sum = out };
    uint8_t seed[DIGEST_BYTES];
    int rc;

    memset(out, 0, sizeof *out);
    r.flying_max = opts->set->api_concurrency > 0 ? (int)opts->set->api_concurrency : 1;
    r.open_max = r.flying_max * OPEN_PER_FLIGHT;
    if (http_new(&r.http,
                 &(struct http_opts){ .timeout_s = opts->set->net_timeout_s,
                                      .ca_file = opts->set->net_ca_file,
                                      .max_in_flight = r.flying_max + 1,
                                      .allow_h2 = true },
                 err))
        return -1;
    r.inflate = inflate_new();
    digest_random(seed);
    memcpy(&r.random, seed, sizeof r.random);
    fields_set(&r, reply_fields(r.field));
    while ((rc = step(&r, err)) == 1)
        ;
    log_progress_done();
    if (rc == 0)
        rc = close_waiting(&r, err);
    if (rc == 0 && r.closing) {
        *err = r.end;
        rc = -1;
    }
    run_release(&r);
    return rc;
}
