/* audit/monitor/site.h: writes the site of a watch list: which files it has, and in which order
 * they are made, is said here; how each looks, in report/site.h.
 * The folder appears whole (base/folder.h). */
#ifndef AUDIT_MONITOR_SITE_H
#define AUDIT_MONITOR_SITE_H
#include "audit/audit.h"
#include "record/watch_history.h"

struct monitor_site_opts {
    const char *title, *url;       // NULL: none was given
    int64_t now;                   // whether the list is stale by then
    size_t day_rows;               // of report/site.h; 0: as there
    bool entry;                    // of a site of several: a way back leads to its front page
};
struct monitor_site_result {
    int64_t files, bytes;
    struct watch_history history;  // in mem
};
MUST_CHECK int monitor_site(struct audit *, const char *dir, const struct monitor_site_opts *,
                            struct arena *mem, struct monitor_site_result *, struct err *);
/* The same as one entry of a site of several (audit/entries.h): an entry_fn. */
struct front_entry;
MUST_CHECK int monitor_entry(struct audit *, const char *dir, struct arena *mem,
                             struct front_entry *, struct err *);
/* Its figure (report/figure_watch.c), whatever else the order has; dir NULL: report/figures. */
struct figure_order;
MUST_CHECK int monitor_figure(struct audit *, const char *dir, const struct figure_order *,
                              struct arena *mem, struct err *);
#endif
