/* audit/keep/handover.h: a folder for the platform's API team: what was expected of which post and
 * what came, the requests as they were sent, their times and log ids.
 *     README.md        what the folder is, in plain words
 *     items.csv        the posts, with what was expected and what came
 *     differences.csv  fields of these in which API and page differ
 *     requests.csv     the requests that asked for them: body, times, status, error code, log id
 *     asks.csv         which request asked for which post, and whether it came back
 *     datapackage.json, load.py, load.R, load.sql
 * Never in it: keys and tokens; sources, donors and their files; settings, notes, other posts than
 * those that are handed over, but for the ids that a request held beside them. */
#ifndef AUDIT_KEEP_HANDOVER_H
#define AUDIT_KEEP_HANDOVER_H
#include "audit/audit.h"

/* ids: a file of ids, one a line (check --ids writes such); NULL: every missing post whose page is
 * public, and every post with a field that differs. Labels must be fresh.
 * Errors: ERR_USAGE where a line is no id or no item of the audit; ERR_IO. */
MUST_CHECK int handover_write(struct audit *, const char *dir, const char *ids, int64_t *items,
                              struct err *);
#endif
