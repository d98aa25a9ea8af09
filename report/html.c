/* report/html.c: index.html, the audit for a person: its frame, the headline with
 * what that means and does not prove, and the pictures. */
#include <nettle/base64.h>
#include <stdio.h>
#include <stdlib.h>
#include "base/file.h"
#include "report/html_part.h"

#define SVG_MAX (8u << 20)

static const struct html_part *const parts[] = { html_inputs, html_verdicts, html_criteria,
                                                 html_run };
#define PARTS (sizeof parts / sizeof *parts)

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
    for (size_t i = 0; i < PARTS; i++)
        for (const struct html_part *part = parts[i]; part->id; part++) {
            char href[32];

            snprintf(href, sizeof href, "#%s", part->id);
            dom_link(dom_add(list, "li"), href, str_of(part->name));
        }
}

static void donors(xmlNode *parent, const struct donors *d)
{
    char mean[TEXT_MAX], low[TEXT_MAX], high[TEXT_MAX], n[TEXT_MAX];

    if (!d->has)
        return;
    dom_printf(dom_add(parent, "p"),
               "Donor by donor: the mean of the shares of %s donors is %s (95 %% interval %s to "
               "%s, drawn over donors); this is the number that speaks about donors, not about the "
               "list.",
               text_count(d->donors, n), text_percent(d->mean, mean),
               text_percent(d->interval.low, low), text_percent(d->interval.high, high));
}

/* What the headline means, does not prove, and rests on. */
static void meaning(xmlNode *body, const struct summary *s)
{
    const struct headline *h = &s->headline;
    char a[TEXT_MAX];

    dom_p(body, "What it means: the page of each of these items could be opened without an account "
                "both before and after the API was asked for it, and the API did not return it on "
                "any of the days that labels.csv lists.");
    dom_p(body, "What it does not prove: that the API would never return them, why they are "
                "missing (a label names the rule that matched, not the platform's reason), or "
                "anything about items that are not in this list.");
    if (h->sampled)
        dom_printf(dom_class(body, "p", "soft"),
                   "How many returned items are public is known from the pages of %s of them, "
                   "drawn by a seed.",
                   text_count(h->sampled, a));
    if (h->sampled_unread)
        dom_printf(dom_class(body, "p", "soft"),
                   "%s of %s more of that sample gave no answer yet.",
                   plural(h->sampled_unread, "The page", "Pages"),
                   text_count(h->sampled_unread, a));
    if (s->later_refused)
        dom_printf(dom_class(body, "p", "soft"),
                   "%s %s refused after %s confirmation; labels.csv says when.",
                   text_count(s->later_refused, a),
                   plural(s->later_refused, "item that is counted as public was",
                          "items that are counted as public were"),
                   plural(s->later_refused, "its", "their"));
}

static void headline(xmlNode *body, const struct summary *s)
{
    xmlNode *box = dom_class(body, "div", "headline");
    const struct headline *h = &s->headline;
    char share[TEXT_MAX];

    dom_text(dom_class(box, "p", "big"), h->has_share
                                             ? text_percent(h->share, share)
                                             : text_count(s->waterfall.n[NODE_PUBLIC], share));
    html_story(box, s, STORY_HEADLINE, 0);
    html_story(box, s, STORY_RANGE, 0);
    html_story(box, s, STORY_CHECKS, 0);
    for (size_t i = 0; i < s->lates; i++)
        html_story(box, s, STORY_LATE, i);
    donors(box, &s->donors);
}

/* ---- figures ---- */

/* The bytes of dir/file as a data: URL. */
static int picture_url(const char *dir, const char *file, struct buf *url, struct err *err)
{
    char *path = file_join(dir, file);
    struct buf svg = {0};
    int rc = file_read(path, SVG_MAX, &svg, err);

    if (rc == 0) {
        buf_puts(url, "data:image/svg+xml;base64,");
        buf_grow(url, BASE64_ENCODE_RAW_LENGTH(svg.n) + 1);
        base64_encode_raw(url->p + url->n, svg.n, (const uint8_t *)svg.p);
        url->n += BASE64_ENCODE_RAW_LENGTH(svg.n);
    }
    buf_release(&svg);
    free(path);
    return rc;
}

/* The picture's bytes stand in the page, so that the page can be sent alone. */
void html_figure(xmlNode *part, struct html_page *page, enum figure_name name, const char *alt)
{
    static const char *const endings[] = { "svg", "pdf", "png", "tsv", "gp" };
    struct buf url = {0};
    xmlNode *f, *img, *caption;
    char file[96];

    if (!page->figure_dir || page->rc)
        return;
    snprintf(file, sizeof file, "%s.svg", figure_names[name]);
    if (picture_url(page->figure_dir, file, &url, page->err)) {
        page->rc = -1;
        return;
    }
    f = dom_add(part, "figure");
    img = dom_add(f, "img");
    dom_attr(img, "alt", alt);
    dom_attr(img, "src", buf_cstr(&url));
    buf_release(&url);
    caption = dom_add(f, "figcaption");
    dom_text(caption, "To print or to draw again: ");
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        snprintf(file, sizeof file, "figures/%s.%s", figure_names[name], endings[i]);
        dom_text(caption, i ? ", " : "");
        dom_link(caption, file, str_of(endings[i]));
    }
}

/* ---- the page ---- */

static void put_part(xmlNode *body, const struct html_part *part, struct html_page *page)
{
    xmlNode *section = dom_add(body, "section");

    dom_attr(section, "id", part->id);
    dom_text(dom_add(section, "h2"), part->title);
    part->fill(section, page);
}

int report_html(struct buf *out, const struct summary *s, const struct look *look,
                const char *figure_dir, struct err *err)
{
    struct html_page page = {
        .s = s, .from = { s, look }, .figure_dir = figure_dir, .err = err
    };
    xmlNode *body, *content;
    xmlDoc *doc = dom_page("Research API audit", &body);

    head(body, s);
    content = dom_add(body, "main");
    headline(content, s);
    meaning(content, s);
    for (size_t i = 0; i < PARTS; i++)
        for (const struct html_part *part = parts[i]; part->id; part++)
            put_part(content, part, &page);
    if (page.rc)
        xmlFreeDoc(doc);
    else
        dom_write(doc, out);
    return page.rc;
}
