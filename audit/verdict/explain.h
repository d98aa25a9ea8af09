/* audit/verdict/explain.h: all that is known of one item, in order of time; the rules
 * that matched, the one that decided, and what would overturn it. */
#ifndef AUDIT_VERDICT_EXPLAIN_H
#define AUDIT_VERDICT_EXPLAIN_H
#include "audit/audit.h"

/* what: an id, or a link that holds one. Labels must be fresh. json: one JSON value
 * instead of text. Errors: ERR_USAGE where it is neither, or where the audit has
 * no such item. */
MUST_CHECK int explain_item(struct audit *, const char *what, bool json, struct buf *out,
                            struct err *);
#endif
