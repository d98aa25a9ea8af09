/* tests/unit/test_inflate.c: content codings, made here with zlib. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <zlib.h>
#include "base/inflate.h"

#define GZIP_BITS (15 + 16)
#define ZLIB_BITS 15
#define RAW_BITS (-15)

/* Appends text to out in the format that zlib's window bits name. */
static void pack(struct buf *out, int bits, struct str text)
{
    z_stream z = {0};

    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, bits, 8, Z_DEFAULT_STRATEGY), Z_OK);
    buf_grow(out, deflateBound(&z, text.n) + 64);
    z.next_in = (Bytef *)(uintptr_t)text.p;
    z.avail_in = (uInt)text.n;
    z.next_out = (Bytef *)out->p + out->n;
    z.avail_out = (uInt)(out->cap - out->n);
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    out->n += z.total_out;
    deflateEnd(&z);
}

static struct str sample(struct buf *b)
{
    buf_clear(b);
    for (int i = 0; i < 20000; i++)
        buf_printf(b, "line %d of a page\n", i * 7919);
    return buf_view(b);
}

static void every_coding_gives_the_body_back(void **state)
{
    static const struct { struct str coding; int bits;
    } codings[] = {
        { { "gzip", 4 }, GZIP_BITS },   { { "x-gzip", 6 }, GZIP_BITS },
        { { " GZip ", 6 }, GZIP_BITS }, { { "deflate", 7 }, ZLIB_BITS },
        { { "deflate", 7 }, RAW_BITS },
    };
    struct inflate *f = inflate_new();
    struct buf plain = {0}, packed = {0}, out = {0};
    struct str text = sample(&plain), view;
    struct err err = {0};

    (void)state;
    for (size_t i = 0; i < sizeof codings / sizeof *codings; i++) {
        buf_clear(&packed);
        pack(&packed, codings[i].bits, text);
        assert_int_equal(
            inflate_body(f, codings[i].coding, buf_view(&packed), text.n, &out, &view, &err), 0);
        assert_true(str_eq(view, text));
        assert_ptr_equal(view.p, out.p);
    }
    inflate_free(f);
    inflate_free(NULL);
    buf_release(&plain);
    buf_release(&packed);
    buf_release(&out);
}

static void a_plain_body_is_not_copied(void **state)
{
    struct inflate *f = inflate_new();
    struct str body = STR("plain"), view = STR_NONE;
    struct buf out = {0};
    struct err err = {0};

    (void)state;
    assert_int_equal(inflate_body(f, STR_NONE, body, 5, &out, &view, &err), 0);
    assert_ptr_equal(view.p, body.p);
    assert_int_equal(inflate_body(f, STR("Identity"), body, 5, &out, &view, &err), 0);
    assert_ptr_equal(view.p, body.p);
    assert_int_equal(inflate_body(f, STR(""), body, 4, &out, &view, &err), -1);
    assert_int_equal(err.kind, ERR_INPUT);
    assert_int_equal(inflate_body(f, STR("gzip"), STR_NONE, 5, &out, &view, &err), 0);
    assert_int_equal(view.n, 0);
    inflate_free(f);
    buf_release(&out);
}

static void members_in_a_row_and_padding_are_one_body(void **state)
{
    struct inflate *f = inflate_new();
    struct buf plain = {0}, packed = {0}, out = {0};
    struct str text = sample(&plain), view;
    struct err err = {0};

    (void)state;
    pack(&packed, GZIP_BITS, text);
    pack(&packed, GZIP_BITS, STR(""));
    pack(&packed, GZIP_BITS, STR("the end"));
    for (int i = 0; i < 600; i++)
        buf_char(&packed, '\0');
    assert_int_equal(inflate_body(f, STR("gzip"), buf_view(&packed), text.n + 7, &out, &view, &err),
                     0);
    assert_int_equal(view.n, text.n + 7);
    assert_true(str_starts(view, text) && str_ends(view, STR("the end")));
    assert_int_equal(inflate_body(f, STR("gzip"), buf_view(&packed), text.n + 6, &out, &view, &err),
                     -1);
    inflate_free(f);
    buf_release(&plain);
    buf_release(&packed);
    buf_release(&out);
}

static void the_cap_holds_for_bombs(void **state)
{
    struct inflate *f = inflate_new();
    struct buf zeros = {0}, packed = {0}, out = {0};
    struct str view = STR("kept");
    struct err err = {0};

    (void)state;
    buf_grow(&zeros, 64 << 20);
    memset(zeros.p, 0, 64 << 20);
    zeros.n = 64 << 20;
    pack(&packed, GZIP_BITS, buf_view(&zeros));
    assert_int_equal(inflate_body(f, STR("gzip"), buf_view(&packed), 1 << 20, &out, &view, &err),
                     -1);
    assert_int_equal(err.kind, ERR_INPUT);
    assert_non_null(strstr(err.msg, "limit of 1048576 bytes"));
    assert_true(out.cap <= 2 << 20);
    memset(packed.p + packed.n - 4, 0, 4);    // a length that lies: the trailer is checked
    assert_int_equal(inflate_body(f, STR("gzip"), buf_view(&packed), 1 << 30, &out, &view, &err),
                     -1);
    memset(packed.p + packed.n - 4, 0xff, 4);
    assert_int_equal(inflate_body(f, STR("gzip"), buf_view(&packed), 1 << 20, &out, &view, &err),
                     -1);
    assert_true(out.cap < 200 << 20);
    assert_true(str_eq(view, STR("kept")));
    inflate_free(f);
    buf_release(&zeros);
    buf_release(&packed);
    buf_release(&out);
}

static void damage_is_never_a_body(void **state)
{
    struct inflate *f = inflate_new();
    struct buf packed = {0}, out = {0};
    struct str view = STR_NONE;
    struct err err = {0};

    (void)state;
    pack(&packed, GZIP_BITS, STR("a body that is long enough to be cut in the middle of it"));
    for (size_t n = 1; n < packed.n; n++)
        assert_int_equal(
            inflate_body(f, STR("gzip"), str_sub(buf_view(&packed), 0, n), 1000, &out, &view, &err),
            -1);
    buf_puts(&packed, "garbage");
    assert_int_equal(inflate_body(f, STR("gzip"), buf_view(&packed), 1000, &out, &view, &err), -1);
    assert_int_equal(inflate_body(f, STR("deflate"), STR("no deflate"), 1000, &out, &view, &err),
                     -1);
    assert_int_equal(inflate_body(f, STR("br"), STR("x"), 1000, &out, &view, &err), -1);
    assert_int_equal(err.kind, ERR_INPUT);
    assert_non_null(strstr(err.msg, "\"br\""));
    buf_clear(&packed);
    pack(&packed, ZLIB_BITS, STR("text"));
    buf_puts(&packed, "garbage");
    assert_int_equal(inflate_body(f, STR("deflate"), buf_view(&packed), 1000, &out, &view, &err),
                     -1);
    inflate_free(f);
    buf_release(&packed);
    buf_release(&out);
}

/* One bit of a member turned over: the checksum holds all of the body, and the
 * length is compared too. */
static void no_flipped_bit_passes(void **state)
{
    struct inflate *f = inflate_new();
    struct buf plain = {0}, packed = {0}, out = {0};
    struct str view = STR_NONE;
    struct err err = {0};

    (void)state;
    for (int i = 0; i < 60; i++)
        buf_printf(&plain, "line %d, ", i * i);
    pack(&packed, GZIP_BITS, buf_view(&plain));
    for (size_t i = 10; i < packed.n; i++)    // the head's time and system may be any
        for (int bit = 0; bit < 8; bit++) {
            packed.p[i] = (char)(packed.p[i] ^ 1 << bit);
            // Bits between the data's end and the checksum mean nothing.
            if (inflate_body(f, STR("gzip"), buf_view(&packed), 10000, &out, &view, &err) == 0)
                assert_true(i == packed.n - 9 && str_eq(view, buf_view(&plain)));
            packed.p[i] = (char)(packed.p[i] ^ 1 << bit);
        }
    assert_int_equal(inflate_body(f, STR("gzip"), buf_view(&packed), 10000, &out, &view, &err), 0);
    inflate_free(f);
    buf_release(&plain);
    buf_release(&packed);
    buf_release(&out);
}

/* A head with a name, a comment and a checksum of its own, before one without. */
static void a_longer_head_is_read(void **state)
{
    struct inflate *f = inflate_new();
    struct buf packed = {0}, out = {0};
    struct str view = STR_NONE;
    struct err err = {0};

    (void)state;
    buf_add(&packed, "\x1f\x8b\x08\x1a\0\0\0\0\0\x03page\0a comment\0", 25);
    buf_add(&packed, "\0\0", 2);                                 // of the head: not looked at
    buf_add(&packed, "\x01\x03\0\xfc\xff" "abc\xc2\x41\x24\x35\x03\0\0\0", 16);
    pack(&packed, GZIP_BITS, STR("def"));
    assert_int_equal(inflate_body(f, STR("gzip"), buf_view(&packed), 100, &out, &view, &err), 0);
    assert_true(str_eq(view, STR("abcdef")));
    inflate_free(f);
    buf_release(&packed);
    buf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_coding_gives_the_body_back),
        cmocka_unit_test(a_plain_body_is_not_copied),
        cmocka_unit_test(members_in_a_row_and_padding_are_one_body),
        cmocka_unit_test(the_cap_holds_for_bombs),
        cmocka_unit_test(damage_is_never_a_body),
        cmocka_unit_test(no_flipped_bit_passes),
        cmocka_unit_test(a_longer_head_is_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
