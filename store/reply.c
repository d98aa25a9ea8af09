/* store/reply.c: see reply.h. */
#include <stdlib.h>
#include "base/err.h"
#include "store/inner.h"
#include "store/reply.h"

#define TOGETHER 4096    // of one statement

static void put_words(struct stmt *st, enum witness witness, struct buf *out)
{
    const struct str error = stmt_text(st, 2), message = stmt_text(st, 4);

    if (witness != WITNESS_QUERY && (!stmt_is_null(st, 3) || message.n)) {
        if (!stmt_is_null(st, 3))
            buf_printf(out, "%lld%s", (long long)stmt_int(st, 3), message.n ? ", " : "");
        buf_str(out, message);
        return;
    }
    if (stmt_int(st, 1))
        buf_printf(out, "HTTP %lld%s", (long long)stmt_int(st, 1), error.n ? ", " : "");
    buf_str(out, error);
}

static void put_place(struct stmt *st, struct buf *out)
{
    char hex[DIGEST_HEX];
    struct digest digest;

    if (!stmt_text(st, 5).n)
        return;
    buf_str(out, stmt_text(st, 5));
    buf_printf(out, ":%lld", (long long)stmt_int(st, 6));
    if (stmt_digest(st, 7, &digest))
        buf_printf(out, " sha256:%s", digest_hex(&digest, hex));
}

/* In the order of their requests, which is nearly that of the tables: each page of them is read
 * once. */
struct place {
    int64_t request;
    size_t of;
};

static int by_request(const void *a, const void *b)
{
    const struct place *x = a, *y = b;

    if (x->request != y->request)
        return x->request < y->request ? -1 : 1;
    return (x->of > y->of) - (x->of < y->of);
}

static struct place *make_order(const struct reply_wanted *v, size_t n)
{
    struct place *order = xcalloc(n ? n : 1, sizeof *order);

    for (size_t i = 0; i < n; i++)
        order[i] = (struct place){ v[i].request, i };
    if (n)
        qsort(order, n, sizeof *order, by_request);
    return order;
}

static void want(struct row_set *rows, const struct reply_wanted *w, size_t of)
{
    struct arg *a = rows_add(rows, 5);

    a[0] = arg_int((int64_t)of);
    a[1] = arg_int(w->item);
    a[2] = arg_int(w->request);
    a[3] = arg_int(w->witness);
    a[4] = arg_int(w->evidence.n);
}

static void tell(struct stmt *st, const struct reply_wanted *w, struct buf *text,
                 struct arena *mem)
{
    buf_clear(text);
    put_words(st, w->witness, text);
    *w->said = arena_dup(mem, buf_view(text));
    buf_clear(text);
    put_place(st, text);
    *w->place = arena_dup(mem, buf_view(text));
}

static int tell_rows(struct store *s, struct row_set *rows, const struct reply_wanted *v,
                     struct arena *mem, struct err *err)
{
    struct buf text = { 0 };
    struct stmt *st;
    int rc;

    if (db_query(s->db, Q_REPLIES, ARGS(rows_arg(rows)), &st, err))
        return -1;
    while ((rc = stmt_next(st, err)) == 1)
        tell(st, &v[stmt_int(st, 0)], &text, mem);
    stmt_done(st);
    buf_release(&text);
    return rc;
}

int store_replies(struct store *s, const struct reply_wanted *v, size_t n, struct arena *mem,
                  struct err *err)
{
    struct place *order = make_order(v, n);
    struct row_set rows = { 0 };
    int rc = 0;

    for (size_t i = 0; i < n && rc == 0;) {
        const size_t end = n - i > TOGETHER ? i + TOGETHER : n;

        rows_clear(&rows);
        for (; i < end; i++)
            want(&rows, &v[order[i].of], order[i].of);
        rc = tell_rows(s, &rows, v, mem, err);
    }
    rows_release(&rows);
    free(order);
    return rc;
}

int store_sent(struct store *s, int64_t *requests, int64_t *pages, struct err *err)
{
    int64_t *const out[] = { requests, pages };

    return db_row(s->db, Q_SENT, NO_ARGS, out, 2, err) < 0 ? -1 : 0;
}
