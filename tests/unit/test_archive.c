/* The evidence archive: what was received can be read again, by its place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <dirent.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/file.h"
#include "base/inflate.h"
#include "archive/archive.h"
#include "archive/warc.h"
#include "archive/member.h"
#include "tests/unit/temp.h"

#define NOON INT64_C(1767268800)

static char dir[64];

static int setup(void **state)
{
    (void)state;
    temp_name(dir, sizeof dir);
    assert_non_null(mkdtemp(dir));
    return 0;
}

static int files(char name[600])
{
    DIR *d = opendir(dir);
    struct dirent *e;
    int n = 0;

    while ((e = readdir(d)))
        if (strstr(e->d_name, ".warc.gz")) {
            snprintf(name, 600, "%s/%s", dir, e->d_name);
            n++;
        }
    closedir(d);
    return n;
}

static int teardown(void **state)
{
    char name[600];

    (void)state;
    while (files(name))
        unlink(name);
    assert_int_equal(rmdir(dir), 0);
    return 0;
}

static struct archive *open_archive(enum keep keep)
{
    struct archive *a = NULL;
    struct err err = {0};

    assert_int_equal(archive_open(&a, dir, "0123456789abcdef", keep, &err), 0);
    return a;
}

static struct http_exchange exchange_of(const char *head, struct str body)
{
    return (struct http_exchange){
        .url = "https://www.example/@mira/video/7300000000000000000",
        .status = 200,
        .done_at = NOON,
        .peer = "192.0.2.1",
        .head = str_of(head),
        .body = body,
        .request_head = STR("GET /@mira/video/7300000000000000000 HTTP/1.1\r\nHost: www.example\r\n"
                            "Authorization: Bearer hidden\r\nCookie: session=hidden\r\n\r\n")
    };
}

static struct warc_reader *open_reader(void)
{
    struct warc_reader *w = NULL;
    struct err err = {0};
    char name[600];

    assert_int_equal(files(name), 1);
    assert_int_equal(warc_open(&w, name, &err), 0);
    return w;
}

static bool holds(struct str s, const char *text)
{
    return str_find(s, str_of(text), 0) >= 0;
}

static void exchange_is_read_again_by_file_and_offset(void **state)
{
    struct archive *a = open_archive(KEEP_PAGES);
    struct http_exchange x = exchange_of(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n"
        "Set-Cookie: tt=hidden\r\n\r\n",
        STR("<html>caf\xc3\xa9</html>"));
    struct kept_place first, second;
    struct digest want = digest_sha256(x.body);
    struct warc_reader *w;
    struct warc_record r;
    struct err err = {0};
    struct str head, body;
    struct buf hold = {0};
    char hex[DIGEST_HEX], text[100], name[600];
    int status;

    (void)state;
    assert_int_equal(archive_put(a, &x, NOON, &first, &err), 0);
    x.body = STR("second");
    assert_int_equal(archive_put(a, &x, NOON + 1, &second, &err), 0);
    assert_int_equal(archive_sync(a, &err), 0);
    assert_memory_equal(first.digest.b, want.b, DIGEST_BYTES);
    assert_true(first.offset > 0 && second.offset >= first.offset + first.len);
    w = open_reader();
    files(name);
    assert_string_equal(strrchr(name, '/') + 1, first.file);
    assert_int_equal(warc_seek(w, second.offset, &err), 0);
    assert_int_equal(warc_next(w, &r, &err), 1);
    assert_int_equal(r.offset, second.offset);
    assert_int_equal(warc_http_payload(&r, &hold, &status, &head, &body, &err), 0);
    assert_true(str_eq(body, STR("second")));
    assert_int_equal(warc_seek(w, first.offset, &err), 0);
    assert_int_equal(warc_next(w, &r, &err), 1);
    assert_true(str_eq(r.type, STR("response")) && str_eq(r.date, STR("2026-01-01T12:00:00Z")));
    assert_true(str_eq(r.target_uri, str_of(x.url)));
    snprintf(text, sizeof text, "sha256:%s", digest_hex(&want, hex));
    assert_true(str_eq(r.payload_digest, str_of(text)));
    assert_int_equal(warc_http_payload(&r, &hold, &status, &head, &body, &err), 0);
    assert_int_equal(status, 200);
    assert_true(str_eq(body, STR("<html>caf\xc3\xa9</html>")));
    assert_true(holds(head, "Content-Type: text/html\r\n") && !holds(head, "hunked") &&
                !holds(head, "hidden"));
    assert_int_equal(warc_next(w, &r, &err), 1);
    assert_true(str_eq(r.type, STR("request")) && !holds(r.block, "hidden") &&
                holds(r.block, "Host: www.example\r\n"));
    warc_close(w);
    assert_int_equal(archive_close(a, &err), 0);
    buf_release(&hold);
}

static void file_begins_with_warcinfo_and_ids_are_unique(void **state)
{
    struct archive *a = open_archive(KEEP_PAGES);
    struct http_exchange x = exchange_of("HTTP/1.1 404 Not Found\r\n\r\n", STR_NONE);
    struct kept_place place;
    struct warc_reader *w;
    struct warc_record r;
    struct err err = {0};
    char ids[8][64] = {{0}};
    int n = 0;

    (void)state;
    for (int i = 0; i < 3; i++)
        assert_int_equal(archive_put(a, &x, NOON, &place, &err), 0);
    assert_int_equal(archive_close(a, &err), 0);
    w = open_reader();
    for (; warc_next(w, &r, &err) == 1; n++) {
        assert_true(n > 0 || (str_eq(r.type, STR("warcinfo")) &&
                              holds(r.block, "isPartOf: 0123456789abcdef")));
        assert_true(str_starts(r.record_id, STR("urn:uuid:")) && r.record_id.n == 45);
        snprintf(ids[n], sizeof ids[n], "%.*s", STR_ARG(r.record_id));
        for (int i = 0; i < n; i++)
            assert_string_not_equal(ids[i], ids[n]);
    }
    assert_int_equal(n, 7);
    warc_close(w);
}

static void compressed_body_lies_in_the_file_as_it_came(void **state)
{
    static const unsigned char gz[] = { 0x1f, 0x8b, 8,    0,    0,    0,    0, 0, 0,
                                        3,    0xcb, 0x48, 0xcd, 0xc9, 0xc9, 7, 0, 0x86,
                                        0xa6, 0x10, 0x36, 5,    0,    0,    0 };
    struct str body = { (const char *)gz, sizeof gz };
    struct archive *a = open_archive(KEEP_PAGES);
    struct http_exchange x = exchange_of("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n", body);
    struct kept_place place;
    struct inflate *inf = inflate_new();
    struct buf bytes = {0}, hold = {0}, out = {0};
    struct warc_reader *w;
    struct warc_record r;
    struct err err = {0};
    struct str head, back, view;
    char name[600];
    int status;

    (void)state;
    assert_int_equal(archive_put(a, &x, NOON, &place, &err), 0);
    assert_int_equal(archive_close(a, &err), 0);
    files(name);
    assert_int_equal(file_read(name, 1 << 20, &bytes, &err), 0);
    assert_true(str_find(buf_view(&bytes), body, (size_t)place.offset) > 0);
    w = open_reader();
    assert_int_equal(warc_seek(w, place.offset, &err), 0);
    assert_int_equal(warc_next(w, &r, &err), 1);
    assert_int_equal(warc_http_payload(&r, &hold, &status, &head, &back, &err), 0);
    assert_true(str_eq(back, body));
    assert_int_equal(inflate_body(inf, STR("gzip"), back, 100, &out, &view, &err), 0);
    assert_true(str_eq(view, STR("hello")));
    warc_close(w);
    inflate_free(inf);
    buf_release(&bytes);
    buf_release(&hold);
    buf_release(&out);
}

static void nothing_is_written_where_nothing_is_kept(void **state)
{
    struct archive *a = open_archive(KEEP_NONE);
    struct http_exchange x = exchange_of("HTTP/1.1 200 OK\r\n\r\n", STR("abc"));
    struct kept_place place;
    struct digest want = digest_sha256(STR("abc"));
    struct err err = {0};
    char name[600];

    (void)state;
    assert_int_equal(archive_put(a, &x, NOON, &place, &err), 0);
    assert_int_equal(archive_sync(a, &err), 0);
    assert_string_equal(place.file, "");
    assert_memory_equal(place.digest.b, want.b, DIGEST_BYTES);
    assert_int_equal(archive_close(a, &err), 0);
    assert_int_equal(files(name), 0);
}

static void every_run_writes_a_file_of_its_own(void **state)
{
    struct http_exchange x = exchange_of("HTTP/1.1 200 OK\r\n\r\n", STR("abc"));
    struct kept_place place[2];
    struct err err = {0};
    char name[600];

    (void)state;
    for (int i = 0; i < 2; i++) {
        struct archive *a = open_archive(KEEP_PAGES);

        assert_int_equal(archive_put(a, &x, NOON, &place[i], &err), 0);
        assert_int_equal(archive_close(a, &err), 0);
    }
    assert_string_not_equal(place[0].file, place[1].file);
    assert_int_equal(files(name), 2);
}

static void try_without_a_reply_keeps_its_request(void **state)
{
    struct archive *a = open_archive(KEEP_PAGES);
    struct http_exchange x = exchange_of("", STR_NONE);
    struct kept_place place;
    struct warc_reader *w;
    struct warc_record r;
    struct err err = {0};

    (void)state;
    x.fault = HTTP_TIMEOUT;
    x.head = STR_NONE;
    assert_int_equal(archive_put(a, &x, NOON, &place, &err), 0);
    assert_int_equal(archive_close(a, &err), 0);
    w = open_reader();
    assert_int_equal(warc_seek(w, place.offset, &err), 0);
    assert_int_equal(warc_next(w, &r, &err), 1);
    assert_true(str_eq(r.type, STR("request")));
    assert_int_equal(warc_next(w, &r, &err), 0);
    warc_close(w);
}

static void torn_tail_leaves_all_before_it_readable(void **state)
{
    struct archive *a = open_archive(KEEP_PAGES);
    struct http_exchange x = exchange_of("HTTP/1.1 200 OK\r\n\r\n",
                                         STR("abcdefghijklmnopqrstuvwxyz"));
    struct kept_place place;
    struct warc_reader *w;
    struct warc_record r;
    struct err err = {0};
    char name[600];
    int n = 0;

    (void)state;
    for (int i = 0; i < 3; i++)
        assert_int_equal(archive_put(a, &x, NOON, &place, &err), 0);
    assert_int_equal(archive_close(a, &err), 0);
    files(name);
    assert_int_equal(truncate(name, place.offset + place.len / 2), 0);
    w = open_reader();
    while (warc_next(w, &r, &err) == 1)
        n++;
    assert_int_equal(n, 5);
    assert_int_equal(err.kind, ERR_INPUT);
    assert_non_null(strstr(err.msg, "cut off"));
    warc_close(w);
}

/* ---- files ---- */

/* At the size that is set the file is closed, and its size and digest are told. */
static void file_is_closed_at_its_size_and_sealed(void **state)
{
    struct archive *a = open_archive(KEEP_PAGES);
    struct http_exchange x = exchange_of("HTTP/1.1 200 OK\r\n\r\n",
                                         STR("abcdefghijklmnopqrstuvwxyz"));
    struct kept_place place[3];
    struct kept_file file;
    struct buf bytes = {0};
    struct digest sum;
    struct err err = {0};
    char name[600];
    int sealed = 0;

    (void)state;
    archive_tune(a, "research_node_of_berlin_number_2", 500);
    for (int i = 0; i < 3; i++)
        assert_int_equal(archive_put(a, &x, NOON, &place[i], &err), 0);
    assert_string_not_equal(place[0].file, place[2].file);
    assert_non_null(
        strstr(place[0].file, "blindspot-0123456789abcdef-research_node_of_berlin_number_2-"));
    assert_int_equal(archive_seal(a, &err), 0);
    while (archive_sealed(a, &file)) {
        snprintf(name, sizeof name, "%s/%s", dir, file.name);
        assert_int_equal(file_read(name, 1 << 20, &bytes, &err), 0);
        sum = digest_sha256(buf_view(&bytes));
        assert_int_equal(bytes.n, file.size);
        assert_memory_equal(sum.b, file.digest.b, DIGEST_BYTES);
        sealed++;
    }
    assert_int_equal(sealed, files(name));
    assert_true(sealed > 1);
    assert_int_equal(archive_close(a, &err), 0);
    buf_release(&bytes);
}

static struct members *open_members(void)
{
    struct members *m = NULL;
    struct err err = {0};
    char name[600];

    assert_int_equal(files(name), 1);
    assert_int_equal(members_open(&m, name, &err), 0);
    return m;
}

/* True where every record is whole and its block has its digest. */
static bool all_sound(int *records)
{
    struct members *m = open_members();
    struct warc_record r;
    struct err err = {0};
    struct digest block;
    struct str text;
    int64_t at = 0, len;
    bool sound = true;
    int got = 0;

    for (*records = 0; sound && (got = members_at(m, at, &len, &text, &err)) == 1;
         at += len, ++*records) {
        sound = warc_parse(text, &r, &err) == 0;
        block = sound ? digest_sha256(r.block) : block;
        sound = sound && warc_digest_is(r.block_digest, &block);
    }
    members_close(m);
    return sound && got == 0;
}

/* Whatever byte is changed, its record says so. (Where the compressed data of a
 * record end, a few bits mean nothing: those are the digest of the file's to find.) */
static void every_changed_byte_is_noticed(void **state)
{
    struct archive *a = open_archive(KEEP_PAGES);
    struct http_exchange x = exchange_of("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n",
                                         STR("not really gzip"));
    struct kept_place place;
    struct buf bytes = {0};
    struct err err = {0};
    char name[600];
    int records, missed = 0;

    (void)state;
    assert_int_equal(archive_put(a, &x, NOON, &place, &err), 0);
    assert_int_equal(archive_close(a, &err), 0);
    files(name);
    assert_true(all_sound(&records));
    assert_int_equal(records, 3);
    assert_int_equal(file_read(name, 1 << 20, &bytes, &err), 0);
    for (size_t i = 0; i < bytes.n; i++) {
        bytes.p[i] = (char)(bytes.p[i] ^ (1 << i % 8));
        assert_int_equal(file_write(name, buf_view(&bytes), &err), 0);
        missed += all_sound(&records);
        bytes.p[i] = (char)(bytes.p[i] ^ (1 << i % 8));
    }
    assert_true(missed <= 3);
    for (size_t n = 1; n < bytes.n; n += 7) {
        assert_int_equal(file_write(name, str_sub(buf_view(&bytes), 0, n), &err), 0);
        assert_true(!all_sound(&records) || (int64_t)n == place.offset ||
                    (int64_t)n == place.offset + place.len);
    }
    buf_release(&bytes);
}

static void next_record_is_found_behind_damage(void **state)
{
    struct archive *a = open_archive(KEEP_PAGES);
    struct http_exchange x = exchange_of("HTTP/1.1 200 OK\r\n\r\n", STR("abc"));
    struct kept_place place[2];
    struct members *m;
    struct err err = {0};

    (void)state;
    for (int i = 0; i < 2; i++)
        assert_int_equal(archive_put(a, &x, NOON, &place[i], &err), 0);
    assert_int_equal(archive_close(a, &err), 0);
    m = open_members();
    assert_int_equal(members_find(m, place[0].offset), place[0].offset);
    assert_int_equal(members_find(m, place[0].offset + 1), place[0].offset + place[0].len);
    assert_int_equal(members_find(m, members_size(m) - 3), members_size(m));
    members_close(m);
}

/* The limit on a file's size stands for a full disk. */
static void failed_write_is_told_before_a_commit(void **state)
{
    struct archive *a = open_archive(KEEP_PAGES);
    struct http_exchange x = { .url = "https://www.example.org/", .done_at = NOON,
                               .head = STR("HTTP/1.1 200 OK\r\n\r\n"), .body = STR("body") };
    struct kept_place place;
    struct kept_file file;
    struct rlimit was, low;
    struct err err = {0};

    (void)state;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &was), 0);
    low = (struct rlimit){ 100, was.rlim_max };
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &low), 0);
    if (archive_put(a, &x, NOON, &place, &err))
        assert_int_equal(err.kind, ERR_IO);
    for (int i = 0; i < 2; i++) {
        err_clear(&err);
        assert_int_equal(archive_sync(a, &err), -1);
        assert_int_equal(err.kind, ERR_IO);
    }
    assert_int_equal(archive_seal(a, &err), 0);
    assert_false(archive_sealed(a, &file));
    assert_int_equal(archive_close(a, &err), 0);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &was), 0);
    signal(SIGXFSZ, SIG_DFL);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(exchange_is_read_again_by_file_and_offset),
        TEST(file_begins_with_warcinfo_and_ids_are_unique),
        TEST(compressed_body_lies_in_the_file_as_it_came),
        TEST(nothing_is_written_where_nothing_is_kept),
        TEST(every_run_writes_a_file_of_its_own),
        TEST(try_without_a_reply_keeps_its_request),
        TEST(torn_tail_leaves_all_before_it_readable),
        TEST(file_is_closed_at_its_size_and_sealed),
        TEST(every_changed_byte_is_noticed),
        TEST(next_record_is_found_behind_damage),
        TEST(failed_write_is_told_before_a_commit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
