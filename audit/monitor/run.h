/* audit/monitor/run.h: `monitor run`: a round of what is due, and where the list stands then. */
#ifndef AUDIT_MONITOR_RUN_H
#define AUDIT_MONITOR_RUN_H
#include "audit/monitor/round.h"

struct run_result {
    struct round_result round;
    struct due_list after;    // as it stands now
    struct watch_events *events;
    const struct watch_event *event;
    size_t events_n;    // all, by time
    struct watch_event *fresh_event;
    size_t fresh;    // known since this round, by then
};
/* limit_min 0: monitor.limit_min. Errors: as round_run; ERR_USAGE where nobody is on the list. */
MUST_CHECK int monitor_run(struct audit *, int64_t limit_min, struct run_result *, struct err *);
void run_release(struct run_result *);    // in any case
#endif
