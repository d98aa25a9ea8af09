/* archive/replies_warc.c: replies out of WARC files. Of each reply that was seen its
 * place is kept, by three names, so that a revisit finds its payload whatever it
 * is referred to by: record id (wget), URL and date (browsertrix, warcio), or
 * the payload's digest. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "archive/reading.h"
#include "base/digest.h"
#include "base/utc.h"

#define PART_BITS 40    // a place is a part's number and a byte of it

/* ---- what was seen ---- */

struct seen {
    uint64_t name;
    int64_t offset;
};    // offset + 1; 0 = free
struct seen_table {
    struct seen *v;
    size_t n, cap;
};

struct warcs {
    struct reading *r;
    const struct warc_parts *parts;
    size_t part;    // that is being read
    struct seen_table seen;
    struct warc_reader *again;
    size_t again_part;    // for payloads of revisits
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
    *s = (struct seen){ name, offset + 1 };    // of two with one name the later one
}

static void remember_reply(struct warcs *w, const struct warc_record *rec)
{
    int64_t place = (int64_t)w->part << PART_BITS | rec->offset;

    if (rec->offset < 0)
        return;
    if (rec->record_id.n)
        remember(&w->seen, name_of('i', rec->record_id, STR_NONE), place);
    remember(&w->seen, name_of('u', rec->target_uri, STR_NONE), place);
    remember(&w->seen, name_of('d', rec->target_uri, rec->date), place);
    if (rec->payload_digest.n)
        remember(&w->seen, name_of('p', rec->payload_digest, STR_NONE), place);
}

static int64_t find(const struct warcs *w, bool given, uint64_t name)
{
    return given && w->seen.cap ? slot_of(&w->seen, name)->offset - 1 : -1;
}

static int64_t payload_of(const struct warcs *w, const struct warc_record *rec)
{
    struct str uri = rec->refers_to_uri.n ? rec->refers_to_uri : rec->target_uri;
    int64_t at = find(w, rec->refers_to.n > 0, name_of('i', rec->refers_to, STR_NONE));

    if (at < 0)
        at = find(w, rec->refers_to_date.n > 0, name_of('d', uri, rec->refers_to_date));
    if (at < 0)
        at = find(w, rec->payload_digest.n > 0, name_of('p', rec->payload_digest, STR_NONE));
    return at < 0 && !rec->payload_digest.n ? find(w, uri.n > 0, name_of('u', uri, STR_NONE)) : at;
}

/* ---- records ---- */

static int hand_on(struct warcs *w, const struct warc_record *rec, struct str url, int64_t at,
                   struct err *err)
{
    struct archived_reply a = { .url = url, .at = at, .offset = rec->offset };

    if (warc_http_payload(rec, &w->hold, &a.status, &a.head, &a.body, err)) {
        err_wrap(err, "%s: the record at byte %" PRId64 " was passed over", w->r->path,
                 rec->offset);
        reading_skip(w->r, REPLIES_NOT_HTTP, err);
        return 0;
    }
    return w->r->fn(w->r->to, &a, err);
}

/* 1 the record that holds the payload, 0 it is not to be had, -1. */
static int read_again(struct warcs *w, int64_t place, struct warc_record *first, struct err *err)
{
    size_t part = (size_t)(place >> PART_BITS);
    int got = 1;

    if (w->again && w->again_part != part) {
        warc_close(w->again);
        w->again = NULL;
    }
    if (!w->again)
        got = w->parts->open(w->parts->of, part, &w->again, err);
    w->again_part = part;
    if (got == 1 && warc_seek(w->again, place & (((int64_t)1 << PART_BITS) - 1), err))
        got = -1;
    if (got == 1)
        got = warc_next(w->again, first, err);
    if (got >= 0 || err->kind != ERR_INPUT)
        return got;
    err_clear(err);    // read once, and now it is not there
    return 0;
}

static int hand_on_revisit(struct warcs *w, const struct warc_record *rec, int64_t at,
                           struct err *err)
{
    int64_t place = payload_of(w, rec);
    struct warc_record first = { 0 };
    int got = place < 0 ? 0 : read_again(w, place, &first, err);

    if (got < 0)
        return -1;
    if (!got) {
        w->r->skipped[REPLIES_LOST_REVISIT]++;
        return 0;
    }
    return hand_on(w, &first, rec->target_uri, at, err);
}

static enum replies_skip skip_of(struct str type)
{
    static const struct {
        const char *type;
        enum replies_skip skip;
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

static int take(struct warcs *w, const struct warc_record *rec, struct err *err)
{
    bool response = str_eq_nocase(rec->type, STR("response")),
         revisit = str_eq_nocase(rec->type, STR("revisit"));
    int64_t at = 0;

    if (!response && !revisit) {
        w->r->skipped[skip_of(rec->type)]++;
        return 0;
    }
    if (rec->too_large) {
        w->r->skipped[REPLIES_TOO_LARGE]++;
        return 0;
    }
    if (utc_parse_seen(rec->date, &at, err)) {
        err_wrap(err, "%s: record at byte %" PRId64 " was passed over: WARC-Date", w->r->path,
                 rec->offset);
        reading_skip(w->r, REPLIES_NO_DATE, err);
        return 0;
    }
    if (revisit)
        return hand_on_revisit(w, rec, at, err);
    remember_reply(w, rec);
    return hand_on(w, rec, rec->target_uri, at, err);
}

/* Behind a damaged place reading goes on where the next record is found. */
static int each_record(struct warcs *w, struct warc_reader *reader, struct err *err)
{
    struct warc_record rec;
    int got;

    do {
        while ((got = warc_next(reader, &rec, err)) > 0)
            if (take(w, &rec, err))
                return -1;
        if (got < 0)
            got = reading_damaged(w->r, err) ? -1 : warc_resume(reader, err);
    } while (got > 0);
    return got;
}

/* No further part can be found: that is damage, unless the last one has told of it. */
static int end_of_parts(struct reading *r, struct err *err)
{
    if (!r->skipped[REPLIES_DAMAGED])
        return reading_damaged(r, err);
    err_clear(err);
    return 0;
}

int warc_parts_each(struct reading *r, const struct warc_parts *parts, struct err *err)
{
    struct warcs w = { .r = r, .parts = parts };
    struct warc_reader *reader = NULL;
    bool failed = false;
    int got = 1;

    for (; got > 0; w.part++) {
        if ((got = parts->open(parts->of, w.part, &reader, err)) <= 0)
            break;
        got = each_record(&w, reader, err) ? -1 : 1;
        warc_close(reader);
        failed = got < 0;
    }
    if (got < 0 && !failed && w.part > 0 && err->kind == ERR_INPUT)
        got = end_of_parts(r, err);
    warc_close(w.again);
    buf_release(&w.hold);
    free(w.seen.v);
    return got;
}

/* ---- a file of its own ---- */

static int open_file(void *of, size_t part, struct warc_reader **out, struct err *err)
{
    return part ? 0 : warc_open(out, of, err) ? -1 : 1;
}

int warc_each(struct reading *r, struct err *err)
{
    const struct warc_parts file = { open_file, (void *)r->path };

    return warc_parts_each(r, &file, err);
}

int warc_in(const char *path, bool *in, struct err *err)
{
    struct warc_reader *reader = NULL;
    struct warc_record rec;
    int got;

    *in = false;
    if (warc_open(&reader, path, err))
        return -1;
    got = warc_next(reader, &rec, err);
    if (got < 0 && err->kind == ERR_INPUT) {
        err_clear(err);
        got = 0;
    }
    *in = got > 0;
    warc_close(reader);
    return got < 0 ? -1 : 0;
}
