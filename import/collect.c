/* import/collect.c: links counted, items sorted and handed on in chunks.
 * A chunk is radix-sorted: a list of a million links in random order spends
 * less time here than in the database (tests/bench/bench_add.c). The chunks of
 * a longer list are merged at its end. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/array.h"
#include "import/collect.h"
#include "import/urls.h"

void collector_init(struct collector *in, const struct import_opts *opts,
                    const struct import_sink *sink)
{
    *in = (struct collector){ .opts = opts, .sink = sink };
}
void collector_release(struct collector *in)
{
    free(in->item);
    free(in->spare);
    in->item = in->spare = NULL;
    runs_release(&in->runs);
}

/* ---- the chunk ---- */
static int compare_items(const void *a, const void *b)
{
    const struct new_item *x = a, *y = b;

    if (x->id != y->id)
        return x->id < y->id ? -1 : 1;
    return memcmp(y->handle, x->handle, sizeof x->handle);     // a handle before none
}
/* One pass of a radix sort by byte `shift` of the id; stable. false where all
 * items share that byte and nothing moved. */
static bool radix_pass(const struct new_item *from, struct new_item *to, size_t len, int shift)
{
    size_t at[256] = { 0 }, sum = 0;

    for (size_t i = 0; i < len; i++)
        at[from[i].id >> shift & 255]++;
    if (at[from[0].id >> shift & 255] == len)
        return false;
    for (size_t b = 0; b < 256; b++) {
        size_t n = at[b];

        at[b] = sum;
        sum += n;
    }
    for (size_t i = 0; i < len; i++)
        to[at[from[i].id >> shift & 255]++] = from[i];
    return true;
}
/* As much room beside the chunk as it has itself: the two change places. */
static void room_beside(struct collector *in)
{
    in->spare = xrealloc(in->spare, in->room * sizeof in->spare[0]);
}
static void sort_chunk(struct collector *in)
{
    bool sorted = true;

    for (size_t i = 1; i < in->len && sorted; i++)
        sorted = in->item[i - 1].id < in->item[i].id;
    if (sorted)
        return;
    if (in->len < 4096) {
        qsort(in->item, in->len, sizeof in->item[0], compare_items);
        return;
    }
    room_beside(in);
    for (int shift = 0; shift < 64; shift += 8)
        if (radix_pass(in->item, in->spare, in->len, shift)) {
            struct new_item *was = in->item;

            in->item = in->spare;
            in->spare = was;
        }
}
/* Keeps one item of each id: the first that has a handle, else the first. */
static void drop_repeats(struct collector *in)
{
    size_t kept = 0;

    for (size_t i = 0; i < in->len; i++) {
        if (kept && in->item[kept - 1].id == in->item[i].id) {
            if (!in->item[kept - 1].handle[0])
                in->item[kept - 1] = in->item[i];
            continue;
        }
        in->item[kept++] = in->item[i];
    }
    in->len = kept;
}
/* The chunk is full, and more may come. */
static int put_aside(struct collector *in, struct err *err)
{
    size_t len;

    sort_chunk(in);
    drop_repeats(in);
    len = in->len;
    in->len = 0;
    return runs_add(&in->runs, in->item, len, err);
}
int collect_end(struct collector *in, struct err *err)
{
    size_t len;

    if (in->runs.n) {
        if (in->len && put_aside(in, err))
            return -1;
        room_beside(in);
        return runs_merge(&in->runs, in->spare, COLLECT_CHUNK, in->item, COLLECT_CHUNK, in->sink,
                          &in->count.items, err);
    }
    if (!in->len)
        return 0;
    sort_chunk(in);
    drop_repeats(in);
    len = in->len;
    in->len = 0;
    in->count.items += (int64_t)len;
    return in->sink->items(in->sink->to, in->item, len, err);
}

/* ---- links ---- */
void collect_skip(struct collector *in, enum import_skip why)
{
    in->count.skipped[why]++;
    in->count.links += import_skip_is_link(why);
}
void collect_note(struct collector *in, const char *fmt, ...)
{
    char text[512];
    va_list ap;

    if (!in->sink->note)
        return;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    in->sink->note(in->sink->to, text);
}
static int take(struct collector *in, const struct link *l, struct err *err)
{
    switch (l->what) {
    case LINK_SKIPPED:
        collect_skip(in, l->skip);
        return 0;
    case LINK_SHORT:
        in->count.links++;
        in->count.short_links++;
        return in->sink->link(in->sink->to, str_of(l->url), err);
    case LINK_ITEM:
        break;
    }
    ARRAY_ROOM(in->item, in->len, in->room);
    in->count.links++;
    in->count.taken++;
    in->count.odd += l->odd;
    in->item[in->len++] = l->item;
    return in->len == COLLECT_CHUNK ? put_aside(in, err) : 0;
}
int collect_text(struct collector *in, struct str text, int64_t *found, struct err *err)
{
    struct link l;
    int64_t n = 0;

    while (link_next(&text, in->opts->now, &l)) {
        n++;
        if (take(in, &l, err))
            return -1;
    }
    if (found)
        *found = n;
    return 0;
}
int collect_value(struct collector *in, struct str value, struct err *err)
{
    int64_t found = 0;

    if (collect_text(in, value, &found, err))
        return -1;
    if (!found)
        collect_skip(in, link_is_placeholder(value)   ? SKIP_PLACEHOLDER
                        : link_is_spoiled_id(value) ? SKIP_BAD_ID
                                                    : SKIP_NO_LINK);
    return 0;
}
