/* store/records.c: what each side showed of an item.
 *
 * A row is added only when a field that does not drift has changed; a reading
 * that says the same moves the row's last instant and its counters, and every
 * reading of the counters is kept in the table counter. Which rows are compared
 * stands in the table current, with a mark where all that is compared agrees:
 * so a pass over the differences reads no record that has none. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "store/check.h"
#include "store/columns.h"
#include "store/inner.h"
#include "store/known.h"
#include "store/records.h"

/* ---- fields in rows and columns ---- */
static void put_fields(struct arg *a, enum columns which, const struct record *r)
{
    const struct columns_list *l = columns_of(which);

    for (int i = 0; i < l->len; i++)
        a[i] = arg_value(&r->val[l->f[i]]);
}

static void read_fields(struct stmt *st, enum columns which, int from, struct record *r)
{
    const struct columns_list *l = columns_of(which);

    for (int i = 0; i < l->len; i++)
        stmt_value(st, from + i, &r->val[l->f[i]]);
}

static int64_t compared_number(const struct record *r)
{
    struct digest d = record_compared_hash(r);
    int64_t n;

    memcpy(&n, d.b, sizeof n);
    return n;
}

#define RECORD_GET_HEADS 5    // columns of RECORD_GET before its fields
#define RECORD_LENDING_HEADS 2

/* ---- records come in ---- */
enum fate {
    FATE_FRESH,                    // it says something new
    FATE_SAME,                     // what is compared says the same
    FATE_OLDER,                    // what is compared is newer, or weighs more
};
/* What is compared of an item now. */
struct head {
    int64_t current[SIDE_COUNT];   // records that are compared, 0 none
    struct digest own;             // the own one's hash
    bool has_own;
    bool told;                     // ... and all that is said of it: put since it was asked for
    int64_t other;                 // what the other side's compares, where it has one
    struct value *drift;           // ... and its counters; NULL where it has none
    enum answer_kind kind;         // of the own one
    int64_t last_at;
    enum witness by;               // ... who showed it
    bool lent;                     // ... with fields that only another witness has
    const struct record *lends;    // ... of which the next may borrow; NULL: not at hand
    struct str lent_names;         // the names of those fields
};
struct incoming {
    const struct answer *a;
    struct digest hash;
    int64_t compared;
    struct head head;
    bool headed;                   // it was asked for already
    bool same;                     // the own one has the same hash
    bool agree;                    // all that is compared is as on the other side
    struct answer mixed;           // a with fields that are lent
    struct buf lends;              // their names, apart by blanks
    int64_t twin;                  // a superseded one that says the same, 0 none
    enum fate fate;
};
struct incomings {
    struct store *s;
    enum side side;
    int64_t vantage;
    struct incoming *v; size_t n;
    size_t *slot; size_t mask;     // where an item's stands in v, plus one; 0: free. By mix64
    struct row_set rows;           // of one statement after another
    struct row_set lenders;
    struct arena mem;              // of records that are mixed
};

/* ---- which is an item's ---- */
/* Room for n, twice as much as is used. */
static void incomings_init(struct incomings *in, size_t n)
{
    size_t slots = 2;

    while (slots < 2 * n)
        slots *= 2;
    in->v = xcalloc(n, sizeof *in->v);
    in->slot = xcalloc(slots, sizeof *in->slot);
    in->mask = slots - 1;
}

static void incomings_clear(struct incomings *in)
{
    memset(in->slot, 0, (in->mask + 1) * sizeof *in->slot);
    in->n = 0;
}

static void incomings_release(struct incomings *in)
{
    rows_release(&in->rows);
    rows_release(&in->lenders);
    arena_release(&in->mem);
    free(in->slot);
    free(in->v);
}

/* Its slot, or the free one where it belongs. */
static size_t slot_of(const struct incomings *in, int64_t item)
{
    size_t i = (size_t)mix64((uint64_t)item) & in->mask;

    while (in->slot[i] && in->v[in->slot[i] - 1].a->item != item)
        i = (i + 1) & in->mask;
    return i;
}

static int put_counters(struct incomings *in, struct err *err)
{
    const struct columns_list *drift = columns_of(COLUMNS_DRIFT);

    rows_clear(&in->rows);
    for (size_t i = 0; i < in->n; i++) {
        const struct answer *a = in->v[i].a;
        struct arg *row;
        bool any = false;

        for (int f = 0; f < drift->len; f++)
            any = any || a->record->val[drift->f[f]].kind != VAL_NONE;
        if (!any)
            continue;
        row = rows_add(&in->rows, 3 + drift->len);
        row[0] = arg_int(a->item);
        row[1] = arg_int(in->side);
        row[2] = arg_int(a->at);
        put_fields(row + 3, COLUMNS_DRIFT, a->record);
    }
    return rows_run(in->s->db, Q_COUNTERS_PUT, &in->rows, err);
}

#define HEAD_DRIFT 9    // column of the other side's first drifting field

/* All that is compared agrees with the other side's record: the stable fields
 * by their digest, the counters one by one. A counter that one side does not
 * have is no agreement: the pair is then compared in full. */
static bool agrees(const struct incoming *one)
{
    const struct columns_list *l = columns_of(COLUMNS_DRIFT);

    if (!one->head.drift || one->head.other != one->compared)
        return false;
    for (int i = 0; i < l->len; i++)
        if (field_info(l->f[i])->cmp != CMP_NONE &&
            !value_eq(&one->head.drift[i], &one->a->record->val[l->f[i]]))
            return false;
    return true;
}

/* By what is known of both sides. */
static void judge(struct incoming *one, enum side side)
{
    const struct head *had = &one->head;

    one->agree = had->current[!side] && agrees(one);
    one->same = had->current[side] && had->has_own && had->kind == one->a->kind &&
                memcmp(had->own.b, one->hash.b, DIGEST_BYTES) == 0;
}

/* Of the two that show a post's page. */
static enum witness witness_of(enum generation g)
{
    return g == GENERATION_EMBED ? WITNESS_EMBED : WITNESS_PAGE;
}

/* Where it was told since, the own side's record is not what was read. */
static int read_head(struct store *s, enum side side, struct stmt *st, struct head *h,
                     struct arena *mem, struct err *err)
{
    const struct columns_list *l = columns_of(COLUMNS_DRIFT);

    h->current[!side] = stmt_int(st, side == SIDE_API ? 2 : 1);
    if (h->current[!side] && !stmt_is_null(st, 6)) {
        h->other = stmt_int(st, 6);
        h->drift = arena_alloc(mem, (size_t)l->len * sizeof *h->drift);
        for (int i = 0; i < l->len; i++)    // numbers, all of them
            stmt_value(st, HEAD_DRIFT + i, &h->drift[i]);
    }
    if (h->told)
        return 0;
    h->current[side] = stmt_int(st, side == SIDE_API ? 1 : 2);
    if (!h->current[side])
        return 0;
    if (stmt_is_null(st, 4))
        return err_set(err, ERR_IO, "%s: record %lld is gone", db_path(s->db),
                       (long long)h->current[side]);
    h->kind = (enum answer_kind)stmt_enum(st, 4, ANSWER_COUNT);
    h->last_at = stmt_int(st, 5);
    h->by = witness_of((enum generation)stmt_int(st, 7));
    h->lent = stmt_text(st, 8).n > 0;
    h->has_own = stmt_digest(st, 3, &h->own);
    return 0;
}

/* An answer of that witness borrows of it, if it is public. */
static bool lends_to(const struct head *had, enum witness by)
{
    return had->current[SIDE_PAGE] && had->kind == ANSWER_PUBLIC && (had->lent || had->by != by);
}

/* ---- heads that were asked for before the answers came ---- */
struct heads {
    struct store *s;
    enum side side;
    bool kept;
    struct stmt *st;    // NULL: they have come
    int64_t *item;      // by number
    struct head *head;
    size_t n;
    struct row_set rows;
    struct stmt *lenders;    // records that are on their way; NULL: none are
    struct row_set of;       // ... of these
    struct arena mem;        // of their counters and records
    struct heads *next;
};

static struct head *find_head(const struct heads *h, int64_t item)
{
    const int64_t *at = bsearch(&item, h->item, h->n, sizeof *h->item, array_by_number);

    return at ? &h->head[at - h->item] : NULL;
}

static bool is_kept(const struct store *s, enum side side, int64_t item)
{
    for (const struct heads *h = s->heads; h; h = h->next)
        if (h->kept && h->side == side && find_head(h, item))
            return true;
    return false;
}

/* By number, none twice, and none that is kept; how many they are. */
static size_t to_ask(const struct store *s, enum side side, const int64_t *item, size_t n,
                     int64_t *out)
{
    size_t all = 0, left = 0;

    for (size_t i = 0; i < n; i++)
        if (item[i] > 0 && !is_kept(s, side, item[i]))
            out[all++] = item[i];
    if (all)
        qsort(out, all, sizeof *out, array_by_number);
    for (size_t i = 0; i < all; i++)
        if (i == 0 || out[i] != out[left - 1])
            out[left++] = out[i];
    return left;
}

int store_heads_later(struct store *s, enum side side, const int64_t *item, size_t n,
                      struct heads **out, struct err *err)
{
    struct heads *h = xcalloc(1, sizeof *h);

    *out = NULL;
    h->s = s;
    h->side = side;
    h->item = xmalloc((n + 1) * sizeof *h->item);
    h->n = to_ask(s, side, item, n, h->item);
    h->head = xcalloc(h->n + 1, sizeof *h->head);
    h->next = s->heads;
    s->heads = h;
    for (size_t i = 0; i < h->n; i++) {
        struct arg *row = rows_add(&h->rows, 2);

        row[0] = arg_int((int64_t)i);
        row[1] = arg_int(h->item[i]);
    }
    if (h->n && db_query_later(s->db, Q_RECORD_HEADS, ARGS(rows_arg(&h->rows), arg_int(side)),
                               &h->st, err)) {
        h->st = NULL;
        store_heads_free(h);
        return -1;
    }
    if (h->n)
        *out = h;
    else
        store_heads_free(h);
    return 0;
}

void store_heads_free(struct heads *h)
{
    struct heads **at;

    if (!h)
        return;
    for (at = &h->s->heads; *at != h; at = &(*at)->next)
        ;
    *at = h->next;
    stmt_done(h->st);
    stmt_done(h->lenders);
    rows_release(&h->rows);
    rows_release(&h->of);
    arena_release(&h->mem);
    free(h->item);
    free(h->head);
    free(h);
}

void store_heads_keep(struct heads *h) { h->kept = true; }

void store_heads_forget(struct store *s)
{
    for (struct heads *h = s->heads, *next; h; h = next) {
        next = h->next;
        if (h->kept)
            store_heads_free(h);
    }
}

static int heads_arrive(struct heads *h, struct err *err)
{
    int rc = 0;

    while (h->st && (rc = stmt_next(h->st, err)) == 1)
        if (read_head(h->s, h->side, h->st, &h->head[stmt_int(h->st, 0)], &h->mem, err))
            return -1;
    if (rc)
        return -1;
    stmt_done(h->st);
    h->st = NULL;
    return 0;
}

int store_heads_lend(struct heads *h, enum witness by, struct err *err)
{
    if (heads_arrive(h, err))
        return -1;
    for (size_t i = 0; i < h->n; i++)
        if (lends_to(&h->head[i], by)) {
            struct arg *row = rows_add(&h->of, 2);

            row[0] = arg_int((int64_t)i);
            row[1] = arg_int(h->head[i].current[SIDE_PAGE]);
        }
    if (h->of.rows.n == 0)
        return 0;
    return db_query_later(h->s->db, Q_RECORDS_LENDING, ARGS(rows_arg(&h->of)), &h->lenders, err) ||
                   db_send(h->s->db, err)
               ? -1
               : 0;
}

/* Where another record was put since, that one is not what is compared. */
static int lenders_arrive(struct heads *h, struct err *err)
{
    int rc = 0;

    while (h->lenders && (rc = stmt_next(h->lenders, err)) == 1) {
        struct head *head = &h->head[stmt_int(h->lenders, 0)];
        struct record had = { 0 }, *copy = arena_alloc(&h->mem, sizeof *copy);

        read_fields(h->lenders, COLUMNS_ALL, RECORD_LENDING_HEADS, &had);
        record_copy(copy, &had, &h->mem);
        head->lends = head->told ? NULL : copy;
        head->lent_names = arena_dup(&h->mem, stmt_text(h->lenders, 1));
    }
    if (rc)
        return -1;
    stmt_done(h->lenders);
    h->lenders = NULL;
    return 0;
}

static int take_heads(struct incomings *in, struct heads *h, struct err *err)
{
    const struct head *head;

    if (heads_arrive(h, err) || lenders_arrive(h, err))
        return -1;
    for (size_t i = 0; i < in->n; i++)
        if (!in->v[i].headed && (head = find_head(h, in->v[i].a->item))) {
            in->v[i].head = *head;
            in->v[i].headed = true;
        }
    return 0;
}

static int take_kept(struct incomings *in, struct err *err)
{
    for (struct heads *h = in->s->heads; h; h = h->next)
        if (h->kept && h->side == in->side && take_heads(in, h, err))
            return -1;
    return 0;
}

static void tell(struct head *h, const struct incoming *one, enum side side)
{
    const bool same = one->fate == FATE_SAME;

    h->told = h->has_own = true;
    h->current[side] = one->head.current[side];
    h->own = one->hash;
    h->kind = one->a->kind;
    h->last_at = one->a->at;
    h->by = same ? one->head.by : witness_of(one->a->generation);
    h->lent = same ? one->head.lent : one->lends.n > 0;
    if (!same)
        h->lends = NULL;
}

/* What is compared of an item from now on is told to whoever asked before. */
static void tell_heads(const struct incomings *in)
{
    struct head *head;

    for (struct heads *h = in->s->heads; h; h = h->next)
        for (size_t i = 0; h->side == in->side && i < in->n; i++)
            if (in->v[i].fate != FATE_OLDER && (head = find_head(h, in->v[i].a->item)))
                tell(head, &in->v[i], in->side);
}

static int read_heads(struct incomings *in, struct err *err)
{
    struct stmt *st;
    int rc;

    rows_clear(&in->rows);
    for (size_t i = 0; i < in->n; i++)
        if (!in->v[i].headed) {
            struct arg *row = rows_add(&in->rows, 2);

            row[0] = arg_int((int64_t)i);
            row[1] = arg_int(in->v[i].a->item);
        }
    if (in->rows.rows.n == 0)
        return 0;
    if (db_query(in->s->db, Q_RECORD_HEADS, ARGS(rows_arg(&in->rows), arg_int(in->side)), &st, err))
        return -1;
    while ((rc = stmt_next(st, err)) == 1)
        if (read_head(in->s, in->side, st, &in->v[stmt_int(st, 0)].head, &in->mem, err)) {
            rc = -1;
            break;
        }
    stmt_done(st);
    return rc;
}

/* Which record is compared: the newest, but what a refused page still shows
 * never takes the place of what the page showed while it was public, or its
 * label's inputs would be gone. */
static enum fate fate_of(const struct incoming *one, enum side side)
{
    const struct head *had = &one->head;

    if (had->current[side] && (one->a->at < had->last_at || (one->a->kind == ANSWER_REFUSED &&
                                                             had->kind != ANSWER_REFUSED)))
        return FATE_OLDER;
    return one->same ? FATE_SAME : FATE_FRESH;
}

/* ---- two witnesses of one page ---- */
static bool is_named(struct str names, const char *name)
{
    struct str one;

    while (str_cut(&names, ' ', &one))
        if (str_eq(one, str_of(name)))
            return true;
    return false;
}

/* What stands in the compared record that this answer lacks, and that only the other witness
 * of the page has shown: it stays, and is named as lent. What its own witness no longer shows
 * is gone. Counters are not lent: they are of one reading. */
static void lend(struct incoming *one, const struct record *had, struct str lent, struct arena *mem)
{
    bool same_witness = one->head.by == witness_of(one->a->generation);
    struct record *r = arena_alloc(mem, sizeof *r);

    record_copy(r, one->a->record, mem);
    buf_clear(&one->lends);
    for (int f = 0; f < FIELD_COUNT; f++) {
        const char *name = field_info((enum field)f)->name;

        if (r->val[f].kind != VAL_NONE || had->val[f].kind == VAL_NONE ||
            field_drifts((enum field)f) || is_named(lent, name) != same_witness)
            continue;
        r->val[f] = had->val[f];
        if (r->val[f].kind == VAL_TEXT)
            r->val[f].text = arena_dup(mem, had->val[f].text);
        buf_printf(&one->lends, "%s%s", one->lends.n ? " " : "", name);
    }
    one->mixed = *one->a;
    one->mixed.record = r;
    one->a = &one->mixed;
    one->hash = record_hash(r);
    one->compared = compared_number(r);
}

static bool may_lend(const struct incomings *in, const struct incoming *one)
{
    const struct head *had = &one->head;

    return in->side == SIDE_PAGE && one->a != &one->mixed && one->a->kind == ANSWER_PUBLIC &&
           one->a->at >= had->last_at && lends_to(had, witness_of(one->a->generation));
}

static int ask_lenders(struct incomings *in, struct stmt **st, struct err *err)
{
    *st = NULL;
    rows_clear(&in->lenders);
    for (size_t i = 0; i < in->n; i++)
        if (may_lend(in, &in->v[i]) && !in->v[i].head.lends) {
            struct arg *row = rows_add(&in->lenders, 2);

            row[0] = arg_int((int64_t)i);
            row[1] = arg_int(in->v[i].head.current[SIDE_PAGE]);
        }
    return in->lenders.rows.n
               ? db_query_later(in->s->db, Q_RECORDS_LENDING, ARGS(rows_arg(&in->lenders)), st, err)
               : 0;
}

/* Of what is compared something may be different then. */
static void borrow(struct incomings *in, struct incoming *one, const struct record *had,
                   struct str names)
{
    lend(one, had, names, &in->mem);
    judge(one, in->side);
    one->fate = fate_of(one, in->side);
}

static int lend_all(struct incomings *in, struct stmt *st, struct err *err)
{
    int rc = 0;

    for (size_t i = 0; i < in->n; i++)
        if (may_lend(in, &in->v[i]) && in->v[i].head.lends)
            borrow(in, &in->v[i], in->v[i].head.lends, in->v[i].head.lent_names);
    while (st && (rc = stmt_next(st, err)) == 1) {
        struct record had = { 0 };

        read_fields(st, COLUMNS_ALL, RECORD_LENDING_HEADS, &had);
        borrow(in, &in->v[stmt_int(st, 0)], &had, stmt_text(st, 1));
    }
    return rc;
}

/* An answer that is older than what is known (loaded afterwards) is kept as
 * history, once: is there one that says the same? */
static int ask_twins(struct incomings *in, struct stmt **st, struct err *err)
{
    *st = NULL;
    rows_clear(&in->rows);
    for (size_t i = 0; i < in->n; i++) {
        struct incoming *one = &in->v[i];
        struct arg *row;

        if (one->fate != FATE_OLDER)
            continue;
        one->twin = one->same ? one->head.current[in->side] : 0;
        if (one->twin)
            continue;
        row = rows_add(&in->rows, 4);
        row[0] = arg_int((int64_t)i);
        row[1] = arg_int(one->a->item);
        row[2] = arg_int(one->a->kind);
        row[3] = arg_digest(&one->hash);
    }
    return in->rows.rows.n ? db_query_later(in->s->db, Q_RECORDS_SAME,
                                            ARGS(rows_arg(&in->rows), arg_int(in->side)), st, err)
                           : 0;
}

static int find_twins(struct incomings *in, struct stmt *st, struct err *err)
{
    int rc = 0;

    while (st && (rc = stmt_next(st, err)) == 1)
        in->v[stmt_int(st, 0)].twin = stmt_int(st, 1);
    return rc;
}

static int widen(struct incomings *in, struct err *err)
{
    rows_clear(&in->rows);
    for (size_t i = 0; i < in->n; i++)
        if (in->v[i].fate == FATE_OLDER && in->v[i].twin) {
            struct arg *row = rows_add(&in->rows, 2);

            row[0] = arg_int(in->v[i].twin);
            row[1] = arg_int(in->v[i].a->at);
        }
    return rows_run(in->s->db, Q_RECORDS_WIDEN, &in->rows, err);
}

static int move(struct incomings *in, struct err *err)
{
    rows_clear(&in->rows);
    for (size_t i = 0; i < in->n; i++)
        if (in->v[i].fate == FATE_SAME) {
            struct arg *row = rows_add(&in->rows, 3 + columns_of(COLUMNS_DRIFT)->len);

            row[0] = arg_int(in->v[i].head.current[in->side]);
            row[1] = arg_int(in->v[i].a->request);
            row[2] = arg_int(in->v[i].a->at);
            put_fields(row + 3, COLUMNS_DRIFT, in->v[i].a->record);
        }
    return rows_run(in->s->db, Q_RECORDS_MOVE, &in->rows, err);
}

static int supersede(struct incomings *in, struct err *err)
{
    rows_clear(&in->rows);
    for (size_t i = 0; i < in->n; i++)
        if (in->v[i].fate == FATE_FRESH && in->v[i].head.current[in->side])
            rows_add(&in->rows, 1)[0] = arg_int(in->v[i].head.current[in->side]);
    return rows_run(in->s->db, Q_RECORDS_SUPERSEDE, &in->rows, err);
}

#define RECORD_HEADS 14    // columns of record before its fields

static bool is_added(const struct incoming *one)
{
    return one->fate == FATE_FRESH || (one->fate == FATE_OLDER && !one->twin);
}

static void add_row(struct incomings *in, struct incoming *one, int64_t n)
{
    const struct answer *a = one->a;
    const struct arg heads[RECORD_HEADS] = {
        arg_int(n),
        arg_int(a->item),
        arg_int(in->side),
        arg_int(a->kind),
        arg_int(a->generation),
        arg_int(a->request),
        arg_int(a->request),
        arg_int(a->at),
        arg_int(a->at),
        arg_digest(&one->hash),
        arg_int(one->compared),
        arg_int(one->fate == FATE_OLDER),
        arg_text(buf_view(&one->lends)),
        arg_int(in->vantage),
    };
    struct arg *row = rows_add(&in->rows, RECORD_HEADS + columns_of(COLUMNS_ALL)->len);

    memcpy(row, heads, sizeof heads);
    put_fields(row + RECORD_HEADS, COLUMNS_ALL, a->record);
    if (one->fate == FATE_FRESH)
        one->head.current[in->side] = n;
    else
        one->twin = n;
}

static int add(struct incomings *in, struct err *err)
{
    int64_t count = 0, n = 0;

    for (size_t i = 0; i < in->n; i++)
        count += is_added(&in->v[i]);
    if (count && store_number(in->s, NUMBER_RECORD, count, &n, err))
        return -1;
    rows_clear(&in->rows);
    for (size_t i = 0; i < in->n; i++)
        if (is_added(&in->v[i]))
            add_row(in, &in->v[i], n++);
    return rows_run(in->s->db, Q_RECORDS_ADD, &in->rows, err);
}

static int put_current(struct incomings *in, struct err *err)
{
    rows_clear(&in->rows);
    for (size_t i = 0; i < in->n; i++) {
        const struct incoming *one = &in->v[i];
        struct arg *row;

        if (one->fate == FATE_OLDER)
            continue;
        row = rows_add(&in->rows, 4);
        row[0] = arg_int(one->a->item);
        row[1] = arg_int(one->head.current[SIDE_API]);
        row[2] = arg_int(one->head.current[SIDE_PAGE]);
        row[3] = arg_int(one->agree);
    }
    return rows_run(in->s->db, in->side == SIDE_API ? Q_CURRENT_PUT_API : Q_CURRENT_PUT_PAGE,
                    &in->rows, err);
}

/* What else has to be known of some: asked at once, for whoever is older borrows nothing. */
static int decide(struct incomings *in, struct err *err)
{
    struct stmt *lenders = NULL, *twins = NULL;
    int rc;

    for (size_t i = 0; i < in->n; i++) {
        judge(&in->v[i], in->side);
        in->v[i].fate = fate_of(&in->v[i], in->side);
    }
    rc = ask_lenders(in, &lenders, err) || ask_twins(in, &twins, err) ||
                 lend_all(in, lenders, err) || find_twins(in, twins, err)
             ? -1
             : 0;
    stmt_done(lenders);
    stmt_done(twins);
    return rc;
}

static int put_new(struct incomings *in, struct heads *heads, struct err *err)
{
    if (put_counters(in, err) || (heads && take_heads(in, heads, err)) || take_kept(in, err) ||
        read_heads(in, err) || decide(in, err))
        return -1;
    if (widen(in, err) || move(in, err) || supersede(in, err) || add(in, err) ||
        put_current(in, err))
        return -1;
    tell_heads(in);
    return 0;
}

/* No item twice. */
static int put_part(struct incomings *in, struct heads *heads, struct err *err)
{
    int rc = put_new(in, heads, err);

    for (size_t i = 0; i < in->n; i++)
        buf_release(&in->v[i].lends);
    arena_clear(&in->mem);
    return rc;
}

static void take_in(struct incomings *in, const struct answer *a)
{
    in->slot[slot_of(in, a->item)] = in->n + 1;
    in->v[in->n++] = (struct incoming){ .a = a,
                                        .hash = record_hash(a->record),
                                        .compared = compared_number(a->record) };
}

int store_put_records(struct store *s, enum side side, const struct answer *a, size_t n,
                      struct heads *heads, struct err *err)
{
    struct incomings in = { .s = s, .side = side, .vantage = 1 };
    int rc = 0;

    if (n == 0)
        return 0;
    if (side == SIDE_API)
        known_forget(s);
    incomings_init(&in, n);
    for (size_t i = 0; rc == 0 && i < n; i++) {
        if (in.slot[slot_of(&in, a[i].item)]) {    // one after the other, as they came
            rc = put_part(&in, heads, err);
            incomings_clear(&in);
        }
        take_in(&in, &a[i]);
    }
    if (rc == 0)
        rc = put_part(&in, heads, err);
    incomings_release(&in);
    return rc;
}

/* ---- of another vantage ---- */
/* Which of its records stands there, and what it says. */
static int read_head_there(struct incomings *in, struct err *err)
{
    struct incoming *one = in->v;
    struct digest hash;
    struct stmt *st;
    int rc;

    if (db_query(in->s->db, Q_VANTAGE_HEAD, ARGS(arg_int(in->vantage), arg_int(one->a->item)), &st,
                 err))
        return -1;
    while ((rc = stmt_next(st, err)) == 1) {
        one->head.current[SIDE_PAGE] = stmt_int(st, 0);
        one->head.kind = (enum answer_kind)stmt_enum(st, 1, ANSWER_COUNT);
        one->head.last_at = stmt_int(st, 2);
        one->same = one->head.kind == one->a->kind && stmt_digest(st, 3, &hash) &&
                    memcmp(hash.b, one->hash.b, DIGEST_BYTES) == 0;
    }
    stmt_done(st);
    return rc;
}

/* It is compared with nothing, so it is one of those that current does not name. */
int store_put_record_there(struct store *s, int64_t vantage, const struct answer *a,
                           struct err *err)
{
    struct incoming one = { .a = a,
                            .hash = record_hash(a->record),
                            .compared = compared_number(a->record) };
    struct incomings in = { .s = s, .side = SIDE_PAGE, .vantage = vantage, .v = &one, .n = 1 };
    int rc = read_head_there(&in, err);

    if (rc == 0) {
        one.fate = fate_of(&one, SIDE_PAGE);
        if (one.fate == FATE_SAME) {
            rc = move(&in, err);
        } else if (one.fate == FATE_FRESH) {
            one.fate = FATE_OLDER;
            rc = add(&in, err);
            if (rc == 0)
                rc = db_run(s->db, Q_VANTAGE_RECORD,
                            ARGS(arg_int(vantage), arg_int(a->item), arg_int(one.twin)), err);
        }
    }
    rows_release(&in.rows);
    return rc;
}

/* ---- one record ---- */
int store_record_numbered(struct store *s, int64_t n, struct arena *mem, struct record **out,
                          int64_t *at, struct err *err)
{
    struct record r = {0}, *copy;
    struct stmt *st;
    int rc;

    if (db_query(s->db, Q_RECORD_GET, ARGS(arg_int(n)), &st, err))
        return -1;
    if ((rc = stmt_next(st, err)) == 1) {
        read_fields(st, COLUMNS_ALL, RECORD_GET_HEADS, &r);
        copy = arena_alloc(mem, sizeof *copy);
        record_copy(copy, &r, mem);
        *at = stmt_int(st, 1);
        *out = copy;
    }
    stmt_done(st);
    if (rc == 0)
        return err_set(err, ERR_IO, "%s: record %lld is gone", db_path(s->db), (long long)n);
    return rc < 0 ? -1 : 0;
}

int store_record(struct store *s, int64_t item, enum side side, struct arena *mem,
                 struct record **out, int64_t *at, struct err *err)
{
    int64_t n[SIDE_COUNT] = {0}, *const current[] = { &n[SIDE_API], &n[SIDE_PAGE] };

    *out = NULL;
    *at = 0;
    if (db_row(s->db, Q_CURRENT_GET, ARGS(arg_int(item)), current, SIDE_COUNT, err) < 0)
        return -1;
    if (!n[side])
        return 0;
    return store_record_numbered(s, n[side], mem, out, at, err)
               ? -1
               : store_item_id(s, item, &(*out)->id, err);
}

int store_old_records(struct store *s,
                      int (*each)(void *to, const struct old_record *, struct err *), void *to,
                      struct err *err)
{
    struct stmt *st;
    int rc;

    if (db_query(s->db, Q_RECORDS_OLD, NO_ARGS, &st, err))
        return -1;
    while ((rc = stmt_next(st, err)) == 1) {
        struct record r = { 0 };
        struct old_record row = { stmt_int(st, 0), (enum side)stmt_enum(st, 1, SIDE_COUNT),
                                  stmt_int(st, 2), &r };

        read_fields(st, COLUMNS_ALL, 3, &r);
        if (each(to, &row, err)) {
            rc = -1;
            break;
        }
    }
    stmt_done(st);
    return rc;
}

int store_handle_gaps(struct store *s,
                      int (*each)(void *to, const struct handle_gap *, struct err *), void *to,
                      struct err *err)
{
    struct stmt *st;
    int rc;

    if (db_query(s->db, Q_HANDLE_GAPS, NO_ARGS, &st, err))
        return -1;
    while ((rc = stmt_next(st, err)) == 1) {
        struct handle_gap gap = { stmt_int(st, 0), stmt_text(st, 1), stmt_text(st, 2),
                                  stmt_text(st, 3) };

        if (each(to, &gap, err)) {
            rc = -1;
            break;
        }
    }
    stmt_done(st);
    return rc;
}

int store_handles(struct store *s, int (*each)(void *to, const struct handle_row *, struct err *),
                  void *to, struct err *err)
{
    struct stmt *st;
    int rc;

    if (db_query(s->db, Q_HANDLES, NO_ARGS, &st, err))
        return -1;
    while ((rc = stmt_next(st, err)) == 1) {
        struct handle_row row = { stmt_int(st, 0), stmt_text(st, 1), stmt_text(st, 2),
                                  stmt_text(st, 3) };

        if (each(to, &row, err)) {
            rc = -1;
            break;
        }
    }
    stmt_done(st);
    return rc;
}

int store_check_records(struct store *s, int (*each)(void *to, struct str problem, struct err *),
                        void *to, struct err *err)
{
    struct buf text = {0};
    struct stmt *st;
    int rc;

    if (db_query(s->db, Q_RECORDS_CHECK, NO_ARGS, &st, err))
        return -1;
    while ((rc = stmt_next(st, err)) == 1) {
        struct record r = {0};
        struct digest hash, had;

        read_fields(st, COLUMNS_ALL, 4, &r);
        hash = record_hash(&r);
        if (stmt_digest(st, 2, &had) && compared_number(&r) == stmt_int(st, 3) &&
            memcmp(had.b, hash.b, DIGEST_BYTES) == 0)
            continue;
        buf_clear(&text);
        buf_printf(
            &text,
            "record %lld of item %lld is not what was stored: its fields have another digest",
            (long long)stmt_int(st, 0), (long long)stmt_int(st, 1));
        if (each(to, buf_view(&text), err)) {
            rc = -1;
            break;
        }
    }
    stmt_done(st);
    buf_release(&text);
    return rc;
}
