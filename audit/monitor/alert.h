/* audit/monitor/alert.h: events of a watch list, told to a program of its owner's, each once.
 *
 * What is told:  events of our own readings that are known (confirmed; outage and stale when they
 *                begin), the oldest first. What a loaded series tells of the past is history.
 * Once:          the attempt is on the disk before the program starts, its success after it. One
 *                that failed is tried again by the next call; one whose outcome a kill left unknown
 *                counts as told, with a warning that names it. */
#ifndef AUDIT_MONITOR_ALERT_H
#define AUDIT_MONITOR_ALERT_H
#include "audit/audit.h"
#include "record/watch.h"

struct alert_opts {
    const char *exec;    // for sh -c; the event as JSON is its stdin
    int64_t since;       // events that were known before are not told; 0: all are
    void (*put)(struct buf *json, const struct watch_event *);    // one event as JSON
};
struct alert_result {
    int64_t told, failed;    // now
    int64_t before;          // told already
    int64_t unknown;         // of these: a kill left the outcome unknown
    int64_t passed;          // known before `since`
    char why[200];           // of the last that failed: code, and what it said; "" none
};
/* ERR_STOPPED between two events; then what was told stays told. */
MUST_CHECK int monitor_alert(struct audit *, const struct alert_opts *, struct alert_result *,
                             struct err *);
#endif
