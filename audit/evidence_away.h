/* audit/evidence_away.h: evidence that lies elsewhere: files that answers point to and that are not
 * in the audit's own evidence/. Some lie in a bucket, by what the store was told; the others on
 * workers alone, where their name is that of another worker than this machine's (evidence.worker).
 * A file of our own that is in neither is damage, and none of these.
 * Ownership: evidence_away_release; it accepts a zeroed one. */
#ifndef AUDIT_EVIDENCE_AWAY_H
#define AUDIT_EVIDENCE_AWAY_H
#include "audit/audit.h"

struct evidence_away {
    int64_t files;         // on workers alone
    struct buf workers;    // their names, each once, with ", " between them
    int64_t in_bucket;
    struct buf buckets;    // their URLs, in the same way
};
MUST_CHECK int evidence_away_read(struct audit *, struct evidence_away *, struct err *);
void evidence_away_release(struct evidence_away *);
/* WORKER of blindspot-AUDIT-WORKER-TIME-N.warc.gz; none in any other name. */
struct str evidence_file_worker(struct str file);
struct str evidence_file_audit(struct str file);    // AUDIT of it
#endif
