/* report/html_criteria.c: the section of index.html that holds the five criteria, number by
 * number, each with its bounds and the sentence that says what it is. */
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

static void number_row(xmlNode *tbody, const struct number *n)
{
    char text[TEXT_MAX];
    xmlNode *row = dom_row(tbody, str_of(text_words(n->name, text)));

    dom_number(row, n->has ? text_number(n, n->value, text) : "-");
    dom_number(row, number_has_range(n) ? text_number(n, n->low, text) : "");
    dom_number(row, number_has_range(n) ? text_number(n, n->high, text) : "");
    html_number(row, n->n);
    html_number(row, n->of);
    dom_str(dom_add(row, "td"), n->is);
}

static void put_numbers(xmlNode *part, const struct numbers *all, enum criterion c, bool leading)
{
    static const char *const heads[] = { "number", "#value", "#from",     "#to",
                                         "#n",     "#of",    "what it is" };
    xmlNode *tbody = NULL;

    for (const struct number *n = all->first; n; n = n->next) {
        if (n->criterion != c || number_leads(n) != leading)
            continue;
        if (!tbody && !leading) {
            part = dom_add(part, "details");
            dom_text(dom_add(part, "summary"), more[c]);
        }
        if (!tbody)
            tbody = dom_table(part, leading ? questions[c] : more[c], HEADS(heads));
        number_row(tbody, n);
    }
}

static void criteria(xmlNode *part, struct html_page *page)
{
    const struct numbers *all = &page->s->numbers;

    dom_p(part, "Five criteria by which access to a platform's data is judged (Daikeler et al., "
                "2024), each a few numbers. A range is a 95 % interval, or the worst cases of "
                "what is open, as the sentence says; no value means that this audit cannot say.");
    html_figure(part, page, FIGURE_CRITERIA,
                "Points with ranges: the shares of the criteria; the same numbers as in the "
                "tables.");
    for (int c = CRITERION_NONE + 1; c < CRITERION_COUNT; c++) {
        put_numbers(part, all, (enum criterion)c, true);
        put_numbers(part, all, (enum criterion)c, false);
    }
}

const struct html_part html_criteria[] = {
    { "criteria", "Criteria", "The five criteria", criteria },
    { NULL, NULL, NULL, NULL },
};
