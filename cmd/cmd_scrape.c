/* cmd/cmd_scrape.c: reads the pages that are due, or all archived answers again. */
#include <inttypes.h>
#include "audit/keep/replay.h"
#include "audit/verdict/differ.h"
#include "base/json_out.h"
#include "base/log.h"
#include "cmd/cmd.h"
#include "cmd/sentences.h"

#define THREADS_MAX 1000

static struct { bool replay, json; int64_t threads; } given;
static const struct opt options[] = {
    OPT_FLAG("replay", &given.replay,
             "send nothing: read every archived answer again, of the API too"),
    OPT_INT("threads", &given.threads, "N",
            "with --replay: threads that read (default: one for each core)"),
    OPT_FLAG("json", &given.json, "print what was done and what is left as JSON"),
    OPT_END
};
static const char about[] =
    "Reads the pages that are due: of missing items all, of retrieved ones a sample. Resolves "
    "short links, with the headers and at the pace of pages; one that gives no answer is tried "
    "once a UTC day, on as many days as `page.attempts` says, and then listed as given up. A "
    "reply without a target says nothing: a link is dead only where the site says so.\n\n"
    "Rate and number under way sink where the site blocks, fails or grows slow, and rise again "
    "slowly. After blocks in a row a page that was readable just before is read as a control: "
    "where it is read, those posts are blocked alone and wait for another day; after "
    "`page.attempts` such days they are unobserved. A site that blocks, or that shows no post "
    "in any page, ends the reading with exit code 3, a sentence that says what stood in the "
    "pages' place, and the time to come back; no item is decided or given up by it.\n\n"
    "With `page.vantage` it reads from another vantage what `page.elsewhere` says "
    "(`blindspot help vantages`). With `--replay` it sends nothing, and reads every archived "
    "answer again with the readers of today, of pages, of oEmbed and of the API, in one "
    "transaction; `classify` or `report` then label from them. That is refused where bytes were "
    "purged or never kept.";

static int prepare(struct app *app, struct err *err)
{
    (void)app;
    if (given.threads < 0 || (given.threads && !given.replay))
        return err_set(err, ERR_USAGE,
                       "scrape: --threads takes a number from 1 on, and goes with --replay");
    return 0;
}

static void put_replayed(const struct replay_result *r, struct buf *out)
{
    struct json_out j = { .buf = out, .style = JSON_COMPACT };

    json_open(&j, NULL);
    json_open(&j, "replayed");
    json_put_int(&j, "requests", r->requests);
    json_put_int(&j, "exchanges", r->exchanges);
    json_put_int(&j, "bytes", r->bytes);
    json_put_int(&j, "public", r->is_public);
    json_put_int(&j, "refused", r->refused);
    json_put_int(&j, "no_answer", r->no_answer);
    json_put_int(&j, "found", r->found);
    json_put_int(&j, "valid", r->valid);
    json_put_int(&j, "changed", r->changed);
    json_close(&j);
    json_close(&j);
    buf_char(out, '\n');
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
    if (given.json)
        put_replayed(&r, &app->out);
    return 0;
}

static int run(struct app *app, struct err *err)
{
    return given.replay ? replay(app, err) : sentences_rounds(app, ROUNDS_READ, given.json, err);
}

const struct action cmd_scrape = {
    .options = options, .about = about, .prepare = prepare, .run = run, .series = SERIES_DECIDED
};
