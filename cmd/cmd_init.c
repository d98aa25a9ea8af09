/* cmd/cmd_init.c: makes an audit. */
#include "base/log.h"
#include "cmd/cmd.h"

static const struct opt options[] = { OPT_END };

static int run(struct app *app, struct err *err)
{
    const char *dir = app->operands ? app->operand[0] : app->dir;

    if (audit_init(dir, err))
        return -1;
    log_info("made an audit in %s: settings in blindspot.ini, rules in rules.ini", dir);
    return 0;
}

const struct action cmd_init = { .options = options, .run = run };
