/* audit/turn/witness_end.h: what the API's other witnesses share: a run's outcome, and numbers
 * that last over runs. */
#ifndef AUDIT_TURN_WITNESS_END_H
#define AUDIT_TURN_WITNESS_END_H
#include "audit/audit.h"

struct witness_result {
    int64_t requests, sends;
    int64_t left;                 // items and accounts that are still to be asked about
    struct err why;               // what ended it early: quota, an API that is down; else ERR_NONE
};
#define WITNESS_TRIES 3           // of a task or an account that gets no answer, over all runs
/* What came of an arm: 0 to go on with the next one, with w->why where this run is over; a
 * refusal (no approval for this endpoint) ends the arm alone, and is told. */
MUST_CHECK int witness_conclude(struct audit *, const char *what, int rc, struct witness_result *,
                                bool *refused, struct err *);
/* A number kept in the store; 0 where none is. */
MUST_CHECK int witness_number(struct audit *, enum meta key, int64_t *n, struct err *);
MUST_CHECK int witness_set_number(struct audit *, enum meta key, int64_t n, struct err *);
#endif
