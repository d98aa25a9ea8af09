/* base/stat_apart.h: how far two groups are apart, where what is drawn are clusters, such as
 * the accounts that posts are of: the standardised difference of their means, with an
 * interval by the jackknife over clusters.
 *
 * Source: Austin, Statistics in Medicine 28 (2009) 3083. */
#ifndef BASE_STAT_APART_H
#define BASE_STAT_APART_H
#include <stdbool.h>
#include "base/stat.h"

/* n values of one group in one cluster, their sum, and the sum of their squares. */
struct stat_moments {
    double n, sum, squares;
};
/* One cluster: its values in each of two groups. */
struct stat_two {
    struct stat_moments of[2];
};
/* The difference of the means, second group less first, in units of the root of the
 * mean of both variances. has: both groups have two values or more, and spread. */
struct stat_difference {
    bool has;
    double d, low, high;
};
struct stat_difference stat_standardised(const struct stat_two *, size_t len, double confidence);
#endif
