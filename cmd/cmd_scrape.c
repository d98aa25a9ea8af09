/* cmd/cmd_scrape.c: reads the pages that are due. */
#include "cmd/say.h"

int cmd_scrape(struct app *app, int argc, char **argv)
{
    return say_run(app, argc, argv, ROUNDS_READ);
}
