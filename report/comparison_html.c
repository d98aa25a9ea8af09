/* report/comparison_html.c: index.html of a comparison, in the frame of the report. To add a
 * section copy `moved` and give it a row in the table at the end. */
#include "platform/tiktok.h"
#include "record/id.h"
#include "report/comparison.h"
#include "report/html_part.h"

static void story(xmlNode *parent, const struct comparison *c, enum comparison_story what)
{
    struct buf text = { 0 };

    report_comparison_story(&text, c, what);
    if (text.n)
        dom_str(dom_add(parent, "p"), buf_view(&text));
    buf_release(&text);
}

/* ---- the answer ---- */

static void cautions(xmlNode *body, const struct comparison *c)
{
    xmlNode *list;

    if (c->cautions == 0)
        return;
    dom_text(dom_add(body, "h3"), "Before you read on");
    list = dom_add(body, "ul");
    for (size_t i = 0; i < c->cautions; i++)
        dom_str(dom_add(list, "li"), c->caution[i]);
}

static void headline(xmlNode *body, const struct comparison *c)
{
    xmlNode *box = dom_class(body, "div", "headline"), *big = dom_class(box, "p", "big");
    char fixed[TEXT_MAX], broken[TEXT_MAX];

    dom_printf(big, "%s fixed, %s broken", text_count(c->fixed, fixed),
               text_count(c->broken, broken));
    story(box, c, COMPARISON_ANSWER);
    story(box, c, COMPARISON_SHARE);
    story(box, c, COMPARISON_ACCOUNTS);
    story(box, c, COMPARISON_ITEMS);
    story(box, c, COMPARISON_OPEN);
    story(box, c, COMPARISON_RULES);
    cautions(body, c);
    story(body, c, COMPARISON_MEANING);
}

/* ---- sections ---- */

static void examples(xmlNode *part, const char *title, const struct look *look,
                     const struct compared_example *v, size_t n)
{
    static const char *const heads[] = { "post", "account", "before", "after" };
    xmlNode *tbody;

    if (n == 0)
        return;
    dom_text(dom_add(part, "h3"), title);
    tbody = dom_table(part, "The lowest ids; the lists have all of them.", HEADS(heads));
    for (size_t i = 0; i < n; i++) {
        xmlNode *row = dom_add(tbody, "tr"), *post = dom_add(row, "th");
        struct buf url = { 0 };
        char id[ID_TEXT_MAX], name[ALIAS_MAX];

        dom_attr(post, "scope", "row");
        tiktok_post_url(&url, v[i].id,
                        alias_shows(&look->alias, v[i].handle) ? v[i].handle : STR_NONE);
        if (v[i].purged)
            dom_text(post, id_text(v[i].id, id));
        else
            dom_attr(dom_link(post, buf_cstr(&url), str_of(id_text(v[i].id, id))), "rel",
                     "noreferrer noopener");
        dom_str(dom_add(row, "td"), alias_of(&look->alias, v[i].handle, name));
        dom_cell(row, node_path(v[i].from));
        dom_cell(row, node_path(v[i].to));
        buf_release(&url);
    }
}

static void labels(xmlNode *part, const struct comparison *c, const struct look *look)
{
    static const char *const heads[] = { "label",          "#before", "#of these fixed",
                                         "#still missing", "#after",  "#of these broken" };
    xmlNode *tbody = dom_table(part, "Items of both that are missing though public, by label.",
                               HEADS(heads));

    for (int i = 0; i < NODE_COUNT; i++) {
        struct compared_label l;
        xmlNode *row;

        if (!node_is_leaf((enum node)i) || !node_is_public((enum node)i))
            continue;
        l = comparison_label(c, (enum node)i);
        row = dom_row(tbody, str_of(node_name((enum node)i)));
        html_number(row, l.a);
        html_number(row, l.fixed);
        html_number(row, l.still);
        html_number(row, l.b);
        html_number(row, l.broken);
    }
    examples(part, "Broken", look, c->broken_example, c->broken_examples);
    examples(part, "Fixed", look, c->fixed_example, c->fixed_examples);
}

static void moved(xmlNode *part, const struct comparison *c, const struct look *look)
{
    static const char *const heads[] = { "before", "after", "#items" };
    xmlNode *tbody;

    (void)look;
    if (c->moved == 0) {
        dom_p(part, "No item lies in another bucket than before.");
        return;
    }
    tbody = dom_table(part, "Items of both whose bucket is another; moved.csv has each.",
                      HEADS(heads));
    for (int from = 0; from < NODE_COUNT; from++)
        for (int to = 0; to < NODE_COUNT; to++) {
            xmlNode *row;

            if (from == to || !c->moves[from][to])
                continue;
            row = dom_row(tbody, str_of(node_path((enum node)from)));
            dom_cell(row, node_path((enum node)to));
            html_number(row, c->moves[from][to]);
        }
}

static void change_row(xmlNode *tbody, const struct change *n)
{
    xmlNode *row = dom_row(tbody, n->name);
    struct buf text = { 0 };

    report_change_value(&text, n, n->has_a, n->a);
    dom_number(row, buf_cstr(&text));
    buf_clear(&text);
    report_change_value(&text, n, n->has_b, n->b);
    dom_number(row, buf_cstr(&text));
    buf_clear(&text);
    report_change_change(&text, n);
    dom_number(row, buf_cstr(&text));
    buf_clear(&text);
    report_change_bounds(&text, n);
    dom_number(row, buf_cstr(&text));
    dom_cell(row, report_change_kind(n));
    dom_str(dom_class(row->children, "div", "soft"), n->is);
    buf_release(&text);
}

static void changes_of(xmlNode *part, const struct comparison *c, enum criterion criterion)
{
    static const char *const heads[] = { "number",  "#before",     "#after",
                                         "#change", "#its bounds", "kind" };
    xmlNode *tbody = NULL;

    for (const struct change *n = c->first_change; n; n = n->next) {
        if (n->criterion != criterion)
            continue;
        if (!tbody) {
            dom_text(dom_add(part, "h3"),
                     criterion == CRITERION_NONE ? "how much there is" : criterion_name(criterion));
            tbody = dom_table(part, "", HEADS(heads));
        }
        change_row(tbody, n);
    }
}

static void numbers(xmlNode *part, const struct comparison *c, const struct look *look)
{
    (void)look;
    dom_p(part, "Each number as its own audit has it. The bounds of a change are a 95 % interval "
                "where both numbers come from samples or the same items stand in both, worst "
                "cases where items are open, and none where neither can be said.");
    for (int i = CRITERION_NONE + 1; i < CRITERION_COUNT; i++)
        changes_of(part, c, (enum criterion)i);
    changes_of(part, c, CRITERION_NONE);
}

static void side_row(xmlNode *tbody, const char *what, struct str a, struct str b, bool code)
{
    xmlNode *row = dom_row(tbody, str_of(what));

    dom_str(code ? dom_add(dom_add(row, "td"), "code") : dom_add(row, "td"), a);
    dom_str(code ? dom_add(dom_add(row, "td"), "code") : dom_add(row, "td"), b);
}

static void both_audits(xmlNode *part, const struct comparison *c, const struct look *look)
{
    static const char *const heads[] = { "", "before", "after" };
    const struct compared_side *a = &c->side[COMPARED_A], *b = &c->side[COMPARED_B];
    xmlNode *tbody = dom_table(part, "The two audits, as they were given.", HEADS(heads));
    char x[TEXT_MAX], y[TEXT_MAX];

    (void)look;
    side_row(tbody, "name", a->name, b->name, false);
    side_row(tbody, "audit", a->audit, b->audit, true);
    side_row(tbody, "items", str_of(text_count(a->items, x)), str_of(text_count(b->items, y)),
             false);
    side_row(tbody, "open", str_of(text_count(a->open, x)), str_of(text_count(b->open, y)), false);
    side_row(tbody, "first answer", str_of(text_instant(a->first_answer_at, x)),
             str_of(text_instant(b->first_answer_at, y)), false);
    side_row(tbody, "newest answer", str_of(text_instant(a->newest_answer_at, x)),
             str_of(text_instant(b->newest_answer_at, y)), false);
    side_row(tbody, "its own rules, SHA-256", a->rules, b->rules, true);
    side_row(tbody, "manifest of the bundle, SHA-256",
             a->manifest.n ? a->manifest : STR("a folder"),
             b->manifest.n ? b->manifest : STR("a folder"), true);
}

static void files(xmlNode *part, const struct comparison *c, const struct look *look)
{
    static const struct {
        const char *name, *is;
    } file[] = {
        { "fixed.txt", "ids, one a line" },
        { "broken.txt", "ids, one a line" },
        { "still_missing.txt", "ids, one a line" },
        { "moved.csv", "each item of both whose bucket is another" },
        { "numbers.csv", "the numbers of both, with their change" },
        { "datapackage.json", "what the columns of the two tables mean" },
    };
    xmlNode *list = dom_add(part, "ul");

    (void)c;
    (void)look;
    for (size_t i = 0; i < sizeof file / sizeof *file; i++) {
        xmlNode *li = dom_add(list, "li");

        dom_link(li, file[i].name, str_of(file[i].name));
        dom_printf(li, ": %s", file[i].is);
    }
    dom_p(part, "load.py, load.R and load.sql read the tables with every id exact.");
}

/* ---- the page ---- */

static const struct {
    const char *id, *name, *title;
    void (*fill)(xmlNode *, const struct comparison *, const struct look *);
} parts[] = {
    { "labels", "fixed and broken", "Fixed and broken", labels },
    { "moved", "moved", "From bucket to bucket", moved },
    { "numbers", "numbers", "The numbers side by side", numbers },
    { "audits", "audits", "What was compared", both_audits },
    { "files", "files", "Files beside this page", files },
};
#define PARTS (sizeof parts / sizeof *parts)

static void head(xmlNode *body, const struct comparison *c)
{
    xmlNode *header = dom_add(body, "header"), *list, *h1 = dom_add(header, "h1");

    dom_text(h1, "What changed between ");
    dom_str(h1, c->side[COMPARED_A].name);
    dom_text(h1, " and ");
    dom_str(h1, c->side[COMPARED_B].name);
    dom_printf(dom_class(header, "p", "soft"),
               "blindspot %s: the same items, what the Research API returned of them then and now.",
               BLINDSPOT_VERSION);
    list = dom_add(dom_add(header, "nav"), "ul");
    for (size_t i = 0; i < PARTS; i++) {
        char href[32];

        snprintf(href, sizeof href, "#%s", parts[i].id);
        dom_link(dom_add(list, "li"), href, str_of(parts[i].name));
    }
}

void report_comparison_html(struct buf *out, const struct comparison *c, const struct look *look)
{
    xmlNode *body, *content;
    xmlDoc *doc = dom_page("Two Research API audits compared", &body);

    head(body, c);
    content = dom_add(body, "main");
    headline(content, c);
    for (size_t i = 0; i < PARTS; i++) {
        xmlNode *section = dom_add(content, "section");

        dom_attr(section, "id", parts[i].id);
        dom_text(dom_add(section, "h2"), parts[i].title);
        parts[i].fill(section, c, look);
    }
    dom_write(doc, out);
}
