/* base/stat_kappa.c: see stat_kappa.h. */
#include "base/stat_kappa.h"
#include <math.h>
#include "base/err.h"

struct margins {
    double row[STAT_KAPPA_MAX], column[STAT_KAPPA_MAX];    // shares
    double chance;                                         // of agreement
};

static struct margins margins_of(const int64_t *table, size_t k, int64_t n)
{
    struct margins m = { { 0 }, { 0 }, 0 };

    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++) {
            m.row[i] += (double)table[i * k + j] / (double)n;
            m.column[j] += (double)table[i * k + j] / (double)n;
        }
    for (size_t i = 0; i < k; i++)
        m.chance += m.row[i] * m.column[i];
    return m;
}

static double variance(const int64_t *table, size_t k, int64_t n, const struct margins *m,
                       double kappa)
{
    const double other = 1 - kappa;
    double sum = 0, last = kappa - m->chance * other;

    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++) {
            const double p = (double)table[i * k + j] / (double)n;
            const double x = i == j ? 1 - (m->row[i] + m->column[i]) * other
                                    : (m->column[i] + m->row[j]) * other;

            sum += p * x * x;
        }
    return (sum - last * last) / ((double)n * (1 - m->chance) * (1 - m->chance));
}

static double within(double x) { return x < -1 ? -1 : x > 1 ? 1 : x; }

struct stat_kappa stat_kappa(const int64_t *table, size_t k, double confidence)
{
    struct stat_kappa out = { 0 };
    struct margins m;
    double half;

    if (k > STAT_KAPPA_MAX)
        die("kappa of %zu classes", k);
    for (size_t i = 0; i < k * k; i++)
        out.n += table[i];
    for (size_t i = 0; i < k; i++)
        out.agree += table[i * k + i];
    if (out.n == 0)
        return out;
    m = margins_of(table, k, out.n);
    if (1 - m.chance < 1e-12)
        return out;
    out.has = true;
    out.kappa = ((double)out.agree / (double)out.n - m.chance) / (1 - m.chance);
    half = stat_normal_quantile(0.5 + confidence / 2) *
           sqrt(fmax(0, variance(table, k, out.n, &m, out.kappa)));
    out.low = within(out.kappa - half);
    out.high = within(out.kappa + half);
    if (out.agree == out.n)
        out.low = within((stat_clopper_pearson(out.n, out.n, confidence).low - m.chance) /
                         (1 - m.chance));
    return out;
}

struct stat_interval stat_combined(const struct stat_part *part, size_t len, double *value)
{
    double below = 0, above = 0;

    *value = 0;
    for (size_t i = 0; i < len; i++) {
        const double w = part[i].weight;

        *value += w * part[i].value;
        below += w * w * (part[i].value - part[i].low) * (part[i].value - part[i].low);
        above += w * w * (part[i].high - part[i].value) * (part[i].high - part[i].value);
    }
    return (struct stat_interval){ *value - sqrt(below), *value + sqrt(above) };
}
