/* tests/unit/api_box.h: an API that answers by a script, and a sink that notes
 * what happened: for arms that ask one request after another (fetch/serial.h). */
#ifndef TESTS_API_BOX_H
#define TESTS_API_BOX_H
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <microhttpd.h>
#include <pthread.h>
#include "base/utc.h"
#include "fetch/fetch.h"

#define OK_ENVELOPE "\"error\":{\"code\":\"ok\",\"message\":\"\",\"log_id\":\"20261101120000AB\"}}"
#define REFUSAL(code, message) \
    "{\"data\":{},\"error\":{\"code\":\"" code "\",\"message\":\"" message "\",\"log_id\":\"L\"}}"
#define ASKED_MAX 32

struct said {
    const char *path;
    int status;
    const char *body;
};    // what must be asked ("*": anything), and the reply
static struct {
    struct MHD_Daemon *daemon; int port;
    const struct said *script; size_t scripted;
    size_t asked; bool strayed; int tokens;
    int token_status; const char *token_body;      // what token calls get; NULL: a good token
    const char *retry_after;                       // of every reply that is not 200, or NULL
    struct buf body[ASKED_MAX]; char type[ASKED_MAX][128], query[ASKED_MAX][128];
} box;
static pthread_mutex_t box_lock = PTHREAD_MUTEX_INITIALIZER;

static enum MHD_Result box_reply(struct MHD_Connection *con, int status, const char *body)
{
    struct MHD_Response *r = MHD_create_response_from_buffer(strlen(body), (void *)(uintptr_t)body,
                                                             MHD_RESPMEM_MUST_COPY);
    enum MHD_Result rc;

    if (status != 200 && box.retry_after)
        MHD_add_response_header(r, "Retry-After", box.retry_after);
    rc = MHD_queue_response(con, (unsigned)status, r);
    MHD_destroy_response(r);
    return rc;
}

static const struct said *box_take(struct MHD_Connection *con, const char *url,
                                   const struct buf *body)
{
    static const struct said lost = { "", 404, "{}" };
    const char *type = MHD_lookup_connection_value(con, MHD_HEADER_KIND, "Content-Type");
    const char *fields = MHD_lookup_connection_value(con, MHD_GET_ARGUMENT_KIND, "fields");
    size_t n = box.asked++;

    if (n >= box.scripted || n >= ASKED_MAX ||
        (strcmp(box.script[n].path, "*") != 0 && strcmp(url, box.script[n].path) != 0)) {
        box.strayed = true;
        return &lost;
    }
    buf_str(&box.body[n], buf_view(body));
    snprintf(box.type[n], sizeof box.type[n], "%s", type ? type : "");
    snprintf(box.query[n], sizeof box.query[n], "%s", fields ? fields : "");
    return &box.script[n];
}

static enum MHD_Result box_request(void *to, struct MHD_Connection *con, const char *url,
                                   const char *method, const char *version, const char *data,
                                   size_t *len, void **state)
{
    struct buf *body = *state;
    const struct said *said;
    enum MHD_Result rc;

    (void)to; (void)method; (void)version;
    if (!body) {
        *state = xcalloc(1, sizeof *body);
        return MHD_YES;
    }
    if (*len > 0) {
        buf_add(body, data, *len);
        *len = 0;
        return MHD_YES;
    }
    pthread_mutex_lock(&box_lock);
    if (strcmp(url, "/v2/oauth/token/") == 0) {
        box.tokens++;
        rc = box_reply(con, box.token_body ? box.token_status : 200,
                       box.token_body ? box.token_body
                                      : "{\"access_token\":\"clt.x\",\"expires_in\":7200,"
                                        "\"token_type\":\"Bearer\"}");
    } else {
        said = box_take(con, url, body);
        rc = box_reply(con, said->status, said->body);
    }
    pthread_mutex_unlock(&box_lock);
    return rc;
}

static void box_ended(void *to, struct MHD_Connection *con, void **state,
                      enum MHD_RequestTerminationCode why)
{
    (void)to; (void)con; (void)why;
    if (*state)
        buf_release(*state);
    free(*state);
    *state = NULL;
}

static int box_start(void **state)
{
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

    (void)state;
    box.daemon = MHD_start_daemon(MHD_USE_AUTO | MHD_USE_INTERNAL_POLLING_THREAD, 0, NULL, NULL,
                                  box_request, NULL, MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&a,
                                  MHD_OPTION_NOTIFY_COMPLETED, box_ended, NULL, MHD_OPTION_END);
    if (!box.daemon)
        return -1;
    box.port = MHD_get_daemon_info(box.daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
    return 0;
}

static int box_stop(void **state)
{
    (void)state;
    MHD_stop_daemon(box.daemon);
    for (int i = 0; i < ASKED_MAX; i++)
        buf_release(&box.body[i]);
    return 0;
}

static void box_script(const struct said *script, size_t n)
{
    for (int i = 0; i < ASKED_MAX; i++)
        buf_clear(&box.body[i]);
    box.script = script;
    box.scripted = n;
    box.asked = 0;
    box.tokens = 0;
    box.strayed = false;
    box.token_body = box.retry_after = NULL;
}

/* ---- the sink ---- */

#define DONE_MAX 32
struct notes {
    int64_t quota; int reserved;
    struct buf events;                 // R reserve, X exchange, U user, D done, C commit
    struct request done[DONE_MAX]; int dones;
    struct user_answer user[DONE_MAX]; char message[DONE_MAX][208]; int users;
    struct settings set; struct sink sink;
    struct fetch_result sum; struct err err;
};

static int notes_reserve(void *to, struct request *q, struct err *err)
{
    struct notes *n = to;

    if (n->quota-- <= 0) {
        err_set(err, ERR_QUOTA, "today's calls are used up");
        err->retry_at = 4242;
        return -1;
    }
    if (q->n == 0)
        q->n = ++n->reserved;
    buf_char(&n->events, 'R');
    return 0;
}

static int notes_exchange(void *to, const struct request *q, const struct http_exchange *x,
                          struct evidence *ev, struct err *err)
{
    struct notes *n = to;

    (void)err;
    assert_true(q->n > 0 && x->status > 0);
    assert_true(str_find(x->request_head, STR("clt."), 0) < 0);
    ev->n = 70;
    buf_char(&n->events, 'X');
    return 0;
}

static int notes_done(void *to, struct request *q, struct err *err)
{
    struct notes *n = to;

    (void)err;
    assert_true(n->dones < DONE_MAX && q->sends > 0);
    n->done[n->dones++] = *q;
    buf_char(&n->events, 'D');
    return 0;
}

static int notes_commit(void *to, struct err *err)
{
    (void)err;
    buf_char(&((struct notes *)to)->events, 'C');
    return 0;
}

static int notes_put(void *to, const struct request *q, const struct answer *a, struct err *err)
{
    (void)to; (void)q; (void)a; (void)err;
    return 0;
}

static int notes_drift(void *to, const char *kind, struct str name, int64_t count, int64_t at,
                       struct err *err)
{
    (void)to; (void)kind; (void)name; (void)count; (void)at; (void)err;
    return 0;
}

static int notes_user(void *to, const struct request *q, const struct user_answer *u,
                      struct err *err)
{
    struct notes *n = to;

    (void)err;
    assert_int_equal(q->n, u->request);
    assert_true(n->users < DONE_MAX);
    n->user[n->users] = *u;
    snprintf(n->message[n->users++], sizeof n->message[0], "%.*s", STR_ARG(u->message));
    buf_char(&n->events, 'U');
    return 0;
}

static struct notes *notes_new(void)
{
    struct notes *n = xcalloc(1, sizeof *n);
    char text[64];

    n->quota = 1000;
    settings_init(&n->set);
    snprintf(text, sizeof text, "api.base_url=http://127.0.0.1:%d", box.port);
    assert_int_equal(settings_set(&n->set, text, &n->err), 0);
    assert_int_equal(settings_set(&n->set, "api.retry_base_ms=1", &n->err), 0);
    assert_int_equal(settings_set(&n->set, "api.requests_per_second=10000", &n->err), 0);
    n->sink = (struct sink){ .reserve = notes_reserve,
                             .exchange = notes_exchange,
                             .put = notes_put,
                             .done = notes_done,
                             .commit = notes_commit,
                             .drift = notes_drift,
                             .user = notes_user,
                             .to = n };
    return n;
}

static void notes_free(struct notes *n)
{
    assert_false(box.strayed);
    buf_release(&n->events);
    settings_release(&n->set);
    free(n);
}
#endif
