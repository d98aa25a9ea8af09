/* audit/entries.h: one public site of several folders: audits, samples, watch lists, or bundles
 * of them, each an entry with its own ledger and its own date (report/front.h).
 *
 * What makes an entry is in the rooms, which do not know each other; whoever calls names them.
 * Each folder is only looked at (audit/other.h), and the site appears whole (base/folder.h).
 * Pages show what the settings of each folder allow: handles are pseudonyms unless it says
 * otherwise.
 * Errors: ERR_USAGE where a folder is none of ours, or the site's place is somebody else's. */
#ifndef AUDIT_ENTRIES_H
#define AUDIT_ENTRIES_H
#include "audit/audit.h"
#include "audit/series.h"
#include "report/front.h"

/* Writes its files into dir, which is there and empty, and says of it what the front page tells:
 * all of the front_entry but kind, folder and name. mem owns what that borrows. */
typedef int entry_fn(struct audit *, const char *dir, struct arena *mem, struct front_entry *,
                     struct err *);
/* by_series[SERIES_ANY] is not asked for. told, an open object, gets what is where; NULL: none. */
MUST_CHECK int entries_make(const char *dir, char *const *from, size_t n,
                            const struct opt_list *sets, entry_fn *const by_series[SERIES_COUNT],
                            struct json_out *told, struct err *);
#endif
