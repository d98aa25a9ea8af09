/* base/stat.h: intervals, exact tests, corrections, each tested against
 * published values. Probabilities and shares are 0..1. */
#ifndef BASE_STAT_H
#define BASE_STAT_H
#include <stddef.h>
#include <stdint.h>

struct stat_interval { double low, high; };
/* Share k of n: Wilson score (two-sided, confidence e.g. 0.95) and
 * Clopper-Pearson (exact). n == 0 gives 0..1. */
struct stat_interval stat_wilson(int64_t k, int64_t n, double confidence);
struct stat_interval stat_clopper_pearson(int64_t k, int64_t n, double confidence);
/* The same exact interval where n of a population of `of` were drawn without
 * replacement (finite population; hypergeometric inversion). */
struct stat_interval stat_hypergeometric(int64_t k, int64_t n, int64_t of, double confidence);
double stat_normal_quantile(double p);
double stat_beta_cdf(double x, double a, double b);          // regularised incomplete beta
double stat_beta_quantile(double p, double a, double b);
double stat_t_quantile(double p, double df);                 // Student's; df > 0
double stat_binomial_tail(int64_t k, int64_t n, double p);   // P(X >= k)
double stat_poisson_upper(int64_t k, double confidence);     // one-sided upper limit of the mean
/* Two-sided Fisher exact test of a 2 x 2 table. */
double stat_fisher(int64_t a, int64_t b, int64_t c, int64_t d);
/* Benjamini-Hochberg: q[i] for p[i], both len long; may not overlap. */
void stat_bh(const double *p, double *q, size_t len);
/* Nearest-rank quantile of x (sorted in place). len > 0. */
double stat_quantile(double *x, size_t len, double p);
#endif
