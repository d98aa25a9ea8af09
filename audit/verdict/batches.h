/* audit/verdict/batches.h: what the asks themselves say: batches and what they lost,
 * checks by single ids, the late check, outages; from the view into the summary. */
#ifndef AUDIT_VERDICT_BATCHES_H
#define AUDIT_VERDICT_BATCHES_H
#include "report/summary.h"
#include "silence/view.h"

void batches_fill(struct summary *, struct arena *, const struct view *);
#endif
