/* audit/turn/round_1.h: round 1: every item that is old enough is asked once. What may only
 * follow it looks here whether it has closed. */
#ifndef AUDIT_TURN_ROUND_1_H
#define AUDIT_TURN_ROUND_1_H
#include "audit/audit.h"

MUST_CHECK int round_1_closed(struct audit *, bool *closed, struct err *);
/* It closed now. */
MUST_CHECK int round_1_close(struct audit *, struct err *);
#endif
