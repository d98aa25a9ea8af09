/* tests/unit/test_account.c: who belongs together, and whether "none came
 * back" is chance. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <malloc.h>
#include <cmocka.h>
#include "base/digest.h"
#include "base/stat.h"
#include "base/stat_group.h"
#include "classify/account.h"

static void add(struct account_graph *g, int64_t n, const char *id, const char *handle,
                enum account_from from)
{
    account_graph_add(g, n, str_of(id), str_of(handle), from);
}

static void renamed_account_is_one(void **state)
{
    struct account_graph *g = account_graph_new();
    (void)state;
    add(g, 1, "6800000000000000001", "ada.one", ACCOUNT_FROM_PAGE);
    add(g, 2, "6800000000000000001", "ada.two", ACCOUNT_FROM_PAGE);
    add(g, 3, NULL, "Ada.One", ACCOUNT_FROM_API);
    add(g, 4, NULL, "ADA.TWO", ACCOUNT_FROM_LINK);
    add(g, 5, "6800000000000000002", "bo", ACCOUNT_FROM_PAGE);
    assert_int_equal(account_graph_finish(g), 2);
    for (int64_t n = 1; n <= 4; n++)
        assert_int_equal(account_of(g, n), 1);
    assert_int_equal(account_of(g, 5), 2);
    assert_int_equal(account_of(g, 6), 0);
    assert_int_equal(account_of(g, 0), 0);
    account_graph_free(g);
}

static void handle_of_two_authors_joins_nothing(void **state)
{
    struct account_graph *g = account_graph_new();
    (void)state;
    add(g, 1, "6800000000000000001", "sold", ACCOUNT_FROM_PAGE);
    add(g, 2, "6800000000000000002", "sold", ACCOUNT_FROM_PAGE);
    add(g, 3, NULL, "sold", ACCOUNT_FROM_LINK);
    assert_int_equal(account_graph_finish(g), 2);
    assert_int_not_equal(account_of(g, 1), account_of(g, 2));
    assert_int_equal(account_of(g, 3), 0);
    account_graph_free(g);
}

/* A list made with one placeholder for all handles must not melt its accounts
 * into one. */
static void placeholder_of_links_joins_nothing(void **state)
{
    const char *const junk[] = { "_", "i", "I", "", "MS4wLjABAAAAsecuid", "ms4wljabaaaasecuid" };
    struct account_graph *g = account_graph_new();
    (void)state;
    for (int i = 0; i < 6; i++)
        add(g, 1 + i, NULL, junk[i], ACCOUNT_FROM_LINK);
    add(g, 7, NULL, "i", ACCOUNT_FROM_PAGE);                     // there it is somebody's name
    add(g, 8, NULL, "user", ACCOUNT_FROM_LINK);
    add(g, 8, "6800000000000000001", "ada", ACCOUNT_FROM_PAGE);
    add(g, 9, NULL, "user", ACCOUNT_FROM_LINK);
    add(g, 9, "6800000000000000002", "bo", ACCOUNT_FROM_PAGE);
    assert_int_equal(account_graph_finish(g), 3);
    for (int64_t n = 1; n <= 6; n++)
        assert_int_equal(account_of(g, n), 0);
    assert_int_equal(account_of(g, 7), 1);
    assert_int_not_equal(account_of(g, 8), account_of(g, 9));
    account_graph_free(g);
}

static void item_joins_what_was_said_of_it(void **state)
{
    struct account_graph *g = account_graph_new();
    (void)state;
    add(g, 1, NULL, "old", ACCOUNT_FROM_LINK);
    add(g, 1, NULL, "new", ACCOUNT_FROM_API);
    add(g, 2, NULL, "old", ACCOUNT_FROM_LINK);
    add(g, 3, NULL, "new", ACCOUNT_FROM_LINK);
    assert_int_equal(account_graph_finish(g), 1);
    assert_int_equal(account_of(g, 2), account_of(g, 3));
    account_graph_free(g);
}

static void number_is_no_handle(void **state)
{
    struct account_graph *g = account_graph_new();
    (void)state;
    add(g, 1, "6800000000000000001", NULL, ACCOUNT_FROM_PAGE);
    add(g, 2, NULL, "6800000000000000001", ACCOUNT_FROM_API);
    add(g, 3, "abc", NULL, ACCOUNT_FROM_PAGE);
    add(g, 4, NULL, "abc", ACCOUNT_FROM_API);
    assert_int_equal(account_graph_finish(g), 4);
    account_graph_free(g);
}

static void same_answers_in_another_order_make_the_same_accounts(void **state)
{
    enum { ITEMS = 3000 };
    int64_t first[ITEMS + 1];
    (void)state;
    for (int turn = 0; turn < 2; turn++) {
        struct account_graph *g = account_graph_new();

        for (int i = 1; i <= ITEMS; i++) {
            int n = turn ? ITEMS + 1 - i : i;
            char id[24], handle[24];

            snprintf(id, sizeof id, "%d", 1000 + n % 700);
            snprintf(handle, sizeof handle, "h%d", n % 500);
            add(g, n, n % 3 ? id : NULL, handle, n % 2 ? ACCOUNT_FROM_PAGE : ACCOUNT_FROM_LINK);
        }
        account_graph_finish(g);
        for (int n = 1; n <= ITEMS; n++) {
            if (turn)
                assert_int_equal(account_of(g, n), first[n]);
            first[n] = account_of(g, n);
        }
        account_graph_free(g);
    }
}

/* 300,000 items of 100,000 accounts, scaled: 10 million items stay below 400 MB. */
static void ten_million_items_fit(void **state)
{
    const size_t before = mallinfo2().uordblks + mallinfo2().hblkhd;
    struct account_graph *g = account_graph_new();
    (void)state;
    for (int n = 1; n <= 300000; n++) {
        char id[24], handle[24];

        snprintf(id, sizeof id, "68%017d", n / 3);
        snprintf(handle, sizeof handle, "name.%d", n / 3);
        add(g, n, id, handle, ACCOUNT_FROM_PAGE);
    }
    assert_true((mallinfo2().uordblks + mallinfo2().hblkhd - before) / 3 * 100 <
                400u * 1000 * 1000);
    account_graph_finish(g);
    assert_int_not_equal(account_of(g, 299999), 0);
    account_graph_free(g);
}

static struct account_stat row_of(int64_t m, int64_t k)
{
    return (struct account_stat){ .items = m, .asked = m, .retrieved = k, .public_items = m,
                                 .trials = m, .trials_retrieved = k };
}

/* 8 accounts of 2 posts with 1 or 2 back, b = 14 / 16; six tested at min 2. */
static void chance_and_q_by_hand(void **state)
{
    struct account_stat row[10];
    struct account_model m;
    double q[10], p[10];
    (void)state;
    for (int i = 0; i < 8; i++)
        row[i] = row_of(2, i < 2 ? 1 : 2);
    row[8] = row_of(20, 0);
    row[9] = row_of(1, 0);
    row[8].canada = 5;
    m = account_stats(row, 10, 2);
    assert_true(fabs(m.b - 14.0 / 16) < 1e-15);
    assert_int_equal(m.fitted, 8);
    assert_int_equal(m.tested, 9);
    assert_true(row[0].chance == 1);
    assert_true(fabs(row[8].chance - stat_group_none(20, m.b, m.rho)) < 1e-15);
    for (int i = 0; i < 9; i++)
        p[i] = row[i].chance;
    stat_bh(p, q, 9);
    assert_true(fabs(row[8].q - q[8]) < 1e-15);
    assert_true(isnan(row[9].q));                  // too few trials to be tested
    assert_true(fabs(row[8].canada_share - 0.25) < 1e-15);
}

static void nothing_retrieved_from_anyone_says_nothing(void **state)
{
    struct account_stat row[2] = { row_of(50, 0), row_of(9, 0) };
    struct account_model m = account_stats(row, 2, 5);
    (void)state;
    assert_true(isnan(m.b));
    assert_true(isnan(row[0].chance) && isnan(row[0].q));
    account_stats(row, 0, 5);
}

/* An account whose only retrieved post a rule explains is not "none retrieved". */
static void retrieved_post_outside_the_trials_counts(void **state)
{
    struct account_stat row[3] = { row_of(30, 29), row_of(30, 30), row_of(30, 0) };
    (void)state;
    row[2].retrieved = 1;
    account_stats(row, 3, 5);
    assert_true(row[2].chance == 1);
}

/* ---- worlds with known truth ---- */

static uint64_t seed;

static double uniform(void)
{
    seed += 1;
    return ((double)(mix64(seed) >> 11) + 0.5) / 9007199254740992.0;
}

struct world { double b, rho, excluded; int accounts; };

/* Every account has its own rate, beta-distributed around b; some are excluded
 * and return nothing. Sizes are those of donated links: many of few posts, few of many. */
static void world_make(const struct world *w, struct account_stat *row, bool *excluded)
{
    double s = w->rho > 0 ? 1 / w->rho - 1 : 0;

    for (int i = 0; i < w->accounts; i++) {
        int64_t m = 1 + (int64_t)(3 / pow(uniform(), 0.7)), k = 0;
        double rate = w->rho > 0 ? stat_beta_quantile(uniform(), w->b * s, (1 - w->b) * s) : w->b;

        m = m > 200 ? 200 : m;
        excluded[i] = uniform() < w->excluded;
        for (int64_t j = 0; j < m; j++)
            k += !excluded[i] && uniform() < rate;
        row[i] = row_of(m, k);
    }
}

static const struct world worlds[] = {
    { 0.90, 0.00, 0.03, 300 }, { 0.90, 0.10, 0.03, 300 }, { 0.90, 0.30, 0.03, 300 },
    { 0.75, 0.10, 0.03, 300 }, { 0.75, 0.30, 0.03, 300 }, { 0.60, 0.20, 0.05, 300 },
    { 0.90, 0.20, 0.00, 300 }, { 0.80, 0.50, 0.05, 300 }, { 0.95, 0.05, 0.10, 100 },
    { 0.50, 0.80, 0.05, 300 }, { 0.90, 0.60, 0.02, 300 }, { 0.90, 0.10, 0.05, 20 },
};

/* The promise of q < 0.05: of the accounts called excluded, at most 5 % are
 * not. It is a mean over worlds: the share in each (0 where none is called). */
static void at_most_one_in_twenty_called_excluded_is_not(void **state)
{
    enum { TURNS = 100 };
    struct account_stat row[300];
    bool excluded[300];
    (void)state;
    seed = 20261001;
    for (size_t i = 0; i < sizeof worlds / sizeof *worlds; i++) {
        double wrong_share = 0;
        int called_all = 0, found = 0, there = 0;

        for (int turn = 0; turn < TURNS; turn++) {
            int called = 0, wrong = 0;

            world_make(&worlds[i], row, excluded);
            account_stats(row, (size_t)worlds[i].accounts, 5);
            for (int a = 0; a < worlds[i].accounts; a++) {
                bool is_called = row[a].trials >= 5 && row[a].retrieved == 0 && row[a].q < 0.05;

                called += is_called;
                wrong += is_called && !excluded[a];
                found += is_called && excluded[a];
                there += excluded[a] && row[a].trials >= 5;
            }
            wrong_share += called ? (double)wrong / called : 0;
            called_all += called;
        }
        if (getenv("BLINDSPOT_VERBOSE"))
            printf("b %.2f rho %.2f: called %d, found %d of %d, wrong %.4f\n", worlds[i].b,
                   worlds[i].rho, called_all, found, there, wrong_share / TURNS);
        assert_true(wrong_share / TURNS <= 0.05);
        // and the promise is not kept by silence
        if (worlds[i].rho <= 0.1 && worlds[i].b >= 0.9 && worlds[i].accounts >= 100)
            assert_true(found > there / 2);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(renamed_account_is_one),
        cmocka_unit_test(handle_of_two_authors_joins_nothing),
        cmocka_unit_test(placeholder_of_links_joins_nothing),
        cmocka_unit_test(item_joins_what_was_said_of_it),
        cmocka_unit_test(number_is_no_handle),
        cmocka_unit_test(same_answers_in_another_order_make_the_same_accounts),
        cmocka_unit_test(ten_million_items_fit),
        cmocka_unit_test(chance_and_q_by_hand),
        cmocka_unit_test(nothing_retrieved_from_anyone_says_nothing),
        cmocka_unit_test(retrieved_post_outside_the_trials_counts),
        cmocka_unit_test(at_most_one_in_twenty_called_excluded_is_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
