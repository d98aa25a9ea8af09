/* audit/reviewed.h: the review as the store keeps it: one small fact of the audit, a text. */
#ifndef AUDIT_REVIEWED_H
#define AUDIT_REVIEWED_H
#include "audit/audit.h"
#include "record/review.h"

/* drawn_at is 0 where there is none. Released in any case. Errors: ERR_IO where what stands
 * there is nothing that we wrote. */
MUST_CHECK int reviewed_read(struct store *, struct review *, struct err *);
MUST_CHECK int reviewed_write(struct store *, const struct review *, struct err *);
#endif
