/* base/stat_cluster.c: intervals that count clusters. */
#include "base/stat_cluster.h"
#include <math.h>

struct totals {
    double k, n, clusters;
};

static struct totals total_of(const struct stat_cluster *c, size_t len)
{
    struct totals t = { 0 };

    for (size_t i = 0; i < len; i++) {
        t.k += (double)c[i].k;
        t.n += (double)c[i].n;
        t.clusters += c[i].n > 0;
    }
    return t;
}

/* Residuals are of whole numbers: a share such as 1/3 leaves rounding behind, which
 * must not look like spread. */
static double design_effect(const struct stat_cluster *c, size_t len, const struct totals *t)
{
    double p, squares = 0;

    if (t->clusters < 2 || t->k <= 0 || t->k >= t->n)
        return 1;
    p = t->k / t->n;
    for (size_t i = 0; i < len; i++) {
        double r = (double)c[i].k - p * (double)c[i].n;

        squares += r * r;
    }
    return t->clusters / (t->clusters - 1) * squares / t->n / (p * (1 - p));
}

double stat_design_effect(const struct stat_cluster *c, size_t len)
{
    struct totals t = total_of(c, len);

    return design_effect(c, len, &t);
}

double stat_t_quantile(double p, double df)
{
    double tail = p < 0.5 ? p : 1 - p, x, t;

    if (!(tail > 0))
        return p < 0.5 ? -INFINITY : INFINITY;
    if (df > 1e6)
        return stat_normal_quantile(p);
    x = stat_beta_quantile(2 * tail, df / 2, 0.5);
    t = sqrt(df * (1 - x) / x);
    return p < 0.5 ? -t : t;
}

/* Of how many independent draws the clusters are worth, at most: all of them. */
static double effective(const struct stat_cluster *c, size_t len, const struct totals *t,
                        double confidence)
{
    double deff, fewer;

    if (t->clusters == t->n)
        return t->n;
    if (t->k <= 0 || t->k >= t->n || t->clusters < 2)
        return t->clusters;
    deff = design_effect(c, len, t);
    fewer = stat_t_quantile(0.5 + confidence / 2, t->n - 1) /
            stat_t_quantile(0.5 + confidence / 2, t->clusters - 1);
    deff = deff > 1 ? deff : 1;
    return t->n / deff * fewer * fewer;
}

struct stat_interval stat_clustered(const struct stat_cluster *c, size_t len, double confidence)
{
    struct totals t = total_of(c, len);
    struct stat_interval out = { 0, 1 };
    double n, k, tail = (1 - confidence) / 2;

    if (t.n <= 0)
        return out;
    n = effective(c, len, &t, confidence);
    k = n * t.k / t.n;
    if (t.k > 0)
        out.low = stat_beta_quantile(tail, k, n - k + 1);
    if (t.k < t.n)
        out.high = stat_beta_quantile(1 - tail, k + 1, n - k);
    return out;
}

/* ---- standardised differences ---- */

static void moments_add(struct stat_moments *to, const struct stat_moments *m, double sign)
{
    to->n += sign * m->n;
    to->sum += sign * m->sum;
    to->squares += sign * m->squares;
}

static double variance(const struct stat_moments *m)
{
    double v = (m->squares - m->sum * m->sum / m->n) / (m->n - 1);

    return v > 1e-12 * m->squares / m->n ? v : 0;
}

/* False where it cannot be told. */
static bool difference(const struct stat_two *t, double *d)
{
    double spread;

    if (t->of[0].n < 2 || t->of[1].n < 2)
        return false;
    spread = (variance(&t->of[0]) + variance(&t->of[1])) / 2;
    if (!(spread > 0))
        return false;
    *d = (t->of[1].sum / t->of[1].n - t->of[0].sum / t->of[0].n) / sqrt(spread);
    return true;
}

struct stat_difference stat_standardised(const struct stat_two *c, size_t len, double confidence)
{
    struct stat_difference out = { 0 };
    struct stat_two all = { 0 };
    double n = 0, sum = 0, squares = 0, half;

    for (size_t i = 0; i < len; i++)
        for (int g = 0; g < 2; g++)
            moments_add(&all.of[g], &c[i].of[g], 1);
    if (!difference(&all, &out.d))
        return out;
    for (size_t i = 0; i < len; i++) {
        struct stat_two rest = all;
        double d;

        for (int g = 0; g < 2; g++)
            moments_add(&rest.of[g], &c[i].of[g], -1);
        if (c[i].of[0].n + c[i].of[1].n <= 0 || !difference(&rest, &d))
            continue;
        n++;
        sum += d - out.d;
        squares += (d - out.d) * (d - out.d);
    }
    if (n < 2)
        return out;
    half = (n - 1) / n * (squares - sum * sum / n);
    half = stat_t_quantile(0.5 + confidence / 2, n - 1) * sqrt(half > 0 ? half : 0);
    out.has = true;
    out.low = out.d - half;
    out.high = out.d + half;
    return out;
}
