/* scrape/pace.c: blocks, failures and Retry-After. */
#include "base/log.h"
#include "base/utc.h"
#include "scrape/pace.h"

#define PAUSES_MAX 2
#define HOLD_MAX_S 120             // a longer Retry-After ends the run instead
#define UNREACHABLE_MAX 10         // failed transports in a row: the network is down, not ten posts

void pace_init(struct pace *p, const struct scrape_opts *o, struct vantage *vantage,
               struct scrape_result *out)
{
    const struct settings *set = o->set;
    int most = set->page_concurrency > 0 ? (int)set->page_concurrency : 1;

    *p = (struct pace){ .vantage = vantage,
                        .out = out,
                        .blocks_max = set->page_blocks,
                        .pause_ms = set->page_pause_ms,
                        .paused = o->paused,
                        .to = o->to };
    for (int i = 0; i < HOST_COUNT; i++)
        polite_init(&p->host[i], set->page_requests_per_second, most, set->page_retry_base_ms,
                    digest_rank(o->seed, (uint64_t)i));
}

void pace_end(struct err *end, int64_t retry_at, const char *what)
{
    char text[UTC_TEXT_MAX];

    if (end->kind != ERR_NONE)
        return;
    err_set(end, ERR_AGAIN, "%s; run again after %s", what, utc_rfc3339(retry_at, text));
    end->retry_at = retry_at;
}

bool pace_is_unreachable(const struct pace *p)
{
    return p->unreachable >= UNREACHABLE_MAX;
}

/* Both forms of Retry-After; a long one ends the run. */
static void mind_retry_after(struct pace *p, enum host host, const struct http_exchange *x,
                             struct err *end)
{
    struct str value = http_header(x, "Retry-After");
    struct err ignored = { 0 };
    int64_t at;

    if (!value.n || utc_parse_retry_after(value, x->done_at, &at, &ignored) || at <= x->done_at)
        return;
    if (at - x->done_at > HOLD_MAX_S) {
        p->later_at = at > p->later_at ? at : p->later_at;
        pace_end(end, at, "the site asks us to come back later");
    } else {
        polite_hold(&p->host[host], utc_tick_ms(), (at - x->done_at) * 1000);
    }
}

void pace_reply(struct pace *p, enum host host, const struct http_exchange *x,
                const struct answer *a, struct err *end)
{
    struct polite *polite = &p->host[host];
    bool block = a->kind == ANSWER_NO_ANSWER && no_answer_is_block(a->why);

    p->unreachable = x->fault == HTTP_OK || x->fault == HTTP_TOO_LARGE ? 0 : p->unreachable + 1;
    if (pace_is_unreachable(p))
        pace_end(end, utc_now() + HOLD_MAX_S, "the site cannot be reached");
    if (block) {
        p->blocks++;
        counted_add(&p->out->blocks, 1, a->at);
        polite_blocked(polite);
        vantage_next(p->vantage);
    } else if (x->fault != HTTP_OK || x->status >= 500) {
        polite_failed(polite, utc_tick_ms());
        if (x->fault != HTTP_OK)
            vantage_next(p->vantage);
    } else {
        p->blocks = answer_is_given(a) ? 0 : p->blocks;
        polite_answered(polite, x->took_us);
    }
    if (block || x->status == 503)
        mind_retry_after(p, host, x, end);
}

bool pace_is_blocked(const struct pace *p)
{
    return p->blocks_max > 0 && p->blocks >= p->blocks_max;
}

void pace_pause(struct pace *p, struct err *end)
{
    int64_t pause_ms = p->pause_ms << p->out->pauses;

    if (p->out->pauses == PAUSES_MAX) {
        int64_t at = utc_now() + pause_ms / 1000;

        pace_end(end, at > p->later_at ? at : p->later_at, "the site blocks us");
        return;
    }
    p->out->pauses++;
    log_info("the site blocks us: waiting %lld s, then at half the rate",
             (long long)((pause_ms + 999) / 1000));
    log_progress_wait(pause_ms, "the site blocks us");
    if (p->paused)
        p->paused(p->to, pause_ms);
    utc_wait_ms(pause_ms);
    for (int i = 0; i < HOST_COUNT; i++)
        p->host[i].rate /= 2;
    p->blocks = (int)p->blocks_max - 1;           // one more and it is still blocked
}

int64_t pace_wait_ms(const struct pace *p, enum host host)
{
    int64_t wait = polite_wait_ms(&p->host[host], utc_tick_ms());

    if (wait > 0 && utc_is_test()) {
        utc_wait_ms(wait);
        return 0;
    }
    return wait;
}
