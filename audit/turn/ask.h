/* audit/turn/ask.h: which ids the API is asked next, in which company.
 *
 * Three kinds of requests, never mixed: items never asked, packed by day;
 * public silent items in fresh company with canaries; items whose page gave no
 * answer, in the window after their own; in the end, as a check, a seeded few
 * of the confirmed ones alone, and a few batches of canaries beside ids that are
 * never returned; weeks later those of silence/late.h. Ids known as not public that still
 * need an answer travel among themselves. */
#ifndef AUDIT_TURN_ASK_H
#define AUDIT_TURN_ASK_H
#include "audit/audit.h"
#include "silence/view.h"
#include "fetch/fetch.h"

struct ask_tally {
    int64_t first, later, following, spot, late, forensic, canary_only;
};    // requests handed out
/* One pass: asks all that is due now, as far as the quota goes. view is of
 * before the pass. Errors: as fetch_run. *tally counts what was handed out. */
MUST_CHECK int ask_pass(struct audit *, const struct view *, struct ask_tally *,
                        struct fetch_result *, struct err *);
/* Items that the pass would ask now, by kind; sends nothing. */
struct ask_due {
    int64_t first, apart, waits /* for oEmbed */, later, following, spot, forensic, too_recent,
        recent_first_at, recent_last_at;
};
MUST_CHECK int ask_due(struct audit *, const struct view *, struct ask_due *, struct err *);
/* Some item is old enough and was never asked, which needs no view to see; those
 * that wait for their turn behind the others are not looked at. */
MUST_CHECK int ask_first_due(struct audit *, bool *due, struct err *);
/* Silent items of a window without canaries that are asked one by one, at most. */
#define ASK_LONE_MAX 8
/* Canaries of one later batch: as many that all of them get lost in one batch of
 * twenty at the most; they take the room of open ids, so no more than that. */
size_t ask_canaries(const struct settings *, const struct view *);
#endif
