/* store/change.c: transactions, the numbers given in them, and what has changed. */
#include "store/change.h"
#include "store/inner.h"

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
    int64_t before = db_changes(s->db);
    int rc = db_run(s->db, q, a, n, err);

    if (s->derived_from < 0)
        s->derived += db_changes(s->db) - before;
    return rc;
}

int64_t store_changes(const struct store *s)
{
    return (s->derived_from >= 0 ? s->derived_from : db_changes(s->db)) - s->derived;
}

static int tx_commit(struct store *s, struct err *err)
{
    if (s->dirty && db_run(s->db, Q_STAMP_PUT,
                           ARGS(arg_int(s->answer_first), arg_int(s->answer_newest)), err))
        return -1;
    if (db_commit(s->db, err))
        return -1;
    tx_ended(s);
    return 0;
}

void store_numbers_forget(struct store *s)
{
    for (int i = 0; i < NUMBER_COUNT; i++)
        s->last[i] = -1;
    s->max_item = s->asked = s->found = -1;
}

void store_rollback(struct store *s)
{
    db_rollback(s->db);
    tx_ended(s);
    rows_clear(&s->labels);
    rows_clear(&s->gaps);
    store_numbers_forget(s);
}

int store_enter(struct store *s, bool *own, struct err *err)
{
    *own = !db_in_transaction(s->db);
    return *own ? db_begin(s->db, err) : 0;
}

int store_leave(struct store *s, bool own, int rc, struct err *err)
{
    if (!own)
        return rc;
    if (rc == 0 && tx_commit(s, err) == 0)
        return 0;
    store_rollback(s);
    return -1;
}

int store_begin(struct store *s, struct err *err)
{
    if (s->batch && s->sink && store_flush_sink(s->sink, err))
        return -1;
    return db_begin(s->db, err);
}

int store_commit(struct store *s, struct err *err)
{
    return db_in_transaction(s->db) ? tx_commit(s, err) : 0;
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

int store_number(struct store *s, enum numbered what, int64_t n, int64_t *first, struct err *err)
{
    static const enum query last[NUMBER_COUNT] = {
        [NUMBER_REQUEST] = Q_LAST_REQUEST, [NUMBER_RECORD] = Q_LAST_RECORD,
        [NUMBER_EVIDENCE] = Q_LAST_EVIDENCE, [NUMBER_FILE] = Q_LAST_FILE,
        [NUMBER_SOURCE] = Q_LAST_SOURCE, [NUMBER_LINK] = Q_LAST_LINK,
        [NUMBER_EVENT] = Q_LAST_EVENT, [NUMBER_RULESET] = Q_LAST_RULESET,
    };
    int64_t *const out[] = { &s->last[what] };

    if (s->last[what] < 0 && db_row(s->db, last[what], NO_ARGS, out, 1, err) < 0)
        return -1;
    *first = s->last[what] + 1;
    s->last[what] += n;
    return 0;
}

int store_stamp(struct store *s, struct store_stamp *out, struct err *err)
{
    int64_t *const to[] = { &out->answers, &out->first_answer_at, &out->newest_answer_at };

    return db_row(s->db, Q_STAMP, NO_ARGS, to, 3, err) == 1 ? 0 : -1;
}
