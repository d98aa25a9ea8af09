/* fetch/validate.c: create, wait, download. */
#include <stdlib.h>
#include <string.h>
#include "base/json.h"
#include "base/json_out.h"
#include "base/utc.h"
#include "fetch/serial.h"
#include "fetch/validate.h"
#include "record/id.h"

#define BOUNDARY "blindspot-5b1d0c7e92"
/* Every look at a task costs a call, so the waits double: 5, 10, 20 ... times
 * api.retry_base_ms, two minutes at most; 12 looks take about 16 minutes. */
#define LOOKS_MAX 12
#define FIRST_LOOK 5
#define LOOK_WAIT_MAX_MS 120000

/* The form that creates a task; boundary is a word that occurs in no id. */
static void form(struct buf *out, const struct request *req, const char *boundary)
{
    char id[ID_TEXT_MAX];

    buf_printf(out, "--%s\r\nContent-Disposition: form-data; name=\"category\"\r\n\r\nvideo\r\n",
               boundary);
    buf_printf(
        out,
        "--%s\r\nContent-Disposition: form-data; name=\"file_data\"; filename=\"ids.txt\"\r\n"
        "Content-Type: text/plain\r\n\r\n",
        boundary);
    for (size_t i = 0; i < req->members; i++)
        buf_printf(out, "%s\n", id_text(req->member[i].id, id));
    buf_printf(out, "\r\n--%s--\r\n", boundary);
}

/* ---- the list ---- */

static int by_id(const void *a, const void *b)
{
    const struct ask_member *const *x = a, *const *y = b;

    return ((*x)->id > (*y)->id) - ((*x)->id < (*y)->id);
}

static struct ask_member *find(struct ask_member **sorted, size_t n, uint64_t id)
{
    struct ask_member key = { .id = id }, *wanted = &key;
    struct ask_member **at = bsearch(&wanted, sorted, n, sizeof *sorted, by_id);

    return at ? *at : NULL;
}

bool validate_read(struct str text, struct request *req, int *strange)
{
    struct ask_member **sorted = xcalloc(req->members ? req->members : 1, sizeof *sorted),
                      *m = NULL;
    bool ended = text.n == 0 || text.p[text.n - 1] == '\n', whole = true;
    struct str line;
    uint64_t id;

    *strange = 0;
    for (size_t i = 0; i < req->members; i++) {
        sorted[i] = &req->member[i];
        sorted[i]->came_back = false;
    }
    qsort(sorted, req->members, sizeof *sorted, by_id);
    req->rows = 0;
    while (str_cut(&text, '\n', &line)) {
        line = str_trim(line);
        if (line.n == 0)
            continue;
        m = str_u64(line, &id) ? find(sorted, req->members, id) : NULL;
        whole = m || ended || text.n > 0;
        if (!m || m->came_back) {
            *strange += 1;
            continue;
        }
        m->came_back = true;
        req->rows++;
    }
    free(sorted);
    return whole;
}

/* ---- the three calls ---- */

struct task { struct wire *wire; struct request *req; struct arena reply; struct buf id, body; };

/* Text of data.KEY, a number as its digits: a documented task id has 20. */
static bool data_text(struct str body, const char *key, struct buf *out)
{
    struct json_doc doc = { 0 };
    struct err ignored = { 0 };
    const struct json *j;
    struct str text;
    uint64_t n;
    bool has = false;

    buf_clear(out);
    if (json_parse(body, &doc, &ignored) == 0) {
        j = json_get(json_get(doc.root, "data"), key);
        if ((has = json_text(j, &text)))
            buf_str(out, text);
        else if ((has = json_u64(j, &n)))
            buf_printf(out, "%llu", (unsigned long long)n);
    }
    json_free(&doc);
    return has && out->n > 0;
}

/* 1 and a reply, 0 where the call failed (error_code says why), -1. */
static int task_send(struct task *t, const struct wire_call *call, struct wire_reply *re,
                     struct err *err)
{
    if (serial_ask(t->wire, t->req, call, &t->reply, re, err))
        return -1;
    if (re->what == API_FAIL)
        wire_give_up(t->wire, t->req, &re->env);
    return re->what == API_OK;
}

/* A question about the task that was created. */
static int task_ask(struct task *t, const char *path, bool text, struct wire_reply *re,
                    struct err *err)
{
    const struct wire_call call = { .path = path, .type = "application/json",
                                    .body = buf_view(&t->body), .text = text };

    return task_send(t, &call, re, err);
}

static int create(struct task *t, struct err *err)
{
    struct wire_reply re;
    uint64_t id;
    int got;

    buf_clear(&t->body);
    form(&t->body, t->req, BOUNDARY);
    got = task_send(t,
                    &(struct wire_call){ .path = TIKTOK_API_VALIDATE,
                                         .type = "multipart/form-data; boundary=" BOUNDARY,
                                         .body = buf_view(&t->body) },
                    &re, err);
    if (got == 1 && (!data_text(re.body, "task_id", &t->id) || !str_u64(buf_view(&t->id), &id))) {
        wire_note(t->req, "no_task_id");
        got = 0;
    }
    return got;
}

static void body_of_task(struct task *t)
{
    struct json_out o = { .buf = &t->body, .style = JSON_COMPACT };

    buf_clear(&t->body);
    json_open(&o, NULL);
    json_put_raw(&o, "task_id", buf_view(&t->id));      // a number above 2^63
    json_close(&o);
}

/* 1 when the task is completed, 0 when it failed or takes too long, -1. */
static int await(struct task *t, const struct settings *set, struct err *err)
{
    int64_t wait = FIRST_LOOK * set->api_retry_base_ms;
    struct buf status = { 0 };
    struct wire_reply re;
    int got = 1;

    body_of_task(t);
    for (int looks = 0; looks < LOOKS_MAX; looks++) {
        utc_wait_ms(wait > LOOK_WAIT_MAX_MS ? LOOK_WAIT_MAX_MS : wait);
        wait *= 2;
        got = task_ask(t, TIKTOK_API_VALIDATE_STATUS, false, &re, err);
        if (got != 1)
            goto out;
        if (!data_text(re.body, "task_status", &status))
            buf_puts(&status, "no status");
        if (str_eq_nocase(buf_view(&status), STR("Completed")))
            goto out;
        if (!str_eq_nocase(buf_view(&status), STR("Processing"))) {
            wire_note(t->req,
                 str_eq_nocase(buf_view(&status), STR("Failed")) ? "task_failed" : "task_status");
            got = 0;
            goto out;
        }
    }
    wire_note(t->req, "task_processing");
    got = 0;
out:
    buf_release(&status);
    return got;
}

static bool canaries_are_silent(const struct request *req)
{
    size_t canaries = 0;

    for (size_t i = 0; i < req->members; i++) {
        if (req->member[i].role != ROLE_CANARY)
            continue;
        if (req->member[i].came_back)
            return false;
        canaries++;
    }
    return canaries > 0;
}

/* Where the list is cut or says nothing about a canary, nobody came back: a
 * part of an answer is none. */
static void forget(struct request *req, const char *why)
{
    for (size_t i = 0; i < req->members; i++)
        req->member[i].came_back = false;
    req->rows = 0;
    wire_note(req, why);
}

static int download(struct task *t, struct err *err)
{
    struct wire_reply re;
    int strange = 0, got;

    body_of_task(t);
    got = task_ask(t, TIKTOK_API_VALIDATE_LIST, true, &re, err);
    if (got != 1)
        return got;
    if (!re.is_text) {
        wire_note(t->req, "no_list");
        return 0;
    }
    if (!validate_read(re.body, t->req, &strange)) {
        forget(t->req, "cut_list");
        return 0;
    }
    t->req->strange_rows = strange;
    t->wire->sum->strange_rows += strange;
    if (strange &&
        t->wire->sink->drift(t->wire->sink->to, "strange_row", STR("validation"), strange,
                             t->req->done_at, err))
        return -1;
    if (canaries_are_silent(t->req)) {
        forget(t->req, "no_canary");
        return 0;
    }
    return 1;
}

static int run_task(struct wire *w, struct request *req, struct err *err)
{
    struct task t = { .wire = w, .req = req };
    int got = create(&t, err);

    if (got == 1)
        got = await(&t, w->set, err);
    if (got == 1)
        got = download(&t, err);
    buf_release(&t.id);
    buf_release(&t.body);
    arena_release(&t.reply);
    if (got < 0) {
        serial_abandon(w, req, err);
        return -1;
    }
    w->sum->failed += got == 0;
    return wire_done(w, req, got == 1, err);
}

int validate_run(const struct fetch_opts *opts, struct ask_source *source, struct sink *sink,
                 struct fetch_result *out, struct err *err)
{
    struct arena mem = { 0 };
    struct request req;
    struct wire wire;
    int rc, got = 0;

    rc = wire_init(&wire, opts, sink, out, 1, err);
    while (rc == 0 && !wire.ending) {
        arena_clear(&mem);
        memset(&req, 0, sizeof req);
        if ((got = source->next(source->from, &mem, &req, err)) != 1)
            break;
        if (req.members == 0 || req.members > VALIDATE_MAX)
            die("a task of the validity check with %zu ids", req.members);
        rc = run_task(&wire, &req, err);
    }
    if (rc == 0 && wire.ending) {
        *err = wire.end;
        rc = -1;
    }
    wire_release(&wire);
    arena_release(&mem);
    return rc || got < 0 ? -1 : 0;
}
