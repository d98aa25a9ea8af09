/* audit/keep/raw.h: the archived bytes behind one item. */
#ifndef AUDIT_KEEP_RAW_H
#define AUDIT_KEEP_RAW_H
#include "audit/audit.h"

/* Every exchange of the requests that one item was in, as they lie in the
 * archive: whole WARC records, reply then request, decompressed, by time. What
 * was not kept, or was purged, is said on stderr.
 * Errors: as find_item. */
MUST_CHECK int raw_of_item(struct audit *, const char *what, struct buf *out, struct err *);
#endif
