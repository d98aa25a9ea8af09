/* import/csv.c: CSV and TSV through libcsv: quoted line ends, doubled quotes,
 * any of four delimiters. What the cells give is table.c's. */
#include <stdlib.h>
#include <string.h>
#include "base/csv_in.h"
#include "import/readers.h"


/* ---- which delimiter ---- */
static void on_look_cell(void *text, size_t n, void *to)
{
    struct look *s = to;
    struct cell c = { .text = { text, n } };

    if (s->rows < LOOK_ROWS)
        c.kind = cell_read(c.text, s->now, &c.link);
    look_cell(s, &c);
}
static void on_look_row(int end, void *to)
{
    (void)end;
    look_row(to);
}
static void look_once(struct look *s, struct str text, bool whole, char delim, int64_t now,
                      size_t skip)
{
    struct csv_parser p;

    look_init(s, now);
    s->skip = skip;
    csv_in_open(&p, delim);
    (void)csv_parse(&p, text.p ? text.p : "", text.n, on_look_cell, on_look_row, s);
    if (whole)
        (void)csv_fini(&p, on_look_cell, on_look_row, s);
    csv_free(&p);
}
/* skip: rows that are known to be none of the table. */
static void look_take(struct look *s, struct str text, bool whole, char delim, int64_t now,
                      size_t skip)
{
    look_once(s, text, whole, delim, now, skip);
    if ((skip = look_titles(s))) {
        skip += s->skip;
        look_release(s);
        look_once(s, text, whole, delim, now, skip);
    }
    look_end(s);
}
/* "sep=;" in the first line is a spreadsheet's own word for the delimiter. */
static bool sep_line(struct str text, char *delim)
{
    if (!str_starts_nocase(text, STR("sep=")) || text.n < 6 ||
        (text.p[5] != '\r' && text.p[5] != '\n'))
        return false;
    *delim = text.p[4];
    return true;
}
int csv_sniff(struct str text, bool whole, const struct import_opts *opts, struct csv_plan *plan,
              struct err *err)
{
    static const char delims[] = ",;\t|";
    struct look *s = xcalloc(1, sizeof *s);
    size_t best = 0;
    bool said;
    int rc;

    plan->delim = ',';
    said = sep_line(text, &plan->delim);
    for (size_t i = 0; i < sizeof delims - 1; i++) {
        if (said && delims[i] != plan->delim)
            continue;
        look_take(s, text, whole, delims[i], opts->now, said);
        if (s->width > 1 && s->even * 5 >= s->rows * 4 && s->even * 64 + s->width > best) {
            best = s->even * 64 + s->width;
            plan->delim = delims[i];
        }
        look_release(s);
    }
    look_take(s, text, whole, plan->delim, opts->now, said);
    rc = look_plan(s, best > 0, opts, &plan->table, err);
    look_release(s);
    free(s);
    return rc;
}

/* ---- all rows ---- */
struct csv {
    struct table table;
    struct csv_parser parser;
    int64_t line;              // line ends so far, for messages
    int rc;                    // -1 once a callback failed
    struct err err;
};
static void on_cell(void *text, size_t n, void *to)
{
    struct csv *c = to;

    if (!c->rc)
        c->rc = table_text(&c->table, (struct str){ text, n }, &c->err);
}
static void on_row(int end, void *to)
{
    struct csv *c = to;

    (void)end;
    if (!c->rc)
        c->rc = table_row(&c->table, &c->err);
}
static int csv_done(struct csv *c, bool parsed, struct err *err)
{
    if (c->rc) {
        *err = c->err;
        return -1;
    }
    if (!parsed)
        return csv_in_too_long(c->line + 1, err);
    return 0;
}
static int csv_feed(void *self, struct str piece, struct err *err)
{
    struct csv *c = self;
    size_t n = csv_parse(&c->parser, piece.p, piece.n, on_cell, on_row, c);

    for (const char *p = piece.p; (p = memchr(p, '\n', (size_t)(piece.p + n - p))); p++)
        c->line++;
    return csv_done(c, n == piece.n, err);
}
/* A quote that is open at the end has swallowed rows: their links are taken
 * from what it holds, and the row is counted as unreadable. */
static int csv_end(void *self, struct err *err)
{
    struct csv *c = self;
    struct str held;
    int rc;

    if (csv_in_swallowed(&c->parser, &held)) {
        collect_skip(c->table.in, SKIP_UNREADABLE_ROW);
        collect_note(
            c->table.in,
            "a quote is not closed at the end of the file: rows behind it were read as text");
        table_end(&c->table);
        return collect_text(c->table.in, held, NULL, err);
    }
    rc = csv_fini(&c->parser, on_cell, on_row, c);
    table_end(&c->table);
    return csv_done(c, rc == 0, err);
}
static void csv_close(void *self)
{
    struct csv *c = self;

    csv_free(&c->parser);
    table_release(&c->table);
    free(c);
}
void csv_reader(struct reader *r, struct collector *in, const struct csv_plan *plan)
{
    struct csv *c = xcalloc(1, sizeof *c);

    table_init(&c->table, in, &plan->table);
    csv_in_open(&c->parser, plan->delim);
    *r = (struct reader){ csv_feed, csv_end, csv_close, c };
}
