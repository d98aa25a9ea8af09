/* audit/turn/forecast.h: what is still to come, phase by phase, in three cases.
 *
 * Shape:  items are counted by their day of creation, for what a round of asks
 *         costs hangs on how they spread over windows. What is not known of an
 *         item is drawn by a hash of its id, with the shares of the case, so
 *         the drawn ones are thinned out as the real ones will be.
 * Memory: some hundred kilobytes, whatever the number of items.
 * Cases:  low: little stays away, nothing is asked twice on one day; high: much
 *         stays away, sound batches lose what the asks so far still allow, and
 *         a day has to be made up for. */
#ifndef AUDIT_TURN_FORECAST_H
#define AUDIT_TURN_FORECAST_H
#include "audit/turn/guess.h"
#include "record/phase.h"

enum sight { SIGHT_NONE, SIGHT_PUBLIC, SIGHT_GONE };
struct sheet;                   // one case's items by day
struct forecast {
    const struct settings *set;
    const struct view *view;
    struct guess guess[ODDS_COUNT];
    struct sheet *sheet[ODDS_COUNT];
    int64_t first;              // items not yet asked
    int64_t unread, open;       // silent: page to be read; known as public, and not confirmed
    int64_t confirmed;          // public and confirmed
    int64_t ambiguous, to_embed;    // refusals for which oEmbed is to be asked; the embed page
};
/* The shares that the view shows, with 95 % intervals; those of published
 * studies where it shows none. Borrows both. */
void forecast_init(struct forecast *, const struct settings *, const struct view *);
void forecast_release(struct forecast *);
/* One item that was never asked; what its page or oEmbed said before. */
void forecast_first(struct forecast *, uint64_t id, int64_t day, enum sight);
/* Calls of round 1 where another witness has told beforehand what is gone. */
int64_t forecast_round_1(const struct forecast *, enum odds);
/* Calls of the confirming rounds, and the days that they need; told_first:
 * round 1 counts as the first day of what was not yet asked. */
int64_t forecast_confirming(const struct forecast *, enum odds, bool told_first, int64_t *days);
/* Of the same: calls that are due now. */
int64_t forecast_due(const struct forecast *);
/* Silent ones among the items not yet asked; all that turn out public, and those
 * of them that do not come back. */
int64_t forecast_silent(const struct forecast *, enum odds);
int64_t forecast_open(const struct forecast *, enum odds);
int64_t forecast_staying(const struct forecast *, enum odds);
/* Calls for so many items if they were all of one window; windows that the
 * retrieved items, known and expected, spread over. */
int64_t forecast_packed(const struct forecast *, int64_t items);
int64_t forecast_windows(const struct forecast *);
#endif
