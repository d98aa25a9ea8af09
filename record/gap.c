/* record/gap.c: names of verdicts and of what they rest on. */
#include "record/gap.h"

const char *verdict_name(enum verdict v)
{
    static const char *const names[VERDICT_COUNT] = {
        "equal", "within", "differs", "api_only", "page_only", "none",
    };

    return (unsigned)v < VERDICT_COUNT ? names[v] : "";
}

const char *gap_rule_name(enum gap_rule r)
{
    static const char *const names[GAP_RULE_COUNT] = { "", "single", "impossible", "joint",
                                                       "renamed" };

    return (unsigned)r < GAP_RULE_COUNT ? names[r] : "";
}

const char *snapshot_name(enum snapshot s)
{
    static const char *const names[SNAPSHOT_COUNT] = { "", "yes", "no" };

    return (unsigned)s < SNAPSHOT_COUNT ? names[s] : "";
}
