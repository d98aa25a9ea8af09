/* fetch/user.c: is the account there at all, as far as the API is concerned? */
#include <string.h>
#include "base/json.h"
#include "base/json_out.h"
#include "fetch/search.h"
#include "fetch/serial.h"
#include "fetch/user.h"
#include "platform/tiktok.h"

/* No more is asked for than is needed: what an account calls itself, and its
 * picture, are nobody's business here. */
#define INFO_PATH TIKTOK_API_USER "?fields=is_verified,video_count"
#define QUERY_PATH TIKTOK_API_QUERY "?fields=id,create_time,username"
#define PAGES_MAX 3                    // of empty pages that promise more

struct run { struct wire wire; struct arena reply; };

/* What a refusal of user/info says of the account; NONE where it says nothing. */
static enum user_info refusal_says(struct str message)
{
    if (str_find_nocase(message, STR("cannot return this user"), 0) >= 0)
        return USER_INFO_DENIED;
    if (str_find_nocase(message, STR("cannot find the user"), 0) >= 0 ||
        (str_find_nocase(message, STR("user"), 0) >= 0 &&
         str_find_nocase(message, STR("is invalid"), 0) >= 0))
        return USER_INFO_UNKNOWN;
    return USER_INFO_NONE;
}

static void take_rows(const struct reply *re, struct request *req, struct user_answer *u)
{
    for (size_t i = 0; i < re->rows; i++) {
        u->query_rows++;
        req->rows++;
        for (size_t m = 0; m < req->members; m++)
            if (req->member[m].id == re->row[i].id && !req->member[m].came_back) {
                req->member[m].came_back = true;
                u->query_items++;
            }
    }
}

static int ask(struct run *r, struct request *req, const char *path, struct str body,
               struct wire_reply *re, struct err *err)
{
    const struct wire_call call = { .path = path, .type = "application/json", .body = body };

    return serial_ask(&r->wire, req, &call, &r->reply, re, err);
}

/* The first page with rows is enough: the question is whether there are any. */
static int ask_query(struct run *r, const struct user_task *t, struct user_answer *u,
                     struct err *err)
{
    struct request req = { .witness = WITNESS_USERNAME,
                           .start_day = t->start_day,
                           .end_day = t->end_day,
                           .member = t->member,
                           .members = t->members };
    struct buf body = { 0 }, search = { 0 };
    struct wire_reply re = { 0 };
    int64_t cursor = 0;
    int rc = 0;

    for (int page = 0; page < PAGES_MAX && !u->query_ok; page++) {
        search_body(&body, &(struct search){ .handle = t->handle,
                                             .start_day = t->start_day,
                                             .end_day = t->end_day,
                                             .cursor = cursor,
                                             .search_id = buf_view(&search) });
        rc = ask(r, &req, QUERY_PATH, buf_view(&body), &re, err);
        if (rc || re.what != API_OK)
            break;
        take_rows(&re.env, &req, u);
        u->query_ok = u->query_rows > 0 || (re.env.has_has_more && !re.env.has_more);
        if (!re.env.has_cursor || re.env.cursor <= cursor)
            break;
        cursor = re.env.cursor;
        buf_clear(&search);
        buf_str(&search, re.env.search_id);
    }
    u->request = req.n;
    u->at = req.done_at;
    if (rc == 0 && re.what == API_FAIL)
        wire_give_up(&r->wire, &req, &re.env);
    if (rc)
        serial_abandon(&r->wire, &req, err);
    else
        rc = wire_done(&r->wire, &req, u->query_ok, err);
    r->wire.sum->failed += rc == 0 && !u->query_ok;
    buf_release(&search);
    buf_release(&body);
    return rc;
}

/* The answer holds no username, so what is known is that there is one. */
static void read_info(struct str body, struct user_answer *u)
{
    struct json_doc doc = { 0 };
    struct err ignored = { 0 };
    const struct json *data;

    if (json_parse(body, &doc, &ignored))
        return;
    data = json_get(doc.root, "data");
    if (json_kind(data) == JSON_OBJECT && json_len(data) > 0)
        u->info = USER_INFO_KNOWN;
    u->has_videos = json_i64(json_get(data, "video_count"), &u->videos);
    json_free(&doc);
}

static int ask_info(struct run *r, const struct user_task *t, struct user_answer *u,
                    struct arena *mem, struct err *err)
{
    struct sink *sink = r->wire.sink;
    struct request req = { .witness = WITNESS_USERNAME };
    struct buf body = { 0 };
    struct json_out o = { .buf = &body, .style = JSON_COMPACT };
    struct wire_reply re;
    int rc;

    json_open(&o, NULL);
    json_put_text(&o, "username", t->handle);
    json_close(&o);
    rc = ask(r, &req, INFO_PATH, buf_view(&body), &re, err);
    buf_release(&body);
    if (rc) {
        serial_abandon(&r->wire, &req, err);
        return -1;
    }
    u->request = req.n;
    u->at = req.done_at;
    if (re.what == API_OK)
        read_info(re.body, u);
    else if (re.what == API_FAIL)
        u->info = refusal_says(re.env.message);
    if (re.what == API_FAIL && u->info == USER_INFO_NONE)
        wire_give_up(&r->wire, &req, &re.env);
    u->message = arena_dup(mem, str_sub(re.env.message, 0, 200));
    r->wire.sum->failed += u->info == USER_INFO_NONE;
    if (sink->user && sink->user(sink->to, &req, u, err))
        return -1;
    return wire_done(&r->wire, &req, u->info != USER_INFO_NONE, err);
}

int user_run(const struct fetch_opts *opts, struct user_source *source, struct sink *sink,
             struct fetch_result *out, struct err *err)
{
    struct arena mem = { 0 };
    struct run r = { 0 };
    struct user_task task;
    int rc, got = 0;

    rc = wire_init(&r.wire, opts, sink, out, 1, err);
    while (rc == 0 && !r.wire.ending) {
        struct user_answer u = { .info = USER_INFO_NONE };

        arena_clear(&mem);
        memset(&task, 0, sizeof task);
        if ((got = source->next(source->from, &mem, &task, err)) != 1)
            break;
        u.handle = task.handle;
        u.item = task.item;
        u.start_day = task.start_day;
        u.end_day = task.end_day;
        rc = ask_query(&r, &task, &u, err) || ask_info(&r, &task, &u, &mem, err) ? -1 : 0;
    }
    if (rc == 0 && r.wire.ending) {
        *err = r.wire.end;
        rc = -1;
    }
    wire_release(&r.wire);
    arena_release(&r.reply);
    arena_release(&mem);
    return rc || got < 0 ? -1 : 0;
}
