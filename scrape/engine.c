/* scrape/engine.c: two ways to a page, one loop. */
#include "scrape/engine.h"
#include <stdlib.h>
#include <string.h>
#include "base/log.h"
#include "base/utc.h"
#include "scrape/chromium.h"
#include "scrape/redirect.h"

#define SLICE_MS 20    // where both have something under way, neither is waited for longer

struct engines {
    struct http *http;
    struct browsing *kept, own;    // kept: own, or what outlives this run
    struct chromium_opts opts;
    char *host;                  // of the site
    const char *hosts[2];
    enum { MODE_HTTP, MODE_AUTO, MODE_BROWSER } mode;
    bool stopped;                // while the browser began: what it was given is not asked for
};

static char *site_host(const char *base_url)
{
    struct url u;
    struct buf b = { 0 };
    char *host;

    if (url_split(str_of(base_url), &u))
        buf_str(&b, url_name(&u));
    host = xstrdup(buf_cstr(&b));
    buf_release(&b);
    return host;
}

int engines_new(struct engines **out, const struct settings *set, const struct http_opts *o,
                struct browsing *kept, struct err *err)
{
    struct engines *e = xcalloc(1, sizeof *e);

    e->kept = kept ? kept : &e->own;
    e->mode = e->kept->none                        ? MODE_HTTP
              : !strcmp(set->page_engine, "browser") ? MODE_BROWSER
              : !strcmp(set->page_engine, "auto")    ? MODE_AUTO
                                                     : MODE_HTTP;
    e->host = site_host(set->page_base_url);
    e->hosts[0] = e->host;
    e->opts = (struct chromium_opts){ .path = set->page_browser,
                                      .timeout_s = set->net_timeout_s,
                                      .tabs = (int)set->page_tabs,
                                      .host = e->hosts,
                                      .proxy = o->proxy };
    if (http_new(&e->http, o, err)) {
        engines_free(e);
        return -1;
    }
    *out = e;
    return 0;
}

void browsing_end(struct browsing *b)
{
    chromium_free(b->browser);
    b->browser = NULL;
}

void engines_free(struct engines *e)
{
    if (!e)
        return;
    http_free(e->http);
    if (e->kept->browser && chromium_in_flight(e->kept->browser) > 0)    // for this run alone
        browsing_end(e->kept);
    browsing_end(&e->own);
    free(e->host);
    free(e);
}

enum engine engines_first(const struct engines *e)
{
    return e->mode == MODE_BROWSER || (e->mode == MODE_AUTO && e->kept->hidden >= ENGINE_ROW)
               ? ENGINE_BROWSER
               : ENGINE_HTTP;
}

bool engines_turn(struct engines *e, const struct answer *a)
{
    const bool hidden = a->kind == ANSWER_NO_ANSWER &&
                        (a->why == NO_ANSWER_CHALLENGE || a->why == NO_ANSWER_STRIPPED);

    if (e->mode != MODE_AUTO)
        return false;
    if (hidden && e->kept->hidden < ENGINE_ROW)
        e->kept->hidden++;
    else if (answer_is_given(a))
        e->kept->hidden = 0;
    return hidden;
}

bool engines_have_room(const struct engines *e, enum engine by, int proxy)
{
    return by == ENGINE_HTTP || !e->kept->browser || chromium_has_room(e->kept->browser, proxy);
}

/* Said once: from then on it is as if page.engine were http. */
static void start_browser(struct engines *e)
{
    struct err err = { 0 };

    if (e->kept->browser || e->stopped || e->mode == MODE_HTTP ||
        !chromium_new(&e->kept->browser, &e->opts, &err))
        return;
    e->stopped = err.kind == ERR_STOPPED;
    if (e->stopped)
        return;
    log_warn("pages are read without a browser: %s", err.msg);
    e->kept->none = true;
    e->mode = MODE_HTTP;
}

enum engine engines_submit(struct engines *e, enum engine by, const struct http_request *q)
{
    if (by == ENGINE_BROWSER)
        start_browser(e);
    if (by == ENGINE_BROWSER && e->stopped)
        return ENGINE_BROWSER;
    if (by == ENGINE_BROWSER && e->kept->browser) {
        chromium_submit(e->kept->browser, q);
        return ENGINE_BROWSER;
    }
    http_submit(e->http, q);
    return ENGINE_HTTP;
}

static void drop_browser(struct engines *e)
{
    browsing_end(e->kept);
    e->mode = MODE_HTTP;
}

int engines_next(struct engines *e, int wait_ms, struct http_exchange *x, bool *more,
                 struct err *err)
{
    const int64_t until = utc_real_ms() + wait_ms;
    int got;

    *more = false;
    if (e->stopped) {
        e->stopped = false;
        return err_set(err, ERR_STOPPED, "interrupted");
    }
    if (!e->kept->browser)
        return http_next(e->http, wait_ms, x, err);
    do {
        const bool plain = http_in_flight(e->http) > 0;
        const bool browser = chromium_in_flight(e->kept->browser) > 0;
        const int64_t left = until - utc_real_ms();
        const int slice = left < 0 ? 0 : plain && browser && left > SLICE_MS ? SLICE_MS : (int)left;

        if (plain && (got = http_next(e->http, browser ? 0 : slice, x, err)))
            return got;
        if (browser && (got = chromium_next(e->kept->browser, slice, x, more, err)) < 0)
            drop_browser(e);
        if (browser && got)
            return got;
        if (!plain && !browser)
            return 0;
    } while (utc_real_ms() < until);
    return 0;
}
