/* store/work.c: parcels out, uploads in. */
#include "store/work.h"
#include <stdio.h>
#include <string.h>

#include "base/utc.h"
#include "store/inner.h"

#define ROWS_AT_ONCE 5000
#define WORKER_KEPT_S 86400    // its row tells an upload that is repeated

/* ---- out ---- */
static void page_row(struct row_set *rows, int64_t parcel, int64_t place, const struct read_task *t)
{
    struct arg *row = rows_add(rows, 7);

    row[0] = arg_int(parcel);
    row[1] = arg_int(place);
    row[2] = arg_int(t->witness);
    row[3] = arg_int(t->item);
    row[4] = arg_int((int64_t)t->id);
    row[5] = rows_text(rows, t->handle);
    row[6] = rows_text(rows, t->link);
}

static void parcel_row(struct row_set *rows, int64_t parcel, int64_t work, bool done)
{
    struct arg *row = rows_add(rows, 3);

    row[0] = arg_int(parcel);
    row[1] = arg_int(work);
    row[2] = arg_int(done);
}

static int drop_works(struct store *s, struct str vantage, struct err *err)
{
    return db_run(s->db, Q_WORK_PAGES_DROP, ARGS(arg_text(vantage)), err) ||
                   db_run(s->db, Q_WORK_PARCELS_DROP, ARGS(arg_text(vantage)), err) ||
                   db_run(s->db, Q_WORK_DROP, ARGS(arg_text(vantage)), err)
               ? -1
               : 0;
}

static int put_controls(struct store *s, int64_t work, const struct work_new *w, struct err *err)
{
    const int64_t parcel = work << WORK_PARCEL_BITS;
    struct row_set parcels = { 0 }, pages = { 0 };
    int rc;

    parcel_row(&parcels, parcel, work, true);
    for (size_t i = 0; i < w->controls; i++)
        page_row(&pages, parcel, (int64_t)i, &w->control[i]);
    rc = rows_run(s->db, Q_PARCELS_ADD, &parcels, err) ||
                 rows_run(s->db, Q_PARCEL_PAGES_ADD, &pages, err)
             ? -1
             : 0;
    rows_release(&parcels);
    rows_release(&pages);
    return rc;
}

int store_work_begin(struct store *s, const struct work_new *w, int64_t *work, struct err *err)
{
    const int64_t now = utc_now();
    bool own;
    int rc;

    if (store_enter(s, &own, err))
        return -1;
    rc = drop_works(s, w->vantage, err) ||
                 db_run(s->db, Q_WORKERS_DROP, ARGS(arg_int(now - WORKER_KEPT_S)), err) ||
                 store_number(s, NUMBER_WORK, 1, work, err) ||
                 db_run(s->db, Q_WORK_ADD,
                        ARGS(arg_int(*work), arg_text(w->vantage), arg_text(w->settings),
                             arg_int(now)),
                        err) ||
                 put_controls(s, *work, w, err)
             ? -1
             : 0;
    return store_leave(s, own, rc, err);
}

int store_work_add(struct store *s, int64_t work, const struct read_task *t, size_t n, size_t each,
                   int64_t *parcels, struct err *err)
{
    struct row_set rows = { 0 }, pages = { 0 };
    bool own;
    int rc = 0;

    if (store_enter(s, &own, err))
        return -1;
    for (size_t i = 0; i < n && rc == 0; i++) {
        if (i % each == 0)
            parcel_row(&rows, (work << WORK_PARCEL_BITS) + ++*parcels, work, false);
        page_row(&pages, (work << WORK_PARCEL_BITS) + *parcels, (int64_t)(i % each), &t[i]);
        if (pages.rows.n == ROWS_AT_ONCE) {
            rc = rows_run(s->db, Q_PARCEL_PAGES_ADD, &pages, err);
            rows_clear(&pages);
        }
    }
    rc = rc || rows_run(s->db, Q_PARCEL_PAGES_ADD, &pages, err) ||
                 rows_run(s->db, Q_PARCELS_ADD, &rows, err)
             ? -1
             : 0;
    rows_release(&rows);
    rows_release(&pages);
    return store_leave(s, own, rc, err);
}

int store_work_state(struct store *s, int64_t work, struct str vantage, struct work_state *out,
                     struct err *err)
{
    struct stmt *st;
    int rc;

    *out = (struct work_state){ 0 };
    if (db_query(s->db, Q_WORK_STATE, ARGS(arg_int(work), arg_text(vantage), arg_int(utc_now())),
                 &st, err))
        return -1;
    if ((rc = stmt_next(st, err)) == 1) {
        out->stopped_at = stmt_int(st, 0);
        out->retry_at = stmt_int(st, 1);
        out->left = stmt_int(st, 2);
        out->workers = stmt_int(st, 3);
        snprintf(out->why, sizeof out->why, "%.*s", STR_ARG(stmt_text(st, 4)));
    }
    stmt_done(st);
    out->gone = rc == 0;
    return rc < 0 ? -1 : 0;
}

int store_workers(struct store *s, struct str vantage, int64_t *n, struct err *err)
{
    int64_t *const out[] = { n };

    return db_row(s->db, Q_WORKERS, ARGS(arg_text(vantage), arg_int(utc_now())), out, 1, err) < 0
               ? -1
               : 0;
}

int store_work_end(struct store *s, struct str vantage, struct err *err)
{
    bool own;

    if (store_enter(s, &own, err))
        return -1;
    return store_leave(s, own, drop_works(s, vantage, err), err);
}

/* ---- in ---- */
int store_uploads(struct store *s, struct str vantage, struct upload *u, size_t most, size_t *n,
                  struct arena *mem, struct err *err)
{
    struct stmt *st;
    int rc;

    *n = 0;
    if (db_query(s->db, Q_UPLOADS, ARGS(arg_text(vantage), arg_int((int64_t)most)), &st, err))
        return -1;
    while ((rc = stmt_next(st, err)) == 1 && *n < most) {
        u[*n] = (struct upload){ .worker = arena_dup(mem, stmt_text(st, 0)),
                                 .n = stmt_int(st, 1),
                                 .body = arena_dup(mem, stmt_text(st, 2)) };
        ++*n;
    }
    stmt_done(st);
    return rc < 0 ? -1 : 0;
}

int store_members(struct store *s, const struct ask_member *m, size_t n, enum member_is *is,
                  struct err *err)
{
    struct row_set rows = { 0 };
    struct stmt *st;
    int rc;

    for (size_t i = 0; i < n; i++) {
        struct arg *row = rows_add(&rows, 2);

        row[0] = arg_int((int64_t)i);
        row[1] = arg_int(m[i].item);
        is[i] = MEMBER_STRANGE;
    }
    if (n == 0)
        return 0;
    if ((rc = db_query(s->db, Q_UPLOAD_MEMBERS, ARGS(rows_arg(&rows)), &st, err)) == 0) {
        while ((rc = stmt_next(st, err)) == 1) {
            const int64_t i = stmt_int(st, 0);

            is[i] = stmt_int(st, 2)                        ? MEMBER_PURGED
                    : (uint64_t)stmt_int(st, 1) == m[i].id ? MEMBER_KNOWN
                                                           : MEMBER_STRANGE;
        }
        stmt_done(st);
    }
    rows_release(&rows);
    return rc;
}

int store_upload_taken(struct store *s, const struct upload *u, struct err *err)
{
    bool own;

    if (store_enter(s, &own, err))
        return -1;
    return store_leave(
        s, own, db_run(s->db, Q_UPLOAD_DROP, ARGS(arg_text(u->worker), arg_int(u->n)), err), err);
}

int store_upload_vantages(struct store *s, int (*each)(void *to, struct str vantage, struct err *),
                          void *to, struct err *err)
{
    struct arena mem = { 0 };
    struct str v[16];
    size_t n = 0;
    struct stmt *st;
    int rc;

    if (db_query(s->db, Q_UPLOAD_VANTAGE, NO_ARGS, &st, err))
        return -1;
    while ((rc = stmt_next(st, err)) == 1 && n < sizeof v / sizeof *v)
        v[n++] = arena_dup(&mem, stmt_text(st, 0));
    stmt_done(st);
    for (size_t i = 0; rc >= 0 && i < n; i++)    // the callback may write
        if (each(to, v[i], err))
            rc = -1;
    arena_release(&mem);
    return rc < 0 ? -1 : 0;
}
