/* silence/belief.h: how likely a batch of a given make-up loses an item that is
 * there, and which share of the silent items is there at all: both from when
 * items came back.
 *
 * Model: of the public items of a stratum (marks of the page x month of creation)
 *        that were silent at first a share pi can come back; an ask in a batch of
 *        make-up c loses such an item with probability s_c. So an item is found at
 *        its k-th ask with pi (1 - s) s^(k-1), and one that is silent after asks
 *        n_c is there with r = pi L / (pi L + 1 - pi), L = prod E[s_c^n_c].
 *        What is not yet back is reckoned with, each silent item by its r: to
 *        count losses among found items alone would call every early batch
 *        harmless. Found by turns (EM): r from s and pi, s and pi from r.
 * Prior: s_c is small, or (1 in 20; of an id alone 1 in 200) anything:
 *        0.95 Beta(0.5, 49.5) + 0.05 Beta(1, 1);
 *        beside a suspect and without a canary Beta(4.5, 0.5). Other
 *        make-ups of sound batches are borrowed from, as at most 20 asks. pi is
 *        Beta(1, 4) for all; marks shrink to all by one item, a month to its marks by
 *        10; where all of N came back still 1 in N + 2 may be gone.
 * Units: probabilities 0..1; counts of asks and items.
 * Memory: one entry for each distinct history, however many items share it. */
#ifndef SILENCE_BELIEF_H
#define SILENCE_BELIEF_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/stat.h"
#include "silence/make_up.h"

struct loss_tally { double lost, kept; };       // asks; those of canaries found at once weigh less
/* One complete batch: what its recovered members and canaries say of it. */
struct belief_batch { int32_t day; uint8_t make_up; uint8_t back; struct loss_tally seen; };
/* The history of a public item that was silent. asks: by the make-up of their batches,
 * those after its page was read, with the same mates once. */
struct history { uint16_t stratum; uint8_t asks[MAKE_UPS]; };
struct history_group {
    struct history of;
    int64_t items, confirmed;
    double stated;                  // sum of the stated probabilities of the confirmed
};
struct belief_data {                // zero-initialise; release
    struct belief_batch *batch; size_t batches, batch_cap;
    int64_t back[STRATA];           // came back after a silence
    struct history_group *group; uint32_t *slot; size_t groups, slots;
};
void belief_add_batch(struct belief_data *, const struct belief_batch *);
/* The group of a history, made where there is none; borrowed until the next call. */
struct history_group *belief_group(struct belief_data *, const struct history *);
void belief_data_release(struct belief_data *);

struct swallow { double weight[2], a[2], b[2]; };       // posterior of s: a mixture of two Betas
struct belief {
    struct loss_tally seen[MAKE_UPS];   // of the batches alone
    struct swallow make_up[MAKE_UPS];
    double mean[MAKE_UPS];          // E[s]
    double prior[STRATA], all;      // pi; that of all strata together
};
void belief_fit(const struct belief_data *, struct belief *);
double swallow_power(const struct swallow *, int n);    // E[s^n]
double swallow_quantile(const struct swallow *, double p);
/* E[s^n] / E[s]^n of the make-up that most asks of a history had: what doubt about
 * s adds to the product of n means. */
double belief_doubt(const struct belief *, const struct history *, int n);
/* The loss probability in a window on a day: that of the make-up, unless more
 * canaries were lost there than chance explains (1 in 1,000); then what they say,
 * shrunk to it by 30 asks. Canaries in whole numbers. */
double belief_local(double mean, const struct loss_tally *there);
/* The probability that an item of this history, silent through it all, is there. */
double belief_there(const struct belief *, const struct history *);
/* One turn: s and pi anew from what batches lost and what came back of each stratum; how
 * much the means moved. */
double belief_turn(const struct belief_data *, const struct loss_tally batches[MAKE_UPS],
                   const double back[STRATA], struct belief *);

/* What two sound rounds leave over, by themselves alone: n2 and n3 first found
 * give n3^2 / (n2 - n3); upper takes the one-sided 95 % Poisson limit of n3.
 * Negative where n3 does not fall below n2: the rounds say nothing then. */
struct leftover { int64_t n2, n3; double left, upper; };
struct leftover belief_leftover(int64_t n2, int64_t n3);
#endif
