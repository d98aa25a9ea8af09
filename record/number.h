/* record/number.h: a number that a person reads. Made once, named, with what bounds it
 * and on how much it rests; summary.json, the page, figures, claims and comparisons all
 * show this one.
 *
 * Shape:     name is lower-case words joined by _, unique over all of an audit's numbers,
 *            whatever the criterion: "public_not_returned", "median_ratio_view_count".
 * Units:     by unit; a share is 0..1, instants and durations as their unit says.
 * Absent:    has false: there is nothing to say it of, and `is` says why it has no value.
 * Bounds:    low and high are the value itself where bounds is BOUNDS_NONE.
 * Ownership: texts are borrowed from the arena of the summary. */
#ifndef RECORD_NUMBER_H
#define RECORD_NUMBER_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/stat.h"
#include "base/str.h"

/* The five criteria by which data access is judged (Daikeler et al. 2024); NONE: of none,
 * it says how much there is. */
#define CRITERIA(X) \
    X(NONE, "") X(ACCURACY, "accuracy") X(COMPLETENESS, "completeness") \
    X(TIMELINESS, "timeliness") X(CONSISTENCY, "consistency") X(VALIDITY, "validity")
enum criterion {
#define X(id, name) CRITERION_##id,
    CRITERIA(X)
#undef X
    CRITERION_COUNT
};
const char *criterion_name(enum criterion);
/* CRITERION_COUNT where it is no name of one. */
enum criterion criterion_of(struct str name);

#define NUMBER_BOUNDS(X) \
    X(NONE, "none")          /* counted, nothing is open */ \
    X(SAMPLE, "sample_95")   /* central 95 % interval: of a sample, a bootstrap, a model */ \
    X(OPEN, "open_items")    /* worst cases: every open item falls one way, then the other */ \
    X(BOTH, "sample_95_and_open_items")
enum bounds {
#define X(id, name) BOUNDS_##id,
    NUMBER_BOUNDS(X)
#undef X
    BOUNDS_COUNT
};
const char *bounds_name(enum bounds);

#define NUMBER_UNITS(X) \
    X(PLAIN, "count", 0) X(ESTIMATE, "estimated_count", 1) X(SHARE, "share", 3) \
    X(RATIO, "ratio", 3) X(LOG10, "log10", 3) \
    X(HOURS, "hours", 1) X(DAYS, "days", 1) X(DEVIATIONS, "standard_deviations", 2) \
    X(PROBABILITY, "probability", 3)
enum number_unit {
#define X(id, name, decimals) UNIT_##id,
    NUMBER_UNITS(X)
#undef X
    UNIT_COUNT
};
const char *unit_name(enum number_unit);

struct number {
    struct str name;
    enum criterion criterion;
    enum number_unit unit;
    bool has;
    double value, low, high;
    enum bounds bounds;
    int64_t n;           // how many it counts: the numerator of a share, else what it rests on
    int64_t of;          // a share's denominator, else equal to n
    struct str is;       // one sentence: what it is, and of what kind its bounds are
    struct str ids;      // file of the items behind it, below report/; empty: none
    struct number *next;           // by number_put
};
struct numbers { struct number *first, *last; };     // in the order they came

/* A copy goes to mem: texts and all. A name that is there already is a fault of ours: die(). */
void number_put(struct numbers *, struct arena *mem, const struct number *);
/* The file of the items behind it; of one that is there. */
void numbers_set_ids(struct numbers *, struct str name, struct str ids);
/* NULL where there is none of that name. */
const struct number *numbers_find(const struct numbers *, struct str name);
/* Low or high differs from the value at the digits that people read. */
bool number_has_range(const struct number *);
/* The value and bounds of n of `of`; no value where of is 0. */
void number_set_share(struct number *, int64_t n, int64_t of);
void number_set_bounds(struct number *, enum bounds, struct stat_interval);
#endif
