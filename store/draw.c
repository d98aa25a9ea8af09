/* store/draw.c: see draw.h. */
#include "store/draw.h"
#include "store/change.h"
#include "store/inner.h"

static int put_creator(struct store *s, int64_t draw, const struct draw_creator *c, struct err *err)
{
    return db_run(s->db, Q_DRAW_CREATOR_ADD,
                  ARGS(arg_int(draw), arg_int(c->creator), arg_int(c->why), arg_int(c->listed),
                       arg_int(c->frame), arg_int(c->newest), arg_int(c->pinned)),
                  err);
}

static int put_post(struct store *s, int64_t draw, const struct drawn_post *p, struct err *err)
{
    return db_run(s->db, Q_DRAWN_ADD,
                  ARGS(arg_int(draw), arg_int(p->creator), arg_int((int64_t)p->post),
                       arg_int(p->place), arg_int((int64_t)p->instead)),
                  err);
}

static int put_draw(struct store *s, struct draw *d, const struct draw_creator *c, size_t n,
                    const struct drawn_post *p, size_t posts, struct err *err)
{
    if (store_number(s, NUMBER_DRAW, 1, &d->n, err) ||
        db_run(s->db, Q_DRAW_ADD,
               ARGS(arg_int(d->n), arg_int(d->at), arg_int(d->posts), arg_int(d->min_age_s),
                    arg_int(d->newest), arg_digest(&d->frame)),
               err))
        return -1;
    for (size_t i = 0; i < n; i++)
        if (put_creator(s, d->n, &c[i], err))
            return -1;
    for (size_t i = 0; i < posts; i++)
        if (put_post(s, d->n, &p[i], err))
            return -1;
    return 0;
}

int store_draw_put(struct store *s, struct draw *d, const struct draw_creator *c, size_t n,
                   const struct drawn_post *p, size_t posts, struct err *err)
{
    bool own;

    return store_enter(s, &own, err) ||
                   store_leave(s, own, put_draw(s, d, c, n, p, posts, err), err)
               ? -1
               : 0;
}

int store_drawn_add(struct store *s, int64_t draw, const struct drawn_post *p, struct err *err)
{
    bool own;

    return store_enter(s, &own, err) || store_leave(s, own, put_post(s, draw, p, err), err) ? -1
                                                                                            : 0;
}

int store_draw_last(struct store *s, struct draw *d, struct err *err)
{
    struct stmt *st;
    int rc;

    *d = (struct draw){ .n = 0 };
    if (db_query(s->db, Q_DRAW_LAST, NO_ARGS, &st, err))
        return -1;
    if ((rc = stmt_next(st, err)) == 1) {
        *d = (struct draw){ .n = stmt_int(st, 0),
                            .at = stmt_int(st, 1),
                            .posts = stmt_int(st, 2),
                            .min_age_s = stmt_int(st, 3),
                            .newest = stmt_int(st, 4) != 0 };
        stmt_digest(st, 5, &d->frame);
        rc = 0;
    }
    stmt_done(st);
    return rc;
}

int store_draw_creators(struct store *s, int64_t draw,
                        int (*each)(void *to, const struct draw_creator *, struct err *), void *to,
                        struct err *err)
{
    struct stmt *st;
    int rc;

    if (db_query(s->db, Q_DRAW_CREATORS, ARGS(arg_int(draw)), &st, err))
        return -1;
    while ((rc = stmt_next(st, err)) == 1) {
        const struct draw_creator c = { .creator = stmt_int(st, 0),
                                        .why = (enum draw_why)stmt_enum(st, 1, DRAW_WHY_COUNT),
                                        .listed = stmt_int(st, 2),
                                        .frame = stmt_int(st, 3),
                                        .newest = stmt_int(st, 4) != 0,
                                        .pinned = stmt_int(st, 5) };

        if (each(to, &c, err)) {
            rc = -1;
            break;
        }
    }
    stmt_done(st);
    return rc;
}

int store_drawn(struct store *s, int64_t draw,
                int (*each)(void *to, const struct drawn_post *, struct err *), void *to,
                struct err *err)
{
    struct stmt *st;
    int rc;

    if (db_query(s->db, Q_DRAWN, ARGS(arg_int(draw)), &st, err))
        return -1;
    while ((rc = stmt_next(st, err)) == 1) {
        const struct drawn_post p = { stmt_int(st, 0), (uint64_t)stmt_int(st, 1), stmt_int(st, 2),
                                      (uint64_t)stmt_int(st, 3) };

        if (each(to, &p, err)) {
            rc = -1;
            break;
        }
    }
    stmt_done(st);
    return rc;
}
