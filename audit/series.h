/* audit/series.h: what a folder keeps: an audit of items, a sample of creators or a watch
 * list. Each is a folder of its own, so that none moves another's state; settings, rules,
 * store, archive and ledger are the same in all, and so is whatever works on items.
 * Errors: ERR_USAGE where a command is for another series than the folder's. */
#ifndef AUDIT_SERIES_H
#define AUDIT_SERIES_H
#include "audit/audit.h"

enum series { SERIES_ANY = 0, SERIES_AUDIT, SERIES_SAMPLE, SERIES_WATCH, SERIES_COUNT };
/* Wanted by commands that ask about items until each is decided: an audit or a sample. */
#define SERIES_DECIDED SERIES_COUNT
const char *series_name(enum series);    // "audit", "sample", "watch"
/* audit_init, and what the folder is for from now on; address as of audit_init_at, NULL none. */
MUST_CHECK int series_init(const char *dir, enum series, const char *address, struct err *);
MUST_CHECK int series_of(struct audit *, enum series *out, struct err *);
/* command: as the user called it, for the sentence. SERIES_ANY: nothing is asked for. */
MUST_CHECK int series_require(struct audit *, enum series wanted, const char *command,
                              struct err *);
#endif
