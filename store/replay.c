/* store/replay.c: the answers of an audit are made again from its archive, in
 * one transaction: what follows from answers is forgotten, and each request is
 * given out with what it was about, in the order in which it was answered.
 *
 * What was there before is read by a connection of its own, which sees the last
 * commit: of a try that brought no bytes nothing else tells what it was.
 *
 * Items, short links and where they led, requests, who was asked together, and
 * what the API said of accounts by name stay as they are; so do tries that were
 * given back because the site was to blame, which no answer tells, and all tries of
 * creators' pages. */
#include <stdlib.h>
#include <string.h>

#include "store/change.h"
#include "store/inner.h"
#include "store/replay.h"

static const enum query forgotten[] = {
    Q_FORGET_PAGES,    Q_FORGET_VANTAGES, Q_FORGET_RECORDS,  Q_FORGET_CURRENT,
    Q_FORGET_COUNTERS, Q_LABELS_DROP,     Q_GAPS_DROP,       Q_FORGET_ASKS,
    Q_FORGET_STATES,   Q_FORGET_LISTED,   Q_FORGET_LISTINGS, Q_FORGET_STANDINGS,
};

static void before_close(struct store *s)
{
    db_close(s->before);
    s->before = NULL;
}

int store_replay_begin(struct store *s, struct err *err)
{
    int rc;

    if (store_begin(s, err))
        return -1;
    before_close(s);
    rc = db_second(s->db, &s->before, err);
    for (size_t i = 0; rc == 0 && i < sizeof forgotten / sizeof *forgotten; i++)
        rc = db_run(s->db, forgotten[i], NO_ARGS, err);
    if (rc) {
        store_rollback(s);
        before_close(s);
        return -1;
    }
    s->asked = s->found = -1;
    return 0;
}

/* ---- tries that were given back ---- */
#define TRIES_CHUNK 4096

struct tries { int64_t vantage, item, tries; };
struct tries_walk {
    struct db *db;
    struct tries v[TRIES_CHUNK]; size_t n, at;
    struct tries last;
};

/* 1, 0 end, -1: by vantage, then item. */
static int tries_next(struct tries_walk *w, struct tries *out, struct err *err)
{
    struct stmt *st;
    int rc;

    if (w->at == w->n) {
        w->at = w->n = 0;
        if (db_query(w->db, Q_TRIES,
                     ARGS(arg_int(w->last.vantage), arg_int(w->last.item), arg_int(TRIES_CHUNK)),
                     &st, err))
            return -1;
        while ((rc = stmt_next(st, err)) == 1)
            w->v[w->n++] = (struct tries){ stmt_int(st, 0), stmt_int(st, 1), stmt_int(st, 2) };
        stmt_done(st);
        if (rc < 0 || w->n == 0)
            return rc;
        w->last = w->v[w->n - 1];
    }
    *out = w->v[w->at++];
    return 1;
}

static int tries_put(struct store *s, struct row_set *rows, struct err *err)
{
    int rc = rows_run(s->db, Q_TRIES_PUT, rows, err) ||
                     rows_run(s->db, Q_TRIES_PUT_EMBED, rows, err) ||
                     rows_run(s->db, Q_TRIES_PUT_ELSEWHERE, rows, err)
                 ? -1
                 : 0;

    rows_clear(rows);
    return rc;
}

/* Nobody has more tries now than before the replay. */
static int give_back(struct store *s, struct err *err)
{
    struct tries_walk *now = xcalloc(1, sizeof *now), *then = xcalloc(1, sizeof *then);
    struct row_set rows = {0};
    struct tries a, b = {0};
    int more, old = 1, rc = 0;

    now->db = s->db;
    then->db = s->before;
    while (rc == 0 && (more = tries_next(now, &a, err)) == 1) {
        struct arg *row;

        while (old == 1 && (b.vantage < a.vantage || (b.vantage == a.vantage && b.item < a.item)))
            old = tries_next(then, &b, err);
        if (old < 0)
            break;
        if (old == 1 && b.vantage == a.vantage && b.item == a.item && b.tries >= a.tries)
            continue;
        row = rows_add(&rows, 3);
        row[0] = arg_int(a.vantage);
        row[1] = arg_int(a.item);
        row[2] = arg_int(old == 1 && b.vantage == a.vantage && b.item == a.item ? b.tries : 0);
        if (rows.rows.n == TRIES_CHUNK)
            rc = tries_put(s, &rows, err);
    }
    if (rc == 0 && (more < 0 || old < 0 || tries_put(s, &rows, err)))
        rc = -1;
    rows_release(&rows);
    free(now);
    free(then);
    return rc;
}

int store_replay_end(struct store *s, struct err *err)
{
    int rc = give_back(s, err) || store_commit(s, err) ? -1 : 0;

    before_close(s);
    return rc;
}

/* What can be answered again must have its bytes. */
int store_replay_check(struct store *s, int64_t *purged, int64_t *not_kept, struct err *err)
{
    int64_t *const out[] = { purged, not_kept };

    return db_row(s->db, Q_REPLAY_CHECK, NO_ARGS, out, 2, err) == 1 ? 0 : -1;
}

/* ---- what was asked and answered ---- */
struct replay_cursor { struct db *db; struct stmt *requests; int64_t last; };

int store_replay(struct store *s, struct replay_cursor **out, struct err *err)
{
    struct stmt *st;

    if (db_query(s->before, Q_REPLAY_REQUESTS, NO_ARGS, &st, err))
        return -1;
    *out = xcalloc(1, sizeof **out);
    **out = (struct replay_cursor){ s->before, st, 0 };
    return 0;
}

/* All that a request was about, copied to mem. */
static int read_members(struct replay_cursor *c, struct arena *mem, struct request *r,
                        struct err *err)
{
    struct stmt *st;
    size_t n = 0;
    int rc;

    if (db_query(c->db, Q_REPLAY_MEMBERS, ARGS(arg_int(r->n)), &st, err))
        return -1;
    r->member = arena_alloc(mem, (r->members ? r->members : 1) * sizeof *r->member);
    while ((rc = stmt_next(st, err)) == 1 && n < r->members)
        r->member[n++] = (struct ask_member){ .item = stmt_int(st, 0),
                                              .id = (uint64_t)stmt_int(st, 1),
                                              .role = (enum ask_role)stmt_enum(st, 2, ROLE_COUNT) };
    r->members = n;
    stmt_done(st);
    return rc < 0 ? -1 : 0;
}

static void read_was(struct stmt *st, struct arena *mem, struct replay_row *row)
{
    if (stmt_is_null(st, 19))
        return;
    row->has_answer = true;
    row->vantage = arena_dup(mem, stmt_text(st, 28));
    row->answer = (struct answer){
        .item = stmt_int(st, 18),
        .id = (uint64_t)stmt_int(st, 19),
        .witness = row->request.witness,
        .at = stmt_int(st, 20),
        .kind = (enum answer_kind)stmt_enum(st, 21, ANSWER_COUNT),
        .why = (enum no_answer)stmt_enum(st, 22, NO_ANSWER_COUNT),
        .has_code = !stmt_is_null(st, 23),
        .code = stmt_int(st, 23),
        .message = arena_dup(mem, stmt_text(st, 24)),
        .generation = (enum generation)stmt_enum(st, 25, GENERATION_COUNT),
        .region = arena_dup(mem, stmt_text(st, 26)),
        .engine = (enum engine)stmt_enum(st, 29, ENGINE_COUNT),
        .evidence = { stmt_int(st, 27) },
        .request = row->request.n,
    };
}

static int read_places(struct replay_cursor *c, struct arena *mem, struct replay_row *row,
                       struct err *err)
{
    struct stmt *st;
    size_t cap = 0;
    int rc;

    if (db_query(c->db, Q_REPLAY_PLACES, ARGS(arg_int(row->request.n)), &st, err))
        return -1;
    while ((rc = stmt_next(st, err)) == 1) {
        if (row->places == cap) {
            struct replay_place *more = arena_alloc(mem, (cap = cap ? 2 * cap : 2) * sizeof *more);

            if (row->places)
                memcpy(more, row->place, row->places * sizeof *more);
            row->place = more;
        }
        row->place[row->places++] = (struct replay_place){ stmt_int(st, 0),
                                                           arena_dup(mem, stmt_text(st, 1)),
                                                           stmt_int(st, 2) };
    }
    stmt_done(st);
    return rc;
}

int replay_cursor_next(struct replay_cursor *c, struct arena *mem, struct replay_row *row,
                       struct err *err)
{
    int rc;
    bool of_page;

    do
        if ((rc = stmt_next(c->requests, err)) != 1)
            return rc;
    while (stmt_int(c->requests, 0) == c->last);     // of one with two answers the first
    memset(row, 0, sizeof *row);
    store_request_read(c->requests, &row->request);
    c->last = row->request.n;
    of_page = row->request.witness == WITNESS_PAGE || row->request.witness == WITNESS_OEMBED ||
              row->request.witness == WITNESS_CREATOR || row->request.witness == WITNESS_EMBED;
    if (of_page)
        read_was(c->requests, mem, row);
    else if (read_members(c, mem, &row->request, err))
        return -1;
    return read_places(c, mem, row, err) ? -1 : 1;
}

void replay_cursor_close(struct replay_cursor *c)
{
    if (!c)
        return;
    stmt_done(c->requests);
    free(c);
}
