/* audit/work_line.c: calls of a sink to lines and back. */
#include "audit/work_line.h"
#include <stdio.h>
#include <string.h>
#include "base/bucket.h"
#include "base/json.h"
#include "base/json_out.h"
#include "record/creator.h"
#include "record/id.h"

static const char *const names[WORK_OF_COUNT] = { "answer", "spare", "drift", "file", "run",
                                                 "clock" };

static void begin(struct json_out *o, struct buf *out, enum work_of of)
{
    *o = (struct json_out){ .buf = out, .style = JSON_COMPACT };
    json_open(o, NULL);
    json_put_word(o, "of", names[of]);
}

static void end(struct json_out *o)
{
    json_close(o);
    buf_char(o->buf, '\n');
}

/* ---- an answer ---- */
static void put_kept(struct json_out *o, const struct kept_place *p, size_t n)
{
    char hex[DIGEST_HEX];

    json_open_list(o, "kept");
    for (size_t i = 0; i < n; i++) {
        json_open(o, NULL);
        json_put_word(o, "file", p[i].file);
        json_put_int(o, "offset", p[i].offset);
        json_put_int(o, "len", p[i].len);
        json_put_word(o, "digest", digest_hex(&p[i].digest, hex));
        json_close(o);
    }
    json_close(o);
}

/* By kind of value, for a text of digits is no number. */
static void put_values(struct json_out *o, const char *key, const struct record *r,
                       enum val_kind kind)
{
    json_open(o, key);
    for (int f = 0; f < FIELD_COUNT; f++) {
        const struct value *v = &r->val[f];

        if (v->kind != kind)
            continue;
        if (kind == VAL_INT)
            json_put_int(o, field_info((enum field)f)->name, v->i);
        else if (kind == VAL_REAL)
            json_put_real(o, field_info((enum field)f)->name, v->real, 17);
        else
            json_put_text(o, field_info((enum field)f)->name, v->text);
    }
    json_close(o);
}

static void put_record(struct json_out *o, const struct record *r)
{
    if (!r)
        return;
    json_open(o, "record");
    json_put_id(o, "id", r->id);
    put_values(o, "ints", r, VAL_INT);
    put_values(o, "texts", r, VAL_TEXT);
    put_values(o, "reals", r, VAL_REAL);
    json_close(o);
}

static void put_list(struct json_out *o, const struct creator_page *p)
{
    if (!p)
        return;
    json_open(o, "list");
    json_put_int(o, "standing", p->standing);
    json_put_id(o, "author", p->author);
    json_put_int(o, "rows", p->rows);
    json_put_int(o, "dropped", p->dropped);
    json_open_list(o, "posts");
    for (size_t i = 0; i < p->posts; i++) {
        json_put_id(o, NULL, p->post[i].id);
        json_put_int(o, NULL, p->post[i].place);
    }
    json_close(o);
    json_close(o);
}

static void put_request(struct json_out *o, const struct request *r)
{
    json_open(o, "request");
    json_put_int(o, "witness", r->witness);
    json_put_id(o, "id", r->member->id);
    json_put_int(o, "item", r->member->item);
    json_put_int(o, "reserved_at", r->reserved_at);
    json_put_int(o, "sent_at", r->sent_at);
    json_put_int(o, "done_at", r->done_at);
    json_put_int(o, "sends", r->sends);
    json_put_int(o, "http", r->http);
    json_put_word(o, "log_id", r->log_id);
    json_close(o);
}

void work_line_answer(struct buf *out, const struct request *r, const struct answer *a,
                      const struct kept_place *kept, size_t n)
{
    struct json_out o;

    begin(&o, out, WORK_ANSWER);
    put_request(&o, r);
    put_kept(&o, kept, n);
    json_put_int(&o, "kind", a->kind);
    json_put_int(&o, "at", a->at);
    if (a->has_code)
        json_put_int(&o, "code", a->code);
    json_put_text(&o, "message", a->message);
    json_put_int(&o, "why", a->why);
    json_put_int(&o, "generation", a->generation);
    json_put_int(&o, "engine", a->engine);
    json_put_text(&o, "region", a->region);
    json_put_bool(&o, "nearly", a->nearly);
    put_record(&o, a->record);
    put_list(&o, a->list);
    end(&o);
}

/* ---- the others ---- */
void work_line_spare(struct buf *out, enum witness w, const struct ask_member *m, size_t n)
{
    struct json_out o;

    begin(&o, out, WORK_SPARE);
    json_put_int(&o, "witness", w);
    json_open_list(&o, "items");
    for (size_t i = 0; i < n; i++) {
        json_put_id(&o, NULL, m[i].id);
        json_put_int(&o, NULL, m[i].item);
    }
    json_close(&o);
    end(&o);
}

void work_line_drift(struct buf *out, const char *kind, struct str name, int64_t count, int64_t at)
{
    struct json_out o;

    begin(&o, out, WORK_DRIFT);
    json_put_word(&o, "kind", kind);
    json_put_text(&o, "name", name);
    json_put_int(&o, "count", count);
    json_put_int(&o, "at", at);
    end(&o);
}

void work_line_file(struct buf *out, const struct kept_file *f, struct str bucket)
{
    struct json_out o;
    char hex[DIGEST_HEX];

    begin(&o, out, WORK_FILE);
    json_put_word(&o, "name", f->name);
    json_put_int(&o, "size", f->size);
    json_put_word(&o, "digest", digest_hex(&f->digest, hex));
    if (bucket.n)
        json_put_text(&o, "bucket", bucket);
    end(&o);
}

static void put_counted(struct json_out *o, const char *key, const struct counted *c)
{
    json_open_list(o, key);
    json_put_int(o, NULL, c->n);
    json_put_int(o, NULL, c->first_at);
    json_put_int(o, NULL, c->last_at);
    json_close(o);
}

void work_line_clock(struct buf *out, int64_t ahead_ms, int64_t bound_ms)
{
    struct json_out o;

    begin(&o, out, WORK_CLOCK);
    json_put_int(&o, "ahead_ms", ahead_ms);
    json_put_int(&o, "bound_ms", bound_ms);
    end(&o);
}

void work_line_run(struct buf *out, const struct scrape_result *r)
{
    struct json_out o;

    begin(&o, out, WORK_RUN);
    json_put_int(&o, "sends", r->sends);
    json_put_int(&o, "redirects", r->redirects);
    json_put_int(&o, "retries", r->retries);
    json_put_int(&o, "pauses", r->pauses);
    json_put_int(&o, "controls", r->controls);
    json_put_int(&o, "turned", r->turned);
    json_put_int(&o, "whole", r->whole);
    put_counted(&o, "blocks", &r->blocks);
    put_counted(&o, "challenges", &r->challenges);
    end(&o);
}

/* ---- reading: whatever is missing or of another kind makes the line bad ---- */
struct reading {
    struct arena *mem;
    const char *bad;    // the first that is
};

static int64_t whole(struct reading *r, const struct json *of, const char *key, int64_t low,
                     int64_t high)
{
    int64_t i = 0;

    if ((!json_i64(json_get(of, key), &i) || i < low || i > high) && !r->bad)
        r->bad = key;
    return i < low || i > high ? low : i;
}

static int64_t instant(struct reading *r, const struct json *of, const char *key)
{
    return whole(r, of, key, 0, INT64_C(253402300799));    // of four digits
}

static struct str text(struct reading *r, const struct json *of, const char *key)
{
    struct str s = STR_NONE;

    if (!json_text(json_get(of, key), &s) && !r->bad)
        r->bad = key;
    return arena_dup(r->mem, s);
}

static uint64_t id_of(struct reading *r, const struct json *node, const char *key)
{
    uint64_t id = 0;

    if ((!json_u64(node, &id) || id > INT64_MAX) && !r->bad)
        r->bad = key;
    return id > INT64_MAX ? 0 : id;
}

static void word(struct reading *r, const struct json *of, const char *key, char *to, size_t room)
{
    struct str s = text(r, of, key);

    if (s.n >= room && !r->bad)
        r->bad = key;
    snprintf(to, room, "%.*s", STR_ARG(s));
}

static void digest(struct reading *r, const struct json *of, const char *key, struct digest *d)
{
    struct str hex = text(r, of, key);
    char back[DIGEST_HEX];

    for (size_t i = 0; hex.n == DIGEST_HEX - 1 && i < DIGEST_BYTES; i++) {
        unsigned byte = 0;
        char two[3] = { hex.p[2 * i], hex.p[2 * i + 1], 0 };

        if (sscanf(two, "%2x", &byte) == 1)
            d->b[i] = (uint8_t)byte;
    }
    if (!str_eq(str_of(digest_hex(d, back)), hex) && !r->bad)
        r->bad = key;
}

/* A name of a file, and no path. */
static void file_name(struct reading *r, const struct json *of, const char *key, char *to,
                      size_t room)
{
    word(r, of, key, to, room);
    if ((strchr(to, '/') || to[0] == '.') && !r->bad)
        r->bad = key;
}

/* The URL of one, where it is there. */
static void bucket(struct reading *r, const struct json *of, const char *key, struct str *to)
{
    char url[BUCKET_URL_MAX + 1];
    struct err ignored = { 0 };

    if (!json_get(of, key))
        return;
    word(r, of, key, url, sizeof url);
    if (bucket_url_check(key, url, &ignored) && !r->bad)
        r->bad = key;
    *to = arena_dup(r->mem, str_of(url));
}

static void read_request(struct reading *r, const struct json *of, struct work_line *l)
{
    struct request *req = &l->req;

    req->witness = (enum witness)whole(r, of, "witness", WITNESS_PAGE, WITNESS_COUNT - 1);
    l->member = (struct ask_member){ .id = id_of(r, json_get(of, "id"), "id"),
                                     .item = whole(r, of, "item", 1, INT64_MAX),
                                     .role = ROLE_ASKED };
    req->member = &l->member;
    req->members = 1;
    req->reserved_at = instant(r, of, "reserved_at");
    req->sent_at = instant(r, of, "sent_at");
    req->done_at = instant(r, of, "done_at");
    req->sends = (int)whole(r, of, "sends", 0, 1000);
    req->http = (int)whole(r, of, "http", 0, 999);
    word(r, of, "log_id", req->log_id, sizeof req->log_id);
}

static void read_kept(struct reading *r, const struct json *of, struct work_line *l)
{
    const size_t n = json_len(of);

    if (json_kind(of) != JSON_ARRAY || n > WORK_KEPT_MOST) {
        r->bad = r->bad ? r->bad : "kept";
        return;
    }
    l->kept = arena_alloc(r->mem, (n + 1) * sizeof *l->kept);
    for (const struct json *at = json_first(of); at; at = json_next(at)) {
        struct kept_place *p = &l->kept[l->keeps++];

        file_name(r, at, "file", p->file, sizeof p->file);
        p->offset = whole(r, at, "offset", 0, INT64_MAX / 2);
        p->len = whole(r, at, "len", 0, INT64_MAX / 2);
        digest(r, at, "digest", &p->digest);
    }
}

static void read_values(struct reading *r, const struct json *of, const char *key,
                        enum val_kind kind, struct record *rec)
{
    const struct json *values = json_get(of, key);

    for (const struct json *at = json_first(values); at; at = json_next(at)) {
        const enum field f = field_find(json_key(at));
        struct value v = { .kind = kind };
        bool good = f < FIELD_COUNT;

        good = good && (kind == VAL_INT    ? json_i64(at, &v.i)
                        : kind == VAL_REAL ? json_double(at, &v.real)
                                           : json_text(at, &v.text));
        if (!good) {
            r->bad = r->bad ? r->bad : key;
            return;
        }
        v.text = arena_dup(r->mem, v.text);
        rec->val[f] = v;
    }
}

/* post: whose it has to be. */
static void read_record(struct reading *r, const struct json *of, uint64_t post, struct answer *a)
{
    struct record *rec;

    if (!of)
        return;
    rec = arena_alloc(r->mem, sizeof *rec);
    rec->id = id_of(r, json_get(of, "id"), "id");
    if (rec->id != post && !r->bad)
        r->bad = "record";
    read_values(r, of, "ints", VAL_INT, rec);
    read_values(r, of, "texts", VAL_TEXT, rec);
    read_values(r, of, "reals", VAL_REAL, rec);
    a->record = rec;
}

static void read_list(struct reading *r, const struct json *of, struct answer *a)
{
    const struct json *posts = json_get(of, "posts"), *at;
    struct creator_page *p;

    if (!of)
        return;
    p = arena_alloc(r->mem, sizeof *p);
    p->standing = (enum creator_standing)whole(r, of, "standing", 0, CREATOR_STANDING_COUNT - 1);
    p->author = id_of(r, json_get(of, "author"), "author");
    p->rows = whole(r, of, "rows", 0, INT32_MAX);
    p->dropped = whole(r, of, "dropped", 0, INT32_MAX);
    p->post = arena_alloc(r->mem, (json_len(posts) / 2 + 1) * sizeof *p->post);
    for (at = json_first(posts); at && json_next(at); at = json_next(json_next(at))) {
        struct listed_post *post = &p->post[p->posts++];

        post->id = id_of(r, at, "posts");
        if (!json_i64(json_next(at), &post->place) || post->place < 0)
            r->bad = r->bad ? r->bad : "posts";
    }
    a->list = p;
}

static void read_answer(struct reading *r, const struct json *of, struct work_line *l)
{
    struct answer *a = &l->answer;

    read_request(r, json_get(of, "request"), l);
    read_kept(r, json_get(of, "kept"), l);
    a->kind = (enum answer_kind)whole(r, of, "kind", ANSWER_PUBLIC, ANSWER_RESOLVED);
    a->at = instant(r, of, "at");
    a->has_code = json_get(of, "code") != NULL;
    if (a->has_code)
        a->code = whole(r, of, "code", INT64_MIN, INT64_MAX);
    a->message = text(r, of, "message");
    a->why = (enum no_answer)whole(r, of, "why", 0, NO_ANSWER_COUNT - 1);
    a->generation = (enum generation)whole(r, of, "generation", 0, GENERATION_COUNT - 1);
    a->engine = (enum engine)whole(r, of, "engine", 0, ENGINE_COUNT - 1);
    a->region = text(r, of, "region");
    if (!json_bool(json_get(of, "nearly"), &a->nearly) && !r->bad)
        r->bad = "nearly";
    read_record(r, json_get(of, "record"), l->member.id, a);
    read_list(r, json_get(of, "list"), a);
}

static void read_spare(struct reading *r, const struct json *of, struct work_line *l)
{
    const struct json *items = json_get(of, "items");

    l->witness = (enum witness)whole(r, of, "witness", WITNESS_PAGE, WITNESS_COUNT - 1);
    l->spare = arena_alloc(r->mem, (json_len(items) / 2 + 1) * sizeof *l->spare);
    for (const struct json *at = json_first(items); at && json_next(at);
         at = json_next(json_next(at))) {
        struct ask_member *m = &l->spare[l->spares++];

        m->id = id_of(r, at, "items");
        if (!json_i64(json_next(at), &m->item) || m->item < 1)
            r->bad = r->bad ? r->bad : "items";
    }
}

static void read_counted(struct reading *r, const struct json *of, const char *key,
                         struct counted *c)
{
    const struct json *n = json_first(json_get(of, key)), *first = n ? json_next(n) : NULL,
                      *last = first ? json_next(first) : NULL;

    if (!json_i64(n, &c->n) || !json_i64(first, &c->first_at) || !json_i64(last, &c->last_at))
        r->bad = r->bad ? r->bad : key;
}

static void read_run(struct reading *r, const struct json *of, struct scrape_result *run)
{
    run->sends = whole(r, of, "sends", 0, INT32_MAX);
    run->redirects = whole(r, of, "redirects", 0, INT32_MAX);
    run->retries = whole(r, of, "retries", 0, INT32_MAX);
    run->pauses = whole(r, of, "pauses", 0, INT32_MAX);
    run->controls = whole(r, of, "controls", 0, INT32_MAX);
    run->turned = whole(r, of, "turned", 0, INT32_MAX);
    run->whole = whole(r, of, "whole", 0, INT32_MAX);
    read_counted(r, of, "blocks", &run->blocks);
    read_counted(r, of, "challenges", &run->challenges);
}

/* A worker whose clock is further off is refused; a round trip of a minute is none. */
static void read_clock(struct reading *r, const struct json *of, struct work_line *l)
{
    l->bound_ms = whole(r, of, "bound_ms", 0, 60000);
    l->ahead_ms = whole(r, of, "ahead_ms", -60000, 60000);
}

static void read_of(struct reading *r, const struct json *root, struct work_line *l)
{
    switch (l->of) {
    case WORK_ANSWER: read_answer(r, root, l); return;
    case WORK_SPARE: read_spare(r, root, l); return;
    case WORK_DRIFT:
        l->kind = text(r, root, "kind");
        l->name = text(r, root, "name");
        l->count = whole(r, root, "count", 0, INT32_MAX);
        l->at = instant(r, root, "at");
        return;
    case WORK_FILE:
        file_name(r, root, "name", l->file.name, sizeof l->file.name);
        l->file.size = whole(r, root, "size", 0, INT64_MAX / 2);
        digest(r, root, "digest", &l->file.digest);
        bucket(r, root, "bucket", &l->bucket);
        return;
    case WORK_RUN: read_run(r, root, &l->run); return;
    case WORK_CLOCK: read_clock(r, root, l); return;
    case WORK_OF_COUNT: break;
    }
    r->bad = "of";
}

int work_line_read(struct str line, struct arena *mem, struct work_line *l, struct err *err)
{
    struct reading r = { .mem = mem };
    struct json_doc doc = { 0 };
    struct str of = STR_NONE;

    *l = (struct work_line){ .of = WORK_OF_COUNT };
    if (line.n > WORK_LINE_MAX)
        return err_set(err, ERR_INPUT, "a line of %zu bytes, more than %d", line.n, WORK_LINE_MAX);
    if (json_parse(line, &doc, err))
        return -1;
    json_text(json_get(doc.root, "of"), &of);
    for (int i = 0; i < WORK_OF_COUNT; i++)
        if (str_eq(of, str_of(names[i])))
            l->of = (enum work_of)i;
    read_of(&r, doc.root, l);
    json_free(&doc);
    return r.bad ? err_set(err, ERR_INPUT, "a worker's line: expected another \"%s\"", r.bad) : 0;
}
