/* report/html_review.c: the section of index.html that says how people judged a sample of the
 * labels. */
#include "report/html_part.h"

static bool is_reviewed(const struct summary *s)
{
    return s->review.coded[0] || s->review.coded[1];
}

static void agreement(xmlNode *part, struct html_page *page)
{
    const struct stat_kappa *k = &page->s->review.agreement;
    xmlNode *p = dom_add(part, "p");

    if (!k->n) {
        dom_text(p, "One coder has judged them so far, so nobody knows whether another would "
                    "have come to the same.");
        return;
    }
    html_say(p, page,
             "Two coders worked alone and agree on {n review_agreement} of "
             "{of review_agreement} labels. ");
    if (k->has)
        html_say(p, page,
                 "Cohen\u2019s kappa is {value review_kappa} (95 %: {low review_kappa} to "
                 "{high review_kappa}): one would be agreement every time, zero no more than "
                 "by chance.");
}

static void class_row(xmlNode *tbody, struct html_page *page, enum label l)
{
    const struct review_class *c = &page->s->review.of[l];
    const char *name = label_name(l);
    xmlNode *row = dom_row(tbody, str_of(name));
    char number[48];

    snprintf(number, sizeof number, "review_precision_%s", name);
    html_count(row, page, c->population, "/review/classes/%s/population", name);
    html_count(row, page, c->drawn, "/review/classes/%s/drawn", name);
    html_count(row, page, c->right, "/review/classes/%s/right", name);
    html_count(row, page, c->decided, "/review/classes/%s/decided", name);
    html_count(row, page, c->undecided, "/review/classes/%s/undecided", name);
    datum_value(dom_class(row, "td", "n"), page->from, number);
    datum_low(dom_class(row, "td", "n"), page->from, number);
    datum_high(dom_class(row, "td", "n"), page->from, number);
}

static void review(xmlNode *part, struct html_page *page)
{
    static const char *const heads[] = { "label",      "#items",     "#drawn", "#right", "#of",
                                         "#undecided", "#precision", "#from",  "#to" };
    const struct review_result *r = &page->s->review;
    xmlNode *tbody, *p = dom_add(part, "p");

    dom_text(p, "A sample of the labels, drawn by class, was judged again by people from the "
                "archived evidence, blind to what blindspot says. ");
    if (r->all.has)
        html_say(p, page,
                 "They found **{value review_precision}** of all labels right (95 %, with what is "
                 "undecided either way: {low review_precision} to {high review_precision}), each "
                 "class weighted by how many items bear it.");
    agreement(part, page);
    tbody = dom_table(part, "How many labels of each class are right", HEADS(heads));
    for (int l = LABEL_NONE + 1; l < LABEL_COUNT; l++)
        if (r->of[l].population)
            class_row(tbody, page, (enum label)l);
    dom_p(part, "Undecided: the coders differ, or the evidence does not tell; the lower end counts "
                "these as wrong, the upper one as right. Limits are exact for a sample of so many "
                "out of so many.");
}

const struct html_part html_review[] = {
    { "review", "Judged by people", "How people judged the labels", review, is_reviewed },
    { 0 },
};
