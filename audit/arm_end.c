/* audit/arm_end.c: what may end early, and what the platform said of it. */
#include "audit/arm_end.h"
#include "base/log.h"
#include "base/utc.h"

bool arm_is_over(const struct err *err) { return err->kind == ERR_QUOTA || err->kind == ERR_AGAIN; }

void arm_told_spent(struct audit *audit, const struct fetch_result *result)
{
    struct err ignored = { 0 };

    if (result->quota_told && ledger_spent(audit->ledger, &audit->client, utc_now(), &ignored))
        log_warn("the ledger could not note that today's quota is used up");
}
