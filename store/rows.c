/* store/rows.c: growing rows. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "store/rows.h"

struct arg *rows_add(struct row_set *r, int columns)
{
    size_t at = r->rows.n * (size_t)columns, need = at + (size_t)columns;

    while (r->cap < need) {
        size_t full = r->cap;

        ARRAY_ROOM(r->v, full, r->cap);
    }
    r->rows.columns = columns;
    r->rows.n++;
    memset(&r->v[at], 0, (size_t)columns * sizeof *r->v);
    return &r->v[at];
}

struct arg rows_text(struct row_set *r, struct str text)
{
    return arg_text(arena_dup(&r->mem, text));
}

void rows_clear(struct row_set *r)
{
    r->rows.n = 0;
    arena_clear(&r->mem);
}

void rows_release(struct row_set *r)
{
    free(r->v);
    arena_release(&r->mem);
    *r = (struct row_set){0};
}

struct arg rows_arg(struct row_set *r)
{
    r->rows.v = r->v;
    return arg_rows(&r->rows);
}

int rows_run(struct db *d, enum query q, struct row_set *r, struct err *err)
{
    return r->rows.n ? db_run(d, q, ARGS(rows_arg(r)), err) : 0;
}
