/* audit/verdict/facts.h: the facts of one item as the rules see them. A new name of
 * record/fact.def is set here, a new field of record/fields.def sets itself. */
#ifndef AUDIT_VERDICT_FACTS_H
#define AUDIT_VERDICT_FACTS_H
#include "audit/audit.h"
#include "classify/account.h"
#include "record/fact.h"
#include "silence/view.h"

/* Records are borrowed; they, the silence and the account may be NULL. */
void facts_of_item(const struct audit *, const struct item_row *, const struct silence *,
                   const struct record *api, const struct record *page, const struct account_stat *,
                   struct facts *);
/* What the page last said that decides: an item that was public through all its
 * sound absences stays public for the rules, whatever came later. */
enum answer_kind facts_page_outcome(const struct item_row *, const struct silence *);
/* Public, and its absences are confirmed: a later refusal takes nothing away. */
bool silence_is_missing(const struct silence *);    // accepts NULL
#endif
