/* audit/turn/accounts.c: which accounts are asked about by name, and over which window. */
#include "audit/turn/accounts.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "audit/arm_end.h"
#include "audit/verdict/accounts.h"
#include "audit/verdict/standing.h"
#include "base/array.h"
#include "base/utc.h"
#include "fetch/batch.h"
#include "platform/tiktok.h"

#define CALLS_AN_ACCOUNT 2
/* arXiv:2506.09746v2: of some 260,000 items 163 accounts had five or more, of which none
 * came back. */
#define PUBLISHED_ITEMS 260000.0
#define PUBLISHED_ACCOUNTS 163.0

struct own_item { int64_t account, item, day; uint64_t id; };
struct silent_account {
    int64_t account, trials;
    int tries; bool done;
    struct own_item *item; size_t items;             // within the list of all
    char handle[HANDLE_MAX + 1];
    int64_t handle_at;    // "" unknown; when its page said so, 0 by a link
};
struct inquiry {
    struct audit *audit;
    struct silent_account *v; size_t n, at;
    uint32_t *place;                                 // by account: position in v + 1
    struct own_item *item; size_t items, item_cap;
    const struct account_table *table;
};

static bool is_handle(struct str h)
{
    return h.n <= HANDLE_MAX && !tiktok_handle_is_none(h) && tiktok_handle_is_plain(h);
}

static void name_account(struct silent_account *a, struct str handle, int64_t at)
{
    if (!is_handle(handle) || (a->handle[0] && at <= a->handle_at))
        return;
    memcpy(a->handle, handle.p, handle.n);
    a->handle[handle.n] = 0;
    a->handle_at = at;
}

static int take_item(struct inquiry *k, struct silent_account *a, const struct item_row *row,
                     struct err *err)
{
    int64_t at = 0;
    struct record *page = NULL;
    struct arena mem = {0};
    int rc;

    ARRAY_ROOM(k->item, k->items, k->item_cap);
    k->item[k->items++] = (struct own_item){ a->account, row->n,
                                             utc_day(item_created(row)), row->id };
    name_account(a, row->handle, 0);
    rc = store_record(k->audit->store, row->n, SIDE_PAGE, &mem, &page, &at, err);
    if (rc == 0 && page && page->val[FIELD_AUTHOR].kind == VAL_TEXT)
        name_account(a, page->val[FIELD_AUTHOR].text, at);
    arena_release(&mem);
    return rc;
}

static int by_account_and_day(const void *a, const void *b)
{
    const struct own_item *x = a, *y = b;

    if (x->account != y->account)
        return x->account < y->account ? -1 : 1;
    return x->day != y->day ? (x->day < y->day ? -1 : 1) : (x->id > y->id) - (x->id < y->id);
}

/* Most trials first: where the calls end, most is known. */
static int by_weight(const void *a, const void *b)
{
    const struct silent_account *x = a, *y = b;

    if (x->trials != y->trials)
        return x->trials > y->trials ? -1 : 1;
    return (x->account > y->account) - (x->account < y->account);
}

/* Accounts that could be called excluded: trials are confirmed, so nobody is
 * asked about whose posts may still come back, or are explained otherwise. */
static void choose_accounts(struct inquiry *k, int64_t min_items)
{
    const struct account_table *t = k->table;

    k->place = xcalloc(t->n, sizeof *k->place);
    for (size_t i = 1; i < t->n; i++) {
        const struct account_stat *s = &t->v[i];

        if (s->retrieved || s->trials < min_items)
            continue;
        k->v = xrealloc(k->v, (k->n + 1) * sizeof *k->v);
        k->v[k->n++] = (struct silent_account){ .account = (int64_t)i, .trials = s->trials };
    }
    if (k->n)
        qsort(k->v, k->n, sizeof *k->v, by_weight);
    for (size_t i = 0; i < k->n; i++)
        k->place[k->v[i].account] = (uint32_t)i + 1;
}

static struct silent_account *account_at(const struct inquiry *k, int64_t item)
{
    uint32_t at = k->place[account_of(k->table->graph, item)];

    return at ? &k->v[at - 1] : NULL;
}

static int take_answer(void *to, const struct user_answer *u, struct err *err)
{
    struct silent_account *a = account_at(to, u->item);

    (void)err;
    if (!a)
        return 0;
    a->tries++;
    a->done = a->done || (u->query_ok && u->info != USER_INFO_NONE) || a->tries >= WITNESS_TRIES;
    return 0;
}

static int gather_accounts(struct inquiry *k, struct err *err)
{
    struct item_cursor *cursor = NULL;
    struct silent_account *a;
    struct item_row row;
    int got;

    choose_accounts(k, k->audit->set.account_min_items);
    if (k->n == 0)
        return 0;
    if (store_users(k->audit->store, take_answer, k, err) ||
        store_items(k->audit->store, ITEMS_NOT_FOUND, 0, &cursor, err))
        return -1;
    while ((got = item_cursor_next(cursor, &row, err)) > 0)
        if ((a = account_at(k, row.n)) && !a->done && take_item(k, a, &row, err)) {
            got = -1;
            break;
        }
    item_cursor_close(cursor);
    if (got < 0)
        return -1;
    if (k->items)
        qsort(k->item, k->items, sizeof *k->item, by_account_and_day);
    for (size_t i = 0; i < k->items; i++) {
        a = account_at(k, k->item[i].item);
        a->item = a->item ? a->item : &k->item[i];
        a->items++;
    }
    return 0;
}

static bool is_due(const struct silent_account *a)
{
    return !a->done && a->handle[0] && a->items > 0;
}

/* The window that holds most of the account's items: days are ascending. */
static void best_window(const struct silent_account *a, size_t *from, size_t *to)
{
    *from = *to = 0;
    for (size_t i = 0, j = 0; i < a->items; i++) {
        for (; j < a->items && window_fits(a->item[i].day, a->item[j].day); j++)
            ;
        if (j - i > *to - *from) {
            *from = i;
            *to = j;
        }
    }
}

static int next_account(void *from, struct arena *mem, struct user_task *task, struct err *err)
{
    struct inquiry *k = from;
    struct silent_account *a;
    size_t first, end;
    struct window w;

    (void)err;
    while (k->at < k->n && !is_due(&k->v[k->at]))
        k->at++;
    if (k->at == k->n)
        return 0;
    a = &k->v[k->at++];
    best_window(a, &first, &end);
    w = window_of(a->item[first].day, a->item[end - 1].day);
    *task = (struct user_task){ .handle = str_of(a->handle),
                                .item = a->item[0].item,
                                .start_day = w.start_day,
                                .end_day = w.end_day };
    task->member = arena_alloc(mem, BATCH_MAX * sizeof *task->member);
    for (size_t i = first; i < end && task->members < BATCH_MAX; i++)
        task->member[task->members++] = (struct ask_member){ .id = a->item[i].id,
                                                             .item = a->item[i].item };
    return 1;
}

static int64_t accounts_due(const struct inquiry *k)
{
    int64_t n = 0;

    for (size_t i = 0; i < k->n; i++)
        n += is_due(&k->v[i]);
    return n;
}

static void inquiry_release(struct inquiry *k)
{
    free(k->v);
    free(k->place);
    free(k->item);
    k->v = NULL;
    k->place = NULL;
    k->item = NULL;
    k->n = k->at = k->items = k->item_cap = 0;
}

static int ask_accounts(struct inquiry *k, struct witness_result *w, bool *refused, struct err *err)
{
    struct audit *audit = k->audit;
    struct fetch_opts opts = { .set = &audit->set,
                               .client_key = audit->key,
                               .client_secret = audit->secret };
    struct user_source source = { next_account, k };
    struct fetch_result result = {0};
    struct sink sink;
    int rc;

    if (audit_sink(audit, true, &sink, err))
        return -1;
    rc = audit->ask.users(&opts, &source, &sink, &result, err);
    store_sink_release(&sink);
    arm_told_spent(audit, &result);
    w->requests += result.requests;
    w->sends += result.sends;
    return witness_conclude(audit, "the questions by username", rc, w, refused, err);
}

int accounts_run(struct audit *audit, bool ask, struct witness_result *w, bool *any_refused,
                 struct err *err)
{
    struct inquiry k = { .audit = audit };
    const struct view *view;
    bool refused = false;
    int rc = -1;

    if (audit_view_hold(audit, &view, err))
        return -1;
    if (accounts_hold(audit, view, &k.table, err) || gather_accounts(&k, err))
        goto out;
    if (ask && accounts_due(&k) > 0) {
        if (ask_accounts(&k, w, &refused, err))
            goto out;
        inquiry_release(&k);
        if (gather_accounts(&k, err))
            goto out;
    }
    w->left += refused ? 0 : accounts_due(&k);
    *any_refused = *any_refused || refused;
    rc = 0;
out:
    inquiry_release(&k);
    audit_view_let(audit, view);
    return rc;
}

struct cost accounts_forecast(const struct cost_case *c)
{
    const struct to_come *of = c->of;
    int64_t most = cost_missing(c) / of->set->account_min_items;
    int64_t mid = (int64_t)ceil(PUBLISHED_ACCOUNTS / PUBLISHED_ITEMS *
                                (double)(view_touched(of->view) + of->f.first));
    int64_t accounts = c->odds == ODDS_LOW ? 0 : c->odds == ODDS_MID ? cost_least(mid, most) : most;

    if (!of->set->api_user_check)
        return cost_of(c, 0);
    if (of->done[PHASE_ACCOUNTS].calls)
        accounts = cost_least(of->to_witness, most);
    return cost_of(c, CALLS_AN_ACCOUNT * accounts);
}
