/* audit/monitor/round.c: sends a round, and says how it ended. */
#include "audit/monitor/round.h"
#include <string.h>
#include "audit/arm_end.h"
#include "audit/monitor/round_api.h"
#include "audit/monitor/round_site.h"
#include "base/stop.h"
#include "base/utc.h"
#include "store/watch.h"

/* Of an arm: 0 to go on with the next one. A key that is not taken stops the API alone. */
static int conclude(struct round *r, int rc, enum round_ending over, struct err *err)
{
    if (!rc)
        return 0;
    if (err->kind == ERR_QUOTA)
        round_end_by(r, ROUND_QUOTA, err);
    else if (err->kind == ERR_AUTH)
        round_end_by(r, ROUND_TOKEN, err);
    else if (err->kind == ERR_AGAIN)
        round_end_by(r, over, err);
    else
        return -1;
    err_clear(err);
    return 0;
}

static int send_and_read(struct round *r, struct err *err)
{
    enum round_ending over = ROUND_DOWN;
    int rc = round_ask(r, &over, err);

    if (conclude(r, rc, over, err))
        return -1;
    if (stop_asked())
        return err_set(err, ERR_STOPPED, "stopped; what came in is kept");
    return conclude(r, round_read(r, err), ROUND_BLOCKED, err);
}

int round_run(struct audit *audit, const struct due_list *before, int64_t limit_s,
              struct round_result *out, struct err *err)
{
    struct round r = { .audit = audit, .due = before, .out = out, .limit_s = limit_s };
    struct err later = { 0 };
    int rc;

    *out =
        (struct round_result){ .due = before->due, .ending = ROUND_DONE, .started_at = utc_now() };
    for (size_t i = 0; i < before->n; i++)
        out->confirms += before->v[i].confirms;
    if (!before->due)
        return 0;
    r.deadline = out->started_at + limit_s;
    if (store_round_begin(audit->store, before->due, &out->n, err))
        return -1;
    rc = send_and_read(&r, err);
    if (rc)
        out->ending = err->kind == ERR_STOPPED ? ROUND_STOPPED : ROUND_FAILED;
    if (store_round_end(audit->store, out->n, out->ending, rc ? &later : err))
        rc = -1;
    return rc;
}
