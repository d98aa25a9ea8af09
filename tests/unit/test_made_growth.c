/* tests/unit/test_made_growth.c: the made-up growth is that of real posts, and spoiled
 * counters are what their name says. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "base/stat.h"
#include "base/utc.h"
#include "fixtures/growth.h"

#define POSTS 20000

/* Growth of views over days from an age on, by post, of those with 1,000 views; sorted. */
static size_t windows(double age_from, double age_to, double days, double *out)
{
    const struct growth_law law = GROWTH_LAW;
    size_t n = 0;

    for (uint64_t i = 0; i < POSTS; i++) {
        double age = age_from * pow(age_to / age_from, growth_draw(i, 77));
        int64_t before[COUNT_KINDS], after[COUNT_KINDS];
        struct growth_post p;

        growth_post_make(&p, &law, i * 0x9e3779b97f4a7c15u, age - 30);
        growth_at(&p, age, before);
        growth_at(&p, age + days, after);
        if (after[COUNT_VIEWS] >= 1000)
            out[n++] = (double)(after[COUNT_VIEWS] + 10) / (double)(before[COUNT_VIEWS] + 10);
    }
    return n;
}

/* Quantiles of real windows, with room for what their intervals leave open
 * (method of the comparator, section 2 and 3). */
static void growth_is_that_of_real_posts(void **state)
{
    const struct {
        double from, to, days, q50[2], q90[2], q99[2];
    } row[] = {
        { 7, 14, 10, { 1.05, 1.25 }, { 1.25, 1.7 }, { 1.8, 6 } },
        { 14, 30, 10, { 1.03, 1.12 }, { 1.12, 1.3 }, { 1.4, 3.6 } },
        { 30, 90, 10, { 1.01, 1.05 }, { 1.04, 1.15 }, { 1.1, 1.7 } },
        { 90, 365, 10, { 1.00, 1.02 }, { 1.01, 1.06 }, { 1.03, 1.31 } },
        { 30, 90, 1, { 1.00, 1.01 }, { 1.00, 1.02 }, { 1.01, 1.08 } },
    };
    static double x[POSTS];
    (void)state;
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        size_t n = windows(row[i].from, row[i].to, row[i].days, x);
        double q50 = stat_quantile(x, n, 0.5), q90 = stat_quantile(x, n, 0.9),
               q99 = stat_quantile(x, n, 0.99);

        print_message("%.0f to %.0f days old, %.0f d: %.3f %.3f %.3f, 99.9 %%: %.2f of %zu\n",
                      row[i].from, row[i].to, row[i].days, q50, q90, q99,
                      stat_quantile(x, n, 0.999), n);
        assert_true(q50 >= row[i].q50[0] && q50 <= row[i].q50[1]);
        assert_true(q90 >= row[i].q90[0] && q90 <= row[i].q90[1]);
        assert_true(q99 >= row[i].q99[0] && q99 <= row[i].q99[1]);
    }
}

static void counters_fall_by_little_and_are_never_above_views(void **state)
{
    static const double most[COUNT_KINDS] = { 0.012, 0.03, 0.32, 0.03, 0.06 };
    const struct growth_law law = GROWTH_LAW;
    (void)state;
    for (uint64_t i = 0; i < 3000; i++) {
        int64_t before[COUNT_KINDS] = { 0 }, now[COUNT_KINDS];
        struct growth_post p;

        growth_post_make(&p, &law, i, 100);
        for (int age = 100; age < 150; age += 7) {
            growth_at(&p, age, now);
            for (int k = 0; k < COUNT_KINDS; k++) {
                assert_true(now[k] <= now[COUNT_VIEWS]);
                assert_true((double)now[k] >= (double)before[k] * (1 - most[k]) - 1);
            }
            memcpy(before, now, sizeof now);
        }
    }
}

static void a_bought_burst_brings_views_alone(void **state)
{
    const struct growth_law law = { 0, 200, 1 };
    struct growth_post p;
    int64_t before[COUNT_KINDS], after[COUNT_KINDS];
    (void)state;
    growth_post_make(&p, &law, 12, 0);
    assert_true(p.bursts == GROWTH_BURSTS);
    growth_at(&p, p.burst[0].from, before);
    growth_at(&p, p.burst[0].from + 60, after);
    assert_true(after[COUNT_VIEWS] > 2 * before[COUNT_VIEWS]);
    assert_true(after[COUNT_LIKES] <= 2 * before[COUNT_LIKES]);
}

static void a_post_that_is_not_there_has_no_counters(void **state)
{
    const struct growth_law law = GROWTH_LAW;
    struct growth_post p;
    int64_t now[COUNT_KINDS];
    (void)state;
    growth_post_make(&p, &law, 3, -10);
    growth_at(&p, 0, now);
    for (int k = 0; k < COUNT_KINDS; k++)
        assert_int_equal(now[k], 0);
}

// ---- worlds ----

static struct world *made(const char *const *set, size_t n)
{
    struct world_params p;
    struct world *w;
    struct err err = { 0 };

    world_params_default(&p, 5, 2000);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(world_params_set(&p, set[i], &err), 0);
    assert_int_equal(world_new(&p, &w, &err), 0);
    return w;
}

static void spoiled_rows_are_what_the_truth_says(void **state)
{
    const char *const set[] = { "spoil_views_3=0.1", "spoil_views_10=0.1", "spoil_views_137=0.1",
                                "spoil_frozen=0.1",  "spoil_zero=0.1",     "spoil_other=0.1",
                                "growth=1",          "age_least=2",        "span_days=1826" };
    struct world *w = made(set, sizeof set / sizeof *set);
    int64_t now = w->params.clock, seen[SPOIL_KINDS] = { 0 }, other = 0, returned = 0;
    (void)state;
    for (size_t i = 0; i < w->items; i++) {
        const struct world_item *it = &w->item[i];
        enum spoil kind = world_spoil(w, it);
        int64_t api[COUNT_KINDS], copied[COUNT_KINDS], old[COUNT_KINDS];

        world_api_counters(w, it, now, api);
        world_counters(w, it, now - world_api_lag(w, it, now), copied);
        seen[kind]++;
        returned += it->found_from != WORLD_NEVER;
        switch (kind) {
        case SPOIL_NONE: assert_memory_equal(api, copied, sizeof api); break;
        case SPOIL_VIEWS_3: assert_int_equal(api[COUNT_VIEWS], copied[COUNT_VIEWS] / 3); break;
        case SPOIL_VIEWS_10: assert_int_equal(api[COUNT_VIEWS], copied[COUNT_VIEWS] / 10); break;
        case SPOIL_VIEWS_137: assert_int_equal(api[COUNT_VIEWS], copied[COUNT_VIEWS] / 137); break;
        case SPOIL_FROZEN:
            assert_true(now - it->created_at >= SPOIL_FROZEN_DAYS * UTC_DAY_S);
            world_counters(w, it, now - SPOIL_FROZEN_DAYS * UTC_DAY_S, old);
            assert_true(api[COUNT_VIEWS] <= old[COUNT_VIEWS]);
            break;
        case SPOIL_ZERO:
            for (int k = 0; k < COUNT_KINDS; k++)
                assert_int_equal(api[k], 0);
            break;
        default: other += memcmp(api, copied, sizeof api) != 0;
        }
        if (kind >= SPOIL_VIEWS_3 && kind <= SPOIL_VIEWS_137)
            assert_memory_equal(api + 1, copied + 1, sizeof api - sizeof *api);
    }
    for (int kind = SPOIL_VIEWS_3; kind < SPOIL_KINDS; kind++)
        if (kind != SPOIL_FROZEN)
            assert_in_range(seen[kind], returned * 7 / 100, returned * 13 / 100);
    assert_in_range(seen[SPOIL_FROZEN], returned * 1 / 100, returned * 8 / 100);
    assert_true(other == seen[SPOIL_OTHER]);
    world_free(w);
}

static void ages_lie_between_the_two_that_are_asked_for(void **state)
{
    const char *const set[] = { "age_least=2", "span_days=1826", "too_recent=0", "late_found=0",
                                "late_missing=0" };
    struct world *w = made(set, sizeof set / sizeof *set);
    int64_t young = 0, middle = 0, old = 0;
    (void)state;
    for (size_t i = 0; i < w->items; i++) {
        double days = (double)(w->params.clock - w->item[i].created_at) / UTC_DAY_S;

        assert_true(days > 1.9 && days < 1827);
        young += days < 20;
        middle += days >= 20 && days < 190;
        old += days >= 190;
    }
    assert_in_range(young, 600, 750);
    assert_in_range(middle, 600, 750);
    assert_in_range(old, 600, 750);
    world_free(w);
}

static void a_world_without_options_is_as_it_was(void **state)
{
    struct world *w = made(NULL, 0);
    (void)state;
    for (size_t i = 0; i < w->items; i++) {
        assert_int_equal(world_spoil(w, &w->item[i]), SPOIL_NONE);
        assert_int_equal(world_api_handle(w, &w->item[i]), API_HANDLE_TRUE);
    }
    world_free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(growth_is_that_of_real_posts),
        cmocka_unit_test(counters_fall_by_little_and_are_never_above_views),
        cmocka_unit_test(a_bought_burst_brings_views_alone),
        cmocka_unit_test(a_post_that_is_not_there_has_no_counters),
        cmocka_unit_test(spoiled_rows_are_what_the_truth_says),
        cmocka_unit_test(ages_lie_between_the_two_that_are_asked_for),
        cmocka_unit_test(a_world_without_options_is_as_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
