/* audit/turn/outage_watch.h: is the API answering at all? Looks on while requests are
 * asked, and says when canaries should be sent alone, and when to stop.
 *
 * First asks that come back empty only raise suspicion: their items may all be
 * gone. Then canaries are asked alone, window after window, and nothing else
 * until they have answered; what comes back ends the suspicion, and where they
 * stay away until silence/outage.h calls it an outage, the asking ends: each
 * further request would cost quota and count for nothing. A run that begins
 * within an outage asks a canary first.
 *
 * Ownership: borrows the view. Errors: none of its own. */
#ifndef AUDIT_TURN_OUTAGE_WATCH_H
#define AUDIT_TURN_OUTAGE_WATCH_H
#include "silence/view.h"
#include "record/sink.h"

#define WATCH_POOL 16           // windows that brought something in this pass
#define WATCH_PAUSE_S 3600      // between probes of an API that answers nothing
struct watch_canary { uint64_t id; int64_t item, middle; };
struct watch {
    const struct view *view;
    struct sink_tap tap;        // where the answers go
    struct outage_rates rates; // of the view, and of this pass
    struct outage_run suspicion, proof;
    struct outage_ask held[OUTAGE_WINDOWS]; int helds;   // empty first asks since the last answer
    struct watch_canary pool[WATCH_POOL]; int pooled, pool_at;
    int probes, flying;         // since the last answer; without a reply yet
    int64_t since;              // first empty reply in a row
    bool outage;               // the last pass ended in one; nothing has come back yet
};
enum watch_word { WATCH_GO, WATCH_PROBE, WATCH_WAIT, WATCH_STOP };
void watch_init(struct watch *, const struct view *);
enum watch_word watch_next(const struct watch *);
/* A canary for the next probe, of another window than those already lost;
 * false where there is none: then the watch has no more to say. */
bool watch_probe(struct watch *, int64_t today, struct watch_canary *out);
/* A sink that hands everything on to `to` and looks on. */
struct sink watch_sink(struct watch *, const struct sink *to);
/* The sentence of WATCH_STOP, with the time from which a run makes sense. */
int watch_stop(const struct watch *, struct err *);
/* When the next run makes sense where an outage goes on; 0 where none does. */
int64_t watch_retry_at(const struct view *);
#endif
