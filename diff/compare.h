/* diff/compare.h: do two readings of one field disagree?
 * Shape:     struct seen is a value with its time and the step of its rounding.
 * Units:     UTC seconds, 0 = unknown.
 * Absent:    an omitted value is VAL_NONE, never 0. Where one side omits a text
 *            or a set and the other's is empty, neither side says anything.
 * Verdicts:  equal, within (they fit, though they are not the same), differs,
 *            api_only, page_only; VERDICT_NONE where neither side has it.
 * What each comparator forgives stands beside it in compare.c. */
#ifndef DIFF_COMPARE_H
#define DIFF_COMPARE_H
#include "diff/model.h"
#include "record/field.h"
#include "record/gap.h"

struct seen {
    struct value val;           // text is borrowed
    int64_t at;                 // when this reading came in
    int64_t step;               // of the page's rounding; 0 and 1 = exact
    int64_t created_at;         // of the item
};

/* Compares by the comparator that record/fields.def names; a field without
 * one (CMP_NONE) gives VERDICT_NONE. */
enum verdict compare_field(enum field, const struct seen *api, const struct seen *page);

/* A counter, with what this audit taught of growth (or NULL), against several
 * page readings, in any order; page[0] decides about equal. len > 0. */
enum verdict compare_counter(const struct diff_model *, enum field, const struct seen *api,
                             const struct seen *page, size_t len);
#endif
