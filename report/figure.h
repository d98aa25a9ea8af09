/* report/figure.h: the figures for print.
 *
 * Here live: figure.def (the list), figure_NAME.c (one figure a file: its data, its drawing, its
 *            words), figure.c (what they share), canvas (millimetres, texts and marks, and the
 *            script made of them), gnuplot (which runs it), picture (what is done to the files
 *            that it writes: title, fonts and size on paper).
 * To add:    copy figure_timeline.c, and give it a row in figure.def.
 * Numbers:   those of summary.json alone; what a figure needs and is not there yet goes there
 *            first. */
#ifndef REPORT_FIGURE_H
#define REPORT_FIGURE_H
#include "record/summary.h"
#include "report/canvas.h"
#include "report/look.h"
#include "report/meaning.h"

enum figure_name {
#define FIGURE(id, name, make, shows) FIGURE_##id,
#include "report/figure.def"
#undef FIGURE
    FIGURE_COUNT
};
extern const char *const figure_names[FIGURE_COUNT];
extern const char *const figure_shows[FIGURE_COUNT];
/* Whether a folder of this kind has it: an audit has no creators of a sample, and one vantage
 * no other. */
bool figure_is_of(enum figure_name, const struct summary *);

#define FIGURE_NARROW 85    // mm: one column of a journal's page
#define FIGURE_WIDE 170     // both
/* Draws it: the canvas is empty, and becomes as high as what stands in it. */
void figure_make(struct canvas *, enum figure_name, int width, const struct summary *,
                 const struct look *);

/* ---- for the files of the figures ---- */
typedef void figure_fn(struct canvas *, const struct summary *, const struct look *);
#define FIGURE(id, name, make, shows) figure_fn make;
#include "report/figure.def"
#undef FIGURE

/* How a meaning is filled (report/meaning.def); whether a cell of the data is its word. */
struct fill meaning_fill(enum meaning);
bool figure_has(const struct canvas *, enum meaning);
/* Title and what stands below it, from the upper edge on; returns the y of what comes next. */
double figure_title(struct canvas *, const char *title, const char *below);
/* A row of swatches with their words from x on, over as many lines as they need; returns the y of
 * what comes next. */
struct legend {
    struct fill fill;
    const char *words;
};
double figure_legend(struct canvas *, double x, double y, const struct legend *, size_t len);
/* The same of meanings, those alone that the data has. */
double figure_meanings(struct canvas *, double y, const enum meaning *, size_t len);
/* An axis of shares below rows from y0 to y1: ticks from 0 to 100 %, or to `most`. Returns the y of
 * what comes next. figure_grid: its lines through rows alone, where no text stands in their way. */
struct axis {
    double x0, x1, y0, y1, most;
};
double figure_share_axis(struct canvas *, const struct axis *);
void figure_grid(struct canvas *, const struct axis *);
/* A bucket's items by what stands behind their absence: of public missing ones those documented,
 * disputed and unexplained, as the rules that separate say; of others all in one part. Returns how
 * many parts there are; none is empty. */
struct part {
    enum meaning meaning;
    int64_t n;
};
#define PARTS_MAX 3
int figure_parts(const struct summary *, enum node, struct part part[PARTS_MAX]);
/* Says in place of the drawing that there is nothing, and why. */
double figure_nothing(struct canvas *, double y, const char *why);
bool figure_is_narrow(const struct canvas *);
#endif
