/* audit/inputs.h: what became of all that came in, source by source. */
#ifndef AUDIT_INPUTS_H
#define AUDIT_INPUTS_H
#include "audit/audit.h"
#include "record/intake.h"

/* Texts and arrays lie in mem. */
MUST_CHECK int inputs_read(struct audit *, struct arena *mem, struct inputs *, struct err *);
#endif
