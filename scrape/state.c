/* scrape/state.c: finding the scripts and cutting out what is wanted.
 * Attributes vary in order and quoting between captures, so a script is known
 * by its id alone. Nothing here looks at the text of a page: every page carries
 * the sentences of every verdict in its translations. */
#include <libxml/HTMLparser.h>
#include <string.h>
#include "scrape/state.h"
#include "scrape/walk.h"

#define ATTRIBUTES_MAX 512           // of one tag; the site's have fewer than 20
#define LOOKS_MAX 16                 // at each byte, on an average

static const struct { const char *id; enum script script;
} known[] = {
    { "__UNIVERSAL_DATA_FOR_REHYDRATION__", SCRIPT_REHYDRATE },    // 2023-11 on
    { "SIGI_STATE", SCRIPT_SIGI },                                 // 2022 to 2023
    { "sigi-persisted-data", SCRIPT_SIGI },
    { "__NEXT_DATA__", SCRIPT_NEXT },                  // 2020 to 2022
    { "__FRONTITY_CONNECT_STATE__", SCRIPT_EMBED },    // of embed pages, 2026
};

static struct str after(struct str s, size_t from)
{
    return str_sub(s, from, s.n);
}

/* Some pages of 2022 assign the state in a script without an id:
 * window["SIGI_STATE"]={...};window["SIGI_RETRY"]=... */
static struct str assigned_state(struct str text)
{
    static const char *const heads[] = { "window[\"SIGI_STATE\"]", "window['SIGI_STATE']" };

    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
        ptrdiff_t at = str_find(text, str_of(heads[i]), 0);
        struct str rest;

        if (at < 0)
            continue;
        rest = str_trim(after(text, (size_t)at + strlen(heads[i])));
        if (rest.n && *rest.p == '=')
            return str_trim(after(rest, 1));
    }
    return STR_NONE;
}

/* Takes a script in by its id, or by its text where it has none. */
static void take_script(struct state *st, struct str id, struct str text)
{
    if (!id.n) {
        struct str state = st->script[SCRIPT_SIGI].p ? STR_NONE : assigned_state(text);

        if (state.n)
            st->script[SCRIPT_SIGI] = state;
        return;
    }
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (str_eq(id, str_of(known[i].id)) && !st->script[known[i].script].p && text.n)
            st->script[known[i].script] = text;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '/';
}

/* The value of an attribute at p (behind its name): after "=" in either kind of
 * quotes or in none. */
static const char *attribute_value(const char *p, const char *end, struct str *value)
{
    const char *from;

    *value = STR_NONE;
    while (p < end && is_blank(*p))
        p++;
    if (p == end || *p != '=')
        return p;
    for (p++; p < end && is_blank(*p) && *p != '/';)
        p++;
    if (p < end && (*p == '"' || *p == '\'')) {
        const char *close = memchr(p + 1, *p, (size_t)(end - p) - 1);

        *value = (struct str){ p + 1, (size_t)((close ? close : end) - p) - 1 };
        return close ? close + 1 : end;
    }
    for (from = p; p < end && *p != '>' && (!is_blank(*p) || *p == '/');)
        p++;
    *value = (struct str){ from, (size_t)(p - from) };
    return p;
}

/* From behind a tag's name to behind its ">", with the value of its id. */
static const char *pass_tag(const char *p, const char *end, struct str *id)
{
    bool has_id = false;

    *id = STR_NONE;
    for (;;) {
        const char *from;
        struct str name, value;

        while (p < end && is_blank(*p))
            p++;
        if (p == end || *p == '>')
            return p == end ? end : p + 1;
        for (from = p++; p < end && *p != '=' && *p != '>' && !is_blank(*p);)
            p++;
        name = (struct str){ from, (size_t)(p - from) };
        p = attribute_value(p, end, &value);
        if (!has_id && str_eq_nocase(name, STR("id"))) {
            *id = value;
            has_id = true;
        }
    }
}

static struct str tag_name(const char *p, const char *end)
{
    const char *from = p;

    while (p < end && *p != '>' && !is_blank(*p))
        p++;
    return (struct str){ from, (size_t)(p - from) };
}

/* Where raw text ends: at "</" and the element's name, in any case. */
static const char *raw_end(const char *p, const char *end, struct str name)
{
    for (; p < end && (p = memchr(p, '<', (size_t)(end - p))); p++)
        if (end - p > 1 && p[1] == '/' && str_eq_nocase(tag_name(p + 2, end), name))
            return p;
    return end;
}

/* Elements in which tags are text: what looks like a script in a title or in a
 * style sheet is none. */
static bool is_raw(struct str name)
{
    static const char *const names[] = { "style",  "title",   "textarea", "xmp",
                                         "iframe", "noembed", "noframes" };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (str_eq_nocase(name, str_of(names[i])))
            return true;
    return false;
}

static const char *behind(const char *p, const char *end, char c)
{
    p = memchr(p, c, (size_t)(end - p));
    return p ? p + 1 : end;
}

/* From "<!--" to behind the comment; browsers end it at "--!>" as well. */
static const char *pass_comment(const char *p, const char *end)
{
    struct str rest = { p, (size_t)(end - p) };
    ptrdiff_t close = str_find(rest, STR("--"), 4);

    for (; close >= 0; close = str_find(rest, STR("--"), (size_t)close + 1)) {
        struct str tail = after(rest, (size_t)close + 2);

        if (str_starts(tail, STR(">")) || str_starts(tail, STR("!>")))
            return behind(tail.p, end, '>');
    }
    return end;
}

static bool is_letter(char c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

/* From "<" and a letter to behind the tag, or behind its element where that
 * holds a script or raw text. */
static const char *pass_element(struct state *st, const char *p, const char *end)
{
    struct str name = tag_name(p + 1, end), id;
    bool script = str_eq_nocase(name, STR("script"));
    const char *text = pass_tag(name.p + name.n, end, &id), *close;

    if (!script)
        return is_raw(name) ? raw_end(text, end, name) : text;
    close = raw_end(text, end, name);
    st->broken |= memchr(id.n ? id.p : "", '&', id.n) !=
                  NULL;    // an id behind a reference is for the whole way
    take_script(st, id, str_trim((struct str){ text, (size_t)(close - text) }));
    return close;
}

void state_find_fast(struct state *st, struct str html)
{
    const char *p = html.p, *end = html.p ? html.p + html.n : NULL;

    while (p < end && (p = memchr(p, '<', (size_t)(end - p)))) {
        char next = end - p > 1 ? p[1] : '\0';
        struct str id;

        if (is_letter(next))
            p = pass_element(st, p, end);
        else if (next == '/' && end - p > 2 && is_letter(p[2]))
            p = pass_tag(p + 2, end, &id);    // what stands in an end tag is attributes, too
        else if (str_starts((struct str){ p, (size_t)(end - p) }, STR("<!--")))
            p = pass_comment(p, end);
        else
            p = next == '!' || next == '?' || next == '/' ? behind(p, end, '>') : p + 1;
    }
}

static struct str own_copy(struct arena *mem, xmlChar *text)
{
    struct str s = text ? arena_str(mem, (const char *)text, strlen((const char *)text)) : STR_NONE;

    xmlFree(text);
    return s;
}

/* libxml2 compares each attribute of a tag with all before it, so a tag of a
 * million would take it hours. Which "<" it takes for a tag is its own affair,
 * so every one is looked at, as far as that ends soon. */
static bool has_endless_tag(struct str html)
{
    const char *end = html.p + html.n;
    size_t looked_at = 0;

    for (const char *p = html.p; (p = memchr(p, '<', (size_t)(end - p))); p++) {
        const char *q = p + 1;
        struct str value;

        for (int n = 0; q < end && (n || is_letter(*q)) && *q != '>'; n++) {
            if (n == ATTRIBUTES_MAX || looked_at + (size_t)(q - p) > LOOKS_MAX * html.n)
                return true;
            for (q++; q < end && *q != '=' && *q != '>' && !is_blank(*q);)
                q++;
            q = attribute_value(q, end, &value);
        }
        looked_at += (size_t)(q - p);
    }
    return false;
}

/* The node behind this one in the order of the document, which is left out
 * with all that lies in it where deeper is false. */
static xmlNodePtr next_node(xmlNodePtr node, bool deeper)
{
    if (deeper && node->children)
        return node->children;
    while (node && !node->next)
        node = node->parent;
    return node ? node->next : NULL;
}

bool state_find_whole(struct state *st, struct str html, struct arena *mem)
{
    int memory = xmlMemSetup(free, lib_malloc, lib_realloc, lib_strdup);
    htmlDocPtr doc = memory || html.n == 0 || html.n > INT32_MAX || has_endless_tag(html)
                         ? NULL
                         : htmlReadMemory(html.p, (int)html.n, NULL, "UTF-8",
                                          HTML_PARSE_RECOVER | HTML_PARSE_NOERROR |
                                              HTML_PARSE_NOWARNING | HTML_PARSE_NONET);
    xmlNodePtr node = doc ? doc->children : NULL;
    bool made = doc != NULL;

    st->whole = true;
    while (node) {
        bool element = node->type == XML_ELEMENT_NODE;
        struct str name = element ? str_of((const char *)node->name) : STR_NONE;

        if (str_eq(name, STR("script"))) {
            struct str id = own_copy(mem, xmlGetProp(node, BAD_CAST "id"));

            take_script(st, id, str_trim(own_copy(mem, xmlNodeGetContent(node))));
        }
        /* In all raw text but that of scripts and style sheets libxml2 takes tags for tags. */
        node = next_node(node, element && !is_raw(name) && !str_eq(name, STR("script")));
    }
    xmlFreeDoc(doc);
    return made;
}

void state_release(struct state *st)
{
    for (size_t i = 0; i < SCRIPT_COUNT; i++)
        json_free(&st->root[i]);
    for (size_t i = 0; i < st->docs; i++)
        json_free(&st->doc[i]);
    *st = (struct state){ 0 };
}

/* The whole script as one document; what follows the first value (the ";" of
 * an assignment) is no part of it. */
static const struct json *whole_root(struct state *st, enum script script)
{
    struct json_doc *doc = &st->root[script];
    struct err err = { 0 };
    size_t used;

    if (!doc->root) {
        if (json_parse_next(st->script[script], doc, &used, &err) ||
            json_kind(doc->root) != JSON_OBJECT)
            st->broken = true;
        st->nul_chars += doc->nul_chars;
    }
    return doc->root;
}

static bool want_whole(struct state *st, enum script script, const char *const *path,
                       const struct want *want, size_t n, unsigned enough, const struct json **out)
{
    const struct json *at = whole_root(st, script);

    while (*path)
        at = json_get(at, *path++);
    if (json_kind(at) != JSON_OBJECT)
        return false;
    for (size_t i = 0; i < n; i++) {
        const struct json *hit = json_get(at, want[i].name);

        out[i] = want[i].inner ? json_get(hit, want[i].inner) : hit;
        st->doubled |= !enough && json_doubled(at, want[i].name);
    }
    return true;
}

static const struct json *parse_part(struct state *st, struct str text)
{
    struct json_doc *doc = &st->doc[st->docs];
    struct err err = { 0 };

    if (st->docs == STATE_DOCS || json_parse(text, doc, &err)) {
        st->broken = true;
        return NULL;
    }
    st->docs++;
    st->nul_chars += doc->nul_chars;
    return doc->root;
}

/* 1 and what stands from the named member's value on, 0, or -1. */
static int enter(struct str text, const char *name, struct str *rest)
{
    struct walk w;
    struct str key, value;
    int got;

    if (!text.n || *text.p != '{')
        return 0;
    if (walk_open(&w, text))
        return -1;
    while ((got = walk_next(&w, &key)) == 1) {
        if (str_eq(key, str_of(name))) {
            *rest = walk_rest(&w);
            return 1;
        }
        if (walk_value(&w, &value))
            return -1;
    }
    return got;
}

/* The members' values as slices; 0, or -1 where the text cannot be walked, or
 * where one is met again: the whole way knows whether it says the same. */
static int cut_members(struct str object, const struct want *want, size_t n, unsigned enough,
                       struct str *slice)
{
    struct walk w;
    struct str key, value;
    unsigned found = 0;
    int got = 1;

    if (walk_open(&w, object))
        return -1;
    while ((found & enough) != enough && (got = walk_next(&w, &key)) == 1) {
        if (walk_value(&w, &value))
            return -1;
        for (size_t i = 0; i < n; i++)
            if (str_eq(key, str_of(want[i].name))) {
                if (found & 1u << i)
                    return -1;
                slice[i] = value;
                found |= 1u << i;
                break;
            }
    }
    return got < 0 ? -1 : 0;
}

static bool want_fast(struct state *st, enum script script, const char *const *path,
                      const struct want *want, size_t n, unsigned enough, const struct json **out)
{
    struct str at = st->script[script], slice[STATE_DOCS] = { 0 };

    st->broken |= *at.p != '{';
    for (; *path; path++) {
        int got = enter(at, *path, &at);

        st->broken |= got < 0;
        if (got != 1)
            return false;
    }
    if (!at.n || *at.p != '{')
        return false;
    if (n > STATE_DOCS || cut_members(at, want, n, enough ? enough : ~0u, slice)) {
        st->broken = true;
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        if (slice[i].n && want[i].inner) {
            const struct want inner = { want[i].inner, NULL };
            struct str outer = slice[i];

            slice[i] = STR_NONE;
            if (*outer.p == '{' && cut_members(outer, &inner, 1, 1, &slice[i]))
                st->broken = true;
        }
        if (slice[i].n)
            out[i] = parse_part(st, slice[i]);
    }
    return true;
}

bool state_want(struct state *st, enum script script, const char *const *path,
                const struct want *want, size_t n, unsigned enough, const struct json **out)
{
    for (size_t i = 0; i < n; i++)
        out[i] = NULL;
    if (!st->script[script].p)
        return false;
    return st->whole ? want_whole(st, script, path, want, n, enough, out)
                     : want_fast(st, script, path, want, n, enough, out);
}

void state_library(struct buf *out)
{
    buf_puts(out, "libxml2 " LIBXML_DOTTED_VERSION);
}
