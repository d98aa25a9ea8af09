/* cmd/cmd_monitor_init.c: makes a watch list. */
#include "audit/monitor/init.h"
#include "base/json_out.h"
#include "base/log.h"
#include "cmd/cmd.h"

static struct { const char *from, *label; int64_t top; bool json; } given;
static const struct opt options[] = {
    OPT_TEXT("from", &given.from, "AUDIT",
             "choose the posts from this audit, a folder or a bundle of one"),
    OPT_INT("top", &given.top, "N", "of --from: how many posts (default: 10)"),
    OPT_TEXT("label", &given.label, "canada|ad|tiktok_official|excluded_account|unknown",
             "of --from: posts with this label alone"),
    OPT_FLAG("json", &given.json, "print what was chosen as JSON"),
    OPT_END
};
static const char about[] =
    "Makes a watch list in DIR: posts that `monitor run` asks for every day, and that `monitor "
    "site` shows. It is a folder like that of an audit, with settings, store and archive of its "
    "own; what it measures moves no number of any audit.\n\n"
    "Without `--from` the list is empty, and `monitor add` fills it. With it the posts are those "
    "that the audit found public and the API did not return, the most viewed first. Labels take "
    "turns: the most viewed post of each, then the second one of each. Among equal views the "
    "audit's seed decides. Posts that the audit retrieved come along as canaries: they show on "
    "each day whether the API is answering at all, and without one no silence can be told from "
    "an outage. What was chosen, and why, is noted in the store. The same audit gives the same "
    "list. The audit is not touched.\n\n"
    "With `postgresql://HOST/DATABASE?schema=NAME` its store is a schema of a PostgreSQL server, "
    "as of `init`.";

static int prepare(struct app *app, struct err *err)
{
    (void)app;
    if (!given.from && (given.top || given.label))
        return err_set(err, ERR_USAGE,
                       "monitor init: %s chooses from an audit: name it with --from",
                       given.top ? "--top" : "--label");
    if (given.top < 0 || given.top > 100000)
        return err_set(err, ERR_USAGE, "monitor init: --top: expected 1 to 100000, not %lld",
                       (long long)given.top);
    return 0;
}

static void put_json(const char *dir, const struct init_result *r, struct buf *out)
{
    struct json_out j = { .buf = out, .style = JSON_COMPACT };

    json_open(&j, NULL);
    json_put_text(&j, "watch_list", str_of(dir));
    json_put_int(&j, "posts", r->posts);
    json_put_int(&j, "canaries", r->canaries);
    json_put_int(&j, "candidates", r->candidates);
    json_put_int(&j, "posts_without_canary_in_window", r->unattended);
    json_open(&j, "labels");
    for (enum label l = LABEL_CANADA; l < LABEL_COUNT; l++)
        if (r->label[l])
            json_put_int(&j, label_name(l), r->label[l]);
    json_close(&j);
    json_close(&j);
    buf_char(out, '\n');
}

static void tell(const char *dir, const struct init_result *r)
{
    struct buf labels = { 0 };

    for (enum label l = LABEL_CANADA; l < LABEL_COUNT; l++)
        if (r->label[l])
            buf_printf(&labels, "%s%lld %s", labels.n ? ", " : "", (long long)r->label[l],
                       label_name(l));
    log_info("made a watch list in %s of " COUNTED " (%s), out of %lld that are public and were "
             "not returned, and " COUNTED,
             dir, COUNT_OF(r->posts, "post", "posts"), buf_cstr(&labels), (long long)r->candidates,
             COUNT_OF(r->canaries, "canary", "canaries"));
    if (r->canaries == 0)
        log_warn("the audit retrieved nothing that could be a canary: name one with `blindspot "
                 "monitor add --canary ID`, or no silence can be told from an outage");
    buf_release(&labels);
}

static int run(struct app *app, struct err *err)
{
    struct init_opts o = { .from = given.from,
                           .top = given.top ? given.top : 10,
                           .sets = &app->sets,
                           .label = given.label ? label_find(str_of(given.label)) : LABEL_NONE };
    const char *dir;
    struct init_result r;

    if (app_new_place(app, "monitor init", &o.address, &dir, err) ||
        monitor_init(dir, &o, &r, err))
        return -1;
    if (given.json)
        put_json(dir, &r, &app->out);
    if (given.from)
        tell(dir, &r);
    else
        log_info("made an empty watch list in %s; `blindspot -C %s monitor add ID...` fills it",
                 dir, dir);
    return 0;
}

const struct action cmd_monitor_init = {
    .options = options, .about = about, .prepare = prepare, .run = run
};
