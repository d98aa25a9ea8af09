/* fetch/saved.c: documents, then what stands in them; each reply through the reader of
 * our own replies. */
#include "fetch/saved.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/array.h"

struct reading {
    struct arena *mem;
    saved_apart_fn *apart;
    void *to;
};

static void add_row(struct saved *s, const struct record *row, struct arena *mem)
{
    ARRAY_ROOM(s->row, s->n, s->cap);
    record_copy(&s->row[s->n++], row, mem);
}

/* A file may hold several searches: it is complete when each of them is. */
static void take_page(struct saved *s, const struct reply *reply)
{
    bool more = reply->has_has_more && reply->has_more;
    size_t at = 0;

    while (at < s->open_n && !str_eq(s->open[at], reply->search_id))
        at++;
    if (more && at == s->open_n) {
        ARRAY_ROOM(s->open, s->open_n, s->open_cap);
        s->open[s->open_n++] = reply->search_id;
    } else if (!more && at < s->open_n) {
        s->open[at] = s->open[--s->open_n];
    }
}

static int take_reply(struct saved *s, struct str text, struct arena *mem, struct err *err)
{
    struct reply reply;
    int64_t at;

    if (reply_parse(text, mem, &reply, err))
        return -1;
    /* An unreadable row may be any that seems absent. */
    s->partial = s->partial || !reply.ok || reply.bad_rows > 0;
    take_page(s, &reply);
    if (reply_log_time(reply.log_id, &at) && at > s->at)
        s->at = at;
    snprintf(s->log_id, sizeof s->log_id, "%.*s", STR_ARG(reply.log_id));
    for (size_t i = 0; i < reply.rows; i++)
        add_row(s, &reply.row[i], mem);
    s->bad_rows += (int64_t)reply.bad_rows;
    return 0;
}

static bool is_envelope(const struct json *node)
{
    return json_get(node, "data") || json_get(node, "error");
}

static int take_node(struct saved *s, const struct json *node, struct arena *mem, struct err *err)
{
    struct buf text = { 0 };
    struct record row;
    int rc = 0;

    if (json_kind(node) == JSON_ARRAY) {
        for (const struct json *c = json_first(node); c && rc == 0; c = json_next(c))
            rc = take_node(s, c, mem, err);
        return rc;
    }
    if (is_envelope(node)) {
        json_print(node, &text);
        rc = take_reply(s, buf_view(&text), mem, err);
        buf_release(&text);
        return rc;
    }
    if (row_parse(node, mem, &row, err))
        return -1;
    add_row(s, &row, mem);
    return 0;
}

static int take_document(const struct reading *r, const struct json *root, struct str text,
                         struct saved *all, struct err *err)
{
    struct saved one = { 0 };
    int rc;

    if (!r->apart)
        return take_node(all, root, r->mem, err);
    rc = take_node(&one, root, r->mem, err);
    if (rc == 0 && one.at && one.n)
        rc = r->apart(r->to, &one, text, err);
    else if (rc == 0)
        for (size_t i = 0; i < one.n; i++)
            add_row(all, &one.row[i], r->mem);
    all->at = one.n == 0 && one.at > all->at ? one.at : all->at;
    all->partial = all->partial || one.partial;
    all->bad_rows += one.bad_rows;
    saved_release(&one);
    return rc;
}

int saved_read(struct str text, const char *name, struct arena *mem, saved_apart_fn *apart,
               void *to, struct saved *all, struct err *err)
{
    const struct reading r = { mem, apart, to };
    size_t at = 0;

    for (int n = 1; at < text.n; n++) {
        struct json_doc doc = { 0 };
        size_t used = 0;
        int rc;

        if (json_parse_next(str_sub(text, at, text.n), &doc, &used, err))
            return err_wrap(err, "%s: document %d", name, n);
        if (!doc.root)
            break;
        rc = take_document(&r, doc.root, str_sub(text, at, used), all, err);
        json_free(&doc);
        if (rc)
            return err_wrap(err, "%s: document %d", name, n);
        at += used;
    }
    return all->n || all->at || at
               ? 0
               : err_set(err, ERR_INPUT, "%s: expected replies of the research API, found nothing",
                         name);
}

bool saved_is_complete(const struct saved *s) { return s->open_n == 0 && !s->partial; }

void saved_count_endings(const struct saved *s, struct endings *e)
{
    for (size_t i = 0; i < s->n; i++)
        endings_add(e, s->row[i].id);
}

int64_t saved_drop(struct saved *s, unsigned endings)
{
    size_t kept = 0, was = s->n;

    for (size_t i = 0; i < was; i++)
        if (!(ending_of(s->row[i].id) & endings))
            s->row[kept++] = s->row[i];
    s->n = kept;
    s->partial = s->partial || kept < was;    // any of them may be one that seems absent
    return (int64_t)(was - kept);
}

void saved_release(struct saved *s)
{
    free(s->row);
    free(s->open);
}
