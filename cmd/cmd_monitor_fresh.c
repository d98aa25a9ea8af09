/* cmd/cmd_monitor_fresh.c: new posts and how long the API takes to return them. */
#include <inttypes.h>
#include <math.h>
#include "audit/monitor/fresh.h"
#include "base/json_out.h"
#include "base/log.h"
#include "base/utc.h"
#include "cmd/cmd.h"
#include "report/site.h"
#include "watch/fresh.h"

static struct {
    bool json;
} given;
static const struct opt options[] = {
    OPT_FLAG("json", &given.json, "print the curve as JSON"),
    OPT_END
};
static const char about[] =
    "Follows new posts from their first hours until the API returns them. With ids or links it "
    "puts those on the watch list that are less than a day old; the others are counted and left "
    "out, for their first hours are gone. `monitor run` then asks for each at growing ages, with "
    "one ask just before and one just after 48 and 72 hours, so run it every hour. They count in "
    "no post-day of the list and make no event.\n\n"
    "Without any it tells how far they are: how many are back, and how many of all are there by "
    "24, 48 and 72 hours. When a post came is known to lie between two asks, so the estimate is "
    "Turnbull's (1976), with posts that are not back as known absent until they were last missed; "
    "where the times are exact it is that of Kaplan and Meier. The bounds are 95 % limits, by "
    "account, of what was known to be there and of what may have been. `blindspot check` holds "
    "a promise against the same asks: `latency = 48h`.";

static int prepare(struct app *app, struct err *err)
{
    (void)err;
    app->need = app->operands ? NEED_WRITE : NEED_READ;
    return 0;
}

static void tell_curve(const struct fresh_curve *c)
{
    if (!c->followed) {
        log_info("no new post is followed yet: name some, `blindspot monitor fresh ID...`");
        return;
    }
    log_info(COUNTED " followed: %" PRId64 " returned, %" PRId64 " gone before that, %" PRId64
                     " given up after 30 days, %" PRId64 " waiting",
             COUNT_OF(c->followed, "new post", "new posts"), c->returned, c->gone, c->given_up,
             c->waiting);
    for (int i = 0; i < FRESH_MARKS; i++) {
        const struct fresh_mark *m = &c->mark[i];

        if (m->has)
            log_info("by %d hours: %.1f %% (%.1f %% to %.1f %%); %" PRId64 " of %" PRId64
                     " were known to be there",
                     m->hours, 100 * m->value, 100 * m->low, 100 * m->high, m->found, m->n);
        else
            log_info("by %d hours: open, for " COUNTED " asked by then", m->hours,
                     COUNT_OF(m->n, "post was", "posts were"));
    }
    if (c->has_half && isfinite(c->half_high))
        log_info("half are there by %.0f hours (%.0f to %.0f)", c->half, c->half_low,
                 c->half_high);
    else if (c->has_half)
        log_info("half are there by %.0f hours (%.0f or more)", c->half, c->half_low);
}

static int run(struct app *app, struct err *err)
{
    struct json_out j = { .buf = &app->out, .style = JSON_COMPACT };
    struct fresh_added added = { 0 };
    struct fresh_curve curve;
    struct arena mem = { 0 };
    int rc = -1;

    if (app->operands && fresh_add(&app->audit, app->operand, app->operands, &added, err))
        goto out;
    if (fresh_curve_make(&app->audit, utc_now(), &mem, &curve, err))
        goto out;
    json_open(&j, NULL);
    json_put_int(&j, "added", added.added);
    json_put_int(&j, "already", added.already);
    json_put_int(&j, "too_old", added.too_old);
    fresh_put(&j, &curve);
    json_close(&j);
    buf_char(&app->out, '\n');
    if (!given.json)
        buf_clear(&app->out);
    if (app->operands)
        log_info("added " COUNTED "; %" PRId64 " older than %d hours left out, %" PRId64
                 " followed before",
                 COUNT_OF(added.added, "new post", "new posts"), added.too_old, FRESH_YOUNG_HOURS,
                 added.already);
    tell_curve(&curve);
    rc = 0;
out:
    arena_release(&mem);
    return rc;
}

const struct action cmd_monitor_fresh = {
    .options = options, .about = about, .prepare = prepare, .run = run, .series = SERIES_WATCH
};
