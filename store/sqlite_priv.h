/* store/sqlite_priv.h: what the files of the SQLite store share; nobody else
 * includes it. SQL that is fixed stands in store/queries.def, by name; SQL that
 * lists fields is made from record/fields.def when a store is opened. */
#ifndef STORE_SQLITE_PRIV_H
#define STORE_SQLITE_PRIV_H
#include <sqlite3.h>
#include "store/store.h"

/* The columns of struct item_row, in the order in which items.c reads them. */
#define ITEM_COLUMNS \
    "i.n, i.id, i.handle, i.purged_at, s.page_created, s.api_created," \
    " s.asked, s.days, s.first_at, s.last_at, s.sent_at," \
    " s.found_first_at, s.found_last_at, s.absent_before_found, s.page, s.code, s.message, s.page_at," \
    " s.public_first_at, s.public_last_at, s.refused_last_at, s.tries, s.tried_at, s.oembed, s.oembed_at," \
    " s.oembed_tries, s.sampled, s.following_asked, s.region, s.page_request, s.api_request," \
    " s.valid, s.valid_at, s.page_marks, CASE WHEN s.elsewhere_at >= s.page_at THEN s.elsewhere END, s.elsewhere_at," \
    " s.elsewhere_vantage"
#define STORE_CHUNK 512    // rows that a cursor holds, so that it keeps no read transaction open

extern const char store_schema_sql[], store_schema_2_sql[], store_schema_3_sql[],
    store_schema_4_sql[], store_schema_5_sql[], store_schema_6_sql[];

enum query {
#define QUERY(name, sql) Q_##name,
#include "store/queries.def"
#undef QUERY
    QUERY_COUNT
};

struct store_sink;
struct store {
    sqlite3 *db;
    char *path;
    int lock;                      // descriptor of PATH-lock, -1 for readers
    bool write, dirty;             // dirty: this transaction brings answers or items
    bool snapshot;                 // a read transaction is open until the store is closed
    bool is_private;               // a snapshot with tables of its own in front (store_own_table)
    bool own_tx;                   // within is_private: a transaction of its own is open
    int64_t answer_first, answer_newest;   // instants of its answers, 0 none
    sqlite3_stmt *query[QUERY_COUNT];      // prepared when first used
    sqlite3_stmt *record_add, *record_move, *record_get, *record_drift, *counter_add;
    struct arena item_mem;         // texts of store_item's last row
    int64_t max_item, next_request;        // -1: to be looked up
    int64_t asked, found;          // items that ever were; kept by the sink, -1: to be counted
    uint64_t max_id;
    int64_t ruleset;               // of the labels that are being written
    bool batch;                    // the open transaction is the sink's
    bool cache_more;
    int64_t derived, derived_from;    // changes to what is derived; -1, or where the open
                                      // transaction of such began
    struct store_sink *sink;
};

/* ---- statements ---- */
/* The prepared statement of a name, reset; NULL and err on a broken store. */
sqlite3_stmt *store_query(struct store *, enum query, struct err *);
/* A fresh statement for a cursor; the caller finalizes it. */
sqlite3_stmt *store_prepare(struct store *, const char *sql, struct err *);
MUST_CHECK int store_step(struct store *, sqlite3_stmt *, struct err *);    // 1 row, 0 end, -1
MUST_CHECK int store_run(struct store *, sqlite3_stmt *, struct err *);    // to its end, then reset
MUST_CHECK int store_run_aside(struct store *, sqlite3_stmt *,
                               struct err *);    // one that store_changes does not count
MUST_CHECK int store_exec(struct store *, const char *sql, struct err *);
/* For work that writes all over tables of millions: 64 MB of SQLite's cache.
 * All else gets 8 MB, walks in order, and loses no time by it. */
MUST_CHECK int store_cache_more(struct store *, struct err *);
int store_fail(struct store *, struct err *);    // err from the database; -1
int store_damaged(struct store *, const char *what,
                  struct err *);    // a value that we never write; -1
void bind_int(sqlite3_stmt *, int at, int64_t);
void bind_str(sqlite3_stmt *, int at, struct str);                          // borrowed until reset
void bind_digest(sqlite3_stmt *, int at, const struct digest *);
void bind_value(sqlite3_stmt *, int at, const struct value *);
struct str col_str(sqlite3_stmt *, int at);    // borrowed until the next step
struct value col_value(sqlite3_stmt *, int at);

/* ---- transactions: every writing function joins the open one or makes its own ---- */
MUST_CHECK int store_enter(struct store *, bool *own, struct err *);
void store_derives(
    struct store *);    // the open transaction, until it ends, writes what is derived alone
MUST_CHECK int store_leave(struct store *, bool own, int rc,
                           struct err *);           // rc -1 rolls an own one back; gives rc
void store_answered(struct store *, int64_t at);    // an answer of that instant came in

/* Of a private store: from here on the table is this process's own, with those of
 * its rows for which `keep` holds ("1": all). Else it does nothing. */
MUST_CHECK int store_own_table(struct store *, const char *table, const char *keep, struct err *);

/* ---- items.c ---- */
/* The id of an item; err where there is no such item. */
MUST_CHECK int store_item_id(struct store *, int64_t item, uint64_t *id, struct err *);
/* ---- records.c ---- */
MUST_CHECK int store_prepare_records(struct store *, struct err *);
MUST_CHECK int store_put_record(struct store *, enum side, const struct answer *, struct err *);
/* ---- sink.c ---- */
MUST_CHECK int store_flush_sink(struct store_sink *, struct err *);
/* ---- history.c ---- */
/* "file:offset" and, with_digest, " sha256:hex" of an evidence number; "" for 0. */
MUST_CHECK int store_evidence_text(struct store *, int64_t evidence, bool with_digest,
                                   struct buf *out, struct err *);
#endif
