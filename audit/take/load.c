/* audit/take/load.c: files that others collected, through the same readers into the
 * same store. A file is taken whole or not at all. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "archive/replies.h"
#include "audit/take/load.h"
#include "base/array.h"
#include "base/file.h"
#include "base/inflate.h"
#include "base/log.h"
#include "base/utc.h"
#include "fetch/saved.h"
#include "import/import.h"
#include "import/urls.h"
#include "platform/tiktok.h"
#include "record/id.h"
#include "scrape/page.h"

#define LOAD_MAX ((size_t)1 << 30)
#define EXAMPLE "--at 2026-03-02T12:00:00Z"

struct ids { uint64_t *v; size_t n, cap; };
struct loading {
    struct audit *audit; const char *path; const struct load_opts *o; struct load_result *result;
    struct sink sink; struct arena mem; struct buf scratch; struct inflate *inflate;
    int64_t source;
};

static void ids_add(struct ids *ids, uint64_t id)
{
    ARRAY_ROOM(ids->v, ids->n, ids->cap);
    ids->v[ids->n++] = id;
}

static int by_id(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

static void ids_sort(struct ids *ids)
{
    size_t out = 0;

    if (!ids->n)
        return;
    qsort(ids->v, ids->n, sizeof *ids->v, by_id);
    for (size_t i = 0; i < ids->n; i++)
        if (i == 0 || ids->v[i] != ids->v[i - 1])
            ids->v[out++] = ids->v[i];
    ids->n = out;
}

static int no_time(const struct loading *l, struct err *err)
{
    return err_set(err, ERR_INPUT,
                   "%s: nothing in it says when it was answered (no WARC-Date, no log_id): give %s",
                   l->path, EXAMPLE);
}

/* Items that the audit does not have yet are taken in; member[i] gets the numbers. */
static int take_ids(struct loading *l, const struct ids *ids, struct ask_member *member,
                    struct err *err)
{
    struct new_item *items = xcalloc(ids->n ? ids->n : 1, sizeof *items);
    struct add_count added = {0};
    int rc = -1;

    for (size_t i = 0; i < ids->n; i++)
        items[i].id = ids->v[i];
    if (store_add_items(l->audit->store, l->source, items, ids->n, &added, err))
        goto out;
    l->result->items += added.fresh;
    for (size_t i = 0; i < ids->n; i++) {
        member[i].id = ids->v[i];
        if (store_item_find(l->audit->store, ids->v[i], &member[i].item, err))
            goto out;
    }
    rc = 0;
out:
    free(items);
    return rc;
}

static int keep_bytes(struct loading *l, const struct request *req, const char *url,
                      struct str head, struct str body, int status, int64_t at, struct evidence *ev,
                      struct err *err)
{
    struct http_exchange x = { .url = url,
                               .status = status,
                               .sent_at = at,
                               .done_at = at,
                               .head = head,
                               .body = body,
                               .http_version = 11 };

    return l->sink.exchange(l->sink.to, req, &x, ev, err);
}

/* ---- the API's replies ---- */

static int by_member(const void *id, const void *member)
{
    const struct ask_member *m = member;
    const uint64_t *x = id;

    return (*x > m->id) - (*x < m->id);
}

/* Members are sorted by id, as take_ids made them. */
static int put_rows(struct loading *l, const struct request *req, const struct saved *r,
                    struct err *err)
{
    for (size_t i = 0; i < r->n; i++) {
        struct answer a = { .id = r->row[i].id,
                            .witness = WITNESS_QUERY,
                            .kind = ANSWER_FOUND,
                            .at = req->done_at,
                            .request = req->n,
                            .generation = GENERATION_API,
                            .record = &r->row[i],
                            .evidence = req->evidence };
        struct ask_member *m = bsearch(&a.id, req->member, req->members, sizeof *m, by_member);

        if (!m) {                        // --asked did not name it: reported, not taken
            l->result->strange++;
            continue;
        }
        if (m->came_back)
            continue;
        m->came_back = true;
        a.item = m->item;
        l->result->found++;
        if (l->sink.put(l->sink.to, req, &a, err))
            return -1;
    }
    return 0;
}

static int put_replies(struct loading *l, const struct saved *r, const struct ids *asked,
                       int64_t warc_at, struct str body, struct err *err)
{
    struct request req = { .witness = WITNESS_QUERY, .loaded = true, .http = 200 };
    int64_t at = warc_at ? warc_at : r->at ? r->at : l->o->has_at ? l->o->at : 0;
    struct ids found = {0};
    const struct ids *ids = asked ? asked : &found;
    int rc = -1;

    if (!at)
        return no_time(l, err);
    for (size_t i = 0; i < r->n; i++)
        ids_add(&found, r->row[i].id);
    ids_sort(&found);
    req.member = xcalloc(ids->n ? ids->n : 1, sizeof *req.member);
    req.members = ids->n;
    req.reserved_at = req.sent_at = req.done_at = at;
    req.complete = !asked || saved_is_complete(r);          // only rows that came back are members
    req.rows = (int)r->n;
    snprintf(req.error_code, sizeof req.error_code, "%s", r->partial ? "error" : "ok");
    snprintf(req.log_id, sizeof req.log_id, "%s", r->log_id);
    if (take_ids(l, ids, req.member, err) || l->sink.reserve(l->sink.to, &req, err) ||
        keep_bytes(l, &req, "urn:blindspot:loaded-api",
                   STR("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"), body, 200, at,
                   &req.evidence, err) ||
        put_rows(l, &req, r, err))
        goto out;
    l->result->answers++;
    rc = l->sink.done(l->sink.to, &req, err);
out:
    free(found.v);
    free(req.member);
    return rc;
}

/* Where nothing says which ids were asked together, a reply that carries its own
 * time is a request of its own. */
static int put_apart(void *to, const struct saved *doc, struct str text, struct err *err)
{
    return put_replies(to, doc, NULL, 0, text, err);
}

static int asked_items(void *to, const struct new_item *items, size_t len, struct err *err)
{
    (void)err;
    for (size_t i = 0; i < len; i++)
        ids_add(to, items[i].id);
    return 0;
}

static int no_link(void *to, struct str url, struct err *err)
{
    (void)to;
    return err_set(err, ERR_INPUT,
                   "--asked: %.*s is a short link; the ids that were asked for are needed",
                   STR_ARG(url));
}

static int read_asked(const char *path, struct ids *ids, struct err *err)
{
    struct import_sink sink = { asked_items, no_link, NULL, ids };
    struct import_opts opts = { .now = utc_now() };
    struct import_count count;

    if (import_file(path, &opts, &sink, &count, err))
        return -1;
    ids_sort(ids);
    return ids->n ? 0
                  : err_set(err, ERR_INPUT, "%s: expected the ids that were asked for, found none",
                            path);
}

/* ---- archives ---- */

static int api_record(void *to, const struct archived_reply *a, struct err *err)
{
    struct loading *l = to;
    struct http_exchange x = { .head = a->head };
    struct saved saved = {0};
    struct str view;
    int rc;

    if (a->status != 200 || str_find(a->url, STR(TIKTOK_API_QUERY), 0) < 0) {
        l->result->other++;
        return 0;
    }
    arena_clear(&l->mem);
    /* An archive also holds what came in cut or garbled, and was asked for again. */
    if (inflate_body(l->inflate, http_header(&x, "content-encoding"), a->body, REPLY_MAX,
                     &l->scratch, &view, err) ||
        saved_read(view, l->path, &l->mem, NULL, NULL, &saved, err)) {
        log_warn("the reply at byte %" PRId64 " was passed over: %s", a->offset, err->msg);
        err_clear(err);
        l->result->other++;
        rc = 0;
    } else {
        rc = put_replies(l, &saved, NULL, a->at, view, err);
    }
    l->result->strange += saved.bad_rows;
    saved_release(&saved);
    return rc;
}

/* ---- pages ---- */

static int put_page(struct loading *l, uint64_t id, const char *url, int status, struct str head,
                    struct str body, int64_t at, struct err *err)
{
    struct http_exchange x = {
        .url = url, .status = status, .head = head, .body = body, .sent_at = at, .done_at = at
    };
    struct ids ids = { .v = &id, .n = 1, .cap = 1 };
    struct ask_member member = {0};
    struct request req = { .witness = WITNESS_PAGE,
                           .loaded = true,
                           .http = status,
                           .complete = true,
                           .member = &member,
                           .members = 1,
                           .reserved_at = at,
                           .sent_at = at,
                           .done_at = at };
    struct page_notes notes = { .want_extract = audit_keep(&l->audit->set) == KEEP_EXTRACT };
    struct answer a = {0};

    page_read_exchange(&x, id, l->inflate, &l->scratch, &l->mem, &a, &notes);
    if (take_ids(l, &ids, &member, err) || l->sink.reserve(l->sink.to, &req, err) ||
        keep_bytes(l, &req, url, head, body, status, at, &req.evidence, err))
        return -1;
    a.id = id;
    a.item = member.item;
    a.witness = WITNESS_PAGE;
    a.at = at;
    a.request = req.n;
    a.evidence = req.evidence;
    if (l->sink.put(l->sink.to, &req, &a, err) || l->sink.done(l->sink.to, &req, err))
        return -1;
    l->result->answers++;
    l->result->is_public += a.kind == ANSWER_PUBLIC;
    l->result->refused += a.kind == ANSWER_REFUSED;
    l->result->no_answer += a.kind == ANSWER_NO_ANSWER;
    return 0;
}

/* An archive of our own may have been made at another base URL. */
static void platform_url(const struct loading *l, struct str url, struct buf *out)
{
    struct str base = str_of(l->audit->set.page_base_url);

    if (str_starts(url, base) && url.n > base.n && url.p[base.n] == '/') {
        buf_puts(out, TIKTOK_SITE);
        url = str_sub(url, base.n, url.n);
    }
    buf_str(out, url);
}

/* A redirect is no answer, what it leads to is; oEmbed names an item's page, but is none. */
static bool is_page(const struct archived_reply *a, struct str url)
{
    bool moved = a->status == 301 || a->status == 302 || a->status == 303 || a->status == 307 ||
                 a->status == 308;

    return !moved && str_find(url, STR(TIKTOK_OEMBED "?"), 0) < 0;
}

static int page_record(void *to, const struct archived_reply *a, struct err *err)
{
    struct loading *l = to;
    struct buf url = {0};
    struct link link;
    int rc = 0;

    memset(&link, 0, sizeof link);
    platform_url(l, a->url, &url);
    link_parse(buf_view(&url), a->at, &link);
    arena_clear(&l->mem);
    if (link.what == LINK_ITEM && is_page(a, buf_view(&url)))
        rc = put_page(l, link.item.id, buf_cstr(&url), a->status, a->head, a->body, a->at, err);
    else
        l->result->other++;
    buf_release(&url);
    return rc;
}

/* The id a saved page is about: digits of its file's name, else what the page
 * itself says. */
static bool page_id(struct loading *l, struct str html, uint64_t *id)
{
    const char *slash = strrchr(l->path, '/');
    struct str name = str_of(slash ? slash + 1 : l->path);
    struct page_notes notes = {0};
    struct answer a = {0};
    struct link link;

    for (size_t i = 0; i < name.n;) {
        size_t n = 0;

        while (i + n < name.n && name.p[i + n] >= '0' && name.p[i + n] <= '9')
            n++;
        if (n >= 17 && id_parse(str_sub(name, i, n), utc_now(), id) <= ID_ODD)
            return true;
        i += n ? n : 1;
    }
    if (page_read(html, 0, &l->mem, &a, &notes, &(struct err){0}))
        return false;
    if (a.record && a.record->id) {
        *id = a.record->id;
        return true;
    }
    memset(&link, 0, sizeof link);
    link_parse(notes.canonical, utc_now(), &link);
    *id = link.item.id;
    return notes.canonical.n && link.what == LINK_ITEM;
}

static int load_html(struct loading *l, struct str html, struct err *err)
{
    struct buf url = {0};
    uint64_t id = 0;
    int rc;

    if (!l->o->has_at)
        return no_time(l, err);
    if (!page_id(l, html, &id))
        return err_set(err, ERR_INPUT,
                       "%s: neither its name nor the page says which item it is of: "
                       "name it ID.html",
                       l->path);
    tiktok_post_url(&url, id, STR_NONE);
    rc = put_page(l, id, buf_cstr(&url), 200,
                  STR("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"), html, l->o->at, err);
    buf_release(&url);
    return rc;
}

/* ---- one file: one transaction ---- */

static int begin(struct loading *l, struct err *err)
{
    l->inflate = inflate_new();
    memset(l->result, 0, sizeof *l->result);
    if (strcmp(l->path, "-") != 0 && !file_exists(l->path))
        return err_set(err, ERR_USAGE, "%s: there is no such file", l->path);
    if (audit_sink(l->audit, false, &l->sink, err) || store_begin(l->audit->store, err))
        return -1;
    return store_source_new(l->audit->store, &l->source, err);
}

static int finish(struct loading *l, int rc, const struct digest *digest, struct err *err)
{
    /* Evidence is on the disk before what refers to it. */
    if (rc == 0 && (store_source_named(l->audit->store, l->source, "load", digest, err) ||
                    (l->audit->archive && archive_sync(l->audit->archive, err)) ||
                    store_commit(l->audit->store, err)))
        rc = -1;
    if (rc)
        store_rollback(l->audit->store);
    store_sink_release(&l->sink);
    inflate_free(l->inflate);
    buf_release(&l->scratch);
    arena_release(&l->mem);
    return rc;
}

/* An archive is read from its file, record by record; all else is small. */
static int sniff(const char *path, bool *warc, struct buf *text, struct digest *digest,
                 struct err *err)
{
    *warc = false;
    if (strcmp(path, "-") != 0 && replies_is(path, warc, err))
        return -1;
    if (*warc)
        return 0;
    if (file_read(path, LOAD_MAX, text, err))
        return -1;
    *digest = digest_sha256(buf_view(text));
    return 0;
}

int load_api(struct audit *audit, const char *path, const struct load_opts *o,
             struct load_result *result, struct err *err)
{
    struct loading l = { .audit = audit, .path = path, .o = o, .result = result };
    struct saved saved = {0};
    struct digest digest = {{0}};
    struct buf text = {0};
    struct ids asked = {0};
    bool warc;
    int rc = -1;

    if (begin(&l, err) || sniff(path, &warc, &text, &digest, err) ||
        (o->asked && read_asked(o->asked, &asked, err)))
        goto out;
    if (warc)
        rc = replies_each(path, api_record, &l, result->skipped, &digest, err);
    else if (saved_read(buf_view(&text), path, &l.mem, o->asked ? NULL : put_apart, &l, &saved,
                        err) == 0)
        rc = !saved.n && result->answers ? 0      // all went in one by one
            : put_replies(&l, &saved, o->asked ? &asked : NULL, 0, buf_view(&text), err);
out:
    result->strange += saved.bad_rows;
    rc = finish(&l, rc, &digest, err);
    saved_release(&saved);
    free(asked.v);
    buf_release(&text);
    return rc;
}

int load_pages(struct audit *audit, const char *path, const struct load_opts *o,
               struct load_result *result, struct err *err)
{
    struct loading l = { .audit = audit, .path = path, .o = o, .result = result };
    struct digest digest = {{0}};
    struct buf text = {0};
    bool warc;
    int rc = -1;

    if (begin(&l, err) == 0 && sniff(path, &warc, &text, &digest, err) == 0)
        rc = warc ? replies_each(path, page_record, &l, result->skipped, &digest, err)
                  : load_html(&l, buf_view(&text), err);
    rc = finish(&l, rc, &digest, err);
    buf_release(&text);
    return rc;
}
