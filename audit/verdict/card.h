/* audit/verdict/card.h: what each pair of an API row and a page shows of the API's accuracy:
 * the rows that accuracy.c counts, tests and draws again.
 *
 * P (population of the measures of size): posts of 30 days and older when the API replied,
 * with 1,000 views, or 100 of another counter, on the page nearest in time. */
#ifndef AUDIT_VERDICT_CARD_H
#define AUDIT_VERDICT_CARD_H
#include "audit/verdict/accounts.h"
#include "audit/verdict/behind.h"
#include "audit/verdict/differ.h"
#include "record/counter.h"

/* Bits of a pair: it has a measure, and hits it. */
enum measure {
    MEASURE_AGREE = 0,                             // + place among the compared fields
    MEASURE_LOW = 16,                              // + counter: a tenth or less; of P
    MEASURE_HIGH = MEASURE_LOW + COUNTERS,         // ten times or more; of P
    MEASURE_ABOVE_90 = MEASURE_HIGH + COUNTERS,    // above what 10 % of posts grow; of P
    MEASURE_ABOVE_99 = MEASURE_ABOVE_90 + COUNTERS,
    MEASURE_NO_INSTANT = MEASURE_ABOVE_99 + COUNTERS,
    MEASURE_LIKES_ABOVE_VIEWS,
    MEASURES
};
/* Its number's name and what that is, without a full stop; NULL for a place among the fields
 * that no field has. */
const char *measure_name(struct arena *, int measure);
const char *measure_is(struct arena *, int measure);

#define KEPT_MOST 65536
enum lag { LAG_NONE, LAG_BRACKETED, LAG_NEWER, LAG_CENSORED, LAGS };
struct kept {
    uint64_t has, hit;        // 1 << measure
    float ratio[COUNTERS];    // log10((API + 1) / (page + 1)) of P, else NAN
    float lag;                // days; of LAG_CENSORED it is more
    uint32_t account;         // those without one have a number of their own
    uint16_t month;           // UTC, of the reply: 12 * year + month (1 to 12)
    uint8_t lag_is;           // enum lag
};
struct card {
    struct {
        struct kept *v;
        size_t n, cap;
    } kept;
    int64_t has[MEASURES], hit[MEASURES];    // of all pairs, kept or not
    int64_t lag[LAGS];                       // of those that are kept
    uint64_t rank_most;                      // of accounts that are kept
    size_t most;                             // pairs that are kept at most; 0: KEPT_MOST
    struct behind *behind;                   // NULL: items that hit are not kept
};
/* One pass over all pairs, which gives the tallies of the fields as well. */
MUST_CHECK int card_fill(struct card *, struct audit *, const struct account_table *,
                         struct diff_result *, struct err *);
void card_release(struct card *);
int card_least(enum counter);    // of P, on the page
#endif
