/* audit/creator_run.c: see creator_run.h. */
#include "audit/creator_run.h"
#include <stdio.h>
#include "audit/creator_page.h"
#include "audit/page_yield.h"
#include "audit/work_hand.h"
#include "base/array.h"
#include "base/utc.h"
#include "record/witnesses.h"
#include "store/frame.h"

struct turn {
    struct creator_run *run;
    struct audit *audit;
    size_t at;
    const struct creator_due *good;    // read last, with an answer; NULL: none yet
};

void creator_run_add(struct creator_run *r, int64_t n, struct str handle)
{
    struct creator_due *d;

    ARRAY_ROOM(r->v, r->n, r->cap);
    d = &r->v[r->n++];
    *d = (struct creator_due){ .n = n };
    snprintf(d->handle, sizeof d->handle, "%.*s", STR_ARG(handle));
}

size_t creator_run_unread(const struct creator_run *r)
{
    size_t n = 0;

    for (size_t i = 0; i < r->n; i++)
        n += !r->v[i].read;
    return n;
}

/* ---- the source that scrape reads from ---- */

static int give(const struct creator_due *d, struct arena *mem, struct read_task *task)
{
    *task = (struct read_task){ .witness = WITNESS_CREATOR, .item = d->n };
    task->handle = arena_dup(mem, str_of(d->handle));
    return 1;
}

static int next_task(void *from, struct arena *mem, struct read_task *task, struct err *err)
{
    struct turn *t = from;

    (void)err;
    while (t->at < t->run->n) {
        const struct creator_due *d = &t->run->v[t->at++];

        if (!d->read)
            return give(d, mem, task);
    }
    return 0;
}

static int next_control(void *from, struct arena *mem, struct read_task *task, struct err *err)
{
    const struct turn *t = from;

    (void)err;
    return t->good ? give(t->good, mem, task) : 0;
}

/* ---- what came back ---- */

static struct creator_due *find(const struct turn *t, int64_t n)
{
    for (size_t i = t->at; i-- > 0;)    // those that are under way were given last
        if (t->run->v[i].n == n)
            return &t->run->v[i];
    return NULL;
}

/* In the transaction of its answer. */
static int put(void *by, const struct request *req, const struct answer *a, struct err *err)
{
    struct turn *t = by;
    struct creator_due *d = req->witness == WITNESS_CREATOR ? find(t, a->item) : NULL;

    if (!d)
        return 0;
    if (a->kind == ANSWER_NO_ANSWER)
        return no_answer_is_block(a->why)
                   ? 0
                   : store_creator_read(t->audit->store, a->item, CREATOR_UNREAD, a->at, err);
    if (t->run->told)
        t->run->told(t->run->to, d, a);
    d->read = true;
    t->good = d;
    return creator_page_put(t->audit->store, str_of(d->handle), a, err);
}

/* The site was to blame: numbers of creators are none of items. */
static int spare(void *to, enum witness w, const struct ask_member *v, size_t n, struct err *err)
{
    const struct sink_tap *tap = to;
    const struct turn *t = tap->by;

    (void)w;
    for (size_t i = 0; i < n; i++)
        if (store_creator_spare(t->audit->store, v[i].item, err))
            return -1;
    return 0;
}

/* ---- the run ---- */

static int read_turns(struct turn *t, struct sink *sink, struct scrape_result *sum, struct err *err)
{
    struct read_source source = { next_task, t, next_control };
    const struct settings own = witness_settings(&t->audit->set, WITNESS_CREATOR), *set = &own;
    struct scrape_opts o = { .set = set, .seed = buf_view(&t->audit->seed) };

    for (int64_t turn = 0; creator_run_unread(t->run) && turn < set->page_attempts; turn++) {
        struct scrape_result one;
        int rc;

        if (turn)
            utc_wait_ms(set->page_retry_base_ms << (turn < 9 ? turn : 9));
        t->at = 0;
        o.expected = (int64_t)creator_run_unread(t->run);
        rc = hand_scrape(t->audit, &o, &source, sink, &one, err);
        page_yield_add(sum, &one);
        if (rc)
            return -1;
    }
    return 0;
}

int creator_run(struct creator_run *r, struct audit *audit, struct scrape_result *sum,
                struct err *err)
{
    struct turn t = { .run = r, .audit = audit };
    struct sink_tap tap = { .put = put, .by = &t };
    struct sink sink;
    int rc;

    if (r->n == 0)
        return 0;
    if (audit_sink(audit, false, &tap.inner, err))
        return -1;
    sink = sink_through(&tap);
    sink.spare = spare;
    rc = read_turns(&t, &sink, sum, err);
    store_sink_release(&tap.inner);
    return rc;
}
