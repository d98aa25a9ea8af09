/* scrape/engine.h: by what a page is read: plain HTTP (base/http) or a browser (chromium.h), by
 * page.engine. Politeness, Retry-After, blocks and redirects are the loop's own and the same for
 * both.
 *
 * Shape:  a browser is started at the first page that wants one. Where there is none, one
 *         sentence says so, and all goes on by plain HTTP.
 * auto:   a page that plain HTTP showed as a challenge or as a shell without its data is asked
 *         for once more by the browser; after ENGINE_ROW of these in a row pages begin there.
 * Errors: ERR_AGAIN where the browser ended too often, ERR_STOPPED where it ended while we do; what
 *         the browser had under way is then without an answer, and all else goes on. */
#ifndef SCRAPE_ENGINE_H
#define SCRAPE_ENGINE_H
#include "base/http.h"
#include "record/answer.h"
#include "record/settings.h"

#define ENGINE_ROW 3
/* What a run leaves to the next one over the same site by the same settings: what the site last
 * showed plain HTTP, and the browser with its cookies. All zero at first. */
struct browsing {
    struct chromium *browser;    // NULL: none was started
    int hidden;                  // pages in a row that plain HTTP was shown without their data
    bool none;                   // it was said that there is no browser
};
/* Ends the browser alone. */
void browsing_end(struct browsing *);

struct engines;
/* kept outlives them; NULL: nothing does. */
MUST_CHECK int engines_new(struct engines **, const struct settings *, const struct http_opts *,
                           struct browsing *kept, struct err *);
void engines_free(struct engines *);    // accepts NULL
/* What a page of the site begins with. Other witnesses are asked by plain HTTP. */
enum engine engines_first(const struct engines *);
/* Plain HTTP showed this of a page; true: ask the browser for the page. */
bool engines_turn(struct engines *, const struct answer *);
/* May one more be submitted, by this proxy? */
bool engines_have_room(const struct engines *, enum engine, int proxy);
/* The browser may turn out not to be there: the engine that it went to. */
enum engine engines_submit(struct engines *, enum engine, const struct http_request *);
/* 1: *x; *more: it is a challenge that the browser solves now, and the page that was asked for is
 * still under way. 0: nothing within wait_ms; -1. */
MUST_CHECK int engines_next(struct engines *, int wait_ms, struct http_exchange *x, bool *more,
                            struct err *);
#endif
