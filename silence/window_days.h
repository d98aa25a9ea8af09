/* silence/window_days.h: canaries that were lost once before, by the window and the UTC day
 * on which they were asked again. Windows whose middles lie in one span of 30 days are one.
 *
 * Memory:    grows with the window-days; a struct of zeros is empty.
 * Units:     UTC days; counts of asks. */
#ifndef SILENCE_WINDOW_DAYS_H
#define SILENCE_WINDOW_DAYS_H
#include <stddef.h>
#include <stdint.h>
#include "silence/belief.h"

/* Canaries, lost once before, in one window on one day; start_day: of one of the
 * windows that count as this one. */
struct window_day { int32_t day, start_day; struct loss_tally seen; };
struct window_slot { uint64_t key; struct window_day of; };
struct window_days {
    struct window_slot *of; size_t slots, n;
    int64_t lost;               // canaries, on all of them
};
/* start_day, end_day: of a request's window; day: on which it was asked. Never 0. */
uint64_t window_day_key(int64_t start_day, int64_t end_day, int64_t day);
/* Its own, made where there is none yet; until the next call. */
struct window_day *window_day_get(struct window_days *, uint64_t key);
/* NULL where no canary was asked then, or none was lost on any. */
const struct window_day *window_day_lossy(const struct window_days *, uint64_t key);
/* The next one from *at (0 at first); NULL at the end. */
const struct window_day *window_day_next(const struct window_days *, size_t *at);
void window_days_release(struct window_days *);
#endif
