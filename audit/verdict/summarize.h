/* audit/verdict/summarize.h: the summary of an audit, from its labels and differences;
 * what report writes, and in which order. */
#ifndef AUDIT_VERDICT_SUMMARIZE_H
#define AUDIT_VERDICT_SUMMARIZE_H
#include "audit/verdict/relabel.h"
#include "audit/turn/rounds.h"
#include "record/summary.h"

/* Labels must be fresh (relabel_if_stale). mem owns everything in it. */
MUST_CHECK int summarize(struct audit *, struct arena *mem, struct summary *, struct err *);
struct report_opts { bool raw, all; };
/* Writes DIR/report/ whole: labels.csv, differences.csv, summary.json,
 * index.html, figures/. Relabels first where that is due. */
MUST_CHECK int summarize_report(struct audit *, const struct report_opts *, struct arena *mem,
                                struct summary *, struct err *);
#endif
