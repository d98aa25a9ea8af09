/* base/stat_life.h: how long until something happens, where of some it is only known that
 * it took longer (right-censored): the product-limit estimate of Kaplan and Meier (1958).
 * Units: whatever the durations have. */
#ifndef BASE_STAT_LIFE_H
#define BASE_STAT_LIFE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct life {
    double time;
    bool happened;
    uint32_t cluster;
};    // else: censored then
/* By time; at one time what happened comes before what was censored. */
void life_sort(struct life *, size_t len);
/* Share that lasts longer than time. weight by cluster; NULL: each counts once.
 * NAN where nothing counts, or where all that is left at an earlier time is censored. */
double life_beyond(const struct life *sorted, size_t len, const uint32_t *weight, double time);
/* The first time at which no more than half last longer; INFINITY where more than half do
 * beyond all that was seen; NAN where nothing counts. */
double life_median(const struct life *sorted, size_t len, const uint32_t *weight);
#endif
