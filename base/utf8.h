/* base/utf8.h: UTF-8 read strictly, and its capitals. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H
#include <stdint.h>
#include "base/str.h"

#define UTF8_STRAY 0x110000u    // what is above is a byte that is no UTF-8

/* The next code point of *rest, which must not be empty; a stray byte b gives
 * UTF8_STRAY + b. */
static inline uint32_t utf8_next(struct str *rest)
{
    static const uint32_t least[4] = { 0, 0x80, 0x800, 0x10000 };
    const unsigned char *p = (const unsigned char *)rest->p;
    size_t more = p[0] >= 0xF0 ? 3 : p[0] >= 0xE0 ? 2 : 1;
    uint32_t c;

    if (p[0] < 0x80) {
        rest->p++;
        rest->n--;
        return p[0];
    }
    if (p[0] < 0xC2 || p[0] > 0xF4 || more >= rest->n)
        goto stray;
    c = p[0] & (0x3Fu >> more);
    for (size_t i = 1; i <= more; i++) {
        if ((p[i] & 0xC0) != 0x80)
            goto stray;
        c = c << 6 | (p[i] & 0x3Fu);
    }
    if (c < least[more] || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
        goto stray;
    rest->p += more + 1;
    rest->n -= more + 1;
    return c;
stray:
    rest->p++;
    rest->n--;
    return UTF8_STRAY + p[0];
}

/* Lower case of a code point above ASCII. */
uint32_t utf8_fold_wide(uint32_t c);
/* Lower case of one code point: Latin, Greek, Cyrillic, Armenian, full width. */
static inline uint32_t utf8_fold(uint32_t c)
{
    if (c < 0x80)
        return c >= 'A' && c <= 'Z' ? c + 32 : c;
    return utf8_fold_wide(c);
}
#endif
