/* store/store.c: a store is made, opened and closed; versions of its schema. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "store/answers.h"
#include "store/columns.h"
#include "store/expect.h"
#include "store/inner.h"
#include "store/known.h"
#include "store/store.h"
#include "store/meta.h"
#include "store/near.h"
#include "store/schema.h"

static const struct db_kind kind = {
    .is = "a store of blindspot",
    .before = "",
    .application = 1651273316,     // "blnd"
};

// queries.def and the views compare these as numbers
_Static_assert(WITNESS_QUERY == 0 && WITNESS_VALIDATION == 2 && WITNESS_PAGE == 3 &&
                   WITNESS_SHORT == 5 && WITNESS_CREATOR == 6 && WITNESS_EMBED == 7,
               "witnesses of the API are 0 to 2");
_Static_assert(ANSWER_PUBLIC == 2 && ANSWER_REFUSED == 3 && ANSWER_NO_ANSWER == 4,
               "answers are stored as numbers");

/* ---- the schema ---- */
/* Fields that this program knows and the table does not become columns. */
static int add_fields(struct store *s, const char *table, enum columns which, struct err *err)
{
    const struct columns_list *l = columns_of(which);
    bool known[FIELD_COUNT] = { false };
    struct stmt *st;
    char sql[160];
    int rc;

    if (db_query(s->db, Q_TABLE_COLUMNS, ARGS(arg_text(str_of(table))), &st, err))
        return -1;
    while ((rc = stmt_next(st, err)) == 1) {
        enum field f = field_find(stmt_text(st, 0));

        if (f < FIELD_COUNT)
            known[f] = true;
    }
    stmt_done(st);
    for (int i = 0; rc == 0 && i < l->len; i++) {
        if (known[l->f[i]])
            continue;
        snprintf(sql, sizeof sql, "ALTER TABLE %s ADD COLUMN \"%s\" %s", table,
                 field_info(l->f[i])->name, columns_type(l->f[i]));
        rc = db_script(s->db, sql, err);
    }
    return rc;
}

/* Version 7 gave the fields' columns types: the rows go over into new tables, by
 * the columns that the old ones have. */
static int take_over(struct store *s, const char *table, struct err *err)
{
    struct buf sql = {0}, names = {0};
    struct stmt *st;
    char old[40];
    int rc;

    snprintf(old, sizeof old, "%s_6", table);
    if (db_query(s->db, Q_TABLE_COLUMNS_OF_BOTH,
                 ARGS(arg_text(str_of(old)), arg_text(str_of(table))), &st, err))
        return -1;
    while ((rc = stmt_next(st, err)) == 1)
        buf_printf(&names, "%s\"%.*s\"", names.n ? ", " : "", STR_ARG(stmt_text(st, 0)));
    stmt_done(st);
    if (rc == 0) {
        buf_printf(&sql, "INSERT INTO %s (%s) SELECT %s FROM %s; DROP TABLE %s", table,
                   buf_cstr(&names), buf_cstr(&names), old, old);
        rc = db_script(s->db, buf_cstr(&sql), err);
    }
    buf_release(&sql);
    buf_release(&names);
    return rc;
}

static int make_tables(struct store *s, int64_t version, struct err *err)
{
    if (db_script(s->db, "DROP VIEW IF EXISTS v_items; DROP VIEW IF EXISTS v_answers;"
                         "DROP VIEW IF EXISTS v_pairs", err))
        return -1;
    if (version == 0 && db_script(s->db, schema_sql, err))
        return -1;
    for (int64_t v = version; v > 0 && v < SCHEMA_VERSION; v++)
        if (db_script(s->db, schema_step_from[v], err))
            return -1;
    if (add_fields(s, "record", COLUMNS_ALL, err) || add_fields(s, "counter", COLUMNS_DRIFT, err))
        return -1;
    if (version > 0 && version < 7 && (take_over(s, "record", err) || take_over(s, "counter", err)))
        return -1;
    return db_script(s->db, schema_views_sql, err) || db_set_version(s->db, SCHEMA_VERSION, err)
               ? -1 : 0;
}

/* Brings a file of any older version to this one. Labels and differences are
 * derived and number their words and fields as the program that wrote them, so
 * a change of those drops them; the stamp grows, and report makes them anew. */
static int migrate(struct store *s, int64_t version, struct err *err)
{
    int differ = 0;

    if (db_begin(s->db, err))
        return -1;
    if (make_tables(s, version, err) || store_words(s, false, &differ, err))
        goto fail;
    if (differ && (store_words(s, true, &differ, err) ||
                   db_run(s->db, Q_LABELS_DROP, NO_ARGS, err) ||
                   db_run(s->db, Q_GAPS_DROP, NO_ARGS, err)))
        goto fail;
    s->dirty = version > 0;
    if (store_commit(s, err))
        goto fail;
    return 0;
fail:
    store_rollback(s);
    return err_wrap(err, "bringing %s up to date", db_path(s->db));
}

static int count_fields(struct stmt *st, int *n, struct err *err)
{
    int rc;

    while ((rc = stmt_next(st, err)) == 1)
        *n += field_find(stmt_text(st, 0)) < FIELD_COUNT;
    return rc;
}

/* True where every field and word of this program is in the file. */
static int schema_is_current(struct store *s, bool *current, struct err *err)
{
    struct stmt *record = NULL, *counter = NULL;
    int differ = 0, have = 0;
    int rc = db_query_later(s->db, Q_TABLE_COLUMNS, ARGS(arg_text(STR("record"))), &record, err) ||
                     db_query_later(s->db, Q_TABLE_COLUMNS, ARGS(arg_text(STR("counter"))),
                                    &counter, err) ||
                     store_words(s, false, &differ, err) || count_fields(record, &have, err) ||
                     count_fields(counter, &have, err)
                 ? -1
                 : 0;

    stmt_done(record);
    stmt_done(counter);
    *current = rc == 0 && differ == 0 &&
               have >= columns_of(COLUMNS_ALL)->len + columns_of(COLUMNS_DRIFT)->len;
    return rc;
}

/* An older one is brought up to date under the lock, by a reader too. */
static int check_schema(struct store *s, bool locked, struct err *err)
{
    int64_t version = 0;
    bool current = false;

    if (db_version(s->db, &version, err))
        return -1;
    if (version > SCHEMA_VERSION)
        return err_set(
            err, ERR_INPUT,
            "%s was written by a newer blindspot (its schema is %lld, this one reads %d)",
            db_path(s->db), (long long)version, SCHEMA_VERSION);
    if (version == SCHEMA_VERSION && schema_is_current(s, &current, err))
        return -1;
    if (current)
        return 0;
    if (s->is_still)
        return err_set(err, ERR_AGAIN, "%s is of an older schema", db_path(s->db));
    if (!locked && db_lock(s->db, err))
        return -1;
    if (migrate(s, version, err))
        return -1;
    if (!locked)
        db_unlock(s->db);
    return 0;
}

/* ---- making, opening, closing ---- */
static struct store *store_new(void)
{
    struct store *s = xcalloc(1, sizeof *s);

    s->derived_from = -1;
    store_numbers_forget(s);
    return s;
}

static void store_free(struct store *s)
{
    arena_release(&s->item_mem);
    rows_release(&s->wanted);
    rows_release(&s->labels);
    rows_release(&s->gaps);
    store_meta_forget(s);
    near_forget(s);
    known_forget(s);
    store_place_forget(s);
    store_file_forget(s);
    db_close(s->before);
    db_close(s->db);
    free(s);
}

static int set_random(struct store *s, enum meta key, size_t bytes, struct err *err)
{
    struct digest d;
    char text[DIGEST_HEX];

    digest_random(d.b);
    digest_hex(&d, text);
    return store_meta_set(s, key, (struct str){ text, 2 * bytes }, err);
}

int store_begin_new(struct store **out, const char *path, struct err *err)
{
    struct store *s = store_new();
    int rc = db_create(&s->db, path, &kind, err);

    if (rc) {
        s->db = NULL;
        store_free(s);
    } else if ((rc = migrate(s, 0, err)) != 0) {
        (void)!store_end_new(s, rc, err);
    } else {
        *out = s;
    }
    return rc;
}

int store_end_new(struct store *s, int rc, struct err *err)
{
    struct db *d = s->db;

    s->db = NULL;
    store_free(s);
    return db_created(d, rc, err);
}

int store_create(const char *path, struct err *err) { return store_create_as(path, "", err); }

int store_create_as(const char *path, const char *series, struct err *err)
{
    struct store *s;
    int rc;

    if (store_begin_new(&s, path, err))
        return -1;
    rc = set_random(s, META_AUDIT, 8, err) || set_random(s, META_SEED, DIGEST_BYTES, err) ||
                 set_random(s, META_SOURCE_KEY, DIGEST_BYTES, err) ||
                 (series[0] && store_meta_set(s, META_SERIES, str_of(series), err))
             ? -1
             : 0;
    return store_end_new(s, rc, err);
}

/* Whoever only wants to refresh goes on without the lock, whyever it is not to be had. */
static int take_access(struct store *s, enum store_mode mode, enum db_access *access,
                       struct err *err)
{
    struct err busy = {0};

    *access = mode == STORE_READ ? DB_READ : mode == STORE_STILL ? DB_PRIVATE : DB_WRITE;
    s->is_still = mode == STORE_STILL;
    if (mode == STORE_WRITE)
        return db_lock(s->db, err);
    if (mode == STORE_REFRESH && db_lock(s->db, &busy))
        *access = DB_PRIVATE;
    s->is_private = *access == DB_PRIVATE;
    return 0;
}

/* What is looked at of a store comes from a server on one way; of one that nobody else writes, the
 * small facts as well. */
static int look_at(struct store *s, bool locked, struct err *err)
{
    int rc;

    store_keep_answers(s, true);
    rc = store_expect_opening(s, locked, err) || check_schema(s, locked, err) ||
                 (locked && db_is_far(s->db) && store_meta_read(s, err))
             ? -1
             : 0;
    store_keep_answers(s, false);
    return rc;
}

int store_open(struct store **out, const char *path, enum store_mode mode, struct err *err)
{
    struct store *s = store_new();
    enum db_access access;

    if ((mode == STORE_STILL ? db_open_still(&s->db, path, &kind, err)
                             : db_open(&s->db, path, &kind, err)) ||
        take_access(s, mode, &access, err) ||
        look_at(s, access == DB_WRITE, err) || db_begin_as(s->db, access, err)) {
        store_free(s);
        return -1;
    }
    *out = s;
    return 0;
}

bool store_is_far(const struct store *s) { return db_is_far(s->db); }

size_t store_chunk(const struct store *s)
{
    return db_is_far(s->db) ? STORE_CHUNK_FAR : STORE_CHUNK;
}

bool store_is_private(const struct store *s)
{
    return s->is_private;
}

int store_close(struct store *s, struct err *err)
{
    int rc = 0;

    if (!s)
        return 0;
    if (db_in_transaction(s->db)) {
        rc = s->batch && s->sink ? store_flush_sink(s->sink, err) : 0;
        store_rollback(s);
    }
    if (rc == 0)
        rc = db_committed(s->db, err);
    store_numbers_give_back(s);
    store_free(s);
    return rc;
}

int store_copy(struct store *s, const char *path, struct err *err)
{
    return db_copy(s->db, path, err);
}

bool store_is_file(const struct store *s) { return db_is_file(s->db); }

int store_move_out(struct store *s, int64_t at, struct err *err)
{
    return db_leave(s->db, at, err);
}

int store_moved_out_at(struct store *s, int64_t *at, struct err *err)
{
    return db_left_at(s->db, at, err);
}

int store_settle(struct store *s, struct err *err) { return db_settle(s->db, err); }

char *store_place(const char *path) { return db_place(path); }
