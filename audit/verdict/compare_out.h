/* audit/verdict/compare_out.h: the folder that `compare --out` writes: lists of ids and rows
 * as items come, the rest in the end. Each file appears when it is whole. */
#ifndef AUDIT_VERDICT_COMPARE_OUT_H
#define AUDIT_VERDICT_COMPARE_OUT_H
#include "audit/verdict/compare_rows.h"
#include "report/look.h"

struct compare_out;
/* dir is made where it is missing. Errors: ERR_USAGE where an audit lies in it. */
MUST_CHECK int compare_out_open(struct compare_out **, const char *dir, struct err *);
struct compare_sink compare_out_sink(struct compare_out *);
/* Writes tables and page and puts all files in place; c NULL: drops them. look: of the page. */
MUST_CHECK int compare_out_close(struct compare_out *, const struct comparison *c,
                                 const struct look *, struct err *);
#endif
