/* cmd/cmd_purge.c: drops content, keeps states, times and labels. */
#include <inttypes.h>
#include "audit/keep/purge.h"
#include "audit/verdict/label.h"
#include "audit/verdict/publish.h"
#include "audit/verdict/standing.h"
#include "base/json_out.h"
#include "base/log.h"
#include "cmd/cmd.h"

#define DAYS_MAX 36500

static struct { const char *older; int64_t days; bool due, gone, json; } given;
static const struct opt options[] = {
    OPT_TEXT("older", &given.older, "DAYSd",
             "decided items of which nothing came in for so many days"),
    OPT_FLAG("due", &given.due, "the same, with the days of evidence.purge_days"),
    OPT_FLAG("gone", &given.gone,
             "items whose page is not public any more: what was read before goes"),
    OPT_FLAG("json", &given.json, "print the counts as JSON"),
    OPT_END
};
static const char about[] =
    "Drops what the audit knows of posts and keeps what it found out: states, times, labels. "
    "Ids become pseudonyms, every exchange that held a purged post becomes a record of its "
    "digest, the report is written anew. Of a sample the handles of creators go with the last of "
    "their posts; of whom none was drawn, with `--gone` where their page says that they are "
    "private or gone. Interrupted, run it again: it finishes. Without one of "
    "`--older`, `--due` and `--gone` it only finishes what an earlier one began.";

/* "15d" or "15". */
static bool parse_days(const char *text, int64_t *days)
{
    struct str s = str_of(text);

    if (str_ends(s, STR("d")))
        s.n--;
    return str_i64(s, days) && *days >= 0 && *days <= DAYS_MAX;
}

/* It writes the report anew, and none of what goes may come back by another's. */
static int prepare(struct app *app, struct err *err)
{
    if (given.older && given.due)
        return err_set(err, ERR_USAGE, "purge: expected one of --older and --due");
    if (given.older && !parse_days(given.older, &given.days))
        return err_set(err, ERR_USAGE, "purge: --older: expected days, as in 15d, not \"%s\"",
                       given.older);
    return app_hold_report(app, err);
}

static bool is_gone(const struct audit *audit, const struct item_row *row)
{
    unsigned hangs_on;

    return row->page == ANSWER_REFUSED &&
           refusal_standing(audit->rules, row, &hangs_on) == STANDING_NOT_PUBLIC;
}

static int write_report(struct audit *audit, struct err *err)
{
    const struct report_opts o = {0};
    struct summary summary;
    struct arena mem = {0};
    int rc = publish_report(audit, &o, &mem, &summary, err);

    arena_release(&mem);
    return rc;
}

static int run(struct app *app, struct err *err)
{
    const struct purge_opts o = {
        .has_days = given.older || given.due,
        .days = given.due ? app->audit.set.evidence_purge_days : given.days,
        .gone = given.gone ? is_gone : NULL,
        .report = write_report,
    };
    struct json_out json = { .buf = &app->out, .style = JSON_COMPACT };
    struct purge_result r = {0};

    if (labels_refresh(&app->audit, err) || purge_audit(&app->audit, &o, &r, err))
        return -1;
    if (r.creators)
        log_info("purged " COUNTED, COUNT_OF(r.creators, "creator", "creators"));
    log_info("purged " COUNTED ": " COUNTED " of their digest, " COUNTED " rewritten",
             COUNT_OF(r.items, "item", "items"),
             COUNT_OF(r.exchanges, "exchange became a record", "exchanges became records"),
             COUNT_OF(r.files, "archive file was", "archive files were"));
    if (given.json) {
        json_open(&json, NULL);
        json_put_int(&json, "items", r.items);
        json_put_int(&json, "creators", r.creators);
        json_put_int(&json, "exchanges", r.exchanges);
        json_put_int(&json, "files", r.files);
        json_close(&json);
        buf_char(&app->out, '\n');
    }
    return 0;
}

const struct action cmd_purge = {
    .options = options, .about = about, .prepare = prepare, .run = run
};
