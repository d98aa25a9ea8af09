/* report/waterfall.h: where a row of the labels counts in the waterfall.
 * Shape: state, group and leaf of a row are counted apart, so that the sums can
 * be checked: a row that fits no bucket is a residual and does not vanish. */
#ifndef REPORT_WATERFALL_H
#define REPORT_WATERFALL_H
#include "record/summary.h"

/* The group (NODE_NOT_PUBLIC, _PUBLIC, _RESTRICTED) of a row; NODE_COUNT where it
 * fits none. */
enum node waterfall_group(const struct label_row *);
/* The leaf of a row, which is its bucket (node_path); NODE_COUNT where it fits none. */
enum node waterfall_leaf(const struct label_row *);
void waterfall_take(struct waterfall *, const struct label_row *);
/* Sum over all inner nodes of |count - sum of the children|: 0 when closed. */
int64_t waterfall_residual(const struct waterfall *);
/* Errors: ERR_IO, a sentence that names the first node that does not add up. */
MUST_CHECK int waterfall_check(const struct waterfall *, struct err *);
#endif
