/* HTTP against a server of this test's own, and against nginx for HTTP/2 and
 * TLS. The server answers by path with canned bytes, so that it can break
 * every rule of the protocol. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <fcntl.h>
#include <malloc.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/http.h"
#include "base/http_url.h"
#include "base/utc.h"

/* ---- the server ---- */

#define PAGE_BYTES 40000
static struct { int fd, port; pthread_t thread; atomic_int connections; } server;

static void send_all(int fd, const char *p, size_t n)
{
    for (ssize_t w; n > 0; p += w, n -= (size_t)w)
        if ((w = send(fd, p, n, MSG_NOSIGNAL)) <= 0)
            return;
}

static void send_text(int fd, const char *text)
{
    send_all(fd, text, strlen(text));
}

/* Answers with what it was sent, head and body. */
static void send_echo(int fd, const char *request, const char *more)
{
    char head[256];

    snprintf(head, sizeof head, "HTTP/1.1 200 OK\r\n%sContent-Length: %zu\r\n\r\n", more,
             strlen(request));
    send_text(fd, head);
    send_text(fd, request);
}

static void send_page(int fd)
{
    static char body[PAGE_BYTES];
    char head[128];

    memset(body, 'x', sizeof body);
    snprintf(head, sizeof head, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n", PAGE_BYTES);
    send_text(fd, head);
    send_all(fd, body, sizeof body);
}

/* False when the connection is to be closed. */
static bool answer(int fd, const char *request)
{
    char path[32] = "";

    if (strstr(request, " http://"))                     // asked as a proxy
        sscanf(request, "%*s http://%*[^/]%31s", path);
    else
        sscanf(request, "%*s %31s", path);
    if (!strcmp(path, "/echo"))
        send_echo(fd, request, "");
    else if (!strcmp(path, "/cookie"))
        send_echo(fd, request, "Set-Cookie: ticket=t1; Path=/\r\n");
    else if (!strcmp(path, "/page"))
        send_page(fd);
    else if (!strcmp(path, "/coded"))
        send_text(
            fd,
            "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\x1f\x8b\x08!");
    else if (!strcmp(path, "/chunked"))
        send_text(fd, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                      "3\r\nabc\r\n2\r\nde\r\n0\r\nTrailer: t\r\n\r\n");
    else if (!strcmp(path, "/moved"))
        send_text(fd, "HTTP/1.1 302 Found\r\nLocation: /echo\r\nContent-Length: 0\r\n\r\n");
    else if (!strcmp(path, "/early"))
        send_text(
            fd,
            "HTTP/1.1 100 Continue\r\nX-Early: 1\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n"
            "\r\n"
            "HTTP/1.1 404 Gone Fishing\r\nretry-AFTER:  7 \r\nContent-Length: 2\r\n\r\nno");
    else if (!strcmp(path, "/cut")) {
        send_text(fd, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort");
        return false;
    } else if (!strcmp(path, "/drip")) {
        send_text(fd, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n");
        for (int i = 0; i < 30; i++) {
            send_text(fd, ".");
            usleep(100000);
        }
        return false;
    } else if (!strcmp(path, "/heads")) {
        send_text(fd, "HTTP/1.1 200 OK\r\n");
        for (int i = 0; i < 200; i++)
            send_text(fd, "X-Filler: 0123456789012345678901234567890123456789\r\n");
        send_text(fd, "\r\n");
        return false;
    } else {
        send_text(fd, "not HTTP at all\r\n\r\n");
        return false;
    }
    return true;
}

/* True when a whole request stands in buf, its body included. */
static bool request_ended(const char *buf, size_t n)
{
    const char *end = strstr(buf, "\r\n\r\n"), *len = strcasestr(buf, "content-length:");

    return end &&
           n >= (size_t)(end + 4 - buf) + (len && len < end ? strtoul(len + 15, NULL, 10) : 0);
}

static void *serve_one(void *arg)
{
    int fd = (int)(intptr_t)arg;
    char *buf = calloc(1, 1 << 16);
    size_t n = 0;
    ssize_t got;

    while (buf && (got = recv(fd, buf + n, (1 << 16) - 1 - n, 0)) > 0) {
        n += (size_t)got;
        buf[n] = 0;
        if (buf[0] < 'A')                                 // a TLS hello
            break;
        if (!request_ended(buf, n))
            continue;
        if (!answer(fd, buf))
            break;
        n = 0;
    }
    free(buf);
    close(fd);
    return NULL;
}

static void *serve(void *arg)
{
    pthread_t one;
    int fd, on = 1;

    (void)arg;
    while ((fd = accept(server.fd, NULL, NULL)) >= 0) {
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        server.connections++;
        if (pthread_create(&one, NULL, serve_one, (void *)(intptr_t)fd) == 0)
            pthread_detach(one);
    }
    return NULL;
}

static int listen_anywhere(int *port)
{
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t len = sizeof a;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof a), 0);
    assert_int_equal(listen(fd, 64), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &len), 0);
    *port = ntohs(a.sin_port);
    return fd;
}

static int server_start(void **state)
{
    (void)state;
    server.fd = listen_anywhere(&server.port);
    return pthread_create(&server.thread, NULL, serve, NULL);
}

static int server_stop(void **state)
{
    (void)state;
    shutdown(server.fd, SHUT_RDWR);
    pthread_join(server.thread, NULL);
    return close(server.fd);
}

/* ---- asking ---- */

static struct http *open_http(struct http_opts o)
{
    struct http *h = NULL;
    struct err err = { 0 };

    o.timeout_s = o.timeout_s ? o.timeout_s : 10;
    assert_int_equal(http_new(&h, &o, &err), 0);
    return h;
}

static void wait_for(struct http *h, struct http_exchange *x)
{
    struct err err = { 0 };
    int rc = 0;

    for (int i = 0; i < 200 && rc == 0; i++)
        rc = http_next(h, 100, x, &err);
    assert_int_equal(rc, 1);
}

static void ask(struct http *h, struct http_request r, const char *path, struct http_exchange *x)
{
    char url[128];

    if (!r.url) {
        snprintf(url, sizeof url, "http://127.0.0.1:%d%s", server.port, path);
        r.url = url;
    }
    r.body_max = r.body_max ? r.body_max : 1 << 20;
    http_submit(h, &r);
    wait_for(h, x);
    assert_int_equal(http_in_flight(h), 0);
}

static struct http_exchange ask_once(struct http_opts o, struct http_request r, const char *path,
                                     enum http_fault want)
{
    struct http *h = open_http(o);
    struct http_exchange x;

    ask(h, r, path, &x);
    assert_int_equal(x.fault, want);
    if (want)
        assert_true(x.fault_text[0]);
    x.head = x.body = x.request_head = x.request_body = STR_NONE;
    http_free(h);
    return x;
}

static bool has(struct str s, const char *needle)
{
    return str_find(s, str_of(needle), 0) >= 0;
}

static void exchange_shows_both_ways_without_secrets(void **state)
{
    static const char *const header[] = { "X-Ours: 1", "Accept-Encoding: gzip", NULL };
    struct http *h = open_http((struct http_opts){ .cookies = true });
    struct http_exchange x;
    int mark = 0;

    (void)state;
    ask(h,
        (struct http_request){
            .header = header, .secret_header = "Authorization: Bearer hush", .user = &mark },
        "/cookie", &x);
    ask(h,
        (struct http_request){ .header = header,
                               .secret_header = "X-Key: hush",
                               .user = &mark,
                               .post = true,
                               .body = STR("{\"a\":1}") },
        "/echo", &x);
    assert_int_equal(x.fault, HTTP_OK);
    assert_int_equal(x.status, 200);
    assert_int_equal(x.http_version, 11);
    assert_ptr_equal(x.user, &mark);
    assert_string_equal(x.peer, "127.0.0.1");
    assert_true(x.done_at >= x.sent_at && x.sent_at > 1600000000 && x.took_us > 0);
    /* the server saw them, the exchange does not show them */
    assert_true(has(x.body, "X-Key: hush") && has(x.body, "Cookie: ticket=t1"));
    assert_false(has(x.request_head, "hush") || has(x.request_head, "ticket"));
    assert_true(str_starts(x.request_head, STR("POST /echo HTTP/1.1\r\n")));
    assert_true(has(x.request_head, "\r\nX-Ours: 1\r\n") &&
                str_ends(x.request_head, STR("\r\n\r\n")));
    assert_true(str_eq(x.request_body, STR("{\"a\":1}")));
    assert_true(str_ends(x.body, STR("\r\n\r\n{\"a\":1}")));
    assert_false(has(x.body, "Expect"));
    assert_true(str_starts(x.head, STR("HTTP/1.1 200 OK\r\n")) &&
                str_ends(x.head, STR("\r\n\r\n")));
    ask(h, (struct http_request){ .header = header }, "/echo",
        &x);    // a GET after a POST, on the same handle
    assert_true(str_starts(x.request_head, STR("GET /echo HTTP/1.1\r\n")));
    assert_int_equal(x.request_body.n, 0);
    http_free(h);
}

static void without_cookies_none_are_kept(void **state)
{
    struct http *h = open_http((struct http_opts){ 0 });
    struct http_exchange x;

    (void)state;
    ask(h, (struct http_request){ 0 }, "/cookie", &x);
    ask(h, (struct http_request){ 0 }, "/echo", &x);
    assert_false(has(x.body, "Cookie"));
    http_free(h);
}

static void body_comes_as_it_came(void **state)
{
    struct http *h = open_http((struct http_opts){ 0 });
    struct http_exchange x;

    (void)state;
    ask(h, (struct http_request){ 0 }, "/coded", &x);
    assert_true(str_eq(x.body, STR("\x1f\x8b\x08!")));
    assert_true(str_eq(http_header(&x, "content-encoding"), STR("gzip")));
    ask(h, (struct http_request){ 0 }, "/chunked", &x);
    assert_true(str_eq(x.body, STR("abcde")));
    assert_false(has(x.head, "Trailer"));
    http_free(h);
}

static void redirect_is_not_followed(void **state)
{
    struct http *h = open_http((struct http_opts){ 0 });
    struct http_exchange x;

    (void)state;
    ask(h, (struct http_request){ 0 }, "/moved", &x);
    assert_int_equal(x.status, 302);
    assert_true(str_eq(http_header(&x, "Location"), STR("/echo")));
    assert_null(http_header(&x, "Nothing").p);
    http_free(h);
}

static void early_replies_are_dropped(void **state)
{
    struct http *h = open_http((struct http_opts){ 0 });
    struct http_exchange x;

    (void)state;
    ask(h, (struct http_request){ 0 }, "/early", &x);
    assert_int_equal(x.status, 404);
    assert_true(str_starts(x.head, STR("HTTP/1.1 404 Gone Fishing\r\n")));
    assert_false(has(x.head, "X-Early") || has(x.head, "Link"));
    assert_true(str_eq(http_header(&x, "Retry-After"), STR("7")));
    http_free(h);
}

static void caps_end_an_exchange(void **state)
{
    struct http_exchange x;

    (void)state;
    ask_once((struct http_opts){ 0 }, (struct http_request){ .body_max = PAGE_BYTES - 1 }, "/page",
             HTTP_TOO_LARGE);
    x = ask_once((struct http_opts){ 0 }, (struct http_request){ .body_max = PAGE_BYTES }, "/page",
                 HTTP_OK);
    assert_int_equal(x.status, 200);
    ask_once((struct http_opts){ .header_max = 4096 }, (struct http_request){ 0 }, "/heads",
             HTTP_TOO_LARGE);
}

static void faults_are_told_apart(void **state)
{
    struct http_exchange x;
    char url[64];
    int port, fd = listen_anywhere(&port);

    (void)state;
    close(fd);                                            // a port where nobody listens
    snprintf(url, sizeof url, "http://127.0.0.1:%d/", port);
    x = ask_once((struct http_opts){ 0 }, (struct http_request){ .url = url }, NULL, HTTP_CONNECT);
    assert_int_equal(x.status, 0);
    ask_once((struct http_opts){ 0 }, (struct http_request){ 0 }, "/cut", HTTP_BROKEN);
    ask_once((struct http_opts){ 0 }, (struct http_request){ 0 }, "/nonsense", HTTP_BROKEN);
    ask_once((struct http_opts){ .timeout_s = 1 }, (struct http_request){ 0 }, "/drip",
             HTTP_TIMEOUT);
    snprintf(url, sizeof url, "https://127.0.0.1:%d/", server.port);
    ask_once((struct http_opts){ 0 }, (struct http_request){ .url = url }, NULL, HTTP_TLS);
}

static void addresses_inside_are_refused(void **state)
{
    static const char *const urls[] = {
        "http://example.org/",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "https://10.1.2.3/",
        "https://192.168.0.1/",
        "https://169.254.169.254/latest",
        "https://[fd00::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://0.0.0.0/",
        "https://site.localhost/",
        "https://2130706433/",
        "https://100.64.0.1/",
        "https://[64:ff9b::a00:1]/",
        "http://127.0.0.1@10.0.0.1/",
        "",
        "https://172.16.0.1/",
        "https://172.31.255.255/",
        "https://100.127.255.255/",
        "https://198.18.0.1/",
        "https://192.0.0.8/",
        "https://224.0.0.1/",
        "https://255.255.255.255/",
        "https://127.0.0.1.nip.invalid.localhost/",
        "https://[fe80::1]/",
        "https://[fec0::1]/",
        "https://[fc00::1]/",
        "https://[ff02::1]/",
        "https://[::]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:100.64.0.1]/",
        "https://[2002:a00:1::]/",
        "https://[::10.0.0.1]/",
        "https://0x7f000001/",
        "https://0300.0250.0.1/",
        "https://127.1.example@169.254.169.254/",
    };

    (void)state;
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++)
        ask_once((struct http_opts){ 0 }, (struct http_request){ .url = urls[i] }, NULL,
                 HTTP_REFUSED_URL);
}

static void header_with_a_line_break_does_not_go_out(void **state)
{
    static const char *const header[] = { "X-A: b\r\nX-C: d", NULL };

    (void)state;
    ask_once((struct http_opts){ 0 }, (struct http_request){ .header = header }, "/echo",
             HTTP_REFUSED_URL);
}

static void loopback_urls_are_known_by_their_host(void **state)
{
    static const char *const yes[] = {
        "http://127.0.0.1", "http://127.0.0.1:80/x", "http://[::1]:8/", "http://localhost?q",
        "HTTP://LOCALHOST:1", "https://localhost/", "http://127.8.9.10/",
    };
    static const char *const no[] = {
        "http://127.0.0.1.example.org/",
        "http://127.0.0.1@example.org/",
        "http://localhost.org",
        "http://[::1",
        "http://[::1]x",
        "http://127.1/",
        "http://1270.0.0.1/",
        "localhost",
        "",
        "http://localhost:8x/",
        "ftp://localhost/",
        "http://10.0.0.1",
    };

    (void)state;
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
        assert_true(http_url_is_loopback(str_of(yes[i])));
    for (size_t i = 0; i < sizeof no / sizeof *no; i++)
        assert_false(http_url_is_loopback(str_of(no[i])));
}

static void proxies_of_the_environment_are_ignored(void **state)
{
    (void)state;
    setenv("http_proxy", "http://127.0.0.1:1", 1);
    setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
    ask_once((struct http_opts){ 0 }, (struct http_request){ 0 }, "/echo", HTTP_OK);
    unsetenv("http_proxy");
    unsetenv("ALL_PROXY");
}

static void each_proxy_has_its_cookies_and_no_password_is_shown(void **state)
{
    char first[64], second[64];
    const char *const proxy[] = { first, second, NULL };
    struct http_exchange x;
    struct http *h;

    (void)state;
    snprintf(first, sizeof first, "http://ann:hush-hush@127.0.0.1:%d", server.port);
    snprintf(second, sizeof second, "http://127.0.0.1:%d/", server.port);
    h = open_http((struct http_opts){ .proxy = proxy, .cookies = true });
    ask(h, (struct http_request){ .proxy = 0 }, "/cookie", &x);
    assert_int_equal(x.fault, HTTP_OK);
    assert_true(has(x.body, "GET http://127.0.0.1:"));
    assert_true(has(x.body, "Proxy-Authorization: Basic YW5uOmh1c2gtaHVzaA=="));
    assert_false(has(x.request_head, "Proxy-Authorization") || has(x.request_head, "hush"));
    assert_string_equal(x.peer, "");
    ask(h, (struct http_request){ .proxy = 0 }, "/echo", &x);
    assert_true(has(x.body, "ticket=t1"));
    ask(h, (struct http_request){ .proxy = 1 }, "/echo", &x);
    assert_false(has(x.body, "ticket=t1") || has(x.body, "Proxy-Authorization"));
    http_free(h);
}

/* What is ours alone is not asked for through somebody else's machine. */
static void loopback_goes_through_no_proxy_elsewhere(void **state)
{
    const char *const proxy[] = { "http://u:hush@192.0.2.1:9", NULL };
    struct http_exchange x;
    struct http *h = open_http((struct http_opts){ .proxy = proxy });

    (void)state;
    ask(h, (struct http_request){ 0 }, "/echo", &x);
    assert_int_equal(x.fault, HTTP_OK);
    assert_true(has(x.body, "GET /echo "));
    http_free(h);
}

static void proxies_are_known_by_their_urls(void **state)
{
    static const char *const yes[] = { "http://a", "https://a:1", "socks5://u:p@a.b:1080",
                                       "SOCKS5H://[::1]:1/", "http://u:p@x@a" };
    static const char *const no[] = { "",           "a",           "socks4://a",
                                      "ftp://a",    "http://",     "http:///",
                                      "http://:80", "http://a b",  "http://a/path",
                                      "http://a?x", "http://u:p@", "file:///etc/passwd" };

    (void)state;
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
        assert_true(http_proxy_is_valid(str_of(yes[i])));
    for (size_t i = 0; i < sizeof no / sizeof *no; i++)
        assert_false(http_proxy_is_valid(str_of(no[i])));
}

/* A drip is ended by its speed long before the whole exchange is out of time. */
static void slow_drip_is_ended_by_its_speed(void **state)
{
    int64_t from = utc_tick_ms();

    (void)state;
    ask_once((struct http_opts){ .timeout_s = 2, .low_speed = 1000 }, (struct http_request){ 0 },
             "/drip", HTTP_TIMEOUT);
    assert_true(utc_tick_ms() - from < 1950);
}

/* Runs count exchanges, flight at once; returns how many came back well. */
static int run_many(struct http *h, int count, int flight)
{
    struct http_exchange x;
    char url[64];
    int sent = 0, good = 0;

    snprintf(url, sizeof url, "http://127.0.0.1:%d/page", server.port);
    while (sent < count || http_in_flight(h) > 0) {
        for (; sent < count && http_in_flight(h) < flight; sent++)
            http_submit(h, &(struct http_request){ .url = url, .body_max = 1 << 20 });
        wait_for(h, &x);
        good += x.fault == HTTP_OK && x.body.n == PAGE_BYTES;
    }
    return good;
}

static void memory_and_connections_do_not_grow(void **state)
{
    struct http *h = open_http((struct http_opts){ .max_in_flight = 4, .cookies = true });
    size_t before;
    int connections;

    (void)state;
    assert_int_equal(run_many(h, 100, 4), 100);
    before = mallinfo2().uordblks + mallinfo2().hblkhd;
    connections = server.connections;
    assert_int_equal(run_many(h, 4000, 4), 4000);
    assert_true(mallinfo2().uordblks + mallinfo2().hblkhd < before + 65536);
    assert_true(server.connections - connections <= 1);
    http_free(h);
}

static void nothing_under_way_is_nothing_to_wait_for(void **state)
{
    struct http *h = open_http((struct http_opts){ 0 });
    struct http_exchange x;
    struct err err = { 0 };

    (void)state;
    assert_int_equal(http_next(h, 60000, &x, &err), 0);
    http_free(h);
}

static void unreadable_ca_file_is_a_settings_error(void **state)
{
    struct http *h = NULL;
    struct err err = { 0 };

    (void)state;
    assert_int_equal(
        http_new(&h, &(struct http_opts){ .timeout_s = 1, .ca_file = "/nonexistent/ca.pem" }, &err),
        -1);
    assert_int_equal(err.kind, ERR_USAGE);
    assert_non_null(strstr(err.msg, "/nonexistent/ca.pem"));
}

static void component_is_escaped(void **state)
{
    struct buf b = { 0 };

    (void)state;
    http_escape(&b, STR("a-b_c.d~e/f?\xc3\xa9 &"));
    assert_string_equal(buf_cstr(&b), "a-b_c.d~e%2Ff%3F%C3%A9%20%26");
    buf_release(&b);
}

/* ---- HTTP/2 over TLS ---- */

static bool run_command(const char *format, const char *dir)
{
    char command[2048];

    snprintf(command, sizeof command, format, dir, dir, dir, dir, dir, dir);
    return system(command) == 0;
}

static bool make_certificates(const char *dir)
{
    return run_command(
        "cd %s && exec >/dev/null 2>&1 && "
        "new='-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes' && "
        "openssl req -x509 $new -keyout ca.key -out ca.pem -days 2 -subj /CN=testca && "
        "openssl req $new -keyout key.pem -out req.pem -subj /CN=localhost && "
        "printf 'subjectAltName=DNS:localhost,IP:127.0.0.1' > ext && "
        "openssl x509 -req -in req.pem -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile "
        "ext "
        "-out cert.pem",
        dir);
}

static void write_nginx_config(const char *dir, int port)
{
    char path[256];
    FILE *f;

    snprintf(path, sizeof path, "%s/nginx.conf", dir);
    assert_non_null(f = fopen(path, "w"));
    fprintf(
        f,
        "daemon off; master_process off; pid %s/pid; error_log %s/error.log;\n"
        "events { worker_connections 64; }\n"
        "http { access_log off; client_body_temp_path %s/t1; proxy_temp_path %s/t2; "
        "fastcgi_temp_path %s/t3;\n"
        "uwsgi_temp_path %s/t4; scgi_temp_path %s/t5;\n"
        "server { listen 127.0.0.1:%d ssl http2; ssl_certificate %s/cert.pem; "
        "ssl_certificate_key %s/key.pem;\n"
        "location / { default_type text/plain; add_header Set-Cookie \"k=v\";\n"
        "return 200 \"$server_protocol $http_authorization\"; }\n"
        "} }\n",
        dir, dir, dir, dir, dir, dir, dir, port, dir, dir);
    assert_int_equal(fclose(f), 0);
}

static pid_t start_nginx(const char *dir, int *port)
{
    char config[256], *const args[] = { "nginx", "-p", (char *)dir, "-c",
                                        config,  "-e", "/dev/null", NULL };
    int fd = listen_anywhere(port), quiet;
    pid_t pid;

    close(fd);
    write_nginx_config(dir, *port);
    snprintf(config, sizeof config, "%s/nginx.conf", dir);
    if ((pid = fork()) == 0) {
        prctl(PR_SET_PDEATHSIG, SIGTERM);    // not even a failed assertion leaves it behind
        quiet = open("/dev/null", O_RDWR);
        dup2(quiet, 1);
        dup2(quiet, 2);
        execv(access("/usr/sbin/nginx", X_OK) ? "/usr/local/sbin/nginx" : "/usr/sbin/nginx", args);
        _exit(127);
    }
    return pid;
}

static void check_over_tls(const char *dir, int port)
{
    char ca[256], url[64];
    struct http *h;
    struct http_exchange x;

    snprintf(ca, sizeof ca, "%s/ca.pem", dir);
    snprintf(url, sizeof url, "https://localhost:%d/some/path", port);
    h = open_http((struct http_opts){ .ca_file = ca, .allow_h2 = true, .cookies = true });
    for (int i = 0; i < 100; i++) {                       // until nginx listens
        ask(h, (struct http_request){ .url = url, .secret_header = "Authorization: Bearer hush" },
            NULL, &x);
        if (x.fault != HTTP_CONNECT)
            break;
        usleep(50000);
    }
    assert_int_equal(x.fault, HTTP_OK);
    assert_int_equal(x.http_version, 20);
    assert_true(str_eq(x.body, STR("HTTP/2.0 Bearer hush")));
    assert_true(str_starts(x.head, STR("HTTP/1.1 200")) && str_ends(x.head, STR("\r\n\r\n")));
    assert_true(str_starts(x.request_head, STR("GET /some/path HTTP/1.1\r\n")));
    assert_false(has(x.request_head, "hush"));
    ask(h, (struct http_request){ .url = url, .post = true, .body = STR("q=1") }, NULL, &x);
    assert_int_equal(x.fault, HTTP_OK);
    assert_true(str_starts(x.request_head, STR("POST /some/path HTTP/1.1\r\n")));
    assert_false(has(x.request_head, "Cookie") || has(x.request_head, "cookie"));
    http_free(h);
    h = open_http((struct http_opts){ .ca_file = ca });
    ask(h, (struct http_request){ .url = url }, NULL, &x);
    assert_int_equal(x.http_version, 11);
    http_free(h);
    /* the system does not know that CA */
    ask_once((struct http_opts){ 0 }, (struct http_request){ .url = url }, NULL, HTTP_TLS);
}

static void http2_over_verified_tls(void **state)
{
    char dir[] = "/tmp/test_http.XXXXXX";
    int port, status;
    pid_t pid;

    (void)state;
    if ((access("/usr/sbin/nginx", X_OK) && access("/usr/local/sbin/nginx", X_OK)) ||
        system("openssl version >/dev/null 2>&1") != 0) {
        print_message("skipped: http2_over_verified_tls needs nginx and openssl\n");
        skip();
    }
    assert_non_null(mkdtemp(dir));
    assert_true(make_certificates(dir));
    pid = start_nginx(dir, &port);
    assert_true(pid > 0);
    check_over_tls(dir, port);
    kill(pid, SIGTERM);
    waitpid(pid, &status, 0);
    assert_true(run_command("rm -rf %s", dir));
}

/* A server that vouches for itself, under a name of its choice. */
static pid_t start_self_signed(const char *dir, const char *name, int *port)
{
    char command[512], text[16];
    int fd, quiet;
    pid_t pid;

    snprintf(
        command, sizeof command,
        "cd %s && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes "
        "-keyout self.key -out self.pem -days 2 -subj /CN=%s -addext subjectAltName=DNS:%s >"
        "/dev/null 2>&1",
        dir, name, name);
    assert_int_equal(system(command), 0);
    fd = listen_anywhere(port);
    close(fd);
    snprintf(text, sizeof text, "%d", *port);
    if ((pid = fork()) == 0) {
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        if (chdir(dir) == 0 && (quiet = open("/dev/null", O_RDWR)) >= 0) {
            dup2(quiet, 0);
            dup2(quiet, 1);
            dup2(quiet, 2);
            execlp("openssl", "openssl", "s_server", "-accept", text, "-cert", "self.pem", "-key",
                   "self.key", "-www", NULL);
        }
        _exit(127);
    }
    return pid;
}

static enum http_fault fault_over_tls(int port, const char *ca)
{
    struct http *h = open_http((struct http_opts){ .ca_file = ca });
    struct http_exchange x;
    enum http_fault fault;
    char url[64];

    snprintf(url, sizeof url, "https://localhost:%d/", port);
    for (int i = 0; i < 100; i++) {                       // until it listens
        ask(h, (struct http_request){ .url = url }, NULL, &x);
        if (x.fault != HTTP_CONNECT)
            break;
        usleep(50000);
    }
    fault = x.fault;
    http_free(h);
    return fault;
}

/* There is no switch that turns the check off: only a certificate that the user
 * names is trusted, and only for its own name. */
static void certificate_is_checked_always(void **state)
{
    char dir[] = "/tmp/test_http.XXXXXX", ca[64];
    int port, status;
    pid_t pid;

    (void)state;
    if (system("openssl version >/dev/null 2>&1") != 0) {
        print_message("skipped: certificate_is_checked_always needs openssl\n");
        skip();
    }
    assert_non_null(mkdtemp(dir));
    snprintf(ca, sizeof ca, "%s/self.pem", dir);
    pid = start_self_signed(dir, "localhost", &port);
    assert_int_equal(fault_over_tls(port, NULL), HTTP_TLS);
    assert_int_equal(fault_over_tls(port, ca), HTTP_OK);
    kill(pid, SIGTERM);
    waitpid(pid, &status, 0);
    pid = start_self_signed(dir, "other.example", &port);
    assert_int_equal(fault_over_tls(port, ca), HTTP_TLS);
    kill(pid, SIGTERM);
    waitpid(pid, &status, 0);
    assert_true(run_command("rm -rf %s", dir));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exchange_shows_both_ways_without_secrets),
        cmocka_unit_test(without_cookies_none_are_kept),
        cmocka_unit_test(body_comes_as_it_came),
        cmocka_unit_test(redirect_is_not_followed),
        cmocka_unit_test(early_replies_are_dropped),
        cmocka_unit_test(caps_end_an_exchange),
        cmocka_unit_test(faults_are_told_apart),
        cmocka_unit_test(addresses_inside_are_refused),
        cmocka_unit_test(header_with_a_line_break_does_not_go_out),
        cmocka_unit_test(loopback_urls_are_known_by_their_host),
        cmocka_unit_test(proxies_of_the_environment_are_ignored),
        cmocka_unit_test(each_proxy_has_its_cookies_and_no_password_is_shown),
        cmocka_unit_test(loopback_goes_through_no_proxy_elsewhere),
        cmocka_unit_test(proxies_are_known_by_their_urls),
        cmocka_unit_test(slow_drip_is_ended_by_its_speed),
        cmocka_unit_test(memory_and_connections_do_not_grow),
        cmocka_unit_test(nothing_under_way_is_nothing_to_wait_for),
        cmocka_unit_test(unreadable_ca_file_is_a_settings_error),
        cmocka_unit_test(component_is_escaped),
        cmocka_unit_test(http2_over_verified_tls),
        cmocka_unit_test(certificate_is_checked_always),
    };

    return cmocka_run_group_tests(tests, server_start, server_stop);
}
