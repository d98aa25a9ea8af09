/* base/stat_life.c: the product-limit estimate, in one walk by time. */
#include "base/stat_life.h"

#include <math.h>
#include <stdlib.h>

static int by_time(const void *x, const void *y)
{
    const struct life *a = x, *b = y;

    if (a->time != b->time)
        return a->time < b->time ? -1 : 1;
    if (a->happened != b->happened)
        return a->happened ? -1 : 1;
    return a->cluster < b->cluster ? -1 : a->cluster > b->cluster;
}

void life_sort(struct life *v, size_t len)
{
    if (len)
        qsort(v, len, sizeof *v, by_time);
}

static double counts(const struct life *l, const uint32_t *weight)
{
    return weight ? weight[l->cluster] : 1;
}

static double all_of(const struct life *v, size_t len, const uint32_t *weight)
{
    double all = 0;

    for (size_t i = 0; i < len; i++)
        all += counts(&v[i], weight);
    return all;
}

/* Takes the events of one time, from *at on; the share that lasts longer afterwards. */
static double step(const struct life *v, size_t len, const uint32_t *weight, size_t *at,
                   double *at_risk, double share)
{
    double time = v[*at].time, events = 0, gone = 0;

    for (; *at < len && v[*at].time == time; (*at)++) {
        double n = counts(&v[*at], weight);

        events += v[*at].happened ? n : 0;
        gone += n;
    }
    if (events > 0)
        share *= 1 - events / *at_risk;
    *at_risk -= gone;
    return share;
}

double life_beyond(const struct life *v, size_t len, const uint32_t *weight, double time)
{
    double at_risk = all_of(v, len, weight), share = 1;
    size_t at = 0;

    if (at_risk <= 0)
        return NAN;
    while (at < len && v[at].time <= time)
        share = step(v, len, weight, &at, &at_risk, share);
    // the curve ends with the last time that was seen, unless it has come down to nothing
    return at == len && share > 0 && v[len - 1].time < time ? NAN : share;
}

double life_median(const struct life *v, size_t len, const uint32_t *weight)
{
    double at_risk = all_of(v, len, weight), share = 1;
    size_t at = 0;

    if (at_risk <= 0)
        return NAN;
    while (at < len) {
        double time = v[at].time;

        share = step(v, len, weight, &at, &at_risk, share);
        if (share <= 0.5 + 1e-12)
            return time;
    }
    return INFINITY;
}
