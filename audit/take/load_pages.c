/* audit/take/load_pages.c: pages that somebody saved, one by one or in an archive. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "archive/replies.h"
#include "audit/listed.h"
#include "audit/take/load_listed.h"
#include "audit/take/loading.h"
#include "base/utc.h"
#include "import/urls.h"
#include "platform/tiktok.h"
#include "record/id.h"
#include "scrape/embed_post.h"
#include "scrape/own.h"
#include "scrape/page.h"

static int put_page(struct loading *l, uint64_t id, const char *url, int status, struct str head,
                    struct str body, int64_t at, struct err *err)
{
    struct http_exchange x = {
        .url = url, .status = status, .head = head, .body = body, .sent_at = at, .done_at = at
    };
    const struct loaded_page page = {
        id, at, url, status, head, body, str_find(str_of(url), STR(TIKTOK_EMBED_POST), 0) >= 0
    };
    struct page_notes notes = { .want_extract = audit_keep(&l->audit->set) == KEEP_EXTRACT };
    struct answer a = {0};

    if (page.embed)
        embed_post_read_exchange(&x, id, l->inflate, &l->scratch, &l->mem, &a,
                                 &notes.code_unknown);
    else
        page_read_exchange(&x, id, l->inflate, &l->scratch, &l->mem, &a, &notes);
    return loading_put_page(l, &page, &a, err);
}

/* An archive of our own may have been made at another base URL. */
static void platform_url(const struct loading *l, struct str url, struct buf *out)
{
    struct str base = str_of(l->audit->set.page_base_url);

    if (str_starts(url, base) && url.n > base.n && url.p[base.n] == '/') {
        buf_puts(out, TIKTOK_SITE);
        url = str_sub(url, base.n, url.n);
    }
    buf_str(out, url);
}

/* A redirect is no answer, what it leads to is; oEmbed names an item's page, but is none. */
static bool is_page(const struct archived_reply *a, struct str url)
{
    bool moved = a->status == 301 || a->status == 302 || a->status == 303 || a->status == 307 ||
                 a->status == 308;

    return !moved && str_find(url, STR(TIKTOK_OEMBED "?"), 0) < 0;
}

static int page_record(void *to, const struct archived_reply *a, struct err *err)
{
    struct loading *l = to;
    struct buf url = {0};
    struct link link;
    uint64_t id = 0;
    enum post_shape listed = listed_shape(a->url, &id);
    int rc = 0;

    memset(&link, 0, sizeof link);
    platform_url(l, a->url, &url);
    link_parse(buf_view(&url), a->at, &link);
    arena_clear(&l->mem);
    if (listed)
        rc = load_listed_row(l, listed, id, a->body, a->at, err);
    else if (link.what == LINK_ITEM && is_page(a, buf_view(&url)))
        rc = put_page(l, link.item.id, buf_cstr(&url), a->status, a->head, a->body, a->at, err);
    else
        l->result->other++;
    buf_release(&url);
    return rc;
}

/* The one id that digits in the file's name could be: digits of a time are none, and of two
 * nobody knows which. */
static bool name_id(const char *path, uint64_t *id)
{
    const char *slash = strrchr(path, '/');
    struct str name = str_of(slash ? slash + 1 : path);
    int64_t now = utc_now();
    bool found = false;

    for (size_t i = 0; i < name.n;) {
        uint64_t one;
        size_t n = 0;

        while (i + n < name.n && name.p[i + n] >= '0' && name.p[i + n] <= '9')
            n++;
        if (id_parse(str_sub(name, i, n), now, &one) <= ID_ODD && id_time_is_plausible(one, now)) {
            if (found && one != *id)
                return false;
            *id = one;
            found = true;
        }
        i += n ? n : 1;
    }
    return found;
}

static bool is_html(struct str text)
{
    if (str_starts(text, STR("\xef\xbb\xbf")))
        text = str_sub(text, 3, text.n);
    text = str_trim(text);
    return text.n && *text.p == '<';
}

static int load_html(struct loading *l, struct str html, struct err *err)
{
    struct buf url = {0};
    uint64_t id = 0;
    int rc;

    if (!is_html(html)) {
        l->result->not_meant = true;
        return 0;
    }
    if (!l->o->has_at)
        return loading_no_time(l, err);
    if (html.n > PAGE_MAX)
        return err_set(err, ERR_INPUT, "%s: a page of %zu bytes is above the limit of %zu", l->path,
                       html.n, PAGE_MAX);
    if (embed_post_own_id(html, &l->mem, &id))
        tiktok_post_embed_at(&url, STR(TIKTOK_SITE), id);
    else if (!page_own_id(html, &l->mem, &id) && !name_id(l->path, &id))
        return err_set(err, ERR_INPUT,
                       "%s: neither the page nor its name says which item it is of: "
                       "name it ID.html",
                       l->path);
    if (!url.n)
        tiktok_post_url(&url, id, STR_NONE);
    rc = put_page(l, id, buf_cstr(&url), 200,
                  STR("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"), html, l->o->at, err);
    buf_release(&url);
    return rc;
}

/* Not even what would be passed over: a ZIP of other things. */
static bool holds_nothing(const struct load_result *r)
{
    int64_t n = r->answers + r->other;

    for (int i = 0; i < REPLIES_SKIP_COUNT; i++)
        n += r->skipped[i];
    return n == 0;
}

int load_pages(struct audit *audit, const char *path, const struct load_opts *o,
               struct load_result *result, struct err *err)
{
    struct loading l = { .audit = audit, .path = path, .o = o, .result = result };
    struct digest digest = {{0}};
    struct buf text = {0};
    bool warc = false, listed = false;
    int rc = -1;

    if (loading_begin(&l, err) == 0 && posts_file_is(path, &listed, err) == 0 &&
        (listed || loading_sniff(path, &warc, &text, &digest, err) == 0))
        rc = listed ? load_listed(&l, &digest, err)
             : warc ? replies_each(path, page_record, &l, result->skipped, &digest, err)
             : posts_text_is(buf_view(&text)) ? load_listed_text(&l, buf_view(&text), err)
                                              : load_html(&l, buf_view(&text), err);
    if (rc == 0 && warc && holds_nothing(result))
        result->not_meant = true;
    rc = loading_finish(&l, rc, &digest, err);
    buf_release(&text);
    return rc;
}
