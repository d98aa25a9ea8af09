/* audit/verdict/cases.h: writes report/cases/ (report/cases.h says what is in it).
 *
 * Memory: that of one shard, and of one page; the rest streams. */
#ifndef AUDIT_VERDICT_CASES_H
#define AUDIT_VERDICT_CASES_H
#include "audit/audit.h"
#include "record/summary.h"
#include "report/look.h"

/* Below dir, the report's. Posts with a page of their own: the summary's examples, and by the
 * audit's seed CASES_SAMPLE of each label, of those returned and of those undecided. What an
 * earlier report left there and this one does not write goes. Labels are fresh. */
#define CASES_SAMPLE 50
MUST_CHECK int cases_write(struct audit *, const char *dir, const struct look *,
                           const struct summary *, struct err *);
#endif
