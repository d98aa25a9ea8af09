/* import/posts_csv.c: tables that list posts: the CSV of 4CAT (search_tiktok's columns),
 * of pyktok (traktok's table has the same), and Apify's data sets as CSV. A table is known
 * by its columns' names; a row goes on as a JSON object of its cells. */
#include <stdlib.h>
#include <string.h>
#include "base/array.h"
#include "base/csv_rows.h"
#include "base/json_out.h"
#include "import/posts_file.h"
#include "import/urls.h"
#include "platform/tiktok.h"
#include "record/id.h"

enum { HEAD_MAX = 256 * 1024 };

/* needs: all of these columns; id, link, asked, handle, author: where these stand. */
static const struct table {
    enum post_shape shape;
    const char *needs[4];
    const char *id, *link, *handle, *author;
    const char *asked[3];
} tables[] = {
    { POST_FOURCAT,
      { "id", "thread_id", "tiktok_url", "plays" },
      "id",
      "tiktok_url",
      "author",
      "author_id",
      { NULL } },
    { POST_PYKTOK,
      { "video_id", "author_username", "video_playcount", "video_diggcount" },
      "video_id",
      NULL,
      "author_username",
      NULL,
      { NULL } },
    { POST_APIFY,
      { "webVideoUrl", "diggCount", "playCount", NULL },
      "id",
      "webVideoUrl",
      "authorMeta/name",
      "authorMeta/id",
      { "submittedVideoUrl", "url", "input" } },
    { POST_APIFY,
      { "webVideoUrl", "authorMeta.name", NULL, NULL },
      "id",
      "webVideoUrl",
      "authorMeta.name",
      "authorMeta.id",
      { "submittedVideoUrl", "url", "input" } },
};
struct columns {
    char **v;
    size_t n, cap;
};

struct posts_csv {
    const struct posts_sink *sink;
    struct posts_count *count;
    int64_t now;
    const struct table *table;    // NULL until the first line was read
    struct csv_rows *rows;
    struct columns head;
    struct buf row;
    struct post_found found;
    char asked[POST_LINK_MAX];
};

/* ---- which table ---- */
static int head_row(void *to, const struct str *cell, size_t n, int64_t line, struct err *err)
{
    struct columns *c = to;

    (void)line;
    (void)err;
    for (size_t i = 0; i < n; i++) {
        struct str name = str_trim(cell[i]);

        ARRAY_ROOM(c->v, c->n, c->cap);
        c->v[c->n] = xcalloc(name.n + 1, 1);
        if (name.n)
            memcpy(c->v[c->n], name.p, name.n);
        c->n++;
    }
    return 0;
}
static void columns_release(struct columns *c)
{
    while (c->n)
        free(c->v[--c->n]);
    free(c->v);
    *c = (struct columns){ 0 };
}
static bool has_column(const struct columns *c, const char *name)
{
    for (size_t i = 0; i < c->n; i++)
        if (str_eq_nocase(str_of(c->v[i]), str_of(name)))
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
enum post_shape posts_csv_shape(struct str text, char *delim)
{
    struct str line = STR_NONE, rest = str_sub(text, 0, HEAD_MAX);
    const struct table *t;
    struct columns head = { 0 };
    struct csv_rows *rows;
    struct err err = { 0 };

    if (str_starts(rest, STR("\xef\xbb\xbf")))
        rest = str_sub(rest, 3, rest.n);
    if (!str_cut(&rest, '\n', &line))
        return POST_NONE;
    *delim = csv_rows_delim(line);
    rows = csv_rows_new(*delim, head_row, &head);
    if (csv_rows_feed(rows, line, &err) || csv_rows_end(rows, &err))
        err_clear(&err);    // no line of names, then
    csv_rows_free(rows);
    t = table_of(&head);
    columns_release(&head);
    return t ? t->shape : POST_NONE;
}

/* ---- rows ---- */
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
/* Where 4CAT's rows were collected: an account's page, or elsewhere. */
static void note_from(struct posts_csv *c, struct str text)
{
    struct link link;

    if (!text.n)
        return;
    link_parse(text, c->now, &link);
    c->found.elsewhere = !link_is_profile(&link);
    if (!c->found.elsewhere)
        memcpy(c->found.owner, link.item.handle, sizeof c->found.owner);
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
    if (is_column(name, c->table->author) && !str_u64(text, &c->found.author))
        c->found.author = 0;
    if (is_column(name, "collected_from_url"))
        note_from(c, text);
    if ((is_column(name, "error") || is_column(name, "errorCode")) && text.n)
        c->found.answer = false;
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
static void make_row(struct posts_csv *c, const struct str *cell, size_t n)
{
    struct json_out out = { .buf = &c->row, .style = JSON_COMPACT };

    buf_clear(&c->row);
    c->found = (struct post_found){ .shape = c->table->shape, .answer = true };
    c->asked[0] = '\0';
    json_open(&out, NULL);
    for (size_t i = 0; i < n && i < c->head.n; i++) {
        if (!cell[i].n || !c->head.v[i][0])
            continue;
        note_cell(c, c->head.v[i], cell[i]);
        json_put_key(&out, str_of(c->head.v[i]));
        json_put_text(&out, NULL, cell[i]);
    }
    json_close(&out);
}
static int take_row(void *to, const struct str *cell, size_t n, int64_t line, struct err *err)
{
    struct posts_csv *c = to;

    if (!c->table) {
        if (head_row(&c->head, cell, n, line, err))
            return -1;
        c->table = table_of(&c->head);
        return c->table
                   ? 0
                   : err_set(err, ERR_INPUT, "line 1: expected the columns of a list of posts");
    }
    make_row(c, cell, n);
    if (c->row.n > POST_ROW_MAX)
        c->count->unreadable++;
    else if (!find_id(c))
        c->count->empty++;
    else
        return c->sink->post(c->sink->to, &c->found, buf_view(&c->row), err);
    return 0;
}

/* ---- the whole ---- */
struct posts_csv *posts_csv_new(const struct posts_sink *sink, struct posts_count *count,
                                int64_t now, char delim)
{
    struct posts_csv *c = xcalloc(1, sizeof *c);

    c->sink = sink;
    c->count = count;
    c->now = now;
    c->rows = csv_rows_new(delim, take_row, c);
    return c;
}
void posts_csv_free(struct posts_csv *c)
{
    if (!c)
        return;
    csv_rows_free(c->rows);
    columns_release(&c->head);
    buf_release(&c->row);
    free(c);
}
int posts_csv_feed(struct posts_csv *c, struct str piece, struct err *err)
{
    return csv_rows_feed(c->rows, piece, err);
}
int posts_csv_end(struct posts_csv *c, struct err *err) { return csv_rows_end(c->rows, err); }
