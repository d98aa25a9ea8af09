/* diff/model.c: steps of rounding and quantiles of growth, learned in place.
 * Pages rounded counters from 10,000 on to four significant digits in August
 * 2026, to three elsewhere, and lists otherwise again; so nothing of that is
 * written down here: the smallest step that a power of ten showed is the step.
 * Of growth the table is written down (growth.def), and an audit's pairs of readings bend
 * it: a pair is measured at its own gap, z times the 1 % limit of that gap and age. */
#include "diff/model.h"
#include <math.h>
#include <stdlib.h>
#include "base/err.h"
#include "base/utc.h"
#include "record/counter.h"

#define POWERS 19                     // of ten, in int64_t
#define STEP_MIN_SEEN 5               // fewer values say too little about a step
#define BINS 160                      // of z, 80 to one; what is above 2 is in none

struct step { uint32_t seen; uint32_t zeros; };            // fewest trailing zeros
struct blend { int64_t pairs; int64_t bin[BINS]; };        // z up to (bin + 1) / 80
struct diff_model {
    struct step step[GENERATION_COUNT][COUNTERS][POWERS];
    struct blend all, apart;          // every pair; those days apart
    double lambda;
};

struct diff_model *diff_model_new(void)
{
    struct diff_model *m = xcalloc(1, sizeof *m);

    m->lambda = 1;
    return m;
}

void diff_model_free(struct diff_model *m)
{
    free(m);
}

/* ---- steps ---- */

static int power_of(int64_t value)
{
    int power = 0;

    for (; value >= 10; value /= 10)
        power++;
    return power;
}

static int64_t ten_to(uint32_t n)
{
    int64_t x = 1;

    while (n-- > 0)
        x *= 10;
    return x;
}

static void learn(struct step *s, int64_t value)
{
    uint32_t zeros = 0;

    for (int64_t v = value; v % 10 == 0; v /= 10)
        zeros++;
    if (s->seen == 0 || zeros < s->zeros)
        s->zeros = zeros;
    if (s->seen < UINT32_MAX)
        s->seen++;
}

void diff_model_learn_steps(struct diff_model *m, const struct counter_reading *page)
{
    if ((unsigned)page->generation >= GENERATION_COUNT)
        return;
    for (int c = 0; c < COUNTERS; c++)
        if (page->value[c] > 0)
            learn(&m->step[page->generation][c][power_of(page->value[c])], page->value[c]);
}

int64_t diff_model_step(const struct diff_model *m, enum generation g, enum counter c,
                        int64_t value)
{
    int power;
    uint32_t zeros;

    if ((unsigned)c >= COUNTERS || value <= 0 || (unsigned)g >= GENERATION_COUNT)
        return 1;
    power = power_of(value);
    zeros = power > 2 ? (uint32_t)power - 2 : 0;
    if (m) {
        const struct step *s = &m->step[g][c][power];

        if (s->seen >= STEP_MIN_SEEN || (s->seen > 0 && s->zeros < zeros))
            zeros = s->zeros;
    }
    // A value that is finer than the step shows that the step is not its own.
    while (zeros > 0 && value % ten_to(zeros) != 0)
        zeros--;
    return ten_to(zeros);
}

struct page_counters diff_model_page(const struct diff_model *m, const struct counter_reading *r)
{
    struct page_counters page = { .at = r->at };

    for (int c = 0; c < COUNTERS; c++) {
        page.value[c] = r->value[c];
        page.step[c] = diff_model_step(m, r->generation, (enum counter)c, r->value[c]);
    }
    return page;
}

/* ---- growth ---- */

static struct bracket bracket_of(const struct page_counters *p, enum counter c)
{
    return counter_bracket(p->value[c], p->step[c]);
}

/* Views that grew as one post in a hundred does, and another counter that says they did not;
 * or that fell as views do not. */
static bool is_glitch(const struct page_counters *from, const struct page_counters *to,
                      double l99)
{
    const struct counter_fall fall = counter_fall(COUNTER_VIEWS);
    struct bracket a = bracket_of(from, COUNTER_VIEWS), b = bracket_of(to, COUNTER_VIEWS);
    double factor = growth_factor((double)a.high, (double)b.low);

    if ((double)a.low * (1 - fall.share) > (double)b.high + fall.count)
        return true;
    if (log(factor) <= l99)
        return false;
    for (int c = COUNTER_VIEWS + 1; c < COUNTERS; c++)
        if (from->value[c] != COUNTER_ABSENT && to->value[c] != COUNTER_ABSENT &&
            counter_denies((enum counter)c, factor, (double)bracket_of(from, (enum counter)c).low,
                           (double)bracket_of(to, (enum counter)c).high, NULL))
            return true;
    return false;
}

static void count(struct blend *b, double z)
{
    double bin = ceil(z * BINS / growth_number(GROWTH_LAMBDA_MOST));

    b->pairs++;
    if (bin <= BINS)
        b->bin[bin < 1 ? 0 : (int)bin - 1]++;
}

/* A rounded number grows in jumps: what the two brackets prove is counted where it can widen
 * the limits, and what they leave possible where it can tighten them. */
void diff_model_learn_pair(struct diff_model *m, int64_t created_at,
                           const struct page_counters *from, const struct page_counters *to)
{
    const double age = (double)(from->at - created_at) / UTC_DAY_S,
                 gap = (double)(to->at - from->at) / UTC_DAY_S;
    struct bracket a, b;
    double l99;

    if (from->value[COUNTER_VIEWS] == COUNTER_ABSENT ||
        to->value[COUNTER_VIEWS] == COUNTER_ABSENT ||
        from->at == 0 || gap < growth_number(GROWTH_LEARN_GAP_DAYS) ||
        age < growth_number(GROWTH_LEARN_AGE_DAYS) ||
        (double)to->value[COUNTER_VIEWS] < growth_number(GROWTH_LEARN_VIEWS))
        return;
    l99 = growth_limit(age, gap).l99;
    if (is_glitch(from, to, l99))
        return;
    a = bracket_of(from, COUNTER_VIEWS);
    b = bracket_of(to, COUNTER_VIEWS);
    count(&m->all, log(growth_factor((double)a.high, (double)b.low)) / l99);
    if (gap >= growth_number(GROWTH_LONG_GAP_DAYS))
        count(&m->apart, log(growth_factor((double)a.low, (double)b.high)) / l99);
}

/* The least l between the bounds with no more pairs above it than one in a hundred, the
 * table's own pairs counted in. */
static double least_lambda(const struct blend *b)
{
    const double least = growth_number(GROWTH_LAMBDA_LEAST),
                 most = growth_number(GROWTH_LAMBDA_MOST);
    int64_t above = b->pairs;

    for (int i = 0; i < BINS; i++) {
        double l = most * (i + 1) / BINS;

        above -= b->bin[i];
        if (l >= least &&
            (double)above + growth_number(GROWTH_PRIOR_ABOVE) *
                                pow(l, -growth_number(GROWTH_PRIOR_TAIL)) <=
                0.01 * ((double)b->pairs + growth_number(GROWTH_PRIOR_PAIRS)))
            return l;
    }
    return most;
}

/* Any pair may widen. A day's growth says little of that of ten days, so only pairs that are days
 * apart tighten. */
void diff_model_blend(struct diff_model *m)
{
    m->lambda = least_lambda(&m->all);
    if (m->lambda <= 1)
        m->lambda = fmin(1, least_lambda(&m->apart));
}

double diff_model_lambda(const struct diff_model *m)
{
    return m ? m->lambda : 1;
}

struct diff_pairs diff_model_pairs(const struct diff_model *m)
{
    return m ? (struct diff_pairs){ m->all.pairs, m->apart.pairs } : (struct diff_pairs){ 0, 0 };
}
