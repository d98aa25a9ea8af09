/* tests/soak/witness.c: the API's other answers: the validity check and the
 * questions by username. What they cost is charged, and counted apart. */
#include <stdio.h>
#include <string.h>
#include "base/utc.h"
#include "tests/soak/arms.h"

#define TASK_SENDS 3                // create, status, download

/* n sends of one request. 0 = as many as that; else the error of the sink. */
static int send_all(struct arms *a, struct request *req, int n, const struct sink *sink,
                    struct fetch_result *sum, struct err *err)
{
    for (int i = 0; i < n; i++) {
        if (sink->reserve(sink->to, req, err))
            return -1;
        req->sends++;
        sum->sends++;
        soak_sent(a, req->witness);
    }
    return 0;
}

static int close_request(const struct arms *a, struct request *req, bool complete,
                         const struct sink *sink, struct fetch_result *sum, struct err *err)
{
    req->sent_at = req->done_at = a->now_ms / 1000;
    req->http = 200;
    req->complete = complete;
    snprintf(req->error_code, sizeof req->error_code, "%s", complete ? "ok" : "cut_short");
    sum->requests++;
    sum->incomplete += !complete;
    for (size_t i = 0; i < req->members; i++) {
        sum->found += req->member[i].came_back;
        sum->absent += complete && !req->member[i].came_back;
    }
    return sink->done(sink->to, req, err) || sink->commit(sink->to, err) ? -1 : 0;
}

/* What was sent before the day was used up is closed as incomplete. */
static int close_after(const struct arms *a, struct request *req, int rc, const struct sink *sink,
                       struct fetch_result *sum, struct err *err)
{
    struct err later = {0};

    if (rc == 0)
        return close_request(a, req, true, sink, sum, err);
    if (req->sends && close_request(a, req, false, sink, sum, &later))
        *err = later;
    return -1;
}

int soak_validate(const struct fetch_opts *opts, struct ask_source *source, struct sink *sink,
                  struct fetch_result *out, struct err *err)
{
    struct arms *a = soak_arms;
    struct arena mem = {0};
    int got = 0, rc = 0;

    (void)opts;
    memset(out, 0, sizeof *out);
    while (rc == 0) {
        struct request req = {0};

        arena_clear(&mem);
        if ((got = source->next(source->from, &mem, &req, err)) != 1)
            break;
        rc = send_all(a, &req, TASK_SENDS, sink, out, err);
        for (size_t i = 0; rc == 0 && i < req.members; i++) {
            const struct world_item *it = world_find(a->platform.w, req.member[i].id);

            req.member[i].came_back = it && platform_has(&a->platform, it, a->now_ms / 1000);
            req.rows += req.member[i].came_back;
        }
        rc = close_after(a, &req, rc, sink, out, err);
    }
    out->quota = rc && err->kind == ERR_QUOTA;
    arena_release(&mem);
    return rc || got < 0 ? -1 : 0;
}

// ---- accounts ----

const struct world_account *soak_account(const struct arms *a, struct str handle)
{
    const struct world *w = a->platform.w;
    char name[WORLD_HANDLE_MAX];

    for (size_t i = 0; i < w->accounts; i++)
        if (str_eq(handle,
                   str_of(platform_handle(&a->platform, (uint32_t)i, a->now_ms / 1000, name))))
            return &w->account[i];
    return NULL;
}

bool soak_all_are(const struct arms *a, const struct world_account *account, enum reason reason)
{
    for (uint32_t i = 0; i < account->items; i++)
        if (a->platform.w->item[account->first + i].reason != reason)
            return false;
    return account->items > 0;
}

static void count_rows(const struct arms *a, const struct world_account *account,
                       struct request *req, struct user_answer *u)
{
    const struct world *w = a->platform.w;

    for (uint32_t i = 0; account && i < account->items; i++) {
        const struct world_item *it = &w->item[account->first + i];
        int64_t day = utc_day(it->created_at);

        if (day < req->start_day || day > req->end_day ||
            !platform_has(&a->platform, it, a->now_ms / 1000))
            continue;
        u->query_rows++;
        req->rows++;
        for (size_t m = 0; m < req->members; m++)
            if (req->member[m].id == it->id) {
                req->member[m].came_back = true;
                u->query_items++;
            }
    }
    u->query_ok = true;
}

/* An account whose every post is refused as gone, or that has no such name, is unknown to the API.
 */
static enum user_info info_of(const struct arms *a, const struct world_account *account)
{
    if (!account || a->platform.w->item[account->first].reason == REASON_ACCOUNT_GONE)
        return USER_INFO_UNKNOWN;
    return account->group == WORLD_GROUP_EXCLUDED ? USER_INFO_DENIED : USER_INFO_KNOWN;
}

static int ask_account(struct arms *a, const struct user_task *task, const struct sink *sink,
                       struct fetch_result *out, struct err *err)
{
    const struct world_account *account = soak_account(a, task->handle);
    struct request query = { .witness = WITNESS_USERNAME,
                             .start_day = task->start_day,
                             .end_day = task->end_day,
                             .member = task->member,
                             .members = task->members };
    struct request info = { .witness = WITNESS_USERNAME };
    struct user_answer u = { .handle = task->handle,
                             .item = task->item,
                             .start_day = task->start_day,
                             .end_day = task->end_day };

    if (send_all(a, &query, 1, sink, out, err))
        return -1;
    count_rows(a, account, &query, &u);
    if (close_request(a, &query, true, sink, out, err) || send_all(a, &info, 1, sink, out, err))
        return -1;
    u.request = info.n;
    u.at = a->now_ms / 1000;
    u.info = info_of(a, account);
    if (sink->user && sink->user(sink->to, &info, &u, err))
        return -1;
    return close_request(a, &info, true, sink, out, err);
}

int soak_users(const struct fetch_opts *opts, struct user_source *source, struct sink *sink,
               struct fetch_result *out, struct err *err)
{
    struct arena mem = {0};
    int got = 0, rc = 0;

    (void)opts;
    memset(out, 0, sizeof *out);
    while (rc == 0) {
        struct user_task task = {0};

        arena_clear(&mem);
        if ((got = source->next(source->from, &mem, &task, err)) != 1)
            break;
        rc = ask_account(soak_arms, &task, sink, out, err);
    }
    out->quota = rc && err->kind == ERR_QUOTA;
    arena_release(&mem);
    return rc || got < 0 ? -1 : 0;
}
