/* cmd/cmd_explain.c: all that is known of one item. */
#include "audit/keep/raw.h"
#include "audit/verdict/explain.h"
#include "cmd/cmd.h"

static struct { bool json, raw, html; } given;
static const struct opt options[] = {
    OPT_FLAG("json", &given.json, "print it as JSON"),
    OPT_FLAG("html", &given.html, "print it as a page that shows handles as pages do"),
    OPT_FLAG("raw", &given.raw, "print the archived bytes that it rests on, as WARC records"),
    OPT_END
};
static const char about[] =
    "All that is known of one item, in order of time: why each window, how many of those asked "
    "with it came back, whether its absence counts, file, offset and digest of the bytes of each "
    "answer; the rules that matched, the one that decided, what would overturn it, and the curl "
    "line that asks again. With `--html` the same as a page, which shows of people what the "
    "report's pages do; with `--raw` the archived bytes themselves: WARC records, replies and "
    "requests, decompressed.";

/* Bytes of the archive are what they are, whatever the labels. */
static int prepare(struct app *app, struct err *err)
{
    if (given.json + given.raw + given.html > 1)
        return err_set(err, ERR_USAGE, "explain: only one of --json, --html and --raw");
    if (given.raw)
        app->need = NEED_READ;
    app->wants_archive = given.raw;
    return 0;
}

static int run(struct app *app, struct err *err)
{
    const enum explain_as as = given.json   ? EXPLAIN_JSON
                               : given.html ? EXPLAIN_HTML
                                            : EXPLAIN_TEXT;

    return given.raw ? raw_of_item(&app->audit, app->operand[0], &app->out, err)
                     : explain_item(&app->audit, app->operand[0], as, &app->out, err);
}

const struct action cmd_explain = {
    .options = options, .about = about, .prepare = prepare, .run = run
};
