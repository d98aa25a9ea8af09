/* cmd/cmd_scrape.c: reads the pages that are due, or all archived answers again. */
#include <inttypes.h>
#include "audit/keep/replay.h"
#include "base/log.h"
#include "cmd/sentences.h"

static void say_replay(const struct replay_result *r)
{
    log_info("replayed %" PRId64 " requests from %" PRId64 " archived exchanges: %" PRId64
             " public, %" PRId64 " refused, %" PRId64 " no answer, %" PRId64
             " found by the API; %" PRId64 " pages are read differently "
             "than before",
             r->requests, r->exchanges, r->is_public, r->refused, r->no_answer, r->found,
             r->changed);
    log_info("`blindspot classify` or `report` labels from them");
}

int cmd_scrape(struct app *app, int argc, char **argv)
{
    bool replay = false;
    int64_t threads = 0;
    const struct opt opts[] = {
        OPT_FLAG("replay", &replay,
                 "send nothing: read every archived answer again, of the API too"),
        OPT_INT("threads", &threads, "N",
                "with --replay: threads that read (default: one for each core)"),
        OPT_END
    };
    struct replay_opts o;
    struct replay_result result;
    struct err err = {0};
    char **operands;
    int count, go = app_options(app, opts, argc, argv, &operands, &count, &err);

    if (go == 0)
        return app_done(app, 0);
    if (go > 0 && (threads < 0 || (threads && !replay)))
        go = err_set(&err, ERR_USAGE,
                     "scrape: --threads takes a number from 1 on, and goes with --replay");
    if (go < 0 || app_no_operands(app, operands, count, &err) || app_open(app, true, &err))
        return app_fail(app, &err);
    if (!replay)
        return say_rounds(app, ROUNDS_READ);
    o.threads = threads > 1000 ? 1000 : (int)threads;
    if (replay_audit(&app->audit, &o, &result, &err))
        return app_fail(app, &err);
    say_replay(&result);
    return app_done(app, 0);
}
