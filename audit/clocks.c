/* audit/clocks.c: see clocks.h. */
#include "audit/clocks.h"
#include "base/utc.h"
#include "silence/clock.h"
#include "store/change.h"
#include "store/meta.h"

int clocks_slack(struct audit *audit, int64_t *clock_s, struct err *err)
{
    int64_t bound_ms;

    if (store_clock_bound(audit->store, &bound_ms, err))
        return -1;
    *clock_s = clock_slack_s(bound_ms);
    return 0;
}

/* This machine's own clock may be new here. Another that is behind it by all that two clocks can
 * differ has to have passed the instant as well. An answer of the future is not waited for. */
int clocks_part(struct audit *audit, struct err *err)
{
    struct store_stamp stamp;
    int64_t bound_ms, apart_ms, left_ms;

    if (store_clock_bound(audit->store, &bound_ms, err))
        return -1;
    if (utc_bound_ms() > bound_ms)
        bound_ms = utc_bound_ms();
    if (bound_ms == 0)
        return 0;
    if (store_stamp(audit->store, &stamp, err))
        return -1;
    apart_ms = 1000 * clock_slack_s(bound_ms) + 2 * bound_ms;
    left_ms = 1000 * stamp.newest_answer_at + apart_ms - utc_now_ms();
    utc_wait_ms(left_ms < apart_ms ? left_ms : apart_ms);
    return 0;
}
