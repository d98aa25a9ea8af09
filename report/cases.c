/* report/cases.c: the pages of cases/. What a page of its own shows, cases.js shows of a shard:
 * a line that is shown otherwise here changes there too. */
#include "report/cases.h"
#include "base/embed.h"
#include "base/json_out.h"
#include "record/id.h"
#include "report/dom.h"

EMBED(cases_js, "report/cases.js");
EMBED(cases_css, "report/cases.css");

static void style(xmlNode *body)
{
    xmlAddChild(dom_add(body->prev, "style"),
                xmlNewTextLen(BAD_CAST cases_css, (int)cases_css_len));
}

/* ---- a story ---- */

struct writing {
    xmlNode *main, *section, *list, *events, *rows, *notes;
    const struct told_line *line;
};

static xmlNode *section(struct writing *w) { return w->section ? w->section : w->main; }

static void put_title(struct writing *w)
{
    xmlNode *h1 = dom_add(w->main, "h1"), *p = dom_class(w->main, "p", "verdict"), *swatch;
    struct buf class = { 0 };

    dom_text(h1, "Post ");
    dom_str(h1, w->line->text[0]);
    swatch = dom_add(p, "span");
    buf_puts(&class, "sw m-");
    buf_str(&class, w->line->text[1]);
    dom_attr(swatch, "class", buf_cstr(&class));
    dom_str(dom_add(p, "span"), w->line->text[2]);
    buf_release(&class);
}

static void put_fact(struct writing *w)
{
    struct buf url = { 0 };
    xmlNode *dd, *a;

    if (!w->list)
        w->list = dom_add(w->main, "dl");
    dom_str(dom_add(w->list, "dt"), w->line->text[0]);
    dd = dom_add(w->list, "dd");
    if (w->line->what == TOLD_FACT) {
        dom_str(dd, w->line->text[1]);
        return;
    }
    buf_str(&url, w->line->text[1]);
    a = dom_link(dd, buf_cstr(&url), w->line->text[1]);
    dom_attr(a, "rel", "noreferrer noopener");
    buf_release(&url);
}

/* "2026-03-02T08:00:00Z" as people read it. */
static void put_time(xmlNode *to, struct str at)
{
    xmlNode *time = dom_add(to, "time");
    struct buf text = { 0 };

    buf_str(&text, at);
    dom_attr(time, "datetime", buf_cstr(&text));
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] == 'T')
            text.p[i] = ' ';
    if (text.n && text.p[text.n - 1] == 'Z') {
        text.n--;
        buf_puts(&text, " UTC");
    }
    dom_str(time, buf_view(&text));
    buf_release(&text);
}

static void put_event(struct writing *w)
{
    xmlNode *li;

    if (!w->events)
        w->events = dom_class(section(w), "ol", "events");
    li = dom_add(w->events, "li");
    put_time(li, w->line->text[0]);
    dom_str(dom_add(li, "p"), w->line->text[1]);
    w->notes = NULL;
}

static void put_place(struct writing *w)
{
    xmlNode *event = w->events ? w->events->last : section(w),
            *p = dom_class(event, "p", "place");

    if (w->line->text[0].n)
        dom_str(dom_add(p, "code"), w->line->text[0]);
    dom_str(dom_add(p, "code"), w->line->text[1]);
}

static void put_note(struct writing *w)
{
    if (!w->notes)
        w->notes = dom_class(w->events ? w->events->last : section(w), "ul", "notes");
    dom_str(dom_add(w->notes, "li"), w->line->text[0]);
}

static void put_row(struct writing *w)
{
    static const char *const heads[] = { "field", "API", "page" };
    xmlNode *row;

    if (!w->rows) {
        w->rows = dom_table(section(w), "Empty: that side does not show it.", heads, 3);
        dom_attr(w->rows->parent->parent, "tabindex", "0");
        dom_attr(w->rows->parent->parent, "role", "region");
        dom_attr(w->rows->parent->parent, "aria-label", "fields of both sides");
    }
    row = dom_row(w->rows, w->line->text[0]);
    dom_str(dom_add(row, "td"), w->line->text[1]);
    dom_str(dom_add(row, "td"), w->line->text[2]);
}

static void put_head(struct writing *w)
{
    w->section = dom_add(w->main, "section");
    w->events = w->rows = w->notes = NULL;
    dom_str(dom_add(w->section, "h2"), w->line->text[0]);
}

static void put_line(struct writing *w)
{
    switch (w->line->what) {
    case TOLD_TITLE: put_title(w); break;
    case TOLD_FACT:
    case TOLD_LINK: put_fact(w); break;
    case TOLD_HEAD: put_head(w); break;
    case TOLD_EVENT: put_event(w); break;
    case TOLD_PLACE: put_place(w); break;
    case TOLD_NOTE: put_note(w); break;
    case TOLD_ROW: put_row(w); break;
    case TOLD_LINE:
        dom_str(dom_add(section(w), "p"), w->line->text[0]);
        w->notes = NULL;
        break;
    case TOLD_CODE: dom_str(dom_add(dom_add(section(w), "pre"), "code"), w->line->text[0]); break;
    case TOLD_COUNT: break;
    }
}

static void crumbs(xmlNode *body, struct str id)
{
    xmlNode *nav = dom_class(body, "nav", "crumbs");
    struct buf href = { 0 };

    dom_attr(nav, "aria-label", "report");
    dom_link(nav, "../index.html", STR("The report"));
    dom_link(nav, "../items.html", STR("All posts"));
    if (id.n) {
        buf_puts(&href, "index.html#");
        buf_str(&href, id);
        dom_link(nav, buf_cstr(&href), STR("Case files"));
    }
    buf_release(&href);
}

void report_case(struct buf *out, const struct told_story *told, bool in_report)
{
    const struct str id = told->n ? told->v[0].text[0] : STR_NONE;
    struct writing w = { 0 };
    struct buf title = { 0 };
    xmlNode *body;
    xmlDoc *doc;

    buf_printf(&title, "Post %.*s: case file", STR_ARG(id));
    doc = dom_page(buf_cstr(&title), &body);
    buf_release(&title);
    style(body);
    if (in_report)
        crumbs(body, id);
    w.main = dom_class(body, "main", "case");
    dom_attr(w.main, "data-outside", "the store");    // no number of it is one of summary.json
    for (size_t i = 0; i < told->n; i++) {
        w.line = &told->v[i];
        put_line(&w);
    }
    dom_write(doc, out);
}

/* ---- index.html ---- */

/* What cases.js needs: the words of told.def with their texts, the shards' lowest ids. */
static void data(xmlNode *body, const struct case_index *index)
{
    struct buf json = { 0 };
    struct json_out o = { .buf = &json, .style = JSON_COMPACT };

    json_open(&o, NULL);
    json_open_list(&o, "lines");
    for (int i = 0; i < TOLD_COUNT; i++) {
        json_open_list(&o, NULL);
        json_put_word(&o, NULL, told_word((enum told)i));
        json_put_int(&o, NULL, told_texts((enum told)i));
        json_close(&o);
    }
    json_close(&o);
    json_open_list(&o, "first");
    for (size_t i = 0; i < index->shards; i++)
        json_put_id(&o, NULL, index->first[i]);
    json_close(&o);
    json_close(&o);
    dom_data(body, "application/json", "data", buf_view(&json));
    buf_release(&json);
}

static const char *group_name(int group)
{
    return group == LABEL_COUNT       ? "returned"
           : group == LABEL_COUNT + 1 ? "undecided"
                                      : label_name((enum label)group);
}

static void pages(xmlNode *main, const struct case_index *index)
{
    xmlNode *section = dom_add(main, "section"), *list = NULL;
    char href[ID_TEXT_MAX + 8], id[ID_TEXT_MAX];

    dom_attr(section, "id", "pages");
    dom_text(dom_add(section, "h2"), "Pages that need no script");
    dom_p(section, "The report's examples, and a sample of each label, drawn by the audit's seed.");
    for (size_t i = 0; i < index->pages; i++) {
        const struct case_page *p = &index->page[i];

        if (i == 0 || p->group != index->page[i - 1].group) {
            dom_text(dom_add(section, "h3"), group_name(p->group));
            list = dom_class(section, "ul", "pages");
        }
        snprintf(href, sizeof href, "%s.html", id_text(p->id, id));
        dom_link(dom_add(list, "li"), href, str_of(id));
    }
    if (!index->pages)
        dom_p(section, "None: there is no post yet.");
}

static void find(xmlNode *main)
{
    xmlNode *form = dom_class(main, "form", "find"), *label = dom_add(form, "label"), *input;

    dom_attr(form, "id", "find");
    dom_attr(form, "hidden", "hidden");
    dom_attr(label, "for", "id");
    dom_text(label, "Id or link of a post");
    input = dom_add(form, "input");
    dom_attr(input, "id", "id");
    dom_attr(input, "autocomplete", "off");
    dom_attr(input, "spellcheck", "false");
    dom_text(dom_add(form, "button"), "Show its case file");
}

void report_cases_index(struct buf *out, const struct case_index *index)
{
    xmlNode *body, *main, *p, *shown;
    xmlDoc *doc = dom_page_loading("Case files", (struct str){ cases_js, cases_js_len }, &body);

    style(body);
    crumbs(body, STR_NONE);
    main = dom_add(body, "main");
    dom_text(dom_add(main, "h1"), "Case files");
    dom_p(main, "What was asked of each post and when, in which window and in whose company, what "
                "came back, which rules matched and what would overturn the verdict.");
    p = dom_add(dom_add(main, "noscript"), "p");
    dom_text(p, "Without a script this page shows the list below alone. In the audit's folder, ");
    dom_text(dom_add(p, "code"), "blindspot explain ID");
    dom_text(p, " prints the case file of any post, and ");
    dom_text(dom_add(p, "code"), "blindspot explain --html ID");
    dom_text(p, " makes a page of it.");
    find(main);
    p = dom_add(main, "p");
    dom_attr(p, "id", "says");
    dom_attr(p, "role", "status");
    shown = dom_class(main, "article", "case");
    dom_attr(shown, "id", "case");
    dom_attr(shown, "data-outside", "the store");
    pages(main, index);
    data(body, index);
    dom_write(doc, out);
}
