/* audit/arm_end.h: how the run of an arm ends, for all that ask and read in turn. */
#ifndef AUDIT_ARM_END_H
#define AUDIT_ARM_END_H
#include "audit/audit.h"

/* Quota, an API that is down, and blocks end one arm of the run, not the others: what has
 * been learned there can still be used here. */
bool arm_is_over(const struct err *);
/* Where the platform said that today's quota is used up: its own word counts for every
 * audit of this key. */
void arm_told_spent(struct audit *, const struct fetch_result *);
#endif
