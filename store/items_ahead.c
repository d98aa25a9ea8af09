/* store/items_ahead.c: rows of items for a loop that goes through a list: to a server each look
 * is a way and back, and beside a sink each has its answers written that wait for their commit. */
#include <stdlib.h>

#include "store/inner.h"
#include "store/items.h"
#include "store/known.h"
#include "store/near.h"

struct there {
    enum answer_kind kind;
    int64_t at;
    int tries;
};
struct items_ahead {
    struct store *s;
    struct items_wanted want;
    size_t first, n, at;    // places that were read; the last one that was asked for
    size_t chunk;
    struct item_row *row;
    struct there *there;
    int64_t *item;
    struct arena mem;    // texts of the rows
};

struct items_ahead *items_ahead_open(struct store *s, const struct items_wanted *want)
{
    struct items_ahead *a = xcalloc(1, sizeof *a);

    a->s = s;
    a->want = *want;
    a->chunk = want->n < store_chunk(s) ? want->n : store_chunk(s);
    a->row = xcalloc(a->chunk + 1, sizeof *a->row);
    a->there = xcalloc(a->chunk + 1, sizeof *a->there);
    a->item = xcalloc(a->chunk + 1, sizeof *a->item);
    return a;
}

void items_ahead_close(struct items_ahead *a)
{
    if (!a)
        return;
    arena_release(&a->mem);
    free(a->row);
    free(a->there);
    free(a->item);
    free(a);
}

static int read_there(struct items_ahead *a, struct err *err)
{
    struct row_set rows = { 0 };
    struct stmt *st;
    int rc;

    for (size_t i = 0; i < a->n; i++) {
        struct arg *row = rows_add(&rows, 2);

        row[0] = arg_int((int64_t)i);
        row[1] = arg_int(a->item[i]);
        a->there[i] = (struct there){ .kind = ANSWER_COUNT };
    }
    rc = db_query(a->s->db, Q_VANTAGE_STATES, ARGS(rows_arg(&rows), arg_int(a->want.vantage)), &st,
                  err);
    while (rc == 0 && (rc = stmt_next(st, err)) == 1) {
        a->there[stmt_int(st, 0)] = (struct there){
            (enum answer_kind)stmt_enum_or_none(st, 1, ANSWER_COUNT), stmt_int(st, 2),
            (int)stmt_int(st, 3) };
        rc = 0;
    }
    stmt_done(st);
    rows_release(&rows);
    return rc;
}

/* Of answers that are written as they come in, so whoever has no sink wants none of it. */
static bool is_kept(const struct items_ahead *a)
{
    return a->want.kept && a->want.vantage <= 1 && a->s->sink && db_is_far(a->s->db);
}

/* What goes along with the rows. Where all of them are kept nothing is asked: what waits to be
 * written is written all the same, for it changes them. */
static int ask_beside(struct items_ahead *a, bool near, struct near_asking *nearly,
                      struct heads **heads, struct err *err)
{
    if (near && near_ask(a->s, a->item, a->n, nearly, err))
        return -1;
    if (!is_kept(a))
        return 0;
    if (db_pay_others(a->s->db, NULL, err))
        return -1;
    known_begin(a->s, a->item, a->n);
    if (a->want.records == WITNESS_QUERY)
        return 0;
    if (store_heads_later(a->s, SIDE_PAGE, a->item, a->n, heads, err))
        return -1;
    if (*heads)
        store_heads_keep(*heads);
    return 0;
}

static int read_rows(struct items_ahead *a, struct err *err)
{
    const bool kept = is_kept(a),
               near = a->want.nearly && !(kept && near_covers(a->s, a->item, a->n));
    struct near_asking nearly = { 0 };
    struct heads *heads = NULL;
    int rc;

    if (ask_beside(a, near, &nearly, &heads, err)) {
        near_asked(&nearly);
        return -1;
    }
    rc = (kept ? known_rows : store_items_raw)(a->s, a->item, a->n, a->row, &a->mem, err) ||
                 (a->want.vantage > 1 && read_there(a, err)) ||
                 (near && near_take(a->s, a->item, a->n, &nearly, err)) ||
                 (heads && store_heads_lend(heads, a->want.records, err))
             ? -1
             : 0;
    if (rc == 0)
        store_items_show(a->row, a->n);
    near_asked(&nearly);
    return rc;
}

static int read_from(struct items_ahead *a, size_t first, struct err *err)
{
    a->first = first;
    a->n = a->want.n - first < a->chunk ? a->want.n - first : a->chunk;
    for (size_t i = 0; i < a->n; i++)
        a->item[i] = a->want.item(a->want.of, first + i);
    arena_clear(&a->mem);
    if (read_rows(a, err)) {
        a->n = 0;
        return -1;
    }
    return 0;
}

int items_ahead_row(struct items_ahead *a, size_t i, struct item_row *row, bool *found,
                    struct err *err)
{
    if ((i < a->first || i >= a->first + a->n) && read_from(a, i, err))
        return -1;
    a->at = i - a->first;
    *found = a->row[a->at].n > 0;
    if (*found)
        *row = a->row[a->at];
    return 0;
}

void items_ahead_there(const struct items_ahead *a, enum answer_kind *kind, int64_t *at, int *tries)
{
    const struct there *t = &a->there[a->at];

    *kind = t->kind;
    *at = t->at;
    *tries = t->tries;
}

static bool has_all(const struct items_ahead *a) { return a->first == 0 && a->n == a->want.n; }

void items_ahead_move(struct items_ahead *a, size_t i, size_t to)
{
    if (!has_all(a))
        return;
    a->row[to] = a->row[i];
    a->there[to] = a->there[i];
    a->item[to] = a->item[i];
}

void items_ahead_cut(struct items_ahead *a, size_t n)
{
    a->n = has_all(a) ? n : 0;
    a->want.n = n;
    a->at = 0;
}
