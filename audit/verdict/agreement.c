/* audit/verdict/agreement.c: one walk over the items for their births and when they first
 * came back, one over the asks. */
#include "audit/verdict/agreement.h"
#include <stdlib.h>
#include "base/array.h"
#include "base/utc.h"

struct entry {
    struct item_asks of;
    uint32_t found_at;    // the last ask so far that found it
};
struct agreement {
    const struct account_table *accounts;
    const struct settings *set;
    int64_t max_item;
    uint32_t *place;             // by item: its entry, plus 1
    uint32_t *born, *back_at;    // while it is made: of each item, and when it first came back
    struct entry *v;
    size_t n, cap;
};

/* A purged item's id is a pseudonym, whose time is none; what its sides said stays. */
static int64_t born_of(const struct item_row *row)
{
    return !row->purged_at ? item_born(row)
           : row->page_created > row->api_created ? row->page_created
                                                  : row->api_created;
}

static int take_items(struct audit *audit, struct agreement *a, struct err *err)
{
    struct item_cursor *items = NULL;
    struct item_row row;
    int got;

    if (store_items(audit->store, ITEMS_TOUCHED, 0, &items, err))
        return -1;
    while ((got = item_cursor_next(items, &row, err)) > 0)
        if (row.n <= a->max_item) {
            a->born[row.n] = (uint32_t)born_of(&row);
            a->back_at[row.n] = (uint32_t)row.found_first_at;
        }
    item_cursor_close(items);
    return got;
}

static void count(uint16_t *n, bool yes) { *n = (uint16_t)(*n + (yes && *n < UINT16_MAX)); }

/* Asks come in the order of their requests, which is that of time save for those that were
 * loaded. */
static void take_trial(struct entry *e, const struct ask_row *row, bool found)
{
    struct item_asks *i = &e->of;

    count(&i->asks, true);
    count(&i->found, found);
    if (e->found_at && row->at > e->found_at) {
        bool same = utc_day(row->at) == utc_day(e->found_at);

        count(same ? &i->same_asks : &i->later_asks, true);
        count(same ? &i->same_found : &i->later_found, found);
    }
    if (found && row->at > e->found_at)
        e->found_at = (uint32_t)row->at;
}

static struct entry *entry_of(struct agreement *a, int64_t item)
{
    if (!a->place[item]) {
        ARRAY_ROOM(a->v, a->n, a->cap);
        a->v[a->n++] = (struct entry){ .of.came_back = a->back_at[item] != 0 };
        a->place[item] = (uint32_t)a->n;
    }
    return &a->v[a->place[item] - 1];
}

static int take_ask(void *to, const struct ask_row *row, enum sound_ask said, struct err *err)
{
    struct agreement *a = to;
    struct entry *e;

    (void)err;
    if (said == SOUND_NOT)
        return 0;
    e = entry_of(a, row->item);
    if (!e->of.first_at || row->at < e->of.first_at)
        e->of.first_at = (uint32_t)row->at;
    if (said == SOUND_ABSENT && row->at > e->of.absent_at &&
        (!a->back_at[row->item] || row->at < a->back_at[row->item]))
        e->of.absent_at = (uint32_t)row->at;
    if (row->at < due_by_age(a->born[row->item], a->set) && said != SOUND_FOUND)
        return 0;
    if (said == SOUND_UNDECIDED)
        count(&e->of.undecided, true);
    else
        take_trial(e, row, said == SOUND_FOUND);
    return 0;
}

int agreement_make(struct audit *audit, const struct view *view,
                   const struct account_table *accounts, struct agreement **out, struct err *err)
{
    struct agreement *a = xcalloc(1, sizeof *a);
    size_t slots = (size_t)view_max_item(view) + 1;
    int rc;

    *a = (struct agreement){ .accounts = accounts,
                             .set = &audit->set,
                             .max_item = view_max_item(view),
                             .place = xcalloc(slots, sizeof *a->place),
                             .born = xcalloc(slots, sizeof *a->born),
                             .back_at = xcalloc(slots, sizeof *a->back_at) };
    rc = take_items(audit, a, err) || audit_sound_asks(audit, view, take_ask, a, err) ? -1 : 0;
    free(a->born);
    free(a->back_at);
    a->born = a->back_at = NULL;
    if (rc) {
        agreement_free(a);
        a = NULL;
    }
    *out = a;
    return rc;
}

void agreement_free(struct agreement *a)
{
    if (!a)
        return;
    free(a->place);
    free(a->v);
    free(a);
}

const struct item_asks *agreement_of(const struct agreement *a, int64_t item)
{
    return item > 0 && item <= a->max_item && a->place[item] ? &a->v[a->place[item] - 1].of : NULL;
}

/* ---- sums over items ---- */

void agreed_add(struct agreed *sum, enum agreement_kind kind, const struct agreement *a,
                int64_t item)
{
    const struct item_asks *i = agreement_of(a, item);
    int64_t k, n;

    if (!i || !i->came_back)
        return;
    k = kind == AGREEMENT_ALL        ? i->found
        : kind == AGREEMENT_SAME_DAY ? i->same_found
                                     : i->later_found;
    n = kind == AGREEMENT_ALL ? i->asks : kind == AGREEMENT_SAME_DAY ? i->same_asks : i->later_asks;
    if (kind == AGREEMENT_ALL)
        sum->undecided += i->undecided;
    if (!n)
        return;
    sum->sum.graph = a->accounts ? a->accounts->graph : NULL;
    sum->items++;
    by_account_add(&sum->sum, item, k, n);
}

void agreed_conclude(struct agreed *sum, double confidence, struct agreed_share *out)
{
    const struct by_account *a = &sum->sum;
    double n = (double)a->n, more = (double)sum->undecided;

    *out = (struct agreed_share){ .asks = a->n,
                                  .found = a->k[0],
                                  .items = sum->items,
                                  .undecided = sum->undecided,
                                  .share = a->n ? (double)a->k[0] / (double)a->n : 0,
                                  .interval = by_account_interval(a, 0, confidence) };
    out->worst = out->interval;
    if (a->n) {
        out->worst.low = out->interval.low * n / (n + more);
        out->worst.high = (out->interval.high * n + more) / (n + more);
    }
}

void agreed_release(struct agreed *sum)
{
    by_account_release(&sum->sum);
    *sum = (struct agreed){ 0 };
}
