/* tests/unit/test_accuracy.c: the numbers of accuracy, and of the lag, of pairs that are
 * made by hand. Items are 40 days old on day 0. */
#include <math.h>
#include "audit/verdict/card.h"
#include "audit/verdict/numbers.h"
#include "tests/unit/audit_box.h"

static struct arena mem;
static struct summary sum;

static int setup_numbers(void **state)
{
    memset(&sum, 0, sizeof sum);
    return setup(state);
}

static int teardown_numbers(void **state)
{
    arena_release(&mem);
    return teardown(state);
}

struct shown {
    int64_t views, likes;
    const char *caption, *author;
};

static void fill(struct record *r, const struct shown *s)
{
    r->val[FIELD_VIEWS] = value_int(s->views);
    if (s->likes >= 0)
        r->val[FIELD_LIKES] = value_int(s->likes);
    if (s->caption)
        r->val[FIELD_CAPTION] = value_text(str_of(s->caption));
}

static void api_shows(int i, int64_t at, struct shown s)
{
    struct record rec = { .id = ID(i) };

    fill(&rec, &s);
    api_replies(i, at, &rec);
}

static void page_shows(int i, int64_t at, struct shown s)
{
    struct record rec = { .id = ID(i) };
    struct answer a = { .kind = ANSWER_PUBLIC, .has_code = true, .record = &rec };

    fill(&rec, &s);
    if (s.author) {
        rec.val[FIELD_AUTHOR] = value_text(str_of(s.author));
        rec.val[FIELD_AUTHOR_ID] = value_text(str_of(s.author));
    }
    read_page(i, at, &a);
}

static const struct number *number_of(const char *name)
{
    const struct number *n;

    if (!sum.mem) {
        struct card card = { 0 };
        struct numbers_from from = { .audit = &audit, .card = &card, .s = &sum };
        const struct view *held = NULL;
        struct diff_result seen;
        struct err err = { 0 };

        sum.mem = &mem;
        if (sink.commit(sink.to, &err) || audit_view_hold(&audit, &held, &err) ||
            accounts_hold(&audit, held, &from.accounts, &err) ||
            card_fill(&card, &audit, from.accounts, &seen, &err))
            fail_msg("%s", err.msg);
        from.view = held;
        if (accuracy_numbers(&from, &err))
            fail_msg("%s", err.msg);
        card_release(&card);
        audit_view_let(&audit, held);
    }
    n = numbers_find(&sum.numbers, str_of(name));
    if (!n)
        fail_msg("there is no number %s", name);
    return n;
}

static void is_share(const char *name, int64_t n, int64_t of)
{
    const struct number *number = number_of(name);

    if (number->n != n || number->of != of || number->has != (of > 0))
        fail_msg("%s is %lld of %lld", name, (long long)number->n, (long long)number->of);
}

static void near(double got, double want, double apart)
{
    if (!(fabs(got - want) <= apart))
        fail_msg("%.12g is not %.12g", got, want);
}

#define SHOWN(views, likes) ((struct shown){ views, likes, NULL, NULL })

static void tenths_are_counted_among_posts_large_enough(void **state)
{
    (void)state;
    api_shows(0, AT(0, 2), SHOWN(199, 50));      // a tenth
    page_shows(0, AT(0, 3), SHOWN(2000, 50));    // likes: too few for P
    api_shows(1, AT(0, 2), SHOWN(201, 120));     // not quite
    page_shows(1, AT(0, 3), SHOWN(2000, 120));
    api_shows(2, AT(0, 2), SHOWN(20010, 120));    // with one added to either, as ever
    page_shows(2, AT(0, 3), SHOWN(2000, 1));
    api_shows(3, AT(0, 2), SHOWN(1, 1));
    page_shows(3, AT(0, 3), SHOWN(900, 1));    // too small
    is_share("tenfold_low_view_count", 1, 3);
    is_share("tenfold_high_view_count", 1, 3);
    is_share("tenfold_low_like_count", 0, 1);
    is_share("tenfold_low_share_count", 0, 0);
    // three accounts cannot be drawn again; without bounds the share would pass for certain
    near(number_of("tenfold_low_view_count")->low, 0.0084, 5e-5);    // exact, 1 of 3
    near(number_of("tenfold_low_view_count")->high, 0.9057, 5e-5);
    near(number_of("median_ratio_view_count")->low, -1, 0.01);
    near(number_of("median_ratio_view_count")->high, 1, 0.01);
    near(number_of("median_ratio_view_count")->value, log10(202.0 / 2001), 1e-6);
    assert_false(number_of("median_ratio_share_count")->has);
}

static void young_posts_say_nothing_of_size(void **state)
{
    (void)state;
    api_shows(0, AT(-11, 2), SHOWN(1, 1));    // 29 days old
    page_shows(0, AT(-11, 3), SHOWN(2000, 100));
    is_share("tenfold_low_view_count", 0, 0);
    is_share("agree_view_count", 0, 1);
}

static void rows_above_the_limit_and_without_an_instant_are_counted(void **state)
{
    (void)state;
    api_shows(0, AT(0, 2), SHOWN(10000, 500));
    page_shows(0, AT(0, 3), SHOWN(10100, 500));    // 1 %: below 1.25
    api_shows(1, AT(0, 2), SHOWN(10000, 500));
    page_shows(1, AT(0, 3), SHOWN(13000, 500));    // above 10 %'s 1.25, below 1 %'s 2.5
    api_shows(2, AT(0, 2), SHOWN(10000, 500));
    page_shows(2, AT(0, 3), SHOWN(200000, 500));    // no post grows so
    api_shows(3, AT(0, 2), SHOWN(10, 500));
    page_shows(3, AT(0, 3), SHOWN(10000, 500));    // more likes than views
    is_share("above_l90_view_count", 3, 4);
    is_share("above_l99_view_count", 2, 4);
    is_share("no_common_instant", 2, 4);
    is_share("likes_above_views", 1, 4);
    is_share("agree_view_count", 2, 4);
    assert_true(number_of("above_l90_view_count_chance")->value < 0.01);
}

static void a_field_that_changed_is_not_stable(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) {
        api_shows(i, AT(0, 2), (struct shown){ 5, -1, "by the sea", NULL });
        page_shows(i, AT(0, 3),
                   (struct shown){ 5, -1, i == 2 ? "by the lake" : "by the sea", NULL });
    }
    page_shows(1, AT(0, 4), (struct shown){ 5, -1, "edited since", NULL });
    is_share("agree_description", 1, 2);    // 1 was edited; 2 differs
}

/* Page: 1,003 views on day 0 and 2,007 on day 10; evenly in the logarithm 1,419 on day 5. */
static void the_lag_is_read_off_two_readings_of_the_page(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++)
        page_shows(i, AT(0, 0), SHOWN(1003, 5));
    api_shows(0, AT(10, 0), SHOWN(1419, 5));
    api_shows(1, AT(10, 0), SHOWN(700, 5));    // older than the first reading
    for (int i = 0; i < 2; i++)
        page_shows(i, AT(10, 0) + 60, SHOWN(2007, 5));
    api_shows(2, AT(10, 0), SHOWN(1500, 5));    // newer than the only one
    near(number_of("api_lag")->value, 5, 0.02);
    assert_int_equal(number_of("api_lag")->n, 3);
    assert_int_equal(number_of("api_lag")->criterion, CRITERION_TIMELINESS);
    near(number_of("api_lag")->low, 0, 1e-9);
    near(number_of("api_lag")->high, 10, 1e-9);
    near(number_of("api_lag_above_ten_days")->value, 1.0 / 3, 1e-9);
    near(number_of("api_lag_above_ten_days")->high, 0.9057, 5e-5);
}

static void a_page_that_did_not_move_dates_nothing(void **state)
{
    (void)state;
    page_shows(0, AT(0, 0), SHOWN(1000, 5));
    api_shows(0, AT(10, 0), SHOWN(1001, 5));
    page_shows(0, AT(10, 1), SHOWN(1002, 5));
    assert_false(number_of("api_lag")->has);
    assert_int_equal(number_of("api_lag")->n, 0);
}

/* From twenty accounts on there is an interval; posts of one account count once. */
static void accounts_are_what_is_drawn(void **state)
{
    char author[8];
    (void)state;
    for (int i = 0; i < 60; i++) {
        snprintf(author, sizeof author, "a%d", i % 20);
        api_shows(i, AT(0, 2), SHOWN(i % 20 < 5 ? 100 : 2000, 5));
        page_shows(i, AT(0, 3), (struct shown){ 2000, 5, NULL, author });
    }
    is_share("tenfold_low_view_count", 15, 60);
    assert_int_equal(number_of("tenfold_low_view_count")->bounds, BOUNDS_SAMPLE);
    // as 5 of 20: 0.087 to 0.491 (Clopper and Pearson), not as 15 of 60: 0.147 to 0.379
    near(number_of("tenfold_low_view_count")->low, 0.087, 0.04);
    near(number_of("tenfold_low_view_count")->high, 0.491, 0.04);
    assert_non_null(strstr(number_of("tenfold_low_view_count")->is.p, "20 accounts"));
}

/* Of more pairs than are kept whole accounts go; what is counted counts all. */
static void where_pairs_are_too_many_whole_accounts_go(void **state)
{
    struct card card = { .most = 20 };
    const struct account_table *accounts = NULL;
    const struct view *held = NULL;
    struct diff_result seen;
    struct err err = { 0 };
    char author[8];
    (void)state;
    for (int i = 0; i < 60; i++) {
        snprintf(author, sizeof author, "a%d", i / 2);
        api_shows(i, AT(0, 2), SHOWN(100, 5));
        page_shows(i, AT(0, 3), (struct shown){ 2000, 5, NULL, author });
    }
    if (sink.commit(sink.to, &err) || audit_view_hold(&audit, &held, &err) ||
        accounts_hold(&audit, held, &accounts, &err) ||
        card_fill(&card, &audit, accounts, &seen, &err))
        fail_msg("%s", err.msg);
    assert_int_equal(card.has[MEASURE_LOW], 60);
    assert_int_equal(card.hit[MEASURE_LOW], 60);
    assert_in_range(card.kept.n, 4, 20);
    for (size_t i = 0; i < card.kept.n; i++) {
        int same = 0;

        for (size_t j = 0; j < card.kept.n; j++)
            same += card.kept.v[i].account == card.kept.v[j].account;
        assert_int_equal(same, 2);
    }
    card_release(&card);
    audit_view_let(&audit, held);
}

static void months_stand_apart_where_there_are_several(void **state)
{
    (void)state;
    api_shows(0, AT(0, 2), SHOWN(2000, 5));    // 2026-01
    page_shows(0, AT(0, 3), SHOWN(2000, 5));
    api_shows(1, AT(40, 2), SHOWN(200, 5));    // 2026-02
    page_shows(1, AT(40, 3), SHOWN(2000, 5));
    near(number_of("median_ratio_view_count_2026_01")->value, 0, 1e-9);
    near(number_of("median_ratio_view_count_2026_02")->value, log10(201.0 / 2001), 1e-6);
    near(number_of("median_ratio_view_count")->value, log10(201.0 / 2001) / 2, 1e-6);
}

static void without_pairs_every_number_says_so(void **state)
{
    (void)state;
    assert_false(number_of("agree_username")->has);
    assert_false(number_of("above_l90_view_count_chance")->has);
    assert_false(number_of("api_lag")->has);
    is_share("no_common_instant", 0, 0);
}

#define BOXED(test) cmocka_unit_test_setup_teardown(test, setup_numbers, teardown_numbers)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOXED(tenths_are_counted_among_posts_large_enough),
        BOXED(young_posts_say_nothing_of_size),
        BOXED(rows_above_the_limit_and_without_an_instant_are_counted),
        BOXED(a_field_that_changed_is_not_stable),
        BOXED(the_lag_is_read_off_two_readings_of_the_page),
        BOXED(a_page_that_did_not_move_dates_nothing),
        BOXED(accounts_are_what_is_drawn),
        BOXED(where_pairs_are_too_many_whole_accounts_go),
        BOXED(months_stand_apart_where_there_are_several),
        BOXED(without_pairs_every_number_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
