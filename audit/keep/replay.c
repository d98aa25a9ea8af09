/* audit/keep/replay.c: batches of requests; several threads fetch the bytes, inflate
 * and parse, one puts the answers into the store, in their order. */
#include <inttypes.h>
#include <libxml/parser.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "audit/creator_page.h"
#include "audit/keep/replay.h"
#include "audit/keep/replay_read.h"
#include "base/array.h"
#include "base/file.h"
#include "base/log.h"
#include "base/stop.h"
#include "fetch/reply.h"

#define BATCH_JOBS 256
#define THREADS_MAX 64

struct worker {
    struct replaying *r; pthread_t thread;
    struct replay_reader reader;
};
struct whence { char *vantage; struct sink sink; };   // answers go to the vantage they came from
struct replaying {
    struct audit *audit; struct replay_result *result;
    struct whence *place; size_t places, place_cap;
    struct replay_job *job; size_t jobs;
    struct arena mem;              // of the batch's requests
    struct worker *worker; int workers;
    atomic_size_t next;
};

/* ---- reading ---- */

static void *work(void *arg)
{
    struct worker *w = arg;
    size_t i;

    while ((i = atomic_fetch_add(&w->r->next, 1)) < w->r->jobs)
        replay_read(&w->reader, &w->r->job[i]);
    return NULL;
}

/* The calling thread is one of them. */
static void read_batch(struct replaying *r)
{
    int started = 1;

    atomic_store(&r->next, 0);
    for (; started < r->workers; started++)
        if (pthread_create(&r->worker[started].thread, NULL, work, &r->worker[started]))
            break;
    work(&r->worker[0]);
    while (--started > 0)
        pthread_join(r->worker[started].thread, NULL);
}

/* ---- putting: on the store's thread ---- */

static bool same_answer(const struct answer *a, const struct answer *b)
{
    return a->kind == b->kind && a->why == b->why && a->has_code == b->has_code &&
           (!a->has_code || a->code == b->code) && str_eq(a->message, b->message);
}

static int sink_of(struct replaying *r, struct str vantage, struct sink **out, struct err *err)
{
    struct sink_opts o = { .commit_every = INT64_MAX };
    struct whence p = { NULL, {0} };
    struct buf name = {0};

    for (size_t i = 0; i < r->places; i++)
        if (str_eq(vantage, str_of(r->place[i].vantage))) {
            *out = &r->place[i].sink;
            return 0;
        }
    buf_str(&name, vantage);
    p.vantage = xstrdup(buf_cstr(&name));
    buf_release(&name);
    o.vantage = str_of(p.vantage);
    if (store_sink(r->audit->store, &o, &p.sink, err)) {
        free(p.vantage);
        return -1;
    }
    ARRAY_ROOM(r->place, r->places, r->place_cap);
    r->place[r->places++] = p;
    *out = &r->place[r->places - 1].sink;
    return 0;
}

static int put_page(struct replaying *r, struct replay_job *j, struct err *err)
{
    struct sink *sink;

    if (!j->was.has_answer)
        return 0;
    if (sink_of(r, j->was.vantage, &sink, err) || sink_settle(sink, &j->answer, err))
        return -1;
    r->result->is_public += j->answer.kind == ANSWER_PUBLIC;
    r->result->refused += j->answer.kind == ANSWER_REFUSED;
    r->result->no_answer += j->answer.kind == ANSWER_NO_ANSWER;
    r->result->changed += !same_answer(&j->answer, &j->was.answer);
    return sink->put(sink->to, &j->was.request, &j->answer, err) ||
                   creator_page_put(r->audit->store, j->handle, &j->answer, err)
               ? -1
               : 0;
}

static int by_member(const void *id, const void *member)
{
    const struct ask_member *m = member;
    const uint64_t *x = id;

    return (*x > m->id) - (*x < m->id);
}

static struct ask_member *member_of(struct request *req, const struct record *row)
{
    size_t at;

    if (req->loaded)
        return bsearch(&row->id, req->member, req->members, sizeof *req->member, by_member);
    return reply_row_check(req, row, &at) == ROW_TAKEN ? &req->member[at] : NULL;
}

static int put_search(struct replaying *r, struct replay_job *j, struct err *err)
{
    struct request *req = &j->was.request;
    struct sink *sink;

    if (sink_of(r, STR(""), &sink, err))
        return -1;
    for (size_t i = 0; i < j->pages; i++)
        for (size_t k = 0; k < j->page[i].n; k++) {
            const struct record *row = &j->page[i].row[k];
            struct ask_member *m = member_of(req, row);
            struct answer a = { .id = row->id,
                                .witness = WITNESS_QUERY,
                                .kind = ANSWER_FOUND,
                                .at = j->page[i].at,
                                .request = req->n,
                                .generation = GENERATION_API,
                                .record = row,
                                .evidence = { j->page[i].evidence } };

            if (!m || m->came_back)
                continue;
            m->came_back = true;
            a.item = m->item;
            r->result->found++;
            if (sink->put(sink->to, req, &a, err))
                return -1;
        }
    return sink->done(sink->to, req, err);
}

static int put_list(struct replaying *r, struct replay_job *j, struct err *err)
{
    struct sink *sink;

    if (sink_of(r, STR(""), &sink, err))
        return -1;
    for (size_t i = 0; i < j->was.request.members; i++)
        r->result->valid += j->was.request.member[i].came_back;
    return sink->done(sink->to, &j->was.request, err);
}

static int put_batch(struct replaying *r, struct err *err)
{
    for (size_t i = 0; i < r->jobs; i++) {
        struct replay_job *j = &r->job[i];
        enum witness witness = j->was.request.witness;

        if (j->err.kind != ERR_NONE) {
            *err = j->err;
            return -1;
        }
        r->result->requests++;
        r->result->exchanges += j->exchanges;
        r->result->bytes += j->bytes;
        if (witness == WITNESS_QUERY        ? put_search(r, j, err)
            : witness == WITNESS_VALIDATION ? put_list(r, j, err)
                                            : put_page(r, j, err))
            return -1;
    }
    log_progress("replayed " COUNTED, COUNT_OF(r->result->requests, "request", "requests"));
    return 0;
}

static int take_batch(struct replaying *r, struct replay_cursor *cursor, struct err *err)
{
    int got = 1;

    arena_clear(&r->mem);
    for (r->jobs = 0; r->jobs < BATCH_JOBS; r->jobs++) {
        struct replay_job *j = &r->job[r->jobs];
        struct arena kept = j->mem;

        arena_clear(&kept);
        *j = (struct replay_job){ .mem = kept };
        if ((got = replay_cursor_next(cursor, &r->mem, &j->was, err)) != 1)
            break;
    }
    return got < 0 ? -1 : r->jobs > 0;
}

static int replay_all(struct replaying *r, struct err *err)
{
    struct replay_cursor *cursor = NULL;
    int got = -1;

    if (store_replay_begin(r->audit->store, err))
        return -1;
    if (store_replay(r->audit->store, &cursor, err) == 0)
        while ((got = take_batch(r, cursor, err)) > 0) {
            if (stop_asked())
                got = err_set(err, ERR_STOPPED, "interrupted; the store is as it was");
            else
                read_batch(r);
            if (got < 0 || put_batch(r, err)) {
                got = -1;
                break;
            }
        }
    replay_cursor_close(cursor);
    log_progress_done();
    if (got == 0 && store_replay_end(r->audit->store, err) == 0)
        return 0;
    store_rollback(r->audit->store);
    return -1;
}

/* ---- setting up ---- */

static int check(struct audit *audit, struct err *err)
{
    int64_t purged = 0, not_kept = 0;

    if (store_replay_check(audit->store, &purged, &not_kept, err))
        return -1;
    if (purged)
        return err_set(err, ERR_USAGE,
                       "not replayable: the bytes of " COUNTED " were purged",
                       COUNT_OF(purged, "exchange", "exchanges"));
    if (not_kept)
        return err_set(err, ERR_USAGE,
                       "not replayable: of " COUNTED " the digest alone was kept (evidence.keep)",
                       COUNT_OF(not_kept, "exchange", "exchanges"));
    if (audit_keep(&audit->set) == KEEP_EXTRACT)
        return err_set(
            err, ERR_USAGE,
            "not replayable: with evidence.keep = extract the pages are not in the archive");
    return 0;
}

static int cores(void)
{
    long n = sysconf(_SC_NPROCESSORS_ONLN);

    return n < 1 ? 1 : n > THREADS_MAX ? THREADS_MAX : (int)n;
}

int replay_audit(struct audit *audit, const struct replay_opts *o, struct replay_result *result,
                 struct err *err)
{
    struct replaying r = { .audit = audit, .result = result };
    char *evidence;
    int rc;

    memset(result, 0, sizeof *result);
    if (check(audit, err))
        return -1;
    evidence = file_join(audit->dir, "evidence");
    r.workers = o->threads > 0 ? o->threads < THREADS_MAX ? o->threads : THREADS_MAX : cores();
    r.worker = xcalloc((uint64_t)r.workers, sizeof *r.worker);
    r.job = xcalloc(BATCH_JOBS, sizeof *r.job);
    xmlInitParser();               // before the threads: it sets up what they share
    for (int i = 0; i < r.workers; i++)
        r.worker[i] = (struct worker){ .r = &r, .reader = replay_reader_init(evidence) };
    free(evidence);
    rc = replay_all(&r, err);
    for (size_t i = 0; i < r.places; i++) {
        store_sink_release(&r.place[i].sink);
        free(r.place[i].vantage);
    }
    free(r.place);
    for (int i = 0; i < r.workers; i++)
        replay_reader_release(&r.worker[i].reader);
    for (int i = 0; i < BATCH_JOBS; i++)
        arena_release(&r.job[i].mem);
    arena_release(&r.mem);
    free(r.job);
    free(r.worker);
    return rc;
}
