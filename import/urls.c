/* import/urls.c: which item does a link name?
 * The forms are those that public clients, donation packages and citations
 * hold (README.md, "URL forms"). A host must be the platform's own. Only ids and
 * handles leave here, so a link can never smuggle a path. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include "import/escape.h"
#include "import/urls.h"
#include "import/wrap.h"
#include "platform/tiktok.h"
#include "record/id.h"

enum {
    UNWRAP_MAX = 5,    // link in link in link; escapes in escapes
    RAW_MAX = 4096,    // of an escaped URL; the id stands far in front
};

/* ---- letters ---- */
/* What hosts, handles and codes are made of. */
static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || c == '_' ||
           c == '-' || c == '.';
}
/* What ends a URL in text: blanks, controls, quotes, brackets. */
static bool is_edge(char c)
{
    switch (c) {
    case '"':
    case '\'':
    case '<':
    case '>':
    case '`':
    case '|':
    case '(':
    case ')':
    case '[':
    case ']':
    case '{': case '}': case '^': case 0x7f:
        return true;
    default:
        return (unsigned char)c <= ' ';
    }
}
static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}
static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}
static bool is(struct str s, const char *lower_case)
{
    return str_eq_nocase(s, str_of(lower_case));
}
static struct str from(struct str s, size_t at)
{
    return at > s.n ? STR_NONE : (struct str){ s.p + at, s.n - at };
}

/* ---- ids, handles, short codes ---- */
static bool skip_link(struct link *l, enum import_skip why)
{
    l->what = LINK_SKIPPED;
    l->skip = why;
    return true;
}
void link_from_id(struct str digits, int64_t now, struct link *l)
{
    enum id_verdict v = id_parse(digits, now, &l->item.id);

    l->item.handle[0] = '\0';
    l->odd = v == ID_ODD;
    l->what = LINK_ITEM;
    if (v == ID_TOO_LARGE || v == ID_NOT)
        skip_link(l, v == ID_NOT ? SKIP_BAD_ID : SKIP_ID_TOO_LARGE);
}
/* The id at the start of a path segment: digits, then nothing, ".html", or the
 * punctuation of a sentence; a letter behind it makes it no id. */
static struct str id_digits(struct str segment)
{
    size_t n = 0;

    while (n < segment.n && is_digit(segment.p[n]))
        n++;
    if (n < segment.n &&
        (isalpha((unsigned char)segment.p[n]) || segment.p[n] == '_' || segment.p[n] == '-'))
        return STR_NONE;
    return (struct str){ segment.p, n };
}
static bool set_item(struct link *l, struct str segment, struct str handle, int64_t now)
{
    link_from_id(id_digits(segment), now, l);
    if (l->what == LINK_ITEM)
        (void)tiktok_handle_read(handle, l->item.handle);
    return true;
}
static bool set_short(struct link *l, const char *host, const char *path, struct str code)
{
    size_t n = 0;

    while (n < code.n && is_word(code.p[n]) && code.p[n] != '.')
        n++;
    if (n < 4 || n > 40)
        return skip_link(l, SKIP_OTHER_PAGE);
    l->what = LINK_SHORT;
    snprintf(l->url, sizeof l->url, "https://%s%s%.*s/", host, path, (int)n, code.p);
    return true;
}

/* ---- paths ---- */
/* The value of a query parameter, still escaped. */
static bool query_get(struct str query, const char *name, struct str *value)
{
    struct str pair, want = str_of(name);

    while (str_cut(&query, '&', &pair)) {
        if (pair.n > want.n && pair.p[want.n] == '=' &&
            str_eq_nocase(str_sub(pair, 0, want.n), want)) {
            *value = from(pair, want.n + 1);
            return true;
        }
    }
    return false;
}
/* Pages that name no item, by the first word of their path ("share" aside). */
static enum import_skip page_kind(struct str word)
{
    static const struct { const char *word; enum import_skip kind;
    } pages[] = {
        { "music", SKIP_SOUND },       { "sound", SKIP_SOUND },
        { "sounds", SKIP_SOUND },      { "original", SKIP_SOUND },
        { "tag", SKIP_HASHTAG },       { "challenge", SKIP_HASHTAG },
        { "hashtag", SKIP_HASHTAG },   { "live", SKIP_LIVE },
        { "search", SKIP_SEARCH },     { "discover", SKIP_SEARCH },
        { "playlist", SKIP_PLAYLIST }, { "collection", SKIP_PLAYLIST },
        { "mix", SKIP_PLAYLIST },      { "user", SKIP_USER_PROFILE },
        { "login", SKIP_LOGIN },       { "signup", SKIP_LOGIN },
        { "storage", SKIP_CDN_FILE },  { "obj", SKIP_CDN_FILE },
        { "aweme", SKIP_OTHER_PAGE },
    };

    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++)
        if (is(word, pages[i].word))
            return pages[i].kind;
    return word.n && word.p[0] == '@' ? SKIP_USER_PROFILE : SKIP_OTHER_PAGE;
}
struct parts { struct str host, path, query, fragment; enum tiktok_host kind; };
enum { SEGMENTS = 8 };
static size_t path_split(struct str path, struct str seg[SEGMENTS])
{
    size_t n = 0;
    struct str piece;

    while (n < SEGMENTS && str_cut(&path, '/', &piece))
        if (piece.n)
            seg[n++] = piece;
    return n;
}
/* An account's own page: its handle where the path has one. */
static bool skip_profile(struct link *l, const struct str *seg, size_t n)
{
    skip_link(l, SKIP_USER_PROFILE);
    for (size_t i = 0; i < n && !l->item.handle[0]; i++)
        if (seg[i].p[0] == '@')
            (void)tiktok_handle_read(from(seg[i], 1), l->item.handle);
    return true;
}
/* An item that the path itself names. false where it names none. */
static bool path_item(const struct str *seg, size_t n, int64_t now, struct link *l)
{
    struct str handle = STR_NONE;

    for (size_t i = 0; i + 1 < n; i++) {
        if (seg[i].p[0] == '@') {
            handle = from(seg[i], 1);
            continue;
        }
        if (is(seg[i], "video") || is(seg[i], "photo") || (is(seg[i], "v") && n == i + 2))
            return set_item(l, seg[i + 1], handle, now);
        if ((is(seg[i], "embed") || is(seg[i], "player"))) {
            bool versioned = i + 2 < n && lower(seg[i + 1].p[0]) == 'v';
            struct str id = seg[i + 1 + (versioned ? 1 : 0)];

            return id.p[0] == '@' ? skip_profile(l, seg, n) : set_item(l, id, handle, now);
        }
    }
    if (n && (is(seg[n - 1], "video") || is(seg[n - 1], "photo")))
        return skip_link(l, SKIP_BAD_ID);
    return false;
}
/* The word after an account that says what of it is meant: /@user/live. */
static enum import_skip path_page(const struct str *seg, size_t n)
{
    size_t i = 0;

    while (i + 1 < n && (is(seg[i], "share") || is(seg[i], "h5") || is(seg[i], "i18n")))
        i++;
    if (i >= n)
        return SKIP_OTHER_PAGE;
    if (seg[i].p[0] == '@' && i + 1 < n && page_kind(seg[i + 1]) != SKIP_OTHER_PAGE)
        return page_kind(seg[i + 1]);
    return page_kind(seg[i]);
}
static bool query_item(struct str query, int64_t now, struct link *l)
{
    static const char *const names[] = { "share_item_id", "item_id", "shareId" };
    struct str v;

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (query_get(query, names[i], &v) && v.n)
            return set_item(l, v, STR_NONE, now);
    return false;
}
static void parse_at(struct str url, int64_t now, int depth, struct link *l);
/* A page that leads on to another URL: the login wall, oEmbed. */
static bool query_wrapped(struct str query, int64_t now, int depth, struct link *l)
{
    char text[RAW_MAX];
    struct str v;

    if (!query_get(query, "redirect_url", &v) && !query_get(query, "url", &v))
        return false;
    if (depth >= UNWRAP_MAX)
        return skip_link(l, SKIP_LOGIN);
    parse_at(escape_undo_percent(v, text, sizeof text), now, depth + 1, l);
    return true;
}
static void parse_path(const struct parts *u, int64_t now, int depth, struct link *l)
{
    struct str seg[SEGMENTS], of_fragment[SEGMENTS];
    size_t n = path_split(u->path, seg);
    enum import_skip page;

    if (tiktok_host_is_media(u->host)) {    // .../video/tos/...
        skip_link(l, SKIP_CDN_FILE);
        return;
    }
    if (path_item(seg, n, now, l))
        return;
    if (n && u->kind == TIKTOK_SHORT) {
        set_short(l, tiktok_short_host(u->host), "/", is(seg[0], "t") && n > 1 ? seg[1] : seg[0]);
        return;
    }
    if (n > 1 && is(seg[0], "t")) {
        set_short(l, tiktok_site_short_host(u->host), TIKTOK_SHORT_PATH, seg[1]);
        return;
    }
    page = path_page(seg, n);
    if ((page == SKIP_LOGIN || page == SKIP_OTHER_PAGE) && query_wrapped(u->query, now, depth, l))
        return;
    if ((page == SKIP_OTHER_PAGE || page == SKIP_USER_PROFILE) && query_item(u->query, now, l))
        return;
    /* Old addresses of the web player: /@user?lang=en#/@user/video/ID */
    if (u->fragment.n && path_item(of_fragment, path_split(u->fragment, of_fragment), now, l))
        return;
    if (page == SKIP_USER_PROFILE)
        skip_profile(l, seg, n);
    else
        skip_link(l, page);
}
/* Offset of the first of the marks at or after `at`, or the length. */
static size_t find_any(struct str s, const char *marks, size_t at)
{
    while (at < s.n && !(s.p[at] && strchr(marks, s.p[at])))
        at++;
    return at;
}
static struct parts url_split(struct str url)
{
    size_t slash = find_any(url, "/?#\\", 0), mark = find_any(url, "?#", slash);
    struct parts u = { .host = { url.p, slash }, .path = { url.p + slash, mark - slash } };

    if (mark < url.n) {
        size_t hash = find_any(url, "#", mark);

        u.query = url.p[mark] == '?' ? str_sub(url, mark + 1, hash - mark - 1) : STR_NONE;
        u.fragment = hash < url.n ? from(url, hash + 1) : STR_NONE;
    }
    for (size_t i = slash; i > 0; i--)      // user:password@host: the host is what follows
        // i > 0, so there are bytes: NOLINTNEXTLINE(clang-analyzer-core.NullDereference)
        if (url.p[i - 1] == '@') {
            u.host = (struct str){ url.p + i, slash - i };
            break;
        }
    u.host.n = find_any(u.host, ":", 0);
    u.kind = tiktok_host(u.host);
    return u;
}
/* A cheap look whether text escapes are worth undoing. */
static bool has_escapes(struct str s)
{
    if (s.n && memchr(s.p, '\\', s.n))
        return true;
    for (const char *p = s.p, *end = s.p + s.n;
         p && p < end && (p = memchr(p, '&', (size_t)(end - p))); p++)
        if (p + 1 < end && (p[1] == '#' || lower(p[1]) == 'a' || lower(p[1]) == 'q'))
            return true;
    return false;
}
/* Undoes escapes into text, which holds RAW_MAX; decoding in place is safe as
 * no escape is shorter than what it stands for. */
static struct str unwrap(struct str url, char *text)
{
    bool escaped;

    (void)escape_scheme_len(url, &escaped);
    for (int i = 0; i < UNWRAP_MAX && (escaped || has_escapes(url)); i++) {
        url = escape_undo_text(url, text, RAW_MAX);
        (void)escape_scheme_len(url, &escaped);
        if (escaped)
            url = escape_undo_percent(url, text, RAW_MAX);
        (void)escape_scheme_len(url, &escaped);
    }
    return url;
}
/* url has its scheme, or begins with the host. */
static void parse_at(struct str url, int64_t now, int depth, struct link *l)
{
    char text[RAW_MAX], path[RAW_MAX];
    bool escaped;
    size_t n;
    struct parts u;
    struct str inner;

    url = unwrap(url, text);
    n = escape_scheme_len(url, &escaped);
    url = from(url, n || !str_starts(url, STR("//")) ? n : 2);
    u = url_split(url);
    if (u.kind == TIKTOK_OTHER && depth < UNWRAP_MAX &&
        wrap_inner(u.host, from(url, find_any(url, "/?#\\", 0)), path, &inner)) {
        parse_at(inner, now, depth + 1, l);
        return;
    }
    if (u.kind == TIKTOK_OTHER || u.kind == TIKTOK_CDN) {
        skip_link(l, u.kind == TIKTOK_CDN        ? SKIP_CDN_FILE
                     : wrap_is_shortener(u.host) ? SKIP_SHORTENED
                                                 : SKIP_OTHER_HOST);
        return;
    }
    // n says that there are bytes: NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker)
    if (u.path.n && memchr(u.path.p, '%', u.path.n))
        u.path = escape_undo_percent(u.path, path, sizeof path);
    parse_path(&u, now, depth, l);
}
void link_parse(struct str url, int64_t now, struct link *l)
{
    *l = (struct link){ 0 };
    if (!url.n) {
        skip_link(l, SKIP_OTHER_HOST);
        return;
    }
    parse_at(url.n > RAW_MAX ? str_sub(url, 0, RAW_MAX) : url, now, 0, l);
}

bool link_is_profile(const struct link *l)
{
    return l->what == LINK_SKIPPED && l->skip == SKIP_USER_PROFILE && l->item.handle[0];
}

/* ---- links in text ---- */
/* The host of the URL at the start of text. */
static struct str outer_host(struct str text, size_t scheme)
{
    struct str rest = str_sub(text, scheme, 256);       // no host is longer

    return str_sub(rest, 0, find_any(rest, "/?#:\\%", 0));
}
/* A link that begins at i within another's text is a part of it where that one is on a
 * foreign host and has it as a parameter or in its path: a web archive, a mail filter. */
static bool is_inner(struct str text, size_t scheme, size_t i)
{
    return text.p[i - 1] == '=' || (text.p[i - 1] && strchr("/_:?", text.p[i - 1]) &&
                                    tiktok_host(outer_host(text, scheme)) == TIKTOK_OTHER);
}
/* Where the URL at the start of text ends. Before the query a comma or a
 * semicolon ends it (lists in one line); in the query only before another URL. */
static size_t url_extent(struct str text, size_t scheme)
{
    size_t i = scheme;
    bool query = false, entity = false, escaped;

    for (; i < text.n; i++) {
        if (is_edge(text.p[i])) {
            if (text.p[i] == '|' && query && wrap_is_safe_link(outer_host(text, scheme)))
                continue;
            return i;
        }
        switch (text.p[i]) {
        case '?':
            query = true;
            break;
        case '&':
            entity = true;
            break;
        case '\\':     // a line break of JSON or CSV text ends it as a real one does
            if (i + 1 < text.n && (text.p[i + 1] == 'n' || text.p[i + 1] == 'r' ||
                                   text.p[i + 1] == 't' || text.p[i + 1] == '"'))
                return i;
            break;
        case ';':    // https://urldefense.com/v3/__https://...__;!!...
            if (str_ends(str_sub(text, 0, i), STR("__")) && text.n > i + 1 && text.p[i + 1] > ' ')
                break;
            // fall through
        case ',':
            if ((!query && !entity) || escape_http_len(from(text, i + 1)))
                return i;
            break;
        case 'h': case 'H':
            if (i > scheme && escape_scheme_len(from(text, i), &escaped) && !escaped &&
                !is_inner(text, scheme, i))
                return i;
            break;
        default:
            break;
        }
    }
    return i;
}
/* www.tiktok.com/@user/video/1 without a scheme: a host whose name holds
 * "tiktok", then a slash or a query. Returns the host's length or 0. */
static size_t bare_host(struct str text)
{
    size_t n = 0;

    while (n < text.n && n < 80 && is_word(text.p[n]) && text.p[n] != '_')
        n++;
    if (n < 10 || n >= text.n || (text.p[n] != '/' && text.p[n] != '?'))
        return 0;
    if (str_find_nocase((struct str){ text.p, n }, STR("tiktok"), 0) < 0 || !memchr(text.p, '.', n))
        return 0;
    return n;
}
static size_t digit_run(struct str text)
{
    size_t n = 0;

    while (n < text.n && is_digit(text.p[n]))
        n++;
    return n;
}
bool link_next(struct str *rest, int64_t now, struct link *l)
{
    struct str t = *rest;
    bool escaped, start = true;      // start: a word may begin here

    for (size_t i = 0; i < t.n; i++) {
        struct str here = from(t, i);
        size_t n = 0;

        if ((t.p[i] == 'h' || t.p[i] == 'H') && (n = escape_scheme_len(here, &escaped))) {
            n = url_extent(here, n);
            link_parse((struct str){ here.p, n }, now, l);
        } else if (start && is_digit(t.p[i])) {
            n = digit_run(here);
            bool word = n == here.n || is_edge(here.p[n]) || here.p[n] == ',' || here.p[n] == ';';
            if (!word || n < 17 || n > 20) {
                i += n - 1;
                start = false;
                continue;
            }
            *l = (struct link){ 0 };
            link_from_id((struct str){ here.p, n }, now, l);
        } else if (start && (is_word(t.p[i]) || t.p[i] == '/') &&
                   (n = bare_host(t.p[i] == '/' ? from(t, i + 2) : here))) {
            n = url_extent(here, n + (t.p[i] == '/' ? 2 : 0));
            link_parse((struct str){ here.p, n }, now, l);
        }
        if (n) {
            *rest = from(t, i + n);
            return true;
        }
        start = is_edge(t.p[i]) || t.p[i] == ',' || t.p[i] == ';' || t.p[i] == ':' || t.p[i] == '=';
    }
    *rest = STR_NONE;
    return false;
}
bool link_is_whole(struct str text)
{
    bool escaped;
    size_t n;

    text = str_trim(text);
    if (!text.n || !((n = escape_scheme_len(text, &escaped)) || (n = bare_host(text))))
        return false;
    return url_extent(text, n) == text.n;
}
