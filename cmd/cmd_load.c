/* cmd/cmd_load.c: answers that others collected. */
#include <inttypes.h>
#include "audit/take/load.h"
#include "base/log.h"
#include "base/utc.h"
#include "cmd/cmd.h"

typedef int load_fn(struct audit *, const char *, const struct load_opts *, struct load_result *,
                    struct err *);

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
    for (int i = 0; i < REPLIES_SKIP_COUNT; i++)
        sum->skipped[i] += one->skipped[i];
}

/* ", skipped ..." for a person, or the members of a JSON object. */
static void skipped(const struct load_result *r, bool json, struct buf *out)
{
    int n = 0;

    for (int i = 0; i < REPLIES_SKIP_COUNT; i++)
        if (r->skipped[i])
            buf_printf(out, json ? "%s\"%s\":%" PRId64 : "%s%s %" PRId64,
                       n++    ? (json ? "," : ", ")
                       : json ? ""
                              : "; skipped: ",
                       replies_skip_name((enum replies_skip)i), r->skipped[i]);
    if (r->other)
        buf_printf(out,
                   json ? "%s\"other_reply\":%" PRId64 : "%sreplies to other requests %" PRId64,
                   n      ? (json ? "," : ", ")
                   : json ? ""
                          : "; skipped: ",
                   r->other);
}

static int run(struct app *app, load_fn *load, char **files, int count, const struct load_opts *o,
               struct load_result *sum, struct err *err)
{
    if (app_open(app, true, err))
        return -1;
    for (int i = 0; i < count; i++) {
        struct load_result one;
        struct buf rest = {0};

        if (load(&app->audit, files[i], o, &one, err))
            return -1;
        log_info("%s: %" PRId64 " answers: %" PRId64 " found, %" PRId64 " public, %" PRId64
                 " refused, %" PRId64 " no answer; %" PRId64 " rows not taken; %" PRId64
                 " new items%s",
                 files[i], one.answers, one.found, one.is_public, one.refused, one.no_answer,
                 one.strange, one.items, (skipped(&one, false, &rest), buf_cstr(&rest)));
        buf_release(&rest);
        add(sum, &one);
    }
    return 0;
}

int cmd_load(struct app *app, int argc, char **argv)
{
    struct load_opts o = {0};
    struct load_result sum = {0};
    const char *at = NULL;
    bool api = false, pages = false, json = false;
    const struct opt opts[] = {
        OPT_FLAG("api", &api, "the files hold replies of the research API: JSON, JSONL or WARC"),
        OPT_FLAG("pages", &pages, "the files hold pages: .html named by id, or WARC"),
        OPT_TEXT("at", &at, "TIME",
                 "when they were answered, where the files do not say (RFC 3339 or a date)"),
        OPT_TEXT("asked", &o.asked, "FILE",
                 "the ids that the replies were asked for: those that are missing count as absent"),
        OPT_FLAG("json", &json, "print the counts as JSON"),
        OPT_END
    };
    struct err err = {0};
    struct buf out = {0};
    char **files;
    int count, go = app_options(app, opts, argc, argv, &files, &count, &err);

    if (go == 0)
        return app_done(app, 0);
    if (go > 0 && api == pages)
        go = err_set(&err, ERR_USAGE, "load: expected either --api or --pages");
    if (go > 0 && pages && o.asked)
        go = err_set(&err, ERR_USAGE, "load: --asked goes with --api");
    if (go > 0 && count == 0)
        go = err_set(&err, ERR_USAGE, "load: expected at least one FILE");
    if (go > 0 && at) {
        o.has_at = true;
        if (utc_parse(str_of(at), &o.at, &err)) {
            err_wrap(&err, "--at");
            err.kind = ERR_USAGE;
            go = -1;
        }
    }
    if (go < 0 || run(app, api ? load_api : load_pages, files, count, &o, &sum, &err))
        return app_fail(app, &err);
    if (json) {
        buf_printf(&out,
                   "{\"answers\":%" PRId64 ",\"found\":%" PRId64 ",\"public\":%" PRId64
                   ",\"refused\":%" PRId64 ",\"no_answer\":%" PRId64 ",\"strange_rows\":%" PRId64
                   ",\"new_items\":%" PRId64 ",\"skipped\":{",
                   sum.answers, sum.found, sum.is_public, sum.refused, sum.no_answer, sum.strange,
                   sum.items);
        skipped(&sum, true, &out);
        buf_puts(&out, "}}\n");
    }
    app_print(&out);
    buf_release(&out);
    return app_done(app, 0);
}
