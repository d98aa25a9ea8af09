/* The WARC reader: files that others wrote. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>
#include <zlib.h>

#include "base/file.h"
#include "archive/warc.h"
#include "tests/unit/temp.h"

static char path[64];

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

static void add_record(struct buf *b, const char *type, const char *more, const char *block)
{
    buf_printf(
        b,
        "WARC/1.0\r\nWARC-Type: %s\r\nwarc-target-uri: <https://www.example/v/%s>\r\n"
        "WARC-Date: 2024-05-06T07:08:09Z\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
        "%sContent-Length: %zu\r\n\r\n%s\r\n\r\n",
        type, type, more, strlen(block), block);
}

static void three_records(struct buf *b)
{
    add_record(b, "warcinfo", "", "software: other\r\n");
    add_record(
        b, "response", "WARC-Payload-Digest: sha1:ABC\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=1\r\n world\r\n"
        "0\r\n\r\n");
    add_record(b, "revisit", "WARC-Refers-To-Target-URI: https://www.example/v/1\r\n"
               "WARC-Refers-To-Date: 2024-01-01T00:00:00Z\r\nWARC-Refers-To: <urn:uuid:0>\r\n",
               "HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n");
}

static void write_plain(struct str bytes)
{
    FILE *f = fopen(path, "wb");

    assert_int_equal(bytes.n ? fwrite(bytes.p, 1, bytes.n, f) : 0, bytes.n);
    fclose(f);
}

static void write_gz(struct str bytes, const char *mode)
{
    gzFile f = gzopen(path, mode);

    assert_int_equal(gzwrite(f, bytes.p, (unsigned)bytes.n), (int)bytes.n);
    assert_int_equal(gzclose(f), Z_OK);
}

static void append(struct str bytes)
{
    FILE *f = fopen(path, "ab");

    assert_int_equal(fwrite(bytes.p, 1, bytes.n, f), bytes.n);
    fclose(f);
}

static struct warc_reader *open_reader(void)
{
    struct warc_reader *w = NULL;
    struct err err = {0};

    assert_int_equal(warc_open(&w, path, &err), 0);
    return w;
}

static void check_three(struct warc_reader *w, int64_t offset[3])
{
    struct warc_record r;
    struct buf hold = {0};
    struct str head, body;
    struct err err = {0};
    int status;

    assert_int_equal(warc_next(w, &r, &err), 1);
    assert_true(str_eq(r.type, STR("warcinfo")) && str_eq(r.block, STR("software: other\r\n")));
    offset[0] = r.offset;
    assert_int_equal(warc_next(w, &r, &err), 1);
    assert_true(str_eq(r.target_uri, STR("https://www.example/v/response")) &&
                str_eq(r.record_id, STR("urn:uuid:1")));
    assert_true(str_eq(r.payload_digest, STR("sha1:ABC")));
    offset[1] = r.offset;
    assert_int_equal(warc_http_payload(&r, &hold, &status, &head, &body, &err), 0);
    assert_true(status == 200 && str_eq(body, STR("hello world")));
    assert_int_equal(warc_next(w, &r, &err), 1);
    assert_true(str_eq(r.refers_to_uri, STR("https://www.example/v/1")) &&
                str_eq(r.refers_to, STR("urn:uuid:0")));
    assert_true(str_eq(r.refers_to_date, STR("2024-01-01T00:00:00Z")));
    offset[2] = r.offset;
    assert_int_equal(warc_http_payload(&r, &hold, &status, &head, &body, &err), 0);
    assert_true(status == 304 && body.n == 0);
    assert_int_equal(warc_next(w, &r, &err), 0);
    assert_int_equal(warc_next(w, &r, &err), 0);
    warc_close(w);
    buf_release(&hold);
}

static void plain_file_is_read_and_found_again(void **state)
{
    struct buf b = {0};
    struct warc_reader *w;
    struct warc_record r;
    struct err err = {0};
    int64_t at[3];

    (void)state;
    three_records(&b);
    write_plain(buf_view(&b));
    check_three(open_reader(), at);
    assert_int_equal(at[0], 0);
    w = open_reader();
    assert_int_equal(warc_seek(w, at[2], &err), 0);
    assert_int_equal(warc_next(w, &r, &err), 1);
    assert_true(str_eq(r.type, STR("revisit")) && r.offset == at[2]);
    warc_close(w);
    buf_release(&b);
}

static void gzip_member_a_record_is_read_and_found_again(void **state)
{
    struct buf b = {0};
    struct warc_reader *w;
    struct warc_record r;
    struct err err = {0};
    int64_t at[3];
    struct str rest, part;

    (void)state;
    three_records(&b);
    rest = buf_view(&b);
    for (int i = 0; i < 3; i++) {               // cut in front of every "WARC/1.0"
        ptrdiff_t next = str_find(rest, STR("WARC/1.0"), 8);

        part = next < 0 ? rest : str_sub(rest, 0, (size_t)next);
        rest = str_sub(rest, part.n, rest.n);
        write_gz(part, i ? "ab" : "wb");
    }
    check_three(open_reader(), at);
    assert_true(at[0] == 0 && at[1] > 0 && at[2] > at[1]);
    w = open_reader();
    assert_int_equal(warc_seek(w, at[1], &err), 0);
    assert_int_equal(warc_next(w, &r, &err), 1);
    assert_true(str_eq(r.type, STR("response")));
    warc_close(w);
    buf_release(&b);
}

static void file_in_one_gzip_stream_is_read(void **state)
{
    struct buf b = {0};
    int64_t at[3];

    (void)state;
    three_records(&b);
    write_gz(buf_view(&b), "wb");
    check_three(open_reader(), at);
    assert_true(at[0] == 0 && at[1] == -1 && at[2] == -1);
    buf_release(&b);
}

static void record_above_the_cap_is_passed_over(void **state)
{
    struct buf b = {0};
    struct warc_reader *w;
    struct warc_record r;
    struct err err = {0};
    size_t n = (size_t)97 << 20;

    (void)state;
    buf_printf(&b, "WARC/1.0\r\nWARC-Type: resource\r\nContent-Length: %zu\r\n\r\n", n);
    buf_grow(&b, n + 1000);
    memset(b.p + b.n, 'v', n);
    b.n += n;
    buf_puts(&b, "\r\n\r\n");
    add_record(&b, "resource", "", "small");
    write_gz(buf_view(&b), "wb1");
    w = open_reader();
    assert_int_equal(warc_next(w, &r, &err), 1);
    assert_true(r.too_large && r.block.n == 0);
    assert_int_equal(warc_next(w, &r, &err), 1);
    assert_true(!r.too_large && str_eq(r.block, STR("small")));
    warc_close(w);
    buf_release(&b);
}

static void what_is_no_warc_is_an_error_with_its_byte(void **state)
{
    static const char *const bad[] = {
        "not a warc\r\n\r\n",
        "WARC/1.0\r\nWARC-Type: x\r\n\r\nabc",
        "WARC/1.0\r\nContent-Length: 99\r\n\r\nshort",
        "WARC/1.0\r\nContent-Length: -1\r\n\r\n",
        "WARC/1.0\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "WARC/1.0\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc\r\n\r\n",
        "WARC/1.0\r\nWARC-Target-URI: a\r\nwarc-target-uri: b\r\nContent-Length: 0\r\n\r\n\r\n\r\n",
        "WARC/1.0\r\nWARC-Date: 2024\r\nWARC-Date: 2025\r\nContent-Length: 0\r\n\r\n\r\n\r\n",
        "WARC/1.0\r\nWARC-Type: cut"
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct warc_reader *w;
        struct warc_record r;
        struct err err = {0};

        write_plain(str_of(bad[i]));
        w = open_reader();
        assert_int_equal(warc_next(w, &r, &err), -1);
        assert_int_equal(err.kind, ERR_INPUT);
        assert_non_null(strstr(err.msg, "byte 0"));
        assert_int_equal(warc_next(w, &r, &err), 0);
        warc_close(w);
    }
    write_plain(STR_NONE);
    {
        struct warc_reader *w = open_reader();
        struct warc_record r;
        struct err err = {0};

        assert_int_equal(warc_next(w, &r, &err), 0);
        warc_close(w);
    }
}

/* A field may stand twice where it says the same, or decides nothing. */
static void field_that_stands_twice_alike_is_read(void **state)
{
    struct warc_reader *w;
    struct warc_record r;
    struct err err = {0};

    (void)state;
    write_plain(STR(
        "WARC/1.0\r\nWARC-Type: x\r\nContent-Length: 3\r\nContent-Length: 3\r\nWARC-Concurrent-To: "
        "<a>\r\n"
        "WARC-Concurrent-To: <b>\r\n\r\nabc\r\n\r\n"));
    w = open_reader();
    assert_int_equal(warc_next(w, &r, &err), 1);
    assert_true(str_eq(r.block, STR("abc")) && str_eq(r.concurrent_to, STR("a")));
    warc_close(w);
}

static int records_until_the_end(double *seconds)
{
    struct warc_reader *w = open_reader();
    struct warc_record r;
    struct err err = {0};
    clock_t from = clock();
    int n = 0, got;

    while ((got = warc_next(w, &r, &err)) == 1)
        n++;
    assert_int_equal(got, 0);
    *seconds = (double)(clock() - from) / CLOCKS_PER_SEC;
    warc_close(w);
    return n;
}

/* What a byte costs must not grow with how the bytes are cut: half a minute and
 * more where it does, less than a second where it does not. */
static void tiny_records_and_tiny_members_take_no_longer(void **state)
{
    struct buf b = {0}, one = {0};
    struct err err = {0};
    double seconds;

    (void)state;
    for (int i = 0; i < 1000000; i++)
        buf_puts(&b, "WARC/1.0\r\nContent-Length: 0\r\n\r\n\r\n\r\n");
    write_plain(buf_view(&b));
    assert_int_equal(records_until_the_end(&seconds), 1000000);
    assert_true(seconds < 15);
    write_gz(buf_view(&b), "wb1");
    assert_int_equal(records_until_the_end(&seconds), 1000000);
    assert_true(seconds < 15);
    buf_clear(&b);
    write_gz(STR("y"), "wb1");                                // a head of 400,000 members
    assert_int_equal(file_read(path, 1000, &one, &err), 0);
    for (int i = 0; i < 400000; i++)
        buf_str(&b, buf_view(&one));
    write_gz(STR("WARC/1.0\r\nX: "), "wb1");
    append(buf_view(&b));
    write_gz(STR("\r\nContent-Length: 0\r\n\r\n\r\n\r\n"), "ab1");
    assert_int_equal(records_until_the_end(&seconds), 1);
    assert_true(seconds < 15);
    buf_release(&one);
    buf_release(&b);
}

static void chunks_are_undone_only_where_there_are_some(void **state)
{
    struct { const char *block, *body;
    } const cases[] = {
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n<html>",
          "<html>" },    // the writer undid them
        { "HTTP/1.1 200 OK\nTransfer-Encoding: Chunked\n\n3\nabc\n0\n\n", "abc" },
        { "HTTP/1.1 200 OK\r\n\r\n3\r\nabc\r\n0\r\n\r\n", "3\r\nabc\r\n0\r\n\r\n" },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nA\r\nabc", NULL },    // cut off
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", NULL },
        { "GET / HTTP/1.1\r\n\r\n", NULL }
    };
    struct buf hold = {0};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct warc_record r = { .type = STR("response"), .block = str_of(cases[i].block) };
        struct str head, body;
        struct err err = {0};
        int status, rc = warc_http_payload(&r, &hold, &status, &head, &body, &err);

        assert_int_equal(rc, cases[i].body ? 0 : -1);
        if (cases[i].body)
            assert_true(str_eq(body, str_of(cases[i].body)));
    }
    buf_release(&hold);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(plain_file_is_read_and_found_again),
        TEST(gzip_member_a_record_is_read_and_found_again),
        TEST(file_in_one_gzip_stream_is_read),
        TEST(record_above_the_cap_is_passed_over),
        TEST(what_is_no_warc_is_an_error_with_its_byte),
        TEST(chunks_are_undone_only_where_there_are_some),
        TEST(field_that_stands_twice_alike_is_read),
        TEST(tiny_records_and_tiny_members_take_no_longer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
