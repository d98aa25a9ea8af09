/* store/ledger.c: the quota's ledger, a small SQLite file of its own that all
 * audits of a user share, and so may several processes at once: every charge is
 * its own immediate transaction, on the disk before the request is sent. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sqlite3.h>

#include "base/file.h"
#include "base/utc.h"
#include "store/ledger.h"

#define LEDGER_BUSY_MS 20000
#define SCHEMA \
    "CREATE TABLE IF NOT EXISTS charge (client BLOB, day INTEGER, audit TEXT, count INTEGER NOT NULL," \
    " last_request INTEGER NOT NULL, last_at INTEGER NOT NULL, PRIMARY KEY (client, day, audit)) WITHOUT ROWID;" \
    "CREATE TABLE IF NOT EXISTS spent (client BLOB, day INTEGER, at INTEGER NOT NULL, PRIMARY KEY (client, day))" \
    " WITHOUT ROWID"

/* What stands on tomorrow's page was sent under a clock that has gone back since:
 * for the platform it may be of today, so today has no fresh allowance. Charges
 * of later days are left alone, or a clock that was once a year ahead would close
 * every day until then. */
enum {
    L_BEGIN,
    L_COMMIT,
    L_USED,
    L_SPENT,
    L_NEAR,
    L_NEAR_SPENT,
    L_TAKE,
    L_SPEND,
    L_AUDIT,
    L_CHECK,
    L_COUNT
};
static const char *const sql[L_COUNT] = {
    [L_BEGIN] = "BEGIN IMMEDIATE",
    [L_COMMIT] = "COMMIT",
    [L_USED] = "SELECT coalesce(sum(count), 0) FROM charge WHERE client = ?1 AND day = ?2",
    [L_SPENT] = "SELECT count(*) FROM spent WHERE client = ?1 AND day = ?2",
    [L_NEAR] =
        "SELECT coalesce(sum(count), 0) FROM charge WHERE client = ?1 AND day BETWEEN ?2 AND ?2 + 1",
    [L_NEAR_SPENT] = "SELECT count(*) FROM spent WHERE client = ?1 AND day BETWEEN ?2 AND ?2 + 1",
    [L_TAKE] =
        ("INSERT INTO charge (client, day, audit, count, last_request, last_at) VALUES (?1, ?2, ?3, 1, ?4, ?5)"
         " ON CONFLICT DO UPDATE SET count = count + 1, last_request = ?4, last_at = ?5"),
    [L_SPEND] = "INSERT OR IGNORE INTO spent (client, day, at) VALUES (?1, ?2, ?3)",
    [L_AUDIT] = "SELECT coalesce(sum(count), 0) FROM charge WHERE audit = ?3",
    [L_CHECK] = "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'",
};
struct ledger { sqlite3 *db; char *path; sqlite3_stmt *st[L_COUNT]; };

static int ledger_fail(struct ledger *l, struct err *err)
{
    if (sqlite3_errcode(l->db) == SQLITE_NOTADB)
        return err_set(err, ERR_INPUT, "%s is not a ledger of requests", l->path);
    return err_set(err, ERR_IO, "ledger of requests %s: %s", l->path, sqlite3_errmsg(l->db));
}

/* Turning a new file into a WAL database wants it alone, and gives BUSY at once
 * where another process does the same: the time-out does not cover that. */
static int exec_patiently(sqlite3 *db, const char *what)
{
    int rc = SQLITE_BUSY;

    for (int waited = 0; rc == SQLITE_BUSY && waited < LEDGER_BUSY_MS; waited += 10) {
        if (waited)
            sqlite3_sleep(10);
        rc = sqlite3_exec(db, what, NULL, NULL, NULL);
    }
    return rc;
}

int ledger_open(struct ledger **out, const char *path, struct err *err)
{
    struct ledger *l = xcalloc(1, sizeof *l);

    l->path = xstrdup(path);
    if (file_mkdirs_of(path, err))
        goto fail;
    if (sqlite3_open_v2(path, &l->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) !=
        SQLITE_OK) {
        ledger_fail(l, err);
        goto fail;
    }
    sqlite3_busy_timeout(l->db, LEDGER_BUSY_MS);
    if (exec_patiently(l->db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL") !=
            SQLITE_OK ||
        exec_patiently(l->db, SCHEMA) != SQLITE_OK) {
        ledger_fail(l, err);
        goto fail;
    }
    for (int i = 0; i < L_COUNT; i++)
        if (sqlite3_prepare_v3(l->db, sql[i], -1, SQLITE_PREPARE_PERSISTENT, &l->st[i], NULL) !=
            SQLITE_OK) {
            ledger_fail(l, err);
            goto fail;
        }
    *out = l;
    return 0;
fail:
    ledger_close(l);
    return -1;
}

void ledger_close(struct ledger *l)
{
    if (!l)
        return;
    for (int i = 0; i < L_COUNT; i++)
        sqlite3_finalize(l->st[i]);
    sqlite3_close_v2(l->db);
    free(l->path);
    free(l);
}

/* Runs a statement for a client and a day; *out is the first column, if any. */
static int run(struct ledger *l, int which, const struct digest *client, int64_t day, int64_t *out,
               struct err *err)
{
    sqlite3_stmt *st = l->st[which];
    int rc;

    if (client) {
        sqlite3_bind_blob(st, 1, client->b, DIGEST_BYTES, SQLITE_STATIC);
        sqlite3_bind_int64(st, 2, day);
    }
    rc = sqlite3_step(st);
    if (rc == SQLITE_ROW && out)
        *out = sqlite3_column_int64(st, 0);
    if (rc != SQLITE_ROW && rc != SQLITE_DONE)
        ledger_fail(l, err);
    sqlite3_reset(st);
    return rc == SQLITE_ROW || rc == SQLITE_DONE ? 0 : -1;
}

static int end_of_day(int64_t at, const char *why, struct err *err)
{
    char text[UTC_TEXT_MAX];

    err_set(err, ERR_QUOTA, "%s; it begins anew at %s", why,
            utc_rfc3339(utc_next_midnight(at), text));
    err->retry_at = utc_next_midnight(at);
    return -1;
}

static int take(struct ledger *l, const struct digest *client, int64_t at, int64_t limit,
                const char *audit, int64_t request, struct err *err)
{
    int64_t day = utc_day(at), used = 0, spent = 0;
    char why[120];

    if (run(l, L_NEAR, client, day, &used, err) || run(l, L_NEAR_SPENT, client, day, &spent, err))
        return -1;
    if (spent)
        return end_of_day(at, "the platform says that today's quota is used", err);
    if (used >= limit) {
        snprintf(why, sizeof why, "today's %lld requests are used", (long long)limit);
        return end_of_day(at, why, err);
    }
    sqlite3_bind_text(l->st[L_TAKE], 3, audit, -1, SQLITE_STATIC);
    sqlite3_bind_int64(l->st[L_TAKE], 4, request);
    sqlite3_bind_int64(l->st[L_TAKE], 5, at);
    return run(l, L_TAKE, client, day, NULL, err);
}

/* Leaves no transaction open, whatever happened in it. */
static int finish(struct ledger *l, int rc, struct err *err)
{
    if (rc == 0 && run(l, L_COMMIT, NULL, 0, NULL, err) == 0)
        return 0;
    sqlite3_exec(l->db, "ROLLBACK", NULL, NULL, NULL);
    return -1;
}

int ledger_take(struct ledger *l, const struct digest *client, int64_t at, int64_t limit,
                const char *audit, int64_t request, struct err *err)
{
    if (run(l, L_BEGIN, NULL, 0, NULL, err))
        return -1;
    return finish(l, take(l, client, at, limit, audit, request, err), err);
}

int ledger_spent(struct ledger *l, const struct digest *client, int64_t at, struct err *err)
{
    if (run(l, L_BEGIN, NULL, 0, NULL, err))
        return -1;
    sqlite3_bind_int64(l->st[L_SPEND], 3, at);
    return finish(l, run(l, L_SPEND, client, utc_day(at), NULL, err), err);
}

static int look(struct ledger *l, int used_by, int spent_by, const struct digest *client,
                int64_t day, int64_t *used, bool *spent, struct err *err)
{
    int64_t n = 0, s = 0;

    if (run(l, used_by, client, day, &n, err) || run(l, spent_by, client, day, &s, err))
        return -1;
    *used = n;
    *spent = s > 0;
    return 0;
}

int ledger_used(struct ledger *l, const struct digest *client, int64_t day, int64_t *used,
                bool *spent, struct err *err)
{
    return look(l, L_USED, L_SPENT, client, day, used, spent, err);
}

int ledger_counts(struct ledger *l, const struct digest *client, int64_t day, int64_t *used,
                  bool *spent, struct err *err)
{
    return look(l, L_NEAR, L_NEAR_SPENT, client, day, used, spent, err);
}

int ledger_of_audit(struct ledger *l, const char *audit, int64_t *charged, struct err *err)
{
    sqlite3_bind_text(l->st[L_AUDIT], 3, audit, -1, SQLITE_STATIC);
    return run(l, L_AUDIT, NULL, 0, charged, err);
}

int ledger_check(struct ledger *l, struct err *err)
{
    int64_t bad = 0;

    if (run(l, L_CHECK, NULL, 0, &bad, err))
        return -1;
    return bad ? err_set(err, ERR_IO, "ledger of requests %s is damaged", l->path) : 0;
}
