/* base/place.h: the place of an error in a line that a person wrote, as it is shown below the
 * sentence that says what is wrong:
 *
 *     blindspot: blindspot.ini:3: there is no setting api.batsch; did you mean api.batch?
 *         3 | batsch = 10
 *           | ^~~~~~
 *
 * What reads a part of a line points into it (place_part); what knows the line says which it is
 * (place_in). In between, the place is one of the part. Absent: a place of n = 0 is not shown.
 * A line that may hold a secret is given without it. */
#ifndef BASE_PLACE_H
#define BASE_PLACE_H
#include "base/err.h"
#include "base/str.h"

/* err lies in part, which points into whole; where it lies in a part of that part already, this
 * is kept. Returns -1, as err_set does. */
int place_part(struct err *, struct str whole, struct str part);
/* whole begins at byte `at` of line, number no (0: it has none). Without a part before, err lies
 * in all of whole. A line that is too long is cut around the place. Returns -1. */
int place_in(struct err *, struct str line, int no, struct str whole);
/* The line and the mark below it, two lines; nothing where there is no place. mark is put before
 * the mark and unmark behind it ("" for no colour). */
void place_show(const struct err *, const char *mark, const char *unmark, struct buf *out);
#endif
