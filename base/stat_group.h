/* base/stat_group.h: things of one group (posts of one account) hang together: how often one
 * of them comes back, how alike those of a group are, and whether groups of which none came
 * back are more than chance leaves.
 *
 * Model: beta-binomial. Each group has a rate of its own, beta-distributed with mean b and
 *        intra-class correlation rho; of its m things k come back.
 * Units: shares and probabilities 0..1. */
#ifndef BASE_STAT_GROUP_H
#define BASE_STAT_GROUP_H
#include <stddef.h>
#include <stdint.h>

struct stat_group {
    int64_t m, k;
};
/* Fits rho by maximum likelihood conditional on k >= 1 for given b, over the groups with
 * k >= 1; result in [0, 0.999], 0 where nothing varies. */
double stat_group_rho(const struct stat_group *, size_t len, double b);
/* P(none of m comes back) = prod over j < m of ((1-b) s + j) / (s + j) with s = 1/rho - 1;
 * at rho 0 it is (1-b)^m. m == 0 gives 1. */
double stat_group_none(int64_t m, double b, double rho);

/* Of the groups of which something came back: their rate, and how alike they are. The others
 * may be groups that are shut out, so they say nothing of the rate. */
struct stat_group_model {
    double b, rho;     // NAN where there is no such group
    int64_t fitted;    // how many there are
};
struct stat_group_model stat_group_fit(const struct stat_group *, size_t len);

/* The groups of which nothing came back, beside those that chance leaves. */
struct stat_zeros {
    int64_t seen;
    double expected;    // by the model of stat_group_fit; NAN without one
    /* Probability that so many more than expected turn up where no group is shut out; NAN
     * without a model. By simulation from the fit of all groups, those with none among them:
     * each made world is fitted anew, for a rate that is known only from what came back is
     * itself a guess (parametric bootstrap; Efron and Tibshirani 1993, chapter 16). */
    double chance;
};
#define STAT_ZEROS_DRAWS 999
/* Groups with m == 0 count for nothing. Same seed and groups, same result. */
struct stat_zeros stat_group_zeros(const struct stat_group *, size_t len, uint64_t seed);

/* A world in which a share of all groups, each of m, is shut out, and the others are as b and rho
 * say. */
struct stat_group_world {
    double b, rho, shut_out;
    int64_t m;
};
/* How often that test says of n groups of such a world, at one in twenty, that those with none are
 * more than chance: by 300 made worlds, so within 6 points of the truth. */
double stat_group_power(const struct stat_group_world *, int64_t n, uint64_t seed);
#endif
