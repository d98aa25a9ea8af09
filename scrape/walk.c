/* scrape/walk.c: passing over JSON values 64 bytes at a time.
 * For each 64 bytes four bit masks are made (quotes, backslashes, opening and
 * closing brackets); a prefix-xor of the quotes that are not escaped marks what
 * is inside of strings, and only brackets outside of them count. Depth is all
 * that is kept: whether [ meets ] is left to the parser of the part that is cut
 * out. After "Parsing Gigabytes of JSON per Second", Langdale and Lemire, 2019. */
#include <string.h>
#include "scrape/walk.h"
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define BLOCK 64
#define INLINE static inline __attribute__((always_inline))

struct masks { uint64_t quote, backslash, open, close; };
struct scan { uint64_t in_string, escaped; int64_t depth; };

INLINE void masks_portable(const char *p, struct masks *m)
{
    *m = (struct masks){ 0 };
    for (int i = 0; i < BLOCK; i++) {
        uint64_t bit = (uint64_t)1 << i;

        if (p[i] == '"')
            m->quote |= bit;
        else if (p[i] == '\\')
            m->backslash |= bit;
        else if (p[i] == '{' || p[i] == '[')
            m->open |= bit;
        else if (p[i] == '}' || p[i] == ']')
            m->close |= bit;
    }
}

#if defined(__x86_64__)
INLINE void masks_sse2(const char *p, struct masks *m)
{
    const __m128i quote = _mm_set1_epi8('"'), backslash = _mm_set1_epi8('\\');
    const __m128i lower = _mm_set1_epi8(0x20), open = _mm_set1_epi8('{'),
                  close = _mm_set1_epi8('}');

    *m = (struct masks){ 0 };
    for (int i = 0; i < BLOCK; i += 16) {
        __m128i at = _mm_loadu_si128((const __m128i *)(const void *)(p + i));
        __m128i low = _mm_or_si128(at, lower);      // [ ] become { }

        m->quote |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(at, quote)) << i;
        m->backslash |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(at, backslash)) << i;
        m->open |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(low, open)) << i;
        m->close |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(low, close)) << i;
    }
}

__attribute__((target("avx2")))
static inline uint64_t bits_avx2(__m256i lo, __m256i hi)
{
    return (uint64_t)(uint32_t)_mm256_movemask_epi8(lo) |
           (uint64_t)(uint32_t)_mm256_movemask_epi8(hi) << 32;
}

__attribute__((target("avx2")))
static inline void masks_avx2(const char *p, struct masks *m)
{
    const __m256i quote = _mm256_set1_epi8('"'), backslash = _mm256_set1_epi8('\\');
    const __m256i lower = _mm256_set1_epi8(0x20), open = _mm256_set1_epi8('{'),
                  close = _mm256_set1_epi8('}');

    __m256i lo = _mm256_loadu_si256((const __m256i *)(const void *)p);
    __m256i hi = _mm256_loadu_si256((const __m256i *)(const void *)(p + 32));
    __m256i low_lo = _mm256_or_si256(lo, lower), low_hi = _mm256_or_si256(hi, lower);
    __m256i open_lo = _mm256_cmpeq_epi8(low_lo, open), open_hi = _mm256_cmpeq_epi8(low_hi, open);
    __m256i close_lo = _mm256_cmpeq_epi8(low_lo, close),
            close_hi = _mm256_cmpeq_epi8(low_hi, close);

    m->quote = bits_avx2(_mm256_cmpeq_epi8(lo, quote), _mm256_cmpeq_epi8(hi, quote));
    m->backslash = bits_avx2(_mm256_cmpeq_epi8(lo, backslash), _mm256_cmpeq_epi8(hi, backslash));
    m->open = bits_avx2(open_lo, open_hi);
    m->close = bits_avx2(close_lo, close_hi);
}
#endif

/* Bits of the characters that a backslash before them escapes; a run of
 * backslashes escapes the next character where its length is odd. */
INLINE uint64_t escaped_bits(struct scan *s, uint64_t backslash)
{
    const uint64_t even = 0x5555555555555555u;
    uint64_t follows, odd_starts, sums;

    if (!backslash) {
        follows = s->escaped;
        s->escaped = 0;
        return follows;
    }
    backslash &= ~s->escaped;
    follows = backslash << 1 | s->escaped;
    odd_starts = backslash & ~even & ~follows;
    s->escaped = __builtin_add_overflow(odd_starts, backslash, &sums);
    return (even ^ (sums << 1)) & follows;
}

/* Bit i = xor of bits 0..i: 1 from an opening quote up to its closing one. */
INLINE uint64_t prefix_xor(uint64_t bits)
{
    for (int shift = 1; shift < BLOCK; shift <<= 1)
        bits ^= bits << shift;
    return bits;
}

/* Number of bytes up to and with the bracket that brings the depth to 0, or 0
 * where this block does not hold it. */
INLINE int scan_block(struct scan *s, const struct masks *m, uint64_t (*prefix)(uint64_t))
{
    uint64_t quote = m->quote & ~escaped_bits(s, m->backslash), inside, open, close;

    if (prefix == prefix_xor && !(m->open | m->close)) {    // no bracket: only the parity goes on
        s->in_string ^= (uint64_t)0 - (uint64_t)__builtin_parityll(quote);
        return 0;
    }
    inside = prefix(quote) ^ s->in_string;
    open = m->open & ~inside;
    close = m->close & ~inside;
    s->in_string = (uint64_t)0 - (inside >> 63);
    if (!close) {
        s->depth += open ? __builtin_popcountll(open) : 0;
        return 0;
    }
    if (s->depth > __builtin_popcountll(close)) {
        s->depth += __builtin_popcountll(open) - __builtin_popcountll(close);
        return 0;
    }
    for (uint64_t both = open | close; both; both &= both - 1) {
        s->depth += both & -both & open ? 1 : -1;
        if (s->depth == 0)
            return __builtin_ctzll(both) + 1;
    }
    return 0;
}

/* From an opening bracket: the length of the whole value, or 0. */
INLINE size_t pass_container(const char *p, size_t n, void (*masks)(const char *, struct masks *),
                             uint64_t (*prefix)(uint64_t))
{
    struct scan s = { 0 };
    struct masks m;
    size_t at = 0;
    char tail[BLOCK];
    int hit;

    for (; n - at >= BLOCK; at += BLOCK) {
        masks(p + at, &m);
        if ((hit = scan_block(&s, &m, prefix)))
            return at + (size_t)hit;
    }
    memset(tail, ' ', sizeof tail);
    memcpy(tail, p + at, n - at);
    masks(tail, &m);
    hit = scan_block(&s, &m, prefix);
    return hit ? at + (size_t)hit : 0;
}

static size_t pass_portable(const char *p, size_t n)
{
    return pass_container(p, n, masks_portable, prefix_xor);
}

#if defined(__x86_64__)
/* The same prefix-xor as one carry-less product with all ones. */
__attribute__((target("pclmul"))) static inline uint64_t prefix_clmul(uint64_t bits)
{
    __m128i product = _mm_clmulepi64_si128(_mm_set_epi64x(0, (long long)bits),
                                           _mm_set1_epi8((char)0xff), 0);

    return (uint64_t)_mm_cvtsi128_si64(product);
}

static size_t pass_sse2(const char *p, size_t n)
{
    return pass_container(p, n, masks_sse2, prefix_xor);
}

__attribute__((target("avx2,bmi,popcnt,pclmul"))) static size_t pass_avx2(const char *p, size_t n)
{
    return pass_container(p, n, masks_avx2, prefix_clmul);
}

static size_t pass(const char *p, size_t n)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
                   __builtin_cpu_supports("pclmul")
               ? pass_avx2(p, n)
               : pass_sse2(p, n);
}
#else
static size_t pass(const char *p, size_t n)
{
    return pass_portable(p, n);
}
#endif

static const char *skip_blank(const char *p, const char *end)
{
    while (p < end && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t'))
        p++;
    return p;
}

/* From an opening quote to behind the closing one, or NULL. */
static const char *pass_string(const char *p, const char *end)
{
    const char *from = p + 1;

    for (const char *q = from; q < end && (q = memchr(q, '"', (size_t)(end - q))); q++) {
        const char *back = q;

        while (back > from && back[-1] == '\\')
            back--;
        if ((q - back) % 2 == 0)
            return q + 1;
    }
    return NULL;
}

static const char *pass_value(const char *p, const char *end,
                              size_t (*container)(const char *, size_t))
{
    const char *from = p;

    if (p == end)
        return NULL;
    if (*p == '"')
        return pass_string(p, end);
    if (*p == '{' || *p == '[') {
        size_t n = container(p, (size_t)(end - p));

        return n ? p + n : NULL;
    }
    while (p < end && *p != ',' && *p != '}' && *p != ']' && *p != ' ' && *p != '\n' &&
           *p != '\r' && *p != '\t')
        p++;
    return p == from ? NULL : p;
}

int walk_open(struct walk *w, struct str text)
{
    const char *end = text.p ? text.p + text.n : NULL;
    const char *p = skip_blank(text.p, end);

    if (p == end || *p != '{')
        return -1;
    *w = (struct walk){ .p = p + 1, .end = end, .first = true };
    return 0;
}

int walk_next(struct walk *w, struct str *key)
{
    const char *p = skip_blank(w->p, w->end), *behind;

    if (p == w->end)
        return -1;
    if (*p == '}') {
        w->p = p;
        return 0;
    }
    if (!w->first) {
        if (*p != ',')
            return -1;
        p = skip_blank(p + 1, w->end);
    }
    w->first = false;
    if (p == w->end || *p != '"' || !(behind = pass_string(p, w->end)))
        return -1;
    *key = (struct str){ p + 1, (size_t)(behind - p) - 2 };
    if (memchr(key->p, '\\', key->n))
        return -1;
    p = skip_blank(behind, w->end);
    if (p == w->end || *p != ':')
        return -1;
    w->p = skip_blank(p + 1, w->end);
    return w->p == w->end ? -1 : 1;
}

int walk_value(struct walk *w, struct str *value)
{
    const char *behind = pass_value(w->p, w->end, pass);

    if (!behind)
        return -1;
    *value = (struct str){ w->p, (size_t)(behind - w->p) };
    w->p = behind;
    return 0;
}

struct str walk_rest(const struct walk *w)
{
    return (struct str){ w->p, (size_t)(w->end - w->p) };
}

static int one(struct str text, struct str *value, size_t (*container)(const char *, size_t))
{
    const char *end = text.p ? text.p + text.n : NULL;
    const char *p = skip_blank(text.p, end), *behind = pass_value(p, end, container);

    if (!behind)
        return -1;
    *value = (struct str){ p, (size_t)(behind - p) };
    return 0;
}

int walk_one(struct str text, struct str *value)
{
    return one(text, value, pass);
}

int walk_one_portable(struct str text, struct str *value)
{
    return one(text, value, pass_portable);
}
