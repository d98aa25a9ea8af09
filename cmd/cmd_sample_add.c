/* cmd/cmd_sample_add.c: creators into the frame of a sample. */
#include <inttypes.h>
#include <stdlib.h>
#include "audit/sample/frame.h"
#include "base/file.h"
#include "base/json_out.h"
#include "base/log.h"
#include "base/utc.h"
#include "cmd/cmd.h"
#include "cmd/files.h"
#include "report/inputs.h"
#include "store/frame.h"

static struct {
    struct sight_opts seen;
    const char *day;
    bool json;
} given;
static const struct opt options[] = {
    OPT_TEXT("day", &given.day, "DAY",
             "when they were seen, where a file does not say (2026-03-02)"),
    OPT_TEXT("place", &given.seen.place, "TEXT",
             "where they were seen, where a file does not say: a country, a feed"),
    OPT_TEXT("column", &given.seen.column, "NAME|N",
             "of CSV and TSV: the column that holds handles or links"),
    OPT_TEXT("key", &given.seen.key, "NAME", "of JSON: the key that holds handles or links"),
    OPT_FLAG("json", &given.json, "print the counts as JSON"),
    OPT_END
};
static const char about[] =
    "Takes creators into the frame of a sample: whom somebody saw, when, where and by which "
    "post. In an empty folder it makes the sample first; a sample is a folder of its own, like "
    "an audit, and its posts are asked and read by the same commands.\n\n"
    "A file holds handles or links, one a line, a table with a column of them (`handle`, "
    "`username`, `author` ...; `day` or `seen_at`, `place` and `author_id` beside it are read "
    "too), or posts of a feed in every form that `add` reads: the platform's own replies "
    "(item_list), what Zeeschuimer, 4CAT, TikTok-Api, yt-dlp, pyktok, Apify and gallery-dl "
    "write, archives of a browser (HAR, WARC), donation packages. What is known of a post "
    "besides its author is not kept. Handles count in lower case; those whose rows name one "
    "author id are one creator.\n\n"
    "The day is the row's own where it has one, else `--day`. The time at which a post was made "
    "is not when its author was seen. What names no creator (a short link, a link without a "
    "handle) is counted by kind, and a file of which nothing was taken is named: exit code 2.";

/* `sample add feed.json` in an empty folder makes the sample first. */
static int prepare(struct app *app, struct err *err)
{
    char *db = file_join(app->dir, "audit.db");
    int64_t at = 0;
    int rc = 0;

    given.seen.has_day = given.day != NULL;
    if (given.day && utc_parse(str_of(given.day), &at, err)) {
        err->kind = ERR_USAGE;
        rc = err_wrap(err, "--day");
    } else if (!file_exists(db)) {
        rc = series_init(app->dir, SERIES_SAMPLE, NULL, err);
        if (rc == 0)
            log_info("made a sample in %s: settings in blindspot.ini, rules in rules.ini",
                     app->dir);
    }
    given.seen.day = at / 86400;
    free(db);
    return rc;
}

static void put_sighted(struct json_out *o, const struct sighted *in)
{
    json_open(o, NULL);
    json_put_text(o, "file", str_of(in->file));
    json_put_word(o, "kind", in->count.kind);
    json_put_int(o, "sightings", in->count.taken);
    json_put_int(o, "new", in->fresh);
    json_put_int(o, "repeats", in->repeats);
    json_put_int(o, "new_creators", in->creators);
    json_put_int(o, "without_day", in->no_day);
    json_put_int(o, "without_place", in->no_place);
    json_open(o, "skipped");
    for (int i = 0; i < SKIP_COUNT; i++)
        if (in->count.skipped[i])
            json_put_int(o, import_skip_name((enum import_skip)i), in->count.skipped[i]);
    json_close(o);
    json_put_int(o, "residual", intake_residual(&in->intake));
    json_close(o);
}
static void tell(const struct sighted *in)
{
    struct intake passed = { 0 };
    struct buf line = { 0 };

    for (int i = 0; i < SKIP_COUNT; i++)
        intake_pass(&passed, import_skip_name((enum import_skip)i), in->count.skipped[i]);
    buf_printf(&line, "%s: %s, " COUNTED " (%" PRId64 " new, " COUNTED "), " COUNTED, in->file,
               in->count.kind, COUNT_OF(in->count.taken, "sighting", "sightings"), in->fresh,
               COUNT_OF(in->repeats, "repeat", "repeats"),
               COUNT_OF(in->creators, "new creator", "new creators"));
    if (in->no_day)
        buf_printf(&line, "; %" PRId64 " without a day: `--day` says when", in->no_day);
    if (passed.kinds)
        buf_puts(&line, "; skipped: ");
    report_passed_text(&line, &passed);
    log_info("%s", buf_cstr(&line));
    if (!in->count.taken)
        log_error("%s: nothing was taken: %s", in->file,
                  in->count.links ? "none of its links names a creator"
                                  : "it holds no handle and no link");
    buf_release(&line);
}

struct loop {
    struct app *app;
    struct json_out *json;
};
static int add_one(void *to, const char *path, enum file_end *end, struct err *err)
{
    struct loop *loop = to;
    struct sighted in;

    if (sample_add(&loop->app->audit, path, &given.seen, &in, err))
        return -1;
    tell(&in);
    if (given.json)
        put_sighted(loop->json, &in);
    *end = in.count.taken ? FILE_TAKEN : FILE_NOTHING;
    return 0;
}

static int run(struct app *app, struct err *err)
{
    struct json_out o = { .buf = &app->out, .style = JSON_COMPACT };
    struct loop loop = { app, &o };
    struct files walk = { .each = add_one, .to = &loop };
    struct frame_totals frame;

    if (given.json) {
        json_open(&o, NULL);
        json_open_list(&o, "files");
    }
    if (files_walk(&walk, app->operand, app->operands, err) ||
        store_frame_totals(app->audit.store, &frame, err))
        return -1;
    files_tell(&walk);
    app->code = walk.failed ? EXIT_INPUT : 0;
    log_info("the frame holds " COUNTED ", of which " COUNTED " listed",
             COUNT_OF(frame.creators, "creator", "creators"), COUNT_OF(frame.listed, "is", "are"));
    if (given.json) {
        json_close(&o);
        json_put_int(&o, "files_failed", walk.failed);
        json_put_int(&o, "creators", frame.creators);
        json_put_int(&o, "sightings", frame.sightings);
        json_put_int(&o, "listed", frame.listed);
        json_close(&o);
        buf_char(&app->out, '\n');
    }
    return 0;
}

const struct action cmd_sample_add = {
    .options = options, .about = about, .prepare = prepare, .run = run, .series = SERIES_SAMPLE
};
