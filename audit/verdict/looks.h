/* audit/verdict/looks.h: what of this audit pages and figures may show, by its settings. */
#ifndef AUDIT_VERDICT_LOOKS_H
#define AUDIT_VERDICT_LOOKS_H
#include "audit/audit.h"
#include "report/look.h"

/* Errors: ERR_USAGE where report.public_figures cannot be read; a relative path is taken from
 * the audit's folder. mem owns the texts; looks_release frees the list. */
MUST_CHECK int looks_make(const struct audit *, struct arena *mem, struct look *, struct err *);
void looks_release(struct look *);
#endif
