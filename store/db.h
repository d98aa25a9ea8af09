/* store/db.h: a database as the store asks for it. Which engine has one is said by its path
 * (store/db_engine.h, which says how to add one); statements (queries.def) and tables
 * (schema.sql) are written once, in words that every engine has.
 *
 * Shape:     a statement is known by its name (queries.def), never by its text.
 *            Many rows go in as one argument (struct rows) of one statement; many
 *            rows come out by stmt_next.
 * Ownership: texts of arguments are borrowed until the statement is done; texts
 *            that come out, until the next stmt_next.
 * Errors:    ERR_IO for this machine; ERR_INPUT for a file that is none of ours;
 *            ERR_AGAIN where another process writes.
 * So that an engine across a network can do the same, whoever uses this:
 *   - writes nothing while a statement of the same db stands between two rows,
 *   - takes numbers from a counter (store_number, store/inner.h), not from the last insert,
 *   - asks for what many items need at once, not item by item. */
#ifndef STORE_DB_H
#define STORE_DB_H
#include <stdbool.h>
#include <stdint.h>
#include "base/digest.h"
#include "base/err.h"
#include "base/str.h"
#include "record/record.h"

enum query {
#define QUERY(name, args, sql) Q_##name,
#include "store/queries.def"
#undef QUERY
    QUERY_COUNT
};

/* ---- opening ---- */
/* DB_READ and DB_PRIVATE see what was committed last when they were opened, for
 * as long as they are open, and hinder nobody. */
enum db_access { DB_WRITE, DB_READ, DB_PRIVATE /* db_own_table */ };
struct db_kind {
    const char *is;                // "a store of blindspot": of a file that is none
    const char *before;            // stands before the path in messages
    int32_t application;           // number in the head of our files; 0: any
};
struct db;
/* A new one appears under its name when it is whole: db_create, then what makes
 * its tables, then db_created (db is closed in any case). ERR_USAGE: it is there. */
MUST_CHECK int db_create(struct db **, const char *path, const struct db_kind *, struct err *);
MUST_CHECK int db_created(struct db *, int rc, struct err *);
/* One that several processes share, each for an instant; made where missing. */
MUST_CHECK int db_open_shared(struct db **, const char *path, const struct db_kind *,
                              const char *schema, struct err *);
/* One that others made, to be read only, whatever lies in it: no extension, view,
 * trigger or virtual table of the file's is run, its schema is trusted with nothing, a
 * cell beyond 16 MiB is an error, and an interrupt (base/stop.h) ends a statement.
 * ERR_INPUT where the file is to blame. Its errors do not name it. */
MUST_CHECK int db_open_foreign(struct db **, const char *path, const struct db_kind *,
                               struct err *);
/* Without the tables being known to be current: db_access begins with db_begin_as. */
MUST_CHECK int db_open(struct db **, const char *path, const struct db_kind *, struct err *);
/* The same of a file that is read as it lies: nothing is locked, made or written beside it.
 * ERR_AGAIN where commits lie in a log beside it. */
MUST_CHECK int db_open_still(struct db **, const char *path, const struct db_kind *, struct err *);
MUST_CHECK int db_begin_as(struct db *, enum db_access, struct err *);
/* A connection of its own to the same database, that reads what was committed last. */
MUST_CHECK int db_second(struct db *, struct db **, struct err *);
void db_close(struct db *);                                    // accepts NULL
/* For one process: ERR_AGAIN where another has it. The kernel drops it with the process. */
MUST_CHECK int db_lock(struct db *, struct err *);
void db_unlock(struct db *);
/* What it holds went over to another place at `at`: from now on nobody gets its lock any more.
 * Nothing to be done where it is a file, which whoever moves it takes away. */
MUST_CHECK int db_leave(struct db *, int64_t at, struct err *);
MUST_CHECK int db_left_at(struct db *, int64_t *at, struct err *);    // 0: it did not
/* It lies in the folder, as a file. */
bool db_is_file(const struct db *);
/* "SQLite 3.40.1", appended. */
void db_library(struct buf *out);
/* Another process holds it; nothing is made where there is no such file. */
bool db_is_locked(const char *path);
const char *db_path(const struct db *);
/* The address that stands in the file, where one does; else the path itself. To be freed. */
char *db_place(const char *path);
bool db_is_far(const struct db *);    // on a server, where other machines come

/* ---- tables ---- */
MUST_CHECK int db_version(struct db *, int64_t *, struct err *);
MUST_CHECK int db_set_version(struct db *, int64_t, struct err *);
/* Several statements of a schema, as they stand in a file, with the lists of
 * store/columns.h. */
MUST_CHECK int db_script(struct db *, const char *sql, struct err *);
/* Of a private db: from here on the table is this process's own and stands in
 * front of the one that all see, with those of its rows for which `keep` holds
 * ("1": all). It goes with db_close. Else it does nothing. */
MUST_CHECK int db_own_table(struct db *, const char *table, const char *keep, struct err *);
/* A copy without free pages at a path that must not be there: same content, same bytes. */
MUST_CHECK int db_copy(struct db *, const char *path, struct err *);
/* What is deleted from now on is overwritten; and nothing deleted is left. */
MUST_CHECK int db_delete_securely(struct db *, struct err *);
MUST_CHECK int db_compact(struct db *, struct err *);
/* What was committed stands in the file itself, and nothing of it elsewhere. */
MUST_CHECK int db_settle(struct db *, struct err *);
/* Many rows have come in at once: an engine that plans by what it knows of its tables looks at
 * them again, where it would only do so in a while. */
MUST_CHECK int db_analyze(struct db *, struct err *);
/* For work that writes all over tables of millions: more memory for pages. */
MUST_CHECK int db_cache_more(struct db *, struct err *);

/* ---- transactions ---- */
MUST_CHECK int db_begin(struct db *, struct err *);
MUST_CHECK int db_commit(struct db *, struct err *);
/* The same, but no server is waited for: what is sent next follows it, and whoever waits next is
 * told where it failed; nothing behind it is done then. Until db_committed came back it is not
 * known to be there. Where that fails the next call that waits fails as well. */
MUST_CHECK int db_commit_later(struct db *, struct err *);
MUST_CHECK int db_committed(struct db *, struct err *);
void db_rollback(struct db *);                                 // where one is open
bool db_in_transaction(const struct db *);
int64_t db_changes(struct db *);                               // rows changed by this connection
bool db_changes_wait(struct db *);                             // for a server, for that number
void db_aside(struct db *, bool on);                           // what is run while it is on is none
int64_t db_statements(const struct db *);                      // run by it so far
int64_t db_trips(const struct db *);                           // to a server; 0 of a file

/* ---- arguments ---- */
enum arg_kind { ARG_NULL, ARG_INT, ARG_REAL, ARG_TEXT, ARG_BLOB, ARG_ROWS };
struct rows;
struct arg {
    enum arg_kind kind;
    union { int64_t i; double real; struct str text; const struct rows *rows; };
};
/* Rows of `columns` arguments each, one after another; in a statement `{rows 1}`
 * stands for those of argument 1, with the columns c0, c1 ... */
struct rows { const struct arg *v; size_t n; int columns; };
#define ROWS_COLUMNS_MAX 96

static inline struct arg arg_null(void) { return (struct arg){ .kind = ARG_NULL }; }
static inline struct arg arg_int(int64_t i) { return (struct arg){ .kind = ARG_INT, .i = i }; }
static inline struct arg arg_real(double r) { return (struct arg){ .kind = ARG_REAL, .real = r }; }
static inline struct arg arg_text(struct str s)
{
    return (struct arg){ .kind = ARG_TEXT, .text = s };
}
static inline struct arg arg_bytes(struct str s)
{
    return (struct arg){ .kind = ARG_BLOB, .text = s };
}
static inline struct arg arg_digest(const struct digest *d)
{
    return arg_bytes((struct str){ (const char *)d->b, DIGEST_BYTES });
}
static inline struct arg arg_rows(const struct rows *r)
{
    return (struct arg){ .kind = ARG_ROWS, .rows = r };
}
static inline struct arg arg_int_or_null(bool has, int64_t i)
{
    return has ? arg_int(i) : arg_null();
}
struct arg arg_value(const struct value *);

/* The arguments of one statement, and their number. */
#define ARGS(...)                       \
    (const struct arg[]){ __VA_ARGS__ }, \
        sizeof((const struct arg[]){ __VA_ARGS__ }) / sizeof(struct arg)
#define NO_ARGS NULL, 0

/* ---- statements ---- */
struct stmt;
/* Runs one to its end; its rows, if any, are passed over. */
MUST_CHECK int db_run(struct db *, enum query, const struct arg *, size_t n, struct err *);
/* Begins one: stmt_next gives 1 row, 0 end, -1. stmt_done in any case. */
MUST_CHECK int db_query(struct db *, enum query, const struct arg *, size_t n, struct stmt **,
                        struct err *);
/* The same of a statement that was made of the names of tables and columns (store/carry.c); both
 * texts have to stay as they are until it is done. */
struct query_text;
MUST_CHECK int db_query_made(struct db *, const struct query_text *, const struct arg *, size_t n,
                             struct stmt **, struct err *);
MUST_CHECK int stmt_next(struct stmt *, struct err *);
void stmt_done(struct stmt *);                                 // accepts NULL
/* Begins one whose rows are wanted later: to a server it goes along with whatever is sent next, so
 * that several cost one way. Its rows are of this moment, or of a later one. The arguments are
 * borrowed until it is done. */
MUST_CHECK int db_query_later(struct db *, enum query, const struct arg *, size_t n, struct stmt **,
                              struct err *);
/* What is wanted later is sent now: a server works on it while this side goes on. */
MUST_CHECK int db_send(struct db *, struct err *);
/* Until it is taken back, what was asked of a server already is answered from memory, as of when it
 * was asked, as long as this connection wrote to no table that it rests on: what others commit
 * meanwhile may not be seen. What goes beyond 64 MiB is asked anew. Nests; of a file nothing is
 * done. */
void db_keep(struct db *, bool on);
/* Soon asked for in the same words, before anything else is written: to a server several of them
 * cost one way. Writing makes them void, so that at worst they were asked for in vain; of a file
 * nothing is done. Arguments are numbers; while answers are kept (db_keep), any. */
MUST_CHECK int db_expect(struct db *, enum query, const struct arg *, size_t n, struct err *);
/* Something is owed to the tables that is not written yet: `pay` is called before each statement,
 * until it is NULL, and sees to it that none misses it. */
void db_owe(struct db *, int (*pay)(void *to, struct err *), void *to);
/* What somebody else than `to` owes is written now: there is one debt at a time. */
MUST_CHECK int db_pay_others(struct db *, const void *to, struct err *);
/* The first row of one, all of it integers (NULL: 0): 1, 0 where there is none, -1. */
MUST_CHECK int db_row(struct db *, enum query, const struct arg *, size_t n, int64_t *const out[],
                      int len, struct err *);

int64_t stmt_int(struct stmt *, int at);                       // NULL: 0
/* The number of one of `count` names. One that none of them has, as only a damaged file
 * holds, is 0 here, and the next stmt_next fails: whoever reads to the end never takes it. */
int stmt_enum(struct stmt *, int at, int count);               // NULL: 0
int stmt_enum_or_none(struct stmt *, int at, int count);       // NULL: count
/* A UTC day of this era (to 9999-12-31), 0 none: what somebody goes through day by day. Any other
 * number fails as above. */
int64_t stmt_day(struct stmt *, int at);
double stmt_real(struct stmt *, int at);
struct str stmt_text(struct stmt *, int at);                   // NULL: no text
struct str stmt_bytes(struct stmt *, int at);                  // the same of bytes
bool stmt_is_null(struct stmt *, int at);
bool stmt_digest(struct stmt *, int at, struct digest *);      // false, and zeroes: it is none
void stmt_value(struct stmt *, int at, struct value *);      // texts as of stmt_text
/* A value that we never write: ERR_IO "PATH is damaged: WHAT". */
int db_damaged(const struct db *, const char *what, struct err *);
#endif
