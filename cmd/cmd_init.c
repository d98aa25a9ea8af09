/* cmd/cmd_init.c: makes an audit. */
#include "base/log.h"
#include "cmd/cmd.h"

static const struct opt options[] = { OPT_END };
static const char about[] =
    "Makes an audit in DIR or the current folder: settings (`blindspot.ini`), rules "
    "(`rules.ini` and the lists that they refer to) and an empty store. Where an audit lies "
    "already, nothing is changed.";

static int run(struct app *app, struct err *err)
{
    const char *dir = app->operands ? app->operand[0] : app->dir;

    if (audit_init(dir, err))
        return -1;
    log_info("made an audit in %s: settings in blindspot.ini, rules in rules.ini", dir);
    return 0;
}

const struct action cmd_init = { .options = options, .about = about, .run = run };
