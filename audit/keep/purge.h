/* audit/keep/purge.h: the duty to delete what is gone. Content is dropped, states,
 * times and labels are kept, so reports can still be made; the id becomes an
 * HMAC under a key outside the folder. What held the content in the archive, the
 * API's replies included, becomes a record of its digest in a new file.
 *
 * Killed at any instant, purge run again finishes it. */
#ifndef AUDIT_KEEP_PURGE_H
#define AUDIT_KEEP_PURGE_H
#include "audit/audit.h"

/* What the rules say is verdict's: handed in, since the rooms do not know each other. */
typedef bool purge_gone_fn(const struct audit *, const struct item_row *);
typedef int purge_report_fn(struct audit *, struct err *);
struct purge_opts {
    bool has_days; int64_t days;     // decided items of which nothing came in for so many days
    purge_gone_fn *gone;             // items that are not public any more; NULL: none for that
    purge_report_fn *report;         // writes report/ anew; asked where there is one
};
struct purge_result {
    int64_t items, creators, exchanges, files;
};
/* Labels must be fresh. With neither option only what an earlier purge left undone is done. Errors:
 * ERR_AGAIN where another process writes; ERR_INPUT where the archive is damaged. */
MUST_CHECK int purge_audit(struct audit *, const struct purge_opts *, struct purge_result *,
                           struct err *);
#endif
