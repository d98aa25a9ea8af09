/* audit/archived.h: the archive in a few numbers and one digest, by what the store knows of
 * its files, and when it was last found sound. No file is opened. */
#ifndef AUDIT_ARCHIVED_H
#define AUDIT_ARCHIVED_H
#include "audit/audit.h"
#include "record/summary.h"

/* The digest lies in mem. */
MUST_CHECK int archived_read(struct store *, struct arena *mem, struct archived *, struct err *);
/* All of it was read just now. sound: this is kept, for these very files; else that it ever was
 * is forgotten. Errors: ERR_AGAIN where another process writes to the audit. */
MUST_CHECK int archived_verified(const struct audit *, bool sound, struct err *);
#endif
