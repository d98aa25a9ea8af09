/* cmd/cmd_monitor_load.c: series that others measured, into a watch list. */
#include <inttypes.h>
#include "audit/monitor/load.h"
#include "base/json_out.h"
#include "base/log.h"
#include "base/utc.h"
#include "cmd/cmd.h"
#include "cmd/files.h"
#include "report/inputs.h"

static struct { bool json; } given;
static const struct opt options[] = {
    OPT_FLAG("json", &given.json, "print the counts as JSON"), OPT_END
};
static const char about[] =
    "Takes in what others measured, day by day: tables (CSV) with the columns date, id, api and, "
    "where pages were read, page. api is found, absent or no_answer, page is public, refused or "
    "no_answer; nothing where nobody looked. A post that stands several times on a day was asked "
    "several times: found counts before absent, and any answer before none. The `data.csv` of a "
    "site that `monitor site` made is such a table.\n\n"
    "Its posts are on the list from then on, and on the site, but nobody asks for them: that "
    "takes `monitor add`. A day without a row is a gap, never an absence. A file is taken whole "
    "or, with the line that cannot be understood, not at all.";

struct loop { struct app *app; struct buf files; };

static void put_file(struct buf *out, const char *file, const struct monitor_loaded *r)
{
    struct json_out o = { .buf = out, .style = JSON_COMPACT, .filled = out->n > 0 };

    json_open(&o, NULL);
    json_put_text(&o, "file", str_of(file));
    json_put_int(&o, "posts", r->posts);
    json_put_int(&o, "days", r->days);
    json_put_date(&o, "first_day", r->first_day);
    json_put_date(&o, "last_day", r->last_day);
    json_put_int(&o, "days_without_a_row", r->gaps);
    for (enum watch_api api = WATCH_API_NOT_MEASURED; api < WATCH_API_COUNT; api++)
        json_put_int(&o, watch_api_name(api), r->by_api[api]);
    json_put_int(&o, "page_public", r->by_page[WATCH_PAGE_PUBLIC]);
    json_put_int(&o, "page_refused", r->by_page[WATCH_PAGE_REFUSED]);
    json_put_int(&o, "page_not_measured", r->by_page[WATCH_PAGE_NOT_MEASURED]);
    json_put_int(&o, "contrary_rows", r->contrary);
    json_open(&o, "ledger");
    report_put_intake(&o, &r->intake);
    json_close(&o);
    json_close(&o);
}

static void tell(const char *file, const struct monitor_loaded *r)
{
    char first[UTC_TEXT_MAX], last[UTC_TEXT_MAX];
    struct buf rest = { 0 };

    if (r->intake.kinds) {
        buf_puts(&rest, "; skipped: ");
        report_passed_text(&rest, &r->intake);
    }
    log_info("%s: " COUNTED " of " COUNTED " on " COUNTED ", %s to %s: %" PRId64
             " found, %" PRId64 " absent, %" PRId64 " not measured%s",
             file, COUNT_OF(r->intake.seen, "row", "rows"), COUNT_OF(r->posts, "post", "posts"),
             COUNT_OF(r->days, "day", "days"), utc_date(r->first_day, first),
             utc_date(r->last_day, last), r->by_api[WATCH_API_FOUND], r->by_api[WATCH_API_ABSENT],
             r->by_api[WATCH_API_NOT_MEASURED], buf_cstr(&rest));
    buf_release(&rest);
    if (r->gaps)
        log_info("%s: " COUNTED " between them without any row: a gap, not an absence", file,
                 COUNT_OF(r->gaps, "day", "days"));
    if (r->contrary)
        log_warn("%s: " COUNTED " otherwise than another of the same post and day: found "
                 "counts before absent, and any answer before none",
                 file, COUNT_OF(r->contrary, "row says", "rows say"));
}

static int load_one(void *to, const char *file, enum file_end *end, struct err *err)
{
    struct loop *loop = to;
    struct monitor_loaded one;

    if (monitor_load(&loop->app->audit, file, &one, err))
        return -1;
    *end = FILE_TAKEN;
    tell(file, &one);
    put_file(&loop->files, file, &one);
    return 0;
}

static void print_json(const struct files *files, struct str each, struct buf *out)
{
    struct json_out o = { .buf = out, .style = JSON_COMPACT };

    json_open(&o, NULL);
    json_put_int(&o, "files", files->taken);
    json_put_int(&o, "files_failed", files->failed);
    json_open_list(&o, "series");
    json_put_raw(&o, NULL, each);
    json_close(&o);
    json_close(&o);
    buf_char(out, '\n');
}

static int run(struct app *app, struct err *err)
{
    struct loop loop = { .app = app };
    struct files files = { .each = load_one, .to = &loop };
    int rc = files_walk(&files, app->operand, app->operands, err);

    if (rc == 0) {
        files_tell(&files);
        if (given.json)
            print_json(&files, buf_view(&loop.files), &app->out);
        app->code = files.failed ? EXIT_INPUT : 0;
    }
    buf_release(&loop.files);
    return rc;
}

const struct action cmd_monitor_load = {
    .options = options, .about = about, .run = run, .series = SERIES_WATCH
};
