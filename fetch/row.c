/* fetch/row.c: a row is read in one pass over its keys: each key is looked up
 * among the API keys of fields.def; what is not among them is counted, so that a
 * change of the platform's schema shows on the day it comes. */
#include <pthread.h>
#include <string.h>
#include "fetch/row.h"

#define SET_MAX 1000                     // elements of one list that are kept
#define DRIFT_MAX 64                     // different names that are counted apart

static struct field_key field_key[FIELD_COUNT];
static pthread_once_t keys_cut = PTHREAD_ONCE_INIT;

static void cut_keys(void)
{
    for (int f = 0; f < FIELD_COUNT; f++)
        field_key[f] = field_api_key((enum field)f);
}

/* The keys of all fields, cut once: several threads read replies (scrape --replay). */
static const struct field_key *api_keys(void)
{
    pthread_once(&keys_cut, cut_keys);
    return field_key;
}

/* Older pages of the documentation spell favourites_count. */
static struct str key_now(struct str key)
{
    return str_eq(key, STR("favourites_count")) ? STR("favorites_count") : key;
}

void row_drift_add(struct row_drifts *d, const char *kind, struct str name, struct arena *mem)
{
    struct row_drift *grown;

    if (!d)
        return;
    if (d->n >= DRIFT_MAX)
        name = STR("(others)");
    for (size_t i = 0; i < d->n; i++)
        if (d->v[i].kind == kind && str_eq(d->v[i].name, name)) {
            d->v[i].count++;
            return;
        }
    if ((d->n & (d->n - 1)) == 0) {              // room for the next power of two
        grown = arena_alloc(mem, (d->n ? 2 * d->n : 1) * sizeof *grown);
        if (d->n)
            memcpy(grown, d->v, d->n * sizeof *grown);
        d->v = grown;
    }
    d->v[d->n++] = (struct row_drift){ kind, arena_dup(mem, str_sub(name, 0, 64)), 1 };
}

static bool element_text(const struct json *j, struct arena *mem, struct str *text)
{
    uint64_t n;

    if (json_text(j, text))
        return true;
    if (!json_u64(j, &n))
        return false;
    *text = arena_printf(mem, "%llu", (unsigned long long)n);
    return true;
}

/* The set grows in an arena of its own: set_add copies the whole set each time. */
static bool read_set(const struct json *j, struct str inner, struct arena *mem, struct value *out)
{
    char key[64];
    struct arena scratch = { 0 };
    struct value set = { 0 };
    struct str text;
    size_t n = 0;
    enum json_kind kind = json_kind(j);

    if (kind != JSON_ARRAY && !(kind == JSON_OBJECT && inner.n > 0))
        return false;
    memcpy(key, inner.p ? inner.p : "", inner.n < sizeof key ? inner.n : 0);
    key[inner.n < sizeof key ? inner.n : 0] = 0;
    set_add(&set, STR(""), &scratch);
    for (const struct json *e = kind == JSON_ARRAY ? json_first(j) : j; e && n < SET_MAX;
         e = json_next(e), n++) {
        if (element_text(inner.n > 0 ? json_get(e, key) : e, &scratch, &text))
            set_add(&set, text, &scratch);
        if (kind == JSON_OBJECT)
            break;
    }
    *out = value_text(arena_dup(mem, set.text));
    arena_release(&scratch);
    return true;
}

static bool read_json(const struct json *j, struct arena *mem, struct value *out)
{
    struct buf text = { 0 };

    json_print(j, &text);
    *out = value_text(arena_dup(mem, buf_view(&text)));
    buf_release(&text);
    return true;
}

static bool read_value(const struct json *j, const struct field_info *f, struct str inner,
                       struct arena *mem, struct value *out)
{
    struct str text;
    uint64_t u;
    int64_t i;
    bool b;

    switch (f->type) {
    case TYPE_TIME: case TYPE_COUNT: case TYPE_ID:
        if (!json_u64(j, &u) || u > INT64_MAX)
            return false;
        *out = value_int((int64_t)u);
        return true;
    case TYPE_INT:
        if (!json_i64(j, &i))
            return false;
        *out = value_int(i);
        return true;
    case TYPE_FLAG:
        if (!json_bool(j, &b))
            return false;
        *out = value_int(b);
        return true;
    case TYPE_TEXT:
        if (!json_text(j, &text))
            return false;
        *out = value_text(arena_dup(mem, text));
        return true;
    case TYPE_SET:
        return read_set(j, inner, mem, out);
    case TYPE_JSON:
        return read_json(j, mem, out);
    }
    return false;
}

/* video_tag is {type, number}, a list of these, or spelled video_tag_type and
 * video_tag_number (liked videos page). Branded: 1 paid partnership, 7 creator
 * earns commission. */
static bool read_branded(const struct json *tag, struct value *out)
{
    struct str type;
    int64_t number;
    bool list = json_kind(tag) == JSON_ARRAY;

    for (const struct json *t = list ? json_first(tag) : tag; t; t = list ? json_next(t) : NULL) {
        if (!json_text(json_get(t, "type"), &type) &&
            !json_text(json_get(t, "video_tag_type"), &type))
            continue;
        if (!str_eq_nocase(str_trim(type), STR("Branded")))
            continue;
        if (json_i64(json_get(t, "number"), &number) ||
            json_i64(json_get(t, "video_tag_number"), &number)) {
            *out = value_int(number);
            return true;
        }
    }
    return false;
}

void row_branded(struct str video_tag, struct value *out)
{
    struct json_doc doc = { 0 };
    struct err ignored = { 0 };

    if (json_parse(video_tag, &doc, &ignored) == 0)
        read_branded(doc.root, out);
    json_free(&doc);
}

/* True where a field of ours has that key; a value of another type than
 * expected is counted and stays absent. */
static bool read_key(const struct json *j, struct str key, struct record *r, struct arena *mem,
                     struct row_drifts *drifts)
{
    const struct field_key *keys = api_keys();
    bool known = false;

    for (int f = 0; f < FIELD_COUNT; f++) {
        if (key.n == 0 || !str_eq(keys[f].base, key))
            continue;
        known = true;
        if (!read_value(j, field_info((enum field)f), keys[f].inner, mem, &r->val[f]))
            row_drift_add(drifts, "api_value", key, mem);
    }
    if (str_eq(key, str_of(field_info(FIELD_TAG)->api_key)))
        read_branded(j, &r->val[FIELD_BRANDED]);
    return known;
}

bool row_id_spoiled(const struct json *j)
{
    uint64_t u;
    double d;

    return !json_u64(j, &u) && json_double(j, &d) && d > 0;
}

enum field row_field(struct str key)
{
    const struct field_key *keys = api_keys();
    int f = 0;

    key = key_now(key);
    while (f < FIELD_COUNT && (keys[f].base.n == 0 || !str_eq(keys[f].base, key)))
        f++;
    return (enum field)f;
}

bool row_value(const struct json *j, enum field f, struct arena *mem, struct value *out)
{
    return read_value(j, field_info(f), api_keys()[f].inner, mem, out);
}

static bool read_id(const struct json *row, uint64_t *id)
{
    return (json_u64(json_get(row, "id"), id) || json_u64(json_get(row, "video_id"), id)) &&
           *id > 0 && *id <= INT64_MAX;
}

/* Both spellings of one key, with values that differ? */
static bool spelled_apart(const struct json *row, const char *a, const char *b)
{
    const struct json *x = json_get(row, a), *y = json_get(row, b);
    struct buf first = { 0 }, second = { 0 };
    bool apart;

    if (!x || !y)
        return false;
    json_print(x, &first);
    json_print(y, &second);
    apart = !str_eq(buf_view(&first), buf_view(&second));
    buf_release(&first);
    buf_release(&second);
    return apart;
}

/* The key of which the row holds two values: which one another reader takes is
 * chance, so the row says neither. */
static struct str doubled_key(const struct json *row)
{
    if (spelled_apart(row, "id", "video_id"))
        return STR("id");
    if (spelled_apart(row, "favorites_count", "favourites_count"))
        return STR("favorites_count");
    return json_doubled_key(row, true);
}

enum row_fault row_read(const struct json *row, struct arena *mem, struct record *r,
                            struct row_drifts *drifts)
{
    struct str doubled = doubled_key(row);

    memset(r, 0, sizeof *r);
    if (doubled.p) {
        row_drift_add(drifts, "api_doubled", doubled, mem);
        return ROW_DOUBLED;
    }
    if (!read_id(row, &r->id))
        return row_id_spoiled(json_get(row, "id")) || row_id_spoiled(json_get(row, "video_id"))
                   ? ROW_SPOILED
                   : ROW_NO_ID;
    for (const struct json *j = json_first(row); j; j = json_next(j)) {
        struct str key = key_now(json_key(j));

        if (str_eq(key, STR("id")) || str_eq(key, STR("video_id")) || json_kind(j) == JSON_NULL)
            continue;
        if (!read_key(j, key, r, mem, drifts))
            row_drift_add(drifts, "api_key", key, mem);
    }
    return ROW_FINE;
}

int row_parse(const struct json *row, struct arena *mem, struct record *out, struct err *err)
{
    static const char *const wrong[] = {
        [ROW_FINE] = "it is no object",
        [ROW_NO_ID] = "it has no id of up to 19 digits",
        [ROW_SPOILED] = "its id was rounded",
        [ROW_DOUBLED] = "a key stands twice, with different values",
    };
    enum row_fault fault = ROW_FINE;
    struct record r;

    if (json_kind(row) != JSON_OBJECT || (fault = row_read(row, mem, &r, NULL)) != ROW_FINE)
        return err_set(err, ERR_INPUT, "expected a row of the API: %s", wrong[fault]);
    *out = r;
    return 0;
}

/* ---- the fields that are asked for ---- */

static bool list_has(const struct str *names, size_t len, struct str name)
{
    for (size_t i = 0; i < len; i++)
        if (str_eq(names[i], name))
            return true;
    return false;
}

size_t row_fields(struct str names[FIELDS_MAX])
{
    /* Behind `id`, in the order of the documentation of 2023. */
    static const enum field old[FIELDS_OLD - 1] = {
        FIELD_CAPTION, FIELD_CREATED,  FIELD_REGION, FIELD_SHARES,   FIELD_VIEWS,
        FIELD_LIKES,   FIELD_COMMENTS, FIELD_MUSIC,  FIELD_HASHTAGS, FIELD_AUTHOR,
        FIELD_EFFECTS, FIELD_PLAYLIST, FIELD_VOICE,
    };
    struct str key;
    size_t n = 0;

    names[n++] = STR("id");
    for (size_t i = 0; i < FIELDS_OLD - 1; i++)
        names[n++] = str_of(field_info(old[i])->api_key);
    for (int f = 0; f < FIELD_COUNT && n < FIELDS_MAX; f++) {
        key = api_keys()[f].base;
        if (key.n > 0 && !str_eq(key, STR("*")) && !list_has(names, n, key))
            names[n++] = key;
    }
    return n;
}
