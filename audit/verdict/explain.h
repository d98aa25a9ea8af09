/* audit/verdict/explain.h: all that is known of one item, in order of time; the rules
 * that matched, the one that decided, and what would overturn it. */
#ifndef AUDIT_VERDICT_EXPLAIN_H
#define AUDIT_VERDICT_EXPLAIN_H
#include "audit/audit.h"

enum explain_as { EXPLAIN_TEXT, EXPLAIN_JSON, EXPLAIN_HTML };
/* what: an id, or a link that holds one. Labels must be fresh. JSON: one value. HTML: a page
 * by itself, which shows what may be shown of people (audit/verdict/looks.h). Errors: ERR_USAGE
 * where it is neither, or where the audit has no such item. */
MUST_CHECK int explain_item(struct audit *, const char *what, enum explain_as, struct buf *out,
                            struct err *);
#endif
