/* tests/unit/test_snapshot.c: a row of counters against the pages: the three rules, what each
 * forgives, and the common instant. Numbers are those of the shipped table. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <math.h>
#include <string.h>
#include <cmocka.h>
#include "diff/snapshot.h"

#define DAY_S INT64_C(86400)
#define NOW (20000 * DAY_S)                  // when the API replied
#define NO COUNTER_ABSENT
#define OLD 60                               // days: limits of 1.5 and 8 in ten days

/* The API's row of a post of that age; the pages are put beside it. */
static struct api_counters api;
static struct page_counters page[4];
static size_t pages;
static struct snapshot_verdict got;

static void post(double age_days, int64_t views, int64_t likes)
{
    pages = 0;
    api = (struct api_counters){ .at = NOW,
                                 .created_at = NOW - (int64_t)(age_days * (double)DAY_S),
                                 .value = { views, likes, NO, NO, NO } };
}

static struct page_counters *read_at(double days_after, int64_t views, int64_t likes)
{
    page[pages] = (struct page_counters){ .at = NOW + (int64_t)(days_after * (double)DAY_S),
                                          .value = { views, likes, NO, NO, NO },
                                          .step = { 1, 1, 1, 1, 1 } };
    return &page[pages++];
}

static enum verdict judged_by(double lambda, enum counter c)
{
    snapshot_judge(lambda, &api, page, pages, &got);
    return got.of[c].verdict;
}

static enum verdict judged(enum counter c)
{
    return judged_by(1, c);
}

#define assert_verdict(c, v) assert_int_equal(judged(COUNTER_##c), VERDICT_##v)
#define assert_because(c, r)                                          \
    do {                                                              \
        assert_verdict(c, DIFFERS);                                   \
        assert_int_equal(got.of[COUNTER_##c].why.rule, GAP_RULE_##r); \
        assert_int_equal(got.snapshot, SNAPSHOT_NO);                  \
    } while (0)

/* ---- single ---- */

static void views_a_hundred_times_too_low_differ_without_any_learning(void **state)
{
    (void)state;
    post(56, 1459, NO);
    read_at(0, 200000, NO);
    assert_because(VIEWS, SINGLE);
    assert_true(fabs(got.of[COUNTER_VIEWS].why.needed - 200010.0 / 1469) < 0.01);
    assert_true(fabs(got.of[COUNTER_VIEWS].why.limit - 8) < 0.01);
    assert_int_equal(got.of[COUNTER_VIEWS].why.witness, FIELD_COUNT);
    // even where the audit's own posts grow as fast as the limits can be bent
    assert_int_equal(judged_by(2, COUNTER_VIEWS), VERDICT_DIFFERS);
    assert_true(fabs(got.of[COUNTER_VIEWS].why.limit - 64) < 0.1);
    post(56, 14590, NO);                      // a tenth
    read_at(0, 200000, NO);
    assert_because(VIEWS, SINGLE);
    post(56, 50000, NO);                      // a quarter: views alone do not tell
    read_at(0, 200000, NO);
    assert_verdict(VIEWS, WITHIN);
    assert_int_equal(got.snapshot, SNAPSHOT_YES);
}

static void views_of_the_issue_differ_at_any_size(void **state)
{
    const int64_t views[] = { 2000, 13700, 200000, 5000000, 42000, 137000 };

    (void)state;
    for (size_t i = 0; i < 6; i++) {
        post(55 + (double)i, views[i] / 137, views[i] / 20);
        read_at(1, views[i], views[i] / 20);
        assert_because(VIEWS, SINGLE);
        assert_int_equal(got.of[COUNTER_LIKES].verdict, VERDICT_EQUAL);
    }
}

static void a_page_of_more_than_ten_days_before_is_proof_at_any_age(void **state)
{
    (void)state;
    for (double age = 12; age < 2000; age *= 3) {
        post(age, 9000, NO);
        read_at(-11, 10000, NO);
        assert_int_equal(judged_by(2, COUNTER_VIEWS), VERDICT_DIFFERS);
        assert_int_equal(got.of[COUNTER_VIEWS].why.rule, GAP_RULE_SINGLE);
        assert_true(got.of[COUNTER_VIEWS].why.needed < 1);
        post(age, 9900, NO);                  // views fall by up to 2 % and two
        read_at(-11, 10000, NO);
        assert_verdict(VIEWS, WITHIN);
        post(age, 9000, NO);                  // nine days before: the copy may be older
        read_at(-9, 10000, NO);
        assert_verdict(VIEWS, WITHIN);
    }
}

static void views_above_what_the_later_page_shows_differ(void **state)
{
    (void)state;
    post(OLD, 80000, NO);
    read_at(1, 76000, NO)->step[COUNTER_VIEWS] = 100;
    assert_because(VIEWS, SINGLE);
    post(OLD, 80000, NO);                     // the page came first: it may have grown
    read_at(-2, 76000, NO)->step[COUNTER_VIEWS] = 100;
    assert_verdict(VIEWS, WITHIN);
}

/* What may fall by which share and count: just that much, and five more than that. */
static void each_counter_falls_as_far_as_is_known(void **state)
{
    static const struct { enum counter c; int64_t stays; } falls[] = {
        { COUNTER_VIEWS, 9798 },  { COUNTER_LIKES, 9698 },     { COUNTER_COMMENTS, 5995 },
        { COUNTER_SHARES, 9698 }, { COUNTER_FAVORITES, 9498 },
    };

    (void)state;
    for (size_t i = 0; i < COUNTERS; i++) {
        enum counter c = falls[i].c;

        post(400, NO, NO);                    // the page, later, shows less
        api.value[c] = 10000;
        read_at(1, NO, NO)->value[c] = falls[i].stays;
        assert_int_equal(judged(c), VERDICT_WITHIN);
        page[0].value[c] -= 5;
        assert_int_equal(judged(c), VERDICT_DIFFERS);
        post(400, NO, NO);                    // the API shows less than a page long before
        api.value[c] = falls[i].stays;
        read_at(-20, NO, NO)->value[c] = 10000;
        assert_int_equal(judged(c), VERDICT_WITHIN);
        api.value[c] -= 5;
        assert_int_equal(judged(c), VERDICT_DIFFERS);
    }
}

static void a_newborn_post_can_have_had_nothing(void **state)
{
    (void)state;
    post(0.9, 0, 0);                          // the copy may date from its first hours
    read_at(1, 5000000, 400000);
    assert_verdict(VIEWS, WITHIN);
    assert_verdict(LIKES, WITHIN);
    assert_int_equal(got.snapshot, SNAPSHOT_YES);
    post(9.9, 0, 0);
    read_at(1, 5000000, 400000);
    assert_verdict(VIEWS, WITHIN);
    post(10.5, 0, 0);                         // at half a day the limit is 1,500
    read_at(1, 5000000, 400000);
    assert_verdict(VIEWS, DIFFERS);
}

static void a_view_more_of_a_few_is_no_surge(void **state)
{
    (void)state;
    post(400, 3, 0);
    read_at(0.1, 5, 1);
    assert_verdict(VIEWS, WITHIN);
    assert_verdict(LIKES, WITHIN);
    assert_int_equal(got.snapshot, SNAPSHOT_YES);
}

static void lambda_scales_the_limits(void **state)
{
    (void)state;
    post(OLD, 10000, NO);
    read_at(0, 60000, NO);                    // by 6: below 8, above 8 to the power of 0.5
    assert_int_equal(judged_by(1, COUNTER_VIEWS), VERDICT_WITHIN);
    assert_int_equal(judged_by(0.5, COUNTER_VIEWS), VERDICT_DIFFERS);
    page[0].value[COUNTER_VIEWS] = 100000;
    assert_int_equal(judged_by(1, COUNTER_VIEWS), VERDICT_DIFFERS);
    assert_int_equal(judged_by(1.2, COUNTER_VIEWS), VERDICT_WITHIN);
}

/* ---- equal, brackets, what is not known ---- */

static void what_the_page_shows_is_equal_whatever_the_rest(void **state)
{
    (void)state;
    post(OLD, 200000, 100);
    read_at(0, 200000, 5000);
    read_at(-30, 900000, 5000);               // a glitch of the page
    assert_because(LIKES, SINGLE);
    assert_verdict(VIEWS, EQUAL);
    post(OLD, 200000, 100);
    read_at(0, 200000, 100);
    read_at(-30, 900000, 5000);
    assert_verdict(VIEWS, EQUAL);
    assert_int_equal(got.snapshot, SNAPSHOT_YES);
}

static void a_rounded_number_is_any_of_its_bracket(void **state)
{
    struct bracket b = counter_bracket(76000, 100);

    (void)state;
    assert_true(b.low == 75950 && b.high == 76049);
    b = counter_bracket(76000, 1);
    assert_true(b.low == 76000 && b.high == 76000);
    b = counter_bracket(INT64_C(9220000000000000000), INT64_C(10000000000000000));
    assert_true(b.high == INT64_MAX);
    b = counter_bracket(25, 100);
    assert_true(b.low == 0 && b.high == 74);
    for (int64_t v = 75950; v <= 76049; v += 33) {
        post(2000, v, NO);
        read_at(-30, 76000, NO)->step[COUNTER_VIEWS] = 100;
        read_at(3, 76000, NO)->step[COUNTER_VIEWS] = 100;
        assert_int_equal(judged(COUNTER_VIEWS), v == 76000 ? VERDICT_EQUAL : VERDICT_WITHIN);
        assert_int_equal(got.snapshot, SNAPSHOT_YES);
    }
}

static void without_times_nothing_is_contradicted(void **state)
{
    (void)state;
    post(OLD, 10, NO);
    read_at(0, 200000, NO);
    api.at = 0;
    assert_verdict(VIEWS, WITHIN);
    assert_int_equal(got.snapshot, SNAPSHOT_NONE);
    post(OLD, 10, NO);
    read_at(0, 200000, NO)->at = 0;
    assert_verdict(VIEWS, WITHIN);
}

static void what_a_side_lacks_has_no_verdict(void **state)
{
    (void)state;
    post(OLD, 10, NO);
    read_at(0, NO, 5);
    assert_verdict(VIEWS, NONE);
    assert_verdict(LIKES, NONE);
    assert_int_equal(got.snapshot, SNAPSHOT_NONE);
    post(OLD, 0, NO);                         // 0 is a value
    read_at(0, 0, 5);
    assert_verdict(VIEWS, EQUAL);
    assert_int_equal(got.snapshot, SNAPSHOT_YES);
}

/* ---- impossible ---- */

static void more_likes_than_views_are_no_state_of_a_post(void **state)
{
    (void)state;
    post(20, 900, 990);
    read_at(0, 1500, 1000);
    assert_because(VIEWS, IMPOSSIBLE);
    assert_int_equal(got.of[COUNTER_VIEWS].why.witness, FIELD_LIKES);
    assert_true(fabs(got.of[COUNTER_VIEWS].why.needed - 1.1) < 0.001);
    assert_true(got.of[COUNTER_VIEWS].why.limit == 1);
    assert_int_equal(got.of[COUNTER_LIKES].verdict, VERDICT_WITHIN);
    post(20, 900, NO);
    api.value[COUNTER_FAVORITES] = 990;
    read_at(0, 1500, NO)->value[COUNTER_FAVORITES] = 1000;
    assert_because(VIEWS, IMPOSSIBLE);
    post(9, 900, 990);                        // younger: copied at different times, perhaps
    read_at(0, 1500, 1000);
    assert_verdict(VIEWS, WITHIN);
    post(20, 900, 990);                       // a page shows it too
    api.ad = true;
    read_at(0, 1500, 1000);
    read_at(-2, 800, 900);
    assert_verdict(VIEWS, WITHIN);
}

/* ---- joint ---- */

static void a_surge_that_likes_deny_is_none(void **state)
{
    (void)state;
    post(OLD, 100000, 9990);                  // by 3, where one post in a hundred grows by 1.5
    read_at(0, 300000, 10000);
    assert_because(VIEWS, JOINT);
    assert_int_equal(got.of[COUNTER_VIEWS].why.witness, FIELD_LIKES);
    assert_true(fabs(got.of[COUNTER_VIEWS].why.needed - 3) < 0.01);
    assert_true(got.of[COUNTER_VIEWS].why.limit > 1 && got.of[COUNTER_VIEWS].why.limit < 3);
    assert_int_equal(got.of[COUNTER_LIKES].verdict, VERDICT_WITHIN);
    post(OLD, 100000, 5000);                  // likes grew as well: a real one
    read_at(0, 300000, 10000);
    assert_verdict(VIEWS, WITHIN);
    assert_int_equal(got.snapshot, SNAPSHOT_YES);
}

static void advertising_may_surge_without_likes(void **state)
{
    (void)state;
    post(OLD, 100000, 9990);
    api.ad = true;
    read_at(0, 300000, 10000);
    assert_verdict(VIEWS, WITHIN);
    assert_int_equal(got.snapshot, SNAPSHOT_YES);
}

static void nobody_denies_a_young_post_its_surge(void **state)
{
    (void)state;
    post(9.9, 100000, 9990);
    read_at(0, 1000000, 10000);
    assert_verdict(VIEWS, WITHIN);
}

static void a_small_witness_does_not_tell(void **state)
{
    (void)state;
    post(OLD, 1000, 48);
    read_at(0, 3000, 49);
    assert_verdict(VIEWS, WITHIN);
    post(OLD, 1000, 0);                       // nor one that is not there
    read_at(0, 3000, NO);
    assert_verdict(VIEWS, WITHIN);
}

/* Each tie: just below what such a surge brings, and above. */
static void each_witness_has_its_tie(void **state)
{
    static const struct { enum counter c; double tie; } ties[] = {
        { COUNTER_LIKES, 0.35 }, { COUNTER_COMMENTS, 0.20 },
        { COUNTER_SHARES, 0.25 }, { COUNTER_FAVORITES, 0.30 },
    };

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        double grown = (10000 + 10) * pow(3, ties[i].tie) - 10, most = 0;

        assert_true(counter_denies(ties[i].c, 3, 10000, grown - 2.5 * sqrt(grown), &most));
        assert_true(most > 1 && most < 3);
        assert_false(counter_denies(ties[i].c, 3, 10000, grown, NULL));
    }
    assert_false(counter_denies(COUNTER_VIEWS, 3, 10000, 10000, NULL));
    assert_false(counter_denies(COUNTER_LIKES, 300, 49, 49, NULL));
    assert_true(counter_denies(COUNTER_LIKES, 300, 50, 50, NULL));
}

static void each_new_like_was_a_view(void **state)
{
    (void)state;
    post(OLD, 20000, 5000);
    read_at(0, 20500, 15000);
    assert_because(LIKES, JOINT);
    assert_int_equal(got.of[COUNTER_LIKES].why.witness, FIELD_VIEWS);
    assert_int_equal(got.of[COUNTER_VIEWS].verdict, VERDICT_WITHIN);
    post(OLD, 10000, 5000);                   // with the views for it
    read_at(0, 20500, 15000);
    assert_verdict(LIKES, WITHIN);
    post(9, 20000, 5000);
    read_at(0, 20500, 15000);
    assert_verdict(LIKES, WITHIN);
}

/* ---- one instant ---- */

/* Views are of before the first two pages, likes of after them. */
static void counters_of_different_times_are_within_and_fit_no_instant(void **state)
{
    (void)state;
    post(OLD, 10000, 690);
    read_at(0, 12000, 700);
    read_at(-4.4, 11000, 600);
    read_at(-3.6, 11050, 610);
    assert_verdict(VIEWS, WITHIN);
    assert_verdict(LIKES, WITHIN);
    assert_int_equal(got.snapshot, SNAPSHOT_NO);
    api.value[COUNTER_VIEWS] = 11500;
    assert_verdict(VIEWS, WITHIN);
    assert_int_equal(got.snapshot, SNAPSHOT_YES);
}

/* ---- several readings of one page ---- */

static void every_reading_of_the_page_counts(void **state)
{
    (void)state;
    post(OLD, 10500, NO);                     // 10,000 on day -15, 10,010 on day 5
    read_at(5, 10010, NO);
    read_at(-15, 10000, NO);
    assert_because(VIEWS, SINGLE);
    api.value[COUNTER_VIEWS] = 9700;
    assert_because(VIEWS, SINGLE);
    api.value[COUNTER_VIEWS] = 10005;
    assert_verdict(VIEWS, WITHIN);
    // the same readings in another order, and one more that says nothing new
    page[2] = page[0];
    page[0] = page[1];
    pages = 3;
    api.value[COUNTER_VIEWS] = 10500;
    assert_because(VIEWS, SINGLE);
}

/* A reading of long before that goes with the API's value takes nothing away: the surge
 * between the API's copy and the later page is denied as before. */
static void an_earlier_page_that_agrees_does_not_hide_a_denied_surge(void **state)
{
    (void)state;
    post(OLD, 100000, 9990);
    read_at(0, 300000, 10000);
    read_at(-30, 99900, 9980);
    assert_because(VIEWS, JOINT);
}

/* Two pages after the copy; by the later one alone it was no surge. The least counts. */
static void a_surge_is_one_by_every_page_on_its_side(void **state)
{
    (void)state;
    post(OLD, 100000, 9990);
    read_at(0, 160000, 10000);                // by 1.6: above the 1.5 of ten days
    assert_verdict(VIEWS, DIFFERS);
    read_at(80, 160000, 10000);               // below the 1.98 of ninety
    assert_verdict(VIEWS, WITHIN);
}

/* By fifty in two days, which the pages themselves show. */
static void growth_between_two_pages_did_happen(void **state)
{
    (void)state;
    post(400, 20000, 501);
    read_at(1, 500000, 502);
    read_at(-1, 10000, 500);
    assert_verdict(VIEWS, WITHIN);
    assert_int_equal(got.snapshot, SNAPSHOT_YES);
    page[1].at = NOW - 25 * DAY_S;            // long before: it says nothing of these days
    assert_because(VIEWS, SINGLE);
    post(400, 400000, 501);                   // and from the earlier one to the API's value
    read_at(-2, 10000, 500);
    assert_because(VIEWS, SINGLE);
    read_at(1, 500000, 502);
    assert_verdict(VIEWS, WITHIN);
    api.value[COUNTER_VIEWS] = 9000;          // below both it is of neither
    assert_because(VIEWS, SINGLE);
}

/* Hour by hour, by 4 % an hour: no instant of a quarter of a day hits the hour. */
static void pages_closer_than_instants_are_no_contradiction(void **state)
{
    static struct page_counters hourly[200];
    const double start = 10000;

    (void)state;
    for (double ago = 1.5; ago < 72; ago += 5) {
        post(20, (int64_t)(start * pow(1.04, 100 - ago)), NO);
        for (int i = 0; i < 200; i++) {
            hourly[i] = (struct page_counters){ .at = NOW + (20 - i) * 3600,
                                                .value = { 0, NO, NO, NO, NO } };
            hourly[i].value[COUNTER_VIEWS] = (int64_t)(start * pow(1.04, 120 - i));
        }
        snapshot_judge(1, &api, hourly, 200, &got);
        assert_int_equal(got.of[COUNTER_VIEWS].verdict, VERDICT_WITHIN);
        assert_int_equal(got.snapshot, SNAPSHOT_YES);
    }
}

/* ---- promises that hold of any row ---- */

static uint64_t drawn = 1;

static int64_t draw(int64_t below)
{
    drawn = drawn * 6364136223846793005u + 1442695040888963407u;
    return (int64_t)((drawn >> 33) % (uint64_t)below);
}

static void draw_row(void)
{
    post((double)draw(400) / 4, NO, NO);
    api.ad = draw(8) == 0;
    for (int c = 0; c < COUNTERS; c++)
        api.value[c] = draw(9) ? (int64_t)pow(10, (double)draw(60) / 10) : NO;
    for (int64_t i = 0, n = 1 + draw(4); i < n; i++) {
        struct page_counters *p = read_at((double)(draw(75) * 4 + i - 200) / 10, NO, NO);

        for (int c = 0; c < COUNTERS; c++) {
            p->value[c] = draw(9) ? api.value[c] * (50 + draw(100)) / 80 : NO;
            p->step[c] = draw(3) ? 1 : 100;
        }
    }
}

static void whatever_differs_fits_no_instant_and_wider_limits_add_nothing(void **state)
{
    int differ = 0;

    (void)state;
    for (int i = 0; i < 20000; i++) {
        struct snapshot_verdict narrow, wide, other;
        struct page_counters last;

        draw_row();
        snapshot_judge(0.5, &api, page, pages, &narrow);
        snapshot_judge(2, &api, page, pages, &wide);
        if (pages > 2) {                      // the others in another order
            last = page[pages - 1];
            page[pages - 1] = page[1];
            page[1] = last;
        }
        snapshot_judge(0.5, &api, page, pages, &other);
        assert_int_equal(narrow.snapshot, other.snapshot);
        for (int c = 0; c < COUNTERS; c++) {
            differ += narrow.of[c].verdict == VERDICT_DIFFERS;
            assert_int_equal(narrow.of[c].verdict, other.of[c].verdict);
            assert_true(narrow.of[c].verdict != VERDICT_DIFFERS || narrow.snapshot == SNAPSHOT_NO);
            assert_true(wide.of[c].why.rule != GAP_RULE_SINGLE ||
                        narrow.of[c].why.rule == GAP_RULE_SINGLE);
            assert_true(narrow.of[c].why.rule == GAP_RULE_NONE ||
                        (isfinite(narrow.of[c].why.needed) && narrow.of[c].why.limit > 0));
        }
    }
    assert_true(differ > 2000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(views_a_hundred_times_too_low_differ_without_any_learning),
        cmocka_unit_test(views_of_the_issue_differ_at_any_size),
        cmocka_unit_test(a_page_of_more_than_ten_days_before_is_proof_at_any_age),
        cmocka_unit_test(views_above_what_the_later_page_shows_differ),
        cmocka_unit_test(each_counter_falls_as_far_as_is_known),
        cmocka_unit_test(a_newborn_post_can_have_had_nothing),
        cmocka_unit_test(a_view_more_of_a_few_is_no_surge),
        cmocka_unit_test(lambda_scales_the_limits),
        cmocka_unit_test(what_the_page_shows_is_equal_whatever_the_rest),
        cmocka_unit_test(a_rounded_number_is_any_of_its_bracket),
        cmocka_unit_test(without_times_nothing_is_contradicted),
        cmocka_unit_test(what_a_side_lacks_has_no_verdict),
        cmocka_unit_test(more_likes_than_views_are_no_state_of_a_post),
        cmocka_unit_test(a_surge_that_likes_deny_is_none),
        cmocka_unit_test(advertising_may_surge_without_likes),
        cmocka_unit_test(nobody_denies_a_young_post_its_surge),
        cmocka_unit_test(a_small_witness_does_not_tell),
        cmocka_unit_test(each_witness_has_its_tie),
        cmocka_unit_test(each_new_like_was_a_view),
        cmocka_unit_test(counters_of_different_times_are_within_and_fit_no_instant),
        cmocka_unit_test(every_reading_of_the_page_counts),
        cmocka_unit_test(an_earlier_page_that_agrees_does_not_hide_a_denied_surge),
        cmocka_unit_test(a_surge_is_one_by_every_page_on_its_side),
        cmocka_unit_test(growth_between_two_pages_did_happen),
        cmocka_unit_test(pages_closer_than_instants_are_no_contradiction),
        cmocka_unit_test(whatever_differs_fits_no_instant_and_wider_limits_add_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
