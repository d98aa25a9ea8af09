/* store/purge.c: what an item said, and its id, go; what was found out about it
 * stays: states, times, labels. Which exchanges its bytes lie in is marked here,
 * audit/keep/purge.c rewrites the archive. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/utc.h"
#include "record/id.h"
#include "store/change.h"
#include "store/frame.h"
#include "store/inner.h"
#include "store/items.h"
#include "store/meta.h"
#include "store/purge.h"

/* Everything that holds content of the items. */
static const enum query drops[] = {
    Q_PURGE_RECORDS, Q_PURGE_VANTAGES, Q_PURGE_CURRENT, Q_PURGE_COUNTERS,
    Q_PURGE_GAPS,    Q_PURGE_EVENTS,   Q_PURGE_TARGETS, Q_PURGE_LINKS,
    Q_PURGE_USERS,   Q_PURGE_STATES,   Q_PURGE_LABELS,
};

int store_purge_find(struct store *s, int64_t before,
                     int (*each)(void *to, int64_t item, struct err *), void *to, struct err *err)
{
    struct stmt *st;
    int rc;

    if (db_query(s->db, Q_PURGE_FIND, ARGS(arg_int(before)), &st, err))
        return -1;
    while ((rc = stmt_next(st, err)) == 1)
        if (each(to, stmt_int(st, 0), err)) {
            rc = -1;
            break;
        }
    stmt_done(st);
    return rc;
}

/* From 2036 on by its time, so nothing that is asked or read by age takes it for
 * a post; 58 bits of the HMAC, counted on where two items meet. */
static uint64_t pseudonym(struct str key, uint64_t id, int again)
{
    char text[ID_TEXT_MAX + 16];
    struct digest d;
    uint64_t n = 0;

    id_text(id, text);
    if (again)
        snprintf(text + strlen(text), 16, " %d", again);
    d = digest_hmac(key, str_of(text));
    for (int i = 0; i < 8; i++)
        n = n << 8 | d.b[i];
    return PSEUDONYM_FIRST | (n & (PSEUDONYM_FIRST ^ INT64_MAX));
}

uint64_t store_pseudonym(struct str key, uint64_t id)
{
    return pseudonym(key, id, 0);
}

/* Ids that the frame of a sample holds. */
static int rename_in_frame(struct store *s, struct row_set *names, struct err *err)
{
    static const enum query places[] = { Q_PURGE_SEEN, Q_PURGE_LISTED, Q_PURGE_DRAWN,
                                         Q_PURGE_INSTEAD };
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < sizeof places / sizeof *places; i++)
        rc = db_run(s->db, places[i], ARGS(rows_arg(names)), err);
    return rc;
}

static int rename_item(struct store *s, struct str key, int64_t item, struct row_set *names,
                       struct err *err)
{
    struct arg *name;
    uint64_t id;
    int64_t other = 1, fresh = 0;

    if (store_item_id(s, item, &id, err))
        return -1;
    for (int again = 0; other; again++) {
        fresh = (int64_t)pseudonym(key, id, again);
        if (store_item_find(s, (uint64_t)fresh, &other, err))
            return -1;
    }
    name = rows_add(names, 2);
    name[0] = arg_int((int64_t)id);
    name[1] = arg_int(fresh);
    return db_run(s->db, Q_ITEM_SET_ID, ARGS(arg_int(item), arg_int(fresh)), err);
}

static int drop_all(struct store *s, const int64_t *item, size_t len, struct err *err)
{
    struct arg at = arg_int(utc_now());
    struct row_set gone = {0};
    int rc;

    for (size_t i = 0; i < len; i++)
        rows_add(&gone, 1)[0] = arg_int(item[i]);
    rc = db_run(s->db, Q_PURGE_EVIDENCE, ARGS(rows_arg(&gone), at), err) ||
                 db_run(s->db, Q_PURGE_LIST_EVIDENCE, ARGS(rows_arg(&gone), at), err) ||
                 db_run(s->db, Q_PURGE_ACCOUNT_EVIDENCE, ARGS(rows_arg(&gone), at), err)
             ? -1
             : 0;
    for (size_t i = 0; rc == 0 && i < sizeof drops / sizeof *drops; i++)
        rc = db_run(s->db, drops[i], ARGS(rows_arg(&gone)), err);
    if (rc == 0)
        rc = db_run(s->db, Q_PURGE_ITEMS, ARGS(rows_arg(&gone), at), err) ||
                     db_run(s->db, Q_PURGE_ACCOUNTS,
                            ARGS(arg_text(STR(CREATOR_PURGED)), arg_int((int64_t)PSEUDONYM_FIRST)),
                            err)
                 ? -1
                 : 0;
    rows_release(&gone);
    return rc;
}

int store_purge_items(struct store *s, struct str key, const int64_t *item, size_t len,
                      struct err *err)
{
    struct row_set names = { 0 };

    int rc;

    if (db_delete_securely(s->db, err) || store_begin(s, err))
        return -1;
    rc = store_meta_set(s, META_PURGE_OPEN, STR("yes"), err) || drop_all(s, item, len, err) ? -1
                                                                                          : 0;
    for (size_t i = 0; rc == 0 && i < len; i++)
        rc = rename_item(s, key, item[i], &names, err);
    if (rc == 0 && len)
        rc = rename_in_frame(s, &names, err);
    rows_release(&names);
    s->max_item = s->asked = s->found = -1;
    if (rc == 0 && store_commit(s, err) == 0)
        return 0;
    store_rollback(s);
    return -1;
}

/* ---- creators ---- */
struct creators {
    struct creator *v;
    size_t n, cap;
};
static int add_creator(void *to, const struct creator *c, struct err *err)
{
    struct creators *all = to;

    (void)err;
    if (c->purged)
        return 0;
    ARRAY_ROOM(all->v, all->n, all->cap);
    all->v[all->n++] = *c;
    return 0;
}
/* Not while a post of theirs is kept. */
static int is_gone(struct store *s, const struct creator *c, const struct purge_creators *o,
                   bool *gone, struct err *err)
{
    int64_t drawn = 0, kept = 0, newest = 0;
    int64_t *const out[] = { &drawn, &kept, &newest };
    bool closed = c->standing == CREATOR_PRIVATE || c->standing == CREATOR_GONE;

    if (db_row(s->db, Q_PURGE_CREATOR_FACTS, ARGS(arg_int(c->n)), out, 3, err) < 0)
        return -1;
    *gone = !kept && (drawn || (o->gone && closed) || (o->has_before && newest < o->before));
    return 0;
}
static int drop_creator(struct store *s, int64_t creator, struct err *err)
{
    const struct arg is = arg_int(creator);

    return db_run(s->db, Q_PURGE_CREATOR_EVIDENCE, ARGS(is, arg_int(utc_now())), err) ||
                   db_run(s->db, Q_PURGE_CREATOR_LISTED, ARGS(is), err) ||
                   db_run(s->db, Q_PURGE_CREATOR_SEEN, ARGS(is), err) ||
                   db_run(s->db, Q_PURGE_CREATOR_POSTS, ARGS(is), err) ||
                   db_run(s->db, Q_PURGE_CREATOR,
                          ARGS(is, arg_text(STR(CREATOR_PURGED)),
                               arg_int((int64_t)(PSEUDONYM_FIRST | (uint64_t)creator))),
                          err)
               ? -1
               : 0;
}
int store_purge_creators(struct store *s, const struct purge_creators *o, int64_t *purged,
                         struct err *err)
{
    struct creators all = { 0 };
    bool gone = false;
    int rc = -1;

    *purged = 0;
    if (store_creators(s, add_creator, &all, err))
        goto out;
    if (!all.n) {
        rc = 0;
        goto out;
    }
    if (db_delete_securely(s->db, err) || store_begin(s, err))
        goto out;
    rc = store_meta_set(s, META_PURGE_OPEN, STR("yes"), err);
    for (size_t i = 0; rc == 0 && i < all.n; i++) {
        rc = is_gone(s, &all.v[i], o, &gone, err);
        if (rc == 0 && gone) {
            rc = drop_creator(s, all.v[i].n, err);
            ++*purged;
        }
    }
    if (rc || store_commit(s, err)) {
        store_rollback(s);
        *purged = 0;
        rc = -1;
    }
out:
    free(all.v);
    return rc;
}

int store_purge_finish(struct store *s, struct err *err)
{
    return db_compact(s->db, err) || store_meta_drop(s, META_PURGE_OPEN, err) ||
                   db_settle(s->db, err)
               ? -1 : 0;
}
