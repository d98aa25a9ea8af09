/* audit/take/review_take.c: see review_take.h. */
#include "audit/take/review_take.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "audit/reviewed.h"
#include "base/csv_rows.h"
#include "base/file.h"
#include "record/id.h"

#define TOLD_MAX 40        // of a cell, in a sentence
#define EXACT_DIGITS 15    // of a number, in a spreadsheet

enum sheet_column { SHEET_ROW, SHEET_CODER, SHEET_ID, SHEET_CODE, SHEET_COLUMNS };
static const char *const column_names[SHEET_COLUMNS] = { "row", "coder", "id", "code" };

struct reading {
    const char *name;
    const uint64_t *ids;
    struct review *review;
    struct review_sheet *sheet;
    int64_t *seen;    // by row: the line that had it, 0 none
    size_t at[SHEET_COLUMNS];
    bool has[SHEET_COLUMNS];
    bool has_head;
};

static int take_head(struct reading *r, const struct str *cell, size_t n, struct err *err)
{
    for (size_t i = 0; i < n; i++)
        for (int c = 0; c < SHEET_COLUMNS; c++)
            if (str_eq_nocase(str_trim(cell[i]), str_of(column_names[c])) && !r->has[c]) {
                r->has[c] = true;
                r->at[c] = i;
            }
    r->has_head = true;
    for (int c = 0; c < SHEET_COLUMNS; c++)
        if (!r->has[c] && c != SHEET_ID)
            return err_set(err, ERR_INPUT,
                           "line 1: there is no column \"%s\": expected the sheet that "
                           "`blindspot review` wrote, with its header",
                           column_names[c]);
    return 0;
}

static struct str cell_of(const struct reading *r, const struct str *cell, size_t n,
                          enum sheet_column c)
{
    return r->has[c] && r->at[c] < n ? str_trim(cell[r->at[c]]) : STR_NONE;
}

static int take_coder(struct reading *r, struct str text, int64_t line, struct err *err)
{
    uint64_t coder = 0;

    if (!str_u64(text, &coder) || coder < 1 || coder > REVIEW_CODERS)
        return err_set(err, ERR_INPUT, "line %" PRId64 ": coder: expected 1 or 2, not \"%.*s\"",
                       line, STR_ARG(str_sub(text, 0, TOLD_MAX)));
    if (r->sheet->coder && r->sheet->coder != (int)coder)
        return err_set(err, ERR_INPUT,
                       "line %" PRId64 ": it is of coder %d, and those above are of coder %d", line,
                       (int)coder, r->sheet->coder);
    r->sheet->coder = (int)coder;
    return 0;
}

/* As exact as a spreadsheet leaves it. */
static bool is_other_post(uint64_t id, struct str text)
{
    char own[ID_TEXT_MAX];
    struct str whole = str_of(id_text(id, own));
    uint64_t ignored;

    if (!id || !str_u64(text, &ignored))
        return false;
    return text.n != whole.n ||
           !str_eq(str_sub(text, 0, EXACT_DIGITS), str_sub(whole, 0, EXACT_DIGITS));
}

static int find_row(struct reading *r, const struct str *cell, size_t n, int64_t line, size_t *at,
                    struct err *err)
{
    const struct str text = cell_of(r, cell, n, SHEET_ROW), id = cell_of(r, cell, n, SHEET_ID);
    uint64_t row = 0;

    if (!str_u64(text, &row) || row < 1 || row > r->review->rows)
        return err_set(err, ERR_INPUT,
                       "line %" PRId64 ": row: expected a number from 1 to %zu, not \"%.*s\"", line,
                       r->review->rows, STR_ARG(str_sub(text, 0, TOLD_MAX)));
    *at = (size_t)row - 1;
    if (r->seen[*at])
        return err_set(err, ERR_INPUT,
                       "line %" PRId64 ": row %" PRIu64 " stands in line %" PRId64 " already", line,
                       row, r->seen[*at]);
    r->seen[*at] = line;
    if (is_other_post(r->ids[*at], id))
        return err_set(err, ERR_INPUT,
                       "line %" PRId64 ": row %" PRIu64 " is another post in this review, not "
                       "%.*s: the sheet is of another one",
                       line, row, STR_ARG(id));
    return 0;
}

static bool is_blank(const struct str *cell, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_trim(cell[i]).n)
            return false;
    return true;
}

static int take_row(void *to, const struct str *cell, size_t n, int64_t line, struct err *err)
{
    struct reading *r = to;
    struct str text;
    size_t at = 0;
    int code;

    if (is_blank(cell, n))
        return 0;
    if (!r->has_head)
        return take_head(r, cell, n, err);
    if (find_row(r, cell, n, line, &at, err) ||
        take_coder(r, cell_of(r, cell, n, SHEET_CODER), line, err))
        return -1;
    text = cell_of(r, cell, n, SHEET_CODE);
    code = review_code_find(text);
    if (code == REVIEW_CODES)
        return err_set(err, ERR_INPUT,
                       "line %" PRId64 ": code: expected deleted, private, canada, ad, "
                       "tiktok_official, excluded_account, unknown or unsure, not \"%.*s\"",
                       line, STR_ARG(str_sub(text, 0, TOLD_MAX)));
    if (code == LABEL_NONE)
        return 0;
    r->review->row[at].code[r->sheet->coder - 1] = code;
    r->sheet->coded++;
    return 0;
}

int review_sheet_read(struct str text, const char *name, const uint64_t *ids, struct review *review,
                      struct review_sheet *sheet, struct err *err)
{
    struct reading r = { .name = name, .ids = ids, .review = review, .sheet = sheet };
    struct csv_rows *rows;
    int rc;

    *sheet = (struct review_sheet){ 0 };
    if (str_starts(text, STR("\xEF\xBB\xBF")))
        text = str_sub(text, 3, text.n);
    r.seen = xcalloc(review->rows, sizeof *r.seen);
    rows = csv_rows_new(csv_rows_delim(text), take_row, &r);
    rc = csv_rows_feed(rows, text, err) || csv_rows_end(rows, err) ? -1 : 0;
    if (rc == 0 && !sheet->coder)
        rc = err_set(err, ERR_INPUT, "it holds no row of a sheet");
    csv_rows_free(rows);
    free(r.seen);
    return rc ? err_wrap(err, "%s", name) : 0;
}

/* ---- the files ---- */

static int64_t drawn_item(const void *of, size_t i)
{
    return ((const struct review *)of)->row[i].item;
}

static int read_ids(struct store *s, const struct review *r, uint64_t *ids, struct err *err)
{
    struct items_ahead *rows =
        items_ahead_open(s, &(struct items_wanted){ .item = drawn_item, .of = r, .n = r->rows });
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < r->rows; i++) {
        struct item_row row;
        bool found = false;

        rc = items_ahead_row(rows, i, &row, &found, err);
        ids[i] = rc == 0 && found && !row.purged_at ? row.id : 0;
    }
    items_ahead_close(rows);
    return rc;
}

static int read_file(const char *path, const uint64_t *ids, struct review *review,
                     struct review_sheet *sheet, struct err *err)
{
    struct buf text = { 0 };
    int rc = file_read(path, REVIEW_SHEET_MAX, &text, err) ||
                     review_sheet_read(buf_view(&text), path, ids, review, sheet, err)
                 ? -1
                 : 0;

    buf_release(&text);
    return rc;
}

int review_take(struct audit *audit, char *const *files, int n, struct review_sheet *taken,
                struct err *err)
{
    struct review review = { 0 };
    uint64_t *ids = NULL;
    const char *of[REVIEW_CODERS + 1] = { NULL };
    int rc = reviewed_read(audit->store, &review, err);

    if (rc == 0 && !review.drawn_at)
        rc = err_set(err, ERR_USAGE, "no review was drawn: `blindspot review 200` draws one");
    ids = xcalloc(review.rows + 1, sizeof *ids);
    if (rc == 0)
        rc = read_ids(audit->store, &review, ids, err);
    for (int i = 0; rc == 0 && i < n; i++) {
        struct review_sheet *sheet = &taken[i];

        rc = read_file(files[i], ids, &review, sheet, err);
        if (rc == 0 && of[sheet->coder])
            rc = err_set(err, ERR_INPUT, "%s and %s are both of coder %d", of[sheet->coder],
                         files[i], sheet->coder);
        if (rc == 0)
            of[sheet->coder] = files[i];
    }
    if (rc == 0)
        rc = reviewed_write(audit->store, &review, err);
    review_release(&review);
    free(ids);
    return rc;
}
