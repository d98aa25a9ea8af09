/* import/wrap.c: what stands in a link on a foreign host: in its path, in a parameter, or
 * spelled in a way of the wrapper's own. */
#include "import/wrap.h"
#include "import/escape.h"
#include "platform/tiktok.h"

static bool host_ends(struct str host, const char *end)
{
    struct str e = str_of(end);

    return host.n >= e.n && str_eq_nocase(str_sub(host, host.n - e.n, e.n), e) &&
           (host.n == e.n || host.p[host.n - e.n - 1] == '.');
}
bool wrap_is_shortener(struct str host)
{
    static const char *const hosts[] = { "t.co",    "bit.ly",  "tinyurl.com", "goo.gl",
                                         "ow.ly",   "buff.ly", "is.gd",       "lnkd.in",
                                         "fb.me",   "dlvr.it", "trib.al",     "rebrand.ly",
                                         "cutt.ly", "t.ly",    "shorturl.at", "j.mp",
                                         "v.gd",    "rb.gy",   "s.id",        NULL };

    return str_is_one_of(host, hosts);
}
bool wrap_is_safe_link(struct str host) { return str_find_nocase(host, STR("safelinks"), 0) >= 0; }

/* ---- beginnings ---- */
/* https:// in any spelling; https:/ as well, which is what proxies make of it in a path. */
static bool begins_link(struct str s)
{
    bool escaped;
    size_t n = escape_http_len(s);

    return n && (escape_scheme_len(s, &escaped) || str_starts(str_sub(s, n, s.n), STR(":/")));
}
/* A host of the platform and a slash behind it. */
static bool begins_host(struct str s)
{
    size_t n = 0;

    while (n < s.n && s.p[n] != '/' && s.p[n] != '%')
        n++;
    return n < s.n && n > 9 && tiktok_host(str_sub(s, 0, n)) != TIKTOK_OTHER;
}
/* https:/www... is written as it should be. */
static struct str mend_slash(struct str s, char *room)
{
    size_t n = escape_http_len(s), len = s.n + 1;

    if (!n || !str_starts(str_sub(s, n, s.n), STR(":/")) || (s.n > n + 2 && s.p[n + 2] == '/'))
        return s;
    for (size_t i = s.n; i > n + 1; i--)
        room[i] = s.p[i - 1];
    for (size_t i = 0; i <= n; i++)
        room[i] = s.p[i];
    room[n + 1] = '/';
    return (struct str){ room, len };
}

/* ---- in the path ---- */
/* What Proofpoint and Avanan put behind the link: "__;!!...", "___.YXA...". */
static struct str cut_token(struct str s)
{
    for (size_t i = s.n; i-- > 3;)
        if (s.p[i - 2] == '_' && s.p[i - 1] == '_' &&
            (s.p[i] == ';' || (s.p[i] == '.' && s.p[i - 3] == '_')))
            return str_sub(s, 0, i - (s.p[i] == ';' ? 2 : 3));
    return s;
}
static bool in_path(struct str rest, char *room, struct str *inner)
{
    for (size_t i = 1; i < rest.n; i++) {
        struct str here = str_sub(rest, i, rest.n);
        char before = rest.p[i - 1];

        if ((before == '/' || before == '_' || before == ':' || before == '=' || before == '?') &&
            begins_link(here)) {
            *inner = mend_slash(before == '_' ? cut_token(here) : here, room);
            return true;
        }
        if (before == '/' && begins_host(here)) {
            *inner = here;
            return true;
        }
        if (rest.p[i] == '?')
            return begins_link(str_sub(rest, i + 1, rest.n)) &&    // href.li/?https://...
                   (*inner = str_sub(rest, i + 1, rest.n), true);
    }
    return false;
}

/* ---- in a parameter ---- */
static int base64_value(char c)
{
    return c >= 'A' && c <= 'Z'   ? c - 'A'
           : c >= 'a' && c <= 'z' ? c - 'a' + 26
           : c >= '0' && c <= '9' ? c - '0' + 52
           : c == '+' || c == '-' ? 62
           : c == '/' || c == '_' ? 63
                                  : -1;
}
static struct str base64_read(struct str s, char *room)
{
    unsigned bits = 0;
    size_t n = 0;

    for (size_t i = 0; i < s.n && base64_value(s.p[i]) >= 0; i++) {
        bits = (bits << 6 | (unsigned)base64_value(s.p[i])) & 0xffffff;
        if (i % 4)
            room[n++] = (char)(bits >> (6 - 2 * (i % 4)) & 255);
    }
    return (struct str){ room, n };
}
/* urldefense v2: "-" for "%", "_" for "/". */
static struct str defense_2(struct str s, char *room)
{
    for (size_t i = 0; i < s.n; i++)
        room[i] = s.p[i] == '-' ? '%' : s.p[i] == '_' ? '/' : s.p[i];
    return escape_undo_percent((struct str){ room, s.n }, room, s.n);
}
static struct str value_read(struct str host, struct str rest, struct str value, char *room)
{
    if ((host_ends(host, "urldefense.proofpoint.com") || host_ends(host, "urldefense.com")) &&
        str_starts(rest, STR("/v2/")))
        return defense_2(value, room);
    if (host_ends(host, "bing.com") && str_starts(value, STR("a1")))
        return base64_read(str_sub(value, 2, value.n), room);
    if (host_ends(host, "protection.sophos.com") && !begins_link(value))
        return base64_read(value, room);
    return escape_undo_percent(value, room, value.n);
}
/* google.com, www.google.co.uk: "google", and a top level behind it. */
static bool is_google(struct str host)
{
    ptrdiff_t at = str_find_nocase(host, STR("google."), 0);

    return at >= 0 && (at == 0 || host.p[at - 1] == '.') && host.n - (size_t)at <= 13;
}
/* Whose links lead on to the one in a parameter. Elsewhere "url=" may be anything: the page
 * that a counter stood on. */
static bool leads_on(struct str host)
{
    static const char *const hosts[] = {
        "protection.outlook.com",
        "protection.outlook.cn",
        "protection.office365.us",
        "cdn.office.net",
        "urldefense.com",
        "urldefense.proofpoint.com",
        "facebook.com",
        "instagram.com",
        "messenger.com",
        "workplace.com",
        "threads.net",
        "threads.com",
        "l.wl.co",
        "bing.com",
        "duckduckgo.com",
        "yahoo.com",
        "youtube.com",
        "linkedin.com",
        "reddit.com",
        "twitter.com",
        "x.com",
        "t.me",
        "vk.com",
        "ok.ru",
        "pinterest.com",
        "t.umblr.com",
        "href.li",
        "steamcommunity.com",
        "slack-redir.net",
        "link.zhihu.com",
        "weibo.cn",
        "disq.us",
        "exit.sc",
        "trendmicro.com",
        "clicktime.symantec.com",
        "clicktime.cloud.postoffice.net",
        "fireeye.com",
        "linkprotect.cudasvc.com",
        "protection.sophos.com",
        "url-protection.com",
        "avanan.click",
        "deref-gmx.net",
        "deref-web.de",
        "deref-mail.com",
        "embed.ly",
        "iframe.ly",
        "googleusercontent.com",
        "archive.org",
    };

    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++)
        if (host_ends(host, hosts[i]))
            return true;
    return is_google(host);
}
/* Names of parameters that say where a link leads to. ref, from and referrer say where
 * somebody came from: those are none. */
static const char *const leading[] = { "url",         "u",           "q",
                                       "to",          "target",      "link",
                                       "href",        "goto",        "dest",
                                       "uddg",        "z",           "a",
                                       "o",           "r",           "imgrefurl",
                                       "rurl",        "redirect",    "redirect_url",
                                       "next",        "destination", "redirect_uri",
                                       "redirecturl", NULL };
static bool in_parameter(struct str host, struct str rest, char *room, struct str *inner)
{
    ptrdiff_t mark = str_find(rest, STR("?"), 0);
    struct str query, pair;

    if (mark < 0 || !leads_on(host))
        return false;
    query = str_sub(rest, (size_t)mark + 1, rest.n);
    while (str_cut(&query, '&', &pair)) {
        ptrdiff_t is = str_find(pair, STR("="), 0);
        struct str value;

        if (is <= 0 || !str_is_one_of(str_sub(pair, 0, (size_t)is), leading))
            continue;
        value = value_read(host, rest, str_sub(pair, (size_t)is + 1, pair.n), room);
        if (begins_link(value) || begins_host(value)) {
            *inner = value;
            return true;
        }
    }
    return false;
}

/* ---- in the host: www-tiktok-com.translate.goog ---- */
static bool in_host(struct str host, struct str rest, char *room, struct str *inner)
{
    static const char end[] = ".translate.goog";
    size_t n = 0;

    if (!host_ends(host, end + 1) || host.n < sizeof end)
        return false;
    host.n -= sizeof end - 1;
    for (size_t i = 0; i < host.n; i++) {
        bool twice = host.p[i] == '-' && i + 1 < host.n && host.p[i + 1] == '-';

        room[n++] = host.p[i] == '-' && !twice ? '.' : host.p[i];
        i += twice;
    }
    for (size_t i = 0; i < rest.n; i++)
        room[n++] = rest.p[i];
    *inner = (struct str){ room, n };
    return true;
}
bool wrap_inner(struct str host, struct str rest, char *room, struct str *inner)
{
    return in_host(host, rest, room, inner) || in_path(rest, room, inner) ||
           in_parameter(host, rest, room, inner);
}
