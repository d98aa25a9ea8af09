/* store/counters.c: the series of counters: one reading after another of all items, and
 * those of the pages of a few. Of a reading the generation of its page is looked up by
 * its time. In a series of years it is looked up among the item's, which are read once:
 * one look in the store for each reading would take the square of the days. */
#include <stdlib.h>

#include "base/array.h"
#include "store/columns.h"
#include "store/inner.h"
#include "store/records.h"

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

/* The generations of an item's pages, by time; of two at one time the later kind is last. */
struct made {
    int64_t at;
    enum generation generation;
};
struct made_list {
    int64_t item;    // whose they are; 0: nobody's yet
    struct made *v;
    size_t n, cap;
};

static int by_time(const void *a, const void *b)
{
    const struct made *x = a, *y = b;

    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    return (x->generation > y->generation) - (x->generation < y->generation);
}

static int read_made(struct store *s, int64_t item, struct made_list *l, struct err *err)
{
    struct stmt *st;
    int rc;

    l->item = item;
    l->n = 0;
    if (db_query(s->db, Q_GENERATIONS_OF, ARGS(arg_int(item)), &st, err))
        return -1;
    while ((rc = stmt_next(st, err)) == 1) {
        ARRAY_ROOM(l->v, l->n, l->cap);
        l->v[l->n++] = (struct made){ stmt_int(st, 0),
                                      (enum generation)stmt_enum(st, 1, GENERATION_COUNT) };
    }
    stmt_done(st);
    if (l->n)
        qsort(l->v, l->n, sizeof *l->v, by_time);
    return rc;
}

/* NONE where no page was read at that time: another tool's rows have counters alone. */
static enum generation made_at(const struct made_list *l, int64_t at)
{
    size_t low = 0, high = l->n;

    while (low < high) {
        const size_t mid = low + (high - low) / 2;

        if (l->v[mid].at <= at)
            low = mid + 1;
        else
            high = mid;
    }
    return low && l->v[low - 1].at == at ? l->v[low - 1].generation : GENERATION_NONE;
}

int store_counters(struct store *s, int64_t item,
                   int (*each)(void *to, const struct counter_row *, struct err *), void *to,
                   struct err *err)
{
    const struct arg of = arg_int(item);
    struct made_list made = { 0 };
    struct stmt *st;
    int rc;

    if (db_query(s->db, item ? Q_COUNTERS_OF : Q_COUNTERS, &of, item != 0, &st, err))
        return -1;
    while ((rc = stmt_next(st, err)) == 1) {
        struct counter_row row = {
            .item = stmt_int(st, 0),
            .id = (uint64_t)stmt_int(st, 1),
            .side = (enum side)stmt_enum(st, 2, SIDE_COUNT),
            .reading = { .at = stmt_int(st, 3) },
        };

        if (row.side == SIDE_PAGE) {
            if (made.item != row.item && read_made(s, row.item, &made, err)) {
                rc = -1;
                break;
            }
            row.reading.generation = made_at(&made, row.reading.at);
        }
        read_values(st, 4, row.reading.value);
        if (each(to, &row, err)) {
            rc = -1;
            break;
        }
    }
    stmt_done(st);
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
