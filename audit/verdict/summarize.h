/* audit/verdict/summarize.h: the summary of an audit, from its labels and differences. */
#ifndef AUDIT_VERDICT_SUMMARIZE_H
#define AUDIT_VERDICT_SUMMARIZE_H
#include "audit/audit.h"
#include "audit/verdict/behind.h"
#include "report/summary.h"

/* Labels must be fresh (labels_refresh). mem owns everything in it. behind: NULL, or where the
 * items behind its numbers go; behind_free it. */
MUST_CHECK int summarize(struct audit *, struct arena *mem, struct summary *,
                         struct behind **behind, struct err *);
/* The same without the numbers of the criteria: each of them walks over all items, and the
 * terminal shows none. */
MUST_CHECK int summarize_briefly(struct audit *, struct arena *mem, struct summary *,
                                 struct err *);
#endif
