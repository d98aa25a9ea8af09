/* cmd/cmd_purge.c: drops content, keeps states, times and labels. */
#include <inttypes.h>
#include "audit/keep/purge.h"
#include "base/log.h"
#include "cmd/cmd.h"

/* "15d" or "15". */
static bool parse_days(const char *text, int64_t *days)
{
    struct str s = str_of(text);

    if (str_ends(s, STR("d")))
        s.n--;
    return str_i64(s, days) && *days >= 0 && *days <= 36500;
}

static int run(struct app *app, const char *older, bool due, struct purge_opts *o,
               struct purge_result *result, struct err *err)
{
    if (older && due)
        return err_set(err, ERR_USAGE, "purge: expected one of --older and --due");
    if (older && !parse_days(older, &o->days))
        return err_set(err, ERR_USAGE, "purge: --older: expected days, as in 15d, not \"%s\"",
                       older);
    if (app_open(app, true, err))
        return -1;
    o->has_days = older || due;
    if (due)
        o->days = app->audit.set.evidence_purge_days;
    return purge_audit(&app->audit, o, result, err);
}

int cmd_purge(struct app *app, int argc, char **argv)
{
    const char *older = NULL;
    bool due = false, json = false;
    struct purge_opts o = {0};
    struct purge_result result = {0};
    const struct opt opts[] = {
        OPT_TEXT("older", &older, "DAYSd",
                 "decided items of which nothing came in for so many days"),
        OPT_FLAG("due", &due, "the same, with the days of evidence.purge_days"),
        OPT_FLAG("gone", &o.gone,
                 "items whose page is not public any more: what was read before goes"),
        OPT_FLAG("json", &json, "print the counts as JSON"), OPT_END
    };
    struct err err = {0};
    struct buf out = {0};
    char **operands;
    int count, go = app_options(app, opts, argc, argv, &operands, &count, &err);

    if (go == 0)
        return app_done(app, 0);
    if (go < 0 || app_no_operands(app, operands, count, &err) ||
        run(app, older, due, &o, &result, &err))
        return app_fail(app, &err);
    log_info("purged %" PRId64 " items: %" PRId64
             " exchanges became records of their digest, %" PRId64 " archive files were rewritten",
             result.items, result.exchanges, result.files);
    if (json)
        buf_printf(&out,
                   "{\"items\":%" PRId64 ",\"exchanges\":%" PRId64 ",\"files\":%" PRId64 "}\n",
                   result.items, result.exchanges, result.files);
    app_print(&out);
    buf_release(&out);
    return app_done(app, 0);
}
