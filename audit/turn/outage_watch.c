/* audit/turn/outage_watch.c: an API that answers nothing, noticed while it is asked. */
#include <stdlib.h>
#include <string.h>
#include "audit/turn/outage_watch.h"
#include "base/utc.h"
#include "fetch/window.h"
#include "record/id.h"

#define SUSPICIOUS_LOG10 (-3.0)     // empty first asks that a probe is worth
#define PROBES_MAX 8                // without a word in between

void watch_init(struct watch *w, const struct view *view)
{
    const struct outage *open = outages_open(view_outages(view));

    memset(w, 0, sizeof *w);
    w->view = view;
    w->rates = *view_first_rates(view);
    w->outage = open != NULL;
    w->since = open ? open->from : 0;
}

enum watch_word watch_next(const struct watch *w)
{
    bool proven = w->proof.log10_chance < OUTAGE_LOG10 || (w->outage && w->proof.windows > 0);
    bool suspicious = w->outage || w->suspicion.log10_chance < SUSPICIOUS_LOG10;

    if (proven)
        return WATCH_STOP;
    if (!suspicious)
        return WATCH_GO;
    if (w->flying)
        return WATCH_WAIT;
    return w->probes < PROBES_MAX ? WATCH_PROBE : WATCH_GO;
}

static bool is_lost(const struct outage_run *run, int64_t middle)
{
    for (int i = 0; i < run->windows; i++)
        if (llabs(run->window[i].middle - middle) < WINDOW_DAYS / 2)
            return true;
    return false;
}

bool watch_probe(struct watch *w, int64_t today, struct watch_canary *out)
{
    for (int i = 0; i < w->pooled; i++)
        if (!is_lost(&w->proof, w->pool[i].middle)) {
            *out = w->pool[i];
            w->probes++;
            w->flying++;
            return true;
        }
    for (int64_t day = today; day > WINDOW_SPAN_DAYS; day -= WINDOW_SPAN_DAYS) {
        struct window at = window_of(day - WINDOW_SPAN_DAYS + 1, day);

        out->middle = (at.start_day + at.end_day) / 2;
        if (is_lost(&w->proof, out->middle) ||
            !canaries_pick(view_canaries(w->view), at.start_day, at.end_day, (uint64_t)w->probes,
                           0, &out->id, &out->item))
            continue;
        w->probes++;
        w->flying++;
        return true;
    }
    w->probes = PROBES_MAX;
    return false;
}

int watch_stop(const struct watch *w, struct err *err)
{
    char since[UTC_TEXT_MAX];

    err_set(
        err, ERR_AGAIN,
        "the API answers nothing to anybody since %s, not even what it returned before: the "
        "replies of this outage are kept and not counted",
        utc_rfc3339(w->since, since));
    err->retry_at = utc_now() + WATCH_PAUSE_S;
    return -1;
}

int64_t watch_retry_at(const struct view *view)
{
    const struct outage *open = outages_open(view_outages(view));

    return open ? open->to + WATCH_PAUSE_S : 0;
}

/* ---- what comes in ---- */

/* The last windows that brought something, one item of each. */
static void keep_canary(struct watch *w, const struct request *r)
{
    struct watch_canary c = { .middle = (r->start_day + r->end_day) / 2 };

    for (size_t i = 0; i < r->members && !c.id; i++)
        if (r->member[i].came_back) {
            c.id = r->member[i].id;
            c.item = r->member[i].item;
        }
    for (int i = 0; i < w->pooled; i++)
        if (llabs(w->pool[i].middle - c.middle) < WINDOW_DAYS / 2) {
            w->pool[i] = c;
            return;
        }
    w->pool[w->pool_at] = c;
    w->pool_at = (w->pool_at + 1) % WATCH_POOL;
    w->pooled += w->pooled < WATCH_POOL;
}

static void count(struct watch *w, const struct outage_ask *a)
{
    int class = outage_class(a, a->asked);

    if (!a->canaries && !a->asked)
        return;
    w->rates.all[class]++;
    w->rates.empty[class] += !a->back;
}

/* The API answers: what was empty since the last answer was so by itself. */
static void on_answer(struct watch *w, const struct outage_ask *a)
{
    for (int i = 0; i < w->helds; i++)
        count(w, &w->held[i]);
    w->helds = 0;
    count(w, a);
    memset(&w->suspicion, 0, sizeof w->suspicion);
    memset(&w->proof, 0, sizeof w->proof);
    w->probes = 0;
    w->since = 0;
    w->outage = false;
}

static void on_silence(struct watch *w, const struct outage_ask *a)
{
    double chance = outage_chance(&w->rates, outage_class(a, a->asked));

    if (!w->since)
        w->since = a->at;
    if (!a->canaries && !a->asked)
        return;
    if (w->helds < OUTAGE_WINDOWS)
        w->held[w->helds++] = *a;
    outage_run_add(&w->suspicion, a->middle, chance);
    if (a->canaries)
        outage_run_add(&w->proof, a->middle, chance);
}

static void watch_done(struct watch *w, const struct request *r)
{
    struct outage_ask a = { .at = r->done_at,
                            .request = r->n,
                            .middle = (r->start_day + r->end_day) / 2 };

    if (request_of_canaries(r) && w->flying > 0)
        w->flying--;
    if (!r->complete)
        return;
    for (size_t i = 0; i < r->members; i++) {
        const struct silence *s = view_find(w->view, r->member[i].item);

        a.back += r->member[i].came_back;
        a.canaries |= r->member[i].role == ROLE_CANARY;
        a.asked += r->member[i].role == ROLE_ASKED && !r->apart &&
                   (!s || (!s->asked && s->standing <= STANDING_PUBLIC));
    }
    if (a.back) {
        on_answer(w, &a);
        keep_canary(w, r);
    } else {
        on_silence(w, &a);
    }
}

/* ---- the sink ---- */

static void on_done(void *by, const struct request *r)
{
    watch_done(by, r);
}

struct sink watch_sink(struct watch *w, const struct sink *to)
{
    w->tap = (struct sink_tap){ .inner = *to, .done = on_done, .by = w };
    return sink_through(&w->tap);
}
