/* report/inputs.h: the ledger over inputs, as `add`, `load`, status, summary.json and the
 * page print it: one spelling of its keys and words. */
#ifndef REPORT_INPUTS_H
#define REPORT_INPUTS_H
#include "base/json_out.h"
#include "record/intake.h"

/* The account of one source, or of all, as members of the object that is open: "seen",
 * "new", "duplicates", "skipped" by kind, "short_links" by where they stand, "residual". */
void report_put_intake(struct json_out *, const struct intake *);
/* The whole ledger, as the object "inputs". */
void report_put_inputs(struct json_out *, const struct inputs *);
/* "2 sound, 1 live"; nothing where nothing was passed over. */
void report_passed_text(struct buf *out, const struct intake *);
/* The same as a table of text: a line a row, the parts below what they add up to. */
void report_inputs_text(struct buf *out, const struct inputs *);
#endif
