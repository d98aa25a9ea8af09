/* platform/tiktok.c: hosts, addresses and handles of the platform. */
#include <string.h>
#include "platform/tiktok.h"
#include <inttypes.h>
#include "record/id.h"

#define HANDLE_IN_URL_MAX 64

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return lower(c) >= 'a' && lower(c) <= 'z';
}

/* ---- hosts ---- */

/* The last two labels of a host; "*" at the end of a name stands for any further
 * letters, and for any top level of letters. Short-link hosts come before their domain. */
static const char *const short_hosts[] = { "vm.tiktok.com", "vt.tiktok.com" };
static const struct { const char *name, *top; enum tiktok_host kind;
} domains[] = {
    { "tiktok", "com", TIKTOK_WEB },
    { "tiktokv", "*", TIKTOK_WEB },              // tiktokv.com, .eu, .us
    { "tiktokcdn*", "com", TIKTOK_CDN },
};

/* Cuts the last label off *host. */
static struct str last_label(struct str *host)
{
    size_t at = host->n;
    struct str label;

    while (at > 0 && host->p[at - 1] != '.')
        at--;
    label = str_sub(*host, at, host->n - at);
    host->n = at > 0 ? at - 1 : 0;
    return label;
}

static bool is_top(struct str label)
{
    for (size_t i = 0; i < label.n; i++)
        if (!is_letter(label.p[i]))
            return false;
    return label.n >= 2;
}

static bool label_is(struct str label, const char *pattern)
{
    struct str p = str_of(pattern);

    if (str_ends(p, STR("*")))
        return str_starts_nocase(label, str_sub(p, 0, p.n - 1));
    return str_eq_nocase(label, p);
}

static struct str without_dot(struct str host)
{
    return host.n && host.p[host.n - 1] == '.' ? str_sub(host, 0, host.n - 1) : host;
}

const char *tiktok_short_host(struct str host)
{
    host = without_dot(host);
    for (size_t i = 0; i < sizeof short_hosts / sizeof short_hosts[0]; i++)
        if (str_eq_nocase(host, str_of(short_hosts[i])))
            return short_hosts[i];
    return NULL;
}

const char *tiktok_site_short_host(struct str host)
{
    static const char *const own[] = { "lite.tiktok.com" };

    host = without_dot(host);
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
        if (str_eq_nocase(host, str_of(own[i])))
            return own[i];
    return TIKTOK_HOST;
}

enum tiktok_host tiktok_host(struct str host)
{
    struct str name, top, rest;

    if (host.n == sizeof TIKTOK_HOST - 1 && !memcmp(host.p, TIKTOK_HOST, host.n))
        return TIKTOK_WEB;                       // nearly all of them, in millions of links
    if (tiktok_short_host(host))
        return TIKTOK_SHORT;
    rest = without_dot(host);
    top = last_label(&rest);
    name = last_label(&rest);
    for (size_t i = 0; i < sizeof domains / sizeof domains[0]; i++)
        if (label_is(name, domains[i].name) &&
            (*domains[i].top == '*' ? is_top(top) : label_is(top, domains[i].top)))
            return domains[i].kind;
    return TIKTOK_OTHER;
}

bool tiktok_host_is_media(struct str host)
{
    return str_starts_nocase(host, STR("video-")) || str_starts_nocase(host, STR("sf16-")) ||
           (host.n > 3 && (lower(host.p[0]) == 'v' || lower(host.p[0]) == 'p') &&
            is_digit(host.p[1]) && is_digit(host.p[2]));
}

/* ---- addresses ---- */

void tiktok_post_at(struct buf *out, struct str site, uint64_t id, struct str handle)
{
    char text[ID_TEXT_MAX];

    buf_str(out, site);
    buf_puts(out, "/@");
    buf_str(out, tiktok_handle_is_plain(handle) ? handle : STR("_"));
    buf_puts(out, "/video/");
    buf_puts(out, id_text(id, text));
}

void tiktok_post_url(struct buf *out, uint64_t id, struct str handle)
{
    tiktok_post_at(out, STR(TIKTOK_SITE), id, handle);
}

void tiktok_creator_embed_at(struct buf *out, struct str site, struct str handle)
{
    buf_str(out, site);
    buf_puts(out, "/embed/@");
    buf_str(out, handle);
}

void tiktok_post_embed_at(struct buf *out, struct str site, uint64_t id)
{
    buf_str(out, site);
    buf_printf(out, TIKTOK_EMBED_POST "%" PRIu64, id);
}

/* 17 to 20 digits at from, as record/id.h takes them. */
static bool id_at(struct str url, size_t from, uint64_t *id)
{
    size_t n = 0;

    while (from + n < url.n && is_digit(url.p[from + n]))
        n++;
    return n >= 17 && n <= 20 && url.p[from] != '0' && str_u64(str_sub(url, from, n), id);
}

bool tiktok_url_item(struct str url, uint64_t *id)
{
    static const char *const before[] = {
        "/video/", "/photo/", "/v/", "/v1/", "/v2/", "/embed/", "%2fvideo%2f", "%2fphoto%2f",
        "share_item_id=", "item_id=", "shareid=", "item_id%3d",
    };

    for (size_t i = 0; i < sizeof before / sizeof before[0]; i++) {
        struct str mark = str_of(before[i]);
        ptrdiff_t at = -1;

        while ((at = str_find_nocase(url, mark, (size_t)(at + 1))) >= 0)
            if (id_at(url, (size_t)at + mark.n, id))
                return true;
    }
    return false;
}

/* ---- handles ---- */

bool tiktok_handle_is_none(struct str h)
{
    return h.n == 0 || str_eq(h, STR("_")) || str_eq_nocase(h, STR("i")) ||
           str_starts_nocase(h, STR("MS4wLjAB"));
}

bool tiktok_handle_is_plain(struct str h)
{
    for (size_t i = 0; i < h.n; i++) {
        const char c = h.p[i];

        if (!is_letter(c) && !is_digit(c) && c != '.' && c != '_' && c != '-')
            return false;
    }
    return h.n > 0 && h.n <= HANDLE_IN_URL_MAX;
}

bool tiktok_handle_read(struct str name, char out[HANDLE_MAX + 1])
{
    bool digits = true;
    char text[HANDLE_MAX + 1] = "";

    out[0] = '\0';
    if (name.n > HANDLE_MAX || tiktok_handle_is_none(name) || !tiktok_handle_is_plain(name))
        return false;
    for (size_t i = 0; i < name.n; i++) {
        if (name.p[i] == '-')
            return false;
        digits = digits && is_digit(name.p[i]);
        text[i] = lower(name.p[i]);
    }
    if (!digits)
        memcpy(out, text, sizeof text);
    return !digits;
}
