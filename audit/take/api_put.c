/* audit/take/api_put.c: what came back is found; who was asked and did not is silent. */
#include "audit/take/api_put.h"
#include <stdio.h>
#include <stdlib.h>
#include "base/array.h"
#include "platform/tiktok.h"

#define ROW_BYTES_MAX ((size_t)8 << 20)    // of rows that wait to be put

/* ---- ids ---- */

void ids_add(struct ids *ids, uint64_t id)
{
    ARRAY_ROOM(ids->v, ids->n, ids->cap);
    ids->v[ids->n++] = id;
}

int ids_by_id(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

void ids_sort(struct ids *ids)
{
    size_t out = 0;

    if (!ids->n)
        return;
    qsort(ids->v, ids->n, sizeof *ids->v, ids_by_id);
    for (size_t i = 0; i < ids->n; i++)
        if (i == 0 || ids->v[i] != ids->v[i - 1])
            ids->v[out++] = ids->v[i];
    ids->n = out;
}

void ids_release(struct ids *ids)
{
    free(ids->v);
    *ids = (struct ids){ 0 };
}

/* ---- one request ---- */

static int by_member(const void *id, const void *member)
{
    const struct ask_member *m = member;
    const uint64_t *x = id;

    return (*x > m->id) - (*x < m->id);
}

/* Members are sorted by id, as loading_items was given them. */
static int put_rows(struct loading *l, const struct request *req, const struct api_put *p,
                    struct err *err)
{
    for (size_t i = 0; i < p->rows; i++) {
        struct answer a = { .id = p->row[i].id,
                            .witness = WITNESS_QUERY,
                            .kind = ANSWER_FOUND,
                            .at = req->done_at,
                            .request = req->n,
                            .generation = GENERATION_API,
                            .record = &p->row[i],
                            .evidence = req->evidence };
        struct ask_member *m = bsearch(&a.id, req->member, req->members, sizeof *m, by_member);

        if (!m) {    // --asked did not name it: reported, not taken
            l->result->strange++;
            load_pass(l->result, "not_asked_for", STR_NONE, 1);
            continue;
        }
        if (m->came_back) {
            loading_repeat(l, 1);
            continue;
        }
        m->came_back = true;
        a.item = m->item;
        l->result->found++;
        if (l->sink.put(l->sink.to, req, &a, err))
            return -1;
    }
    return 0;
}

int api_put(struct loading *l, const struct api_put *p, struct err *err)
{
    struct request req = { .witness = WITNESS_QUERY,
                           .loaded = true,
                           .http = 200,
                           .reserved_at = p->at,
                           .sent_at = p->at,
                           .done_at = p->at,
                           .complete = p->complete,
                           .rows = (int)p->rows };
    struct ids found = { 0 };
    const struct ids *ids = p->asked ? p->asked : &found;
    int rc = -1;

    for (size_t i = 0; i < p->rows && !p->asked; i++)
        ids_add(&found, p->row[i].id);
    ids_sort(&found);
    req.member = xcalloc(ids->n ? ids->n : 1, sizeof *req.member);
    req.members = ids->n;
    snprintf(req.error_code, sizeof req.error_code, "%.*s", STR_ARG(p->code));
    snprintf(req.log_id, sizeof req.log_id, "%.*s", STR_ARG(p->log_id));
    if (loading_items(l, ids->v, ids->n, req.member, err) ||
        l->sink.reserve(l->sink.to, &req, err) ||
        loading_keep(l, &req, "urn:blindspot:loaded-api",
                     STR("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"), p->body, 200,
                     p->at, &req.evidence, err) ||
        put_rows(l, &req, p, err))
        goto out;
    rc = l->sink.done(l->sink.to, &req, err);
out:
    ids_release(&found);
    free(req.member);
    return rc;
}

/* ---- rows ---- */

int api_rows_flush(struct api_rows *r, struct err *err)
{
    const struct api_put p = { .row = r->row,
                               .rows = r->n,
                               .complete = true,    // only rows that came back are members
                               .at = r->at,
                               .body = buf_view(&r->text),
                               .code = STR("ok") };

    if (!r->n)
        return 0;
    if (api_put(r->l, &p, err))
        return -1;
    r->l->result->answers += (int64_t)r->n;
    r->n = 0;
    buf_clear(&r->text);
    arena_clear(&r->mem);
    return 0;
}

int api_rows_add(struct api_rows *r, const struct record *row, int64_t at, struct str text,
                 struct err *err)
{
    if (!at && !r->l->o->has_at)
        return loading_no_time(r->l, err);
    at = at ? at : r->l->o->at;
    if (r->n && (r->n == PAGE_ROWS_MAX || at != r->at || r->text.n > ROW_BYTES_MAX) &&
        api_rows_flush(r, err))
        return -1;
    if (!r->row)
        r->row = xcalloc(PAGE_ROWS_MAX, sizeof *r->row);
    r->at = at;
    record_copy(&r->row[r->n++], row, &r->mem);
    buf_str(&r->text, text);
    buf_char(&r->text, '\n');
    return 0;
}

void api_rows_release(struct api_rows *r)
{
    free(r->row);
    buf_release(&r->text);
    arena_release(&r->mem);
}
