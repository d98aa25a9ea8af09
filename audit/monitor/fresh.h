/* audit/monitor/fresh.h: new posts, followed from their first hours until the API returns them.
 *
 * They stand on the watch list under a role of their own: `monitor run` asks for them at growing
 * ages (watch/fresh.h) in the rounds of the others, and no post-day, state or event of the list
 * counts them, for nobody promised them in their first hours.
 * The curve rests on sound asks alone (audit/verdict/agreement.h), as `check` with latency = 48h
 * and the numbers found_by_48h do: absent until the last that missed the post, there from the
 * first that brought it. Turnbull's estimate over all of them; a post that went before it was
 * returned, or still waits, is known as absent until it was last missed. */
#ifndef AUDIT_MONITOR_FRESH_H
#define AUDIT_MONITOR_FRESH_H
#include "audit/audit.h"
#include "audit/monitor/list.h"
#include "record/fresh.h"

struct fresh_added {
    int64_t added, already, too_old;
};
/* Ids or links; those that are older than FRESH_YOUNG_HOURS are left out and counted. Errors: as
 * list_change. */
MUST_CHECK int fresh_add(struct audit *, char **word, int n, struct fresh_added *, struct err *);
/* mem owns the steps. */
MUST_CHECK int fresh_curve_make(struct audit *, int64_t now, struct arena *mem,
                                struct fresh_curve *, struct err *);
#endif
