/* silence/belief.c: expectation and maximisation over groups of like histories.
 * A few hundred groups, some dozen turns: nothing that could fail to converge,
 * and fast enough to be done anew for each of the bootstrap's draws. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "silence/belief.h"
#include "base/array.h"
#include "base/digest.h"

/* Priors as pseudo-counts (belief.h says why). */
#define NARROW_LOST 0.5
#define NARROW_KEPT 49.5
#define WIDE_SHARE 0.05
#define WIDE_ALONE 0.005                // an id alone has no mates to be lost by
#define UNSOUND_LOST 4.5
#define UNSOUND_KEPT 0.5
#define BORROW_MOST 20.0
#define PRIOR_BACK 1.0
#define PRIOR_GONE 4.0
#define SHRINK_MARKS 1.0    // items; canada or advertising differ by far more than months do
#define SHRINK_MONTH 10.0
#define LOCAL_ASKS 30.0
#define LOCAL_CHANCE 0.001
#define TURNS_MAX 300
#define TURNS_ENOUGH 1e-7

/* ---- data ---- */

void belief_add_batch(struct belief_data *d, const struct belief_batch *b)
{
    ARRAY_ROOM(d->batch, d->batches, d->batch_cap);
    d->batch[d->batches++] = *b;
}

static uint64_t history_hash(const struct history *h)
{
    uint64_t sum = h->stratum;

    for (int c = 0; c < MAKE_UPS; c++)
        sum = mix64(sum * 257 + h->asks[c]);
    return sum;
}

static bool same_history(const struct history *a, const struct history *b)
{
    return a->stratum == b->stratum && memcmp(a->asks, b->asks, sizeof a->asks) == 0;
}

/* Open addressing; a slot holds the place of a group plus 1. */
static void slot_put(struct belief_data *d, size_t group)
{
    size_t at = history_hash(&d->group[group].of) % d->slots;

    while (d->slot[at])
        at = (at + 1) % d->slots;
    d->slot[at] = (uint32_t)group + 1;
}

static void grow(struct belief_data *d)
{
    d->slots = d->slots ? 2 * d->slots : 512;
    d->group = xrealloc(d->group, d->slots / 2 * sizeof *d->group);
    free(d->slot);
    d->slot = xcalloc(d->slots, sizeof *d->slot);
    for (size_t i = 0; i < d->groups; i++)
        slot_put(d, i);
}

struct history_group *belief_group(struct belief_data *d, const struct history *h)
{
    if (2 * (d->groups + 1) > d->slots)
        grow(d);
    for (size_t at = history_hash(h) % d->slots; d->slot[at]; at = (at + 1) % d->slots)
        if (same_history(&d->group[d->slot[at] - 1].of, h))
            return &d->group[d->slot[at] - 1];
    d->group[d->groups] = (struct history_group){ .of = *h };
    slot_put(d, d->groups);
    return &d->group[d->groups++];
}

void belief_data_release(struct belief_data *d)
{
    free(d->batch);
    free(d->group);
    free(d->slot);
    memset(d, 0, sizeof *d);
}

/* ---- one make-up ---- */

static double log_beta(double a, double b)
{
    return lgamma(a) + lgamma(b) - lgamma(a + b);
}

/* The prior's two parts, each moved by the asks and weighed by how well it
 * foretold them. */
static struct swallow swallow_after(int make_up, double lost, double kept)
{
    struct swallow s = { { 1, 0 },
                         { NARROW_LOST + lost, 1 + lost },
                         { NARROW_KEPT + kept, 1 + kept } };
    double share = make_up_size(make_up) == SIZE_ALONE ? WIDE_ALONE : WIDE_SHARE, narrow, wide;

    if (make_up_mates(make_up) != MATES_SOUND) {
        s.a[0] = UNSOUND_LOST + lost;
        s.b[0] = UNSOUND_KEPT + kept;
        return s;
    }
    narrow = log(1 - share) + log_beta(s.a[0], s.b[0]) - log_beta(NARROW_LOST, NARROW_KEPT);
    wide = log(share) + log_beta(s.a[1], s.b[1]);
    s.weight[1] = 1 / (1 + exp(narrow - wide));
    s.weight[0] = 1 - s.weight[1];
    return s;
}

double swallow_power(const struct swallow *s, int n)
{
    double sum = 0;

    for (int i = 0; i < 2; i++) {
        double p = s->weight[i];

        for (int k = 0; k < n && p > 0; k++)
            p *= (s->a[i] + k) / (s->a[i] + s->b[i] + k);
        sum += p;
    }
    return sum;
}

double swallow_quantile(const struct swallow *s, double p)
{
    double low = 0, high = 1;

    for (int i = 0; i < 50; i++) {
        double x = (low + high) / 2, below = 0;

        for (int k = 0; k < 2; k++)
            below += s->weight[k] > 0 ? s->weight[k] * stat_beta_cdf(x, s->a[k], s->b[k]) : 0;
        *(below < p ? &low : &high) = x;
    }
    return (low + high) / 2;
}

double belief_doubt(const struct belief *b, const struct history *h, int n)
{
    int most = 0;

    for (int c = 1; c < MAKE_UPS; c++)
        if (h->asks[c] > h->asks[most])
            most = c;
    return n > 1 ? swallow_power(&b->make_up[most], n) / pow(b->mean[most], n) : 1;
}

double belief_local(double mean, const struct loss_tally *there)
{
    double n = there->lost + there->kept;

    if (there->lost <= mean * n ||
        stat_binomial_tail((int64_t)there->lost, (int64_t)n, mean) > LOCAL_CHANCE)
        return mean;
    return (LOCAL_ASKS * mean + there->lost) / (LOCAL_ASKS + n);
}

/* ---- all together ---- */

struct strata { double there[STRATA], items[STRATA]; };

static double group_lost(const struct belief *b, const struct history *h)
{
    double lost = 1;

    for (int c = 0; c < MAKE_UPS; c++)
        if (h->asks[c])
            lost *= swallow_power(&b->make_up[c], h->asks[c]);
    return lost;
}

static double chance_there(double pi, double lost)
{
    return pi * lost / (pi * lost + 1 - pi);
}

static void fit_strata(struct belief *b, const struct strata *s)
{
    double there[MARKS] = {0}, items[MARKS] = {0}, all_there = 0, all = 0;

    for (int g = 0; g < STRATA; g++) {
        there[g / MONTHS] += s->there[g];
        items[g / MONTHS] += s->items[g];
    }
    for (int m = 0; m < MARKS; m++) {
        all_there += there[m];
        all += items[m];
    }
    b->all = (PRIOR_BACK + all_there) / (PRIOR_BACK + PRIOR_GONE + all);
    for (int g = 0; g < STRATA; g++) {
        int m = g / MONTHS;
        double marks = (SHRINK_MARKS * b->all + there[m]) / (SHRINK_MARKS + items[m]);
        double most =
            1 - 1 / (2 + items[m]);    // where all came back the next may be gone all the same

        b->prior[g] = fmin(most,
                           (SHRINK_MONTH * marks + s->there[g]) / (SHRINK_MONTH + s->items[g]));
    }
}

static void fit_make_ups(struct belief *b, const struct loss_tally seen[MAKE_UPS])
{
    struct loss_tally sound = {0};

    for (int c = 0; c < MAKE_UPS; c++)
        if (make_up_mates(c) == MATES_SOUND) {
            sound.lost += seen[c].lost;
            sound.kept += seen[c].kept;
        }
    for (int c = 0; c < MAKE_UPS; c++) {
        struct loss_tally own = seen[c];

        if (make_up_mates(c) == MATES_SOUND) {
            double lost = sound.lost - own.lost, kept = sound.kept - own.kept;
            double share = lost + kept > BORROW_MOST ? BORROW_MOST / (lost + kept) : 1;

            own.lost += share * lost;
            own.kept += share * kept;
        }
        b->make_up[c] = swallow_after(c, own.lost, own.kept);
        b->mean[c] = swallow_power(&b->make_up[c], 1);
    }
}

double belief_there(const struct belief *b, const struct history *h)
{
    return chance_there(b->prior[h->stratum], group_lost(b, h));
}

double belief_turn(const struct belief_data *d, const struct loss_tally batches[MAKE_UPS],
                   const double back[STRATA], struct belief *b)
{
    struct strata s;
    struct loss_tally seen[MAKE_UPS];
    double before[MAKE_UPS + 1], moved = 0;

    memcpy(seen, batches, sizeof seen);
    memcpy(before, b->mean, sizeof b->mean);
    before[MAKE_UPS] = b->all;
    memset(&s, 0, sizeof s);
    for (int g = 0; g < STRATA; g++)
        s.there[g] = s.items[g] = back[g];
    for (size_t i = 0; i < d->groups; i++) {
        const struct history_group *g = &d->group[i];
        double n = (double)g->items;
        double r = n * belief_there(b, &g->of);

        s.there[g->of.stratum] += r;
        s.items[g->of.stratum] += n;
        for (int c = 0; c < MAKE_UPS; c++)
            seen[c].lost += r * g->of.asks[c];
    }
    fit_strata(b, &s);
    fit_make_ups(b, seen);
    for (int c = 0; c < MAKE_UPS; c++)
        moved = fmax(moved, fabs(b->mean[c] - before[c]));
    return fmax(moved, fabs(b->all - before[MAKE_UPS]));
}

void belief_fit(const struct belief_data *d, struct belief *b)
{
    double back[STRATA];

    memset(b, 0, sizeof *b);
    for (size_t i = 0; i < d->batches; i++) {
        b->seen[d->batch[i].make_up].lost += d->batch[i].seen.lost;
        b->seen[d->batch[i].make_up].kept += d->batch[i].seen.kept;
    }
    for (int g = 0; g < STRATA; g++) {
        back[g] = (double)d->back[g];
        b->prior[g] = PRIOR_BACK / (PRIOR_BACK + PRIOR_GONE);
    }
    fit_make_ups(b, b->seen);
    for (int i = 0; i < TURNS_MAX && belief_turn(d, b->seen, back, b) > TURNS_ENOUGH; i++)
        ;
}

/* ---- two rounds by themselves ---- */

struct leftover belief_leftover(int64_t n2, int64_t n3)
{
    struct leftover l = { .n2 = n2, .n3 = n3, .left = -1, .upper = -1 };
    double most = stat_poisson_upper(n3, 0.95);

    if (n2 > n3)
        l.left = (double)n3 * (double)n3 / (double)(n2 - n3);
    if ((double)n2 > most)
        l.upper = most * most / ((double)n2 - most);
    return l;
}
