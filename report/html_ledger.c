/* report/html_ledger.c: the sections of index.html in which all items add up: the ledger as a
 * waterfall, and what became of those that did not come at once, with bounds and causes. */
#include <stdio.h>
#include <string.h>
#include "record/id.h"
#include "report/html_part.h"
#include "report/summary.h"
#include "report/waterfall.h"

/* ---- the ledger ---- */

/* How the public missing items of a label split by what stands behind them. */
struct bases {
    int64_t n[BASIS_COUNT];
};

static enum label label_of(enum node n)
{
    switch (n) {
    case NODE_CANADA: return LABEL_CANADA;
    case NODE_AD: return LABEL_AD;
    case NODE_TIKTOK_OFFICIAL: return LABEL_TIKTOK_OFFICIAL;
    case NODE_EXCLUDED_ACCOUNT: return LABEL_EXCLUDED_ACCOUNT;
    default: return LABEL_NONE;
    }
}

static struct bases bases_of(const struct summary *s, enum node n)
{
    const enum label label = label_of(n);
    struct bases b = { 0 };

    for (size_t i = 0; i < s->rules; i++) {
        const struct rule_row *r = &s->rule[i];

        if (n != NODE_PUBLIC && (r->label != label || label == LABEL_NONE))
            continue;
        if (r->separation == SEPARATION_ASSOCIATED)
            continue;
        b.n[BASIS_DOCUMENTED] += r->first_documented;
        b.n[BASIS_DISPUTED] += r->first_disputed;
    }
    b.n[BASIS_UNEXPLAINED] = s->waterfall.n[n] - b.n[BASIS_DOCUMENTED] - b.n[BASIS_DISPUTED];
    return b;
}

#define PIECES_MOST 3
static size_t pieces_of(const struct summary *s, enum node n, struct chart_piece piece[PIECES_MOST])
{
    static const enum basis order[PIECES_MOST] = { BASIS_DOCUMENTED, BASIS_DISPUTED,
                                                   BASIS_UNEXPLAINED };
    const int64_t all = s->waterfall.n[NODE_ITEMS];
    size_t len = 0;

    if (n != NODE_PUBLIC && node_parent(n) != NODE_PUBLIC) {
        piece[0] = (struct chart_piece){ meaning_of(n, BASIS_NONE),
                                         share_of(s->waterfall.n[n], all) };
        return 1;
    }
    for (int i = 0; i < PIECES_MOST; i++) {
        const int64_t count = bases_of(s, n).n[order[i]];

        if (count > 0)
            piece[len++] = (struct chart_piece){ meaning_of(n, order[i]), share_of(count, all) };
    }
    return len;
}

/* Where the bar of a node begins: behind those that stand before it in the same parent. */
static double begins_at(const struct waterfall *w, enum node n)
{
    double at = n == NODE_ITEMS ? 0 : begins_at(w, node_parent(n));

    for (int i = 0; i < (int)n; i++)
        if (node_parent((enum node)i) == node_parent(n))
            at += share_of(w->n[i], w->n[NODE_ITEMS]);
    return at;
}

/* A group of several meanings has no colour of its own. */
static bool is_mixed(enum node n)
{
    return n == NODE_ITEMS || n == NODE_MISSING || n == NODE_RETRIEVED;
}

static void ledger_bar(xmlNode *row, const struct html_page *page, enum node n)
{
    const struct summary *s = page->s;
    xmlNode *cell = dom_class(row, "td", "bars"), *track;
    struct chart_piece piece[PIECES_MOST];
    char style[64];
    double at = begins_at(&s->waterfall, n);
    const size_t len = pieces_of(s, n, piece);

    track = dom_class(cell, "div", "track");
    dom_attr(track, "aria-hidden", "true");
    for (size_t i = 0; html_drawn(page, s->waterfall.n[n]) && i < len; i++) {
        char class[48];
        xmlNode *bar;

        snprintf(class, sizeof class, "m-%s", meanings[piece[i].meaning].word);
        bar = dom_class(track, "i", is_mixed(n) ? "whole" : class);
        snprintf(style, sizeof style, "left:%.3f%%;width:%.3f%%", 100 * at, 100 * piece[i].share);
        dom_attr(bar, "style", style);
        at += piece[i].share;
    }
}

static void ledger_row(xmlNode *tbody, struct html_page *page, enum node n)
{
    const struct waterfall *w = &page->s->waterfall;
    char pointer[NODE_POINTER_MAX], name[NODE_NAME_MAX], class[16];
    xmlNode *row = dom_row(tbody, str_of(html_node_words(n)));

    snprintf(class, sizeof class, "d%d", node_depth(n));
    dom_attr(row, "class", class);
    html_node_at(n, pointer);
    html_listed(dom_class(row, "td", "n"), page, node_number(n, name));
    html_share(row, page, share_of(w->n[n], w->n[NODE_ITEMS]), w->n[n], "%s/share", pointer);
    ledger_bar(row, page, n);
    dom_text(dom_add(dom_class(row, "td", "bucket"), "code"), node_path(n));
}

static void ledger(xmlNode *part, struct html_page *page)
{
    static const char *const heads[] = { "", "#posts", "#of all", "", "bucket" };
    const struct summary *s = page->s;
    xmlNode *tbody, *p;
    char text[TEXT_MAX];

    dom_p(part, "Every post that came in stands in exactly one bucket, and at every level the "
                "parts add up to the whole.");
    tbody = dom_table(part, "What became of all posts; bucket is their name in labels.csv.",
                      HEADS(heads));
    dom_attr(tbody->parent, "class", "tree");
    for (int i = 0; i < NODE_COUNT; i++)
        ledger_row(tbody, page, (enum node)i);
    p = dom_class(part, "p", "soft");
    dom_text(p, "What is left over where the parts are added up: ");
    datum_at(p, text_count(waterfall_residual(&s->waterfall), text),
             (double)waterfall_residual(&s->waterfall), "/residual");
    dom_text(p, ". Public: anyone could open the page, and the API did not return the post. "
                "Refused from here: for another reason than deletion or privacy, so the post may "
                "be public elsewhere.");
    html_figure(part, page, FIGURE_WATERFALL);
}

/* ---- what did not come at once ---- */

static const enum node not_at_once[] = {
    NODE_AFTER_RETRIES,  NODE_CANADA,  NODE_AD,      NODE_TIKTOK_OFFICIAL, NODE_EXCLUDED_ACCOUNT,
    NODE_PUBLIC_UNKNOWN, NODE_DELETED, NODE_PRIVATE, NODE_RESTRICTED,      NODE_OPEN,
};
#define ROWS (sizeof not_at_once / sizeof *not_at_once)

/* A few posts of that label, each with its case file; the last digits tell them apart. */
static void cases(xmlNode *td, const struct html_page *page, enum label label, bool restricted)
{
    const struct summary *s = page->s;
    xmlNode *list = NULL;

    for (size_t i = 0; label != LABEL_NONE && i < s->examples[label]; i++) {
        const struct example *e = &s->example[label][i];
        char id[ID_TEXT_MAX], text[ID_TEXT_MAX + 4], href[ID_TEXT_MAX + 16];
        xmlNode *a;

        if (label == LABEL_UNKNOWN && (e->reason == REASON_UNEXPLAINED) == restricted)
            continue;
        if (!list) {
            list = dom_class(td, "div", "soft");
            dom_text(list, "cases ");
        }
        id_text(e->id, id);
        snprintf(href, sizeof href, "cases/%s.html", id);
        snprintf(text, sizeof text, "\u2026%s", id + (strlen(id) > 4 ? strlen(id) - 4 : 0));
        a = dom_link(list, href, str_of(text));
        dom_attr(a, "title", id);
        dom_text(list, " ");
    }
}

static void reasons(xmlNode *row, struct html_page *page, enum node n)
{
    const enum label label = n == NODE_DELETED      ? LABEL_DELETED
                             : n == NODE_PRIVATE    ? LABEL_PRIVATE
                             : n == NODE_RESTRICTED ? LABEL_UNKNOWN
                                                    : label_of(n);
    xmlNode *td = dom_class(row, "td", "reasons");
    char words[TEXT_MAX];
    int shown = 0;

    for (int r = REASON_NONE + 1; r < REASON_COUNT; r++) {
        const enum reason reason = (enum reason)r;
        const bool open = r >= REASON_TOO_RECENT;

        if (!page->s->reason[r] || reason == REASON_UNEXPLAINED ||
            (n == NODE_OPEN ? !open : label == LABEL_NONE || reason_label(reason) != label))
            continue;
        dom_text(td, shown++ ? ", " : "");
        dom_printf(td, "%s ", text_words(str_of(reason_name(reason)), words));
        datum_count_at(td, page->from, page->s->reason[r], "/reasons/%s", reason_name(reason));
    }
    cases(td, page, n == NODE_PUBLIC_UNKNOWN ? LABEL_UNKNOWN : label, n == NODE_RESTRICTED);
}

static const struct number *find(const struct summary *s, enum node n)
{
    char name[NODE_NAME_MAX];

    return numbers_find(&s->numbers, str_of(node_number(n, name)));
}

static void breakdown_row(xmlNode *tbody, struct html_page *page, enum node n, double scale)
{
    const struct number *x = find(page->s, n);
    const struct bases b = bases_of(page->s, n);
    struct chart_bar bar = { .meaning = meaning_of(n, BASIS_NONE) };
    xmlNode *row = dom_row(tbody, str_of(html_node_words(n)));
    char name[NODE_NAME_MAX];

    node_number(n, name);
    if (node_parent(n) == NODE_PUBLIC && b.n[BASIS_DOCUMENTED] > b.n[BASIS_UNEXPLAINED])
        bar.meaning = MEANING_DOCUMENTED;
    html_listed(dom_class(row, "td", "n"), page, name);
    datum_value(dom_class(row, "td", "n"), page->from, name);
    if (x && x->has && number_has_range(x)) {
        datum_low(dom_class(row, "td", "n"), page->from, name);
        datum_high(dom_class(row, "td", "n"), page->from, name);
        bar.low = x->low / scale;
        bar.high = x->high / scale;
    } else {
        dom_number(row, "");
        dom_number(row, "");
    }
    bar.share = x && x->has ? x->value / scale : 0;
    if (x && look_hides(page->look, x->n))
        bar = (struct chart_bar){ .meaning = bar.meaning };
    chart_bar_cell(row, &bar);
    reasons(row, page, n);
}

static void breakdown(xmlNode *part, struct html_page *page)
{
    static const char *const heads[] = {
        "", "#posts", "#of all", "#at least", "#at most", "", "finer causes, and cases"
    };
    const struct summary *s = page->s;
    xmlNode *tbody;
    double scale = 0;

    if (s->waterfall.n[NODE_ITEMS] == s->waterfall.n[NODE_AT_ONCE]) {
        dom_p(part, s->waterfall.n[NODE_ITEMS] ? "Every post came back when it was first asked for."
                                               : "No post has come in yet.");
        return;
    }
    for (size_t i = 0; i < ROWS; i++) {
        const struct number *x = find(s, not_at_once[i]);
        const double most = x && x->has ? (x->high > x->value ? x->high : x->value) : 0;

        scale = most > scale ? most : scale;
    }
    tbody = dom_table(part,
                      "Posts that the API did not return when they were first asked for, by what "
                      "became of them. Shares are of all posts; the bounds let every undecided "
                      "post fall here, or none.",
                      HEADS(heads));
    dom_attr(tbody->parent, "class", "breakdown");
    for (size_t i = 0; i < ROWS; i++)
        breakdown_row(tbody, page, not_at_once[i], scale > 0 ? scale : 1);
    html_figure(part, page, FIGURE_BREAKDOWN);
}

/* ---- documented or not ---- */

static void basis_row(xmlNode *tbody, struct html_page *page, enum basis b, const char *means)
{
    const struct summary *s = page->s;
    xmlNode *row = dom_add(tbody, "tr"), *th = dom_add(row, "th");

    dom_attr(th, "scope", "row");
    chart_key(th, b == BASIS_NOT_PUBLIC ? MEANING_NOT_PUBLIC : meaning_of(NODE_PUBLIC, b));
    html_count(row, page, s->split[b], "/basis/%s/count", basis_name(b));
    html_share(row, page, share_of(s->split[b], s->waterfall.n[NODE_MISSING]), s->split[b],
               "/basis/%s/share_of_missing", basis_name(b));
    html_count(row, page, s->basis[b], "/basis/%s/by_rules", basis_name(b));
    dom_cell(row, means);
}

static void bases(xmlNode *part, struct html_page *page)
{
    static const char *const heads[] = { "", "#posts", "#of not returned", "#as the rules say",
                                         "means" };
    const struct summary *s = page->s;
    xmlNode *tbody, *p;

    tbody = dom_table(part,
                      "Posts that were not returned, by what stands behind it; those of a rule "
                      "that is only associated count as unexplained.",
                      HEADS(heads));
    basis_row(tbody, page, BASIS_DOCUMENTED,
              "the platform\u2019s documentation announced the "
              "exclusion on the day the API was last asked");
    basis_row(tbody, page, BASIS_DISPUTED, "two of the platform\u2019s pages disagree on that day");
    basis_row(tbody, page, BASIS_UNEXPLAINED,
              "no document explains it; with those refused from "
              "here");
    basis_row(tbody, page, BASIS_NOT_PUBLIC, "deleted or private: the API need not return it");
    p = dom_add(part, "p");
    dom_text(p, "Unexplained are at least ");
    datum_count_at(p, page->from, s->unexplained_low, "/basis/unexplained_bounds/lower");
    dom_text(p, " and at most ");
    datum_count_at(p, page->from, s->unexplained_high, "/basis/unexplained_bounds/upper");
    dom_text(p, ": the lower number counts only posts of accounts of which the API returned "
                "another post, so that neither the owner\u2019s age nor a missing registration "
                "explains their absence.");
}

static bool has_missing(const struct summary *s) { return s->waterfall.n[NODE_MISSING] > 0; }

const struct html_part html_ledger[] = {
    { "ledger", "Ledger", "The ledger: every post is in one bucket", ledger, NULL },
    { "breakdown", "Breakdown", "What did not come back at once", breakdown, NULL },
    { "basis", "Documented or not", "Documented or unexplained", bases, has_missing },
    { 0 },
};
