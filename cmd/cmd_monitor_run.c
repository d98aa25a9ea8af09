/* cmd/cmd_monitor_run.c: one round of a watch list. */
#include <inttypes.h>
#include "audit/monitor/run.h"
#include "base/json_out.h"
#include "base/log.h"
#include "base/utc.h"
#include "cmd/cmd.h"
#include "cmd/watch_text.h"

static struct {
    int64_t limit;
    bool json;
} given;
static const struct opt options[] = {
    OPT_INT("limit", &given.limit, "MINUTES",
            "begin nothing new after so long "
            "(default: monitor.limit_min)"),
    OPT_FLAG("json", &given.json, "print what was done, today's states and new events as JSON"),
    OPT_END
};
static const char about[] =
    "One round of a watch list: each post that was not measured today is asked for in company "
    "with canaries and then alone, its page and oEmbed are read; and a change that an earlier "
    "round saw is asked for a second time, monitor.confirm_hours later or more, which makes it an "
    "event or takes it back. Where nothing is due nothing is sent.\n\n"
    "It is made for cron or a systemd timer: run it every hour, or twice a day. One that is still "
    "at work is not disturbed (exit code 3), a killed or limited one is gone on with by the next, "
    "a day without any stays a gap. The platform's outage, our own failure and a block are days "
    "that were not measured, with their reason, never absent ones. `blindspot help monitor` "
    "has the lines for cron and systemd.\n\n"
    "Exit code 3: something that was due is left, and why; 4: the key was not taken.";

static int prepare(struct app *app, struct err *err)
{
    (void)app;
    return given.limit < 0 || given.limit > 100000
               ? err_set(err, ERR_USAGE, "monitor run: --limit: expected minutes, not %lld",
                         (long long)given.limit)
               : 0;
}

static void put_round(struct json_out *j, const struct round_result *r)
{
    json_put_int(j, "round", r->n);
    json_put_int(j, "due", r->due);
    json_put_int(j, "confirming", r->confirms);
    json_open(j, "api");
    json_put_int(j, "requests", r->api.requests);
    json_put_int(j, "sends", r->api.sends);
    json_put_int(j, "failed", r->api.failed);
    json_close(j);
    json_open(j, "pages");
    json_put_int(j, "read", r->site.pages + r->site.oembed);
    json_put_int(j, "public", r->site.is_public);
    json_put_int(j, "refused", r->site.refused);
    json_put_int(j, "no_answer", r->site.no_answer);
    json_close(j);
    json_put_word(j, "ending", r->n ? round_ending_name(r->ending) : "nothing_due");
    if (r->why.kind != ERR_NONE)
        json_put_text(j, "why", str_of(r->why.msg));
}

static void put_json(const struct run_result *r, struct buf *out)
{
    struct json_out j = { .buf = out, .style = JSON_COMPACT };

    json_open(&j, NULL);
    put_round(&j, &r->round);
    watch_put_today(&j, &r->after);
    json_open_list(&j, "events");
    for (size_t i = 0; i < r->fresh; i++)
        watch_put_event(&j, NULL, &r->fresh_event[i]);
    json_close(&j);
    json_close(&j);
    buf_char(out, '\n');
}

static void tell(const struct run_result *r)
{
    const struct round_result *o = &r->round;
    char at[UTC_TEXT_MAX];
    struct buf line = { 0 };

    if (!o->n)
        log_info("nothing is due: all was measured today");
    else
        log_info("round %" PRId64 ": " COUNTED " to the API, " COUNTED " read; %s", o->n,
                 COUNT_OF(o->api.sends, "request", "requests"),
                 COUNT_OF(o->site.pages + o->site.oembed, "page", "pages"),
                 o->ending == ROUND_DONE ? "done" : round_ending_name(o->ending));
    watch_today_text(&line, &r->after);
    log_info("%s", buf_cstr(&line));
    for (size_t i = 0; i < r->fresh; i++) {
        buf_clear(&line);
        watch_event_text(&line, &r->fresh_event[i]);
        log_info("new: %s", buf_cstr(&line));
    }
    if (o->why.kind != ERR_NONE)
        log_warn("%s", o->why.msg);
    if (r->after.ahead_at)
        log_warn("the list has readings of %s, which is yet to come: this machine's clock was "
                 "wrong then, or is now", utc_rfc3339(r->after.ahead_at, at));
    buf_release(&line);
}

/* What was due and is not done is no success; a person has to look after a key. */
static int code_of(const struct round_result *r)
{
    if (!r->n || r->ending == ROUND_DONE)
        return 0;
    return r->ending == ROUND_TOKEN ? err_exit_code(&(struct err){ .kind = ERR_AUTH })
                                    : EXIT_UNFINISHED;
}

static int run(struct app *app, struct err *err)
{
    struct run_result r;
    int rc = monitor_run(&app->audit, given.limit, &r, err);

    if (rc == 0) {
        if (given.json)
            put_json(&r, &app->out);
        tell(&r);
        app->code = code_of(&r.round);
    }
    run_release(&r);
    return rc;
}

const struct action cmd_monitor_run = {
    .options = options, .about = about, .prepare = prepare, .run = run, .series = SERIES_WATCH
};
