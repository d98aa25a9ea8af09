/* import/escape.c: escapes, undone. */
#include "import/escape.h"
#include <string.h>

static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c; }
static struct str from(struct str s, size_t at)
{
    return at > s.n ? STR_NONE : (struct str){ s.p + at, s.n - at };
}
static int hex_value(char c)
{
    c = lower(c);
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}
/* Reads `digits` hex digits; -1 where there are fewer. */
static int hex_read(struct str s, size_t digits)
{
    int v = 0;

    if (s.n < digits)
        return -1;
    for (size_t i = 0; i < digits; i++) {
        int d = hex_value(s.p[i]);
        if (d < 0)
            return -1;
        v = v * 16 + d;
    }
    return v;
}
struct str escape_undo_percent(struct str s, char *out, size_t max)
{
    size_t n = 0;

    for (size_t i = 0; i < s.n && n < max; i++) {
        int v = s.p[i] == '%' ? hex_read(from(s, i + 1), 2) : -1;

        out[n++] = v >= 0 ? (char)v : s.p[i];
        i += v >= 0 ? 2 : 0;
    }
    return (struct str){ out, n };
}
/* \/ and \u002F of JSON text, &amp; and its like of HTML. */
struct str escape_undo_text(struct str s, char *out, size_t max)
{
    static const struct {
        const char *name;
        char c;
    } entities[] = {
        { "&amp;", '&' },  { "&#38;", '&' },  { "&#x26;", '&' }, { "&#47;", '/' },
        { "&#x2f;", '/' }, { "&#58;", ':' },  { "&#x3a;", ':' }, { "&#61;", '=' },
        { "&#x3d;", '=' }, { "&quot;", '"' },
    };
    size_t n = 0;

    for (size_t i = 0; i < s.n && n < max; i++) {
        char c = s.p[i];

        if (c == '\\' && i + 1 < s.n) {
            int v = lower(s.p[i + 1]) == 'u' ? hex_read(from(s, i + 2), 4) : -1;

            if (v > 0 && v < 0x80) {
                c = (char)v;
                i += 5;
            } else if (s.p[i + 1] == '/') {
                c = '/';
                i++;
            }
        } else if (c == '&') {
            for (size_t e = 0; e < sizeof entities / sizeof entities[0]; e++)
                if (str_starts_nocase(from(s, i), str_of(entities[e].name))) {
                    c = entities[e].c;
                    i += strlen(entities[e].name) - 1;
                    break;
                }
        }
        out[n++] = c;
    }
    return (struct str){ out, n };
}
size_t escape_odd_scheme_len(struct str s, size_t n)
{
    static const char *const spelled[] = {
        ":\\/\\/",         "%3a%2f%2f", "%3a//",       ":\\u002f\\u002f", "\\u003a\\u002f\\u002f",
        "&#58;",           "&#x3a;",    ":&#47;&#47;", ":&#x2f;&#x2f;",
        "%253a%252f%252f",    // escaped twice: a wrap within a wrap
    };

    for (size_t i = 0; i < sizeof spelled / sizeof spelled[0]; i++)
        if (str_starts_nocase(from(s, n), str_of(spelled[i])))
            return n + strlen(spelled[i]);
    return 0;
}
