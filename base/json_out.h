/* base/json_out.h: JSON written value by value; commas and indents come by themselves.
 *
 *     struct buf text = {0};
 *     struct json_out o = { .buf = &text, .style = JSON_COMPACT };
 *
 *     json_open(&o, NULL);                    // the root has no key
 *     json_put_int(&o, "items", 3);
 *     json_open_list(&o, "ids");
 *     json_put_id(&o, NULL, id);              // nor has an element of a list
 *     json_close(&o);                         // whichever of the two was opened last
 *     json_close(&o);
 *     buf_char(&text, '\n');                  // {"items":3,"ids":["7301234567890123456"]}
 *
 * Styles:    compact is one line without blanks; pretty is a line a value,
 *            two blanks an indent. The writer never ends the last line.
 * Absent:    a share below 0 and an instant 0 are null; text of none is "".
 * Fragments: values put while nothing is open are parted by commas, so that a
 *            list's elements can be gathered first and put in later (json_put_raw).
 * Ownership: the buffer is the caller's; nothing else is held.
 * Errors:    none; nesting beyond 64, or one json_close too many, is a fault of ours: die(). */
#ifndef BASE_JSON_OUT_H
#define BASE_JSON_OUT_H
#include <stdbool.h>
#include <stdint.h>
#include "base/str.h"

enum json_style { JSON_PRETTY = 0, JSON_COMPACT };
struct json_out {
    struct buf *buf;
    enum json_style style;
    int depth;               // of what is open
    uint64_t lists;          // bit d: what was opened at depth d is a list
    bool filled;             // it holds a value already
    bool keyed;              // json_put_key was called, its value is next
};

void json_open(struct json_out *, const char *key);         // {
void json_open_list(struct json_out *, const char *key);    // [
void json_close(struct json_out *);
/* A key that is not a literal; the value follows, with key NULL. */
void json_put_key(struct json_out *, struct str key);

void json_put_int(struct json_out *, const char *key, int64_t n);
void json_put_id(struct json_out *, const char *key, uint64_t id);      // a string: above 2^53
void json_put_bool(struct json_out *, const char *key, bool yes);
void json_put_null(struct json_out *, const char *key);
void json_put_text(struct json_out *, const char *key, struct str text);
void json_put_word(struct json_out *, const char *key, const char *word);
/* UTC seconds as RFC 3339; days since 1970-01-01 as a date (day 0 is one). */
void json_put_instant(struct json_out *, const char *key, int64_t at);
void json_put_date(struct json_out *, const char *key, int64_t day);
/* Six decimals: a share of one. Two of them as [low, high], on one line in both
 * styles; null where there is none. */
void json_put_share(struct json_out *, const char *key, double share);
void json_put_interval(struct json_out *, const char *key, bool has, double low, double high);
/* So many decimals; so many digits that count, for what can be far below 1. */
void json_put_fixed(struct json_out *, const char *key, double x, int decimals);
void json_put_real(struct json_out *, const char *key, double x, int digits);
/* Text that is JSON already: a value, or elements with commas between them; nothing where empty. */
void json_put_raw(struct json_out *, const char *key, struct str json);

/* text as a JSON string with quotes, everything escaped that must be; invalid
 * UTF-8 becomes U+FFFD. For what no struct json_out writes. */
void json_quote(struct buf *out, struct str text);
#endif
