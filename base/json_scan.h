/* base/json_scan.h: the strict pass in front of cJSON (base/json.h).
 * It checks the text against RFC 8259 and the depth, and finds what cJSON would
 * spoil: numbers that a double cannot hold, U+0000, lone surrogates, broken
 * UTF-8. Text without any of these, nearly all of it, is handed on as it is; only
 * the rest is copied and rewritten. */
#ifndef BASE_JSON_SCAN_H
#define BASE_JSON_SCAN_H
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include "base/err.h"
#include "base/str.h"

#define JSON_DEPTH_MAX 512
/* A number kept as text is a string that begins with this byte, which no other
 * string can hold: it never occurs in UTF-8, and broken UTF-8 is replaced. */
#define JSON_MARK '\xff'

struct json_scan {
    size_t start, used;          // of the value in the text; used 0: white space alone
    struct str clean;            // the value as cJSON may read it: of the text, or of rewritten
    struct buf rewritten;        // the caller releases it
    size_t nul_chars;            // U+0000 that became U+2400
};
/* One value at the start of the text. Errors: ERR_INPUT with the byte offset. */
MUST_CHECK int json_scan(struct str text, struct json_scan *, struct err *);

/* The end of the number that begins at i, or 0 where none does. *digits counts
 * its digits before an exponent, *exponent tells whether it has one. */
size_t json_number_end(struct str, size_t i, size_t *digits, bool *exponent);

/* Steps over bytes that need no look: ASCII but controls, quote and backslash,
 * eight at a time ("Bit Twiddling Hacks", S. E. Anderson: a byte less than n). */
static inline size_t json_plain_end(const char *p, size_t i, size_t n)
{
    const uint64_t ones = UINT64_MAX / 255, tops = ones << 7;

    while (n - i >= 8) {
        uint64_t w, quote, slash, hit;

        memcpy(&w, p + i, 8);
        quote = w ^ ones * '"';
        slash = w ^ ones * '\\';
        hit = ((w - ones * 0x20) | (quote - ones) | (slash - ones) | w) & tops;
        if (hit) {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
            return i + (size_t)__builtin_ctzll(hit) / 8;
#else
            return i;
#endif
        }
        i += 8;
    }
    return i;
}
#endif
