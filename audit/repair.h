/* audit/repair.h: after a run that was killed, the archive's files are made whole: a
 * record that was cut off in its middle is cut away (no answer refers to it, and
 * what it held is asked for again), and the file gets its size and digest. */
#ifndef AUDIT_REPAIR_H
#define AUDIT_REPAIR_H
#include "archive/member.h"
#include "store/evidence.h"
#include "store/meta.h"
#include "store/store.h"

/* dir: the archive's folder. Before a writing command adds to it. Damage that
 * answers refer to is left as it is, for verify to name. */
MUST_CHECK int repair_archive(struct store *, const char *dir, struct err *);
/* Where the last whole record from `from` on ends; why: what is wrong with the next one. */
int64_t repair_whole_until(struct members *, int64_t from, struct err *why);
#endif
