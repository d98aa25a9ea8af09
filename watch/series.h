/* watch/series.h: a series that others measured, as a table: one row a post and day.
 *
 * Columns:  date, id, and one or both of api and page, in any order, by their names; others are
 *           passed over. CSV, TSV or with semicolons (base/csv_rows.h).
 *           date  2025-04-09, or an instant, which counts on its UTC day
 *           api   found, absent, no_answer or not_measured; empty: nobody asked
 *           page  public, refused, no_answer or not_measured; empty likewise
 * Rows:     a post that stands twice on one day was asked twice: found counts before absent, a
 *           public page before a refused one, an answer before none; such rows are counted.
 * Errors:   ERR_INPUT with the line for a word, date or row that is none of these, and where a
 *           column is missing: a series is taken whole or not at all. Rows without an id of a
 *           post, or with one that was rounded (record/ending.h), are counted and left out. */
#ifndef WATCH_SERIES_H
#define WATCH_SERIES_H
#include "base/err.h"
#include "record/ending.h"
#include "record/watch.h"

#define SERIES_FILE_MAX ((size_t)256 << 20)

struct series_row {
    uint64_t id;
    int64_t day;
    uint8_t api, page;              // enum watch_api, watch_page
};
struct series_table {
    struct series_row *v; size_t n, cap;     // by id, then day; no two alike in both
    int64_t rows;                   // read, but for the head and blank ones
    int64_t again;                  // of a post and day that stood there before
    int64_t contrary;               // of these: said otherwise
    int64_t no_id, too_large, spoiled;       // left out
    int64_t unasked;                // left out: neither api nor page
    unsigned endings;               // of spoiled ids
};
/* now: no day lies behind it by more than one, and none before 2014. */
MUST_CHECK int series_read(struct str text, int64_t now, struct series_table *, struct err *);
void series_release(struct series_table *);          // accepts a zeroed one
#endif
