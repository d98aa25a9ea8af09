/* store/purge.c: what an item said, and its id, go; what was found out about it
 * stays: states, times, labels. Which exchanges its bytes lie in is marked here,
 * audit/keep/purge.c rewrites the archive. */
#include <stdio.h>
#include <string.h>

#include "base/utc.h"
#include "record/id.h"
#include "store/change.h"
#include "store/inner.h"
#include "store/items.h"
#include "store/meta.h"
#include "store/purge.h"

/* Everything that holds content of the items. */
static const enum query drops[] = {
    Q_PURGE_RECORDS, Q_PURGE_CURRENT, Q_PURGE_COUNTERS, Q_PURGE_GAPS,   Q_PURGE_EVENTS,
    Q_PURGE_TARGETS, Q_PURGE_LINKS,   Q_PURGE_USERS,    Q_PURGE_STATES, Q_PURGE_LABELS,
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

static int rename_item(struct store *s, struct str key, int64_t item, struct err *err)
{
    uint64_t id;
    int64_t other = 1, fresh = 0;

    if (store_item_id(s, item, &id, err))
        return -1;
    for (int again = 0; other; again++) {
        fresh = (int64_t)pseudonym(key, id, again);
        if (store_item_find(s, (uint64_t)fresh, &other, err))
            return -1;
    }
    return db_run(s->db, Q_ITEM_SET_ID, ARGS(arg_int(item), arg_int(fresh)), err);
}

static int drop_all(struct store *s, const int64_t *item, size_t len, struct err *err)
{
    struct arg at = arg_int(utc_now());
    struct row_set gone = {0};
    int rc;

    for (size_t i = 0; i < len; i++)
        rows_add(&gone, 1)[0] = arg_int(item[i]);
    rc = db_run(s->db, Q_PURGE_EVIDENCE, ARGS(rows_arg(&gone), at), err);
    for (size_t i = 0; rc == 0 && i < sizeof drops / sizeof *drops; i++)
        rc = db_run(s->db, drops[i], ARGS(rows_arg(&gone)), err);
    if (rc == 0)
        rc = db_run(s->db, Q_PURGE_ITEMS, ARGS(rows_arg(&gone), at), err);
    rows_release(&gone);
    return rc;
}

int store_purge_items(struct store *s, struct str key, const int64_t *item, size_t len,
                      struct err *err)
{
    int rc;

    if (db_delete_securely(s->db, err) || store_begin(s, err))
        return -1;
    rc = store_meta_set(s, META_PURGE_OPEN, STR("yes"), err) || drop_all(s, item, len, err) ? -1
                                                                                          : 0;
    for (size_t i = 0; rc == 0 && i < len; i++)
        rc = rename_item(s, key, item[i], err);
    s->max_item = s->asked = s->found = -1;
    if (rc == 0 && store_commit(s, err) == 0)
        return 0;
    store_rollback(s);
    return -1;
}

int store_purge_finish(struct store *s, struct err *err)
{
    return db_compact(s->db, err) || store_meta_drop(s, META_PURGE_OPEN, err) ||
                   db_settle(s->db, err)
               ? -1 : 0;
}
