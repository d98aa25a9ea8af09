/* archive/warc.c: the reader of WARC files, ours and anybody's: plain, one gzip
 * member a record, or the whole file as one gzip stream; WARC 0.17 to 1.1.
 * The bytes come from outside: every length is checked against a cap before
 * memory is taken for it, and a record beyond the cap is passed over. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "base/file.h"
#include "archive/warc.h"

#define IN_BYTES 65536
#define HEAD_MAX (1 << 20)
#define BLOCK_MAX \
    (INT64_C(96) << 20)    // an API reply may have 64 MiB; heads and chunk sizes come on top

#define TRIES_MAX 1000    // bytes that look like a gzip member, for each damage

struct warc_reader {
    char *path;
    struct warc_from from;
    int fd;    // of warc_open, else -1
    unsigned char in[IN_BYTES];
    size_t in_at, in_len;
    int64_t in_offset;             // of in[0] in the file
    bool gz, in_member, end;
    z_stream z;
    struct buf data;               // decoded bytes not yet used, from data_at on
    size_t data_at;
    int64_t member;                // offset of the gzip member that data begins with
    int64_t member_at;             // of the one that is being decoded
    bool lost;                     // after damage: nothing is read before warc_resume
    bool bad_gzip;                 // the damage is in the compressed bytes
    bool fresh;                    // data_at stands at the start of that member
    struct buf head;               // of the record that was handed out
};

/* ---- bytes ---- */
static int64_t raw_offset(const struct warc_reader *w)
{
    return w->in_offset + (int64_t)w->in_at;
}

/* At least one more byte of the file in w->in; 0 at its end. */
static int raw_fill(struct warc_reader *w, struct err *err)
{
    if (w->in_at < w->in_len)
        return 1;
    w->in_offset += (int64_t)w->in_len;
    w->in_at = w->in_len = 0;
    if (w->from.read(w->from.of, w->in, sizeof w->in, &w->in_len, err)) {
        w->end = true;
        w->data.n = w->data_at = 0;
        return err_wrap(err, "%s", w->path);
    }
    return w->in_len > 0;
}

/* Of a record within a gzip member the member's place must do. */
static long long near(const struct warc_reader *w, int64_t offset)
{
    return (long long)(offset < 0 ? w->member_at : offset);
}

static int bad_gzip(struct warc_reader *w, struct err *err)
{
    w->lost = w->bad_gzip = true;
    w->data.n = w->data_at = 0;
    return err_set(err, ERR_INPUT, "%s: the gzip data is damaged or cut off at byte %lld", w->path,
                   (long long)raw_offset(w));
}

/* Decodes until there is some output or the member ends. */
static int gz_more(struct warc_reader *w, struct err *err)
{
    int rc = raw_fill(w, err), code;
    size_t before;

    if (rc <= 0) {
        w->end = true;
        return rc < 0 ? -1 : w->in_member ? bad_gzip(w, err) : 0;
    }
    if (!w->in_member) {
        inflateReset(&w->z);
        w->in_member = true;
        w->member_at = raw_offset(w);
        if (w->data_at == w->data.n) {
            w->member = raw_offset(w);
            w->fresh = true;
        }
    }
    buf_grow(&w->data, IN_BYTES);
    before = w->data.n;
    w->z.next_in = w->in + w->in_at;
    w->z.avail_in = (unsigned)(w->in_len - w->in_at);
    w->z.next_out = (unsigned char *)w->data.p + w->data.n;
    w->z.avail_out = IN_BYTES;
    code = inflate(&w->z, Z_NO_FLUSH);
    w->in_at = w->in_len - w->z.avail_in;
    w->data.n = before + (IN_BYTES - w->z.avail_out);
    if (code == Z_MEM_ERROR)
        die("out of memory");
    if (code == Z_STREAM_END)
        w->in_member = false;
    else if (code != Z_OK && code != Z_BUF_ERROR)
        return bad_gzip(w, err);
    return 1;
}

/* 1 more (perhaps of no bytes, at a member's end), 0 end of the file, -1. */
static int more(struct warc_reader *w, struct err *err)
{
    int rc;

    if (w->end)
        return 0;
    if (w->gz)
        return gz_more(w, err);
    if ((rc = raw_fill(w, err)) <= 0) {
        w->end = true;
        return rc;
    }
    if (w->data_at == w->data.n) {
        w->member = raw_offset(w);
        w->fresh = true;
    }
    buf_add(&w->data, w->in + w->in_at, w->in_len - w->in_at);
    w->in_at = w->in_len;
    return 1;
}

static void drop_used(struct warc_reader *w)
{
    if (!w->gz && w->data_at > 0)
        w->member += (int64_t)w->data_at;
    if (w->data_at > 0 && w->data_at < w->data.n) {
        memmove(w->data.p, w->data.p + w->data_at, w->data.n - w->data_at);
        w->fresh = false;
    }
    w->data.n -= w->data_at;
    w->data_at = 0;
}

static size_t ready(const struct warc_reader *w)
{
    return w->data.n - w->data_at;
}

static void use(struct warc_reader *w, size_t n)
{
    w->data_at += n;
    if (n && w->gz)
        w->fresh = false;
}

/* ---- opening ---- */
static int begin_at(struct warc_reader *w, int64_t offset, struct err *err)
{
    int rc;

    if (w->from.seek(w->from.of, offset, err))
        return err_wrap(err, "%s", w->path);
    w->in_offset = offset;
    w->in_at = w->in_len = w->data_at = 0;
    buf_clear(&w->data);
    w->end = w->in_member = w->fresh = w->lost = w->bad_gzip = false;
    if ((rc = raw_fill(w, err)) < 0)
        return -1;
    // two bytes tell, and a regular file gives both at once
    w->gz = rc == 1 && w->in_len >= 2 && w->in[0] == 0x1f && w->in[1] == 0x8b;
    return 0;
}

static int file_piece(void *of, void *to, size_t max, size_t *got, struct err *err)
{
    const int *fd = of;
    ssize_t n;

    do
        n = read(*fd, to, max);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return err_set(err, ERR_IO, "%s", strerror(errno));
    *got = (size_t)n;
    return 0;
}

static int file_seek(void *of, int64_t offset, struct err *err)
{
    const int *fd = of;

    return lseek(*fd, offset, SEEK_SET) < 0
               ? err_set(err, ERR_INPUT, "there is no byte %lld", (long long)offset)
               : 0;
}

static int open_reader(struct warc_reader *w, struct warc_reader **out, struct err *err)
{
    if (inflateInit2(&w->z, 15 + 16) != Z_OK)
        die("out of memory");
    if (begin_at(w, 0, err)) {
        warc_close(w);
        return -1;
    }
    *out = w;
    return 0;
}

int warc_open(struct warc_reader **out, const char *path, struct err *err)
{
    struct warc_reader *w;
    int fd = file_open(path, O_RDONLY);

    if (fd < 0)
        return err_set(err, file_blame(errno), "%s: %s", path, strerror(errno));
    w = xcalloc(1, sizeof *w);
    w->path = xstrdup(path);
    w->fd = fd;
    w->from = (struct warc_from){ file_piece, file_seek, NULL, &w->fd };
    return open_reader(w, out, err);
}

int warc_open_from(struct warc_reader **out, const char *name, const struct warc_from *from,
                   struct err *err)
{
    struct warc_reader *w = xcalloc(1, sizeof *w);

    w->path = xstrdup(name);
    w->fd = -1;
    w->from = *from;
    return open_reader(w, out, err);
}

int warc_seek(struct warc_reader *w, int64_t offset, struct err *err)
{
    return begin_at(w, offset, err);
}

void warc_close(struct warc_reader *w)
{
    if (!w)
        return;
    if (w->fd >= 0)
        close(w->fd);
    if (w->from.close)
        w->from.close(w->from.of);
    inflateEnd(&w->z);
    buf_release(&w->data);
    buf_release(&w->head);
    free(w->path);
    free(w);
}

/* ---- records ---- */
static int torn(struct warc_reader *w, int64_t offset, struct err *err)
{
    w->lost = true;
    return err_set(err, ERR_INPUT, "%s: the record at byte %lld is cut off", w->path,
                   near(w, offset));
}

/* Stands at the first byte of a record: 1, 0 at the end of the file, -1. */
static int to_record(struct warc_reader *w, struct err *err)
{
    int rc;

    for (;;) {
        while (ready(w) && (w->data.p[w->data_at] == '\r' || w->data.p[w->data_at] == '\n'))
            use(w, 1);
        if (ready(w))
            return 1;
        drop_used(w);
        if ((rc = more(w, err)) <= 0)
            return rc;
    }
}

/* Length of the head with its empty line, which does not end within the first
 * `known` bytes; 0 while that has not come. */
static size_t head_length_from(struct str s, size_t known)
{
    const char *end = s.n ? s.p + s.n : NULL, *p = s.n ? s.p + (known < 3 ? 0 : known - 3) : NULL;

    while (p < end && (p = memchr(p, '\n', (size_t)(end - p)))) {
        p++;
        if (end - p >= 1 && *p == '\n')
            return (size_t)(p + 1 - s.p);
        if (end - p >= 2 && p[0] == '\r' && p[1] == '\n' && p - s.p >= 2 && p[-2] == '\r')
            return (size_t)(p + 2 - s.p);
    }
    return 0;
}

static size_t head_length(struct str s)
{
    return head_length_from(s, 0);
}

static int read_head(struct warc_reader *w, int64_t offset, struct err *err)
{
    size_t n = 0, known = 0;
    int rc = 1;

    buf_clear(&w->head);
    while (rc == 1 &&
           (n = head_length_from((struct str){ w->data.p + w->data_at, ready(w) }, known)) == 0) {
        if (ready(w) > HEAD_MAX) {
            w->lost = true;
            use(w, 1);
            return err_set(err, ERR_INPUT, "%s: the record at byte %lld has no end of its head",
                           w->path, near(w, offset));
        }
        known = ready(w);
        drop_used(w);
        rc = more(w, err);
    }
    if (rc < 0)
        return -1;
    if (n == 0)
        return torn(w, offset, err);
    buf_add(&w->head, w->data.p + w->data_at, n);
    use(w, str_starts(buf_view(&w->head), STR("WARC/")) ? n : 1);
    if (!str_starts(buf_view(&w->head), STR("WARC/"))) {
        w->lost = true;
        return err_set(err, ERR_INPUT, "%s: no WARC record at byte %lld", w->path, near(w, offset));
    }
    return 0;
}

static struct str without_brackets(struct str s)
{
    if (s.n >= 2 && s.p[0] == '<' && s.p[s.n - 1] == '>')
        return str_sub(s, 1, s.n - 2);
    return s;
}

/* "name: value" of a head's line; false where it is none. */
static bool header_line(struct str line, struct str *name, struct str *value)
{
    ptrdiff_t colon = str_find(line, STR(":"), 0);

    if (colon <= 0)
        return false;
    *name = str_trim(str_sub(line, 0, (size_t)colon));
    *value = str_trim(str_sub(line, (size_t)colon + 1, line.n));
    return true;
}

/* NULL, or the field that stands twice and differs, of those that say which bytes
 * are whose and from when: another reader may take the other one. */
static const char *parse_head(struct str head, struct warc_record *r, struct str *length)
{
    const char *doubled = NULL;
    struct { const char *name; struct str *to; bool once;
    } const wanted[] = {
        { "WARC-Type", &r->type, true },
        { "WARC-Target-URI", &r->target_uri, true },
        { "WARC-Date", &r->date, true },
        { "WARC-Record-ID", &r->record_id, false },
        { "WARC-Refers-To-Target-URI", &r->refers_to_uri, false },
        { "WARC-Refers-To-Date", &r->refers_to_date, false },
        { "WARC-Refers-To", &r->refers_to, false },
        { "WARC-Payload-Digest", &r->payload_digest, false },
        { "WARC-Block-Digest", &r->block_digest, false },
        { "WARC-Concurrent-To", &r->concurrent_to, false },
        { "Content-Type", &r->content_type, false },
        { "Content-Length", length, true },
    };
    struct str line, name, value;

    while (str_cut(&head, '\n', &line)) {
        if (!header_line(line, &name, &value))
            continue;
        for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
            if (str_eq_nocase(name, str_of(wanted[i].name))) {
                if (!wanted[i].to->p)
                    *wanted[i].to = value;
                else if (wanted[i].once && !str_eq(*wanted[i].to, value))
                    doubled = wanted[i].name;
            }
    }
    r->target_uri = without_brackets(r->target_uri);
    r->record_id = without_brackets(r->record_id);
    r->refers_to = without_brackets(r->refers_to);
    r->refers_to_uri = without_brackets(r->refers_to_uri);
    r->concurrent_to = without_brackets(r->concurrent_to);
    return doubled;
}

/* Behind a block stands a line end, the next record, or nothing. */
static bool block_ends(const struct warc_reader *w, size_t n)
{
    struct str rest = { w->data.p + w->data_at + n, ready(w) - n };

    return !rest.n || *rest.p == '\r' || *rest.p == '\n' ||
           str_starts(STR("WARC/"), str_sub(rest, 0, 5));
}

/* Reads a byte more than the block where the gzip member holds one. */
static int read_block(struct warc_reader *w, int64_t offset, size_t n, struct str *block,
                      struct err *err)
{
    int rc = 1;

    if (ready(w) < n + 1)    // not for each of many small records
        drop_used(w);
    while (rc == 1 && (ready(w) < n || (ready(w) == n && (!w->gz || w->in_member))))
        rc = more(w, err);
    if (rc < 0)
        return -1;
    if (ready(w) < n)
        return torn(w, offset, err);
    if (!block_ends(w, n)) {
        w->lost = true;
        return err_set(err, ERR_INPUT, "%s: the record at byte %lld is not as long as it says",
                       w->path, near(w, offset));
    }
    *block = (struct str){ w->data.p + w->data_at, n };
    use(w, n);
    return 0;
}

static int skip_block(struct warc_reader *w, int64_t offset, uint64_t n, struct err *err)
{
    int rc = 1;

    while (rc == 1 && n > 0) {
        size_t now = ready(w) < n ? ready(w) : (size_t)n;

        use(w, now);
        n -= now;
        if (n > 0) {
            drop_used(w);
            rc = more(w, err);
        }
    }
    if (rc < 0)
        return -1;
    return n > 0 ? torn(w, offset, err) : 0;
}

/* Where the record can be found again: its byte, or its gzip member's; -1 where
 * it begins within a member. */
static int64_t place_of(const struct warc_reader *w)
{
    if (!w->gz)
        return w->member + (int64_t)w->data_at;
    return w->fresh ? w->member : -1;
}

int warc_next(struct warc_reader *w, struct warc_record *out, struct err *err)
{
    struct warc_record r = {0};
    struct str length = STR_NONE;
    const char *doubled;
    uint64_t n;
    int rc = w->lost ? 0 : to_record(w, err);

    if (rc <= 0)
        return rc;
    r.offset = place_of(w);
    if (read_head(w, r.offset, err))
        return -1;
    doubled = parse_head(buf_view(&w->head), &r, &length);
    if (doubled) {
        w->lost = true;
        return err_set(err, ERR_INPUT, "%s: the record at byte %lld has two different values of %s",
                       w->path, near(w, r.offset), doubled);
    }
    if (!str_u64(length, &n) || n > INT64_MAX) {
        w->lost = true;
        return err_set(err, ERR_INPUT, "%s: the record at byte %lld has no Content-Length", w->path,
                       near(w, r.offset));
    }
    r.too_large = n > (uint64_t)BLOCK_MAX;
    if (r.too_large ? skip_block(w, r.offset, n, err)
                    : read_block(w, r.offset, (size_t)n, &r.block, err))
        return -1;
    *out = r;
    return 1;
}

/* ---- after damage ---- */
/* The next line that begins like a record; of gzip within this member alone, and then the next
 * one's start. 1, 0 at the end of the file, -1 (bad_gzip: in the compressed bytes). */
static int find_record(struct warc_reader *w, struct err *err)
{
    const struct str mark = STR("\nWARC/");
    int rc = 1;

    w->fresh = false;
    while (rc == 1) {
        ptrdiff_t at = str_find((struct str){ w->data.p + w->data_at, ready(w) }, mark, 0);

        if (at >= 0) {
            use(w, (size_t)at + 1);
            return 1;
        }
        if (w->gz && !w->in_member) {
            w->data.n = w->data_at = 0;
            return 1;
        }
        if (ready(w) >= mark.n)
            use(w, ready(w) - (mark.n - 1));
        drop_used(w);
        rc = more(w, err);
    }
    return rc;
}

/* The first byte from `from` on that could begin a gzip member, or -1. */
static int next_magic(struct warc_reader *w, int64_t from, int64_t *at, struct err *err)
{
    for (;;) {
        if (begin_at(w, from, err))
            return -1;
        for (size_t i = 0; i + 4 <= w->in_len; i++) {
            const unsigned char *hit = memchr(w->in + i, 0x1f, w->in_len - i - 3);

            if (!hit)
                break;
            i = (size_t)(hit - w->in);
            if (hit[1] == 0x8b && hit[2] == 8 && !(hit[3] & 0xe0)) {
                *at = from + (int64_t)i;
                return 1;
            }
        }
        if (w->in_len < 4)
            return 0;
        from += (int64_t)w->in_len - 3;
    }
}

/* The next gzip member that holds a record. */
static int find_member(struct warc_reader *w, struct err *err)
{
    int64_t at = w->member_at;
    int rc = 1;

    for (int tries = 0; rc == 1 && tries < TRIES_MAX; tries++) {
        struct err ignored = { 0 };

        if ((rc = next_magic(w, at + 1, &at, err)) != 1 || (rc = begin_at(w, at, err) ? -1 : 1) < 0)
            break;
        w->gz = true;
        while (ready(w) < 5 && more(w, &ignored) == 1)
            continue;
        if (ignored.kind == ERR_IO) {
            *err = ignored;
            return -1;
        }
        if (ready(w) >= 5 && str_starts(buf_view(&w->data), STR("WARC/")))
            return begin_at(w, at, err) ? -1 : 1;
    }
    w->end = true;
    w->data.n = w->data_at = 0;
    return rc < 0 ? -1 : 0;
}

int warc_resume(struct warc_reader *w, struct err *err)
{
    struct err why = { 0 };
    int rc = 1;

    if (!w->lost)
        return 1;
    w->lost = false;
    if (!w->bad_gzip)
        rc = find_record(w, &why);
    if (w->bad_gzip)
        rc = find_member(w, &why);
    if (rc < 0)
        *err = why;
    return rc;
}

int warc_parse(struct str text, struct warc_record *out, struct err *err)
{
    struct warc_record r = {0};
    struct str length = STR_NONE;
    size_t head = str_starts(text, STR("WARC/")) ? head_length(text) : 0;
    uint64_t n;

    if (!head)
        return err_set(err, ERR_INPUT, "no WARC record");
    if (parse_head(str_sub(text, 0, head), &r, &length))
        return err_set(err, ERR_INPUT, "the record has two different values of one field");
    if (!str_u64(length, &n) || text.n - head < 4 || n != text.n - head - 4 ||
        !str_ends(text, STR("\r\n\r\n")))
        return err_set(err, ERR_INPUT, "the record's length is not the one that its head says");
    r.block = str_sub(text, head, (size_t)n);
    *out = r;
    return 0;
}

bool warc_digest_is(struct str header, const struct digest *d)
{
    char hex[DIGEST_HEX];

    return str_starts(header, STR("sha256:")) &&
           str_eq_nocase(str_sub(header, 7, header.n), str_of(digest_hex(d, hex)));
}

/* ---- what a response carried ---- */
static struct str http_field(struct str head, const char *wanted)
{
    struct str line, name, value;

    while (str_cut(&head, '\n', &line))
        if (header_line(line, &name, &value) && str_eq_nocase(name, str_of(wanted)))
            return value;
    return STR_NONE;
}

static bool chunk_size(struct str line, size_t *n)
{
    struct str hex = STR_NONE;
    size_t size = 0;

    str_cut(&line, ';', &hex);
    hex = str_trim(hex);
    if (hex.n == 0 || hex.n > 8)
        return false;
    for (size_t i = 0; i < hex.n; i++) {
        char c = hex.p[i];
        int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10
                  : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;

        if (digit < 0)
            return false;
        size = size * 16 + (size_t)digit;
    }
    *n = size;
    return true;
}

/* Some writers remove the chunks and keep the header: bytes that do not begin
 * with a chunk are then the body itself. */
static int dechunk(struct str body, struct buf *hold, struct str *out, struct err *err)
{
    struct str rest = body, line;
    size_t n;
    bool first = true;

    buf_clear(hold);
    for (;; first = false) {
        if (!str_cut(&rest, '\n', &line) || !chunk_size(line, &n)) {
            if (first) {
                *out = body;
                return 0;
            }
            return err_set(err, ERR_INPUT, "the chunked body is cut off after %zu bytes", hold->n);
        }
        if (n == 0)
            break;
        if (n > rest.n)
            return err_set(err, ERR_INPUT, "the chunked body is cut off after %zu bytes", hold->n);
        buf_add(hold, rest.p, n);
        rest = str_sub(rest, n, rest.n);
        if (str_starts(rest, STR("\r\n")))
            rest = str_sub(rest, 2, rest.n);
        else if (str_starts(rest, STR("\n")))
            rest = str_sub(rest, 1, rest.n);
    }
    *out = buf_view(hold);
    return 0;
}

static int http_status(struct str head)
{
    ptrdiff_t blank = str_find(head, STR(" "), 0);
    struct str digits = blank < 0 ? STR_NONE : str_sub(head, (size_t)blank + 1, 3);
    uint64_t n;

    return str_starts(head, STR("HTTP/")) && str_u64(digits, &n) ? (int)n : 0;
}

int warc_http_payload(const struct warc_record *r, struct buf *hold, int *status, struct str *head,
                      struct str *body, struct err *err)
{
    struct str h, b;
    size_t n;
    int code;

    if (str_eq_nocase(r->type, STR("resource")) || str_eq_nocase(r->type, STR("conversion"))) {
        *status = 200;
        *head = STR_NONE;
        *body = r->block;
        return 0;
    }
    code = http_status(r->block);
    if (!code)
        return err_set(err, ERR_INPUT, "the %.*s record holds no HTTP reply",
                       STR_ARG(str_sub(r->type, 0, 20)));
    n = head_length(r->block);
    h = n ? str_sub(r->block, 0, n) : r->block;
    b = n ? str_sub(r->block, n, r->block.n) : STR_NONE;
    if (str_eq_nocase(http_field(h, "Transfer-Encoding"), STR("chunked")) &&
        dechunk(b, hold, &b, err))
        return -1;
    *status = code;
    *head = h;
    *body = b;
    return 0;
}
