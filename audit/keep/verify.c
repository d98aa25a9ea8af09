/* audit/keep/verify.c: goes through the archive's files record by record, beside the
 * places that the store knows in them. Behind a damaged record it looks for the
 * beginning of the next one and goes on, so that each is named. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "audit/keep/verify.h"
#include "base/file.h"
#include "base/json_out.h"
#include "base/log.h"
#include "record/id.h"
#include "archive/member.h"
#include "archive/place.h"
#include "archive/warc.h"

#define NAMED_MAX 1000              // problems that are told one by one
#define IDS_MAX 5                   // ids that are told of one request

struct verifying {
    struct audit *audit; bool json;
    struct verify_result *r;
    struct buf problems, notes;
    struct json_out problem, note;   // write into them
    char *dir;
    char **listed; size_t listed_n;  // files in the folder; NULL where the store knows it
    struct buf scratch;
};
/* The file that is being read, and where the store says that exchanges lie in it. */
struct walk {
    struct verifying *v;
    const struct evidence_file *file;
    struct evidence_cursor *cursor;
    struct evidence_row at, next;    // the exchange that the record belongs to; the one behind it
    bool has_at, has_next;
    struct members *m;
    bool damaged;
};

/* ---- telling ---- */

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

static void note(struct verifying *v, struct str text)
{
    if (v->json) {
        json_put_text(&v->note, NULL, text);
    } else {
        buf_puts(&v->notes, "note: ");
        log_escape(&v->notes, text);
        buf_char(&v->notes, '\n');
    }
}

static int problem(void *to, struct str text, struct err *err)
{
    struct verifying *v = to;

    (void)err;
    if (++v->r->problems > NAMED_MAX)
        return 0;
    if (v->json) {
        json_open(&v->problem, NULL);
        json_put_text(&v->problem, "what", text);
        json_close(&v->problem);
    } else {
        buf_puts(&v->problems, "broken: ");
        log_escape(&v->problems, text);
        buf_char(&v->problems, '\n');
    }
    return 0;
}

static int problem_json(struct verifying *v, struct str file, int64_t offset,
                        const struct evidence_row *e, struct str what, struct err *err)
{
    struct json_out *o = &v->problem;
    struct ids ids = { .json = o };

    json_open(o, NULL);
    json_put_text(o, "what", what);
    json_put_text(o, "file", file);
    json_put_int(o, "offset", offset);
    if (e) {
        json_put_int(o, "request", e->request);
        json_put_word(o, "witness", e->witness < WITNESS_COUNT ? witness_name(e->witness) : "");
        json_open_list(o, "items");
        if (store_request_ids(v->audit->store, e->request, add_id, &ids, err))
            return -1;
        json_close(o);
        json_put_int(o, "of_items", ids.n);
    }
    json_close(o);
    return 0;
}

/* What is wrong at a place, and whose answer it touches. */
static int problem_at(struct verifying *v, struct str file, int64_t offset,
                      const struct evidence_row *e, const char *what, struct err *err)
{
    struct buf *o = &v->problems;
    struct ids ids = { .out = o };

    if (++v->r->problems > NAMED_MAX)
        return 0;
    if (v->json)
        return problem_json(v, file, offset, e, str_of(what), err);
    buf_puts(o, "broken: evidence/");
    log_escape(o, file);
    buf_printf(o, ", byte %" PRId64 ": %s", offset, what);
    if (e) {
        buf_printf(o, "; it is of request %" PRId64 " (%s)", e->request,
                   e->witness < WITNESS_COUNT ? witness_name(e->witness) : "?");
        if (store_request_ids(v->audit->store, e->request, add_id, &ids, err))
            return -1;
        if (ids.n > IDS_MAX)
            buf_printf(o, " and %d more", ids.n - IDS_MAX);
    }
    buf_char(o, '\n');
    return 0;
}

/* ---- one file ---- */

static int read_next(struct walk *w, struct err *err)
{
    int got = evidence_cursor_next(w->cursor, &w->next, err);

    w->has_next = got == 1;
    return got < 0 ? -1 : 0;
}

/* Moves on to the exchange that the byte belongs to. One that is passed without
 * its record having been there points to nothing. */
static int move_to(struct walk *w, int64_t offset, struct err *err)
{
    while (w->has_next && w->next.offset <= offset) {
        if (w->next.offset < offset && !w->damaged &&
            problem_at(w->v, w->file->name, w->next.offset, &w->next, "no record begins here", err))
            return -1;
        w->at = w->next;
        w->has_at = true;
        if (read_next(w, err))
            return -1;
    }
    return 0;
}

static const struct evidence_row *owner(const struct walk *w)
{
    return w->has_at ? &w->at : NULL;
}

static int digest_of(struct verifying *v, const struct warc_record *r, struct digest *d,
                     struct err *err)
{
    struct str head, body;
    ptrdiff_t at;
    int status;

    if (str_eq(r->type, STR("request"))) {
        at = str_find(r->block, STR("\r\n\r\n"), 0);
        *d = digest_sha256(at < 0 ? STR_NONE : str_sub(r->block, (size_t)at + 4, r->block.n));
        return 0;
    }
    if (warc_http_payload(r, &v->scratch, &status, &head, &body, err))
        return -1;
    *d = digest_sha256(body);
    return 0;
}

/* NULL where the record is what its head says, else what is not. */
static const char *fault_of(struct verifying *v, const struct warc_record *r)
{
    bool of_http = str_eq(r->type, STR("response")) || str_eq(r->type, STR("request"));
    struct digest block = digest_sha256(r->block), payload;
    struct err ignored = {0};

    if (!warc_digest_is(r->block_digest, &block))
        return "the block has another digest than its head says";
    if (!of_http || !r->payload_digest.n)
        return NULL;
    if (digest_of(v, r, &payload, &ignored))
        return "there is no HTTP message in the record";
    return warc_digest_is(r->payload_digest, &payload)
               ? NULL
               : "the payload has another digest than its head says";
}

static int check_record(struct walk *w, int64_t offset, int64_t len, struct str text,
                        struct err *err)
{
    struct verifying *v = w->v;
    struct warc_record r;
    struct err why = {0};
    const char *fault;
    bool begins = w->has_at && w->at.offset == offset;

    v->r->records++;
    if (warc_parse(text, &r, &why))
        return problem_at(v, w->file->name, offset, owner(w), why.msg, err);
    if ((fault = fault_of(v, &r)))
        return problem_at(v, w->file->name, offset, owner(w), fault, err);
    if (!begins) {
        v->r->unreferenced += str_eq(r.type, STR("response"));
        return 0;
    }
    if (w->at.len != len)
        return problem_at(v, w->file->name, offset, owner(w),
                          "the record has another length than the store says", err);
    if (r.payload_digest.n && !warc_digest_is(r.payload_digest, &w->at.digest))
        return problem_at(v, w->file->name, offset, owner(w),
                          "the store has another digest of this answer", err);
    v->r->exchanges++;
    v->r->purged += w->at.purged_at > 0;
    return 0;
}

/* A torn end of a file that was never closed holds nothing that was committed. */
static int damage(struct walk *w, int64_t offset, int64_t next, const char *what, struct err *err)
{
    struct verifying *v = w->v;

    if (w->file->size == 0 && !w->has_next && next == members_size(w->m) &&
        offset > w->file->last_offset) {
        buf_clear(&v->scratch);
        buf_printf(&v->scratch,
                   "evidence/%.*s is cut off in the middle of a record at byte %" PRId64
                   ": its run was "
                   "killed; no answer refers to it, and the next run cuts it away",
                   STR_ARG(w->file->name), offset);
        note(v, buf_view(&v->scratch));
        return 0;
    }
    w->damaged = true;
    return problem_at(v, w->file->name, offset, owner(w), what, err);
}

static int walk_records(struct walk *w, struct err *err)
{
    int64_t at = 0, len, end = members_size(w->m);
    struct str text;
    int got = 1;

    while (at < end) {
        struct err why = {0};
        const char *colon;

        if (move_to(w, at, err))
            return -1;
        got = members_at(w->m, at, &len, &text, &why);
        if (got == 1) {
            w->damaged = false;
            if (check_record(w, at, len, text, err))
                return -1;
            at += len;
            continue;
        }
        len = members_find(w->m, at + 1);
        colon = strstr(why.msg, ": ");
        if (damage(w, at, len, colon ? colon + 2 : why.msg, err))
            return -1;
        at = len;
    }
    for (; w->has_next; ) {
        if (problem_at(w->v, w->file->name, w->next.offset, &w->next,
                       "the file ends before this record", err) ||
            read_next(w, err))
            return -1;
    }
    return 0;
}

/* A change that no record notices (bits between them) shows in the whole. */
static int check_whole(struct walk *w, int64_t problems_before, struct err *err)
{
    struct digest sum;

    if (w->file->size == 0 || w->v->r->problems > problems_before)
        return 0;
    sum = members_digest(w->m, members_size(w->m));
    if (members_size(w->m) == w->file->size && memcmp(sum.b, w->file->digest.b, DIGEST_BYTES) == 0)
        return 0;
    return problem_at(w->v, w->file->name, 0, NULL,
                      "the file has another size or digest than when it was closed, "
                      "though every record in it reads right",
                      err);
}

static int check_file(void *to, const struct evidence_file *file, struct err *err)
{
    struct verifying *v = to;
    struct walk w = { .v = v, .file = file };
    struct buf name = {0};
    struct err why = {0};
    int64_t before = v->r->problems;
    char *path;
    int rc = -1;

    buf_str(&name, file->name);
    path = file_join(v->dir, buf_cstr(&name));
    for (size_t i = 0; i < v->listed_n; i++)
        if (v->listed[i] && str_eq(file->name, str_of(v->listed[i]))) {
            free(v->listed[i]);
            v->listed[i] = NULL;
        }
    /* Nothing refers to it any more: purge put another in its place. */
    if (file->n > 0 && file->last_offset < 0 && !file_exists(path)) {
        rc = 0;
        goto out;
    }
    v->r->files++;
    if (members_open(&w.m, path, &why)) {
        rc = problem_at(v, file->name, 0, NULL,
                        "the file cannot be opened, and all answers in it have no evidence", err);
        goto out;
    }
    v->r->bytes += members_size(w.m);
    if (store_evidence(v->audit->store, EVIDENCE_OF_FILE, file->n, &w.cursor, err) ||
        read_next(&w, err))
        goto out;
    rc = walk_records(&w, err) || check_whole(&w, before, err) ? -1 : 0;
out:
    evidence_cursor_close(w.cursor);
    members_close(w.m);
    free(path);
    buf_release(&name);
    return rc;
}

/* ---- all ---- */

/* A file that the store does not know: its run was killed before its first commit. */
static int check_stranger(struct verifying *v, const char *listed, struct err *err)
{
    char *name = xstrdup(listed);
    struct evidence_file file = { .n = -1, .name = str_of(name), .last_offset = -1 };
    int rc;

    buf_clear(&v->scratch);
    buf_printf(&v->scratch,
               "evidence/%s: no answer refers to it; its run was killed before its first commit",
               name);
    note(v, buf_view(&v->scratch));
    rc = check_file(v, &file, err);
    free(name);
    return rc;
}

static int tell_cut(void *to, struct str text, struct err *err)
{
    (void)err;
    note(to, text);
    return 0;
}

static int check_archive(struct verifying *v, struct err *err)
{
    struct evidence_cursor *none = NULL;
    struct evidence_row row;
    int got;

    if (archive_list(v->dir, &v->listed, &v->listed_n, err) ||
        store_evidence_files(v->audit->store, check_file, v, err) ||
        store_evidence(v->audit->store, EVIDENCE_OF_FILE, 0, &none, err))
        return -1;
    while ((got = evidence_cursor_next(none, &row, err)) > 0) {
        v->r->not_kept += !row.purged_at;
        v->r->purged += row.purged_at > 0;
    }
    evidence_cursor_close(none);
    for (size_t i = 0; got == 0 && i < v->listed_n; i++)
        if (v->listed[i] && check_stranger(v, v->listed[i], err))
            return -1;
    return got ? -1 : store_events(v->audit->store, "evidence_cut", tell_cut, v, err);
}

/* The charge comes before the send: the ledger can hold more, never less. */
static int check_ledger(struct verifying *v, struct err *err)
{
    char *path = audit_ledger_path(&v->audit->set);
    struct ledger *ledger = NULL;
    struct err why = {0};
    int rc = 0;

    v->r->charged = -1;
    if (file_exists(path)) {
        int64_t charged = 0;

        if (ledger_open(&ledger, path, &why) || ledger_check(ledger, &why) ||
            ledger_of_audit(ledger, buf_cstr(&v->audit->name), &charged, &why))
            rc = problem(v, str_of(why.msg), err);
        else if (charged > 0)
            v->r->charged = charged;
    }
    if (rc == 0 && v->r->charged >= 0 && v->r->charged < v->r->sent) {
        buf_clear(&v->scratch);
        buf_printf(&v->scratch,
                   "the ledger of requests charged %" PRId64 " for this audit, which sent %" PRId64,
                   v->r->charged, v->r->sent);
        rc = problem(v, buf_view(&v->scratch), err);
    }
    ledger_close(ledger);
    free(path);
    return rc;
}

/* A store that SQLite itself cannot read on is a finding, and the archive is
 * looked at all the same. */
static int check_store(struct verifying *v, struct err *err)
{
    struct store_sums sums = {0};
    struct err why = {0};

    if (store_check(v->audit->store, problem, v, &why) ||
        store_check_records(v->audit->store, problem, v, &why) ||
        store_sums(v->audit->store, &sums, &why))
        return problem(v, str_of(why.msg), err);
    if (store_meta_get(v->audit->store, META_PURGE_OPEN, &v->scratch, err))
        return -1;
    if (v->scratch.n)
        note(v,
             STR("a purge was not finished: run `blindspot purge` again, with the same options"));
    v->r->sent = sums.sends;
    v->r->purged_items = sums.purged_items;
    return 0;
}

static void print_json(const struct verifying *v, struct buf *out)
{
    const struct verify_result *r = v->r;
    struct json_out o = { .buf = out, .style = JSON_COMPACT };

    json_open(&o, NULL);
    json_put_bool(&o, "ok", !r->problems);
    json_put_int(&o, "files", r->files);
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
    json_put_raw(&o, NULL, buf_view(&v->problems));
    json_close(&o);
    json_open_list(&o, "notes");
    json_put_raw(&o, NULL, buf_view(&v->notes));
    json_close(&o);
    json_close(&o);
    buf_char(out, '\n');
}

static void print_text(const struct verifying *v, struct buf *out)
{
    const struct verify_result *r = v->r;

    buf_str(out, buf_view(&v->problems));
    if (r->problems > NAMED_MAX)
        buf_printf(out, "broken: %" PRId64 " more\n", r->problems - NAMED_MAX);
    buf_str(out, buf_view(&v->notes));
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
    if (r->purged_items || r->purged)
        buf_printf(out,
                   "purged: " COUNTED ", " COUNTED "; their digests are kept\n",
                   COUNT_OF(r->purged_items, "item", "items"),
                   COUNT_OF(r->purged, "exchange", "exchanges"));
    if (r->charged >= 0)
        buf_printf(out, "ledger: " COUNTED " charged, %" PRId64 " sent\n",
                   COUNT_OF(r->charged, "request", "requests"), r->sent);
    if (r->problems)
        buf_printf(out, COUNTED " broken\n", COUNT_OF(r->problems, "thing is", "things are"));
    else
        buf_puts(out, "everything is as it was written\n");
}

int verify_audit(struct audit *audit, bool json, struct buf *out, struct verify_result *result,
                 struct err *err)
{
    struct verifying v = {
        .audit = audit,
        .json = json,
        .r = result,
        .problem = { .buf = &v.problems, .style = JSON_COMPACT },
        .note = { .buf = &v.notes, .style = JSON_COMPACT },
        .dir = file_join(audit->dir, "evidence"),
    };
    int rc;

    memset(result, 0, sizeof *result);
    rc = check_store(&v, err) || check_ledger(&v, err) || check_archive(&v, err) ? -1 : 0;
    if (rc == 0)
        (json ? print_json : print_text)(&v, out);
    archive_list_free(v.listed, v.listed_n);
    buf_release(&v.problems);
    buf_release(&v.notes);
    buf_release(&v.scratch);
    free(v.dir);
    return rc;
}
