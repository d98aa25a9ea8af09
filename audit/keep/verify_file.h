/* audit/keep/verify_file.h: one file of the archive, record by record, beside the places
 * that the store knows in it. */
#ifndef AUDIT_KEEP_VERIFY_FILE_H
#define AUDIT_KEEP_VERIFY_FILE_H
#include "audit/keep/findings.h"

/* path: where its bytes are; NULL: nowhere. A file of number -1 is one that the store does not
 * know. */
MUST_CHECK int verify_file(struct findings *, const char *path, const struct evidence_file *,
                           struct err *);
#endif
