/* silence/weigh.h: what absences are worth: the probability that all of an item's were
 * lost, and which items are confirmed by that. */
#ifndef SILENCE_WEIGH_H
#define SILENCE_WEIGH_H
#include "silence/judged.h"

struct view;
/* A walk over the batches once what all of them say of losses is known ... */
void weigh_take(struct view *, const struct settings *, const struct judged *);
/* ... and what follows from it for each item. */
void weigh_conclude(struct view *, const struct settings *);
#endif
