/* cmd/sentences.c: sentences of several commands. */
#include <inttypes.h>
#include "audit/inputs.h"
#include "audit/turn/outlook.h"
#include "base/json_out.h"
#include "base/log.h"
#include "base/utc.h"
#include "cmd/files.h"
#include "cmd/round_json.h"
#include "cmd/sentences.h"
#include "report/inputs.h"

static void sentence_of(const struct added *in, struct buf *out)
{
    const struct import_count *c = &in->count;

    buf_printf(out, "%s: %s, ", in->file, c->kind);
    if (c->column[0])
        buf_printf(out, "column %s, ", c->column);
    buf_printf(out, COUNTED ", " COUNTED ", of these %" PRId64 " new, " COUNTED,
               COUNT_OF(c->links, "link", "links"), COUNT_OF(in->added.items, "item", "items"),
               in->added.fresh, COUNT_OF(in->intake.duplicates, "duplicate", "duplicates"));
    if (c->short_links)
        buf_printf(out, ", " COUNTED " to resolve",
                   COUNT_OF(c->short_links, "short link", "short links"));
    if (c->odd)
        buf_printf(out, ", %" PRId64 " with an implausible id (kept)", c->odd);
    if (in->intake.kinds)
        buf_puts(out, "; skipped: ");
    report_passed_text(out, &in->intake);
    if (c->fell_back)
        buf_printf(out, "; " COUNTED " another cell than that of the column",
                   COUNT_OF(c->fell_back, "row gave", "rows gave"));
    if (c->gave_nothing)
        buf_printf(out, "; %" PRId64 " of " COUNTED " gave nothing", c->gave_nothing,
                   COUNT_OF(c->rows, "row", "rows"));
}

/* A file of which nothing was taken is the wrong file, or in a form that is not read. */
static bool gave_nothing(const struct added *in)
{
    struct buf text = { 0 };

    if (in->count.taken || in->count.short_links)
        return false;
    report_passed_text(&text, &in->intake);
    log_error("%s: nothing was taken: %s%s%s", in->file,
              in->count.links ? "none of its links is an item" : "it holds no link and no id",
              text.n ? ", passed over: " : "", buf_cstr(&text));
    buf_release(&text);
    return true;
}

static void put_added(struct json_out *o, const struct added *in)
{
    const struct import_count *c = &in->count;

    json_open(o, NULL);
    json_put_text(o, "file", str_of(in->file));
    json_put_word(o, "kind", c->kind);
    if (c->tables) {
        json_put_text(o, "column", str_of(c->column));
        json_put_int(o, "rows", c->rows);
        json_put_int(o, "rows_other_cell", c->fell_back);
        json_put_int(o, "rows_without_item", c->gave_nothing);
    }
    json_put_int(o, "links", c->links);
    json_put_int(o, "items", in->added.items);
    json_put_int(o, "new", in->added.fresh);
    json_put_int(o, "duplicates", in->intake.duplicates);
    json_put_int(o, "short_links", c->short_links);
    json_put_int(o, "odd_ids", c->odd);
    json_open(o, "skipped");
    for (int i = 0; i < SKIP_COUNT; i++)
        if (c->skipped[i])
            json_put_int(o, import_skip_name((enum import_skip)i), c->skipped[i]);
    json_close(o);
    json_put_int(o, "residual", intake_residual(&in->intake));
    json_open(o, "ledger");
    report_put_intake(o, &in->intake);
    json_close(o);
    json_close(o);
}

struct adding {
    struct audit *audit;
    const struct add_opts *opts;
    struct json_out *json;
};

static int add_one(void *to, const char *path, enum file_end *end, struct err *err)
{
    struct adding *a = to;
    struct buf line = { 0 };
    struct added in;

    if (add_file(a->audit, path, a->opts, &in, err))
        return -1;
    sentence_of(&in, &line);
    log_info("%s", buf_cstr(&line));
    buf_release(&line);
    *end = gave_nothing(&in) ? FILE_NOTHING : FILE_TAKEN;
    if (a->json)
        put_added(a->json, &in);
    return 0;
}

int sentences_add(struct audit *audit, char **files, int count, const struct add_opts *opts,
                  struct buf *json, int *code, struct err *err)
{
    struct json_out o = { .buf = json, .style = JSON_COMPACT };
    struct adding adding = { audit, opts, json ? &o : NULL };
    struct files walk = { .each = add_one, .to = &adding };
    struct arena mem = {0};
    struct inputs inputs;
    int rc = -1;

    if (json) {
        json_open(&o, NULL);
        json_open_list(&o, "files");
    }
    if (files_walk(&walk, files, count, err) || inputs_read(audit, &mem, &inputs, err))
        goto out;
    files_tell(&walk);
    *code = walk.failed ? EXIT_INPUT : 0;
    if (walk.taken)
        log_info("the audit holds " COUNTED "%s", COUNT_OF(inputs.items, "item", "items"),
                 inputs.link[FATE_WAITING] ? " and short links to resolve" : "");
    if (json) {
        json_close(&o);
        json_put_int(&o, "files_failed", walk.failed);
        json_put_int(&o, "items", inputs.items);
        report_put_inputs(&o, &inputs);
        json_close(&o);
        buf_char(json, '\n');
    }
    rc = 0;
out:
    arena_release(&mem);
    return rc;
}

/* Where there is no item: what became of what came in instead. */
static void no_item_sentence(const struct outlook *o)
{
    struct buf text = {0};
    int64_t links = 0;

    for (int f = 0; f < FATE_COUNT; f++) {
        if (o->link[f])
            buf_printf(&text, "%s%" PRId64 " %s", links ? ", " : "", o->link[f],
                       link_fate_words((enum link_fate)f));
        links += o->link[f];
    }
    if (links)
        log_info("finished: no item came of " COUNTED ": %s",
                 COUNT_OF(links, "short link", "short links"), buf_cstr(&text));
    else
        log_info("the audit holds no item yet: `blindspot add FILE` takes them in");
    buf_release(&text);
}

static void outlook_sentences(const struct outlook *o)
{
    char at[UTC_TEXT_MAX], last[UTC_TEXT_MAX];

    if (o->too_recent)
        log_info(COUNTED " too recent to judge: the first from %s, the last from %s on",
                 COUNT_OF(o->too_recent, "item is", "items are"),
                 utc_rfc3339(o->recent_first_at, at), utc_rfc3339(o->recent_last_at, last));
    if (o->given_up)
        log_info(COUNTED " gave no answer",
                 COUNT_OF(o->given_up, "item was given up: its page",
                          "items were given up: their pages"));
    if (o->late_next_at)
        log_info("late check: " COUNTED " asked again when the audit is run from %s on",
                 COUNT_OF(o->late_items, "item is", "items are"), utc_rfc3339(o->late_next_at, at));
    if (o->items && o->link[FATE_GIVEN_UP])
        log_info(COUNTED " given up: nothing says where %s",
                 COUNT_OF(o->link[FATE_GIVEN_UP], "short link was", "short links were"),
                 plural(o->link[FATE_GIVEN_UP], "it leads", "they lead"));
    if (o->by_embed)
        log_info(COUNTED " embed page alone: what only the page itself says stays unknown",
                 COUNT_OF(o->by_embed, "item rests on its", "items rest on their"));
    if (o->finished && o->items) {
        log_info("finished: every item is decided or given up");
        return;
    }
    if (o->finished) {
        no_item_sentence(o);
        return;
    }
    if (o->links)
        log_info(COUNTED " still to be resolved",
                 COUNT_OF(o->links, "short link is", "short links are"));
    if (o->links_waiting)
        log_info(COUNTED " no answer today and %s tried again on another day",
                 COUNT_OF(o->links_waiting, "short link gave", "short links gave"),
                 plural(o->links_waiting, "is", "are"));
    if (o->not_asked)
        log_info(COUNTED " still to be asked", COUNT_OF(o->not_asked, "item is", "items are"));
    if (o->late_asks + o->late_waiting)
        log_info(COUNTED " still to be asked in the late check",
                 COUNT_OF(o->late_asks + o->late_waiting, "item is", "items are"));
    if (o->to_read + o->to_recheck + o->late_pages)
        log_info(COUNTED " still to be read",
                 COUNT_OF(o->to_read + o->to_recheck + o->late_pages, "page is", "pages are"));
    if (o->blocked_alone)
        log_info(COUNTED " gave nothing but a block while others were read: tried again on another "
                         "day",
                 COUNT_OF(o->blocked_alone, "page", "pages"));
    if (o->owed_waiting)
        log_info(COUNTED " no answer, and the embed page did: asked again on another day",
                 COUNT_OF(o->owed_waiting, "page gave", "pages gave"));
    if (o->to_witness)
        log_info(COUNTED " left for later",
                 COUNT_OF(o->to_witness, "question to the validity check or about an account is",
                          "questions to the validity check or about accounts are"));
    if (o->waiting_day)
        log_info(COUNTED " for an absence on another day",
                 COUNT_OF(o->waiting_day, "public item waits", "public items wait"));
    if (o->no_canary)
        log_info("%s", SENTENCE_NO_CANARY);
    log_info("run it again from %s on", utc_rfc3339(o->next_at, at));
}

static void done_sentences(const struct progress *p)
{
    struct buf beside = { 0 };

    if (p->sends || p->requests)
        log_info("API: " COUNTED " in " COUNTED ", " COUNTED " came back",
                 COUNT_OF(p->requests, "request", "requests"),
                 COUNT_OF(p->sends, "send", "sends"), COUNT_OF(p->found, "item", "items"));
    if (p->pages || p->beside) {
        if (p->beside)
            buf_printf(&beside, ", %" PRId64 " asked of embed pages and oEmbed", p->beside);
        log_info("pages: %" PRId64 " read%s, %" PRId64 " public, %" PRId64 " refused, %" PRId64
                 " gave no answer",
                 p->pages, buf_cstr(&beside), p->public, p->refused, p->no_answer);
    }
    if (p->accounts)
        log_info("accounts of refused posts: " COUNTED " read",
                 COUNT_OF(p->accounts, "embed page", "embed pages"));
    if (p->controls)
        log_info("of these " COUNTED " whether the site or the posts are to blame",
                 COUNT_OF(p->controls, "was a control, to see", "were controls, to see"));
    if (p->links)
        log_info("short links: %" PRId64 " followed, %" PRId64 " led somewhere, %" PRId64
                 " dead, %" PRId64 " gave no answer",
                 p->links, p->links_resolved, p->links_dead, p->links_open);
    buf_release(&beside);
}

/* json not NULL: the same as one JSON value. */
static int progress_told(struct audit *audit, const struct progress *p, int what,
                         struct json_out *json, int *code, struct err *err)
{
    struct outlook o;
    bool left;

    log_progress_done();
    if (outlook_make(audit, &o, err))
        return -1;
    done_sentences(p);
    if (p->why.kind != ERR_NONE) {
        log_warn("%s", p->why.msg);
        if (p->why.retry_at > o.next_at && !o.finished)
            o.next_at = p->why.retry_at;
    }
    outlook_sentences(&o);
    if (json)
        round_put(json, p, &o);
    left = ((what & ROUNDS_ASK) && (o.not_asked || o.waiting_day || o.to_witness || o.late_asks ||
                                    o.late_waiting)) ||
           ((what & ROUNDS_READ) && (o.to_read || o.to_recheck || o.links || o.links_waiting ||
                                     o.late_pages || o.blocked_alone || o.owed_waiting));
    *code = left ? EXIT_UNFINISHED : 0;
    return 0;
}

int sentences_progress(struct audit *audit, const struct progress *p, int what, int *code,
                       struct err *err)
{
    return progress_told(audit, p, what, NULL, code, err);
}

int sentences_rounds(struct app *app, int what, bool json, struct err *err)
{
    struct json_out o = { .buf = &app->out, .style = JSON_COMPACT };
    struct progress progress;

    if (rounds_run(&app->audit, what, &progress, err) ||
        progress_told(&app->audit, &progress, what, json ? &o : NULL, &app->code, err))
        return -1;
    if (json)
        buf_char(&app->out, '\n');
    return 0;
}
