/* tests/unit/test_witnesses.c: page.witnesses, who is asked about a post and who is left out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "record/witnesses.h"

static struct settings set;

static int setup(void **state)
{
    (void)state;
    settings_init(&set);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    settings_release(&set);
    return 0;
}

static void given(const char *assignment)
{
    struct err err = { 0 };

    if (settings_set(&set, assignment, &err))
        fail_msg("%s", err.msg);
}

static void they_are_asked_in_the_order_given(void **state)
{
    enum witness all[WITNESSES_MAX];

    (void)state;
    given("page.witnesses= embed ,oembed,\tpage");
    assert_int_equal(witnesses_asked(&set, all), 3);
    assert_true(all[0] == WITNESS_EMBED && all[1] == WITNESS_OEMBED && all[2] == WITNESS_PAGE);
    assert_true(witness_comes_before(&set, WITNESS_EMBED, WITNESS_PAGE));
    assert_false(witness_comes_before(&set, WITNESS_PAGE, WITNESS_EMBED));
}

static void one_that_is_left_out_is_not_asked(void **state)
{
    enum witness all[WITNESSES_MAX];

    (void)state;
    given("page.witnesses=page,oembed");
    assert_false(witness_is_asked(&set, WITNESS_EMBED));
    assert_false(witness_comes_before(&set, WITNESS_PAGE, WITNESS_EMBED));
    given("page.oembed=never");
    assert_false(witness_is_asked(&set, WITNESS_OEMBED));
    assert_int_equal(witnesses_asked(&set, all), 1);
}

static void expect_pace(enum witness w, double rate, int64_t at_once)
{
    const struct settings own = witness_settings(&set, w);

    assert_float_equal(own.page_requests_per_second, rate, 0);
    assert_int_equal(own.page_concurrency, at_once);
}

static void each_has_its_own_rate_and_number_under_way(void **state)
{
    (void)state;
    given("page.requests_per_second=4");
    given("page.concurrency=3");
    expect_pace(WITNESS_EMBED, 4, 3);
    expect_pace(WITNESS_CREATOR, 4, 3);
    given("page.embed_requests_per_second=0.5");
    given("page.embed_concurrency=1");
    given("page.oembed_requests_per_second=7");
    given("page.oembed_concurrency=5");
    expect_pace(WITNESS_PAGE, 4, 3);
    expect_pace(WITNESS_SHORT, 4, 3);
    expect_pace(WITNESS_OEMBED, 7, 5);
    expect_pace(WITNESS_EMBED, 0.5, 1);
    expect_pace(WITNESS_CREATOR, 0.5, 1);    // an account's embed page is one of them
}

static void a_list_that_nobody_can_mean_is_refused(void **state)
{
    static const char *const bad[] = {
        "page.witnesses=",           "page.witnesses=oembed",      "page.witnesses=page,page",
        "page.witnesses=page;embed", "page.witnesses=page,,embed", "page.witnesses=Page"
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct settings other;
        struct err err = { 0 };

        settings_init(&other);
        assert_int_equal(settings_set(&other, bad[i], &err), -1);
        assert_true(err.kind == ERR_USAGE && strstr(err.msg, "page.witnesses: expected page"));
        settings_release(&other);
    }
}

/* Given up is a post when all that show it, and are asked, had their tries. */
static void the_fewest_tries_count(void **state)
{
    struct item_row row = { .tries = 5, .embed_tries = 2 };

    (void)state;
    given("page.witnesses=page,embed");
    assert_int_equal(sight_tries(&set, &row), 2);
    given("page.witnesses=page,oembed");
    assert_int_equal(sight_tries(&set, &row), 5);
    given("page.witnesses=embed");
    assert_int_equal(sight_tries(&set, &row), 2);
    row = (struct item_row){ 0 };
    assert_int_equal(sight_tries(&set, &row), 0);
}

/* A site that blocks pages uses up no try of them; the audit ends all the same. */
static void blocked_page_of_a_post_that_nobody_shows_has_its_days(void **state)
{
    const int64_t day = 86400, first = 20000;
    struct site_days days = { .today = first + 7 * 15 };
    struct item_row row = { .embed_tries = 5, .embed_at = first * day, .site_days = &days };

    (void)state;
    given("page.witnesses=page,embed");
    for (int week = 0; week <= 15; week++)    // the first and the last one do not count
        day_list_add(&days.of[WITNESS_PAGE], first + 7 * week);
    assert_int_equal(sight_tries(&set, &row), 0);
    days.today++;    // the fifteenth day after is over
    assert_int_equal(sight_tries(&set, &row), 5);
    row.embed_tries = 4;    // it may still show the post
    assert_int_equal(sight_tries(&set, &row), 0);
    row.embed_tries = 5;
    row.page_at = (first + 7) * day;    // the page answered since
    assert_int_equal(sight_tries(&set, &row), 0);
    given("page.witnesses=page,oembed");
    row.page_at = 0;
    assert_int_equal(sight_tries(&set, &row), 0);
}

/* Nor is an embed page that the site blocks, for a post whose page cannot be read; that it was
 * asked in vain itself, of late too, is no answer. */
static void blocked_embed_page_of_a_post_without_a_readable_page_has_its_days(void **state)
{
    const int64_t day = 86400, first = 20000;
    struct site_days days = { .today = first + 16 };
    struct item_row row = { .tries = 5, .first_at = first * day, .embed = ANSWER_NO_ANSWER,
                            .embed_at = (first + 15) * day, .site_days = &days };

    (void)state;
    given("page.witnesses=page,embed");
    for (int n = 1; n <= 15; n++) {
        assert_int_equal(sight_tries(&set, &row), 0);
        day_list_add(&days.of[WITNESS_EMBED], first + n);
    }
    assert_int_equal(sight_tries(&set, &row), 5);
    row.embed = ANSWER_REFUSED;    // it answered
    assert_int_equal(sight_tries(&set, &row), 0);
    row = (struct item_row){ .tries = 5, .site_days = &days };    // nobody was asked of it yet
    assert_int_equal(sight_tries(&set, &row), 0);
}

/* The newest days are kept, in order and once each, and text brings them back. */
static void days_of_the_site_are_counted(void **state)
{
    struct site_days days = { .today = 20200 };
    struct day_list *list = &days.of[WITNESS_EMBED], again;
    struct buf text = { 0 };

    (void)state;
    assert_false(site_days_reach(NULL, WITNESS_EMBED, 0, 1));
    assert_true(day_list_add(list, 20003));
    assert_true(day_list_add(list, 20001));
    assert_false(day_list_add(list, 20003));
    day_list_print(list, &text);
    assert_string_equal(buf_cstr(&text), "2024-10-05 2024-10-07");
    assert_true(site_days_reach(&days, WITNESS_EMBED, (int64_t)20000 * 86400, 2));
    assert_false(site_days_reach(&days, WITNESS_EMBED, (int64_t)20001 * 86400, 2));
    assert_false(site_days_reach(&days, WITNESS_PAGE, 0, 1));
    for (int64_t day = 20100; day < 20100 + SITE_DAYS_MAX; day++)
        assert_true(day_list_add(list, day));
    assert_int_equal(list->n, SITE_DAYS_MAX + 1);
    assert_int_equal(list->day[0], 20003);
    assert_false(day_list_add(list, 20002));    // older than all of a full list
    assert_true(day_list_add(list, 20050));
    assert_int_equal(list->day[0], 20050);
    assert_int_equal(list->day[1], 20100);
    assert_true(site_days_reach(&days, WITNESS_EMBED, 0, 1000));    // as many as are counted
    buf_clear(&text);
    day_list_print(list, &text);
    buf_puts(&text, " nonsense");
    day_list_read(&again, buf_view(&text));
    assert_int_equal(again.n, list->n);
    assert_memory_equal(again.day, list->day, (size_t)list->n * sizeof *list->day);
    buf_release(&text);
}

/* Its embed page's refusal moves nothing of it, however often it is asked. */
static void post_that_its_page_decided_is_not_kept_open_by_a_refusal(void **state)
{
    struct item_row row = { .page = ANSWER_PUBLIC, .page_witness = WITNESS_PAGE, .page_at = 100,
                            .tries = 5, .embed = ANSWER_REFUSED, .embed_at = 200 };

    (void)state;
    given("page.witnesses=page,embed");
    assert_int_equal(sight_tries(&set, &row), 5);
    row.embed = ANSWER_PUBLIC;    // it may show it once more
    assert_int_equal(sight_tries(&set, &row), 0);
    row.embed = ANSWER_REFUSED;
    row.page_witness = WITNESS_EMBED;    // what decided was no page
    assert_int_equal(sight_tries(&set, &row), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(they_are_asked_in_the_order_given),
        TEST(one_that_is_left_out_is_not_asked),
        TEST(each_has_its_own_rate_and_number_under_way),
        TEST(a_list_that_nobody_can_mean_is_refused),
        TEST(the_fewest_tries_count),
        TEST(days_of_the_site_are_counted),
        TEST(blocked_page_of_a_post_that_nobody_shows_has_its_days),
        TEST(blocked_embed_page_of_a_post_without_a_readable_page_has_its_days),
        TEST(post_that_its_page_decided_is_not_kept_open_by_a_refusal),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
