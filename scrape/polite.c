/* scrape/polite.c: see polite.h. */
#include "base/digest.h"
#include "scrape/polite.h"

#define SLOW_MAX 64.0
#define SLACK_MS 20.0    // ticks are whole milliseconds: a high rate may catch up this much
#define BACKOFF_MAX_MS 60000.0
#define FASTER 0.99    // of the divisor, for each good answer: a block is forgotten after 70
#define ROOMIER 0.1    // of one more under way, for each answer of every one that is under way
#define SLOW_REPLY_US 1000000.0    // below a second no host is slow

void polite_init(struct polite *p, double rate, int most, int64_t base_ms, uint64_t seed)
{
    *p = (struct polite){ .rate = rate > 0 ? rate : 1, .slow = 1, .base_ms = base_ms, .seed = seed,
                          .most = most > 0 ? most : 1, .room = most > 0 ? most : 1 };
}

bool polite_has_room(const struct polite *p)
{
    return p->in_flight < (int)p->room;
}

static void room_shrink(struct polite *p, double by)
{
    p->room = p->room * by > 1 ? p->room * by : 1;
}

int64_t polite_wait_ms(const struct polite *p, int64_t tick)
{
    double wait = p->next_ms - (double)tick;

    return wait <= 0 ? 0 : (int64_t)wait + 1;
}

void polite_sent(struct polite *p, int64_t tick)
{
    double from = (double)tick - SLACK_MS > p->next_ms ? (double)tick - SLACK_MS : p->next_ms;
    double interval = 1000.0 * p->slow / p->rate;

    // slack is for intervals below a tick; a slow rate starts from the send itself
    if (interval > SLACK_MS && from < (double)tick)
        from = (double)tick;
    p->next_ms = from + interval;
}

void polite_answered(struct polite *p, int64_t took_us)
{
    double took = (double)took_us;

    p->failures = 0;
    p->mean_us = p->mean_us > 0 ? p->mean_us * 0.8 + took * 0.2 : took;
    if (p->best_us <= 0 || p->mean_us < p->best_us)
        p->best_us = p->mean_us;
    if (p->mean_us > SLOW_REPLY_US && p->mean_us > 3 * p->best_us) {
        p->slow = p->slow * 1.5 < 8 ? p->slow * 1.5 : p->slow > 8 ? p->slow : 8;
        room_shrink(p, 0.75);
        return;
    }
    p->slow = p->slow * FASTER > 1 ? p->slow * FASTER : 1;
    p->room = p->room + ROOMIER / p->room < p->most ? p->room + ROOMIER / p->room : p->most;
}

void polite_failed(struct polite *p, int64_t tick)
{
    double wait = (double)p->base_ms, jitter;

    for (int i = 0; i < p->failures && wait < BACKOFF_MAX_MS; i++)
        wait *= 2;
    if (wait > BACKOFF_MAX_MS)
        wait = BACKOFF_MAX_MS;
    p->failures++;
    room_shrink(p, 0.5);
    jitter = (double)(mix64(p->seed++) >> 11) / 9007199254740992.0;
    polite_hold(p, tick, (int64_t)(wait * (0.5 + 0.5 * jitter)));
}

void polite_blocked(struct polite *p)
{
    p->slow = p->slow * 2 < SLOW_MAX ? p->slow * 2 : SLOW_MAX;
    room_shrink(p, 0.5);
}

void polite_hold(struct polite *p, int64_t tick, int64_t ms)
{
    double until = (double)tick + (double)ms;

    if (until > p->next_ms)
        p->next_ms = until;
}
