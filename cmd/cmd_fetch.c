/* cmd/cmd_fetch.c: asks the API for what is due, as far as the quota goes. */
#include "cmd/cmd.h"
#include "cmd/sentences.h"

static const struct opt options[] = { OPT_END };

static int run(struct app *app, struct err *err)
{
    return sentences_rounds(app, ROUNDS_ASK, err);
}

const struct action cmd_fetch = { .options = options, .run = run };
