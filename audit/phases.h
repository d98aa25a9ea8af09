/* audit/phases.h: what the phases of an audit were planned to cost, and what they cost
 * so far, from the store alone. */
#ifndef AUDIT_PHASES_H
#define AUDIT_PHASES_H
#include "audit/audit.h"
#include "record/phase.h"

#define PHASES_BEFORE "plan_before"          // meta: the plan before the first request
#define PHASES_AFTER "plan_after_round_1"    // ... and when round 1 closed
/* Both kept plans and what was sent. */
MUST_CHECK int phases_read(struct audit *, struct phases *, struct err *);
#endif
