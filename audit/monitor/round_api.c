/* audit/monitor/round_api.c: canaries, company, alone, canaries again. */
#include "audit/monitor/round_api.h"
#include <stdlib.h>
#include <string.h>
#include "audit/arm_end.h"
#include "audit/clocks.h"
#include "base/array.h"
#include "base/utc.h"
#include "fetch/batch.h"
#include "watch/reading.h"

#define CANARIES_MOST 5    // of one request
#define PROOF_EVERY 50     // posts asked alone between canaries: what a kill makes worthless

enum step { STEP_CANARIES, STEP_COMPANY, STEP_SINGLES, STEP_ALONE, STEP_CLOSE, STEP_COUNT };
struct asking {
    struct round *round;
    enum step step, last;    // last: of this pass
    size_t at;               // of STEP_ALONE: next in the list
    struct packer packer;
    struct {
        struct pack_item *v;
        size_t n, cap, at;
    } canaries, company;    // by day
    bool *came;             // of the canaries: it came back in this round
    struct pack_item post;  // a post that did; item 0: none
    size_t singles;         // of STEP_SINGLES: next canary
    int unproven;           // asked alone since the last canaries
    /* what came of it */
    int64_t complete, back, failed, by_platform;
    int64_t canaries_sent;
};

/* ---- one request ---- */

static void begin_request(struct arena *mem, struct window w, struct request *req)
{
    memset(req, 0, sizeof *req);
    req->witness = WITNESS_QUERY;
    req->start_day = w.start_day;
    req->end_day = w.end_day;
    req->member = arena_alloc(mem, BATCH_MAX * sizeof *req->member);
}

static void add(struct request *req, const struct pack_item *p, enum ask_role role)
{
    req->member[req->members++] = (struct ask_member){ .id = p->id, .item = p->item, .role = role };
}

/* Those that leave the window the same day of slack on both sides. */
static void add_canaries(struct asking *a, struct window w, struct request *req)
{
    size_t had = req->members;

    for (size_t i = 0; i < a->canaries.n && req->members < had + CANARIES_MOST; i++)
        if (a->canaries.v[i].day > w.start_day && a->canaries.v[i].day < w.end_day)
            add(req, &a->canaries.v[i], ROLE_CANARY);
    a->canaries_sent += (int64_t)(req->members - had);
}

/* ---- the three steps ---- */

/* Those of one window that are most: one request shows whether the API answers. */
static bool next_canaries(struct asking *a, struct arena *mem, struct request *req)
{
    size_t best = 0, most = 0;

    if (!a->canaries.n || a->canaries.at)
        return false;
    for (size_t i = 0; i < a->canaries.n; i++) {
        size_t n = 1;

        while (i + n < a->canaries.n && window_fits(a->canaries.v[i].day, a->canaries.v[i + n].day))
            n++;
        if (n > most) {
            most = n;
            best = i;
        }
    }
    most = most < CANARIES_MOST ? most : CANARIES_MOST;
    begin_request(mem, window_of(a->canaries.v[best].day, a->canaries.v[best + most - 1].day), req);
    for (size_t i = 0; i < most; i++)
        add(req, &a->canaries.v[best + i], ROLE_CANARY);
    a->canaries_sent += (int64_t)most;
    a->canaries.at = a->canaries.n;
    return true;
}

/* One post without a canary has no company: alone it is asked later. */
static bool next_company(struct asking *a, struct arena *mem, struct request *req)
{
    struct batch b;
    bool got;

    for (;;) {
        got = false;
        while (!got && a->company.at < a->company.n)
            got = packer_add(&a->packer, &a->company.v[a->company.at++], &b);
        if (!got && !packer_finish(&a->packer, &b))
            return false;
        begin_request(mem, b.window, req);
        for (size_t i = 0; i < b.len; i++)
            add(req, &b.item[i], ROLE_ASKED);
        add_canaries(a, b.window, req);
        if (req->members > 1)
            return true;
    }
}

/* Each canary alone, where nobody came back: one that is gone since yesterday may have silenced
 * the others of its request, and the API is not out. */
static bool next_single(struct asking *a, struct arena *mem, struct request *req)
{
    const struct pack_item *p = &a->canaries.v[a->singles];

    if (a->back || a->singles >= a->canaries.n || a->singles >= CANARIES_MOST)
        return false;
    a->singles++;
    begin_request(mem, window_of(p->day, p->day), req);
    add(req, p, ROLE_CANARY);
    a->canaries_sent++;
    return true;
}

/* From now on only those are canaries that came back in this round, or a post that did. */
static void keep_those_who_came(struct asking *a)
{
    size_t n = 0;

    for (size_t i = 0; i < a->canaries.n; i++)
        if (a->came[i]) {
            a->canaries.v[n] = a->canaries.v[i];
            a->came[n++] = true;
        }
    a->canaries.n = n;
    if (n == 0 && a->post.item) {
        ARRAY_ROOM(a->canaries.v, a->canaries.n, a->canaries.cap);
        a->came[0] = true;
        a->canaries.v[a->canaries.n++] = a->post;
    }
}

/* The last calls of a day are for canaries, without which what was asked alone says nothing. */
static bool has_quota(struct asking *a)
{
    struct audit *audit = a->round->audit;
    const int64_t kept = audit->set.api_concurrency + 1;
    struct err why = { 0 };
    int64_t used = 0;
    bool spent = false;

    if (ledger_counts(audit->ledger, &audit->client, utc_day(utc_now()), &used, &spent, &why))
        return true;    // the sink will say what is wrong
    if (!spent && used + kept < audit->set.api_daily_requests)
        return true;
    err_set(&why, ERR_QUOTA, "today's quota of " COUNTED " is nearly used up",
            COUNT_OF(audit->set.api_daily_requests, "request", "requests"));
    why.retry_at = utc_next_midnight(utc_now());
    round_end_by(a->round, ROUND_QUOTA, &why);
    return false;
}

static bool next_alone(struct asking *a, struct arena *mem, struct request *req)
{
    const struct due_list *l = a->round->due;

    if (a->unproven >= PROOF_EVERY) {
        a->unproven = 0;
        a->canaries.at = 0;
        if (next_canaries(a, mem, req))
            return true;
    }
    while (a->at < l->n) {
        const struct due_item *d = &l->v[a->at++];

        if (!d->api)
            continue;
        if (a->canaries.n && !has_quota(a)) {
            a->at = l->n;
            return false;
        }
        begin_request(mem, window_of(d->day, d->day), req);
        add(req, &(struct pack_item){ d->id, d->item, d->day }, ROLE_ASKED);
        a->unproven++;
        return true;
    }
    return false;
}

static int next_request(void *from, struct arena *mem, struct request *req, struct err *err)
{
    static bool (*const next[STEP_COUNT])(struct asking *, struct arena *,
                                          struct request *) = { [STEP_CANARIES] = next_canaries,
                                                                [STEP_COMPANY] = next_company,
                                                                [STEP_SINGLES] = next_single,
                                                                [STEP_ALONE] = next_alone,
                                                                [STEP_CLOSE] = next_canaries };
    struct asking *a = from;

    (void)err;
    while (a->step <= a->last && a->step < STEP_COUNT) {
        /* Without its end what was asked alone says nothing, however late it is. */
        if (a->step != STEP_CLOSE && round_is_late(a->round))
            return 0;
        if (next[a->step](a, mem, req))
            return 1;
        a->step++;
    }
    return 0;
}

/* ---- what is asked, and what comes of it ---- */

static void number(void *by, struct request *req)
{
    req->round = (int)((struct asking *)by)->round->out->n;
}

static void note_back(struct asking *a, const struct ask_member *m)
{
    const struct due_list *l = a->round->due;

    a->back++;
    for (size_t i = 0; m->role == ROLE_CANARY && i < a->canaries.n; i++)
        a->came[i] |= a->canaries.v[i].item == m->item;
    for (size_t i = 0; m->role != ROLE_CANARY && !a->post.item && i < l->n; i++)
        if (l->v[i].item == m->item)
            a->post = (struct pack_item){ l->v[i].id, l->v[i].item, l->v[i].day };
}

static void note_done(void *by, const struct request *req)
{
    const struct reading r = { .witness = WITNESS_QUERY,
                               .kind = ANSWER_NO_ANSWER,
                               .answered = true,
                               .http = req->http,
                               .error_code = req->error_code };
    struct asking *a = by;

    a->complete += req->complete;
    a->failed += !req->complete;
    a->by_platform += !req->complete && watch_reading_of(&r).why == WATCH_WHY_OUTAGE;
    for (size_t i = 0; i < req->members; i++)
        if (req->member[i].came_back)
            note_back(a, &req->member[i]);
}

static void push(struct pack_item **v, size_t *n, size_t *cap, const struct due_item *d)
{
    ARRAY_ROOM(*v, *n, *cap);
    (*v)[(*n)++] = (struct pack_item){ d->id, d->item, d->day };
}

static int64_t gather(struct asking *a)
{
    const struct due_list *l = a->round->due;
    int64_t due = 0;

    for (size_t i = 0; i < l->n; i++) {
        const struct due_item *d = &l->v[i];

        due += d->api;
        if (d->vouches)
            push(&a->canaries.v, &a->canaries.n, &a->canaries.cap, d);
        else if (d->api && !d->refused)
            push(&a->company.v, &a->company.n, &a->company.cap, d);
    }
    a->came = xcalloc(a->canaries.n + 1, sizeof *a->came);
    if (a->canaries.n)
        qsort(a->canaries.v, a->canaries.n, sizeof *a->canaries.v, pack_item_cmp);
    if (a->company.n)
        qsort(a->company.v, a->company.n, sizeof *a->company.v, pack_item_cmp);
    return due;
}

static void sum_up(struct fetch_result *sum, const struct fetch_result *one)
{
    sum->requests += one->requests;
    sum->sends += one->sends;
    sum->found += one->found;
    sum->absent += one->absent;
    sum->failed += one->failed;
    sum->incomplete += one->incomplete;
    sum->strange_rows += one->strange_rows;
    sum->token_calls += one->token_calls;
    sum->quota = sum->quota || one->quota;
    sum->quota_told = sum->quota_told || one->quota_told;
}

/* The steps from `first` to `last`, all of them answered when it returns. */
static int send_steps(struct asking *a, enum step first, enum step last, struct sink *sink,
                      struct err *err)
{
    struct audit *audit = a->round->audit;
    struct fetch_opts opts = { .set = &audit->set,
                               .client_key = audit->key,
                               .client_secret = audit->secret };
    struct ask_source source = { next_request, a };
    struct fetch_result one = { 0 };
    int rc;

    a->step = first;
    a->last = last;
    a->canaries.at = 0;
    rc = audit->ask.fetch(&opts, &source, sink, &one, err);
    sum_up(&a->round->out->api, &one);
    arm_told_spent(audit, &one);
    return rc;
}

/* After all that has canaries: is anybody worth asking alone? */
static int goes_on(struct asking *a, enum round_ending *over, struct err *err)
{
    if (a->failed && !a->complete) {
        *over = a->by_platform ? ROUND_DOWN : ROUND_OFFLINE;
        return err_set(err, ERR_AGAIN,
                       a->by_platform ? "the API failed; nobody was measured"
                                      : "no request to the API got through; nobody was "
                                        "measured");
    }
    if (a->complete && a->canaries_sent && !a->back) {
        *over = ROUND_SILENT;
        return err_set(err, ERR_AGAIN,
                       "the API returned nothing, not even what it returned before; nobody was "
                       "measured");
    }
    return 0;
}

/* Quota or not, what was asked alone needs canaries behind it: where the day is used up the
 * second call fails at once. */
static int ask_alone(struct asking *a, struct sink *sink, struct err *err)
{
    struct err first = { 0 };
    int rc;

    keep_those_who_came(a);
    rc = send_steps(a, STEP_ALONE, STEP_ALONE, sink, &first);
    if (rc && !arm_is_over(&first)) {
        *err = first;
        return -1;
    }
    keep_those_who_came(a);
    if (send_steps(a, STEP_CLOSE, STEP_CLOSE, sink, err) == 0 && rc == 0)
        return 0;
    if (rc)
        *err = first;
    return -1;
}

static int ask_all(struct asking *a, enum round_ending *over, struct err *err)
{
    struct sink_tap tap = { .begin = number, .done = note_done, .by = a };
    struct audit *audit = a->round->audit;
    struct sink sink;
    int rc;

    if (audit_secrets(audit, err) || audit_sink(audit, true, &tap.inner, err))
        return -1;
    sink = sink_through(&tap);
    packer_init(&a->packer, audit->set.api_batch - CANARIES_MOST);
    rc = audit_quota_left(audit, err) || clocks_part(audit, err) ||
                 send_steps(a, STEP_CANARIES, STEP_COMPANY, &sink, err) ||
                 (!a->back && a->complete &&
                  send_steps(a, STEP_SINGLES, STEP_SINGLES, &sink, err)) ||
                 goes_on(a, over, err) || ask_alone(a, &sink, err)
             ? -1
             : 0;
    /* Of an end that the arm itself chose: the platform's only where it failed by its own words. */
    if (rc && err->kind == ERR_AGAIN && *over == ROUND_DOWN && !a->by_platform)
        *over = ROUND_OFFLINE;
    if (!rc && a->failed) {    // some, and not one after another
        *over = a->by_platform ? ROUND_DOWN : ROUND_OFFLINE;
        rc = err_set(err, ERR_AGAIN, "the API gave no answer to " COUNTED " of %lld",
                     COUNT_OF(a->failed, "request", "requests"),
                     (long long)(a->failed + a->complete));
    }
    store_sink_release(&tap.inner);
    return rc;
}

int round_ask(struct round *r, enum round_ending *over, struct err *err)
{
    struct asking a = { .round = r };
    int rc = 0;

    *over = ROUND_DOWN;
    if (gather(&a) > 0)
        rc = ask_all(&a, over, err);
    free(a.canaries.v);
    free(a.came);
    free(a.company.v);
    return rc;
}
