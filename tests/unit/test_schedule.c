/* tests/unit/test_schedule.c: what a made-up platform does by day, and what who looks at it
 * twice a day finds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include "base/utc.h"
#include "fixtures/watch.h"
#include "record/id.h"

#define DAY0 1772409600 /* 2026-03-02, the world's first day of UTC */
static int64_t at(double day) { return DAY0 + (int64_t)(day * UTC_DAY_S); }

static struct world *make(uint32_t items)
{
    struct world_params p;
    struct world *w = NULL;
    struct err err = { 0 };

    world_params_default(&p, 7, items);
    if (world_new(&p, &w, &err))
        fail_msg("%s", err.msg);
    return w;
}

static const struct world_item *plain(const struct world *w, enum reason reason)
{
    for (size_t i = 0; i < w->items; i++)
        if (w->item[i].reason == reason && !w->item[i].flags)
            return &w->item[i];
    fail_msg("no plain post");
    return NULL;
}

static void happens(struct world *w, const char *days, uint64_t id, const char *what)
{
    char text[120], digits[ID_TEXT_MAX];
    struct err err = { 0 };

    snprintf(text, sizeof text, "%s,%s,%s", days, id ? id_text(id, digits) : "", what);
    if (schedule_add(&w->schedule, w->params.clock, str_of(text), &err))
        fail_msg("%s", err.msg);
}

static void a_post_comes_and_goes_by_the_schedule(void **state)
{
    struct world *w = make(600);
    const struct world_item *found = plain(w, REASON_AT_ONCE),
                            *missing = plain(w, REASON_UNEXPLAINED);

    (void)state;
    happens(w, "2-3.5", found->id, "api_absent");
    happens(w, "1", missing->id, "api_returned");
    happens(w, "4", missing->id, "api_absent");
    assert_true(world_returned(w, found, at(2) - 1));
    assert_false(world_returned(w, found, at(2)));
    assert_false(world_returned(w, found, at(3.5) - 1));
    assert_true(world_returned(w, found, at(3.5)));
    assert_false(world_returned(w, missing, at(1) - 1));
    assert_true(world_returned(w, missing, at(3)));
    assert_false(world_returned(w, missing, at(400)));
    assert_true(world_public(w, found, at(3)));
    world_free(w);
}

static void what_is_deleted_or_private_is_not_returned(void **state)
{
    struct world *w = make(600);
    const struct world_item *it = plain(w, REASON_AT_ONCE);

    (void)state;
    happens(w, "1", it->id, "item_deleted");
    happens(w, "2", it->id, "private_account");
    happens(w, "3", it->id, "under_review");
    happens(w, "4", it->id, "public");
    assert_non_null(strstr(world_page_at(w, it, at(1)).msg, "status_deleted"));
    assert_true(world_dead(w, it, at(1)));
    assert_false(world_returned(w, it, at(1)));
    assert_true(world_dead(w, it, at(2)));
    assert_int_equal(world_page_at(w, it, at(3)).view, VIEW_REFUSED);
    assert_false(world_dead(w, it, at(3)));
    assert_true(world_returned(w, it, at(3)));
    assert_true(world_public(w, it, at(4)));
    assert_int_equal(world_page_at(w, it, at(4)).view, VIEW_PUBLIC);
    world_free(w);
}

static void a_fault_of_the_platform_ends_with_its_day(void **state)
{
    struct world *w = make(50);
    const struct schedule_line *l;

    (void)state;
    happens(w, "7", 0, "quirk rate_500 1");
    happens(w, "8-9.5", 0, "missed");
    l = schedule_find(&w->schedule, SCHEDULE_QUIRK, 0, at(7.99));
    assert_non_null(l);
    assert_string_equal(l->quirk, "rate_500 1");
    assert_null(schedule_find(&w->schedule, SCHEDULE_QUIRK, 0, at(6.99)));
    assert_null(schedule_find(&w->schedule, SCHEDULE_QUIRK, 0, at(8)));
    assert_non_null(schedule_find(&w->schedule, SCHEDULE_MISSED, 0, at(9.4)));
    assert_null(schedule_find(NULL, SCHEDULE_MISSED, 0, at(9.4)));
    world_free(w);
}

static void a_line_that_says_nothing_is_refused_by_its_number(void **state)
{
    static const struct {
        const char *text, *says;
    } bad[] = {
        { "day,id,what\n# fine\n1,7,flies\n", "schedule.csv:3: 'flies' is nothing that happens" },
        { "1\n", "schedule.csv:1: a line is day,id,what" },
        { "x,7,public\n", "schedule.csv:1: 'x' is no day" },
        { "5-5,7,public\n", "schedule.csv:1: the end is not behind the beginning" },
        { "5,7,quirk block_all\n",
          "schedule.csv:1: 'quirk block_all' happens to the platform, not to a post" },
        { "5,,public\n", "schedule.csv:1: 'public' happens to a post, whose id is needed" },
        { "5,7,blocked 99\n", "schedule.csv:1: 'blocked 99' is nothing that happens" },
        { "5,seven,public\n", "schedule.csv:1: 'seven' is no id" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct schedule s = { 0 };
        struct err err = { 0 };

        assert_int_equal(schedule_parse(&s, WORLD_START, str_of(bad[i].text), &err), -1);
        assert_string_equal(err.msg, bad[i].says);
        schedule_release(&s);
    }
}

// ---- the truth ----

static const char *const files[] = { "schedule.csv",   "watch.txt",      "canaries.txt",
                                     "watch_runs.txt", "watch_days.csv", "watch_events.csv" };
#define FILES (sizeof files / sizeof *files)

/* The files of a list, one behind the other; only: of one of them. */
static struct buf written(uint32_t posts, const char *only)
{
    char dir[64], path[300];
    struct world *w = make(600);
    const char *tmp = getenv("TMPDIR");
    struct buf all = { 0 };
    struct err err = { 0 };

    snprintf(dir, sizeof dir, "%.40s/watchXXXXXX", tmp && strlen(tmp) < 40 ? tmp : "/tmp");
    assert_non_null(mkdtemp(dir));
    if (watch_write(w, posts, WATCH_DAYS, dir, &err))
        fail_msg("%s", err.msg);
    for (size_t i = 0; i < FILES; i++) {
        if (!only || strcmp(only, files[i]) == 0)
            assert_int_equal(world_read_file(dir, files[i], &all, &err), 0);
        snprintf(path, sizeof path, "%s/%s", dir, files[i]);
        unlink(path);
    }
    rmdir(dir);
    world_free(w);
    return all;
}

static size_t lines_with(struct str text, const char *word)
{
    struct str line;
    size_t n = 0;

    while (str_cut(&text, '\n', &line))
        n += str_find(line, str_of(word), 0) >= 0;
    return n;
}

static void the_same_world_gives_the_same_month(void **state)
{
    struct buf one = written(30, NULL), two = written(30, NULL);

    (void)state;
    assert_true(str_eq(buf_view(&one), buf_view(&two)));
    buf_release(&one);
    buf_release(&two);
}

static void every_post_has_a_state_on_every_day_and_every_failure_its_reason(void **state)
{
    struct buf days = written(22, "watch_days.csv"), events = written(22, "watch_events.csv");

    (void)state;
    assert_int_equal(lines_with(buf_view(&days), ",2026-"), 0);
    assert_int_equal(lines_with(buf_view(&days), "2026-"), 22 * WATCH_DAYS);
    assert_int_equal(lines_with(buf_view(&days), ",not_measured,not_measured,missed,missed"),
                     22 * 3);
    // two days of nothing, one of 500, one of 504
    assert_int_equal(lines_with(buf_view(&days), ",outage,"), 22 * 4);
    assert_int_equal(lines_with(buf_view(&days), ",ours,"), 22 * 2);
    // where oEmbed answers, only what is not public stays without a page
    assert_int_equal(lines_with(buf_view(&days), ",block"), 22 + 5);
    assert_int_equal(lines_with(buf_view(&events), ",,outage,"), 4);
    assert_int_equal(lines_with(buf_view(&events), ",,stale,"), 2);
    buf_release(&days);
    buf_release(&events);
}

static void what_only_one_look_saw_is_no_event_and_a_new_handle_is_none(void **state)
{
    struct buf posts = written(22, "watch.txt"), events = written(22, "watch_events.csv"),
               id = { 0 };
    struct str rest = buf_view(&posts), line;
    static const size_t quiet[] = { 0, 1, 7, 8, 10, 13, 16, 17, 18, 19 };
    size_t n = 0, k = 0, seen = 0;

    (void)state;
    while (str_cut(&rest, '\n', &line)) {
        bool calm = k < sizeof quiet / sizeof *quiet && quiet[k] == n;

        buf_clear(&id);
        buf_str(&id, line);
        if (calm) {
            assert_int_equal(lines_with(buf_view(&events), buf_cstr(&id)), 0);
            k++;
        } else {
            assert_true(lines_with(buf_view(&events), buf_cstr(&id)) > 0);
            seen++;
        }
        n++;
    }
    assert_int_equal(k, sizeof quiet / sizeof *quiet);
    assert_int_equal(seen, 12);
    buf_release(&id);
    buf_release(&posts);
    buf_release(&events);
}

static void a_world_that_is_too_small_says_so(void **state)
{
    struct world *w = make(50);
    struct err err = { 0 };

    (void)state;
    assert_int_equal(watch_write(w, 40, WATCH_DAYS, "/nowhere", &err), -1);
    assert_non_null(strstr(err.msg, "more items are needed"));
    world_free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_post_comes_and_goes_by_the_schedule),
        cmocka_unit_test(what_is_deleted_or_private_is_not_returned),
        cmocka_unit_test(a_fault_of_the_platform_ends_with_its_day),
        cmocka_unit_test(a_line_that_says_nothing_is_refused_by_its_number),
        cmocka_unit_test(the_same_world_gives_the_same_month),
        cmocka_unit_test(every_post_has_a_state_on_every_day_and_every_failure_its_reason),
        cmocka_unit_test(what_only_one_look_saw_is_no_event_and_a_new_handle_is_none),
        cmocka_unit_test(a_world_that_is_too_small_says_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
