/* store/work_far.c: leases and uploads over one connection. */
#include "store/work_far.h"
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/log.h"
#include "base/pg_url.h"
#include "base/stop.h"
#include "base/utc.h"
#include "store/pg.h"
#include "store/schema.h"

#define ANSWER_MS 15000
#define TRY_MS (INT64_C(1000) * WORK_LEASE_S)
#define PAUSE_MS 200

struct far_work {
    struct pg *pg;
    char *name;
    struct buf vantage;
    int64_t sent;    // uploads that are committed
    struct {
        int64_t *v;
        size_t n, cap;
    } held;    // parcels that came, and are not done or given back there
    struct far_state state;
};

/* How the vantage stands: $1 the vantage, $2 now. */
#define STATE                                                                         \
    "SELECT w.n, w.stopped_at, w.paused_until, w.pauses,"                             \
    " (SELECT count(*) FROM worker WHERE vantage = $1 AND until_at > $2) FROM work w" \
    " WHERE w.vantage = $1 ORDER BY w.n DESC LIMIT 1"
#define HEARTBEAT                                                      \
    "INSERT INTO worker (name, vantage, until_at) VALUES ($1, $2, $3)" \
    " ON CONFLICT (name) DO UPDATE SET until_at = $3"

/* ---- again, where it may work again ---- */
typedef int step_fn(struct far_work *, void *to, struct err *);

/* One step, by a clock that is that of the database. */
static int step_at(struct far_work *w, step_fn *step, void *to, struct err *err)
{
    struct pg_clock clock;

    return pg_clock_follow(w->pg, &clock, err) ? -1 : step(w, to, err);
}

static int persist(struct far_work *w, step_fn *step, void *to, struct err *err)
{
    const int64_t until = utc_real_ms() + TRY_MS;
    bool told = false;
    int rc = step_at(w, step, to, err);

    while (rc) {
        pg_rollback(w->pg);
        if ((pg_why(w->pg) != PG_LOST && pg_why(w->pg) != PG_BUSY) || stop_asked() ||
            utc_real_ms() > until)
            break;
        if (!told && pg_why(w->pg) == PG_LOST)
            log_warn("%s: trying again", err->msg);
        told = true;
        (void)poll(NULL, 0, PAUSE_MS);
        rc = pg_why(w->pg) == PG_LOST ? pg_again(w->pg, err) : 0;
        if (rc == 0)
            rc = step_at(w, step, to, err);
    }
    return rc;
}

static void take_state(struct far_work *w, size_t no)
{
    const struct pg *pg = w->pg;

    w->state = (struct far_state){ 0 };
    if (pg_rows(pg, no) != 1)
        return;
    w->state.work = pg_int(pg, no, 0, 0);
    w->state.stopped = pg_int(pg, no, 0, 1) != 0;
    w->state.paused_until = pg_int(pg, no, 0, 2);
    w->state.pauses = pg_int(pg, no, 0, 3);
    w->state.workers = pg_int(pg, no, 0, 4);
}

const struct far_state *far_work_state(const struct far_work *w) { return &w->state; }

/* ---- coming and going ---- */
static int check_version(struct far_work *w, int64_t version, struct err *err)
{
    if (version == SCHEMA_VERSION)
        return 0;
    return err_set(err, ERR_INPUT,
                   version > SCHEMA_VERSION
                       ? "%s was written by a newer blindspot (its schema is %lld, this one works "
                         "with %d)"
                       : "%s is of an older blindspot (its schema is %lld, this one works with "
                         "%d): open it once with the audit's own",
                   pg_show(w->pg), (long long)version, SCHEMA_VERSION);
}

static int come(struct far_work *w, void *to, struct err *err)
{
    const struct arg me[] = { arg_text(str_of(w->name)), arg_text(buf_view(&w->vantage)),
                              arg_int(utc_now() + WORK_LEASE_S) };
    const struct pg_ask there[] = {
        PG_ASK("SELECT version, left_at FROM store_head"),
    };
    const struct pg_ask here[] = { PG_BEGIN, PG_ASK_OF(HEARTBEAT, me), PG_ASK("COMMIT") };

    (void)to;
    if (pg_run(w->pg, there, 1, err)) {
        if (pg_why(w->pg) == PG_ABSENT)
            err_set(err, ERR_USAGE, "%s: there is no audit in this schema", pg_show(w->pg));
        return -1;
    }
    if (pg_int(w->pg, 0, 0, 1))
        return err_set(err, ERR_USAGE,
                       "%s was gathered into a folder, where the audit goes on; there is nothing "
                       "to read for it here any more",
                       pg_show(w->pg));
    return check_version(w, pg_int(w->pg, 0, 0, 0), err) || pg_run(w->pg, here, PG_BEGIN_N + 2, err)
               ? -1
               : 0;
}

static int go(struct far_work *w, void *to, struct err *err)
{
    const struct arg name[] = { arg_text(str_of(w->name)) };
    const struct pg_ask ask[] = {
        PG_BEGIN,
        PG_ASK_OF("UPDATE parcel SET until_at = 0, worker = '' WHERE worker = $1 AND done = 0",
                  name),
        /* Not now: by another clock that may lie ahead, and it would count until then. */
        PG_ASK_OF("UPDATE worker SET until_at = 0 WHERE name = $1", name),
        PG_ASK("COMMIT"),
    };

    (void)to;
    return pg_run(w->pg, ask, PG_BEGIN_N + 3, err);
}

/* A server that is not there yet is waited for as later on; what a person has to mend is not. */
static int reach(struct far_work *w, const char *address, struct err *err)
{
    const int64_t until = utc_real_ms() + TRY_MS;
    bool told = false;

    while (pg_open(&w->pg, address, "work", ANSWER_MS, err)) {
        if (stop_asked())
            return err_set(err, ERR_STOPPED, "interrupted");
        if (err->kind != ERR_IO || utc_real_ms() > until)
            return -1;
        if (!told)
            log_warn("%s: trying again", err->msg);
        told = true;
        err_clear(err);
        (void)poll(NULL, 0, PAUSE_MS);
    }
    return 0;
}

int far_work_open(struct far_work **out, const char *address, const char *name, struct str vantage,
                  struct err *err)
{
    struct far_work *w = xcalloc(1, sizeof *w);
    struct pg_url url = { 0 };
    int rc = -1;

    w->name = xstrdup(name);
    buf_str(&w->vantage, vantage);
    if (pg_url_read(&url, str_of(address), "work", err))
        goto out;
    if (!*url.key[PG_URL_SCHEMA]) {
        err_set(err, ERR_USAGE, "work: ?schema=NAME has to say in which schema the audit is");
        goto out;
    }
    rc = reach(w, address, err) || persist(w, come, NULL, err) ? -1 : 0;
out:
    pg_url_release(&url);
    if (rc)
        far_work_close(w);
    else
        *out = w;
    return rc;
}

void far_work_close(struct far_work *w)
{
    struct err ignored = { 0 };

    if (!w)
        return;
    if (w->pg && go(w, NULL, &ignored))    // else its lease ends by itself
        err_clear(&ignored);
    pg_close(w->pg);
    buf_release(&w->vantage);
    free(w->held.v);
    free(w->name);
    free(w);
}

/* ---- looking ---- */
static int look(struct far_work *w, void *to, struct err *err)
{
    const int64_t now = utc_now();
    const struct arg me[] = { arg_text(str_of(w->name)), arg_text(buf_view(&w->vantage)),
                              arg_int(now + WORK_LEASE_S) };
    const struct arg at[] = { arg_text(buf_view(&w->vantage)), arg_int(now) };
    const struct pg_ask ask[] = { PG_ASK_OF(HEARTBEAT, me), PG_ASK_OF(STATE, at) };

    (void)to;
    if (pg_run(w->pg, ask, 2, err))
        return -1;
    take_state(w, 1);
    return 0;
}

int far_work_look(struct far_work *w, struct err *err) { return persist(w, look, NULL, err); }

static void read_page(const struct pg *pg, size_t no, int64_t row, struct arena *mem,
                      struct far_page *p)
{
    const int64_t witness = pg_int(pg, no, row, 2);

    *p = (struct far_page){ .parcel = pg_int(pg, no, row, 0), .place = pg_int(pg, no, row, 1) };
    p->task.witness = witness >= 0 && witness < WITNESS_COUNT ? (enum witness)witness
                                                              : WITNESS_COUNT;
    p->task.item = pg_int(pg, no, row, 3);
    p->task.id = (uint64_t)pg_int(pg, no, row, 4);
    p->task.handle = arena_dup(mem, pg_text(pg, no, row, 5));
    p->task.link = arena_dup(mem, pg_text(pg, no, row, 6));
}

/* Pages that a witness of the site is asked for. */
static size_t read_pages(const struct pg *pg, size_t no, struct arena *mem, struct far_page *v)
{
    size_t n = 0;

    for (int64_t i = 0; i < pg_rows(pg, no); i++) {
        read_page(pg, no, i, mem, &v[n]);
        n += v[n].task.witness >= WITNESS_PAGE && v[n].task.witness < WITNESS_COUNT;
    }
    return n;
}

struct reading {
    int64_t work;
    struct buf *settings;
    struct arena *mem;
    struct read_task **control;
    size_t *controls;
};

static int read_work(struct far_work *w, void *to, struct err *err)
{
    struct reading *r = to;
    const struct arg work[] = { arg_int(r->work) };
    const struct arg parcel[] = { arg_int(r->work << WORK_PARCEL_BITS) };
    const struct pg_ask ask[] = {
        PG_ASK_OF("SELECT settings FROM work WHERE n = $1", work),
        PG_ASK_OF("SELECT parcel, place, witness, item, id, handle, link FROM parcel_page"
                  " WHERE parcel = $1 ORDER BY place LIMIT 100",
                  parcel),
    };
    struct far_page page[WORK_PARCEL_MOST];
    size_t n;

    if (pg_run(w->pg, ask, 2, err))
        return -1;
    buf_clear(r->settings);
    if (pg_rows(w->pg, 0) == 1)
        buf_str(r->settings, pg_text(w->pg, 0, 0, 0));
    n = read_pages(w->pg, 1, r->mem, page);
    *r->control = arena_alloc(r->mem, (n + 1) * sizeof **r->control);
    for (size_t i = 0; i < n; i++)
        (*r->control)[i] = page[i].task;
    *r->controls = n;
    return 0;
}

int far_work_read(struct far_work *w, int64_t work, struct buf *settings, struct arena *mem,
                  struct read_task **control, size_t *controls, struct err *err)
{
    struct reading r = { work, settings, mem, control, controls };

    return persist(w, read_work, &r, err);
}

/* ---- leases ---- */
struct leasing {
    struct buf held;
    struct arena *mem;
    struct far_page **page;
    size_t *n;
};

static void array_of(struct buf *out, const int64_t *v, size_t n)
{
    buf_char(out, '{');
    for (size_t i = 0; i < n; i++)
        buf_printf(out, "%s%" PRId64, i ? "," : "", v[i]);
    buf_char(out, '}');
}

/* The subselect is reckoned once, before the row is changed. A parcel that is leased to this worker
 * and never came was on a link that was cut: nobody else would get it before the lease ends. */
#define LEASE                                                                                      \
    "WITH leased AS (UPDATE parcel SET worker = $1, until_at = $2, leases = leases + 1 WHERE n = " \
    "(SELECT p.n FROM parcel p JOIN work w ON w.n = p.work WHERE w.vantage = $3"                   \
    " AND w.stopped_at = 0 AND w.paused_until <= $4 AND p.done = 0"                                \
    " AND (p.until_at <= $4 OR (p.worker = $1 AND p.n <> ALL ($5::bigint[])))"                     \
    " ORDER BY p.n LIMIT 1 FOR UPDATE OF p SKIP LOCKED) RETURNING n)"                              \
    " SELECT g.parcel, g.place, g.witness, g.item, g.id, g.handle, g.link FROM leased l"           \
    " JOIN parcel_page g ON g.parcel = l.n WHERE g.done = 0 ORDER BY g.place"

static int lease(struct far_work *w, void *to, struct err *err)
{
    struct leasing *l = to;
    const int64_t now = utc_now();
    const struct arg me[] = { arg_text(str_of(w->name)), arg_text(buf_view(&w->vantage)),
                              arg_int(now + WORK_LEASE_S) };
    const struct arg of[] = { me[0], me[2], me[1], arg_int(now),
                              arg_text(buf_view(&l->held)) };
    const struct arg at[] = { me[1], of[3] };
    const struct pg_ask ask[] = { PG_BEGIN, PG_ASK_OF(HEARTBEAT, me), PG_ASK_OF(LEASE, of),
                                  PG_ASK_OF(STATE, at), PG_ASK("COMMIT") };

    *l->n = 0;
    if (pg_run(w->pg, ask, PG_BEGIN_N + 4, err))
        return -1;
    *l->page = arena_alloc(l->mem, ((size_t)pg_rows(w->pg, PG_BEGIN_N + 1) + 1) * sizeof **l->page);
    *l->n = read_pages(w->pg, PG_BEGIN_N + 1, l->mem, *l->page);
    take_state(w, PG_BEGIN_N + 2);
    return 0;
}

int far_work_lease(struct far_work *w, struct arena *mem, struct far_page **page, size_t *n,
                   struct err *err)
{
    struct leasing l = { .mem = mem, .page = page, .n = n };
    int rc;

    array_of(&l.held, w->held.v, w->held.n);
    rc = persist(w, lease, &l, err);
    if (rc == 0 && *n) {
        ARRAY_ROOM(w->held.v, w->held.n, w->held.cap);
        w->held.v[w->held.n++] = (*page)->parcel;
    }
    buf_release(&l.held);
    return rc;
}

/* ---- uploads ---- */
struct uploading {
    const struct far_upload *u;
    struct buf parcels, places, done;    // arrays as PostgreSQL writes them
    int64_t n;
};

static bool ends(const struct far_upload *u, int64_t parcel)
{
    for (size_t i = 0; i < u->dones; i++)
        if (u->done[i] == parcel)
            return true;
    return false;
}

/* Of a parcel that ends with this upload nobody leases the rest: its pages need no mark each. */
static void put_arrays(struct uploading *up)
{
    const char *comma = "";

    buf_char(&up->parcels, '{');
    buf_char(&up->places, '{');
    for (size_t i = 0; i < up->u->answers; i++) {
        const struct far_page *a = &up->u->answered[i];

        if (ends(up->u, a->parcel))
            continue;
        buf_printf(&up->parcels, "%s%" PRId64, comma, a->parcel);
        buf_printf(&up->places, "%s%" PRId64, comma, a->place);
        comma = ",";
    }
    buf_char(&up->parcels, '}');
    buf_char(&up->places, '}');
    array_of(&up->done, up->u->done, up->u->dones);
}

/* What the site did, for all of the vantage. */
static struct pg_ask of_the_site(const struct far_upload *u, const struct arg *stop,
                                 const struct arg *pause)
{
    if (u->stops)
        return (struct pg_ask){ "UPDATE work SET stopped_at = $2, retry_at = $3, why = $4"
                                " WHERE n = $1 AND stopped_at = 0",
                                stop, 4 };
    if (u->pause_until)
        return (struct pg_ask){ "UPDATE work SET paused_until = greatest(paused_until, $2),"
                                " pauses = pauses + 1 WHERE n = $1"
                                " AND EXISTS (SELECT FROM worker WHERE name = $3 AND sent < $4)",
                                pause, 4 };
    return (struct pg_ask){ "SELECT 1", NULL, 0 };
}

static int upload(struct far_work *w, void *to, struct err *err)
{
    struct uploading *up = to;
    const struct far_upload *u = up->u;
    const int64_t now = utc_now();
    const struct arg name = arg_text(str_of(w->name)), vantage = arg_text(buf_view(&w->vantage));
    const struct arg body[] = { name, arg_int(up->n), vantage, arg_text(u->body) };
    const struct arg pages[] = { arg_text(buf_view(&up->parcels)),
                                 arg_text(buf_view(&up->places)) };
    const struct arg done[] = { arg_text(buf_view(&up->done)) };
    const struct arg renew[] = { name, arg_int(u->releases ? 0 : now + WORK_LEASE_S) };
    const struct arg sent[] = { name, arg_int(u->leaves ? 0 : now + WORK_LEASE_S), arg_int(up->n) };
    const struct arg stop[] = { arg_int(w->state.work), arg_int(now), arg_int(u->retry_at),
                                arg_text(str_of(u->why ? u->why : "")) };
    const struct arg pause[] = { stop[0], arg_int(u->pause_until), name, body[1] };
    const struct arg at[] = { vantage, arg_int(now) };
    const struct pg_ask ask[] = {
        PG_BEGIN,
        /* Nothing where it stands already. */
        PG_ASK_OF(
            "INSERT INTO upload (worker, n, vantage, body) SELECT $1::text, $2::bigint, $3::text,"
            " $4::text FROM worker WHERE name = $1 AND sent < $2 AND $4 <> ''",
            body),
        PG_ASK_OF("UPDATE parcel_page SET done = 1 FROM unnest($1::bigint[], $2::bigint[])"
                  " AS u (parcel, place) WHERE parcel_page.parcel = u.parcel"
                  " AND parcel_page.place = u.place",
                  pages),
        PG_ASK_OF("UPDATE parcel SET done = 1, until_at = 0 WHERE n = ANY ($1::bigint[])", done),
        PG_ASK_OF("UPDATE parcel SET until_at = $2 WHERE worker = $1 AND done = 0", renew),
        of_the_site(u, stop, pause),
        PG_ASK_OF("UPDATE worker SET until_at = $2, sent = greatest(sent, $3) WHERE name = $1"
                  " RETURNING sent",
                  sent),
        PG_ASK_OF(STATE, at),
        PG_ASK("COMMIT"),
    };

    if (pg_run(w->pg, ask, PG_BEGIN_N + 8, err))
        return -1;
    if (pg_rows(w->pg, PG_BEGIN_N + 5) != 1)
        return err_set(err, ERR_IO, "%s: this worker is not known there any more", pg_show(w->pg));
    take_state(w, PG_BEGIN_N + 6);
    return 0;
}

static void let_go(struct far_work *w, const struct far_upload *u)
{
    size_t left = 0;

    for (size_t i = 0; i < w->held.n && !u->releases; i++)
        if (!ends(u, w->held.v[i]))
            w->held.v[left++] = w->held.v[i];
    w->held.n = left;
}

int far_work_upload(struct far_work *w, const struct far_upload *u, struct err *err)
{
    struct uploading up = { .u = u, .n = w->sent + 1 };
    int rc;

    put_arrays(&up);
    rc = persist(w, upload, &up, err);
    w->sent += rc == 0;
    if (rc == 0)
        let_go(w, u);
    buf_release(&up.parcels);
    buf_release(&up.places);
    buf_release(&up.done);
    return rc;
}
