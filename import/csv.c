/* import/csv.c: CSV and TSV through libcsv: quoted line ends, doubled quotes,
 * any of four delimiters. The column of the links is the one that was named, or
 * the one whose cells are links (or, failing that, ids of videos). */
#include <csv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "import/readers.h"
#include "import/urls.h"

enum {
    CELL_MAX = 16 << 20,     // a quote that is never closed must not eat the memory
    SAMPLE_ROWS = 200,
    SAMPLE_COLUMNS = 1024,
    CSV_FIELD_BEGUN = 2,     // libcsv's state within a cell (FIELD_BEGUN of its source)
};
static void *csv_realloc(void *p, size_t n)
{
    return n > CELL_MAX ? NULL : xrealloc(p, n);
}
static void csv_open(struct csv_parser *p, char delim)
{
    if (csv_init(p, 0))
        die("libcsv cannot be started");
    csv_set_delim(p, (unsigned char)delim);
    csv_set_realloc_func(p, csv_realloc);
    csv_set_blk_size(p,
                     64 * 1024);    // it grows by this much: the default makes long cells quadratic
}

/* ---- the first rows ---- */
struct sample {
    size_t rows, even, width;          // even: rows as wide as the first
    size_t column;                     // of the row being read
    struct buf names;                  // of row 0, each ended by NUL
    int64_t links[SAMPLE_COLUMNS], ids[SAMPLE_COLUMNS];
    int64_t now;
    bool first_has_link, first_has_word;
};
static void sample_cell(void *cell, size_t n, void *to)
{
    struct sample *s = to;
    struct str text = { cell, n };
    struct link l;
    size_t c = s->column++;
    bool link = false, id = false;

    if (s->rows >= SAMPLE_ROWS || c >= SAMPLE_COLUMNS)
        return;
    if (s->rows == 0) {
        buf_str(&s->names, str_trim(text));
        buf_char(&s->names, '\0');
    }
    if (link_next(&text, s->now, &l) && l.what != LINK_SKIPPED) {
        id = str_trim((struct str){ cell, n }).n <= 20;
        link = !id;
        id = id && !l.odd;             // ids of accounts and of sounds are as long
    }
    s->links[c] += link;
    s->ids[c] += id;
    if (s->rows == 0) {
        s->first_has_link = s->first_has_link || link || id ||
                            link_is_spoiled_id((struct str){ cell, n });
        for (size_t i = 0; i < n; i++)
            s->first_has_word = s->first_has_word || (((const char *)cell)[i] | 0x20) >= 'a';
    }
}
static void sample_row(int end, void *to)
{
    struct sample *s = to;

    (void)end;
    if (s->rows == 0)
        s->width = s->column;
    s->even += s->column == s->width && s->rows < SAMPLE_ROWS;
    s->rows += s->rows < SAMPLE_ROWS;
    s->column = 0;
}
static void sample_take(struct sample *s, struct str text, bool whole, char delim, int64_t now)
{
    struct csv_parser p;

    *s = (struct sample){ .now = now };
    csv_open(&p, delim);
    (void)csv_parse(&p, text.p ? text.p : "", text.n, sample_cell, sample_row, s);
    if (whole)
        (void)csv_fini(&p, sample_cell, sample_row, s);
    csv_free(&p);
}
static bool sample_header(const struct sample *s)
{
    return s->first_has_word && !s->first_has_link;
}
static const char *sample_name(const struct sample *s, size_t column)
{
    const char *p = s->names.p, *end = s->names.p + s->names.n;

    for (; p && p < end; p += strlen(p) + 1)
        if (column-- == 0)
            return p;
    return "";
}

/* ---- the column ---- */
/* Lower is better; where several columns hold links the name decides. */
static int name_rank(const char *name)
{
    static const char *const names[] = {
        "url",      "link",        "video_url",     "video url",  "video_link", "video link",
        "videourl", "webvideourl", "web_video_url", "tiktok_url", "tiktok url", "share_url",
        "post_url", "item_url",    "permalink",     "href",       "video_id",   "videoid",
        "video id", "item_id",     "itemid",        "aweme_id",   "post_id",    "id",
    };
    int n = (int)(sizeof names / sizeof names[0]);

    for (int i = 0; i < n; i++)
        if (str_eq_nocase(str_of(name), str_of(names[i])))
            return i;
    return n;
}
static bool name_known(const char *name)
{
    return name_rank(name) < name_rank("");
}
static int column_named(const struct sample *s, const char *want, struct csv_plan *plan,
                        struct err *err)
{
    uint64_t n;
    struct buf have = { 0 };

    for (size_t c = 0; c < s->width && c < SAMPLE_COLUMNS && !s->first_has_link; c++)
        if (str_eq_nocase(str_of(sample_name(s, c)), str_of(want))) {
            plan->column = c;
            plan->header = true;
            return 0;
        }
    if (str_u64(str_of(want), &n) && n >= 1 && n <= s->width) {
        plan->column = (size_t)n - 1;
        plan->header = sample_header(s);
        return 0;
    }
    for (size_t c = 0; c < s->width && c < 12 && sample_header(s); c++)
        buf_printf(&have, "%s%s", c ? ", " : "", sample_name(s, c));
    if (have.n)
        err_set(err, ERR_USAGE, "line 1: there is no column %s; there are: %.150s", want,
                buf_cstr(&have));
    else
        err_set(err, ERR_USAGE, "line 1: there is no column %s: expected a number from 1 to %zu",
                want, s->width);
    buf_release(&have);
    return -1;
}
/* The column with most links, else with most ids; *several where more than one
 * column holds such. false where none does. */
static bool column_by_content(const struct sample *s, size_t *column, bool *several)
{
    const int64_t *hits = s->ids;
    size_t best = 0, columns = s->width < SAMPLE_COLUMNS ? s->width : SAMPLE_COLUMNS, used = 0;

    for (size_t c = 0; c < columns; c++) {
        if (s->links[c])
            hits = s->links;
        used += s->links[c] || s->ids[c];
    }
    for (size_t c = 1; c < columns; c++)
        if (hits[c] > hits[best] || (hits[c] == hits[best] && name_rank(sample_name(s, c)) <
                                                                  name_rank(sample_name(s, best))))
            best = c;
    *column = best;
    *several = used > 1;
    return hits[best] > 0;
}
/* By name alone, for a file whose first rows hold nothing. */
static bool column_by_name(const struct sample *s, size_t *column)
{
    size_t best = 0;

    for (size_t c = 1; c < s->width && c < SAMPLE_COLUMNS; c++)
        if (name_rank(sample_name(s, c)) < name_rank(sample_name(s, best)))
            best = c;
    *column = best;
    return name_known(sample_name(s, best));
}
int csv_sniff(struct str text, bool whole, const struct import_opts *opts, struct csv_plan *plan,
              struct err *err)
{
    static const char delims[] = ",;\t|";
    struct sample *s = xcalloc(1, sizeof *s);
    size_t best = 0;
    bool several = false;
    int rc = 0;

    *plan = (struct csv_plan){ .delim = ',' };
    for (size_t i = 0; i < sizeof delims - 1; i++) {
        sample_take(s, text, whole, delims[i], opts->now);
        if (s->width > 1 && s->even * 5 >= s->rows * 4 && s->even * 64 + s->width > best) {
            best = s->even * 64 + s->width;
            plan->delim = delims[i];
        }
        buf_release(&s->names);
    }
    sample_take(s, text, whole, plan->delim, opts->now);
    plan->header = sample_header(s);
    if (opts->column)
        rc = column_named(s, opts->column, plan, err) ? -1 : 1;
    else if (best && column_by_content(s, &plan->column, &several))
        rc = plan->header || !several;      // without a header, several columns of links are a list
    else if (plan->header && (best || name_known(sample_name(s, 0))))
        rc = column_by_name(s, &plan->column);
    buf_release(&s->names);
    free(s);
    return rc;
}

/* ---- all rows ---- */
struct table {
    struct collector *in;
    struct csv_plan plan;
    struct csv_parser parser;
    size_t column;
    int64_t row, line;         // line: line ends so far, for messages
    int rc;                    // -1 once a callback failed
    struct err err;
};
static void table_cell(void *cell, size_t n, void *to)
{
    struct table *t = to;

    if (t->column++ != t->plan.column || t->rc || (t->row == 0 && t->plan.header))
        return;
    t->rc = collect_value(t->in, (struct str){ cell, n }, &t->err);
}
static void table_row(int end, void *to)
{
    struct table *t = to;

    (void)end;
    if (t->column <= t->plan.column && !(t->row == 0 && t->plan.header))
        collect_skip(t->in, SKIP_UNREADABLE_ROW);
    t->column = 0;
    t->row++;
}
static int table_done(struct table *t, bool parsed, struct err *err)
{
    if (t->rc) {
        *err = t->err;
        return -1;
    }
    if (!parsed)
        return err_set(err, ERR_INPUT,
                       "line %lld: a cell is longer than 16 MiB: a quote before it is not closed",
                       (long long)t->line + 1);
    return 0;
}
static int table_feed(void *self, struct str piece, struct err *err)
{
    struct table *t = self;
    size_t n = csv_parse(&t->parser, piece.p, piece.n, table_cell, table_row, t);

    for (const char *p = piece.p; (p = memchr(p, '\n', (size_t)(piece.p + n - p))); p++)
        t->line++;
    return table_done(t, n == piece.n, err);
}
/* A quote that is open at the end has swallowed rows: their links are taken
 * from what it holds, and the row is counted as unreadable. */
static int table_end(void *self, struct err *err)
{
    struct table *t = self;
    bool open = t->parser.quoted && t->parser.pstate == CSV_FIELD_BEGUN;
    struct str held = { (const char *)t->parser.entry_buf, t->parser.entry_pos };
    int rc;

    if (open && held.n && memchr(held.p, '\n', held.n)) {
        collect_skip(t->in, SKIP_UNREADABLE_ROW);
        collect_note(
            t->in,
            "a quote is not closed at the end of the file: rows behind it were read as text");
        return collect_text(t->in, held, NULL, err);
    }
    rc = csv_fini(&t->parser, table_cell, table_row, t);
    return table_done(t, rc == 0, err);
}
static void table_free(void *self)
{
    struct table *t = self;

    csv_free(&t->parser);
    free(t);
}
void csv_reader(struct reader *r, struct collector *in, const struct csv_plan *plan)
{
    struct table *t = xcalloc(1, sizeof *t);

    t->in = in;
    t->plan = *plan;
    csv_open(&t->parser, plan->delim);
    *r = (struct reader){ table_feed, table_end, table_free, t };
}
