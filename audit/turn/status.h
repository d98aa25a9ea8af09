/* audit/turn/status.h: where an audit stands: the numbers so far, what is left and
 * when it can go on, what that will cost. */
#ifndef AUDIT_TURN_STATUS_H
#define AUDIT_TURN_STATUS_H
#include "audit/evidence_away.h"
#include "audit/turn/outlook.h"
#include "audit/turn/plan.h"
#include "record/summary.h"

struct status {
    struct summary summary; struct outlook outlook; struct plan plan;
    struct evidence_away evidence_away;
    struct buf yield; int64_t yield_at;    // what the pages of the last run that read some gave
    double swallow;
    int64_t clean_asks, clean_lost;        // asks of items that came back, with sound mates
};
/* Labels must be fresh (labels_refresh). mem owns the summary; free yield by buf_release,
 * evidence_away by evidence_away_release. */
MUST_CHECK int status_read(struct audit *, struct arena *mem, struct status *, struct err *);
#endif
