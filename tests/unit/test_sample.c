/* tests/unit/test_sample.c: a sample of creators adds up, and says of each what is known of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <cmocka.h>
#include "record/sample.h"

#define CREATORS 339

/* The shares of the published test (AI Forensics 2025): all ten of 235 creators, none of 5. */
static void published(struct sample_creator *row, struct sample_result *s)
{
    static const int some[] = { 9, 9, 9, 9, 9, 9, 8, 8, 8, 7, 6, 4, 1 };

    for (int i = 0; i < CREATORS; i++) {
        int64_t available = i < 5 ? 0 : i < 240 ? 10 : some[i % 13];

        row[i] = (struct sample_creator){ .n = i + 1,
                                          .handle = STR("maker"),
                                          .frame = 11,
                                          .drawn = 10,
                                          .available = available,
                                          .missing = 10 - available };
    }
    *s = (struct sample_result){ .draw = { .n = 1, .posts = 10 }, .row = row, .rows = CREATORS };
}

static void near(double got, double want, double apart)
{
    if (!(fabs(got - want) <= apart))
        fail_msg("%.12g is not %.12g", got, want);
}

static int64_t sum(const int64_t *n, size_t len)
{
    int64_t all = 0;

    for (size_t i = 0; i < len; i++)
        all += n[i];
    return all;
}

static void published_shares_have_the_published_intervals(void **state)
{
    struct sample_creator row[CREATORS];
    struct sample_result s;
    struct arena mem = { 0 };
    (void)state;
    published(row, &s);
    sample_finish(&s, &mem, 1);
    assert_int_equal(s.counted.creators, 339);
    assert_int_equal(s.counted.all, 235);
    assert_int_equal(s.counted.n[10], 235);
    assert_int_equal(s.counted.none, 5);
    assert_int_equal(s.counted.n[0], 5);
    assert_int_equal(sum(s.counted.n, 11), 339);
    near(s.all.low, 0.642, 5e-4);
    near(s.all.high, 0.740, 5e-4);
    near(s.none.low, 0.006, 5e-4);
    near(s.none.high, 0.034, 5e-4);
    assert_int_equal(s.zeros, 5);
    assert_true(s.zeros_chance > 0 && s.zeros_chance <= 1);
    arena_release(&mem);
}

static void posts_of_one_creator_are_no_independent_trials(void **state)
{
    struct sample_creator row[CREATORS];
    struct sample_result s;
    struct stat_interval alone;
    struct arena mem = { 0 };
    (void)state;
    published(row, &s);
    sample_finish(&s, &mem, 1);
    alone = stat_clopper_pearson(s.available, s.trials, 0.95);
    assert_int_equal(s.trials, 3390);
    assert_true(s.available_95.low < alone.low && s.available_95.high > alone.high);
    arena_release(&mem);
}

static void open_creator_is_counted_apart(void **state)
{
    struct sample_creator row[CREATORS];
    struct sample_result s;
    struct arena mem = { 0 };
    (void)state;
    published(row, &s);
    row[0].open = 1;    // one of the five with none
    row[0].missing = 9;
    row[300].open = 1;    // the only one that was missing is asked again
    row[300].missing -= 1;
    row[10].open = 10;
    row[10].available = 0;
    sample_finish(&s, &mem, 1);
    assert_int_equal(s.fate[CREATOR_FATE_OPEN], 3);
    assert_int_equal(s.counted.creators, 336);
    assert_int_equal(s.counted.none, 4);
    assert_int_equal(s.could_be_none, 2);
    assert_int_equal(s.could_be_all, 2);
    assert_true(s.all.low < stat_wilson(s.counted.all, 336, 0.95).low);
    assert_true(s.none.high > stat_wilson(4, 336, 0.95).high);
    near(row[10].q, -1, 0);
    near(row[10].chance, -1, 0);
    arena_release(&mem);
}

/* Gone since: 8 of 9 that are public are 8 of 9, and 9 of 9 are all. */
static void post_that_went_private_is_not_missing(void **state)
{
    struct sample_creator row[CREATORS];
    struct sample_result s;
    struct arena mem = { 0 };
    (void)state;
    published(row, &s);
    row[10].gone = 1;
    row[10].available = 9;
    row[11].gone = 10;
    row[11].available = 0;
    row[12].restricted = 2;
    row[12].available = 8;
    sample_finish(&s, &mem, 1);
    assert_int_equal(s.counted.all, 234);
    assert_int_equal(s.counted.none, 5);
    assert_int_equal(s.counted.n[10], 232);
    assert_int_equal(s.fate[CREATOR_FATE_GONE], 1);
    assert_int_equal(s.trials, 3390 - 10 - 1 - 2);
    arena_release(&mem);
}

static void canadian_creators_are_apart(void **state)
{
    struct sample_creator row[CREATORS];
    struct sample_result s;
    struct arena mem = { 0 };
    (void)state;
    published(row, &s);
    row[0].canada = 7;
    row[1].canada = 4;    // less than half
    row[10].canada = 10;    // the API returns it nonetheless
    sample_finish(&s, &mem, 1);
    assert_int_equal(s.fate[CREATOR_FATE_CANADA], 2);
    assert_int_equal(s.canada.n[0], 1);
    assert_int_equal(s.canada.n[10], 1);
    assert_int_equal(s.canada.none, 1);
    assert_int_equal(s.counted.none, 4);
    assert_true(row[0].chance >= 0 && row[0].chance < 1);
    near(row[0].q, -1, 0);
    arena_release(&mem);
}

static void every_creator_has_one_fate(void **state)
{
    struct sample_creator row[CREATORS];
    struct sample_result s;
    struct arena mem = { 0 };
    (void)state;
    published(row, &s);
    row[20] = (struct sample_creator){ .why = DRAW_TOO_FEW, .frame = 9 };
    row[21] = (struct sample_creator){ .why = DRAW_PRIVATE };
    row[22] = (struct sample_creator){ .why = DRAW_TOO_FEW };
    row[23] = (struct sample_creator){ .frame = 11 };
    row[24].open = 1;
    row[24].available = 9;
    sample_finish(&s, &mem, 1);
    assert_int_equal(s.left_out[DRAW_TOO_FEW], 2);
    assert_int_equal(s.left_out[DRAW_PRIVATE], 1);
    assert_int_equal(s.fate[CREATOR_FATE_LEFT_OUT], 3);
    assert_int_equal(s.fate[CREATOR_FATE_NOT_DRAWN], 1);
    assert_int_equal(sum(s.fate, CREATOR_FATE_COUNT), CREATORS);
    assert_int_equal(s.creators, CREATORS);
    assert_int_equal(s.drawn, CREATORS - 4);
    assert_int_equal(s.no_choice, 0);
    arena_release(&mem);
}

static void nothing_drawn_says_nothing(void **state)
{
    struct sample_result s = { 0 };
    struct arena mem = { 0 };
    (void)state;
    sample_finish(&s, &mem, 1);
    assert_int_equal(s.counted.creators, 0);
    near(s.all.low, 0, 0);
    near(s.all.high, 1, 0);
    near(s.rate, -1, 0);
    near(s.zeros_chance, -1, 0);
    arena_release(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_shares_have_the_published_intervals),
        cmocka_unit_test(posts_of_one_creator_are_no_independent_trials),
        cmocka_unit_test(open_creator_is_counted_apart),
        cmocka_unit_test(post_that_went_private_is_not_missing),
        cmocka_unit_test(canadian_creators_are_apart),
        cmocka_unit_test(every_creator_has_one_fate),
        cmocka_unit_test(nothing_drawn_says_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
