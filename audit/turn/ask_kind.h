/* audit/turn/ask_kind.h: the kinds of asks: what makes one, and the list of them.
 *
 * A kind is a file ask_NAME.c with one struct ask_kind, and a line in ASK_KINDS; to add
 * one copy ask_check.c. Where its ids go under a role of their own, the role stands in
 * record/answer.h and its phase in record/phase.c; plan, status and report follow. */
#ifndef AUDIT_TURN_ASK_KIND_H
#define AUDIT_TURN_ASK_KIND_H
#include "audit/turn/compose.h"
#include "audit/turn/cost.h"

/* id, name. In this order where the quota of the day does not suffice for all. Round 1
 * comes first: what it brings back is decided at once, nothing later can be asked without
 * its canaries and pages, and its items have the longest way to go, so no day may be lost
 * for them. */
#define ASK_KINDS(X) \
    X(FIRST, first) X(LATER, later) X(FOLLOWING, following) X(SPOT, spot) X(LATE, late) \
    X(FORENSIC, forensic) X(CANARIES, canaries)

enum ask_kind_id {
#define X(id, name) ASK_##id,
    ASK_KINDS(X)
#undef X
    ASK_KIND_COUNT
};

/* When a kind is looked at: the rounds each time, the checks once nothing of the rounds is
 * due. Those of weeks later go by their own dates, and cost what no other check counts. */
enum ask_part { ASK_ROUNDS, ASK_CHECKS, ASK_WEEKS_LATER };
struct ask_kind {
    enum ask_part part;
    enum ask_role role;         // of the ids that it is about; with round their phase
    int round;                  // 1: part of round 1; 0: of the round of the pass
    bool told_apart;            // not of what an audit still has to ask today
    size_t size;                // of its own memory, zeroed
    /* What is due now, of items, and what there is to hand out. */
    int (*collect)(struct asker *, void *own, int64_t *due, struct err *);
    /* 1 and a request (round 0: that of the pass), 0 when there is no more, -1. */
    int (*compose)(struct asker *, void *own, struct arena *, struct request *, struct err *);
    void (*release)(void *own);
    struct cost (*forecast)(const struct cost_case *);     // NULL: in that of another kind
};
#define X(id, name) extern const struct ask_kind ask_##name;
ASK_KINDS(X)
#undef X
extern const struct ask_kind *const ask_kinds[ASK_KIND_COUNT];
#endif
