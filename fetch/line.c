/* fetch/line.c: one request at a time. Such requests are few (a task of the
 * validity check holds 10,000 ids), so nothing is gained by several in flight. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/digest.h"
#include "base/inflate.h"
#include "base/stop.h"
#include "base/utc.h"
#include "fetch/line.h"

#define TOKEN_REPLY_MAX (64u << 10)
#define WAIT_MAX_MS 120000
#define RETRY_AFTER_MAX_MS 600000
#define DOWN_RETRY_S 900
#define FAILED_IN_ROW_MAX 5
#define TOKEN_REFUSALS_MAX 2
#define BURST_MS 10.0

int line_open(struct line *l, const struct fetch_opts *opts, struct sink *sink,
              struct fetch_result *sum, struct err *err)
{
    uint8_t seed[DIGEST_BYTES];

    memset(l, 0, sizeof *l);
    memset(sum, 0, sizeof *sum);
    l->opts = opts;
    l->sink = sink;
    l->sum = sum;
    if (http_new(&l->http, &(struct http_opts){ .timeout_s = opts->set->net_timeout_s,
                 .ca_file = opts->set->net_ca_file, .max_in_flight = 1, .allow_h2 = true }, err))
        return -1;
    l->inflate = inflate_new();
    digest_random(seed);
    memcpy(&l->random, seed, sizeof l->random);
    return 0;
}

void line_close(struct line *l)
{
    http_free(l->http);
    inflate_free(l->inflate);
    buf_release(&l->decoded);
    buf_release(&l->url);
    arena_release(&l->mem);
    token_release(&l->token);
    memset(l, 0, sizeof *l);
}

/* ---- waits ---- */

static int64_t backoff_ms(struct line *l, int tries)
{
    int64_t wait = l->opts->set->api_retry_base_ms;

    for (int i = 1; i < tries && wait < WAIT_MAX_MS; i++)
        wait *= 2;
    wait = wait > WAIT_MAX_MS ? WAIT_MAX_MS : wait;
    l->random = mix64(l->random + 1);
    return wait / 2 + (int64_t)(l->random % (uint64_t)(wait / 2 + 1));
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

/* SIGINT ends a wait early; the caller looks before it sends. */
static int wait_turn(struct line *l, int64_t ms, struct err *err)
{
    double ahead = l->next_send_ms - (double)utc_tick_ms();

    if (!utc_is_test() && ahead > (double)ms)
        ms = (int64_t)ceil(ahead);
    if (ms > 0)
        utc_wait_ms(ms);
    return stop_asked() ? err_set(err, ERR_STOPPED, "interrupted") : 0;
}

static int down(struct line *l, const char *what, struct err *err)
{
    err_set(err, ERR_AGAIN, "the API does not answer properly: %s", what);
    err->retry_at = utc_now() + DOWN_RETRY_S;
    l->sum->retry_at = err->retry_at;
    return -1;
}

/* ---- one exchange ---- */

static void url_of(struct line *l, const char *path)
{
    struct str base = str_of(l->opts->set->api_base_url);

    while (base.n > 0 && base.p[base.n - 1] == '/')
        base.n--;
    buf_clear(&l->url);
    buf_str(&l->url, base);
    buf_puts(&l->url, path);
}

static int exchange(struct line *l, const struct http_request *q, struct http_exchange *x,
                    struct err *err)
{
    int rc;

    http_submit(l->http, q);
    while ((rc = http_next(l->http, 1000, x, err)) == 0)
        ;
    return rc < 0 ? -1 : 0;
}

static int token_ask(struct line *l, struct err *err)
{
    static const char *const header[] = { "Content-Type: application/x-www-form-urlencoded",
                                          "Cache-Control: no-cache", "Accept: application/json",
                                          NULL };
    const struct fetch_opts *o = l->opts;
    struct buf body = { 0 };
    struct http_exchange x;
    int rc;

    if (!o->client_key || !*o->client_key || !o->client_secret || !*o->client_secret)
        return err_set(err, ERR_AUTH,
                       "the client key or secret is missing: set BLINDSPOT_CLIENT_KEY and "
                       "BLINDSPOT_CLIENT_SECRET, or the same names with _FILE");
    url_of(l, TOKEN_PATH);
    token_body(&body, o->client_key, o->client_secret);
    l->sum->token_calls++;
    rc = exchange(l,
                  &(struct http_request){ .url = buf_cstr(&l->url),
                                          .body = buf_view(&body),
                                          .post = true,
                                          .header = header,
                                          .body_max = TOKEN_REPLY_MAX },
                  &x, err);
    explicit_bzero(body.p, body.n);
    buf_release(&body);
    if (rc)
        return -1;
    if (x.fault == HTTP_REFUSED_URL)
        return err_set(err, ERR_USAGE, "api.base_url %s: %s", o->set->api_base_url, x.fault_text);
    if (x.fault)
        return err_set(err, ERR_AGAIN, "%s cannot be reached: %s", o->set->api_base_url,
                       x.fault_text);
    return token_parse(&l->token, x.status, x.body, x.done_at, err);
}

static int token_get(struct line *l, struct err *err)
{
    for (int tries = 1; token_is_due(&l->token, utc_now()); tries++) {
        if (token_ask(l, err) == 0)
            continue;
        if (err->kind != ERR_AGAIN && err->kind != ERR_INPUT)
            return -1;
        if (tries >= l->opts->set->api_attempts) {
            err->kind = ERR_AGAIN;
            err->retry_at = utc_now() + DOWN_RETRY_S;
            l->sum->retry_at = err->retry_at;
            return -1;
        }
        if (wait_turn(l, backoff_ms(l, tries), err))
            return -1;
    }
    return 0;
}

static int send_once(struct line *l, struct request *req, const struct line_call *c,
                     struct http_exchange *x, struct err *err)
{
    char type[128];
    const char *const header[] = { type, "Accept-Encoding: gzip", NULL };
    double now;

    snprintf(type, sizeof type, "Content-Type: %s", c->type);
    if (token_get(l, err) || wait_turn(l, 0, err))
        return -1;
    if (l->sink->reserve(l->sink->to, req, err)) {
        if (err->kind == ERR_QUOTA) {
            l->sum->quota = true;
            l->sum->retry_at = err->retry_at;
        }
        return -1;
    }
    req->sends++;
    l->sum->sends++;
    now = (double)utc_tick_ms();
    l->next_send_ms = fmax(l->next_send_ms, now - BURST_MS) +
                      1000.0 / l->opts->set->api_requests_per_second;
    url_of(l, c->path);
    if (exchange(l,
                 &(struct http_request){ .url = buf_cstr(&l->url),
                                         .body = c->body,
                                         .post = true,
                                         .header = header,
                                         .secret_header = buf_cstr(&l->token.header),
                                         .body_max = REPLY_MAX },
                 x, err))
        return -1;
    req->http = x->status;
    req->sent_at = x->sent_at;
    req->done_at = x->done_at;
    return x->fault == HTTP_OK ? l->sink->exchange(l->sink->to, req, x, &req->evidence, err) : 0;
}

/* ---- what it means ---- */

static void note(struct request *req, const char *code)
{
    snprintf(req->error_code, sizeof req->error_code, "%s", code);
}

static enum api_error garbled(struct request *req, int status, const char *what)
{
    if (status == 200)
        note(req, what);
    else
        snprintf(req->error_code, sizeof req->error_code, "http_%d", status);
    if (status == 401)
        return API_TOKEN;
    if (status == 429)
        return API_RATE;
    return (status >= 300 && status < 400) || status == 404 || status == 405 || status == 410
               ? API_FAIL
               : API_RETRY;
}

static enum api_error read_reply(struct line *l, struct request *req, const struct line_call *c,
                                 const struct http_exchange *x, struct line_reply *re)
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
    struct err e = { 0 };

    memset(re, 0, sizeof *re);
    req->log_id[0] = 0;
    arena_clear(&l->mem);
    if (x->fault) {
        note(req, names[x->fault]);
        return x->fault == HTTP_TOO_LARGE || x->fault == HTTP_REFUSED_URL ? API_FAIL : API_RETRY;
    }
    if (inflate_body(l->inflate, http_header(x, "Content-Encoding"), x->body, REPLY_MAX,
                     &l->decoded, &re->body, &e))
        return garbled(req, x->status, "bad_coding");
    if (c->text && x->status == 200 && !str_starts(str_trim(re->body), STR("{")) &&
        !str_starts(str_trim(re->body), STR("<"))) {
        re->is_text = true;
        note(req, "ok");
        return API_OK;
    }
    if (reply_parse(re->body, &l->mem, &re->env, &e))
        return garbled(req, x->status, "not_json");
    snprintf(req->log_id, sizeof req->log_id, "%.*s",
             STR_ARG(str_sub(re->env.log_id, 0, sizeof req->log_id - 1)));
    if (re->env.code.n > 0)
        snprintf(req->error_code, sizeof req->error_code, "%.*s",
                 STR_ARG(str_sub(re->env.code, 0, sizeof req->error_code - 1)));
    else
        note(req, re->env.ok ? "ok" : "no_code");
    return reply_error(x->status, &re->env);
}

static int refused_for_good(struct line *l, const struct request *req, const struct line_reply *re,
                            struct err *err)
{
    if (re->what == API_QUOTA) {
        l->sum->quota = l->sum->quota_told = true;
        err_set(err, ERR_QUOTA, "the platform says that today's quota is used up");
        err->retry_at = l->sum->retry_at = utc_next_midnight(utc_now());
        return -1;
    }
    return err_set(err, ERR_AUTH, "the API refuses this client (%s): %.*s", req->error_code,
                   STR_ARG(str_sub(re->env.message, 0, 160)));
}

int line_ask(struct line *l, struct request *req, const struct line_call *c, struct line_reply *re,
             struct err *err)
{
    int64_t asked, wait = 0;
    int refusals = 0;
    struct http_exchange x;

    for (int tries = 1;; tries++) {
        if (wait_turn(l, wait, err) || send_once(l, req, c, &x, err))
            return -1;
        re->what = read_reply(l, req, c, &x, re);
        if (re->what == API_OK || re->what == API_FAIL || re->what == API_FIELD) {
            re->what = re->what == API_OK ? API_OK : API_FAIL;
            l->failed_in_row = 0;
            return 0;
        }
        if (re->what == API_TOKEN && ++refusals < TOKEN_REFUSALS_MAX) {
            token_expire(&l->token);
            wait = 0;
            continue;
        }
        if (re->what == API_QUOTA || re->what == API_AUTH || re->what == API_TOKEN)
            return refused_for_good(l, req, re, err);
        if (tries >= l->opts->set->api_attempts) {
            re->what = API_RETRY;
            return ++l->failed_in_row >= FAILED_IN_ROW_MAX ? down(l, req->error_code, err) : 0;
        }
        asked = retry_after_ms(&x);
        wait = backoff_ms(l, re->what == API_RATE && asked == 0 ? tries + 3 : tries);
        wait = asked > wait ? asked : wait;
        if (wait > RETRY_AFTER_MAX_MS) {
            err_set(err, ERR_AGAIN, "the API asks to come back later (%s)", req->error_code);
            err->retry_at = l->sum->retry_at = x.done_at + wait / 1000;
            return -1;
        }
    }
}

int line_done(struct line *l, struct request *req, bool complete, struct err *err)
{
    struct sink *s = l->sink;

    req->complete = complete;
    if (req->done_at == 0)
        req->done_at = utc_now();
    if (s->done(s->to, req, err) || s->commit(s->to, err))
        return -1;
    l->sum->requests++;
    l->sum->incomplete += !complete;
    for (size_t i = 0; i < req->members; i++) {
        l->sum->found += req->member[i].came_back;
        l->sum->absent += complete && !req->member[i].came_back;
    }
    return 0;
}

void line_abandon(struct line *l, struct request *req, struct err *err)
{
    struct err later = { 0 };

    if (req->n > 0 && req->sends > 0 && line_done(l, req, false, &later) && err->kind != ERR_IO)
        *err = later;
}
