/* record/gap.h: one field on which the two sides were compared. */
#ifndef RECORD_GAP_H
#define RECORD_GAP_H
#include "record/record.h"

enum verdict { VERDICT_EQUAL, VERDICT_WITHIN, VERDICT_DIFFERS, VERDICT_API_ONLY, VERDICT_PAGE_ONLY,
               VERDICT_NONE /* neither side has it */, VERDICT_COUNT };
const char *verdict_name(enum verdict);

/* Why a counter differs (diff/snapshot.h), or, renamed, why handles do not
 * (audit/verdict/renamed.h). */
enum gap_rule { GAP_RULE_NONE, GAP_RULE_SINGLE, GAP_RULE_IMPOSSIBLE, GAP_RULE_JOINT,
                GAP_RULE_RENAMED, GAP_RULE_COUNT };
static inline bool gap_rule_has_limit(enum gap_rule r)
{
    return r != GAP_RULE_NONE && r != GAP_RULE_RENAMED;
}
const char *gap_rule_name(enum gap_rule);      // "" for GAP_RULE_NONE
/* needed: the factor (later / earlier, below 1 a fall) by which the counter must have moved
 * between page and the API's copy, at the instant that fits best; limit: what is allowed
 * then. Of impossible: likes or favourites by views, and 1. */
struct gap_why {
    enum gap_rule rule;
    double needed, limit;
    enum field witness;                        // of joint and impossible; FIELD_COUNT none
};
/* Whether one instant fits all counters of an API row: diff/snapshot.h. */
enum snapshot { SNAPSHOT_NONE, SNAPSHOT_YES, SNAPSHOT_NO, SNAPSHOT_COUNT };
const char *snapshot_name(enum snapshot);      // "" for SNAPSHOT_NONE

struct gap {
    int64_t item; uint64_t id; enum field field;
    struct value api, page; enum verdict verdict;
    bool has_error; double relative_error;    // (api - page) / page, counters alone
    int64_t api_at, page_at;
    struct gap_why why;                       // of counters that differ, and of handles within
    enum snapshot snapshot;                   // of the API's row, counters alone
};
#endif
