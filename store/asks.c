/* store/asks.c: who was asked together and who came back, accounts that were
 * asked about by name, and the requests by day. What a silence means is computed
 * from these each time, never stored. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "store/asks.h"
#include "store/inner.h"

struct ask_cursor { struct stmt *st; struct ask_row of; };

/* By request, then item: the order of the table itself. What all members of a
 * request share is read once: there are a hundred of them. */
int store_asks(struct store *s, struct ask_cursor **out, struct err *err)
{
    struct stmt *st;

    if (db_query(s->db, Q_ASKS, NO_ARGS, &st, err))
        return -1;
    *out = xcalloc(1, sizeof **out);
    (*out)->st = st;
    return 0;
}

int ask_cursor_next(struct ask_cursor *c, struct ask_row *row, struct err *err)
{
    int rc = stmt_next(c->st, err);
    int64_t request;

    if (rc != 1)
        return rc;
    request = stmt_int(c->st, 0);
    if (request != c->of.request)
        c->of = (struct ask_row){
            .request = request, .at = stmt_int(c->st, 4),
            .start_day = stmt_day(c->st, 5), .end_day = stmt_day(c->st, 6),
            .round = (int)stmt_int(c->st, 7), .complete = stmt_int(c->st, 8) != 0,
            .members = (size_t)stmt_int(c->st, 9),
        };
    *row = c->of;
    row->item = stmt_int(c->st, 1);
    row->role = (enum ask_role)stmt_enum(c->st, 2, ROLE_COUNT);
    row->came_back = stmt_int(c->st, 3) != 0;
    return 1;
}

void ask_cursor_close(struct ask_cursor *c)
{
    if (!c)
        return;
    stmt_done(c->st);
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
