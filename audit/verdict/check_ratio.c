/* audit/verdict/check_ratio.c: medians of log10(API / page). */
#include "audit/verdict/check_ratio.h"
#include <math.h>
#include <stdlib.h>
#include "base/array.h"

#define OPEN_VALUE NAN    // in its place comes a value below or above all others

static uint32_t cluster_of(struct check_ratio *r, int64_t account, size_t accounts)
{
    if (account == 0)
        return r->clusters++;
    if (!r->place) {
        r->places = accounts + 1;
        r->place = xcalloc(r->places, sizeof *r->place);
    }
    if (!r->place[account])
        r->place[account] = ++r->clusters;
    return r->place[account] - 1;
}

static void put(struct check_ratio *r, int64_t account, size_t accounts, double value)
{
    ARRAY_ROOM(r->v, r->n, r->cap);
    r->v[r->n++] = (struct boot_value){ value, cluster_of(r, account, accounts) };
}

void check_ratio_add(struct check_ratio *r, int64_t account, size_t accounts, double ratio)
{
    put(r, account, accounts, log10(fmin(fmax(ratio, RATIO_LEAST), RATIO_MOST)));
}

void check_ratio_open(struct check_ratio *r, int64_t account, size_t accounts)
{
    r->open++;
    put(r, account, accounts, OPEN_VALUE);
}

static double median(const void *data, size_t which, const uint32_t *weight)
{
    const struct check_ratio *r = data;

    (void)which;
    return boot_median(r->v, r->n, weight);
}

/* With every open item at that ratio. */
static struct check_ratio with_open_at(const struct check_ratio *r, double ratio)
{
    struct check_ratio all = { .n = r->n, .clusters = r->clusters };

    all.v = xcalloc(r->n + 1, sizeof *all.v);
    for (size_t i = 0; i < r->n; i++) {
        all.v[i] = r->v[i];
        if (isnan(all.v[i].value))
            all.v[i].value = log10(ratio);
    }
    boot_sort(all.v, all.n);
    return all;
}

static struct stat_interval bounds_at(const struct check_ratio *r, double ratio, uint64_t seed,
                                      double confidence)
{
    const struct boot boot = { r->clusters, BOOT_DRAWS, seed, confidence };
    struct check_ratio all = with_open_at(r, ratio);
    struct boot_result result;

    boot_run(&boot, median, &all, 1, &result);
    free(all.v);
    return (struct stat_interval){ pow(10, result.interval.low), pow(10, result.interval.high) };
}

static double value_of(const struct check_ratio *r)
{
    struct check_ratio known = { .clusters = r->clusters };
    double value;

    known.v = xcalloc(r->n + 1, sizeof *known.v);
    for (size_t i = 0; i < r->n; i++)
        if (!isnan(r->v[i].value))
            known.v[known.n++] = r->v[i];
    boot_sort(known.v, known.n);
    value = pow(10, boot_median(known.v, known.n, NULL));
    free(known.v);
    return value;
}

void check_ratio_conclude(struct check_ratio *r, uint64_t seed, struct check_row *row)
{
    row->unit = UNIT_RATIO;
    row->open = r->open;
    row->n = row->held = (int64_t)r->n - r->open;
    row->accounts = r->clusters;
    if (row->n == 0) {
        row->why = STR("no pair of which both sides show more than 0");
        return;
    }
    row->now = (struct check_value){ true, value_of(r), RATIO_LEAST, RATIO_MOST };
    if (r->clusters < BOOT_CLUSTERS_MIN) {
        row->why = STR("pairs of so few accounts say nothing of the spread among others");
        return;
    }
    row->now.low = bounds_at(r, RATIO_LEAST, seed, row->claim->confidence).low;
    row->now.high = bounds_at(r, RATIO_MOST, seed, row->claim->confidence).high;
}

void check_ratio_release(struct check_ratio *r)
{
    free(r->v);
    free(r->place);
    *r = (struct check_ratio){ 0 };
}
