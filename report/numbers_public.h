/* report/numbers_public.h: the numbers of the first screen: of all posts that anyone could
 * open, which ones the API returned at once, late, or not at all, and with what reason.
 *
 * Whole:  all public posts, P = missing and public + retrieved whose page is public. How many
 *         retrieved ones are is known from a sample (exactly where every page was read).
 * Bounds: worst cases of what is not settled: what is refused from here, was never seen or waits
 *         for a further absence may all fall into a part, or all beside it; and with the
 *         sample's 95 % limits, whichever is worse. What was never asked for is in no number. */
#ifndef REPORT_NUMBERS_PUBLIC_H
#define REPORT_NUMBERS_PUBLIC_H
#include "record/summary.h"

/* A part of the public posts: counted among the missing, and among the retrieved (before the
 * sample says how many of these are public). */
struct public_part {
    double missing, retrieved;
    double join;                   // items that are not settled and may yet fall to it
    double leave;                  // of `missing`, those that may be found to be no part of it
    double without, without_low;   // missing ones outside the whole; more at the low end
};
/* What is not settled, by what may become of it. */
struct public_open {
    double refused, unseen;        // restricted, unobserved: missing, and public perhaps
    double waiting;                // absent so far: missing, or late
};
struct public_open public_open_of(const struct summary *);
double public_open_all(const struct public_open *);
/* Value, n, of and bounds; no value where nothing public is known. */
void number_set_public(struct number *, const struct summary *, const struct public_part *);
/* Of a finished summary whose headline is worked out. */
void numbers_of_public(struct summary *);
#endif
