/* cmd/cmd_audit.c: all of it, as far as it can get now. */
#include <stdlib.h>
#include "audit/turn/rounds.h"
#include "audit/verdict/publish.h"
#include "base/file.h"
#include "base/log.h"
#include "cmd/cmd.h"
#include "cmd/sentences.h"
#include "report/report.h"

static struct { bool json; } given;
static const struct opt options[] = {
    OPT_FLAG("json", &given.json, "print summary.json instead of the waterfall"),
    OPT_END
};
static const char about[] =
    "All of it, as far as it can get now: `add`, `fetch`, `scrape`, `fetch` of what turned out "
    "public, `diff`, `classify`, `report`. With files, it makes the audit where there is none. "
    "Prints the waterfall.\n\n"
    "A public post counts as missing only after absences on two UTC days, so the first run ends "
    "with exit code 3 and the time from which the next one makes sense; run it again from then "
    "on until it says that it is finished. The report is whole after every run. Once a day from "
    "cron is enough.";

/* `audit links.txt` in an empty folder makes the audit first. */
static int prepare(struct app *app, struct err *err)
{
    char *db = file_join(app->dir, "audit.db");
    int rc = app->operands && !file_exists(db) ? audit_init(app->dir, err) : 0;

    free(db);
    return rc;
}

static int run(struct app *app, struct err *err)
{
    const struct add_opts intake = {0};
    const struct report_opts report = {0};
    struct progress progress;
    struct arena mem = {0};
    struct summary summary;
    int rc = -1;

    if (app->operands && series_require(&app->audit, SERIES_AUDIT, "audit FILE", err))
        goto out;
    if (app->operands &&
        sentences_add(&app->audit, app->operand, app->operands, &intake, NULL, &app->code, err))
        goto out;
    if (app->code) {    // what is asked for may not be what was meant
        log_info("nothing was asked yet: `blindspot audit` goes on with what was taken");
        rc = 0;
        goto out;
    }
    if (rounds_run(&app->audit, ROUNDS_ASK | ROUNDS_READ, &progress, err) ||
        app_hold_report(app, err) || publish_report(&app->audit, &report, &mem, &summary, err))
        goto out;
    if (given.json)
        report_summary_json(&app->out, &summary);
    else
        report_story(&app->out, &summary, STORY_WATERFALL, 0);
    if (sentences_progress(&app->audit, &progress, ROUNDS_ASK | ROUNDS_READ, &app->code, err))
        goto out;
    buf_printf(&app->last, "the report lies in %s/report/index.html", app->dir);
    rc = 0;
out:
    arena_release(&mem);
    return rc;
}

const struct action cmd_audit = {
    .options = options, .about = about, .prepare = prepare, .run = run, .series = SERIES_DECIDED
};
