/* store/pg.c: libpq, asked without ever blocking in it: it waits for ever where a server hangs. */
#include "store/pg.h"

#ifdef HAVE_PG    // else pg_none.c
#include <errno.h>
#include <libpq-fe.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include "base/pg_url.h"
#include "base/stop.h"
#include "base/utc.h"

#define CONNECT_MS 10000
#define USER_TIMEOUT_MS "4000"    // a cut link is noticed so late
#define STOP_MS 5000
#define SILENT_MS 15000      // so long without a word, and it is asked whether the server is there
#define PING_S "5"
#define STATEMENT_MS "3600000"
#define PATIENCE_MS (INT64_C(3900) * 1000)
#define CLOCK_PINGS 5
#define CLOCK_AGAIN_MS (INT64_C(3600) * 1000)
#define CLOCK_DRIFT_MS 360    // in that time, by 100 ppm: no quartz that works goes so wrong
#define ASKS_MAX 16

struct pg {
    PGconn *conn;
    struct pg_url url;
    struct buf show;
    int64_t wait_ms;
    PGresult *result[ASKS_MAX];
    bool streaming;    // rows of pg_query are still to come
    enum pg_why why;
    struct pg_clock clock;
    int64_t clock_at, followed_at;    // real time of its measurement, and of that gone by
};

/* ---- what is wrong ---- */

/* One line of what libpq or the server says; never a DETAIL, which may hold a row. */
static struct str first_line(const char *said)
{
    struct str line, rest = str_of(said);

    if (!str_cut(&rest, '\n', &line))
        return STR_NONE;
    return str_trim(line);
}

static int lost(struct pg *pg, const char *what, struct err *err)
{
    pg->why = PG_LOST;
    return err_set(err, ERR_IO, "%s: %s", buf_cstr(&pg->show), what);
}

/* Of a state only what the caller does differently: PostgreSQL 15 manual, appendix A. */
static enum pg_why why_of(const char *state)
{
    static const struct {
        const char *state;
        enum pg_why why;
    } of[] = {
        { "08", PG_LOST },    { "57P", PG_LOST },     { "40", PG_BUSY },
        { "55P03", PG_BUSY }, { "25P03", PG_LOST },   { "42501", PG_DENIED },
        { "28", PG_DENIED },  { "42P01", PG_ABSENT }, { "3F000", PG_ABSENT },
    };

    for (size_t i = 0; i < sizeof of / sizeof *of; i++)
        if (str_starts(str_of(state), str_of(of[i].state)))
            return of[i].why;
    return PG_WRONG;
}

static int refused(struct pg *pg, const PGresult *r, struct err *err)
{
    const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE);
    struct str said = str_of(PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY));

    if (!state || PQstatus(pg->conn) == CONNECTION_BAD) {
        said = first_line(PQresultErrorMessage(r));
        pg->why = PG_LOST;
    } else {
        pg->why = why_of(state);
    }
    return err_set(err, pg->why == PG_DENIED ? ERR_AUTH : ERR_IO, "%s: %.*s", buf_cstr(&pg->show),
                   STR_ARG(said));
}

/* ---- what is said to libpq ---- */

struct words {
    const char *key[24], *value[24];
    int n;
};

static void word(struct words *w, const char *key, const char *value)
{
    if (!*value)
        return;
    w->key[w->n] = key;
    w->value[w->n++] = value;
}

/* Where what is sent may leave this machine the certificate is checked, and that is said here and
 * not left to a service file or the environment. On loopback they could still lead elsewhere by
 * hostaddr, so that is said too. */
static void make_words(const struct pg_url *u, struct words *w)
{
    bool loopback = pg_url_is_loopback(u), named = strcasecmp(u->host, "localhost") == 0;

    word(w, "service", u->key[PG_URL_SERVICE]);
    word(w, "host", named ? "localhost,localhost" : u->host);
    if (loopback)
        word(w, "hostaddr", named ? "127.0.0.1,::1" : u->host);
    word(w, "port", u->port);
    word(w, "user", u->user);
    word(w, "dbname", u->database);
    word(w, "sslmode", loopback ? u->key[PG_URL_SSLMODE] : "verify-full");
    word(w, "sslrootcert", u->key[PG_URL_SSLROOTCERT]);
    word(w, "sslcert", u->key[PG_URL_SSLCERT]);
    word(w, "sslkey", u->key[PG_URL_SSLKEY]);
    word(w, "sslcrl", u->key[PG_URL_SSLCRL]);
    word(w, "passfile", u->key[PG_URL_PASSFILE]);
    word(w, "gssencmode", "disable");
    word(w, "application_name", "blindspot");
    word(w, "client_encoding", "UTF8");
    word(w, "tcp_user_timeout", USER_TIMEOUT_MS);
    word(w, "keepalives_idle", "5");
    word(w, "keepalives_interval", "2");
    word(w, "keepalives_count", "3");
}

/* ---- waiting ---- */

/* By a connection of its own, that asks for nothing: a server that hangs accepts one and says no
 * word, one that works on a long statement answers at once. */
static bool server_lives(const struct pg *pg)
{
    struct words w = { .n = 0 };
    PGPing said;

    make_words(&pg->url, &w);
    word(&w, "connect_timeout", PING_S);
    said = PQpingParams(w.key, w.value, 0);
    return said == PQPING_OK || said == PQPING_REJECT;
}

/* Until the socket can be read (or also written), at most to `until` in real time; 0: as long as
 * the server lives. */
static int await(struct pg *pg, short events, int64_t until, struct err *err)
{
    struct pollfd fd = { .fd = PQsocket(pg->conn), .events = events };
    const int64_t last = until ? until : utc_real_ms() + PATIENCE_MS;
    int64_t silent = utc_real_ms() + SILENT_MS;
    bool hurried = until == 0;

    for (;;) {
        int64_t left = (until ? until : last) - utc_real_ms();
        int n;

        if (left <= 0)
            return lost(pg, "the server does not answer", err);
        n = poll(&fd, 1, left < 1000 ? (int)left : 1000);
        if (n > 0)
            return 0;
        if (n < 0 && errno != EINTR)
            return lost(pg, strerror(errno), err);
        if (!until && utc_real_ms() >= silent) {
            if (!server_lives(pg))
                return lost(pg, "the server does not answer", err);
            silent = utc_real_ms() + SILENT_MS;
        }
        if (stop_asked() && !hurried) {    // what is in flight may still end
            int64_t soon = utc_real_ms() + STOP_MS;

            until = until && until < soon ? until : soon;
            hurried = true;
        }
    }
}

static int64_t until_of(const struct pg *pg)
{
    return pg->wait_ms ? utc_real_ms() + pg->wait_ms : 0;
}

static int flush(struct pg *pg, int64_t until, struct err *err)
{
    int left;

    while ((left = PQflush(pg->conn)) == 1)
        if (await(pg, POLLIN | POLLOUT, until, err))
            return -1;
        else if (!PQconsumeInput(pg->conn))
            return lost(pg, "the connection was lost", err);
    return left ? lost(pg, "the connection was lost", err) : 0;
}

/* The next result, NULL at the end of a statement. */
static int take_result(struct pg *pg, int64_t until, PGresult **out, struct err *err)
{
    while (PQisBusy(pg->conn)) {
        if (await(pg, POLLIN, until, err))
            return -1;
        if (!PQconsumeInput(pg->conn))
            return lost(pg, "the connection was lost", err);
    }
    *out = PQgetResult(pg->conn);
    return 0;
}

/* ---- arguments ---- */

struct args {
    const char *value[64];
    int length[64], format[64];
    struct buf text;
    size_t at[64];
};

/* Bytes go as they are, all else as text, whose type the server takes from the statement. */
static int make_args(struct args *a, const struct pg_ask *ask)
{
    if (ask->n > 64)
        die("a statement has %zu arguments", ask->n);
    for (size_t i = 0; i < ask->n; i++) {
        const struct arg *v = &ask->arg[i];

        a->at[i] = a->text.n;
        a->format[i] = v->kind == ARG_BLOB;
        if (v->kind == ARG_INT)
            buf_printf(&a->text, "%lld", (long long)v->i);
        else if (v->kind == ARG_REAL)
            buf_printf(&a->text, "%.17g", v->real);
        else if (v->kind == ARG_TEXT || v->kind == ARG_BLOB)
            buf_str(&a->text, v->text);
        else if (v->kind == ARG_ROWS)
            die("rows are no argument of PostgreSQL");
        a->length[i] = (int)(a->text.n - a->at[i]);
        buf_char(&a->text, 0);
    }
    for (size_t i = 0; i < ask->n; i++)
        a->value[i] = ask->arg[i].kind == ARG_NULL ? NULL : a->text.p + a->at[i];
    return (int)ask->n;
}

static bool send_ask(struct pg *pg, const struct pg_ask *ask)
{
    struct args a = { .text = { 0 } };
    int n = make_args(&a, ask), sent;

    sent = PQsendQueryParams(pg->conn, ask->sql, n, NULL, a.value, a.length, a.format, 0);
    buf_release(&a.text);
    return sent == 1;
}

/* ---- a round trip ---- */

static void forget_results(struct pg *pg)
{
    for (int i = 0; i < ASKS_MAX; i++) {
        PQclear(pg->result[i]);
        pg->result[i] = NULL;
    }
}

static bool is_good(const PGresult *r)
{
    ExecStatusType s = PQresultStatus(r);

    return s == PGRES_COMMAND_OK || s == PGRES_TUPLES_OK || s == PGRES_SINGLE_TUPLE;
}

/* The end of a pipeline, behind all of its answers. */
static int take_end(struct pg *pg, int64_t until, struct err *err)
{
    PGresult *r = NULL;
    bool ended;

    if (take_result(pg, until, &r, err))
        return -1;
    ended = PQresultStatus(r) == PGRES_PIPELINE_SYNC;
    PQclear(r);
    return ended && PQexitPipelineMode(pg->conn) == 1 ? 0
                                                      : lost(pg, "the connection was lost", err);
}

/* The answers of n asks; the first that is bad decides. */
static int take_results(struct pg *pg, size_t n, struct err *err)
{
    int64_t until = until_of(pg);
    struct err ignored = { 0 };
    PGresult *r = NULL;
    int rc = 0;

    for (size_t no = 0; no < n; no++) {
        if (take_result(pg, until, &pg->result[no], err))
            return -1;
        if (!pg->result[no])
            return lost(pg, "the connection was lost", err);
        if (rc == 0 && !is_good(pg->result[no]))
            rc = refused(pg, pg->result[no], err);
        if (PQstatus(pg->conn) == CONNECTION_BAD)
            return rc ? rc : lost(pg, "the connection was lost", err);
        if (take_result(pg, until, &r, err))
            return -1;
        PQclear(r);    // NULL: the end of that ask
    }
    return take_end(pg, until, rc ? &ignored : err) ? -1 : rc;
}

static int send_asks(struct pg *pg, const struct pg_ask *ask, size_t n, struct err *err)
{
    forget_results(pg);
    pg->why = PG_FINE;
    if (!pg->conn || PQstatus(pg->conn) != CONNECTION_OK || PQenterPipelineMode(pg->conn) != 1)
        return lost(pg, "there is no connection", err);
    for (size_t i = 0; i < n; i++)
        if (!send_ask(pg, &ask[i]))
            return lost(pg, "the connection was lost", err);
    return PQpipelineSync(pg->conn) == 1 ? flush(pg, until_of(pg), err)
                                         : lost(pg, "the connection was lost", err);
}

/* A connection that was lost is of no use any more. */
static int checked(struct pg *pg, int rc)
{
    if (pg->why != PG_LOST)
        return rc;
    PQfinish(pg->conn);
    pg->conn = NULL;
    pg->streaming = false;
    return rc;
}

int pg_run(struct pg *pg, const struct pg_ask *ask, size_t n, struct err *err)
{
    if (n > ASKS_MAX || pg->streaming)
        die("a round trip of %zu statements", n);
    return checked(pg, send_asks(pg, ask, n, err) ? -1 : take_results(pg, n, err));
}

void pg_rollback(struct pg *pg)
{
    static const struct pg_ask back = { "ROLLBACK", NULL, 0 };
    enum pg_why why = pg->why;
    struct err ignored = { 0 };

    if (pg->conn && PQtransactionStatus(pg->conn) != PQTRANS_IDLE && pg_run(pg, &back, 1, &ignored))
        why = PG_LOST;
    pg->why = why;
}

int64_t pg_rows(const struct pg *pg, size_t no) { return PQntuples(pg->result[no]); }

struct str pg_text(const struct pg *pg, size_t no, int64_t row, int column)
{
    const PGresult *r = pg->result[no];

    return PQgetisnull(r, (int)row, column)
               ? STR_NONE
               : (struct str){ PQgetvalue(r, (int)row, column),
                               (size_t)PQgetlength(r, (int)row, column) };
}

int64_t pg_int(const struct pg *pg, size_t no, int64_t row, int column)
{
    struct str text = pg_text(pg, no, row, column);
    int64_t i;

    return str_i64(text, &i) ? i : str_eq(text, STR("t"));    // a boolean is 0 or 1
}

/* ---- row by row ---- */

int pg_query(struct pg *pg, const struct pg_ask *ask, struct err *err)
{
    int rc = send_asks(pg, ask, 1, err);

    if (rc == 0 && PQsetSingleRowMode(pg->conn) != 1)
        rc = lost(pg, "the connection was lost", err);
    pg->streaming = rc == 0;
    return checked(pg, rc);
}

static int next_row(struct pg *pg, struct err *err)
{
    PGresult *end = NULL;

    if (take_result(pg, until_of(pg), &pg->result[0], err))
        return -1;
    if (!is_good(pg->result[0]))
        return refused(pg, pg->result[0], err);
    if (PQresultStatus(pg->result[0]) == PGRES_SINGLE_TUPLE)
        return 1;
    if (take_result(pg, until_of(pg), &end, err))    // all rows were there: NULL, then the end
        return -1;
    PQclear(end);
    pg->streaming = false;
    return take_end(pg, until_of(pg), err);
}

int pg_next(struct pg *pg, struct err *err)
{
    forget_results(pg);
    return pg->streaming ? checked(pg, next_row(pg, err)) : 0;
}

/* The server is told to stop where rows are left: they could be millions. */
void pg_done(struct pg *pg)
{
    struct err ignored = { 0 };
    enum pg_why why = pg->why;
    char said[256];
    PGcancel *cancel;
    PGresult *r = NULL;
    bool ended = false;

    forget_results(pg);
    if (!pg->streaming)
        return;
    if ((cancel = PQgetCancel(pg->conn)) != NULL) {
        (void)PQcancel(cancel, said, sizeof said);
        PQfreeCancel(cancel);
    }
    while (!ended && take_result(pg, until_of(pg), &r, &ignored) == 0) {
        ended = PQresultStatus(r) == PGRES_PIPELINE_SYNC || PQstatus(pg->conn) == CONNECTION_BAD;
        PQclear(r);
    }
    pg->streaming = false;
    if (!ended || PQexitPipelineMode(pg->conn) != 1)
        (void)checked(pg, lost(pg, "the connection was lost", &ignored));
    else
        pg->why = why;
}

/* ---- the clock ---- */

static int64_t clock_us(clockid_t which)
{
    struct timespec t;

    if (clock_gettime(which, &t))
        die("no clock: %s", strerror(errno));
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int measure_clock(struct pg *pg, struct err *err)
{
    static const struct pg_ask ask = {
        "SELECT (extract(epoch FROM pg_catalog.clock_timestamp()) * 1000000)::bigint", NULL, 0
    };
    int64_t best = INT64_MAX, ahead = 0;

    for (int i = 0; i < CLOCK_PINGS; i++) {
        int64_t from = clock_us(CLOCK_MONOTONIC), at = clock_us(CLOCK_REALTIME), took;

        if (pg_run(pg, &ask, 1, err))
            return -1;
        took = clock_us(CLOCK_MONOTONIC) - from;
        if (took < best) {
            best = took;
            ahead = pg_int(pg, 0, 0, 0) - (at + took / 2);
        }
    }
    pg->clock.ahead_ms = ahead >= 0 ? (ahead + 500) / 1000 : -((-ahead + 500) / 1000);
    pg->clock.bound_ms = best / 2000 + 1;
    pg->clock_at = utc_real_ms();
    return 0;
}

bool pg_clock_is_old(const struct pg *pg)
{
    return !utc_is_test() && (!pg->clock_at || utc_real_ms() - pg->clock_at > CLOCK_AGAIN_MS);
}

int pg_clock(struct pg *pg, struct pg_clock *out, struct err *err)
{
    int64_t off;

    *out = (struct pg_clock){ 0 };
    if (utc_is_test())
        return 0;
    if (pg_clock_is_old(pg) && measure_clock(pg, err))
        return -1;
    *out = pg->clock;
    off = llabs(out->ahead_ms);
    if (off - out->bound_ms <= PG_CLOCK_MOST_MS)
        return 0;
    pg->clock_at = 0;    // somebody will set it right
    pg->why = PG_WRONG;
    return err_set(err, ERR_AUTH,
                   "this machine's clock is %.1f s %s that of %s, more than the %d s that are "
                   "corrected: set it right (NTP)",
                   (double)off / 1000, out->ahead_ms > 0 ? "behind" : "ahead of",
                   buf_cstr(&pg->show), PG_CLOCK_MOST_MS / 1000);
}

int pg_clock_follow(struct pg *pg, struct pg_clock *out, struct err *err)
{
    if (pg_clock(pg, out, err))
        return -1;
    if (pg->followed_at != pg->clock_at)
        utc_correct(out->ahead_ms, out->bound_ms + CLOCK_DRIFT_MS);
    pg->followed_at = pg->clock_at;
    return 0;
}

/* ---- connecting ---- */

static void say_nothing(void *to, const char *message)
{
    (void)to;
    (void)message;
}

static int finish_connecting(struct pg *pg, struct err *err)
{
    int64_t until = utc_real_ms() + CONNECT_MS;
    PostgresPollingStatusType at = PGRES_POLLING_WRITING;

    while (at == PGRES_POLLING_READING || at == PGRES_POLLING_WRITING) {
        if (await(pg, at == PGRES_POLLING_READING ? POLLIN : POLLOUT, until, err))
            return -1;
        at = PQconnectPoll(pg->conn);
    }
    return at == PGRES_POLLING_OK ? 0 : -1;
}

static int connect_now(struct pg *pg, struct err *err)
{
    struct words w = { .n = 0 };
    struct str said;
    bool person;

    make_words(&pg->url, &w);
    PQfinish(pg->conn);
    if (!(pg->conn = PQconnectStartParams(w.key, w.value, 0)))
        die("out of memory");
    PQsetNoticeProcessor(pg->conn, say_nothing, NULL);
    err_clear(err);
    if (PQstatus(pg->conn) != CONNECTION_BAD && finish_connecting(pg, err) == 0)
        return PQsetnonblocking(pg->conn, 1) ? lost(pg, "the connection was lost", err) : 0;
    if (err->kind)    // it did not answer
        return -1;
    said = first_line(PQerrorMessage(pg->conn));
    person = PQconnectionNeedsPassword(pg->conn) ||
             str_find(said, STR("authentication"), 0) >= 0 ||
             str_find(said, STR("certificate"), 0) >= 0 || str_ends(said, STR("does not exist"));
    pg->why = person ? PG_DENIED : PG_LOST;
    return err_set(err, person ? ERR_AUTH : ERR_IO, "%s: %.*s", buf_cstr(&pg->show), STR_ARG(said));
}

static int check_server(struct pg *pg, struct err *err)
{
    int version = PQserverVersion(pg->conn);
    const struct arg path[] = { arg_text(str_of(pg_schema(pg))) };
    const struct pg_ask ask[] = {
        { "SELECT pg_catalog.pg_is_in_recovery()", NULL, 0 },
        { "SELECT pg_catalog.set_config('search_path', $1, false)", path, 1 },
    };
    /* The server, too, waits for nobody for ever: it drops one whose link was cut. */
    static const struct pg_ask patient[] = {
        { "SET statement_timeout = " STATEMENT_MS, NULL, 0 },
        { "SET synchronous_commit = on", NULL, 0 },    // what is confirmed is on the disk
        { "SET jit = off", NULL, 0 },    // many small statements: to compile one costs more than it
        /* A plan that was made while the tables were empty is kept until the server looks at them
         * again, a minute later or more: of {rows 1} g it would walk a whole table, each time,
         * where an index leads to a few. ANALYZE (db_analyze) does not make this needless, as it
         * comes before or behind such a plan. What has to see every row walks an index now, and
         * costs some more. */
        { "SET enable_seqscan = off", NULL, 0 },
        /* A chunk walks an index from where the last one ended: it neither sorts all that is
         * behind it, nor merges all that is before it. */
        { "SET enable_sort = off", NULL, 0 },
        { "SET enable_mergejoin = off", NULL, 0 },
        /* Nor does it begin helpers, which the server would for every chunk and which takes longer
         * than to read one: kept plans know no LIMIT. */
        { "SET max_parallel_workers_per_gather = 0", NULL, 0 },
        { "SET tcp_keepalives_idle = 5", NULL, 0 },
        { "SET tcp_keepalives_interval = 2", NULL, 0 },
        { "SET tcp_keepalives_count = 3", NULL, 0 },
        { "SET tcp_user_timeout = 10000", NULL, 0 },
    };

    if (version < PG_VERSION_LEAST)
        return err_set(err, ERR_AUTH, "%s: PostgreSQL 15 or newer is needed, this is %d",
                       buf_cstr(&pg->show), version / 10000);
    if (pg->wait_ms == 0 && pg_run(pg, patient, sizeof patient / sizeof *patient, err))
        return -1;
    if (pg_run(pg, ask, *pg_schema(pg) ? 2 : 1, err))
        return -1;
    if (pg_int(pg, 0, 0, 0)) {
        pg->why = PG_WRONG;
        return err_set(err, ERR_AUTH,
                       "%s: this server is a replica, which takes no writes; name "
                       "the primary",
                       buf_cstr(&pg->show));
    }
    return 0;
}

int pg_again(struct pg *pg, struct err *err)
{
    struct pg_clock clock;

    forget_results(pg);
    pg->clock_at = 0;
    return connect_now(pg, err) || check_server(pg, err) || pg_clock(pg, &clock, err) ? -1 : 0;
}

int pg_open(struct pg **out, const char *url, const char *name, int64_t wait_ms, struct err *err)
{
    const char *password = getenv("PGPASSWORD");
    struct pg *pg = xcalloc(1, sizeof *pg);

    if (pg_url_read(&pg->url, str_of(url), name, err)) {
        free(pg);
        return -1;
    }
    pg->wait_ms = wait_ms;
    pg_url_show(&pg->url, &pg->show);
    if (password && *password) {
        err_set(err, ERR_USAGE,
                "PGPASSWORD is not taken, other programs could read it: put the password into "
                "PGPASSFILE, ~/.pgpass or a service file, and unset it");
    } else if (pg_again(pg, err) == 0) {
        *out = pg;
        return 0;
    }
    pg_close(pg);
    return -1;
}

void pg_close(struct pg *pg)
{
    if (!pg)
        return;
    forget_results(pg);
    PQfinish(pg->conn);
    pg_url_release(&pg->url);
    buf_release(&pg->show);
    free(pg);
}

const char *pg_show(const struct pg *pg) { return pg->show.p; }
const char *pg_schema(const struct pg *pg) { return pg->url.key[PG_URL_SCHEMA]; }
enum pg_why pg_why(const struct pg *pg) { return pg->why; }

struct pg_conn *pg_connection(const struct pg *pg) { return pg->conn; }
int pg_flush(struct pg *pg, struct err *err) { return flush(pg, until_of(pg), err); }

int pg_take(struct pg *pg, struct pg_result **out, struct err *err)
{
    return take_result(pg, until_of(pg), out, err);
}

void pg_library(struct buf *out)
{
    int v = PQlibVersion();

    buf_printf(out, "libpq %d.%d", v / 10000, v % 10000);
}
#endif
