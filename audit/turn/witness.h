/* audit/turn/witness.h: the API's other answers, asked with the calls that the query
 * leaves: the validity check about items (api.validation), and the questions by
 * username about accounts of which nothing came back (api.user_check). They
 * stand beside the query's answers and decide no state. */
#ifndef AUDIT_TURN_WITNESS_H
#define AUDIT_TURN_WITNESS_H
#include "audit/turn/witness_end.h"

/* After round 1: asks about items, then about accounts; to add a witness copy validity.c. ask
 * false: counts what is left and sends nothing. A refusal of one endpoint is told, and the
 * audit goes on without it. Errors: ERR_IO, ERR_STOPPED. */
MUST_CHECK int witness_run(struct audit *, bool ask, struct witness_result *, struct err *);
/* What was left after the last run. */
MUST_CHECK int witness_left(struct audit *, int64_t *left, struct err *);
#endif
