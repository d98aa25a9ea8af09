/* classify/claims.h: what somebody promises of the platform's API, each promise as a test.
 *
 * Shape:     a claims file, one section a claim:
 *            claim      = the promise in a sentence            source = where it was made, and when
 *            criterion  = accuracy, completeness, timeliness, consistency or validity
 *            of         = a condition in the language of rules (classify/expr.h); may stand
 *                         several times, then all must hold; none: every item. What the rules
 *                         said (item.state ...) may be asked for too.
 *            one measure:
 *            that         = a condition: the share of the items for which it holds
 *            field        = NAME, within = 10 %: the share of compared pairs that are no further
 *                           apart; without within: that the comparator does not call different
 *            median_ratio = NAME of a counter: the median of API / page
 *            agreement    = all, same_day or other_days: the share of sound asks that found an
 *                           item which was found at least once
 *            latency      = 48h or 2d: of the posts that were asked about by that age (and a day)
 *                           the share that the API had returned by it
 *            number       = NAME of summary.json
 *            one bound:
 *            at_least = 99 %     at_most = 1 %
 *            not_worse_than = ../march, margin = 1 %: an earlier audit or bundle; worse = higher
 *                           where more is worse (lower)
 *            confidence = 95 %
 *            or, in place of measure and bound,
 *            untestable = why nobody outside can test it: listed, and counted nowhere
 * Units:     shares and percentages are 0..1; a ratio is 1 where both sides agree.
 * Ownership: struct claims owns everything that a struct claim shows.
 * Threads:   one set of claims is for one thread at a time.
 * Errors:    ERR_USAGE with file and line. */
#ifndef CLASSIFY_CLAIMS_H
#define CLASSIFY_CLAIMS_H
#include <stdbool.h>
#include "classify/expr.h"
#include "record/field.h"
#include "record/number.h"

#define CLAIMS_MAX 256                // sections of one file
#define CLAIMS_FILE_MAX (1u << 20)    // bytes
#define CLAIMS_CONFIDENCE 0.95

/* In the order of the table in claims.c; a new measure is a row there and one in
 * audit/verdict/check.c. */
enum claim_measure {
    CLAIM_THAT,
    CLAIM_FIELD,
    CLAIM_MEDIAN_RATIO,
    CLAIM_AGREEMENT,
    CLAIM_LATENCY,
    CLAIM_NUMBER,
    CLAIM_MEASURES    // of a claim that is untestable
};
enum claim_bound { CLAIM_AT_LEAST, CLAIM_AT_MOST, CLAIM_NOT_WORSE, CLAIM_BOUNDS };
enum claim_agreement { CLAIM_AGREE_ALL, CLAIM_AGREE_SAME_DAY, CLAIM_AGREE_OTHER_DAYS };
struct claim {
    struct str name, claim, source;
    enum criterion criterion;
    int line, measure_line, bound_line;    // of its section, and of these pairs
    const struct expr *of;
    size_t ofs;
    enum claim_measure measure;
    struct str subject;    // the measure's value as it was written
    const struct expr *that;
    enum field field;    // of field and median_ratio
    bool has_within;
    double within;
    enum claim_agreement agreement;
    int hours;    // of latency
    enum claim_bound bound;
    double limit;        // of at_least and at_most
    struct str limit_text, margin_text;    // as they were written
    struct str other;    // of not_worse_than
    double margin;
    bool higher_is_worse;
    double confidence;
    struct str untestable;    // "" where it is tested
};
struct claims;

/* name is what errors call the text. A text without any claim is an error too. */
MUST_CHECK int claims_parse(struct claims **, const char *name, struct str text,
                            const struct rules_loader *, struct err *);
void claims_free(struct claims *);    // accepts NULL
size_t claims_len(const struct claims *);
const struct claim *claims_at(const struct claims *, size_t no);
const char *claims_name(const struct claims *);
/* True where a condition of any claim asks for it. */
bool claims_need(const struct claims *, enum fact);

/* It is tested, and each of its items is as promised or not: they can be listed. */
bool claim_counts_items(const struct claim *);
const char *claim_measure_name(enum claim_measure);    // "that" ...
const char *claim_bound_name(enum claim_bound);        // "at_least" ...
#endif
