/* report/items.h: items.html, the table of all items, with search, filters and order.
 *
 * Shape:     one page that holds its rows packed (items_data.h) and the script that draws them
 *            (items.js), allowed by its digest. From ITEMS_SPLIT rows on, items.html lists pages
 *            items-BUCKET.html, / as -, one a bucket and ITEMS_PART rows ("-1", "-2", ...).
 * Address:   what is shown stands behind #, see items.js: items.html#missing-public.
 * Without a script, and on paper, the page says that labels.csv has all rows. */
#ifndef REPORT_ITEMS_H
#define REPORT_ITEMS_H
#include "report/look.h"
#include "report/report.h"

#define ITEMS_SPLIT 1000000
#define ITEMS_PART 250000
struct items_limits { int64_t split, part; };       // 0: those
/* Errors: ERR_IO where a file cannot be written; the source's. */
MUST_CHECK int report_items(const char *dir, const struct summary *, const struct look *,
                            const struct label_source *, struct items_limits, struct err *);
#endif
