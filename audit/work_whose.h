/* audit/work_whose.h: whether the files of evidence that an upload names are its worker's to name.
 * Whoever may upload may call itself anything, so this keeps apart workers that mix up their
 * folders, and nothing that the audit knows of a file is ever written over.
 *
 * An answer, and a file that was closed just now, are of a file of this audit and of the worker
 * that uploads. A file that lies in a bucket may be of a worker before it, in the same folder
 * under another name. No file that the audit knows as closed gets another size or digest.
 * Errors: bad says of the first line that breaks this. */
#ifndef AUDIT_WORK_WHOSE_H
#define AUDIT_WORK_WHOSE_H
#include "audit/audit.h"
#include "audit/work_line.h"

MUST_CHECK int work_whose(struct audit *, struct str worker, const struct work_line *, size_t n,
                          struct err *bad, struct err *);
#endif
