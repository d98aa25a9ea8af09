/* audit/verdict/donors.h: what the donors' own shares of missing items say together. A
 * donation is one donor's. */
#ifndef AUDIT_VERDICT_DONORS_H
#define AUDIT_VERDICT_DONORS_H
#include "audit/audit.h"
#include "report/summary.h"

enum donated { DONATED_OTHER = 0, DONATED_MISSING /* public, and missing */, DONATED_RETRIEVED };
/* kind: by item, enum donated. Fills s->donors where two donors or more have a
 * share; s->headline's sample must be in place. */
MUST_CHECK int donors_fill(struct audit *, const uint8_t *kind, struct summary *s, struct err *);
#endif
