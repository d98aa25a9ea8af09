/* audit/verdict/compare_rows.h: two streams of items, both by id, merged: what both have, and
 * what one has alone. Needs no store: a test feeds it arrays.
 *
 * Shape:     ids ascend, and none comes twice in a stream.
 * Purged:    a pseudonym that meets no other is no item of one side alone unless it is known
 *            that the other has it not: it is counted as not comparable.
 * Ownership: rows are borrowed until the next call on their stream. Memory does not grow
 *            with the number of items. */
#ifndef AUDIT_VERDICT_COMPARE_ROWS_H
#define AUDIT_VERDICT_COMPARE_ROWS_H
#include "base/err.h"
#include "record/comparison.h"

struct compare_row {
    uint64_t id;
    enum node bucket;          // a leaf
    bool purged;               // id is a pseudonym
    bool known;                // would have been found, if the other stream had that item
    struct str handle;
    int64_t account;           // whose it is, by this audit's numbers; 0 nobody's
};
/* 1 and a row, 0 end, -1 error. */
struct compare_source {
    int (*next)(void *from, struct compare_row *, struct err *);
    void *from;
};
/* An item of both; handle: B's, else A's. Whose it is is said by B. */
struct compare_sink {
    int (*pair)(void *to, const struct compared_example *, struct err *);
    void *to;
};
/* Fills moves, both, the sides' only and not_comparable, and the examples (texts in c->mem).
 * Errors: ERR_IO where a stream is not in order or a bucket is none; ERR_STOPPED. */
MUST_CHECK int compare_rows(struct comparison *, const struct compare_source *a,
                            const struct compare_source *b, const struct compare_sink *,
                            struct err *);
#endif
