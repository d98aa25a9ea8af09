/* audit/turn/account_pages.c: see account_pages.h. */
#include "audit/turn/account_pages.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "audit/creator_run.h"
#include "audit/verdict/standing.h"
#include "base/array.h"
#include "base/digest.h"
#include "base/log.h"
#include "base/utc.h"
#include "platform/tiktok.h"
#include "record/item.h"
#include "record/seed.h"
#include "record/witnesses.h"
#include "store/expect.h"
#include "store/frame.h"

struct account {
    uint64_t rank;
    int64_t n;    // its row in the store; 0: it has none yet (give_rows)
    char handle[HANDLE_MAX + 1];
};
struct asked_pages {
    struct audit *audit;
    uint64_t salt;
    struct account *v;
    size_t n, cap;
    struct {
        struct creator *v;
        size_t n, cap;
    } known;    // by handle
};

/* 8 bytes an item, where a plan counts the accounts of millions. */
struct hashes {
    uint64_t *v;
    size_t n, cap;
};

static void hashes_push(struct hashes *h, const char *text)
{
    uint64_t hash = 0;

    for (const char *p = text; *p; p++)
        hash = mix64(hash ^ (unsigned char)*p);
    ARRAY_ROOM(h->v, h->n, h->cap);
    h->v[h->n++] = hash;
}

static int by_hash(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

static int64_t hashes_distinct(struct hashes *h)
{
    int64_t n = 0;

    if (h->n)
        qsort(h->v, h->n, sizeof *h->v, by_hash);
    for (size_t i = 0; i < h->n; i++)
        n += !i || h->v[i] != h->v[i - 1];
    return n;
}

/* ---- which ones ---- */

static int take_known(void *to, const struct creator *c, struct err *err)
{
    struct asked_pages *l = to;

    (void)err;
    ARRAY_ROOM(l->known.v, l->known.n, l->known.cap);
    l->known.v[l->known.n++] = *c;
    return 0;
}

static int by_known(const void *key, const void *at)
{
    return strcmp(key, ((const struct creator *)at)->handle);
}

static const struct creator *find_known(const struct asked_pages *l, const char *handle)
{
    return l->known.n ? bsearch(handle, l->known.v, l->known.n, sizeof *l->known.v, by_known)
                      : NULL;
}

static void push(struct asked_pages *l, const char *handle, const struct creator *known,
                 uint64_t rank)
{
    struct account a = { .rank = rank, .n = known ? known->n : 0 };

    snprintf(a.handle, sizeof a.handle, "%s", handle);
    ARRAY_ROOM(l->v, l->n, l->cap);
    l->v[l->n++] = a;
}

static int by_handle(const void *a, const void *b)
{
    return strcmp(((const struct account *)a)->handle, ((const struct account *)b)->handle);
}

static int by_rank(const void *a, const void *b)
{
    const struct account *x = a, *y = b;

    return x->rank != y->rank ? (x->rank < y->rank ? -1 : 1) : by_handle(a, b);
}

/* Once each, in an order that the seed shuffles. */
static void once_each(struct asked_pages *l)
{
    size_t out = 0;

    if (!l->n)
        return;
    qsort(l->v, l->n, sizeof *l->v, by_handle);
    for (size_t i = 0; i < l->n; i++)
        if (!out || by_handle(&l->v[out - 1], &l->v[i]))
            l->v[out++] = l->v[i];
    l->n = out;
    qsort(l->v, l->n, sizeof *l->v, by_rank);
}

/* Its account has a page that nobody has read; *known: its row, NULL where there is none. */
static bool names_unread(const struct asked_pages *l, const struct item_row *row,
                         char handle[HANDLE_MAX + 1], const struct creator **known)
{
    const struct creator *c;

    if (row->purged_at || row->handle.n > HANDLE_MAX || tiktok_handle_is_none(row->handle) ||
        !tiktok_handle_is_plain(row->handle))
        return false;
    memcpy(handle, row->handle.p, row->handle.n);
    handle[row->handle.n] = 0;
    *known = c = find_known(l, handle);
    return !c || (c->standing == CREATOR_UNREAD && c->tries < l->audit->set.page_attempts);
}

static bool is_due(const struct asked_pages *l, const struct item_row *row)
{
    return row->page == ANSWER_REFUSED && refusal_may_hang_on_account(l->audit->rules, row);
}

static bool is_open(const struct item_row *row)
{
    return row->page != ANSWER_REFUSED && row->page != ANSWER_PUBLIC;
}

/* maybe not NULL: also of posts whose pages are still to be read, a hash of each handle. */
static void take_item(struct asked_pages *l, struct hashes *maybe, const struct item_row *row)
{
    const struct creator *known;
    char handle[HANDLE_MAX + 1];

    if ((!is_due(l, row) && !(maybe && is_open(row))) || !names_unread(l, row, handle, &known))
        return;
    if (maybe)
        hashes_push(maybe, handle);
    if (!is_open(row))
        push(l, handle, known, mix64(row->id ^ l->salt));
}

static int begin(struct asked_pages *l, struct audit *audit, struct err *err)
{
    *l = (struct asked_pages){ .audit = audit,
                               .salt = digest_rank(buf_view(&audit->seed), SEED_PAGES) };
    return store_creator_rows(audit->store, take_known, l, err);
}

/* Of items never found: those whose page refused; maybe not NULL: of all that were asked. */
static int collect(struct asked_pages *l, struct hashes *maybe, struct err *err)
{
    struct item_cursor *cursor = NULL;
    struct item_row row;
    int got;

    if (store_items(l->audit->store, maybe ? ITEMS_NOT_FOUND : ITEMS_REFUSED, 0, &cursor, err))
        return -1;
    while ((got = item_cursor_next(cursor, &row, err)) > 0)
        if (row.asked || !maybe)
            take_item(l, maybe, &row);
    item_cursor_close(cursor);
    return got;
}

/* Each has a row before anything is sent: answers refer to it. */
static int give_rows(struct asked_pages *l, struct err *err)
{
    struct str *handle = xcalloc(l->n, sizeof *handle);
    int64_t *row = xcalloc(l->n, sizeof *row);
    int rc;

    for (size_t i = 0; i < l->n; i++) {
        handle[i] = str_of(l->v[i].handle);
        row[i] = l->v[i].n;
    }
    rc = store_creators_add(l->audit->store, handle, l->n, row, err);
    for (size_t i = 0; rc == 0 && i < l->n; i++)
        l->v[i].n = row[i];
    free(handle);
    free(row);
    return rc;
}

/* ---- the run ---- */

static int read_all(struct asked_pages *l, struct scrape_result *sum, struct err *err)
{
    struct creator_run run = { .v = NULL };
    struct scrape_result own = { .pages = 0 };
    int rc;

    for (size_t i = 0; i < l->n; i++)
        creator_run_add(&run, l->v[i].n, str_of(l->v[i].handle));
    rc = creator_run(&run, l->audit, &own, err);
    sum->creators += own.creators;
    sum->sends += own.sends;
    sum->controls += own.controls;
    if (rc && err->kind == ERR_AGAIN) {
        log_warn("the accounts' embed pages are not read to the end: %s", err->msg);
        err_clear(err);
        rc = 0;
    }
    free(run.v);
    return rc;
}

static void release(struct asked_pages *l)
{
    free(l->v);
    free(l->known.v);
}

/* ---- for a plan ---- */

struct account_pages_count {
    struct asked_pages pages;
    struct hashes maybe;
};

int account_pages_count(struct account_pages_count **out, struct audit *audit, struct err *err)
{
    *out = NULL;
    if (!witness_is_asked(&audit->set, WITNESS_EMBED))
        return 0;
    *out = xcalloc(1, sizeof **out);
    if (begin(&(*out)->pages, audit, err) == 0)
        return 0;
    account_pages_count_free(*out);
    *out = NULL;
    return -1;
}

void account_pages_take(struct account_pages_count *c, const struct item_row *row)
{
    if (c && !row->found_first_at)
        take_item(&c->pages, &c->maybe, row);
}

int account_pages_due(struct account_pages_count *c, bool silent, struct account_pages_due *due,
                      struct err *err)
{
    *due = (struct account_pages_due){ .due = 0 };
    if (!c)
        return 0;
    if (silent && collect(&c->pages, &c->maybe, err))
        return -1;
    once_each(&c->pages);
    *due = (struct account_pages_due){ (int64_t)c->pages.n, hashes_distinct(&c->maybe) };
    return 0;
}

void account_pages_count_free(struct account_pages_count *c)
{
    if (!c)
        return;
    release(&c->pages);
    free(c->maybe.v);
    free(c);
}

/* What of it was asked for together is taken before anything is written. */
static int find_due(struct asked_pages *l, struct audit *audit, struct err *err)
{
    bool any;

    if (store_expect_accounts(audit->store, err) || begin(l, audit, err) || collect(l, NULL, err) ||
        (l->n && store_any_sighting(audit->store, &any, err)))
        return -1;
    once_each(l);
    return 0;
}

int account_pages_read(struct audit *audit, struct scrape_result *sum, struct err *err)
{
    struct asked_pages l = { .audit = NULL };
    int rc;

    if (!witness_is_asked(&audit->set, WITNESS_EMBED))
        return 0;
    rc = find_due(&l, audit, err);
    if (rc == 0 && l.n)
        rc = give_rows(&l, err) || read_all(&l, sum, err) ? -1 : 0;
    release(&l);
    return rc;
}
