/* report/site_badge.c: badge.svg, for other pages to show: how many posts of the list the API
 * returned on the last day that was measured, of those that were not gone, and which day that was.
 * Grey where the list is stale, and where nobody was there to be returned.
 * A picture cannot look at the clock, so it bears its date: an old one cannot pass for new. */
#include <stdio.h>
#include "report/site_part.h"

#define LETTER 6.3     // px, on average, of 11 px Verdana
#define PAD 8

static const char *colour_of(const struct watch_history *h, const struct watch_counts *c)
{
    if (h->is_stale || !c || !c->days)
        return "#6a6a6a";
    return c->absent == 0 ? "#2b6ca3" : "#a63603";
}

static void words_of(const struct watch_history *h, const struct watch_counts *c, int64_t gone,
                     int64_t day, char *text, size_t size)
{
    char date[UTC_TEXT_MAX], more[40] = "";

    if (!c) {
        snprintf(text, size, "nothing measured yet");
        return;
    }
    if (!c->days) {
        snprintf(text, size, "all %lld posts gone · %s%s", (long long)gone, utc_date(day, date),
                 h->is_stale ? " · stale" : "");
        return;
    }
    if (gone)
        snprintf(more, sizeof more, " · %lld gone", (long long)gone);
    snprintf(text, size, "%lld of %lld posts%s · %s%s", (long long)c->found, (long long)c->days,
             more, utc_date(day, date), h->is_stale ? " · stale" : "");
}

void site_badge_svg(struct buf *out, const struct site *s)
{
    static const char left[] = "research API returns";
    const struct watch_history *h = s->h;
    const int64_t day = watch_history_last_measured(h);
    const struct watch_counts *all = day < 0 ? NULL : &h->date[day - h->first_day].posts;
    const struct watch_counts there = all ? watch_counts_there(all) : (struct watch_counts){ 0 },
                              *c = all ? &there : NULL;
    const int a = (int)(sizeof left * LETTER) + PAD;
    char text[144];
    int b;

    words_of(h, c, all ? all->gone.days : 0, day, text, sizeof text);
    b = (int)((double)str_of(text).n * LETTER) + PAD;
    buf_printf(out,
               "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"20\" "
               "viewBox=\"0 0 %d 20\" role=\"img\" aria-label=\"%s %s\">\n<title>%s %s</title>\n",
               a + b, a + b, left, text, left, text);
    buf_printf(out,
               "<rect width=\"%d\" height=\"20\" rx=\"3\" fill=\"#3a3a3a\"/>\n"
               "<path d=\"M%d 0h%da3 3 0 0 1 3 3v14a3 3 0 0 1 -3 3h-%dz\" fill=\"%s\"/>\n",
               a + b, a, b - 3, b - 3, colour_of(h, c));
    buf_printf(out,
               "<g fill=\"#fff\" font-family=\"Verdana,DejaVu Sans,sans-serif\" font-size=\"11\" "
               "text-anchor=\"middle\">\n<text x=\"%.1f\" y=\"14\" textLength=\"%d\">%s</text>\n"
               "<text x=\"%.1f\" y=\"14\" textLength=\"%d\">%s</text>\n</g>\n</svg>\n",
               a / 2.0, a - 2 * PAD, left, a + b / 2.0, b - 2 * PAD, text);
}
