/* scrape/shortlink.c: see shortlink.h. A dead link leads to the home page
 * (https://www.tiktok.com/?_r=1 or shorter, gallery-dl and yt-dlp); a living
 * one may take two hops (m.tiktok.com/v/ID.html, then the canonical URL), and
 * the first URL that names an item is the target. */
#include <string.h>
#include "platform/tiktok.h"
#include "scrape/block.h"
#include "scrape/shortlink.h"

static bool same_host(struct str a, struct str b)
{
    struct url u, v;

    return url_split(a, &u) && url_split(b, &v) && str_eq_nocase(u.host, v.host);
}

struct str shortlink_url(struct str link, const struct bases *bases, struct arena *mem)
{
    struct url u;
    struct str text = str_trim(link);

    if (!str_starts_nocase(text, STR("http://")) && !str_starts_nocase(text, STR("https://")))
        text = arena_printf(mem, "https://%.*s", STR_ARG(text));
    if (!url_split(text, &u))
        return STR_NONE;
    if (same_host(text, bases->page) || same_host(text, bases->short_links))
        return arena_dup(mem, text);
    if (!host_is_platform(u.host))
        return STR_NONE;
    if (tiktok_short_host(u.host))
        return arena_printf(mem, "%.*s%.*s", STR_ARG(bases->short_links), STR_ARG(u.path));
    if (str_starts(u.path, STR(TIKTOK_SHORT_PATH)) &&
        !strcmp(tiktok_site_short_host(u.host), TIKTOK_HOST))
        return arena_printf(mem, "%.*s%.*s", STR_ARG(bases->page), STR_ARG(u.path));
    return redirect_through(arena_printf(mem, "https://%.*s%.*s", STR_ARG(u.host), STR_ARG(u.path)),
                            bases, mem);
}

/* A target at the configured base, in the words of the real site. */
static struct str public_form(struct str url, const struct bases *bases, struct arena *mem)
{
    struct url u;

    if (!same_host(url, bases->page) || !url_split(url, &u))
        return url;
    return arena_printf(mem, TIKTOK_SITE "%.*s", STR_ARG(u.path));
}

static void decide(struct answer *a, enum answer_kind kind, struct str message, enum no_answer why)
{
    a->kind = kind;
    a->message = message;
    a->why = why;
}

/* Profiles, sounds, tags, live rooms: a target, though no item. */
static bool is_other_target(struct str path)
{
    static const char *const heads[] = { "/@",     "/music/",      "/tag/",
                                         "/share/", "/i18n/share/", "/live" };

    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
        if (str_starts(path, str_of(heads[i])))
            return true;
    return false;
}

bool shortlink_step(const struct http_exchange *x, struct str asked_url, const struct bases *bases,
                    struct arena *mem, struct answer *a, struct str *next)
{
    struct str location = http_header(x, "Location"), target;
    enum no_answer why = block_exchange(x);
    uint64_t id;
    struct url u;
    bool redirect = x->fault == HTTP_OK &&
                    (x->status == 301 || x->status == 302 || x->status == 303 || x->status == 307 ||
                     x->status == 308);

    decide(a, ANSWER_NO_ANSWER, STR_NONE, why);
    if (why == NO_ANSWER_HTTP_404)
        decide(a, ANSWER_REFUSED, STR_NONE, NO_ANSWER_NONE);
    else if (why == NO_ANSWER_NONE)
        a->why = x->body.n ? NO_ANSWER_UNKNOWN_SHAPE : NO_ANSWER_EMPTY;
    if (!redirect || !location.n)
        return true;
    target = url_resolve(asked_url, location, mem);
    if (!redirect_allowed(asked_url, target, bases) &&
        (!url_split(target, &u) || !host_is_platform(u.host))) {
        a->why = NO_ANSWER_REDIRECT;
        return true;
    }
    if (tiktok_url_item(target, &id)) {
        decide(a, ANSWER_RESOLVED, public_form(target, bases, mem), NO_ANSWER_NONE);
        return true;
    }
    if (why == NO_ANSWER_LOGIN_WALL || !url_split(target, &u))
        return true;
    if (u.path.n == 0 || str_eq(u.path, STR("/")) || u.path.p[0] == '?' ||
        str_starts(u.path, STR("/?"))) {
        decide(a, ANSWER_REFUSED, public_form(target, bases, mem), NO_ANSWER_NONE);
        return true;
    }
    if (is_other_target(u.path)) {
        decide(a, ANSWER_RESOLVED, public_form(target, bases, mem), NO_ANSWER_NONE);
        return true;
    }
    *next = redirect_through(target, bases, mem);
    a->why = NO_ANSWER_REDIRECT;
    return !redirect_allowed(asked_url, *next, bases);
}
