/* report/html_rules.c: the section of index.html that holds the rules: those that matched
 * something, with how much more often posts are missing where they match. */
#include <stdio.h>
#include "report/html_part.h"

static void source(xmlNode *th, const struct rule_row *r)
{
    xmlNode *note;

    if (!r->source.n && !r->since.n && !r->until.n)
        return;
    note = dom_class(th, "div", "soft");
    dom_attr(note, "data-outside", "rules.ini");
    dom_str(note, r->source);
    if (r->since.n && str_find(r->source, r->since, 0) < 0) {
        dom_text(note, ", since ");
        dom_str(dom_add(note, "time"), r->since);
    }
    if (r->until.n && str_find(r->source, r->until, 0) < 0) {
        dom_text(note, ", until ");
        dom_str(dom_add(note, "time"), r->until);
    }
}

static void label_cell(xmlNode *row, const struct rule_row *r)
{
    xmlNode *td = dom_add(row, "td");
    char words[TEXT_MAX];

    dom_printf(td, "%s: ", label_name(r->label));
    dom_text(td, text_words(str_of(reason_name(r->reason)), words));
    dom_text(dom_class(td, "div", "soft"), r->separation == SEPARATION_ASSOCIATED
                                               ? "associated only"
                                               : text_words(str_of(basis_name(r->basis)), words));
}

/* Which other label a rule would have given as well. */
static void also(xmlNode *row, struct html_page *page, size_t i)
{
    const struct rule_row *r = &page->s->rule[i];
    xmlNode *td = dom_add(row, "td");
    int shown = 0;

    for (int l = LABEL_NONE + 1; l < LABEL_COUNT; l++) {
        if (!r->also[l])
            continue;
        dom_printf(td, "%s%s ", shown++ ? ", " : "", label_name((enum label)l));
        datum_count_at(td, page->from, r->also[l], "/rules/%zu/also/%s", i,
                       label_name((enum label)l));
    }
}

static void rate(xmlNode *row, struct html_page *page, double p, struct stat_interval i, int64_t n,
                 size_t rule, const char *key)
{
    xmlNode *td = dom_class(row, "td", "n"), *between;

    if (p < 0) {
        dom_text(td, "-");
        return;
    }
    datum_share_at(td, page->from, p, n, "/rules/%zu/%s", rule, key);
    if (look_hides(page->look, n))
        return;
    between = dom_class(td, "div", "soft");
    datum_share_at(between, page->from, i.low, n, "/rules/%zu/%s_95/0", rule, key);
    dom_text(between, " to ");
    datum_share_at(between, page->from, i.high, n, "/rules/%zu/%s_95/1", rule, key);
}

static void put_row(xmlNode *tbody, struct html_page *page, size_t i)
{
    const struct rule_row *r = &page->s->rule[i];
    xmlNode *row = dom_add(tbody, "tr"), *th = dom_add(row, "th");
    const bool associated = r->separation == SEPARATION_ASSOCIATED;

    if (associated)
        dom_attr(row, "class", "soft");
    dom_attr(th, "scope", "row");
    dom_str(dom_add(th, "code"), r->name);
    source(th, r);
    label_cell(row, r);
    html_count(row, page, r->first, "/rules/%zu/first", i);
    html_count(row, page, r->all, "/rules/%zu/all", i);
    also(row, page, i);
    if (r->p_with < 0) {    // nothing that it matches is public
        dom_number(row, "");
        dom_number(row, "");
        return;
    }
    rate(row, page, r->p_with, r->with_95, r->missing_with, i, "p_missing_with");
    if (r->p_with < 0) {    // nothing that it matches is public
        dom_number(row, "");
        dom_number(row, "");
        return;
    }
    rate(row, page, r->p_without, r->without_95, r->missing_without, i, "p_missing_without");
}

static bool is_shown(const struct rule_row *r) { return r->all > 0 && !r->fallback; }

static void left_to_fallbacks(xmlNode *part, struct html_page *page)
{
    const struct summary *s = page->s;

    for (size_t i = 0; i < s->rules; i++) {
        xmlNode *p;
        char words[TEXT_MAX];

        if (!s->rule[i].fallback || !s->rule[i].first)
            continue;
        p = dom_add(part, "p");
        dom_text(p, "No rule of the table matched ");
        datum_count_at(p, page->from, s->rule[i].first, "/rules/%zu/first", i);
        dom_printf(p, " %s: %s.", plural(s->rule[i].first, "post", "posts"),
                   text_words(str_of(reason_name(s->rule[i].reason)), words));
    }
}

static void gave_up(xmlNode *part, struct html_page *page)
{
    for (size_t i = 0; i < page->s->rules; i++) {
        const struct rule_row *r = &page->s->rule[i];
        xmlNode *p;

        if (!r->gave_up)
            continue;
        p = dom_add(part, "p");
        dom_text(p, "Rule ");
        dom_str(dom_add(p, "code"), r->name);
        dom_text(p, " was given up on ");
        datum_count_at(p, page->from, r->gave_up, "/rules/%zu/gave_up", i);
        dom_printf(p,
                   " %s: a pattern of it needs too many steps, so nobody can tell whether it "
                   "matches, and %s undecided.",
                   plural(r->gave_up, "post", "posts"),
                   plural(r->gave_up, "it stays", "they stay"));
    }
}

static void rules(xmlNode *part, struct html_page *page)
{
    static const char *const heads[] = { "rule and its source",
                                         "label and basis",
                                         "#decided",
                                         "#matched",
                                         "would also be",
                                         "#missing where it matches",
                                         "#missing where it does not" };
    const struct summary *s = page->s;
    xmlNode *tbody = NULL;

    dom_p(part, "Rules are tried in this order, and the first that matches labels the post. The "
                "last two columns are shares of public posts with an exact 95 % interval. A rule "
                "that does not separate them is grey: it is only associated, it explains nothing, "
                "and its posts count as unexplained.");
    for (size_t i = 0; i < s->rules; i++) {
        if (!is_shown(&s->rule[i]))
            continue;
        if (!tbody) {
            tbody = dom_table(part,
                              "The rules of rules.ini that matched a post that was not "
                              "returned.",
                              HEADS(heads));
            dom_attr(tbody->parent, "class", "rules");
        }
        put_row(tbody, page, i);
    }
    left_to_fallbacks(part, page);
    gave_up(part, page);
}

static bool has_rules(const struct summary *s)
{
    for (size_t i = 0; i < s->rules; i++)
        if (s->rule[i].all || s->rule[i].gave_up)
            return true;
    return false;
}

const struct html_part html_rules[] = {
    { "rules", "Rules", "Rules", rules, has_rules },
    { 0 },
};
