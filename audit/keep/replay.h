/* audit/keep/replay.h: a whole audit done again, offline, from its archive: every
 * answer of the API, of pages and of oEmbed is read again by the readers of
 * today, in one transaction. The same bytes and the same readers give the same
 * states, and classify then the same differences and labels.
 *
 * What stays as it was stored: items, short links and where they led, requests
 * and who was asked in them, whether a search came in completely, what the API
 * said of accounts by name, and tries that brought no bytes (time-outs). */
#ifndef AUDIT_KEEP_REPLAY_H
#define AUDIT_KEEP_REPLAY_H
#include "audit/audit.h"

struct replay_opts { int threads; };     // that inflate and parse; 0: one for each core
struct replay_result {
    int64_t requests, exchanges, bytes;  // bytes: of the bodies that were read
    int64_t is_public, refused, no_answer, found, valid;
    int64_t changed;                     // pages that are read differently than before
};
/* Errors: ERR_USAGE where bytes were purged or not kept; ERR_INPUT, ERR_IO where
 * the archive is damaged. The store is then as it was. */
MUST_CHECK int replay_audit(struct audit *, const struct replay_opts *, struct replay_result *,
                            struct err *);
#endif
