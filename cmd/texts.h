/* cmd/texts.h: the longer texts for people, a file each, named as their command. */
#ifndef CMD_TEXTS_H
#define CMD_TEXTS_H
#include "audit/turn/plan.h"
#include "audit/turn/rounds.h"
#include "record/summary.h"

struct status_now {
    struct summary summary; struct outlook outlook; struct plan plan;
    struct buf yield; int64_t yield_at; // what the pages of the last run that read some gave
    double swallow;
    int64_t clean_asks, clean_lost;    // asks of items that came back, with sound mates
};
void status_text(struct status_now *, struct buf *out);
void plan_text(const struct plan *, const struct settings *, struct buf *out);
#endif
