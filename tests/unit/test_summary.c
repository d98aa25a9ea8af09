/* tests/unit/test_summary.c: the ledger closes or says where it does not; the
 * headline, the rules' rates and the split; summary.json and the terminal's tree. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "base/json.h"
#include "report/report.h"
#include "report/waterfall.h"
#include "tests/unit/made_summary.h"

static void made_and_finished(struct summary *s, struct arena *mem)
{
    struct err err = {0};

    made_summary(s, mem);
    if (summary_finish(s, &err))
        fail_msg("%s", err.msg);
}

static bool near(double a, double b) { return fabs(a - b) < 1e-6; }

static void every_row_is_in_one_bucket(void **state)
{
    struct arena mem = {0};
    struct summary s;
    (void)state;

    made_and_finished(&s, &mem);
    assert_int_equal(waterfall_residual(&s.waterfall), 0);
    assert_int_equal(s.waterfall.n[NODE_ITEMS], 2600);
    assert_int_equal(s.waterfall.n[NODE_PUBLIC], 240);
    assert_int_equal(s.waterfall.n[NODE_PUBLIC_UNKNOWN], 47);
    assert_int_equal(s.waterfall.n[NODE_RESTRICTED_UNKNOWN], 9);
    arena_release(&mem);
}

static const struct number *number_of(const struct summary *s, const char *name)
{
    const struct number *n = numbers_find(&s->numbers, str_of(name));

    if (!n)
        fail_msg("no number %s", name);
    return n;
}

static void each_number_stands_once_with_its_worst_cases(void **state)
{
    struct arena mem = {0};
    struct summary s;
    const struct number *n;
    (void)state;

    made_and_finished(&s, &mem);
    n = number_of(&s, "items");
    assert_true(near(n->value, 2600));
    n = number_of(&s, "missing_public");
    assert_int_equal(n->n, 240);
    assert_int_equal(n->of, 2600);
    assert_true(near(n->low, 240 / 2600.0));
    assert_true(near(n->high, (double)(240 + s.waterfall.n[NODE_OPEN]) / 2600));
    assert_int_equal(n->bounds, BOUNDS_OPEN);
    n = number_of(&s, "open_too_recent");
    assert_int_equal(n->bounds, BOUNDS_NONE);
    n = number_of(&s, "public_not_returned");
    assert_true(near(n->value, s.headline.share));
    assert_true(n->low <= s.headline.interval.low && n->high >= s.headline.interval.high);
    assert_null(numbers_find(&s.numbers, STR("missing_nowhere")));
    arena_release(&mem);
}

static void a_share_of_nothing_has_no_value(void **state)
{
    struct number n = { .name = STR("none_of_none") };
    struct numbers all = {0};
    struct arena mem = {0};
    (void)state;

    number_set_share(&n, 0, 0);
    number_put(&all, &mem, &n);
    assert_false(all.first->has);
    assert_false(number_has_range(all.first));
    number_set_share(&n, 1, 7);
    number_set_bounds(&n, BOUNDS_SAMPLE, (struct stat_interval){ n.value - 4e-4, n.value });
    assert_false(number_has_range(&n));      // 14.3 % to 14.3 %
    n.low = n.value - 6e-4;
    assert_true(number_has_range(&n));
    assert_int_equal(criterion_of(STR("validity")), CRITERION_VALIDITY);
    assert_int_equal(criterion_of(STR("")), CRITERION_COUNT);
    arena_release(&mem);
}

static void item_without_a_row_leaves_a_residual(void **state)
{
    struct arena mem = {0};
    struct summary s;
    struct err err = {0};
    (void)state;

    made_summary(&s, &mem);
    s.waterfall.n[NODE_ITEMS]++;
    assert_int_equal(waterfall_residual(&s.waterfall), 1);
    assert_int_equal(summary_finish(&s, &err), -1);
    assert_int_equal(err.kind, ERR_IO);
    assert_non_null(strstr(err.msg, "items holds 2601 items, its parts 2600"));
    arena_release(&mem);
}

static void row_that_fits_no_bucket_leaves_a_residual(void **state)
{
    static const struct label_row bad[] = {
        { .state = STATE_MISSING, .label = LABEL_NONE, .reason = REASON_NONE },
        { .state = STATE_RETRIEVED, .reason = REASON_UNCONFIRMED },
        { .state = STATE_OPEN, .reason = REASON_AT_ONCE },
        { .state = STATE_OPEN, .reason = REASON_ITEM_DELETED },
    };
    (void)state;

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct arena mem = {0};
        struct summary s = { .mem = &mem };
        struct err err = {0};

        s.waterfall.n[NODE_ITEMS] = 1;
        summary_take(&s, &bad[i], false, false);
        assert_true(waterfall_residual(&s.waterfall) > 0);
        assert_int_equal(summary_finish(&s, &err), -1);
        arena_release(&mem);
    }
}

static void tree_is_that_of_the_design(void **state)
{
    (void)state;
    assert_int_equal(node_parent(NODE_ITEMS), NODE_COUNT);
    assert_int_equal(node_parent(NODE_PUBLIC_UNKNOWN), NODE_PUBLIC);
    assert_int_equal(node_parent(NODE_RESTRICTED_UNKNOWN), NODE_RESTRICTED);
    assert_int_equal(node_depth(NODE_CANADA), 3);
    assert_true(node_is_leaf(NODE_NOT_ASKED));
    assert_false(node_is_leaf(NODE_RESTRICTED));
}

static struct summary counted(struct arena *mem, int64_t missing, int64_t retrieved,
                              int64_t sampled, int64_t public)
{
    struct summary s = { .mem = mem };

    s.waterfall.n[NODE_ITEMS] = missing + retrieved;
    s.waterfall.n[NODE_MISSING] = s.waterfall.n[NODE_PUBLIC] = s.waterfall.n[NODE_PUBLIC_UNKNOWN] =
        missing;
    s.waterfall.n[NODE_RETRIEVED] = s.waterfall.n[NODE_AT_ONCE] = retrieved;
    s.headline.sampled = sampled, s.headline.sampled_public = public;
    return s;
}

static void headline_scales_the_sample_up(void **state)
{
    struct arena mem = {0};
    struct summary s = counted(&mem, 100, 1000, 100, 90);
    struct err err = {0};
    (void)state;

    s.headline.wrong_expected = 10;
    assert_int_equal(summary_finish(&s, &err), 0);
    assert_true(near(s.headline.retrieved_public, 900));
    assert_true(near(s.headline.share, 0.1));
    assert_true(near(s.headline.share_of_items, 100.0 / 1100));
    assert_true(s.headline.has_interval);
    assert_true(s.headline.interval.low < 0.1 && s.headline.interval.high > 0.1);
    assert_true(s.headline.interval.low >
                100.0 / 1100 - 1e-9);    // no more than all retrieved are public
    /* A wrong verdict is about a post that is returned: it stays among the public ones. */
    assert_true(near(s.headline.range.low, 90.0 / (100 + s.headline.retrieved_high)));
    assert_true(near(s.headline.range.high, s.headline.interval.high));
    arena_release(&mem);
}

static double value_of(const struct summary *s, const char *name)
{
    const struct number *n = numbers_find(&s->numbers, str_of(name));

    assert_non_null(n);
    return n->has ? n->value : -1;
}

/* The first screen's bar: its parts are all public posts. */
static void parts_of_the_public_posts_add_up(void **state)
{
    struct arena mem = {0};
    struct summary s = counted(&mem, 100, 1000, 100, 90);
    struct err err = {0};
    const struct number *n;
    (void)state;

    s.waterfall.n[NODE_AT_ONCE] = 700;
    s.waterfall.n[NODE_AFTER_RETRIES] = 300;
    s.public_basis[BASIS_DOCUMENTED] = 30;
    s.public_basis[BASIS_UNEXPLAINED] = 70;
    s.public_seen[BASIS_UNEXPLAINED] = 60;
    s.waterfall.n[NODE_UNCONFIRMED] = s.waterfall.n[NODE_OPEN] = 40;
    s.waterfall.n[NODE_ITEMS] += 40;
    assert_int_equal(summary_finish(&s, &err), 0);
    assert_true(near(value_of(&s, "public_returned_at_once") +
                         value_of(&s, "public_returned_late") +
                         value_of(&s, "public_missing_documented") +
                         value_of(&s, "public_missing_disputed") +
                         value_of(&s, "public_missing_unexplained"),
                     1));
    assert_true(near(value_of(&s, "public_returned_at_once"), 0.63));
    assert_true(near(value_of(&s, "public_posts"), 1000));
    n = numbers_find(&s.numbers, STR("public_not_returned"));
    assert_true(near(n->high, 140 / (140 + s.headline.retrieved_low)));
    assert_true(near(n->low, 100 / (140 + s.headline.retrieved_high)));
    n = numbers_find(&s.numbers, STR("public_missing_unexplained"));
    assert_true(near(n->low, 60 / (140 + s.headline.retrieved_high)));
    arena_release(&mem);
}

/* 0 of 900 confirmed and 161 that wait is no 0 %. */
static void unfinished_audit_tells_a_range_and_what_is_open(void **state)
{
    struct arena mem = {0};
    struct summary s = counted(&mem, 0, 900, 900, 900);
    struct due_row due = { REASON_UNCONFIRMED, 161, 86400, 0 };
    struct err err = {0};
    struct buf text = {0};
    (void)state;

    s.waterfall.n[NODE_UNCONFIRMED] = s.waterfall.n[NODE_OPEN] = 161;
    s.waterfall.n[NODE_ITEMS] += 161;
    s.due = &due, s.dues = 1;
    assert_int_equal(summary_finish(&s, &err), 0);
    report_story(&text, &s, STORY_HEADLINE, 0);
    assert_string_equal(buf_cstr(&text), "Provisional: the API does not return 0.0 % to 15.2 % of"
                                         " the public items; 0 absences are confirmed so far.");
    buf_clear(&text);
    report_story(&text, &s, STORY_OPEN, 0);
    assert_string_equal(buf_cstr(&text),
                        "Open: 161 unconfirmed (asked again from 1970-01-02).");
    buf_clear(&text);
    s.final = true;
    s.waterfall.n[NODE_UNCONFIRMED] = s.waterfall.n[NODE_OPEN] = 0;
    s.waterfall.n[NODE_ITEMS] -= 161;
    assert_int_equal(summary_finish(&s, &err), 0);
    report_story(&text, &s, STORY_HEADLINE, 0);
    assert_string_equal(buf_cstr(&text), "The API did not return 0 of 900 public items: 0.0 %.");
    buf_release(&text);
    arena_release(&mem);
}

static void census_has_no_interval_and_no_sample_no_share(void **state)
{
    struct arena mem = {0};
    struct summary census = counted(&mem, 10, 90, 90, 90), unread = counted(&mem, 10, 90, 0, 0),
                   none = counted(&mem, 0, 0, 0, 0);
    struct err err = {0};
    struct buf text = {0};
    (void)state;

    assert_int_equal(summary_finish(&census, &err), 0);
    assert_true(census.headline.has_share && !census.headline.has_interval);
    assert_true(near(census.headline.share, 0.1));
    assert_int_equal(summary_finish(&unread, &err), 0);
    assert_false(unread.headline.has_share);
    report_story(&text, &unread, STORY_HEADLINE, 0);
    assert_true(str_find(buf_view(&text), STR("cannot be said before pages"), 0) > 0);
    assert_int_equal(summary_finish(&none, &err), 0);
    assert_false(none.headline.has_share);
    buf_release(&text);
    arena_release(&mem);
}

static void rule_that_also_matches_returned_items_is_associated(void **state)
{
    struct arena mem = {0};
    struct summary s;
    const struct rule_row *canada, *ad;
    (void)state;

    made_summary(&s, &mem);
    /* the sample now holds ads as often as the missing items do: no separation */
    s.rule[4].sampled_with = 200, s.rule[4].sampled_without = s.headline.sampled_public - 200;
    assert_int_equal(summary_finish(&s, &(struct err){0}), 0);
    canada = &s.rule[3], ad = &s.rule[4];
    assert_int_equal(canada->separation, SEPARATION_YES);
    assert_true(near(canada->p_with, 1));
    assert_true(canada->p_without > 0.05 && canada->p_without < 0.09);
    /* 94 of 94, and none of the half of the returned ones that was drawn: Clopper and Pearson's
     * 0.9615 as odds, halved. */
    assert_true(near(canada->with_95.high, 1));
    assert_true(canada->with_95.low > 0.92 && canada->with_95.low < 0.935);
    assert_true(canada->without_95.low < canada->p_without &&
                canada->p_without < canada->without_95.high);
    assert_int_equal(ad->separation, SEPARATION_ASSOCIATED);
    assert_int_equal(s.basis[BASIS_DISPUTED], 35);
    assert_int_equal(s.split[BASIS_DISPUTED], 0);
    assert_int_equal(s.split[BASIS_UNEXPLAINED], s.basis[BASIS_UNEXPLAINED] + 35);
    assert_int_equal(s.unexplained_high, s.split[BASIS_UNEXPLAINED]);
    assert_true(s.unexplained_low < s.unexplained_high);
    arena_release(&mem);
}

static void statistics_reach_the_last_rule_of_the_file(void **state)
{
    static struct rule_row rule[RULES_MAX];
    struct summary s = { .rule = rule, .rules = RULES_MAX };
    struct label_row row = { .id = 7300000000000000000u,
                             .state = STATE_MISSING,
                             .label = LABEL_AD,
                             .reason = REASON_MARKED_AD,
                             .basis = BASIS_UNEXPLAINED,
                             .page = ANSWER_PUBLIC,
                             .residual = -1 };
    struct arena mem = {0};
    (void)state;

    s.mem = &mem;
    for (size_t i = 0; i < RULES_MAX; i++)
        rule[i].label = i == 70 ? LABEL_CANADA : LABEL_AD;
    hits_add(&row.hits, 70);
    hits_add(&row.hits, RULES_MAX - 1);
    summary_take(&s, &row, false, false);
    assert_int_equal(rule[70].all, 1);
    assert_int_equal(rule[70].missing_with, 1);
    assert_int_equal(rule[70].shared, 1);
    assert_int_equal(rule[RULES_MAX - 1].all, 1);
    assert_int_equal(rule[RULES_MAX - 1].shared, 1);
    assert_int_equal(rule[71].all, 0);
    assert_int_equal(rule[71].missing_without, 1);
    row = (struct label_row){ .state = STATE_RETRIEVED, .page = ANSWER_PUBLIC, .hits = row.hits };
    summary_take(&s, &row, true, false);
    assert_int_equal(rule[RULES_MAX - 1].sampled_with, 1);
    assert_int_equal(rule[71].sampled_without, 1);
    arena_release(&mem);
}

static void overlaps_count_items_that_two_labels_claim(void **state)
{
    struct arena mem = {0};
    struct summary s;
    (void)state;

    made_and_finished(&s, &mem);
    assert_int_equal(s.overlap[LABEL_CANADA][LABEL_AD], 6);
    assert_int_equal(s.overlap[LABEL_AD][LABEL_CANADA], 6);
    assert_int_equal(s.overlap[LABEL_AD][LABEL_AD], 41);
    assert_int_equal(s.rule[4].first, 35);
    assert_int_equal(s.rule[4].all, 41);
    assert_int_equal(s.rule[4].shared, 6);
    arena_release(&mem);
}

static void accounts_are_listed_least_likely_first(void **state)
{
    struct arena mem = {0};
    struct summary s;
    int64_t verdicts = 0;
    (void)state;

    made_and_finished(&s, &mem);
    assert_int_equal(s.accounts.accounts, 310);
    assert_int_equal(s.accounts.len, SUMMARY_ACCOUNTS);
    for (int v = 0; v < ACCOUNT_VERDICT_COUNT; v++)
        verdicts += s.accounts.verdict[v];
    assert_int_equal(verdicts, 310);
    for (int64_t i = 0; i < s.accounts.verdict[ACCOUNT_EXCLUDED]; i++)
        assert_int_equal(s.accounts.row[i].verdict, ACCOUNT_EXCLUDED);
    assert_true(s.accounts.row[0].chance <= s.accounts.row[1].chance);
    arena_release(&mem);
}

/* Sum of the children's counts at every level of the JSON tree. */
static void json_level_adds_up(const struct json *node)
{
    int64_t count = -1, sum = 0, one;
    const struct json *children = json_get(node, "children");

    assert_true(json_i64(json_get(node, "count"), &count));
    if (!children)
        return;
    for (const struct json *c = json_first(children); c; c = json_next(c)) {
        assert_true(json_i64(json_get(c, "count"), &one));
        sum += one;
        json_level_adds_up(c);
    }
    assert_int_equal(sum, count);
}

static void json_parses_and_adds_up(void **state)
{
    struct arena mem = {0};
    struct summary s;
    struct buf text = {0}, again = {0};
    struct json_doc doc;
    struct err err = {0};
    struct str id;
    int64_t n;
    (void)state;

    made_and_finished(&s, &mem);
    s.setting[0].value = STR("a \"quoted\"\nvalue </script>");
    report_summary_json(&text, &s);
    report_summary_json(&again, &s);
    assert_true(str_eq(buf_view(&text), buf_view(&again)));
    if (json_parse(buf_view(&text), &doc, &err))
        fail_msg("%s", err.msg);
    assert_true(json_i64(json_get(doc.root, "schema"), &n) && n == 1);
    json_level_adds_up(json_path(doc.root, "waterfall.items"));
    assert_true(
        json_i64(json_path(doc.root, "waterfall.items.children.missing.children.public.count"),
                 &n) &&
        n == 240);
    assert_true(json_i64(json_get(doc.root, "residual"), &n) && n == 0);
    assert_true(json_i64(json_path(doc.root, "fields.view_count.compared"), &n) && n > 0);
    assert_int_equal(
        json_kind(json_get(json_first(json_path(doc.root, "labels.canada.examples")), "id")),
        JSON_STRING);
    assert_true(
        json_text(json_get(json_first(json_path(doc.root, "labels.canada.examples")), "id"), &id) &&
        id.n == 19);
    assert_true(json_text(json_get(json_get(doc.root, "settings"), "api.confirm_days"), &id));
    assert_true(str_eq(id, STR("a \"quoted\"\nvalue </script>")));
    json_free(&doc);
    buf_release(&text);
    buf_release(&again);
    arena_release(&mem);
}

static void plan_and_actual_stand_side_by_side(void **state)
{
    struct arena mem = {0};
    struct summary s;
    struct buf text = {0};
    struct json_doc doc;
    const struct json *one;
    struct err err = {0};
    struct str name;
    int64_t n;
    (void)state;

    made_and_finished(&s, &mem);
    report_summary_json(&text, &s);
    if (json_parse(buf_view(&text), &doc, &err))
        fail_msg("%s", err.msg);
    assert_true(json_i64(json_path(doc.root, "plan.items_before"), &n) && n == 2600);
    one = json_first(json_path(doc.root, "plan.phases"));
    while (json_text(json_get(one, "phase"), &name) && !str_eq(name, STR("confirming")))
        one = json_next(one);
    assert_true(json_i64(json_path(one, "before.requests.low"), &n) && n == 9);
    assert_true(json_i64(json_path(one, "before.requests.expected"), &n) && n == 30);
    assert_true(json_i64(json_path(one, "before.requests.high"), &n) && n == 96);
    assert_true(json_i64(json_path(one, "actual.requests"), &n) && n == 35);
    assert_true(json_i64(json_path(one, "actual.days"), &n) && n == 3);
    assert_null(json_get(one, "after_round_1"));     // no such plan was kept
    json_free(&doc);
    buf_clear(&text);
    report_story(&text, &s, STORY_PHASES, 0);
    assert_true(str_find(buf_view(&text), STR("1,700 (900 to 4,100)"), 0) > 0);
    assert_true(str_find(buf_view(&text), STR("1,531\n"), 0) > 0);
    memset(&s.phases, 0, sizeof s.phases);
    buf_clear(&text);
    report_story(&text, &s, STORY_PHASES, 0);
    assert_int_equal(text.n, 0);
    buf_release(&text);
    arena_release(&mem);
}

static void validity_check_is_counted_against_the_query(void **state)
{
    static const struct {
        enum state state;
        enum label label;
        enum reason reason;
        enum validation v;
    } rows[] = {
        { STATE_RETRIEVED, LABEL_NONE, REASON_AT_ONCE, VALIDATION_VALID },
        { STATE_RETRIEVED, LABEL_NONE, REASON_AT_ONCE, VALIDATION_NOT_VALID },    // against
        { STATE_RETRIEVED, LABEL_NONE, REASON_AT_ONCE, VALIDATION_NONE },
        { STATE_MISSING, LABEL_AD, REASON_MARKED_AD, VALIDATION_VALID },    // against
        { STATE_MISSING, LABEL_AD, REASON_MARKED_AD, VALIDATION_NOT_VALID },
        { STATE_MISSING, LABEL_DELETED, REASON_NOT_FOUND, VALIDATION_VALID },    // against
        { STATE_OPEN, LABEL_NONE, REASON_UNCONFIRMED,
          VALIDATION_VALID },    // decided by nobody yet
    };
    struct arena mem = {0};
    struct summary s = { .mem = &mem, .waterfall.n[NODE_ITEMS] = 7 };
    struct err err = {0};
    (void)state;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct label_row row = { .id = 7300000000000000000u + i,
                                 .state = rows[i].state,
                                 .label = rows[i].label,
                                 .reason = rows[i].reason,
                                 .validation = rows[i].v,
                                 .page = ANSWER_COUNT,
                                 .residual = -1 };

        summary_take(&s, &row, false, false);
    }
    assert_int_equal(summary_finish(&s, &err), 0);
    assert_int_equal(s.validation_against_query, 3);
    assert_int_equal(s.validation[NODE_PUBLIC][VALIDATION_VALID], 1);
    assert_int_equal(s.validation[NODE_PUBLIC][VALIDATION_NOT_VALID], 1);
    assert_int_equal(s.validation[NODE_NOT_PUBLIC][VALIDATION_VALID], 1);
    assert_int_equal(s.validation[NODE_RETRIEVED][VALIDATION_NONE], 1);
    assert_int_equal(s.validation[NODE_OPEN][VALIDATION_VALID], 1);
    arena_release(&mem);
}

static void terminal_tree_is_aligned(void **state)
{
    struct arena mem = {0};
    struct summary s;
    struct buf text = {0};
    struct str rest, line;
    int lines = 0;
    (void)state;

    made_and_finished(&s, &mem);
    report_story(&text, &s, STORY_WATERFALL, 0);
    rest = buf_view(&text);
    while (str_cut(&rest, '\n', &line) && line.n) {
        lines++;
        for (size_t i = 0; i < line.n; i++)
            assert_true(line.p[i] >= ' ' && line.p[i] <= '~');
        if (lines <= NODE_COUNT)
            assert_int_equal(str_find(line, STR(" %"), 0), 24 + 2 + 5 + 2 + 6);
        assert_true(line.n <= 79);
    }
    assert_int_equal(lines, NODE_COUNT + 1);
    assert_true(str_find(buf_view(&text), STR("residual of the ledger        0"), 0) > 0);
    buf_release(&text);
    arena_release(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_number_stands_once_with_its_worst_cases),
        cmocka_unit_test(a_share_of_nothing_has_no_value),
        cmocka_unit_test(every_row_is_in_one_bucket),
        cmocka_unit_test(item_without_a_row_leaves_a_residual),
        cmocka_unit_test(row_that_fits_no_bucket_leaves_a_residual),
        cmocka_unit_test(tree_is_that_of_the_design),
        cmocka_unit_test(headline_scales_the_sample_up),
        cmocka_unit_test(parts_of_the_public_posts_add_up),
        cmocka_unit_test(unfinished_audit_tells_a_range_and_what_is_open),
        cmocka_unit_test(census_has_no_interval_and_no_sample_no_share),
        cmocka_unit_test(rule_that_also_matches_returned_items_is_associated),
        cmocka_unit_test(statistics_reach_the_last_rule_of_the_file),
        cmocka_unit_test(overlaps_count_items_that_two_labels_claim),
        cmocka_unit_test(accounts_are_listed_least_likely_first),
        cmocka_unit_test(json_parses_and_adds_up),
        cmocka_unit_test(plan_and_actual_stand_side_by_side),
        cmocka_unit_test(validity_check_is_counted_against_the_query),
        cmocka_unit_test(terminal_tree_is_aligned),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
