/* store/ledger_file.c: the ledger of one machine, a small file of its own that all audits of a
 * user share, and so may several processes at once: every charge is its own transaction, on the
 * disk before the request is sent. */
#include <stdlib.h>
#include "base/utc.h"
#include "store/db.h"
#include "store/ledger_own.h"

static const char schema[] =
    "CREATE TABLE IF NOT EXISTS charge (client BLOB, day INTEGER, audit TEXT,"
    " count INTEGER NOT NULL, last_request INTEGER NOT NULL, last_at INTEGER NOT NULL,"
    " PRIMARY KEY (client, day, audit)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS spent (client BLOB, day INTEGER, at INTEGER NOT NULL,"
    " PRIMARY KEY (client, day)) WITHOUT ROWID";

static const struct db_kind kind = { .is = "a ledger of requests",
                                     .before = "ledger of requests " };

static int file_open(void **out, const char *place, struct err *err)
{
    struct db *db;

    if (db_open_shared(&db, place, &kind, schema, err))
        return -1;
    *out = db;
    return 0;
}

static void file_close(void *db) { db_close(db); }

static int file_look(void *db, const struct ledger_ask *a, struct ledger_says *says,
                     struct err *err)
{
    int64_t n = 0, s = 0, *const of_used[] = { &n }, *const of_spent[] = { &s };
    const int64_t day = utc_day(a->at);
    const struct arg args[] = { arg_digest(a->client), arg_int(day), arg_int(day + a->near) };

    if (db_row(db, Q_LEDGER_USED, args, 3, of_used, 1, err) < 0 ||
        db_row(db, Q_LEDGER_SPENT, args, 3, of_spent, 1, err) < 0)
        return -1;
    *says = (struct ledger_says){ .used = n, .spent = s > 0 };
    return 0;
}

/* Leaves no transaction open, whatever happened in it. */
static int finish(struct db *db, int rc, struct err *err)
{
    if (rc == 0 && db_commit(db, err) == 0)
        return 0;
    db_rollback(db);
    return -1;
}

static int file_take(void *db, const struct ledger_ask *a, struct ledger_says *says,
                     struct err *err)
{
    int rc;

    if (db_begin(db, err))
        return -1;
    rc = file_look(db, a, says, err);
    if (rc == 0 && !says->spent && says->used < a->limit) {
        rc = db_run(db, Q_LEDGER_TAKE,
                    ARGS(arg_digest(a->client), arg_int(utc_day(a->at)), arg_text(str_of(a->audit)),
                         arg_int(a->request), arg_int(a->at)),
                    err);
        says->taken = rc == 0;
    }
    return finish(db, rc, err);
}

static int file_spend(void *db, const struct ledger_ask *a, struct err *err)
{
    if (db_begin(db, err))
        return -1;
    return finish(db,
                  db_run(db, Q_LEDGER_SPEND,
                         ARGS(arg_digest(a->client), arg_int(utc_day(a->at)), arg_int(a->at)), err),
                  err);
}

static int file_of_audit(void *db, const char *audit, int64_t *charged, struct err *err)
{
    int64_t *const out[] = { charged };

    return db_row(db, Q_LEDGER_AUDIT, ARGS(arg_text(str_of(audit))), out, 1, err) < 0 ? -1 : 0;
}

static int file_check(void *db, struct err *err)
{
    struct stmt *st;
    int rc;

    if (db_query(db, Q_INTEGRITY, NO_ARGS, &st, err))
        return -1;
    rc = stmt_next(st, err);
    stmt_done(st);
    return rc == 1 ? err_set(err, ERR_IO, "ledger of requests %s is damaged", db_path(db)) : rc;
}

const struct ledger_place ledger_file = {
    .open = file_open,
    .close = file_close,
    .take = file_take,
    .look = file_look,
    .spend = file_spend,
    .of_audit = file_of_audit,
    .check = file_check,
};
