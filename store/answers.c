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
 * pages of its last transaction again.
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
#include "store/ledger.h"
#include "store/meta.h"
#include "store/state.h"

/* An answer of the API that waits for the end of a request. */
struct waiting { enum witness witness; struct answer a; };

struct store_sink {
    struct store *s;
    struct sink_opts o;
    char audit[DIGEST_HEX];
    int64_t vantage;               // number of o.vantage; 0 until a page is put
    int64_t pending;               // answers in the open transaction
    struct waiting *wait; size_t waits, wait_cap;
    struct arena wait_mem;         // their records
    struct arena mem;              // of the rows of one step
    struct row_set rows;
    struct request row;            // of a page: as it was written last
    struct buf region;             // that the vantage was last seen in
    bool broken;                   // a write failed half way: nothing of this transaction may stay
    char file[96]; int64_t file_n; // the keeper's file and its number
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

static int put_records(struct store_sink *k, struct err *err)
{
    struct answer *a = xmalloc((k->waits + 1) * sizeof *a);
    size_t n = 0;
    int rc;

    for (size_t i = 0; i < k->waits; i++)
        if (k->wait[i].a.record)
            a[n++] = k->wait[i].a;
    rc = store_put_records(k->s, SIDE_API, a, n, err);
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
        rc = store_states_put(k->s, row, m.n, err);
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
    rc = came_back(k, err) || put_records(k, err) || put_found_alone(k, err) ? -1 : 0;
    k->waits = 0;
    arena_clear(&k->wait_mem);
    return rc;
}

int store_flush_sink(struct store_sink *k, struct err *err)
{
    if (k->broken)
        return err_set(err, ERR_IO, "%s: an answer could not be written", db_path(k->s->db));
    if (!k->s->batch)
        return 0;
    if (put_waiting(k, err) ||
        (k->o.keeper && (k->o.keeper->sync(k->o.keeper->to, err) ||
                         store_seal_evidence(k->s, k->o.keeper, err))) ||
        store_commit(k->s, err))
        return broke(k);
    k->pending = 0;
    return 0;
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
    return store_flush_sink(k, err);          // as durable as the charge
}

/* Instants of a loaded request are its file's; of others, now. */
static int64_t request_time(const struct request *r)
{
    if (r->loaded && r->sent_at > 0)
        return r->sent_at;
    return r->loaded && r->done_at > 0 ? r->done_at : utc_now();
}

static int sink_reserve(void *to, struct request *r, struct err *err)
{
    struct store_sink *k = to;
    int64_t n;

    if (r->n)
        return send_again(k, r, err);
    if (store_number(k->s, NUMBER_REQUEST, 1, &n, err))
        return -1;
    if (charge(k, r, n, err)) {
        k->s->last[NUMBER_REQUEST]--;         // it was not used
        return -1;
    }
    r->n = n;
    r->reserved_at = request_time(r);
    if (!of_api(r->witness))
        return 0;
    if (begin_batch(k->s, err) || put_request(k->s, r, r->sends + !r->loaded, err) ||
        put_members(k, r, err))
        return broke(k);
    return r->loaded ? 0 : store_flush_sink(k, err);
}

/* ---- evidence ---- */
static int file_number(struct store_sink *k, const char *name, int64_t *n, struct err *err)
{
    *n = 0;
    if (!name[0])
        return 0;
    if (!k->file_n || strcmp(name, k->file) != 0) {
        if (store_file_number(k->s, name, &k->file_n, err))
            return -1;
        memcpy(k->file, name, strlen(name) + 1);
    }
    *n = k->file_n;
    return 0;
}

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
static int sink_exchange(void *to, const struct request *r, const struct http_exchange *x,
                         struct evidence *evidence, struct err *err)
{
    struct store_sink *k = to;
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
    if (begin_batch(k->s, err) || file_number(k, place.file, &file, err) ||
        store_number(k->s, NUMBER_EVIDENCE, 1, &n, err) ||
        db_run(k->s->db, Q_EVIDENCE_ADD,
               ARGS(arg_int(n), arg_int(file), arg_int(place.offset), arg_int(place.len),
                    arg_int(r->witness), arg_digest(&place.digest), arg_int(r->n)), err))
        return broke(k);
    evidence->n = n;
    return 0;
}

/* The evidence of a page becomes the record of its extract. */
static int keep_extract(struct store_sink *k, const struct answer *a, struct err *err)
{
    const struct keeper *keeper = k->o.keeper;
    struct kept_place place = {0};
    struct digest whole = {{0}};
    struct buf url = {0};
    struct stmt *st;
    int64_t file;
    int rc;

    if (db_query(k->s->db, Q_EVIDENCE_GET, ARGS(arg_int(a->evidence.n)), &st, err))
        return -1;
    if ((rc = stmt_next(st, err)) == 1)
        stmt_digest(st, 2, &whole);
    stmt_done(st);
    if (rc != 1)
        return rc;
    tiktok_post_url(&url, a->id, STR_NONE);
    rc = keeper->extract(keeper->to, buf_view(&url), a->extract, &whole, a->at, &place, err);
    buf_release(&url);
    if (rc || file_number(k, place.file, &file, err))
        return -1;
    return db_run(
        k->s->db, Q_EVIDENCE_MOVE,
        ARGS(arg_int(a->evidence.n), arg_int(file), arg_int(place.offset), arg_int(place.len)),
        err);
}

/* ---- the end of a request to the API ---- */
static int read_members(struct store_sink *k, const struct request *r, struct members *m,
                        struct err *err)
{
    struct stmt *st;
    int rc;

    m->row = xcalloc(r->members + 1, sizeof *m->row);
    m->of = xcalloc(r->members + 1, sizeof *m->of);
    arena_clear(&k->mem);
    if (db_query(k->s->db, Q_MEMBERS, ARGS(arg_int(r->n)), &st, err))
        return -1;
    while ((rc = stmt_next(st, err)) == 1 && m->n < r->members) {
        if (!store_item_read(st, &m->row[m->n], &k->mem)) {
            rc = db_damaged(k->s->db, "an item's state is none of ours", err);
            break;
        }
        m->of[m->n] = (struct member){ m->row[m->n].n, stmt_int(st, 37) != 0 };
        m->n++;
    }
    stmt_done(st);
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

static int members_done(struct store_sink *k, struct request *r, struct err *err)
{
    bool writes = r->witness == WITNESS_QUERY || (r->complete && r->witness == WITNESS_VALIDATION);
    struct members m = {0};
    int rc = -1;

    if (member_numbers(k->s, r, err) || came_back(k, err) || put_records(k, err) ||
        read_members(k, r, &m, err) || note_back(k, r, &m, err))
        goto out;
    if (r->complete && r->witness == WITNESS_QUERY && members_asked(k, r, &m, err))
        goto out;
    for (size_t i = 0; i < m.n; i++) {
        if (r->complete && r->witness == WITNESS_VALIDATION)
            state_validated(&m.row[i], m.of[i].back, r->done_at);
        else if (!r->complete && r->witness == WITNESS_QUERY)
            state_sent(&m.row[i], r);
    }
    if ((writes && store_states_put(k->s, m.row, m.n, err)) || put_found_alone(k, err))
        goto out;
    k->waits = 0;
    arena_clear(&k->wait_mem);
    rc = 0;
out:
    members_release(&m);
    return rc;
}

/* ---- answers of pages, oEmbed and short links ---- */
/* The handle in a link may be a later or an earlier one of the same account;
 * both are kept, once. */
static int note_handle(struct store *s, const struct item_row *row, const struct answer *a,
                       struct err *err)
{
    const struct value *author = &a->record->val[FIELD_AUTHOR];
    int64_t one = 0, *const out[] = { &one };
    struct str link = row->handle;
    struct buf text = {0};
    int rc;

    if (author->kind != VAL_TEXT || author->text.n == 0 || tiktok_handle_is_none(link) ||
        str_eq_nocase(link, author->text))
        return 0;
    buf_printf(&text, "%.*s is now %.*s", STR_ARG(link), STR_ARG(author->text));
    rc = db_row(s->db, Q_EVENT_KNOWN,
                ARGS(arg_int(a->item), arg_text(STR("handle_changed")), arg_text(buf_view(&text))),
                out, 1, err);
    if (rc == 0)
        rc = store_event(s, "handle_changed", a->item, buf_view(&text), err);
    buf_release(&text);
    return rc < 0 ? -1 : 0;
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
    return db_run(k->s->db, Q_VANTAGE_READ,
                  ARGS(arg_int(k->vantage), arg_int(a->item), arg_int(a->kind), arg_int(a->at),
                       arg_int(a->request)), err);
}

/* Something but its link is known of it. */
static bool has_state(const struct item_row *row)
{
    return row->sent_at || row->asked || row->found_first_at || row->page != ANSWER_COUNT ||
           row->oembed != ANSWER_COUNT || row->sampled || row->valid_at;
}

/* Another vantage's answer stands beside what was said at the first. */
static int put_about_item(struct store_sink *k, const struct answer *a, struct err *err)
{
    bool elsewhere = a->witness == WITNESS_PAGE && k->vantage > 1;
    struct item_row row;

    arena_clear(&k->mem);
    if ((elsewhere && put_vantage_state(k, a, err)) ||
        store_items_raw(k->s, &a->item, 1, &row, &k->mem, err))
        return -1;
    if (elsewhere) {
        if (a->kind == ANSWER_NO_ANSWER || !has_state(&row))
            return 0;
        state_elsewhere(&row, a, k->vantage);
        return store_states_put(k->s, &row, 1, err);
    }
    if (a->witness == WITNESS_OEMBED)
        state_oembed(&row, a);
    else
        state_page(&row, a);
    if (store_states_put(k->s, &row, 1, err))
        return -1;
    if (a->witness != WITNESS_PAGE || a->kind == ANSWER_NO_ANSWER || !a->record)
        return 0;
    return store_put_records(k->s, SIDE_PAGE, a, 1, err) || note_handle(k->s, &row, a, err) ? -1
                                                                                           : 0;
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
                       arg_int(k->vantage)), err);
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

/* A post that is blocked alone uses one attempt a day: a further one counts as any block. */
static int alone_again(struct store_sink *k, const struct answer *a, struct answer *state,
                       struct err *err)
{
    bool yes = false;

    if (a->kind != ANSWER_NO_ANSWER || a->why != NO_ANSWER_BLOCKED_ALONE)
        return 0;
    if (store_blocked_alone(k->s, a->item, a->witness, k->vantage, utc_day(a->at), &yes, err))
        return -1;
    if (yes)
        state->why = NO_ANSWER_FORBIDDEN;
    return 0;
}

static int put_answer(struct store_sink *k, const struct request *r, const struct answer *a,
                      struct err *err)
{
    struct answer state = *a;

    store_answered(k->s, a->kind == ANSWER_NO_ANSWER ? 0 : a->at);
    if (of_api(r->witness)) {
        wait_for_end(k, r, a);
        return 0;
    }
    if (vantage_seen(k, a, err) || alone_again(k, a, &state, err) ||
        put_request(k->s, r, r->sends, err) || put_page_answer(k, r, a, err))
        return -1;
    k->row = *r;
    a = &state;
    return r->witness == WITNESS_SHORT ? put_short(k->s, a, err) : put_about_item(k, a, err);
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

static int sink_put(void *to, const struct request *r, const struct answer *given, struct err *err)
{
    struct store_sink *k = to;
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

static int sink_done(void *to, struct request *r, struct err *err)
{
    struct store_sink *k = to;

    if (r->done_at == 0)
        r->done_at = request_time(r);
    if (begin_batch(k->s, err) || (!is_written(k, r) && put_request(k->s, r, r->sends, err)))
        return broke(k);
    if (of_api(r->witness)) {
        if (members_done(k, r, err))
            return broke(k);
        store_answered(k->s, r->complete ? r->done_at : 0);
        if (!r->loaded)
            return store_flush_sink(k, err);
    }
    if (++k->pending >= k->o.commit_every)
        return store_flush_sink(k, err);
    return 0;
}

static int sink_commit(void *to, struct err *err)
{
    return store_flush_sink(to, err);
}

static int sink_drift(void *to, const char *kind, struct str name, int64_t count, int64_t at,
                      struct err *err)
{
    struct store_sink *k = to;
    const struct counted c = { count, at, at };

    if (begin_batch(k->s, err) || store_tally(k->s, kind, name, &c, err))
        return broke(k);
    return 0;
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

static int sink_spare(void *to, const struct ask_member *m, size_t n, struct err *err)
{
    struct store_sink *k = to;
    int rc;

    if (begin_batch(k->s, err))
        return broke(k);
    rows_clear(&k->rows);
    for (size_t i = 0; i < n; i++)
        spare_row(&k->rows, m[i].item);
    if (n == 0)
        return 0;
    rc = k->vantage <= 1 ? rows_run(k->s->db, Q_STATES_SPARE, &k->rows, err)
                         : db_run(k->s->db, Q_VANTAGE_SPARE,
                                  ARGS(arg_int(k->vantage), rows_arg(&k->rows)), err);
    return rc ? broke(k) : 0;
}

static int sink_alike(void *to, const struct answer *a, bool *yes, struct err *err)
{
    struct store_sink *k = to;
    int64_t one = 0, *const out[] = { &one };
    int rc = a->item > 0
                 ? db_row(k->s->db, Q_PAGE_ALIKE,
                          ARGS(arg_int(a->item), arg_int(WITNESS_PAGE), arg_int(ANSWER_NO_ANSWER),
                               arg_text(a->message), arg_int(a->at), arg_int(a->request)),
                          out, 1, err)
                 : 0;

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

static int note_lost(struct store *s, struct err *err)
{
    bool own;

    if (store_enter(s, &own, err))
        return -1;
    return store_leave(s, own, db_run(s->db, Q_STATES_LOST, NO_ARGS, err), err);
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
                          .alike = sink_alike };
    return 0;
}

/* What came in and was not committed is committed now if it can be; after a
 * failed write the whole transaction is dropped. */
void store_sink_release(struct sink *sink)
{
    struct store_sink *k = sink->to;
    struct err ignored = {0};

    if (!k)
        return;
    if (k->s->batch && store_flush_sink(k, &ignored))
        store_rollback(k->s);
    if (k->s->sink == k)
        k->s->sink = NULL;
    rows_release(&k->rows);
    buf_release(&k->region);
    arena_release(&k->wait_mem);
    arena_release(&k->mem);
    free(k->wait);
    free(k);
    *sink = (struct sink){0};
}
