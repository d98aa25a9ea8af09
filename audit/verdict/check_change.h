/* audit/verdict/check_change.h: not_worse_than: the same claim in an earlier audit, and what
 * changed since.
 *
 * Change:  now less before. Its bounds add the squares of both audits' distances (Newcombe 1998,
 *          method 10), each with its open items at its worst. The two are taken for independent:
 *          where they share posts that is too wide, never too narrow.
 * Rules:   those of the audit at hand label both, so that they are alike; settings are its own. */
#ifndef AUDIT_VERDICT_CHECK_CHANGE_H
#define AUDIT_VERDICT_CHECK_CHANGE_H
#include "audit/audit.h"
#include "audit/verdict/check_row.h"

/* Fills change and verdict from now and before. */
void check_change_decide(struct check_row *);
/* Measures all claims in another audit, into rows of the caller's. */
typedef int check_measure_fn(struct audit *, const struct claims *, struct check_row *,
                             struct err *);
/* before of every claim that asks for it. Names of audits are relative to the folder of the claims
 * file; path NULL: to the current one. Errors: those of audit/other.h, with file and line. */
MUST_CHECK int check_before(struct audit *, const struct claims *, const char *path,
                            check_measure_fn *, struct check_row *row, struct err *);
#endif
