/* tests/unit/test_utc.c: the calendar, the forms of time, both clocks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include "base/utc.h"
#include "tests/unit/moved_clock.h"

static int64_t at(const char *text)
{
    struct err err = {0};
    int64_t got = -1;

    if (utc_parse(str_of(text), &got, &err))
        fail_msg("%s", err.msg);
    return got;
}

static void every_day_of_eight_centuries_survives_a_round_trip(void **state)
{
    char text[UTC_TEXT_MAX], gm[UTC_TEXT_MAX];

    (void)state;
    for (int64_t day = utc_day(at("1700-01-01")); day <= utc_day(at("2500-12-31")); day++) {
        time_t t = (time_t)(day * UTC_DAY_S);
        struct tm tm;

        gmtime_r(&t, &tm);
        strftime(gm, sizeof gm, "%Y-%m-%d", &tm);
        assert_string_equal(utc_date(day, text), gm);
        assert_int_equal(at(text), utc_day_start(day));
        assert_int_equal(at(utc_compact(day, text)), utc_day_start(day));
    }
}

static void forms_of_one_instant_agree(void **state)
{
    static const char *const same[] = {
        "2026-01-31T23:59:59Z",      "2026-01-31t23:59:59z",      "2026-01-31T23:59:59.999Z",
        "2026-01-31 23:59:59",       "2026-01-31 23:59:59 UTC",   "2026-02-01T01:59:59+02:00",
        "2026-01-31T18:29:59-05:30", "2026-01-31T23:59:59-00:00", "2026-01-31 23:59:59Z",
    };

    (void)state;
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        assert_int_equal(at(same[i]), 1769903999);
    assert_int_equal(at("20260131"), 1769817600);
    assert_int_equal(at("2016-12-31T23:59:60Z"), at("2017-01-01T00:00:00Z"));
    assert_int_equal(at("2017-01-01T00:59:60+01:00"), at("2017-01-01"));
}

static void nobody_looked_before_1970_or_after_2106(void **state)
{
    struct err err = { 0 };
    int64_t got = 7;

    (void)state;
    assert_int_equal(utc_parse_seen(STR("1969-12-31T23:59:59Z"), &got, &err), -1);
    assert_true(err.kind == ERR_INPUT && strstr(err.msg, "1969-12-31T23:59:59Z"));
    err_clear(&err);
    assert_int_equal(utc_parse_seen(STR("2106-02-07T06:28:16Z"), &got, &err), -1);
    err_clear(&err);
    assert_int_equal(utc_parse_seen(STR("2026-02-29"), &got, &err), -1);
    err_clear(&err);
    assert_int_equal(got, 7);
    assert_int_equal(utc_parse_seen(STR("1970-01-01"), &got, &err), 0);
    assert_int_equal(got, 0);
    assert_int_equal(utc_parse_seen(STR("2106-02-07T06:28:15Z"), &got, &err), 0);
    assert_int_equal(got, 4294967295);
}

static void what_no_calendar_has_is_refused(void **state)
{
    static const char *const bad[] = {
        "",
        "2026-02-29",
        "1900-02-29",
        "2026-02-30",
        "2026-04-31",
        "2026-00-10",
        "2026-13-01",
        "2026-01-00",
        "20260230",
        "2026013",
        "202601311",
        "2026-1-31",
        "26-01-31",
        "2026-01-31T",
        "2026-01-31T24:00:00Z",
        "2026-01-31T23:60:00Z",
        "2026-01-31T12:00:60Z",
        "2026-01-31T23:59:61Z",
        "2026-01-31T23:59:59",
        "2026-01-31T23:59:59.Z",
        "2026-01-31T23:59:59+24:00",
        "2026-01-31T23:59:59+0200",
        "2026-01-31T23:59:59 UTC",
        "2026-01-31 23:59:59 GMT",
        "2026-01-31Z",
        " 2026-01-31",
        "2026-01-31 ",
        "2026-01-31T23:59:59Zx",
        "+026-01-31",
        "1769903999",
        "2026/01/31",
    };
    struct err err;
    int64_t got = 42;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        err_clear(&err);
        if (utc_parse(str_of(bad[i]), &got, &err) == 0)
            fail_msg("taken: \"%s\"", bad[i]);
        assert_int_equal(err.kind, ERR_INPUT);
    }
    assert_int_equal(utc_parse(STR("2026-01-31\0"), &got, &err), -1);
    assert_int_equal(got, 42);
    assert_int_equal(at("2000-02-29"), 951782400);
    assert_int_equal(at("2024-02-29"), 1709164800);
}

static void days_floor_before_1970_too(void **state)
{
    char text[UTC_TEXT_MAX];

    (void)state;
    assert_int_equal(utc_day(-1), -1);
    assert_int_equal(utc_day(0), 0);
    assert_int_equal(utc_day(86399), 0);
    assert_int_equal(utc_next_midnight(-1), 0);
    assert_int_equal(utc_next_midnight(0), 86400);
    assert_int_equal(utc_next_midnight(86399), 86400);
    assert_string_equal(utc_rfc3339(-1, text), "1969-12-31T23:59:59Z");
    assert_string_equal(utc_rfc3339(1769903999, text), "2026-01-31T23:59:59Z");
    assert_true(strlen(utc_rfc3339(INT64_MAX, text)) <
                UTC_TEXT_MAX);    // years beyond 9999 stop there
    assert_true(strlen(utc_rfc3339(INT64_MIN, text)) < UTC_TEXT_MAX);
}

static void retry_after_reads_seconds_and_dates(void **state)
{
    struct err err = {0};
    int64_t got = 0;

    (void)state;
    assert_int_equal(utc_parse_retry_after(STR(" 120 "), 1000, &got, &err), 0);
    assert_int_equal(got, 1120);
    assert_int_equal(utc_parse_retry_after(STR("Sun, 06 Nov 1994 08:49:37 GMT"), 0, &got, &err), 0);
    assert_int_equal(got, 784111777);                                    // RFC 9110, 5.6.7
    assert_int_equal(utc_parse_retry_after(STR("18446744073709551615"), 1000, &got, &err), 0);
    assert_true(got == INT64_MAX);
    got = 7;
    assert_int_equal(utc_parse_retry_after(STR("-5"), 0, &got, &err), -1);
    assert_int_equal(utc_parse_retry_after(STR("Sun, 31 Feb 2026 08:49:37 GMT"), 0, &got, &err),
                     -1);
    assert_int_equal(utc_parse_retry_after(STR("Sun, 06 Nov 1994 08:49:37 CET"), 0, &got, &err),
                     -1);
    assert_int_equal(utc_parse_retry_after(STR("soon"), 0, &got, &err), -1);
    assert_int_equal(got, 7);
}

static void the_systems_clock_is_the_default_and_waits_are_kept(void **state)
{
    int64_t before, now = (int64_t)time(NULL);

    (void)state;
    assert_false(utc_is_test());
    assert_in_range(utc_now(), now, now + 2);
    before = utc_tick_ms();
    utc_wait_ms(30);
    assert_in_range(utc_tick_ms() - before, 30, 5000);
    utc_wait_ms(-5);
}

static void write_clock(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");

    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
}

static bool about(int64_t got, int64_t want) { return got > want - 100 && got < want + 100; }

/* Who was corrected goes on by that, whatever is done to the system's clock, until it is measured
 * anew; what had gone wrong by then is part of the bound from there on. */
static void corrected_instants_outlive_the_systems_clock(void **state)
{
    const int64_t real = utc_now_ms();

    (void)state;
    assert_int_equal(utc_bound_ms(), 0);
    utc_correct(1500, 7);
    assert_true(about(utc_now_ms(), real + 1500));
    day_later_s = 30;
    assert_true(about(utc_now_ms(), real + 1500));
    assert_true(about(utc_corrected_ms(), 1500 - 30000));
    utc_correct(utc_corrected_ms(), 5);
    assert_true(about(utc_now_ms(), real + 1500));
    assert_true(utc_bound_ms() >= 7 && utc_bound_ms() < 100);
    utc_correct(utc_corrected_ms() - 400, 5);    // it had run ahead by that
    assert_true(about(utc_now_ms(), real + 1100));
    assert_true(utc_bound_ms() >= 400 && utc_bound_ms() < 500);
    utc_correct(utc_corrected_ms(), 5);
    assert_true(utc_bound_ms() >= 400);
    utc_correct_end();
    assert_int_equal(utc_bound_ms(), 0);
    assert_true(about(utc_now_ms(), real + 30000));
    day_later_s = 0;
}

static void a_file_can_be_the_clock(void **state)
{
    char path[] = "/tmp/blindspot-utc-XXXXXX";
    struct err err = {0};
    struct timespec a, b;
    int fd = mkstemp(path);

    (void)state;
    assert_true(fd >= 0);
    close(fd);
    assert_int_equal(utc_use_file(path, &err), -1);                      // empty: no time in it
    assert_int_equal(err.kind, ERR_USAGE);
    assert_false(utc_is_test());
    utc_correct(1500, 7);
    assert_int_equal(utc_bound_ms(), 7);
    assert_true(utc_corrected_ms() >= 1499 && utc_corrected_ms() <= 1501);
    write_clock(path, "1790000000.25\n");
    assert_int_equal(utc_use_file(path, &err), 0);
    assert_int_equal(utc_bound_ms(), 0);                                 // it is what it says
    assert_int_equal(utc_corrected_ms(), 0);
    assert_true(utc_is_test());
    assert_int_equal(utc_now_ms(), 1790000000250);
    assert_int_equal(utc_tick_ms(), 1790000000250);
    write_clock(path, "2026-09-10T00:00:01Z");
    assert_int_equal(utc_now(), 1788998401);
    write_clock(path, "1790000100");
    assert_int_equal(utc_now(), 1790000100);
    clock_gettime(CLOCK_MONOTONIC, &a);
    utc_wait_ms(3600000);                                                // an hour, at once
    clock_gettime(CLOCK_MONOTONIC, &b);
    assert_true(b.tv_sec - a.tv_sec < 30);
    assert_int_equal(utc_now(), 1790000100);                             // waiting does not move it
    utc_correct_end();
    unlink(path);
}

static void a_clock_being_rewritten_keeps_its_last_time(void **state)
{
    static const char *const torn[] = { "",          "\n",        "179000",     "17900001",
                                        "179000010", "2026-09-1", "2026-09-11", "2026-09-11T00:0",
                                        "x" };
    char path[] = "/tmp/blindspot-utc-XXXXXX";
    struct err err = {0};
    int fd = mkstemp(path);

    (void)state;
    assert_true(fd >= 0);
    close(fd);
    write_clock(path, "1790000100");
    assert_int_equal(utc_use_file(path, &err), 0);
    for (size_t i = 0; i < sizeof torn / sizeof *torn; i++) {
        write_clock(path, torn[i]);
        assert_int_equal(utc_now(), 1790000100);
    }
    unlink(path);
    assert_int_equal(utc_now(), 1790000100);
    write_clock(path, "1790000200");
    assert_int_equal(utc_now(), 1790000200);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_of_eight_centuries_survives_a_round_trip),
        cmocka_unit_test(forms_of_one_instant_agree),
        cmocka_unit_test(nobody_looked_before_1970_or_after_2106),
        cmocka_unit_test(what_no_calendar_has_is_refused),
        cmocka_unit_test(days_floor_before_1970_too),
        cmocka_unit_test(retry_after_reads_seconds_and_dates),
        cmocka_unit_test(the_systems_clock_is_the_default_and_waits_are_kept),
        cmocka_unit_test(corrected_instants_outlive_the_systems_clock),
        cmocka_unit_test(a_file_can_be_the_clock),
        cmocka_unit_test(a_clock_being_rewritten_keeps_its_last_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
