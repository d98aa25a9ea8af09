/* watch/lag.h: how far the counters of an API row lie behind the page's: when was the copy
 * made that the API shows? Pure: plain arrays, no store.
 *
 * The API does not say when it copied a counter, and a page shows what is now. A page that
 * showed less than the API has was read before the copy was made, and one that showed more
 * was read after it. So the copy lies between two readings of the page (or the post's birth,
 * and the reply itself), and the lag, from copy to reply, is known as an interval. Counters fall
 * a little, and pages round: what either explains bounds nothing.
 *     several counters   may be copied at different times: where one instant can serve all, it
 *                        lies where their intervals overlap; where none can (apart), the lag
 *                        is the hull of theirs, and no counter's own is denied
 *     no bound           of a counter that stood still nothing is known
 *     contradiction      a counter for which no instant fits (a page showed more before one that
 *                        showed less) says nothing
 * Units:   UTC seconds; lags in seconds, days where the name says so.
 * Absent:  COUNTER_ABSENT; has false where no counter gives a bound by a page.
 * Source:  TikTok's FAQ: counters are those of an archived copy up to ten days old. */
#ifndef WATCH_LAG_H
#define WATCH_LAG_H
#include "record/counter.h"
#include "record/lag.h"

/* One reading of a page: low to high is what its rounding leaves open. */
struct lag_page {
    int64_t at;
    int64_t low[COUNTERS], high[COUNTERS];
};
/* What a counter may fall by: a share of it, and a count beside that. */
struct lag_fall {
    double share, count;
};
struct lag_row {
    int64_t at, born;    // of the reply; of the post
    int64_t value[COUNTERS];
};
/* The pages of a post. With each stands what all up to it showed: over years a look at every
 * page for every reply would take the square of the days. */
struct lag_seen {
    struct lag_page page;
    int64_t most[COUNTERS], least[COUNTERS];    // the highest low so far, the lowest high
};
struct lag_pages {
    struct lag_seen *v;
    size_t n, cap;
};    // zeroed: none
/* Not before those that are in. */
void lag_pages_add(struct lag_pages *, const struct lag_page *);
void lag_pages_clear(struct lag_pages *);
void lag_pages_release(struct lag_pages *);

/* By the first `len` pages; fall[COUNTERS]. */
struct lag lag_of(const struct lag_row *, const struct lag_pages *, size_t len,
                  const struct lag_fall *fall);

/* ---- by day ---- */

/* Sorts by day and item. days: xcalloc'd here, one for each day that has a reading; free it. */
void lag_days(struct lag_reading *, size_t len, struct lag_day **days, size_t *n,
              struct lag_sum *);
#endif
