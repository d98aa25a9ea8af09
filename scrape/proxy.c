/* scrape/proxy.c: scheme://user:password@host:port. */
#include "scrape/proxy.h"
#include <stdlib.h>
#include <string.h>
#include "base/str.h"

static int hex(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* Percent escapes undone, as libcurl does. */
static char *plain(struct str text)
{
    char *out = xcalloc(text.n + 1, 1);
    size_t n = 0;

    for (size_t i = 0; i < text.n; i++) {
        const bool escape = text.p[i] == '%' && i + 2 < text.n && hex(text.p[i + 1]) >= 0 &&
                            hex(text.p[i + 2]) >= 0;

        out[n++] = escape ? (char)(hex(text.p[i + 1]) * 16 + hex(text.p[i + 2])) : text.p[i];
        i += escape ? 2 : 0;
    }
    return out;
}

static void split_user(struct proxy *p, struct str user)
{
    struct str name;

    if (!user.n)
        return;
    str_cut(&user, ':', &name);
    p->user = plain(name);
    p->password = plain(user);
}

static char *host_of(struct str place)
{
    const ptrdiff_t end = place.n && *place.p == '[' ? str_find(place, STR("]"), 0) : -1;
    size_t n = end >= 0 ? (size_t)end + 1 : 0;
    char *host;

    while (n < place.n && place.p[n] != ':')
        n++;
    host = xcalloc(n + 1, 1);
    memcpy(host, place.p, n);
    return host;
}

int proxy_parse(struct proxy *p, const char *url, struct err *err)
{
    const struct str text = str_of(url);
    const ptrdiff_t mark = str_find(text, STR("://"), 0);
    struct str scheme = str_sub(text, 0, mark < 0 ? 0 : (size_t)mark), rest;
    struct buf server = { 0 };
    size_t at = 0;

    *p = (struct proxy){ 0 };
    rest = str_sub(text, mark < 0 ? 0 : (size_t)mark + 3, text.n);
    while (rest.n && rest.p[rest.n - 1] == '/')
        rest.n--;
    for (size_t i = 0; i < rest.n; i++)
        at = rest.p[i] == '@' ? i + 1 : at;
    split_user(p, str_sub(rest, 0, at ? at - 1 : 0));
    rest = str_sub(rest, at, rest.n);
    if (str_eq_nocase(scheme, STR("socks5h")))
        scheme = STR("socks5");
    if (p->user && str_starts_nocase(scheme, STR("socks"))) {
        proxy_release(p);
        return err_set(err, ERR_USAGE,
                       "a browser gives no name and password to a SOCKS proxy: expected an http "
                       "proxy");
    }
    buf_printf(&server, "%.*s://%.*s", STR_ARG(scheme), STR_ARG(rest));
    p->server = xstrdup(buf_cstr(&server));
    p->host = host_of(rest);
    buf_release(&server);
    return 0;
}

void proxy_release(struct proxy *p)
{
    if (p->user)
        explicit_bzero(p->user, strlen(p->user));
    if (p->password)
        explicit_bzero(p->password, strlen(p->password));
    free(p->user);
    free(p->password);
    free(p->server);
    free(p->host);
    *p = (struct proxy){ 0 };
}
