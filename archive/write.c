/* archive/write.c: the writer of the WARC files in evidence/.
 *
 * A body that came compressed is stored, not compressed again: that costs a
 * copy and a checksum, and the bytes lie in the file as they were sent. A plain
 * body is compressed at libdeflate's fastest level, so that an archive never
 * holds up reading; nor does the disk, for a thread writes (archive/writer.h).
 * A file begins with the first exchange of a run and nothing is ever appended
 * to an older one: after a crash only the last record of a file can be torn,
 * and all before it can be read. */
#include <errno.h>
#include <fcntl.h>
#include <libdeflate.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/file.h"
#include "base/utc.h"
#include "archive/archive.h"
#include "archive/writer.h"

#define FILE_BYTES (INT64_C(1) << 30)
#define UUID_MAX 48
#define LEVEL_STORED 0
#define LEVEL_PLAIN 1

struct archive {
    char *dir, *audit;
    enum keep keep;
    struct libdeflate_compressor *stored, *plain;
    struct writer *file;           // NULL: none is open
    char name[96];
    char worker[ARCHIVE_WORKER_MOST + 1];
    int64_t file_bytes;
    int64_t size;                  // of the open file, with what waits to be written
    int64_t synced;                // of these, what the disk has for certain
    struct kept_file *sealed; size_t sealed_n;
    int64_t records;               // of the open file, for record ids
    bool new_name;                 // the folder's entry is not yet synced
    bool told;    // that a write failed; whoever closes afterwards need not hear it again
    struct buf head, block;
    struct buf out;                // members that the writer was not yet given
};

int archive_open(struct archive **out, const char *dir, const char *audit, enum keep keep,
                 struct err *err)
{
    struct archive *a;

    if (keep != KEEP_NONE && file_mkdirs(dir, err))
        return -1;
    a = xcalloc(1, sizeof *a);
    a->dir = xstrdup(dir);
    a->audit = xstrdup(audit);
    a->keep = keep;
    archive_tune(a, "1", FILE_BYTES);
    a->stored = libdeflate_alloc_compressor(LEVEL_STORED);
    a->plain = libdeflate_alloc_compressor(LEVEL_PLAIN);
    if (!a->stored || !a->plain)
        die("out of memory");
    *out = a;
    return 0;
}

void archive_tune(struct archive *a, const char *worker, int64_t file_bytes)
{
    snprintf(a->worker, sizeof a->worker, "%s", worker);
    a->file_bytes = file_bytes;
}

bool archive_sealed(struct archive *a, struct kept_file *out)
{
    if (!a->sealed_n)
        return false;
    *out = a->sealed[--a->sealed_n];
    return true;
}

static int write_fail(struct archive *a, struct err *err)
{
    a->told = true;
    return err_set(err, ERR_IO, "%s/%s: %s", a->dir, a->name, strerror(errno));
}

/* ---- records ---- */
struct warc_part {
    const char *type, *content_type;
    struct str url;
    const char *peer;
    char id[UUID_MAX], concurrent[UUID_MAX];
    int64_t at;
    struct str block;
    struct digest digest;          // of the block
    bool has_payload; struct digest payload;
    bool is_compressed;            // the payload came so
};

/* A name of its own for every record: from where it stands, not from a clock
 * or a dice, so the same run writes the same bytes. Version 8 (RFC 9562). */
static void record_id(struct archive *a, char id[UUID_MAX])
{
    char text[160];
    struct digest d;
    int n = snprintf(text, sizeof text, "%s %lld", a->name, (long long)++a->records);

    d = digest_sha256((struct str){ text, (size_t)n });
    d.b[6] = (uint8_t)((d.b[6] & 0x0f) | 0x80);
    d.b[8] = (uint8_t)((d.b[8] & 0x3f) | 0x80);
    snprintf(id, UUID_MAX,
             "urn:uuid:%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
             d.b[0], d.b[1], d.b[2], d.b[3], d.b[4], d.b[5], d.b[6], d.b[7], d.b[8], d.b[9],
             d.b[10], d.b[11], d.b[12], d.b[13], d.b[14], d.b[15]);
}

static void put_digest(struct buf *out, const char *name, const struct digest *d)
{
    char hex[DIGEST_HEX];

    buf_printf(out, "%s: sha256:%s\r\n", name, digest_hex(d, hex));
}

static void put_record(struct archive *a, const struct warc_part *p, int64_t *offset, int64_t *len)
{
    struct libdeflate_compressor *c = p->is_compressed ? a->stored : a->plain;
    char at[UTC_TEXT_MAX];
    struct buf *h = &a->head;
    size_t n;

    buf_clear(h);
    buf_printf(h, "WARC/1.1\r\nWARC-Type: %s\r\nWARC-Record-ID: <%s>\r\nWARC-Date: %s\r\n", p->type,
               p->id, utc_rfc3339(p->at, at));
    if (p->url.n)
        buf_printf(h, "WARC-Target-URI: %.*s\r\n", STR_ARG(p->url));
    else
        buf_printf(h, "WARC-Filename: %s\r\n", a->name);
    if (p->peer && p->peer[0])
        buf_printf(h, "WARC-IP-Address: %s\r\n", p->peer);
    if (p->concurrent[0])
        buf_printf(h, "WARC-Concurrent-To: <%s>\r\n", p->concurrent);
    put_digest(h, "WARC-Block-Digest", &p->digest);
    if (p->has_payload)
        put_digest(h, "WARC-Payload-Digest", &p->payload);
    buf_printf(h, "Content-Type: %s\r\nContent-Length: %zu\r\n\r\n", p->content_type, p->block.n);
    buf_str(h, p->block);
    buf_puts(h, "\r\n\r\n");
    buf_grow(&a->out, libdeflate_gzip_compress_bound(c, h->n));
    n = libdeflate_gzip_compress(c, h->p, h->n, a->out.p + a->out.n, a->out.cap - a->out.n);
    if (n == 0)
        die("a record of %zu bytes does not fit its bound", h->n);
    a->out.n += n;
    *offset = a->size;
    *len = (int64_t)n;
    a->size += (int64_t)n;
}

static int hand_over(struct archive *a, struct err *err)
{
    return a->out.n && writer_put(a->file, &a->out) ? write_fail(a, err) : 0;
}

/* ---- files ---- */
static void put_info(struct archive *a, int64_t at)
{
    struct warc_part p = { .type = "warcinfo",
                           .content_type = "application/warc-fields",
                           .at = at };
    int64_t offset, len;

    buf_clear(&a->block);
    buf_printf(
        &a->block,
        "software: blindspot\r\nformat: WARC File Format 1.1\r\n"
        "conformsTo: http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"
        "\r\n"
        "isPartOf: %s\r\n",
        a->audit);
    p.block = buf_view(&a->block);
    p.digest = digest_sha256(p.block);
    record_id(a, p.id);
    put_record(a, &p, &offset, &len);
}

bool archive_is_written(const char *path)
{
    const int fd = file_open(path, O_RDONLY);
    const bool is = fd >= 0 && flock(fd, LOCK_SH | LOCK_NB) && errno == EWOULDBLOCK;

    if (fd >= 0)
        close(fd);
    return is;
}

/* A free name: two files of one second differ by the number at the end. */
static int new_file(struct archive *a, struct err *err)
{
    int64_t now = utc_now();
    char text[UTC_TEXT_MAX], stamp[16], *path;
    int fd = -1;

    utc_rfc3339(now, text);
    snprintf(stamp, sizeof stamp, "%.4s%.2s%.2s%.2s%.2s%.2s", text, text + 5, text + 8, text + 11,
             text + 14, text + 17);
    for (int i = 1; fd < 0; i++) {
        snprintf(a->name, sizeof a->name, "blindspot-%.16s-%.32s-%s-%d.warc.gz", a->audit,
                 a->worker, stamp, i);
        path = file_join(a->dir, a->name);
        fd = file_open(path, O_WRONLY | O_CREAT | O_EXCL);
        free(path);
        if (fd < 0 && errno != EEXIST)
            return write_fail(a, err);
    }
    (void)flock(fd, LOCK_EX | LOCK_NB);    // where there are no locks nobody asks for them
    a->file = writer_new(fd);
    a->size = a->records = a->synced = 0;
    a->new_name = true;
    put_info(a, now);
    return 0;
}

static int sync_folder(struct archive *a, struct err *err)
{
    int fd = file_open(a->dir, O_RDONLY | O_DIRECTORY), rc;

    if (fd < 0)
        return write_fail(a, err);
    rc = fsync(fd);
    close(fd);
    a->new_name = rc != 0;
    return rc ? write_fail(a, err) : 0;
}

int archive_sync(struct archive *a, struct err *err)
{
    if (!a->file || (a->synced == a->size && !a->new_name))
        return 0;
    if (hand_over(a, err))
        return -1;
    if (writer_sync(a->file))
        return write_fail(a, err);
    a->synced = a->size;
    return a->new_name ? sync_folder(a, err) : 0;
}

static void note_sealed(struct archive *a, const struct digest *sum)
{
    struct kept_file *file;

    a->sealed = xrealloc(a->sealed, (a->sealed_n + 1) * sizeof *a->sealed);
    file = &a->sealed[a->sealed_n++];
    memcpy(file->name, a->name, sizeof file->name);
    file->size = a->size;
    file->digest = *sum;
}

static int seal(struct archive *a, struct err *err)
{
    struct digest sum;
    int rc = archive_sync(a, err);

    if (!a->file)
        return rc;
    if (writer_close(a->file, &sum) && rc == 0)
        rc = write_fail(a, err);
    a->file = NULL;
    buf_clear(&a->out);
    if (rc == 0)
        note_sealed(a, &sum);
    return rc;
}

int archive_seal(struct archive *a, struct err *err)
{
    struct err again = {0};

    if (!a->told)
        return seal(a, err);
    (void)seal(a, &again);
    return 0;
}

int archive_close(struct archive *a, struct err *err)
{
    int rc;

    if (!a)
        return 0;
    rc = archive_seal(a, err);
    free(a->sealed);
    libdeflate_free_compressor(a->stored);
    libdeflate_free_compressor(a->plain);
    buf_release(&a->head);
    buf_release(&a->block);
    buf_release(&a->out);
    free(a->dir);
    free(a->audit);
    free(a);
    return rc;
}

/* ---- exchanges ---- */
/* Headers that say nothing true of the bytes below them, or that are secret. */
static bool is_left_out(struct str line)
{
    static const char *const names[] = { "transfer-encoding:", "set-cookie:",
                                         "set-cookie2:",       "cookie:",
                                         "authorization:",     "proxy-authorization:" };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (str_starts_nocase(line, str_of(names[i])))
            return true;
    return false;
}

/* A head without those headers, with its empty line, and the body behind it. */
static void put_message(struct buf *out, struct str head, struct str body)
{
    struct str line;

    buf_clear(out);
    while (str_cut(&head, '\n', &line)) {
        line = str_trim(line);
        if (line.n == 0)
            break;
        if (is_left_out(line))
            continue;
        buf_str(out, line);
        buf_puts(out, "\r\n");
    }
    buf_puts(out, "\r\n");
    buf_str(out, body);
}

static bool came_compressed(const struct http_exchange *x)
{
    struct str coding = str_trim(http_header(x, "Content-Encoding"));

    return coding.n > 0 && !str_eq_nocase(coding, STR("identity"));
}

static int ready(struct archive *a, struct err *err)
{
    if (a->file && a->size >= a->file_bytes && seal(a, err))
        return -1;
    return a->file ? 0 : new_file(a, err);
}

/* The record that stands for a payload of that digest, which is not kept itself. */
static int put_metadata(struct archive *a, struct warc_part *part, struct kept_place *place,
                        struct err *err)
{
    struct kept_place to = { .digest = part->payload };

    if (ready(a, err))
        return -1;
    record_id(a, part->id);
    put_record(a, part, &to.offset, &to.len);
    if (hand_over(a, err))
        return -1;
    memcpy(to.file, a->name, sizeof to.file);
    *place = to;
    return 0;
}

/* evidence.keep = extract: instead of a page's bytes a metadata record with the
 * part that decided, and the digest of the whole. */
static int put_extract(struct archive *a, struct str url, struct str extract,
                       const struct digest *whole, int64_t at, struct kept_place *place,
                       struct err *err)
{
    struct warc_part part = { .type = "metadata",
                              .content_type = "application/json",
                              .url = url,
                              .at = at,
                              .has_payload = true,
                              .payload = *whole,
                              .block = extract,
                              .digest = digest_sha256(extract) };

    return put_metadata(a, &part, place, err);
}

int archive_put_purged(struct archive *a, const struct digest *payload, int64_t at,
                       struct kept_place *place, struct err *err)
{
    struct warc_part part = { .type = "metadata",
                              .content_type = "application/warc-fields",
                              .url = STR(ARCHIVE_PURGED_URI),
                              .at = at,
                              .has_payload = true,
                              .payload = *payload,
                              .block = STR(
                                  "purged: the content was dropped, its digest is kept\r\n") };

    part.digest = digest_sha256(part.block);
    return put_metadata(a, &part, place, err);
}

int archive_put_member(struct archive *a, struct str member, struct kept_place *place,
                       struct err *err)
{
    if (ready(a, err))
        return -1;
    buf_str(&a->out, member);
    if (hand_over(a, err))
        return -1;
    *place = (struct kept_place){ .offset = a->size, .len = (int64_t)member.n };
    memcpy(place->file, a->name, sizeof place->file);
    a->size += (int64_t)member.n;
    return 0;
}

static void put_known(struct buf *out, const char *name, struct str value)
{
    if (value.n)
        buf_printf(out, "%s: %.*s\r\n", name, STR_ARG(value));
}

/* How a reply was read that a browser handed out: the record beside it is of the decoded body. */
static void put_by(struct archive *a, const struct warc_part *reply, const struct http_exchange *x)
{
    struct warc_part part = { .type = "metadata",
                              .content_type = "application/warc-fields",
                              .url = reply->url,
                              .peer = reply->peer,
                              .at = reply->at };
    int64_t offset, len;

    buf_clear(&a->block);
    put_known(&a->block, "software", str_of(x->by->product));
    buf_puts(&a->block, "engine: browser\r\nvia: Chrome DevTools Protocol\r\n"
                        "body: decoded by the browser, as served, before any script\r\n");
    put_known(&a->block, "content-coding-removed", x->by->coding);
    put_known(&a->block, "protocol", x->by->protocol);
    put_known(&a->block, "tls", x->by->tls);
    if (x->by->wire >= 0)
        buf_printf(&a->block, "wire-bytes: %lld\r\n", (long long)x->by->wire);
    buf_printf(&a->block, "scripts: %s\r\ncookies: left out\r\n",
               x->by->withheld ? "withheld" : "run, to solve the challenge");
    part.block = buf_view(&a->block);
    part.digest = digest_sha256(part.block);
    record_id(a, part.id);
    memcpy(part.concurrent, reply->id, sizeof part.concurrent);
    put_record(a, &part, &offset, &len);
}

/* Without a reply the request alone is kept: it tells what was tried. */
int archive_put(struct archive *a, const struct http_exchange *x, int64_t at,
                struct kept_place *place, struct err *err)
{
    struct warc_part reply = { .type = "response",
                               .content_type = "application/http; msgtype=response",
                               .url = str_of(x->url),
                               .peer = x->peer,
                               .at = at,
                               .has_payload = true };
    struct warc_part ask = { .type = "request",
                             .content_type = "application/http; msgtype=request",
                             .url = str_of(x->url),
                             .peer = x->peer,
                             .at = at,
                             .has_payload = x->request_body.n > 0 };
    struct kept_place to = { .offset = 0 };
    int64_t offset = 0, len = 0;

    if (a->keep == KEEP_NONE) {
        to.digest = digest_sha256(x->body);
        *place = to;
        return 0;
    }
    if (ready(a, err))
        return -1;
    if (x->head.n) {
        record_id(a, reply.id);
        put_message(&a->block, x->head, x->body);
        reply.block = buf_view(&a->block);
        digest_two(reply.block, x->body, &reply.digest, &to.digest);
        reply.payload = to.digest;
        reply.is_compressed = came_compressed(x);
        put_record(a, &reply, &to.offset, &to.len);
    }
    record_id(a, ask.id);
    ask.payload = digest_sha256(x->request_body);
    memcpy(ask.concurrent, reply.id, sizeof ask.concurrent);
    put_message(&a->block, x->request_head, x->request_body);
    ask.block = buf_view(&a->block);
    ask.digest = digest_sha256(ask.block);
    put_record(a, &ask, &offset, &len);
    if (x->by && x->head.n)
        put_by(a, &reply, x);
    if (hand_over(a, err))
        return -1;
    if (!x->head.n) {
        to.offset = offset;
        to.len = len;
        to.digest = digest_sha256(x->body);
    }
    memcpy(to.file, a->name, sizeof to.file);
    *place = to;
    return 0;
}

/* ---- as the store asks for it ---- */
static int keep_exchange(void *to, const struct http_exchange *x, int64_t at,
                         struct kept_place *place, struct err *err)
{
    return archive_put(to, x, at, place, err);
}

static int keep_extract(void *to, struct str url, struct str extract, const struct digest *whole,
                        int64_t at, struct kept_place *place, struct err *err)
{
    return put_extract(to, url, extract, whole, at, place, err);
}

static int keep_sync(void *to, struct err *err)
{
    return archive_sync(to, err);
}

static bool keep_sealed(void *to, struct kept_file *file)
{
    return archive_sealed(to, file);
}

struct keeper archive_keeper(struct archive *a)
{
    return (struct keeper){ a->keep, keep_exchange, keep_extract, keep_sync, keep_sealed, a };
}
