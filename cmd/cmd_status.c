/* cmd/cmd_status.c: the waterfall so far, today's quota, what is due next. */
#include "base/json_out.h"
#include "cmd/cmd.h"
#include "cmd/round_json.h"
#include "cmd/texts.h"
#include "report/report.h"

static struct { bool json; } given;
static const struct opt options[] = {
    OPT_FLAG("json", &given.json, "print the result as JSON"),
    OPT_END
};
static const char about[] =
    "The waterfall so far, the ledger over inputs, calls planned and sent by phase, today's "
    "quota, and what is due next and when. It looks at the last commit, and disturbs a run that "
    "goes on in nothing.";

static void put_status(struct json_out *j, struct status *n)
{
    const struct outlook *o = &n->outlook;
    struct buf summary = {0};

    report_summary_json(&summary, &n->summary);
    json_open(j, NULL);
    json_put_raw(j, "summary", str_trim(buf_view(&summary)));
    json_open(j, "quota");
    json_put_int(j, "daily", n->plan.daily);
    json_put_int(j, "used_today", n->plan.used_today < 0 ? 0 : n->plan.used_today);
    json_close(j);
    json_open(j, "batches");
    json_put_int(j, "sound_asks", n->clean_asks);
    json_put_int(j, "lost", n->clean_lost);
    json_put_fixed(j, "swallow", n->swallow, 6);
    json_close(j);
    round_put_due(j, o);
    json_put_bool(j, "finished", o->finished);
    if (n->yield_at) {
        json_open(j, "last_pages");
        json_put_instant(j, "at", n->yield_at);
        json_put_text(j, "yield", buf_view(&n->yield));
        json_close(j);
    }
    if (!o->finished)
        json_put_instant(j, "next_at", o->next_at);
    if (o->late_next_at)
        json_put_instant(j, "late_check_at", o->late_next_at);
    json_close(j);
    buf_release(&summary);
}

static int run(struct app *app, struct err *err)
{
    struct json_out json = { .buf = &app->out, .style = JSON_COMPACT };
    struct status now = {0};
    struct arena mem = {0};
    int rc = status_read(&app->audit, &mem, &now, err);

    if (rc == 0 && given.json) {
        put_status(&json, &now);
        buf_char(&app->out, '\n');
    } else if (rc == 0) {
        status_text(&now, &app->out);
    }
    buf_release(&now.yield);
    arena_release(&mem);
    return rc;
}

const struct action cmd_status = { .options = options, .about = about, .run = run };
