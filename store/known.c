/* store/known.c: see known.h. */
#include "store/known.h"
#include <stdlib.h>

#include "base/array.h"
#include "base/digest.h"
#include "base/utc.h"
#include "store/inner.h"

/* Rows, of half a KB: two parts of a list, and posts that were looked at beside it. */
#define KNOWN_MOST ((size_t)2 * STORE_CHUNK_FAR + 512)
#define SLOTS (2 * KNOWN_MOST)

/* When it was blocked alone: UTC days. */
struct alone_days {
    int64_t read;                 // the last one on which it was read before its row was kept
    int64_t by[WITNESS_COUNT];    // the last one since, 0: none
};

struct known_items {
    struct item_row *row;
    struct alone_days *alone;    // of each row
    size_t n, cap, alone_cap;
    uint32_t *slot;    // where an item's row stands, plus one; 0: free. By mix64
    struct arena mem;    // texts of the rows
};

static size_t slot_of(const struct known_items *k, int64_t item)
{
    size_t i = (size_t)mix64((uint64_t)item) % SLOTS;

    while (k->slot[i] && k->row[k->slot[i] - 1].n != item)
        i = (i + 1) % SLOTS;
    return i;
}

/* NULL: it is not at hand. */
static const struct item_row *known_row(const struct store *s, int64_t item)
{
    const struct known_items *k = s->known;
    const size_t at = k ? k->slot[slot_of(k, item)] : 0;

    return at ? &k->row[at - 1] : NULL;
}

static void copy_row(struct item_row *to, const struct item_row *from, struct arena *mem)
{
    *to = *from;
    to->handle = arena_dup(mem, from->handle);
    to->message = arena_dup(mem, from->message);
    to->region = arena_dup(mem, from->region);
}

void known_begin(struct store *s, const int64_t *item, size_t n)
{
    size_t more = 0;

    for (size_t i = 0; i < n; i++)
        more += item[i] > 0 && !known_row(s, item[i]);
    if (s->known && s->known->n + more > KNOWN_MOST)
        known_forget(s);
    if (s->known)
        return;
    s->known = xcalloc(1, sizeof *s->known);
    s->known->slot = xcalloc(SLOTS, sizeof *s->known->slot);
}

static void keep(struct known_items *k, const struct item_row *row)
{
    const size_t slot = slot_of(k, row->n);

    if (!k->slot[slot]) {
        if (k->n == KNOWN_MOST)
            return;
        ARRAY_ROOM(k->row, k->n, k->cap);
        ARRAY_ROOM(k->alone, k->n, k->alone_cap);
        k->alone[k->n] = (struct alone_days){
            .read = utc_day(row->tried_at > row->oembed_at ? row->tried_at : row->oembed_at)
        };
        k->slot[slot] = (uint32_t)++k->n;
    }
    copy_row(&k->row[k->slot[slot] - 1], row, &k->mem);
}

/* 0 in place of those whose rows are kept. */
static int64_t *unknown_of(const struct store *s, const int64_t *item, size_t n)
{
    int64_t *out = xmalloc((n + 1) * sizeof *out);

    for (size_t i = 0; i < n; i++)
        out[i] = item[i] > 0 && known_row(s, item[i]) ? 0 : item[i];
    return out;
}

int known_rows(struct store *s, const int64_t *item, size_t n, struct item_row *out,
               struct arena *mem, struct err *err)
{
    const struct item_row *row;
    int64_t *unknown;
    int rc;

    if (!s->known)
        return store_items_raw(s, item, n, out, mem, err);
    unknown = unknown_of(s, item, n);
    rc = store_items_raw(s, unknown, n, out, mem, err);
    for (size_t i = 0; rc == 0 && i < n; i++)
        if (unknown[i] > 0 && out[i].n)
            keep(s->known, &out[i]);
        else if (item[i] > 0 && (row = known_row(s, item[i])))
            copy_row(&out[i], row, mem);
    free(unknown);
    return rc;
}

void known_put(struct store *s, const struct item_row *row, size_t n)
{
    for (size_t i = 0; s->known && i < n; i++)
        if (known_row(s, row[i].n))
            keep(s->known, &row[i]);
}

static struct alone_days *alone_days(const struct store *s, int64_t item)
{
    const struct item_row *row = known_row(s, item);

    return row ? &s->known->alone[row - s->known->row] : NULL;
}

bool known_alone(const struct store *s, const struct answer *a, bool *was)
{
    const struct alone_days *days = alone_days(s, a->item);
    const int64_t day = utc_day(a->at);

    *was = days && days->by[a->witness] == day;
    return days && day > days->read && day >= days->by[a->witness];
}

void known_note_alone(struct store *s, const struct answer *a)
{
    struct alone_days *days = alone_days(s, a->item);
    const int64_t day = utc_day(a->at);

    if (days && day > days->by[a->witness])
        days->by[a->witness] = day;
}

void known_forget(struct store *s)
{
    struct known_items *k = s->known;

    s->known = NULL;
    store_heads_forget(s);
    if (!k)
        return;
    arena_release(&k->mem);
    free(k->row);
    free(k->alone);
    free(k->slot);
    free(k);
}
