/* report/package.h: what stands beside tables, so that other programs read them with every
 * id exact: datapackage.json (Frictionless: types, units, words, keys), load.py, load.R and
 * load.sql (DuckDB), made from report/column.h.
 *
 * Same in, same out: no clock, no path of this machine.
 * Errors:    ERR_IO. */
#ifndef REPORT_PACKAGE_H
#define REPORT_PACKAGE_H
#include "base/err.h"
#include "report/column.h"

struct package_table { const char *name; enum table table; };    // it lies in NAME.csv
/* The four files in dir, for len tables that lie there. */
MUST_CHECK int report_package(const char *dir, const char *title, const struct package_table *,
                              size_t len, struct err *);
#endif
