/* scrape/vantage.c: headers and proxies, from the settings. */
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "base/str.h"
#include "scrape/vantage.h"

static void add_header(struct vantage *v, size_t *n, const char *name, struct str value)
{
    struct buf b = { 0 };

    if (*n == HEADERS_MAX || value.n == 0)
        return;
    buf_printf(&b, "%s%.*s", name, STR_ARG(value));
    v->header[(*n)++] = xstrdup(buf_cstr(&b));
    buf_release(&b);
}

/* A browser's set of headers. gzip is the one coding that we undo at full speed. */
static void make_headers(struct vantage *v, const struct settings *set)
{
    struct str rest = str_of(set->page_headers), line;
    size_t n = 0;

    add_header(v, &n, "User-Agent: ", str_of(set->page_user_agent));
    add_header(v, &n, "Accept: ", str_of(set->page_accept));
    add_header(v, &n, "Accept-Language: ", str_of(set->page_accept_language));
    add_header(v, &n, "Accept-Encoding: ", STR("gzip"));
    while (str_cut(&rest, '|', &line))
        add_header(v, &n, "", str_trim(line));
}

void vantage_init(struct vantage *v, const struct settings *set)
{
    const char *list = set->page_proxy;
    char url[PROXY_URL_MAX];

    *v = (struct vantage){ 0 };
    make_headers(v, set);
    while (v->proxies < PROXIES_MAX && setting_proxy(&list, url))
        v->proxy[v->proxies++] = xstrdup(url);
}

void vantage_next(struct vantage *v)
{
    v->at = v->proxies ? (v->at + 1) % v->proxies : 0;
}

void vantage_release(struct vantage *v)
{
    for (size_t i = 0; v->header[i]; i++)
        free(v->header[i]);
    for (int i = 0; i < v->proxies; i++) {
        explicit_bzero(v->proxy[i], strlen(v->proxy[i]));
        free(v->proxy[i]);
    }
}
