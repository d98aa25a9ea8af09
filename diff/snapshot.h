/* diff/snapshot.h: one row of the API with its five counters, against all page readings of
 * the item: is there an instant at which the post can have stood so?
 * The rules in words, and what they rest on: diff/compare.h.
 *
 * Shape:    plain arrays, no store: page[0] is the reading that is compared (equal to it is
 *           equal), the others come in any order. COUNTER_ABSENT where a side shows none.
 * Units:    UTC seconds; created_at is the page's, else the id's, and never unknown.
 * lambda:   diff_model_lambda, 1 where nothing was learned.
 * Verdicts: equal, within, differs; VERDICT_NONE for a counter that the API or page[0] lacks.
 *           A time of 0 is unknown: without the API's nothing is contradicted; a page
 *           reading without one is passed over.
 * snapshot: yes where one instant fits all counters together, no where none does, none where
 *           there is nothing to compare. What differs makes it no; no alone is no verdict: the
 *           counters may have been copied at different times.
 * Cost:     nothing where every counter lies in the brackets of all pages; nothing is
 *           allocated. */
#ifndef DIFF_SNAPSHOT_H
#define DIFF_SNAPSHOT_H
#include "diff/growth.h"
#include "record/gap.h"

#define SNAPSHOT_INSTANTS 41

struct page_counters {
    int64_t at;
    int64_t value[COUNTERS];
    int64_t step[COUNTERS];        // of the rounding; 0 and 1 = exact
};
struct api_counters {
    int64_t at, created_at;
    bool ad;                       // the page bears a sign of advertising (MARK_AD)
    int64_t value[COUNTERS];
};
struct counter_verdict {
    enum verdict verdict;
    struct gap_why why;            // of what differs
};
struct snapshot_verdict {
    struct counter_verdict of[COUNTERS];
    enum snapshot snapshot;
};

void snapshot_judge(double lambda, const struct api_counters *, const struct page_counters *page,
                    size_t len, struct snapshot_verdict *);
#endif
