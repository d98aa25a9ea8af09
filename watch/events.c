/* An event is told to many and cannot be taken back, so that each rests on two readings. */
#include "watch/events.h"
#include <stdlib.h>
#include <string.h>
#include "base/array.h"
#include "base/err.h"

/* ---- askings ---- */

struct asking {
    const struct watch_reading *r;
    size_t n;
    struct watch_day is;
};

/* What belongs to no round (a page that `scrape` read here) is an asking of its own. */
static bool is_same_asking(const struct watch_reading *a, const struct watch_reading *b)
{
    if (a->loaded || b->loaded)
        return a->loaded && b->loaded && a->at == b->at;
    return a->round > 0 && a->round == b->round;
}

/* The next one from *at on; false at the end. */
static bool asking_next(const struct watch_reading *r, size_t len, size_t *at, struct asking *a)
{
    if (*at >= len)
        return false;
    *a = (struct asking){ .r = r + *at };
    do
        a->n++;
    while (*at + a->n < len && is_same_asking(a->r, a->r + a->n));
    *at += a->n;
    a->is = watch_day_of(a->r, a->n, true);
    return true;
}

static bool is_of(const struct watch_reading *r, enum watch_side side)
{
    return (r->witness == WATCH_BY_API) == (side == WATCH_SIDE_API);
}

/* When its last reading of that side came in; 0: it has none. */
static int64_t asking_at(const struct asking *a, enum watch_side side)
{
    int64_t at = 0;

    for (size_t i = 0; i < a->n; i++)
        if (is_of(&a->r[i], side) && a->r[i].at > at)
            at = a->r[i].at;
    return at;
}

/* NONE where it measured nothing that an event can rest on. */
static uint8_t asking_says(const struct asking *a, enum watch_side side)
{
    if (side == WATCH_SIDE_PAGE)
        return a->is.page == WATCH_PAGE_NOT_MEASURED ? WATCH_PAGE_NONE : a->is.page;
    if (a->is.api == WATCH_API_ABSENT && a->is.no_canary && !a->r->loaded)
        return WATCH_API_NONE;
    return a->is.api == WATCH_API_NOT_MEASURED ? WATCH_API_NONE : a->is.api;
}

/* ---- one side of one item ---- */

/* Takes an asking in: true, and *e, where it confirms a change. */
static bool hold(struct watch_holds *h, const struct asking *a, enum watch_side side,
                 const struct watch_events_opts *opts, struct watch_event *e)
{
    const int64_t at = asking_at(a, side);
    const uint8_t says = asking_says(a, side);

    if (!at || !says)
        return false;
    if (!h->state || says == h->state) {
        *h = (struct watch_holds){ .state = says, .measured_at = at };
        return false;
    }
    if (!h->change) {
        h->change = says;
        h->changed_at = at;
        return false;
    }
    if (!a->r->loaded && at - h->changed_at < opts->confirm_s)
        return false;
    *e = (struct watch_event){
        .at = h->changed_at, .confirmed_at = at, .before_at = h->measured_at, .loaded = a->r->loaded
    };
    if (side == WATCH_SIDE_API)
        e->kind = says == WATCH_API_FOUND ? WATCH_EVENT_RETURNED : WATCH_EVENT_LOST;
    else
        e->kind = says == WATCH_PAGE_PUBLIC ? WATCH_EVENT_PAGE_BACK : WATCH_EVENT_PAGE_GONE;
    *h = (struct watch_holds){ .state = says, .measured_at = at };
    return true;
}

void watch_holds_of(const struct watch_reading *r, size_t len, enum watch_side side,
                    const struct watch_events_opts *opts, struct watch_holds *out)
{
    struct watch_event e;
    struct asking a;

    *out = (struct watch_holds){ 0 };
    for (size_t at = 0; asking_next(r, len, &at, &a);)
        hold(out, &a, side, opts, &e);
}

/* ---- all of them ---- */

/* What became of everybody who was asked for in a round, or stands in a day of others. */
struct tally {
    int64_t key;    // round; or the day's begin
    int64_t first_at;
    size_t measured, failed, other;    // failed: by the platform, or a series gives no reason
};
struct tallies {
    struct tally *v;
    size_t n, cap, at;
};
struct watch_events {
    struct watch_events_opts opts;
    struct {
        struct watch_event *v;
        size_t n, cap;
    } list;
    struct tallies round, day;
};

struct watch_events *watch_events_new(const struct watch_events_opts *opts)
{
    struct watch_events *e = xcalloc(1, sizeof *e);

    e->opts = *opts;
    return e;
}

static void push(struct watch_events *e, const struct watch_event *one)
{
    ARRAY_ROOM(e->list.v, e->list.n, e->list.cap);
    e->list.v[e->list.n++] = *one;
}

/* Keys of one item ascend, and nearly all items have the same ones: the place is where the last
 * one was, or next to it. */
static struct tally *tally_of(struct tallies *t, int64_t key, int64_t at)
{
    while (t->at < t->n && t->v[t->at].key < key)
        t->at++;
    while (t->at > 0 && t->v[t->at - 1].key >= key)
        t->at--;
    if (t->at == t->n || t->v[t->at].key != key) {
        ARRAY_ROOM(t->v, t->n, t->cap);
        memmove(&t->v[t->at + 1], &t->v[t->at], (t->n - t->at) * sizeof *t->v);
        t->v[t->at] = (struct tally){ .key = key, .first_at = at };
        t->n++;
    }
    if (at < t->v[t->at].first_at)
        t->v[t->at].first_at = at;
    return &t->v[t->at];
}

static int64_t first_api_at(const struct asking *a)
{
    for (size_t i = 0; i < a->n; i++)
        if (a->r[i].witness == WATCH_BY_API)
            return a->r[i].at;
    return 0;
}

static void count(struct watch_events *e, const struct asking *a)
{
    const int64_t at = first_api_at(a);
    const bool loaded = a->r->loaded;
    struct tally *t;

    if (!at || (!loaded && !a->r->round))
        return;
    t = loaded ? tally_of(&e->day, a->r->at, at) : tally_of(&e->round, a->r->round, at);
    if (a->is.api != WATCH_API_NOT_MEASURED)
        t->measured++;
    else if (a->is.api_why == (loaded ? WATCH_WHY_UNSAID : WATCH_WHY_OUTAGE))
        t->failed++;
    else
        t->other++;
}

void watch_events_item(struct watch_events *e, int64_t item, uint64_t id, bool told,
                       const struct watch_reading *r, size_t len)
{
    struct watch_holds h[WATCH_SIDES] = { 0 };
    struct watch_event one;
    struct asking a;

    for (size_t at = 0; asking_next(r, len, &at, &a);) {
        count(e, &a);
        for (int side = 0; told && side < WATCH_SIDES; side++)
            if (hold(&h[side], &a, (enum watch_side)side, &e->opts, &one)) {
                one.item = item;
                one.id = id;
                push(e, &one);
            }
    }
}

void watch_events_rounds(struct watch_events *e, const int64_t *started_at, size_t n, int64_t until)
{
    for (size_t i = 0; i < n; i++) {
        const bool last = i + 1 == n;
        const int64_t next = last ? until : started_at[i + 1];

        if (next - started_at[i] > e->opts.stale_s)
            push(e, &(struct watch_event){ .kind = WATCH_EVENT_STALE,
                                           .at = started_at[i],
                                           .confirmed_at = last ? 0 : next,
                                           .before_at = started_at[i] });
    }
}

static bool is_outage(const struct tally *t, bool loaded)
{
    return t->measured == 0 && t->other == 0 && t->failed >= (loaded ? 2 : 1);
}

/* The last asking of the outage at `from`. One that measured nobody for a fault of ours (a round
 * that was killed) does not end it, if the next one soon meets it again. */
static size_t outage_end(const struct watch_events *e, const struct tallies *t, size_t from,
                         bool loaded)
{
    size_t last = from;

    for (size_t i = from + 1; i < t->n && t->v[i].measured == 0; i++) {
        if (i > last + 1 && t->v[i].first_at - t->v[last].first_at > e->opts.stale_s)
            break;
        if (is_outage(&t->v[i], loaded))
            last = i;
    }
    return last;
}

static void push_outages(struct watch_events *e, const struct tallies *t, bool loaded)
{
    struct watch_event one = { .kind = WATCH_EVENT_OUTAGE, .loaded = loaded };

    for (size_t i = 0; i < t->n; i++) {
        if (!is_outage(&t->v[i], loaded))
            continue;
        one.at = t->v[i].first_at;
        one.before_at = i ? t->v[i - 1].first_at : 0;
        i = outage_end(e, t, i, loaded);
        one.confirmed_at = i + 1 < t->n ? t->v[i + 1].first_at : 0;
        push(e, &one);
    }
}

static int by_time(const void *a, const void *b)
{
    const struct watch_event *x = a, *y = b;

    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    if (x->id != y->id)
        return x->id < y->id ? -1 : 1;
    return (int)x->loaded - (int)y->loaded;
}

const struct watch_event *watch_events_end(struct watch_events *e, size_t *n)
{
    push_outages(e, &e->round, false);
    push_outages(e, &e->day, true);
    if (e->list.n)
        qsort(e->list.v, e->list.n, sizeof *e->list.v, by_time);
    *n = e->list.n;
    return e->list.v;
}

void watch_events_free(struct watch_events *e)
{
    if (!e)
        return;
    free(e->list.v);
    free(e->round.v);
    free(e->day.v);
    free(e);
}
