/* scrape/scrape.c: the loop over pages. A slot is one task from its first send
 * to its answer; it is READY while it waits for its turn at its host (first
 * send, next hop of a redirect, retry) and FLYING while an exchange is under way. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/log.h"
#include "base/stop.h"
#include "base/utc.h"
#include "platform/tiktok.h"
#include "record/seed.h"
#include "scrape/oembed.h"
#include "scrape/page.h"
#include "scrape/polite.h"
#include "scrape/redirect.h"
#include "scrape/scrape.h"
#include "scrape/shortlink.h"

#define PAUSE_MS 30000
#define PAUSES_MAX 2
#define HOLD_MAX_S 120             // a longer Retry-After ends the run instead
#define COMMIT_EVERY 64            // answers, unless they come fast: a commit waits for the disk
#define COMMIT_MOST 256
#define COMMIT_GAP_MS 250
#define CONTROLS_MAX 2             // controls without an answer that convict the site
#define DRY_MIN 3                  // a run of fewer unread pages says nothing of the site
#define DRIFT_WAIT_S 3600          // a stripped site is often whole again within the hour
#define UNREACHABLE_MAX 10         // failed transports in a row: the network is down, not ten posts
#define HEADERS_MAX 24
#define PROXIES_MAX 64
#define LOW_SPEED 256              // bytes a second; a page comes at a thousand times that

enum host { HOST_PAGE, HOST_SHORT, HOST_COUNT };
enum slot_state { SLOT_FREE, SLOT_READY, SLOT_FLYING };
struct slot {
    enum slot_state state;
    struct arena mem;
    struct read_task task;
    struct request req;
    struct ask_member member;
    struct str url;
    struct evidence evidence;      // of the last reply
    enum host host;
    int hops;
    bool retried, control;
    bool code_unknown;             // read, and refused with a code that was never seen before
};
/* A refusal with a code that was never seen before, until it is known whether
 * the site has changed. It lies in its own arena. */
struct held {
    struct held *next;
    struct arena mem;
    struct request req;
    struct ask_member member;
    struct answer answer;
    struct evidence evidence;
};
/* Pages in a row that gave no answer and were no block. */
struct streak {
    struct ask_member *v; size_t n, cap;
    int why[NO_ANSWER_COUNT];
    struct held *held;             // of these: refused with an unknown code
    int controls;                  // of these: controls
    bool asking;                   // a control is under way
    bool sure;                     // the site is to blame
    struct evidence evidence;      // of the last one
};
struct run {
    const struct settings *set;
    struct read_source *source;
    struct sink *sink;
    struct scrape_result *out;
    struct http *http;
    struct inflate *inflate;
    struct buf scratch;
    struct bases bases;
    char *header[HEADERS_MAX + 1];
    char *proxy[PROXIES_MAX + 1];
    int proxies, out_by;           // how many; the one that is used now
    struct slot *slot; size_t slots;
    struct polite polite[HOST_COUNT];
    int in_flight, concurrency;
    int blocks;                    // in a row
    int unreachable;               // failed transports in a row
    struct streak streak;
    bool any_read;                 // some page was
    int64_t later_at;              // a Retry-After beyond HOLD_MAX_S
    size_t uncommitted;
    int64_t committed_ms;
    bool dry, closing;             // nothing left to take; nothing new is sent
    struct err end;                // why the run ends early
};

/* ---- setting up ---- */

static struct str without_slash(const char *base)
{
    struct str s = str_of(base);

    while (s.n && s.p[s.n - 1] == '/')
        s.n--;
    return s;
}

static void add_header(struct run *r, size_t *n, const char *name, struct str value)
{
    struct buf b = { 0 };

    if (*n == HEADERS_MAX || value.n == 0)
        return;
    buf_printf(&b, "%s%.*s", name, STR_ARG(value));
    r->header[(*n)++] = xstrdup(buf_cstr(&b));
    buf_release(&b);
}

/* A browser's set of headers. gzip is the one coding that we undo at full speed. */
static void make_headers(struct run *r)
{
    struct str rest = str_of(r->set->page_headers), line;
    size_t n = 0;

    add_header(r, &n, "User-Agent: ", str_of(r->set->page_user_agent));
    add_header(r, &n, "Accept: ", str_of(r->set->page_accept));
    add_header(r, &n, "Accept-Language: ", str_of(r->set->page_accept_language));
    add_header(r, &n, "Accept-Encoding: ", STR("gzip"));
    while (str_cut(&rest, '|', &line))
        add_header(r, &n, "", str_trim(line));
}

static void make_proxies(struct run *r)
{
    const char *list = r->set->page_proxy;
    char url[PROXY_URL_MAX];

    while (r->proxies < PROXIES_MAX && settings_proxy(&list, url))
        r->proxy[r->proxies++] = xstrdup(url);
}

static int run_init(struct run *r, const struct scrape_opts *o, struct err *err)
{
    const struct settings *set = o->set;
    struct http_opts opts = { .timeout_s = set->net_timeout_s,
                              .cookies = true,
                              .allow_h2 = true,
                              .low_speed = LOW_SPEED,
                              .ca_file = set->net_ca_file && *set->net_ca_file ? set->net_ca_file
                                                                               : NULL };

    r->set = set;
    r->bases = (struct bases){ without_slash(set->page_base_url),
                               without_slash(set->page_short_url) };
    r->concurrency = set->page_concurrency > 0 ? (int)set->page_concurrency : 1;
    opts.max_in_flight = r->concurrency * HOST_COUNT;
    r->slots = (size_t)r->concurrency * HOST_COUNT + 2;
    r->slot = xcalloc(r->slots, sizeof *r->slot);
    for (int i = 0; i < HOST_COUNT; i++)
        polite_init(&r->polite[i], set->page_requests_per_second, r->concurrency,
                    set->page_retry_base_ms, digest_rank(o->seed, SEED_WAITS + (uint64_t)i));
    make_headers(r);
    make_proxies(r);
    opts.proxy = (const char *const *)r->proxy;
    r->inflate = inflate_new();
    return http_new(&r->http, &opts, err);
}

static void held_free(struct held *h)
{
    struct arena mem = h->mem;             // h lies in it

    arena_release(&mem);
}

static void run_release(struct run *r)
{
    http_free(r->http);
    inflate_free(r->inflate);
    buf_release(&r->scratch);
    for (size_t i = 0; r->header[i]; i++)
        free(r->header[i]);
    for (int i = 0; i < r->proxies; i++) {
        explicit_bzero(r->proxy[i], strlen(r->proxy[i]));
        free(r->proxy[i]);
    }
    for (size_t i = 0; i < r->slots; i++)
        arena_release(&r->slot[i].mem);
    free(r->slot);
    free(r->streak.v);
    for (struct held *h; (h = r->streak.held);) {
        r->streak.held = h->next;
        held_free(h);
    }
}

/* Ends the run with this error once all that is in flight has come in; the
 * first reason stays. */
static void run_close(struct run *r, const struct err *why)
{
    r->closing = true;
    if (r->end.kind == ERR_NONE)
        r->end = *why;
}

static void run_close_again(struct run *r, int64_t retry_at, const char *what)
{
    struct err e = { 0 };
    char text[UTC_TEXT_MAX];

    err_set(&e, ERR_AGAIN, "%s; run again after %s", what, utc_rfc3339(retry_at, text));
    e.retry_at = retry_at;
    run_close(r, &e);
}

static int run_commit(struct run *r, struct err *err)
{
    if (r->uncommitted == 0)
        return 0;
    r->uncommitted = 0;
    r->committed_ms = utc_tick_ms();
    return r->sink->commit(r->sink->to, err);
}

/* ---- tasks ---- */

static struct str page_url(const struct run *r, const struct read_task *t, struct arena *mem)
{
    struct buf b = { 0 };
    struct str url;

    tiktok_post_at(&b, r->bases.page, t->id, t->handle);
    url = arena_dup(mem, buf_view(&b));
    buf_release(&b);
    return url;
}

static enum host host_of(const struct run *r, struct str url)
{
    struct url u, b;

    return url_split(url, &u) && url_split(r->bases.short_links, &b) &&
                   str_eq_nocase(u.host, b.host)
               ? HOST_SHORT
               : HOST_PAGE;
}

static struct str task_url(const struct run *r, const struct read_task *t, struct arena *mem)
{
    switch (t->witness) {
    case WITNESS_OEMBED:
        return oembed_url(r->bases.page, t->id, mem);
    case WITNESS_SHORT:
        return shortlink_url(t->link, &r->bases, mem);
    case WITNESS_PAGE:
    case WITNESS_QUERY:
    case WITNESS_USERNAME:
    case WITNESS_VALIDATION:
    case WITNESS_COUNT: break;
    }
    return page_url(r, t, mem);
}

static void slot_free(struct slot *s)
{
    arena_clear(&s->mem);
    s->state = SLOT_FREE;
}

static struct slot *slot_find(struct run *r, enum slot_state state)
{
    for (size_t i = 0; i < r->slots; i++)
        if (r->slot[i].state == state)
            return &r->slot[i];
    return NULL;
}

static void slot_fill(struct run *r, struct slot *s)
{
    s->member = (struct ask_member){ .id = s->task.id, .item = s->task.item, .role = ROLE_ASKED };
    s->req = (struct request){ .witness = s->task.witness, .member = &s->member, .members = 1 };
    s->url = task_url(r, &s->task, &s->mem);
    s->host = host_of(r, s->url);
    s->evidence = (struct evidence){ 0 };
    s->hops = 0;
    s->retried = s->control = s->code_unknown = false;
    s->state = SLOT_READY;
}

/* Takes the next task in; 1, 0 where the source is dry, -1. */
static int slot_take(struct run *r, struct slot *s, struct err *err)
{
    int got;

    memset(&s->task, 0, sizeof s->task);
    if ((got = r->source->next(r->source->from, &s->mem, &s->task, err)) <= 0) {
        r->dry = true;
        return got;
    }
    slot_fill(r, s);
    return 1;
}

static int slot_send(struct run *r, struct slot *s, struct err *err)
{
    struct err e = { 0 };

    if (r->sink->reserve(r->sink->to, &s->req, &e)) {
        if (e.kind == ERR_AGAIN || e.kind == ERR_QUOTA) {
            run_close(r, &e);
            return 0;
        }
        *err = e;
        return -1;
    }
    s->req.sends++;
    r->out->sends++;
    http_submit(r->http, &(struct http_request){
                             .url = s->url.p,
                             .header = (const char *const *)r->header,
                             .body_max = s->task.witness == WITNESS_OEMBED ? OEMBED_MAX : PAGE_MAX,
                             .user = s,
                             .proxy = r->out_by });
    polite_sent(&r->polite[s->host], utc_tick_ms());
    r->polite[s->host].in_flight++;
    r->in_flight++;
    s->state = SLOT_FLYING;
    return 0;
}

/* ---- answers ---- */

static void count_answer(struct run *r, const struct answer *a)
{
    struct scrape_result *out = r->out;

    if (a->witness == WITNESS_SHORT) {
        out->links++;
        out->links_resolved += a->kind == ANSWER_RESOLVED;
        out->links_dead += a->kind == ANSWER_REFUSED;
        out->links_open += a->kind == ANSWER_NO_ANSWER;
    } else {
        *(a->witness == WITNESS_PAGE ? &out->pages : &out->oembed) += 1;
        out->is_public += a->kind == ANSWER_PUBLIC;
        out->refused += a->kind == ANSWER_REFUSED;
        out->no_answer += a->kind == ANSWER_NO_ANSWER;
    }
    if (a->kind != ANSWER_NO_ANSWER)
        counted_add(&out->generation[a->generation], 1, a->at);
    log_progress("read %lld pages: %lld public, %lld refused, %lld without answer",
                 (long long)out->pages, (long long)out->is_public, (long long)out->refused,
                 (long long)out->no_answer);
}

/* A post alone may have no readable page; all of them cannot. */
static void streak_add(struct run *r, const struct slot *s, enum no_answer why)
{
    struct streak *k = &r->streak;

    if (k->n == k->cap) {
        k->cap = k->cap ? 2 * k->cap : 64;
        k->v = xrealloc(k->v, k->cap * sizeof *k->v);
    }
    k->v[k->n++] = s->member;
    k->why[why]++;
    k->controls += s->control;
    k->evidence = s->evidence;
}

static bool commit_is_due(const struct run *r)
{
    return r->uncommitted >= COMMIT_MOST ||
           (r->uncommitted >= COMMIT_EVERY && utc_tick_ms() - r->committed_ms >= COMMIT_GAP_MS);
}

/* Puts the answer and closes the request. */
static int put_answer(struct run *r, struct request *req, struct answer *a,
                      struct evidence evidence, struct err *err)
{
    bool decided = a->kind != ANSWER_NO_ANSWER;

    a->id = req->member->id;
    a->item = req->member->item;
    a->witness = req->witness;
    a->request = req->n;
    a->evidence = req->evidence = evidence;
    req->complete = decided;
    req->rows = a->kind == ANSWER_PUBLIC;
    req->member->came_back = a->kind == ANSWER_PUBLIC;
    snprintf(req->error_code, sizeof req->error_code, "%s",
             decided ? "ok" : no_answer_name(a->why));
    if (r->sink->put(r->sink->to, req, a, err) || r->sink->done(r->sink->to, req, err))
        return -1;
    count_answer(r, a);
    if (a->witness == WITNESS_PAGE && !decided && !no_answer_is_block(a->why))
        counted_add(&r->out->unread[a->why], 1, a->at);
    r->uncommitted++;
    return commit_is_due(r) ? run_commit(r, err) : 0;
}

/* Takes the answer, its request and their memory over from the slot. */
static void hold(struct run *r, struct slot *s, const struct answer *a)
{
    struct held *h = arena_alloc(&s->mem, sizeof *h);

    *h = (struct held){ .next = r->streak.held, .req = s->req, .member = s->member, .answer = *a,
                        .evidence = s->evidence };
    h->req.member = &h->member;
    h->mem = s->mem;
    s->mem = (struct arena){ 0 };
    r->streak.held = h;
}

/* Puts what is held: as it was read, or as no answer. */
static int put_held(struct run *r, bool as_read, struct err *err)
{
    for (struct held *h; (h = r->streak.held);) {
        int rc;

        if (!as_read) {
            h->answer.kind = ANSWER_NO_ANSWER;
            h->answer.why = NO_ANSWER_UNKNOWN_CODE;
            h->answer.record = NULL;
        }
        rc = put_answer(r, &h->req, &h->answer, h->evidence, err);
        r->streak.held = h->next;
        held_free(h);
        if (rc)
            return -1;
    }
    return 0;
}

/* A page was read: the site is what it was. */
static int streak_break(struct run *r, struct err *err)
{
    struct streak *k = &r->streak;

    if (put_held(r, true, err))
        return -1;
    *k = (struct streak){ .v = k->v, .cap = k->cap, .asking = k->asking };
    r->any_read = true;
    return 0;
}

/* What the answer says of the site; puts it, or holds it; frees the slot. */
static int slot_finish(struct run *r, struct slot *s, struct answer *a, struct err *err)
{
    bool of_page = s->task.witness == WITNESS_PAGE, decided = a->kind != ANSWER_NO_ANSWER,
         held = s->code_unknown;

    if (s->control)
        r->streak.asking = false;
    if (held)
        hold(r, s, a);
    else if (put_answer(r, &s->req, a, s->evidence, err))
        return -1;
    if (held || (of_page && !decided && !no_answer_is_block(a->why)))
        streak_add(r, s, held ? NO_ANSWER_UNKNOWN_CODE : a->why);
    else if (of_page && decided && streak_break(r, err))
        return -1;
    slot_free(s);
    return 0;
}

static int tell_odds(struct run *r, const struct page_notes *notes, int64_t at, struct err *err)
{
    for (size_t i = 0; r->sink->drift && i < notes->odds; i++)
        if (r->sink->drift(r->sink->to, notes->odd[i].kind, notes->odd[i].name, notes->odd[i].count,
                           at, err))
            return -1;
    return 0;
}

/* A page that moved to another handle of the same post is asked for there. */
static bool page_moves(const struct run *r, struct slot *s, const struct http_exchange *x,
                       struct str *next)
{
    struct str location = http_header(x, "Location");
    uint64_t id;

    if (x->fault != HTTP_OK || !location.n || redirect_is_login(location) ||
        s->hops >= REDIRECTS_MAX)
        return false;
    if (x->status != 301 && x->status != 302 && x->status != 303 && x->status != 307 &&
        x->status != 308)
        return false;
    *next = redirect_through(url_resolve(s->url, location, &s->mem), &r->bases, &s->mem);
    return tiktok_url_item(*next, &id) && id == s->task.id &&
           redirect_allowed(s->url, *next, &r->bases);
}

/* Reads a reply. 1: *a is filled; 0: *next is to be asked for; -1. */
static int read_reply(struct run *r, struct slot *s, const struct http_exchange *x,
                      struct answer *a, struct str *next, struct err *err)
{
    struct page_notes notes = { .want_extract = !strcmp(r->set->evidence_keep, "extract") };

    if (s->task.witness == WITNESS_SHORT) {
        if (shortlink_step(x, s->url, &r->bases, &s->mem, a, next) || s->hops >= REDIRECTS_MAX)
            return 1;
        return 0;
    }
    if (s->task.witness == WITNESS_OEMBED) {
        oembed_read_exchange(x, s->task.id, r->inflate, &r->scratch, &s->mem, a);
        return 1;
    }
    if (page_moves(r, s, x, next))
        return 0;
    page_read_exchange(x, s->task.id, r->inflate, &r->scratch, &s->mem, a, &notes);
    s->code_unknown = notes.code_unknown;
    r->out->whole += notes.whole && a->kind != ANSWER_NO_ANSWER;
    return tell_odds(r, &notes, x->done_at, err) ? -1 : 1;
}

/* Both forms of Retry-After; a long one ends the run. */
static void mind_retry_after(struct run *r, const struct slot *s, const struct http_exchange *x)
{
    struct str value = http_header(x, "Retry-After");
    struct err ignored = { 0 };
    int64_t at;

    if (!value.n || utc_parse_retry_after(value, x->done_at, &at, &ignored) || at <= x->done_at)
        return;
    if (at - x->done_at > HOLD_MAX_S) {
        r->later_at = at > r->later_at ? at : r->later_at;
        run_close_again(r, at, "the site asks us to come back later");
    } else {
        polite_hold(&r->polite[s->host], utc_tick_ms(), (at - x->done_at) * 1000);
    }
}

/* What the reply means for the pace. */
/* Behind a block, or where a proxy cannot be reached, the next one is taken. */
static void next_proxy(struct run *r)
{
    r->out_by = r->proxies ? (r->out_by + 1) % r->proxies : 0;
}

static void mind_pace(struct run *r, const struct slot *s, const struct http_exchange *x,
                      const struct answer *a)
{
    struct polite *p = &r->polite[s->host];
    bool block = a->kind == ANSWER_NO_ANSWER && no_answer_is_block(a->why);

    r->unreachable = x->fault == HTTP_OK || x->fault == HTTP_TOO_LARGE ? 0 : r->unreachable + 1;
    if (r->unreachable >= UNREACHABLE_MAX && r->end.kind == ERR_NONE)
        run_close_again(r, utc_now() + HOLD_MAX_S, "the site cannot be reached");
    if (block) {
        r->blocks++;
        counted_add(&r->out->blocks, 1, a->at);
        polite_blocked(p);
        next_proxy(r);
    } else if (x->fault != HTTP_OK || x->status >= 500) {
        polite_failed(p, utc_tick_ms());
        if (x->fault != HTTP_OK)
            next_proxy(r);
    } else {
        r->blocks = a->kind == ANSWER_NO_ANSWER ? r->blocks : 0;
        polite_answered(p, x->took_us);
    }
    if (block || x->status == 503)
        mind_retry_after(r, s, x);
}

static bool may_retry(const struct run *r, const struct slot *s, const struct answer *a)
{
    return a->kind == ANSWER_NO_ANSWER &&
           (a->why == NO_ANSWER_TIMEOUT || a->why == NO_ANSWER_TRANSPORT) && !s->retried &&
           !r->closing;
}

static int slot_reply(struct run *r, struct slot *s, const struct http_exchange *x, struct err *err)
{
    struct answer a = { .kind = ANSWER_NO_ANSWER };
    struct str next = STR_NONE;
    int got;

    r->in_flight--;
    r->polite[s->host].in_flight--;
    s->req.sent_at = s->req.sent_at ? s->req.sent_at : x->sent_at;
    s->req.done_at = a.at = x->done_at;
    s->req.http = x->status;
    if (x->head.n && r->sink->exchange(r->sink->to, &s->req, x, &s->evidence, err))
        return -1;
    if ((got = read_reply(r, s, x, &a, &next, err)) < 0)
        return -1;
    if (got == 0) {
        polite_answered(&r->polite[s->host], x->took_us);
        r->out->redirects++;
        s->hops++;
        s->url = arena_dup(&s->mem, next);
        s->host = host_of(r, s->url);
        s->state = SLOT_READY;
        return 0;
    }
    mind_pace(r, s, x, &a);
    if (may_retry(r, s, &a)) {
        r->out->retries++;
        s->retried = true;
        s->state = SLOT_READY;
        return 0;
    }
    return slot_finish(r, s, &a, err);
}

/* ---- drift: no page gives an answer ---- */

static bool streak_suspects(const struct run *r)
{
    size_t n = r->streak.n;

    return n >= (size_t)r->set->page_unread || (r->dry && !r->any_read && n >= DRY_MIN);
}

/* Asks for a post whose page should be readable. */
static int streak_check(struct run *r, struct slot *s, struct err *err)
{
    struct streak *k = &r->streak;
    int got = 0;

    if (k->sure || k->asking)
        return 0;
    memset(&s->task, 0, sizeof s->task);
    if (k->controls < CONTROLS_MAX && r->source->control &&
        (got = r->source->control(r->source->from, &s->mem, &s->task, err)) < 0)
        return -1;
    if (got == 0) {
        /* With no control at all only a long row of them convicts. */
        k->sure = k->controls > 0 || k->n >= (size_t)r->set->page_unread;
        return 0;
    }
    slot_fill(r, s);
    s->control = k->asking = true;
    r->out->controls++;
    return 0;
}

/* At most page.unread pages and those under way are held, so each is counted by itself. */
static void codes_text(const struct streak *k, struct buf *text)
{
    int64_t code = 0;
    size_t most = 0, all = 0;

    for (const struct held *h = k->held; h; h = h->next) {
        size_t same = 0;

        all++;
        for (const struct held *o = k->held; o; o = o->next)
            same += o->answer.code == h->answer.code;
        if (same > most) {
            most = same;
            code = h->answer.code;
        }
    }
    buf_printf(text, "pages changed: %zu of the last %zu carry ", all, k->n);
    if (most == all)
        buf_printf(text, "status code %lld, which is not known", (long long)code);
    else
        buf_printf(text, "status codes that are not known, %zu of them %lld", most,
                   (long long)code);
}

static void drift_text(const struct run *r, struct buf *text)
{
    const struct streak *k = &r->streak;
    int most = NO_ANSWER_NONE;

    for (int i = 0; i < NO_ANSWER_COUNT; i++)
        if (k->why[i] > k->why[most])
            most = i;
    switch (most) {
    case NO_ANSWER_LOGIN_WALL:
        buf_printf(text, "the site asks for a login: %zu pages in a row, and shows no post without",
                   k->n);
        break;
    case NO_ANSWER_UNKNOWN_CODE:
        codes_text(k, text);
        break;
    case NO_ANSWER_EMPTY:
        buf_printf(text, "the site blocks us: the last %zu pages were empty", k->n);
        break;
    case NO_ANSWER_SERVER_ERROR:
    case NO_ANSWER_TIMEOUT:
    case NO_ANSWER_TRANSPORT:
    case NO_ANSWER_HTTP_404:
    case NO_ANSWER_HTTP_OTHER:
        buf_printf(text, "the site fails: the last %zu pages gave no answer (%s)", k->n,
                   no_answer_name((enum no_answer)most));
        break;
    default:
        buf_printf(text, "pages changed: 0 of the last %zu had a known shape (%s)", k->n,
                   no_answer_name((enum no_answer)most));
    }
}

/* The pages of the row get their tries back: the site was to blame. */
static int streak_spare(struct run *r, struct err *err)
{
    if (!r->sink->spare || r->streak.n == 0)
        return 0;
    if (r->sink->spare(r->sink->to, r->streak.v, r->streak.n, err))
        return -1;
    r->streak.n = 0;
    r->uncommitted += r->uncommitted == 0;
    return 0;
}

/* What is still held at the end. Ended early the run cannot know whether the
 * site has changed, so these pages are read again, and cost no try. */
static int streak_end(struct run *r, struct err *err)
{
    struct streak *k = &r->streak;
    bool early = r->end.kind != ERR_NONE;

    if (!k->sure && r->unreachable < UNREACHABLE_MAX) {
        k->n = 0;
        for (const struct held *h = k->held; h; h = h->next)
            k->v[k->n++] = h->member;
    }
    if (put_held(r, !early, err))
        return -1;
    return early ? streak_spare(r, err) : 0;
}

static void drift_close(struct run *r)
{
    struct buf text = { 0 };

    r->out->odd = r->streak.evidence;
    drift_text(r, &text);
    run_close_again(r, utc_now() + DRIFT_WAIT_S, buf_cstr(&text));
    buf_release(&text);
}

/* ---- the loop ---- */

/* On the test clock no wait takes time, so a wait that is due is waited at once. */
static int64_t host_wait_ms(const struct polite *p)
{
    int64_t wait = polite_wait_ms(p, utc_tick_ms());

    if (wait > 0 && utc_is_test()) {
        utc_wait_ms(wait);
        return 0;
    }
    return wait;
}

/* Sends what may be sent; *wait is how long until the next one may, -1 = none. */
static int send_ready(struct run *r, int64_t *wait, struct err *err)
{
    *wait = -1;
    for (size_t i = 0; i < r->slots; i++) {
        struct slot *s = &r->slot[i];
        struct polite *p = &r->polite[s->host];
        int64_t ms;

        if (s->state != SLOT_READY || !polite_has_room(p))
            continue;
        if (r->closing && s->req.sends == 0)
            continue;
        ms = host_wait_ms(p);
        if (ms == 0 && slot_send(r, s, err))
            return -1;
        if (ms > 0 && (*wait < 0 || ms < *wait))
            *wait = ms;
    }
    return 0;
}

/* Keeps one task ahead of the rate, so that a wait is spent on a known host. */
static int take_and_send(struct run *r, int64_t *wait, struct err *err)
{
    struct slot *s;

    for (;;) {
        if (send_ready(r, wait, err))
            return -1;
        if (r->closing || slot_find(r, SLOT_READY) || !(s = slot_find(r, SLOT_FREE)))
            return 0;
        if (streak_suspects(r)) {
            if (r->in_flight)              // what is under way may still be read
                return 0;
            if (streak_check(r, s, err))
                return -1;
            if (r->streak.sure)
                drift_close(r);
            if (s->state == SLOT_READY)
                continue;
        }
        if (r->dry || r->closing)
            return 0;
        if (slot_take(r, s, err) < 0)
            return -1;
        if (s->state == SLOT_READY &&
            !s->url.n) {    // a link that is none of the site's: nothing to send
            struct answer a = { .kind = ANSWER_NO_ANSWER,
                                .why = NO_ANSWER_UNKNOWN_SHAPE,
                                .at = utc_now() };

            if (r->sink->reserve(r->sink->to, &s->req, err) || slot_finish(r, s, &a, err))
                return -1;
        }
    }
}

/* Tasks that were under way when the run ends early get their answer: none. */
static int close_slots(struct run *r, struct err *err)
{
    for (size_t i = 0; i < r->slots; i++) {
        struct slot *s = &r->slot[i];
        struct answer a = { .kind = ANSWER_NO_ANSWER,
                            .why = s->hops ? NO_ANSWER_REDIRECT : NO_ANSWER_TIMEOUT,
                            .at = s->req.done_at };

        if (s->state == SLOT_READY && s->req.sends > 0 && slot_finish(r, s, &a, err))
            return -1;
    }
    return 0;
}

/* Blocks in a row: once all is in, the run waits, and is then half as fast. */
static int pause_run(struct run *r, struct err *err)
{
    int64_t pause_ms = (int64_t)PAUSE_MS << r->out->pauses;

    if (run_commit(r, err))
        return -1;
    if (r->out->pauses == PAUSES_MAX) {
        int64_t at = utc_now() + pause_ms / 1000;

        run_close_again(r, at > r->later_at ? at : r->later_at, "the site blocks us");
        return 0;
    }
    r->out->pauses++;
    log_info("the site blocks us: waiting %lld s, then at half the rate",
             (long long)(pause_ms / 1000));
    utc_wait_ms(pause_ms);
    for (int i = 0; i < HOST_COUNT; i++)
        r->polite[i].rate /= 2;
    r->blocks = (int)r->set->page_blocks - 1;         // one more and it is still blocked
    return 0;
}

/* Waits for a reply or for the next send. */
static int step(struct run *r, int64_t wait, struct err *err)
{
    struct http_exchange x;
    int got;

    if (r->in_flight == 0) {
        if (wait > 0 && run_commit(r, err))
            return -1;
        utc_wait_ms(wait < 0 ? 1 : wait < 200 ? wait : 200);
        return 0;
    }
    got = http_next(r->http, wait < 0 || wait > 200 ? 200 : (int)wait, &x, err);
    return got > 0 ? slot_reply(r, x.user, &x, err) : got;
}

static bool run_idle(const struct run *r)
{
    if (r->in_flight)
        return false;
    for (size_t i = 0; i < r->slots; i++)
        if (r->slot[i].state == SLOT_READY && (!r->closing || r->slot[i].req.sends > 0))
            return false;
    return true;
}

static bool ends_at_once(const struct run *r)
{
    return r->end.kind == ERR_AGAIN || r->end.kind == ERR_QUOTA;
}

static int run_loop(struct run *r, struct err *err)
{
    int64_t wait = -1;

    for (;;) {
        bool blocked = r->set->page_blocks > 0 && r->blocks >= r->set->page_blocks && !r->closing;

        if (stop_asked() && r->end.kind == ERR_NONE) {
            struct err e = { 0 };

            err_set(&e, ERR_STOPPED, "interrupted");
            run_close(r, &e);
        }
        if (blocked && r->in_flight == 0) {
            if (pause_run(r, err))
                return -1;
            continue;
        }
        if (blocked || ends_at_once(r))
            wait = -1;    // nothing is sent to a site that blocks, no further hop either
        else if (take_and_send(r, &wait, err))
            return -1;
        if (r->in_flight == 0 && (run_idle(r) || ends_at_once(r)))
            return 0;
        if (step(r, wait, err))
            return -1;
    }
}

int scrape_run(const struct scrape_opts *opts, struct read_source *source, struct sink *sink,
               struct scrape_result *out, struct err *err)
{
    struct run r = { .source = source, .sink = sink, .out = out };
    int rc = -1;

    *out = (struct scrape_result){ 0 };
    if (run_init(&r, opts, err) || run_loop(&r, err) || close_slots(&r, err) ||
        streak_end(&r, err) || run_commit(&r, err))
        goto out;
    out->retry_at = r.end.retry_at;
    if (r.end.kind != ERR_NONE)
        *err = r.end;
    else
        rc = 0;
out:
    log_progress_done();
    run_release(&r);
    return rc;
}
