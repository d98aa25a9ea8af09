/* tests/unit/test_lag.c: when the copy was made that the API shows, from readings of the page. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include "fixtures/growth.h"
#include "watch/lag.h"

#define DAY INT64_C(86400)
#define BORN (20000 * DAY)
static const struct lag_fall none[COUNTERS], some[COUNTERS] = {
    { 0.02, 2 }, { 0.03, 2 }, { 0.40, 5 }, { 0.03, 2 }, { 0.05, 2 },
};

/* By pages that come by time. */
static struct lag by(const struct lag_row *r, const struct lag_page *p, size_t len,
                     const struct lag_fall *fall)
{
    struct lag_pages pages = { 0 };
    struct lag l;

    for (size_t i = 0; i < len; i++)
        lag_pages_add(&pages, &p[i]);
    l = lag_of(r, &pages, len, fall);
    lag_pages_release(&pages);
    return l;
}

static struct lag_page page(int64_t at, int64_t views, int64_t step)
{
    struct lag_page p = { .at = BORN + at };

    for (int c = 0; c < COUNTERS; c++)
        p.low[c] = p.high[c] = COUNTER_ABSENT;
    p.low[COUNTER_VIEWS] = views - step / 2;
    p.high[COUNTER_VIEWS] = views + step / 2;
    return p;
}

static struct lag_row row(int64_t at, int64_t views)
{
    struct lag_row r = { .at = BORN + at, .born = BORN };

    for (int c = 0; c < COUNTERS; c++)
        r.value[c] = COUNTER_ABSENT;
    r.value[COUNTER_VIEWS] = views;
    return r;
}

static void a_copy_lies_between_the_pages_that_showed_less_and_more(void **state)
{
    const struct lag_page p[] = { page(10 * DAY, 1000, 0), page(11 * DAY, 1200, 0),
                                  page(12 * DAY, 1500, 0), page(13 * DAY, 1900, 0) };
    const struct lag_row r = row(13 * DAY + 60, 1300);
    struct lag l = by(&r, p, 4, none);
    (void)state;
    assert_true(l.has && !l.apart);
    assert_int_equal(l.low, DAY + 60);         // the page of the 12th had more
    assert_int_equal(l.high, 2 * DAY + 60);    // that of the 11th less
}

static void before_the_first_page_stands_the_birth_and_behind_the_last_the_reply(void **state)
{
    const struct lag_page p[] = { page(10 * DAY, 1000, 0) };
    const struct lag_row old = row(12 * DAY, 900), young = row(12 * DAY, 1100);
    struct lag l = by(&old, p, 1, none);
    (void)state;
    assert_true(l.has);
    assert_int_equal(l.low, 2 * DAY);
    assert_int_equal(l.high, 12 * DAY);
    l = by(&young, p, 1, none);
    assert_true(l.has);
    assert_int_equal(l.low, 0);
    assert_int_equal(l.high, 2 * DAY);
}

static void what_stood_still_says_nothing(void **state)
{
    const struct lag_page p[] = { page(10 * DAY, 1000, 0), page(11 * DAY, 1000, 0) };
    const struct lag_row r = row(11 * DAY, 1000);
    (void)state;
    assert_false(by(&r, p, 2, none).has);
    assert_false(by(&r, p, 0, none).has);
}

/* 76,000 on a page may be 75,950; and a counter that fell was higher before. */
static void rounding_and_falls_bound_nothing(void **state)
{
    const struct lag_page p[] = { page(10 * DAY, 76000, 100), page(11 * DAY, 76100, 100) };
    const struct lag_row near = row(11 * DAY, 76040), fell = row(11 * DAY, 75000),
                         far = row(11 * DAY, 70000);
    struct lag l;
    (void)state;
    l = by(&near, p, 2, none);
    assert_true(l.has && l.low == 0);    // below the 11th's bracket, within the 10th's
    assert_false(by(&fell, p, 2, some).has);
    l = by(&far, p, 2, some);
    assert_true(l.has && l.low == DAY);
}

static void a_counter_that_no_instant_fits_says_nothing(void **state)
{
    const struct lag_page p[] = { page(9 * DAY, 2000, 0), page(10 * DAY, 1000, 0) };
    const struct lag_row r = row(11 * DAY, 1500);
    (void)state;
    assert_false(by(&r, p, 2, none).has);
}

static void counters_of_different_copies_give_the_hull(void **state)
{
    struct lag_page p[] = { page(8 * DAY, 1000, 0), page(9 * DAY, 2000, 0), page(10 * DAY, 3000, 0),
                            page(11 * DAY, 4000, 0) };
    struct lag_row r = row(11 * DAY, 3500);    // views: within the last day
    struct lag l;
    (void)state;
    for (int i = 0; i < 4; i++)
        p[i].low[COUNTER_LIKES] = p[i].high[COUNTER_LIKES] = 100 * (i + 1);
    r.value[COUNTER_LIKES] = 350;
    l = by(&r, p, 4, none);
    assert_true(l.has && !l.apart && l.low == 0 && l.high == DAY);
    r.value[COUNTER_LIKES] = 150;    // likes: two to three days ago
    l = by(&r, p, 4, none);
    assert_true(l.has && l.apart);
    assert_int_equal(l.low, 0);
    assert_int_equal(l.high, 3 * DAY);
}

/* A platform that copies every third day at noon; pages are read daily, and round. */
#define ITEMS 40
#define DAYS 30
static void the_true_lag_of_a_made_up_platform_lies_in_every_interval(void **state)
{
    struct lag_reading *r = calloc(ITEMS * DAYS, sizeof *r);
    struct lag_day *days;
    struct lag_sum sum;
    size_t n, at = 0;
    (void)state;
    assert_non_null(r);
    for (uint32_t i = 0; i < ITEMS; i++) {
        struct lag_page p[DAYS];
        const double speed = 200 + (double)(i * 37 % 400);    // views an hour, less and less

        for (int d = 0; d < DAYS; d++) {
            const int64_t now = d * DAY + 20 * 3600, copy = d / 3 * 3 * DAY + 12 * 3600;
            const double hours = (double)now / 3600, then = (double)copy / 3600;
            const int64_t step = i % 2 ? 100 : 0;
            struct lag_row reply = row(now + 60, (int64_t)(speed * then));

            p[d] = page(now, (int64_t)(speed * hours), step);
            r[at].day = (BORN + now) / DAY;
            r[at].item = i;
            r[at].of = by(&reply, p, (size_t)d + 1, some);
            if (r[at].of.has) {
                assert_true(r[at].of.low <= now + 60 - copy);
                assert_true(r[at].of.high >= now + 60 - copy);
            }
            at++;
        }
    }
    lag_days(r, at, &days, &n, &sum);
    assert_int_equal(n, DAYS);
    assert_int_equal(days[12].read, ITEMS);
    for (size_t d = 9; d < 20; d++) {    // the true lags: 8, 32 and 56 hours
        const double lag = (double)(d % 3) + 8.0 / 24;

        assert_true(days[d].known > 0 && days[d].low <= lag && days[d].high >= lag);
        assert_true(days[d].high - days[d].low <= 2.1);    // a page more for what may have fallen
    }
    assert_true(sum.day_behind > 0 && sum.long_behind == 0);
    assert_true(sum.day_share.low > 0 && sum.day_share.high < 1);
    free(days);
    free(r);
}

static int64_t rounded(int64_t count)
{
    int64_t step = 1;

    while (count / step >= 10000)
        step *= 10;
    return step;
}

/* Posts that grow as real ones do, 3 to 300 days old; each has a lag of its own, up to ten days;
 * pages are read daily and round to four digits. */
#define POSTS 200
static void growth_as_of_real_posts_never_puts_the_copy_on_the_wrong_side(void **state)
{
    static const int of[COUNTERS] = {
        [COUNTER_VIEWS] = COUNT_VIEWS,       [COUNTER_LIKES] = COUNT_LIKES,
        [COUNTER_COMMENTS] = COUNT_COMMENTS, [COUNTER_SHARES] = COUNT_SHARES,
        [COUNTER_FAVORITES] = COUNT_FAVORITES,
    };
    const struct growth_law law = GROWTH_LAW;
    int64_t known = 0, read = 0, wrong = 0, apart = 0;
    double width = 0;
    (void)state;
    for (uint64_t i = 0; i < POSTS; i++) {
        const double age = 3 * pow(100, growth_draw(i, 77)), lag = 9.5 * growth_draw(i, 78);
        struct lag_page p[DAYS];
        struct growth_post post;
        int64_t count[COUNT_KINDS];

        growth_post_make(&post, &law, i * 0x9e3779b97f4a7c15u, age);
        for (int d = 0; d < DAYS; d++) {
            const double now = age + d, copied = now - fmin(lag, now / 2);
            struct lag_row row = { .at = BORN + (int64_t)(now * DAY), .born = BORN };
            struct lag l;

            growth_at(&post, now, count);
            p[d].at = row.at - 60;
            for (int c = 0; c < COUNTERS; c++) {
                const int64_t step = rounded(count[of[c]]);

                p[d].low[c] = (count[of[c]] + step / 2) / step * step - step / 2;
                p[d].high[c] = p[d].low[c] + step;
            }
            growth_at(&post, copied, count);
            for (int c = 0; c < COUNTERS; c++)
                row.value[c] = count[of[c]];
            l = by(&row, p, (size_t)d + 1, some);
            read++;
            known += l.has;
            apart += l.apart;
            if (l.has) {
                wrong += (double)l.low > (now - copied) * DAY + 60 ||
                         (double)l.high < (now - copied) * DAY - 60;
                width += (double)(l.high - l.low) / DAY;
            }
        }
    }
    print_message("lag: %lld of %lld readings bounded, %.1f days wide on average, %lld apart, %lld "
                  "wrong\n",
                  (long long)known, (long long)read, width / (double)known, (long long)apart,
                  (long long)wrong);
    assert_int_equal(wrong, 0);
    assert_true(known * 2 > read);
}

/* What is said by some of many pages is what is said where there are no others, and what a look
 * at each of them says. */
static void the_first_pages_of_many_say_what_they_say_alone(void **state)
{
    enum { PAGES = 60 };
    uint64_t seed = 7;
    (void)state;
    for (int round = 0; round < 400; round++) {
        struct lag_page p[PAGES];
        struct lag_pages pages = { 0 };
        int64_t views = 900;

        for (int d = 0; d < PAGES; d++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            views += (int64_t)(seed >> 33) % (round % 7 + 2) * 40 - round % 3 * 30;
            p[d] = page(d * DAY, views, seed >> 60 ? 100 : 0);
            if (seed >> 61 == 0)
                p[d].low[COUNTER_VIEWS] = p[d].high[COUNTER_VIEWS] = COUNTER_ABSENT;
            lag_pages_add(&pages, &p[d]);
        }
        for (size_t len = 0; len <= PAGES; len += 3) {
            const struct lag_row r = row(PAGES * DAY, 500 + (int64_t)len * 37);
            const struct lag some_of = lag_of(&r, &pages, len, some), alone = by(&r, p, len, some);
            int64_t after = BORN, before = r.at;
            bool has = false;

            for (size_t i = 0; i < len; i++) {
                const double v = (double)r.value[COUNTER_VIEWS];

                if (p[i].low[COUNTER_VIEWS] == COUNTER_ABSENT)
                    continue;
                if (v * 0.98 - 2 > (double)p[i].high[COUNTER_VIEWS]) {
                    after = p[i].at > after ? p[i].at : after;
                    has = true;
                } else if (v < (double)p[i].low[COUNTER_VIEWS] * 0.98 - 2) {
                    before = p[i].at < before ? p[i].at : before;
                    has = true;
                }
            }
            has = has && after < before;
            assert_int_equal(some_of.has, has);
            assert_int_equal(some_of.low, has ? r.at - before : 0);
            assert_int_equal(some_of.high, has ? r.at - after : 0);
            assert_true(alone.has == has && alone.low == some_of.low && alone.high == some_of.high);
        }
        lag_pages_release(&pages);
    }
}

static void nothing_has_no_lag(void **state)
{
    struct lag_day *days;
    struct lag_sum sum;
    size_t n = 7;
    (void)state;
    lag_days(NULL, 0, &days, &n, &sum);
    assert_int_equal(n, 0);
    assert_int_equal(sum.known, 0);
    free(days);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_copy_lies_between_the_pages_that_showed_less_and_more),
        cmocka_unit_test(before_the_first_page_stands_the_birth_and_behind_the_last_the_reply),
        cmocka_unit_test(what_stood_still_says_nothing),
        cmocka_unit_test(rounding_and_falls_bound_nothing),
        cmocka_unit_test(a_counter_that_no_instant_fits_says_nothing),
        cmocka_unit_test(counters_of_different_copies_give_the_hull),
        cmocka_unit_test(the_true_lag_of_a_made_up_platform_lies_in_every_interval),
        cmocka_unit_test(growth_as_of_real_posts_never_puts_the_copy_on_the_wrong_side),
        cmocka_unit_test(the_first_pages_of_many_say_what_they_say_alone),
        cmocka_unit_test(nothing_has_no_lag),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
