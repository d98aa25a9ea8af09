/* store/sqlite.c: a store is one SQLite file: making it, opening it, its lock,
 * its schema's versions, transactions, and the small facts of an audit.
 *
 * One process writes: an flock on PATH-lock, which the kernel drops with the
 * process however it ends. (SQLite's own locks would hold only while a
 * transaction is open.) Readers need no lock: with a WAL they keep the commit at
 * which they began. synchronous=FULL: a commit is on the disk when it returns.
 *
 * A reader that makes labels anew while another process writes puts them into
 * temporary tables: a name finds those before the file's, so every statement
 * works on them as it stands. They lie in SQLite's temporary file, not in memory. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/file.h"
#include "base/utc.h"
#include "store/sqlite_priv.h"

#define APPLICATION_ID 1651273316      // "blnd", in the header of the file
#define SCHEMA_VERSION 6
#define BUSY_MS 10000
#define CACHE_KIB 8192
#define CACHE_MORE_KIB 65536
#define TEXT_OF(x) #x
#define NUMBER_TEXT(x) TEXT_OF(x)

// queries.def and items.c compare these as numbers
_Static_assert(WITNESS_QUERY == 0 && WITNESS_VALIDATION == 2 && WITNESS_PAGE == 3,
               "witnesses of the API are 0 to 2");
_Static_assert(ANSWER_PUBLIC == 2 && ANSWER_REFUSED == 3 && ANSWER_NO_ANSWER == 4,
               "answers are stored as numbers");

/* step_from[v] leads from version v to v + 1; version 0 is an empty file. */
static const char *const step_from[SCHEMA_VERSION] = { store_schema_sql, store_schema_2_sql,
                                                    store_schema_3_sql, store_schema_4_sql,
                                                    store_schema_5_sql, store_schema_6_sql };

static const char *const query_sql[QUERY_COUNT] = {
#define QUERY(name, sql) [Q_##name] = sql,
#include "store/queries.def"
#undef QUERY
};

/* ---- statements ---- */
int store_fail(struct store *s, struct err *err)
{
    int code = sqlite3_errcode(s->db);

    if (code == SQLITE_NOTADB)
        return err_set(err, ERR_INPUT, "%s is not a store of blindspot", s->path);
    if (code == SQLITE_AUTH)               // may_write
        return err_set(err, ERR_AGAIN, "another blindspot works on %s", s->path);
    if (code == SQLITE_CORRUPT)
        return err_set(err, ERR_IO, "%s is damaged: %s", s->path, sqlite3_errmsg(s->db));
    return err_set(err, ERR_IO, "%s: %s", s->path, sqlite3_errmsg(s->db));
}

int store_damaged(struct store *s, const char *what, struct err *err)
{
    return err_set(err, ERR_IO, "%s is damaged: %s", s->path, what);
}

sqlite3_stmt *store_prepare(struct store *s, const char *sql, struct err *err)
{
    sqlite3_stmt *st = NULL;

    if (sqlite3_prepare_v3(s->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &st, NULL) != SQLITE_OK) {
        store_fail(s, err);
        return NULL;
    }
    return st;
}

sqlite3_stmt *store_query(struct store *s, enum query q, struct err *err)
{
    if (!s->query[q] && !(s->query[q] = store_prepare(s, query_sql[q], err)))
        return NULL;
    sqlite3_reset(s->query[q]);
    return s->query[q];
}

int store_step(struct store *s, sqlite3_stmt *st, struct err *err)
{
    int rc = sqlite3_step(st);

    if (rc == SQLITE_ROW)
        return 1;
    if (rc == SQLITE_DONE)
        return 0;
    store_fail(s, err);
    sqlite3_reset(st);
    return -1;
}

int store_run(struct store *s, sqlite3_stmt *st, struct err *err)
{
    int rc;

    do
        rc = store_step(s, st, err);
    while (rc == 1);
    sqlite3_reset(st);
    return rc;
}

int store_exec(struct store *s, const char *sql, struct err *err)
{
    return sqlite3_exec(s->db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0 : store_fail(s, err);
}

void bind_int(sqlite3_stmt *st, int at, int64_t i)
{
    sqlite3_bind_int64(st, at, i);
}

void bind_str(sqlite3_stmt *st, int at, struct str s)
{
    sqlite3_bind_text64(st, at, s.p ? s.p : "", s.n, SQLITE_STATIC, SQLITE_UTF8);
}

void bind_digest(sqlite3_stmt *st, int at, const struct digest *d)
{
    sqlite3_bind_blob(st, at, d->b, DIGEST_BYTES, SQLITE_STATIC);
}

void bind_value(sqlite3_stmt *st, int at, const struct value *v)
{
    switch (v->kind) {
    case VAL_INT: bind_int(st, at, v->i); break;
    case VAL_TEXT: bind_str(st, at, v->text); break;
    case VAL_REAL: sqlite3_bind_double(st, at, v->real); break;
    case VAL_NONE: sqlite3_bind_null(st, at); break;
    }
}

struct str col_str(sqlite3_stmt *st, int at)
{
    const char *p = (const char *)sqlite3_column_text(st, at);

    return (struct str){ p, p ? (size_t)sqlite3_column_bytes(st, at) : 0 };
}

/* The value once, then its parts: without the mutex (connect_store) a value may
 * be looked at so. */
struct value col_value(sqlite3_stmt *st, int at)
{
    sqlite3_value *v = sqlite3_column_value(st, at);

    switch (sqlite3_value_type(v)) {
    case SQLITE_INTEGER: return value_int(sqlite3_value_int64(v));
    case SQLITE_FLOAT: return value_real(sqlite3_value_double(v));
    case SQLITE_TEXT: {
        const char *p = (const char *)sqlite3_value_text(v);

        return value_text((struct str){ p, (size_t)sqlite3_value_bytes(v) });
    }
    default: return (struct value){ .kind = VAL_NONE };
    }
}

/* ---- transactions ---- */
/* A snapshot is a transaction itself, that no other may end. */
static bool tx_is_open(const struct store *s)
{
    return s->snapshot ? s->own_tx : !sqlite3_get_autocommit(s->db);
}

static int tx_run(struct store *s, enum query q, struct err *err)
{
    sqlite3_stmt *st = store_query(s, q, err);

    return st ? store_run(s, st, err) : -1;
}

static int tx_open(struct store *s, struct err *err)
{
    if (s->own_tx)
        return err_set(err, ERR_IO, "%s: a transaction is open already", s->path);
    if (tx_run(s, s->snapshot ? Q_SAVEPOINT : Q_BEGIN, err))
        return -1;
    s->own_tx = s->snapshot;
    return 0;
}

/* Labels and differences are reckoned from the rest: whoever keeps what was read
 * of the rest need not read it again for them. */
void store_derives(struct store *s)
{
    s->derived_from = sqlite3_total_changes64(s->db);
}

static void tx_ended(struct store *s)
{
    if (s->derived_from >= 0)
        s->derived += sqlite3_total_changes64(s->db) - s->derived_from;
    s->derived_from = -1;
    s->dirty = s->batch = s->own_tx = false;
    s->answer_first = s->answer_newest = 0;
}

int store_run_aside(struct store *s, sqlite3_stmt *st, struct err *err)
{
    int64_t before = sqlite3_total_changes64(s->db);
    int rc = store_run(s, st, err);

    if (s->derived_from < 0)
        s->derived += sqlite3_total_changes64(s->db) - before;
    return rc;
}

int64_t store_changes(const struct store *s)
{
    return (s->derived_from >= 0 ? s->derived_from : (int64_t)sqlite3_total_changes64(s->db)) -
           s->derived;
}

static int tx_commit(struct store *s, struct err *err)
{
    sqlite3_stmt *st;

    if (s->dirty) {
        if (!(st = store_query(s, Q_STAMP, err)))
            return -1;
        bind_int(st, 1, s->answer_first);
        bind_int(st, 2, s->answer_newest);
        if (store_run(s, st, err))
            return -1;
    }
    if (tx_run(s, s->snapshot ? Q_RELEASE : Q_COMMIT, err))
        return -1;
    tx_ended(s);
    return 0;
}

void store_rollback(struct store *s)
{
    if (tx_is_open(s))
        sqlite3_exec(s->db, s->snapshot ? "ROLLBACK TO own; RELEASE own" : "ROLLBACK", NULL, NULL,
                     NULL);
    tx_ended(s);
    s->max_item = s->next_request = s->asked = s->found = -1;
}

int store_enter(struct store *s, bool *own, struct err *err)
{
    *own = !tx_is_open(s);
    return *own ? tx_open(s, err) : 0;
}

int store_leave(struct store *s, bool own, int rc, struct err *err)
{
    if (!own)
        return rc;
    if (rc == 0 && tx_commit(s, err) == 0)
        return 0;
    store_rollback(s);
    return -1;
}

int store_begin(struct store *s, struct err *err)
{
    if (s->batch && s->sink && store_flush_sink(s->sink, err))
        return -1;
    return tx_open(s, err);
}

int store_commit(struct store *s, struct err *err)
{
    return tx_is_open(s) ? tx_commit(s, err) : 0;
}

void store_answered(struct store *s, int64_t at)
{
    s->dirty = true;
    if (at <= 0)
        return;
    if (s->answer_first == 0 || at < s->answer_first)
        s->answer_first = at;
    if (at > s->answer_newest)
        s->answer_newest = at;
}

/* ---- schema ---- */
static int pragma_int(struct store *s, const char *sql, int64_t *out, struct err *err)
{
    sqlite3_stmt *st = store_prepare(s, sql, err);
    int rc = st ? store_step(s, st, err) : -1;

    if (rc >= 0)
        *out = rc == 1 ? sqlite3_column_int64(st, 0) : 0;
    sqlite3_finalize(st);
    return rc < 0 ? -1 : 0;
}

/* Fields that this program knows and the table does not become columns. */
static int add_fields(struct store *s, const char *table, bool all, struct err *err)
{
    bool known[FIELD_COUNT] = { false };
    sqlite3_stmt *st = NULL;
    char sql[160];
    int rc;

    snprintf(sql, sizeof sql, "SELECT name FROM pragma_table_info('%s')", table);
    if (!(st = store_prepare(s, sql, err)))
        return -1;
    while ((rc = store_step(s, st, err)) == 1) {
        enum field f = field_find(col_str(st, 0));

        if (f < FIELD_COUNT)
            known[f] = true;
    }
    sqlite3_finalize(st);
    for (int f = 0; rc == 0 && f < FIELD_COUNT; f++) {
        if (known[f] || (!all && !field_drifts((enum field)f)))
            continue;
        snprintf(sql, sizeof sql, "ALTER TABLE %s ADD COLUMN \"%s\"", table,
                 field_info((enum field)f)->name);
        rc = store_exec(s, sql, err);
    }
    return rc;
}

static const char *word_name(const char *kind, int n)
{
    switch (kind[0]) {
    case 'w': return n < WITNESS_COUNT ? witness_name((enum witness)n) : NULL;
    case 'a': return n < ANSWER_COUNT ? answer_name((enum answer_kind)n) : NULL;
    case 'n': return n < NO_ANSWER_COUNT ? no_answer_name((enum no_answer)n) : NULL;
    case 'g': return n < GENERATION_COUNT ? generation_name((enum generation)n) : NULL;
    case 's': return n < STATE_COUNT ? state_name((enum state)n) : NULL;
    case 'l': return n < LABEL_COUNT ? label_name((enum label)n) : NULL;
    case 'r': return n < REASON_COUNT ? reason_name((enum reason)n) : NULL;
    case 'b': return n < BASIS_COUNT ? basis_name((enum basis)n) : NULL;
    case 'c': return n < VALIDATION_COUNT ? validation_name((enum validation)n) : NULL;
    case 'u': return n < USER_INFO_COUNT ? user_info_name((enum user_info)n) : NULL;
    case 'v': return n < VERDICT_COUNT ? verdict_name((enum verdict)n) : NULL;
    default: return n < FIELD_COUNT ? field_info((enum field)n)->name : NULL;
    }
}

/* Counts the words that differ from this program's, or (set) writes them. */
static int words(struct store *s, bool set, int *differ, struct err *err)
{
    static const char *const kinds[] = { "witness", "answer",    "no_answer", "generation",
                                         "state",   "label",     "reason",    "basis",
                                         "check",   "user_info", "verdict",   "field" };
    sqlite3_stmt *st = store_prepare(
        s,
        set ? "INSERT OR REPLACE INTO word (kind, n, name) VALUES (?1, ?2, ?3)"
            : "SELECT count(*) FROM word WHERE kind = ?1 AND n = ?2 AND name = ?3",
        err);
    int rc = st ? 0 : -1;

    *differ = 0;
    for (size_t k = 0; rc == 0 && k < sizeof kinds / sizeof kinds[0]; k++) {
        const char *name;

        for (int n = 0; rc == 0 && (name = word_name(kinds[k], n)); n++) {
            bind_str(st, 1, str_of(kinds[k]));
            bind_int(st, 2, n);
            bind_str(st, 3, str_of(name));
            rc = store_step(s, st, err);
            *differ += rc == 1 && sqlite3_column_int64(st, 0) == 0;
            sqlite3_reset(st);
            rc = rc < 0 ? -1 : 0;
        }
    }
    sqlite3_finalize(st);
    return rc;
}

/* Brings a file of any older version to this one. Labels and differences are
 * derived and number their words and fields as the program that wrote them, so
 * a change of those drops them; the stamp grows, and report makes them anew. */
static int migrate(struct store *s, int64_t version, struct err *err)
{
    char sql[64];
    int differ = 0, rc = tx_open(s, err);

    for (int64_t v = version; rc == 0 && v < SCHEMA_VERSION; v++)
        rc = store_exec(s, step_from[v], err);
    snprintf(sql, sizeof sql, "PRAGMA user_version = %d", SCHEMA_VERSION);
    if (rc || add_fields(s, "record", true, err) || add_fields(s, "counter", false, err) ||
        words(s, false, &differ, err))
        goto fail;
    if (differ && (words(s, true, &differ, err) ||
                   store_exec(s, "DELETE FROM label; DELETE FROM difference", err)))
        goto fail;
    s->dirty = version > 0;
    if (store_exec(s, sql, err) || tx_commit(s, err))
        goto fail;
    return 0;
fail:
    store_rollback(s);
    return err_wrap(err, "bringing %s up to date", s->path);
}

/* True where every field and word of this program is in the file. */
static int schema_is_current(struct store *s, bool *current, struct err *err)
{
    int differ = 0;
    int64_t have = 0;
    int drifting = 0;

    for (int f = 0; f < FIELD_COUNT; f++)
        drifting += field_drifts((enum field)f);
    if (words(s, false, &differ, err) ||
        pragma_int(
            s,
            "SELECT (SELECT count(*) FROM pragma_table_info('record') t JOIN word w"
            " ON w.kind = 'field' AND w.name = t.name) + (SELECT count(*) FROM"
            " pragma_table_info('counter') t JOIN word w ON w.kind = 'field' AND w.name = t.name)",
            &have, err))
        return -1;
    *current = differ == 0 && have >= FIELD_COUNT + drifting;
    return 0;
}

/* ---- making, opening, closing ---- */
static char *beside(const char *path, const char *ending)
{
    size_t n = strlen(path), m = strlen(ending) + 1;
    char *name = xmalloc(n + m);

    memcpy(name, path, n);
    memcpy(name + n, ending, m);
    return name;
}

static int lock_take(struct store *s, struct err *err)
{
    char *name = beside(s->path, "-lock");
    int rc = 0;

    s->lock = file_open(name, O_RDWR | O_CREAT);
    if (s->lock < 0)
        rc = err_set(err, ERR_IO, "%s: %s", name, strerror(errno));
    else if (flock(s->lock, LOCK_EX | LOCK_NB)) {
        rc = errno == EWOULDBLOCK
                 ? err_set(err, ERR_AGAIN, "another blindspot works on %s", s->path)
                 : err_set(err, ERR_IO, "%s: %s", name, strerror(errno));
        close(s->lock);
        s->lock = -1;
    }
    free(name);
    return rc;
}

static void lock_drop(struct store *s)
{
    if (s->lock >= 0)
        close(s->lock);
    s->lock = -1;
}

static struct store *store_new(const char *path)
{
    struct store *s = xcalloc(1, sizeof *s);

    s->path = xstrdup(path);
    s->lock = -1;
    s->max_item = s->next_request = s->asked = s->found = s->derived_from = -1;
    return s;
}

static void store_free(struct store *s)
{
    if (!s)
        return;
    for (int q = 0; q < QUERY_COUNT; q++)
        sqlite3_finalize(s->query[q]);
    arena_release(&s->item_mem);
    sqlite3_finalize(s->record_add);
    sqlite3_finalize(s->record_move);
    sqlite3_finalize(s->record_get);
    sqlite3_finalize(s->record_drift);
    sqlite3_finalize(s->counter_add);
    sqlite3_close_v2(s->db);
    lock_drop(s);
    free(s->path);
    free(s);
}

/* A folder that cannot be written (an archived audit) gives no place for the
 * WAL's index; nobody writes there, so the file is read as it is. */
static int connect_immutable(struct store *s, struct err *err)
{
    struct buf uri = {0};
    int rc;

    buf_puts(&uri, "file:");
    for (const char *p = s->path; *p; p++)    // what ends a path or escapes in a URI
        buf_printf(&uri, strchr("%?#", *p) ? "%%%02X" : "%c", (unsigned char)*p);
    buf_puts(&uri, "?immutable=1");
    sqlite3_close_v2(s->db);
    s->db = NULL;
    rc = sqlite3_open_v2(buf_cstr(&uri), &s->db,
                         SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, NULL);
    buf_release(&uri);
    return rc == SQLITE_OK ? 0 : store_fail(s, err);
}

/* A store belongs to one thread: without SQLite's mutex a column costs a third.
 * The file is not mapped: that saved no time, and its pages count as ours. */
static int connect_store(struct store *s, int flags, struct err *err)
{
    if (sqlite3_open_v2(s->path, &s->db, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
        return s->db ? store_fail(s, err) : err_set(err, ERR_IO, "%s: out of memory", s->path);
    sqlite3_busy_timeout(s->db, BUSY_MS);
    sqlite3_limit(s->db, SQLITE_LIMIT_ATTACHED, 0);
    return store_exec(
        s,
        "PRAGMA synchronous = FULL; PRAGMA cache_size = -" NUMBER_TEXT(
            CACHE_KIB) ";"
                       "PRAGMA wal_autocheckpoint = 16384; PRAGMA trusted_schema = OFF",
        err);
}

int store_cache_more(struct store *s, struct err *err)
{
    if (s->cache_more)
        return 0;
    s->cache_more = true;
    return store_exec(s, "PRAGMA cache_size = -" NUMBER_TEXT(CACHE_MORE_KIB), err);
}

static int set_random(struct store *s, const char *key, size_t bytes, struct err *err)
{
    struct digest d;
    char text[DIGEST_HEX];

    digest_random(d.b);
    digest_hex(&d, text);
    return store_meta_set(s, key, (struct str){ text, 2 * bytes }, err);
}

/* The file appears under its name only when whole. */
int store_create(const char *path, struct err *err)
{
    char *fresh = beside(path, ".new");
    struct store *s = NULL;
    int rc = -1;

    if (file_exists(path)) {
        err_set(err, ERR_USAGE, "%s exists already", path);
        goto out;
    }
    unlink(fresh);
    s = store_new(fresh);
    if (connect_store(s, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, err) || migrate(s, 0, err) ||
        set_random(s, "audit", 8, err) || set_random(s, "seed", DIGEST_BYTES, err) ||
        set_random(s, "source_key", DIGEST_BYTES, err))
        goto out;
    if (sqlite3_exec(s->db, "PRAGMA application_id = " NUMBER_TEXT(APPLICATION_ID), NULL, NULL,
                     NULL) != SQLITE_OK ||
        sqlite3_exec(s->db, "PRAGMA journal_mode = WAL", NULL, NULL, NULL) != SQLITE_OK) {
        store_fail(s, err);
        goto out;
    }
    store_free(s);
    s = NULL;
    if (renameat2(AT_FDCWD, fresh, AT_FDCWD, path, RENAME_NOREPLACE) == 0)
        rc = 0;
    else if (errno == EEXIST)
        err_set(err, ERR_USAGE, "%s exists already", path);
    else
        err_set(err, ERR_IO, "%s: %s", path, strerror(errno));
out:
    store_free(s);
    if (rc)
        unlink(fresh);
    free(fresh);
    return rc;
}

/* Checks what the file is; an older one is brought up to date under the lock,
 * by a reader too. */
static int check_schema(struct store *s, struct err *err)
{
    int64_t application = 0, version = 0;
    bool current = false;

    if (pragma_int(s, "PRAGMA application_id", &application, err))
        return -1;
    if (application != APPLICATION_ID)
        return err_set(err, ERR_INPUT, "%s is not a store of blindspot", s->path);
    if (pragma_int(s, "PRAGMA user_version", &version, err))
        return -1;
    if (version > SCHEMA_VERSION)
        return err_set(
            err, ERR_INPUT,
            "%s was written by a newer blindspot (its schema is %lld, this one reads %d)", s->path,
            (long long)version, SCHEMA_VERSION);
    if (version == SCHEMA_VERSION && schema_is_current(s, &current, err))
        return -1;
    if (current)
        return 0;
    if (!s->write && lock_take(s, err))
        return -1;
    if (migrate(s, version, err))
        return -1;
    if (!s->write)
        lock_drop(s);
    return 0;
}

/* What would change the file does not even become a statement. */
static int may_write(void *to, int action, const char *a, const char *b, const char *db,
                     const char *by)
{
    bool writes = action == SQLITE_INSERT || action == SQLITE_UPDATE || action == SQLITE_DELETE;

    (void)to; (void)a; (void)b; (void)by;
    return writes && db && strcmp(db, "main") == 0 ? SQLITE_DENY : SQLITE_OK;
}

/* The first read fixes the commit that is seen. */
static int snapshot_begin(struct store *s, struct err *err)
{
    if (s->is_private)
        sqlite3_set_authorizer(s->db, may_write, NULL);
    else if (store_exec(s, "PRAGMA query_only = 1", err))
        return -1;
    if (store_exec(s, "BEGIN; SELECT 1 FROM meta", err))
        return -1;
    s->snapshot = true;
    return 0;
}

/* Whoever only wants to refresh goes on without the lock, whyever it is not to be had. */
static int open_locked(struct store *s, enum store_mode mode, struct err *err)
{
    struct err busy = {0};

    s->write = mode == STORE_WRITE;
    if (s->write && lock_take(s, err))
        return -1;
    if (mode == STORE_REFRESH) {
        s->write = lock_take(s, &busy) == 0;
        s->is_private = !s->write;
    }
    return 0;
}

int store_open(struct store **out, const char *path, enum store_mode mode, struct err *err)
{
    struct store *s = store_new(path);

    if (!file_exists(path)) {
        err_set(err, ERR_INPUT, "%s does not exist", path);
        goto fail;
    }
    if (open_locked(s, mode, err) || connect_store(s, SQLITE_OPEN_READWRITE, err))
        goto fail;
    if (!s->write &&
        sqlite3_exec(s->db, "SELECT 1 FROM meta", NULL, NULL, NULL) == SQLITE_CANTOPEN &&
        connect_immutable(s, err))
        goto fail;
    if (check_schema(s, err) || store_prepare_records(s, err) ||
        (!s->write && snapshot_begin(s, err)))
        goto fail;
    *out = s;
    return 0;
fail:
    store_free(s);
    return -1;
}

bool store_is_private(const struct store *s)
{
    return s->is_private;
}

int store_own_table(struct store *s, const char *table, const char *keep, struct err *err)
{
    struct buf sql = {0};
    sqlite3_stmt *st = NULL;
    int rc = s->is_private ? 0 : 1;

    if (rc == 0) {
        buf_printf(&sql, "SELECT (SELECT 1 FROM temp.sqlite_master WHERE name = '%s'),"
                   " (SELECT substr(sql, length('CREATE ')) FROM main.sqlite_master WHERE name = '%s')",
                   table, table);
        rc = (st = store_prepare(s, buf_cstr(&sql), err)) ? store_step(s, st, err) : -1;
        rc = rc < 0 ? -1 : sqlite3_column_int(st, 0);
    }
    if (rc == 0) {
        buf_clear(&sql);
        buf_printf(&sql, "CREATE TEMP%.*s; INSERT INTO temp.%s SELECT * FROM main.%s WHERE %s",
                   STR_ARG(col_str(st, 1)), table, table, keep);
        sqlite3_reset(st);
        rc = store_exec(s, buf_cstr(&sql), err);
    }
    sqlite3_finalize(st);
    buf_release(&sql);
    return rc < 0 ? -1 : 0;
}

int store_close(struct store *s, struct err *err)
{
    int rc = 0;

    if (!s)
        return 0;
    if (tx_is_open(s)) {
        rc = s->batch && s->sink ? store_flush_sink(s->sink, err) : 0;
        store_rollback(s);
    }
    store_free(s);
    return rc;
}

int store_copy(struct store *s, const char *path, struct err *err)
{
    sqlite3_stmt *st;
    int rc = -1;

    sqlite3_limit(s->db, SQLITE_LIMIT_ATTACHED, 1);    // VACUUM attaches the file that it writes
    if ((st = store_prepare(s, "VACUUM INTO ?1", err))) {
        bind_str(st, 1, str_of(path));
        rc = store_run(s, st, err);
        sqlite3_finalize(st);
    }
    sqlite3_limit(s->db, SQLITE_LIMIT_ATTACHED, 0);
    return rc;
}

/* ---- small facts ---- */
int store_meta_get(struct store *s, const char *key, struct buf *out, struct err *err)
{
    sqlite3_stmt *st = store_query(s, Q_META_GET, err);
    int rc;

    if (!st)
        return -1;
    bind_str(st, 1, str_of(key));
    if ((rc = store_step(s, st, err)) < 0)
        return -1;
    buf_clear(out);
    if (rc == 1)
        buf_str(out, col_str(st, 0));
    sqlite3_reset(st);
    return 0;
}

int store_meta_set(struct store *s, const char *key, struct str value, struct err *err)
{
    sqlite3_stmt *st;

    if (store_own_table(s, "meta", "1", err) || !(st = store_query(s, Q_META_SET, err)))
        return -1;
    bind_str(st, 1, str_of(key));
    bind_str(st, 2, value);
    return store_run_aside(s, st, err);
}

int store_tally(struct store *s, const char *kind, struct str name, const struct counted *c,
                struct err *err)
{
    sqlite3_stmt *st = store_query(s, Q_TALLY, err);

    if (!st)
        return -1;
    bind_str(st, 1, str_of(kind));
    bind_str(st, 2, name);
    bind_int(st, 3, c->n);
    bind_int(st, 4, c->first_at);
    bind_int(st, 5, c->last_at);
    return store_run_aside(s, st, err);
}

int store_tallies(struct store *s, const char *kind,
                  int (*each)(void *to, const struct tally_row *, struct err *), void *to,
                  struct err *err)
{
    sqlite3_stmt *st = store_prepare(s, "SELECT kind, name, count, first_at, last_at FROM tally"
        " WHERE ?1 IS NULL OR kind = ?1 ORDER BY kind, name", err);
    int rc = st ? 0 : -1;

    if (st && kind)
        bind_str(st, 1, str_of(kind));
    while (rc == 0 && (rc = store_step(s, st, err)) == 1) {
        struct tally_row row = { .kind = col_str(st, 0),
                                 .name = col_str(st, 1),
                                 .count = sqlite3_column_int64(st, 2),
                                 .first_at = sqlite3_column_int64(st, 3),
                                 .last_at = sqlite3_column_int64(st, 4) };

        if ((rc = each(to, &row, err)) == 0)
            continue;
        rc = -1;
    }
    sqlite3_finalize(st);
    return rc;
}

int store_event(struct store *s, const char *kind, int64_t item, struct str text, struct err *err)
{
    sqlite3_stmt *st = store_query(s, Q_EVENT, err);

    if (!st)
        return -1;
    bind_int(st, 1, utc_now());
    bind_str(st, 2, str_of(kind));
    bind_int(st, 3, item);
    bind_str(st, 4, text);
    return store_run_aside(s, st, err);
}

int store_vantage(struct store *s, struct str name, bool make, int64_t *n, struct err *err)
{
    sqlite3_stmt *st = store_query(s, Q_VANTAGE_FIND, err);
    int64_t count = 0;
    int rc;

    if (!st)
        return -1;
    bind_str(st, 1, name);
    if ((rc = store_step(s, st, err)) == 1) {
        *n = sqlite3_column_int64(st, 0);
        count = sqlite3_column_int64(st, 1);
    }
    sqlite3_reset(st);
    if (rc != 1)
        return -1;
    if (name.n == 0 && count > 0)
        *n = 1;
    if (*n > 0)
        return 0;
    *n = count + 1;
    if (!make)
        return 0;
    if (!(st = store_query(s, Q_VANTAGE_ADD, err)))
        return -1;
    bind_int(st, 1, *n);
    bind_str(st, 2, name);
    return store_run(s, st, err);
}

int store_last_event(struct store *s, const char *kind, int64_t *at, struct buf *text,
                     struct err *err)
{
    sqlite3_stmt *st = store_query(s, Q_EVENT_LAST, err);
    int rc;

    *at = 0;
    if (!st)
        return -1;
    bind_str(st, 1, str_of(kind));
    if ((rc = store_step(s, st, err)) == 1) {
        *at = sqlite3_column_int64(st, 0);
        buf_str(text, col_str(st, 1));
    }
    sqlite3_reset(st);
    return rc < 0 ? -1 : 0;
}
