/* audit/monitor/history.h: a watch list from beginning to end, as its site tells it.
 * Ownership: everything lies in mem. */
#ifndef AUDIT_MONITOR_HISTORY_H
#define AUDIT_MONITOR_HISTORY_H
#include "audit/audit.h"
#include "record/watch_history.h"

/* now: whether the list is stale by then; it changes nothing else. Finished already. */
MUST_CHECK int monitor_history(struct audit *, int64_t now, struct arena *mem,
                               struct watch_history *, struct err *);
#endif
