/* tests/unit/test_compare.c: what each comparator forgives, and what not. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <math.h>
#include <string.h>
#include <cmocka.h>
#include "diff/compare.h"

#define DAY(n) ((int64_t)(20000 + (n)) * 86400)

static struct seen count(int64_t v, int64_t at, int64_t step)
{
    return (struct seen){ value_int(v), at, step, DAY(-1000) };
}

static struct seen text(const char *s)
{
    return (struct seen){ value_text(str_of(s)), DAY(1), 1, DAY(-1000) };
}

static enum verdict texts(enum field f, const char *a, const char *b)
{
    struct seen api = text(a), page = text(b);

    return compare_field(f, &api, &page);
}

static enum verdict counts(enum field f, int64_t a, int64_t a_at, int64_t p, int64_t p_at,
                           int64_t step)
{
    struct seen api = count(a, a_at, 1), page = count(p, p_at, step);

    return compare_field(f, &api, &page);
}

static void rounded_counter_is_not_a_gap(void **state)
{
    (void)state;
    assert_int_equal(counts(FIELD_VIEWS, 1234567, DAY(1), 1230000, DAY(2), 10000), VERDICT_WITHIN);
    assert_int_equal(counts(FIELD_VIEWS, 76049, DAY(1), 76000, DAY(2), 100), VERDICT_WITHIN);
    assert_int_equal(counts(FIELD_VIEWS, 76000, DAY(1), 76000, DAY(2), 100), VERDICT_EQUAL);
    assert_int_equal(counts(FIELD_VIEWS, 75950, DAY(2), 76000, DAY(2), 100), VERDICT_WITHIN);
}

/* Rows of counters are judged together: test_snapshot.c. */
static void counters_may_move_as_far_as_the_table_says(void **state)
{
    (void)state;
    // views fall by 2 % and two at most
    assert_int_equal(counts(FIELD_VIEWS, 76050, DAY(1), 76000, DAY(2), 100), VERDICT_WITHIN);
    assert_int_equal(counts(FIELD_VIEWS, 78000, DAY(1), 76000, DAY(2), 100), VERDICT_DIFFERS);
    // the page came first: the post may have grown since
    assert_int_equal(counts(FIELD_VIEWS, 78000, DAY(3), 76000, DAY(1), 100), VERDICT_WITHIN);
    assert_int_equal(counts(FIELD_LIKES, 400000, DAY(1), 4060, DAY(2), 1), VERDICT_DIFFERS);
    assert_int_equal(counts(FIELD_VIEWS, 500, DAY(1), 50000, DAY(2), 100), VERDICT_DIFFERS);
    assert_int_equal(counts(FIELD_VIEWS, 500, 0, 50000, DAY(2), 100), VERDICT_WITHIN);
}

static void omitted_counter_is_not_zero(void **state)
{
    struct seen api = count(0, DAY(1), 1), page = count(0, DAY(2), 1), none = { 0 };
    (void)state;
    assert_int_equal(compare_field(FIELD_SHARES, &none, &page), VERDICT_PAGE_ONLY);
    assert_int_equal(compare_field(FIELD_SHARES, &api, &none), VERDICT_API_ONLY);
    assert_int_equal(compare_field(FIELD_SHARES, &none, &none), VERDICT_NONE);
    assert_int_equal(compare_field(FIELD_SHARES, &api, &page), VERDICT_EQUAL);
}

static void captions_forgive_blanks_and_line_ends(void **state)
{
    char cut[200];
    (void)state;
    assert_int_equal(texts(FIELD_CAPTION, "a walk #sea ", "a walk #sea"), VERDICT_EQUAL);
    assert_int_equal(texts(FIELD_CAPTION, "one\r\ntwo\n\nthree", "one\ntwo three\n"),
                     VERDICT_EQUAL);
    assert_int_equal(texts(FIELD_CAPTION, "one\xE2\x90\x80 two", "one two"),
                     VERDICT_EQUAL);    // U+2400
    assert_int_equal(texts(FIELD_CAPTION, "onetwo", "one two"), VERDICT_DIFFERS);
    assert_int_equal(texts(FIELD_CAPTION, "A walk", "a walk"), VERDICT_DIFFERS);
    assert_int_equal(texts(FIELD_CAPTION, "a walk", "a walk by the sea"), VERDICT_DIFFERS);
    assert_int_equal(texts(FIELD_CAPTION, "", "a walk"), VERDICT_DIFFERS);
    memset(cut, 'x', sizeof cut);
    cut[199] = 0;
    assert_int_equal(texts(FIELD_CAPTION, cut, cut + 49), VERDICT_WITHIN);
    assert_int_equal(texts(FIELD_CAPTION, cut, cut + 100), VERDICT_DIFFERS);
}

static void omitted_text_equals_an_empty_one(void **state)
{
    struct seen none = { 0 }, empty = text(" "), full = text("a walk");
    (void)state;
    assert_int_equal(compare_field(FIELD_CAPTION, &none, &empty), VERDICT_NONE);
    assert_int_equal(compare_field(FIELD_CAPTION, &none, &full), VERDICT_PAGE_ONLY);
    assert_int_equal(compare_field(FIELD_HASHTAGS, &none, &empty), VERDICT_NONE);
}

static void hashtags_are_sets_in_any_case_and_order(void **state)
{
    (void)state;
    assert_int_equal(texts(FIELD_HASHTAGS, "Sea\nFYP", "fyp\nsea\nfyp"), VERDICT_EQUAL);
    assert_int_equal(texts(FIELD_HASHTAGS, "\xC3\x89t\xC3\xA9", "\xC3\xA9t\xC3\xA9"),
                     VERDICT_EQUAL);    // Été
    assert_int_equal(texts(FIELD_HASHTAGS, "\xD0\x9C\xD0\x9E\xD0\xA0\xD0\x95",
                           "\xD0\xBC\xD0\xBE\xD1\x80\xD0\xB5"),
                     VERDICT_EQUAL);    // МОРЕ
    assert_int_equal(texts(FIELD_HASHTAGS, "\xCE\xA6\xCE\xA9\xCE\xA3", "\xCF\x86\xCF\x89\xCF\x82"),
                     VERDICT_EQUAL);                                              // ΦΩΣ, φως
    assert_int_equal(texts(FIELD_HASHTAGS, "sea", "sea\nsun"), VERDICT_DIFFERS);
    assert_int_equal(texts(FIELD_HASHTAGS, "se\xFF", "se\xFE"), VERDICT_DIFFERS);   // no UTF-8
}

static void large_sets_need_no_square_of_time(void **state)
{
    struct buf a = {0}, b = {0};
    struct seen x = text(""), y = text("");
    (void)state;
    for (int i = 0; i < 100000; i++) {
        buf_printf(&a, "tag%d\n", i);
        buf_printf(&b, "TAG%d\n", 99999 - i);
    }
    x.val.text = buf_view(&a);
    y.val.text = buf_view(&b);
    assert_int_equal(compare_field(FIELD_HASHTAGS, &x, &y), VERDICT_EQUAL);
    buf_release(&a);
    buf_release(&b);
}

static void hashtag_ids_may_be_a_part(void **state)
{
    (void)state;
    assert_int_equal(texts(FIELD_HASHTAG_IDS, "1\n2\n3", "3\n2\n1"), VERDICT_EQUAL);
    assert_int_equal(texts(FIELD_HASHTAG_IDS, "1\n2\n3", "3\n1"), VERDICT_WITHIN);
    assert_int_equal(texts(FIELD_HASHTAG_IDS, "1", "3\n1"), VERDICT_WITHIN);
    assert_int_equal(texts(FIELD_HASHTAG_IDS, "1\n2", "1\n3"), VERDICT_DIFFERS);
    assert_int_equal(texts(FIELD_HASHTAG_IDS, "", "1\n3"), VERDICT_DIFFERS);
}

static void handles_ignore_case_alone(void **state)
{
    (void)state;
    assert_int_equal(texts(FIELD_AUTHOR, "Ada.Example", "ada.example"), VERDICT_EQUAL);
    assert_int_equal(texts(FIELD_AUTHOR, "ada.example", "ada_example"), VERDICT_DIFFERS);
}

static void times_and_lengths_have_their_slack(void **state)
{
    struct seen a = count(1700000000, DAY(1), 1), b = count(1700000060, DAY(1), 1);
    (void)state;
    assert_int_equal(compare_field(FIELD_CREATED, &a, &b), VERDICT_WITHIN);
    b.val.i++;
    assert_int_equal(compare_field(FIELD_CREATED, &a, &b), VERDICT_DIFFERS);
    a.val.i = INT64_MIN;
    b.val.i = INT64_MAX;
    assert_int_equal(compare_field(FIELD_CREATED, &a, &b), VERDICT_DIFFERS);
    a.val.i = 15;
    b.val.i = 16;
    assert_int_equal(compare_field(FIELD_DURATION, &a, &b), VERDICT_WITHIN);
    b.val.i = 17;
    assert_int_equal(compare_field(FIELD_DURATION, &a, &b), VERDICT_DIFFERS);
    a.val.i = 0;                                          // a photo post
    assert_int_equal(compare_field(FIELD_DURATION, &a, &b), VERDICT_WITHIN);
}

static void uncompared_fields_have_no_verdict(void **state)
{
    (void)state;
    assert_int_equal(texts(FIELD_PLACE, "CA", "US"), VERDICT_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rounded_counter_is_not_a_gap),
        cmocka_unit_test(counters_may_move_as_far_as_the_table_says),
        cmocka_unit_test(omitted_counter_is_not_zero),
        cmocka_unit_test(captions_forgive_blanks_and_line_ends),
        cmocka_unit_test(omitted_text_equals_an_empty_one),
        cmocka_unit_test(hashtags_are_sets_in_any_case_and_order),
        cmocka_unit_test(large_sets_need_no_square_of_time),
        cmocka_unit_test(hashtag_ids_may_be_a_part),
        cmocka_unit_test(handles_ignore_case_alone),
        cmocka_unit_test(times_and_lengths_have_their_slack),
        cmocka_unit_test(uncompared_fields_have_no_verdict),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
