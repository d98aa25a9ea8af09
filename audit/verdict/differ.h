/* audit/verdict/differ.h: the differences of both sides, of every item that both showed.
 * diff/ compares two values; which values, and against what was learned of this
 * audit's counters, is decided here. */
#ifndef AUDIT_VERDICT_DIFFER_H
#define AUDIT_VERDICT_DIFFER_H
#include "audit/audit.h"
#include "diff/diff.h"
#include "record/summary.h"

struct diff_result {
    int64_t pairs;
    struct diff_count count;
    double lambda;                 // diff/model.h
    struct diff_pairs learned;     // from so many pairs of page readings
};
/* Compares and stores what is not equal; pairs whose hashes and counters agree are skipped:
 * every field of these is equal. */
MUST_CHECK int differ_store(struct audit *, struct err *);
/* The same where what is stored does not rest on all that came in, or on another table of
 * growth. */
MUST_CHECK int differ_refresh(struct audit *, struct err *);
/* The same without storing, with tallies of every pair: the sink's emit gets each gap by id then
 * field, its row each pair's counters, with all readings of the page. NULL: tallies alone. */
MUST_CHECK int differ_each(struct audit *, const struct diff_sink *, struct diff_result *,
                           struct err *);
/* What is told of how counters were judged. */
struct counters_judged differ_counters(const struct diff_result *);
#endif
