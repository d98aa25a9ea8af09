/* silence/make_up.h: what batches are told apart by, and items: the make-up of a batch as
 * one of its members sees it, the stratum of an item. */
#ifndef SILENCE_MAKE_UP_H
#define SILENCE_MAKE_UP_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A batch as one of its members sees it: sound; with another id that was not public
 * then (a lasting suspect); or without one, but with no canary back. With another id
 * that was never returned, or without. How many ids. */
enum mates { MATES_SOUND, MATES_DEAD, MATES_NO_CANARY, MATES_COUNT };
const char *mates_name(enum mates);         // "sound", "dead", "dark": the report's words
enum belief_size { SIZE_ALONE, SIZE_FEW /* to 20 */, SIZE_FULL, SIZE_COUNT };
const char *belief_size_name(enum belief_size); // "alone", "few", "full"
#define MAKE_UPS (2 * MATES_COUNT * SIZE_COUNT)
int make_up_of(enum mates, bool never, size_t members);
enum mates make_up_mates(int make_up);
bool make_up_never(int make_up);
enum belief_size make_up_size(int make_up);
enum belief_size belief_size_of(size_t members);

#define MARKS 4                     // bits of enum page_mark, record/record.h
#define MONTHS 192                  // of 30 days, from 2014-01-01; the last takes what is later
#define STRATA (MARKS * MONTHS)
int stratum_of(unsigned marks, int64_t created_day);
#endif
