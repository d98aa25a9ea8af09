/* diff/growth.h: how far a counter of a post can have moved between two instants, by the
 * shipped table (diff/growth.def), and what the counters of one post say of one another.
 * Units: ages and gaps in days; limits are natural logarithms of growth factors, unscaled:
 *        what an audit taught (diff_model_lambda) is multiplied in by the caller.
 * Growth is (later + DAMP) / (earlier + DAMP) throughout: growth_factor. */
#ifndef DIFF_GROWTH_H
#define DIFF_GROWTH_H
#include <stdbool.h>
#include "record/counter.h"

/* Numbers of growth.def: GROWTH_DAMP and so on. */
enum growth_number {
#define GROWTH_NUMBER(name, value, what) GROWTH_##name,
#include "diff/growth.def"
#undef GROWTH_NUMBER
    GROWTH_NUMBERS
};
double growth_number(enum growth_number);

struct growth_table { const char *as_of, *source; };
const struct growth_table *growth_table(void);

/* What 10 %, 1 % and 0.1 % of posts exceed that are age_days old when the gap begins.
 * Never negative, and none decreases with the gap; 0 where the gap is 0. INFINITY for posts
 * below six hours. */
struct growth_limit { double l90, l99, l999; };
struct growth_limit growth_limit(double age_days, double gap_days);

/* What a printed number stands for: with step 100 76000 is anything from 75950 to 76049. */
struct bracket { int64_t low, high; };
struct bracket counter_bracket(int64_t value, int64_t step);

double growth_factor(double earlier, double later);

/* What is forgiven to a counter that falls: a share of it, and a count beside that. */
struct counter_fall { double share, count; };
struct counter_fall counter_fall(enum counter);

/* A witness denies that views grew by the factor where it grew too little itself: later and
 * earlier are its values, bounds that help the growth. False where it is too small to tell, or
 * is no witness (views). most: the factor up to which it would not have denied, may be NULL. */
bool counter_denies(enum counter witness, double factor, double earlier, double later,
                    double *most);
#endif
