/* cmd/cmd_status.c: the waterfall so far, today's quota, what is due next. */
#include <unistd.h>
#include "base/json_out.h"
#include "cmd/cmd.h"
#include "cmd/round_json.h"
#include "cmd/texts.h"
#include "report/report.h"

static struct { bool json, batches, all, watch; } given;
static const struct opt options[] = {
    OPT_FLAG("batches", &given.batches, "how often batches lose an item, by their make-up"),
    OPT_FLAG("all", &given.all, "everything, in as many lines as it takes"),
    OPT_FLAG("watch", &given.watch, "stay, and draw it again when something has changed"),
    OPT_FLAG("json", &given.json, "print the result as JSON"),
    OPT_END
};
static const char about[] =
    "On one screen: final or provisional, what is next and when, the share of the public posts "
    "that was not returned and its range, today's quota, the waterfall. --all adds the ledger over "
    "inputs, checks, calls planned and sent by phase, batches and drift. It looks at the last "
    "commit, and disturbs a run that goes on in nothing.";

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
    if (n->evidence_away.files || n->evidence_away.in_bucket) {
        json_open(j, "evidence_elsewhere");
        json_put_int(j, "files", n->evidence_away.files);
        json_put_text(j, "workers", buf_view(&n->evidence_away.workers));
        json_put_int(j, "in_bucket", n->evidence_away.in_bucket);
        json_put_text(j, "buckets", buf_view(&n->evidence_away.buckets));
        json_close(j);
    }
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

static int prepare(struct app *app, struct err *err)
{
    if (!given.watch)
        return 0;
    if (given.json || given.batches || given.all)
        return err_set(err, ERR_USAGE, "--watch draws one screen: it goes without --json, "
                                       "--batches and --all");
    if (!isatty(STDOUT_FILENO))
        return err_set(err, ERR_USAGE, "--watch draws on a terminal, and stdout is none; "
                                       "`blindspot status` prints it once");
    if (app->is_bundle)
        return err_set(err, ERR_USAGE, "%s is a bundle, which is sealed: nothing changes there",
                       app->dir);
    app->need = NEED_NOTHING;       // each look opens it anew: what was opened stands still
    return 0;
}

static int run(struct app *app, struct err *err)
{
    struct json_out json = { .buf = &app->out, .style = JSON_COMPACT };
    struct status now = {0};
    struct arena mem = {0};
    int rc;

    if (given.watch)
        return status_watch(app, err);
    rc = status_read(&app->audit, &mem, &now, err);
    if (rc == 0 && given.json) {
        put_status(&json, &now);
        buf_char(&app->out, '\n');
    } else if (rc == 0 && given.all) {
        status_text(&now, &app->out);
    } else if (rc == 0) {
        status_screen(&now, &app->out);
        if (given.batches)
            status_batches(&now, &app->out);
    }
    buf_release(&now.yield);
    evidence_away_release(&now.evidence_away);
    arena_release(&mem);
    return rc;
}

const struct action cmd_status = {
    .options = options, .about = about, .prepare = prepare, .run = run, .series = SERIES_DECIDED
};
