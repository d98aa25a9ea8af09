/* audit/sample/frame.c: the sightings of a file are held until it was read to its end: only then
 * its digest, by which a file that comes twice is known, can name their source. */
#include "audit/sample/frame.h"
#include <stdlib.h>
#include <string.h>
#include "archive/replies.h"
#include "audit/add_api.h"
#include "base/array.h"
#include "base/http.h"
#include "base/inflate.h"
#include "base/log.h"
#include "base/utc.h"
#include "import/posts_file.h"
#include "import/urls.h"
#include "store/frame.h"
#include "store/inputs.h"

#define SOURCE_KIND "creators"
enum { PLACE_MAX = 120 };
#define REPLY_BODY_MAX ((size_t)64 << 20)

struct sight {
    char handle[HANDLE_MAX + 1];
    struct str place;
    uint64_t author, post;
    int64_t day;
};
struct taking {
    struct audit *audit;
    const struct sight_opts *o;
    struct sighted *in;
    struct sight *v;
    size_t n, cap;
    struct arena mem;         // places
    struct str last_raw, last_place;    // of the row before: rows of a file say the same
    /* of an archive */
    int64_t reply_at;
    struct inflate *inflate;
    struct buf body;
};

/* ---- what a file holds ---- */
/* A name, not a text: whole letters of the first PLACE_MAX bytes, controls as blanks. */
static struct str clean_place(struct taking *t, struct str place)
{
    size_t n = place.n < PLACE_MAX ? place.n : PLACE_MAX;
    char *text;

    while (n < place.n && n > 0 && ((unsigned char)place.p[n] & 0xC0) == 0x80)
        n--;
    text = arena_alloc(&t->mem, n + 1);
    for (size_t i = 0; i < n; i++)
        text[i] = (unsigned char)place.p[i] < ' ' || place.p[i] == 0x7F ? ' ' : place.p[i];
    return str_trim((struct str){ text, n });
}
static struct str keep_place(struct taking *t, struct str place)
{
    if (!place.n)
        place = t->o->place ? str_of(t->o->place) : STR("");
    if (!place.n)
        return STR("");
    if (!str_eq(place, t->last_raw)) {
        t->last_raw = arena_dup(&t->mem, place);
        t->last_place = clean_place(t, place);
    }
    return t->last_place;
}
static int take_seen(void *to, const struct creator_seen *s, struct err *err)
{
    struct taking *t = to;
    struct sight *sight;

    (void)err;
    ARRAY_ROOM(t->v, t->n, t->cap);
    sight = &t->v[t->n++];
    *sight = (struct sight){ .place = keep_place(t, s->place),
                             .author = s->author,
                             .post = s->post,
                             .day = s->at           ? s->at / 86400
                                    : t->o->has_day ? t->o->day
                                                    : 0 };
    memcpy(sight->handle, s->handle, sizeof sight->handle);
    t->in->no_day += !sight->day;
    t->in->no_place += !sight->place.n;
    return 0;
}
static void take_note(void *to, const char *sentence)
{
    log_warn("%s: %s", ((struct taking *)to)->in->file, sentence);
}

/* ---- archives ---- */
static void pass(struct taking *t, enum import_skip why)
{
    t->in->count.skipped[why]++;
    t->in->count.links += import_skip_is_link(why);
}
static int take_at(struct taking *t, const char *handle, uint64_t author, uint64_t post, int64_t at,
                   struct err *err)
{
    struct creator_seen seen = { .author = author, .post = post, .at = at };

    if (!handle[0]) {
        pass(t, SKIP_NO_HANDLE);
        return 0;
    }
    memcpy(seen.handle, handle, sizeof seen.handle);
    t->in->count.links++;
    t->in->count.taken++;
    return take_seen(t, &seen, err);
}
static int take_row(void *to, const struct post_found *f, struct str row, struct err *err)
{
    struct taking *t = to;

    (void)row;
    return take_at(t, f->handle, f->author, f->id, f->at ? f->at : t->reply_at, err);
}
/* Replies that list posts, and addresses of posts and profiles; all else of an archive is no
 * sight of a creator. */
static int take_reply(void *to, const struct archived_reply *a, struct err *err)
{
    struct taking *t = to;
    const struct http_exchange x = { .head = a->head };
    const struct posts_sink sink = { .post = take_row, .to = t, .without_rows = true };
    struct posts_count count = { 0 };
    struct str body = a->body;
    struct link link;

    link_parse(a->url, a->at, &link);
    if (link_is_profile(&link) || (link.what == LINK_ITEM && link.item.handle[0]))
        return take_at(t, link.item.handle, 0, link.what == LINK_ITEM ? link.item.id : 0, a->at,
                       err);
    if (a->status != 200)
        return 0;
    if (inflate_body(t->inflate, http_header(&x, "content-encoding"), a->body, REPLY_BODY_MAX,
                     &t->body, &body, err)) {
        err_clear(err);    // a reply that cannot be read lists nobody
        return 0;
    }
    body = str_trim(body);
    if (!body.n || body.p[0] != '{' || !posts_text_is(body))
        return 0;
    t->reply_at = a->at;
    if (posts_text_each(body, t->in->file, utc_now(), &sink, &count, err)) {
        if (err->kind != ERR_INPUT)
            return -1;
        err_clear(err);    // it breaks off: rows before that were taken
        count.unreadable++;
    }
    t->in->count.skipped[SKIP_NO_LINK] += count.empty;
    t->in->count.skipped[SKIP_UNREADABLE_ROW] += count.unreadable;
    return 0;
}
static int read_archive(struct taking *t, struct str key, struct err *err)
{
    int64_t skipped[REPLIES_SKIP_COUNT] = { 0 };
    struct digest whole;
    int rc;

    t->inflate = inflate_new();
    rc = replies_each(t->in->file, take_reply, t, skipped, &whole, err);
    inflate_free(t->inflate);
    buf_release(&t->body);
    if (rc)
        return -1;
    if (skipped[REPLIES_DAMAGED])
        log_warn("%s: " COUNTED " damaged: what stood there is left out", t->in->file,
                 COUNT_OF(skipped[REPLIES_DAMAGED], "place is", "places are"));
    t->in->count.kind = "archive";
    t->in->count.digest = digest_hmac(key, (struct str){ (const char *)whole.b, sizeof whole.b });
    return 0;
}
static int read_file(struct taking *t, struct str key, struct err *err)
{
    const struct import_opts opts = {
        .column = t->o->column, .key = t->o->key, .now = utc_now(), .source_key = key
    };
    const struct import_sink sink = { .note = take_note, .to = t, .seen = take_seen };
    bool meant;

    if (add_api(t->in->file, &opts, &sink, &t->in->count, &meant, err))
        return -1;
    if (meant)
        return 0;
    if (strcmp(t->in->file, "-") != 0 && replies_in(t->in->file, &meant, err))
        return -1;
    return meant ? read_archive(t, key, err)
                 : import_file(t->in->file, &opts, &sink, &t->in->count, err);
}

/* ---- into the store ---- */
static int put_sight(struct taking *t, const struct sight *sight, int64_t source, struct err *err)
{
    struct sighting row = {
        .source = source, .day = sight->day, .place = sight->place, .post = sight->post
    };
    bool fresh;

    if (store_creator_put(t->audit->store, str_of(sight->handle), sight->author, &row.creator,
                          err) ||
        store_sighting_put(t->audit->store, &row, &fresh, err))
        return -1;
    t->in->fresh += fresh;
    t->in->repeats += !fresh;
    return 0;
}
/* In the ledger over inputs a sighting is no item, so it stands among what gave none. */
static void account(struct sighted *in)
{
    in->intake.seen = in->count.links;
    intake_pass(&in->intake, "sighting", in->count.taken);
    for (int i = 0; i < SKIP_COUNT; i++) {
        intake_pass(&in->intake, import_skip_name((enum import_skip)i), in->count.skipped[i]);
        if (!import_skip_is_link((enum import_skip)i))
            in->intake.seen += in->count.skipped[i];
    }
}
static int put_all(struct taking *t, struct err *err)
{
    struct store *s = t->audit->store;
    struct frame_totals before, after;
    int64_t source;

    account(t->in);
    if (store_frame_totals(s, &before, err) ||
        store_source(s, SOURCE_KIND, &t->in->count.digest, &source, err) ||
        store_source_count(s, source, &t->in->intake, err))
        return -1;
    for (size_t i = 0; i < t->n; i++)
        if (put_sight(t, &t->v[i], source, err))
            return -1;
    if (store_frame_totals(s, &after, err))
        return -1;
    t->in->creators = after.creators > before.creators ? after.creators - before.creators : 0;
    return 0;
}
int sample_add(struct audit *audit, const char *path, const struct sight_opts *o,
               struct sighted *in, struct err *err)
{
    struct taking t = { .audit = audit, .o = o, .in = in };
    struct buf key = { 0 };
    int rc = -1;

    *in = (struct sighted){ .file = path };
    if (store_meta_get(audit->store, META_SOURCE_KEY, &key, err) ||
        read_file(&t, buf_view(&key), err) || store_begin(audit->store, err))
        goto out;
    if (put_all(&t, err))
        store_rollback(audit->store);
    else
        rc = store_commit(audit->store, err);
out:
    free(t.v);
    arena_release(&t.mem);
    buf_release(&key);
    return rc;
}
