/* report/figure.h: the data and the script of each figure, before gnuplot. */
#ifndef REPORT_FIGURE_H
#define REPORT_FIGURE_H
#include "base/str.h"
#include "record/summary.h"

enum figure_name {
    FIGURE_BREAKDOWN,
    FIGURE_FIELDS,
    FIGURE_ACCOUNTS,
    FIGURE_TIMELINE,
    FIGURE_CRITERIA,
    FIGURE_COUNT,
};
extern const char *const figure_names[FIGURE_COUNT];
struct figure {
    struct buf tsv;           // the data, one header line
    struct buf head;          // assignments that the script begins with
    const char *body;         // the drawing
    int width, height;        // pixels of the SVG; 1/100 inch of the PDF
};
void figure_make(struct figure *, enum figure_name, const struct summary *);
static inline void figure_release(struct figure *f)
{
    buf_release(&f->tsv);
    buf_release(&f->head);
}
#endif
