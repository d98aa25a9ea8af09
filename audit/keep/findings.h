/* audit/keep/findings.h: what a check of an audit finds: what is broken, what is worth
 * knowing, and sums; told as text or as one JSON value.
 * Ownership: findings_release frees what was gathered. */
#ifndef AUDIT_KEEP_FINDINGS_H
#define AUDIT_KEEP_FINDINGS_H
#include "audit/audit.h"
#include "base/json_out.h"

struct verify_result {
    int64_t files, records, bytes;    // of the archive
    int64_t elsewhere;                // of the files: read in the folder of a worker
    int64_t in_bucket;                // files whose copy in the bucket was read, and is whole
    int64_t exchanges;                // that answers point to, found and whole
    int64_t not_kept;                 // exchanges whose digest alone was kept
    int64_t purged;                   // exchanges whose bytes were purged; their digest is kept
    int64_t purged_items;
    int64_t unreferenced;    // replies that no answer points to: killed before the commit
    int64_t charged;         // by the ledger; -1: it knows nothing of the audit here
    int64_t sent;            // by the store
    int64_t problems;
    int64_t of_store;    // of these: of the store and the ledger
};
/* Who vouches for the manifest of a bundle: text a line each, JSON the same. */
struct seals {
    bool looked;             // it is a bundle
    struct buf text, signed_by, stamped;
    struct json_out signature, stamp;    // write into the last two
};
struct findings {
    struct store *store;
    struct verify_result *r;
    bool json;
    struct buf problems, notes;
    struct json_out problem, note;    // write into them
    struct seals seals;
};
/* The place and the buffers are the caller's; they do not move. */
void findings_init(struct findings *, struct store *, bool json, struct verify_result *);
void findings_release(struct findings *);
void findings_note(struct findings *, struct str text);
/* As store_check tells them; to is the findings. */
int findings_problem(void *to, struct str text, struct err *);
/* What is wrong at a place of the archive, and whose answer it touches (NULL: none's).
 * Errors: of the store, which names the items. */
MUST_CHECK int findings_problem_at(struct findings *, struct str file, int64_t offset,
                                   const struct evidence_row *, const char *what, struct err *);
void findings_print(const struct findings *, struct buf *out);
#endif
