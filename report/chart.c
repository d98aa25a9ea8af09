/* report/chart.c: see chart.h. */
#include "report/chart.h"
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#define LEAST_SEEN 0.01    // of an axis from -1 to 1

static void style(xmlNode *node, const char *fmt, ...) PRINTF(2, 3);
static void style(xmlNode *node, const char *fmt, ...)
{
    char text[160];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    dom_attr(node, "style", text);
}

static xmlNode *mark(xmlNode *parent, enum meaning m)
{
    char class[48];

    snprintf(class, sizeof class, "m-%s", meanings[m].word);
    return dom_class(parent, "i", class);
}

static void pieces(xmlNode *bar, const struct chart_piece *piece, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (piece[i].share > 0)
            style(mark(bar, piece[i].meaning), "width:%.3f%%", 100 * piece[i].share);
}

void chart_stack(xmlNode *parent, const char *class, const char *alt,
                 const struct chart_piece *piece, size_t len)
{
    xmlNode *bar = dom_class(parent, "div", class);

    dom_attr(bar, "role", "img");
    dom_attr(bar, "aria-label", alt);
    pieces(bar, piece, len);
}

/* The row says it in numbers: nothing is read out. */
static xmlNode *cell(xmlNode *row, const char *class)
{
    xmlNode *track = dom_class(dom_class(row, "td", "bars"), "div", class);

    dom_attr(track, "aria-hidden", "true");
    return track;
}

void chart_bar_cell(xmlNode *row, const struct chart_bar *b)
{
    xmlNode *track = cell(row, "track");

    if (b->share > 0)
        style(mark(track, b->meaning), "left:%.3f%%;width:%.3f%%", 100 * b->from, 100 * b->share);
    if (b->high > b->low)
        style(dom_class(track, "b", "whisker"), "left:%.3f%%;width:%.3f%%", 100 * b->low,
              100 * (b->high - b->low));
}

void chart_stack_cell(xmlNode *row, const struct chart_piece *piece, size_t len)
{
    pieces(cell(row, "stack"), piece, len);
}

void chart_key(xmlNode *parent, enum meaning m)
{
    char class[48];

    snprintf(class, sizeof class, "sw m-%s", meanings[m].word);
    dom_attr(dom_class(parent, "i", class), "aria-hidden", "true");
    dom_text(parent, meanings[m].label);
}

void chart_columns(xmlNode *parent, const char *alt, const enum meaning *meaning, size_t piled,
                   const struct chart_column *column, size_t len)
{
    xmlNode *chart = dom_class(parent, "div", "columns");
    int64_t most = 1;

    dom_attr(chart, "role", "img");
    dom_attr(chart, "aria-label", alt);
    for (size_t i = 0; i < len; i++) {
        int64_t sum = 0;

        for (size_t k = 0; k < piled; k++)
            sum += column[i].n[k];
        most = sum > most ? sum : most;
    }
    for (size_t i = 0; i < len; i++) {
        xmlNode *pile = dom_add(chart, "span");

        for (size_t k = piled; k-- > 0;)
            if (column[i].n[k])
                style(mark(pile, meaning[k]), "height:%.3f%%",
                      100.0 * (double)column[i].n[k] / (double)most);
    }
}

/* Logarithmic again in either direction from 0, so that a hundredth shows beside tenfold. */
double chart_on_axis(double x)
{
    const double most = log1p(1 / LEAST_SEEN), at = log1p(fabs(x) / LEAST_SEEN) / most;

    return 50 + (x < 0 ? -50 : 50) * (at > 1 ? 1 : at);
}

void chart_spread_cell(xmlNode *row, const struct chart_spread *s)
{
    xmlNode *track = cell(row, "track spread");

    style(dom_class(track, "b", "thin"), "left:%.3f%%;width:%.3f%%", chart_on_axis(s->low),
          chart_on_axis(s->high) - chart_on_axis(s->low));
    style(dom_class(track, "b", "thick"), "left:%.3f%%;width:%.3f%%", chart_on_axis(s->q25),
          chart_on_axis(s->q75) - chart_on_axis(s->q25));
    style(dom_class(track, "b", "median"), "left:%.3f%%", chart_on_axis(s->median));
}
