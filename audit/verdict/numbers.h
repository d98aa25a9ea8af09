/* audit/verdict/numbers.h: the numbers of the five criteria, which the store alone can say.
 * A criterion is a file that makes its numbers (record/number.h), a line below, and a row in
 * the table of numbers.c. To add one copy any of those named there. */
#ifndef AUDIT_VERDICT_NUMBERS_H
#define AUDIT_VERDICT_NUMBERS_H
#include "audit/audit.h"
#include "audit/verdict/accounts.h"
#include "audit/verdict/agreement.h"
#include "audit/verdict/behind.h"
#include "record/summary.h"
#include "silence/view.h"

/* What the makers are handed: labels and differences are fresh, the summary is finished
 * and holds the numbers that it can make of itself. All borrowed. */
struct card;
struct numbers_from {
    struct audit *audit;
    const struct view *view;
    const struct account_table *accounts;
    const struct agreement *agreement;       // by numbers_make
    const struct card *card;                 // of all pairs (card.h)
    struct behind *behind;                   // NULL: items behind numbers are not kept
    struct summary *s;                       // number_put(&s->numbers, s->mem, ...)
};
typedef int numbers_fn(const struct numbers_from *, struct err *);
/* One a file; docs/criteria.md says what each number is. */
numbers_fn accuracy_numbers, completeness_numbers, timeliness_numbers, consistency_numbers,
    validity_numbers;
/* What became of items by age and by month: s->time (by_time.c). How counters are spread: s->ratio
 * (ratios.c). */
numbers_fn time_rows, ratio_rows;
/* Where page and embed page contradict each other (witnesses.c). */
numbers_fn witness_numbers;
/* Where posts are public, and where refused: s->vantages (vantages.c). */
numbers_fn vantage_numbers;
/* What people said of a sample of labels: s->review (review.c). */
numbers_fn review_numbers;
/* Of a sample of creators: s->sample (creators.c). */
numbers_fn sample_numbers;
MUST_CHECK int numbers_make(const struct numbers_from *, struct err *);
#endif
