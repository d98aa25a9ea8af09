/* store/pg_values.c: values as PostgreSQL sends and takes them. */
#include <endian.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/json_out.h"
#include "store/pg_values.h"

#define STRANGE 0x10FF00u    // and the 255 characters behind it

static void put_be(struct buf *out, uint64_t n, int bytes)
{
    char be[8];

    for (int i = 0; i < bytes; i++)
        be[i] = (char)(n >> (8 * (bytes - 1 - i)));
    buf_add(out, be, (size_t)bytes);
}

static uint64_t get_be(struct str s)
{
    uint64_t n = 0;

    if (s.n == sizeof n) {    // of most numbers
        memcpy(&n, s.p, sizeof n);
        return be64toh(n);
    }
    for (size_t i = 0; i < s.n; i++)
        n = n << 8 | (unsigned char)s.p[i];
    return n;
}

/* ---- texts ---- */
static void put_strange(struct buf *out, unsigned char byte)
{
    const uint32_t c = STRANGE + byte;
    const char utf8[4] = { (char)(0xF0 | c >> 18), (char)(0x80 | (c >> 12 & 0x3F)),
                           (char)(0x80 | (c >> 6 & 0x3F)), (char)(0x80 | (c & 0x3F)) };

    buf_add(out, utf8, sizeof utf8);
}

static void put_text(struct buf *out, struct str s)
{
    size_t from = 0, at = 0;

    while (at < s.n) {
        uint32_t code = 0;
        size_t n = s.p[at] > 0 ? 1 : str_utf8(s, at, &code);

        if (n == 1 && s.p[at] > 0) {
            at++;
            continue;
        }
        if (n > 0 && code != 0 && code < STRANGE) {
            at += n;
            continue;
        }
        buf_add(out, s.p + from, at - from);
        n = n ? n : 1;
        for (size_t i = 0; i < n; i++)
            put_strange(out, (unsigned char)s.p[at + i]);
        at += n;
        from = at;
    }
    if (at > from)
        buf_add(out, s.p + from, at - from);
}

static struct str get_text(struct str s, struct arena *mem)
{
    struct buf out = { 0 };
    struct str whole;

    if (!s.n || !memchr(s.p, 0xF4, s.n))
        return s;
    for (size_t at = 0, n; at < s.n; at += n) {
        uint32_t code = 0;

        n = str_utf8(s, at, &code);
        n = n ? n : 1;
        if (code >= STRANGE)
            buf_char(&out, (char)(code - STRANGE));
        else
            buf_add(&out, s.p + at, n);
    }
    whole = arena_dup(mem, buf_view(&out));
    buf_release(&out);
    return whole;
}

/* ---- going in ---- */
static void put_json(struct buf *out, const struct arg *a)
{
    struct json_out o = { .buf = out, .style = JSON_COMPACT };
    struct buf text = { 0 };
    char number[40];

    if (a->kind == ARG_TEXT) {
        put_text(&text, a->text);
        json_put_text(&o, NULL, buf_view(&text));
    } else if (a->kind == ARG_REAL) {
        snprintf(number, sizeof number, "%.17g", a->real);
        buf_printf(out, strpbrk(number, ".e") ? "%s" : "%s.0", number);
    } else {
        buf_printf(out, "%" PRId64, a->i);
    }
    buf_release(&text);
}

static int put_int(struct buf *out, const struct arg *a, struct err *err)
{
    int64_t n = a->i;

    if (a->kind == ARG_TEXT && !str_i64(a->text, &n))
        return err_set(err, ERR_IO, "a text stands where a number belongs: %.*s",
                       STR_ARG(str_sub(a->text, 0, 60)));
    put_be(out, (uint64_t)(a->kind == ARG_REAL ? (int64_t)a->real : n), 8);
    return 0;
}

static int put_one(struct buf *out, char kind, const struct arg *a, struct err *err)
{
    double real = a->kind == ARG_REAL ? a->real : (double)a->i;
    uint64_t bits;

    switch (kind | 0x20) {
    case 'i': return put_int(out, a, err);
    case 'r':
        memcpy(&bits, &real, sizeof bits);
        put_be(out, bits, 8);
        break;
    case 'v': put_json(out, a); break;
    case 'b': buf_add(out, a->text.p ? a->text.p : "", a->text.n); break;
    default:
        if (a->kind == ARG_INT)
            buf_printf(out, "%" PRId64, a->i);
        else
            put_text(out, a->text);
    }
    return 0;
}

static void set_be(struct buf *out, size_t at, uint32_t n)
{
    for (int i = 0; i < 4; i++)
        out->p[at + (size_t)i] = (char)(n >> (8 * (3 - i)));
}

/* Its bytes behind their number; NULL has a number alone. */
static int put_cell(struct buf *out, char kind, const struct arg *a, struct err *err)
{
    const size_t at = out->n;

    put_be(out, UINT32_MAX, 4);    // NULL
    if (a->kind == ARG_NULL)
        return 0;
    if (put_one(out, kind, a, err))
        return -1;
    set_be(out, at, (uint32_t)(out->n - at - 4));
    return 0;
}

/* One column of all rows, as an array. */
static int put_column(struct buf *out, char kind, unsigned element, const struct rows *r,
                      int column, struct err *err)
{
    put_be(out, r->n ? 1 : 0, 4);    // dimensions
    put_be(out, 1, 4);               // there may be NULLs
    put_be(out, element, 4);
    if (r->n) {
        put_be(out, r->n, 4);
        put_be(out, 1, 4);    // the first has number 1
    }
    for (size_t i = 0; i < r->n; i++)
        if (put_cell(out, kind, &r->v[i * (size_t)r->columns + (size_t)column], err))
            return -1;
    return 0;
}

void pg_copy_begin(struct buf *out)
{
    static const char begin[19] = "PGCOPY\n\377\r\n";    // then no flags, and no more of a head

    buf_add(out, begin, sizeof begin);
}

int pg_copy_rows(struct buf *out, const char *kinds, const struct rows *r, struct err *err)
{
    for (size_t i = 0; i < r->n; i++) {
        put_be(out, (uint64_t)r->columns, 2);
        for (int c = 0; c < r->columns; c++)
            if (put_cell(out, kinds[c], &r->v[i * (size_t)r->columns + (size_t)c], err))
                return -1;
    }
    return 0;
}

void pg_copy_end(struct buf *out) { put_be(out, UINT16_MAX, 2); }

static unsigned element_of(unsigned array)
{
    switch (array) {
    case PG_INT8S: return PG_INT8;
    case PG_FLOAT8S: return PG_FLOAT8;
    case PG_BYTEAS: return PG_BYTEA;
    case PG_JSONS: return PG_JSON;
    default: return PG_TEXT;
    }
}

int pg_params(struct pg_params *p, const struct pg_wants *w, const struct arg *args,
              struct err *err)
{
    buf_clear(&p->mem);
    buf_grow(&p->mem, 1);
    for (int i = 0; i < w->n; i++) {
        const struct arg *a = &args[w->arg[i]];

        p->at[i] = p->mem.n;
        p->format[i] = 1;
        if (w->column[i] >= 0     ? put_column(&p->mem, w->kind[i], element_of(w->type[i]), a->rows,
                                               w->column[i], err)
            : a->kind == ARG_NULL ? 0
                                  : put_one(&p->mem, w->kind[i], a, err))
            return -1;
        p->length[i] = (int)(p->mem.n - p->at[i]);
    }
    for (int i = 0; i < w->n; i++)
        p->value[i] = args[w->arg[i]].kind == ARG_NULL ? NULL : p->mem.p + p->at[i];
    return 0;
}

/* ---- coming out ---- */
/* A whole number, as sums are: digits of 10,000, of which the first stands for
 * 10,000 ^ weight. */
static int64_t numeric(struct str s)
{
    const int digits = s.n >= 8 ? (int)get_be(str_sub(s, 0, 2)) : 0;
    int weight = s.n >= 8 ? (int16_t)get_be(str_sub(s, 2, 2)) : -1;
    int64_t n = 0;

    for (int i = 0; weight >= 0; i++, weight--)
        n = n * 10000 + (i < digits ? (int64_t)get_be(str_sub(s, 8 + 2 * (size_t)i, 2)) : 0);
    return s.n >= 8 && s.p[4] & 0x40 ? -n : n;
}

int64_t pg_cell_int(unsigned type, struct str s)
{
    int64_t n = 0;

    switch (type) {
    case PG_INT8: return (int64_t)get_be(s);
    case PG_INT4: return (int32_t)get_be(s);
    case PG_INT2: return (int16_t)get_be(s);
    case PG_BOOL: return s.n && s.p[0];
    case PG_NUMERIC: return numeric(s);
    case PG_FLOAT8: return (int64_t)pg_cell_real(type, s);
    default: return str_i64(s, &n) ? n : 0;
    }
}

double pg_cell_real(unsigned type, struct str s)
{
    uint64_t bits = get_be(s);
    double real;

    if (type != PG_FLOAT8)
        return (double)pg_cell_int(type, s);
    memcpy(&real, &bits, sizeof real);
    return real;
}

struct str pg_cell_text(unsigned type, struct str s, struct arena *mem)
{
    if (type == PG_INT8 || type == PG_INT4 || type == PG_NUMERIC)
        return arena_printf(mem, "%" PRId64, pg_cell_int(type, s));
    return get_text(s, mem);
}

/* What put_json wrote. */
static void get_json(struct str s, struct arena *mem, struct value *out)
{
    struct err err = { 0 };
    struct json_doc doc = { 0 };
    struct str text;

    *out = (struct value){ .kind = VAL_NONE };
    if (json_parse(s, &doc, &err) == 0) {
        if (json_kind(doc.root) == JSON_STRING && json_text(doc.root, &text))
            *out = (struct value){ .kind = VAL_TEXT, .text = get_text(arena_dup(mem, text), mem) };
    }
    json_free(&doc);
}

static void get_number(struct str s, struct arena *mem, struct value *out)
{
    struct str text = arena_dup(mem, s);    // with a NUL behind it

    if (memchr(text.p, '.', text.n) || memchr(text.p, 'e', text.n))
        *out = (struct value){ .kind = VAL_REAL, .real = strtod(text.p, NULL) };
    else
        *out = (struct value){ .kind = VAL_INT, .i = strtoll(text.p, NULL, 10) };
}

void pg_cell_value(unsigned type, struct str s, struct arena *mem, struct value *out)
{
    if (type == PG_JSON && s.n && s.p[0] == '"')
        get_json(s, mem, out);
    else if (type == PG_JSON)
        get_number(s, mem, out);
    else if (type == PG_TEXT)
        *out = (struct value){ .kind = VAL_TEXT, .text = get_text(s, mem) };
    else if (type == PG_FLOAT8)
        *out = (struct value){ .kind = VAL_REAL, .real = pg_cell_real(type, s) };
    else if (type == PG_BYTEA)
        *out = (struct value){ .kind = VAL_NONE };
    else
        *out = (struct value){ .kind = VAL_INT, .i = pg_cell_int(type, s) };
}
