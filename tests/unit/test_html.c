/* tests/unit/test_html.c: index.html escapes what comes from outside, loads
 * nothing, runs nothing, and tells the same numbers as the summary. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <cjson/cJSON.h>
#include <math.h>
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
    struct err err = { 0 };

    assert_int_equal(summary_finish(s, &err), 0);
    report_html(page, s, &shown, false);
}

static void method_make(struct summary *s, struct buf *page)
{
    struct err err = { 0 };

    assert_int_equal(summary_finish(s, &err), 0);
    report_method_html(page, s, &shown, false);
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
    struct arena mem = { 0 };
    struct summary s;
    struct buf page = { 0 };
    (void)state;

    made_summary(&s, &mem);
    s.drift[0].name = STR(
        "</code></td></table><script>alert(1)</script><img src=x onerror=alert(2)>");
    s.rule[0].source = STR("</style><script>alert(3)</script>&amp;");
    s.setting[0].value = STR("\"><svg onload=alert(4)>");
    s.accounts.row[0].handle = STR("a\xe2\x80\xae"
                                   "b\xff\x1b[31m");    // right-to-left override, bad UTF-8, escape
    s.example[LABEL_CANADA][0].handle = STR("x\" onclick=\"alert(5)");
    s.name = STR("\"}</style><script>alert(6)</script>\\");
    page_make(&s, &page);
    method_make(&s, &page);    // both, one behind the other
    assert_int_equal(hits(&page, "//script"), 0);
    assert_int_equal(hits(&page, "//svg"), 0);
    assert_int_equal(hits(&page, "//img"), 0);
    assert_int_equal(hits(&page, "//@onclick|//@onload|//@onerror"), 0);
    assert_true(has(&page, "&lt;script&gt;alert(1)&lt;/script&gt;"));
    assert_true(has(&page, "&lt;script&gt;alert(3)&lt;/script&gt;&amp;amp;"));
    assert_true(has(&page, "/stylescriptalert(6)/script"));    // in the style sheet: no mark
    assert_false(has(&page, "\xe2\x80\xae"));
    assert_false(has(&page, "\x1b"));
    assert_false(has(&page, "\xff"));
    buf_release(&page);
    arena_release(&mem);
}

static void page_loads_nothing_and_runs_nothing(void **state)
{
    struct arena mem = { 0 };
    struct summary s;
    struct buf page = { 0 };
    (void)state;

    made_summary(&s, &mem);
    page_make(&s, &page);
    assert_true(str_starts(buf_view(&page), STR("<!DOCTYPE html>")));
    assert_int_equal(hits(&page, "//meta[@http-equiv='Content-Security-Policy'][contains(@content, "
                                 "\"default-src 'none'\")]"),
                     1);
    assert_int_equal(hits(&page, "//*[@src]|//link|//script|//iframe|//object|//form"), 0);
    assert_int_equal(hits(&page, "//html[@lang='en']"), 1);
    assert_int_equal(hits(&page, "//table[not(caption)]|//th[not(@scope)]|//img[not(@alt)]"), 0);
    buf_release(&page);
    arena_release(&mem);
}

static void page_tells_the_numbers_of_the_summary(void **state)
{
    struct arena mem = { 0 };
    struct summary s;
    struct buf page = { 0 }, again = { 0 };
    (void)state;

    made_summary(&s, &mem);
    page_make(&s, &page);
    page_make(&s, &again);
    assert_true(str_eq(buf_view(&page), buf_view(&again)));
    assert_int_equal(hits(&page, "//section[@id='ledger']//tbody/tr"), NODE_COUNT);
    assert_int_equal(hits(&page, "//section[@id='ledger']//tr[th='public' and td='240']"), 1);
    assert_int_equal(hits(&page, "//a[starts-with(@href, 'http')]"), 0);    // to no live post
    assert_int_equal(hits(&page, "//section[@id='limits']"), 1);
    assert_true(has(&page, "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"));
    buf_clear(&page);
    method_make(&s, &page);
    assert_int_equal(hits(&page, "//section[@id='plan']//tr[th='pages' and td/data='1,700' and "
                                 "td/div='900 to 4,100' and td='1,531']"),
                     1);
    assert_int_equal(hits(&page, "//section[@id='requests']//caption[contains(., 'answered nothing "
                                 "to anybody')]"),
                     1);
    buf_release(&page);
    buf_release(&again);
    arena_release(&mem);
}

/* What summary.json holds at an RFC 6901 pointer. */
static const cJSON *at(const cJSON *json, const char *pointer)
{
    char part[96];

    while (json && *pointer == '/') {
        const size_t n = strcspn(++pointer, "/");

        snprintf(part, sizeof part, "%.*s", (int)n, pointer);
        pointer += n;
        json = cJSON_IsArray(json) ? cJSON_GetArrayItem(json, atoi(part))
                                   : cJSON_GetObjectItemCaseSensitive(json, part);
    }
    return json;
}

static void follow_all(const struct buf *page, const cJSON *json, int least)
{
    xmlDoc *doc = htmlReadMemory(page->p, (int)page->n, NULL, "UTF-8",
                                 HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING);
    xmlXPathContext *ctx = xmlXPathNewContext(doc);
    xmlXPathObject *found = xmlXPathEvalExpression(BAD_CAST "//data", ctx);

    assert_true(found->nodesetval->nodeNr >= least);
    for (int i = 0; i < found->nodesetval->nodeNr; i++) {
        xmlNode *data = found->nodesetval->nodeTab[i];
        xmlChar *value = xmlGetProp(data, BAD_CAST "value"),
                *pointer = xmlGetProp(data, BAD_CAST "data-at");
        const cJSON *there = at(json, (const char *)pointer);
        const double x = cJSON_IsString(there)   ? atof(there->valuestring)
                         : cJSON_IsNumber(there) ? there->valuedouble
                                                 : NAN;

        if (!(fabs(x - atof((const char *)value)) < 1e-6 + 1e-6 * fabs(x)))
            fail_msg("%s is %s on the page and %g in summary.json", (const char *)pointer,
                     (const char *)value, x);
        xmlFree(value);
        xmlFree(pointer);
    }
    xmlXPathFreeObject(found);
    xmlXPathFreeContext(ctx);
    xmlFreeDoc(doc);
}

static void every_number_can_be_followed_to_the_summary(void **state)
{
    struct arena mem = { 0 };
    struct summary s;
    struct buf page = { 0 }, method = { 0 }, json = { 0 };
    cJSON *tree;
    (void)state;

    made_summary(&s, &mem);
    page_make(&s, &page);
    method_make(&s, &method);
    made_criteria(&s);
    made_sample(&s);
    buf_clear(&page);
    report_html(&page, &s, &shown, false);
    report_summary_json(&json, &s);
    tree = cJSON_Parse(buf_cstr(&json));
    assert_non_null(tree);
    follow_all(&page, tree, 300);
    follow_all(&method, tree, 30);
    cJSON_Delete(tree);
    buf_release(&page);
    buf_release(&method);
    buf_release(&json);
    arena_release(&mem);
}

/* ---- what the first screen says, from nothing to all ---- */

static void says(struct summary *s, const char *title, const char *headline)
{
    struct buf page = { 0 }, xpath = { 0 };

    page_make(s, &page);
    buf_printf(&xpath, "//h1[starts-with(normalize-space(.), '%s')]", headline);
    if (!hits(&page, buf_cstr(&xpath)))
        fail_msg("the first screen does not say: %s", headline);
    buf_clear(&xpath);
    buf_printf(&xpath, "//title[starts-with(., 'TikTok Research API: %s')]", title);
    if (!hits(&page, buf_cstr(&xpath)))
        fail_msg("the title does not say: %s", title);
    buf_release(&page);
    buf_release(&xpath);
}

static void each_state_of_an_audit_has_its_headline(void **state)
{
    struct arena mem = { 0 };
    struct summary s = { .mem = &mem, .final = true };
    (void)state;

    says(&s, "no posts yet", "No posts have come in yet");
    s = (struct summary){ .mem = &mem };
    s.waterfall.n[NODE_ITEMS] = s.waterfall.n[NODE_OPEN] = s.waterfall.n[NODE_NOT_ASKED] = 2;
    says(&s, "nothing asked yet", "2 posts, and the API was not asked for any of them yet");
    s.waterfall.n[NODE_ITEMS] = s.waterfall.n[NODE_OPEN] = s.waterfall.n[NODE_NOT_ASKED] = 1;
    says(&s, "nothing asked yet", "1 post, and the API was not asked for it yet");
    s.request[WITNESS_QUERY].requests = 1;
    says(&s, "provisional", "Provisional: 0 of 1 posts are decided");
    s = (struct summary){ .mem = &mem, .final = true };
    s.waterfall.n[NODE_ITEMS] = s.waterfall.n[NODE_RETRIEVED] = s.waterfall.n[NODE_AT_ONCE] = 1;
    s.headline.sampled = s.headline.sampled_public = 1;
    says(&s, "all public posts returned", "The API returned the one post that anyone could open");
    s.waterfall.n[NODE_ITEMS] = s.waterfall.n[NODE_RETRIEVED] = s.waterfall.n[NODE_AT_ONCE] = 12;
    s.headline.sampled = s.headline.sampled_public = 12;
    says(&s, "all public posts returned", "The API returned all 12 posts that anyone could open");
    s = (struct summary){ .mem = &mem, .final = true };
    s.waterfall.n[NODE_ITEMS] = s.waterfall.n[NODE_MISSING] = 3;
    s.waterfall.n[NODE_NOT_PUBLIC] = s.waterfall.n[NODE_DELETED] = 3;
    says(&s, "no public posts", "None of 3 posts could be opened by anyone");
    s.waterfall.n[NODE_NOT_PUBLIC] = s.waterfall.n[NODE_DELETED] = 0;
    s.waterfall.n[NODE_PUBLIC] = s.waterfall.n[NODE_PUBLIC_UNKNOWN] = 3;
    says(&s, "3 of 3 public posts not", "The API returned none of the 3 posts that anyone could");
    made_summary(&s, &mem);
    says(&s, "240 of about ", "The API did not return 240 of about 2,");
    arena_release(&mem);
}

static void unfinished_audit_headlines_a_range_and_what_is_open(void **state)
{
    struct arena mem = { 0 };
    struct summary s;
    struct buf page = { 0 };
    (void)state;

    made_summary(&s, &mem);
    s.final = false;
    says(&s, "provisional, ", "Provisional: the API did not return between ");
    made_summary(&s, &mem);
    s.final = false;
    page_make(&s, &page);
    assert_int_equal(hits(&page, "//p[@class='kick']//span[starts-with(., 'provisional: ')]"), 1);
    assert_int_equal(hits(&page,
                          "//div[@class='note']//li[starts-with(., '40 public posts were not "
                          "returned, on too few days as yet: not before ')]/time"),
                     1);
    assert_int_equal(hits(&page, "//div[@class='note']//li"), 3);
    buf_release(&page);
    arena_release(&mem);
}

static void handles_of_private_persons_are_pseudonyms(void **state)
{
    static const struct look hidden = { .alias = { .key = { "key", 3 } }, .min_cell = 5 };
    struct arena mem = { 0 };
    struct summary s;
    struct buf page = { 0 };
    (void)state;

    made_summary(&s, &mem);
    assert_int_equal(summary_finish(&s, &(struct err){ 0 }), 0);
    report_html(&page, &s, &hidden, false);
    assert_false(has(&page, "creator_"));
    assert_true(has(&page, "account-"));
    assert_int_equal(hits(&page, "//section[@id='ledger']//tr[contains(th, 'own accounts')]"
                                 "//span[. = 'under 5']"),
                     2);    // 3 of the company's, and their share
    assert_int_equal(hits(&page, "//section[@id='ledger']//tr[contains(th, 'own accounts')]"
                                 "//i"),
                     0);    // nor is it read off a bar
    buf_release(&page);
    arena_release(&mem);
}

static void validity_check_stands_beside_the_query(void **state)
{
    struct arena mem = { 0 };
    struct summary s;
    struct buf page = { 0 };
    (void)state;

    made_summary(&s, &mem);
    method_make(&s, &page);
    assert_int_equal(hits(&page, "//section[@id='validation']"), 0);
    buf_clear(&page);
    made_summary(&s, &mem);
    s.validation[NODE_PUBLIC][VALIDATION_VALID] = 31;
    s.validation[NODE_RETRIEVED][VALIDATION_NOT_VALID] = 7;
    s.accounts.info[ACCOUNT_EXCLUDED][USER_INFO_KNOWN] = 2;
    s.accounts.queried = s.accounts.queried_none = 2;
    s.accounts.row[0].info = USER_INFO_DENIED;
    method_make(&s, &page);
    assert_int_equal(hits(&page, "//section[@id='validation']//tr[th='public' and td='31']"), 1);
    assert_int_equal(hits(&page, "//section[@id='validation']//tr[th='returned' and td='7']"), 1);
    buf_clear(&page);
    page_make(&s, &page);
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
    struct arena mem = { 0 };
    struct summary s;
    struct buf page = { 0 };
    (void)state;

    made_summary(&s, &mem);
    assert_int_equal(summary_finish(&s, &(struct err){ 0 }), 0);
    made_criteria(&s);
    report_html(&page, &s, &shown, false);
    assert_int_equal(hits(&page, "//section[@id='criteria']//table"), 5);    // fields apart
    assert_int_equal(hits(&page, "//section[@id='criteria']//tr[th/code='agreement' and td='98.7 %'"
                                 " and td='98.1 %' and td='99.2 %' and td='4,935'"
                                 " and th/div='Sound asks that found.']"),
                     1);
    assert_int_equal(hits(&page, "//section[@id='criteria']//tr[th/code='age first found'"
                                 " and td='74.0 h' and td='0.0 h' and td='79.0 h']"),
                     1);
    assert_int_equal(hits(&page, "//section[@id='criteria']//tr[th/code='found by 48h' and td='-'"
                                 " and contains(., 'no value')]"),
                     1);
    assert_int_equal(hits(&page, "//section[@id='criteria']//tr[th/code='difference age'"
                                 " and td='-0.21']"),
                     1);
    assert_int_equal(hits(&page, "//section[@id='criteria']/details//tr"), 2);
    buf_release(&page);
    arena_release(&mem);
}

static void vantages_that_differ_have_a_section(void **state)
{
    struct arena mem = { 0 };
    struct summary s;
    struct buf page = { 0 }, method = { 0 }, json = { 0 };
    (void)state;

    made_summary(&s, &mem);
    page_make(&s, &page);
    report_summary_json(&json, &s);
    assert_int_equal(hits(&page, "//section[@id='vantages']"), 0);
    assert_false(has(&json, "\"vantages\": {"));
    buf_clear(&page);
    buf_clear(&json);
    made_vantages(&s);
    report_html(&page, &s, &shown, false);
    report_method_html(&method, &s, &shown, false);
    report_summary_json(&json, &s);
    assert_int_equal(
        hits(&page, "//section[@id='vantages']/p[starts-with(., 'Of 2,559 posts whose pages "
                    "decided at two vantages, 47 are public at one and were refused at another "
                    "while they were still there (1.8 %; 1.4 % to 2.5 %). Of 1 more this is not "
                    "decided')]"),
        1);
    assert_int_equal(hits(&page, "//section[@id='vantages']//tbody/tr"), 6);
    assert_int_equal(hits(&page, "//section[@id='vantages']//tr[th='public at first, refused at "
                                 "ca' and td[1]='38' and td[2]='2,279' and td[3]='1.7 %' and "
                                 "td[4]='1.2 %' and td[5]='2.3 %' and td[6]='1']"),
                     1);
    assert_int_equal(hits(&page, "//section[@id='vantages']//tr[th='refused at first, public at "
                                 "us' and td[2]='0' and td[3]='-' and td[4]='-']"),
                     1);
    assert_int_equal(hits(&method, "//section[@id='vantages']//tr[th='ca' and td[1]='CA' and "
                                   "td[3]='2,250' and td[4]='310' and td[5]='3']"),
                     1);
    assert_true(has(&json, "\"public_refused_undecided\": 1"));
    buf_release(&page);
    buf_release(&method);
    buf_release(&json);
    arena_release(&mem);
}

static void late_checks_stand_beside_the_headline(void **state)
{
    struct arena mem = { 0 };
    struct summary s;
    struct buf page = { 0 }, json = { 0 };
    (void)state;

    made_summary(&s, &mem);
    page_make(&s, &page);
    report_summary_json(&json, &s);
    assert_int_equal(hits(&page, "//section[@id='sure']//li[starts-with(., 'Later.')]"), 0);
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
        hits(&page,
             "//section[@id='sure']//li[starts-with(., 'Later. After 14 days (') and contains(., "
             "'of 290 confirmed missing posts 4 came back and count as returned now (1.4 %, 95 % "
             "interval 0.4 % to 3.5 %); of 298 returned ones 0 were absent though their pages were "
             "still public (0.0 %, 95 % interval 0.0 % to 1.2 %). Of the missing ones the pages of "
             "10 more were refused since. Of the returned ones 2 are undecided.')]"),
        1);
    assert_true(has(&json, "\"late_checks\": {"));
    assert_true(has(&json, "\"came_back\": 4"));
    assert_true(has(&json, "\"interval_95\": [0.003771, 0.034937]"));
    buf_release(&page);
    buf_release(&json);
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
        cmocka_unit_test(vantages_that_differ_have_a_section),
        cmocka_unit_test(late_checks_stand_beside_the_headline),
        cmocka_unit_test(every_number_can_be_followed_to_the_summary),
        cmocka_unit_test(each_state_of_an_audit_has_its_headline),
        cmocka_unit_test(unfinished_audit_headlines_a_range_and_what_is_open),
        cmocka_unit_test(handles_of_private_persons_are_pseudonyms),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);

    xmlCleanupParser();
    return failed;
}
