/* report/review.h: what a review of labels found, as JSON and as text. Shares and kappa stand
 * among the numbers (review_*). */
#ifndef REPORT_REVIEW_H
#define REPORT_REVIEW_H
#include "base/json_out.h"
#include "record/number.h"
#include "record/review.h"

/* "review": null where none was drawn. */
void report_put_review(struct json_out *, const struct review_result *);
/* One JSON value with a newline behind it: the same, and the numbers. */
void report_review_json(struct buf *out, const struct review_result *, const struct numbers *);
void report_review_text(struct buf *out, const struct review_result *);
#endif
