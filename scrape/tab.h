/* scrape/tab.h: one tab of a browser: a URL on its way to the document that the site serves.
 *
 * The document is taken while it is paused at the response stage: decoded, byte for byte as
 * served, never the DOM. Then it goes on to the renderer, where scripts are switched off, until the
 * transport says that it came whole. A challenge alone is let run, under a policy: its own
 * script solves it, sets its cookie and loads the page again. Redirects are not followed: the
 * Location is the answer. Images, media, fonts, XHR and sockets are refused.
 *
 * Shape:     tab_ask, then tab_hears for each message of its session and tab_time now and then,
 *            until tab.ended is not TAB_GOES_ON.
 * Ownership: what tab_exchange gives is borrowed until the next tab_ask or tab_goes_on. */
#ifndef SCRAPE_TAB_H
#define SCRAPE_TAB_H
#include "base/http.h"
#include "scrape/cdp.h"

enum tab_state {
    TAB_NEW,    // its target is being made
    TAB_ATTACHING,
    TAB_ENABLING,      // events are being switched on, in the browser
    TAB_FORBIDDING,    // and in the renderer; a page may do less than it wants
    TAB_IDLE,
    TAB_ASKED,     // navigates; nothing came yet
    TAB_BODY,      // the body was asked for
    TAB_ARMS,      // scripts are being allowed or forbidden, before the renderer has it
    TAB_SHOWN,     // the renderer has it, without scripts; the end is awaited
    TAB_SOLVES,    // a challenge runs
    TAB_DONE,
    TAB_DEAD    // crashed: its target is gone
};
struct tab {
    enum tab_state state;
    struct cdp *cdp;             // borrowed
    const char *user, *password; // of its proxy, borrowed; NULL none
    bool through_proxy;          // the address is the proxy's, then
    const char *const *host;     // that may be asked, borrowed
    struct buf target, session;
    int64_t awaits;              // the call whose reply moves it on
    /* the request */
    struct buf url;
    size_t body_max;
    void *who;
    int64_t sent_at, started_ms, shown_ms, limit_ms;
    int challenges;              // that came for it
    int tries_of_proxy;          // name and password were given
    /* what came */
    struct buf paused, net, stream;
    struct buf sent, head, cookies, body, coding, protocol, tls;    // cookies: for itself alone
    int status;
    int64_t declared;            // Content-Length; -1 none
    enum http_fault fault;
    char fault_text[160];
    char peer[64];
    int64_t wire;                // bytes; -1 unknown
    bool is_challenge;           // what came last
    bool scripts;                // may run, as the renderer was told last
    struct http_by by;
};
#define TAB_CHALLENGES_MAX 3

/* Its target, made by Target.createTarget. */
void tab_attach(struct tab *, struct str target);
void tab_ask(struct tab *, const struct http_request *, int64_t limit_ms);
/* A message of its session, or a reply to one of its calls. */
void tab_hears(struct tab *, const struct cdp_message *);
void tab_time(struct tab *);               // the deadline
void tab_exchange(struct tab *, const char *product, struct http_exchange *x);
/* A challenge came whole, and its own script is to solve it: tab_goes_on. */
bool tab_may_go_on(const struct tab *);
/* After a challenge was handed out: the page that follows is awaited. */
void tab_goes_on(struct tab *);
void tab_release(struct tab *);
#endif
