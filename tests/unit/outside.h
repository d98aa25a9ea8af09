/* tests/unit/outside.h: what the tests of the store look up and break behind its back, by a
 * connection of their own. Of those that every engine has to pass (test_store, test_sink,
 * test_ledger, test_view) it alone knows which one this is. */
#ifndef TESTS_UNIT_OUTSIDE_H
#define TESTS_UNIT_OUTSIDE_H
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#ifdef HAVE_PG
#include <libpq-fe.h>
#endif

/* Where BLINDSPOT_TEST_PG has the address of a database (tests/e2e/stores.sh) the store that is
 * to be made at path lies in a schema there: the file gets its address. */
static inline const char *outside_server(void) { return getenv("BLINDSPOT_TEST_PG"); }

static inline void outside_schema(const char *path, char *name, size_t size)
{
    char line[512] = "";
    FILE *f = fopen(path, "r");

    assert_non_null(f);
    assert_non_null(fgets(line, sizeof line, f));
    fclose(f);
    snprintf(name, size, "%.*s", (int)strcspn(strstr(line, "schema=") + 7, "\n"),
             strstr(line, "schema=") + 7);
}

static inline void outside_place(const char *path)
{
    static int n;
    FILE *f;

    if (!outside_server())
        return;
    f = fopen(path, "w");
    assert_non_null(f);
    fprintf(f, "%s?schema=u%ld_%d\n", outside_server(), (long)getpid(), n++);
    fclose(f);
}

/* BLINDSPOT_TEST_GRANT (tests/e2e/roles.sh): a program that grants the roles of
 * contrib/postgresql/audit.sql what is theirs in the schema that it is told. */
static inline bool outside_grants(const char *path)
{
    const char *grant = getenv("BLINDSPOT_TEST_GRANT");
    char schema[80], run[640];

    if (!outside_server() || !grant)
        return false;
    outside_schema(path, schema, sizeof schema);
    snprintf(run, sizeof run, "%s %s", grant, schema);
    assert_int_equal(system(run), 0);
    return true;
}

/* Runs it there, and gives the first number that comes back. */
static inline int64_t outside_asked(const char *path, const char *sql)
{
    int64_t n = 0;
#ifdef HAVE_PG
    char schema[80], set[120];
    PGconn *c = PQconnectdb(outside_server());
    PGresult *r;

    outside_schema(path, schema, sizeof schema);
    snprintf(set, sizeof set, "SET search_path = %s", schema);
    PQclear(PQexec(c, set));
    r = PQexec(c, sql);
    if (PQresultStatus(r) != PGRES_TUPLES_OK && PQresultStatus(r) != PGRES_COMMAND_OK)
        fail_msg("%s: %s", sql, PQerrorMessage(c));
    if (PQntuples(r) > 0)
        n = strtoll(PQgetvalue(r, 0, 0), NULL, 10);
    PQclear(r);
    PQfinish(c);
#else
    fail_msg("%s: without libpq: %s", path, sql);
#endif
    return n;
}

static inline int64_t outside_number(const char *path, const char *sql)
{
    sqlite3 *db;
    sqlite3_stmt *st;
    int64_t n;

    if (outside_server())
        return outside_asked(path, sql);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &st, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(st), SQLITE_ROW);
    n = sqlite3_column_int64(st, 0);
    sqlite3_finalize(st);
    sqlite3_close(db);
    return n;
}

static inline void outside_run(const char *path, const char *sql)
{
    sqlite3 *db;
    char *text = NULL;

    if (outside_server()) {
        (void)outside_asked(path, sql);
        return;
    }
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, &text) != SQLITE_OK)
        fail_msg("%s: %s", sql, text);
    sqlite3_close(db);
}
#endif
