/* silence/window_days.c: a table that is hashed by the key, half empty at least. */
#include "silence/window_days.h"
#include <stdlib.h>
#include "base/digest.h"
#include "silence/known.h"

#define WINDOW_DAYS_ALIKE 30

uint64_t window_day_key(int64_t start_day, int64_t end_day, int64_t day)
{
    uint64_t window = (uint64_t)((start_day + end_day) / 2 / WINDOW_DAYS_ALIKE);

    return mix64(window * DAY_MAX + (uint64_t)day);
}

/* Its slot, or the empty one where it would go. */
static struct window_slot *find(const struct window_days *w, uint64_t key)
{
    size_t at;

    for (at = key % w->slots; w->of[at].key && w->of[at].key != key; at = (at + 1) % w->slots)
        ;
    return &w->of[at];
}

struct window_day *window_day_get(struct window_days *w, uint64_t key)
{
    struct window_slot *found;

    if (2 * (w->n + 1) > w->slots) {
        struct window_days bigger = *w;

        bigger.slots = w->slots ? 2 * w->slots : 256;
        bigger.of = xcalloc(bigger.slots, sizeof *bigger.of);
        for (size_t i = 0; i < w->slots; i++)
            if (w->of[i].key)
                *find(&bigger, w->of[i].key) = w->of[i];
        free(w->of);
        *w = bigger;
    }
    found = find(w, key);
    w->n += !found->key;
    found->key = key;
    return &found->of;
}

const struct window_day *window_day_lossy(const struct window_days *w, uint64_t key)
{
    const struct window_slot *found = w->lost ? find(w, key) : NULL;

    return found && found->key ? &found->of : NULL;
}

const struct window_day *window_day_next(const struct window_days *w, size_t *at)
{
    while (*at < w->slots && !w->of[*at].key)
        (*at)++;
    return *at < w->slots ? &w->of[(*at)++].of : NULL;
}

void window_days_release(struct window_days *w)
{
    free(w->of);
}
