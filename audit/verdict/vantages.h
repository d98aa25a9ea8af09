/* audit/verdict/vantages.h: is a post public at one vantage and refused at another? Two readings
 * lie apart in time, and in between a post may have been deleted. So it counts as refused there
 * while public here only where it is known to have been there still: somebody saw it public at or
 * after the refusal; where its page at the first vantage is the public one, before it as well.
 * Vantages are machines with clocks of their own: before and after is what is surely so.
 *
 * Absent: what rests on the embed page alone says nothing of the page there, and counts as
 *         unread; that it showed the post is a sighting all the same. */
#ifndef AUDIT_VERDICT_VANTAGES_H
#define AUDIT_VERDICT_VANTAGES_H
#include "audit/verdict/places.h"
#include "record/summary.h"
#include "store/about.h"

struct sight {
    enum answer_kind kind;    // ANSWER_PUBLIC, ANSWER_REFUSED, ANSWER_COUNT: neither
    int64_t at;               // of that reading
    /* The first and the last time that it was public; first 0: not known, at other vantages. */
    int64_t public_first_at, public_last_at;
};
struct sight sight_at_first(const struct item_row *);
struct sight sight_elsewhere(enum answer_kind, int64_t at);
/* seen_at: when the post was last public anywhere; clock_s: of silence/clock.h. BESIDE_COUNT: not
 * read at both. */
enum beside sights_beside(const struct sight *a, const struct sight *b, int64_t seen_at,
                          int64_t clock_s);

/* One post: the pairs of vantages that differ about it. Names are borrowed from places. */
struct apart {
    const char *public_at, *refused_at;
    bool open;    // not known whether it was there still
};
void vantages_apart(const struct places *, const struct item_row *, const struct about_item *,
                    int64_t clock_s, void (*each)(void *to, const struct apart *), void *to);
#endif
