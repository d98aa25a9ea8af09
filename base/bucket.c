/* base/bucket.c: one easy handle, asked again and again: base/http keeps what it sends and gets in
 * memory, and a file of evidence may have a gigabyte. */
#include "base/bucket.h"
#include <ctype.h>
#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/bucket_keys.h"
#include "base/file.h"
#include "base/http_url.h"
#include "base/stop.h"
#include "base/utc.h"

#define SAID_MAX 4096    // of a refusal's body
#define CODE_MAX 64
#define GET_TRIES 3
#define META "x-amz-meta-sha256"

struct bucket {
    char *url, *ca_file, *sign;
    int64_t timeout_s;
    struct bucket_keys keys;
    bool no_conditions;    // the server refuses a request that has one
    CURL *easy;
    struct curl_slist *headers;
    char error[CURL_ERROR_SIZE];
    /* of the request at hand */
    int fd;
    int64_t at, most;       // of the file that goes out; of what comes in
    struct digest_ctx sum;  // of what came
    int failed;             // errno of this machine
    bool receives, too_large;
    struct bucket_object says, came;
    struct buf said;        // a refusal's body
};

/* ---- the place ---- */
int bucket_url_check(const char *name, const char *url, struct err *err)
{
    const struct str u = str_of(url);
    size_t n = strspn(url, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                           "-._~/:[]");

    if (u.n > BUCKET_URL_MAX || url[n] || str_ends(u, STR("/")))
        return err_set(err, ERR_USAGE,
                       "%s: expected https://HOST/BUCKET/PREFIX: letters, digits, . _ ~ and -, no "
                       "slash at the end; keys stand in no URL",
                       name);
    if (str_starts(u, STR("http://")) && !http_url_is_loopback(u))
        return err_set(err, ERR_USAGE,
                       "%s: http:// is accepted for loopback addresses alone; use https://", name);
    if ((str_starts(u, STR("https://")) && u.n > 8) || str_starts(u, STR("http://")))
        return 0;
    return err_set(err, ERR_USAGE, "%s: expected a URL that begins with https://", name);
}

int bucket_open(struct bucket **out, const struct bucket_opts *o, struct err *err)
{
    struct bucket_keys keys = { 0 };
    struct bucket *b;
    struct buf sign = { 0 };

    if (bucket_url_check("evidence.bucket", o->url, err) || bucket_keys_read(&keys, err))
        return -1;
    b = xcalloc(1, sizeof *b);
    b->keys = keys;
    b->url = xstrdup(o->url);
    b->ca_file = o->ca_file && *o->ca_file ? xstrdup(o->ca_file) : NULL;
    b->timeout_s = o->timeout_s;
    buf_printf(&sign, "aws:amz:%s:s3", buf_cstr(&b->keys.region));
    b->sign = xstrdup(buf_cstr(&sign));
    buf_release(&sign);
    if (curl_global_init(CURL_GLOBAL_DEFAULT) || !(b->easy = curl_easy_init()))
        die("out of memory");
    *out = b;
    return 0;
}

void bucket_close(struct bucket *b)
{
    if (!b)
        return;
    curl_easy_cleanup(b->easy);
    curl_slist_free_all(b->headers);
    curl_global_cleanup();
    bucket_keys_release(&b->keys);
    buf_release(&b->said);
    free(b->url);
    free(b->ca_file);
    free(b->sign);
    free(b);
}

const char *bucket_url(const struct bucket *b) { return b->url; }

/* ---- what goes and comes ---- */
static size_t on_read(char *to, size_t size, size_t n, void *user)
{
    struct bucket *b = user;
    const ssize_t got = file_at(b->fd, to, size * n, (off_t)b->at);

    if (got < 0) {
        b->failed = errno;
        return CURL_READFUNC_ABORT;
    }
    b->at += got;
    return (size_t)got;
}

/* From the beginning alone: a connection that was kept turned out to be dead. */
static int on_seek(void *user, curl_off_t offset, int origin)
{
    struct bucket *b = user;

    if (offset != 0 || origin != SEEK_SET)
        return CURL_SEEKFUNC_CANTSEEK;
    b->at = 0;
    return CURL_SEEKFUNC_OK;
}

static bool write_all(struct bucket *b, const char *p, size_t n)
{
    while (b->fd >= 0 && n > 0) {
        const ssize_t put = write(b->fd, p, n);

        if (put < 0 && errno != EINTR) {
            b->failed = errno;
            return false;
        }
        p += put > 0 ? put : 0;
        n -= put > 0 ? (size_t)put : 0;
    }
    return true;
}

static size_t on_body(char *p, size_t size, size_t n, void *user)
{
    struct bucket *b = user;
    long status = 0;

    n *= size;
    curl_easy_getinfo(b->easy, CURLINFO_RESPONSE_CODE, &status);
    if (!b->receives || status != 200) {
        buf_add(&b->said, p, b->said.n < SAID_MAX ? n : 0);
        return n;
    }
    if ((int64_t)n > b->most - b->came.size) {
        b->too_large = true;
        return 0;
    }
    digest_add(&b->sum, p, n);
    b->came.size += (int64_t)n;
    return write_all(b, p, n) ? n : 0;
}

static bool hex_digest(struct str hex, struct digest *out)
{
    static const char digits[] = "0123456789abcdef";

    if (hex.n != 2 * DIGEST_BYTES)
        return false;
    for (size_t i = 0; i < hex.n; i++) {
        const char *d = memchr(digits, hex.p[i], 16);

        if (!d)
            return false;
        out->b[i / 2] = (uint8_t)(i % 2 ? out->b[i / 2] << 4 | (d - digits) : d - digits);
    }
    return true;
}

static size_t on_header(char *p, size_t size, size_t n, void *user)
{
    struct bucket *b = user;
    struct str value = { p, size * n }, name;

    if (str_starts(value, STR("HTTP/")))
        b->says = (struct bucket_object){ .size = -1 };
    else if (str_cut(&value, ':', &name) && str_eq_nocase(name, STR(META)))
        b->says.has_digest = hex_digest(str_trim(value), &b->says.digest);
    else if (str_eq_nocase(name, STR("Content-Length")) &&
             !str_i64(str_trim(value), &b->says.size))
        b->says.size = -1;
    return size * n;
}

/* A name that is loopback's must lead there. */
static curl_socket_t on_open(void *user, curlsocktype purpose, struct curl_sockaddr *addr)
{
    const struct bucket *b = user;

    (void)purpose;
    if (http_url_is_loopback(str_of(b->url)) && !http_address_is_allowed(&addr->addr, true))
        return CURL_SOCKET_BAD;
    return socket(addr->family, addr->socktype | SOCK_CLOEXEC, addr->protocol);
}

/* ---- a request ---- */
#define SET(option, value)                                       \
    do {                                                         \
        if (curl_easy_setopt(b->easy, option, value))            \
            die("libcurl does not know option %s", #option);     \
    } while (0)

static void add_header(struct bucket *b, const char *name, const char *value)
{
    struct buf line = { 0 };
    struct curl_slist *list;

    buf_printf(&line, "%s: %s", name, value);
    if (!(list = curl_slist_append(b->headers, buf_cstr(&line))))
        die("out of memory");
    b->headers = list;
    explicit_bzero(line.p, line.n);
    buf_release(&line);
}

static void begin(struct bucket *b, const char *name, const struct digest *payload)
{
    struct buf url = { 0 };
    char hex[DIGEST_HEX];

    curl_easy_reset(b->easy);
    curl_slist_free_all(b->headers);
    b->headers = NULL;
    buf_clear(&b->said);
    b->at = b->failed = 0;
    b->error[0] = '\0';
    b->receives = b->too_large = false;
    b->came = (struct bucket_object){ 0 };
    b->says = (struct bucket_object){ .size = -1 };
    digest_start(&b->sum);
    buf_printf(&url, "%s/%s", b->url, name);
    SET(CURLOPT_URL, buf_cstr(&url));
    buf_release(&url);
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_PROTOCOLS_STR, "http,https");
    SET(CURLOPT_FOLLOWLOCATION, 0L);
    SET(CURLOPT_PROXY, "");
    SET(CURLOPT_ERRORBUFFER, b->error);
    SET(CURLOPT_CONNECTTIMEOUT, (long)b->timeout_s);
    SET(CURLOPT_LOW_SPEED_LIMIT, 1L);
    SET(CURLOPT_LOW_SPEED_TIME, (long)b->timeout_s);
    SET(CURLOPT_OPENSOCKETFUNCTION, on_open);
    SET(CURLOPT_OPENSOCKETDATA, b);
    SET(CURLOPT_HEADERFUNCTION, on_header);
    SET(CURLOPT_HEADERDATA, b);
    SET(CURLOPT_WRITEFUNCTION, on_body);
    SET(CURLOPT_WRITEDATA, b);
    SET(CURLOPT_AWS_SIGV4, b->sign);
    SET(CURLOPT_USERNAME, buf_cstr(&b->keys.id));
    SET(CURLOPT_PASSWORD, buf_cstr(&b->keys.secret));
    if (b->ca_file)
        SET(CURLOPT_CAINFO, b->ca_file);
    add_header(b, "x-amz-content-sha256", digest_hex(payload, hex));
    if (b->keys.token.n)
        add_header(b, "x-amz-security-token", buf_cstr(&b->keys.token));
}

/* The word that S3 has for a refusal: <Code>SignatureDoesNotMatch</Code>. */
static const char *code_of(const struct bucket *b, char code[CODE_MAX])
{
    const struct str body = buf_view(&b->said);
    const ptrdiff_t at = str_find(body, STR("<Code>"), 0);
    size_t n = 0;

    for (size_t i = at < 0 ? body.n : (size_t)at + 6; i < body.n && n + 1 < CODE_MAX; i++) {
        if (!isalnum((unsigned char)body.p[i]))
            break;
        code[n++] = body.p[i];
    }
    code[n] = 0;
    return code;
}

static int refusal(const struct bucket *b, long status, struct err *err)
{
    char code[CODE_MAX];
    const char *word = code_of(b, code), *blank = *word ? " " : "";

    if (status == 401 || status == 403)
        return err_set(err, ERR_AUTH, "%s lets nobody in with these keys: %ld%s%s%s", b->url,
                       status, blank, word,
                       strcmp(word, "RequestTimeTooSkewed")
                           ? ""
                           : " (the clock here is more than a quarter of an hour off)");
    if (status == 404)
        return err_set(err, ERR_USAGE, "%s is not there: 404%s%s", b->url, blank, word);
    if (status >= 300 && status < 400)
        return err_set(err, ERR_USAGE,
                       "%s lies in another region or at another address: %ld%s%s; is AWS_REGION "
                       "right?",
                       b->url, status, blank, word);
    return err_set(err, ERR_AGAIN, "%s answered %ld%s%s", b->url, status, blank, word);
}

/* *status; -1 where there was none. */
static int perform(struct bucket *b, long *status, struct err *err)
{
    CURLcode code;

    SET(CURLOPT_HTTPHEADER, b->headers);
    code = curl_easy_perform(b->easy);
    curl_easy_getinfo(b->easy, CURLINFO_RESPONSE_CODE, status);
    b->came.digest = digest_finish(&b->sum);
    b->came.has_digest = true;
    if (code == CURLE_OK)
        return 0;
    if (b->failed)
        return err_set(err, ERR_IO, "the file: %s", strerror(b->failed));
    if (b->too_large)
        return err_set(err, ERR_INPUT, "it is larger than what was put there");
    return err_set(err, ERR_AGAIN, "%s: %.150s", b->url,
                   b->error[0] ? b->error : curl_easy_strerror(code));
}

static int check_name(const char *name, struct err *err)
{
    if (*name && !name[strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                    "0123456789._-")])
        return 0;
    return err_set(err, ERR_INPUT, "a name for the bucket has letters, digits, . _ and - alone");
}

int bucket_look(struct bucket *b, const char *name, struct bucket_object *out, struct err *err)
{
    const struct digest nothing = digest_sha256(STR_NONE);
    long status = 0;

    if (check_name(name, err))
        return -1;
    begin(b, name, &nothing);
    SET(CURLOPT_NOBODY, 1L);
    if (perform(b, &status, err))
        return -1;
    if (status == 404)
        return 0;
    if (status != 200)
        return refusal(b, status, err);
    *out = b->says;
    return 1;
}

static int get_once(struct bucket *b, const char *name, int fd, int64_t most,
                    struct bucket_object *came, struct bucket_object *says, struct err *err)
{
    const struct digest nothing = digest_sha256(STR_NONE);
    long status = 0;

    if (check_name(name, err))
        return -1;
    begin(b, name, &nothing);
    b->fd = fd;
    b->most = most;
    b->receives = true;
    SET(CURLOPT_HTTPGET, 1L);
    if (perform(b, &status, err))
        return -1;
    if (status == 404 && str_find(buf_view(&b->said), STR("NoSuchBucket"), 0) < 0)
        return 0;
    if (status != 200)
        return refusal(b, status, err);
    *came = b->came;
    *says = b->says;
    return 1;
}

int bucket_get(struct bucket *b, const char *name, int fd, int64_t most,
               struct bucket_object *came, struct bucket_object *says, struct err *err)
{
    int got = -1;

    for (int tries = 0; tries < GET_TRIES; tries++) {
        if (fd >= 0 && (ftruncate(fd, 0) || lseek(fd, 0, SEEK_SET) < 0))
            return err_set(err, ERR_IO, "the file: %s", strerror(errno));
        err_clear(err);
        if ((got = get_once(b, name, fd, most, came, says, err)) >= 0 || err->kind != ERR_AGAIN)
            break;
        if (stop_asked())
            return err_set(err, ERR_STOPPED, "interrupted");
        if (tries + 1 < GET_TRIES)
            utc_wait_ms(INT64_C(1000) << tries);
    }
    return got;
}

/* Where it does not say, it is read. 1: the same; 0: something else. */
static int is_that(struct bucket *b, const char *name, const struct bucket_object *there,
                   int64_t size, const struct digest *digest, struct err *err)
{
    struct bucket_object came = *there, says;
    int got;

    if (!there->has_digest && (got = bucket_get(b, name, -1, size, &came, &says, err)) < 1)
        return got < 0 && err->kind != ERR_INPUT ? -1 : 0;
    return came.size == size && !memcmp(came.digest.b, digest->b, DIGEST_BYTES);
}

/* 1: it lies there already; 0: nothing does, or nobody tells us (who may put need not be allowed
 * to look): then not *looked. */
static int lies_there(struct bucket *b, const char *name, int64_t size,
                      const struct digest *digest, bool *looked, struct err *err)
{
    struct bucket_object there = { 0 };
    struct err why = { 0 };
    int got = bucket_look(b, name, &there, &why);

    *looked = got >= 0;
    if (got < 0 && why.kind == ERR_AUTH)
        return 0;
    if (got < 0)
        *err = why;
    if (got <= 0)
        return got;
    if ((got = is_that(b, name, &there, size, digest, err)))
        return got;
    return err_set(err, ERR_INPUT, "something else lies in %s under the name %s, and stays",
                   b->url, name);
}

static int send_file(struct bucket *b, const char *name, int64_t size, const struct digest *digest,
                long *status, struct err *err)
{
    char hex[DIGEST_HEX];

    begin(b, name, digest);
    SET(CURLOPT_UPLOAD, 1L);
    SET(CURLOPT_INFILESIZE_LARGE, (curl_off_t)size);
    SET(CURLOPT_READFUNCTION, on_read);
    SET(CURLOPT_READDATA, b);
    SET(CURLOPT_SEEKFUNCTION, on_seek);
    SET(CURLOPT_SEEKDATA, b);
    add_header(b, META, digest_hex(digest, hex));
    if (!b->no_conditions)
        add_header(b, "If-None-Match", "*");
    return perform(b, status, err);
}

/* OpenStack Swift, for one, answers 501 to any condition. Whoever has just seen that nothing lies
 * there may send without one. */
static int send_new(struct bucket *b, const char *name, int64_t size, const struct digest *digest,
                    bool looked, long *status, struct err *err)
{
    if (send_file(b, name, size, digest, status, err))
        return -1;
    if (*status != 501 || !looked || b->no_conditions)
        return 0;
    b->no_conditions = true;
    return send_file(b, name, size, digest, status, err);
}

static int put_file(struct bucket *b, const char *name, int64_t size, const struct digest *digest,
                    struct err *err)
{
    long status = 0;
    bool looked;
    int there = lies_there(b, name, size, digest, &looked, err);

    if (there)
        return there < 0 ? -1 : 0;
    if (!looked)
        b->no_conditions = false;
    if (send_new(b, name, size, digest, looked, &status, err))
        return -1;
    if (status == 412 || status == 409) {    // somebody was faster
        there = lies_there(b, name, size, digest, &looked, err);
        return there < 0   ? -1
               : there > 0 ? 0
                           : err_set(err, ERR_AGAIN, "%s is being put there by another", name);
    }
    return status == 200 || status == 201 ? 0 : refusal(b, status, err);
}

/* A server takes our word for what it does not check itself. */
static int is_whole(int fd, const char *path, int64_t size, const struct digest *digest,
                    struct err *err)
{
    enum { PIECE = 256 * 1024 };
    char *piece = xmalloc(PIECE);
    struct digest_ctx sum;
    struct digest is;
    int64_t at = 0;
    ssize_t n;

    digest_start(&sum);
    while ((n = file_at(fd, piece, PIECE, (off_t)at)) > 0) {
        digest_add(&sum, piece, (size_t)n);
        at += n;
    }
    free(piece);
    is = digest_finish(&sum);
    if (n < 0)
        return err_set(err, ERR_IO, "%s: %s", path, strerror(errno));
    if (at == size && !memcmp(is.b, digest->b, DIGEST_BYTES))
        return 0;
    return err_set(err, ERR_INPUT, "%s has another size or digest than when it was closed", path);
}

int bucket_put(struct bucket *b, const char *name, const char *path, int64_t size,
               const struct digest *digest, struct err *err)
{
    int rc, fd;

    if (check_name(name, err))
        return -1;
    if ((fd = file_open(path, O_RDONLY)) < 0)
        return err_set(err, ERR_IO, "%s: %s", path, strerror(errno));
    b->fd = fd;
    rc = is_whole(fd, path, size, digest, err) || put_file(b, name, size, digest, err) ? -1 : 0;
    close(fd);
    b->fd = -1;
    return rc;
}
