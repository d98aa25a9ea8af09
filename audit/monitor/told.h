/* audit/monitor/told.h: all that the readings of a watch list say, post by post: the one way
 * from the store to the days, events and pages that are made of them.
 * Ownership: readings are borrowed until the callback returns. */
#ifndef AUDIT_MONITOR_TOLD_H
#define AUDIT_MONITOR_TOLD_H
#include "audit/audit.h"
#include "store/watch.h"
#include "watch/events.h"
#include "watch/reading.h"

struct told_rounds {
    struct watch_round *v;
    size_t n, cap;
};    // by number
MUST_CHECK int told_rounds_read(struct audit *, struct told_rounds *, struct err *);
void told_rounds_release(struct told_rounds *);

/* By item, each with its readings by time, those of rounds that left it out among them. */
typedef int told_fn(void *to, const struct watched *, const struct watch_reading *, size_t n,
                    struct err *);
MUST_CHECK int told_each(struct audit *, const struct told_rounds *, told_fn *, void *to,
                         struct err *);

/* confirm_s and stale_s of the settings. */
struct watch_events_opts told_opts(const struct settings *);
/* The events of the list; until: how far the silence after its last round is looked at, 0: not at
 * all, so that the same store gives the same events. watch_events_end, then _free. */
MUST_CHECK int told_events(struct audit *, int64_t until, struct watch_events **, struct err *);
/* Its parts, for who walks the readings anyway: one item; then the rounds. */
void told_event_item(struct watch_events *, const struct watched *, const struct watch_reading *,
                     size_t n);
void told_event_rounds(struct watch_events *, const struct told_rounds *, int64_t until);
/* An event's own name, the same whenever it is found again: kind, item's number, instant. No id
 * of a post stands in it. Returns name. */
#define TOLD_NAME_MAX 80
const char *told_event_name(const struct watch_event *, char name[TOLD_NAME_MAX]);
#endif
