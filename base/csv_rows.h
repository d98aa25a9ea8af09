/* base/csv_rows.h: the rows of a table in CSV or TSV (RFC 4180, through libcsv), from
 * pushed bytes; for readers that want all cells of a row. (import/csv.c wants one cell of
 * each, and finds out which.)
 * Ownership: cells are borrowed for the call.
 * Errors:    ERR_INPUT for a cell beyond 16 MiB, more than CSV_COLUMNS_MAX
 *            cells in a row, or a quote that is open at the end, with the line; what fn
 *            returns. Rows before it were handed on. */
#ifndef BASE_CSV_ROWS_H
#define BASE_CSV_ROWS_H
#include "base/err.h"
#include "base/str.h"

#define CSV_COLUMNS_MAX 4096
/* line: where the row ends, from 1. */
typedef int csv_rows_fn(void *to, const struct str *cell, size_t n, int64_t line, struct err *);
struct csv_rows;
struct csv_rows *csv_rows_new(char delim, csv_rows_fn *fn, void *to);
void csv_rows_free(struct csv_rows *);    // accepts NULL
MUST_CHECK int csv_rows_feed(struct csv_rows *, struct str piece, struct err *);
MUST_CHECK int csv_rows_end(struct csv_rows *, struct err *);
/* The one of , ; tab and | that the first line has most of, outside quotes. */
char csv_rows_delim(struct str first_line);
#endif
