/* audit/turn/witness.c: which ids go into a task of the validity check, and which
 * accounts are asked about by name. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "audit/verdict/accounts.h"
#include "audit/verdict/standing.h"
#include "audit/turn/witness.h"
#include "base/log.h"
#include "base/utc.h"
#include "fetch/batch.h"
#include "fetch/window.h"
#include "platform/tiktok.h"
#include "record/id.h"

#define CANARIES_LEAST 20        // retrieved items in each task of the validity check
#define TRIES_MAX 3              // of a task or an account that gets no answer, over all runs

/* Quota, and an API that is down, end these arms until the next run. */
static bool ends_arm(const struct err *err)
{
    return err->kind == ERR_QUOTA || err->kind == ERR_AGAIN;
}

static int meta_number(struct audit *audit, enum meta key, int64_t *n, struct err *err)
{
    struct buf text = {0};
    int rc = store_meta_get(audit->store, key, &text, err);

    *n = 0;
    if (rc == 0)
        str_i64(buf_view(&text), n);
    buf_release(&text);
    return rc;
}

static int meta_set_number(struct audit *audit, enum meta key, int64_t n, struct err *err)
{
    int64_t had;
    char text[24];

    if (meta_number(audit, key, &had, err))
        return -1;
    snprintf(text, sizeof text, "%" PRId64, n);
    return had == n ? 0 : store_meta_set(audit->store, key, str_of(text), err);
}

/* ---- the validity check ---- */

struct id_list { struct ask_member *v; size_t n, cap, at; };

static void list_push(struct id_list *l, const struct item_row *row, enum ask_role role)
{
    if (l->n == l->cap) {
        l->cap = l->cap ? 2 * l->cap : 1024;
        l->v = xrealloc(l->v, l->cap * sizeof *l->v);
    }
    l->v[l->n++] = (struct ask_member){ .id = row->id, .item = row->n, .role = role };
}

/* due: silent items; sample: retrieved ones without an answer; known: a few
 * retrieved ones that no list left out. The last two are the canaries. */
struct checker { struct id_list due, sample, known; size_t per_task; };

static int collect_items(struct audit *audit, struct checker *c, struct err *err)
{
    struct item_cursor *cursor = NULL;
    struct item_row row;
    int got;

    if (store_items(audit->store, ITEMS_ALL, 0, &cursor, err))
        return -1;
    while ((got = item_cursor_next(cursor, &row, err)) > 0) {
        if (!row.found_first_at && row.asked && !row.valid)
            list_push(&c->due, &row, ROLE_ASKED);
        else if (row.found_first_at && row.sampled && !row.valid)
            list_push(&c->sample, &row, ROLE_CANARY);
        else if (row.found_first_at && row.valid != VALIDATION_NOT_VALID &&
                 c->known.n < CANARIES_LEAST)
            list_push(&c->known, &row, ROLE_CANARY);
    }
    item_cursor_close(cursor);
    return got;
}

static void checker_release(struct checker *c)
{
    free(c->due.v);
    free(c->sample.v);
    free(c->known.v);
    memset(c, 0, sizeof *c);
}

static void take(struct id_list *from, size_t most, struct request *req)
{
    for (; most > 0 && from->at < from->n && req->members < VALIDATE_MAX; most--)
        req->member[req->members++] = from->v[from->at++];
}

/* The sample is spread over the tasks, so that each has retrieved items that a
 * list worth its name holds. */
static int next_task(void *from, struct arena *mem, struct request *req, struct err *err)
{
    struct checker *c = from;
    size_t canaries;

    (void)err;
    if (c->due.at == c->due.n && c->sample.at == c->sample.n)
        return 0;
    memset(req, 0, sizeof *req);
    req->witness = WITNESS_VALIDATION;
    req->member = arena_alloc(mem, VALIDATE_MAX * sizeof *req->member);
    take(&c->sample, c->due.at < c->due.n ? c->per_task : SIZE_MAX, req);
    canaries = req->members;
    if (canaries < CANARIES_LEAST) {
        c->known.at = 0;
        take(&c->known, CANARIES_LEAST - canaries, req);
    }
    take(&c->due, SIZE_MAX, req);
    return 1;
}

/* The platform's own word counts for every audit of this key. */
static void told_spent(struct audit *audit, const struct fetch_result *result)
{
    struct err ignored = {0};

    if (result->quota_told && ledger_spent(audit->ledger, &audit->client, utc_now(), &ignored))
        log_warn("the ledger could not note that today's quota is used up");
}

/* What came of an arm: 0 to go on with the next one, with *over where this run
 * is over; a refusal (no approval for this endpoint) ends the arm alone. */
static int conclude(struct audit *audit, const char *what, int rc, struct witness_result *w,
                    bool *refused, struct err *err)
{
    *refused = false;
    if (rc == 0)
        return 0;
    if (ends_arm(err)) {
        w->why = *err;
        err_clear(err);
        return 0;
    }
    if (err->kind != ERR_AUTH)
        return -1;
    log_warn("%s: %s; the audit goes on without it", what, err->msg);
    *refused = true;
    rc = store_event(audit->store, "refused_endpoint", 0, str_of(what), err);
    if (rc == 0)
        err_clear(err);
    return rc;
}

static int check_items(struct audit *audit, struct checker *c, struct witness_result *w,
                       bool *refused, struct err *err)
{
    struct fetch_opts opts = { .set = &audit->set,
                               .client_key = audit->key,
                               .client_secret = audit->secret };
    struct ask_source source = { next_task, c };
    struct fetch_result result = {0};
    struct sink sink;
    int64_t failed;
    int rc;

    if (audit_sink(audit, true, &sink, err) ||
        meta_number(audit, META_VALIDATION_FAILED, &failed, err))
        return -1;
    rc = audit->ask.validate(&opts, &source, &sink, &result, err);
    store_sink_release(&sink);
    told_spent(audit, &result);
    w->requests += result.requests;
    w->sends += result.sends;
    if (conclude(audit, "the validity check", rc, w, refused, err))
        return -1;
    if (result.failed)
        log_warn("the validity check gave no answer to %" PRId64 " of " COUNTED, result.failed,
                 COUNT_OF(result.requests, "task", "tasks"));
    return meta_set_number(audit, META_VALIDATION_FAILED, result.failed ? failed + 1 : 0, err);
}

static int run_validation(struct audit *audit, bool ask, struct witness_result *w,
                          bool *any_refused, struct err *err)
{
    struct checker c = {0};
    int64_t failed = 0;
    bool refused = false;
    size_t tasks;
    int rc = -1;

    if (meta_number(audit, META_VALIDATION_FAILED, &failed, err))
        return -1;
    if (failed >= TRIES_MAX)
        return 0;
    if (collect_items(audit, &c, err))
        goto out;
    if (ask && c.due.n + c.sample.n > 0) {
        tasks = (c.due.n + VALIDATE_MAX - 1) / VALIDATE_MAX;
        c.per_task = tasks ? (c.sample.n + tasks - 1) / tasks : 0;
        c.per_task = c.per_task < CANARIES_LEAST ? CANARIES_LEAST
            : c.per_task > VALIDATE_MAX / 2 ? VALIDATE_MAX / 2 : c.per_task;
        if (check_items(audit, &c, w, &refused, err))
            goto out;
        checker_release(&c);
        if (collect_items(audit, &c, err))
            goto out;
    }
    w->left += refused ? 0 : (int64_t)(c.due.n + c.sample.n);
    *any_refused = *any_refused || refused;
    rc = 0;
out:
    checker_release(&c);
    return rc;
}

/* ---- accounts ---- */

struct own_item { int64_t account, item, day; uint64_t id; };
struct silent_account {
    int64_t account, trials;
    int tries; bool done;
    struct own_item *item; size_t items;             // within the list of all
    char handle[HANDLE_MAX + 1];
    int64_t handle_at;    // "" unknown; when its page said so, 0 by a link
};
struct asker {
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

static int take_item(struct asker *k, struct silent_account *a, const struct item_row *row,
                     struct err *err)
{
    int64_t at = 0;
    struct record *page = NULL;
    struct arena mem = {0};
    int rc;

    if (k->items == k->item_cap) {
        k->item_cap = k->item_cap ? 2 * k->item_cap : 256;
        k->item = xrealloc(k->item, k->item_cap * sizeof *k->item);
    }
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
static void choose_accounts(struct asker *k, int64_t min_items)
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

static struct silent_account *account_at(const struct asker *k, int64_t item)
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
    a->done = a->done || (u->query_ok && u->info != USER_INFO_NONE) || a->tries >= TRIES_MAX;
    return 0;
}

static int gather_accounts(struct asker *k, struct err *err)
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
    struct asker *k = from;
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

static int64_t accounts_due(const struct asker *k)
{
    int64_t n = 0;

    for (size_t i = 0; i < k->n; i++)
        n += is_due(&k->v[i]);
    return n;
}

static void asker_release(struct asker *k)
{
    free(k->v);
    free(k->place);
    free(k->item);
    k->v = NULL;
    k->place = NULL;
    k->item = NULL;
    k->n = k->at = k->items = k->item_cap = 0;
}

static int ask_accounts(struct asker *k, struct witness_result *w, bool *refused, struct err *err)
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
    told_spent(audit, &result);
    w->requests += result.requests;
    w->sends += result.sends;
    return conclude(audit, "the questions by username", rc, w, refused, err);
}

static int run_users(struct audit *audit, bool ask, struct witness_result *w, bool *any_refused,
                     struct err *err)
{
    struct asker k = { .audit = audit };
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
        asker_release(&k);
        if (gather_accounts(&k, err))
            goto out;
    }
    w->left += refused ? 0 : accounts_due(&k);
    *any_refused = *any_refused || refused;
    rc = 0;
out:
    asker_release(&k);
    audit_view_let(audit, view);
    return rc;
}

/* What the last run that left nothing rested on: while it stands, there is
 * nothing to look for, and looking takes a pass over all items. */
static int rests_on(struct audit *audit, struct buf *text, struct err *err)
{
    const struct settings *set = &audit->set;
    struct store_stamp stamp;
    char hex[DIGEST_HEX];

    if (store_stamp(audit->store, &stamp, err))
        return -1;
    buf_printf(text, "%" PRId64 " %s %d %d %" PRId64 " %" PRId64 " %g", stamp.answers,
               digest_hex(&audit->rules_digest, hex), (int)set->api_validation,
               (int)set->api_user_check, set->account_min_items, set->api_confirm_days,
               set->api_residual);
    return 0;
}

/* due: round 1 is closed and something may be left to ask. */
static int look(struct audit *audit, bool *due, struct err *err)
{
    struct buf closed = {0}, now = {0}, then = {0};
    int rc = -1;

    if (store_meta_get(audit->store, META_ROUND_1_CLOSED_AT, &closed, err) ||
        rests_on(audit, &now, err) || store_meta_get(audit->store, META_WITNESS_OF, &then, err))
        goto out;
    *due = closed.n > 0 && !str_eq(buf_view(&now), buf_view(&then));
    rc = 0;
out:
    buf_release(&closed);
    buf_release(&now);
    buf_release(&then);
    return rc;
}

static int remember(struct audit *audit, int64_t left, struct err *err)
{
    struct buf text = {0};
    int rc = left ? 0 : rests_on(audit, &text, err);

    if (rc == 0)
        rc = store_meta_set(audit->store, META_WITNESS_OF, buf_view(&text), err);
    buf_release(&text);
    return rc || meta_set_number(audit, META_WITNESS_LEFT, left, err) ? -1 : 0;
}

int witness_run(struct audit *audit, bool ask, struct witness_result *w, struct err *err)
{
    bool due = false, refused = false;
    int rc = look(audit, &due, err);

    memset(w, 0, sizeof *w);
    if (rc || !due || (!audit->ask.validate && !audit->ask.users))
        return rc;
    if (audit->set.api_validation && audit->ask.validate && run_validation(audit, ask, w, &refused, err))
        return -1;
    if (audit->set.api_user_check && audit->ask.users &&
        run_users(audit, ask && w->why.kind == ERR_NONE, w, &refused, err))
        return -1;
    return refused ? meta_set_number(audit, META_WITNESS_LEFT, w->left, err)
                   : remember(audit, w->left, err);
}

int witness_left(struct audit *audit, int64_t *left, struct err *err)
{
    return meta_number(audit, META_WITNESS_LEFT, left, err);
}
