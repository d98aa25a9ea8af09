/* report/html.c: index.html, the audit for a person, and method.html, how it was done: their
 * frames. The sections stand in files of their own (html_part.h). */
#include <stdio.h>
#include <string.h>
#include "base/utc.h"
#include "report/html_part.h"

static const struct html_part *const index_parts[] = {
    html_sample,   html_sure, html_ledger, html_criteria, html_fields, html_accounts,
    html_vantages, html_time, html_rules,  html_review,   html_limits, NULL,
};
static const struct html_part *const method_parts[] = { html_inputs, html_vantages_read, html_run,
                                                        NULL };

static bool is_wanted(const struct html_part *part, const struct summary *s)
{
    return !part->wanted || part->wanted(s);
}

static void contents(xmlNode *parent, const struct html_part *const *parts, const struct summary *s)
{
    xmlNode *nav = dom_class(parent, "nav", "contents"), *list;

    dom_attr(nav, "aria-label", "Sections");
    list = dom_add(nav, "ul");
    for (; *parts; parts++)
        for (const struct html_part *part = *parts; part->id; part++) {
            char href[32];

            if (!is_wanted(part, s))
                continue;
            snprintf(href, sizeof href, "#%s", part->id);
            dom_link(dom_add(list, "li"), href, str_of(part->name));
        }
}

static void sections(xmlNode *main, const struct html_part *const *parts, struct html_page *page)
{
    for (; *parts; parts++)
        for (const struct html_part *part = *parts; part->id; part++) {
            xmlNode *section;

            if (!is_wanted(part, page->s))
                continue;
            section = dom_add(main, "section");
            dom_attr(section, "id", part->id);
            dom_text(dom_add(section, "h2"), part->title);
            part->fill(section, page);
        }
}

/* What stands below each printed page, beside its number. The name is outside text: what could
 * end a text of the style sheet stays out. */
static void printed_line(xmlDoc *doc, const struct summary *s)
{
    struct buf css = { 0 };

    buf_puts(&css, "@page{@bottom-left{content:\"TikTok Research API, audit ");
    for (size_t i = 0; i < s->name.n; i++)
        if (!strchr("\"\\<>{};\n\r\f", s->name.p[i]) && (unsigned char)s->name.p[i] >= 0x20)
            buf_char(&css, s->name.p[i]);
    if (!s->name.n)
        buf_add(&css, s->audit.p, s->audit.n);
    if (s->newest_answer_at) {
        buf_puts(&css, ", ");
        html_days_text(&css, s->newest_answer_at, s->newest_answer_at);
    }
    buf_puts(&css, "\"}}");
    dom_style(doc, buf_view(&css));
    buf_release(&css);
}

void report_html(struct buf *out, const struct summary *s, const struct look *look, bool drawn)
{
    struct html_page page = { .s = s, .look = look, .from = { s, look }, .drawn = drawn };
    struct buf title = { 0 };
    xmlNode *body, *main;
    xmlDoc *doc;

    html_title(&title, s, look);
    doc = dom_page(buf_cstr(&title), &body);
    printed_line(doc, s);
    main = html_first(body, &page);
    if (s->waterfall.n[NODE_ITEMS]) {
        contents(main, index_parts, s);
        sections(main, index_parts, &page);
    } else {
        const struct html_part *const last[] = { html_limits, NULL };

        sections(main, last, &page);
    }
    dom_write(doc, out);
    buf_release(&title);
}

void report_method_html(struct buf *out, const struct summary *s, const struct look *look,
                        bool drawn)
{
    struct html_page page = { .s = s, .look = look, .from = { s, look }, .drawn = drawn };
    xmlNode *body, *main, *p;
    xmlDoc *doc = dom_page("TikTok Research API: how this audit was done", &body);

    printed_line(doc, s);
    main = dom_add(body, "main");
    p = dom_class(main, "p", "kick");
    dom_link(p, "index.html", STR("What this audit found"));
    dom_text(p, " \u00b7 ");
    dom_str(dom_add(p, "code"), s->tool);
    dom_text(p, ", audit ");
    dom_str(dom_add(p, "code"), s->audit);
    if (s->newest_answer_at) {
        dom_text(p, " \u00b7 ");
        html_days(p, s->first_answer_at, s->newest_answer_at);
        dom_text(p, " (UTC)");
    }
    dom_text(dom_add(main, "h1"), "How it was done");
    contents(main, method_parts, s);
    sections(main, method_parts, &page);
    dom_write(doc, out);
}
