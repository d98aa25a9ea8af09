/* scrape/cdp.h: a browser as a child, and the messages of its DevTools protocol over two pipes
 * (--remote-debugging-pipe): JSON texts, each ended by a NUL. Nobody else can reach them.
 *
 * Child:     it gets a folder of its own as home, and of the environment nothing but PATH; it
 *            and all its processes are one group. A guard, a process of its own, ends that
 *            group and removes the folder when cdp_stop is called or we end in any way, kill -9
 *            too.
 * Ownership: a message is borrowed until the next cdp_next or cdp_stop.
 * Errors:    a browser that has gone is -1 with ERR_AGAIN; one that cannot be started ERR_USAGE.
 * Source:    chromedevtools.github.io/devtools-protocol (tot), Chromium 156. */
#ifndef SCRAPE_CDP_H
#define SCRAPE_CDP_H
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include "base/json.h"

#define CDP_MESSAGE_MAX ((size_t)48 << 20)    // a longer one ends the session: bodies are streamed
struct cdp;
struct cdp_message {
    int64_t id;                 // of a reply: its call; 0: an event
    struct str session;         // of the tab; "" of the browser
    struct str method;          // of an event
    const struct json *body;    // params of an event, result of a reply; NULL none
    struct str error;           // of a reply: what was wrong; "" nothing
};
/* argv: NULL-terminated, a path first. home: a folder that is not there yet. */
MUST_CHECK int cdp_start(struct cdp **, const char *const *argv, const char *home, struct err *);
void cdp_stop(struct cdp *);    // accepts NULL
/* Calls a method; params is JSON, "{}" where there are none. Its number. */
int64_t cdp_call(struct cdp *, struct str session, const char *method, struct str params);
/* Params of one member, appended: {"key":"word"}, {"key":true}. */
void cdp_word(struct buf *params, const char *key, const char *word);
void cdp_flag(struct buf *params, const char *key, bool yes);
/* 1: *m; 0: nothing within wait_ms; -1: it has gone. */
MUST_CHECK int cdp_next(struct cdp *, int wait_ms, struct cdp_message *m, struct err *);
pid_t cdp_pid(const struct cdp *);    // the head of its group
#endif
