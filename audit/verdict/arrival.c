/* audit/verdict/arrival.c: ages of arrival, and what looks at them say. */
#include "audit/verdict/arrival.h"
#include <math.h>
#include <stdlib.h>
#include "audit/verdict/agreement.h"
#include "base/array.h"
#include "base/err.h"

#define CONFIDENCE 0.95
#define HOUR_S 3600.0
#define DAYS_FROM 336.0      // hours
#define SAYS_NOTHING 0.95    // bounds this far apart
#define GRID 64              // ages at which the bounds of the median are looked for

/* Hours, rounded outwards; days where that no longer matters. */
static float age(double seconds, bool up)
{
    double hours = seconds / HOUR_S, unit = hours > DAYS_FROM ? 24 : 1;

    return (float)(unit * (up ? ceil(hours / unit) : floor(hours / unit)));
}

bool arrival_of(const struct item_row *row, const struct item_asks *asks, struct arrival *out)
{
    const double born = (double)item_born(row), back = (double)row->found_first_at;

    if (!asks || row->purged_at || asks->first_at <= born ||
        (row->found_first_at && row->found_first_at < asks->first_at))
        return false;
    *out = (struct arrival){ .item = row->n,
                             .first = age((double)asks->first_at - born, true),
                             .left = asks->absent_at ? age((double)asks->absent_at - born, false)
                                                     : 0,
                             .right = row->found_first_at ? age(back - born, true) : INFINITY };
    return true;
}

void arrivals_add(struct arrivals *a, const struct arrival *one)
{
    ARRAY_ROOM(a->v, a->n, a->cap);
    a->v[a->n++] = *one;
    a->open += isinf(one->right) != 0;
}

void arrivals_fit(struct arrivals *a)
{
    struct stat_censored *obs = xcalloc(a->n ? a->n : 1, sizeof *obs);
    size_t n = 0;

    for (size_t i = 0; i < a->n; i++)
        if (a->whole || !isinf(a->v[i].right))
            obs[n++] = (struct stat_censored){ a->v[i].left, a->v[i].right, 1 };
    stat_turnbull(obs, n, &a->fit);
    free(obs);
}

/* The share of posts that were asked by then and are known to be back. */
static struct stat_interval known_back(const struct arrivals *a, double t, struct by_account *sum)
{
    *sum = (struct by_account){ .graph = a->graph };
    for (size_t i = 0; i < a->n; i++)
        if (a->v[i].first <= t)
            by_account_add(sum, a->v[i].item, a->v[i].right <= t, 1);
    return by_account_interval(sum, 0, CONFIDENCE);
}

/* The share of posts that may have been back. */
static struct stat_interval may_be_back(const struct arrivals *a, double t)
{
    struct by_account sum = { .graph = a->graph };
    struct stat_interval out;

    for (size_t i = 0; i < a->n; i++)
        if (a->v[i].first <= t + ARRIVAL_LOOK_HOURS && (a->whole || !isinf(a->v[i].right)))
            by_account_add(&sum, a->v[i].item, a->v[i].left < t, 1);
    out = by_account_interval(&sum, 0, CONFIDENCE);
    by_account_release(&sum);
    return out;
}

struct arrival_bound arrivals_by(const struct arrivals *a, double hours)
{
    struct stat_span by = stat_turnbull_by(&a->fit, hours);
    struct by_account sum;
    struct arrival_bound out = { .low = known_back(a, hours, &sum).low,
                                 .high = may_be_back(a, hours).high };

    out.found = sum.k[0];
    out.n = sum.n;
    by_account_release(&sum);
    out.value = by.high;
    out.low = by.low < out.low ? by.low : out.low;
    out.high = by.high > out.high ? by.high : out.high;
    out.has = a->fit.n > 0 && out.high - out.low <= SAYS_NOTHING;
    return out;
}

/* ---- the median ---- */

static int by_age(const void *a, const void *b)
{
    const double *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

/* Ages at which something was seen, evenly among them: at most GRID. */
static size_t ages(const struct arrivals *a, bool right, double out[GRID])
{
    double *all = xcalloc(a->n ? a->n : 1, sizeof *all);
    size_t n = 0, kept = 0, step;

    for (size_t i = 0; i < a->n; i++)
        if (!isinf(a->v[i].right))
            all[n++] = right ? a->v[i].right : a->v[i].left;
    qsort(all, n, sizeof *all, by_age);
    step = (n + GRID - 2) / (GRID - 1);
    for (size_t i = 0; i < n; i += step)
        if (!kept || all[i] > out[kept - 1])
            out[kept++] = all[i];
    if (n && all[n - 1] > out[kept - 1])
        out[kept++] = all[n - 1];
    free(all);
    return kept;
}

struct arrival_bound arrivals_median(const struct arrivals *a)
{
    struct stat_span half = stat_turnbull_quantile(&a->fit, 0.5);
    struct arrival_bound out = { .value = half.high, .high = INFINITY };
    double at[GRID];
    size_t n = ages(a, false, at);

    for (size_t i = 0; i < n; i++)         // an age that nobody was asked at says nothing
        if (may_be_back(a, at[i]).high < 0.5)
            out.low = at[i];
    n = ages(a, true, at);
    for (size_t i = 0; i < n && isinf(out.high); i++) {
        struct by_account sum;

        if (known_back(a, at[i], &sum).low >= 0.5)
            out.high = at[i];
        out.found = sum.k[0];
        out.n = sum.n;
        by_account_release(&sum);
    }
    out.low = half.low < out.low ? half.low : out.low;
    out.high = half.high > out.high ? half.high : out.high;
    out.has = a->fit.n > 0 && !isinf(out.high);
    return out;
}

void arrivals_release(struct arrivals *a)
{
    free(a->v);
    stat_turnbull_release(&a->fit);
    *a = (struct arrivals){ 0 };
}
