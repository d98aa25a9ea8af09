/* archive/replies.c: replies out of WARC files. Of each reply that was seen its
 * place is kept, by three names, so that a revisit finds its payload whatever it
 * is referred to by: record id (wget), URL and date (browsertrix, warcio), or
 * the payload's digest. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "archive/replies.h"
#include "archive/warc.h"
#include "base/log.h"
#include "base/utc.h"

#define READ_BYTES 65536

static const char *const skip_names[] = {
#define X(id, name) [REPLIES_##id] = name,
    REPLIES_SKIPS(X)
#undef X
};

const char *replies_skip_name(enum replies_skip skip)
{
    return skip_names[skip];
}

/* ---- what was seen ---- */

struct seen { uint64_t name; int64_t offset; };      // offset + 1; 0 = free
struct seen_table { struct seen *v; size_t n, cap; };

struct reading {
    const char *path; replies_fn *fn; void *to; int64_t *skipped;
    struct seen_table seen;
    struct warc_reader *again;     // for payloads of revisits
    struct buf hold;
};

/* 64 bits of SHA-256: names of a file that somebody made to collide are no
 * danger to anything but that file. */
static uint64_t name_of(char kind, struct str a, struct str b)
{
    struct digest_ctx ctx;
    struct digest d;
    uint64_t n;

    digest_start(&ctx);
    digest_add(&ctx, &kind, 1);
    digest_add(&ctx, a.p, a.n);
    digest_add(&ctx, "", 1);
    digest_add(&ctx, b.p, b.n);
    d = digest_finish(&ctx);
    memcpy(&n, d.b, sizeof n);
    return n;
}

static struct seen *slot_of(const struct seen_table *t, uint64_t name)
{
    size_t i = (size_t)mix64(name) & (t->cap - 1);

    while (t->v[i].offset && t->v[i].name != name)
        i = (i + 1) & (t->cap - 1);
    return &t->v[i];
}

static void remember(struct seen_table *t, uint64_t name, int64_t offset)
{
    struct seen *s;

    if (2 * (t->n + 1) > t->cap) {
        struct seen_table old = *t;

        t->cap = old.cap ? 2 * old.cap : 1024;
        t->v = xcalloc(t->cap, sizeof *t->v);
        for (size_t i = 0; i < old.cap; i++)
            if (old.v[i].offset)
                *slot_of(t, old.v[i].name) = old.v[i];
        free(old.v);
    }
    s = slot_of(t, name);
    t->n += s->offset == 0;
    *s = (struct seen){ name, offset + 1 };          // of two with one name the later one
}

static void remember_reply(struct reading *r, const struct warc_record *rec)
{
    if (rec->offset < 0)
        return;
    if (rec->record_id.n)
        remember(&r->seen, name_of('i', rec->record_id, STR_NONE), rec->offset);
    remember(&r->seen, name_of('u', rec->target_uri, STR_NONE), rec->offset);
    remember(&r->seen, name_of('d', rec->target_uri, rec->date), rec->offset);
    if (rec->payload_digest.n)
        remember(&r->seen, name_of('p', rec->payload_digest, STR_NONE), rec->offset);
}

static int64_t find(const struct reading *r, bool given, uint64_t name)
{
    return given && r->seen.cap ? slot_of(&r->seen, name)->offset - 1 : -1;
}

static int64_t payload_of(const struct reading *r, const struct warc_record *rec)
{
    struct str uri = rec->refers_to_uri.n ? rec->refers_to_uri : rec->target_uri;
    int64_t at = find(r, rec->refers_to.n > 0, name_of('i', rec->refers_to, STR_NONE));

    if (at < 0)
        at = find(r, rec->refers_to_date.n > 0, name_of('d', uri, rec->refers_to_date));
    if (at < 0)
        at = find(r, rec->payload_digest.n > 0, name_of('p', rec->payload_digest, STR_NONE));
    return at < 0 && !rec->payload_digest.n ? find(r, uri.n > 0, name_of('u', uri, STR_NONE)) : at;
}

/* ---- records ---- */

static int hand_on(struct reading *r, const struct warc_record *rec, struct str url, int64_t at,
                   struct err *err)
{
    struct archived_reply a = { .url = url, .at = at, .offset = rec->offset };

    if (warc_http_payload(rec, &r->hold, &a.status, &a.head, &a.body, err)) {
        log_warn("%s: the record at byte %" PRId64 " was passed over: %s", r->path, rec->offset,
                 err->msg);
        err_clear(err);
        r->skipped[REPLIES_NOT_HTTP]++;
        return 0;
    }
    return r->fn(r->to, &a, err);
}

static int hand_on_revisit(struct reading *r, const struct warc_record *rec, int64_t at,
                           struct err *err)
{
    int64_t offset = payload_of(r, rec);
    struct warc_record first;
    int got;

    if (offset < 0) {
        r->skipped[REPLIES_LOST_REVISIT]++;
        return 0;
    }
    if (!r->again && warc_open(&r->again, r->path, err))
        return -1;
    if (warc_seek(r->again, offset, err) || (got = warc_next(r->again, &first, err)) < 0)
        return -1;
    return got ? hand_on(r, &first, rec->target_uri, at, err) : 0;
}

static enum replies_skip skip_of(struct str type)
{
    static const struct { const char *type; enum replies_skip skip;
    } known[] = {
        { "warcinfo", REPLIES_WARCINFO },     { "request", REPLIES_REQUEST },
        { "metadata", REPLIES_METADATA },     { "resource", REPLIES_RESOURCE },
        { "conversion", REPLIES_CONVERSION },
    };

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (str_eq_nocase(type, str_of(known[i].type)))
            return known[i].skip;
    return REPLIES_TYPE;
}

static int take(struct reading *r, const struct warc_record *rec, struct err *err)
{
    bool response = str_eq_nocase(rec->type, STR("response")),
         revisit = str_eq_nocase(rec->type, STR("revisit"));
    int64_t at = 0;

    if (!response && !revisit) {
        r->skipped[skip_of(rec->type)]++;
        return 0;
    }
    if (rec->too_large) {
        r->skipped[REPLIES_TOO_LARGE]++;
        return 0;
    }
    if (utc_parse(rec->date, &at, err))
        return err_wrap(err, "%s: record at byte %" PRId64 ", WARC-Date", r->path, rec->offset);
    if (revisit)
        return hand_on_revisit(r, rec, at, err);
    remember_reply(r, rec);
    return hand_on(r, rec, rec->target_uri, at, err);
}

static int whole_digest(const char *path, struct digest *out, struct err *err)
{
    FILE *f = fopen(path, "rb");
    struct digest_ctx ctx;
    char bytes[READ_BYTES];
    size_t n;
    int rc = 0;

    if (!f)
        return err_set(err, ERR_IO, "%s: %s", path, strerror(errno));
    digest_start(&ctx);
    while ((n = fread(bytes, 1, sizeof bytes, f)) > 0)
        digest_add(&ctx, bytes, n);
    if (ferror(f))
        rc = err_set(err, ERR_IO, "%s: %s", path, strerror(errno));
    fclose(f);
    *out = digest_finish(&ctx);
    return rc;
}

int replies_is(const char *path, bool *is, struct err *err)
{
    FILE *f = fopen(path, "rb");
    char head[5] = {0};
    size_t n;

    if (!f)
        return err_set(err, ERR_IO, "%s: %s", path, strerror(errno));
    n = fread(head, 1, sizeof head, f);
    fclose(f);
    *is = (n == 5 && !memcmp(head, "WARC/", 5)) || (n >= 2 && !memcmp(head, "\x1f\x8b", 2));
    return 0;
}

int replies_each(const char *path, replies_fn *fn, void *to, int64_t skipped[REPLIES_SKIP_COUNT],
                  struct digest *whole, struct err *err)
{
    struct reading r = { .path = path, .fn = fn, .to = to, .skipped = skipped };
    struct warc_reader *reader = NULL;
    struct warc_record rec;
    int got = -1;

    if (whole_digest(path, whole, err) || warc_open(&reader, path, err))
        return -1;
    while ((got = warc_next(reader, &rec, err)) > 0)
        if (take(&r, &rec, err)) {
            got = -1;
            break;
        }
    warc_close(reader);
    warc_close(r.again);
    buf_release(&r.hold);
    free(r.seen.v);
    return got;
}
