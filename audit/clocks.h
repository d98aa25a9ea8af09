/* audit/clocks.h: pages and replies of one audit, timed by clocks of several machines
 * (silence/clock.h): within which seconds nothing is said of their order, and how a run stays
 * clear of them. */
#ifndef AUDIT_CLOCKS_H
#define AUDIT_CLOCKS_H
#include "audit/audit.h"

/* Of all that the audit has. */
MUST_CHECK int clocks_slack(struct audit *, int64_t *clock_s, struct err *);
/* Before pages are read or the API is asked: waits until what is timed from now on, whichever of
 * the machines does it, lies surely behind the last answer that came in. Without it such an answer
 * would count for nothing. At once where one clock times all. */
MUST_CHECK int clocks_part(struct audit *, struct err *);
#endif
