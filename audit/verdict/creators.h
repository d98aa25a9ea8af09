/* audit/verdict/creators.h: the creators of a sample with what became of the posts that were
 * drawn of each: labels and draw in, record/sample.h out. */
#ifndef AUDIT_VERDICT_CREATORS_H
#define AUDIT_VERDICT_CREATORS_H
#include "audit/audit.h"
#include "audit/verdict/behind.h"
#include "record/sample.h"

/* Finished; has: false where the folder holds no sample. Labels must be fresh. mem owns what is
 * in it. behind: NULL, or where the posts behind its numbers go.
 * Joined:  handles that turned out to be one creator since the draw are one row of all their
 *          drawn posts.
 * Errors:  of the store. */
MUST_CHECK int creators_make(struct audit *, struct arena *mem, struct behind *behind,
                             struct sample_result *, struct err *);
#endif
