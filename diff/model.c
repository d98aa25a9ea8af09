/* diff/model.c: steps of rounding and quantiles of growth, learned in place.
 * Pages rounded counters from 10,000 on to four significant digits in August
 * 2026, to three elsewhere, and lists otherwise again; so nothing of that is
 * written down here: the smallest step that a power of ten showed is the step. */
#include "diff/model.h"
#include <math.h>
#include <stdlib.h>
#include "base/err.h"
#include "base/utc.h"

#define COUNTERS 5
#define POWERS 19                     // of ten, in int64_t
#define STEP_MIN_SEEN 5               // fewer values say too little about a step
#define AGES 8
#define BINS 160                      // of daily growth, 20 to a power of ten
#define GROWTH_LEAST 1e-6             // lower edge of the first bin
#define GROWTH_MIN_PAIRS 100          // a 99 % quantile of fewer is their largest

struct step { uint32_t seen; uint32_t zeros; };            // fewest trailing zeros
struct growth { uint64_t pairs; uint32_t bin[BINS]; };
struct diff_model {
    struct step step[GENERATION_COUNT][COUNTERS][POWERS];
    struct growth growth[COUNTERS][AGES];
};

static int counter_of(enum field f)
{
    switch (f) {
    case FIELD_VIEWS:     return 0;
    case FIELD_LIKES:     return 1;
    case FIELD_COMMENTS:  return 2;
    case FIELD_SHARES:    return 3;
    case FIELD_FAVORITES: return 4;
    default:              return -1;
    }
}

static enum field field_of(int counter)
{
    static const enum field fields[COUNTERS] = { FIELD_VIEWS, FIELD_LIKES, FIELD_COMMENTS,
                                                 FIELD_SHARES, FIELD_FAVORITES };

    return fields[counter];
}

struct diff_model *diff_model_new(void)
{
    return xcalloc(1, sizeof(struct diff_model));
}

void diff_model_free(struct diff_model *m)
{
    free(m);
}

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

static void learn(struct diff_model *m, enum generation g, enum field f, int64_t value)
{
    int counter = counter_of(f);
    struct step *s;
    uint32_t zeros = 0;

    if (counter < 0 || value <= 0 || (unsigned)g >= GENERATION_COUNT)
        return;
    s = &m->step[g][counter][power_of(value)];
    for (int64_t v = value; v % 10 == 0; v /= 10)
        zeros++;
    if (s->seen == 0 || zeros < s->zeros)
        s->zeros = zeros;
    if (s->seen < UINT32_MAX)
        s->seen++;
}

void diff_model_learn_page(struct diff_model *m, enum generation g, const struct record *page)
{
    for (int i = 0; i < COUNTERS; i++) {
        const struct value *v = &page->val[field_of(i)];

        if (v->kind == VAL_INT)
            learn(m, g, field_of(i), v->i);
    }
}

int64_t diff_model_step(const struct diff_model *m, enum generation g, enum field f, int64_t value)
{
    int counter = counter_of(f), power;
    uint32_t zeros;

    if (counter < 0 || value <= 0 || (unsigned)g >= GENERATION_COUNT)
        return 1;
    power = power_of(value);
    zeros = power > 2 ? (uint32_t)power - 2 : 0;
    if (m) {
        const struct step *s = &m->step[g][counter][power];

        if (s->seen >= STEP_MIN_SEEN || (s->seen > 0 && s->zeros < zeros))
            zeros = s->zeros;
    }
    // A value that is finer than the step shows that the step is not its own.
    while (zeros > 0 && value % ten_to(zeros) != 0)
        zeros--;
    return ten_to(zeros);
}

static int age_class(int64_t age_s)
{
    static const int64_t below_days[AGES - 1] = { 1, 3, 7, 14, 30, 90, 365 };
    int i = 0;

    while (i < AGES - 1 && age_s >= below_days[i] * UTC_DAY_S)
        i++;
    return i;
}

static int bin_of(double daily)
{
    int bin;

    if (!(daily > GROWTH_LEAST))
        return 0;
    bin = 1 + (int)(20 * log10(daily / GROWTH_LEAST));
    return bin < BINS ? bin : BINS - 1;
}

void diff_model_learn_growth(struct diff_model *m, enum field f, int64_t created_at,
                             int64_t at1, int64_t value1, int64_t at2, int64_t value2)
{
    int counter = counter_of(f);
    struct growth *g;
    double daily;

    if (counter < 0 || created_at == 0 || at2 - at1 < 3600 || value1 < 0 || value2 < 0)
        return;
    daily = log(((double)value2 + GROWTH_DAMP) / ((double)value1 + GROWTH_DAMP)) /
            ((double)(at2 - at1) / UTC_DAY_S);
    g = &m->growth[counter][age_class(at1 - created_at)];
    g->bin[bin_of(counter_may_fall(f) ? fabs(daily) : daily)]++;
    g->pairs++;
}

double diff_model_growth(const struct diff_model *m, enum field f, int64_t age_s)
{
    int counter = counter_of(f);

    if (!m || counter < 0)
        return -1;
    // Younger posts grow faster: their quantile may stand in, an older one's not.
    for (int age = age_class(age_s); age >= 0; age--) {
        const struct growth *g = &m->growth[counter][age];
        uint64_t rank = (uint64_t)ceil(0.99 * (double)g->pairs), sum = 0;

        if (g->pairs < GROWTH_MIN_PAIRS)
            continue;
        for (int bin = 0; bin < BINS; bin++) {
            sum += g->bin[bin];
            if (sum >= rank)
                return GROWTH_LEAST * pow(10, bin / 20.0);     // the bin's upper edge
        }
    }
    return -1;
}
