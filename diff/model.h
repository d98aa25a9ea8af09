/* diff/model.h: what an audit's own readings teach of the rounding and the
 * growth of counters: filled in a first pass over the answers, used in the
 * second. Constant memory. NULL stands for a model that has learned nothing. */
#ifndef DIFF_MODEL_H
#define DIFF_MODEL_H
#include <stdint.h>
#include "record/answer.h"
#include "record/field.h"
#include "record/record.h"

/* Growth is the natural logarithm of (later + 10) / (earlier + 10): the ten
 * keep one more view of a post that had three from passing for a surge. */
#define GROWTH_DAMP 10.0

struct diff_model;
struct diff_model *diff_model_new(void);
void diff_model_free(struct diff_model *);        // accepts NULL
/* Every counter of a page's record. */
void diff_model_learn_page(struct diff_model *, enum generation, const struct record *page);
/* Two readings of one counter of one item by the same side; at2 after at1, UTC
 * seconds. Pairs less than an hour apart, and of items without a creation
 * time (0), teach nothing. */
void diff_model_learn_growth(struct diff_model *, enum field, int64_t created_at,
                             int64_t at1, int64_t value1, int64_t at2, int64_t value2);
/* The step of value: the smallest seen for that generation, field and power of
 * ten; where fewer than five were seen, at most three significant digits. */
int64_t diff_model_step(const struct diff_model *, enum generation, enum field, int64_t value);
/* The daily growth that 99 % of the pairs of posts of that age stay within
 * (change either way for counters that may fall); negative where this audit
 * has under a hundred pairs of that age or of the next younger ages. */
double diff_model_growth(const struct diff_model *, enum field, int64_t age_s);
/* Views only grow. Likes and comments may be taken back, shares and favourites
 * are treated as if they could. */
static inline bool counter_may_fall(enum field f)
{
    return f != FIELD_VIEWS;
}
#endif
