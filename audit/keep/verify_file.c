/* audit/keep/verify_file.c: behind a damaged record it looks for the beginning of the next
 * one and goes on, so that each is named. */
#include "audit/keep/verify_file.h"
#include <inttypes.h>
#include <string.h>
#include "archive/member.h"
#include "archive/warc.h"

/* The file that is being read, and where the store says that exchanges lie in it. */
struct walk {
    struct findings *f;
    const struct evidence_file *file;
    struct evidence_cursor *cursor;
    struct evidence_row at, next;    // the exchange that the record belongs to; the one behind it
    bool has_at, has_next;
    struct members *m;
    struct buf scratch;
    bool damaged;
};

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
            findings_problem_at(w->f, w->file->name, w->next.offset, &w->next,
                                "no record begins here", err))
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

static int digest_of(struct walk *w, const struct warc_record *r, struct digest *d,
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
    if (warc_http_payload(r, &w->scratch, &status, &head, &body, err))
        return -1;
    *d = digest_sha256(body);
    return 0;
}

/* NULL where the record is what its head says, else what is not. */
static const char *fault_of(struct walk *w, const struct warc_record *r)
{
    bool of_http = str_eq(r->type, STR("response")) || str_eq(r->type, STR("request"));
    struct digest block = digest_sha256(r->block), payload;
    struct err ignored = {0};

    if (!warc_digest_is(r->block_digest, &block))
        return "the block has another digest than its head says";
    if (!of_http || !r->payload_digest.n)
        return NULL;
    if (digest_of(w, r, &payload, &ignored))
        return "there is no HTTP message in the record";
    return warc_digest_is(r->payload_digest, &payload)
               ? NULL
               : "the payload has another digest than its head says";
}

static int check_record(struct walk *w, int64_t offset, int64_t len, struct str text,
                        struct err *err)
{
    struct findings *f = w->f;
    struct warc_record r;
    struct err why = {0};
    const char *fault;
    bool begins = w->has_at && w->at.offset == offset;

    f->r->records++;
    if (warc_parse(text, &r, &why))
        return findings_problem_at(f, w->file->name, offset, owner(w), why.msg, err);
    if ((fault = fault_of(w, &r)))
        return findings_problem_at(f, w->file->name, offset, owner(w), fault, err);
    if (!begins) {
        f->r->unreferenced += str_eq(r.type, STR("response"));
        return 0;
    }
    if (w->at.len != len)
        return findings_problem_at(f, w->file->name, offset, owner(w),
                          "the record has another length than the store says", err);
    if (r.payload_digest.n && !warc_digest_is(r.payload_digest, &w->at.digest))
        return findings_problem_at(f, w->file->name, offset, owner(w),
                          "the store has another digest of this answer", err);
    f->r->exchanges++;
    f->r->purged += w->at.purged_at > 0;
    return 0;
}

/* A torn end of a file that was never closed holds nothing that was committed. */
static int damage(struct walk *w, int64_t offset, int64_t next, const char *what, struct err *err)
{
    struct findings *f = w->f;

    if (w->file->size == 0 && !w->has_next && next == members_size(w->m) &&
        offset > w->file->last_offset) {
        buf_clear(&w->scratch);
        buf_printf(&w->scratch,
                   "evidence/%.*s is cut off in the middle of a record at byte %" PRId64
                   ": its run was killed; no answer refers to it, and the next run cuts it away",
                   STR_ARG(w->file->name), offset);
        findings_note(f, buf_view(&w->scratch));
        return 0;
    }
    w->damaged = true;
    return findings_problem_at(f, w->file->name, offset, owner(w), what, err);
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
        if (findings_problem_at(w->f, w->file->name, w->next.offset, &w->next,
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

    if (w->file->size == 0 || w->f->r->problems > problems_before)
        return 0;
    sum = members_digest(w->m, members_size(w->m));
    if (members_size(w->m) == w->file->size && memcmp(sum.b, w->file->digest.b, DIGEST_BYTES) == 0)
        return 0;
    return findings_problem_at(w->f, w->file->name, 0, NULL,
                      "the file has another size or digest than when it was closed, "
                      "though every record in it reads right",
                      err);
}

static int not_here(struct findings *f, const struct evidence_file *file, const char *path,
                    struct err *err)
{
    return findings_problem_at(f, file->name, 0, NULL,
                               path ? "the file cannot be opened, and all answers in it have no "
                                      "evidence"
                                    : "the file is not here, and all answers in it have no "
                                      "evidence; where a worker has it `blindspot gather DIR "
                                      "FOLDER` brings it",
                               err);
}

int verify_file(struct findings *f, const char *path, const struct evidence_file *file,
                struct err *err)
{
    struct walk w = { .f = f, .file = file };
    struct err why = {0};
    int64_t before = f->r->problems;
    int rc = -1;

    /* Nothing refers to it any more: purge put another in its place. */
    if (file->n > 0 && file->last_offset < 0 && !path)
        return 0;
    f->r->files++;
    if (!path || members_open(&w.m, path, &why))
        return not_here(f, file, path, err);
    f->r->bytes += members_size(w.m);
    if (store_evidence(f->store, EVIDENCE_OF_FILE, file->n, &w.cursor, err) || read_next(&w, err))
        goto out;
    rc = walk_records(&w, err) || check_whole(&w, before, err) ? -1 : 0;
out:
    evidence_cursor_close(w.cursor);
    members_close(w.m);
    buf_release(&w.scratch);
    return rc;
}
