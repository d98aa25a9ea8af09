/* silence/due.h: what is to be read and asked next, by what the view shows.
 * Units: UTC seconds and UTC days. */
#ifndef SILENCE_DUE_H
#define SILENCE_DUE_H
#include "silence/view.h"

/* The item would be confirmed if its page, and its mates', were read as public
 * now; or its batches lose their canaries, and it may be the suspect. */
bool silence_wants_recheck(const struct silence *, const struct settings *);
/* The instant that the reading has to come after. */
int64_t silence_recheck_after(const struct silence *);
#define BESIDE_MAX 2
/* Who is asked about a refusal that hangs on another witness: in out[], in their order, the
 * further ones where the site stops those before them (a block is no answer); how many. */
size_t silence_wants_beside(const struct silence *, const struct settings *,
                            enum witness out[BESIDE_MAX]);
/* It needs a further absence on another day than those that count. */
bool silence_wants_ask(const struct silence *, const struct view *, const struct settings *,
                       int64_t now);
/* Every public item is confirmed, and every page was read or given up. */
bool view_settled(const struct view *, const struct settings *);
/* Confirmed items that the check by single ids still wants, seeded: how many,
 * and of them in out[] at most `max` (NULL, 0: only the count). None while anything
 * else is still open. */
int64_t view_spots(const struct view *, const struct settings *, uint64_t salt,
                   const struct silence **out, size_t max);
/* Draws the sample of the late checks, once: the items of lowest HMAC(seed, id) that
 * are confirmed public missing ones, and as many of those retrieved whose pages are not
 * refused. *out gets it as text for the next view's row source; nothing where
 * api.late_check is 0, one was drawn before, or there is nothing to draw from. */
MUST_CHECK int view_draw_late(const struct view *, const struct row_source *,
                              const struct settings *, int64_t now, struct buf *out, struct err *);
#endif
