/* silence/outage.h: outages: times in which the API answered nothing for anybody: code
 * ok, and none of what it has.
 *
 * Evidence: a complete reply without any of the ids that the API is known to
 * have (canaries, and items that came back in another reply). How likely such
 * a reply is while the API works is taken from the replies outside the
 * outage: of requests with as many known ids, with or without an id beside them
 * that is not public, (empty + 1) of (all + 1) are empty; for canaries, which
 * have come back before, (empty + 0.5) of (all + 10). What one window says is
 * worth 1 in 50 at the most, for a window may fail by itself. A reply without
 * any known id says nothing, so batches of dead ids, windows where nothing was
 * ever retrieved and audits whose items are all missing make no outage.
 *
 * Criterion: an outage is taken to begin before one request in a thousand; a
 * run of empty replies is an outage when its posterior probability is above
 * 0.99, so when the chance of the run without an outage is below 1e-5. It takes
 * at least three windows. The outage is the whole run, from the last reply
 * that brought something to the next one.
 *
 * Order:     requests in any order; they are sorted by time, then number.
 * Units:     UTC seconds; days since 1970-01-01. */
#ifndef SILENCE_OUTAGE_H
#define SILENCE_OUTAGE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct outage_ask {            // one complete request
    int64_t at, request;
    int64_t middle;             // day in the middle of its window
    int known;                  // ids that the API has, by this or another reply
    int asked;                  // ids asked for the first time that are not known as gone
    int back;                   // ids that came back, of whatever kind
    bool canaries;
    bool suspect;               // beside an id that may not have been public
};
#define OUTAGE_SIZES 8         // of a batch: 1, 2, 3-4, 5-8 ... 65 and more
#define OUTAGE_CLASSES (2 + 2 * OUTAGE_SIZES)
struct outage_rates { int64_t all[OUTAGE_CLASSES], empty[OUTAGE_CLASSES]; };
struct outage {
    int64_t from, to;                       // at of the first and the last empty reply
    int64_t first_request, last_request;    // theirs
    int64_t requests;
    double log10_chance;                    // of this run while the API works
    bool open;                              // no reply has brought anything since
};
struct outages { struct outage *v; size_t n, cap; };
/* Sorts ask[]. Replaces *out, which outages_release ends; ascending. */
void outages_find(struct outage_ask *ask, size_t n, struct outages *out);
bool outages_hold(const struct outages *, int64_t at, int64_t request);
/* The outage that goes on as far as is known, or NULL. */
const struct outage *outages_open(const struct outages *);
void outages_release(struct outages *);

/* ---- the same, request by request ---- */

#define OUTAGE_LOG10 (-5.0)
#define OUTAGE_WINDOWS 64                  // of one run that are told apart
struct outage_run {                        // empty replies in a row; zero-initialise
    struct { int64_t middle; double log10; } window[OUTAGE_WINDOWS];
    int windows;
    double log10_chance;
};
int outage_class(const struct outage_ask *, int ids);
/* Probability that a request of this class comes back empty while the API works. */
double outage_chance(const struct outage_rates *, int class);
void outage_run_add(struct outage_run *, int64_t middle, double chance);

/* ---- while a view is made ---- */

struct judged;
struct known;
struct replies { struct outage_ask *v; size_t n, cap; };        // zero-initialise
void replies_take(struct replies *, const struct known *, const struct judged *);
/* The outages among them, and the rates of first asks and of canaries outside. Ends them. */
void replies_conclude(struct replies *, struct outages *, struct outage_rates *);
#endif
