/* audit/turn/accounts.h: questions by username: about every account of which nothing was
 * retrieved and account.min_items items are on trial (public, confirmed, explained by no
 * earlier rule). What the API says stands beside the query's answers and decides no state. */
#ifndef AUDIT_TURN_ACCOUNTS_H
#define AUDIT_TURN_ACCOUNTS_H
#include "audit/turn/cost.h"
#include "audit/turn/witness_end.h"

/* ask false: counts what is left, and sends nothing. */
MUST_CHECK int accounts_run(struct audit *, bool ask, struct witness_result *, bool *any_refused,
                            struct err *);
struct cost accounts_forecast(const struct cost_case *);
#endif
