/* audit/verdict/check.h: what somebody promised of the API (classify/claims.h), held against an
 * audit: a verdict a claim, with the items behind it.
 *
 * check         the frame: passes over the items, cautions, verdicts; the table of measures
 * check_items   that and field: where an item stands to a claim; nothing open is taken for granted
 * check_ratio   median_ratio: medians, by account
 * check_number  number: what summary.json says already
 * check_change  not_worse_than: the same in an earlier audit
 * check_bound   from counts to a verdict      check_row   what all of them fill in
 * check_text, check_json, check_junit    how it is told
 * To add a measure copy check_number, give it a row in check.c and one in classify/claims.c.
 *
 * Ownership: check_claims fills it, check_release ends it; rows point into the claims.
 * Order:     rows are in the order of the file; ids ascend. */
#ifndef AUDIT_VERDICT_CHECK_H
#define AUDIT_VERDICT_CHECK_H
#include "audit/audit.h"
#include "audit/verdict/check_row.h"

struct check {
    struct arena mem;
    struct check_row *row;
    size_t rows;
    struct str caution[8];
    size_t cautions;    // what to read first
    int64_t count[CHECK_VERDICTS];
    struct str audit, tool;
    int64_t newest_answer_at;
};
/* Labels must be fresh (labels_refresh).
 * Errors: ERR_USAGE with file and line where a claim asks for a number that there is not. */
MUST_CHECK int check_claims(struct audit *, const struct claims *, const struct check_opts *,
                            struct check *, struct err *);
void check_release(struct check *);    // accepts a zeroed one

/* One line a claim, cautions before them. */
void check_text(const struct check *, struct buf *out);
/* ids_dir NULL: no files were written. One JSON value with a newline behind it. */
void check_json(const struct check *, const char *ids_dir, struct buf *out);
/* JUnit XML: a test case a claim, skipped where it is undecided or not tested. */
void check_junit(const struct check *, const char *file, struct buf *out);
/* NAME.held.txt, NAME.failed.txt and NAME.open.txt of every claim, one id a line. */
MUST_CHECK int check_write_ids(const struct check *, const char *dir, struct err *);
/* The name of that file; names of sections are brought to letters, digits, - and _. */
void check_ids_file(const struct check *, size_t row, enum check_part, struct buf *out);
/* "at_least 99 %", as the file has it. */
void check_bound_text(const struct claim *, struct buf *out);
/* "96.4 %" of a share, else as many digits as tell it. */
void check_value_text(enum number_unit, double value, struct buf *out);
/* What a verdict rests on: "99.4 % (98.9 % to 99.8 %), promised at_least 99 %; ..." */
void check_row_text(const struct check_row *, struct buf *out);
#endif
