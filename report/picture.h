/* report/picture.h: what is done to a picture that gnuplot has drawn, so that it can be printed
 * and read aloud: an SVG gets its title, its description and its size on paper and loses the
 * program code that gnuplot shows to whoever points at it; a PDF the date of the newest answer in
 * place of the time of day; a PNG its dots per inch. */
#ifndef REPORT_PICTURE_H
#define REPORT_PICTURE_H
#include "report/canvas.h"

enum picture { PICTURE_SVG, PICTURE_PDF, PICTURE_PNG, PICTURES };
extern const char *const picture_names[PICTURES];    // the endings, too

/* name: of the figure, for the ids of title and description. at: the newest answer.
 * Errors: ERR_IO where the bytes are no such picture. */
MUST_CHECK int picture_finish(enum picture, const char *name, const struct canvas *, int64_t at,
                              struct buf *bytes, struct err *);
#endif
