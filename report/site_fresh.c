/* report/site_fresh.c: how long new posts took until the API returned them: the curve. */
#include <math.h>
#include <stdio.h>
#include "report/site_part.h"

#define WIDE 860.0
#define HIGH 140.0
#define HOURS_LEAST 96.0    // of the axis: 72 hours stand on it

bool site_has_fresh(const struct watch_history *h) { return h->fresh && h->fresh->followed; }

static double last_hour(const struct fresh_curve *c)
{
    const double last = c->steps ? c->step[c->steps - 1].hours : 0;

    return last > HOURS_LEAST ? last : HOURS_LEAST;
}

static double x_of(double hours, double last) { return hours / last * WIDE; }
static double y_of(double share) { return HIGH - share * HIGH; }

/* Where asks leave it open when posts came, the band stands for what may be. */
static void put_curve(xmlNode *svg, const struct fresh_curve *c, double last)
{
    struct buf low = { 0 }, band = { 0 };
    double was_low = 0, was_high = 0, was = 0;

    for (size_t i = 0; i <= c->steps; i++) {
        const double at = i < c->steps ? c->step[i].hours : last;

        if (was_high > was_low)
            buf_printf(&band, "M%.1f %.1fH%.1fV%.1fH%.1fz", x_of(was, last), y_of(was_high),
                       x_of(at, last), y_of(was_low), x_of(was, last));
        buf_printf(&low, "%s%.1f %.1fH%.1f", i ? "L" : "M", x_of(was, last), y_of(was_low),
                   x_of(at, last));
        if (i < c->steps) {
            was = at;
            was_low = c->step[i].low;
            was_high = c->step[i].high;
        }
    }
    if (band.n)
        dom_attr(dom_class(svg, "path", "band"), "d", buf_cstr(&band));
    dom_attr(dom_class(svg, "path", "line"), "d", buf_cstr(&low));
    buf_release(&low);
    buf_release(&band);
}

static void put_chart(xmlNode *to, const struct fresh_curve *c)
{
    const double last = last_hour(c);
    xmlNode *frame = dom_class(to, "div", "chart"), *scale = dom_class(frame, "div", "scale"), *svg,
            *ends;
    char box[64], line[64];

    for (int i = 4; i >= 0; i -= 2)
        dom_printf(dom_add(scale, "span"), "%d %%", i * 25);
    svg = dom_add(frame, "svg");
    snprintf(box, sizeof box, "0 -2 %.0f %.0f", WIDE, HIGH + 4);
    dom_attr(svg, "viewBox", box);
    dom_attr(svg, "preserveAspectRatio", "none");
    dom_attr(svg, "role", "img");
    dom_attr(svg, "aria-label", "Share of new posts that the API returns, by their age");
    for (int i = 0; i < FRESH_MARKS; i++) {
        snprintf(line, sizeof line, "M%.1f 0V%.1f", x_of(c->mark[i].hours, last), HIGH);
        dom_attr(dom_class(svg, "path", "month"), "d", line);
    }
    put_curve(svg, c, last);
    ends = dom_class(to, "div", "ends");
    dom_text(dom_add(ends, "span"), "0 hours old");
    dom_printf(dom_add(ends, "span"), "%.0f hours old", last);
}

static void put_marks(xmlNode *to, const struct fresh_curve *c)
{
    static const char *const heads[] = { "by the age of", "#there", "#at least", "#at most",
                                         "#known to be there", "#asked by then" };
    xmlNode *tbody = dom_table(to, "How many new posts the API returned by these ages.",
                               heads, sizeof heads / sizeof *heads);
    char text[TEXT_MAX];

    for (int i = 0; i < FRESH_MARKS; i++) {
        const struct fresh_mark *m = &c->mark[i];
        xmlNode *row;

        snprintf(text, sizeof text, "%d hours", m->hours);
        row = dom_row(tbody, str_of(text));
        if (m->has) {
            datum_at(dom_class(row, "td", "n"), text_percent(m->value, text), m->value,
                     "/fresh/marks/%d/value", i);
            datum_at(dom_class(row, "td", "n"), text_percent(m->low, text), m->low,
                     "/fresh/marks/%d/low", i);
            datum_at(dom_class(row, "td", "n"), text_percent(m->high, text), m->high,
                     "/fresh/marks/%d/high", i);
        } else {
            for (int k = 0; k < 3; k++)
                dom_number(row, "open");
        }
        site_count(dom_class(row, "td", "n"), m->found, "/fresh/marks/%d/found", i);
        site_count(dom_class(row, "td", "n"), m->n, "/fresh/marks/%d/n", i);
    }
}

void site_fresh(xmlNode *body, const struct site *s)
{
    const struct fresh_curve *c = s->h->fresh;
    xmlNode *to = site_section(body, "new-posts", "How soon the API returns new posts"),
            *p = dom_add(to, "p");

    site_count(p, c->followed, "/fresh/followed");
    dom_printf(p, " new %s followed from the first day on: ",
               c->followed == 1 ? "post was" : "posts were");
    site_count(p, c->returned, "/fresh/returned");
    dom_text(p, " returned, ");
    site_count(p, c->gone, "/fresh/gone");
    dom_text(p, " no longer public before they were, ");
    site_count(p, c->given_up, "/fresh/given_up");
    dom_text(p, " not returned within 30 days, ");
    site_count(p, c->waiting, "/fresh/waiting");
    dom_text(p, " still waiting. They count in no sum above.");
    if (!c->says)
        return;
    put_marks(to, c);
    put_chart(to, c);
    dom_text(dom_class(to, "p", "soft"),
             "When a post came is known only to lie between two asks: Turnbull\u2019s estimate "
             "(1976) shares it out, with posts that did not come as absent until they were last "
             "missed; with exact times it is that of Kaplan and Meier. Shaded is what the asks "
             "leave open; the upright lines are at 24, 48 and 72 hours. \"There\" is as early as "
             "the asks allow; the bounds are 95 % limits, by account, of what was known to be "
             "there and of what may have been.");
}

static void put_mark(struct json_out *o, const struct fresh_mark *m)
{
    json_open(o, NULL);
    json_put_int(o, "hours", m->hours);
    json_put_share(o, "value", m->has ? m->value : -1);
    json_put_share(o, "low", m->low);
    json_put_share(o, "high", m->high);
    json_put_int(o, "found", m->found);
    json_put_int(o, "n", m->n);
    json_close(o);
}

void fresh_put(struct json_out *o, const struct fresh_curve *c)
{
    json_put_int(o, "followed", c->followed);
    json_put_int(o, "returned", c->returned);
    json_put_int(o, "gone", c->gone);
    json_put_int(o, "given_up", c->given_up);
    json_put_int(o, "waiting", c->waiting);
    json_put_int(o, "says", c->says);
    json_open_list(o, "marks");
    for (int i = 0; i < FRESH_MARKS; i++)
        put_mark(o, &c->mark[i]);
    json_close(o);
    json_open_list(o, "steps");
    for (size_t i = 0; i < c->steps; i++) {
        json_open(o, NULL);
        json_put_fixed(o, "hours", c->step[i].hours, 0);
        json_put_share(o, "low", c->step[i].low);
        json_put_share(o, "high", c->step[i].high);
        json_close(o);
    }
    json_close(o);
}

void site_fresh_json(struct json_out *o, const struct watch_history *h)
{
    if (!site_has_fresh(h)) {
        json_put_null(o, "fresh");
        return;
    }
    json_open(o, "fresh");
    fresh_put(o, h->fresh);
    json_close(o);
}
