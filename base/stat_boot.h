/* base/stat_boot.h: how far a number would move had other clusters been drawn: whole
 * clusters (posts of one account hang together) are drawn again with replacement, as
 * many as there are, and the number is made anew of each draw (cluster bootstrap;
 * Efron and Tibshirani 1993, chapters 6 and 13; Field and Welsh 2007).
 * Same:   seed and data give the same interval.
 * Memory: draws x numbers doubles, and a weight a cluster. */
#ifndef BASE_STAT_BOOT_H
#define BASE_STAT_BOOT_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/stat.h"

#define BOOT_DRAWS 1000
#define BOOT_CLUSTERS_MIN 20    // fewer say nothing of the spread among them

struct boot {
    size_t clusters;
    int draws;
    uint64_t seed;
    double confidence;
};
/* Percentile interval, and the standard deviation over the draws; NAN all where no draw
 * gave a number. */
struct boot_result {
    struct stat_interval interval;
    double sd;
};
/* Number `which` where cluster i counts weight[i] times; NAN where that has none. */
typedef double boot_number(const void *data, size_t which, const uint32_t *weight);
void boot_run(const struct boot *, boot_number *number, const void *data, size_t numbers,
              struct boot_result *out);

/* A value of a cluster. */
struct boot_value {
    double value;
    uint32_t cluster;
};
/* By value, then cluster: what the medians below want. */
void boot_sort(struct boot_value *, size_t len);
/* Middle one of the values, of an even number the mean of both; weight NULL: each once.
 * NAN where there is none. */
double boot_median(const struct boot_value *sorted, size_t len, const uint32_t *weight);
#endif
