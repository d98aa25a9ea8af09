/* cmd/cmd_export.c: records out, or the whole audit in one sealed file. */
#include <inttypes.h>
#include <string.h>
#include "audit/keep/export.h"
#include "base/log.h"
#include "cmd/cmd.h"

static int set_format(const char *word, enum export_format *format, struct err *err)
{
    if (word && strcmp(word, "csv") != 0 && strcmp(word, "jsonl") != 0)
        return err_set(err, ERR_USAGE, "export: --format: expected csv or jsonl, not \"%s\"", word);
    *format = word && !strcmp(word, "jsonl") ? EXPORT_JSONL : EXPORT_CSV;
    return 0;
}

static int set_side(const char *word, struct export_opts *o, struct err *err)
{
    if (word && strcmp(word, "api") != 0 && strcmp(word, "page") != 0)
        return err_set(err, ERR_USAGE, "export: --side: expected api or page, not \"%s\"", word);
    o->api = !word || !strcmp(word, "api");
    o->page = !word || !strcmp(word, "page");
    return 0;
}

static int run(struct app *app, const char *bundle, const struct export_opts *o, struct err *err)
{
    struct digest manifest;
    char hex[DIGEST_HEX];
    int64_t rows = 0;

    if (app_open(app, bundle != NULL, err))
        return -1;
    if (!bundle) {
        if (export_records(&app->audit, o, stdout, &rows, err))
            return -1;
        log_info("%" PRId64 " records", rows);
        return 0;
    }
    if (export_bundle(&app->audit, bundle, &manifest, err))
        return -1;
    log_info("%s is sealed: sha256 of its manifest %s", bundle, digest_hex(&manifest, hex));
    return 0;
}

int cmd_export(struct app *app, int argc, char **argv)
{
    const char *format = NULL, *side = NULL, *bundle = NULL;
    struct export_opts o = {0};
    const struct opt opts[] = {
        OPT_TEXT("format", &format, "csv|jsonl", "of the records on stdout (default: csv)"),
        OPT_TEXT("side", &side, "api|page", "the records of one side alone"),
        OPT_FLAG("raw", &o.raw,
                 "leave cells that a spreadsheet would take for formulas as they are"),
        OPT_TEXT("bundle", &bundle, "FILE.tar",
                 "seal store, settings, rules, archive and report in one file"),
        OPT_END
    };
    struct err err = {0};
    char **operands;
    int count, go = app_options(app, opts, argc, argv, &operands, &count, &err);

    if (go == 0)
        return app_done(app, 0);
    if (go > 0 && bundle && (format || side || o.raw))
        go = err_set(&err, ERR_USAGE,
                     "export: --bundle holds everything; the other options do not go with it");
    if (go < 0 || app_no_operands(app, operands, count, &err) ||
        set_format(format, &o.format, &err) || set_side(side, &o, &err) ||
        run(app, bundle, &o, &err))
        return app_fail(app, &err);
    return app_done(app, 0);
}
