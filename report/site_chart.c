/* report/site_chart.c: how many of the posts that were measured on a day, and were not gone by
 * then, the API returned, with what so few posts can say (Wilson, 95 %). Days on which nothing was
 * measured are holes. */
#include <stdio.h>
#include "base/stat.h"
#include "report/site_part.h"

#define WIDE 860.0
#define HIGH 120.0

struct drawing {
    struct buf line, band, back;    // back: the band's lower edge, from right to left
    double step;
};

/* A post that is gone is no fault of the API: it counts neither way. */
static int64_t could_be(const struct watch_counts *c)
{
    const struct watch_counts there = watch_counts_there(c);

    return there.found + there.absent;
}

static double height_of(double share) { return HIGH - share * HIGH; }

/* Days without a hole between them, as one part of the line and one of the band. */
static void put_stretch(struct drawing *d, const struct watch_history *h, int64_t from, int64_t to)
{
    for (int64_t i = from; i < to; i++) {
        const struct watch_counts *c = &h->date[i].posts;
        const int64_t of = could_be(c);
        const struct stat_interval w = stat_wilson(c->found, of, 0.95);

        buf_printf(&d->line, "%s%.1f %.1fh%.1f", i == from ? "M" : "L", (double)i * d->step,
                   height_of(share_of(c->found, of)), d->step);
        buf_printf(&d->band, "%s%.1f %.1fh%.1f", i == from ? "M" : "L", (double)i * d->step,
                   height_of(w.high), d->step);
    }
    for (int64_t i = to; i > from; i--) {
        const struct watch_counts *c = &h->date[i - 1].posts;
        const struct stat_interval w = stat_wilson(c->found, could_be(c), 0.95);

        buf_printf(&d->band, "L%.1f %.1fh%.1f", (double)i * d->step, height_of(w.low), -d->step);
    }
    buf_puts(&d->band, "z");
}

static void put_path(xmlNode *svg, const char *class, struct buf *path)
{
    if (path->n)
        dom_attr(dom_class(svg, "path", class), "d", buf_cstr(path));
    buf_release(path);
}

static void put_grid(xmlNode *svg)
{
    char line[64];

    for (int i = 0; i <= 4; i++) {
        snprintf(line, sizeof line, "M0 %.1fH%.1f", height_of(i / 4.0), WIDE);
        dom_attr(dom_class(svg, "path", "month"), "d", line);
    }
}

void site_chart(xmlNode *body, const struct site *s)
{
    const struct watch_history *h = s->h;
    xmlNode *to = site_section(body, "over-time", "Availability over time"), *frame, *svg, *ends;
    struct drawing d = { .step = WIDE / (double)(h->days ? h->days : 1) };
    char box[64], date[SITE_DATE_MAX];
    int64_t from = 0;

    for (int64_t i = 0; i <= h->days; i++) {
        const bool hole = i == h->days || could_be(&h->date[i].posts) == 0;

        if (hole && from < i)
            put_stretch(&d, h, from, i);
        if (hole)
            from = i + 1;
    }
    frame = dom_class(to, "div", "chart");
    ends = dom_class(frame, "div", "scale");
    for (int i = 4; i >= 0; i -= 2)
        dom_printf(dom_add(ends, "span"), "%d %%", i * 25);
    svg = dom_add(frame, "svg");
    snprintf(box, sizeof box, "0 -2 %.0f %.0f", WIDE, HIGH + 4);
    dom_attr(svg, "viewBox", box);
    dom_attr(svg, "preserveAspectRatio", "none");
    dom_attr(svg, "role", "img");
    dom_attr(svg, "aria-label", "Share of the measured posts that the API returned, by day");
    put_grid(svg);
    put_path(svg, "band", &d.band);
    put_path(svg, "line", &d.line);
    ends = dom_class(to, "div", "ends");
    dom_text(dom_add(ends, "span"), site_date(h->first_day, date));
    dom_text(dom_add(ends, "span"), site_date(h->first_day + h->days - 1, date));
    dom_text(dom_class(to, "p", "soft"),
             "The line is the share of the posts measured on a day that the API returned, without "
             "those whose page was no longer public. The band is a 95 % interval (Wilson) of that "
             "share for so few posts. Where nothing was measured there is no line.");
}
