/* base/stat_kappa.h: do two people judge alike, and what does a sample by strata say of the
 * whole?
 *
 * Source: Cohen, Educational and Psychological Measurement 20 (1960) 37; variance of kappa:
 *         Fleiss, Cohen, Everitt, Psychological Bulletin 72 (1969) 323. Limits of a sum from
 *         those of its parts (MOVER): Zou, Donner, Statistics in Medicine 27 (2008) 1693. */
#ifndef BASE_STAT_KAPPA_H
#define BASE_STAT_KAPPA_H
#include <stdbool.h>
#include "base/stat.h"

#define STAT_KAPPA_MAX 16
struct stat_kappa {
    bool has;            // false: nothing was judged, or chance alone would agree always
    int64_t n, agree;    // judged by both; alike
    double kappa, low, high;
};
/* table[i * k + j]: so many things are i to the one and j to the other; k classes, at most
 * STAT_KAPPA_MAX. Where all agree, the variance is 0 and says nothing: the lower limit is then
 * that of the share of agreement (Clopper-Pearson), with chance as it is. */
struct stat_kappa stat_kappa(const int64_t *table, size_t k, double confidence);

/* One stratum: its weight (they add up to 1), the share in it, and the limits of that. */
struct stat_part {
    double weight, value, low, high;
};
/* Limits of the weighted sum, whose value is *value. */
struct stat_interval stat_combined(const struct stat_part *, size_t len, double *value);
#endif
