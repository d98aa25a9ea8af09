/* fetch/frame.c: cells are put together to rows, with the digits as they stand. */
#include "fetch/frame.h"
#include <stdlib.h>
#include "base/array.h"
#include "base/json_out.h"
#include "fetch/kept_row.h"

/* ---- which way round ---- */

static bool is_split(const struct json *root)
{
    const struct json *data = json_get(root, "data");

    return json_kind(json_get(root, "columns")) == JSON_ARRAY && json_kind(data) == JSON_ARRAY &&
           (!json_first(data) || json_kind(json_first(data)) == JSON_ARRAY);
}

static bool is_table(const struct json *root)
{
    return json_kind(json_get(root, "schema")) == JSON_OBJECT &&
           json_kind(json_get(root, "data")) == JSON_ARRAY;
}

static bool is_cells(const struct json *j)
{
    return json_kind(j) == JSON_OBJECT || json_kind(j) == JSON_ARRAY;
}

/* Every member holds cells, and two of them at least are named as the API's fields are. */
static bool is_columns(const struct json *root)
{
    size_t known = 0;

    for (const struct json *j = json_first(root); j; j = json_next(j)) {
        if (!is_cells(j))
            return false;
        known += kept_row_is_id(json_key(j)) || kept_row_is_field(json_key(j));
    }
    return known >= 2 || (known == 1 && json_len(root) == 1);
}

/* Every member is a row: an object with a field of the API. */
static bool is_index(const struct json *root)
{
    const struct json *first = json_first(root);

    for (const struct json *j = first; j; j = json_next(j))
        if (json_kind(j) != JSON_OBJECT)
            return false;
    for (const struct json *c = json_first(first); c; c = json_next(c))
        if (kept_row_is_id(json_key(c)) || kept_row_is_field(json_key(c)))
            return true;
    return false;
}

bool frame_is(const struct json *root)
{
    return json_kind(root) == JSON_OBJECT && json_first(root) &&
           (is_split(root) || is_table(root) || is_columns(root) || is_index(root));
}

/* ---- rows ---- */

struct making {
    frame_row_fn *fn;
    void *to;
    struct buf text, cell;
    struct json_out out;    // the row that is being made
    bool has_id;
};

static void row_begin(struct making *m)
{
    buf_clear(&m->text);
    m->out = (struct json_out){ .buf = &m->text, .style = JSON_COMPACT };
    m->has_id = false;
    json_open(&m->out, NULL);
}

static void row_cell(struct making *m, struct str column, const struct json *cell)
{
    m->has_id = m->has_id || kept_row_is_id(column);
    buf_clear(&m->cell);
    json_print(cell, &m->cell);
    json_put_key(&m->out, column);
    json_put_raw(&m->out, NULL, buf_view(&m->cell));
}

/* A row without a column of ids has its label for one, where that can be an id. */
static int row_end(struct making *m, struct str label, struct err *err)
{
    struct json_doc doc = { 0 };
    uint64_t id;
    int rc;

    if (!m->has_id && str_u64(label, &id) && kept_row_is_post(id))
        json_put_text(&m->out, "id", label);
    json_close(&m->out);
    rc = json_parse(buf_view(&m->text), &doc, err);
    if (rc == 0)
        rc = m->fn(m->to, doc.root, buf_view(&m->text), err);
    json_free(&doc);
    return rc;
}

static int put_objects(struct making *m, const struct json *rows, struct err *err)
{
    int rc = 0;

    for (const struct json *j = json_first(rows); j && rc == 0; j = json_next(j)) {
        row_begin(m);
        for (const struct json *c = json_first(j); c; c = json_next(c))
            row_cell(m, json_key(c), c);
        rc = row_end(m, json_key(j), err);
    }
    return rc;
}

static int put_split(struct making *m, const struct json *root, struct err *err)
{
    const struct json *columns = json_first(json_get(root, "columns"));
    const struct json *index = json_first(json_get(root, "index"));
    struct buf label = { 0 };
    struct str column;
    int rc = 0;

    for (const struct json *j = json_first(json_get(root, "data")); j && rc == 0;
         j = json_next(j)) {
        const struct json *name = columns;

        row_begin(m);
        for (const struct json *c = json_first(j); c && name; c = json_next(c)) {
            if (json_text(name, &column))
                row_cell(m, column, c);
            name = json_next(name);
        }
        buf_clear(&label);
        if (json_text(index, &column))
            buf_str(&label, column);
        else if (json_kind(index) == JSON_NUMBER)
            json_print(index, &label);
        index = json_next(index);
        rc = row_end(m, buf_view(&label), err);
    }
    buf_release(&label);
    return rc;
}

/* Cells of all columns side by side: each column has its cells in the order of the rows. */
static int put_columns(struct making *m, const struct json *root, struct err *err)
{
    struct {
        const struct json **v;
        size_t n, cap;
    } cell = { 0 };
    int rc = 0;

    for (const struct json *j = json_first(root); j; j = json_next(j)) {
        ARRAY_ROOM(cell.v, cell.n, cell.cap);
        cell.v[cell.n++] = json_first(j);
    }
    while (rc == 0 && cell.n && cell.v[0]) {
        const struct json *column = json_first(root);
        struct str label = json_key(cell.v[0]);

        row_begin(m);
        for (size_t i = 0; i < cell.n && rc == 0; i++, column = json_next(column)) {
            if (!cell.v[i] || !str_eq(json_key(cell.v[i]), label)) {
                rc = err_set(err, ERR_INPUT,
                             "the columns of the data frame do not have the "
                             "same rows");
                break;
            }
            row_cell(m, json_key(column), cell.v[i]);
            cell.v[i] = json_next(cell.v[i]);
        }
        rc = rc ? rc : row_end(m, label, err);
    }
    free(cell.v);
    return rc;
}

int frame_rows(const struct json *root, frame_row_fn *fn, void *to, struct err *err)
{
    struct making m = { .fn = fn, .to = to };
    int rc = is_split(root)     ? put_split(&m, root, err)
             : is_table(root)   ? put_objects(&m, json_get(root, "data"), err)
             : is_columns(root) ? put_columns(&m, root, err)
                                : put_objects(&m, root, err);

    buf_release(&m.text);
    buf_release(&m.cell);
    return rc;
}
