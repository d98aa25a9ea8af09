/* audit/keep/raw.c: archive files are mapped when first asked for and stay so: a
 * replay goes through them in order, an item's story jumps between a few. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "audit/keep/raw.h"
#include "audit/verdict/explain.h"
#include "base/file.h"
#include "base/log.h"
#include "base/utc.h"
#include "archive/member.h"

#define OPEN_MAX_FILES 8

struct opened { char *name; struct members *m; };
struct raw_reader { char *dir; struct opened file[OPEN_MAX_FILES]; int next; };

struct raw_reader *raw_reader_new(const char *audit_dir)
{
    struct raw_reader *b = xcalloc(1, sizeof *b);

    b->dir = file_join(audit_dir, "evidence");
    return b;
}

static void forget(struct opened *f)
{
    members_close(f->m);
    free(f->name);
    *f = (struct opened){ NULL, NULL };
}

void raw_reader_free(struct raw_reader *b)
{
    if (!b)
        return;
    for (int i = 0; i < OPEN_MAX_FILES; i++)
        forget(&b->file[i]);
    free(b->dir);
    free(b);
}

static int file_of(struct raw_reader *b, struct str name, struct members **m, struct err *err)
{
    struct opened *f;
    struct buf text = {0};
    char *path;
    int rc;

    for (int i = 0; i < OPEN_MAX_FILES; i++)
        if (b->file[i].name && str_eq(name, str_of(b->file[i].name))) {
            *m = b->file[i].m;
            return 0;
        }
    f = &b->file[b->next++ % OPEN_MAX_FILES];
    forget(f);
    buf_str(&text, name);
    path = file_join(b->dir, buf_cstr(&text));
    rc = members_open(&f->m, path, err);
    if (rc == 0)
        f->name = xstrdup(buf_cstr(&text));
    *m = f->m;
    free(path);
    buf_release(&text);
    return rc;
}

int raw_reader_record(struct raw_reader *b, struct str file, int64_t offset, struct warc_record *r,
                      struct str *text, int64_t *len, struct err *err)
{
    struct members *m = NULL;
    int got;

    if (file_of(b, file, &m, err))
        return -1;
    if ((got = members_at(m, offset, len, text, err)) < 0)
        return -1;
    if (got == 0)
        return err_set(err, ERR_INPUT, "evidence/%.*s ends before byte %" PRId64, STR_ARG(file),
                       offset);
    if (warc_parse(*text, r, err))
        return err_wrap(err, "evidence/%.*s, byte %" PRId64, STR_ARG(file), offset);
    r->offset = offset;
    return 0;
}

/* ---- the bytes behind one item ---- */

struct telling { struct audit *audit; struct raw_reader *bytes; struct buf *out; int64_t last; };

static int tell_exchange(struct telling *t, const struct evidence_row *e, struct err *err)
{
    struct warc_record r = {0};
    struct str text = STR_NONE, id;
    struct buf reply = {0};
    int64_t len = 0;
    int rc = -1;
    char at[UTC_TEXT_MAX];

    if (e->purged_at)
        log_info("request %" PRId64 ": its bytes were purged at %s; their digest is kept",
                 e->request, utc_rfc3339(e->purged_at, at));
    if (!e->file.n) {
        log_info("request %" PRId64 ": its bytes were not kept, their digest alone", e->request);
        return 0;
    }
    if (raw_reader_record(t->bytes, e->file, e->offset, &r, &text, &len, err))
        goto out;
    buf_str(t->out, text);
    buf_str(&reply, r.record_id);
    id = buf_view(&reply);
    /* The request lies behind its reply; at the end of a file there is none. */
    if (raw_reader_record(t->bytes, e->file, e->offset + len, &r, &text, &len, err) == 0 &&
        str_eq(r.concurrent_to, id))
        buf_str(t->out, text);
    err_clear(err);
    rc = 0;
out:
    buf_release(&reply);
    return rc;
}

static int tell_request(void *to, const struct history_row *h, struct err *err)
{
    struct telling *t = to;
    struct evidence_cursor *cursor = NULL;
    struct evidence_row e;
    int got;

    if (h->request == t->last)
        return 0;
    t->last = h->request;
    if (store_evidence(t->audit->store, EVIDENCE_OF_REQUEST, h->request, &cursor, err))
        return -1;
    while ((got = evidence_cursor_next(cursor, &e, err)) > 0)
        if (tell_exchange(t, &e, err)) {
            got = -1;
            break;
        }
    evidence_cursor_close(cursor);
    return got;
}

int raw_of_item(struct audit *audit, const char *what, struct buf *out, struct err *err)
{
    struct telling t = { .audit = audit, .out = out };
    int64_t item = 0;
    int rc;

    if (explain_find(audit, what, &item, err))
        return -1;
    t.bytes = raw_reader_new(audit->dir);
    rc = store_history(audit->store, item, tell_request, &t, err);
    raw_reader_free(t.bytes);
    return rc;
}
