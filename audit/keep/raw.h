/* audit/keep/raw.h: the archived bytes behind an answer, by their place.
 * Ownership: a record is borrowed until the next call on the same reader; a
 * reader belongs to one thread. */
#ifndef AUDIT_KEEP_RAW_H
#define AUDIT_KEEP_RAW_H
#include "audit/audit.h"

struct raw_reader;
struct raw_reader *raw_reader_new(const char *audit_dir);
void raw_reader_free(struct raw_reader *);                   // accepts NULL
/* The record at a place; *text is its whole text and *len its bytes in the file.
 * Errors: ERR_INPUT where it is damaged or no record, ERR_IO where the file is
 * not there. */
MUST_CHECK int raw_reader_record(struct raw_reader *, struct str file, int64_t offset,
                                 struct warc_record *, struct str *text, int64_t *len,
                                 struct err *);
/* Every exchange of the requests that one item was in, as they lie in the
 * archive: whole WARC records, reply then request, decompressed, by time. What
 * was not kept, or was purged, is said on stderr.
 * Errors: as explain_item. */
MUST_CHECK int raw_of_item(struct audit *, const char *what, struct buf *out, struct err *);
#endif
