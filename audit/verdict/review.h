/* audit/verdict/review.h: a sample of labels for people to judge again, blind to what the tool
 * says, and what their codes say of it. */
#ifndef AUDIT_VERDICT_REVIEW_H
#define AUDIT_VERDICT_REVIEW_H
#include "audit/audit.h"
#include "record/summary.h"

struct review_opts {
    int64_t rows;       // at most so many, over all classes
    const char *dir;    // where the sheets go; NULL: review/ in the audit's folder
    bool again;         // a review that is there, and its codes, are dropped
};
/* Draws by the audit's seed: as many of each label as of any other, all of those that are fewer.
 * Keeps who was drawn in the store, and writes coder-1.csv, coder-2.csv (the same rows, each in
 * an order of its own), codebook.txt and what describes the columns into the folder.
 * *dir: where; free it. Errors: ERR_USAGE where a review or a sheet is there already, or nothing
 * bears a label. */
MUST_CHECK int review_draw(struct audit *, const struct review_opts *, struct review_result *,
                           char **dir, struct err *);
/* What is known of it by now. */
MUST_CHECK int review_look(struct audit *, struct review_result *, struct err *);
/* Its numbers: review_agreement, review_kappa, review_precision, review_precision_LABEL. */
void review_put_numbers(const struct review_result *, struct numbers *, struct arena *);
#endif
