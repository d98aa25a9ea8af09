/* cmd/cmd_report.c: writes report/. */
#include "audit/verdict/publish.h"
#include "cmd/cmd.h"
#include "report/report.h"

static struct { struct report_opts report; bool json; } given;
static const struct opt options[] = {
    OPT_FLAG("raw", &given.report.raw,
             "leave cells as they came: formulas, controls and bidi marks too"),
    OPT_FLAG("all", &given.report.all, "differences.csv lists equal fields as well"),
    OPT_FLAG("json", &given.json, "print summary.json on stdout as well"),
    OPT_END
};

static int run(struct app *app, struct err *err)
{
    struct arena mem = {0};
    struct summary summary;
    int rc = publish_report(&app->audit, &given.report, &mem, &summary, err);

    if (rc == 0) {
        if (given.json)
            report_summary_json(&app->out, &summary);
        buf_printf(&app->last,
                   "wrote %s/report: labels.csv differences.csv summary.json index.html figures/",
                   app->dir);
    }
    arena_release(&mem);
    return rc;
}

const struct action cmd_report = { .options = options, .run = run };
