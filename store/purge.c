/* store/purge.c: what an item said, and its id, go; what was found out about it
 * stays: states, times, labels. Which exchanges its bytes lie in is marked here,
 * audit/keep/purge.c rewrites the archive. */
#include <stdio.h>
#include <string.h>

#include "base/utc.h"
#include "record/id.h"
#include "store/sqlite_priv.h"

#define GONE "(SELECT item FROM temp.gone)"
/* A day is all that is left of when a post was made. */
#define TO_THE_DAY(column) #column " = " #column " / 86400 * 86400"

/* Everything that holds content of the items in temp.gone. ?1 is the instant. */
static const char *const drops[] = {
    "UPDATE evidence SET purged_at = ?1 WHERE purged_at = 0 AND request IN (SELECT request FROM ask WHERE item IN " GONE
    " UNION SELECT request FROM page_answer WHERE witness <> 5 AND item IN " GONE
    " UNION SELECT request FROM user_answer WHERE item IN " GONE
    " UNION SELECT request FROM page_answer WHERE witness = 5 AND item IN (SELECT n FROM link WHERE item IN " GONE
    "))",
    "DELETE FROM record WHERE item IN " GONE,
    "DELETE FROM current WHERE item IN " GONE,
    "DELETE FROM counter WHERE item IN " GONE,
    "DELETE FROM difference WHERE item IN " GONE,
    "DELETE FROM event WHERE item IN " GONE,
    "UPDATE page_answer SET message = '' WHERE witness = 5 AND item IN (SELECT n FROM link WHERE item IN " GONE
    ")",
    "UPDATE link SET url = 'purged:' || n, target = NULL WHERE item IN " GONE,
    "UPDATE user_answer SET handle = '', message = '' WHERE item IN " GONE,
    "UPDATE item_state SET " TO_THE_DAY(page_created) ", " TO_THE_DAY(
        api_created) " WHERE item IN " GONE,
    "UPDATE label SET handle = '', place = '', region = '', account = 0, " TO_THE_DAY(
        created_at) " WHERE item IN " GONE,
    "UPDATE item SET handle = '', purged_at = ?1 WHERE n IN " GONE,
};

int store_purge_find(struct store *s, int64_t before,
                     int (*each)(void *to, int64_t item, struct err *), void *to, struct err *err)
{
    sqlite3_stmt *st = store_prepare(
        s,
        "SELECT s.item FROM item_state s JOIN item i ON i.n = s.item"
        " JOIN label l ON l.series = 1 AND l.item = s.item WHERE s.series = 1 AND i.purged_at = 0 AND l.state <> 2"
        " AND max(s.last_at, s.found_last_at, s.page_at, s.public_last_at, s.refused_last_at, s.oembed_at) < ?1"
        " ORDER BY s.item",
        err);
    int rc = st ? 0 : -1;

    if (st)
        bind_int(st, 1, before);
    while (rc == 0 && (rc = store_step(s, st, err)) == 1)
        rc = each(to, sqlite3_column_int64(st, 0), err) ? -1 : 0;
    sqlite3_finalize(st);
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
    sqlite3_stmt *st = store_query(s, Q_ITEM_SET_ID, err);
    uint64_t id;
    int64_t other = 1, fresh = 0;

    if (!st || store_item_id(s, item, &id, err))
        return -1;
    for (int again = 0; other; again++) {
        fresh = (int64_t)pseudonym(key, id, again);
        if (store_item_find(s, (uint64_t)fresh, &other, err))
            return -1;
    }
    bind_int(st, 1, item);
    bind_int(st, 2, fresh);
    return store_run(s, st, err);
}

static int note_gone(struct store *s, const int64_t *item, size_t len, struct err *err)
{
    sqlite3_stmt *st;
    int rc = store_exec(
        s, "DROP TABLE IF EXISTS temp.gone; CREATE TEMP TABLE gone (item INTEGER PRIMARY KEY)",
        err);

    if (rc || !(st = store_prepare(s, "INSERT OR IGNORE INTO temp.gone VALUES (?1)", err)))
        return -1;
    for (size_t i = 0; rc == 0 && i < len; i++) {
        bind_int(st, 1, item[i]);
        rc = store_run(s, st, err);
    }
    sqlite3_finalize(st);
    return rc;
}

static int drop_all(struct store *s, int64_t at, struct err *err)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < sizeof drops / sizeof *drops; i++) {
        sqlite3_stmt *st = store_prepare(s, drops[i], err);

        if (!st)
            return -1;
        if (sqlite3_bind_parameter_count(st) > 0)
            bind_int(st, 1, at);
        rc = store_run(s, st, err);
        sqlite3_finalize(st);
    }
    return rc;
}

int store_purge_items(struct store *s, struct str key, const int64_t *item, size_t len,
                      struct err *err)
{
    int rc;

    if (store_exec(s, "PRAGMA secure_delete = ON", err) || store_begin(s, err))
        return -1;
    rc = store_meta_set(s, "purge_open", STR("yes"), err) || note_gone(s, item, len, err) ||
         drop_all(s, utc_now(), err) ? -1 : 0;
    for (size_t i = 0; rc == 0 && i < len; i++)
        rc = rename_item(s, key, item[i], err);
    s->max_item = s->asked = s->found = -1;
    if (rc == 0 && store_commit(s, err) == 0)
        return 0;
    store_rollback(s);
    return -1;
}

int store_evidence_moved(struct store *s, int64_t evidence, const char *file, int64_t offset,
                         int64_t len, struct err *err)
{
    sqlite3_stmt *st = store_query(s, Q_EVIDENCE_TO, err);

    if (!st)
        return -1;
    bind_int(st, 1, evidence);
    bind_str(st, 2, str_of(file));
    bind_int(st, 3, offset);
    bind_int(st, 4, len);
    return store_run(s, st, err);
}

int store_evidence_file_drop(struct store *s, const char *file, struct err *err)
{
    sqlite3_stmt *st = store_query(s, Q_FILE_DROP, err);

    if (!st)
        return -1;
    bind_str(st, 1, str_of(file));
    return store_run(s, st, err);
}

/* Statements that are still prepared would keep the file from being rewritten. */
int store_purge_finish(struct store *s, struct err *err)
{
    int rc;

    for (int q = 0; q < QUERY_COUNT; q++) {
        sqlite3_finalize(s->query[q]);
        s->query[q] = NULL;
    }
    sqlite3_limit(s->db, SQLITE_LIMIT_ATTACHED, 1);    // VACUUM attaches the file that it writes
    rc = store_exec(s, "DROP TABLE IF EXISTS temp.gone; PRAGMA secure_delete = ON; VACUUM;"
                       "PRAGMA wal_checkpoint(TRUNCATE)", err);
    sqlite3_limit(s->db, SQLITE_LIMIT_ATTACHED, 0);
    if (rc)
        return -1;
    return store_exec(
        s, "DELETE FROM meta WHERE key = 'purge_open'; PRAGMA wal_checkpoint(TRUNCATE)", err);
}
