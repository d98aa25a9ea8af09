/* audit/verdict/arrival.h: at which age the API first shows a post: known only to lie
 * between the last sound ask that did not bring it and the first that did.
 *
 * The value is Turnbull's estimate (base/stat_turnbull.h). Its bounds assume nothing of the
 * ages at which posts were asked, but that a post's being there does not decide them:
 *     below  posts that were asked by the age t: those that had come back by t
 *     above  posts that were asked by t and a day: all but those that were absent at t
 * with 95 % intervals over accounts (after Kim, Fay and Proschan, Biometrics 77 (2021), who
 * bound current-status data by looks before and after t). Posts that are open are there
 * below, as if they came later, and not above; of all posts (whole) they are above as well,
 * unless an ask at t or later missed them, and the estimate has them as censored when they were
 * last missed: with exact times it is then that of Kaplan and Meier.
 *
 * Units: hours of age. */
#ifndef AUDIT_VERDICT_ARRIVAL_H
#define AUDIT_VERDICT_ARRIVAL_H
#include "audit/verdict/by_account.h"
#include "base/stat_turnbull.h"
#include "record/item.h"

#define ARRIVAL_LOOK_HOURS 24    // after an age, in which a first ask still says something of it

struct arrival {
    int64_t item;
    float first;          // its first sound ask
    float left, right;    // absent until, back at; 0, and INFINITY: not yet
};
struct arrivals {    // zero-initialise but for graph and whole; release
    const struct account_graph *graph;
    bool whole;    // of all posts: one that never came is part of what is shared out
    struct arrival *v;
    size_t n, cap;
    int64_t open;    // of these: not yet back
    struct stat_turnbull fit;
};
/* What the sound asks of an item say (audit/verdict/agreement.h; NULL none). False: nothing. So
 * does one that came back before its first sound ask: had it stayed away then, that would not
 * have counted. */
struct item_asks;
bool arrival_of(const struct item_row *, const struct item_asks *, struct arrival *);
/* first, left, right: whole hours, left rounded down, the others up. */
void arrivals_add(struct arrivals *, const struct arrival *);
/* Once all are there. */
void arrivals_fit(struct arrivals *);
/* What is known of an age: n posts were asked by then, found of them were back.
 * has: false where the bounds leave everything open. */
struct arrival_bound {
    bool has;
    double value, low, high;
    int64_t found, n;
};
struct arrival_bound arrivals_by(const struct arrivals *, double hours);
/* The age by which half of them are back. */
struct arrival_bound arrivals_median(const struct arrivals *);
void arrivals_release(struct arrivals *);
#endif
