/* report/sheets.h: tables as sheets of one Excel workbook (libxlsxwriter), for those whose
 * spreadsheet spoils a CSV: ids are text, counts and shares numbers, instants dates (UTC).
 * Nothing is a formula or a link, whatever a cell begins with.
 *
 * Shape:     what the table writers print to a sheet's stream becomes its cells; further sheets
 *            of the same name, numbered, take what is beyond Excel's 1,048,576 rows.
 * Absent:    an empty cell stays empty.
 * Same in, same out: the workbook is dated by the newest answer.
 * Ownership: sheets_close frees it, whatever it returns. Errors: ERR_IO. */
#ifndef REPORT_SHEETS_H
#define REPORT_SHEETS_H
#include <stdio.h>
#include "base/err.h"
#include "record/summary.h"
#include "report/column.h"

struct sheets;
MUST_CHECK int sheets_new(const char *path, int64_t dated, struct sheets **, struct err *);
/* A sheet with this table's columns, and its stream: fclose it before the next. It takes RFC
 * 4180 lines, header first. */
MUST_CHECK int sheets_table(struct sheets *, const char *name, enum table, FILE **,
                              struct err *);
/* A sheet of the numbers: one a row. */
MUST_CHECK int sheets_numbers(struct sheets *, const struct numbers *, struct err *);
MUST_CHECK int sheets_close(struct sheets *, struct err *);
#endif
