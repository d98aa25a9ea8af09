/* audit/listed.c: the keys of each shape by audit/listed.def, and what their values may
 * look like: numbers as texts, 12.0 (data frames), yes and no, times as dates. */
#include "audit/listed.h"
#include <inttypes.h>
#include <string.h>
#include "base/utc.h"
#include "scrape/item.h"

static const struct listed_field {
    enum post_shape shape;
    enum field field;
    const char *paths;
} fields[] = {
#define LISTED(shape, field, paths) { POST_##shape, FIELD_##field, paths },
#include "audit/listed.def"
#undef LISTED
};

#define LISTED_URN "urn:blindspot:listed:"
void listed_urn(struct buf *out, enum post_shape shape, uint64_t id)
{
    buf_printf(out, LISTED_URN "%s:%" PRIu64, post_shape_name(shape), id);
}
enum post_shape listed_shape(struct str urn, uint64_t *id)
{
    struct str rest = str_sub(urn, sizeof LISTED_URN - 1, urn.n), name;

    if (!str_starts(urn, STR(LISTED_URN)) || !str_cut(&rest, ':', &name) ||
        post_shape_find(name) == POST_NONE || !str_u64(rest, id))
        return POST_NONE;
    return post_shape_find(name);
}

/* ---- values ---- */
/* The text of a value: a string, or a number as it stands. */
static bool text_of(const struct json *node, struct arena *mem, struct str *out)
{
    struct buf b = { 0 };

    if (json_text(node, out))
        return true;
    if (json_kind(node) != JSON_NUMBER)
        return false;
    json_print(node, &b);
    *out = arena_dup(mem, buf_view(&b));
    buf_release(&b);
    return true;
}
/* Plain digits, also with a fraction of zeros. */
static bool whole_number(struct str t, int64_t *out)
{
    ptrdiff_t point = str_find(t, STR("."), 0);

    for (size_t i = point < 0 ? t.n : (size_t)point + 1; i < t.n; i++)
        if (t.p[i] != '0')
            return false;
    return str_i64(point < 0 ? t : str_sub(t, 0, (size_t)point), out);
}
static bool has_zone(struct str t)
{
    return t.n && (t.p[t.n - 1] == 'Z' || str_ends(t, STR("UTC")) ||
                   (t.n > 19 && (str_find(t, STR("+"), 19) > 0 || str_find(t, STR("-"), 19) > 0)));
}
static bool instant(enum post_shape shape, struct str t, int64_t *out)
{
    struct err err = { 0 };

    if (whole_number(t, out))
        return *out > 0;
    return (shape != POST_PYKTOK || has_zone(t)) && utc_parse(t, out, &err) == 0 && *out > 0;
}
static bool flag(const struct json *node, struct str t, int64_t *out)
{
    static const char *const yes[] = { "true", "yes", "1", "1.0", NULL };
    static const char *const no[] = { "false", "no", "0", "0.0", NULL };
    bool b;

    if (json_bool(node, &b))
        *out = b;
    else if (str_is_one_of(t, yes))
        *out = 1;
    else if (str_is_one_of(t, no))
        *out = 0;
    else
        return false;
    return true;
}
/* Seconds of a film may have a fraction. */
static bool seconds(const struct json *node, struct str t, int64_t *out)
{
    double d;

    if (whole_number(t, out))
        return true;
    if (!json_double(node, &d) || d < 0 || d > 1e9)
        return false;
    *out = (int64_t)d;
    return true;
}
static void set_from_commas(struct value *out, struct str t, struct arena *mem)
{
    struct str one;

    while (str_cut(&t, ',', &one))
        set_add(out, str_trim(one), mem);
}
static bool take(enum post_shape shape, enum field f, const struct json *node, struct value *out,
                 struct arena *mem)
{
    struct str raw = STR_NONE, t;
    int64_t i = 0;
    bool has = text_of(node, mem, &raw), ok = false;

    t = str_trim(raw);
    switch (field_info(f)->type) {
    case TYPE_TEXT:
    case TYPE_JSON:
        if (has)
            *out = value_text(arena_dup(mem, raw));
        return has;
    case TYPE_SET:
        if (has)
            set_from_commas(out, t, mem);
        return has;
    case TYPE_TIME: ok = has && instant(shape, t, &i); break;
    case TYPE_FLAG: ok = flag(node, t, &i); break;
    case TYPE_INT: ok = has && seconds(node, t, &i) && i >= 0; break;
    case TYPE_ID: ok = has && str_i64(t, &i) && i > 0; break;
    case TYPE_COUNT: ok = has && whole_number(t, &i) && i >= 0; break;
    }
    if (ok)
        *out = value_int(i);
    return ok;
}

/* ---- paths ---- */
/* A column of that name, with "." or "/" between its steps, else through objects. */
static const struct json *at_path(const struct json *row, struct str path)
{
    char dotted[96], slashed[96];
    const struct json *node;

    if (path.n >= sizeof dotted)
        return NULL;
    memcpy(dotted, path.p, path.n);
    dotted[path.n] = '\0';
    for (size_t i = 0; i <= path.n; i++)
        slashed[i] = dotted[i] == '.' ? '/' : dotted[i];
    node = json_get_nocase(row, dotted);
    node = node ? node : json_get_nocase(row, slashed);
    return node ? node : json_path(row, dotted);
}
/* "list[].key": each element's into the set. */
static bool take_each(const struct json *row, struct str path, size_t list, struct value *out,
                      struct arena *mem)
{
    const struct json *array = at_path(row, str_sub(path, 0, list));
    struct str inner = str_sub(path, list + 3, path.n), t;    // behind "[]."

    for (const struct json *e = json_kind(array) == JSON_ARRAY ? json_first(array) : NULL; e;
         e = json_next(e))
        if (text_of(at_path(e, inner), mem, &t))
            set_add(out, str_trim(t), mem);
    return out->kind != VAL_NONE;
}
static void read_field(const struct listed_field *f, const struct json *row, struct record *r,
                       struct arena *mem)
{
    struct str paths = str_of(f->paths), path;
    struct value *out = &r->val[f->field];

    while (out->kind == VAL_NONE && str_cut(&paths, '|', &path)) {
        ptrdiff_t list = str_find(path, STR("[]"), 0);

        if (list < 0 ? take(f->shape, f->field, at_path(row, path), out, mem)
                     : take_each(row, path, (size_t)list, out, mem))
            return;
    }
}
static struct record *read_flat(enum post_shape shape, const struct json *row, uint64_t id,
                                struct arena *mem)
{
    struct record *r = arena_alloc(mem, sizeof *r);

    r->id = id;
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        if (fields[i].shape == shape)
            read_field(&fields[i], row, r, mem);
    return r;
}

/* ---- the answer ---- */
static bool is_set(const struct record *r, enum field f)
{
    return r->val[f].kind == VAL_INT && r->val[f].i != 0;
}
static bool is_for_all(const struct record *r)
{
    return !is_set(r, FIELD_PRIVATE_ITEM) && !is_set(r, FIELD_SECRET) &&
           !is_set(r, FIELD_FOR_FRIEND) && !is_set(r, FIELD_AUTHOR_PRIVATE);
}
/* An id and nothing that was said of it is no sight of the post. */
static bool says_something(const struct record *r)
{
    return r->val[FIELD_CREATED].kind != VAL_NONE || r->val[FIELD_VIEWS].kind != VAL_NONE ||
           r->val[FIELD_LIKES].kind != VAL_NONE;
}
static enum no_answer judge(enum post_shape shape, const struct json *row, uint64_t id,
                            const struct record *r)
{
    uint64_t own;

    if (shape == POST_WEB && (!json_u64(json_get(row, "id"), &own) || own != id))
        return NO_ANSWER_WRONG_ITEM;
    if (shape == POST_WEB && is_set(r, FIELD_CLASSIFIED) && !item_has_content(row))
        return NO_ANSWER_STRIPPED;    // what a gate leaves of a post
    if (!says_something(r))
        return NO_ANSWER_PLACEHOLDER;
    return is_for_all(r) ? NO_ANSWER_NONE : NO_ANSWER_LOGIN_WALL;
}
void listed_read(enum post_shape shape, struct str row, uint64_t id, struct arena *mem,
                 struct answer *a)
{
    struct json_doc doc = { 0 };
    struct err err = { 0 };
    struct record *r;

    a->id = id;
    a->kind = ANSWER_NO_ANSWER;
    a->why = NO_ANSWER_NOT_JSON;
    a->generation = GENERATION_LISTED;
    a->record = NULL;
    if (json_parse(row, &doc, &err))
        return;
    if (shape == POST_WEB) {
        const struct item_view view = { .item = doc.root };

        r = item_read(&view, id, false, mem);
    } else {
        r = read_flat(shape, doc.root, id, mem);
    }
    a->why = judge(shape, doc.root, id, r);
    if (a->why == NO_ANSWER_NONE) {
        a->kind = ANSWER_PUBLIC;
        a->record = r;
    }
    json_free(&doc);
}
