/* audit/keep/findings.c: problems and notes are gathered while the check goes on, and
 * printed with the sums. */
#include "audit/keep/findings.h"
#include <inttypes.h>
#include <string.h>
#include "base/log.h"
#include "record/id.h"

#define NAMED_MAX 1000              // problems that are told one by one
#define IDS_MAX 5                   // ids that are told of one request

void findings_init(struct findings *f, struct store *store, bool json, struct verify_result *r)
{
    memset(r, 0, sizeof *r);
    *f = (struct findings){ .store = store, .r = r, .json = json };
    f->problem = (struct json_out){ .buf = &f->problems, .style = JSON_COMPACT };
    f->note = (struct json_out){ .buf = &f->notes, .style = JSON_COMPACT };
    f->seals.signature = (struct json_out){ .buf = &f->seals.signed_by, .style = JSON_COMPACT };
    f->seals.stamp = (struct json_out){ .buf = &f->seals.stamped, .style = JSON_COMPACT };
}

void findings_release(struct findings *f)
{
    buf_release(&f->problems);
    buf_release(&f->notes);
    buf_release(&f->seals.text);
    buf_release(&f->seals.signed_by);
    buf_release(&f->seals.stamped);
}

struct ids { struct buf *out; struct json_out *json; int n; };    // into one of the two

static int add_id(void *to, uint64_t id, struct err *err)
{
    struct ids *ids = to;
    char text[ID_TEXT_MAX];

    (void)err;
    if (ids->n < IDS_MAX && ids->json)
        json_put_id(ids->json, NULL, id);
    else if (ids->n < IDS_MAX)
        buf_printf(ids->out, "%s%s", ids->n ? ", " : ids->out->n ? " about item " : "",
                   id_text(id, text));
    ids->n++;
    return 0;
}

void findings_note(struct findings *f, struct str text)
{
    if (f->json) {
        json_put_text(&f->note, NULL, text);
    } else {
        buf_puts(&f->notes, "note: ");
        log_escape(&f->notes, text);
        buf_char(&f->notes, '\n');
    }
}

int findings_problem(void *to, struct str text, struct err *err)
{
    struct findings *f = to;

    (void)err;
    if (++f->r->problems > NAMED_MAX)
        return 0;
    if (f->json) {
        json_open(&f->problem, NULL);
        json_put_text(&f->problem, "what", text);
        json_close(&f->problem);
    } else {
        buf_puts(&f->problems, "broken: ");
        log_escape(&f->problems, text);
        buf_char(&f->problems, '\n');
    }
    return 0;
}

static int problem_json(struct findings *f, struct str file, int64_t offset,
                        const struct evidence_row *e, struct str what, struct err *err)
{
    struct json_out *o = &f->problem;
    struct ids ids = { .json = o };

    json_open(o, NULL);
    json_put_text(o, "what", what);
    json_put_text(o, "file", file);
    json_put_int(o, "offset", offset);
    if (e) {
        json_put_int(o, "request", e->request);
        json_put_word(o, "witness", e->witness < WITNESS_COUNT ? witness_name(e->witness) : "");
        json_open_list(o, "items");
        if (store_request_ids(f->store, e->request, add_id, &ids, err))
            return -1;
        json_close(o);
        json_put_int(o, "of_items", ids.n);
    }
    json_close(o);
    return 0;
}

int findings_problem_at(struct findings *f, struct str file, int64_t offset,
                        const struct evidence_row *e, const char *what, struct err *err)
{
    struct buf *o = &f->problems;
    struct ids ids = { .out = o };

    if (++f->r->problems > NAMED_MAX)
        return 0;
    if (f->json)
        return problem_json(f, file, offset, e, str_of(what), err);
    buf_puts(o, "broken: evidence/");
    log_escape(o, file);
    buf_printf(o, ", byte %" PRId64 ": %s", offset, what);
    if (e) {
        buf_printf(o, "; it is of request %" PRId64 " (%s)", e->request,
                   e->witness < WITNESS_COUNT ? witness_name(e->witness) : "?");
        if (store_request_ids(f->store, e->request, add_id, &ids, err))
            return -1;
        if (ids.n > IDS_MAX)
            buf_printf(o, " and %d more", ids.n - IDS_MAX);
    }
    buf_char(o, '\n');
    return 0;
}

static void print_json(const struct findings *f, struct buf *out)
{
    const struct verify_result *r = f->r;
    struct json_out o = { .buf = out, .style = JSON_COMPACT };

    json_open(&o, NULL);
    json_put_bool(&o, "ok", !r->problems);
    json_put_int(&o, "files", r->files);
    json_put_int(&o, "elsewhere", r->elsewhere);
    json_put_int(&o, "in_bucket", r->in_bucket);
    json_put_int(&o, "records", r->records);
    json_put_int(&o, "bytes", r->bytes);
    json_put_int(&o, "exchanges", r->exchanges);
    json_put_int(&o, "not_kept", r->not_kept);
    json_put_int(&o, "purged", r->purged);
    json_put_int(&o, "purged_items", r->purged_items);
    json_put_int(&o, "unreferenced", r->unreferenced);
    json_put_int(&o, "charged", r->charged);
    json_put_int(&o, "sent", r->sent);
    json_put_int(&o, "broken", r->problems);
    json_open_list(&o, "problems");
    json_put_raw(&o, NULL, buf_view(&f->problems));
    json_close(&o);
    json_open_list(&o, "notes");
    json_put_raw(&o, NULL, buf_view(&f->notes));
    json_close(&o);
    if (f->seals.looked) {
        json_put_raw(&o, "signature", f->seals.signed_by.n ? buf_view(&f->seals.signed_by)
                                                           : STR("null"));
        json_open_list(&o, "timestamps");
        json_put_raw(&o, NULL, buf_view(&f->seals.stamped));
        json_close(&o);
    }
    json_close(&o);
    buf_char(out, '\n');
}

static void print_text(const struct findings *f, struct buf *out)
{
    const struct verify_result *r = f->r;

    buf_str(out, buf_view(&f->problems));
    if (r->problems > NAMED_MAX)
        buf_printf(out, "broken: %" PRId64 " more\n", r->problems - NAMED_MAX);
    buf_str(out, buf_view(&f->notes));
    buf_printf(out,
               "archive: " COUNTED ", " COUNTED ", " COUNTED "; " COUNTED " that answers rest on",
               COUNT_OF(r->files, "file", "files"), COUNT_OF(r->bytes, "byte", "bytes"),
               COUNT_OF(r->records, "record", "records"),
               COUNT_OF(r->exchanges, "exchange", "exchanges"));
    if (r->not_kept)
        buf_printf(out, "; of %" PRId64 " more the digest alone was kept", r->not_kept);
    if (r->unreferenced)
        buf_printf(out, "; " COUNTED " that no answer refers to (%s run was killed)",
                   COUNT_OF(r->unreferenced, "reply", "replies"),
                   plural(r->unreferenced, "its", "their"));
    buf_char(out, '\n');
    if (r->elsewhere)
        buf_printf(out, "elsewhere: " COUNTED " read in the folders of workers\n",
                   COUNT_OF(r->elsewhere, "file", "files"));
    if (r->in_bucket)
        buf_printf(out, "bucket: " COUNTED " read there, %s it was put there\n",
                   COUNT_OF(r->in_bucket, "file", "files"), plural(r->in_bucket, "as", "each as"));
    if (r->purged_items || r->purged)
        buf_printf(out,
                   "purged: " COUNTED ", " COUNTED "; their digests are kept\n",
                   COUNT_OF(r->purged_items, "item", "items"),
                   COUNT_OF(r->purged, "exchange", "exchanges"));
    if (r->charged >= 0)
        buf_printf(out, "ledger: " COUNTED " charged, %" PRId64 " sent\n",
                   COUNT_OF(r->charged, "request", "requests"), r->sent);
    if (f->seals.looked && !f->seals.signed_by.n && !f->seals.stamped.n)
        buf_puts(out, "nobody vouches for the manifest: no signature and no time stamp hold\n");
    buf_str(out, buf_view(&f->seals.text));
    if (r->problems)
        buf_printf(out, COUNTED " broken\n", COUNT_OF(r->problems, "thing is", "things are"));
    else
        buf_puts(out, "everything is as it was written\n");
}

void findings_print(const struct findings *f, struct buf *out)
{
    (f->json ? print_json : print_text)(f, out);
}
