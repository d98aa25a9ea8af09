/* base/json.c: cJSON behind a strict reader (base/json_scan.h). */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <cjson/cJSON.h>
#include "base/json.h"
#include "base/json_out.h"
#include "base/json_scan.h"

_Static_assert(JSON_DEPTH_MAX < CJSON_NESTING_LIMIT,
               "cJSON must accept every depth that we accept");

#define EXACT_MAX 9007199254740992.0     // 2^53

int json_parse_next(struct str text, struct json_doc *doc, size_t *used, struct err *err)
{
    struct json_scan s;
    cJSON *root;

    if (json_scan(text, &s, err))
        return -1;
    *doc = (struct json_doc){0};
    *used = 0;
    if (s.used == 0)
        return 0;
    cJSON_InitHooks(&(cJSON_Hooks){ .malloc_fn = lib_malloc, .free_fn = free });
    root = cJSON_ParseWithLengthOpts(s.clean.p, s.clean.n, NULL, 0);
    buf_release(&s.rewritten);
    if (!root)
        return err_set(err, ERR_INPUT, "cJSON cannot read the value at byte %zu", s.start);
    *doc = (struct json_doc){ .root = (struct json *)(void *)root, .nul_chars = s.nul_chars };
    *used = s.used;
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
    return cJSON_IsString(c) && c->valuestring[0] == JSON_MARK;
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

/* The first of several equal keys. */
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
        if (json_number_end(s, 0, &digits, &exponent) != s.n || s.n == 0)
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
