/* Windows: 30 days inclusive, a day of slack on both sides. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include "base/utc.h"
#include "fetch/window.h"

static int64_t day_of(const char *date)
{
    struct err err = { 0 };
    int64_t at;

    assert_int_equal(utc_parse(str_of(date), &at, &err), 0);
    return utc_day(at);
}

static void check(const char *first, const char *last, const char *start, const char *end)
{
    struct window w = window_of(day_of(first), day_of(last));
    char text[UTC_TEXT_MAX];

    assert_string_equal(utc_compact(w.start_day, text), start);
    assert_string_equal(utc_compact(w.end_day, text), end);
}

static void window_is_thirty_calendar_days_across_months_and_leap_days(void **state)
{
    (void)state;
    check("2024-01-02", "2024-01-29", "20240101", "20240130");
    check("2024-02-01", "2024-02-28", "20240131", "20240229");      // leap year
    check("2023-02-01", "2023-02-28", "20230131", "20230301");      // no leap year
    check("2024-02-29", "2024-02-29", "20240228", "20240328");
    check("2024-03-01", "2024-03-01", "20240229", "20240329");
    check("2023-12-31", "2024-01-01", "20231230", "20240128");
    check("2024-01-01", "2024-01-01", "20231231", "20240129");
}

static void every_fitting_span_keeps_a_day_of_slack(void **state)
{
    (void)state;
    for (int64_t first = day_of("2023-12-01"); first < day_of("2024-04-01"); first++)
        for (int64_t last = first; window_fits(first, last); last++) {
            struct window w = window_of(first, last);

            assert_true(w.start_day == first - 1);
            assert_true(w.end_day >= last + 1);
            assert_true(w.end_day - w.start_day == WINDOW_DAYS - 1);
        }
    assert_true(window_fits(100, 127));
    assert_false(window_fits(100, 128));
    assert_false(window_fits(100, 99));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(window_is_thirty_calendar_days_across_months_and_leap_days),
        cmocka_unit_test(every_fitting_span_keeps_a_day_of_slack),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
