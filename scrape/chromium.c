/* scrape/chromium.c: the process, its contexts and its tabs. */
#include "scrape/chromium.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/digest.h"
#include "base/json_out.h"
#include "base/stop.h"
#include "base/utc.h"
#include "scrape/memory.h"
#include "scrape/pass.h"
#include "scrape/proxy.h"
#include "scrape/tab.h"

#define START_MS 20000
#define TMPDIR_MAX 32                         // a longer TMPDIR leaves no room for its socket
#define TAB_PAGES 60                          // a tab keeps 1 MB of each: then it is made anew
#define GO_AHEAD_MS 5000                      // what one page gets to go ahead of the others
#define LOOK_EVERY 5                          // pages between two looks at its memory
#define LOOK_MS 1000                       // and while one is long in coming
#define PSS_RENEW ((int64_t)520 << 20)     // above it is started anew, between two pages
#define PSS_END ((int64_t)1 << 30)         // above it is ended at once
#define BREAKS_MAX 2                       // a page at which it ended so often is no good

/* Pages that were left, kept alive for a way back; a new frame for each page; and for each window
 * two renderers of what would drop down below an address that nobody types: half of a page's work,
 * and of the memory. A name that a version does not know is passed over. */
#define NOT_NEEDED                                                          \
    "--disable-features=BackForwardCache,RenderDocument,WebUIOmniboxPopup," \
    "WebUIOmniboxAimPopup,WebUIOmniboxFullPopup"

struct want {
    struct buf url;
    size_t body_max;
    void *user;
    size_t context;
    int breaks;                            // tabs and browsers that ended at it
    bool bomb;                             // it filled the memory
    bool waits, flies;
    int64_t flown_ms;                      // when it was sent last
};
struct seat {                              // a tab, and the page that it is for
    struct tab tab;
    struct want want;
    size_t context;                        // that the tab is in
    int pages;                             // that the tab was asked for
};
struct context { struct buf id; bool made; struct pass pass; };
struct chromium {
    char *path, *home;
    int64_t limit_ms;
    char **host;                           // NULL-terminated
    struct proxy *proxy;
    size_t proxies;
    struct context *context;               // one a proxy, at least one
    size_t contexts;
    struct cdp *cdp;
    struct buf version;
    struct seat *seat;
    size_t seats;
    struct seat *given;
    bool makes_tab;                        // a target that nobody knows yet is ours
    struct chromium_cost cost;
    bool tired;                            // it has grown too large to go on
    int since_look, broke;                 // broke: since the last page that came
    int64_t looked_ms;
};

const char *chromium_find(const char *path)
{
    static const char *const places[] = { "/usr/lib/chromium/chromium-headless-shell",
                                          "/usr/bin/chromium-headless-shell",
                                          "/usr/lib/chromium/chromium", NULL };

    if (path && *path)
        return access(path, X_OK) == 0 ? path : NULL;
    for (size_t i = 0; places[i]; i++)
        if (access(places[i], X_OK) == 0)
            return places[i];
    return NULL;
}

/* ---- starting ---- */

static void put_hosts(const struct chromium *c, struct buf *out)
{
    buf_puts(out, "--host-resolver-rules=MAP * ~NOTFOUND");
    for (size_t i = 0; c->host[i]; i++)
        buf_printf(out, " , EXCLUDE %s", c->host[i]);
    for (size_t i = 0; i < c->proxies; i++)
        buf_printf(out, " , EXCLUDE %s", c->proxy[i].host);
}

static int start_process(struct chromium *c, struct err *err)
{
    static const char *const switches[] = {
        "--remote-debugging-pipe",
        "--no-first-run",
        "--no-default-browser-check",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-default-apps",
        "--disable-extensions",
        "--disable-sync",
        "--no-startup-window",
        NOT_NEEDED,
        "--disable-breakpad",
        "--disable-gpu",
        "--block-new-web-contents",    // headless-shell's; the other opens none without a click
        "--disable-dev-shm-usage",
        "--mute-audio",
        "--no-proxy-server",
        "--disk-cache-size=1",
        "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    };
    struct buf profile = { 0 }, hosts = { 0 };
    const char *argv[sizeof switches / sizeof *switches + 8];
    size_t n = 0;
    int rc;

    buf_printf(&profile, "--user-data-dir=%s", c->home);
    put_hosts(c, &hosts);
    argv[n++] = c->path;
    if (!strstr(c->path, "headless"))
        argv[n++] = "--headless=new";
    argv[n++] = buf_cstr(&profile);
    argv[n++] = buf_cstr(&hosts);
    for (size_t i = 0; i < sizeof switches / sizeof *switches; i++)
        argv[n++] = switches[i];
    if (geteuid() == 0)    // its sandbox refuses root
        argv[n++] = "--no-sandbox";
    argv[n] = NULL;
    rc = cdp_start(&c->cdp, argv, c->home, err);
    buf_release(&hosts);
    buf_release(&profile);
    return rc;
}

static void close_target(struct chromium *c, struct str target)
{
    struct buf text = { 0 };
    struct json_out o = { .buf = &text, .style = JSON_COMPACT };

    if (!target.n)
        return;
    json_open(&o, NULL);
    json_put_text(&o, "targetId", target);
    json_close(&o);
    (void)cdp_call(c->cdp, STR_NONE, "Target.closeTarget", buf_view(&text));
    buf_release(&text);
}

static bool is_tab(const struct chromium *c, struct str target)
{
    for (size_t i = 0; i < c->seats; i++)
        if (str_eq(target, buf_view(&c->seat[i].tab.target)))
            return true;
    return false;
}

/* A window that a page opened is closed. */
static void target_made(struct chromium *c, const struct json *info)
{
    struct str target = STR_NONE, type = STR_NONE, opener = STR_NONE, context = STR_NONE;
    bool ours = false;

    (void)json_text(json_get(info, "targetId"), &target);
    (void)json_text(json_get(info, "type"), &type);
    (void)json_text(json_get(info, "openerId"), &opener);
    (void)json_text(json_get(info, "browserContextId"), &context);
    for (size_t i = 0; i < c->contexts; i++)
        ours = ours || str_eq(context, buf_view(&c->context[i].id));
    if (str_eq(type, STR("page")) && !is_tab(c, target) && (opener.n || (ours && !c->makes_tab)))
        close_target(c, target);
}

static void hears(struct chromium *c, const struct cdp_message *m)
{
    if (!m->session.n && str_eq(m->method, STR("Target.targetCreated")))
        target_made(c, json_get(m->body, "targetInfo"));
    for (size_t i = 0; i < c->seats; i++) {
        struct tab *t = &c->seat[i].tab;

        if (m->session.n ? str_eq(m->session, buf_view(&t->session))
                         : m->id && m->id == t->awaits)
            tab_hears(t, m);
    }
}

/* A call that must have answered before there is anything else to do. what: the key of its
 * result that is wanted; appended. */
static int call_wait(struct chromium *c, const char *method, struct str params, const char *what,
                     struct buf *out, struct err *err)
{
    const int64_t until = utc_real_ms() + START_MS, id = cdp_call(c->cdp, STR_NONE, method, params);
    struct cdp_message m;
    struct str text;
    int got;

    while (utc_real_ms() < until && !stop_asked()) {
        if ((got = cdp_next(c->cdp, 100, &m, err)) < 0)
            return -1;
        if (got && m.id == id) {
            if (m.error.n || (what && !json_text(json_get(m.body, what), &text)))
                return err_set(err, ERR_AGAIN, "the browser refused %s: %.*s", method,
                               STR_ARG(m.error));
            if (what)
                buf_str(out, text);
            return 0;
        }
        if (got)
            hears(c, &m);
    }
    return err_set(err, ERR_AGAIN, "the browser does not answer");
}

/* A loopback site is asked for through the proxy as well: that is what was wanted. */
static int make_context(struct chromium *c, size_t i, struct err *err)
{
    struct context *x = &c->context[i];
    struct buf text = { 0 };
    struct json_out o = { .buf = &text, .style = JSON_COMPACT };
    int rc;

    if (x->made)
        return 0;
    json_open(&o, NULL);
    json_put_bool(&o, "disposeOnDetach", true);
    if (c->proxies) {
        json_put_word(&o, "proxyServer", c->proxy[i].server);
        json_put_word(&o, "proxyBypassList", "<-loopback>");
    }
    json_close(&o);
    buf_clear(&x->id);
    rc = call_wait(c, "Target.createBrowserContext", buf_view(&text), "browserContextId", &x->id,
                   err);
    x->made = rc == 0;
    buf_release(&text);
    return rc;
}

static int pump(struct chromium *c, int wait_ms, struct err *err)
{
    struct cdp_message m;
    int got = cdp_next(c->cdp, wait_ms, &m, err);

    if (got > 0)
        hears(c, &m);
    for (size_t i = 0; i < c->seats; i++)
        tab_time(&c->seat[i].tab);
    return got;
}

static void fresh_tab(struct chromium *c, struct seat *s)
{
    const struct proxy *p = c->proxies ? &c->proxy[s->context] : NULL;

    tab_release(&s->tab);
    s->tab = (struct tab){ .cdp = c->cdp,
                           .host = (const char *const *)c->host,
                           .user = p ? p->user : NULL,
                           .password = p ? p->password : NULL,
                           .through_proxy = p != NULL };
}

/* A tab in the context of the proxy that is wanted. The one before it is closed after that: a
 * window without tabs would close, and to open one takes longer than ten pages. */
static int make_tab(struct chromium *c, struct seat *s, struct err *err)
{
    const int64_t until = utc_real_ms() + START_MS;
    struct buf text = { 0 }, target = { 0 }, was = { 0 };
    struct json_out o = { .buf = &text, .style = JSON_COMPACT };
    int rc = -1;

    buf_str(&was, buf_view(&s->tab.target));
    s->context = s->want.context;
    fresh_tab(c, s);
    s->tab.state = TAB_DEAD;
    s->pages = 0;
    c->makes_tab = true;
    if (make_context(c, s->context, err))
        goto out;
    json_open(&o, NULL);
    json_put_word(&o, "url", "about:blank");
    json_put_text(&o, "browserContextId", buf_view(&c->context[s->context].id));
    json_close(&o);
    if (call_wait(c, "Target.createTarget", buf_view(&text), "targetId", &target, err))
        goto out;
    tab_attach(&s->tab, buf_view(&target));
    while (s->tab.state != TAB_IDLE && s->tab.state != TAB_DEAD && utc_real_ms() < until &&
           !stop_asked())
        if (pump(c, 100, err) < 0)
            goto out;
    rc = s->tab.state == TAB_IDLE ? 0 : err_set(err, ERR_AGAIN, "the browser opens no tab");
out:
    close_target(c, buf_view(&was));
    c->makes_tab = false;
    buf_release(&was);
    buf_release(&target);
    buf_release(&text);
    return rc;
}

/* The browser makes a socket below it, whose path may have 107 bytes. Nobody can guess it, for the
 * folder of this name is removed at the end, whoever made it. */
static char *free_name(void)
{
    const char *tmp = getenv("TMPDIR");
    struct digest d;
    char hex[DIGEST_HEX];
    struct buf b = { 0 };
    char *name;

    digest_random(d.b);
    digest_hex(&d, hex);
    buf_printf(&b, "%s/blindspot-b-%.12s",
               tmp && *tmp == '/' && strlen(tmp) <= TMPDIR_MAX ? tmp : "/tmp", hex);
    name = xstrdup(buf_cstr(&b));
    buf_release(&b);
    return name;
}

/* Downloads are denied, and every window is heard of. */
static int set_up(struct chromium *c, struct err *err)
{
    struct buf deny = { 0 }, discover = { 0 };
    int rc;

    cdp_word(&deny, "behavior", "deny");
    cdp_flag(&discover, "discover", true);
    rc = call_wait(c, "Browser.getVersion", STR("{}"), "product", &c->version, err) ||
                 call_wait(c, "Browser.setDownloadBehavior", buf_view(&deny), NULL, NULL, err) ||
                 call_wait(c, "Target.setDiscoverTargets", buf_view(&discover), NULL, NULL, err)
             ? -1
             : 0;
    buf_release(&discover);
    buf_release(&deny);
    return rc;
}

static int start(struct chromium *c, struct err *err)
{
    c->tired = false;
    c->home = free_name();
    buf_clear(&c->version);
    for (size_t i = 0; i < c->contexts; i++) {
        c->context[i].made = false;
        pass_lost(&c->context[i].pass);
    }
    return start_process(c, err) || set_up(c, err) ? -1 : 0;
}

static void end(struct chromium *c)
{
    cdp_stop(c->cdp);
    c->cdp = NULL;
    free(c->home);
    c->home = NULL;
    c->given = NULL;
    for (size_t i = 0; i < c->seats; i++) {
        tab_release(&c->seat[i].tab);
        c->seat[i].tab = (struct tab){ .state = TAB_DEAD };
    }
}

static void ask_again(struct want *w)
{
    w->breaks += w->flies;
    w->waits = w->waits || w->flies;
    w->flies = false;
}

/* All that was under way is asked for again. */
static int again(struct chromium *c, struct err *err)
{
    end(c);
    if (stop_asked())
        return err_set(err, ERR_STOPPED, "interrupted");
    if (++c->broke > CHROMIUM_RESTARTS)
        return err_set(err, ERR_AGAIN, "the browser ended %d times in a row", c->broke);
    c->cost.restarts++;
    for (size_t i = 0; i < c->seats; i++)
        ask_again(&c->seat[i].want);
    err_clear(err);
    return start(c, err) ? again(c, err) : 0;
}

static char **copy_list(const char *const *list)
{
    size_t n = 0;
    char **out;

    while (list && list[n])
        n++;
    out = xcalloc(n + 1, sizeof *out);
    for (size_t i = 0; i < n; i++)
        out[i] = xstrdup(list[i]);
    return out;
}

static int take_proxies(struct chromium *c, const char *const *list, struct err *err)
{
    size_t n = 0;

    while (list && list[n])
        n++;
    c->proxy = xcalloc(n + 1, sizeof *c->proxy);
    c->contexts = n ? n : 1;
    c->context = xcalloc(c->contexts, sizeof *c->context);
    for (; c->proxies < n; c->proxies++)
        if (proxy_parse(&c->proxy[c->proxies], list[c->proxies], err))
            return -1;
    return 0;
}

int chromium_new(struct chromium **out, const struct chromium_opts *o, struct err *err)
{
    const char *path = chromium_find(o->path);
    struct chromium *c;

    if (!path)
        return err_set(err, ERR_USAGE, "%s%sthere is no browser (Debian: chromium)",
                       o->path && *o->path ? o->path : "", o->path && *o->path ? ": " : "");
    c = xcalloc(1, sizeof *c);
    c->path = xstrdup(path);
    c->limit_ms = o->timeout_s * 1000;
    c->host = copy_list(o->host);
    c->seats = o->tabs > 0 ? (size_t)o->tabs : 1;
    c->seat = xcalloc(c->seats, sizeof *c->seat);
    for (size_t i = 0; i < c->seats; i++)
        c->seat[i].tab.state = TAB_DEAD;
    if (take_proxies(c, o->proxy, err) ||
        (start(c, err) && (err->kind != ERR_AGAIN || again(c, err)))) {
        chromium_free(c);
        return -1;
    }
    *out = c;
    return 0;
}

void chromium_free(struct chromium *c)
{
    if (!c)
        return;
    end(c);
    for (size_t i = 0; i < c->seats; i++)
        buf_release(&c->seat[i].want.url);
    for (size_t i = 0; c->host[i]; i++)
        free(c->host[i]);
    for (size_t i = 0; i < c->proxies; i++)
        proxy_release(&c->proxy[i]);
    for (size_t i = 0; i < c->contexts; i++)
        buf_release(&c->context[i].id);
    free(c->host);
    free(c->proxy);
    free(c->context);
    free(c->seat);
    buf_release(&c->version);
    free(c->path);
    free(c);
}

/* ---- pages ---- */

static size_t context_of(const struct chromium *c, int proxy)
{
    return proxy > 0 && (size_t)proxy < c->contexts ? (size_t)proxy : 0;
}

void chromium_submit(struct chromium *c, const struct http_request *q)
{
    for (size_t i = 0; i < c->seats; i++) {
        struct want *w = &c->seat[i].want;

        if (w->waits || w->flies)
            continue;
        buf_clear(&w->url);
        buf_puts(&w->url, q->url);
        w->body_max = q->body_max;
        w->user = q->user;
        w->context = context_of(c, q->proxy);
        w->breaks = 0;
        w->bomb = false;
        w->waits = true;
        return;
    }
    die("a page was submitted beyond the browser's tabs");
}

int chromium_in_flight(const struct chromium *c)
{
    int n = 0;

    for (size_t i = 0; i < c->seats; i++)
        n += c->seat[i].want.waits || c->seat[i].want.flies;
    return n;
}

/* A tab without an answer yet may turn out to meet a challenge. */
static bool is_open(const struct tab *t)
{
    return t->state == TAB_ASKED || t->state == TAB_BODY;
}

static bool solves(const struct tab *t)
{
    return t->state == TAB_SOLVES || (t->state > TAB_BODY && t->is_challenge);
}

/* One page solves a challenge, or finds out whether there is one, and the others of its context
 * wait for its cookie; as long as a page may take at most. */
static bool goes_ahead(const struct chromium *c, const struct seat *s)
{
    const int64_t now = utc_real_ms(), took = now - s->want.flown_ms;
    const bool sure = pass_is_sure(&c->context[s->want.context].pass, now);

    return s->want.flies && ((solves(&s->tab) && took < c->limit_ms) ||
                             (is_open(&s->tab) && !sure && took < GO_AHEAD_MS));
}

static bool is_held(const struct chromium *c, size_t context)
{
    for (size_t i = 0; i < c->seats; i++)
        if (c->seat[i].want.context == context && goes_ahead(c, &c->seat[i]))
            return true;
    return false;
}

/* What was submitted and not sent yet goes ahead as well. */
bool chromium_has_room(const struct chromium *c, int proxy)
{
    const size_t context = context_of(c, proxy);
    const bool sure = pass_is_sure(&c->context[context].pass, utc_real_ms());
    bool free_seat = false;

    for (size_t i = 0; i < c->seats; i++) {
        const struct want *w = &c->seat[i].want;

        free_seat = free_seat || !(w->waits || w->flies);
        if (w->waits && w->context == context && !sure)
            return false;
    }
    return free_seat && !is_held(c, context);
}

static void fly(struct chromium *c, struct seat *s)
{
    struct want *w = &s->want;

    tab_ask(&s->tab,
            &(struct http_request){
                .url = buf_cstr(&w->url), .body_max = w->body_max, .user = w->user },
            c->limit_ms);
    w->waits = false;
    w->flies = true;
    w->flown_ms = utc_real_ms();
    s->pages++;
}

/* Cookies are the context's, so that a new tab is shown no challenge. */
static bool wants_tab(const struct seat *s)
{
    if (s->tab.state != TAB_IDLE)
        return s->tab.state == TAB_DEAD;
    return s->pages >= TAB_PAGES || s->context != s->want.context;
}

static int send_wanted(struct chromium *c, struct err *err)
{
    for (size_t i = 0; i < c->seats; i++) {
        struct seat *s = &c->seat[i];

        if (!s->want.waits || is_held(c, s->want.context) || c->tired)
            continue;
        if (wants_tab(s) && make_tab(c, s, err))
            return -1;
        if (s->tab.state == TAB_IDLE)
            fly(c, s);
    }
    return 0;
}

/* A page whose tab crashed is asked for once more. */
static void mind_dead(struct chromium *c)
{
    for (size_t i = 0; i < c->seats; i++)
        if (c->seat[i].tab.state == TAB_DEAD)
            ask_again(&c->seat[i].want);
}

static bool any_flies(const struct chromium *c)
{
    for (size_t i = 0; i < c->seats; i++)
        if (c->seat[i].want.flies)
            return true;
    return false;
}

/* Above PSS_RENEW nothing more is sent, and once all has come in it is started anew; above
 * PSS_END it is ended at once. */
static int mind_memory(struct chromium *c, bool between, struct err *err)
{
    const int64_t now = utc_real_ms();
    int64_t pss = 0;

    if (between ? c->since_look >= LOOK_EVERY : now - c->looked_ms >= LOOK_MS) {
        c->since_look = 0;
        c->looked_ms = now;
        pss = memory_of_group(cdp_pid(c->cdp));
    }
    if (pss > c->cost.pss_max)
        c->cost.pss_max = pss;
    c->tired = c->tired || pss >= PSS_RENEW;
    for (size_t i = 0; pss >= PSS_END && i < c->seats; i++)
        c->seat[i].want.bomb = c->seat[i].want.flies;
    if (pss < PSS_END && (!c->tired || any_flies(c)))
        return 0;
    if (pss < PSS_END)
        c->broke--;    // it did nothing wrong
    return again(c, err);
}

/* A tab whose page ran out of its time may be busy for ever: it is not used again. */
static void take_back(struct chromium *c)
{
    struct tab *t = c->given ? &c->given->tab : NULL;

    if (t && tab_may_go_on(t))
        tab_goes_on(t);
    else if (t)
        t->state = t->fault == HTTP_TIMEOUT ? TAB_DEAD : TAB_IDLE;
    c->given = NULL;
}

/* Of a page at which the browser, or its tab, ended again and again. */
static void give_broken(struct want *w, struct http_exchange *x)
{
    *x = (struct http_exchange){ .user = w->user,
                                 .url = buf_cstr(&w->url),
                                 .fault = w->bomb ? HTTP_TOO_LARGE : HTTP_BROKEN,
                                 .sent_at = utc_now(),
                                 .done_at = utc_now(),
                                 .http_version = 11 };
    snprintf(x->fault_text, sizeof x->fault_text, "%s",
             w->bomb ? "the page filled the browser's memory" : "the browser ended at this page");
    w->waits = w->flies = false;
}

static void came(struct chromium *c, const struct seat *s)
{
    if (s->tab.fault == HTTP_OK)
        pass_came(&c->context[s->context].pass, s->tab.is_challenge, s->tab.started_ms,
                  utc_real_ms());
}

static bool give(struct chromium *c, struct http_exchange *x, bool *more)
{
    *more = false;
    for (size_t i = 0; i < c->seats; i++) {
        struct seat *s = &c->seat[i];

        if (s->want.waits && (s->want.breaks >= BREAKS_MAX || (s->want.bomb && c->seats == 1))) {
            give_broken(&s->want, x);
            return true;
        }
        if (s->tab.state != TAB_DONE || !s->want.flies)
            continue;
        came(c, s);
        tab_exchange(&s->tab, buf_cstr(&c->version), x);
        *more = tab_may_go_on(&s->tab);
        s->want.flies = *more;
        c->broke = s->tab.fault == HTTP_OK ? 0 : c->broke;
        c->since_look++;
        c->given = s;
        return true;
    }
    return false;
}

int chromium_next(struct chromium *c, int wait_ms, struct http_exchange *x, bool *more,
                  struct err *err)
{
    const int64_t until = utc_real_ms() + wait_ms;
    int64_t left;

    take_back(c);
    if (mind_memory(c, true, err))
        return -1;
    do {
        mind_dead(c);
        if (give(c, x, more))
            return 1;
        if (send_wanted(c, err) && again(c, err))
            return -1;
        left = until - utc_real_ms();
        if (pump(c, left > 100 ? 100 : left > 0 ? (int)left : 0, err) < 0 && again(c, err))
            return -1;
        if (mind_memory(c, false, err))
            return -1;
        if (give(c, x, more))
            return 1;
    } while (left > 0);
    return 0;
}

const char *chromium_version(struct chromium *c) { return buf_cstr(&c->version); }

struct chromium_cost chromium_cost(const struct chromium *c) { return c->cost; }
