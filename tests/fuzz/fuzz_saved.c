/* What others saved of the API, as documents and as a table: whatever the bytes and the
 * pieces in which they come, a row has an id of a post, and its text reads as that row. */
#include <stdlib.h>
#include "base/csv_rows.h"
#include "base/json_cut.h"
#include "base/json_out.h"
#include "fetch/saved.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct seen {
    struct arena mem;
    uint64_t again;
    int depth;
};

static void check_record(const struct record *r)
{
    struct digest d = record_hash(r);    // reads every byte of every text

    if (r->id == 0 || r->id > INT64_MAX)
        abort();
    (void)d;
}

static int on_reply(void *to, const struct reply *reply, struct str text, struct err *err)
{
    (void)to;
    (void)text;
    (void)err;
    for (size_t i = 0; i < reply->rows; i++)
        check_record(&reply->row[i]);
    return 0;
}

static int on_again(void *to, const struct kept_row *row, struct str text, struct err *err)
{
    struct seen *seen = to;

    (void)text;
    (void)err;
    seen->again = row->record.id;
    return 0;
}

static int on_row(void *to, const struct kept_row *row, struct str text, struct err *err)
{
    struct seen seen = { .again = 0 };
    const struct saved_to again = { .reply = on_reply, .row = on_again, .to = &seen };
    struct err ignored = { 0 };

    (void)to;
    (void)err;
    check_record(&row->record);
    if (!kept_row_is_post(row->record.id) || row->at < 0)
        abort();
    if (saved_row(text, &again, &ignored) || seen.again != row->record.id)
        abort();
    return 0;
}

static void on_passed(void *to, const char *what, struct str name, int64_t n)
{
    (void)to;
    (void)name;
    if (!what || n < 1)
        abort();
}

static const struct saved_to sink = { on_reply, on_row, on_passed, NULL };

static int on_document(void *to, struct str text, struct err *err)
{
    struct seen *seen = to;

    arena_clear(&seen->mem);
    return saved_document(text, &seen->mem, &sink, err) ? 1 : 0;
}

static int on_cells(void *to, const struct str *cell, size_t n, int64_t line, struct err *err)
{
    static const char *const names[] = { "id", "create_time", "hashtag_names", "view_count" };
    struct buf text = { 0 };
    struct json_out o = { .buf = &text, .style = JSON_COMPACT };
    struct err ignored = { 0 };

    (void)to;
    (void)line;
    (void)err;
    json_open(&o, NULL);
    for (size_t i = 0; i < n && i < sizeof names / sizeof names[0]; i++)
        json_put_text(&o, names[i], cell[i]);
    json_close(&o);
    if (saved_row(buf_view(&text), &sink, &ignored))
        abort();    // we wrote it
    buf_release(&text);
    return 0;
}

/* The first byte is the size of the pieces. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct seen seen = { .again = 0 };
    struct json_cut cut = { .document = on_document, .to = &seen, .max = 1 << 14 };
    struct csv_rows *table;
    struct str text;
    struct err err = { 0 };
    size_t piece;

    if (size < 1 || size > 1 << 16)
        return 0;
    piece = (size_t)data[0] + 1;
    text = (struct str){ (const char *)data + 1, size - 1 };
    table = csv_rows_new(csv_rows_delim(text), on_cells, NULL);
    for (size_t at = 0; at < text.n; at += piece) {
        if (json_cut_feed(&cut, str_sub(text, at, piece), &err))
            abort();    // its taker never ends it
        if (csv_rows_feed(table, str_sub(text, at, piece), &err))
            break;
    }
    if (json_cut_end(&cut, &err))
        abort();
    if (csv_rows_end(table, &err))
        err_clear(&err);
    csv_rows_free(table);
    json_cut_release(&cut);
    arena_release(&seen.mem);
    return 0;
}
