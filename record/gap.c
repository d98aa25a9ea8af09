/* record/gap.c: names of verdicts. */
#include "record/gap.h"

const char *verdict_name(enum verdict v)
{
    static const char *const names[VERDICT_COUNT] = {
        "equal", "within", "differs", "api_only", "page_only", "none",
    };

    return (unsigned)v < VERDICT_COUNT ? names[v] : "";
}
