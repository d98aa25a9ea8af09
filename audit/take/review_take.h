/* audit/take/review_take.h: the sheets of coders are taken back in. */
#ifndef AUDIT_TAKE_REVIEW_TAKE_H
#define AUDIT_TAKE_REVIEW_TAKE_H
#include "audit/audit.h"
#include "record/review.h"

#define REVIEW_SHEET_MAX ((size_t)32 << 20)
/* What a sheet held. */
struct review_sheet {
    int coder;        // 1 or 2
    int64_t coded;    // rows with a code
};
/* One sheet, as text: its codes go into the review. Rows are found by their number; ids[i], of
 * row i, is held against the sheet's where that is exact (0: not known), as a spreadsheet may
 * have rounded it. name: of the file, for sentences.
 * Errors: ERR_INPUT with file and line; the review is then half changed, and not to be kept. */
MUST_CHECK int review_sheet_read(struct str text, const char *name, const uint64_t *ids,
                                 struct review *, struct review_sheet *, struct err *);
/* All of them, or nothing; a row that a coder's sheet leaves empty keeps the code it had. */
MUST_CHECK int review_take(struct audit *, char *const *files, int n, struct review_sheet *taken,
                           struct err *);
#endif
