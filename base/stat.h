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

/* Posts of one account hang together: beta-binomial with mean b (the share
 * retrieved) and intra-class correlation rho. Each account has m trials, k
 * retrieved. Fits rho by maximum likelihood conditional on k >= 1 for given b,
 * over the accounts with k >= 1; result in [0, 0.999], 0 where nothing varies. */
struct stat_account { int64_t m, k; };
double stat_fit_rho(const struct stat_account *, size_t len, double b);
/* P(none of m retrieved) = prod over j < m of ((1-b) s + j) / (s + j), where b
 * is the rate at which an item is retrieved at other accounts and s = 1/rho - 1;
 * at rho 0 it is (1-b)^m. m == 0 gives 1. */
double stat_none_of(int64_t m, double b, double rho);
#endif
