/* audit/monitor/due.c: from readings to what is to be asked. */
#include "audit/monitor/due.h"
#include <stdlib.h>
#include <string.h>
#include "audit/monitor/told.h"
#include "base/array.h"
#include "base/utc.h"
#include "record/id.h"
#include "record/witnesses.h"
#include "watch/fresh.h"

struct maker {
    struct audit *audit;
    struct due_list *list;
    struct watch_events_opts opts;
    int64_t now;
    struct watch_events *events;    // NULL: not wanted
};

/* Where the last day's readings begin, if they are of that day. */
static size_t today_from(const struct watch_reading *r, size_t n, int64_t day)
{
    while (n > 0 && utc_day(r[n - 1].at) == day)
        n--;
    return n;
}

/* Readings that bear a later day were taken by a clock that was wrong, or it is wrong now: what
 * is due today is not for them to say. */
static size_t until_today(struct maker *m, const struct watch_reading *r, size_t n)
{
    if (n && r[n - 1].at > m->list->ahead_at && utc_day(r[n - 1].at) > utc_day(m->now))
        m->list->ahead_at = r[n - 1].at;
    while (n > 0 && utc_day(r[n - 1].at) > utc_day(m->now))
        n--;
    return n;
}

static bool was_read(const struct watch_reading *r, size_t n, enum watch_witness by)
{
    for (size_t i = 0; i < n; i++)
        if (r[i].witness == by && r[i].said != WATCH_SAID_NOTHING)
            return true;
    return false;
}

/* What the last reading that said anything said, of the witness. */
static enum watch_said last_said(const struct watch_reading *r, size_t n, enum watch_witness by)
{
    while (n > 0)
        if (r[--n].witness == by && r[n].said != WATCH_SAID_NOTHING)
            return r[n].said;
    return WATCH_SAID_NOTHING;
}

/* A change that waits is asked again when it is old enough. */
static bool is_ripe(struct maker *m, const struct watch_holds *h)
{
    const int64_t at = h->changed_at + m->opts.confirm_s;

    if (!h->change)
        return false;
    if (at > m->now) {
        m->list->waiting++;
        if (at < m->list->next_at)
            m->list->next_at = at;
        return false;
    }
    return true;
}

static void settle(struct maker *m, struct due_item *d, const struct watch_reading *r, size_t n)
{
    const size_t from = today_from(r, n, utc_day(m->now));
    const bool post = d->role == WATCH_POST;
    bool ripe_api, ripe_page;

    d->today = watch_day_of(r + from, n - from, true);
    d->refused = last_said(r, n, WATCH_BY_PAGE) == WATCH_SAID_NO;
    d->vouches = d->role == WATCH_CANARY &&
                 (!d->refused || last_said(r, n, WATCH_BY_API) == WATCH_SAID_YES);
    for (int side = 0; side < WATCH_SIDES; side++)
        watch_holds_of(r, n, (enum watch_side)side, &m->opts, &d->holds[side]);
    ripe_api = post && is_ripe(m, &d->holds[WATCH_SIDE_API]);
    ripe_page = post && is_ripe(m, &d->holds[WATCH_SIDE_PAGE]);
    d->api = post && (ripe_api || d->today.api == WATCH_API_NOT_MEASURED);
    d->page = ripe_page || d->today.page == WATCH_PAGE_NOT_MEASURED || d->today.by_oembed;
    d->oembed = post && (ripe_page || !was_read(r + from, n - from, WATCH_BY_OEMBED));
    d->confirms = ripe_api || ripe_page;
}

/* A new post is due by its age, until it was returned or its page is gone. */
static void settle_fresh(struct maker *m, struct due_item *d, const struct watch_reading *r,
                         size_t n)
{
    int64_t asked_at = 0, due_at;

    d->refused = last_said(r, n, WATCH_BY_PAGE) == WATCH_SAID_NO;
    for (size_t i = 0; i < n; i++)
        if (r[i].witness == WATCH_BY_API && r[i].said != WATCH_SAID_NOTHING) {
            asked_at = r[i].at > asked_at ? r[i].at : asked_at;
            if (r[i].said == WATCH_SAID_YES)
                return;
        }
    due_at = d->refused ? 0 : fresh_due(id_time(d->id), asked_at);
    d->api = d->page = due_at && due_at <= m->now;
    if (due_at > m->now && due_at < m->list->next_at)
        m->list->next_at = due_at;
}

static int take_item(void *to, const struct watched *w, const struct watch_reading *r, size_t n,
                     struct err *err)
{
    struct maker *m = to;
    struct due_list *l = m->list;
    struct due_item *d;

    (void)err;
    if (m->events)
        told_event_item(m->events, w, r, n);
    if (w->until_at || w->purged_at || w->role == WATCH_LOADED)
        return 0;
    ARRAY_ROOM(l->v, l->n, l->cap);
    d = &l->v[l->n++];
    *d = (struct due_item){
        .item = w->item, .id = w->id, .role = w->role, .handle = arena_dup(&l->mem, w->handle)
    };
    n = until_today(m, r, n);
    if (w->role == WATCH_FRESH)
        settle_fresh(m, d, r, n);
    else
        settle(m, d, r, n);
    d->page = d->page && witness_is_asked(&m->audit->set, WITNESS_PAGE);
    d->oembed = d->oembed && witness_is_asked(&m->audit->set, WITNESS_OEMBED);
    l->posts += d->role == WATCH_POST;
    l->canaries += d->role == WATCH_CANARY;
    l->due += d->api || d->page || d->oembed;
    if (d->role != WATCH_POST)
        return 0;
    l->by_api[d->today.api]++;
    l->by_page[d->today.page]++;
    l->no_canary += d->today.no_canary;
    return 0;
}

static int64_t item_due(const void *of, size_t i)
{
    return ((const struct due_list *)of)->v[i].item;
}

/* No statement stands between two rows here: of each the day of its creation. */
static int find_days(struct audit *audit, struct due_list *l, struct err *err)
{
    struct items_ahead *rows = items_ahead_open(
        audit->store, &(struct items_wanted){ .item = item_due, .of = l, .n = l->n });
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < l->n; i++) {
        struct item_row row;
        bool found = false;

        rc = items_ahead_row(rows, i, &row, &found, err);
        if (rc == 0 && found)
            l->v[i].day = utc_day(item_created(&row));
    }
    items_ahead_close(rows);
    return rc;
}

static int make(struct maker *m, int64_t until, struct err *err)
{
    struct told_rounds rounds;
    int rc = told_rounds_read(m->audit, &rounds, err) ||
                     told_each(m->audit, &rounds, take_item, m, err) ||
                     find_days(m->audit, m->list, err)
                 ? -1
                 : 0;

    if (rc == 0 && m->events)
        told_event_rounds(m->events, &rounds, until);
    told_rounds_release(&rounds);
    return rc;
}

int due_make(struct audit *audit, int64_t now, struct due_list *out, struct err *err)
{
    struct maker m = { .audit = audit, .list = out, .opts = told_opts(&audit->set), .now = now };

    *out = (struct due_list){ .next_at = utc_next_midnight(now) };
    return make(&m, 0, err);
}

int due_make_with_events(struct audit *audit, int64_t now, int64_t until, struct due_list *out,
                         struct watch_events **events, struct err *err)
{
    struct maker m = { .audit = audit, .list = out, .opts = told_opts(&audit->set), .now = now };

    *out = (struct due_list){ .next_at = utc_next_midnight(now) };
    m.events = watch_events_new(&m.opts);
    if (make(&m, until, err)) {
        watch_events_free(m.events);
        return -1;
    }
    *events = m.events;
    return 0;
}

void due_release(struct due_list *l)
{
    free(l->v);
    arena_release(&l->mem);
    *l = (struct due_list){ 0 };
}
