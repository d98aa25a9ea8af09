/* store/near.c: see near.h. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "store/inner.h"
#include "store/near.h"

struct near_row {
    int64_t item, at, request;
    bool loaded;
    struct str message;
};

struct near {
    int64_t *item;    // those that are known, by number
    size_t items;
    struct near_row *row;    // by item
    size_t n, cap;
    struct arena mem;    // of their messages
};

static int by_item(const void *a, const void *b)
{
    return array_by_number(&((const struct near_row *)a)->item,
                           &((const struct near_row *)b)->item);
}

int near_ask(struct store *s, const int64_t *item, size_t n, struct near_asking *a, struct err *err)
{
    *a = (struct near_asking){ 0 };
    for (size_t i = 0; i < n; i++)
        if (item[i] > 0)
            rows_add(&a->rows, 1)[0] = arg_int(item[i]);
    return a->rows.rows.n ? db_query_later(s->db, Q_PAGES_NEARLY,
                                           ARGS(rows_arg(&a->rows), arg_int(WITNESS_PAGE),
                                                arg_int(ANSWER_NO_ANSWER)),
                                           &a->st, err)
                          : 0;
}

void near_asked(struct near_asking *a)
{
    stmt_done(a->st);
    rows_release(&a->rows);
}

static int read_rows(struct near *k, struct stmt *st, struct err *err)
{
    int rc;

    while ((rc = stmt_next(st, err)) == 1) {
        ARRAY_ROOM(k->row, k->n, k->cap);
        k->row[k->n++] = (struct near_row){ .item = stmt_int(st, 0),
                                            .at = stmt_int(st, 1),
                                            .request = stmt_int(st, 2),
                                            .loaded = stmt_int(st, 3) != 0,
                                            .message = arena_dup(&k->mem, stmt_text(st, 4)) };
    }
    return rc;
}

int near_take(struct store *s, const int64_t *item, size_t n, struct near_asking *a,
              struct err *err)
{
    struct near *k;

    near_forget(s);
    if (!a->st)
        return 0;
    s->near = k = xcalloc(1, sizeof *k);
    if (read_rows(k, a->st, err)) {
        near_forget(s);
        return -1;
    }
    if (k->n)
        qsort(k->row, k->n, sizeof *k->row, by_item);
    k->item = xmalloc(n * sizeof *k->item);
    for (size_t i = 0; i < n; i++)
        if (item[i] > 0)
            k->item[k->items++] = item[i];
    qsort(k->item, k->items, sizeof *k->item, array_by_number);
    return 0;
}

static bool covers(const struct near *k, int64_t item)
{
    return k && k->items && bsearch(&item, k->item, k->items, sizeof *k->item, array_by_number);
}

bool near_covers(const struct store *s, const int64_t *item, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (item[i] > 0 && !covers(s->near, item[i]))
            return false;
    return true;
}

/* The first row of an item, or of those behind it. */
static size_t first_of(const struct near *k, int64_t item)
{
    size_t from = 0, to = k->n;

    while (from < to) {
        const size_t mid = from + (to - from) / 2;

        if (k->row[mid].item < item)
            from = mid + 1;
        else
            to = mid;
    }
    return from;
}

bool near_knows(const struct store *s, const struct answer *a, bool *alike)
{
    const struct near *k = s->near;

    *alike = false;
    if (!covers(k, a->item))
        return false;
    for (size_t i = first_of(k, a->item); i < k->n && k->row[i].item == a->item; i++) {
        const struct near_row *row = &k->row[i];

        *alike = *alike || (str_eq(row->message, a->message) &&
                            (row->at != a->at || (row->request != a->request && !row->loaded)));
    }
    return true;
}

/* One row an item and request: the last counts. */
void near_note(struct store *s, const struct request *r, const struct answer *a)
{
    struct near *k = s->near;
    size_t at;

    if (a->witness != WITNESS_PAGE || !covers(k, a->item))
        return;
    at = first_of(k, a->item);
    while (at < k->n && k->row[at].item == a->item && k->row[at].request != a->request)
        at++;
    if (at < k->n && k->row[at].item == a->item)
        memmove(&k->row[at], &k->row[at + 1], (--k->n - at) * sizeof *k->row);
    if (a->kind != ANSWER_NO_ANSWER || a->message.n == 0)
        return;
    ARRAY_ROOM(k->row, k->n, k->cap);
    memmove(&k->row[at + 1], &k->row[at], (k->n++ - at) * sizeof *k->row);
    k->row[at] = (struct near_row){ .item = a->item,
                                    .at = a->at,
                                    .request = a->request,
                                    .loaded = r->loaded,
                                    .message = arena_dup(&k->mem, a->message) };
}

void near_forget(struct store *s)
{
    struct near *k = s->near;

    s->near = NULL;
    if (!k)
        return;
    free(k->item);
    free(k->row);
    arena_release(&k->mem);
    free(k);
}
