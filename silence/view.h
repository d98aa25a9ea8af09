/* silence/view.h: which silences of the API count, computed anew each time from
 * who was asked together and who came back.
 *
 * An absence of a public item is sound when the reply was complete, the batch
 * held no other id that was not public then, the window had a day of slack on
 * both sides, the item was old enough, at least one canary came back and no
 * missing canary is known as not public, and the item's page was public before
 * it and at or after it: by the clocks of several machines surely so, beyond
 * their bound (silence/clock.h). It is pending when only the last of these, or a
 * batch-mate's later page, is still to be read. Replies of an outage in which
 * the API answered nothing for anybody (silence/outage.h) count for nothing.
 *
 * What lives here, over record/ alone (STRATEGY.md says why it is so):
 *     view     reads items and asks in from rows, walks over them, answers
 *     silence  an item that never came back, and its absences
 *     known    every item, packed           judged   a batch, and who in it is a suspect
 *     canary   retrieved items sent along   outage   times in which nobody was answered
 *     losses   what asks say of batches     belief   what follows from it (make_up, bootstrap)
 *     sound    the absences, one by one     weigh    what they are worth together
 *     late     the same items weeks later   checks   counts of the checks
 *     due      what to read and ask next    sample   a seeded draw
 *     sound_asks  each ask, and what it says of its item        told   the same for a reader
 * To add something that is gathered from the asks copy canary: a struct of its own, a
 * function that takes a batch, questions for others; parts.h holds it, view.c calls it.
 *
 * Units:  UTC seconds and UTC days.
 * Memory: 13 bytes for every item, and those of silence/silence.h.
 * Order:  requests may be loaded long after later ones; nothing hangs on it. */
#ifndef SILENCE_VIEW_H
#define SILENCE_VIEW_H
#include "record/settings.h"
#include "silence/canary.h"
#include "silence/checks.h"
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
int64_t view_clock_s(const struct view *);      // silence/clock.h
int64_t view_found(const struct view *);        // items that came back at least once
int64_t view_recovered(const struct view *);    // of these: after a silence
int64_t view_touched(const struct view *);      // found or silent
int64_t view_requests(const struct view *);     // complete queries, the checks apart
double view_expected_wrong(const struct view *); // sum of the residuals of confirmed public items

struct spot_sum view_spot_sum(const struct view *);
const struct forensic *view_forensic(const struct view *, enum forensic_kind);
#endif
