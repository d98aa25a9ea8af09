/* silence/bootstrap.h: how sure the estimate is: batches drawn again and again, and all
 * estimated anew. */
#ifndef SILENCE_BOOTSTRAP_H
#define SILENCE_BOOTSTRAP_H
#include "silence/belief.h"

/* 95 % of the sum of all groups' stated probabilities: batches are drawn again,
 * by day and within the day, and everything estimated anew. Always the same
 * for the same data. Without batches both ends are the sum itself. */
struct stat_interval belief_bootstrap(const struct belief_data *, const struct belief *);
#endif
