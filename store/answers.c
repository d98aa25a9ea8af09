/* store/answers.c: the answers of fetch, scrape and load go into the store.
 *
 * Requests to the API are few and dear: the ledger is charged and the request
 * with its members is on the disk before a byte is sent, and its answers are
 * committed when it is done, all of them by a fixed number of statements. A
 * request that was never done stays as sent and lost: its members count as sent,
 * not as asked, from the next sink on (to note it when it is sent would write
 * every item's state twice).
 * Pages are many and cheap: nothing is written before the answer, and a
 * transaction is committed every commit_every answers. A killed run reads the
 * pages of its last transaction again. Their answers wait and are written together,
 * at the commit or before any statement of somebody else (db_owe), so that what is
 * known of their items is asked for once and not page by page.
 * Where each statement is a way to a server (db_is_far) a request asks already when
 * it is reserved for what will be needed when it is done, and its end goes along with
 * what is sent next. Several are announced on one way, with all of that but the charge.
 * Evidence is synced before the commit that refers to it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/utc.h"
#include "platform/tiktok.h"
#include "record/id.h"
#include "store/answers.h"
#include "store/change.h"
#include "store/evidence.h"
#include "store/inner.h"
#include "store/items.h"
#include "store/known.h"
#include "store/ledger.h"
#include "store/meta.h"
#include "store/near.h"
#include "store/state.h"
#include "store/vantage.h"

/* An answer of the API that waits for the end of a request. */
struct waiting { enum witness witness; struct answer a; };

/* An answer of a page that waits for the commit, and what its request is by then. */
struct waiting_page {
    struct request r;
    struct answer a;
};

/* What was asked of a request's members when it was reserved. */
struct ahead {
    int64_t request;
    int64_t *item;
    size_t n;      // of its members, by number
    struct item_row *since;    // of them, as another request wrote them since
    size_t sinces, since_cap;
    struct stmt *members;
    struct heads *heads;
    struct ahead *next;
};

/* What is known of an item whose page waits, and is written with it. */
struct known {
    int64_t item;
    struct item_row row;
    bool changed;
};

/* Of the last exchanges: the digest of the whole page. */
#define WHOLES 64
struct whole {
    int64_t evidence;
    struct digest digest;
};

struct store_sink {
    struct store *s;
    struct sink_opts o;
    char audit[DIGEST_HEX];
    int64_t vantage;               // number of o.vantage; 0 until a page is put
    int64_t bound_ms;              // of the clock, as the store knows it
    int64_t pending;               // answers in the open transaction
    struct waiting *wait; size_t waits, wait_cap;
    struct arena wait_mem;         // their records
    struct arena mem;              // of the rows of one step
    struct row_set rows;
    struct request row;            // of a page: as it was written last
    struct buf region;             // that the vantage was last seen in
    bool broken;                   // a write failed half way: nothing of this transaction may stay
    int inside;                    // statements of its own need nothing that waits
    struct waiting_page *page;
    size_t pages, page_cap;
    struct arena page_mem;    // their texts and records
    struct known *known;
    size_t knowns;
    struct answer *shown;
    size_t shows;              // of them, those with a record for the page's side
    struct row_set handles;    // events that are new if nobody noted them before
    struct ahead *ahead;       // of the requests in flight
    struct whole whole[WHOLES];
    size_t wholes;
};

static bool of_api(enum witness w)
{
    return w == WITNESS_QUERY || w == WITNESS_USERNAME || w == WITNESS_VALIDATION;
}

static int begin_batch(struct store *s, struct err *err)
{
    bool own;

    if (store_enter(s, &own, err))
        return -1;
    s->batch = s->batch || own;
    return 0;
}

static int broke(struct store_sink *k)
{
    k->broken = true;
    return -1;
}

static struct arg code_of(const struct answer *a)
{
    return arg_int_or_null(a->has_code, a->code);
}

/* ---- answers of the API: what they showed, who came back ---- */
static int came_back(struct store_sink *k, struct err *err)
{
    rows_clear(&k->rows);
    for (size_t i = 0; i < k->waits; i++) {
        struct arg *row = rows_add(&k->rows, 2);

        row[0] = arg_int(k->wait[i].a.request);
        row[1] = arg_int(k->wait[i].a.item);
    }
    return rows_run(k->s->db, Q_ASKS_CAME_BACK, &k->rows, err);
}

static int put_records(struct store_sink *k, struct heads *heads, struct err *err)
{
    struct answer *a = xmalloc((k->waits + 1) * sizeof *a);
    size_t n = 0;
    int rc;

    for (size_t i = 0; i < k->waits; i++)
        if (k->wait[i].a.record)
            a[n++] = k->wait[i].a;
    rc = store_put_records(k->s, SIDE_API, a, n, heads, err);
    free(a);
    return rc;
}

static int64_t created_of(const struct answer *a)
{
    const struct value *v = a->record ? &a->record->val[FIELD_CREATED] : NULL;

    return v && v->kind == VAL_INT ? v->i : 0;
}

/* A state as it is and as it was, with what its request says of it. */
struct member { int64_t item; bool back; };
struct members {
    struct item_row *row; struct member *of; size_t n;     // by item
    struct past_ask **past; size_t *pasts;
};

static void members_release(struct members *m)
{
    for (size_t i = 0; m->past && i < m->n; i++)
        free(m->past[i]);
    free(m->past);
    free(m->pasts);
    free(m->row);
    free(m->of);
}

static int by_item(const void *a, const void *b)
{
    const struct member *x = a, *y = b;

    return (x->item > y->item) - (x->item < y->item);
}

static ptrdiff_t member_find(const struct members *m, int64_t item)
{
    struct member key = { .item = item };
    struct member *at = m->n ? bsearch(&key, m->of, m->n, sizeof key, by_item) : NULL;

    return at ? at - m->of : -1;
}

/* ---- what is asked for early ---- */
static void ahead_free(struct ahead *a)
{
    stmt_done(a->members);
    store_heads_free(a->heads);
    free(a->item);
    free(a->since);
    free(a);
}

/* Takes it out of the list; NULL where there is none. */
static struct ahead *ahead_take(struct store_sink *k, int64_t request)
{
    for (struct ahead **at = &k->ahead; *at; at = &(*at)->next)
        if ((*at)->request == request) {
            struct ahead *a = *at;

            *at = a->next;
            return a;
        }
    return NULL;
}

static int ask_ahead(struct store_sink *k, const struct request *r, struct err *err)
{
    struct ahead *a = xcalloc(1, sizeof *a);

    a->request = r->n;
    a->item = xmalloc((r->members + 1) * sizeof *a->item);
    for (size_t i = 0; i < r->members; i++)
        a->item[a->n++] = r->member[i].item;
    qsort(a->item, a->n, sizeof *a->item, array_by_number);
    if (store_heads_later(k->s, SIDE_API, a->item, a->n, &a->heads, err) ||
        db_query_later(k->s->db, Q_MEMBERS, ARGS(arg_int(r->n)), &a->members, err)) {
        a->members = NULL;
        ahead_free(a);
        return -1;
    }
    a->next = k->ahead;
    k->ahead = a;
    return 0;
}

static struct item_row *since_of(struct ahead *a, int64_t item)
{
    for (size_t i = 0; i < a->sinces; i++)
        if (a->since[i].n == item)
            return &a->since[i];
    ARRAY_ROOM(a->since, a->sinces, a->since_cap);
    return &a->since[a->sinces++];
}

/* What the API says of these items is written now: who asked before is told, for it has not seen
 * it. Texts are of the pages alone. */
static void touched(struct store_sink *k, const struct item_row *row, size_t n)
{
    for (struct ahead *a = k->ahead; a; a = a->next)
        for (size_t i = 0; a->n && i < n; i++)
            if (bsearch(&row[i].n, a->item, a->n, sizeof *a->item, array_by_number)) {
                struct item_row *since = since_of(a, row[i].n);

                *since = row[i];
                since->handle = since->message = since->region = STR_NONE;
            }
}

/* A row of the query enters its item's state. */
static void take_found(struct store *s, struct item_row *row, const struct answer *a)
{
    if (row->found_first_at == 0 && s->found >= 0)
        s->found++;
    state_found(row, a->at, created_of(a), a->request);
}

/* Of items that no complete request at hand asked for: their rows of the query. */
static int put_found_alone(struct store_sink *k, struct err *err)
{
    int64_t *item = xmalloc((k->waits + 1) * sizeof *item);
    struct item_row *row;
    struct members m = {0};
    int rc = 0;

    m.of = xcalloc(k->waits + 1, sizeof *m.of);
    for (size_t i = 0; i < k->waits; i++)
        if (k->wait[i].witness == WITNESS_QUERY)
            m.of[m.n++].item = k->wait[i].a.item;
    if (m.n)
        qsort(m.of, m.n, sizeof *m.of, by_item);
    for (size_t i = 0, n = m.n, out = 0; i < n; i++) {
        if (i == 0 || m.of[i].item != m.of[out - 1].item)
            m.of[out++] = m.of[i];
        m.n = out;
    }
    for (size_t i = 0; i < m.n; i++)
        item[i] = m.of[i].item;
    m.row = row = xcalloc(m.n + 1, sizeof *row);
    arena_clear(&k->mem);
    if (m.n)
        rc = store_items_raw(k->s, item, m.n, row, &k->mem, err);
    for (size_t i = 0; rc == 0 && i < k->waits; i++)
        if (k->wait[i].witness == WITNESS_QUERY)
            take_found(k->s, &row[member_find(&m, k->wait[i].a.item)], &k->wait[i].a);
    if (rc == 0)
        rc = store_states_put(k->s, SIDE_API, row, m.n, err);
    touched(k, row, m.n);
    members_release(&m);
    free(item);
    return rc;
}

/* Those that wait and belong to no request that is done now. */
static int put_waiting(struct store_sink *k, struct err *err)
{
    int rc;

    if (!k->waits)
        return 0;
    rc = came_back(k, err) || put_records(k, NULL, err) || put_found_alone(k, err) ? -1 : 0;
    k->waits = 0;
    arena_clear(&k->wait_mem);
    return rc;
}

static int write_pages(struct store_sink *k, struct err *err);

/* Instants are as wrong as the clock that they were taken by. */
static int note_clock(struct store_sink *k, struct err *err)
{
    const int64_t bound_ms = utc_bound_ms();

    if (bound_ms <= k->bound_ms)
        return 0;
    k->bound_ms = bound_ms;
    return store_clock_bound_raise(k->s, bound_ms, err);
}

/* Those of what most comes in of. */
static int numbers_ahead(struct store *s, struct err *err)
{
    static const enum numbered what[] = { NUMBER_REQUEST, NUMBER_EVIDENCE, NUMBER_RECORD,
                                          NUMBER_FILE };

    for (size_t i = 0; i < sizeof what / sizeof *what; i++)
        if (store_numbers_ahead(s, what[i], err))
            return -1;
    return 0;
}

static int flush(struct store_sink *k, int (*commit)(struct store *, struct err *),
                 struct err *err)
{
    if (k->broken)
        return err_set(err, ERR_IO, "%s: an answer could not be written", db_path(k->s->db));
    if (!k->s->batch)
        return 0;
    if (write_pages(k, err))
        return -1;
    if (put_waiting(k, err) || note_clock(k, err) ||
        (k->o.keeper && (k->o.keeper->sync(k->o.keeper->to, err) ||
                         store_seal_evidence(k->s, k->o.keeper, err))) ||
        numbers_ahead(k->s, err) || commit(k->s, err))
        return broke(k);
    k->pending = 0;
    return 0;
}

int store_flush_sink(struct store_sink *k, struct err *err) { return flush(k, store_commit, err); }

/* Nobody is told that they are there: the next request waits for it, and the end of the arm. */
static int flush_later(struct store_sink *k, struct err *err)
{
    return flush(k, store_commit_later, err);
}

/* ---- requests ---- */
static int put_request(struct store *s, const struct request *r, int sends, struct err *err)
{
    return db_run(s->db, Q_REQUEST_PUT,
                  ARGS(arg_int(r->n), arg_int(r->witness), arg_int(r->round),
                       arg_int(r->start_day), arg_int(r->end_day), arg_int((int64_t)r->members),
                       arg_int(r->loaded), arg_int(r->reserved_at), arg_int(r->sent_at),
                       arg_int(r->done_at), arg_int(sends), arg_int(r->http),
                       arg_int(r->complete), arg_int(r->rows), arg_int(r->strange_rows),
                       arg_int(r->evidence.n), arg_text(str_of(r->error_code)),
                       arg_text(str_of(r->log_id))), err);
}

/* What a row of a page may still learn between its answer and its end. */
static bool is_written(const struct store_sink *k, const struct request *r)
{
    const struct request *w = &k->row;

    return w->n == r->n && w->sent_at == r->sent_at && w->done_at == r->done_at &&
           w->sends == r->sends && w->http == r->http && w->complete == r->complete &&
           w->rows == r->rows && w->strange_rows == r->strange_rows &&
           w->evidence.n == r->evidence.n && strcmp(w->error_code, r->error_code) == 0 &&
           strcmp(w->log_id, r->log_id) == 0;
}

/* Gives every member its item's number. */
static int member_numbers(struct store *s, struct request *r, struct err *err)
{
    uint64_t *id = xmalloc((r->members + 1) * sizeof *id);
    int64_t *item = xmalloc((r->members + 1) * sizeof *item);
    char text[ID_TEXT_MAX];
    int rc;

    for (size_t i = 0; i < r->members; i++) {
        id[i] = r->member[i].id;
        item[i] = r->member[i].item;
    }
    rc = store_item_numbers(s, id, item, r->members, err);
    for (size_t i = 0; rc == 0 && i < r->members; i++) {
        r->member[i].item = item[i];
        if (item[i] <= 0)
            rc = err_set(err, ERR_INPUT, "%s is no item of this audit", id_text(id[i], text));
    }
    free(id);
    free(item);
    return rc;
}

static int put_members(struct store_sink *k, struct request *r, struct err *err)
{
    if (r->members == 0)
        return 0;
    if (member_numbers(k->s, r, err))
        return -1;
    rows_clear(&k->rows);
    for (size_t i = 0; i < r->members; i++) {
        struct arg *row = rows_add(&k->rows, 2);

        row[0] = arg_int(r->member[i].item);
        row[1] = arg_int(r->member[i].role);
    }
    return db_run(k->s->db, Q_ASKS_ADD, ARGS(arg_int(r->n), rows_arg(&k->rows)), err);
}

static int charge(struct store_sink *k, const struct request *r, int64_t n, struct err *err)
{
    if (!k->o.ledger || r->loaded || !of_api(r->witness))
        return 0;
    return ledger_take(k->o.ledger, &k->o.client, utc_now(), k->o.daily_requests, k->audit, n, err);
}

/* The arm counts r->sends once the send is on its way; the row counts it now. */
static int send_again(struct store_sink *k, const struct request *r, struct err *err)
{
    if (charge(k, r, r->n, err))
        return -1;
    if (!of_api(r->witness) || r->loaded)
        return 0;
    if (begin_batch(k->s, err) ||
        db_run(k->s->db, Q_REQUEST_SENDS, ARGS(arg_int(r->n), arg_int(r->sends + 1)), err))
        return broke(k);
    return flush_later(k, err);               // as durable as the charge
}

/* Instants of a loaded request are its file's; of others, now. */
static int64_t request_time(const struct request *r)
{
    if (r->loaded && r->sent_at > 0)
        return r->sent_at;
    return r->loaded && r->done_at > 0 ? r->done_at : utc_now();
}

static int begin_request(struct store_sink *k, struct request *r, int64_t n, int sends,
                         struct err *err)
{
    r->n = n;
    r->reserved_at = request_time(r);
    if (!of_api(r->witness))
        return 0;
    k->s->unended++;
    if (begin_batch(k->s, err) || put_request(k->s, r, sends, err) || put_members(k, r, err) ||
        (!r->loaded && r->members && db_is_far(k->s->db) && ask_ahead(k, r, err)))
        return broke(k);
    return r->loaded ? 0 : flush_later(k, err);
}

static int reserve_inside(struct store_sink *k, struct request *r, struct err *err)
{
    int64_t n;

    if (r->n)
        return send_again(k, r, err);
    if (store_number(k->s, NUMBER_REQUEST, 1, &n, err))
        return -1;
    if (charge(k, r, n, err)) {
        k->s->last[NUMBER_REQUEST]--;         // it was not used
        return -1;
    }
    return begin_request(k, r, n, r->sends + !r->loaded, err);
}

static int sink_reserve(void *to, struct request *r, struct err *err)
{
    struct store_sink *k = to;
    int rc;

    k->inside++;
    rc = reserve_inside(k, r, err);
    k->inside--;
    return rc;
}

/* As it will be when it is reserved, but for the charge and the send. */
static int sink_announce(void *to, struct request *r, struct err *err)
{
    struct store_sink *k = to;
    int64_t n;
    int rc;

    k->inside++;
    rc = store_number(k->s, NUMBER_REQUEST, 1, &n, err) || begin_request(k, r, n, r->sends, err)
             ? -1
             : 0;
    k->inside--;
    return rc;
}

static int sink_withdraw(void *to, struct request *r, struct err *err)
{
    struct store_sink *k = to;
    struct ahead *early = ahead_take(k, r->n);
    int rc;

    if (early)
        ahead_free(early);
    k->inside++;
    rc = begin_batch(k->s, err) || db_run(k->s->db, Q_ASKS_DROP, ARGS(arg_int(r->n)), err) ||
                 db_run(k->s->db, Q_REQUEST_DROP, ARGS(arg_int(r->n)), err)
             ? broke(k)
             : 0;
    k->inside--;
    k->s->unended--;
    r->n = 0;
    return rc;
}

static int sink_reserved(void *to, struct err *err)
{
    const struct store_sink *k = to;

    return db_committed(k->s->db, err);
}

/* ---- evidence ---- */
/* Sent before midnight and answered after it: the platform may have counted it
 * on either day, so it stands on both. The request has been made: a day that is
 * full is no error. */
static int charge_midnight(struct store_sink *k, const struct request *r,
                           const struct http_exchange *x, struct err *err)
{
    struct err full = {0};

    if (!k->o.ledger || r->loaded || !of_api(r->witness) || !x->sent_at ||
        utc_day(x->sent_at) >= utc_day(x->done_at))
        return 0;
    if (ledger_take(k->o.ledger, &k->o.client, x->done_at, k->o.daily_requests, k->audit, r->n,
                    &full) == 0 ||
        full.kind == ERR_QUOTA)
        return 0;
    *err = full;
    return -1;
}

/* Without a keeper the digest of what was received is kept all the same. */
static int exchange_inside(struct store_sink *k, const struct request *r,
                           const struct http_exchange *x, struct evidence *evidence,
                           struct err *err)
{
    const struct keeper *keeper = k->o.keeper;
    struct kept_place place = {0};
    int64_t file, n;

    if (charge_midnight(k, r, x, err))
        return -1;
    /* Of a page that is only to be kept in extract the digest of the whole
     * stands here; the extract comes with the answer. */
    if (!keeper || (keeper->keep == KEEP_EXTRACT && r->witness == WITNESS_PAGE))
        place.digest = digest_sha256(x->body);
    else if (keeper->exchange(keeper->to, x, x->done_at ? x->done_at : utc_now(), &place, err))
        return -1;
    if (begin_batch(k->s, err) || store_file_number(k->s, place.file, &file, err) ||
        store_number(k->s, NUMBER_EVIDENCE, 1, &n, err) ||
        db_run(k->s->db, Q_EVIDENCE_ADD,
               ARGS(arg_int(n), arg_int(file), arg_int(place.offset), arg_int(place.len),
                    arg_int(r->witness), arg_digest(&place.digest), arg_int(r->n)), err))
        return broke(k);
    evidence->n = n;
    k->whole[k->wholes++ % WHOLES] = (struct whole){ n, place.digest };
    return 0;
}

static int sink_exchange(void *to, const struct request *r, const struct http_exchange *x,
                         struct evidence *evidence, struct err *err)
{
    struct store_sink *k = to;
    int rc;

    k->inside++;
    rc = exchange_inside(k, r, x, evidence, err);
    k->inside--;
    return rc;
}

/* 1; 0 where no such evidence is there. */
static int whole_digest(struct store_sink *k, int64_t evidence, struct digest *out, struct err *err)
{
    struct stmt *st;
    int rc;

    for (size_t i = 0; i < WHOLES; i++)
        if (k->whole[i].evidence == evidence) {
            *out = k->whole[i].digest;
            return 1;
        }
    if (db_query(k->s->db, Q_EVIDENCE_GET, ARGS(arg_int(evidence)), &st, err))
        return -1;
    if ((rc = stmt_next(st, err)) == 1)
        stmt_digest(st, 2, out);
    stmt_done(st);
    return rc;
}

/* The evidence of a page becomes the record of its extract. */
static int keep_extract(struct store_sink *k, const struct answer *a, struct err *err)
{
    const struct keeper *keeper = k->o.keeper;
    struct kept_place place = {0};
    struct digest whole = {{0}};
    struct buf url = { 0 };
    int64_t file;
    int rc;

    if ((rc = whole_digest(k, a->evidence.n, &whole, err)) != 1)
        return rc;
    tiktok_post_url(&url, a->id, STR_NONE);
    rc = keeper->extract(keeper->to, buf_view(&url), a->extract, &whole, a->at, &place, err);
    buf_release(&url);
    if (rc || store_file_number(k->s, place.file, &file, err))
        return -1;
    return db_run(
        k->s->db, Q_EVIDENCE_MOVE,
        ARGS(arg_int(a->evidence.n), arg_int(file), arg_int(place.offset), arg_int(place.len)),
        err);
}

/* ---- the end of a request to the API ---- */
static int read_members(struct store_sink *k, const struct request *r, struct stmt *st,
                        const struct ahead *early, struct members *m, struct err *err)
{
    int rc;

    m->row = xcalloc(r->members + 1, sizeof *m->row);
    m->of = xcalloc(r->members + 1, sizeof *m->of);
    arena_clear(&k->mem);
    while ((rc = stmt_next(st, err)) == 1 && m->n < r->members) {
        if (!store_item_read(st, &m->row[m->n], &k->mem))
            return db_damaged(k->s->db, "an item's state is none of ours", err);
        m->of[m->n] = (struct member){ m->row[m->n].n, stmt_int(st, ITEM_WIDTH) != 0 };
        m->n++;
    }
    for (size_t i = 0; early && i < early->sinces; i++) {
        const ptrdiff_t at = member_find(m, early->since[i].n);

        if (at >= 0)
            m->row[at] = early->since[i];
    }
    for (size_t i = 0; i < k->waits; i++) {    // what was asked for early does not know it
        ptrdiff_t at = k->wait[i].a.request == r->n ? member_find(m, k->wait[i].a.item) : -1;

        if (at >= 0)
            m->of[at].back = true;
    }
    return rc < 0 ? -1 : 0;
}

/* Who came back: by the rows that were put, by what the arm says, by what the
 * store knew before. What only the arm says is noted. */
static int note_back(struct store_sink *k, const struct request *r, struct members *m,
                     struct err *err)
{
    rows_clear(&k->rows);
    for (size_t i = 0; i < r->members; i++) {
        ptrdiff_t at = member_find(m, r->member[i].item);
        struct arg *row;

        if (at < 0)
            return err_set(err, ERR_IO, "%s: request %lld did not ask for item %lld",
                           db_path(k->s->db), (long long)r->n, (long long)r->member[i].item);
        if (!r->member[i].came_back || m->of[at].back)
            continue;
        m->of[at].back = true;
        row = rows_add(&k->rows, 2);
        row[0] = arg_int(r->n);
        row[1] = arg_int(r->member[i].item);
    }
    return rows_run(k->s->db, Q_ASKS_CAME_BACK, &k->rows, err);
}

/* The other replies about members for which this one came late. */
static int read_past(struct store_sink *k, const struct request *r, struct members *m,
                     struct err *err)
{
    size_t *cap;
    struct stmt *st;
    int rc;

    rows_clear(&k->rows);
    for (size_t i = 0; i < m->n; i++)
        if (state_needs_past(&m->row[i], r, m->of[i].back))
            rows_add(&k->rows, 1)[0] = arg_int(m->of[i].item);
    m->past = xcalloc(m->n + 1, sizeof *m->past);
    m->pasts = xcalloc(m->n + 1, sizeof *m->pasts);
    if (k->rows.rows.n == 0)
        return 0;
    if (db_query(k->s->db, Q_ASKED_BEFORE, ARGS(rows_arg(&k->rows), arg_int(r->n)), &st, err))
        return -1;
    cap = xcalloc(m->n + 1, sizeof *cap);
    while ((rc = stmt_next(st, err)) == 1) {
        ptrdiff_t at = member_find(m, stmt_int(st, 0));

        if (at < 0)
            continue;
        ARRAY_ROOM(m->past[at], m->pasts[at], cap[at]);
        m->past[at][m->pasts[at]++] = (struct past_ask){ stmt_int(st, 1), stmt_int(st, 2) != 0 };
    }
    stmt_done(st);
    free(cap);
    return rc;
}

/* What a complete reply of the query says of every member. */
static int members_asked(struct store_sink *k, const struct request *r, struct members *m,
                         struct err *err)
{
    struct store *s = k->s;
    size_t left = 0;

    for (size_t i = 0; i < k->waits; i++) {
        const struct waiting *w = &k->wait[i];
        ptrdiff_t at = w->witness == WITNESS_QUERY ? member_find(m, w->a.item) : -1;

        if (at >= 0)
            take_found(s, &m->row[at], &w->a);
        else
            k->wait[left++] = *w;          // of a request that is not done yet
    }
    k->waits = left;
    if (read_past(k, r, m, err))
        return -1;
    for (size_t i = 0; i < m->n; i++) {
        if (m->row[i].asked == 0 && s->asked >= 0)
            s->asked++;
        state_asked(&m->row[i], r, m->of[i].back, m->past[i], m->pasts[i]);
    }
    return 0;
}

static void note_ends(const struct request *r, struct members *m)
{
    for (size_t i = 0; i < m->n; i++) {
        if (r->complete && r->witness == WITNESS_VALIDATION)
            state_validated(&m->row[i], m->of[i].back, r->done_at);
        else if (!r->complete && r->witness == WITNESS_QUERY)
            state_sent(&m->row[i], r);
    }
}

static int members_done(struct store_sink *k, struct request *r, struct err *err)
{
    bool writes = r->witness == WITNESS_QUERY || (r->complete && r->witness == WITNESS_VALIDATION);
    struct ahead *early = ahead_take(k, r->n);
    struct stmt *late = NULL;
    struct members m = {0};
    int rc = -1;

    if (member_numbers(k->s, r, err) || came_back(k, err) ||
        put_records(k, early ? early->heads : NULL, err) ||
        (!early && db_query(k->s->db, Q_MEMBERS, ARGS(arg_int(r->n)), &late, err)) ||
        read_members(k, r, early ? early->members : late, early, &m, err) ||
        note_back(k, r, &m, err))
        goto out;
    if (r->complete && r->witness == WITNESS_QUERY && members_asked(k, r, &m, err))
        goto out;
    note_ends(r, &m);
    if ((writes && store_states_put(k->s, SIDE_API, m.row, m.n, err)) || put_found_alone(k, err))
        goto out;
    touched(k, m.row, m.n);
    k->waits = 0;
    arena_clear(&k->wait_mem);
    rc = 0;
out:
    stmt_done(late);
    if (early)
        ahead_free(early);
    members_release(&m);
    return rc;
}

/* ---- answers of pages, oEmbed and short links ---- */
/* The handle in a link may be a later or an earlier one of the same account;
 * both are kept, once. */
static void note_handle(struct store_sink *k, const struct item_row *row, const struct answer *a)
{
    const struct value *author = &a->record->val[FIELD_AUTHOR];
    struct str link = row->handle;
    struct buf text = {0};
    struct arg *event;

    if (author->kind != VAL_TEXT || author->text.n == 0 || tiktok_handle_is_none(link) ||
        str_eq_nocase(link, author->text))
        return;
    buf_printf(&text, "%.*s is now %.*s", STR_ARG(link), STR_ARG(author->text));
    for (size_t i = 0; i < k->handles.rows.n; i++)
        if (k->handles.v[5 * i + 3].i == a->item &&
            str_eq(k->handles.v[5 * i + 4].text, buf_view(&text)))
            goto out;    // twice among those that wait
    event = rows_add(&k->handles, 5);
    event[1] = arg_int(utc_now());
    event[2] = arg_text(STR("handle_changed"));
    event[3] = arg_int(a->item);
    event[4] = rows_text(&k->handles, buf_view(&text));
out:
    buf_release(&text);
}

static int put_handles(struct store_sink *k, struct err *err)
{
    int64_t n = 0;

    if (k->handles.rows.n == 0)
        return 0;
    if (store_number(k->s, NUMBER_EVENT, (int64_t)k->handles.rows.n, &n, err))
        return -1;
    for (size_t i = 0; i < k->handles.rows.n; i++)
        k->handles.v[5 * i] = arg_int(n++);
    return rows_run(k->s->db, Q_EVENTS_ADD_NEW, &k->handles, err);
}

static int vantage_seen(struct store_sink *k, const struct answer *a, struct err *err)
{
    if (!k->vantage && store_vantage(k->s, k->o.vantage, true, &k->vantage, err))
        return -1;
    if (!a->region.n || str_eq(a->region, buf_view(&k->region)))
        return 0;
    buf_clear(&k->region);
    buf_str(&k->region, a->region);
    return db_run(k->s->db, Q_VANTAGE_SEEN, ARGS(arg_int(k->vantage), arg_text(a->region)), err);
}

static int put_vantage_state(struct store_sink *k, const struct answer *a, struct err *err)
{
    if (a->kind == ANSWER_NO_ANSWER)
        return db_run(k->s->db, Q_VANTAGE_TRY,
                      ARGS(arg_int(k->vantage), arg_int(a->item),
                           arg_int(!no_answer_is_block(a->why)), arg_int(a->at)), err);
    if (db_run(k->s->db, Q_VANTAGE_READ,
               ARGS(arg_int(k->vantage), arg_int(a->item), arg_int(a->kind), arg_int(a->at),
                    arg_int(a->request)), err))
        return -1;
    return a->record ? store_put_record_there(k->s, k->vantage, a, err) : 0;
}

static bool is_elsewhere(const struct store_sink *k, const struct answer *a)
{
    return a->witness == WITNESS_PAGE && k->vantage > 1;
}

/* It has a record for the page's side. */
static bool shows(const struct store_sink *k, const struct answer *a)
{
    return a->record && a->kind != ANSWER_NO_ANSWER && a->witness != WITNESS_OEMBED &&
           k->vantage <= 1;
}

static int by_known(const void *a, const void *b)
{
    return array_by_number(&((const struct known *)a)->item, &((const struct known *)b)->item);
}

/* Something but its link is known of it. */
static bool has_state(const struct item_row *row)
{
    return row->sent_at || row->asked || row->found_first_at || row->page != ANSWER_COUNT ||
           row->oembed != ANSWER_COUNT || row->sampled || row->valid_at;
}

static struct known *known_of(struct store_sink *k, int64_t item)
{
    struct known key = { .item = item };

    return bsearch(&key, k->known, k->knowns, sizeof key, by_known);
}

/* Another vantage's answer stands beside what was said at the first. */
static int put_about_item(struct store_sink *k, const struct answer *a, struct err *err)
{
    struct known *known = known_of(k, a->item);
    struct item_row *row = &known->row;
    bool elsewhere = is_elsewhere(k, a);

    if (a->witness == WITNESS_EMBED && k->vantage > 1)    // what counts there is the page
        return 0;
    if (elsewhere) {
        if (put_vantage_state(k, a, err))
            return -1;
        if (a->kind == ANSWER_NO_ANSWER || !has_state(row))
            return 0;
        state_elsewhere(row, a, k->vantage);
        known->changed = true;
        return 0;
    }
    known->changed = true;
    if (a->witness == WITNESS_OEMBED)
        state_oembed(row, a);
    else if (a->witness == WITNESS_EMBED)
        state_embed(row, a);
    else
        state_page(row, a);
    if (!shows(k, a))
        return 0;
    k->shown[k->shows++] = *a;
    note_handle(k, row, a);
    return 0;
}

/* Of a short link the item is the link's number and the message its target.
 * Only the parser of links can say which item that is, so the caller follows
 * with store_link_resolved, in the same transaction. A block was no try. */
static int put_short(struct store *s, const struct answer *a, struct err *err)
{
    bool block = a->kind == ANSWER_NO_ANSWER && no_answer_is_block(a->why);

    return db_run(s->db, Q_LINK_TRIED,
                  ARGS(arg_int(a->item), a->message.n ? arg_text(a->message) : arg_null(),
                       arg_int(a->kind == ANSWER_NO_ANSWER && !block), arg_int(block ? 0 : a->at)),
                  err);
}

static int put_page_answer(struct store_sink *k, const struct request *r, const struct answer *a,
                           struct err *err)
{
    return db_run(k->s->db, Q_PAGE_PUT,
                  ARGS(arg_int(a->item), arg_int(r->n), arg_int(r->witness), arg_int(a->at),
                       arg_int(a->kind), arg_int(a->why), code_of(a), arg_text(a->message),
                       arg_int(a->generation), arg_text(a->region),
                       arg_int(a->evidence.n ? a->evidence.n : r->evidence.n),
                       arg_int(k->vantage), arg_int(a->engine)), err);
}

/* ---- the sink ---- */
/* The rows of a request are written when it is done; so is what waits of others. */
static void wait_for_end(struct store_sink *k, const struct request *r, const struct answer *a)
{
    struct record *copy = NULL;

    if (a->kind != ANSWER_FOUND)
        return;
    if (a->record) {
        copy = arena_alloc(&k->wait_mem, sizeof *copy);
        record_copy(copy, a->record, &k->wait_mem);
    }
    ARRAY_ROOM(k->wait, k->waits, k->wait_cap);
    k->wait[k->waits] = (struct waiting){ r->witness, *a };
    k->wait[k->waits++].a.record = copy;
}

/* ---- pages that wait ---- */
static bool is_alone(const struct answer *a)
{
    return a->kind == ANSWER_NO_ANSWER && a->why == NO_ANSWER_BLOCKED_ALONE;
}

/* Another one before it, among those that wait. */
static bool waits_alone(const struct store_sink *k, size_t n)
{
    const struct answer *a = &k->page[n].a;

    for (size_t i = 0; i < n; i++)
        if (is_alone(&k->page[i].a) && k->page[i].a.item == a->item &&
            k->page[i].a.witness == a->witness && utc_day(k->page[i].a.at) == utc_day(a->at))
            return true;
    return false;
}

static int ask_alone(struct store_sink *k, struct stmt **st, bool *again, struct err *err)
{
    rows_clear(&k->rows);
    for (size_t i = 0; i < k->pages; i++) {
        const struct answer *a = &k->page[i].a;
        struct arg *row;

        if (!is_alone(a) || (k->vantage <= 1 && known_alone(k->s, a, &again[i])))
            continue;
        row = rows_add(&k->rows, 5);
        row[0] = arg_int((int64_t)i);
        row[1] = arg_int(a->item);
        row[2] = arg_int(a->witness);
        row[3] = arg_int(utc_day_start(utc_day(a->at)));
        row[4] = arg_int(utc_day_start(utc_day(a->at) + 1));
    }
    return k->rows.rows.n
               ? db_query_later(k->s->db, Q_PAGES_WHY_SINCE,
                                ARGS(rows_arg(&k->rows), arg_int(NO_ANSWER_BLOCKED_ALONE),
                                     arg_int(k->vantage)),
                                st, err)
               : 0;
}

/* A post that is blocked alone uses one attempt a day: a further one counts as any block. */
static int read_alone(struct store_sink *k, struct stmt *st, bool *again, struct err *err)
{
    int rc = 0;

    while (st && (rc = stmt_next(st, err)) == 1)
        again[stmt_int(st, 0)] = true;
    for (size_t i = 0; i < k->pages; i++)
        again[i] = again[i] || (is_alone(&k->page[i].a) && waits_alone(k, i));
    return rc;
}

static int ask_heads(struct store_sink *k, struct heads **heads, struct err *err)
{
    int64_t *item = xmalloc((k->pages + 1) * sizeof *item);
    size_t n = 0;
    int rc = 0;

    for (size_t i = 0; i < k->pages; i++)
        if (shows(k, &k->page[i].a))
            item[n++] = k->page[i].a.item;
    if (n)
        rc = store_heads_later(k->s, SIDE_PAGE, item, n, heads, err);
    free(item);
    return rc;
}

static int read_known(struct store_sink *k, struct err *err)
{
    int64_t *item = xmalloc(k->pages * sizeof *item);
    struct item_row *row;
    size_t n = 0;
    int rc;

    for (size_t i = 0; i < k->pages; i++)
        item[i] = k->page[i].a.item;
    qsort(item, k->pages, sizeof *item, array_by_number);
    for (size_t i = 0; i < k->pages; i++)
        if (i == 0 || item[i] != item[n - 1])
            item[n++] = item[i];
    row = xcalloc(n, sizeof *row);
    arena_clear(&k->mem);
    rc = known_rows(k->s, item, n, row, &k->mem, err);
    k->known = xcalloc(n, sizeof *k->known);
    k->knowns = n;
    for (size_t i = 0; i < n; i++)
        k->known[i] = (struct known){ .item = item[i], .row = row[i] };
    free(item);
    free(row);
    return rc;
}

static int put_known(struct store_sink *k, struct err *err)
{
    struct item_row *row = xmalloc((k->knowns + 1) * sizeof *row);
    size_t n = 0;
    int rc;

    for (size_t i = 0; i < k->knowns; i++)
        if (k->known[i].changed)
            row[n++] = k->known[i].row;
    rc = store_states_put(k->s, SIDE_PAGE, row, n, err);
    if (rc == 0)
        known_put(k->s, row, n);
    free(row);
    return rc;
}

static int put_page(struct store_sink *k, const struct waiting_page *w, bool again, struct err *err)
{
    struct answer state = w->a;

    near_note(k->s, &w->r, &w->a);
    if (is_alone(&w->a) && k->vantage <= 1)
        known_note_alone(k->s, &w->a);
    if (again)
        state.why = NO_ANSWER_FORBIDDEN;
    return put_request(k->s, &w->r, w->r.sends, err) || put_page_answer(k, &w->r, &w->a, err) ||
                   put_about_item(k, &state, err)
               ? -1
               : 0;
}

/* Of the audit's first vantage, as all that is said of an item is. */
static int note_days(struct store_sink *k, struct err *err)
{
    for (size_t i = 0; k->vantage <= 1 && i < k->pages; i++)
        if (store_site_asked(k->s, k->page[i].r.witness, k->page[i].a.at, err))
            return -1;
    return 0;
}

static int put_pages(struct store_sink *k, struct err *err)
{
    bool *again = xcalloc(k->pages, sizeof *again);
    struct stmt *alone = NULL;
    struct heads *heads = NULL;
    int rc = -1;

    k->shown = xcalloc(k->pages, sizeof *k->shown);
    k->shows = 0;
    rows_clear(&k->handles);
    if (ask_alone(k, &alone, again, err) || ask_heads(k, &heads, err) || read_known(k, err) ||
        read_alone(k, alone, again, err))
        goto out;
    for (size_t i = 0; i < k->pages; i++)
        if (put_page(k, &k->page[i], again[i], err))
            goto out;
    rc = put_known(k, err) || store_put_records(k->s, SIDE_PAGE, k->shown, k->shows, heads, err) ||
                 put_handles(k, err) || note_days(k, err)
             ? -1
             : 0;
out:
    stmt_done(alone);
    store_heads_free(heads);
    free(again);
    free(k->shown);
    free(k->known);
    k->shown = NULL;
    k->known = NULL;
    k->knowns = 0;
    return rc;
}

static int write_pages(struct store_sink *k, struct err *err)
{
    const struct row_set wanted = k->s->wanted;    // whoever is interrupted may be about to use it
    int rc;

    if (k->pages == 0)
        return 0;
    db_owe(k->s->db, NULL, NULL);
    k->inside++;
    k->s->wanted = (struct row_set){ 0 };
    rc = put_pages(k, err);
    rows_release(&k->s->wanted);
    k->s->wanted = wanted;
    k->inside--;
    k->pages = 0;
    arena_clear(&k->page_mem);
    return rc ? broke(k) : 0;
}

/* Somebody else's statement is next. */
static int pay(void *to, struct err *err)
{
    struct store_sink *k = to;

    return k->inside ? 0 : write_pages(k, err);
}

/* What was rolled back is not written any more, and what was asked for early may not hold. */
void store_sink_forget(struct store_sink *k)
{
    struct ahead *a;

    while ((a = k->ahead)) {
        k->ahead = a->next;
        ahead_free(a);
    }
    db_owe(k->s->db, NULL, NULL);
    k->pages = 0;
    arena_clear(&k->page_mem);
}

static void copy_record(struct answer *a, struct arena *mem)
{
    struct record *copy;

    if (!a->record)
        return;
    copy = arena_alloc(mem, sizeof *copy);
    record_copy(copy, a->record, mem);
    a->record = copy;
}

static void wait_for_commit(struct store_sink *k, const struct request *r, const struct answer *a)
{
    struct waiting_page *w;

    ARRAY_ROOM(k->page, k->pages, k->page_cap);
    w = &k->page[k->pages++];
    *w = (struct waiting_page){ .r = *r, .a = *a };
    w->a.message = arena_dup(&k->page_mem, a->message);
    w->a.region = arena_dup(&k->page_mem, a->region);
    w->a.extract = STR_NONE;
    w->a.list = NULL;
    copy_record(&w->a, &k->page_mem);
    db_owe(k->s->db, pay, k);
}

/* The row of a page whose answer waits is not written yet. */
static bool still_waits(struct store_sink *k, const struct request *r)
{
    for (size_t i = k->pages; i-- > 0;)
        if (k->page[i].r.n == r->n) {
            k->page[i].r = *r;
            return true;
        }
    return false;
}

static int put_answer(struct store_sink *k, const struct request *r, const struct answer *a,
                      struct err *err)
{
    store_answered(k->s, a->kind == ANSWER_NO_ANSWER ? 0 : a->at);
    if (of_api(r->witness)) {
        wait_for_end(k, r, a);
        return 0;
    }
    if (vantage_seen(k, a, err))
        return -1;
    if (r->witness != WITNESS_CREATOR && r->witness != WITNESS_SHORT) {
        if (db_pay_others(k->s->db, k, err))    // a replay has a sink for each vantage
            return -1;
        wait_for_commit(k, r, a);
        return 0;
    }
    if (put_request(k->s, r, r->sends, err) || put_page_answer(k, r, a, err))
        return -1;
    k->row = *r;
    if (r->witness == WITNESS_CREATOR)    // what it lists is for its frame (store/frame.h)
        return 0;
    return put_short(k->s, a, err);
}

static int answer_item(struct store *s, struct answer *a, struct err *err)
{
    char text[ID_TEXT_MAX];

    if (a->item > 0)
        return 0;
    if (store_item_find(s, a->id, &a->item, err))
        return -1;
    return a->item ? 0 : err_set(err, ERR_INPUT, "%s is no item of this audit",
                                 id_text(a->id, text));
}

static int put_inside(struct store_sink *k, const struct request *r, const struct answer *given,
                      struct err *err)
{
    struct answer a = *given;

    a.request = r->n;
    a.witness = r->witness;
    if (r->witness != WITNESS_SHORT && answer_item(k->s, &a, err))
        return -1;
    if (begin_batch(k->s, err) || put_answer(k, r, &a, err))
        return broke(k);
    if (a.extract.n && a.evidence.n && k->o.keeper && k->o.keeper->keep == KEEP_EXTRACT &&
        keep_extract(k, &a, err))
        return broke(k);
    return 0;
}

static int sink_put(void *to, const struct request *r, const struct answer *given, struct err *err)
{
    struct store_sink *k = to;
    int rc;

    k->inside++;
    rc = put_inside(k, r, given, err);
    k->inside--;
    return rc;
}

static int done_inside(struct store_sink *k, struct request *r, struct err *err)
{
    if (r->done_at == 0)
        r->done_at = request_time(r);
    if (begin_batch(k->s, err) ||
        (!still_waits(k, r) && !is_written(k, r) && put_request(k->s, r, r->sends, err)))
        return broke(k);
    if (of_api(r->witness)) {
        if (members_done(k, r, err))
            return broke(k);
        k->s->unended--;
        store_answered(k->s, r->complete ? r->done_at : 0);
        if (!r->loaded)
            return flush_later(k, err);
    }
    if (++k->pending >= k->o.commit_every)
        return flush_later(k, err);
    return 0;
}

static int sink_done(void *to, struct request *r, struct err *err)
{
    struct store_sink *k = to;
    int rc;

    k->inside++;
    rc = done_inside(k, r, err);
    k->inside--;
    return rc;
}

static int sink_commit(void *to, struct err *err) { return flush_later(to, err); }

static int drift_inside(struct store_sink *k, const char *kind, struct str name, int64_t count,
                        int64_t at, struct err *err)
{
    const struct counted c = { count, at, at };

    if (begin_batch(k->s, err) || store_tally(k->s, kind, name, &c, err))
        return broke(k);
    return 0;
}

static int sink_drift(void *to, const char *kind, struct str name, int64_t count, int64_t at,
                      struct err *err)
{
    struct store_sink *k = to;
    int rc;

    k->inside++;
    rc = drift_inside(k, kind, name, count, at, err);
    k->inside--;
    return rc;
}

/* One row an item, with the number of tries that it gets back. */
static void spare_row(struct row_set *rows, int64_t item)
{
    struct arg *row;

    for (size_t i = 0; i < rows->rows.n; i++)
        if (rows->v[2 * i].i == item) {
            rows->v[2 * i + 1].i++;
            return;
        }
    row = rows_add(rows, 2);
    row[0] = arg_int(item);
    row[1] = arg_int(1);
}

static int sink_spare(void *to, enum witness w, const struct ask_member *m, size_t n,
                      struct err *err)
{
    struct store_sink *k = to;
    struct row_set rows = { 0 };    // pages that wait are written before it, with k->rows
    int rc;

    if (n == 0)
        return 0;
    if (begin_batch(k->s, err))
        return broke(k);
    for (size_t i = 0; i < n; i++)
        spare_row(&rows, m[i].item);
    known_forget(k->s);
    rc = k->vantage <= 1
             ? rows_run(k->s->db, w == WITNESS_EMBED ? Q_STATES_SPARE_EMBED : Q_STATES_SPARE,
                        &rows, err)
             : db_run(k->s->db, Q_VANTAGE_SPARE, ARGS(arg_int(k->vantage), rows_arg(&rows)), err);
    rows_release(&rows);
    return rc ? broke(k) : 0;
}

/* Of what waits: the same post read so at another time, or once more by a request of our own. */
static bool waits_alike(const struct store_sink *k, const struct answer *a)
{
    for (size_t i = 0; i < k->pages; i++) {
        const struct waiting_page *w = &k->page[i];

        if (w->a.item == a->item && w->a.witness == WITNESS_PAGE &&
            w->a.kind == ANSWER_NO_ANSWER && str_eq(w->a.message, a->message) &&
            (w->a.at != a->at || (w->r.n != a->request && !w->r.loaded)))
            return true;
    }
    return false;
}

/* What waits is looked at here, so that it can go on waiting. */
static int sink_alike(void *to, const struct answer *a, bool *yes, struct err *err)
{
    struct store_sink *k = to;
    int64_t one = 0, *const out[] = { &one };
    int rc = 0;

    *yes = waits_alike(k, a);
    if (*yes || a->item <= 0 || near_knows(k->s, a, yes))
        return 0;
    k->inside++;
    rc = db_row(k->s->db, Q_PAGE_ALIKE,
                ARGS(arg_int(a->item), arg_int(WITNESS_PAGE), arg_int(ANSWER_NO_ANSWER),
                     arg_text(a->message), arg_int(a->at), arg_int(a->request)),
                out, 1, err);
    k->inside--;
    *yes = rc == 1;
    return rc < 0 ? -1 : 0;
}

static int sink_user(void *to, const struct request *r, const struct user_answer *u,
                     struct err *err)
{
    struct store_sink *k = to;

    if (begin_batch(k->s, err) ||
        db_run(k->s->db, Q_USER_PUT,
               ARGS(arg_int(u->item), arg_int(r->n), arg_text(u->handle), arg_int(u->at),
                    arg_int(u->start_day), arg_int(u->end_day), arg_int(u->query_ok),
                    arg_int(u->query_rows), arg_int(u->query_items), arg_int(u->info),
                    arg_int_or_null(u->has_videos, u->videos), arg_text(u->message)), err))
        return broke(k);
    store_answered(k->s, u->at);
    return 0;
}

/* What was in flight when somebody was killed, or when the run before this one failed. */
static bool owes_lost(const struct store *s) { return !s->lost_noted || s->unended; }

/* Whoever asks next follows it. */
static int note_lost(struct store *s, struct err *err)
{
    bool own;

    if (!owes_lost(s))
        return 0;
    if (store_enter(s, &own, err))
        return -1;
    if (store_leave_later(s, own,
                          db_run(s->db, Q_STATES_LOST, NO_ARGS, err) || numbers_ahead(s, err) ? -1
                                                                                              : 0,
                          err))
        return -1;
    s->lost_noted = true;
    s->unended = 0;
    return 0;
}

int store_sink(struct store *s, const struct sink_opts *o, struct sink *out, struct err *err)
{
    struct store_sink *k;
    struct buf audit = {0};

    if (store_meta_get(s, META_AUDIT, &audit, err) || (o->ledger && db_cache_more(s->db, err)) ||
        note_lost(s, err)) {
        buf_release(&audit);
        return -1;
    }
    k = xcalloc(1, sizeof *k);
    k->s = s;
    k->o = *o;
    if (k->o.commit_every < 1)
        k->o.commit_every = 1;
    memcpy(k->audit, buf_cstr(&audit), audit.n < sizeof k->audit ? audit.n : sizeof k->audit - 1);
    buf_release(&audit);
    known_forget(s);
    s->sink = k;
    *out = (struct sink){ .reserve = sink_reserve,
                          .exchange = sink_exchange,
                          .put = sink_put,
                          .done = sink_done,
                          .commit = sink_commit,
                          .drift = sink_drift,
                          .to = k,
                          .user = sink_user,
                          .spare = sink_spare,
                          .alike = sink_alike,
                          .reserved = sink_reserved };
    if (db_is_far(s->db)) {
        out->announce = sink_announce;
        out->withdraw = sink_withdraw;
    }
    return 0;
}

/* What came in and was not committed is committed now if it can be; after a
 * failed write the whole transaction is dropped. No server is waited for: whoever waits next is
 * told what came of it, at store_close at the latest. */
void store_sink_release(struct sink *sink)
{
    struct store_sink *k = sink->to;
    struct err ignored = {0};

    if (!k)
        return;
    if (k->s->batch && store_flush_sink(k, &ignored))
        store_rollback(k->s);
    known_forget(k->s);
    near_forget(k->s);
    if (k->s->sink == k)
        k->s->sink = NULL;
    store_sink_forget(k);
    rows_release(&k->rows);
    rows_release(&k->handles);
    arena_release(&k->page_mem);
    free(k->page);
    buf_release(&k->region);
    arena_release(&k->wait_mem);
    arena_release(&k->mem);
    free(k->wait);
    free(k);
    *sink = (struct sink){0};
}
