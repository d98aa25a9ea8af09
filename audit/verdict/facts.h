/* audit/verdict/facts.h: the facts of one item as the rules see them. A new name of
 * record/fact.def is set here, a new field of record/fields.def sets itself. */
#ifndef AUDIT_VERDICT_FACTS_H
#define AUDIT_VERDICT_FACTS_H
#include "audit/audit.h"
#include "audit/verdict/places.h"
#include "classify/account.h"
#include "record/fact.h"
#include "silence/view.h"

/* What is known of an item; all borrowed, and all but row may be NULL. */
struct item_known {
    const struct item_row *row;
    const struct silence *silence;
    const struct record *api, *page;
    const struct account_stat *account;
    enum generation generation;    // facts_generation's
    const struct item_places *at;  // where it is public
};
void facts_of_item(const struct audit *, const struct item_known *, struct facts *);
/* What is said of why a page was refused, and by whom. */
void facts_set_refusal(struct facts *, const struct item_row *);
/* The make of the page that decides; GENERATION_NONE where no rule asks for it; _of: asked or
 * not. */
MUST_CHECK int facts_generation(const struct audit *, const struct item_row *,
                                const struct silence *, enum generation *, struct err *);
MUST_CHECK int facts_generation_of(const struct audit *, const struct item_row *,
                                   const struct silence *, enum generation *, struct err *);
/* What the page last said that decides: an item that was public through all its
 * sound absences stays public for the rules, whatever came later. */
enum answer_kind facts_page_outcome(const struct item_row *, const struct silence *);
/* Public, and its absences are confirmed: a later refusal takes nothing away. */
bool silence_is_missing(const struct silence *);    // accepts NULL
#endif
