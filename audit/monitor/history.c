/* audit/monitor/history.c: see history.h. */
#include "audit/monitor/history.h"
#include <stdlib.h>
#include <string.h>
#include "audit/monitor/fresh.h"
#include "audit/monitor/lag.h"
#include "audit/monitor/told.h"
#include "base/array.h"
#include "base/utc.h"
#include "store/note.h"
#include "store/reply.h"
#include "watch/day.h"

struct making {
    struct audit *audit;
    struct arena *mem;
    struct watch_history *h;
    struct watch_events *events;
    int64_t last_round_day;         // -1: there was none
    struct { struct watch_post *v; size_t n, cap; } post;
    struct { struct watch_run *v; size_t n, cap; } run;    // of one post
    struct { struct reply_wanted *v; size_t n, cap; } wanted;
    struct { struct watch_note *v; size_t n, cap; } note;
};

/* ---- days ---- */

/* On the day on which it came, and on that on which it went, nobody owed it a round. */
static bool was_listed(const struct watched *w, int64_t day)
{
    return w->role != WATCH_LOADED && day > utc_day(w->since_at) &&
           (!w->until_at || day < utc_day(w->until_at));
}

/* The last day that there is anything to say of: of its readings, and, while it is watched, of
 * the list's rounds. */
static int64_t last_day(const struct making *m, const struct watched *w,
                        const struct watch_reading *r, size_t n)
{
    const int64_t own = n ? utc_day(r[n - 1].at) : -1;
    int64_t listed = w->role == WATCH_LOADED ? -1 : m->last_round_day;

    if (w->until_at && listed > utc_day(w->until_at))
        listed = utc_day(w->until_at);
    return own > listed ? own : listed;
}

static size_t of_day(const struct watch_reading *r, size_t n, int64_t day)
{
    size_t same = 0;

    while (same < n && utc_day(r[same].at) == day)
        same++;
    return same;
}

static bool is_ours(const struct watch_reading *r)
{
    return !r->loaded && r->request;
}

static void keep_reply(struct watch_reply *reply, const struct watch_reading *r)
{
    static const enum witness by[] = { [WATCH_BY_API] = WITNESS_QUERY,
                                       [WATCH_BY_PAGE] = WITNESS_PAGE,
                                       [WATCH_BY_OEMBED] = WITNESS_OEMBED };

    if (is_ours(r))
        *reply = (struct watch_reply){ .at = r->at,
                                       .request = r->request,
                                       .witness = by[r->witness],
                                       .evidence = { r->reply } };
}

/* What it said is asked for when all posts are in. */
static void want_reply(struct making *m, int64_t item, struct watch_reply *r)
{
    if (!r->request)
        return;
    ARRAY_ROOM(m->wanted.v, m->wanted.n, m->wanted.cap);
    m->wanted.v[m->wanted.n++] =
        (struct reply_wanted){ item, r->request, r->witness, r->evidence, &r->said, &r->place };
}

/* r: all readings of the run. Of the replies of a side the last one is told; those of a whole
 * series would be read for nothing. */
static void end_run(struct making *m, const struct watch_reading *r, size_t n)
{
    struct watch_run *run = &m->run.v[m->run.n - 1];

    run->asks = (int64_t)n;
    for (size_t i = 0; i < n; i++) {
        run->loaded = run->loaded || r[i].loaded;
        if (r[i].witness == WATCH_BY_API)
            keep_reply(&run->api, &r[i]);
        else if ((r[i].witness == WATCH_BY_OEMBED) == run->is.by_oembed || !run->page.request)
            keep_reply(&run->page, &r[i]);
    }
}

static bool is_blank(struct watch_day d)
{
    return d.api == WATCH_API_NONE && d.page == WATCH_PAGE_NONE;
}

static void make_days(struct making *m, const struct watched *w, struct watch_post *p,
                      const struct watch_reading *r, size_t n)
{
    struct watch_day *day = arena_alloc(m->mem, (p->days + 1) * sizeof *day);
    size_t at = 0, began = 0;       // readings: of the next day; of the open run
    bool open = false;

    m->run.n = 0;
    for (size_t d = 0; d < p->days; d++) {
        const int64_t date = p->first_day + (int64_t)d;
        const size_t same = of_day(r + at, n - at, date);

        day[d] = watch_day_of(r + at, same, was_listed(w, date));
        if (open && (is_blank(day[d]) || !watch_day_is_like(day[d], day[d - 1]))) {
            end_run(m, r + began, at - began);
            open = false;
        }
        if (!open && !is_blank(day[d])) {
            ARRAY_ROOM(m->run.v, m->run.n, m->run.cap);
            m->run.v[m->run.n++] = (struct watch_run){ .first = date, .is = day[d] };
            began = at;
            open = true;
        }
        if (open)
            m->run.v[m->run.n - 1].last = date;
        at += same;
    }
    p->day = day;
    if (open)
        end_run(m, r + began, at - began);
}

static int take_post(void *to, const struct watched *w, const struct watch_reading *r, size_t n,
                     struct err *err)
{
    struct making *m = to;
    struct watch_run *run;
    struct watch_post p = { .item = w->item,
                            .id = w->id,
                            .handle = arena_dup(m->mem, w->handle),
                            .role = w->role,
                            .why = arena_dup(m->mem, w->why),
                            .purged = w->purged_at > 0,
                            .since_at = w->since_at,
                            .until_at = w->until_at };
    const int64_t last = last_day(m, w, r, n);

    (void)err;
    told_event_item(m->events, w, r, n);
    if (w->role == WATCH_FRESH)    // its curve tells of it
        return 0;
    p.first_day = n ? utc_day(r[0].at) : utc_day(w->since_at) + 1;
    p.days = last >= p.first_day ? (size_t)(last - p.first_day + 1) : 0;
    if (n && r[n - 1].at > m->h->newest_at)
        m->h->newest_at = r[n - 1].at;
    make_days(m, w, &p, r, n);
    run = arena_alloc(m->mem, (m->run.n + 1) * sizeof *run);
    if (m->run.n)
        memcpy(run, m->run.v, m->run.n * sizeof *run);
    for (size_t i = 0; i < m->run.n; i++) {
        want_reply(m, w->item, &run[i].api);
        want_reply(m, w->item, &run[i].page);
    }
    p.run = run;
    p.runs = m->run.n;
    ARRAY_ROOM(m->post.v, m->post.n, m->post.cap);
    m->post.v[m->post.n++] = p;
    return 0;
}

/* ---- the list ---- */

static int by_place(const void *a, const void *b)
{
    const struct watch_post *x = a, *y = b;

    if ((x->role == WATCH_CANARY) != (y->role == WATCH_CANARY))
        return x->role == WATCH_CANARY ? 1 : -1;
    if (x->role == WATCH_CANARY && watch_post_is_idle(x) != watch_post_is_idle(y))
        return watch_post_is_idle(x) ? 1 : -1;
    return (x->id > y->id) - (x->id < y->id);
}

static int read_posts(struct making *m, const struct told_rounds *rounds, struct err *err)
{
    struct watch_history *h = m->h;

    h->rounds = (int64_t)rounds->n;
    m->last_round_day = -1;
    for (size_t i = 0; i < rounds->n; i++)
        h->rounds_cut += rounds->v[i].ending != ROUND_DONE;
    if (rounds->n) {
        h->last_round = rounds->v[rounds->n - 1];
        m->last_round_day = utc_day(h->last_round.started_at);
    }
    if (told_each(m->audit, rounds, take_post, m, err) ||
        store_replies(m->audit->store, m->wanted.v, m->wanted.n, m->mem, err))
        return -1;
    if (m->post.n)
        qsort(m->post.v, m->post.n, sizeof *m->post.v, by_place);
    h->posts = m->post.n;
    h->post = arena_alloc(m->mem, (m->post.n + 1) * sizeof *h->post);
    if (m->post.n)
        memcpy(h->post, m->post.v, m->post.n * sizeof *h->post);
    return 0;
}

static int keep_note(void *to, const struct watch_note *note, struct err *err)
{
    struct making *m = to;

    (void)err;
    ARRAY_ROOM(m->note.v, m->note.n, m->note.cap);
    m->note.v[m->note.n] = *note;
    m->note.v[m->note.n++].text = arena_dup(m->mem, note->text);
    return 0;
}

static int read_notes(struct making *m, struct err *err)
{
    struct watch_note *note;

    if (store_notes(m->audit->store, keep_note, m, err))
        return -1;
    note = arena_alloc(m->mem, (m->note.n + 1) * sizeof *note);
    if (m->note.n)
        memcpy(note, m->note.v, m->note.n * sizeof *note);
    m->h->note = note;
    m->h->notes = m->note.n;
    return 0;
}

/* until: as of told_event_rounds. The posts' own are in already. */
static void end_events(struct making *m, const struct told_rounds *rounds, int64_t until)
{
    const struct watch_event *from;
    struct watch_event *to;

    told_event_rounds(m->events, rounds, until);
    from = watch_events_end(m->events, &m->h->events);
    to = arena_alloc(m->mem, (m->h->events + 1) * sizeof *to);
    if (m->h->events)
        memcpy(to, from, m->h->events * sizeof *to);
    m->h->event = to;
}

static int read_sums(struct making *m, int64_t now, struct err *err)
{
    struct watch_history *h = m->h;
    const struct settings *set = &m->audit->set;
    int64_t last;

    h->list = arena_dup(m->mem, buf_view(&m->audit->name));
    h->stale_hours = set->monitor_stale_hours;
    h->confirm_hours = set->monitor_confirm_hours;
    last = h->rounds ? h->last_round.started_at : h->newest_at;
    h->is_stale = !last || now - last > h->stale_hours * 3600;
    return store_count_sources(m->audit->store, "series", &h->series, err) ||
                   store_sent(m->audit->store, &h->requests, &h->pages, err)
               ? -1
               : 0;
}

/* What counters and new posts say; of the lags the days are kept. */
static int read_others(struct making *m, int64_t now, struct err *err)
{
    struct lag_history *lag = arena_alloc(m->mem, sizeof *lag), all = { 0 };
    struct fresh_curve *fresh = arena_alloc(m->mem, sizeof *fresh);
    struct lag_day *day;

    if (monitor_lag(m->audit, m->mem, &all, err))
        return -1;
    day = arena_alloc(m->mem, (all.days + 1) * sizeof *day);
    if (all.days)
        memcpy(day, all.day, all.days * sizeof *day);
    *lag = (struct lag_history){ .day = day, .days = all.days, .sum = all.sum };
    lag_release(&all);
    m->h->lag = lag;
    m->h->fresh = fresh;
    return fresh_curve_make(m->audit, now, m->mem, fresh, err);
}

int monitor_history(struct audit *audit, int64_t now, struct arena *mem, struct watch_history *h,
                    struct err *err)
{
    const struct watch_events_opts opts = told_opts(&audit->set);
    struct making m = {
        .audit = audit, .mem = mem, .h = h, .events = watch_events_new(&opts)
    };
    struct told_rounds rounds = { 0 };
    int rc = -1;

    *h = (struct watch_history){ 0 };
    if (told_rounds_read(audit, &rounds, err) || read_posts(&m, &rounds, err) ||
        read_sums(&m, now, err) || read_notes(&m, err) || read_others(&m, now, err))
        goto out;
    end_events(&m, &rounds, h->is_stale && h->rounds ? now : 0);
    watch_history_finish(h, mem);
    rc = 0;
out:
    told_rounds_release(&rounds);
    watch_events_free(m.events);
    free(m.post.v);
    free(m.run.v);
    free(m.wanted.v);
    free(m.note.v);
    return rc;
}
