/* audit/turn/witness.h: the API's other answers, asked with the calls that the query
 * leaves: the validity check about items (api.validation), and the questions by
 * username about accounts of which nothing came back (api.user_check). They
 * stand beside the query's answers and decide no state. */
#ifndef AUDIT_TURN_WITNESS_H
#define AUDIT_TURN_WITNESS_H
#include "audit/audit.h"

struct witness_result {
    int64_t requests, sends;
    int64_t left;                 // items and accounts that are still to be asked about
    struct err why;               // what ended it early: quota, an API that is down; else ERR_NONE
};
/* After round 1: asks about every item that was asked and not returned and
 * about the sample of retrieved ones, once each; then about every account of
 * which nothing was retrieved and account.min_items items are on trial (public,
 * confirmed, explained by no earlier rule). ask false: counts what is left and sends nothing. A
 * refusal of these endpoints alone is told, and the audit goes on without them. Errors: ERR_IO,
 * ERR_STOPPED. */
MUST_CHECK int witness_run(struct audit *, bool ask, struct witness_result *, struct err *);
/* What was left after the last run. */
MUST_CHECK int witness_left(struct audit *, int64_t *left, struct err *);
#endif
