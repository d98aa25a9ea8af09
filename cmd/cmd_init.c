/* cmd/cmd_init.c: makes an audit. */
#include "base/log.h"
#include "cmd/cmd.h"

int cmd_init(struct app *app, int argc, char **argv)
{
    const struct opt opts[] = { OPT_END };
    struct err err = {0};
    char **operands;
    int count, go = app_options(app, opts, argc, argv, &operands, &count, &err);
    const char *dir;

    if (go == 0)
        return app_done(app, 0);
    if (go > 0 && count > 1)
        go = err_set(&err, ERR_USAGE, "init takes one folder, but \"%s\" was given as well",
                     operands[1]);
    dir = go > 0 && count ? operands[0] : app->dir;
    if (go < 0 || audit_init(dir, &err))
        return app_fail(app, &err);
    log_info("made an audit in %s: settings in blindspot.ini, rules in rules.ini", dir);
    return app_done(app, 0);
}
