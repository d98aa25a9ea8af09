/* report/html_criteria.c: the section of index.html that holds the five criteria, number by
 * number, each with its bounds and the sentence that says what it is. */
#include <stdio.h>
#include "record/number.h"
#include "report/html_part.h"
#include "report/numbers.h"

static const char *const questions[CRITERION_COUNT] = {
    [CRITERION_ACCURACY] = "Accuracy: is what the API returns what the page shows?",
    [CRITERION_COMPLETENESS] = "Completeness: does the API return what is public?",
    [CRITERION_TIMELINESS] = "Timeliness: how soon, and how fresh?",
    [CRITERION_CONSISTENCY] = "Consistency: does it say the same when it is asked again?",
    [CRITERION_VALIDITY] = "Validity: are its rows what was asked for, and possible?",
};

static const char *const more[CRITERION_COUNT] = {
    [CRITERION_ACCURACY] = "Accuracy field by field, and month by month",
    [CRITERION_COMPLETENESS] = "More of completeness",
    [CRITERION_TIMELINESS] = "More of timeliness",
    [CRITERION_CONSISTENCY] = "More of consistency",
    [CRITERION_VALIDITY] = "What is impossible, and how much of each field either side fills",
};

static void bound(xmlNode *row, struct html_page *page, const struct number *n, const char *name,
                  void (*put)(xmlNode *, struct datum_from, const char *))
{
    xmlNode *td = dom_class(row, "td", "n");

    if (n->has && number_has_range(n))
        put(td, page->from, name);
}

/* Shares alone lie on one axis. */
static void bar(xmlNode *row, const struct number *n)
{
    struct chart_bar b = { .meaning = MEANING_RETURNED };

    if (!n->has || n->unit != UNIT_SHARE) {
        dom_class(row, "td", "bars");
        return;
    }
    b.share = n->value;
    if (number_has_range(n)) {
        b.low = n->low;
        b.high = n->high;
    }
    chart_bar_cell(row, &b);
}

static void number_row(xmlNode *tbody, struct html_page *page, const struct number *n)
{
    char text[TEXT_MAX], name[96], pointer[192];
    xmlNode *row = dom_add(tbody, "tr"), *th = dom_add(row, "th"), *is;

    dom_attr(th, "scope", "row");
    dom_text(dom_class(th, "code", "name"), text_words(n->name, text));
    is = dom_class(th, "div", "is");
    snprintf(pointer, sizeof pointer, "/criteria/%s/%.*s/is", criterion_name(n->criterion),
             STR_ARG(n->name));
    dom_attr(is, "data-at", pointer);
    dom_str(is, n->is);

    snprintf(name, sizeof name, "%.*s", STR_ARG(n->name));
    datum_value(dom_class(row, "td", "n"), page->from, name);
    bound(row, page, n, name, datum_low);
    bound(row, page, n, name, datum_high);
    bar(row, n);
    html_listed(dom_class(row, "td", "n"), page, name);
    datum_of(dom_class(row, "td", "n"), page->from, name);
}

static void put_numbers(xmlNode *part, struct html_page *page, enum criterion c, bool leading)
{
    static const char *const heads[] = {
        "number, and what it is", "#value", "#from", "#to", "", "#n", "#of"
    };
    xmlNode *tbody = NULL;

    for (const struct number *n = page->s->numbers.first; n; n = n->next) {
        if (n->criterion != c || number_leads(n) != leading)
            continue;
        if (!tbody && !leading) {
            part = dom_add(part, "details");
            dom_text(dom_add(part, "summary"), more[c]);
        }
        if (!tbody) {
            tbody = dom_table(part, leading ? questions[c] : more[c], HEADS(heads));
            dom_attr(tbody->parent, "class", "numbers");
        }
        number_row(tbody, page, n);
    }
}

static void criteria(xmlNode *part, struct html_page *page)
{
    dom_p(part, "Five criteria by which access to a platform\u2019s data is judged (Daikeler and "
                "others), each a few numbers. A range is an interval of a sample, or the worst "
                "cases of what is undecided, as the sentence says; no value means that this audit "
                "cannot say.");
    html_figure(part, page, FIGURE_CRITERIA);
    for (int c = CRITERION_NONE + 1; c < CRITERION_COUNT; c++) {
        put_numbers(part, page, (enum criterion)c, true);
        put_numbers(part, page, (enum criterion)c, false);
    }
}

const struct html_part html_criteria[] = {
    { "criteria", "Five criteria", "The five criteria", criteria, NULL },
    { 0 },
};
