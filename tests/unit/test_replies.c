/* Archives of other programs: each test is the shape that one of them writes (wget
 * 1.21, warcio 1.7, browsertrix-crawler 1.x, browsers), with made-up contents; and
 * what is left of them where they are damaged. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>
#include <archive.h>
#include <archive_entry.h>
#include <cmocka.h>

#include "archive/replies.h"
#include "base/file.h"
#include "base/utc.h"
#include "tests/unit/temp.h"

#define PAGE "https://www.tiktok.com/@mira.holt/video/7361448925972155679"
#define OTHER "https://www.tiktok.com/@mira.holt/video/7361448925972155680"

static char path[80];
static int64_t skipped[REPLIES_SKIP_COUNT];
static struct got {
    char url[96], head[96], body[64], at[UTC_TEXT_MAX];
    int status;
} got[16];
static int n;

static int setup(void **state)
{
    int fd;

    (void)state;
    temp_name(path, sizeof path);
    fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    return unlink(path);
}

static int take(void *to, const struct archived_reply *a, struct err *err)
{
    struct got *g = &got[n++];

    (void)to, (void)err;
    assert_true(n <= 16);
    snprintf(g->url, sizeof g->url, "%.*s", STR_ARG(a->url));
    snprintf(g->head, sizeof g->head, "%.*s", STR_ARG(a->head));
    snprintf(g->body, sizeof g->body, "%.*s", STR_ARG(a->body));
    utc_rfc3339(a->at, g->at);
    g->status = a->status;
    return 0;
}

/* One record: head lines without Content-Length, then its block. */
static void add(struct buf *b, const char *head, const char *block)
{
    buf_printf(b, "%sContent-Length: %zu\r\n\r\n%s\r\n\r\n", head, strlen(block), block);
}

enum packing { PLAIN, MEMBERS, ONE_STREAM };

static void append_gz(const char *p, size_t len, const char *mode)
{
    gzFile f = gzopen(path, mode);

    assert_int_equal(gzwrite(f, p, (unsigned)len), (int)len);
    assert_int_equal(gzclose(f), Z_OK);
}

static void pack(struct str bytes, enum packing packing)
{
    struct err err = {0};
    size_t from = 0;

    unlink(path);
    if (packing == PLAIN) {
        assert_int_equal(file_write(path, bytes, &err), 0);
    } else if (packing == ONE_STREAM) {
        append_gz(bytes.p, bytes.n, "wb9");
    } else {
        while (from < bytes.n) {
            ptrdiff_t next = str_find(bytes, STR("\r\n\r\nWARC/1."), from);
            size_t end = next < 0 ? bytes.n : (size_t)next + 4;

            append_gz(bytes.p + from, end - from, "ab6");
            from = end;
        }
    }
}

static int read_all(struct buf *b, enum packing packing, struct err *err)
{
    struct digest whole;
    bool is = false;

    memset(skipped, 0, sizeof skipped);
    n = 0;
    pack(buf_view(b), packing);
    assert_int_equal(replies_is(path, &is, err), 0);
    assert_true(is);
    return replies_each(path, take, NULL, skipped, &whole, err);
}

static void expect(int i, const char *url, const char *at, int status, const char *body)
{
    assert_true(i < n);
    assert_string_equal(got[i].url, url);
    assert_string_equal(got[i].at, at);
    assert_int_equal(got[i].status, status);
    assert_string_equal(got[i].body, body);
}

/* wget --warc-file --warc-dedup: URIs in <>, chunks as they came, SHA-1, a
 * revisit that names a record, its log and arguments as resources. */
static void wget_shape(struct buf *b)
{
    add(b,
        "WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Type: application/warc-fields\r\n"
        "WARC-Date: 2025-11-02T10:00:00Z\r\nWARC-Record-ID: "
        "<urn:uuid:00000000-0000-4000-8000-000000000001>\r\n"
        "WARC-Filename: made-up.warc\r\n",
        "software: Wget/1.21.3 (linux-gnu)\r\nformat: WARC File Format 1.0\r\n\r\n");
    add(b,
        "WARC/1.0\r\nWARC-Type: request\r\nWARC-Target-URI: <" PAGE
        ">\r\nContent-Type: application/http;msgtype=request\r\n"
        "WARC-Date: 2025-11-02T10:00:01Z\r\nWARC-Record-ID: "
        "<urn:uuid:00000000-0000-4000-8000-000000000002>\r\n",
        "GET /@mira.holt/video/7361448925972155679 HTTP/1.1\r\nHost: www.tiktok.com\r\n\r\n");
    add(b,
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: "
        "<urn:uuid:00000000-0000-4000-8000-000000000003>\r\n"
        "WARC-Concurrent-To: <urn:uuid:00000000-0000-4000-8000-000000000002>\r\nWARC-Target-URI: <"
        PAGE
        ">\r\n"
        "WARC-Date: 2025-11-02T10:00:01Z\r\nWARC-IP-Address: 192.0.2.7\r\n"
        "WARC-Block-Digest: sha1:AAAA\r\n"
        "WARC-Payload-Digest: sha1:ZPJQ\r\nContent-Type: application/http;msgtype=response\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: text/html\r\n\r\n6\r\n"
        "made-u\r\n1;q\r\np\r\n0\r\n\r\n");
    add(b,
        "WARC/1.0\r\nWARC-Type: revisit\r\nWARC-Record-ID: "
        "<urn:uuid:00000000-0000-4000-8000-000000000004>\r\n"
        "WARC-Refers-To: <urn:uuid:00000000-0000-4000-8000-000000000003>\r\n"
        "WARC-Profile: http://netpreserve.org/warc/1.0/revisit/identical-payload-digest\r\n"
        "WARC-Truncated: length\r\nWARC-Target-URI: <" OTHER
        ">\r\nWARC-Date: 2025-11-03T10:00:02Z\r\n"
        "WARC-Payload-Digest: sha1:ZPJQ\r\nContent-Type: application/http;msgtype=response\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    add(b,
        "WARC/1.0\r\nWARC-Type: metadata\r\nWARC-Record-ID: "
        "<urn:uuid:00000000-0000-4000-8000-000000000005>\r\n"
        "WARC-Target-URI: <metadata://gnu.org/software/wget/warc/MANIFEST.txt>\r\n"
        "WARC-Date: 2025-11-03T10:00:03Z\r\n",
        "x");
    add(b,
        "WARC/1.0\r\nWARC-Type: resource\r\nWARC-Record-ID: "
        "<urn:uuid:00000000-0000-4000-8000-000000000006>\r\n"
        "WARC-Target-URI: <metadata://gnu.org/software/wget/warc/wget.log>\r\n"
        "WARC-Date: 2025-11-03T10:00:03Z\r\n",
        "log");
}

static void archives_of_wget(void **state)
{
    struct buf b = {0};
    struct err err = {0};

    (void)state;
    wget_shape(&b);
    for (enum packing p = PLAIN; p <= MEMBERS; p++) {
        if (read_all(&b, p, &err))
            fail_msg("%s", err.msg);
        assert_int_equal(n, 2);
        expect(0, PAGE, "2025-11-02T10:00:01Z", 200, "made-up");
        expect(1, OTHER, "2025-11-03T10:00:02Z", 200, "made-up");
        assert_int_equal(skipped[REPLIES_WARCINFO], 1);
        assert_int_equal(skipped[REPLIES_REQUEST], 1);
        assert_int_equal(skipped[REPLIES_METADATA], 1);
        assert_int_equal(skipped[REPLIES_RESOURCE], 1);
    }
    buf_release(&b);
}

/* In one gzip stream for all no record has a place, so a revisit finds nothing. */
static void revisit_without_its_payload_is_counted(void **state)
{
    struct buf b = {0};
    struct err err = {0};

    (void)state;
    wget_shape(&b);
    assert_int_equal(read_all(&b, ONE_STREAM, &err), 0);
    assert_int_equal(n, 1);
    assert_int_equal(skipped[REPLIES_LOST_REVISIT], 1);
    buf_release(&b);
}

/* browsertrix-crawler: dates with milliseconds, further WARC headers, chunks
 * undone though their header stays, revisits by URL and date, page infos. */
static void archives_of_browsertrix(void **state)
{
    struct buf b = {0};
    struct err err = {0};

    (void)state;
    add(&b,
        "WARC/1.1\r\nWARC-Filename: rec-made-up.warc.gz\r\nWARC-Date: 2026-01-05T06:07:08.123Z\r\n"
        "WARC-Type: warcinfo\r\n"
        "WARC-Record-ID: <urn:uuid:10000000-0000-4000-8000-000000000001>\r\n",
        "software: Browsertrix-Crawler 1.4.0\r\n");
    for (int i = 0; i < 2; i++)
        add(&b,
            i ? "WARC/1.1\r\nWARC-Target-URI: " PAGE
                "\r\nWARC-Date: 2026-01-06T06:07:09.456Z\r\nWARC-Type: response\r\n"
                "WARC-Record-ID: <urn:uuid:10000000-0000-4000-8000-000000000003>\r\n"
                "WARC-Payload-Digest: sha-256:bb\r\n"
              : "WARC/1.1\r\nWARC-Page-ID: 6d5c\r\nWARC-Resource-Type: document\r\n"
                "WARC-JSON-Metadata: {\"ipType\":\"Public\"}\r\n"
                "WARC-Target-URI: " PAGE
                "\r\nWARC-Date: 2026-01-05T06:07:09.456Z\r\nWARC-Type: response\r\n"
                "WARC-Record-ID: <urn:uuid:10000000-0000-4000-8000-000000000002>\r\n"
                "WARC-Payload-Digest: sha-256:aa\r\n",
            i ? "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\nlater"
              : "HTTP/1.1 200\r\ncontent-type: text/html\r\ntransfer-encoding: chunked\r\n\r\n"
                "no chunks");
    add(&b,
        "WARC/1.1\r\nWARC-Refers-To-Target-URI: " PAGE
        "\r\nWARC-Refers-To-Date: 2026-01-05T06:07:09.456Z\r\n"
        "WARC-Profile: http://netpreserve.org/warc/1.1/revisit/identical-payload-digest\r\n"
        "WARC-Target-URI: " PAGE
        "\r\n"
        "WARC-Date: 2026-01-07T06:07:09.456Z\r\nWARC-Type: revisit\r\n"
        "WARC-Payload-Digest: sha-256:aa\r\n"
        "WARC-Record-ID: <urn:uuid:10000000-0000-4000-8000-000000000004>\r\n",
        "HTTP/1.1 200 OK\r\n\r\n");
    add(&b,
        "WARC/1.1\r\nWARC-Target-URI: urn:pageinfo:" PAGE
        "\r\nWARC-Date: 2026-01-05T06:07:10.000Z\r\nWARC-Type: resource\r\n"
        "WARC-Record-ID: <urn:uuid:10000000-0000-4000-8000-000000000005>\r\n"
        "Content-Type: application/json\r\n",
        "{}");
    if (read_all(&b, MEMBERS, &err))
        fail_msg("%s", err.msg);
    assert_int_equal(n, 3);
    expect(0, PAGE, "2026-01-05T06:07:09Z", 200, "no chunks");
    expect(1, PAGE, "2026-01-06T06:07:09Z", 200, "later");
    expect(2, PAGE, "2026-01-07T06:07:09Z", 200,
           "no chunks");    // that of its date, not the last one
    assert_int_equal(skipped[REPLIES_RESOURCE], 1);
    buf_release(&b);
}

/* warcio: a revisit that only the digest joins, a conversion, records that hold
 * no HTTP, types that nobody knows. */
static void archives_of_warcio(void **state)
{
    struct buf b = {0};
    struct err err = {0};

    (void)state;
    add(&b,
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: "
        "<urn:uuid:20000000-0000-4000-8000-000000000001>\r\n"
        "WARC-Target-URI: " PAGE
        "\r\nWARC-Date: 2025-05-05T05:05:05Z\r\nWARC-Payload-Digest: sha1:QQQQ\r\n",
        "HTTP/1.0 404 NOT FOUND\r\nContent-Type: text/html\r\n\r\ngone");
    add(&b,
        "WARC/1.0\r\nWARC-Type: revisit\r\nWARC-Record-ID: "
        "<urn:uuid:20000000-0000-4000-8000-000000000002>\r\n"
        "WARC-Target-URI: " OTHER
        "\r\nWARC-Date: 2025-05-06T05:05:05.000001Z\r\nWARC-Payload-Digest: sha1:QQQQ\r\n",
        "");
    add(&b,
        "WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Record-ID: "
        "<urn:uuid:20000000-0000-4000-8000-000000000003>\r\n"
        "WARC-Target-URI: " PAGE
        "\r\nWARC-Date: 2025-05-06T05:05:06Z\r\nWARC-Refers-To: "
        "<urn:uuid:20000000-0000-4000-8000-000000000001>\r\n",
        "plain text");
    add(&b,
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: "
        "<urn:uuid:20000000-0000-4000-8000-000000000004>\r\n"
        "WARC-Target-URI: dns:www.tiktok.com\r\nWARC-Date: 2025-05-06T05:05:07Z\r\n"
        "Content-Type: text/dns\r\n",
        "20250506050507\nwww.tiktok.com. 60 IN A 192.0.2.8\n");
    add(&b,
        "WARC/1.0\r\nWARC-Type: continuation\r\nWARC-Record-ID: "
        "<urn:uuid:20000000-0000-4000-8000-000000000005>\r\n"
        "WARC-Date: 2025-05-06T05:05:08Z\r\n",
        "rest");
    for (enum packing p = PLAIN; p <= MEMBERS; p++) {
        if (read_all(&b, p, &err))
            fail_msg("%s", err.msg);
        assert_int_equal(n, 2);
        expect(0, PAGE, "2025-05-05T05:05:05Z", 404, "gone");
        expect(1, OTHER, "2025-05-06T05:05:05Z", 404, "gone");
        assert_int_equal(skipped[REPLIES_CONVERSION], 1);
        assert_int_equal(skipped[REPLIES_NOT_HTTP], 1);
        assert_int_equal(skipped[REPLIES_TYPE], 1);
    }
    buf_release(&b);
}

static void many_replies_keep_their_places(void **state)
{
    struct buf b = {0};
    struct err err = {0};
    struct digest whole;
    char head[400];

    (void)state;
    for (int i = 0; i < 3000; i++) {
        snprintf(
            head, sizeof head,
            "WARC/1.1\r\nWARC-Type: metadata\r\nWARC-Record-ID: <urn:uuid:%d>\r\n"
            "WARC-Date: 2026-01-01\r\n",
            i);
        if (i % 500 == 0)
            snprintf(head, sizeof head,
                     "WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:%d>\r\n"
                     "WARC-Target-URI: https://a.example/%d\r\nWARC-Date: 2026-01-01T00:00:00Z\r\n",
                     i, i);
        add(&b, head,
            i % 500     ? ""
            : i == 1000 ? "HTTP/1.1 200 OK\r\n\r\nthe one"
                        : "HTTP/1.1 200 OK\r\n\r\nanother");
    }
    add(&b,
        "WARC/1.1\r\nWARC-Type: revisit\r\nWARC-Record-ID: <urn:uuid:r>\r\nWARC-Refers-To: "
        "<urn:uuid:1000>\r\n"
        "WARC-Target-URI: " PAGE "\r\nWARC-Date: 2026-02-01T00:00:00Z\r\n",
        "");
    assert_int_equal(read_all(&b, PLAIN, &err), 0);
    expect(6, PAGE, "2026-02-01T00:00:00Z", 200, "the one");
    n = 0;
    assert_int_equal(truncate(path, (off_t)b.n - 3), 0);
    assert_int_equal(replies_each(path, take, NULL, skipped, &whole, &err),
                     0);    // line ends alone are missing
    n = 0;
    assert_int_equal(truncate(path, (off_t)b.n - 30), 0);
    assert_int_equal(replies_each(path, take, NULL, skipped, &whole, &err), 0);
    assert_int_equal(n, 6);    // the revisit alone is cut off
    assert_int_equal(skipped[REPLIES_DAMAGED], 1);
    buf_release(&b);
}

/* ---- damage ---- */

/* Five responses; more of each stands in `more`. */
static void five(struct buf *b, const char *more)
{
    char head[500], block[80];

    for (int i = 0; i < 5; i++) {
        snprintf(head, sizeof head,
                 "WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:%d>\r\n%s"
                 "WARC-Target-URI: https://a.example/%d\r\nWARC-Date: 2026-01-01T00:00:0%dZ\r\n",
                 i, more, i, i);
        snprintf(block, sizeof block, "HTTP/1.1 200 OK\r\n\r\nmade-up %d", i);
        add(b, head, block);
    }
}

static void reread(const char *which, int damaged)
{
    struct digest whole;
    struct err err = { 0 };
    char read[16] = "";

    memset(skipped, 0, sizeof skipped);
    n = 0;
    if (replies_each(path, take, NULL, skipped, &whole, &err))
        fail_msg("%s", err.msg);
    for (int i = 0; i < n && i < 15; i++) {
        read[i] = got[i].body[0] ? got[i].body[8] : '\xff';
        read[i + 1] = '\0';
    }
    assert_string_equal(read, which);
    assert_int_equal(skipped[REPLIES_DAMAGED], damaged);
}

/* Overwrites, cuts out or puts in bytes of the file. */
static void spoil(size_t at, size_t out, const char *in, size_t in_n)
{
    struct buf b = { 0 }, now = { 0 };
    struct err err = { 0 };

    assert_int_equal(file_read(path, 1 << 20, &b, &err), 0);
    buf_add(&now, b.p, at);
    buf_add(&now, in, in_n);
    buf_add(&now, b.p + at + out, b.n - at - out);
    assert_int_equal(file_write(path, buf_view(&now), &err), 0);
    buf_release(&b);
    buf_release(&now);
}

static size_t place_of(const char *mark, size_t skip)
{
    struct buf b = { 0 };
    struct err err = { 0 };
    ptrdiff_t at;

    assert_int_equal(file_read(path, 1 << 20, &b, &err), 0);
    at = str_find(buf_view(&b), (struct str){ mark, strlen(mark) }, skip);
    assert_true(at >= 0);
    buf_release(&b);
    return (size_t)at;
}

static void records_around_a_damaged_place_are_read(void **state)
{
    struct buf b = { 0 };
    size_t third;

    (void)state;
    five(&b, "");
    pack(buf_view(&b), PLAIN);
    spoil(place_of("made-up 2", 0) - 4, 6, "", 0);    // its bytes are fewer than it says
    reread("0134", 1);
    pack(buf_view(&b), PLAIN);
    spoil(place_of("Content-Length", place_of("made-up 1", 0)), 7, "XXXXXXX", 7);
    reread("0134", 1);
    pack(buf_view(&b), PLAIN);
    spoil(place_of("WARC/1.1", place_of("made-up 1", 0)), 0, "some rubbish\n\nmore\n", 19);
    reread("01234", 1);
    pack(buf_view(&b), PLAIN);
    spoil(b.n - 8, 8, "", 0);
    reread("0123", 1);
    pack(buf_view(&b), MEMBERS);
    third = place_of("\x1f\x8b", place_of("\x1f\x8b", 2) + 2);
    spoil(third + 60, 9, "", 0);    // bytes are missing in the third member
    reread("0134", 1);
    pack(buf_view(&b), MEMBERS);
    spoil(third, 0, "rubbish", 7);    // between two members
    reread("01234", 1);
    pack(buf_view(&b), MEMBERS);
    spoil(third - 40, 40, "", 0);    // the second is cut off, the third follows
    reread("0234", 1);
    buf_release(&b);
}

static void record_in_the_middle_of_one_stream_costs_itself_alone(void **state)
{
    struct buf b = { 0 };
    ptrdiff_t at;

    (void)state;
    five(&b, "");
    at = str_find(buf_view(&b), STR("Content-Length"),
                  (size_t)str_find(buf_view(&b), STR("made-up 2"), 0));
    b.p[at] = 'X';
    pack(buf_view(&b), ONE_STREAM);
    reread("0124", 1);
    buf_release(&b);
}

static void record_without_a_date_is_passed_over(void **state)
{
    struct buf b = { 0 };
    struct err err = { 0 };

    (void)state;
    five(&b, "");
    add(&b,
        "WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:x>\r\n"
        "WARC-Target-URI: " PAGE "\r\nWARC-Date: yesterday\r\n",
        "HTTP/1.1 200 OK\r\n\r\nmade-up x");
    add(&b,
        "WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:y>\r\n"
        "WARC-Target-URI: " PAGE "\r\nWARC-Date: 1965-03-01T12:00:00Z\r\n",
        "HTTP/1.1 200 OK\r\n\r\nmade-up y");
    assert_int_equal(read_all(&b, MEMBERS, &err), 0);
    assert_int_equal(n, 5);
    assert_int_equal(skipped[REPLIES_NO_DATE], 2);
    assert_int_equal(skipped[REPLIES_DAMAGED], 0);
    buf_release(&b);
}

/* ---- WACZ ---- */

static void zip_add(struct archive *a, const char *name, struct str bytes, bool packs)
{
    struct archive_entry *e = archive_entry_new();

    assert_int_equal(packs ? archive_write_zip_set_compression_deflate(a)
                           : archive_write_zip_set_compression_store(a),
                     ARCHIVE_OK);
    archive_entry_set_pathname(e, name);
    archive_entry_set_filetype(e, AE_IFREG);
    archive_entry_set_perm(e, 0644);
    archive_entry_set_size(e, (int64_t)bytes.n);
    assert_int_equal(archive_write_header(a, e), ARCHIVE_OK);
    assert_int_equal(archive_write_data(a, bytes.p, bytes.n), (la_ssize_t)bytes.n);
    archive_entry_free(e);
}

static struct buf packed(struct buf *b, enum packing packing)
{
    struct buf out = { 0 };
    struct err err = { 0 };

    pack(buf_view(b), packing);
    assert_int_equal(file_read(path, 1 << 20, &out, &err), 0);
    return out;
}

/* browsertrix: two WARC files, of which the second one refers to the first. */
static void make_wacz(bool packs)
{
    struct buf first = { 0 }, second = { 0 }, one, two;
    struct archive *a = archive_write_new();

    five(&first, "WARC-Payload-Digest: sha256:one\r\n");
    add(&second,
        "WARC/1.1\r\nWARC-Type: revisit\r\nWARC-Record-ID: <urn:uuid:r>\r\n"
        "WARC-Target-URI: " PAGE "\r\nWARC-Date: 2026-02-01T00:00:00Z\r\n"
        "WARC-Refers-To: <urn:uuid:1>\r\n",
        "HTTP/1.1 200 OK\r\n\r\n");
    add(&second,
        "WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:y>\r\n"
        "WARC-Target-URI: " OTHER "\r\nWARC-Date: 2026-02-02T00:00:00Z\r\n",
        "HTTP/1.1 200 OK\r\n\r\nmade-up y");
    one = packed(&first, MEMBERS);
    two = packed(&second, PLAIN);
    assert_int_equal(archive_write_set_format_zip(a), ARCHIVE_OK);
    assert_int_equal(archive_write_open_filename(a, path), ARCHIVE_OK);
    zip_add(a, "datapackage.json", STR("{\"profile\":\"data-package\",\"wacz_version\":\"1.1.1\"}"),
            packs);
    zip_add(a, "pages/pages.jsonl", STR("{\"format\":\"json-pages-1.0\"}\n"), packs);
    zip_add(a, "archive/rec-0.warc.gz", buf_view(&one), packs);
    zip_add(a, "archive/rec-1.warc", buf_view(&two), packs);
    zip_add(a, "indexes/index.cdx.gz", STR("\x1f\x8b"), packs);
    assert_int_equal(archive_write_close(a), ARCHIVE_OK);
    archive_write_free(a);
    buf_release(&first);
    buf_release(&second);
    buf_release(&one);
    buf_release(&two);
}

static void warc_files_in_a_wacz_are_read_as_one(void **state)
{
    bool is = false;
    struct err err = { 0 };

    (void)state;
    for (int i = 0; i < 2; i++) {
        make_wacz(i);
        assert_int_equal(replies_is(path, &is, &err), 0);
        assert_true(is);
        reread("012341y", 0);
        expect(5, PAGE, "2026-02-01T00:00:00Z", 200, "made-up 1");
    }
}

static void wacz_that_is_cut_off_keeps_what_was_whole(void **state)
{
    (void)state;
    make_wacz(false);
    assert_int_equal(truncate(path, (off_t)place_of("made-up y", 0) + 3), 0);
    reread("012341", 1);
}

/* ---- HAR ---- */

/* The parts of a HAR are written with ' for ". */
static void har_begin(struct buf *b)
{
    buf_clear(b);
    buf_puts(b, "\xef\xbb\xbf{\n 'log': {'version':'1.2','creator':{'name':'a \\'browser\\''},"
                "'pages':[{'title':'x ] }'}],'entries':[\n");
}

static void har_entry(struct buf *b, const char *more, const char *url, const char *at,
                      int status, const char *content)
{
    buf_printf(b,
               "%s{%s'startedDateTime':'%s','time':12.5,'request':{'method':'GET','url':'%s'},"
               "'response':{'status':%d,'headers':[{'name':':status','value':'200'},{'name':"
               "'Content-Encoding','value':'br'},{'name':'X-A','value':'b\\nc'}],'content':{%s}}}",
               b->p[b->n - 1] == '}' ? "," : "", more, at, url, status, content);
}

static void har_write(struct buf *b, size_t len)
{
    struct err err = { 0 };

    for (size_t i = 0; i < b->n; i++)
        if (b->p[i] == '\'')
            b->p[i] = '"';
    assert_int_equal(file_write(path, str_sub(buf_view(b), 0, len), &err), 0);
}

static void entries_of_a_har_are_replies_of_their_date(void **state)
{
    struct buf b = { 0 };
    struct err err = { 0 };
    bool is = false;

    (void)state;
    har_begin(&b);
    har_entry(&b, "'_priority':'High',", PAGE, "2026-03-01T13:00:00.250+01:00", 200,
              "'size':9,'text':'made-up 0 \\u00e9'");
    har_entry(&b, "", OTHER, "2026-03-01T12:00:01Z", 200,
              "'size':9,'text':'bWFkZS11cCAx','encoding':'base64'");
    har_entry(&b, "", PAGE, "2026-03-01T12:00:02Z", 200, "'size':9");
    har_entry(&b, "", PAGE, "2026-03-01T12:00:03Z", 403, "'size':0");
    har_entry(&b, "", PAGE, "2026-03-01T12:00:04Z", 0, "");
    har_entry(&b, "", PAGE, "today", 200, "'text':'made-up 5'");
    har_entry(&b, "", PAGE, "2190-03-01T12:00:04Z", 200, "'text':'made-up 6'");
    har_entry(&b, "'_fromCache':'disk',", PAGE, "2026-03-01T12:00:05Z", 200, "'text':'old'");
    buf_puts(&b, "],'comment':''}}\n");
    har_write(&b, b.n);
    buf_release(&b);
    assert_int_equal(replies_is(path, &is, &err), 0);
    assert_true(is);
    reread("01\xff", 0);
    expect(0, PAGE, "2026-03-01T12:00:00Z", 200, "made-up 0 \xc3\xa9");
    expect(1, OTHER, "2026-03-01T12:00:01Z", 200, "made-up 1");
    expect(2, PAGE, "2026-03-01T12:00:03Z", 403, "");
    assert_int_equal(skipped[REPLIES_NO_BODY], 1);
    assert_int_equal(skipped[REPLIES_NOT_HTTP], 1);
    assert_int_equal(skipped[REPLIES_NO_DATE], 2);
    assert_int_equal(skipped[REPLIES_FROM_CACHE], 1);
    assert_null(strstr(got[0].head, "ncoding"));
    assert_non_null(strstr(got[0].head, "X-A: b c\r\n"));
}

static void har_that_is_cut_off_keeps_its_whole_entries(void **state)
{
    struct buf b = { 0 };

    (void)state;
    har_begin(&b);
    har_entry(&b, "", PAGE, "2026-03-01T12:00:00Z", 200, "'text':'made-up 0'");
    har_entry(&b, "", PAGE, "2026-03-01T12:00:01Z", 200, "'text':'made-up 1','x':01");
    har_entry(&b, "", PAGE, "2026-03-01T12:00:02Z", 200, "'text':'made up','encoding':'base64'");
    har_entry(&b, "", PAGE, "2026-03-01T12:00:03Z", 200, "'text':'made-up 3'");
    buf_puts(&b, "]}}");
    har_write(&b, b.n);
    reread("03", 2);               // one is no JSON, one no base64
    har_write(&b, place_of("made-up 3", 0) + 4);
    reread("0", 3);
    for (size_t i = 20; i < b.n; i++) {                  // wherever it is cut
        struct digest d;
        struct err err = { 0 };

        har_write(&b, i);
        memset(skipped, 0, sizeof skipped);
        n = 0;
        assert_int_equal(replies_each(path, take, NULL, skipped, &d, &err), 0);
        assert_true(n <= 2);
    }
    buf_clear(&b);
    buf_puts(&b, "{'log':{'entries':[]}}");
    har_write(&b, b.n);
    reread("", 0);
    buf_release(&b);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(archives_of_wget),
        TEST(revisit_without_its_payload_is_counted),
        TEST(archives_of_browsertrix),
        TEST(archives_of_warcio),
        TEST(many_replies_keep_their_places),
        TEST(records_around_a_damaged_place_are_read),
        TEST(record_in_the_middle_of_one_stream_costs_itself_alone),
        TEST(record_without_a_date_is_passed_over),
        TEST(warc_files_in_a_wacz_are_read_as_one),
        TEST(wacz_that_is_cut_off_keeps_what_was_whole),
        TEST(entries_of_a_har_are_replies_of_their_date),
        TEST(har_that_is_cut_off_keeps_its_whole_entries),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
