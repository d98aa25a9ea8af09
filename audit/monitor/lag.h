/* audit/monitor/lag.h: how far the API's counters lie behind the page's, for every post of this
 * audit and every day on which the API showed it.
 *
 * Two walks over the stored readings of counters: the first teaches how pages round
 * (diff/model.h), the second makes the intervals (watch/lag.h). What counters fall by is what
 * differences forgive (diff/growth.def). Purged items have no readings.
 * Ownership: mem owns ids; lag_release frees the rest.
 * Memory:    the readings of one post, and 40 bytes a post and day. */
#ifndef AUDIT_MONITOR_LAG_H
#define AUDIT_MONITOR_LAG_H
#include "audit/audit.h"
#include "record/lag.h"

MUST_CHECK int monitor_lag(struct audit *, struct arena *mem, struct lag_history *, struct err *);
void lag_release(struct lag_history *);
#endif
