/* audit/turn/ask_late.h: what the late checks cost besides their asks. */
#ifndef AUDIT_TURN_ASK_LATE_H
#define AUDIT_TURN_ASK_LATE_H
#include "audit/turn/cost.h"

/* Pages of missing items, read after the checks that are due or to come. */
int64_t ask_late_pages(const struct cost_case *);
#endif
