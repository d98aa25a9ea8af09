/* diff/growth.c: the shipped table, read. */
#include "diff/growth.h"
#include <math.h>

static const double numbers[GROWTH_NUMBERS] = {
#define GROWTH_NUMBER(name, value, what) [GROWTH_##name] = value,
#include "diff/growth.def"
#undef GROWTH_NUMBER
};

static const struct growth_table table = {
#define GROWTH_TABLE(as_of, source) as_of, source
#include "diff/growth.def"
#undef GROWTH_TABLE
};

static struct age_row {
    double below;
    struct growth_limit day, ten;      // factors, then their logarithms (take_logs)
} ages[] = {
#define GROWTH(below, l90, l99, l999, t90, t99, t999) \
    { below, { l90, l99, l999 }, { t90, t99, t999 } },
#include "diff/growth.def"
#undef GROWTH
};
#define AGES (sizeof ages / sizeof *ages)

static const struct {
    struct counter_fall fall;
    double tie;
} counters[COUNTERS] = {
#define COUNTER(id, share, count, tie) [COUNTER_##id] = { { share, count }, tie },
#include "diff/growth.def"
#undef COUNTER
};

double growth_number(enum growth_number n)
{
    return numbers[n];
}

const struct growth_table *growth_table(void)
{
    return &table;
}

double growth_factor(double earlier, double later)
{
    return (later + numbers[GROWTH_DAMP]) / (earlier + numbers[GROWTH_DAMP]);
}

static struct growth_limit log_of(struct growth_limit factor)
{
    return (struct growth_limit){ log(factor.l90), log(factor.l99), log(factor.l999) };
}

/* Before main, so that whoever judges in threads finds the logarithms made. */
__attribute__((constructor)) static void take_logs(void)
{
    for (size_t i = 0; i < AGES; i++) {
        ages[i].day = log_of(ages[i].day);
        ages[i].ten = log_of(ages[i].ten);
    }
}

/* Between one day and ten, and beyond, the logarithm of the factor goes by that of the time;
 * within a day by the time's root, as what adds up by chance does. */
struct growth_limit growth_limit(double age_days, double gap_days)
{
    const struct age_row *row = ages;
    double day, ten;

    if (age_days < numbers[GROWTH_NEWBORN_DAYS])
        return (struct growth_limit){ INFINITY, INFINITY, INFINITY };
    while (row < ages + AGES - 1 && age_days >= row->below)
        row++;
    ten = gap_days > 1 ? log10(gap_days) : 0;
    day = gap_days < 1 ? sqrt(gap_days) : 1 - ten;
    return (struct growth_limit){ day * row->day.l90 + ten * row->ten.l90,
                                  day * row->day.l99 + ten * row->ten.l99,
                                  day * row->day.l999 + ten * row->ten.l999 };
}

struct bracket counter_bracket(int64_t value, int64_t step)
{
    int64_t half = step > 1 ? step / 2 : 0;

    if (half == 0)
        return (struct bracket){ value, value };
    return (struct bracket){ value > half ? value - half : 0,
                             value > INT64_MAX - half ? INT64_MAX : value + half - 1 };
}

struct counter_fall counter_fall(enum counter c)
{
    return counters[c].fall;
}

/* A witness's growth comes in whole steps: what chance adds (the 99 % limit of a count, and
 * one) is added to what it grew to. */
bool counter_denies(enum counter witness, double factor, double earlier, double later,
                    double *most)
{
    double tie = counters[witness].tie, allowed;

    if (tie <= 0 || fmax(earlier, later) < numbers[GROWTH_WITNESS_LEAST])
        return false;
    later = fmax(later, 0);
    allowed = growth_factor(fmax(earlier, 0), later + 2.33 * sqrt(later) + 1);
    allowed = pow(allowed, 1 / tie);
    if (most)
        *most = allowed;
    return allowed < factor;
}
