/* base/csv_rows.c: libcsv hands on cells; here they become rows. */
#include "base/csv_rows.h"
#include <stdlib.h>
#include <string.h>
#include "base/array.h"
#include "base/csv_in.h"

struct csv_rows {
    struct csv_parser parser;
    csv_rows_fn *fn;
    void *to;
    struct buf text;    // the cells of this row, one behind another
    struct {
        size_t *v;
        size_t n, cap;
    } end;    // where each of them ends in it
    struct {
        struct str *v;
        size_t n, cap;
    } cell;
    int64_t line;
    int rc;
    struct err err;    // of fn
};

struct csv_rows *csv_rows_new(char delim, csv_rows_fn *fn, void *to)
{
    struct csv_rows *r = xcalloc(1, sizeof *r);

    r->fn = fn;
    r->to = to;
    csv_in_open(&r->parser, delim);
    return r;
}

void csv_rows_free(struct csv_rows *r)
{
    if (!r)
        return;
    csv_free(&r->parser);
    buf_release(&r->text);
    free(r->end.v);
    free(r->cell.v);
    free(r);
}

static void on_cell(void *cell, size_t n, void *to)
{
    struct csv_rows *r = to;

    if (r->rc)
        return;
    if (r->end.n == CSV_COLUMNS_MAX) {
        r->rc = err_set(&r->err, ERR_INPUT, "line %lld: a row of more than %d cells",
                        (long long)r->line + 1, CSV_COLUMNS_MAX);
        return;
    }
    if (n)
        buf_add(&r->text, cell, n);
    ARRAY_ROOM(r->end.v, r->end.n, r->end.cap);
    r->end.v[r->end.n++] = r->text.n;
}

static void on_row(int end, void *to)
{
    struct csv_rows *r = to;
    size_t from = 0;

    (void)end;
    r->cell.n = 0;
    for (size_t i = 0; i < r->end.n; i++) {
        ARRAY_ROOM(r->cell.v, r->cell.n, r->cell.cap);
        r->cell.v[r->cell.n++] = str_sub(buf_view(&r->text), from, r->end.v[i] - from);
        from = r->end.v[i];
    }
    if (!r->rc && r->cell.n)
        r->rc = r->fn(r->to, r->cell.v, r->cell.n, r->line + 1, &r->err);
    r->end.n = 0;
    buf_clear(&r->text);
}

/* libcsv counts no lines; pieces are cut at line ends so that messages can name them. */
int csv_rows_feed(struct csv_rows *r, struct str piece, struct err *err)
{
    while (piece.n) {
        const char *newline = memchr(piece.p, '\n', piece.n);
        size_t n = newline ? (size_t)(newline - piece.p) + 1 : piece.n;

        if (csv_parse(&r->parser, piece.p, n, on_cell, on_row, r) != n)
            return csv_in_too_long(r->line + 1, err);
        if (r->rc) {
            *err = r->err;
            return -1;
        }
        r->line += newline != NULL;
        piece = str_sub(piece, n, piece.n);
    }
    return 0;
}

int csv_rows_end(struct csv_rows *r, struct err *err)
{
    struct str held;

    if (csv_in_swallowed(&r->parser, &held))
        return err_set(err, ERR_INPUT,
                       "line %lld: a quote is not closed at the end of the file: rows behind it "
                       "were read as text",
                       (long long)r->line + 1);
    (void)csv_fini(&r->parser, on_cell, on_row, r);
    if (r->rc)
        *err = r->err;
    return r->rc;
}

char csv_rows_delim(struct str line)
{
    static const char delims[] = ",;\t|";
    size_t count[sizeof delims - 1] = { 0 }, best = 0;
    bool quoted = false;

    for (size_t i = 0; i < line.n && (quoted || line.p[i] != '\n'); i++) {
        const char *at = line.p[i] ? strchr(delims, line.p[i]) : NULL;

        quoted = quoted != (line.p[i] == '"');
        if (at && !quoted)
            count[at - delims]++;
    }
    for (size_t i = 1; i < sizeof delims - 1; i++)
        if (count[i] > count[best])
            best = i;
    return delims[best];
}
