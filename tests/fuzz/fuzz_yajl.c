/* tests/fuzz/fuzz_yajl.c: base/json beside yajl, which hands numbers over as the
 * text that they came in. Both must take or refuse the same bytes, and read the
 * same values in the same order, doubled keys included: each document is written
 * down as a flat list of what was read, by each reader, and the lists are equal.
 *
 * Where they may differ, and nowhere else:
 * - more than 512 levels: base/json refuses them, yajl has no limit;
 * - a byte order mark before the value: base/json passes over it, yajl is not shown it;
 * - vertical tab and form feed: white space to yajl alone. JSON knows neither, in
 *   no place, so whatever holds one must be refused by base/json;
 * - a bare U+0000 in a string: refused by yajl; to base/json it is U+2400, as
 *   \u0000 is to both (yajl's is put down as U+2400);
 * - broken UTF-8 and lone surrogates (\ud800): U+FFFD to base/json, while yajl
 *   passes the bytes on and makes "?" or three odd bytes of the others. A text
 *   in which base/json has put U+FFFD is put down as "replaced" for both. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yajl/yajl_parse.h>
#include "base/json.h"
#include "base/json_scan.h"

#define BOM "\xef\xbb\xbf"
#define LEN_MAX (1u << 16)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* One entry a value: where it begins in text, and what it is. */
enum what {
    OPEN_OBJECT,
    OPEN_ARRAY,
    SHUT,
    KEY,
    TEXT,
    INTEGER,
    BIG,
    REAL,
    TOO_BIG,
    YES,
    NO,
    NOTHING
};
struct entry { enum what what; size_t at, n; int64_t i; uint64_t u; double d; };
struct list { struct entry *v; size_t n, cap; struct buf text; int depth, deepest, outermost; };

static struct entry *add(struct list *l, enum what what)
{
    if (l->n == l->cap) {
        l->cap = l->cap ? 2 * l->cap : 64;
        l->v = realloc(l->v, l->cap * sizeof *l->v);
        if (!l->v)
            abort();
    }
    l->v[l->n] = (struct entry){ .what = what };
    l->outermost += l->depth == 1 && what != SHUT;       // values right inside of yajl's brackets
    l->depth += what == OPEN_OBJECT || what == OPEN_ARRAY ? 1 : what == SHUT ? -1 : 0;
    l->deepest = l->depth > l->deepest ? l->depth : l->deepest;
    return &l->v[l->n++];
}

static void add_text(struct list *l, enum what what, struct str s)
{
    struct entry *e = add(l, what);

    e->at = l->text.n;
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i])
            buf_char(&l->text, s.p[i]);
        else
            buf_puts(&l->text, "\xe2\x90\x80");
    e->n = l->text.n - e->at;
}

/* ---- yajl's side ---- */

static int on_null(void *to)
{
    add(to, NOTHING);
    return 1;
}

static int on_bool(void *to, int yes)
{
    add(to, yes ? YES : NO);
    return 1;
}

/* By strtoll, strtoull and strtod of the C library; "12.0" and "1e3" are the
 * integers 12 and 1000 up to 2^53. */
static int on_number(void *to, const char *digits, size_t n)
{
    char *text = strndup(digits, n), *end;
    bool whole = text && strspn(text, "-0123456789") == n;
    struct entry *e = add(to, REAL);

    if (!text)
        abort();
    errno = 0;
    e->i = strtoll(text, &end, 10);
    if (whole && !errno) {
        e->what = INTEGER;
    } else {
        errno = 0;
        e->u = strtoull(text, &end, 10);
        e->d = strtod(text, NULL);
        if (whole && !errno && *text != '-')
            e->what = BIG;
        else if (!isfinite(e->d))
            e->what = TOO_BIG;
        else if (fabs(e->d) <= 9007199254740992.0 && fabs(e->d - trunc(e->d)) <= 0) {
            e->what = INTEGER;
            e->i = (int64_t)e->d;
        }
    }
    free(text);
    return 1;
}

static int on_text(void *to, const unsigned char *p, size_t n)
{
    add_text(to, TEXT, (struct str){ (const char *)p, n });
    return 1;
}

static int on_key(void *to, const unsigned char *p, size_t n)
{
    add_text(to, KEY, (struct str){ (const char *)p, n });
    return 1;
}

static int on_object(void *to)
{
    add(to, OPEN_OBJECT);
    return 1;
}

static int on_array(void *to)
{
    add(to, OPEN_ARRAY);
    return 1;
}

static int on_shut(void *to)
{
    add(to, SHUT);
    return 1;
}

/* yajl takes an unfinished word behind a whole value (null"), so the text stands
 * between brackets that it must not shut itself, and *l has them around it. */
static bool by_yajl(struct str in, struct list *l)
{
    static const yajl_callbacks calls = {
        .yajl_null = on_null,
        .yajl_boolean = on_bool,
        .yajl_number = on_number,
        .yajl_string = on_text,
        .yajl_start_map = on_object,
        .yajl_map_key = on_key,
        .yajl_end_map = on_shut,
        .yajl_start_array = on_array,
        .yajl_end_array = on_shut,
    };
    yajl_handle y = yajl_alloc(&calls, NULL, l);
    struct str part[] = { STR("["), in, STR("]") };
    bool ok = true;

    yajl_config(y, yajl_dont_validate_strings, 1);
    for (size_t i = 0; ok && i < 3; i++)
        ok = yajl_parse(y, (const unsigned char *)part[i].p, part[i].n) == yajl_status_ok &&
             l->depth == (i < 2);
    ok = ok && yajl_complete_parse(y) == yajl_status_ok && l->outermost == 1;
    yajl_free(y);
    return ok;
}

/* ---- our side ---- */

static void put_number(struct list *l, const struct json *j)
{
    struct entry *e = add(l, TOO_BIG);

    if (json_i64(j, &e->i))
        e->what = INTEGER;
    else if (json_u64(j, &e->u))
        e->what = BIG;
    else if (json_double(j, &e->d))
        e->what = REAL;
}

static void put_value(struct list *l, const struct json *j)
{
    enum json_kind kind = json_kind(j);
    struct str s = STR_NONE;

    switch (kind) {
    case JSON_OBJECT: case JSON_ARRAY:
        add(l, kind == JSON_OBJECT ? OPEN_OBJECT : OPEN_ARRAY);
        for (const struct json *c = json_first(j); c; c = json_next(c)) {
            if (kind == JSON_OBJECT)
                add_text(l, KEY, json_key(c));
            put_value(l, c);
        }
        add(l, SHUT);
        break;
    case JSON_STRING:
        if (!json_text(j, &s))
            abort();
        add_text(l, TEXT, s);
        break;
    case JSON_NUMBER: put_number(l, j); break;
    case JSON_TRUE: add(l, YES); break;
    case JSON_FALSE: add(l, NO); break;
    case JSON_NULL: add(l, NOTHING); break;
    case JSON_ABSENT: abort();
    }
}

/* ---- both ---- */

static bool same(const struct list *ours, const struct entry *a, const struct list *other,
                 const struct entry *b)
{
    struct str x = str_sub(buf_view(&ours->text), a->at, a->n),
               y = str_sub(buf_view(&other->text), b->at, b->n);

    if (a->what != b->what)
        return false;
    switch (a->what) {
    case KEY: case TEXT: return str_eq(x, y) || str_find(x, STR("\xef\xbf\xbd"), 0) >= 0;
    case INTEGER: return a->i == b->i;
    case BIG: return a->u == b->u;
    case REAL: return a->d >= b->d && a->d <= b->d;
    default: return true;
    }
}

static void compare(const struct list *ours, const struct list *other)
{
    if (ours->n + 2 != other->n)
        abort();
    for (size_t i = 0; i < ours->n; i++)
        if (!same(ours, &ours->v[i], other, &other->v[i + 1]))
            abort();
}

/* Refused by base/json alone. */
static bool may_refuse(struct str in, const struct err *err, const struct list *other)
{
    if (memchr(in.p, '\v', in.n) || memchr(in.p, '\f', in.n))
        return true;
    return strstr(err->msg, "512 levels") && other->deepest - 1 > JSON_DEPTH_MAX;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str in = { (const char *)data, size }, shown = in;
    struct list ours = {0}, other = {0};
    struct json_doc doc = {0};
    struct err err = {0};
    bool taken, by_other;

    if (size == 0 || size > LEN_MAX)
        return 0;
    if (str_starts(in, STR(BOM)))
        shown = str_sub(in, sizeof BOM - 1, in.n);
    taken = json_parse(in, &doc, &err) == 0;
    by_other = by_yajl(shown, &other);
    if (taken && !by_other && !memchr(in.p, 0, in.n))
        abort();
    if (!taken && by_other && !may_refuse(in, &err, &other))
        abort();
    if (taken && by_other) {
        put_value(&ours, doc.root);
        compare(&ours, &other);
    }
    json_free(&doc);
    free(ours.v);
    free(other.v);
    buf_release(&ours.text);
    buf_release(&other.text);
    return 0;
}
