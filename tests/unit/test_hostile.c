/* tests/unit/test_hostile.c: a server that breaks every rule, met by scrape and
 * by fetch: each of its replies ends as no answer or as a clear error, none is
 * read as a refusal, nothing that was asked is lost, and memory stays bounded. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <libdeflate.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include "base/utc.h"
#include "fetch/fetch.h"
#include "scrape/scrape.h"
#include "tests/unit/fake_page.h"

#define BASE_ID 7341234567890123000u
#define AT 1700000000
#define MEMORY_KB (192L << 10)       // of growth; a page of 32 MB is held as it came and decoded

/* ---- what the server does, by name ---- */

#define TRICKS(X)                                                                                  \
    X(BOMB)                                                                                        \
    X(BOMB_TWICE) X(BOMB_CUT) X(HEADERS_ENDLESS) X(HEADER_LONG) X(HINTS_ENDLESS) X(COOKIES)        \
        X(BODY_ENDLESS) X(LENGTH_HUGE) X(LENGTH_NEGATIVE) X(LENGTH_TWICE) X(CHUNKS_BAD) X(DRIP)    \
            X(DRIP_HEADERS) X(SILENT) X(NO_HTTP) X(HTTP_OLD) X(STATUS_ODD) X(NUL_HEADER)           \
                X(DEEP_ARRAYS) X(DEEP_OBJECTS) X(DEEP_SCRIPT) X(NUMBERS) X(KEYS_TWICE) X(UTF8_BAD) \
                    X(UTF8_OVERLONG) X(SURROGATES) X(NULS) X(TAGS_OPEN) X(TO_METADATA)             \
                        X(TO_INSIDE) X(TO_MAPPED) X(TO_OTHER_SITE) X(TO_FILE) X(TO_USER)           \
                            X(TO_OTHER_PORT) X(TO_LOOP) X(TO_LONG) X(TO_BREAK) X(LATER_HUGE)       \
                                X(LATER_ODD)
enum trick {
#define X(name) TRICK_##name,
    TRICKS(X)
#undef X
    TRICK_COUNT
};
static const char *const names[TRICK_COUNT] = {
#define X(name) #name,
    TRICKS(X)
#undef X
};

static struct { int fd, port; pthread_t thread; atomic_int tokens; } server;
static struct buf bomb, bomb_twice;

static bool send_all(int fd, const char *p, size_t n)
{
    for (ssize_t w; n > 0; p += w, n -= (size_t)w)
        if ((w = send(fd, p, n, MSG_NOSIGNAL)) <= 0)
            return false;
    return true;
}

static bool send_text(int fd, const char *text)
{
    return send_all(fd, text, strlen(text));
}

static void send_body(int fd, const char *headers, struct str body)
{
    char head[512];

    snprintf(head, sizeof head,
             "HTTP/1.1 200 OK\r\n%sConnection: close\r\nContent-Length: %zu\r\n\r\n", headers,
             body.n);
    if (send_text(fd, head))
        send_all(fd, body.p, body.n);
}

static void pack(struct str raw, struct buf *out)
{
    struct libdeflate_compressor *c = libdeflate_alloc_compressor(9);
    size_t room = libdeflate_gzip_compress_bound(c, raw.n);

    buf_grow(out, room);
    out->n = libdeflate_gzip_compress(c, raw.p, raw.n, out->p, room);
    libdeflate_free_compressor(c);
}

/* A page whose detail is text, or (api) a reply whose only row is. */
static void send_json(int fd, bool api, const char *detail)
{
    struct buf b = { 0 };

    if (api)
        buf_printf(&b,
                   "{\"data\":{\"videos\":[%s],\"has_more\":false},\"error\":{\"code\":\"ok\"}}",
                   detail);
    else
        fake_page(&b, "webapp.video-detail", detail, FAKE_CANONICAL, 2000, 1);
    send_body(fd, "", buf_view(&b));
    buf_release(&b);
}

/* The post with a text of the server's choice in it. */
static void send_post(int fd, bool api, uint64_t id, const char *text)
{
    struct buf b = { 0 };

    if (api)
        buf_printf(
            &b,
            "{\"id\":%llu,\"create_time\":%d,\"username\":\"%s\",\"video_description\":\"%s\","
            "\"view_count\":5}",
            (unsigned long long)id, AT, text, text);
    else
        buf_printf(
            &b,
            "{\"itemInfo\":{\"itemStruct\":{\"id\":\"%llu\",\"createTime\":\"%d\",\"desc\":\"%s\","
            "\"author\":{\"uniqueId\":\"%s\"},\"video\":{\"playAddr\":\"u\"},"
            "\"stats\":{\"playCount\":5}}},"
            "\"statusCode\":0,\"statusMsg\":\"\"}",
            (unsigned long long)id, AT, text, text);
    send_json(fd, api, buf_cstr(&b));
    buf_release(&b);
}

static void send_nested(int fd, bool api, const char *open, const char *close, int depth, bool bare)
{
    struct buf b = { 0 };

    for (int i = 0; i < depth; i++)
        buf_puts(&b, open);
    buf_puts(&b, "1");
    for (int i = 0; i < depth; i++)
        buf_puts(&b, close);
    if (bare) {
        struct buf page = { 0 };

        buf_printf(&page, "<script id=\"__UNIVERSAL_DATA_FOR_REHYDRATION__\">%s</script>",
                   buf_cstr(&b));
        send_body(fd, "", buf_view(&page));
        buf_release(&page);
    } else {
        send_json(fd, api, buf_cstr(&b));
    }
    buf_release(&b);
}

static void send_for_ever(int fd, const char *head, const char *more)
{
    if (send_text(fd, head))
        while (send_text(fd, more))
            continue;
}

static void send_drip(int fd, const char *head)
{
    send_text(fd, head);
    for (int i = 0; i < 200 && send_text(fd, "x"); i++)
        usleep(50000);
}

static void send_to(int fd, const char *target, uint64_t id)
{
    char text[2000];

    snprintf(
        text, sizeof text,
        "HTTP/1.1 302 Found\r\nConnection: close\r\nContent-Length: 0\r\n"
        "Location: %s/@x/video/%llu\r\n\r\n",
        target, (unsigned long long)id);
    send_text(fd, text);
}

static void redirect_trick(int fd, enum trick trick, uint64_t id)
{
    static char far[1700];
    char self[64], other[64];

    snprintf(self, sizeof self, "http://127.0.0.1:%d", server.port);
    snprintf(other, sizeof other, "http://127.0.0.1:%d", server.port ^ 1);
    memset(far, 'a', sizeof far - 1);
    memcpy(far, "https://", 8);
    switch (trick) {
    case TRICK_TO_METADATA: send_to(fd, "http://169.254.169.254", id); break;
    case TRICK_TO_INSIDE: send_to(fd, "https://10.0.0.1", id); break;
    case TRICK_TO_MAPPED: send_to(fd, "https://[::ffff:192.168.0.1]", id); break;
    case TRICK_TO_OTHER_SITE: send_to(fd, "https://www.tiktok.com.example.org", id); break;
    case TRICK_TO_FILE: send_to(fd, "file:///etc", id); break;
    case TRICK_TO_USER: send_to(fd, "http://127.0.0.1@www.tiktok.com", id); break;
    case TRICK_TO_OTHER_PORT: send_to(fd, other, id); break;
    case TRICK_TO_LONG: send_to(fd, far, id); break;
    case TRICK_TO_BREAK: send_to(fd, "/\x01\x02\tx", id); break;
    default: send_to(fd, self, id); break;
    }
}

static void protocol_trick(int fd, enum trick trick)
{
    static char line[65536];

    memset(line, 'h', sizeof line - 1);
    switch (trick) {
    case TRICK_HEADERS_ENDLESS:
        send_for_ever(fd, "HTTP/1.1 200 OK\r\n", "X-More: 0123456789012345678901234567\r\n");
        break;
    case TRICK_HEADER_LONG: send_for_ever(fd, "HTTP/1.1 200 OK\r\nX-Long: ", line); break;
    case TRICK_HINTS_ENDLESS:
        send_for_ever(fd, "", "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
        break;
    case TRICK_COOKIES:
        send_for_ever(fd, "HTTP/1.1 200 OK\r\n",
                      "Set-Cookie: a=0123456789012345678901234567; Domain=tiktok.com\r\n");
        break;
    case TRICK_BODY_ENDLESS:
        send_for_ever(fd, "HTTP/1.1 200 OK\r\n\r\n<script id=\"SIGI_STATE\">{\"a\":\"", line);
        break;
    case TRICK_LENGTH_HUGE:
        send_text(fd, "HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775807\r\n\r\nx");
        break;
    case TRICK_LENGTH_NEGATIVE:
        send_text(fd, "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nx");
        break;
    case TRICK_LENGTH_TWICE:
        send_text(fd, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 90\r\n\r\nx");
        break;
    case TRICK_CHUNKS_BAD:
        send_text(
            fd,
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\nx\r\n0\r\n"
            "\r\n");
        break;
    case TRICK_DRIP: send_drip(fd, "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n"); break;
    case TRICK_DRIP_HEADERS: send_drip(fd, "HTTP/1.1 200 OK\r\nX-Slow: "); break;
    case TRICK_SILENT: usleep(4000000); break;
    case TRICK_NO_HTTP: send_text(fd, "220 ready\r\nnot HTTP at all\r\n\r\n"); break;
    case TRICK_HTTP_OLD: send_text(fd, "<html>no head</html>"); break;
    case TRICK_STATUS_ODD: send_text(fd, "HTTP/1.1 999 Odd\r\nContent-Length: 1\r\n\r\nx"); break;
    case TRICK_NUL_HEADER:
        send_all(fd, "HTTP/1.1 200 OK\r\nX-A: \0b\r\nContent-Length: 1\r\n\r\nx", 49);
        break;
    case TRICK_LATER_HUGE:
        send_text(
            fd,
            "HTTP/1.1 429 Slow\r\nRetry-After: 99999999999999999999\r\nContent-Length: 0\r\n\r\n");
        break;
    default:
        send_text(
            fd,
            "HTTP/1.1 429 Slow\r\nRetry-After: -1, Wed, 99 Foo 20000 99:99:99 GMT\r\n"
            "Content-Length: 0\r\n\r\n");
    }
}

static void play(int fd, enum trick trick, bool api, uint64_t id)
{
    switch (trick) {
    case TRICK_BOMB: send_body(fd, "Content-Encoding: gzip\r\n", buf_view(&bomb)); break;
    case TRICK_BOMB_TWICE:
        send_body(fd, "Content-Encoding: gzip, gzip\r\n", buf_view(&bomb_twice));
        break;
    case TRICK_BOMB_CUT:
        send_body(fd, "Content-Encoding: gzip\r\n", str_sub(buf_view(&bomb), 0, bomb.n / 2));
        break;
    case TRICK_DEEP_ARRAYS: send_nested(fd, api, "[", "]", 200000, false); break;
    case TRICK_DEEP_OBJECTS: send_nested(fd, api, "{\"itemInfo\":", "}", 50000, false); break;
    case TRICK_DEEP_SCRIPT:
        send_nested(fd, api, "{\"__DEFAULT_SCOPE__\":", "}", 50000, !api);
        break;
    case TRICK_NUMBERS:
        send_json(fd, api,
                  "{\"id\":1e400,\"create_time\":-1e400,\"statusCode\":1e400,\"statusMsg\":9e999,"
                  "\"itemInfo\":{\"itemStruct\":{\"id\":1e400}}}");
        break;
    case TRICK_KEYS_TWICE:
        send_json(
            fd, api,
            "{\"statusCode\":0,\"statusCode\":0,\"itemInfo\":{},\"itemInfo\":[],\"id\":1,"
            "\"id\":2}");
        break;
    case TRICK_UTF8_BAD: send_post(fd, api, id, "lena\xff\xfe\x80\xf5"); break;
    case TRICK_UTF8_OVERLONG:
        send_post(fd, api, id, "lena\xc0\x80\xc1\xbf\xe0\x80\xaf\xed\xa0\x80\xf4\x90\x80\x80");
        break;
    case TRICK_SURROGATES: send_post(fd, api, id, "lena\\ud800x\\udc00\\udfff\\ud83d"); break;
    case TRICK_NULS: send_post(fd, api, id, "lena\\u0000k"); break;
    case TRICK_TAGS_OPEN:
        send_body(fd, "",
                  STR("<script id='__UNIVERSAL_DATA_FOR_REHYDRATION__' <!-- <script <a b='"));
        break;
    default:
        if (trick >= TRICK_TO_METADATA && trick <= TRICK_TO_BREAK)
            redirect_trick(fd, trick, id);
        else
            protocol_trick(fd, trick);
    }
}

/* A page is asked for as .../video/(BASE_ID + trick); the API's first query
 * names one id, whose last digits are the trick. */
static void *serve_one(void *arg)
{
    int fd = (int)(intptr_t)arg;
    char request[16384] = "", *end, *at;
    size_t n = 0;
    ssize_t got;
    unsigned long long id = 0;

    while (n < sizeof request - 1 && (got = recv(fd, request + n, sizeof request - 1 - n, 0)) > 0) {
        n += (size_t)got;
        request[n] = 0;
        if ((end = strstr(request, "\r\n\r\n")) && (strncmp(request, "POST", 4) != 0 || end[4]))
            break;
    }
    if (strstr(request, "/oauth/token")) {
        server.tokens++;
        send_body(
            fd, "",
            STR("{\"access_token\":\"clt.x\",\"expires_in\":7200,\"token_type\":\"Bearer\"}"));
    } else if ((at = strstr(request, "/video/7")) || (at = strstr(request, "field_values\":[\""))) {
        bool api = *at == 'f';

        id = strtoull(at + (api ? 16 : 7), NULL, 10);
        play(fd, (enum trick)(api ? (id & 0xffff) % TRICK_COUNT : (id - BASE_ID) % TRICK_COUNT),
             api, id);
    }
    shutdown(fd, SHUT_WR);
    while (recv(fd, request, sizeof request, MSG_DONTWAIT) > 0)
        continue;
    close(fd);
    return NULL;
}

static void *serve(void *arg)
{
    pthread_t one;
    int fd;

    (void)arg;
    while ((fd = accept(server.fd, NULL, NULL)) >= 0)
        if (pthread_create(&one, NULL, serve_one, (void *)(intptr_t)fd) == 0)
            pthread_detach(one);
    return NULL;
}

static int start(void **state)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t len = sizeof at;
    char *zeros = calloc(1, 200u << 20);

    (void)state;
    signal(SIGPIPE, SIG_IGN);
    pack((struct str){ zeros, 200u << 20 }, &bomb);
    pack(buf_view(&bomb), &bomb_twice);
    free(zeros);
    server.fd = socket(AF_INET, SOCK_STREAM, 0);
    if (server.fd < 0 || bind(server.fd, (struct sockaddr *)&at, sizeof at) ||
        listen(server.fd, 64) || getsockname(server.fd, (struct sockaddr *)&at, &len))
        return -1;
    server.port = ntohs(at.sin_port);
    return pthread_create(&server.thread, NULL, serve, NULL);
}

static int finish(void **state)
{
    (void)state;
    shutdown(server.fd, SHUT_RDWR);
    pthread_join(server.thread, NULL);
    close(server.fd);
    buf_release(&bomb);
    buf_release(&bomb_twice);
    return 0;
}

/* ---- source and sink of both arms ---- */

struct met {                        // by the server
    enum trick trick; bool given;
    int reserved, done, put;
    struct request last;
    enum answer_kind kind; enum no_answer why;
    struct buf text;                // the username of what was taken
};
static struct met met;
static struct settings set;
static struct err err;

static int next_page(void *from, struct arena *mem, struct read_task *task, struct err *e)
{
    (void)from, (void)mem, (void)e;
    if (met.given)
        return 0;
    met.given = true;
    *task = (struct read_task){ .witness = WITNESS_PAGE,
                                .id = BASE_ID + (unsigned)met.trick,
                                .item = 1 };
    return 1;
}

static int next_request(void *from, struct arena *mem, struct request *q, struct err *e)
{
    uint64_t id = ((uint64_t)AT << 32) | (unsigned)met.trick;

    (void)from, (void)e;
    if (met.given)
        return 0;
    met.given = true;
    q->witness = WITNESS_QUERY;
    q->round = 1;
    q->start_day = utc_day(AT) - 1;
    q->end_day = q->start_day + 29;
    q->members = 1;
    q->member = arena_alloc(mem, sizeof *q->member);
    q->member[0] = (struct ask_member){ .id = id, .item = 1 };
    return 1;
}

static int on_reserve(void *to, struct request *q, struct err *e)
{
    (void)to, (void)e;
    met.reserved++;
    q->n = 1;
    return 0;
}

static int on_exchange(void *to, const struct request *q, const struct http_exchange *x,
                       struct evidence *ev, struct err *e)
{
    (void)to, (void)q, (void)e;
    assert_true(x->head.n <= (256u << 10) && x->body.n <= (64u << 20));
    ev->n = 1;
    return 0;
}

static int on_put(void *to, const struct request *q, const struct answer *a, struct err *e)
{
    (void)to, (void)q, (void)e;
    met.put++;
    met.kind = a->kind;
    met.why = a->why;
    buf_clear(&met.text);
    if (a->record && a->record->val[FIELD_AUTHOR].kind == VAL_TEXT)
        buf_str(&met.text, a->record->val[FIELD_AUTHOR].text);
    return 0;
}

static int on_done(void *to, struct request *q, struct err *e)
{
    (void)to, (void)e;
    met.done++;
    met.last = *q;
    return 0;
}

static int on_commit(void *to, struct err *e)
{
    (void)to, (void)e;
    return 0;
}

static int on_drift(void *to, const char *kind, struct str name, int64_t count, int64_t at,
                    struct err *e)
{
    (void)to, (void)kind, (void)count, (void)at, (void)e;
    assert_true(name.n <= 4096);
    return 0;
}

static struct sink sink = { .reserve = on_reserve,
                            .exchange = on_exchange,
                            .put = on_put,
                            .done = on_done,
                            .commit = on_commit,
                            .drift = on_drift };

static void use(const char *assignment)
{
    assert_int_equal(settings_set(&set, assignment, &err), 0);
}

static void begin(enum trick trick)
{
    char text[80];

    buf_release(&met.text);
    met = (struct met){ .trick = trick };
    err = (struct err){ 0 };
    settings_init(&set);
    snprintf(text, sizeof text, "page.base_url=http://127.0.0.1:%d", server.port);
    use(text);
    snprintf(text, sizeof text, "api.base_url=http://127.0.0.1:%d", server.port);
    use(text);
    use("net.timeout_s=2");
    use("page.requests_per_second=1000");
    use("page.retry_base_ms=1");
    use("api.requests_per_second=1000");
    use("api.retry_base_ms=1");
    use("api.attempts=1");
}

static bool is_post(enum trick t)
{
    return t == TRICK_UTF8_BAD || t == TRICK_UTF8_OVERLONG || t == TRICK_SURROGATES ||
           t == TRICK_NULS;
}

static bool is_utf8(struct str s)
{
    for (size_t i = 0; i < s.n;) {
        unsigned char c = (unsigned char)s.p[i];
        int more = c < 0x80                ? 0
                   : c >= 0xc2 && c < 0xe0 ? 1
                   : c >= 0xe0 && c < 0xf0 ? 2
                   : c >= 0xf0 && c < 0xf5 ? 3
                                           : -1;

        if (c == 0 || more < 0 || i + (size_t)more >= s.n)
            return false;
        for (int k = 1; k <= more; k++)
            if (((unsigned char)s.p[i + (size_t)k] & 0xc0) != 0x80)
                return false;
        i += (size_t)more + 1;
    }
    return true;
}

static long memory_kb(void)
{
    struct rusage u;

    getrusage(RUSAGE_SELF, &u);
    return u.ru_maxrss;
}

static void check_memory(long before)
{
#if !defined(__SANITIZE_ADDRESS__)
    if (memory_kb() - before > MEMORY_KB)
        fail_msg("%s: memory grew by %ld MB", names[met.trick], (memory_kb() - before) >> 10);
#else
    (void)before;
#endif
}

/* ---- the promises ---- */

static void page_trick(enum trick t)
{
    struct read_source source = { .next = next_page };
    struct scrape_opts opts = { .set = &set, .seed = STR("seed") };
    struct scrape_result result;
    int rc;

    begin(t);
    rc = scrape_run(&opts, &source, &sink, &result, &err);
    if (rc && err.kind != ERR_AGAIN)
        fail_msg("%s: %s", names[t], err.msg);
    if (met.put != 1 || met.done != 1)
        fail_msg("%s: %d answers, %d requests closed", names[t], met.put, met.done);
    if (met.kind != ANSWER_NO_ANSWER && !(is_post(t) && met.kind == ANSWER_PUBLIC))
        fail_msg("%s was read as %s", names[t], answer_name(met.kind));
    if (met.kind == ANSWER_PUBLIC && !is_utf8(buf_view(&met.text)))
        fail_msg("%s: the text that was taken is no UTF-8", names[t]);
    settings_release(&set);
}

static void no_trick_on_a_page_is_an_answer(void **state)
{
    long before = memory_kb();

    (void)state;
    for (int t = 0; t < TRICK_COUNT; t++)
        page_trick((enum trick)t);
    check_memory(before);
}

static void each_trick_has_its_reason(void **state)
{
    static const struct { enum trick trick; enum no_answer why;
    } cases[] = {
        { TRICK_BOMB, NO_ANSWER_BAD_CODING },
        { TRICK_BOMB_TWICE, NO_ANSWER_BAD_CODING },
        { TRICK_HEADERS_ENDLESS, NO_ANSWER_TOO_LARGE },
        { TRICK_HEADER_LONG, NO_ANSWER_TOO_LARGE },
        { TRICK_HINTS_ENDLESS, NO_ANSWER_TOO_LARGE },
        { TRICK_BODY_ENDLESS, NO_ANSWER_TOO_LARGE },
        { TRICK_DRIP, NO_ANSWER_TIMEOUT },
        { TRICK_DRIP_HEADERS, NO_ANSWER_TIMEOUT },
        { TRICK_SILENT, NO_ANSWER_TIMEOUT },
        { TRICK_TO_METADATA, NO_ANSWER_REDIRECT },
        { TRICK_TO_INSIDE, NO_ANSWER_REDIRECT },
        { TRICK_TO_MAPPED, NO_ANSWER_REDIRECT },
        { TRICK_TO_OTHER_SITE, NO_ANSWER_REDIRECT },
        { TRICK_TO_FILE, NO_ANSWER_REDIRECT },
        { TRICK_TO_USER, NO_ANSWER_REDIRECT },
        { TRICK_TO_OTHER_PORT, NO_ANSWER_REDIRECT },
        { TRICK_TO_LOOP, NO_ANSWER_REDIRECT },
        { TRICK_NUL_HEADER, NO_ANSWER_TRANSPORT },
        { TRICK_LENGTH_NEGATIVE, NO_ANSWER_TRANSPORT },
        { TRICK_STATUS_ODD, NO_ANSWER_SERVER_ERROR },
        { TRICK_LATER_ODD, NO_ANSWER_TOO_MANY },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        page_trick(cases[i].trick);
        if (met.why != cases[i].why)
            fail_msg("%s: %s, not %s", names[cases[i].trick], no_answer_name(met.why),
                     no_answer_name(cases[i].why));
    }
}

/* A loop ends after five hops; nothing is sent to where no redirect may lead. */
static void redirects_are_followed_at_most_five_times(void **state)
{
    (void)state;
    page_trick(TRICK_TO_LOOP);
    assert_int_equal(met.reserved, 6);
    page_trick(TRICK_TO_METADATA);
    assert_int_equal(met.reserved, 1);
    page_trick(TRICK_TO_OTHER_PORT);
    assert_int_equal(met.reserved, 1);
}

static void query_trick(enum trick t)
{
    struct ask_source source = { .next = next_request };
    struct fetch_opts opts = { .set = &set, .client_key = "key", .client_secret = "hush" };
    struct fetch_result result;
    int rc;

    begin(t);
    rc = fetch_run(&opts, &source, &sink, &result, &err);
    if (rc && err.kind != ERR_AGAIN && err.kind != ERR_QUOTA)
        fail_msg("%s: %s", names[t], err.msg);
    if (met.done != 1)
        fail_msg("%s: %d requests closed", names[t], met.done);
    if (met.put && !is_post(t))
        fail_msg("%s: a row was taken", names[t]);
    if (met.put && !is_utf8(buf_view(&met.text)))
        fail_msg("%s: the text that was taken is no UTF-8", names[t]);
    if (met.last.complete && !met.put)
        fail_msg("%s counts as a complete reply: its post would be absent", names[t]);
    assert_null(strstr(err.msg, "hush"));
    settings_release(&set);
}

static void no_trick_of_the_api_is_an_absence(void **state)
{
    long before = memory_kb();

    (void)state;
    for (int t = 0; t < TRICK_COUNT; t++)
        query_trick((enum trick)t);
    check_memory(before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_trick_on_a_page_is_an_answer),
        cmocka_unit_test(each_trick_has_its_reason),
        cmocka_unit_test(redirects_are_followed_at_most_five_times),
        cmocka_unit_test(no_trick_of_the_api_is_an_absence),
    };

    return cmocka_run_group_tests_name("hostile", tests, start, finish);
}
