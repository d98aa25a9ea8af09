/* fetch/kept_row.h: one row of the research API as a tool keeps it: a row of a data
 * frame (pandas, R), of a CSV, of a database. Columns have the API's keys or the
 * tool's names for them; values may be texts, numbers with a fraction of 0, times
 * written out, lists as Python or R print them.
 * Absent:    an empty cell, NA, NaN, None, null: the tool had no value.
 * Passed:    kind "column": a column that is no field of ours (who liked, a row
 *            number); "value": a value that is not of its field's kind.
 * Time:      at is of a column of the time of collection, 0 where there is none:
 *            crawled_at as tiktok-library writes it (UTC), others where they say
 *            their zone or are Unix time.
 * Ownership: as fetch/row.h.
 * Source:    the public code of the official wrapper, ResearchTikPy, traktok,
 *            tiktok-library and tiktok-metadata-kit, 2024 to 2026. */
#ifndef FETCH_KEPT_ROW_H
#define FETCH_KEPT_ROW_H
#include "fetch/row.h"

struct kept_row {
    struct record record;
    int64_t at;
};
/* KEPT_NO_ID: no id at all; KEPT_BAD_ID: one that is none of a post; KEPT_SPOILED: one
 * that was rounded; KEPT_DOUBLED: a key has two values; KEPT_COMMENT: it is a comment;
 * KEPT_OTHER: it has columns, and none of them is a field of the API. */
enum kept_fault {
    KEPT_FINE = 0,
    KEPT_NO_ID,
    KEPT_BAD_ID,
    KEPT_SPOILED,
    KEPT_DOUBLED,
    KEPT_COMMENT,
    KEPT_OTHER,
    KEPT_FAULT_COUNT
};
const char *kept_fault_name(enum kept_fault);    // "no_id", "spoiled_id" ...
enum kept_fault kept_row_read(const struct json *row, struct arena *, struct kept_row *,
                              struct row_drifts *passed);
/* Is it the name of a column of ids, or of a field of the API (aliases included)? */
bool kept_row_is_id(struct str column);
bool kept_row_is_field(struct str column);
/* An id of a post; of loaded rows all else is refused. */
bool kept_row_is_post(uint64_t id);
#endif
