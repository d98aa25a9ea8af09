/* watch/: what the readings of a watch list say, computed anew each time: the state of an
 * item on a day (day), what happened (events), how far the API lags behind the page (lag),
 * how long a new post takes to be returned (fresh). Base and record alone, no store, no
 * clock: a test passes arrays. To add a judgement of readings copy day.c.
 *
 * watch/day.h: THE state of an item on a day. Page, list, feed, badge and CSV all ask this.
 *
 * found:        a well-formed reply of the day brought it, whatever the others of the day said.
 * absent:       a complete reply came without it that can count, and the API is known to have
 *               answered: another id came back in a reply before it and in one after it in the
 *               same round, for an outage may begin or end within a round (so that a round
 *               begins and ends with a canary). Only a reply to this id alone can count: in
 *               company an id that is not public may silence any of the others, whoever of them
 *               came back. In a list without any canary the proof may be missing: then it is
 *               absent as well, with no_canary set.
 * not_measured: anything else: canaries asked and nothing back for anybody is an outage; the
 *               reasons of replies that failed are their own; several reasons: the one that
 *               charges the platform least. No reading on a day on the list: missed.
 * Page:         the last answer of the day. Where the page gave none, oEmbed can show that the
 *               post is public, and nothing else: it refuses photo posts that are there. */
#ifndef WATCH_DAY_H
#define WATCH_DAY_H
#include "record/watch.h"

/* r: the readings of this one item on this one UTC day, in any order. listed: it was on the list
 * that day. */
struct watch_day watch_day_of(const struct watch_reading *r, size_t len, bool listed);
#endif
