/* store/pairs.c: the pairs that are compared, in the order of their ids: which they are by the
 * chunk, their records a part of it at a time.
 *
 * A server works on the next part while this one is taken, and joins nothing: which of a chunk of
 * items are pairs is looked for by a range of their numbers, where a join looks each of them up. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "store/columns.h"
#include "store/inner.h"
#include "store/records.h"

#define ROOM_BYTES ((size_t)32 << 10)

struct pair_entry {
    int64_t item;
    uint64_t id;
    int64_t current[SIDE_COUNT];
    bool agree;
};
struct pair_side {
    struct record rec;
    int64_t at, compared;
    enum generation generation;
    bool read;
};
/* The records of one side, on their way. */
struct asked {
    struct stmt *st;
    bool range;
    struct row_set rows;
};
/* Entries whose records are read at once. */
struct pair_part {
    size_t first, have;
    struct asked side[SIDE_COUNT];
};
struct pair_cursor {
    struct store *s;
    bool both, skip_equal;
    enum columns which;
    enum query list;     // gives the next entries
    int64_t after;       // id of the last entry
    struct stmt *ids;    // of a server: the items behind it, on their way
    size_t chunk;        // entries that are asked for at once
    struct pair_entry *entry;
    size_t entries, cap;
    size_t at;                               // of the entry that comes next
    bool ended;                              // there are no entries behind these
    struct pair_side (*side)[SIDE_COUNT];    // of the entries of part[0], as many as are read
    struct pair_part part[2];                // that is read, and the one behind it
    struct arena mem;
    char *room;
    size_t room_left;    // of mem: for the next texts
    struct row_set rows;
    struct readings readings;    // of the same entries as side; of is NULL where none are wanted
    bool all_readings;
    int64_t skipped;
};

static int count_skipped(struct store *s, int64_t *all, int64_t *skipped, struct err *err)
{
    int64_t *const out[] = { all, skipped };

    return db_row(s->db, Q_PAIRS_COUNT, NO_ARGS, out, 2, err) == 1 ? 0 : -1;
}

static size_t records_at_once(const struct pair_cursor *c) { return store_chunk(c->s) / 2; }

int store_pairs(struct store *s, bool both, bool skip_equal, struct pair_cursor **out,
                struct err *err)
{
    int64_t all = 0, skipped = 0;
    struct pair_cursor *c;

    if (skip_equal && count_skipped(s, &all, &skipped, err))
        return -1;
    c = xcalloc(1, sizeof *c);
    *c = (struct pair_cursor){
        .s = s,
        .chunk = db_is_far(s->db) ? STORE_PAIRS_FAR : store_chunk(s),
        .both = both,
        .skip_equal = skip_equal,
        .skipped = skipped,
        .which = both ? COLUMNS_COMPARED : COLUMNS_ALL,
        .list = db_is_far(s->db) ? Q_ITEM_IDS
                : skip_equal     ? (both ? Q_PAIRS_BOTH_DIFFERING : Q_PAIRS_ANY_DIFFERING)
                                 : (both ? Q_PAIRS_BOTH : Q_PAIRS_ANY),
    };
    if (skip_equal && both && skipped > all / 2)
        c->list = Q_PAIRS_FEW;    // sorted, so all of them at once: 40 bytes each
    c->side = xcalloc(records_at_once(c), sizeof *c->side);
    *out = c;
    return 0;
}

/* Which numbers are wanted of entries [first, first + n): of an item, or of its record. */
typedef int64_t number_fn(const struct pair_entry *, enum side);
static int64_t number_of_item(const struct pair_entry *e, enum side side)
{
    (void)side;
    return e->item;
}

static int64_t number_of_record(const struct pair_entry *e, enum side side)
{
    return e->current[side];
}

/* Answers came in much in the order of ids, so what is known of a chunk mostly lies
 * together: *to is then the last one's number. */
static bool lie_together(const struct pair_entry *e, size_t n, number_fn *number, enum side side,
                         int64_t *from, int64_t *to)
{
    int64_t wanted = 0;

    *from = *to = 0;
    for (size_t i = 0; i < n; i++) {
        const int64_t at = number(&e[i], side);

        if (!at)
            continue;
        if (at <= *to)
            return false;
        *from = *from ? *from : at;
        *to = at;
        wanted++;
    }
    return wanted == 0 || *to - *from < 2 * wanted;
}

static void put_scattered(struct row_set *rows, const struct pair_entry *e, size_t n,
                          number_fn *number, enum side side)
{
    rows_clear(rows);
    for (size_t i = 0; i < n; i++) {
        const int64_t at = number(&e[i], side);
        struct arg *row;

        if (!at)
            continue;
        row = rows_add(rows, 2);
        row[0] = arg_int((int64_t)i);
        row[1] = arg_int(at);
    }
}

/* A join by the server would look each of them up. */
static int ask_current(struct pair_cursor *c, bool *range, struct stmt **st, struct err *err)
{
    int64_t from, to;

    *range = lie_together(c->entry, c->entries, number_of_item, SIDE_API, &from, &to);
    if (*range)
        return db_query_later(c->s->db, Q_CURRENT_FROM, ARGS(arg_int(from), arg_int(to)), st, err);
    put_scattered(&c->rows, c->entry, c->entries, number_of_item, SIDE_API);
    return db_query_later(c->s->db, Q_CURRENT_OF, ARGS(rows_arg(&c->rows)), st, err);
}

static int take_current(struct pair_cursor *c, bool range, struct stmt *st, struct err *err)
{
    size_t at = 0;
    int rc;

    while ((rc = stmt_next(st, err)) == 1) {
        const int64_t n = stmt_int(st, 0);

        if (!range)
            at = (size_t)n;
        while (range && at < c->entries && c->entry[at].item < n)
            at++;
        if (at >= c->entries || (range && c->entry[at].item != n))
            continue;
        c->entry[at].current[SIDE_API] = stmt_int(st, 1);
        c->entry[at].current[SIDE_PAGE] = stmt_int(st, 2);
        c->entry[at].agree = stmt_int(st, 3) != 0;
    }
    return rc;
}

static bool is_wanted(const struct pair_cursor *c, const struct pair_entry *e)
{
    const bool api = e->current[SIDE_API] > 0, page = e->current[SIDE_PAGE] > 0;

    return (c->both ? api && page : api || page) && !(c->skip_equal && e->agree);
}

static void keep_wanted(struct pair_cursor *c)
{
    size_t kept = 0;

    for (size_t i = 0; i < c->entries; i++)
        if (is_wanted(c, &c->entry[i]))
            c->entry[kept++] = c->entry[i];
    c->entries = kept;
}

static int ask_ids(struct pair_cursor *c, struct err *err)
{
    return db_query_later(c->s->db, Q_ITEM_IDS, ARGS(arg_int(c->after), arg_int((int64_t)c->chunk)),
                          &c->ids, err);
}

static int take_ids(struct pair_cursor *c, struct err *err)
{
    int rc;

    while ((rc = stmt_next(c->ids, err)) == 1) {
        ARRAY_ROOM(c->entry, c->entries, c->cap);
        c->entry[c->entries++] = (struct pair_entry){ .item = stmt_int(c->ids, 0),
                                                      .id = (uint64_t)stmt_int(c->ids, 1) };
    }
    stmt_done(c->ids);
    c->ids = NULL;
    if (c->entries)
        c->after = (int64_t)c->entry[c->entries - 1].id;
    c->ended = c->entries < c->chunk;
    return rc;
}

/* A chunk of items, then which of them are pairs; the next chunk is asked for on the same way. */
static int read_entries_far(struct pair_cursor *c, struct err *err)
{
    do {
        struct stmt *st = NULL;
        bool range;
        int rc;

        c->entries = 0;
        if ((!c->ids && ask_ids(c, err)) || take_ids(c, err))
            return -1;
        if (c->entries == 0)
            return 0;
        rc = ask_current(c, &range, &st, err) || (!c->ended && ask_ids(c, err)) ||
                     take_current(c, range, st, err)
                 ? -1
                 : 0;
        stmt_done(st);
        if (rc)
            return -1;
        keep_wanted(c);
    } while (c->entries == 0 && !c->ended);
    return 0;
}

static int read_entries(struct pair_cursor *c, struct err *err)
{
    const struct arg args[] = { arg_int(c->after), arg_int((int64_t)c->chunk) };
    struct stmt *st;
    int rc;

    c->entries = c->at = 0;
    if (c->list == Q_ITEM_IDS)
        return read_entries_far(c, err);
    if (db_query(c->s->db, c->list, args, c->list == Q_PAIRS_FEW ? 0 : 2, &st, err))
        return -1;
    while ((rc = stmt_next(st, err)) == 1) {
        ARRAY_ROOM(c->entry, c->entries, c->cap);
        c->entry[c->entries++] =
            (struct pair_entry){ .item = stmt_int(st, 0),
                                 .id = (uint64_t)stmt_int(st, 1),
                                 .current = { stmt_int(st, 2), stmt_int(st, 3) } };
    }
    stmt_done(st);
    if (c->entries)
        c->after = (int64_t)c->entry[c->entries - 1].id;
    c->ended = c->list == Q_PAIRS_FEW || c->entries < c->chunk;
    return rc;
}

/* Room for a text of this chunk of pairs. */
static char *text_room(struct pair_cursor *c, size_t n)
{
    char *to;

    if (n > c->room_left) {
        c->room_left = n > ROOM_BYTES ? n : ROOM_BYTES;
        c->room = arena_alloc(&c->mem, c->room_left);
    }
    to = c->room;
    c->room += n;
    c->room_left -= n;
    return to;
}

/* With equal digests (like) the compared fields that do not drift are the same
 * bytes on both sides, and are read once. */
static void read_kept(struct pair_cursor *c, struct stmt *st, struct record *r,
                      const struct record *like)
{
    const struct columns_list *l = columns_of(c->which);

    for (int i = 0; i < l->len; i++) {
        struct value *v = &r->val[l->f[i]];

        if (like && !l->drifts[i]) {
            *v = like->val[l->f[i]];
            continue;
        }
        stmt_value(st, 4 + i, v);
        if (v->kind == VAL_TEXT)
            v->text.p = memcpy(text_room(c, v->text.n), v->text.p, v->text.n);
    }
}

static void read_side(struct pair_cursor *c, struct stmt *st, size_t at, enum side side)
{
    struct pair_side *both = c->side[at], *one = &both[side];

    one->read = true;
    one->at = stmt_int(st, 1);
    one->generation = (enum generation)stmt_enum(st, 2, GENERATION_COUNT);
    one->compared = stmt_int(st, 3);
    read_kept(c, st, &one->rec,
              side == SIDE_PAGE && c->which == COLUMNS_COMPARED && both[SIDE_API].read &&
                      both[SIDE_API].compared == one->compared
                  ? &both[SIDE_API].rec
                  : NULL);
}

static int ask_records(struct pair_cursor *c, struct pair_part *p, enum side side, struct err *err)
{
    const struct pair_entry *e = &c->entry[p->first];
    struct asked *a = &p->side[side];
    const bool all = c->which == COLUMNS_ALL;
    int64_t from, to;

    a->range = lie_together(e, p->have, number_of_record, side, &from, &to);
    if (a->range)
        return from ? db_query_later(c->s->db, all ? Q_RECORDS_ALL_FROM : Q_RECORDS_COMPARED_FROM,
                                     ARGS(arg_int(from), arg_int(to)), &a->st, err)
                    : 0;
    put_scattered(&a->rows, e, p->have, number_of_record, side);
    return db_query_later(c->s->db, all ? Q_RECORDS_ALL : Q_RECORDS_COMPARED,
                          ARGS(rows_arg(&a->rows)), &a->st, err);
}

static int take_range(struct pair_cursor *c, enum side side, struct stmt *st, struct err *err)
{
    const struct pair_part *p = &c->part[0];
    size_t at = 0;
    int rc;

    while ((rc = stmt_next(st, err)) == 1) {
        int64_t n = stmt_int(st, 0);

        while (at < p->have && c->entry[p->first + at].current[side] < n)
            at++;
        if (at < p->have && c->entry[p->first + at].current[side] == n)
            read_side(c, st, at, side);
    }
    return rc;
}

static int take_records(struct pair_cursor *c, enum side side, struct err *err)
{
    struct asked *a = &c->part[0].side[side];
    int rc = 0;

    if (a->st && a->range)
        rc = take_range(c, side, a->st, err);
    else
        while (a->st && (rc = stmt_next(a->st, err)) == 1)
            read_side(c, a->st, (size_t)stmt_int(a->st, 0), side);
    stmt_done(a->st);
    a->st = NULL;
    return rc;
}

static void part_behind(const struct pair_cursor *c, struct pair_part *p, size_t first)
{
    p->first = first;
    p->have = c->entries - first < records_at_once(c) ? c->entries - first : records_at_once(c);
}

/* The next part is asked for before this one is taken, so that the server works on it meanwhile. */
static int ask_ahead(struct pair_cursor *c, bool asked, struct err *err)
{
    struct pair_part *p = c->part;

    if (!asked && (ask_records(c, p, SIDE_API, err) || ask_records(c, p, SIDE_PAGE, err)))
        return -1;
    part_behind(c, p + 1, p->first + p->have);
    if (p[1].have &&
        (ask_records(c, p + 1, SIDE_API, err) || ask_records(c, p + 1, SIDE_PAGE, err)))
        return -1;
    return db_send(c->s->db, err);
}

static int read_records_far(struct pair_cursor *c, struct err *err)
{
    const bool asked = c->part[1].have > 0;

    if (asked) {
        const struct pair_part done = c->part[0];

        c->part[0] = c->part[1];
        c->part[1] = done;
    }
    return ask_ahead(c, asked, err) || take_records(c, SIDE_API, err) ||
                   take_records(c, SIDE_PAGE, err)
               ? -1
               : 0;
}

static int read_records(struct pair_cursor *c, struct err *err)
{
    struct pair_part *p = c->part;

    for (size_t i = 0; i < p->have; i++)
        c->side[i][SIDE_API].read = c->side[i][SIDE_PAGE].read = false;
    if (db_is_far(c->s->db))
        return read_records_far(c, err);
    return ask_records(c, p, SIDE_API, err) || take_records(c, SIDE_API, err) ||
                   ask_records(c, p, SIDE_PAGE, err) || take_records(c, SIDE_PAGE, err)
               ? -1
               : 0;
}

/* A counter differs between the sides, or both have one and all are wanted. */
static bool wants_readings(const struct pair_cursor *c, const struct pair_side *side)
{
    if (!side[SIDE_API].read || !side[SIDE_PAGE].read)
        return false;
    for (int i = 0; i < COUNTERS; i++) {
        enum field f = counter_field((enum counter)i);
        const struct value *a = &side[SIDE_API].rec.val[f], *p = &side[SIDE_PAGE].rec.val[f];

        if (a->kind != VAL_NONE && p->kind != VAL_NONE && (c->all_readings || !value_eq(a, p)))
            return true;
    }
    return false;
}

static int read_readings(struct pair_cursor *c, struct err *err)
{
    const struct pair_part *p = &c->part[0];
    struct row_set *rows = &c->rows;

    if (!c->readings.of)
        return 0;
    memset(c->readings.of, 0, records_at_once(c) * sizeof *c->readings.of);
    c->readings.n = 0;
    rows_clear(rows);
    for (size_t i = 0; i < p->have; i++) {
        struct arg *row;

        if (!wants_readings(c, c->side[i]))
            continue;
        row = rows_add(rows, 2);
        row[0] = arg_int((int64_t)i);
        row[1] = arg_int(c->entry[p->first + i].item);
    }
    return rows->rows.n ? store_readings(c->s, rows, &c->readings, err) : 0;
}

static int pair_cursor_fill(struct pair_cursor *c, struct err *err)
{
    if (c->at == c->entries && !c->ended && read_entries(c, err))
        return -1;
    part_behind(c, &c->part[0], c->at);
    arena_clear(&c->mem);
    c->room_left = 0;
    return read_records(c, err) || read_readings(c, err) ? -1 : 0;
}

static void take_readings(const struct pair_cursor *c, size_t at, struct pair_row *row)
{
    const struct readings_of *of = &c->readings.of[at];

    row->reading = of->n ? c->readings.v + of->first : NULL;
    row->readings = of->n;
    row->page_marks = of->marks;
}

int pair_cursor_next(struct pair_cursor *c, struct pair_row *row, struct err *err)
{
    const struct pair_entry *e;
    struct pair_side *side;

    if (c->at == c->part[0].first + c->part[0].have && pair_cursor_fill(c, err))
        return -1;
    if (c->part[0].have == 0)
        return 0;
    side = c->side[c->at - c->part[0].first];
    e = &c->entry[c->at++];
    *row = (struct pair_row){ .item = e->item, .id = e->id };
    for (int i = 0; i < SIDE_COUNT; i++) {
        if (!e->current[i] && c->both)
            return db_damaged(c->s->db, "a current record is none", err);
        if (!e->current[i])
            continue;
        if (!side[i].read)
            return err_set(err, ERR_IO, "%s: record %lld is gone", db_path(c->s->db),
                           (long long)e->current[i]);
        side[i].rec.id = e->id;
        row->rec[i] = &side[i].rec;
        row->at[i] = side[i].at;
    }
    row->stable_equal = row->rec[SIDE_API] && row->rec[SIDE_PAGE] &&
                        side[SIDE_API].compared == side[SIDE_PAGE].compared;
    if (row->rec[SIDE_PAGE])
        row->page_generation = side[SIDE_PAGE].generation;
    if (c->readings.of)
        take_readings(c, c->at - 1 - c->part[0].first, row);
    return 1;
}

void pair_cursor_with_readings(struct pair_cursor *c, bool all)
{
    c->readings.of = xcalloc(records_at_once(c), sizeof *c->readings.of);
    c->all_readings = all;
}

int64_t pair_cursor_skipped(const struct pair_cursor *c) { return c->skipped; }

void pair_cursor_close(struct pair_cursor *c)
{
    if (!c)
        return;
    stmt_done(c->ids);
    for (int p = 0; p < 2; p++)
        for (int side = 0; side < SIDE_COUNT; side++) {
            stmt_done(c->part[p].side[side].st);
            rows_release(&c->part[p].side[side].rows);
        }
    rows_release(&c->rows);
    free(c->readings.of);
    free(c->readings.v);
    arena_release(&c->mem);
    free(c->entry);
    free(c->side);
    free(c);
}
