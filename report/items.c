/* report/items.c: the pages of items.h; their rows are items_data.c's, what they do is
 * items.js's. */
#include "report/items.h"
#include <stdlib.h>
#include "base/embed.h"
#include "base/file.h"
#include "report/datum.h"
#include "report/items_data.h"
#include "report/waterfall.h"

EMBED(items_js, "report/items.js");
EMBED(items_css, "report/items.css");

/* Where the case file of the id behind it is. */
#define CASES "cases/index.html#"

struct items_site {
    const char *dir;
    struct datum_from from;
    int64_t part;
    struct items_data of[NODE_COUNT];      // rows of a bucket that are not written yet; in one
    int64_t parts[NODE_COUNT];             // file: of NODE_ITEMS. Pages written so far.
    struct err *err;
};

static bool parted(const struct items_site *site, enum node bucket)
{
    return bucket != NODE_ITEMS && site->from.s->waterfall.n[bucket] > site->part;
}

/* ---- what all pages begin with ---- */

static void items_path(struct buf *out, enum node bucket, int64_t part)
{
    buf_puts(out, "items");
    if (bucket != NODE_ITEMS)
        buf_printf(out, "-%s", node_path(bucket));
    for (size_t i = 0; i < out->n; i++)
        if (out->p[i] == '/')
            out->p[i] = '-';
    if (part)
        buf_printf(out, "-%lld", (long long)part);
    buf_puts(out, ".html");
}

/* The count of a node, by its place in summary.json. */
static void put_count(xmlNode *parent, const struct items_site *site, enum node n)
{
    struct buf pointer = {0};
    enum node up[4];
    int depth = 0;

    for (enum node at = n; at != NODE_ITEMS; at = node_parent(at))
        up[depth++] = at;
    buf_puts(&pointer, "/waterfall/items");
    while (depth--)
        buf_printf(&pointer, "/children/%s", node_name(up[depth]));
    datum_count_at(parent, site->from, site->from.s->waterfall.n[n], "%s/count",
                   buf_cstr(&pointer));
    buf_release(&pointer);
}

/* title stands behind how many posts of the bucket there are. */
static xmlNode *begin(xmlNode *body, const struct items_site *site, enum node bucket,
                      const char *title)
{
    xmlNode *header, *nav, *kick, *h1;

    dom_attr(body, "class", "items");
    header = dom_add(body, "header");
    kick = dom_class(header, "p", "soft");
    dom_text(kick, "Research API audit ");
    dom_str(dom_add(kick, "code"), site->from.s->audit);
    h1 = dom_add(header, "h1");
    dom_text(h1, bucket == NODE_ITEMS ? "All " : "");
    put_count(h1, site, bucket);
    if (bucket != NODE_ITEMS) {
        dom_text(h1, " of ");
        put_count(h1, site, NODE_ITEMS);
    }
    dom_text(h1, title);
    nav = dom_add(header, "nav");
    dom_attr(nav, "aria-label", "Pages and data");
    nav = dom_add(nav, "ul");
    dom_link(dom_add(nav, "li"), "index.html", STR("The report"));
    dom_link(dom_add(nav, "li"), "labels.csv", STR("labels.csv: all rows, all columns"));
    dom_link(dom_add(nav, "li"), "datapackage.json", STR("codebook"));
    return dom_add(body, "main");
}

static int page_write(const struct items_site *site, xmlDoc *doc, enum node bucket, int64_t part)
{
    struct buf name = {0}, html = {0};
    char *path;
    int rc;

    items_path(&name, bucket, part);
    path = file_join(site->dir, buf_cstr(&name));
    dom_write(doc, &html);
    rc = file_write_derived(path, buf_view(&html), site->err);
    free(path);
    buf_release(&name);
    buf_release(&html);
    return rc;
}

/* ---- a page with rows ---- */

static xmlNode *labelled(xmlNode *form, const char *class, const char *text, const char *tag,
                         const char *id)
{
    xmlNode *label = *class ? dom_class(form, "label", class) : dom_add(form, "label"), *control;

    dom_text(label, text);
    control = dom_add(label, tag);
    dom_attr(control, "id", id);
    return control;
}

static void button(xmlNode *parent, const char *id, const char *text)
{
    xmlNode *b = dom_add(parent, "button");

    dom_attr(b, "id", id);
    dom_attr(b, "type", "button");
    dom_text(b, text);
}

static void put_filters(xmlNode *table)
{
    xmlNode *form = dom_class(table, "form", "filters"), *control;

    dom_attr(form, "id", "filters");
    dom_attr(form, "role", "search");
    dom_attr(form, "aria-label", "Which posts");
    control = labelled(form, "wide", "Search: ids, address, words", "input", "q");
    dom_attr(control, "type", "search");
    dom_attr(control, "autocomplete", "off");
    labelled(form, "", "State", "select", "state");
    labelled(form, "", "Bucket", "select", "bucket");
    labelled(form, "", "Rule", "select", "rule");
    labelled(form, "", "Basis", "select", "basis");
    control = labelled(form, "", "Account", "input", "account");
    dom_attr(control, "type", "search");
    dom_attr(control, "autocomplete", "off");
}

static void put_told(xmlNode *table)
{
    xmlNode *told = dom_class(table, "div", "told"), *p = dom_add(told, "p");

    dom_attr(p, "id", "told");
    dom_attr(p, "role", "status");
    button(told, "save", "Save these rows as CSV");
    button(told, "clear", "Clear all filters");
    dom_attr(dom_add(told, "span"), "id", "chips");
}

static void put_grid(xmlNode *table)
{
    xmlNode *frame, *group, *hint = dom_class(table, "p", "soft");

    dom_attr(hint, "id", "keys");
    dom_text(hint, "Keys in the table: arrows, Page Up, Page Down, Home, End; Enter opens a post's "
                   "case file. A click on a column's name orders the rows.");
    frame = dom_class(table, "div", "frame");
    dom_attr(frame, "id", "frame");
    dom_attr(frame, "role", "grid");
    dom_attr(frame, "tabindex", "0");
    dom_attr(frame, "aria-label", "Posts");
    dom_attr(frame, "aria-describedby", "keys");
    dom_attr(frame, "data-cases", CASES);
    group = dom_class(frame, "div", "head");
    dom_attr(group, "id", "head");
    dom_attr(group, "role", "rowgroup");
    group = dom_class(frame, "div", "body");
    dom_attr(group, "id", "body");
    dom_attr(group, "role", "rowgroup");
}

static void put_words(xmlNode *main, const struct items_site *site, enum node bucket)
{
    xmlNode *p = dom_add(main, "p"), *plain;

    if (bucket != NODE_ITEMS) {
        dom_text(p, parted(site, bucket) ? "Some of those in " : "Those in ");
        dom_str(dom_add(p, "code"), str_of(node_path(bucket)));
        dom_text(p, "; ");
        dom_link(p, "items.html", STR("the others"));
        dom_text(p, ". ");
    }
    dom_text(p, "One row a post: what became of it, by which rule, how often the API was asked, "
                "what its page said.");
    if (!site->from.look->alias.names)
        dom_text(p, " Names are pseudonyms.");
    plain = dom_add(main, "p");
    dom_attr(plain, "id", "plain");
    dom_text(plain, "The table is drawn by a script that stands in this page and loads nothing. "
                    "Without it: ");
    dom_link(plain, "labels.csv", STR("labels.csv"));
    dom_text(plain, " has every row, and more columns.");
    p = dom_class(main, "p", "paper");
    dom_text(p, "The table is drawn as it is scrolled to, so it is not printed. To print rows, "
                "choose them on the screen, save them as CSV, and print that; labels.csv has all.");
}

static int rows_write(struct items_site *site, enum node bucket, int64_t part)
{
    const struct str script = { items_js, items_js_len };
    struct items_data *rows = &site->of[bucket];
    struct buf packed = {0};
    xmlNode *body, *main, *table;
    xmlDoc *doc = dom_page_scripted("Posts of this audit", script, &body);
    int rc;

    dom_style(doc, (struct str){ items_css, items_css_len });
    main = begin(body, site, bucket, " posts");
    put_words(main, site, bucket);
    table = dom_add(main, "section");
    dom_attr(table, "id", "table");
    dom_attr(table, "aria-label", "The table");
    dom_attr(table, "hidden", "");
    put_filters(table);
    put_told(table);
    put_grid(table);
    items_pack(rows, &packed);
    dom_data(body, "application/octet-stream", "data", buf_view(&packed));
    buf_release(&packed);
    rc = page_write(site, doc, bucket, parted(site, bucket) ? part : 0);
    items_clear(rows);
    return rc;
}

/* ---- a page that lists others ---- */

static void put_links(xmlNode *row, const struct items_site *site, enum node bucket)
{
    xmlNode *cell = dom_add(row, "td");
    struct buf name = {0};

    for (int64_t part = 1; part <= site->parts[bucket]; part++) {
        buf_clear(&name);
        items_path(&name, bucket, parted(site, bucket) ? part : 0);
        dom_text(cell, part > 1 ? ", " : "");
        dom_link(cell, buf_cstr(&name), buf_view(&name));
    }
    buf_release(&name);
}

static int list_write(const struct items_site *site)
{
    static const char *const heads[] = { "bucket", "#posts", "pages" };
    struct buf id = {0};
    xmlNode *body, *main, *tbody, *row;
    xmlDoc *doc = dom_page("Posts of this audit", &body);

    dom_style(doc, (struct str){ items_css, items_css_len });
    main = begin(body, site, NODE_ITEMS, " posts, by bucket");
    tbody = dom_table(main, "Too many rows for one page, so each bucket has its own; a large one "
                            "has several, by id", heads, sizeof heads / sizeof *heads);
    for (int n = 0; n < NODE_COUNT; n++) {
        buf_clear(&id);
        buf_puts(&id, node_path((enum node)n));
        for (size_t i = 0; i < id.n; i++)
            if (id.p[i] == '/')
                id.p[i] = '-';
        row = dom_row(tbody, str_of(node_path((enum node)n)));
        dom_attr(row, "id", buf_cstr(&id));
        put_count(dom_class(row, "td", "n"), site, (enum node)n);
        put_links(row, site, (enum node)n);
    }
    buf_release(&id);
    return page_write(site, doc, NODE_ITEMS, 0);
}

/* ---- all of them ---- */

/* The leaf that a row's page is for: in one page all rows are of NODE_ITEMS. */
static int take(struct items_site *site, bool split, const struct label_row *row)
{
    const enum node bucket = split ? waterfall_leaf(row) : NODE_ITEMS;
    struct items_data *rows = &site->of[bucket == NODE_COUNT ? NODE_ITEMS : bucket];

    if (bucket == NODE_COUNT)
        return err_set(site->err, ERR_IO, "an item fits no bucket of the waterfall");
    if (!rows->s)
        items_init(rows, site->from.s, site->from.look);
    items_add(rows, row);
    if (!split || (int64_t)rows->n < site->part)
        return 0;
    return rows_write(site, bucket, ++site->parts[bucket]);
}

static int rest_write(struct items_site *site, bool split)
{
    int rc = 0;

    if (!split) {
        if (!site->of[NODE_ITEMS].s)
            items_init(&site->of[NODE_ITEMS], site->from.s, site->from.look);
        return rows_write(site, NODE_ITEMS, 0);
    }
    for (int n = 0; rc == 0 && n < NODE_COUNT; n++)
        if (site->of[n].n)
            rc = rows_write(site, (enum node)n, ++site->parts[n]);
    return rc ? rc : list_write(site);
}

int report_items(const char *dir, const struct summary *s, const struct look *look,
                 const struct label_source *from, struct items_limits limits, struct err *err)
{
    const int64_t all = s->waterfall.n[NODE_ITEMS];
    const bool split = all >= (limits.split ? limits.split : ITEMS_SPLIT);
    struct items_site site = { .dir = dir,
                               .from = { s, look },
                               .part = limits.part ? limits.part : ITEMS_PART,
                               .err = err };
    struct label_row row;
    int rc = 0, more = 0;

    while (rc == 0 && (more = from->next(from->from, &row, err)) > 0)
        rc = take(&site, split, &row);
    if (rc == 0)
        rc = more < 0 ? -1 : rest_write(&site, split);
    for (int n = 0; n < NODE_COUNT; n++)
        items_release(&site.of[n]);
    return rc;
}
