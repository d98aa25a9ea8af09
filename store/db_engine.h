/* store/db_engine.h: what an engine gives to db_engine.c; nobody else includes it. An engine is
 * one file: its struct begins with struct db, that of its statements with struct stmt.
 * A database that is no file has an address (scheme); a file that holds one, as its only line,
 * stands for it, so that an audit's folder looks the same.
 * To add one: copy db_sqlite.c, and give it a row in db_engine.c. What each function does stands
 * in store/db.h, under the same name. */
#ifndef STORE_DB_ENGINE_H
#define STORE_DB_ENGINE_H
#include "store/db.h"

struct db_engine;
#define EXPECTED_MOST 16
#define EXPECTED_ARGS 5
struct expected {
    enum query q;
    size_t n;
    struct arg arg[EXPECTED_ARGS];
    struct stmt *st;
};
struct db {
    const struct db_engine *engine;
    char *path;
    const struct db_kind *kind;
    int64_t statements;
    int64_t trips;    // to a server, and back
    int (*pay)(void *to, struct err *);    // db_owe
    void *pay_to;
    struct expected expected[EXPECTED_MOST];    // db_expect
    size_t expecteds;
    int keeps;    // db_keep: how many want it
};
struct stmt {
    struct db *db;
    const struct db_engine *engine;
    bool strange;    // a number was read that no store of ours holds
};

struct query_text {
    const char *name, *args, *sql;
};
extern const struct query_text db_queries[QUERY_COUNT];

struct db_engine {
    const char *scheme;    // what a path begins with that is this engine's; "": others
    int (*create)(struct db **, const char *path, const struct db_kind *, struct err *);
    int (*created)(struct db *, int rc, struct err *);
    int (*open)(struct db **, const char *path, const struct db_kind *, struct err *);
    int (*open_still)(struct db **, const char *path, const struct db_kind *, struct err *);
    int (*begin_as)(struct db *, enum db_access, struct err *);
    int (*second)(struct db *, struct db **, struct err *);
    void (*close)(struct db *);
    int (*lock)(struct db *, struct err *);
    int (*leave)(struct db *, int64_t at, struct err *);    // NULL: whoever moves it takes its file
    int (*left_at)(struct db *, int64_t *at, struct err *);    // NULL with it
    void (*unlock)(struct db *);
    bool (*is_locked)(const char *path);
    void (*library)(struct buf *);

    int (*version)(struct db *, int64_t *, struct err *);
    int (*set_version)(struct db *, int64_t, struct err *);
    int (*script)(struct db *, const char *sql, struct err *);
    int (*own_table)(struct db *, const char *table, const char *keep, struct err *);
    int (*copy)(struct db *, const char *path, struct err *);
    int (*delete_securely)(struct db *, struct err *);
    int (*compact)(struct db *, struct err *);
    int (*settle)(struct db *, struct err *);
    int (*analyze)(struct db *, struct err *);    // NULL: its plans hang on nothing
    int (*cache_more)(struct db *, struct err *);

    int (*begin)(struct db *, struct err *);
    int (*commit)(struct db *, struct err *);
    int (*commit_later)(struct db *, struct err *);    // NULL: nothing is gained by it
    int (*committed)(struct db *, struct err *);       // NULL with it
    void (*rollback)(struct db *);
    bool (*in_transaction)(const struct db *);
    bool (*is_behind)(const struct db *);    // NULL: never
    int64_t (*changes)(struct db *);
    void (*aside)(struct db *, bool on);    // db_aside

    /* The arguments are of the kinds that queries.def names. */
    int (*query)(struct db *, enum query, const struct arg *, size_t n, struct stmt **,
                 struct err *);
    int (*query_made)(struct db *, const struct query_text *, const struct arg *, size_t n,
                      struct stmt **, struct err *);
    /* NULL: nothing is gained by it. */
    int (*query_later)(struct db *, enum query, const struct arg *, size_t n, struct stmt **,
                       struct err *);
    int (*send)(struct db *, struct err *);    // NULL with it
    void (*keep)(struct db *, bool on);        // NULL with it; from the first to the last db_keep
    /* NULL with it: it is kept, or on its way to be. */
    bool (*is_kept)(struct db *, enum query, const struct arg *, size_t n);
    int (*next)(struct stmt *, struct err *);
    void (*done)(struct stmt *);
    int64_t (*get_int)(struct stmt *, int at);
    double (*get_real)(struct stmt *, int at);
    struct str (*get_text)(struct stmt *, int at);
    struct str (*get_bytes)(struct stmt *, int at);
    bool (*is_null)(struct stmt *, int at);
    void (*get_value)(struct stmt *, int at, struct value *);
};

extern const struct db_engine db_sqlite, db_postgres;
#endif
