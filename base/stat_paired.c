/* base/stat_paired.c: see stat_paired.h. */
#include "base/stat_paired.h"
#include <math.h>

double stat_mcnemar(int64_t b, int64_t c)
{
    const int64_t most = b > c ? b : c;
    const double p = 2 * stat_binomial_tail(most, b + c, 0.5);

    return b == c || p > 1 ? 1 : p;
}

/* The correlation of the two, with Newcombe's correction for continuity where it is positive. */
static double phi_of(double both, double first, double second, double neither)
{
    const double margins = (both + first) * (second + neither) * (both + second) *
                           (first + neither);
    const double n = both + first + second + neither;
    double cross = both * neither - first * second;

    if (margins <= 0)
        return 0;
    if (cross > 0)
        cross = cross > n / 2 ? cross - n / 2 : 0;
    return cross / sqrt(margins);
}

static double joined(double x, double y, double phi)
{
    const double sum = x * x - 2 * phi * x * y + y * y;

    return sum > 0 ? sqrt(sum) : 0;
}

struct stat_interval stat_newcombe_paired(int64_t both, int64_t first, int64_t second,
                                          int64_t neither, double confidence)
{
    const int64_t n = both + first + second + neither;
    const struct stat_interval i = stat_wilson(both + first, n, confidence),
                               j = stat_wilson(both + second, n, confidence);
    double phi, p, q;

    if (n <= 0)
        return (struct stat_interval){ -1, 1 };
    phi = phi_of((double)both, (double)first, (double)second, (double)neither);
    p = (double)(both + first) / (double)n;
    q = (double)(both + second) / (double)n;
    return (struct stat_interval){ p - q - joined(p - i.low, j.high - q, phi),
                                   p - q + joined(i.high - p, q - j.low, phi) };
}

struct stat_interval stat_difference(double first, struct stat_interval of_first, double second,
                                     struct stat_interval of_second)
{
    const double d = second - first;

    return (struct stat_interval){ d - hypot(second - of_second.low, of_first.high - first),
                                   d + hypot(of_second.high - second, first - of_first.low) };
}
