/* audit/verdict/check_bound.c: counts in, bounds and verdicts out. */
#include "audit/verdict/check_bound.h"
#include <math.h>

#define FURTHER_MOST ((int64_t)1000000000)
#define ROUNDING 1e-12    // 99 % of 100 is 99, whatever doubles say

const char *check_verdict_name(enum check_verdict v)
{
    static const char *const names[CHECK_VERDICTS] = { "pass", "fail", "undecided" };

    return (unsigned)v < CHECK_VERDICTS ? names[v] : "";
}

void check_sums_add(struct check_sums *s, const struct check_count *c)
{
    const double held = (double)c->held, failed = (double)c->failed, open = (double)c->open,
                 aside = (double)c->aside;

    s->all.held += c->held;
    s->all.failed += c->failed;
    s->all.aside += c->aside;
    s->all.open += c->open;
    stat_sums_add(&s->worst, held, held + failed + open);
    stat_sums_add(&s->best, held + open, held + open + failed - aside);
    stat_sums_add(&s->plain, held, held + failed);
}

/* The most of `mean` expected wrong verdicts that the confidence leaves possible (Poisson). */
static double most_wrong(double mean, double confidence)
{
    double term = exp(-mean), sum = term, k = 0;

    if (!(mean > 0))
        return 0;
    if (mean > 200)    // far from 0 a normal one is as good
        return ceil(mean + stat_normal_quantile(0.5 + confidence / 2) * sqrt(mean));
    while (sum < 0.5 + confidence / 2 && k < 1000) {
        k += 1;
        term *= mean / k;
        sum += term;
    }
    return k;
}

static double upper(double k, double m, double size, double doubt, double confidence)
{
    double right;

    if (!(m > 0))
        return 1;    // all that failed was set aside
    right = k + most_wrong(doubt, confidence);
    return stat_exact_share((right < m ? right : m) / m * size, size, confidence).high;
}

struct check_bounds check_bounds_of(const struct check_sums *s, double confidence)
{
    struct check_bounds b = { .low = 0, .high = 1 };

    b.has = s->plain.m > 0;
    b.size = stat_sums_size(&s->plain, confidence);
    if (b.has)
        b.value = s->plain.k / s->plain.m;
    if (s->worst.m > 0)
        b.low = stat_sums_share(&s->worst, confidence).low;
    b.high = upper(s->best.k, s->best.m, stat_sums_size(&s->best, confidence), s->doubt,
                   confidence);
    return b;
}

enum check_verdict check_decide(double low, double high, double at_least)
{
    return low >= at_least - ROUNDING   ? CHECK_PASS
           : high < at_least - ROUNDING ? CHECK_FAIL
                                        : CHECK_UNDECIDED;
}

/* The verdict when so many more are decided at the present rate: first the open ones that can be,
 * then others; those for which nothing is planned stay open. */
static enum check_verdict with_further(const struct check_sums *s, double confidence,
                                       double at_least, int64_t further)
{
    const double n = s->plain.m, p = s->plain.k / n, grown = (n + (double)further) / n;
    const double ratio = stat_sums_size(&s->plain, confidence) / n;
    const int64_t stuck = s->open_days[CHECK_DAYS], due = s->all.open - stuck;
    const double open = (double)(further < due ? s->all.open - further : stuck);
    const double held = p * n * grown, failed = (1 - p) * n * grown;
    const double m = held + failed + open, kept = failed - (double)s->all.aside * grown;
    const double best = held + open + (kept > 0 ? kept : 0);
    double low, high;

    low = stat_exact_share(held / m * fmax(1, ratio * m), fmax(1, ratio * m), confidence).low;
    high = upper(held + open, best, fmax(1, ratio * best), s->doubt * grown, confidence);
    return check_decide(low, high, at_least);
}

int64_t check_further_items(const struct check_sums *s, double confidence, double at_least)
{
    int64_t low = 0, high = 1;

    if (!(s->plain.m > 0))
        return -1;
    while (with_further(s, confidence, at_least, high) == CHECK_UNDECIDED) {
        if (high >= FURTHER_MOST)
            return -1;
        low = high;
        high *= 2;
    }
    while (high - low > 1) {
        int64_t mid = low + (high - low) / 2;

        if (with_further(s, confidence, at_least, mid) == CHECK_UNDECIDED)
            low = mid;
        else
            high = mid;
    }
    return high;
}

int64_t check_further_about(double value, double low, double high, bool is_share, int64_t n,
                            double at_least)
{
    const double gap = fabs(value - at_least);
    const double reach = value > at_least ? value - low : high - value;
    const bool edge = is_share && (fabs(value) < ROUNDING || fabs(fabs(value) - 1) < ROUNDING);
    double grown, more;

    if (n <= 0 || !isfinite(value) || !isfinite(low) || !isfinite(high) || gap < ROUNDING ||
        reach < gap)
        return -1;
    grown = reach / gap;
    more = ceil((double)n * ((edge ? grown : grown * grown) - 1));
    return more < FURTHER_MOST ? (int64_t)fmax(more, 1) : -1;
}

int64_t check_further_days(const struct check_sums *s, int64_t items)
{
    int64_t decided = 0;

    if (items < 0)
        return -1;
    for (int d = 0; d < CHECK_DAYS; d++) {
        decided += s->open_days[d];
        if (decided >= items)
            return d;
    }
    return -1;
}
