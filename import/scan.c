/* import/scan.c: a push scanner for JSON (RFC 8259), lenient towards control
 * characters in strings. It knows one string, and the keys on the way to it. */
#include <string.h>
#include "import/scan.h"

enum state {
    AT_VALUE = 0,        // a value; at the root also the end
    AT_FIRST_ELEMENT,    // a value or ]
    AT_FIRST_KEY,        // a key or }
    AT_KEY, AT_COLON,
    AT_NEXT,             // a comma, or the end of the container
    IN_STRING, IN_ESCAPE, IN_UNICODE,
    IN_WORD,             // a number, true, false, null
    AT_LINE_END,         // passing over a broken line
};
static const char *const expected[] = {
    [AT_VALUE] = "a value",
    [AT_FIRST_ELEMENT] = "a value or ]",
    [AT_FIRST_KEY] = "a key in quotes or }",
    [AT_KEY] = "a key in quotes",
    [AT_COLON] = "a colon",
    [AT_NEXT] = "a comma or the end of the list",
    [IN_STRING] = "the end of a string",
    [IN_ESCAPE] = "an escape such as \\n",
    [IN_UNICODE] = "four hexadecimal digits",
    [IN_WORD] = "a number, true, false or null",
    [AT_LINE_END] = "a line end",
};
void scan_init(struct scan *s, const struct scan_user *user, bool lines)
{
    memset(s, 0, sizeof *s);
    s->user = *user;
    s->lines = lines;
    s->line = 1;
    s->skip_depth = SCAN_DEPTH_MAX + 1;
}
void scan_release(struct scan *s)
{
    buf_release(&s->text);
}
struct str scan_key(const struct scan *s, int up)
{
    for (int d = s->depth; d > 0; d--)
        if (s->level[d].object && up-- == 0)
            return (struct str){ s->level[d].key, s->level[d].key_len };
    return STR_NONE;
}
static bool skipping(const struct scan *s)
{
    return s->depth >= s->skip_depth;
}
static void tell_broken(struct scan *s)
{
    if (s->user.broken)
        s->user.broken(s->user.to);
}
static int tell_value(struct scan *s, enum scan_type type, struct str text, struct err *err)
{
    return s->user.value && !skipping(s) ? s->user.value(s->user.to, s, type, text, err) : 0;
}
/* Wrong bytes: an error, or in lines a line to pass over. */
static int wrong(struct scan *s, struct err *err)
{
    if (s->lines) {
        tell_broken(s);
        s->depth = 0;
        s->skip_depth = SCAN_DEPTH_MAX + 1;
        s->state = AT_LINE_END;
        return 0;
    }
    return err_set(err, ERR_INPUT, "line %lld: expected %s", (long long)s->line,
                   expected[s->state]);
}
static void value_done(struct scan *s)
{
    s->state = s->depth ? AT_NEXT : AT_VALUE;
    s->documents += s->depth == 0;
}

/* ---- containers ---- */
static int begin(struct scan *s, bool object, struct err *err)
{
    if (s->depth == SCAN_DEPTH_MAX)
        return s->lines ? wrong(s, err)
                        : err_set(err, ERR_INPUT, "line %lld: nested deeper than %d levels",
                                  (long long)s->line, SCAN_DEPTH_MAX);
    if (!skipping(s) && s->user.enter && !s->user.enter(s->user.to, s, object))
        s->skip_depth = s->depth + 1;
    s->depth++;
    s->level[s->depth].object = object;
    s->level[s->depth].key_len = 0;
    s->state = object ? AT_FIRST_KEY : AT_FIRST_ELEMENT;
    return 0;
}
static int finish(struct scan *s, bool object, struct err *err)
{
    if (!s->depth || s->level[s->depth].object != object)
        return wrong(s, err);
    s->depth--;
    if (s->depth + 1 == s->skip_depth)
        s->skip_depth = SCAN_DEPTH_MAX + 1;
    else if (s->user.leave && !skipping(s))
        s->user.leave(s->user.to, s, object);
    value_done(s);
    return 0;
}

/* ---- strings ---- */
static void begin_string(struct scan *s, bool key)
{
    s->is_key = key;
    s->collect = !skipping(s) && (key || (s->user.wants && s->user.wants(s->user.to, s)));
    s->state = IN_STRING;
    buf_clear(&s->text);
}
static void add_bytes(struct scan *s, const char *p, size_t n)
{
    size_t max = s->is_key ? SCAN_KEY_MAX : SCAN_TEXT_MAX;

    if (s->collect && s->text.n < max)
        buf_add(&s->text, p, n < max - s->text.n ? n : max - s->text.n);
}
static void add_char(struct scan *s, uint32_t c)
{
    char u[3];

    if (c == 0)
        c = 0x2400;
    if (c >= 0xd800 && c <= 0xdfff)      // halves of a pair: no link holds one
        c = '?';
    if (c < 0x80) {
        u[0] = (char)c;
        add_bytes(s, u, 1);
    } else if (c < 0x800) {
        u[0] = (char)(0xc0 | c >> 6);
        u[1] = (char)(0x80 | (c & 63));
        add_bytes(s, u, 2);
    } else {
        u[0] = (char)(0xe0 | c >> 12);
        u[1] = (char)(0x80 | (c >> 6 & 63));
        u[2] = (char)(0x80 | (c & 63));
        add_bytes(s, u, 3);
    }
}
static int end_string(struct scan *s, struct err *err)
{
    if (s->is_key) {
        struct scan_level *at = &s->level[s->depth];

        at->key_len = (uint8_t)s->text.n;
        if (s->text.n)
            memcpy(at->key, s->text.p, s->text.n);
        at->key[s->text.n] = '\0';
        s->state = AT_COLON;
        return 0;
    }
    if (s->collect && tell_value(s, SCAN_STRING, buf_view(&s->text), err))
        return -1;
    value_done(s);
    return 0;
}
static int escape_char(struct scan *s, char c, struct err *err)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    const char *at = c ? strchr(from, c) : NULL;

    if (c == 'u') {
        s->unicode = 0;
        s->hex_digits = 0;
        s->state = IN_UNICODE;
        return 0;
    }
    if (!at)
        return wrong(s, err);
    add_bytes(s, &to[at - from], 1);
    s->state = IN_STRING;
    return 0;
}
static int unicode_char(struct scan *s, char c, struct err *err)
{
    char l = (char)(c | 0x20);
    int v = c >= '0' && c <= '9' ? c - '0' : l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;

    if (v < 0)
        return wrong(s, err);
    s->unicode = s->unicode * 16 + (uint32_t)v;
    if (++s->hex_digits == 4) {
        add_char(s, s->unicode);
        s->state = IN_STRING;
    }
    return 0;
}

/* ---- numbers and words ---- */
static bool is_number(struct str t)
{
    size_t i = 0, digits = 0;

    i += i < t.n && t.p[i] == '-';
    for (; i < t.n && t.p[i] >= '0' && t.p[i] <= '9'; i++)
        digits++;
    if (!digits)
        return false;
    for (; i < t.n; i++)                  // fraction and exponent: form is enough
        if (!strchr("0123456789.eE+-", t.p[i]))
            return false;
    return true;
}
static int end_word(struct scan *s, struct err *err)
{
    struct str t = buf_view(&s->text);
    enum scan_type type;

    if (str_eq(t, STR("null")))
        type = SCAN_NULL;
    else if (str_eq(t, STR("true")))
        type = SCAN_TRUE;
    else if (str_eq(t, STR("false")))
        type = SCAN_FALSE;
    else if (is_number(t))
        type = SCAN_NUMBER;
    else
        return wrong(s, err);
    if (tell_value(s, type, t, err))
        return -1;
    value_done(s);
    return 0;
}
static bool is_word_char(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-' || c == '+' || c == '.' ||
           c == 'E';
}

/* ---- the machine ---- */
static int at_value(struct scan *s, char c, struct err *err)
{
    if (c == '{' || c == '[')
        return begin(s, c == '{', err);
    if (c == ']' && s->state == AT_FIRST_ELEMENT)
        return finish(s, false, err);
    if (c == '"') {
        begin_string(s, false);
        return 0;
    }
    if (!is_word_char(c) || c == '+' || c == '.')
        return wrong(s, err);
    buf_clear(&s->text);
    buf_char(&s->text, c);
    s->state = IN_WORD;
    return 0;
}
static int at_mark(struct scan *s, char c, struct err *err)
{
    switch (s->state) {
    case AT_VALUE: case AT_FIRST_ELEMENT:
        return at_value(s, c, err);
    case AT_FIRST_KEY: case AT_KEY:
        if (c == '"') {
            begin_string(s, true);
            return 0;
        }
        return c == '}' && s->state == AT_FIRST_KEY ? finish(s, true, err) : wrong(s, err);
    case AT_COLON:
        if (c != ':')
            return wrong(s, err);
        s->state = AT_VALUE;
        return 0;
    default:    // AT_NEXT
        if (c == '}' || c == ']')
            return finish(s, c == '}', err);
        if (c != ',')
            return wrong(s, err);
        s->state = s->level[s->depth].object ? AT_KEY : AT_VALUE;
        return 0;
    }
}
/* The plain part of a string at once; returns how many bytes it took. */
static size_t string_run(struct scan *s, struct str piece)
{
    size_t n = 0;

    while (n < piece.n && piece.p[n] != '"' && piece.p[n] != '\\' && piece.p[n] != '\n')
        n++;
    add_bytes(s, piece.p, n);
    return n;
}
static int step(struct scan *s, char c, struct err *err)
{
    switch (s->state) {
    case IN_STRING:
        if (c == '\\')
            s->state = IN_ESCAPE;
        else if (c == '"')
            return end_string(s, err);
        else
            add_bytes(s, &c, 1);
        return 0;
    case IN_ESCAPE:
        return escape_char(s, c, err);
    case IN_UNICODE:
        return unicode_char(s, c, err);
    case AT_LINE_END:
        return 0;
    default:
        return c == ' ' || c == '\t' || c == '\r' || c == '\n' ? 0 : at_mark(s, c, err);
    }
}
/* One document a line: a line end within one breaks it. */
static void line_end(struct scan *s)
{
    s->line++;
    if (!s->lines)
        return;
    if (s->state != AT_LINE_END && (s->depth || s->state != AT_VALUE))
        tell_broken(s);
    s->state = AT_VALUE;
    s->depth = 0;
    s->skip_depth = SCAN_DEPTH_MAX + 1;
}
int scan_feed(struct scan *s, struct str piece, struct err *err)
{
    const int64_t base = s->at;

    for (size_t i = 0; i < piece.n; i++) {
        if (s->state == IN_STRING) {
            i += string_run(s, (struct str){ piece.p + i, piece.n - i });
            if (i == piece.n)
                break;
        }
        if (s->state == IN_WORD) {
            if (is_word_char(piece.p[i]) && s->text.n < 64) {
                buf_char(&s->text, piece.p[i]);
                continue;
            }
            if (end_word(s, err))
                return -1;
        }
        if (piece.p[i] == '\n')
            line_end(s);
        if (piece.p[i] == '\n' && s->lines)
            continue;
        s->at = base + (int64_t)i;
        if (step(s, piece.p[i], err))
            return -1;
    }
    s->at = base + (int64_t)piece.n;
    return 0;
}
int scan_end(struct scan *s, struct err *err)
{
    if (s->state == IN_WORD && end_word(s, err))
        return -1;
    if (s->depth || (s->state != AT_VALUE && s->state != AT_LINE_END)) {
        if (!s->lines)
            return err_set(err, ERR_INPUT, "line %lld: the file ends where %s was expected",
                           (long long)s->line, expected[s->state]);
        tell_broken(s);
    }
    return 0;
}
