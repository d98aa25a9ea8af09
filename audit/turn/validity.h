/* audit/turn/validity.h: the validity check: which ids go into a task of it. Asked about is
 * every item that was asked and not returned, and the sample of retrieved ones, once each.
 * What it says stands beside the query's answers and decides no state. */
#ifndef AUDIT_TURN_VALIDITY_H
#define AUDIT_TURN_VALIDITY_H
#include "audit/turn/cost.h"
#include "audit/turn/witness_end.h"

/* ask false: counts what is left, and sends nothing. */
MUST_CHECK int validity_run(struct audit *, bool ask, struct witness_result *, bool *any_refused,
                            struct err *);
struct cost validity_forecast(const struct cost_case *);
#endif
