/* cmd/cmd_add.c: items in. */
#include <inttypes.h>
#include <stdlib.h>
#include "audit/take/add.h"
#include "base/json.h"
#include "base/log.h"
#include "cmd/cmd.h"
#include "cmd/sentences.h"

int cmd_add(struct app *app, int argc, char **argv)
{
    struct add_opts o = {0};
    bool json = false;
    const struct opt opts[] = { OPT_TEXT("column", &o.column, "NAME|N",
                                         "of CSV and TSV: the column that holds links or ids"),
                                OPT_TEXT("key", &o.key, "NAME",
                                         "of JSON: the key that holds links or ids"),
                                OPT_FLAG("json", &json, "print the counts as JSON"), OPT_END };
    struct err err = {0};
    struct buf out = {0};
    char **files;
    int count, go = app_options(app, opts, argc, argv, &files, &count, &err);

    if (go == 0)
        return app_done(app, 0);
    if (go > 0 && count == 0)
        go = err_set(&err, ERR_USAGE, "add: expected at least one FILE, or - for standard input");
    if (go < 0 || app_open(app, true, &err) ||
        say_added(&app->audit, files, count, &o, json ? &out : NULL, &err)) {
        buf_release(&out);
        return app_fail(app, &err);
    }
    app_print(&out);
    buf_release(&out);
    return app_done(app, 0);
}
