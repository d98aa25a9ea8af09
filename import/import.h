/* import/import.h: any dataset in, item ids out, and a count of every link
 * that was not taken, by kind.
 *
 * Lives here: a reader a kind of file (list, csv, xlsx, dataset, posts, donation;
 *            package for ZIP), sniff, which finds the kind, table, which knows the
 *            column of the links, urls, which knows every form of a link (wrap: those
 *            within another one; cell: one value), collect and runs, where items are
 *            counted, judged, sorted and handed on. To add a format copy list.c:
 *            bytes are pushed in, links go to the collector; its line in readers.h,
 *            its shape in sniff.c, a test in tests/unit/test_import.c and a target in
 *            tests/fuzz. What another tool lists is a line in shapes.def.
 * Shape:     a file is a URL list, CSV or TSV, a workbook, JSON, JSONL, posts as
 *            another tool lists them, a donation package (JSON, TXT or ZIP) or a ZIP
 *            of lists; its content decides, not its name. Items leave in chunks,
 *            sorted by id, no id twice within one.
 * Counts:    links = taken + short_links + skipped of the kinds that are links
 *            (import_skip_is_link); the other kinds are rows that held none.
 * Memory:    does not grow with the file.
 * Privacy:   of a donation links alone are read: never messages, logins,
 *            searches, comments or followers, and no time of watching.
 * Errors:    ERR_INPUT for a file that is not what it claims, with the line;
 *            ERR_USAGE for a column or key it does not have; ERR_IO; whatever
 *            the sink returned. After -1 chunks may have been handed on: the
 *            caller rolls back. A member of a ZIP that cannot be read costs
 *            nothing of the others: it is counted and noted.
 * Source:    README.md, "Datasets". */
#ifndef IMPORT_IMPORT_H
#define IMPORT_IMPORT_H
#include "import/sink.h"

/* path "-" is stdin. *count is set on success alone. */
MUST_CHECK int import_file(const char *path, const struct import_opts *, const struct import_sink *,
                           struct import_count *count, struct err *);
#endif
