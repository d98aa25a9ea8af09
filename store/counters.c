/* store/counters.c: the series of counters: one reading after another of all items, and
 * those of the pages of a few. Of a reading the generation of its page is looked up by
 * its time. */
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

int store_counters(struct store *s, int64_t item,
                   int (*each)(void *to, const struct counter_row *, struct err *), void *to,
                   struct err *err)
{
    const struct arg of = arg_int(item);
    struct stmt *st;
    int rc;

    if (db_query(s->db, item ? Q_COUNTERS_OF : Q_COUNTERS, &of, item != 0, &st, err))
        return -1;
    while ((rc = stmt_next(st, err)) == 1) {
        struct counter_row row = {
            .item = stmt_int(st, 0),
            .id = (uint64_t)stmt_int(st, 1),
            .side = (enum side)stmt_enum(st, 2, SIDE_COUNT),
            .reading = { .at = stmt_int(st, 3),
                         .generation = (enum generation)stmt_enum(st, 4, GENERATION_COUNT) },
        };

        read_values(st, 5, row.reading.value);
        if (each(to, &row, err)) {
            rc = -1;
            break;
        }
    }
    stmt_done(st);
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
