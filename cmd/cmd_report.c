/* cmd/cmd_report.c: writes report/. */
#include <inttypes.h>
#include "audit/verdict/summarize.h"
#include "base/log.h"
#include "cmd/cmd.h"
#include "report/report.h"

int cmd_report(struct app *app, int argc, char **argv)
{
    struct report_opts o = {0};
    bool json = false;
    const struct opt opts[] = {
        OPT_FLAG("raw", &o.raw, "leave cells as they came: formulas, controls and bidi marks too"),
        OPT_FLAG("all", &o.all, "differences.csv lists equal fields as well"),
        OPT_FLAG("json", &json, "print summary.json on stdout as well"),
        OPT_END
    };
    struct err err = {0};
    struct buf out = {0};
    struct arena mem = {0};
    struct summary summary;
    char **operands;
    int count, go = app_options(app, opts, argc, argv, &operands, &count, &err);

    if (go == 0)
        return app_done(app, 0);
    if (go < 0 || app_no_operands(app, operands, count, &err) || app_open(app, true, &err) ||
        summarize_report(&app->audit, &o, &mem, &summary, &err)) {
        arena_release(&mem);
        return app_fail(app, &err);
    }
    if (json)
        report_summary_json(&out, &summary);
    app_print(&out);
    log_info("wrote %s/report: labels.csv differences.csv summary.json index.html figures/",
             app->dir);
    buf_release(&out);
    arena_release(&mem);
    return app_done(app, 0);
}
