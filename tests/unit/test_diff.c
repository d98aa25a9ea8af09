/* tests/unit/test_diff.c: two records become gaps and tallies. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>
#include "diff/diff.h"

#define DAY(n) ((int64_t)(20000 + (n)) * 86400)

struct got { struct gap gap[FIELD_COUNT]; size_t len; int fail; };

static int keep(void *to, const struct gap *g, struct err *err)
{
    struct got *got = to;

    if (got->fail)
        return err_set(err, ERR_IO, "the disk is full");
    got->gap[got->len++] = *g;
    return 0;
}

static void fill(struct record *api, struct record *page)
{
    memset(api, 0, sizeof *api);
    memset(page, 0, sizeof *page);
    api->val[FIELD_CREATED] = value_int(DAY(-500));
    page->val[FIELD_CREATED] = value_int(DAY(-500));
    api->val[FIELD_AUTHOR] = value_text(STR("Ada.Example"));
    page->val[FIELD_AUTHOR] = value_text(STR("ada.example"));
    api->val[FIELD_CAPTION] = value_text(STR("by the sea"));
    page->val[FIELD_CAPTION] = value_text(STR("by the lake"));
    api->val[FIELD_HASHTAGS] = value_text(STR("sea\nfyp"));
    api->val[FIELD_VIEWS] = value_int(76049);
    page->val[FIELD_VIEWS] = value_int(76000);
    api->val[FIELD_LIKES] = value_int(0);
    page->val[FIELD_LIKES] = value_int(0);
    page->val[FIELD_SHARES] = value_int(12);
    api->val[FIELD_COMMENTS] = value_int(5);
    page->val[FIELD_COMMENTS] = value_int(4);
    api->val[FIELD_REGION] = value_text(STR("FR"));        // not compared
    page->val[FIELD_PLACE] = value_text(STR("US"));
}

static struct diff_pair pair_of(const struct record *api, const struct record *page)
{
    return (struct diff_pair){ .item = 7,
                               .id = 7000000000000000001u,
                               .api = api,
                               .page = page,
                               .api_at = DAY(1),
                               .page_at = DAY(2),
                               .generation = GENERATION_REHYDRATE };
}

static void every_compared_field_is_tallied_once(void **state)
{
    struct record api, page;
    struct diff_count count = {0};
    struct got got = {0};
    struct diff_sink sink = { .emit = keep, .equal = true, .to = &got };
    struct diff_pair p = pair_of(&api, &page);
    struct err err = {0};
    int64_t compared = 0;
    (void)state;
    fill(&api, &page);
    assert_int_equal(diff_pair(NULL, &p, &sink, &count, &err), 0);
    for (int f = 0; f < FIELD_COUNT; f++) {
        const struct diff_tally *t = &count.field[f];

        assert_int_equal(t->compared,
                         t->equal + t->within + t->differs + t->api_only + t->page_only);
        compared += t->compared;
    }
    assert_int_equal(compared, 8);
    assert_int_equal(got.len, 8);
    assert_int_equal(count.field[FIELD_CREATED].equal, 1);
    assert_int_equal(count.field[FIELD_AUTHOR].equal, 1);
    assert_int_equal(count.field[FIELD_CAPTION].differs, 1);
    assert_int_equal(count.field[FIELD_HASHTAGS].api_only, 1);
    assert_int_equal(count.field[FIELD_VIEWS].within, 1);
    assert_int_equal(count.field[FIELD_LIKES].equal, 1);
    assert_int_equal(count.field[FIELD_SHARES].page_only, 1);
    assert_int_equal(count.field[FIELD_REGION].compared, 0);
    assert_int_equal(got.gap[0].item, 7);
    assert_true(got.gap[0].id == 7000000000000000001u);
    assert_int_equal(got.gap[0].page_at, DAY(2));
}

static void equal_fields_are_kept_back_unless_wanted(void **state)
{
    struct record api, page;
    struct diff_count count = {0};
    struct got got = {0};
    struct diff_sink sink = { .emit = keep, .equal = false, .to = &got };
    struct diff_pair p = pair_of(&api, &page);
    struct err err = {0};
    (void)state;
    fill(&api, &page);
    assert_int_equal(diff_pair(NULL, &p, &sink, &count, &err), 0);
    assert_int_equal(got.len, 5);
    for (size_t i = 0; i < got.len; i++)
        assert_int_not_equal(got.gap[i].verdict, VERDICT_EQUAL);
}

static void counters_carry_their_relative_error(void **state)
{
    struct record api, page;
    struct diff_count count = {0};
    struct got got = {0};
    struct diff_sink sink = { .emit = keep, .equal = true, .to = &got };
    struct diff_pair p = pair_of(&api, &page);
    struct err err = {0};
    (void)state;
    fill(&api, &page);
    assert_int_equal(diff_pair(NULL, &p, &sink, &count, &err), 0);
    for (size_t i = 0; i < got.len; i++) {
        const struct gap *g = &got.gap[i];

        if (g->field == FIELD_COMMENTS) {
            assert_true(g->has_error);
            assert_true(g->relative_error == 0.25);            // (5 - 4) / 4
        } else if (g->field == FIELD_LIKES) {
            assert_true(g->has_error && g->relative_error == 0);
        } else if (g->field != FIELD_VIEWS) {
            assert_false(g->has_error);
        }
    }
}

static void a_full_disk_stops_the_pair(void **state)
{
    struct record api, page;
    struct diff_count count = {0};
    struct got got = { .fail = 1 };
    struct diff_sink sink = { .emit = keep, .equal = true, .to = &got };
    struct diff_pair p = pair_of(&api, &page);
    struct err err = {0};
    (void)state;
    fill(&api, &page);
    assert_int_equal(diff_pair(NULL, &p, &sink, &count, &err), -1);
    assert_int_equal(err.kind, ERR_IO);
}

/* A page that showed 80,000 before the API's ten days proves that 76,049 is
 * no state of this post since; the record's own reading alone does not. */
static void earlier_readings_of_the_page_count(void **state)
{
    struct record api, page;
    struct diff_count count = {0};
    struct diff_sink sink = {0};
    struct diff_pair p = pair_of(&api, &page);
    struct counter_reading read[2] = {
        { DAY(-20), GENERATION_REHYDRATE, { 80000, 0, 4, 12, COUNTER_ABSENT } },
        { DAY(2), GENERATION_REHYDRATE, { 76000, 0, 4, 12, COUNTER_ABSENT } },    // its own
    };
    struct err err = {0};
    (void)state;
    fill(&api, &page);
    p.reading = read;
    p.len = 2;
    assert_int_equal(diff_pair(NULL, &p, &sink, &count, &err), 0);
    assert_int_equal(count.field[FIELD_VIEWS].differs, 1);
    assert_int_equal(count.snapshot[SNAPSHOT_NO], 1);
}

static int keep_row(void *to, const struct diff_row *row, struct err *err)
{
    struct diff_row *kept = to;

    (void)err;
    assert_int_equal(row->page[0].at, row->pair->page_at);
    *kept = *row;
    return 0;
}

/* However many there are, each once. */
static void all_readings_of_a_page_are_weighed(void **state)
{
    enum { READ = 300 };
    static struct counter_reading read[READ];
    struct record api, page;
    struct diff_count count = {0};
    struct diff_row row = {0};
    struct diff_sink sink = { .row = keep_row, .to = &row };
    struct diff_pair p = pair_of(&api, &page);
    struct err err = {0};
    (void)state;
    fill(&api, &page);
    for (int i = 0; i < READ; i++)
        read[i] = (struct counter_reading){ DAY(-i - 10), GENERATION_REHYDRATE,
                                            { 70000, 0, 4, 12, COUNTER_ABSENT } };
    p.reading = read;
    p.len = READ;
    assert_int_equal(diff_pair(NULL, &p, &sink, &count, &err), 0);
    assert_int_equal(row.len, READ + 1);
    assert_int_equal(count.field[FIELD_VIEWS].within, 1);
    assert_int_equal(count.snapshot[SNAPSHOT_YES], 1);
    assert_int_equal(row.api.created_at, DAY(-500));
    assert_false(row.api.ad);
    read[READ - 1].value[COUNTER_VIEWS] = 80000;
    p.marks = MARK_AD;
    assert_int_equal(diff_pair(NULL, &p, &sink, &count, &err), 0);
    assert_int_equal(count.field[FIELD_VIEWS].differs, 1);
    assert_true(row.api.ad);
}

/* Where the page does not say when it was made, the id does; never the API. */
static void a_post_without_a_date_is_as_old_as_its_id(void **state)
{
    struct record api, page;
    struct diff_count count = {0};
    struct diff_row row = {0};
    struct diff_sink sink = { .row = keep_row, .to = &row };
    struct diff_pair p = pair_of(&api, &page);
    struct err err = {0};
    (void)state;
    fill(&api, &page);
    page.val[FIELD_CREATED] = (struct value){0};
    assert_int_equal(diff_pair(NULL, &p, &sink, &count, &err), 0);
    assert_int_equal(row.api.created_at, (int64_t)(p.id >> 32));
}

/* Other handles differ, unless they are known to be one account's. */
static void a_handle_of_a_renamed_account_is_within(void **state)
{
    struct record api, page;
    struct diff_count count = { 0 };
    struct got got = { 0 };
    struct diff_sink sink = { .emit = keep, .to = &got };
    struct diff_pair p = pair_of(&api, &page);
    struct err err = { 0 };
    (void)state;
    fill(&api, &page);
    api.val[FIELD_AUTHOR] = value_text(STR("ada.before"));
    for (int renamed = 0; renamed < 2; renamed++) {
        got.len = 0;
        p.renamed = renamed;
        assert_int_equal(diff_pair(NULL, &p, &sink, &count, &err), 0);
        assert_int_equal(got.gap[0].field, FIELD_AUTHOR);
        assert_int_equal(got.gap[0].verdict, renamed ? VERDICT_WITHIN : VERDICT_DIFFERS);
        assert_int_equal(got.gap[0].why.rule, renamed ? GAP_RULE_RENAMED : GAP_RULE_NONE);
    }
    assert_int_equal(count.field[FIELD_AUTHOR].within, 1);
    assert_int_equal(count.field[FIELD_AUTHOR].differs, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_handle_of_a_renamed_account_is_within),
        cmocka_unit_test(every_compared_field_is_tallied_once),
        cmocka_unit_test(equal_fields_are_kept_back_unless_wanted),
        cmocka_unit_test(counters_carry_their_relative_error),
        cmocka_unit_test(a_full_disk_stops_the_pair),
        cmocka_unit_test(earlier_readings_of_the_page_count),
        cmocka_unit_test(all_readings_of_a_page_are_weighed),
        cmocka_unit_test(a_post_without_a_date_is_as_old_as_its_id),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
