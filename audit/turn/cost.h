/* audit/turn/cost.h: what a kind of ask, or another witness, says of its costs: one case
 * of what is still to come.
 *
 * Units: calls; UTC days on which some are sent.
 * Ownership: borrows everything. */
#ifndef AUDIT_TURN_COST_H
#define AUDIT_TURN_COST_H
#include "audit/turn/account_pages.h"
#include "audit/turn/forecast.h"
#include "record/phase.h"

struct to_come {                // the same for every case
    const struct settings *set;
    const struct view *view;
    struct forecast f;
    struct phase_done done[PHASE_COUNT];        // sent so far
    int64_t batches;            // of what is due for the first time
    int64_t too_recent;         // items that come of age meanwhile
    /* Items not yet asked of which nothing is known: that oEmbed may be asked about, the embed. */
    int64_t blind, blind_to_embed;
    struct account_pages_due accounts;
    int64_t to_witness;         // items and accounts that were left after the last run
    int64_t daily;              // calls of a day's quota
    bool closed;                // round 1
};
struct cost_case {
    const struct to_come *of;
    enum odds odds;
    enum witness first;         // as settings_first says it
    int64_t queries;            // calls of the rounds and checks before it in the table
};
/* rounds: days that its calls have to lie apart, however few they are; 0 none. */
struct cost { int64_t calls, days, rounds; };

int64_t cost_least(int64_t a, int64_t b);
/* So many at a time; 0 where nothing is taken at a time. */
int64_t cost_up(int64_t n, int64_t by);
/* So many calls, on as few days as the quota allows. */
struct cost cost_of(const struct cost_case *, int64_t calls);
/* Public items that stay away, known and to come. */
int64_t cost_missing(const struct cost_case *);
#endif
