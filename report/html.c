/* report/html.c: index.html, the audit for a person: what was found, what that
 * means and does not prove, and where each number comes from. */
#include <nettle/base64.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/file.h"
#include "base/utc.h"
#include "platform/tiktok.h"
#include "record/id.h"
#include "report/dom.h"
#include "report/figure.h"
#include "report/report.h"
#include "report/summary.h"
#include "report/text.h"
#include "report/waterfall.h"

#define SVG_MAX (8u << 20)
#define ACCOUNTS_SHOWN 50
#define HEADS(a) (a), sizeof (a) / sizeof *(a)

static const char *const section_ids[] = { "waterfall", "labels", "accounts", "fields",
                                           "rules",     "open",   "batches",  "validation",
                                           "requests",  "plan",   "settings" };
static const char *const section_names[] = { "Waterfall",       "Labels",         "Accounts",
                                             "Fields",          "Rules",          "Still open",
                                             "Batches",         "Validity check", "Requests",
                                             "Plan and actual", "Settings" };
enum {
    SECTION_WATERFALL,
    SECTION_LABELS,
    SECTION_ACCOUNTS,
    SECTION_FIELDS,
    SECTION_RULES,
    SECTION_OPEN,
    SECTION_BATCHES,
    SECTION_VALIDATION,
    SECTION_REQUESTS,
    SECTION_PLAN,
    SECTION_SETTINGS,
    SECTION_COUNT
};

static void number(xmlNode *row, int64_t n)
{
    char text[TEXT_MAX];

    dom_number(row, text_count(n, text));
}

static void percent(xmlNode *row, double share)
{
    char text[TEXT_MAX];

    dom_number(row, text_percent(share, text));
}

static void probability(xmlNode *row, double p)
{
    char text[TEXT_MAX];

    dom_number(row, text_probability(p, text));
}

static void instant(xmlNode *row, int64_t at, const char *absent)
{
    char text[TEXT_MAX];

    dom_cell(row, at ? text_instant(at, text) : absent);
}

static xmlNode *section(xmlNode *body, int which, const char *title)
{
    xmlNode *s = dom_add(body, "section");

    dom_attr(s, "id", section_ids[which]);
    dom_text(dom_add(s, "h2"), title);
    return s;
}

/* ---- head and headline ---- */

static void head(xmlNode *body, const struct summary *s)
{
    xmlNode *header = dom_add(body, "header"), *p, *list;
    char first[TEXT_MAX], newest[TEXT_MAX];

    dom_text(dom_add(header, "h1"), "What the Research API shows, and what it does not");
    p = dom_class(header, "p", "soft");
    dom_str(p, s->tool);
    dom_text(p, ", audit ");
    dom_str(dom_add(p, "code"), s->audit);
    if (s->newest_answer_at)
        dom_printf(p, ", answers from %s to %s.", text_instant(s->first_answer_at, first),
                   text_instant(s->newest_answer_at, newest));
    else
        dom_text(p, ", no answer yet.");
    list = dom_add(dom_add(header, "nav"), "ul");
    for (int i = 0; i < SECTION_COUNT; i++) {
        char href[32];

        snprintf(href, sizeof href, "#%s", section_ids[i]);
        dom_link(dom_add(list, "li"), href, str_of(section_names[i]));
    }
}

static void buf_to_p(xmlNode *parent, struct buf *b)
{
    if (b->n)
        dom_str(dom_add(parent, "p"), buf_view(b));
    buf_clear(b);
}

static void donors(xmlNode *parent, const struct donors *d)
{
    char mean[TEXT_MAX], low[TEXT_MAX], high[TEXT_MAX], n[TEXT_MAX];

    if (!d->has)
        return;
    dom_printf(
        dom_add(parent, "p"),
        "Donor by donor: the mean of the shares of %s donors is %s (95 %% "
        "interval %s to %s, "
        "drawn over donors); this is the number that speaks about donors, not about the list.",
        text_count(d->donors, n), text_percent(d->mean, mean), text_percent(d->interval.low, low),
        text_percent(d->interval.high, high));
}

static void headline(xmlNode *body, const struct summary *s)
{
    xmlNode *box = dom_class(body, "div", "headline");
    const struct headline *h = &s->headline;
    struct buf text = {0};
    char share[TEXT_MAX], a[TEXT_MAX];

    dom_text(dom_class(box, "p", "big"), h->has_share
                                             ? text_percent(h->share, share)
                                             : text_count(s->waterfall.n[NODE_PUBLIC], share));
    report_headline(&text, s);
    buf_to_p(box, &text);
    report_headline_range(&text, s);
    buf_to_p(box, &text);
    report_checks(&text, s);
    if (text.n)
        buf_to_p(box, &text);
    for (size_t i = 0; i < s->lates; i++) {
        report_late(&text, s, i);
        buf_to_p(box, &text);
    }
    donors(box, &s->donors);
    dom_p(
        body,
        "What it means: the page of each of these items could be opened without an account both "
        "before and after "
        "the API was asked for it, and the API did not return it on any of the days that labels.csv "
        "lists.");
    dom_p(
        body,
        "What it does not prove: that the API would never return them, why they are missing (a label "
        "names the rule "
        "that matched, not the platform's reason), or anything about items that are not in this list.");
    if (h->sampled)
        dom_printf(dom_class(body, "p", "soft"),
                   "How many returned items are public is known from the pages "
                   "of %s of them, "
                   "drawn by a seed.",
                   text_count(h->sampled, a));
    if (h->sampled_unread)
        dom_printf(dom_class(body, "p", "soft"),
                   "Pages of %s more of that sample gave no answer yet.",
                   text_count(h->sampled_unread, a));
    if (s->later_refused)
        dom_printf(dom_class(body, "p", "soft"),
                   "%s items that are counted as public were refused after their "
                   "confirmation; labels.csv says when.",
                   text_count(s->later_refused, a));
    buf_release(&text);
}

/* ---- figures ---- */

/* The picture's bytes stand in the page, so that the page can be sent alone. */
static int figure(xmlNode *parent, enum figure_name name, const char *alt, const char *dir,
                  struct err *err)
{
    static const char *const endings[] = { "svg", "pdf", "png", "tsv", "gp" };
    struct buf svg = {0}, url = {0};
    xmlNode *f, *img, *caption;
    char file[96], *path;
    int rc;

    if (!dir)
        return 0;
    snprintf(file, sizeof file, "%s.svg", figure_names[name]);
    path = file_join(dir, file);
    rc = file_read(path, SVG_MAX, &svg, err);
    free(path);
    if (rc)
        goto out;
    buf_puts(&url, "data:image/svg+xml;base64,");
    buf_grow(&url, BASE64_ENCODE_RAW_LENGTH(svg.n) + 1);
    base64_encode_raw(url.p + url.n, svg.n, (const uint8_t *)svg.p);
    url.n += BASE64_ENCODE_RAW_LENGTH(svg.n);
    f = dom_add(parent, "figure");
    img = dom_add(f, "img");
    dom_attr(img, "alt", alt);
    dom_attr(img, "src", buf_cstr(&url));
    caption = dom_add(f, "figcaption");
    dom_text(caption, "To print or to draw again: ");
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        snprintf(file, sizeof file, "figures/%s.%s", figure_names[name], endings[i]);
        dom_text(caption, i ? ", " : "");
        dom_link(caption, file, str_of(endings[i]));
    }
out:
    buf_release(&svg);
    buf_release(&url);
    return rc;
}

/* ---- waterfall ---- */

static void waterfall_row(xmlNode *tbody, const struct waterfall *w, enum node n)
{
    const double share = share_of(w->n[n], w->n[NODE_ITEMS]);
    const bool public = n == NODE_PUBLIC || node_parent(n) == NODE_PUBLIC;
    xmlNode *row = dom_row(tbody, str_of(node_name(n))), *bar;
    char text[64];

    snprintf(text, sizeof text, "d%d", node_depth(n));
    dom_attr(row, "class", text);
    number(row, w->n[n]);
    percent(row, share);
    if (n == NODE_ITEMS)
        dom_number(row, "");
    else
        percent(row, share_of(w->n[n], w->n[node_parent(n)]));
    bar = dom_class(row, "td", "bars");
    if (w->n[n] == 0)
        return;
    bar = dom_class(bar, "div", public ? "bar public" : "bar");
    snprintf(text, sizeof text, "width:%.2f%%", 100 * share);
    dom_attr(bar, "style", text);
}

static int waterfall(xmlNode *body, const struct summary *s, const char *figures, struct err *err)
{
    static const char *const heads[] = { "", "#items", "#of all", "#of its parent", "" };
    xmlNode *part = section(body, SECTION_WATERFALL, "Waterfall: every item is in one bucket"),
            *tbody;
    char text[TEXT_MAX];

    tbody = dom_table(part, "At every level the parts add up to the whole.", HEADS(heads));
    dom_attr(tbody->parent, "class", "tree");
    for (int i = 0; i < NODE_COUNT; i++)
        waterfall_row(tbody, &s->waterfall, (enum node)i);
    dom_printf(dom_add(part, "p"), "Residual of the ledger: %s.",
               text_count(waterfall_residual(&s->waterfall), text));
    dom_p(
        part,
        "Public: the page was public, and the API did not return the item. Restricted: the page was "
        "refused here for "
        "a reason other than deletion or privacy, so the item may be public elsewhere. Open: not "
        "decided yet.");
    return figure(part, FIGURE_BREAKDOWN,
                  "Bars: what was returned, what is missing, and the missing items "
                  "by label; the "
                  "same numbers as in the table above.",
                  figures, err);
}

/* ---- labels ---- */

static void examples(xmlNode *row, const struct summary *s, enum label label)
{
    xmlNode *td = dom_add(row, "td");
    struct buf url = {0};
    char id[ID_TEXT_MAX];

    for (size_t i = 0; i < s->examples[label]; i++) {
        const struct example *e = &s->example[label][i];
        xmlNode *a;

        buf_clear(&url);
        tiktok_post_url(&url, e->id, e->handle);
        dom_text(td, i ? ", " : "");
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
        [BASIS_DOCUMENTED] =
            "the platform's documentation announced the exclusion on the day the API was "
            "last asked",
        [BASIS_DISPUTED] = "two of the platform's pages disagree on that day",
        [BASIS_UNEXPLAINED] = "no document explains it",
    };
    xmlNode *tbody;
    char low[TEXT_MAX], high[TEXT_MAX];

    dom_text(dom_add(part, "h3"), "Documented or unexplained?");
    tbody = dom_table(
        part,
        "Missing items by what stands behind their label; items of rules that are only "
        "associated "
        "count as unexplained.",
        HEADS(heads));
    for (int b = BASIS_NONE + 1; b < BASIS_COUNT; b++) {
        xmlNode *row = dom_row(tbody, str_of(basis_name((enum basis)b)));

        number(row, s->split[b]);
        percent(row, share_of(s->split[b], s->waterfall.n[NODE_MISSING]));
        number(row, s->basis[b]);
        dom_cell(row, meaning[b]);
    }
    dom_printf(
        dom_add(part, "p"),
        "Unexplained: at least %s, at most %s. The lower number counts only items "
        "of accounts "
        "with a returned post, whose silence neither the owner's age nor a missing registration "
        "explains.",
        text_count(s->unexplained_low, low), text_count(s->unexplained_high, high));
}

static void labels(xmlNode *body, const struct summary *s)
{
    static const char *const heads[] = { "label",   "#items",  "#of missing",
                                         "#of all", "reasons", "examples" };
    xmlNode *part = section(body, SECTION_LABELS, "Labels of the missing items"), *tbody;

    tbody = dom_table(
        part,
        "The first rule that matches gives label and reason; labels.csv has one row an "
        "item.",
        HEADS(heads));
    for (int l = LABEL_NONE + 1; l < LABEL_COUNT; l++) {
        xmlNode *row = dom_row(tbody, str_of(label_name((enum label)l)));

        number(row, s->label[l]);
        percent(row, share_of(s->label[l], s->waterfall.n[NODE_MISSING]));
        percent(row, share_of(s->label[l], s->waterfall.n[NODE_ITEMS]));
        reasons(row, s, (enum label)l);
        examples(row, s, (enum label)l);
    }
    basis(part, s);
}

/* ---- accounts ---- */

static void account_rows(xmlNode *part, const struct accounts *a)
{
    static const char *const heads[] = { "account",          "#items",
                                         "#asked",           "#returned",
                                         "#on trial",        "#created in Canada",
                                         "#chance",          "#q",
                                         "verdict",          "known to the API",
                                         "#rows by username" };
    static const char *const known[USER_INFO_COUNT] = { "", "yes", "no, it cannot find the user",
                                                        "no, it cannot return the user" };
    const size_t shown = a->len < ACCOUNTS_SHOWN ? a->len : ACCOUNTS_SHOWN;
    xmlNode *tbody, *details = dom_add(part, "details");
    char text[TEXT_MAX], all[TEXT_MAX];

    dom_printf(dom_add(details, "summary"),
               "The %s accounts of %s whose silence is the least likely",
               text_count((int64_t)shown, text), text_count(a->accounts, all));
    tbody = dom_table(
        details,
        "chance: probability that none of the items on trial comes back; q: the same, "
        "corrected for "
        "the number of accounts.",
        HEADS(heads));
    for (size_t i = 0; i < shown; i++) {
        const struct account_row *r = &a->row[i];
        xmlNode *row = dom_row(tbody, r->handle.n ? r->handle : STR("(no handle)"));

        number(row, r->items);
        number(row, r->asked);
        number(row, r->retrieved);
        number(row, r->trials);
        percent(row, r->canada);
        probability(row, r->chance);
        probability(row, r->q);
        dom_cell(row, account_verdict_name(r->verdict));
        dom_cell(row, known[r->info]);
        if (r->query_ok)
            number(row, r->query_rows);
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
               "The API was asked about the excluded accounts by name: %s it knows, %s it "
               "cannot find, of %s it cannot return the information.",
               text_count(n[USER_INFO_KNOWN], c[0]), text_count(n[USER_INFO_UNKNOWN], c[1]),
               text_count(n[USER_INFO_DENIED], c[2]));
    dom_printf(dom_add(part, "p"),
               "A query by the username, over the window that holds most of an account's items, "
               "was answered for %s of them, for %s of these without a single post.",
               text_count(a->queried, c[0]), text_count(a->queried_none, c[1]));
}

static int accounts(xmlNode *body, const struct summary *s, const char *figures, struct err *err)
{
    const struct accounts *a = &s->accounts;
    xmlNode *part = section(body, SECTION_ACCOUNTS, "Accounts");
    char c[5][TEXT_MAX];

    if (a->accounts == 0) {
        dom_p(part, "No item belongs to a known account yet.");
        return 0;
    }
    dom_printf(dom_add(part, "p"),
               "%s accounts with %s items. Called excluded: %s, where at least %s items "
               "were on trial, "
               "none came back, and chance does not explain it (q below 0.05).",
               text_count(a->accounts, c[0]), text_count(a->with_key_items, c[1]),
               text_count(a->verdict[ACCOUNT_EXCLUDED], c[2]), text_count(a->min_items, c[3]));
    dom_printf(dom_add(part, "p"),
               "Counted the published way: %s accounts have five items or more, of %s of "
               "them none came "
               "back, of which %s post from Canada.",
               text_count(a->published_accounts, c[0]), text_count(a->published_none, c[1]),
               text_count(a->published_none_canada, c[2]));
    dom_printf(dom_class(part, "p", "soft"),
               "At other accounts with a returned post %s of items come back; "
               "posts of one "
               "account hang together with rho = %.3f.",
               text_percent(a->rate, c[0]), a->rho);
    if (figure(part, FIGURE_ACCOUNTS,
               "Bars: accounts by the share of their items that the API returned.", figures, err))
        return -1;
    excluded_asked(part, a);
    account_rows(part, a);
    return 0;
}

/* ---- fields ---- */

static int fields(xmlNode *body, const struct summary *s, const char *figures, struct err *err)
{
    static const char *const heads[] = { "field",    "#compared", "#equal",    "#within",
                                         "#differs", "#agree",    "#API only", "#page only" };
    xmlNode *part = section(body, SECTION_FIELDS, "Fields: do the API and the page agree?"), *tbody;

    dom_p(
        part,
        "Compared are items that both sides show. Within: not equal, and explained by rounding or by "
        "the time between "
        "the two readings; agree = equal or within. differences.csv has every row.");
    if (figure(part, FIGURE_FIELDS,
               "Bars: share of items on which each field is equal, within, differs, or "
               "stands on one "
               "side alone; the same numbers as in the table.",
               figures, err))
        return -1;
    tbody = dom_table(part, "Items by field and verdict.", HEADS(heads));
    for (int f = 0; f < FIELD_COUNT; f++) {
        xmlNode *row;

        if (field_info((enum field)f)->cmp == CMP_NONE)
            continue;
        row = dom_row(tbody, str_of(field_info((enum field)f)->name));
        number(row, summary_compared(s, (enum field)f));
        number(row, s->field[f][VERDICT_EQUAL]);
        number(row, s->field[f][VERDICT_WITHIN]);
        number(row, s->field[f][VERDICT_DIFFERS]);
        percent(row, summary_agreement(s, (enum field)f));
        number(row, s->field[f][VERDICT_API_ONLY]);
        number(row, s->field[f][VERDICT_PAGE_ONLY]);
    }
    return 0;
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
    tbody = dom_table(
        part,
        "Missing items that rules of both labels match; on the diagonal, all that rules "
        "of the label match.",
        heads, LABEL_COUNT);
    for (int a = LABEL_NONE + 1; a < LABEL_COUNT; a++) {
        xmlNode *row = dom_row(tbody, str_of(label_name((enum label)a)));

        for (int b = LABEL_NONE + 1; b < LABEL_COUNT; b++)
            number(row, s->overlap[a][b]);
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

static void rules(xmlNode *body, const struct summary *s)
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
    xmlNode *part = section(body, SECTION_RULES, "Rules"), *tbody;

    dom_p(
        part,
        "Rules are tried in this order. P(missing | match) is the share of missing items among the "
        "public items that "
        "the rule matches, beside the same for those it does not match. A rule that does not "
        "separate the two is only "
        "associated: it explains nothing, and its items count as unexplained.");
    tbody = dom_table(part, "The rules of rules.ini.", HEADS(heads));
    for (size_t i = 0; i < s->rules; i++) {
        const struct rule_row *r = &s->rule[i];
        xmlNode *row = dom_row(tbody, r->name);

        if (r->source.n || r->since.n || r->until.n)
            rule_source(row, r);
        dom_printf(dom_add(row, "td"), "%s: %s", label_name(r->label), reason_name(r->reason));
        dom_cell(row, basis_name(r->basis));
        number(row, r->first);
        number(row, r->all);
        number(row, r->shared);
        percent(row, r->p_with);
        percent(row, r->p_without);
        probability(row, r->p_value);
        dom_cell(row, separation_name(r->separation));
    }
    overlaps(part, s);
}

/* ---- what is open, requests, settings ---- */

static void drift_table(xmlNode *part, const struct summary *s, bool yields, const char *head,
                        const char *caption)
{
    static const char *const heads[] = { "kind", "name", "#times", "first (UTC)", "last (UTC)" };
    xmlNode *tbody = NULL;

    for (size_t i = 0; i < s->drifts; i++) {
        const struct drift_row *d = &s->drift[i];
        xmlNode *row;

        if (summary_is_yield(d) != yields)
            continue;
        if (!tbody) {
            dom_text(dom_add(part, "h3"), head);
            tbody = dom_table(part, caption, HEADS(heads));
        }
        row = dom_row(tbody, d->kind);
        dom_str(dom_add(dom_add(row, "td"), "code"), d->name);
        number(row, d->count);
        instant(row, d->first_at, "");
        instant(row, d->last_at, "");
    }
}

static void open_items(xmlNode *body, const struct summary *s)
{
    static const char *const heads[] = { "reason", "#items", "due first (UTC)", "due last (UTC)" };
    xmlNode *part = section(body, SECTION_OPEN, "Still open"), *tbody;

    if (s->dues == 0)
        dom_p(part, "Nothing is open.");
    else {
        tbody = dom_table(part, "Items without a verdict, and when they can get one.",
                          HEADS(heads));
        for (size_t i = 0; i < s->dues; i++) {
            xmlNode *row = dom_row(tbody, str_of(reason_name(s->due[i].reason)));

            number(row, s->due[i].count);
            instant(row, s->due[i].first_at, "given up or not planned");
            instant(row, s->due[i].last_at, "");
        }
    }
    drift_table(
        part, s, true, "What the pages gave",
        "Page answers by the generation of the page, and pages without an answer by what stood in their place.");
    drift_table(
        part, s, false, "What the platform sent that this version does not know",
        "Codes, keys and shapes never seen before, or gone; they may change what a label means.");
}

static void batches(xmlNode *body, const struct summary *s)
{
    static const char *const heads[] = { "company",    "other ids never returned",
                                         "ids",        "#asks lost",
                                         "#of",        "#a loss has probability",
                                         "#95 % from", "#to" };
    const struct batches *b = &s->batches;
    xmlNode *part = section(body, SECTION_BATCHES, "What batches lose"), *tbody;
    struct buf text = {0};

    if (!b->len) {
        dom_p(part, "Nothing was asked twice yet.");
        return;
    }
    report_forensic(&text, s);
    if (text.n)
        buf_to_p(part, &text);
    buf_release(&text);
    tbody = dom_table(
        part,
        "Asks of items that came back after a silence, and of canaries (those found at once weigh a "
        "quarter), by the make-up of their batch. Sound: no id that was not public; dead: with one; dark: "
        "no canary came back.",
        HEADS(heads));
    for (size_t i = 0; i < b->len; i++) {
        const struct batch_row *r = &b->row[i];
        char a[TEXT_MAX];
        xmlNode *row = dom_row(tbody, str_of(r->company));

        dom_cell(row, r->never ? "yes" : "no");
        dom_cell(row, r->size);
        dom_number(row, text_estimate(r->lost, a));
        dom_number(row, text_estimate(r->lost + r->kept, a));
        dom_number(row, text_percent(r->loss, a));
        dom_number(row, text_percent(r->interval.low, a));
        dom_number(row, text_percent(r->interval.high, a));
    }
}

static void validation(xmlNode *body, const struct summary *s)
{
    static const char *const heads[] = { "the query's verdict", "#valid", "#not valid",
                                         "#not asked" };
    xmlNode *part = section(body, SECTION_VALIDATION, "The platform's own validity check"), *tbody;
    int64_t answered = 0;
    char text[TEXT_MAX], all[TEXT_MAX];

    for (int i = 0; summary_validation_nodes[i] != NODE_COUNT; i++)
        answered += s->validation[summary_validation_nodes[i]][VALIDATION_VALID] +
                    s->validation[summary_validation_nodes[i]][VALIDATION_NOT_VALID];
    if (!answered) {
        dom_p(part, "It was not asked in this audit (setting api.validation).");
        return;
    }
    dom_printf(
        dom_add(part, "p"),
        "The platform offers a second answer about an id: a task that takes up to 10,000 "
        "of them and returns those that are still valid. It answered for %s items here; for %s of them it says "
        "otherwise than the query: returned but not valid, or missing but valid.",
        text_count(answered, all), text_count(s->validation_against_query, text));
    tbody = dom_table(
        part,
        "Items by the verdict that rests on the query, and by the validity check's last answer; "
        "column validation of labels.csv.",
        HEADS(heads));
    for (int i = 0; summary_validation_nodes[i] != NODE_COUNT; i++) {
        const int64_t *n = s->validation[summary_validation_nodes[i]];
        xmlNode *row = dom_row(tbody, str_of(node_name(summary_validation_nodes[i])));

        number(row, n[VALIDATION_VALID]);
        number(row, n[VALIDATION_NOT_VALID]);
        number(row, n[VALIDATION_NONE]);
    }
}

static int requests(xmlNode *body, const struct summary *s, const char *figures, struct err *err)
{
    static const char *const heads[] = { "witness", "#requests", "#sent, with repeats", "#failed" };
    xmlNode *part = section(body, SECTION_REQUESTS, "Requests"), *tbody;
    struct buf text = {0};

    tbody = dom_table(part,
                      "What was asked of whom; each send to the API is charged to the day's quota.",
                      HEADS(heads));
    for (int w = 0; w < WITNESS_COUNT; w++) {
        const struct request_count *c = &s->request[w];
        xmlNode *row;

        if (c->requests == 0 && c->sends == 0)
            continue;
        row = dom_row(tbody, str_of(witness_name((enum witness)w)));
        number(row, c->requests);
        number(row, c->sends);
        number(row, c->failed);
    }
    for (size_t i = 0; i < s->outages; i++) {
        report_outage(&text, &s->outage[i]);
        dom_p(part, buf_cstr(&text));
        buf_clear(&text);
    }
    buf_release(&text);
    return figure(part, FIGURE_TIMELINE,
                  "Bars by day: requests to the API, items asked and returned, pages "
                  "read.",
                  figures, err);
}

static void planned(xmlNode *row, const struct plan_kept *kept, enum phase p)
{
    char text[SPAN_MAX];

    dom_number(row, kept->known ? report_span(&kept->phase[p].calls, text) : "-");
    dom_number(row, kept->known ? report_span(&kept->phase[p].days, text) : "-");
}

static void plan(xmlNode *body, const struct summary *s)
{
    static const char *const heads[] = { "phase", "#calls planned before",
                                         "#days", "#calls planned after round 1",
                                         "#days", "#calls sent",
                                         "#days" };
    xmlNode *part = section(body, SECTION_PLAN, "Plan and actual"), *tbody;
    const struct phases *all = &s->phases;
    char text[TEXT_MAX];

    if (!all->before.known && !all->after.known) {
        dom_p(part,
              "No plan was kept: this audit asked nothing, or was begun by an older version.");
        return;
    }
    if (all->before.known)
        dom_printf(
            dom_add(part, "p"),
            "Planned before the first request, for %s items, and again when round 1 had closed; "
            "in brackets the range. Calls that were repeated after a failure are in no plan, but were sent.",
            text_count(all->before.items, text));
    tbody = dom_table(
        part,
        "Calls and UTC days by phase; pages and oEmbed are calls of the public site, the others "
        "of the API.",
        HEADS(heads));
    for (int p = 0; p < PHASE_COUNT; p++) {
        xmlNode *row;

        if (!phases_has(all, (enum phase)p))
            continue;
        row = dom_row(tbody, str_of(phase_words((enum phase)p)));
        planned(row, &all->before, (enum phase)p);
        planned(row, &all->after, (enum phase)p);
        number(row, all->done[p].calls);
        number(row, all->done[p].days);
    }
}

static void settings(xmlNode *body, const struct summary *s)
{
    static const char *const heads[] = { "setting", "value" };
    xmlNode *part = section(body, SECTION_SETTINGS, "Settings"), *p, *tbody;

    p = dom_add(part, "p");
    dom_text(p, "SHA-256 of rules.ini: ");
    dom_str(dom_add(p, "code"), s->rules_digest);
    tbody = dom_table(part, "The settings of this run.", HEADS(heads));
    for (size_t i = 0; i < s->settings; i++) {
        xmlNode *row = dom_row(tbody, s->setting[i].name);

        dom_str(dom_add(dom_add(row, "td"), "code"), s->setting[i].value);
    }
}

int report_html_page(struct buf *out, const struct summary *s, const char *figure_dir,
                     struct err *err)
{
    xmlNode *body, *page;
    xmlDoc *doc = dom_page("Research API audit", &body);

    head(body, s);
    page = dom_add(body, "main");
    headline(page, s);
    if (waterfall(page, s, figure_dir, err))
        goto fail;
    labels(page, s);
    if (accounts(page, s, figure_dir, err) || fields(page, s, figure_dir, err))
        goto fail;
    rules(page, s);
    open_items(page, s);
    batches(page, s);
    validation(page, s);
    if (requests(page, s, figure_dir, err))
        goto fail;
    plan(page, s);
    settings(page, s);
    dom_write(doc, out);
    return 0;
fail:
    xmlFreeDoc(doc);
    return -1;
}

int report_html(const char *dir, const struct summary *s, bool figures, struct err *err)
{
    char *path = file_join(dir, "index.html"),
         *figure_dir = figures ? file_join(dir, "figures") : NULL;
    struct buf page = {0};
    int rc = report_html_page(&page, s, figure_dir, err);

    if (!rc)
        rc = file_write(path, buf_view(&page), err);
    buf_release(&page);
    free(figure_dir);
    free(path);
    return rc;
}
