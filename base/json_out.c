/* base/json_out.c: JSON written value by value. */
#include <inttypes.h>
#include "base/json_out.h"
#include "base/json_scan.h"
#include "base/utc.h"

#define DEPTH_MAX 64            // bits of json_out.lists
#define REPLACEMENT "\xef\xbf\xbd"       // U+FFFD

/* ---- text ---- */

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

        i = json_plain_end(text.p, i, text.n);
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
        } else if (n > 1 || c == 0x7f) {
            /* The same text to a reader of JSON, and nothing to a terminal. */
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

/* ---- values ---- */

/* What stands before a value: a comma, its line and its key. */
static void begin_value(struct json_out *o, struct str key)
{
    if (o->keyed) {
        o->keyed = false;
        return;
    }
    if (o->filled)
        buf_char(o->buf, ',');
    if (o->style == JSON_PRETTY && (o->filled || o->depth > 0)) {
        buf_char(o->buf, '\n');
        for (int i = 0; i < o->depth; i++)
            buf_puts(o->buf, "  ");
    }
    o->filled = true;
    if (!key.p)
        return;
    json_quote(o->buf, key);
    buf_puts(o->buf, o->style == JSON_PRETTY ? ": " : ":");
}

static void open_in(struct json_out *o, const char *key, bool list)
{
    begin_value(o, str_of(key));
    if (o->depth == DEPTH_MAX)
        die("JSON of ours is nested beyond %d", DEPTH_MAX);
    buf_char(o->buf, list ? '[' : '{');
    o->lists &= ~(UINT64_C(1) << o->depth);
    o->lists |= (uint64_t)list << o->depth;
    o->depth++;
    o->filled = false;
}

void json_open(struct json_out *o, const char *key)
{
    open_in(o, key, false);
}

void json_open_list(struct json_out *o, const char *key)
{
    open_in(o, key, true);
}

void json_close(struct json_out *o)
{
    if (o->depth == 0)
        die("JSON of ours is closed once too often");
    o->depth--;
    if (o->filled && o->style == JSON_PRETTY) {
        buf_char(o->buf, '\n');
        for (int i = 0; i < o->depth; i++)
            buf_puts(o->buf, "  ");
    }
    o->filled = true;
    buf_char(o->buf, o->lists >> o->depth & 1 ? ']' : '}');
}

void json_put_key(struct json_out *o, struct str key)
{
    begin_value(o, key);
    o->keyed = true;
}

void json_put_int(struct json_out *o, const char *key, int64_t n)
{
    begin_value(o, str_of(key));
    buf_printf(o->buf, "%" PRId64, n);
}

void json_put_id(struct json_out *o, const char *key, uint64_t id)
{
    begin_value(o, str_of(key));
    buf_printf(o->buf, "\"%" PRIu64 "\"", id);
}

void json_put_bool(struct json_out *o, const char *key, bool yes)
{
    begin_value(o, str_of(key));
    buf_puts(o->buf, yes ? "true" : "false");
}

void json_put_null(struct json_out *o, const char *key)
{
    begin_value(o, str_of(key));
    buf_puts(o->buf, "null");
}

void json_put_text(struct json_out *o, const char *key, struct str text)
{
    begin_value(o, str_of(key));
    json_quote(o->buf, text);
}

void json_put_word(struct json_out *o, const char *key, const char *word)
{
    json_put_text(o, key, str_of(word));
}

void json_put_instant(struct json_out *o, const char *key, int64_t at)
{
    char text[UTC_TEXT_MAX];

    if (at)
        json_put_word(o, key, utc_rfc3339(at, text));
    else
        json_put_null(o, key);
}

void json_put_date(struct json_out *o, const char *key, int64_t day)
{
    char text[UTC_TEXT_MAX];

    json_put_word(o, key, utc_date(day, text));
}

void json_put_share(struct json_out *o, const char *key, double share)
{
    if (share < 0)
        json_put_null(o, key);
    else
        json_put_fixed(o, key, share, 6);
}

void json_put_interval(struct json_out *o, const char *key, bool has, double low, double high)
{
    begin_value(o, str_of(key));
    if (has)
        buf_printf(o->buf, o->style == JSON_PRETTY ? "[%.6f, %.6f]" : "[%.6f,%.6f]", low, high);
    else
        buf_puts(o->buf, "null");
}

void json_put_fixed(struct json_out *o, const char *key, double x, int decimals)
{
    begin_value(o, str_of(key));
    buf_printf(o->buf, "%.*f", decimals, x);
}

void json_put_real(struct json_out *o, const char *key, double x, int digits)
{
    begin_value(o, str_of(key));
    buf_printf(o->buf, "%.*g", digits, x);
}

void json_put_raw(struct json_out *o, const char *key, struct str json)
{
    if (!json.n)
        return;
    begin_value(o, str_of(key));
    buf_str(o->buf, json);
}
