/* silence/rows.h: what a view is computed from, row by row: from a store, or
 * from arrays (tests/unit/test_silence.c).
 *
 * Shape:     two walks, each of which can begin anew; next gives 1 and a row, 0
 *            at the end, -1 on error. A row's texts live until the next one.
 * Order:     items in any order; those that were never sent, read or drawn may
 *            be left out. Asks request by request.
 * Ownership: the source outlives the call that it is handed to, no longer. */
#ifndef SILENCE_ROWS_H
#define SILENCE_ROWS_H
#include "base/err.h"
#include "base/str.h"
#include "record/item.h"
#include "silence/silence.h"

struct row_source {
    int64_t max_item;           // the highest number of an item
    int64_t requests;           // that were made so far: canaries rotate with it
    int64_t clock_s;            // silence/clock.h
    struct str seed;            // of the audit: draws are repeatable
    struct str late_sample;     // as view_draw_late printed it; none where none was drawn
    int (*rewind_items)(void *from, struct err *);
    int (*next_item)(void *from, struct item_row *, struct err *);
    int (*rewind_asks)(void *from, struct err *);
    int (*next_ask)(void *from, struct ask_row *, struct err *);
    /* What the rules say of a refused page; *hangs_on: on whose answer it hangs. */
    enum standing (*refusal)(void *from, const struct item_row *, unsigned *hangs_on);
    void *from;
};
#endif
