/* watch/reading.c: replies become readings. */
#include "watch/reading.h"
#include <stdlib.h>
#include <string.h>
#include "base/array.h"
#include "base/utc.h"
#include "watch/day.h"

/* Codes by which the API says that it failed itself (developers.tiktok.com, error handling;
 * fetch/reply.c), whatever the status. */
static bool platform_says(const char *code)
{
    static const char *const own[] = { "internal_error", "server_error", "timeout",
                                       "temporarily_unavailable" };

    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (!strcmp(code, own[i]))
            return true;
    return false;
}

/* "timeout" without a status is our own: no reply came in. */
static enum watch_why why_of_api(const struct reading *r)
{
    if (r->source)
        return WATCH_WHY_UNSAID;
    if (!r->answered || r->http == 0)
        return WATCH_WHY_OURS;
    return r->http >= 500 || platform_says(r->error_code) ? WATCH_WHY_OUTAGE : WATCH_WHY_OURS;
}

/* Stripped, empty and placeholder pages, and a login in their place, are how the site turns away
 * whom it takes for a machine. */
static enum watch_why why_of_page(const struct reading *r)
{
    if (r->source)
        return WATCH_WHY_UNSAID;
    if (no_answer_is_block(r->why))
        return WATCH_WHY_BLOCK;
    switch (r->why) {
    case NO_ANSWER_BLOCKED_ALONE:
    case NO_ANSWER_STRIPPED:
    case NO_ANSWER_EMPTY:
    case NO_ANSWER_PLACEHOLDER:
    case NO_ANSWER_LOGIN_WALL: return WATCH_WHY_BLOCK;
    case NO_ANSWER_SERVER_ERROR: return WATCH_WHY_OUTAGE;
    default: return WATCH_WHY_OURS;
    }
}

struct watch_reading watch_reading_of(const struct reading *r)
{
    const bool api = r->witness == WITNESS_QUERY;
    struct watch_reading w = {
        .at = r->at,
        .round = r->round,
        .witness = api                            ? WATCH_BY_API
                   : r->witness == WITNESS_OEMBED ? WATCH_BY_OEMBED
                                                  : WATCH_BY_PAGE,
        .loaded = r->source > 0,
        .mates = (int)r->mates,
        .mates_back = (int)r->mates_back,
        .canaries = (int)r->round_canaries,
        .back = (int)r->round_back,
        .proven = r->source ? r->round_back > 0 : reading_has_proof(r),
        .request = r->request,
        .reply = r->evidence,
    };

    switch (r->kind) {
    case ANSWER_FOUND:
    case ANSWER_PUBLIC: w.said = WATCH_SAID_YES; break;
    case ANSWER_ABSENT:
    case ANSWER_REFUSED: w.said = WATCH_SAID_NO; break;
    default: w.said = WATCH_SAID_NOTHING; w.why = api ? why_of_api(r) : why_of_page(r);
    }
    return w;
}

/* ---- what a round left out ---- */

/* Why a round asked nothing of a post, by how it ended; NONE: it asked for all that was due. */
static enum watch_why why_of_ending(enum round_ending e, bool api)
{
    switch (e) {
    case ROUND_DONE: return WATCH_WHY_NONE;
    case ROUND_DOWN:
    case ROUND_SILENT: return api ? WATCH_WHY_OUTAGE : WATCH_WHY_OURS;
    case ROUND_BLOCKED: return api ? WATCH_WHY_NONE : WATCH_WHY_BLOCK;
    default: return WATCH_WHY_OURS;
    }
}

static bool was_listed(const struct watched *w, int64_t at)
{
    return w->role == WATCH_POST && w->since_at <= at && (!w->until_at || at < w->until_at);
}

/* The first reading at or after that instant. */
static size_t place_of(const struct watch_readings *all, int64_t at)
{
    size_t low = 0, high = all->n;

    while (low < high) {
        const size_t mid = low + (high - low) / 2;

        if (all->v[mid].at < at)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* Nothing of it came in that round, and nothing measured it on that day before. at: where the
 * readings of the round would stand. */
static bool was_due(const struct watch_readings *all, size_t at, const struct watch_round *round,
                    bool api)
{
    const struct watch_reading *v = all->v;
    struct watch_day day;
    size_t first = at;

    for (size_t i = at; i < all->n && v[i].round <= round->n; i++)
        if (v[i].round == round->n && (v[i].witness == WATCH_BY_API) == api)
            return false;
    while (first > 0 && utc_day(v[first - 1].at) == utc_day(round->started_at))
        first--;
    day = watch_day_of(v + first, at - first, true);
    return api ? day.api == WATCH_API_NOT_MEASURED : day.page == WATCH_PAGE_NOT_MEASURED;
}

static void put_in(struct watch_readings *all, size_t at, struct watch_reading one)
{
    ARRAY_ROOM(all->v, all->n, all->cap);
    memmove(&all->v[at + 1], &all->v[at], (all->n - at) * sizeof *all->v);
    all->v[at] = one;
    all->n++;
}

void watch_readings_of(const struct watched *w, const struct reading *r, size_t n,
                       const struct watch_round *round, size_t rounds, struct watch_readings *out)
{
    out->n = 0;
    for (size_t i = 0; i < n; i++)
        put_in(out, out->n, watch_reading_of(&r[i]));
    for (size_t i = 0; i < rounds; i++)
        for (int api = 1; api >= 0; api--) {
            const enum watch_why why = why_of_ending(round[i].ending, api);
            size_t at;

            if (why == WATCH_WHY_NONE || !was_listed(w, round[i].started_at))
                continue;
            at = place_of(out, round[i].started_at);
            if (was_due(out, at, &round[i], api))
                put_in(out, at,
                       (struct watch_reading){ .at = round[i].started_at,
                                               .round = round[i].n,
                                               .witness = api ? WATCH_BY_API : WATCH_BY_PAGE,
                                               .why = why });
        }
}

void watch_readings_release(struct watch_readings *all)
{
    free(all->v);
    *all = (struct watch_readings){ 0 };
}
