/* tests/unit/test_compare_rows.c: two arrays of rows compared: what is fixed, broken, open,
 * alone, not comparable; and what the numbers of both say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "audit/verdict/compare_rows.h"
#include "report/comparison.h"

struct rows {
    const struct compare_row *v;
    size_t n, at;
};
struct seen {
    struct compared_example v[64];
    size_t n;
};

static struct arena mem;
static struct comparison c;

static int next(void *from, struct compare_row *row, struct err *err)
{
    struct rows *r = from;

    (void)err;
    if (r->at == r->n)
        return 0;
    *row = r->v[r->at++];
    return 1;
}

static int note(void *to, const struct compared_example *e, struct err *err)
{
    struct seen *s = to;

    (void)err;
    s->v[s->n++] = *e;
    return 0;
}

static int compare(const struct compare_row *a, size_t n, const struct compare_row *b, size_t m,
                   struct seen *seen, struct err *err)
{
    struct rows rows_a = { a, n, 0 }, rows_b = { b, m, 0 };
    const struct compare_source source_a = { next, &rows_a }, source_b = { next, &rows_b };
    const struct compare_sink sink = { note, seen };

    memset(&c, 0, sizeof c);
    c.mem = &mem;
    c.side[COMPARED_A].name = STR("march");
    c.side[COMPARED_B].name = STR("april");
    c.rules = STR("0123456789abcdef");
    c.rules_are = STR("the rules that both have");
    memset(seen, 0, sizeof *seen);
    if (compare_rows(&c, &source_a, &source_b, &sink, err))
        return -1;
    comparison_finish(&c);
    return 0;
}

#define ROWS(v) (v), sizeof(v) / sizeof *(v)

static int teardown(void **state)
{
    (void)state;
    arena_release(&mem);
    return 0;
}

static void each_item_is_fixed_broken_still_missing_open_or_none(void **state)
{
    const struct compare_row a[] = {
        { .id = 1, .bucket = NODE_AD, .handle = STR("one") },
        { .id = 2, .bucket = NODE_AT_ONCE },
        { .id = 3, .bucket = NODE_CANADA },
        { .id = 4, .bucket = NODE_UNCONFIRMED },
        { .id = 5, .bucket = NODE_AT_ONCE },
        { .id = 6, .bucket = NODE_PUBLIC_UNKNOWN },
        { .id = 7, .bucket = NODE_DELETED },
        { .id = 9, .bucket = NODE_AT_ONCE },
        { .id = 10, .bucket = NODE_AD },
    };
    const struct compare_row b[] = {
        { .id = 1, .bucket = NODE_AFTER_RETRIES, .handle = STR("uno") },
        { .id = 2, .bucket = NODE_AD, .handle = STR("two") },
        { .id = 3, .bucket = NODE_AD },
        { .id = 4, .bucket = NODE_AD },
        { .id = 5, .bucket = NODE_NOT_ASKED },
        { .id = 6, .bucket = NODE_PRIVATE },
        { .id = 7, .bucket = NODE_AT_ONCE },
        { .id = 8, .bucket = NODE_AT_ONCE },
        { .id = 10, .bucket = NODE_AD },
    };
    struct seen seen;
    struct err err = { 0 };
    (void)state;

    assert_int_equal(compare(ROWS(a), ROWS(b), &seen, &err), 0);
    assert_int_equal(c.both, 8);
    assert_int_equal(c.side[COMPARED_A].only, 1);
    assert_int_equal(c.side[COMPARED_B].only, 1);
    assert_int_equal(c.fixed, 1);
    assert_int_equal(c.broken, 1);
    assert_int_equal(c.still_missing, 2);    // 3 moved, but is missing and public still
    assert_int_equal(c.open[COMPARED_A], 1);
    assert_int_equal(c.open[COMPARED_B], 1);
    assert_int_equal(c.open_any, 2);
    assert_int_equal(c.moved, 7);
    assert_int_equal(seen.n, 8);
    assert_int_equal(c.fixed_examples, 1);
    assert_true(str_eq(c.fixed_example[0].handle, STR("uno")));    // as it was seen last
    assert_true(str_eq(c.broken_example[0].handle, STR("two")));
    assert_int_equal(comparison_label(&c, NODE_AD).a, 2);
    assert_int_equal(comparison_label(&c, NODE_AD).fixed, 1);
    assert_int_equal(comparison_label(&c, NODE_AD).b, 4);
    assert_int_equal(comparison_label(&c, NODE_AD).broken, 1);
    assert_float_equal(c.missing.a, 3.0 / 4, 1e-12);
    assert_float_equal(c.missing.b, 3.0 / 4, 1e-12);
}

static void a_pseudonym_alone_is_not_comparable(void **state)
{
    const struct compare_row a[] = {
        { .id = 1, .bucket = NODE_AT_ONCE },
        { .id = 8000000000000000001, .bucket = NODE_AD, .purged = true },
        { .id = 8000000000000000002, .bucket = NODE_AD, .purged = true }
    };
    const struct compare_row b[] = {
        { .id = 1, .bucket = NODE_AT_ONCE },
        { .id = 2, .bucket = NODE_AT_ONCE },
        { .id = 8000000000000000002, .bucket = NODE_AT_ONCE, .purged = true }
    };
    struct seen seen;
    struct err err = { 0 };
    (void)state;

    assert_int_equal(compare(ROWS(a), ROWS(b), &seen, &err), 0);
    assert_int_equal(c.both, 2);
    assert_int_equal(c.fixed, 1);
    assert_true(c.fixed_example[0].purged);
    assert_int_equal(c.side[COMPARED_A].not_comparable, 1);
    assert_int_equal(c.side[COMPARED_A].only, 0);
    assert_int_equal(c.side[COMPARED_B].only, 1);
}

/* Every id of B was tried with A's key, and none of them is that one. */
static void a_pseudonym_that_is_known_to_be_alone_is_of_one_side(void **state)
{
    const struct compare_row a[] = {
        { .id = 8000000000000000001, .bucket = NODE_AD, .purged = true, .known = true }
    };
    struct seen seen;
    struct err err = { 0 };
    (void)state;

    assert_int_equal(compare(ROWS(a), a, 0, &seen, &err), 0);
    assert_int_equal(c.side[COMPARED_A].only, 1);
    assert_int_equal(c.side[COMPARED_A].not_comparable, 0);
}

static void of_nothing_there_is_nothing_to_say(void **state)
{
    const struct compare_row a[] = { { .id = 1, .bucket = NODE_AD } };
    struct buf text = { 0 };
    struct seen seen;
    struct err err = { 0 };
    (void)state;

    assert_int_equal(compare(a, 0, a, 0, &seen, &err), 0);
    assert_float_equal(c.p, 1, 0);
    assert_int_equal(compare(ROWS(a), a, 0, &seen, &err), 0);
    assert_int_equal(c.side[COMPARED_A].only, 1);
    assert_false(comparison_is_worse(&c));
    assert_false(c.missing.has_a);
    report_comparison_text(&text, &c);
    assert_non_null(strstr(buf_cstr(&text), "Nothing can be compared"));
    buf_release(&text);
}

static void rows_out_of_order_are_refused(void **state)
{
    const struct compare_row twice[] = { { .id = 5, .bucket = NODE_AD },
                                         { .id = 5, .bucket = NODE_AD } },
                             inner[] = { { .id = 5, .bucket = NODE_PUBLIC } },
                             none[] = { { .id = 5, .bucket = NODE_COUNT } };
    struct seen seen;
    struct err err = { 0 };
    (void)state;

    assert_int_equal(compare(ROWS(twice), twice, 0, &seen, &err), -1);
    assert_int_equal(err.kind, ERR_IO);
    assert_int_equal(compare(twice, 0, ROWS(inner), &seen, &err), -1);
    assert_int_equal(compare(ROWS(none), ROWS(none), &seen, &err), -1);
}

/* n items from one bucket to another. */
static void move(enum node from, enum node to, int64_t n)
{
    c.moves[from][to] += n;
    c.both += n;
}

static void begin(void)
{
    memset(&c, 0, sizeof c);
    c.mem = &mem;
}

static void worse_and_better_are_beyond_chance(void **state)
{
    (void)state;
    begin();
    move(NODE_AT_ONCE, NODE_AD, 5);
    comparison_finish(&c);
    assert_false(comparison_is_worse(&c));    // p = 0.0625
    move(NODE_AT_ONCE, NODE_CANADA, 1);
    comparison_finish(&c);
    assert_true(comparison_is_worse(&c));    // 0.03125
    assert_false(comparison_is_better(&c));
    move(NODE_AD, NODE_AT_ONCE, 20);
    comparison_finish(&c);
    assert_true(comparison_is_better(&c));
    assert_false(comparison_is_worse(&c));
}

/* Twelve posts broke: of twelve accounts, or of one. */
static void posts_of_one_account_are_worth_one(void **state)
{
    (void)state;
    for (int accounts = 1; accounts <= 12; accounts += 11) {
        begin();
        move(NODE_AT_ONCE, NODE_AD, 12);
        for (int i = 0; i < 12; i++)
            comparison_changed(&c, &(struct compared_change){ 1 + i % accounts, true });
        comparison_finish(&c);
        assert_true(comparison_is_worse(&c));
        assert_int_equal(c.by_account.accounts, accounts);
        assert_int_equal(comparison_hangs_on_accounts(&c), accounts == 1);
    }
    begin();
    move(NODE_AT_ONCE, NODE_AD, 3000);
    for (int i = 0; i < 3000; i++)
        comparison_changed(&c, &(struct compared_change){ 0, true });
    comparison_finish(&c);
    assert_int_equal(c.by_account.accounts, 3000);       // nobody's: each by itself
}

static const struct change *change_of(const char *name)
{
    const struct change *n = c.first_change;

    while (n && !str_eq(n->name, str_of(name)))
        n = n->next;
    assert_non_null(n);
    return n;
}

static struct numbers numbers_with(enum bounds bounds, double value, double low, double high)
{
    struct numbers all = { 0 };
    struct number share = { .name = STR("agreement"),
                            .criterion = CRITERION_CONSISTENCY,
                            .unit = UNIT_SHARE,
                            .has = true,
                            .value = value,
                            .low = low,
                            .high = high,
                            .bounds = bounds,
                            .is = STR("A share.") };
    struct number bucket = { .name = STR("missing_public_ad"),
                             .unit = UNIT_SHARE,
                             .has = true,
                             .value = value,
                             .bounds = BOUNDS_NONE,
                             .is = STR("A bucket.") };

    number_put(&all, &mem, &share);
    number_put(&all, &mem, &bucket);
    return all;
}

static void a_change_has_the_bounds_that_can_be_had(void **state)
{
    const struct numbers sampled = numbers_with(BOUNDS_SAMPLE, 0.6, 0.4905, 0.7004),
                         higher = numbers_with(BOUNDS_SAMPLE, 0.8, 0.6918, 0.8770),
                         open = numbers_with(BOUNDS_OPEN, 0.5, 0.4, 0.7),
                         none = numbers_with(BOUNDS_NONE, 0.5, 0.5, 0.5);
    (void)state;

    begin();
    c.side[COMPARED_A].only = 1;
    comparison_finish(&c);
    comparison_numbers(&c, &sampled, &higher);
    assert_float_equal(change_of("agreement")->low, 0.0524, 1e-3);
    assert_float_equal(change_of("agreement")->high, 0.3339, 1e-3);
    assert_int_equal(change_of("agreement")->bounds, BOUNDS_SAMPLE);
    assert_false(change_of("missing_public_ad")->has_interval);

    begin();
    c.side[COMPARED_A].only = 1;
    comparison_numbers(&c, &open, &none);
    assert_float_equal(change_of("agreement")->low, -0.2, 1e-12);
    assert_float_equal(change_of("agreement")->high, 0.1, 1e-12);
    assert_int_equal(change_of("agreement")->bounds, BOUNDS_OPEN);

    begin();
    c.side[COMPARED_A].only = 1;
    comparison_numbers(&c, &none, &none);
    assert_false(change_of("agreement")->has_interval);

    begin();
    c.side[COMPARED_A].only = 1;
    comparison_numbers(&c, &open, &sampled);
    assert_int_equal(change_of("agreement")->bounds, BOUNDS_BOTH);
}

/* 36 of 50 in the bucket both times, 2 before alone, 12 after alone. */
static void shares_of_the_same_items_are_paired(void **state)
{
    const struct numbers a = numbers_with(BOUNDS_NONE, 0.76, 0.76, 0.76),
                         b = numbers_with(BOUNDS_NONE, 0.96, 0.96, 0.96);
    (void)state;

    begin();
    move(NODE_AD, NODE_AD, 36);
    move(NODE_AD, NODE_AT_ONCE, 2);
    move(NODE_AT_ONCE, NODE_AD, 12);
    comparison_finish(&c);
    comparison_numbers(&c, &a, &b);
    assert_true(change_of("missing_public_ad")->paired);
    assert_float_equal(change_of("missing_public_ad")->low, 0.0569, 1e-4);
    assert_float_equal(change_of("missing_public_ad")->high, 0.3404, 1e-4);
    assert_float_equal(c.missing.change, 0.2, 1e-12);
    assert_float_equal(c.missing.low, 0.0569, 1e-4);
}

static void hostile_handles_are_shown_not_obeyed(void **state)
{
    const struct compare_row a[] = { { .id = 1, .bucket = NODE_AD } }, b[] = {
        { .id = 1, .bucket = NODE_AT_ONCE, .handle = STR("<script>\x1b[2J\xe2\x80\xae") }
    };
    struct buf page = { 0 };
    struct seen seen;
    struct err err = { 0 };
    (void)state;

    assert_int_equal(compare(ROWS(a), ROWS(b), &seen, &err), 0);
    c.side[COMPARED_A].name = STR("<b>march</b>");
    report_comparison_html(&page, &c, &(struct look){ .alias = { .names = true } });
    assert_null(strstr(buf_cstr(&page), "<script>"));
    assert_null(strstr(buf_cstr(&page), "<b>"));
    assert_null(strchr(buf_cstr(&page), '\x1b'));
    assert_non_null(strstr(buf_cstr(&page), "&lt;script&gt;\\x1b[2J\\u202e"));
    buf_clear(&page);
    report_comparison_html(&page, &c, &(struct look){ .alias = { .key = STR("key") } });
    assert_null(strstr(buf_cstr(&page), "x1b[2J"));
    assert_non_null(strstr(buf_cstr(&page), "<td>account-"));
    buf_release(&page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(each_item_is_fixed_broken_still_missing_open_or_none, teardown),
        cmocka_unit_test_teardown(a_pseudonym_alone_is_not_comparable, teardown),
        cmocka_unit_test_teardown(a_pseudonym_that_is_known_to_be_alone_is_of_one_side, teardown),
        cmocka_unit_test_teardown(of_nothing_there_is_nothing_to_say, teardown),
        cmocka_unit_test_teardown(rows_out_of_order_are_refused, teardown),
        cmocka_unit_test_teardown(worse_and_better_are_beyond_chance, teardown),
        cmocka_unit_test_teardown(posts_of_one_account_are_worth_one, teardown),
        cmocka_unit_test_teardown(a_change_has_the_bounds_that_can_be_had, teardown),
        cmocka_unit_test_teardown(shares_of_the_same_items_are_paired, teardown),
        cmocka_unit_test_teardown(hostile_handles_are_shown_not_obeyed, teardown),
    };
    return cmocka_run_group_tests_name("compare_rows", tests, NULL, NULL);
}
