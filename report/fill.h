/* report/fill.h: with what an area of a figure is filled: a colour, and lines by which it is known
 * where print is grey. */
#ifndef REPORT_FILL_H
#define REPORT_FILL_H

enum hatch {
    HATCH_SOLID,
    HATCH_STRIPES,       // white lines across
    HATCH_DIAGONAL,      // rising
    HATCH_BACKWARD,      // falling
    HATCH_CROSSED,       // rising and falling
    HATCH_UPRIGHT,
    HATCH_LINED,         // an outline with rising lines of the colour in it
    HATCH_OPEN,          // an outline
};
struct fill { const char *colour; enum hatch hatch; };
#endif
