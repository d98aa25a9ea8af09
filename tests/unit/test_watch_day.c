/* The state of an item on a day: what counts as absent, and what never does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "watch/day.h"

/* Of the API: alone, in a round with a canary, in which another id came back. */
static struct watch_reading api(enum watch_said said)
{
    return (struct watch_reading){ .witness = WATCH_BY_API, .said = said, .at = 1000, .round = 1,
                                   .canaries = 1, .back = 1, .proven = true };
}
static struct watch_reading failed(enum watch_witness by, enum watch_why why)
{
    return (struct watch_reading){ .witness = by, .said = WATCH_SAID_NOTHING, .why = why,
                                   .at = 1000, .round = 1, .canaries = 1, .back = 1 };
}
static struct watch_reading page(enum watch_witness by, enum watch_said said, int64_t at)
{
    return (struct watch_reading){ .witness = by, .said = said, .at = at, .round = 1 };
}
static struct watch_day of(const struct watch_reading *r, size_t len)
{
    return watch_day_of(r, len, true);
}

static void found_by_any_reply_is_found(void **state)
{
    const struct watch_reading r[] = { api(WATCH_SAID_NO), failed(WATCH_BY_API, WATCH_WHY_OURS),
                                       api(WATCH_SAID_YES) };
    (void)state;
    assert_int_equal(of(r, 3).api, WATCH_API_FOUND);
    assert_int_equal(of(r, 3).api_why, WATCH_WHY_NONE);
    assert_int_equal(of(r, 3).asks, 3);
}
static void silence_while_another_came_back_is_absent(void **state)
{
    const struct watch_reading r[] = { api(WATCH_SAID_NO) };
    (void)state;
    assert_int_equal(of(r, 1).api, WATCH_API_ABSENT);
    assert_false(of(r, 1).no_canary);
}
static void silence_of_all_with_canaries_is_an_outage(void **state)
{
    struct watch_reading r[] = { api(WATCH_SAID_NO) };
    (void)state;
    r[0].back = 0;
    r[0].proven = false;
    assert_int_equal(of(r, 1).api, WATCH_API_NOT_MEASURED);
    assert_int_equal(of(r, 1).api_why, WATCH_WHY_OUTAGE);
}
/* The canary came back at the beginning; nobody did after this one. */
static void silence_on_the_edge_of_an_outage_is_not_measured(void **state)
{
    struct watch_reading r[] = { api(WATCH_SAID_NO) };
    (void)state;
    r[0].proven = false;
    assert_int_equal(of(r, 1).api, WATCH_API_NOT_MEASURED);
    assert_int_equal(of(r, 1).api_why, WATCH_WHY_OURS);
}
static void a_list_without_canary_is_absent_and_says_so(void **state)
{
    struct watch_reading r[] = { api(WATCH_SAID_NO) };
    (void)state;
    r[0].back = r[0].canaries = 0;
    r[0].proven = false;
    assert_int_equal(of(r, 1).api, WATCH_API_ABSENT);
    assert_true(of(r, 1).no_canary);
    r[0].back = r[0].proven = 1;    // another listed item came back: as good as a canary
    assert_false(of(r, 1).no_canary);
}
static void proof_of_one_round_clears_the_day(void **state)
{
    struct watch_reading r[] = { api(WATCH_SAID_NO), api(WATCH_SAID_NO) };
    (void)state;
    r[0].back = r[0].canaries = 0;
    r[0].proven = false;
    assert_int_equal(of(r, 2).api, WATCH_API_ABSENT);
    assert_false(of(r, 2).no_canary);
}
static void silence_in_company_says_nothing_whoever_came_back(void **state)
{
    struct watch_reading r[] = { api(WATCH_SAID_NO), api(WATCH_SAID_NO) };
    (void)state;
    r[0].mates = 2;     // one of them may be deleted, and this one lost for that
    assert_int_equal(of(r, 1).api, WATCH_API_NOT_MEASURED);
    assert_int_equal(of(r, 1).api_why, WATCH_WHY_OURS);
    r[0].mates_back = 2;
    assert_int_equal(of(r, 1).api, WATCH_API_NOT_MEASURED);
    assert_int_equal(of(r, 2).api, WATCH_API_ABSENT);
}
static void oembed_alone_shows_public_and_never_refused(void **state)
{
    const struct watch_reading r[] = { failed(WATCH_BY_PAGE, WATCH_WHY_BLOCK),
                                       page(WATCH_BY_OEMBED, WATCH_SAID_NO, 5),
                                       page(WATCH_BY_PAGE, WATCH_SAID_NO, 4) };
    (void)state;
    assert_int_equal(of(r, 2).page, WATCH_PAGE_NOT_MEASURED);
    assert_int_equal(of(r, 2).page_why, WATCH_WHY_BLOCK);
    assert_int_equal(of(r, 3).page, WATCH_PAGE_REFUSED);
}
static void a_failure_is_never_absent_and_keeps_its_reason(void **state)
{
    static const enum watch_why whys[] = { WATCH_WHY_OURS, WATCH_WHY_BLOCK, WATCH_WHY_UNSAID,
                                           WATCH_WHY_OUTAGE };
    (void)state;
    for (size_t i = 0; i < sizeof(whys) / sizeof(*whys); i++) {
        const struct watch_reading r[] = { failed(WATCH_BY_API, whys[i]) };

        assert_int_equal(of(r, 1).api, WATCH_API_NOT_MEASURED);
        assert_int_equal(of(r, 1).api_why, whys[i]);
    }
}
static void several_reasons_are_the_weakest_charge(void **state)
{
    struct watch_reading r[] = { failed(WATCH_BY_API, WATCH_WHY_OUTAGE),
                                 failed(WATCH_BY_API, WATCH_WHY_OURS), api(WATCH_SAID_NO) };
    (void)state;
    assert_int_equal(of(r, 2).api_why, WATCH_WHY_OURS);
    r[2].back = r[2].proven = 0;    // a silence without proof is no absence beside a failure either
    assert_int_equal(of(r, 3).api, WATCH_API_NOT_MEASURED);
    assert_int_equal(of(r, 3).api_why, WATCH_WHY_OURS);
}
static void a_day_without_reading_is_missed_if_it_was_listed(void **state)
{
    (void)state;
    assert_int_equal(watch_day_of(NULL, 0, true).api, WATCH_API_NOT_MEASURED);
    assert_int_equal(watch_day_of(NULL, 0, true).api_why, WATCH_WHY_MISSED);
    assert_int_equal(watch_day_of(NULL, 0, true).page_why, WATCH_WHY_MISSED);
    assert_int_equal(watch_day_of(NULL, 0, false).api, WATCH_API_NONE);
    assert_int_equal(watch_day_of(NULL, 0, false).page, WATCH_PAGE_NONE);
}
static void pages_alone_leave_the_api_missed(void **state)
{
    const struct watch_reading r[] = { page(WATCH_BY_PAGE, WATCH_SAID_YES, 5) };
    (void)state;
    assert_int_equal(of(r, 1).api, WATCH_API_NOT_MEASURED);
    assert_int_equal(of(r, 1).api_why, WATCH_WHY_MISSED);
    assert_int_equal(of(r, 1).page, WATCH_PAGE_PUBLIC);
}
static void the_last_answer_of_the_page_is_the_days(void **state)
{
    const struct watch_reading r[] = { page(WATCH_BY_PAGE, WATCH_SAID_NO, 9),
                                       page(WATCH_BY_PAGE, WATCH_SAID_YES, 5),
                                       failed(WATCH_BY_PAGE, WATCH_WHY_BLOCK),
                                       page(WATCH_BY_OEMBED, WATCH_SAID_YES, 11) };
    (void)state;
    assert_int_equal(of(r, 4).page, WATCH_PAGE_REFUSED);
    assert_false(of(r, 4).by_oembed);
}
static void oembed_answers_where_the_page_is_blocked(void **state)
{
    const struct watch_reading r[] = { failed(WATCH_BY_PAGE, WATCH_WHY_BLOCK),
                                       page(WATCH_BY_OEMBED, WATCH_SAID_YES, 5) };
    (void)state;
    assert_int_equal(of(r, 2).page, WATCH_PAGE_PUBLIC);
    assert_true(of(r, 2).by_oembed);
    assert_int_equal(of(r, 1).page, WATCH_PAGE_NOT_MEASURED);
    assert_int_equal(of(r, 1).page_why, WATCH_WHY_BLOCK);
}
static void order_of_readings_changes_nothing(void **state)
{
    struct watch_reading r[] = { api(WATCH_SAID_NO), failed(WATCH_BY_API, WATCH_WHY_OUTAGE),
                                 page(WATCH_BY_PAGE, WATCH_SAID_YES, 5),
                                 page(WATCH_BY_PAGE, WATCH_SAID_NO, 5) };
    const struct watch_day one = of(r, 4);
    (void)state;
    for (int turn = 0; turn < 4; turn++) {
        const struct watch_reading first = r[0];

        for (int i = 0; i < 3; i++)
            r[i] = r[i + 1];
        r[3] = first;
        assert_true(watch_day_is_like(one, of(r, 4)));
    }
}
static void names_go_there_and_back(void **state)
{
    (void)state;
    for (int i = 0; i < WATCH_API_COUNT; i++)
        assert_int_equal(watch_api_of(str_of(watch_api_name(i))), i);
    for (int i = 0; i < WATCH_PAGE_COUNT; i++)
        assert_int_equal(watch_page_of(str_of(watch_page_name(i))), i);
    for (int i = 0; i < WATCH_WHY_COUNT; i++)
        assert_int_equal(watch_why_of(str_of(watch_why_name(i))), i);
    assert_int_equal(watch_api_of(STR("public")), WATCH_API_COUNT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(found_by_any_reply_is_found),
        cmocka_unit_test(silence_while_another_came_back_is_absent),
        cmocka_unit_test(silence_of_all_with_canaries_is_an_outage),
        cmocka_unit_test(silence_on_the_edge_of_an_outage_is_not_measured),
        cmocka_unit_test(a_list_without_canary_is_absent_and_says_so),
        cmocka_unit_test(proof_of_one_round_clears_the_day),
        cmocka_unit_test(silence_in_company_says_nothing_whoever_came_back),
        cmocka_unit_test(oembed_alone_shows_public_and_never_refused),
        cmocka_unit_test(a_failure_is_never_absent_and_keeps_its_reason),
        cmocka_unit_test(several_reasons_are_the_weakest_charge),
        cmocka_unit_test(a_day_without_reading_is_missed_if_it_was_listed),
        cmocka_unit_test(pages_alone_leave_the_api_missed),
        cmocka_unit_test(the_last_answer_of_the_page_is_the_days),
        cmocka_unit_test(oembed_answers_where_the_page_is_blocked),
        cmocka_unit_test(order_of_readings_changes_nothing),
        cmocka_unit_test(names_go_there_and_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
