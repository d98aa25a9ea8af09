/* audit/phases.h: what the phases of an audit were planned to cost, and what they cost
 * so far, from the store alone. */
#ifndef AUDIT_PHASES_H
#define AUDIT_PHASES_H
#include "audit/audit.h"
#include "record/phase.h"

/* Both kept plans and what was sent. */
MUST_CHECK int phases_read(struct audit *, struct phases *, struct err *);
#endif
