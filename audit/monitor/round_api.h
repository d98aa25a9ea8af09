/* audit/monitor/round_api.h: the requests of a round to the API; round.h says which they are. */
#ifndef AUDIT_MONITOR_ROUND_API_H
#define AUDIT_MONITOR_ROUND_API_H
#include "audit/monitor/round_state.h"

/* Errors: as fetch_run; *over: what an ERR_AGAIN means for the round. */
MUST_CHECK int round_ask(struct round *, enum round_ending *over, struct err *);
#endif
