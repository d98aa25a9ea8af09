/* store/pg.h against a server of the tests' own (tests/pg.sh): round trips, rows one by one,
 * what is said of a failure. Without a server, or without libpq, they are skipped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/utc.h"
#include "store/pg.h"
#include "tests/unit/moved_clock.h"

#define DRIFT_MS 360

static const char *url;
#define ASK(text) \
    (struct pg_ask) { text, NULL, 0 }

static struct pg *open_pg(const char *address)
{
    struct pg *pg = NULL;
    struct err err = { 0 };

    if (!url)
        skip();
    if (pg_open(&pg, address ? address : url, "api.quota", 10000, &err))
        fail_msg("%s", err.msg);
    return pg;
}

static void run(struct pg *pg, const char *sql)
{
    struct pg_ask ask = ASK(sql);
    struct err err = { 0 };

    if (pg_run(pg, &ask, 1, &err))
        fail_msg("%s: %s", sql, err.msg);
}

static void many_statements_are_one_round_trip_and_one_transaction(void **state)
{
    struct pg *pg = open_pg(NULL);
    const struct arg id[] = { arg_int(INT64_MAX) }, text[] = { arg_text(STR("\xc3\xa9'\"")) },
                     bytes[] = { arg_bytes((struct str){ "\0\xff", 2 }) }, none[] = { arg_null() },
                     real[] = { arg_real(0.1) };
    const struct pg_ask ask[] = {
        { "SELECT $1::bigint", id, 1 },
        { "SELECT $1::text", text, 1 },
        { "SELECT encode($1::bytea, 'hex')", bytes, 1 },
        { "SELECT $1::bigint IS NULL, NULL", none, 1 },
        { "SELECT $1::float8 = 0.1", real, 1 },
        ASK("SELECT txid_current_if_assigned() IS NULL"),
    };
    struct err err = { 0 };

    (void)state;
    assert_int_equal(pg_run(pg, ask, 6, &err), 0);
    assert_int_equal(pg_int(pg, 0, 0, 0), INT64_MAX);
    assert_true(str_eq(pg_text(pg, 1, 0, 0), STR("\xc3\xa9'\"")));
    assert_true(str_eq(pg_text(pg, 2, 0, 0), STR("00ff")));
    assert_int_equal(pg_int(pg, 3, 0, 0), 1);
    assert_null(pg_text(pg, 3, 0, 1).p);
    assert_int_equal(pg_int(pg, 4, 0, 0), 1);
    assert_int_equal(pg_rows(pg, 5), 1);
    pg_close(pg);
}

static void one_that_fails_takes_all_of_its_round_trip_with_it(void **state)
{
    struct pg *pg = open_pg(NULL);
    const struct pg_ask ask[] = { ASK("CREATE TABLE public.t1 (a bigint)"), ASK("SELECT 1/0"),
                                  ASK("CREATE TABLE public.t2 (a bigint)") };
    struct err err = { 0 };

    (void)state;
    assert_int_equal(pg_run(pg, ask, 3, &err), -1);
    assert_non_null(strstr(err.msg, "division by zero"));
    assert_int_equal(pg_why(pg), PG_WRONG);
    run(pg, "SELECT to_regclass('public.t1') IS NULL AND to_regclass('public.t2') IS NULL");
    assert_int_equal(pg_int(pg, 0, 0, 0), 1);
    run(pg, "BEGIN");
    assert_int_equal(pg_run(pg, &ASK("SELECT * FROM public.nothing"), 1, &err), -1);
    assert_int_equal(pg_why(pg), PG_ABSENT);
    pg_rollback(pg);
    assert_int_equal(pg_why(pg), PG_ABSENT);
    run(pg, "SELECT 1");
    pg_close(pg);
}

static void rows_come_one_by_one_and_may_be_left(void **state)
{
    struct pg *pg = open_pg(NULL);
    const struct pg_ask many = ASK("SELECT g FROM generate_series(1, 300000) g");
    struct err err = { 0 };
    int64_t n = 0, sum = 0;
    int rc;

    (void)state;
    assert_int_equal(pg_query(pg, &many, &err), 0);
    while ((rc = pg_next(pg, &err)) > 0) {
        n++;
        sum += pg_int(pg, 0, 0, 0);
    }
    assert_int_equal(rc, 0);
    pg_done(pg);
    assert_int_equal(n, 300000);
    assert_int_equal(sum, INT64_C(300000) * 300001 / 2);
    assert_int_equal(pg_query(pg, &many, &err), 0);
    assert_int_equal(pg_next(pg, &err), 1);
    pg_done(pg);
    run(pg, "SELECT 7");
    assert_int_equal(pg_int(pg, 0, 0, 0), 7);
    assert_int_equal(pg_query(pg, &ASK("SELECT 1/(g - 3) FROM generate_series(1, 5) g"), &err), 0);
    assert_int_equal(pg_next(pg, &err), 1);
    assert_int_equal(pg_next(pg, &err), 1);
    assert_int_equal(pg_next(pg, &err), -1);
    pg_done(pg);
    run(pg, "SELECT 7");
    pg_close(pg);
}

static void a_schema_of_the_address_is_the_only_one_looked_in(void **state)
{
    char address[256];
    struct pg *pg = open_pg(NULL), *in;
    struct err err = { 0 };

    (void)state;
    run(pg, "CREATE SCHEMA IF NOT EXISTS march");
    run(pg, "CREATE TABLE public.stranger (a bigint)");
    snprintf(address, sizeof address, "%s?schema=march", url);
    in = open_pg(address);
    assert_string_equal(pg_schema(in), "march");
    run(in, "CREATE TABLE own (a bigint)");
    run(pg, "SELECT to_regclass('march.own') IS NOT NULL");
    assert_int_equal(pg_int(pg, 0, 0, 0), 1);
    assert_int_equal(pg_run(in, &ASK("SELECT * FROM stranger"), 1, &err), -1);
    assert_int_equal(pg_why(in), PG_ABSENT);
    run(pg, "DROP SCHEMA march CASCADE");
    run(pg, "DROP TABLE public.stranger");
    pg_close(in);
    pg_close(pg);
}

static void a_connection_that_was_ended_is_lost_and_can_be_made_again(void **state)
{
    struct pg *pg = open_pg(NULL), *other = open_pg(NULL);
    char sql[80];
    struct err err = { 0 };

    (void)state;
    run(pg, "SELECT pg_backend_pid()");
    snprintf(sql, sizeof sql, "SELECT pg_terminate_backend(%lld, 5000)",
             (long long)pg_int(pg, 0, 0, 0));
    run(other, sql);
    assert_int_equal(pg_run(pg, &ASK("SELECT 1"), 1, &err), -1);
    assert_int_equal(pg_why(pg), PG_LOST);
    assert_int_equal(pg_run(pg, &ASK("SELECT 1"), 1, &err), -1);
    assert_int_equal(pg_why(pg), PG_LOST);
    assert_int_equal(pg_again(pg, &err), 0);
    run(pg, "SELECT 1");
    pg_close(pg);
    pg_close(other);
}

static void a_server_that_does_not_answer_is_waited_for_so_long_and_no_longer(void **state)
{
    struct pg *pg = NULL;
    struct err err = { 0 };
    int64_t from = utc_real_ms();

    (void)state;
    if (!url)
        skip();
    assert_int_equal(pg_open(&pg, url, "api.quota", 300, &err), 0);
    assert_int_equal(pg_run(pg, &ASK("SELECT pg_sleep(20)"), 1, &err), -1);
    assert_int_equal(pg_why(pg), PG_LOST);
    assert_non_null(strstr(err.msg, "does not answer"));
    assert_true(utc_real_ms() - from < 5000);
    pg_close(pg);
}

static void nobody_there_is_no_matter_for_a_person_but_a_wrong_name_is(void **state)
{
    struct pg *pg = NULL;
    struct err err = { 0 };

    (void)state;
    if (!url)
        skip();
    assert_int_equal(pg_open(&pg, "postgresql://anna@127.0.0.1:1/q", "api.quota", 0, &err), -1);
    assert_int_equal(err.kind, ERR_IO);
    assert_null(strstr(err.msg, "anna"));
    assert_int_equal(pg_open(&pg, "postgresql://anna:pw@127.0.0.1/q", "api.quota", 0, &err), -1);
    assert_int_equal(err.kind, ERR_USAGE);
    setenv("PGPASSWORD", "hunter2", 1);
    assert_int_equal(pg_open(&pg, url, "api.quota", 0, &err), -1);
    unsetenv("PGPASSWORD");
    assert_int_equal(err.kind, ERR_USAGE);
    assert_null(strstr(err.msg, "hunter2"));
    setenv("PGPASSFILE", "/dev/null", 1);
    assert_int_equal(pg_open(&pg, url, "api.quota", 0, &err), -1);
    assert_int_equal(err.kind, ERR_AUTH);
    setenv("PGPASSFILE", getenv("TEST_PGPASSFILE"), 1);
}

static bool about(int64_t ms, int64_t want) { return ms > want - 500 && ms < want + 500; }

static void the_clock_of_the_database_is_measured(void **state)
{
    struct pg *pg = open_pg(NULL);
    struct pg_clock clock = { .bound_ms = -1 };
    struct err err = { 0 };

    (void)state;
    assert_int_equal(pg_clock(pg, &clock, &err), 0);
    assert_true(clock.bound_ms > 0 && clock.bound_ms < 2000);    // this machine is its own
    assert_true(llabs((long long)clock.ahead_ms) <= clock.bound_ms + 1);
    assert_int_equal(utc_bound_ms(), 0);
    assert_int_equal(pg_clock_follow(pg, &clock, &err), 0);
    assert_true(utc_bound_ms() >= clock.bound_ms + DRIFT_MS);    // until it is measured again
    assert_true(about(utc_corrected_ms(), 0));
    utc_correct_end();
    pg_close(pg);
}

static void the_clock_is_measured_again_after_an_hour(void **state)
{
    struct pg *pg = open_pg(NULL);
    struct pg_clock clock;
    struct err err = { 0 };
    const int64_t real = utc_now_ms();

    (void)state;
    assert_int_equal(pg_clock_follow(pg, &clock, &err), 0);
    day_later_s = 1;
    assert_false(pg_clock_is_old(pg));
    assert_int_equal(pg_clock_follow(pg, &clock, &err), 0);
    assert_true(about(clock.ahead_ms, 0));
    hour_later_s = 3601;
    assert_true(pg_clock_is_old(pg));
    assert_int_equal(pg_clock_follow(pg, &clock, &err), 0);
    assert_true(about(clock.ahead_ms, -1000) && about(utc_corrected_ms(), -1000));
    assert_true(utc_now_ms() < real + 1000);
    day_later_s = 30;
    hour_later_s = 7202;
    assert_int_equal(pg_clock_follow(pg, &clock, &err), -1);
    assert_int_equal(err.kind, ERR_AUTH);
    assert_non_null(strstr(err.msg, "30.0 s ahead of"));
    day_later_s = hour_later_s = 0;
    utc_correct_end();
    pg_close(pg);
}

/* Even where they would cost nothing. */
static void a_statement_of_the_store_begins_no_helpers(void **state)
{
    static const char free_of_charge[] =
        "SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0;"
        " SET min_parallel_table_scan_size = 0; SET min_parallel_index_scan_size = 0";
    const struct pg_ask ask = ASK("EXPLAIN SELECT count(*) FROM pg_attribute");
    struct err err = { 0 };
    struct pg *pg = NULL;
    struct str rest = STR(free_of_charge), set;

    (void)state;
    if (!url)
        skip();
    if (pg_open(&pg, url, "the store", 0, &err))
        fail_msg("%s", err.msg);
    while (str_cut(&rest, ';', &set)) {
        char sql[80];

        snprintf(sql, sizeof sql, "%.*s", STR_ARG(set));
        run(pg, sql);
    }
    assert_int_equal(pg_run(pg, &ask, 1, &err), 0);
    assert_true(pg_rows(pg, 0) > 1);
    for (int64_t i = 0; i < pg_rows(pg, 0); i++)
        if (str_find(pg_text(pg, 0, i, 0), STR("Gather"), 0) >= 0)
            fail_msg("%.*s", STR_ARG(pg_text(pg, 0, i, 0)));
    pg_close(pg);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_statement_of_the_store_begins_no_helpers),
        cmocka_unit_test(many_statements_are_one_round_trip_and_one_transaction),
        cmocka_unit_test(one_that_fails_takes_all_of_its_round_trip_with_it),
        cmocka_unit_test(rows_come_one_by_one_and_may_be_left),
        cmocka_unit_test(a_schema_of_the_address_is_the_only_one_looked_in),
        cmocka_unit_test(a_connection_that_was_ended_is_lost_and_can_be_made_again),
        cmocka_unit_test(a_server_that_does_not_answer_is_waited_for_so_long_and_no_longer),
        cmocka_unit_test(nobody_there_is_no_matter_for_a_person_but_a_wrong_name_is),
        cmocka_unit_test(the_clock_of_the_database_is_measured),
        cmocka_unit_test(the_clock_is_measured_again_after_an_hour),
    };

    url = getenv("BLINDSPOT_TEST_PG");
    if (url && getenv("PGPASSFILE"))
        setenv("TEST_PGPASSFILE", getenv("PGPASSFILE"), 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
