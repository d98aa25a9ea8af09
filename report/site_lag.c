/* report/site_lag.c: how far the API's counters lie behind the page's, day by day. */
#include <math.h>
#include <stdio.h>
#include "report/site_part.h"

#define WIDE 860.0
#define HIGH 90.0
#define LEAST_DAYS 12.0    // of the axis
#define LEAST_SEEN 0.03    // of it: a bar that is thinner would not be seen

static double top_of(const struct lag_history *lag)
{
    double top = LEAST_DAYS;

    for (size_t i = 0; i < lag->days; i++)
        if (lag->day[i].known && isfinite(lag->day[i].high))
            top = lag->day[i].high > top ? lag->day[i].high : top;
    return top;
}

/* A bar a day, from the least to the most that the middle one of the lags can be. */
static void put_bars(xmlNode *svg, const struct lag_history *lag, int64_t first, int64_t days,
                     double top)
{
    const double step = WIDE / (double)(days ? days : 1);
    struct buf path = { 0 };

    for (size_t i = 0; i < lag->days; i++) {
        const struct lag_day *d = &lag->day[i];
        double high = d->high < top ? d->high : top;

        if (!d->known || d->day < first)
            continue;
        high = high - d->low < top * LEAST_SEEN ? d->low + top * LEAST_SEEN : high;
        buf_printf(&path, "M%.1f %.1fh%.1fV%.1fh%.1fz", (double)(d->day - first) * step,
                   HIGH - high / top * HIGH, step, HIGH - d->low / top * HIGH, -step);
    }
    if (path.n)
        dom_attr(dom_class(svg, "path", "band"), "d", buf_cstr(&path));
    buf_release(&path);
}

static void put_chart(xmlNode *to, const struct watch_history *h)
{
    const double top = top_of(h->lag);
    xmlNode *frame = dom_class(to, "div", "chart"), *scale = dom_class(frame, "div", "scale"), *svg,
            *ends;
    char box[64], line[64], date[SITE_DATE_MAX];

    dom_printf(dom_add(scale, "span"), "%.0f days", top);
    dom_text(dom_add(scale, "span"), "0");
    svg = dom_add(frame, "svg");
    snprintf(box, sizeof box, "0 -2 %.0f %.0f", WIDE, HIGH + 4);
    dom_attr(svg, "viewBox", box);
    dom_attr(svg, "preserveAspectRatio", "none");
    dom_attr(svg, "role", "img");
    dom_attr(svg, "aria-label", "Days by which the API's counters lie behind the page's, by day");
    snprintf(line, sizeof line, "M0 %.1fH%.1f", HIGH - LAG_LONG_DAYS / top * HIGH, WIDE);
    dom_attr(dom_class(svg, "path", "month"), "d", line);
    put_bars(svg, h->lag, h->first_day, h->days, top);
    ends = dom_class(to, "div", "ends");
    dom_text(dom_add(ends, "span"), site_date(h->first_day, date));
    dom_text(dom_add(ends, "span"), site_date(h->first_day + h->days - 1, date));
}

static void put_days(xmlNode *p, double days, const char *at)
{
    char text[32];

    snprintf(text, sizeof text, "%.1f", days);
    datum_at(p, text, days, "%s", at);
}

static void put_behind(xmlNode *ul, const char *words, int64_t n, struct stat_interval i,
                       const char *name)
{
    xmlNode *li = dom_add(ul, "li");
    char text[TEXT_MAX];

    site_count(li, n, "/lag/%s/n", name);
    dom_printf(li, " of them lay %s behind the page (of those with a bound ", words);
    datum_at(li, text_percent(i.low, text), i.low, "/lag/%s/interval_95/0", name);
    dom_text(li, " to ");
    datum_at(li, text_percent(i.high, text), i.high, "/lag/%s/interval_95/1", name);
    dom_text(li, ": 95 % interval over posts)");
}

bool site_has_lag(const struct watch_history *h) { return h->lag && h->lag->sum.known; }

void site_lag(xmlNode *body, const struct site *s)
{
    const struct lag_sum *sum = &s->h->lag->sum;
    xmlNode *to = site_section(body, "lag", "How old the API\u2019s counters are"), *p, *ul;

    p = dom_add(to, "p");
    dom_text(p, sum->high - sum->low < 0.1 ? "The middle one of the lags is about "
                                           : "The middle one of the lags lies between ");
    put_days(p, sum->low, "/lag/low");
    if (isfinite(sum->high) && sum->high - sum->low >= 0.1) {
        dom_text(p, " and ");
        put_days(p, sum->high, "/lag/high");
    } else if (!isfinite(sum->high)) {
        dom_text(p, " and more");
    }
    dom_text(p, " days. On ");
    site_count(p, sum->read, "/lag/read");
    dom_text(p, " post-days the API showed counters of a post whose page was read as well; on ");
    site_count(p, sum->known, "/lag/known");
    dom_text(p, " of these the pages bound how old its copy was.");
    ul = dom_add(to, "ul");
    put_behind(ul, "a day and more", sum->day_behind, sum->day_share, "day");
    put_behind(ul, "ten days and more, which is what the platform announced,", sum->long_behind,
               sum->long_share, "ten_days");
    put_chart(to, s->h);
    dom_text(dom_class(to, "p", "soft"),
             "The API does not say when it copied a counter. A page that showed less than the API "
             "has was read before the copy, one that showed more after it; in between lies the "
             "copy. A bar is what that leaves for the middle one of the posts of a day. Rounding "
             "and counters that fall a little are forgiven, and a counter that stood still says "
             "nothing. The line is at ten days.");
}

void site_lag_json(struct json_out *o, const struct watch_history *h)
{
    const struct lag_sum *sum;

    if (!site_has_lag(h)) {
        json_put_null(o, "lag");
        return;
    }
    sum = &h->lag->sum;
    json_open(o, "lag");
    json_put_int(o, "read", sum->read);
    json_put_int(o, "known", sum->known);
    json_put_fixed(o, "low", sum->low, 6);
    if (isfinite(sum->high))
        json_put_fixed(o, "high", sum->high, 6);
    else
        json_put_null(o, "high");
    json_open(o, "day");
    json_put_int(o, "n", sum->day_behind);
    json_put_interval(o, "interval_95", true, sum->day_share.low, sum->day_share.high);
    json_close(o);
    json_open(o, "ten_days");
    json_put_int(o, "n", sum->long_behind);
    json_put_interval(o, "interval_95", true, sum->long_share.low, sum->long_share.high);
    json_close(o);
    json_open_list(o, "days");
    for (size_t i = 0; i < h->lag->days; i++) {
        const struct lag_day *d = &h->lag->day[i];

        json_open(o, NULL);
        json_put_date(o, "date", d->day);
        json_put_int(o, "read", d->read);
        json_put_int(o, "known", d->known);
        json_put_interval(o, "days", d->known > 0 && isfinite(d->high), d->low, d->high);
        json_close(o);
    }
    json_close(o);
    json_close(o);
}
