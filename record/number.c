/* record/number.c: see number.h. */
#include "record/number.h"
#include <math.h>
#include "base/err.h"

static const char *const criteria[CRITERION_COUNT] = {
#define X(id, name) [CRITERION_##id] = name,
    CRITERIA(X)
#undef X
};
static const char *const bounds_names[BOUNDS_COUNT] = {
#define X(id, name) [BOUNDS_##id] = name,
    NUMBER_BOUNDS(X)
#undef X
};
static const struct { const char *name; int decimals; } units[UNIT_COUNT] = {
#define X(id, name, decimals) [UNIT_##id] = { name, decimals },
    NUMBER_UNITS(X)
#undef X
};

const char *criterion_name(enum criterion c)
{
    return criteria[c];
}

enum criterion criterion_of(struct str name)
{
    int c = CRITERION_NONE + 1;

    while (c < CRITERION_COUNT && !str_eq(name, str_of(criteria[c])))
        c++;
    return (enum criterion)c;
}

const char *bounds_name(enum bounds b)
{
    return bounds_names[b];
}

const char *unit_name(enum number_unit u)
{
    return units[u].name;
}

const struct number *numbers_find(const struct numbers *all, struct str name)
{
    const struct number *n = all->first;

    while (n && !str_eq(n->name, name))
        n = n->next;
    return n;
}

void number_put(struct numbers *all, struct arena *mem, const struct number *number)
{
    struct number *n;

    if (numbers_find(all, number->name))
        die("the number %.*s was made twice", (int)number->name.n, number->name.p);
    n = arena_alloc(mem, sizeof *n);
    *n = *number;
    n->next = NULL;
    if (all->last)
        all->last->next = n;
    else
        all->first = n;
    all->last = n;
    n->name = arena_dup(mem, number->name);
    n->is = arena_dup(mem, number->is);
    n->ids = arena_dup(mem, number->ids);
    if (!n->has)
        n->value = 0;
    if (!n->has || n->bounds == BOUNDS_NONE)
        n->low = n->high = n->value;
}

void numbers_set_ids(struct numbers *all, struct str name, struct str ids)
{
    struct number *n = all->first;

    while (n && !str_eq(n->name, name))
        n = n->next;
    if (!n)
        die("there is no number %.*s", (int)name.n, name.p);
    n->ids = ids;
}

bool number_has_range(const struct number *n)
{
    const double least = 0.5 * pow(10, -units[n->unit].decimals);

    return n->has && (n->value - n->low >= least || n->high - n->value >= least);
}

void number_set_share(struct number *number, int64_t n, int64_t of)
{
    number->unit = UNIT_SHARE;
    number->n = n;
    number->of = of;
    number->has = of > 0;
    number->value = number->low = number->high = of > 0 ? (double)n / (double)of : 0;
    number->bounds = BOUNDS_NONE;
}

void number_set_bounds(struct number *number, enum bounds bounds, struct stat_interval i)
{
    number->bounds = bounds;
    number->low = i.low;
    number->high = i.high;
}
