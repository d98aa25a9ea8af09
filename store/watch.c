/* store/watch.c: a watch list's items and rounds, what others measured, who was told. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/utc.h"
#include "store/inner.h"
#include "store/watch.h"

/* ---- the list ---- */

int store_watch_put(struct store *s, const struct watched *w, size_t n, int64_t *fresh,
                    struct err *err)
{
    int64_t before = 0, after = 0, *const was[] = { &before }, *const is[] = { &after };
    struct row_set rows = { 0 };
    bool own;
    int rc;

    if (store_enter(s, &own, err))
        return -1;
    for (size_t i = 0; i < n; i++) {
        struct arg *row = rows_add(&rows, 3);

        row[0] = arg_int(w[i].item);
        row[1] = arg_int(w[i].role);
        row[2] = rows_text(&rows, w[i].why);
    }
    rc = db_row(s->db, Q_WATCH_COUNT, NO_ARGS, was, 1, err) < 0 ||
                 (n &&
                  db_run(s->db, Q_WATCH_PUT, ARGS(rows_arg(&rows), arg_int(utc_now())), err)) ||
                 db_row(s->db, Q_WATCH_COUNT, NO_ARGS, is, 1, err) < 0
             ? -1
             : 0;
    rows_release(&rows);
    if (store_leave(s, own, rc, err))
        return -1;
    *fresh = after - before;
    return 0;
}

int store_watch_end(struct store *s, const int64_t *item, size_t n, struct err *err)
{
    struct row_set rows = { 0 };
    bool own;
    int rc;

    if (store_enter(s, &own, err))
        return -1;
    for (size_t i = 0; i < n; i++)
        rows_add(&rows, 1)[0] = arg_int(item[i]);
    rc = n ? db_run(s->db, Q_WATCH_END, ARGS(rows_arg(&rows), arg_int(utc_now())), err) : 0;
    rows_release(&rows);
    return store_leave(s, own, rc, err);
}

void store_watched_read(struct stmt *st, struct watched *w)
{
    *w = (struct watched){
        .item = stmt_int(st, 0),
        .id = (uint64_t)stmt_int(st, 1),
        .handle = stmt_text(st, 2),
        .role = (enum watch_role)stmt_enum(st, 3, WATCH_ROLE_COUNT),
        .since_at = stmt_int(st, 4),
        .until_at = stmt_int(st, 5),
        .why = stmt_text(st, 6),
        .purged_at = stmt_int(st, 7),
    };
}

int store_watched(struct store *s, int (*each)(void *to, const struct watched *, struct err *),
                  void *to, struct err *err)
{
    struct watched w;
    struct stmt *st;
    int rc;

    if (db_query(s->db, Q_WATCHED, NO_ARGS, &st, err))
        return -1;
    while ((rc = stmt_next(st, err)) == 1) {
        store_watched_read(st, &w);
        if (each(to, &w, err)) {
            rc = -1;
            break;
        }
    }
    stmt_done(st);
    return rc;
}

/* ---- rounds ---- */

int store_round_begin(struct store *s, int64_t due, int64_t *n, struct err *err)
{
    bool own;
    int rc;

    if (store_enter(s, &own, err))
        return -1;
    rc = store_number(s, NUMBER_ROUND, 1, n, err) ||
                 db_run(s->db, Q_ROUND_ADD, ARGS(arg_int(*n), arg_int(utc_now()), arg_int(due)),
                        err)
             ? -1
             : 0;
    return store_leave(s, own, rc, err);
}

int store_round_end(struct store *s, int64_t n, enum round_ending ending, struct err *err)
{
    bool own;

    if (store_enter(s, &own, err))
        return -1;
    return store_leave(
        s, own,
        db_run(s->db, Q_ROUND_END,
               ARGS(arg_int(n), arg_int(utc_now()), arg_text(str_of(round_ending_name(ending)))),
               err),
        err);
}

int store_watch_rounds(struct store *s,
                       int (*each)(void *to, const struct watch_round *, struct err *), void *to,
                       struct err *err)
{
    struct stmt *st;
    int rc;

    if (db_query(s->db, Q_ROUNDS, NO_ARGS, &st, err))
        return -1;
    while ((rc = stmt_next(st, err)) == 1) {
        struct watch_round r = { .n = stmt_int(st, 0),
                                 .started_at = stmt_int(st, 1),
                                 .ended_at = stmt_int(st, 2),
                                 .due = stmt_int(st, 3),
                                 .ending = round_ending_find(stmt_text(st, 4)) };

        if (r.ending == ROUND_ENDING_COUNT)
            rc = db_damaged(s->db, "a round ended in a word that we never wrote", err);
        if (rc < 0 || each(to, &r, err)) {
            rc = -1;
            break;
        }
    }
    stmt_done(st);
    return rc;
}

/* ---- what others measured ---- */

int store_readings_put(struct store *s, int64_t source, const struct day_reading *r, size_t n,
                       struct err *err)
{
    struct row_set rows = { 0 };
    bool own;
    int rc;

    if (store_enter(s, &own, err))
        return -1;
    for (size_t i = 0; i < n; i++) {
        struct arg *row = rows_add(&rows, 4);

        row[0] = arg_int(r[i].item);
        row[1] = arg_int(r[i].day);
        row[2] = arg_int_or_null(r[i].api != ANSWER_COUNT, r[i].api);
        row[3] = arg_int_or_null(r[i].page != ANSWER_COUNT, r[i].page);
    }
    rc = n ? db_run(s->db, Q_READINGS_PUT, ARGS(arg_int(source), rows_arg(&rows)), err) : 0;
    rows_release(&rows);
    return store_leave(s, own, rc, err);
}

/* ---- who was told of what ---- */

int store_alert_begun(struct store *s, struct str event, struct err *err)
{
    bool own;

    if (store_enter(s, &own, err))
        return -1;
    return store_leave(s, own,
                       db_run(s->db, Q_ALERT_BEGUN,
                              ARGS(arg_text(event), arg_int(utc_now()), arg_int(ALERT_BEGUN)), err),
                       err);
}

int store_alert_ended(struct store *s, struct str event, bool taken, struct err *err)
{
    bool own;

    if (store_enter(s, &own, err))
        return -1;
    return store_leave(
        s, own,
        db_run(s->db, Q_ALERT_ENDED, ARGS(arg_text(event), arg_int(taken ? utc_now() : 0)), err),
        err);
}

int store_alerts(struct store *s, int (*each)(void *to, const struct alert_row *, struct err *),
                 void *to, struct err *err)
{
    struct stmt *st;
    int rc;

    if (db_query(s->db, Q_ALERTS, NO_ARGS, &st, err))
        return -1;
    while ((rc = stmt_next(st, err)) == 1) {
        struct alert_row a = { stmt_text(st, 0), stmt_int(st, 1), stmt_int(st, 2),
                               stmt_int(st, 3) };

        if (each(to, &a, err)) {
            rc = -1;
            break;
        }
    }
    stmt_done(st);
    return rc;
}
