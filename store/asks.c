/* store/asks.c: who was asked together and who came back, accounts that were
 * asked about by name, and the requests by day. What a silence means is computed
 * from these each time, never stored. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "store/asks.h"
#include "store/inner.h"

/* Requests at a time: what all members of one share is read once, there are a hundred of them. */
#define CHUNK_REQUESTS 64

struct ask_cursor {
    struct store *s;
    struct stmt *requests, *asks;    // of the next chunk, of this one
    struct ask_row *of;    // without their members
    size_t chunk, len, at;
};

static int ask_for_requests(struct ask_cursor *c, int64_t after, struct err *err)
{
    return db_query_later(c->s->db, Q_ASKING, ARGS(arg_int(after), arg_int((int64_t)c->chunk)),
                          &c->requests, err);
}

int store_asks(struct store *s, struct ask_cursor **out, struct err *err)
{
    struct ask_cursor *c = xcalloc(1, sizeof *c);

    c->s = s;
    c->chunk = db_is_far(s->db) ? STORE_REQUESTS_FAR : CHUNK_REQUESTS;
    c->of = xcalloc(c->chunk, sizeof *c->of);
    if (ask_for_requests(c, 0, err)) {
        ask_cursor_close(c);
        return -1;
    }
    *out = c;
    return 0;
}

static int take_requests(struct ask_cursor *c, struct err *err)
{
    int rc;

    c->len = c->at = 0;
    while ((rc = stmt_next(c->requests, err)) == 1)
        c->of[c->len++] = (struct ask_row){
            .request = stmt_int(c->requests, 0),
            .at = stmt_int(c->requests, 1),
            .start_day = stmt_day(c->requests, 2),
            .end_day = stmt_day(c->requests, 3),
            .round = (int)stmt_int(c->requests, 4),
            .complete = stmt_int(c->requests, 5) != 0,
            .members = (size_t)stmt_int(c->requests, 6),
        };
    stmt_done(c->requests);
    c->requests = NULL;
    return rc;
}

/* The next chunk of requests, and who was asked in it; to a server the requests behind it are
 * asked for on the same way. */
static int ask_cursor_fill(struct ask_cursor *c, struct err *err)
{
    int64_t first, last;

    stmt_done(c->asks);
    c->asks = NULL;
    if (!c->requests)
        return 0;
    if (take_requests(c, err))
        return -1;
    if (c->len == 0)
        return 0;
    first = c->of[0].request;
    last = c->of[c->len - 1].request;
    if (db_query_later(c->s->db, Q_ASKS, ARGS(arg_int(first), arg_int(last)), &c->asks, err))
        return -1;
    return c->len == c->chunk ? ask_for_requests(c, last, err) : 0;
}

int ask_cursor_begin(struct ask_cursor *c, struct err *err)
{
    if (!db_is_far(c->s->db))
        return 0;
    return ask_cursor_fill(c, err) || db_send(c->s->db, err) ? -1 : 0;
}

/* Between two of our requests lie others, of other witnesses and such as never ended. */
static bool is_ours(struct ask_cursor *c, int64_t request)
{
    while (c->at < c->len && c->of[c->at].request < request)
        c->at++;
    return c->at < c->len && c->of[c->at].request == request;
}

int ask_cursor_next(struct ask_cursor *c, struct ask_row *row, struct err *err)
{
    for (;;) {
        int rc = c->asks ? stmt_next(c->asks, err) : 0;

        if (rc < 0)
            return -1;
        if (rc == 1 && !is_ours(c, stmt_int(c->asks, 0)))
            continue;
        if (rc == 1)
            break;
        if (ask_cursor_fill(c, err))
            return -1;
        if (!c->asks)
            return 0;
    }
    *row = c->of[c->at];
    row->item = stmt_int(c->asks, 1);
    row->role = (enum ask_role)stmt_enum(c->asks, 2, ROLE_COUNT);
    row->came_back = stmt_int(c->asks, 3) != 0;
    return 1;
}

void ask_cursor_close(struct ask_cursor *c)
{
    if (!c)
        return;
    stmt_done(c->requests);
    stmt_done(c->asks);
    free(c->of);
    free(c);
}

/* A day is the day of the answer; of a request that was never answered, the
 * day on which it was charged. Of the API asked counts ids in complete replies;
 * of pages every reading asks for one. */
int store_days(struct store *s, int (*each)(void *to, const struct day_row *, struct err *),
               void *to, struct err *err)
{
    struct stmt *st;
    int rc;

    if (db_query(s->db, Q_DAYS, NO_ARGS, &st, err))
        return -1;
    while ((rc = stmt_next(st, err)) == 1) {
        struct day_row row = {
            .day = stmt_int(st, 0),
            .witness = (enum witness)stmt_enum(st, 1, WITNESS_COUNT),
            .why = (enum no_answer)stmt_enum(st, 2, NO_ANSWER_COUNT),
            .requests = stmt_int(st, 3),
            .sends = stmt_int(st, 4),
            .failed = stmt_int(st, 5),
            .asked = stmt_int(st, 6),
            .found = stmt_int(st, 7),
        };

        if (each(to, &row, err)) {
            rc = -1;
            break;
        }
    }
    stmt_done(st);
    return rc;
}

/* A day, a witness and a role at a time; record/phase.h says which phase that is. */
int store_phases(struct store *s, struct phase_done done[PHASE_COUNT], struct err *err)
{
    int64_t last[PHASE_COUNT];
    struct stmt *st;
    int rc;

    memset(done, 0, PHASE_COUNT * sizeof *done);
    for (int p = 0; p < PHASE_COUNT; p++)
        last[p] = -1;
    if (db_query(s->db, Q_PHASES, ARGS(arg_int(WITNESS_QUERY)), &st, err))
        return -1;
    while ((rc = stmt_next(st, err)) == 1) {
        int64_t day = stmt_int(st, 0);
        enum witness witness = (enum witness)stmt_enum(st, 1, WITNESS_COUNT);
        enum ask_role role = (enum ask_role)stmt_enum(st, 2, ROLE_COUNT);
        enum phase p = phase_of_call(witness, role, (int)stmt_int(st, 3));

        if (p == PHASE_COUNT)
            continue;
        done[p].calls += stmt_int(st, 4);
        done[p].days += day != last[p];
        last[p] = day;
    }
    stmt_done(st);
    return rc;
}

int store_users(struct store *s, int (*each)(void *to, const struct user_answer *, struct err *),
                void *to, struct err *err)
{
    struct stmt *st;
    int rc;

    if (db_query(s->db, Q_USERS, NO_ARGS, &st, err))
        return -1;
    while ((rc = stmt_next(st, err)) == 1) {
        struct user_answer u = {
            .item = stmt_int(st, 0),
            .request = stmt_int(st, 1),
            .handle = stmt_text(st, 2),
            .at = stmt_int(st, 3),
            .start_day = stmt_day(st, 4),
            .end_day = stmt_day(st, 5),
            .query_ok = stmt_int(st, 6) != 0,
            .query_rows = (int)stmt_int(st, 7),
            .query_items = (int)stmt_int(st, 8),
            .info = (enum user_info)stmt_enum(st, 9, USER_INFO_COUNT),
            .has_videos = !stmt_is_null(st, 10),
            .videos = stmt_int(st, 10),
            .message = stmt_text(st, 11),
        };

        if (each(to, &u, err)) {
            rc = -1;
            break;
        }
    }
    stmt_done(st);
    return rc;
}

/* ---- requests ---- */
int store_round_number(struct store *s, int64_t *n, struct err *err)
{
    bool own;

    return store_enter(s, &own, err) ||
                   store_leave_later(s, own, store_number(s, NUMBER_ROUND, 1, n, err), err)
               ? -1
               : 0;
}

static void text_into(char *to, size_t size, struct str s)
{
    size_t n = s.n < size ? s.n : size - 1;

    memset(to, 0, size);
    if (n)
        memcpy(to, s.p, n);
}

void store_request_read(struct stmt *st, struct request *r)
{
    *r = (struct request){
        .n = stmt_int(st, 0),
        .witness = (enum witness)stmt_enum(st, 1, WITNESS_COUNT),
        .round = (int)stmt_int(st, 2),
        .start_day = stmt_day(st, 3),
        .end_day = stmt_day(st, 4),
        .members = (size_t)stmt_int(st, 5),
        .loaded = stmt_int(st, 6) != 0,
        .reserved_at = stmt_int(st, 7),
        .sent_at = stmt_int(st, 8),
        .done_at = stmt_int(st, 9),
        .sends = (int)stmt_int(st, 10),
        .http = (int)stmt_int(st, 11),
        .complete = stmt_int(st, 12) != 0,
        .rows = (int)stmt_int(st, 13),
        .strange_rows = (int)stmt_int(st, 14),
        .evidence = { stmt_int(st, 15) },
    };
    text_into(r->error_code, sizeof r->error_code, stmt_text(st, 16));
    text_into(r->log_id, sizeof r->log_id, stmt_text(st, 17));
}

static int read_members(struct store *s, struct arena *mem, struct request *r, struct err *err)
{
    struct stmt *st;
    size_t n = 0;
    int rc;

    if (db_query(s->db, Q_REQUEST_MEMBERS, ARGS(arg_int(r->n)), &st, err))
        return -1;
    r->member = arena_alloc(mem, (r->members ? r->members : 1) * sizeof *r->member);
    while ((rc = stmt_next(st, err)) == 1 && n < r->members)
        r->member[n++] = (struct ask_member){ .item = stmt_int(st, 0),
                                              .id = (uint64_t)stmt_int(st, 1),
                                              .role = (enum ask_role)stmt_enum(st, 2, ROLE_COUNT),
                                              .came_back = stmt_int(st, 3) != 0 };
    r->members = n;
    stmt_done(st);
    return rc < 0 ? -1 : 0;
}

int store_requests(struct store *s, int (*each)(void *to, const struct request *, struct err *),
                   void *to, struct err *err)
{
    struct arena mem = { 0 };
    struct stmt *st;
    int rc;

    if (db_query(s->db, Q_REQUESTS, NO_ARGS, &st, err))
        return -1;
    while ((rc = stmt_next(st, err)) == 1) {
        struct request r;

        arena_clear(&mem);
        store_request_read(st, &r);
        if (read_members(s, &mem, &r, err) || each(to, &r, err)) {
            rc = -1;
            break;
        }
    }
    stmt_done(st);
    arena_release(&mem);
    return rc < 0 ? -1 : 0;
}
