/* cmd/cmd_monitor.c: where a watch list stands today. */
#include <inttypes.h>
#include "audit/monitor/told.h"
#include "base/json_out.h"
#include "base/log.h"
#include "base/utc.h"
#include "cmd/cmd.h"
#include "cmd/watch_text.h"
#include "record/id.h"

static struct {
    bool json;
} given;
static const struct opt options[] = {
    OPT_FLAG("json", &given.json, "print rounds, states and events as JSON"), OPT_END
};
static const char about[] =
    "Where a watch list stands: today's state of each post, what holds of it and since when, "
    "what waits for a second ask, the last round and the last events. Sends nothing.\n\n"
    "A watch list is a folder of its own. `monitor init` makes it, `monitor add` puts posts on "
    "it, `monitor run` asks for them, `monitor site` makes the public page, `monitor alert` "
    "tells a program of events.\n\n"
    "From cron every three hours, so that a change is confirmed on the day on which it was seen: "
    "`17 */3 * * * cd /srv/watch && blindspot -q monitor run`, and after a `;` `monitor alert` "
    "and `monitor site`. contrib/ has that line in full, and units for systemd. The key comes from "
    "the files that BLINDSPOT_CLIENT_KEY_FILE and BLINDSPOT_CLIENT_SECRET_FILE name.";

#define EVENTS_SHOWN 5

static const char *why_of(uint8_t why) { return why ? watch_why_name((enum watch_why)why) : ""; }

static void put_post(struct json_out *j, const struct due_item *d)
{
    const struct watch_holds *h = &d->holds[WATCH_SIDE_API];

    json_open(j, NULL);
    json_put_id(j, "id", d->id);
    json_put_text(j, "role", str_of(watch_role_name(d->role)));
    json_put_word(j, "api", watch_api_name(d->today.api));
    json_put_word(j, "api_why", why_of(d->today.api_why));
    json_put_bool(j, "no_canary", d->today.no_canary);
    json_put_word(j, "page", watch_page_name(d->today.page));
    json_put_word(j, "page_why", why_of(d->today.page_why));
    json_put_word(j, "holds", watch_api_name(h->state));
    json_put_instant(j, "measured_at", h->measured_at);
    json_put_word(j, "change", watch_api_name(h->change));
    json_put_instant(j, "changed_at", h->changed_at);
    json_close(j);
}

static void put_round(struct json_out *j, const struct told_rounds *rounds)
{
    const struct watch_round *r = rounds->n ? &rounds->v[rounds->n - 1] : NULL;

    json_put_int(j, "rounds", (int64_t)rounds->n);
    if (!r) {
        json_put_null(j, "last_round");
        return;
    }
    json_open(j, "last_round");
    json_put_int(j, "n", r->n);
    json_put_instant(j, "started_at", r->started_at);
    json_put_instant(j, "ended_at", r->ended_at);
    json_put_int(j, "due", r->due);
    json_put_word(j, "ending", round_ending_name(r->ending));
    json_close(j);
}

static void put_json(const struct due_list *l, const struct told_rounds *rounds,
                     const struct watch_event *e, size_t n, struct buf *out)
{
    struct json_out j = { .buf = out, .style = JSON_COMPACT };

    json_open(&j, NULL);
    put_round(&j, rounds);
    watch_put_today(&j, l);
    json_open_list(&j, "posts");
    for (size_t i = 0; i < l->n; i++)
        put_post(&j, &l->v[i]);
    json_close(&j);
    json_open_list(&j, "events");
    for (size_t i = 0; i < n; i++)
        watch_put_event(&j, NULL, &e[i]);
    json_close(&j);
    json_close(&j);
    buf_char(out, '\n');
}

/* ---- for a person ---- */

static void put_state(struct buf *out, const char *name, uint8_t why, int width)
{
    struct buf cell = { 0 };

    buf_puts(&cell, *name ? name : "-");
    if (why)
        buf_printf(&cell, " (%s)", why_of(why));
    buf_printf(out, "%-*s", width, buf_cstr(&cell));
    buf_release(&cell);
}

static void post_line(struct buf *out, const struct due_item *d)
{
    const struct watch_holds *h = &d->holds[WATCH_SIDE_API];
    char id[ID_TEXT_MAX], at[UTC_TEXT_MAX];

    buf_printf(out, "%-20s %-7s ", id_text(d->id, id), watch_role_name(d->role));
    if (d->role == WATCH_CANARY && d->today.api_why == WATCH_WHY_MISSED)
        put_state(out, "", 0, 22);    // not every round needs every canary
    else
        put_state(out, watch_api_name(d->today.api), d->today.api_why, 22);
    put_state(out, watch_page_name(d->today.page), d->today.page_why, 22);
    if (h->change)
        buf_printf(out, "%s since %s, to be confirmed", watch_api_name(h->change),
                   utc_rfc3339(h->changed_at, at));
    else if (h->state)
        buf_printf(out, "%s on %s", watch_api_name(h->state), utc_rfc3339(h->measured_at, at));
    buf_char(out, '\n');
}

static void put_text(const struct due_list *l, const struct told_rounds *rounds,
                     const struct watch_event *e, size_t n, struct buf *out)
{
    const struct watch_round *r = rounds->n ? &rounds->v[rounds->n - 1] : NULL;
    char at[UTC_TEXT_MAX];

    if (l->n) {
        watch_today_text(out, l);
        buf_char(out, '\n');
    } else {
        buf_puts(out, "no post is watched: `blindspot monitor add ID...` puts some on the list; a "
                      "series that was loaded stands on the site\n");
    }
    if (r)
        buf_printf(out, "last of " COUNTED ": %s, %s\n", COUNT_OF(rounds->n, "round", "rounds"),
                   utc_rfc3339(r->started_at, at),
                   r->ending ? round_ending_name(r->ending) : "not ended: it runs or was killed");
    else if (l->n)
        buf_puts(out, "no round yet: `blindspot monitor run` begins one\n");
    if (l->n)
        buf_printf(out, "\n%-20s %-7s %-22s%-22s%s\n", "post", "role", "API today", "page today",
                   "last measured by the API");
    for (size_t i = 0; i < l->n; i++)
        post_line(out, &l->v[i]);
    if (n)
        buf_puts(out, "\nlast events\n");
    for (size_t i = n > EVENTS_SHOWN ? n - EVENTS_SHOWN : 0; i < n; i++) {
        watch_event_text(out, &e[i]);
        buf_char(out, '\n');
    }
}

static int run(struct app *app, struct err *err)
{
    struct watch_events *events = NULL;
    struct told_rounds rounds = { 0 };
    struct due_list l = { 0 };
    const struct watch_event *e;
    size_t n = 0;
    int rc = -1;

    if (told_rounds_read(&app->audit, &rounds, err) ||
        due_make_with_events(&app->audit, utc_now(), utc_now(), &l, &events, err))
        goto out;
    e = watch_events_end(events, &n);
    if (given.json)
        put_json(&l, &rounds, e, n, &app->out);
    else
        put_text(&l, &rounds, e, n, &app->out);
    rc = 0;
out:
    watch_events_free(events);
    told_rounds_release(&rounds);
    due_release(&l);
    return rc;
}

const struct action cmd_monitor = {
    .options = options, .about = about, .run = run, .series = SERIES_WATCH
};
