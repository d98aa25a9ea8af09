/* store/ledger_pg.c: the ledger that several machines share: one row a client and day in a
 * PostgreSQL, locked while it is looked at and charged, so that no two send the last request.
 *
 * A charge is two round trips: lock and look; charge and commit. Where the reply to the COMMIT
 * is lost nobody knows whether it stands, so each charge has a token, and who tries again finds
 * it under the same lock. A server that restarts is waited for, half a minute; a machine that
 * dies leaves a charge too many at most. The day is that of the database's clock, by which all
 * machines are corrected (store/pg.h). */
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include "base/pg_url.h"
#include "base/stop.h"
#include "base/utc.h"
#include "store/ledger_own.h"
#include "store/pg.h"

#define SCHEMA "blindspot_quota"    // where the address names none
#define VERSION 1
#define ANSWER_MS 15000
#define TRY_MS 30000    // a restart is over by then
#define PAUSE_MS 200
#define TOKEN_BYTES 16

struct shared {
    struct pg *pg;
    struct pg_clock clock;
};

static bool pg_is(const char *place) { return pg_url_is(str_of(place)); }

/* ---- again, where it may work again ---- */

typedef int step_fn(struct shared *, void *to, struct err *);

/* Runs one step, which leaves no trace unless it returns 0 or its COMMIT was under way. */
static int persist(struct shared *s, step_fn *step, void *to, struct err *err)
{
    const int64_t until = utc_real_ms() + TRY_MS;
    int rc = step(s, to, err);

    while (rc) {
        pg_rollback(s->pg);
        if ((pg_why(s->pg) != PG_LOST && pg_why(s->pg) != PG_BUSY) || stop_asked() ||
            utc_real_ms() > until)
            break;
        (void)poll(NULL, 0, PAUSE_MS);
        rc = pg_why(s->pg) == PG_LOST ? pg_again(s->pg, err) : 0;
        if (rc == 0)
            rc = step(s, to, err);
    }
    return rc ? err_wrap(err, "ledger of requests") : 0;
}

/* ---- its tables ---- */

/* Who made them and may use them: contrib/postgresql/ledger.sql. */
static int make_tables(struct shared *s, bool schema_is_there, struct err *err)
{
    struct buf schema = { 0 };
    struct pg_ask ask[] = {
        PG_ASK(NULL),
        PG_ASK(
            "CREATE TABLE quota (client bytea, day integer, used bigint NOT NULL, spent_at bigint,"
            " PRIMARY KEY (client, day))"),
        PG_ASK("CREATE TABLE charge (client bytea, day integer, audit text, count bigint NOT NULL,"
               " last_request bigint NOT NULL, last_at bigint NOT NULL, token bytea NOT NULL,"
               " PRIMARY KEY (client, day, audit))"),
        PG_ASK("CREATE TABLE version (number integer NOT NULL)"),
        PG_ASK("INSERT INTO version VALUES (1)"),
    };
    int rc;

    buf_printf(&schema, "CREATE SCHEMA %s", pg_schema(s->pg));    // letters, digits and _
    ask[0].sql = buf_cstr(&schema);
    rc = pg_run(s->pg, ask + schema_is_there, 5 - (size_t)schema_is_there, err);
    buf_release(&schema);
    return rc;
}

/* 0: none is there. */
static int read_version(struct shared *s, int64_t *version, bool *schema, struct err *err)
{
    const struct arg name[] = { arg_text(str_of(pg_schema(s->pg))) };
    const struct pg_ask there[] = {
        PG_ASK("SELECT pg_catalog.to_regclass('version') IS NOT NULL"),
        PG_ASK_OF("SELECT count(*) FROM pg_catalog.pg_namespace WHERE nspname = $1", name),
    };
    const struct pg_ask number[] = { PG_ASK("SELECT coalesce(max(number), 0) FROM version") };

    *version = 0;
    if (pg_run(s->pg, there, 2, err))
        return -1;
    *schema = pg_int(s->pg, 1, 0, 0) > 0;
    if (!pg_int(s->pg, 0, 0, 0))
        return 0;
    if (pg_run(s->pg, number, 1, err))
        return -1;
    *version = pg_int(s->pg, 0, 0, 0);
    return 0;
}

static int open_tables(struct shared *s, void *to, struct err *err)
{
    struct err why = { 0 };
    int64_t version;
    bool schema;

    (void)to;
    if (read_version(s, &version, &schema, err))
        return -1;
    /* Another may make them at the same time: then they are there all the same. */
    if (!version && make_tables(s, schema, &why) && read_version(s, &version, &schema, err))
        return -1;
    if (version > VERSION)
        return err_set(err, ERR_AUTH,
                       "%s is of a newer blindspot (version %lld, this one knows "
                       "%d)",
                       pg_show(s->pg), (long long)version, VERSION);
    if (!version && why.kind)
        return err_set(err, why.kind,
                       "%s has no tables yet, and they cannot be made: %s; have their owner run "
                       "blindspot once, then ledger.sql (docs/postgresql.md)",
                       pg_show(s->pg), why.msg);
    return 0;
}

static void shared_close(void *in)
{
    struct shared *s = in;

    pg_close(s->pg);
    free(s);
}

static int shared_open(void **out, const char *place, struct err *err)
{
    struct shared *s = xcalloc(1, sizeof *s);
    struct pg_url url = { 0 };
    struct buf address = { 0 };
    int rc = -1;

    if (pg_url_read(&url, str_of(place), "api.quota", err))
        goto out;
    buf_puts(&address, place);
    if (!*url.key[PG_URL_SCHEMA])
        buf_printf(&address, "%sschema=" SCHEMA, strchr(place, '?') ? "&" : "?");
    if (pg_open(&s->pg, buf_cstr(&address), "api.quota", ANSWER_MS, err))
        err_wrap(err, "ledger of requests");
    else
        rc = persist(s, open_tables, NULL, err);
out:
    pg_url_release(&url);
    buf_release(&address);
    if (rc)
        shared_close(s);
    else
        *out = s;
    return rc;
}

/* ---- charging ---- */

/* A standby that is behind the primary forgets charges when it takes over. Whose state this role
 * may not see counts as one; a backup that is being taken, and logical replication, do not. */
#define STANDBYS                                                                     \
    "SELECT count(*), pg_catalog.current_setting('synchronous_standby_names') = ''"  \
    " FROM pg_catalog.pg_stat_replication r WHERE coalesce(r.state, '') <> 'backup'" \
    " AND NOT EXISTS (SELECT FROM pg_catalog.pg_replication_slots t"                 \
    " WHERE t.active_pid = r.pid AND t.slot_type = 'logical')"

struct taking {
    const struct ledger_ask *ask;
    struct ledger_says *says;
    uint8_t token[DIGEST_BYTES];
};

static int corrected(struct shared *s, int64_t *at, struct err *err)
{
    if (pg_clock(s->pg, &s->clock, err))
        return -1;
    *at = (*at * 1000 + s->clock.ahead_ms - (utc_is_test() ? 0 : utc_corrected_ms())) / 1000;
    return 0;
}

static int charge(struct shared *s, const struct taking *t, int64_t at, struct err *err)
{
    const struct ledger_ask *a = t->ask;
    const struct arg day[] = { arg_digest(a->client), arg_int(utc_day(at)) };
    const struct arg row[] = {
        arg_digest(a->client),
        arg_int(utc_day(at)),
        arg_text(str_of(a->audit)),
        arg_int(a->request),
        arg_int(at),
        arg_bytes((struct str){ (const char *)t->token, TOKEN_BYTES }),
    };
    const struct pg_ask ask[] = {
        PG_ASK_OF("UPDATE quota SET used = used + 1 WHERE client = $1 AND day = $2", day),
        PG_ASK_OF("INSERT INTO charge (client, day, audit, count, last_request, last_at, token)"
                  " VALUES ($1, $2, $3, 1, $4, $5, $6) ON CONFLICT (client, day, audit) DO UPDATE"
                  " SET count = charge.count + 1, last_request = $4, last_at = $5, token = $6",
                  row),
        PG_ASK("COMMIT"),
    };

    if (pg_run(s->pg, ask, 3, err))
        return -1;
    t->says->taken = true;
    return 0;
}

static int take_once(struct shared *s, void *to, struct err *err)
{
    struct taking *t = to;
    const struct ledger_ask *a = t->ask;
    int64_t at = a->at;
    const struct str token = { (const char *)t->token, TOKEN_BYTES };

    if (corrected(s, &at, err))
        return -1;
    const struct arg days[] = { arg_digest(a->client), arg_int(utc_day(at)),
                                arg_int(utc_day(at) + a->near) };
    const struct arg own[] = { days[0], days[1], arg_text(str_of(a->audit)), arg_bytes(token) };
    const struct pg_ask ask[] = {
        PG_BEGIN,
        { "INSERT INTO quota (client, day, used) VALUES ($1, $2, 0) ON CONFLICT DO NOTHING", days,
          2 },
        PG_ASK_OF("SELECT used, spent_at IS NOT NULL FROM quota WHERE client = $1"
                  " AND day BETWEEN $2 AND $3 ORDER BY day FOR UPDATE",
                  days),
        PG_ASK_OF("SELECT count(*) FROM charge WHERE client = $1 AND day = $2 AND audit = $3"
                  " AND token = $4",
                  own),
        PG_ASK(STANDBYS),
    };

    *t->says = (struct ledger_says){ 0 };
    if (pg_run(s->pg, ask, PG_BEGIN_N + 4, err))
        return -1;
    for (int64_t i = 0; i < pg_rows(s->pg, PG_BEGIN_N + 1); i++) {
        t->says->used += pg_int(s->pg, PG_BEGIN_N + 1, i, 0);
        t->says->spent |= pg_int(s->pg, PG_BEGIN_N + 1, i, 1) != 0;
    }
    t->says->taken = pg_int(s->pg, PG_BEGIN_N + 2, 0, 0) > 0;    // the lost COMMIT went through
    if (!t->says->taken && pg_int(s->pg, PG_BEGIN_N + 3, 0, 0) &&
        pg_int(s->pg, PG_BEGIN_N + 3, 0, 1))
        return err_set(
            err, ERR_AUTH,
            "%s has a standby that may be behind it, and would forget charges if it took "
            "over: name it in synchronous_standby_names",
            pg_show(s->pg));
    if (!t->says->taken && !t->says->spent && t->says->used < a->limit)
        return charge(s, t, at, err);
    pg_rollback(s->pg);
    return 0;
}

static int shared_take(void *in, const struct ledger_ask *a, struct ledger_says *says,
                       struct err *err)
{
    struct taking t = { .ask = a, .says = says };

    digest_random(t.token);
    return persist(in, take_once, &t, err);
}

/* ---- the rest: what may be done twice ---- */

static int look_once(struct shared *s, void *to, struct err *err)
{
    struct taking *t = to;
    int64_t day = utc_day(t->ask->at);
    const struct arg days[] = { arg_digest(t->ask->client), arg_int(day),
                                arg_int(day + t->ask->near) };
    const struct pg_ask ask[] = { PG_ASK_OF(
        "SELECT coalesce(sum(used), 0)::bigint, count(spent_at) FROM quota WHERE client = $1"
        " AND day BETWEEN $2 AND $3",
        days) };

    if (pg_run(s->pg, ask, 1, err))
        return -1;
    *t->says = (struct ledger_says){ .used = pg_int(s->pg, 0, 0, 0),
                                     .spent = pg_int(s->pg, 0, 0, 1) > 0 };
    return 0;
}

static int shared_look(void *in, const struct ledger_ask *a, struct ledger_says *says,
                       struct err *err)
{
    struct taking t = { .ask = a, .says = says };

    return persist(in, look_once, &t, err);
}

static int spend_once(struct shared *s, void *to, struct err *err)
{
    const struct ledger_ask *a = to;
    int64_t at = a->at;

    if (corrected(s, &at, err))
        return -1;
    const struct arg day[] = { arg_digest(a->client), arg_int(utc_day(at)), arg_int(at) };
    const struct pg_ask ask[] = {
        PG_BEGIN,
        PG_ASK_OF(
            "INSERT INTO quota (client, day, used, spent_at) VALUES ($1, $2, 0, $3)"
            " ON CONFLICT (client, day) DO UPDATE SET spent_at = coalesce(quota.spent_at, $3)",
            day),
        PG_ASK("COMMIT"),
    };

    return pg_run(s->pg, ask, PG_BEGIN_N + 2, err);
}

static int shared_spend(void *in, const struct ledger_ask *a, struct err *err)
{
    struct ledger_ask ask = *a;

    return persist(in, spend_once, &ask, err);
}

struct charged {
    const char *audit;
    int64_t n;
};

static int of_audit_once(struct shared *s, void *to, struct err *err)
{
    struct charged *c = to;
    const struct arg audit[] = { arg_text(str_of(c->audit)) };
    const struct pg_ask ask[] = { PG_ASK_OF(
        "SELECT coalesce(sum(count), 0)::bigint FROM charge WHERE audit = $1", audit) };

    if (pg_run(s->pg, ask, 1, err))
        return -1;
    c->n = pg_int(s->pg, 0, 0, 0);
    return 0;
}

static int shared_of_audit(void *in, const char *audit, int64_t *charged, struct err *err)
{
    struct charged c = { .audit = audit };

    if (persist(in, of_audit_once, &c, err))
        return -1;
    *charged = c.n;
    return 0;
}

/* A day's row counts what the audits' rows count together. */
static int check_once(struct shared *s, void *to, struct err *err)
{
    static const struct pg_ask ask[] = {
        PG_ASK(
            "SELECT count(*) FROM quota FULL JOIN (SELECT client, day, sum(count) AS n FROM charge"
            " GROUP BY client, day) c USING (client, day)"
            " WHERE coalesce(used, 0) <> coalesce(n, 0)"),
    };

    (void)to;
    if (pg_run(s->pg, ask, 1, err))
        return -1;
    return pg_int(s->pg, 0, 0, 0)
               ? err_set(err, ERR_IO, "%s: the days do not count what the audits charged",
                         pg_show(s->pg))
               : 0;
}

static int shared_check(void *in, struct err *err) { return persist(in, check_once, NULL, err); }

const struct ledger_place ledger_pg = {
    .is = pg_is,
    .open = shared_open,
    .close = shared_close,
    .take = shared_take,
    .look = shared_look,
    .spend = shared_spend,
    .of_audit = shared_of_audit,
    .check = shared_check,
};
