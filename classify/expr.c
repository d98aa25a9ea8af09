/* classify/expr.c: conditions, read once and asked a hundred million times. */
#include "classify/expr.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/digest.h"
#include "base/nearest.h"
#include "base/place.h"
#include "base/utc.h"
#include "record/answer.h"

#define LIST_FILE_MAX (4u << 20)      // bytes of an @file

/* ---- lists ---- */

static unsigned char lower(unsigned char c)
{
    return c >= 'A' && c <= 'Z' ? (unsigned char)(c + 32) : c;
}

struct expr_list { size_t mask; struct str *slot; bool nocase; };

static uint64_t list_hash(const struct expr_list *l, struct str s)
{
    uint64_t h = 1469598103934665603u;              // FNV-1a

    for (size_t i = 0; i < s.n; i++)
        h = (h ^ (l->nocase ? lower((unsigned char)s.p[i]) : (unsigned char)s.p[i])) *
            1099511628211u;
    return mix64(h);
}

static struct str *list_slot(const struct expr_list *l, struct str s)
{
    size_t i = (size_t)list_hash(l, s) & l->mask;

    while (l->slot[i].p &&
           !(l->nocase ? str_eq_nocase(l->slot[i], s) : str_eq(l->slot[i], s)))
        i = (i + 1) & l->mask;
    return &l->slot[i];
}

/* Members stand between commas, or on lines of a file. */
static int list_make(struct expr *e, struct str text, char sep, struct arena *mem, struct err *err)
{
    struct expr_list *l = arena_alloc(mem, sizeof *l);
    size_t most = 1, room = 4, members = 0;
    struct str rest = text, piece;

    for (size_t i = 0; i < text.n; i++)
        most += text.p[i] == sep;
    while (room < 2 * most)
        room *= 2;
    *l = (struct expr_list){ room - 1, arena_alloc(mem, room * sizeof *l->slot), e->is_handle };
    while (str_cut(&rest, sep, &piece)) {
        piece = str_trim(piece);
        if (piece.n == 0 || (sep == '\n' && piece.p[0] == '#'))
            continue;
        *list_slot(l, piece) = arena_dup(mem, piece);
        members++;
    }
    if (members == 0)
        return err_set(err, ERR_USAGE, "expected at least one value in the list");
    e->list = l;
    return 0;
}

static int list_load(struct expr *e, struct str name, const struct rules_loader *loader,
                     struct arena *mem, struct err *err)
{
    struct buf text = {0};
    int rc = -1;

    if (name.n == 0 || name.p[0] == '.' || memchr(name.p, '/', name.n) ||
        memchr(name.p, '\\', name.n)) {
        err_set(err, ERR_USAGE, "expected @FILE, a plain file name beside the rules");
    } else if (!loader || !loader->load) {
        err_set(err, ERR_USAGE, "expected no @FILE: there is no folder beside these rules");
    } else if (loader->load(loader->from, arena_dup(mem, name).p, &text, err)) {
        if (err->kind != ERR_IO)
            err->kind = ERR_USAGE;
    } else if (text.n > LIST_FILE_MAX) {
        err_set(err, ERR_USAGE, "expected a list of at most 4 MiB in @%.*s", STR_ARG(name));
    } else {
        rc = list_make(e, buf_view(&text), '\n', mem, err);
    }
    buf_release(&text);
    return rc;
}

/* ---- reading a condition ---- */

/* What is known of a name beforehand; facts that are no field are plain. */
static const struct field_info *fact_field(enum fact f)
{
    int i = (int)f - FACT_FIXED;

    return i < 0 || f >= FACT_COUNT ? NULL : field_info((enum field)(i % FIELD_COUNT));
}

static bool read_real(struct str s, double *out)
{
    char text[64], *end;
    double x;

    if (s.n == 0 || s.n >= sizeof text)
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (!strchr("0123456789.eE+-", s.p[i]) || s.p[i] == 0)
            return false;
    memcpy(text, s.p, s.n);
    text[s.n] = 0;
    x = strtod(text, &end);                 // the program never leaves the C locale
    if (*end || !isfinite(x))
        return false;
    *out = x;
    return true;
}

static void read_number(struct expr *e, const struct field_info *field)
{
    static const struct { const char *word; int64_t i; } flags[] = {
        { "true", 1 }, { "yes", 1 }, { "false", 0 }, { "no", 0 },
    };
    struct err ignored = {0};

    if (str_i64(e->text, &e->i)) {
        e->is_int = e->is_real = true;
        e->real = (double)e->i;
        return;
    }
    if (read_real(e->text, &e->real)) {
        e->is_real = true;
        return;
    }
    if (field && field->type == TYPE_TIME && utc_parse(e->text, &e->i, &ignored) == 0) {
        e->is_int = e->is_real = true;
        e->real = (double)e->i;
    }
    for (size_t i = 0; field && field->type == TYPE_FLAG && i < sizeof flags / sizeof *flags; i++)
        if (str_eq_nocase(e->text, str_of(flags[i].word))) {
            e->is_int = e->is_real = true;
            e->i = flags[i].i;
            e->real = (double)e->i;
        }
}

static bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.';
}

/* The name at its beginning; in "page@ca-1.outcome" a vantage's, which may have a hyphen. */
static size_t name_len(struct str text)
{
    const struct str at = STR("page@");
    size_t n = 0;

    if (str_starts(text, at))
        for (n = at.n; n < text.n && (text.p[n] == '-' || is_name_char(text.p[n])); n++)
            ;
    while (n < text.n && is_name_char(text.p[n]))
        n++;
    return n;
}

static bool read_op(struct str *rest, enum expr_op *op)
{
    static const struct { const char *sign; enum expr_op op; bool word; } ops[] = {
        { "!=", EXPR_NE, false }, { "!~", EXPR_UNLIKE, false }, { "<=", EXPR_LE, false },
        { ">=", EXPR_GE, false }, { "=", EXPR_EQ, false }, { "~", EXPR_LIKE, false },
        { "<", EXPR_LT, false }, { ">", EXPR_GT, false }, { "in", EXPR_IN, true },
        { "present", EXPR_PRESENT, true }, { "absent", EXPR_ABSENT, true },
    };

    for (size_t i = 0; i < sizeof ops / sizeof *ops; i++) {
        struct str sign = str_of(ops[i].sign);

        if (!str_starts(*rest, sign) ||
            (ops[i].word && rest->n > sign.n && is_name_char(rest->p[sign.n])))
            continue;
        *op = ops[i].op;
        *rest = str_trim(str_sub(*rest, sign.n, rest->n));
        return true;
    }
    return false;
}

static int read_plain_value(struct expr *e, const struct field_info *field, struct arena *mem,
                            struct err *err)
{
    struct str v = e->text;

    if (v.n >= 2 && v.p[0] == '"' && v.p[v.n - 1] == '"')
        e->text = arena_dup(mem, str_sub(v, 1, v.n - 2));
    else
        e->other = fact_find_at(v, &e->other_at);
    if (e->other != FACT_COUNT)
        return 0;
    if (v.n == 0)
        return err_set(err, ERR_USAGE,
                       "expected a value behind the operator (\"\" is the empty text)");
    read_number(e, field);
    if (e->op >= EXPR_LT && e->op <= EXPR_GE && !e->is_real)
        return err_set(err, ERR_USAGE,
                       "expected a number or a known name behind < <= > >=, not \"%.*s\"",
                       STR_ARG(v));
    return 0;
}

static int read_value(struct expr *e, const struct rules_loader *loader, struct arena *mem,
                      struct patterns *patterns, struct err *err)
{
    const struct field_info *field = fact_field(e->fact);
    struct str v = e->text;

    switch (e->op) {
    case EXPR_PRESENT:
    case EXPR_ABSENT:
        return v.n == 0 ? 0 : err_set(err, ERR_USAGE, "expected nothing behind present and absent");
    case EXPR_IN:
        e->cost = 4;
        return v.n > 0 && v.p[0] == '@'
                   ? list_load(e, str_trim(str_sub(v, 1, v.n)), loader, mem, err)
                   : list_make(e, v, ',', mem, err);
    case EXPR_LIKE:
    case EXPR_UNLIKE:
        e->cost = 10;
        if (v.n == 0)
            return err_set(err, ERR_USAGE, "expected a pattern behind ~ and !~");
        return pattern_compile(patterns, v, mem, &e->pattern, err);
    default:
        e->cost = e->is_set ? 3 : 1;
        return read_plain_value(e, field, mem, err);
    }
}

static int unknown_name(struct str text, size_t n, struct err *err)
{
    struct nearest near = nearest_to(str_sub(text, 0, n));
    char name[64];

    for (int f = 0; f < FACT_COUNT; f++) {
        struct str known = str_of(fact_name((enum fact)f, name));

        if (fact_find(known) != FACT_COUNT)    // not every field is one of both sides
            nearest_offer(&near, known);
    }
    err_set(err, ERR_USAGE,
            "expected a known name (page.*, api.*, item.*, account.*), not \"%.*s\"%s",
            n > 0 && n < 100 ? (int)n
            : text.n < 60    ? (int)text.n
                             : 60,
            text.p, nearest_hint(&near));
    return place_part(err, text, str_sub(text, 0, n ? n : text.n));
}

int expr_parse(struct expr *out, struct str text, const struct rules_loader *loader,
               struct arena *mem, struct patterns *patterns, struct err *err)
{
    struct expr e = { .other = FACT_COUNT };
    const struct field_info *field;
    struct str rest;
    size_t n;

    text = arena_dup(mem, str_trim(text));
    n = name_len(text);
    e.source = text;
    e.fact = fact_find_at(str_sub(text, 0, n), &e.at);
    if (e.fact == FACT_COUNT)
        return unknown_name(text, n, err);
    rest = str_trim(str_sub(text, n, text.n));
    if (!read_op(&rest, &e.op)) {
        err_set(err, ERR_USAGE,
                "expected an operator behind \"%.*s\": = != < <= > >= ~ !~ in present absent",
                (int)n, text.p);
        return place_part(err, text, rest);
    }
    e.text = rest;
    field = fact_field(e.fact);
    e.is_set = fact_is_set(e.fact) || (field && field->type == TYPE_SET);
    e.is_handle = field && field->cmp == CMP_HANDLE;
    if (read_value(&e, loader, mem, patterns, err))
        return place_part(err, text, rest);
    *out = e;
    return 0;
}

/* ---- asking ---- */

static bool is_absent(const struct value *v)
{
    return v->kind == VAL_NONE || (v->kind == VAL_REAL && isnan(v->real));
}

static bool ordered(enum expr_op op, int sign)
{
    switch (op) {
    case EXPR_EQ: return sign == 0;
    case EXPR_NE: return sign != 0;
    case EXPR_LT: return sign < 0;
    case EXPR_LE: return sign <= 0;
    case EXPR_GT: return sign > 0;
    default:      return sign >= 0;
    }
}

/* A value as a number; texts too, where they are one. */
static bool as_number(const struct value *v, int64_t *i, double *real, bool *is_int)
{
    *is_int = v->kind == VAL_INT || (v->kind == VAL_TEXT && str_i64(v->text, i));
    if (v->kind == VAL_INT)
        *i = v->i;
    if (*is_int)
        *real = (double)*i;
    else if (v->kind == VAL_REAL)
        *real = v->real;
    else
        return v->kind == VAL_TEXT && read_real(v->text, real);
    return true;
}

static int sign_of(bool ints, int64_t a, int64_t b, double x, double y)
{
    return ints ? (a > b) - (a < b) : (x > y) - (x < y);
}

static bool text_equal(const struct expr *e, struct str a, struct str b)
{
    return a.n == b.n &&
           (a.n == 0 ||
            (e->is_handle ? str_eq_nocase(a, b) : a.p[0] == b.p[0] && memcmp(a.p, b.p, a.n) == 0));
}

static bool is_named(const struct facts *g, enum fact list, struct str name)
{
    struct str set = g->val[list].kind == VAL_TEXT ? g->val[list].text : STR_NONE, one;

    while (set_next(&set, &one))
        if (str_eq(one, name))
            return true;
    return false;
}

/* The value of a name; at a vantage it is worked out into *room. */
static const struct value *value_of(const struct facts *g, enum fact fact, struct str at,
                                    struct value *room)
{
    static const struct { enum fact list; enum answer_kind said; } lists[] = {
        { FACT_PAGE_PUBLIC_AT, ANSWER_PUBLIC },
        { FACT_PAGE_REFUSED_AT, ANSWER_REFUSED },
        { FACT_PAGE_UNREAD_AT, ANSWER_NO_ANSWER },
    };

    if (fact != FACT_PAGE_AT)
        return &g->val[fact];
    *room = (struct value){ 0 };
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (is_named(g, lists[i].list, at))
            *room = value_text(str_of(answer_name(lists[i].said)));
    return room;
}

/* Against the value of another name. */
static bool holds_other(const struct expr *e, const struct value *v, const struct value *w)
{
    int64_t a = 0, b = 0;
    double x = 0, y = 0;
    bool ia, ib;

    if (is_absent(w))
        return false;
    if (v->kind == VAL_TEXT && w->kind == VAL_TEXT && e->op <= EXPR_NE)
        return text_equal(e, v->text, w->text) == (e->op == EXPR_EQ);
    if (!as_number(v, &a, &x, &ia) || !as_number(w, &b, &y, &ib))
        return e->op == EXPR_NE;
    return ordered(e->op, sign_of(ia && ib, a, b, x, y));
}

/* = != < <= > >= of one value (one member of a set). */
static bool holds_value(const struct expr *e, const struct value *v)
{
    int64_t i = 0;
    double real = 0;
    bool is_int;

    if (v->kind == VAL_TEXT && e->op <= EXPR_NE)
        return text_equal(e, v->text, e->text) == (e->op == EXPR_EQ);
    if (!e->is_real)                            // a number beside a word
        return e->op == EXPR_NE;
    if (v->kind == VAL_INT && e->is_int)
        return ordered(e->op, sign_of(true, v->i, e->i, 0, 0));
    if (!as_number(v, &i, &real, &is_int))
        return false;
    return ordered(e->op, sign_of(is_int && e->is_int, i, e->i, real, e->real));
}

static struct str value_as_text(const struct value *v, char text[32])
{
    if (v->kind == VAL_TEXT)
        return v->text;
    if (v->kind == VAL_INT)
        snprintf(text, 32, "%lld", (long long)v->i);
    else
        snprintf(text, 32, "%.17g", v->real);
    return str_of(text);
}

static enum truth truth(bool holds)
{
    return holds ? TRUTH_YES : TRUTH_NO;
}

static enum truth holds_one(const struct expr *e, const struct value *v)
{
    enum truth found;
    char text[32];

    switch (e->op) {
    case EXPR_LIKE:
        return pattern_search(e->pattern, value_as_text(v, text));
    case EXPR_UNLIKE:
        found = pattern_search(e->pattern, value_as_text(v, text));
        return found == TRUTH_GAVE_UP ? found : truth(found == TRUTH_NO);
    case EXPR_IN:
        return truth(list_slot(e->list, value_as_text(v, text))->p != NULL);
    default:
        return truth(holds_value(e, v));
    }
}

/* A positive operator holds where any member does, a negative one where all
 * do; of an empty set the negative ones hold. A member that decides does so
 * whatever became of the others. */
static enum truth holds_set(const struct expr *e, struct str set)
{
    const bool none_of = e->op == EXPR_NE || e->op == EXPR_UNLIKE;
    enum truth all = truth(none_of);
    struct str text;

    while (set_next(&set, &text)) {
        struct value member = value_text(text);
        enum truth one = holds_one(e, &member);

        if (one == TRUTH_GAVE_UP)
            all = one;
        else if (one != truth(none_of))
            return one;
    }
    return all;
}

const struct value *expr_value(const struct expr *e, const struct facts *g, struct value *room)
{
    return value_of(g, e->fact, e->at, room);
}

enum truth expr_holds(const struct expr *e, const struct facts *g)
{
    struct value room, other;
    const struct value *v = expr_value(e, g, &room);

    if (is_absent(v))
        return truth(e->op == EXPR_ABSENT);
    if (e->op == EXPR_PRESENT || e->op == EXPR_ABSENT)
        return truth(e->op == EXPR_PRESENT);
    if (e->other != FACT_COUNT)
        return truth(holds_other(e, v, value_of(g, e->other, e->other_at, &other)));
    if (e->is_set && v->kind == VAL_TEXT)
        return holds_set(e, v->text);
    return holds_one(e, v);
}
