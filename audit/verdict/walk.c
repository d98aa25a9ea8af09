/* audit/verdict/walk.c: two cursors of the store, both by id, side by side. */
#include "audit/verdict/walk.h"
#include <stdlib.h>
#include <string.h>

/* Of a series of years each item has hundreds of readings. */
#define ABOUT_ITEMS 256
#define ABOUT_ITEMS_FAR 4096    // of a server, to which each part is a way and back
#define ABOUT_PAST 16384        // readings of a part, about

int item_walk_open(struct audit *audit, struct item_walk *w, struct err *err)
{
    memset(w, 0, sizeof *w);
    w->store = audit->store;
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

/* How many next: as many as have about ABOUT_PAST readings, if those are like the last ones. */
static size_t about_items(const struct item_walk *w)
{
    const size_t most = store_is_far(w->store) ? ABOUT_ITEMS_FAR : ABOUT_ITEMS;
    const size_t n = w->abouts * ABOUT_PAST / (about_pasts(w->about) + 1);

    return n > most ? most : n < ABOUT_ITEMS ? ABOUT_ITEMS : n;
}

/* Of the items from place `from` on of those that the cursor holds; *out NULL: there is none. */
static int ask_about(struct item_walk *w, size_t from, struct about **out, size_t *len,
                     struct err *err)
{
    const size_t most = w->about_chunk ? w->about_chunk : ABOUT_ITEMS;
    size_t n;
    const struct item_row *row = item_cursor_ahead(w->items, &n);
    int64_t *item;
    int rc;

    *out = NULL;
    *len = 0;
    if (from >= n)
        return 0;
    n = n - from < most ? n - from : most;
    item = xmalloc(n * sizeof *item);
    for (size_t i = 0; i < n; i++)
        item[i] = row[from + i].n;
    rc = store_about_ask(w->store, item, n, out, err);
    free(item);
    *len = n;
    return rc;
}

/* A server works on the next ones while these are told. */
static int ask_next(struct item_walk *w, struct err *err)
{
    return store_is_far(w->store) ? ask_about(w, w->abouts, &w->next, &w->nexts, err) : 0;
}

int item_walk_about(struct item_walk *w, const struct about_item **out, struct err *err)
{
    if ((*out = about_item(w->about, w->row.n)))
        return 0;
    about_free(w->about);
    w->about = w->next;
    w->abouts = w->nexts;
    w->next = NULL;
    if (!about_item(w->about, w->row.n)) {
        about_free(w->about);
        if (ask_about(w, 0, &w->about, &w->abouts, err))
            return -1;
    }
    if (store_about_take(w->about, err))
        return -1;
    w->about_chunk = about_items(w);
    if (ask_next(w, err))
        return -1;
    *out = about_item(w->about, w->row.n);
    return 0;
}

void item_walk_close(struct item_walk *w)
{
    item_cursor_close(w->items);
    pair_cursor_close(w->pairs);
    item_places_release(&w->at);
    about_free(w->about);
    about_free(w->next);
    places_close(&w->places);
}
