/* audit/belief.h: how likely a batch in sound company loses an item that is
 * there, and which share of the silent items is there at all: both from when
 * items came back.
 *
 * Model: of the public items that were silent at first a share `prior` can come
 *        back; each sound ask loses such an item with probability `swallow`. So
 *        it is found at the k-th ask with prior * (1 - swallow) * swallow^(k-1),
 *        and an item that is silent after m asks says 1 - prior * (1 - swallow^m).
 *        What is not yet back is part of the likelihood: to count losses among
 *        found items alone would call every early batch harmless.
 * Units: probabilities 0..1. */
#ifndef AUDIT_BELIEF_H
#define AUDIT_BELIEF_H
#include <stdint.h>

#define BELIEF_ASKS 16
struct belief_counts {
    int64_t found[BELIEF_ASKS];    // [k - 1]: came back at the k-th sound ask after the first silence (last: or later)
    int64_t silent[BELIEF_ASKS];   // [m]: public and silent through m sound asks (last: or more)
    int64_t back;                  // came back in other company: taken as found at the first ask
    int64_t canary_asks, canary_lost;   // of recovered items, sent along later
};
struct belief { double swallow, prior; };      // posterior means
struct belief belief_fit(const struct belief_counts *);

/* What two sound rounds leave over, by themselves alone: n2 and n3 first found
 * give n3^2 / (n2 - n3); upper takes the one-sided 95 % Poisson limit of n3.
 * Negative where n3 does not fall below n2: the rounds say nothing then. */
struct leftover { int64_t n2, n3; double left, upper; };
struct leftover belief_leftover(const struct belief_counts *);
#endif
