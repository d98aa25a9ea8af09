/* report/site_feed.c: feed.xml, Atom (RFC 4287): events and notes, the newest first. An entry's id
 * is made from what it tells, so that a reader shows it once, however often the site is made. */
#include <inttypes.h>
#include <stdio.h>
#include "base/digest.h"
#include "base/log.h"
#include "record/id.h"
#include "report/site_part.h"

#define ENTRIES_MOST 200

/* Text for XML; controls, which it forbids, are shown as \x1b. */
static void put_text(struct buf *out, struct str text)
{
    struct buf safe = { 0 };

    log_escape(&safe, text);
    for (size_t i = 0; i < safe.n; i++)
        switch (safe.p[i]) {
        case '&': buf_puts(out, "&amp;"); break;
        case '<': buf_puts(out, "&lt;"); break;
        case '>': buf_puts(out, "&gt;"); break;
        case '"': buf_puts(out, "&quot;"); break;
        default: buf_char(out, safe.p[i]);
        }
    buf_release(&safe);
}

static void put_element(struct buf *out, const char *tag, struct str text)
{
    buf_printf(out, "<%s>", tag);
    put_text(out, text);
    buf_printf(out, "</%s>\n", tag);
}

/* RFC 4122, of a name (version 8 for want of MD5 and SHA-1): the first bits of its SHA-256. */
static void put_id(struct buf *out, struct str name)
{
    const struct digest d = digest_sha256(name);
    char hex[DIGEST_HEX];

    digest_hex(&d, hex);
    buf_printf(out, "<id>urn:uuid:%.8s-%.4s-8%.3s-8%.3s-%.12s</id>\n", hex, hex + 8, hex + 13,
               hex + 17, hex + 20);
}

static void put_updated(struct buf *out, int64_t at)
{
    char text[UTC_TEXT_MAX];

    buf_printf(out, "<updated>%s</updated>\n", utc_rfc3339(at, text));
}

static void put_link(struct buf *out, const struct site *s, const char *rel, const char *href)
{
    buf_printf(out, "<link rel=\"%s\" href=\"", rel);
    put_text(out, s->url);
    buf_printf(out, "%s\"/>\n", href);
}

/* An event is known when it is confirmed. */
static int64_t known_at(const struct watch_event *e)
{
    const bool span = e->kind == WATCH_EVENT_OUTAGE || e->kind == WATCH_EVENT_STALE;

    return !span && e->confirmed_at ? e->confirmed_at : e->at;
}

static void put_event(struct buf *out, const struct site *s, const struct watch_event *e)
{
    const struct watch_post *p = site_post_of(s, e);
    char id[ID_TEXT_MAX], href[SITE_HREF_MAX], path[SITE_HREF_MAX + 32], day[UTC_TEXT_MAX];
    struct buf text = { 0 };

    buf_puts(out, "<entry>\n");
    buf_str(&text, s->h->list);
    buf_printf(&text, "/%s/%" PRId64 "/%" PRId64, watch_event_name(e->kind), e->item, e->at);
    put_id(out, buf_view(&text));
    buf_clear(&text);
    buf_puts(&text, site_event(e->kind));
    if (p)
        buf_printf(&text, ": post %s", id_text(p->id, id));
    put_element(out, "title", buf_view(&text));
    put_updated(out, known_at(e));
    utc_date(utc_day(e->at), day);
    snprintf(path, sizeof path, "%s#d%s", p ? site_href(p->id, href) : "events.html", day);
    put_link(out, s, "alternate", path);
    buf_clear(&text);
    buf_printf(&text, "%s (%s). First seen %s", site_event(e->kind), watch_event_name(e->kind),
               utc_rfc3339(e->at, day));
    if (e->confirmed_at)
        buf_printf(&text, known_at(e) == e->at ? ", until %s" : ", confirmed %s",
                   utc_rfc3339(e->confirmed_at, day));
    buf_puts(&text, ".");
    put_element(out, "summary", buf_view(&text));
    buf_puts(out, "</entry>\n");
    buf_release(&text);
}

static void put_note(struct buf *out, const struct site *s, const struct watch_note *note)
{
    char date[SITE_DATE_MAX];
    struct buf text = { 0 };

    buf_puts(out, "<entry>\n");
    buf_str(&text, s->h->list);
    buf_printf(&text, "/note/%" PRId64 "/%" PRId64, note->n, note->made_at);
    put_id(out, buf_view(&text));
    buf_clear(&text);
    buf_printf(&text, "Note on %s", site_date(note->day, date));
    put_element(out, "title", buf_view(&text));
    put_updated(out, note->made_at);
    put_link(out, s, "alternate", "index.html#events");
    put_element(out, "summary", note->text);
    buf_puts(out, "</entry>\n");
    buf_release(&text);
}

/* Notes stand among the events by their day, as on the page. */
static void put_entries(struct buf *out, const struct site *s)
{
    const struct watch_history *h = s->h;
    size_t e = h->events, n = h->notes;

    for (int told = 0; told < ENTRIES_MOST && (e > 0 || n > 0); told++)
        if (n > 0 && (e == 0 || h->note[n - 1].day >= utc_day(h->event[e - 1].at)))
            put_note(out, s, &h->note[--n]);
        else
            put_event(out, s, &h->event[--e]);
}

static int64_t newest(const struct watch_history *h)
{
    int64_t at = h->newest_at;

    for (size_t i = 0; i < h->events; i++)
        at = known_at(&h->event[i]) > at ? known_at(&h->event[i]) : at;
    for (size_t i = 0; i < h->notes; i++)
        at = h->note[i].made_at > at ? h->note[i].made_at : at;
    return at;
}

void site_feed_xml(struct buf *out, const struct site *s)
{
    buf_puts(out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
                  "<feed xmlns=\"http://www.w3.org/2005/Atom\">\n");
    put_id(out, s->h->list);
    put_element(out, "title", site_title(s));
    put_updated(out, newest(s->h));
    buf_puts(out, "<author><name>blindspot</name></author>\n"
                  "<generator version=\"" BLINDSPOT_VERSION "\">blindspot</generator>\n");
    if (s->url.n)
        put_link(out, s, "self", "feed.xml");
    put_link(out, s, "alternate", "index.html");
    put_entries(out, s);
    buf_puts(out, "</feed>\n");
}
