/* audit/keep/purge.h: the duty to delete what is gone. Content is dropped, states,
 * times and labels are kept, so reports can still be made; the id becomes an
 * HMAC under a key outside the folder. What held the content in the archive, the
 * API's replies included, becomes a record of its digest in a new file.
 *
 * Killed at any instant, purge run again finishes it. */
#ifndef AUDIT_KEEP_PURGE_H
#define AUDIT_KEEP_PURGE_H
#include "audit/audit.h"

struct purge_opts {
    bool has_days; int64_t days;     // decided items of which nothing came in for so many days
    bool gone;                       // items whose page is not public any more
};
struct purge_result { int64_t items, exchanges, files; };
/* With neither option only what an earlier purge left undone is done. Errors:
 * ERR_AGAIN where another process writes; ERR_INPUT where the archive is damaged. */
MUST_CHECK int purge_audit(struct audit *, const struct purge_opts *, struct purge_result *,
                           struct err *);
/* The purged item that had this id; 0 where there is none, or the key is not here. */
MUST_CHECK int purge_find(struct audit *, uint64_t id, int64_t *item, struct err *);
/* Path of the key by settings and XDG; free it. */
char *purge_key_path(const struct audit *);
#endif
