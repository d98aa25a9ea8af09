/* audit/turn/validity.c: tasks of the validity check, and what came of them. */
#include "audit/turn/validity.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "audit/arm_end.h"
#include "audit/turn/read_sample.h"
#include "base/array.h"
#include "base/log.h"
#include "fetch/validate.h"

#define CANARIES_LEAST 20        // retrieved items in each task
/* Calls of a task: created, looked at until it is ready, and downloaded
 * (fetch/validate.c); ready at once, after some minutes, or never. */
#define TASK_LOW 3
#define TASK_MID 7
#define TASK_HIGH 14

struct id_list { struct ask_member *v; size_t n, cap, at; };

static void list_push(struct id_list *l, const struct item_row *row, enum ask_role role)
{
    ARRAY_ROOM(l->v, l->n, l->cap);
    l->v[l->n++] = (struct ask_member){ .id = row->id, .item = row->n, .role = role };
}

/* due: silent items; sample: retrieved ones without an answer; known: a few
 * retrieved ones that no list left out. The last two are the canaries. */
struct checker { struct id_list due, sample, known; size_t per_task; };

static int collect_items(struct audit *audit, struct checker *c, struct err *err)
{
    struct item_cursor *cursor = NULL;
    struct item_row row;
    int got;

    if (store_items(audit->store, ITEMS_ALL, 0, &cursor, err))
        return -1;
    while ((got = item_cursor_next(cursor, &row, err)) > 0) {
        if (!row.found_first_at && row.asked && !row.valid)
            list_push(&c->due, &row, ROLE_ASKED);
        else if (row.found_first_at && row.sampled && !row.valid)
            list_push(&c->sample, &row, ROLE_CANARY);
        else if (row.found_first_at && row.valid != VALIDATION_NOT_VALID &&
                 c->known.n < CANARIES_LEAST)
            list_push(&c->known, &row, ROLE_CANARY);
    }
    item_cursor_close(cursor);
    return got;
}

static void checker_release(struct checker *c)
{
    free(c->due.v);
    free(c->sample.v);
    free(c->known.v);
    memset(c, 0, sizeof *c);
}

static void take(struct id_list *from, size_t most, struct request *req)
{
    for (; most > 0 && from->at < from->n && req->members < VALIDATE_MAX; most--)
        req->member[req->members++] = from->v[from->at++];
}

/* The sample is spread over the tasks, so that each has retrieved items that a
 * list worth its name holds. */
static int next_task(void *from, struct arena *mem, struct request *req, struct err *err)
{
    struct checker *c = from;
    size_t canaries;

    (void)err;
    if (c->due.at == c->due.n && c->sample.at == c->sample.n)
        return 0;
    memset(req, 0, sizeof *req);
    req->witness = WITNESS_VALIDATION;
    req->member = arena_alloc(mem, VALIDATE_MAX * sizeof *req->member);
    take(&c->sample, c->due.at < c->due.n ? c->per_task : SIZE_MAX, req);
    canaries = req->members;
    if (canaries < CANARIES_LEAST) {
        c->known.at = 0;
        take(&c->known, CANARIES_LEAST - canaries, req);
    }
    take(&c->due, SIZE_MAX, req);
    return 1;
}

static int check_items(struct audit *audit, struct checker *c, struct witness_result *w,
                       bool *refused, struct err *err)
{
    struct fetch_opts opts = { .set = &audit->set,
                               .client_key = audit->key,
                               .client_secret = audit->secret };
    struct ask_source source = { next_task, c };
    struct fetch_result result = {0};
    struct sink sink;
    int64_t failed;
    int rc;

    if (audit_sink(audit, true, &sink, err) ||
        witness_number(audit, META_VALIDATION_FAILED, &failed, err))
        return -1;
    rc = audit->ask.validate(&opts, &source, &sink, &result, err);
    store_sink_release(&sink);
    arm_told_spent(audit, &result);
    w->requests += result.requests;
    w->sends += result.sends;
    if (witness_conclude(audit, "the validity check", rc, w, refused, err))
        return -1;
    if (result.failed)
        log_warn("the validity check gave no answer to %" PRId64 " of " COUNTED, result.failed,
                 COUNT_OF(result.requests, "task", "tasks"));
    return witness_set_number(audit, META_VALIDATION_FAILED, result.failed ? failed + 1 : 0, err);
}

int validity_run(struct audit *audit, bool ask, struct witness_result *w,
                 bool *any_refused, struct err *err)
{
    struct checker c = {0};
    int64_t failed = 0;
    bool refused = false;
    size_t tasks;
    int rc = -1;

    if (witness_number(audit, META_VALIDATION_FAILED, &failed, err))
        return -1;
    if (failed >= WITNESS_TRIES)
        return 0;
    if (collect_items(audit, &c, err))
        goto out;
    if (ask && c.due.n + c.sample.n > 0) {
        tasks = (c.due.n + VALIDATE_MAX - 1) / VALIDATE_MAX;
        c.per_task = tasks ? (c.sample.n + tasks - 1) / tasks : 0;
        c.per_task = c.per_task < CANARIES_LEAST ? CANARIES_LEAST
            : c.per_task > VALIDATE_MAX / 2 ? VALIDATE_MAX / 2 : c.per_task;
        if (check_items(audit, &c, w, &refused, err))
            goto out;
        checker_release(&c);
        if (collect_items(audit, &c, err))
            goto out;
    }
    w->left += refused ? 0 : (int64_t)(c.due.n + c.sample.n);
    *any_refused = *any_refused || refused;
    rc = 0;
out:
    checker_release(&c);
    return rc;
}

struct cost validity_forecast(const struct cost_case *c)
{
    const struct to_come *of = c->of;
    int64_t silent = view_touched(of->view) - view_found(of->view) +
                     forecast_silent(&of->f, c->odds);
    int64_t ids = silent + read_sample_of(of->set, view_found(of->view) + of->f.first);
    int64_t calls = c->odds == ODDS_LOW ? TASK_LOW : c->odds == ODDS_MID ? TASK_MID : TASK_HIGH;

    if (!of->set->api_validation)
        return cost_of(c, 0);
    if (of->done[PHASE_VALIDATION].calls)
        ids = of->to_witness;
    return cost_of(c, cost_up(ids, VALIDATE_MAX) * calls);
}
