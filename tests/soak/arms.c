/* tests/soak/arms.c: fetch, answered from the world, and what the arms share. */
#include "tests/soak/arms.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "base/utc.h"
#include "fetch/window.h"
#include "record/id.h"

#define FAILED_IN_ROW_MAX 8         // as fetch_run: then the API counts as down
#define DOWN_RETRY_S 900

struct arms *soak_arms;
const struct answerers soak_answerers = {
    .fetch = soak_fetch, .scrape = soak_scrape, .validate = soak_validate, .users = soak_users
};

void soak_clock(struct arms *a, int64_t ms)
{
    char text[32];
    int n = snprintf(text, sizeof text, "%" PRId64 ".%03d\n", ms / 1000, (int)(ms % 1000));

    a->now_ms = ms;
    if (pwrite(a->clock, text, (size_t)n, 0) != n)
        die("the clock file cannot be written");
}

int64_t soak_now(const struct arms *a)
{
    return a->now_ms / 1000;
}

void soak_mortal(struct arms *a)
{
    if (a->lives > 0 && --a->lives == 0)
        raise(SIGKILL);
}

// ---- what came in since the last commit ----

static struct { const struct world_item *item; enum news news; } pending[4096];
static size_t pending_n;

static struct track *track_of(const struct arms *a, const struct world_item *it)
{
    return &a->track[it - a->platform.w->item];
}

void soak_note(const struct world_item *it, enum news news)
{
    if (pending_n == sizeof pending / sizeof *pending)
        die("more answers between two commits than the watch can hold");
    pending[pending_n].item = it;
    pending[pending_n++].news = news;
}

void soak_committed(const struct arms *a)
{
    for (size_t i = 0; i < pending_n; i++) {
        struct track *t = track_of(a, pending[i].item);
        enum news news = pending[i].news;

        t->found |= news == NEWS_FOUND;
        if (news == NEWS_FOUND)
            continue;
        t->read = true;
        t->told_public = news == NEWS_PUBLIC;
        t->told_dead = news == NEWS_DEAD;
    }
    pending_n = 0;
}

// ---- what must not happen ----

static bool window_has(const struct request *req, int64_t day)
{
    return day > req->start_day && day < req->end_day;      // a day of slack on both sides
}

/* The day of the id, the page's where it was read, or the window behind the
 * id's own where no page answers. */
static bool window_fits_item(const struct arms *a, const struct request *req,
                             const struct world_item *it)
{
    const struct track *t = track_of(a, it);
    int64_t by_id = utc_day(id_time(it->id));

    return window_has(req, by_id) || (t->told_public && window_has(req, utc_day(it->created_at))) ||
           (!t->read && window_has(req, by_id + WINDOW_SPAN_DAYS));
}

static void watch_members(struct arms *a, const struct request *req)
{
    int64_t dead = 0, open = 0;

    a->watch.malformed += req->members > 100 || req->end_day - req->start_day >= WINDOW_DAYS;
    for (size_t i = 0; i < req->members; i++) {
        const struct world_item *it = world_find(a->platform.w, req->member[i].id);
        const struct track *t;

        if (!it)
            continue;
        t = track_of(a, it);
        dead += t->told_dead;
        open += !t->told_dead && !t->found;
        a->watch.wrong_window += !t->told_dead && !window_fits_item(a, req, it);
        for (size_t k = 0; k < i; k++)
            a->watch.malformed += req->member[k].id == it->id;
    }
    if (dead && open)
        a->watch.dead_beside_open += dead;
}

void soak_sent(struct arms *a, enum witness witness)
{
    int64_t day = utc_day(soak_now(a)) - utc_day(a->platform.w->params.clock);

    *(witness == WITNESS_QUERY ? &a->watch.requests : &a->watch.others) += 1;
    if (day >= 0 && day < (int64_t)(sizeof a->watch.per_day / sizeof *a->watch.per_day))
        a->watch.over_quota += ++a->watch.per_day[day] > a->daily;
    soak_clock(a, a->now_ms + (int64_t)a->ask_ms);
    soak_mortal(a);
}

// ---- the API ----

void soak_record(const struct arms *a, const struct world_item *it, struct arena *mem,
                 struct record *r)
{
    char handle[WORLD_HANDLE_MAX];

    memset(r, 0, sizeof *r);
    r->id = it->id;
    r->val[FIELD_CREATED] = value_int(it->created_at);
    platform_handle(&a->platform, it->account, soak_now(a), handle);
    r->val[FIELD_AUTHOR] = value_text(arena_dup(mem, str_of(handle)));
}

static void made_api_record(const struct arms *a, const struct world_item *it, struct arena *mem,
                            struct record *r)
{
    soak_record(a, it, mem, r);
    r->val[FIELD_VIEWS] = value_int((int64_t)(it->id >> 40 & 0xffff));
    r->val[FIELD_LIKES] = value_int((int64_t)(it->id >> 40 & 0xff));
}

/* What one send brings: who came back, or a 500. */
static enum reply_kind answer_query(struct arms *a, const struct request *req, uint64_t *id,
                                    bool *back)
{
    struct question q = { id,           req->members, req->start_day,
                          req->end_day, soak_now(a),  ++a->number };

    for (size_t i = 0; i < req->members; i++) {
        const struct world_item *it = world_find(a->platform.w, req->member[i].id);

        id[i] = req->member[i].id;
        if (it && platform_has(&a->platform, it, q.at))
            track_of(a, it)->chance = true;
    }
    return platform_query(&a->platform, &q, back);
}

static int put_rows(struct arms *a, struct request *req, const bool *back, struct arena *mem,
                    const struct sink *sink, struct fetch_result *sum, struct err *err)
{
    for (size_t i = 0; i < req->members; i++) {
        struct ask_member *m = &req->member[i];
        const struct world_item *it = back[i] ? world_find(a->platform.w, m->id) : NULL;
        struct record record;
        struct answer answer = { .id = m->id,
                                 .item = m->item,
                                 .witness = req->witness,
                                 .kind = ANSWER_FOUND,
                                 .at = req->done_at,
                                 .request = req->n,
                                 .generation = GENERATION_API };

        if (!it) {
            sum->absent++;
            continue;
        }
        made_api_record(a, it, mem, &record);
        answer.record = &record;
        soak_note(it, NEWS_FOUND);
        m->came_back = true;
        req->rows++;
        sum->found++;
        if (sink->put(sink->to, req, &answer, err))
            return -1;
    }
    return 0;
}

static void stamp(const struct arms *a, struct request *req, enum reply_kind kind)
{
    req->sent_at = req->done_at = soak_now(a);
    req->http = kind == REPLY_OK ? 200 : 500;
    req->complete = kind == REPLY_OK;
    snprintf(req->error_code, sizeof req->error_code, "%s",
             kind == REPLY_OK ? "ok" : "internal_error");
}

/* One request to its end, with the retries of fetch_run: each is charged.
 * -1 with ERR_QUOTA where the day is used up. */
static int ask_one(struct arms *a, const struct settings *set, struct request *req,
                   struct arena *mem, const struct sink *sink, struct fetch_result *sum,
                   struct err *err)
{
    uint64_t *id = arena_alloc(mem, (req->members + 1) * sizeof *id);
    bool *back = arena_alloc(mem, req->members + 1);
    struct err quota = {0};
    enum reply_kind kind = REPLY_500;

    for (int64_t tries = 0; kind == REPLY_500 && tries < set->api_attempts; tries++) {
        if (sink->reserve(sink->to, req, &quota)) {
            if (req->sends == 0 || quota.kind != ERR_QUOTA) {
                *err = quota;
                return -1;
            }
            break;
        }
        if (tries == 0)
            watch_members(a, req);
        req->sends++;
        sum->sends++;
        soak_sent(a, req->witness);
        kind = answer_query(a, req, id, back);
    }
    stamp(a, req, kind);
    soak_mortal(a);
    if (kind == REPLY_OK && put_rows(a, req, back, mem, sink, sum, err))
        return -1;
    soak_mortal(a);
    sum->requests++;
    sum->failed += kind != REPLY_OK;
    sum->incomplete += kind != REPLY_OK;
    if (sink->done(sink->to, req, err))
        return -1;
    soak_committed(a);
    soak_mortal(a);
    if (sink->commit(sink->to, err))
        return -1;
    if (quota.kind)
        *err = quota;
    return quota.kind ? -1 : 0;
}

int soak_fetch(const struct fetch_opts *opts, struct ask_source *source, struct sink *sink,
               struct fetch_result *out, struct err *err)
{
    struct arms *a = soak_arms;
    struct arena mem = {0};
    int64_t when_dry = -1, failed_in_row = 0;
    int rc = 0, got;

    memset(out, 0, sizeof *out);
    while (rc == 0) {
        struct request req = {0};
        int64_t failed = out->failed;

        arena_clear(&mem);
        if ((got = source->next(source->from, &mem, &req, err)) < 0) {
            rc = -1;
        } else if (got == 0) {
            /* As fetch_run: answers since may have given the source more to ask. */
            if (when_dry == out->requests)
                break;
            when_dry = out->requests;
        } else {
            rc = ask_one(a, opts->set, &req, &mem, sink, out, err);
            failed_in_row = out->failed > failed ? failed_in_row + 1 : 0;
        }
        if (rc == 0 && failed_in_row >= FAILED_IN_ROW_MAX) {
            rc = err_set(err, ERR_AGAIN, "the API does not answer properly");
            err->retry_at = soak_now(a) + DOWN_RETRY_S;
        }
    }
    out->quota = rc && err->kind == ERR_QUOTA;
    out->retry_at = rc ? err->retry_at : 0;
    arena_release(&mem);
    return rc;
}
