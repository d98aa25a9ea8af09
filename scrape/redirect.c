/* scrape/redirect.c: URLs as far as redirects need them. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include "base/http_url.h"
#include "platform/tiktok.h"
#include "scrape/redirect.h"

static struct str after(struct str s, size_t from)
{
    return str_sub(s, from, s.n);
}

static bool has_control(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < ' ' || s.p[i] == 0x7f)
            return true;
    return false;
}

/* Letters, digits, and what a port or an IPv6 address needs. A user name
 * before a host ("www.tiktok.com@example.org") makes it look like another. */
static bool is_host(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];

        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              (c && strchr(".-:[]_", c))))
            return false;
    }
    return s.n > 0;
}

bool url_split(struct str text, struct url *u)
{
    size_t scheme = str_starts_nocase(text, STR("https://"))  ? 5
                    : str_starts_nocase(text, STR("http://")) ? 4
                                                              : 0;
    struct str rest = after(text, scheme + 3);
    size_t n = 0;
    ptrdiff_t fragment;

    if (!scheme || has_control(text))
        return false;
    while (n < rest.n && rest.p[n] != '/' && rest.p[n] != '?' && rest.p[n] != '#')
        n++;
    u->scheme = str_sub(text, 0, scheme);
    u->host = str_sub(rest, 0, n);
    u->path = after(rest, n);
    if ((fragment = str_find(u->path, STR("#"), 0)) >= 0)
        u->path.n = (size_t)fragment;
    return is_host(u->host);
}

struct str url_name(const struct url *u)
{
    const bool is_v6 = str_starts(u->host, STR("["));
    ptrdiff_t end = str_find(u->host, is_v6 ? STR("]") : STR(":"), 0);

    return end < 0 ? u->host : str_sub(u->host, 0, (size_t)end + is_v6);
}

/* What a browser leaves out, for it goes without saying. */
static struct str host_of(const struct url *u)
{
    const struct str port = str_eq_nocase(u->scheme, STR("https")) ? STR(":443") : STR(":80");

    return str_ends(u->host, port) ? str_sub(u->host, 0, u->host.n - port.n) : u->host;
}

/* The first byte that the path stands for is cut off it; -1 at its end. */
static int path_byte(struct str *path)
{
    const bool escaped = path->n > 2 && path->p[0] == '%' &&
                         isxdigit((unsigned char)path->p[1]) && isxdigit((unsigned char)path->p[2]);
    int byte = path->n && *path->p != '?' ? (unsigned char)*path->p : -1;

    if (escaped)
        byte = (int)strtol((char[]){ path->p[1], path->p[2], '\0' }, NULL, 16);
    *path = after(*path, escaped ? 3 : 1);
    return byte;
}

bool url_same_page(struct str a, struct str b)
{
    struct url u, v;
    int byte;

    if (!url_split(a, &u) || !url_split(b, &v) || !str_eq_nocase(u.scheme, v.scheme) ||
        !str_eq_nocase(host_of(&u), host_of(&v)))
        return false;
    u.path = str_starts(u.path, STR("/")) ? after(u.path, 1) : u.path;
    v.path = str_starts(v.path, STR("/")) ? after(v.path, 1) : v.path;
    do {
        byte = path_byte(&u.path);
        if (path_byte(&v.path) != byte)
            return false;
    } while (byte >= 0);
    return true;
}

struct str url_resolve(struct str from, struct str text, struct arena *mem)
{
    struct url u, t;
    size_t dir;

    text = str_trim(text);
    if (url_split(text, &t) || has_control(text) || !url_split(from, &u))
        return arena_dup(mem, text);
    if (str_starts(text, STR("//")))
        return arena_printf(mem, "%.*s:%.*s", STR_ARG(u.scheme), STR_ARG(text));
    if (text.n == 0 || *text.p == '/')
        return arena_printf(mem, "%.*s://%.*s%.*s", STR_ARG(u.scheme), STR_ARG(u.host),
                            STR_ARG(text));
    if (memchr(text.p, ':', text.n) && str_find(text, STR("/"), 0) != 0 &&
        (str_find(text, STR("/"), 0) < 0 ||
         str_find(text, STR(":"), 0) < str_find(text, STR("/"), 0)))
        return arena_dup(mem, text);              // another scheme (snssdk://...): allowed nowhere
    for (dir = u.path.n; dir > 0 && u.path.p[dir - 1] != '/'; dir--)
        continue;
    return arena_printf(mem, "%.*s://%.*s%.*s%s%.*s", STR_ARG(u.scheme), STR_ARG(u.host), (int)dir,
                        u.path.p ? u.path.p : "", dir ? "" : "/", STR_ARG(text));
}

/* No port, no dot at the end: the platform's own links have neither. */
bool host_is_platform(struct str host)
{
    enum tiktok_host kind = tiktok_host(host);

    return !str_ends(host, STR(".")) && (kind == TIKTOK_WEB || kind == TIKTOK_SHORT);
}

static bool of_base(const struct url *u, struct str base)
{
    struct url b;

    return url_split(base, &b) && str_eq_nocase(u->scheme, b.scheme) &&
           str_eq_nocase(u->host, b.host);
}

bool redirect_allowed(struct str from, struct str to, const struct bases *bases)
{
    struct url f, t;

    if (!url_split(from, &f) || !url_split(to, &t))
        return false;
    if (str_eq_nocase(f.scheme, STR("https")) && !str_eq_nocase(t.scheme, STR("https")))
        return false;
    if (of_base(&t, bases->page) || of_base(&t, bases->short_links))
        return true;
    return !http_url_is_loopback(bases->page) && host_is_platform(t.host) &&
           str_eq_nocase(t.scheme, STR("https"));
}

struct str redirect_through(struct str url, const struct bases *bases, struct arena *mem)
{
    struct url u;

    if (!http_url_is_loopback(bases->page) || !url_split(url, &u) || !host_is_platform(u.host))
        return url;
    return arena_printf(mem, "%.*s%s%.*s",
                        STR_ARG(tiktok_short_host(u.host) ? bases->short_links : bases->page),
                        u.path.n && *u.path.p == '/' ? "" : "/", STR_ARG(u.path));
}

bool redirect_is_login(struct str location)
{
    struct url u;
    struct str path = url_split(location, &u) ? u.path : location;

    return str_starts_nocase(path, STR("/login")) && (path.n == 6 || strchr("/?#", path.p[6]));
}
