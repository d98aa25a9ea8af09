/* scrape/chromium.h: a browser as the way to a page, behind the verbs of base/http.h: new, submit,
 * next, free, and the same exchange. Its own user agent, no disguise; a captcha or a login is
 * a block here as there.
 *
 * Shape:     one browser with an empty profile of its own, removed afterwards; one context a
 *            proxy, whose cookies live in memory for the run, so that a challenge is solved
 *            once, by the page's own script. Hosts other than `host` do not resolve.
 * Differs:   a body is decoded (exchange.by says from what); an exchange with `more` is a
 *            challenge, and what the page shows behind it comes as another one.
 * Ownership: as http: an exchange is borrowed until the next chromium_next.
 * Errors:    ERR_USAGE where there is no browser, or one that cannot be used so; ERR_AGAIN
 *            where it ended CHROMIUM_RESTARTS times with no page between; ERR_STOPPED where
 *            it ended and stop_asked(). */
#ifndef SCRAPE_CHROMIUM_H
#define SCRAPE_CHROMIUM_H
#include "base/http.h"

#define CHROMIUM_RESTARTS 3
struct chromium_opts {
    const char *path;              // of the program; NULL or "": where Debian has it
    int64_t timeout_s;
    int tabs;                      // 1 and up
    const char *const *host;       // that resolve; NULL-terminated
    const char *const *proxy;      // as http_opts.proxy
};
struct chromium;
/* The path of the browser that would be started; NULL where there is none. */
const char *chromium_find(const char *path);
MUST_CHECK int chromium_new(struct chromium **, const struct chromium_opts *, struct err *);
void chromium_free(struct chromium *);    // accepts NULL
/* May one more be submitted, by this proxy? As many at once as there are tabs; while a challenge
 * is being solved, or the cookie of the last one may have ended, one page goes ahead. */
bool chromium_has_room(const struct chromium *, int proxy);
void chromium_submit(struct chromium *, const struct http_request *);
int chromium_in_flight(const struct chromium *);
MUST_CHECK int chromium_next(struct chromium *, int wait_ms, struct http_exchange *x, bool *more,
                             struct err *);
/* "Chrome/156.0.8078.108". */
const char *chromium_version(struct chromium *);
/* How often it was started anew, and the most memory (PSS, bytes) that it was seen with. */
struct chromium_cost { int restarts; int64_t pss_max; };
struct chromium_cost chromium_cost(const struct chromium *);
#endif
