/* audit/find.h: the item that an id or a link names, purged ones too where the key is
 * at hand. */
#ifndef AUDIT_FIND_H
#define AUDIT_FIND_H
#include "audit/audit.h"

/* Errors: ERR_USAGE where it names none, or one that is not in this audit; the
 * sentence begins with "explain: ", the one command that takes an item. */
MUST_CHECK int find_item(struct audit *, const char *what, int64_t *item, struct err *);
#endif
