/* silence/mates.h: who was asked together: sets of items, whatever their order, each
 * with the first request that asked for it. */
#ifndef SILENCE_MATES_H
#define SILENCE_MATES_H
#include "silence/judged.h"

struct mate_set { uint64_t hash; int64_t request; };    // request 0: an empty slot
struct mate_sets { struct mate_set *of; size_t slots, n; };     // zero-initialise
/* True where an earlier request asked for the same. */
bool mate_sets_note(struct mate_sets *, const struct judged *);
bool mate_sets_hold(const struct mate_sets *, const int64_t *item, size_t n);
void mate_sets_release(struct mate_sets *);
#endif
