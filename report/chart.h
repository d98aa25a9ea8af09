/* report/chart.h: charts of plain elements that take the page's colours, reflow on a narrow
 * screen and print. They show what a table or a list beside them says in numbers: whoever
 * cannot see them loses nothing.
 *
 * Shares:   0..1 of the whole width. */
#ifndef REPORT_CHART_H
#define REPORT_CHART_H
#include "report/dom.h"
#include "report/meaning.h"

struct chart_piece {
    enum meaning meaning;
    double share;
};
/* A bar cut into pieces, one behind the other; alt is read out in its place. */
void chart_stack(xmlNode *parent, const char *class, const char *alt, const struct chart_piece *,
                 size_t len);
/* A cell with a bar from `from`, and a whisker where low < high; high < 0: without. */
struct chart_bar {
    double from, share, low, high;
    enum meaning meaning;
};
void chart_bar_cell(xmlNode *row, const struct chart_bar *);
/* A cell with a stack. */
void chart_stack_cell(xmlNode *row, const struct chart_piece *, size_t len);
/* Colour and label, for a list or a cell. */
void chart_key(xmlNode *parent, enum meaning);
/* Columns side by side, each a pile of counts; the highest one is as high as the chart. */
struct chart_column {
    const int64_t *n;
    const char *name;
};
void chart_columns(xmlNode *parent, const char *alt, const enum meaning *meanings, size_t piled,
                   const struct chart_column *, size_t len);
/* A spread on an axis from -1 to 1, logarithmic in either direction from 0: thin from low to
 * high, thick from q25 to q75, a stroke at the median. */
struct chart_spread {
    double low, q25, median, q75, high;
};
void chart_spread_cell(xmlNode *row, const struct chart_spread *);
double chart_on_axis(double x);    // where x lies, in percent of the width
#endif
