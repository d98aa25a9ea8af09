/* watch/reading.h: what one reply says of one post, and why it says nothing where it does not:
 * whether the platform failed, or we did, or the site turned us away.
 * In doubt the fault is ours: an outage is charged to the platform only where its own words or a
 * status of 500 and above say so.
 *
 * A round that ended before its time asked nothing of some posts. Each of these has a reading of
 * that round all the same, of nothing, with the reason for which the round ended: so that a day on
 * which somebody tried is not told as one on which nobody did. */
#ifndef WATCH_READING_H
#define WATCH_READING_H
#include "record/reading.h"
#include "record/watch.h"

struct watch_reading watch_reading_of(const struct reading *);

struct watch_readings {
    struct watch_reading *v;
    size_t n, cap;
};    // zeroed: none
/* All readings of one post, by time, of its replies (by time) and of the rounds (by number) that
 * left it out; what stood in *out goes. */
void watch_readings_of(const struct watched *, const struct reading *, size_t n,
                       const struct watch_round *, size_t rounds, struct watch_readings *out);
void watch_readings_release(struct watch_readings *);
#endif
