/* watch/lag.c: intervals of lag, and the middle one of many. */
#include "watch/lag.h"
#include <math.h>
#include <stdlib.h>
#include "base/array.h"
#include "base/err.h"
#include "base/stat_sums.h"
#include "base/stat_turnbull.h"

#define DAY_S 86400.0
#define CONFIDENCE 0.95

/* ---- one reply ---- */

/* When the copy was made: after `after`, and before `before`. */
struct copied {
    int64_t after, before;
};

void lag_pages_add(struct lag_pages *all, const struct lag_page *p)
{
    const struct lag_seen *last = all->n ? &all->v[all->n - 1] : NULL;
    struct lag_seen seen = { .page = *p };

    for (int c = 0; c < COUNTERS; c++) {
        const bool absent = p->low[c] == COUNTER_ABSENT;

        seen.most[c] = last ? last->most[c] : COUNTER_ABSENT;
        seen.least[c] = last ? last->least[c] : INT64_MAX;
        if (!absent && p->low[c] > seen.most[c])
            seen.most[c] = p->low[c];
        if (!absent && p->high[c] < seen.least[c])
            seen.least[c] = p->high[c];
    }
    ARRAY_ROOM(all->v, all->n, all->cap);
    all->v[all->n++] = seen;
}

void lag_pages_clear(struct lag_pages *all) { all->n = 0; }

void lag_pages_release(struct lag_pages *all)
{
    free(all->v);
    *all = (struct lag_pages){ 0 };
}

/* What a page that was read then shows at most is less than the API has, had it fallen since. */
static bool is_before(int64_t high, int64_t v, const struct lag_fall *f)
{
    return (double)v * (1 - f->share) - f->count > (double)high;
}

static bool is_after(int64_t low, int64_t v, const struct lag_fall *f)
{
    return (double)v < (double)low * (1 - f->share) - f->count;
}

/* The last page that was read before the copy; len: none. */
static size_t last_before(const struct lag_seen *p, size_t len, enum counter c, int64_t v,
                          const struct lag_fall *f)
{
    if (!len || !is_before(p[len - 1].least[c], v, f))
        return len;
    for (size_t i = len; i-- > 0;)
        if (p[i].page.low[c] != COUNTER_ABSENT && is_before(p[i].page.high[c], v, f))
            return i;
    return len;
}

/* The first that was read after it; len: none. */
static size_t first_after(const struct lag_seen *p, size_t len, enum counter c, int64_t v,
                          const struct lag_fall *f)
{
    size_t from = 0, to = len;

    while (from < to) {
        const size_t mid = from + (to - from) / 2;

        if (is_after(p[mid].most[c], v, f))
            to = mid;
        else
            from = mid + 1;
    }
    return from;
}

/* False: nothing is known, or no instant fits. */
static bool copied_when(const struct lag_row *row, enum counter c, const struct lag_seen *p,
                        size_t len, const struct lag_fall *fall, struct copied *out)
{
    const int64_t v = row->value[c];
    size_t before, after;

    *out = (struct copied){ .after = row->born, .before = row->at };
    if (v == COUNTER_ABSENT)
        return false;
    before = last_before(p, len, c, v, fall);
    after = first_after(p, len, c, v, fall);
    if (before < len && p[before].page.at > out->after)
        out->after = p[before].page.at;
    if (after < len && p[after].page.at < out->before)
        out->before = p[after].page.at;
    return (before < len || after < len) && out->after < out->before;
}

struct lag lag_of(const struct lag_row *row, const struct lag_pages *pages, size_t len,
                  const struct lag_fall *fall)
{
    struct copied all = { .after = row->born, .before = row->at }, hull = { 0 }, one;
    struct lag out = { 0 };

    for (int c = 0; c < COUNTERS; c++) {
        if (!copied_when(row, (enum counter)c, pages->v, len, &fall[c], &one))
            continue;
        all.after = one.after > all.after ? one.after : all.after;
        all.before = one.before < all.before ? one.before : all.before;
        hull.after = !out.has || one.after < hull.after ? one.after : hull.after;
        hull.before = !out.has || one.before > hull.before ? one.before : hull.before;
        out.has = true;
    }
    if (!out.has)
        return out;
    out.apart = all.after >= all.before;
    if (out.apart)
        all = hull;
    out.low = row->at - all.before;
    out.high = row->at - all.after;
    return out;
}

/* ---- many ---- */

static int by_day(const void *a, const void *b)
{
    const struct lag_reading *x = a, *y = b;

    if (x->day != y->day)
        return x->day < y->day ? -1 : 1;
    return (x->item > y->item) - (x->item < y->item);
}

static int by_item(const void *a, const void *b)
{
    const struct lag_reading *const *x = a, *const *y = b;

    if ((*x)->item != (*y)->item)
        return (*x)->item < (*y)->item ? -1 : 1;
    return ((*x)->day > (*y)->day) - ((*x)->day < (*y)->day);
}

/* Where the middle one lies; how many are known. */
static int64_t middle(const struct lag_reading *r, size_t len, double *low, double *high)
{
    struct stat_censored *obs = xcalloc(len ? len : 1, sizeof *obs);
    struct stat_turnbull fit;
    size_t n = 0;

    for (size_t i = 0; i < len; i++)
        if (r[i].of.has)
            obs[n++] = (struct stat_censored){ (double)r[i].of.low / DAY_S,
                                               (double)r[i].of.high / DAY_S, 1 };
    *low = *high = 0;
    if (n) {
        struct stat_span half;

        stat_turnbull(obs, n, &fit);
        half = stat_turnbull_quantile(&fit, 0.5);
        *low = half.low;
        *high = half.high;
        stat_turnbull_release(&fit);
    }
    free(obs);
    return (int64_t)n;
}

static bool is_behind(const struct lag_reading *r, double days)
{
    return r->of.has && (double)r->of.low >= days * DAY_S;
}

/* Readings of one item hang together: it is what is drawn. */
static int64_t count_behind(const struct lag_reading *const *by, size_t len, double days,
                            struct stat_interval *share)
{
    struct stat_sums sums = { 0 };
    int64_t all = 0;

    for (size_t i = 0; i < len;) {
        const uint32_t item = by[i]->item;
        double k = 0, m = 0;

        for (; i < len && by[i]->item == item; i++) {
            k += is_behind(by[i], days);
            m += by[i]->of.has;
        }
        stat_sums_add(&sums, k, m);
        all += (int64_t)k;
    }
    *share = stat_sums_share(&sums, CONFIDENCE);
    return all;
}

void lag_days(struct lag_reading *r, size_t len, struct lag_day **days, size_t *n,
              struct lag_sum *sum)
{
    const struct lag_reading **by = xcalloc(len ? len : 1, sizeof *by);
    struct lag_day *out = xcalloc(len ? len : 1, sizeof *out);

    if (len)
        qsort(r, len, sizeof *r, by_day);
    *n = 0;
    for (size_t i = 0; i < len;) {
        struct lag_day *d = &out[(*n)++];
        size_t from = i;

        while (i < len && r[i].day == r[from].day)
            i++;
        d->day = r[from].day;
        d->read = (int64_t)(i - from);
        d->known = middle(r + from, i - from, &d->low, &d->high);
    }
    for (size_t i = 0; i < len; i++)
        by[i] = &r[i];
    if (len)
        qsort(by, len, sizeof *by, by_item);
    *sum = (struct lag_sum){ .read = (int64_t)len };
    sum->known = middle(r, len, &sum->low, &sum->high);
    sum->day_behind = count_behind(by, len, 1, &sum->day_share);
    sum->long_behind = count_behind(by, len, LAG_LONG_DAYS, &sum->long_share);
    free(by);
    *days = out;
}
