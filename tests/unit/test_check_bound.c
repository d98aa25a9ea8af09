/* tests/unit/test_check_bound.c: from counts to a verdict, at the edges: everything open against
 * the claim, everything open for it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include "audit/verdict/check_bound.h"

/* Accounts of one post each. */
static struct check_sums singles(int held, int failed, int aside, int open)
{
    struct check_sums s = { 0 };

    for (int i = 0; i < held; i++)
        check_sums_add(&s, &(struct check_count){ .held = 1 });
    for (int i = 0; i < failed; i++)
        check_sums_add(&s, &(struct check_count){ .failed = 1, .aside = i < aside });
    for (int i = 0; i < open; i++)
        check_sums_add(&s, &(struct check_count){ .open = 1 });
    s.open_days[1] = open;
    return s;
}

static enum check_verdict verdict(const struct check_sums *s, double at_least)
{
    struct check_bounds b = check_bounds_of(s, 0.95);

    assert_true(b.low <= b.value && b.value <= b.high);
    return check_decide(b.low, b.high, at_least);
}

static void nothing_counted_decides_nothing(void **state)
{
    struct check_sums s = singles(0, 0, 0, 0);
    struct check_bounds b = check_bounds_of(&s, 0.95);
    (void)state;
    assert_false(b.has);
    assert_int_equal(check_decide(b.low, b.high, 0.99), CHECK_UNDECIDED);
    assert_int_equal(check_further_items(&s, 0.95, 0.99), -1);
    s = singles(0, 0, 0, 500);
    assert_int_equal(
        check_decide(check_bounds_of(&s, 0.95).low, check_bounds_of(&s, 0.95).high, 0.99),
        CHECK_UNDECIDED);
}

/* All of n held: the lower end of Clopper-Pearson is 0.025^(1/n), 0.99 at 367.04. */
static void all_held_passes_from_the_size_that_proves_it(void **state)
{
    struct check_sums s = singles(367, 0, 0, 0);
    (void)state;
    assert_int_equal(verdict(&s, 0.99), CHECK_UNDECIDED);
    assert_int_equal(check_further_items(&s, 0.95, 0.99), 1);
    s = singles(368, 0, 0, 0);
    assert_int_equal(verdict(&s, 0.99), CHECK_PASS);
}

static void open_items_count_against_a_pass_and_for_a_fail(void **state)
{
    struct check_sums s = singles(2000, 0, 0, 0);
    (void)state;
    assert_int_equal(verdict(&s, 0.99), CHECK_PASS);
    s = singles(2000, 0, 0, 20);
    assert_int_equal(verdict(&s, 0.99), CHECK_UNDECIDED);
    s = singles(1900, 100, 0, 0);
    assert_int_equal(verdict(&s, 0.99), CHECK_FAIL);
    s = singles(1900, 100, 0, 12000);
    assert_int_equal(verdict(&s, 0.99), CHECK_UNDECIDED);
}

static void accounts_without_a_retrieved_post_make_no_claim_fail(void **state)
{
    struct check_sums s = singles(1900, 100, 100, 0);
    (void)state;
    assert_int_equal(verdict(&s, 0.99), CHECK_UNDECIDED);
    assert_int_equal(check_further_items(&s, 0.95, 0.99), -1);
    s = singles(1900, 100, 20, 0);
    assert_int_equal(verdict(&s, 0.99), CHECK_FAIL);
}

static void verdicts_that_may_be_wrong_make_no_claim_fail(void **state)
{
    struct check_sums s = singles(1000, 18, 0, 0);
    (void)state;
    assert_int_equal(verdict(&s, 0.99), CHECK_FAIL);
    s.doubt = 4;
    assert_int_equal(verdict(&s, 0.99), CHECK_UNDECIDED);
    s = singles(10, 1, 0, 0);    // one counterexample to "all"
    assert_int_equal(verdict(&s, 1), CHECK_FAIL);
    s.doubt = 0.01;
    assert_int_equal(verdict(&s, 1), CHECK_FAIL);
    s.doubt = 0.1;
    assert_int_equal(verdict(&s, 1), CHECK_UNDECIDED);
}

static void posts_of_few_accounts_prove_little(void **state)
{
    struct check_sums s = { 0 };
    (void)state;
    for (int i = 0; i < 50; i++)
        check_sums_add(&s, &(struct check_count){ .held = 100 });
    assert_int_equal(verdict(&s, 0.99), CHECK_UNDECIDED);
    for (int i = 0; i < 350; i++)
        check_sums_add(&s, &(struct check_count){ .held = 100 });
    assert_int_equal(verdict(&s, 0.99), CHECK_PASS);
}

static void a_bound_that_is_met_exactly_is_met(void **state)
{
    (void)state;
    assert_int_equal(check_decide(0.99, 1, 0.99), CHECK_PASS);
    assert_int_equal(check_decide(0.1 + 0.2, 1, 0.3), CHECK_PASS);
    assert_int_equal(check_decide(0.2, 0.99, 0.99), CHECK_UNDECIDED);
    assert_int_equal(check_decide(0.2, 0.98999, 0.99), CHECK_FAIL);
}

/* Of `more` as many held as of those before, rounded; open ones first. */
static enum check_verdict with(int held, int failed, int open, int64_t more)
{
    int64_t good = (more * held + (held + failed) / 2) / (held + failed);
    int64_t left = more < open ? open - more : 0;
    struct check_sums s = singles(held + (int)good, failed + (int)(more - good), 0, (int)left);

    return verdict(&s, 0.98);
}

/* What is said of further items comes true when they are decided as the others were; whole
 * items differ from shares of them by one. */
static void so_many_further_items_decide_and_far_fewer_do_not(void **state)
{
    static const int held[] = { 100, 95, 30, 990 }, failed[] = { 0, 5, 20, 2 },
                     open[] = { 0, 40, 5, 300 };
    int undecided = 0;
    (void)state;
    for (int i = 0; i < 4; i++) {
        struct check_sums s = singles(held[i], failed[i], 0, open[i]);
        int64_t more = check_further_items(&s, 0.95, 0.98);

        if (verdict(&s, 0.98) != CHECK_UNDECIDED)
            continue;
        undecided++;
        assert_true(more > 0);
        assert_int_not_equal(with(held[i], failed[i], open[i], more + more / 2 + 5),
                             CHECK_UNDECIDED);
        assert_int_equal(with(held[i], failed[i], open[i], more - more / 4 - 5), CHECK_UNDECIDED);
    }
    assert_int_equal(undecided, 3);
}

/* Given up, of a rule that was given up: nobody decides them, so others have to outweigh them. */
static void open_items_that_nobody_decides_are_outweighed(void **state)
{
    struct check_sums s = singles(990, 0, 0, 30);
    int64_t free = check_further_items(&s, 0.95, 0.98), bound;
    (void)state;
    s.open_days[1] = 0;
    s.open_days[CHECK_DAYS] = 30;
    bound = check_further_items(&s, 0.95, 0.98);
    assert_true(free > 0 && free <= 30);
    assert_true(bound > 600);    // (n - 30) / n is 98 % at 1,500
    assert_int_equal(check_further_days(&s, bound), -1);
}

static void days_are_those_of_the_open_items(void **state)
{
    struct check_sums s = singles(990, 0, 0, 30);
    (void)state;
    s.open_days[1] = 10;
    s.open_days[2] = 15;
    s.open_days[CHECK_DAYS] = 5;
    assert_int_equal(check_further_days(&s, 10), 1);
    assert_int_equal(check_further_days(&s, 11), 2);
    assert_int_equal(check_further_days(&s, 25), 2);
    assert_int_equal(check_further_days(&s, 26), -1);
    assert_int_equal(check_further_days(&s, -1), -1);
}

/* Of a value with bounds alone it is about so many: as many more decide, half of them do not. */
static void bounds_come_nearer_as_what_they_rest_on_grows(void **state)
{
    static const struct { double share; int64_t n; double at_least; } of[] = {
        { 0.97, 1000, 0.965 }, { 0.9, 400, 0.92 }, { 1, 100, 0.99 }, { 0.5, 50, 0.45 },
    };
    (void)state;

    for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
        const double p = of[i].share, n = (double)of[i].n;
        struct stat_interval now = stat_exact_share(p * n, n, 0.95), then, half;
        int64_t more = check_further_about(p, now.low, now.high, true, of[i].n, of[i].at_least);
        double grown = n + 1.1 * (double)more, between = n + 0.5 * (double)more;

        assert_true(more > 0);
        then = stat_exact_share(p * grown, grown, 0.95);
        half = stat_exact_share(p * between, between, 0.95);
        assert_int_not_equal(check_decide(then.low, then.high, of[i].at_least), CHECK_UNDECIDED);
        assert_int_equal(check_decide(half.low, half.high, of[i].at_least), CHECK_UNDECIDED);
    }
    assert_int_equal(check_further_about(0.9, 0.8, 0.95, true, 100, 0.9), -1);
    assert_int_equal(check_further_about(0.9, 0.8, 0.95, true, 0, 0.85), -1);
    assert_int_equal(check_further_about(0.9, -INFINITY, INFINITY, false, 100, 0.85), -1);
    assert_int_equal(check_further_about(2, 1, 3, false, 10, 1.5), 30);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_counted_decides_nothing),
        cmocka_unit_test(all_held_passes_from_the_size_that_proves_it),
        cmocka_unit_test(open_items_count_against_a_pass_and_for_a_fail),
        cmocka_unit_test(accounts_without_a_retrieved_post_make_no_claim_fail),
        cmocka_unit_test(verdicts_that_may_be_wrong_make_no_claim_fail),
        cmocka_unit_test(posts_of_few_accounts_prove_little),
        cmocka_unit_test(a_bound_that_is_met_exactly_is_met),
        cmocka_unit_test(so_many_further_items_decide_and_far_fewer_do_not),
        cmocka_unit_test(open_items_that_nobody_decides_are_outweighed),
        cmocka_unit_test(days_are_those_of_the_open_items),
        cmocka_unit_test(bounds_come_nearer_as_what_they_rest_on_grows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
