/* store/frame.c: see frame.h. */
#include "store/frame.h"
#include <string.h>
#include "store/change.h"
#include "store/inner.h"

#define TWO_AUTHORS (-1)

/* ---- in ---- */
static int find_row(struct store *s, struct str handle, int64_t *row, int64_t *author,
                    struct err *err)
{
    int64_t *const out[] = { row, author };

    *row = *author = 0;
    return db_row(s->db, Q_CREATOR_FIND, ARGS(arg_text(handle)), out, 2, err) < 0 ? -1 : 0;
}
static int put_row(struct store *s, struct str handle, uint64_t author, int64_t *row,
                   struct err *err)
{
    int64_t is = 0, now = (int64_t)author;

    if (find_row(s, handle, row, &is, err))
        return -1;
    if (!*row)
        return store_number(s, NUMBER_CREATOR, 1, row, err) ||
                       db_run(s->db, Q_CREATOR_ADD,
                              ARGS(arg_int(*row), arg_text(handle), arg_int(now)), err)
                   ? -1
                   : 0;
    if (!now || is == now || is == TWO_AUTHORS)
        return 0;
    return db_run(s->db, Q_CREATOR_SET_AUTHOR, ARGS(arg_int(*row), arg_int(is ? TWO_AUTHORS : now)),
                  err);
}
/* Those that are not there get rows. */
static int make_rows(struct store *s, const struct str *handle, size_t n, int64_t *row,
                     struct row_set *made, struct err *err)
{
    int64_t next = 0, fresh = 0;

    for (size_t i = 0; i < n; i++)
        fresh += row[i] == 0;
    if (!fresh)
        return 0;
    if (store_number(s, NUMBER_CREATOR, fresh, &next, err))
        return -1;
    for (size_t i = 0; i < n; i++)
        if (row[i] == 0) {
            struct arg *a = rows_add(made, 2);

            row[i] = next++;
            a[0] = arg_int(row[i]);
            a[1] = arg_text(handle[i]);
        }
    return rows_run(s->db, Q_CREATORS_ADD, made, err);
}
int store_creators_add(struct store *s, const struct str *handle, size_t n, int64_t *row,
                       struct err *err)
{
    struct row_set rows = { 0 };
    bool own;
    int rc;

    if (store_enter(s, &own, err))
        return -1;
    rc = make_rows(s, handle, n, row, &rows, err);
    rows_release(&rows);
    if (rc == 0 && own)
        rc = store_commit_later(s, err);
    return rc ? store_leave(s, own, -1, err) : 0;
}
int store_creator_named(struct store *s, struct str handle, uint64_t author, struct err *err)
{
    bool own;

    return store_enter(s, &own, err) ||
                   store_leave(s, own,
                               db_run(s->db, Q_CREATOR_NAMED,
                                      ARGS(arg_text(handle), arg_int((int64_t)author)), err),
                               err)
               ? -1
               : 0;
}
int store_creator_put(struct store *s, struct str handle, uint64_t author, int64_t *row,
                      struct err *err)
{
    bool own;

    return store_enter(s, &own, err) ||
                   store_leave(s, own, put_row(s, handle, author, row, err), err)
               ? -1
               : 0;
}
int store_creator_find(struct store *s, struct str handle, uint64_t author, int64_t *creator,
                       struct err *err)
{
    int64_t *const out[] = { creator };
    int64_t row = 0, is = 0;

    *creator = 0;
    if (find_row(s, handle, &row, &is, err))
        return -1;
    return db_row(s->db, row ? Q_CREATOR_MAIN : Q_CREATOR_OF_AUTHOR,
                  ARGS(arg_int(row ? row : (int64_t)author)), out, 1, err) < 0
               ? -1
               : 0;
}
int store_creator_main(struct store *s, int64_t row, int64_t *creator, struct err *err)
{
    int64_t *const out[] = { creator };

    *creator = 0;
    return db_row(s->db, Q_CREATOR_MAIN, ARGS(arg_int(row)), out, 1, err) < 0 ? -1 : 0;
}
/* A file that is read again with another --day or --place: what says less of the same sight
 * goes, whichever came first. */
static int put_sighting(struct store *s, const struct sighting *t, bool *fresh, struct err *err)
{
    const struct arg row[] = { arg_int(t->creator), arg_int(t->source), arg_int(t->day),
                               arg_text(t->place.p ? t->place : STR("")),
                               arg_int((int64_t)t->post) };
    int64_t known = 0;
    int64_t *const out[] = { &known };

    if (db_row(s->db, Q_SIGHTING_KNOWN, row, 5, out, 1, err) < 0)
        return -1;
    *fresh = !known;
    s->sighted = -1;
    return known ? 0
           : db_run(s->db, Q_SIGHTING_LESS, row, 5, err) ||
                   db_run(s->db, Q_SIGHTING_ADD, row, 5, err)
               ? -1
               : 0;
}
int store_sighting_put(struct store *s, const struct sighting *t, bool *fresh, struct err *err)
{
    bool own;

    return store_enter(s, &own, err) || store_leave(s, own, put_sighting(s, t, fresh, err), err)
               ? -1
               : 0;
}
static int put_listing(struct store *s, const struct listing *l, const struct listed_post *post,
                       size_t n, struct err *err)
{
    int64_t no;
    int rc;

    if (store_number(s, NUMBER_LISTING, 1, &no, err))
        return -1;
    rc = db_run(s->db, Q_LISTING_ADD,
                ARGS(arg_int(no), arg_int(l->creator), arg_text(l->by), arg_int(l->at),
                     arg_int(l->reach), arg_int(l->rows), arg_int(l->dropped), arg_int(l->source),
                     arg_int(l->request), arg_int(l->evidence)),
                err);
    for (size_t i = 0; rc == 0 && i < n; i++)
        rc = db_run(s->db, Q_LISTED_ADD,
                    ARGS(arg_int(no), arg_int((int64_t)post[i].id), arg_int(post[i].place)), err);
    return rc;
}
int store_listing_put(struct store *s, const struct listing *l, const struct listed_post *post,
                      size_t n, bool *fresh, struct err *err)
{
    int64_t known = 0;
    int64_t *const out[] = { &known };
    bool own;
    int rc;

    if (store_enter(s, &own, err))
        return -1;
    rc = l->source ? db_row(s->db, Q_LISTING_FIND,
                            ARGS(arg_int(l->creator), arg_int(l->source), arg_text(l->by),
                                 arg_int(l->at)),
                            out, 1, err)
                   : 0;
    *fresh = rc == 0;
    rc = rc < 0 ? -1 : *fresh ? put_listing(s, l, post, n, err) : 0;
    return store_leave(s, own, rc, err);
}
int store_creator_read(struct store *s, int64_t creator, enum creator_standing standing, int64_t at,
                       struct err *err)
{
    bool own;
    int rc;

    if (store_enter(s, &own, err))
        return -1;
    rc = standing == CREATOR_UNREAD
             ? db_run(s->db, Q_CREATOR_TRIED, ARGS(arg_int(creator), arg_int(at)), err)
             : db_run(s->db, Q_CREATOR_READ,
                      ARGS(arg_int(creator), arg_int(standing), arg_int(at), arg_int(at)), err);
    return store_leave(s, own, rc, err);
}
int store_creator_spare(struct store *s, int64_t creator, struct err *err)
{
    bool own;

    return store_enter(s, &own, err) ||
                   store_leave(s, own, db_run(s->db, Q_CREATOR_SPARE, ARGS(arg_int(creator)), err),
                               err)
               ? -1
               : 0;
}

/* ---- out ---- */
static void creator_row(struct stmt *st, struct creator *c)
{
    struct str handle = str_sub(stmt_text(st, 1), 0, HANDLE_MAX);

    *c = (struct creator){ .n = stmt_int(st, 0),
                           .author = (uint64_t)stmt_int(st, 2),
                           .standing = (enum creator_standing)stmt_enum(st, 3,
                                                                        CREATOR_STANDING_COUNT),
                           .standing_at = stmt_int(st, 4),
                           .tries = (int)stmt_int(st, 5),
                           .tried_at = stmt_int(st, 6),
                           .purged = str_starts(handle, STR(CREATOR_PURGED)) };
    if (handle.n)
        memcpy(c->handle, handle.p, handle.n);
}
static int each_row(struct store *s, enum query q, const struct arg *arg, size_t args,
                    int (*each)(void *to, const struct creator *, struct err *), void *to,
                    struct err *err)
{
    struct creator c;
    struct stmt *st;
    int rc;

    if (db_query(s->db, q, arg, args, &st, err))
        return -1;
    while ((rc = stmt_next(st, err)) == 1) {
        creator_row(st, &c);
        if (each(to, &c, err)) {
            rc = -1;
            break;
        }
    }
    stmt_done(st);
    return rc;
}
int store_creators(struct store *s, int (*each)(void *to, const struct creator *, struct err *),
                   void *to, struct err *err)
{
    return each_row(s, Q_CREATORS, ARGS(arg_null()), each, to, err);
}
int store_creator_rows(struct store *s, int (*each)(void *to, const struct creator *, struct err *),
                       void *to, struct err *err)
{
    return each_row(s, Q_CREATOR_ROWS, NO_ARGS, each, to, err);
}
/* Most audits have no frame: then it is looked up once for all accounts that are read. */
static int any_sighting(struct store *s, struct err *err)
{
    int64_t one = 0, *const out[] = { &one };
    const int rc = s->sighted < 0 ? db_row(s->db, Q_SIGHTING_ANY, NO_ARGS, out, 1, err) : 0;

    if (rc < 0)
        return -1;
    if (s->sighted < 0)
        s->sighted = rc;
    return s->sighted;
}
int store_any_sighting(struct store *s, bool *any, struct err *err)
{
    const int rc = any_sighting(s, err);

    *any = rc > 0;
    return rc < 0 ? -1 : 0;
}
int store_creator_is_seen(struct store *s, int64_t row, bool *seen, struct err *err)
{
    int64_t n = 0;
    int64_t *const out[] = { &n };
    const int any = any_sighting(s, err);

    *seen = false;
    if (any <= 0)
        return any;
    if (db_row(s->db, Q_CREATOR_IS_SEEN, ARGS(arg_int(row)), out, 1, err) < 0)
        return -1;
    *seen = n > 0;
    return 0;
}
int store_creator(struct store *s, int64_t creator, struct creator *out, bool *found,
                  struct err *err)
{
    struct stmt *st;
    int rc;

    *found = false;
    if (db_query(s->db, Q_CREATORS, ARGS(arg_int(creator)), &st, err))
        return -1;
    rc = stmt_next(st, err);
    if (rc == 1) {
        creator_row(st, out);
        *found = true;
        rc = 0;
    }
    stmt_done(st);
    return rc;
}
int store_sightings(struct store *s, int64_t creator,
                    int (*each)(void *to, const struct sighting *, struct err *), void *to,
                    struct err *err)
{
    struct stmt *st;
    int rc;

    if (db_query(s->db, Q_SIGHTINGS, ARGS(arg_int_or_null(creator != 0, creator)), &st, err))
        return -1;
    while ((rc = stmt_next(st, err)) == 1) {
        const struct sighting t = { .creator = stmt_int(st, 0),
                                    .source = stmt_int(st, 1),
                                    .day = stmt_day(st, 2),
                                    .place = stmt_text(st, 3),
                                    .post = (uint64_t)stmt_int(st, 4) };

        if (each(to, &t, err)) {
            rc = -1;
            break;
        }
    }
    stmt_done(st);
    return rc;
}
int store_listings(struct store *s, int64_t creator,
                   int (*each)(void *to, const struct listing *, struct err *), void *to,
                   struct err *err)
{
    struct stmt *st;
    int rc;

    if (db_query(s->db, Q_LISTINGS, ARGS(arg_int_or_null(creator != 0, creator)), &st, err))
        return -1;
    while ((rc = stmt_next(st, err)) == 1) {
        const struct listing l = { .n = stmt_int(st, 0),
                                   .creator = stmt_int(st, 1),
                                   .by = stmt_text(st, 2),
                                   .at = stmt_int(st, 3),
                                   .reach = (enum listing_reach)stmt_enum(st, 4,
                                                                          LISTING_REACH_COUNT),
                                   .rows = stmt_int(st, 5),
                                   .dropped = stmt_int(st, 6),
                                   .source = stmt_int(st, 7),
                                   .request = stmt_int(st, 8),
                                   .evidence = stmt_int(st, 9) };

        if (each(to, &l, err)) {
            rc = -1;
            break;
        }
    }
    stmt_done(st);
    return rc;
}
int store_listed(struct store *s, int64_t listing,
                 int (*each)(void *to, const struct listed_post *, struct err *), void *to,
                 struct err *err)
{
    struct stmt *st;
    int rc;

    if (db_query(s->db, Q_LISTED, ARGS(arg_int(listing)), &st, err))
        return -1;
    while ((rc = stmt_next(st, err)) == 1) {
        const struct listed_post p = { (uint64_t)stmt_int(st, 0), stmt_int(st, 1) };

        if (each(to, &p, err)) {
            rc = -1;
            break;
        }
    }
    stmt_done(st);
    return rc;
}
int store_frame_totals(struct store *s, struct frame_totals *t, struct err *err)
{
    int64_t *const out[] = { &t->creators, &t->sightings, &t->listings, &t->listed, &t->posts };

    return db_row(s->db, Q_FRAME_TOTALS, NO_ARGS, out, 5, err) == 1 ? 0 : -1;
}
