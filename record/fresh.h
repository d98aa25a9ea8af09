/* record/fresh.h: how long new posts took until the API returned them: nouns. Made by
 * audit/monitor/fresh.h.
 * Units: ages in hours; shares 0..1 of the posts that say something. */
#ifndef RECORD_FRESH_H
#define RECORD_FRESH_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* By this age so many were there: from low, where asks leave it open, to high. */
struct fresh_step {
    double hours, low, high;
};
#define FRESH_MARKS 3    // 24, 48 and 72 hours
struct fresh_mark {
    int hours;
    bool has;
    double value, low, high;    // bounds: 95 %, over accounts, of worst and best
    int64_t found, n;           // back by then, of those that were asked by then
};
struct fresh_curve {
    int64_t followed;    // all that ever were; the next four add up to it
    int64_t returned, gone, given_up, waiting;
    int64_t says;        // of these: with an ask that counts; the shares are of them
    struct fresh_step *step;    // ascending; where the estimate changes
    size_t steps;
    struct fresh_mark mark[FRESH_MARKS];
    bool has_half;
    double half, half_low, half_high;    // the age by which half were there; high INFINITY: open
};
#endif
