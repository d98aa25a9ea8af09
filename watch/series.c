/* watch/series.c: see series.h. */
#include "watch/series.h"
#include <inttypes.h>
#include <stdlib.h>
#include "base/array.h"
#include "base/csv_rows.h"
#include "base/utc.h"
#include "record/id.h"

#define FIRST_DAY 16071    // 2014-01-01: no post is older
#define TOLD_MAX 40        // of a cell, in a sentence

enum series_column { SERIES_DATE, SERIES_ID, SERIES_API, SERIES_PAGE, SERIES_COLUMNS };
static const char *const column_names[SERIES_COLUMNS] = { "date", "id", "api", "page" };

struct reading {
    struct series_table *table;
    int64_t now;
    size_t at[SERIES_COLUMNS];
    bool has[SERIES_COLUMNS];
    bool has_head;
};

static int take_head(struct reading *r, const struct str *cell, size_t n, struct err *err)
{
    for (size_t i = 0; i < n; i++)
        for (int c = 0; c < SERIES_COLUMNS; c++)
            if (!r->has[c] && str_eq_nocase(str_trim(cell[i]), str_of(column_names[c]))) {
                r->has[c] = true;
                r->at[c] = i;
            }
    r->has_head = true;
    if (!r->has[SERIES_DATE] || !r->has[SERIES_ID])
        return err_set(err, ERR_INPUT,
                       "line 1: there is no column \"%s\": expected a head with date, id, api and, "
                       "where pages were read, page",
                       column_names[r->has[SERIES_DATE] ? SERIES_ID : SERIES_DATE]);
    if (!r->has[SERIES_API] && !r->has[SERIES_PAGE])
        return err_set(err, ERR_INPUT, "line 1: expected a column api or page, found neither");
    return 0;
}

static struct str cell_of(const struct reading *r, const struct str *cell, size_t n,
                          enum series_column c)
{
    return r->has[c] && r->at[c] < n ? str_trim(cell[r->at[c]]) : STR_NONE;
}

static int take_day(const struct reading *r, struct str text, int64_t line, int64_t *day,
                    struct err *err)
{
    struct err why = { 0 };
    int64_t at = 0;

    if (utc_parse(text, &at, &why))
        return err_set(err, ERR_INPUT,
                       "line %" PRId64 ": date: expected a day as 2026-01-31, not \"%.*s\"", line,
                       STR_ARG(str_sub(text, 0, TOLD_MAX)));
    *day = utc_day(at);
    if (*day < FIRST_DAY || *day > utc_day(r->now) + 1)
        return err_set(err, ERR_INPUT,
                       "line %" PRId64 ": date: %.*s is %s", line,
                       STR_ARG(str_sub(text, 0, TOLD_MAX)),
                       *day < FIRST_DAY ? "before 2014, when there was no post" : "in the future");
    return 0;
}

static bool is_none(struct str text)
{
    return str_eq(text, STR("no_answer")) || str_eq(text, STR("not_measured"));
}

static int take_api(struct str text, int64_t line, uint8_t *api, struct err *err)
{
    enum watch_api is = is_none(text) ? WATCH_API_NOT_MEASURED : watch_api_of(text);

    if (is == WATCH_API_COUNT)
        return err_set(err, ERR_INPUT,
                       "line %" PRId64 ": api: expected found, absent, no_answer or nothing, not "
                       "\"%.*s\"",
                       line, STR_ARG(str_sub(text, 0, TOLD_MAX)));
    *api = (uint8_t)is;
    return 0;
}

static int take_page(struct str text, int64_t line, uint8_t *page, struct err *err)
{
    enum watch_page is = is_none(text) ? WATCH_PAGE_NOT_MEASURED : watch_page_of(text);

    if (is == WATCH_PAGE_COUNT)
        return err_set(err, ERR_INPUT,
                       "line %" PRId64 ": page: expected public, refused, no_answer or nothing, "
                       "not \"%.*s\"",
                       line, STR_ARG(str_sub(text, 0, TOLD_MAX)));
    *page = (uint8_t)is;
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
    struct series_table *t = r->table;
    struct series_row row = { 0 };
    enum id_verdict id;

    if (is_blank(cell, n))
        return 0;
    if (!r->has_head)
        return take_head(r, cell, n, err);
    t->rows++;
    if (take_day(r, cell_of(r, cell, n, SERIES_DATE), line, &row.day, err) ||
        take_api(cell_of(r, cell, n, SERIES_API), line, &row.api, err) ||
        take_page(cell_of(r, cell, n, SERIES_PAGE), line, &row.page, err))
        return -1;
    id = id_parse(cell_of(r, cell, n, SERIES_ID), r->now, &row.id);
    if (id == ID_NOT || id == ID_TOO_LARGE) {
        *(id == ID_NOT ? &t->no_id : &t->too_large) += 1;
        return 0;
    }
    if (row.api == WATCH_API_NONE && row.page == WATCH_PAGE_NONE) {
        t->unasked++;
        return 0;
    }
    ARRAY_ROOM(t->v, t->n, t->cap);
    t->v[t->n++] = row;
    return 0;
}

static int by_id_and_day(const void *a, const void *b)
{
    const struct series_row *x = a, *y = b;

    if (x->id != y->id)
        return x->id < y->id ? -1 : 1;
    return (x->day > y->day) - (x->day < y->day);
}

static uint8_t stronger(uint8_t a, uint8_t b)
{
    return a > b ? a : b;
}

/* Each id once, however many days it has: one that ends in 000 is an id. */
static unsigned judge_endings(const struct series_table *t)
{
    struct endings endings = { 0 };

    for (size_t i = 0; i < t->n; i++)
        if (i == 0 || t->v[i].id != t->v[i - 1].id)
            endings_add(&endings, t->v[i].id);
    return endings_spoiled(&endings);
}

/* One row a post and day. The words stand in the order of what they prove. */
static void join_days(struct series_table *t)
{
    size_t kept = 0;

    if (t->n)    // of a table whose every row is left out there is none
        qsort(t->v, t->n, sizeof *t->v, by_id_and_day);
    t->endings = judge_endings(t);
    for (size_t i = 0; i < t->n; i++) {
        const struct series_row row = t->v[i];
        struct series_row *last = kept ? &t->v[kept - 1] : NULL;

        if (ending_of(row.id) & t->endings) {
            t->spoiled++;
        } else if (last && last->id == row.id && last->day == row.day) {
            t->again++;
            t->contrary += last->api != row.api || last->page != row.page;
            last->api = stronger(last->api, row.api);
            last->page = stronger(last->page, row.page);
        } else {
            t->v[kept++] = row;
        }
    }
    t->n = kept;
}

int series_read(struct str text, int64_t now, struct series_table *t, struct err *err)
{
    struct reading r = { .table = t, .now = now };
    struct csv_rows *rows;
    int rc;

    *t = (struct series_table){ 0 };
    if (str_starts(text, STR("\xEF\xBB\xBF")))
        text = str_sub(text, 3, text.n);
    rows = csv_rows_new(csv_rows_delim(text), take_row, &r);
    rc = csv_rows_feed(rows, text, err) || csv_rows_end(rows, err) ? -1 : 0;
    csv_rows_free(rows);
    if (rc == 0 && !r.has_head)
        rc = err_set(err, ERR_INPUT, "it is empty: expected a head with date, id and api");
    if (rc == 0)
        join_days(t);
    else
        series_release(t);
    return rc;
}

void series_release(struct series_table *t)
{
    free(t->v);
    *t = (struct series_table){ 0 };
}
