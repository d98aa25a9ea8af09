/* audit/verdict/differ.h: the differences of both sides, of every item that both showed.
 * diff/ compares two values; which values, and against what was learned of this
 * audit's counters, is decided here. */
#ifndef AUDIT_VERDICT_DIFFER_H
#define AUDIT_VERDICT_DIFFER_H
#include "audit/audit.h"
#include "diff/diff.h"

struct diff_result {
    int64_t pairs;
    struct diff_tally field[FIELD_COUNT];
};
/* Compares and stores what is not equal; pairs whose hashes agree are skipped. */
MUST_CHECK int differ_store(struct audit *, struct err *);
/* The same without storing, with tallies of every pair: each gap, equal ones
 * too where wanted, by id then field. each NULL: the tallies alone. */
MUST_CHECK int differ_each(struct audit *, bool equal,
                           int (*each)(void *to, const struct gap *, struct err *), void *to,
                           struct diff_result *, struct err *);
#endif
