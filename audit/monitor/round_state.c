/* audit/monitor/round_state.c: how long a round may go on, and what ended it. */
#include "audit/monitor/round_state.h"
#include "base/utc.h"

void round_end_by(struct round *r, enum round_ending ending, const struct err *why)
{
    if (r->out->ending != ROUND_DONE)
        return;
    r->out->ending = ending;
    r->out->why = *why;
}

bool round_is_late(struct round *r)
{
    struct err why = { 0 };

    if (utc_now() < r->deadline)
        return false;
    err_set(&why, ERR_AGAIN, "the round was to take no longer than %lld s; the next one goes on",
            (long long)r->limit_s);
    round_end_by(r, ROUND_LIMIT, &why);
    return true;
}
