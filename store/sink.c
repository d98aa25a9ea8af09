/* store/sink.c: the answers of fetch, scrape and load go into the store.
 *
 * Requests to the API are few and dear: the ledger is charged and the request
 * with its members is on the disk before a byte is sent, and its answers are
 * committed when it is done. A request that was never done stays as sent and
 * lost: its members count as sent, not as asked, from the next sink on (to note
 * it when it is sent would write every item's state twice).
 * Pages are many and cheap: nothing is written before the answer, and a
 * transaction is committed every commit_every answers. A killed run reads the
 * pages of its last transaction again.
 * Evidence is synced before the commit that refers to it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utc.h"
#include "record/id.h"
#include "platform/tiktok.h"
#include "store/ledger.h"
#include "store/sqlite_priv.h"

/* An answer of the query that waits for the end of its request: an item's state
 * is then written once, with what the request says of its members. */
struct found { int64_t item, at, created, request; };

struct store_sink {
    struct store *s;
    struct sink_opts o;
    char audit[DIGEST_HEX];
    int64_t vantage;               // number of o.vantage; 0 until a page is put
    int64_t pending;               // answers in the open transaction
    struct found *found; size_t found_n, found_cap;
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

static int put_state_found(struct store *s, const struct found *f, struct err *err)
{
    sqlite3_stmt *st = store_query(s, Q_STATE_FOUND, err);

    s->found = -1;
    if (!st)
        return -1;
    bind_int(st, 1, f->item);
    bind_int(st, 2, f->at);
    bind_int(st, 3, f->created);
    bind_int(st, 4, f->request);
    return store_run(s, st, err);
}

/* Those that no complete request took up. */
static int put_states_found(struct store_sink *k, struct err *err)
{
    for (size_t i = 0; i < k->found_n; i++)
        if (put_state_found(k->s, &k->found[i], err))
            return -1;
    k->found_n = 0;
    return 0;
}

int store_flush_sink(struct store_sink *k, struct err *err)
{
    if (k->broken)
        return err_set(err, ERR_IO, "%s: an answer could not be written", k->s->path);
    if (!k->s->batch)
        return 0;
    if (put_states_found(k, err) ||
        (k->o.keeper && (k->o.keeper->sync(k->o.keeper->to, err) ||
                          store_seal_evidence(k->s, k->o.keeper, err))) ||
        store_commit(k->s, err)) {
        k->broken = true;
        return -1;
    }
    k->pending = 0;
    return 0;
}

static int broke(struct store_sink *k)
{
    k->broken = true;
    return -1;
}

/* ---- requests ---- */
static int put_request(struct store *s, const struct request *r, int sends, struct err *err)
{
    sqlite3_stmt *st = store_query(s, Q_REQUEST_PUT, err);

    if (!st)
        return -1;
    bind_int(st, 1, r->n);
    bind_int(st, 2, r->witness);
    bind_int(st, 3, r->round);
    bind_int(st, 4, r->start_day);
    bind_int(st, 5, r->end_day);
    bind_int(st, 6, (int64_t)r->members);
    bind_int(st, 7, r->loaded);
    bind_int(st, 8, r->reserved_at);
    bind_int(st, 9, r->sent_at);
    bind_int(st, 10, r->done_at);
    bind_int(st, 11, sends);
    bind_int(st, 12, r->http);
    bind_int(st, 13, r->complete);
    bind_int(st, 14, r->rows);
    bind_int(st, 15, r->strange_rows);
    bind_int(st, 16, r->evidence.n);
    bind_str(st, 17, str_of(r->error_code));
    bind_str(st, 18, str_of(r->log_id));
    return store_run(s, st, err);
}

static int next_request(struct store *s, int64_t *n, struct err *err)
{
    if (s->next_request < 0) {
        sqlite3_stmt *st = store_query(s, Q_REQUEST_LAST, err);
        int rc = st ? store_step(s, st, err) : -1;

        if (rc == 1)
            s->next_request = sqlite3_column_int64(st, 0) + 1;
        if (st)
            sqlite3_reset(st);
        if (rc != 1)
            return -1;
    }
    *n = s->next_request;
    return 0;
}

static int item_number(struct store *s, uint64_t id, int64_t *item, struct err *err)
{
    char text[ID_TEXT_MAX];

    if (*item > 0)
        return 0;
    if (store_item_find(s, id, item, err))
        return -1;
    return *item ? 0 : err_set(err, ERR_INPUT, "%s is no item of this audit", id_text(id, text));
}

static int put_member(struct store *s, const struct request *r, struct ask_member *m,
                      struct err *err)
{
    sqlite3_stmt *st;

    if (item_number(s, m->id, &m->item, err) || !(st = store_query(s, Q_ASK_ADD, err)))
        return -1;
    bind_int(st, 1, r->n);
    bind_int(st, 2, m->item);
    bind_int(st, 3, m->role);
    return store_run(s, st, err);
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
    sqlite3_stmt *st;

    if (charge(k, r, r->n, err))
        return -1;
    if (!of_api(r->witness) || r->loaded)
        return 0;
    if (begin_batch(k->s, err) || !(st = store_query(k->s, Q_REQUEST_SENDS, err)))
        return broke(k);
    bind_int(st, 1, r->n);
    bind_int(st, 2, r->sends + 1);
    if (store_run(k->s, st, err))
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
    if (next_request(k->s, &n, err) || charge(k, r, n, err))
        return -1;
    k->s->next_request = n + 1;
    r->n = n;
    r->reserved_at = request_time(r);
    if (!of_api(r->witness))
        return 0;
    if (begin_batch(k->s, err) || put_request(k->s, r, r->sends + !r->loaded, err))
        return broke(k);
    for (size_t i = 0; i < r->members; i++)
        if (put_member(k->s, r, &r->member[i], err))
            return broke(k);
    return r->loaded ? 0 : store_flush_sink(k, err);
}

/* ---- evidence ---- */
static int file_number(struct store_sink *k, const char *name, int64_t *n, struct err *err)
{
    sqlite3_stmt *st;
    int rc;

    *n = 0;
    if (!name[0])
        return 0;
    if (k->file_n && strcmp(name, k->file) == 0) {
        *n = k->file_n;
        return 0;
    }
    if (!(st = store_query(k->s, Q_FILE_FIND, err)))
        return -1;
    bind_str(st, 1, str_of(name));
    if ((rc = store_step(k->s, st, err)) == 1)
        *n = sqlite3_column_int64(st, 0);
    sqlite3_reset(st);
    if (rc < 0)
        return -1;
    if (rc == 0) {
        if (!(st = store_query(k->s, Q_FILE_ADD, err)))
            return -1;
        bind_str(st, 1, str_of(name));
        if (store_run(k->s, st, err))
            return -1;
        *n = sqlite3_last_insert_rowid(k->s->db);
    }
    memcpy(k->file, name, strlen(name) + 1);
    k->file_n = *n;
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
    int64_t file;
    sqlite3_stmt *st;

    if (charge_midnight(k, r, x, err))
        return -1;
    /* Of a page that is only to be kept in extract the digest of the whole
     * stands here; the extract comes with the answer. */
    if (!keeper || (keeper->keep == KEEP_EXTRACT && r->witness == WITNESS_PAGE))
        place.digest = digest_sha256(x->body);
    else if (keeper->exchange(keeper->to, x, x->done_at ? x->done_at : utc_now(), &place, err))
        return -1;
    if (begin_batch(k->s, err) || file_number(k, place.file, &file, err) ||
        !(st = store_query(k->s, Q_EVIDENCE_ADD, err)))
        return broke(k);
    bind_int(st, 1, file);
    bind_int(st, 2, place.offset);
    bind_int(st, 3, place.len);
    bind_int(st, 4, r->witness);
    bind_digest(st, 5, &place.digest);
    bind_int(st, 6, r->n);
    if (store_run(k->s, st, err))
        return broke(k);
    evidence->n = sqlite3_last_insert_rowid(k->s->db);
    return 0;
}

/* ---- answers of the API ---- */
static int came_back(struct store *s, int64_t request, int64_t item, struct err *err)
{
    sqlite3_stmt *st = store_query(s, Q_ASK_CAME_BACK, err);

    if (!st)
        return -1;
    bind_int(st, 1, request);
    bind_int(st, 2, item);
    return store_run(s, st, err);
}

static int put_found(struct store_sink *k, const struct request *r, const struct answer *a,
                     struct err *err)
{
    const struct value *created = a->record ? &a->record->val[FIELD_CREATED] : NULL;

    if (came_back(k->s, r->n, a->item, err))
        return -1;
    if (a->record && store_put_record(k->s, SIDE_API, a, err))
        return -1;
    if (r->witness != WITNESS_QUERY)
        return 0;
    if (k->found_n == k->found_cap) {
        k->found_cap = k->found_cap ? 2 * k->found_cap : 128;
        k->found = xrealloc(k->found, k->found_cap * sizeof *k->found);
    }
    k->found[k->found_n++] = (struct found){ a->item, a->at,
                                             created && created->kind == VAL_INT ? created->i : 0,
                                             r->n };
    return 0;
}

/* What is known of a member's asks; days and absences are counted so that
 * replies which are loaded out of order give the same totals. */
struct asked {
    int64_t item;
    bool back;
    int64_t asked, days, first_at, last_at, found_first_at, found_last_at, created, request, absent,
        following;
};
struct askeds { struct asked *v; size_t n; };

/* All members of a request by one walk; by item. */
static int get_asked(struct store *s, const struct request *r, struct askeds *out, struct err *err)
{
    sqlite3_stmt *st = store_query(s, Q_ASK_STATES, err);
    int rc = 0;

    if (!st)
        return -1;
    out->v = xcalloc(r->members ? r->members : 1, sizeof *out->v);
    bind_int(st, 1, r->n);
    while (out->n < r->members && (rc = store_step(s, st, err)) == 1) {
        struct asked *a = &out->v[out->n++];
        int64_t *const to[] = { &a->asked,          &a->days,          &a->first_at, &a->last_at,
                                &a->found_first_at, &a->found_last_at, &a->created,  &a->request,
                                &a->absent,         &a->following };

        a->item = sqlite3_column_int64(st, 0);
        a->back = sqlite3_column_int(st, 1) != 0;
        for (int i = 0; i < 10; i++)
            *to[i] = sqlite3_column_int64(st, 2 + i);
    }
    sqlite3_reset(st);
    return rc < 0 ? -1 : 0;
}

static int by_item(const void *a, const void *b)
{
    const struct asked *x = a, *y = b;

    return (x->item > y->item) - (x->item < y->item);
}

static int asked_on_day(struct store *s, int64_t item, int64_t request, int64_t day, bool *asked,
                        struct err *err)
{
    sqlite3_stmt *st = store_query(s, Q_ASK_ON_DAY, err);
    int rc;

    if (!st)
        return -1;
    bind_int(st, 1, item);
    bind_int(st, 2, request);
    bind_int(st, 3, utc_day_start(day));
    bind_int(st, 4, utc_day_start(day + 1));
    rc = store_step(s, st, err);
    *asked = rc == 1;
    sqlite3_reset(st);
    return rc < 0 ? -1 : 0;
}

static int count_absences(struct store *s, int64_t item, int64_t request, int64_t before,
                          int64_t *n, struct err *err)
{
    sqlite3_stmt *st = store_query(s, Q_ASK_ABSENT_BEFORE, err);
    int rc;

    if (!st)
        return -1;
    bind_int(st, 1, item);
    bind_int(st, 2, request);
    bind_int(st, 3, before);
    if ((rc = store_step(s, st, err)) == 1)
        *n = sqlite3_column_int64(st, 0);
    sqlite3_reset(st);
    return rc == 1 ? 0 : -1;
}

static int validated(struct store *s, int64_t item, bool valid, int64_t at, struct err *err)
{
    sqlite3_stmt *st = store_query(s, Q_STATE_VALID, err);

    if (!st)
        return -1;
    bind_int(st, 1, item);
    bind_int(st, 2, valid ? VALIDATION_VALID : VALIDATION_NOT_VALID);
    bind_int(st, 3, at);
    return store_run(s, st, err);
}

/* Sent in vain. */
static int member_sent(struct store *s, const struct request *r, int64_t item, struct err *err)
{
    sqlite3_stmt *st = store_query(s, Q_STATE_SENT, err);

    if (!st)
        return -1;
    bind_int(st, 1, item);
    bind_int(st, 2, r->reserved_at);
    return store_run(s, st, err);
}

/* The rows of a request, whose members are all at hand, enter their states;
 * others (there should be none) are left. */
static void take_found(struct store_sink *k, const struct askeds *all)
{
    size_t left = 0;

    for (size_t i = 0; i < k->found_n; i++) {
        const struct found f = k->found[i];
        struct asked *a, key = { .item = f.item };

        if (!(a = all->n ? bsearch(&key, all->v, all->n, sizeof *a, by_item) : NULL)) {
            k->found[left++] = f;
            continue;
        }
        if (a->found_first_at == 0 && k->s->found >= 0)
            k->s->found++;
        if (f.at >= a->found_last_at)
            a->request = f.request;
        if (a->found_first_at == 0 || f.at < a->found_first_at)
            a->found_first_at = f.at;
        if (f.at > a->found_last_at)
            a->found_last_at = f.at;
        if (f.created > 0)
            a->created = f.created;
    }
    k->found_n = left;
}

/* What a complete reply of the query says of one member. */
static int member_asked(struct store *s, const struct request *r, uint64_t id, struct asked *a,
                        struct err *err)
{
    int64_t at = r->done_at, day = utc_day(at);
    bool known = false, in_order = at >= a->last_at;
    sqlite3_stmt *st;

    if (a->asked > 0 && (day == utc_day(a->last_at) || day == utc_day(a->first_at)))
        known = true;
    else if (a->asked > 0 && !in_order && asked_on_day(s, a->item, r->n, day, &known, err))
        return -1;
    if (a->back && !in_order &&
        count_absences(s, a->item, r->n, a->found_first_at, &a->absent, err))
        return -1;
    if (!a->back && (a->found_first_at == 0 || at < a->found_first_at))
        a->absent++;
    a->following += r->start_day > utc_day(id_time(id));
    if (a->found_first_at == 0 && in_order)
        a->request = r->n;
    if (a->asked == 0 && s->asked >= 0)
        s->asked++;
    if (!(st = store_query(s, Q_STATE_API_SET, err)))
        return -1;
    bind_int(st, 1, a->item);
    bind_int(st, 2, a->asked + 1);
    bind_int(st, 3, a->days + !known);
    bind_int(st, 4, a->asked == 0 || at < a->first_at ? at : a->first_at);
    bind_int(st, 5, in_order ? at : a->last_at);
    bind_int(st, 6, a->absent);
    bind_int(st, 7, a->following);
    bind_int(st, 8, a->request);
    bind_int(st, 9, r->reserved_at);
    bind_int(st, 10, a->found_first_at);
    bind_int(st, 11, a->found_last_at);
    bind_int(st, 12, a->created);
    return store_run(s, st, err);
}

static int member_done(struct store *s, const struct request *r, struct ask_member *m,
                       const struct askeds *all, struct err *err)
{
    struct asked *a, key = {0};

    if (item_number(s, m->id, &m->item, err))
        return -1;
    key.item = m->item;
    if (!(a = all->n ? bsearch(&key, all->v, all->n, sizeof *a, by_item) : NULL))
        return err_set(err, ERR_IO, "%s: request %lld did not ask for item %lld", s->path,
                       (long long)r->n, (long long)m->item);
    if (m->came_back && !a->back && came_back(s, r->n, m->item, err))
        return -1;
    a->back = a->back || m->came_back;
    if (r->complete && r->witness == WITNESS_VALIDATION)
        return validated(s, m->item, a->back, r->done_at, err);
    if (r->witness != WITNESS_QUERY)
        return 0;
    return r->complete ? member_asked(s, r, m->id, a, err) : member_sent(s, r, m->item, err);
}

static int members_done(struct store_sink *k, const struct request *r, struct err *err)
{
    struct store *s = k->s;
    struct askeds all = {0};
    int rc = get_asked(s, r, &all, err);

    if (rc == 0 && r->complete && r->witness == WITNESS_QUERY)
        take_found(k, &all);
    for (size_t i = 0; rc == 0 && i < r->members; i++)
        rc = member_done(s, r, &r->member[i], &all, err);
    free(all.v);
    return rc;
}

/* ---- answers of pages, oEmbed and short links ---- */
struct page_state {
    int kind;
    int64_t at, public_first, public_last, refused_last, tries, tried_at;
};

static int need_state(struct store *s, int64_t item, struct err *err)
{
    sqlite3_stmt *st = store_query(s, Q_STATE_NEED, err);

    if (!st)
        return -1;
    bind_int(st, 1, item);
    return store_run(s, st, err);
}

static int get_page(struct store *s, int64_t item, struct page_state *p, struct err *err)
{
    sqlite3_stmt *st;
    int64_t *const out[] = { &p->at,           &p->public_first, &p->public_last,
                             &p->refused_last, &p->tries,        &p->tried_at };
    int rc;

    if (need_state(s, item, err) || !(st = store_query(s, Q_STATE_PAGE, err)))
        return -1;
    bind_int(st, 1, item);
    if ((rc = store_step(s, st, err)) == 1) {
        p->kind = sqlite3_column_type(st, 0) == SQLITE_NULL ? ANSWER_COUNT
                                                            : sqlite3_column_int(st, 0);
        for (int i = 0; i < 6; i++)
            *out[i] = sqlite3_column_int64(st, i + 1);
    }
    sqlite3_reset(st);
    return rc == 1 ? 0 : -1;
}

/* No answer is not an answer: what an earlier reading decided stays. */
static int page_tried(struct store *s, const struct answer *a, const struct page_state *p,
                      struct err *err)
{
    sqlite3_stmt *st = store_query(s, Q_STATE_PAGE_TRY, err);

    if (!st)
        return -1;
    bind_int(st, 1, a->item);
    bind_int(st, 2, p->kind == ANSWER_COUNT ? ANSWER_NO_ANSWER : p->kind);
    bind_int(st, 3, p->tries + !no_answer_is_block(a->why));
    bind_int(st, 4, a->at > p->tried_at ? a->at : p->tried_at);
    return store_run(s, st, err);
}

static int page_decides(struct store *s, const struct answer *a, struct err *err)
{
    sqlite3_stmt *st = store_query(s, Q_STATE_PAGE_SET, err);

    if (!st)
        return -1;
    bind_int(st, 1, a->item);
    bind_int(st, 2, a->kind);
    if (a->has_code)
        bind_int(st, 3, a->code);
    else
        sqlite3_bind_null(st, 3);
    bind_str(st, 4, a->message);
    bind_str(st, 5, a->region);
    bind_int(st, 6, a->at);
    bind_int(st, 7, a->request);
    return store_run(s, st, err);
}

static int page_read(struct store *s, const struct answer *a, const struct page_state *p,
                     struct err *err)
{
    const struct value *created = a->record ? &a->record->val[FIELD_CREATED] : NULL;
    bool is_public = a->kind == ANSWER_PUBLIC;
    int64_t first = p->public_first, last = p->public_last, refused = p->refused_last;
    sqlite3_stmt *st = store_query(s, Q_STATE_PAGE_READ, err);

    if (!st)
        return -1;
    if (is_public && (first == 0 || a->at < first))
        first = a->at;
    if (is_public && a->at > last)
        last = a->at;
    if (!is_public && a->at > refused)
        refused = a->at;
    bind_int(st, 1, a->item);
    bind_int(st, 2, a->at >= p->tried_at ? 0 : p->tries);
    bind_int(st, 3, a->at > p->tried_at ? a->at : p->tried_at);
    bind_int(st, 4, first);
    bind_int(st, 5, last);
    bind_int(st, 6, refused);
    bind_int(st, 7, created && created->kind == VAL_INT ? created->i : 0);
    bind_int(st, 8, is_public && a->record ? (int64_t)record_marks(a->record) : -1);
    if (store_run(s, st, err))
        return -1;
    return a->at >= p->at ? page_decides(s, a, err) : 0;
}

/* The handle in a link may be a later or an earlier one of the same account;
 * both are kept, once. */
static int note_handle(struct store *s, const struct answer *a, struct err *err)
{
    const struct value *author = &a->record->val[FIELD_AUTHOR];
    sqlite3_stmt *st;
    struct buf text = {0};
    struct str link;
    int rc;

    if (author->kind != VAL_TEXT || author->text.n == 0)
        return 0;
    if (!(st = store_query(s, Q_ITEM_NAME, err)))
        return -1;
    bind_int(st, 1, a->item);
    if ((rc = store_step(s, st, err)) == 1) {
        link = col_str(st, 1);
        if (!tiktok_handle_is_none(link) && !str_eq_nocase(link, author->text))
            buf_printf(&text, "%.*s is now %.*s", STR_ARG(link), STR_ARG(author->text));
    }
    sqlite3_reset(st);
    if (rc == 1 && text.n > 0 && (st = store_query(s, Q_EVENT_KNOWN, err))) {
        bind_int(st, 1, a->item);
        bind_str(st, 2, STR("handle_changed"));
        bind_str(st, 3, buf_view(&text));
        rc = store_step(s, st, err);
        sqlite3_reset(st);
        if (rc == 0)
            rc = store_event(s, "handle_changed", a->item, buf_view(&text), err);
    } else if (rc == 1 && text.n > 0) {
        rc = -1;
    }
    buf_release(&text);
    return rc < 0 ? -1 : 0;
}

/* Another vantage's answer stands beside what was said at the first. */
static int put_elsewhere(struct store_sink *k, const struct answer *a, struct err *err)
{
    bool decisive = a->kind != ANSWER_NO_ANSWER;
    sqlite3_stmt *st = store_query(k->s, decisive ? Q_VANTAGE_READ : Q_VANTAGE_TRY, err);

    if (!st)
        return -1;
    bind_int(st, 1, k->vantage);
    bind_int(st, 2, a->item);
    bind_int(st, 3, decisive ? (int64_t)a->kind : !no_answer_is_block(a->why));
    bind_int(st, 4, a->at);
    if (decisive)
        bind_int(st, 5, a->request);
    if (store_run(k->s, st, err))
        return -1;
    if (!decisive)
        return 0;
    if (!(st = store_query(k->s, Q_STATE_ELSEWHERE, err)))
        return -1;
    bind_int(st, 1, k->vantage);
    bind_int(st, 2, a->item);
    bind_int(st, 3, a->kind);
    bind_int(st, 4, a->at);
    return store_run(k->s, st, err);
}

static int vantage_seen(struct store_sink *k, const struct answer *a, struct err *err)
{
    sqlite3_stmt *st;

    if (!k->vantage && store_vantage(k->s, k->o.vantage, true, &k->vantage, err))
        return -1;
    if (!a->region.n)
        return 0;
    if (!(st = store_query(k->s, Q_VANTAGE_SEEN, err)))
        return -1;
    bind_int(st, 1, k->vantage);
    bind_str(st, 2, a->region);
    return store_run(k->s, st, err);
}

static int put_page(struct store *s, const struct answer *a, struct err *err)
{
    struct page_state p = {0};

    if (get_page(s, a->item, &p, err))
        return -1;
    if (a->kind == ANSWER_NO_ANSWER)
        return page_tried(s, a, &p, err);
    if (page_read(s, a, &p, err))
        return -1;
    if (a->record && (store_put_record(s, SIDE_PAGE, a, err) || note_handle(s, a, err)))
        return -1;
    return 0;
}

static int put_oembed(struct store *s, const struct answer *a, struct err *err)
{
    bool decisive = a->kind != ANSWER_NO_ANSWER;
    sqlite3_stmt *st = store_query(s, Q_STATE_OEMBED, err);

    if (!st)
        return -1;
    bind_int(st, 1, a->item);
    bind_int(st, 2, a->kind);
    bind_int(st, 3, a->at);
    bind_int(st, 4, !decisive && !no_answer_is_block(a->why));
    bind_int(st, 5, decisive);
    return store_run(s, st, err);
}

/* Of a short link the item is the link's number and the message its target.
 * Only the parser of links can say which item that is, so the caller follows
 * with store_link_resolved, in the same transaction. */
static int put_short(struct store *s, const struct answer *a, struct err *err)
{
    sqlite3_stmt *st = store_query(s, Q_LINK_TRIED, err);

    if (!st)
        return -1;
    bind_int(st, 1, a->item);
    if (a->message.n)
        bind_str(st, 2, a->message);
    else
        sqlite3_bind_null(st, 2);
    bind_int(st, 3, a->kind == ANSWER_NO_ANSWER && !no_answer_is_block(a->why));
    bind_int(st, 4, a->at);
    return store_run(s, st, err);
}

static int put_page_answer(struct store *s, const struct request *r, const struct answer *a,
                           int64_t vantage, struct err *err)
{
    sqlite3_stmt *st = store_query(s, Q_PAGE_ANSWER, err);

    if (!st)
        return -1;
    bind_int(st, 1, a->item);
    bind_int(st, 2, r->n);
    bind_int(st, 3, r->witness);
    bind_int(st, 4, a->at);
    bind_int(st, 5, a->kind);
    bind_int(st, 6, a->why);
    if (a->has_code)
        bind_int(st, 7, a->code);
    else
        sqlite3_bind_null(st, 7);
    bind_str(st, 8, a->message);
    bind_int(st, 9, a->generation);
    bind_str(st, 10, a->region);
    bind_int(st, 11, a->evidence.n ? a->evidence.n : r->evidence.n);
    bind_int(st, 12, vantage);
    return store_run(s, st, err);
}

/* ---- the sink ---- */
static int put_answer(struct store_sink *k, const struct request *r, const struct answer *a,
                      struct err *err)
{
    struct store *s = k->s;

    store_answered(s, a->kind == ANSWER_NO_ANSWER ? 0 : a->at);
    if (of_api(r->witness))
        return a->kind == ANSWER_FOUND ? put_found(k, r, a, err) : 0;
    if (vantage_seen(k, a, err) || put_request(s, r, r->sends, err) ||
        put_page_answer(s, r, a, k->vantage, err))
        return -1;
    if (r->witness == WITNESS_PAGE && k->vantage > 1)
        return put_elsewhere(k, a, err);
    switch (r->witness) {
    case WITNESS_PAGE: return put_page(s, a, err);
    case WITNESS_OEMBED: return put_oembed(s, a, err);
    case WITNESS_SHORT: return put_short(s, a, err);
    default: return 0;
    }
}

/* The evidence of a page becomes the record of its extract. */
static int keep_extract(struct store_sink *k, const struct answer *a, struct err *err)
{
    struct kept_place place;
    struct digest whole;
    struct buf url = {0};
    int64_t file;
    sqlite3_stmt *st = store_query(k->s, Q_EVIDENCE_DIGEST, err);
    int rc;

    if (!st)
        return -1;
    bind_int(st, 1, a->evidence.n);
    if ((rc = store_step(k->s, st, err)) == 1 && sqlite3_column_bytes(st, 0) == DIGEST_BYTES)
        memcpy(whole.b, sqlite3_column_blob(st, 0), DIGEST_BYTES);
    sqlite3_reset(st);
    if (rc != 1)
        return rc;
    tiktok_post_url(&url, a->id, STR_NONE);
    rc = k->o.keeper->extract(k->o.keeper->to, buf_view(&url), a->extract, &whole, a->at, &place,
                              err);
    buf_release(&url);
    if (rc || file_number(k, place.file, &file, err) || !(st = store_query(k->s, Q_EVIDENCE_MOVE, err)))
        return -1;
    bind_int(st, 1, a->evidence.n);
    bind_int(st, 2, file);
    bind_int(st, 3, place.offset);
    bind_int(st, 4, place.len);
    return store_run(k->s, st, err);
}

static int sink_put(void *to, const struct request *r, const struct answer *given, struct err *err)
{
    struct store_sink *k = to;
    struct answer a = *given;

    a.request = r->n;
    if (r->witness != WITNESS_SHORT && item_number(k->s, a.id, &a.item, err))
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
    if (begin_batch(k->s, err) || put_request(k->s, r, r->sends, err))
        return broke(k);
    if (of_api(r->witness)) {
        if (members_done(k, r, err) || put_states_found(k, err))
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

static int sink_spare(void *to, const struct ask_member *m, size_t n, struct err *err)
{
    struct store_sink *k = to;

    if (begin_batch(k->s, err))
        return broke(k);
    for (size_t i = 0; i < n; i++) {
        bool first = k->vantage <= 1;
        sqlite3_stmt *st = store_query(k->s, first ? Q_STATE_PAGE_SPARE : Q_VANTAGE_SPARE, err);

        if (!st)
            return broke(k);
        bind_int(st, 1, first ? m[i].item : k->vantage);
        if (!first)
            bind_int(st, 2, m[i].item);
        if (store_run(k->s, st, err))
            return broke(k);
    }
    return 0;
}

static int sink_user(void *to, const struct request *r, const struct user_answer *u,
                     struct err *err)
{
    struct store_sink *k = to;
    sqlite3_stmt *st;

    if (begin_batch(k->s, err) || !(st = store_query(k->s, Q_USER_ANSWER, err)))
        return broke(k);
    bind_int(st, 1, u->item);
    bind_int(st, 2, r->n);
    bind_str(st, 3, u->handle);
    bind_int(st, 4, u->at);
    bind_int(st, 5, u->start_day);
    bind_int(st, 6, u->end_day);
    bind_int(st, 7, u->query_ok);
    bind_int(st, 8, u->query_rows);
    bind_int(st, 9, u->query_items);
    bind_int(st, 10, u->info);
    if (u->has_videos)
        bind_int(st, 11, u->videos);
    else
        sqlite3_bind_null(st, 11);
    bind_str(st, 12, u->message);
    if (store_run(k->s, st, err))
        return broke(k);
    store_answered(k->s, u->at);
    return 0;
}

static int note_lost(struct store *s, struct err *err)
{
    sqlite3_stmt *st = store_query(s, Q_STATE_LOST, err);
    bool own;

    if (!st || store_enter(s, &own, err))
        return -1;
    return store_leave(s, own, store_run(s, st, err), err);
}

int store_sink(struct store *s, const struct sink_opts *o, struct sink *out, struct err *err)
{
    struct store_sink *k;
    struct buf audit = {0};

    if (store_meta_get(s, "audit", &audit, err)) {
        buf_release(&audit);
        return -1;
    }
    if ((o->ledger && store_cache_more(s, err)) || note_lost(s, err)) {
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
                          .spare = sink_spare };
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
    free(k->found);
    free(k);
    *sink = (struct sink){0};
}
