/* cmd/cmd_monitor_add.c: posts come on the watch list, and leave it. */
#include "audit/monitor/list.h"
#include "base/json_out.h"
#include "base/log.h"
#include "cmd/cmd.h"

static struct { bool canary, remove, json; } given;
static const struct opt options[] = {
    OPT_FLAG("canary", &given.canary,
             "posts that the API returns: they show whether it is answering"),
    OPT_FLAG("remove", &given.remove, "take them off the list; what was measured stays"),
    OPT_FLAG("json", &given.json, "print the counts as JSON"),
    OPT_END
};
static const char about[] =
    "Puts posts on the watch list, by id or by link. `monitor run` asks for them from its next "
    "round on. A list needs canaries, posts that the API is known to return: where not one of "
    "them comes back, and nothing else, the API was out, and the day is not measured; without "
    "any a silence is shown with a caution, and no loss is told as an event. A post is one of the "
    "two: named again with the other, it changes, and its days leave the sums or come into them.";

static int prepare(struct app *app, struct err *err)
{
    (void)app;
    return given.canary && given.remove
               ? err_set(err, ERR_USAGE, "monitor add: expected one of --canary and --remove")
               : 0;
}

/* Days that were measured go into the sums, or out of them, with the post. */
static void tell_turned(const struct list_counts *c)
{
    if (c->turned[WATCH_POST])
        log_warn(COUNTED " watched until now turned into %s: all days of %s, those before too, "
                 "leave the sums of the list; `blindspot monitor add ID` without --canary takes "
                 "that back",
                 COUNT_OF(c->turned[WATCH_POST], "post", "posts"),
                 plural(c->turned[WATCH_POST], "a canary", "canaries"),
                 plural(c->turned[WATCH_POST], "it", "them"));
    if (c->turned[WATCH_CANARY])
        log_warn(COUNTED " turned into %s: all days of %s, those before too, count in the sums of "
                 "the list",
                 COUNT_OF(c->turned[WATCH_CANARY], "canary", "canaries"),
                 plural(c->turned[WATCH_CANARY], "a post that is watched",
                        "posts that are watched"),
                 plural(c->turned[WATCH_CANARY], "it", "them"));
    if (c->turned[WATCH_FRESH])
        log_warn(COUNTED " that %s followed as new: no longer part of the curve of new posts",
                 COUNT_OF(c->turned[WATCH_FRESH], "post", "posts"),
                 plural(c->turned[WATCH_FRESH], "was", "were"));
}

static int run(struct app *app, struct err *err)
{
    const struct list_change change = { .role = given.canary ? WATCH_CANARY : WATCH_POST,
                                        .ends = given.remove };
    struct json_out j = { .buf = &app->out, .style = JSON_COMPACT };
    struct list_counts c;

    if (list_change(&app->audit, app->operand, app->operands, &change, &c, err))
        return -1;
    if (given.json) {
        json_open(&j, NULL);
        json_put_int(&j, given.remove ? "removed" : "added", c.fresh);
        json_put_int(&j, "already", c.already);
        json_put_int(&j, "turned",
                     c.turned[WATCH_POST] + c.turned[WATCH_CANARY] + c.turned[WATCH_FRESH]);
        json_put_int(&j, "posts", c.posts);
        json_put_int(&j, "canaries", c.canaries);
        json_close(&j);
        buf_char(&app->out, '\n');
    }
    log_info("%s " COUNTED " (%lld were so before); the list has " COUNTED " and " COUNTED,
             given.remove ? "took off" : "added", COUNT_OF(c.fresh, "post", "posts"),
             (long long)c.already, COUNT_OF(c.posts, "post", "posts"),
             COUNT_OF(c.canaries, "canary", "canaries"));
    tell_turned(&c);
    if (!given.remove && c.canaries == 0)
        log_warn("the list has no canary: name posts that the API returns with `blindspot monitor "
                 "add --canary ID...`");
    return 0;
}

const struct action cmd_monitor_add = {
    .options = options, .about = about, .prepare = prepare, .run = run, .series = SERIES_WATCH
};
