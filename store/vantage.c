/* store/vantage.c: see vantage.h. */
#include "store/vantage.h"
#include <stdlib.h>
#include "base/array.h"
#include "store/inner.h"

/* ---- places ---- */
void store_place_forget(struct store *s)
{
    buf_release(&s->place);
    s->place_n = s->places = 0;
}

/* Whoever adds one has the store's lock, so that what was found stays so. */
static void keep_place(struct store *s, struct str name, int64_t n, int64_t places)
{
    buf_clear(&s->place);
    buf_str(&s->place, name);
    s->place_n = n;
    s->places = places;
}

int store_vantage(struct store *s, struct str name, bool make, int64_t *n, struct err *err)
{
    int64_t known = 0, count = 0, *const out[] = { &known, &count };

    if (s->place_n && str_eq(name, buf_view(&s->place))) {
        *n = s->place_n;
        return 0;
    }
    if (db_row(s->db, Q_VANTAGE_FIND, ARGS(arg_text(name)), out, 2, err) != 1)
        return -1;
    *n = known;
    if (name.n == 0 && count > 0)
        *n = 1;
    if (*n == 0) {
        *n = count + 1;
        if (!make)
            return 0;
        if (db_run(s->db, Q_VANTAGE_ADD, ARGS(arg_int(*n), arg_text(name)), err))
            return -1;
        count++;
    }
    keep_place(s, name, *n, count);
    return 0;
}

int store_vantages(struct store *s,
                   int (*each)(void *to, const struct vantage_row *, struct err *), void *to,
                   struct err *err)
{
    struct stmt *st;
    int rc;

    if (db_query(s->db, Q_VANTAGES, NO_ARGS, &st, err))
        return -1;
    while ((rc = stmt_next(st, err)) == 1) {
        const struct vantage_row row = { .n = stmt_int(st, 0),
                                         .name = stmt_text(st, 1),
                                         .region = stmt_text(st, 2),
                                         .asked = stmt_text(st, 3) };

        if (each(to, &row, err)) {
            rc = -1;
            break;
        }
    }
    stmt_done(st);
    return rc;
}

int store_vantage_used(struct store *s, struct str name, struct str asked, struct err *err)
{
    int64_t n;
    bool own;
    int rc;

    if (store_enter(s, &own, err))
        return -1;
    rc = store_vantage(s, name, true, &n, err);
    if (rc == 0)
        rc = store_run_aside(s, Q_VANTAGE_ASKED, ARGS(arg_int(n), arg_text(asked)), err);
    return store_leave(s, own, rc, err);
}

/* ---- what was read there ---- */
int store_vantage_seen(struct store *s, int64_t vantage,
                       int (*each)(void *to, const struct vantage_seen *, struct err *), void *to,
                       struct err *err)
{
    const struct arg at = arg_int(vantage);
    struct stmt *st;
    int rc;

    if (db_query(s->db, vantage ? Q_VANTAGE_SEEN_AT : Q_VANTAGE_SEEN_ALL, &at, vantage ? 1 : 0, &st,
                 err))
        return -1;
    while ((rc = stmt_next(st, err)) == 1) {
        const struct vantage_seen seen = {
            .vantage = stmt_int(st, 0),
            .item = stmt_int(st, 1),
            .kind = (enum answer_kind)stmt_enum_or_none(st, 2, ANSWER_COUNT),
            .at = stmt_int(st, 3),
            .tries = (int)stmt_int(st, 4),
        };

        if (each(to, &seen, err)) {
            rc = -1;
            break;
        }
    }
    stmt_done(st);
    return rc;
}

int store_vantage_unsure(struct store *s, int64_t clock_s,
                         int (*each)(void *to, int64_t item, struct err *), void *to,
                         struct err *err)
{
    struct { int64_t *v; size_t n, cap; } all = { 0 };
    struct stmt *st;
    int rc;

    if (s->places == 1)    // nobody says otherwise
        return 0;
    if (db_query(s->db, Q_VANTAGE_UNSURE, ARGS(arg_int(clock_s)), &st, err))
        return -1;
    while ((rc = stmt_next(st, err)) == 1) {
        ARRAY_ROOM(all.v, all.n, all.cap);
        all.v[all.n++] = stmt_int(st, 0);
    }
    stmt_done(st);
    for (size_t i = 0; rc == 0 && i < all.n; i++)
        rc = each(to, all.v[i], err);
    free(all.v);
    return rc;
}

struct numbered_record { uint64_t id; int64_t n; };

static int list_records(struct store *s, int64_t vantage, struct numbered_record **v, size_t *n,
                        struct err *err)
{
    struct stmt *st;
    size_t cap = 0;
    int rc;

    if (db_query(s->db, Q_VANTAGE_RECORDS, ARGS(arg_int(vantage)), &st, err))
        return -1;
    while ((rc = stmt_next(st, err)) == 1) {
        ARRAY_ROOM(*v, *n, cap);
        (*v)[(*n)++] = (struct numbered_record){ (uint64_t)stmt_int(st, 0), stmt_int(st, 1) };
    }
    stmt_done(st);
    return rc;
}

int store_vantage_records(struct store *s, int64_t vantage,
                          int (*each)(void *to, int64_t at, const struct record *, struct err *),
                          void *to, struct err *err)
{
    struct numbered_record *v = NULL;
    size_t n = 0;
    int rc = list_records(s, vantage, &v, &n, err);

    for (size_t i = 0; rc == 0 && i < n; i++) {
        struct arena mem = { 0 };
        struct record *r;
        int64_t at;

        rc = store_record_numbered(s, v[i].n, &mem, &r, &at, err);
        if (rc == 0 && r) {
            r->id = v[i].id;
            rc = each(to, at, r, err);
        }
        arena_release(&mem);
    }
    free(v);
    return rc;
}
