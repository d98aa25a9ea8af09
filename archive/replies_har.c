/* archive/replies_har.c: the entries of a HAR file (HTTP Archive 1.1 and 1.2), as browsers and
 * proxies save them. The file is mapped and cut into its entries, of which one at a time is
 * parsed: a file of any length takes the memory of its longest entry.
 * A body stands decoded in content.text, in base64 where content.encoding says so; its headers
 * for length and codings are those of what was sent, and are left out.
 * An entry out of the browser's cache shows what was answered at a time that nobody knows. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <nettle/base64.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "archive/reading.h"
#include "base/file.h"
#include "base/json.h"
#include "base/utc.h"

#define DROP_BYTES ((size_t)16 << 20)    // what was passed leaves the memory by so much
#define ENTRY_MAX ((size_t)128 << 20)    // a reply has 64 MiB at most, a third more in base64

struct har {
    struct reading *r;
    struct str text;    // the whole file
    size_t at, dropped;
    struct buf head, body;
};

/* ---- JSON, as far as it takes to cut it ---- */

static size_t past_blanks(struct str t, size_t at)
{
    while (at < t.n && (t.p[at] == ' ' || t.p[at] == '\t' || t.p[at] == '\n' || t.p[at] == '\r'))
        at++;
    return at;
}

/* Behind the string that begins at `at`; 0 where it has no end. */
static size_t past_string(struct str t, size_t at)
{
    for (at++; at < t.n; at++) {
        const char *hit = memchr(t.p + at, '"', t.n - at);
        size_t back;

        if (!hit)
            return 0;
        at = (size_t)(hit - t.p);
        for (back = at; t.p[back - 1] == '\\'; back--)
            continue;
        if ((at - back) % 2 == 0)
            return at + 1;
    }
    return 0;
}

/* Behind the value that begins at `at`; 0 where it has no end. */
static size_t past_value(struct str t, size_t at)
{
    int64_t depth = 0;

    while (at < t.n) {
        char c = t.p[at];

        if (c == '"') {
            if (!(at = past_string(t, at)))
                return 0;
        } else if (c == '}' || c == ']' || c == ',') {
            if (depth == 0)
                return at;
            depth -= c != ',';
            at++;
        } else {
            depth += c == '{' || c == '[';
            at++;
        }
        if (depth == 0 && (c == '"' || c == '}' || c == ']'))
            return at;
    }
    return 0;
}

/* To the value of `key` in the object that begins at h->at: 1, 0 it has none, -1 cut off. */
static int to_member(struct har *h, const char *key)
{
    struct str t = h->text;
    size_t at = past_blanks(t, h->at);

    if (at >= t.n || t.p[at] != '{')
        return at >= t.n ? -1 : 0;
    for (at++;; at++) {
        size_t from = at = past_blanks(t, at), end;

        if (at >= t.n || t.p[at] != '"' || !(end = past_string(t, at)))
            return at < t.n && t.p[at] == '}' ? 0 : -1;
        at = past_blanks(t, end);
        if (at >= t.n || t.p[at] != ':')
            return -1;
        at = past_blanks(t, at + 1);
        if (str_eq((struct str){ t.p + from + 1, end - from - 2 }, str_of(key))) {
            h->at = at;
            return 1;
        }
        if (!(at = past_value(t, at)))
            return -1;
        at = past_blanks(t, at);
        if (at >= t.n || t.p[at] != ',')
            return at < t.n && t.p[at] == '}' ? 0 : -1;
    }
}

bool har_is(struct str head)
{
    static const char *const signs[] = { "{", "\"log\"", ":", "{" };
    size_t at = str_starts(head, STR("\xef\xbb\xbf")) ? 3 : 0;

    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        at = past_blanks(head, at);
        if (!str_starts(str_sub(head, at, head.n), str_of(signs[i])))
            return false;
        at += strlen(signs[i]);
    }
    return true;
}

/* ---- an entry ---- */

static bool is_of_the_wire(struct str name)
{
    static const char *const names[] = { "content-encoding", "transfer-encoding", "content-length",
                                         NULL };

    return !name.n || *name.p == ':' || str_is_one_of(name, names);
}

/* Values of several headers of one name are joined by line ends. */
static void add_line(struct buf *out, struct str text)
{
    for (size_t i = 0; i < text.n; i++)
        buf_char(out, (unsigned char)text.p[i] < ' ' ? ' ' : text.p[i]);
}

static void make_head(struct har *h, const struct json *response, int status)
{
    const struct json *headers = json_get(response, "headers");

    buf_clear(&h->head);
    buf_printf(&h->head, "HTTP/1.1 %d\r\n", status);
    for (const struct json *e = json_kind(headers) == JSON_ARRAY ? json_first(headers) : NULL; e;
         e = json_next(e)) {
        struct str name = STR_NONE, value = STR_NONE;

        if (!json_text(json_get(e, "name"), &name) || !json_text(json_get(e, "value"), &value) ||
            is_of_the_wire(name))
            continue;
        add_line(&h->head, name);
        buf_puts(&h->head, ": ");
        add_line(&h->head, value);
        buf_puts(&h->head, "\r\n");
    }
    buf_puts(&h->head, "\r\n");
}

static int decode(struct har *h, struct str text, struct err *err)
{
    struct base64_decode_ctx ctx;
    size_t n = 0;

    base64_decode_init(&ctx);
    buf_clear(&h->body);
    buf_grow(&h->body, BASE64_DECODE_LENGTH(text.n) + 1);
    if (!base64_decode_update(&ctx, &n, (uint8_t *)h->body.p, text.n, text.p) ||
        !base64_decode_final(&ctx))
        return err_set(err, ERR_INPUT, "%s: the body of the entry at byte %zu is no base64",
                       h->r->path, h->at);
    h->body.n = n;
    return 0;
}

/* 1 *body is there, 0 it was not saved, -1. */
static int body_of(struct har *h, const struct json *response, int64_t status, struct str *body,
                   struct err *err)
{
    const struct json *content = json_get(response, "content");
    struct str text = STR_NONE, encoding = STR_NONE;
    int64_t size = 0;

    *body = STR_NONE;
    if (!json_text(json_get(content, "text"), &text)) {
        (void)json_i64(json_get(content, "size"), &size);
        return size > 0 || (status >= 200 && status < 300) ? 0 : 1;
    }
    *body = text;
    if (!json_text(json_get(content, "encoding"), &encoding) || !encoding.n)
        return 1;
    if (!str_eq_nocase(encoding, STR("base64")))
        return 0;
    if (decode(h, text, err))
        return -1;
    *body = buf_view(&h->body);
    return 1;
}

static int entry_take(struct har *h, const struct json *entry, struct err *err)
{
    const struct json *response = json_get(entry, "response");
    struct archived_reply a = { .offset = (int64_t)h->at };
    struct str date = STR_NONE;
    int64_t status = 0;
    int got;

    if (!json_i64(json_get(response, "status"), &status) || status < 100 || status > 999 ||
        !json_text(json_path(entry, "request.url"), &a.url)) {
        h->r->skipped[REPLIES_NOT_HTTP]++;    // refused by the browser, or cut short
        return 0;
    }
    if (json_get(entry, "_fromCache")) {
        h->r->skipped[REPLIES_FROM_CACHE]++;
        return 0;
    }
    (void)json_text(json_get(entry, "startedDateTime"), &date);
    if (utc_parse_seen(date, &a.at, err)) {
        err_wrap(err, "%s: the entry at byte %zu was passed over: startedDateTime", h->r->path,
                 h->at);
        reading_skip(h->r, REPLIES_NO_DATE, err);
        return 0;
    }
    if ((got = body_of(h, response, status, &a.body, err)) < 0)
        return reading_damaged(h->r, err);
    if (!got) {
        h->r->skipped[REPLIES_NO_BODY]++;
        return 0;
    }
    a.status = (int)status;
    make_head(h, response, a.status);
    a.head = buf_view(&h->head);
    return h->r->fn(h->r->to, &a, err);
}

/* ---- the file ---- */

static int cut_off(struct har *h, struct err *err)
{
    err_set(err, ERR_INPUT, "%s: it is damaged or cut off from byte %zu on", h->r->path, h->at);
    return reading_damaged(h->r, err);
}

static int one_entry(struct har *h, size_t n, struct err *err)
{
    struct json_doc doc = { 0 };
    int rc;

    if (n > ENTRY_MAX) {
        h->r->skipped[REPLIES_TOO_LARGE]++;
        return 0;
    }
    if (json_parse(str_sub(h->text, h->at, n), &doc, err)) {
        err_wrap(err, "%s: the entry at byte %zu", h->r->path, h->at);
        return reading_damaged(h->r, err);
    }
    rc = entry_take(h, doc.root, err);
    json_free(&doc);
    return rc;
}

/* From here on nothing before h->at is looked at. */
static void drop_passed(struct har *h)
{
    size_t whole = (h->at - h->dropped) / DROP_BYTES * DROP_BYTES;

    if (whole && madvise((char *)h->text.p + h->dropped, whole, MADV_DONTNEED) == 0)
        h->dropped += whole;
}

static int each_entry(struct har *h, struct err *err)
{
    struct str t = h->text;

    if (h->at >= t.n || t.p[h->at] != '[')
        return cut_off(h, err);
    for (h->at++;; h->at++) {
        size_t end;

        h->at = past_blanks(t, h->at);
        if (h->at < t.n && t.p[h->at] == ']')
            return 0;
        if (h->at >= t.n || t.p[h->at] != '{' || !(end = past_value(t, h->at)))
            return cut_off(h, err);
        if (one_entry(h, end - h->at, err))
            return -1;
        drop_passed(h);
        h->at = past_blanks(t, end);
        if (h->at < t.n && t.p[h->at] == ']')
            return 0;
        if (h->at >= t.n || t.p[h->at] != ',')
            return cut_off(h, err);
    }
}

static int map_file(const char *path, struct str *text, struct err *err)
{
    struct stat st;
    int fd = file_open(path, O_RDONLY);
    void *p;

    if (fd < 0)
        return err_set(err, file_blame(errno), "%s: %s", path, strerror(errno));
    if (fstat(fd, &st) || st.st_size <= 0) {
        close(fd);
        return err_set(err, ERR_INPUT, "%s: it is empty, or no file", path);
    }
    p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    close(fd);
    if (p == MAP_FAILED)
        return err_set(err, ERR_IO, "%s: %s", path, strerror(errno));
    *text = (struct str){ p, (size_t)st.st_size };
    return 0;
}

int har_each(struct reading *r, struct err *err)
{
    struct har h = { .r = r };
    int rc;

    if (map_file(r->path, &h.text, err))
        return -1;
    h.at = str_starts(h.text, STR("\xef\xbb\xbf")) ? 3 : 0;
    rc = to_member(&h, "log");
    if (rc == 1)
        rc = to_member(&h, "entries");
    rc = rc == 1 ? each_entry(&h, err) : rc < 0 ? cut_off(&h, err) : 0;
    munmap((void *)h.text.p, h.text.n);
    buf_release(&h.head);
    buf_release(&h.body);
    return rc;
}
