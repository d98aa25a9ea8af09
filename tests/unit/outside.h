/* tests/unit/outside.h: what the tests of the store look up and break behind its back, by a
 * connection of their own. Of those that every engine has to pass (test_store, test_sink,
 * test_ledger, test_view) it alone knows which one this is. */
#ifndef TESTS_UNIT_OUTSIDE_H
#define TESTS_UNIT_OUTSIDE_H
#include <sqlite3.h>

static inline int64_t outside_number(const char *path, const char *sql)
{
    sqlite3 *db;
    sqlite3_stmt *st;
    int64_t n;

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

    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, &text) != SQLITE_OK)
        fail_msg("%s: %s", sql, text);
    sqlite3_close(db);
}
#endif
