/* audit/turn/ask.c: the loop: one kind of ask after another, watched for outages.
 *
 * The first asks are streamed; everything later is about silent items alone, which are
 * in the view. */
#include "audit/turn/ask.h"
#include <stdlib.h>
#include <string.h>
#include "audit/arm_end.h"
#include "audit/clocks.h"
#include "audit/turn/ask_canaries.h"
#include "audit/turn/outage_watch.h"
#include "audit/turn/round_1.h"
#include "base/digest.h"
#include "base/utc.h"
#include "record/seed.h"

struct pass {
    struct asker a;
    void *own[ASK_KIND_COUNT];
    int64_t due[ASK_KIND_COUNT];
    int at;                     // the kind that is handed out
    bool opened;                // the round of this pass
    bool parted;                // from what came in before
    struct watch watch;
    struct ask_tally *tally;
};

/* ---- what is due ---- */

static int collect(struct pass *p, struct err *err)
{
    int64_t rounds = 0;

    if (round_1_closed(p->a.audit, &p->a.closed, err))
        return -1;
    for (int k = 0; k < ASK_KIND_COUNT; k++) {
        const struct ask_kind *kind = ask_kinds[k];

        p->own[k] = xcalloc(1, kind->size ? kind->size : 1);
        if (kind->part == ASK_CHECKS && rounds)
            continue;
        if (kind->collect(&p->a, p->own[k], &p->due[k], err))
            return -1;
        rounds += kind->part == ASK_ROUNDS ? p->due[k] : 0;
    }
    return 0;
}

static void pass_begin(struct pass *p, struct audit *audit, const struct view *view)
{
    memset(p, 0, sizeof *p);
    p->a = (struct asker){
        .audit = audit,
        .view = view,
        .now = utc_now(),
        .canary_day = canaries_last_day(view_canaries(view)),
    };
    p->a.salt = mix64(digest_rank(buf_view(&audit->seed), SEED_MATES) + (uint64_t)p->a.now);
}

static void pass_end(struct pass *p)
{
    for (int k = 0; k < ASK_KIND_COUNT; k++) {
        if (p->own[k] && ask_kinds[k]->release)
            ask_kinds[k]->release(p->own[k]);
        free(p->own[k]);
    }
}

/* ---- the source that fetch asks ---- */

/* The round is opened when its first request goes out. */
static int open_round(struct pass *p, struct err *err)
{
    int64_t n;

    p->opened = true;
    if (store_round_number(p->a.audit->store, &n, err))
        return -1;
    p->a.round = (int)n;
    return 0;
}

/* Goes out as one of its kind; canaries alone may be the first of the round. */
static int hand_out(struct pass *p, struct request *req, struct err *err)
{
    bool canaries = request_of_canaries(req);

    if (!p->parted && clocks_part(p->a.audit, err))
        return -1;
    p->parted = true;
    if (!canaries && ask_kinds[p->at]->round)
        req->round = ask_kinds[p->at]->round;
    if (!req->round && !p->opened && open_round(p, err))
        return -1;
    if (!req->round)
        req->round = p->a.round;
    p->tally->requests[canaries ? ASK_CANARIES : p->at]++;
    return 1;
}

static int next_request(void *from, struct arena *mem, struct request *req, struct err *err)
{
    struct pass *p = from;

    while (p->at < ASK_KIND_COUNT) {
        enum watch_word word = watch_next(&p->watch);
        int got;

        if (word == WATCH_STOP)
            return watch_stop(&p->watch, err);
        if (word == WATCH_WAIT)
            return 0;
        if (word == WATCH_PROBE && ask_canaries_probe(&p->a, &p->watch, mem, req))
            return hand_out(p, req, err);
        got = ask_kinds[p->at]->compose(&p->a, p->own[p->at], mem, req, err);
        if (got)
            return got < 0 ? -1 : hand_out(p, req, err);
        p->at++;
    }
    return 0;
}

/* Items of the pass, for progress: those of the first asks are streamed, so they are all that
 * nothing is known of, those that are too recent among them. */
static int64_t expected(const struct pass *p)
{
    int64_t sum = view_max_item(p->a.view) - view_touched(p->a.view);

    for (int k = 0; k < ASK_KIND_COUNT; k++)
        sum += p->due[k];
    return sum;
}

static int send_all(struct pass *p, struct fetch_result *result, struct err *err)
{
    struct audit *audit = p->a.audit;
    struct fetch_opts opts = { .set = &audit->set,
                               .client_key = audit->key,
                               .client_secret = audit->secret,
                               .expected = expected(p) };
    struct ask_source source = { next_request, p };
    struct sink sink, watched;
    int rc;

    if (audit_sink(audit, true, &sink, err))
        return -1;
    rc = audit_quota_left(audit, err);      // before a token is asked for
    if (rc == 0) {
        watched = watch_sink(&p->watch, &sink);
        rc = audit->ask.fetch(&opts, &source, &watched, result, err);
    }
    store_sink_release(&sink);
    arm_told_spent(audit, result);
    return rc;
}

int ask_pass(struct audit *audit, const struct view *view, struct ask_tally *tally,
             struct fetch_result *result, struct err *err)
{
    struct pass p;
    int rc;

    memset(tally, 0, sizeof *tally);
    memset(result, 0, sizeof *result);
    pass_begin(&p, audit, view);
    p.tally = tally;
    watch_init(&p.watch, view);
    rc = collect(&p, err) ? -1 : send_all(&p, result, err);
    pass_end(&p);
    return rc;
}

int ask_due(struct audit *audit, const struct view *view, struct ask_due *due, struct err *err)
{
    struct pass p;
    int rc;

    pass_begin(&p, audit, view);
    p.a.counts = true;
    rc = collect(&p, err);
    memcpy(due->items, p.due, sizeof due->items);
    due->aside = p.a.aside;
    pass_end(&p);
    return rc;
}

int64_t ask_due_first(const struct ask_due *due)
{
    return due->items[ASK_FIRST] + due->aside.waits;
}

int64_t ask_due_now(const struct ask_due *due)
{
    int64_t sum = due->aside.waits;

    for (int k = 0; k < ASK_KIND_COUNT; k++)
        sum += ask_kinds[k]->told_apart ? 0 : due->items[k];
    return sum;
}
