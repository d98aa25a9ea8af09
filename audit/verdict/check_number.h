/* audit/verdict/check_number.h: a claim about a number of summary.json (record/number.h).
 * Where its bounds do not hold the audit's open items yet, a share is widened by them: all
 * against, then all for. Of any other number they cannot be told, and that is said. */
#ifndef AUDIT_VERDICT_CHECK_NUMBER_H
#define AUDIT_VERDICT_CHECK_NUMBER_H
#include "audit/verdict/check_row.h"
#include "record/summary.h"

/* file: of the claims, for errors. Errors: ERR_USAGE with file and line where there is none of
 * that name. */
MUST_CHECK int check_number(const struct summary *, const char *file, struct arena *,
                            struct check_row *, struct err *);
#endif
