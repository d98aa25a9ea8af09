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

static void views_above_the_later_page_are_proven_wrong(void **state)
{
    (void)state;
    assert_int_equal(counts(FIELD_VIEWS, 76050, DAY(1), 76000, DAY(2), 100), VERDICT_DIFFERS);
    assert_int_equal(counts(FIELD_VIEWS, 4061, DAY(1), 4060, DAY(2), 1), VERDICT_DIFFERS);
    // the page came first: the post may have grown since
    assert_int_equal(counts(FIELD_VIEWS, 76050, DAY(3), 76000, DAY(1), 100), VERDICT_WITHIN);
}

static void likes_may_fall(void **state)
{
    (void)state;
    assert_int_equal(counts(FIELD_LIKES, 4061, DAY(1), 4060, DAY(2), 1), VERDICT_WITHIN);
    assert_int_equal(counts(FIELD_LIKES, 400000, DAY(1), 4060, DAY(2), 1), VERDICT_DIFFERS);
}

static void api_may_be_ten_days_old(void **state)
{
    (void)state;
    // page read 9 days before the API: its copy may be a day older than the page
    assert_int_equal(counts(FIELD_VIEWS, 9999, DAY(10), 10000, DAY(1), 1), VERDICT_WITHIN);
    // page read 11 days before: by then the API had at least that many
    assert_int_equal(counts(FIELD_VIEWS, 9999, DAY(12), 10000, DAY(1), 1), VERDICT_DIFFERS);
}

/* A post 1000 days old with a hundredth of its views in the API: no pace that
 * ten days allow leads there. */
static void orders_of_magnitude_below_differ_without_any_learning(void **state)
{
    struct seen api = count(500, DAY(1), 1), page = count(50000, DAY(2), 100);
    (void)state;
    assert_int_equal(compare_field(FIELD_VIEWS, &api, &page), VERDICT_DIFFERS);
    page.created_at = api.created_at = DAY(-5);          // five days old: it may have risen
    assert_int_equal(compare_field(FIELD_VIEWS, &api, &page), VERDICT_WITHIN);
    page.created_at = api.created_at = 0;                // age unknown
    assert_int_equal(compare_field(FIELD_VIEWS, &api, &page), VERDICT_WITHIN);
}

static void growth_of_the_audit_decides_below(void **state)
{
    struct diff_model *m = diff_model_new();
    struct seen api = count(10000, DAY(1), 1), page = count(10900, DAY(1), 1);
    (void)state;
    // 200 posts of that age that grew by 1 % a day: 10 days make 10.5 %
    for (int i = 0; i < 200; i++)
        diff_model_learn_growth(m, FIELD_VIEWS, DAY(-1000), DAY(0), 100000, DAY(1), 101000);
    assert_int_equal(compare_counter(m, FIELD_VIEWS, &api, &page, 1), VERDICT_WITHIN);
    page.val.i = 12000;
    assert_int_equal(compare_counter(m, FIELD_VIEWS, &api, &page, 1), VERDICT_DIFFERS);
    // nothing is known of younger posts from older ones
    page.created_at = api.created_at = DAY(-8);
    assert_true(diff_model_growth(m, FIELD_VIEWS, 8 * 86400) < 0);
    assert_int_equal(compare_counter(m, FIELD_VIEWS, &api, &page, 1), VERDICT_WITHIN);
    diff_model_free(m);
}

static void quantile_of_growth_leaves_one_in_a_hundred_out(void **state)
{
    struct diff_model *m = diff_model_new();
    (void)state;
    for (int i = 0; i < 990; i++)
        diff_model_learn_growth(m, FIELD_VIEWS, DAY(-50), DAY(0), 999990, DAY(1), 1000990);
    for (int i = 0; i < 10; i++)
        diff_model_learn_growth(m, FIELD_VIEWS, DAY(-50), DAY(0), 1000, DAY(1), 5000);
    // ln(1001000 / 1000000) = 0.0009995, up to its bin's edge (12 % at most)
    assert_true(diff_model_growth(m, FIELD_VIEWS, 50 * 86400) >= 0.0009995);
    assert_true(diff_model_growth(m, FIELD_VIEWS, 50 * 86400) <= 0.0009995 * 1.13);
    assert_true(diff_model_growth(m, FIELD_LIKES, 50 * 86400) < 0);
    assert_true(diff_model_growth(NULL, FIELD_VIEWS, 50 * 86400) < 0);
    diff_model_free(m);
}

/* Read at 10,000 on day 0 and 10,010 on day 20; the API says 10,500 on day 15:
 * more than the later page, so wrong; 9,990 on day 15 is younger than day 5
 * and so less than the page of day 0 had shown. */
static void several_page_readings_close_in(void **state)
{
    struct seen page[2] = { count(10010, DAY(20), 1), count(10000, DAY(0), 1) };
    struct seen api = count(10500, DAY(15), 1);
    (void)state;
    assert_int_equal(compare_counter(NULL, FIELD_VIEWS, &api, page, 2), VERDICT_DIFFERS);
    api.val.i = 9990;
    assert_int_equal(compare_counter(NULL, FIELD_VIEWS, &api, page, 1), VERDICT_WITHIN);
    assert_int_equal(compare_counter(NULL, FIELD_VIEWS, &api, page, 2), VERDICT_DIFFERS);
    api.val.i = 10005;
    assert_int_equal(compare_counter(NULL, FIELD_VIEWS, &api, page, 2), VERDICT_WITHIN);
}

static void learn_views(struct diff_model *m, enum generation g, int64_t views)
{
    struct record page = {0};

    page.val[FIELD_VIEWS] = value_int(views);
    diff_model_learn_page(m, g, &page);
}

static void step_is_the_smallest_seen(void **state)
{
    struct diff_model *m = diff_model_new();
    const int64_t values[] = { 76000, 65300, 21000, 98800, 40000 };
    (void)state;
    assert_int_equal(diff_model_step(NULL, GENERATION_SIGI, FIELD_VIEWS, 76000), 100);
    for (size_t i = 0; i < 5; i++)
        learn_views(m, GENERATION_SIGI, values[i]);
    assert_int_equal(diff_model_step(m, GENERATION_SIGI, FIELD_VIEWS, 76000), 100);
    learn_views(m, GENERATION_SIGI, 12340);
    assert_int_equal(diff_model_step(m, GENERATION_SIGI, FIELD_VIEWS, 76000), 10);
    assert_int_equal(diff_model_step(m, GENERATION_SIGI, FIELD_VIEWS, 760000),
                     1000);    // another power
    assert_int_equal(diff_model_step(m, GENERATION_NEXT, FIELD_VIEWS, 76000),
                     100);    // another generation
    for (int i = 0; i < 5; i++)
        learn_views(m, GENERATION_NEXT, 44200000 + i * 100000);
    assert_int_equal(diff_model_step(m, GENERATION_NEXT, FIELD_VIEWS, 44000000), 100000);
    assert_int_equal(diff_model_step(m, GENERATION_NEXT, FIELD_VIEWS, 119), 1);
    assert_int_equal(diff_model_step(m, GENERATION_NEXT, FIELD_VIEWS, INT64_MAX), 1);
    assert_int_equal(diff_model_step(m, GENERATION_NEXT, FIELD_VIEWS, 0), 1);
    diff_model_free(m);
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
        cmocka_unit_test(views_above_the_later_page_are_proven_wrong),
        cmocka_unit_test(likes_may_fall),
        cmocka_unit_test(api_may_be_ten_days_old),
        cmocka_unit_test(orders_of_magnitude_below_differ_without_any_learning),
        cmocka_unit_test(growth_of_the_audit_decides_below),
        cmocka_unit_test(quantile_of_growth_leaves_one_in_a_hundred_out),
        cmocka_unit_test(several_page_readings_close_in),
        cmocka_unit_test(step_is_the_smallest_seen),
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
