/* cmd/cmd_explain.c: all that is known of one item. */
#include "audit/keep/raw.h"
#include "audit/verdict/explain.h"
#include "cmd/cmd.h"

int cmd_explain(struct app *app, int argc, char **argv)
{
    bool json = false, raw = false;
    const struct opt opts[] = {
        OPT_FLAG("json", &json, "print it as JSON"),
        OPT_FLAG("raw", &raw, "print the archived bytes that it rests on, as WARC records"),
        OPT_END
    };
    struct err err = {0};
    struct buf out = {0};
    char **operands;
    int count, go = app_options(app, opts, argc, argv, &operands, &count, &err);

    if (go == 0)
        return app_done(app, 0);
    if (go > 0 && count != 1)
        go = err_set(&err, ERR_USAGE, "explain: expected one ID or URL");
    if (go > 0 && json && raw)
        go = err_set(&err, ERR_USAGE, "explain: --raw prints bytes, --json does not go with it");
    if (go < 0 || app_open(app, !raw, &err) ||
        (raw ? raw_of_item(&app->audit, operands[0], &out, &err)
             : relabel_if_stale(&app->audit, &err) ||
                   explain_item(&app->audit, operands[0], json, &out, &err))) {
        buf_release(&out);
        return app_fail(app, &err);
    }
    app_print(&out);
    buf_release(&out);
    return app_done(app, 0);
}
