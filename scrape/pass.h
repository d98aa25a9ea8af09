/* scrape/pass.h: whether the cookie of a solved challenge still lets pages through, as far as
 * what came shows. Its life is nobody's to read: the site ends it as it likes, so that what is
 * known is how long the one before it lived.
 *
 * Shape: one a cookie jar, all zero at its start; pass_came for each page that came out of it.
 * Units: milliseconds of one clock.
 * Use:   while the pass is sure, pages may be asked for side by side; else one alone goes ahead,
 *        so that one challenge is met at the end of the cookie and not one a tab. */
#ifndef SCRAPE_PASS_H
#define SCRAPE_PASS_H
#include <stdbool.h>
#include <stdint.h>

struct pass {
    bool met;            // a challenge came, ever
    bool holds;          // what came last was a page
    int64_t turned_ms;   // since when: the last turn from one to the other
    int64_t shown_ms;    // when the last page that came was asked for
    int64_t life_ms;     // so long the cookie before was seen to hold; 0 unknown
};
/* A page that was asked for at asked_ms is here, or a challenge in its place. */
void pass_came(struct pass *, bool is_challenge, int64_t asked_ms, int64_t now_ms);
bool pass_is_sure(const struct pass *, int64_t now_ms);
/* The jar is a new one. */
void pass_lost(struct pass *);
#endif
