/* audit/verdict/accuracy.c: how right what the API returns is, pair by pair (card.c): fields that
 * do not differ, how far counters are from the page's, and by how many days they lag.
 * Definitions: docs/criteria.md, "Accuracy" and "Timeliness".
 * Intervals:   95 %, by 1,000 draws of whole accounts by the audit's seed. Those of shares are
 *              never closer than the exact limits for as many rows as the accounts are worth:
 *              draws of a few hits cannot show what else there might have been. Fewer than
 *              20 accounts are not drawn: shares have the exact limits alone, other numbers
 *              the least and the greatest value that was seen, since a number without bounds
 *              would be taken for one that is sure.
 * Memory:      64 bytes a pair for at most 65,536 pairs, and the sums of what they show by
 *              account; of more pairs those of whole accounts, drawn by seed, stand in for
 *              intervals and medians, while shares count all. Another 48 bytes a record that was
 *              superseded. */
#include <math.h>
#include <stdlib.h>
#include "audit/verdict/card.h"
#include "audit/verdict/numbers.h"
#include "base/stat_boot.h"
#include "base/stat_life.h"
#include "base/stat_sums.h"
#include "base/utc.h"
#include "record/seed.h"

#define CONFIDENCE 0.95
#define LIMIT_SHARE 0.10    // of honest rows at most above the 10 % limit

struct part {
    int32_t k, n;
};
/* What is drawn again: sums by account of each measure, values for medians, lags. */
struct clusters {
    const struct numbers_from *from;
    const struct card *card;
    struct boot boot;
    uint32_t *cluster;    // of each kept pair
    struct part *sum[MEASURES];
    int64_t accounts[MEASURES], hit[MEASURES], has[MEASURES];    // of the kept pairs
};

/* ---- accounts ---- */

static int by_account(const void *x, const void *y)
{
    uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;

    return (a > b) - (a < b);
}

/* Numbers the accounts of the kept pairs from 0 on. */
static void number_accounts(struct clusters *d)
{
    size_t n = d->card->kept.n, accounts = 0;
    uint32_t *list = xcalloc(n + 1, sizeof *list);

    for (size_t i = 0; i < n; i++)
        list[i] = d->card->kept.v[i].account;
    qsort(list, n, sizeof *list, by_account);
    for (size_t i = 0; i < n; i++)
        if (accounts == 0 || list[accounts - 1] != list[i])
            list[accounts++] = list[i];
    d->cluster = xcalloc(n + 1, sizeof *d->cluster);
    for (size_t i = 0; i < n; i++)
        d->cluster[i] = (uint32_t)((uint32_t *)bsearch(&d->card->kept.v[i].account, list, accounts,
                                                       sizeof *list, by_account) -
                                   list);
    d->boot = (struct boot){ .clusters = accounts,
                             .draws = BOOT_DRAWS,
                             .seed = digest_rank(buf_view(&d->from->audit->seed), SEED_ACCOUNTS),
                             .confidence = CONFIDENCE };
    free(list);
}

static void sum_by_account(struct clusters *d)
{
    for (int m = 0; m < MEASURES; m++)
        d->sum[m] = xcalloc(d->boot.clusters + 1, sizeof *d->sum[m]);
    for (size_t i = 0; i < d->card->kept.n; i++) {
        const struct kept *k = &d->card->kept.v[i];

        for (int m = 0; m < MEASURES; m++)
            if (k->has >> m & 1) {
                d->accounts[m] += d->sum[m][d->cluster[i]].n++ == 0;
                d->sum[m][d->cluster[i]].k += k->hit >> m & 1;
                d->hit[m] += k->hit >> m & 1;
                d->has[m]++;
            }
    }
}

static void clusters_release(struct clusters *d)
{
    for (int m = 0; m < MEASURES; m++)
        free(d->sum[m]);
    free(d->cluster);
}

/* ---- shares ---- */

static double share_of(const void *data, size_t measure, const uint32_t *weight)
{
    const struct clusters *d = data;
    int64_t hit = 0, of = 0;

    if (d->has[measure] == 0)
        return NAN;
    // nothing varies, whatever is drawn: most measures of most audits
    if (d->hit[measure] == 0 || d->hit[measure] == d->has[measure])
        return d->hit[measure] ? 1 : 0;
    for (size_t i = 0; i < d->boot.clusters; i++) {
        int64_t w = weight ? weight[i] : 1;

        hit += w * d->sum[measure][i].k;
        of += w * d->sum[measure][i].n;
    }
    return of ? (double)hit / (double)of : NAN;
}

static struct stat_sums sums_of(const struct clusters *d, int m)
{
    struct stat_sums sums = { 0 };

    for (size_t i = 0; i < d->boot.clusters; i++)
        stat_sums_add(&sums, d->sum[m][i].k, d->sum[m][i].n);
    return sums;
}

/* Where not all pairs were kept the interval moves to the share of all. */
static struct stat_interval share_interval(const struct clusters *d, int m,
                                           const struct boot_result *r)
{
    struct stat_sums sums = sums_of(d, m);
    struct stat_interval i = stat_sums_share(&sums, CONFIDENCE);
    double moved = (double)d->card->hit[m] / (double)d->card->has[m] - share_of(d, (size_t)m, NULL);

    if (d->accounts[m] >= BOOT_CLUSTERS_MIN) {
        i.low = fmin(i.low, r->interval.low);
        i.high = fmax(i.high, r->interval.high);
    }
    i.low += moved;
    i.high += moved;
    return (struct stat_interval){ fmax(i.low, 0), fmin(i.high, 1) };
}

static const char *rests_on(const struct clusters *d, int64_t accounts, const char *few)
{
    return arena_printf(d->from->s->mem, "%lld account%s%s", (long long)accounts,
                        accounts == 1 ? "" : "s",
                        accounts < BOOT_CLUSTERS_MIN ? few : "; 95 % by drawing accounts again")
        .p;
}
#define FEW_SHARE ", too few to be drawn again: exact limits"
#define FEW_VALUE ", too few to be drawn again: the least and the greatest value"

static void put(const struct clusters *d, struct number *n, const char *is)
{
    n->is = n->has ? str_of(is)
                   : arena_printf(d->from->s->mem, "%s No value: there is none of these.", is);
    number_put(&d->from->s->numbers, d->from->s->mem, n);
}

/* One-sided binomial test against 0.10. Rows of one account hang together: they count as so
 * many as their accounts are worth; where those are too few to tell, as many as there are. */
static void put_test(const struct clusters *d, int m, const char *name)
{
    struct number n = { .name = str_of(name),
                        .criterion = CRITERION_ACCURACY,
                        .unit = UNIT_PROBABILITY,
                        .n = d->card->hit[m],
                        .of = d->card->has[m] };
    struct stat_sums sums = sums_of(d, m);
    double rows = (double)d->accounts[m];

    n.has = d->card->has[m] > 0;
    if (n.has) {
        if (d->accounts[m] >= BOOT_CLUSTERS_MIN)
            rows = floor(stat_sums_size(&sums, CONFIDENCE) + 0.5);
        n.value = stat_binomial_tail((int64_t)ceil((double)n.n / (double)n.of * rows - 1e-9),
                                     (int64_t)rows, LIMIT_SHARE);
    }
    put(d, &n,
        "Probability of at least that share above the 10 % limit, were the API's counters "
        "honest (one-sided binomial test against 0.10, the rows counted as so many as "
        "their accounts are worth).");
}

static void put_share(const struct clusters *d, int m, const struct boot_result *r)
{
    struct arena *mem = d->from->s->mem;
    struct number n = { .name = str_of(measure_name(mem, m)), .criterion = CRITERION_ACCURACY };

    number_set_share(&n, d->card->hit[m], d->card->has[m]);
    if (n.has)
        number_set_bounds(&n, BOUNDS_SAMPLE, share_interval(d, m, r));
    put(d, &n,
        arena_printf(mem, "%s (%s).", measure_is(mem, m), rests_on(d, d->accounts[m], FEW_SHARE))
            .p);
    if (m >= MEASURE_ABOVE_90 && m < MEASURE_ABOVE_90 + COUNTERS)
        put_test(d, m, arena_printf(mem, "%s_chance", measure_name(mem, m)).p);
}

static void shares(const struct clusters *d)
{
    struct boot_result r[MEASURES];

    boot_run(&d->boot, share_of, d, MEASURES, r);
    for (int m = 0; m < MEASURES; m++)
        if (measure_name(d->from->s->mem, m))
            put_share(d, m, &r[m]);
}

/* ---- medians ---- */

struct median {
    enum counter counter;
    int month;
    struct boot_value *v;
    size_t n;
    int64_t accounts;
};
struct medians {
    struct median *v;
    size_t n;
};

static double median_of(const void *data, size_t which, const uint32_t *weight)
{
    const struct medians *m = data;

    return boot_median(m->v[which].v, m->v[which].n, weight);
}

static int64_t count_accounts(const struct median *m, size_t clusters)
{
    bool *seen = xcalloc(clusters + 1, sizeof *seen);
    int64_t n = 0;

    for (size_t i = 0; i < m->n; i++) {
        n += !seen[m->v[i].cluster];
        seen[m->v[i].cluster] = true;
    }
    free(seen);
    return n;
}

/* month 0: all of them. */
static struct median gather(const struct clusters *d, enum counter c, int month)
{
    struct median m = { .counter = c, .month = month };

    m.v = xcalloc(d->card->kept.n + 1, sizeof *m.v);
    for (size_t i = 0; i < d->card->kept.n; i++) {
        const struct kept *k = &d->card->kept.v[i];

        if (!isnan(k->ratio[c]) && (month == 0 || month == k->month))
            m.v[m.n++] = (struct boot_value){ (double)k->ratio[c], d->cluster[i] };
    }
    boot_sort(m.v, m.n);
    m.accounts = count_accounts(&m, d->boot.clusters);
    return m;
}

static void put_median(const struct clusters *d, const struct median *m,
                       const struct boot_result *r)
{
    const char *field = field_info(counter_field(m->counter))->name;
    struct arena *mem = d->from->s->mem;
    struct number n = { .criterion = CRITERION_ACCURACY,
                        .unit = UNIT_LOG10,
                        .has = m->n > 0,
                        .n = (int64_t)m->n,
                        .of = (int64_t)m->n };
    const char *when = "";

    n.name = arena_printf(mem, "median_ratio_%s", field);
    if (m->month) {
        n.name = arena_printf(mem, "median_ratio_%s_%04d_%02d", field, (m->month - 1) / 12,
                              (m->month - 1) % 12 + 1);
        when = arena_printf(mem, " asked in %04d-%02d", (m->month - 1) / 12,
                            (m->month - 1) % 12 + 1)
                   .p;
    }
    if (n.has) {
        n.value = boot_median(m->v, m->n, NULL);
        number_set_bounds(&n, BOUNDS_SAMPLE,
                          m->accounts >= BOOT_CLUSTERS_MIN
                              ? r->interval
                              : (struct stat_interval){ m->v[0].value, m->v[m->n - 1].value });
    }
    put(d, &n,
        arena_printf(mem,
                     "Median of log10((API + 1) / (page + 1)) of %s%s, posts of 30 days "
                     "and older with %d on the page at least; 0 is equal, -1 a tenth (%s).",
                     field, when, card_least(m->counter), rests_on(d, m->accounts, FEW_VALUE))
            .p);
}

static void medians_of(const struct clusters *d, int month)
{
    struct boot_result r[COUNTERS];
    struct median m[COUNTERS];

    for (int c = 0; c < COUNTERS; c++)
        m[c] = gather(d, (enum counter)c, month);
    boot_run(&d->boot, median_of, &(struct medians){ m, COUNTERS }, COUNTERS, r);
    for (int c = 0; c < COUNTERS; c++) {
        if (month == 0 || m[c].n)
            put_median(d, &m[c], &r[c]);
        free(m[c].v);
    }
}

/* The month behind another in which the API was asked; 0: none. */
static int next_month(const struct card *c, int month)
{
    int next = 0;

    for (size_t i = 0; i < c->kept.n; i++)
        if (c->kept.v[i].month > month && (next == 0 || c->kept.v[i].month < next))
            next = c->kept.v[i].month;
    return next;
}

/* Of all, then, where the API was asked in several months, of each. */
static void medians(const struct clusters *d)
{
    int month = next_month(d->card, 0);

    medians_of(d, 0);
    if (month == 0 || next_month(d->card, month) == 0)
        return;
    for (; month; month = next_month(d->card, month))
        medians_of(d, month);
}

/* ---- the lag ---- */

struct lags {
    struct life *v;
    size_t n;
};

static double lag_of(const void *data, size_t which, const uint32_t *weight)
{
    const struct lags *l = data;

    return which ? life_beyond(l->v, l->n, weight, 10) : life_median(l->v, l->n, weight);
}

static const char *lag_rows(const struct clusters *d, int64_t accounts, const char *few)
{
    const int64_t *lag = d->card->lag;

    return arena_printf(d->from->s->mem,
                        "%lld rows bracketed by two readings of the page, %lld newer than all of "
                        "them, %lld older than the first and so known to lag by more; %s",
                        (long long)lag[LAG_BRACKETED], (long long)lag[LAG_NEWER],
                        (long long)lag[LAG_CENSORED], rests_on(d, accounts, few))
        .p;
}

/* No value where more than half lag by more than was watched, or may do so. */
static void put_lag_median(const struct clusters *d, const struct lags *l, int64_t accounts,
                           struct stat_interval drawn)
{
    struct number n = { .name = STR("api_lag"),
                        .criterion = CRITERION_TIMELINESS,
                        .unit = UNIT_DAYS,
                        .value = life_median(l->v, l->n, NULL),
                        .n = (int64_t)l->n,
                        .of = (int64_t)l->n };

    if (l->n > 0 && accounts < BOOT_CLUSTERS_MIN)
        drawn = (struct stat_interval){ l->v[0].time, l->v[l->n - 1].time };
    n.has = isfinite(n.value) && isfinite(drawn.high);
    if (n.has)
        number_set_bounds(&n, BOUNDS_SAMPLE, drawn);
    put(d, &n,
        arena_printf(d->from->s->mem,
                     "Median of the days that the API's views lag behind the page's "
                     "(Kaplan-Meier): %s.",
                     lag_rows(d, accounts, FEW_VALUE))
            .p);
}

/* Never closer than the exact limits for one row an account. */
static void put_lag_beyond(const struct clusters *d, const struct lags *l, int64_t accounts,
                           struct stat_interval drawn)
{
    struct number n = { .name = STR("api_lag_above_ten_days"),
                        .criterion = CRITERION_TIMELINESS,
                        .unit = UNIT_SHARE,
                        .value = life_beyond(l->v, l->n, NULL, 10),
                        .n = (int64_t)l->n,
                        .of = (int64_t)l->n };
    struct stat_interval i;

    n.has = !isnan(n.value);
    if (n.has) {
        i = stat_exact_share(n.value * (double)accounts, (double)accounts, CONFIDENCE);
        if (accounts >= BOOT_CLUSTERS_MIN && !isnan(drawn.low)) {
            i.low = fmin(i.low, drawn.low);
            i.high = fmax(i.high, drawn.high);
        }
        number_set_bounds(&n, BOUNDS_SAMPLE, i);
    }
    put(d, &n,
        arena_printf(d->from->s->mem,
                     "Share of rows whose views lag by more than ten days, which the platform's "
                     "FAQ gives as the most (Kaplan-Meier): %s.",
                     lag_rows(d, accounts, FEW_SHARE))
            .p);
}

static void lags(const struct clusters *d)
{
    struct median seen = { 0 };
    struct boot_result r[2];
    struct lags l = { 0 };
    int64_t accounts;

    l.v = xcalloc(d->card->kept.n + 1, sizeof *l.v);
    seen.v = xcalloc(d->card->kept.n + 1, sizeof *seen.v);
    for (size_t i = 0; i < d->card->kept.n; i++) {
        const struct kept *k = &d->card->kept.v[i];

        if (k->lag_is == LAG_NONE)
            continue;
        seen.v[seen.n++].cluster = d->cluster[i];
        l.v[l.n++] = (struct life){ (double)k->lag, k->lag_is != LAG_CENSORED, d->cluster[i] };
    }
    life_sort(l.v, l.n);
    accounts = count_accounts(&seen, d->boot.clusters);
    boot_run(&d->boot, lag_of, &l, 2, r);
    put_lag_median(d, &l, accounts, r[0].interval);
    put_lag_beyond(d, &l, accounts, r[1].interval);
    free(seen.v);
    free(l.v);
}

int accuracy_numbers(const struct numbers_from *from, struct err *err)
{
    struct clusters d = { .from = from, .card = from->card };

    (void)err;
    number_accounts(&d);
    sum_by_account(&d);
    shares(&d);
    medians(&d);
    lags(&d);
    clusters_release(&d);
    return 0;
}
