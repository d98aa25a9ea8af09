/* cmd/cmd_verify.c: is everything there, and is it what was written? */
#include "audit/keep/export.h"
#include "base/log.h"
#include "cmd/cmd.h"

#define EXIT_BROKEN 5

static struct { bool json; } given;
static const struct opt options[] = {
    OPT_FLAG("json", &given.json, "print the result as JSON"),
    OPT_END
};

static int prepare(struct app *app, struct err *err)
{
    (void)err;
    if (app->operands)
        app->need = NEED_NOTHING;      // a bundle brings its audit with it
    return 0;
}

static int verify_bundle(struct app *app, struct verify_result *result, struct err *err)
{
    struct digest manifest = {{0}};
    char hex[DIGEST_HEX];

    if (export_check(app->operand[0], given.json, &app->out, result, &manifest, err))
        return -1;
    log_info("%s: every file is what was sealed; sha256 of its manifest %s", app->operand[0],
             digest_hex(&manifest, hex));
    return 0;
}

static int run(struct app *app, struct err *err)
{
    struct verify_result result = {0};

    if (app->operands ? verify_bundle(app, &result, err)
                      : verify_audit(&app->audit, given.json, &app->out, &result, err))
        return -1;
    if (!app->operands)
        verify_remember(&app->audit, &result);
    app->code = result.problems ? EXIT_BROKEN : 0;
    return 0;
}

const struct action cmd_verify = { .options = options, .prepare = prepare, .run = run,
                                   .input_is_ours = true };
