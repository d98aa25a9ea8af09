/* silence/canary.h: canaries: items that the API returned once, sent along so that
 * a batch shows whether it brings anything. A pool of a few for each day of
 * creation; when a day first had one; which ones stayed away and are to be read.
 *
 * Units: UTC days, UTC seconds. */
#ifndef SILENCE_CANARY_H
#define SILENCE_CANARY_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct canaries;
struct lost_canary { int64_t item, at; };

/* Anything was ever retrieved whose page is not known as gone. */
bool canaries_any(const struct canaries *);
/* A canary for a window, number i of those that there are, in an order that the salt
 * gives; the first and last day of a window are slack. False when there are no more. */
bool canaries_pick(const struct canaries *, int64_t start_day, int64_t end_day, uint64_t salt,
                   int i, uint64_t *id, int64_t *item);
/* When the first answer came with an item that was made on this day; 0 = never. */
int64_t canaries_since(const struct canaries *, int64_t day);
/* The last UTC day on which one came back; 0 = never. */
int64_t canaries_last_day(const struct canaries *);
/* Those that stayed away, and were not seen public at or after it; borrowed. */
const struct lost_canary *canaries_lost(const struct canaries *, size_t *n);

/* ---- while a view is made ---- */

struct item_row;
struct judged;
struct known;
struct settings;
struct canaries *canaries_new(void);
void canaries_free(struct canaries *);          // accepts NULL
/* A retrieved item; of each day those of the lowest ranks stay. */
void canaries_add(struct canaries *, const struct item_row *, uint64_t salt);
/* Days on which one came back, and those that stayed away. */
void canaries_take(struct canaries *, const struct known *, const struct judged *);
/* The batch's canaries, or those that stand in for them, say that it brings what is there. */
bool canaries_hold(const struct canaries *, const struct settings *, const struct judged *);
#endif
