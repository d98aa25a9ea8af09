/* diff/diff.h: the two sides of one item, field by field.
 *
 * Lives in diff/: the walk over the fields (diff), the table of how far counters move (growth),
 * what an audit's own pages teach of that and of rounding (model), a row of counters against
 * the pages (snapshot), text as a reader would call it the same (text), and the comparators
 * (compare), each a function and a row of its table: which kinds of value it takes, what
 * counts as within. To add one copy compare_folded; record/fields.def says which field goes
 * by which.
 *
 * Ownership: gaps borrow the records' text; they live until emit returns.
 * Cost:      nothing is allocated where the sides agree; a pair of records
 *            with 20 fields costs little more than reading them. */
#ifndef DIFF_DIFF_H
#define DIFF_DIFF_H
#include "diff/compare.h"
#include "diff/model.h"

struct diff_tally { int64_t compared, equal, within, differs, api_only, page_only; };
struct diff_count {
    struct diff_tally field[FIELD_COUNT];
    int64_t snapshot[SNAPSHOT_COUNT];              // pairs, by the common instant of their row
};

struct diff_pair {
    int64_t item; uint64_t id;
    const struct record *api, *page;               // both must be there
    int64_t api_at, page_at;
    enum generation generation;                    // of the page
    unsigned marks;                                // enum page_mark, of the page
    bool renamed;                                  // its two handles are known as one account's
    /* All readings of the page's counters, or NULL, 0; page's own may be among them. */
    const struct counter_reading *reading; size_t len;
};
/* A pair's counters as they were judged: the API's row, the page readings (page[0] is that of
 * the pair), and what came of it. */
struct diff_row {
    const struct diff_pair *pair;
    struct api_counters api;
    const struct page_counters *page; size_t len;
    struct snapshot_verdict verdict;
};
struct diff_sink {
    int (*emit)(void *to, const struct gap *, struct err *);   // NULL: tallies alone
    bool equal;                                    // emit fields that are equal as well
    void *to;
    /* Each pair that has a counter on both sides; NULL: nobody asks. */
    int (*row)(void *to, const struct diff_row *, struct err *);
};
/* Hands on one gap for each field that is compared and that a side has; adds to
 * the count. Errors: emit's and row's alone. */
MUST_CHECK int diff_pair(const struct diff_model *, const struct diff_pair *,
                         const struct diff_sink *, struct diff_count *, struct err *);
#endif
