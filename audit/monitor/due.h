/* audit/monitor/due.h: what a watch list needs to be asked now: of each post what was not
 * measured on this UTC day, and what waits to be confirmed; of a new post what its age is due
 * for (watch/fresh.h). The readings decide alone, so that a run that was killed, or stopped by
 * the quota, is gone on with by the next one.
 * Instants: UTC seconds. Ownership: due_release frees; handles live in mem. */
#ifndef AUDIT_MONITOR_DUE_H
#define AUDIT_MONITOR_DUE_H
#include "audit/audit.h"
#include "record/reading.h"
#include "watch/events.h"

struct due_item {
    int64_t item;
    uint64_t id;
    struct str handle;
    enum watch_role role;
    int64_t day;               // of creation, for the API's window
    bool api, page, oembed;    // due
    bool confirms;             // of api or page: a change waits for its second ask
    bool refused;              // its page was refused last: it would spoil a batch
    bool vouches;              // a canary that is not known as gone
    struct watch_day today;
    struct watch_holds holds[WATCH_SIDES];
};
struct due_list {
    struct due_item *v;
    size_t n, cap;              // posts and canaries that are watched, by item
    int64_t posts, canaries;    // of these
    int64_t due;                // of these: something is due
    int64_t waiting;            // changes that will be due for their second ask
    int64_t next_at;            // when more will be due: a change, else the next day
    int64_t by_api[WATCH_API_COUNT], by_page[WATCH_PAGE_COUNT];    // posts, by their state today
    int64_t ahead_at;     // the latest reading of a day that is yet to come, 0: none
    int64_t no_canary;    // posts absent today without any canary to vouch for it
    struct arena mem;
};
MUST_CHECK int due_make(struct audit *, int64_t now, struct due_list *, struct err *);
/* The same, and told_events of the same walk: the history of a long list takes seconds. */
MUST_CHECK int due_make_with_events(struct audit *, int64_t now, int64_t until, struct due_list *,
                                    struct watch_events **, struct err *);
void due_release(struct due_list *);    // accepts a zeroed one
#endif
