/* store/db_engine.c: which engine has a database, and what is the same on all of them. */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/str.h"
#include "store/db_engine.h"

#define ADDRESS_MAX 1000
#define DAY_LAST 2932896    // 9999-12-31

/* The last one takes every path. */
static const struct db_engine *const engines[] = { &db_postgres, &db_sqlite };
enum { ENGINES = sizeof engines / sizeof engines[0] };

const struct query_text db_queries[QUERY_COUNT] = {
#define QUERY(name, args, sql) [Q_##name] = { #name, args, sql },
#include "store/queries.def"
#undef QUERY
};

static const struct db_engine *engine_of(const char *place)
{
    for (int i = 0; i < ENGINES - 1; i++)
        if (str_starts(str_of(place), str_of(engines[i]->scheme)))
            return engines[i];
    return engines[ENGINES - 1];
}

char *db_place(const char *path)
{
    const struct db_engine *last = engines[ENGINES - 1];
    const int64_t size = engine_of(path) == last ? file_state_of(path).size : 0;
    struct buf text = { 0 };
    struct err ignored = { 0 };
    char *place = NULL;

    if (size > 0 && size <= ADDRESS_MAX && file_read(path, ADDRESS_MAX, &text, &ignored) == 0) {
        const char *line = buf_cstr(&text);

        text.p[strcspn(line, "\r\n")] = 0;
        if (engine_of(line) != last)
            place = xstrdup(line);
    }
    buf_release(&text);
    return place ? place : xstrdup(path);
}

int db_damaged(const struct db *d, const char *what, struct err *err)
{
    return err_set(err, ERR_IO, "%s%s is damaged: %s", d->kind->before, d->path, what);
}

/* ---- opening ---- */
int db_create(struct db **out, const char *path, const struct db_kind *kind, struct err *err)
{
    char *place = db_place(path);
    int rc = engine_of(place)->create(out, place, kind, err);

    free(place);
    return rc;
}

int db_created(struct db *d, int rc, struct err *err) { return d->engine->created(d, rc, err); }

int db_open(struct db **out, const char *path, const struct db_kind *kind, struct err *err)
{
    char *place = db_place(path);
    int rc = engine_of(place)->open(out, place, kind, err);

    free(place);
    return rc;
}

int db_open_still(struct db **out, const char *path, const struct db_kind *kind, struct err *err)
{
    char *place = db_place(path);
    int rc = engine_of(place)->open_still(out, place, kind, err);

    free(place);
    return rc;
}

int db_begin_as(struct db *d, enum db_access access, struct err *err)
{
    return d->engine->begin_as(d, access, err);
}

int db_second(struct db *d, struct db **out, struct err *err)
{
    return d->engine->second(d, out, err);
}

/* What was asked for early may not hold any more. */
static void expect_none(struct db *d)
{
    for (size_t i = 0; i < d->expecteds; i++)
        d->engine->done(d->expected[i].st);
    d->expecteds = 0;
}

void db_close(struct db *d)
{
    if (!d)
        return;
    expect_none(d);
    d->engine->close(d);
}

int db_lock(struct db *d, struct err *err) { return d->engine->lock(d, err); }
void db_unlock(struct db *d) { d->engine->unlock(d); }

bool db_is_locked(const char *path)
{
    char *place = db_place(path);
    bool locked = engine_of(place)->is_locked(place);

    free(place);
    return locked;
}

bool db_is_far(const struct db *d) { return d->engine->scheme[0] != 0; }

const char *db_path(const struct db *d) { return d->path; }

bool db_is_file(const struct db *d) { return d->engine == engines[ENGINES - 1]; }

int db_leave(struct db *d, int64_t at, struct err *err)
{
    return d->engine->leave ? d->engine->leave(d, at, err) : 0;
}

int db_left_at(struct db *d, int64_t *at, struct err *err)
{
    *at = 0;
    return d->engine->left_at ? d->engine->left_at(d, at, err) : 0;
}

void db_library(struct buf *out)
{
    for (int i = ENGINES; i-- > 0;) {
        struct buf name = { 0 };

        engines[i]->library(&name);
        if (name.n)
            buf_printf(out, "%s%.*s", i < ENGINES - 1 ? ", " : "", STR_ARG(buf_view(&name)));
        buf_release(&name);
    }
}

/* ---- tables ---- */
int db_version(struct db *d, int64_t *v, struct err *err) { return d->engine->version(d, v, err); }

int db_set_version(struct db *d, int64_t v, struct err *err)
{
    return d->engine->set_version(d, v, err);
}

int db_script(struct db *d, const char *sql, struct err *err)
{
    expect_none(d);
    return d->engine->script(d, sql, err);
}

int db_own_table(struct db *d, const char *table, const char *keep, struct err *err)
{
    expect_none(d);
    return d->engine->own_table(d, table, keep, err);
}

int db_copy(struct db *d, const char *path, struct err *err)
{
    return d->engine->copy(d, path, err);
}

int db_delete_securely(struct db *d, struct err *err) { return d->engine->delete_securely(d, err); }
int db_compact(struct db *d, struct err *err) { return d->engine->compact(d, err); }
int db_settle(struct db *d, struct err *err) { return d->engine->settle(d, err); }
int db_analyze(struct db *d, struct err *err)
{
    return d->engine->analyze ? d->engine->analyze(d, err) : 0;
}

int db_cache_more(struct db *d, struct err *err) { return d->engine->cache_more(d, err); }

/* ---- transactions ---- */
int db_begin(struct db *d, struct err *err) { return d->engine->begin(d, err); }
int db_commit(struct db *d, struct err *err) { return d->engine->commit(d, err); }
int db_commit_later(struct db *d, struct err *err)
{
    return d->engine->commit_later ? d->engine->commit_later(d, err) : d->engine->commit(d, err);
}

int db_committed(struct db *d, struct err *err)
{
    return d->engine->committed ? d->engine->committed(d, err) : 0;
}

void db_rollback(struct db *d)
{
    expect_none(d);
    d->engine->rollback(d);
}

bool db_in_transaction(const struct db *d) { return d->engine->in_transaction(d); }
static void pay_now(struct db *d)
{
    struct err told_later = { 0 };    // whoever owes keeps it

    if (d->pay && d->pay(d->pay_to, &told_later))
        err_clear(&told_later);
}

int64_t db_changes(struct db *d)
{
    pay_now(d);
    return d->engine->changes(d);
}

bool db_changes_wait(struct db *d)
{
    pay_now(d);
    return d->engine->is_behind && d->engine->is_behind(d);
}

void db_aside(struct db *d, bool on)
{
    if (on)
        pay_now(d);    // what is owed counts
    d->engine->aside(d, on);
}
int64_t db_statements(const struct db *d) { return d->statements; }
int64_t db_trips(const struct db *d) { return d->trips; }

/* ---- statements ---- */
struct arg arg_value(const struct value *v)
{
    switch (v->kind) {
    case VAL_INT: return arg_int(v->i);
    case VAL_TEXT: return arg_text(v->text);
    case VAL_REAL: return arg_real(v->real);
    case VAL_NONE: break;
    }
    return arg_null();
}

/* What queries.def says of an argument; small letters are never NULL. */
static bool is_kind(char want, enum arg_kind kind)
{
    switch (want) {
    case 'i': return kind == ARG_INT;
    case 'I': return kind == ARG_INT || kind == ARG_NULL;
    case 'r': return kind == ARG_REAL;
    case 'R': return kind == ARG_REAL || kind == ARG_NULL;
    case 't': return kind == ARG_TEXT;
    case 'T': return kind == ARG_TEXT || kind == ARG_NULL;
    case 'b': return kind == ARG_BLOB;
    case 's': return kind == ARG_ROWS;
    case 'v': return kind != ARG_ROWS && kind != ARG_BLOB;
    default: return false;
    }
}

/* Dies where the arguments are not those of queries.def. */
static void check_args(const struct query_text *t, const struct arg *a, size_t n)
{
    const char *want = t->args;

    for (size_t i = 0; i < n; i++) {
        if (!is_kind(*want, a[i].kind))
            die("statement %s: argument %zu is of another kind", t->name, i + 1);
        if (*want++ != 's')
            continue;
        if (*want != '(' || !strchr(want, ')'))
            die("statement %s: of rows, s(...) names the kinds of their columns", t->name);
        want = strchr(want, ')') + 1;
    }
    if (*want)
        die("statement %s: argument %zu is missing", t->name, n + 1);
}

void db_owe(struct db *d, int (*pay)(void *to, struct err *), void *to)
{
    d->pay = pay;
    d->pay_to = to;
}

static int pay(struct db *d, struct err *err) { return d->pay ? d->pay(d->pay_to, err) : 0; }

int db_pay_others(struct db *d, const void *to, struct err *err)
{
    return d->pay_to != to ? pay(d, err) : 0;
}

static int begun(struct db *d, struct stmt *s)
{
    d->statements++;
    s->db = d;
    s->engine = d->engine;
    s->strange = false;
    return 0;
}

/* ---- statements that are expected ---- */
static bool is_same(const struct expected *e, enum query q, const struct arg *a, size_t n)
{
    if (e->q != q || e->n != n)
        return false;
    for (size_t i = 0; i < n; i++)
        if (e->arg[i].kind != a[i].kind || e->arg[i].i != a[i].i)
            return false;
    return true;
}

static bool is_expected(const struct db *d, enum query q, const struct arg *a, size_t n)
{
    for (size_t i = 0; i < d->expecteds; i++)
        if (is_same(&d->expected[i], q, a, n))
            return true;
    return false;
}

/* NULL: it was not. */
static struct stmt *take_expected(struct db *d, enum query q, const struct arg *a, size_t n)
{
    for (size_t i = 0; i < d->expecteds; i++)
        if (is_same(&d->expected[i], q, a, n)) {
            struct stmt *st = d->expected[i].st;

            d->expected[i] = d->expected[--d->expecteds];
            return st;
        }
    return NULL;
}

/* Before each: what only reads leaves what is expected as it is. */
static int prepare(struct db *d, const struct query_text *text, const struct arg *a, size_t n,
                   struct err *err)
{
    check_args(text, a, n);
    if (pay(d, err))
        return -1;
    if (!str_starts(str_of(text->sql), STR("SELECT ")))
        expect_none(d);
    return 0;
}

typedef int query_fn(struct db *, enum query, const struct arg *, size_t n, struct stmt **,
                     struct err *);

/* What was expected in the same words is there already. */
static int query_by(struct db *d, query_fn *query, enum query q, const struct arg *a, size_t n,
                    struct stmt **out, struct err *err)
{
    struct stmt *expected;

    if (prepare(d, &db_queries[q], a, n, err))
        return -1;
    if ((expected = take_expected(d, q, a, n)))
        *out = expected;
    else if (query(d, q, a, n, out, err))
        return -1;
    return begun(d, *out);
}

int db_query(struct db *d, enum query q, const struct arg *a, size_t n, struct stmt **out,
             struct err *err)
{
    return query_by(d, d->engine->query, q, a, n, out, err);
}

int db_query_later(struct db *d, enum query q, const struct arg *a, size_t n, struct stmt **out,
                   struct err *err)
{
    return query_by(d, d->engine->query_later ? d->engine->query_later : d->engine->query, q, a, n,
                    out, err);
}

int db_expect(struct db *d, enum query q, const struct arg *a, size_t n, struct err *err)
{
    struct expected e = { .q = q, .n = n };

    if (!d->engine->query_later || d->expecteds == EXPECTED_MOST || is_expected(d, q, a, n) ||
        (d->keeps && d->engine->is_kept(d, q, a, n)))
        return 0;
    if (n > EXPECTED_ARGS)
        die("statement %s is expected with %zu arguments", db_queries[q].name, n);
    for (size_t i = 0; i < n; i++)
        if (a[i].kind != ARG_NULL && a[i].kind != ARG_INT && !d->keeps)
            die("statement %s is expected with a text", db_queries[q].name);
        else
            e.arg[i] = a[i];
    if (prepare(d, &db_queries[q], e.arg, n, err) ||
        d->engine->query_later(d, q, e.arg, n, &e.st, err))
        return -1;
    e.st->db = d;
    e.st->engine = d->engine;
    if (d->keeps)
        d->engine->done(e.st);    // it is kept when it comes
    else
        d->expected[d->expecteds++] = e;
    return 0;
}

void db_keep(struct db *d, bool on)
{
    d->keeps += on ? 1 : -1;
    if (d->engine->keep && d->keeps == (on ? 1 : 0))
        d->engine->keep(d, on);
}

int db_send(struct db *d, struct err *err) { return d->engine->send ? d->engine->send(d, err) : 0; }

int db_query_made(struct db *d, const struct query_text *made, const struct arg *a, size_t n,
                  struct stmt **out, struct err *err)
{
    return prepare(d, made, a, n, err) || d->engine->query_made(d, made, a, n, out, err)
               ? -1
               : begun(d, *out);
}

int stmt_next(struct stmt *s, struct err *err)
{
    if (s->strange)
        return db_damaged(s->db, "a column holds a number that stands for nothing", err);
    return s->engine->next(s, err);
}

void stmt_done(struct stmt *s)
{
    if (s)
        s->engine->done(s);
}

int db_run(struct db *d, enum query q, const struct arg *a, size_t n, struct err *err)
{
    struct stmt *s;
    int rc;

    if (db_query(d, q, a, n, &s, err))
        return -1;
    do
        rc = stmt_next(s, err);
    while (rc == 1);
    stmt_done(s);
    return rc;
}

int db_row(struct db *d, enum query q, const struct arg *a, size_t n, int64_t *const out[], int len,
           struct err *err)
{
    struct stmt *s;
    int rc;

    if (db_query(d, q, a, n, &s, err))
        return -1;
    rc = stmt_next(s, err);
    for (int i = 0; rc == 1 && i < len; i++)
        *out[i] = stmt_int(s, i);
    stmt_done(s);
    return rc;
}

/* ---- a row ---- */
int64_t stmt_int(struct stmt *s, int at) { return s->engine->get_int(s, at); }
double stmt_real(struct stmt *s, int at) { return s->engine->get_real(s, at); }
struct str stmt_text(struct stmt *s, int at) { return s->engine->get_text(s, at); }
struct str stmt_bytes(struct stmt *s, int at) { return s->engine->get_bytes(s, at); }
bool stmt_is_null(struct stmt *s, int at) { return s->engine->is_null(s, at); }
void stmt_value(struct stmt *s, int at, struct value *v) { s->engine->get_value(s, at, v); }

int stmt_enum(struct stmt *s, int at, int count)
{
    const int64_t n = stmt_int(s, at);

    if (n >= 0 && n < count)
        return (int)n;
    s->strange = true;
    return 0;
}

int stmt_enum_or_none(struct stmt *s, int at, int count)
{
    return stmt_is_null(s, at) ? count : stmt_enum(s, at, count);
}

int64_t stmt_day(struct stmt *s, int at)
{
    const int64_t day = stmt_int(s, at);

    if (day >= 0 && day <= DAY_LAST)
        return day;
    s->strange = true;
    return 0;
}

bool stmt_digest(struct stmt *s, int at, struct digest *d)
{
    struct str bytes = stmt_bytes(s, at);

    memset(d, 0, sizeof *d);
    if (bytes.n != DIGEST_BYTES)
        return false;
    memcpy(d->b, bytes.p, DIGEST_BYTES);
    return true;
}
