/* diff/diff.h: the two sides of one item, field by field.
 *
 * Lives in diff/: the walk over the fields (diff), the tables of what may drift and how far
 * (model), text as a reader would call it the same (text), and the comparators (compare), each a
 * function and a row of its table: which kinds of value it takes, what counts as within.
 * To add one copy compare_folded; record/fields.def says which field goes by which.
 *
 * Ownership: gaps borrow the records' text; they live until emit returns.
 * Cost:      nothing is allocated where the sides agree; a pair of records
 *            with 20 fields costs little more than reading them. */
#ifndef DIFF_DIFF_H
#define DIFF_DIFF_H
#include "diff/compare.h"

struct diff_tally { int64_t compared, equal, within, differs, api_only, page_only; };

/* A page's counters at another time than the record's; val has FIELD_COUNT. */
struct diff_reading { int64_t at; enum generation generation; const struct value *val; };

struct diff_pair {
    int64_t item; uint64_t id;
    const struct record *api, *page;               // both must be there
    int64_t api_at, page_at;
    enum generation generation;                    // of the page
    const struct diff_reading *more; size_t len;   // further page readings, or NULL, 0
};
struct diff_sink {
    int (*emit)(void *to, const struct gap *, struct err *);   // NULL: tallies alone
    bool equal;                                    // emit fields that are equal as well
    void *to;
};
/* Hands on one gap for each field that is compared and that a side has; adds to
 * tally[FIELD_COUNT]. Errors: emit's alone. */
MUST_CHECK int diff_pair(const struct diff_model *, const struct diff_pair *,
                         const struct diff_sink *, struct diff_tally *, struct err *);
#endif
