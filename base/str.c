/* base/str.c: slices and the growing buffer. Case folding is ASCII alone, so
 * that no locale changes what a key or a host name equals. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/str.h"

#define BUF_FIRST 256

static unsigned char lower(char c)
{
    return (unsigned char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

static bool same_nocase(const char *a, const char *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (lower(a[i]) != lower(b[i]))
            return false;
    return true;
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

struct str str_of(const char *s)
{
    return s ? (struct str){ s, strlen(s) } : STR_NONE;
}

bool str_eq(struct str a, struct str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool str_eq_nocase(struct str a, struct str b)
{
    return a.n == b.n && same_nocase(a.p, b.p, a.n);
}

bool str_is_one_of(struct str s, const char *const *words)
{
    for (; *words; words++)
        if (str_eq_nocase(s, str_of(*words)))
            return true;
    return false;
}

int str_cmp(struct str a, struct str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int c = n ? memcmp(a.p, b.p, n) : 0;

    return c ? c : (a.n > b.n) - (a.n < b.n);
}

bool str_starts(struct str s, struct str prefix)
{
    return s.n >= prefix.n && (prefix.n == 0 || memcmp(s.p, prefix.p, prefix.n) == 0);
}

bool str_ends(struct str s, struct str suffix)
{
    return s.n >= suffix.n &&
           (suffix.n == 0 || memcmp(s.p + (s.n - suffix.n), suffix.p, suffix.n) == 0);
}

bool str_starts_nocase(struct str s, struct str prefix)
{
    return s.n >= prefix.n && same_nocase(s.p, prefix.p, prefix.n);
}

ptrdiff_t str_find(struct str s, struct str needle, size_t from)
{
    const char *hit;

    if (from > s.n || needle.n > s.n - from)
        return -1;
    if (needle.n == 0)
        return (ptrdiff_t)from;
    hit = memmem(s.p + from, s.n - from, needle.p, needle.n);
    return hit ? hit - s.p : -1;
}

ptrdiff_t str_find_nocase(struct str s, struct str needle, size_t from)
{
    if (from > s.n || needle.n > s.n - from)
        return -1;
    for (size_t i = from; i + needle.n <= s.n; i++)
        if (same_nocase(s.p + i, needle.p, needle.n))
            return (ptrdiff_t)i;
    return -1;
}

struct str str_trim(struct str s)
{
    while (s.n > 0 && is_space(s.p[0])) {
        s.p++;
        s.n--;
    }
    while (s.n > 0 && is_space(s.p[s.n - 1]))
        s.n--;
    return s;
}

struct str str_sub(struct str s, size_t from, size_t n)
{
    if (from >= s.n)
        return (struct str){ s.p ? s.p + s.n : NULL, 0 };
    return (struct str){ s.p + from, n < s.n - from ? n : s.n - from };
}

/* A separator at the very end opens no further, empty piece: "a\nb\n" are two
 * lines, and the empty text holds none. */
bool str_cut(struct str *rest, char sep, struct str *piece)
{
    const char *hit;

    if (rest->n == 0)
        return false;
    hit = memchr(rest->p, sep, rest->n);
    if (!hit) {
        *piece = *rest;
        *rest = (struct str){ rest->p + rest->n, 0 };
        return true;
    }
    *piece = (struct str){ rest->p, (size_t)(hit - rest->p) };
    *rest = (struct str){ hit + 1, rest->n - piece->n - 1 };
    return true;
}

bool str_u64(struct str digits, uint64_t *out)
{
    uint64_t v = 0;

    if (digits.n == 0)
        return false;
    for (size_t i = 0; i < digits.n; i++) {
        unsigned d = (unsigned)(unsigned char)digits.p[i] - '0';

        if (d > 9 || __builtin_mul_overflow(v, (uint64_t)10, &v) ||
            __builtin_add_overflow(v, (uint64_t)d, &v))
            return false;
    }
    *out = v;
    return true;
}

const char *plural(int64_t n, const char *one, const char *many)
{
    return n == 1 ? one : many;
}

bool str_i64(struct str digits, int64_t *out)
{
    bool minus = digits.n > 0 && digits.p[0] == '-';
    uint64_t v;

    if (!str_u64(minus ? str_sub(digits, 1, digits.n) : digits, &v))
        return false;
    if (v > (uint64_t)INT64_MAX + (minus ? 1 : 0))
        return false;
    *out = !minus ? (int64_t)v : v > INT64_MAX ? INT64_MIN : -(int64_t)v;
    return true;
}

size_t str_utf8(struct str s, size_t at, uint32_t *code)
{
    static const uint32_t least[5] = { 0, 0, 0x80, 0x800, 0x10000 };
    const unsigned char *p = (const unsigned char *)s.p + at;
    size_t n;
    uint32_t c;

    if (at >= s.n)
        return 0;
    n = p[0] < 0x80 ? 1 : p[0] < 0xc2 ? 0 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : p[0] < 0xf5 ? 4 : 0;
    if (n == 0 || n > s.n - at)
        return 0;
    c = n == 1 ? p[0] : p[0] & (0xffu >> (n + 1));
    for (size_t i = 1; i < n; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return 0;
        c = c << 6 | (p[i] & 0x3f);
    }
    if (c < least[n] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
        return 0;
    *code = c;
    return n;
}

bool str_deceives(uint32_t c)
{
    return (c >= 0x80 && c < 0xa0) || c == 0x61c || c == 0x200e || c == 0x200f ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

void buf_release(struct buf *b)
{
    free(b->p);
    *b = (struct buf){0};
}

void buf_clear(struct buf *b)
{
    b->n = 0;
}

void buf_grow(struct buf *b, size_t more)
{
    size_t want;

    if (b->p && more <= b->cap - b->n)
        return;
    if (__builtin_add_overflow(b->n, more, &want) || want > PTRDIFF_MAX)
        die("a buffer cannot grow by %zu bytes", more);
    if (want < b->cap + b->cap / 2)
        want = b->cap + b->cap / 2;
    if (want < BUF_FIRST)
        want = BUF_FIRST;
    b->p = xrealloc(b->p, want);
    b->cap = want;
}

void buf_add(struct buf *b, const void *p, size_t n)
{
    if (n == 0)
        return;
    buf_grow(b, n);
    memcpy(b->p + b->n, p, n);
    b->n += n;
}

void buf_str(struct buf *b, struct str s)
{
    buf_add(b, s.p, s.n);
}

void buf_puts(struct buf *b, const char *s)
{
    buf_add(b, s, strlen(s));
}

void buf_char(struct buf *b, char c)
{
    buf_grow(b, 1);
    b->p[b->n++] = c;
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
    va_list ap, again;
    int n;

    buf_grow(b, 128);
    va_start(ap, fmt);
    va_copy(again, ap);
    n = vsnprintf(b->p + b->n, b->cap - b->n, fmt, ap);
    if (n >= 0 && (size_t)n >= b->cap - b->n) {
        buf_grow(b, (size_t)n + 1);
        n = vsnprintf(b->p + b->n, b->cap - b->n, fmt, again);
    }
    va_end(again);
    va_end(ap);
    if (n < 0)
        die("text cannot be formatted");
    b->n += (size_t)n;
}

struct str buf_view(const struct buf *b)
{
    return (struct str){ b->p, b->n };
}

const char *buf_cstr(struct buf *b)
{
    buf_grow(b, 1);
    b->p[b->n] = '\0';
    return b->p;
}
