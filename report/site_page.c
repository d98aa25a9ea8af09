/* report/site_page.c: what every page of the site has. */
#include <stdio.h>
#include "base/embed.h"
#include "record/id.h"
#include "report/site_part.h"
#include "report/style.h"

EMBED(site_sheet, "report/site.css");
EMBED(site_script, "report/site.js");

/* Of a row at the least; and of a reply beside its words and its place. */
#define ROW_BYTES 166
#define REPLY_BYTES 90

static size_t reply_bytes(const struct watch_reply *r)
{
    return r->at ? REPLY_BYTES + r->said.n + r->place.n : 0;
}

/* Where posts change from day to day their pages tell the newest changes, as many as fit a site. */
static size_t rows_of_a_page(const struct watch_history *h)
{
    size_t runs = 0, bytes = 0;

    for (size_t i = 0; i < h->posts; i++) {
        const struct watch_post *p = &h->post[i];

        runs += p->runs;
        for (size_t k = 0; k < p->runs; k++)
            bytes += ROW_BYTES + reply_bytes(&p->run[k].api) + reply_bytes(&p->run[k].page);
    }
    return bytes <= SITE_ROW_BYTES ? runs : SITE_ROW_BYTES / (bytes / runs) / h->posts + 1;
}

/* The newest days that all fit, so that a program that reads the plain files never gets half a
 * day; all of it stands in the packed ones then. */
void site_begin(struct site *s)
{
    const struct watch_history *h = s->h;
    int64_t rows = 0, day = h->days;

    if (!s->day_rows)
        s->day_rows = SITE_DAY_ROWS;
    while (day > 0) {
        const struct watch_counts *c = &h->date[day - 1].posts;

        rows += c->days + (int64_t)h->canaries;
        if (rows > (int64_t)s->day_rows)
            break;
        day--;
    }
    s->rows_most = rows_of_a_page(h);
    s->whole = day == 0;
    s->from_day = h->first_day + day;
}

void site_css(struct buf *out)
{
    meaning_css(out);
    buf_puts(out, report_css);
    buf_str(out, (struct str){ site_sheet, site_sheet_len });
}

struct str site_js(void)
{
    return (struct str){ site_script, site_script_len };
}

xmlDoc *site_page(const struct site *s, const char *title, const char *up, xmlNode **body)
{
    char path[32], script[32], number[24];
    xmlNode *link;
    xmlDoc *doc;

    snprintf(path, sizeof path, "%ssite.css", up);
    snprintf(script, sizeof script, "%ssite.js", up);
    doc = dom_page_beside(title, path, script, body);
    link = dom_add(dom_head(doc), "link");
    dom_attr(link, "rel", "alternate");
    dom_attr(link, "type", "application/atom+xml");
    dom_attr(link, "title", "What happened");
    snprintf(path, sizeof path, "%sfeed.xml", up);
    dom_attr(link, "href", path);
    /* The script says when nobody measured for too long: the files cannot know the hour. */
    snprintf(number, sizeof number, "%lld",
             (long long)(s->h->rounds ? s->h->last_round.started_at : s->h->newest_at));
    dom_attr(*body, "data-last", number);
    snprintf(number, sizeof number, "%lld", (long long)s->h->stale_hours);
    dom_attr(*body, "data-stale-hours", number);
    return doc;
}

void site_footer(xmlNode *body, const struct site *s, const char *up)
{
    static const char *const to[][2] = {
        { "index.html", "The list" },      { "list.html", "All posts, as a table" },
        { "events.html", "All events" },   { "feed.xml", "Atom feed" },
        { "data.json", "JSON" },           { "data.csv", "CSV" },
        { "badge.svg", "Badge" },
    };
    xmlNode *footer = dom_add(body, "footer"), *nav = dom_class(footer, "nav", "links");
    char path[64];

    dom_attr(nav, "aria-label", "Pages and files of this site");
    for (size_t i = 0; i < sizeof to / sizeof *to; i++) {
        snprintf(path, sizeof path, "%s%s", up, to[i][0]);
        dom_link(nav, path, str_of(to[i][1]));
    }
    if (s->look->is_entry) {
        snprintf(path, sizeof path, "%s../index.html", up);
        dom_link(nav, path, STR("All of this site"));
    }
    if (!s->whole) {
        snprintf(path, sizeof path, "%sdata-all.csv.gz", up);
        dom_link(nav, path, STR("CSV of all days"));
        snprintf(path, sizeof path, "%sdata-all.json.gz", up);
        dom_link(nav, path, STR("JSON of all days"));
    }
    dom_printf(dom_class(footer, "p", "soft"),
               "Made by blindspot " BLINDSPOT_VERSION " from watch list %.*s. Days are UTC days.",
               STR_ARG(str_sub(s->h->list, 0, 12)));
}

static void pointer_text(char *out, size_t size, const char *fmt, va_list ap)
{
    if (vsnprintf(out, size, fmt, ap) < 0)
        out[0] = '\0';
}

void site_count(xmlNode *to, int64_t n, const char *pointer, ...)
{
    char text[TEXT_MAX], at[128];
    va_list ap;

    va_start(ap, pointer);
    pointer_text(at, sizeof at, pointer, ap);
    va_end(ap);
    datum_at(to, text_count(n, text), (double)n, "%s", at);
}

void site_share(xmlNode *to, int64_t n, int64_t of, const char *pointer, ...)
{
    char text[TEXT_MAX], at[128];
    va_list ap;

    va_start(ap, pointer);
    pointer_text(at, sizeof at, pointer, ap);
    va_end(ap);
    if (of > 0)
        datum_at(to, text_percent(share_of(n, of), text), share_of(n, of), "%s", at);
    else
        dom_text(to, "-");
}

xmlNode *site_section(xmlNode *body, const char *id, const char *title)
{
    xmlNode *section = dom_add(body, "section"), *h2;

    h2 = dom_add(section, "h2");
    dom_attr(h2, "id", id);
    dom_text(h2, title);
    return section;
}

/* <time datetime="2026-01-14">14 January 2026</time> */
static void put_time(xmlNode *to, int64_t day)
{
    char iso[UTC_TEXT_MAX], text[SITE_DATE_MAX];
    xmlNode *time = dom_add(to, "time");

    dom_attr(time, "datetime", utc_date(day, iso));
    dom_text(time, site_date(day, text));
}

/* ---- events ---- */

static void put_until(xmlNode *li, const struct watch_event *e)
{
    char text[SITE_DATE_MAX];

    if (e->kind == WATCH_EVENT_OUTAGE || e->kind == WATCH_EVENT_STALE) {
        if (e->confirmed_at)
            dom_printf(li, ", until %s", e->loaded ? utc_date(utc_day(e->confirmed_at), text)
                                                   : site_instant(e->confirmed_at, text));
        else
            dom_text(li, ", until now or the end of the record");
        return;
    }
    dom_printf(li, ". Seen %s", e->loaded ? utc_date(utc_day(e->at), text)
                                          : site_instant(e->at, text));
    if (e->confirmed_at)
        dom_printf(li, ", confirmed %s",
                   e->loaded ? utc_date(utc_day(e->confirmed_at), text)
                             : site_instant(e->confirmed_at, text));
    if (e->before_at)
        dom_printf(li, "; last seen otherwise %s",
                   e->loaded ? utc_date(utc_day(e->before_at), text)
                             : site_instant(e->before_at, text));
}

static void put_event(xmlNode *ul, const struct site *s, const char *up,
                      const struct watch_event *e, bool with_post)
{
    const struct watch_post *p = site_post_of(s, e);
    char href[SITE_HREF_MAX + 32], item[SITE_HREF_MAX], day[UTC_TEXT_MAX], id[ID_TEXT_MAX];
    xmlNode *li = dom_add(ul, "li");

    put_time(li, utc_day(e->at));
    dom_printf(li, ": %s", site_event(e->kind));
    if (p && with_post) {
        snprintf(href, sizeof href, "%s%s#d%s", up, site_href(p->id, item),
                 utc_date(utc_day(e->at), day));
        dom_text(li, ", post ");
        dom_link(li, href, str_of(id_text(p->id, id)));
    }
    put_until(li, e);
}

static void put_note(xmlNode *ul, const struct watch_note *note)
{
    xmlNode *li = dom_class(ul, "li", "noted");

    put_time(li, note->day);
    dom_text(li, ": ");
    dom_str(dom_add(li, "q"), note->text);
}

void site_put_events(xmlNode *to, const struct site *s, const char *up, size_t most, uint64_t of)
{
    const struct watch_history *h = s->h;
    size_t e = h->events, n = of ? 0 : h->notes, told = 0;
    xmlNode *ul = dom_class(to, "ul", "events");

    while ((e > 0 || n > 0) && told < most) {
        const bool note = n > 0 && (e == 0 || h->note[n - 1].day >= utc_day(h->event[e - 1].at));

        if (note)
            put_note(ul, &h->note[--n]);
        else if (of && h->event[--e].id != of)
            continue;
        else
            put_event(ul, s, up, &h->event[of ? e : --e], !of);
        told++;
    }
    if (!told)
        dom_text(dom_add(ul, "li"), of ? "Nothing changed." : "Nothing happened yet.");
}
