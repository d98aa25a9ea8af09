/* cmd/cmd_fetch.c: asks the API for what is due, as far as the quota goes. */
#include "cmd/cmd.h"
#include "cmd/sentences.h"

static struct { bool json; } given;
static const struct opt options[] = {
    OPT_FLAG("json", &given.json, "print what was done and what is left as JSON"),
    OPT_END
};
static const char about[] =
    "Asks the API for what is due, as far as today's quota goes. Interrupting it is safe at any "
    "time: the quota is charged before a request is sent, what came in is kept, and nothing is "
    "asked again without need. `audit` does this and the rest.";

static int run(struct app *app, struct err *err)
{
    return sentences_rounds(app, ROUNDS_ASK, given.json, err);
}

const struct action cmd_fetch = {
    .options = options, .about = about, .run = run, .series = SERIES_DECIDED
};
