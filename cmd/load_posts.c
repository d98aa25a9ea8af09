/* cmd/load_posts.c: what it says of each file, and the counts of all. */
#include "cmd/load_posts.h"
#include <inttypes.h>
#include "base/json_out.h"
#include "base/log.h"
#include "cmd/files.h"
#include "report/inputs.h"
#include "store/frame.h"

struct loop {
    struct app *app;
    const struct lists_opts *o;
    struct json_out *json;
};

static void put_result(struct json_out *o, const struct lists_result *r)
{
    json_open(o, NULL);
    json_put_text(o, "file", str_of(r->file));
    json_put_int(o, "rows", r->rows);
    json_put_int(o, "posts", r->fate[LISTED_POST] - r->repeats);
    json_put_int(o, "repeats", r->repeats);
    json_put_int(o, "lists", r->lists);
    json_put_int(o, "new", r->fresh);
    json_put_int(o, "newest_only", r->cut);
    json_open(o, "dropped");
    for (int f = LISTED_POST + 1; f < LISTED_FATE_COUNT; f++)
        if (r->fate[f])
            json_put_int(o, listed_fate_name((enum listed_fate)f), r->fate[f]);
    json_close(o);
    json_close(o);
}
static void tell(const struct lists_result *r)
{
    struct intake dropped = { 0 };
    struct buf line = { 0 };

    for (int f = LISTED_POST + 1; f < LISTED_FATE_COUNT; f++)
        intake_pass(&dropped, listed_fate_name((enum listed_fate)f), r->fate[f]);
    buf_printf(&line, "%s: " COUNTED ", " COUNTED " on " COUNTED " (%" PRId64 " new", r->file,
               COUNT_OF(r->rows, "row", "rows"),
               COUNT_OF(r->fate[LISTED_POST] - r->repeats, "post", "posts"),
               COUNT_OF(r->lists, "list", "lists"), r->fresh);
    if (r->cut)
        buf_printf(&line, ", %" PRId64 " of the newest posts alone", r->cut);
    buf_puts(&line, ")");
    if (r->repeats)
        buf_printf(&line, ", " COUNTED, COUNT_OF(r->repeats, "repeat", "repeats"));
    if (dropped.kinds)
        buf_puts(&line, "; dropped: ");
    report_passed_text(&line, &dropped);
    log_info("%s", buf_cstr(&line));
    if (!r->lists)
        log_error("%s: nothing was taken: %s", r->file,
                  r->fate[LISTED_NOT_SEEN]
                      ? "its creators are not in the frame; `blindspot sample add` takes them in"
                      : "no row of it is on the list of a creator");
    buf_release(&line);
}
static int load_one(void *to, const char *path, enum file_end *end, struct err *err)
{
    struct loop *loop = to;
    struct lists_result r;

    if (sample_load(&loop->app->audit, path, loop->o, &r, err))
        return -1;
    tell(&r);
    if (loop->json)
        put_result(loop->json, &r);
    *end = r.lists ? FILE_TAKEN : FILE_NOTHING;
    return 0;
}

int load_posts(struct app *app, const struct lists_opts *lists, bool json, struct err *err)
{
    struct json_out o = { .buf = &app->out, .style = JSON_COMPACT };
    struct loop loop = { app, lists, json ? &o : NULL };
    struct files walk = { .each = load_one, .to = &loop };
    struct frame_totals frame;

    if (series_require(&app->audit, SERIES_SAMPLE, "load --posts", err))
        return -1;
    if (json) {
        json_open(&o, NULL);
        json_open_list(&o, "files");
    }
    if (files_walk(&walk, app->operand, app->operands, err) ||
        store_frame_totals(app->audit.store, &frame, err))
        return -1;
    files_tell(&walk);
    app->code = walk.failed ? EXIT_INPUT : 0;
    log_info("the frame holds " COUNTED ", of which " COUNTED " listed, with " COUNTED,
             COUNT_OF(frame.creators, "creator", "creators"), COUNT_OF(frame.listed, "is", "are"),
             COUNT_OF(frame.posts, "post", "posts"));
    if (json) {
        json_close(&o);
        json_put_int(&o, "files_failed", walk.failed);
        json_put_int(&o, "creators", frame.creators);
        json_put_int(&o, "listed", frame.listed);
        json_put_int(&o, "posts", frame.posts);
        json_close(&o);
        buf_char(&app->out, '\n');
    }
    return 0;
}
