/* tests/unit/test_scrape.c: scrape_run against a small server on loopback. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include <netinet/in.h>
#include <libdeflate.h>
#include <microhttpd.h>
#include "base/stop.h"
#include "base/utc.h"
#include "record/creator.h"
#include "record/id.h"
#include "scrape/scrape.h"
#include "tests/unit/fake_page.h"

#define BASE_ID 7341234567890123000u
#define TASKS 1200

/* ---- the server: what it answers follows from the last digits of the id ---- */

struct reply { int status; const char *header, *value; struct buf body; };
static atomic_int hits, under_way, most_under_way, blocks_left, delay_ms;
static atomic_int hit_of[1000];
static char seen_headers[4000], seen_cookie[200], base[64], short_base[64];
static struct MHD_Daemon *server, *short_server;

static void page_for(struct reply *r, const char *id)
{
    char detail[4000];

    snprintf(
        detail, sizeof detail,
        "{\"itemInfo\":{\"itemStruct\":{\"id\":\"%s\",\"createTime\":\"1709280021\","
        "\"author\":{\"uniqueId\":\"lena_k\"},\"video\":{\"playAddr\":\"u\"},"
        "\"stats\":{\"playCount\":3}}},"
        "\"statusCode\":0}",
        id);
    fake_page(&r->body, "webapp.video-detail", detail, FAKE_CANONICAL, 4000, 1);
}

static void gzip_body(struct buf *body)
{
    struct libdeflate_compressor *c = libdeflate_alloc_compressor(6);
    struct buf out = { 0 };

    buf_grow(&out, body->n + 1000);
    out.n = libdeflate_gzip_compress(c, body->p, body->n, out.p, body->n + 1000);
    libdeflate_free_compressor(c);
    buf_release(body);
    *body = out;
}

/* Cases of a page by number. */
enum {
    PAGE_PUBLIC = 0,
    PAGE_GZIP = 1,
    PAGE_DELETED = 2,
    PAGE_CHALLENGE = 3,
    PAGE_EMPTY = 4,
    PAGE_GONE = 5,
    PAGE_MOVED = 6,
    PAGE_OFF_SITE = 7,
    PAGE_LOGIN = 8,
    PAGE_5XX = 9,
    PAGE_FORBIDDEN = 10,
    PAGE_DROPPED = 11,
    PAGE_LATER = 12,
    PAGE_LATER_DATE = 13,
    PAGE_FLAKY = 14,
    PAGE_LOOP = 15,
    PAGE_SOON = 16,
    PAGE_BAD_GZIP = 17,
    PAGE_STRIPPED = 18,
    PAGE_ODD_CODE = 19,
    PAGE_CASES = 20
};

static void embed_case(struct reply *r, const char *id, int which)
{
    if (which == PAGE_FORBIDDEN) {
        r->status = 503;
        buf_puts(&r->body, "overload-protect triggered");
        return;
    }
    r->status = which == PAGE_DELETED ? 400 : 200;
    buf_printf(&r->body,
               "<html><script id=\"__FRONTITY_CONNECT_STATE__\" type=\"application/json\">"
               "{\"source\":{\"data\":{\"/embed/v2/%s?lang=en\":{\"isReady\":true,%s",
               id, which == PAGE_DELETED ? "\"errorCode\":10204,\"isError\":true" : "");
    if (which != PAGE_DELETED)
        buf_printf(&r->body,
                   "\"code\":200,\"isError\":false,\"videoData\":{\"itemInfos\":{\"id\":\"%s\","
                   "\"createTime\":\"1709280021\",\"playCount\":\"3\"},\"authorInfos\":"
                   "{\"uniqueId\":\"lena_k\"}}",
                   id);
    buf_puts(&r->body, "}}}}</script></html>");
}

static void redirect(struct reply *r, const char *to)
{
    r->status = 302;
    r->header = "Location";
    r->value = to;
}

static void page_case(struct reply *r, const char *url, const char *id, int which, char *text)
{
    switch (which) {
    case PAGE_DELETED:
        fake_page(&r->body, "webapp.video-detail",
                  "{\"statusCode\":10204,\"statusMsg\":\"status_deleted\"}", FAKE_CANONICAL, 1000,
                  2);
        return;
    case PAGE_ODD_CODE:
        fake_page(&r->body, "webapp.video-detail",
                  strstr(id, "019") ? "{\"statusCode\":77002}" : "{\"statusCode\":77001}",
                  FAKE_CANONICAL, 1000, 2);
        return;
    case PAGE_CHALLENGE:
        buf_puts(&r->body,
                 "<html>Please wait...<p id=\"wci\" class=\"_wafchallengeid\"></p></html>");
        return;
    case PAGE_EMPTY:
        return;
    case PAGE_STRIPPED:
        buf_puts(
            &r->body,
            "<html><head><title>TikTok - Make Your Day</title></head><body><div id=\"app\"></div>"
            "</body></html>");
        return;
    case PAGE_GONE: case PAGE_5XX: case PAGE_FORBIDDEN:
        r->status = which == PAGE_GONE ? 404 : which == PAGE_5XX ? 502 : 403;
        return;
    case PAGE_MOVED:
        sprintf(text, "%s/@moved/video/%s?x=1", base, id);
        if (strstr(url, "@moved"))
            break;
        redirect(r, text);
        return;
    case PAGE_OFF_SITE:
        redirect(r, "http://127.0.0.1:9/@x/video/7341234567890123007");
        return;
    case PAGE_LOGIN:
        redirect(r, "/login?redirect_url=x");
        return;
    case PAGE_LOOP:
        redirect(r, url);
        return;
    case PAGE_LATER: case PAGE_LATER_DATE: case PAGE_SOON:
        r->status = 429;
        r->header = "Retry-After";
        r->value = which == PAGE_LATER  ? "3600"
                   : which == PAGE_SOON ? "2"
                                        : "Fri, 01 Jan 2100 00:00:00 GMT";
        return;
    default:
        break;
    }
    page_for(r, id);
    if (which == PAGE_GZIP || which == PAGE_BAD_GZIP) {
        gzip_body(&r->body);
        r->header = "Content-Encoding";
        r->value = "gzip";
        r->body.p[r->body.n / 2] ^= which == PAGE_BAD_GZIP ? 0x55 : 0;
    }
}

/* The page of a creator: NAME_list, _busy (overloaded), _shape (nobody knows it), _gone, _code. */
static void creator_case(struct reply *r, const char *url)
{
    const char *name = strchr(url, '@') + 1;
    bool list = strstr(name, "_list") != NULL;

    if (strstr(name, "_busy")) {
        r->status = 503;
        buf_puts(&r->body, "overload-protect triggered");
        return;
    }
    buf_printf(&r->body,
               "<html><script id=\"__FRONTITY_CONNECT_STATE__\" type=\"application/json\">"
               "{\"source\":{\"data\":{\"%s\":{",
               url);
    if (list)
        buf_puts(&r->body, "\"isError\":false,\"videoList\":[{\"id\":\"7341234567890123456\"}]");
    else if (!strstr(name, "_shape")) {
        r->status = 400;
        buf_printf(&r->body, "\"isError\":true,\"errorCode\":%d",
                   strstr(name, "_gone") ? 10221 : 99999);
    }
    buf_puts(&r->body, "}}}}</script></html>");
}

static enum MHD_Result send_reply(struct MHD_Connection *c, struct reply *r)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(r->body.n, r->body.p,
                                                                    MHD_RESPMEM_MUST_COPY);
    enum MHD_Result rc;

    if (r->header)
        MHD_add_response_header(response, r->header, r->value);
    // libcurl sends again by itself where a connection in use turns out to be closed
    MHD_add_response_header(response, "Connection", "close");
    MHD_add_response_header(response, "Set-Cookie", "ttwid=crumb; Path=/");
    rc = MHD_queue_response(c, (unsigned)r->status, response);
    MHD_destroy_response(response);
    buf_release(&r->body);
    return rc;
}

static enum MHD_Result note_header(void *to, enum MHD_ValueKind kind, const char *key,
                                   const char *value)
{
    size_t n = strlen(seen_headers);

    (void)to, (void)kind;
    if (strcmp(key, "Cookie") == 0)
        snprintf(seen_cookie, sizeof seen_cookie, "%s", value);
    else
        snprintf(seen_headers + n, sizeof seen_headers - n, "%s: %s\n", key, value);
    return MHD_YES;
}

static enum MHD_Result answer(void *to, struct MHD_Connection *c, const char *url,
                              const char *method, const char *version, const char *data,
                              size_t *data_n, void **state)
{
    struct reply r = { .status = 200 };
    const char *id = strrchr(url, '/') + 1,
               *asked = MHD_lookup_connection_value(c, MHD_GET_ARGUMENT_KIND, "url");
    char text[200];
    int number, now, most;

    (void)to, (void)method, (void)version, (void)data, (void)data_n;
    if (!*state) {                       // first call: headers alone
        *state = &hits;
        return MHD_YES;
    }
    hits++;
    now = ++under_way;
    for (most = most_under_way;
         now > most && !atomic_compare_exchange_weak(&most_under_way, &most, now);)
        continue;
    if (asked)
        id = strrchr(asked, '/') + 1;
    number = strlen(id) == 19 ? atoi(id + 16) : 0;
    hit_of[number]++;
    if (delay_ms)
        usleep((useconds_t)delay_ms * 1000);
    under_way--;
    if (hits == 1) {
        seen_headers[0] = 0;
        MHD_get_connection_values(c, MHD_HEADER_KIND, note_header, NULL);
    } else if (!seen_cookie[0]) {
        const char *cookie = MHD_lookup_connection_value(c, MHD_HEADER_KIND, "Cookie");

        snprintf(seen_cookie, sizeof seen_cookie, "%s", cookie ? cookie : "");
    }
    if (blocks_left > 0) {
        blocks_left--;
        r.status = 403;
    } else if (strncmp(url, "/embed/@", 8) == 0) {
        creator_case(&r, url);
    } else if (strncmp(url, "/embed/v2/", 10) == 0) {
        embed_case(&r, id, number % PAGE_CASES);
    } else if (asked && number % PAGE_CASES == PAGE_DELETED) {
        r.status = 400;
        buf_puts(&r.body, "{\"message\":\"Something went wrong\",\"code\":400}");
    } else if (asked) {
        buf_puts(&r.body, "{\"author_unique_id\":\"lena_k\",\"html\":\"<blockquote>\"}");
    } else if (strcmp(url, "/ZMlive/") == 0) {
        redirect(&r, "/ZMhop/");
    } else if (strcmp(url, "/ZMhop/") == 0 || strcmp(url, "/t/ZTlive/") == 0) {
        sprintf(text, "%s/@lena_k/video/7341234567890123456?_r=1", base);
        redirect(&r, text);
    } else if (strcmp(url, "/ZMmute/") == 0) {
        buf_puts(&r.body, "<!DOCTYPE html><html><head><title>TikTok</title></head></html>");
    } else if (strcmp(url, "/ZMempty/") == 0) {
        r.status = 200;
    } else if (strcmp(url, "/t/ZTlite/") == 0) {
        redirect(&r, "https://t.tiktok.com/i18n/share/video/7341234567890123456/");
    } else if (strcmp(url, "/t/ZTuser/") == 0) {
        redirect(&r, "https://www.tiktok.com/@lena_k?_r=1");
    } else if (strcmp(url, "/t/ZTdead/") == 0) {
        redirect(&r, "/?_r=1");
    } else if (number % PAGE_CASES == PAGE_DROPPED ||
               (number % PAGE_CASES == PAGE_FLAKY && hit_of[number] == 1)) {
        return MHD_NO;                   // the connection just closes
    } else {
        page_case(&r, url, id, number % PAGE_CASES, text);
    }
    return send_reply(c, &r);
}

static struct MHD_Daemon *listen_at(char *url)
{
    struct MHD_Daemon *d = MHD_start_daemon(
        MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD, 0, NULL, NULL, answer,
        NULL, MHD_OPTION_SOCK_ADDR,
        &(struct sockaddr_in){ .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) },
        MHD_OPTION_END);

    assert_non_null(d);
    sprintf(url, "http://127.0.0.1:%d", MHD_get_daemon_info(d, MHD_DAEMON_INFO_BIND_PORT)->port);
    return d;
}

/* ---- source and sink ---- */

struct kept {
    struct answer a;
    char message[100], region[8], error[48];
    int sends, posts;
    bool complete;
};
static struct read_task tasks[TASKS];
static size_t task_n, task_at;
static struct kept kept[TASKS];
static size_t kept_n;
static int committed[8];           // answers of the first commits
static int commit_takes_ms;
static int reserves, exchanges, commits, drifts, put_since_commit, open_requests;
static int fail_put_at, stop_at, spared, control_page;     // -1: there is no control
static bool shown_before;
static struct scrape_result result;
static struct err err;

static int next_task(void *from, struct arena *mem, struct read_task *task, struct err *e)
{
    (void)from, (void)mem, (void)e;
    if (task_at == task_n)
        return 0;
    *task = tasks[task_at++];
    return 1;
}

static int sink_reserve(void *to, struct request *req, struct err *e)
{
    (void)to, (void)e;
    assert_int_equal(req->members, 1);
    open_requests += req->n == 0;
    req->n = req->n ? req->n : ++reserves;
    return 0;
}

static int sink_exchange(void *to, const struct request *req, const struct http_exchange *x,
                         struct evidence *ev, struct err *e)
{
    (void)to, (void)e;
    assert_true(req->n > 0 && x->head.n > 0);
    ev->n = ++exchanges;
    return 0;
}

static int sink_put(void *to, const struct request *req, const struct answer *a, struct err *e)
{
    struct kept *k = &kept[kept_n++];

    (void)to;
    if (fail_put_at && (int)kept_n == fail_put_at)
        return err_set(e, ERR_IO, "the disk is full");
    assert_true(req->n == a->request && a->item == req->member->item && a->at > 0);
    k->a = *a;
    k->a.record = NULL;
    k->posts = a->list ? (int)a->list->posts : -1;
    k->a.list = NULL;
    snprintf(k->message, sizeof k->message, "%.*s", STR_ARG(a->message));
    snprintf(k->region, sizeof k->region, "%.*s", STR_ARG(a->region));
    k->a.region = k->a.message = STR_NONE;              // what was borrowed ends with this call
    snprintf(k->error, sizeof k->error, "%s", req->error_code);
    k->sends = req->sends;
    k->complete = req->complete;
    if (a->kind == ANSWER_PUBLIC && a->witness == WITNESS_PAGE)
        assert_true(a->record && str_eq(a->record->val[FIELD_AUTHOR].text, STR("lena_k")));
    put_since_commit++;
    if (stop_at && (int)kept_n == stop_at)
        stop_ask();
    return 0;
}

static int sink_done(void *to, struct request *req, struct err *e)
{
    (void)to, (void)e;
    assert_true(req->n > 0);
    open_requests--;
    return 0;
}

static int sink_commit(void *to, struct err *e)
{
    (void)to, (void)e;
    assert_true(put_since_commit > 0 && put_since_commit <= SINK_COMMIT_MOST);
    committed[commits < 8 ? commits : 7] = put_since_commit;
    put_since_commit = 0;
    commits++;
    if (commit_takes_ms)
        usleep((useconds_t)commit_takes_ms * 1000);
    return 0;
}

static int next_control(void *from, struct arena *mem, struct read_task *task, struct err *e)
{
    (void)from, (void)mem, (void)e;
    if (control_page < 0)
        return 0;
    *task = (struct read_task){ .witness = WITNESS_PAGE,
                                .id = BASE_ID + 900u + (unsigned)control_page,
                                .item = 5000 };
    return 1;
}

static bool read_alike;

static int sink_alike(void *to, const struct answer *a, bool *yes, struct err *e)
{
    (void)to, (void)a, (void)e;
    *yes = read_alike;
    return 0;
}

static int sink_spare(void *to, enum witness w, const struct ask_member *m, size_t n, struct err *e)
{
    (void)to, (void)w, (void)e;
    for (size_t i = 0; i < n; i++)
        assert_true(m[i].item > 0 && (m[i].id >= BASE_ID || m[i].id == 0));
    spared += (int)n;
    put_since_commit++;
    return 0;
}

static int sink_drift(void *to, const char *kind, struct str name, int64_t count, int64_t at,
                      struct err *e)
{
    (void)to, (void)kind, (void)name, (void)e;
    assert_true(at > 0);           // the answer's own time
    drifts += (int)count;
    return 0;
}

static void add_task(enum witness w, int number, const char *link)
{
    tasks[task_n] = (struct read_task){ .witness = w,
                                        .id = w == WITNESS_SHORT ? 0 : BASE_ID + (uint64_t)number,
                                        .item = (int64_t)task_n + 1,
                                        .link = str_of(link) };
    task_n++;
}

static void add_creator(const char *handle)
{
    tasks[task_n] = (struct read_task){ .witness = WITNESS_CREATOR,
                                        .item = (int64_t)task_n + 1,
                                        .handle = str_of(handle) };
    task_n++;
}

static int reset(void **state)
{
    (void)state;
    task_n = task_at = kept_n = 0;
    reserves = exchanges = commits = drifts = put_since_commit = open_requests = fail_put_at =
        stop_at = 0;
    spared = commit_takes_ms = 0;
    control_page = -1;
    shown_before = false;
    hits = under_way = most_under_way = blocks_left = delay_ms = 0;
    seen_cookie[0] = 0;
    for (int i = 0; i < 1000; i++)
        hit_of[i] = 0;
    err = (struct err){ 0 };
    return 0;
}

static int run(double rate, int64_t concurrency, int64_t blocks)
{
    struct settings set;
    struct read_source source = { next_task, NULL, next_control };
    struct sink sink = { .reserve = sink_reserve,
                         .exchange = sink_exchange,
                         .put = sink_put,
                         .done = sink_done,
                         .commit = sink_commit,
                         .drift = sink_drift,
                         .spare = sink_spare,
                         .alike = sink_alike };
    struct scrape_opts opts = { .set = &set, .seed = STR("seed"), .shown = shown_before };
    int rc;

    settings_init(&set);
    free(set.page_base_url);
    free(set.page_short_url);
    set.page_base_url = xstrdup(base);
    set.page_short_url = xstrdup(short_base);
    set.page_requests_per_second = rate;
    set.page_concurrency = concurrency;
    set.page_blocks = blocks;
    set.page_retry_base_ms = 1;
    set.net_timeout_s = 5;
    rc = scrape_run(&opts, &source, &sink, &result, &err);
    settings_release(&set);
    return rc;
}

static const struct kept *kept_of(size_t task)
{
    for (size_t i = 0; i < kept_n; i++)
        if (kept[i].a.item == (int64_t)task + 1)
            return &kept[i];
    fail_msg("task %zu got no answer", task);
    return NULL;
}

/* ---- the promises ---- */

static void every_outcome_reaches_the_sink(void **state)
{
    static const struct {
        int page;
        enum answer_kind kind;
        enum no_answer why;
        int sends;
    } cases[] = {
        { PAGE_PUBLIC, ANSWER_PUBLIC, NO_ANSWER_NONE, 1 },
        { PAGE_GZIP, ANSWER_PUBLIC, NO_ANSWER_NONE, 1 },
        { PAGE_DELETED, ANSWER_REFUSED, NO_ANSWER_NONE, 1 },
        { PAGE_CHALLENGE, ANSWER_NO_ANSWER, NO_ANSWER_BLOCKED_ALONE, 1 },
        { PAGE_EMPTY, ANSWER_NO_ANSWER, NO_ANSWER_EMPTY, 1 },
        { PAGE_GONE, ANSWER_NO_ANSWER, NO_ANSWER_HTTP_404, 1 },
        { PAGE_MOVED, ANSWER_PUBLIC, NO_ANSWER_NONE, 2 },
        { PAGE_OFF_SITE, ANSWER_NO_ANSWER, NO_ANSWER_REDIRECT, 1 },
        { PAGE_LOGIN, ANSWER_NO_ANSWER, NO_ANSWER_LOGIN_WALL, 1 },
        { PAGE_5XX, ANSWER_NO_ANSWER, NO_ANSWER_SERVER_ERROR, 1 },
        { PAGE_FORBIDDEN, ANSWER_NO_ANSWER, NO_ANSWER_BLOCKED_ALONE, 1 },
        { PAGE_DROPPED, ANSWER_NO_ANSWER, NO_ANSWER_TRANSPORT, 2 },
        { PAGE_FLAKY, ANSWER_PUBLIC, NO_ANSWER_NONE, 2 },
        { PAGE_LOOP, ANSWER_NO_ANSWER, NO_ANSWER_REDIRECT, 6 },
        { PAGE_BAD_GZIP, ANSWER_NO_ANSWER, NO_ANSWER_BAD_CODING, 1 },
    };
    size_t n = sizeof cases / sizeof cases[0];

    (void)state;
    for (size_t i = 0; i < n; i++)
        add_task(WITNESS_PAGE, cases[i].page, NULL);
    assert_int_equal(run(100000, 4, 100), 0);
    assert_int_equal(kept_n, n);
    for (size_t i = 0; i < n; i++) {
        const struct kept *k = kept_of(i);

        if (k->a.kind != cases[i].kind || k->a.why != cases[i].why || k->sends != cases[i].sends)
            fail_msg("page %d: kind %d why %s sends %d", cases[i].page, (int)k->a.kind,
                     no_answer_name(k->a.why), k->sends);
        assert_int_equal(k->complete, k->a.kind != ANSWER_NO_ANSWER);
    }
    assert_string_equal(kept_of(2)->message, "status_deleted");
    assert_string_equal(kept_of(0)->region, "CH");
    assert_int_equal(result.pages, n);
    assert_int_equal(result.is_public, 4);
    assert_int_equal(result.generation[GENERATION_REHYDRATE].n, 5);
    assert_int_equal(result.sends, hits);
    assert_int_equal(open_requests, 0);
    assert_int_equal(put_since_commit, 0);
}

static void oembed_and_short_links_are_witnesses_too(void **state)
{
    (void)state;
    add_task(WITNESS_OEMBED, PAGE_PUBLIC, NULL);
    add_task(WITNESS_OEMBED, PAGE_DELETED, NULL);
    add_task(WITNESS_SHORT, 0, "https://vm.tiktok.com/ZMlive/");
    add_task(WITNESS_SHORT, 0, "https://www.tiktok.com/t/ZTlive/");
    add_task(WITNESS_SHORT, 0, "https://www.tiktok.com/t/ZTdead/");
    add_task(WITNESS_SHORT, 0, "https://example.org/x");
    assert_int_equal(run(100000, 2, 100), 0);
    assert_int_equal(kept_of(0)->a.kind, ANSWER_PUBLIC);
    assert_int_equal(kept_of(0)->a.generation, GENERATION_OEMBED);
    assert_int_equal(kept_of(1)->a.kind, ANSWER_REFUSED);
    assert_int_equal(kept_of(1)->a.code, 400);
    assert_int_equal(kept_of(2)->a.kind, ANSWER_RESOLVED);
    assert_string_equal(kept_of(2)->message,
                        "https://www.tiktok.com/@lena_k/video/7341234567890123456?_r=1");
    assert_int_equal(kept_of(2)->sends, 2);
    assert_int_equal(kept_of(3)->a.kind, ANSWER_RESOLVED);
    assert_int_equal(kept_of(4)->a.kind, ANSWER_REFUSED);
    assert_int_equal(kept_of(5)->a.kind, ANSWER_NO_ANSWER);
    assert_int_equal(kept_of(5)->sends, 0);
    assert_int_equal(result.links_resolved, 2);
    assert_int_equal(result.links_dead, 1);
    assert_int_equal(result.links_open, 1);
    assert_int_equal(result.oembed, 2);
}

static void a_post_s_embed_page_is_a_witness_too(void **state)
{
    (void)state;
    add_task(WITNESS_EMBED, PAGE_PUBLIC, NULL);
    add_task(WITNESS_EMBED, PAGE_DELETED, NULL);
    assert_int_equal(run(100000, 2, 100), 0);
    assert_int_equal(kept_of(0)->a.kind, ANSWER_PUBLIC);
    assert_int_equal(kept_of(0)->a.witness, WITNESS_EMBED);
    assert_int_equal(kept_of(0)->a.generation, GENERATION_EMBED);
    assert_int_equal(kept_of(1)->a.kind, ANSWER_REFUSED);
    assert_int_equal(kept_of(1)->a.code, 10204);
    assert_string_equal(kept_of(1)->message, "");
    assert_int_equal(result.embeds, 2);
    assert_int_equal(result.pages, 0);
    assert_int_equal(result.generation[GENERATION_EMBED].n, 2);
}

/* Its controls are asked of it, not of the page. */
static void an_embed_page_that_is_blocked_while_others_are_read_is_blocked_alone(void **state)
{
    (void)state;
    add_task(WITNESS_EMBED, PAGE_PUBLIC, NULL);
    add_task(WITNESS_EMBED, PAGE_FORBIDDEN, NULL);
    assert_int_equal(run(100000, 1, 1), 0);
    assert_int_equal(kept_of(1)->a.kind, ANSWER_NO_ANSWER);
    assert_int_equal(kept_of(1)->a.why, NO_ANSWER_BLOCKED_ALONE);
    assert_int_equal(hit_of[PAGE_PUBLIC], 2);
    assert_int_equal(result.pages, 0);
}

static void a_browser_s_headers_and_cookies_are_sent(void **state)
{
    static const char *const lines[] = {
        "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\n",
        "Accept: text/html,",
        "Accept-Language: en-US,en;q=0.5\n",
        "Accept-Encoding: gzip\n",
        "Sec-Fetch-Mode: navigate\n",
        "Upgrade-Insecure-Requests: 1\n"
    };

    (void)state;
    for (int i = 0; i < 3; i++)
        add_task(WITNESS_PAGE, PAGE_PUBLIC + i * PAGE_CASES, NULL);
    assert_int_equal(run(100000, 1, 3), 0);
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        if (!strstr(seen_headers, lines[i]))
            fail_msg("no %s in %s", lines[i], seen_headers);
    assert_string_equal(seen_cookie, "ttwid=crumb");
}

/* Seen since August 2026: for some the target is there, for others a page. */
static void a_short_link_without_a_location_is_no_answer(void **state)
{
    (void)state;
    add_task(WITNESS_SHORT, 0, "https://vm.tiktok.com/ZMmute/");
    add_task(WITNESS_SHORT, 0, "https://vt.tiktok.com/ZMempty/");
    add_task(WITNESS_SHORT, 0, "https://lite.tiktok.com/t/ZTlite/");
    add_task(WITNESS_SHORT, 0, "https://www.tiktok.com/t/ZTuser/");
    assert_int_equal(run(100000, 2, 100), 0);
    assert_int_equal(kept_of(0)->a.kind, ANSWER_NO_ANSWER);
    assert_int_equal(kept_of(0)->a.why, NO_ANSWER_UNKNOWN_SHAPE);
    assert_int_equal(kept_of(1)->a.kind, ANSWER_NO_ANSWER);
    assert_int_equal(kept_of(1)->a.why, NO_ANSWER_EMPTY);
    assert_int_equal(kept_of(2)->a.kind, ANSWER_RESOLVED);
    assert_string_equal(kept_of(2)->message,
                        "https://t.tiktok.com/i18n/share/video/7341234567890123456/");
    assert_int_equal(kept_of(3)->a.kind, ANSWER_RESOLVED);
    assert_string_equal(kept_of(3)->message, "https://www.tiktok.com/@lena_k?_r=1");
    assert_int_equal(result.links_dead, 0);
    assert_int_equal(result.links_open, 2);
}

/* Accounts of their own: what pages gave is what pages gave. */
static void short_links_are_not_counted_among_pages(void **state)
{
    (void)state;
    add_task(WITNESS_SHORT, 0, "https://vm.tiktok.com/ZMlive/");
    add_task(WITNESS_SHORT, 0, "https://www.tiktok.com/t/ZTdead/");
    assert_int_equal(run(100000, 1, 100), 0);
    assert_int_equal(result.links_resolved, 1);
    assert_int_equal(result.pages, 0);
    for (int i = 0; i < GENERATION_COUNT; i++)
        assert_int_equal(result.generation[i].n, 0);
}

/* As a page is asked for: a crawler's headers would get no target. */
static void a_short_link_is_asked_for_with_a_page_s_headers(void **state)
{
    char of_page[sizeof seen_headers];

    (void)state;
    add_task(WITNESS_PAGE, PAGE_PUBLIC, NULL);
    assert_int_equal(run(100000, 1, 3), 0);
    snprintf(of_page, sizeof of_page, "%s", strstr(seen_headers, "User-Agent: "));
    hits = 0;
    task_n = task_at = kept_n = 0;
    add_task(WITNESS_SHORT, 0, "https://www.tiktok.com/t/ZTuser/");
    assert_int_equal(run(100000, 1, 3), 0);
    assert_string_equal(strstr(seen_headers, "User-Agent: "), of_page);
}

static void odd_handles_do_not_change_the_path(void **state)
{
    (void)state;
    add_task(WITNESS_PAGE, PAGE_PUBLIC, NULL);
    add_task(WITNESS_PAGE, PAGE_PUBLIC + PAGE_CASES, NULL);
    tasks[0].handle = STR("../../x?y");
    tasks[1].handle = STR("lena_k");
    assert_int_equal(run(100000, 1, 3), 0);
    assert_int_equal(result.is_public, 2);
}

static void concurrency_is_used_and_bounded(void **state)
{
    (void)state;
    delay_ms = 30;
    for (int i = 0; i < 16; i++)
        add_task(WITNESS_PAGE, i * PAGE_CASES, NULL);
    assert_int_equal(run(100000, 4, 3), 0);
    assert_int_equal(result.is_public, 16);
    assert_in_range(most_under_way, 2, 4);
}

static void rate_is_kept_on_the_real_clock(void **state)
{
    int64_t from = utc_tick_ms();

    (void)state;
    for (int i = 0; i < 6; i++)
        add_task(WITNESS_PAGE, i * PAGE_CASES, NULL);
    assert_int_equal(run(20, 4, 3), 0);
    assert_true(utc_tick_ms() - from >= 240);
    assert_true(commits >= 1);
}

static void error_of_the_sink_ends_the_run(void **state)
{
    (void)state;
    for (int i = 0; i < 10; i++)
        add_task(WITNESS_PAGE, i * PAGE_CASES, NULL);
    fail_put_at = 3;
    assert_int_equal(run(100000, 2, 3), -1);
    assert_int_equal(err.kind, ERR_IO);
    assert_string_equal(err.msg, "the disk is full");
}

static void dead_network_ends_the_run_and_spares_the_rest(void **state)
{
    char old[sizeof base];

    (void)state;
    memcpy(old, base, sizeof old);
    strcpy(base, "http://127.0.0.1:9");               // discard: nothing listens
    for (int i = 0; i < 60; i++)
        add_task(WITNESS_PAGE, i * PAGE_CASES, NULL);
    assert_int_equal(run(100000, 2, 3), -1);
    memcpy(base, old, sizeof old);
    assert_int_equal(err.kind, ERR_AGAIN);
    assert_non_null(strstr(err.msg, "cannot be reached"));
    assert_in_range(kept_n, 4, 12);
    assert_int_equal(open_requests, 0);
}

/* From here on the clock is a file: no wait takes time. */
static char clock_path[64];

static void rate_of_one_a_second_passes_at_once_on_the_test_clock(void **state)
{
    int fd;
    FILE *f;

    (void)state;
    strcpy(clock_path, "/tmp/scrape-clock-XXXXXX");
    fd = mkstemp(clock_path);
    assert_true(fd >= 0);
    f = fdopen(fd, "w");
    fputs("1770000000\n", f);
    fclose(f);
    assert_int_equal(utc_use_file(clock_path, &err), 0);
    for (int i = 0; i < 40; i++)
        add_task(WITNESS_PAGE, i * PAGE_CASES, NULL);
    assert_int_equal(run(1, 4, 3), 0);
    assert_int_equal(result.is_public, 40);
}

/* By the real clock, for the one of tests stands still: half a second is waited for once in 16. */
static void answers_share_a_commit_that_takes_long(void **state)
{
    (void)state;
    commit_takes_ms = 500;
    for (int i = 0; i < 64 + SINK_COMMIT_MOST + 10; i++)
        add_task(WITNESS_PAGE, i % 50 * PAGE_CASES, NULL);
    assert_int_equal(run(100000, 4, 3), 0);
    assert_int_equal(commits, 3);
    assert_int_equal(committed[0], 64);
    assert_int_equal(committed[1], SINK_COMMIT_MOST);
    assert_int_equal(committed[2], 10);
}

static void blocks_pause_the_run_and_then_end_it(void **state)
{
    (void)state;
    blocks_left = 1000;
    for (int i = 0; i < 40; i++)
        add_task(WITNESS_PAGE, i * PAGE_CASES, NULL);
    assert_int_equal(run(1, 1, 3), -1);
    assert_int_equal(err.kind, ERR_AGAIN);
    assert_non_null(strstr(err.msg, "the site blocks us"));
    assert_int_equal(err.retry_at, utc_now() + 120);
    assert_int_equal(result.retry_at, err.retry_at);
    assert_int_equal(result.pauses, 2);
    assert_int_equal(hits, 5);                        // 3, then one after each pause
    assert_int_equal(kept_n, 5);
    for (size_t i = 0; i < kept_n; i++)
        assert_int_equal(kept[i].a.why, NO_ANSWER_FORBIDDEN);
    assert_int_equal(open_requests, 0);
    assert_int_equal(put_since_commit, 0);
}

static void blocks_that_pass_do_not_end_the_run(void **state)
{
    (void)state;
    blocks_left = 3;
    for (int i = 0; i < 12; i++)
        add_task(WITNESS_PAGE, i * PAGE_CASES, NULL);
    assert_int_equal(run(1, 1, 3), 0);
    assert_int_equal(result.pauses, 1);
    assert_int_equal(result.is_public, 9);
    assert_int_equal(result.blocks.n, 3);
}

static void add_pages(int n, int page);
static int alone(void)
{
    int n = 0;

    for (size_t i = 0; i < kept_n; i++)
        n += kept[i].a.kind == ANSWER_NO_ANSWER && kept[i].a.why == NO_ANSWER_BLOCKED_ALONE &&
             strcmp(kept[i].error, "blocked_alone") == 0;
    return n;
}

/* Posts that are always blocked, all others read: no pause, and each has its attempt. */
static void block_of_a_post_is_told_from_one_of_the_site(void **state)
{
    (void)state;
    for (int i = 0; i < 20; i++)
        add_task(WITNESS_PAGE, i * PAGE_CASES + (i % 4 == 1 ? PAGE_CHALLENGE : PAGE_PUBLIC), NULL);
    assert_int_equal(run(1, 1, 3), 0);
    assert_int_equal(alone(), 5);
    assert_int_equal(result.pauses, 0);
    assert_int_equal(result.controls, 0);    // the next page tells
    assert_int_equal(result.blocks.n, 0);
    assert_int_equal(result.unread[NO_ANSWER_BLOCKED_ALONE].n, 5);
    for (size_t i = 0; i < kept_n; i++)
        if (kept[i].a.why == NO_ANSWER_BLOCKED_ALONE)
            assert_string_equal(kept[i].message, "challenge");
}

/* At the end of a pass they stand in a row: a page that was just read tells, once. */
static void row_of_blocked_posts_is_no_block_of_the_site(void **state)
{
    (void)state;
    add_task(WITNESS_PAGE, PAGE_CASES, NULL);
    for (int i = 0; i < 3; i++)
        add_task(WITNESS_PAGE, (2 + i) * PAGE_CASES + PAGE_FORBIDDEN, NULL);
    add_task(WITNESS_PAGE, 6 * PAGE_CASES + PAGE_FORBIDDEN, NULL);
    assert_int_equal(run(1, 1, 3), 0);
    assert_int_equal(alone(), 4);
    assert_int_equal(result.pauses, 0);
    assert_int_equal(result.controls, 2);    // after the third, and at the end
    assert_int_equal(result.is_public, 3);
    assert_int_equal(open_requests, 0);
    assert_int_equal(put_since_commit, 0);
}

/* Nothing was read in this run: a post that was readable before tells. */
static void lone_blocked_post_asks_for_a_control(void **state)
{
    (void)state;
    add_task(WITNESS_PAGE, PAGE_FORBIDDEN, NULL);
    control_page = PAGE_PUBLIC;
    assert_int_equal(run(1, 4, 3), 0);
    assert_int_equal(alone(), 1);
    assert_int_equal(result.controls, 1);
    assert_int_equal(hits, 2);
}

static void control_that_is_blocked_too_convicts_the_site(void **state)
{
    (void)state;
    add_pages(10, PAGE_FORBIDDEN);
    control_page = PAGE_FORBIDDEN;
    assert_int_equal(run(1, 1, 3), -1);
    assert_int_equal(err.kind, ERR_AGAIN);
    assert_int_equal(alone(), 0);
    assert_int_equal(result.pauses, 2);
    assert_int_equal(result.controls, 3);    // one before each pause, and the end
    assert_int_equal(hits, 5 + 3);
    assert_int_equal(result.blocks.n, 8);
    assert_int_equal(open_requests, 0);
}

/* A login wall says nothing of a block, and is itself what the site asks of all. */
static void control_without_an_answer_clears_nobody(void **state)
{
    (void)state;
    add_task(WITNESS_PAGE, PAGE_FORBIDDEN, NULL);
    control_page = PAGE_LOGIN;
    assert_int_equal(run(1, 4, 3), -1);
    assert_non_null(strstr(err.msg, "the site asks for a login"));
    assert_int_equal(alone(), 0);
    assert_int_equal(result.blocks.n, 1);
}

static void add_pages(int n, int page)
{
    for (int i = 0; i < n; i++)
        add_task(WITNESS_PAGE, page + i * PAGE_CASES, NULL);
}

/* Tasks of 30 pages and more: numbers stay below 1000. */
static void pages_of_no_known_shape_end_the_run_and_cost_no_try(void **state)
{
    (void)state;
    add_pages(40, PAGE_STRIPPED);
    control_page = PAGE_STRIPPED;
    assert_int_equal(run(1, 4, 3), -1);
    assert_int_equal(err.kind, ERR_AGAIN);
    assert_non_null(strstr(err.msg, "pages changed: 0 of the last 2"));
    assert_non_null(strstr(err.msg, "had a known shape (stripped)"));
    assert_int_equal(err.retry_at, utc_now() + 3600);
    assert_int_equal(result.controls, 2);
    assert_int_equal(spared, kept_n);
    assert_in_range(kept_n, 22, 27);
    assert_int_equal(result.unread[NO_ANSWER_STRIPPED].n, kept_n);
    assert_true(result.odd.n > 0);
    assert_int_equal(open_requests, 0);
}

static void page_that_is_still_readable_clears_the_site(void **state)
{
    (void)state;
    add_pages(45, PAGE_STRIPPED);
    control_page = PAGE_PUBLIC;
    assert_int_equal(run(1, 4, 3), 0);
    assert_int_equal(result.controls, 2);                 // after 20 and after 40
    assert_int_equal(result.no_answer, 45);
    assert_int_equal(spared, 0);
}

static void few_unread_pages_blame_the_site_only_with_a_control(void **state)
{
    (void)state;
    add_pages(10, PAGE_STRIPPED);
    assert_int_equal(run(1, 4, 3), 0);
    assert_int_equal(spared, 0);
    reset(state);
    add_pages(10, PAGE_LOGIN);
    control_page = PAGE_LOGIN;
    assert_int_equal(run(1, 4, 3), -1);
    assert_non_null(strstr(err.msg, "the site asks for a login"));
    assert_int_equal(spared, 12);
    reset(state);
    add_pages(2, PAGE_EMPTY);    // all that was due
    control_page = PAGE_EMPTY;
    assert_int_equal(run(1, 4, 3), -1);
    assert_int_equal(spared, 4);
    reset(state);
    add_pages(2, PAGE_EMPTY);    // what was left of many that were read
    control_page = PAGE_EMPTY;
    shown_before = true;
    assert_int_equal(run(1, 4, 3), 0);
    assert_int_equal(result.controls, 0);
    assert_int_equal(spared, 0);
    reset(state);
    add_pages(30, PAGE_EMPTY);                            // without a control a long row convicts
    assert_int_equal(run(1, 4, 3), -1);
    assert_non_null(strstr(err.msg, "the site blocks us: the last 2"));
}

/* None of them may stay as a verdict: the code says nothing that anybody knows. */
static void pages_with_unknown_codes_end_the_run_and_are_read_again(void **state)
{
    (void)state;
    add_pages(40, PAGE_ODD_CODE);
    control_page = PAGE_ODD_CODE;
    assert_int_equal(run(1, 4, 3), -1);
    assert_int_equal(err.kind, ERR_AGAIN);
    assert_non_null(strstr(err.msg, "pages changed: 2"));
    assert_non_null(strstr(
        err.msg, "carry status codes that are not known, "));    // the first page's is another
    assert_non_null(strstr(err.msg, " of them 77001; run again after"));
    assert_int_equal(err.retry_at, utc_now() + 3600);
    assert_int_equal(result.controls, 2);
    assert_in_range(kept_n, 22, 27);
    assert_int_equal(spared, kept_n);
    for (size_t i = 0; i < kept_n; i++) {
        assert_int_equal(kept[i].a.kind, ANSWER_NO_ANSWER);
        assert_int_equal(kept[i].a.why, NO_ANSWER_UNKNOWN_CODE);
        assert_true(kept[i].a.has_code && !kept[i].complete);
        assert_string_equal(kept[i].error, "unknown_code");
    }
    assert_int_equal(result.unread[NO_ANSWER_UNKNOWN_CODE].n, kept_n);
    assert_int_equal(result.refused, 0);
    assert_true(result.odd.n > 0);
    assert_int_equal(open_requests, 0);
    assert_int_equal(put_since_commit, 0);
}

static size_t kept_as(enum answer_kind kind)
{
    size_t n = 0;

    for (size_t i = 0; i < kept_n; i++)
        n += kept[i].a.kind == kind;
    return n;
}

/* A lone page with such a code is a refusal of its post. */
static void unknown_codes_among_readable_pages_are_refusals(void **state)
{
    (void)state;
    for (int i = 0; i < 30; i++)
        add_task(WITNESS_PAGE, i * PAGE_CASES + (i % 3 ? PAGE_ODD_CODE : PAGE_PUBLIC), NULL);
    control_page = PAGE_PUBLIC;
    assert_int_equal(run(1, 4, 3), 0);
    assert_true(result.refused == 20 && result.is_public == 10 && result.no_answer == 0);
    assert_int_equal(kept_as(ANSWER_REFUSED), 20);
    assert_int_equal(open_requests, 0);
    reset(state);
    add_pages(45, PAGE_ODD_CODE);                         // the control clears the site
    control_page = PAGE_PUBLIC;
    assert_int_equal(run(1, 4, 3), 0);
    assert_int_equal(result.controls, 2);
    assert_int_equal(kept_as(ANSWER_REFUSED), 45);
    assert_int_equal(spared, 0);
    reset(state);
    add_pages(10, PAGE_ODD_CODE);                         // few, and nothing to compare them with
    assert_int_equal(run(1, 4, 3), 0);
    assert_int_equal(kept_as(ANSWER_REFUSED), 10);
}

/* A run that is stopped in the middle of such a row cannot know. */
static void unknown_codes_of_a_run_cut_short_are_read_again(void **state)
{
    (void)state;
    add_pages(8, PAGE_ODD_CODE);
    add_task(WITNESS_PAGE, PAGE_LATER, NULL);
    assert_int_equal(run(1, 1, 3), -1);
    assert_int_equal(err.kind, ERR_AGAIN);
    assert_int_equal(kept_n, 9);
    assert_int_equal(kept_as(ANSWER_NO_ANSWER), 9);
    assert_int_equal(spared, 8);
    assert_int_equal(open_requests, 0);
    assert_int_equal(put_since_commit, 0);
}

static void blocks_are_no_drift(void **state)
{
    (void)state;
    blocks_left = 1000;
    control_page = PAGE_STRIPPED;
    add_pages(40, PAGE_STRIPPED);
    assert_int_equal(run(1, 4, 3), -1);
    assert_non_null(strstr(err.msg, "the site blocks us; run again"));
    assert_int_equal(result.controls, 3);                 // of blocks: one before each pause
    assert_int_equal(spared, 0);                          // a block uses no try anyway
}

static void retry_after_of_both_forms_is_minded(void **state)
{
    (void)state;
    add_task(WITNESS_PAGE, PAGE_SOON, NULL);
    add_task(WITNESS_PAGE, PAGE_PUBLIC, NULL);
    assert_int_equal(run(1, 1, 3), 0);
    assert_int_equal(result.is_public, 1);
    reset(state);
    add_task(WITNESS_PAGE, PAGE_LATER, NULL);
    add_task(WITNESS_PAGE, PAGE_PUBLIC, NULL);
    assert_int_equal(run(1, 1, 3), -1);
    assert_int_equal(err.kind, ERR_AGAIN);
    assert_int_equal(err.retry_at, utc_now() + 3600);
    assert_int_equal(kept_n, 1);
    reset(state);
    add_task(WITNESS_PAGE, PAGE_LATER_DATE, NULL);
    assert_int_equal(run(1, 1, 3), -1);
    assert_int_equal(err.retry_at, 4102444800);
}

static void stop_finishes_what_is_in_flight(void **state)
{
    (void)state;
    for (int i = 0; i < 40; i++)
        add_task(WITNESS_PAGE, i * PAGE_CASES, NULL);
    stop_at = 3;
    assert_int_equal(run(100000, 4, 3), -1);
    assert_int_equal(err.kind, ERR_STOPPED);
    assert_in_range(kept_n, 3, 8);
    assert_int_equal(kept_n, hits);
    assert_int_equal(open_requests, 0);
    assert_int_equal(put_since_commit, 0);
}

static int start(void **state)
{
    server = listen_at(base);
    short_server = listen_at(short_base);
    return reset(state);
}

static void creators_pages_are_read_like_others(void **state)
{
    (void)state;
    add_creator("anna_list");
    add_creator("bert_gone");
    add_task(WITNESS_PAGE, PAGE_PUBLIC, NULL);
    assert_int_equal(run(1000, 1, 3), 0);
    assert_int_equal(result.creators, 2);
    assert_int_equal(result.pages, 1);
    assert_int_equal(kept_of(0)->a.kind, ANSWER_PUBLIC);
    assert_int_equal(kept_of(0)->posts, 1);
    assert_int_equal(kept_of(0)->a.witness, WITNESS_CREATOR);
    assert_int_equal(kept_of(1)->a.kind, ANSWER_REFUSED);
    assert_int_equal(kept_of(1)->a.code, 10221);
    assert_int_equal(kept_of(1)->posts, 0);
    assert_int_equal(result.generation[GENERATION_EMBED].n, 2);
}

/* Overload is nobody's own: what was blocked before a list was read is a block still. */
static void an_overloaded_site_is_waited_for_and_blames_no_creator(void **state)
{
    (void)state;
    add_creator("anna_busy");
    add_creator("bert_busy");
    add_creator("cleo_list");
    assert_int_equal(run(1, 1, 3), 0);
    assert_int_equal(kept_of(0)->a.why, NO_ANSWER_TOO_MANY);
    assert_int_equal(kept_of(1)->a.why, NO_ANSWER_TOO_MANY);
    assert_int_equal(kept_of(2)->a.kind, ANSWER_PUBLIC);
    assert_int_equal(result.blocks.n, 2);
    assert_int_equal(alone(), 0);
    reset(state);
    for (int i = 0; i < 40; i++)
        add_creator("anna_busy");
    assert_int_equal(run(1, 1, 3), -1);
    assert_non_null(strstr(err.msg, "the site blocks us"));
    assert_int_equal(kept_n, 5);
    assert_int_equal(spared, 0);
}

/* These pages are to end or to move some day: that is the site's doing. */
static void creators_pages_of_no_known_shape_end_the_run_and_cost_no_try(void **state)
{
    (void)state;
    for (int i = 0; i < 40; i++)
        add_creator("anna_shape");
    assert_int_equal(run(1, 4, 3), -1);
    assert_int_equal(err.kind, ERR_AGAIN);
    assert_non_null(strstr(err.msg, "pages changed: 0 of the last 2"));
    assert_int_equal(spared, kept_n);
    reset(state);
    for (int i = 0; i < 40; i++)
        add_creator("anna_code");
    assert_int_equal(run(1, 4, 3), -1);
    assert_non_null(strstr(err.msg, "carry status code 99999, which is not known"));
    for (size_t i = 0; i < kept_n; i++)
        assert_true(kept[i].a.kind == ANSWER_NO_ANSWER && kept[i].posts == -1);
}

static int finish(void **state)
{
    (void)state;
    MHD_stop_daemon(server);
    MHD_stop_daemon(short_server);
    return clock_path[0] ? unlink(clock_path) : 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(every_outcome_reaches_the_sink, reset),
        cmocka_unit_test_setup(oembed_and_short_links_are_witnesses_too, reset),
        cmocka_unit_test_setup(a_post_s_embed_page_is_a_witness_too, reset),
        cmocka_unit_test_setup(an_embed_page_that_is_blocked_while_others_are_read_is_blocked_alone,
                               reset),
        cmocka_unit_test_setup(a_browser_s_headers_and_cookies_are_sent, reset),
        cmocka_unit_test_setup(a_short_link_without_a_location_is_no_answer, reset),
        cmocka_unit_test_setup(short_links_are_not_counted_among_pages, reset),
        cmocka_unit_test_setup(a_short_link_is_asked_for_with_a_page_s_headers, reset),
        cmocka_unit_test_setup(odd_handles_do_not_change_the_path, reset),
        cmocka_unit_test_setup(concurrency_is_used_and_bounded, reset),
        cmocka_unit_test_setup(rate_is_kept_on_the_real_clock, reset),
        cmocka_unit_test_setup(error_of_the_sink_ends_the_run, reset),
        cmocka_unit_test_setup(dead_network_ends_the_run_and_spares_the_rest, reset),
        cmocka_unit_test_setup(rate_of_one_a_second_passes_at_once_on_the_test_clock, reset),
        cmocka_unit_test_setup(answers_share_a_commit_that_takes_long, reset),
        cmocka_unit_test_setup(blocks_pause_the_run_and_then_end_it, reset),
        cmocka_unit_test_setup(blocks_that_pass_do_not_end_the_run, reset),
        cmocka_unit_test_setup(block_of_a_post_is_told_from_one_of_the_site, reset),
        cmocka_unit_test_setup(row_of_blocked_posts_is_no_block_of_the_site, reset),
        cmocka_unit_test_setup(lone_blocked_post_asks_for_a_control, reset),
        cmocka_unit_test_setup(control_that_is_blocked_too_convicts_the_site, reset),
        cmocka_unit_test_setup(control_without_an_answer_clears_nobody, reset),
        cmocka_unit_test_setup(pages_of_no_known_shape_end_the_run_and_cost_no_try, reset),
        cmocka_unit_test_setup(page_that_is_still_readable_clears_the_site, reset),
        cmocka_unit_test_setup(few_unread_pages_blame_the_site_only_with_a_control, reset),
        cmocka_unit_test_setup(pages_with_unknown_codes_end_the_run_and_are_read_again, reset),
        cmocka_unit_test_setup(unknown_codes_among_readable_pages_are_refusals, reset),
        cmocka_unit_test_setup(unknown_codes_of_a_run_cut_short_are_read_again, reset),
        cmocka_unit_test_setup(blocks_are_no_drift, reset),
        cmocka_unit_test_setup(creators_pages_are_read_like_others, reset),
        cmocka_unit_test_setup(an_overloaded_site_is_waited_for_and_blames_no_creator, reset),
        cmocka_unit_test_setup(creators_pages_of_no_known_shape_end_the_run_and_cost_no_try, reset),
        cmocka_unit_test_setup(retry_after_of_both_forms_is_minded, reset),
        cmocka_unit_test_setup(stop_finishes_what_is_in_flight, reset),
    };

    return cmocka_run_group_tests_name("scrape", tests, start, finish);
}
