/* audit/turn/ways.c: phase by phase, case by case. */
#include "audit/turn/ways.h"
#include <math.h>
#include <string.h>
#include "audit/turn/accounts.h"
#include "audit/turn/ask_kind.h"
#include "audit/turn/ask_late.h"
#include "audit/turn/read_sample.h"
#include "audit/turn/validity.h"
#include "record/witnesses.h"
#include "silence/view.h"

static int64_t *case_of(struct span *s, enum odds c)
{
    return c == ODDS_LOW ? &s->low : c == ODDS_MID ? &s->mid : &s->high;
}

double ways_hours(const struct settings *set, int64_t calls)
{
    return (double)calls / set->page_requests_per_second / 3600;
}

/* ---- calls of the site ---- */

static int64_t gone_of(const struct forecast *f, enum odds c)
{
    return forecast_silent(f, c) + f->unread + f->open - forecast_open(f, c);
}

/* Each silent item once, what its embed page showed or refused as well; again in the end what is
 * public and stays away; and the sample, which an embed page that came first has shown. */
static int64_t pages_of(const struct cost_case *c, const struct read_due *reads)
{
    const struct to_come *of = c->of;
    int64_t silent = forecast_silent(&of->f, c->odds),
            again = of->set->page_recheck ? forecast_staying(&of->f, c->odds) : 0;
    int64_t back = view_found(of->view) + of->f.first - silent;
    int64_t sample = of->closed                  ? reads->sample
                     : c->first == WITNESS_EMBED ? 0
                                                 : read_sample_of(of->set, back);

    return reads->pages + reads->owed_waiting + reads->canaries + reads->late + reads->again +
           reads->elsewhere + ask_late_pages(c) + sample + silent +
           again * (c->odds == ODDS_HIGH ? 2 : 1);
}

/* Refusals that hang on another witness: so many are known, and as many as none, half or all of
 * those that will turn out to be refused. */
static int64_t hanging_of(const struct cost_case *c, int64_t known)
{
    const struct forecast *f = &c->of->f;
    int64_t most = 0;

    if (c->odds == ODDS_LOW)
        return known;
    for (int k = 0; k < ODDS_COUNT && c->odds == ODDS_HIGH; k++)
        most = gone_of(f, (enum odds)k) > most ? gone_of(f, (enum odds)k) : most;
    return known + (c->odds == ODDS_MID ? gone_of(f, c->odds) / 2 : most);
}

static int64_t oembed_of(const struct cost_case *c)
{
    if (c->first == WITNESS_OEMBED)
        return c->of->blind + c->of->f.ambiguous;
    return witness_is_asked(c->of->set, WITNESS_OEMBED) ? hanging_of(c, c->of->f.ambiguous) : 0;
}

/* What the page leaves without an answer comes on top: nobody knows how much that will be. */
static int64_t embed_of(const struct cost_case *c)
{
    int64_t asked = witness_is_asked(c->of->set, WITNESS_EMBED) ? hanging_of(c, c->of->f.to_embed)
                                                                : 0;

    return c->first == WITNESS_EMBED ? c->of->blind_to_embed + asked : asked;
}

/* Of accounts whose posts are refused, each once: no more than there are, and at the most one for
 * each post that comes of age meanwhile. */
static int64_t account_pages_of(const struct cost_case *c)
{
    const int64_t young = c->odds == ODDS_HIGH ? c->of->too_recent : 0;

    return cost_least(hanging_of(c, c->of->accounts.due), c->of->accounts.most) + young;
}

static double hours_at(const struct settings *set, enum witness w, int64_t calls)
{
    const struct settings own = witness_settings(set, w);

    return ways_hours(&own, calls);
}

/* confirming: days of the confirming rounds. */
static void site_days(const struct cost_case *c, struct way *w, int64_t confirming)
{
    static const enum phase site[] = { PHASE_PAGES, PHASE_EMBED, PHASE_OEMBED,
                                       PHASE_ACCOUNT_PAGES };
    const struct settings *set = c->of->set;

    for (size_t i = 0; i < sizeof site / sizeof *site; i++) {
        struct phase_plan *p = &w->phase[site[i]];
        int64_t calls = *case_of(&p->calls, c->odds),
                days = (int64_t)ceil(ways_hours(set, calls) / 24);

        /* Pages are read as the asks come to them, and again in the end. */
        if (calls && site[i] == PHASE_PAGES && days < confirming)
            days = c->odds == ODDS_LOW ? cost_least(confirming, 1 + set->page_recheck) : confirming;
        if (calls && c->odds == ODDS_HIGH && days < w->days.high)
            days = w->days.high;
        *case_of(&p->days, c->odds) = days;
    }
}

static void site_of(const struct cost_case *c, const struct read_due *reads, struct way *w,
                    int64_t confirming)
{
    const struct {
        enum phase phase;
        enum witness witness;
        int64_t calls;
    } site[] = { { PHASE_PAGES, WITNESS_PAGE, pages_of(c, reads) },
                 { PHASE_OEMBED, WITNESS_OEMBED, oembed_of(c) },
                 { PHASE_EMBED, WITNESS_EMBED, embed_of(c) },
                 { PHASE_ACCOUNT_PAGES, WITNESS_CREATOR, account_pages_of(c) } };

    for (size_t i = 0; i < sizeof site / sizeof *site; i++) {    // one after another
        *case_of(&w->phase[site[i].phase].calls, c->odds) = site[i].calls;
        w->hours[c->odds] += hours_at(c->of->set, site[i].witness, site[i].calls);
    }
    site_days(c, w, confirming);
}

/* ---- calls of the API ---- */

static void put(struct way *w, enum odds c, enum phase p, const struct cost *cost)
{
    *case_of(&w->phase[p].calls, c) += cost->calls;
    *case_of(&w->phase[p].days, c) += cost->days;
    *case_of(&w->calls, c) += cost->calls;
}

/* All kinds of asks, and the other witnesses. *rounds: days that the confirming rounds need. */
static void api_of(struct cost_case *c, struct way *w, int64_t *rounds)
{
    struct cost cost;

    *rounds = 0;
    for (int k = 0; k < ASK_KIND_COUNT; k++) {
        const struct ask_kind *kind = ask_kinds[k];

        if (!kind->forecast)
            continue;
        cost = kind->forecast(c);
        put(w, c->odds, phase_of_query(kind->role, kind->round), &cost);
        *rounds += cost.rounds;
        if (kind->part != ASK_WEEKS_LATER)
            c->queries += cost.calls;
    }
    cost = validity_forecast(c);
    put(w, c->odds, PHASE_VALIDATION, &cost);
    cost = accounts_forecast(c);
    put(w, c->odds, PHASE_ACCOUNTS, &cost);
}

static int64_t days_of_quota(const struct to_come *of, int64_t used, int64_t calls)
{
    int64_t left = of->daily > used ? of->daily - used : 0;

    return calls <= left ? 1 : 1 + cost_up(calls - left, of->daily);
}

/* The confirming rounds begin on the day on which round 1 ends. */
static int64_t days_of(const struct to_come *of, int64_t used, int64_t all, int64_t round_1,
                       int64_t confirming)
{
    int64_t days, last;

    if (all <= 0 || of->daily <= 0)
        return 0;
    days = days_of_quota(of, used, all);
    last = days_of_quota(of, used, round_1) + confirming - 1;
    return days > last ? days : last;
}

/* A case is a case of everything at once; that of a phase may lie beyond that
 * of another (what spreads thin packs badly). */
static void in_order(struct span *s)
{
    int64_t low = cost_least(s->low, cost_least(s->mid, s->high)),
            high = -cost_least(-s->low, cost_least(-s->mid, -s->high));

    *s = (struct span){ low, s->mid, high };
}

void ways_make(const struct to_come *of, const struct read_due *reads, int64_t used,
               struct way way[WAYS])
{
    static const enum witness first[WAYS] = { WITNESS_COUNT, WITNESS_OEMBED, WITNESS_EMBED };

    for (int i = 0; i < WAYS; i++) {
        struct way *w = &way[i];

        *w = (struct way){ .first = first[i] == WITNESS_COUNT ? "none" : witness_name(first[i]),
                           .set = settings_first(of->set) == first[i] };
        for (int k = 0; k < ODDS_COUNT; k++) {
            struct cost_case c = { .of = of, .odds = (enum odds)k, .first = first[i] };
            int64_t rounds;

            api_of(&c, w, &rounds);
            *case_of(&w->days, c.odds) = days_of(of, used, *case_of(&w->calls, c.odds),
                                                 *case_of(&w->phase[PHASE_ROUND_1].calls, c.odds),
                                                 rounds);
            site_of(&c, reads, w, rounds);
        }
        in_order(&w->calls);
        in_order(&w->days);
        for (int p = 0; p < PHASE_COUNT; p++) {
            in_order(&w->phase[p].calls);
            in_order(&w->phase[p].days);
        }
    }
}
