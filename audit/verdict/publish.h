/* audit/verdict/publish.h: writes report/; what is in it and in which order is said
 * here, how a file looks in report/. */
#ifndef AUDIT_VERDICT_PUBLISH_H
#define AUDIT_VERDICT_PUBLISH_H
#include "audit/audit.h"
#include "report/report.h"
#include "report/summary.h"

struct report_opts {
    bool raw, all;
    bool xlsx;                     // tables.xlsx as well
};
/* Writes DIR/report/ whole: labels.csv, differences.csv, summary.json,
 * index.html, cases/, figures/. Relabels first where that is due. mem owns the summary. */
MUST_CHECK int publish_report(struct audit *, const struct report_opts *, struct arena *mem,
                              struct summary *, struct err *);
/* Some figures alone, into dir; NULL: DIR/report/figures. */
MUST_CHECK int publish_figures(struct audit *, const char *dir, const struct figure_order *,
                               struct arena *mem, struct err *);
#endif
