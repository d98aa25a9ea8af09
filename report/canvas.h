/* report/canvas.h: a drawing in millimetres that gnuplot makes.
 *
 * Shape:     x grows to the right, y downwards, both from the upper left corner. The script has
 *            one coordinate system, the millimetre: what stands in the data file is put to its
 *            place by functions of the script (X, Y), so that whoever runs it on other data
 *            gets another drawing. Texts are placed here, by what they measure in DejaVu Sans.
 * Units:     millimetres; type in points, 7 to 8 whatever the width.
 * Safety:    every text goes through canvas_text, which quotes it so that gnuplot neither runs
 *            nor formats anything in it, and shows controls and bidi marks as what they are.
 * Ownership: canvas_release frees all; texts are copied. */
#ifndef REPORT_CANVAS_H
#define REPORT_CANVAS_H
#include <stdbool.h>
#include "base/err.h"
#include "base/str.h"
#include "report/fill.h"

enum letter { LETTER_TEXT, LETTER_SOFT, LETTER_STRONG, LETTER_TITLE };
enum align { ALIGN_LEFT, ALIGN_CENTER, ALIGN_RIGHT };
struct text_box {
    double x0, y0, x1, y1;
};

#define CANVAS_EDGE 1.0    // left free on all sides
#define CANVAS_LINE 3.3    // from one line of text to the next
#define CANVAS_SWATCH 4.0
#define CANVAS_INK "#1b1b1b"
#define CANVAS_SOFT "#595959"
#define CANVAS_GRID "#d4d4d4"

struct canvas {
    double w, h;
    struct buf tsv;           // the data, one header line
    struct buf functions;     // X(), Y() and what else the plot needs
    struct buf labels;        // texts and lines
    struct buf plot;          // what is drawn from the data
    struct buf title, alt;    // for those who hear it
    struct buf note;          // stands strong below the title; empty: none
    struct text_box *box;     // of every text, to see that none covers another
    size_t boxes, cap;
    int texts;    // labels and arrows so far: their numbers in the script
};
void canvas_release(struct canvas *);

/* How wide a text is. */
double canvas_measure(struct str text, enum letter);
/* Text from outside as it can be seen, and in one cell of the data: controls and marks that turn
 * the direction as \x0a and \u202e. */
void canvas_visible(struct buf *, struct str text);
/* y is the middle of the line. */
void canvas_text(struct canvas *, double x, double y, enum align, enum letter, const char *text);
/* The same, shortened in its middle to what is `most` wide. */
void canvas_fit(struct canvas *, double x, double y, double most, enum align, enum letter,
                const char *text);
/* Lines of at most `most`, cut at blanks, the first around y; returns y of the line below. */
double canvas_paragraph(struct canvas *, double x, double y, double most, enum letter,
                        const char *text);
void canvas_line(struct canvas *, double x0, double y0, double x1, double y1, double thick,
                 const char *colour);
/* A swatch of a fill, which is no data. */
void canvas_swatch(struct canvas *, double x, double y, const struct fill *);

/* ---- from the data: columns are $1, $2 ...; words of a column are strcol(n) ---- */
/* Areas of the rows for which `where` holds. */
struct area {
    const char *where, *x0, *x1, *top, *bottom;
};
void canvas_areas(struct canvas *, const struct area *, const struct fill *);
/* A line with short ends, `half` to each side, from x0 to x1. */
struct whisker {
    const char *where, *x0, *x1, *y;
    double half;
};
void canvas_whiskers(struct canvas *, const struct whisker *, const char *colour);
/* Points, as gnuplot numbers their shapes; a ring goes around a disc of the same place. */
enum { CANVAS_RING = 6, CANVAS_DISC = 7 };
void canvas_points(struct canvas *, const char *where, const char *x, const char *y, int shape,
                   const char *colour);

/* The script; name is that of its data file, output that of its pictures. */
void canvas_script(struct canvas *, const char *name, const char *output, struct buf *gp);
#endif
