/* base/stat_paired.h: what changed between two looks: the same things seen twice, or two
 * estimates that do not depend on each other. Tested against published values. */
#ifndef BASE_STAT_PAIRED_H
#define BASE_STAT_PAIRED_H
#include <stdint.h>
#include "base/stat.h"

/* McNemar's exact test, two-sided: of b + c things that changed, b one way and c the other,
 * whether either way is as likely. 1 where nothing changed. */
double stat_mcnemar(int64_t b, int64_t c);
/* The difference of two shares of the same things, first minus second: both = in both,
 * first = in the first alone, second = in the second alone, neither (Newcombe, Statistics in
 * Medicine 17 (1998) 2635, method 10). Of nothing: -1..1. */
struct stat_interval stat_newcombe_paired(int64_t both, int64_t first, int64_t second,
                                          int64_t neither, double confidence);
/* second - first of two independent estimates with intervals of the same confidence: the
 * distances are squared and added. Of Wilson's intervals it is Newcombe's method 10
 * (Statistics in Medicine 17 (1998) 873). */
struct stat_interval stat_difference(double first, struct stat_interval of_first, double second,
                                     struct stat_interval of_second);
#endif
