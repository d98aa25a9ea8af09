/* audit/turn/round_1.c: the instant at which round 1 closed, in the store. */
#include "audit/turn/round_1.h"
#include "base/utc.h"

int round_1_closed(struct audit *audit, bool *closed, struct err *err)
{
    struct buf text = { 0 };
    int rc = store_meta_get(audit->store, META_ROUND_1_CLOSED_AT, &text, err);

    *closed = text.n > 0;
    buf_release(&text);
    return rc;
}

int round_1_close(struct audit *audit, struct err *err)
{
    char now[UTC_TEXT_MAX];

    return store_meta_set(audit->store, META_ROUND_1_CLOSED_AT,
                          str_of(utc_rfc3339(utc_now(), now)), err);
}
