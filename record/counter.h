/* record/counter.h: the five counters that both sides show, and one reading of them.
 * Absent: COUNTER_ABSENT, never 0. Units: UTC seconds. */
#ifndef RECORD_COUNTER_H
#define RECORD_COUNTER_H
#include "record/answer.h"
#include "record/field.h"
#include "record/record.h"

enum counter {
    COUNTER_VIEWS,
    COUNTER_LIKES,
    COUNTER_COMMENTS,
    COUNTER_SHARES,
    COUNTER_FAVORITES,
    COUNTERS
};
#define COUNTER_ABSENT INT64_C(-1)

enum field counter_field(enum counter);
enum counter counter_of(enum field);       // COUNTERS where it is none of them

/* What one reading of a page, or one row of the API, showed at one time. */
struct counter_reading {
    int64_t at;
    enum generation generation;            // of the page; GENERATION_NONE where it is not known
    int64_t value[COUNTERS];
};
/* The counters of a record; a value that is no number, or negative, is absent. */
void counters_of_record(const struct record *, int64_t value[COUNTERS]);
#endif
