/* fetch/wire.c: send, wait, renew, and say what went wrong. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "base/digest.h"
#include "base/inflate.h"
#include "base/log.h"
#include "base/stop.h"
#include "base/utc.h"
#include "fetch/wire.h"
#include "platform/tiktok.h"

#define WAIT_MAX_MS 120000             // public clients wait 30 to 120 s for a 500
#define RETRY_AFTER_MAX_MS 600000      // a longer Retry-After ends the run
#define DOWN_RETRY_S 900
#define FAILED_IN_ROW 8                // outlives minutes; a longer outage costs no further calls
#define TOO_FAST_TRIES 3               // the limit is a sliding minute: short waits are no use
#define BURST_MS 10.0                  // the limiter's memory: ticks are whole milliseconds

int wire_init(struct wire *w, const struct fetch_opts *opts, struct sink *sink,
              struct fetch_result *sum, int requests_max, struct err *err)
{
    const struct http_opts http = { .timeout_s = opts->set->net_timeout_s,
                                    .ca_file = opts->set->net_ca_file,
                                    .max_in_flight = requests_max + 1,
                                    .allow_h2 = true };
    uint8_t seed[DIGEST_BYTES];

    *w = (struct wire){ .opts = opts, .set = opts->set, .sink = sink, .sum = sum };
    memset(sum, 0, sizeof *sum);
    if (http_new(&w->http, &http, err))
        return -1;
    w->inflate = inflate_new();
    digest_random(seed);
    memcpy(&w->random, seed, sizeof w->random);
    return 0;
}

void wire_release(struct wire *w)
{
    http_free(w->http);
    inflate_free(w->inflate);
    buf_release(&w->decoded);
    buf_release(&w->url);
    token_release(&w->token);
    *w = (struct wire){ 0 };
}

/* api.base_url and path. */
static const char *url_of(struct wire *w, const char *path)
{
    struct str base = str_of(w->set->api_base_url);

    while (base.n > 0 && base.p[base.n - 1] == '/')
        base.n--;
    buf_clear(&w->url);
    buf_str(&w->url, base);
    buf_puts(&w->url, path);
    return buf_cstr(&w->url);
}

void wire_note(struct request *req, const char *error_code)
{
    snprintf(req->error_code, sizeof req->error_code, "%s", error_code);
}

/* ---- the end of the run ---- */

void wire_end(struct wire *w, const struct err *why)
{
    if (w->ending)
        return;
    w->ending = true;
    w->end = *why;
    if (why->kind == ERR_QUOTA)
        w->sum->quota = true;
    w->sum->retry_at = why->retry_at;
}

bool wire_ends(struct wire *w)
{
    struct err e = { 0 };

    if (stop_asked()) {
        err_set(&e, ERR_STOPPED, "interrupted");
        wire_end(w, &e);
    }
    return w->ending;
}

void wire_give_up(struct wire *w, const struct request *req, const struct reply *refusal)
{
    struct err e = { 0 };

    if (refusal)
        log_warn("the API refused a request (%s): %.*s", req->error_code,
                 STR_ARG(str_sub(refusal->message, 0, 160)));
    if (++w->failed_in_row < FAILED_IN_ROW)
        return;
    err_set(&e, ERR_AGAIN, "the API does not answer properly: %s", req->error_code);
    e.retry_at = utc_now() + DOWN_RETRY_S;
    wire_end(w, &e);
}

/* ---- waits ---- */

/* On the test clock waits are over at once: whoever moves it decides. */
static int64_t due_in(int64_t ms)
{
    return utc_is_test() ? 0 : utc_tick_ms() + ms;
}

/* base, 2 base, 4 base ..., each by a random 50 % to 100 %, so that many
 * clients that failed together do not come back together. */
static int64_t backoff_ms(struct wire *w, int tries)
{
    int64_t wait = w->set->api_retry_base_ms;

    for (int i = 1; i < tries && wait < WAIT_MAX_MS; i++)
        wait *= 2;
    wait = wait > WAIT_MAX_MS ? WAIT_MAX_MS : wait;
    w->random = mix64(w->random + 1);
    return wait / 2 + (int64_t)(w->random % (uint64_t)(wait / 2 + 1));
}

static int64_t retry_after_ms(const struct http_exchange *x)
{
    struct str value = http_header(x, "Retry-After");
    struct err ignored = { 0 };
    int64_t at;

    if (value.n == 0 || utc_parse_retry_after(value, x->done_at, &at, &ignored) || at <= x->done_at)
        return 0;
    return (at - x->done_at) * 1000;
}

int64_t wire_due(const struct wire *w)
{
    int64_t due = w->pause_until_ms;

    if (w->ending)
        return -1;
    if (token_is_due(&w->token, utc_now())) {
        if (w->token_flying)
            return -1;
        due = w->token_due_ms > due ? w->token_due_ms : due;
    }
    if (!utc_is_test() && w->next_send_ms > (double)due)
        due = (int64_t)ceil(w->next_send_ms);
    return due;
}

/* ---- the token ---- */

static bool is_empty(const char *s)
{
    return !s || !*s;
}

static void ask_token(struct wire *w)
{
    struct http_request r;
    struct buf body = { 0 };
    struct err e = { 0 };

    if (is_empty(w->opts->client_key) || is_empty(w->opts->client_secret)) {
        err_set(&e, ERR_AUTH, "the client key or secret is missing: set BLINDSPOT_CLIENT_KEY and "
                "BLINDSPOT_CLIENT_SECRET, or the same names with _FILE");
        wire_end(w, &e);
        return;
    }
    buf_clear(&w->url);
    token_request(w->set->api_base_url, w->opts->client_key, w->opts->client_secret, &w->url,
                  &body, &r);
    r.user = &w->token;
    http_submit(w->http, &r);
    w->token_flying = true;
    w->sum->token_calls++;
    explicit_bzero(body.p, body.n);
    buf_release(&body);
}

static void take_token(struct wire *w, const struct http_exchange *x)
{
    struct err e = { 0 };
    int64_t wait, asked = retry_after_ms(x);

    w->token_flying = false;
    if (x->fault == HTTP_REFUSED_URL)
        err_set(&e, ERR_USAGE, "api.base_url %s: %s", w->set->api_base_url, x->fault_text);
    else if (x->fault)
        err_set(&e, ERR_AGAIN, "%s cannot be reached: %s", w->set->api_base_url, x->fault_text);
    else if (token_parse(&w->token, x->status, x->body, x->done_at, &e) == 0) {
        w->token_tries = 0;
        return;
    }
    if (e.kind == ERR_AUTH || e.kind == ERR_USAGE || ++w->token_tries >= w->set->api_attempts ||
        asked > RETRY_AFTER_MAX_MS) {
        if (e.kind == ERR_INPUT || e.kind == ERR_AGAIN) {
            e.kind = ERR_AGAIN;
            e.retry_at = x->done_at + (asked > RETRY_AFTER_MAX_MS ? asked / 1000 : DOWN_RETRY_S);
        }
        wire_end(w, &e);
        return;
    }
    wait = backoff_ms(w, w->token_tries);
    w->token_due_ms = due_in(asked > wait ? asked : wait);
}

/* ---- one send, one reply ---- */

/* What the sink could not do: 0 where that ends the run, -1 where the machine is to blame. */
static int not_taken(struct wire *w, const struct err *e, struct err *err)
{
    if (e->kind == ERR_IO || e->kind == ERR_USAGE) {
        *err = *e;
        return -1;
    }
    wire_end(w, e);
    return 0;
}

int wire_announce(struct wire *w, struct request *req, struct err *err)
{
    struct err e = { 0 };

    if (token_is_due(&w->token, utc_now())) {
        ask_token(w);
        return 0;
    }
    if (w->sink->announce && w->sink->announce(w->sink->to, req, &e))
        return not_taken(w, &e, err);
    w->reserved = w->reserved || w->sink->announce != NULL;
    return 1;
}

int wire_send(struct wire *w, struct request *req, struct wire_try *t, const struct wire_call *c,
              struct err *err)
{
    char type[128];
    const char *const header[] = { type, "Accept-Encoding: gzip",
                                   c->text ? NULL : "Accept: application/json", NULL };
    double now = (double)utc_tick_ms();
    const bool is_known = req->n != 0;
    struct err e = { 0 };

    if (token_is_due(&w->token, utc_now())) {
        ask_token(w);
        return 0;
    }
    if (w->sink->reserve(w->sink->to, req, &e))
        return not_taken(w, &e, err);
    w->reserved = w->reserved || !is_known;
    req->sends++;
    w->sum->sends++;
    t->token_generation = w->token.generation;
    snprintf(type, sizeof type, "Content-Type: %s", c->type);
    http_submit(w->http, &(struct http_request){ .url = url_of(w, c->path),
                                                 .body = c->body,
                                                 .post = true,
                                                 .header = header,
                                                 .secret_header = buf_cstr(&w->token.header),
                                                 .body_max = REPLY_MAX,
                                                 .user = c->user });
    w->flying++;
    w->next_send_ms = fmax(w->next_send_ms, now - BURST_MS) +
                      1000.0 / w->set->api_requests_per_second;
    return 1;
}

/* What was handed to base/http goes out with its next step. */
static int await_reserved(struct wire *w, struct err *err)
{
    if (!w->reserved)
        return 0;
    w->reserved = false;
    return w->sink->reserved ? w->sink->reserved(w->sink->to, err) : 0;
}

int wire_next(struct wire *w, int64_t wait_ms, struct http_exchange *x, struct err *err)
{
    int got;

    if (await_reserved(w, err))
        return -1;
    got = http_next(w->http, (int)wait_ms, x, err);
    if (got <= 0)
        return got;
    if (x->user == &w->token) {
        take_token(w, x);
        return 0;
    }
    w->flying--;
    return 1;
}

/* ---- what a reply is called ---- */

static enum api_error name_fault(struct request *req, enum http_fault fault)
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

    wire_note(req, names[fault]);
    return fault == HTTP_TOO_LARGE || fault == HTTP_REFUSED_URL ? API_FAIL : API_RETRY;
}

static void name_status(struct request *req, int status)
{
    snprintf(req->error_code, sizeof req->error_code, "http_%d", status);
}

/* Bodies that are no reply: gateways' HTML, cut JSON. Such a one is the
 * platform's failure, unless the status is one that stays. */
static enum api_error name_garbled(struct request *req, int status, const char *what)
{
    if (status == 200)
        wire_note(req, what);
    else
        name_status(req, status);
    if (status == 401)
        return API_TOKEN;
    if (status == 429)
        return API_RATE;
    if ((status >= 300 && status < 400) || status == 404 || status == 405 || status == 410)
        return API_FAIL;
    return API_RETRY;
}

/* A failure that the API does not name, or calls ok, is called by its status. */
static enum api_error name_reply(struct request *req, int status, const struct reply *re)
{
    enum api_error what = reply_error(status, re);

    snprintf(req->log_id, sizeof req->log_id, "%.*s",
             STR_ARG(str_sub(re->log_id, 0, sizeof req->log_id - 1)));
    if (what == API_OK)
        wire_note(req, "ok");
    else if (re->code.n > 0 && !re->ok)
        snprintf(req->error_code, sizeof req->error_code, "%.*s",
                 STR_ARG(str_sub(re->code, 0, sizeof req->error_code - 1)));
    else
        name_status(req, status);
    return what;
}

static bool is_plain_text(struct str body)
{
    struct str text = str_trim(body);

    return !str_starts(text, STR("{")) && !str_starts(text, STR("<"));
}

static enum api_error read_reply(struct wire *w, struct request *req, bool text,
                                 const struct http_exchange *x, struct arena *mem,
                                 struct wire_reply *re)
{
    struct err ignored = { 0 };

    if (x->fault)
        return name_fault(req, x->fault);
    if (inflate_body(w->inflate, http_header(x, "Content-Encoding"), x->body, REPLY_MAX,
                     &w->decoded, &re->body, &ignored))
        return name_garbled(req, x->status, "bad_coding");
    if (text && x->status == 200 && is_plain_text(re->body)) {
        re->is_text = true;
        wire_note(req, "ok");
        return API_OK;
    }
    if (reply_parse(re->body, mem, &re->env, &ignored))
        return name_garbled(req, x->status, "not_json");
    return name_reply(req, x->status, &re->env);
}

int wire_take(struct wire *w, struct request *req, struct wire_try *t, bool text,
              const struct http_exchange *x, struct arena *mem, struct wire_reply *re,
              struct err *err)
{
    *re = (struct wire_reply){ 0 };
    arena_clear(mem);
    req->http = x->status;
    req->sent_at = x->sent_at;
    req->done_at = x->done_at;
    req->log_id[0] = 0;
    if (x->fault == HTTP_OK && w->sink->exchange(w->sink->to, req, x, &req->evidence, err))
        return -1;
    re->what = read_reply(w, req, text, x, mem, re);
    if (re->what == API_OK) {
        w->failed_in_row = 0;
        t->failed = t->refused_tokens = 0;
    }
    return 0;
}

/* ---- what a failed one asks of us ---- */

/* A token refused once is renewed; refused again when new, it is no question of time. */
static enum wire_step token_refused(struct wire *w, const struct request *req, struct wire_try *t)
{
    struct err e = { 0 };

    if (t->token_generation == w->token.generation)
        token_expire(&w->token);
    t->due_ms = 0;
    if (++t->refused_tokens == 1)
        return WIRE_AGAIN;
    err_set(&e, ERR_AUTH,
            "the API refuses a token that it has just given (%s): check the approval of the "
            "client",
            req->error_code);
    wire_end(w, &e);
    return WIRE_CLOSE;
}

/* Waits its turn again, or is given up; too fast, and the whole run waits. */
static enum wire_step back_off(struct wire *w, const struct request *req, struct wire_try *t,
                               const struct http_exchange *x, bool too_fast)
{
    int64_t wait, asked = retry_after_ms(x);
    struct err e = { 0 };

    if (++t->failed >= w->set->api_attempts)
        return WIRE_GIVE_UP;
    wait = backoff_ms(w, t->failed + (too_fast && asked == 0 ? TOO_FAST_TRIES : 0));
    wait = asked > wait ? asked : wait;
    if (wait > RETRY_AFTER_MAX_MS) {
        err_set(&e, ERR_AGAIN, "the API asks to come back later (%s)", req->error_code);
        e.retry_at = x->done_at + wait / 1000;
        wire_end(w, &e);
    }
    t->due_ms = due_in(wait);
    if (too_fast && t->due_ms > w->pause_until_ms)
        w->pause_until_ms = t->due_ms;
    return WIRE_AGAIN;
}

enum wire_step wire_failed(struct wire *w, const struct request *req, struct wire_try *t,
                           const struct http_exchange *x, const struct wire_reply *re)
{
    struct err e = { 0 };

    switch (re->what) {
    case API_RETRY: case API_SEARCH: case API_RATE:
        return back_off(w, req, t, x, re->what == API_RATE);
    case API_TOKEN:
        return token_refused(w, req, t);
    case API_QUOTA:
        w->sum->quota_told = true;
        err_set(&e, ERR_QUOTA, "the platform says that today's quota is used up");
        e.retry_at = utc_next_midnight(utc_now());
        wire_end(w, &e);
        return WIRE_CLOSE;
    case API_AUTH:
        err_set(&e, ERR_AUTH, "the API refuses this client (%s): %.*s", req->error_code,
                STR_ARG(str_sub(re->env.message, 0, 160)));
        wire_end(w, &e);
        return WIRE_CLOSE;
    case API_OK: case API_FIELD: case API_FAIL:
        break;
    }
    return WIRE_GIVE_UP;
}

int wire_done(struct wire *w, struct request *req, bool complete, struct err *err)
{
    struct sink *s = w->sink;

    req->complete = complete;
    if (req->done_at == 0)
        req->done_at = utc_now();
    if (s->done(s->to, req, err) || s->commit(s->to, err))
        return -1;
    w->sum->requests++;
    w->sum->incomplete += !complete;
    for (size_t i = 0; i < req->members; i++) {
        w->sum->found += req->member[i].came_back;
        w->sum->absent += complete && !req->member[i].came_back;
    }
    return 0;
}
