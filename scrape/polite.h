/* scrape/polite.h: how fast one host is asked. Rate and number under way are
 * the settings' at most; both sink when the host grows slow, fails or blocks,
 * and rise again slowly when it answers well.
 * Units: milliseconds of utc_tick_ms unless the name says otherwise. */
#ifndef SCRAPE_POLITE_H
#define SCRAPE_POLITE_H
#include <stdbool.h>
#include <stdint.h>

struct polite {
    double rate;               // requests a second as set
    double slow;               // >= 1: the rate is divided by it
    double next_ms;            // not before this tick
    int64_t base_ms;           // first wait of the back-off
    uint64_t seed;             // of the jitter
    int failures;              // in a row
    double best_us, mean_us;   // of replies; 0 = none yet
    int in_flight, most;       // under way; at most, as set
    double room;               // 1 to most: so many may be under way now
};
void polite_init(struct polite *, double rate, int most, int64_t base_ms, uint64_t seed);
/* How long to wait before the next send; 0 = now. */
int64_t polite_wait_ms(const struct polite *, int64_t tick);
/* One more may be under way. */
bool polite_has_room(const struct polite *);
void polite_sent(struct polite *, int64_t tick);
/* What became of a send. A failure backs off exponentially with jitter; a
 * block halves the rate; both halve the number under way. It takes some seventy
 * good answers to undo a block. */
void polite_answered(struct polite *, int64_t took_us);
void polite_failed(struct polite *, int64_t tick);
void polite_blocked(struct polite *);
/* Nothing for ms from now on (Retry-After). */
void polite_hold(struct polite *, int64_t tick, int64_t ms);
#endif
