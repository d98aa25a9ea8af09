/* cmd/cmd_scrape.c: reads the pages that are due. */
#include "cmd/cmd.h"
#include "cmd/say.h"

int cmd_scrape(struct app *app, int argc, char **argv)
{
    const struct opt opts[] = { OPT_END };
    struct progress progress;
    struct err err = {0};
    char **operands;
    int count, code = 0, go = app_options(app, opts, argc, argv, &operands, &count, &err);

    if (go == 0)
        return app_done(app, 0);
    if (go < 0 || app_no_operands(app, operands, count, &err) || app_open(app, true, &err) ||
        rounds_run(&app->audit, ROUNDS_READ, &progress, &err) ||
        say_progress(&app->audit, &progress, ROUNDS_READ, &code, &err))
        return app_fail(app, &err);
    return app_done(app, code);
}
