/* tests/unit/test_look.c: what pages show of people and of small counts, and that a number on
 * a page says where it comes from. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "report/datum.h"
#include "report/meaning.h"

static const struct alias keyed = { .key = { "k1", 2 } };

static void a_handle_becomes_one_pseudonym(void **state)
{
    char a[ALIAS_MAX], b[ALIAS_MAX];
    const struct alias other = { .key = { "k2", 2 } }, named = { .names = true };
    const struct str first = alias_of(&keyed, STR("Mira.Vosk"), a);
    (void)state;

    assert_true(str_starts(first, STR("account-")));
    assert_int_equal(first.n, strlen("account-") + 10);
    assert_true(str_eq(first, alias_of(&keyed, STR("mira.vosk"), b)));
    assert_false(str_eq(first, alias_of(&keyed, STR("mira.voss"), b)));
    assert_false(str_eq(first, alias_of(&other, STR("mira.vosk"), b)));
    assert_true(str_eq(alias_of(&named, STR("Mira.Vosk"), b), STR("Mira.Vosk")));
    assert_int_equal(alias_of(&keyed, STR_NONE, b).n, 0);
}

static void public_figures_keep_their_handle(void **state)
{
    struct buf text = {0};
    struct str *list;
    struct alias alias = keyed;
    char a[ALIAS_MAX];
    (void)state;

    buf_puts(&text, "# ministers\r\n\n @Zora.Public \r\nalma\nquincy_x");
    alias_list(&text, &list, &alias.len);
    alias.public = list;
    assert_int_equal(alias.len, 3);
    assert_true(alias_shows(&alias, STR("zora.public")));
    assert_true(alias_shows(&alias, STR("ALMA")));
    assert_true(alias_shows(&alias, STR("quincy_x")));
    assert_false(alias_shows(&alias, STR("quincy")));
    assert_false(alias_shows(&alias, STR("ministers")));
    assert_true(str_eq(alias_of(&alias, STR("Zora.Public"), a), STR("Zora.Public")));
    free(list);
    buf_release(&text);
}

/* What put puts below a <p>, as text of the page. */
static char *page_of(void (*put)(xmlNode *, struct datum_from), struct datum_from from)
{
    xmlNode *body;
    xmlDoc *doc = dom_page("t", &body);
    struct buf out = {0};
    char *from_body;

    put(dom_add(body, "p"), from);
    dom_write(doc, &out);
    from_body = strdup(strstr(buf_cstr(&out), "<body>"));
    buf_release(&out);
    return from_body;
}

static void put_some(xmlNode *p, struct datum_from from)
{
    datum_value(p, from, "part");
    datum_n(p, from, "part");
    datum_of(p, from, "part");
    datum_high(p, from, "lag");
    datum_value(p, from, "nothing");
    datum_count_at(p, from, 3, "/rows/%d/items", 7);
    datum_share_at(p, from, 0.5, 3, "/rows/%d/share", 7);
}

static void number_says_where_it_stands_and_small_ones_hide(void **state)
{
    struct arena mem = {0};
    struct summary s = { .mem = &mem };
    struct number part = { .name = STR("part") };
    const struct number lag = { .name = STR("lag"), .criterion = CRITERION_TIMELINESS,
                                .unit = UNIT_HOURS, .has = true, .value = 20, .low = 10, .high = 30,
                                .bounds = BOUNDS_SAMPLE, .n = 40, .of = 40 };
    const struct number nothing = { .name = STR("nothing") };
    struct look look = {0};
    char *html;
    (void)state;

    number_set_share(&part, 4, 1600);
    number_put(&s.numbers, &mem, &part);
    number_put(&s.numbers, &mem, &lag);
    number_put(&s.numbers, &mem, &nothing);
    html = page_of(put_some, (struct datum_from){ &s, &look });
    assert_non_null(strstr(html, "<data value=\"0.002500\" "
                                 "data-at=\"/numbers/part/value\">0.2 %</data>"));
    assert_non_null(strstr(html, "<data value=\"1600\" data-at=\"/numbers/part/of\">1,600</data>"));
    assert_non_null(strstr(html, "data-at=\"/criteria/timeliness/lag/high\">30.0 h</data>"));
    assert_non_null(strstr(html, "data-at=\"/rows/7/items\">3</data>"));
    free(html);
    look.min_cell = 5;
    html = page_of(put_some, (struct datum_from){ &s, &look });
    assert_null(strstr(html, "0.2 %"));
    assert_null(strstr(html, "/numbers/part/n\""));
    assert_null(strstr(html, "/rows/7/"));
    assert_non_null(strstr(html, "1,600"));
    assert_non_null(strstr(html, "under 5"));
    free(html);
    arena_release(&mem);
}

/* Of a colour "#rrggbb", as WCAG 2 defines it. */
static double luminance(const char *colour)
{
    static const double weight[] = { 0.2126, 0.7152, 0.0722 };
    double sum = 0;

    for (int i = 0; i < 3; i++) {
        const char hex[3] = { colour[1 + 2 * i], colour[2 + 2 * i], '\0' };
        const double c = (double)strtol(hex, NULL, 16) / 255;

        sum += weight[i] * (c <= 0.03928 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4));
    }
    return sum;
}

static double contrast(const char *a, const char *b)
{
    const double x = luminance(a), y = luminance(b);

    return ((x > y ? x : y) + 0.05) / ((x < y ? x : y) + 0.05);
}

/* Graphics need 3:1 beside their paper, or a border or label; two that stand side by side in
 * the bar are not the same to an eye that sees no colour. */
static void meanings_are_told_apart(void **state)
{
    struct buf css = {0};
    (void)state;

    for (int m = 0; m < MEANING_COUNT; m++)
        for (int k = 0; k < m; k++)
            assert_true(strcmp(meanings[m].word, meanings[k].word) != 0 &&
                        strcmp(meanings[m].light, meanings[k].light) != 0 &&
                        (meanings[m].hatch != meanings[k].hatch ||
                         contrast(meanings[m].light, meanings[k].light) > 1.2));
    assert_true(contrast(meanings[MEANING_RETURNED].light, meanings[MEANING_LATE].light) > 1.5);
    assert_true(contrast(meanings[MEANING_DOCUMENTED].light, meanings[MEANING_UNEXPLAINED].light) >
                1.5);
    meaning_css(&css);
    assert_non_null(strstr(buf_cstr(&css), "--m-late:#"));
    buf_release(&css);
    assert_int_equal(meaning_of(NODE_AD, BASIS_DISPUTED), MEANING_DISPUTED);
    assert_int_equal(meaning_of(NODE_DELETED, BASIS_NOT_PUBLIC), MEANING_NOT_PUBLIC);
    assert_int_equal(meaning_of(NODE_AFTER_RETRIES, BASIS_NONE), MEANING_LATE);
    assert_int_equal(meaning_of(NODE_UNOBSERVED, BASIS_NONE), MEANING_UNDECIDED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_handle_becomes_one_pseudonym),
        cmocka_unit_test(public_figures_keep_their_handle),
        cmocka_unit_test(number_says_where_it_stands_and_small_ones_hide),
        cmocka_unit_test(meanings_are_told_apart),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
