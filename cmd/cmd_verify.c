/* cmd/cmd_verify.c: is everything there, and is it what was written? */
#include "audit/verify.h"
#include "cmd/cmd.h"

#define EXIT_BROKEN 5

int cmd_verify(struct app *app, int argc, char **argv)
{
    bool json = false;
    struct verify_result result;
    struct err err = {0};
    struct buf out = {0};
    int go = app_begin(app, argc, argv, &json, false, &err);

    if (go == 0)
        return app_done(app, 0);
    if (go < 0 || verify_audit(&app->audit, json, &out, &result, &err)) {
        buf_release(&out);
        if (err.kind == ERR_INPUT)             // a store that cannot be read is broken, not a wrong input
            err.kind = ERR_IO;
        return app_fail(app, &err);
    }
    app_print(&out);
    buf_release(&out);
    return app_done(app, result.problems ? EXIT_BROKEN : 0);
}
