/* base/inflate.c: libdeflate on whole buffers (measured 2.5 times zlib on
 * pages), with the output bounded before a byte is written. */
#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>
#include "base/inflate.h"
#ifdef HAVE_ISAL                         // Debian has it for amd64 and arm64
#include <isa-l/crc.h>
#define CRC32(p, n) crc32_gzip_refl(0, (const unsigned char *)(p), n)
#else
#define CRC32(p, n) libdeflate_crc32(0, p, n)
#endif

#define GUESS_LEAST ((size_t)4 << 10)
#define HEAD \
    "\x1f\x8b\x08\0"    // RFC 1952, 2.3: deflate, and no part of the head that may be left out
#define HEAD_LEAST 10
#define TAIL 8                           // its CRC-32 and its length modulo 2^32
#define RATIO_MAX 1032    // deflate cannot expand further (RFC 1951: 258 bytes in 2 bits)

struct inflate { struct libdeflate_decompressor *d; };
enum format { FORMAT_GZIP, FORMAT_ZLIB, FORMAT_DEFLATE };

struct inflate *inflate_new(void)
{
    struct inflate *f = xcalloc(1, sizeof *f);

    f->d = libdeflate_alloc_decompressor();
    if (!f->d)
        die("out of memory");
    return f;
}

void inflate_free(struct inflate *f)
{
    if (!f)
        return;
    libdeflate_free_decompressor(f->d);
    free(f);
}

static uint32_t little_endian(const unsigned char *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* The last four bytes of a gzip member are its length modulo 2^32: a good
 * guess, which a hostile sender may choose. */
static size_t first_guess(enum format format, struct str in, size_t cap)
{
    const unsigned char *end = (const unsigned char *)in.p + in.n;
    size_t most = in.n < SIZE_MAX / RATIO_MAX ? in.n * RATIO_MAX : SIZE_MAX, guess = 4 * in.n;

    if (format == FORMAT_GZIP && in.n >= 18)
        guess = little_endian(end - 4);
    if (guess > most)
        guess = most;
    if (guess < GUESS_LEAST)
        guess = GUESS_LEAST;
    return guess < cap ? guess : cap;
}

/* A member whose head is the shortest, as servers send it. What libdeflate does
 * itself, but for the checksum: ISA-L reckons it in a quarter of the time, which
 * is 4 % of all that a page costs (tests/bench/bench_pages.c). */
static enum libdeflate_result plain_member(struct inflate *f, struct str in, char *to, size_t room,
                                           size_t *used, size_t *made)
{
    const unsigned char *end;
    enum libdeflate_result rc = libdeflate_deflate_decompress_ex(
        f->d, in.p + HEAD_LEAST, in.n - HEAD_LEAST - TAIL, to, room, used, made);

    if (rc != LIBDEFLATE_SUCCESS)
        return rc;
    end = (const unsigned char *)in.p + HEAD_LEAST + *used;
    *used += HEAD_LEAST + TAIL;
    return little_endian(end) == CRC32(to, *made) &&
           little_endian(end + 4) == (uint32_t)*made ? LIBDEFLATE_SUCCESS : LIBDEFLATE_BAD_DATA;
}

static enum libdeflate_result decode(struct inflate *f, enum format format, struct str in, char *to,
                                     size_t room, size_t *used, size_t *made)
{
    if (format == FORMAT_GZIP && in.n >= HEAD_LEAST + TAIL && !memcmp(in.p, HEAD, 4))
        return plain_member(f, in, to, room, used, made);
    if (format == FORMAT_GZIP)
        return libdeflate_gzip_decompress_ex(f->d, in.p, in.n, to, room, used, made);
    if (format == FORMAT_ZLIB)
        return libdeflate_zlib_decompress_ex(f->d, in.p, in.n, to, room, used, made);
    return libdeflate_deflate_decompress_ex(f->d, in.p, in.n, to, room, used, made);
}

/* One member, appended to out; *used is its length in in. */
static int member(struct inflate *f, enum format format, struct str in, size_t cap, struct buf *out,
                  size_t *used, struct err *err)
{
    size_t room = first_guess(format, in, cap - out->n);

    for (;;) {
        size_t made = 0;
        enum libdeflate_result rc;

        buf_grow(out, room ? room : 1);
        if (out->cap - out->n > room)
            room = out->cap - out->n < cap - out->n ? out->cap - out->n : cap - out->n;
        rc = decode(f, format, in, out->p + out->n, room, used, &made);
        if (rc == LIBDEFLATE_SUCCESS) {
            out->n += made;
            return 0;
        }
        if (rc != LIBDEFLATE_INSUFFICIENT_SPACE)
            return err_set(err, ERR_INPUT, "the compressed body is damaged or cut short");
        if (room >= cap - out->n)
            return err_set(err, ERR_INPUT,
                           "the body is longer than the limit of %zu bytes when decoded", cap);
        room = room < (cap - out->n) / 2 ? 2 * room : cap - out->n;
    }
}

static bool only_zeros(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i])
            return false;
    return true;
}

/* RFC 1952 allows several members in a row; tape and block writers pad the
 * last one with zeros. */
static int gunzip(struct inflate *f, struct str in, size_t cap, struct buf *out, struct err *err)
{
    do {
        size_t used = 0;

        if (member(f, FORMAT_GZIP, in, cap, out, &used, err))
            return -1;
        in = str_sub(in, used, in.n);
    } while (!only_zeros(in));
    return 0;
}

/* "deflate" means the zlib format (RFC 9110, 8.4.1.2), and some servers send
 * bare deflate all the same. A zlib stream begins with two bytes that make a
 * multiple of 31 and name method 8. */
static int undeflate(struct inflate *f, struct str in, size_t cap, struct buf *out, struct err *err)
{
    const unsigned char *p = (const unsigned char *)in.p;
    bool zlib = in.n >= 2 && (p[0] & 15) == 8 && (p[0] * 256 + p[1]) % 31 == 0;
    size_t used = 0;

    if (zlib && member(f, FORMAT_ZLIB, in, cap, out, &used, err) == 0)
        return only_zeros(str_sub(in, used, in.n)) ? 0
               : err_set(err, ERR_INPUT, "bytes follow the compressed body");
    if (zlib)
        return -1;
    if (member(f, FORMAT_DEFLATE, in, cap, out, &used, err))
        return -1;
    return only_zeros(str_sub(in, used, in.n))
               ? 0
               : err_set(err, ERR_INPUT, "bytes follow the compressed body");
}

int inflate_body(struct inflate *f, struct str coding, struct str body, size_t cap, struct buf *out,
                 struct str *view, struct err *err)
{
    int rc;

    buf_clear(out);
    coding = str_trim(coding);
    // A reply without a body (HEAD, 304) may name a coding all the same.
    if (body.n == 0 || coding.n == 0 || str_eq_nocase(coding, STR("identity"))) {
        if (body.n > cap)
            return err_set(err, ERR_INPUT, "the body of %zu bytes is longer than the limit of %zu",
                           body.n, cap);
        *view = body;
        return 0;
    }
    if (str_eq_nocase(coding, STR("gzip")) || str_eq_nocase(coding, STR("x-gzip")))
        rc = gunzip(f, body, cap, out, err);
    else if (str_eq_nocase(coding, STR("deflate")))
        rc = undeflate(f, body, cap, out, err);
    else
        rc = err_set(err, ERR_INPUT, "the body's coding \"%.*s\" is none that was asked for",
                     (int)(coding.n < 40 ? coding.n : 40), coding.p);
    if (rc) {
        buf_clear(out);
        return -1;
    }
    *view = buf_view(out);
    return 0;
}
