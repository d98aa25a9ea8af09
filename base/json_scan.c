/* base/json_scan.c: the strict pass over JSON text. It keeps its own stack, so
 * that no input can make it recurse. */
#include <string.h>
#include "base/json_scan.h"

#define DIGITS_EXACT 15                  // every decimal number this long survives a double
#define SYMBOL_FOR_NULL "\xe2\x90\x80"   // U+2400
#define REPLACEMENT "\xef\xbf\xbd"       // U+FFFD
#define BOM "\xef\xbb\xbf"

struct scan {
    struct str in;
    size_t i;                            // next byte
    struct buf out; size_t copied;       // the rewritten text and how much of in it covers
    size_t nul_chars;
    const char *wrong;                   // what was expected
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

        s->i = json_plain_end(s->in.p, s->i, s->in.n);
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

size_t json_number_end(struct str in, size_t i, size_t *digits, bool *exponent)
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
    static const char open[] = { '"', JSON_MARK };
    size_t digits, end;
    bool exponent;

    end = json_number_end(s->in, s->i, &digits, &exponent);
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

int json_scan(struct str text, struct json_scan *out, struct err *err)
{
    struct scan s;

    /* The stack needs no value before it is pushed to. */
    s.in = text;
    s.i = s.nul_chars = 0;
    s.out = (struct buf){0};
    s.wrong = NULL;
    s.depth = 0;
    if (str_starts(text, STR(BOM)))
        s.i = sizeof BOM - 1;
    skip_space(&s);
    *out = (struct json_scan){ .start = s.i };
    if (s.i == text.n)
        return 0;
    s.copied = s.i;
    if (!scan_document(&s)) {
        buf_release(&s.out);
        return err_set(err, ERR_INPUT, "no valid JSON at byte %zu: expected %s", s.i, s.wrong);
    }
    out->used = s.i;
    out->nul_chars = s.nul_chars;
    out->clean = str_sub(text, out->start, s.i - out->start);
    if (s.out.n) {
        buf_add(&s.out, text.p + s.copied, s.i - s.copied);
        out->clean = buf_view(&s.out);
    }
    out->rewritten = s.out;
    return 0;
}
