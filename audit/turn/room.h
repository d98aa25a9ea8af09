/* audit/turn/room.h: how a later batch is made up: how many canaries, how many open ids.
 * Units: ids of one request. */
#ifndef AUDIT_TURN_ROOM_H
#define AUDIT_TURN_ROOM_H
#include <stddef.h>
#include "silence/view.h"

/* Silent items of a window without canaries that are asked one by one, at most. */
#define ROOM_ALONE_MAX 8
/* Canaries of one later batch: so many that all of them get lost in one batch of twenty at
 * the most; they take the room of open ids, so no more than that. */
size_t room_canaries(const struct settings *, const struct view *);
/* Open ids of one later batch, 1 or more. */
int64_t room_open(const struct settings *, const struct view *);
/* What fits beside the canaries of a full batch. */
int64_t room_beside(const struct settings *, const struct view *);
#endif
