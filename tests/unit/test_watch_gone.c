/* A post that is gone is no absence of the API: whatever a watch list's site counts says so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "base/utc.h"
#include "record/watch_history.h"
#include "report/meaning.h"
#include "report/site.h"

#define FIRST INT64_C(20454)    // 2026-01-01
#define DAYS 4
#define POSTS 4

#define ABSENT(p)                                       \
    {                                                   \
        .api = WATCH_API_ABSENT, .page = WATCH_PAGE_##p \
    }
#define FOUND(p)                                       \
    {                                                  \
        .api = WATCH_API_FOUND, .page = WATCH_PAGE_##p \
    }
#define FAILED(p)                                                                        \
    {                                                                                    \
        .api = WATCH_API_NOT_MEASURED, .api_why = WATCH_WHY_OURS, .page = WATCH_PAGE_##p \
    }

/* One that is there, one that went on the third day, one that went and could not be asked for, one
 * that is not returned. */
static const struct watch_day days[POSTS][DAYS] = {
    { FOUND(PUBLIC), FOUND(PUBLIC), FOUND(PUBLIC), FOUND(PUBLIC) },
    { FOUND(PUBLIC), FOUND(PUBLIC), ABSENT(REFUSED), ABSENT(REFUSED) },
    { FOUND(PUBLIC), FAILED(PUBLIC), FAILED(REFUSED), FAILED(REFUSED) },
    { ABSENT(PUBLIC), ABSENT(PUBLIC), ABSENT(PUBLIC), ABSENT(NOT_MEASURED) },
};

struct told {
    struct watch_history h;
    struct watch_post post[POSTS];
    struct look look;
    struct site site;
    struct arena mem;
    struct buf text;
};

/* The first n posts from the one at `from`. */
static void tell(struct told *t, size_t from, size_t n)
{
    *t = (struct told){ 0 };
    for (size_t i = 0; i < n; i++)
        t->post[i] = (struct watch_post){ .item = (int64_t)i + 1,
                                          .id = UINT64_C(7590000000000000123) + i,
                                          .role = WATCH_LOADED,
                                          .first_day = FIRST,
                                          .day = days[from + i],
                                          .days = DAYS };
    t->h.post = t->post;
    t->h.posts = n;
    t->h.newest_at = utc_day_start(FIRST + DAYS - 1);
    watch_history_finish(&t->h, &t->mem);
    t->site = (struct site){ .h = &t->h, .look = &t->look };
    site_begin(&t->site);
}

static void forget(struct told *t)
{
    arena_release(&t->mem);
    buf_release(&t->text);
}

/* The words alone, between tags. */
static const char *words(struct told *t, void (*make)(struct buf *, const struct site *))
{
    struct buf all = { 0 };
    bool in_tag = false;

    buf_clear(&t->text);
    make(&all, &t->site);
    for (size_t i = 0; i < all.n; i++) {
        const char c = all.p[i];

        if (c == '<' || c == '>')
            in_tag = c == '<';
        else if (!in_tag)
            buf_char(&t->text, c);
    }
    buf_release(&all);
    return buf_cstr(&t->text);
}

#define says(text, what)                                   \
    do {                                                   \
        if (!strstr((text), (what)))                       \
            fail_msg("no \"%s\" in: %.3000s", what, text); \
    } while (0)

static void a_day_without_a_page_is_gone_unless_the_api_has_the_post(void **state)
{
    (void)state;
    assert_true(watch_day_is_gone((struct watch_day)ABSENT(REFUSED)));
    assert_true(watch_day_is_gone((struct watch_day)FAILED(REFUSED)));
    assert_false(watch_day_is_gone((struct watch_day)FOUND(REFUSED)));
    assert_false(watch_day_is_gone((struct watch_day)ABSENT(NOT_MEASURED)));
    assert_int_equal(meaning_of_day((struct watch_day)FAILED(REFUSED)), MEANING_NOT_PUBLIC);
    assert_int_equal(meaning_of_day((struct watch_day)FOUND(REFUSED)), MEANING_RETURNED);
}

static void the_days_of_all_and_those_of_who_is_there_add_up(void **state)
{
    struct told t;
    struct watch_counts there;
    int64_t fate[WATCH_FATES], why = 0;

    (void)state;
    tell(&t, 0, POSTS);
    there = watch_counts_there(&t.h.counts);
    assert_int_equal(t.h.counts.days, POSTS * DAYS);
    assert_int_equal(t.h.counts.gone.days, 4);
    assert_int_equal(there.days, POSTS * DAYS - 4);
    assert_int_equal(there.found + there.absent + there.not_measured, there.days);
    assert_int_equal(there.found, 7);
    assert_int_equal(there.absent, 4);
    assert_int_equal(there.absent_public + there.absent_unread, there.absent);
    for (int i = 0; i < WATCH_WHY_COUNT; i++)
        why += there.why[i];
    assert_int_equal(why, there.not_measured);
    watch_history_fates(&t.h, fate);
    assert_int_equal(fate[WATCH_FATE_ALWAYS], 3);    // the two that went were there till then
    assert_int_equal(fate[WATCH_FATE_NEVER], 1);
    assert_int_equal(fate[WATCH_FATE_BOTH], 0);
    forget(&t);
}

static void headline_first_sentence_and_badge_leave_out_who_is_gone(void **state)
{
    struct told t;
    const char *text;

    (void)state;
    tell(&t, 0, POSTS);
    text = words(&t, site_index_html);
    says(text, "On 4 January 2026 the API returned 1 of 2 posts; 2 more were no longer public");
    says(text, "Not returned on 4 of 12 post-days");
    says(text, "Not returned on 4 (33.3");
    says(text, "Not measured on 1 (8.3");
    says(text, "Beside these, on 4 post-days the post was no longer public");
    says(words(&t, site_badge_svg), "1 of 2 posts · 2 gone · 2026-01-04");
    forget(&t);
}

static void a_badge_is_not_red_for_who_is_gone(void **state)
{
    struct told t;
    struct buf svg = { 0 };

    (void)state;
    tell(&t, 0, 3);
    site_badge_svg(&svg, &t.site);
    says(buf_cstr(&svg), "1 of 1 posts · 2 gone");
    says(buf_cstr(&svg), "#2b6ca3");
    buf_clear(&svg);
    forget(&t);
    tell(&t, 0, POSTS);
    site_badge_svg(&svg, &t.site);
    says(buf_cstr(&svg), "#a63603");
    buf_release(&svg);
    forget(&t);
}

static void a_list_of_which_all_are_gone_says_so(void **state)
{
    struct told t;
    struct buf svg = { 0 };

    (void)state;
    tell(&t, 1, 2);
    says(words(&t, site_index_html), "On 4 January 2026 none of 2 posts was public any more");
    site_badge_svg(&svg, &t.site);
    says(buf_cstr(&svg), "all 2 posts gone · 2026-01-04");
    says(buf_cstr(&svg), "#6a6a6a");
    buf_release(&svg);
    forget(&t);
}

/* Where nobody measured was there the line has a hole, as where nobody asked. */
static void the_line_of_availability_leaves_them_out(void **state)
{
    struct told t;
    struct buf html = { 0 };
    const char *line;

    (void)state;
    tell(&t, 1, 1);
    site_index_html(&html, &t.site);
    line = strstr(buf_cstr(&html), "class=\"line\"");
    assert_non_null(line);
    /* Two days at the top and no third one: 860 wide, 4 days. */
    assert_memory_equal(strstr(line, " d="), " d=\"M0.0 0.0h215.0L215.0 0.0h215.0\"", 35);
    buf_release(&html);
    forget(&t);
}

static void the_data_has_both(void **state)
{
    struct told t;
    struct buf json = { 0 };

    (void)state;
    tell(&t, 0, POSTS);
    site_data_json(&json, &t.site, false);
    says(buf_cstr(&json), "\"totals\":{\"found\":7,\"absent\":6,\"not_measured\":3,\"days\":16");
    says(buf_cstr(&json), "\"gone\":{\"days\":4,\"absent\":2,\"not_measured\":2},"
                          "\"there\":{\"found\":7,\"absent\":4,\"not_measured\":1,\"days\":12");
    buf_release(&json);
    forget(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_day_without_a_page_is_gone_unless_the_api_has_the_post),
        cmocka_unit_test(the_days_of_all_and_those_of_who_is_there_add_up),
        cmocka_unit_test(headline_first_sentence_and_badge_leave_out_who_is_gone),
        cmocka_unit_test(a_badge_is_not_red_for_who_is_gone),
        cmocka_unit_test(a_list_of_which_all_are_gone_says_so),
        cmocka_unit_test(the_line_of_availability_leaves_them_out),
        cmocka_unit_test(the_data_has_both),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
