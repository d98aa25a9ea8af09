/* audit/turn/read.c: the pages that are due, handed to scrape one by one. */
#include "audit/turn/read.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "audit/turn/page_yield.h"
#include "audit/verdict/standing.h"
#include "base/array.h"
#include "base/digest.h"
#include "base/utc.h"
#include "import/urls.h"

#define CONTROLS 8                 // posts that a pass may read to see whether the site is to blame
#define ALONE_MAX 3                // readings in one pass of a post that is blocked alone
struct alone {
    int64_t item;
    enum witness witness;
    int times;
};
struct reader {
    struct read_list list; size_t at;
    struct {
        struct alone *v;
        size_t n, cap;
    } alone;                                                   // of this pass
    int64_t control[CONTROLS]; size_t controls, control_at;    // items; looked up when first wanted
};

/* ---- the source that scrape reads from ---- */

static int next_task(void *from, struct arena *mem, struct read_task *task, struct err *err)
{
    struct reader *r = from;
    struct item_row row;
    bool found = false;

    while (r->at < r->list.n) {
        const struct due_page *d = &r->list.v[r->at++];

        memset(task, 0, sizeof *task);
        if (d->why == WHY_LINK) {
            task->witness = WITNESS_SHORT;
            task->item = r->list.link[d->item].n;
            task->link = arena_dup(mem, str_of(r->list.link[d->item].url));
            return 1;
        }
        task->item = d->item;
        if (store_item(r->list.audit->store, d->item, &row, &found, err))
            return -1;
        if (!found || row.purged_at)          // nobody can ask for a pseudonym
            continue;
        task->witness = d->why == WHY_OEMBED ? WITNESS_OEMBED : WITNESS_PAGE;
        task->id = row.id;
        task->handle = arena_dup(mem, row.handle);
        return 1;
    }
    return 0;
}

/* Another post each time; after a whole round of them the first again. */
static int next_control(void *from, struct arena *mem, struct read_task *task, struct err *err)
{
    struct reader *r = from;
    struct item_row row;
    bool found = false;

    if (!r->controls &&
        store_readable(r->list.audit->store, r->control, CONTROLS, &r->controls, err))
        return -1;
    if (!r->controls)
        return 0;
    memset(task, 0, sizeof *task);
    task->witness = WITNESS_PAGE;
    task->item = r->control[r->control_at++ % r->controls];
    if (store_item(r->list.audit->store, task->item, &row, &found, err))
        return -1;
    task->id = row.id;
    task->handle = arena_dup(mem, row.handle);
    return found;
}

static struct alone *alone_find(struct reader *r, enum witness witness, int64_t item)
{
    for (size_t i = 0; i < r->alone.n; i++)
        if (r->alone.v[i].item == item && r->alone.v[i].witness == witness)
            return &r->alone.v[i];
    return NULL;
}

static void note_alone(struct reader *r, const struct answer *a)
{
    struct alone *hit = alone_find(r, a->witness, a->item);

    if (a->kind != ANSWER_NO_ANSWER || a->why != NO_ANSWER_BLOCKED_ALONE)
        return;
    if (!hit) {
        ARRAY_ROOM(r->alone.v, r->alone.n, r->alone.cap);
        hit = &r->alone.v[r->alone.n++];
        *hit = (struct alone){ .item = a->item, .witness = a->witness };
    }
    hit->times++;
}

/* Short links end here: the arm reports where one led, and only the parser of
 * links can say which item that is. */
static int put_link(void *by, const struct request *req, const struct answer *a, struct err *err)
{
    struct reader *r = by;
    struct audit *audit = r->list.audit;
    struct link link;

    (void)req;
    note_alone(r, a);
    if (a->witness != WITNESS_SHORT)
        return 0;
    if (a->kind != ANSWER_RESOLVED && a->kind != ANSWER_REFUSED)
        return 0;
    memset(&link, 0, sizeof link);
    if (a->kind == ANSWER_REFUSED)
        return store_link_resolved(audit->store, a->item, 0, STR_NONE, err);
    link_parse(a->message, utc_now(), &link);
    if (link.what != LINK_ITEM)
        return store_link_no_item(audit->store, a->item, err);
    return store_link_resolved(audit->store, a->item, link.item.id, str_of(link.item.handle), err);
}

/* Its answer of this pass is there, or no attempts are left. */
static int is_settled(struct reader *r, const struct due_page *d, int64_t since, bool *settled,
                      struct err *err)
{
    const struct alone *alone;
    enum answer_kind kind;
    struct item_row row;
    bool found = false;
    int64_t at;
    int tries;

    if (store_item(r->list.audit->store, d->item, &row, &found, err))
        return -1;
    kind = d->why == WHY_OEMBED ? row.oembed : row.page;
    tries = d->why == WHY_OEMBED ? row.oembed_tries : row.tries;
    at = d->why == WHY_OEMBED ? since : row.page_at;
    if (d->why == WHY_ELSEWHERE &&
        store_vantage_read(r->list.audit->store, r->list.vantage, d->item, &kind, &at, &tries, err))
        return -1;
    alone = alone_find(r, d->why == WHY_OEMBED ? WITNESS_OEMBED : WITNESS_PAGE, d->item);
    *settled = !found || tries >= r->list.audit->set.page_attempts ||
               (alone && alone->times >= ALONE_MAX) ||
               (at >= since && (kind == ANSWER_PUBLIC || kind == ANSWER_REFUSED));
    return 0;
}

/* Leaves what is still without a decisive answer and has attempts left, for
 * another turn of the same pass. */
static int keep_undecided(struct reader *r, int64_t since, struct err *err)
{
    size_t n = 0;

    for (size_t i = 0; i < r->list.n; i++) {
        struct due_page *d = &r->list.v[i];
        bool settled;

        if (d->why == WHY_LINK)
            continue;
        if (is_settled(r, d, since, &settled, err))
            return -1;
        if (!settled)
            r->list.v[n++] = *d;
    }
    r->list.n = n;
    r->at = 0;
    return 0;
}

/* A run that ended since no page had a known shape says where one lies. */
static void name_evidence(struct audit *audit, const struct scrape_result *sum, struct err *err)
{
    struct err ignored = {0}, whole = *err;
    struct buf place = {0};

    if (store_evidence_place(audit->store, sum->odd, &place, &ignored) == 0 && place.n)
        snprintf(err->msg, sizeof err->msg, "%.*s; see evidence %s",
                 (int)(sizeof err->msg - 16 - place.n), whole.msg, buf_cstr(&place));
    buf_release(&place);
}

/* What gave no answer is tried again after 1, 2, 4 ... times page.retry_base_ms,
 * with jitter. Blocks use no attempt, so the turns themselves are bounded. */
static int read_turns(struct reader *r, struct scrape_opts *opts, struct sink *sink,
                      struct scrape_result *sum, struct err *err)
{
    struct read_source source = { next_task, r, next_control };
    const struct settings *set = &r->list.audit->set;

    for (int64_t turn = 0; r->list.n && turn < set->page_attempts; turn++) {
        int64_t since = utc_now(), ms = set->page_retry_base_ms << (turn < 9 ? turn : 9);
        struct scrape_result one;
        int rc;

        if (turn)
            utc_wait_ms(ms / 2 +
                        (int64_t)(mix64(r->list.salt + (uint64_t)turn) % (uint64_t)(ms / 2 + 1)));
        opts->expected = (int64_t)r->list.n;
        rc = r->list.audit->ask.scrape(opts, &source, sink, &one, err);
        page_yield_add(sum, &one);
        if (rc && one.odd.n)
            name_evidence(r->list.audit, &one, err);
        if (rc || keep_undecided(r, since, err))
            return -1;
    }
    return 0;
}

int read_pass(struct audit *audit, struct read_due *due, struct scrape_result *result,
              struct err *err)
{
    const struct view *view;
    struct reader r = { .at = 0 };
    struct sink_tap links = { .put = put_link, .by = &r };
    struct sink sink;
    struct scrape_opts opts = { .set = &audit->set, .seed = buf_view(&audit->seed) };
    int rc;

    memset(due, 0, sizeof *due);
    memset(result, 0, sizeof *result);
    if (audit_view_hold(audit, &view, err))
        return -1;
    rc = read_list_make(&r.list, audit, view, due, err);
    audit_view_let(audit, view);
    if (r.list.n)                    // the answers make it old, and the transfers need its memory
        audit_view_forget(audit);
    if (rc || audit_sink(audit, false, &links.inner, err)) {
        rc = -1;
        goto out;
    }
    sink = sink_through(&links);
    rc = read_turns(&r, &opts, &sink, result, err);
    store_sink_release(&links.inner);
    if (page_yield_note(audit, result, rc ? &(struct err){0} : err))
        rc = -1;
out:
    free(r.alone.v);
    read_list_release(&r.list);
    return rc;
}
