/* audit/work/away.c: lines in, uploads out. */
#include "audit/work/away.h"
#include <stdlib.h>
#include <string.h>
#include "audit/work_line.h"
#include "base/array.h"
#include "base/utc.h"
#include "platform/tiktok.h"

#define COMMIT_MOST 64    // answers of one upload
#define COMMIT_MS 2000    // in real time: a lease lives by commits

/* ---- what is leased ---- */
int away_lease(struct away *w, struct err *err)
{
    struct far_page *v;
    size_t n;

    if (far_work_lease(w->far, &w->mem, &v, &n, err))
        return -1;
    for (size_t i = 0; i < n; i++) {
        ARRAY_ROOM(w->page.v, w->page.n, w->page.cap);
        w->page.v[w->page.n++] = (struct away_page){ .page = v[i] };
    }
    if (n) {
        ARRAY_ROOM(w->parcel.v, w->parcel.n, w->parcel.cap);
        w->parcel.v[w->parcel.n++] = (struct away_parcel){ v[0].parcel, n };
    }
    return 0;
}

int away_next(struct away *w, struct read_task *task, struct arena *mem)
{
    for (size_t i = 0; i < w->page.n; i++) {
        struct away_page *p = &w->page.v[i];

        if (p->given)
            continue;
        p->given = true;
        *task = p->page.task;
        task->handle = arena_dup(mem, p->page.task.handle);
        task->link = arena_dup(mem, p->page.task.link);
        return 1;
    }
    return 0;
}

void away_clear(struct away *w)
{
    w->page.n = w->parcel.n = w->kept.n = 0;
    arena_clear(&w->mem);
}

void away_drop(struct away *w)
{
    buf_clear(&w->lines);
    w->answered.n = w->done.n = 0;
    w->answers = 0;
    away_clear(w);
}

static void note_answered(struct away *w, const struct far_page *page)
{
    ARRAY_ROOM(w->answered.v, w->answered.n, w->answered.cap);
    w->answered.v[w->answered.n++] = *page;
    for (size_t i = 0; i < w->parcel.n; i++) {
        struct away_parcel *p = &w->parcel.v[i];

        if (p->n != page->parcel || --p->left)
            continue;
        ARRAY_ROOM(w->done.v, w->done.n, w->done.cap);
        w->done.v[w->done.n++] = p->n;
        *p = w->parcel.v[--w->parcel.n];
        return;
    }
}

/* A control is leased by nobody. */
static void mark_answered(struct away *w, const struct request *r)
{
    for (size_t i = 0; i < w->page.n; i++) {
        struct away_page *p = &w->page.v[i];

        if (!p->given || p->answered || p->page.task.item != r->member->item ||
            p->page.task.witness != r->witness)
            continue;
        p->answered = true;
        note_answered(w, &p->page);
        return;
    }
}

/* Of what is read nothing is looked for again. */
static void forget_answered(struct away *w)
{
    size_t n = 0;

    for (size_t i = 0; i < w->page.n; i++)
        if (!w->page.v[i].answered)
            w->page.v[n++] = w->page.v[i];
    w->page.n = n;
    if (n == 0)
        arena_clear(&w->mem);
}

/* ---- commits ---- */
static void put_files(struct away *w)
{
    struct kept_file file;

    while (w->keeper->sealed(w->keeper->to, &file)) {
        work_line_file(&w->lines, &file, STR_NONE);
        if (w->closed)
            w->closed(w->to, &file);
    }
}

/* With the first answers that are timed by it, and when it is found to be worse than was said. */
static void put_clock(struct away *w)
{
    const int64_t bound_ms = utc_bound_ms();

    if (!w->answers || bound_ms <= w->told_bound_ms)
        return;
    work_line_clock(&w->lines, utc_corrected_ms(), bound_ms);
    w->told_bound_ms = bound_ms;
}

int away_commit(struct away *w, struct far_upload *u, struct err *err)
{
    if (w->answers && w->keeper->sync(w->keeper->to, err))
        return -1;
    put_files(w);
    put_clock(w);
    u->body = buf_view(&w->lines);
    u->answered = w->answered.v;
    u->answers = w->answered.n;
    u->done = w->done.v;
    u->dones = w->done.n;
    if (far_work_upload(w->far, u, err))
        return -1;
    buf_clear(&w->lines);
    w->answered.n = w->done.n = 0;
    w->answers = 0;
    w->committed_ms = utc_real_ms();
    w->commits++;
    forget_answered(w);
    return 0;
}

static int commit_if_due(struct away *w, struct err *err)
{
    struct far_upload u = { .releases = false };

    if (w->answers < COMMIT_MOST && utc_real_ms() - w->committed_ms < COMMIT_MS)
        return 0;
    return away_commit(w, &u, err);
}

/* ---- the sink ---- */
static int sink_reserve(void *to, struct request *r, struct err *err)
{
    struct away *w = to;

    (void)err;
    if (r->n)
        return 0;
    r->n = ++w->requests;
    r->reserved_at = utc_now();
    return 0;
}

static void note_kept(struct away *w, const struct request *r, const struct kept_place *place)
{
    ARRAY_ROOM(w->kept.v, w->kept.n, w->kept.cap);
    w->kept.v[w->kept.n++] = (struct away_kept){ r->n, *place };
}

static int sink_exchange(void *to, const struct request *r, const struct http_exchange *x,
                         struct evidence *evidence, struct err *err)
{
    struct away *w = to;
    struct kept_place place = { .offset = 0 };

    /* The extract comes with the answer. */
    if (w->keeper->keep == KEEP_EXTRACT && r->witness == WITNESS_PAGE)
        place.digest = digest_sha256(x->body);
    else if (w->keeper->exchange(w->keeper->to, x, x->done_at ? x->done_at : utc_now(), &place,
                                 err))
        return -1;
    note_kept(w, r, &place);
    evidence->n = r->n;
    return 0;
}

static int keep_extract(struct away *w, const struct answer *a, struct kept_place *last,
                        struct err *err)
{
    const struct digest whole = last->digest;
    struct buf url = { 0 };
    int rc;

    tiktok_post_url(&url, a->id, STR_NONE);
    rc = w->keeper->extract(w->keeper->to, buf_view(&url), a->extract, &whole, a->at, last, err);
    last->digest = whole;
    buf_release(&url);
    return rc;
}

/* Those of one request, out of the list. */
static size_t take_kept(struct away *w, int64_t request, struct kept_place *to)
{
    size_t n = 0, left = 0;

    for (size_t i = 0; i < w->kept.n; i++) {
        if (w->kept.v[i].request != request)
            w->kept.v[left++] = w->kept.v[i];
        else if (n < WORK_KEPT_MOST)
            to[n++] = w->kept.v[i].place;
        else
            to[n - 1] = w->kept.v[i].place;    // the last one decided
    }
    w->kept.n = left;
    return n;
}

static int sink_put(void *to, const struct request *r, const struct answer *a, struct err *err)
{
    struct kept_place kept[WORK_KEPT_MOST];
    struct away *w = to;
    const size_t n = take_kept(w, r->n, kept);
    struct request done = *r;

    if (a->extract.n && n && w->keeper->keep == KEEP_EXTRACT &&
        keep_extract(w, a, &kept[n - 1], err))
        return -1;
    if (!done.done_at)
        done.done_at = utc_now();
    work_line_answer(&w->lines, &done, a, kept, n);
    mark_answered(w, r);
    w->answers++;
    w->answers_all++;
    return 0;
}

static int sink_done(void *to, struct request *r, struct err *err)
{
    (void)r;
    return commit_if_due(to, err);
}

/* When is the sink's own to say: a lease has to live, and a round trip is dear. */
static int sink_commit(void *to, struct err *err) { return commit_if_due(to, err); }

static int sink_drift(void *to, const char *kind, struct str name, int64_t count, int64_t at,
                      struct err *err)
{
    struct away *w = to;

    (void)err;
    work_line_drift(&w->lines, kind, name, count, at);
    return 0;
}

static int sink_spare(void *to, enum witness witness, const struct ask_member *m, size_t n,
                      struct err *err)
{
    struct away *w = to;

    (void)err;
    work_line_spare(&w->lines, witness, m, n);
    return 0;
}

struct sink away_sink(struct away *w)
{
    w->committed_ms = utc_real_ms();
    return (struct sink){ .reserve = sink_reserve,
                          .exchange = sink_exchange,
                          .put = sink_put,
                          .done = sink_done,
                          .commit = sink_commit,
                          .drift = sink_drift,
                          .to = w,
                          .spare = sink_spare };
}

void away_release(struct away *w)
{
    free(w->page.v);
    free(w->parcel.v);
    free(w->kept.v);
    free(w->answered.v);
    free(w->done.v);
    buf_release(&w->lines);
    arena_release(&w->mem);
}
