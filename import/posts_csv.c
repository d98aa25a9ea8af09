/* import/posts_csv.c: tables that list posts: the CSV of 4CAT (search_tiktok's columns),
 * of pyktok (traktok's table has the same), and Apify's data sets as CSV. A table is known
 * by its columns' names; a row goes on as a JSON object of its cells. */
#include <csv.h>
#include <stdlib.h>
#include <string.h>
#include "base/array.h"
#include "base/json_out.h"
#include "import/posts_file.h"
#include "import/urls.h"
#include "platform/tiktok.h"
#include "record/id.h"

enum { COLUMNS_MAX = 4096, HEAD_MAX = 256 * 1024 };

/* needs: all of these columns; id, link, asked, handle: where these stand. */
static const struct table {
    enum post_shape shape;
    const char *needs[4];
    const char *id, *link, *handle;
    const char *asked[3];
} tables[] = {
    { POST_FOURCAT,
      { "id", "thread_id", "tiktok_url", "plays" },
      "id",
      "tiktok_url",
      "author",
      { NULL } },
    { POST_PYKTOK,
      { "video_id", "author_username", "video_playcount", "video_diggcount" },
      "video_id",
      NULL,
      "author_username",
      { NULL } },
    { POST_APIFY,
      { "webVideoUrl", "diggCount", "playCount", NULL },
      "id",
      "webVideoUrl",
      "authorMeta/name",
      { "submittedVideoUrl", "url", "input" } },
    { POST_APIFY,
      { "webVideoUrl", "authorMeta.name", NULL, NULL },
      "id",
      "webVideoUrl",
      "authorMeta.name",
      { "submittedVideoUrl", "url", "input" } },
};
struct columns {
    struct {
        char *v;
    } * name;
    size_t n, cap;
};

struct posts_csv {
    const struct posts_sink *sink;
    struct posts_count *count;
    int64_t now, line;
    const struct table *table;
    struct csv_parser parser;
    struct columns head;
    size_t column;
    bool first, too_long;
    struct buf row;
    struct json_out out;
    struct post_found found;
    char asked[POST_LINK_MAX];
    int rc;
    struct err err;
};

/* ---- which table ---- */
static void head_cell(void *cell, size_t n, void *to)
{
    struct columns *c = to;

    if (c->n == COLUMNS_MAX)
        return;
    ARRAY_ROOM(c->name, c->n, c->cap);
    c->name[c->n].v = xmalloc(n + 1);
    if (n)
        memcpy(c->name[c->n].v, cell, n);
    c->name[c->n++].v[n] = '\0';
}
static void columns_release(struct columns *c)
{
    while (c->n)
        free(c->name[--c->n].v);
    free(c->name);
    *c = (struct columns){ 0 };
}
static bool has_column(const struct columns *c, const char *name)
{
    for (size_t i = 0; i < c->n; i++)
        if (str_eq_nocase(str_trim(str_of(c->name[i].v)), str_of(name)))
            return true;
    return false;
}
static const struct table *table_of(const struct columns *c)
{
    for (size_t t = 0; t < sizeof tables / sizeof tables[0]; t++) {
        bool all = true;

        for (size_t i = 0; i < 4 && tables[t].needs[i]; i++)
            all = all && has_column(c, tables[t].needs[i]);
        if (all)
            return &tables[t];
    }
    return NULL;
}
/* A quote that is never closed must not eat the memory. */
static void *cell_room(void *p, size_t n) { return n > POST_ROW_MAX ? NULL : xrealloc(p, n); }
static void open_parser(struct csv_parser *p, char delim)
{
    if (csv_init(p, 0))
        die("libcsv cannot be started");
    csv_set_delim(p, (unsigned char)delim);
    csv_set_realloc_func(p, cell_room);
    csv_set_blk_size(p, 64 * 1024);
}
enum post_shape posts_csv_shape(struct str text, char *delim)
{
    static const char delims[] = ",;\t";
    struct str line = STR_NONE, rest = str_sub(text, 0, HEAD_MAX);
    const struct table *t = NULL;

    if (str_starts(rest, STR("\xef\xbb\xbf")))
        rest = str_sub(rest, 3, rest.n);
    if (!str_cut(&rest, '\n', &line))
        return POST_NONE;
    for (size_t i = 0; i < sizeof delims - 1 && !t; i++) {
        struct columns head = { 0 };
        struct csv_parser p;

        open_parser(&p, delims[i]);
        (void)csv_parse(&p, line.p, line.n, head_cell, NULL, &head);
        (void)csv_fini(&p, head_cell, NULL, &head);
        csv_free(&p);
        t = table_of(&head);
        *delim = delims[i];
        columns_release(&head);
    }
    return t ? t->shape : POST_NONE;
}

/* ---- rows ---- */
static void begin_row(struct posts_csv *c)
{
    buf_clear(&c->row);
    c->out = (struct json_out){ .buf = &c->row, .style = JSON_COMPACT };
    c->found = (struct post_found){ .shape = c->table ? c->table->shape : POST_NONE,
                                    .answer = true };
    c->asked[0] = '\0';
    c->column = 0;
    c->too_long = false;
    json_open(&c->out, NULL);
}
static bool is_column(const char *name, const char *want)
{
    return want && str_eq_nocase(str_of(name), str_of(want));
}
static void keep_text(char *out, size_t size, struct str text)
{
    if (text.n && text.n < size) {
        memcpy(out, text.p, text.n);
        out[text.n] = '\0';
    }
}
static void keep_link(struct posts_csv *c, char *out, struct str text)
{
    struct link link;

    if (!link_is_whole(text))
        return;
    link_parse(text, c->now, &link);
    if (link.what == LINK_ITEM || link.what == LINK_SHORT)
        keep_text(out, POST_LINK_MAX, text);
}
static void note_cell(struct posts_csv *c, const char *name, struct str text)
{
    text = str_trim(text);
    if (is_column(name, c->table->id))
        keep_text(c->found.id_text, sizeof c->found.id_text, text);
    if (is_column(name, c->table->link))
        keep_link(c, c->found.link, text);
    for (size_t i = 0; i < 3; i++)
        if (is_column(name, c->table->asked[i]) && !c->asked[0])
            keep_link(c, c->asked, text);
    if (is_column(name, c->table->handle))
        (void)tiktok_handle_read(text, c->found.handle);
    if ((is_column(name, "error") || is_column(name, "errorCode")) && text.n)
        c->found.answer = false;
}
static void row_cell(void *cell, size_t n, void *to)
{
    struct posts_csv *c = to;
    struct str text = { cell, n };
    size_t at = c->column++;

    if (c->rc)
        return;
    if (c->first) {
        head_cell(cell, n, &c->head);
        return;
    }
    if (at >= c->head.n || !n || !c->head.name[at].v[0])
        return;
    c->too_long = c->too_long || c->row.n + n > POST_ROW_MAX;
    if (c->too_long)
        return;
    note_cell(c, c->head.name[at].v, text);
    json_put_key(&c->out, str_of(c->head.name[at].v));
    json_put_text(&c->out, NULL, text);
}
/* The id, by the link where there is one; false where the row names no post. */
static bool find_id(struct posts_csv *c)
{
    struct post_found *f = &c->found;
    struct link link;

    if (!f->link[0]) {
        memcpy(f->link, c->asked, sizeof f->link);
        f->answer = f->answer && !f->link[0];
    }
    if (id_parse(str_of(f->id_text), c->now, &f->id) > ID_ODD)
        f->id = 0;
    if (f->link[0]) {
        link_parse(str_of(f->link), c->now, &link);
        if (link.what == LINK_ITEM)
            f->id = link.item.id;
    }
    if (!f->answer)
        f->shape = POST_FAILED;
    return f->id || f->link[0] || f->id_text[0];
}
static void row_end(int end, void *to)
{
    struct posts_csv *c = to;

    (void)end;
    if (c->rc)
        return;
    if (c->first) {
        c->first = false;
        c->table = table_of(&c->head);
        if (!c->table)
            c->rc = err_set(&c->err, ERR_INPUT, "line 1: expected the columns of a list of posts");
    } else {
        json_close(&c->out);
        if (c->too_long)
            c->count->unreadable++;
        else if (!find_id(c))
            c->count->empty++;
        else
            c->rc = c->sink->post(c->sink->to, &c->found, buf_view(&c->row), &c->err);
    }
    begin_row(c);
}

/* ---- the whole ---- */
struct posts_csv *posts_csv_new(const struct posts_sink *sink, struct posts_count *count,
                                int64_t now, char delim)
{
    struct posts_csv *c = xcalloc(1, sizeof *c);

    c->sink = sink;
    c->count = count;
    c->now = now;
    c->first = true;
    open_parser(&c->parser, delim);
    begin_row(c);
    return c;
}
void posts_csv_free(struct posts_csv *c)
{
    if (!c)
        return;
    csv_free(&c->parser);
    columns_release(&c->head);
    buf_release(&c->row);
    free(c);
}
static int outcome(struct posts_csv *c, bool parsed, struct err *err)
{
    if (c->rc) {
        *err = c->err;
        return -1;
    }
    return parsed ? 0
                  : err_set(err, ERR_INPUT,
                            "line %lld: a cell is too long: a quote before it is not closed",
                            (long long)c->line + 1);
}
int posts_csv_feed(struct posts_csv *c, struct str piece, struct err *err)
{
    size_t n = csv_parse(&c->parser, piece.p, piece.n, row_cell, row_end, c);

    for (const char *p = piece.p; (p = memchr(p, '\n', (size_t)(piece.p + n - p))); p++)
        c->line++;
    return outcome(c, n == piece.n, err);
}
/* A quote that is open at the end has swallowed rows: what it holds is no row. */
int posts_csv_end(struct posts_csv *c, struct err *err)
{
    bool open = c->parser.quoted && c->parser.entry_pos &&
                memchr(c->parser.entry_buf, '\n', c->parser.entry_pos);

    if (open) {
        c->count->unreadable++;
        return outcome(c, true, err);
    }
    return outcome(c, csv_fini(&c->parser, row_cell, row_end, c) == 0, err);
}
