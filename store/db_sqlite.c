/* store/db_sqlite.c: a database is one SQLite file. The only file that knows
 * SQLite's interface.
 *
 * One process writes: an flock on PATH-lock, which the kernel drops with the
 * process however it ends. (SQLite's own locks would hold only while a
 * transaction is open.) Readers need no lock: with a WAL they keep the commit at
 * which they began. synchronous=FULL: a commit is on the disk when it returns.
 *
 * A reader that makes labels anew while another process writes puts them into
 * temporary tables: a name finds those before the file's, so every statement
 * works on them as it stands. They lie in SQLite's temporary file, not in memory.
 *
 * Rows that go in are a table to SQLite (a module of this file's): they are read
 * where they lie, and no text is made of them. */
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/file.h"
#include "base/stop.h"
#include "store/columns.h"
#include "store/db_engine.h"
#include "store/store.h"

#define BUSY_MS 10000
#define SHARED_BUSY_MS 20000
#define CACHE_KIB 8192
#define CACHE_MORE_KIB 65536
#define TEXT_OF(x) #x
#define NUMBER_TEXT(x) TEXT_OF(x)
#define ROWS_POINTER "rows"            // what sqlite3_bind_pointer calls our rows

struct lite_stmt {
    struct stmt base;
    sqlite3_stmt *st;
    bool busy, ended;
    struct lite_stmt *next;    // of those beside lite.query
};

struct lite {
    struct db base;
    sqlite3 *c;
    int lock;                          // descriptor of PATH-lock, -1 none
    bool snapshot;                     // a read transaction is open until db_close
    bool is_private;                   // a snapshot with tables of its own in front
    bool own_tx;                       // within a snapshot: a transaction of its own is open
    bool cache_more;
    int64_t aside, aside_from;    // rows that db_changes does not count; where it was switched on
    bool foreign;    // somebody else's file: what is wrong is the file's fault
    struct lite_stmt query[QUERY_COUNT];    // prepared when first used
    struct lite_stmt *more;                 // beside those that are busy; who is not, is empty
};

static struct lite *lite_of(struct db *d) { return (struct lite *)d; }
static struct lite_stmt *stmt_of(struct stmt *s) { return (struct lite_stmt *)s; }

/* ---- errors ---- */
/* A page that the disk does not give is "malformed" to SQLite; its last errno tells. */
static bool disk_failed(struct lite *d, int code)
{
    int last = 0;

    if (code == SQLITE_NOMEM || code == SQLITE_IOERR || code == SQLITE_CANTOPEN)
        return true;
    return code == SQLITE_CORRUPT && d->c &&
           sqlite3_file_control(d->c, "main", SQLITE_FCNTL_LAST_ERRNO, &last) == SQLITE_OK &&
           last == EIO;
}

static int foreign_fail(struct lite *d, int code, struct err *err)
{
    if (code == SQLITE_INTERRUPT)
        return err_set(err, ERR_STOPPED, "interrupted");
    if (disk_failed(d, code))
        return err_set(err, ERR_IO, "cannot be read: %s", sqlite3_errmsg(d->c));
    return err_set(err, ERR_INPUT, "is not %s: %s", d->base.kind->is, sqlite3_errmsg(d->c));
}

static int db_fail(struct lite *d, struct err *err)
{
    int code = sqlite3_errcode(d->c);

    if (d->foreign)
        return foreign_fail(d, code, err);
    if (code == SQLITE_NOTADB)
        return err_set(err, ERR_INPUT, "%s is not %s", d->base.path, d->base.kind->is);
    if (code == SQLITE_AUTH)               // may_write
        return err_set(err, ERR_AGAIN, "another blindspot works on %s", d->base.path);
    if (code == SQLITE_CORRUPT)
        return err_set(err, ERR_IO, "%s%s is damaged: %s", d->base.kind->before, d->base.path,
                       sqlite3_errmsg(d->c));
    return err_set(err, ERR_IO, "%s%s: %s", d->base.kind->before, d->base.path,
                   sqlite3_errmsg(d->c));
}

static int exec(struct lite *d, const char *sql, struct err *err)
{
    return sqlite3_exec(d->c, sql, NULL, NULL, NULL) == SQLITE_OK ? 0 : db_fail(d, err);
}

/* ---- rows that go in, as a table ---- */
struct rows_table { sqlite3_vtab base; };
struct rows_cursor { sqlite3_vtab_cursor base; const struct rows *rows; size_t at; };

static int rows_connect(sqlite3 *c, void *aux, int argc, const char *const *argv,
                        sqlite3_vtab **out, char **error)
{
    struct buf sql = {0};
    int rc;

    (void)aux; (void)argc; (void)argv; (void)error;
    buf_puts(&sql, "CREATE TABLE x(");
    for (int i = 0; i < ROWS_COLUMNS_MAX; i++)
        buf_printf(&sql, "c%d, ", i);
    buf_puts(&sql, "rows HIDDEN)");
    rc = sqlite3_declare_vtab(c, buf_cstr(&sql));
    buf_release(&sql);
    if (rc == SQLITE_OK && !(*out = sqlite3_malloc(sizeof(struct rows_table))))
        rc = SQLITE_NOMEM;
    if (rc == SQLITE_OK)
        memset(*out, 0, sizeof(struct rows_table));
    return rc;
}

static int rows_disconnect(sqlite3_vtab *t)
{
    sqlite3_free(t);
    return SQLITE_OK;
}

/* Always walked from its first row to its last; its argument must be known. */
static int rows_best(sqlite3_vtab *t, sqlite3_index_info *info)
{
    (void)t;
    for (int i = 0; i < info->nConstraint; i++) {
        if (info->aConstraint[i].iColumn != ROWS_COLUMNS_MAX ||
            info->aConstraint[i].op != SQLITE_INDEX_CONSTRAINT_EQ)
            continue;
        if (!info->aConstraint[i].usable)
            return SQLITE_CONSTRAINT;
        info->aConstraintUsage[i].argvIndex = 1;
        info->aConstraintUsage[i].omit = 1;
        info->estimatedCost = 1;
        info->estimatedRows = 50;
        return SQLITE_OK;
    }
    return SQLITE_CONSTRAINT;
}

static int rows_open(sqlite3_vtab *t, sqlite3_vtab_cursor **out)
{
    struct rows_cursor *c = sqlite3_malloc(sizeof *c);

    (void)t;
    if (!c)
        return SQLITE_NOMEM;
    memset(c, 0, sizeof *c);
    *out = &c->base;
    return SQLITE_OK;
}

static int rows_close(sqlite3_vtab_cursor *c)
{
    sqlite3_free(c);
    return SQLITE_OK;
}

static int rows_filter(sqlite3_vtab_cursor *base, int n, const char *text, int argc,
                       sqlite3_value **argv)
{
    struct rows_cursor *c = (struct rows_cursor *)base;

    (void)n; (void)text;
    c->rows = argc ? sqlite3_value_pointer(argv[0], ROWS_POINTER) : NULL;
    c->at = 0;
    return SQLITE_OK;
}

static int rows_next(sqlite3_vtab_cursor *base)
{
    ((struct rows_cursor *)base)->at++;
    return SQLITE_OK;
}

static int rows_eof(sqlite3_vtab_cursor *base)
{
    const struct rows_cursor *c = (const struct rows_cursor *)base;

    return !c->rows || c->at >= c->rows->n;
}

static int rows_column(sqlite3_vtab_cursor *base, sqlite3_context *to, int column)
{
    const struct rows_cursor *c = (const struct rows_cursor *)base;
    const struct arg *a;

    if (column >= c->rows->columns)
        return SQLITE_OK;
    a = &c->rows->v[c->at * (size_t)c->rows->columns + (size_t)column];
    switch (a->kind) {
    case ARG_INT: sqlite3_result_int64(to, a->i); break;
    case ARG_REAL: sqlite3_result_double(to, a->real); break;
    case ARG_TEXT:
        sqlite3_result_text64(to, a->text.p ? a->text.p : "", a->text.n, SQLITE_STATIC,
                              SQLITE_UTF8);
        break;
    case ARG_BLOB:
        sqlite3_result_blob64(to, a->text.p ? a->text.p : "", a->text.n, SQLITE_STATIC);
        break;
    case ARG_NULL: case ARG_ROWS: break;
    }
    return SQLITE_OK;
}

static int rows_rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *out)
{
    *out = (sqlite3_int64)((struct rows_cursor *)base)->at;
    return SQLITE_OK;
}

static const sqlite3_module rows_module = {
    .xConnect = rows_connect, .xBestIndex = rows_best, .xDisconnect = rows_disconnect,
    .xOpen = rows_open, .xClose = rows_close, .xFilter = rows_filter, .xNext = rows_next,
    .xEof = rows_eof, .xColumn = rows_column, .xRowid = rows_rowid,
};

/* ---- statements ---- */
/* {rows 2} is rows(?2): the lists of fields have been written out before. */
static char *own_words(const char *sql)
{
    struct buf lists = {0}, out = {0};
    struct str rest, piece;
    char *text;

    columns_expand(&lists, sql);
    rest = buf_view(&lists);
    while (rest.n) {
        ptrdiff_t at = str_find(rest, STR("{rows "), 0);

        piece = at < 0 ? rest : str_sub(rest, 0, (size_t)at);
        buf_str(&out, piece);
        rest = str_sub(rest, piece.n, rest.n);
        if (at < 0)
            break;
        buf_printf(&out, "rows(?%c)", rest.p[6]);
        rest = str_sub(rest, sizeof "{rows 1}" - 1, rest.n);
    }
    text = xstrdup(buf_cstr(&out));
    buf_release(&lists);
    buf_release(&out);
    return text;
}

static int prepare(struct lite *d, const char *text, sqlite3_stmt **st, struct err *err)
{
    char *sql = own_words(text);
    int rc = sqlite3_prepare_v3(d->c, sql, -1, SQLITE_PREPARE_PERSISTENT, st, NULL);

    free(sql);
    return rc == SQLITE_OK ? 0 : db_fail(d, err);
}

static void bind(struct lite_stmt *s, const struct arg *a, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int at = (int)i + 1;

        switch (a[i].kind) {
        case ARG_NULL: sqlite3_bind_null(s->st, at); break;
        case ARG_INT: sqlite3_bind_int64(s->st, at, a[i].i); break;
        case ARG_REAL: sqlite3_bind_double(s->st, at, a[i].real); break;
        case ARG_TEXT:
            sqlite3_bind_text64(s->st, at, a[i].text.p ? a[i].text.p : "", a[i].text.n,
                                SQLITE_STATIC, SQLITE_UTF8);
            break;
        case ARG_BLOB:
            sqlite3_bind_blob64(s->st, at, a[i].text.p, a[i].text.n, SQLITE_STATIC);
            break;
        case ARG_ROWS:
            sqlite3_bind_pointer(s->st, at, (void *)(uintptr_t)a[i].rows, ROWS_POINTER, NULL);
            break;
        }
    }
}

static struct lite_stmt *one_more(struct lite *d)
{
    struct lite_stmt *s;

    for (s = d->more; s && s->busy;)
        s = s->next;
    if (!s) {
        s = xcalloc(1, sizeof *s);
        s->next = d->more;
        d->more = s;
    }
    return s;
}

static int start(struct lite *d, struct lite_stmt *s, const char *sql, const struct arg *a,
                 size_t n, struct err *err)
{
    s->base.db = &d->base;
    if (!s->st && prepare(d, sql, &s->st, err))
        return -1;
    s->busy = true;
    s->ended = false;
    bind(s, a, n);
    return 0;
}

static int lite_query(struct db *base, enum query q, const struct arg *a, size_t n,
                      struct stmt **out, struct err *err)
{
    struct lite *d = lite_of(base);
    struct lite_stmt *s = d->query[q].busy ? one_more(d) : &d->query[q];

    if (start(d, s, db_queries[q].sql, a, n, err))
        return -1;
    *out = &s->base;
    return 0;
}

static int lite_query_made(struct db *base, const struct query_text *made, const struct arg *a,
                           size_t n, struct stmt **out, struct err *err)
{
    struct lite *d = lite_of(base);
    struct lite_stmt *s = one_more(d);

    if (start(d, s, made->sql, a, n, err))
        return -1;
    *out = &s->base;
    return 0;
}

static int lite_next(struct stmt *base, struct err *err)
{
    struct lite_stmt *s = stmt_of(base);
    int rc;

    rc = s->ended ? SQLITE_DONE : sqlite3_step(s->st);
    if (rc == SQLITE_ROW)
        return 1;
    s->ended = true;                   // a further step would begin anew
    return rc == SQLITE_DONE ? 0 : db_fail(lite_of(base->db), err);
}

static void lite_done(struct stmt *base)
{
    struct lite_stmt *s = stmt_of(base);
    const struct lite *d = lite_of(base->db);

    s->busy = false;
    if (s >= d->query && s < d->query + QUERY_COUNT) {
        sqlite3_reset(s->st);
    } else {
        sqlite3_finalize(s->st);
        s->st = NULL;
    }
}

static void forget_statements(struct lite *d)
{
    struct lite_stmt *s;

    for (int q = 0; q < QUERY_COUNT; q++) {
        sqlite3_finalize(d->query[q].st);
        d->query[q] = (struct lite_stmt){ 0 };
    }
    while ((s = d->more)) {
        d->more = s->next;
        sqlite3_finalize(s->st);
        free(s);
    }
}

static int64_t lite_int(struct stmt *s, int at) { return sqlite3_column_int64(stmt_of(s)->st, at); }

static double lite_real(struct stmt *s, int at)
{
    return sqlite3_column_double(stmt_of(s)->st, at);
}

static struct str lite_text(struct stmt *s, int at)
{
    const char *p = (const char *)sqlite3_column_text(stmt_of(s)->st, at);

    return (struct str){ p, p ? (size_t)sqlite3_column_bytes(stmt_of(s)->st, at) : 0 };
}

static struct str lite_bytes(struct stmt *s, int at)
{
    const char *p = sqlite3_column_blob(stmt_of(s)->st, at);

    return (struct str){ p, p ? (size_t)sqlite3_column_bytes(stmt_of(s)->st, at) : 0 };
}

static bool lite_is_null(struct stmt *s, int at)
{
    return sqlite3_column_type(stmt_of(s)->st, at) == SQLITE_NULL;
}

/* The value once, then its parts: without the mutex (connect_to) a value may be
 * looked at so. */
static void lite_value(struct stmt *s, int at, struct value *out)
{
    sqlite3_value *v = sqlite3_column_value(stmt_of(s)->st, at);

    switch (sqlite3_value_type(v)) {
    case SQLITE_INTEGER:
        *out = (struct value){ .kind = VAL_INT, .i = sqlite3_value_int64(v) };
        break;
    case SQLITE_FLOAT:
        *out = (struct value){ .kind = VAL_REAL, .real = sqlite3_value_double(v) };
        break;
    case SQLITE_TEXT:
        *out = (struct value){ .kind = VAL_TEXT,
                               .text.p = (const char *)sqlite3_value_text(v),
                               .text.n = (size_t)sqlite3_value_bytes(v) };
        break;
    default:
        *out = (struct value){ .kind = VAL_NONE };
    }
}

/* ---- transactions ---- */
static bool lite_in_transaction(const struct db *base)
{
    const struct lite *d = (const struct lite *)base;

    return d->snapshot ? d->own_tx : !sqlite3_get_autocommit(d->c);
}

static int lite_begin(struct db *base, struct err *err)
{
    struct lite *d = lite_of(base);

    if (d->own_tx)
        return err_set(err, ERR_IO, "%s: a transaction is open already", d->base.path);
    if (db_run(&d->base, d->snapshot ? Q_BEGIN_OWN : Q_BEGIN, NO_ARGS, err))
        return -1;
    d->own_tx = d->snapshot;
    return 0;
}

static int lite_commit(struct db *base, struct err *err)
{
    struct lite *d = lite_of(base);

    if (db_run(&d->base, d->snapshot ? Q_COMMIT_OWN : Q_COMMIT, NO_ARGS, err))
        return -1;
    d->own_tx = false;
    return 0;
}

static void lite_rollback(struct db *base)
{
    struct lite *d = lite_of(base);

    if (lite_in_transaction(base))
        sqlite3_exec(d->c, d->snapshot ? "ROLLBACK TO own; RELEASE own" : "ROLLBACK", NULL, NULL,
                     NULL);
    d->own_tx = false;
}

static int64_t lite_changes(struct db *base)
{
    struct lite *d = lite_of(base);

    return sqlite3_total_changes64(d->c) - d->aside;
}

static void lite_aside(struct db *base, bool on)
{
    struct lite *d = lite_of(base);
    const int64_t now = sqlite3_total_changes64(d->c);

    if (on)
        d->aside_from = now;
    else
        d->aside += now - d->aside_from;
}

/* ---- connections ---- */
static struct lite *lite_new(const char *path, const struct db_kind *kind)
{
    struct lite *d = xcalloc(1, sizeof *d);

    d->base.engine = &db_sqlite;
    d->base.path = xstrdup(path);
    d->base.kind = kind;
    d->lock = -1;
    return d;
}

static void lite_unlock(struct db *base)
{
    struct lite *d = lite_of(base);

    if (d->lock >= 0)
        close(d->lock);
    d->lock = -1;
}

static void lite_close(struct db *base)
{
    struct lite *d = lite_of(base);

    forget_statements(d);
    sqlite3_close_v2(d->c);
    lite_unlock(base);
    free(d->base.path);
    free(d);
}

/* A store belongs to one thread: without SQLite's mutex a column costs a third.
 * The file is not mapped: that saved no time, and its pages count as ours. */
static int connect_to(struct lite *d, const char *name, int flags, struct err *err)
{
    sqlite3_close_v2(d->c);
    d->c = NULL;
    if (sqlite3_open_v2(name, &d->c, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
        return d->c ? db_fail(d, err) : err_set(err, ERR_IO, "%s: out of memory", d->base.path);
    sqlite3_busy_timeout(d->c, BUSY_MS);
    sqlite3_limit(d->c, SQLITE_LIMIT_ATTACHED, 0);
    if (sqlite3_create_module(d->c, "rows", &rows_module, NULL) != SQLITE_OK)
        return db_fail(d, err);
    return exec(d,
                "PRAGMA synchronous = FULL; PRAGMA cache_size = -" NUMBER_TEXT(CACHE_KIB) ";"
                "PRAGMA wal_autocheckpoint = 16384; PRAGMA trusted_schema = OFF", err);
}

/* A folder that cannot be written (an archived audit) gives no place for the
 * WAL's index; nobody writes there, so the file is read as it is. */
static int connect_immutable(struct lite *d, struct err *err)
{
    struct buf uri = {0};
    int rc;

    buf_puts(&uri, "file:");
    for (const char *p = d->base.path; *p; p++)    // what ends a path or escapes in a URI
        buf_printf(&uri, strchr("%?#", *p) ? "%%%02X" : "%c", (unsigned char)*p);
    buf_puts(&uri, "?immutable=1");
    rc = connect_to(d, buf_cstr(&uri), SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, err);
    buf_release(&uri);
    return rc;
}

static int check_kind(struct lite *d, struct err *err)
{
    int64_t application = 0, *const out[] = { &application };

    if (db_row(&d->base, Q_APPLICATION, NO_ARGS, out, 1, err) < 0)
        return -1;
    return application == d->base.kind->application
               ? 0
               : err_set(err, ERR_INPUT, "%s is not %s", d->base.path, d->base.kind->is);
}

static int lite_open(struct db **out, const char *path, const struct db_kind *kind, struct err *err)
{
    struct lite *d = lite_new(path, kind);

    if (!file_exists(path)) {
        err_set(err, ERR_INPUT, "%s does not exist", path);
        goto fail;
    }
    if (connect_to(d, path, SQLITE_OPEN_READWRITE, err))
        goto fail;
    if (sqlite3_exec(d->c, "SELECT 1 FROM sqlite_master", NULL, NULL, NULL) == SQLITE_CANTOPEN &&
        connect_immutable(d, err))
        goto fail;
    if (check_kind(d, err))
        goto fail;
    *out = &d->base;
    return 0;
fail:
    lite_close(&d->base);
    return -1;
}

/* A log that holds nothing, or that is not there, tells nothing. A store that came out of a
 * bundle has a journal in place of a WAL. */
static bool has_log(const char *path)
{
    static const char *const endings[] = STORE_FILES;
    bool has = false;

    for (size_t i = 1; i < sizeof endings / sizeof *endings; i++) {
        char *name = file_beside(path, endings[i]);

        has = has || file_state_of(name).size > 0;
        free(name);
    }
    return has;
}

static int lite_open_still(struct db **out, const char *path, const struct db_kind *kind,
                           struct err *err)
{
    struct lite *d = lite_new(path, kind);
    int rc;

    if (!file_exists(path))
        rc = err_set(err, ERR_INPUT, "%s does not exist", path);
    else if (has_log(path))
        rc = err_set(err, ERR_AGAIN, "there are commits in a log beside %s", path);
    else
        rc = connect_immutable(d, err) || check_kind(d, err) ? -1 : 0;
    if (rc)
        lite_close(&d->base);
    else
        *out = &d->base;
    return rc;
}

/* ---- of others ---- */
#define FOREIGN_CELL_MAX (16 << 20)
#define FOREIGN_STEPS 100000    // of the engine, between two looks at the interrupt

static int may_read(void *to, int action, const char *a, const char *name, const char *db,
                    const char *by)
{
    static const char *const harmless[] = { "json_group_array", "nullif", "coalesce", NULL };

    (void)to;
    (void)a;
    (void)db;
    if (action == SQLITE_FUNCTION)
        return str_is_one_of(str_of(name), harmless) ? SQLITE_OK : SQLITE_DENY;
    /* by: the view or trigger that asks for it */
    return (action == SQLITE_SELECT || action == SQLITE_READ) && !by ? SQLITE_OK : SQLITE_DENY;
}

static int is_stopped(void *to)
{
    (void)to;
    return stop_asked();
}

static int make_harmless(struct lite *d, struct err *err)
{
    static const struct {
        int what, value;
    } config[] = {
        { SQLITE_DBCONFIG_DEFENSIVE, 1 },
        { SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0 },
        { SQLITE_DBCONFIG_ENABLE_VIEW, 0 },
        { SQLITE_DBCONFIG_ENABLE_TRIGGER, 0 },
        { SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, 0 },
        { SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0 },
    };

    for (size_t i = 0; i < sizeof config / sizeof config[0]; i++)
        if (sqlite3_db_config(d->c, config[i].what, config[i].value, (int *)NULL) != SQLITE_OK)
            return db_fail(d, err);
    sqlite3_busy_timeout(d->c, BUSY_MS);
    sqlite3_limit(d->c, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_limit(d->c, SQLITE_LIMIT_LENGTH, FOREIGN_CELL_MAX);
    sqlite3_progress_handler(d->c, FOREIGN_STEPS, is_stopped, NULL);
    if (sqlite3_drop_modules(d->c, NULL) != SQLITE_OK ||
        exec(d,
             "PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0; PRAGMA query_only = 1; "
             "PRAGMA cache_size = -" NUMBER_TEXT(CACHE_KIB),
             err))
        return -1;
    sqlite3_set_authorizer(d->c, may_read, NULL);
    return 0;
}

int db_open_foreign(struct db **out, const char *path, const struct db_kind *kind, struct err *err)
{
    struct lite *d = lite_new(path, kind);
    int rc;

    d->foreign = true;
    rc = sqlite3_open_v2(path, &d->c, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL);
    if (rc != SQLITE_OK && d->c)
        rc = db_fail(d, err);
    else if (rc != SQLITE_OK)
        rc = err_set(err, ERR_IO, "out of memory");
    else
        rc = make_harmless(d, err);
    if (rc)
        lite_close(&d->base);
    else
        *out = &d->base;
    return rc;
}

/* What would change the file's tables does not even become a statement. (To declare
 * the table of our rows looks like an entry in the schema.) */
static int may_write(void *to, int action, const char *table, const char *b, const char *db,
                     const char *by)
{
    bool writes = action == SQLITE_INSERT || action == SQLITE_UPDATE || action == SQLITE_DELETE;

    (void)to; (void)b; (void)by;
    return writes && db && !strcmp(db, "main") && strcmp(table, "sqlite_master") ? SQLITE_DENY
                                                                                 : SQLITE_OK;
}

/* The first read fixes the commit that is seen. */
static int snapshot_begin(struct lite *d, struct err *err)
{
    if (exec(d, "BEGIN; SELECT 1 FROM sqlite_master", err))
        return -1;
    d->snapshot = true;
    return 0;
}

static int lite_begin_as(struct db *base, enum db_access access, struct err *err)
{
    struct lite *d = lite_of(base);

    if (access == DB_WRITE)
        return 0;
    d->is_private = access == DB_PRIVATE;
    if (d->is_private)
        sqlite3_set_authorizer(d->c, may_write, NULL);
    else if (exec(d, "PRAGMA query_only = 1", err))
        return -1;
    return snapshot_begin(d, err);
}

static int lite_second(struct db *base, struct db **out, struct err *err)
{
    struct lite *d = lite_of(base);
    struct db *second;

    if (db_open(&second, d->base.path, d->base.kind, err))
        return -1;
    if (db_begin_as(second, DB_READ, err)) {
        db_close(second);
        return -1;
    }
    *out = second;
    return 0;
}

static int lite_lock(struct db *base, struct err *err)
{
    struct lite *d = lite_of(base);
    char *name = file_beside(d->base.path, "-lock");
    int rc = 0;

    d->lock = file_open(name, O_RDWR | O_CREAT);
    if (d->lock < 0)
        rc = err_set(err, ERR_IO, "%s: %s", name, strerror(errno));
    else if (flock(d->lock, LOCK_EX | LOCK_NB)) {
        rc = errno == EWOULDBLOCK
                 ? err_set(err, ERR_AGAIN, "another blindspot works on %s", d->base.path)
                 : err_set(err, ERR_IO, "%s: %s", name, strerror(errno));
        close(d->lock);
        d->lock = -1;
    }
    free(name);
    return rc;
}

static bool lite_is_locked(const char *path)
{
    char *name = file_beside(path, "-lock");
    int fd = file_open(name, O_RDONLY);
    bool locked = fd >= 0 && flock(fd, LOCK_SH | LOCK_NB) && errno == EWOULDBLOCK;

    if (fd >= 0)
        close(fd);
    free(name);
    return locked;
}

/* ---- a new file ---- */
#define FRESH ".new"

static int lite_create(struct db **out, const char *path, const struct db_kind *kind,
                       struct err *err)
{
    char *fresh = file_beside(path, FRESH);
    struct lite *d = lite_new(fresh, kind);
    int rc = -1;

    unlink(fresh);
    if (file_exists(path))
        err_set(err, ERR_USAGE, "%s exists already", path);
    else
        rc = connect_to(d, fresh, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, err);
    free(fresh);
    if (rc == 0)
        *out = &d->base;
    else
        lite_close(&d->base);
    return rc;
}

static int lite_created(struct db *base, int rc, struct err *err)
{
    struct lite *d = lite_of(base);
    char *fresh = xstrdup(d->base.path), *path = xstrdup(d->base.path);
    char sql[64];

    path[strlen(path) - strlen(FRESH)] = 0;
    snprintf(sql, sizeof sql, "PRAGMA application_id = %d", (int)d->base.kind->application);
    if (rc == 0)
        rc = exec(d, sql, err) || exec(d, "PRAGMA journal_mode = WAL", err) ? -1 : 0;
    lite_close(&d->base);
    if (rc == 0 && renameat2(AT_FDCWD, fresh, AT_FDCWD, path, RENAME_NOREPLACE))
        rc = errno == EEXIST ? err_set(err, ERR_USAGE, "%s exists already", path)
                             : err_set(err, ERR_IO, "%s: %s", path, strerror(errno));
    if (rc)
        unlink(fresh);
    free(fresh);
    free(path);
    return rc;
}

/* Turning a new file into a WAL database wants it alone, and gives BUSY at once
 * where another process does the same: the time-out does not cover that. */
static int exec_patiently(struct lite *d, const char *what, struct err *err)
{
    int rc = SQLITE_BUSY;

    for (int waited = 0; rc == SQLITE_BUSY && waited < SHARED_BUSY_MS; waited += 10) {
        if (waited)
            sqlite3_sleep(10);
        rc = sqlite3_exec(d->c, what, NULL, NULL, NULL);
    }
    return rc == SQLITE_OK ? 0 : db_fail(d, err);
}

int db_open_shared(struct db **out, const char *path, const struct db_kind *kind,
                   const char *schema, struct err *err)
{
    struct lite *d = lite_new(path, kind);

    if (file_mkdirs_of(path, err))
        goto fail;
    if (sqlite3_open_v2(path, &d->c, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) !=
        SQLITE_OK) {
        db_fail(d, err);
        goto fail;
    }
    sqlite3_busy_timeout(d->c, SHARED_BUSY_MS);
    if (exec_patiently(d, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL", err) ||
        exec_patiently(d, schema, err))
        goto fail;
    *out = &d->base;
    return 0;
fail:
    lite_close(&d->base);
    return -1;
}

/* ---- tables ---- */
static int lite_version(struct db *base, int64_t *version, struct err *err)
{
    struct lite *d = lite_of(base);
    int64_t *const out[] = { version };

    return db_row(&d->base, Q_VERSION, NO_ARGS, out, 1, err) < 0 ? -1 : 0;
}

static int lite_set_version(struct db *base, int64_t version, struct err *err)
{
    struct lite *d = lite_of(base);
    char sql[64];

    snprintf(sql, sizeof sql, "PRAGMA user_version = %lld", (long long)version);
    return exec(d, sql, err);
}

static int lite_script(struct db *base, const char *sql, struct err *err)
{
    struct lite *d = lite_of(base);
    char *own = own_words(sql);
    int rc = exec(d, own, err);

    free(own);
    return rc;
}

static int lite_own_table(struct db *base, const char *table, const char *keep, struct err *err)
{
    struct lite *d = lite_of(base);
    struct buf sql = {0};
    struct stmt *st = NULL;
    int rc;

    if (!d->is_private)
        return 0;
    if (db_query(&d->base, Q_TABLE_SQL, ARGS(arg_text(str_of(table))), &st, err))
        return -1;
    if ((rc = stmt_next(st, err)) == 1 && stmt_is_null(st, 0))
        buf_printf(&sql, "CREATE TEMP%.*s; INSERT INTO temp.%s SELECT * FROM main.%s WHERE %s",
                   STR_ARG(stmt_text(st, 1)), table, table, keep);
    stmt_done(st);
    if (rc == 1 && sql.n)
        rc = exec(d, buf_cstr(&sql), err);
    buf_release(&sql);
    return rc < 0 ? -1 : 0;
}

static int lite_copy(struct db *base, const char *path, struct err *err)
{
    struct lite *d = lite_of(base);
    struct err later = {0};
    int rc = d->snapshot ? exec(d, "COMMIT; PRAGMA query_only = 0", err) : 0;

    if (rc)
        return -1;
    sqlite3_limit(d->c, SQLITE_LIMIT_ATTACHED, 1);    // VACUUM attaches the file that it writes
    rc = db_run(&d->base, Q_COPY, ARGS(arg_text(str_of(path))), err);
    sqlite3_limit(d->c, SQLITE_LIMIT_ATTACHED, 0);
    if (d->snapshot && !d->is_private && exec(d, "PRAGMA query_only = 1", rc ? &later : err))
        rc = -1;
    return d->snapshot && snapshot_begin(d, rc ? &later : err) ? -1 : rc;
}

static int lite_delete_securely(struct db *base, struct err *err)
{
    struct lite *d = lite_of(base);

    return exec(d, "PRAGMA secure_delete = ON", err);
}

static int lite_settle(struct db *base, struct err *err)
{
    struct lite *d = lite_of(base);

    return exec(d, "PRAGMA wal_checkpoint(TRUNCATE)", err);
}

/* Statements that are still prepared would keep the file from being rewritten. */
static int lite_compact(struct db *base, struct err *err)
{
    struct lite *d = lite_of(base);
    int rc;

    forget_statements(d);
    sqlite3_limit(d->c, SQLITE_LIMIT_ATTACHED, 1);
    rc = exec(d, "PRAGMA secure_delete = ON; VACUUM", err);
    sqlite3_limit(d->c, SQLITE_LIMIT_ATTACHED, 0);
    return rc ? -1 : lite_settle(base, err);
}

static int lite_cache_more(struct db *base, struct err *err)
{
    struct lite *d = lite_of(base);

    if (d->cache_more)
        return 0;
    d->cache_more = true;
    return exec(d, "PRAGMA cache_size = -" NUMBER_TEXT(CACHE_MORE_KIB), err);
}

static void lite_library(struct buf *out) { buf_printf(out, "SQLite %s", sqlite3_libversion()); }

const struct db_engine db_sqlite = {
    .scheme = "",
    .create = lite_create,
    .created = lite_created,
    .open = lite_open,
    .open_still = lite_open_still,
    .begin_as = lite_begin_as,
    .second = lite_second,
    .close = lite_close,
    .lock = lite_lock,
    .unlock = lite_unlock,
    .is_locked = lite_is_locked,
    .library = lite_library,
    .version = lite_version,
    .set_version = lite_set_version,
    .script = lite_script,
    .own_table = lite_own_table,
    .copy = lite_copy,
    .delete_securely = lite_delete_securely,
    .compact = lite_compact,
    .settle = lite_settle,
    .cache_more = lite_cache_more,
    .begin = lite_begin,
    .commit = lite_commit,
    .rollback = lite_rollback,
    .in_transaction = lite_in_transaction,
    .changes = lite_changes,
    .aside = lite_aside,
    .query = lite_query,
    .query_made = lite_query_made,
    .next = lite_next,
    .done = lite_done,
    .get_int = lite_int,
    .get_real = lite_real,
    .get_text = lite_text,
    .get_bytes = lite_bytes,
    .is_null = lite_is_null,
    .get_value = lite_value,
};
