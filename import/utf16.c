/* import/utf16.c: units to characters to UTF-8. */
#include "import/utf16.h"

bool utf16_mark(struct str text, struct utf16 *u)
{
    bool little = str_starts(text, STR("\xff\xfe")), big = str_starts(text, STR("\xfe\xff"));

    *u = (struct utf16){ .big = big };
    return little || big;
}
static void add_utf8(struct buf *out, unsigned c)
{
    if (c < 0x80) {
        buf_char(out, (char)c);
        return;
    }
    if (c < 0x800) {
        buf_char(out, (char)(0xc0 | c >> 6));
    } else {
        if (c < 0x10000) {
            buf_char(out, (char)(0xe0 | c >> 12));
        } else {
            buf_char(out, (char)(0xf0 | c >> 18));
            buf_char(out, (char)(0x80 | (c >> 12 & 63)));
        }
        buf_char(out, (char)(0x80 | (c >> 6 & 63)));
    }
    buf_char(out, (char)(0x80 | (c & 63)));
}
static void add_unit(struct utf16 *u, unsigned unit, struct buf *out)
{
    bool second = unit >= 0xdc00 && unit <= 0xdfff;

    if (u->high && second) {
        add_utf8(out, 0x10000 + ((u->high - 0xd800) << 10) + (unit - 0xdc00));
        u->high = 0;
        return;
    }
    if (u->high)
        add_utf8(out, 0xfffd);
    u->high = unit >= 0xd800 && unit <= 0xdbff ? unit : 0;
    if (!u->high)
        add_utf8(out, second ? 0xfffd : unit);
}
void utf16_decode(struct utf16 *u, struct str piece, struct buf *out)
{
    for (size_t i = 0; i < piece.n; i++) {
        unsigned char b = (unsigned char)piece.p[i];

        u->has_half = !u->has_half;
        if (u->has_half)
            u->half = b;
        else
            add_unit(u, u->big ? (unsigned)u->half << 8 | b : (unsigned)b << 8 | u->half, out);
    }
}
