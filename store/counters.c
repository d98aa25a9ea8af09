/* store/counters.c: the series of counters: one reading after another of all items, and
 * those of the pages of a few. Of a reading the generation of its page is looked up by
 * its time. In a series of years it is looked up among the item's, which are read once,
 * along with those of many items: one look in the store for each reading would take the
 * square of the days, one for each item a way to a server and back. */
#include <stdlib.h>

#include "base/array.h"
#include "store/columns.h"
#include "store/inner.h"
#include "store/items.h"
#include "store/records.h"

#define CHUNK_FAR 2048    // items: of a series of years each has hundreds of readings
#define CHUNK_FAR_MOST 32768
#define MADE_AT_ONCE 65536    // generations in memory, about

/* The drifting fields from column `from` on. */
static void read_values(struct stmt *st, int from, int64_t value[COUNTERS])
{
    const struct columns_list *drift = columns_of(COLUMNS_DRIFT);

    for (int c = 0; c < COUNTERS; c++)
        value[c] = COUNTER_ABSENT;
    for (int i = 0; i < drift->len; i++) {
        enum counter c = counter_of(drift->f[i]);

        if (c < COUNTERS && !stmt_is_null(st, from + i) && stmt_int(st, from + i) >= 0)
            value[c] = stmt_int(st, from + i);
    }
}

/* The generations of pages, by item and time; of two at one time the later kind is last. */
struct made {
    int64_t item, at;
    enum generation generation;
};
struct made_list {
    struct made *v;
    size_t n, cap;
};

static int by_place(const struct made *a, int64_t item, int64_t at)
{
    if (a->item != item)
        return a->item < item ? -1 : 1;
    return (a->at > at) - (a->at < at);
}

static int by_item_and_time(const void *a, const void *b)
{
    const struct made *x = a, *y = b;
    const int order = by_place(x, y->item, y->at);

    return order ? order : (x->generation > y->generation) - (x->generation < y->generation);
}

static int take_made(struct stmt *st, struct made_list *l, struct err *err)
{
    int rc;

    l->n = 0;
    while ((rc = stmt_next(st, err)) == 1) {
        ARRAY_ROOM(l->v, l->n, l->cap);
        l->v[l->n++] = (struct made){ stmt_int(st, 0), stmt_int(st, 1),
                                      (enum generation)stmt_enum(st, 2, GENERATION_COUNT) };
    }
    if (l->n)
        qsort(l->v, l->n, sizeof *l->v, by_item_and_time);
    return rc;
}

/* NONE where no page was read at that time: another tool's rows have counters alone. */
static enum generation made_at(const struct made_list *l, int64_t item, int64_t at)
{
    size_t low = 0, high = l->n;

    while (low < high) {
        const size_t mid = low + (high - low) / 2;

        if (by_place(&l->v[mid], item, at) <= 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low && by_place(&l->v[low - 1], item, at) == 0 ? l->v[low - 1].generation
                                                          : GENERATION_NONE;
}

static int tell_counters(struct stmt *st, const struct made_list *made,
                         int (*each)(void *to, const struct counter_row *, struct err *), void *to,
                         struct err *err)
{
    int rc;

    while ((rc = stmt_next(st, err)) == 1) {
        struct counter_row row = {
            .item = stmt_int(st, 0),
            .id = (uint64_t)stmt_int(st, 1),
            .side = (enum side)stmt_enum(st, 2, SIDE_COUNT),
            .reading = { .at = stmt_int(st, 3) },
        };

        if (row.side == SIDE_PAGE)
            row.reading.generation = made_at(made, row.item, row.reading.at);
        read_values(st, 4, row.reading.value);
        if (each(to, &row, err))
            return -1;
    }
    return rc;
}

/* Of a part of the items, so that what is known of their pages is read once. */
struct part {
    int64_t first, last;
    struct stmt *pages, *st;
};

static int ask_part(struct store *s, struct part *p, int64_t first, int64_t last, struct err *err)
{
    const struct arg range[] = { arg_int(first), arg_int(last) };

    *p = (struct part){ .first = first, .last = last };
    return db_query_later(s->db, Q_GENERATIONS, range, 2, &p->pages, err) ||
                   db_query_later(s->db, Q_COUNTERS, range, 2, &p->st, err)
               ? -1
               : 0;
}

static void part_done(struct part *p)
{
    stmt_done(p->pages);
    stmt_done(p->st);
    *p = (struct part){ 0 };
}

/* To a server each part is a way and back: as many items as have about MADE_AT_ONCE pages. */
static int64_t chunk_after(int64_t chunk, size_t made)
{
    if (made > MADE_AT_ONCE)
        return chunk > STORE_CHUNK ? chunk / 2 : chunk;
    return made < MADE_AT_ONCE / 2 && chunk < CHUNK_FAR_MOST ? chunk * 2 : chunk;
}

static int64_t last_of(int64_t first, int64_t chunk, int64_t end)
{
    return first + chunk - 1 < end ? first + chunk - 1 : end;
}

/* A server works on the next part while this one is taken. */
int store_counters(struct store *s, int64_t item,
                   int (*each)(void *to, const struct counter_row *, struct err *), void *to,
                   struct err *err)
{
    const bool far = db_is_far(s->db);
    int64_t chunk = far ? CHUNK_FAR : STORE_CHUNK, first = item ? item : 1, end = item;
    struct made_list made = { 0 };
    struct part now = { 0 }, next = { 0 };
    int rc = 0;

    if (!item && store_max_item(s, &end, err))
        return -1;
    while (rc == 0 && first <= end) {
        if (!now.st)
            rc = ask_part(s, &now, first, last_of(first, chunk, end), err);
        if (rc == 0 && far && now.last < end)
            rc = ask_part(s, &next, now.last + 1, last_of(now.last + 1, chunk, end), err) ||
                         db_send(s->db, err)
                     ? -1
                     : 0;
        if (rc == 0)
            rc = take_made(now.pages, &made, err) || tell_counters(now.st, &made, each, to, err)
                     ? -1
                     : 0;
        if (far)
            chunk = chunk_after(chunk, made.n);
        first = now.last + 1;
        part_done(&now);
        now = next;
        next = (struct part){ 0 };
    }
    part_done(&now);
    free(made.v);
    return rc;
}

int store_readings(struct store *s, struct row_set *rows, struct readings *r, struct err *err)
{
    struct stmt *st;
    int rc;

    if (db_query(s->db, Q_READINGS, ARGS(rows_arg(rows)), &st, err))
        return -1;
    while ((rc = stmt_next(st, err)) == 1) {
        struct readings_of *of = &r->of[stmt_int(st, 0)];

        ARRAY_ROOM(r->v, r->n, r->cap);
        if (of->n++ == 0)
            of->first = r->n;
        of->marks = (unsigned)stmt_int(st, 3);
        r->v[r->n] = (struct counter_reading){
            .at = stmt_int(st, 1),
            .generation = (enum generation)stmt_enum(st, 2, GENERATION_COUNT) };
        read_values(st, 4, r->v[r->n++].value);
    }
    stmt_done(st);
    return rc;
}
