/* cmd/cmd_load.c: answers that others collected. */
#include <inttypes.h>
#include <stdlib.h>
#include "audit/take/load.h"
#include "base/array.h"
#include "base/json_out.h"
#include "base/log.h"
#include "base/utc.h"
#include "cmd/cmd.h"
#include "cmd/files.h"
#include "cmd/load_posts.h"
#include "report/inputs.h"

struct loop {
    struct app *app;
    struct load_result sum;
    struct buf ledgers;            // a JSON object a file
};
static struct {
    struct load_opts load;
    const char *at;
    bool api, pages, posts, newest, json;
} given;
static const struct opt options[] = {
    OPT_FLAG("api", &given.api,
             "the files hold replies of the research API, rows of them, or are archives"),
    OPT_FLAG("pages", &given.pages,
             "the files hold pages, are archives (WARC, WACZ, HAR), or lists by other tools"),
    OPT_FLAG("posts", &given.posts,
             "of a sample: the files list creators' posts (yt-dlp -J, Zeeschuimer, 4CAT ...)"),
    OPT_FLAG("newest", &given.newest, "with --posts: the lists hold the newest posts alone"),
    OPT_TEXT("at", &given.at, "TIME",
             "when they were answered, where the files do not say (RFC 3339 or a date)"),
    OPT_TEXT("asked", &given.load.asked, "FILE",
             "the ids that the replies were asked for: those that are missing count as absent"),
    OPT_FLAG("json", &given.json, "print the counts as JSON"),
    OPT_END
};
static const char about[] =
    "Takes in answers that others collected; from there on they are like the audit's own. "
    "Folders are walked as by `add`. Ids that the audit did not know become items. What a file "
    "held stands in the same ledger as that of `add`.\n\n"
    "With `--api` the files hold replies of the Research API (JSON, JSONL or an archive), an "
    "account's liked, reposted and pinned posts among them, rows of it, data frames (CSV, or "
    "JSON in any orientation that names its columns), or a crawl database of tiktok-library. "
    "Each is of its own time: WARC-Date, that of its log_id or of a column such as crawled_at, "
    "else `--at`. What is passed over is named, and new keys of replies are counted as drift.\n\n"
    "With `--pages` they hold pages: HTML, of the post that the page itself names or else the "
    "file's name (ID.html), or archives: WARC of this program or of others (wget, browsertrix, "
    "warcio), compressed or not, WACZ, or HAR. Records that hold no reply are passed over and "
    "counted, and of a damaged archive what is whole is taken. Lists of posts that other tools "
    "write (Zeeschuimer, 4CAT, yt-dlp, TikTok-Api, pyktok, Apify, gallery-dl) are read as well: "
    "each post was public when the file says that it was seen, else at `--at`; a row that says "
    "that a link failed is an item and no answer. A page counts as read at `page.vantage`: with "
    "`--set page.vantage=ca` it is one of the vantage ca, else of the audit's first.\n\n"
    "With `--posts`, in a sample, they list the posts of its creators, as yt-dlp, Zeeschuimer, "
    "4CAT, TikTok-Api and the platform itself do: who listed what, when, is kept, and nothing "
    "else of the posts, until `sample draw` draws some. Where the file says on whose page a row "
    "stood, rows of others (reposts) are dropped; so are posts that friends alone may see, rows "
    "of a feed, and creators who are not in the frame; all are counted. A list of which the file "
    "says that it goes on is marked as one of the newest alone.\n\n"
    "A file without any time is refused. With `--asked` all files of the command are the pages "
    "of one search, in any order, that asked for at most 100 ids: one that is in none of them "
    "counts as absent where they are all there, from the first (its cursor is at most 100) to "
    "one that says that there is no more. Else, and of rows and data frames, their number is "
    "said and not counted. Replies to several searches, or to one that was asked anew, are an "
    "error: give each list with its own replies.";

static int prepare(struct app *app, struct err *err)
{
    (void)app;
    if (given.api + given.pages + given.posts != 1)
        return err_set(err, ERR_USAGE,
                       "load: expected one of --api (the files hold replies of the "
                       "API), --pages (pages) and --posts (lists of posts)");
    if (given.newest && !given.posts)
        return err_set(err, ERR_USAGE, "load: --newest goes with --posts");
    if (!given.api && given.load.asked)
        return err_set(err, ERR_USAGE, "load: --asked goes with --api");
    given.load.has_at = given.at != NULL;
    if (given.at && utc_parse_seen(str_of(given.at), &given.load.at, err)) {
        err->kind = ERR_USAGE;
        return err_wrap(err, "--at");
    }
    return 0;
}

static void add(struct load_result *sum, const struct load_result *one)
{
    sum->answers += one->answers;
    sum->found += one->found;
    sum->is_public += one->is_public;
    sum->refused += one->refused;
    sum->no_answer += one->no_answer;
    sum->strange += one->strange;
    sum->items += one->items;
    sum->other += one->other;
    sum->spoiled += one->spoiled;
    sum->damaged += one->damaged;
    sum->not_counted += one->not_counted;
    for (size_t i = 0; i < one->passed_n; i++)
        load_pass(sum, one->passed[i].what, STR_NONE, one->passed[i].n);
    for (int i = 0; i < REPLIES_SKIP_COUNT; i++)
        sum->skipped[i] += one->skipped[i];
    intake_add(&sum->intake, &one->intake);
}

static void put_file(struct buf *ledgers, const char *file, const struct load_result *r)
{
    struct json_out o = { .buf = ledgers, .style = JSON_COMPACT, .filled = ledgers->n > 0 };

    json_open(&o, NULL);
    json_put_text(&o, "file", str_of(file));
    report_put_intake(&o, &r->intake);
    json_close(&o);
}

/* In the same words as `add`; of what was passed over by a name of its own, that too. */
static void skipped_text(const struct load_result *r, struct buf *out)
{
    if (r->intake.kinds)
        buf_puts(out, "; skipped: ");
    report_passed_text(out, &r->intake);
}

static void print_json(const struct load_result *sum, const struct files *files, struct str ledgers,
                       struct buf *out)
{
    struct json_out o = { .buf = out, .style = JSON_COMPACT };

    json_open(&o, NULL);
    json_put_int(&o, "files", files->taken);
    json_put_int(&o, "files_failed", files->failed);
    json_put_int(&o, "answers", sum->answers);
    json_put_int(&o, "found", sum->found);
    json_put_int(&o, "public", sum->is_public);
    json_put_int(&o, "refused", sum->refused);
    json_put_int(&o, "no_answer", sum->no_answer);
    json_put_int(&o, "strange_rows", sum->strange);
    json_put_int(&o, "new_items", sum->items);
    json_open(&o, "skipped");
    for (int i = 0; i < REPLIES_SKIP_COUNT; i++)
        if (sum->skipped[i])
            json_put_int(&o, replies_skip_name((enum replies_skip)i), sum->skipped[i]);
    if (sum->spoiled)
        json_put_int(&o, "spoiled_id", sum->spoiled);
    if (sum->damaged)
        json_put_int(&o, "damaged_part", sum->damaged);
    if (sum->not_counted)
        json_put_int(&o, "asked_not_counted", sum->not_counted);
    if (sum->other)
        json_put_int(&o, "other_reply", sum->other);
    for (size_t i = 0; i < sum->passed_n; i++) {
        json_put_key(&o, str_of(sum->passed[i].what));
        json_put_int(&o, NULL, sum->passed[i].n);
    }
    json_close(&o);
    json_open(&o, "ledger");
    report_put_intake(&o, &sum->intake);
    json_close(&o);
    json_open_list(&o, "ledgers");
    json_put_raw(&o, NULL, ledgers);
    json_close(&o);
    json_close(&o);
    buf_char(out, '\n');
}

static void tell(const char *file, const struct load_result *one)
{
    struct buf rest = { 0 };

    skipped_text(one, &rest);
    log_info("%s: " COUNTED ": %" PRId64 " found, %" PRId64 " public, %" PRId64 " refused, %" PRId64
             " no answer; %" PRId64 " seen, " COUNTED ", " COUNTED "%s",
             file, COUNT_OF(one->answers, "answer", "answers"), one->found, one->is_public,
             one->refused, one->no_answer, one->intake.seen,
             COUNT_OF(one->items, "new item", "new items"),
             COUNT_OF(one->intake.duplicates, "duplicate", "duplicates"), buf_cstr(&rest));
    buf_release(&rest);
    if (one->answers == 0 && !one->other)
        log_error("%s: nothing in it was taken", file);
    if (one->damaged)
        log_warn("%s: " COUNTED " not read: %s", file,
                 COUNT_OF(one->damaged, "part was", "parts were"), one->damage);
}

static enum file_end end_of(const struct load_result *one)
{
    bool of_others = one->answers == 0 && one->other && !load_result_is_part(one);

    return one->not_meant || of_others ? FILE_NOT_MEANT
           : one->answers == 0         ? FILE_NOTHING
           : load_result_is_part(one)  ? FILE_IN_PART
                                       : FILE_TAKEN;
}

static int load_one(void *to, const char *file, enum file_end *end, struct err *err)
{
    struct loop *loop = to;
    struct audit *audit = &loop->app->audit;
    struct load_result one;

    if (given.api ? load_api(audit, file, &given.load, &one, err)
                  : load_pages(audit, file, &given.load, &one, err))
        return -1;
    *end = end_of(&one);
    if (!one.not_meant) {
        tell(file, &one);
        put_file(&loop->ledgers, file, &one);
    }
    add(&loop->sum, &one);
    return 0;
}

/* ---- the pages of one search: all files answer it together ---- */

struct paths {
    char **v;
    size_t n, cap;
};

static int collect(void *to, const char *file, enum file_end *end, struct err *err)
{
    struct paths *paths = to;

    (void)err;
    ARRAY_ROOM(paths->v, paths->n, paths->cap);
    paths->v[paths->n++] = xstrdup(file);
    *end = FILE_TAKEN;
    return 0;
}

static int run_asked(struct loop *loop, struct files *files, struct err *err)
{
    struct app *app = loop->app;
    struct paths paths = { 0 };
    struct load_result one = { 0 };
    int rc = -1;

    *files = (struct files){ .each = collect, .to = &paths };
    if (files_walk(files, app->operand, app->operands, err))
        goto out;
    if (files->failed) {
        err_set(err, ERR_INPUT, "--asked: nothing was taken, since not all files can be read");
        goto out;
    }
    if (load_asked(&app->audit, (const char *const *)paths.v, paths.n, &given.load, &one, err))
        goto out;
    tell(paths.v[0], &one);
    put_file(&loop->ledgers, paths.v[0], &one);
    add(&loop->sum, &one);
    files->failed += load_result_is_part(&one);
    rc = 0;
out:
    for (size_t i = 0; i < paths.n; i++)
        free(paths.v[i]);
    free(paths.v);
    return rc;
}

static int run(struct app *app, struct err *err)
{
    struct loop loop = { .app = app };
    struct files files = { .each = load_one, .to = &loop };
    const struct lists_opts lists = { given.load.at, given.load.has_at, given.newest };
    int rc = -1;

    if (given.posts)
        return load_posts(app, &lists, given.json, err);
    if (given.load.asked ? run_asked(&loop, &files, err)
                         : files_walk(&files, app->operand, app->operands, err))
        goto out;
    files_tell(&files);
    if (given.json)
        print_json(&loop.sum, &files, buf_view(&loop.ledgers), &app->out);
    app->code = files.failed ? EXIT_INPUT : 0;
    rc = 0;
out:
    buf_release(&loop.ledgers);
    return rc;
}

const struct action cmd_load = {
    .options = options, .about = about, .prepare = prepare, .run = run
};
