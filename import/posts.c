/* import/posts.c: a row is known by the keys that it holds, in whatever order they come:
 * each open object notes what was seen of it, and is judged when it ends. */
#include <stdlib.h>
#include <string.h>
#include "base/array.h"
#include "import/posts.h"
#include "import/urls.h"
#include "platform/tiktok.h"
#include "record/id.h"

enum {
    POSTS_HELD_MAX = 16384,
    POSTS_SLICE = 64 * 1024,
    AFTER_NOW_S = 86400,    // clocks of other machines
};
#define AT_MIN INT64_C(1388534400)    // 2014-01-01: no post is older

enum mark {
    MARK_NONE_BIT,
    MARK_ID_BIT,
    MARK_MADE_BIT,
    MARK_BODY_BIT,
    MARK_TOOL_BIT,
    MARK_LIST_BIT,
    MARK_SAID_BIT,
    MARK_PAGE_BIT,
    MARK_ERROR_BIT,
    MARK_LINK_BIT,
    MARK_CLOSED_BIT,
    MARK_CUT_BIT,
    MARK_REPLY_BIT
};
#define M(mark) (1u << MARK_##mark##_BIT)
enum what {
    WHAT_ID,
    WHAT_LINK,
    WHAT_ASKED,
    WHAT_HANDLE,
    WHAT_AUTHOR,
    WHAT_FROM,
    WHAT_MS,
    WHAT_S,
    WHAT_TOOL,
    WHAT_LIST,
    WHAT_SAID,
    WHAT_SEEN
};

static const struct place {
    struct str outer, key;
    enum what what;
    unsigned mark;
} places[] = {
#define PLACE(outer, key, what, mark) \
    { { outer, sizeof outer - 1 }, { key, sizeof key - 1 }, WHAT_##what, M(mark) },
#include "import/shapes.def"
};
static const struct shape {
    enum post_shape shape;
    unsigned all, any, none;
    bool answer;
} shapes[] = {
#define SHAPE(id, name, all, any, none, answer) { POST_##id, all, any, none, answer },
#include "import/shapes.def"
};
static const char *const names[POST_SHAPES] = {
#define SHAPE(id, name, all, any, none, answer) [POST_##id] = name,
#include "import/shapes.def"
    [POST_NONE] = "",
    [POST_FOURCAT] = "4cat_csv",
    [POST_PYKTOK] = "pyktok_csv",
};
const char *post_shape_name(enum post_shape s) { return names[s]; }
enum post_shape post_shape_find(struct str name)
{
    for (int i = POST_NONE + 1; i < POST_SHAPES; i++)
        if (str_eq(name, str_of(names[i])))
            return (enum post_shape)i;
    return POST_NONE;
}

/* What was seen so far of an object that is open. */
struct level {
    unsigned seen;
    size_t first_held;    // of the rows that were found within
    int64_t start, at;
    uint64_t author;
    char id_text[POST_ID_TEXT_MAX], link[POST_LINK_MAX], handle[HANDLE_MAX + 1];
    char owner[HANDLE_MAX + 1];
    bool elsewhere;
    bool asked_only;    // the link is the one that was asked for
};
struct posts {
    struct scan scan;
    struct posts_user user;
    int64_t now;
    struct post_found *held;
    size_t held_n, held_cap;
    size_t ready;                     // of held: no time can be added to these any more
    int objects;                      // that are open
    int64_t empty, broken, in_row;    // still to be told; posts of the row that is open
    bool any;
    struct level level[SCAN_DEPTH_MAX + 2];
};

/* ---- one value ---- */
static void note_text(char *out, size_t size, struct str text)
{
    if (text.n && text.n < size) {
        memcpy(out, text.p, text.n);
        out[text.n] = '\0';
    }
}
static void note_link(struct posts *p, struct level *l, struct str text, bool asked)
{
    struct link link;

    text = str_trim(text);
    if (text.n >= POST_LINK_MAX || !link_is_whole(text) ||
        (l->link[0] && (asked || !l->asked_only)))
        return;
    link_parse(text, p->now, &link);
    if (link_is_profile(&link))
        memcpy(l->owner, link.item.handle, sizeof l->owner);
    if (link.what == LINK_SKIPPED)
        return;
    note_text(l->link, sizeof l->link, text);
    l->asked_only = asked;
    l->seen |= M(LINK);
}
static void note_from(struct posts *p, struct level *l, struct str text)
{
    struct link link;

    link_parse(str_trim(text), p->now, &link);
    l->elsewhere = text.n && !link_is_profile(&link);
    if (!l->elsewhere)
        memcpy(l->owner, link.item.handle, sizeof l->owner);
}
static void note_author(struct level *l, struct str text)
{
    uint64_t id;

    if (str_u64(text, &id) && id <= INT64_MAX)
        l->author = id;
}
/* The newest: what is merged in later shows the post as it was then. */
static void note_time(struct posts *p, struct level *l, struct str text, bool ms)
{
    ptrdiff_t point = str_find(text, STR("."), 0);
    int64_t at;

    if (!str_i64(point < 0 ? text : str_sub(text, 0, (size_t)point), &at))
        return;
    at /= ms ? 1000 : 1;
    if (at >= AT_MIN && at <= p->now + AFTER_NOW_S && at > l->at)
        l->at = at;
}
static void note(struct posts *p, struct level *l, const struct place *at, enum scan_type type,
                 struct str text)
{
    bool textual = type == SCAN_STRING || type == SCAN_NUMBER;

    switch (at->what) {
    case WHAT_SEEN: l->seen |= type != SCAN_NULL ? at->mark : 0; return;
    case WHAT_ID:
        l->seen |= textual && text.n ? at->mark : 0;
        if (textual)
            note_text(l->id_text, sizeof l->id_text, text);
        return;
    case WHAT_LINK:
    case WHAT_ASKED:
        if (type != SCAN_STRING)
            return;
        l->seen |= at->mark;
        note_link(p, l, text, at->what == WHAT_ASKED);
        return;
    case WHAT_HANDLE:
        if (type == SCAN_STRING && !l->handle[0] && !tiktok_handle_read(text, l->handle))
            l->handle[0] = '\0';
        return;
    case WHAT_AUTHOR:
        if (textual)
            note_author(l, text);
        return;
    case WHAT_FROM:
        if (type == SCAN_STRING)
            note_from(p, l, text);
        return;
    case WHAT_MS:
    case WHAT_S:
        if (textual)
            note_time(p, l, text, at->what == WHAT_MS);
        return;
    case WHAT_TOOL:
        l->seen |= type == SCAN_STRING && str_eq(text, STR("TikTok")) ? at->mark : 0;
        return;
    case WHAT_LIST:
        l->seen |= type == SCAN_STRING && str_eq(text, STR("playlist")) ? at->mark : 0;
        return;
    case WHAT_SAID:
        l->seen |= type == SCAN_TRUE || (type == SCAN_STRING && text.n) ? at->mark : 0;
        return;
    }
}

/* ---- places ---- */
/* The next place from *i on that the value being read stands at; its row's level. */
static const struct place *place_next(const struct scan *s, size_t *i, int *row)
{
    const struct scan_level *at = &s->level[s->depth];
    struct str key = { at->key, at->key_len };

    if (!s->depth || !at->object)
        return NULL;
    for (; *i < sizeof places / sizeof places[0]; ++*i) {
        const struct place *p = &places[*i];
        const struct scan_level *up = s->depth > 1 ? at - 1 : NULL;

        if (p->key.n != key.n || p->key.p[0] != key.p[0] || !str_eq(p->key, key))
            continue;    // nearly all keys differ in one of the first two
        if (p->outer.n &&
            !(up && up->object && str_eq(p->outer, (struct str){ up->key, up->key_len })))
            continue;
        *row = p->outer.n ? s->depth - 1 : s->depth;
        ++*i;
        return p;
    }
    return NULL;
}
static bool posts_wants(void *to, const struct scan *s)
{
    size_t i = 0;
    int row;

    (void)to;
    return place_next(s, &i, &row) != NULL;
}
static int posts_value(void *to, const struct scan *s, enum scan_type type, struct str text,
                       struct err *err)
{
    struct posts *p = to;
    const struct place *at;
    size_t i = 0;
    int row;

    (void)err;
    while ((at = place_next(s, &i, &row)))
        note(p, &p->level[row], at, type, text);
    /* yt-dlp writes null for an entry that it could not read */
    if (type == SCAN_NULL && s->depth && !s->level[s->depth].object &&
        str_eq(scan_key(s, 0), STR("entries")))
        p->empty++;
    return 0;
}
/* Long, and nothing of a row's own; and, on a page's state, posts of others. */
static bool is_passed_over(struct str key)
{
    static const char *const keys[] = { "webapp.updated-items",
                                        "comments",
                                        "formats",
                                        "requested_formats",
                                        "requested_downloads",
                                        "thumbnails",
                                        "automatic_captions",
                                        "subtitles",
                                        "bitrateInfo",
                                        "http_headers",
                                        "direct messages",
                                        "chat history",
                                        NULL };

    return str_is_one_of(key, keys);
}
/* A document, or an element of a list at the root. */
static bool is_row(const struct scan *s, bool object)
{
    return (s->depth == 0 && object) || (s->depth == 1 && !s->level[1].object);
}
static bool posts_enter(void *to, const struct scan *s, bool object)
{
    struct posts *p = to;
    const struct place *at;
    size_t i = 0;
    int row;

    while ((at = place_next(s, &i, &row)))
        if (at->what == WHAT_SEEN)
            p->level[row].seen |= at->mark;
    if (s->depth && s->level[s->depth].object && is_passed_over(scan_key(s, 0)))
        return false;
    if (is_row(s, object))
        p->in_row = 0;
    p->objects += object;
    p->level[s->depth + 1].seen = 0;
    p->level[s->depth + 1].first_held = p->held_n;
    p->level[s->depth + 1].start = s->at;
    p->level[s->depth + 1].at = 0;
    p->level[s->depth + 1].id_text[0] = p->level[s->depth + 1].link[0] = '\0';
    p->level[s->depth + 1].handle[0] = p->level[s->depth + 1].owner[0] = '\0';
    p->level[s->depth + 1].author = 0;
    p->level[s->depth + 1].elsewhere = p->level[s->depth + 1].asked_only = false;
    return true;
}

/* ---- rows ---- */
static const struct shape *shape_of(unsigned seen)
{
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++)
        if ((seen & shapes[i].all) == shapes[i].all && (seen & shapes[i].any) &&
            !(seen & shapes[i].none))
            return &shapes[i];
    return NULL;
}
static void hold(struct posts *p, const struct level *l, const struct shape *shape, int64_t end)
{
    struct post_found f = { .shape = shape->shape,
                            .answer = shape->answer,
                            .author = l->author,
                            .at = l->at,
                            .elsewhere = l->elsewhere,
                            .closed = (l->seen & M(CLOSED)) != 0,
                            .offset = l->start,
                            .len = end - l->start };
    struct link link;
    uint64_t id;

    memcpy(f.id_text, l->id_text, sizeof f.id_text);
    memcpy(f.link, l->link, sizeof f.link);
    memcpy(f.handle, l->handle, sizeof f.handle);
    memcpy(f.owner, l->owner, sizeof f.owner);
    if (id_parse(str_of(f.id_text), p->now, &id) <= ID_ODD)
        f.id = id;
    if (f.link[0]) {    // exact where a program made a double of the id
        link_parse(str_of(f.link), p->now, &link);
        if (link.what == LINK_ITEM)
            f.id = link.item.id;
    }
    ARRAY_ROOM(p->held, p->held_n, p->held_cap);
    p->held[p->held_n++] = f;
    p->in_row++;
    p->any = true;
}
/* What an object says of all rows within it, where they do not say it themselves. */
static void inherit(struct post_found *f, const struct level *l)
{
    f->at = f->at ? f->at : l->at;
    f->cut = f->cut || (l->seen & M(CUT));
    if (!f->reply && (l->seen & M(REPLY)))
        f->reply = l->start + 1;
    if (f->owner[0] || f->elsewhere)
        return;
    f->elsewhere = l->elsewhere;
    memcpy(f->owner, l->owner, sizeof f->owner);
}
static void posts_leave(void *to, const struct scan *s, bool object)
{
    struct posts *p = to;
    struct level *l = &p->level[s->depth + 1];
    const struct shape *shape = object ? shape_of(l->seen) : NULL;

    p->objects -= object;
    if (shape) {
        p->held_n = l->first_held;    // rows within it are its own matter
        hold(p, l, shape, s->at + 1);
    }
    for (size_t i = l->first_held; object && i < p->held_n; i++)
        inherit(&p->held[i], l);
    if (is_row(s, object) && !p->in_row)
        p->empty++;
    if (!p->objects || p->held_n >= POSTS_HELD_MAX)
        p->ready = p->held_n;
}
static void posts_broken(void *to)
{
    struct posts *p = to;

    p->objects = 0;
    p->ready = p->held_n;    // whole rows before the damage are whole
    p->broken++;
}
static int tell(struct posts *p, struct err *err)
{
    size_t n = p->ready;

    for (size_t i = 0; i < n; i++)
        if (p->user.post && p->user.post(p->user.to, &p->held[i], err))
            return -1;
    for (; p->empty; p->empty--)
        if (p->user.empty && p->user.empty(p->user.to, err))
            return -1;
    for (; p->broken; p->broken--)
        if (p->user.broken && p->user.broken(p->user.to, err))
            return -1;
    if (!n)
        return 0;
    memmove(p->held, p->held + n, (p->held_n - n) * sizeof p->held[0]);
    p->held_n -= n;
    p->ready = 0;
    for (int d = 0; d <= p->scan.depth; d++)
        p->level[d].first_held -= p->level[d].first_held < n ? p->level[d].first_held : n;
    return 0;
}

/* ---- the whole ---- */
struct posts *posts_new(const struct posts_user *user, int64_t now, bool lines)
{
    struct posts *p = xcalloc(1, sizeof *p);
    const struct scan_user scan = { posts_wants, posts_value,  posts_enter,
                                    posts_leave, posts_broken, p };

    p->user = *user;
    p->now = now;
    scan_init(&p->scan, &scan, lines);
    return p;
}
void posts_free(struct posts *p)
{
    if (!p)
        return;
    scan_release(&p->scan);
    free(p->held);
    free(p);
}
int posts_feed(struct posts *p, struct str piece, struct err *err)
{
    while (piece.n) {
        size_t n = piece.n < POSTS_SLICE ? piece.n : POSTS_SLICE;
        int rc = scan_feed(&p->scan, str_sub(piece, 0, n), err);

        if (rc || tell(p, err))
            return -1;
        piece = str_sub(piece, n, piece.n);
    }
    return 0;
}
int posts_end(struct posts *p, struct err *err)
{
    if (scan_end(&p->scan, err))
        return -1;
    p->ready = p->held_n;
    return tell(p, err);
}
bool posts_json_shape(struct str text, bool lines)
{
    static const struct posts_user nobody;
    struct posts *p = posts_new(&nobody, INT64_MAX / 2, lines);
    struct err err = { 0 };
    bool found;

    if (posts_feed(p, text, &err))
        err_clear(&err);    // broken bytes are the reader's to tell
    found = p->any;
    for (int d = 1; d <= p->scan.depth && !found; d++)    // begun, and longer than the text
        found = p->scan.level[d].object && shape_of(p->level[d].seen);
    posts_free(p);
    return found;
}
