/* audit/keep/verify_places.h: where the bytes of a file of evidence are read: evidence/ of the
 * audit, the folders of workers that were named, and a bucket. What lies here and in the bucket is
 * read in both; of the bucket's copy its digest is enough then. */
#ifndef AUDIT_KEEP_VERIFY_PLACES_H
#define AUDIT_KEEP_VERIFY_PLACES_H
#include "audit/keep/findings.h"
#include "base/bucket.h"

struct verify_places {
    const char *dir;                    // evidence/
    const struct opt_list *folders;     // NULL: none
    struct bucket *bucket;              // NULL: none
};
/* Errors: also those of the bucket; what lies there and is not what it was is a finding. */
MUST_CHECK int verify_places(struct findings *, const struct verify_places *,
                             const struct evidence_file *, struct err *);
#endif
