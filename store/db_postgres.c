/* store/db_postgres.c: a database is a schema of a PostgreSQL server. pg.c makes the connection;
 * statements go over in pg_words.c's words, values in pg_values.c's form.
 *
 * Where it lies: postgresql://host/database?schema=march. Tables are found by search_path.
 *
 * Round trips. Statements are sent without waiting (libpq's pipeline): one that only writes, in
 * a transaction, is answered when the next read, the commit or a rollback waits anyway. So BEGIN
 * costs nothing, and an error may be told one call later, at the commit at the latest. Rows that
 * come out are read one by one as they arrive; where another statement begins before all have
 * been read, the rest is kept in memory. Where one that only appends is given many rows they go
 * in by COPY, which stays open while the same one is given more of them.
 *
 * One process writes: the row of store_head names the connection of who does. While the server
 * has that connection another is refused; when the process or its link ends the server drops it,
 * and nothing of it can be committed any more. One that hangs without a word is taken over in the
 * end: who comes gets the next token, and a commit with an older one fails.
 *
 * A snapshot is a transaction that ends with the connection. Tables of a private one's own are
 * made within it, and go with it. */
#include "store/db_engine.h"
#include "store/pg.h"

#ifdef HAVE_PG
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/log.h"
#include "base/utc.h"
#include "store/pg_kept.h"
#include "store/pg_values.h"

#define SCHEME "postgresql://"
#define NAME_MAX_BYTES 48
#define QUEUE_MAX 6000    // statements that nobody has waited for: more than a commit of pages has
#define COPY_ROWS 500    // to begin a COPY is a way to the server and back
#define FRESH "_new"
#define NO_SUCH_TABLE "42P01"    // as the server says it
#define SILENT_MOST "30 minutes"    // without a commit: then another may write instead

/* In the order in which they were sent. */
enum sent_kind {
    SENT_PREPARE,
    SENT_WRITE,
    SENT_ASIDE,    // not counted (db_aside)
    SENT_GUARD,
    SENT_COMMIT,
    SENT_LATER,
    SENT_READ,
    SENT_MARK    // all before it is answered up to here
};
struct far_stmt;
struct sent {
    enum sent_kind kind;
    enum query q;
    struct far_stmt *into;    // of SENT_LATER; NULL: nobody wants its rows any more
};

struct far_stmt {
    struct stmt base;
    PGresult *row;      // what stmt_next gave
    PGresult *all;      // of one that was wanted later: all of its rows
    int all_at;         // the one of them that stmt_next gave; -1 none yet
    bool owed;          // they are on their way
    PGresult **rest;    // read before it was asked for
    size_t rests, rest_at, rest_cap;
    bool streams, busy;
    struct pg_answer *fills;    // its rows are kept as well
    bool left;                  // only to be kept: whoever asked for it does not wait
    struct pg_answer *again;    // its rows are those of an answer that was kept
    size_t again_at;
    struct str *cell;           // of the row of again
    struct err failed;
    struct arena mem;    // of the row's texts
    struct far_stmt *next;
};

/* What enable_mergejoin is; a rollback may have taken it back. */
enum merge { MERGE_OFF, MERGE_ON, MERGE_UNSURE };
struct far {
    struct db base;
    struct pg *link;
    PGconn *c;    // its own
    bool gone;    // nothing more comes of it
    char *url;
    char schema[NAME_MAX_BYTES + sizeof FRESH];
    struct sent *sent;
    size_t sents, sent_cap;
    bool prepared[QUERY_COUNT];
    struct pg_wants *wants[QUERY_COUNT];
    struct pg_params params;
    struct far_stmt *streaming;    // its rows are on their way
    struct buf copying;            // the COPY that is open; empty: none is
    struct buf rows;               // of it, on their way
    struct far_stmt *stmts;        // all, busy or not
    bool in_tx, snapshot, is_private, own_tx;
    char own[8][24];    // tables of a private one's own
    int owns;
    int64_t changes;
    bool aside;       // of what is sent now the rows are not counted
    enum merge merge;
    int64_t token;    // of who writes, in each commit; 0: it does not
    struct err late;    // of db_changes or a rollback, which cannot tell it
    struct pg_kept *kept;    // db_keep
};

static struct far *far_of(struct db *d) { return (struct far *)d; }
static struct far_stmt *stmt_of(struct stmt *s) { return (struct far_stmt *)s; }

/* What PostgreSQL has other words for than all the rest. */
static const struct { enum query q; const char *sql;
} others[] = {
    { Q_BEGIN, "BEGIN" },
    { Q_BEGIN_OWN, "SAVEPOINT own" },
    { Q_VERSION, "SELECT version FROM store_head" },
    { Q_APPLICATION, "SELECT application FROM store_head" },
    { Q_TABLE_COLUMNS, "SELECT attname::text FROM pg_attribute WHERE attrelid = to_regclass(?1)"
                       " AND attnum > 0 AND NOT attisdropped ORDER BY attnum" },
    { Q_TABLES, "SELECT relname::text FROM pg_class WHERE relkind = 'r' AND relnamespace = "
                "to_regnamespace(current_schema()::text) AND relname NOT LIKE 'store\\_%'" },
    { Q_TABLE_SHAPE,
      "SELECT a.attname::text, CASE a.atttypid WHEN 20 THEN 'INTEGER' WHEN 25 THEN 'TEXT'"
      " WHEN 17 THEN 'BLOB' WHEN 701 THEN 'REAL' ELSE '' END,"
      " coalesce(array_position(i.indkey::int2[], a.attnum) + 1, 0)::bigint FROM pg_attribute a"
      " LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary"
      " WHERE a.attrelid = to_regclass(?1) AND a.attnum > 0 AND NOT a.attisdropped"
      " AND a.attgenerated = ''" },
    { Q_QUICK_CHECK, "SELECT ''::text WHERE false" },
    { Q_INTEGRITY, "SELECT ''::text WHERE false" },
};
/* Rows that SQLite finds in an order that counts, by the one way in which it can walk. */
static const struct { enum query q; const char *order; } orders[] = {
    { Q_READINGS, " ORDER BY g.c0, c.at" },
    { Q_RECORDS_SAME, " ORDER BY g.c0, r.n" },
    { Q_ASKED_BEFORE, " ORDER BY a.item, a.request" },
};
/* Passes by an item's number, which begin on both tables where the last chunk ended: these may be
 * merged, at a fifth of what a look-up for each row costs the server. */
static const enum query merged[] = { Q_ITEMS_TOUCHED, Q_ITEMS_FOUND, Q_ITEMS_SAMPLED,
                                     Q_ITEMS_REFUSED };

static bool is_merged(enum query q)
{
    for (size_t i = 0; i < sizeof merged / sizeof merged[0]; i++)
        if (merged[i] == q)
            return true;
    return false;
}

static const char *text_of(enum query q)
{
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (others[i].q == q)
            return others[i].sql;
    return db_queries[q].sql;
}

static const char *order_of(enum query q)
{
    for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++)
        if (orders[i].q == q)
            return orders[i].order;
    return "";
}

/* ---- errors ---- */
/* One line of it; what stands in brackets is for programs. */
static int far_fail(struct far *d, const PGresult *r, struct err *err)
{
    const char *code = r ? PQresultErrorField(r, PG_DIAG_SQLSTATE) : NULL;
    const char *said = r ? PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    struct str line;

    said = said && said[0] ? said : d->c ? PQerrorMessage(d->c) : "out of memory";
    line = str_trim(str_sub(str_of(said), 0, strcspn(said, "\n")));
    if (code && (strcmp(code, "40001") == 0 || strcmp(code, "55P03") == 0))
        return err_set(err, ERR_AGAIN, "another blindspot works on %s", d->base.path);
    return err_set(err, ERR_IO, "%s%s: %.*s", d->base.kind->before, d->base.path, STR_ARG(line));
}

static void keep_first(struct err *first, const struct err *e)
{
    if (first->kind == ERR_NONE)
        *first = *e;
}

/* ---- what was sent is answered ---- */
/* The next result; NULL at the end of a statement's, and where nothing more will come. */
static PGresult *take(struct far *d, struct err *first)
{
    struct err e = { 0 };
    PGresult *r = NULL;

    if (d->gone)
        err_set(&e, ERR_IO, "%s: the connection was lost", d->base.path);
    else if (pg_take(d->link, &r, &e))
        d->gone = true;
    if (e.kind != ERR_NONE)
        keep_first(first, &e);
    return r;
}

static void push(struct far *d, enum sent_kind kind, enum query q)
{
    ARRAY_ROOM(d->sent, d->sents, d->sent_cap);
    d->sent[d->sents++] = (struct sent){ .kind = kind, .q = q };
}

/* The mark behind what was sent, where none is: the server works on it from here on. */
static int send_mark(struct far *d, struct err *err)
{
    if (d->sents && d->sent[d->sents - 1].kind == SENT_MARK)
        return 0;
    d->base.trips++;
    if (d->gone)
        return err_set(err, ERR_IO, "%s: the connection was lost", d->base.path);
    push(d, SENT_MARK, Q_BEGIN);
    if (PQpipelineSync(d->c) && pg_flush(d->link, err) == 0)
        return 0;
    d->gone = true;
    return err->kind == ERR_NONE ? far_fail(d, NULL, err) : -1;
}

static bool was_lost(const struct far *d) { return PQstatus(d->c) == CONNECTION_BAD; }

/* The answer to one that gives no rows to anybody. */
static void answered(struct far *d, const struct sent *s, const PGresult *r, struct err *first)
{
    const ExecStatusType is = PQresultStatus(r);
    struct err e = { 0 };

    if (is == PGRES_COMMAND_OK || is == PGRES_TUPLES_OK) {
        d->changes += s->kind == SENT_WRITE
                          ? strtoll(PQcmdTuples((PGresult *)(uintptr_t)r), NULL, 10)
                          : 0;
        if (s->kind == SENT_COMMIT && strcmp(PQcmdStatus((PGresult *)(uintptr_t)r), "COMMIT"))
            err_set(&e, ERR_IO, "%s: the transaction was rolled back", d->base.path);
    } else {
        d->merge = MERGE_UNSURE;
        if (s->kind == SENT_PREPARE)
            d->prepared[s->q] = false;
        if (s->kind == SENT_GUARD && is != PGRES_PIPELINE_ABORTED && !was_lost(d))
            err_set(&e, ERR_IO,
                    "another blindspot took %s over, as this one had not been heard of for long; "
                    "what was not committed is not there",
                    d->base.path);
        else if (is == PGRES_PIPELINE_ABORTED)
            err_set(&e, ERR_IO, "%s: a statement before it failed", d->base.path);
        else
            far_fail(d, r, &e);
    }
    if (e.kind != ERR_NONE)
        keep_first(first, &e);
}

/* ---- answers that are kept ---- */
static struct str cell_of(const PGresult *r, int row, int at)
{
    const int n = PQgetlength(r, row, at);

    if (n == 0 && PQgetisnull(r, row, at))
        return STR_NONE;
    return (struct str){ PQgetvalue(r, row, at), (size_t)n };
}

static void keep_rows(struct far_stmt *s, const PGresult *r)
{
    for (int row = 0; s->fills && row < PQntuples(r); row++)
        for (int c = 0; c < PQnfields(r); c++)
            pg_answer_add(s->fills, c, PQftype(r, c), cell_of(r, row, c));
}

/* The rows of one that was wanted later; what failed is told to whoever reads them. */
static void arrived(struct far *d, const struct sent *s, PGresult *r, struct err *first)
{
    if (!s->into || PQresultStatus(r) != PGRES_TUPLES_OK) {
        answered(d, s, r, first);
        PQclear(r);
        return;
    }
    s->into->all = r;
    s->into->all_at = -1;
    keep_rows(s->into, r);
    pg_answer_whole(s->into->fills);
}

/* The mark behind what was sent. */
static int end_of_round(struct far *d, struct err *first)
{
    PGresult *r = take(d, first);
    struct err e = { 0 };

    if (!r || PQresultStatus(r) != PGRES_PIPELINE_SYNC) {
        far_fail(d, r, &e);
        keep_first(first, &e);
    }
    PQclear(r);
    return first->kind == ERR_NONE ? 0 : -1;
}

/* What it held is not wanted any more. */
static void let_go(struct far_stmt *s)
{
    PQclear(s->all);
    s->all = NULL;
    pg_answer_let(s->fills);
    pg_answer_let(s->again);
    s->fills = s->again = NULL;
    s->left = s->busy = false;
}

/* All results of one that was sent; none is a row that somebody reads. */
static void take_answer(struct far *d, const struct sent *s, struct err *first)
{
    PGresult *r;

    while ((r = take(d, first))) {
        if (s->kind == SENT_LATER) {
            arrived(d, s, r, first);
            continue;
        }
        answered(d, s, r, first);
        PQclear(r);
    }
    if (s->into) {
        s->into->owed = false;
        s->into->failed = *first;
        if (s->into->left)
            let_go(s->into);
    }
    if (PQstatus(d->c) == CONNECTION_BAD && first->kind == ERR_NONE)
        far_fail(d, NULL, first);
}

/* Until all that was sent, up to the next row that somebody reads, has been answered; or (until)
 * the rows of that one are there. */
static int drain(struct far *d, const struct far_stmt *until, struct err *first)
{
    size_t i;

    for (i = 0; i < d->sents && d->sent[i].kind != SENT_READ && (!until || until->owed); i++)
        if (d->sent[i].kind == SENT_MARK)
            end_of_round(d, first);
        else
            take_answer(d, &d->sent[i], first);
    d->sents -= i;
    memmove(d->sent, d->sent + i, d->sents * sizeof *d->sent);
    return first->kind == ERR_NONE ? 0 : -1;
}

static int told(struct far *d, const struct err *first, struct err *err)
{
    if (d->late.kind != ERR_NONE)
        *err = d->late;
    else
        *err = *first;
    d->late = (struct err){ 0 };
    return err->kind == ERR_NONE ? 0 : -1;
}

/* A row, 0 their end, -1. */
static int fetch(struct far *d, struct far_stmt *s, PGresult **row, struct err *first)
{
    PGresult *r = take(d, first);
    const ExecStatusType is = PQresultStatus(r);
    const struct sent as = { .kind = SENT_READ };

    *row = NULL;
    if (is == PGRES_SINGLE_TUPLE) {
        keep_rows(s, r);
        *row = r;
        return 1;
    }
    if (r)
        answered(d, &as, r, first);
    else if (first->kind == ERR_NONE)
        far_fail(d, NULL, first);
    PQclear(r);
    while ((r = take(d, first)))
        PQclear(r);
    end_of_round(d, first);
    d->sents = 0;
    d->streaming = NULL;
    s->streams = false;
    if (first->kind == ERR_NONE)
        pg_answer_whole(s->fills);
    return first->kind == ERR_NONE ? 0 : -1;
}

/* The rows that are on their way are kept, so that another statement can be sent. */
static void keep_rest(struct far *d)
{
    struct far_stmt *s = d->streaming;
    PGresult *row;

    while (s && s->streams && fetch(d, s, &row, &s->failed) == 1) {
        ARRAY_ROOM(s->rest, s->rests, s->rest_cap);
        s->rest[s->rests++] = row;
    }
}

/* All rows of the COPY are in, or none of its transaction's. */
static int end_copy(struct far *d, struct err *err)
{
    const struct sent as = { .kind = SENT_WRITE };
    struct err first = { 0 };
    PGresult *r;

    if (!d->copying.n)
        return 0;
    buf_clear(&d->copying);
    buf_clear(&d->rows);
    pg_copy_end(&d->rows);
    d->base.trips++;
    if (PQputCopyData(d->c, d->rows.p, (int)d->rows.n) != 1 || PQputCopyEnd(d->c, NULL) != 1 ||
        pg_flush(d->link, &first))
        d->gone = true;
    while ((r = take(d, &first))) {
        answered(d, &as, r, &first);
        PQclear(r);
    }
    if (!d->gone && !PQenterPipelineMode(d->c)) {
        d->gone = true;
        far_fail(d, NULL, &first);
    }
    *err = first;
    return first.kind == ERR_NONE ? 0 : -1;
}

/* Another statement can be sent. */
static int make_way(struct far *d, struct err *err)
{
    keep_rest(d);
    if (d->gone)
        return err_set(err, ERR_IO, "%s: the connection was lost", d->base.path);
    return end_copy(d, err);
}

/* Waits for all that was sent. */
static int settle(struct far *d, struct err *err)
{
    struct err first = { 0 };

    keep_rest(d);
    if (end_copy(d, &first))
        return told(d, &first, err);
    if (d->sents) {
        if (send_mark(d, &first) == 0)
            drain(d, NULL, &first);
        if (d->gone)
            d->sents = 0;
    }
    return told(d, &first, err);
}

/* ---- statements ---- */
/* A statement is planned by what is set when it is run (store/pg.c says why merges are off). */
static int set_merge(struct far *d, bool on, struct err *err)
{
    if (d->merge == (on ? MERGE_ON : MERGE_OFF))
        return 0;
    if (!PQsendQueryParams(d->c, on ? "SET enable_mergejoin = on" : "SET enable_mergejoin = off", 0,
                           NULL, NULL, NULL, NULL, 1))
        return far_fail(d, NULL, err);
    push(d, SENT_ASIDE, Q_BEGIN);
    d->merge = on ? MERGE_ON : MERGE_OFF;
    return 0;
}

static int prepare(struct far *d, enum query q, struct err *err)
{
    struct buf sql = { 0 };
    char name[16];
    int rc = 0;

    if (!d->wants[q]) {
        d->wants[q] = xcalloc(1, sizeof *d->wants[q]);
        pg_wants(d->wants[q], db_queries[q].args);
    }
    if (d->prepared[q])
        return 0;
    pg_words(&sql, text_of(q), d->wants[q]);
    buf_puts(&sql, order_of(q));
    snprintf(name, sizeof name, "q%d", (int)q);
    if (PQsendPrepare(d->c, name, buf_cstr(&sql), d->wants[q]->n, d->wants[q]->type)) {
        push(d, SENT_PREPARE, q);
        d->prepared[q] = true;
    } else {
        rc = far_fail(d, NULL, err);
    }
    buf_release(&sql);
    return rc;
}

static int send_one(struct far *d, enum query q, const struct arg *a, enum sent_kind kind,
                    struct err *err)
{
    const struct pg_wants *w;
    char name[16];

    if (make_way(d, err) || set_merge(d, is_merged(q), err) || prepare(d, q, err))
        return -1;
    w = d->wants[q];
    if (pg_params(&d->params, w, a, err))
        return -1;
    snprintf(name, sizeof name, "q%d", (int)q);
    if (!PQsendQueryPrepared(d->c, name, w->n, d->params.value, d->params.length, d->params.format,
                             1))
        return far_fail(d, NULL, err);
    push(d, kind, q);
    return 0;
}

static int send_made(struct far *d, const struct query_text *made, const struct arg *a,
                     enum sent_kind kind, struct err *err)
{
    struct pg_wants *w;
    struct buf sql = { 0 };
    int rc;

    if (make_way(d, err) || set_merge(d, false, err))
        return -1;
    w = xcalloc(1, sizeof *w);
    pg_wants(w, made->args);
    pg_words(&sql, made->sql, w);
    rc = pg_params(&d->params, w, a, err);
    if (rc == 0 && !PQsendQueryParams(d->c, buf_cstr(&sql), w->n, w->type, d->params.value,
                                      d->params.length, d->params.format, 1))
        rc = far_fail(d, NULL, err);
    if (rc == 0)
        push(d, kind, Q_BEGIN);
    buf_release(&sql);
    free(w);
    return rc;
}

/* "INSERT INTO label (" gives label; STR_NONE for what only reads. */
static struct str written(const char *text)
{
    static const char *const verbs[] = { "INSERT INTO ", "UPDATE ", "DELETE FROM " };
    const struct str sql = str_of(text);

    for (int i = 0; i < 3; i++)
        if (str_starts(sql, str_of(verbs[i]))) {
            const char *table = sql.p + strlen(verbs[i]);

            return (struct str){ table, strspn(table, "abcdefghijklmnopqrstuvwxyz_") };
        }
    return STR_NONE;
}

/* A statement that writes, and gives rows. */
static bool returns(enum query q) { return strstr(text_of(q), " RETURNING ") != NULL; }

static bool is_own(const struct far *d, struct str table)
{
    for (int i = 0; i < d->owns; i++)
        if (str_eq(table, str_of(d->own[i])))
            return true;
    return false;
}

/* It does, from now on. */
static int to_write(const struct far *d, struct str table, struct err *err)
{
    pg_kept_written(d->kept, table);
    if (!d->snapshot || (d->is_private && is_own(d, table)))
        return 0;
    return err_set(err, ERR_AGAIN, "another blindspot works on %s", d->base.path);
}

static struct far_stmt *free_one(struct far *d)
{
    struct far_stmt *s = d->stmts;

    while (s && s->busy)
        s = s->next;
    if (!s) {
        s = xcalloc(1, sizeof *s);
        s->next = d->stmts;
        d->stmts = s;
    }
    s->busy = true;
    s->failed = (struct err){ 0 };
    return s;
}

/* What was sent before is answered first; then come the rows. */
static int begin_reading(struct far *d, struct far_stmt *s, struct err *err)
{
    struct err first = { 0 };

    if (send_mark(d, err))
        return -1;
    drain(d, NULL, &first);
    d->streaming = s;
    s->streams = true;
    if (first.kind == ERR_NONE && PQsetSingleRowMode(d->c))
        return told(d, &first, err);
    while (s->streams) {
        PGresult *row = NULL;

        fetch(d, s, &row, &first);
        PQclear(row);
    }
    return told(d, &first, err);
}

/* Of one that was sent. */
static int begun(struct far *d, bool reads, struct stmt **out, struct err *err)
{
    struct far_stmt *s;

    if (!reads && (!d->in_tx || d->sents > QUEUE_MAX) && settle(d, err))
        return -1;
    s = free_one(d);
    s->base.db = &d->base;
    if (reads && begin_reading(d, s, err)) {
        s->busy = false;
        return -1;
    }
    *out = &s->base;
    return 0;
}

/* ---- rows that are only appended ---- */
/* Of "INSERT INTO t (a, b) SELECT c0, c1 FROM {rows 1} g" and nothing behind it: "t (a, b)", else
 * STR_NONE. */
static struct str appended(const char *text)
{
    static const char into[] = "INSERT INTO ";
    const char *from = text + sizeof into - 1, *end, *p;

    if (!str_starts(str_of(text), STR("INSERT INTO ")) || !(end = strchr(text, ')')))
        return STR_NONE;
    p = end + 1;
    for (int c = 0; c < ROWS_COLUMNS_MAX; c++) {
        char cell[24];
        const int n = snprintf(cell, sizeof cell, c ? ", c%d" : " SELECT c%d", c);

        if (!str_starts(str_of(p), (struct str){ cell, (size_t)n }))
            break;
        p += n;
    }
    return strcmp(p, " FROM {rows 1} g") == 0 ? (struct str){ from, (size_t)(end + 1 - from) }
                                              : STR_NONE;
}

static int begin_copy(struct far *d, const struct buf *sql, struct err *err)
{
    struct err first = { 0 };
    PGresult *r;

    if (settle(d, err))
        return -1;
    d->base.trips++;
    if (d->gone || !PQexitPipelineMode(d->c) || !PQsendQuery(d->c, sql->p) ||
        pg_flush(d->link, &first))
        d->gone = true;
    r = take(d, &first);
    if (PQresultStatus(r) == PGRES_COPY_IN) {
        buf_str(&d->copying, buf_view(sql));
        buf_clear(&d->rows);
        pg_copy_begin(&d->rows);
        PQclear(r);
        return 0;
    }
    if (first.kind == ERR_NONE)
        far_fail(d, r, &first);
    PQclear(r);
    while ((r = take(d, &first)))
        PQclear(r);
    d->gone = d->gone || !PQenterPipelineMode(d->c);
    *err = first;
    return -1;
}

/* The kinds of its columns, from "s(iit)". */
static const char *kinds_of(const char *args) { return args + 2; }

static int copy_rows(struct far *d, struct str into, const char *args, const struct rows *r,
                     struct err *err)
{
    struct buf ours = { 0 }, sql = { 0 };
    int rc = 0;

    buf_printf(&ours, "COPY %.*s FROM STDIN (FORMAT binary)", STR_ARG(into));
    pg_words(&sql, buf_cstr(&ours), NULL);
    buf_cstr(&sql);
    if (!str_eq(buf_view(&d->copying), buf_view(&sql)))
        rc = begin_copy(d, &sql, err);
    buf_release(&ours);
    buf_release(&sql);
    if (rc || pg_copy_rows(&d->rows, kinds_of(args), r, err))
        return -1;
    if (PQputCopyData(d->c, d->rows.p, (int)d->rows.n) != 1)
        return far_fail(d, NULL, err);
    buf_clear(&d->rows);
    return pg_flush(d->link, err);
}

/* 1: they went in so. */
static int append(struct far *d, const struct query_text *q, const struct arg *a, size_t n,
                  struct err *err)
{
    struct str into;

    if (!d->in_tx || n != 1 || a->kind != ARG_ROWS || a->rows->n < COPY_ROWS)
        return 0;
    into = appended(q->sql);
    return !into.n ? 0 : copy_rows(d, into, q->args, a->rows, err) ? -1 : 1;
}

static struct stmt *nothing_to_read(struct far *d)
{
    struct far_stmt *s = free_one(d);

    s->base.db = &d->base;
    return &s->base;
}

/* Somebody waited for another one that was sent along with it: its rows come by themselves. */
static bool is_coming(const struct far *d, const struct far_stmt *s)
{
    size_t i = 0;

    while (i < d->sents && d->sent[i].into != s)
        i++;
    while (i < d->sents && d->sent[i].kind != SENT_MARK)
        i++;
    return i < d->sents;
}

static int wait_for(struct far *d, const struct far_stmt *s, struct err *err)
{
    struct err first = { 0 };

    if (is_coming(d, s) || send_mark(d, &first) == 0)
        drain(d, s, &first);
    if (d->gone)
        d->sents = 0;
    return told(d, &first, err);
}

/* ---- answers that are kept, given again ---- */
static bool may_keep(const struct far *d, enum query q)
{
    return d->base.keeps && str_starts(str_of(text_of(q)), STR("SELECT "));
}

/* One that was sent is waited for: whoever asks has to wait for a way in any case. */
static void wait_for_answer(struct far *d, const struct pg_answer *known)
{
    struct err told_later = { 0 };

    for (const struct far_stmt *s = d->stmts; s; s = s->next)
        if (s->busy && s->fills == known && s->owed && wait_for(d, s, &told_later))
            d->late = told_later;
}

/* NULL: it is not there. */
static struct stmt *again(struct far *d, enum query q, const struct arg *a, size_t n)
{
    struct pg_answer *known = may_keep(d, q) ? pg_kept_find(d->kept, q, a, n) : NULL;
    struct far_stmt *s;

    if (!known)
        return NULL;
    if (!pg_answer_is_whole(known))
        wait_for_answer(d, known);
    if (!pg_answer_is_whole(known)) {
        pg_answer_let(known);
        return NULL;
    }
    s = free_one(d);
    s->base.db = &d->base;
    s->again = known;
    s->again_at = 0;
    s->cell = xrealloc(s->cell, ((uint64_t)pg_answer_columns(known) + 1) * sizeof *s->cell);
    return &s->base;
}

static bool far_is_kept(struct db *base, enum query q, const struct arg *a, size_t n)
{
    struct pg_answer *known = pg_kept_find(far_of(base)->kept, q, a, n);

    pg_answer_let(known);
    return known != NULL;
}

static void far_keep(struct db *base, bool on)
{
    if (!on)
        pg_kept_forget(far_of(base)->kept);
}

static int far_query(struct db *base, enum query q, const struct arg *a, size_t n,
                     struct stmt **out, struct err *err)
{
    struct far *d = far_of(base);
    const struct str table = written(text_of(q));
    const bool reads = !table.n || returns(q);
    int rc;

    if (table.n && to_write(d, table, err))
        return -1;
    if ((*out = again(d, q, a, n)))
        return 0;
    if ((rc = append(d, &db_queries[q], a, n, err))) {
        *out = rc > 0 ? nothing_to_read(d) : NULL;
        return rc > 0 ? 0 : -1;
    }
    if (send_one(d, q, a, reads ? SENT_READ : d->aside ? SENT_ASIDE : SENT_WRITE, err) ||
        begun(d, reads, out, err))
        return -1;
    if (may_keep(d, q))
        stmt_of(*out)->fills = pg_kept_begin(d->kept, q, a, n);
    return 0;
}

/* Rows that go in so are many at once, and are waited for, or memory would hold them all. */
static int far_query_made(struct db *base, const struct query_text *made, const struct arg *a,
                          size_t n, struct stmt **out, struct err *err)
{
    struct far *d = far_of(base);
    const struct str table = written(made->sql);
    int rc;

    if (table.n && to_write(d, table, err))
        return -1;
    if ((rc = append(d, made, a, n, err))) {
        *out = rc > 0 ? nothing_to_read(d) : NULL;
        return rc > 0 ? 0 : -1;
    }
    if (send_made(d, made, a, table.n ? SENT_WRITE : SENT_READ, err) || (table.n && settle(d, err)))
        return -1;
    return begun(d, !table.n, out, err);
}

static int far_send(struct db *base, struct err *err)
{
    struct far *d = far_of(base);

    return d->sents && !d->streaming ? send_mark(d, err) : 0;
}

static int far_query_later(struct db *base, enum query q, const struct arg *a, size_t n,
                           struct stmt **out, struct err *err)
{
    struct far *d = far_of(base);
    struct far_stmt *s;

    if ((*out = again(d, q, a, n)))
        return 0;
    if (send_one(d, q, a, SENT_LATER, err))
        return -1;
    s = free_one(d);
    if (may_keep(d, q))
        s->fills = pg_kept_begin(d->kept, q, a, n);
    s->base.db = base;
    s->owed = true;
    s->all_at = -1;
    d->sent[d->sents - 1].into = s;
    *out = &s->base;
    return 0;
}

/* The next of rows that all came at once. */
static int next_of_all(struct far *d, struct far_stmt *s, struct err *err)
{
    if (s->owed && wait_for(d, s, err))
        return -1;
    if (s->owed)
        return err_set(err, ERR_IO, "%s: the connection was lost", d->base.path);
    if (s->failed.kind != ERR_NONE) {
        *err = s->failed;
        return -1;
    }
    return s->all && ++s->all_at < PQntuples(s->all) ? 1 : 0;
}

static int far_next(struct stmt *base, struct err *err)
{
    struct far_stmt *s = stmt_of(base);
    struct far *d = far_of(base->db);

    if (s->again) {
        arena_clear(&s->mem);
        return pg_answer_next(s->again, &s->again_at, s->cell);
    }
    if (s->owed || s->all) {
        arena_clear(&s->mem);
        return next_of_all(d, s, err);
    }
    PQclear(s->row);
    s->row = NULL;
    arena_clear(&s->mem);
    if (s->rest_at < s->rests) {
        s->row = s->rest[s->rest_at++];
        return 1;
    }
    if (s->streams && fetch(d, s, &s->row, &s->failed) == 1)
        return 1;
    *err = s->failed;
    return err->kind == ERR_NONE ? 0 : -1;
}

static void far_done(struct stmt *base)
{
    struct far_stmt *s = stmt_of(base);
    struct far *d = far_of(base->db);

    if (s->owed && s->fills) {
        s->left = true;
        return;
    }
    PQclear(s->row);
    s->row = NULL;
    while (s->streams) {
        PGresult *row = NULL;

        fetch(d, s, &row, &s->failed);
        PQclear(row);
    }
    for (; s->rest_at < s->rests; s->rest_at++)
        PQclear(s->rest[s->rest_at]);
    s->rests = s->rest_at = 0;
    for (size_t i = 0; s->owed && i < d->sents; i++)
        if (d->sent[i].into == s)
            d->sent[i].into = NULL;
    s->owed = false;
    let_go(s);
}

/* ---- a row ---- */
static struct str cell(struct stmt *base, int at)
{
    const struct far_stmt *s = stmt_of(base);
    const PGresult *r = s->all ? s->all : s->row;

    if (s->again)
        return s->cell[at];
    return r ? cell_of(r, s->all ? s->all_at : 0, at) : STR_NONE;
}

static bool far_is_null(struct stmt *s, int at) { return cell(s, at).p == NULL; }

static unsigned type_at(struct stmt *s, int at)
{
    const struct far_stmt *f = stmt_of(s);

    return f->again ? pg_answer_type(f->again, at) : PQftype(f->all ? f->all : f->row, at);
}

static int64_t far_get_int(struct stmt *s, int at)
{
    const struct str c = cell(s, at);

    return c.p ? pg_cell_int(type_at(s, at), c) : 0;
}

static double far_get_real(struct stmt *s, int at)
{
    const struct str c = cell(s, at);

    return c.p ? pg_cell_real(type_at(s, at), c) : 0;
}

static struct str far_get_text(struct stmt *s, int at)
{
    const struct str c = cell(s, at);

    return c.p ? pg_cell_text(type_at(s, at), c, &stmt_of(s)->mem) : STR_NONE;
}

static void far_get_value(struct stmt *s, int at, struct value *out)
{
    const struct str c = cell(s, at);

    *out = (struct value){ .kind = VAL_NONE };
    if (c.p)
        pg_cell_value(type_at(s, at), c, &stmt_of(s)->mem, out);
}

/* ---- transactions ---- */
static bool far_in_transaction(const struct db *base)
{
    const struct far *d = (const struct far *)base;

    return d->snapshot ? d->own_tx : d->in_tx;
}

/* Instants are by the server's clock, measured when a connection is made and hourly. */
static int keep_time(struct far *d, struct err *err)
{
    struct pg_clock clock;
    int rc;

    if (!pg_clock_is_old(d->link))
        return 0;
    if (settle(d, err))
        return -1;
    if (!PQexitPipelineMode(d->c))
        return far_fail(d, NULL, err);
    rc = pg_clock_follow(d->link, &clock, err);
    if (!PQenterPipelineMode(d->c) && rc == 0)
        rc = far_fail(d, NULL, err);
    return rc;
}

static int far_begin(struct db *base, struct err *err)
{
    struct far *d = far_of(base);

    if (far_in_transaction(base))
        return err_set(err, ERR_IO, "%s: a transaction is open already", base->path);
    if (keep_time(d, err))
        return -1;
    if (send_one(d, d->snapshot ? Q_BEGIN_OWN : Q_BEGIN, NULL, SENT_ASIDE, err))
        return -1;
    d->own_tx = d->snapshot;
    d->in_tx = true;
    return 0;
}

/* Whoever writes shows with each commit that it is there; who was taken over commits nothing: it
 * divides by the rows that have its token. */
static int send_guard(struct far *d, struct err *err)
{
    static const char sql[] =
        "WITH mine AS (UPDATE store_head SET seen_at = clock_timestamp()"
        " WHERE token = $1::bigint RETURNING 1) SELECT 1 / count(*) FROM mine";
    char token[24];
    const char *const value[] = { token };

    if (!d->token || d->snapshot)
        return 0;
    if (make_way(d, err))
        return -1;
    snprintf(token, sizeof token, "%lld", (long long)d->token);
    if (!PQsendQueryParams(d->c, sql, 1, NULL, value, NULL, NULL, 0))
        return far_fail(d, NULL, err);
    push(d, SENT_GUARD, Q_COMMIT);
    return 0;
}

static int send_commit(struct far *d, struct err *err)
{
    return send_guard(d, err) || send_one(d, d->snapshot ? Q_COMMIT_OWN : Q_COMMIT, NULL,
                                          d->snapshot ? SENT_WRITE : SENT_COMMIT, err)
               ? -1
               : 0;
}

static void ended(struct far *d)
{
    d->in_tx = d->snapshot;
    d->own_tx = false;
}

static int far_commit(struct db *base, struct err *err)
{
    struct far *d = far_of(base);

    if (send_commit(d, err) || settle(d, err))
        return -1;
    ended(d);
    return 0;
}

/* No mark is sent behind it: where it fails, the server passes over all that follows up to the
 * mark of whoever waits next. */
static int far_commit_later(struct db *base, struct err *err)
{
    struct far *d = far_of(base);

    if (send_commit(d, err) || pg_flush(d->link, err))
        return -1;
    ended(d);
    return 0;
}

static int far_committed(struct db *base, struct err *err)
{
    struct far *d = far_of(base);

    if (settle(d, err) == 0)
        return 0;
    d->late = *err;
    return -1;
}

/* A commit is under way: what comes of it has to be told to somebody. */
static bool owes_commit(const struct far *d)
{
    for (size_t i = 0; i < d->sents; i++)
        if (d->sent[i].kind == SENT_COMMIT)
            return true;
    return false;
}

/* Outside of the pipeline: several statements as they stand, or one whose rows are looked at. What
 * came of it; NULL: the connection was lost. */
static PGresult *at_once_whatever(struct far *d, const char *sql, struct err *err)
{
    PGresult *r = NULL, *next;
    struct err first = { 0 };

    if (settle(d, err))
        return NULL;
    d->base.trips++;
    if (d->gone || !PQexitPipelineMode(d->c) || !PQsendQuery(d->c, sql) || pg_flush(d->link, err)) {
        d->gone = true;
        if (err->kind == ERR_NONE)
            err_set(err, ERR_IO, "%s: the connection was lost", d->base.path);
        return NULL;
    }
    while ((next = take(d, &first))) {    // of several the last, or the first that failed
        const bool bad = r && PQresultStatus(r) == PGRES_FATAL_ERROR;

        PQclear(bad ? next : r);
        r = bad ? r : next;
    }
    if (first.kind == ERR_NONE && (!r || !PQenterPipelineMode(d->c)))
        far_fail(d, NULL, &first);
    if (first.kind != ERR_NONE) {
        PQclear(r);
        *err = first;
        return NULL;
    }
    return r;
}

/* The same of what has to come to pass. */
static PGresult *at_once(struct far *d, const char *sql, struct err *err)
{
    PGresult *r = at_once_whatever(d, sql, err);

    if (!r || PQresultStatus(r) == PGRES_COMMAND_OK || PQresultStatus(r) == PGRES_TUPLES_OK)
        return r;
    far_fail(d, r, err);
    PQclear(r);
    return NULL;
}

static int exec(struct far *d, const char *sql, struct err *err)
{
    PGresult *r = at_once(d, sql, err);

    PQclear(r);
    return r ? 0 : -1;
}

static void far_rollback(struct db *base)
{
    struct far *d = far_of(base);
    const bool owes = owes_commit(d);
    struct err ignored = { 0 };

    pg_kept_forget(d->kept);
    if (!far_in_transaction(base) && PQtransactionStatus(d->c) != PQTRANS_INERROR)
        return;    // of a commit that failed later the server still has what came before it
    if (settle(d, &ignored)) {
        if (owes)
            d->late = ignored;
        ignored = (struct err){ 0 };
    }
    if (exec(d, d->snapshot ? "ROLLBACK TO own; RELEASE own" : "ROLLBACK", &ignored))
        ignored = (struct err){ 0 };
    d->merge = MERGE_UNSURE;
    ended(d);
}

static bool far_is_behind(const struct db *base)
{
    const struct far *d = (const struct far *)base;

    for (size_t i = 0; i < d->sents; i++)
        if (d->sent[i].kind == SENT_WRITE)
            return true;
    return d->copying.n > 0;
}

/* All that was sent counts; what fails is told by the next call. */
static int64_t far_changes(struct db *base)
{
    struct far *d = far_of(base);
    struct err e = { 0 };

    if (far_is_behind(base) && settle(d, &e))
        d->late = e;
    return d->changes;
}

static void far_aside(struct db *base, bool on) { far_of(base)->aside = on; }

/* ---- where it lies ---- */
/* The schema is the audit's own: another's tables must not stand in it. */
static int check_name(const struct far *d, const char *name, struct err *err)
{
    const size_t n = strlen(name);

    if (n > 0 && n <= NAME_MAX_BYTES && name[0] >= 'a' && name[0] <= 'z' &&
        strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == n &&
        strncmp(name, "pg_", 3) != 0 && strcmp(name, "public") != 0)
        return 0;
    return err_set(err, ERR_USAGE,
                   "%s: ?schema=NAME has to say which schema is the audit's: small letters, "
                   "digits and _, at most %d, and neither public nor pg_...",
                   d->base.path, NAME_MAX_BYTES);
}

static void far_close(struct db *base)
{
    struct far *d = far_of(base);
    struct far_stmt *s;

    while ((s = d->stmts)) {
        d->stmts = s->next;
        PQclear(s->row);
        PQclear(s->all);
        for (; s->rest_at < s->rests; s->rest_at++)
            PQclear(s->rest[s->rest_at]);
        free(s->rest);
        pg_answer_let(s->fills);
        pg_answer_let(s->again);
        free(s->cell);
        arena_release(&s->mem);
        free(s);
    }
    pg_kept_free(d->kept);
    pg_close(d->link);
    for (int q = 0; q < QUERY_COUNT; q++)
        free(d->wants[q]);
    free(d->sent);
    buf_release(&d->params.mem);
    buf_release(&d->copying);
    buf_release(&d->rows);
    free(d->base.path);
    free(d->url);
    free(d);
}

static int use_schema(struct far *d, const char *schema, struct err *err)
{
    char sql[96 + sizeof d->schema];

    snprintf(sql, sizeof sql, "SET search_path = \"%s\"", schema);
    return exec(d, sql, err);
}

static int connect_to(struct far **out, const char *url, const struct db_kind *kind,
                      struct err *err)
{
    struct far *d = xcalloc(1, sizeof *d);
    const char *encoding;
    struct pg_clock clock;

    d->base.engine = &db_postgres;
    d->base.kind = kind;
    d->url = xstrdup(url);
    d->kept = pg_kept_new();
    if (pg_open(&d->link, url, "store", 0, err) || pg_clock_follow(d->link, &clock, err))
        goto fail;
    d->base.path = xstrdup(pg_show(d->link));
    d->c = pg_connection(d->link);
    if (check_name(d, pg_schema(d->link), err))
        goto fail;
    snprintf(d->schema, sizeof d->schema, "%s", pg_schema(d->link));
    encoding = PQparameterStatus(d->c, "server_encoding");
    if (!encoding || strcmp(encoding, "UTF8") != 0) {
        err_set(err, ERR_USAGE, "%s: the database has to be one of encoding UTF8", d->base.path);
        goto fail;
    }
    if (!PQenterPipelineMode(d->c)) {
        far_fail(d, NULL, err);
        goto fail;
    }
    *out = d;
    return 0;
fail:
    far_close(&d->base);
    return -1;
}

/* ---- opening ---- */
/* Anything that fails is told as it is, but for the table that says whose this is: then it is none
 * of ours. */
static int check_head(struct far *d, struct err *err)
{
    const struct db_kind *kind = d->base.kind;
    PGresult *r = at_once_whatever(d, text_of(Q_APPLICATION), err);
    const char *code = r ? PQresultErrorField(r, PG_DIAG_SQLSTATE) : NULL;
    int rc = -1;

    if (!r)
        return -1;
    if (PQresultStatus(r) == PGRES_TUPLES_OK)
        rc = PQntuples(r) == 1 && strtoll(PQgetvalue(r, 0, 0), NULL, 10) == kind->application
                 ? 0
                 : err_set(err, ERR_INPUT, "%s is not %s", d->base.path, kind->is);
    else if (code && strcmp(code, NO_SUCH_TABLE) == 0)
        err_set(err, ERR_INPUT, "%s does not exist, or is not %s", d->base.path, kind->is);
    else
        far_fail(d, r, err);
    PQclear(r);
    return rc;
}

static int far_open(struct db **out, const char *path, const struct db_kind *kind, struct err *err)
{
    struct far *d;

    if (connect_to(&d, path, kind, err))
        return -1;
    if (check_head(d, err)) {
        far_close(&d->base);
        return -1;
    }
    *out = &d->base;
    return 0;
}

static int far_begin_as(struct db *base, enum db_access access, struct err *err)
{
    struct far *d = far_of(base);

    if (access == DB_WRITE)
        return 0;
    if (exec(d,
             access == DB_READ ? "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; "
                                 "SELECT 1 FROM store_head"
                               : "BEGIN ISOLATION LEVEL REPEATABLE READ; "
                                 "SELECT 1 FROM store_head",
             err))
        return -1;
    d->in_tx = d->snapshot = true;
    d->is_private = access == DB_PRIVATE;
    return 0;
}

static int far_second(struct db *base, struct db **out, struct err *err)
{
    struct db *second;

    if (far_open(&second, far_of(base)->url, base->kind, err))
        return -1;
    if (far_begin_as(second, DB_READ, err)) {
        far_close(second);
        return -1;
    }
    *out = second;
    return 0;
}

/* ---- who writes ---- */
/* The row is locked first: what pg_stat_activity shows afterwards has whoever took it before. */
#define HOLDER_LIVES                                                           \
    "EXISTS (SELECT 1 FROM pg_stat_activity a WHERE a.pid = store_head.holder" \
    " AND (a.backend_start IS NULL OR a.backend_start = store_head.held_since))"

static int has_left(const struct far *d, int64_t at, struct err *err)
{
    char text[UTC_TEXT_MAX];

    return err_set(err, ERR_USAGE,
                   "%s was gathered into a folder on %s, where the audit goes on; nothing is "
                   "written here any more (where that was interrupted, the same `blindspot gather` "
                   "finishes it)",
                   d->base.path, utc_rfc3339(at, text));
}

static int far_lock(struct db *base, struct err *err)
{
    struct far *d = far_of(base);
    PGresult *r = at_once(
        d,
        "BEGIN; SELECT 1 FROM store_head FOR UPDATE;"
        "UPDATE store_head SET holder = pg_backend_pid(), held_since = (SELECT backend_start"
        " FROM pg_stat_activity WHERE pid = pg_backend_pid())"
        ", token = token + 1, seen_at = clock_timestamp()"
        " WHERE left_at = 0 AND (NOT " HOLDER_LIVES " OR holder = pg_backend_pid()"
        " OR seen_at < clock_timestamp() - interval '" SILENT_MOST "');"
        "COMMIT; SELECT (left_at = 0 AND holder = pg_backend_pid())::int, left_at, token"
        " FROM store_head",
        err);
    const bool ours = r && PQntuples(r) == 1 && PQgetvalue(r, 0, 0)[0] == '1';
    const int64_t left_at = r && PQntuples(r) == 1 ? strtoll(PQgetvalue(r, 0, 1), NULL, 10) : 0;

    d->token = ours ? strtoll(PQgetvalue(r, 0, 2), NULL, 10) : 0;
    PQclear(r);
    if (!r)
        return -1;
    if (left_at)
        return has_left(d, left_at, err);
    return ours ? 0 : err_set(err, ERR_AGAIN, "another blindspot works on %s", base->path);
}

static int far_leave(struct db *base, int64_t at, struct err *err)
{
    char sql[64];

    snprintf(sql, sizeof sql, "UPDATE store_head SET left_at = %lld", (long long)at);
    return exec(far_of(base), sql, err);
}

static int far_left_at(struct db *base, int64_t *at, struct err *err)
{
    PGresult *r = at_once(far_of(base), "SELECT left_at FROM store_head", err);

    if (!r)
        return -1;
    *at = PQntuples(r) == 1 ? strtoll(PQgetvalue(r, 0, 0), NULL, 10) : 0;
    PQclear(r);
    return 0;
}

static void far_unlock(struct db *base)
{
    struct err ignored = { 0 };

    if (exec(far_of(base), "UPDATE store_head SET holder = 0 WHERE holder = pg_backend_pid()",
             &ignored))
        err_clear(&ignored);
}

static bool far_is_locked(const char *path)
{
    static const struct db_kind any = { .is = "a store of blindspot", .before = "" };
    struct err ignored = { 0 };
    struct far *d;
    PGresult *r = NULL;
    bool locked;

    if (connect_to(&d, path, &any, &ignored))
        return false;
    if (use_schema(d, d->schema, &ignored) == 0)
        r = at_once(d, "SELECT 1 FROM store_head WHERE " HOLDER_LIVES, &ignored);
    locked = r && PQntuples(r) == 1;
    PQclear(r);
    far_close(&d->base);
    return locked;
}

/* ---- a new one ---- */
static int far_create(struct db **out, const char *path, const struct db_kind *kind,
                      struct err *err)
{
    char sql[640], fresh[sizeof((struct far *)0)->schema];
    struct far *d;
    PGresult *r;

    if (connect_to(&d, path, kind, err))
        return -1;
    snprintf(fresh, sizeof fresh, "%.*s" FRESH, NAME_MAX_BYTES, d->schema);
    snprintf(sql, sizeof sql,
             "SELECT (SELECT count(*) FROM pg_namespace WHERE nspname = '%s'),"
             " (SELECT count(*) FROM pg_namespace WHERE nspname = '%s')",
             d->schema, fresh);
    if (!(r = at_once(d, sql, err)))
        goto fail;
    if (PQgetvalue(r, 0, 0)[0] != '0')
        err_set(err, ERR_USAGE, "%s exists already", d->base.path);
    else if (PQgetvalue(r, 0, 1)[0] != '0')
        log_info("%s: a run that was interrupted left half of it there; it is dropped and made "
                 "anew",
                 d->base.path);
    PQclear(r);
    if (err->kind == ERR_USAGE)
        goto fail;
    snprintf(sql, sizeof sql,
             "DROP SCHEMA IF EXISTS \"%s\" CASCADE; CREATE SCHEMA \"%s\";"
             "CREATE TABLE \"%s\".store_head (application bigint NOT NULL, version bigint NOT NULL,"
             " holder bigint NOT NULL, held_since timestamptz, left_at bigint NOT NULL,"
             " token bigint NOT NULL, seen_at timestamptz);"
             "INSERT INTO \"%s\".store_head VALUES (%d, 0, 0, NULL, 0, 0, NULL)",
             fresh, fresh, fresh, fresh, (int)kind->application);
    if (exec(d, sql, err) || use_schema(d, fresh, err))
        goto fail;
    *out = &d->base;
    return 0;
fail:
    far_close(&d->base);
    return -1;
}

static int far_created(struct db *base, int rc, struct err *err)
{
    struct far *d = far_of(base);
    struct err ignored = { 0 };
    char sql[96 + 2 * sizeof d->schema];

    snprintf(sql, sizeof sql, "ALTER SCHEMA \"%s" FRESH "\" RENAME TO \"%s\"", d->schema,
             d->schema);
    if (rc == 0)
        rc = exec(d, sql, err);
    snprintf(sql, sizeof sql, "DROP SCHEMA IF EXISTS \"%s" FRESH "\" CASCADE", d->schema);
    if (rc && exec(d, sql, &ignored))
        err_clear(&ignored);
    far_close(base);
    return rc;
}

/* ---- tables ---- */
static int far_version(struct db *base, int64_t *version, struct err *err)
{
    int64_t *const out[] = { version };

    return db_row(base, Q_VERSION, NO_ARGS, out, 1, err) < 0 ? -1 : 0;
}

static int far_set_version(struct db *base, int64_t version, struct err *err)
{
    char sql[64];

    snprintf(sql, sizeof sql, "UPDATE store_head SET version = %lld", (long long)version);
    return exec(far_of(base), sql, err);
}

static int far_script(struct db *base, const char *sql, struct err *err)
{
    struct far *d = far_of(base);
    struct buf own = { 0 };
    int rc;

    pg_kept_forget(d->kept);
    pg_words(&own, sql, NULL);
    rc = exec(d, buf_cstr(&own), err);
    buf_release(&own);
    return rc;
}

static int far_own_table(struct db *base, const char *table, const char *keep, struct err *err)
{
    struct far *d = far_of(base);
    char sql[512];

    if (!d->is_private || is_own(d, str_of(table)))
        return 0;
    snprintf(sql, sizeof sql,
             "CREATE TEMP TABLE %s (LIKE \"%s\".%s INCLUDING ALL) ON COMMIT DROP;"
             "INSERT INTO pg_temp.%s SELECT * FROM \"%s\".%s WHERE %s",
             table, d->schema, table, table, d->schema, table,
             strcmp(keep, "0") ? "true" : "false");
    pg_kept_forget(d->kept);
    if (exec(d, sql, err))
        return -1;
    snprintf(d->own[d->owns++], sizeof d->own[0], "%s", table);
    return 0;
}

static int is_no_folder(struct db *base, const char *what, struct err *err)
{
    return err_set(err, ERR_USAGE,
                   "%s: %s needs a store that lies in the audit's folder: `blindspot gather` "
                   "puts it there",
                   base->path, what);
}

static int far_copy(struct db *base, const char *path, struct err *err)
{
    (void)path;
    return is_no_folder(base, "a copy of the store", err);
}

static int far_delete_securely(struct db *base, struct err *err)
{
    return is_no_folder(base, "a purge", err);
}

static int far_compact(struct db *base, struct err *err)
{
    return is_no_folder(base, "a purge", err);
}

static int far_settle(struct db *base, struct err *err) { return settle(far_of(base), err); }

/* A role that does not own them is passed over by the server. */
static int far_analyze(struct db *base, struct err *err)
{
    struct far *d = far_of(base);
    PGresult *r = at_once(d,
                          "SELECT 'ANALYZE ' || string_agg(relname, ', ') FROM pg_class WHERE"
                          " relkind = 'r' AND relnamespace = current_schema()::regnamespace",
                          err);
    int rc = r ? exec(d, PQgetvalue(r, 0, 0), err) : -1;

    PQclear(r);
    return rc;
}

static int far_cache_more(struct db *base, struct err *err)
{
    (void)base;
    (void)err;
    return 0;
}

const struct db_engine db_postgres = {
    .scheme = SCHEME,
    .create = far_create,
    .created = far_created,
    .open = far_open,
    .open_still = far_open,
    .begin_as = far_begin_as,
    .second = far_second,
    .close = far_close,
    .lock = far_lock,
    .unlock = far_unlock,
    .leave = far_leave,
    .left_at = far_left_at,
    .is_locked = far_is_locked,
    .library = pg_library,
    .version = far_version,
    .set_version = far_set_version,
    .script = far_script,
    .own_table = far_own_table,
    .copy = far_copy,
    .delete_securely = far_delete_securely,
    .compact = far_compact,
    .settle = far_settle,
    .analyze = far_analyze,
    .cache_more = far_cache_more,
    .begin = far_begin,
    .commit = far_commit,
    .commit_later = far_commit_later,
    .committed = far_committed,
    .rollback = far_rollback,
    .in_transaction = far_in_transaction,
    .is_behind = far_is_behind,
    .changes = far_changes,
    .aside = far_aside,
    .query = far_query,
    .query_made = far_query_made,
    .query_later = far_query_later,
    .send = far_send,
    .keep = far_keep,
    .is_kept = far_is_kept,
    .next = far_next,
    .done = far_done,
    .get_int = far_get_int,
    .get_real = far_get_real,
    .get_text = far_get_text,
    .get_bytes = cell,
    .is_null = far_is_null,
    .get_value = far_get_value,
};
#else
/* Without libpq pg.h says what is missing. */
static int absent(const char *path, struct err *err)
{
    struct pg *link;

    return pg_open(&link, path, "store", 0, err);
}

static int absent_create(struct db **out, const char *path, const struct db_kind *kind,
                         struct err *err)
{
    (void)out;
    (void)kind;
    return absent(path, err);
}

static bool absent_is_locked(const char *path)
{
    (void)path;
    return false;
}

const struct db_engine db_postgres = {
    .scheme = "postgresql://",
    .create = absent_create,
    .open = absent_create,
    .open_still = absent_create,
    .is_locked = absent_is_locked,
    .library = pg_library,
};
#endif
