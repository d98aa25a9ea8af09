/* audit/turn/ask_canaries.c: canaries alone: at the end, for what was asked without any,
 * against expectation, on a day that had none; and in between, when the API may be out. */
#include "audit/turn/ask_canaries.h"
#include "audit/turn/ask_kind.h"
#include "base/utc.h"

bool ask_canaries_probe(struct asker *a, struct watch *w, struct arena *mem, struct request *req)
{
    struct batch none = { .len = 0 };
    struct watch_canary c;

    if (!watch_probe(w, utc_day(utc_now()), &c))
        return false;
    none.window.start_day = c.middle - (WINDOW_DAYS - 1) / 2;
    none.window.end_day = none.window.start_day + WINDOW_DAYS - 1;
    compose(a, mem, &none, req);
    compose_add(req, c.id, c.item, ROLE_CANARY);
    req->round = a->round ? a->round : 1;
    a->canary_day = utc_day(utc_now());
    return true;
}

static int canaries_collect(struct asker *a, void *own, int64_t *due, struct err *err)
{
    (void)a, (void)own, (void)err;
    *due = 0;                   // what is asked without them decides
    return 0;
}

static int canaries_compose(struct asker *a, void *own, struct arena *mem, struct request *req,
                            struct err *err)
{
    (void)own, (void)err;
    return a->bare && compose_stand_in(a, mem, req);
}

const struct ask_kind ask_canaries = {
    .part = ASK_ROUNDS,
    .role = ROLE_CANARY,
    .collect = canaries_collect,
    .compose = canaries_compose,
};
