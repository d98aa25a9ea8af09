/* store/records.c: what each side showed of an item, and the pairs that are
 * compared.
 *
 * A row is added only when a field that does not drift has changed; a reading
 * that says the same moves the row's last instant and its counters, and every
 * reading of the counters is kept in the table counter. Which rows are compared
 * stands in the table current, with a mark where all that is compared agrees:
 * so a pass over the differences reads no record that has none. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/sqlite_priv.h"

/* ---- SQL that lists fields ---- */
enum columns { COLUMNS_ALL, COLUMNS_DRIFT, COLUMNS_COMPARED, COLUMNS_COUNT };
/* Looked up once: to ask field_info for every value costs more than the value. */
static struct { int len; enum field f[FIELD_COUNT]; } lists[COLUMNS_COUNT];

static void make_lists(void)
{
    memset(lists, 0, sizeof lists);
    for (int i = 0; i < FIELD_COUNT; i++) {
        enum field f = (enum field)i;

        lists[COLUMNS_ALL].f[lists[COLUMNS_ALL].len++] = f;
        if (field_drifts(f))
            lists[COLUMNS_DRIFT].f[lists[COLUMNS_DRIFT].len++] = f;
        if (field_info(f)->cmp != CMP_NONE)
            lists[COLUMNS_COMPARED].f[lists[COLUMNS_COMPARED].len++] = f;
    }
}

/* ", " and the names; with_set: ", name = ?N" from parameter N on. */
static void put_columns(struct buf *sql, enum columns which, int with_set)
{
    for (int i = 0; i < lists[which].len; i++) {
        buf_printf(sql, ", \"%s\"", field_info(lists[which].f[i])->name);
        if (with_set)
            buf_printf(sql, " = ?%d", with_set++);
    }
}

static void put_places(struct buf *sql, enum columns which, int from)
{
    for (int i = 0; i < lists[which].len; i++)
        buf_printf(sql, ", ?%d", from++);
}

/* A record from number ?1 on, and what follows it. */
static void put_read(struct buf *sql, enum columns which)
{
    buf_puts(sql, "SELECT last_at, generation, compared, n");
    put_columns(sql, which, 0);
    buf_puts(sql, " FROM record WHERE n >= ?1 ORDER BY n");
}

static int prepare(struct store *s, struct buf *sql, sqlite3_stmt **st, struct err *err)
{
    *st = store_prepare(s, buf_cstr(sql), err);
    buf_clear(sql);
    return *st ? 0 : -1;
}

#define RECORD_HEADS 11            // columns of record before its fields
#define GET_HEADS 4

int store_prepare_records(struct store *s, struct err *err)
{
    struct buf sql = {0};
    int rc = -1;

    make_lists();
    buf_puts(
        &sql,
        "INSERT INTO record (item, side, kind, generation, first_request, last_request, first_at,"
        " last_at, hash, compared, superseded");
    put_columns(&sql, COLUMNS_ALL, 0);
    buf_puts(&sql, ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11");
    put_places(&sql, COLUMNS_ALL, RECORD_HEADS + 1);
    buf_puts(&sql, ")");
    if (prepare(s, &sql, &s->record_add, err))
        goto out;
    buf_puts(&sql, "UPDATE record SET last_request = ?2, last_at = ?3");
    put_columns(&sql, COLUMNS_DRIFT, 4);
    buf_puts(&sql, " WHERE n = ?1");
    if (prepare(s, &sql, &s->record_move, err))
        goto out;
    put_read(&sql, COLUMNS_ALL);
    if (prepare(s, &sql, &s->record_get, err))
        goto out;
    buf_puts(&sql, "SELECT compared");
    put_columns(&sql, COLUMNS_DRIFT, 0);
    buf_puts(&sql, " FROM record WHERE n = ?1");
    if (prepare(s, &sql, &s->record_drift, err))
        goto out;
    buf_puts(&sql, "INSERT OR REPLACE INTO counter (item, side, at");
    put_columns(&sql, COLUMNS_DRIFT, 0);
    buf_puts(&sql, ") VALUES (?1, ?2, ?3");
    put_places(&sql, COLUMNS_DRIFT, 4);
    buf_puts(&sql, ")");
    rc = prepare(s, &sql, &s->counter_add, err);
out:
    buf_release(&sql);
    return rc;
}

static void bind_fields(sqlite3_stmt *st, enum columns which, int from, const struct record *r)
{
    for (int i = 0; i < lists[which].len; i++)
        bind_value(st, from + i, &r->val[lists[which].f[i]]);
}

static void read_fields(sqlite3_stmt *st, enum columns which, int from, struct record *r)
{
    for (int i = 0; i < lists[which].len; i++)
        r->val[lists[which].f[i]] = col_value(st, from + i);
}

/* The same where `like` is known to have the same stable fields: those are
 * taken from it, and the drifting ones alone are read. */
static void read_drifting(sqlite3_stmt *st, enum columns which, int from, struct record *r,
                          const struct record *like)
{
    for (int i = 0; i < lists[which].len; i++) {
        enum field f = lists[which].f[i];

        r->val[f] = field_drifts(f) ? col_value(st, from + i) : like->val[f];
    }
}

/* ---- a record comes in ---- */
static int64_t compared_number(const struct record *r)
{
    struct digest d = record_compared_hash(r);
    int64_t n;

    memcpy(&n, d.b, sizeof n);
    return n;
}

static int put_counter(struct store *s, enum side side, const struct answer *a, struct err *err)
{
    sqlite3_stmt *st = s->counter_add;
    bool any = false;

    for (int f = 0; f < FIELD_COUNT; f++)
        any = any || (field_drifts((enum field)f) && a->record->val[f].kind != VAL_NONE);
    if (!any)
        return 0;
    bind_int(st, 1, a->item);
    bind_int(st, 2, side);
    bind_int(st, 3, a->at);
    bind_fields(st, COLUMNS_DRIFT, 4, a->record);
    return store_run(s, st, err);
}

static int add_record(struct store *s, enum side side, const struct answer *a,
                      const struct digest *hash, bool superseded, int64_t *n, struct err *err)
{
    sqlite3_stmt *st = s->record_add;

    bind_int(st, 1, a->item);
    bind_int(st, 2, side);
    bind_int(st, 3, a->kind);
    bind_int(st, 4, a->generation);
    bind_int(st, 5, a->request);
    bind_int(st, 6, a->request);
    bind_int(st, 7, a->at);
    bind_int(st, 8, a->at);
    bind_digest(st, 9, hash);
    bind_int(st, 10, compared_number(a->record));
    bind_int(st, 11, superseded);
    bind_fields(st, COLUMNS_ALL, RECORD_HEADS + 1, a->record);
    if (store_run(s, st, err))
        return -1;
    *n = sqlite3_last_insert_rowid(s->db);
    return 0;
}

static int supersede(struct store *s, int64_t n, struct err *err)
{
    sqlite3_stmt *st = store_query(s, Q_RECORD_SUPERSEDED, err);

    if (!st)
        return -1;
    bind_int(st, 1, n);
    return store_run(s, st, err);
}

static int move_record(struct store *s, int64_t n, const struct answer *a, struct err *err)
{
    sqlite3_stmt *st = s->record_move;

    bind_int(st, 1, n);
    bind_int(st, 2, a->request);
    bind_int(st, 3, a->at);
    bind_fields(st, COLUMNS_DRIFT, 4, a->record);
    return store_run(s, st, err);
}

static int find_superseded(struct store *s, enum side side, const struct answer *a,
                           const struct digest *hash, int64_t *n, struct err *err)
{
    sqlite3_stmt *st = store_query(s, Q_RECORD_SAME, err);
    int rc;

    *n = 0;
    if (!st)
        return -1;
    bind_int(st, 1, a->item);
    bind_int(st, 2, side);
    bind_int(st, 3, a->kind);
    bind_digest(st, 4, hash);
    if ((rc = store_step(s, st, err)) == 1)
        *n = sqlite3_column_int64(st, 0);
    sqlite3_reset(st);
    return rc < 0 ? -1 : 0;
}

/* An answer that is older than what is known (loaded afterwards): kept as
 * history, once. n: the record that is compared, where it says the same; else 0. */
static int put_older(struct store *s, enum side side, const struct answer *a,
                     const struct digest *hash, int64_t n, struct err *err)
{
    sqlite3_stmt *st;

    if (!n && find_superseded(s, side, a, hash, &n, err))
        return -1;
    if (!n)
        return add_record(s, side, a, hash, true, &n, err);
    if (!(st = store_query(s, Q_RECORD_WIDEN, err)))
        return -1;
    bind_int(st, 1, n);
    bind_int(st, 2, a->at);
    return store_run(s, st, err);
}

struct record_head { bool same; enum answer_kind kind; int64_t last_at; };

static int get_head(struct store *s, int64_t n, const struct answer *a, const struct digest *hash,
                    struct record_head *h, struct err *err)
{
    sqlite3_stmt *st = store_query(s, Q_RECORD_HEAD, err);
    int rc;

    if (!st)
        return -1;
    bind_int(st, 1, n);
    if ((rc = store_step(s, st, err)) == 1) {
        h->kind = (enum answer_kind)sqlite3_column_int(st, 1);
        h->same = h->kind == a->kind && sqlite3_column_bytes(st, 0) == DIGEST_BYTES &&
                  memcmp(sqlite3_column_blob(st, 0), hash->b, DIGEST_BYTES) == 0;
        h->last_at = sqlite3_column_int64(st, 2);
    }
    sqlite3_reset(st);
    return rc == 1  ? 0
           : rc < 0 ? -1
                    : err_set(err, ERR_IO, "%s: record %lld is gone", s->path, (long long)n);
}

/* All that is compared agrees with the other side's record: the stable fields
 * by their digest, the counters one by one. A counter that one side does not
 * have is no agreement: the pair is then compared in full. */
static int agrees(struct store *s, int64_t other, const struct record *r, bool *agree,
                  struct err *err)
{
    struct record drift = {0};
    sqlite3_stmt *st = s->record_drift;
    int rc;

    *agree = false;
    bind_int(st, 1, other);
    if ((rc = store_step(s, st, err)) == 1 && sqlite3_column_int64(st, 0) == compared_number(r)) {
        read_fields(st, COLUMNS_DRIFT, 1, &drift);
        *agree = true;
        for (int f = 0; f < FIELD_COUNT; f++)
            if (field_drifts((enum field)f) && field_info((enum field)f)->cmp != CMP_NONE &&
                !value_eq(&drift.val[f], &r->val[f]))
                *agree = false;
    }
    sqlite3_reset(st);
    return rc < 0 ? -1 : 0;
}

static int get_current(struct store *s, int64_t item, int64_t n[SIDE_COUNT], struct err *err)
{
    sqlite3_stmt *st = store_query(s, Q_CURRENT_GET, err);
    int rc;

    n[SIDE_API] = n[SIDE_PAGE] = 0;
    if (!st)
        return -1;
    bind_int(st, 1, item);
    if ((rc = store_step(s, st, err)) == 1) {
        n[SIDE_API] = sqlite3_column_int64(st, 0);
        n[SIDE_PAGE] = sqlite3_column_int64(st, 1);
    }
    sqlite3_reset(st);
    return rc < 0 ? -1 : 0;
}

static int set_current(struct store *s, int64_t item, const int64_t n[SIDE_COUNT], enum side side,
                       const struct record *r, struct err *err)
{
    sqlite3_stmt *st;
    bool agree = false;

    if (n[!side] && agrees(s, n[!side], r, &agree, err))
        return -1;
    if (!(st = store_query(s, Q_CURRENT_PUT, err)))
        return -1;
    bind_int(st, 1, item);
    bind_int(st, 2, n[SIDE_API]);
    bind_int(st, 3, n[SIDE_PAGE]);
    bind_int(st, 4, agree);
    return store_run(s, st, err);
}

/* Which record is compared: the newest, but what a refused page still shows
 * never takes the place of what the page showed while it was public, or its
 * label's inputs would be gone. */
int store_put_record(struct store *s, enum side side, const struct answer *a, struct err *err)
{
    struct digest hash = record_hash(a->record);
    struct record_head head = {0};
    int64_t n[SIDE_COUNT], fresh;

    if (put_counter(s, side, a, err) || get_current(s, a->item, n, err) ||
        (n[side] && get_head(s, n[side], a, &hash, &head, err)))
        return -1;
    if (n[side] &&
        (a->at < head.last_at || (a->kind == ANSWER_REFUSED && head.kind != ANSWER_REFUSED)))
        return put_older(s, side, a, &hash, head.same ? n[side] : 0, err);
    if (head.same) {
        if (move_record(s, n[side], a, err))
            return -1;
    } else {
        if ((n[side] && supersede(s, n[side], err)) ||
            add_record(s, side, a, &hash, false, &fresh, err))
            return -1;
        n[side] = fresh;
    }
    return set_current(s, a->item, n, side, a->record, err);
}

/* ---- pairs ---- */
struct pair_cursor {
    struct store *s;
    sqlite3_stmt *list, *get[SIDE_COUNT];
    enum columns which;
    bool both;
    int64_t standing[SIDE_COUNT];  // number of the record that get stands at, 0 none
    struct record rec[SIDE_COUNT];
    int64_t skipped;
};

/* By id either way: the index of ids in its order and current looked up, or,
 * where few items are wanted, current's index of those that differ, sorted. */
#define PAIR_COLUMNS "SELECT i.n, i.id, c.api, c.page FROM "
#define PAIR_WALK "item i CROSS JOIN current c ON c.item = i.n WHERE i.id > 0"
#define PAIR_SORT \
    "current c INDEXED BY current_differing CROSS JOIN item i ON i.n = c.item WHERE i.id > 0"

static int count_skipped(struct store *s, int64_t *all, int64_t *skipped, struct err *err)
{
    sqlite3_stmt *st = store_prepare(s,
                                     "SELECT count(*), (SELECT count(*) FROM current WHERE agree)"
                                     " FROM current",
                                     err);
    int rc = st ? store_step(s, st, err) : -1;

    if (rc == 1) {
        *all = sqlite3_column_int64(st, 0);
        *skipped = sqlite3_column_int64(st, 1);
    }
    sqlite3_finalize(st);
    return rc == 1 ? 0 : -1;
}

int store_pairs(struct store *s, bool both, bool skip_equal, struct pair_cursor **out,
                struct err *err)
{
    struct pair_cursor *c = xcalloc(1, sizeof *c);
    int64_t all = 0;
    struct buf read = {0};
    char sql[400];

    c->s = s;
    c->which = both ? COLUMNS_COMPARED : COLUMNS_ALL;
    c->both = both;
    put_read(&read, c->which);
    if (skip_equal && count_skipped(s, &all, &c->skipped, err))
        goto fail;
    snprintf(sql, sizeof sql, "%s%s%s%s ORDER BY i.id", PAIR_COLUMNS,
             both && c->skipped > all / 2 ? PAIR_SORT : PAIR_WALK,
             both ? " AND c.api > 0 AND c.page > 0" : " AND (c.api > 0 OR c.page > 0)",
             skip_equal ? " AND NOT c.agree" : "");
    if (!(c->list = store_prepare(s, sql, err)))
        goto fail;
    for (int side = 0; side < SIDE_COUNT; side++)
        if (!(c->get[side] = store_prepare(s, buf_cstr(&read), err)))
            goto fail;
    buf_release(&read);
    *out = c;
    return 0;
fail:
    buf_release(&read);
    pair_cursor_close(c);
    return -1;
}

/* Answers came in much in the order of ids, so the record that is wanted is
 * mostly the next one; a statement that stands in front of it steps. */
static int stand_at(struct pair_cursor *c, int side, int64_t n, struct err *err)
{
    sqlite3_stmt *st = c->get[side];
    int rc;

    if (!c->standing[side] || n != c->standing[side] + 1) {
        sqlite3_reset(st);
        bind_int(st, 1, n);
    }
    c->standing[side] = 0;
    if ((rc = store_step(c->s, st, err)) == 1 && sqlite3_column_int64(st, 3) == n) {
        c->standing[side] = n;
        return 0;
    }
    return rc < 0 ? -1 : err_set(err, ERR_IO, "%s: record %lld is gone", c->s->path, (long long)n);
}

/* With equal digests the compared fields that do not drift are the same bytes
 * on both sides, and are read once. */
static void read_sides(struct pair_cursor *c, struct pair_row *row)
{
    row->stable_equal = row->rec[SIDE_API] && row->rec[SIDE_PAGE] &&
        sqlite3_column_int64(c->get[SIDE_API], 2) == sqlite3_column_int64(c->get[SIDE_PAGE], 2);
    for (int side = 0; side < SIDE_COUNT; side++) {
        if (!row->rec[side])
            continue;
        if (side == SIDE_PAGE && row->stable_equal && c->which == COLUMNS_COMPARED)
            read_drifting(c->get[side], c->which, GET_HEADS, &c->rec[side], &c->rec[SIDE_API]);
        else
            read_fields(c->get[side], c->which, GET_HEADS, &c->rec[side]);
        c->rec[side].id = row->id;
        row->at[side] = sqlite3_column_int64(c->get[side], 0);
    }
    if (row->rec[SIDE_PAGE])
        row->page_generation = (enum generation)sqlite3_column_int(c->get[SIDE_PAGE], 1);
}

int pair_cursor_next(struct pair_cursor *c, struct pair_row *row, struct err *err)
{
    int rc = store_step(c->s, c->list, err);

    if (rc != 1)
        return rc;
    *row = (struct pair_row){ .item = sqlite3_column_int64(c->list, 0),
                              .id = (uint64_t)sqlite3_column_int64(c->list, 1) };
    for (int side = 0; side < SIDE_COUNT; side++) {
        int64_t n = sqlite3_column_int64(c->list, 2 + side);

        if (!n && c->both)
            return store_damaged(c->s, "a current record is none", err);
        if (!n)
            continue;
        if (stand_at(c, side, n, err))
            return -1;
        row->rec[side] = &c->rec[side];
    }
    read_sides(c, row);
    return 1;
}

int64_t pair_cursor_skipped(const struct pair_cursor *c)
{
    return c->skipped;
}

void pair_cursor_close(struct pair_cursor *c)
{
    if (!c)
        return;
    sqlite3_finalize(c->list);
    sqlite3_finalize(c->get[SIDE_API]);
    sqlite3_finalize(c->get[SIDE_PAGE]);
    free(c);
}

/* ---- one record, and the series of counters ---- */
int store_record(struct store *s, int64_t item, enum side side, struct arena *mem,
                 struct record **out, int64_t *at, struct err *err)
{
    struct record r = {0}, *copy;
    int64_t n[SIDE_COUNT];
    int rc;

    if (get_current(s, item, n, err))
        return -1;
    if (!n[side]) {
        *out = NULL;
        *at = 0;
        return 0;
    }
    sqlite3_reset(s->record_get);
    bind_int(s->record_get, 1, n[side]);
    if ((rc = store_step(s, s->record_get, err)) != 1)
        return rc < 0
                   ? -1
                   : err_set(err, ERR_IO, "%s: record %lld is gone", s->path, (long long)n[side]);
    read_fields(s->record_get, COLUMNS_ALL, GET_HEADS, &r);
    copy = arena_alloc(mem, sizeof *copy);
    record_copy(copy, &r, mem);
    *at = sqlite3_column_int64(s->record_get, 0);
    sqlite3_reset(s->record_get);
    *out = copy;
    return store_item_id(s, item, &copy->id, err);
}

int store_counters(struct store *s, int64_t item,
                   int (*each)(void *to, const struct counter_row *, struct err *), void *to,
                   struct err *err)
{
    struct buf sql = {0};
    sqlite3_stmt *st = NULL;
    int rc;

    buf_puts(&sql, "SELECT c.item, i.id, c.side, c.at");
    put_columns(&sql, COLUMNS_DRIFT, 0);
    buf_puts(&sql, item ? " FROM counter c JOIN item i ON i.n = c.item WHERE c.item = ?1"
                        : " FROM counter c JOIN item i ON i.n = c.item");
    buf_puts(&sql, " ORDER BY c.item, c.side, c.at");
    rc = prepare(s, &sql, &st, err);
    if (rc == 0 && item)
        bind_int(st, 1, item);
    while (rc == 0 && (rc = store_step(s, st, err)) == 1) {
        struct record r = {0};
        struct counter_row row = { .item = sqlite3_column_int64(st, 0),
                                   .id = (uint64_t)sqlite3_column_int64(st, 1),
                                   .side = (enum side)sqlite3_column_int(st, 2),
                                   .at = sqlite3_column_int64(st, 3) };

        read_fields(st, COLUMNS_DRIFT, 4, &r);
        memcpy(row.val, r.val, sizeof row.val);
        rc = each(to, &row, err) ? -1 : 0;
    }
    sqlite3_finalize(st);
    buf_release(&sql);
    return rc;
}

int store_check_records(struct store *s, int (*each)(void *to, struct str problem, struct err *),
                        void *to, struct err *err)
{
    struct buf sql = {0};
    sqlite3_stmt *st = NULL;
    int rc;

    buf_puts(&sql, "SELECT n, item, hash, compared");
    put_columns(&sql, COLUMNS_ALL, 0);
    buf_puts(&sql, " FROM record ORDER BY n");
    rc = prepare(s, &sql, &st, err);
    while (rc == 0 && (rc = store_step(s, st, err)) == 1) {
        struct record r = {0};
        struct digest hash;

        read_fields(st, COLUMNS_ALL, 4, &r);
        hash = record_hash(&r);
        rc = 0;
        if (sqlite3_column_bytes(st, 2) == DIGEST_BYTES &&
            compared_number(&r) == sqlite3_column_int64(st, 3) &&
            memcmp(sqlite3_column_blob(st, 2), hash.b, DIGEST_BYTES) == 0)
            continue;
        buf_clear(&sql);
        buf_printf(
            &sql, "record %lld of item %lld is not what was stored: its fields have another digest",
            (long long)sqlite3_column_int64(st, 0), (long long)sqlite3_column_int64(st, 1));
        rc = each(to, buf_view(&sql), err) ? -1 : 0;
    }
    sqlite3_finalize(st);
    buf_release(&sql);
    return rc;
}
