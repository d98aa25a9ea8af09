/* audit/verdict/walk.c: two cursors of the store, both by id, side by side. */
#include "audit/verdict/walk.h"
#include <string.h>

int item_walk_open(struct audit *audit, struct item_walk *w, struct err *err)
{
    memset(w, 0, sizeof *w);
    if (places_open(&w->places, audit, err) ||
        store_items(audit->store, ITEMS_ALL, 0, &w->items, err) ||
        store_pairs(audit->store, false, false, &w->pairs, err))
        return -1;
    w->pair_state = pair_cursor_next(w->pairs, &w->pair, err);
    return w->pair_state < 0 ? -1 : 0;
}

int item_walk_next(struct item_walk *w, struct err *err)
{
    int got = item_cursor_next(w->items, &w->row, err);

    if (got <= 0)
        return got;
    while (w->pair_state > 0 && w->pair.id < w->row.id)
        w->pair_state = pair_cursor_next(w->pairs, &w->pair, err);
    if (w->pair_state < 0)
        return -1;
    for (int s = 0; s < SIDE_COUNT; s++)
        w->rec[s] = w->pair_state > 0 && w->pair.id == w->row.id ? w->pair.rec[s] : NULL;
    places_of(&w->places, &w->row, &w->at);
    return 1;
}

void item_walk_close(struct item_walk *w)
{
    item_cursor_close(w->items);
    pair_cursor_close(w->pairs);
    item_places_release(&w->at);
    places_close(&w->places);
}
