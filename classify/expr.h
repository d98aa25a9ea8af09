/* classify/expr.h: one condition of a rule: NAME OPERATOR VALUE.
 *     page.location_created = CA          page.status_msg ~ status_(deleted|self_see)
 *     account.trials >= account.min_items page.username in @company_handles.txt
 *     page.anchor_types = 33              page.poi_country present
 * Absent:    a comparison with an absent name is false, also != and !~; absent
 *            alone holds. So "not equal" means: known, and something else.
 * Numbers:   compare as numbers, integers exactly. < <= > >= need a number on
 *            the right; on a text that is no number they are false.
 * Texts:     = != and in compare byte by byte, but handles (page.username,
 *            api.username) in any letter case, as the platform treats them.
 *            ~ and !~ search with PCRE2, in any letter case, as UTF-8.
 * Sets:      (hashtags, anchors, names of vantages) = in ~ hold where any member does, != and !~
 *            where none does.
 * Flags:     may be written 1 0, true false, yes no; times as dates.
 * Names:     a value that is itself a known name stands for that name's value;
 *            "in double quotes" it is text.
 * Lists:     in A, B, C; or in @FILE, one a line, # begins a comment line.
 * Given up:  a pattern that backtracks without end is stopped after PATTERN_LIMIT
 *            steps. Then nobody knows whether ~ or !~ holds, and that is said. */
#ifndef CLASSIFY_EXPR_H
#define CLASSIFY_EXPR_H
#include <stdbool.h>
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "classify/pattern.h"
#include "record/fact.h"

enum expr_op { EXPR_EQ, EXPR_NE, EXPR_LT, EXPR_LE, EXPR_GT, EXPR_GE, EXPR_LIKE, EXPR_UNLIKE,
               EXPR_IN, EXPR_PRESENT, EXPR_ABSENT };

/* Hands out the text of a file that lies beside the rules; name is a plain
 * file name. Appends to out. Errors: the loader's own, shown with the line. */
struct rules_loader {
    int (*load)(void *from, const char *name, struct buf *out, struct err *);
    void *from;
};

struct expr_list;                       // the members behind `in`
struct expr {
    enum fact fact, other;              // other: FACT_COUNT where the value is none
    struct str at, other_at;            // of FACT_PAGE_AT: the vantage
    enum expr_op op;
    int cost;                           // cheap conditions are tried first
    bool is_set, is_handle;             // of fact
    bool is_int, is_real;               // the value reads as a number
    int64_t i; double real;
    struct str text;                    // the value as text
    struct expr_list *list;
    struct pattern *pattern;
    struct str source;                  // the condition as it was written
};

/* text is what stands behind `when =`. Memory comes from mem and patterns.
 * Errors: ERR_USAGE, one sentence without the place. */
MUST_CHECK int expr_parse(struct expr *, struct str text, const struct rules_loader *,
                          struct arena *mem, struct patterns *, struct err *);
/* The value of its name; *room may hold it. */
const struct value *expr_value(const struct expr *, const struct facts *, struct value *room);
enum truth expr_holds(const struct expr *, const struct facts *);
#endif
