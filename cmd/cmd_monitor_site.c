/* cmd/cmd_monitor_site.c: a watch list as a public page. */
#include <inttypes.h>
#include <string.h>
#include "audit/monitor/site.h"
#include "base/json_out.h"
#include "base/log.h"
#include "base/utc.h"
#include "cmd/cmd.h"
#include "report/text.h"

static struct { const char *title, *url; bool names, json; } given;
static const struct opt options[] = {
    OPT_TEXT("title", &given.title, "TEXT", "the name of the list, on every page"),
    OPT_TEXT("url", &given.url, "URL",
             "where the site will stand, for the links of its feed: https://example.org/watch/"),
    OPT_FLAG("names", &given.names, "pages show handles, not pseudonyms"),
    OPT_FLAG("json", &given.json, "print what was written as JSON"), OPT_END
};
static const char about[] =
    "Makes DIR: a site that any web server can show, of files alone. index.html says what the API "
    "returned on the last day that was measured, on how many post-days it did not return the "
    "post, and shows posts by days; item/ID.html has every day of a post, with what the API and "
    "the page answered and where that lies in the archive; data.json and data.csv hold the days "
    "(of long lists the newest; data-all.json.gz and data-all.csv.gz then hold them all), "
    "feed.xml the events and notes, badge.svg a picture for other pages, which is grey where the "
    "list is stale.\n\n"
    "The folder is filled beside its place and then exchanged: whoever reads meanwhile has the "
    "old site or the new one, each whole. A folder that was not made so, and is not empty, is not "
    "replaced; the server's own files belong beside it. It reads the store as it was last "
    "committed, so that it can be run beside `monitor run`. A day that was not measured is never "
    "shown as an absence. Handles are pseudonyms unless `--names`.";

static int prepare(struct app *app, struct err *err)
{
    const size_t n = given.url ? strlen(given.url) : 0;

    if (given.url && ((strncmp(given.url, "https://", 8) && strncmp(given.url, "http://", 7)) ||
                      given.url[n - 1] != '/' || strpbrk(given.url, " \"<>")))
        return err_set(err, ERR_USAGE, "monitor site: --url: expected an address that ends with /, "
                                       "as https://example.org/watch/, not \"%.80s\"", given.url);
    (void)app;
    return 0;
}

static void print_json(const struct monitor_site_result *r, struct buf *out)
{
    const struct watch_history *h = &r->history;
    struct json_out o = { .buf = out, .style = JSON_COMPACT };

    json_open(&o, NULL);
    json_put_int(&o, "files", r->files);
    json_put_int(&o, "bytes", r->bytes);
    json_put_int(&o, "posts", (int64_t)h->watched);
    json_put_int(&o, "canaries", (int64_t)h->canaries);
    json_put_int(&o, "days", h->days);
    json_put_int(&o, "found", h->counts.found);
    json_put_int(&o, "absent", h->counts.absent);
    json_put_int(&o, "not_measured", h->counts.not_measured);
    json_put_int(&o, "events", (int64_t)h->events);
    json_put_int(&o, "notes", (int64_t)h->notes);
    json_put_bool(&o, "stale", h->is_stale);
    json_close(&o);
    buf_char(out, '\n');
}

static int run(struct app *app, struct err *err)
{
    const struct monitor_site_opts o = { .title = given.title, .url = given.url, .now = utc_now() };
    struct monitor_site_result r;
    struct arena mem = { 0 };
    int rc = given.names ? settings_set(&app->audit.set, "report.names=yes", err) : 0;

    if (rc == 0)
        rc = monitor_site(&app->audit, app->operand[0], &o, &mem, &r, err);
    if (rc == 0) {
        const struct watch_counts *c = &r.history.counts;

        log_info("%s: " COUNTED ", " COUNTED " on " COUNTED ": %" PRId64 " found, %" PRId64
                 " absent, %" PRId64 " not measured; " COUNTED,
                 app->operand[0], COUNT_OF(r.files, "file", "files"),
                 COUNT_OF((int64_t)r.history.watched, "post", "posts"),
                 COUNT_OF(r.history.days, "day", "days"), c->found, c->absent, c->not_measured,
                 COUNT_OF((int64_t)r.history.events, "event", "events"));
        if (given.json)
            print_json(&r, &app->out);
    }
    arena_release(&mem);
    return rc;
}

const struct action cmd_monitor_site = {
    .options = options, .about = about, .prepare = prepare, .run = run, .series = SERIES_WATCH
};
