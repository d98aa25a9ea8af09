/* report/site_item.c: one post: what was said of it, from the first day to the last, with what the
 * API and the page answered and where that lies. Every day has a place of its own on it: #d and
 * the date. */
#include <stdio.h>
#include "platform/tiktok.h"
#include "record/id.h"
#include "report/site_part.h"

/* Beyond so many post-days of the whole list only the newest days of a post are marked one by
 * one; an earlier one the script leads to the days around it. */
#define MARKS_MOST 150000
#define MARKS_LEAST 60     // of a post, the newest

static void fact(xmlNode *dl, const char *words, struct str text)
{
    xmlNode *div;

    if (!text.n)
        return;
    div = dom_add(dl, "div");
    dom_text(dom_add(div, "dt"), words);
    dom_str(dom_add(div, "dd"), text);
}

static const char *role_words(enum watch_role role)
{
    return role == WATCH_CANARY   ? "canary: returned when the list was made"
           : role == WATCH_LOADED ? "loaded: others measured it"
                                  : "watched";
}

static void put_facts(xmlNode *main, const struct site *s, const struct watch_post *p)
{
    xmlNode *dl = dom_add(main, "dl"), *div, *a;
    char alias[ALIAS_MAX], date[SITE_DATE_MAX];
    struct str handle = site_handle(s, p, alias);
    struct buf url = { 0 };

    fact(dl, "account", handle);
    if (!p->purged)
        fact(dl, "posted (by its id)", str_of(site_instant(id_time(p->id), date)));
    fact(dl, "on the list as", str_of(role_words(p->role)));
    fact(dl, "why", p->why);
    if (p->role != WATCH_LOADED)
        fact(dl, "since", str_of(site_instant(p->since_at, date)));
    if (p->until_at)
        fact(dl, "until", str_of(site_instant(p->until_at, date)));
    if (p->purged) {
        fact(dl, "content", STR("dropped; the number is a pseudonym"));
        return;
    }
    div = dom_add(dl, "div");
    dom_text(dom_add(div, "dt"), "post");
    tiktok_post_url(&url, p->id, alias_shows(&s->look->alias, p->handle) ? p->handle : STR_NONE);
    a = dom_link(dom_add(div, "dd"), buf_cstr(&url), STR("on the platform"));
    dom_attr(a, "rel", "noreferrer noopener");
    buf_release(&url);
}

static void put_sums(xmlNode *main, const struct watch_post *p, size_t i)
{
    const struct watch_counts there = watch_counts_there(&p->counts), *c = &there;
    const struct { const char *before, *name; int64_t n; } part[] = {
        { "Returned on ", "found", c->found },
        { ", not returned on ", "absent", c->absent },
        { ", not measured on ", "not_measured", c->not_measured },
        { ", of ", "days", c->days },
    };
    xmlNode *to = dom_class(main, "p", "lede");

    for (size_t k = 0; k < sizeof part / sizeof *part; k++) {
        dom_text(to, part[k].before);
        site_count(to, part[k].n, "/items/%zu/totals/there/%s", i, part[k].name);
    }
    dom_text(to, c->days == 1 ? " day." : " days.");
    if (c->absent_public) {
        dom_text(to, " While its page was public it was not returned on ");
        site_count(to, c->absent_public, "/items/%zu/totals/there/absent_page_public", i);
        dom_text(to, ".");
    }
    if (p->counts.gone.days) {
        dom_text(to, " Beside these, on ");
        site_count(to, p->counts.gone.days, "/items/%zu/totals/gone/days", i);
        dom_printf(to, " %s it was no longer public.", plural(p->counts.gone.days, "day", "days"));
    }
}

static bool is_marked(const struct site *s, const struct watch_post *p, int64_t day)
{
    return s->h->counts.days + s->h->of_canaries.days <= MARKS_MOST ||
           day >= p->first_day + (int64_t)p->days - MARKS_LEAST;
}

/* Where the days of a run are found by their names; the run's own is that of its first. */
static void put_marks(xmlNode *cell, const struct site *s, const struct watch_post *p,
                      const struct watch_run *run)
{
    char id[UTC_TEXT_MAX + 1] = "d";

    for (int64_t day = run->first + 1; day <= run->last; day++)
        if (is_marked(s, p, day)) {
            utc_date(day, id + 1);
            dom_attr(dom_add(cell, "i"), "id", id);
        }
}

/* "13:02 UTC 2026-01-14: HTTP 200, ok", and where the bytes lie. */
static void put_reply(xmlNode *row, const struct watch_reply *r, bool loaded)
{
    xmlNode *cell = dom_add(row, "td");
    char text[SITE_DATE_MAX];

    if (!r->at) {
        dom_text(cell, loaded ? "loaded" : "-");
        return;
    }
    dom_text(cell, site_instant(r->at, text));
    if (r->said.n) {
        dom_text(cell, ": ");
        dom_str(cell, r->said);
    }
    if (r->place.n) {
        dom_add(cell, "br");
        dom_str(dom_add(cell, "code"), r->place);
    }
}

static void put_run(xmlNode *tbody, const struct site *s, const struct watch_post *p,
                    const struct watch_run *run)
{
    xmlNode *row = dom_add(tbody, "tr"), *th = dom_add(row, "th"), *cell;
    char id[UTC_TEXT_MAX + 2] = "#d", text[SITE_SPAN_MAX], class[40];
    struct buf is = { 0 };

    utc_date(run->first, id + 2);
    dom_attr(row, "id", id + 1);
    dom_attr(th, "scope", "row");
    dom_link(th, id, str_of(site_span(run->first, run->last, text)));
    put_marks(th, s, p, run);
    dom_number(row, text_count(run->last - run->first + 1, text));
    cell = dom_add(row, "td");
    snprintf(class, sizeof class, "mark f-%s", meanings[meaning_of_day(run->is)].word);
    dom_class(cell, "span", class);
    site_state(&is, run->is);
    dom_text(cell, buf_cstr(&is));
    buf_release(&is);
    dom_number(row, text_count(run->asks, text));
    put_reply(row, &run->api, run->loaded && run->is.api);
    put_reply(row, &run->page, run->loaded && run->is.page);
}

/* What would not fit stands in the drawing above and in the packed table, each day of it. */
static void put_earlier(xmlNode *to, const struct site *s, const struct watch_run *first)
{
    xmlNode *p = dom_class(to, "p", "note");
    char date[SITE_DATE_MAX];

    dom_attr(p, "id", "earlier");
    dom_printf(p, "The days before %s changed too often for a page: they are drawn above, and each "
                  "stands in ", site_date(first->first, date));
    dom_link(p, s->whole ? "../data.csv" : "../data-all.csv.gz", STR("the table of all days"));
    dom_text(p, ".");
}

static void put_runs(xmlNode *main, const struct site *s, const struct watch_post *p)
{
    static const char *const heads[] = { "days", "#number", "state", "#readings",
                                         "the API's last reply in these days",
                                         "the page's last reply in these days" };
    const size_t first = p->runs > s->rows_most ? p->runs - s->rows_most : 0;
    xmlNode *to = site_section(main, "runs", "Day by day"), *tbody;

    dom_text(dom_class(to, "p", "soft"),
             "Days alike, one after the other, are one row, the newest first. Each day can be "
             "linked to: #d and the date.");
    tbody = dom_table(to, "What was measured of this post", heads, sizeof heads / sizeof *heads);
    for (size_t i = p->runs; i > first; i--)
        put_run(tbody, s, p, &p->run[i - 1]);
    if (first > 0)
        put_earlier(to, s, &p->run[first]);
}

void site_item_html(struct buf *out, const struct site *s, size_t post)
{
    const struct watch_post *p = &s->h->post[post];
    const struct matrix_of of = { .from = post, .n = 1, .up = "../", .first_day = s->h->first_day,
                                  .days = s->h->days };
    char id[ID_TEXT_MAX], title[64];
    xmlNode *body, *main;
    xmlDoc *doc;

    snprintf(title, sizeof title, "Post %s", id_text(p->id, id));
    doc = site_page(s, title, "../", &body);
    main = dom_add(body, "main");
    dom_link(dom_class(main, "p", "kick"), "../index.html", site_title(s));
    dom_text(dom_add(main, "h1"), title);
    put_sums(main, p, post);
    put_facts(main, s, p);
    if (s->h->days) {
        site_matrix(main, s, &of);
        dom_attr(dom_class(main, "p", "cursor"), "aria-live", "polite");
        site_legend(main);
    }
    put_runs(main, s, p);
    if (p->role != WATCH_CANARY)
        site_put_events(site_section(main, "events", "Events"), s, "../", (size_t)-1, p->id);
    site_footer(body, s, "../");
    dom_write(doc, out);
}
