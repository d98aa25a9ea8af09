/* fetch/saved.c: what stands in a document; each reply goes through the reader of our
 * own replies. */
#include "fetch/saved.h"
#include <string.h>
#include "fetch/frame.h"

#define NESTED_MAX 4    // lists of lists of rows: a tuple that was dumped has two

struct reading {
    struct arena *mem;
    const struct saved_to *to;
    struct arena row;    // of the row at hand: a frame may have millions
    size_t nul_chars;
};

static void pass(const struct reading *r, const char *what, struct str name, int64_t n)
{
    if (n > 0 && r->to->passed)
        r->to->passed(r->to->to, what, name, n);
}

/* ---- replies ---- */

/* Information on one account or one playlist. */
static const char *data_kind(const struct json *data)
{
    if (json_get(data, "playlist_name") || json_get(data, "playlist_item_total"))
        return "playlist";
    if (json_get(data, "display_name") || json_get(data, "follower_count"))
        return "account";
    return NULL;
}

static int take_reply(const struct reading *r, const struct json *root, struct reply *reply,
                      struct str text, struct err *err)
{
    const char *kind = data_kind(json_get(root, "data"));

    reply->nul_chars = r->nul_chars;
    for (size_t i = 0; i < reply->other.n; i++)
        pass(r, "list", reply->other.v[i].name, reply->other.v[i].count);
    if (kind)
        pass(r, kind, STR_NONE, 1);
    if (!reply->ok)
        pass(r, "error_reply", reply->code, 1);
    pass(r, kept_fault_name(KEPT_SPOILED), STR_NONE, (int64_t)reply->spoiled_rows);
    pass(r, kept_fault_name(KEPT_DOUBLED), STR_NONE, (int64_t)reply->doubled_rows);
    pass(r, kept_fault_name(KEPT_NO_ID), STR_NONE,
         (int64_t)(reply->bad_rows - reply->spoiled_rows - reply->doubled_rows));
    return r->to->reply(r->to->to, reply, text, err);
}

static bool is_envelope(const struct json *node)
{
    enum json_kind error = json_kind(json_get(node, "error"));

    return json_kind(json_get(node, "data")) == JSON_OBJECT || error == JSON_STRING ||
           error == JSON_OBJECT;
}

/* ---- rows ---- */

static int take_row(void *to, const struct json *node, struct str text, struct err *err)
{
    struct reading *r = to;
    struct row_drifts passed = { 0 };
    struct kept_row row;
    enum kept_fault fault;

    arena_clear(&r->row);
    fault = kept_row_read(node, &r->row, &row, &passed);
    if (fault != KEPT_FINE) {
        pass(r, kept_fault_name(fault), STR_NONE, 1);
        return 0;
    }
    for (size_t i = 0; i < passed.n; i++)
        pass(r, passed.v[i].kind, passed.v[i].name, passed.v[i].count);
    return r->to->row(r->to->to, &row, text, err);
}

/* ---- whatever it is ---- */

static bool has_fields(const struct json *node)
{
    for (const struct json *j = json_first(node); j; j = json_next(j))
        if (kept_row_is_id(json_key(j)) || kept_row_is_field(json_key(j)))
            return true;
    return false;
}

static int take_object(struct reading *r, const struct json *node, struct str text, struct err *err)
{
    struct reply reply;

    if (frame_is(node))
        return frame_rows(node, take_row, r, err);
    if (is_envelope(node))
        return reply_read(node, r->mem, &reply, err) ? -1 : take_reply(r, node, &reply, text, err);
    if (reply_is_data(node))
        return reply_read_data(node, r->mem, &reply, err) ? -1
                                                          : take_reply(r, node, &reply, text, err);
    if (has_fields(node))
        return take_row(r, node, text, err);
    pass(r, "other_document", json_key(json_first(node)), 1);
    return 0;
}

static int take_node(struct reading *r, const struct json *node, struct str text, int depth,
                     struct err *err)
{
    struct buf own = { 0 };
    size_t scalars = 0, inner = 0;
    int rc = 0;

    if (json_kind(node) == JSON_OBJECT) {
        if (!text.p)
            json_print(node, &own);
        rc = take_object(r, node, text.p ? text : buf_view(&own), err);
        buf_release(&own);
        return rc;
    }
    if (json_kind(node) != JSON_ARRAY || depth == NESTED_MAX) {
        pass(r, "other_document", STR_NONE, 1);
        return 0;
    }
    for (const struct json *c = json_first(node); c && rc == 0; c = json_next(c)) {
        if (json_kind(c) != JSON_OBJECT && json_kind(c) != JSON_ARRAY) {
            scalars++;
            continue;
        }
        inner++;
        rc = take_node(r, c, STR_NONE, depth + 1, err);
    }
    if (depth > 0 && scalars && !inner)
        pass(r, "no_column_names", STR_NONE, 1);
    return rc;
}

int saved_document(struct str text, struct arena *mem, const struct saved_to *to, struct err *err)
{
    struct reading r = { .mem = mem, .to = to };
    struct json_doc doc = { 0 };
    int rc;

    if (text.n > REPLY_MAX)
        return err_set(err, ERR_INPUT, "a document of %zu bytes is larger than %u", text.n,
                       REPLY_MAX);
    rc = json_parse(text, &doc, err);
    if (rc == 0) {
        r.nul_chars = doc.nul_chars;
        rc = take_node(&r, doc.root, text, 0, err);
    }
    arena_release(&r.row);
    json_free(&doc);
    return rc;
}

int saved_row(struct str object, const struct saved_to *to, struct err *err)
{
    struct reading r = { .to = to };
    struct json_doc doc = { 0 };
    int rc = json_parse(object, &doc, err);

    if (rc == 0)
        rc = take_row(&r, doc.root, object, err);
    arena_release(&r.row);
    json_free(&doc);
    return rc;
}

int saved_read(struct str text, struct arena *mem, const struct saved_to *to, struct err *err)
{
    struct reading r = { .mem = mem, .to = to };
    size_t at = 0;
    int rc = 0;

    for (int n = 1; at < text.n && rc == 0; n++) {
        struct json_doc doc = { 0 };
        size_t used = 0;

        rc = json_parse_next(str_sub(text, at, text.n), &doc, &used, err);
        if (rc == 0 && !doc.root)
            break;
        r.nul_chars = doc.nul_chars;
        if (rc == 0)
            rc = take_node(&r, doc.root, str_sub(text, at, used), 0, err);
        json_free(&doc);
        if (rc)
            err_wrap(err, "document %d", n);
        at += used;
    }
    arena_release(&r.row);
    if (rc)
        return -1;
    return at ? 0 : err_set(err, ERR_INPUT, "expected replies of the research API, found nothing");
}
