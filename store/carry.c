/* store/carry.c: a store goes over, table by table.
 *
 * A row's digest is that of its cells, in the order of their columns' names. A table's is the sum
 * of its rows', so that it does not matter how an engine sorts texts. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/log.h"
#include "base/stop.h"
#include "store/carry.h"
#include "store/db_engine.h"
#include "store/inner.h"

#define BATCH_ROWS 2000
#define BATCH_BYTES (1 << 20)

struct column {
    char *name, kind;    // of queries.def
    int64_t key;         // its place in the primary key, from 1; 0: it is none
};
struct table {
    char *name;
    struct column *column;
    size_t n, cap;
};
struct tables {
    struct table *v;
    size_t n, cap;
};

/* ---- what there is ---- */
static void tables_release(struct tables *t)
{
    for (size_t i = 0; i < t->n; i++) {
        for (size_t c = 0; c < t->v[i].n; c++)
            free(t->v[i].column[c].name);
        free(t->v[i].column);
        free(t->v[i].name);
    }
    free(t->v);
    *t = (struct tables){ 0 };
}

static int by_column(const void *a, const void *b)
{
    return strcmp(((const struct column *)a)->name, ((const struct column *)b)->name);
}

static int by_table(const void *a, const void *b)
{
    return strcmp(((const struct table *)a)->name, ((const struct table *)b)->name);
}

static char *str_new(struct str s)
{
    char *text = xcalloc(s.n + 1, 1);

    memcpy(text, s.p, s.n);
    return text;
}

static char kind_of(struct str type)
{
    return str_eq(type, STR("INTEGER")) ? 'i'
           : str_eq(type, STR("REAL"))  ? 'r'
           : str_eq(type, STR("TEXT"))  ? 't'
           : str_eq(type, STR("BLOB"))  ? 'b'
                                        : 'v';
}

static int read_columns(struct db *d, struct table *t, struct err *err)
{
    struct stmt *st;
    int rc;

    if (db_query(d, Q_TABLE_SHAPE, ARGS(arg_text(str_of(t->name))), &st, err))
        return -1;
    while ((rc = stmt_next(st, err)) == 1) {
        ARRAY_ROOM(t->column, t->n, t->cap);
        t->column[t->n++] = (struct column){ str_new(stmt_text(st, 0)), kind_of(stmt_text(st, 1)),
                                             stmt_int(st, 2) };
    }
    stmt_done(st);
    if (rc == 0 && t->n > 0)
        qsort(t->column, t->n, sizeof *t->column, by_column);
    return rc;
}

static int tables_read(struct db *d, struct tables *t, struct err *err)
{
    struct stmt *st;
    int rc;

    if (db_query(d, Q_TABLES, NO_ARGS, &st, err))
        return -1;
    while ((rc = stmt_next(st, err)) == 1) {
        ARRAY_ROOM(t->v, t->n, t->cap);
        t->v[t->n++] = (struct table){ .name = str_new(stmt_text(st, 0)) };
    }
    stmt_done(st);
    if (rc == 0 && t->n > 0)
        qsort(t->v, t->n, sizeof *t->v, by_table);
    for (size_t i = 0; rc == 0 && i < t->n; i++)
        rc = read_columns(d, &t->v[i], err);
    return rc;
}

/* A column that only a newer program knows would be lost. */
static int check_same(const struct store *from, const struct tables *a, const struct tables *b,
                      struct err *err)
{
    bool same = a->n == b->n;

    for (size_t i = 0; same && i < a->n; i++) {
        same = !strcmp(a->v[i].name, b->v[i].name) && a->v[i].n == b->v[i].n;
        for (size_t c = 0; same && c < a->v[i].n; c++)
            same = !strcmp(a->v[i].column[c].name, b->v[i].column[c].name) &&
                   a->v[i].column[c].kind == b->v[i].column[c].kind;
    }
    return same ? 0
                : err_set(err, ERR_INPUT,
                          "%s has tables or columns that this blindspot does not know; take the "
                          "one that wrote it",
                          db_path(from->db));
}

/* ---- statements ---- */
static const char *comma(size_t i) { return i ? ", " : ""; }

static void put_names(struct buf *out, const struct table *t)
{
    for (size_t i = 0; i < t->n; i++)
        buf_printf(out, "%s\"%s\"", comma(i), t->column[i].name);
}

static void make_select(struct buf *out, const struct table *t)
{
    size_t keys = 0;

    buf_puts(out, "SELECT ");
    put_names(out, t);
    buf_printf(out, " FROM %s", t->name);
    for (int64_t at = 1; at <= (int64_t)t->n; at++)
        for (size_t i = 0; i < t->n; i++)
            if (t->column[i].key == at)
                buf_printf(out, "%s\"%s\"", keys++ ? ", " : " ORDER BY ", t->column[i].name);
}

static void make_insert(struct buf *out, const struct table *t)
{
    buf_printf(out, "INSERT INTO %s (", t->name);
    put_names(out, t);
    buf_puts(out, ") SELECT ");
    for (size_t i = 0; i < t->n; i++)
        buf_printf(out, "%sc%zu", comma(i), i);
    buf_puts(out, " FROM {rows 1} g");
}

static void make_kinds(struct buf *out, const struct table *t)
{
    buf_puts(out, "s(");
    for (size_t i = 0; i < t->n; i++)
        buf_char(out, t->column[i].kind);
    buf_char(out, ')');
}

static int run_made(struct db *d, const char *args, const char *sql, const struct arg *a, size_t n,
                    struct err *err)
{
    const struct query_text made = { .name = "carry", .args = args, .sql = sql };
    struct stmt *st;
    int rc;

    if (db_query_made(d, &made, a, n, &st, err))
        return -1;
    rc = stmt_next(st, err);
    stmt_done(st);
    return rc < 0 ? -1 : 0;
}

/* ---- rows ---- */
struct pass {
    struct db *from, *to;    // to NULL: only the digest is wanted
    const struct table *t;
    struct row_set rows;
    size_t bytes;    // of their texts
    struct buf cells, insert, kinds;
    uint64_t sum[DIGEST_BYTES / 8];
    int64_t n;
};

static void put_be(struct buf *out, uint64_t n)
{
    for (int i = 8; i-- > 0;)
        buf_char(out, (char)(n >> (8 * i)));
}

static void put_cell(struct buf *out, const struct arg *a)
{
    uint64_t bits;

    buf_char(out, "niftb"[a->kind]);
    if (a->kind == ARG_INT) {
        put_be(out, (uint64_t)a->i);
    } else if (a->kind == ARG_REAL) {
        memcpy(&bits, &a->real, sizeof bits);
        put_be(out, bits);
    } else if (a->kind != ARG_NULL) {
        put_be(out, a->text.n);
        buf_str(out, a->text);
    }
}

static bool fits(char kind, enum arg_kind is)
{
    return is == ARG_NULL || (kind == 'i'   ? is == ARG_INT
                              : kind == 'r' ? is == ARG_REAL
                              : kind == 't' ? is == ARG_TEXT
                              : kind == 'b' ? is == ARG_BLOB
                                            : is != ARG_BLOB);
}

/* Its texts are borrowed from the row. A cell of another kind than its column was never written. */
static int take_cell(struct pass *p, struct stmt *st, int at, struct arg *a, struct err *err)
{
    const char kind = p->t->column[at].kind;
    struct value v = { .kind = VAL_NONE };

    *a = arg_null();
    if (stmt_is_null(st, at))
        return 0;
    stmt_value(st, at, &v);
    *a = v.kind == VAL_NONE ? arg_bytes(stmt_bytes(st, at)) : arg_value(&v);
    return fits(kind, a->kind) ? 0 : db_damaged(p->from, p->t->column[at].name, err);
}

static int flush(struct pass *p, struct err *err)
{
    const struct arg rows = rows_arg(&p->rows);
    int rc = 0;

    if (stop_asked())
        rc = err_set(err, ERR_STOPPED, "interrupted; nothing was changed");
    else if (p->to && p->rows.rows.n)
        rc = run_made(p->to, buf_cstr(&p->kinds), buf_cstr(&p->insert), &rows, 1, err);
    rows_clear(&p->rows);
    p->bytes = 0;
    log_progress_of(&(struct log_count){ p->to ? "carried" : "read", "rows", p->n, 0 }, "%s",
                    p->t->name);
    return rc;
}

static void add_to_sum(struct pass *p)
{
    const struct digest d = digest_sha256(buf_view(&p->cells));

    for (size_t i = 0; i < sizeof p->sum / sizeof p->sum[0]; i++) {
        uint64_t part = 0;

        for (int b = 0; b < 8; b++)
            part = part << 8 | d.b[i * 8 + (size_t)b];
        p->sum[i] += part;
    }
    p->n++;
}

static int take_row(struct pass *p, struct stmt *st, struct err *err)
{
    struct arg *row = rows_add(&p->rows, (int)p->t->n);

    buf_clear(&p->cells);
    for (size_t i = 0; i < p->t->n; i++) {
        if (take_cell(p, st, (int)i, &row[i], err))
            return -1;
        put_cell(&p->cells, &row[i]);
        if (row[i].kind == ARG_TEXT || row[i].kind == ARG_BLOB) {
            row[i].text = p->to ? arena_dup(&p->rows.mem, row[i].text) : STR_NONE;
            p->bytes += row[i].text.n;
        }
    }
    add_to_sum(p);
    return p->rows.rows.n >= BATCH_ROWS || p->bytes >= BATCH_BYTES ? flush(p, err) : 0;
}

static int pass_over(struct pass *p, struct err *err)
{
    struct query_text made = { .name = "carry", .args = "" };
    struct buf sql = { 0 };
    struct stmt *st = NULL;
    int rc;

    make_select(&sql, p->t);
    make_insert(&p->insert, p->t);
    make_kinds(&p->kinds, p->t);
    made.sql = buf_cstr(&sql);
    if ((rc = db_query_made(p->from, &made, NO_ARGS, &st, err)) == 0) {
        while ((rc = stmt_next(st, err)) == 1 && (rc = take_row(p, st, err)) == 0)
            ;
        stmt_done(st);
    }
    if (rc == 0)
        rc = flush(p, err);
    log_progress_done();
    buf_release(&sql);
    return rc;
}

/* Rows that a new store begins with go first. */
static int carry_table(struct db *from, struct db *to, const struct table *t,
                       struct digest_ctx *whole, struct carried *c, struct err *err)
{
    struct pass p = { .from = from, .to = to, .t = t };
    struct buf head = { 0 };
    int rc = 0;

    if (to) {
        buf_printf(&head, "DELETE FROM %s", t->name);
        rc = run_made(to, "", buf_cstr(&head), NO_ARGS, err);
        buf_clear(&head);
    }
    rc = rc || pass_over(&p, err) ? -1 : 0;
    buf_printf(&head, "%s(", t->name);
    put_names(&head, t);
    buf_puts(&head, ")");
    for (size_t i = 0; i < sizeof p.sum / sizeof p.sum[0]; i++)
        put_be(&head, p.sum[i]);
    put_be(&head, (uint64_t)p.n);
    digest_add(whole, head.p, head.n);
    c->tables++;
    c->rows += p.n;
    rows_release(&p.rows);
    buf_release(&p.cells);
    buf_release(&p.insert);
    buf_release(&p.kinds);
    buf_release(&head);
    return rc;
}

static int carry_tables(struct db *from, struct db *to, const struct tables *t, struct carried *c,
                        struct err *err)
{
    struct digest_ctx whole;
    int rc = 0;

    *c = (struct carried){ 0 };
    digest_start(&whole);
    for (size_t i = 0; i < t->n && rc == 0; i++)
        rc = carry_table(from, to, &t->v[i], &whole, c, err);
    c->digest = digest_finish(&whole);
    return rc;
}

int store_carried(struct store *s, struct carried *c, struct err *err)
{
    struct tables t = { 0 };
    int rc = tables_read(s->db, &t, err) || carry_tables(s->db, NULL, &t, c, err) ? -1 : 0;

    tables_release(&t);
    return rc;
}

static int fill(struct store *from, struct db *to, struct carried *c, struct err *err)
{
    struct tables theirs = { 0 }, ours = { 0 };
    struct carried again;
    int rc = -1;

    if (tables_read(from->db, &theirs, err) || tables_read(to, &ours, err) ||
        check_same(from, &theirs, &ours, err) || db_cache_more(to, err) || db_begin(to, err))
        goto out;
    rc = carry_tables(from->db, to, &theirs, c, err) || db_commit(to, err) ? -1 : 0;
    if (rc)
        db_rollback(to);
    else
        rc = carry_tables(to, NULL, &ours, &again, err);
    if (rc == 0 && (again.rows != c->rows || memcmp(&again.digest, &c->digest, DIGEST_BYTES) != 0))
        rc = err_set(err, ERR_IO,
                     "what was written to %s reads otherwise than what %s holds; it was dropped",
                     db_path(to), db_path(from->db));
    if (rc == 0)
        rc = db_analyze(to, err);
out:
    tables_release(&theirs);
    tables_release(&ours);
    return rc;
}

int store_carry(struct store *from, const char *to, struct carried *c, struct err *err)
{
    struct store *fresh;

    return store_begin_new(&fresh, to, err)
               ? -1
               : store_end_new(fresh, fill(from, fresh->db, c, err), err);
}
