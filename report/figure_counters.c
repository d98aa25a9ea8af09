/* report/figure_counters.c: the API's counters beside the page's, as a ratio with its sign: equal
 * in the middle, to the left where the API shows less, to the right where it shows more; one
 * step of the scale is a factor. */
#include <math.h>
#include <stdio.h>
#include "report/figure.h"
#include "report/text.h"

#define ROW_MM 6.0

/* What leaves the scale is drawn at its end, where an arrow says so. */
static const struct {
    double at;
    const char *words;
    bool wide;
} ticks[] = {
    { -2,
      "\xc3\xb7"
      "100",
      false },
    { -1,
      "\xc3\xb7"
      "10",
      false },
    { -0.30103,
      "\xc3\xb7"
      "2",
      true },
    { 0, "equal", false },
    { 0.30103,
      "\xc3\x97"
      "2",
      true },
    { 1,
      "\xc3\x97"
      "10",
      false },
    { 2,
      "\xc3\x97"
      "100",
      false },
};

static double span(const struct summary *s)
{
    double most = 1;

    for (int f = 0; f < FIELD_COUNT; f++)
        if (s->ratio[f].n)
            most = fmax(most, fmax(fabs(s->ratio[f].p5), fabs(s->ratio[f].p95)));
    return most > 1 ? 2 : 1;
}

/* "-12.3 %" below a factor of two; else ten to the power: "\xc3\xb7 10.2". */
static const char *ratio_text(double log10_ratio, char text[TEXT_MAX])
{
    const double factor = pow(10, fabs(log10_ratio)), change = 100 * (pow(10, log10_ratio) - 1);

    if (factor >= 2)
        snprintf(text, TEXT_MAX, "%s%.1f", log10_ratio < 0 ? "\xc3\xb7" : "\xc3\x97", factor);
    else if (fabs(change) < 0.05)
        snprintf(text, TEXT_MAX, "equal");
    else
        snprintf(text, TEXT_MAX, "%+.1f %%", change);
    return text;
}

static void put_row(struct canvas *c, const struct summary *s, int row, enum field f)
{
    const struct ratio_row *r = &s->ratio[f];
    char low[TEXT_MAX], mid[TEXT_MAX], high[TEXT_MAX], n[TEXT_MAX];

    buf_printf(&c->tsv, "%d\t%s\t%lld\t%.6f\t%.6f\t%.6f\t%.6f\t%.6f\n", row, field_info(f)->name,
               (long long)r->n, r->p5, r->p25, r->p50, r->p75, r->p95);
    buf_printf(&c->alt,
               "%s of %s posts: the API stands to the page in the median at %s; nine in ten are "
               "between %s and %s.\n",
               field_info(f)->name, text_count(r->n, n), ratio_text(r->p50, mid),
               ratio_text(r->p5, low), ratio_text(r->p95, high));
}

static double axis(struct canvas *c, double x0, double x1, double y0, double y1, double most)
{
    for (size_t i = 0; i < sizeof ticks / sizeof *ticks; i++) {
        const double x = x0 + (x1 - x0) * (ticks[i].at + most) / (2 * most);

        if (fabs(ticks[i].at) > most || (ticks[i].wide && figure_is_narrow(c)))
            continue;
        canvas_line(c, x, y0, x, y1, ticks[i].at < 0 || ticks[i].at > 0 ? 0.12 : 0.2,
                    ticks[i].at < 0 || ticks[i].at > 0 ? CANVAS_GRID : CANVAS_INK);
        canvas_text(c, x, y1 + 2.2, ALIGN_CENTER, LETTER_SOFT, ticks[i].words);
    }
    canvas_text(c, (x0 + x1) / 2, y1 + 5.6, ALIGN_CENTER, LETTER_SOFT,
                figure_is_narrow(c) ? "API below page | above page"
                                    : "the API shows less than the page | the API shows more");
    return y1 + 9.4;
}

static void draw_data(struct canvas *c)
{
    const struct whisker ends = { "1", "X($4)", "X($8)", "Y($1)", 0.9 };
    const struct area half = { "1", "X($5)", "X($7)", "Y($1) - 1.5", "Y($1) + 1.5" };

    canvas_whiskers(c, &ends, CANVAS_INK);
    canvas_areas(c, &half, &(struct fill){ "#b9b9b9", HATCH_SOLID });
    canvas_points(c, "1", "X($6)", "Y($1)", CANVAS_DISC, CANVAS_INK);
}

static double draw(struct canvas *c, const struct summary *s, double y)
{
    const double most = span(s), right = c->w - CANVAS_EDGE;
    char text[2 * TEXT_MAX], mid[TEXT_MAX], n[TEXT_MAX];
    double left = 0, value = canvas_measure(STR("median"), LETTER_STRONG), x0, x1;
    int row = 0;

    for (int f = 0; f < FIELD_COUNT; f++)
        if (s->ratio[f].n)
            left = fmax(left, canvas_measure(str_of(field_info((enum field)f)->name), LETTER_TEXT));
    value = fmax(value, canvas_measure(STR("+99.9 %"), LETTER_TEXT));
    x0 = CANVAS_EDGE + left + 4;
    x1 = right - value - 15;
    canvas_text(c, right - 12, y + 1, ALIGN_RIGHT, LETTER_STRONG, "median");
    canvas_text(c, right, y + 1, ALIGN_RIGHT, LETTER_STRONG, "posts");
    y += 3.4;
    for (int i = 0; i < FIELD_COUNT; i++) {
        const struct ratio_row *r = &s->ratio[i];
        const double at = y + (row + 0.5) * ROW_MM;

        if (!r->n)
            continue;
        put_row(c, s, row++, (enum field)i);
        canvas_text(c, x0 - 4, at, ALIGN_RIGHT, LETTER_TEXT, field_info((enum field)i)->name);
        snprintf(text, sizeof text, "%s", ratio_text(r->p50, mid));
        canvas_text(c, right - 12, at, ALIGN_RIGHT, LETTER_TEXT, text);
        canvas_text(c, right, at, ALIGN_RIGHT, LETTER_TEXT, text_count(r->n, n));
    }
    buf_printf(&c->functions,
               "most = %.1f\nin(x) = x < -most ? -most : x > most ? most : x\n"
               "X(log) = %.2f + %.2f * (in(log) + most) / (2 * most)\nY(row) = %.2f + %.2f * row\n",
               most, x0, x1 - x0, y + ROW_MM / 2, ROW_MM);
    draw_data(c);
    return axis(c, x0, x1, y, y + row * ROW_MM, most);
}

void figure_counters(struct canvas *c, const struct summary *s, const struct look *look)
{
    bool any = false;
    double y;

    (void)look;
    for (int f = 0; f < FIELD_COUNT; f++)
        any = any || s->ratio[f].n > 0;
    buf_puts(&c->tsv,
             "row\tcounter\tposts\tlog10_p5\tlog10_p25\tlog10_p50\tlog10_p75\tlog10_p95\n");
    y = figure_title(
        c, "The API's counters beside the page's",
        any ? "Ratio of the two, of posts of 30 days and older with 1,000 views (100 of "
              "another counter) on the page at least. Disc: median; bar: the middle half "
              "of the posts; line: nine in ten."
            : "");
    c->h = any ? draw(c, s, y)
               : figure_nothing(c, y,
                                "There is nothing to show yet: no post of 30 days and older "
                                "has a counter of that size on both sides.");
}
