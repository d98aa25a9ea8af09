/* import/xlsx.c: spreadsheets: sheets of rows whose texts lie in a list of their own.
 * A sheet is read up to four times, so that nothing of it is kept: its hyperlinks, a look at its
 * first rows for the column, then all rows. The list of texts goes to a file without a name.
 * A number of a cell has 15 digits, whatever was typed: as an id it is spoiled. The link of a
 * cell (what a click opens) counts where its text is no link.
 * Source: ECMA-376, part 1, 18.2 to 18.4; what Excel, LibreOffice, openpyxl and XlsxWriter write.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/array.h"
#include "base/file.h"
#include "import/readers.h"
#include "import/xml_part.h"

enum {
    TEXT_MAX = 4096,    // of a cell: what stands behind is no link
    STRINGS_MAX = 20000000,
    COLUMNS_MAX = 16384,    // a sheet has no more
    LINKS_MAX = 65530,      // hyperlinks of a sheet: Excel's own limit
    SHEETS_MAX = 500,
};
struct target {
    struct buf id;
    struct link link;
};    // of the sheet's relations
struct place {
    int64_t row;
    size_t column, target;
};    // a cell with a hyperlink
struct xlsx {
    struct collector *in;
    struct unzip *zip;
    const char *const *member;
    size_t members;
    FILE *texts;    // length and bytes of each
    uint64_t *at;
    size_t strings, at_cap;    // where in texts
    uint64_t end;
    struct target *target;
    size_t targets, target_cap;
    struct place *place;
    size_t places, place_cap;
};

/* ---- names of parts ---- */
static struct str part_name(const char *member, struct buf *out)
{
    buf_clear(out);
    for (const char *p = member; *p; p++)
        buf_char(out, *p == '\\' ? '/' : *p);
    return buf_view(out);
}
static bool part_is(const char *member, struct str begin, struct str end)
{
    struct buf name = { 0 };
    struct str n = part_name(member, &name);
    bool is = n.n >= begin.n + end.n && str_starts_nocase(n, begin) &&
              str_eq_nocase(str_sub(n, n.n - end.n, end.n), end) &&
              str_find(str_sub(n, begin.n, n.n - end.n - begin.n), STR("/"), 0) < 0;

    buf_release(&name);
    return is;
}
bool xlsx_shape(const char *member)
{
    return part_is(member, STR("xl/workbook"), STR(".xml")) ||
           part_is(member, STR("xl/workbook"), STR(".bin"));
}
static bool part_find(const struct xlsx *x, struct str begin, struct str end, size_t *at)
{
    for (size_t i = 0; i < x->members; i++)
        if (part_is(x->member[i], begin, end)) {
            *at = i;
            return true;
        }
    return false;
}

/* ---- the list of texts ---- */
struct strings {
    struct xlsx *x;
    struct buf text;
    int phonetic;
    bool in_text;
};
static int texts_fail(struct err *err)
{
    return err_set(err, ERR_IO, "the temporary file of a spreadsheet: %s", strerror(errno));
}
static int strings_start(void *to, struct xml_part *part, const char *name, struct err *err)
{
    struct strings *s = to;

    (void)part;
    if (!strcmp(name, "si"))
        buf_clear(&s->text);
    s->phonetic += !strcmp(name, "rPh");
    s->in_text = !strcmp(name, "t") && !s->phonetic;
    if (s->x->strings >= STRINGS_MAX)
        return err_set(err, ERR_INPUT, "holds more than %d texts", STRINGS_MAX);
    return 0;
}
static int strings_end(void *to, const char *name, struct err *err)
{
    struct strings *s = to;
    struct xlsx *x = s->x;
    uint32_t n = s->text.n < TEXT_MAX ? (uint32_t)s->text.n : TEXT_MAX;

    s->in_text = false;
    s->phonetic -= !strcmp(name, "rPh");
    if (strcmp(name, "si") != 0)
        return 0;
    ARRAY_ROOM(x->at, x->strings, x->at_cap);
    x->at[x->strings++] = x->end;
    if (fwrite(&n, sizeof n, 1, x->texts) != 1 || (n && fwrite(s->text.p, 1, n, x->texts) != n))
        return texts_fail(err);
    x->end += sizeof n + n;
    return 0;
}
static int strings_text(void *to, struct str text, struct err *err)
{
    struct strings *s = to;

    (void)err;
    if (s->in_text && s->text.n < TEXT_MAX)
        buf_str(&s->text, str_sub(text, 0, TEXT_MAX - s->text.n));
    return 0;
}
static int strings_read(struct xlsx *x, struct err *err)
{
    struct strings s = { .x = x };
    const struct xml_user user = { strings_start, strings_end, strings_text, &s };
    size_t at;
    int rc = 0;

    if (!part_find(x, STR("xl/sharedStrings"), STR(".xml"), &at))
        return 0;
    if (!(x->texts = tmpfile()))
        return texts_fail(err);
    rc = xml_part_read(x->zip, at, &user, err);
    if (rc == 0 && fflush(x->texts))
        rc = texts_fail(err);
    buf_release(&s.text);
    return rc ? err_wrap(err, "the list of texts") : 0;
}
/* Text i, appended. */
static int string_get(const struct xlsx *x, uint64_t i, struct buf *out, struct err *err)
{
    char bytes[sizeof(uint32_t) + TEXT_MAX];
    uint32_t n;
    ssize_t got;

    if (i >= x->strings) {
        buf_puts(out, "\xef\xbf\xbd");    // a damaged book: the cell is not empty
        return 0;
    }
    got = file_at(fileno(x->texts), bytes, sizeof bytes, (off_t)x->at[i]);
    if (got < (ssize_t)sizeof n)
        return got < 0 ? texts_fail(err)
                       : err_set(err, ERR_IO, "the temporary file of a spreadsheet was cut off");
    memcpy(&n, bytes, sizeof n);
    if (n > (size_t)got - sizeof n)
        return err_set(err, ERR_IO, "the temporary file of a spreadsheet was cut off");
    buf_add(out, bytes + sizeof n, n);
    return 0;
}

/* ---- hyperlinks ---- */
struct relations {
    struct xlsx *x;
    struct buf id, target;
};
static int relation_start(void *to, struct xml_part *part, const char *name, struct err *err)
{
    struct relations *r = to;
    struct xlsx *x = r->x;
    struct link l;

    (void)err;
    if (strcmp(name, "Relationship") != 0 || !xml_part_attribute(part, "Id", &r->id) ||
        !xml_part_attribute(part, "Target", &r->target) || x->targets >= LINKS_MAX)
        return 0;
    link_parse(str_trim(buf_view(&r->target)), x->in->opts->now, &l);
    if (l.what == LINK_SKIPPED)
        return 0;
    ARRAY_ROOM(x->target, x->targets, x->target_cap);
    x->target[x->targets] = (struct target){ .link = l };
    buf_str(&x->target[x->targets++].id, buf_view(&r->id));
    return 0;
}
static int no_end(void *to, const char *name, struct err *err)
{
    (void)to;
    (void)name;
    (void)err;
    return 0;
}
static int no_text(void *to, struct str text, struct err *err)
{
    (void)to;
    (void)text;
    (void)err;
    return 0;
}
static int by_id(const void *a, const void *b)
{
    const struct target *x = a, *y = b;

    return str_cmp(buf_view(&x->id), buf_view(&y->id));
}
static void targets_clear(struct xlsx *x)
{
    for (size_t i = 0; i < x->targets; i++)
        buf_release(&x->target[i].id);
    x->targets = x->places = 0;
}
static int relations_read(struct xlsx *x, struct str sheet, struct err *err)
{
    struct relations r = { .x = x };
    const struct xml_user user = { relation_start, no_end, no_text, &r };
    struct buf name = { 0 };
    size_t at;
    int rc = 0;

    buf_printf(&name, "xl/worksheets/_rels/%.*s.rels", STR_ARG(sheet));
    if (part_find(x, buf_view(&name), STR(""), &at))
        rc = xml_part_read(x->zip, at, &user, err);
    if (x->targets)
        qsort(x->target, x->targets, sizeof *x->target, by_id);
    buf_release(&name);
    buf_release(&r.id);
    buf_release(&r.target);
    return rc;
}
/* B12: the column from 0, the row from 1. false where it is no such name. */
static bool place_read(struct str ref, size_t *column, int64_t *row)
{
    size_t n = 0, c = 0;

    while (n < ref.n && (ref.p[n] | 0x20) >= 'a' && (ref.p[n] | 0x20) <= 'z' && c <= COLUMNS_MAX)
        c = c * 26 + (size_t)((ref.p[n++] | 0x20) - 'a') + 1;
    *column = c - 1;
    return c > 0 && c <= COLUMNS_MAX && str_i64(str_sub(ref, n, ref.n), row);
}
struct hyperlinks {
    struct xlsx *x;
    struct buf ref, id;
};
static int hyperlink_start(void *to, struct xml_part *part, const char *name, struct err *err)
{
    struct hyperlinks *h = to;
    struct xlsx *x = h->x;
    struct place p = { 0 };
    struct target key = { 0 }, *hit;
    struct str range, first;

    (void)err;
    if (strcmp(name, "hyperlink") != 0 || !xml_part_attribute(part, "ref", &h->ref) ||
        !xml_part_attribute(part, "id", &h->id) || x->places >= LINKS_MAX)
        return 0;
    range = buf_view(&h->ref);
    key.id = h->id;
    hit = bsearch(&key, x->target, x->targets, sizeof key, by_id);
    if (!hit || !str_cut(&range, ':', &first) || !place_read(first, &p.column, &p.row))
        return 0;
    p.target = (size_t)(hit - x->target);
    ARRAY_ROOM(x->place, x->places, x->place_cap);
    x->place[x->places++] = p;
    return 0;
}
static int by_place(const void *a, const void *b)
{
    const struct place *x = a, *y = b;

    return x->row != y->row ? (x->row > y->row) - (x->row < y->row)
                            : (x->column > y->column) - (x->column < y->column);
}
static int hyperlinks_read(struct xlsx *x, size_t sheet, struct err *err)
{
    struct hyperlinks h = { .x = x };
    const struct xml_user user = { hyperlink_start, no_end, no_text, &h };
    int rc = x->targets ? xml_part_read(x->zip, sheet, &user, err) : 0;

    if (x->places)
        qsort(x->place, x->places, sizeof *x->place, by_place);
    buf_release(&h.ref);
    buf_release(&h.id);
    return rc;
}

/* ---- rows ---- */
struct raw {
    size_t column, from, n;
    bool number;
};    // a cell's text in row_text
struct rows {
    struct xlsx *x;
    struct look *look;    // the first rows; NULL: all
    struct table table;
    bool planned;    // without a plan each cell is read by itself
    int64_t row;     // from 1
    size_t next_column;
    struct raw *raw;
    size_t raws, raw_cap;
    struct buf row_text;
    struct buf type, ref, value, formula;    // of the cell that is open
    bool in_value, in_formula, in_cell;
    int phonetic;
};
static int row_start(void *to, struct xml_part *part, const char *name, struct err *err)
{
    struct rows *r = to;
    int64_t row;
    size_t column;

    (void)err;
    if (!strcmp(name, "row")) {
        if (r->look && r->look->rows >= LOOK_ROWS)
            xml_part_stop(part);
        r->row = xml_part_attribute(part, "r", &r->ref) && str_i64(buf_view(&r->ref), &row)
                     ? row
                     : r->row + 1;
        r->raws = r->next_column = 0;
        buf_clear(&r->row_text);
    } else if (!strcmp(name, "c")) {
        xml_part_attribute(part, "t", &r->type);
        xml_part_attribute(part, "r", &r->ref);
        if (place_read(buf_view(&r->ref), &column, &row))
            r->next_column = column;
        buf_clear(&r->value);
        buf_clear(&r->formula);
        r->in_cell = true;
    } else if (!strcmp(name, "rPh")) {
        r->phonetic++;
    } else if (!strcmp(name, "sheetData")) {
        r->row = 0;
    }
    r->in_value = r->in_cell && !r->phonetic && (!strcmp(name, "v") || !strcmp(name, "t"));
    r->in_formula = r->in_cell && !strcmp(name, "f");
    return 0;
}
static int row_text(void *to, struct str text, struct err *err)
{
    struct rows *r = to;
    struct buf *b = r->in_value ? &r->value : r->in_formula ? &r->formula : NULL;

    (void)err;
    if (b && b->n < TEXT_MAX)
        buf_str(b, str_sub(text, 0, TEXT_MAX - b->n));
    return 0;
}
/* =HYPERLINK("https://...","clip") shows the second text and opens the first. */
static bool is_link_formula(struct str f)
{
    return str_starts_nocase(f, STR("HYPERLINK(")) || str_starts_nocase(f, STR("=HYPERLINK("));
}
static int cell_end(struct rows *r, struct err *err)
{
    struct raw raw = { .column = r->next_column++, .from = r->row_text.n };
    struct str type = buf_view(&r->type), value = str_trim(buf_view(&r->value));
    uint64_t i;

    r->in_cell = false;
    if (is_link_formula(buf_view(&r->formula))) {
        buf_str(&r->row_text, buf_view(&r->formula));
    } else if (str_eq(type, STR("s"))) {
        if (str_u64(value, &i) && string_get(r->x, i, &r->row_text, err))
            return -1;
    } else {
        buf_str(&r->row_text, buf_view(&r->value));
        raw.number = !type.n || str_eq(type, STR("n"));
    }
    raw.n = r->row_text.n - raw.from;
    if (r->raws < COLUMNS_MAX) {
        ARRAY_ROOM(r->raw, r->raws, r->raw_cap);
        r->raw[r->raws++] = raw;
    }
    return 0;
}
/* A number as large as the ids of posts since 2014: what was typed was longer than what is
 * left. Nanoseconds of our days are smaller. */
static bool is_number_of_id(struct str text)
{
    char digits[40];
    double v;

    text = str_trim(text);
    snprintf(digits, sizeof digits, "%.*s", STR_ARG(str_sub(text, 0, sizeof digits - 1)));
    v = strtod(digits, NULL);    // how large it is, no more
    return v > 5.9e18 && v < 9.3e18;
}
static const struct place *place_of(const struct rows *r, size_t column)
{
    const struct place key = { r->row, column, 0 };

    return r->x->places ? bsearch(&key, r->x->place, r->x->places, sizeof key, by_place) : NULL;
}
static void raw_read(const struct rows *r, const struct raw *raw, struct cell *c)
{
    const struct place *p = place_of(r, raw->column);

    *c = (struct cell){ .text = str_sub(buf_view(&r->row_text), raw->from, raw->n) };
    if (raw->number)
        c->kind = !raw->n ? CELL_NOTHING : is_number_of_id(c->text) ? CELL_SPOILED : CELL_TEXT;
    else
        c->kind = cell_read(c->text, r->x->in->opts->now, &c->link);
    if (p && c->kind != CELL_LINK && c->kind != CELL_ID) {
        c->kind = CELL_LINK;
        c->link = r->x->target[p->target].link;
    }
}
/* Of a sheet that is no table: a list, a note. */
static int lone_cell(struct collector *in, const struct cell *c, struct err *err)
{
    switch (c->kind) {
    case CELL_LINK:
    case CELL_ID: return collect_link(in, &c->link, err);
    case CELL_IN_TEXT: return collect_text(in, c->text, NULL, err);
    case CELL_OTHER: return c->link.what == LINK_SKIPPED ? collect_link(in, &c->link, err) : 0;
    case CELL_SPOILED: collect_spoiled(in); return 0;
    default: return 0;
    }
}
static int push_cell(struct rows *r, const struct cell *c, struct err *err)
{
    if (r->look) {
        look_cell(r->look, c);
        return 0;
    }
    return r->planned ? table_cell(&r->table, c, err) : lone_cell(r->x->in, c, err);
}
/* The cells that a row leaves out are empty ones. */
static int row_push(struct rows *r, struct err *err)
{
    const struct cell nothing = { .kind = CELL_NOTHING };
    size_t at = 0, width = r->look ? r->look->width : r->planned ? r->table.plan.column + 1 : 0;

    for (size_t i = 0; i <= r->raws; i++) {
        size_t column = i < r->raws ? r->raw[i].column : width;
        struct cell c;

        for (; at < column; at++)
            if (push_cell(r, &nothing, err))
                return -1;
        if (i == r->raws || at > column)
            continue;
        raw_read(r, &r->raw[i], &c);
        at++;
        if (push_cell(r, &c, err))
            return -1;
    }
    if (r->look)
        look_row(r->look);
    return r->planned && !r->look ? table_row(&r->table, err) : 0;
}
static int row_end(void *to, const char *name, struct err *err)
{
    struct rows *r = to;

    r->in_value = r->in_formula = false;
    r->phonetic -= !strcmp(name, "rPh") && r->phonetic > 0;
    if (!strcmp(name, "c") && r->in_cell)
        return cell_end(r, err);
    if (strcmp(name, "row") != 0)
        return 0;
    for (size_t i = 0; i < r->raws; i++)
        if (r->raw[i].n || place_of(r, r->raw[i].column))
            return row_push(r, err);
    return 0;    // a row of formats alone
}
static int rows_read(struct rows *r, size_t sheet, struct err *err)
{
    const struct xml_user user = { row_start, row_end, row_text, r };

    r->row = 0;
    r->in_cell = false;
    r->phonetic = 0;
    return xml_part_read(r->x->zip, sheet, &user, err);
}
static void rows_release(struct rows *r)
{
    if (r->planned)
        table_release(&r->table);
    free(r->raw);
    buf_release(&r->row_text);
    buf_release(&r->type);
    buf_release(&r->ref);
    buf_release(&r->value);
    buf_release(&r->formula);
}

/* ---- sheets ---- */
static int look_at(struct rows *r, size_t sheet, size_t skip, struct err *err)
{
    look_init(r->look, r->x->in->opts->now);
    r->look->skip = skip;
    return rows_read(r, sheet, err);
}
static int sheet_rows(struct xlsx *x, size_t sheet, struct err *err)
{
    struct rows r = { .x = x };
    struct table_plan plan;
    size_t titles;
    int rc = -1, found;

    r.look = xcalloc(1, sizeof *r.look);
    if (look_at(&r, sheet, 0, err))
        goto out;
    if ((titles = look_titles(r.look))) {
        look_release(r.look);
        if (look_at(&r, sheet, titles, err))
            goto out;
    }
    look_end(r.look);
    if ((found = look_plan(r.look, true, x->in->opts, &plan, err)) < 0)
        goto out;
    r.planned = found > 0;
    if (r.planned)
        table_init(&r.table, x->in, &plan);
    look_release(r.look);
    free(r.look);
    r.look = NULL;
    rc = rows_read(&r, sheet, err);
    if (r.planned)
        table_end(&r.table);
out:
    if (r.look)
        look_release(r.look);
    free(r.look);
    rows_release(&r);
    return rc;
}
static int sheet_read(struct xlsx *x, size_t sheet, struct err *err)
{
    struct buf name = { 0 };
    struct str base = part_name(x->member[sheet], &name);
    int rc;

    base = str_sub(base, sizeof "xl/worksheets/" - 1, base.n);
    targets_clear(x);
    rc = relations_read(x, base, err) || hyperlinks_read(x, sheet, err) ||
         sheet_rows(x, sheet, err);
    buf_release(&name);
    return rc ? -1 : 0;
}
/* A sheet that cannot be read costs nothing of the others. */
static int sheets_read(struct xlsx *x, struct err *err)
{
    struct import_count *c = &x->in->count;
    struct err no_column = { 0 };
    int sheets = 0;

    for (size_t i = 0; i < x->members; i++) {
        if (!part_is(x->member[i], STR("xl/worksheets/"), STR(".xml")))
            continue;
        if (++sheets > SHEETS_MAX) {
            collect_note(x->in, "holds more than %d sheets: the others were left out", SHEETS_MAX);
            break;
        }
        if (!sheet_read(x, i, err)) {
            c->members++;
            continue;
        }
        if (err->kind == ERR_USAGE) {    // another sheet may have the column
            no_column = *err;
            err_clear(err);
            continue;
        }
        if (err->kind != ERR_INPUT)
            return -1;
        c->refused++;
        collect_note(x->in, "the sheet %.80s was read up to its damage: %s", x->member[i],
                     err->msg);
        err_clear(err);
    }
    if (c->members || c->links)
        return 0;
    if (no_column.kind) {
        *err = no_column;
        return -1;
    }
    return err_set(err, ERR_INPUT, "%s",
                   sheets
                       ? "is a spreadsheet of which no sheet could be read"
                       : "is a workbook without sheets that can be read (a binary one?): save it "
                         "as .xlsx or CSV");
}
int xlsx_read(struct collector *in, struct unzip *zip, const char *const *member, size_t len,
              struct err *err)
{
    struct xlsx x = { .in = in, .zip = zip, .member = member, .members = len };
    int rc = strings_read(&x, err) || sheets_read(&x, err) ? -1 : 0;

    targets_clear(&x);
    free(x.target);
    free(x.place);
    free(x.at);
    if (x.texts)
        fclose(x.texts);
    return rc;
}
