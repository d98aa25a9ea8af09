/* record/counter.c: the counters by number and by field. */
#include "record/counter.h"

static const enum field fields[COUNTERS] = {
    [COUNTER_VIEWS] = FIELD_VIEWS,       [COUNTER_LIKES] = FIELD_LIKES,
    [COUNTER_COMMENTS] = FIELD_COMMENTS, [COUNTER_SHARES] = FIELD_SHARES,
    [COUNTER_FAVORITES] = FIELD_FAVORITES,
};

enum field counter_field(enum counter c)
{
    return fields[c];
}

enum counter counter_of(enum field f)
{
    int c = 0;

    while (c < COUNTERS && fields[c] != f)
        c++;
    return (enum counter)c;
}

void counters_of_record(const struct record *r, int64_t value[COUNTERS])
{
    for (int c = 0; c < COUNTERS; c++) {
        const struct value *v = &r->val[fields[c]];

        value[c] = v->kind == VAL_INT && v->i >= 0 ? v->i : COUNTER_ABSENT;
    }
}
