/* audit/turn/compose.h: what the kinds of asks share: a pass over all that is due, and the
 * making of one request: its ids, its canaries, canaries alone.
 * Ownership: requests live in the caller's arena. */
#ifndef AUDIT_TURN_COMPOSE_H
#define AUDIT_TURN_COMPOSE_H
#include "audit/audit.h"
#include "fetch/batch.h"
#include "silence/view.h"

/* Seen on the way to what is due. */
struct ask_aside {
    int64_t apart;              // of the first asks: known as not public
    int64_t waits;              // for oEmbed
    int64_t too_recent;         // not old enough yet
    int64_t recent_first_at, recent_last_at;    // when the first and the last of them are
};
struct asker {                  // one pass
    struct audit *audit;
    const struct view *view;    // of before the pass
    int64_t now;
    uint64_t salt;              // of what is shuffled, and of the canaries
    bool counts;                // nothing is handed out: only the numbers are wanted
    bool closed;                // round 1
    int round;                  // of all that is not of round 1; 0 until its first request
    int64_t canary_day;         // last UTC day on which canaries were sent
    bool bare;                  // something went without canaries, against expectation
    struct ask_aside aside;
};

/* ---- items that are packed ---- */

struct pile { struct pack_item *v; size_t n, cap, at; };
void pile_push(struct pile *, struct pack_item);
void pile_release(struct pile *);
/* By day, then id. */
void pile_sort(struct pile *);
/* Other mates each time: within blocks that fit one window the order is shuffled anew by
 * the salt, and the blocks begin elsewhere. room: ids of a batch, which a block fills whole. */
void pile_shuffle(struct pile *, uint64_t salt, int64_t room);
/* The next full batch, or the last one; false when there is no more. */
bool pile_pack(struct pile *, struct packer *, struct batch *);
struct pack_item pile_item(const struct silence *);

/* Items of a window without canaries, asked one by one: no canary can tell whether one of
 * them makes the platform swallow the others, and the next round would bring the same
 * mates. Alone they have none. */
struct alone { struct batch batch; size_t at; };    // zeroed: none
bool alone_fits(const struct batch *);
void alone_begin(struct alone *, const struct batch *);
bool alone_left(const struct alone *);
struct batch alone_next(struct alone *);

/* ---- one request ---- */

/* Of the batch's ids, round that of the pass. */
void compose(const struct asker *, struct arena *, const struct batch *, struct request *);
void compose_role(struct request *, enum ask_role);     // of all its ids so far
void compose_add(struct request *, uint64_t id, int64_t item, enum ask_role);
/* As many canaries as the window has and a batch wants, beside the open ids; `salt` of
 * the pass decides which. */
void compose_canaries(const struct asker *, struct request *);
/* Notes that the request goes out with canaries, or without any. */
void compose_noted(struct asker *, const struct request *);
/* Another canary for a window each time, i from 0 on. */
bool compose_canary(const struct asker *, struct window, uint64_t salt, int i,
                    struct ask_member *);
/* A request of canaries alone where none were sent on this UTC day: asks without canaries
 * count only on a day on which some came back elsewhere. They go first, so that neither the
 * end of the quota nor midnight leaves a day of asks that count for nothing. */
bool compose_stand_in(struct asker *, struct arena *, struct request *);
#endif
