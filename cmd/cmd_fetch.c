/* cmd/cmd_fetch.c: asks the API for what is due, as far as the quota goes. */
#include "cmd/sentences.h"

int cmd_fetch(struct app *app, int argc, char **argv)
{
    return say_run(app, argc, argv, ROUNDS_ASK);
}
