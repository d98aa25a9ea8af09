/* base/stat.c: intervals, exact tests, corrections.
 * Written out here, as Debian's C libraries with these functions (GSL) are
 * GPL and ten times the size of what is needed. Everything is deterministic. */
#include "base/stat.h"
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"

static double log_gamma(double x)
{
    int sign;

    return lgamma_r(x, &sign);         // lgamma alone writes a global
}

double stat_normal_quantile(double p)
{
    double t, x;

    if (!(p > 0))
        return -INFINITY;
    if (p >= 1)
        return INFINITY;
    if (p > 0.5)
        return -stat_normal_quantile(1 - p);
    // A start within 4.5e-4 (Abramowitz and Stegun 26.2.23), then Halley
    // steps on the exact distribution: each one triples the digits.
    t = sqrt(-2 * log(p));
    x = -(t - (2.515517 + t * (0.802853 + t * 0.010328)) /
              (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))));
    for (int i = 0; i < 3; i++) {
        double e = 0.5 * erfc(-x / M_SQRT2) - p;
        double u = e * sqrt(2 * M_PI) * exp(x * x / 2);

        x -= u / (1 + x * u / 2);
    }
    return x;
}

struct stat_interval stat_wilson(int64_t k, int64_t n, double confidence)
{
    double z, z2, share, mid, half, d = (double)n;
    struct stat_interval out = { 0, 1 };

    if (n <= 0)
        return out;
    z = stat_normal_quantile(0.5 + confidence / 2);
    z2 = z * z;
    share = (double)k / d;
    mid = (share + z2 / (2 * d)) / (1 + z2 / d);
    half = z / (1 + z2 / d) * sqrt(share * (1 - share) / d + z2 / (4 * d * d));
    out.low = k == 0 ? 0 : mid - half;           // exactly 0 and 1 at the ends, free of rounding
    out.high = k == n ? 1 : mid + half;
    return out;
}

/* The continued fraction of the incomplete beta function by Lentz's method
 * (DLMF 8.17.22); it needs about sqrt(max(a, b)) steps. */
static double beta_fraction(double x, double a, double b)
{
    const double tiny = 1e-300;
    double c = 1, d = 1 - (a + b) * x / (a + 1), h;
    int64_t most = 1000 + 20 * (int64_t)sqrt(a > b ? a : b);

    d = 1 / (fabs(d) < tiny ? tiny : d);
    h = d;
    for (int64_t i = 1; i <= most; i++) {
        double m = (double)i, step;

        step = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        d = 1 + step * d;
        d = 1 / (fabs(d) < tiny ? tiny : d);
        c = 1 + step / c;
        c = fabs(c) < tiny ? tiny : c;
        h *= d * c;
        step = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1 + step * d;
        d = 1 / (fabs(d) < tiny ? tiny : d);
        c = 1 + step / c;
        c = fabs(c) < tiny ? tiny : c;
        h *= d * c;
        if (fabs(d * c - 1) < 1e-15)
            break;
    }
    return h;
}

double stat_beta_cdf(double x, double a, double b)
{
    double front;

    if (!(x > 0))
        return 0;
    if (x >= 1)
        return 1;
    front = exp(log_gamma(a + b) - log_gamma(a) - log_gamma(b) + a * log(x) + b * log1p(-x));
    if (x < (a + 1) / (a + b + 2))
        return front * beta_fraction(x, a, b) / a;
    return 1 - front * beta_fraction(1 - x, b, a) / b;
}

double stat_beta_quantile(double p, double a, double b)
{
    double low = 0, high = 1;

    if (!(p > 0))
        return 0;
    if (p >= 1)
        return 1;
    // Bisection: 1,100 halvings reach the smallest double, and the loop ends
    // as soon as the two ends are neighbours in 15 digits.
    for (int i = 0; i < 1100 && high - low > 1e-15 * high; i++) {
        double mid = low + (high - low) / 2;

        if (stat_beta_cdf(mid, a, b) < p)
            low = mid;
        else
            high = mid;
    }
    return low + (high - low) / 2;
}

/* t^2 = df (1 - b) / b with b a quantile of Beta(df/2, 1/2) (DLMF 8.17). */
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

struct stat_interval stat_clopper_pearson(int64_t k, int64_t n, double confidence)
{
    double tail = (1 - confidence) / 2;
    struct stat_interval out = { 0, 1 };

    if (n <= 0)
        return out;
    if (k > 0)
        out.low = stat_beta_quantile(tail, (double)k, (double)(n - k + 1));
    if (k < n)
        out.high = stat_beta_quantile(1 - tail, (double)(k + 1), (double)(n - k));
    return out;
}

static double log_choose(double n, double k)
{
    return log_gamma(n + 1) - log_gamma(k + 1) - log_gamma(n - k + 1);
}

/* P(exactly x of n drawn are marked), `marked` of `of` being so. */
static double hyper_mass(int64_t x, int64_t n, int64_t marked, int64_t of)
{
    if (x < 0 || x > n || x > marked || n - x > of - marked)
        return 0;
    return exp(log_choose((double)marked, (double)x) +
               log_choose((double)(of - marked), (double)(n - x)) -
               log_choose((double)of, (double)n));
}

/* P(X >= k), summed from k outwards on the side that is away from the mean,
 * where terms only shrink and a few dozen are enough. */
static double hyper_tail(int64_t k, int64_t n, int64_t marked, int64_t of)
{
    bool up = (double)k >= (double)n * (double)marked / (double)of;
    int64_t x = up ? k : k - 1;
    double term = hyper_mass(x, n, marked, of), sum = 0;

    while (term > sum * 1e-18) {
        sum += term;
        if (up) {
            term *= (double)(marked - x) * (double)(n - x) /
                    ((double)(x + 1) * (double)(of - marked - n + x + 1));
            x++;
        } else {
            if (x == 0)
                break;
            term *= (double)x * (double)(of - marked - n + x) /
                    ((double)(marked - x + 1) * (double)(n - x + 1));
            x--;
        }
    }
    return up ? sum : 1 - sum;
}

struct stat_interval stat_hypergeometric(int64_t k, int64_t n, int64_t of, double confidence)
{
    double tail = (1 - confidence) / 2;
    struct stat_interval out = { 0, 1 };
    int64_t low, high;

    if (n <= 0 || of <= 0)
        return out;
    // low: the fewest marked with which k or more are not too rare
    low = k;
    high = of - (n - k);
    while (k > 0 && low < high) {
        int64_t mid = low + (high - low) / 2;

        if (hyper_tail(k, n, mid, of) > tail)
            high = mid;
        else
            low = mid + 1;
    }
    out.low = (double)(k > 0 ? low : 0) / (double)of;
    // high: the most marked with which k or fewer are not too rare
    low = k;
    high = of - (n - k);
    while (low < high) {
        int64_t mid = low + (high - low + 1) / 2;

        if (1 - hyper_tail(k + 1, n, mid, of) > tail)
            low = mid;
        else
            high = mid - 1;
    }
    out.high = (double)low / (double)of;
    return out;
}

double stat_binomial_tail(int64_t k, int64_t n, double p)
{
    if (k <= 0)
        return 1;
    if (k > n)
        return 0;
    return stat_beta_cdf(p, (double)k, (double)(n - k + 1));
}

/* P(X <= k) of a Poisson variable, summed both ways from its largest term, so
 * that nothing underflows before it counts. */
static double poisson_low_tail(int64_t k, double mean)
{
    int64_t mode = mean < (double)k ? (int64_t)mean : k;
    double top = exp(-mean + (double)mode * log(mean) - log_gamma((double)mode + 1));
    double term = top, sum = 0;

    for (int64_t i = mode; i >= 0 && term > sum * 1e-18; i--) {
        sum += term;
        term *= (double)i / mean;
    }
    term = top * mean / (double)(mode + 1);
    for (int64_t i = mode + 1; i <= k && term > sum * 1e-18; i++) {
        sum += term;
        term *= mean / (double)(i + 1);
    }
    return sum;
}

double stat_poisson_upper(int64_t k, double confidence)
{
    double rest = 1 - confidence, low = (double)k, high = (double)k + 10;

    if (confidence >= 1)
        return INFINITY;
    while (poisson_low_tail(k, high) > rest)
        high = low + 2 * (high - low);
    low = 1e-300;
    for (int i = 0; i < 200 && high - low > 1e-14 * high; i++) {
        double mid = low + (high - low) / 2;

        if (poisson_low_tail(k, mid) > rest)
            low = mid;
        else
            high = mid;
    }
    return low + (high - low) / 2;
}

double stat_fisher(int64_t a, int64_t b, int64_t c, int64_t d)
{
    int64_t row = a + b, col = a + c, of = row + c + d;
    int64_t from = col - (c + d) > 0 ? col - (c + d) : 0, to = row < col ? row : col;
    double seen, sum = 0;

    if (of == 0 || row == 0 || col == 0 || row == of || col == of)
        return 1;
    // Tables as probable as the one seen count as well; they may differ from
    // it in the last digits (the margin is that of R's fisher.test).
    seen = hyper_mass(a, row, col, of) * (1 + 1e-7);
    for (int64_t x = from; x <= to; x++) {
        double p = hyper_mass(x, row, col, of);

        if (p <= seen)
            sum += p;
    }
    return sum > 1 ? 1 : sum;
}

struct ranked { double p; size_t at; };

static int by_p(const void *x, const void *y)
{
    const struct ranked *a = x, *b = y;

    if (a->p != b->p)
        return a->p < b->p ? -1 : 1;
    return a->at < b->at ? -1 : a->at > b->at;
}

void stat_bh(const double *p, double *q, size_t len)
{
    struct ranked *r;
    double least = 1;

    if (len == 0)
        return;
    r = xcalloc(len, sizeof *r);
    for (size_t i = 0; i < len; i++)
        r[i] = (struct ranked){ p[i], i };
    qsort(r, len, sizeof *r, by_p);
    for (size_t i = len; i-- > 0; ) {
        double scaled = r[i].p * (double)len / (double)(i + 1);

        least = scaled < least ? scaled : least;
        q[r[i].at] = least;
    }
    free(r);
}

static int by_value(const void *x, const void *y)
{
    double a = *(const double *)x, b = *(const double *)y;

    return (a > b) - (a < b);
}

double stat_quantile(double *x, size_t len, double p)
{
    double rank = ceil(p * (double)len);
    size_t at = rank < 1 ? 0 : (size_t)rank - 1;

    qsort(x, len, sizeof *x, by_value);
    return x[at < len ? at : len - 1];
}
