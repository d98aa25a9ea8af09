/* fetch/fetch.c: one loop, one thread. A call is with the source, in the
 * waiting list (to be sent when it is due: new, next page, back-off), ready (the
 * next to be sent) or in flight; a call that waits for its back-off holds up no other. */
#include <stdlib.h>
#include <string.h>
#include "base/array.h"
#include "base/http_url.h"
#include "base/log.h"
#include "base/utc.h"
#include "fetch/call.h"
#include "fetch/fetch.h"
#include "fetch/search.h"
#include "fetch/wire.h"
#include "platform/tiktok.h"

#define QUERY_PATH TIKTOK_API_QUERY "?fields="
#define SEARCH_TRIES 3                 // refusals before a search starts again
#define RESTARTS_MAX 2
#define OPEN_PER_FLIGHT 8              // calls that may wait for each that may fly
/* Made ready at once, so that the sink can announce them on one way: for each that may fly, and no
 * more than go out in that part of a second by the rate, behind whose pauses a way to a server
 * hides by itself. The same for every sink, or an audit on a file would go another way. */
#define AHEAD_PER_FLIGHT 4
#define AHEAD_MOST 32
#define AHEAD_RATE 4

struct run {
    struct wire wire;
    struct ask_source *source;
    struct sink *sink;
    struct fetch_result *sum;
    struct str field[FIELDS_MAX]; size_t fields; int fields_generation;
    struct buf path;             // of a query, with the fields
    struct call *free, *waiting;
    struct call *ready, **ready_end; int ahead;   // 0: one is ready at a time
    struct call **all; size_t calls, calls_cap;   // every call there is, for the end
    int open, flying_max, open_max;
    bool source_done; int64_t requests_when_done;
    int64_t asked, expected;      // members that are no canaries
};

/* ---- calls ---- */

static void call_wait(struct run *r, struct call *c, int64_t due_ms)
{
    struct call **at = &r->waiting;

    c->try.due_ms = due_ms;
    while (*at && (*at)->try.due_ms <= due_ms)
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
    if (wire_done(&r->wire, &c->req, complete, err))
        return -1;
    for (size_t i = 0; i < c->req.members; i++)
        r->asked += c->req.member[i].role != ROLE_CANARY;
    log_progress_of(&(struct log_count){ "asked for", "posts", r->asked, r->expected },
                    "%lld came back, in %lld requests", (long long)r->sum->found,
                    (long long)r->sum->sends);
    call_recycle(r, c);
    return 0;
}

static int call_give_up(struct run *r, struct call *c, struct err *err)
{
    r->sum->failed++;
    wire_give_up(&r->wire, &c->req, NULL);
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
        ARRAY_ROOM(r->all, r->calls, r->calls_cap);
        r->all[r->calls++] = c;
    }
    c->next = NULL;
    r->open++;
    if ((rc = r->source->next(r->source->from, &c->mem, &c->req, &e)) != 1) {
        call_recycle(r, c);
        r->source_done = true;
        r->requests_when_done = r->sum->requests;
        if (rc < 0)
            wire_end(&r->wire, &e);
        return 0;
    }
    call_begin(c);
    call_wait(r, c, 0);
    return 1;
}

/* ---- sending ---- */

static void fields_set(struct run *r, size_t len)
{
    r->fields = len;
    r->fields_generation++;
    buf_clear(&r->path);
    buf_puts(&r->path, QUERY_PATH);
    for (size_t i = 0; i < len; i++) {
        if (i > 0)
            buf_char(&r->path, ',');
        http_escape(&r->path, r->field[i]);
    }
}

static void ready_first(struct run *r, struct call *c)
{
    if (!r->ready)
        r->ready_end = &c->next;
    c->next = r->ready;
    r->ready = c;
}

static void ready_last(struct run *r, struct call *c)
{
    *(r->ready ? r->ready_end : &r->ready) = c;
    r->ready_end = &c->next;
    c->next = NULL;
}

static struct call *ready_take(struct run *r)
{
    struct call *c = r->ready;

    r->ready = c->next;
    c->next = NULL;
    return c;
}

static int call_send(struct run *r, struct call *c, struct err *err)
{
    int sent;

    search_body(&c->body, &(struct search){ .member = c->req.member,
                                            .members = c->req.members,
                                            .start_day = c->req.start_day,
                                            .end_day = c->req.end_day,
                                            .cursor = c->cursor,
                                            .search_id = buf_view(&c->search_id) });
    c->fields_generation = r->fields_generation;
    sent = wire_send(&r->wire, &c->req, &c->try,
                     &(struct wire_call){ .path = buf_cstr(&r->path),
                                          .type = "application/json",
                                          .body = buf_view(&c->body),
                                          .user = c },
                     err);
    if (sent == 0)                                // first in its turn again
        ready_first(r, c);
    return sent < 0 ? -1 : 0;
}

/* When the next send may be, in ticks: 0 = now, -1 = nothing to send. */
static int64_t next_due(const struct run *r)
{
    bool fresh = !r->source_done && r->open < r->open_max;
    int64_t due = fresh || r->ready || !r->waiting ? 0 : r->waiting->try.due_ms, wire;

    if (r->wire.flying >= r->flying_max || (!fresh && !r->ready && !r->waiting))
        return -1;
    wire = wire_due(&r->wire);
    return wire < 0 || wire > due ? wire : due;
}

static struct call *waiting_take(struct run *r)
{
    struct call *c = r->waiting;

    r->waiting = c->next;
    c->next = NULL;
    return c;
}

/* Due now, out of the waiting list; NULL: none is. */
static struct call *call_due(struct run *r, int64_t now)
{
    return (r->waiting && r->waiting->try.due_ms <= now) || call_open(r) ? waiting_take(r) : NULL;
}

/* One that was sent before goes again ahead of those that are ready. */
static bool goes_again(const struct run *r, int64_t now)
{
    return r->waiting && r->waiting->try.due_ms <= now && r->waiting->req.sends > 0;
}

/* Those that go out next: one, or as many as the sink is told of on one way. */
static int get_ready(struct run *r, int64_t now, struct err *err)
{
    struct call *c;
    int n = 0, rc = 1;

    while (rc == 1 && (n == 0 || n < r->ahead) && (c = call_due(r, now))) {
        if (r->ahead && !c->req.n && (rc = wire_announce(&r->wire, &c->req, err)) != 1)
            call_wait(r, c, 0);
        else
            ready_last(r, c);
        n++;
    }
    return rc < 0 ? -1 : 0;
}

static int send_due(struct run *r, struct err *err)
{
    for (;;) {
        int64_t now = utc_tick_ms(), due = next_due(r);

        if (due < 0 || due > now)
            return 0;
        if (goes_again(r, now))
            ready_first(r, waiting_take(r));
        if (r->ready ? call_send(r, ready_take(r), err) : get_ready(r, now, err))
            return -1;                            // next_due says again what is left
    }
}

/* ---- replies ---- */

static int on_rows(struct run *r, struct call *c, const struct reply *re, struct err *err)
{
    enum call_page page = PAGE_LAST;
    const char *why = NULL;

    if (call_page(c, re, r->sink, r->sum, &page, &why, err))
        return -1;
    switch (page) {
    case PAGE_MORE:
        call_wait(r, c, 0);
        return 0;
    case PAGE_STUCK:
        wire_note(&c->req, why);
        return call_finish(r, c, false, err);
    case PAGE_LAST:
        break;
    }
    /* A row whose id cannot be read may be any of those that seem to be absent. */
    if (c->unread)
        wire_note(&c->req, "bad_row");
    return call_finish(r, c, !c->unread, err);
}

/* Sending it again is of no use. */
static int on_refusal(struct run *r, struct call *c, const struct reply *re, struct err *err)
{
    r->sum->failed++;
    wire_give_up(&r->wire, &c->req, re);
    return call_finish(r, c, false, err);
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
        if (r->sink->drift(r->sink->to, "refused_field", r->field[i], 1, c->req.done_at, err))
            return -1;
    if (at < r->fields)
        memmove(&r->field[at], &r->field[at + 1], (r->fields - at - 1) * sizeof *r->field);
    fields_set(r, keep);
    call_wait(r, c, 0);
    return 0;
}

/* A search that is refused again and again starts anew; false where it has done so often enough. */
static bool search_goes_on(struct call *c)
{
    if (c->search_id.n == 0 || c->try.failed + 1 < SEARCH_TRIES)
        return true;
    if (c->restarts == RESTARTS_MAX)
        return false;
    call_restart(c);
    return true;
}

static int on_reply(struct run *r, struct call *c, const struct http_exchange *x, struct err *err)
{
    struct wire_reply re;

    if (wire_take(&r->wire, &c->req, &c->try, false, x, &c->page, &re, err))
        return -1;
    if (re.what == API_OK)
        return on_rows(r, c, &re.env, err);
    if (re.what == API_FIELD)
        return on_field_refused(r, c, &re.env, err);
    if (re.what == API_FAIL)
        return on_refusal(r, c, &re.env, err);
    if (re.what == API_SEARCH && !search_goes_on(c))
        return call_give_up(r, c, err);
    switch (wire_failed(&r->wire, &c->req, &c->try, x, &re)) {
    case WIRE_AGAIN:
        call_wait(r, c, c->try.due_ms);
        return 0;
    case WIRE_GIVE_UP:
        return call_give_up(r, c, err);
    case WIRE_CLOSE:
        break;
    }
    return call_finish(r, c, false, err);
}

/* ---- the loop ---- */

/* One step: sends what is due, then takes one reply or waits. 1 to go on, 0 at the end. */
static int step(struct run *r, struct err *err)
{
    struct http_exchange x;
    int64_t due, wait;
    int rc;

    /* All that has come in is taken first: what is sent together waits for the store once. */
    if (r->wire.flying > 0 && (rc = wire_next(&r->wire, 0, &x, err)) != 0)
        return rc < 0 || on_reply(r, x.user, &x, err) ? -1 : 1;
    if (!wire_ends(&r->wire) && send_due(r, err))
        return -1;
    due = next_due(r);
    wait = due < 0 ? 1000 : due - utc_tick_ms();
    wait = wait > 1000 ? 1000 : wait;
    if (r->wire.flying > 0 || r->wire.token_flying) {
        rc = wire_next(&r->wire, wait, &x, err);
        return rc < 0 || (rc > 0 && on_reply(r, x.user, &x, err)) ? -1 : 1;
    }
    if (r->wire.ending)
        return 0;
    if (due < 0) {
        /* Answers that came in since may have given the source more to ask. */
        if (r->requests_when_done == r->sum->requests)
            return 0;
        r->source_done = false;
        return 1;
    }
    log_progress_wait(due - utc_tick_ms(), "the API can be asked again then");
    utc_wait_ms(wait);
    return 1;
}

/* Calls that were sent but got no answer before the end are closed as such; of the others nothing
 * stays. */
static int close_unanswered(struct run *r, struct call *c, struct err *err)
{
    if (c->req.sends) {
        if (strcmp(c->req.error_code, "ok") == 0)
            wire_note(&c->req, "cut_short");
        return call_finish(r, c, false, err);
    }
    if (c->req.n && r->sink->withdraw(r->sink->to, &c->req, err))
        return -1;
    call_recycle(r, c);
    return 0;
}

static int close_waiting(struct run *r, struct err *err)
{
    while (r->ready)
        if (close_unanswered(r, ready_take(r), err))
            return -1;
    while (r->waiting)
        if (close_unanswered(r, waiting_take(r), err))
            return -1;
    return 0;
}

static void run_release(struct run *r)
{
    wire_release(&r->wire);
    buf_release(&r->path);
    for (size_t i = 0; i < r->calls; i++) {
        call_release(r->all[i]);
        free(r->all[i]);
    }
    free(r->all);
}

static int ahead_of(const struct settings *set)
{
    const double by_rate = set->api_requests_per_second / AHEAD_RATE;
    const int64_t flights = AHEAD_PER_FLIGHT * set->api_concurrency;
    const int most = flights < AHEAD_MOST ? (int)flights : AHEAD_MOST;

    return by_rate < 2 ? 0 : by_rate < most ? (int)by_rate : most;
}

int fetch_run(const struct fetch_opts *opts, struct ask_source *source, struct sink *sink,
              struct fetch_result *out, struct err *err)
{
    struct run r = { .source = source, .sink = sink, .sum = out, .expected = opts->expected };
    int rc;

    r.flying_max = opts->set->api_concurrency > 0 ? (int)opts->set->api_concurrency : 1;
    r.open_max = r.flying_max * OPEN_PER_FLIGHT;
    r.ahead = ahead_of(opts->set);
    if (wire_init(&r.wire, opts, sink, out, r.flying_max, err))
        return -1;
    fields_set(&r, row_fields(r.field));
    while ((rc = step(&r, err)) == 1)
        ;
    log_progress_done();
    if (rc == 0)
        rc = close_waiting(&r, err);
    if (rc == 0 && r.wire.ending) {
        *err = r.wire.end;
        rc = -1;
    }
    run_release(&r);
    return rc;
}
