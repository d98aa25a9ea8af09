/* Workers at one vantage, as the database of an audit has them: who is there, who has which parcel,
 * what the rate of each is. With a server (BLINDSPOT_TEST_PG, tests/pg.sh), on the test clock. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "audit/work/worker.h"
#include "base/file.h"
#include "base/utc.h"
#include "store/store.h"
#include "store/work.h"
#include "store/work_far.h"
#include "tests/unit/folder.h"
#include "tests/unit/outside.h"
#include "tests/unit/temp.h"

#define RATE 2.0    // page.requests_per_second
#define PAGES 8     // of a work, two a parcel
#define START INT64_C(1767268800)

static char dir[64], path[96], clock_path[96], address[640];
static struct store *store;
static struct arena mem;

static void set_clock(int64_t at)
{
    char text[32];
    struct err err = { 0 };

    snprintf(text, sizeof text, "%lld", (long long)at);
    assert_int_equal(file_write(clock_path, str_of(text), &err), 0);
}

static void begin_work(const char *vantage)
{
    struct read_task task[PAGES] = { { 0 } };
    const struct work_new w = { .vantage = str_of(vantage), .settings = STR("audit=a\n") };
    int64_t work, parcels = 0;
    struct err err = { 0 };

    for (int i = 0; i < PAGES; i++)
        task[i] = (struct read_task){
            .witness = WITNESS_PAGE, .id = 700 + (uint64_t)i, .item = i + 1
        };
    if (store_work_begin(store, &w, &work, &err) ||
        store_work_add(store, work, task, PAGES, 2, &parcels, &err))
        fail_msg("%s", err.msg);
    assert_int_equal(parcels, PAGES / 2);
}

static int setup(void **state)
{
    char schema[80];
    struct err err = { 0 };

    (void)state;
    if (!outside_server())
        return 0;
    temp_name(dir, sizeof dir);
    assert_non_null(mkdtemp(dir));
    snprintf(path, sizeof path, "%s/audit.db", dir);
    snprintf(clock_path, sizeof clock_path, "%s/clock", dir);
    set_clock(START);
    outside_place(path);
    if (utc_use_file(clock_path, &err) || store_create(path, &err) ||
        store_open(&store, path, STORE_WRITE, &err))
        fail_msg("%s", err.msg);
    outside_schema(path, schema, sizeof schema);
    snprintf(address, sizeof address, "%s?schema=%s",
             outside_grants(path) ? getenv("BLINDSPOT_TEST_WORKER") : outside_server(), schema);
    begin_work("");
    return 0;
}

static int teardown(void **state)
{
    struct err err = { 0 };

    (void)state;
    if (!outside_server())
        return 0;
    assert_int_equal(store_close(store, &err), 0);
    arena_release(&mem);
    remove_all(dir);
    return 0;
}

static struct far_work *come(const char *name, const char *vantage)
{
    struct far_work *w = NULL;
    struct err err = { 0 };

    if (far_work_open(&w, address, name, str_of(vantage), &err))
        fail_msg("%s", err.msg);
    return w;
}

static const struct far_state *look(struct far_work *w)
{
    struct err err = { 0 };

    if (far_work_look(w, &err))
        fail_msg("%s", err.msg);
    return far_work_state(w);
}

/* The parcel that it gets; 0: none is to be had. */
static int64_t lease(struct far_work *w)
{
    struct far_page *page;
    size_t n;
    struct err err = { 0 };

    if (far_work_lease(w, &mem, &page, &n, &err))
        fail_msg("%s", err.msg);
    return n ? page[0].parcel : 0;
}

static void upload(struct far_work *w, const struct far_upload *u)
{
    struct err err = { 0 };

    if (far_work_upload(w, u, &err))
        fail_msg("%s", err.msg);
}

/* ---- the rate ---- */
static void workers_share_the_rate_of_their_vantage(void **state)
{
    (void)state;
    for (int64_t n = 1; n <= 9; n++)
        for (int64_t pauses = 0; pauses <= 20; pauses++) {
            const struct far_state s = { .workers = n, .pauses = pauses };
            const double together = worker_rate(RATE, &s) * (double)n;

            assert_true(together > 0 && together <= RATE / (pauses ? 2 : 1) + 1e-9);
        }
    {
        const struct far_state nobody_yet = { .workers = 0 };

        assert_true(worker_rate(RATE, &nobody_yet) == RATE);
    }
}

static double together(struct far_work *const *w, int n)
{
    double sum = 0;

    for (int i = 0; i < n; i++)
        sum += worker_rate(RATE, look(w[i]));
    return sum;
}

static void who_goes_or_dies_leaves_its_share_to_the_others(void **state)
{
    struct far_work *w[4], *there;

    (void)state;
    if (!outside_server())
        skip();
    for (int i = 0; i < 4; i++) {
        const char *const names[] = { "a", "b", "c", "d" };

        w[i] = come(names[i], "");
    }
    there = come("e", "ca");
    assert_true(together(w, 4) == RATE);
    assert_true(worker_rate(RATE, look(there)) == RATE);    // another vantage's own
    set_clock(START + 1);    // whoever goes has a clock that is ahead of the others'
    far_work_close(w[3]);
    set_clock(START);
    assert_int_equal(look(w[0])->workers, 3);
    assert_true(together(w, 3) > 0.99 * RATE && together(w, 3) <= RATE + 1e-9);
    set_clock(START + WORK_LEASE_S - 1);
    (void)look(w[0]);
    (void)look(w[1]);                      // and w[2] says nothing any more
    assert_int_equal(look(w[0])->workers, 3);
    set_clock(START + WORK_LEASE_S + 1);
    assert_true(together(w, 2) == RATE);
    far_work_close(w[0]);
    far_work_close(w[1]);
    far_work_close(w[2]);
    far_work_close(there);
}

static void a_block_pauses_all_of_a_vantage_and_halves_their_rate(void **state)
{
    const struct far_upload block = { .pause_until = START + 60 };
    struct far_work *a, *b, *there;

    (void)state;
    if (!outside_server())
        skip();
    begin_work("ca");
    a = come("a", "");
    b = come("b", "");
    there = come("c", "ca");
    assert_true(lease(a) != 0);
    upload(a, &block);
    assert_int_equal(look(b)->paused_until, START + 60);
    assert_true(worker_rate(RATE, look(a)) + worker_rate(RATE, look(b)) == RATE / 2);
    assert_true(lease(b) == 0 && lease(a) == 0);
    assert_true(lease(there) != 0);
    assert_int_equal(look(there)->pauses, 0);
    set_clock(START + 61);
    assert_true(lease(b) != 0);
    upload(b, &(struct far_upload){ .pause_until = START + 90 });
    assert_true(worker_rate(RATE, look(a)) + worker_rate(RATE, look(b)) == RATE / 4);
    far_work_close(a);
    far_work_close(b);
    far_work_close(there);
}

/* ---- parcels ---- */
static void a_parcel_is_leased_once_and_again_when_its_lease_has_ended(void **state)
{
    struct far_work *a, *b;
    int64_t first, seen[PAGES / 2];

    (void)state;
    if (!outside_server())
        skip();
    a = come("a", "");
    b = come("b", "");
    for (int i = 0; i < PAGES / 2; i++) {
        seen[i] = lease(i % 2 ? a : b);
        assert_true(seen[i] != 0);
        for (int k = 0; k < i; k++)
            assert_true(seen[k] != seen[i]);
    }
    assert_true(lease(a) == 0 && lease(b) == 0);
    set_clock(START + WORK_LEASE_S - 1);
    upload(a, &(struct far_upload){ .releases = false });    // a lives, of b nothing is heard
    set_clock(START + WORK_LEASE_S + 1);
    first = lease(a);
    assert_true(first == seen[0] || first == seen[2]);
    upload(a, &(struct far_upload){ .releases = true });
    assert_true(lease(a) != 0);
    far_work_close(a);
    far_work_close(b);
}

/* The link was cut when it was leased: the worker asks again, by its name. */
static void a_lease_whose_reply_was_lost_is_had_by_the_same_worker_at_once(void **state)
{
    struct far_work *lost, *again, *other;
    int64_t parcel;

    (void)state;
    if (!outside_server())
        skip();
    lost = come("a", "");
    other = come("b", "");
    for (int i = 1; i < PAGES / 2; i++)
        assert_true(lease(other) != 0);
    parcel = lease(lost);
    assert_true(parcel != 0);
    assert_true(lease(lost) == 0);    // it has that one
    assert_true(lease(other) == 0);
    again = come("a", "");
    assert_true(lease(again) == parcel);
    assert_true(lease(again) == 0);
    far_work_close(again);
    far_work_close(lost);
    far_work_close(other);
}

/* Everything that a worker can send; as one who may do what a worker may where there is such a one
 * (BLINDSPOT_TEST_WORKER). */
static void a_worker_may_do_all_that_it_does(void **state)
{
    struct buf settings = { 0 };
    struct read_task *control;
    struct far_page *page = NULL;
    struct far_work *w;
    size_t controls, n = 0;
    struct err err = { 0 };

    (void)state;
    if (!outside_server())
        skip();
    w = come("a", "");
    if (far_work_read(w, look(w)->work, &settings, &mem, &control, &controls, &err) ||
        far_work_lease(w, &mem, &page, &n, &err))
        fail_msg("%s", err.msg);
    assert_true(n == 2 && settings.n > 0);
    upload(w, &(struct far_upload){ .body = STR("{}\n"),
                                    .answered = page,
                                    .answers = n,
                                    .done = &page[0].parcel,
                                    .dones = 1 });
    upload(w, &(struct far_upload){ .pause_until = START + 1 });
    upload(w, &(struct far_upload){ .releases = true, .leaves = true });
    upload(w, &(struct far_upload){ .stops = true, .retry_at = START + 9, .why = "enough" });
    assert_true(look(w)->stopped);
    assert_int_equal(outside_asked(path, "SELECT count(*) FROM upload"), 1);
    far_work_close(w);
    buf_release(&settings);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(workers_share_the_rate_of_their_vantage),
        cmocka_unit_test_setup_teardown(who_goes_or_dies_leaves_its_share_to_the_others, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_block_pauses_all_of_a_vantage_and_halves_their_rate,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(a_parcel_is_leased_once_and_again_when_its_lease_has_ended,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_lease_whose_reply_was_lost_is_had_by_the_same_worker_at_once, setup, teardown),
        cmocka_unit_test_setup_teardown(a_worker_may_do_all_that_it_does, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
