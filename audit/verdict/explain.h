/* audit/verdict/explain.h: all that is known of one item, in order of time; the rules
 * that matched, the one that decided, and what would overturn it. */
#ifndef AUDIT_VERDICT_EXPLAIN_H
#define AUDIT_VERDICT_EXPLAIN_H
#include "audit/verdict/relabel.h"

/* what: an id, or a link that holds one. Errors: ERR_USAGE where it is neither,
 * or where the audit has no such item. json: one JSON value instead of text. */
MUST_CHECK int explain_item(struct audit *, const char *what, bool json, struct buf *out,
                            struct err *);
/* The item that an id or a link names. Errors: ERR_USAGE where it names none, or
 * one that is not in this audit. */
MUST_CHECK int explain_find(struct audit *, const char *what, int64_t *item, struct err *);
#endif
