/* store/pg.h: a connection to PostgreSQL as the store needs one. pg.c and db_postgres.c are the
 * files that know libpq; without it (make PG=0, or no libpq was found) pg_none.c says so.
 *
 * Shape:     a round trip is a list of statements (struct pg_ask); pg_run sends all of them at
 *            once and waits for all of their answers. pg_query sends one and hands its rows on as
 *            they come, so that a table of millions takes no memory.
 * Durable:   what pg_run runs without a BEGIN of its own is one transaction.
 * Errors:    ERR_AUTH where a person must act (password, right, clock, an old server), else
 *            ERR_IO; pg_why says which kind it was. After PG_LOST nothing is known of a COMMIT that
 *            was under way: pg_again makes a new connection, and the caller looks.
 * Ownership: results belong to the connection until the next pg_run or pg_query.
 * Security:  off loopback the certificate is always checked, whatever a service file says; a
 *            password comes from PGPASSFILE, ~/.pgpass or a service file, and from nowhere else.
 * Source:    PostgreSQL 15 manual, 34 (libpq). */
#ifndef STORE_PG_H
#define STORE_PG_H
#include "store/db.h"

#define PG_VERSION_LEAST 150000
#define PG_CLOCK_MOST_MS 2000    // a clock that is further off is set right, not corrected

enum pg_why {
    PG_FINE,
    PG_LOST,      // no connection, or none any more
    PG_BUSY,      // another transaction was in the way: the same may work at once
    PG_DENIED,    // a right is missing
    PG_ABSENT,    // a table or schema is not there
    PG_WRONG
};
struct pg;
struct pg_ask {
    const char *sql;
    const struct arg *arg;
    size_t n;
};    // $1 ...; no ARG_ROWS

/* wait_ms: for an answer, in real time; 0: as long as the server lives (a statement of an hour
 * ends). A link that is cut is noticed on both ends within seconds. Where the address names a
 * schema, that and no other is looked in. `name` (a setting) stands before what is wrong with
 * the address. */
MUST_CHECK int pg_open(struct pg **, const char *url, const char *name, int64_t wait_ms,
                       struct err *);
/* The same of a connection that was lost, or could not be made. */
MUST_CHECK int pg_again(struct pg *, struct err *);
void pg_close(struct pg *);                  // accepts NULL
const char *pg_show(const struct pg *);      // the address, as it may be shown
const char *pg_schema(const struct pg *);    // "" where the address names none
enum pg_why pg_why(const struct pg *);       // of the last call that failed
/* Libpq's own handle (PGconn), for db_postgres.c: statements that are prepared once and sent
 * without waiting. NULL after PG_LOST. */
struct pg_conn;
struct pg_result;
struct pg_conn *pg_connection(const struct pg *);
/* All that was sent is on its way; the next result (PGresult), NULL at the end of a statement's. */
MUST_CHECK int pg_flush(struct pg *, struct err *);
MUST_CHECK int pg_take(struct pg *, struct pg_result **, struct err *);
/* "libpq 15.18", appended; nothing without it. */
void pg_library(struct buf *out);

/* One round trip. Fails with the first of them that fails; inside a BEGIN the transaction is then
 * over but for its ROLLBACK. */
MUST_CHECK int pg_run(struct pg *, const struct pg_ask *, size_t n, struct err *);
void pg_rollback(struct pg *);    // where a transaction is open
/* Of what was run: rows of ask `no`, and their cells. NULL: 0 or no text. */
int64_t pg_rows(const struct pg *, size_t no);
int64_t pg_int(const struct pg *, size_t no, int64_t row, int column);
struct str pg_text(const struct pg *, size_t no, int64_t row, int column);

/* Row by row: pg_next gives 1 row (row 0 of ask 0), 0 end, -1. pg_done in any case. */
MUST_CHECK int pg_query(struct pg *, const struct pg_ask *, struct err *);
MUST_CHECK int pg_next(struct pg *, struct err *);
void pg_done(struct pg *);

/* By how much the database's clock is ahead of this machine's, and how wrong that may be: half of
 * the quickest round trip of a few. Measured when a connection is made and again after an hour;
 * on the test clock both are 0. Errors: ERR_AUTH where it is surely beyond PG_CLOCK_MOST_MS. */
struct pg_clock {
    int64_t ahead_ms, bound_ms;
};
MUST_CHECK int pg_clock(struct pg *, struct pg_clock *, struct err *);
bool pg_clock_is_old(const struct pg *);    // it would be measured anew
/* The same, and base/utc.h goes by the database's clock from here on. */
MUST_CHECK int pg_clock_follow(struct pg *, struct pg_clock *, struct err *);
/* How a struct pg_ask is written. */
#define PG_ASK(text)  \
    {                 \
        text, NULL, 0 \
    }
#define PG_ASK_OF(text, args)                     \
    {                                             \
        text, args, sizeof(args) / sizeof *(args) \
    }

/* Whoever holds the row and does not go on loses it; and a commit is on the disk, and with a
 * synchronous standby on its disk too, before anything is sent, whatever the server's default. */
#define PG_BEGIN                                                                                 \
    PG_ASK("BEGIN ISOLATION LEVEL READ COMMITTED"), PG_ASK("SET LOCAL synchronous_commit = on"), \
        PG_ASK("SET LOCAL lock_timeout = '10s'"),                                                \
        PG_ASK("SET LOCAL idle_in_transaction_session_timeout = '10s'")
#define PG_BEGIN_N 4
#endif
