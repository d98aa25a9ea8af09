/* record/review.h: labels that people judge again: a sample drawn by class, the codes that two
 * of them gave, and what these say of the labels.
 *
 * Shape:     a code is a label, REVIEW_UNSURE, or LABEL_NONE where nobody coded the row.
 * Ownership: review_release frees the rows. */
#ifndef RECORD_REVIEW_H
#define RECORD_REVIEW_H
#include <stdbool.h>
#include <stdint.h>
#include "base/stat_kappa.h"
#include "record/label.h"

#define REVIEW_CODERS 2
#define REVIEW_UNSURE LABEL_COUNT    // "unsure": the evidence does not tell
#define REVIEW_CODES (LABEL_COUNT + 1)
#define REVIEW_MAX 10000    // rows
struct review_row {
    int64_t item;
    enum label label;    // of the tool, when it was drawn
    int code[REVIEW_CODERS];
};
/* Row i is called i + 1 on the sheets. */
struct review {
    int64_t drawn_at;                   // 0: none was drawn
    int64_t population[LABEL_COUNT];    // items of each label then
    struct review_row *row;
    size_t rows, cap;
};
void review_release(struct review *);
const char *review_code_name(int code);    // "" for LABEL_NONE
/* REVIEW_CODES where it is none; case and blanks around it are of no account. */
int review_code_find(struct str);

/* Of one class. decided: both coders say the same, or the only one does, and are sure. */
struct review_class {
    int64_t population, drawn, decided, right, undecided;
    bool has;            // something is decided
    double precision;    // right / decided
    struct stat_interval
        interval;    // 95 %, exact for a sample of so few; undecided falls either way
};
struct review_result {
    int64_t drawn_at, drawn;    // 0: there is no review
    int64_t coded[REVIEW_CODERS];
    int64_t changed;                // whose label is another since
    struct stat_kappa agreement;    // of what both coded, "unsure" as a class of its own
    struct review_class of[LABEL_COUNT];
    struct review_class all;    // weighted by how many bear each label
};
/* By the review alone; `changed` is the caller's. */
void review_judge(const struct review *, struct review_result *);
#endif
