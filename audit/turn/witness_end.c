/* audit/turn/witness_end.c: outcomes and numbers. */
#include "audit/turn/witness_end.h"
#include <inttypes.h>
#include <stdio.h>
#include "audit/arm_end.h"
#include "base/log.h"

int witness_number(struct audit *audit, enum meta key, int64_t *n, struct err *err)
{
    struct buf text = {0};
    int rc = store_meta_get(audit->store, key, &text, err);

    *n = 0;
    if (rc == 0)
        str_i64(buf_view(&text), n);
    buf_release(&text);
    return rc;
}

int witness_set_number(struct audit *audit, enum meta key, int64_t n, struct err *err)
{
    int64_t had;
    char text[24];

    if (witness_number(audit, key, &had, err))
        return -1;
    snprintf(text, sizeof text, "%" PRId64, n);
    return had == n ? 0 : store_meta_set(audit->store, key, str_of(text), err);
}

int witness_conclude(struct audit *audit, const char *what, int rc,
                     struct witness_result *w, bool *refused, struct err *err)
{
    *refused = false;
    if (rc == 0)
        return 0;
    if (arm_is_over(err)) {
        w->why = *err;
        err_clear(err);
        return 0;
    }
    if (err->kind != ERR_AUTH)
        return -1;
    log_warn("%s: %s; the audit goes on without it", what, err->msg);
    *refused = true;
    rc = store_event(audit->store, "refused_endpoint", 0, str_of(what), err);
    if (rc == 0)
        err_clear(err);
    return rc;
}
