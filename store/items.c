/* store/items.c: items with all that is known of them on their way out, counts,
 * and the places from which their pages are read. */
#include <stdlib.h>
#include <string.h>

#include "base/utc.h"
#include "store/change.h"
#include "store/inner.h"
#include "store/items.h"
#include "store/known.h"

/* ---- one row ---- */
/* Both numbers of a column of STATE_SMALL (queries.def): the instant, and the count. */
static int64_t read_small(struct stmt *st, int column, int64_t *at)
{
    const uint64_t two = (uint64_t)stmt_int(st, column);

    *at = (int64_t)(two & UINT32_MAX);
    return (int64_t)(two >> 32);
}

/* Of an item that was never sent or read there is no state: to look at its
 * columns would cost more than the row. */
bool store_item_read(struct stmt *st, struct item_row *r, struct arena *mem)
{
    int c = 4;

    *r = (struct item_row){ .n = stmt_int(st, 0),
                            .id = (uint64_t)stmt_int(st, 1),
                            .handle = arena_dup(mem, stmt_text(st, 2)),
                            .message = STR(""),
                            .region = STR(""),
                            .page = ANSWER_COUNT,
                            .oembed = ANSWER_COUNT,
                            .elsewhere = ANSWER_COUNT,
                            .page_witness = WITNESS_PAGE,
                            .embed = ANSWER_COUNT,
                            .purged_at = stmt_int(st, 3) };
    if (stmt_is_null(st, 4))
        return r->n > 0;
    r->page_created = stmt_int(st, c++);
    r->api_created = stmt_int(st, c++);
    r->found_last_at = stmt_int(st, c++);
    r->page = (enum answer_kind)stmt_enum_or_none(st, c++, ANSWER_COUNT);
    r->has_code = !stmt_is_null(st, c);
    r->code = stmt_int(st, c++);
    r->message = arena_dup(mem, stmt_text(st, c++));
    r->public_first_at = stmt_int(st, c++);
    r->public_last_at = stmt_int(st, c++);
    r->refused_last_at = stmt_int(st, c++);
    r->oembed = (enum answer_kind)stmt_enum_or_none(st, c++, ANSWER_COUNT);
    r->region = arena_dup(mem, stmt_text(st, c++));
    r->page_request = stmt_int(st, c++);
    r->api_request = stmt_int(st, c++);
    r->valid = (enum validation)stmt_enum(st, c++, VALIDATION_COUNT);
    r->elsewhere = (enum answer_kind)stmt_enum_or_none(st, c++, ANSWER_COUNT);
    r->page_witness = (enum witness)stmt_enum(st, c++, WITNESS_COUNT);
    r->embed = (enum answer_kind)stmt_enum_or_none(st, c++, ANSWER_COUNT);
    r->asked = (int)read_small(st, c++, &r->last_at);
    r->days = (int)read_small(st, c++, &r->first_at);
    r->absent_before_found = (int)read_small(st, c++, &r->found_first_at);
    r->following_asked = (int)read_small(st, c++, &r->sent_at);
    r->tries = (int)read_small(st, c++, &r->tried_at);
    r->oembed_tries = (int)read_small(st, c++, &r->oembed_at);
    r->embed_tries = (int)read_small(st, c++, &r->embed_at);
    r->elsewhere_vantage = read_small(st, c++, &r->elsewhere_at);
    r->page_marks = (unsigned)read_small(st, c++, &r->page_at);
    r->sampled = read_small(st, c++, &r->valid_at) != 0;
    return r->n > 0;
}

/* What is known of another vantage counts as long as the page was not read since: the row
 * as all but the sink see it. */
static void item_show(struct item_row *r)
{
    if (r->elsewhere_at < r->page_at)
        r->elsewhere = ANSWER_COUNT;
}

static struct arg answer_or_null(enum answer_kind kind)
{
    return arg_int_or_null(kind != ANSWER_COUNT, kind);
}

#define STATE_COLUMNS_API 14
static void state_row_api(struct arg *a, const struct item_row *r)
{
    const struct arg row[STATE_COLUMNS_API] = {
        arg_int(r->n),
        arg_int(r->asked),
        arg_int(r->days),
        arg_int(r->first_at),
        arg_int(r->last_at),
        arg_int(r->sent_at),
        arg_int(r->found_first_at),
        arg_int(r->found_last_at),
        arg_int(r->absent_before_found),
        arg_int(r->following_asked),
        arg_int(r->api_created),
        arg_int(r->api_request),
        arg_int_or_null(r->valid != VALIDATION_NONE, r->valid),
        arg_int(r->valid_at),
    };

    memcpy(a, row, sizeof row);
}

/* Texts are the caller's until the statement is done. */
#define STATE_COLUMNS_PAGE 24
static void state_row_page(struct arg *a, const struct item_row *r)
{
    const struct arg row[STATE_COLUMNS_PAGE] = {
        arg_int(r->n),
        answer_or_null(r->page),
        arg_int_or_null(r->has_code, r->code),
        arg_text(r->message),
        arg_text(r->region),
        arg_int(r->page_at),
        arg_int(r->page_created),
        arg_int(r->page_request),
        arg_int(r->public_first_at),
        arg_int(r->public_last_at),
        arg_int(r->refused_last_at),
        arg_int(r->tries),
        arg_int(r->tried_at),
        answer_or_null(r->oembed),
        arg_int(r->oembed_at),
        arg_int(r->oembed_tries),
        arg_int(r->page_marks),
        answer_or_null(r->elsewhere),
        arg_int(r->elsewhere_at),
        arg_int(r->elsewhere_vantage),
        arg_int(r->page_witness),
        answer_or_null(r->embed),
        arg_int(r->embed_at),
        arg_int(r->embed_tries),
    };

    memcpy(a, row, sizeof row);
}

int store_states_put(struct store *s, enum side side, const struct item_row *row, size_t n,
                     struct err *err)
{
    rows_clear(&s->wanted);
    if (side == SIDE_API && n)
        known_forget(s);
    for (size_t i = 0; i < n; i++)
        if (side == SIDE_API)
            state_row_api(rows_add(&s->wanted, STATE_COLUMNS_API), &row[i]);
        else
            state_row_page(rows_add(&s->wanted, STATE_COLUMNS_PAGE), &row[i]);
    return rows_run(s->db, side == SIDE_API ? Q_STATES_PUT_API : Q_STATES_PUT_PAGE, &s->wanted,
                    err);
}

/* ---- items by number ---- */
int store_items_raw(struct store *s, const int64_t *item, size_t n, struct item_row *out,
                    struct arena *mem, struct err *err)
{
    struct stmt *st;
    int rc;

    rows_clear(&s->wanted);
    for (size_t i = 0; i < n; i++) {
        struct arg *a;

        out[i] = (struct item_row){0};
        if (item[i] <= 0)
            continue;
        a = rows_add(&s->wanted, 2);
        a[0] = arg_int((int64_t)i);
        a[1] = arg_int(item[i]);
    }
    if (s->wanted.rows.n == 0)
        return 0;
    if (store_site_days(s, err))
        return -1;
    if (db_query(s->db, Q_ITEMS_OF, ARGS(rows_arg(&s->wanted)), &st, err))
        return -1;
    while ((rc = stmt_next(st, err)) == 1) {
        struct item_row *row = &out[stmt_int(st, ITEM_WIDTH)];

        if (!store_item_read(st, row, mem)) {
            rc = db_damaged(s->db, "an item's state is none of ours", err);
            break;
        }
        row->site_days = &s->site_days;
    }
    stmt_done(st);
    return rc;
}

void store_items_show(struct item_row *row, size_t n)
{
    for (size_t i = 0; i < n; i++)
        item_show(&row[i]);
}

int store_item(struct store *s, int64_t item, struct item_row *row, bool *found, struct err *err)
{
    struct item_row one;

    arena_clear(&s->item_mem);
    if (store_items_raw(s, &item, 1, &one, &s->item_mem, err))
        return -1;
    store_items_show(&one, 1);
    *found = one.n > 0;
    if (*found)
        *row = one;
    return 0;
}

int store_item_id(struct store *s, int64_t item, uint64_t *id, struct err *err)
{
    int64_t n = 0, *const out[] = { &n };
    int rc = db_row(s->db, Q_ITEM_ID, ARGS(arg_int(item)), out, 1, err);

    if (rc == 1)
        *id = (uint64_t)n;
    return rc == 1  ? 0
           : rc < 0 ? -1
                    : err_set(err, ERR_IO, "%s has no item %lld", db_path(s->db), (long long)item);
}

int store_item_find(struct store *s, uint64_t id, int64_t *item, struct err *err)
{
    int64_t *const out[] = { item };

    *item = 0;
    if (id > INT64_MAX)
        return 0;
    return db_row(s->db, Q_ITEM_FIND, ARGS(arg_int((int64_t)id)), out, 1, err) < 0 ? -1 : 0;
}

int store_item_numbers(struct store *s, const uint64_t *id, int64_t *item, size_t n,
                       struct err *err)
{
    struct stmt *st;
    int rc;

    rows_clear(&s->wanted);
    for (size_t i = 0; i < n; i++) {
        struct arg *a;

        if (item[i] > 0 || id[i] > INT64_MAX)
            continue;
        a = rows_add(&s->wanted, 2);
        a[0] = arg_int((int64_t)i);
        a[1] = arg_int((int64_t)id[i]);
    }
    if (s->wanted.rows.n == 0)
        return 0;
    if (db_query(s->db, Q_ITEMS_FIND, ARGS(rows_arg(&s->wanted)), &st, err))
        return -1;
    while ((rc = stmt_next(st, err)) == 1)
        item[stmt_int(st, 0)] = stmt_int(st, 1);
    stmt_done(st);
    return rc;
}

/* One walk of the states, if need be: the sink keeps the two numbers from then on. */
static int count_states(struct store *s, struct err *err)
{
    int64_t asked = 0, found = 0, *const out[] = { &asked, &found };

    if (s->asked >= 0)
        return 0;
    if (db_row(s->db, Q_COUNT_ASKED, NO_ARGS, out, 2, err) != 1)
        return -1;
    s->asked = asked;
    s->found = found;
    return 0;
}

/* ---- all items, or some ---- */
static const enum query filter_query[] = {
    [ITEMS_ALL] = Q_ITEMS_ALL, [ITEMS_NEVER_ASKED] = Q_ITEMS_NEVER_ASKED,
    [ITEMS_NOT_FOUND] = Q_ITEMS_NOT_FOUND, [ITEMS_TOUCHED] = Q_ITEMS_TOUCHED,
    [ITEMS_FOUND] = Q_ITEMS_FOUND, [ITEMS_SAMPLED] = Q_ITEMS_SAMPLED,
    [ITEMS_REFUSED] = Q_ITEMS_REFUSED,
};

struct item_cursor {
    struct store *s;
    enum query query;
    struct arena mem;              // texts of the rows
    struct item_row *row; size_t len, at, chunk;
    uint64_t after;
    bool by_number;                // after is an item's number, not an id
    bool last;                     // no chunk behind this one
    bool goes_on;
    struct stmt *next;             // of the next chunk, asked for already; NULL: it is not
};

int store_items(struct store *s, enum item_filter filter, uint64_t after, struct item_cursor **out,
                struct err *err)
{
    struct item_cursor *c;
    int64_t max = 0;

    if (filter == ITEMS_NEVER_ASKED && (count_states(s, err) || store_max_item(s, &max, err)))
        return -1;
    c = xcalloc(1, sizeof *c);
    *c = (struct item_cursor){ .s = s,
                               .query = filter_query[filter],
                               .chunk = db_is_far(s->db) ? STORE_ITEMS_FAR : STORE_CHUNK,
                               .after = after,
                               .by_number = filter >= ITEMS_TOUCHED,
                               .last = filter == ITEMS_NEVER_ASKED && s->asked == max };
    c->row = xmalloc(c->chunk * sizeof *c->row);
    *out = c;
    return 0;
}

static int item_cursor_ask(struct item_cursor *c, struct err *err)
{
    const int64_t after = c->after > INT64_MAX ? INT64_MAX : (int64_t)c->after;

    return (c->goes_on ? db_query_later : db_query)(
        c->s->db, c->query, ARGS(arg_int(after), arg_int((int64_t)c->chunk)), &c->next, err);
}

static uint64_t place_of(const struct item_cursor *c, const struct item_row *row)
{
    return c->by_number ? (uint64_t)row->n : row->id;
}

/* A server works on the next chunk while this side works on the one that came. */
static int ask_behind(struct item_cursor *c, struct err *err)
{
    if (!c->goes_on || c->last)
        return 0;
    c->after = place_of(c, &c->row[c->len - 1]);
    return item_cursor_ask(c, err) || db_send(c->s->db, err) ? -1 : 0;
}

/* A run may stand between two rows for hours while its answers are committed:
 * rows are read a chunk at a time, so that no old snapshot keeps the
 * write-ahead log from being emptied. */
static int item_cursor_fill(struct item_cursor *c, struct err *err)
{
    struct stmt *st;
    int rc;

    arena_clear(&c->mem);
    c->len = c->at = 0;
    if (store_site_days(c->s, err) || (!c->next && item_cursor_ask(c, err)))
        return -1;
    st = c->next;
    c->next = NULL;
    while ((rc = stmt_next(st, err)) == 1) {
        struct item_row *row = &c->row[c->len++];

        if (!store_item_read(st, row, &c->mem)) {
            rc = db_damaged(c->s->db, "an item's state is none of ours", err);
            break;
        }
        item_show(row);
        row->site_days = &c->s->site_days;
    }
    stmt_done(st);
    c->last = c->len < c->chunk;
    return rc ? rc : ask_behind(c, err);
}

void item_cursor_goes_on(struct item_cursor *c) { c->goes_on = db_is_far(c->s->db); }

int item_cursor_next(struct item_cursor *c, struct item_row *row, struct err *err)
{
    if (c->at == c->len) {
        if (c->last)
            return 0;
        if (item_cursor_fill(c, err))
            return -1;
        if (c->len == 0)
            return 0;
    }
    *row = c->row[c->at++];
    if (!c->goes_on)
        c->after = place_of(c, row);
    return 1;
}

const struct item_row *item_cursor_ahead(const struct item_cursor *c, size_t *n)
{
    *n = c->at ? c->len - c->at + 1 : 0;
    return c->at ? &c->row[c->at - 1] : NULL;
}

void item_cursor_close(struct item_cursor *c)
{
    if (!c)
        return;
    stmt_done(c->next);
    arena_release(&c->mem);
    free(c->row);
    free(c);
}

int store_each_found(struct store *s, void (*each)(void *to, int64_t item, uint64_t id), void *to,
                     struct err *err)
{
    struct stmt *st;
    int rc;

    if (db_query(s->db, Q_FOUND_IDS, NO_ARGS, &st, err))
        return -1;
    while ((rc = stmt_next(st, err)) == 1)
        each(to, stmt_int(st, 0), (uint64_t)stmt_int(st, 1));
    stmt_done(st);
    return rc;
}

int store_blocked_alone(struct store *s, int64_t vantage, int64_t day,
                        void (*each)(void *to, int64_t item, enum witness), void *to,
                        struct err *err)
{
    const struct arg args[] = { arg_int(NO_ANSWER_BLOCKED_ALONE), arg_int(vantage),
                                arg_int(utc_day_start(day)), arg_int(utc_day_start(day + 1)) };
    struct stmt *st;
    int rc;

    if (db_query(s->db, vantage <= 1 ? Q_BLOCKED_ALONE : Q_BLOCKED_ALONE_THERE, args, 4, &st, err))
        return -1;
    while ((rc = stmt_next(st, err)) == 1)
        each(to, stmt_int(st, 0), (enum witness)stmt_enum(st, 1, WITNESS_COUNT));
    stmt_done(st);
    return rc;
}

int store_readable(struct store *s, enum witness witness, int64_t *item, size_t max, size_t *len,
                   struct err *err)
{
    struct stmt *st;
    int rc;

    *len = 0;
    if (db_query(s->db, Q_READABLE, ARGS(arg_int((int64_t)max), arg_int(witness)), &st, err))
        return -1;
    while ((rc = stmt_next(st, err)) == 1)
        item[(*len)++] = stmt_int(st, 0);
    stmt_done(st);
    return rc;
}

int store_by_embed(struct store *s, int64_t *n, struct err *err)
{
    return db_row(s->db, Q_BY_EMBED, NO_ARGS, &n, 1, err) == 1 ? 0 : -1;
}

int store_set_sampled(struct store *s, const int64_t *item, size_t len, struct err *err)
{
    struct row_set rows = {0};
    bool own;
    int rc;

    if (store_enter(s, &own, err))
        return -1;
    for (size_t i = 0; i < len; i++)
        rows_add(&rows, 1)[0] = arg_int(item[i]);
    known_forget(s);
    rc = len ? store_run_aside(s, Q_SAMPLE_PUT, ARGS(rows_arg(&rows)), err) : 0;
    rows_release(&rows);
    return store_leave(s, own, rc, err);
}

int store_set_sampled_all(struct store *s, struct err *err)
{
    bool own;

    if (store_enter(s, &own, err))
        return -1;
    known_forget(s);
    return store_leave(s, own, store_run_aside(s, Q_SAMPLE_REST, NO_ARGS, err), err);
}

/* ---- counts ---- */
int store_count_found(struct store *s, int64_t *found, struct err *err)
{
    if (count_states(s, err))
        return -1;
    *found = s->found;
    return 0;
}

int store_count_items(struct store *s, int64_t *items, struct err *err)
{
    int64_t *const out[] = { items };

    return db_row(s->db, Q_COUNT_ITEMS, NO_ARGS, out, 1, err) == 1 ? 0 : -1;
}

int store_count_requests(struct store *s, int64_t *requests, struct err *err)
{
    int64_t *const out[] = { requests };

    return db_row(s->db, Q_COUNT_REQUESTS, NO_ARGS, out, 1, err) == 1 ? 0 : -1;
}

/* The highest number and id, remembered between chunks that are added. */
int store_max_item(struct store *s, int64_t *max, struct err *err)
{
    int64_t n = 0, id = 0, *const out[] = { &n, &id };

    if (s->max_item < 0) {
        if (db_row(s->db, Q_ITEM_LAST, NO_ARGS, out, 2, err) != 1)
            return -1;
        s->max_item = n;
        s->max_id = (uint64_t)id;
    }
    *max = s->max_item;
    return 0;
}

int store_totals(struct store *s, struct store_totals *out, struct err *err)
{
    struct store_totals t = {0};
    struct store_stamp stamp;
    int64_t *const states[] = { &t.asked,       &t.found,        &t.not_found,
                                &t.page_public, &t.page_refused, &t.page_none };
    int64_t *const links[] = { &t.links_open, &t.links_dead };
    int64_t *const requests[] = { &t.requests, &t.sends, &t.rows };
    int64_t *const items[] = { &t.items, &t.max_item };

    if (db_row(s->db, Q_COUNT_ITEMS, NO_ARGS, items, 2, err) != 1 ||
        db_row(s->db, Q_COUNT_STATES, NO_ARGS, states, 6, err) != 1 ||
        db_row(s->db, Q_LINKS_COUNT, NO_ARGS, links, 2, err) != 1 ||
        db_row(s->db, Q_COUNT_REQUESTS, NO_ARGS, requests, 3, err) != 1 ||
        store_stamp(s, &stamp, err))
        return -1;
    t.first_answer_at = stamp.first_answer_at;
    t.newest_answer_at = stamp.newest_answer_at;
    t.not_asked = t.items - t.not_found - t.found;
    *out = t;
    return 0;
}
