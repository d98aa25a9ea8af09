/* record/lag.h: how far the API's counters lie behind the page's, as an interval: nouns. How
 * they are made: watch/lag.h.
 * Units:   seconds, of struct lag; days, of what is made of many. */
#ifndef RECORD_LAG_H
#define RECORD_LAG_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/stat.h"

/* From copy to reply. has: a page bounds it; apart: no one instant serves all counters. */
struct lag {
    bool has, apart;
    int64_t low, high;    // low < high
};
/* What was known of an item on a UTC day: of several replies the last. */
struct lag_reading {
    int64_t day;
    uint32_t item;    // its place among the ids of its history
    struct lag of;
};
struct lag_day {
    int64_t day;
    int64_t read, known;    // items with a row and a page that day or before; with a bound
    double low, high;       // where the middle one of the lags lies (Turnbull); of known > 0
};
#define LAG_LONG_DAYS 10    // what the platform announced
struct lag_sum {
    int64_t read, known;             // item-days
    double low, high;                // the middle one of all; of known > 0
    int64_t day_behind, long_behind;    // of known: provably a day and more, LAG_LONG_DAYS
    struct stat_interval day_share, long_share;    // 95 %, items are what is drawn
};
/* All of a watch list. */
struct lag_history {
    const uint64_t *id;    // by item of a reading
    size_t ids;
    struct lag_reading *reading;    // by day, then item
    size_t readings;
    struct lag_day *day;    // ascending
    size_t days;
    struct lag_sum sum;
};
#endif
