/* cmd/cmd_site.c: audits, samples and watch lists as one public site. */
#include "audit/entries.h"
#include "audit/monitor/site.h"
#include "audit/verdict/publish.h"
#include "base/json_out.h"
#include "cmd/cmd.h"

static struct { bool json; } given;
static const struct opt options[] = {
    OPT_FLAG("json", &given.json, "print what is where as JSON"), OPT_END
};
static const char about[] =
    "Makes one public site of several folders: audits, samples, watch lists, or bundles of them. "
    "Its front page has an entry for each, with its answer, its own ledger and its own days; "
    "nothing is added up across them, for a post may stand in more than one. Behind each entry "
    "lie its pages, its figures and its data.\n\n"
    "Handles are pseudonyms, by the settings of each folder (`report.names`, "
    "`report.public_figures`), in `labels.csv` too; what people wrote (`differences.csv`) and the "
    "archive stay with you. The folders are only read. DIR is a static site for any web server: "
    "it is made beside its place and then takes it in one step, and what an earlier run made "
    "there is replaced whole. A folder of another kind is never replaced.";

static entry_fn *const makers[SERIES_COUNT] = {
    [SERIES_AUDIT] = publish_entry, [SERIES_SAMPLE] = publish_entry, [SERIES_WATCH] = monitor_entry
};

static int run(struct app *app, struct err *err)
{
    const size_t n = (size_t)app->operands - 1;
    struct json_out o = { .buf = &app->out, .style = JSON_COMPACT };

    if (given.json)
        json_open(&o, NULL);
    if (entries_make(app->operand[0], app->operand + 1, n, &app->sets, makers,
                     given.json ? &o : NULL, err))
        return -1;
    if (given.json) {
        json_close(&o);
        buf_char(&app->out, '\n');
    }
    buf_printf(&app->last, "wrote %s/index.html: " COUNTED, app->operand[0],
               COUNT_OF((int64_t)n, "entry", "entries"));
    return 0;
}

const struct action cmd_site = { .options = options, .about = about, .run = run };
