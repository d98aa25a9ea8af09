/* store/asks.c: who was asked together and who came back, accounts that were
 * asked about by name, and the requests by day. What a silence means is computed
 * from these each time, never stored. */
#include <stdlib.h>
#include <string.h>

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
            .start_day = stmt_int(c->st, 5), .end_day = stmt_int(c->st, 6),
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
            .day = stmt_int(st, 0), .witness = (enum witness)stmt_enum(st, 1, WITNESS_COUNT),
            .requests = stmt_int(st, 2), .sends = stmt_int(st, 3), .failed = stmt_int(st, 4),
            .asked = stmt_int(st, 5), .found = stmt_int(st, 6),
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
            .start_day = stmt_int(st, 4),
            .end_day = stmt_int(st, 5),
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
