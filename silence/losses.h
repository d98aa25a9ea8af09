/* silence/losses.h: what the asks so far say of batches: how often a batch of a given
 * make-up loses an item that is there, gathered request by request for silence/belief.h.
 *
 * Bias: items found at once are survivors (3 of 3 come back with probability 0.34
 *       where 3 in 10 are swallowed), so as canaries they weigh a quarter of one
 *       that was lost once. A canary counts where another id of its batch came back:
 *       if its own return decided that, every sound batch would look harmless, and a
 *       batch that is lost as a whole counts for nobody.
 * Units: probabilities 0..1; counts of asks and of ids; UTC days. */
#ifndef SILENCE_LOSSES_H
#define SILENCE_LOSSES_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "silence/window_days.h"

struct losses;
/* The posterior mean: a full sound batch, with other ids that never came, loses one
 * that is there. */
double losses_swallow(const struct losses *);
/* The share of the public items that were silent at first that can come back, all strata
 * together. */
double losses_prior(const struct losses *);
/* What all asks of one day share (outage, intermittence): it is lost once. */
double losses_shared(const struct losses *);
const struct belief *losses_belief(const struct losses *);      // borrowed
/* The probability that an item of this stratum is there, after asks that were all
 * lost with the probability `lost`. */
double losses_residual(const struct losses *, unsigned stratum, double lost);
/* 95 % of the number of wrong verdicts that the confirmed items' residuals add up to. */
struct stat_interval losses_wrong(const struct losses *);
/* What two sound rounds leave over by themselves. */
struct leftover losses_leftover(const struct losses *);

/* Asks with sound mates of items that came back in the end. */
struct clean_asks { int64_t asks, lost; };
struct clean_asks losses_clean(const struct losses *);
/* Canaries sent and back, ids asked and back, in batches of one size. */
struct size_seen { int64_t canaries, back, asked, came; };
const struct size_seen *losses_of_size(const struct losses *, enum belief_size);
/* The same items stood together in a request before: asked again they say no more. */
bool losses_mates_seen(const struct losses *, const int64_t *item, size_t n);

/* How many there are; the next one from *at (0 at first), false at the end. */
size_t losses_window_days(const struct losses *);
bool losses_next_window_day(const struct losses *, size_t *at, struct window_day *);

/* ---- while a view is made ---- */

struct forensic;
struct judged;
struct known;
struct silence;
struct losses *losses_new(int64_t max_item);
void losses_free(struct losses *);              // accepts NULL
/* True where the same items were asked together before. */
bool losses_note_mates(struct losses *, const struct judged *);
void losses_forget_mates(struct losses *);
/* Canaries lost in a window on a day. Needs only what came before in the order of
 * requests. */
void losses_take_window_day(struct losses *, const struct known *, const struct judged *);
/* canaries: they hold. What a forensic batch shows is added to *forensic. */
void losses_take(struct losses *, struct known *, const struct judged *, bool canaries,
                 struct forensic *);
/* All that was gathered, and what the silent items' histories say, in one estimate. */
void losses_estimate(struct losses *, const struct known *, const struct silence *, size_t n);
/* The probability that one ask of this batch was lost. */
double losses_of(const struct losses *, const struct judged *, int make_up);
/* An item of this history is confirmed with this probability of error. */
void losses_confirm(struct losses *, const struct history *, double residual);
#endif
