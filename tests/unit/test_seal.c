/* When a bundle's manifest was time-stamped has to fit what is in it, and the clock here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

#include "audit/keep/seal.h"
#include "base/file.h"
#include "base/timestamp.h"
#include "base/utc.h"
#include "tests/unit/folder.h"
#include "tests/unit/temp.h"
#include "tests/unit/tsa.h"

#define DAY 86400

static char dir[64];
static struct tsa tsa;
static struct findings found;
static struct verify_result result;

static char *in_dir(const char *name)
{
    static char path[128];

    snprintf(path, sizeof path, "%s/%s", dir, name);
    return path;
}

static void put(const char *name, struct str bytes)
{
    struct err err = { 0 };

    assert_int_equal(file_write(in_dir(name), bytes, &err), 0);
}

static int setup(void **state)
{
    struct err err = { 0 };

    (void)state;
    temp_name(dir, sizeof dir);
    assert_non_null(mkdtemp(dir));
    tsa = tsa_new("Time");
    put(BUNDLE_MANIFEST, STR("00  audit.db\n"));
    tsa_write_ca(&tsa, in_dir("ca.pem"));
    put("clock", STR("2026-01-02T00:00:00Z"));
    assert_int_equal(utc_use_file(in_dir("clock"), &err), 0);
    findings_init(&found, NULL, false, &result);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    findings_release(&found);
    tsa_free(&tsa);
    remove_all(dir);
    return 0;
}

/* The n-th authority stamps the manifest, by its own clock. */
static void stamp(int n, int64_t at)
{
    const struct digest of = digest_sha256(STR("00  audit.db\n"));
    struct buf query = { 0 }, reply = { 0 };
    char name[BUNDLE_STAMP_MAX];
    struct err err = { 0 };
    TS_RESP *resp;

    tsa.now = at;
    assert_int_equal(timestamp_ask(&of, &query, &err), 0);
    resp = tsa_answer(&tsa, buf_view(&query));
    tsa_bytes(resp, &reply);
    put(bundle_stamp_name(n, "tsq", name), buf_view(&query));
    put(bundle_stamp_name(n, "tsr", name), buf_view(&reply));
    TS_RESP_free(resp);
    buf_release(&query);
    buf_release(&reply);
}

static void check(int64_t newest_answer_at)
{
    char ca[128];
    const struct seal_check o = { .ca = ca };
    struct err err = { 0 };

    snprintf(ca, sizeof ca, "%s", in_dir("ca.pem"));
    if (seal_check(dir, newest_answer_at, &o, &found, &err))
        fail_msg("%s", err.msg);
}

static bool says(const struct buf *text, const char *what)
{
    return str_find(buf_view(text), str_of(what), 0) >= 0;
}

static void a_stamp_behind_the_newest_answer_holds(void **state)
{
    (void)state;
    stamp(1, TSA_NOW);
    check(TSA_NOW - DAY);
    assert_true(result.problems == 0);
    assert_true(says(&found.seals.text, "time-stamped 2026-01-01T00:00:00Z by CN=Time"));
}

static void a_stamp_of_the_future_is_refused(void **state)
{
    (void)state;
    stamp(1, TSA_NOW + 2 * DAY);
    check(TSA_NOW - DAY);
    assert_true(result.problems == 1);
    assert_true(says(&found.problems, "manifest.sha256.1.tsr: its time lies in the future"));
}

static void a_stamp_from_before_the_newest_answer_is_refused(void **state)
{
    (void)state;
    stamp(1, TSA_NOW - 2 * DAY);
    stamp(9, TSA_NOW);
    check(TSA_NOW - DAY);
    assert_true(result.problems == 1);
    assert_true(
        says(&found.problems, "manifest.sha256.1.tsr: its time is before the newest answer"));
    assert_true(says(&found.seals.text, "time-stamped 2026-01-01"));
}

static void a_stamp_that_was_asked_for_and_is_not_there_is_a_problem(void **state)
{
    (void)state;
    check(TSA_NOW - DAY);
    assert_true(result.problems == 1);
    assert_true(says(&found.problems, "no authority put a time stamp on it"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_stamp_behind_the_newest_answer_holds),
        TEST(a_stamp_of_the_future_is_refused),
        TEST(a_stamp_from_before_the_newest_answer_is_refused),
        TEST(a_stamp_that_was_asked_for_and_is_not_there_is_a_problem),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
