/* audit/keep/doctor_reach.c: the key, and either side asked once: for a token, which says
 * whether the key is accepted, and for one page. Neither is charged, kept or repeated. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "audit/keep/doctor_own.h"
#include "base/utc.h"
#include "fetch/token.h"
#include "platform/tiktok.h"
#include "scrape/page.h"
#include "scrape/vantage.h"

#define WAIT_MS 1000
#define APART_OK_S 60
#define APART_BAD_S 600             // days are counted by this clock, and tokens end by it

/* ---- the key ---- */

/* Others of this machine can read what a secret's file holds. */
static const char *open_to_others(void)
{
    static const char *const names[] = { "BLINDSPOT_CLIENT_KEY_FILE",
                                         "BLINDSPOT_CLIENT_SECRET_FILE" };
    struct stat st;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *path = getenv(names[i]);

        if (path && *path && stat(path, &st) == 0 && (st.st_mode & 077))
            return names[i];
    }
    return NULL;
}

static const char *source_of(const char *name)
{
    const char *direct = getenv(name);

    return direct && *direct ? "the environment" : "a file";
}

void doctor_key(struct patient *p)
{
    struct err err = { 0 };
    const char *open = open_to_others();

    if (audit_secrets(&p->audit, &err)) {
        doctor_fail_of(p, &err, "");
        return;
    }
    p->has_key = true;
    if (open)
        doctor_warn(p, "chmod 600 keeps it to you", "others can read the file that %s names", open);
    else
        doctor_ok(p, "key from %s, secret from %s", source_of("BLINDSPOT_CLIENT_KEY"),
                  source_of("BLINDSPOT_CLIENT_SECRET"));
}

/* ---- one exchange ---- */

/* The first reply that carries a Date says what the time is elsewhere. */
static void take_date(struct patient *p, const struct http_exchange *x)
{
    struct err ignored = { 0 };
    int64_t at;

    if (p->server_at || x->fault ||
        utc_parse_retry_after(http_header(x, "Date"), 0, &at, &ignored))
        return;
    p->server_at = at;
    p->own_at = x->done_at;
}

/* One request, whatever comes of it; *x lives as long as *http. */
static int ask_once(struct patient *p, const struct http_opts *opts,
                    const struct http_request *request, struct http **http,
                    struct http_exchange *x, struct err *err)
{
    int got = 0;

    if (http_new(http, opts, err))
        return -1;
    http_submit(*http, request);
    while (got == 0 && http_in_flight(*http))
        got = http_next(*http, WAIT_MS, x, err);
    if (got > 0)
        take_date(p, x);
    return got > 0 ? 0 : got < 0 ? -1 : err_set(err, ERR_AGAIN, "no reply came");
}

/* ---- the API ---- */

static void tell_api(struct patient *p, const struct http_exchange *x)
{
    const char *base = p->audit.set.api_base_url;
    struct token token = { 0 };
    struct err err = { 0 };

    if (x->fault == HTTP_REFUSED_URL)
        doctor_fail(p, ERR_USAGE, "correct api.base_url", "%s: %s", base, x->fault_text);
    else if (x->fault)
        doctor_fail(p, ERR_AGAIN, "see whether this machine is on the network, and run it again",
                    "%s cannot be reached: %s", base, x->fault_text);
    else if (token_parse(&token, x->status, x->body, x->done_at, &err) == 0)
        doctor_ok(p, "%s gave this key a token (one request, not charged); which fields its "
                  "approval covers the first query tells", base);
    else if (err.kind == ERR_AUTH)
        doctor_fail_of(p, &err, "");
    else
        doctor_fail(p, ERR_AGAIN, "run it again later", "%s answers, but: %s", base, err.msg);
    token_release(&token);
}

void doctor_api(struct patient *p)
{
    const struct settings *set = &p->audit.set;
    const struct http_opts opts = { .timeout_s = set->net_timeout_s, .ca_file = set->net_ca_file,
                                    .max_in_flight = 1, .allow_h2 = true };
    struct buf url = { 0 }, body = { 0 };
    struct http_request request;
    struct http_exchange x = { 0 };
    struct http *http = NULL;
    struct err err = { 0 };

    if (p->offline) {
        doctor_left_out(p, "not asked: --offline");
    } else if (!p->has_settings) {
        doctor_left_out(p, "not asked: the settings cannot be read");
    } else if (!p->has_key) {
        doctor_left_out(p, "not asked: there is no key");
    } else {
        token_request(set->api_base_url, p->audit.key, p->audit.secret, &url, &body, &request);
        p->report->api_requests++;
        if (ask_once(p, &opts, &request, &http, &x, &err))
            doctor_fail_of(p, &err, "");
        else
            tell_api(p, &x);
        explicit_bzero(body.p, body.n);
    }
    http_free(http);
    buf_release(&url);
    buf_release(&body);
}

/* ---- the site ---- */

/* A post whose page should be readable, or the site's first page. */
static uint64_t page_to_read(const struct patient *p, struct buf *url)
{
    struct str site = str_of(p->audit.set.page_base_url);
    struct err ignored = { 0 };
    struct item_row row;
    int64_t item;
    size_t n = 0;
    bool found = false;

    while (site.n > 0 && site.p[site.n - 1] == '/')
        site.n--;
    if (p->audit.store &&
        store_readable(p->audit.store, WITNESS_PAGE, &item, 1, &n, &ignored) == 0 && n &&
        store_item(p->audit.store, item, &row, &found, &ignored) == 0 && found) {
        tiktok_post_at(url, site, row.id, row.handle);
        return row.id;
    }
    buf_str(url, site);
    buf_char(url, '/');
    return 0;
}

static void tell_page(struct patient *p, const struct http_exchange *x, uint64_t id, bool proxied)
{
    const char *base = p->audit.set.page_base_url;
    struct inflate *inflate = inflate_new();
    struct buf scratch = { 0 };
    struct arena mem = { 0 };
    struct answer a = { 0 };
    struct page_notes notes = { 0 };

    if (x->fault == HTTP_REFUSED_URL) {
        doctor_fail(p, ERR_USAGE, "correct page.base_url", "%s: %s", base, x->fault_text);
    } else if (x->fault) {
        doctor_fail(p, ERR_AGAIN,
                    proxied ? "see whether the proxy is there and takes your name and password"
                            : "see whether this machine is on the network, and run it again",
                    "%s cannot be reached%s: %s", base, proxied ? " by way of the first proxy" : "",
                    x->fault_text);
    } else {
        page_read_exchange(x, id, inflate, &scratch, &mem, &a, &notes);
        if (a.kind == ANSWER_NO_ANSWER && no_answer_is_block(a.why))
            doctor_fail(p, ERR_AGAIN, "wait some hours, ask less often (page.requests_per_second) "
                        "or from another place (page.proxy)", "%s answers with a block: %s", base,
                        no_answer_name(a.why));
        else if (id && a.kind == ANSWER_NO_ANSWER)
            doctor_warn(p, "look at it with a browser", "%s answers (HTTP %d), and a post's page "
                        "could not be read: %s", base, x->status, no_answer_name(a.why));
        else if (x->status >= 500)
            doctor_fail(p, ERR_AGAIN, "run it again later", "%s fails: HTTP %d", base, x->status);
        else
            doctor_ok(p, "%s answers%s (one request)%s", base,
                      proxied ? " by way of the first proxy" : "",
                      id ? ", and a post's page can be read" : "");
    }
    arena_release(&mem);
    buf_release(&scratch);
    inflate_free(inflate);
}

void doctor_page(struct patient *p)
{
    const struct settings *set = &p->audit.set;
    struct http_opts opts = { .timeout_s = set->net_timeout_s, .ca_file = set->net_ca_file,
                              .max_in_flight = 1, .cookies = true, .allow_h2 = true };
    struct vantage vantage = { 0 };
    struct buf url = { 0 };
    struct http_exchange x = { 0 };
    struct http *http = NULL;
    struct err err = { 0 };
    uint64_t id;

    if (p->offline || !p->has_settings) {
        doctor_left_out(p, p->offline ? "not asked: --offline"
                                      : "not asked: the settings cannot be read");
        return;
    }
    vantage_init(&vantage, set);
    opts.proxy = (const char *const *)vantage.proxy;
    id = page_to_read(p, &url);
    p->report->page_requests++;
    if (ask_once(p, &opts, &(struct http_request){ .url = buf_cstr(&url),
                                                   .header = (const char *const *)vantage.header,
                                                   .body_max = PAGE_MAX }, &http, &x, &err))
        doctor_fail_of(p, &err, "");
    else
        tell_page(p, &x, id, vantage.proxies > 0);
    http_free(http);
    vantage_release(&vantage);
    buf_release(&url);
}

/* ---- the clock ---- */

static void tell_apart(struct patient *p, int64_t apart)
{
    int64_t s = apart < 0 ? -apart : apart, n = s >= 7200 ? s / 3600 : s >= 120 ? s / 60 : s;
    const char *way = apart < 0 ? "behind" : "ahead of",
               *unit = s >= 7200 ? "hours" : s >= 120 ? "minutes" : plural(s, "second", "seconds"),
               *todo = "set it right (timedatectl set-ntp true)";

    if (s >= APART_BAD_S)
        doctor_fail(p, ERR_IO, todo, "this machine's clock is %" PRId64 " %s %s the server's: "
                    "days would be counted wrong", n, unit, way);
    else if (s > APART_OK_S)
        doctor_warn(p, todo, "this machine's clock is %" PRId64 " %s %s the server's", n, unit,
                    way);
    else
        doctor_ok(p, "%" PRId64 " %s %s the server's", n, unit, s ? way : "from");
}

void doctor_clock(struct patient *p)
{
    if (p->server_at)
        tell_apart(p, p->own_at - p->server_at);
    else
        doctor_left_out(p, p->offline ? "not compared: --offline"
                                      : "not compared: no reply said what the time is there");
}
