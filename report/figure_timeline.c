/* report/figure_timeline.c: what was asked and read, by UTC day. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "base/utc.h"
#include "report/figure.h"
#include "report/text.h"

#define PANEL_MM 20.0
#define HEAD_MM 5.4    // of a panel: its name, and the number over its highest bar
#define WIDEST 9.0     // of a bar

static const struct panel {
    const char *words;
    int all, part;    // columns of the data; part 0: none
} panels[] = {
    { "Requests to the API", 3, 0 },
    { "Items asked of the API", 4, 5 },
    { "Pages read", 6, 0 },
};
#define PANELS (int)(sizeof panels / sizeof *panels)

static int64_t value_of(const struct timeline_day *d, int panel)
{
    return panel == 0 ? d->requests : panel == 1 ? d->asked : d->pages;
}

struct days {
    int64_t first, count;
    double x0, step, bar;
};

static void put_rows(struct canvas *c, const struct summary *s, const struct days *days)
{
    char day[UTC_TEXT_MAX];

    for (size_t i = 0; i < s->days; i++) {
        const struct timeline_day *d = &s->day[i];

        buf_printf(&c->tsv, "%lld\t%s\t%lld\t%lld\t%lld\t%lld\n", (long long)(d->day - days->first),
                   utc_date(d->day, day), (long long)d->requests, (long long)d->asked,
                   (long long)d->found, (long long)d->pages);
        buf_printf(&c->alt,
                   "%s: " COUNTED ", %lld items asked of which %lld came back, " COUNTED " read.\n",
                   day, COUNT_OF(d->requests, "request", "requests"), (long long)d->asked,
                   (long long)d->found, COUNT_OF(d->pages, "page", "pages"));
    }
}

/* "2,843", or "1,696 of 2,843" where a part is drawn. */
static const char *number_text(const struct timeline_day *d, int panel, char text[2 * TEXT_MAX])
{
    char part[TEXT_MAX], all[TEXT_MAX];

    if (panels[panel].part)
        snprintf(text, 2 * TEXT_MAX, "%s of %s", text_count(d->found, part),
                 text_count(value_of(d, panel), all));
    else
        text_count(value_of(d, panel), text);
    return text;
}

/* The numbers stand over the bars as long as they find room; else over the highest alone. */
static void numbers(struct canvas *c, const struct summary *s, const struct days *days, int panel,
                    double base, int64_t top)
{
    const double high = PANEL_MM - HEAD_MM - 3;
    char text[2 * TEXT_MAX];
    bool room = true, said = false;

    for (size_t i = 0; i < s->days; i++)
        room = room && canvas_measure(str_of(number_text(&s->day[i], panel, text)), LETTER_TEXT) <
                           days->step - 0.8;
    for (size_t i = 0; i < s->days; i++) {
        const int64_t n = value_of(&s->day[i], panel);
        double x = days->x0 + days->step * ((double)(s->day[i].day - days->first) + 0.5);
        const double half =
            canvas_measure(str_of(number_text(&s->day[i], panel, text)), LETTER_TEXT) / 2;

        if (!room && (said || n != top))
            continue;
        said = true;
        x = fmin(fmax(x, CANVAS_EDGE + half), c->w - CANVAS_EDGE - half);
        canvas_text(c, x, base - high * (double)n / (double)top - 1.9, ALIGN_CENTER, LETTER_TEXT,
                    text);
    }
}

static void draw_panel(struct canvas *c, const struct summary *s, const struct days *days, int i,
                       double y)
{
    static const struct fill plain = { "#b9b9b9", HATCH_SOLID };
    const struct fill open = { CANVAS_SOFT, HATCH_OPEN }, back = meaning_fill(MEANING_RETURNED);
    const double base = y + PANEL_MM;
    char all[24], part[24], floor[24];
    struct area a = { "1", "X($1) - half", "X($1) + half", all, floor };
    int64_t top = 1;

    for (size_t k = 0; k < s->days; k++)
        top = value_of(&s->day[k], i) > top ? value_of(&s->day[k], i) : top;
    buf_printf(&c->functions, "T%d(n) = %.2f - %.2f * n / %lld\n", i, base, PANEL_MM - HEAD_MM - 3,
               (long long)top);
    snprintf(all, sizeof all, "T%d($%d)", i, panels[i].all);
    snprintf(part, sizeof part, "T%d($%d)", i, panels[i].part);
    snprintf(floor, sizeof floor, "T%d(0)", i);
    canvas_text(c, CANVAS_EDGE, y + 1.6, ALIGN_LEFT, LETTER_STRONG, panels[i].words);
    canvas_areas(c, &a, panels[i].part ? &open : &plain);
    a.top = part;
    if (panels[i].part)
        canvas_areas(c, &a, &back);
    numbers(c, s, days, i, base, top);
    canvas_line(c, CANVAS_EDGE, base, c->w - CANVAS_EDGE, base, 0.2, CANVAS_INK);
}

/* "2 Mar" below its day, and the year below the first and wherever it changes. */
static double dates(struct canvas *c, const struct days *days, double y)
{
    static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
    const double wide = canvas_measure(STR("22 Mar"), LETTER_SOFT) + 3;
    const int64_t every = days->step > wide ? 1 : (int64_t)(1.5 * wide / days->step) + 1;
    char day[UTC_TEXT_MAX], text[16], year[5] = "";

    for (int64_t i = 0; i < days->count; i += every) {
        const double x = days->x0 + days->step * ((double)i + 0.5);
        struct str date = str_of(utc_date(days->first + i, day));
        int64_t month = 1, of_month = 1;

        if (!str_i64(str_sub(date, 5, 2), &month) || !str_i64(str_sub(date, 8, 2), &of_month))
            continue;
        snprintf(text, sizeof text, "%lld %s", (long long)of_month, months[(month + 11) % 12]);
        canvas_line(c, x, y, x, y + 0.8, 0.12, CANVAS_SOFT);
        canvas_text(c, x < CANVAS_EDGE + wide / 2 ? CANVAS_EDGE + wide / 2 : x, y + 2.6,
                    ALIGN_CENTER, LETTER_SOFT, text);
        if (strncmp(year, day, 4) == 0)
            continue;
        snprintf(year, sizeof year, "%.4s", day);
        canvas_text(c, x < CANVAS_EDGE + wide / 2 ? CANVAS_EDGE + wide / 2 : x, y + 5.8,
                    ALIGN_CENTER, LETTER_SOFT, year);
    }
    return y + 9.4;
}

void figure_timeline(struct canvas *c, const struct summary *s, const struct look *look)
{
    const struct legend keys[] = { { meaning_fill(MEANING_RETURNED), "returned" },
                                   { { CANVAS_SOFT, HATCH_OPEN }, "asked, not returned" } };
    struct days days = { .x0 = CANVAS_EDGE };
    double y;

    (void)look;
    buf_puts(&c->tsv, "place\tday\trequests\tasked\treturned\tpages\n");
    y = figure_title(c, "What was asked and read, by day (UTC)", "");
    if (s->days == 0) {
        c->h = figure_nothing(c, y, "There is nothing to show yet: nothing was asked.");
        return;
    }
    days.first = s->day[0].day;
    days.count = s->day[s->days - 1].day - days.first + 1;
    days.step = (c->w - 2 * CANVAS_EDGE) / (double)days.count;
    days.bar = days.step * 0.76 < WIDEST ? days.step * 0.76 : WIDEST;
    buf_printf(&c->functions, "X(day) = %.2f + %.4f * (day + 0.5)\nhalf = %.3f\n", days.x0,
               days.step, days.bar / 2);
    put_rows(c, s, &days);
    for (int i = 0; i < PANELS; i++)
        draw_panel(c, s, &days, i, y + i * (PANEL_MM + 2));
    y = dates(c, &days, y + PANELS * (PANEL_MM + 2) - 2);
    c->h = figure_legend(c, CANVAS_EDGE, y, keys, sizeof keys / sizeof *keys);
}
