/* diff/compare.h: do two readings of one field disagree?
 * Shape:     struct seen is a value with its time and the step of its rounding.
 * Units:     UTC seconds, 0 = unknown.
 * Absent:    an omitted value is VAL_NONE, never 0. Where one side omits a text
 *            or a set and the other's is empty, neither side says anything.
 * Verdicts:  equal, within (they fit, though they are not the same), differs,
 *            api_only, page_only; VERDICT_NONE where neither side has it.
 * What each comparator forgives stands beside it in compare.c.
 *
 * Counters are judged by the row: the API shows a post as it stood at an instant of the ten
 * days before its reply, and does not say which. So 41 instants are tried, from ten days
 * before the reply (or the post's creation) to the reply, against every reading of the page.
 * At each, a counter fits where it can have grown from what an earlier page showed to the
 * API's value, and from that to what a later page showed, by no more than one post in a
 * thousand of that age grows in that time (diff/growth.def, bent by what the audit's own
 * pages teach: diff/model.h), and where it did not fall by more than is known of it. What a
 * page rounds is any value of its bracket; posts below six hours have no limit. Growth that
 * lies between two pages did happen: where a page of the ten days before the instant showed no
 * more than the API has, growth from there to later pages needs no limit, and no witness denies
 * it; nor does growth from earlier pages where one of the ten days after showed no less. An
 * instant stands for half a step (three hours) to either side, so a page that was read within
 * that may have been read before or after.
 *     single      no instant fits this counter and all pages: it differs. A page read more than
 *                 ten days before the reply needs no limit: the API had all of it, so a value
 *                 below it is a copy older than ten days.
 *     impossible  the API's likes or favourites are more than its views, which no page shows:
 *                 views differ.
 *     joint       at each instant views do not fit, or surge (grow as one post in a hundred
 *                 does) while likes, shares, comments or favourites of 50 and more grew less
 *                 than such a surge brings: views differ. Likes differ where at each instant
 *                 they do not fit, or surge by more than there were new views, and views do
 *                 not differ.
 * impossible and joint hold for posts that were ten days old when the API replied: below, a
 * copy may date from the post's birth. joint holds where the page bears no sign of
 * advertising: bought views bring few likes. A value that the page shows as it is is equal.
 * The common instant of a row (labels.csv, snapshot): yes where one instant fits all counters,
 * no where none does. What differs makes it no; no alone is no verdict, since counters may be
 * copied at different times.
 * The code of it is diff/snapshot.h, over plain arrays; source of the rules: README.md,
 * "Counters". */
#ifndef DIFF_COMPARE_H
#define DIFF_COMPARE_H
#include "diff/snapshot.h"
#include "record/field.h"
#include "record/gap.h"

struct seen {
    struct value val;           // text is borrowed
    int64_t at;                 // when this reading came in
    int64_t step;               // of the page's rounding; 0 and 1 = exact
    int64_t created_at;         // of the item: its page's, else its id's
};

/* Compares by the comparator that record/fields.def names; a field without
 * one (CMP_NONE) gives VERDICT_NONE. A counter is judged alone (single), by the shipped table:
 * diff/diff.h judges rows. */
enum verdict compare_field(enum field, const struct seen *api, const struct seen *page);

#endif
