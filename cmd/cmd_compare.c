/* cmd/cmd_compare.c: two audits of the same items: what was fixed, what broke. */
#include "audit/verdict/compare.h"
#include "cmd/cmd.h"
#include "report/comparison.h"

#define EXIT_WORSE 1

static struct { bool json; const char *out, *rules; } given;
static const struct opt options[] = {
    OPT_FLAG("json", &given.json, "print the result as JSON"),
    OPT_TEXT("out", &given.out, "DIR",
             "lists of ids, moved.csv, numbers.csv and index.html into that folder"),
    OPT_TEXT("rules", &given.rules, "FILE",
             "label both by these rules (default: their own where both have the same, else "
             "those that this program ships)"),
    OPT_END
};
static const char about[] =
    "Compares two audits of the same items, each a folder or a bundle: items that are fixed "
    "(missing though public in A, retrieved in B), broken (the other way round), still missing, "
    "and moved from bucket to bucket; with McNemar's exact test of fixed against broken, and "
    "every number of both with the bounds of its change. What is open in either is neither "
    "fixed nor broken. Neither audit is changed. Where their rules differ, both are labelled by "
    "those that this program ships, for the comparison alone.\n\n"
    "`--out` writes `fixed.txt`, `broken.txt`, `still_missing.txt`, `moved.csv`, `numbers.csv` "
    "with what describes and loads the tables, and `index.html`. Lists that the rules of "
    "`--rules` refer to lie beside that file.";

static int run(struct app *app, struct err *err)
{
    const struct compare_opts o = { .rules = given.rules, .out = given.out, .sets = &app->sets };
    static struct comparison result;
    struct arena mem = {0};
    int rc = compare_audits(app->operand[0], app->operand[1], &o, &mem, &result, err);

    if (rc == 0) {
        (given.json ? report_comparison_json : report_comparison_text)(&app->out, &result);
        app->code = comparison_is_worse(&result) ? EXIT_WORSE : 0;
    }
    arena_release(&mem);
    return rc;
}

const struct action cmd_compare = { .options = options, .about = about, .run = run };
