/* audit/keep/verify.h: is everything there, and is it what was written? The store
 * with all its numbers, the ledger of requests, and every record of the archive
 * with its digests. Nothing of that is changed.
 *
 * Lives in audit/keep/: what is done with an audit that is there, without the network but for
 * evidence in a bucket: verify (with findings, verify_places, verify_file), purge, replay, export,
 * raw (the bytes behind one item); and doctor, which asks either side once. To add such a command
 * copy raw.h and raw.c: one function over the audit, its caller in cmd/. */
#ifndef AUDIT_KEEP_VERIFY_H
#define AUDIT_KEEP_VERIFY_H
#include "audit/keep/findings.h"

struct seal_check;
struct verify_opts {
    bool json;
    /* It is an unpacked bundle, and who vouches for its manifest is looked at; or NULL. */
    const struct seal_check *seals;
    const struct opt_list *folders;    // of workers, where files may lie as well; NULL: none
};
/* Writes what is wrong (a line or a JSON object each: which file, offset,
 * request, items), what is worth knowing, and the sums. problems > 0 is no error.
 * Errors: also those of the bucket that evidence.bucket names. */
MUST_CHECK int verify_audit(struct audit *, const struct verify_opts *, struct buf *out,
                            struct verify_result *, struct err *);
/* What it found is kept for the report: that the archive is sound, and when it was read; or
 * nothing any more. Where it cannot be kept a sentence says so. */
void verify_remember(const struct audit *, const struct verify_result *);
#endif
