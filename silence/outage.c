/* silence/outage.c: runs of empty replies, and how likely each is by chance. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/array.h"
#include "silence/judged.h"
#include "silence/outage.h"

#define WINDOW_ALONE 0.02       // what one window can say: it may fail by itself
#define WINDOW_APART 15         // days between the middles of windows that are told apart
#define CANARY_CLASS 0
#define CANARY_LOST 0.5         // pseudo-counts of canaries without a suspect beside them
#define CANARY_ALL 10.0

static int size_of(int ids)
{
    int size = 0;

    while (size < OUTAGE_SIZES - 1 && ids > 1 << size)
        size++;
    return size;
}

int outage_class(const struct outage_ask *a, int ids)
{
    return a->canaries ? CANARY_CLASS + a->suspect : 2 + 2 * size_of(ids) + a->suspect;
}

double outage_chance(const struct outage_rates *r, int class)
{
    double lost = class == CANARY_CLASS ? CANARY_LOST : 1,
           all = class == CANARY_CLASS ? CANARY_ALL : 1;

    return ((double)r->empty[class] + lost) / ((double)r->all[class] + all);
}

void outage_run_add(struct outage_run *run, int64_t middle, double chance)
{
    double least = log10(WINDOW_ALONE), before;
    int w = 0;

    while (w < run->windows && llabs(run->window[w].middle - middle) >= WINDOW_APART)
        w++;
    if (w == OUTAGE_WINDOWS)
        return;
    if (w == run->windows) {
        run->window[w].middle = middle;
        run->window[w].log10 = 0;
        run->windows++;
    }
    before = run->window[w].log10;
    run->window[w].log10 = fmax(before + log10(chance), least);
    run->log10_chance += run->window[w].log10 - before;
}

static int by_time(const void *a, const void *b)
{
    const struct outage_ask *x = a, *y = b;

    return x->at != y->at ? (x->at > y->at) - (x->at < y->at)
                          : (x->request > y->request) - (x->request < y->request);
}

static void count(struct outage_rates *r, const struct outage_ask *a, int sign)
{
    int class = outage_class(a, a->known);

    if (a->known == 0)
        return;
    r->all[class] += sign;
    r->empty[class] += a->back ? 0 : sign;
}

/* Chance of the run while the API works, by the replies outside it. */
static double chance_of(const struct outage_ask *ask, size_t n, const struct outage_rates *all)
{
    struct outage_rates outside = *all;
    struct outage_run run = {0};

    for (size_t i = 0; i < n; i++)
        count(&outside, &ask[i], -1);
    for (size_t i = 0; i < n; i++)
        if (ask[i].known)
            outage_run_add(&run, ask[i].middle,
                           outage_chance(&outside, outage_class(&ask[i], ask[i].known)));
    return run.log10_chance;
}

static void add(struct outages *out, const struct outage_ask *ask, size_t n, double chance,
                bool open)
{
    ARRAY_ROOM(out->v, out->n, out->cap);
    out->v[out->n++] = (struct outage){
        .from = ask[0].at,
        .to = ask[n - 1].at,
        .first_request = ask[0].request,
        .last_request = ask[n - 1].request,
        .requests = (int64_t)n,
        .log10_chance = chance,
        .open = open,
    };
}

void outages_find(struct outage_ask *ask, size_t n, struct outages *out)
{
    struct outage_rates all = {0};

    out->n = 0;
    if (n)
        qsort(ask, n, sizeof *ask, by_time);
    for (size_t i = 0; i < n; i++)
        count(&all, &ask[i], 1);
    for (size_t from = 0, to; from < n; from = to + 1) {
        double chance;

        for (to = from; to < n && !ask[to].back; to++)
            ;
        chance = to > from ? chance_of(ask + from, to - from, &all) : 0;
        if (chance < OUTAGE_LOG10)
            add(out, ask + from, to - from, chance, to == n);
    }
}

bool outages_hold(const struct outages *s, int64_t at, int64_t request)
{
    for (size_t i = 0; i < s->n; i++) {
        const struct outage *v = &s->v[i];

        if ((at > v->from || (at == v->from && request >= v->first_request)) &&
            (at < v->to || (at == v->to && request <= v->last_request)))
            return true;
    }
    return false;
}

const struct outage *outages_open(const struct outages *s)
{
    return s->n && s->v[s->n - 1].open ? &s->v[s->n - 1] : NULL;
}

void outages_release(struct outages *s)
{
    free(s->v);
    memset(s, 0, sizeof *s);
}

/* ---- while a view is made ---- */

void replies_take(struct replies *r, const struct known *known, const struct judged *b)
{
    const struct ask_row *first = &b->row[0];
    struct outage_ask a = { .at = first->at,
                            .request = first->request,
                            .middle = (first->start_day + first->end_day) / 2,
                            .canaries = b->canaries > 0,
                            .suspect = b->lasting_suspects > 0 || b->forensic };

    for (size_t i = 0; i < b->n; i++) {
        const struct ask_row *row = &b->row[i];

        a.back += row->came_back;
        if (row->item > known->max_item)
            continue;
        a.known += row->came_back || (!known->silence[row->item] && known_fits_window(known, row));
        a.asked += row->role == ROLE_ASKED && row->round == 1 &&
                   known_standing(known, row->item) <= STANDING_PUBLIC;
    }
    ARRAY_ROOM(r->v, r->n, r->cap);
    r->v[r->n++] = a;
}

void replies_conclude(struct replies *r, struct outages *outages, struct outage_rates *rates)
{
    outages_find(r->v, r->n, outages);
    for (size_t i = 0; i < r->n; i++) {
        const struct outage_ask *a = &r->v[i];
        int class = outage_class(&(struct outage_ask){ .canaries = a->canaries }, a->asked);

        if ((!a->canaries && !a->asked) || outages_hold(outages, a->at, a->request))
            continue;
        rates->all[class]++;
        rates->empty[class] += !a->back;
    }
    free(r->v);
    *r = (struct replies){0};
}
