/* cmd/cmd_explain.c: all that is known of one item. */
#include "audit/explain.h"
#include "cmd/cmd.h"

int cmd_explain(struct app *app, int argc, char **argv)
{
    bool json = false;
    const struct opt opts[] = { OPT_FLAG("json", &json, "print it as JSON"), OPT_END };
    struct err err = {0};
    struct buf out = {0};
    char **operands;
    int count, go = app_options(app, opts, argc, argv, &operands, &count, &err);

    if (go == 0)
        return app_done(app, 0);
    if (go > 0 && count != 1)
        go = err_set(&err, ERR_USAGE, "explain: expected one ID or URL");
    if (go < 0 || app_open(app, true, &err) || relabel_if_stale(&app->audit, &err) ||
        explain_item(&app->audit, operands[0], json, &out, &err)) {
        buf_release(&out);
        return app_fail(app, &err);
    }
    app_print(&out);
    buf_release(&out);
    return app_done(app, 0);
}
