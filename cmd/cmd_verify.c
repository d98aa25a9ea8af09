/* cmd/cmd_verify.c: is everything there, and is it what was written? */
#include "audit/keep/export.h"
#include "base/log.h"
#include "cmd/cmd.h"

#define EXIT_BROKEN 5

static int run(struct app *app, char **operands, int count, bool json, struct buf *out,
               struct verify_result *result, struct err *err)
{
    struct digest manifest = {{0}};
    char hex[DIGEST_HEX];

    if (count > 1)
        return err_set(err, ERR_USAGE,
                       "verify: expected one BUNDLE, or none for the audit of this folder");
    if (count == 0)
        return app_open(app, false, err) || verify_audit(&app->audit, json, out, result, err) ? -1
                                                                                              : 0;
    if (export_check(operands[0], json, out, result, &manifest, err))
        return -1;
    log_info("%s: every file is what was sealed; sha256 of its manifest %s", operands[0],
             digest_hex(&manifest, hex));
    return 0;
}

int cmd_verify(struct app *app, int argc, char **argv)
{
    bool json = false;
    const struct opt opts[] = { OPT_FLAG("json", &json, "print the result as JSON"), OPT_END };
    struct verify_result result = {0};
    struct err err = {0};
    struct buf out = {0};
    char **operands;
    int count, go = app_options(app, opts, argc, argv, &operands, &count, &err);

    if (go == 0)
        return app_done(app, 0);
    if (go < 0 || run(app, operands, count, json, &out, &result, &err)) {
        buf_release(&out);
        if (err.kind == ERR_INPUT)             // what cannot be read is broken, not a wrong input
            err.kind = ERR_IO;
        return app_fail(app, &err);
    }
    app_print(&out);
    buf_release(&out);
    return app_done(app, result.problems ? EXIT_BROKEN : 0);
}
