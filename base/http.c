/* base/http.c: libcurl's multi interface, driven by epoll and
 * curl_multi_socket_action: curl_multi_perform polls every socket of every
 * transfer again and again, which costs more than the transfers at thousands
 * of exchanges a second.
 *
 * A slot is one easy handle with its buffers. Slots are made once and used
 * again, so memory depends on how many are under way, not on how many went. */
#include <curl/curl.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>
#include "base/array.h"
#include "base/http.h"
#include "base/http_url.h"
#include "base/utc.h"

#define HEADER_MAX_DEFAULT (256u << 10)
#define RECEIVE_BYTES (64L << 10)
#define KEEP_BYTES (1u << 20)          // a larger buffer is freed after its exchange
#define EVENTS 64

struct slot {
    CURL *easy;
    struct http *http;
    struct slot *next;                 // in the free or the ready list
    struct curl_slist *headers;
    struct buf url, out, secret, sent, head, body;
    size_t body_max, header_bytes;
    bool loopback, refused, too_large, head_done, proxied;
    enum http_fault early;             // failed before it started
    const char *early_text;
    void *user;
    int64_t sent_at;
    char error[CURL_ERROR_SIZE];
};

struct http {
    struct http_opts opts;
    char *ca_file;
    char **proxy; size_t proxies;
    CURLM *multi;
    CURLSH **share; size_t shares;     // cookies: one jar for each proxy, or for none
    int epoll;
    int64_t timer_at;                  // monotonic ms, -1 = none
    int in_flight;
    struct slot **slot; size_t slots, slot_cap;
    struct slot *free, *ready, *given; // given: what the last http_next returned
};

/* ---- what comes in ---- */

static curl_socket_t on_open(void *user, curlsocktype purpose, struct curl_sockaddr *addr)
{
    struct slot *s = user;

    (void)purpose;
    /* Through a proxy the address is the proxy's, which the user chose. */
    if ((s->loopback || !s->proxied) && !http_address_is_allowed(&addr->addr, s->loopback)) {
        s->refused = true;
        return CURL_SOCKET_BAD;
    }
    return socket(addr->family, addr->socktype | SOCK_CLOEXEC, addr->protocol);
}

static size_t on_header(char *p, size_t size, size_t n, void *user)
{
    struct slot *s = user;
    struct str line = { p, size * n };

    s->header_bytes += line.n;
    if (s->header_bytes > s->http->opts.header_max) {
        s->too_large = true;
        return 0;
    }
    /* 1xx replies come first and are dropped when the next status line
     * comes; lines behind a finished head are trailers. */
    if (str_starts(line, STR("HTTP/")) && (s->head.n == 0 || s->head_done)) {
        buf_clear(&s->head);
        s->head_done = false;
        if (str_starts(line, STR("HTTP/2"))) {
            buf_puts(&s->head, "HTTP/1.1");
            line = str_sub(line, 6, line.n);
        }
    } else if (s->head_done) {
        return size * n;
    }
    buf_str(&s->head, line);
    s->head_done = str_trim(line).n == 0;
    return size * n;
}

static size_t on_body(char *p, size_t size, size_t n, void *user)
{
    struct slot *s = user;

    n *= size;
    if (n > s->body_max - s->body.n) {
        s->too_large = true;
        return 0;
    }
    buf_add(&s->body, p, n);
    return n;
}

/* The head as it goes out. It may come in pieces, and a second time when a
 * connection that was kept turns out dead: a finished head makes room. */
static int on_debug(CURL *easy, curl_infotype type, char *p, size_t n, void *user)
{
    struct slot *s = user;

    (void)easy;
    if (type != CURLINFO_HEADER_OUT)
        return 0;
    if (str_ends(buf_view(&s->sent), STR("\r\n\r\n")))
        buf_clear(&s->sent);
    buf_add(&s->sent, p, n);
    return 0;
}

static bool line_is_named(struct str line, struct str name)
{
    return name.n > 0 && line.n > name.n && line.p[name.n] == ':' &&
           str_eq_nocase(str_sub(line, 0, name.n), name);
}

/* Leaves out, in place, what must reach no archive. */
static void sent_clean(struct slot *s)
{
    struct str rest = buf_view(&s->sent), line;
    size_t kept = 0;
    ptrdiff_t version = str_find(rest, STR(" HTTP/2\r\n"), 0),
              first = str_find(rest, STR("\r\n"), 0);

    if (version >= 0 && version + 7 == first) {
        buf_puts(&s->sent, "..");
        memmove(s->sent.p + first + 2, s->sent.p + first, s->sent.n - (size_t)first - 2);
        memcpy(s->sent.p + first, ".1", 2);
        memcpy(s->sent.p + first - 1, "1", 1);
        rest = buf_view(&s->sent);
    }
    while (str_cut(&rest, '\n', &line)) {
        if (line.n == 0 && rest.n == 0)
            break;
        if (line_is_named(line, buf_view(&s->secret)) || line_is_named(line, STR("Cookie")) ||
            line_is_named(line, STR("Authorization")) ||
            line_is_named(line, STR("Proxy-Authorization")))
            continue;
        memmove(s->sent.p + kept, line.p, line.n);
        kept += line.n;
        s->sent.p[kept++] = '\n';
    }
    s->sent.n = kept;
}

/* ---- sockets and time ---- */

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *user, void *known)
{
    struct http *h = user;
    struct epoll_event ev = { 0 };

    (void)easy;
    if (what == CURL_POLL_REMOVE) {
        epoll_ctl(h->epoll, EPOLL_CTL_DEL, fd, NULL);
        curl_multi_assign(h->multi, fd, NULL);
        return 0;
    }
    ev.data.fd = fd;
    ev.events = (what != CURL_POLL_OUT ? EPOLLIN : 0u) | (what != CURL_POLL_IN ? EPOLLOUT : 0u);
    if (epoll_ctl(h->epoll, known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, &ev) &&
        (errno == ENOENT || errno == EEXIST))    // closed and opened again under the same number
        epoll_ctl(h->epoll, known ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, fd, &ev);
    if (!known)
        curl_multi_assign(h->multi, fd, h);
    return 0;
}

static int on_timer(CURLM *multi, long ms, void *user)
{
    struct http *h = user;

    (void)multi;
    h->timer_at = ms < 0 ? -1 : utc_real_ms() + ms;
    return 0;
}

/* Lets curl work until something ended, ms went by or a signal came. */
static int drive(struct http *h, int64_t until, struct err *err)
{
    struct epoll_event ev[EVENTS];
    int running = 0, n;
    int64_t now = utc_real_ms(), wait = until > now ? until - now : 0;

    if (h->timer_at >= 0 && h->timer_at <= now) {
        h->timer_at = -1;
        curl_multi_socket_action(h->multi, CURL_SOCKET_TIMEOUT, 0, &running);
        return 0;
    }
    if (h->timer_at >= 0 && h->timer_at - now < wait)
        wait = h->timer_at - now;
    n = epoll_wait(h->epoll, ev, EVENTS, (int)wait);
    if (n < 0)
        return errno == EINTR
                   ? 1
                   : err_set(err, ERR_IO, "waiting for the network failed: %s", strerror(errno));
    for (int i = 0; i < n; i++)
        curl_multi_socket_action(h->multi, ev[i].data.fd,
                                 (ev[i].events & EPOLLIN ? CURL_CSELECT_IN : 0) |
                                     (ev[i].events & EPOLLOUT ? CURL_CSELECT_OUT : 0) |
                                     (ev[i].events & (EPOLLERR | EPOLLHUP) ? CURL_CSELECT_ERR : 0),
                                 &running);
    return 0;
}

/* ---- slots ---- */

#define SET(option, value) \
    do { \
        if (curl_easy_setopt(s->easy, option, value)) \
            die("libcurl does not know option %s", #option); \
    } while (0)

static struct slot *slot_new(struct http *h)
{
    struct slot *s = xcalloc(1, sizeof *s);

    s->http = h;
    if (!(s->easy = curl_easy_init()))
        die("out of memory");
    SET(CURLOPT_PRIVATE, s);
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_PROTOCOLS_STR, "http,https");
    SET(CURLOPT_FOLLOWLOCATION, 0L);
    SET(CURLOPT_SSL_VERIFYPEER, 1L);
    SET(CURLOPT_SSL_VERIFYHOST, 2L);
    SET(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    SET(CURLOPT_BUFFERSIZE, RECEIVE_BYTES);
    if (h->opts.low_speed > 0) {
        SET(CURLOPT_LOW_SPEED_LIMIT, (long)h->opts.low_speed);
        SET(CURLOPT_LOW_SPEED_TIME, (long)(h->opts.timeout_s / 2 > 0 ? h->opts.timeout_s / 2 : 1));
    }
    SET(CURLOPT_TIMEOUT_MS, (long)(h->opts.timeout_s * 1000));
    SET(CURLOPT_HTTP_VERSION,
        h->opts.allow_h2 ? (long)CURL_HTTP_VERSION_2TLS : (long)CURL_HTTP_VERSION_1_1);
    SET(CURLOPT_OPENSOCKETFUNCTION, on_open);
    SET(CURLOPT_OPENSOCKETDATA, s);
    SET(CURLOPT_HEADERFUNCTION, on_header);
    SET(CURLOPT_HEADERDATA, s);
    SET(CURLOPT_WRITEFUNCTION, on_body);
    SET(CURLOPT_WRITEDATA, s);
    SET(CURLOPT_DEBUGFUNCTION, on_debug);
    SET(CURLOPT_DEBUGDATA, s);
    SET(CURLOPT_VERBOSE, 1L);                     // else on_debug is never called
    SET(CURLOPT_ERRORBUFFER, s->error);
    if (h->ca_file)
        SET(CURLOPT_CAINFO, h->ca_file);
    if (h->shares)          // once: curl adds to a list, and reads all of it at every request
        SET(CURLOPT_COOKIEFILE, "");
    ARRAY_ROOM(h->slot, h->slots, h->slot_cap);
    h->slot[h->slots++] = s;
    return s;
}

static void buf_recycle(struct buf *b)
{
    if (b->cap > KEEP_BYTES)
        buf_release(b);
    buf_clear(b);
}

static void slot_recycle(struct slot *s)
{
    curl_slist_free_all(s->headers);
    s->headers = NULL;
    buf_recycle(&s->url);
    buf_recycle(&s->out);
    buf_recycle(&s->secret);
    buf_recycle(&s->sent);
    buf_recycle(&s->head);
    buf_recycle(&s->body);
    s->next = s->http->free;
    s->http->free = s;
}

static void slot_free(struct slot *s)
{
    curl_multi_remove_handle(s->http->multi, s->easy);
    curl_easy_cleanup(s->easy);
    curl_slist_free_all(s->headers);
    buf_release(&s->url);
    buf_release(&s->out);
    buf_release(&s->secret);
    buf_release(&s->sent);
    buf_release(&s->head);
    buf_release(&s->body);
    free(s);
}

/* ---- public ---- */

static int ca_check(const char *path, struct err *err)
{
    char line[64];
    FILE *f = fopen(path, "r");
    bool readable = f && fread(line, 1, 1, f) == 1;

    if (f)
        fclose(f);
    if (readable)
        return 0;
    return err_set(err, ERR_USAGE,
                   "net.ca_file %s cannot be read: expected a file of PEM certificates", path);
}

static void proxies_copy(struct http *h, const char *const *proxy)
{
    if (!proxy)
        return;
    while (proxy[h->proxies])
        h->proxies++;
    h->proxy = xcalloc(h->proxies + 1, sizeof *h->proxy);
    for (size_t i = 0; i < h->proxies; i++)
        h->proxy[i] = xstrdup(proxy[i]);
}

static void shares_new(struct http *h)
{
    h->shares = h->proxies ? h->proxies : 1;
    h->share = xcalloc(h->shares, sizeof *h->share);
    for (size_t i = 0; i < h->shares; i++)
        if (!(h->share[i] = curl_share_init()) ||
            curl_share_setopt(h->share[i], CURLSHOPT_SHARE, CURL_LOCK_DATA_COOKIE))
            die("the cookie store cannot be set up");
}

int http_new(struct http **out, const struct http_opts *opts, struct err *err)
{
    struct http *h;
    struct sigaction pipe_action;

    if (opts->ca_file && *opts->ca_file && ca_check(opts->ca_file, err))
        return -1;
    if (curl_global_init_mem(CURL_GLOBAL_DEFAULT, lib_malloc, free, lib_realloc, lib_strdup,
                             lib_calloc))
        die("libcurl cannot be started");
    /* With NOSIGNAL curl leaves SIGPIPE alone, and OpenSSL writes to sockets
     * that the other end may have closed. */
    if (!sigaction(SIGPIPE, NULL, &pipe_action) && pipe_action.sa_handler == SIG_DFL)
        signal(SIGPIPE, SIG_IGN);
    h = xcalloc(1, sizeof *h);
    h->opts = *opts;
    h->opts.timeout_s = opts->timeout_s > 0 ? opts->timeout_s : 30;
    h->opts.header_max = opts->header_max ? opts->header_max : HEADER_MAX_DEFAULT;
    h->ca_file = opts->ca_file && *opts->ca_file ? xstrdup(opts->ca_file) : NULL;
    proxies_copy(h, opts->proxy);
    h->timer_at = -1;
    h->multi = curl_multi_init();
    h->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (!h->multi || h->epoll < 0)
        die("the network cannot be set up: %s", strerror(errno));
    if (opts->cookies)
        shares_new(h);
    curl_multi_setopt(h->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(h->multi, CURLMOPT_SOCKETDATA, h);
    curl_multi_setopt(h->multi, CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(h->multi, CURLMOPT_TIMERDATA, h);
    curl_multi_setopt(h->multi, CURLMOPT_MAXCONNECTS,
                      opts->max_in_flight > 0 ? opts->max_in_flight + 4L : 8L);
    *out = h;
    return 0;
}

void http_free(struct http *h)
{
    if (!h)
        return;
    for (size_t i = 0; i < h->slots; i++)
        slot_free(h->slot[i]);
    free(h->slot);
    curl_multi_cleanup(h->multi);
    for (size_t i = 0; i < h->shares; i++)
        curl_share_cleanup(h->share[i]);
    free(h->share);
    close(h->epoll);
    free(h->ca_file);
    for (size_t i = 0; i < h->proxies; i++) {
        explicit_bzero(h->proxy[i], strlen(h->proxy[i]));
        free(h->proxy[i]);
    }
    free(h->proxy);
    free(h);
    curl_global_cleanup();
}

int http_in_flight(const struct http *h)
{
    return h->in_flight;
}

static bool has_line_break(const char *s)
{
    return strpbrk(s, "\r\n") != NULL;
}

/* Says why a request must not go out, or NULL. */
static const char *request_refusal(const struct http_request *r, bool loopback)
{
    struct str url = str_of(r->url);

    if (str_starts_nocase(url, STR("http://"))) {
        if (!loopback && !r->plain)
            return "http:// is accepted for loopback addresses alone";
    } else if (!str_starts_nocase(url, STR("https://"))) {
        return "only http and https are accepted";
    }
    if (r->secret_header && has_line_break(r->secret_header))
        return "a header holds a line break";
    for (const char *const *p = r->header; p && *p; p++)
        if (has_line_break(*p))
            return "a header holds a line break";
    return NULL;
}

static void header_add(struct slot *s, const char *line)
{
    struct curl_slist *list = curl_slist_append(s->headers, line);

    if (!list)
        die("out of memory");
    s->headers = list;
}

/* A proxy elsewhere must not be asked to reach our own loopback. */
static bool proxy_is_loopback(const char *proxy)
{
    const char *host = strstr(proxy, "://"), *at;
    struct buf url = {0};
    bool yes;

    host = host ? host + 3 : proxy;
    at = strrchr(host, '@');
    buf_printf(&url, "http://%s", at ? at + 1 : host);
    yes = http_url_is_loopback(buf_view(&url));
    buf_release(&url);
    return yes;
}

/* The way out and the cookies that go with it; "" also keeps the environment's
 * proxies out. */
static void set_visitor(struct slot *s, size_t which)
{
    struct http *h = s->http;
    const char *proxy = which < h->proxies ? h->proxy[which] : NULL;

    s->proxied = proxy && (!s->loopback || proxy_is_loopback(proxy));
    SET(CURLOPT_PROXY, s->proxied ? proxy : "");
    if (h->shares)
        SET(CURLOPT_SHARE, h->share[which < h->shares ? which : 0]);
}

static void slot_fill(struct slot *s, const struct http_request *r)
{
    const char *colon;

    for (const char *const *p = r->header; p && *p; p++)
        header_add(s, *p);
    if (r->secret_header) {
        header_add(s, r->secret_header);
        colon = strchr(r->secret_header, ':');
        buf_add(&s->secret, r->secret_header, colon ? (size_t)(colon - r->secret_header) : 0);
    }
    if (r->post) {
        header_add(s, "Expect:");                  // a body is sent at once, not after a 100
        buf_str(&s->out, r->body);
        SET(CURLOPT_POST, 1L);
        SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)s->out.n);
        SET(CURLOPT_POSTFIELDS, buf_cstr(&s->out));
    } else {
        SET(CURLOPT_HTTPGET, 1L);
    }
    SET(CURLOPT_HTTPHEADER, s->headers);
    SET(CURLOPT_URL, buf_cstr(&s->url));
    set_visitor(s, r->proxy > 0 && (size_t)r->proxy < s->http->proxies ? (size_t)r->proxy : 0);
}

void http_submit(struct http *h, const struct http_request *r)
{
    struct slot *s = h->free;

    if (s)
        h->free = s->next;
    else
        s = slot_new(h);
    s->next = NULL;
    s->user = r->user;
    s->body_max = r->body_max;
    s->header_bytes = 0;
    s->loopback = http_url_is_loopback(str_of(r->url));
    s->refused = s->too_large = s->head_done = s->proxied = false;
    s->early = HTTP_OK;
    s->error[0] = 0;
    s->sent_at = utc_now();
    buf_puts(&s->url, r->url);
    buf_cstr(&s->url);
    h->in_flight++;
    if ((s->early_text = request_refusal(r, s->loopback))) {
        s->early = HTTP_REFUSED_URL;
        s->next = h->ready;
        h->ready = s;
        return;
    }
    slot_fill(s, r);
    if (curl_multi_add_handle(h->multi, s->easy))
        die("libcurl does not take a request");
}

static enum http_fault fault_of(const struct slot *s, CURLcode code)
{
    if (code == CURLE_OK)
        return HTTP_OK;
    if (s->refused)
        return HTTP_REFUSED_URL;
    if (s->too_large)
        return HTTP_TOO_LARGE;
    switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
        return HTTP_TIMEOUT;
    case CURLE_COULDNT_RESOLVE_HOST: case CURLE_COULDNT_RESOLVE_PROXY:
        return HTTP_DNS;
    case CURLE_COULDNT_CONNECT: case CURLE_INTERFACE_FAILED: case CURLE_PROXY:
        return HTTP_CONNECT;
    case CURLE_SSL_CONNECT_ERROR: case CURLE_PEER_FAILED_VERIFICATION: case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER: case CURLE_SSL_CACERT_BADFILE: case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_SHUTDOWN_FAILED: case CURLE_SSL_CRL_BADFILE: case CURLE_SSL_INVALIDCERTSTATUS:
        return HTTP_TLS;
    case CURLE_URL_MALFORMAT:
        return HTTP_REFUSED_URL;
    case CURLE_OUT_OF_MEMORY:
        return HTTP_TOO_LARGE;         // libcurl 7.88 says so of a header line above its own cap
    default:
        return HTTP_BROKEN;
    }
}

static const char *fault_words(const struct slot *s, CURLcode code)
{
    if (s->refused)
        return s->loopback ? "the name leads outside this machine"
                           : "the name leads to a private address";
    if (s->too_large)
        return "the reply is larger than its cap";
    return s->error[0] ? s->error : curl_easy_strerror(code);
}

static void exchange_of(struct slot *s, CURLcode code, struct http_exchange *x)
{
    long status = 0, version = 0;
    curl_off_t took = 0;
    char *peer = NULL;

    memset(x, 0, sizeof *x);
    x->user = s->user;
    x->url = buf_cstr(&s->url);
    x->sent_at = s->sent_at;
    x->done_at = utc_now();
    if (s->early) {
        x->fault = s->early;
        snprintf(x->fault_text, sizeof x->fault_text, "%s", s->early_text);
        return;
    }
    x->fault = fault_of(s, code);
    if (x->fault)
        snprintf(x->fault_text, sizeof x->fault_text, "%.159s", fault_words(s, code));
    curl_easy_getinfo(s->easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(s->easy, CURLINFO_HTTP_VERSION, &version);
    curl_easy_getinfo(s->easy, CURLINFO_TOTAL_TIME_T, &took);
    curl_easy_getinfo(s->easy, CURLINFO_PRIMARY_IP, &peer);
    x->status = s->head.n > 0 ? (int)status : 0;
    x->http_version = version == CURL_HTTP_VERSION_1_0 ? 10 : version == CURL_HTTP_VERSION_2_0 ? 20
                    : version == CURL_HTTP_VERSION_1_1 ? 11 : 0;
    x->took_us = took;
    snprintf(x->peer, sizeof x->peer, "%s", peer && !s->proxied ? peer : "");
    sent_clean(s);
    x->request_head = buf_view(&s->sent);
    x->request_body = buf_view(&s->out);
    x->head = buf_view(&s->head);
    x->body = buf_view(&s->body);
}

/* What has ended already: 1 and *x, or 0. */
static int take_ended(struct http *h, struct http_exchange *x)
{
    struct slot *s = h->ready;
    CURLMsg *m;
    int left;

    if (s) {
        h->ready = s->next;
        exchange_of(s, CURLE_OK, x);
    } else {
        do
            m = curl_multi_info_read(h->multi, &left);
        while (m && m->msg != CURLMSG_DONE);
        if (!m)
            return 0;
        CURLcode code = m->data.result;
        CURL *easy = m->easy_handle;

        curl_easy_getinfo(easy, CURLINFO_PRIVATE, &s);
        exchange_of(s, code, x);
        curl_multi_remove_handle(h->multi, easy);
    }
    h->in_flight--;
    h->given = s;
    return 1;
}

int http_next(struct http *h, int wait_ms, struct http_exchange *x, struct err *err)
{
    int64_t until = utc_real_ms() + (wait_ms > 0 ? wait_ms : 0);
    int rc;

    if (h->given) {
        slot_recycle(h->given);
        h->given = NULL;
    }
    for (bool last = false;; last = utc_real_ms() >= until) {
        if (take_ended(h, x))
            return 1;
        if (h->in_flight == 0 || last)
            return 0;
        if ((rc = drive(h, until, err)) != 0)
            return rc < 0 ? -1 : take_ended(h, x);
    }
}

struct str http_header(const struct http_exchange *x, const char *name)
{
    struct str rest = x->head, line, want = str_of(name);

    str_cut(&rest, '\n', &line);                   // the status line
    while (str_cut(&rest, '\n', &line))
        if (line_is_named(line, want))
            return str_trim(str_sub(line, want.n + 1, line.n));
    return STR_NONE;
}

void http_library(struct buf *out)
{
    const curl_version_info_data *v = curl_version_info(CURLVERSION_NOW);

    buf_printf(out, "curl %s (%s)", v->version, v->ssl_version ? v->ssl_version : "no TLS");
}
