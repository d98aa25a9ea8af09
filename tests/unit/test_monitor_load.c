/* A series that others measured, in a watch list: the published one keeps its totals. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
#include "audit/monitor/load.h"
#include "audit/series.h"
#include "base/file.h"
#include "store/watch.h"
#include "tests/unit/folder.h"
#include "tests/unit/temp.h"

#define PUBLISHED "real/dashboard_11_videos.csv"    // below the shared folder
#define MADE_UP                                    \
    "date,id,api,page\n"                           \
    "2026-01-01,7590000000000000123,absent,public\n" \
    "2026-01-01,7590000000000000456,found,\n"      \
    "2026-01-02,7590000000000000123,no_answer,\n"  \
    "2026-01-04,7590000000000000123,found,refused\n"

static char folder[64];
static struct audit audit;
static struct err err;

static int setup(void **state)
{
    (void)state;
    memset(&audit, 0, sizeof audit);
    memset(&err, 0, sizeof err);
    temp_name(folder, sizeof folder);
    assert_non_null(mkdtemp(folder));
    assert_int_equal(series_init(folder, SERIES_WATCH, NULL, &err), 0);
    assert_int_equal(audit_open(&audit, folder, NULL, STORE_WRITE, &err), 0);
    return 0;
}
static int teardown(void **state)
{
    (void)state;
    assert_int_equal(audit_close(&audit, &err), 0);
    remove_all(folder);
    return 0;
}
static struct monitor_loaded load(const char *text)
{
    char *path = file_join(folder, "series.csv");
    struct monitor_loaded r;

    assert_int_equal(file_write(path, str_of(text), &err), 0);
    if (monitor_load(&audit, path, &r, &err))
        fail_msg("%s", err.msg);
    free(path);
    return r;
}
struct seen { int items, readings, roles[WATCH_ROLE_COUNT]; };
static int see(void *to, const struct watched *w, const struct reading *r, size_t n,
               struct err *e)
{
    struct seen *seen = to;

    (void)r;
    (void)e;
    seen->items++;
    seen->roles[w->role]++;
    seen->readings += (int)n;
    return 0;
}

static void posts_of_a_series_are_listed_and_not_asked_for(void **state)
{
    const struct monitor_loaded r = load(MADE_UP);
    struct seen seen = {0};

    (void)state;
    assert_int_equal(r.posts, 2);
    assert_int_equal(r.new_items, 2);
    assert_int_equal(r.days, 3);
    assert_int_equal(r.gaps, 1);
    assert_int_equal(r.by_api[WATCH_API_FOUND], 2);
    assert_int_equal(intake_residual(&r.intake), 0);
    assert_int_equal(store_watch_readings(audit.store, see, &seen, &err), 0);
    assert_int_equal(seen.roles[WATCH_LOADED], 2);
    assert_int_equal(seen.readings, 6);
}
static void the_same_file_again_changes_nothing(void **state)
{
    struct seen seen = {0};

    (void)state;
    load(MADE_UP);
    assert_int_equal(load(MADE_UP).new_items, 0);
    assert_int_equal(store_watch_readings(audit.store, see, &seen, &err), 0);
    assert_int_equal(seen.items, 2);
    assert_int_equal(seen.readings, 6);
}
static void a_watched_post_stays_watched(void **state)
{
    struct seen seen = {0};
    const struct new_item item = { .id = UINT64_C(7590000000000000123) };
    const struct digest list = {0};
    struct add_count added = {0};
    struct watched w = { .role = WATCH_POST };
    int64_t source = 0, fresh = 0;

    (void)state;
    assert_int_equal(store_source(audit.store, "list", &list, &source, &err), 0);
    assert_int_equal(store_add_items(audit.store, source, &item, 1, &added, &err), 0);
    assert_int_equal(store_item_find(audit.store, item.id, &w.item, &err), 0);
    assert_int_equal(store_watch_put(audit.store, &w, 1, &fresh, &err), 0);
    load(MADE_UP);
    assert_int_equal(store_watch_readings(audit.store, see, &seen, &err), 0);
    assert_int_equal(seen.roles[WATCH_POST], 1);
    assert_int_equal(seen.roles[WATCH_LOADED], 1);
}
static void a_file_that_is_no_series_leaves_nothing(void **state)
{
    char *path = file_join(folder, "series.csv");
    struct monitor_loaded r;
    struct seen seen = {0};

    (void)state;
    assert_int_equal(file_write(path, STR("date,id,api\n2026-01-01,7590000000000000123,found\n"
                                          "2026-01-02,7590000000000000123,there\n"), &err), 0);
    assert_int_equal(monitor_load(&audit, path, &r, &err), -1);
    assert_int_equal(err.kind, ERR_INPUT);
    assert_non_null(strstr(err.msg, "series.csv: line 3: api: expected found"));
    assert_int_equal(store_watch_readings(audit.store, see, &seen, &(struct err){0}), 0);
    assert_int_equal(seen.items, 0);
    free(path);
}
static void the_published_series_keeps_its_totals(void **state)
{
    const char *shared = getenv("BLINDSPOT_SHARED");
    char *path = file_join(shared ? shared : "../shared", PUBLISHED);
    struct monitor_loaded r;

    (void)state;
    if (!file_exists(path)) {
        print_message("dashboard_11_videos.csv is not here\n");
        free(path);
        skip();
    }
    assert_int_equal(monitor_load(&audit, path, &r, &err), 0);
    free(path);
    assert_int_equal(r.posts, 11);
    assert_int_equal(r.days, 279);
    assert_int_equal(r.gaps, 2);
    assert_int_equal(r.by_api[WATCH_API_FOUND], 213);
    assert_int_equal(r.by_api[WATCH_API_ABSENT], 2634);
    assert_int_equal(r.by_api[WATCH_API_NOT_MEASURED], 181);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(posts_of_a_series_are_listed_and_not_asked_for, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(the_same_file_again_changes_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(a_watched_post_stays_watched, setup, teardown),
        cmocka_unit_test_setup_teardown(a_file_that_is_no_series_leaves_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(the_published_series_keeps_its_totals, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
