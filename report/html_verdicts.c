/* report/html_verdicts.c: the sections of index.html that say what was found:
 * the waterfall, labels, accounts, fields, rules. */
#include <stdio.h>
#include "platform/tiktok.h"
#include "record/id.h"
#include "report/html_part.h"
#include "report/waterfall.h"

#define ACCOUNTS_SHOWN 50

/* ---- waterfall ---- */

static void waterfall_row(xmlNode *tbody, const struct waterfall *w, enum node n)
{
    const double share = share_of(w->n[n], w->n[NODE_ITEMS]);
    const bool public = n == NODE_PUBLIC || node_parent(n) == NODE_PUBLIC;
    xmlNode *row = dom_row(tbody, str_of(node_name(n))), *bar;
    char text[64];

    snprintf(text, sizeof text, "d%d", node_depth(n));
    dom_attr(row, "class", text);
    html_number(row, w->n[n]);
    html_percent(row, share);
    if (n == NODE_ITEMS)
        dom_number(row, "");
    else
        html_percent(row, share_of(w->n[n], w->n[node_parent(n)]));
    bar = dom_class(row, "td", "bars");
    if (w->n[n] == 0)
        return;
    bar = dom_class(bar, "div", public ? "bar public" : "bar");
    snprintf(text, sizeof text, "width:%.2f%%", 100 * share);
    dom_attr(bar, "style", text);
}

static void waterfall(xmlNode *part, struct html_page *page)
{
    static const char *const heads[] = { "", "#items", "#of all", "#of its parent", "" };
    const struct summary *s = page->s;
    xmlNode *tbody;
    char text[TEXT_MAX];

    tbody = dom_table(part, "At every level the parts add up to the whole.", HEADS(heads));
    dom_attr(tbody->parent, "class", "tree");
    for (int i = 0; i < NODE_COUNT; i++)
        waterfall_row(tbody, &s->waterfall, (enum node)i);
    dom_printf(dom_add(part, "p"), "Residual of the ledger: %s.",
               text_count(waterfall_residual(&s->waterfall), text));
    dom_p(part, "Public: the page was public, and the API did not return the item. Restricted: the "
                "page was refused here for a reason other than deletion or privacy, so the item "
                "may be public elsewhere. Open: not decided yet.");
    html_figure(part, page, FIGURE_BREAKDOWN,
                "Bars: what was returned, what is missing, and the missing items by label; the "
                "same numbers as in the table above.");
}

/* ---- labels ---- */

static void examples(xmlNode *row, const struct html_page *page, enum label label)
{
    const struct summary *s = page->s;
    const bool public = label != LABEL_DELETED && label != LABEL_PRIVATE;
    xmlNode *td = dom_add(row, "td");
    struct buf url = {0};
    char id[ID_TEXT_MAX];

    for (size_t i = 0; i < s->examples[label]; i++) {
        const struct example *e = &s->example[label][i];
        const bool named = alias_shows(&page->from.look->alias, e->handle);
        xmlNode *a;

        dom_text(td, i ? ", " : "");
        if (!public) {             // what its author took back is not led to
            dom_text(dom_add(td, "code"), id_text(e->id, id));
            continue;
        }
        buf_clear(&url);
        tiktok_post_url(&url, e->id, named ? e->handle : STR_NONE);
        a = dom_link(td, buf_cstr(&url), str_of(id_text(e->id, id)));
        dom_attr(a, "rel", "noreferrer noopener");
    }
    buf_release(&url);
}

static void reasons(xmlNode *row, const struct summary *s, enum label label)
{
    xmlNode *td = dom_add(row, "td");
    char count[TEXT_MAX];
    int shown = 0;

    for (int r = 0; r < REASON_COUNT; r++)
        if (reason_label((enum reason)r) == label && s->reason[r])
            dom_printf(td, "%s%s %s", shown++ ? ", " : "", reason_name((enum reason)r),
                       text_count(s->reason[r], count));
}

static void basis(xmlNode *part, const struct summary *s)
{
    static const char *const heads[] = { "basis", "#items", "#of missing", "#as the rules say",
                                         "meaning" };
    static const char *const meaning[BASIS_COUNT] = {
        [BASIS_NOT_PUBLIC] = "the page is gone or not public: the API need not return it",
        [BASIS_DOCUMENTED] = "the platform's documentation announced the exclusion on the day the "
                             "API was last asked",
        [BASIS_DISPUTED] = "two of the platform's pages disagree on that day",
        [BASIS_UNEXPLAINED] = "no document explains it",
    };
    xmlNode *tbody;
    char low[TEXT_MAX], high[TEXT_MAX];

    dom_text(dom_add(part, "h3"), "Documented or unexplained?");
    tbody = dom_table(part,
                      "Missing items by what stands behind their label; items of rules that are "
                      "only associated count as unexplained.",
                      HEADS(heads));
    for (int b = BASIS_NONE + 1; b < BASIS_COUNT; b++) {
        xmlNode *row = dom_row(tbody, str_of(basis_name((enum basis)b)));

        html_number(row, s->split[b]);
        html_percent(row, share_of(s->split[b], s->waterfall.n[NODE_MISSING]));
        html_number(row, s->basis[b]);
        dom_cell(row, meaning[b]);
    }
    dom_printf(dom_add(part, "p"),
               "Unexplained: at least %s, at most %s. The lower number counts only items of "
               "accounts with a returned post, whose absence from the API neither the owner's "
               "age nor a missing registration explains.",
               text_count(s->unexplained_low, low), text_count(s->unexplained_high, high));
}

static void labels(xmlNode *part, struct html_page *page)
{
    static const char *const heads[] = { "label",   "#items",  "#of missing",
                                         "#of all", "reasons", "examples" };
    const struct summary *s = page->s;
    xmlNode *tbody;

    tbody = dom_table(
        part,
        "The first rule that matches gives label and reason; labels.csv has one row an item.",
        HEADS(heads));
    for (int l = LABEL_NONE + 1; l < LABEL_COUNT; l++) {
        xmlNode *row = dom_row(tbody, str_of(label_name((enum label)l)));

        html_number(row, s->label[l]);
        html_percent(row, share_of(s->label[l], s->waterfall.n[NODE_MISSING]));
        html_percent(row, share_of(s->label[l], s->waterfall.n[NODE_ITEMS]));
        reasons(row, s, (enum label)l);
        examples(row, page, (enum label)l);
    }
    basis(part, s);
}

/* ---- accounts ---- */

static void account_rows(xmlNode *part, const struct html_page *page)
{
    static const char *const heads[] = { "account",          "#items",
                                         "#asked",           "#returned",
                                         "#on trial",        "#created in Canada",
                                         "#chance",          "#q",
                                         "verdict",          "known to the API",
                                         "#rows by username" };
    static const char *const known[USER_INFO_COUNT] = { "", "yes", "no, it cannot find the user",
                                                        "no, it cannot return the user" };
    const struct accounts *a = &page->s->accounts;
    const struct alias *alias = &page->from.look->alias;
    const size_t shown = a->len < ACCOUNTS_SHOWN ? a->len : ACCOUNTS_SHOWN;
    xmlNode *tbody, *details = dom_add(part, "details");
    char text[TEXT_MAX], all[TEXT_MAX];

    dom_printf(dom_add(details, "summary"),
               "The %s %s of %s that came back less than chance explains, the least likely first",
               text_count((int64_t)shown, text), plural((int64_t)shown, "account", "accounts"),
               text_count(a->accounts, all));
    tbody = dom_table(details,
                      "chance: probability that none of the items on trial comes back; q: the "
                      "same, corrected for the number of accounts.",
                      HEADS(heads));
    for (size_t i = 0; i < shown; i++) {
        const struct account_row *r = &a->row[i];
        char name[ALIAS_MAX];
        xmlNode *row = dom_row(tbody, r->handle.n ? alias_of(alias, r->handle, name)
                                                  : STR("(no handle)"));

        html_number(row, r->items);
        html_number(row, r->asked);
        html_number(row, r->retrieved);
        html_number(row, r->trials);
        html_percent(row, r->canada);
        html_probability(row, r->chance);
        html_probability(row, r->q);
        dom_cell(row, account_verdict_name(r->verdict));
        dom_cell(row, known[r->info]);
        if (r->query_ok)
            html_number(row, r->query_rows);
        else
            dom_number(row, "");
    }
}

/* What the API itself says of the accounts that are called excluded. */
static void excluded_asked(xmlNode *part, const struct accounts *a)
{
    const int64_t *n = a->info[ACCOUNT_EXCLUDED];
    char c[4][TEXT_MAX];

    if (n[USER_INFO_KNOWN] + n[USER_INFO_UNKNOWN] + n[USER_INFO_DENIED] + a->queried == 0)
        return;
    dom_printf(dom_add(part, "p"),
               "The API was asked about the excluded accounts by name: %s it knows, %s it cannot "
               "find, of %s it cannot return the information.",
               text_count(n[USER_INFO_KNOWN], c[0]), text_count(n[USER_INFO_UNKNOWN], c[1]),
               text_count(n[USER_INFO_DENIED], c[2]));
    dom_printf(dom_add(part, "p"),
               "A query by the username, over the window that holds most of an account's items, "
               "was answered for %s of them, for %s of these without a single post.",
               text_count(a->queried, c[0]), text_count(a->queried_none, c[1]));
}

static void accounts_in_words(xmlNode *part, const struct accounts *a)
{
    char c[4][TEXT_MAX];

    dom_printf(dom_add(part, "p"),
               "%s %s with %s %s. Called excluded: %s, where at least %s %s on "
               "trial, none came back, and chance does not explain it (q below 0.05).",
               text_count(a->accounts, c[0]), plural(a->accounts, "account", "accounts"),
               text_count(a->with_key_items, c[1]), plural(a->with_key_items, "item", "items"),
               text_count(a->verdict[ACCOUNT_EXCLUDED], c[2]), text_count(a->min_items, c[3]),
               plural(a->min_items, "item was", "items were"));
    dom_printf(dom_add(part, "p"),
               "Counted the published way: %s %s five items or more, of %s of them none "
               "came back, of which %s %s from Canada.",
               text_count(a->published_accounts, c[0]),
               plural(a->published_accounts, "account has", "accounts have"),
               text_count(a->published_none, c[1]), text_count(a->published_none_canada, c[2]),
               plural(a->published_none_canada, "posts", "post"));
    dom_printf(dom_class(part, "p", "soft"),
               "At other accounts with a returned post %s of items come back; posts of one account "
               "hang together with rho = %.3f.",
               text_percent(a->rate, c[0]), a->rho);
}

static void accounts(xmlNode *part, struct html_page *page)
{
    const struct summary *s = page->s;
    const struct accounts *a = &s->accounts;

    if (a->accounts == 0) {
        dom_p(part, "No item belongs to a known account yet.");
        return;
    }
    accounts_in_words(part, a);
    html_figure(part, page, FIGURE_ACCOUNTS,
                "Bars: accounts by the share of their items that the API returned.");
    excluded_asked(part, a);
    account_rows(part, page);
}

/* ---- fields ---- */

/* An audit names the table that it judged counters by. */
static void counters_in_words(xmlNode *part, const struct counters_judged *c)
{
    char n[3][TEXT_MAX];

    if (c->rows == 0)
        return;
    dom_printf(dom_class(part, "p", "soft"),
               "Counters: the API's copy may be up to ten days old, and a value differs where no "
               "growth of those days explains it. How much posts grow is the table of %.*s (%.*s), "
               "its limits to the power of %.2f, from %s %s of readings of this audit's pages. Of "
               "%s %s the counters fit no one instant; labels.csv, snapshot, says which.",
               STR_ARG(c->table), STR_ARG(c->source), c->lambda, text_count(c->pairs, n[0]),
               plural(c->pairs, "pair", "pairs"), text_count(c->no_instant, n[1]),
               plural(c->no_instant, "row", "rows"));
}

static void fields(xmlNode *part, struct html_page *page)
{
    static const char *const heads[] = { "field",    "#compared", "#equal",    "#within",
                                         "#differs", "#agree",    "#API only", "#page only" };
    const struct summary *s = page->s;
    xmlNode *tbody;

    dom_p(part, "Compared are items that both sides show. Within: not equal, and explained by "
                "rounding or by the time between the two readings; agree = equal or within. "
                "differences.csv has every row.");
    counters_in_words(part, &s->counters);
    html_figure(part, page, FIGURE_FIELDS,
                "Bars: share of items on which each field is equal, within, differs, or stands on "
                "one side alone; the same numbers as in the table.");
    tbody = dom_table(part, "Items by field and verdict.", HEADS(heads));
    for (int f = 0; f < FIELD_COUNT; f++) {
        xmlNode *row;

        if (field_info((enum field)f)->cmp == CMP_NONE)
            continue;
        row = dom_row(tbody, str_of(field_info((enum field)f)->name));
        html_number(row, s->compared[f]);
        html_number(row, s->field[f][VERDICT_EQUAL]);
        html_number(row, s->field[f][VERDICT_WITHIN]);
        html_number(row, s->field[f][VERDICT_DIFFERS]);
        html_percent(row, s->agree[f]);
        html_number(row, s->field[f][VERDICT_API_ONLY]);
        html_number(row, s->field[f][VERDICT_PAGE_ONLY]);
    }
}

/* ---- rules ---- */

static void overlaps(xmlNode *part, const struct summary *s)
{
    const char *heads[LABEL_COUNT];
    char name[LABEL_COUNT][32];
    xmlNode *tbody;

    heads[0] = "label";
    for (int l = LABEL_NONE + 1; l < LABEL_COUNT; l++) {
        snprintf(name[l], sizeof name[l], "#%s", label_name((enum label)l));
        heads[l] = name[l];
    }
    dom_text(dom_add(part, "h3"), "Overlaps");
    tbody = dom_table(part,
                      "Missing items that rules of both labels match; on the diagonal, all that "
                      "rules of the label match.",
                      heads, LABEL_COUNT);
    for (int a = LABEL_NONE + 1; a < LABEL_COUNT; a++) {
        xmlNode *row = dom_row(tbody, str_of(label_name((enum label)a)));

        for (int b = LABEL_NONE + 1; b < LABEL_COUNT; b++)
            html_number(row, s->overlap[a][b]);
    }
}

/* Below the rule's name, so that the table still fits a printed page. */
static void rule_source(xmlNode *row, const struct rule_row *r)
{
    xmlNode *note = dom_class(row->children, "div", "soft");

    dom_str(note, r->source);
    if (r->since.n)
        dom_printf(note, " (since %.*s)", STR_ARG(r->since));
    if (r->until.n)
        dom_printf(note, " (until %.*s)", STR_ARG(r->until));
}

static void rules(xmlNode *part, struct html_page *page)
{
    static const char *const heads[] = { "rule and source",
                                         "label: reason",
                                         "basis",
                                         "#decided",
                                         "#matched",
                                         "#with another label",
                                         "#P(missing | match)",
                                         "#P(missing | no match)",
                                         "#p",
                                         "test" };
    const struct summary *s = page->s;
    xmlNode *tbody;

    dom_p(part, "Rules are tried in this order. P(missing | match) is the share of missing items "
                "among the public items that the rule matches, beside the same for those it does "
                "not match. A rule that does not separate the two is only associated: it explains "
                "nothing, and its items count as unexplained.");
    tbody = dom_table(part, "The rules of rules.ini.", HEADS(heads));
    for (size_t i = 0; i < s->rules; i++) {
        const struct rule_row *r = &s->rule[i];
        xmlNode *row = dom_row(tbody, r->name);

        if (r->source.n || r->since.n || r->until.n)
            rule_source(row, r);
        dom_printf(dom_add(row, "td"), "%s: %s", label_name(r->label), reason_name(r->reason));
        dom_cell(row, basis_name(r->basis));
        html_number(row, r->first);
        html_number(row, r->all);
        html_number(row, r->shared);
        html_percent(row, r->p_with);
        html_percent(row, r->p_without);
        html_probability(row, r->p_value);
        dom_cell(row, separation_name(r->separation));
    }
    overlaps(part, s);
}

const struct html_part html_verdicts[] = {
    { "waterfall", "Waterfall", "Waterfall: every item is in one bucket", waterfall },
    { "labels", "Labels", "Labels of the missing items", labels },
    { "accounts", "Accounts", "Accounts", accounts },
    { "fields", "Fields", "Fields: do the API and the page agree?", fields },
    { "rules", "Rules", "Rules", rules },
    { NULL, NULL, NULL, NULL },
};
