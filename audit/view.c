/* audit/view.c: a view is made from the store's rows, once for all who ask. */
#include "audit/clocks.h"
#include "audit/held.h"
#include "audit/view.h"
#include <stdlib.h>
#include <string.h>
#include "base/array.h"
#include "base/utc.h"
#include "silence/due.h"
#include "store/expect.h"

/* ---- rows of the store ---- */
/* A view goes through all asks several times: that many are kept from the first to the last, a few
 * MB, so that those of a server come over once. */
#define ASKS_KEPT 131072

struct store_rows {
    struct row_source rows;
    struct audit *audit;
    refusal_fn *refusal;
    struct item_cursor *items;
    struct ask_cursor *asks;
    bool asks_begun;    // beside the items: nothing of them was read yet
    struct {
        struct ask_row *v;
        size_t n, cap, at;
        bool whole, too_many;
    } kept;
    struct buf late;
};

static int rewind_items(void *from, struct err *err)
{
    struct store_rows *r = from;

    item_cursor_close(r->items);
    r->items = NULL;
    if (store_items(r->audit->store, ITEMS_TOUCHED, 0, &r->items, err))
        return -1;
    item_cursor_goes_on(r->items);
    return 0;
}

/* A view goes through the asks next: a server works on them while this side works on the items. */
static int begin_asks(struct store_rows *r, struct err *err)
{
    r->asks_begun = true;
    return store_asks(r->audit->store, &r->asks, err) || ask_cursor_begin(r->asks, err) ? -1 : 0;
}

static int next_item(void *from, struct item_row *row, struct err *err)
{
    struct store_rows *r = from;
    const int got = item_cursor_next(r->items, row, err);

    return got == 1 && r->refusal && !r->asks && begin_asks(r, err) ? -1 : got;
}

static int rewind_asks(void *from, struct err *err)
{
    struct store_rows *r = from;
    const bool begun = r->asks_begun;

    r->asks_begun = false;
    if (begun)
        return 0;
    ask_cursor_close(r->asks);
    r->asks = NULL;
    r->kept.at = 0;
    if (r->kept.whole)
        return 0;
    r->kept.n = 0;
    return store_asks(r->audit->store, &r->asks, err);
}

static void keep_ask(struct store_rows *r, const struct ask_row *row)
{
    if (r->kept.too_many)
        return;
    if (r->kept.n == ASKS_KEPT) {
        free(r->kept.v);
        memset(&r->kept, 0, sizeof r->kept);
        r->kept.too_many = true;
        return;
    }
    ARRAY_ROOM(r->kept.v, r->kept.n, r->kept.cap);
    r->kept.v[r->kept.n++] = *row;
}

static int next_ask(void *from, struct ask_row *row, struct err *err)
{
    struct store_rows *r = from;
    int got;

    if (r->kept.whole) {
        if (r->kept.at == r->kept.n)
            return 0;
        *row = r->kept.v[r->kept.at++];
        return 1;
    }
    if ((got = ask_cursor_next(r->asks, row, err)) == 1)
        keep_ask(r, row);
    if (got == 0 && !r->kept.too_many) {
        r->kept.whole = true;
        r->kept.at = r->kept.n;
    }
    return got;
}

static enum standing refusal(void *from, const struct item_row *row, unsigned *hangs_on)
{
    struct store_rows *r = from;

    return r->refusal(r->audit->rules, row, hangs_on);
}

static void rows_close(struct store_rows *r)
{
    item_cursor_close(r->items);
    ask_cursor_close(r->asks);
    free(r->kept.v);
    buf_release(&r->late);
}

static int rows_open(struct store_rows *r, struct audit *audit, refusal_fn *fn, struct err *err)
{
    *r = (struct store_rows){ .audit = audit,
                              .refusal = fn,
                              .rows = { .seed = buf_view(&audit->seed),
                                        .rewind_items = rewind_items,
                                        .next_item = next_item,
                                        .rewind_asks = rewind_asks,
                                        .next_ask = next_ask,
                                        .refusal = refusal,
                                        .from = r } };
    if (store_expect_view(audit->store, err) ||
        store_meta_get(audit->store, META_LATE_SAMPLE, &r->late, err) ||
        clocks_slack(audit, &r->rows.clock_s, err) ||
        store_max_item(audit->store, &r->rows.max_item, err) ||
        store_count_requests(audit->store, &r->rows.requests, err)) {
        rows_close(r);
        return -1;
    }
    r->rows.late_sample = buf_view(&r->late);
    return 0;
}

int audit_view_new(struct audit *audit, refusal_fn *fn, struct view **out, struct err *err)
{
    struct store_rows r;
    int rc;

    if (rows_open(&r, audit, fn, err))
        return -1;
    rc = view_make(&r.rows, &audit->set, out, err);
    rows_close(&r);
    return rc;
}

/* Where a server has to count what was written there is a view to be made as a rule: what that is
 * made of comes on the same way. */
static int count_changes(struct audit *audit, int64_t *now, struct err *err)
{
    if (store_changes_wait(audit->store) && store_expect_view(audit->store, err))
        return -1;
    *now = store_changes(audit->store);
    return 0;
}

int audit_view_take(struct audit *audit, refusal_fn *fn, const struct view **out, struct err *err)
{
    struct view *view;
    int64_t now;

    if (count_changes(audit, &now, err))
        return -1;
    view = held_take(&audit->held, now);
    if (!view) {
        if (audit_view_new(audit, fn, &view, err))
            return -1;
        held_put(&audit->held, view, now);
    }
    *out = view;
    return 0;
}

int audit_sound_asks(struct audit *audit, const struct view *view, sound_ask_fn *each, void *to,
                     struct err *err)
{
    struct store_rows r;
    int rc;

    if (rows_open(&r, audit, NULL, err))
        return -1;
    rc = view_sound_asks(view, &r.rows, &audit->set, each, to, err);
    rows_close(&r);
    return rc;
}

int audit_told_batches(struct audit *audit, const struct view *view, told_batch_fn *each, void *to,
                       struct err *err)
{
    struct store_rows r;
    int rc;

    if (rows_open(&r, audit, NULL, err))
        return -1;
    rc = view_told_batches(view, &r.rows, &audit->set, each, to, err);
    rows_close(&r);
    return rc;
}

void audit_view_let(struct audit *audit, const struct view *view)
{
    held_let(&audit->held, view);
}

void audit_view_forget(struct audit *audit)
{
    held_forget(&audit->held);
}

int audit_draw_late(struct audit *audit, const struct view *view, struct err *err)
{
    struct store_rows r;
    struct buf text = {0};
    int rc;

    if (rows_open(&r, audit, NULL, err))
        return -1;
    rc = view_draw_late(view, &r.rows, &audit->set, utc_now(), &text, err);
    rows_close(&r);
    if (rc == 0 && text.n) {
        rc = store_meta_set(audit->store, META_LATE_SAMPLE, buf_view(&text), err);
        audit_view_forget(audit);
    }
    buf_release(&text);
    return rc;
}
