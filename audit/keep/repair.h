/* audit/keep/repair.h: after a run that was killed, the archive's files are made whole:
 * a record that was cut off in its middle is cut away (no answer refers to it,
 * and what it held is asked for again), and the file gets its size and digest. */
#ifndef AUDIT_KEEP_REPAIR_H
#define AUDIT_KEEP_REPAIR_H
#include "audit/audit.h"

/* Before a writing command adds to the archive. Damage that answers refer to is
 * left as it is, for verify to name. */
MUST_CHECK int repair_archive(struct audit *, struct err *);
#endif
