/* store/change.c: transactions, the numbers given in them, and what has changed. */
#include "store/change.h"
#include "store/inner.h"
#include "store/known.h"
#include "store/near.h"

#define NUMBERS_AT_ONCE 500
#define NUMBERS_AT_ONCE_FAR 5000    // each time all that waits goes over first

/* ---- transactions ---- */
/* Labels and differences are reckoned from the rest: whoever keeps what was read
 * of the rest need not read it again for them. */
void store_derives(struct store *s)
{
    s->derived_from = db_changes(s->db);
}

static void tx_ended(struct store *s)
{
    if (s->derived_from >= 0)
        s->derived += db_changes(s->db) - s->derived_from;
    s->derived_from = -1;
    s->dirty = s->batch = false;
    s->answer_first = s->answer_newest = 0;
}

int store_run_aside(struct store *s, enum query q, const struct arg *a, size_t n, struct err *err)
{
    int rc;

    db_aside(s->db, true);
    rc = db_run(s->db, q, a, n, err);
    db_aside(s->db, false);
    return rc;
}

int64_t store_changes(const struct store *s)
{
    return (s->derived_from >= 0 ? s->derived_from : db_changes(s->db)) - s->derived;
}

bool store_changes_wait(struct store *s)
{
    return s->derived_from < 0 && db_changes_wait(s->db);
}

static int tx_commit(struct store *s, int (*commit)(struct db *, struct err *), struct err *err)
{
    if (s->dirty && db_run(s->db, Q_STAMP_PUT,
                           ARGS(arg_int(s->answer_first), arg_int(s->answer_newest)), err))
        return -1;
    if (commit(s->db, err))
        return -1;
    tx_ended(s);
    return 0;
}

void store_numbers_forget(struct store *s)
{
    for (int i = 0; i < NUMBER_COUNT; i++) {
        s->last[i] = -1;
        stmt_done(s->coming[i]);
        s->coming[i] = NULL;
    }
    s->max_item = s->asked = s->found = -1;
    s->sighted = -1;
}

void store_rollback(struct store *s)
{
    db_rollback(s->db);
    tx_ended(s);
    rows_clear(&s->labels);
    rows_clear(&s->gaps);
    store_numbers_forget(s);
    store_site_days_forget(s);
    store_meta_forget(s);
    near_forget(s);
    known_forget(s);
    store_place_forget(s);
    store_file_forget(s);
    s->lost_noted = false;
    if (s->sink)
        store_sink_forget(s->sink);
}

int store_enter(struct store *s, bool *own, struct err *err)
{
    *own = !db_in_transaction(s->db);
    return *own ? db_begin(s->db, err) : 0;
}

static int leave_by(struct store *s, int (*commit)(struct db *, struct err *), bool own, int rc,
                    struct err *err)
{
    if (!own)
        return rc;
    if (rc == 0 && tx_commit(s, commit, err) == 0)
        return 0;
    store_rollback(s);
    return -1;
}

int store_leave(struct store *s, bool own, int rc, struct err *err)
{
    return leave_by(s, db_commit, own, rc, err);
}

int store_leave_later(struct store *s, bool own, int rc, struct err *err)
{
    return leave_by(s, db_commit_later, own, rc, err);
}

int store_begin(struct store *s, struct err *err)
{
    if (s->batch && s->sink && store_flush_sink(s->sink, err))
        return -1;
    return db_begin(s->db, err);
}

int store_commit(struct store *s, struct err *err)
{
    return db_in_transaction(s->db) ? tx_commit(s, db_commit, err) : 0;
}

int store_commit_later(struct store *s, struct err *err)
{
    return db_in_transaction(s->db) ? tx_commit(s, db_commit_later, err) : 0;
}

void store_answered(struct store *s, int64_t at)
{
    s->dirty = true;
    if (at <= 0)
        return;
    if (s->answer_first == 0 || at < s->answer_first)
        s->answer_first = at;
    if (at > s->answer_newest)
        s->answer_newest = at;
}

static const struct {
    const char *name;
    bool singly;    // without gaps: nobody takes more of them than are wanted
} numbered[NUMBER_COUNT] = {
    [NUMBER_REQUEST] = { "request", false },
    [NUMBER_RECORD] = { "record", false },
    [NUMBER_EVIDENCE] = { "evidence", false },
    [NUMBER_FILE] = { "evidence_file", false },
    [NUMBER_SOURCE] = { "source", false },
    [NUMBER_LINK] = { "link", false },
    [NUMBER_EVENT] = { "event", false },
    [NUMBER_CREATOR] = { "creator", false },
    [NUMBER_LISTING] = { "listing", false },
    [NUMBER_RULESET] = { "ruleset", true },
    [NUMBER_DRAW] = { "draw", true },
    [NUMBER_NOTE] = { "note", true },
    [NUMBER_ROUND] = { "round", true },
    [NUMBER_WORK] = { "work", true },
};

static int64_t at_once(const struct store *s, enum numbered what)
{
    return numbered[what].singly ? 1 : db_is_far(s->db) ? NUMBERS_AT_ONCE_FAR : NUMBERS_AT_ONCE;
}

/* The rest of what was there joins the next block where they touch. */
static void join_block(struct store *s, enum numbered what, int64_t want, int64_t end)
{
    if (s->last[what] < 0 || s->block[what] != end - want)
        s->last[what] = end - want;
    s->block[what] = end;
}

static int take_block(struct store *s, enum numbered what, int64_t n, struct err *err)
{
    const int64_t least = at_once(s, what), want = n > least ? n : least;
    int64_t end = 0, *const out[] = { &end };
    int rc;

    db_aside(s->db, true);
    rc = db_row(s->db, Q_NUMBERS_TAKE, ARGS(arg_text(str_of(numbered[what].name)), arg_int(want)),
                out, 1, err);
    db_aside(s->db, false);
    if (rc != 1)
        return err->kind ? -1 : db_damaged(s->db, "a row of its numbers is missing", err);
    join_block(s, what, want, end);
    return 0;
}

static int64_t left_of(const struct store *s, enum numbered what)
{
    return s->last[what] < 0 ? 0 : s->block[what] - s->last[what];
}

int store_numbers_ahead(struct store *s, enum numbered what, struct err *err)
{
    const int64_t want = at_once(s, what);
    int rc;

    if (!db_is_far(s->db) || s->coming[what] || left_of(s, what) >= want / 4)
        return 0;
    db_aside(s->db, true);
    rc = db_query_later(s->db, Q_NUMBERS_TAKE,
                        ARGS(arg_text(str_of(numbered[what].name)), arg_int(want)),
                        &s->coming[what], err);
    db_aside(s->db, false);
    return rc;
}

static int take_coming(struct store *s, enum numbered what, struct err *err)
{
    struct stmt *st = s->coming[what];
    int rc;

    if (!st)
        return 0;
    s->coming[what] = NULL;
    rc = stmt_next(st, err);
    if (rc == 1)
        join_block(s, what, at_once(s, what), stmt_int(st, 0));
    stmt_done(st);
    return rc == 0 ? db_damaged(s->db, "a row of its numbers is missing", err) : rc < 0 ? -1 : 0;
}

int store_number(struct store *s, enum numbered what, int64_t n, int64_t *first, struct err *err)
{
    if (left_of(s, what) < n && take_coming(s, what, err))
        return -1;
    if (left_of(s, what) < n && take_block(s, what, n, err))
        return -1;
    *first = s->last[what] + 1;
    s->last[what] += n;
    return 0;
}

/* Not in blocks: what is left of them goes back before anybody else can have any, so that items
 * have no gaps. */
int store_item_numbers_take(struct store *s, int64_t n, int64_t *last, struct err *err)
{
    int64_t *const out[] = { last };

    if (db_row(s->db, Q_NUMBERS_TAKE, ARGS(arg_text(STR("item")), arg_int(n)), out, 1, err) != 1)
        return err->kind ? -1 : db_damaged(s->db, "the row of its items' numbers is missing", err);
    return 0;
}

int store_item_numbers_leave(struct store *s, int64_t used, int64_t last, struct err *err)
{
    struct row_set rows = { 0 };
    struct arg *row = rows_add(&rows, 3);
    int rc = 0;

    row[0] = arg_text(STR("item"));
    row[1] = arg_int(used);
    row[2] = arg_int(last);
    if (used < last)
        rc = rows_run(s->db, Q_NUMBERS_GIVE_BACK, &rows, err);
    rows_release(&rows);
    return rc;
}

void store_numbers_give_back(struct store *s)
{
    struct row_set rows = { 0 };
    struct err ignored = { 0 };

    for (int i = 0; i < NUMBER_COUNT; i++)
        if (take_coming(s, (enum numbered)i, &ignored))
            err_clear(&ignored);
    for (int i = 0; i < NUMBER_COUNT; i++)
        if (s->last[i] >= 0 && s->last[i] < s->block[i]) {
            struct arg *row = rows_add(&rows, 3);

            row[0] = arg_text(str_of(numbered[i].name));
            row[1] = arg_int(s->last[i]);
            row[2] = arg_int(s->block[i]);
        }
    if (rows_run(s->db, Q_NUMBERS_GIVE_BACK, &rows, &ignored))
        err_clear(&ignored);    // then they are missing in the row of numbers, and nowhere else
    rows_release(&rows);
    store_numbers_forget(s);
}

int store_stamp(struct store *s, struct store_stamp *out, struct err *err)
{
    int64_t *const to[] = { &out->answers, &out->first_answer_at, &out->newest_answer_at };

    return db_row(s->db, Q_STAMP, NO_ARGS, to, 3, err) == 1 ? 0 : -1;
}
