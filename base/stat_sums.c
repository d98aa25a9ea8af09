/* base/stat_sums.c: shares of things that hang together. */
#include "base/stat_sums.h"
#include <math.h>

void stat_sums_add(struct stat_sums *c, double k, double m)
{
    if (!(m > 0))
        return;
    c->clusters += 1;
    c->k += k;
    c->m += m;
    c->kk += k * k;
    c->km += k * m;
    c->mm += m * m;
}

double stat_sums_variance(const struct stat_sums *c)
{
    double p = c->k / c->m, spread = c->kk - 2 * p * c->km + p * p * c->mm;

    return c->clusters / (c->clusters - 1) * spread / (c->m * c->m);
}

/* The clusters and one more, of their mean size, that is wholly the other way. */
static struct stat_sums with_a_doubter(const struct stat_sums *c)
{
    struct stat_sums all = *c;
    double size = c->m / c->clusters;

    stat_sums_add(&all, 2 * c->k >= c->m ? 0 : size, size);
    return all;
}

double stat_sums_size(const struct stat_sums *c, double confidence)
{
    struct stat_sums all;
    double p, variance, size, t_items, t_clusters;

    if (!(c->m > 0))
        return 0;
    if (c->clusters < 2)
        return 1;
    all = with_a_doubter(c);
    p = all.k / all.m;
    variance = stat_sums_variance(&all);
    if (!(variance > 0))
        return c->m;
    t_items = stat_t_quantile(0.5 + confidence / 2, c->m > 2 ? c->m - 1 : 1);
    t_clusters = stat_t_quantile(0.5 + confidence / 2, c->clusters - 1);
    size = p * (1 - p) / variance * (t_items / t_clusters) * (t_items / t_clusters);
    return size > c->m ? c->m : size < 1 ? 1 : size;
}

struct stat_interval stat_exact_share(double x, double n, double confidence)
{
    const double tail = (1 - confidence) / 2, least = 1e-9 * n;
    struct stat_interval out = { 0, 1 };

    if (!(n > 0))
        return out;
    if (x > least)
        out.low = stat_beta_quantile(tail, x, n - x + 1);
    if (n - x > least)
        out.high = stat_beta_quantile(1 - tail, x + 1, n - x);
    return out;
}

struct stat_interval stat_sums_share(const struct stat_sums *c, double confidence)
{
    double size = stat_sums_size(c, confidence);

    return stat_exact_share(c->m > 0 ? c->k / c->m * size : 0, size, confidence);
}
