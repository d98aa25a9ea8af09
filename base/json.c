/* base/json.c: a strict reader in front of cJSON.
 * One pass checks the text against RFC 8259 and the depth, and finds what cJSON
 * would spoil: numbers that a double cannot hold, U+0000, lone surrogates,
 * broken UTF-8. Text without any of these, nearly all of it, is handed on as it
 * is; only the rest is copied and rewritten. The pass keeps its own stack, so
 * that no input can make it recurse. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cjson/cJSON.h>
#include "base/json.h"

_Static_assert(JSON_DEPTH_MAX < CJSON_NESTING_LIMIT,
               "cJSON must accept every depth that we accept");

#define DIGITS_EXACT 15                  // every decimal number this long survives a double
#define EXACT_MAX 9007199254740992.0     // 2^53
/* A number kept as text is a string that begins with this byte, which no other
 * string can hold: it never occurs in UTF-8, and broken UTF-8 is replaced. */
#define MARK '\xff'
#define SYMBOL_FOR_NULL "\xe2\x90\x80"   // U+2400
#define REPLACEMENT "\xef\xbf\xbd"       // U+FFFD
#define BOM "\xef\xbb\xbf"

struct scan {
    struct str in;
    size_t i;                            // next byte
    struct buf out; size_t copied;       // the rewritten text and how much of in it covers
    size_t nul_chars;
    const char *wrong;                   // what was expected, NULL while all is well
    int depth;
    char stack[JSON_DEPTH_MAX];          // '{' or '['
};

enum expect {
    EXPECT_VALUE,
    EXPECT_VALUE_OR_END,
    EXPECT_KEY,
    EXPECT_KEY_OR_END,
    EXPECT_MORE_OR_END
};

static bool fail(struct scan *s, const char *wrong)
{
    s->wrong = wrong;
    return false;
}

/* Replaces the n bytes at s->i and steps over them. */
static void rewrite(struct scan *s, size_t n, const char *with, size_t with_n)
{
    if (!s->out.p)
        buf_grow(&s->out, s->in.n + s->in.n / 8 + 64);
    buf_add(&s->out, s->in.p + s->copied, s->i - s->copied);
    buf_add(&s->out, with, with_n);
    s->i += n;
    s->copied = s->i;
}

static void skip_space(struct scan *s)
{
    while (s->i < s->in.n) {
        char c = s->in.p[s->i];

        if (c != ' ' && c != '\n' && c != '\r' && c != '\t')
            return;
        s->i++;
    }
}

static int hex4(struct str s, size_t at)
{
    int v = 0;

    if (s.n - at < 4)
        return -1;
    for (size_t i = at; i < at + 4; i++) {
        char c = s.p[i];
        int d = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10
              : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;

        if (d < 0)
            return -1;
        v = v << 4 | d;
    }
    return v;
}

static bool is_low_surrogate(struct str in, size_t at)
{
    int v;

    if (in.n - at < 6 || in.p[at] != '\\' || in.p[at + 1] != 'u')
        return false;
    v = hex4(in, at + 2);
    return v >= 0xdc00 && v < 0xe000;
}

/* At a backslash. */
static bool scan_escape(struct scan *s)
{
    int v;

    if (s->in.n - s->i < 2)
        return fail(s, "the end of a string");
    if (s->in.p[s->i + 1] != 'u') {
        if (s->in.p[s->i + 1] == '\0' || !strchr("\"\\/bfnrt", s->in.p[s->i + 1]))
            return fail(s, "an escape that JSON knows");
        s->i += 2;
        return true;
    }
    v = hex4(s->in, s->i + 2);
    if (v < 0)
        return fail(s, "four hexadecimal digits");
    if (v == 0) {
        s->nul_chars++;
        rewrite(s, 6, SYMBOL_FOR_NULL, 3);
    } else if (v >= 0xd800 && v < 0xdc00 && is_low_surrogate(s->in, s->i + 6)) {
        s->i += 12;
    } else if (v >= 0xd800 && v < 0xe000) {
        rewrite(s, 6, REPLACEMENT, 3);
    } else {
        s->i += 6;
    }
    return true;
}

/* Steps over bytes that need no look: ASCII but controls, quote and backslash,
 * eight at a time ("Bit Twiddling Hacks", S. E. Anderson: a byte less than n). */
static size_t skip_plain(const char *p, size_t i, size_t n)
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

/* The length of the well-formed two or three byte characters that begin at i:
 * most of the world's text; whatever is odd is left to str_utf8. */
static size_t skip_wide(struct str in, size_t i)
{
    const unsigned char *p = (const unsigned char *)in.p;

    while (in.n - i >= 3) {
        if (p[i] >= 0xe1 && p[i] <= 0xec && (p[i + 1] & 0xc0) == 0x80 && (p[i + 2] & 0xc0) == 0x80)
            i += 3;
        else if (p[i] >= 0xc2 && p[i] < 0xe0 && (p[i + 1] & 0xc0) == 0x80)
            i += 2;
        else
            break;
    }
    return i;
}

/* At the opening quote; ends behind the closing one. */
static bool scan_string(struct scan *s)
{
    for (s->i++; ; ) {
        unsigned char c;

        s->i = skip_plain(s->in.p, s->i, s->in.n);
        if (s->i >= s->in.n)
            return fail(s, "the end of a string");
        c = (unsigned char)s->in.p[s->i];
        if (c == '"') {
            s->i++;
            return true;
        }
        if (c == '\\') {
            if (!scan_escape(s))
                return false;
        } else if (c >= 0x80) {
            size_t end = skip_wide(s->in, s->i), n;
            uint32_t code;

            if (end > s->i)
                s->i = end;
            else if ((n = str_utf8(s->in, s->i, &code)) > 0)
                s->i += n;
            else
                rewrite(s, 1, REPLACEMENT, 3);
        } else if (c == 0) {
            s->nul_chars++;
            rewrite(s, 1, SYMBOL_FOR_NULL, 3);
        } else if (c < 0x20) {
            return fail(s, "no bare control character in a string");
        } else {
            s->i++;
        }
    }
}

static size_t skip_digits(struct str in, size_t i)
{
    while (i < in.n && in.p[i] >= '0' && in.p[i] <= '9')
        i++;
    return i;
}

/* The end of the number that begins at i, or 0 where none does. *digits counts
 * its digits before an exponent, *exponent tells whether it has one. */
static size_t number_end(struct str in, size_t i, size_t *digits, bool *exponent)
{
    size_t start, end;

    *exponent = false;
    if (i < in.n && in.p[i] == '-')
        i++;
    start = i;
    i = skip_digits(in, i);
    if (i == start || (in.p[start] == '0' && i > start + 1))
        return 0;
    *digits = i - start;
    if (i < in.n && in.p[i] == '.') {
        end = skip_digits(in, i + 1);
        if (end == i + 1)
            return 0;
        *digits += end - i - 1;
        i = end;
    }
    if (i < in.n && (in.p[i] == 'e' || in.p[i] == 'E')) {
        *exponent = true;
        i++;
        if (i < in.n && (in.p[i] == '+' || in.p[i] == '-'))
            i++;
        end = skip_digits(in, i);
        if (end == i)
            return 0;
        i = end;
    }
    return i;
}

/* What a double would change or overflow is kept as marked text. */
static bool scan_number(struct scan *s)
{
    static const char open[] = { '"', MARK };
    size_t digits, end;
    bool exponent;

    end = number_end(s->in, s->i, &digits, &exponent);
    if (end == 0)
        return fail(s, "a number");
    if (digits <= DIGITS_EXACT && !exponent) {
        s->i = end;
        return true;
    }
    rewrite(s, 0, open, sizeof open);
    s->i = end;
    rewrite(s, 0, "\"", 1);
    return true;
}

static bool scan_literal(struct scan *s, struct str word)
{
    if (!str_starts(str_sub(s->in, s->i, word.n), word))
        return fail(s, "a value");
    s->i += word.n;
    return true;
}

static bool open_container(struct scan *s, char which)
{
    if (s->depth == JSON_DEPTH_MAX)
        return fail(s, "at most 512 levels");
    s->stack[s->depth++] = which;
    s->i++;
    return true;
}

static bool scan_value(struct scan *s, enum expect *next)
{
    char c = s->in.p[s->i];

    *next = EXPECT_MORE_OR_END;
    switch (c) {
    case '"':
        return scan_string(s);
    case '{':
        *next = EXPECT_KEY_OR_END;
        return open_container(s, c);
    case '[':
        *next = EXPECT_VALUE_OR_END;
        return open_container(s, c);
    case 't':
        return scan_literal(s, STR("true"));
    case 'f':
        return scan_literal(s, STR("false"));
    case 'n':
        return scan_literal(s, STR("null"));
    default:
        return c == '-' || (c >= '0' && c <= '9') ? scan_number(s) : fail(s, "a value");
    }
}

static bool scan_key(struct scan *s)
{
    if (s->in.p[s->i] != '"')
        return fail(s, "a key in quotes");
    if (!scan_string(s))
        return false;
    skip_space(s);
    if (s->i >= s->in.n || s->in.p[s->i] != ':')
        return fail(s, "a colon");
    s->i++;
    return true;
}

static bool scan_more(struct scan *s, enum expect *next)
{
    bool object = s->stack[s->depth - 1] == '{';
    char c = s->in.p[s->i];

    if (c == ',') {
        *next = object ? EXPECT_KEY : EXPECT_VALUE;
    } else if (c == (object ? '}' : ']')) {
        s->depth--;
        *next = EXPECT_MORE_OR_END;
    } else {
        return fail(s, object ? "a comma or }" : "a comma or ]");
    }
    s->i++;
    return true;
}

/* One value from s->i on, which is no white space. */
static bool scan_document(struct scan *s)
{
    enum expect expect = EXPECT_VALUE;
    bool ok = true;

    do {
        char c;

        skip_space(s);
        if (s->i >= s->in.n)
            return fail(s, "more: the text ends too early");
        c = s->in.p[s->i];
        if ((expect == EXPECT_KEY_OR_END && c == '}') ||
            (expect == EXPECT_VALUE_OR_END && c == ']') || expect == EXPECT_MORE_OR_END) {
            ok = scan_more(s, &expect);
        } else if (expect == EXPECT_KEY || expect == EXPECT_KEY_OR_END) {
            ok = scan_key(s);
            expect = EXPECT_VALUE;
        } else {
            ok = scan_value(s, &expect);
        }
    } while (ok && (s->depth > 0 || expect != EXPECT_MORE_OR_END));
    return ok;
}

int json_parse_next(struct str text, struct json_doc *doc, size_t *used, struct err *err)
{
    struct scan s;
    struct str clean;
    cJSON *root = NULL;
    size_t start;

    s.in = text;
    s.i = s.nul_chars = 0;
    s.out = (struct buf){0};
    s.wrong = NULL;
    s.depth = 0;                         // the stack itself needs no value before it is pushed to
    if (str_starts(text, STR(BOM)))
        s.i = sizeof BOM - 1;
    skip_space(&s);
    if (s.i == text.n) {
        *doc = (struct json_doc){0};
        *used = 0;
        return 0;
    }
    s.copied = start = s.i;
    if (!scan_document(&s)) {
        buf_release(&s.out);
        return err_set(err, ERR_INPUT, "no valid JSON at byte %zu: expected %s", s.i, s.wrong);
    }
    clean = str_sub(text, start, s.i - start);
    if (s.out.n) {
        buf_add(&s.out, text.p + s.copied, s.i - s.copied);
        clean = buf_view(&s.out);
    }
    cJSON_InitHooks(&(cJSON_Hooks){ .malloc_fn = lib_malloc, .free_fn = free });
    root = cJSON_ParseWithLengthOpts(clean.p, clean.n, NULL, 0);
    buf_release(&s.out);
    if (!root)
        return err_set(err, ERR_INPUT, "cJSON cannot read the value at byte %zu", start);
    *doc = (struct json_doc){ .root = (struct json *)(void *)root, .nul_chars = s.nul_chars };
    *used = s.i;
    return 0;
}

int json_parse(struct str text, struct json_doc *doc, struct err *err)
{
    struct json_doc got = {0};
    size_t used = 0;

    if (json_parse_next(text, &got, &used, err))
        return -1;
    if (!got.root)
        return err_set(err, ERR_INPUT, "no valid JSON at byte %zu: expected a value", text.n);
    for (; used < text.n; used++)
        if (!strchr(" \t\r\n", text.p[used]) || text.p[used] == '\0') {
            json_free(&got);
            return err_set(err, ERR_INPUT,
                           "no valid JSON at byte %zu: expected the end of the text", used);
        }
    *doc = got;
    return 0;
}

void json_free(struct json_doc *doc)
{
    cJSON_Delete((cJSON *)(void *)doc->root);
    *doc = (struct json_doc){0};
}

static const cJSON *inner(const struct json *j)
{
    return (const cJSON *)(const void *)j;
}

static const struct json *outer(const cJSON *c)
{
    return (const struct json *)(const void *)c;
}

static bool is_marked(const cJSON *c)
{
    return cJSON_IsString(c) && c->valuestring[0] == MARK;
}

enum json_kind json_kind(const struct json *j)
{
    const cJSON *c = inner(j);

    switch (c ? c->type & 0xff : cJSON_Invalid) {
    case cJSON_NULL:
        return JSON_NULL;
    case cJSON_False:
        return JSON_FALSE;
    case cJSON_True:
        return JSON_TRUE;
    case cJSON_Number:
        return JSON_NUMBER;
    case cJSON_String:
        return is_marked(c) ? JSON_NUMBER : JSON_STRING;
    case cJSON_Array:
        return JSON_ARRAY;
    case cJSON_Object:
        return JSON_OBJECT;
    default:
        return JSON_ABSENT;
    }
}

/* The first of several equal keys. */
/* Most names differ in their first byte, and their length need not be known. */
static bool is_named(const cJSON *c, struct str key, bool nocase)
{
    if (nocase)
        return str_eq_nocase(str_of(c->string), key);
    if (!c->string || key.n == 0)
        return str_of(c->string).n == key.n;
    return c->string[0] == key.p[0] && strncmp(c->string, key.p, key.n) == 0 &&
           c->string[key.n] == '\0';
}

static const cJSON *member(const cJSON *c, struct str key, bool nocase)
{
    if (!cJSON_IsObject(c))
        return NULL;
    for (c = c->child; c; c = c->next)
        if (is_named(c, key, nocase))
            return c;
    return NULL;
}

const struct json *json_get(const struct json *object, const char *key)
{
    return outer(member(inner(object), str_of(key), false));
}

const struct json *json_get_nocase(const struct json *object, const char *key)
{
    return outer(member(inner(object), str_of(key), true));
}

const struct json *json_path(const struct json *j, const char *dotted)
{
    struct str rest = str_of(dotted), step;
    const cJSON *c = inner(j);

    while (c && str_cut(&rest, '.', &step))
        c = member(c, step, false);
    return outer(c);
}

static bool same_value(const cJSON *a, const cJSON *b)
{
    struct buf x = {0}, y = {0};
    bool same;

    json_print(outer(a), &x);
    json_print(outer(b), &y);
    same = str_eq(buf_view(&x), buf_view(&y));
    buf_release(&x);
    buf_release(&y);
    return same;
}

bool json_doubled(const struct json *object, const char *key)
{
    const cJSON *first = member(inner(object), str_of(key), false);

    for (const cJSON *c = first ? first->next : NULL; c; c = c->next)
        if (strcmp(c->string, key) == 0 && !same_value(first, c))
            return true;
    return false;
}

static int by_key(const void *a, const void *b)
{
    return strcmp((*(const cJSON *const *)a)->string, (*(const cJSON *const *)b)->string);
}

/* May two of the keys be equal? A bit by a hash (FNV-1a) of each says no to
 * nearly every object in a tenth of what sorting its keys takes. */
static bool keys_may_meet(const cJSON *object)
{
    uint64_t seen[256] = {0};

    for (const cJSON *c = object->child; c; c = c->next) {
        uint32_t hash = 2166136261u;
        uint64_t bit;

        for (const char *p = c->string; *p; p++)
            hash = (hash ^ (unsigned char)*p) * 16777619u;
        hash ^= hash >> 16;
        bit = (uint64_t)1 << (hash & 63);
        if (seen[hash >> 6 & 255] & bit)
            return true;
        seen[hash >> 6 & 255] |= bit;
    }
    return false;
}

/* Sorted, so that an object of a million keys is no trap. */
static struct str doubled_here(const cJSON *object)
{
    const cJSON **sorted;
    struct str key = STR_NONE;
    size_t n = 0;

    if (!keys_may_meet(object))
        return STR_NONE;
    sorted = xcalloc(json_len(outer(object)), sizeof *sorted);
    for (const cJSON *c = object->child; c; c = c->next)
        sorted[n++] = c;
    qsort(sorted, n, sizeof *sorted, by_key);
    for (size_t i = 1; i < n && !key.p; i++)
        if (by_key(&sorted[i - 1], &sorted[i]) == 0 && !same_value(sorted[i - 1], sorted[i]))
            key = str_of(sorted[i]->string);
    free(sorted);
    return key;
}

struct str json_doubled_key(const struct json *j, bool deep)
{
    const cJSON *c = inner(j);
    struct str key = cJSON_IsObject(c) ? doubled_here(c) : STR_NONE;

    if (deep && (cJSON_IsObject(c) || cJSON_IsArray(c)))
        for (c = c->child; c && !key.p; c = c->next)
            key = json_doubled_key(outer(c), true);
    return key;
}

size_t json_len(const struct json *j)
{
    size_t n = 0;

    for (const struct json *c = json_first(j); c; c = json_next(c))
        n++;
    return n;
}

const struct json *json_first(const struct json *j)
{
    return j ? outer(inner(j)->child) : NULL;
}

const struct json *json_next(const struct json *j)
{
    return j ? outer(inner(j)->next) : NULL;
}

struct str json_key(const struct json *j)
{
    return j ? str_of(inner(j)->string) : STR_NONE;
}

bool json_text(const struct json *j, struct str *out)
{
    if (json_kind(j) != JSON_STRING)
        return false;
    *out = str_of(inner(j)->valuestring);
    return true;
}

/* The digits of a string or of a marked number; false for anything else. */
static bool number_text(const struct json *j, struct str *out)
{
    const cJSON *c = inner(j);

    if (!cJSON_IsString(c))
        return false;
    *out = str_of(is_marked(c) ? c->valuestring + 1 : c->valuestring);
    return true;
}

/* An integer that a double holds exactly, also where it stands as 12.0 or 1e3. */
static bool small_integer(const struct json *j, int64_t *out)
{
    double d;

    if (json_kind(j) != JSON_NUMBER || !json_double(j, &d))
        return false;
    if (fabs(d) > EXACT_MAX || fabs(d - trunc(d)) > 0)
        return false;
    *out = (int64_t)d;
    return true;
}

bool json_i64(const struct json *j, int64_t *out)
{
    struct str s;

    if (number_text(j, &s) && str_i64(s, out))
        return true;
    return small_integer(j, out);
}

bool json_u64(const struct json *j, uint64_t *out)
{
    struct str s;
    int64_t i;

    if (number_text(j, &s) && str_u64(s, out))
        return true;
    if (!small_integer(j, &i) || i < 0)
        return false;
    *out = (uint64_t)i;
    return true;
}

bool json_bool(const struct json *j, bool *out)
{
    enum json_kind kind = json_kind(j);
    int64_t i;

    if (kind == JSON_TRUE || kind == JSON_FALSE) {
        *out = kind == JSON_TRUE;
        return true;
    }
    if (!json_i64(j, &i) || (i != 0 && i != 1))
        return false;
    *out = i == 1;
    return true;
}

bool json_double(const struct json *j, double *out)
{
    struct str s;
    size_t digits;
    bool exponent;
    double d;

    if (number_text(j, &s)) {
        if (number_end(s, 0, &digits, &exponent) != s.n || s.n == 0)
            return false;
        d = strtod(s.p, NULL);
    } else if (json_kind(j) == JSON_NUMBER) {
        d = inner(j)->valuedouble;
    } else {
        return false;
    }
    if (!isfinite(d))
        return false;
    *out = d;
    return true;
}

static void print_scalar(const cJSON *c, struct buf *out)
{
    struct str s = STR_NONE;

    if (is_marked(c))
        buf_puts(out, c->valuestring + 1);
    else if (json_text(outer(c), &s))
        json_quote(out, s);
    else if (cJSON_IsNumber(c))
        buf_printf(out, "%.15g", c->valuedouble);
    else
        buf_puts(out, cJSON_IsTrue(c) ? "true" : cJSON_IsFalse(c) ? "false" : "null");
}

/* Recursion is bounded by JSON_DEPTH_MAX: no deeper document is ever built. */
static void print_node(const cJSON *c, struct buf *out)
{
    bool object = cJSON_IsObject(c);

    if (!object && !cJSON_IsArray(c)) {
        print_scalar(c, out);
        return;
    }
    buf_char(out, object ? '{' : '[');
    for (const cJSON *child = c->child; child; child = child->next) {
        if (object) {
            json_quote(out, str_of(child->string));
            buf_char(out, ':');
        }
        print_node(child, out);
        if (child->next)
            buf_char(out, ',');
    }
    buf_char(out, object ? '}' : ']');
}

void json_print(const struct json *j, struct buf *out)
{
    if (j)
        print_node(inner(j), out);
}

static void quote_control(struct buf *out, unsigned char c)
{
    static const char letters[] = {
        ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r'
    };

    if (c < sizeof letters && letters[c]) {
        buf_char(out, '\\');
        buf_char(out, letters[c]);
    } else {
        buf_printf(out, "\\u%04x", c);
    }
}

void json_quote(struct buf *out, struct str text)
{
    size_t i = 0, done = 0;

    buf_char(out, '"');
    while (i < text.n) {
        unsigned char c;
        uint32_t code;
        size_t n;

        i = skip_plain(text.p, i, text.n);
        if (i >= text.n)
            break;
        c = (unsigned char)text.p[i];
        n = str_utf8(text, i, &code);
        if (n > 0 && c >= 0x20 && c != '"' && c != '\\' && c != 0x7f &&
            (n == 1 || !str_deceives(code))) {
            i += n;
            continue;
        }
        buf_add(out, text.p + done, i - done);
        done = i += n ? n : 1;
        if (n == 0) {
            buf_puts(out, REPLACEMENT);
        } else if (n > 1 ||
                   c == 0x7f) {    // the same text to a reader of JSON, and nothing to a terminal
            buf_printf(out, "\\u%04x", (unsigned)code);
        } else if (c < 0x20) {
            quote_control(out, c);
        } else {
            buf_char(out, '\\');
            buf_char(out, (char)c);
        }
    }
    buf_add(out, text.p ? text.p + done : NULL, text.n - done);
    buf_char(out, '"');
}
