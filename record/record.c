/* record/record.c: values, sets and the digest of what should not change. */
#include <string.h>
#include "record/record.h"

const char *side_name(enum side s)
{
    static const char *const names[SIDE_COUNT] = { "api", "page" };

    return (unsigned)s < SIDE_COUNT ? names[s] : "";
}

struct value value_int(int64_t i)
{
    return (struct value){ .kind = VAL_INT, .i = i };
}

struct value value_text(struct str text)
{
    return (struct value){ .kind = VAL_TEXT, .text = text };
}

struct value value_real(double real)
{
    return (struct value){ .kind = VAL_REAL, .real = real };
}

bool value_eq(const struct value *a, const struct value *b)
{
    if (a->kind != b->kind)
        return false;
    switch (a->kind) {
    case VAL_INT:
        return a->i == b->i;
    case VAL_TEXT:
        return str_eq(a->text, b->text);
    case VAL_REAL:
        return a->real <= b->real && a->real >= b->real;
    case VAL_NONE:
        break;
    }
    return true;
}

struct str record_text(const struct record *r, enum field f)
{
    return r && r->val[f].kind == VAL_TEXT ? r->val[f].text : STR_NONE;
}

int record_set_count(struct record *r, enum field f, struct str digits, struct err *err)
{
    uint64_t n;

    if (!str_u64(digits, &n) || n > INT64_MAX)
        return err_set(err, ERR_INPUT, "%s: expected digits, not \"%.*s\"", field_info(f)->name,
                       (int)(digits.n < 40 ? digits.n : 40), digits.p ? digits.p : "");
    r->val[f] = value_int((int64_t)n);
    return 0;
}

/* Name, kind and length go in before the bytes, so that no two different
 * records can give the same stream. The name, for numbers change when a field
 * comes in. */
static void hash_value(struct digest_ctx *ctx, enum field f, const struct value *v)
{
    const char *name = field_info(f)->name;
    int64_t head[2] = { v->kind, v->kind == VAL_TEXT ? (int64_t)v->text.n : v->i };

    digest_add(ctx, name, strlen(name) + 1);
    digest_add(ctx, head, sizeof head);
    if (v->kind == VAL_TEXT)
        digest_add(ctx, v->text.p, v->text.n);
}

struct digest record_hash(const struct record *r)
{
    struct digest_ctx ctx;

    digest_start(&ctx);
    for (int f = 0; f < FIELD_COUNT; f++)
        if (r->val[f].kind != VAL_NONE && !field_drifts((enum field)f))
            hash_value(&ctx, (enum field)f, &r->val[f]);
    return digest_finish(&ctx);
}

void record_copy(struct record *to, const struct record *from, struct arena *mem)
{
    to->id = from->id;
    for (int f = 0; f < FIELD_COUNT; f++) {
        to->val[f] = from->val[f];
        if (from->val[f].kind == VAL_TEXT)
            to->val[f].text = arena_dup(mem, from->val[f].text);
    }
}

bool set_next(struct str *rest, struct str *text)
{
    return rest->n > 0 && str_cut(rest, '\n', text);
}

static bool set_holds(struct str set, struct str text)
{
    struct str one;

    while (set_next(&set, &one))
        if (str_eq(one, text))
            return true;
    return false;
}

void set_add(struct value *set, struct str text, struct arena *mem)
{
    char *p;
    size_t old = set->kind == VAL_TEXT ? set->text.n : 0;

    if (set->kind != VAL_TEXT)
        *set = value_text(STR(""));
    if (text.n == 0)
        return;
    p = arena_alloc(mem, old + text.n + 2);
    if (old > 0) {
        memcpy(p, set->text.p, old);
        p[old++] = '\n';
    }
    memcpy(p + old, text.p, text.n);
    for (size_t i = old; i < old + text.n; i++)
        if (p[i] == '\n')
            p[i] = ' ';
    if (!set_holds(set->text, (struct str){ p + old, text.n }))
        set->text = (struct str){ p, old + text.n };
}

static bool is_set(const struct record *r, enum field f)
{
    const struct value *v = &r->val[f];

    return (v->kind == VAL_INT && v->i > 0) || (v->kind == VAL_TEXT && v->text.n > 0);
}

unsigned record_marks(const struct record *r)
{
    static const enum field ads[] = { FIELD_IS_AD,      FIELD_AD_AUTH, FIELD_AD_LABEL,
                                      FIELD_BRAND_TYPE, FIELD_BA_INFO, FIELD_IS_SHOP };
    const struct value *place = &r->val[FIELD_PLACE];
    unsigned marks = place->kind == VAL_TEXT && str_eq(place->text, STR("CA")) ? MARK_CANADA : 0;

    for (size_t i = 0; i < sizeof ads / sizeof *ads; i++)
        if (is_set(r, ads[i]))
            marks |= MARK_AD;
    return marks;
}
