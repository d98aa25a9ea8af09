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
    const char *entry;             // NULL; else the folder of a site that it is written to, as one
                                   // of several: handles in labels.csv are those of the pages, and
                                   // tables that hold what people wrote stay out
};
/* Writes DIR/report/ whole: labels.csv, differences.csv, summary.json,
 * index.html, cases/, figures/. Relabels first where that is due. mem owns the summary. */
MUST_CHECK int publish_report(struct audit *, const struct report_opts *, struct arena *mem,
                              struct summary *, struct err *);
/* The same as one entry of a site of several (audit/entries.h): an entry_fn. */
struct front_entry;
MUST_CHECK int publish_entry(struct audit *, const char *dir, struct arena *mem,
                             struct front_entry *, struct err *);
/* Some figures alone, into dir; NULL: DIR/report/figures. Of all of them, those that this kind
 * of folder has: what the order then holds. */
MUST_CHECK int publish_figures(struct audit *, const char *dir, struct figure_order *,
                               struct arena *mem, struct err *);
#endif
