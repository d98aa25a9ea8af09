/* base/stat_cluster.h: shares and differences of things that hang together, such as the
 * posts of one account: what is drawn are the clusters, not the things in them.
 *
 * Sources: Rao and Scott, Biometrics 48 (1992) 577 (design effect of a ratio); Korn and
 *          Graubard, Survey Methodology 24 (1998) 193 (exact interval on the effective
 *          number); Austin, Statistics in Medicine 28 (2009) 3083 (standardised
 *          differences); their interval by the jackknife over clusters. */
#ifndef BASE_STAT_CLUSTER_H
#define BASE_STAT_CLUSTER_H
#include <stdbool.h>
#include "base/stat.h"

/* k of n in one cluster. */
struct stat_cluster {
    int64_t k, n;
};
/* How many times the variance of the share of all is that of independent draws; 1
 * where there is no spread to tell it from. Clusters without any n are none. */
double stat_design_effect(const struct stat_cluster *, size_t len);
/* The share of all, two-sided. Never narrower than Clopper-Pearson on as many
 * independent draws as the clusters are worth; where every draw was alike, on as many
 * as there are clusters. n of 0: 0..1. */
struct stat_interval stat_clustered(const struct stat_cluster *, size_t len, double confidence);
/* Student's t, with df degrees of freedom (df > 0). */
double stat_t_quantile(double p, double df);

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
