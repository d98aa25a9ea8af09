/* audit/turn/ask.h: which ids the API is asked next, and with whom: the kinds of
 * audit/turn/ask_kind.h, one after another, as far as the quota goes. No request holds ids
 * of two kinds, canaries apart. */
#ifndef AUDIT_TURN_ASK_H
#define AUDIT_TURN_ASK_H
#include "audit/turn/ask_kind.h"
#include "fetch/fetch.h"

/* Requests handed out, by kind; canaries alone count as such, whoever sent them. */
struct ask_tally { int64_t requests[ASK_KIND_COUNT]; };
/* One pass: asks all that is due now, as far as the quota goes. view is of
 * before the pass. Errors: as fetch_run. *tally counts what was handed out. */
MUST_CHECK int ask_pass(struct audit *, const struct view *, struct ask_tally *,
                        struct fetch_result *, struct err *);
/* Items that the pass would ask now, by kind (of forensic ones batches); sends nothing. */
struct ask_due { int64_t items[ASK_KIND_COUNT]; struct ask_aside aside; };
MUST_CHECK int ask_due(struct audit *, const struct view *, struct ask_due *, struct err *);
/* Of these, what keeps round 1 open; and all that an audit still has to ask today, save
 * what is told apart. */
int64_t ask_due_first(const struct ask_due *);
int64_t ask_due_now(const struct ask_due *);
#endif
