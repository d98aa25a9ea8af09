/* base/stat_sums.h: a share of things that hang together in clusters (posts of one
 * account): its interval, and how many independent things it is worth.
 *
 * Method: Korn and Graubard 1998 (Survey Methodology 24, 193-201), as NCHS uses it (Series 2,
 *         No. 175, 2017): Clopper-Pearson at the effective size p(1-p)/var(p), with var(p) by
 *         linearisation over clusters, corrected for the degrees of freedom and never above n.
 *         Where nearly all agree var(p) is 0 and says nothing; so var(p) is taken with one more
 *         cluster of the mean size which is wholly the other way. All alike are then worth as
 *         many independent things as there are clusters.
 * Units:  shares 0..1. Counts may be fractions: what is expected of things still open. */
#ifndef BASE_STAT_SUMS_H
#define BASE_STAT_SUMS_H
#include "base/stat.h"

/* Sums over clusters of k out of m; zero-initialised is empty. */
struct stat_sums {
    double clusters, k, m, kk, km, mm;
};
void stat_sums_add(struct stat_sums *, double k, double m);    // nothing where m is 0
/* Of the share k / m, by linearisation over clusters (Rao and Scott 1992); two and more. */
double stat_sums_variance(const struct stat_sums *);
/* How many independent things the m are worth: 1..m; 0 where there are none. */
double stat_sums_size(const struct stat_sums *, double confidence);
/* Two-sided. Empty gives 0..1. */
struct stat_interval stat_sums_share(const struct stat_sums *, double confidence);
/* Clopper-Pearson of x out of n, neither of which need be whole. */
struct stat_interval stat_exact_share(double x, double n, double confidence);
#endif
