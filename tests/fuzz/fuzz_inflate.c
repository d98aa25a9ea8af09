/* tests/fuzz/fuzz_inflate.c: content codings beside zlib, a second reader. The
 * bytes as they are; and taken for bare deflate, with the head and the checksum
 * that make a sound gzip member of them, for chance finds no checksum. */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include "base/inflate.h"

#define CAP ((size_t)1 << 17)
#define GZIP_BITS (15 + 16)
#define RAW_BITS (-15)

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);
static void must(bool ok)
{
    if (!ok)
        abort();
}

/* One stream by zlib: true and its text where it is whole and within the cap. */
static bool by_zlib(int bits, struct str in, struct buf *out, size_t *used)
{
    z_stream z = {0};
    int rc;

    buf_clear(out);
    buf_grow(out, CAP);
    must(inflateInit2(&z, bits) == Z_OK);
    z.next_in = (Bytef *)(uintptr_t)in.p;
    z.avail_in = (uInt)in.n;
    z.next_out = (Bytef *)out->p;
    z.avail_out = (uInt)CAP;
    rc = inflate(&z, Z_FINISH);
    out->n = z.total_out;
    *used = z.total_in;
    inflateEnd(&z);
    return rc == Z_STREAM_END;
}

static bool by_us(const char *coding, struct str in, struct buf *out, struct str *text)
{
    struct inflate *f = inflate_new();
    struct err err = {0};
    bool ok = inflate_body(f, str_of(coding), in, CAP, out, text, &err) == 0;

    must(ok || err.kind == ERR_INPUT);
    must(!ok || text->n <= CAP);
    inflate_free(f);
    return ok;
}

static void put_number(struct buf *b, uLong n)
{
    for (int i = 0; i < 4; i++)
        buf_char(b, (char)(n >> 8 * i));
}

/* text is what zlib made of the bare bytes in deflated. */
static void check_member(struct str deflated, struct str text)
{
    struct buf member = {0}, out = {0};
    struct str got = STR_NONE;

    buf_add(&member, "\x1f\x8b\x08\0\0\0\0\0\0\x03", 10);
    buf_str(&member, deflated);
    put_number(&member, crc32(0, (const Bytef *)text.p, (uInt)text.n));
    put_number(&member, text.n);
    must(by_us("gzip", buf_view(&member), &out, &got) && str_eq(got, text));
    member.p[member.n - 8] = (char)(member.p[member.n - 8] ^ 1);
    must(!by_us("gzip", buf_view(&member), &out, &got));
    member.p[member.n - 8] = (char)(member.p[member.n - 8] ^ 1);
    member.p[member.n - 4] = (char)(member.p[member.n - 4] ^ 1);
    must(!by_us("gzip", buf_view(&member), &out, &got));
    buf_release(&member);
    buf_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const char *const codings[] = { "gzip", "deflate", "x-gzip", "br", "" };
    struct str in = { (const char *)data, n }, got;
    struct buf theirs = {0}, ours = {0};
    size_t used = 0;

    for (size_t i = 0; i < sizeof codings / sizeof *codings; i++)
        by_us(codings[i], in, &ours, &got);
    /* Of one whole member both make the same; zlib stops behind the first. */
    if (by_zlib(GZIP_BITS, in, &theirs, &used) && used == n)
        must(by_us("gzip", in, &ours, &got) && str_eq(got, buf_view(&theirs)));
    if (by_zlib(RAW_BITS, in, &theirs, &used))
        check_member(str_sub(in, 0, used), buf_view(&theirs));
    buf_release(&theirs);
    buf_release(&ours);
    return 0;
}
