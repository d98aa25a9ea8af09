/* diff/model.h: what an audit's own pages teach of the rounding and the growth of counters:
 * filled in a first pass over the page readings, used in the second. The API's readings teach
 * nothing: it is the accused. Constant memory. NULL stands for a model that has learned
 * nothing. */
#ifndef DIFF_MODEL_H
#define DIFF_MODEL_H
#include "diff/snapshot.h"

struct diff_model;
struct diff_model *diff_model_new(void);
void diff_model_free(struct diff_model *);        // accepts NULL

/* The steps of rounding: every page reading. */
void diff_model_learn_steps(struct diff_model *, const struct counter_reading *);
/* The step of value: the smallest seen for that generation, counter and power of
 * ten; where fewer than five were seen, at most three significant digits. */
int64_t diff_model_step(const struct diff_model *, enum generation, enum counter, int64_t value);
/* A page reading with its steps. */
struct page_counters diff_model_page(const struct diff_model *, const struct counter_reading *);

/* Growth: two readings of one post's page, the second after the first. Posts younger than
 * three days, under 1,000 views, readings less than an hour apart, and views that surge
 * or fall as no witness bears out (glitches) teach nothing. After all steps were learned. */
void diff_model_learn_pair(struct diff_model *, int64_t created_at, const struct page_counters *,
                           const struct page_counters *);
void diff_model_blend(struct diff_model *);       // when all pairs were learned
/* What all logarithms of limits are multiplied by: 1 for the shipped table, up to 2 where the
 * audit's posts grow faster, down to 0.5 where pairs five days apart and more grow slower.
 * 1 before diff_model_blend. */
double diff_model_lambda(const struct diff_model *);
/* How many pairs it rests on: all, which can widen; those days apart, which can tighten. */
struct diff_pairs { int64_t all, apart; };
struct diff_pairs diff_model_pairs(const struct diff_model *);
#endif
