/* tests/unit/test_check.c: where an item stands to a claim, and how verdicts are told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "audit/verdict/check.h"
#include "audit/verdict/check_change.h"
#include "audit/verdict/check_items.h"
#include "audit/verdict/check_number.h"
#include "audit/verdict/check_ratio.h"

#define HEAD "[a]\nclaim = It is there.\nsource = y\ncriterion = completeness\n"
#define COVERAGE HEAD "of = page.outcome = public\nthat = api.outcome = found\nat_least = 99 %\n"

static struct claims *claims;
static struct facts facts;

static const struct claim *parse(const char *text)
{
    struct err err = { 0 };

    claims_free(claims);
    claims = NULL;
    if (claims_parse(&claims, "c.ini", str_of(text), NULL, &err))
        fail_msg("%s", err.msg);
    return claims_at(claims, 0);
}

static int forget(void **state)
{
    (void)state;
    claims_free(claims);
    claims = NULL;
    memset(&facts, 0, sizeof facts);
    return 0;
}

static struct check_item item(bool api, bool page, bool verdict)
{
    return (struct check_item){ .facts = &facts,
                                .unsettled = { api, page, verdict },
                                .of_field = VERDICT_NONE };
}

static void set(enum fact f, const char *text) { facts.val[f] = value_text(str_of(text)); }

static void what_is_settled_holds_or_fails(void **state)
{
    const struct claim *c = parse(COVERAGE);
    struct check_item i = item(false, false, false);
    (void)state;
    set(FACT_PAGE_OUTCOME, "public");
    set(FACT_API_OUTCOME, "found");
    assert_int_equal(check_stand_that(c, &i), STAND_HELD);
    set(FACT_API_OUTCOME, "absent");
    assert_int_equal(check_stand_that(c, &i), STAND_FAILED);
    set(FACT_PAGE_OUTCOME, "refused");
    assert_int_equal(check_stand_that(c, &i), STAND_OUT);
}

static void an_open_item_is_open_whatever_is_known_so_far(void **state)
{
    const struct claim *c = parse(COVERAGE);
    struct check_item i = item(true, false, true);
    (void)state;
    set(FACT_PAGE_OUTCOME, "public");
    set(FACT_API_OUTCOME, "absent");
    assert_int_equal(check_stand_that(c, &i), STAND_OPEN);
    i = item(true, true, true);    // nor is its page read: it may be one of these
    facts.val[FACT_PAGE_OUTCOME] = (struct value){ 0 };
    assert_int_equal(check_stand_that(c, &i), STAND_OPEN);
    set(FACT_PAGE_OUTCOME, "refused");    // of another kind for sure
    i = item(true, false, true);
    assert_int_equal(check_stand_that(c, &i), STAND_OUT);
}

static void no_wording_leaves_the_open_items_out(void **state)
{
    static const char *const wordings[] = {
        "of = item.state in retrieved, missing\n",
        "of = item.state != open\n",
        "of = item.bucket ~ ^(retrieved|missing)\n",
        "of = item.label absent\n",
        "of = api.outcome present\n",
        "of = item.reason !~ unconfirmed\n",
    };
    struct check_item i = item(true, false, true);
    struct buf text = { 0 };
    (void)state;
    for (size_t w = 0; w < sizeof wordings / sizeof *wordings; w++) {
        buf_clear(&text);
        buf_printf(&text, HEAD "%sthat = api.outcome = found\nat_least = 99 %%\n", wordings[w]);
        set(FACT_ITEM_STATE, "open");
        set(FACT_ITEM_REASON, "unconfirmed");
        assert_int_equal(check_stand_that(parse(buf_cstr(&text)), &i), STAND_OPEN);
    }
    buf_release(&text);
}

static void a_condition_that_cannot_hold_any_more_decides(void **state)
{
    const struct claim *c = parse(HEAD
                                  "of = item.state = retrieved\nof = page.location_created = FR\n"
                                  "that = api.outcome = found\nat_least = 1\n");
    struct check_item i = item(true, false, true);
    (void)state;
    facts.val[FACT_PAGE(FIELD_PLACE)] = value_text(STR("DE"));
    assert_int_equal(check_stand_that(c, &i), STAND_OUT);
}

/* Their pages are a sample's, those of the missing are all read. */
static void retrieved_items_that_nobody_reads_are_not_forgotten(void **state)
{
    struct check_item i = item(false, false, false);
    (void)state;
    i.unsampled = true;
    set(FACT_API_OUTCOME, "found");
    set(FACT_ITEM_STATE, "retrieved");
    assert_int_equal(check_stand_that(parse(COVERAGE), &i), STAND_OPEN);
    assert_int_equal(check_stand_that(parse(HEAD "of = item.bucket ~ ^retrieved|public\n"
                                                 "that = item.state = retrieved\nat_least = 1\n"),
                                      &i),
                     STAND_OUT);    // no bucket was set: it is settled, and does not hold
    assert_int_equal(check_stand_that(parse(HEAD "of = item.state = retrieved\n"
                                                 "that = page.is_ad present\nat_least = 1\n"),
                                      &i),
                     STAND_FAILED);
}

static void pairs_are_as_near_as_the_claim_says(void **state)
{
    const struct claim *c = parse(HEAD "field = view_count\nwithin = 10 %\nat_least = 1\n");
    struct check_item i = item(false, false, false);
    (void)state;
    assert_int_equal(check_stand_field(c, &i), STAND_OUT);    // not compared
    i.of_field = VERDICT_WITHIN;
    facts.val[FACT_PAGE(FIELD_VIEWS)] = value_int(1000);
    facts.val[FACT_API(FIELD_VIEWS)] = value_int(900);
    assert_int_equal(check_stand_field(c, &i), STAND_HELD);
    facts.val[FACT_API(FIELD_VIEWS)] = value_int(899);
    assert_int_equal(check_stand_field(c, &i), STAND_FAILED);
    facts.val[FACT_API(FIELD_VIEWS)] = value_int(1100);
    assert_int_equal(check_stand_field(c, &i), STAND_HELD);
    facts.val[FACT_PAGE(FIELD_VIEWS)] = facts.val[FACT_API(FIELD_VIEWS)] = value_int(0);
    assert_int_equal(check_stand_field(c, &i), STAND_HELD);
    i = item(true, false, true);    // may become a pair
    assert_int_equal(check_stand_field(c, &i), STAND_OPEN);
    c = parse(HEAD "field = username\nat_least = 1\n");
    i = item(false, false, false);
    i.of_field = VERDICT_DIFFERS;
    assert_int_equal(check_stand_field(c, &i), STAND_FAILED);
    i.of_field = VERDICT_WITHIN;
    assert_int_equal(check_stand_field(c, &i), STAND_HELD);
    i.of_field = VERDICT_API_ONLY;
    assert_int_equal(check_stand_field(c, &i), STAND_OUT);
}

/* ---- numbers ---- */

static struct check_row number(const char *name, int64_t open, enum bounds bounds, struct err *err)
{
    static struct summary s;
    static struct arena mem;
    struct buf text = { 0 };
    struct number n = { .name = STR("found_by_48h"), .criterion = CRITERION_TIMELINESS };
    struct check_row row = { 0 };

    s = (struct summary){ 0 };
    arena_clear(&mem);
    number_set_share(&n, 980, 1000);
    number_set_bounds(&n, bounds, (struct stat_interval){ 0.97, 0.99 });
    number_put(&s.numbers, &mem, &n);
    s.waterfall.n[NODE_OPEN] = open;
    buf_printf(&text, HEAD "number = %s\nat_least = 90 %%\n", name);
    row.claim = parse(buf_cstr(&text));
    if (check_number(&s, "c.ini", &mem, &row, err))
        row.n = -1;
    buf_release(&text);
    return row;
}

static void a_number_is_widened_by_open_items_where_it_does_not_hold_them(void **state)
{
    struct err err = { 0 };
    struct check_row r = number("found_by_48h", 0, BOUNDS_SAMPLE, &err);
    (void)state;
    assert_float_equal(r.now.low, 0.97, 1e-9);
    r = number("found_by_48h", 1000, BOUNDS_SAMPLE, &err);
    assert_float_equal(r.now.low, 0.485, 1e-9);
    assert_float_equal(r.now.high, 0.995, 1e-9);
    assert_true(r.why.n > 0);
    r = number("found_by_48h", 1000, BOUNDS_BOTH, &err);
    assert_float_equal(r.now.low, 0.97, 1e-9);
}

static void a_number_that_there_is_not_is_an_error_with_its_line(void **state)
{
    struct err err = { 0 };
    struct check_row r = number("found_by_48", 0, BOUNDS_SAMPLE, &err);
    (void)state;
    assert_int_equal(r.n, -1);
    assert_int_equal(err.kind, ERR_USAGE);
    assert_non_null(strstr(err.msg, "c.ini:5: "));
    assert_non_null(strstr(err.msg, "did you mean found_by_48h?"));
}

/* ---- changes ---- */

static struct check_value share(int64_t k, int64_t n)
{
    struct stat_interval i = stat_wilson(k, n, 0.95);

    return (struct check_value){ true, (double)k / (double)n, i.low, i.high };
}

static struct check_row change(struct check_value now, struct check_value before, double margin,
                               bool higher_is_worse)
{
    static struct claim c;
    struct check_row row = { .claim = &c, .now = now, .before = before };

    c = (struct claim){ .margin = margin,
                        .higher_is_worse = higher_is_worse,
                        .bound = CLAIM_NOT_WORSE };
    check_change_decide(&row);
    return row;
}

/* Newcombe 1998, table II, example (a), method 10: 56/70 less 48/80. */
static void bounds_of_a_change_are_the_published_ones(void **state)
{
    struct check_row r = change(share(56, 70), share(48, 80), 0, false);
    (void)state;
    assert_float_equal(r.change.value, 0.2, 1e-9);
    assert_float_equal(r.change.low, 0.0524, 5e-5);
    assert_float_equal(r.change.high, 0.3339, 5e-5);
    assert_int_equal(r.verdict, CHECK_PASS);
    r = change(share(9, 10), share(3, 10), 0, false);    // example (c)
    assert_float_equal(r.change.low, 0.1705, 5e-5);
    assert_float_equal(r.change.high, 0.8090, 5e-5);
}

static void worse_is_lower_unless_the_claim_says_otherwise(void **state)
{
    (void)state;
    assert_int_equal(change(share(900, 1000), share(990, 1000), 0.01, false).verdict, CHECK_FAIL);
    assert_int_equal(change(share(900, 1000), share(990, 1000), 0.01, true).verdict, CHECK_PASS);
    assert_int_equal(change(share(990, 1000), share(900, 1000), 0.01, true).verdict, CHECK_FAIL);
    assert_int_equal(change(share(90, 100), share(90, 100), 0.01, false).verdict, CHECK_UNDECIDED);
    assert_int_equal(change(share(90, 100), share(90, 100), 0.2, false).verdict, CHECK_PASS);
    assert_int_equal(change(share(90, 100), (struct check_value){ 0 }, 0.2, false).verdict,
                     CHECK_UNDECIDED);
}

/* ---- medians ---- */

static struct check_row ratio(int accounts, int posts, double around, int open)
{
    static struct claim c;
    struct check_ratio r = { 0 };
    struct check_row row = { .claim = &c };

    c = (struct claim){ .confidence = 0.95 };
    for (int a = 1; a <= accounts; a++)
        for (int i = 0; i < posts; i++)
            check_ratio_add(&r, a, (size_t)accounts + 1,
                            around * (1 + 0.01 * ((a * 7 + i) % 5 - 2)));
    for (int i = 0; i < open; i++)
        check_ratio_open(&r, 0, (size_t)accounts + 1);
    check_ratio_conclude(&r, 5, &row);
    check_ratio_release(&r);
    return row;
}

static void a_median_has_bounds_by_account(void **state)
{
    struct check_row r = ratio(100, 3, 0.5, 0);
    (void)state;
    assert_int_equal(r.n, 300);
    assert_int_equal(r.accounts, 100);
    assert_float_equal(r.now.value, 0.5, 1e-9);
    assert_true(r.now.low >= 0.48 && r.now.low <= 0.5);
    assert_true(r.now.high <= 0.52 && r.now.high >= 0.5);
    assert_int_equal(r.unit, UNIT_RATIO);
}

static void open_pairs_fall_both_ways_in_a_median(void **state)
{
    struct check_row r = ratio(100, 3, 0.5, 20);
    (void)state;
    assert_int_equal(r.open, 20);
    assert_int_equal(r.n, 300);
    assert_float_equal(r.now.value, 0.5, 1e-9);
    r = ratio(100, 1, 0.5, 300);    // most may be anything
    assert_true(r.now.low <= 2 * RATIO_LEAST);
    assert_true(r.now.high >= RATIO_MOST / 2);
}

static void few_accounts_leave_a_median_open(void **state)
{
    struct check_row r = ratio(BOOT_CLUSTERS_MIN - 1, 50, 0.5, 0);
    (void)state;
    assert_true(r.now.low <= 2 * RATIO_LEAST && r.now.high >= RATIO_MOST / 2);
    assert_true(r.why.n > 0);
    r = ratio(0, 0, 1, 0);
    assert_false(r.now.has);
}

/* ---- telling ---- */

static void names_of_sections_are_safe_as_names_of_files(void **state)
{
    struct check_row rows[3] = { { .claim = parse("[../../etc/passwd]\nclaim = x\nsource = y\n"
                                                  "criterion = validity\nuntestable = z\n") } };
    struct check c = { .row = rows, .rows = 3 };
    struct claim plain = { .name = STR("coverage-1_a"), .line = 9 }, dots = { .name = STR("..") };
    struct buf name = { 0 };
    (void)state;
    rows[1].claim = &plain;
    rows[2].claim = &dots;
    check_ids_file(&c, 0, CHECK_FAILED, &name);
    assert_string_equal(buf_cstr(&name), "______etc_passwd-line1.failed.txt");
    buf_clear(&name);
    check_ids_file(&c, 1, CHECK_HELD, &name);
    assert_string_equal(buf_cstr(&name), "coverage-1_a.held.txt");
    buf_clear(&name);
    check_ids_file(&c, 2, CHECK_OPEN, &name);
    assert_string_equal(buf_cstr(&name), "__-line0.open.txt");
    buf_release(&name);
}

static void junit_escapes_what_stood_in_the_file(void **state)
{
    struct claim evil = { .name = STR("a<b>&\"\x01\xff"),
                          .claim = STR("]]> & more"),
                          .source = STR("<y>"),
                          .criterion = CRITERION_VALIDITY };
    struct check_row row = { .claim = &evil, .verdict = CHECK_FAIL };
    struct check c = { .row = &row, .rows = 1, .count = { 0, 1, 0 }, .newest_answer_at = 86400 };
    struct buf out = { 0 };
    (void)state;
    check_junit(&c, "c.ini", &out);
    assert_non_null(
        strstr(buf_cstr(&out), "name=\"a&lt;b&gt;&amp;&quot;\xef\xbf\xbd\xef\xbf\xbd\""));
    assert_non_null(strstr(buf_cstr(&out), ">]]&gt; &amp; more (&lt;y&gt;)</failure>"));
    assert_non_null(strstr(buf_cstr(&out), "timestamp=\"1970-01-02T00:00:00\""));
    buf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(what_is_settled_holds_or_fails, forget),
        cmocka_unit_test_teardown(an_open_item_is_open_whatever_is_known_so_far, forget),
        cmocka_unit_test_teardown(no_wording_leaves_the_open_items_out, forget),
        cmocka_unit_test_teardown(a_condition_that_cannot_hold_any_more_decides, forget),
        cmocka_unit_test_teardown(retrieved_items_that_nobody_reads_are_not_forgotten, forget),
        cmocka_unit_test_teardown(pairs_are_as_near_as_the_claim_says, forget),
        cmocka_unit_test_teardown(a_number_is_widened_by_open_items_where_it_does_not_hold_them,
                                  forget),
        cmocka_unit_test_teardown(a_number_that_there_is_not_is_an_error_with_its_line, forget),
        cmocka_unit_test(bounds_of_a_change_are_the_published_ones),
        cmocka_unit_test(worse_is_lower_unless_the_claim_says_otherwise),
        cmocka_unit_test(a_median_has_bounds_by_account),
        cmocka_unit_test(open_pairs_fall_both_ways_in_a_median),
        cmocka_unit_test(few_accounts_leave_a_median_open),
        cmocka_unit_test_teardown(names_of_sections_are_safe_as_names_of_files, forget),
        cmocka_unit_test_teardown(junit_escapes_what_stood_in_the_file, forget),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
