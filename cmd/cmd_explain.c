/* cmd/cmd_explain.c: all that is known of one item. */
#include "audit/keep/raw.h"
#include "audit/verdict/explain.h"
#include "cmd/cmd.h"

static struct { bool json, raw; } given;
static const struct opt options[] = {
    OPT_FLAG("json", &given.json, "print it as JSON"),
    OPT_FLAG("raw", &given.raw, "print the archived bytes that it rests on, as WARC records"),
    OPT_END
};
static const char about[] =
    "All that is known of one item, in order of time, with file, offset and digest of the bytes "
    "of each answer; the rules that matched, the one that decided, and what would overturn it. "
    "With `--raw` the archived bytes themselves: WARC records, replies and requests, "
    "decompressed.";

/* Bytes of the archive are what they are, whatever the labels. */
static int prepare(struct app *app, struct err *err)
{
    if (given.json && given.raw)
        return err_set(err, ERR_USAGE, "explain: --raw prints bytes, --json does not go with it");
    if (given.raw)
        app->need = NEED_READ;
    app->wants_archive = given.raw;
    return 0;
}

static int run(struct app *app, struct err *err)
{
    return given.raw ? raw_of_item(&app->audit, app->operand[0], &app->out, err)
                     : explain_item(&app->audit, app->operand[0], given.json, &app->out, err);
}

const struct action cmd_explain = {
    .options = options, .about = about, .prepare = prepare, .run = run
};
