/* audit/keep/verify.h: is everything there, and is it what was written? The store
 * with all its numbers, the ledger of requests, and every record of the archive
 * with its digests. Nothing is changed.
 *
 * Lives in audit/keep/: what is done with an audit that is there, without the network:
 * verify, purge, replay, export, raw (the bytes behind one item). To add such a command
 * copy raw.h and raw.c: one function over the audit, its caller in cmd/. */
#ifndef AUDIT_KEEP_VERIFY_H
#define AUDIT_KEEP_VERIFY_H
#include "audit/audit.h"

struct verify_result {
    int64_t files, records, bytes;  // of the archive
    int64_t exchanges;              // that answers point to, found and whole
    int64_t not_kept;               // exchanges whose digest alone was kept
    int64_t purged;                 // exchanges whose bytes were purged; their digest is kept
    int64_t purged_items;
    int64_t
        unreferenced;    // replies that no answer points to: their run was killed before its commit
    int64_t charged,
        sent;    // ledger and store; charged -1: this machine's ledger knows nothing of the audit
    int64_t problems;
};
/* Writes what is wrong (a line or a JSON object each: which file, offset,
 * request, items), what is worth knowing, and the sums. problems > 0 is no error. */
MUST_CHECK int verify_audit(struct audit *, bool json, struct buf *out, struct verify_result *,
                            struct err *);
#endif
