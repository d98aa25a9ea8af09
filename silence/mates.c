/* silence/mates.c: a hash table of sets of items. */
#include <stdlib.h>
#include "base/digest.h"
#include "silence/mates.h"

static void put(struct mate_sets *m, struct mate_set set)
{
    size_t at = set.hash % m->slots;

    while (m->of[at].request)
        at = (at + 1) % m->slots;
    m->of[at] = set;
}

static void grow(struct mate_sets *m)
{
    struct mate_sets more = { .slots = m->slots ? 2 * m->slots : 1024, .n = m->n };

    more.of = xcalloc(more.slots, sizeof *more.of);
    for (size_t i = 0; i < m->slots; i++)
        if (m->of[i].request)
            put(&more, m->of[i]);
    free(m->of);
    *m = more;
}

/* NULL where there is no such set. */
static const struct mate_set *find(const struct mate_sets *m, uint64_t hash)
{
    for (size_t at = hash % m->slots; m->of[at].request; at = (at + 1) % m->slots)
        if (m->of[at].hash == hash)
            return &m->of[at];
    return NULL;
}

bool mate_sets_note(struct mate_sets *m, const struct judged *b)
{
    struct mate_set set = { .request = b->row[0].request };
    const struct mate_set *before;

    for (size_t i = 0; i < b->n; i++)
        set.hash += mix64((uint64_t)b->row[i].item);
    if (2 * (m->n + 1) > m->slots)
        grow(m);
    if ((before = find(m, set.hash)))
        return before->request != set.request;
    put(m, set);
    m->n++;
    return false;
}

bool mate_sets_hold(const struct mate_sets *m, const int64_t *item, size_t n)
{
    uint64_t hash = 0;

    for (size_t i = 0; i < n; i++)
        hash += mix64((uint64_t)item[i]);
    return m->slots && n > 1 && find(m, hash);
}

void mate_sets_release(struct mate_sets *m)
{
    free(m->of);
    *m = (struct mate_sets){0};
}
