/* cmd/cmd_monitor_alert.c: tells a program of events. */
#include "audit/monitor/alert.h"
#include "base/json_out.h"
#include "base/log.h"
#include "base/utc.h"
#include "cmd/cmd.h"
#include "cmd/watch_text.h"

static struct {
    const char *exec, *since;
    int64_t since_at;
    bool json;
} given;
static const struct opt options[] = {
    OPT_TEXT("exec", &given.exec, "CMD", "the program and its arguments, as for sh -c"),
    OPT_TEXT("since", &given.since, "DATE", "events that were known before are not told"),
    OPT_FLAG("json", &given.json, "print the counts as JSON"), OPT_END
};
static const char about[] =
    "Runs CMD for each event that nobody was told of, with the event as JSON on its standard "
    "input: a post lost or returned, a page gone or back (each confirmed by a second ask), an "
    "outage, a long silence of this list's own rounds. Exit code 0 of CMD means that it took it; "
    "otherwise the next call tries again. The name in \"event\" stays the same, whoever tells it. "
    "What a loaded series tells of the past is not told.\n\n"
    "CMD gets PATH, HOME and the like of the environment, no key of ours; after a minute it is "
    "ended. Put it behind `monitor run` in the same line of cron. The first time on a list with a "
    "past, `--since today` spares you old events.\n\n"
    "Exit code 3: CMD did not take an event; the next call tries again.";

static int prepare(struct app *app, struct err *err)
{
    (void)app;
    if (!given.exec || !*given.exec)
        return err_set(err, ERR_USAGE, "monitor alert: expected --exec CMD");
    if (!given.since)
        return 0;
    if (str_eq(str_of(given.since), STR("today")))
        given.since_at = -1;    // of the clock that the audit's settings name
    else if (utc_parse(str_of(given.since), &given.since_at, err))
        return err_wrap(err, "monitor alert: --since");
    return 0;
}

static void put_event(struct buf *out, const struct watch_event *e)
{
    struct json_out j = { .buf = out, .style = JSON_COMPACT };

    watch_put_event(&j, NULL, e);
    buf_char(out, '\n');
}

static void put_json(const struct alert_result *r, struct buf *out)
{
    struct json_out j = { .buf = out, .style = JSON_COMPACT };

    json_open(&j, NULL);
    json_put_int(&j, "told", r->told);
    json_put_int(&j, "failed", r->failed);
    json_put_int(&j, "told_before", r->before);
    json_put_int(&j, "outcome_unknown", r->unknown);
    json_put_int(&j, "before_since", r->passed);
    json_close(&j);
    buf_char(out, '\n');
}

static int run(struct app *app, struct err *err)
{
    const struct alert_opts o = {
        .exec = given.exec,
        .since = given.since_at < 0 ? utc_day_start(utc_day(utc_now())) : given.since_at,
        .put = put_event,
    };
    struct alert_result r;

    if (monitor_alert(&app->audit, &o, &r, err))
        return -1;
    if (given.json)
        put_json(&r, &app->out);
    log_info("told of " COUNTED "; %lld had been told before", COUNT_OF(r.told, "event", "events"),
             (long long)r.before);
    if (r.failed) {
        log_warn(COUNTED " not taken, and will be told again: %s",
                 COUNT_OF(r.failed, "event was", "events were"), r.why);
        app->code = EXIT_UNFINISHED;
    }
    return 0;
}

const struct action cmd_monitor_alert = {
    .options = options, .about = about, .prepare = prepare, .run = run, .series = SERIES_WATCH
};
