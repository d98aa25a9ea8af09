/* audit/verdict/compare.h: two audits of the same items: what was fixed, what broke, what
 * moved. Neither is changed. */
#ifndef AUDIT_VERDICT_COMPARE_H
#define AUDIT_VERDICT_COMPARE_H
#include "audit/other.h"
#include "record/comparison.h"

struct compare_opts {
    const char *rules;           // a file that labels both; NULL: their own where they are the
                                 // same, else those that this program ships
    const char *out;             // folder for lists, tables and page; NULL: none
    const struct opt_list *sets; // of the settings of both
};
/* a, b: folders or bundles. mem owns what c says. Errors: those of other_open; ERR_USAGE where
 * out is an audit itself. */
MUST_CHECK int compare_audits(const char *a, const char *b, const struct compare_opts *,
                              struct arena *mem, struct comparison *c, struct err *);
#endif
