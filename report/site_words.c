/* report/site_words.c: what days, states and events are called on the site. */
#include <stdio.h>
#include "record/id.h"
#include "report/site_part.h"

static const char *const months[] = { "January", "February", "March", "April", "May", "June",
                                      "July", "August", "September", "October", "November",
                                      "December" };

static void parts(int64_t day, int *year, int *month, int *of_month)
{
    char text[UTC_TEXT_MAX];

    *year = *month = *of_month = 1;
    if (sscanf(utc_date(day, text), "%d-%d-%d", year, month, of_month) != 3)
        *month = 1;
}

char *site_date(int64_t day, char text[SITE_DATE_MAX])
{
    int year, month, of_month;

    parts(day, &year, &month, &of_month);
    snprintf(text, SITE_DATE_MAX, "%d %s %d", of_month, months[(month + 11) % 12], year);
    return text;
}

char *site_span(int64_t first, int64_t last, char text[SITE_SPAN_MAX])
{
    char a[SITE_DATE_MAX], b[SITE_DATE_MAX];
    int year, month, of_month, last_year, last_month, ignored;

    parts(first, &year, &month, &of_month);
    parts(last, &last_year, &last_month, &ignored);
    if (first == last)
        snprintf(text, SITE_SPAN_MAX, "%s", site_date(first, a));
    else if (year == last_year && month == last_month)
        snprintf(text, SITE_SPAN_MAX, "%d to %s", of_month, site_date(last, b));
    else if (year == last_year)
        snprintf(text, SITE_SPAN_MAX, "%d %s to %s", of_month, months[(month + 11) % 12],
                 site_date(last, b));
    else
        snprintf(text, SITE_SPAN_MAX, "%s to %s", site_date(first, a), site_date(last, b));
    return text;
}

char *site_instant(int64_t at, char text[SITE_DATE_MAX])
{
    char full[UTC_TEXT_MAX];

    if (!at) {
        snprintf(text, SITE_DATE_MAX, "-");
        return text;
    }
    utc_rfc3339(at, full);
    snprintf(text, SITE_DATE_MAX, "%.10s %.5s UTC", full, full + 11);
    return text;
}

const char *site_fill_words(enum meaning m)
{
    switch (m) {
    case MEANING_RETURNED: return "returned by the API";
    case MEANING_ABSENT: return "not returned";
    case MEANING_NOT_PUBLIC: return "no page: no longer public";
    default: return "not measured";
    }
}

const char *site_why(enum watch_why why)
{
    switch (why) {
    case WATCH_WHY_OURS: return "a failure of our own";
    case WATCH_WHY_BLOCK: return "the site blocked us";
    case WATCH_WHY_UNSAID: return "no answer, and the series does not say why";
    case WATCH_WHY_OUTAGE: return "the platform failed";
    case WATCH_WHY_MISSED: return "nobody asked";
    default: return "no reason is known";
    }
}

void site_state(struct buf *out, struct watch_day d)
{
    switch (d.api) {
    case WATCH_API_FOUND: buf_puts(out, "returned"); break;
    case WATCH_API_ABSENT: buf_puts(out, "not returned"); break;
    case WATCH_API_NOT_MEASURED:
        buf_printf(out, "not measured: %s", site_why((enum watch_why)d.api_why));
        break;
    default: buf_puts(out, "the API was not asked");
    }
    if (d.no_canary)
        buf_puts(out, ", and nothing else came back that day");
    switch (d.page) {
    case WATCH_PAGE_PUBLIC: buf_puts(out, "; page public"); break;
    case WATCH_PAGE_REFUSED: buf_puts(out, "; page no longer public"); break;
    case WATCH_PAGE_NOT_MEASURED:
        buf_printf(out, "; page not read: %s", site_why((enum watch_why)d.page_why));
        break;
    default: break;
    }
    if (d.by_oembed)
        buf_puts(out, " (says oEmbed)");
}

const char *site_event(enum watch_event_kind kind)
{
    switch (kind) {
    case WATCH_EVENT_RETURNED: return "The API returned it again";
    case WATCH_EVENT_LOST: return "The API no longer returned it";
    case WATCH_EVENT_PAGE_GONE: return "Its page was no longer public";
    case WATCH_EVENT_PAGE_BACK: return "Its page was public again";
    case WATCH_EVENT_OUTAGE: return "Everything failed at once";
    case WATCH_EVENT_STALE: return "No round was run";
    default: return "";
    }
}

struct str site_handle(const struct site *s, const struct watch_post *p, char text[ALIAS_MAX])
{
    return p->purged ? STR_NONE : alias_of(&s->look->alias, p->handle, text);
}

char *site_href(uint64_t id, char text[SITE_HREF_MAX])
{
    char digits[ID_TEXT_MAX];

    snprintf(text, SITE_HREF_MAX, "item/%s.html", id_text(id, digits));
    return text;
}

const struct watch_post *site_post_of(const struct site *s, const struct watch_event *e)
{
    for (size_t i = 0; e->item && i < s->h->posts; i++)
        if (s->h->post[i].item == e->item)
            return &s->h->post[i];
    return NULL;
}

struct str site_title(const struct site *s)
{
    return s->title.n ? s->title : STR("Posts that the research API should return");
}
