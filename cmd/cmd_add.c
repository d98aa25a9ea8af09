/* cmd/cmd_add.c: items in. */
#include "cmd/cmd.h"
#include "cmd/sentences.h"

static struct { const char *column, *key; bool json; } given;
static const struct opt options[] = {
    OPT_TEXT("column", &given.column, "NAME|N",
             "of CSV and TSV: the column that holds links or ids"),
    OPT_TEXT("key", &given.key, "NAME", "of JSON: the key that holds links or ids"),
    OPT_FLAG("json", &given.json, "print the counts as JSON"),
    OPT_END
};

static int run(struct app *app, struct err *err)
{
    const struct add_opts o = { .column = given.column, .key = given.key };

    return sentences_add(&app->audit, app->operand, app->operands, &o,
                         given.json ? &app->out : NULL, &app->code, err);
}

const struct action cmd_add = { .options = options, .run = run };
