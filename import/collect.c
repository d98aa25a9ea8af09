/* import/collect.c: links counted, items sorted and handed on in chunks.
 * A chunk is radix-sorted: a list of a million links in random order spends
 * less time here than in the database (tests/bench/bench_add.c). The chunks of
 * a longer list are merged at its end. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/array.h"
#include "import/cell.h"
#include "import/collect.h"
#include "platform/tiktok.h"

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

/* ---- the end: which ids are spoiled, and all others handed on ---- */
static int count_endings(void *to, const struct new_item *items, size_t len, struct err *err)
{
    (void)err;
    for (size_t i = 0; i < len; i++)
        endings_add(to, items[i].id);
    return 0;
}
/* items lie in in->item, wherever they come from: the chunk, or the merge's room. */
static int hand_on(void *to, const struct new_item *items, size_t len, struct err *err)
{
    struct collector *in = to;
    size_t kept = len;

    if (in->spoiled) {
        kept = 0;
        for (size_t i = 0; i < len; i++)
            if (!(ending_of(items[i].id) & in->spoiled))
                in->item[kept++] = items[i];
    }
    in->count.items += (int64_t)kept;
    return kept ? in->sink->items(in->sink->to, in->item, kept, err) : 0;
}
/* All items, ascending, each id once; may be called again. */
static int each_item(struct collector *in,
                     int (*items)(void *, const struct new_item *, size_t, struct err *), void *to,
                     struct err *err)
{
    const struct import_sink sink = { .items = items, .to = to };
    int64_t n = 0;

    if (!in->runs.n)
        return in->len ? items(to, in->item, in->len, err) : 0;
    return runs_merge(&in->runs, in->spare, COLLECT_CHUNK, in->item, COLLECT_CHUNK, &sink, &n, err);
}
static void note_endings(struct collector *in, const struct endings *e, unsigned spoiled)
{
    struct buf text = { 0 };

    endings_sentence(e, spoiled, &text);
    collect_note(in,
                 "%s; they are skipped as spoiled_id: ask for the ids as text, or for the links",
                 buf_cstr(&text));
    buf_release(&text);
}
/* A repeat says nothing of chance, so each id counts once. Nothing was handed on yet. */
static int judge_endings(struct collector *in, struct err *err)
{
    struct endings e = in->aside;

    if (in->count.taken - in->taken_by[0] + in->aside.ids - in->aside.by[0] < 2)
        return 0;
    if (each_item(in, count_endings, &e, err))
        return -1;
    in->spoiled = endings_spoiled(&e);
    if (!in->spoiled)
        return 0;
    for (unsigned m = 0; m < ENDINGS; m++)
        if (m & in->spoiled) {
            in->count.taken -= in->taken_by[m];
            in->count.odd -= in->odd_by[m];
            in->count.links += in->aside.by[m];
            in->count.skipped[SKIP_SPOILED_ID] += in->taken_by[m] + in->aside.by[m];
        }
    note_endings(in, &e, in->spoiled);
    return 0;
}
int collect_end(struct collector *in, struct err *err)
{
    if (in->runs.n) {
        if (in->len && put_aside(in, err))
            return -1;
        room_beside(in);
    } else if (in->len) {
        sort_chunk(in);
        drop_repeats(in);
    }
    if (judge_endings(in, err))
        return -1;
    if (in->in_powers)
        collect_note(in,
                     COUNTED
                     " as a number of a spreadsheet is (7.63559E+18): the last digits are gone,"
                     " skipped as spoiled_id",
                     COUNT_OF(in->in_powers, "id is written", "ids are written"));
    return each_item(in, hand_on, in, err);
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
void collect_aside(struct collector *in, uint64_t id) { endings_add(&in->aside, id); }
void collect_spoiled(struct collector *in)
{
    in->in_powers++;
    collect_skip(in, SKIP_SPOILED_ID);
}
/* ---- creators ---- */
static int hand_on_seen(struct collector *in, const struct creator_seen *seen, struct err *err)
{
    in->count.taken++;
    return in->sink->seen(in->sink->to, seen, err);
}
static int link_seen(struct collector *in, const struct link *l, const struct creator_seen *more,
                     struct err *err)
{
    struct creator_seen seen = *more;

    if (l->what == LINK_SKIPPED && !link_is_profile(l)) {
        collect_skip(in, l->skip);
        return 0;
    }
    if (l->what == LINK_SHORT || !l->item.handle[0]) {
        collect_skip(in, SKIP_NO_HANDLE);
        return 0;
    }
    in->count.links++;
    memcpy(seen.handle, l->item.handle, sizeof seen.handle);
    if (l->what == LINK_ITEM)
        seen.post = l->item.id;
    return hand_on_seen(in, &seen, err);
}
int collect_creator(struct collector *in, struct str value, const struct creator_seen *more,
                    struct err *err)
{
    struct str bare = str_trim(cell_bare(value));
    struct creator_seen seen = *more;
    struct link l;

    if (link_is_whole(bare)) {
        link_parse(bare, in->opts->now, &l);
        return link_seen(in, &l, more, err);
    }
    if (str_starts(bare, STR("@")))
        bare = str_sub(bare, 1, bare.n);
    if (!tiktok_handle_read(bare, seen.handle)) {
        collect_skip(in, cell_is_placeholder(bare) ? SKIP_PLACEHOLDER : SKIP_NOT_A_HANDLE);
        return 0;
    }
    in->count.links++;
    return hand_on_seen(in, &seen, err);
}

int collect_link(struct collector *in, const struct link *l, struct err *err)
{
    unsigned ending;

    if (in->sink->seen)
        return link_seen(in, l, &(struct creator_seen){ .handle = "" }, err);
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
    ending = ending_of(l->item.id);
    in->taken_by[ending]++;
    in->odd_by[ending] += l->odd;
    in->item[in->len++] = l->item;
    return in->len == COLLECT_CHUNK ? put_aside(in, err) : 0;
}
int collect_text(struct collector *in, struct str text, int64_t *found, struct err *err)
{
    struct link l;
    int64_t n = 0;

    while (link_next(&text, in->opts->now, &l)) {
        n++;
        if (collect_link(in, &l, err))
            return -1;
    }
    if (found)
        *found = n;
    return 0;
}
int collect_value(struct collector *in, struct str value, struct err *err)
{
    struct str bare;
    struct link l;
    int64_t found = 0;

    if (collect_text(in, value, &found, err))
        return -1;
    if (found)
        return 0;
    if (in->sink->seen)
        return collect_creator(in, value, &(struct creator_seen){ .handle = "" }, err);
    bare = cell_bare(value);
    if (cell_is_placeholder(bare)) {
        collect_skip(in, SKIP_PLACEHOLDER);
    } else if (cell_is_spoiled(bare)) {
        collect_spoiled(in);
    } else if (cell_is_number(bare)) {
        l = (struct link){ 0 };
        link_from_id(cell_whole_number(bare), in->opts->now, &l);
        return collect_link(in, &l, err);
    } else {
        collect_skip(in, SKIP_NO_LINK);
    }
    return 0;
}
