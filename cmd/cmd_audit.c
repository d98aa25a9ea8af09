/* cmd/cmd_audit.c: all of it, as far as it can get now. */
#include "audit/turn/rounds.h"
#include "audit/verdict/summarize.h"
#include "base/file.h"
#include "base/log.h"
#include "cmd/cmd.h"
#include "cmd/sentences.h"
#include "report/report.h"
#include <stdlib.h>

/* `audit links.txt` in an empty folder makes the audit first. */
static int init_where_missing(const char *dir, int files, struct err *err)
{
    char *db = file_join(dir, "audit.db");
    int rc = files && !file_exists(db) ? audit_init(dir, err) : 0;

    free(db);
    return rc;
}

static int run(struct app *app, char **files, int count, bool json, struct buf *out, int *code,
               struct err *err)
{
    struct add_opts intake = {0};
    struct report_opts report = {0};
    struct progress progress;
    struct arena mem = {0};
    struct summary summary;
    int rc = -1;

    if (init_where_missing(app->dir, count, err) || app_open(app, true, err) ||
        (count && say_added(&app->audit, files, count, &intake, NULL, err)) ||
        rounds_run(&app->audit, ROUNDS_ASK | ROUNDS_READ, &progress, err) ||
        summarize_report(&app->audit, &report, &mem, &summary, err))
        goto out;
    if (json)
        report_summary_json(out, &summary);
    else
        report_waterfall(out, &summary);
    rc = say_progress(&app->audit, &progress, ROUNDS_ASK | ROUNDS_READ, code, err);
out:
    arena_release(&mem);
    return rc;
}

int cmd_audit(struct app *app, int argc, char **argv)
{
    bool json = false;
    const struct opt opts[] = {
        OPT_FLAG("json", &json, "print summary.json instead of the waterfall"), OPT_END
    };
    struct err err = {0};
    struct buf out = {0};
    char **files;
    int count, code = 0, go = app_options(app, opts, argc, argv, &files, &count, &err);

    if (go == 0)
        return app_done(app, 0);
    if (go < 0 || run(app, files, count, json, &out, &code, &err)) {
        buf_release(&out);
        return app_fail(app, &err);
    }
    app_print(&out);
    log_info("the report lies in %s/report/index.html", app->dir);
    buf_release(&out);
    return app_done(app, code);
}
