/* cmd/cmd_completion.c: completions for the shells, from the tables of options. */
#include <string.h>
#include "cmd/complete.h"

static const struct opt options[] = { OPT_END };
static const char about[] =
    "Prints a script for that shell which completes commands, options, the words that an option or "
    "a "
    "setting takes, the settings of `--set`, files and folders. `make install` and the packages "
    "put it "
    "where the shell finds it by itself; this command is for a program that was not installed.";

static int run(struct app *app, struct err *err)
{
    static const struct { const char *shell; void (*put)(struct buf *); } shells[] = {
        { "bash", complete_bash }, { "zsh", complete_zsh }, { "fish", complete_fish },
    };

    for (size_t i = 0; i < sizeof shells / sizeof *shells; i++)
        if (!strcmp(app->operand[0], shells[i].shell))
            shells[i].put(&app->out);
    (void)err;
    return 0;
}

const struct action cmd_completion = { .options = options, .about = about, .run = run };
