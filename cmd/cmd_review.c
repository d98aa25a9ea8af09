/* cmd/cmd_review.c: labels that people judge again. */
#include <stdlib.h>
#include "audit/take/review_take.h"
#include "audit/verdict/review.h"
#include "base/log.h"
#include "cmd/cmd.h"
#include "report/review.h"

static struct {
    const char *to;
    bool take, again, json;
} given;
static const struct opt options[] = {
    OPT_FLAG("take", &given.take, "the operands are sheets that coders filled in: take them in"),
    OPT_TEXT("to", &given.to, "DIR",
             "where the sheets go (default: review/ in the audit's folder)"),
    OPT_FLAG("again", &given.again, "draw anew: the review that is there goes, with its codes"),
    OPT_FLAG("json", &given.json, "print the result as JSON"), OPT_END
};
static const char about[] =
    "Draws N labels, as many of each class, for two people to judge again from the archived "
    "evidence: a sheet for each, without the tool's label, and a codebook. With `--take` the "
    "sheets are taken back in, all of them or nothing; what is not understood is named with its "
    "line. Prints how far the coders agree (Cohen's kappa) and how many labels of each class are "
    "right, with 95 % intervals; the report has both. Without operands it only prints.";
static int64_t rows;

/* Without an operand it only looks. */
static int prepare(struct app *app, struct err *err)
{
    if (given.take && (given.to || given.again))
        return err_set(err, ERR_USAGE, "review: --take goes with FILEs and --json alone");
    if (given.take && !app->operands)
        return err_set(err, ERR_USAGE, "review --take: expected at least one FILE");
    if (given.take && app->operands > REVIEW_CODERS)
        return err_set(err, ERR_USAGE, "review --take: expected a sheet of each of %d coders",
                       REVIEW_CODERS);
    if (!app->operands && (given.to || given.again))
        return err_set(err, ERR_USAGE, "review: expected how many labels are to be drawn");
    if (!given.take && app->operands > 1)
        return err_set(err, ERR_USAGE, "review: expected one number, or --take and FILEs");
    if (!given.take && app->operands == 1 &&
        (!str_i64(str_of(app->operand[0]), &rows) || rows < 1 || rows > REVIEW_MAX))
        return err_set(err, ERR_USAGE,
                       "review: expected how many labels are to be drawn, 1 to %d, not \"%s\"",
                       REVIEW_MAX, app->operand[0]);
    if (!app->operands)
        app->need = NEED_LABELS;
    return 0;
}

static int draw(struct app *app, struct err *err)
{
    const struct review_opts o = { .rows = rows, .dir = given.to, .again = given.again };
    struct review_result result;
    char *dir = NULL;

    if (review_draw(&app->audit, &o, &result, &dir, err))
        return -1;
    log_info(COUNTED " drawn: %s/coder-1.csv and coder-2.csv, one for each of two people; "
                     "codebook.txt beside them says how",
             COUNT_OF(result.drawn, "label", "labels"), dir);
    free(dir);
    return 0;
}

static int take(struct app *app, struct err *err)
{
    struct review_sheet taken[REVIEW_CODERS];

    if (review_take(&app->audit, app->operand, app->operands, taken, err))
        return -1;
    for (int i = 0; i < app->operands; i++)
        log_info("%s: " COUNTED " of coder %d", app->operand[i],
                 COUNT_OF(taken[i].coded, "code", "codes"), taken[i].coder);
    return 0;
}

static int look(struct app *app, struct err *err)
{
    struct review_result result;
    struct numbers numbers = { 0 };
    struct arena mem = { 0 };
    int rc = review_look(&app->audit, &result, err);

    if (rc == 0 && given.json) {
        review_put_numbers(&result, &numbers, &mem);
        report_review_json(&app->out, &result, &numbers);
    } else if (rc == 0) {
        report_review_text(&app->out, &result);
    }
    arena_release(&mem);
    return rc;
}

static int run(struct app *app, struct err *err)
{
    if ((given.take && take(app, err)) || (rows && draw(app, err)))
        return -1;
    return look(app, err);
}

const struct action cmd_review = {
    .options = options, .about = about, .prepare = prepare, .run = run, .series = SERIES_DECIDED
};
