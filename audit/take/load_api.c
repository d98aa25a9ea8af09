/* audit/take/load_api.c: replies of the research API, or rows of them, as somebody kept
 * them. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "archive/replies.h"
#include "audit/take/loading.h"
#include "base/array.h"
#include "base/log.h"
#include "base/utc.h"
#include "fetch/saved.h"
#include "import/import.h"
#include "platform/tiktok.h"

struct ids { uint64_t *v; size_t n, cap; };
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

static int put_replies(struct loading *l, struct saved *r, const struct ids *asked, int64_t warc_at,
                       struct str body, struct err *err)
{
    struct request req = { .witness = WITNESS_QUERY, .loaded = true, .http = 200 };
    int64_t at = warc_at ? warc_at : r->at ? r->at : l->o->has_at ? l->o->at : 0;
    struct ids found = {0};
    const struct ids *ids = asked ? asked : &found;
    int rc = -1;

    if (!at)
        return loading_no_time(l, err);
    l->result->spoiled += saved_drop(r, l->spoiled);
    if (l->spoiled && !r->n && !asked)
        return 0;
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
    if (loading_items(l, ids->v, ids->n, req.member, err) ||
        l->sink.reserve(l->sink.to, &req, err) ||
        loading_keep(l, &req, "urn:blindspot:loaded-api",
                     STR("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"), body, 200,
                     at, &req.evidence, err) ||
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
static int put_apart(void *to, struct saved *doc, struct str text, struct err *err)
{
    return put_replies(to, doc, NULL, 0, text, err);
}

static int count_endings(void *to, struct saved *doc, struct str text, struct err *err)
{
    (void)text;
    (void)err;
    saved_count_endings(doc, to);
    return 0;
}

/* All ids of the file are counted before the first row is taken. */
static int judge_endings(struct loading *l, struct str text, struct err *err)
{
    struct endings e = { 0 };
    struct saved saved = { 0 };
    struct arena mem = { 0 };
    struct buf sentence = { 0 };
    int rc = saved_read(text, l->path, &mem, count_endings, &e, &saved, err);

    saved_count_endings(&saved, &e);
    l->spoiled = rc ? 0 : endings_spoiled(&e);
    if (l->spoiled) {
        endings_sentence(&e, l->spoiled, &sentence);
        log_warn("%s: %s; such rows are not taken: ask for the replies as they were sent", l->path,
                 buf_cstr(&sentence));
    }
    buf_release(&sentence);
    saved_release(&saved);
    arena_release(&mem);
    return rc;
}

struct asked_list {
    const char *path;
    struct ids *ids;
};
static int asked_items(void *to, const struct new_item *items, size_t len, struct err *err)
{
    struct asked_list *list = to;

    (void)err;
    for (size_t i = 0; i < len; i++)
        ids_add(list->ids, items[i].id);
    return 0;
}

static int no_link(void *to, struct str url, struct err *err)
{
    (void)to;
    return err_set(err, ERR_INPUT,
                   "--asked: %.*s is a short link; the ids that were asked for are needed",
                   STR_ARG(url));
}

static void asked_note(void *to, const char *sentence)
{
    log_warn("%s: %s", ((struct asked_list *)to)->path, sentence);
}

static int read_asked(const char *path, struct ids *ids, struct err *err)
{
    struct asked_list list = { path, ids };
    struct import_sink sink = { asked_items, no_link, asked_note, &list };
    struct import_opts opts = { .now = utc_now() };
    struct import_count count;

    if (import_file(path, &opts, &sink, &count, err))
        return -1;
    if (count.skipped[SKIP_SPOILED_ID])    // nobody can say any more what was asked for
        return err_set(err, ERR_INPUT,
                       "%s: " COUNTED
                       " rounded: the ids that were asked for are needed as they were",
                       path, COUNT_OF(count.skipped[SKIP_SPOILED_ID], "id is", "ids are"));
    ids_sort(ids);
    return ids->n ? 0
                  : err_set(err, ERR_INPUT, "%s: expected the ids that were asked for, found none",
                            path);
}

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

    if (loading_begin(&l, err) || loading_sniff(path, &warc, &text, &digest, err) ||
        (o->asked && read_asked(o->asked, &asked, err)))
        goto out;
    if (warc)
        rc = replies_each(path, api_record, &l, result->skipped, &digest, err);
    else if (judge_endings(&l, buf_view(&text), err) == 0 &&
             saved_read(buf_view(&text), path, &l.mem, o->asked ? NULL : put_apart, &l, &saved,
                        err) == 0)
        rc = !saved.n && result->answers ? 0      // all went in one by one
            : put_replies(&l, &saved, o->asked ? &asked : NULL, 0, buf_view(&text), err);
    if (rc == 0 && result->spoiled && !result->found)
        rc = err_set(err, ERR_INPUT,
                     "%s: nothing was taken: the ids of all its " COUNTED " are rounded", path,
                     COUNT_OF(result->spoiled, "row", "rows"));
out:
    result->strange += saved.bad_rows;
    rc = loading_finish(&l, rc, &digest, err);
    saved_release(&saved);
    free(asked.v);
    buf_release(&text);
    return rc;
}
