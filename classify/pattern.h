/* classify/pattern.h: what stands behind ~ and !~: a search with PCRE2, in any letter
 * case, as UTF-8; bytes that are none match nothing.
 * Ownership: patterns own every pattern compiled in them; their limits and scratch
 *            memory are shared, so one set is for one thread at a time. */
#ifndef CLASSIFY_PATTERN_H
#define CLASSIFY_PATTERN_H
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#define PATTERN_LIMIT 100000    // steps of one search; ours need some hundred

/* Of a condition or a whole rule. Given up: the search was stopped at its limit,
 * and nobody knows. */
enum truth { TRUTH_NO = 0, TRUTH_YES, TRUTH_GAVE_UP };

struct pattern;
struct patterns;
struct patterns *patterns_new(void);
void patterns_free(struct patterns *);    // accepts NULL
/* Errors: ERR_USAGE, one sentence without the place. */
MUST_CHECK int pattern_compile(struct patterns *, struct str text, struct arena *mem,
                               struct pattern **, struct err *);
enum truth pattern_search(const struct pattern *, struct str);
/* "PCRE2 10.42 with JIT", appended. */
void pattern_library(struct buf *out);
#endif
