/* store/records.h: what each side showed of an item, the pairs that are compared,
 * the counters as a series. */
#ifndef STORE_RECORDS_H
#define STORE_RECORDS_H
#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/err.h"
#include "record/answer.h"
#include "record/counter.h"
#include "record/record.h"

#define STORE_PAIRS_FAR 16384    // items that a server gives on one way; each may be a pair

struct store;
struct pair_row {               // one item's current records; NULL where a side has none
    int64_t item; uint64_t id;
    const struct record *rec[SIDE_COUNT];
    int64_t at[SIDE_COUNT];     // when the current record's last reading came in
    enum generation page_generation;
    bool stable_equal;          // both hashes are there and equal
    /* Where they were asked for (pair_cursor_with_readings), else NULL, 0 and 0. */
    const struct counter_reading *reading; size_t readings;    // of the page, by time
    unsigned page_marks;        // enum page_mark, of the last public page
};
struct pair_cursor;
/* Items that have a record on a side (both = only those with one on each), by
 * id; both is the pass of diff and fills the fields that are compared alone
 * (field_info.cmp), for every column costs time). With skip_equal, pairs whose
 * hashes and counters agree are passed over without reading their fields;
 * *skipped counts them. */
MUST_CHECK int store_pairs(struct store *, bool both, bool skip_equal, struct pair_cursor **,
                           struct err *);
MUST_CHECK int pair_cursor_next(struct pair_cursor *, struct pair_row *, struct err *);
int64_t pair_cursor_skipped(const struct pair_cursor *);
/* From the start on each row has all readings of its page: where a counter differs between the
 * sides, or (all) wherever both have one. They are read a chunk of pairs at a time. */
void pair_cursor_with_readings(struct pair_cursor *, bool all);
void pair_cursor_close(struct pair_cursor *);
/* One counter reading after another, by item, side, time. */
struct counter_row {
    int64_t item;
    uint64_t id;
    enum side side;
    struct counter_reading reading;
};
MUST_CHECK int store_counters(struct store *, int64_t item /* 0: all */,
                              int (*each)(void *to, const struct counter_row *, struct err *),
                              void *to, struct err *);
/* The current record of a side, copied to the arena; NULL where there is none. */
MUST_CHECK int store_record(struct store *, int64_t item, enum side, struct arena *,
                            struct record **, int64_t *at, struct err *);
/* The records in whose place others are compared, or were known from the start; by item. */
struct old_record {
    int64_t item;
    enum side side;
    int64_t at;
    const struct record *rec;
};
MUST_CHECK int store_old_records(struct store *,
                                 int (*each)(void *to, const struct old_record *, struct err *),
                                 void *to, struct err *);
/* Pairs whose handles are not the same bytes in lower case; author_id NULL where the page has none.
 */
struct handle_gap {
    int64_t item;
    struct str api, page, author_id;
};
MUST_CHECK int store_handle_gaps(struct store *,
                                 int (*each)(void *to, const struct handle_gap *, struct err *),
                                 void *to, struct err *);
/* What every page of any time named an item's account, beside the handle that its link
 * did; "" and NULL where there is none. In no order. */
struct handle_row {
    int64_t item;
    struct str link, author_id, page;
};
MUST_CHECK int store_handles(struct store *,
                             int (*each)(void *to, const struct handle_row *, struct err *),
                             void *to, struct err *);
#endif
