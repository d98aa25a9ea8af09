/* base/csv_in.h: how CSV is read through libcsv everywhere: its delimiter, the longest cell,
 * and what an open quote holds. For base/csv_rows.c and import/csv.c. */
#ifndef BASE_CSV_IN_H
#define BASE_CSV_IN_H
#include <csv.h>
#include <stdbool.h>
#include <stdint.h>
#include "base/err.h"
#include "base/str.h"

#define CSV_CELL_MAX (16u << 20)    // a quote that is never closed must not eat the memory

/* Ended by csv_free. csv_parse takes less than it is given where a cell is too long. */
void csv_in_open(struct csv_parser *, char delim);
int csv_in_too_long(int64_t line, struct err *);    // ERR_INPUT; gives -1
/* At the end of the file: a quote is open and has swallowed line ends. held: since the quote,
 * borrowed. */
bool csv_in_swallowed(const struct csv_parser *, struct str *held);
#endif
