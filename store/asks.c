/* store/asks.c: who was asked together and who came back, accounts that were
 * asked about by name, and the requests by day. What a silence means is computed from these each
 * time, never stored. */
#include <stdlib.h>
#include <string.h>

#include "store/sqlite_priv.h"

struct ask_cursor { struct store *s; sqlite3_stmt *requests, *asks; struct ask_row of; };

/* By request, then item: the order of the table itself. What all members of a
 * request share is read once: there are a hundred of them. */
int store_asks(struct store *s, struct ask_cursor **out, struct err *err)
{
    struct ask_cursor *c = xcalloc(1, sizeof *c);

    c->s = s;
    c->requests = store_prepare(
        s,
        "SELECT n, done_at, start_day, end_day, round, complete, members FROM request"
        " WHERE witness = 0 AND done_at > 0 ORDER BY n",
        err);
    c->asks = c->requests ? store_prepare(s,
                                          "SELECT item, role, came_back FROM ask WHERE request = ?1"
                                          " ORDER BY item",
                                          err)
                          : NULL;
    if (!c->asks) {
        ask_cursor_close(c);
        return -1;
    }
    *out = c;
    return 0;
}

static int next_request(struct ask_cursor *c, struct err *err)
{
    sqlite3_stmt *st = c->requests;
    int rc = store_step(c->s, st, err);

    if (rc != 1)
        return rc;
    c->of = (struct ask_row){
        .request = sqlite3_column_int64(st, 0), .at = sqlite3_column_int64(st, 1),
        .start_day = sqlite3_column_int64(st, 2), .end_day = sqlite3_column_int64(st, 3),
        .round = sqlite3_column_int(st, 4), .complete = sqlite3_column_int(st, 5) != 0,
        .members = (size_t)sqlite3_column_int64(st, 6),
    };
    sqlite3_reset(c->asks);
    bind_int(c->asks, 1, c->of.request);
    return 1;
}

int ask_cursor_next(struct ask_cursor *c, struct ask_row *row, struct err *err)
{
    int rc = c->of.request ? store_step(c->s, c->asks, err) : 0;

    while (rc == 0) {
        if ((rc = next_request(c, err)) != 1)
            return rc;
        rc = store_step(c->s, c->asks, err);
    }
    if (rc < 0)
        return -1;
    *row = c->of;
    row->item = sqlite3_column_int64(c->asks, 0);
    row->role = (enum ask_role)sqlite3_column_int(c->asks, 1);
    row->came_back = sqlite3_column_int(c->asks, 2) != 0;
    return 1;
}

void ask_cursor_close(struct ask_cursor *c)
{
    if (!c)
        return;
    sqlite3_finalize(c->requests);
    sqlite3_finalize(c->asks);
    free(c);
}

/* A day is the day of the answer; of a request that was never answered, the
 * day on which it was charged. Of the API asked counts ids in complete replies;
 * of pages every reading asks for one. */
int store_days(struct store *s, int (*each)(void *to, const struct day_row *, struct err *),
               void *to, struct err *err)
{
    sqlite3_stmt *st = store_prepare(
        s,
        "SELECT day, witness, sum(requests), sum(sends), sum(failed), sum(asked), sum(found) FROM ("
        " SELECT CASE WHEN done_at > 0 THEN done_at ELSE reserved_at END / 86400 AS day, witness, 1 AS requests, sends,"
        "  witness <= 2 AND NOT (complete AND done_at > 0) AS failed, 0 AS asked, 0 AS found FROM request"
        " UNION ALL SELECT r.done_at / 86400, r.witness, 0, 0, 0, r.complete, a.came_back"
        "  FROM ask a JOIN request r ON r.n = a.request WHERE r.done_at > 0"
        " UNION ALL SELECT at / 86400, witness, 0, 0, kind = 4, 1, kind = 2 FROM page_answer"
        ") GROUP BY day, witness ORDER BY day, witness",
        err);
    int rc = st ? 0 : -1;

    while (rc == 0 && (rc = store_step(s, st, err)) == 1) {
        struct day_row row = {
            .day = sqlite3_column_int64(st, 0), .witness = (enum witness)sqlite3_column_int(st, 1),
            .requests = sqlite3_column_int64(st, 2), .sends = sqlite3_column_int64(st, 3),
            .failed = sqlite3_column_int64(st, 4), .asked = sqlite3_column_int64(st, 5),
            .found = sqlite3_column_int64(st, 6),
        };

        rc = each(to, &row, err) ? -1 : 0;
    }
    sqlite3_finalize(st);
    return rc;
}

/* A day, a witness and a role at a time; record/phase.h says which phase that is. */
int store_phases(struct store *s, struct phase_done done[PHASE_COUNT], struct err *err)
{
    sqlite3_stmt *st = store_prepare(
        s,
        "SELECT day, witness, role, round, sum(sends) FROM ("
        " SELECT witness, sends, min(round, 2) AS round,"
        "  CASE WHEN sent_at > 0 THEN sent_at ELSE reserved_at END / 86400 AS day,"
        "  CASE WHEN witness = ?1 AND round <> 1"
        "   THEN (SELECT max(role) FROM ask WHERE ask.request = request.n) END AS role"
        " FROM request WHERE NOT loaded AND sends > 0)"
        " GROUP BY day, witness, role, round ORDER BY day",
        err);
    int64_t last[PHASE_COUNT];
    int rc = -1;

    memset(done, 0, PHASE_COUNT * sizeof *done);
    for (int p = 0; p < PHASE_COUNT; p++)
        last[p] = -1;
    if (!st)
        return -1;
    sqlite3_bind_int(st, 1, WITNESS_QUERY);
    while ((rc = store_step(s, st, err)) == 1) {
        int64_t day = sqlite3_column_int64(st, 0);
        enum phase p = phase_of_call((enum witness)sqlite3_column_int(st, 1),
                                     (enum ask_role)sqlite3_column_int(st, 2),
                                     sqlite3_column_int(st, 3));

        if (p == PHASE_COUNT)
            continue;
        done[p].calls += sqlite3_column_int64(st, 4);
        done[p].days += day != last[p];
        last[p] = day;
    }
    sqlite3_finalize(st);
    return rc;
}

int store_users(struct store *s, int (*each)(void *to, const struct user_answer *, struct err *),
                void *to, struct err *err)
{
    sqlite3_stmt *st = store_prepare(
        s,
        "SELECT item, request, handle, at, start_day, end_day, query_ok, query_rows,"
        " query_items, info, videos, message FROM user_answer ORDER BY item, at, request",
        err);
    int rc = st ? 0 : -1;

    while (rc == 0 && (rc = store_step(s, st, err)) == 1) {
        struct user_answer u = {
            .item = sqlite3_column_int64(st, 0),
            .request = sqlite3_column_int64(st, 1),
            .handle = col_str(st, 2),
            .at = sqlite3_column_int64(st, 3),
            .start_day = sqlite3_column_int64(st, 4),
            .end_day = sqlite3_column_int64(st, 5),
            .query_ok = sqlite3_column_int(st, 6) != 0,
            .query_rows = sqlite3_column_int(st, 7),
            .query_items = sqlite3_column_int(st, 8),
            .info = (enum user_info)sqlite3_column_int(st, 9),
            .has_videos = sqlite3_column_type(st, 10) != SQLITE_NULL,
            .videos = sqlite3_column_int64(st, 10),
            .message = col_str(st, 11),
        };

        rc = each(to, &u, err) ? -1 : 0;
    }
    sqlite3_finalize(st);
    return rc;
}
