/* audit/verdict/check_items.h: where an item stands to a claim about items (that, field;
 * latency: check_latency.h).
 *
 * Nothing open is taken for granted. What may still become otherwise is unsettled: of an open item
 * what the API says of it and what the rules would, and its page where that was not read; of a
 * retrieved item of the sample its page until that is read, and of one that is not in it for good,
 * unless the claim is about retrieved items alone, of which the sample is a fair one. A condition
 * on an unsettled name may hold or not, whatever its operator; an item for which that leaves the
 * claim undecided counts as open, also where it is only open whether the item is one of the
 * claim's. */
#ifndef AUDIT_VERDICT_CHECK_ITEMS_H
#define AUDIT_VERDICT_CHECK_ITEMS_H
#include "audit/audit.h"
#include "audit/verdict/check_row.h"
#include "record/fact.h"

/* What is unsettled of an item. */
struct check_unsettled {
    bool api, page, verdict;
};
struct check_item {
    const struct facts *facts;
    struct check_unsettled unsettled;
    bool unsampled;           // retrieved, and its page is not to be read
    enum verdict of_field;    // what the comparator said; VERDICT_NONE: not compared
};
/* As promised or not: at_most is not yet looked at. */
enum check_stand check_stand_that(const struct claim *, const struct check_item *);
enum check_stand check_stand_field(const struct claim *, const struct check_item *);

/* Walks over all items once for so many claims (or more often, where memory would be short), and
 * fills counts, ids and sums of those that are about items; sums[i] goes with row[i]. */
MUST_CHECK int check_items(struct audit *, const struct claims *, const struct check_opts *,
                           struct check_row *row, struct check_sums *sums, struct err *);
#endif
