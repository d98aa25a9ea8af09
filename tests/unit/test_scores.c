/* tests/unit/test_scores.c: of the made-up audits of tests/soak/scores.h a small cut: how
 * often honest counters are accused, and how many wrong ones are found. `make soak` prints
 * the whole table. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "tests/soak/scores.h"

static void honest_rows_are_left_alone_and_tenths_are_found(void **state)
{
    const struct score_wish wish = { { 3000, 0, 0 }, 12000, false };
    (void)state;
    assert_int_equal(scores_table(&wish, stderr), 0);
}

static void the_same_audit_gives_the_same_scores(void **state)
{
    struct score_audit a = SCORE_AUDIT;
    struct scores one = { 0 }, two = { 0 };
    (void)state;
    a.items = 500;
    a.spoil = SPOIL_VIEWS_10;
    a.share = 0.4;
    score_run(&a, &one);
    score_run(&a, &two);
    assert_memory_equal(&one, &two, sizeof one);
    assert_true(one.of[SPOIL_VIEWS_10][AGE_YEAR][0].rows > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(honest_rows_are_left_alone_and_tenths_are_found),
        cmocka_unit_test(the_same_audit_gives_the_same_scores),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
