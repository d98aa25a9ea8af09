/* The ledger of requests: one quota for all audits and all processes of a key. In a file; and
 * with a server of PostgreSQL (tests/pg.sh) in a schema of it, where several machines share it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/utc.h"
#include "store/ledger.h"
#include "store/pg.h"
#include "tests/unit/temp.h"

#define NOON INT64_C(1767268800)               // 2026-01-01 12:00 UTC

static char dir[64], path[256];    // a file, or an address
static const char *server;
static int runs;
static const struct digest key = {{ 1 }}, other_key = {{ 2 }};

static int setup(void **state)
{
    (void)state;
    temp_name(dir, sizeof dir);
    assert_non_null(mkdtemp(dir));
    snprintf(path, sizeof path, "%s/a/b/quota.db", dir);
    if (server)
        snprintf(path, sizeof path, "%s?schema=t%d_%d", server, (int)getpid(), ++runs);
    return 0;
}

/* A statement behind the ledger's back, with the name of its schema in it. */
static void outside_pg(const char *sql)
{
    char text[200], schema[64];
    const struct pg_ask ask = { text, NULL, 0 };
    struct pg *pg = NULL;
    struct err err = { 0 };

    snprintf(schema, sizeof schema, "%s", strstr(path, "schema=") + 7);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    snprintf(text, sizeof text, sql, schema);
#pragma GCC diagnostic pop
    if (pg_open(&pg, server, "server", 0, &err) || pg_run(pg, &ask, 1, &err))
        fail_msg("%s", err.msg);
    pg_close(pg);
}

static int teardown(void **state)
{
    static const char *const parts[] = { "a/b/quota.db", "a/b/quota.db-wal", "a/b/quota.db-shm" };
    char name[160];

    (void)state;
    if (server) {
        outside_pg("DROP SCHEMA IF EXISTS %s CASCADE");
        return rmdir(dir);
    }
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        snprintf(name, sizeof name, "%s/%s", dir, parts[i]);
        unlink(name);
    }
    snprintf(name, sizeof name, "%s/a/b", dir);
    rmdir(name);
    snprintf(name, sizeof name, "%s/a", dir);
    rmdir(name);
    assert_int_equal(rmdir(dir), 0);
    return 0;
}

static struct ledger *open_ledger(void)
{
    struct ledger *l = NULL;
    struct err err = {0};

    if (ledger_open(&l, path, &err))
        fail_msg("%s", err.msg);
    return l;
}

static int64_t used_on(struct ledger *l, const struct digest *client, int64_t at)
{
    struct err err = {0};
    int64_t used = -1;
    bool spent;

    assert_int_equal(ledger_used(l, client, utc_day(at), &used, &spent, &err), 0);
    return used;
}

static void two_audits_share_one_limit(void **state)
{
    struct ledger *a = open_ledger(), *b = open_ledger();
    struct err err = {0};

    (void)state;
    for (int i = 1; i <= 3; i++) {
        assert_int_equal(ledger_take(a, &key, NOON, 5, "audit-a", i, &err), 0);
        if (i < 3)
            assert_int_equal(ledger_take(b, &key, NOON, 5, "audit-b", i, &err), 0);
    }
    assert_int_equal(ledger_take(b, &key, NOON, 5, "audit-b", 3, &err), -1);
    assert_int_equal(err.kind, ERR_QUOTA);
    assert_int_equal(err.retry_at, NOON + 12 * 3600);
    assert_int_equal(ledger_take(b, &other_key, NOON, 5, "audit-b", 3, &err), 0);
    assert_int_equal(ledger_take(b, &key, NOON + 12 * 3600, 5, "audit-b", 3, &err), 0);
    assert_int_equal(used_on(a, &key, NOON), 5);
    assert_int_equal(used_on(a, &key, NOON + 86400), 1);
    ledger_close(a);
    ledger_close(b);
}

/* The clock was ahead and is set right: what was sent under it may be of today. */
static void clock_that_goes_back_brings_no_fresh_allowance(void **state)
{
    struct ledger *l = open_ledger();
    struct err err = {0};
    int64_t used = -1;
    bool spent;

    (void)state;
    for (int i = 1; i <= 4; i++)
        assert_int_equal(ledger_take(l, &key, NOON + 86400, 5, "a", i, &err), 0);
    assert_int_equal(used_on(l, &key, NOON), 0);
    assert_int_equal(ledger_counts(l, &key, utc_day(NOON), &used, &spent, &err), 0);
    assert_int_equal(used, 4);
    assert_int_equal(ledger_take(l, &key, NOON, 5, "a", 5, &err), 0);
    assert_int_equal(ledger_take(l, &key, NOON, 5, "a", 6, &err), -1);
    assert_int_equal(err.kind, ERR_QUOTA);
    assert_int_equal(err.retry_at, NOON + 43200);    // of the day that it is now
    assert_int_equal(ledger_take(l, &key, NOON + 86400, 5, "a", 6, &err),
                     0);    // its own day counts no earlier one
    assert_int_equal(ledger_take(l, &key, NOON + 86400, 5, "a", 7, &err), -1);
    assert_int_equal(ledger_counts(l, &key, utc_day(NOON) - 2, &used, &spent, &err), 0);
    assert_int_equal(used, 0);    // a clock once far ahead closes no day before
    ledger_close(l);
}

static void spent_by_the_platform_ends_the_day_below_the_limit(void **state)
{
    struct ledger *l = open_ledger();
    struct err err = {0};
    int64_t used;
    bool spent;

    (void)state;
    assert_int_equal(ledger_take(l, &key, NOON, 1000, "a", 1, &err), 0);
    assert_int_equal(ledger_spent(l, &key, NOON, &err), 0);
    assert_int_equal(ledger_spent(l, &key, NOON + 1, &err), 0);
    assert_int_equal(ledger_take(l, &key, NOON, 1000, "a", 2, &err), -1);
    assert_int_equal(err.kind, ERR_QUOTA);
    assert_int_equal(ledger_used(l, &key, utc_day(NOON), &used, &spent, &err), 0);
    assert_true(used == 1 && spent);
    assert_int_equal(ledger_take(l, &key, NOON + 43200, 1000, "a", 2, &err), 0);
    assert_int_equal(ledger_take(l, &other_key, NOON, 1000, "a", 2, &err), 0);
    ledger_close(l);
}

/* Takes until the day is used up; its exit code is how often it could. */
static int take_all(const char *audit, int limit)
{
    struct ledger *l = NULL;
    struct err err = {0};
    int n = 0;

    if (ledger_open(&l, path, &err))
        return 255;
    while (ledger_take(l, &key, NOON, limit, audit, n + 1, &err) == 0)
        n++;
    ledger_close(l);
    return err.kind == ERR_QUOTA ? n : 254;
}

static void processes_at_once_never_take_more_than_the_limit(void **state)
{
    int status, sum = 0;
    pid_t pid[3];

    (void)state;
    for (int i = 0; i < 3; i++)
        if ((pid[i] = fork()) == 0)
            _exit(take_all(i ? "b" : "a", 60));
    for (int i = 0; i < 3; i++) {
        waitpid(pid[i], &status, 0);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) <= 60);
        sum += WEXITSTATUS(status);
    }
    assert_int_equal(sum, 60);
}

static void charge_outlives_the_process_that_made_it(void **state)
{
    struct ledger *l;
    int status;
    pid_t pid = fork();

    (void)state;
    if (pid == 0) {
        struct err err = {0};

        _exit(ledger_open(&l, path, &err) || ledger_take(l, &key, NOON, 10, "a", 1, &err) ? 1 : 0);
    }
    waitpid(pid, &status, 0);
    assert_int_equal(WEXITSTATUS(status), 0);
    l = open_ledger();
    assert_int_equal(used_on(l, &key, NOON), 1);
    ledger_close(l);
}

static void days_count_what_the_audits_charged(void **state)
{
    struct ledger *l = open_ledger();
    struct err err = { 0 };
    int64_t n = 0;

    (void)state;
    assert_int_equal(ledger_take(l, &key, NOON, 5, "a", 1, &err), 0);
    assert_int_equal(ledger_take(l, &key, NOON + 86400, 5, "a", 2, &err), 0);
    assert_int_equal(ledger_take(l, &other_key, NOON, 5, "b", 1, &err), 0);
    assert_int_equal(ledger_of_audit(l, "a", &n, &err), 0);
    assert_int_equal(n, 2);
    assert_int_equal(ledger_check(l, &err), 0);
    if (server) {
        outside_pg("UPDATE %s.quota SET used = 0");
        assert_int_equal(ledger_check(l, &err), -1);
        assert_int_equal(err.kind, ERR_IO);
    }
    ledger_close(l);
}

/* On a server: what would let a second machine send too much, or never end. */
static void a_newer_ledger_is_refused(void **state)
{
    struct ledger *l;
    struct err err = { 0 };

    (void)state;
    if (!server)
        skip();
    l = open_ledger();
    ledger_close(l);
    outside_pg("INSERT INTO %s.version VALUES (2)");
    assert_int_equal(ledger_open(&l, path, &err), -1);
    assert_int_equal(err.kind, ERR_AUTH);
    assert_non_null(strstr(err.msg, "newer blindspot"));
}

static void a_connection_that_was_ended_costs_no_charge_and_no_run(void **state)
{
    struct ledger *l;
    struct err err = { 0 };

    (void)state;
    if (!server)
        skip();
    l = open_ledger();
    for (int i = 1; i <= 3; i++) {
        outside_pg("SELECT pg_terminate_backend(pid, 5000), '%s' FROM pg_stat_activity"
                   " WHERE application_name = 'blindspot' AND pid <> pg_backend_pid()");
        assert_int_equal(ledger_take(l, &key, NOON, 5, "a", i, &err), 0);
    }
    assert_int_equal(used_on(l, &key, NOON), 3);
    assert_int_equal(ledger_check(l, &err), 0);
    ledger_close(l);
}

/* Stopped (SIGSTOP) with the day's row in its hands, it would stop all others for ever. */
static void one_that_holds_the_row_and_does_not_go_on_loses_it(void **state)
{
    struct pg *holder = NULL;
    struct ledger *l;
    struct err err = { 0 };
    const struct pg_ask hold[] = {
        { "BEGIN", NULL, 0 },
        { "SET LOCAL idle_in_transaction_session_timeout = '1s'", NULL, 0 },
        { "SELECT * FROM quota FOR UPDATE", NULL, 0 },
    };

    (void)state;
    if (!server)
        skip();
    l = open_ledger();
    assert_int_equal(ledger_take(l, &key, NOON, 5, "a", 1, &err), 0);
    assert_int_equal(pg_open(&holder, path, "server", 0, &err), 0);
    assert_int_equal(pg_run(holder, hold, 3, &err), 0);
    assert_int_equal(ledger_take(l, &key, NOON, 5, "a", 2, &err), 0);
    assert_int_equal(used_on(l, &key, NOON), 2);
    pg_close(holder);
    ledger_close(l);
}

static void foreign_file_is_no_ledger(void **state)
{
    struct ledger *l;
    struct err err = {0};
    FILE *f;

    (void)state;
    if (server)
        skip();
    l = open_ledger();
    ledger_close(l);
    f = fopen(path, "wb");
    for (int i = 0; i < 5000; i++)
        fputc('x', f);
    fclose(f);
    assert_int_equal(ledger_open(&l, path, &err), -1);
    assert_int_equal(err.kind, ERR_INPUT);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(two_audits_share_one_limit),
        TEST(spent_by_the_platform_ends_the_day_below_the_limit),
        TEST(processes_at_once_never_take_more_than_the_limit),
        TEST(charge_outlives_the_process_that_made_it),
        TEST(clock_that_goes_back_brings_no_fresh_allowance),
        TEST(days_count_what_the_audits_charged),
        TEST(a_newer_ledger_is_refused),
        TEST(a_connection_that_was_ended_costs_no_charge_and_no_run),
        TEST(one_that_holds_the_row_and_does_not_go_on_loses_it),
        TEST(foreign_file_is_no_ledger),
    };

    server = getenv("BLINDSPOT_TEST_PG");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
