/* record/ending.c: endings that rounding leaves, and how often chance gives them. */
#include "record/ending.h"
#include "base/stat.h"

#define SPOILED_BELOW 1e-9
#define DOUBLE_STEP 1024
#define DOUBLE_FROM (UINT64_C(1) << 62)    // smaller ones have a finer step

static const struct {
    unsigned ending;
    double chance;
    const char *form, *cause;
} kinds[] = {
    // the narrower first
    { ENDING_0000, 1e-4, "end in 0000", "a spreadsheet, which keeps 15 digits, rounds ids so" },
    { ENDING_000, 1e-3, "end in 000", "JSON.parse of JavaScript rounds ids so" },
    { ENDING_DOUBLE, 1.0 / DOUBLE_STEP, "are multiples of 1024",
      "a column of doubles, as pandas and R make where an id is absent, rounds ids so" },
};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

unsigned ending_of(uint64_t id)
{
    unsigned e = id >= DOUBLE_FROM && id % DOUBLE_STEP == 0 ? ENDING_DOUBLE : 0;

    if (id % 1000)
        return e;
    return e | ENDING_000 | (id % 10000 ? 0 : ENDING_0000);
}

void endings_add(struct endings *e, uint64_t id)
{
    e->ids++;
    e->by[ending_of(id)]++;
}

int64_t endings_count(const struct endings *e, unsigned endings)
{
    int64_t n = 0;

    for (unsigned m = 0; m < ENDINGS; m++)
        n += m & endings ? e->by[m] : 0;
    return n;
}

unsigned endings_spoiled(const struct endings *e)
{
    unsigned spoiled = 0;

    for (int i = 0; i < KINDS; i++) {
        int64_t n = endings_count(e, kinds[i].ending);

        if (n > 1 && stat_binomial_tail(n, e->ids, kinds[i].chance) < SPOILED_BELOW)
            spoiled |= kinds[i].ending;
    }
    return spoiled;
}

/* What ends in 0000 ends in 000, and a tenth of what ends in 000 in 0000: one cause is told. */
static bool told_by_other(const struct endings *e, unsigned spoiled, unsigned ending)
{
    bool narrow = 2 * endings_count(e, ENDING_0000) > endings_count(e, ENDING_000);

    if (!(spoiled & ENDING_0000) || !(spoiled & ENDING_000))
        return false;
    return ending == (narrow ? ENDING_000 : ENDING_0000);
}

void endings_sentence(const struct endings *e, unsigned spoiled, struct buf *out)
{
    const char *sep = "";

    for (int i = 0; i < KINDS; i++) {
        if (!(spoiled & kinds[i].ending) || told_by_other(e, spoiled, kinds[i].ending))
            continue;
        buf_printf(out, "%s%lld of " COUNTED " %s, where chance gives %.2g: %s", sep,
                   (long long)endings_count(e, kinds[i].ending), COUNT_OF(e->ids, "id", "ids"),
                   kinds[i].form, (double)e->ids * kinds[i].chance, kinds[i].cause);
        sep = "; ";
    }
}
