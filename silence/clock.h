/* silence/clock.h: pages and replies of one audit may be timed by the clocks of several machines.
 * Each goes by that of the database and is wrong by so much at the most (base/utc.h): what lies
 * closer than two of them together may have come in either order. 0: one clock timed all.
 *
 * Units:  clock_s is whole seconds, as instants are: no two lie that far apart by mistake. */
#ifndef SILENCE_CLOCK_H
#define SILENCE_CLOCK_H
#include <stdint.h>

/* Of clocks of which none is wrong by more. */
static inline int64_t clock_slack_s(int64_t bound_ms) { return (2 * bound_ms + 999) / 1000; }
/* From when on, and until when, an instant of another clock is surely behind it, before it; 0, of
 * what never was, stays 0. */
static inline int64_t clock_since(int64_t at, int64_t clock_s) { return at ? at + clock_s : 0; }
static inline int64_t clock_until(int64_t at, int64_t clock_s)
{
    return at > clock_s ? at - clock_s : 0;
}
#endif
