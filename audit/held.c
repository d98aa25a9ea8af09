/* audit/held.c: a view is made from the store's rows, once for all who ask. */
#include <stdlib.h>
#include "audit/held.h"
#include "base/utc.h"
#include "classify/account.h"
#include "silence/due.h"

#define META_LATE "late_sample"

/* ---- rows of the store ---- */

struct store_rows {
    struct row_source rows;
    struct audit *audit;
    refusal_fn *refusal;
    struct item_cursor *items;
    struct ask_cursor *asks;
    struct buf late;
};

static int rewind_items(void *from, struct err *err)
{
    struct store_rows *r = from;

    item_cursor_close(r->items);
    r->items = NULL;
    return store_items(r->audit->store, ITEMS_TOUCHED, 0, &r->items, err);
}

static int next_item(void *from, struct item_row *row, struct err *err)
{
    struct store_rows *r = from;

    return item_cursor_next(r->items, row, err);
}

static int rewind_asks(void *from, struct err *err)
{
    struct store_rows *r = from;

    ask_cursor_close(r->asks);
    r->asks = NULL;
    return store_asks(r->audit->store, &r->asks, err);
}

static int next_ask(void *from, struct ask_row *row, struct err *err)
{
    struct store_rows *r = from;

    return ask_cursor_next(r->asks, row, err);
}

static enum standing refusal(void *from, const struct item_row *row, bool *ambiguous)
{
    struct store_rows *r = from;

    return r->refusal(r->audit->rules, row, ambiguous);
}

static void rows_close(struct store_rows *r)
{
    item_cursor_close(r->items);
    ask_cursor_close(r->asks);
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
    if (store_meta_get(audit->store, META_LATE, &r->late, err) ||
        store_max_item(audit->store, &r->rows.max_item, err) ||
        store_count_requests(audit->store, &r->rows.requests, err)) {
        rows_close(r);
        return -1;
    }
    r->rows.late_sample = buf_view(&r->late);
    return 0;
}

int held_make(struct audit *audit, refusal_fn *fn, struct view **out, struct err *err)
{
    struct store_rows r;
    int rc;

    if (rows_open(&r, audit, fn, err))
        return -1;
    rc = view_make(&r.rows, &audit->set, out, err);
    rows_close(&r);
    return rc;
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
        rc = store_meta_set(audit->store, META_LATE, buf_view(&text), err);
        audit_view_forget(audit);
    }
    buf_release(&text);
    return rc;
}

/* ---- the one that is kept ---- */

struct held {
    struct view *view;
    struct account_table *accounts;
    int64_t of;                 // store_changes when it was made
    int holders;
    bool forgotten;             // goes with its last holder
    struct held *next;          // older ones that somebody holds still
};

static struct held **held_find(struct audit *audit, const struct view *view)
{
    struct held **at = &audit->held;

    while (*at && (*at)->view != view)
        at = &(*at)->next;
    return at;
}

static void held_drop(struct held **at)
{
    struct held *h = *at;

    *at = h->next;
    account_table_free(h->accounts);
    view_free(h->view);
    free(h);
}

struct account_table **held_accounts(struct audit *audit, const struct view *view)
{
    return &(*held_find(audit, view))->accounts;
}

void audit_view_let(struct audit *audit, const struct view *view)
{
    struct held **at = held_find(audit, view);

    if (*at && --(*at)->holders == 0 && (*at)->forgotten)
        held_drop(at);
}

void audit_view_forget(struct audit *audit)
{
    struct held *newest = audit->held;

    if (newest && newest->holders)
        newest->forgotten = true;
    else if (newest && !newest->forgotten)
        held_drop(&audit->held);
}

int held_view(struct audit *audit, refusal_fn *fn, const struct view **out, struct err *err)
{
    int64_t now = store_changes(audit->store);
    struct held *h = audit->held;

    if (h && !h->forgotten && h->of != now) {
        audit_view_forget(audit);
        h = audit->held;
    }
    if (!h || h->forgotten) {
        struct view *view;

        if (held_make(audit, fn, &view, err))
            return -1;
        h = xcalloc(1, sizeof *h);
        *h = (struct held){ .view = view, .of = now, .next = audit->held };
        audit->held = h;
    }
    h->holders++;
    *out = h->view;
    return 0;
}
