/* scrape/pace.h: how fast the run goes, by what the site's replies mean: each
 * host has its own rate (polite.h); blocks in a row pause the run at half the
 * rate, and end it in the end, as an unreachable site and a long Retry-After do.
 * Errors: reasons to end the run are ERR_AGAIN with retry_at; *end is left as it
 *         is where there is none, or where it holds one already. */
#ifndef SCRAPE_PACE_H
#define SCRAPE_PACE_H
#include "base/http.h"
#include "scrape/polite.h"
#include "scrape/run.h"
#include "scrape/vantage.h"

enum host { HOST_PAGE, HOST_SHORT, HOST_COUNT };
struct pace {
    struct polite host[HOST_COUNT];
    struct vantage *vantage;       // borrowed: a block takes the next proxy
    struct scrape_result *out;     // borrowed: blocks and pauses are counted there
    int64_t blocks_max;            // page.blocks
    int64_t pause_ms;              // page.pause_ms
    int blocks;                    // in a row
    int unreachable;               // failed transports in a row
    int64_t later_at;              // a Retry-After too long to wait for
    void (*paused)(void *to, int64_t ms);    // of struct scrape_opts
    void *to;
};
void pace_init(struct pace *, const struct scrape_opts *, struct vantage *, struct scrape_result *);
/* What a reply means for the pace. */
void pace_reply(struct pace *, enum host, const struct http_exchange *, const struct answer *,
                struct err *end);
/* Blocks in a row: nothing more is sent, and once all is in, pace_pause waits. */
bool pace_is_blocked(const struct pace *);
void pace_pause(struct pace *, struct err *end);
/* True where the network seems to be down. */
bool pace_is_unreachable(const struct pace *);
/* Waits until one more may be sent; on the test clock no wait takes time. In ms, 0 = now. */
int64_t pace_wait_ms(const struct pace *, enum host);
/* Fills *end, unless it holds a reason already: what, and "run again after ...". */
void pace_end(struct err *end, int64_t retry_at, const char *what);
#endif
