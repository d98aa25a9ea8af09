/* report/sheets.c: see workbook.h. */
#include "report/sheets.h"
#include <csv.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xlsxwriter.h>
#include "base/file.h"
#include "base/utc.h"

#define ROWS_MOST LXW_ROW_MAX
#define TEXT_MOST 32767                // characters of a cell, as Excel has it
#define DAYS_TO_1970 25569             // of the serial dates of spreadsheets
#define WIDTH_ID 21
#define WIDTH_TEXT 18
#define NAME_ROOM 40

struct sheets {
    lxw_workbook *book;
    lxw_format *head, *instant;
    char *path, *tmp;
    /* the sheet that is being written */
    lxw_worksheet *sheet;
    const char *name;
    int n;                             // sheets of this name
    struct column column[COLUMNS_MAX];
    size_t columns, at;
    lxw_row_t row;
    struct csv_parser parser;
    lxw_error failed;
};

int sheets_new(const char *path, int64_t dated, struct sheets **out, struct err *err)
{
    struct sheets *w = xcalloc(1, sizeof *w);
    lxw_workbook_options options = { .constant_memory = LXW_TRUE };
    lxw_doc_properties properties = { .title = "What the research API leaves out",
                                      .created = (time_t)dated };

    w->path = xstrdup(path);
    w->tmp = file_beside(path, ".tmp");
    w->book = workbook_new_opt(w->tmp, &options);
    *out = w;
    if (!w->book)
        return err_set(err, ERR_IO, "the workbook %s cannot be begun", path);
    workbook_set_properties(w->book, &properties);
    w->head = workbook_add_format(w->book);
    format_set_bold(w->head);
    format_set_text_wrap(w->head);
    w->instant = workbook_add_format(w->book);
    format_set_num_format(w->instant, "yyyy-mm-dd hh:mm:ss");
    return 0;
}

/* ---- cells ---- */

/* No more characters than a cell can hold. */
static size_t fitting(const char *text, size_t n)
{
    size_t characters = 0, i = 0;

    while (i < n) {
        characters += ((unsigned char)text[i] & 0xc0) != 0x80;
        if (characters > TEXT_MOST)
            break;
        i++;
    }
    return i;
}

static void put_text(struct sheets *w, lxw_format *format, const char *text, size_t n)
{
    const size_t fits = fitting(text, n);
    char *own = xcalloc(fits + 1, 1);
    lxw_error e;

    memcpy(own, text, fits);
    e = worksheet_write_string(w->sheet, w->row, (lxw_col_t)w->at, own, format);
    if (e && !w->failed)
        w->failed = e;
    free(own);
}

static bool put_instant(struct sheets *w, struct str text)
{
    struct err ignored = {0};
    int64_t at;
    lxw_error e;

    if (utc_parse(text, &at, &ignored))
        return false;
    e = worksheet_write_number(w->sheet, w->row, (lxw_col_t)w->at,
                               (double)at / UTC_DAY_S + DAYS_TO_1970, w->instant);
    if (e && !w->failed)
        w->failed = e;
    return true;
}

static bool put_number(struct sheets *w, const char *text, size_t n)
{
    char digits[64], *end;
    double x;
    lxw_error e;

    if (n == 0 || n >= sizeof digits)
        return false;
    memcpy(digits, text, n);
    digits[n] = '\0';
    x = strtod(digits, &end);
    if (*end)
        return false;
    e = worksheet_write_number(w->sheet, w->row, (lxw_col_t)w->at, x, NULL);
    if (e && !w->failed)
        w->failed = e;
    return true;
}

static void take_cell(void *text, size_t n, void *to)
{
    struct sheets *w = to;
    const struct column *c = w->at < w->columns ? &w->column[w->at] : NULL;
    const bool head = w->row == 0;

    if (n > 0 && c && !head && (c->type == COLUMN_INT || c->type == COLUMN_REAL) &&
        put_number(w, text, n))
        n = 0;
    else if (n > 0 && c && !head && c->type == COLUMN_INSTANT &&
             put_instant(w, (struct str){ text, n }))
        n = 0;
    if (n > 0)
        put_text(w, head ? w->head : NULL, text, n);
    w->at++;
}

/* ---- sheets ---- */

static void add_sheet(struct sheets *w)
{
    char name[NAME_ROOM];

    w->n++;
    snprintf(name, sizeof name, w->n > 1 ? "%s (%d)" : "%s", w->name, w->n);
    w->sheet = workbook_add_worksheet(w->book, name);
    if (!w->sheet) {
        w->failed = LXW_ERROR_PARAMETER_VALIDATION;
        return;
    }
    w->row = 0;
    for (size_t i = 0; i < w->columns; i++)
        worksheet_set_column(w->sheet, (lxw_col_t)i, (lxw_col_t)i,
                             i == 0 || w->column[i].type == COLUMN_INSTANT ? WIDTH_ID : WIDTH_TEXT,
                             NULL);
    worksheet_freeze_panes(w->sheet, 1, 1);
}

static void put_heads(struct sheets *w)
{
    for (w->at = 0; w->at < w->columns; w->at++)
        put_text(w, w->head, w->column[w->at].name.p, w->column[w->at].name.n);
    w->at = 0;
    w->row = 1;
}

static void end_sheet(struct sheets *w)
{
    if (w->sheet && w->row > 0 && w->columns > 0)
        worksheet_autofilter(w->sheet, 0, 0, w->row - 1, (lxw_col_t)(w->columns - 1));
}

static void take_row(int end, void *to)
{
    struct sheets *w = to;

    (void)end;
    w->row++;
    w->at = 0;
    if (w->row < ROWS_MOST || w->failed)
        return;
    end_sheet(w);
    add_sheet(w);
    if (!w->failed)
        put_heads(w);
}

static ssize_t take_bytes(void *to, const char *bytes, size_t n)
{
    struct sheets *w = to;

    if (w->failed || csv_parse(&w->parser, bytes, n, take_cell, take_row, w) != n || w->failed) {
        errno = EIO;
        return 0;
    }
    return (ssize_t)n;
}

static int end_stream(void *to)
{
    struct sheets *w = to;

    csv_fini(&w->parser, take_cell, take_row, w);
    csv_free(&w->parser);
    end_sheet(w);
    return 0;
}

int sheets_table(struct sheets *w, const char *name, enum table table, FILE **out,
                   struct err *err)
{
    const cookie_io_functions_t io = { .write = take_bytes, .close = end_stream };

    w->name = name;
    w->n = 0;
    w->at = 0;
    w->columns = table_columns(table, w->column);
    add_sheet(w);
    if (w->failed || csv_init(&w->parser, CSV_STRICT | CSV_STRICT_FINI))
        return err_set(err, ERR_IO, "the sheet %s of %s cannot be begun", name, w->path);
    *out = fopencookie(w, "w", io);
    if (*out)
        return 0;
    csv_free(&w->parser);
    return err_set(err, ERR_IO, "the sheet %s of %s: %s", name, w->path, strerror(errno));
}

int sheets_numbers(struct sheets *w, const struct numbers *all, struct err *err)
{
    static const char *const heads[] = { "name", "criterion", "value", "low", "high", "bounds",
                                         "unit", "n",         "of",    "is",  "ids" };
    const size_t columns = sizeof heads / sizeof *heads;

    w->name = "numbers";
    w->n = 0;
    w->columns = 0;
    add_sheet(w);
    for (w->at = 0; !w->failed && w->at < columns; w->at++)
        put_text(w, w->head, heads[w->at], strlen(heads[w->at]));
    for (const struct number *n = all->first; n && !w->failed; n = n->next) {
        const double values[] = { n->value, n->low, n->high };
        const double counts[] = { (double)n->n, (double)n->of };
        const struct str texts[] = { str_of(n->has ? bounds_name(n->bounds) : ""),
                                     str_of(unit_name(n->unit)) };

        w->row++;
        w->at = 0;
        put_text(w, NULL, n->name.p, n->name.n);
        w->at++;
        put_text(w, NULL, criterion_name(n->criterion), strlen(criterion_name(n->criterion)));
        for (int i = 0; i < 3; i++) {
            w->at++;
            if (n->has)
                worksheet_write_number(w->sheet, w->row, (lxw_col_t)w->at, values[i], NULL);
        }
        for (int i = 0; i < 2; i++) {
            w->at++;
            put_text(w, NULL, texts[i].p, texts[i].n);
        }
        for (int i = 0; i < 2; i++) {
            w->at++;
            worksheet_write_number(w->sheet, w->row, (lxw_col_t)w->at, counts[i], NULL);
        }
        w->at++;
        put_text(w, NULL, n->is.p ? n->is.p : "", n->is.n);
        w->at++;
        put_text(w, NULL, n->ids.p ? n->ids.p : "", n->ids.n);
    }
    return w->failed ? err_set(err, ERR_IO, "the sheet of numbers of %s: %s", w->path,
                               lxw_strerror(w->failed))
                     : 0;
}

int sheets_close(struct sheets *w, struct err *err)
{
    lxw_error e = w->book ? (lxw_error)workbook_close(w->book) : LXW_ERROR_CREATING_XLSX_FILE;
    int rc = 0;

    if (e || w->failed)
        rc = err_set(err, ERR_IO, "the workbook %s: %s", w->path,
                     lxw_strerror(e ? e : w->failed));
    else if (rename(w->tmp, w->path))
        rc = err_set(err, ERR_IO, "cannot rename %s to %s: %s", w->tmp, w->path, strerror(errno));
    if (rc)
        unlink(w->tmp);
    free(w->path);
    free(w->tmp);
    free(w);
    return rc;
}
