/* store/ledger.h: the requests of a client key by UTC day, shared by all
 * audits of a user (the quota is the organisation's). The key stands in it as
 * a digest alone. A charge is durable before the request is sent.
 * It lies in a file, or at postgresql://... where several machines share it (ledger_own.h). */
#ifndef STORE_LEDGER_H
#define STORE_LEDGER_H
#include <stdbool.h>
#include "base/digest.h"
#include "base/err.h"

struct ledger;
MUST_CHECK int ledger_open(struct ledger **, const char *place,
                           struct err *);    // made where missing
bool ledger_is_shared(const char *place);    // no file of this machine
bool ledger_is_made(const char *place);      // of a shared one only ledger_open can tell
void ledger_close(struct ledger *);
/* One more request today. Where the clock has gone back over midnight, what was
 * taken on the next day counts too. Errors: ERR_QUOTA with retry_at = next 00:00 UTC
 * where `limit` is reached, or where the platform said so (ledger_spent). */
MUST_CHECK int ledger_take(struct ledger *, const struct digest *client, int64_t at, int64_t limit,
                           const char *audit, int64_t request, struct err *);
/* The platform says that today's quota is used: nothing more today. */
MUST_CHECK int ledger_spent(struct ledger *, const struct digest *client, int64_t at, struct err *);
MUST_CHECK int ledger_used(struct ledger *, const struct digest *client, int64_t day, int64_t *used,
                           bool *spent, struct err *);
/* The same with what was taken on the next day: what ledger_take goes by. */
MUST_CHECK int ledger_counts(struct ledger *, const struct digest *client, int64_t day,
                             int64_t *used, bool *spent, struct err *);
/* What was ever charged for an audit, whichever the client. */
MUST_CHECK int ledger_of_audit(struct ledger *, const char *audit, int64_t *charged, struct err *);
/* Errors: ERR_IO where the file is damaged. */
MUST_CHECK int ledger_check(struct ledger *, struct err *);
#endif
