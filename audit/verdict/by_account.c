/* audit/verdict/by_account.c: sums by account. */
#include "audit/verdict/by_account.h"
#include <stdlib.h>
#include <string.h>
#include "base/array.h"
#include "base/err.h"

#define CONFIDENCE 0.95

/* The place of the item's account, plus 1; 0 where it has none yet, and *slot is where it
 * is to be noted, NULL for an item of no account. */
static uint32_t place_of(const struct account_graph *graph, int64_t item, uint32_t **place,
                         size_t *places, uint32_t **slot)
{
    int64_t account = graph ? account_of(graph, item) : 0;

    *slot = NULL;
    if (!account)
        return 0;
    if ((size_t)account >= *places) {
        size_t more = (size_t)account + (size_t)account / 2 + 16;

        *place = xrealloc(*place, more * sizeof **place);
        memset(*place + *places, 0, (more - *places) * sizeof **place);
        *places = more;
    }
    *slot = &(*place)[account];
    return **slot;
}

static struct account_part *part_of(struct by_account *a, int64_t item)
{
    uint32_t *slot, at = place_of(a->graph, item, &a->place, &a->places, &slot);

    if (!at) {
        ARRAY_ROOM(a->v, a->len, a->cap);
        a->v[a->len++] = (struct account_part){ 0 };
        at = (uint32_t)a->len;
        if (slot)
            *slot = at;
    }
    return &a->v[at - 1];
}

void by_account_add(struct by_account *a, int64_t item, int64_t k, int64_t n)
{
    struct account_part *part = part_of(a, item);

    part->k[0] += (uint32_t)k;
    part->n += (uint32_t)n;
    a->k[0] += k;
    a->n += n;
}

void by_account_add_one(struct by_account *a, int64_t item, unsigned kinds)
{
    struct account_part *part = part_of(a, item);

    part->n++;
    a->n++;
    for (int kind = 0; kind < BY_ACCOUNT_KINDS; kind++) {
        part->k[kind] += kinds >> kind & 1;
        a->k[kind] += kinds >> kind & 1;
    }
}

struct stat_interval by_account_interval(const struct by_account *a, int kind, double confidence)
{
    struct stat_sums sums = { 0 };

    for (size_t i = 0; i < a->len; i++)
        stat_sums_add(&sums, a->v[i].k[kind], a->v[i].n);
    return stat_sums_share(&sums, confidence);
}

void by_account_share(const struct by_account *a, int kind, struct number *n)
{
    number_set_share(n, a->k[kind], a->n);
    if (a->n)
        number_set_bounds(n, BOUNDS_SAMPLE, by_account_interval(a, kind, CONFIDENCE));
}

void by_account_release(struct by_account *a)
{
    free(a->v);
    free(a->place);
    *a = (struct by_account){ 0 };
}

void two_groups_add(struct two_groups *t, int64_t item, int group, double value)
{
    uint32_t *slot, at = place_of(t->graph, item, &t->place, &t->places, &slot);
    struct stat_moments *m;

    if (!at) {
        ARRAY_ROOM(t->v, t->len, t->cap);
        t->v[t->len++] = (struct stat_two){ 0 };
        at = (uint32_t)t->len;
        if (slot)
            *slot = at;
    }
    m = &t->v[at - 1].of[group];
    m->n++;
    m->sum += value;
    m->squares += value * value;
    t->n[group]++;
}

struct stat_difference two_groups_difference(const struct two_groups *t, double confidence)
{
    return stat_standardised(t->v, t->len, confidence);
}

void two_groups_release(struct two_groups *t)
{
    free(t->v);
    free(t->place);
    *t = (struct two_groups){ 0 };
}
