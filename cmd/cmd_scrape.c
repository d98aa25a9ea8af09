/* cmd/cmd_scrape.c: reads the pages that are due, or all archived answers again. */
#include <inttypes.h>
#include "audit/keep/replay.h"
#include "audit/verdict/differ.h"
#include "base/log.h"
#include "cmd/cmd.h"
#include "cmd/sentences.h"

#define THREADS_MAX 1000

static struct { bool replay; int64_t threads; } given;
static const struct opt options[] = {
    OPT_FLAG("replay", &given.replay,
             "send nothing: read every archived answer again, of the API too"),
    OPT_INT("threads", &given.threads, "N",
            "with --replay: threads that read (default: one for each core)"),
    OPT_END
};

static int prepare(struct app *app, struct err *err)
{
    (void)app;
    if (given.threads < 0 || (given.threads && !given.replay))
        return err_set(err, ERR_USAGE,
                       "scrape: --threads takes a number from 1 on, and goes with --replay");
    return 0;
}

static int replay(struct app *app, struct err *err)
{
    const struct replay_opts o = {
        .threads = given.threads > THREADS_MAX ? THREADS_MAX : (int)given.threads
    };
    struct replay_result r;

    if (replay_audit(&app->audit, &o, &r, err) || differ_store(&app->audit, err))
        return -1;
    log_info("replayed " COUNTED " from " COUNTED ": %" PRId64 " public, %" PRId64
             " refused, %" PRId64 " no answer, %" PRId64 " found by the API; " COUNTED
             " read differently than before",
             COUNT_OF(r.requests, "request", "requests"),
             COUNT_OF(r.exchanges, "archived exchange", "archived exchanges"), r.is_public,
             r.refused, r.no_answer, r.found, COUNT_OF(r.changed, "page is", "pages are"));
    log_info("`blindspot classify` or `report` labels from them");
    return 0;
}

static int run(struct app *app, struct err *err)
{
    return given.replay ? replay(app, err) : sentences_rounds(app, ROUNDS_READ, err);
}

const struct action cmd_scrape = { .options = options, .prepare = prepare, .run = run };
