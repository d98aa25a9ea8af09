/* tests/unit/test_html.c: index.html escapes what comes from outside, loads
 * nothing, runs nothing, and tells the same numbers as the summary. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <libxml/HTMLparser.h>
#include <libxml/xpath.h>
#include "report/report.h"
#include "tests/unit/made_summary.h"

static const struct look shown = { .alias = { .names = true } };

static void page_make(struct summary *s, struct buf *page)
{
    struct err err = {0};

    assert_int_equal(summary_finish(s, &err), 0);
    if (report_html(page, s, &shown, NULL, &err))
        fail_msg("%s", err.msg);
}

static int hits(const struct buf *page, const char *xpath)
{
    xmlDoc *doc = htmlReadMemory(page->p, (int)page->n, NULL, "UTF-8",
                                 HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING);
    xmlXPathContext *ctx = xmlXPathNewContext(doc);
    xmlXPathObject *found = xmlXPathEvalExpression(BAD_CAST xpath, ctx);
    const int n = found->nodesetval ? found->nodesetval->nodeNr : 0;

    xmlXPathFreeObject(found);
    xmlXPathFreeContext(ctx);
    xmlFreeDoc(doc);
    return n;
}

static bool has(const struct buf *page, const char *text)
{
    return str_find(buf_view(page), str_of(text), 0) >= 0;
}

static void hostile_text_stays_text(void **state)
{
    struct arena mem = {0};
    struct summary s;
    struct buf page = {0};
    (void)state;

    made_summary(&s, &mem);
    s.drift[0].name = STR(
        "</code></td></table><script>alert(1)</script><img src=x onerror=alert(2)>");
    s.rule[0].source = STR("</style><script>alert(3)</script>&amp;");
    s.setting[0].value = STR("\"><svg onload=alert(4)>");
    s.accounts.row[0].handle = STR("a\xe2\x80\xae"
                                   "b\xff\x1b[31m");    // right-to-left override, bad UTF-8, escape
    s.example[LABEL_CANADA][0].handle = STR("x\" onclick=\"alert(5)");
    page_make(&s, &page);
    assert_int_equal(hits(&page, "//script"), 0);
    assert_int_equal(hits(&page, "//svg"), 0);
    assert_int_equal(hits(&page, "//img"), 0);
    assert_int_equal(hits(&page, "//@onclick|//@onload|//@onerror"), 0);
    assert_int_equal(hits(&page, "//code[contains(., '<script>alert(1)</script>')]"), 1);
    assert_int_equal(hits(&page, "//div[contains(., '&amp;')]"),
                     2);    // the note and the div around its table
    assert_false(has(&page, "\xe2\x80\xae"));
    assert_false(has(&page, "\x1b"));
    assert_false(has(&page, "\xff"));
    buf_release(&page);
    arena_release(&mem);
}

static void page_loads_nothing_and_runs_nothing(void **state)
{
    struct arena mem = {0};
    struct summary s;
    struct buf page = {0};
    (void)state;

    made_summary(&s, &mem);
    page_make(&s, &page);
    assert_true(str_starts(buf_view(&page), STR("<!DOCTYPE html>")));
    assert_int_equal(hits(&page, "//meta[@http-equiv='Content-Security-Policy'][contains(@content, "
                                 "\"default-src 'none'\")]"), 1);
    assert_int_equal(hits(&page, "//*[@src]|//link|//script|//iframe|//object|//form"), 0);
    assert_int_equal(hits(&page, "//html[@lang='en']"), 1);
    assert_int_equal(hits(&page, "//table[not(caption)]|//th[not(@scope)]|//img[not(@alt)]"), 0);
    buf_release(&page);
    arena_release(&mem);
}

static void page_tells_the_numbers_of_the_summary(void **state)
{
    struct arena mem = {0};
    struct summary s;
    struct buf page = {0}, again = {0};
    (void)state;

    made_summary(&s, &mem);
    page_make(&s, &page);
    page_make(&s, &again);
    assert_true(str_eq(buf_view(&page), buf_view(&again)));
    assert_int_equal(hits(&page, "//table[@class='tree']//tbody/tr"), NODE_COUNT);
    assert_int_equal(hits(&page, "//table[@class='tree']//tr[th='public' and td='240']"), 1);
    assert_int_equal(
        hits(&page, "//section[@id='labels']//a[starts-with(@href, 'https://www.tiktok.com/@')]"),
        SUMMARY_EXAMPLES * (LABEL_COUNT - 3));     // nothing leads to deleted and private ones
    assert_int_equal(hits(&page, "//section[@id='open']//tr[th='unconfirmed' and td='40']"), 1);
    assert_int_equal(
        hits(&page,
             "//section[@id='plan']//tr[th='pages' and td='1,700 (900 to 4,100)' and td='1,531']"),
        1);
    assert_true(has(&page, "What it does not prove"));
    assert_true(has(&page, "The API answered nothing to anybody from "));
    assert_true(has(&page, "(12 requests): these replies are kept and count for nothing."));
    assert_true(has(&page, "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"));
    buf_release(&page);
    buf_release(&again);
    arena_release(&mem);
}

static void validity_check_stands_beside_the_query(void **state)
{
    struct arena mem = {0};
    struct summary s;
    struct buf page = {0};
    (void)state;

    made_summary(&s, &mem);
    page_make(&s, &page);
    assert_int_equal(hits(&page, "//section[@id='validation']//table"), 0);
    assert_int_equal(hits(&page, "//section[@id='validation']/p[contains(., 'not asked')]"), 1);
    buf_clear(&page);
    made_summary(&s, &mem);
    s.validation[NODE_PUBLIC][VALIDATION_VALID] = 31;
    s.validation[NODE_RETRIEVED][VALIDATION_NOT_VALID] = 7;
    s.accounts.info[ACCOUNT_EXCLUDED][USER_INFO_KNOWN] = 2;
    s.accounts.queried = s.accounts.queried_none = 2;
    s.accounts.row[0].info = USER_INFO_DENIED;
    page_make(&s, &page);
    assert_int_equal(hits(&page, "//section[@id='validation']//tr[th='public' and td='31']"), 1);
    assert_int_equal(hits(&page, "//section[@id='validation']//tr[th='retrieved' and td='7']"), 1);
    assert_int_equal(
        hits(&page, "//section[@id='accounts']//p[contains(., 'excluded accounts by name: 2')]"),
        1);
    assert_int_equal(
        hits(&page, "//section[@id='accounts']//td[contains(., 'cannot return the user')]"), 1);
    buf_release(&page);
    arena_release(&mem);
}

static void each_criterion_has_its_table(void **state)
{
    struct arena mem = {0};
    struct summary s;
    struct buf page = {0};
    struct err err = {0};
    (void)state;

    made_summary(&s, &mem);
    assert_int_equal(summary_finish(&s, &err), 0);
    made_criteria(&s);
    if (report_html(&page, &s, &shown, NULL, &err))
        fail_msg("%s", err.msg);
    assert_int_equal(hits(&page, "//section[@id='criteria']//table"), 5);    // fields apart
    assert_int_equal(hits(&page, "//section[@id='criteria']//tr[th='agreement' and td='98.7 %'"
                                 " and td='98.1 %' and td='99.2 %' and td='4,935'"
                                 " and td='Sound asks that found.']"), 1);
    assert_int_equal(hits(&page, "//section[@id='criteria']//tr[th='age first found'"
                                 " and td='74.0 h' and td='0.0 h' and td='79.0 h']"), 1);
    assert_int_equal(hits(&page, "//section[@id='criteria']//tr[th='found by 48h' and td='-'"
                                 " and contains(., 'no value')]"), 1);
    assert_int_equal(hits(&page, "//section[@id='criteria']//tr[th='difference age'"
                                 " and td='-0.21']"), 1);
    assert_int_equal(hits(&page, "//section[@id='criteria']/details//tr"), 2);
    buf_release(&page);
    arena_release(&mem);
}

static void late_checks_stand_beside_the_headline(void **state)
{
    struct arena mem = {0};
    struct summary s;
    struct buf page = {0}, json = {0};
    (void)state;

    made_summary(&s, &mem);
    page_make(&s, &page);
    report_summary_json(&json, &s);
    assert_int_equal(hits(&page, "//div[@class='headline']/p[contains(., 'Late check')]"), 0);
    assert_false(has(&json, "late_checks"));
    buf_clear(&page);
    buf_clear(&json);
    made_summary(&s, &mem);
    s.late_drawn_at = MADE_AT;
    s.late[s.lates++] = (struct late_check){
        .days = 14,
        .first_day = MADE_AT / 86400 + 20,
        .last_day = MADE_AT / 86400 + 20,
        .missing = { .asked = 290, .hits = 4, .refused = 10 },
        .retrieved = { .asked = 298, .undecided = 2 },
    };
    page_make(&s, &page);
    report_summary_json(&json, &s);
    /* Clopper and Pearson: 4 of 290 is 0.38 % to 3.49 %; 0 of 298 is under 1.23 %. */
    assert_int_equal(
        hits(
            &page,
            "//div[@class='headline']/p[starts-with(., 'Late check after 14 days (') and "
            "contains(., 'of 290 confirmed missing items 4 came back and count as retrieved now "
            "(1.4 %, 95 % "
            "interval 0.4 % to 3.5 %); of 298 retrieved ones 0 were absent though their pages were "
            "still "
            "public (0.0 %, 95 % interval 0.0 % to 1.2 %). Pages of 10 more were refused since. 2 "
            "are undecided.')]"),
        1);
    assert_true(has(&json, "\"late_checks\": {"));
    assert_true(has(&json, "\"came_back\": 4"));
    assert_true(has(&json, "\"interval_95\": [0.003771, 0.034937]"));
    buf_release(&page);
    buf_release(&json);
    arena_release(&mem);
}

static void empty_audit_makes_a_page(void **state)
{
    struct arena mem = {0};
    struct summary s = { .mem = &mem };
    struct buf page = {0};
    (void)state;

    page_make(&s, &page);
    assert_true(has(&page, "Nothing is open."));
    assert_true(has(&page, "no answer yet"));
    buf_release(&page);
    arena_release(&mem);
}

static void missing_picture_is_an_error(void **state)
{
    struct arena mem = {0};
    struct summary s;
    struct buf page = {0};
    struct err err = {0};
    (void)state;

    made_summary(&s, &mem);
    assert_int_equal(summary_finish(&s, &err), 0);
    assert_int_equal(report_html(&page, &s, &shown, "/nonexistent", &err), -1);
    assert_int_equal(err.kind, ERR_IO);
    assert_int_equal(page.n, 0);
    buf_release(&page);
    arena_release(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hostile_text_stays_text),
        cmocka_unit_test(page_loads_nothing_and_runs_nothing),
        cmocka_unit_test(page_tells_the_numbers_of_the_summary),
        cmocka_unit_test(validity_check_stands_beside_the_query),
        cmocka_unit_test(each_criterion_has_its_table),
        cmocka_unit_test(late_checks_stand_beside_the_headline),
        cmocka_unit_test(empty_audit_makes_a_page),
        cmocka_unit_test(missing_picture_is_an_error),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);

    xmlCleanupParser();
    return failed;
}
