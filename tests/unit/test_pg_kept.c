/* Answers of a server that are kept: which question is which, what makes them void, and that
 * memory has an end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "store/pg_kept.h"

static struct pg_kept *kept;

static int begin(void **state)
{
    (void)state;
    kept = pg_kept_new();
    return 0;
}

static int end(void **state)
{
    (void)state;
    pg_kept_free(kept);
    return 0;
}

static struct pg_answer *answer(enum query q, const struct arg *a, size_t n)
{
    struct pg_answer *new = pg_kept_begin(kept, q, a, n);

    assert_non_null(new);
    return new;
}

/* Whole, and its cells. */
static void keep_one(enum query q, const struct arg *a, size_t n, struct str first,
                     struct str second)
{
    struct pg_answer *new = answer(q, a, n);

    pg_answer_add(new, 0, 25, first);
    pg_answer_add(new, 1, 20, second);
    pg_answer_add(new, 0, 25, second);
    pg_answer_add(new, 1, 20, first);
    pg_answer_whole(new);
    pg_answer_let(new);
}

static bool is_there(enum query q, const struct arg *a, size_t n)
{
    struct pg_answer *found = pg_kept_find(kept, q, a, n);

    pg_answer_let(found);
    return found != NULL;
}

static void rows_come_out_as_they_went_in(void **state)
{
    static char text[70000];
    const struct str long_one = { text, sizeof text }, cases[] = {
        STR_NONE, STR(""), STR("x"), { text, 253 }, { text, 254 }, { text, 255 }, { text, 256 },
        long_one };

    (void)state;
    memset(text, 'z', sizeof text);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct arg a[] = { arg_int((int64_t)i) };
        struct pg_answer *found;
        struct str cell[2];
        size_t at = 0;

        keep_one(Q_ASKS, a, 1, cases[i], STR("second"));
        found = pg_kept_find(kept, Q_ASKS, a, 1);
        assert_non_null(found);
        assert_int_equal(pg_answer_columns(found), 2);
        assert_int_equal(pg_answer_type(found, 1), 20);
        assert_int_equal(pg_answer_next(found, &at, cell), 1);
        assert_true(str_eq(cell[0], cases[i]) && (cell[0].p == NULL) == (cases[i].p == NULL));
        assert_true(str_eq(cell[1], STR("second")));
        assert_int_equal(pg_answer_next(found, &at, cell), 1);
        assert_true(str_eq(cell[1], cases[i]));
        assert_int_equal(pg_answer_next(found, &at, cell), 0);
        pg_answer_let(found);
    }
}

static void each_question_is_its_own(void **state)
{
    const struct arg ab[] = { arg_text(STR("a")), arg_text(STR("b")) };
    const struct arg a_b[] = { arg_text(STR("ab")), arg_text(STR("")) };
    const struct arg number[] = { arg_int(0), arg_text(STR("b")) };
    const struct arg null[] = { arg_null(), arg_text(STR("b")) };
    const struct rows one = { ab, 1, 2 }, two = { ab, 2, 1 };
    const struct arg row[] = { arg_rows(&one) }, rows[] = { arg_rows(&two) };
    const struct arg *all[] = { ab, a_b, number, null, row, rows };
    const size_t n[] = { 2, 2, 2, 2, 1, 1 };

    (void)state;
    for (int i = 0; i < 6; i++) {
        for (int k = i; k < 6; k++)
            assert_false(is_there(Q_ASKS, all[k], n[k]));
        keep_one(Q_ASKS, all[i], n[i], STR("x"), STR_NONE);
        assert_true(is_there(Q_ASKS, all[i], n[i]));
        assert_false(is_there(Q_ASKING, all[i], n[i]));
    }
}

static void what_reads_a_table_is_void_when_it_is_written_to(void **state)
{
    struct pg_answer *held, *filling;
    struct str cell[2];
    size_t at = 0;

    (void)state;
    keep_one(Q_STAMP, NO_ARGS, STR("x"), STR("y"));      // of stamp
    keep_one(Q_META_ALL, NO_ARGS, STR("x"), STR("y"));
    held = pg_kept_find(kept, Q_STAMP, NO_ARGS);
    filling = answer(Q_STAMP, NO_ARGS);
    pg_kept_written(kept, STR("stam"));
    pg_kept_written(kept, STR("answers_"));
    assert_true(is_there(Q_STAMP, NO_ARGS));
    pg_kept_written(kept, STR("stamp"));
    assert_false(is_there(Q_STAMP, NO_ARGS));
    assert_true(is_there(Q_META_ALL, NO_ARGS));
    assert_int_equal(pg_answer_next(held, &at, cell), 1);    // whoever reads it goes on
    assert_true(str_eq(cell[1], STR("y")));
    pg_answer_let(held);
    pg_answer_add(filling, 0, 25, STR("old"));
    pg_answer_whole(filling);
    assert_false(is_there(Q_STAMP, NO_ARGS));
    pg_answer_let(filling);
    pg_kept_forget(kept);
    assert_false(is_there(Q_META_ALL, NO_ARGS));
}

static void one_that_nobody_fills_any_more_is_gone(void **state)
{
    struct pg_answer *a = answer(Q_STAMP, NO_ARGS);

    (void)state;
    assert_true(is_there(Q_STAMP, NO_ARGS));    // whoever finds it can wait
    pg_answer_let(a);
    assert_false(is_there(Q_STAMP, NO_ARGS));
}

/* One of a hundred MB is not kept, what was kept before stays, and there is room for more. */
static void memory_has_an_end(void **state)
{
    static char text[1 << 20];
    const struct arg other[] = { arg_int(2) };
    struct pg_answer *large;
    struct pg_answer *none;

    (void)state;
    keep_one(Q_STAMP, NO_ARGS, STR("x"), STR("y"));
    large = answer(Q_META_ALL, NO_ARGS);
    for (int i = 0; i < 100; i++)
        pg_answer_add(large, 0, 25, (struct str){ text, sizeof text });
    pg_answer_whole(large);
    assert_false(is_there(Q_META_ALL, NO_ARGS));
    pg_answer_let(large);
    assert_true(is_there(Q_STAMP, NO_ARGS));
    for (int i = 0; i < 63; i++) {
        const struct arg a[] = { arg_int(i) };

        keep_one(Q_ASKS, a, 1, (struct str){ text, sizeof text / 2 }, STR_NONE);
    }
    assert_true(is_there(Q_ASKS, other, 1));
    large = answer(Q_META_ALL, NO_ARGS);
    for (int i = 0; i < 2; i++)
        pg_answer_add(large, 0, 25, (struct str){ text, sizeof text });
    pg_answer_let(large);
    none = pg_kept_begin(kept, Q_META_ALL, NO_ARGS);
    pg_answer_add(none, 0, 25, STR("x"));
    pg_answer_whole(none);
    pg_answer_let(none);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(rows_come_out_as_they_went_in, begin, end),
        cmocka_unit_test_setup_teardown(each_question_is_its_own, begin, end),
        cmocka_unit_test_setup_teardown(what_reads_a_table_is_void_when_it_is_written_to, begin,
                                        end),
        cmocka_unit_test_setup_teardown(one_that_nobody_fills_any_more_is_gone, begin, end),
        cmocka_unit_test_setup_teardown(memory_has_an_end, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
