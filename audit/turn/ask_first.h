/* audit/turn/ask_first.h: the first asks, as far as others need to know of them. */
#ifndef AUDIT_TURN_ASK_FIRST_H
#define AUDIT_TURN_ASK_FIRST_H
#include "audit/audit.h"

/* Some item is old enough and was never asked, which needs no view to see; those
 * that wait for their turn behind the others are not looked at. */
MUST_CHECK int ask_first_due(struct audit *, bool *due, struct err *);
#endif
