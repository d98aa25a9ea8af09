/* report/site_list.c: every post as a row of a table, and every event: for who does not read
 * drawings, and for who looks for one of them. */
#include "record/id.h"
#include "report/site_part.h"

static void put_row(xmlNode *tbody, const struct site *s, size_t i)
{
    const struct watch_post *p = &s->h->post[i];
    const struct watch_counts c = watch_counts_there(&p->counts);
    const struct watch_day last = watch_post_on(p, watch_history_last_measured(s->h));
    xmlNode *row = dom_add(tbody, "tr"), *th = dom_add(row, "th");
    char href[SITE_HREF_MAX], id[ID_TEXT_MAX], alias[ALIAS_MAX];
    struct buf is = { 0 };

    dom_attr(th, "scope", "row");
    dom_link(th, site_href(p->id, href), str_of(id_text(p->id, id)));
    dom_str(dom_add(row, "td"), site_handle(s, p, alias));
    site_state(&is, last);
    dom_cell(row, last.api ? buf_cstr(&is) : "-");
    buf_release(&is);
    site_count(dom_class(row, "td", "n"), c.found, "/items/%zu/totals/there/found", i);
    site_count(dom_class(row, "td", "n"), c.absent, "/items/%zu/totals/there/absent", i);
    site_count(dom_class(row, "td", "n"), c.not_measured, "/items/%zu/totals/there/not_measured",
               i);
    site_count(dom_class(row, "td", "n"), p->counts.gone.days, "/items/%zu/totals/gone/days", i);
    site_count(dom_class(row, "td", "n"), p->counts.days, "/items/%zu/totals/days", i);
}

static void put_table(xmlNode *to, const struct site *s, const char *caption, size_t from, size_t n)
{
    static const char *const heads[] = {
        "post",          "account",       "on the last measured day", "#returned",
        "#not returned", "#not measured", "#no longer public",        "#days"
    };
    xmlNode *tbody = dom_table(to, caption, heads, sizeof heads / sizeof *heads);

    for (size_t i = 0; i < n; i++)
        put_row(tbody, s, from + i);
}

void site_list_html(struct buf *out, const struct site *s)
{
    xmlNode *body, *main;
    xmlDoc *doc = site_page(s, "All posts", "", &body);

    main = dom_add(body, "main");
    dom_link(dom_class(main, "p", "kick"), "index.html", site_title(s));
    dom_text(dom_add(main, "h1"), "All posts");
    put_table(main, s, "Post-days of every post on the list", 0, s->h->watched);
    if (s->h->canaries)
        put_table(main, s, "Canaries: they count in no sum", s->h->watched, s->h->canaries);
    site_footer(body, s, "");
    dom_write(doc, out);
}

void site_events_html(struct buf *out, const struct site *s)
{
    xmlNode *body, *main;
    xmlDoc *doc = site_page(s, "Events and notes", "", &body);

    main = dom_add(body, "main");
    dom_link(dom_class(main, "p", "kick"), "index.html", site_title(s));
    dom_text(dom_add(main, "h1"), "Events and notes");
    site_put_events(main, s, "", (size_t)-1, 0);
    site_footer(body, s, "");
    dom_write(doc, out);
}
