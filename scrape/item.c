/* scrape/item.c: one page item -> record. Keys appear and vanish without
 * notice, numbers stand as strings and strings as numbers: every key is
 * optional and read by what it holds, not by what it held last year. */
#include <stdlib.h>
#include <string.h>
#include "scrape/item.h"

/* What a walk along one path does with each node that it reaches; true ends it. */
typedef bool reach_fn(const struct json *, void *to);
struct take { enum field_type type; struct value *out; struct arena *mem; };

static const struct json *step_into(const struct item_view *v, const struct json *at,
                                    struct str step)
{
    char key[64];

    if (!at) {                                  // the first step starts from the item
        if (v->author && str_eq(step, STR("author")))
            return v->author;
        if (v->music && str_eq(step, STR("musicInfos")))
            return v->music;
        at = v->item;
    }
    if (step.n >= sizeof key)
        return NULL;
    memcpy(key, step.p, step.n);
    key[step.n] = 0;
    return json_get(at, key);
}

/* Follows "a.b[].c" from at (NULL: the item) and calls reach for what is there. */
static bool follow(const struct item_view *v, const struct json *at, struct str path,
                   reach_fn *reach, void *to)
{
    struct str step;

    while (str_cut(&path, '.', &step)) {
        bool every = str_ends(step, STR("[]"));

        if (every)
            step.n -= 2;
        if (!(at = step_into(v, at, step)))
            return false;
        if (!every)
            continue;
        for (const struct json *e = json_kind(at) == JSON_ARRAY ? json_first(at) : NULL; e;
             e = json_next(e))
            if (path.n ? follow(v, e, path, reach, to) : reach(e, to))
                return true;
        return false;
    }
    return at && reach(at, to);
}

static bool take_text(const struct json *node, struct take *t)
{
    struct str s;
    int64_t i;

    if (json_text(node, &s))
        *t->out = value_text(arena_dup(t->mem, s));
    else if (json_kind(node) == JSON_NUMBER && json_i64(node, &i))
        *t->out = value_text(arena_printf(t->mem, "%lld", (long long)i));
    else
        return false;
    return true;
}

static bool take_json(const struct json *node, struct take *t)
{
    struct buf b = { 0 };

    if (json_kind(node) <= JSON_NULL || (json_kind(node) >= JSON_ARRAY && json_len(node) == 0))
        return false;
    json_print(node, &b);
    *t->out = value_text(arena_dup(t->mem, buf_view(&b)));
    buf_release(&b);
    return true;
}

static bool take_flag(const struct json *node, struct take *t)
{
    bool yes;
    int64_t i;

    if (json_bool(node, &yes))
        *t->out = value_int(yes);
    else if (json_i64(node, &i))
        *t->out = value_int(i != 0);
    else
        return false;
    return true;
}

/* The first node that holds a value of the type ends the search. */
static bool take_one(const struct json *node, void *to)
{
    struct take *t = to;
    int64_t i;

    switch (t->type) {
    case TYPE_TEXT:
        return take_text(node, t);
    case TYPE_JSON:
        return take_json(node, t);
    case TYPE_FLAG:
        return take_flag(node, t);
    case TYPE_SET:
        return false;
    case TYPE_TIME: case TYPE_ID: case TYPE_COUNT: case TYPE_INT:
        break;
    }
    if (!json_i64(node, &i))
        return false;
    if ((t->type == TYPE_COUNT && i < 0) ||
        ((t->type == TYPE_TIME || t->type == TYPE_ID) && i <= 0))
        return false;
    *t->out = value_int(i);
    return true;
}

/* Every element goes into the set. An empty list leaves the field absent: the
 * API leaves empty keys out, so the two must look alike. */
static bool take_each(const struct json *node, void *to)
{
    struct take *t = to;
    struct value one = { 0 };
    struct take text = { TYPE_TEXT, &one, t->mem };

    if (take_text(node, &text) && one.text.n)
        set_add(t->out, one.text, t->mem);
    return false;
}

static void read_field(const struct item_view *v, const struct field_info *info, struct value *out,
                       struct arena *mem)
{
    struct str paths = str_of(info->page_path), path;
    bool set = info->type == TYPE_SET;
    struct take t = { info->type, out, mem };

    while (str_cut(&paths, set ? '+' : '|', &path))
        if (follow(v, NULL, path, set ? take_each : take_one, &t))
            return;
}

/* Offset in bytes of the UTF-16 unit `units` of valid-enough UTF-8 text. */
static size_t utf16_offset(struct str s, int64_t units)
{
    size_t at = 0;

    while (at < s.n && units > 0) {
        unsigned char c = (unsigned char)s.p[at];

        units -= c >= 0xf0 ? 2 : 1;             // outside the BMP: a surrogate pair
        for (at++; at < s.n && ((unsigned char)s.p[at] & 0xc0) == 0x80; at++)
            continue;
    }
    return at;
}

/* A mention is the text of the caption between start and end, without the @:
 * the API gives the text that is displayed, not userUniqueId (checked against
 * it 2026-10-06). Type 0 is a mention and has hashtagName "" (July 2026). */
static void mention_add(const struct json *extra, struct str caption, struct value *out,
                        struct arena *mem)
{
    int64_t type, start, end;
    struct str name = STR_NONE, text;
    size_t from;

    if (json_text(json_get(extra, "hashtagName"), &name) && name.n)
        return;
    if (json_i64(json_get(extra, "type"), &type) ? type != 0 : !json_get(extra, "userUniqueId"))
        return;
    if (!json_i64(json_get(extra, "start"), &start) || !json_i64(json_get(extra, "end"), &end) ||
        start < 0 || end <= start)
        return;
    from = utf16_offset(caption, start);
    text = str_sub(caption, from, utf16_offset(caption, end) - from);
    if (text.n && *text.p == '@')
        text = str_sub(text, 1, text.n);
    text = str_trim(text);
    if (text.n)
        set_add(out, text, mem);
}

static void mentions_of(const struct json *holder, const char *caption_key, struct value *out,
                        struct arena *mem)
{
    const struct json *extra = json_get(holder, "textExtra");
    struct str caption;

    if (json_kind(extra) == JSON_ARRAY && json_text(json_get(holder, caption_key), &caption))
        for (const struct json *e = json_first(extra); e; e = json_next(e))
            mention_add(e, caption, out, mem);
}

static struct value read_mentions(const struct item_view *v, struct arena *mem)
{
    const struct json *contents = json_get(v->item, "contents");
    struct value out = { 0 };

    mentions_of(v->item, "desc", &out, mem);
    // offsets in contents[] count from that content's own caption
    for (const struct json *e = json_kind(contents) == JSON_ARRAY ? json_first(contents) : NULL; e;
         e = json_next(e))
        mentions_of(e, "desc", &out, mem);
    return out;
}

static bool see_commerce(const struct json *node, void *to)
{
    struct value *out = to, one = { 0 };
    struct take t = { TYPE_FLAG, &one, NULL };

    if (take_flag(node, &t) && (out->kind == VAL_NONE || one.i))
        *out = one;
    return out->kind == VAL_INT && out->i;
}

static struct value read_commerce(const struct item_view *v)
{
    struct value out = { 0 };

    if (!follow(v, NULL, STR("challenges[].isCommerce"), see_commerce, &out))
        follow(v, NULL, STR("textExtra[].isCommerce"), see_commerce, &out);
    return out;
}

/* A flattened item (SIGI) names its author alone; the rest of the account, and
 * the names that the oldest pages use, are read here. */
static void read_account(const struct item_view *v, struct record *r, struct arena *mem)
{
    static const struct { enum field field; const char *paths;
    } more[] = {
        { FIELD_AUTHOR, "uniqueId" },
        { FIELD_AUTHOR_ID, "id|userId" },
        { FIELD_NICKNAME, "nickname|nickName" },
        { FIELD_VERIFIED, "verified" },
        { FIELD_AUTHOR_PRIVATE, "privateAccount|secret" },
        { FIELD_AUTHOR_AD, "isADVirtual" },
    };
    const struct json *account = v->owner ? v->owner : v->author;
    const struct item_view of_account = { .item = account };

    for (size_t i = 0; account && i < sizeof more / sizeof more[0]; i++) {
        struct field_info info = *field_info(more[i].field);

        info.page_path = more[i].paths;
        if (r->val[more[i].field].kind == VAL_NONE)
            read_field(&of_account, &info, &r->val[more[i].field], mem);
    }
}

struct record *item_read(const struct item_view *v, uint64_t id, bool canonical_photo,
                         struct arena *mem)
{
    struct record *r = arena_alloc(mem, sizeof *r);

    r->id = id;
    for (int f = 0; f < FIELD_COUNT; f++) {
        const struct field_info *info = field_info((enum field)f);

        if (info->page_path[0] && strcmp(info->page_path, "*") != 0)
            read_field(v, info, &r->val[f], mem);
    }
    read_account(v, r, mem);
    r->val[FIELD_MENTIONS] = read_mentions(v, mem);
    r->val[FIELD_COMMERCE] = read_commerce(v);
    r->val[FIELD_PHOTO] = value_int(json_kind(json_get(v->item, "imagePost")) == JSON_OBJECT ||
                                    canonical_photo);
    return r;
}

static int compare_key(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, str_of(*(const char *const *)b));
}

void item_unknown_keys(const struct json *item, void (*each)(void *to, struct str name), void *to)
{
    static const char *const keys[] = {
#define KEY(name) name,
#include "scrape/item_keys.def"
#undef KEY
    };

    for (const struct json *e = json_kind(item) == JSON_OBJECT ? json_first(item) : NULL; e;
         e = json_next(e)) {
        struct str key = json_key(e);

        if (!bsearch(&key, keys, sizeof keys / sizeof keys[0], sizeof keys[0], compare_key))
            each(to, key);
    }
}

bool item_has_content(const struct json *item)
{
    const struct json *video = json_get(item, "video"), *address = json_get(video, "playAddr");
    const struct json *urls = json_get(video, "urls");      // the oldest pages
    struct str text;

    if (json_kind(json_get(item, "imagePost")) == JSON_OBJECT)
        return true;
    if (json_text(address, &text))
        return text.n > 0;
    return json_len(address) > 0 || json_len(urls) > 0 ||
           json_len(json_get(video, "bitrateInfo")) > 0 ||
           json_kind(json_get(video, "PlayAddrStruct")) == JSON_OBJECT;
}
