/* scrape/scrape.c: the loop over pages. A slot is one task from its first send
 * to its answer; it is READY while it waits for its turn at its host (first
 * send, next hop of a redirect, retry) and FLYING while an exchange is under way. */
#include <stdlib.h>
#include <string.h>
#include "base/log.h"
#include "base/stop.h"
#include "base/utc.h"
#include "scrape/engine.h"
#include "scrape/pace.h"
#include "scrape/scrape.h"
#include "scrape/streak.h"
#include "scrape/wall.h"

#define DRIFT_WAIT_S 3600          // a stripped site is often whole again within the hour
#define BROWSER_WAIT_S 120         // a browser that ended again and again
#define ROOM_MS 20                 // so often it is looked whether the browser has room again
#define LOW_SPEED 256              // bytes a second; a page comes at a thousand times that

enum slot_state { SLOT_FREE, SLOT_READY, SLOT_FLYING };
struct slot {
    enum slot_state state;
    struct visit visit;
    enum host host;
    bool retried;
    bool begun;                    // its engine was chosen
};
struct run {
    const struct settings *set;
    struct read_source *source;
    struct sink *sink;
    struct scrape_result *out;
    struct engines *engines;
    struct reader reader;
    struct vantage vantage;
    struct pace pace;
    struct book book;
    struct streak streak;
    struct wall wall;
    struct slot *slot; size_t slots;
    int in_flight;
    bool dry;                      // nothing left to take
    struct err end;                // why the run ends early: nothing new is sent
};

/* ---- setting up ---- */

static int run_init(struct run *r, const struct scrape_opts *o, struct err *err)
{
    const struct settings *set = o->set;
    const int concurrency = set->page_concurrency > 0 ? (int)set->page_concurrency : 1;
    struct http_opts opts = { .timeout_s = set->net_timeout_s,
                              .cookies = true,
                              .allow_h2 = true,
                              .low_speed = LOW_SPEED,
                              .ca_file = set->net_ca_file && *set->net_ca_file ? set->net_ca_file
                                                                               : NULL };

    r->set = set;
    reader_init(&r->reader, set, r->sink, r->out);
    opts.max_in_flight = concurrency * HOST_COUNT;
    r->slots = (size_t)concurrency * HOST_COUNT + 2;
    r->slot = xcalloc(r->slots, sizeof *r->slot);
    vantage_init(&r->vantage, set);
    pace_init(&r->pace, o, &r->vantage, r->out);
    r->book = (struct book){ .sink = r->sink, .out = r->out, .expected = o->expected };
    r->streak = (struct streak){ .book = &r->book,
                                 .unread_max = (size_t)set->page_unread,
                                 .shown = o->shown };
    r->wall = (struct wall){ .book = &r->book };
    opts.proxy = (const char *const *)r->vantage.proxy;
    return engines_new(&r->engines, set, &opts, o->browsing, err);
}

static void run_release(struct run *r)
{
    engines_free(r->engines);
    reader_release(&r->reader);
    for (size_t i = 0; i < r->slots; i++)
        arena_release(&r->slot[i].visit.mem);
    free(r->slot);
    vantage_release(&r->vantage);
    streak_release(&r->streak);
    wall_release(&r->wall);
}

/* Ends the run with this error once all that is in flight has come in; the
 * first reason stays. */
static void run_close(struct run *r, const struct err *why)
{
    if (r->end.kind == ERR_NONE)
        r->end = *why;
}

static bool run_closes(const struct run *r)
{
    return r->end.kind != ERR_NONE;
}

/* ---- tasks ---- */

static enum host host_of(const struct run *r, struct str url)
{
    struct url u, b;

    return url_split(url, &u) && url_split(r->reader.bases.short_links, &b) &&
                   str_eq_nocase(u.host, b.host)
               ? HOST_SHORT
               : HOST_PAGE;
}

static void slot_free(struct slot *s)
{
    arena_clear(&s->visit.mem);
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
    visit_start(&s->visit, &r->reader);
    s->host = host_of(r, s->visit.url);
    s->retried = false;
    s->state = SLOT_READY;
    s->begun = false;
}

/* Takes the next task in; 1, 0 where the source is dry, -1. */
static int slot_take(struct run *r, struct slot *s, struct err *err)
{
    int got;

    memset(&s->visit.task, 0, sizeof s->visit.task);
    if ((got = r->source->next(r->source->from, &s->visit.mem, &s->visit.task, err)) <= 0) {
        r->dry = true;
        return got;
    }
    slot_fill(r, s);
    return 1;
}

/* Chosen when it is sent: what came meanwhile may say that pages begin in the browser. */
static void slot_choose(struct run *r, struct slot *s)
{
    if (!s->begun && s->visit.task.witness == WITNESS_PAGE)
        s->visit.engine = engines_first(r->engines);
    s->begun = true;
}

static int slot_send(struct run *r, struct slot *s, struct err *err)
{
    struct err e = { 0 };

    if (r->sink->reserve(r->sink->to, &s->visit.req, &e)) {
        if (e.kind == ERR_AGAIN || e.kind == ERR_QUOTA) {
            run_close(r, &e);
            return 0;
        }
        *err = e;
        return -1;
    }
    s->visit.req.sends++;
    r->out->sends++;
    s->visit.engine = engines_submit(
        r->engines, s->visit.engine,
        &(struct http_request){ .url = s->visit.url.p,
                                .header = (const char *const *)r->vantage.header,
                                .body_max = visit_body_max(&s->visit),
                                .user = s,
                                .proxy = r->vantage.at });
    polite_sent(&r->pace.host[s->host], utc_tick_ms());
    r->pace.host[s->host].in_flight++;
    r->in_flight++;
    s->state = SLOT_FLYING;
    return 0;
}

/* ---- answers ---- */

/* Puts the answer, or holds it, and frees the slot. */
static int slot_finish(struct run *r, struct slot *s, struct answer *a, struct err *err)
{
    a->item = s->visit.member.item;
    a->request = s->visit.req.n;
    if (wall_holds(&r->wall, &s->visit, a)) {
        slot_free(s);
        return 0;
    }
    if (sink_settle(r->sink, a, err) || wall_sees(&r->wall, &s->visit, a, err) ||
        streak_take(&r->streak, &s->visit, a, err))
        return -1;
    slot_free(s);
    return 0;
}

static bool may_retry(const struct run *r, const struct slot *s, const struct answer *a)
{
    return a->kind == ANSWER_NO_ANSWER &&
           (a->why == NO_ANSWER_TIMEOUT || a->why == NO_ANSWER_TRANSPORT) && !s->retried &&
           !run_closes(r);
}

static int slot_reply(struct run *r, struct slot *s, const struct http_exchange *x, struct err *err)
{
    struct answer a = { .kind = ANSWER_NO_ANSWER };
    int got;

    r->in_flight--;
    r->pace.host[s->host].in_flight--;
    if ((got = visit_reply(&s->visit, &r->reader, x, &a, err)) < 0)
        return -1;
    if (got && s->visit.task.witness == WITNESS_PAGE && s->visit.engine == ENGINE_HTTP &&
        engines_turn(r->engines, &a)) {
        r->out->turned++;
        s->visit.engine = ENGINE_BROWSER;
        got = 0;
    }
    if (got == 0) {
        polite_answered(&r->pace.host[s->host], x->took_us);
        s->host = host_of(r, s->visit.url);
        s->state = SLOT_READY;
        return 0;
    }
    pace_reply(&r->pace, s->host, x, &a, &r->end);
    if (may_retry(r, s, &a)) {
        r->out->retries++;
        s->retried = true;
        s->state = SLOT_READY;
        return 0;
    }
    return slot_finish(r, s, &a, err);
}

/* ---- drift: no page gives an answer ---- */

/* Asks for a post whose page should be readable, unless one is under way. */
static int ask_control(struct run *r, struct slot *s, struct err *err)
{
    struct streak *k = &r->streak;
    int got = 0;

    if (k->sure || k->asking)
        return 0;
    memset(&s->visit.task, 0, sizeof s->visit.task);
    if (streak_wants_control(k) && r->source->control &&
        (got = r->source->control(r->source->from, &s->visit.mem, &s->visit.task, err)) < 0)
        return -1;
    if (got == 0) {
        streak_decide(k);
        return 0;
    }
    slot_fill(r, s);
    s->visit.control = k->asking = true;
    r->out->controls++;
    return 0;
}

static void drift_close(struct run *r)
{
    struct buf text = { 0 };

    r->out->odd = r->streak.evidence;
    streak_text(&r->streak, &text);
    pace_end(&r->end, utc_now() + DRIFT_WAIT_S, buf_cstr(&text));
    buf_release(&text);
}

/* ---- blocks: of the site, or of these posts? ---- */

/* 1: a control is at hand and will be sent; 0: none is; -1. */
static int wall_ask(struct run *r, struct err *err)
{
    struct slot *s = r->wall.held && !r->wall.site ? slot_find(r, SLOT_FREE) : NULL;
    int got = 0;

    if (s && (got = wall_control(&r->wall, r->source, &s->visit.mem, &s->visit.task, err)) < 0)
        return -1;
    if (got == 0)
        return wall_blames_site(&r->wall, err) ? -1 : 0;
    slot_fill(r, s);
    s->visit.clears = true;
    r->out->controls++;
    return 1;
}

/* Blocks in a row, and nothing under way. */
static int mind_blocks(struct run *r, struct err *err)
{
    int asked;

    if (book_commit(&r->book, err) || (asked = wall_ask(r, err)) < 0)
        return -1;
    if (asked)
        return 0;
    pace_pause(&r->pace, &r->end);
    r->wall.site = false;
    return book_commit(&r->book, err);
}

/* ---- the loop ---- */

/* Sends what may be sent; *wait is how long until the next one may, -1 = none. */
static int send_ready(struct run *r, bool control_alone, int64_t *wait, struct err *err)
{
    *wait = -1;
    for (size_t i = 0; i < r->slots; i++) {
        struct slot *s = &r->slot[i];
        int64_t ms;

        if (s->state == SLOT_READY)
            slot_choose(r, s);
        if (s->state != SLOT_READY || !polite_has_room(&r->pace.host[s->host]) ||
            (control_alone && !s->visit.clears))
            continue;
        if (run_closes(r) && s->visit.req.sends == 0)
            continue;
        ms = pace_wait_ms(&r->pace, s->host);
        if (!engines_have_room(r->engines, s->visit.engine, r->vantage.at))
            ms = ms > ROOM_MS ? ms : ROOM_MS;
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
        if (send_ready(r, false, wait, err))
            return -1;
        if (run_closes(r) || slot_find(r, SLOT_READY) || !(s = slot_find(r, SLOT_FREE)))
            return 0;
        if (streak_suspects(&r->streak, r->dry)) {
            if (r->in_flight)              // what is under way may still be read
                return 0;
            if (ask_control(r, s, err))
                return -1;
            if (r->streak.sure)
                drift_close(r);
            if (s->state == SLOT_READY)
                continue;
        }
        if (r->dry || run_closes(r))
            return 0;
        if (slot_take(r, s, err) < 0)
            return -1;
        if (s->state == SLOT_READY &&
            !s->visit.url.n) {    // a link that is none of the site's: nothing to send
            struct answer a = { .kind = ANSWER_NO_ANSWER,
                                .why = NO_ANSWER_UNKNOWN_SHAPE,
                                .at = utc_now() };

            if (r->sink->reserve(r->sink->to, &s->visit.req, err) || slot_finish(r, s, &a, err))
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
                            .why = s->visit.hops ? NO_ANSWER_REDIRECT : NO_ANSWER_TIMEOUT,
                            .at = s->visit.req.done_at };

        if (s->state == SLOT_READY && s->visit.req.sends > 0 && slot_finish(r, s, &a, err))
            return -1;
    }
    return 0;
}

/* What it had under way is without an answer, as after a kill; the run ends. */
static int browser_ended(struct run *r, struct err *err)
{
    if (err->kind == ERR_AGAIN)
        pace_end(&r->end, utc_now() + BROWSER_WAIT_S, err->msg);
    else if (err->kind == ERR_STOPPED)
        run_close(r, err);
    else
        return -1;
    err_clear(err);
    for (size_t i = 0; i < r->slots; i++) {
        struct slot *s = &r->slot[i];

        if (s->state != SLOT_FLYING || s->visit.engine != ENGINE_BROWSER)
            continue;
        r->in_flight--;
        r->pace.host[s->host].in_flight--;
        slot_free(s);
    }
    return 0;
}

/* The page's own script solves it; both pages are kept. */
static int challenge_came(struct run *r, struct slot *s, const struct http_exchange *x,
                          struct err *err)
{
    counted_add(&r->out->challenges, 1, x->done_at);
    return visit_keep(&s->visit, &r->reader, x, err);
}

/* Waits for a reply or for the next send. */
static int step(struct run *r, int64_t wait, struct err *err)
{
    struct http_exchange x;
    struct slot *s;
    bool more = false;
    int got;

    if (r->in_flight == 0) {
        if (wait > 0 && book_commit(&r->book, err))
            return -1;
        log_progress_wait(wait, "the next page may be read then");
        utc_wait_ms(wait < 0 ? 1 : wait < 200 ? wait : 200);
        return 0;
    }
    got = engines_next(r->engines, wait < 0 || wait > 200 ? 200 : (int)wait, &x, &more, err);
    if (got < 0)
        return browser_ended(r, err);
    s = got ? x.user : NULL;
    if (more)
        return challenge_came(r, s, &x, err);
    return s ? slot_reply(r, s, &x, err) : 0;
}

static bool run_idle(const struct run *r)
{
    if (r->in_flight)
        return false;
    for (size_t i = 0; i < r->slots; i++)
        if (r->slot[i].state == SLOT_READY && (!run_closes(r) || r->slot[i].visit.req.sends > 0))
            return false;
    return true;
}

static bool ends_at_once(const struct run *r)
{
    return r->end.kind == ERR_AGAIN || r->end.kind == ERR_QUOTA;
}

/* Nothing is sent to a site that blocks, no further hop either, but the control. */
static int send_what_may(struct run *r, bool blocked, int64_t *wait, struct err *err)
{
    *wait = -1;
    if (ends_at_once(r) || (blocked && !r->wall.asking))
        return 0;
    return r->wall.asking ? send_ready(r, true, wait, err) : take_and_send(r, wait, err);
}

static int run_loop(struct run *r, struct err *err)
{
    int64_t wait = -1;

    for (;;) {
        bool blocked = pace_is_blocked(&r->pace) && !run_closes(r);

        if (stop_asked() && r->end.kind == ERR_NONE) {
            struct err e = { 0 };

            err_set(&e, ERR_STOPPED, "interrupted");
            run_close(r, &e);
        }
        if (blocked && r->in_flight == 0 && !r->wall.asking) {
            if (mind_blocks(r, err))
                return -1;
            continue;
        }
        if (send_what_may(r, blocked, &wait, err))
            return -1;
        if (r->in_flight == 0 && (run_idle(r) || ends_at_once(r))) {
            int asked = run_closes(r) || !r->wall.held ? 0 : wall_ask(r, err);

            if (asked <= 0)
                return asked;
        }
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
        wall_blames_site(&r.wall, err) ||
        streak_end(&r.streak, run_closes(&r), pace_is_unreachable(&r.pace), err) ||
        book_commit(&r.book, err))
        goto out;
    out->retry_at = r.end.retry_at;
    out->unreachable = pace_is_unreachable(&r.pace);
    if (r.end.kind != ERR_NONE)
        *err = r.end;
    else
        rc = 0;
out:
    log_progress_done();
    run_release(&r);
    return rc;
}
