/* store/ledger.c: the quota's ledger, a small file of its own that all audits of a
 * user share, and so may several processes at once: every charge is its own
 * transaction, on the disk before the request is sent. */
#include <stdio.h>
#include <stdlib.h>

#include "base/utc.h"
#include "store/db.h"
#include "store/ledger.h"

static const char schema[] =
    "CREATE TABLE IF NOT EXISTS charge (client BLOB, day INTEGER, audit TEXT,"
    " count INTEGER NOT NULL, last_request INTEGER NOT NULL, last_at INTEGER NOT NULL,"
    " PRIMARY KEY (client, day, audit)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS spent (client BLOB, day INTEGER, at INTEGER NOT NULL,"
    " PRIMARY KEY (client, day)) WITHOUT ROWID";

static const struct db_kind kind = { .is = "a ledger of requests",
                                     .before = "ledger of requests " };
struct ledger { struct db *db; };

int ledger_open(struct ledger **out, const char *path, struct err *err)
{
    struct db *db;

    if (db_open_shared(&db, path, &kind, schema, err))
        return -1;
    *out = xcalloc(1, sizeof **out);
    (*out)->db = db;
    return 0;
}

void ledger_close(struct ledger *l)
{
    if (!l)
        return;
    db_close(l->db);
    free(l);
}

static int end_of_day(int64_t at, const char *why, struct err *err)
{
    char text[UTC_TEXT_MAX];

    err_set(err, ERR_QUOTA, "%s; it begins anew at %s", why,
            utc_rfc3339(utc_next_midnight(at), text));
    err->retry_at = utc_next_midnight(at);
    return -1;
}

/* What was used of the client's day, and how often the platform said that it is
 * spent: of the day itself, or (near) of the next one as well. What stands on
 * tomorrow's page was sent under a clock that has gone back since: for the platform
 * it may be of today, so today has no fresh allowance. Charges of later days are
 * left alone, or a clock that was once a year ahead would close every day until then. */
static int look(struct ledger *l, const struct digest *client, int64_t day, bool near,
                int64_t *used, bool *spent, struct err *err)
{
    int64_t n = 0, s = 0, *const of_used[] = { &n }, *const of_spent[] = { &s };
    const struct arg args[] = { arg_digest(client), arg_int(day), arg_int(day + near) };

    if (db_row(l->db, Q_LEDGER_USED, args, 3, of_used, 1, err) < 0 ||
        db_row(l->db, Q_LEDGER_SPENT, args, 3, of_spent, 1, err) < 0)
        return -1;
    *used = n;
    *spent = s > 0;
    return 0;
}

static int take(struct ledger *l, const struct digest *client, int64_t at, int64_t limit,
                const char *audit, int64_t request, struct err *err)
{
    int64_t used;
    bool spent;
    char why[120];

    if (look(l, client, utc_day(at), true, &used, &spent, err))
        return -1;
    if (spent)
        return end_of_day(at, "the platform says that today's quota is used", err);
    if (used >= limit) {
        snprintf(why, sizeof why, "today's %lld requests are used", (long long)limit);
        return end_of_day(at, why, err);
    }
    return db_run(l->db, Q_LEDGER_TAKE,
                  ARGS(arg_digest(client), arg_int(utc_day(at)), arg_text(str_of(audit)),
                       arg_int(request), arg_int(at)), err);
}

/* Leaves no transaction open, whatever happened in it. */
static int finish(struct ledger *l, int rc, struct err *err)
{
    if (rc == 0 && db_commit(l->db, err) == 0)
        return 0;
    db_rollback(l->db);
    return -1;
}

int ledger_take(struct ledger *l, const struct digest *client, int64_t at, int64_t limit,
                const char *audit, int64_t request, struct err *err)
{
    if (db_begin(l->db, err))
        return -1;
    return finish(l, take(l, client, at, limit, audit, request, err), err);
}

int ledger_spent(struct ledger *l, const struct digest *client, int64_t at, struct err *err)
{
    if (db_begin(l->db, err))
        return -1;
    return finish(l, db_run(l->db, Q_LEDGER_SPEND,
                            ARGS(arg_digest(client), arg_int(utc_day(at)), arg_int(at)), err), err);
}

int ledger_used(struct ledger *l, const struct digest *client, int64_t day, int64_t *used,
                bool *spent, struct err *err)
{
    return look(l, client, day, false, used, spent, err);
}

int ledger_counts(struct ledger *l, const struct digest *client, int64_t day, int64_t *used,
                  bool *spent, struct err *err)
{
    return look(l, client, day, true, used, spent, err);
}

int ledger_of_audit(struct ledger *l, const char *audit, int64_t *charged, struct err *err)
{
    int64_t *const out[] = { charged };

    return db_row(l->db, Q_LEDGER_AUDIT, ARGS(arg_text(str_of(audit))), out, 1, err) < 0 ? -1 : 0;
}

int ledger_check(struct ledger *l, struct err *err)
{
    struct stmt *st;
    int rc;

    if (db_query(l->db, Q_INTEGRITY, NO_ARGS, &st, err))
        return -1;
    rc = stmt_next(st, err);
    stmt_done(st);
    return rc == 1 ? err_set(err, ERR_IO, "ledger of requests %s is damaged", db_path(l->db)) : rc;
}
