/* audit/pseudonym.h: what stands for the id of a purged item. Whoever holds the key can
 * make it from the id; nobody can make the id from it. */
#ifndef AUDIT_PSEUDONYM_H
#define AUDIT_PSEUDONYM_H
#include "audit/audit.h"

/* The key of this audit, by settings and XDG; made where there is none. Wipe it. */
MUST_CHECK int pseudonym_key(struct audit *, struct buf *key, struct err *);
/* The same where it is there already, and *has false where it is not. */
MUST_CHECK int pseudonym_key_there(struct audit *, struct buf *key, bool *has, struct err *);
/* The purged item that had this id; 0 where there is none, or the key is not here. */
MUST_CHECK int pseudonym_find(struct audit *, uint64_t id, int64_t *item, struct err *);
#endif
