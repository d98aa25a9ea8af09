/* audit/phases.c: the plans that turn/plan.c kept as texts, and the store's counts. */
#include "audit/phases.h"
#include <string.h>

static int read_kept(struct audit *audit, enum meta key, struct plan_kept *kept, struct err *err)
{
    struct buf text = { 0 };
    int rc = store_meta_get(audit->store, key, &text, err);

    if (rc == 0 && text.n && !plan_kept_read(buf_view(&text), kept))
        rc = err_set(err, ERR_INPUT, "the store's %s is no plan", meta_name(key));
    buf_release(&text);
    return rc;
}

int phases_read(struct audit *audit, struct phases *phases, struct err *err)
{
    memset(phases, 0, sizeof *phases);
    return store_phases(audit->store, phases->done, err) ||
                   read_kept(audit, META_PLAN_BEFORE, &phases->before, err) ||
                   read_kept(audit, META_PLAN_AFTER_ROUND_1, &phases->after, err)
               ? -1
               : 0;
}
