/* audit/belief.c: a grid over both probabilities; a few thousand likelihoods
 * of at most forty terms, so no optimiser and nothing that could fail to
 * converge. */
#include <math.h>
#include "audit/belief.h"
#include "base/stat.h"

#define GRID 120
/* Priors as pseudo-counts. A batch in sound company is not known to lose
 * anything (published audits recovered what re-batching recovers once the dead
 * ids were out), so 1 in 50 is cautious; a silent item is sooner gone than not. */
#define SWALLOW_LOST 0.5
#define SWALLOW_KEPT 24.5
#define PRIOR_BACK 1.0
#define PRIOR_GONE 4.0

/* Finer near 0, where a factor matters. */
static double step_of(int i)
{
    double x = ((double)i + 0.5) / GRID;

    return x * x;
}

static double term(double n, double p)
{
    return n > 0 ? n * log(p > 1e-300 ? p : 1e-300) : 0;
}

static double log_likelihood(const struct belief_counts *c, double s, double pi)
{
    double sum = (SWALLOW_LOST - 1) * log(s) + (SWALLOW_KEPT - 1) * log1p(-s) +
                 (PRIOR_BACK - 1) * log(pi) + (PRIOR_GONE - 1) * log1p(-pi);

    sum += term((double)c->back, pi * (1 - s));
    sum += term((double)c->canary_lost, s) + term((double)(c->canary_asks - c->canary_lost), 1 - s);
    for (int k = 0; k < BELIEF_ASKS; k++) {
        double power = c->found[k] || c->silent[k] ? pow(s, k) : 0;

        sum += term((double)c->found[k], pi * (1 - s) * power);
        sum += term((double)c->silent[k], 1 - pi * (1 - power));
    }
    return sum;
}

struct belief belief_fit(const struct belief_counts *c)
{
    double best = -INFINITY, weight = 0, s_sum = 0, pi_sum = 0;

    for (int i = 0; i < GRID; i++)
        for (int k = 0; k < GRID; k++)
            best = fmax(best, log_likelihood(c, step_of(i), step_of(k)));
    for (int i = 0; i < GRID; i++)
        for (int k = 0; k < GRID; k++) {
            double s = step_of(i), pi = step_of(k);
            /* The grid's cells are wider where it is coarser. */
            double w = exp(log_likelihood(c, s, pi) - best) * sqrt(s) * sqrt(pi);

            weight += w;
            s_sum += w * s;
            pi_sum += w * pi;
        }
    return (struct belief){ s_sum / weight, pi_sum / weight };
}

struct leftover belief_leftover(const struct belief_counts *c)
{
    struct leftover l = { .n2 = c->found[0], .n3 = c->found[1], .left = -1, .upper = -1 };
    double most = stat_poisson_upper(l.n3, 0.95);

    if (l.n2 > l.n3)
        l.left = (double)l.n3 * (double)l.n3 / (double)(l.n2 - l.n3);
    if ((double)l.n2 > most)
        l.upper = most * most / ((double)l.n2 - most);
    return l;
}
