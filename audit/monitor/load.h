/* audit/monitor/load.h: a series that others measured, into a watch list. Its posts are on the
 * list as loaded ones: nobody asks for them until they are added.
 * A file is one transaction, and the same file again changes nothing. */
#ifndef AUDIT_MONITOR_LOAD_H
#define AUDIT_MONITOR_LOAD_H
#include "audit/audit.h"
#include "watch/series.h"

struct monitor_loaded {
    int64_t posts, new_items, days;    // days: with a row of any post
    int64_t first_day, last_day;       // 0: none
    int64_t gaps;                      // days between these without any row
    int64_t by_api[WATCH_API_COUNT];   // post-days, after rows of one day were joined
    int64_t by_page[WATCH_PAGE_COUNT];
    int64_t contrary;                  // rows that said otherwise than another of their day
    struct intake intake;              // the account of its rows
};
/* ERR_INPUT, with the file's name and the line, where it is no series. */
MUST_CHECK int monitor_load(struct audit *, const char *path, struct monitor_loaded *,
                            struct err *);
#endif
