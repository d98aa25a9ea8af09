/* cmd/cmd_report.c: writes report/. */
#include "audit/verdict/publish.h"
#include "cmd/cmd.h"
#include "report/report.h"

static struct {
    struct report_opts report;
    bool json, names;
    const char *public_figures, *min_cell;
} given;
static const struct opt options[] = {
    OPT_FLAG("raw", &given.report.raw,
             "leave cells as they came: formulas, controls and bidi marks too"),
    OPT_FLAG("all", &given.report.all, "differences.csv lists equal fields as well"),
    OPT_FLAG("xlsx", &given.report.xlsx, "tables.xlsx as well: the tables as one Excel workbook"),
    OPT_FLAG("names", &given.names, "pages and figures show handles, not pseudonyms"),
    OPT_TEXT("public-figures", &given.public_figures, "FILE",
             "handles, one a line, that they show in any case"),
    OPT_TEXT("min-cell", &given.min_cell, "N",
             "pages, not tables and figures, say \"under N\" for a count of posts or accounts "
             "below N"),
    OPT_FLAG("json", &given.json, "print summary.json on stdout as well"),
    OPT_END
};
static const char about[] =
    "Writes the folder `report`: the page for a browser, tables as CSV with what describes and "
    "loads them, `summary.json` with every number, and figures. Compares and labels first where "
    "answers or rules are newer than their results. Two runs on one store give the same bytes.\n\n"
    "Without `--raw` cells that a spreadsheet would take for formulas get a leading apostrophe, "
    "and controls and bidi marks are shown.";

/* What one may see is a setting each; the options are for one run. */
static int set(struct app *app, const char *name, const char *value, struct err *err)
{
    struct buf text = {0};
    int rc;

    if (!value)
        return 0;
    buf_printf(&text, "report.%s=%s", name, value);
    rc = settings_set(&app->audit.set, buf_cstr(&text), err);
    buf_release(&text);
    return rc ? rc : settings_check(&app->audit.set, err);
}

static int run(struct app *app, struct err *err)
{
    struct arena mem = {0};
    struct summary summary;
    int rc;

    if (set(app, "names", given.names ? "yes" : NULL, err) ||
        set(app, "public_figures", given.public_figures, err) ||
        set(app, "min_cell", given.min_cell, err))
        return -1;
    rc = publish_report(&app->audit, &given.report, &mem, &summary, err);

    if (rc == 0) {
        if (given.json)
            report_summary_json(&app->out, &summary);
        buf_printf(&app->last,
                   "wrote %s/report: labels.csv differences.csv summary.json index.html cases/ "
                   "figures/",
                   app->dir);
    }
    arena_release(&mem);
    return rc;
}

const struct action cmd_report = {
    .options = options, .about = about, .run = run, .series = SERIES_DECIDED
};
