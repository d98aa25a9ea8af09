/* base/stat_apart.c: standardised differences. */
#include "base/stat_apart.h"
#include <math.h>

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
