/* audit/sample/pool.h: the frame out of the store, as posts are drawn from it: each creator once,
 * each of its listed posts once.
 * Ownership: frame_release (pick.h) ends it. */
#ifndef AUDIT_SAMPLE_POOL_H
#define AUDIT_SAMPLE_POOL_H
#include "audit/audit.h"
#include "audit/sample/pick.h"

MUST_CHECK int pool_read(struct audit *, struct frame *, struct err *);
struct frame_creator *pool_creator(const struct frame *, int64_t n);    // NULL: nobody of it
/* An item already, and purged, or known as deleted or private and never returned. A refusal that
 * may hold here alone is no such. */
MUST_CHECK int pool_unusable(struct audit *, uint64_t id, bool *yes, struct err *);
#endif
