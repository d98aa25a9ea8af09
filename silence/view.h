/* silence/view.h: which silences of the API count, computed anew each time from
 * who was asked together and who came back.
 *
 * An absence of a public item is sound when the reply was complete, the batch
 * held no other id that was not public then, the window had a day of slack on
 * both sides, the item was old enough, at least one canary came back and no
 * missing canary is known as not public, and the item's page was public before
 * it and at or after it. It is pending when only the last of these, or a
 * batch-mate's later page, is still to be read. Replies of an outage in which
 * the API answered nothing for anybody (silence/outage.h) count for nothing.
 *
 * What lives here (STRATEGY.md says why it is so), over record/ alone:
 *     rows      where the items and asks come from      view    reads them in, and answers
 *     silence   an item that never came back            canary  retrieved items sent along
 *     sound     judges a batch, and each absence in it  weigh   what the absences are worth
 *     losses    what asks say of batches                belief  ... and what follows from it
 *     outage    times in which nobody was answered      late    the same items weeks later
 *     due       what is to be read and asked next       sample  a seeded draw
 * inside.h is what these share. To gather something else from the asks copy canary.c:
 * a struct of inside.h, a function that takes a batch, questions in a header.
 *
 * Units:  UTC seconds and UTC days.
 * Memory: 13 bytes for every item, and those of silence/silence.h.
 * Order:  requests may be loaded long after later ones; nothing hangs on it. */
#ifndef SILENCE_VIEW_H
#define SILENCE_VIEW_H
#include "record/settings.h"
#include "silence/canary.h"
#include "silence/late.h"
#include "silence/losses.h"
#include "silence/outage.h"
#include "silence/rows.h"
#include "silence/silence.h"

struct view;
/* Walks over the items once and over the asks four times. The settings are those that
 * decide what counts. Errors: those of the source. view_free ends it; NULL is nothing. */
MUST_CHECK int view_make(const struct row_source *, const struct settings *, struct view **,
                         struct err *);
void view_free(struct view *);

/* All silent items, by id. What is borrowed lives as long as the view. */
const struct silence *view_silences(const struct view *, size_t *n);
const struct silence *view_find(const struct view *, int64_t item); // NULL: found or never asked
const struct canaries *view_canaries(const struct view *);
const struct losses *view_losses(const struct view *);
const struct late *view_late(const struct view *);
const struct outages *view_outages(const struct view *);
/* First asks by how many were asked, and canaries, outside the outages. */
const struct outage_rates *view_first_rates(const struct view *);

int64_t view_max_item(const struct view *);
int64_t view_found(const struct view *);        // items that came back at least once
int64_t view_recovered(const struct view *);    // of these: after a silence
int64_t view_touched(const struct view *);      // found or silent
int64_t view_requests(const struct view *);     // complete queries, the checks apart
double view_expected_wrong(const struct view *); // sum of the residuals of confirmed public items

/* Checks by single ids: of confirmed items, asked alone. */
struct spot_sum { int64_t asked, back; };
struct spot_sum view_spot_sum(const struct view *);
/* Batches of canaries beside ids that are not public, or public and never returned. */
enum forensic_kind { FORENSIC_DEAD, FORENSIC_NEVER, FORENSIC_COUNT };
struct forensic { int64_t batches, canaries, lost, recovered, recovered_lost; };
const struct forensic *view_forensic(const struct view *, enum forensic_kind);

/* On the way: audit/turn/ask* reads members. */
#include "silence/due.h"
#include "silence/inside.h"
#define view_canary(view, ...) canaries_pick(view_canaries(view), __VA_ARGS__)
#define view_mates_seen(view, item, n) losses_mates_seen(view_losses(view), item, n)
#endif
