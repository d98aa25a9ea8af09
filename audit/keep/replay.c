/* audit/keep/replay.c: batches of requests; several threads fetch the bytes, inflate
 * and parse, one puts the answers into the store, in their order. */
#include <inttypes.h>
#include <libxml/parser.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "audit/keep/replay.h"
#include "archive/place.h"
#include "base/file.h"
#include "base/inflate.h"
#include "base/log.h"
#include "base/stop.h"
#include "base/utc.h"
#include "fetch/reply.h"
#include "fetch/saved.h"
#include "fetch/validate.h"
#include "scrape/oembed.h"
#include "scrape/page.h"

#define BATCH_JOBS 256
#define THREADS_MAX 64

struct rows { struct record *row; size_t n; int64_t at, evidence; };     // of one page of a search
struct job {
    struct replay_row was;
    struct answer answer;          // of a page or oEmbed
    struct rows *page; size_t pages;
    int64_t bytes, exchanges;
    struct arena mem;              // of what was read
    struct err err;                // its kind is ERR_NONE where all went well
};
struct worker {
    struct replaying *r; pthread_t thread;
    struct places *bytes; struct inflate *inflate; struct buf hold, decoded;
};
struct whence {
    char *vantage;
    struct sink sink;
};    // answers go to the vantage that they came from
struct replaying {
    struct audit *audit; struct replay_result *result;
    struct whence *place; size_t places;
    struct job *job; size_t jobs;
    struct arena mem;              // of the batch's requests
    struct worker *worker; int workers;
    atomic_size_t next;
};

/* ---- reading: on any thread ---- */

/* The exchange at a place, as the arm saw it. */
static int fetch_bytes(struct worker *w, struct job *j, const struct replay_place *place,
                       struct http_exchange *x, struct err *err)
{
    struct warc_record r;
    struct str text, head, body;
    int64_t len = 0, at = 0;
    int status = 0;

    if (place_read(w->bytes, place->file, place->offset, &r, &text, &len, err) ||
        utc_parse(r.date, &at, err) || warc_http_payload(&r, &w->hold, &status, &head, &body, err))
        return err_wrap(err, "request %" PRId64, j->was.request.n);
    *x = (struct http_exchange){
        .status = status, .done_at = at, .head = head, .body = body, .http_version = 11
    };
    j->bytes += (int64_t)body.n;
    j->exchanges++;
    return 0;
}

/* Of these there are no bytes, or not all: what was stored is the answer. */
static bool has_no_bytes(const struct answer *a)
{
    return a->kind == ANSWER_NO_ANSWER &&
           (a->why == NO_ANSWER_TIMEOUT || a->why == NO_ANSWER_TRANSPORT ||
            a->why == NO_ANSWER_TOO_LARGE);
}

/* A page said nothing since all around it had unknown codes, which its bytes
 * alone do not tell; once its code is known they are read for what they say. */
static bool still_unknown(const struct answer *was, const struct page_notes *notes)
{
    return was->kind == ANSWER_NO_ANSWER && was->why == NO_ANSWER_UNKNOWN_CODE &&
           notes->code_unknown;
}

static int read_page(struct worker *w, struct job *j, struct err *err)
{
    const struct replay_row *was = &j->was;
    struct page_notes notes = { .want_extract = false };
    struct http_exchange x = {0};
    size_t i = was->places;

    j->answer = was->answer;
    if (!was->has_answer || !was->answer.evidence.n || has_no_bytes(&was->answer))
        return 0;
    while (i > 0 && was->place[i - 1].evidence != was->answer.evidence.n)
        i--;
    if (i == 0)
        return err_set(err, ERR_INPUT,
                       "request %" PRId64 ": the bytes of its answer are not in the archive",
                       was->request.n);
    if (fetch_bytes(w, j, &was->place[i - 1], &x, err))
        return -1;
    if (was->request.witness == WITNESS_OEMBED)
        oembed_read_exchange(&x, was->answer.id, w->inflate, &w->decoded, &j->mem, &j->answer);
    else
        page_read_exchange(&x, was->answer.id, w->inflate, &w->decoded, &j->mem, &j->answer,
                           &notes);
    if (still_unknown(&was->answer, &notes)) {
        j->answer.kind = ANSWER_NO_ANSWER;
        j->answer.why = NO_ANSWER_UNKNOWN_CODE;
        j->answer.record = NULL;
    }
    j->answer.id = was->answer.id;
    j->answer.item = was->answer.item;
    j->answer.witness = was->request.witness;
    j->answer.at = was->answer.at;
    j->answer.request = was->request.n;
    j->answer.evidence = was->answer.evidence;
    return 0;
}

static int read_saved(struct str body, struct job *j, struct rows *page, struct err *err)
{
    struct saved saved = {0};
    int rc = saved_read(body, "a loaded reply", &j->mem, NULL, NULL, &saved, err);

    page->n = rc ? 0 : saved.n;
    page->row = arena_alloc(&j->mem, (page->n + 1) * sizeof *page->row);
    if (page->n)
        memcpy(page->row, saved.row, page->n * sizeof *page->row);
    saved_release(&saved);
    return rc;
}

/* A reply of the API that is no good brought no rows when it came in, either. */
static int read_rows(struct worker *w, struct job *j, const struct http_exchange *x,
                     struct rows *page, struct err *err)
{
    struct err ignored = {0};
    struct reply reply;
    struct str body = STR_NONE;

    if (inflate_body(w->inflate, http_header(x, "Content-Encoding"), x->body, REPLY_MAX,
                     &w->decoded, &body, &ignored))
        return 0;
    page->at = x->done_at;
    if (j->was.request.loaded)
        return read_saved(body, j, page, err);
    if (reply_parse(body, &j->mem, &reply, &ignored) || reply_error(x->status, &reply) != API_OK)
        return 0;
    page->row = reply.row;
    page->n = reply.rows;
    return 0;
}

static int read_search(struct worker *w, struct job *j, struct err *err)
{
    struct http_exchange x = {0};

    j->page = arena_alloc(&j->mem, (j->was.places + 1) * sizeof *j->page);
    for (size_t i = 0; i < j->was.places; i++) {
        struct rows *page = &j->page[j->pages];

        if (fetch_bytes(w, j, &j->was.place[i], &x, err) || read_rows(w, j, &x, page, err))
            return -1;
        page->evidence = j->was.place[i].evidence;
        j->pages += page->n > 0;
    }
    return 0;
}

/* The list is the last thing that a task of the validity check brings. */
static int read_list(struct worker *w, struct job *j, struct err *err)
{
    struct err ignored = {0};
    struct http_exchange x = {0};
    struct str body = STR_NONE;
    int strange;

    if (!j->was.request.complete || !j->was.places)
        return 0;
    if (fetch_bytes(w, j, &j->was.place[j->was.places - 1], &x, err))
        return -1;
    if (inflate_body(w->inflate, http_header(&x, "Content-Encoding"), x.body, REPLY_MAX,
                     &w->decoded, &body, &ignored) ||
        !validate_read(body, &j->was.request, &strange))
        return err_set(err, ERR_INPUT, "request %" PRId64 ": its list of valid ids cannot be read",
                       j->was.request.n);
    return 0;
}

static void do_job(struct worker *w, struct job *j)
{
    struct err err = {0};
    int rc;

    switch (j->was.request.witness) {
    case WITNESS_PAGE: case WITNESS_OEMBED: rc = read_page(w, j, &err); break;
    case WITNESS_VALIDATION: rc = read_list(w, j, &err); break;
    case WITNESS_QUERY: rc = read_search(w, j, &err); break;
    default: rc = 0;
    }
    if (rc)
        j->err = err;
}

static void *work(void *arg)
{
    struct worker *w = arg;
    size_t i;

    while ((i = atomic_fetch_add(&w->r->next, 1)) < w->r->jobs)
        do_job(w, &w->r->job[i]);
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
    r->place = xrealloc(r->place, (r->places + 1) * sizeof *r->place);
    r->place[r->places++] = p;
    *out = &r->place[r->places - 1].sink;
    return 0;
}

static int put_page(struct replaying *r, struct job *j, struct err *err)
{
    struct sink *sink;

    if (!j->was.has_answer)
        return 0;
    if (sink_of(r, j->was.vantage, &sink, err))
        return -1;
    r->result->is_public += j->answer.kind == ANSWER_PUBLIC;
    r->result->refused += j->answer.kind == ANSWER_REFUSED;
    r->result->no_answer += j->answer.kind == ANSWER_NO_ANSWER;
    r->result->changed += !same_answer(&j->answer, &j->was.answer);
    return sink->put(sink->to, &j->was.request, &j->answer, err);
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

static int put_search(struct replaying *r, struct job *j, struct err *err)
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

static int put_list(struct replaying *r, struct job *j, struct err *err)
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
        struct job *j = &r->job[i];
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
        struct job *j = &r->job[r->jobs];
        struct arena kept = j->mem;

        arena_clear(&kept);
        *j = (struct job){ .mem = kept };
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
        r.worker[i] = (struct worker){ .r = &r,
                                       .bytes = places_new(evidence),
                                       .inflate = inflate_new() };
    free(evidence);
    rc = replay_all(&r, err);
    for (size_t i = 0; i < r.places; i++) {
        store_sink_release(&r.place[i].sink);
        free(r.place[i].vantage);
    }
    free(r.place);
    for (int i = 0; i < r.workers; i++) {
        places_free(r.worker[i].bytes);
        inflate_free(r.worker[i].inflate);
        buf_release(&r.worker[i].hold);
        buf_release(&r.worker[i].decoded);
    }
    for (int i = 0; i < BATCH_JOBS; i++)
        arena_release(&r.job[i].mem);
    arena_release(&r.mem);
    free(r.job);
    free(r.worker);
    return rc;
}
