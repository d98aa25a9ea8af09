/* audit/monitor/round_site.c: reads what is due of the site. */
#include "audit/monitor/round_site.h"
#include <stdlib.h>
#include <string.h>
#include "audit/arm_end.h"
#include "audit/clocks.h"
#include "audit/page_yield.h"
#include "audit/work_hand.h"
#include "base/array.h"
#include "base/digest.h"
#include "base/utc.h"
#include "record/seed.h"

#define TURNS 3    // readings of a page in one round
#define CONTROLS 8

struct task {
    const struct due_item *of;
    enum witness witness;
    uint64_t rank;
    bool settled;
};
struct reading_site {
    struct round *round;
    enum witness witness;    // that is read now
    struct {
        struct task *v;
        size_t n, cap, at;
    } task;
    int64_t control[CONTROLS];
    size_t controls, control_at;
};

/* ---- the source ---- */

static int next_task(void *from, struct arena *mem, struct read_task *task, struct err *err)
{
    struct reading_site *s = from;

    (void)mem, (void)err;
    while (s->task.at < s->task.n && !round_is_late(s->round)) {
        const struct task *t = &s->task.v[s->task.at++];

        if (t->settled || t->witness != s->witness)
            continue;
        *task = (struct read_task){
            .witness = t->witness, .id = t->of->id, .item = t->of->item, .handle = t->of->handle
        };
        return 1;
    }
    return 0;
}

/* A post whose page should be readable, to see whether the site is to blame. */
static int next_control(void *from, struct arena *mem, struct read_task *task, struct err *err)
{
    struct reading_site *s = from;
    struct store *store = s->round->audit->store;
    struct item_row row;
    bool found = false;

    if (!s->controls &&
        store_readable(store, WITNESS_PAGE, s->control, CONTROLS, &s->controls, err))
        return -1;
    if (!s->controls)
        return 0;
    *task = (struct read_task){ .witness = WITNESS_PAGE,
                                .item = s->control[s->control_at++ % s->controls] };
    if (store_item(store, task->item, &row, &found, err))
        return -1;
    task->id = row.id;
    task->handle = arena_dup(mem, row.handle);
    return found && !row.purged_at;
}

/* ---- what comes of it ---- */

static void number(void *by, struct request *req)
{
    req->round = (int)((struct reading_site *)by)->round->out->n;
}

/* A block is for the next round: asked again at once the site would block on. */
static int note_put(void *by, const struct request *req, const struct answer *a, struct err *err)
{
    struct reading_site *s = by;

    (void)req, (void)err;
    for (size_t i = 0; i < s->task.n; i++)
        if (s->task.v[i].of->item == a->item && s->task.v[i].witness == a->witness)
            s->task.v[i].settled = a->kind != ANSWER_NO_ANSWER || no_answer_is_block(a->why) ||
                                   a->why == NO_ANSWER_BLOCKED_ALONE;
    return 0;
}

static int by_rank(const void *a, const void *b)
{
    const struct task *x = a, *y = b;

    return (x->rank > y->rank) - (x->rank < y->rank);
}

static void gather(struct reading_site *s)
{
    const struct due_list *l = s->round->due;
    const uint64_t salt = mix64(digest_rank(buf_view(&s->round->audit->seed), SEED_PAGES) +
                                (uint64_t)s->round->out->n);

    for (size_t i = 0; i < l->n; i++)
        for (int o = 0; o < 2; o++) {
            if (o ? !l->v[i].oembed : !l->v[i].page)
                continue;
            ARRAY_ROOM(s->task.v, s->task.n, s->task.cap);
            s->task.v[s->task.n++] = (struct task){ .of = &l->v[i],
                                                    .witness = o ? WITNESS_OEMBED : WITNESS_PAGE,
                                                    .rank = mix64(l->v[i].id ^ salt) +
                                                            (uint64_t)o };
        }
    if (s->task.n)
        qsort(s->task.v, s->task.n, sizeof *s->task.v, by_rank);
}

static size_t unsettled(const struct reading_site *s)
{
    size_t n = 0;

    for (size_t i = 0; i < s->task.n; i++)
        n += !s->task.v[i].settled && s->task.v[i].witness == s->witness;
    return n;
}

static int read_turns(struct reading_site *s, struct sink *sink, struct err *err)
{
    struct audit *audit = s->round->audit;
    const struct settings *set = &audit->set;
    struct scrape_opts opts = { .set = set, .seed = buf_view(&audit->seed) };
    struct read_source source = { next_task, s, next_control };

    for (int turn = 0; turn < TURNS && unsettled(s) && !round_is_late(s->round); turn++) {
        struct scrape_result one = { 0 };
        int rc;

        if (turn)
            utc_wait_ms(set->page_retry_base_ms << turn);
        s->task.at = 0;
        opts.expected = (int64_t)unsettled(s);
        rc = hand_scrape(audit, &opts, &source, sink, &one, err);
        page_yield_add(&s->round->out->site, &one);
        if (rc)
            return -1;
    }
    return 0;
}

/* First all pages, then oEmbed, which answers to whom pages are blocked. */
static int read_both(struct reading_site *s, struct sink *sink, struct err *err)
{
    struct err first = { 0 };
    int rc;

    s->witness = WITNESS_PAGE;
    rc = read_turns(s, sink, &first);
    if (rc && !arm_is_over(&first)) {
        *err = first;
        return -1;
    }
    s->witness = WITNESS_OEMBED;
    if (read_turns(s, sink, err))
        return -1;
    if (rc)
        *err = first;
    return rc;
}

int round_read(struct round *r, struct err *err)
{
    struct reading_site s = { .round = r };
    struct sink_tap tap = { .begin = number, .put = note_put, .by = &s };
    struct err later = { 0 };
    struct sink sink;
    int rc = -1;

    gather(&s);
    if (!s.task.n) {
        rc = 0;
        goto out;
    }
    if (audit_sink(r->audit, false, &tap.inner, err))
        goto out;
    sink = sink_through(&tap);
    rc = clocks_part(r->audit, err) || read_both(&s, &sink, err) ? -1 : 0;
    store_sink_release(&tap.inner);
    if (page_yield_note(r->audit, &r->out->site, rc ? &later : err))
        rc = -1;
out:
    free(s.task.v);
    return rc;
}
