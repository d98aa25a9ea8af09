/* cmd/cmd_load.c: answers that others collected. */
#include <inttypes.h>
#include "audit/take/load.h"
#include "base/json_out.h"
#include "base/log.h"
#include "base/utc.h"
#include "cmd/cmd.h"

static struct { struct load_opts load; const char *at; bool api, pages, json; } given;
static const struct opt options[] = {
    OPT_FLAG("api", &given.api, "the files hold replies of the research API: JSON, JSONL or WARC"),
    OPT_FLAG("pages", &given.pages,
             "the files hold pages: .html named by id, WARC, or lists of posts by other tools"),
    OPT_TEXT("at", &given.at, "TIME",
             "when they were answered, where the files do not say (RFC 3339 or a date)"),
    OPT_TEXT("asked", &given.load.asked, "FILE",
             "the ids that the replies were asked for: those that are missing count as absent"),
    OPT_FLAG("json", &given.json, "print the counts as JSON"),
    OPT_END
};

static int prepare(struct app *app, struct err *err)
{
    (void)app;
    if (given.api == given.pages)
        return err_set(err, ERR_USAGE, "load: expected either --api or --pages");
    if (given.pages && given.load.asked)
        return err_set(err, ERR_USAGE, "load: --asked goes with --api");
    given.load.has_at = given.at != NULL;
    if (given.at && utc_parse(str_of(given.at), &given.load.at, err)) {
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
    for (size_t i = 0; i < one->passed_n; i++)
        load_pass(sum, one->passed[i].what, STR_NONE, one->passed[i].n);
    for (int i = 0; i < REPLIES_SKIP_COUNT; i++)
        sum->skipped[i] += one->skipped[i];
}

static void skipped_text(const struct load_result *r, struct buf *out)
{
    for (int i = 0; i < REPLIES_SKIP_COUNT; i++)
        if (r->skipped[i])
            buf_printf(out, "%s%s %" PRId64, out->n ? ", " : "; skipped: ",
                       replies_skip_name((enum replies_skip)i), r->skipped[i]);
    if (r->spoiled)
        buf_printf(out, "%sspoiled_id %" PRId64, out->n ? ", " : "; skipped: ", r->spoiled);
    for (size_t i = 0; i < r->passed_n; i++)
        buf_printf(out, "%s%s %" PRId64, out->n ? ", " : "; skipped: ", r->passed[i].what,
                   r->passed[i].n);
    if (r->other)
        buf_printf(out, "%sreplies to other requests %" PRId64, out->n ? ", " : "; skipped: ",
                   r->other);
}

static void print_json(const struct load_result *sum, struct buf *out)
{
    struct json_out o = { .buf = out, .style = JSON_COMPACT };

    json_open(&o, NULL);
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
    if (sum->other)
        json_put_int(&o, "other_reply", sum->other);
    for (size_t i = 0; i < sum->passed_n; i++) {
        json_put_key(&o, str_of(sum->passed[i].what));
        json_put_int(&o, NULL, sum->passed[i].n);
    }
    json_close(&o);
    json_close(&o);
    buf_char(out, '\n');
}

static int run(struct app *app, struct err *err)
{
    struct load_result sum = {0};

    for (int i = 0; i < app->operands; i++) {
        const char *file = app->operand[i];
        struct load_result one;
        struct buf rest = {0};

        if (given.load.asked)    // all files answer it together
            i = app->operands;
        if (given.load.asked ? load_asked(&app->audit, (const char *const *)app->operand,
                                          (size_t)app->operands, &given.load, &one, err)
            : given.api      ? load_api(&app->audit, file, &given.load, &one, err)
                             : load_pages(&app->audit, file, &given.load, &one, err))
            return -1;
        skipped_text(&one, &rest);
        log_info("%s: " COUNTED ": %" PRId64 " found, %" PRId64 " public, %" PRId64
                 " refused, %" PRId64 " no answer; " COUNTED " not taken; " COUNTED "%s",
                 file, COUNT_OF(one.answers, "answer", "answers"), one.found, one.is_public,
                 one.refused, one.no_answer, COUNT_OF(one.strange, "row", "rows"),
                 COUNT_OF(one.items, "new item", "new items"), buf_cstr(&rest));
        buf_release(&rest);
        add(&sum, &one);
    }
    if (given.json)
        print_json(&sum, &app->out);
    return 0;
}

const struct action cmd_load = { .options = options, .prepare = prepare, .run = run };
