/* audit/verdict/check_row.h: what was measured for one claim, and its verdict.
 * Ownership: a claim is borrowed; ids are the row's, freed by check_release; texts lie in the
 *            arena of the struct check. */
#ifndef AUDIT_VERDICT_CHECK_ROW_H
#define AUDIT_VERDICT_CHECK_ROW_H
#include "audit/verdict/check_bound.h"
#include "classify/claims.h"
#include "record/number.h"

/* How an item stands to a claim: not one that it is about, as promised, not so, may still fall
 * either way. */
enum check_stand { STAND_OUT, STAND_HELD, STAND_FAILED, STAND_OPEN };
enum check_part { CHECK_HELD, CHECK_FAILED, CHECK_OPEN, CHECK_PARTS };
const char *check_part_name(enum check_part);    // "held" ...
struct check_ids {
    uint64_t *v;
    size_t n, cap;
};

/* What was measured in one audit. */
struct check_value {
    bool has;
    double value, low, high;
};
struct check_row {
    const struct claim *claim;
    enum check_verdict verdict;    // CHECK_VERDICTS: it is not tested
    enum number_unit unit;         // of the three values
    struct check_value now;        // in the claim's own terms: of at_most the share of `that`
    struct check_value before, change;      // of not_worse_than
    int64_t n;                              // decided: held + failed
    int64_t held, open;                     // as promised; may still fall either way
    int64_t aside;                          // failed, and their account has no retrieved post
    int64_t accounts;                       // whose posts the n are; 0 where that is not counted
    int64_t further_items, further_days;    // of an undecided one; -1: no number would decide
    bool about;                             // ... items: by the bounds alone
    struct str why;                         // what else is to be said of it; "" nothing
    struct check_ids ids[CHECK_PARTS];      // where they are wanted and known
};
struct check_opts {
    bool ids;            // the items behind a verdict are wanted
    const char *path;    // of the claims file: other audits are named from its folder; NULL none
};
#endif
